"""Numbers that a text brings along: letters declared by ``{let}``, and a small step ε or h.

A setting knows its own quantities.  `opened` returns it with a few more, whose values are random
numbers of every draw; a step is made small where a claim with ≈ is judged (`checkedmath.values.compare`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from checkedmath.subject.setting import Draw, Quantity, Setting, Shape

Array = Any

#: The steps by their canonical names; h is one only in a claim with ≈, since some write it for a layer.
STEPS = {"ε": ("epsilon", "varepsilon", "eps"), "h": ()}
_EPSILON = re.compile(r"ε|\\(?:var)?epsilon(?![a-zA-Z])")
_H = re.compile(r"(?<![a-zA-Z\\_])h(?![a-zA-Z_\[^])")
_ABOUT = re.compile(r"≈|\\approx(?![a-zA-Z])")


def parse_lets(text: str) -> dict[str, tuple[str, ...]]:
    """Return declared shapes: "A: (p, q), x: (q, 1), s: ()".

    Raises `ValueError` with what was expected.

    >>> parse_lets("A: (p, q), s: ()")
    {'A': ('p', 'q'), 's': ()}
    """
    found = {}
    rest = text.strip()
    while rest:
        match = re.match(r"([^\W\d_]\w*)\s*:\s*\(([^()]*)\)\s*,?\s*", rest)
        if not match:
            raise ValueError(f'--let: expected "A: (p, q), x: (q, 1)", got {rest!r}')
        found[match[1]] = tuple(size.strip() for size in match[2].split(",") if size.strip())
        for size in found[match[1]]:
            if not re.fullmatch(r"[1-9]\d?|[^\W\d]\w{0,9}|n_\{\w{1,3}[+-]\d\}", size, re.ASCII):
                raise ValueError(f"--let: expected names of sizes, or numbers up to 99, got {size[:60]!r}")
        rest = rest[match.end() :]
    return found


def steps_in(text: str) -> tuple[str, ...]:
    r"""Return the steps that a text names.

    >>> steps_in(r"\frac{f(t + h) - f(t)}{h} \approx f'(t)"), steps_in("h W")
    (('h',), ())
    """
    found = ("ε",) if _EPSILON.search(text) else ()
    return (*found, "h") if _ABOUT.search(text) and _H.search(text) else found


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
    import numpy

    values: dict[str, Array] = {}
    for name, shape in shapes.items():
        rng = numpy.random.default_rng([seed, *name.encode()])
        value = rng.normal(size=[int(d) if d.isdigit() else int(draw.sizes[d]) for d in shape])
        values[name] = value if shape else float(value)
    return values


@dataclass
class WithLetters:
    """A draw with further quantities, on which no other depends."""

    draw: Draw
    values: dict[str, Array]
    sizes: Mapping[str, int] = field(init=False)
    members: int = field(init=False)

    def __post_init__(self) -> None:
        self.sizes, self.members = self.draw.sizes, self.draw.members

    def value(self, name: str, member: int | None) -> Array:
        """Return the value of a letter or of the draw's own quantity."""
        return self.values[name] if name in self.values else self.draw.value(name, member)

    def moved(self, name: str, member: int | None, value: Array) -> WithLetters:
        """Return the draw with this quantity replaced."""
        if name in self.values:
            return WithLetters(self.draw, {**self.values, name: value})
        return WithLetters(self.draw.moved(name, member, value), self.values)

    @property
    def stacked(self) -> bool | None:
        """Whether a quantity has been moved in copies; None where the draw cannot carry them."""
        own = any(getattr(value, "ndim", 0) > 2 for value in self.values.values())
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
        return WithLetters(near(step, random, held) if near is not None else self.draw, moved)

    def function(self, name: str, member: int | None) -> Callable[[Array], Array]:
        """Return the draw's function."""
        return self.draw.function(name, member)

    def partial(self, of: str, by: str, member: int | None = None) -> Array | None:
        """Return ∂of/∂by where the draw has a faster way to it."""
        faster = getattr(self.draw, "partial", None)
        return faster(of, by, member) if faster is not None and by not in self.values else None


__all__ = ["STEPS", "WithLetters", "opened", "parse_lets", "steps_in"]
