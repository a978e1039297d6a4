"""Activations g, each with its derivative g' beside it.

Every function takes Z of shape (n, m), one column per example, and works in float32,
float64 and complex128; it makes float64 of whole numbers and float16.  Complex numbers matter
because the gradient check differentiates the forward pass by the complex step: nothing here may
use ``abs``, which drops the imaginary part without a word.  Where a choice depends on the sign
of z, the sign of its real part decides; NumPy's ``maximum`` and ``minimum`` also compare real
parts first.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from backprop.errors import InputError
from backprop.named import Named, declare
from backprop.validation import floats

Array = Any  # a NumPy array, or another array type that answers NumPy's functions

#: Every activation that has been declared, by its name.
ACTIVATIONS: dict[str, Activation] = {}


def exp_minus_magnitude(z: Array) -> Array:
    """Return e^(-|z|), which never overflows; ``abs`` would lose a complex step."""
    return np.exp(np.minimum(z, -z))


class Activation(Named):
    """An activation g with a = g(z), applied to each entry of Z by itself; `Softmax` alone mixes a column.

    A new one is a subclass with its name, its value and its derivative, declared once: ``tanh = declare(Tanh())``.
    Where g' is a function of a = g(z), `of_value` may stand in place of `prime`.  What else is known of it:
    ``kinks``, the z at which it has no derivative; ``limits``, numbers that it comes as near as one likes and never
    reaches; ``entrywise``, whether each unit has its own; ``hidden``, whether it makes sense before the last layer.
    Shapes: Z, A, dA and dZ are (n, m).
    """

    known = ACTIVATIONS
    kinks: tuple[float, ...] = ()
    limits: tuple[float, ...] = ()
    entrywise = hidden = True

    def __call__(self, z: Array) -> Array:
        """Return a = g(z), of the shape of z."""
        raise NotImplementedError

    def prime(self, z: Array, a: Array | None = None) -> Array:
        """Return g'(z), of the shape of z.

        ``a`` may hand over the value g(z) where it is already known, so that it is not
        computed twice.  The derivative is taken at z, never at a.
        """
        return self.of_value(self(z) if a is None else floats(a))

    def of_value(self, a: Array) -> Array:
        """Return g'(z) from the value a = g(z) alone, of its shape, for a g of which this can be done."""
        raise NotImplementedError

    @property
    def has_slope_of_value(self) -> bool:
        """Whether g' is given as a function of a = g(z) too."""
        return type(self).of_value is not Activation.of_value

    def dZ(self, dA: Array, Z: Array, A: Array) -> Array:
        """Return dZ = dA * g'(Z): each unit depends on its own z only."""
        return dA * self.prime(Z, A)

    def jacobian(self, z: Array) -> Array:
        """Return the Jacobian da/dz of one column z (n, 1) in numerator layout, (n, n).

        An entrywise g has zeros outside the diagonal: diag(g'(z)).
        """
        return np.diag(self.prime(_one_column(z))[:, 0])


class Sigmoid(Activation):
    """The logistic function σ(z) = 1 / (1 + e^(-z)), with values between 0 and 1.

    >>> float(sigmoid(np.array([[0.0]]))[0, 0]), float(sigmoid.prime(np.array([[0.0]]))[0, 0])
    (0.5, 0.25)
    """

    name, limits = "sigmoid", (0.0, 1.0)

    def __call__(self, z: Array) -> Array:
        """Return σ(z)."""
        z = floats(z)
        # For z < 0 the fraction is multiplied by e^z above and below: no e^(…) overflows.
        return np.exp(np.minimum(z, 0)) / (1 + exp_minus_magnitude(z))

    def of_value(self, a: Array) -> Array:
        """Return σ'(z) = a (1 - a)."""
        return a * (1 - a)


class Tanh(Activation):
    """The hyperbolic tangent, with values between -1 and 1.

    >>> float(tanh.prime(np.array([[0.0]]))[0, 0])
    1.0
    """

    name, limits = "tanh", (-1.0, 1.0)

    def __call__(self, z: Array) -> Array:
        """Return tanh(z)."""
        return np.tanh(floats(z))

    def of_value(self, a: Array) -> Array:
        """Return tanh'(z) = 1 - a²."""
        return 1 - a * a


def _positive(z: Array) -> Array:
    """Return 1 where z > 0, else 0, in the precision of z; z may be a plain number."""
    z = floats(z)
    return np.greater(z.real, 0).astype(np.result_type(z.real))


class ReLU(Activation):
    """The rectifier max(0, z).  At z = 0 its derivative is taken to be 0, as in the course's week 4.

    >>> relu.prime(np.array([[-2.0, 0.0, 3.0]])).tolist()
    [[0.0, 0.0, 1.0]]
    """

    name, words, kinks = "relu", "ReLU", (0.0,)

    def __call__(self, z: Array) -> Array:
        """Return max(0, z)."""
        z = floats(z)
        return np.where(z.real > 0, z, 0)

    def prime(self, z: Array, a: Array | None = None) -> Array:
        """Return 1 where z > 0, else 0."""
        return _positive(z)

    def of_value(self, a: Array) -> Array:
        """Return g'(z) from a, which is positive where z is."""
        return self.prime(a)


class LeakyReLU(Activation):
    """z where z > 0, slope · z elsewhere.

    >>> leaky_relu.prime(np.array([[-2.0, 3.0]])).tolist()
    [[0.01, 1.0]]
    """

    name, words, kinks = "leaky_relu", "leaky ReLU", (0.0,)

    def __init__(self, slope: float = 0.01) -> None:
        self.slope = slope

    def __call__(self, z: Array) -> Array:
        """Return z where z > 0, else slope · z."""
        z = floats(z)
        return np.where(z.real > 0, z, self.slope * z)

    def prime(self, z: Array, a: Array | None = None) -> Array:
        """Return 1 where z > 0, else the slope."""
        positive = _positive(z)
        return positive + self.slope * (1 - positive)

    def of_value(self, a: Array) -> Array:
        """Return g'(z) from a, which has the sign of z."""
        return self.prime(a)


class Identity(Activation):
    """a = z: an output unit for squared error.

    >>> identity.prime(np.array([[5.0]])).tolist()
    [[1.0]]
    """

    name, hidden = "identity", False  # two layers with it between them are one

    def __call__(self, z: Array) -> Array:
        """Return z itself."""
        return floats(z)

    def prime(self, z: Array, a: Array | None = None) -> Array:
        """Return 1 everywhere."""
        return np.ones_like(floats(z))


class Softmax(Activation):
    """a_k = e^(z_k) / Σ_j e^(z_j), column by column: the entries of a column sum to 1.

    Every a_k depends on every z_j of its column, so there is no entrywise derivative; the
    Jacobian has the entries ∂a_i/∂z_j = a_i (δ_ij - a_j).

    >>> softmax(np.array([[0.0], [0.0]])).tolist()
    [[0.5], [0.5]]
    >>> softmax.jacobian(np.array([[0.0], [0.0]])).tolist()
    [[0.25, -0.25], [-0.25, 0.25]]
    """

    name, limits, entrywise, hidden = "softmax", (0.0, 1.0), False, False

    def __call__(self, z: Array) -> Array:
        """Return e^(z_k) / Σ_j e^(z_j) in each column, (n, m)."""
        z = floats(z)
        # Taking the largest z away from all leaves every quotient as it is and no e^z overflows.
        e = np.exp(z - np.max(z.real, axis=0, keepdims=True))
        return e / np.sum(e, axis=0, keepdims=True)

    def prime(self, z: Array, a: Array | None = None) -> Array:
        """Refuse: softmax mixes the entries of a column."""
        raise InputError(
            "softmax'",
            "an activation that acts on each unit by itself",
            "softmax, where every a_k depends on every z_j of its column",
            "Use softmax.jacobian(z), or softmax.dZ(dA, Z, A) for dZ.",
        )

    def dZ(self, dA: Array, Z: Array, A: Array) -> Array:
        """Return dZ, each column the transposed Jacobian times that column of dA.

        (diag(a) - a aᵀ) da = a * (da - Σ_k a_k da_k).
        """
        A, dA = floats(A), floats(dA)
        return A * (dA - np.sum(A * dA, axis=0, keepdims=True))

    def jacobian(self, z: Array) -> Array:
        """Return diag(a) - a aᵀ for one column z (n, 1), of shape (n, n)."""
        a = self(_one_column(z))
        return np.diag(a[:, 0]) - a @ a.T


def _one_column(z: Array) -> Array:
    if z.ndim != 2 or z.shape[1] != 1:
        raise InputError(
            "z",
            "one column, shape (n, 1)",
            f"shape {z.shape}",
            "A Jacobian belongs to one example: pass Z[:, [i]].",
        )
    return z


sigmoid = declare(Sigmoid())
tanh = declare(Tanh())
relu = declare(ReLU())
leaky_relu = declare(LeakyReLU())
identity = declare(Identity())
softmax = declare(Softmax())


def activation(g: Activation | str) -> Activation:
    """Return the activation itself, or the one with this name.

    Raises `InputError` for an unknown name.
    """
    if isinstance(g, Activation):
        return g
    try:
        return ACTIVATIONS[g]
    except (KeyError, TypeError):
        raise InputError(
            "g",
            "an Activation or one of the names " + ", ".join(ACTIVATIONS),
            repr(g),
            "A new one is a subclass of Activation with its value and its derivative.",
        ) from None
