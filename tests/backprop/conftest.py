"""Random networks and batches for the tests of `backprop`."""

import numpy as np
import pytest

from backprop import Layer, Network, book


@pytest.fixture(scope="session")
def make():
    """Return a function that builds a network and a batch whose numbers follow from a seed.

    `activations` holds one name or Activation for each layer.  The entries of Z stay moderate,
    so that 1 - a keeps its digits; tests/backprop/test_numerics.py goes to the extremes.
    """

    def make(sizes, activations, loss, m, *, l2=0.0, seed=0, dtype=float, labels="mixed"):
        rng = np.random.default_rng(seed)
        layers = []
        for l, g in enumerate(activations, start=1):
            W = rng.standard_normal((sizes[l], sizes[l - 1])) / np.sqrt(sizes[l - 1])
            b = rng.standard_normal((sizes[l], 1)) / 2
            layers.append(Layer(W.astype(dtype), b.astype(dtype), g))
        X = rng.standard_normal((sizes[0], m)).astype(dtype)
        Y = make_labels(rng, loss, sizes[-1], m, labels).astype(dtype)
        return Network(layers, loss, l2), X, Y

    return make


def make_labels(rng, loss, n_L, m, labels):
    if loss == "squared_error":
        return rng.standard_normal((n_L, m))
    if loss == "binary_cross_entropy":
        soft, hard = rng.random((n_L, m)), rng.integers(0, 2, (n_L, m))
        choice = rng.integers(0, 2, (n_L, m))
    else:
        soft = rng.random((n_L, m)) + 0.1
        soft = soft / soft.sum(axis=0)
        hard = np.eye(n_L)[:, rng.integers(0, n_L, m)]
        choice = rng.integers(0, 2, (1, m))
    return {"soft": soft, "hard": hard, "mixed": np.where(choice, soft, hard)}[labels]


@pytest.fixture
def net():
    return book.network()


@pytest.fixture
def X():
    return book.data()[0]


@pytest.fixture
def Y():
    return book.data()[1]
