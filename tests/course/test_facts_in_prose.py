"""Facts that chapters state in words are run in plain NumPy, each with what would refute it."""

import operator
import re

import numpy as np
import pytest

from backprop import (
    Layer,
    Network,
    backward,
    book,
    categorical_cross_entropy,
    check_gradients,
    forward,
    identity,
    initialise,
    jacobian,
    leaky_relu,
    relu,
    replay,
    sigmoid,
    tanh,
    train,
)
from checkedmath import Session
from course.figures import fits

net = book.network()
X, Y = book.data()
ONE = Network([net.layers[0], Layer(net.W[2][:1], net.b[2][:1], "sigmoid")])


def draws(count):
    return [np.random.default_rng(seed) for seed in range(count)]


# One output unit hides mistakes.


@pytest.mark.parametrize("m", [1, 5])
def test_with_one_output_the_product_entry_by_entry_is_right_and_the_wrong_order_is_no_product(m):
    grads = backward(ONE, forward(ONE, X[:, :m]), Y[:1, :m])
    W, dZ = ONE.W[2], grads.dZ[2]
    np.testing.assert_allclose(W.T * dZ, grads.dA[1], rtol=1e-14)
    with pytest.raises(ValueError, match="not aligned"):
        np.dot(dZ, W.T)
    with pytest.raises(ValueError, match="mismatch"):
        dZ @ W.T


def test_a_plain_number_may_stand_before_a_column():
    grads = backward(ONE, forward(ONE, X[:, [0]]), Y[:1, [0]])
    np.testing.assert_allclose(np.dot(grads.dZ[2].item(), ONE.W[2].T), grads.dA[1], rtol=1e-14)


def test_the_sum_over_everything_is_right_for_one_output_and_wrong_for_two():
    for network, labels in ((ONE, Y[:1]), (net, Y)):
        grads = backward(network, forward(network, X), labels)
        assert np.allclose(grads.dZ[2].sum() / 5, grads.db[2]) == (network is ONE)


def with_product_entry_by_entry(network, labels):
    """Return gradients in which dA[1] and all that follows from it use * for the matrix product."""
    cache = forward(network, X)
    grads = backward(network, cache, labels)
    grads.dA[1][:] = network.W[2].T * grads.dZ[2]
    grads.dZ[1][:] = grads.dA[1] * network.g[1].prime(cache.Z[1])
    grads.dW[1][:] = grads.dZ[1] @ X.T / 5
    grads.db[1][:] = grads.dZ[1].sum(axis=1, keepdims=True) / 5
    return grads


def test_a_gradient_check_passes_the_product_entry_by_entry_with_one_output():
    assert check_gradients(ONE, X, Y[:1], with_product_entry_by_entry(ONE, Y[:1])).passed


def test_with_two_outputs_the_product_entry_by_entry_fails_or_is_wrong():
    with pytest.raises(ValueError, match="broadcast"):
        with_product_entry_by_entry(net, Y)
    two = initialise((4, 2, 2))
    grads = backward(two, forward(two, X[:, :2]), Y[:, :2])
    unlucky = two.W[2].T * grads.dZ[2]
    assert unlucky.shape == grads.dA[1].shape
    assert not np.allclose(unlucky, grads.dA[1])


def test_the_checker_reads_a_star_as_mathematics_and_multiply_as_numpy():
    answers = {
        text: [condition.code for condition in Session().check(text, "two-layer-batch").where]
        for text in ("dA1 = W2.T * dZ2", "dA1 = np.multiply(W2.T, dZ2)")
    }
    assert list(answers.values()) == [["product-matrix"], ["one-output", "broadcast"]]


# ReLU at 0.


@pytest.mark.parametrize("sizes", [(2, 2, 2, 1), (4, 3, 3, 2)])
def test_an_exact_zero_is_not_rare_and_only_the_bias_notices_the_choice(sizes):
    met = 0
    for rng in draws(60):
        start = initialise(sizes, hidden="relu", seed=int(rng.integers(10**6)))
        x = rng.standard_normal((sizes[0], 5))
        cache = forward(start, x)
        np.testing.assert_array_equal(cache.A[2] > 0, cache.Z[2] > 0)
        assert (cache.A[2] >= 0).all()
        grads = backward(start, cache, (rng.random((sizes[-1], 5)) > 0.5) * 1.0)
        at_zero = cache.Z[2] == 0
        met += at_zero.any()
        other = grads.dA[2] * (cache.Z[2] >= 0)  # 1 for the slope at 0
        np.testing.assert_array_equal(other @ cache.A[1].T, grads.dZ[2] @ cache.A[1].T)
        below = (start.W[2].T @ other) * (cache.Z[1] > 0)
        np.testing.assert_allclose(below, grads.dZ[1], atol=1e-15)
        # The bias adds up dZ as it is: one more da from each such example.
        np.testing.assert_array_equal(other - grads.dZ[2], np.where(at_zero, grads.dA[2], 0))
    assert met > 60 / 5


def test_an_example_of_zeros_meets_the_corner():
    start = initialise((4, 3, 2), hidden="relu")
    assert (forward(start, np.zeros((4, 1))).Z[1] == 0).all()


def test_relu_never_moves_from_weights_of_zero_whatever_is_agreed():
    class OneAtZero(type(relu)):
        def prime(self, z, a=None):
            return (z.real >= 0).astype(z.real.dtype)

    for activation in (relu, OneAtZero()):
        zero = initialise((4, 3, 2), hidden=activation, method="zeros")
        after = train(zero, X, Y, alpha=0.5, epochs=20).network
        assert not any(np.any(array) for array in (after.W[1], after.b[1], after.W[2]))
        assert np.any(after.b[2])


# Saturation.


def back_through(layers, x):
    """Return the slopes by the output and by the input of `layers`."""
    deep = Network(layers, "squared_error")
    grads = backward(deep, forward(deep, x), np.zeros((layers[-1].W.shape[0], 1)))
    return grads.dA[len(layers)], grads.dA[0]


def test_five_sigmoid_layers_of_eight_units_let_slopes_grow(pages):
    n = 8
    layers = [Layer(np.ones((n, n)), np.full((n, 1), -n / 2), "sigmoid") for _ in range(5)]
    last, first = back_through(layers, np.full((n, 1), 0.5))
    factor = first / last
    np.testing.assert_allclose(factor, 32, rtol=1e-12)
    (said,) = re.findall(r"\*grow\* by the factor (\d+)", pages["parts/activations.md"])
    assert float(said) == pytest.approx(factor[0, 0])


def test_sigmoid_layers_of_one_unit_lose_what_the_exercise_says():
    for rng in draws(50):
        for count in (4, 5):
            layers = [Layer(rng.uniform(-1, 1, (1, 1)), rng.normal(size=(1, 1)), "sigmoid") for _ in range(count)]
            last, first = back_through(layers, rng.normal(size=(1, 1)))
            assert abs(first / last) <= 0.25**count


def test_the_usual_start_does_not_make_up_for_a_quarter_a_layer():
    ratios = []
    for rng in draws(30):
        start = initialise((8,) * 5, hidden="sigmoid", seed=int(rng.integers(10**6)))
        cache = forward(start, rng.standard_normal((8, 5)))
        grads = backward(start, cache, (rng.random((8, 5)) > 0.5) * 1.0)
        ratios.append(np.linalg.norm(grads.dA[0]) / np.linalg.norm(grads.dA[4]))
    assert np.median(ratios) < 0.25**4


# Softmax: no g', and a loss that overflows unless the largest z is taken out.


def test_the_long_form_needs_an_activation_that_acts_on_each_unit_by_itself():
    z, y = np.array([[1.0], [-0.5], [0.2]]), np.array([[0.0], [1.0], [0.0]])
    a = np.exp(z) / np.exp(z).sum()
    da, table = -y / a, np.diag(a[:, 0]) - a @ a.T
    np.testing.assert_allclose(table.T @ da, a - y, atol=1e-15)
    assert not np.allclose(da * a * (1 - a), a - y)


def test_the_softmax_loss_on_paper_overflows_and_the_one_beside_it_does_not():
    z = np.array([[800.0], [0.0], [-3.0]])
    for y in np.eye(3)[:, :, None]:
        with np.errstate(over="ignore"):
            assert np.log(np.exp(z).sum()) - (y * z).sum() == np.inf
        safe = z.max() + np.log(np.exp(z - z.max()).sum()) - (y * z).sum()
        assert safe == pytest.approx(800 - (y * z).sum())
        assert safe == categorical_cross_entropy.from_Z(z, y).item()


# Where descent comes to rest.


def test_a_bias_at_rest_says_what_the_mean_output_is_and_not_how_often_it_says_yes():
    labels = np.zeros((1, 10))
    labels[0, 0] = 1
    steady = Network([Layer(np.zeros((1, 2)), [[np.log(0.1 / 0.9)]], "sigmoid")])
    cache = forward(steady, np.ones((2, 10)))
    assert backward(steady, cache, labels).db[1].item() == pytest.approx(0, abs=1e-15)
    assert cache.A[1].mean() == pytest.approx(labels.mean())
    assert (cache.A[1] > 0.5).mean() != labels.mean()


def test_from_zeros_the_output_biases_find_the_mean_labels():
    after = train(initialise((4, 3, 2), method="zeros"), X, Y, alpha=1.0, epochs=500).network
    np.testing.assert_allclose(forward(after, X).A[2], np.tile(Y.mean(axis=1, keepdims=True), 5), atol=1e-9)
    assert not np.any(after.W[1])
    assert not np.any(after.W[2])


def test_units_that_start_equal_train_and_stay_equal_in_all_three_places():
    first, second = net.layers
    start = [Layer(first.W[[0, 0, 0]], first.b[[0, 0, 0]], "tanh"), Layer(second.W[:, [0, 0, 0]], second.b, "sigmoid")]
    grads = backward(Network(start), forward(Network(start), X), Y)
    for slopes in (grads.dW[1], grads.db[1], grads.dW[2].T):
        np.testing.assert_allclose(slopes, slopes[[0, 0, 0]], rtol=1e-13)
        assert np.any(slopes)
    trained = train(Network(start), X, Y, alpha=1.0, epochs=50)
    assert trained.history[-1] < 0.8 * trained.history[0]
    after = trained.network
    for parameters in (after.W[1], after.b[1], after.W[2].T):
        np.testing.assert_allclose(parameters, parameters[[0, 0, 0]], rtol=1e-10)
    # Equal rows of W[1] alone are not enough: other columns of W[2] part the units.
    parted = Network([start[0], second])
    assert not np.allclose(*train(parted, X, Y, alpha=1.0, epochs=50).network.W[1][:2])


# The imaginary part; slopes at a; the inverse; a matrix by a matrix; candidates.


def test_what_loses_an_imaginary_part_and_what_does_not():
    pushed = 1 + 1e-30j
    assert np.imag(np.abs(pushed)) == 0
    assert np.imag(np.linalg.norm(np.array([pushed, 2]))) == 0
    assert np.maximum(pushed, 0).imag == 1e-30
    with pytest.raises(TypeError):
        operator.gt(pushed, 0)


def test_which_activations_have_the_same_slope_at_z_and_at_a():
    z = np.array([[-1.5, -0.2, 0.3, 2.0]])
    same = {g.name for g in (relu, leaky_relu, identity, sigmoid, tanh) if np.allclose(g.prime(z), g.prime(g(z)))}
    assert same == {"relu", "leaky_relu", "identity"}
    assert {g.name for g in (relu, leaky_relu, identity, sigmoid, tanh) if np.allclose(z, g(z))} == {"identity"}


def test_no_entry_of_the_hidden_layer_can_be_recovered_from_the_outputs():
    unnoticed = np.cross(*net.W[2])
    np.testing.assert_allclose(net.W[2] @ unnoticed, 0, atol=1e-15)
    assert np.all(np.abs(unnoticed) > 0.01)


def test_repeated_rows_are_the_examples_tables_in_a_stack():
    slopes = jacobian(net, X, Y, of="Z[2]", by="A[1]")
    stack = np.vstack([slopes[:, i, :, i] for i in range(5)])
    np.testing.assert_allclose(stack, np.tile(net.W[2], (5, 1)), atol=1e-12)
    assert np.count_nonzero(slopes) == stack.size


def test_the_loss_under_a_partial_is_the_sum_of_all_losses():
    step = 1e-30
    pushed = replay(net, X, Y, {})["Z[2]"].astype(complex)
    pushed[1, 3] += 1j * step
    moved = replay(net, X, Y, {"Z[2]": pushed})["L"]
    slope = backward(net, forward(net, X), Y).dZ[2][1, 3]
    assert np.sum(moved).imag / step == pytest.approx(slope)


@pytest.mark.parametrize(("sizes", "fit"), [((3, 2, 5), 1), ((4, 4, 7), 2), ((3, 3, 3), 8)])
def test_of_eight_candidates_so_many_fit_and_one_is_right(sizes, fit):
    n_1, n_2, m = sizes
    rng = np.random.default_rng(1)
    W, dZ = rng.normal(size=(n_2, n_1)), rng.normal(size=(n_2, m))
    pairs = [(a, b) for w in (W, W.T) for d in (dZ, dZ.T) for a, b in ((w, d), (d, w))]
    fitting = [(a, b) for a, b in pairs if fits.verdict(a.shape, b.shape, (n_1, m)) == "fits"]
    truth = np.einsum("kj,ki->ji", W, dZ)
    assert len(fitting) == fit
    assert sum(np.allclose(a @ b, truth) for a, b in fitting) == 1
