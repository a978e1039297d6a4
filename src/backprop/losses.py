"""Losses 𝓛 of each example, each with its derivatives dA and dZ.

Shapes: A and Y are (n_L, m), one column per example.  A loss is a row (1, m): one number
for each example, summed over the output units.  The derivatives dA and dZ are those of
each example's own loss, stacked by column: no 1/m in them.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from backprop.activations import exp_minus_magnitude
from backprop.errors import InputError
from backprop.validation import floats

Array = Any


class Loss:
    """A loss with the output activation that belongs to it.

    ``output`` names the natural output activation; with it the factor g'(Z) cancels and dZ
    has the short, numerically safe form of `dZ`.  ``outputs`` lists all that are accepted.
    """

    name: str
    output: str
    outputs: tuple[str, ...]

    def __call__(self, A: Array, Y: Array) -> Array:
        """Return 𝓛 of every example, (1, m), from the output A."""
        raise NotImplementedError

    def from_Z(self, Z: Array, Y: Array) -> Array:
        """Return 𝓛 of every example, (1, m), from Z of the natural output activation.

        This is the same number as from A, without the rounding to 0 or 1 that A suffers.
        """
        raise NotImplementedError

    def dA(self, A: Array, Y: Array) -> Array:
        """Return ∂𝓛/∂A, (n_L, m)."""
        raise NotImplementedError

    def dZ(self, A: Array, Y: Array) -> Array:
        """Return ∂𝓛/∂Z for the natural output activation, (n_L, m)."""
        return floats(A) - Y

    def __repr__(self) -> str:
        return self.name


class BinaryCrossEntropy(Loss):
    """𝓛 = -Σ_k (y_k ln a_k + (1 - y_k) ln(1 - a_k)): each output unit is a yes/no label.

    >>> loss = binary_cross_entropy
    >>> a, y = np.array([[0.5]]), np.array([[1.0]])
    >>> float(loss.dA(a, y)[0, 0]), float(loss.dZ(a, y)[0, 0])
    (-2.0, -0.5)
    """

    name, output, outputs = "binary_cross_entropy", "sigmoid", ("sigmoid",)

    def __call__(self, A: Array, Y: Array) -> Array:
        """Return -Σ_k (y_k ln a_k + (1 - y_k) ln(1 - a_k)) of every example, (1, m)."""
        return np.sum(-(_times_log(Y, A) + _times_log(1 - Y, 1 - A)), axis=0, keepdims=True)

    def from_Z(self, Z: Array, Y: Array) -> Array:
        """Return max(z, 0) - y z + ln(1 + e^(-|z|)), summed over the units."""
        Z = floats(Z)
        softplus = np.maximum(Z, 0) + np.log1p(exp_minus_magnitude(Z))
        return np.sum(softplus - Y * Z, axis=0, keepdims=True)

    def dA(self, A: Array, Y: Array) -> Array:
        """Return -y/a + (1 - y)/(1 - a), ±inf where a has reached 0 or 1."""
        return _quotient(1 - Y, 1 - A) - _quotient(Y, A)


class CategoricalCrossEntropy(Loss):
    """𝓛 = -Σ_k y_k ln a_k: the output units are classes, a column of Y sums to 1.

    >>> a, y = np.array([[0.5], [0.5]]), np.array([[1.0], [0.0]])
    >>> categorical_cross_entropy.dZ(a, y).tolist()
    [[-0.5], [0.5]]
    """

    name, output, outputs = "categorical_cross_entropy", "softmax", ("softmax",)

    def __call__(self, A: Array, Y: Array) -> Array:
        """Return -Σ_k y_k ln a_k of every example, (1, m)."""
        return np.sum(-_times_log(Y, A), axis=0, keepdims=True)

    def from_Z(self, Z: Array, Y: Array) -> Array:
        """Return Σ_k y_k (ln Σ_j e^(z_j) - z_k)."""
        Z = floats(Z)
        shifted = Z - np.max(Z.real, axis=0, keepdims=True)
        log_sum = np.log(np.sum(np.exp(shifted), axis=0, keepdims=True))
        return np.sum(Y * (log_sum - shifted), axis=0, keepdims=True)

    def dA(self, A: Array, Y: Array) -> Array:
        """Return -y/a, ±inf where a has reached 0."""
        return -_quotient(Y, A)


class SquaredError(Loss):
    """𝓛 = ½ Σ_k (a_k - y_k)²; goes with every output activation.

    >>> float(squared_error(np.array([[3.0]]), np.array([[1.0]]))[0, 0])
    2.0
    """

    name, output = "squared_error", "identity"
    outputs = ("identity", "sigmoid", "tanh", "relu", "leaky_relu", "softmax")

    def __call__(self, A: Array, Y: Array) -> Array:
        """Return ½ Σ_k (a_k - y_k)² of every example, (1, m)."""
        gap = floats(A) - Y
        return np.sum(gap * gap / 2, axis=0, keepdims=True)

    def from_Z(self, Z: Array, Y: Array) -> Array:
        """Return the loss itself: with the identity, A is Z."""
        return self(Z, Y)

    def dA(self, A: Array, Y: Array) -> Array:
        """Return a - y."""
        return floats(A) - Y


def _times_log(y: Array, a: Array) -> Array:
    """Return y ln a, with 0 ln 0 = 0 (the limit), and no warning for ln 0."""
    with np.errstate(divide="ignore"):
        return np.where(y == 0, 0, y * np.log(np.where(y == 0, 1, a)))


def _quotient(y: Array, a: Array) -> Array:
    """Return y / a, with 0 / 0 = 0: a label that is not asked for adds nothing."""
    with np.errstate(divide="ignore", over="ignore"):
        return y / np.where(y == 0, 1, a)


binary_cross_entropy = BinaryCrossEntropy()
categorical_cross_entropy = CategoricalCrossEntropy()
squared_error = SquaredError()

LOSSES: dict[str, Loss] = {
    loss.name: loss for loss in (binary_cross_entropy, categorical_cross_entropy, squared_error)
}


def loss_function(loss: Loss | str) -> Loss:
    """Return the loss itself, or the one with this name; `InputError` if there is none."""
    if isinstance(loss, Loss):
        return loss
    try:
        return LOSSES[loss]
    except (KeyError, TypeError):
        raise InputError(
            "loss", "a Loss or one of the names " + ", ".join(LOSSES), repr(loss)
        ) from None
