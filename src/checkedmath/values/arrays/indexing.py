"""What an index names: whole numbers, slices, None and …, lists of places and masks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from checkedmath.values.arrays.places import Places, Shape, broadcast, places, spread, strides


class Listed:
    """Whole numbers in an index, with the shape of the array they come from."""

    def __init__(self, flat: Sequence[int], shape: Shape) -> None:
        self.flat, self.shape = flat, shape


def looked_up(key: Any, shape: Shape, array_of: Callable[[Any], Any]) -> tuple[Places, Shape, bool]:
    """Return the places that an index names, the shape they have, and whether NumPy's answer would be a view.

    ``array_of`` makes an array of what is no whole number, slice, None or …: of places, or of bools.
    """
    parts = _parts(key, shape, array_of)
    taken = sum(part is not None and part is not ... for part in parts)
    if taken > len(shape) or sum(part is ... for part in parts) > 1:
        raise IndexError(f"too many indices for array: array is {len(shape)}-dimensional, but {taken} were indexed")
    gap = next((n for n, part in enumerate(parts) if part is ...), len(parts))
    parts[gap : gap + 1] = [slice(None)] * (len(shape) - taken)
    advanced = any(isinstance(part, Listed) for part in parts)
    at = [n for n, part in enumerate(parts) if isinstance(part, Listed) or (advanced and isinstance(part, int))]
    if any(b - a > 1 for a, b in pairwise(at)):
        said = "expected lists of places side by side in an index, got a slice or None between them: index twice"
        raise NotImplementedError(said)
    steps: list[Sequence[int]] = []
    result: list[int] = []
    lists: list[Listed] = []
    apart, axis = strides(shape), 0
    for n, part in enumerate(parts):
        if part is None:
            result.append(1)
            continue
        if isinstance(part, slice):
            chosen = range(*part.indices(shape[axis]))
            steps.append([place * apart[axis] for place in chosen])
            result.append(len(chosen))
        elif n in at:
            one = part if isinstance(part, Listed) else Listed((part,), ())
            lists.append(Listed([_within(place, shape[axis], axis) * apart[axis] for place in one.flat], one.shape))
            if n == at[-1]:
                joint = broadcast(*(listed.shape for listed in lists))
                rows = [[listed.flat[place] for place in spread(listed.shape, joint)] for listed in lists]
                steps.append(list(map(sum, zip(*rows, strict=True))))
                result.extend(joint)
        else:
            steps.append((_within(part, shape[axis], axis) * apart[axis],))
        axis += 1
    return places(steps), tuple(result), not advanced


def _parts(key: Any, shape: Shape, array_of: Callable[[Any], Any]) -> list[Any]:
    """Return the parts of an index: whole numbers, slices, None, … and lists of places; a mask is such lists."""
    parts: list[Any] = []
    for part in key if isinstance(key, tuple) else (key,):
        if part is None or part is ... or isinstance(part, slice) or type(part) is int:
            parts.append(part)
            continue
        one = array_of(part)
        if one.kind == "b":
            if not one.shape or any(p is None or p is ... for p in parts):
                raise NotImplementedError("expected a mask with axes, before it only places and slices, in an index")
            if one.shape != shape[len(parts) : len(parts) + one.ndim]:
                raise IndexError(f"expected a mask of the array's shape {shape}, got {one.shape}")
            true = [place for place, said in enumerate(one.flat) if said]
            parts += [Listed([p // step % n for p in true], (len(true),))
                      for n, step in zip(one.shape, strides(one.shape), strict=True)]  # fmt: skip
        elif one.kind == "i" or not one.size:
            parts.append(Listed(one.flat, one.shape) if one.shape else one.flat[0])
        else:
            raise IndexError(f"expected whole numbers, slices, None, … or bools as an index, got {part!r}")
    return parts


def _within(place: int, size: int, axis: int) -> int:
    if not -size <= place < size:
        raise IndexError(f"index {place} is out of bounds for axis {axis} with size {size}")
    return place % size
