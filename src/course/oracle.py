"""Derivatives of a network's losses for which no backpropagation formula was used.

Move an entry, run forward, see how the loss moves: by the complex step, compared with central
differences.  The forward pass is `backprop`'s own, ``Layer.linear``, g and the loss, so a wrong
sign there shows here too.  To be fast, all entries of a quantity are moved in one pass, each in a
copy of its own; example i's loss depends on column i alone, which is tested once for each network.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any, cast

import numpy as np

from backprop import Layer, Network, cost, derivative, forward, losses
from backprop.errors import InputError
from backprop.network import penalty

Array = Any
#: A quantity of the forward pass: ("Z", 1); Y and the row of losses L have layer 0, X is ("A", 0).
Key = tuple[str, int]
#: Step of the differences taken where the complex step is in use already.
H = 1e-4


class _Stack(Layer):
    """A layer whose W and b may be stacks, one for each moved entry; so nothing is checked."""

    def __init__(self, W: Array, b: Array, g: Any) -> None:
        for name, value in (("W", W), ("b", b), ("g", g)):
            object.__setattr__(self, name, value)


class ForwardPass:
    """The forward pass with some quantities replaced, computed as far as it is asked for.

    X is (n_0, m), Y is (n_L, m); ``given`` holds the replaced quantities.  Without any, values are
    those of `backprop.forward`, `losses` and `cost`.  ``start`` is that plain pass.
    """

    def __init__(
        self,
        network: Network,
        X: Array,
        Y: Array,
        given: Mapping[Key, Array] | None = None,
        start: ForwardPass | None = None,
    ) -> None:
        self.network, self.m = network, int(X.shape[1])
        self._given = dict(given or {})
        self._start = start
        self._first = min(map(_position, self._given), default=0)
        self._complex = any(np.iscomplexobj(value) for value in self._given.values())
        self._values: dict[Key, Array] = {("A", 0): X, ("Y", 0): Y} | self._given
        self._gradients: dict[Key, Array] = {}
        if start is None:
            self._run(X, Y)

    def replaced(self, given: Mapping[Key, Array]) -> ForwardPass:
        """Return the pass with these quantities replaced too."""
        start = self if self._start is None else self._start
        X, Y = start.value("A", 0), start.value("Y", 0)
        return ForwardPass(self.network, X, Y, self._given | dict(given), start)

    def value(self, kind: str, l: int) -> Array:
        """Return W, b, Z or A of layer l, Y, or the row of losses ("L", 0)."""
        known = self._values.get((kind, l))
        if known is not None:
            return known
        if kind in {"W", "b"}:
            return getattr(self.network.layers[l - 1], kind)
        if self._start is not None and _position((kind, l)) < self._first:
            return self._start.value(kind, l)
        if kind == "Z":
            found = self._layer(l).linear(self.value("A", l - 1))
        elif kind == "A":
            found = self.network.layers[l - 1].g(self.value("Z", l))
        else:
            L = self.network.L
            found = self._loss(self.value("Z", L), self.value("A", L), self.value("Y", 0))
        self._values[kind, l] = found
        return found

    def cost(self) -> Array:
        """Return J = (1/m) Σ 𝓛 + penalty."""
        return np.sum(self.value("L", 0)) / self.m + self.penalty()

    def penalty(self, l: int = 0, W: Array = None) -> Array:
        """Return the L2 penalty, with W in place of W[l] if it is given."""
        if not self.network.l2:
            return 0.0
        weights = {k: self.value("W", k) for k in range(1, self.network.L + 1)}
        if W is not None:
            weights[l] = W
        return penalty(cast(Network, SimpleNamespace(l2=self.network.l2, W=weights)), self.m)

    def gradient(self, kind: str, l: int) -> Array:
        """Return ∂𝓛/∂A[l] or ∂𝓛/∂Z[l] by column, or the sum over examples of ∂𝓛/∂W[l], ∂𝓛/∂b[l].

        Raises `InputError` naming the function at fault where complex step and differences
        disagree by more than 1e-6.
        """
        if (kind, l) not in self._gradients:
            by_entry = self._by_example if kind in {"A", "Z"} else self._by_parameter
            self._gradients[kind, l] = self._derivative(by_entry(kind, l), kind, l)
        return self._gradients[kind, l]

    def penalty_gradient(self, l: int) -> Array:
        """Return the derivative of the penalty by W[l]."""
        W = self.value("W", l)
        if not self.network.l2:
            return np.zeros(W.shape)
        units = np.eye(W.size).reshape(-1, *W.shape)

        def moved(t: Array) -> Array:
            return np.array([self.penalty(l, W + t * unit) for unit in units]).reshape(W.shape)

        return self._derivative(moved, "W", l)

    # -- one pass for all entries ------------------------------------------------------------

    def _by_example(self, kind: str, l: int) -> Callable[[Array], Array]:
        """Return the losses (n, m) as a function of the step t: row k when row k is moved by t."""
        value = self.value(kind, l)
        n, m = value.shape
        copies, units = np.tile(value, (1, n)), np.kron(np.eye(n), np.ones((1, m)))
        return lambda t: self._losses_from(kind, l, copies + t * units, n).reshape(n, m)

    def _by_parameter(self, kind: str, l: int) -> Callable[[Array], Array]:
        """Return the losses summed over examples, one sum for each moved entry of W[l] or b[l]."""
        value, A, layer = self.value(kind, l), self.value("A", l - 1), self._layer(l)
        k = value.size
        units = np.eye(k).reshape(k, *value.shape)

        def moved(t: Array) -> Array:
            stack = value + t * units
            W, b = (stack, layer.b) if kind == "W" else (layer.W, stack)
            # (k, n_l, m) becomes (n_l, k m): k copies of the batch side by side.
            Z = np.moveaxis(_Stack(W, b, layer.g).linear(A), 0, 1).reshape(layer.units, -1)
            row = self._losses_from("Z", l, self._tiled("Z", l, k, Z), k)
            return row.reshape(k, self.m).sum(axis=1).reshape(value.shape)

        return moved

    def _losses_from(self, kind: str, l: int, value: Array, copies: int) -> Array:
        """Return the losses of `copies` batches side by side, from Z[l] or A[l] on."""
        layers, L = self.network.layers, self.network.L
        Z, A = value, value
        if kind == "Z":
            A = self._tiled("A", l, copies, layers[l - 1].g(Z))
        for k in range(l + 1, L + 1):
            Z = self._tiled("Z", k, copies, self._layer(k).linear(A))
            A = self._tiled("A", k, copies, layers[k - 1].g(Z))
        Y = np.tile(self.value("Y", 0), (1, copies))
        return self._loss(Z, A, Y, from_A=(kind, l) == ("A", L))

    def _tiled(self, kind: str, l: int, copies: int, computed: Array) -> Array:
        given = self._given.get((kind, l))
        return computed if given is None else np.tile(given, (1, copies))

    def _loss(self, Z: Array, A: Array, Y: Array, *, from_A: bool = False) -> Array:
        network, L = self.network, self.network.L
        if "from_Z" in network.short_forms and not from_A and ("A", L) not in self._given:
            return network.loss.from_Z(Z, Y)
        return network.loss(A, Y)

    def _layer(self, l: int) -> Layer:
        if ("W", l) in self._given or ("b", l) in self._given:
            return _Stack(self.value("W", l), self.value("b", l), self.network.layers[l - 1].g)
        return self.network.layers[l - 1]

    # -- the promises ------------------------------------------------------------------------

    def _derivative(self, by_entry: Callable[[Array], Array], kind: str, l: int) -> Array:
        if self._complex:
            return _differences(by_entry)
        by = {("A", 0): "X"}.get((kind, l), f"{kind}[{l}]")
        try:
            return derivative(by_entry, np.array(0.0), of="𝓛", by=by)
        except InputError as error:
            raise InputError(f"∂𝓛/∂{by}", error.expected, f"{error.got}", self._culprit()) from None

    def _culprit(self) -> str:
        """Say which function's own complex step and central difference disagree."""
        found = []
        for l in range(1, self.network.L + 1):
            g = self.network.layers[l - 1].g
            try:
                slope(g, self.value("Z", l))
            except InputError:
                found.append(f"g[{l}], {g.name}")
        at_fault = "; ".join(found) or f"the loss, {self.network.loss.name}"
        return f"Not analytic, or at a kink: {at_fault}."

    def _run(self, X: Array, Y: Array) -> None:
        """Take all values from `backprop`, and hold the pass above to them and to its promise."""
        network = self.network
        cache = forward(network, X)
        self._values |= {("Z", l): Z for l, Z in cache.Z.items()}
        self._values |= {("A", l): A for l, A in cache.A.items()}
        row = losses(network, cache, Y)
        self._values["L", 0] = row
        twice = np.tile(X, (1, 2))
        twice[:, self.m] += 0.125  # example 1 of the second copy
        again = self._losses_from("A", 0, twice, 2)
        same = np.delete(again, self.m, axis=1), np.concatenate([row, row[:, 1:]], axis=1)
        if not np.allclose(*same, rtol=1e-12, atol=1e-12):
            expected = "the loss of an example to depend on its own column alone"
            raise InputError("𝓛", expected, "another")
        if not np.isclose(self.cost(), cost(network, cache, Y), rtol=1e-12):
            raise InputError("J", "the cost of backprop", "another")


def slope(g: Callable[[Array], Array], z: Array) -> Array:
    """Return g'(z), of the shape of z; where g mixes the entries of a column, ∂a_k/∂z_k.

    By the complex step and central differences.  Raises `InputError` where they disagree.
    """
    z = np.asarray(z)
    take = _differences if np.iscomplexobj(z) else derivative_at_zero
    if getattr(g, "entrywise", True):
        return take(lambda t: g(z + t))
    rows = np.eye(z.shape[0])[:, :, None]
    found = []
    for k, row in enumerate(rows):

        def entry(t: Array, k: int = k, row: Array = row) -> Array:
            return g(z + t * row)[k]

        found.append(take(entry))
    return np.stack(found)


def derivative_at_zero(f: Callable[[Array], Array]) -> Array:
    """Return the derivative of f(t) at t = 0, by complex step and central differences."""
    return derivative(f, np.array(0.0))


def _differences(f: Callable[[Array], Array]) -> Array:
    """Return f'(0) by differences with an error of order h⁴.

    Used where f is complex already: the caller takes a complex step through this derivative.
    """
    return (8 * (f(H) - f(-H)) - (f(2 * H) - f(-2 * H))) / (12 * H)


def _position(key: Key) -> float:
    """Where in the forward pass a quantity stands: W[l] and b[l], then Z[l], then A[l]."""
    kind, l = key
    if kind in {"Y", "L"}:
        return np.inf
    return 2 * l + {"W": -1, "b": -1, "Z": 0, "A": 1}[kind]
