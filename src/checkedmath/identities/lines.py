"""The lines of a text about free letters, as the command line judges them."""

from __future__ import annotations

from checkedmath.errors import Unreadable
from checkedmath.identities.texts import tell
from checkedmath.reading.lines import LINE_END, MAX_STATEMENTS, Line, read_lines
from checkedmath.reading.result import LATEX
from checkedmath.settings import Setting
from checkedmath.syntax.source import take_apart


def lines_of(text: str, setting: Setting, style: str) -> list[Line]:
    """Return the claims of a text, each with what the text defines, declares and assumes.

    Raises `Unreadable` where there is one alone, which cannot be read.
    """
    source = take_apart(text)
    stated = [one for one in source.statements if one.lines]
    if not stated:
        raise Unreadable(text, 0, "a formula")
    if len(stated) > MAX_STATEMENTS:
        raise Unreadable(text, 0, f"at most {MAX_STATEMENTS} statements; this text has {len(stated)}")
    told, setting = tell(source, setting, style)
    found = [
        Line(text.count(LINE_END if LINE_END in text else "\n", 0, part.stated.span[0]) + 1, part.reading, part.fault)
        for part in told.claims()
    ]  # fmt: skip
    for one in stated:
        for place in [place for line in one.lines if line.reason for place in line.reason.formulas]:
            found += read_lines(text[slice(*place)], setting, LATEX)
    if len(found) == 1 and (fault := found[0].fault) is not None:
        raise fault
    return found


__all__ = ["lines_of"]
