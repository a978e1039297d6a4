"""A text of several statements, read statement by statement.

A name that the setting knows on a left side makes a claim.  A name that it does not know is defined there: what it
stands for is put in where the statements below use it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from checkedmath.errors import Unreadable
from checkedmath.free import opened
from checkedmath.reading import is_final, read, read_statement, styles_of
from checkedmath.reading.result import LATEX, NUMPY, Reading
from checkedmath.settings import Setting, is_given
from checkedmath.syntax.source import Statement, take_apart
from checkedmath.tree import Chain, Node, Symbol, transform

#: Each statement is read where it stands in the text, so many of them take long.
MAX_STATEMENTS = 60
LINE_END = r"\\"  # of an aligned block
#: A new name: letters, then perhaps digits, as in ``delta2 = …``.
NEW_NAME = re.compile(r"\s*([^\W\d_]\w*)\s*:?=(?!=)")


@dataclass(frozen=True)
class Line:
    """One statement of a text: what was read, or why it cannot be, and the line it begins in, counted from 1."""

    number: int
    reading: Reading | None = None
    fault: Unreadable | None = None


def read_lines(text: str, setting: Setting, style: str = "auto") -> list[Line]:
    """Return the statements of a text in a setting.  Raises `Unreadable` where it makes one, which cannot be read."""
    fault: Unreadable | None = None
    partly: list[Line] = []
    for likely in styles_of(text, style):
        try:
            found = _lines_of_code(text, setting) if likely == NUMPY else _parts_of(text, setting, likely)
        except Unreadable as error:
            fault = error if fault is None and not partly else fault
            if is_final(likely, error):
                break
            continue
        if not any(line.fault for line in found):
            return _stated(found, text, setting)
        partly = partly or found  # another style may read all of it
    if fault is not None or not partly:
        raise fault or Unreadable(text, 0, "a formula")
    return _stated(partly, text, setting)


def _parts_of(text: str, setting: Setting, style: str) -> list[Line]:
    if setting.name != "identities":
        return _parts(text, setting, style)
    from checkedmath.identities.lines import lines_of  # in identities a text defines and declares its letters

    return lines_of(text, setting, style)


def _lines_of_code(text: str, setting: Setting) -> list[Line]:
    return list(_lines(read(text, setting, NUMPY)))


def _stated(lines: list[Line], text: str, setting: Setting) -> list[Line]:
    """Leave out what is given beside other statements, α = 0.01.  Raises `Unreadable` where nothing is left."""
    if not any(line.reading for line in lines) and (faults := [line.fault for line in lines if line.fault]):
        raise faults[0]
    if not lines:
        raise Unreadable(text, len(text), f"a statement about a symbol of {setting.name} after the new names")
    found = [line for line in lines if line.reading is None or not _is_given(line.reading.tree, setting)]
    return found if any(line.reading for line in found) else lines


def _is_given(tree: Chain, setting: Setting) -> bool:
    left, right = tree.terms[0], tree.terms[-1]
    return len(tree.terms) == 2 and isinstance(left, Symbol) and is_given(left.name, right, setting)


def _lines(reading: Reading) -> Iterator[Line]:
    for tree in (*reading.earlier, reading.tree):
        yield Line(_number(reading.text, tree.span[0]), replace(reading, tree=tree, earlier=()))


def _parts(text: str, setting: Setting, style: str) -> list[Line]:
    """Read the statements of a text of mathematics, those among the reasons of its steps too."""
    stated = [one for one in take_apart(text).statements if one.lines]
    if not stated:
        raise Unreadable(text, 0, "a formula")
    if len(stated) > MAX_STATEMENTS:
        raise Unreadable(text, 0, f"at most {MAX_STATEMENTS} statements; this text has {len(stated)}")
    found: list[Line] = []
    defined: dict[str, Node] = {}
    here = setting
    for one in stated:
        number = _number(text, one.span[0])
        try:
            reading = _in_full(_read(one, here, style, alone=len(stated) == 1), defined)
            if reading.tree.relations and _new_name(one) in defined:  # a name has one meaning; code may give another
                found.append(Line(number, fault=Unreadable(text, one.span[0], "a name that is defined once")))
                continue
            found += [replace(line, number=number) for line in _lines(reading)]
        except Unreadable as fault:
            name = _new_name(one)
            right = _right(one, here, style) if name else None
            if right is None or name in setting.quantities or name in defined:
                found.append(Line(number, fault=fault))
                continue
            defined[name] = _in_full(right, defined).tree.terms[0]
            here = opened(setting, dict.fromkeys(defined, ()))
        for reason in [line.reason for line in one.lines if line.reason]:
            found += [line for place in reason.formulas for line in _parts(text[slice(*place)], setting, LATEX)]
    if len(found) == 1 and (fault_ := found[0].fault) is not None:
        raise fault_
    return found


def _read(stated: Statement, setting: Setting, style: str, *, alone: bool) -> Reading:
    reading = read_statement(stated, setting, style)
    if not alone and (not reading.tree.relations or stated.lead):
        raise Unreadable(stated.source, stated.span[0], "a relation here, since the text states several things")
    return reading


def _new_name(stated: Statement) -> str:
    """Return the new name that a statement may define, or "": delta2 of delta2 = …."""
    match = NEW_NAME.match(stated.text)
    return match[1] if match and len(stated.relations) == 1 else ""


def _right(stated: Statement, setting: Setting, style: str) -> Reading | None:
    """Return the right side of a definition if it is an expression that can be read."""
    blank = stated.text[: stated.relations[0].end]
    try:
        reading = read(" " * len(blank) + stated.text[len(blank) :], setting, style)
    except Unreadable:
        return None
    return reading if not reading.tree.relations and not reading.earlier else None


def _in_full(reading: Reading, defined: dict[str, Node]) -> Reading:
    """Return a reading in which defined names are replaced by what they stand for."""
    if not defined:
        return reading

    def change(node: Node) -> Node:
        known = defined.get(node.name) if isinstance(node, Symbol) and node.layer is None else None
        return node if known is None else replace(transform(known, _placeless), span=node.span)

    def full(tree: Chain) -> Chain:
        return transform(tree, change)  # type: ignore[return-value]

    loose = full(reading.loose) if reading.loose is not None else None
    return replace(reading, tree=full(reading.tree), loose=loose, earlier=tuple(map(full, reading.earlier)))


def _placeless(node: Node) -> Node:
    return replace(node, span=(0, 0))  # it was written elsewhere: only the name has a place here


def _number(text: str, place: int) -> int:
    """Return in which line of a text a place is, counted from 1: of an aligned block, or of plain text."""
    return text.count(LINE_END if LINE_END in text else "\n", 0, place) + 1
