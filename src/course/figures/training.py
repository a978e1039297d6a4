"""Figures of a training: the cost from step to step, and the decision boundary on the way."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from backprop import forward
from course.colours import COLOURS
from course.drawing import FAINT, INK, PAPER, Drawing, Panel, Place, Sheet

if TYPE_CHECKING:
    from backprop import Network

Array = Any

ONE, CURVE, BOUNDARY = COLOURS["y"].light, COLOURS["a"].light, COLOURS["W"].light
#: Inches per unit of the plane, and points per axis at which the network is asked for its output.
_SCALE, _GRID = 0.36, 61


def learning_curve(history: Sequence[float], marked: Sequence[int] = ()) -> Drawing:
    """Draw the cost J before each step, with the steps on a logarithmic axis.

    `history[k]` is the cost after k steps, as `train` gives it; the steps in `marked` get a dot and
    their cost in figures.  Raises `ValueError` for fewer than two costs, or a step that has none.
    """
    if len(history) < 2:
        raise ValueError(f"history: expected two costs or more, got {len(history)}")
    for step in marked:
        if not 1 <= step < len(history):
            raise ValueError(f"marked: expected steps from 1 to {len(history) - 1}, got {step}")
    last = len(history) - 1
    top = math.ceil(10 * max(history)) / 10
    wide, high = 3.2, 2.1
    decades = math.log10(last)

    def place(step: int) -> Place:
        return wide * math.log10(step) / decades, high * float(history[step]) / top

    sheet = _Plane("curve", (-0.75, wide + 0.45), (-0.62, high + 0.3))
    sheet.line([(0, 0), (wide, 0)], INK, width=1.0)
    sheet.line([(0, 0), (0, high)], INK, width=1.0)
    for power in range(int(decades) + 1):
        x = wide * power / decades
        sheet.line([(x, 0), (x, -0.06)], INK, width=1.0)
        sheet.text((x, -0.2), str(10**power), size=10)
    for tenth in range(0, round(10 * top) + 1, 2):
        y = high * tenth / 10 / top
        sheet.line([(-0.06, y), (0, y)], INK, width=1.0)
        sheet.line([(0, y), (wide, y)], FAINT, width=0.5)
        sheet.text((-0.28, y), f"{tenth / 10:.1f}", size=10)
    sheet.text((wide / 2, -0.47), "steps; each mark is ten times the one before", size=10)
    sheet.text((-0.6, high + 0.15), "$J$")
    # As many points as the eye can tell apart on this axis, not one for every step.
    steps = sorted({round(last ** (k / 160)) for k in range(161)})
    sheet.line([place(step) for step in steps], CURVE, width=2.2)
    for step in marked:
        x, y = place(step)
        sheet.dots([(x, y)], CURVE, "o", filled=True)
        sheet.text((x + 0.26, y + 0.16), f"{history[step]:.2f}", size=10)
    costs = "".join(f" After {step} steps it is {history[step]:.2f}." for step in marked if 1 < step < last)
    return Drawing((
        sheet.panel(
            520,
            f"The cost J against the number of steps, from 1 to {last}, on an axis where each mark is "
            f"ten times the one before. It starts at {history[1]:.2f} and ends at {history[last]:.2f}."
            f"{costs}",
        ),
    ))


def decision_boundaries(X: Array, Y: Array, stages: Mapping[int, Network]) -> Drawing:
    """Draw the examples and the line where the output is one half, once for each stage.

    X is (2, m) and Y is (1, m), of labels 0 and 1; `stages` gives the network by its number of
    steps.  Raises `ValueError` for data or networks that have not two inputs and one output.
    """
    if X.shape[0] != 2 or Y.shape != (1, X.shape[1]):
        raise ValueError(f"X, Y: expected shapes (2, m) and (1, m), got {X.shape} and {Y.shape}")
    for step, network in stages.items():
        if (network.sizes[0], network.sizes[-1]) != (2, 1):
            raise ValueError(
                f"stages: expected two inputs and one output, got sizes {network.sizes} at {step}"
            )
    return Drawing(tuple(_boundary(X, Y, step, stages[step]) for step in sorted(stages)))


def _boundary(X: Array, Y: Array, step: int, network: Network) -> Panel:
    reach = math.ceil(float(np.abs(X).max()))
    edge = _SCALE * reach
    sheet = _Plane(f"boundary-{step}", (-edge - 0.1, edge + 0.1), (-edge - 0.1, edge + 0.4))
    axis = np.linspace(-reach, reach, _GRID)
    across, up = np.meshgrid(axis, axis)
    outputs = forward(network, np.array([across.ravel(), up.ravel()])).A[network.L]
    sheet.region(_SCALE * axis, outputs.reshape(across.shape))
    corners = [(-edge, -edge), (edge, -edge), (edge, edge), (-edge, edge), (-edge, -edge)]
    sheet.line(corners, FAINT)
    for label, colour, marker in ((0, INK, "o"), (1, ONE, "x")):
        places = _SCALE * X[:, Y[0] == label]
        sheet.dots([(float(x), float(y)) for x, y in places.T], colour, marker, filled=False)
    right = float(np.mean((forward(network, X).A[network.L] > 0.5) == (Y > 0.5)))
    steps = "at the start" if step == 0 else f"after {step} step{'s' * (step > 1)}"
    sheet.text((0, edge + 0.22), f"{steps}: {right:.0%} right", size=10)
    return sheet.panel(
        290,
        f"{steps[0].upper()}{steps[1:]} the network gives {right:.0%} of the {X.shape[1]} examples the "
        "right label. Circles have label 0, crosses label 1; the shaded region is where the output is "
        "above one half, and a line is its border.",
    )


class _Plane(Sheet):
    """A sheet with curves, marks and a shaded region."""

    def panel(self, width: int, description: str) -> Panel:
        """Return the finished drawing; hundreds of places are written to a hundredth of a point."""
        finished = super().panel(width, description)
        shorter = re.sub(r"(\d\.\d\d)\d+(?=[ \"])", r"\1", finished.svg)
        return Panel(shorter, finished.width, finished.description)

    def dots(self, places: Sequence[Place], colour: str, marker: str, *, filled: bool) -> None:
        """Draw a mark at each place."""
        if places:
            self._axes.plot(
                *zip(*places, strict=True), linestyle="none", marker=marker, markersize=6 if filled else 3.4,
                markeredgecolor=colour, markerfacecolor=colour if filled else PAPER,
                markeredgewidth=0.9, zorder=4,
            )

    def region(self, axis: Array, outputs: Array) -> None:
        """Shade where the outputs, one for each pair from the axis, exceed one half; draw the border."""
        if outputs.min() < 0.5 < outputs.max():
            self._axes.contourf(axis, axis, outputs, levels=[0.5, 2], colors=[ONE], alpha=0.15, zorder=1)
            self._axes.contour(axis, axis, outputs, levels=[0.5], colors=[BOUNDARY], linewidths=1.8, zorder=3)
