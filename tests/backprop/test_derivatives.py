"""Numerical derivatives and Jacobians in numerator layout."""

import numpy as np
import pytest

from backprop import (
    ACTIVATIONS,
    InputError,
    central_difference,
    complex_step,
    derivative,
    jacobian,
    leaky_relu,
    relu,
    replay,
    sigmoid,
    softmax,
    squared_error,
    tanh,
)

ONE_EXAMPLE = {  # of, by: shape for the 4-3-2 network
    ("Z[2]", "A[1]"): (2, 3),
    ("A[2]", "Z[2]"): (2, 2),
    ("A[2]", "X"): (2, 4),
    ("Z[1]", "b[1]"): (3, 3),
    ("L", "Z[1]"): (1, 3),
    ("J", "A[2]"): (1, 2),
    ("J", "W[1]"): (4, 3),
    ("L", "W[2]"): (3, 2),
    ("J", "b[1]"): (1, 3),
    ("J", "Y"): (1, 2),
    ("Z[1]", "W[1]"): (3, 1, 3, 4),
}
BATCH = {
    ("J", "Z[1]"): (5, 3),
    ("J", "X"): (5, 4),
    ("J", "W[2]"): (3, 2),
    ("J", "b[2]"): (1, 2),
    ("L", "A[1]"): (1, 5, 3, 5),
    ("Z[2]", "A[1]"): (2, 5, 3, 5),
    ("A[1]", "b[1]"): (3, 5, 3, 1),
}


@pytest.fixture
def x(X):
    return X[:, [0]]


@pytest.fixture
def y(Y):
    return Y[:, [0]]


@pytest.mark.parametrize(("of", "by"), ONE_EXAMPLE)
def test_shapes_for_one_example(net, x, y, of, by):
    assert jacobian(net, x, y, of=of, by=by).shape == ONE_EXAMPLE[of, by]


@pytest.mark.parametrize(("of", "by"), BATCH)
def test_shapes_for_a_batch(net, X, Y, of, by):
    assert jacobian(net, X, Y, of=of, by=by).shape == BATCH[of, by]


def test_a_number_by_a_number_and_a_column_by_a_number(make):
    network, x, y = make((1, 3, 1), ("tanh", "sigmoid"), "binary_cross_entropy", 1)
    assert jacobian(network, x, y, of="A[2]", by="Z[2]").shape == (1, 1)
    assert jacobian(network, x, y, of="Z[1]", by="X").shape == (3, 1)
    assert jacobian(network, x, y, of="L", by="X").shape == (1, 1)


def test_known_jacobians(net, x, y):
    start = replay(net, x, y, {})
    found = jacobian(net, x, y, of="Z[2]", by="A[1]")
    np.testing.assert_allclose(found, net.W[2], atol=1e-14)
    found = jacobian(net, x, y, of="A[1]", by="Z[1]")
    np.testing.assert_allclose(found, np.diag(tanh.prime(start["Z[1]"])[:, 0]), atol=1e-14)
    np.testing.assert_allclose(found, tanh.jacobian(start["Z[1]"]), atol=1e-14)
    np.testing.assert_allclose(jacobian(net, x, y, of="Z[1]", by="b[1]"), np.eye(3), atol=1e-14)


def test_a_row_of_derivatives_is_the_column_transposed(net, x, y):
    from backprop import backward, forward

    grads = backward(net, forward(net, x), y)
    np.testing.assert_allclose(jacobian(net, x, y, of="L", by="Z[1]"), grads.dZ[1].T, atol=1e-14)
    np.testing.assert_allclose(jacobian(net, x, y, of="J", by="W[1]"), grads.dW[1].T, atol=1e-14)


def test_entries_of_a_derivative_that_is_no_matrix(net, X, Y):
    full = jacobian(net, X, Y, of="Z[1]", by="W[1]")  # ∂z_k⁽ⁱ⁾ / ∂w_jn = δ_kj x_n⁽ⁱ⁾
    assert full.shape == (3, 5, 3, 4)
    np.testing.assert_allclose(full[1, 2, 1, 3], X[3, 2], atol=1e-14)
    assert np.all(full[1, :, 0] == 0)


@pytest.mark.parametrize("g", ACTIVATIONS.values(), ids=str)
def test_the_jacobian_of_an_activation(g):
    z = np.array([[0.7], [-1.2], [0.1]])
    by_step = derivative(g, z).reshape(3, 3)
    np.testing.assert_allclose(g.jacobian(z), by_step, atol=1e-14)
    dA = np.array([[0.3], [2.0], [-1.0]])
    np.testing.assert_allclose(g.dZ(dA, z, g(z)), by_step.T @ dA, atol=1e-14)


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("g", [sigmoid, tanh, softmax], ids=str)
def test_the_complex_step_is_right_at_zero_from_both_sides(g, sign):
    z = np.zeros((2, 1), dtype=complex)
    z[0] += sign * 1e-30j
    slope = (g(z).imag / (sign * 1e-30))[0, 0]
    assert slope == pytest.approx(0.25 if g is not tanh else 1.0, rel=1e-12)


def test_both_ways_on_a_function_of_a_matrix():
    x = np.array([[1.0, 2.0], [3.0, 4.0]])
    expected = np.array([[2.0, 4.0], [6.0, 8.0]])
    assert complex_step(lambda x: np.sum(x * x), x) == pytest.approx(expected, rel=1e-14)
    assert central_difference(lambda x: np.sum(x * x), x) == pytest.approx(expected, rel=1e-8)
    assert derivative(lambda x: x @ x, x).shape == (2, 2, 2, 2)
    assert x.tolist() == [[1.0, 2.0], [3.0, 4.0]]


def test_a_lost_complex_step_names_both_quantities():
    with pytest.raises(InputError) as caught:
        derivative(np.abs, np.array([-2.0, 3.0]), of="u", by="v")
    assert str(caught.value).splitlines()[0] == (
        "∂u/∂v: expected complex step and central difference to agree"
    )
    assert "got 0 and -1" in str(caught.value)


def test_replay_computes_what_comes_after_and_keeps_what_came_before(net, X, Y):
    start = replay(net, X, Y, {})
    moved = replay(net, X, Y, {"Z[1]": start["Z[1]"] + 1})
    assert moved["X"] is X
    assert np.array_equal(moved["W[1]"], start["W[1]"])
    np.testing.assert_allclose(moved["A[1]"], np.tanh(start["Z[1]"] + 1))
    np.testing.assert_allclose(moved["Z[2]"], net.W[2] @ moved["A[1]"] + net.b[2])
    assert moved["J"] != start["J"]


def test_replay_with_a_given_output_takes_the_loss_from_it(net, X, Y):
    moved = replay(net, X, Y, {"A[2]": np.full((2, 5), 0.5)})
    np.testing.assert_allclose(moved["L"], np.full((1, 5), 2 * np.log(2)))


def test_the_factor_half_of_squared_error():
    slope = derivative(lambda A: squared_error(A, np.array([[1.0]])), np.array([[3.0]]))
    assert slope.item() == pytest.approx(2.0)


SCALES = [1e-250, 1e-100, 1e-12, 1e-7, 1.0, 1e7, 1e100]
ANALYTIC = {
    "line": (lambda x: x, lambda x: 1 + 0 * x),
    "square": (lambda x: x * x, lambda x: 2 * x),
    "cube": (lambda x: x**3, lambda x: 3 * x * x),
    "fifth power": (lambda x: x**5, lambda x: 5 * x**4),
    "sine": (np.sin, np.cos),
    "cosine": (np.cos, lambda x: -np.sin(x)),
    "a constant and a square": (lambda x: 1 + x * x, lambda x: 2 * x),
    "a constant and a flat square": (lambda x: 100 + 1e-3 * x * x, lambda x: 2e-3 * x),
    "a constant and a steep cube": (lambda x: 1 + 1e3 * x**3, lambda x: 3e3 * x * x),
    "a constant": (lambda x: 3 + 0 * x, lambda x: 0 * x),
}


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("name", ANALYTIC)
@pytest.mark.parametrize("x", [0.0, 1e-12, 0.3, -1.0, 20.0])
def test_analytic_functions_of_any_scale(name, scale, x):
    f, slope = ANALYTIC[name]
    found = derivative(lambda x: scale * f(x), np.array([x]))
    np.testing.assert_allclose(found, [[scale * slope(x)]], rtol=1e-12, atol=1e-47 * scale)


@pytest.mark.parametrize("x", [1e5, -1e10, 1e15])
def test_analytic_functions_far_out(x):
    for f, slope in (ANALYTIC["line"], ANALYTIC["square"], ANALYTIC["fifth power"]):
        np.testing.assert_allclose(derivative(f, np.array([x])), [[slope(x)]], rtol=1e-12)


NOT_ANALYTIC = {
    "abs": np.abs,
    "abs on the left": lambda x: np.abs(x - 5),
    "abs among others": lambda x: np.abs(x) + x * x,
    "abs beside a larger entry": lambda x: np.stack([1e9 * x, np.abs(x)]),
    "conjugate": np.conj,
    "norm": np.linalg.norm,
    "real part": lambda x: x.real * x,
}


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("f", NOT_ANALYTIC.values(), ids=NOT_ANALYTIC)
def test_functions_of_any_scale_that_are_not_analytic(f, scale):
    for x in (1.0, 0.3, -2.0):
        with pytest.raises(InputError, match="complex step and central difference to agree"):
            derivative(lambda x: scale * f(x), np.array([x]))


KINKS = {
    "abs": np.abs, "relu": relu, "leaky_relu": leaky_relu, "abs and a cube": lambda x: np.abs(x) + x**3,
    "a kink in one entry": lambda x: np.stack([1e9 * x, np.abs(x)]),
}


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("f", KINKS.values(), ids=KINKS)
def test_kinks_of_any_scale(f, scale):
    with pytest.raises(InputError, match=r"one derivative on both sides|central difference to agree"):
        derivative(lambda x: scale * f(x), np.array([0.0]))


@pytest.mark.parametrize("constant", [1.0, 100.0, 1e6])
def test_a_constant_does_not_hide_what_its_rounding_leaves(constant):
    for x in (0.0, 1.0):
        with pytest.raises(InputError):
            derivative(lambda x: constant + 1e-9 * constant * np.abs(x), np.array([x]))


def test_steep_functions_need_a_small_step():
    found = derivative(lambda x: np.sin(1e5 * x), np.array([0.3]))
    assert found.item() == pytest.approx(1e5 * np.cos(3e4), rel=1e-10)


def test_what_is_lost_beside_a_one_is_no_disagreement():
    found = derivative(lambda x: np.log(1 + 1e-20 * np.exp(x)), np.array([0.3]))
    assert found.item() == pytest.approx(1e-20 * np.exp(0.3), rel=1e-12)


def test_a_kink_names_the_slopes_on_its_sides():
    with pytest.raises(InputError) as caught:
        derivative(lambda x: 2 * np.abs(x), np.array([1.0, 0.0, 2.0]) - 1, of="u", by="v")
    assert "∂u/∂v: expected" in str(caught.value)
    with pytest.raises(InputError) as caught:
        derivative(lambda x: 2 * np.abs(x[1]), np.array([1.0, 0.0]), of="u", by="v")
    assert str(caught.value).splitlines()[:2] == [
        "∂u/∂v: expected one derivative on both sides", "  got -2 and 2 at entry (2)"
    ]


@pytest.mark.parametrize("take", [central_difference, complex_step, derivative])
def test_what_cannot_be_pushed(take):
    with pytest.raises(InputError) as caught:
        take(lambda x: x, np.array([1j]))
    lines = ["x: expected real numbers", "  got complex ones", "  The step along i would be lost: x.real."]
    assert str(caught.value).splitlines() == lines
    assert take(lambda x: x * x, np.array([3], np.uint8)).item() == pytest.approx(6)


@pytest.mark.parametrize("take", [central_difference, complex_step])
@pytest.mark.parametrize("h", [0, -1e-5, np.nan, "1"])
def test_a_step_is_a_number_above_0(take, h):
    with pytest.raises(InputError, match="h: expected a step h > 0"):
        take(lambda x: x, np.array([1.0]), h=h)


def test_values_of_small_types_are_subtracted_as_floats():
    found = central_difference(lambda x: (x < 0).astype(np.uint8), np.array([0.0]))
    assert found.item() == pytest.approx(-5e4)
