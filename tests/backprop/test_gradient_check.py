"""The gradient check passes on right gradients and notices small mistakes."""

from dataclasses import replace

import numpy as np
import pytest

from backprop import (
    Activation,
    InputError,
    Layer,
    Network,
    backward,
    binary_cross_entropy,
    check_gradients,
    forward,
)
from backprop.activations import Sigmoid, Tanh
from backprop.by_layer import ByLayer
from backprop.losses import BinaryCrossEntropy


class SlightlyWrongTanh(Tanh):
    def prime(self, z, a=None):
        return 1.001 * super().prime(z, a)


class SlightlyWrongSigmoid(Sigmoid):
    def prime(self, z, a=None):
        return 0.999 * super().prime(z, a)


class WithAbs(Activation):
    """Right value, right derivative; but `abs` drops the imaginary part."""

    name = "with abs"

    def __call__(self, z):
        return np.where(z.real < 0, -1, 1) * np.abs(z)

    def prime(self, z, a=None):
        return np.ones_like(z)


class StableWithAbs(BinaryCrossEntropy):
    def from_Z(self, Z, Y):
        positive = np.where(Z.real < 0, 0, Z)
        return np.sum(positive - Y * Z + np.log1p(np.exp(-np.abs(Z))), axis=0, keepdims=True)


def changed(grads, symbol, l, array):
    """Return the gradients with one array replaced."""
    items = {**getattr(grads, symbol), l: array}
    return replace(grads, **{symbol: ByLayer(symbol, items)})


@pytest.fixture
def square(make):
    """A network in which every array fits wherever another one does: m = n_0 = n_1 = n_2 = 3."""
    network, X, Y = make((3, 3, 3), ("tanh", "sigmoid"), "binary_cross_entropy", 3, seed=4)
    return network, X, Y, backward(network, forward(network, X), Y)


def test_it_passes_on_right_gradients(net, X, Y, square):
    assert check_gradients(net, X, Y).passed
    assert check_gradients(*square).passed
    check_gradients(*square, tolerance=1e-13).raise_if_wrong()


def test_a_hidden_derivative_wrong_by_a_tenth_of_a_percent_is_noticed(net, X, Y):
    first, second = net.layers
    report = check_gradients(Network([Layer(first.W, first.b, SlightlyWrongTanh()), second]), X, Y)
    assert not report.passed
    wrong = {c.name for c in report.comparisons if c.difference > report.tolerance}
    assert wrong == {"dZ[1]", "dW[1]", "db[1]", "dA[0]"}  # and nothing above the wrong g'
    assert report.worst.name in wrong
    assert report.worst.backward == pytest.approx(1.001 * report.worst.forward, rel=1e-9)
    with pytest.raises(ArithmeticError, match="DISAGREE"):
        report.raise_if_wrong()


def test_an_output_derivative_wrong_by_a_tenth_of_a_percent_is_noticed(net, X, Y):
    first, second = net.layers
    last = Layer(second.W, second.b, SlightlyWrongSigmoid())
    report = check_gradients(Network([first, last], "squared_error"), X, Y)
    right = {c.name for c in report.comparisons if c.difference <= report.tolerance}
    assert right == {"dA[2]"}


def test_a_missing_transpose_on_a_square_layer_is_noticed(square):
    network, X, Y, grads = square
    wrong = changed(grads, "dA", 1, network.W[2] @ grads.dZ[2])
    report = check_gradients(network, X, Y, wrong)
    assert not report.passed
    assert report.worst.name == "dA[1]"


def test_a_missing_mean_is_noticed(square):
    network, X, Y, grads = square
    report = check_gradients(network, X, Y, changed(grads, "dW", 2, 3 * grads.dW[2]))
    assert not report.passed
    assert report.worst.name == "dW[2]"
    assert report.worst.backward == pytest.approx(3 * report.worst.forward)


def test_a_sum_along_the_wrong_axis_is_noticed(square):
    network, X, Y, grads = square
    wrong = np.sum(grads.dZ[1], axis=0).reshape(-1, 1) / 3
    report = check_gradients(network, X, Y, changed(grads, "db", 1, wrong))
    assert not report.passed
    assert report.worst.name == "db[1]"


def test_a_sum_over_both_axes_spread_over_the_units_is_noticed(square):
    network, X, Y, grads = square
    wrong = np.full((3, 1), np.sum(grads.dZ[1]) / 3)
    report = check_gradients(network, X, Y, changed(grads, "db", 1, wrong))
    assert report.worst.name == "db[1]"
    assert not report.passed


def test_nan_is_never_right(square):
    network, X, Y, grads = square
    broken = grads.dW[1].copy()
    broken[0, 1] = np.nan
    report = check_gradients(network, X, Y, changed(grads, "dW", 1, broken))
    assert not report.passed
    assert report.worst.name == "dW[1]"


def test_another_shape_is_named(square):
    network, X, Y, grads = square
    with pytest.raises(ArithmeticError, match=r"db\[1\]: expected shape \(3, 1\), got \(3,\)"):
        check_gradients(network, X, Y, changed(grads, "db", 1, grads.db[1].ravel()))


def test_the_report_names_the_worst_entry_with_both_numbers(net, X, Y):
    grads = backward(net, forward(net, X), Y)
    off = grads.dZ[2].copy()
    off[1, 3] = 7.0
    report = check_gradients(net, X, Y, changed(grads, "dZ", 2, off))
    assert report.worst.worst == (2, 4)
    assert report.worst.backward == 7.0
    assert report.worst.forward == pytest.approx(grads.dZ[2][1, 3], rel=1e-12)
    head, first, *rest = str(report).splitlines()
    assert head == "backward and forward DISAGREE (tolerance 1e-07)"
    assert first.startswith("  dZ[2]   difference ")
    assert first.endswith(
        f", worst at row 2, column 4: backward 7, forward {grads.dZ[2][1, 3]:.10g}"
    )
    assert len(rest) == 8  # dA[0] … dA[2], dZ[1], dW[1], dW[2], db[1], db[2] are all listed
    head, *_ = str(check_gradients(net, X, Y)).splitlines()
    assert head == "backward and forward agree (tolerance 1e-07)"


def test_an_activation_that_loses_the_complex_step_is_named(net, X, Y):
    first, second = net.layers
    network = Network([Layer(first.W, first.b, WithAbs()), second])
    with pytest.raises(InputError) as caught:
        check_gradients(network, X, Y)
    expected, got, hint = str(caught.value).splitlines()
    assert expected == "∂L/∂A[0]: expected complex step and central difference to agree"
    assert got.startswith("  got 0 and ")
    assert "at entry (" in got
    assert hint == (
        "  A function on the way is not analytic (abs, norm, max), or an entry lies at a kink."
    )


def test_a_loss_that_loses_the_complex_step_is_named(net, X, Y):
    with pytest.raises(InputError, match=r"∂L/∂A\[[01]\]: expected complex step and central"):
        check_gradients(Network(net.layers, StableWithAbs()), X, Y)


def test_a_kink_is_named():
    network = Network([Layer([[1.0]], [[0.0]], "relu")], "squared_error")
    with pytest.raises(InputError, match="or an entry lies at a kink"):
        check_gradients(network, np.array([[0.0]]), np.array([[1.0]]))


def test_the_loss_keeps_its_own_name():
    assert repr(binary_cross_entropy) == "binary_cross_entropy"
