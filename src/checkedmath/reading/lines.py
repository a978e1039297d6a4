"""A text of several statements, read statement by statement.

A name that the setting knows on a left side makes a claim.  A name that it does not know is defined there: what it
stands for is put in where the statements below use it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from checkedmath.errors import Unreadable
from checkedmath.free import opened
from checkedmath.reading import MAX_LENGTH, is_numpy, read
from checkedmath.reading.derivation import derivations, lines_of_chains
from checkedmath.reading.result import LATEX, NUMPY, TEXT, Reading
from checkedmath.settings import Setting, is_given
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
    if len(text) > MAX_LENGTH:
        raise Unreadable(text, MAX_LENGTH, f"at most {MAX_LENGTH} characters; this text has {len(text)}")
    parts = derivations(text) if style in {"auto", LATEX} else [text]
    latex = len(parts) > 1
    if not latex and style in {"auto", TEXT}:
        parts = lines_of_chains(text)
    if len(parts) > MAX_STATEMENTS:
        raise Unreadable(text, 0, f"at most {MAX_STATEMENTS} statements; this text has {len(parts)}")
    if latex:
        return _stated(_parts(text, parts, setting, LATEX), text, setting)
    if len(parts) == 1:
        return _stated(list(_lines(read(text, setting, style))), text, setting)
    code: Unreadable | None = None
    if is_numpy(text) and style != TEXT:
        try:
            return _stated(list(_lines(read(text, setting, NUMPY))), text, setting)
        except Unreadable as fault:
            code = fault  # mathematics with NumPy in one of its lines, if all of them can be read
    found = _parts(text, parts, setting, style)
    if any(line.fault for line in found):
        if code is not None:
            raise code
        if style != TEXT:
            try:
                return _stated(list(_lines(read(text, setting, NUMPY))), text, setting)
            except Unreadable:
                pass  # no code, so what mathematics expected is said
    return _stated(found, text, setting)


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


def _parts(text: str, parts: Sequence[str], setting: Setting, style: str) -> list[Line]:
    found: list[Line] = []
    defined: dict[str, Node] = {}
    here = setting
    for part in parts:
        number = _number(text, len(part) - len(part.lstrip()), LINE_END if style == LATEX else "\n")
        try:
            reading = _in_full(read(part, here, style), defined)
            found += [replace(line, number=number) for line in _lines(reading)]
        except Unreadable as fault:
            match = NEW_NAME.match(part)
            right = _right(part, match.end(), here, style) if match else None
            if match is None or right is None or match[1] in setting.quantities:
                found.append(Line(number, fault=fault))
                continue
            defined[match[1]] = _in_full(right, defined).tree.terms[0]
            here = opened(setting, dict.fromkeys(defined, ()))
    return found


def _right(part: str, start: int, setting: Setting, style: str) -> Reading | None:
    """Return the right side of a definition if it is an expression that can be read."""
    try:
        reading = read(" " * start + part[start:], setting, style)
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


def _number(text: str, place: int, end: str = "\n") -> int:
    return text.count(end, 0, place) + 1
