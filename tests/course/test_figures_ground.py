"""The figures of the first chapters: what they say, and that they sit well in a page."""

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from backprop import book, complex_step, forward, sigmoid
from course import figures
from course.colours import LETTERS
from course.drawing import INK
from course.figures.ground import Axes

net, (X, Y) = book.network(), book.data()
Z = forward(net, X[:, [0]]).Z[2][0, 0]
FIGURES = {
    "slope_of_square()": figures.slope_of_square(),
    "product_as_area()": figures.product_as_area(),
    "two_paths()": figures.two_paths(),
    "loss_of_one_unit(1.436)": figures.loss_of_one_unit(1.436),
}
SVG = "{http://www.w3.org/2000/svg}"


def strokes(panel):
    """The styles of all lines that are drawn."""
    styles = (e.get("style", "") for e in ET.fromstring(panel.svg).iter(f"{SVG}path"))  # noqa: S314 - our own drawing
    return [style for style in styles if style.startswith("fill: none") and "stroke:" in style]


@pytest.mark.parametrize("call", FIGURES)
def test_same_bytes_in_another_process(apart, call):
    code = f"from course import figures; print(figures.{call}._repr_html_())"
    out = apart(code)
    assert out.rstrip("\n") == FIGURES[call]._repr_html_()


def test_no_id_is_given_twice_and_every_reference_is_met():
    html = "".join(drawing._repr_html_() for drawing in FIGURES.values())
    html += figures.weights_both_ways(net)._repr_html_()
    ids = re.findall(r'\bid="([^"]*)"', html)
    assert len(ids) == len(set(ids))
    referred = re.findall(r'href="#([^"]*)"', html) + re.findall(r"url\(#([^)]*)\)", html)
    referred += re.findall(r'aria-labelledby="([^"]*)"', html)
    assert referred
    assert set(referred) <= set(ids)


@pytest.mark.parametrize("call", FIGURES)
def test_every_panel_is_an_image_with_a_description_and_no_fixed_colour(call):
    for panel in FIGURES[call].panels:
        root = ET.fromstring(panel.svg)  # noqa: S314 - our own drawing
        assert root.get("role") == "img"
        assert root.find(f"{SVG}desc").text == panel.description
        bare = re.sub(r"var\(--[\w-]+, #\w+\)", "", panel.svg)
        assert not re.findall(r"#[0-9a-f]{6}\b", bare)


def test_the_slope_of_the_square():
    (panel,) = figures.slope_of_square(at=1.0, push=0.5).panels
    assert "from t = 1 moves the value up from 1 to 2.25, by 1.25: that is 2.5 times" in panel.description
    assert "goes up by 2 for each step of 1" in panel.description
    assert sum("stroke-dasharray" in style for style in strokes(panel)) == 1  # the step up, told apart without colour


@pytest.mark.parametrize(("t", "push"), [(3.0, 0.01), (1.0, 0.1)])
def test_strips_and_corner_are_what_a_push_adds_to_a_product(t, push):
    words = figures.product_as_area(t, push).alt
    strip, top, corner = (float(number) for number in re.findall(r"[pu] [vq] = ([\d.]*\d)", words)[1:])
    assert strip + top + corner == pytest.approx(2 * (t + push) * (t + push + 1) - 2 * t * (t + 1))
    assert corner == pytest.approx(2 * push * push)


@pytest.mark.parametrize(("at", "push"), [(0.0, 0.5), (2.0, 0.0), (2.0, 1.5), (4.0, 0.1)])
def test_a_push_out_of_view(at, push):
    with pytest.raises(ValueError, match=r"^at, push: expected at > 0 and 0 < push ≤ "):
        figures.slope_of_square(at, push)


@pytest.mark.parametrize("t", [3.0, 1.0, 0.5])
def test_the_paths_add_up_to_the_slope(t):
    words = figures.two_paths(t).alt
    slope = complex_step(lambda t: 2 * t * (t + 1), np.array(t))
    assert f"is {float(slope):g}." in words
    assert words.startswith(f"Two paths lead from t = {t:g} to f = {2 * t * (t + 1):g}.")
    (panel,) = figures.two_paths(t).panels
    marked = [style for style in strokes(panel) if LETTERS["W"].light in style and "stroke-width: 2.2" in style]
    # Each arrow is a line and a head; the lines of the second path are dashed.
    assert sum("stroke-dasharray" in style for style in marked) == 2


@pytest.mark.parametrize("z", [Z, -1.0, 0.0])
def test_the_slopes_of_the_loss(z):
    over_a, over_z = figures.loss_of_one_unit(z).panels
    a = sigmoid(np.array(z))
    for panel, of_one, of_zero, at in (
        (over_a, lambda a: -np.log(a), lambda a: -np.log(1 - a), a),
        (over_z, lambda z: np.log(1 + np.exp(-z)), lambda z: np.log(1 + np.exp(z)), np.array(z)),
    ):
        for f in (of_one, of_zero):
            assert f"{float(complex_step(f, at)):.3f}" in panel.description
        assert sum("stroke-dasharray" in style for style in strokes(panel)) == 1  # the label 0


def test_the_books_unit():
    words = figures.loss_of_one_unit(Z).alt
    assert "at a = 0.808 its slope is -1.238" in words
    assert "is 5.205" in words
    assert "for y = 1 is -0.192" in words


def test_a_curve_ends_with_its_axis():
    axes = Axes("steep", (0.0, 1.0), (0.0, 1.0))
    axes.curve(lambda x: 3 * x, 0.0, 1.0, INK, dashed=True)
    panel = axes.sheet.panel(100, "a line that leaves the axes")
    (path,) = re.findall(r'd="(M [^"]*)"[^>]*stroke-dasharray', panel.svg)
    heights = [float(n) for n in re.findall(r"-?\d+\.?\d*", path)[1::2]]
    top = 72 * 0.45  # in points: the space that is left above the axes
    assert top <= min(heights) < top + 2


def test_a_sum_out_of_view():
    with pytest.raises(ValueError, match=r"^z: expected a number from -3 to 3, got 4$"):
        figures.loss_of_one_unit(4.0)
