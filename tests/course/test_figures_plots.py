"""The plots: curves are those of backprop, words name the numbers, and they sit well in a page."""

import re
import xml.etree.ElementTree as ET
from itertools import pairwise

import numpy as np
import pytest

from backprop import binary_cross_entropy, relu, sigmoid, softmax
from course import figures
from course.figures import fits, plots

COLUMN = "np.array([[1.0], [-0.5], [0.25]])"
z = np.array([[1.0], [-0.5], [0.25]])
CALLS = {
    "activations_and_derivatives()": figures.activations_and_derivatives(),
    "losses_and_slopes()": figures.losses_and_slopes(),
    f"softmax_over_one_z({COLUMN})": figures.softmax_over_one_z(z),
    "step_errors()": figures.step_errors(),
    "what_fits((3, 2, 5), (3, 3, 3))": figures.what_fits((3, 2, 5), (3, 3, 3)),
}
PANELS = [panel for drawing in CALLS.values() for panel in drawing.panels]
SVG = "{http://www.w3.org/2000/svg}"


def panel_that(words):
    (found,) = [panel for panel in PANELS if words in panel.description]
    return found


def test_same_bytes_in_another_process(apart):
    code = "import numpy as np\nfrom course import figures\n"
    code += "".join(f"print(figures.{call}._repr_html_())\n" for call in CALLS)
    out = apart(code)
    assert out == "".join(drawing._repr_html_() + "\n" for drawing in CALLS.values())


def test_no_id_is_given_twice_and_every_reference_is_met():
    html = "".join(drawing._repr_html_() for drawing in CALLS.values())
    ids = re.findall(r'\bid="([^"]*)"', html)
    assert len(ids) == len(set(ids))
    referred = re.findall(r'href="#([^"]*)"', html) + re.findall(r"url\(#([^)]*)\)", html)
    referred += re.findall(r'aria-labelledby="([^"]*)"', html)
    assert referred
    assert set(referred) <= set(ids)


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel.description[:20])
def test_every_panel_is_an_image_with_a_description_and_no_fixed_colour(panel):
    root = ET.fromstring(panel.svg)  # noqa: S314 - our own drawing
    assert root.get("role") == "img"
    assert root.find(f"{SVG}desc").text == panel.description
    assert root.get("width") is None  # it grows and shrinks with the page
    bare = re.sub(r"var\(--[\w-]+, #\w+\)", "", panel.svg)
    assert not re.findall(r"#[0-9a-f]{6}\b", bare)


def places(plot, colour, dash):
    """The points of a line on a sheet's axes, in the data's own numbers."""
    (left, right), (bottom, top) = plot.x, plot.y
    found = []
    for line in plot.sheet._axes.lines:
        if line.get_color() == colour and (line.get_linestyle() == "--") == (dash == "dashed"):
            x, y = line.get_data()
            found.append(np.column_stack([
                left + np.asarray(x) / plots.ACROSS * (right - left),
                bottom + np.asarray(y) / plots.UP * (top - bottom),
            ]))
    return found


def test_a_curve_goes_through_its_points_and_is_cut_at_the_edge():
    plot = plots.Plot("test", (-2, 2), (-1, 1), title="", across="z")
    x = np.linspace(-2, 2, 9)
    plot.curves(x, [plots.Curve("twice", 2 * x, plots.A)])
    ((points),) = places(plot, plots.A, "solid")
    np.testing.assert_allclose(points[:, 1], 2 * points[:, 0], atol=1e-12)
    assert np.max(np.abs(points[:, 1])) <= 1
    assert len(points) == 3  # those with |2 x| > 1 lie outside


def test_the_words_name_the_numbers_of_backprop():
    ends = sigmoid(np.array([-6.0, 6.0]))
    words = panel_that("sigmoid over z").description
    assert f"from {ends[0]:.3f} " in words.replace("climbs ", "")
    assert f"to {ends[1]:.3f}" in words
    assert f"{sigmoid.prime(np.array([-6.0]))[0]:.4f}" in words
    assert "step: 0 up to 0 and at 0 itself" in panel_that("derivative 0 left of 0").description
    assert relu.prime(np.zeros(1))[0] == 0
    one = np.ones((1, 1))
    assert f"{binary_cross_entropy(one / 2, one)[0, 0]:.3f}" in panel_that("cross-entropy loss over").description
    assert f"{binary_cross_entropy.from_Z(-5 * one, one)[0, 0]:.2f} at z = -5" in panel_that("Two losses").description
    slope = panel_that("The derivative dz").description
    a = sigmoid(-5 * one)[0, 0]
    assert f"{a - 1:.3f} at z = -5" in slope
    assert f"{(a - 1) * a * (1 - a):.3f} at z = -5" in slope


def test_the_softmax_plot_marks_its_column():
    words = CALLS[f"softmax_over_one_z({COLUMN})"].alt
    for k, a in enumerate(softmax(z)[:, 0], 1):
        assert f"a {k} = {a:.3f}" in words
    assert "Only z 2" not in words
    assert "over z 2" in figures.softmax_over_one_z(z, unit=2).alt
    with pytest.raises(ValueError, match=r"^z: expected one column of three classes, shape \(3, 1\); got"):
        figures.softmax_over_one_z(z[:2])
    with pytest.raises(ValueError, match=r"^unit: expected a number from 1 to 3, got 4$"):
        figures.softmax_over_one_z(z, unit=4)


@pytest.mark.parametrize(("method", "order"), [("one-sided", 1), ("two-sided", 2), ("complex", 2)])
def test_the_error_falls_with_its_order(method, order):
    errors = [plots.step_error(method, exponent) for exponent in (-1, -2, -3)]
    for large, small in pairwise(errors):
        assert np.log10(large / small) == pytest.approx(order, abs=0.02)
    t = plots.CUBE_AT
    expected = {"one-sided": 3 * t * 0.1 + 0.01, "two-sided": 0.01, "complex": 0.01}
    assert errors[0] == pytest.approx(expected[method])


def test_small_steps_ruin_all_but_the_complex_one():
    assert plots.step_error("one-sided", -13) > 1e-4
    assert plots.step_error("two-sided", -13) > 1e-5
    assert plots.step_error("complex", -13) < 1e-14


def test_what_fits():
    wide = {name: fits.verdict(*shapes, (3, 5)) for name, shapes in fits.candidates(3, 2, 5).items()}
    assert wide == {"W dZ": "3 ≠ 2", "Wᵀ dZ": "fits", "dZ W": "5 ≠ 2", "dZ Wᵀ": "5 ≠ 3"}
    square = [fits.verdict(*shapes, (3, 3)) for shapes in fits.candidates(3, 3, 3).values()]
    assert square == ["fits"] * 4
    drawing = CALLS["what_fits((3, 2, 5), (3, 3, 3))"]
    assert "So 1 of the four fits." in drawing.panels[0].description
    assert "So 4 of the four fit." in drawing.panels[1].description


def test_a_matrix_product_agrees_with_the_verdicts():
    for sizes in [(3, 2, 5), (3, 3, 3), (2, 4, 4), (3, 3, 2)]:
        n_1, _, m = sizes
        for left, right in fits.candidates(*sizes).values():
            try:
                product = (np.ones(left) @ np.ones(right)).shape
            except ValueError:
                product = None
            assert (fits.verdict(left, right, (n_1, m)) == "fits") == (product == (n_1, m))
