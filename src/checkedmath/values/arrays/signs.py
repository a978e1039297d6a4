"""What a sign between two arrays makes of their entries: broadcast to each other, in the kind that both become."""

from __future__ import annotations

import operator
from math import prod
from typing import Any, Protocol

from checkedmath.values.arrays.folding import matrix_product
from checkedmath.values.arrays.kinds import DTYPES, cast, fitting, highest
from checkedmath.values.arrays.numbers import OF_ONE, OF_TWO, mapped
from checkedmath.values.arrays.places import Shape, broadcast, spread

#: Signs whose result of bools is a whole number.
COUNTING = {"**", "//", "%"}
#: The entries, the shape and the kind of a new array.
Made = tuple[list[Any], Shape, str]


class Entries(Protocol):
    """An array, as far as a sign looks at it."""

    shape: Shape
    kind: str

    @property
    def flat(self) -> list[Any]:
        """The entries in order."""


def between(sign: str, left: Entries, right: Entries) -> Made:
    """Return what a sign makes of two arrays, broadcast to each other, in the kind that both become."""
    kinds = OF_TWO[sign]
    kind = left.kind if left.kind == right.kind else highest((left.kind, right.kind))
    if kind == "b" and sign in COUNTING:
        kind = "i"
    if kind not in kinds:
        raise TypeError(f"expected other entries at {sign}, got {DTYPES[left.kind]} and {DTYPES[right.kind]}")
    f, otherwise, result = kinds[kind]
    p, q = cast(left.flat, left.kind, kind), cast(right.flat, right.kind, kind)
    shape = left.shape
    if shape != right.shape:
        shape = broadcast(shape, right.shape)
        p, q = _spread(p, left.shape, shape), _spread(q, right.shape, shape)
    found = _powers(p, q, right, kind) if sign == "**" else mapped(f, otherwise, p, q)
    return fitting(found) if result == "i" else found, shape, result


def _spread(flat: list[Any], shape: Shape, full: Shape) -> list[Any]:
    if shape == full:
        return flat
    return flat * prod(full) if len(flat) == 1 else [flat[place] for place in spread(shape, full)]


def _powers(p: list[Any], q: list[Any], exponent: Entries, kind: str) -> list[Any]:
    number = None if exponent.shape else q[0]
    if kind == "i" and any(n < 0 for n in q):
        raise ValueError("Integers to negative integer powers are not allowed.")
    if number == 2:
        return list(map(operator.mul, p, p))
    if number == 0.5 and kind != "i":  # by the angle of a complex number its step would be lost
        return mapped(*OF_ONE["sqrt"][kind == "c"], p)
    return mapped(*OF_TWO["**"][kind][:2], p, q)


def product(left: Entries, right: Entries) -> Made:
    """Return the matrix product, of stacks of matrices too; with one axis the left is a row, the right a column."""
    if not (left.shape and right.shape):
        raise ValueError("matmul: expected arrays with axes, got a number: * scales")
    rows_of = left.shape if len(left.shape) > 1 else (1, *left.shape)
    columns_of = right.shape if len(right.shape) > 1 else (*right.shape, 1)
    (n, k), (inner, m) = rows_of[-2:], columns_of[-2:]
    if k != inner:
        raise ValueError(f"matmul: expected inner sizes that are equal, got shapes {left.shape} and {right.shape}")
    kind = highest((left.kind, right.kind))
    p, q = cast(left.flat, left.kind, kind), cast(right.flat, right.kind, kind)
    if len(columns_of) == 2:  # all matrices of a stack one below the other
        stack = rows_of[:-2]
        found = matrix_product(p, prod(stack) * n, k, q, m, kind)
    else:
        stack = broadcast(rows_of[:-2], columns_of[:-2])
        found = []
        for one, other in zip(spread(rows_of[:-2], stack), spread(columns_of[:-2], stack), strict=True):
            block = q[other * k * m : (other + 1) * k * m]
            found += matrix_product(p[one * n * k : (one + 1) * n * k], n, k, block, m, kind)
    return found, (*stack, *((n,) if len(left.shape) > 1 else ()), *((m,) if len(right.shape) > 1 else ())), kind
