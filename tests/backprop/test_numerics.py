"""Extremes, types, and the values of activations and losses."""

import warnings

import numpy as np
import pytest

from backprop import (
    Layer,
    Network,
    backward,
    cost,
    forward,
    gradients,
    leaky_relu,
    losses,
    relu,
    sigmoid,
    softmax,
    tanh,
    train,
)
from backprop.activations import ACTIVATIONS
from backprop.losses import LOSSES

FLOATS = [np.float32, np.float64]
# e^89 overflows in float32, e^745.5 in float64; σ(17) rounds to 1 in float32.
EXTREMES = [-1e4, -745.5, -89.0, -17.0, -1e-3, 0.0, 1e-300, 1e-3, 17.0, 40.0, 89.0, 745.5, 1e4]
LABELS = {
    "binary_cross_entropy": [0.0, 1.0, 0.5, 1e-3, 1 - 1e-3],
    "categorical_cross_entropy": [0.0, 1.0],
    "squared_error": [0.0, 1.0, -3.5],
}
PAIRS = [(loss, output) for loss in LOSSES for output in LOSSES[loss].outputs or ACTIVATIONS]


@pytest.fixture(autouse=True)
def nothing_is_silent():
    # pytest turns warnings into errors; overflow and invalid are raised here even where
    # someone has told NumPy to be quiet.  Underflow to 0 is what e^(-1e4) should do.
    with np.errstate(over="raise", invalid="raise", divide="raise"), warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def extreme_batch(loss, dtype):
    """Two output units at every pair of extremes, with every label: the columns of X are Z."""
    z = np.array([(u, v) for u in EXTREMES for v in EXTREMES]).T
    if loss == "categorical_cross_entropy":
        Y = [np.array([[p], [1 - p]]) for p in (0.0, 1.0, 0.5, 1e-3)]
    else:
        Y = [np.array([[p], [q]]) for p in LABELS[loss] for q in LABELS[loss]]
    X = np.hstack([z] * len(Y))
    return X.astype(dtype), np.hstack([np.repeat(y, z.shape[1], axis=1) for y in Y]).astype(dtype)


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("g", ACTIVATIONS.values(), ids=str)
def test_activations_at_extremes(g, dtype):
    z = np.array([EXTREMES, EXTREMES[::-1]], dtype=dtype)
    a = g(z)
    assert a.dtype == dtype
    assert np.isfinite(a).all()
    dZ = g.dZ(np.ones_like(z), z, a)
    assert dZ.dtype == dtype
    assert np.isfinite(dZ).all()
    if g is not softmax:
        assert np.isfinite(g.prime(z)).all()
        assert np.array_equal(g.prime(z), g.prime(z, a))


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize(("loss", "output"), PAIRS)
def test_an_output_layer_at_extremes(loss, output, dtype):
    X, Y = extreme_batch(loss, dtype)
    W, b = np.eye(2, dtype=dtype), np.zeros((2, 1), dtype=dtype)
    network = Network([Layer(W, b, output)], loss, l2=0.1)
    cache = forward(network, X)
    assert np.array_equal(cache.Z[1], X)
    grads = backward(network, cache, Y)
    for found in (losses(network, cache, Y), grads.dZ[1], grads.dW[1], grads.db[1], grads.dA[0]):
        assert np.isfinite(found).all()
        assert found.dtype == dtype
    assert np.isfinite(cost(network, cache, Y))
    assert not np.isnan(grads.dA[1]).any()
    assert grads.dA[1].dtype == dtype
    assert not np.isnan(losses(network, cache, Y, from_A=True)).any()
    found = gradients(network, X, Y, block=100)
    assert np.isfinite(found.J)
    assert np.isfinite(found.dW[1]).all()


def test_dA_of_a_saturated_output_is_infinite():
    network = Network([Layer([[1.0]], [[0.0]], "sigmoid")])
    X = np.array([[1e4, -1e4, 1e4, -1e4]])
    grads = backward(network, forward(network, X), np.array([[0.0, 1.0, 1.0, 0.0]]))
    assert grads.dA[1].tolist() == [[np.inf, -np.inf, -1.0, 1.0]]
    assert grads.dZ[1].tolist() == [[1.0, -1.0, 0.0, 0.0]]


@pytest.mark.parametrize("hidden", ACTIVATIONS)
@pytest.mark.parametrize("dtype", FLOATS)
def test_saturated_hidden_layers(hidden, dtype):
    rng = np.random.default_rng(1)
    X = rng.uniform(-1, 1, (4, 30)).astype(dtype)
    Y = rng.integers(0, 2, (2, 30)).astype(dtype)
    scale = 1.0 if hidden in {"relu", "leaky_relu", "identity"} else 1e4
    W1 = (1e4 / 4 * rng.uniform(-1, 1, (3, 4))).astype(dtype)
    W2 = (scale / 3 * rng.uniform(-1, 1, (2, 3))).astype(dtype)
    b1, b2 = np.zeros((3, 1), dtype), np.zeros((2, 1), dtype)
    network = Network([Layer(W1, b1, hidden), Layer(W2, b2, "sigmoid")], l2=0.1)
    cache = forward(network, X)
    grads = backward(network, cache, Y)
    assert max(np.max(np.abs(Z)) for Z in cache.Z.values()) > 1e3
    assert np.isfinite(cost(network, cache, Y))
    for l in (1, 2):
        for array in (grads.dZ[l], grads.dW[l], grads.db[l], grads.dA[l - 1]):
            assert np.isfinite(array).all()
            assert array.dtype == dtype
    assert not np.isnan(grads.dA[2]).any()


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("l2", [0.0, 0.5, np.float64(0.5)], ids=["plain", "l2", "NumPy's l2"])
@pytest.mark.parametrize(("loss", "output"), PAIRS)
def test_types_are_kept(make, loss, output, l2, dtype):
    network, X, Y = make((4, 3, 2), ("leaky_relu", output), loss, 6, l2=l2, dtype=dtype)
    cache = forward(network, X)
    grads = backward(network, cache, Y)
    assert cost(network, cache, Y).dtype == dtype
    for quantity in (cache.Z, cache.A, grads.dA, grads.dZ, grads.dW, grads.db):
        assert {array.dtype for array in quantity.values()} == {np.dtype(dtype)}
    for block in (None, 4):
        found = gradients(network, X, Y, block=block)
        assert found.J.dtype == dtype
        for quantity in (found.dW, found.db):
            assert {array.dtype for array in quantity.values()} == {np.dtype(dtype)}
    trained = train(network, X, Y, alpha=np.float64(0.01), epochs=2, batch_size=4).network
    for quantity in (trained.W, trained.b):
        assert {array.dtype for array in quantity.values()} == {np.dtype(dtype)}


@pytest.mark.parametrize(("loss", "output"), PAIRS)
def test_the_loss_from_Z_is_the_loss_from_A(make, loss, output):
    network, X, Y = make((4, 3, 2), ("tanh", output), loss, 6)
    cache = forward(network, X)
    np.testing.assert_allclose(
        losses(network, cache, Y), losses(network, cache, Y, from_A=True), rtol=1e-12
    )
    assert losses(network, cache, Y).shape == (1, 6)


def test_known_losses():
    A = np.array([[0.8], [0.3]])
    bce, cce, squared = (LOSSES[name] for name in LABELS)
    np.testing.assert_allclose(bce(A, np.array([[1.0], [0.0]])), [[-np.log(0.8) - np.log(0.7)]])
    mixed = -np.log(0.8) / 4 - 3 * np.log(0.3) / 4
    np.testing.assert_allclose(cce(A, np.array([[0.25], [0.75]])), [[mixed]])
    np.testing.assert_allclose(squared(A, np.array([[1.0], [0.0]])), [[0.02 + 0.045]])


def test_known_values_of_activations():
    z = np.array([[-2.0], [0.0], [3.0]])
    np.testing.assert_allclose(sigmoid(z), 1 / (1 + np.exp(-z)), rtol=1e-15)
    np.testing.assert_allclose(tanh(z), np.sinh(z) / np.cosh(z), rtol=1e-15)
    assert relu(z).tolist() == [[0.0], [0.0], [3.0]]
    assert leaky_relu(z).tolist() == [[-0.02], [0.0], [3.0]]
    assert leaky_relu.prime(z).tolist() == [[0.01], [0.01], [1.0]]
    np.testing.assert_allclose(softmax(z), np.exp(z) / np.exp(z).sum(), rtol=1e-15)
    np.testing.assert_allclose(softmax(z + 1e4), softmax(z), rtol=1e-11)


def test_sigmoid_keeps_its_digits_far_out():
    assert sigmoid(np.array([[-700.0]])).item() == pytest.approx(np.exp(-700.0), rel=1e-14)
    network = Network([Layer([[1.0]], [[0.0]], "sigmoid")])
    cache = forward(network, np.array([[800.0]]))
    assert float(cost(network, cache, np.array([[0.0]]))) == 800.0
