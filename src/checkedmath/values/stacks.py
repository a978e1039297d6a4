"""Many copies of a value at once: an array with an axis more in front, one place on it for each copy.

A derivative by steps moves one entry after the other.  Where all are moved in one evaluation, each in a copy of its
own, a column or matrix that follows from them is (k, r, c) and a number (k, 1, 1), beside what stays as it is with two
axes or none.  So the last two axes are those of the value, and what stands before them is carried along.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Array = Any


class NoStack(Exception):
    """Copies cannot be carried here: they are to be taken one after the other.  No error of any formula."""


def is_stack(value: Array, axes: int = 2) -> bool:
    """Whether a value with so many axes of its own comes in copies."""
    return getattr(value, "ndim", 0) > max(2, axes)


def swapped(value: Array) -> Array:
    """Return the transpose of each copy."""
    if not is_stack(value):
        return value.T if hasattr(value, "T") else value
    return value.transpose(*range(value.ndim - 2), value.ndim - 1, value.ndim - 2)


def number(value: Array) -> Array:
    """Return what has one entry as a number: without axes, or (k, 1, 1) in copies."""
    return value.reshape((*value.shape[:-2], 1, 1) if is_stack(value) else ())


def entries(value: Array, rows: int = -1, columns: int = 1) -> Array:
    """Return the entries of each copy in another order of rows and columns: one column, if nothing else is said."""
    return value.reshape(*(value.shape[:-2] if is_stack(value) else ()), rows, columns)


def total(add: Callable[..., Array], value: Array, axes: int = 2) -> Array:
    """Return the sum (the mean, the maximum) of all entries of each copy."""
    return add(add(value, axis=-1, keepdims=True), axis=-2, keepdims=True) if is_stack(value, axes) else add(value)


def diagonal(value: Array, xp: Any) -> Array:
    """Return the diagonal of each copy as a column."""
    return xp.sum(xp.where(xp.eye(value.shape[-1]) > 0, value, 0), axis=-1, keepdims=True)


def each(f: Callable[[Array], Array], value: Array, xp: Any) -> Array:
    """Return f of each copy, one after the other."""
    return xp.stack([f(copy) for copy in value]) if is_stack(value) else f(value)


def in_copies(value: Array, found: Array) -> Array:
    """Return numbers found for a value, one for each of its copies if it has any, with the axes of numbers."""
    return found[..., None, None] if is_stack(value) else found


def side_by_side(f: Callable[[Array], Array], value: Array, xp: Any) -> Array:
    """Return f of each copy, for an f that works column by column: of all copies beside one another."""
    if not is_stack(value):
        return f(value)
    copies, rows, columns = value.shape
    found = f(xp.moveaxis(value, 0, 1).reshape(rows, copies * columns))
    return xp.moveaxis(found.reshape(-1, copies, columns), 1, 0)


__all__ = [
    "NoStack", "diagonal", "each", "entries", "in_copies", "is_stack", "number", "side_by_side", "swapped", "total",
]  # fmt: skip
