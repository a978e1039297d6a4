"""Derivatives without any formula for them: central differences and the complex step.

Both see a function as something to call.  The central difference
(f(x + h) - f(x - h)) / 2h has an error of order h², plus rounding; the complex step
Im f(x + ih) / h (Squire and Trapp 1998) subtracts nothing, so h can be 1e-30 and the result
is right to the last digits, as long as f is made of operations that know complex numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from backprop.errors import InputError
from backprop.network import Network
from backprop.quantities import check_name, replay
from backprop.validation import floats, number

Array = Any
CENTRAL_H = 1e-5
CENTRAL_STEPS = (CENTRAL_H, 10 * CENTRAL_H, 1e-7, 1e-9)
COMPLEX_H = 1e-30
ROUNDING = 10 * np.finfo(float).eps  # of a value of f, relative to it


def central_difference(f: Callable[[Array], Array], x: Array, h: float = CENTRAL_H) -> Array:
    """Return ∂f/∂x by (f(x + h) - f(x - h)) / 2h, entry by entry of x.

    x is an array, f maps such an array to a number or an array.  The result has the shape
    of f(x) followed by the shape of x.  x is not changed; float32 is computed in float64.
    Raises `InputError` for a complex x, or an h that is no number > 0.

    >>> round(float(central_difference(lambda x: x**3, np.array(2.0))), 6)
    12.0
    """
    x, h = _real(x), number("h", "a step h > 0", h)
    # The step that was really made, after rounding of x + h and x - h.
    return (_pushed(f, x, h) - _pushed(f, x, -h)) / ((x + h) - (x - h))


def complex_step(f: Callable[[Array], Array], x: Array, h: float = COMPLEX_H) -> Array:
    """Return ∂f/∂x by Im f(x + ih) / h, entry by entry of x.

    Shapes as for `central_difference`.  f must be analytic: ``abs``, ``max`` and a conjugating
    transpose lose the imaginary part silently.  `derivative` compares both ways for that reason.

    >>> float(complex_step(lambda x: x**3, np.array(2.0)))
    12.0
    """
    h = number("h", "a step h > 0", h)
    return np.imag(_pushed(f, _real(x).astype(complex), 1j * h)) / h


def derivative(
    f: Callable[[Array], Array], x: Array, *, of: str = "f", by: str = "x", tolerance: float = 1e-6
) -> Array:
    """Return ∂f/∂x by the complex step, after comparing it with central differences.

    Shapes as for `central_difference`.  Every entry must agree with a central difference within
    `tolerance` times the largest slope of the same entry of f, however small that is, or within
    the rounding of f; and the slopes on both sides of x must meet.  Steps are those of
    `CENTRAL_STEPS` (a steep function needs a small one), times the size of x where that is above 1.
    Raises `InputError` naming `of` and `by` otherwise: then f is not analytic, or x lies at a kink.
    """
    x = _real(x)
    exact = complex_step(f, x)
    middle = np.reshape(f(x), exact.shape[: exact.ndim - x.ndim] + (1,) * x.ndim)
    entries = tuple(range(exact.ndim - x.ndim, exact.ndim))
    agrees, meets = np.full((2, *exact.shape), False)
    first: tuple[Array, ...] = ()
    for h in CENTRAL_STEPS:
        near, left, right, rounding, lost = _both_sides(f, x, middle, h * np.maximum(1, np.abs(x)))
        bend, side = right - left, np.maximum(np.abs(right), np.abs(left))
        # A smaller step than the first is rounded more: it may neither excuse nor prove more.
        first = first or (near, bend, rounding, lost)
        if h == 10 * CENTRAL_H:  # take out what grows with h: h² in `near`, h in `bend`
            near, bend, rounding = first[0] + (first[0] - near) / 99, (10 * first[1] - bend) / 9, first[2]
        largest = np.max(np.maximum(np.abs(exact), np.abs(near)), axis=entries, keepdims=True, initial=0)
        gap = np.abs(exact - near)
        agrees |= np.maximum(gap, rounding) <= tolerance * largest + first[3]
        meets |= np.maximum(np.abs(bend), 2 * rounding) <= side / 1000 + 2 * first[2]
        meets &= np.isfinite(bend)
        if np.all(agrees & meets):
            return exact
    what, pair = "complex step and central difference to agree", (exact, near)
    if np.all(agrees):
        what, pair = "one derivative on both sides", (first[0] - first[1] / 2, first[0] + first[1] / 2)
    worst = np.unravel_index(int(np.argmax(np.where(agrees & meets, -1, gap + np.abs(first[1])))), gap.shape)
    place = ", ".join(str(int(i) + 1) for i in worst)
    raise InputError(
        f"∂{of}/∂{by}",
        what,
        " and ".join(f"{side[worst]:.10g}" for side in pair) + (f" at entry ({place})" if place else ""),
        "A function on the way is not analytic (abs, norm, max), or an entry lies at a kink.",
    )


def jacobian(network: Network, X: Array, Y: Array, of: str, by: str) -> Array:
    """Return the derivative of one quantity of the network by another, in numerator layout.

    X is (n_0, m), Y is (n_L, m); `of` and `by` are names such as ``"Z[2]"``, ``"W[1]"``, ``"J"``.

    ======================  =====================================================
    `of` by `by`            shape of the result
    ======================  =====================================================
    (r, 1) by (p, 1)        (r, p): row k, column j is ∂u_k/∂v_j
    number by (p, q)        (q, p): the transpose of the shape of v
    (r, s) by number        (r, s)
    matrix by matrix        (r, s, p, q): entry [k, i, j, n] is ∂u_ki/∂v_jn; no matrix
    ======================  =====================================================

    No backpropagation formula is used: `of` is recomputed by the forward pass with `by`
    moved, by complex step and by central differences.  Raises `InputError` for an unknown
    name, or where the two disagree (a kink of ReLU, say).

    >>> from backprop import book
    >>> X, Y = book.data()
    >>> net = book.network()
    >>> bool(np.allclose(jacobian(net, X[:, [0]], Y[:, [0]], of="Z[2]", by="A[1]"), net.W[2]))
    True
    """
    check_name(network, of)
    start = replay(network, X, Y, {})
    check_name(network, by)
    if by in {"L", "J"}:
        raise InputError("by", "a quantity the network computes with", repr(by))
    v = np.asarray(start[by])

    def u(moved: Array) -> Array:
        return replay(network, X, Y, {by: moved})[of]

    full = derivative(u, v, of=of, by=by)
    return numerator_layout(full, np.shape(start[of]), v.shape)


def numerator_layout(full: Array, of: tuple[int, ...], by: tuple[int, ...]) -> Array:
    """Arrange ∂u/∂v with axes (axes of u, axes of v) in numerator layout, where one exists."""
    if of in {(), (1, 1)} and len(by) == 2:
        return full.reshape(by).T
    if by in {(), (1, 1)}:
        return full.reshape(of)
    if len(of) == len(by) == 2 and of[1] == by[1] == 1:
        return full.reshape(of[0], by[0])
    return full


def _real(x: Array) -> Array:
    if np.iscomplexobj(x):
        raise InputError("x", "real numbers", "complex ones", "The step along i would be lost: x.real.")
    return np.asarray(x, dtype=float)


def _both_sides(f: Callable[[Array], Array], x: Array, middle: Array, step: Array) -> tuple[Array, ...]:
    """Return the slopes through both sides, on the left and on the right, and how far rounding goes."""
    up, down = _pushed(f, x, step), _pushed(f, x, -step)
    near = (up - down) / ((x + step) - (x - step))
    left, right = (middle - down) / (x - (x - step)), (up - middle) / ((x + step) - x)
    size = np.maximum(np.abs(up), np.abs(down))
    rounding = ROUNDING * size / step
    # Where f has not moved in its last digit, small parts of it were lost beside a 1.
    lost = np.where(up == down, ROUNDING * np.maximum(1, size) / step, rounding)
    return near, left, right, rounding, lost


def _pushed(f: Callable[[Array], Array], x: Array, h: Array) -> Array:
    """Return f(x) with one entry of x moved by its h, for every entry: axes of f, then of x."""
    columns, h = [], np.broadcast_to(h, x.shape)
    for index in np.ndindex(x.shape):
        moved = x.copy()
        moved[index] += h[index]
        columns.append(floats(np.asarray(f(moved))))
    shape = columns[0].shape if columns else np.shape(f(x))
    return np.stack(columns, axis=-1).reshape(shape + x.shape) if columns else np.zeros(shape + x.shape)
