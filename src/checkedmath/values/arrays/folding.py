"""Many entries into one, along axes of a flat list: sums, largest entries, products of matrices."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from functools import reduce
from typing import Any

from checkedmath.values.arrays.kinds import cast, fitting, highest, kind_named, kind_of_number
from checkedmath.values.arrays.numbers import CHOICES, is_nan
from checkedmath.values.arrays.places import Shape, axes_of, groups

ZERO: dict[str, Any] = {"b": False, "i": 0, "f": 0.0, "c": 0j}
ONE: dict[str, Any] = {"b": True, "i": 1, "f": 1.0, "c": 1 + 0j}
#: Folds that count bools, that make real numbers of whole ones, whose result is a bool, and whose result is a place.
COUNTED, REAL, BOOL, PLACE = {"sum", "prod"}, {"mean"}, {"any", "all"}, {"argmax", "argmin"}
CHOSEN = {"max": "maximum", "argmax": "maximum", "min": "minimum", "argmin": "minimum"}


def size(x: Any) -> Any:
    """Return |x|, which of a complex number never raises."""
    return math.hypot(x.real, x.imag) if isinstance(x, complex) else abs(x)


def fold(
    name: str, flat: list[Any], shape: Shape, kind: str, axis: Any, *,
    keepdims: bool, initial: Any = None, dtype: Any = None,
) -> tuple[list[Any], Shape, str]:
    """Return the entries, the shape and the kind of what a fold leaves along axes; of all of them for None.

    ``initial`` is one more entry for each; ``dtype`` the kind in which is counted.
    """
    if (initial is not None and name in BOOL | PLACE | REAL) or (dtype is not None and name not in COUNTED | REAL):
        raise TypeError(f"expected axis and keepdims for {name}, got {'dtype' if initial is None else 'initial'}")
    if name in PLACE and axis is not None and not isinstance(axis, int):
        raise TypeError(f"expected one axis for {name}, got {axis!r}")
    # Without axes there is an axis 0 all the same, but for the mean.
    axes = axes_of(None if not shape and axis in {0, -1} and name not in REAL else axis, len(shape))
    left = tuple(1 if n in axes else count for n, count in enumerate(shape) if keepdims or n not in axes)
    result = "i" if kind == "b" and name in COUNTED else "f" if kind in "bi" and name in REAL else kind
    result = result if dtype is None else kind_named(dtype)
    more = [] if initial is None else [initial]
    if more:
        result = highest((result, kind_of_number(initial)))
    flat, more = cast(flat, kind, result), cast(more, "", result)
    one = _folder(name, result)
    if len(axes) == len(shape):
        found = [one(more + flat)]
    else:
        found = [one(more + [flat[place] for place in group]) for group in groups(shape, axes)]
    kind = "b" if name in BOOL else "i" if name in PLACE else result
    return fitting(found) if kind == "i" else found, left, kind


def _folder(name: str, kind: str) -> Callable[[list[Any]], Any]:
    """Return what makes one entry of many of this kind."""
    zero, one = ZERO[kind], ONE[kind]
    if name in CHOSEN:
        choose = _chooser(CHOSEN[name], kind)
        return choose if name in {"max", "min"} else lambda values: _place(values, choose(values))
    return {
        "sum": lambda values: sum(values, zero),
        "prod": lambda values: reduce(operator.mul, values, one),
        "mean": lambda values: sum(values, zero) / len(values) if values else math.nan * one,
        "any": any,
        "all": all,
    }[name]


def _chooser(name: str, kind: str) -> Callable[[list[Any]], Any]:
    plain: Callable[[list[Any]], Any] = max if name == "maximum" else min
    pairwise = CHOICES[name][kind == "c"]

    def choose(values: list[Any]) -> Any:
        if not values:
            raise ValueError(f"zero-size array to reduction operation {name} which has no identity")
        if kind == "c" or (kind == "f" and any(map(operator.ne, values, values))):  # NaN is among them
            return reduce(pairwise, values)
        return plain(values)

    return choose


def _place(values: list[Any], chosen: Any) -> int:
    missing = is_nan(chosen)
    return next(n for n, value in enumerate(values) if value == chosen or (missing and is_nan(value)))


def matrix_product(p: list[Any], n: int, k: int, q: list[Any], m: int, kind: str) -> list[Any]:
    """Return the entries of the product of (n, k) and (k, m) matrices of one kind."""
    rows, columns, zero = [p[i * k : (i + 1) * k] for i in range(n)], [q[j::m] for j in range(m)], ZERO[kind]
    if kind == "b":
        return [any(map(operator.and_, row, column)) for row in rows for column in columns]
    found = [sum(map(operator.mul, row, column), zero) for row in rows for column in columns]
    return fitting(found) if kind == "i" else found
