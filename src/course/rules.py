"""What each quantity of a network follows from, in the book's own notation; and the losses, which are no formulas here.

A loss is by hand, since its formula, -y ln a - (1 - y) ln(1 - a), is lost where a has been rounded to 0 or 1: the same
number is computed from z, and from a only where a has been replaced.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from checkedmath.values.namespace import namespace
from checkedmath.values.stacks import number, side_by_side
from course.functions import BINARY, CATEGORICAL, SQUARED, TWICE, declared_loss
from course.quantities import COLUMN_LOSS, Kind

Array = Any
_MEAN = r"J = \frac{1}{m} \sum_i L^{(i)}"
_PENALTY = r" + \frac{λ}{2m} \sum_l ‖W^{[l]}‖^2"


def rules_of(kind: Kind, *, is_layered: bool) -> tuple[str, ...]:
    """Return the rules of a kind of setting, as formulas.

    >>> rules_of(Kind(batch=False), is_layered=False)
    ('z = w^T x + b', 'a = σ(z)', 'J = L')
    """
    cost = _MEAN + _PENALTY * kind.penalty if kind.batch else "J = L"
    layered = ("a[0] = x", "z[l] = W[l] a[l-1] + b[l]", "a[l] = g[l](z[l])", "ŷ = a[L]")
    found = layered if is_layered else ("z = w^T x + b", "a = σ(z)")
    capitals = str.maketrans("xzaŷ", "XZAŶ")
    return (*(rule.translate(capitals) if kind.batch else rule for rule in found), cost)


def by_hand(kind: Kind, *, is_layered: bool) -> Mapping[str, Callable[[Any], Array]]:
    """Return the rules that are functions of the draw: 𝓛 of every example, and of the one column that z is."""
    found: dict[str, Callable[[Any], Array]] = {"L": partial(_loss, kind, is_layered=is_layered)}
    if kind.batch:
        found[COLUMN_LOSS] = lambda draw: number(draw.value("L")[..., draw.column : draw.column + 1])
    return found


def _loss(kind: Kind, draw: Any, *, is_layered: bool) -> Array:
    last = draw.members if is_layered else None
    z, a, y = ("Z", "A", "Y") if kind.batch else ("z", "a", "y")
    A, Y, replaced = draw.value(a, last), draw.value(y), (a, last) in draw.given
    Z = None if replaced else draw.value(z, last)
    xp = namespace()
    row = ROWS[draw.loss](Z, A, Y, xp) if draw.loss in ROWS else _declared(draw.loss, A, Y, xp)
    return row if kind.batch else number(row)


def _added(terms: Array, xp: Any) -> Array:
    return xp.sum(terms, axis=-2, keepdims=True)


def _times_log(y: Array, a: Array, xp: Any) -> Array:
    """Return y ln a, with 0 ln 0 = 0, which is its limit."""
    return xp.where(y == 0, 0.0, y * xp.log(xp.where(y == 0, 1.0, a)))


def _binary(Z: Array, A: Array, Y: Array, xp: Any) -> Array:
    if Z is None:
        return -_added(_times_log(Y, A, xp) + _times_log(1 - Y, 1 - A, xp), xp)
    positive = xp.real(Z) > 0
    return _added(xp.where(positive, Z, 0.0) - Y * Z + xp.log1p(xp.exp(xp.where(positive, -Z, Z))), xp)


def _categorical(Z: Array, A: Array, Y: Array, xp: Any) -> Array:
    if Z is None:
        return -_added(_times_log(Y, A, xp), xp)
    shifted = Z - xp.max(xp.real(Z), axis=-2, keepdims=True)
    return _added(Y * (xp.log(_added(xp.exp(shifted), xp)) - shifted), xp)


def _squared(Z: Array, A: Array, Y: Array, xp: Any) -> Array:
    return _added((A - Y) * (A - Y) / 2, xp)


#: The losses by name: a row (1, m), from Z of the last layer, or from A where Z is None.
ROWS: Mapping[str, Callable[[Array, Array, Array, Any], Array]] = {
    BINARY: _binary, CATEGORICAL: _categorical, SQUARED: _squared, TWICE: lambda *given: 2 * _squared(*given),
}  # fmt: skip


def _declared(loss: str, A: Array, Y: Array, xp: Any) -> Array:
    """Return a loss that an author has declared in `backprop`, which knows arrays with two axes."""
    rows = A.shape[-2]
    A, Y = xp.broadcast_arrays(A, Y)
    both = xp.concatenate((A, Y), axis=-2)
    return side_by_side(lambda columns: declared_loss(loss)(columns[:rows], columns[rows:]), both, xp)


__all__ = ["by_hand", "rules_of"]
