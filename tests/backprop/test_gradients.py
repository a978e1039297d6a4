"""What must hold for the gradients of any network, whatever their values."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backprop import (
    ACTIVATIONS,
    LOSSES,
    Cache,
    InputError,
    Layer,
    Network,
    backward,
    check_gradients,
    cost,
    forward,
    gradients,
    step,
    train,
)

HIDDEN = tuple(ACTIVATIONS)
NETWORKS = {
    "two layers": ((4, 3, 2), ("tanh", "sigmoid"), "binary_cross_entropy"),
    "one layer": ((3, 2), ("softmax",), "categorical_cross_entropy"),
    "softmax inside": ((3, 4, 2), ("softmax", "tanh"), "squared_error"),
    "five layers": (
        (5, 4, 3, 6, 2, 3), ("relu", "sigmoid", "leaky_relu", "identity", "softmax"),
        "categorical_cross_entropy",
    ),
}
each_network = pytest.mark.parametrize("kind", NETWORKS.values(), ids=NETWORKS)
with_and_without_penalty = pytest.mark.parametrize("l2", [0.0, 0.7], ids=["plain", "l2"])


@st.composite
def small_networks(draw):
    loss = draw(st.sampled_from(sorted(LOSSES)))
    depth = draw(st.integers(1, 3))
    hidden = draw(st.lists(st.sampled_from(HIDDEN), min_size=depth - 1, max_size=depth - 1))
    return {
        "sizes": draw(st.lists(st.integers(1, 4), min_size=depth + 1, max_size=depth + 1)),
        "activations": [*hidden, draw(st.sampled_from(LOSSES[loss].outputs or HIDDEN))],
        "loss": loss,
        "m": draw(st.integers(1, 4)),
        "l2": draw(st.sampled_from([0.0, 0.7])),
        "seed": draw(st.integers(0, 2**32 - 1)),
        "labels": "soft",  # a central difference of J by A must not step over 0 or 1
    }


def test_backward_agrees_with_the_complex_step_of_the_forward_pass(make):
    @settings(max_examples=30)
    @given(small_networks())
    def check(shape):
        network, X, Y = make(**shape)
        check_gradients(network, X, Y, tolerance=1e-12).raise_if_wrong()

    check()


def test_a_deep_network(make):
    network, X, Y = make((2,) * 21, ("tanh",) * 19 + ("sigmoid",), "binary_cross_entropy", 2)
    assert network.L == 20
    check_gradients(network, X, Y, tolerance=1e-10).raise_if_wrong()


@each_network
def test_a_column_of_a_batch_is_that_example_alone(make, kind):
    network, X, Y = make(*kind, m=6)
    grads = backward(network, forward(network, X), Y)
    for i in range(6):
        x, y = X[:, [i]], Y[:, [i]]
        alone = backward(network, forward(network, x), y)
        for l in range(network.L + 1):
            np.testing.assert_allclose(grads.dA[l][:, [i]], alone.dA[l], rtol=1e-12, atol=1e-15)
        for l in range(1, network.L + 1):
            np.testing.assert_allclose(grads.dZ[l][:, [i]], alone.dZ[l], rtol=1e-12, atol=1e-15)


@each_network
def test_dW_and_db_are_the_means_over_the_examples(make, kind):
    network, X, Y = make(*kind, m=6)
    grads = backward(network, forward(network, X), Y)
    alone = [
        backward(network, forward(network, X[:, [i]]), Y[:, [i]]) for i in range(X.shape[1])
    ]
    for l in network.W:
        dW, db = (np.mean([getattr(one, s)[l] for one in alone], axis=0) for s in ("dW", "db"))
        np.testing.assert_allclose(grads.dW[l], dW, rtol=1e-12, atol=1e-15)
        np.testing.assert_allclose(grads.db[l], db, rtol=1e-12, atol=1e-15)


@each_network
@with_and_without_penalty
def test_blocks_of_any_width_give_what_backward_gives(make, kind, l2):
    network, X, Y = make(*kind, m=7, l2=l2)
    cache = forward(network, X)
    grads = backward(network, cache, Y)
    for block in (None, *range(1, 9)):
        found = gradients(network, X, Y, block=block)
        np.testing.assert_allclose(found.J, cost(network, cache, Y), rtol=1e-13)
        for l in network.W:
            np.testing.assert_allclose(found.dW[l], grads.dW[l], rtol=1e-12, atol=1e-15)
            np.testing.assert_allclose(found.db[l], grads.db[l], rtol=1e-12, atol=1e-15)


def test_a_batch_wider_than_a_block_is_cut(make, monkeypatch):
    widths = []

    def recorded(network, X, *arguments, **options):
        widths.append(X.shape[1])
        return forward(network, X, *arguments, **options)

    monkeypatch.setitem(gradients.__globals__, "forward", recorded)
    monkeypatch.setitem(gradients.__globals__, "examples_per_block", lambda network, X: 3)
    network, X, Y = make((4, 3, 2), ("tanh", "sigmoid"), "binary_cross_entropy", 7)
    gradients(network, X, Y)
    assert widths == [3, 3, 1]


@each_network
@with_and_without_penalty
def test_J_of_a_batch_is_the_mean_over_its_parts(make, kind, l2):
    network, X, Y = make(*kind, m=7, l2=l2)

    def J(columns):
        return float(cost(network, forward(network, X[:, columns]), Y[:, columns]))

    def penalty(m):
        return l2 / (2 * m) * sum(float(np.sum(W**2)) for W in network.W.values())

    parts = (slice(0, 2), slice(2, 3), slice(3, 7))
    widths = (2, 1, 4)
    # The penalty is no mean over examples: it is taken out of each part and added once.
    mean = sum(k / 7 * (J(part) - penalty(k)) for k, part in zip(widths, parts, strict=True))
    assert J(slice(None)) == pytest.approx(mean + penalty(7), rel=1e-13)
    if l2:
        assert penalty(7) > 0.01


def test_the_penalty_leaves_b_alone(make):
    kind = (4, 3, 2), ("tanh", "sigmoid"), "binary_cross_entropy"
    plain, X, Y = make(*kind, m=5)
    network, _, _ = make(*kind, m=5, l2=3.0)
    without = backward(plain, forward(plain, X), Y)
    with_penalty = backward(network, forward(network, X), Y)
    for l in network.W:
        assert np.array_equal(with_penalty.db[l], without.db[l])
        assert np.array_equal(with_penalty.dZ[l], without.dZ[l])
        np.testing.assert_allclose(with_penalty.dW[l] - without.dW[l], 3 / 5 * network.W[l])


def test_shapes_are_those_of_the_namesakes(net, X, Y):
    cache = forward(net, X)
    grads = backward(net, cache, Y)
    assert {l: A.shape for l, A in cache.A.items()} == {0: (4, 5), 1: (3, 5), 2: (2, 5)}
    assert {l: dA.shape for l, dA in grads.dA.items()} == {0: (4, 5), 1: (3, 5), 2: (2, 5)}
    assert {l: dZ.shape for l, dZ in grads.dZ.items()} == {1: (3, 5), 2: (2, 5)}
    assert {l: dW.shape for l, dW in grads.dW.items()} == {1: (3, 4), 2: (2, 3)}
    assert {l: db.shape for l, db in grads.db.items()} == {1: (3, 1), 2: (2, 1)}
    assert np.shape(cost(net, cache, Y)) == ()
    assert cache.m == 5


def test_one_logistic_unit_by_hand():
    network = Network([Layer([[2.0, -1.0]], [[0.5]], "sigmoid")])
    x, y = np.array([[1.0], [3.0]]), np.array([[1.0]])
    grads = backward(network, forward(network, x), y)
    a = 1 / (1 + np.exp(0.5))  # z = 2 - 3 + 0.5 = -0.5
    np.testing.assert_allclose(grads.dZ[1], [[a - 1]])
    np.testing.assert_allclose(grads.dW[1], [[(a - 1) * 1, (a - 1) * 3]])
    np.testing.assert_allclose(grads.db[1], [[a - 1]])
    np.testing.assert_allclose(grads.dA[1], [[-1 / a]])
    np.testing.assert_allclose(grads.dA[0], [[(a - 1) * 2], [(a - 1) * -1]])


def test_inputs_are_never_modified(make):
    from backprop import jacobian

    network, X, Y = make((4, 3, 2), ("relu", "sigmoid"), "binary_cross_entropy", 6, l2=0.5)
    arrays = [X, Y, *network.W.values(), *network.b.values()]
    before = [array.copy() for array in arrays]
    for array in arrays:
        array.flags.writeable = False
    cache = forward(network, X)
    for Z in cache.Z.values():
        Z.flags.writeable = False
    cost(network, cache, Y)
    backward(network, cache, Y)
    gradients(network, X, Y, block=2)
    train(network, X, Y, alpha=0.1, epochs=2, batch_size=2)
    check_gradients(network, X, Y)
    jacobian(network, X[:, [0]], Y[:, [0]], of="Z[2]", by="A[1]")
    for array, kept in zip(arrays, before, strict=True):
        assert np.array_equal(array, kept)


def test_a_cache_belongs_to_layers_and_not_to_equal_ones(net, X, Y):
    same_arrays = [Layer(layer.W, layer.b, layer.g) for layer in net.layers]
    copies = [Layer(layer.W.copy(), layer.b.copy(), layer.g) for layer in net.layers]
    cache = forward(net, X)
    expected = backward(net, cache, Y)
    for network in (net, Network(net.layers, l2=0.5), Network(list(net.layers)), Network(same_arrays)):
        assert np.array_equal(backward(network, cache, Y).dZ[1], expected.dZ[1])
        cost(network, cache, Y)
    with pytest.raises(InputError, match="layer 1 is not the same object"):
        backward(Network(copies), cache, Y)
    assert np.array_equal(backward(Network(copies), Cache(cache.Z, cache.A), Y).dZ[1], expected.dZ[1])


def test_a_loop_written_by_hand_trains(net, X, Y):
    trained = train(net, X, Y, alpha=0.5, epochs=5)
    for J in trained.history:
        cache = forward(net, X)
        assert float(cost(net, cache, Y)) == pytest.approx(J, rel=1e-14)
        net = step(net, backward(net, cache, Y), 0.5)
    np.testing.assert_allclose(net.W[1], trained.network.W[1], rtol=1e-13)


def test_an_X_that_is_changed_in_place_is_the_X_of_dW1(net, X, Y):
    # Documented in `forward`: X is not copied, and the cache's A[0] is X itself.
    cache = forward(net, X)
    before = backward(net, cache, Y)
    X *= 2
    np.testing.assert_allclose(backward(net, cache, Y).dW[1], 2 * before.dW[1])
