"""Arrays made of shapes, and of other arrays: filled ones, joined, repeated and cut ones, by NumPy's names."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from typing import Any

from checkedmath.values.arrays.array import Array, array_of
from checkedmath.values.arrays.folding import ONE, ZERO
from checkedmath.values.arrays.kinds import cast, highest, kind_named
from checkedmath.values.arrays.places import Shape, axis_of, places, shape_of, spread, strides
from checkedmath.values.arrays.places import broadcast as broadcast_shape


def array(value: Any, dtype: Any = None) -> Array:
    """Return a new array of a number, nested lists, or another array."""
    found = array_of(value, dtype)
    return found.copy() if found is value else found


def asarray(value: Any, dtype: Any = None) -> Array:
    """Return an array as it is, and anything else as an array."""
    return array_of(value, dtype)


def full(shape: Any, value: Any, dtype: Any = None) -> Array:
    """Return an array of this shape with the value everywhere."""
    one, shape = array_of(value, dtype), shape_of(shape)
    return Array([one.flat[place] for place in spread(one.shape, shape)], shape, one.kind)


def zeros(shape: Any, dtype: Any = float) -> Array:
    """Return an array of zeros."""
    return full(shape, ZERO[kind_named(dtype)])


def ones(shape: Any, dtype: Any = float) -> Array:
    """Return an array of ones."""
    return full(shape, ONE[kind_named(dtype)])


def eye(rows: int, columns: int | None = None, dtype: Any = float) -> Array:
    """Return the unit matrix, cut off or filled with zeros to so many columns."""
    columns, kind = rows if columns is None else columns, kind_named(dtype)
    flat, count = [ZERO[kind]] * (rows * columns), min(rows, columns)
    flat[: columns * count : columns + 1] = [ONE[kind]] * count
    return Array(flat, (rows, columns), kind)


def arange(start: Any, stop: Any = None, step: Any = 1) -> Array:
    """Return the numbers from start (0) up to stop, which is not among them."""
    start, stop = (0, start) if stop is None else (start, stop)
    count = max(0, math.ceil((stop - start) / step))
    kind = highest([array_of(value).kind for value in (start, stop, step)])
    return Array([start + n * step for n in range(count)], (count,), kind)


def ones_like(like: Any) -> Array:
    """Return ones of the shape and kind of another array."""
    return ones(array_of(like).shape, array_of(like).dtype)


# -- shapes ---------------------------------------------------------------------------------------------------------


def shape(value: Any) -> Shape:
    """Return the shape of an array."""
    return array_of(value).shape


def reshape(value: Any, new: Any) -> Array:
    """Return the same entries in another shape."""
    return array_of(value).reshape(new)


def moveaxis(value: Any, source: int, destination: int) -> Array:
    """Return the array with one axis brought to another place."""
    value = array_of(value)
    order = list(range(value.ndim))
    moved = order.pop(axis_of(source, value.ndim))
    order.insert(axis_of(destination, value.ndim), moved)
    return value.transpose(order)


def expand_dims(value: Any, axis: int) -> Array:
    """Return the array with a further axis of size 1."""
    value = array_of(value)
    at = axis_of(axis, value.ndim + 1)
    return value.reshape((*value.shape[:at], 1, *value.shape[at:]))


def broadcast_to(value: Any, new: Any) -> Array:
    """Return an array broadcast to a shape, not to be written to."""
    value, new = array_of(value), shape_of(new)
    return Array([value.flat[place] for place in spread(value.shape, new)], new, value.kind, writable=False)


def broadcast_arrays(*values: Any) -> tuple[Array, ...]:
    """Return arrays broadcast to each other."""
    arrays = [array_of(value) for value in values]
    joint = broadcast_shape(*(one.shape for one in arrays))
    return tuple(broadcast_to(one, joint) for one in arrays)


# -- joined, repeated, cut ------------------------------------------------------------------------------------------


def concatenate(values: Sequence[Any], axis: int = 0) -> Array:
    """Return arrays one behind the other along an axis that they have."""
    arrays = [array_of(value) for value in values]
    if not arrays or not arrays[0].shape:
        raise ValueError("expected arrays with axes to concatenate, got none: stack makes a new axis")
    at = axis_of(axis, arrays[0].ndim)
    rests = {(*one.shape[:at], *one.shape[at + 1 :]) for one in arrays}
    if len(rests) > 1 or len({one.ndim for one in arrays}) > 1:
        shapes = ", ".join(str(one.shape) for one in arrays)
        raise ValueError(f"expected arrays that differ in the size of axis {at} alone, got the shapes {shapes}")
    kind = highest(one.kind for one in arrays)
    flats = [(cast(one.flat, one.kind, kind), math.prod(one.shape[at:])) for one in arrays]
    count = math.prod(arrays[0].shape[:at])
    found = [x for n in range(count) for flat, chunk in flats for x in flat[n * chunk : (n + 1) * chunk]]
    joined = sum(one.shape[at] for one in arrays)
    return Array(found, (*arrays[0].shape[:at], joined, *arrays[0].shape[at + 1 :]), kind)


def stack(values: Sequence[Any], axis: int = 0) -> Array:
    """Return arrays of one shape along a new axis."""
    arrays = [array_of(value) for value in values]
    if len({one.shape for one in arrays}) != 1:
        shapes = ", ".join(str(one.shape) for one in arrays) or "none"
        raise ValueError(f"expected arrays of one shape to stack, got the shapes {shapes}")
    return concatenate([expand_dims(one, axis) for one in arrays], axis_of(axis, arrays[0].ndim + 1))


def vstack(values: Sequence[Any]) -> Array:
    """Return arrays one below the other; one with a single axis is a row."""
    return concatenate([_with_axes(value, 2) for value in values])


def _with_axes(value: Any, count: int) -> Array:
    """Return an array with at least so many axes, new ones in front."""
    value = array_of(value)
    return value.reshape((1,) * max(0, count - value.ndim) + value.shape)


def tile(value: Any, counts: Any) -> Array:
    """Return an array repeated so many times along each axis, the last counts for the last axes."""
    counts = shape_of(counts)
    value = _with_axes(value, len(counts))
    counts = (1,) * (value.ndim - len(counts)) + counts
    steps = [[place * step for place in range(count)] * times
             for count, step, times in zip(value.shape, strides(value.shape), counts, strict=True)]  # fmt: skip
    return Array([value.flat[place] for place in places(steps)], tuple(map(len, steps)), value.kind)


def kron(x: Any, y: Any) -> Array:
    """Return the Kronecker product: each entry of x times y, block by block."""
    axes = max(array_of(x).ndim, array_of(y).ndim)
    x, y = _with_axes(x, axes), _with_axes(y, axes)
    wide = tuple(count for n in x.shape for count in (n, 1))
    tight = tuple(count for n in y.shape for count in (1, n))
    return (x.reshape(wide) * y.reshape(tight)).reshape(tuple(n * k for n, k in zip(x.shape, y.shape, strict=True)))


def delete(value: Any, place: int, axis: int) -> Array:
    """Return the array without one place of an axis."""
    value = array_of(value)
    at = axis_of(axis, value.ndim)
    kept = list(range(value.shape[at]))
    if not -len(kept) <= place < len(kept):
        raise IndexError(f"expected one place to delete, from 0 to {len(kept) - 1}, got {place}")
    del kept[place]
    return value[(*(slice(None),) * at, kept)]


def diag(value: Any) -> Array:
    """Return the diagonal of a matrix, or the matrix with this diagonal."""
    value = array_of(value)
    if value.ndim == 1:
        flat = [ZERO[value.kind]] * value.size**2
        flat[:: value.size + 1] = value.flat
        return Array(flat, (value.size, value.size), value.kind)
    if value.ndim != 2:
        raise ValueError(f"expected an array with one or two axes for diag, got shape {value.shape}")
    rows, columns = value.shape
    found = value.flat[: columns * min(rows, columns) : columns + 1]
    return Array(found, (len(found),), value.kind, writable=False)


# -- places ---------------------------------------------------------------------------------------------------------


def unravel_index(place: Any, shape: Any) -> tuple[int, ...]:
    """Return the index at which the entry of a flat place stands."""
    shape, flat = shape_of(shape), int(place)
    if not 0 <= flat < math.prod(shape):
        raise ValueError(f"index {flat} is out of bounds for array with size {math.prod(shape)}")
    return tuple(flat // step % count for count, step in zip(shape, strides(shape), strict=True))


def ndindex(*shape: Any) -> Iterator[tuple[int, ...]]:
    """Yield all indices of an array of this shape."""
    given = shape[0] if len(shape) == 1 and not isinstance(shape[0], int) else shape
    return itertools.product(*map(range, shape_of(given)))


def argwhere(value: Any) -> Array:
    """Return the indices of the entries that are not zero, one a row."""
    value = array_of(value)
    rows = [unravel_index(place, value.shape) for place, entry in enumerate(value.flat) if entry]
    return Array([n for row in rows for n in row], (len(rows), value.ndim), "i")


__all__ = [
    "arange", "argwhere", "array", "asarray", "broadcast_arrays", "broadcast_to", "concatenate", "delete", "diag",
    "expand_dims", "eye", "full", "kron", "moveaxis", "ndindex", "ones", "ones_like", "reshape", "shape", "stack",
    "tile", "unravel_index", "vstack", "zeros",
]  # fmt: skip
