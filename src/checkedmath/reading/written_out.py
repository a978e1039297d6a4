r"""The productions of arrays written out: \begin{bmatrix} a & b \\ c & d \end{bmatrix}, and [a, b; c, d].

Where dots stand in one, its first and its last entry say what the others are: x_1, …, x_n are x_i.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from checkedmath.reading.tokens import Token
from checkedmath.syntax.precedence import SUM
from checkedmath.syntax.tree import ByIndex, Index, Node, Number, Symbol, WrittenOut, walk

if TYPE_CHECKING:
    from checkedmath.reading.parse import Parser

#: Letters for the indices of an array with dots; the text's own are left alone.
LETTERS = "ijkpqrs"
PLAIN = "dots between entries that differ in their indices alone, as in x_1, …, x_n"


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
        return replace(found, span=span)
    if len({len(row) for row in rows}) != 1 or not rows[0]:
        raise parser.error(opening, "rows with as many entries each")
    return WrittenOut(tuple(tuple(row) for row in rows), span=span)  # type: ignore[arg-type]


def _with_dots(rows: Sequence[Sequence[Node | None]]) -> ByIndex | None:
    """Return the array whose first and last entries these are; every other entry that is written must be its own."""
    tall, wide = len(rows) > 1, max(map(len, rows)) > 1
    first, last = rows[0][0], rows[-1][-1]
    if first is None or last is None:
        return None
    taken = {i.letter for n in (*walk(first), *walk(last)) for i in _indices(n)}
    row, column = [letter for letter in LETTERS if letter not in taken][:2]
    if tall and wide:
        corner, side = rows[0][-1], rows[-1][0]
        across = _between(first, corner, column) if corner is not None else None
        down = _between(first, side, row) if side is not None else None
        if across is None or down is None:
            return None
        body = _between(across[0], _between_again(side, last, column), row)
        found = ByIndex(body[0], row, column, (down[1], across[1])) if body is not None else None
    else:
        line = _between(first, last, row if tall else column)
        if line is None:
            return None
        body, size = line
        found = ByIndex(body, row, "", (size, None)) if tall else ByIndex(body, "", column, (None, size))
    return found if found is not None and _agree(rows, found) else None


def _between_again(first: Node | None, last: Node, letter: str) -> Node | None:
    found = _between(first, last, letter) if first is not None else None
    return found[0] if found is not None else None


def _agree(rows: Sequence[Sequence[Node | None]], found: ByIndex) -> bool:
    """Whether the entries between, as far as they count from the first one, are those of the pattern."""
    for i, row in enumerate(rows[:-1], start=1):
        for j, entry in enumerate(row[:-1] if found.column else row, start=1):
            dotted = None in row[:j] or any(above[min(j, len(above)) - 1] is None for above in rows[:i])
            if entry is not None and not dotted:
                numbers = {found.row: i, found.column: j}
                if entry != _at(found.body, numbers):
                    return False
    return True


def _at(node: Any, numbers: dict[str, int]) -> Any:
    """Return what an entry is at a place."""
    if isinstance(node, Index):
        return Index("", numbers[node.letter] + node.offset) if node.letter in numbers else node
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
