"""A setting with a few more quantities, and a draw with some that are read otherwise.

The values of declared letters are random numbers of every draw; a step is made small where a claim with ≈ is judged
(`checkedmath.values.compare`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import prod
from random import Random
from typing import Any

from checkedmath.subject.declared_letters import STEPS
from checkedmath.subject.setting import Draw, Quantity, Setting, Shape
from checkedmath.values.namespace import namespace
from checkedmath.values.stacks import is_stack

Array = Any


def opened(setting: Setting, shapes: Mapping[str, Shape]) -> Setting:
    """Return the setting with these letters as further quantities.

    Raises `ValueError` where the setting has a quantity of that name already.
    """
    for name in shapes:
        if name in setting.quantities:
            raise ValueError(f"expected a letter that {setting.name} does not know yet, got {name}")
    more = {
        name: Quantity(name, shape, "epsilon" if name == "ε" else name, aliases=STEPS.get(name, ()), unicode=name,
                       latex=r"\varepsilon" if name == "ε" else name)
        for name, shape in shapes.items()
    }  # fmt: skip
    known: dict[str, Sequence[Draw]] = {}

    def draws(variant: str) -> Sequence[Draw]:
        if variant not in known:  # the same objects each time: what was computed in them is remembered
            known[variant] = tuple(
                WithLetters(draw, _values(draw, shapes, seed)) for seed, draw in enumerate(setting.draws(variant))
            )
        return known[variant]

    return replace(setting, quantities={**setting.quantities, **more}, draws=draws)


def _values(draw: Draw, shapes: Mapping[str, Shape], seed: int) -> dict[str, Array]:
    xp, values = namespace(), {}
    for name, shape in shapes.items():
        random = Random(f"{seed} {name}")  # noqa: S311 - numbers to try, no secrets
        size = [int(d) if d.isdigit() else int(draw.sizes[d]) for d in shape]
        entries = [random.gauss(0, 1) for _ in range(prod(size))]
        values[name] = xp.array(entries).reshape(size) if shape else entries[0]
    return values


@dataclass
class WithLetters:
    """A draw with further quantities, on which no other depends, and some that are read otherwise (`World.read`)."""

    draw: Draw
    values: dict[str, Array]
    read: Mapping[str, Callable[[Any, int | None], Array]] = field(default_factory=dict)
    sizes: Mapping[str, int] = field(init=False)
    members: int = field(init=False)

    def __post_init__(self) -> None:
        self.sizes, self.members = self.draw.sizes, self.draw.members

    def value(self, name: str, member: int | None = None) -> Array:
        """Return the value of a letter or of the draw's own quantity."""
        if name in self.values:
            return self.values[name]
        return self.read[name](self.draw, member) if name in self.read else self.draw.value(name, member)

    def moved(self, name: str, member: int | None, value: Array) -> WithLetters:
        """Return the draw with this quantity replaced."""
        if name in self.values:
            return replace(self, values={**self.values, name: value})
        return replace(self, draw=self.draw.moved(name, member, value))

    @property
    def stacked(self) -> bool | None:
        """Whether a quantity has been moved in copies; None where the draw cannot carry them."""
        own = any(map(is_stack, self.values.values()))
        below: bool | None = getattr(self.draw, "stacked", None)
        return None if below is None else below or own

    @property
    def saturated(self) -> bool:
        """Whether the draw has a saturated unit."""
        return bool(getattr(self.draw, "saturated", False))

    def neighbour(self, step: float, random: Random, held: frozenset[str]) -> WithLetters:
        """Return a draw near this one, with letters near its own."""
        near = getattr(self.draw, "neighbour", None)
        moved = {
            name: value if name in held else value + step * random.gauss(0, 1) * (abs(value) + 1)
            for name, value in self.values.items()
        }  # fmt: skip
        return replace(self, draw=near(step, random, held) if near is not None else self.draw, values=moved)

    def function(self, name: str, member: int | None) -> Callable[[Array], Array]:
        """Return the draw's function."""
        return self.draw.function(name, member)

    def partial(self, of: str, by: str, member: int | None = None) -> Array | None:
        """Return ∂of/∂by where the draw has a faster way to it."""
        faster = getattr(self.draw, "partial", None)
        known = {*self.values, *self.read} & {of, by}
        return faster(of, by, member) if faster is not None and not known else None


__all__ = ["WithLetters", "opened"]
