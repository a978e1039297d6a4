"""Losses 𝓛 of each example, each with its derivatives dA and dZ.

Shapes: A and Y are (n_L, m), one column per example.  A loss is a row (1, m): one number
for each example, summed over the output units.  The derivatives dA and dZ are those of
each example's own loss, stacked by column: no 1/m in them.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from backprop.activations import ACTIVATIONS, Activation, exp_minus_magnitude
from backprop.errors import InputError
from backprop.named import Named, declare
from backprop.validation import check_finite, floats

Array = Any

#: Every loss that has been declared, by its name.
LOSSES: dict[str, Loss] = {}


class Loss(Named):
    """A loss of each example.  A new one is a subclass with its name, its value and its `dA`.

    ``huber = declare(Huber())`` makes it known by its name.  That is enough for `backward`, which
    takes dZ from dA by the derivative of the output activation.  A loss may bring shorter, numerically
    safer forms for one output activation, whose name is ``output``: `dZ`, where the factor g'(Z) has
    cancelled, and `from_Z`.  ``outputs`` lists the activations that may stand before it; an empty one
    means all.

    >>> class Cube(Loss):
    ...     name = "cube"
    ...     def __call__(self, A, Y):
    ...         return np.sum((A - Y) ** 3, axis=0, keepdims=True)
    ...     def dA(self, A, Y):
    ...         return 3 * (A - Y) ** 2
    >>> Cube().brings("dZ", ACTIVATIONS["identity"]), squared_error.brings("dZ", ACTIVATIONS["identity"])
    (False, True)
    """

    known = LOSSES
    output: str = ""
    outputs: tuple[str, ...] = ()

    def __call__(self, A: Array, Y: Array) -> Array:
        """Return 𝓛 of every example, (1, m), from the output A."""
        raise NotImplementedError

    def dA(self, A: Array, Y: Array) -> Array:
        """Return ∂𝓛/∂A, (n_L, m)."""
        raise NotImplementedError

    def check_labels(self, Y: Array) -> None:
        """Raise `InputError` for labels that the loss cannot take; by default, if not finite.

        Y is a real NumPy array (n_L, m), of whole numbers or bools too.
        """
        check_finite("Y", Y, "Look for missing labels.")

    def dZ(self, A: Array, Y: Array) -> Array:
        """Return ∂𝓛/∂Z for the output activation ``output``, (n_L, m), if the loss has this form."""
        raise NotImplementedError

    def from_Z(self, Z: Array, Y: Array) -> Array:
        """Return 𝓛 of every example, (1, m), from Z of ``output``, if the loss has this form.

        This is the same number as from A, without the rounding to 0 or 1 that A suffers.
        """
        raise NotImplementedError

    def brings(self, form: str, g: Activation) -> bool:
        """Return whether this loss has its own ``"dZ"`` or ``"from_Z"`` for the activation g.

        A form that was inherited while `dA` (or the value) was written anew belongs to the
        parent's loss, and one for sigmoid does not hold for another g of that name.
        """
        if g.name != self.output:
            return False
        meant = ACTIVATIONS.get(self.output, g)
        return type(g) is type(meant) and vars(g) == vars(meant) and _is_own(type(self), form)


def _is_own(loss: type[Loss], form: str) -> bool:
    """Return whether a short form was written in the class of the long one, or in a child of it."""
    long = {"dZ": "dA", "from_Z": "__call__"}[form]
    short_home, long_home = (
        next(home for home in loss.__mro__ if method in vars(home)) for method in (form, long)
    )
    return issubclass(short_home, long_home)


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
        return -(_times_log(Y, A) + _times_log(1 - Y, 1 - A)).sum(axis=0, keepdims=True)

    def from_Z(self, Z: Array, Y: Array) -> Array:
        """Return max(z, 0) - y z + ln(1 + e^(-|z|)), summed over the units."""
        Z = floats(Z)
        softplus = np.maximum(Z, 0) + np.log1p(exp_minus_magnitude(Z))
        return (softplus - Y * Z).sum(axis=0, keepdims=True)

    def dA(self, A: Array, Y: Array) -> Array:
        """Return -y/a + (1 - y)/(1 - a), ±inf where a has reached 0 or 1."""
        return _quotient(1 - Y, 1 - A) - _quotient(Y, A)

    def dZ(self, A: Array, Y: Array) -> Array:
        """Return a - y, for sigmoid."""
        return floats(A) - Y

    def check_labels(self, Y: Array) -> None:
        """Raise `InputError` for labels outside [0, 1]."""
        _check_probabilities(Y)


class CategoricalCrossEntropy(Loss):
    """𝓛 = -Σ_k y_k ln a_k: the output units are classes, a column of Y sums to 1.

    >>> a, y = np.array([[0.5], [0.5]]), np.array([[1.0], [0.0]])
    >>> categorical_cross_entropy.dZ(a, y).tolist()
    [[-0.5], [0.5]]
    """

    name, output, outputs = "categorical_cross_entropy", "softmax", ("softmax",)

    def __call__(self, A: Array, Y: Array) -> Array:
        """Return -Σ_k y_k ln a_k of every example, (1, m)."""
        return -_times_log(Y, A).sum(axis=0, keepdims=True)

    def from_Z(self, Z: Array, Y: Array) -> Array:
        """Return Σ_k y_k (ln Σ_j e^(z_j) - z_k)."""
        Z = floats(Z)
        shifted = Z - np.max(Z.real, axis=0, keepdims=True)
        log_sum = np.log(np.exp(shifted).sum(axis=0, keepdims=True))
        return (Y * (log_sum - shifted)).sum(axis=0, keepdims=True)

    def dA(self, A: Array, Y: Array) -> Array:
        """Return -y/a, ±inf where a has reached 0."""
        return -_quotient(Y, A)

    def dZ(self, A: Array, Y: Array) -> Array:
        """Return a - y, for softmax and columns of Y that sum to 1."""
        return floats(A) - Y

    def check_labels(self, Y: Array) -> None:
        """Raise `InputError` for labels outside [0, 1], or a column that does not sum to 1."""
        _check_probabilities(Y)
        sums = Y.sum(axis=0, dtype=np.float64)
        worst = int(np.argmax(np.abs(sums - 1)))
        if abs(sums[worst] - 1) > 1e-6:
            raise InputError(
                "Y",
                "columns that sum to 1",
                f"column {worst + 1} of {Y.shape[1]}, with sum {sums[worst]:g}",
                "One column holds the probabilities of all classes; one-hot has a single 1.",
            )


class SquaredError(Loss):
    """𝓛 = ½ Σ_k (a_k - y_k)²; goes with every output activation.

    >>> float(squared_error(np.array([[3.0]]), np.array([[1.0]]))[0, 0])
    2.0
    """

    name, words, output = "squared_error", "½ squared error", "identity"

    def __call__(self, A: Array, Y: Array) -> Array:
        """Return ½ Σ_k (a_k - y_k)² of every example, (1, m)."""
        gap = floats(A) - Y
        return (gap * gap).sum(axis=0, keepdims=True) / 2

    def from_Z(self, Z: Array, Y: Array) -> Array:
        """Return the loss itself: with the identity, A is Z."""
        return self(Z, Y)

    def dA(self, A: Array, Y: Array) -> Array:
        """Return a - y."""
        return floats(A) - Y

    def dZ(self, A: Array, Y: Array) -> Array:
        """Return a - y, for the identity."""
        return self.dA(A, Y)


def _times_log(y: Array, a: Array) -> Array:
    """Return y ln a, with 0 ln 0 = 0 (the limit), and no warning for ln 0."""
    with np.errstate(divide="ignore"):
        return np.where(y == 0, 0, y * np.log(np.where(y == 0, 1, a)))


def _quotient(y: Array, a: Array) -> Array:
    """Return y / a, with 0 / 0 = 0: a label that is not asked for adds nothing."""
    with np.errstate(divide="ignore", over="ignore"):
        return y / np.where(y == 0, 1, a)


def _check_probabilities(Y: Array) -> None:
    # NaN fails both comparisons, so one look at the two ends finds it as well.
    low, high = Y.min(), Y.max()
    if not (low >= 0 and high <= 1):
        check_finite("Y", Y, "Look for missing labels.")
        hint = "Labels -1 and 1? Pass (Y + 1) / 2." if low == -1 and high == 1 else (
            "Labels are probabilities, 0 for no and 1 for yes."
        )
        raise InputError("Y", "labels in [0, 1]", f"values from {low} to {high}", hint)


binary_cross_entropy = declare(BinaryCrossEntropy())
categorical_cross_entropy = declare(CategoricalCrossEntropy())
squared_error = declare(SquaredError())


def loss_function(loss: Loss | str) -> Loss:
    """Return the loss itself, or the one with this name; `InputError` if there is none."""
    if isinstance(loss, Loss):
        return loss
    try:
        return LOSSES[loss]
    except (KeyError, TypeError):
        raise InputError(
            "loss",
            "a Loss or one of the names " + ", ".join(LOSSES),
            repr(loss),
            "A new one is a subclass of Loss with its value and its dA.",
        ) from None
