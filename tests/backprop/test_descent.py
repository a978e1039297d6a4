"""Initialisation, gradient descent, and the data sets."""

import sys

import numpy as np
import pytest

from backprop import (
    Layer,
    Network,
    backward,
    cost,
    flower,
    forward,
    initialise,
    moons,
    one_hot,
    step,
    train,
    xor,
)

METHODS = {"xavier": 1 / 50, "he": 2 / 50, "zeros": 0.0}


@pytest.mark.parametrize("method", METHODS)
def test_variance_of_the_weights(method):
    network = initialise((50, 400, 3), method=method, seed=3)
    assert network.W[1].shape == (400, 50)
    assert np.var(network.W[1]) == pytest.approx(METHODS[method], rel=0.05)
    assert np.mean(network.W[1]) == pytest.approx(0.0, abs=0.01)
    assert not network.b[1].any()


def test_the_default_method_goes_with_the_activation():
    for hidden, method in (("relu", "he"), ("leaky_relu", "he"), ("tanh", "xavier")):
        by_default = initialise((4, 3, 2), hidden=hidden)
        named = initialise((4, 3, 2), hidden=hidden, method=method)
        assert np.array_equal(by_default.W[1], named.W[1])


def test_initialisation_follows_from_its_arguments():
    network = initialise(
        (4, 3, 2), "relu", "softmax", "categorical_cross_entropy", l2=0.3, dtype=np.float32
    )
    assert [str(g) for g in network.g.values()] == ["relu", "softmax"]
    assert network.sizes == (4, 3, 2)
    assert network.l2 == 0.3
    assert network.W[1].dtype == network.b[1].dtype == np.float32
    assert not np.array_equal(initialise((4, 3, 2), seed=1).W[1], initialise((4, 3, 2)).W[1])


def test_one_step_is_W_minus_alpha_dW(net, X, Y):
    grads = backward(net, forward(net, X), Y)
    W, b = net.W[1].copy(), net.b[2].copy()
    after = step(net, grads, 0.1)
    np.testing.assert_allclose(after.W[1], W - 0.1 * grads.dW[1])
    np.testing.assert_allclose(after.b[2], b - 0.1 * grads.db[2])
    assert np.array_equal(net.W[1], W)


def test_equal_rows_of_W_stay_equal(X, Y):
    row, bias = [0.3, -0.2, 0.5, 0.1], [0.2]
    network = Network([
        Layer([row, row, row], [bias, bias, bias], "tanh"),
        Layer([[0.4, 0.4, 0.4], [-0.3, -0.3, -0.3]], [[0.0], [0.1]], "sigmoid"),
    ])
    trained = train(network, X, Y, alpha=0.5, epochs=30).network
    for k in (1, 2):
        np.testing.assert_allclose(trained.W[1][k], trained.W[1][0], rtol=1e-13)
        np.testing.assert_allclose(trained.W[2][:, k], trained.W[2][:, 0], rtol=1e-13)
    assert np.max(np.abs(trained.W[1][0] - row)) > 0.1  # it did learn, as three copies of one unit


def test_zeros_stay_zero_with_relu(X, Y):
    network = initialise((4, 3, 2), "relu", method="zeros")
    trained = train(network, X, Y, alpha=0.5, epochs=10).network
    assert not trained.W[1].any()
    assert not trained.W[2].any()
    assert not trained.b[1].any()
    assert trained.b[2].any()  # the output's own bias alone learns the share of the labels


def test_training_lowers_J_and_tells_its_history(net, X, Y):
    W = net.W[1].copy()
    trained = train(net, X, Y, alpha=0.5, epochs=50)
    assert len(trained.history) == 50
    assert trained.history[0] == pytest.approx(float(cost(net, forward(net, X), Y)))
    assert list(trained.history) == sorted(trained.history, reverse=True)
    assert trained.history[-1] < 0.5 * trained.history[0]
    assert trained.stopped == "epochs"
    assert np.array_equal(net.W[1], W)


def test_batches_are_shuffled_by_the_seed_and_cover_all_examples(net, X, Y):
    first, again = (train(net, X, Y, alpha=0.1, epochs=3, batch_size=2) for _ in range(2))
    other = train(net, X, Y, alpha=0.1, epochs=3, batch_size=2, seed=1)
    assert first.history == again.history
    assert first.history != other.history
    # With a step so small that nothing moves, the mean over the batches is J of the whole.
    still = train(net, X, Y, alpha=1e-300, epochs=1, batch_size=2)
    assert still.history[0] == pytest.approx(float(cost(net, forward(net, X), Y)), rel=1e-13)


def test_one_batch_of_all_examples_is_the_whole(net, X, Y):
    whole = train(net, X, Y, alpha=0.1, epochs=3)
    in_one = train(net, X, Y, alpha=0.1, epochs=3, batch_size=5)
    np.testing.assert_allclose(whole.network.W[1], in_one.network.W[1], rtol=1e-12)


def test_training_stops_early(net, X, Y):
    trained = train(net, X, Y, alpha=1e-12, epochs=100, patience=3)
    assert trained.stopped == "early"
    assert len(trained.history) == 4  # the first epoch is the lowest; three do not improve on it


def test_progress_shows_a_bar(net, X, Y, capsys):
    train(net, X, Y, alpha=0.1, epochs=2, progress=True)
    assert "2/2" in capsys.readouterr().err


def test_progress_without_tqdm_says_what_to_install(net, X, Y, monkeypatch):
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    with pytest.raises(ValueError, match="pip install tqdm, or progress=False") as caught:
        train(net, X, Y, alpha=0.1, epochs=2, progress=True)
    assert str(caught.value).splitlines()[:2] == [
        "progress: expected the package tqdm", "  got none installed"
    ]


@pytest.mark.parametrize("data", [flower, moons])
def test_data_sets(data):
    X, Y = data(40)
    assert X.shape == (2, 40)
    assert Y.shape == (1, 40)
    assert set(Y.ravel().tolist()) == {0.0, 1.0}
    assert Y.mean() == 0.5
    assert np.array_equal(X, data(40)[0])
    assert not np.array_equal(X, data(40, seed=1)[0])


@pytest.mark.parametrize(
    ("data", "sizes"), [(flower, (2, 8, 1)), (moons, (2, 6, 1)), (xor, (2, 4, 1))]
)
def test_a_small_network_learns_them_and_a_single_unit_does_not(data, sizes):
    X, Y = data()

    def accuracy(sizes):
        trained = train(initialise(sizes, seed=2), X, Y, alpha=1.0, epochs=800).network
        return np.mean((forward(trained, X).A[trained.L] > 0.5) == Y)

    hidden, single = accuracy(sizes), accuracy((2, 1))
    assert hidden > 0.88
    assert hidden > single + 0.04


def test_one_hot():
    assert one_hot([1, 0, 2], 3).tolist() == [[0, 1, 0], [1, 0, 0], [0, 0, 1]]
    assert one_hot(np.array([[1, 0]]), 2).tolist() == [[0, 1], [1, 0]]
