"""How much of a value is rounding: every result on the way to it is moved a little, and the value looked at again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import cos
from typing import Any

Array = Any

#: How far every result is moved when the rounding of a value is measured: some 500 times the rounding itself.
AMPLITUDE = 1e-13
#: A term below this part of another is not seen beside it.
DROWNED = 1e-9
#: What the rounding of a derivative is beside, as a part of 1 and of its largest entry: it comes of terms that cancel.
DERIVED = 1e-15
#: Functions that come as near to a limit as one likes, and never get there.
SATURATING = {"tanh", "sigmoid", "exp"}


@dataclass
class Shaking:
    """Moves every result on the way to a value by a little, which shows how much of the value is rounding.

    ``limits``: what is looked at is an inequality, for which it counts how near a value is to 0 or to its limit.
    ``drowned``: a term was so small beside another that what it says could not be seen in their sum.
    ``saturated``: a value was so near to its limit, tanh to 1 or a power to 0, that the rest is no more than rounding.
    """

    limits: bool = False
    count: int = 0
    drowned: bool = False
    saturated: bool = False

    def moved(self, value: Array, xp: Any, *, derived: bool = False) -> Array:
        """Return a result, each entry of it moved by its own part of `AMPLITUDE`; a derivative by a little more."""
        self.count += 1
        array = xp.asarray(value)
        if array.ndim:
            noise = xp.cos(xp.arange(array.size) * 2.39 + 1.7 * self.count).reshape(array.shape)
        else:
            noise = cos(1.7 * self.count)
        moved = array * (1 + AMPLITUDE * noise)
        return moved + DERIVED * (1 + xp.max(xp.abs(array), initial=0.0)) * noise if derived else moved

    def vanish(self, value: Array, xp: Any, *factors: Array) -> None:
        """Look at a product or power: it is 0 though no factor is, so it is too small to be told from 0."""
        gone = xp.asarray(value) == 0
        if gone.any():
            for factor in factors:
                gone = gone & (xp.asarray(factor) != 0)
            self.saturated = self.saturated or bool(gone.any())

    def add(self, left: Array, right: Array, xp: Any) -> None:
        """Look at the terms of a sum."""
        sizes = [float(xp.max(xp.abs(xp.asarray(term)), initial=0.0)) for term in (left, right)]
        self.drowned = self.drowned or 0 < min(sizes) < DROWNED * max(sizes)

    def saturate(self, name: str, f: Callable[[Array], Array], argument: Array, value: Array, xp: Any) -> None:
        """Look at a value of tanh, σ or exp: so far out that it is at its limit, it says nothing of its argument."""
        if name != "tanh":
            self.saturated = self.saturated or bool(xp.any(value == 0))
        if name == "exp":
            return
        self.drowned = self.drowned or bool(xp.all((f(0.9 * argument) == value) & (xp.abs(value) == 1)))
        self.saturated = self.saturated or bool(xp.any(1 - xp.abs(value) < 100 * AMPLITUDE))


__all__ = ["SATURATING", "Shaking"]
