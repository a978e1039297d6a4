"""A network, its forward pass, its losses and its cost.

One example is a column.  X is (n_0, m), W[l] is (n_l, n_(l-1)), b[l] is (n_l, 1), and Z[l],
A[l] are (n_l, m); L is the number of layers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from backprop import validation
from backprop.activations import Activation, activation
from backprop.by_layer import ByLayer
from backprop.losses import Loss, loss_function

Array = Any


@dataclass(frozen=True, eq=False)
class Layer:
    """One layer: a = g(W a_previous + b).

    W is (n_l, n_(l-1)): row k holds the weights of unit k.  b is (n_l, 1).  g is an
    `Activation` or its name.  Whole numbers, bools and float16 become float64 (in b: the type
    of W), since they overflow; float32 stays float32.  Raises `InputError` where the shapes do
    not fit.

    >>> Layer(W=[[1.0, 2.0, 3.0]], b=[[0.0]], g="tanh").units
    1
    """

    W: Array
    b: Array
    g: Activation

    def __init__(self, W: Array, b: Array, g: Activation | str) -> None:
        W = W if hasattr(W, "shape") else np.array(W, dtype=float)
        b = b if hasattr(b, "shape") else np.array(b, dtype=float)
        validation.check_layer(W, b)
        W = validation.floats(W)
        object.__setattr__(self, "W", W)
        object.__setattr__(self, "b", validation.floats(b, W.dtype))
        object.__setattr__(self, "g", activation(g))

    @property
    def units(self) -> int:
        """n_l, the number of units of this layer."""
        return int(self.W.shape[0])

    def linear(self, A: Array) -> Array:
        """Return Z = W A + b, (n_l, m); b is added to every column."""
        return self.W @ A + self.b

    def __repr__(self) -> str:
        return f"Layer(W {self.W.shape}, b {self.b.shape}, {self.g})"


class Network:
    """Layers in order, with the loss at the end.

    ``W``, ``b`` and ``g`` are read by layer number: ``network.W[2]``.  ``sizes`` is
    (n_0, n_1, …, n_L).  ``short_forms`` names what the loss brings for this output activation,
    of ``"dZ"`` and ``"from_Z"``.  ``l2`` is λ in the penalty λ/(2m) Σ‖W‖² of the cost; b is not
    penalised.  A network is never changed: a step of gradient descent makes a new one.

    Raises `InputError` if neighbouring layers do not fit, or the loss does not go with the
    output activation.

    >>> network = Network([Layer([[1.0, 2.0]], [[0.0]], "sigmoid")])
    >>> network.sizes, network.loss
    ((2, 1), binary_cross_entropy)
    """

    def __init__(
        self,
        layers: Sequence[Layer],
        loss: Loss | str = "binary_cross_entropy",
        l2: float = 0.0,
    ) -> None:
        self.layers = tuple(layers)
        self.loss = loss_function(loss)
        validation.check_network(self.layers, self.loss)
        self.l2 = validation.number("l2", "a number λ ≥ 0", l2, zero=True)
        numbered = list(enumerate(self.layers, start=1))
        self.W: ByLayer[Array] = ByLayer("W", {l: layer.W for l, layer in numbered})
        self.b: ByLayer[Array] = ByLayer("b", {l: layer.b for l, layer in numbered})
        self.g: ByLayer[Activation] = ByLayer("g", {l: layer.g for l, layer in numbered})
        g_L = self.layers[-1].g
        self.short_forms = {form for form in ("dZ", "from_Z") if self.loss.brings(form, g_L)}
        self.sizes = (int(self.layers[0].W.shape[1]), *(layer.units for layer in self.layers))

    @property
    def L(self) -> int:
        """The number of layers; the input is not counted."""
        return len(self.layers)

    def with_parameters(self, W: ByLayer[Array], b: ByLayer[Array]) -> Network:
        """Return the same network with other weights and biases."""
        layers = [Layer(W[l], b[l], self.g[l]) for l in self.W]
        return Network(layers, self.loss, self.l2)

    def without_penalty(self) -> Network:
        """Return the same network with l2 = 0."""
        return Network(self.layers, self.loss) if self.l2 else self

    def __repr__(self) -> str:
        return f"Network({'-'.join(map(str, self.sizes))}, {list(self.g.values())}, {self.loss})"


@dataclass(frozen=True, eq=False)
class Cache:
    """What the forward pass computed: Z[1] … Z[L] and A[0] = X, A[1] … A[L].

    ``layers`` are the layers that it went through.  `backward`, `losses` and `cost` refuse the
    cache of other layers, those before a step for example; one made by hand may name none.
    """

    Z: ByLayer[Array]
    A: ByLayer[Array]
    layers: tuple[Layer, ...] = ()

    @property
    def m(self) -> int:
        """The number of examples."""
        return int(self.A[0].shape[1])


def forward(network: Network, X: Array, *, check: bool = True) -> Cache:
    """Compute Z[l] = W[l] A[l-1] + b[l] and A[l] = g[l](Z[l]), layer by layer.

    X is (n_0, m), one column per example.  Returns a `Cache` of every Z (n_l, m) and
    A (n_l, m).  Raises `InputError` for an X that is not (n_0, m), or, if X is a NumPy
    array, holds NaN or infinity; ``check=False`` is for an X that has been checked.  X is
    neither changed nor copied, and A[0] is X itself, of whole numbers too: their product with W
    is a float.  An X that you change before `backward` makes its dW[1] that of the new X.

    >>> network = Network([Layer([[1.0, 2.0]], [[-3.0]], "identity")], "squared_error")
    >>> forward(network, np.array([[1.0], [2.0]])).Z[1].tolist()
    [[2.0]]
    """
    if check:
        validation.check_X(network.sizes[0], X)
    Z, A = {}, {0: X}
    for l, layer in enumerate(network.layers, start=1):
        Z[l] = layer.linear(A[l - 1])
        A[l] = layer.g(Z[l])
    return Cache(ByLayer("Z", Z), ByLayer("A", A), network.layers)


def losses(
    network: Network, cache: Cache, Y: Array, *, from_A: bool = False, check: bool = True
) -> Array:
    """Return 𝓛 of every example, a row (1, m).

    Where the loss brings a form for the output activation it is computed from Z[L], which stays
    finite where A[L] has been rounded to 0 or 1; ``from_A=True`` asks for the textbook form in A[L].
    Raises `InputError` for a Y that does not fit or a cache of another network; ``check=False``
    is for what has been checked.
    """
    if check:
        validation.check_cache(network, cache)
        validation.check_Y(network, cache.m, Y)
    loss, Z = network.loss, cache.Z[network.L]
    Y = validation.floats(Y, Z.dtype)
    short = "from_Z" in network.short_forms and not from_A
    row = loss.from_Z(Z, Y) if short else loss(cache.A[network.L], Y)
    return validation.of_shape("𝓛", row, (1, Z.shape[1]), loss)


def penalty(network: Network, m: int) -> Array:
    """Return the L2 penalty λ/(2m) Σ_l ‖W[l]‖², a number; 0 without a penalty."""
    if not network.l2:
        return 0.0
    return network.l2 / (2 * m) * sum(np.sum(W * W) for W in network.W.values())


def cost(network: Network, cache: Cache, Y: Array, *, from_A: bool = False) -> Array:
    """Return J = (1/m) Σ_i 𝓛⁽ⁱ⁾ + λ/(2m) Σ‖W‖², a number (an array without axes).

    Y is (n_L, m).  Raises `InputError` for labels of another shape or outside the range
    of the loss, or a cache of another network.
    """
    total = np.sum(losses(network, cache, Y, from_A=from_A))
    return total / cache.m + penalty(network, cache.m)
