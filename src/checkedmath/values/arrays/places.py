"""Where the entries of an array stand in its flat list: broadcasting, turned axes, groups to be summed.

All of these come from `places`: an array's entry at i, j, … stands at the sum of what each axis contributes.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import prod
from typing import Any

Shape = tuple[int, ...]
Places = list[int]
#: How many answers are remembered of each question, which is always the same few shapes.
MEMORY = 1024


def places(steps: Sequence[Sequence[int]]) -> Places:
    """Return the sums of one step of each axis, the last axis fastest.

    >>> places([(0, 3), (0, 1, 2)])
    [0, 1, 2, 3, 4, 5]
    """
    found = [0]
    for axis in steps:
        found = [start + step for start in found for step in axis]
    return found


def strides(shape: Shape) -> Shape:
    """Return how far apart neighbours along each axis are."""
    return tuple(prod(shape[n + 1 :]) for n in range(len(shape)))


def axis_of(axis: int, ndim: int) -> int:
    """Return an axis counted from the front."""
    if not -ndim <= axis < ndim:
        raise ValueError(f"axis {axis} is out of bounds for array of dimension {ndim}")
    return axis % ndim


def axes_of(axis: int | Sequence[int] | None, ndim: int) -> Shape:
    """Return axes counted from the front, each once; all of them for None."""
    if axis is None:
        return tuple(range(ndim))
    found = tuple(axis_of(a, ndim) for a in ((axis,) if isinstance(axis, int) else axis))
    if len(set(found)) < len(found):
        raise ValueError(f"expected each axis once, got {axis}")
    return found


def shape_of(shape: Any, size: int | None = None) -> Shape:
    """Return a shape as a tuple; one -1 in it is what ``size`` leaves for it."""
    found = (shape,) if isinstance(shape, int) else tuple(map(_whole, shape))
    unknown = [n for n, count in enumerate(found) if count == -1]
    if size is not None and len(unknown) == 1:
        rest = prod(count for count in found if count != -1)
        found = tuple((size // rest if rest else 0) if count == -1 else count for count in found)
    if any(count < 0 for count in found):
        raise ValueError(f"expected a shape of sizes from 0 on, got {shape}")
    if size is not None and prod(found) != size:
        raise ValueError(f"cannot reshape array of size {size} into shape {shape}")
    return found


def _whole(value: Any) -> int:
    return int(value.__index__())


@lru_cache(MEMORY)
def broadcast(*shapes: Shape) -> Shape:
    """Return the shape to which all of these are broadcast."""
    ndim = max(map(len, shapes), default=0)
    padded = [(1,) * (ndim - len(shape)) + shape for shape in shapes]
    found = tuple(next((size for size in sizes if size != 1), 1) for sizes in zip(*padded, strict=True))
    if any(size not in {1, full} for shape in padded for size, full in zip(shape, found, strict=True)):
        raise ValueError(f"operands could not be broadcast together with shapes {' '.join(map(str, shapes))}")
    return found


@lru_cache(MEMORY)
def spread(shape: Shape, full: Shape) -> Places:
    """Return for each entry of the full shape the place it is broadcast from."""
    if broadcast(shape, full) != full:
        raise ValueError(f"could not broadcast input array from shape {shape} into shape {full}")
    padded = (1,) * (len(full) - len(shape)) + shape
    apart = strides(padded)
    return places([[k * s for k in range(n)] if size != 1 else (0,) * n
                   for n, size, s in zip(full, padded, apart, strict=True)])  # fmt: skip


@lru_cache(MEMORY)
def turned(shape: Shape, axes: Shape) -> Places:
    """Return the places of the entries of an array whose axes are put in another order."""
    apart = strides(shape)
    return places([range(0, shape[a] * apart[a], apart[a] or 1) for a in axes])


@lru_cache(MEMORY)
def groups(shape: Shape, axes: Shape) -> list[Places]:
    """Return for each entry of what is left the places of those that are taken together along the axes."""
    rest = tuple(n for n in range(len(shape)) if n not in axes)
    found = turned(shape, (*rest, *sorted(axes)))
    count = prod(shape[a] for a in axes)
    return [found[n * count : (n + 1) * count] for n in range(prod(shape[a] for a in rest))]
