"""Curves on axes: activations with their derivatives, losses, softmax, and the error of a step."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from backprop import Activation, binary_cross_entropy, leaky_relu, relu, sigmoid, softmax, squared_error, tanh
from course.colours import COLOURS
from course.drawing import FAINT, INK, Drawing, Panel, Place, Sheet

#: A loss of outputs and labels, both (1, m).
Function = Callable[[np.ndarray, np.ndarray], Any]

Z, A, G, Y = (COLOURS[letter].light for letter in "zagy")
#: The drawing inside the axes, in units of a sheet; ticks and names stand outside.
ACROSS, UP = 2.6, 1.7
#: The slope with which leaky ReLU is drawn: that of `backprop`, 0.01, would look like 0.
DRAWN_SLOPE = 0.1


@dataclass(frozen=True)
class Curve:
    """A curve with its name in the key; ``dash`` tells it from the others where colour does not."""

    name: str
    values: Sequence[float] | np.ndarray
    colour: str
    dash: str = "solid"


class Plot:
    """Axes with ticks on a sheet; `x` and `y` are the ends of the axes, in the data's own numbers."""

    def __init__(self, name: str, x: Place, y: Place, *, title: str, across: str, up: str = "") -> None:
        self.sheet = Sheet(name, (-0.75, ACROSS + 0.15), (-0.62, UP + 0.85))
        self.x, self.y = x, y
        self.sheet.text((ACROSS / 2, UP + 0.68), title, size=11)
        self.sheet.text((ACROSS / 2, -0.48), across, size=10)
        if up:
            self.sheet.text((0.0, UP + 0.15), up, size=9.5)

    def at(self, x: float, y: float) -> Place:
        """Return the place of a point of the data."""
        (left, right), (bottom, top) = self.x, self.y
        return ACROSS * (x - left) / (right - left), UP * (y - bottom) / (top - bottom)

    def ticks(self, x: Sequence[float], y: Sequence[float], words: Callable[[float], str] = "{:g}".format) -> None:
        """Draw the axes with numbers at these places, and a thin line at each number of y."""
        for value in y:
            start, end = self.at(self.x[0], value), self.at(self.x[1], value)
            self.sheet.line([start, end], FAINT, width=0.4)
            self.sheet.text((-0.09, start[1]), words(value), size=9, side="left")
        for value in x:
            place = self.at(value, self.y[0])
            self.sheet.line([place, (place[0], -0.06)], INK, width=0.8)
            self.sheet.text((place[0], -0.19), words(value), size=9)
        self.sheet.line([(0.0, UP), (0.0, 0.0), (ACROSS, 0.0)], INK, width=0.8)

    def curves(self, x: Sequence[float] | np.ndarray, curves: Sequence[Curve]) -> None:
        """Draw curves over x, cut off where they leave the axes."""
        for curve in curves:
            points = [
                self.at(float(across), float(up))
                for across, up in zip(x, curve.values, strict=True)
                if self.y[0] <= up <= self.y[1]
            ]
            self.sheet.line(points, curve.colour, width=1.8, dash=curve.dash)

    def draw(self, x: Sequence[float] | np.ndarray, curves: Sequence[Curve]) -> None:
        """Draw curves over x and name them above the axes."""
        self.curves(x, curves)
        self.key(curves)

    def key(self, curves: Sequence[Curve]) -> None:
        """Name curves above the axes, each beside a piece of its line."""
        step = 3.36 / len(curves)
        for number, curve in enumerate(curves):
            left = -0.6 + number * step
            self.sheet.line([(left, UP + 0.4), (left + 0.27, UP + 0.4)], curve.colour, width=1.8, dash=curve.dash)
            self.sheet.text((left + 0.33, UP + 0.4), curve.name, curve.colour, size=9.5, side="right")


def activations_and_derivatives() -> Drawing:
    """Draw sigmoid, tanh, ReLU and leaky ReLU, each with its derivative dashed, over z."""
    leaky = type(leaky_relu)(DRAWN_SLOPE)
    return Drawing((
        _activation("sigmoid", sigmoid, (-6, 6), (-0.1, 1.1), [-6, -3, 0, 3, 6], [0, 0.25, 0.5, 1]),
        _activation("tanh", tanh, (-4, 4), (-1.1, 1.1), [-4, -2, 0, 2, 4], [-1, 0, 1]),
        _activation("ReLU", relu, (-2, 2), (-0.3, 2.1), [-2, -1, 0, 1, 2], [0, 1, 2]),
        _activation(f"leaky ReLU (left: {DRAWN_SLOPE} z)", leaky, (-2, 2), (-0.3, 2.1), [-2, -1, 0, 1, 2], [0, 1, 2]),
    ))  # fmt: skip


def _activation(
    title: str, g: Activation, x: Place, y: Place, x_ticks: Sequence[float], y_ticks: Sequence[float]
) -> Panel:
    short = g.name.replace("_", "-")
    plot = Plot(f"act-{short}", x, y, title=title, across="$z$")
    plot.ticks(x_ticks, y_ticks)
    smooth = g in {sigmoid, tanh}
    # Left and right of a kink by themselves: the jump of g' is no slope.
    sides = [np.linspace(*x, 121)] if smooth else [np.array([x[0], 0.0]), np.array([1e-9, x[1]])]
    for z in sides:
        curves = [Curve("$a = g(z)$", g(z), A), Curve("$g'(z)$", g.prime(z), G, "dashed")]
        plot.curves(z, curves)
    plot.key(curves)
    if not smooth:
        plot.sheet.dot(plot.at(0.0, float(g.prime(np.zeros(1))[0])), G, "s")
    ends, at_0 = np.array([x[0], 0.0, x[1]]), np.array([0.0])
    values, slopes = g(ends), g.prime(ends)
    says = f"{title} over z from {x[0]:g} to {x[1]:g}. "
    if smooth:
        says += (
            f"The value, a solid line, climbs from {values[0]:.3f} through {g(at_0)[0]:g} at 0 to {values[2]:.3f}. "
            f"The derivative, dashed, is a hill with its top {slopes[1]:g} at 0; at both ends it is {slopes[0]:.4f}."
        )
    else:
        says += (
            f"The value, a solid line, has the derivative {slopes[0]:g} left of 0 and 1 right of it. The derivative, "
            f"dashed, is a step: {slopes[0]:g} up to 0 and at 0 itself, which a square marks, and 1 after it."
        )
    return plot.sheet.panel(330, says)


def losses_and_slopes() -> Drawing:
    """Draw the cross-entropy loss by a for both labels, both losses by z, and their slopes dz, for y = 1."""
    return Drawing((_loss_by_a(), _loss_by_z(), _slope_by_z()))


def _one(function: Function, z: np.ndarray, y: float) -> np.ndarray:
    """Return a loss of one output for each entry of a row, with the label y."""
    return np.asarray(function(z[None, :], np.full((1, z.size), y))[0])


def _loss_by_a() -> Panel:
    a = np.concatenate([np.linspace(0.018, 0.1, 30), np.linspace(0.11, 0.89, 60), np.linspace(0.9, 0.982, 30)])
    plot = Plot("loss-a", (0, 1), (0, 4), title="cross-entropy by a", across="$a$", up=r"$\mathcal{L}$")
    plot.ticks([0, 0.5, 1], [0, 1, 2, 3, 4])
    plot.draw(a, [
        Curve("$y = 1$", _one(binary_cross_entropy, a, 1.0), Y),
        Curve("$y = 0$", _one(binary_cross_entropy, a, 0.0), Y, "dashed"),
    ])  # fmt: skip
    half = _one(binary_cross_entropy, np.array([0.5]), 1.0)[0]
    return plot.sheet.panel(
        330,
        "The cross-entropy loss over the output a between 0 and 1. With y = 1, a solid line, it falls from above 4 "
        "near a = 0 to 0 at a = 1. With y = 0, dashed, it is the mirror image: it rises from 0. "
        f"The two cross at a = 0.5, where the loss is {half:.3f}.",
    )


def _loss_by_z() -> Panel:
    z = np.linspace(-6, 6, 121)
    plot = Plot("loss-z", (-6, 6), (0, 6), title="the loss by z, y = 1", across="$z$", up=r"$\mathcal{L}$")
    plot.ticks([-6, -3, 0, 3, 6], [0, 2, 4, 6])
    entropy, squares = binary_cross_entropy.from_Z(z[None, :], np.ones((1, z.size)))[0], _one(squared, z, 1.0)
    plot.draw(z, [Curve("cross-entropy", entropy, INK), Curve("½ squared error", squares, INK, "dotted")])
    return plot.sheet.panel(
        330,
        "Two losses over z after a sigmoid, for y = 1. Cross-entropy, a solid line, rises steadily to the left: "
        f"{entropy[10]:.2f} at z = -5. Half the squared error, dotted, goes flat: {squares[10]:.2f} at z = -5, "
        "never more than 0.5. Both fall to 0 on the right.",
    )


def squared(z: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return half the squared error after a sigmoid, (1, m), from z (1, m)."""
    return np.asarray(squared_error(sigmoid(z), y))


def _slope_by_z() -> Panel:
    z = np.linspace(-6, 6, 121)
    a, y = sigmoid(z[None, :]), np.ones((1, z.size))
    plot = Plot("slope-z", (-6, 6), (-1.1, 0.1), title="its derivative, y = 1", across="$z$", up="$dz$")
    plot.ticks([-6, -3, 0, 3, 6], [-1, -0.5, 0])
    entropy = binary_cross_entropy.dZ(a, y)[0]
    squares = (squared_error.dA(a, y) * sigmoid.prime(z[None, :]))[0]
    plot.draw(z, [Curve("cross-entropy", entropy, Z), Curve("½ squared error", squares, Z, "dotted")])
    return plot.sheet.panel(
        330,
        f"The derivative dz of these two losses over z, for y = 1. Cross-entropy, a solid line: {entropy[10]:.3f} at "
        f"z = -5, close to -1, and close to 0 on the right. Half the squared error, dotted: {squares[10]:.3f} at "
        f"z = -5 and never below {min(squares):.2f}: where the answer is most wrong, it hardly pulls.",
    )


def softmax_over_one_z(z: np.ndarray, unit: int = 1) -> Drawing:
    """Draw the outputs of a softmax while one entry of the column z (3, 1) moves and the others stay.

    `unit` counts from 1.  Raises `ValueError` for another shape or another unit.
    """
    if z.shape != (3, 1):
        raise ValueError(f"z: expected one column of three classes, shape (3, 1); got shape {z.shape}")
    if unit not in (1, 2, 3):
        raise ValueError(f"unit: expected a number from 1 to 3, got {unit}")
    moved = np.linspace(-4, 6, 101)
    columns = np.repeat(z, moved.size, axis=1)
    columns[unit - 1] = moved
    outputs, here = softmax(columns), softmax(z)[:, 0]
    plot = Plot("softmax", (-4, 6), (0, 1), title=f"only $z_{unit}$ moves", across=f"$z_{unit}$")
    plot.ticks([-4, -2, 0, 2, 4, 6], [0, 0.5, 1])
    dashes = ("solid", "dashed", "dotted")
    plot.draw(moved, [Curve(f"$a_{k}$", outputs[k - 1], A, dashes[k - 1]) for k in (1, 2, 3)])
    start = float(z[unit - 1, 0])
    for k in range(3):
        plot.sheet.dot(plot.at(start, float(here[k])), A, "o^s"[k])
    listed = ", ".join(f"a {k} = {a:.3f}" for k, a in enumerate(here, 1))
    return Drawing((
        plot.sheet.panel(
            430,
            f"The three outputs of a softmax over z {unit}, while the other two z stay. a {unit} climbs from near 0 to "
            f"near 1 and the other two fall; at each place the three add up to 1. At z {unit} = {start:.3f}, "
            f"marked, {listed}.",
        ),
    ))


#: The function whose slope `step_errors` looks for: + − × alone, which every machine rounds alike.
CUBE_AT = 1.3


def step_error(method: str, exponent: float) -> float:
    """Return how far a difference quotient of t³ at 1.3, with step ε = 10^exponent, is from 3t².

    `method` is "one-sided", "two-sided" or "complex".  Raises `KeyError` for another.
    """
    t, step = CUBE_AT, 10.0**exponent
    up, down, imaginary = t + step, t - step, complex(t, step)
    quotient = {
        "one-sided": lambda: (up * up * up - t * t * t) / step,
        "two-sided": lambda: (up * up * up - down * down * down) / (2 * step),
        "complex": lambda: (imaginary * imaginary * imaginary).imag / step,
    }[method]()
    return abs(quotient - 3 * t * t)


def step_errors() -> Drawing:
    """Draw the step ε against the error of three difference quotients, both in powers of ten."""
    exponents = [-0.25 * n for n in range(4, 57)]
    floor = -16.0
    plot = Plot(
        "step", (-14, -1), (-16.5, 0), title="step and error, for $t^3$ at $t = 1.3$",
        across=r"step $\varepsilon$", up="error",
    )  # fmt: skip
    plot.ticks([-13, -10, -7, -4, -1], [-16, -12, -8, -4, 0], lambda n: rf"$10^{{{n:g}}}$")
    names = {"complex": (A, "solid"), "two-sided": (Z, "dashed"), "one-sided": (INK, "dotted")}
    errors = {
        name: [max(floor, math.log10(max(step_error(name, e), 10**floor))) for e in exponents] for name in names
    }
    plot.draw(exponents, [Curve(name, errors[name], *look) for name, look in names.items()])
    best = {name: exponents[int(np.argmin(errors[name]))] for name in names}
    return Drawing((
        plot.sheet.panel(
            430,
            "Error over step, both in powers of ten, for steps from 10 to the -14 on the left to 0.1 on the right. "
            f"One-sided, dotted: a V, least near a step of 10 to the {best['one-sided']:.0f} with an error near 10 to "
            f"the {min(errors['one-sided']):.0f}. Two-sided, dashed: a V that falls twice as fast, least near 10 to "
            f"the {best['two-sided']:.0f} with an error near 10 to the {min(errors['two-sided']):.0f}. "
            "Complex step, a solid line: it falls as fast and stays down, at 10 to the -15 or less.",
        ),
    ))
