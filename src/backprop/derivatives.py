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

Array = Any
CENTRAL_H = 1e-5
CENTRAL_STEPS = (CENTRAL_H, 1e-7, 1e-9)
COMPLEX_H = 1e-30


def central_difference(f: Callable[[Array], Array], x: Array, h: float = CENTRAL_H) -> Array:
    """Return ∂f/∂x by (f(x + h) - f(x - h)) / 2h, entry by entry of x.

    x is an array, f maps such an array to a number or an array.  The result has the shape
    of f(x) followed by the shape of x.  x is not changed; float32 is computed in float64.

    >>> round(float(central_difference(lambda x: x**3, np.array(2.0))), 6)
    12.0
    """
    x = np.asarray(x, dtype=float)

    def at(index: tuple[int, ...]) -> Array:
        moved = x.copy(), x.copy()
        moved[0][index] += h
        moved[1][index] -= h
        # The step that was really made, after rounding of x + h and x - h.
        return (f(moved[0]) - f(moved[1])) / (moved[0][index] - moved[1][index])

    return _by_entry(at, x)


def complex_step(f: Callable[[Array], Array], x: Array, h: float = COMPLEX_H) -> Array:
    """Return ∂f/∂x by Im f(x + ih) / h, entry by entry of x.

    Shapes as for `central_difference`.  f must be analytic: ``abs``, ``max`` and a conjugating
    transpose lose the imaginary part silently.  `derivative` compares both ways for that reason.

    >>> float(complex_step(lambda x: x**3, np.array(2.0)))
    12.0
    """
    x = np.asarray(x, dtype=float)

    def at(index: tuple[int, ...]) -> Array:
        moved = x.astype(complex)
        moved[index] += 1j * h
        return np.imag(f(moved)) / h

    return _by_entry(at, x)


def derivative(
    f: Callable[[Array], Array], x: Array, *, of: str = "f", by: str = "x", tolerance: float = 1e-6
) -> Array:
    """Return ∂f/∂x by the complex step, after comparing it with central differences.

    Shapes as for `central_difference`.  Every entry must agree with a central difference of one
    of the steps h in `CENTRAL_STEPS` (a steep function needs a small one) within `tolerance`
    times the largest entry, or times 1.  Raises `InputError` naming `of` and `by` where none
    does: then f is not analytic, or x lies at a kink.
    """
    exact = complex_step(f, x)
    scale = max(1.0, float(np.max(np.abs(exact), initial=0.0)))
    gap = np.full(exact.shape, np.inf)
    for h in CENTRAL_STEPS:
        near = central_difference(f, x, h)
        gap = np.minimum(gap, np.abs(exact - near))
        if np.all(gap <= tolerance * scale):
            return exact
    worst = np.unravel_index(int(np.argmax(gap)), gap.shape)
    place = ", ".join(str(int(i) + 1) for i in worst)
    raise InputError(
        f"∂{of}/∂{by}",
        "complex step and central difference to agree",
        f"{exact[worst]:.10g} and {near[worst]:.10g}" + (f" at entry ({place})" if place else ""),
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


def _by_entry(at: Callable[[tuple[int, ...]], Array], x: Array) -> Array:
    columns = [np.asarray(at(index)) for index in np.ndindex(x.shape)]
    shape = columns[0].shape if columns else ()
    return np.stack(columns, axis=-1).reshape(shape + x.shape) if columns else np.zeros(x.shape)
