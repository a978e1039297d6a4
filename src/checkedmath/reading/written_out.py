r"""The productions of arrays written out: \begin{bmatrix} a & b \\ c & d \end{bmatrix}, and [a, b; c, d].

Where dots stand in one, its first and its last entry say what the others are: x_1, …, x_n are x_i.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from checkedmath.reading.tokens import Token
from checkedmath.syntax.errors import Unreadable
from checkedmath.syntax.precedence import SUM
from checkedmath.syntax.tree import ByIndex, Index, Node, Number, Symbol, WrittenOut, walk

if TYPE_CHECKING:
    from checkedmath.reading.parse import Parser

#: Letters for the indices of an array with dots; the text's own are left alone.
LETTERS = "ijkpqrs"
PLAIN = "dots between entries that differ in their indices alone, as in x_1, …, x_n"
ASTRAY = "what the first and the last entry make of this one, as x_2 behind x_1 and before …, x_n"


def matrix(parser: Parser) -> Node:
    """Read the rows of a matrix, each with its entries."""
    return _array(parser, parser.k, parser.take(), {"CELL": ",", "ROW": ";"}, "MATRIX_CLOSE")


def is_list(parser: Parser, start: int) -> bool:
    """Whether the bracket that opens at ``start`` is a [ with commas, in a text about free letters."""
    tokens, close = parser.row.tokens, parser.row.partner.get(start, start)
    if not parser.names.free or parser.flat.text[tokens[start].start] != "[":
        return False
    n = start + 1
    while n < close:
        if tokens[n].kind == "COMMA":
            return True
        n = parser.row.partner.get(n, n) + 1
    return False


def in_brackets(parser: Parser, start: int) -> Node:
    """Read [a, b; c, d]: a comma parts entries, a semicolon rows."""
    return _array(parser, start, parser.row.tokens[start], {"COMMA": ""}, "RPAR")


def _array(parser: Parser, start: int, opening: Token, signs: dict[str, str], closing: str) -> Node:
    rows: list[list[Node | None]] = [[]]
    while parser.token.kind != closing:
        if parser.token.kind == "DOTS":
            parser.take()
            rows[-1].append(None)
        else:
            rows[-1].append(parser.expression(SUM))
        if parser.token.kind in signs:
            sign = parser.take()
            written = signs[sign.kind] or parser.flat.text[sign.start]
            if written == ";" and parser.token.kind != closing:
                rows.append([])
        elif parser.token.kind != closing:
            raise parser.error(parser.token, "& or a comma before the next entry, or the end of the matrix")
    parser.close(closing)
    span = parser.since(start)
    if any(entry is None for row in rows for entry in row):
        found = _with_dots(rows)
        if found is None:
            raise parser.error(opening, PLAIN)
        if (entry := _astray(rows, found, is_set=_is_set(parser, start))) is not None:
            raise Unreadable(parser.flat.source, entry.span[0], ASTRAY)
        return replace(found, span=span)
    if len({len(row) for row in rows}) != 1 or not rows[0]:
        raise parser.error(opening, "rows with as many entries each")
    return WrittenOut(tuple(tuple(row) for row in rows), span=span)  # type: ignore[arg-type]


def _with_dots(rows: Sequence[Sequence[Node | None]]) -> ByIndex | None:
    """Return the array whose first and last entries these are, or None if they are no pattern."""
    tall, wide = len(rows) > 1, max(map(len, rows)) > 1
    first, last = rows[0][0], rows[-1][-1]
    if first is None or last is None:
        return None
    taken = {i.letter for n in (*walk(first), *walk(last)) for i in _indices(n)}
    row, column = [letter for letter in LETTERS if letter not in taken][:2]
    if not (tall and wide):
        line = _between(first, last, row if tall else column)
        if line is None:
            return None
        return ByIndex(line[0], row, "", (line[1], None)) if tall else ByIndex(line[0], "", column, (None, line[1]))
    across, again = _between(first, rows[0][-1], column), _between(rows[-1][0], last, column)
    down = _between(first, rows[-1][0], row)
    if across is None or again is None or down is None or across[1] != again[1]:
        return None
    body = _between(across[0], again[0], row)
    return ByIndex(body[0], row, column, (down[1], across[1])) if body is not None and body[1] == down[1] else None


def _is_set(parser: Parser, start: int) -> bool:
    """Whether a name is set to the array that opens here: x = [x_1, …, x_3]."""
    kinds = [token.kind for token in parser.row.tokens[:start]]
    return kinds == ["SYMBOL", "REL"]


def _astray(rows: Sequence[Sequence[Node | None]], found: ByIndex, *, is_set: bool) -> Node | None:
    """Return the first entry that is not what the pattern makes of its place, or None if all are.

    Before the dots the places are 1, 2, 3, …, behind them …, n - 1, n; without dots there are as many as are written.
    Dots up to a number say how many entries there are only of a name that is set to them.
    """
    down = _places([all(entry is None for entry in row) for row in rows], found.sizes[0], is_set=is_set)
    for row, i in zip(rows, down, strict=True):
        across = _places([entry is None for entry in row], found.sizes[1], is_set=is_set) if i is not None else []
        for entry, j in zip(row, across, strict=False):
            numbers = {at: place for at, place in ((found.row, i), (found.column, j)) if at and place is not None}
            if entry is not None and entry != _at(found.body, numbers):
                return entry
    return None


def _places(dotted: Sequence[bool], size: Node | None, *, is_set: bool) -> list[Index | None]:
    """Return the place of each entry or row in a line, None where dots stand."""
    if True not in dotted:
        return [Index("", n + 1) for n in range(len(dotted))]
    end = Index(size.name) if isinstance(size, Symbol) else Index("", 0)
    if is_set and isinstance(size, Number):
        end = Index("", int(size.text))
    first, behind = dotted.index(True), dotted[::-1].index(True)
    between: list[Index | None] = [None] * (len(dotted) - first - behind)
    before = [Index("", n + 1) for n in range(first)]
    return [*before, *between, *(replace(end, offset=end.offset - n) for n in reversed(range(behind)))]


def _at(node: Any, numbers: dict[str, Index]) -> Any:
    """Return what an entry is at a place."""
    if isinstance(node, Index):
        return numbers.get(node.letter, node)
    if isinstance(node, tuple):
        return tuple(_at(one, numbers) for one in node)
    if isinstance(node, Node):
        return replace(node, **{f.name: _at(getattr(node, f.name), numbers) for f in fields(node) if f.name != "span"})
    return node


def _indices(node: Node) -> list[Index]:
    return [i for f in fields(node) for i in _of(getattr(node, f.name)) if isinstance(i, Index)]


def _of(value: Any) -> Sequence[Any]:
    return value if isinstance(value, tuple) else (value,)


def _between(first: Any, last: Any, letter: str) -> tuple[Any, Node] | None:
    """Return what has ``letter`` for the 1 of the first entry, n in the last one, and n; None if they differ more."""
    sizes: list[Node] = []

    def joined(a: Any, b: Any) -> Any:
        if isinstance(a, Index) and isinstance(b, Index) and a != b:
            if a != Index("", 1) or b.offset * bool(b.letter):
                raise ValueError
            sizes.append(Symbol(b.letter) if b.letter else Number(str(b.offset)))
            return Index(letter)
        if type(a) is not type(b):
            raise ValueError
        if isinstance(a, tuple):
            if len(a) != len(b):
                raise ValueError
            return tuple(joined(x, y) for x, y in zip(a, b, strict=True))
        if isinstance(a, Node):
            names = [f.name for f in fields(a) if f.name != "span"]
            return replace(a, **{n: joined(getattr(a, n), getattr(b, n)) for n in names})
        if a != b:
            raise ValueError
        return a

    try:
        found = joined(first, last)
    except ValueError:
        return None
    return (found, sizes[0]) if sizes and all(size == sizes[0] for size in sizes) else None


__all__ = ["in_brackets", "is_list", "matrix"]
