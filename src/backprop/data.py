"""Small data sets made by formula: the flower, two moons, and XOR."""

from __future__ import annotations

from typing import Any

import numpy as np

from backprop.errors import InputError
from backprop.validation import count

Array = Any


def flower(
    m: int = 400, *, petals: int = 4, noise: float = 0.2, seed: int = 0
) -> tuple[Array, Array]:
    r"""Return points on a flower whose petals take the two labels in turn.

    X is (2, m): the point at angle θ lies at radius 4 \|sin(petals θ / 2)\|, moved by normal
    noise.  Y is (1, m): 0 or 1 by petal.

    >>> X, Y = flower(8)
    >>> X.shape, Y.shape
    ((2, 8), (1, 8))
    """
    _check_m(m)
    rng = np.random.default_rng(seed)
    theta = np.linspace(0, 2 * np.pi, m, endpoint=False)
    radius = 4 * np.abs(np.sin(petals * theta / 2))
    X = radius * np.array([np.cos(theta), np.sin(theta)]) + noise * rng.standard_normal((2, m))
    Y = np.floor(petals * theta / (2 * np.pi)) % 2
    return X, Y.reshape(1, m)


def moons(m: int = 400, *, noise: float = 0.1, seed: int = 0) -> tuple[Array, Array]:
    """Return two half circles that reach into each other.

    X is (2, m); Y is (1, m), 0 on the upper half circle and 1 on the lower.
    """
    _check_m(m)
    rng = np.random.default_rng(seed)
    Y = np.arange(m) % 2
    theta = np.pi * rng.random(m)
    side = 1 - 2 * Y
    X = np.array([np.cos(theta) * side + Y, np.sin(theta) * side + Y / 2])
    return X + noise * rng.standard_normal((2, m)), Y.reshape(1, m).astype(float)


def xor() -> tuple[Array, Array]:
    """Return the four points of XOR: X is (2, 4), Y is (1, 4).

    >>> X, Y = xor()
    >>> Y.tolist()
    [[0.0, 1.0, 1.0, 0.0]]
    """
    X = np.array([[0.0, 0.0, 1.0, 1.0], [0.0, 1.0, 0.0, 1.0]])
    return X, np.array([[0.0, 1.0, 1.0, 0.0]])


def one_hot(labels: Array, classes: int) -> Array:
    """Return Y (classes, m) with a 1 in row k of each column whose label is k (0-based).

    Raises `InputError` for labels that are not whole numbers from 0 to classes - 1.

    >>> one_hot(np.array([2, 0]), 3).tolist()
    [[0.0, 1.0], [0.0, 0.0], [1.0, 0.0]]
    """
    count("classes", "a whole number of classes ≥ 1", classes)
    if np.ma.is_masked(labels):
        raise InputError("labels", "a label for every example", "a masked array", "Drop the others.")
    labels = np.asarray(labels).reshape(-1)
    if not np.isin(labels, np.arange(classes)).all():
        raise InputError(
            "labels",
            f"whole numbers from 0 to {classes - 1}",
            f"values from {labels.min()} to {labels.max()}",
        )
    return (labels == np.arange(classes).reshape(-1, 1)).astype(float)


def _check_m(m: int) -> None:
    count("m", "a number of examples ≥ 1", m)
