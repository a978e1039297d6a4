"""The figures: what they show, and that they sit well in a page."""

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from backprop import Layer, Network, backward, book, forward
from course import figures
from course.colours import LETTERS
from course.drawing import Drawing, Sheet

X, Y = book.data()
x, y = X[:, [0]], Y[:, [0]]
FIGURES = {
    "paths_to_loss(net, x, y)": figures.paths_to_loss(book.network(), x, y),
    "weights_both_ways(net)": figures.weights_both_ways(book.network()),
}
SVG = "{http://www.w3.org/2000/svg}"
net = book.network()


def elements(panel):
    return list(ET.fromstring(panel.svg).iter())  # noqa: S314 - our own drawing


@pytest.mark.parametrize("figure", FIGURES)
def test_same_bytes_in_another_process(apart, figure):
    code = (
        "from backprop import book; from course import figures; net, (X, Y) = book.network(), book.data(); "
        f"x, y = X[:, [0]], Y[:, [0]]; print(figures.{figure}._repr_html_())"
    )
    out = apart(code)
    assert out.rstrip("\n") == FIGURES[figure]._repr_html_()


def test_no_id_is_given_twice_and_every_reference_is_met():
    html = "".join(drawing._repr_html_() for drawing in FIGURES.values())
    ids = re.findall(r'\bid="([^"]*)"', html)
    assert len(ids) == len(set(ids))
    referred = re.findall(r'href="#([^"]*)"', html) + re.findall(r"url\(#([^)]*)\)", html)
    referred += re.findall(r'aria-labelledby="([^"]*)"', html)
    assert referred
    assert set(referred) <= set(ids)


@pytest.mark.parametrize("figure", FIGURES)
def test_every_panel_is_an_image_with_a_description(figure):
    for panel in FIGURES[figure].panels:
        root = ET.fromstring(panel.svg)  # noqa: S314 - our own drawing
        assert root.get("role") == "img"
        assert root.find(f"{SVG}desc").text == panel.description
        assert root.get("width") is None  # it grows and shrinks with the page
        assert "<metadata>" not in panel.svg
        assert "<?xml" not in panel.svg


@pytest.mark.parametrize("figure", FIGURES)
def test_no_colour_is_fixed_for_one_theme(figure):
    for panel in FIGURES[figure].panels:
        bare = re.sub(r"var\(--[\w-]+, #\w+\)", "", panel.svg)
        assert not re.findall(r"#[0-9a-f]{6}\b", bare)
        for letter in ("W", "z", "a"):
            assert f"var(--quantity-{letter}, {LETTERS[letter].light})" in panel.svg


def thick(panel):
    """The edges that are marked: strokes drawn bold."""
    return [
        e for e in elements(panel)
        if "stroke-width: 2.2" in e.get("style", "") and e.get("style", "").startswith("fill: none")
    ]


@pytest.mark.parametrize("unit", [1, 2, 3])
def test_each_output_gives_a_path_and_each_path_a_stroke(unit):
    (panel,) = figures.paths_to_loss(net, x, y, unit).panels
    lines = [e.get("style") for e in thick(panel) if "L" not in e.get("d", "").replace("L", "", 1)]
    assert len(lines) == 5  # one from z to a, two edges to the outputs, two from there to the loss
    # Told apart without colour: one path is dashed.
    assert sum("stroke-dasharray" in style for style in lines) == 2
    assert f"Hidden unit {unit} is marked" in panel.description
    assert "2 paths" in panel.description
    slopes = backward(net, forward(net, x), y)
    for k in (0, 1):
        there = f"times {net.W[2][k, unit - 1]:.1f} and then times {slopes.dZ[2][k, 0]:.3f}"
        assert there in panel.description


def test_a_third_output_is_a_third_path():
    network = Network([net.layers[0], Layer([[0.1] * 3] * 3, [[0.0]] * 3, "sigmoid")])
    (panel,) = figures.paths_to_loss(network, x, np.ones((3, 1))).panels
    assert panel.description.count("and then times") == 3
    assert "3 paths lead to the loss" in panel.description


def test_forwards_is_a_row_and_backwards_a_column():
    forwards, backwards = figures.weights_both_ways(net, row=2, column=3).panels
    assert "row 2 of W[2], -0.7, 0.5 and 0.8" in forwards.description
    assert "column 3 of W[2], 0.4 and 0.8" in backwards.description
    assert (len(thick(forwards)), len(thick(backwards))) == (3, 2)


def test_what_cannot_be_drawn():
    with pytest.raises(ValueError, match=r"^unit: expected a number from 1 to 3, got 4$"):
        figures.paths_to_loss(net, x, y, unit=4)
    with pytest.raises(ValueError, match=r"^row: expected a number from 1 to 2, got 0$"):
        figures.weights_both_ways(net, row=0)
    with pytest.raises(ValueError, match=r"^column: expected a number from 1 to 3, got 4$"):
        figures.weights_both_ways(net, column=4)
    with pytest.raises(ValueError, match=r"^network: expected two layers, got 1; the figures show"):
        figures.paths_to_loss(Network(net.layers[1:]), x, y)


def test_the_words_of_a_drawing():
    drawing = figures.weights_both_ways(net)
    assert repr(drawing) == drawing.alt
    assert drawing.alt.startswith("Forwards: ")
    assert "Backwards: " in drawing.alt
    sheet = Sheet("quoted", (0, 1), (0, 1))
    assert "a &lt; b" in Drawing((sheet.panel(10, "a < b"),))._repr_html_()
