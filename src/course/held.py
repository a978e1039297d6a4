"""Every draw is held to `backprop`: its own forward pass, losses and cost are those that the rules of the book give."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from checkedmath.syntax.errors import FormulaError
from checkedmath.values.namespace import namespace
from course.functions import SQUARED, TWICE

if TYPE_CHECKING:
    from backprop import Network
    from course.draws import NetworkDraw

Array = Any
#: How far values may differ, as a part of their own largest entry, and of that of the draw, of which they are a rest.
TOLERANCE, ROUNDING = 1e-10, 1e-14


class Drift(FormulaError):
    """A quantity of the book that `backprop` computes otherwise."""


def network_of(draw: NetworkDraw) -> tuple[Network, Array, Array]:
    """Return the draw as `backprop` has it: a network, X (n_0, m) and Y (n_L, m)."""
    from backprop import Layer, Network  # noqa: PLC0415 - where NumPy is absent so is this

    X, Y = (draw.inputs[draw.spelled(name), None] for name in ("X", "Y"))
    if not draw.members:
        layers = [Layer(draw.value("w").T, draw.value("b"), "sigmoid")]
    else:
        parameters = [(draw.value("W", l), draw.value("b", l)) for l in range(1, draw.members + 1)]
        layers = [Layer(W, b, draw.functions["g", l]) for l, (W, b) in enumerate(parameters, start=1)]
    loss = SQUARED if draw.loss == TWICE else draw.loss
    return Network(layers, loss, float(draw.inputs.get(("lambda", None), 0.0))), X, Y


def hold(draw: NetworkDraw) -> None:
    """Compare each quantity of the forward pass with that of `backprop`, if NumPy is there.

    Raises `Drift` with the name of the first one that differs.
    """
    xp = namespace()
    if xp.__name__ != "numpy":
        return
    from backprop import cost, forward, losses  # noqa: PLC0415

    try:
        network, X, Y = network_of(draw)
        cache = forward(network, X)
        found = {}
        for l in range(1, network.L + 1):
            layer = l if draw.members else None
            found[draw.spelled("Z"), layer] = cache.Z[l]
            found[draw.spelled("A"), layer] = cache.A[l]
        row = losses(network, cache, Y)
        more = float(draw.loss == TWICE)  # as much again
        found["L", None] = row * (1 + more)
        found["J", None] = cost(network, cache, Y) + more * xp.mean(row)
    except (ValueError, ArithmeticError) as error:
        raise Drift(f"the forward pass of backprop fails: {' '.join(str(error).split())}") from error
    largest = max(float(xp.max(xp.abs(theirs))) for theirs in found.values())
    for (name, layer), theirs in found.items():
        ours = xp.broadcast_to(draw.value(name, layer), theirs.shape)
        gap = xp.abs(theirs - ours)
        if not xp.all(gap <= TOLERANCE * xp.max(xp.abs(ours)) + ROUNDING * largest):
            called, at = name if layer is None else f"{name}[{layer}]", xp.unravel_index(int(xp.argmax(gap)), gap.shape)
            numbers = f"{float(ours[at]):.6g} and {float(theirs[at]):.6g} in one draw"
            raise Drift(f"{called} is not what backprop computes: {numbers}; correct it, or the book's rule for it")


__all__ = ["Drift", "hold", "network_of"]
