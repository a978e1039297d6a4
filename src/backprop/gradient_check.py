"""Gradient checking: compare what `backward` says with what the forward pass does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from backprop.derivatives import derivative
from backprop.gradients import Gradients, backward
from backprop.network import Network, forward
from backprop.quantities import replay

Array = Any


@dataclass(frozen=True)
class Comparison:
    """One gradient against the numerical derivative of the forward pass.

    ``worst`` is the entry (row, column), counted from 1, with the largest difference;
    ``backward`` and ``forward`` are the two numbers there.  ``difference`` is
    ‖backward - forward‖ / (‖backward‖ + ‖forward‖), the measure the course uses.
    """

    name: str
    worst: tuple[int, int]
    backward: float
    forward: float
    difference: float

    def __str__(self) -> str:
        row, column = self.worst
        return (
            f"{self.name:7} difference {self.difference:.1e}, worst at row {row}, column {column}: "
            f"backward {self.backward:.10g}, forward {self.forward:.10g}"
        )


@dataclass(frozen=True)
class GradientReport:
    """The comparisons of a gradient check; prints as a table, worst first."""

    comparisons: tuple[Comparison, ...]
    tolerance: float

    @property
    def worst(self) -> Comparison:
        """The comparison with the largest difference."""
        return self.comparisons[0]

    @property
    def passed(self) -> bool:
        """Whether every difference is within the tolerance."""
        return self.worst.difference <= self.tolerance

    def raise_if_wrong(self) -> None:
        """Raise `ArithmeticError` with the report as its message unless the check passed."""
        if not self.passed:
            raise ArithmeticError(str(self))

    def __str__(self) -> str:
        verdict = "agree" if self.passed else "DISAGREE"
        head = f"backward and forward {verdict} (tolerance {self.tolerance:.0e})"
        return "\n".join([head, *(f"  {c}" for c in self.comparisons)])


def check_gradients(
    network: Network,
    X: Array,
    Y: Array,
    grads: Gradients | None = None,
    *,
    tolerance: float = 1e-7,
) -> GradientReport:
    """Compare dA, dZ, dW and db of every layer with numerical derivatives of the forward pass.

    X is (n_0, m), Y is (n_L, m).  ``grads`` are the gradients to judge, by default those of
    `backward`.  The numerical side is the complex step, itself compared with central differences
    on every call: dW and db against the cost J, dA and dZ against the sum of the losses 𝓛⁽ⁱ⁾
    (column i of dZ belongs to example i alone, so the sum's derivative is the same).

    Use several random draws, sizes that all differ and more than one output unit: with one
    output, square layers, or y = 0, wrong gradients can pass.

    >>> from backprop import book
    >>> check_gradients(book.network(), *book.data()).passed
    True
    """
    grads = backward(network, forward(network, X), Y) if grads is None else grads
    comparisons = []
    for symbol, of in (("dA", "L"), ("dZ", "L"), ("dW", "J"), ("db", "J")):
        for l, given in getattr(grads, symbol).items():
            name = f"{symbol[1]}[{l}]"
            comparisons.append(_compare(f"d{name}", given, _slope(network, X, Y, of, name)))
    comparisons.sort(key=lambda c: -c.difference if np.isfinite(c.difference) else -np.inf)
    return GradientReport(tuple(comparisons), tolerance)


def _slope(network: Network, X: Array, Y: Array, of: str, by: str) -> Array:
    def total(moved: Array) -> Array:
        return np.sum(replay(network, X, Y, {by: moved})[of])

    return derivative(total, replay(network, X, Y, {})[by], of=of, by=by)


def _compare(name: str, given: Array, slope: Array) -> Comparison:
    given = np.asarray(given, dtype=float)
    if given.shape != slope.shape:
        raise ArithmeticError(f"{name}: expected shape {slope.shape}, got {given.shape}")
    gap = np.abs(given - slope)
    row, column = np.unravel_index(int(np.argmax(gap)), gap.shape)
    norms = np.linalg.norm(given) + np.linalg.norm(slope)
    difference = float(np.linalg.norm(gap) / norms) if norms else 0.0
    return Comparison(
        name,
        (int(row) + 1, int(column) + 1),
        float(given[row, column]),
        float(slope[row, column]),
        difference,
    )
