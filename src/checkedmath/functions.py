"""Functions of all mathematics and their derivatives, fit for complex arguments."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from checkedmath.budget import spend

Array = Any


def general_functions(xp: Any) -> dict[str, Callable[[Array], Array]]:
    """Return the functions every setting knows, fit for complex arguments (no ``abs``)."""

    def sigmoid(z: Array) -> Array:
        return 1 / (1 + xp.exp(-z))

    def absolute(z: Array) -> Array:
        return xp.where(xp.real(z) < 0, -z, z)

    def relu(z: Array) -> Array:
        return xp.where(xp.real(z) > 0, z, 0 * z)

    return {
        "exp": xp.exp, "log": xp.log, "sqrt": xp.sqrt, "tanh": xp.tanh, "sigmoid": sigmoid, "abs": absolute,
        "relu": relu, "sign": lambda z: xp.sign(xp.real(z)),
    }  # fmt: skip


def prime(f: Callable[[Array], Array]) -> Callable[[Array], Array]:
    """Return f' for an entrywise f, by the complex step."""

    def derived(z: Array) -> Array:
        if getattr(z, "dtype", None) is not None and z.dtype.kind == "c":
            raise ArithmeticError("the derivative of a derivative is not judged")
        return (f(z + 1e-30j)).imag / 1e-30

    return derived


def helper_of_value(name: str, a: Array) -> Array:
    """Return what a helper computes that is written to be given a = g(z)."""
    if "tanh" in name:
        return 1 - a * a
    if "relu" in name.lower():
        return (a > 0) * 1.0
    return a * (1 - a)


def columns_jacobian(f: Callable[[Array], Array], z: Array, xp: Any, stack: bool) -> Array:
    """Return the Jacobian of f at each column of z: (n, n) for one, (m, n, n) for a stack."""
    found = []
    for i in range(z.shape[1]):
        columns = []
        for j in range(z.shape[0]):
            spend(z.size)  # a Jacobian of Jacobians has an axis more for each
            moved = z[:, i : i + 1].astype(complex)
            moved[j, 0] += 1e-30j
            columns.append(f(moved).imag[:, 0] / 1e-30)
        found.append(xp.stack(columns, axis=1))
    return xp.stack(found) if stack else found[0]
