"""An independent oracle: small networks, their loss, and derivatives by central differences alone.

It imports NumPy and nothing of this project, and it holds no backpropagation formula: a
gradient here is the change of the loss when one entry is moved, and g′ is the change of g.
`Question` offers one network (and one reading of it) to the expressions of `expressions.py`:
``q.W2`` is W[2], ``q.dZ1`` is dZ[1], ``q.J_Z2`` is ∂J/∂Z[2], ``q.W[l]`` is W[l].
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np

Array = Any
STEP = 1e-5


class NoSuchLayer(LookupError):
    """The network has no such layer: the formula says nothing there."""


class Strict(np.ndarray):
    """An array of mathematical text: no broadcasting, `@` and `*` scale by a number.

    ``*`` is the elementwise product.  An array with one entry counts as a number.
    """

    def __mul__(self, other: Array) -> Array:
        return self._entrywise(np.multiply, other)

    __rmul__ = __mul__

    def __truediv__(self, other: Array) -> Array:
        return self._entrywise(np.divide, other)

    def __matmul__(self, other: Array) -> Array:
        if np.size(self) == 1 or np.size(other) == 1:
            return np.multiply(self, other)
        return np.matmul(self, other)

    def __rmatmul__(self, other: Array) -> Array:
        return np.multiply(other, self) if np.size(other) == 1 else np.matmul(other, self)

    def __add__(self, other: Array) -> Array:
        return self._sum(np.add, other)

    __radd__ = __add__

    def __sub__(self, other: Array) -> Array:
        return self._sum(np.subtract, other)

    def _entrywise(self, operation: Callable[..., Array], other: Array) -> Array:
        if 1 not in (np.size(self), np.size(other)) and self.shape != np.shape(other):
            raise ValueError(f"elementwise: shapes {self.shape} and {np.shape(other)} differ")
        return operation(self, other)

    def _sum(self, operation: Callable[..., Array], other: Array) -> Array:
        if np.ndim(self) and np.ndim(other) and self.shape != np.shape(other):
            raise ValueError(f"sum: shapes {self.shape} and {np.shape(other)} differ")
        return operation(self, other)


def sigmoid(z: Array) -> Array:
    return 1 / (1 + np.exp(-z))


def softmax(z: Array) -> Array:
    e = np.exp(z - np.max(z, axis=0))
    return e / np.sum(e, axis=0)


ACTIVATIONS: dict[str, Callable[[Array], Array]] = {
    "tanh": np.tanh,
    "sigmoid": sigmoid,
    "relu": lambda z: np.where(z > 0, z, 0.0),
    "leaky_relu": lambda z: np.where(z > 0, z, 0.01 * z),
    "softmax": softmax,
}


def slope(f: Callable[[Array], Array], z: Array) -> Array:
    """Return f′(z), entry by entry, as a central difference."""
    return (f(z + STEP) - f(z - STEP)) / (2 * STEP)


def gradient(f: Callable[[Array], float], at: Array) -> Array:
    """Return the derivatives of the number f by each entry of `at`, in the shape of `at`."""
    at = np.asarray(at, float)
    out = np.empty_like(at)
    for k in np.ndindex(at.shape):
        high, low = at.copy(), at.copy()
        high[k] += STEP
        low[k] -= STEP
        out[k] = (np.sum(f(high)) - np.sum(f(low))) / (2 * STEP)
    return out


def jacobian(f: Callable[[Array], Array], at: Array) -> Array:
    """Return ∂f/∂v in numerator layout: a row for each entry of f, a column for each of v."""
    at = np.asarray(at, float)
    columns = []
    for k in np.ndindex(at.shape):
        high, low = at.copy(), at.copy()
        high[k] += STEP
        low[k] -= STEP
        change = (np.asarray(f(high)) - np.asarray(f(low))) / (2 * STEP)
        columns.append(change.reshape(-1, 1))
    return np.hstack(columns)


class Network:
    """Random parameters and data; ``activations[l]`` is g[l], and the loss fits the output."""

    def __init__(self, sizes: tuple[int, ...], m: int, activations: tuple[str, ...],
                 *, seed: int, loss: str = "cross-entropy", penalty: float = 0.0, bias: bool = True) -> None:
        self.sizes, self.m, self.L = sizes, m, len(activations)
        self.activations, self.loss, self.penalty = activations, loss, penalty
        for attempt in range(100):
            rng = np.random.default_rng([seed, attempt])
            self.start: dict[tuple[str, int], Array] = {("A", 0): rng.normal(size=(sizes[0], m))}
            for l in range(1, self.L + 1):
                self.start["W", l] = rng.normal(size=(sizes[l], sizes[l - 1])) / sizes[l - 1] ** 0.5
                self.start["b", l] = rng.normal(size=(sizes[l], 1)) / 2 * bias
            Y = rng.uniform(0.1, 0.9, size=(sizes[-1], m))
            self.Y = Y / Y.sum(axis=0) if activations[-1] == "softmax" else Y
            self.values = self.forward()
            if all(np.abs(self.values["Z", l]).min() > 1e-3 for l in range(1, self.L + 1)):
                return  # no unit stands on the kink of a ReLU
        raise AssertionError("no draw without a kink")

    def g(self, l: int) -> Callable[[Array], Array]:
        return ACTIVATIONS[self.activations[l - 1]]

    def forward(self, moved: dict[tuple[str, int], Array] | None = None) -> dict[Any, Array]:
        """Return all quantities; what is in `moved` is put in place of what would be computed."""
        moved = moved or {}
        now: dict[Any, Array] = {**self.start, **moved}
        for l in range(1, self.L + 1):
            Z = now["W", l] @ now["A", l - 1] + now["b", l]
            now["Z", l] = moved.get(("Z", l), Z)
            now["A", l] = moved.get(("A", l), self.g(l)(now["Z", l]))
        A, Y = now["A", self.L], self.Y
        if self.loss.endswith("squared"):
            entries = (A - Y) ** 2 / (1 if self.loss.startswith("twice") else 2)
        elif self.activations[-1] == "softmax":
            entries = -Y * np.log(A)
        else:
            entries = -(Y * np.log(A) + (1 - Y) * np.log(1 - A))
        now["L"] = entries.sum()
        squares = sum(np.sum(now["W", l] ** 2) for l in range(1, self.L + 1))
        now["J"] = now["L"] / self.m + self.penalty / (2 * self.m) * squares
        return now

    @cache  # noqa: B019 - a handful of networks, alive as long as the run
    def by(self, scalar: str, name: str, l: int) -> Array:
        """Return the derivative of L (the sum of all losses) or J by a quantity, in its shape."""
        if (name, l) not in self.values:
            raise NoSuchLayer(f"{name}[{l}]")
        return gradient(lambda v: self.forward({(name, l): v})[scalar], self.values[name, l])


DATA, BIAS, WEIGHT = ("A", "Z"), ("b",), ("W",)
COLUMN = {"x": "A", "a": "A", "z": "Z"}


@dataclass(frozen=True)
class Question:
    """One network, read in one way; attributes are the quantities of a formula."""

    net: Network
    strict: bool = True  # mathematical text; False: NumPy text
    layout: str = "course"
    turned: tuple[str, ...] = ()  # what is transposed: examples as rows
    dZ_is_dJ: bool = False
    L_is_J: bool = False
    column: int = 0  # the example that lower-case letters name
    logistic: bool = False  # w is a column and z has no layer number

    def variants(self) -> Iterator[Question]:
        """Yield the question for the first and the last example."""
        yield self
        if self.net.m > 1:
            yield replace(self, column=self.net.m - 1)

    def give(self, value: Array) -> Array:
        if np.ndim(value) == 0:
            return float(value)
        return np.array(value).view(Strict) if self.strict else np.array(value)

    def turn(self, name: str, value: Array) -> Array:
        return self.give(np.asarray(value).T if name in self.turned else value)

    def quantity(self, text: str, l: int) -> Array:
        """Return ``W``, ``dZ``, ``z``, ``J_W`` … of layer l."""
        scalar, _, name = text.rpartition("_")
        if not scalar and name.startswith("d"):
            name = name[1:]
            scalar = "J" if name in {"W", "b"} else "d"
        wanted = COLUMN.get(name, name)
        if (wanted, l) not in self.net.values:
            raise NoSuchLayer(f"{text}[{l}]")
        if not scalar:
            value = self.net.values[wanted, l]
        elif scalar == "d":
            value = self.net.by("L", wanted, l) / (self.net.m if self.dZ_is_dJ else 1)
        else:
            value = self.net.by("J" if self.L_is_J else scalar, wanted, l)
        if name in COLUMN:
            value = value[:, [self.column]]
        value = self.turn(wanted, value)
        return value.T if "_" in text and self.layout == "numerator" else value

    def __getattr__(self, text: str) -> Any:
        if self.logistic and text in LOGISTIC:
            return self.logistic_quantity(text)
        match = re.fullmatch(r"((?:[LJ]_|d)?[WbZAza])(\d?)", text)
        if match is None:
            raise AttributeError(text)
        if match[2]:
            return self.quantity(match[1], int(match[2]))
        return Layers(self, match[1])

    def logistic_quantity(self, text: str) -> Array:
        name = text.removeprefix("d").rpartition("_")[2]
        letter = {"w": "W", "x": "x", "X": "A"}.get(name, name)
        value = self.quantity(text[: len(text) - len(name)] + letter, 0 if name in "xX" else 1)
        if name == "w":  # a column, as in the course's week 2
            return value.T
        return float(value[0, 0]) if name in {"b", "z", "a"} else value

    m = property(lambda self: self.net.m)
    L = property(lambda self: self.net.L)
    n = property(lambda self: self.net.sizes)
    lam = property(lambda self: self.net.penalty)
    X = property(lambda self: self.quantity("A", 0))
    x = property(lambda self: self.quantity("a", 0))
    J = property(lambda self: self.net.values["J"])
    loss = property(lambda self: self.net.values["L"])
    Y = property(lambda self: self.turn("A", self.net.Y))

    alpha = property(lambda self: 0.1)
    Delta = property(lambda self: Layers(self, "L_W"))  # summed over examples, without penalty

    @property
    def y(self) -> Array:
        value = self.turn("A", self.net.Y[:, [self.column]])
        return float(value[0, 0]) if self.logistic else value

    def g(self, l: int, z: Array) -> Array:
        """Return g[l](z)."""
        self.quantity("Z", l)
        return self.give(self.net.g(l)(np.asarray(z)))

    def dg(self, l: int, z: Array) -> Array:
        """Return g[l]′(z)."""
        self.quantity("Z", l)
        return self.give(slope(self.net.g(l), np.asarray(z)))

    def f(self, name: str, z: Array) -> Array:
        """Return a named activation."""
        return self.give(ACTIVATIONS[name](np.asarray(z)))

    def df(self, name: str, z: Array) -> Array:
        """Return the derivative of a named activation."""
        return self.give(slope(ACTIVATIONS[name], np.asarray(z)))

    def part(self, f: Callable[[Array], Array], at: Array) -> Array:
        """Return ∂f/∂at as the layout arranges it."""
        return arrange(f, at, self.layout, self.give)

    def spread(self, b: Array) -> Array:
        """Return b beside itself for each example: the one broadcasting that mathematics has."""
        ones = np.ones((1, self.m))
        return self.give(ones.T @ b if "b" in self.turned else np.asarray(b) @ ones)

    def over_examples(self, value: Array) -> Array:
        """Return Σᵢ of a quantity with a column for each example."""
        return self.give(np.asarray(value).sum(axis=0 if "A" in self.turned else 1, keepdims=True))

    @property
    def jac_out(self) -> Array:
        """Return the Jacobian of the output activation at one example."""
        return self.give(jacobian(self.net.g(self.L), self.z[self.L]))

    def shape(self, value: Array) -> Array:
        return np.array(value.shape)

    def shape_of(self, *names: str) -> Array:
        """Return the sizes, ``n1`` or ``m``."""
        return np.array([self.m if name == "m" else self.n[int(name[1:])] for name in names])

    def fits(self, value: Array, like: Array) -> Array:
        """Return the value, whose indices must run over the same ranges as those of `like`."""
        if np.shape(value) != np.shape(like):
            raise ValueError(f"indices run to {np.shape(value)} and {np.shape(like)}")
        return self.give(value)

    def jac_times(self, l: int, dA: Array) -> Array:
        """Return the transposed Jacobian of g[l] times each column of dA."""
        Z = np.asarray(self.quantity("Z", l))
        return self.give(np.hstack([
            jacobian(self.net.g(l), Z[:, [i]]).T @ np.asarray(dA)[:, [i]] for i in range(self.m)
        ]))


LOGISTIC = {"w", "b", "z", "a", "Z", "A", "dw", "db", "dz", "da", "dZ", "dA", "L_w", "L_b", "L_z",
            "L_a", "L_Z", "J_w", "J_b", "J_Z"}


@dataclass(frozen=True)
class Layers:
    """A quantity of every layer, ``q.dZ[l]``."""

    question: Question
    name: str

    def __getitem__(self, l: int) -> Array:
        return self.question.quantity(self.name, l)


def arrange(f: Callable[[Array], Array], at: Array, layout: str,
            give: Callable[[Array], Array]) -> Array:
    """Return ∂f/∂at in a layout; a row in either place is the column it transposes."""
    value = np.asarray(f(at))
    if np.ndim(at) == 0:  # by a number: the shape of the value, or its transpose
        out = (np.asarray(f(at + STEP)) - np.asarray(f(at - STEP))) / (2 * STEP)
        return give(out.T if layout == "denominator" else out)
    if value.size == 1:  # of a number: the shape of the variable, or its transpose
        out = gradient(lambda v: np.sum(f(v)), np.asarray(at))
        return give(out.T if layout == "numerator" else out)
    if 1 not in value.shape or 1 not in at.shape:
        raise ValueError("a derivative of a matrix by a matrix is no matrix")
    out = jacobian(f, np.asarray(at))
    if layout == "entrywise":
        return give(np.diag(out).reshape(at.shape))
    return give(out.T if layout == "denominator" else out)


class Symbols:
    """Random values for an identity: ``shapes`` is "A: p q, x: q 1, t" with "sym" as an option."""

    sizes = ({"p": 3, "q": 4, "r": 2, "s": 5}, {"p": 4, "q": 2, "r": 5, "s": 3})

    def __init__(self, shapes: str, draw: int, layout: str, *, strict: bool) -> None:
        rng = np.random.default_rng(draw)
        self.layout, self.strict = layout, strict
        for item in shapes.split(","):
            name, _, words = (part.strip() for part in item.partition(":"))
            if not words:
                setattr(self, name, float(rng.uniform(0.5, 1.5)))
                continue
            rows, columns, *kind = words.split()
            size = {**self.sizes[draw % 2], "1": 1, "2": 2}
            value = rng.normal(size=(size[rows], size[columns]))
            if rows == columns:
                value = value + 3 * np.eye(len(value))
            if kind == ["pro"]:  # a distribution
                value = np.abs(value) / np.sum(np.abs(value))
            setattr(self, name, self.give(value + value.T if kind == ["sym"] else value))

    def give(self, value: Array) -> Array:
        if np.ndim(value) == 0:
            return float(value)
        return np.array(value).view(Strict) if self.strict else np.array(value)

    def part(self, f: Callable[[Array], Array], at: Array) -> Array:
        """Return ∂f/∂at as the layout arranges it."""
        return arrange(f, at, self.layout, self.give)

    def f(self, name: str, z: Array) -> Array:
        """Return a named activation."""
        return self.give(ACTIVATIONS[name](np.asarray(z)))

    def df(self, name: str, z: Array) -> Array:
        """Return the derivative of a named activation."""
        return self.give(slope(ACTIVATIONS[name], np.asarray(z)))
