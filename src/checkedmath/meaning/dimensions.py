"""Dimensions by name: n_l, n_{l-1}, m, 1."""

from __future__ import annotations

import re
from collections.abc import Mapping

from checkedmath.subject.setting import Shape
from checkedmath.syntax.errors import ShapeError
from checkedmath.syntax.tree import Index, Node

OF_LAYER = re.compile(r"n_(?:\{(l(?:[+-]\d+)?)\}|(l)\b)|n_(?:\{(L)\}|(L)\b)")


def settle(layer: Index | None, last: Index) -> Index | None:
    """Return the layer with L replaced by what it is here.

    >>> settle(Index("L", -1), Index("", 2))
    Index(letter='', offset=1)
    """
    if layer is not None and layer.letter == "L":
        return Index(last.letter, last.offset + layer.offset)
    return layer


def size_name(layer: Index) -> str:
    """Return the name of a layer's size.

    >>> size_name(Index("l", -1)), size_name(Index("", 2))
    ('n_{l-1}', 'n_2')
    """
    text = str(layer)
    return f"n_{text}" if len(text) == 1 else f"n_{{{text}}}"


def shape_at(shape: Shape, layer: Index | None, last: Index) -> Shape:
    """Return a quantity's shape at a layer: ("n_l", "n_{l-1}") at layer 2 is ("n_2", "n_1")."""
    return tuple(_at(d, layer, last) for d in shape)


def _at(dimension: str, layer: Index | None, last: Index) -> str:
    match = OF_LAYER.fullmatch(dimension)
    if not match:
        return dimension
    if match[3] or match[4]:
        return size_name(last)
    if layer is None:
        return dimension
    shift = (match[1] or "l")[1:]
    return size_name(Index(layer.letter, layer.offset + (int(shift) if shift else 0)))


def narrowed(dimension: str, sizes: Mapping[str, str]) -> str:
    """Return the dimension in a world where some sizes are 1; the key "n" means every n."""
    if dimension.startswith("n_") and "n" in sizes:
        return sizes["n"]
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
