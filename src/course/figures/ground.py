"""Figures of the first chapters: a slope, two paths that add, and the loss of one unit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import exp, log

from course.colours import COLOURS
from course.drawing import FAINT, INK, Drawing, Panel, Place, Sheet

Curve = Callable[[float], float]
#: The size of two pictures that are compared side by side on a phone.
NARROW = (1.5, 1.7)
PUSHED, OUTPUT = COLOURS["W"].light, COLOURS["a"].light
VALUE, WEIGHTED = COLOURS["a"].light, COLOURS["z"].light


class Axes:
    """Two axes on a sheet of its own: data go in, places on the sheet come out.

    ``x`` and ``y`` are the ends of the axes in data, ``size`` the lengths of both on the sheet.
    """

    def __init__(self, name: str, x: Place, y: Place, size: Place = (2.9, 2.2)) -> None:
        self.x, self.y, self.size = x, y, size
        self.sheet = Sheet(name, (-0.45, size[0] + 0.2), (-0.62, size[1] + 0.45))
        self.sheet.curve([(0.0, size[1]), (0.0, 0.0), (size[0], 0.0)], FAINT, line=1.0)

    def at(self, x: float, y: float) -> Place:
        """Return the place of a point."""
        (left, right), (low, high) = self.x, self.y
        return self.size[0] * (x - left) / (right - left), self.size[1] * (y - low) / (high - low)

    def label(self, across: str, up: str, ticks: Sequence[float], heights: Sequence[float]) -> None:
        """Write the names of both axes, and a number at each tick."""
        for x in ticks:
            place = self.at(x, self.y[0])
            self.sheet.curve([place, (place[0], -0.06)], FAINT, line=1.0)
            self.sheet.text((place[0], -0.22), f"{x:g}".replace("-", "−"), size=10)
        for y in heights:
            place = self.at(self.x[0], y)
            self.sheet.curve([place, (-0.06, place[1])], FAINT, line=1.0)
            self.sheet.text((-0.25, place[1]), f"{y:g}".replace("-", "−"), size=10)
        self.sheet.text((self.size[0] / 2, -0.48), across, size=10.5)
        self.sheet.text((0.1, self.size[1] + 0.22), up, size=11)

    def curve(self, f: Curve, start: float, end: float, colour: str, *, dashed: bool = False) -> None:
        """Draw f between two ends, as far as it stays below the upper end of the y-axis."""
        steps = 120
        points = [start + (end - start) * i / steps for i in range(steps + 1)]
        places = [self.at(x, f(x)) for x in points if f(x) <= self.y[1]]
        self.sheet.curve(places, colour, dashed=dashed)

    def line(self, start: Place, end: Place, colour: str, *, width: float = 1.2, dashed: bool = False) -> None:
        """Draw a straight line between two points."""
        self.sheet.curve([self.at(*start), self.at(*end)], colour, line=width, dashed=dashed)

    def dot(self, x: float, y: float, colour: str = INK) -> None:
        """Mark a point."""
        self.sheet.frame(self.at(x, y), 0.11, 0.11, colour, 2.0)

    def tangent(self, x: float, y: float, slope: float, length: float, colour: str) -> None:
        """Draw the straight line that touches a curve at a point; ``length`` is on the sheet."""
        across, up = self.at(x + 1, y + slope)
        here = self.at(x, y)
        reach = length / 2 / ((across - here[0]) ** 2 + (up - here[1]) ** 2) ** 0.5
        self.line((x - reach, y - slope * reach), (x + reach, y + slope * reach), colour, width=2.2)
        self.dot(x, y, colour)


def slope_of_square(at: float = 2.0, push: float = 0.5) -> Drawing:
    """Draw t² with a push to the right and what it does, and the straight line that touches there.

    Raises `ValueError` unless both numbers are positive and the pushed point is in view.
    """
    if not (at > 0 and 0 < push <= 3 - at):
        raise ValueError(f"at, push: expected at > 0 and 0 < push ≤ {3 - at:g}, got {at:g} and {push:g}")
    axes = Axes("slope", (0.0, 3.2), (0.0, 9.0))
    axes.label("input $t$", "value $t^2$", (0, 1, 2, 3), (0, 2, 4, 6, 8))
    axes.curve(lambda t: t * t, 0.0, 3.0, INK)
    start, end = at * at, (at + push) ** 2
    axes.tangent(at, start, 2 * at, 2.4, FAINT)
    axes.line((at, start), (at + push, start), PUSHED, width=2.4)
    axes.line((at + push, start), (at + push, end), OUTPUT, width=2.4, dashed=True)
    axes.dot(at, start)
    axes.dot(at + push, end)
    sheet = axes.sheet
    below, right = axes.at(at + push / 2, start), axes.at(at + push, (start + end) / 2)
    sheet.text((below[0], below[1] - 0.2), f"push {push:g}", PUSHED, size=10)
    sheet.text((right[0] + 0.08, right[1]), f"up {end - start:g}", OUTPUT, size=10, side="right")
    touching = axes.at(at, start)
    sheet.text((touching[0] - 0.15, touching[1] + 0.3), f"slope {2 * at:g}", size=10, side="left")
    return Drawing((
        sheet.panel(
            400,
            f"The curve of t squared. A push of {push:g} to the right from t = {at:g} moves the value up from "
            f"{start:g} to {end:g}, by {end - start:g}: that is {(end - start) / push:g} times the push. The line "
            f"that touches the curve at t = {at:g} goes up by {2 * at:g} for each step of 1: the derivative there.",
        ),
    ))


def product_as_area(t: float = 3.0, push: float = 0.01, enlarged: float = 50.0) -> Drawing:
    """Draw the product of u = 2t and v = t + 1 as an area, with what a push of t adds: two strips and a corner.

    The moves of u and v are drawn `enlarged` times as wide as they are.
    """
    u, v, p, q = 2 * t, t + 1, 2 * push, push
    scale = 0.36
    wide, high, strip, top = u * scale, v * scale, p * enlarged * scale, q * enlarged * scale
    sheet = Sheet("area", (-0.62, wide + strip + 1.25), (-0.34, high + top + 0.4))
    sheet.block((0, 0), (wide, high), INK)
    sheet.block((wide, 0), (wide + strip, high), PUSHED)
    sheet.block((0, high), (wide, high + top), OUTPUT, dashed=True)
    sheet.block((wide, high), (wide + strip, high + top), INK, dashed=True)
    sheet.text((wide / 2, high / 2), f"$u v = {u * v:g}$", size=10.5)
    sheet.text((wide / 2, -0.18), f"$u = {u:g}$", size=10.5)
    sheet.text((-0.32, high / 2), f"$v = {v:g}$", size=10.5)
    sheet.text((wide + strip + 0.06, high / 2), f"$p v = {p * v:g}$", PUSHED, size=10.5, side="right")
    sheet.text((wide / 2, high + top + 0.2), f"$u q = {u * q:g}$", OUTPUT, size=10.5)
    sheet.text((wide + strip / 2 + 0.2, high + top + 0.2), f"$p q = {p * q:g}$", size=10.5)
    return Drawing((
        sheet.panel(
            420,
            f"The product u v = {u * v:g} as a rectangle, {u:g} wide and {v:g} high. A push widens it by a strip of "
            f"area p v = {p * v:g} at the right, raises it by a strip u q = {u * q:g} on top, and adds a corner "
            f"p q = {p * q:g}, which is tiny beside the strips.",
        ),
    ))


def two_paths(t: float = 3.0) -> Drawing:
    """Draw t, u = 2t, v = t + 1 and f = uv as boxes, with the slope of each step on its arrow.

    The slopes of f by u and by v are the values of v and u, here at `t`.
    """
    u, v = 2 * t, t + 1
    sheet = Sheet("two-paths", (-0.4, 4.9), (-1.15, 1.15))
    start, above, below, end = (0.1, 0.0), (2.05, 0.8), (2.05, -0.8), (4.1, 0.0)
    steps = ((start, above, 2.0, False), (start, below, 1.0, True), (above, end, v, False), (below, end, u, True))
    for left, right, slope, dashed in steps:
        ends = (left[0] + (0.4 if left is start else 0.7), left[1]), (right[0] - 0.7, right[1])
        sheet.edge(*ends, PUSHED, bold=True, arrow=True, dashed=dashed, gaps=(0.05, 0.05))
        middle = ((ends[0][0] + ends[1][0]) / 2, (left[1] + right[1]) / 2)
        sheet.text(middle, f"× {slope:g}", PUSHED, size=13, paper=True)
    boxes = ((start, f"$t = {t:g}$"), (above, f"$u = 2t = {u:g}$"),
             (below, f"$v = t+1 = {v:g}$"), (end, f"$f = uv = {u * v:g}$"))  # fmt: skip
    for place, text in boxes:
        sheet.frame(place, 0.8 if place is start else 1.4, 0.48, INK, 1.4)
        sheet.text(place, text, size=13)
    return Drawing((
        sheet.panel(
            480,
            f"Two paths lead from t = {t:g} to f = {u * v:g}. The upper one goes through u = {u:g}, with the slopes "
            f"2 and {v:g}; the lower one, dashed, through v = {v:g}, with the slopes 1 and {u:g}. "
            f"Together: 2 times {v:g} plus 1 times {u:g} is {2 * v + u:g}.",
        ),
    ))


def loss_of_one_unit(z: float) -> Drawing:
    """Draw the loss of one sigmoid unit for both labels, over a and over z, with the slopes at `z`.

    Raises `ValueError` unless z lies between -3 and 3, where all slopes are in view.
    """
    if not -3 <= z <= 3:
        raise ValueError(f"z: expected a number from -3 to 3, got {z:g}")
    return Drawing((_over_a(1 / (1 + exp(-z))), _over_z(z)), paired=True)


def _over_a(a: float) -> Panel:
    axes = Axes("loss-over-a", (0.0, 1.0), (0.0, 4.0), NARROW)
    axes.label("output $a$", r"loss $\mathcal{L}$", (0, 0.5, 1), (0, 1, 2, 3, 4))
    edge = exp(-4.0)  # where the loss is 4, the upper end of the axis
    axes.curve(lambda a: -log(a), edge, 1.0, INK)
    axes.curve(lambda a: -log(1 - a), 0.0, 1 - edge, INK, dashed=True)
    one, zero = -1 / a, 1 / (1 - a)
    axes.tangent(a, -log(a), one, 0.7, VALUE)
    axes.tangent(a, -log(1 - a), zero, 0.7, VALUE)
    _name_both(axes, (0.3, 3.1), (0.72, 3.6))
    _write_slopes(axes, (a, -log(a)), (a, -log(1 - a)), (one, zero), VALUE)
    return axes.sheet.panel(
        330,
        f"The loss over the output a. For the label y = 1 (solid) it falls, and at a = {a:.3f} its slope is "
        f"{one:.3f}. For y = 0 (dashed) it rises, and the slope there is {zero:.3f}. Near a = 0 and a = 1 one of the "
        "curves becomes as steep as you like.",
    )


def _over_z(z: float) -> Panel:
    axes = Axes("loss-over-z", (-4.0, 4.0), (0.0, 4.0), NARROW)
    axes.label("sum $z$", r"loss $\mathcal{L}$", (-4, 0, 4), (0, 1, 2, 3, 4))
    axes.curve(lambda z: log(1 + exp(-z)), -4.0, 4.0, INK)
    axes.curve(lambda z: log(1 + exp(z)), -4.0, 4.0, INK, dashed=True)
    a = 1 / (1 + exp(-z))
    one, zero = a - 1, a
    low, high = (z, log(1 + exp(-z))), (z, log(1 + exp(z)))
    axes.tangent(*low, one, 0.7, WEIGHTED)
    axes.tangent(*high, zero, 0.7, WEIGHTED)
    _name_both(axes, (-1.6, 3.2), (1.5, 3.6))
    _write_slopes(axes, low, high, (one, zero), WEIGHTED)
    return axes.sheet.panel(
        330,
        f"The same loss over z. At z = {z:.3f} the slope for y = 1 is {one:.3f}, which is a − 1, and for y = 0 it is "
        f"{zero:.3f}, which is a. No slope is steeper than 1.",
    )


def _name_both(axes: Axes, one: Place, zero: Place) -> None:
    for place, text in ((one, "$y = 1$"), (zero, "$y = 0$")):
        axes.sheet.text(axes.at(*place), text, size=10, paper=True)


def _write_slopes(axes: Axes, one: Place, zero: Place, slopes: Place, colour: str) -> None:
    for point, slope, (right, up) in ((one, slopes[0], (0.0, 0.22)), (zero, slopes[1], (-0.42, 0.1))):
        place = axes.at(*point)
        text = f"{slope:.3f}".replace("-", "−")
        axes.sheet.text((place[0] + right, place[1] + up), text, colour, size=10, paper=True)
