"""Every gradient of 320 random networks against JAX, which nobody here wrote.

The forward pass and the loss are written once more, in jax.numpy, and `jax.grad` does the rest.
Adding zeros E to each Z and F to each A gives the partial derivatives by Z and by A.

JAX compiles anew for each combination of shapes, seconds each.  So that all networks share one
compiled program, they are padded to 5 layers, 8 units and 9 examples: a padded layer hands on
what it gets, zero weights carry nothing from a padded unit, and the loss leaves padded units
and examples out.  A test compares that with an unpadded JAX program.
"""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backprop import backward, book, cost, forward

jax.config.update("jax_enable_x64", True)

DEPTH, WIDTH, EXAMPLES = 5, 8, 9
NAMES = ("sigmoid", "tanh", "relu", "leaky_relu", "identity", "softmax")
ACTIVATIONS = (
    lambda z, real: jax.nn.sigmoid(z),
    lambda z, real: jnp.tanh(z),
    lambda z, real: jax.nn.relu(z),
    lambda z, real: jax.nn.leaky_relu(z),
    lambda z, real: z,
    lambda z, real: jax.nn.softmax(z, axis=0, where=real),
)
LOSS_NAMES = ("binary_cross_entropy", "categorical_cross_entropy", "squared_error")
LOSSES = (
    lambda a, y: -(y * jnp.log(a) + (1 - y) * jnp.log(1 - a)),
    lambda a, y: -y * jnp.log(a),
    lambda a, y: (a - y) ** 2 / 2,
)
PAIRS = [
    ("binary_cross_entropy", "sigmoid"),
    ("categorical_cross_entropy", "softmax"),
    *(("squared_error", name) for name in NAMES),
]


def summed_loss(parameters, zeros, real, kinds, Y):
    """Return Σ_i 𝓛⁽ⁱ⁾.  `kinds` numbers activations and loss, so that none asks for compilation."""

    def layer(A, here):
        (W, b), E, F, units, g = here
        return jax.lax.switch(g, ACTIVATIONS, W @ A + b + E, units) + F, None

    layers = (parameters, zeros["E"], zeros["F"], real["units"], kinds["g"])
    A, _ = jax.lax.scan(layer, zeros["X"], layers)
    counted = real["units"][-1] & real["examples"]
    A, Y = jnp.where(counted, A, 0.5), jnp.where(counted, Y, 0.5)
    return jnp.sum(jnp.where(counted, jax.lax.switch(kinds["loss"], LOSSES, A, Y), 0))


def mean_cost(parameters, zeros, real, kinds, Y):
    W, _ = parameters
    penalty = kinds["l2"] / (2 * kinds["m"]) * jnp.sum(real["layers"] * W * W)
    return summed_loss(parameters, zeros, real, kinds, Y) / kinds["m"] + penalty


@jax.jit
def slopes(*arguments):
    by_zeros = jax.grad(summed_loss, argnums=1)(*arguments)
    return by_zeros, jax.value_and_grad(mean_cost)(*arguments)


def padded(array, shape):
    return np.pad(array, [(0, full - part) for full, part in zip(shape, array.shape, strict=True)])


def jax_gradients(network, X, Y):
    """Return J and a dictionary of every dA, dZ, dW, db that JAX finds."""
    sizes, m, L = network.sizes, X.shape[1], network.L
    more = DEPTH - L
    W = [padded(W, (WIDTH, WIDTH)) for W in network.W.values()] + [np.eye(WIDTH)] * more
    b = [padded(b, (WIDTH, 1)) for b in network.b.values()] + [np.zeros((WIDTH, 1))] * more
    zeros = {
        "X": padded(X, (WIDTH, EXAMPLES)),
        "E": np.zeros((DEPTH, WIDTH, EXAMPLES)),
        "F": np.zeros((DEPTH, WIDTH, EXAMPLES)),
    }
    units = [np.arange(WIDTH).reshape(-1, 1) < n for n in sizes[1:] + (sizes[-1],) * more]
    real = {
        "layers": (np.arange(DEPTH) < L).reshape(-1, 1, 1),
        "units": np.stack(units),
        "examples": np.arange(EXAMPLES).reshape(1, -1) < m,
    }
    g = [g.name for g in network.g.values()] + ["identity"] * more
    kinds = {
        "g": np.array([NAMES.index(name) for name in g]),
        "loss": LOSS_NAMES.index(network.loss.name),
        "m": float(m),
        "l2": network.l2,
    }
    by_zeros, (J, (dW, db)) = slopes(
        (np.stack(W), np.stack(b)), zeros, real, kinds, padded(Y, (WIDTH, EXAMPLES))
    )
    found = {("dA", 0): by_zeros["X"][: sizes[0], :m]}
    for l in range(1, L + 1):
        found["dA", l] = by_zeros["F"][l - 1][: sizes[l], :m]
        found["dZ", l] = by_zeros["E"][l - 1][: sizes[l], :m]
        found["dW", l] = dW[l - 1][: sizes[l], : sizes[l - 1]]
        found["db", l] = db[l - 1][: sizes[l]]
    return float(J), {name: np.asarray(array) for name, array in found.items()}


def assert_close(given, expected, name):
    """Compare within 1e-10 of the largest entry."""
    assert given.shape == expected.shape, name
    gap, largest = np.max(np.abs(given - expected)), np.max(np.abs(expected))
    assert gap <= 1e-10 * largest, f"{name}: {gap:.1e} apart, largest entry {largest:.1e}"


@st.composite
def shapes(draw, output):
    depth = draw(st.integers(1, DEPTH))
    return {
        "sizes": draw(st.lists(st.integers(1, WIDTH), min_size=depth + 1, max_size=depth + 1)),
        "activations": [
            *draw(st.lists(st.sampled_from(NAMES), min_size=depth - 1, max_size=depth - 1)), output
        ],
        "m": draw(st.integers(1, EXAMPLES)),
        "l2": draw(st.sampled_from([0.0, 0.7])),
        "seed": draw(st.integers(0, 2**32 - 1)),
    }


@pytest.mark.parametrize(("loss", "output"), PAIRS)
def test_every_gradient_equals_that_of_jax(make, loss, output):
    count = 0

    @settings(max_examples=40)
    @given(shapes(output))
    def check(shape):
        nonlocal count
        count += 1
        network, X, Y = make(loss=loss, **shape)
        cache = forward(network, X)
        grads = backward(network, cache, Y)
        J, expected = jax_gradients(network, X, Y)
        assert float(cost(network, cache, Y)) == pytest.approx(J, rel=1e-10)
        given = {
            (symbol, l): array
            for symbol in ("dA", "dZ", "dW", "db") for l, array in getattr(grads, symbol).items()
        }
        assert given.keys() == expected.keys()
        for name, array in given.items():
            assert_close(array, expected[name], name)

    check()
    assert count >= 40  # 8 pairs of loss and output: at least 320 networks


def test_padding_changes_nothing():
    network, (X, Y) = book.network(), book.data()

    def J(parameters):
        (W1, b1), (W2, b2) = parameters
        A2 = jax.nn.sigmoid(W2 @ jnp.tanh(W1 @ X + b1) + b2)
        return -jnp.sum(Y * jnp.log(A2) + (1 - Y) * jnp.log(1 - A2)) / X.shape[1]

    plain = jax.grad(J)([(layer.W, layer.b) for layer in network.layers])
    _, found = jax_gradients(network, X, Y)
    for l, (dW, db) in enumerate(plain, start=1):
        assert_close(found["dW", l], np.asarray(dW), f"dW[{l}]")
        assert_close(found["db", l], np.asarray(db), f"db[{l}]")
