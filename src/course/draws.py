"""Random instances of the settings: every quantity by its name, with a value.

What a name stands for is a `View` of the network: z[l] is one column of Z[l], the w of logistic
regression is W[1] turned.  Gradients come from `course.oracle` alone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any

import numpy as np

from backprop import activation
from backprop.errors import InputError
from checkedmath.syntax.errors import Disagreement, FormulaError
from course.functions import names
from course.oracle import ForwardPass
from course.quantities import COLUMN_LOSS
from course.samples import Sample, Variant, certain, parse_variant, samples

Array = Any


@dataclass(frozen=True)
class View:
    """How a name looks at the network: ``View("Z", column=True)`` is one column of Z[l].

    ``layer`` None is the layer that is asked for, -1 the last.
    """

    kind: str
    layer: int | None = None
    column: bool = False
    turned: bool = False


_EVERYWHERE = {
    "X": View("A", 0), "x": View("A", 0, column=True),
    "Y": View("Y", 0), "y": View("Y", 0, column=True),
    "Yhat": View("A", -1), "yhat": View("A", -1, column=True),
}  # fmt: skip
LAYERED = _EVERYWHERE | {
    "W": View("W"), "b": View("b"), "dW": View("dW"), "db": View("db"), "Delta": View("Delta"),
    "Z": View("Z"), "z": View("Z", column=True), "dZ": View("dZ"), "dz": View("dZ", column=True),
    "A": View("A"), "a": View("A", column=True), "dA": View("dA"), "da": View("dA", column=True),
}  # fmt: skip
ONE_UNIT = _EVERYWHERE | {
    "w": View("W", 1, turned=True), "dw": View("dW", 1, turned=True),
    "b": View("b", 1), "db": View("db", 1),
    "Z": View("Z", 1), "z": View("Z", 1, column=True),
    "A": View("A", 1), "a": View("A", 1, column=True),
    "dZ": View("dZ", 1), "dz": View("dZ", 1, column=True),
    "dA": View("dA", 1), "da": View("dA", 1, column=True),
    "dX": View("dA", 0), "dx": View("dA", 0, column=True),
}  # fmt: skip
#: What each gradient is taken by.
GRADIENTS = {"dA": "A", "dZ": "Z", "dW": "W", "db": "b", "Delta": "W"}
NUMBERS = ("alpha", "lambda")
#: What a search for a place where a bound fails multiplies by, and from which |z| on rounding hides a unit's rest.
FACTORS, SATURATED = (0.0, -1.0, 0.3, 3.0, 10.0), 10.0
NOISE = np.random.default_rng(1).standard_normal(20000)


class NetworkDraw:
    """One network with its data; the protocol is `checkedmath.subject.setting.Draw`."""

    def __init__(
        self,
        sample: Sample,
        variant: Variant,
        *,
        batch: bool,
        run: ForwardPass,
        numbers: Mapping[str, Array] | None = None,
    ) -> None:
        network = sample.network
        self._sample, self._variant, self._batch = sample, variant, batch
        self._run = run
        self._numbers = {"lambda": network.l2, **(numbers or sample.numbers)}
        self._views = ONE_UNIT if sample.one_unit else LAYERED
        # Any column will do, but the book's numbers for one example are those of its first.
        self._column = 1 if sample.m > 1 and "book" not in variant else 0
        self._values: dict[tuple[str, int | None], Array] = {}
        self._saturated: bool | None = None
        self.members = 0 if sample.one_unit else network.L
        sizes = {"n_0": network.sizes[0], "m": sample.m}
        if self.members:
            sizes |= {f"n_{l}": n for l, n in enumerate(network.sizes)}
            sizes["n_L"] = network.sizes[-1]
        self.sizes: Mapping[str, int] = sizes

    def value(self, name: str, layer: int | None = None) -> Array:
        """Return the value: a number for sizes, J, α, λ and the loss of one example, else two axes.

        In a batch, L is the row of losses (1, m), and lower case is one column, always the same.
        Raises `FormulaError` for a name or a layer that does not exist.
        """
        known = self._values.get((name, layer))
        if known is None:
            known = self._find(name, layer)
            if isinstance(known, np.ndarray):
                known.setflags(write=False)
            self._values[name, layer] = known
        return known

    def moved(self, name: str, layer: int | None, value: Array) -> NetworkDraw:
        """Return the draw with this quantity replaced and all that follows from it recomputed.

        Complex values pass.  Raises `FormulaError` for a size, for J, and for a gradient: a
        derivative by a gradient would be a second derivative.
        """
        if name in NUMBERS:
            return self._with(self._run, {**self._numbers, name: value})
        if name == "L":
            return self._with(self._run.replaced({("L", 0): np.reshape(value, (1, -1))}))
        view, l = self._view(name, layer)
        if view.kind in GRADIENTS:
            message = (
                f"expected a quantity of the forward pass to differentiate by, got {name}: it is a "
                "derivative itself, and second derivatives are not taken"
            )
            raise FormulaError(message)
        # An array of one entry may come without axes.
        value = np.reshape(value, np.shape(self.value(name, layer)))
        value = value.T if view.turned else value
        if view.column:
            whole = np.array(self._run.value(view.kind, l), dtype=np.result_type(value, 1.0))
            whole[:, [self._column]] = value
            value = whole
        return self._with(self._run.replaced({(view.kind, l): value}))

    @property
    def saturated(self) -> bool:
        """Whether a unit is so far out that rounding hides how far it is from 0 or 1."""
        if self._saturated is None:
            bounded = [l for l, g in self._sample.network.g.items() if g.limits]
            largest = max((float(np.max(np.abs(self._run.value("Z", l)))) for l in bounded), default=0.0)
            self._saturated = largest > SATURATED
        return self._saturated

    def neighbour(self, step: float, random: Random, held: Collection[str]) -> NetworkDraw:
        """Return a draw that differs in its parameters, inputs, labels or numbers, but for what is held."""
        kept = {self._views[name].kind if name in self._views else name for name in held}
        L = self._sample.network.L
        keys = [("A", 0), *((kind, l) for kind in "Wb" for l in range(1, L + 1))]
        factor, choice = random.choice(FACTORS), random.random()
        moved: dict[tuple[str, int], Array] = {}
        numbers = dict(self._numbers)
        if choice < 0.1:
            for name in NUMBERS:
                if name not in kept and factor > 0:
                    numbers[name] = numbers[name] * factor
        elif choice < 0.2:
            if "Y" not in kept:
                A, rows = self._run.value("A", L), not self._sample.network.g[L].entrywise
                labels = (A, certain(A, one_hot_columns=rows), certain(1 - A, one_hot_columns=rows))
                moved["Y", 0] = random.choice(labels)
        else:
            for key in keys if choice < 0.5 else [random.choice(keys)]:
                value = self._run.value(*key)
                if choice % 0.1 < 0.04:
                    moved[key] = value * factor
                else:
                    start = random.randrange(len(NOISE) - value.size)
                    noise = NOISE[start : start + value.size].reshape(value.shape)
                    moved[key] = value + step * (float(np.abs(value).max()) or 1.0) * noise
        return self._with(self._run.replaced(moved), numbers)

    def partial(self, of: str, by: str, layer: int | None = None) -> Array | None:
        """Return ∂of/∂by, of the shape of `by`, for the loss L (summed over a batch) or the cost J.

        The same as moving `by` entry by entry, in one pass.  None where that does not apply.
        """
        view = self._views.get(by)
        if of not in {"L", "J"} or view is None or view.kind in {"Y", *GRADIENTS}:
            return None
        view, l = self._view(by, layer)
        mean = of == "J" or "L-is-J" in self._variant
        return self._seen(view, self._gradient(view.kind, l, mean=mean))

    def function(self, name: str, layer: int | None = None) -> Callable[[Array], Array]:
        """Return the function; ``g`` is that of the layer.  Complex arrays pass.

        A helper with a prime in its name is the function itself: the prime is counted by its
        `NamedFunction`.  softmax acts on whole columns.  Raises `FormulaError` for an unknown name
        or layer.
        """
        base = name.removesuffix("_prime")
        if base == "g":
            l = 1 if self._views is ONE_UNIT else self._number("g", layer, first=1)
            return self._sample.network.g[l]
        if base in names():
            return activation(base)
        message = f"expected g or one of {', '.join(names())}; got the function {name}"
        raise FormulaError(message)

    def _with(self, run: ForwardPass, numbers: Mapping[str, Array] | None = None) -> NetworkDraw:
        numbers = numbers or self._numbers
        return NetworkDraw(self._sample, self._variant, batch=self._batch, run=run, numbers=numbers)

    def _find(self, name: str, layer: int | None) -> Array:
        if name in self.sizes:
            return float(self.sizes[name])
        if name == "n":
            return float(self.sizes[f"n_{self._number('n', layer, first=0)}"])
        if name in NUMBERS:
            return self._numbers[name]
        if name == "J":
            return self._run.cost() + self._more_penalty()
        if name == COLUMN_LOSS:
            return self.value("L")[0, self._column]
        if name == "L":
            row = self._run.value("L", 0)
            if "L-is-J" in self._variant:  # a row whose sum is J
                row = (row + self._run.penalty()) / self._sample.m
            return row if self._batch else row[0, 0]
        view, l = self._view(name, layer)
        if view.kind not in GRADIENTS:
            return self._seen(view, self._run.value(view.kind, l))
        mean = view.kind in {"dW", "db"}
        if view.kind in {"dZ", "dA"}:
            mean = "dZ-is-dJ" in self._variant
        return self._seen(view, self._gradient(GRADIENTS[view.kind], l, mean=mean))

    def _seen(self, view: View, found: Array) -> Array:
        """Return a quantity of the network as the name sees it."""
        found = found[:, [self._column]] if view.column else found
        return found.T if view.turned else found

    def _more_penalty(self) -> Array:
        """Return what a replaced λ adds to J; the penalty is λ times something."""
        l2 = self._sample.network.l2
        return (self._numbers["lambda"] - l2) * self._run.penalty() / l2 if l2 else 0.0

    def _gradient(self, kind: str, l: int, *, mean: bool) -> Array:
        """Return the derivative by A, Z, W or b of the summed loss or, if `mean`, of the cost.

        Raises `Disagreement` where complex step and central differences do not agree.
        """
        try:
            found = self._run.gradient(kind, l)
        except InputError as error:
            raise Disagreement(" ".join(str(error).split())) from None
        if not mean:
            return found
        found = found / self._sample.m
        return found + self._run.penalty_gradient(l) if kind == "W" else found

    def _view(self, name: str, layer: int | None) -> tuple[View, int]:
        view = self._views.get(name)
        if view is None:
            message = f"expected one of {', '.join(self._views)}, L, J or a number; got {name}"
            raise FormulaError(message)
        if view.layer is not None:
            return view, self._sample.network.L if view.layer < 0 else view.layer
        return view, self._number(name, layer, first=0 if view.kind in {"A", "dA"} else 1)

    def _number(self, name: str, layer: int | None, *, first: int) -> int:
        if layer is None or not first <= layer <= self.members:
            got = "no layer" if layer is None else f"{name}[{layer}]"
            message = f"{name}: expected a layer from {first} to {self.members}, got {got}"
            raise FormulaError(message)
        return layer

    def __repr__(self) -> str:
        return f"NetworkDraw({self._sample.network}, m = {self._sample.m})"


def draws(setting: str, variant: str = "") -> tuple[NetworkDraw, ...]:
    """Return the instances of a setting in a variant, always the same objects.

    A variant is a list of words with commas between: ``hidden-sigmoid,one-output``.  Raises
    `ValueError` for an unknown setting or word.
    """
    return _draws(setting, parse_variant(variant))


@cache
def _draws(setting: str, variant: Variant) -> tuple[NetworkDraw, ...]:
    batch = setting.endswith("-batch")
    runs = _runs(setting, variant.of_network)
    return tuple(NetworkDraw(sample, variant, batch=batch, run=run) for sample, run in runs)


@cache
def _runs(setting: str, variant: Variant) -> tuple[tuple[Sample, ForwardPass], ...]:
    """Return the instances with their forward passes, shared by variants that only read them."""
    found = samples(setting, variant)
    return tuple((s, ForwardPass(s.network, s.X, s.Y)) for s in found)
