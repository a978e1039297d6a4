"""Losses that somebody else writes: a value, dA and perhaps a check of labels, and nothing more."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from backprop import (
    InputError,
    Layer,
    Loss,
    Network,
    backward,
    binary_cross_entropy,
    central_difference,
    check_gradients,
    cost,
    forward,
    gradients,
    losses,
    replay,
    train,
)
from backprop.activations import ACTIVATIONS, Sigmoid
from backprop.losses import BinaryCrossEntropy, SquaredError

jax.config.update("jax_enable_x64", True)


class Huber(Loss):
    """½ d² where |d| ≤ 1, else |d| - ½: real labels."""

    name, output = "huber", "identity"

    def __call__(self, A, Y):
        d = A - Y
        size = np.where(d.real < 0, -d, d)
        return np.sum(np.where(size.real <= 1, d * d / 2, size - 0.5), axis=0, keepdims=True)

    def dA(self, A, Y):
        return np.clip(A - Y, -1, 1)


class Margin(Loss):
    """ln(1 + e^(-a y)), labels in (-1, 1)."""

    name, output, outputs = "margin", "tanh", ("tanh", "softmax", "identity")

    def __call__(self, A, Y):
        return np.sum(np.log(1 + np.exp(-A * Y)), axis=0, keepdims=True)

    def dA(self, A, Y):
        return -Y / (1 + np.exp(A * Y))

    def check_labels(self, Y):
        super().check_labels(Y)
        if np.max(np.abs(Y)) >= 1:
            raise InputError("Y", "labels in (-1, 1)", f"values from {Y.min()} to {Y.max()}")


class Bare(Loss):
    """Not even a name: 𝓛 = Σ (a - y)⁴."""

    def __call__(self, A, Y):
        return np.sum((A - Y) ** 4, axis=0, keepdims=True)

    def dA(self, A, Y):
        return 4 * (A - Y) ** 3


class Cubic(SquaredError):
    """Inherits the short forms of another loss, which do not hold for it."""

    name = "cubic"

    def __call__(self, A, Y):
        return np.sum((A - Y) ** 3, axis=0, keepdims=True)

    def dA(self, A, Y):
        return 3 * (A - Y) ** 2


class Steep(Sigmoid):
    """Inherits the name of the sigmoid and is another function."""

    def __call__(self, z):
        return super().__call__(3 * z)

    def prime(self, z, a=None):
        a = self(z)
        return 3 * a * (1 - a)


NEW = {
    **{f"huber, {g}": (Huber(), g) for g in ACTIVATIONS},
    **{f"margin, {g}": (Margin(), g) for g in Margin.outputs},
    "bare, relu": (Bare(), "relu"),
    "bare, softmax": (Bare(), "softmax"),
    "cubic, identity": (Cubic(), "identity"),
    "cubic, tanh": (Cubic(), "tanh"),
    "cross-entropy, another sigmoid": (binary_cross_entropy, Steep()),
}
each_new_loss = pytest.mark.parametrize(("loss", "output"), NEW.values(), ids=NEW)
IN_JAX = {
    "huber": lambda a, y: jnp.where(jnp.abs(a - y) <= 1, (a - y) ** 2 / 2, jnp.abs(a - y) - 0.5),
    "margin": lambda a, y: jnp.log(1 + jnp.exp(-a * y)),
    "": lambda a, y: (a - y) ** 4,
    "cubic": lambda a, y: (a - y) ** 3,
    "binary_cross_entropy": lambda a, y: -(y * jnp.log(a) + (1 - y) * jnp.log(1 - a)),
}
G_IN_JAX = {
    "sigmoid": lambda z: jax.nn.sigmoid(3 * z),  # only `Steep` is compared under this name
    "tanh": jnp.tanh, "relu": jax.nn.relu, "leaky_relu": jax.nn.leaky_relu, "identity": lambda z: z,
    "softmax": lambda z: jax.nn.softmax(z, axis=0),
}


def network_of(loss, output, l2=0.0):
    rng = np.random.default_rng(5)
    layers = [
        Layer(rng.standard_normal((3, 4)), rng.standard_normal((3, 1)), "tanh"),
        Layer(rng.standard_normal((2, 3)), rng.standard_normal((2, 1)), output),
    ]
    labels = {"margin": (-0.9, 0.9), "binary_cross_entropy": (0.1, 0.9)}.get(getattr(loss, "name", ""), (-3, 3))
    return Network(layers, loss, l2), rng.standard_normal((4, 5)), rng.uniform(*labels, (2, 5))


@each_new_loss
def test_every_gradient_is_a_central_difference(loss, output):
    network, X, Y = network_of(loss, output, l2=0.7)
    grads = backward(network, forward(network, X), Y)
    start = replay(network, X, Y, {})
    for symbol, of in (("dA", "L"), ("dZ", "L"), ("dW", "J"), ("db", "J")):
        for l, found in getattr(grads, symbol).items():
            name = f"{symbol[1]}[{l}]"
            slope = central_difference(
                lambda moved, name=name, of=of: np.sum(replay(network, X, Y, {name: moved})[of]), start[name]
            )
            np.testing.assert_allclose(found, slope, rtol=1e-6, atol=1e-8, err_msg=name)
    check_gradients(network, X, Y, tolerance=1e-12).raise_if_wrong()
    for block in (None, 2):
        share = gradients(network, X, Y, block=block)
        np.testing.assert_allclose(share.dW[1], grads.dW[1], rtol=1e-12)
        assert float(share.J) == pytest.approx(float(cost(network, forward(network, X), Y)))


@pytest.mark.parametrize("name", [name for name in NEW if name != "huber, sigmoid"])
def test_every_gradient_is_that_of_jax(name):
    loss, output = NEW[name]
    network, X, Y = network_of(loss, output)
    value, g = IN_JAX[getattr(loss, "name", "")], G_IN_JAX[getattr(output, "name", output)]

    def J(parameters):
        (W1, b1), (W2, b2) = parameters
        return jnp.sum(value(g(W2 @ jnp.tanh(W1 @ X + b1) + b2), Y)) / X.shape[1]

    expected, slopes = jax.value_and_grad(J)([(layer.W, layer.b) for layer in network.layers])
    found = gradients(network, X, Y)
    assert float(found.J) == pytest.approx(float(expected), rel=1e-12)
    for l, (dW, db) in enumerate(slopes, start=1):
        np.testing.assert_allclose(found.dW[l], dW, rtol=1e-10, atol=1e-12)
        np.testing.assert_allclose(found.db[l], db, rtol=1e-10, atol=1e-12)


def test_a_loss_that_brings_short_forms_is_asked_for_them():
    class Recorded(Huber):
        asked: list[str] = []  # noqa: RUF012

        def from_Z(self, Z, Y):
            self.asked.append("from_Z")
            return self(Z, Y)

        def dZ(self, A, Y):
            self.asked.append("dZ")
            return self.dA(A, Y)

    for output, asked in (("identity", ["from_Z", "dZ"]), ("tanh", [])):
        network, X, Y = network_of(Recorded(), output)
        cache = forward(network, X)
        losses(network, cache, Y)
        backward(network, cache, Y)
        assert Recorded.asked == asked
        Recorded.asked.clear()


def test_only_the_class_that_wrote_dA_speaks_for_dZ():
    sigmoid = ACTIVATIONS["sigmoid"]
    assert binary_cross_entropy.brings("dZ", sigmoid)
    assert binary_cross_entropy.brings("from_Z", Sigmoid())
    assert not binary_cross_entropy.brings("dZ", Steep())
    assert not Cubic().brings("dZ", ACTIVATIONS["identity"])
    assert not Cubic().brings("from_Z", ACTIVATIONS["identity"])

    class Renamed(BinaryCrossEntropy):
        name = "renamed"

    assert Renamed().brings("dZ", sigmoid)


@pytest.mark.parametrize("name", ["huber", "squared_error", "binary_cross_entropy"])
def test_labels_are_judged_by_the_loss_and_not_by_its_name(name):
    huber, margin = Huber(), Margin()
    network, X, Y = network_of(huber, "identity")
    huber.name = margin.name = name
    assert Y.min() < -1
    trained = train(network, X, Y, alpha=0.05, epochs=20)
    assert trained.history[-1] < trained.history[0]
    with pytest.raises(InputError, match="finite values"):
        gradients(network, X, np.where(Y > 0, np.nan, Y))
    network = Network(network.layers, margin)
    gradients(network, X, Y / 4)
    with pytest.raises(InputError, match=r"labels in \(-1, 1\)"):
        backward(network, forward(network, X), Y)


def test_a_loss_without_a_name_is_shown_by_its_class():
    assert repr(Bare()) == "Bare"
    assert "Bare" in repr(network_of(Bare(), "relu")[0])


def test_outputs_restrict_what_may_stand_before_a_loss():
    with pytest.raises(InputError) as caught:
        network_of(Margin(), "relu")
    assert str(caught.value) == (
        "g[2]: expected tanh or softmax or identity before margin\n  got relu\n"
        "  margin is written for these; squared_error goes with every activation."
    )
    network_of("squared_error", Steep())


class Scalar(Huber):
    def __call__(self, A, Y):
        return np.mean(super().__call__(A, Y))


class PerUnit(Huber):
    def __call__(self, A, Y):
        return (A - Y) ** 2


class OneSlope(Huber):
    def dA(self, A, Y):
        return np.sum(super().dA(A, Y), axis=0, keepdims=True)


class OneShortSlope(Huber):
    def dZ(self, A, Y):
        return np.sum(self.dA(A, Y), axis=0, keepdims=True)


@pytest.mark.parametrize(
    ("loss", "message"),
    [
        (Scalar(), r"𝓛: expected shape \(1, 5\)\n  got shape \(\)\n  This is what huber computes"),
        (PerUnit(), r"𝓛: expected shape \(1, 5\)\n  got shape \(2, 5\)"),
        (OneSlope(), r"dA\[2\]: expected shape \(2, 5\)\n  got shape \(1, 5\)"),
        (OneShortSlope(), r"dZ\[2\]: expected shape \(2, 5\)\n  got shape \(1, 5\)"),
    ],
    ids=lambda case: type(case).__name__,
)
def test_a_wrong_shape_is_not_broadcast(loss, message):
    network, X, Y = network_of(loss, "identity")
    with pytest.raises(InputError, match=message):
        gradients(network, X, Y)
