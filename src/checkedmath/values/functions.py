"""Functions of all mathematics and their derivatives, fit for complex arguments.

A derivative is taken in two ways, by the complex step and by central differences, which must agree.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from checkedmath.syntax.budget import spend
from checkedmath.syntax.errors import Disagreement
from checkedmath.syntax.tree import Apply, Cases, Compare, Maximum, Node, walk

COMPLEX_H = 1e-30
CENTRAL_H = (1e-5, 1e-7, 1e-3)
AGREEMENT = 1e-6
BENT_H = 1e-4
Array = Any
#: Numbers that functions of all mathematics come near and never reach (see `NamedFunction.limits`).
#: Functions of two branches: what holds on one side of a kink says nothing of the other.
KINKED = {"relu", "abs", "sign"}
LIMITS: dict[str, tuple[float, ...]] = {"tanh": (-1.0, 1.0), "sigmoid": (0.0, 1.0), "exp": (0.0,)}


def general_functions(xp: Any) -> dict[str, Callable[[Array], Array]]:
    """Return the functions every setting knows, fit for complex arguments (no ``abs``)."""

    def absolute(z: Array) -> Array:
        return xp.where(xp.real(z) < 0, -z, z)

    def sigmoid(z: Array) -> Array:
        e = xp.exp(-absolute(z))  # no exponential overflows
        return xp.where(xp.real(z) < 0, e, 1.0) / (1 + e)

    def relu(z: Array) -> Array:
        return xp.where(xp.real(z) > 0, z, 0 * z)

    def softmax(z: Array) -> Array:
        if xp.shape(z) == ():
            return softmax(xp.asarray(z).reshape(1, 1)).reshape(())
        e = xp.exp(z - xp.max(xp.real(z), axis=-2, keepdims=True))
        return e / xp.sum(e, axis=-2, keepdims=True)

    return {
        "exp": xp.exp, "log": xp.log, "sqrt": xp.sqrt, "tanh": xp.tanh, "sigmoid": sigmoid, "softmax": softmax,
        "abs": absolute, "relu": relu, "cosh": xp.cosh, "sinh": xp.sinh, "sign": lambda z: xp.sign(xp.real(z)),
        "sin": xp.sin, "cos": xp.cos, "tan": lambda z: xp.sin(z) / xp.cos(z), "arctan": xp.arctan,
    }  # fmt: skip


def has_branches(tree: Node) -> bool:
    """Whether an expression has a kink, beyond which it is another one: max(t, -3) is t where t is not small."""
    return any(
        isinstance(node, Maximum | Cases | Compare) or (isinstance(node, Apply) and node.name in KINKED)
        for node in walk(tree)
    )


def slope(
    f: Callable[[Array], Array], xp: Any, name: str, *, kinks: bool = False, copies: bool = False, bent: bool = False
) -> Array:
    """Return the derivative of f(t) at t = 0, entry by entry, by the complex step.

    A central difference of one of the steps must agree with it (a steep function needs a small one), or with
    ``kinks`` a difference to one side: at 0 the slope of ReLU is that of the branch to which its code counts 0.
    Raises `Disagreement` with ``name``, what is differentiated, where none does.  What is not finite is returned as
    it is.  ``copies``: each row of f is another copy, looked at by itself.  ``bent``: f is complex, since this
    derivative is being differentiated by a complex step; then it is found by differences with an error of order h⁴.
    """
    if bent:
        return (8 * (f(BENT_H) - f(-BENT_H)) - (f(2 * BENT_H) - f(-2 * BENT_H))) / (12 * BENT_H)
    exact = xp.asarray(f(COMPLEX_H * 1j)).imag / COMPLEX_H
    own = {"axis": 1, "keepdims": True} if copies else {}
    lost = ~xp.isfinite(exact).all(**own)
    if lost.all():
        return exact
    gap, allowed = xp.full(exact.shape, xp.inf), AGREEMENT * xp.maximum(1.0, xp.max(xp.abs(exact), initial=0.0, **own))
    for h in CENTRAL_H:
        near = (xp.asarray(f(h)) - xp.asarray(f(-h))) / (2 * h)
        gap = xp.fmin(gap, xp.abs(near - exact))
        if xp.all(lost | (gap <= allowed)):
            return exact
    if kinks:
        here, h = xp.asarray(f(0.0)), min(CENTRAL_H)
        sides = [xp.abs((xp.asarray(f(step)) - here) / step - exact) for step in (h, -h)]
        if xp.all(xp.fmin(gap, xp.fmin(*sides)) <= allowed):
            return exact
    raise Disagreement(f"complex step and central differences disagree for the derivative of {name}")


def prime(f: Callable[[Array], Array], xp: Any, name: str) -> Callable[[Array], Array]:
    """Return f' for an entrywise f of this name.  It raises `Disagreement` where that is not to be found."""

    def derived(z: Array) -> Array:
        if getattr(z, "dtype", None) is not None and z.dtype.kind == "c":
            raise ArithmeticError("the derivative of a derivative is not judged")
        return slope(lambda t: f(z + t), xp, name, kinks=True)

    return derived


def columns_jacobian(f: Callable[[Array], Array], z: Array, xp: Any, stack: bool, name: str) -> Array:
    """Return the Jacobian of f, of this name, at each column of z: (n, n) for one, (m, n, n) for a stack."""

    def column(i: int, unit: Array) -> Array:
        spend(z.size)  # a Jacobian of Jacobians has an axis more for each
        return slope(lambda t: f(z[:, i : i + 1] + t * unit)[:, 0], xp, name)

    units = [unit[:, None] for unit in xp.eye(z.shape[0])]
    found = [xp.stack([column(i, unit) for unit in units], axis=1) for i in range(z.shape[1])]
    return xp.stack(found) if stack else found[0]
