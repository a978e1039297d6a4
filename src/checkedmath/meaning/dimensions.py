"""Dimensions by name: n_l, n_{l-1}, m, 1."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from checkedmath.subject.setting import Family, Shape
from checkedmath.syntax.errors import ShapeError
from checkedmath.syntax.tree import Index, Node


def settle(index: Index | None, last: Index, family: Family) -> Index | None:
    """Return an index with L replaced by what it is here.

    >>> settle(Index("L", -1), Index("", 2), Family("l", "L"))
    Index(letter='', offset=1)
    """
    if index is not None and index.letter and index.letter == family.last:
        return Index(last.letter, last.offset + index.offset)
    return index


@lru_cache(maxsize=4096)
def shape_at(shape: Shape, index: Index | None, last: Index, family: Family) -> Shape:
    """Return a quantity's shape at a number: ("n_l", "n_{l-1}") at layer 2 is ("n_2", "n_1")."""
    return tuple(_at(d, index, last, family) for d in shape)


def _at(dimension: str, index: Index | None, last: Index, family: Family) -> str:
    of = family.index_of(dimension)
    if of is None or of.letter not in {family.letter, family.last}:
        return dimension
    if of.letter == family.last:
        return family.size_of(Index(last.letter, last.offset + of.offset))
    return family.size_of(Index(index.letter, index.offset + of.offset)) if index is not None else dimension


def narrowed(dimension: str, sizes: Mapping[str, str]) -> str:
    """Return the dimension in a world where some sizes are 1."""
    return sizes.get(dimension, dimension)


def broadcast(left: Shape, right: Shape, node: Node) -> Shape:
    """Return the shape NumPy's broadcasting gives, aligned from the last axis."""
    count = max(len(left), len(right))
    padded = [("1",) * (count - len(s)) + s for s in (left, right)]
    out = []
    for a, b in zip(*padded, strict=True):
        if a != b and "1" not in (a, b):
            raise ShapeError(f"NumPy cannot broadcast ({', '.join(left)}) with ({', '.join(right)})", node)
        out.append(b if a == "1" else a)
    return tuple(out)


def diagonal(shape: Shape, node: Node) -> Shape:
    """Return the shape of diag(…): a matrix from a column or row, a column from a square matrix."""
    if len(shape) == 1:
        return (shape[0], shape[0])
    if len(shape) == 2 and "1" in shape:
        size = shape[0] if shape[1] == "1" else shape[1]
        return (size, size)
    if len(shape) == 2 and shape[0] == shape[1]:
        return (shape[0], "1")
    if shape == ():
        return ()
    raise ShapeError(f"diag takes a column or a square matrix, not ({', '.join(shape)})", node)
