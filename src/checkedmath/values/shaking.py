"""How much of a value is rounding: every result on the way to it is moved a little, and the value looked at again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
#: What is nearer to 0 has lost its digits, or is 0 for the computer.
TINY = 1e-300


@dataclass
class Shaking:
    """Moves every result on the way to a value by a little, which shows how much of the value is rounding.

    ``limits``: what is looked at is an inequality, for which the rounding of a derivative counts.
    ``drowned``: a term was so small beside another that what it says could not be seen in their sum.
    ``saturated``: a function was so near to a limit that it never reaches that the distance is no more than rounding.
    ``vanished``: a result was too small for a number, though nothing that it comes from is 0.
    """

    limits: bool = False
    count: int = 0
    drowned: bool = False
    saturated: bool = False
    vanished: bool = False

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

    def vanish(self, value: Array, xp: Any, *operands: Array) -> None:
        """Look at a product, quotient, power or exponential of what is not 0."""
        nothing = xp.abs(xp.asarray(value)) < TINY
        if nothing.any():
            for operand in operands:
                nothing = nothing & (xp.asarray(operand) != 0)
            self.vanished = self.vanished or bool(nothing.any())

    def add(self, left: Array, right: Array, xp: Any) -> None:
        """Look at the terms of a sum."""
        sizes = [float(xp.max(xp.abs(xp.asarray(term)), initial=0.0)) for term in (left, right)]
        self.drowned = self.drowned or 0 < min(sizes) < DROWNED * max(sizes)

    def saturate(
        self, f: Callable[[Array], Array], argument: Array, value: Array, limits: Sequence[float], xp: Any
    ) -> None:
        """Look at a value of a function with limits: at one to the last digit it says nothing of its argument."""
        if 0.0 in limits:
            self.vanish(value, xp)
        gaps = [xp.abs(value - limit) / abs(limit) for limit in limits if limit]
        if gaps:
            gap = xp.min(xp.stack(gaps), axis=0)
            self.drowned = self.drowned or bool(xp.all((f(0.9 * argument) == value) & (gap == 0)))
            self.saturated = self.saturated or bool(xp.any(gap < 100 * AMPLITUDE))


__all__ = ["Shaking"]
