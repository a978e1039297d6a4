"""One random network with its data: a draw of the graph that knows what is near it, and how far out its units are."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache, cached_property
from random import Random
from typing import Any

from checkedmath.values.graph import GraphDraw
from checkedmath.values.namespace import namespace
from course.functions import BINARY, known

Array = Any
#: What a search for a place where a bound fails multiplies by, and from which |z| on rounding hides a unit's rest.
FACTORS, SATURATED = (0.0, -1.0, 0.3, 3.0, 10.0), 10.0
#: Inputs that are numbers above 0.
NUMBERS = ("alpha", "lambda")
NOISE = 20000


@cache
def _noise() -> Array:
    random = Random("noise")  # noqa: S311 - numbers to try, no secrets
    return namespace().array([random.gauss(0, 1) for _ in range(NOISE)])


def certain(A: Array, *, one_hot: bool) -> Array:
    """Return the labels 0 and 1 that are nearest to an output, or the columns with one 1."""
    xp = namespace()
    if not one_hot:
        return xp.round(A)
    largest = [int(k) for k in xp.argmax(A, axis=0)]
    return xp.array([[float(k == row) for k in largest] for row in range(A.shape[0])])


@dataclass(eq=False)
class NetworkDraw(GraphDraw):
    """A network in which a numbered g is an activation by name; ``loss`` is the name of its loss."""

    loss: str = BINARY

    def spelled(self, capital: str) -> str:
        """Return the letter of a capital, X, Y, Z or A, which with one example is small."""
        return capital if ("X", None) in self.inputs else capital.lower()

    @property
    def last(self) -> int | None:
        """L, or None where layers are not numbered."""
        return self.members or None

    @property
    def one_hot(self) -> bool:
        """Whether the labels of an example sum to 1."""
        return self.graph.setting.output_function == "softmax"

    def activation(self, layer: int | None) -> str:
        """Return the name of the activation of a layer."""
        return self.functions["g", layer] if layer is not None else "sigmoid"

    @property
    def layers(self) -> Collection[int | None]:
        """The layers by their numbers, or the one that has none."""
        return range(1, self.members + 1) if self.members else (None,)

    @cached_property
    def saturated(self) -> bool:
        """Whether a unit is so far out that rounding hides how far it is from 0 or 1."""
        bounded = [l for l in self.layers if (g := known(self.activation(l))).limits or not g.entrywise]
        xp = namespace()
        return any(float(xp.max(xp.abs(self.value(self.spelled("Z"), l)))) > SATURATED for l in bounded)

    def neighbour(self, step: float, random: Random, held: Collection[str]) -> NetworkDraw:
        """Return a draw that differs in its parameters, inputs, labels or numbers, but for what is held."""
        quantities, near = self.graph.setting.quantities, dict(self.inputs)
        kept = {*held, *(quantities[name].column_of for name in held if name in quantities)}
        Y = self.spelled("Y"), None
        keys = [key for key in near if key != Y and key[0] not in NUMBERS]
        factor, choice = random.choice(FACTORS), random.random()
        if choice < 0.1:
            for name in NUMBERS:
                if name not in kept and factor > 0 and (name, None) in near:
                    near[name, None] = near[name, None] * factor
        elif choice < 0.2:
            if Y[0] not in kept:
                A = self.value(self.spelled("A"), self.last)
                labels = (A, certain(A, one_hot=self.one_hot), certain(1 - A, one_hot=self.one_hot))
                near[Y] = random.choice(labels)
        else:
            xp = namespace()
            for key in keys if choice < 0.5 else [random.choice(keys)]:
                value = near[key]
                if choice % 0.1 < 0.04:
                    near[key] = value * factor
                else:
                    start = random.randrange(NOISE - value.size)
                    noise = _noise()[start : start + value.size].reshape(value.shape)
                    near[key] = value + step * (float(xp.max(xp.abs(value))) or 1.0) * noise
        return self.elsewhere(near)


__all__ = ["NetworkDraw", "certain"]
