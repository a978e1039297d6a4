"""The figures of a training: what they show, and that they sit well in a page."""

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from backprop import Layer, Network, book, flower, forward, initialise, train
from course import figures

SVG = "{http://www.w3.org/2000/svg}"
XLINK = "{http://www.w3.org/1999/xlink}"
MAKE = """
from backprop import flower, initialise, train
from course import figures
X, Y = flower(40)
net = initialise((2, 4, 1), seed=2)
training = train(net, X, Y, alpha=0.5, epochs=120)
boundaries = figures.decision_boundaries(X, Y, {0: net, 120: training.network})
curve = figures.learning_curve(training.history, (10,))
"""
X, Y = flower(40)
net = initialise((2, 4, 1), seed=2)
training = train(net, X, Y, alpha=0.5, epochs=120)
stages = {0: net, 120: training.network}
boundaries = figures.decision_boundaries(X, Y, stages)
curve = figures.learning_curve(training.history, (10,))
panels = [*boundaries.panels, *curve.panels]


def root(panel):
    return ET.fromstring(panel.svg)  # noqa: S314 - our own drawing


def marks(panel):
    """The marks of a panel: each is a use of one of its outlines, letters left out."""
    return [e for e in root(panel).iter(f"{SVG}use") if "stroke" in e.get("style", "")]


def test_same_bytes_in_another_process(apart):
    code = f"{MAKE}\nprint(boundaries._repr_html_() + curve._repr_html_())"
    out = apart(code)
    assert out.rstrip("\n") == boundaries._repr_html_() + curve._repr_html_()


def test_no_id_is_given_twice_and_every_reference_is_met():
    html = boundaries._repr_html_() + curve._repr_html_()
    ids = re.findall(r'\bid="([^"]*)"', html)
    assert len(ids) == len(set(ids))
    referred = re.findall(r'href="#([^"]*)"', html) + re.findall(r"url\(#([^)]*)\)", html)
    assert referred
    assert set(referred) <= set(ids)


@pytest.mark.parametrize("panel", panels, ids=["0 steps", "120 steps", "curve"])
def test_every_panel_is_an_image_with_a_description_in_both_themes(panel):
    assert root(panel).get("role") == "img"
    assert root(panel).find(f"{SVG}desc").text == panel.description
    bare = re.sub(r"var\(--[\w-]+, #\w+\)", "", panel.svg)
    assert not re.findall(r"#[0-9a-f]{6}\b", bare)
    assert not re.search(r"\d\.\d{3,}[ \"]", panel.svg)  # places to a hundredth, not to six figures


def test_every_example_has_a_mark_and_the_labels_differ_without_colour():
    for panel in boundaries.panels:
        found = marks(panel)
        assert len(found) == 40
        kinds = {}
        for mark in found:
            kinds.setdefault(mark.get(f"{XLINK}href"), []).append(mark)
        assert sorted(map(len, kinds.values())) == sorted([int((Y == 0).sum()), int((Y == 1).sum())])
        drawn = {f"#{e.get('id')}": e.get("d") for e in root(panel).iter(f"{SVG}path")}
        assert len({drawn[kind] for kind in kinds}) == 2


def test_the_share_of_right_labels_is_that_of_the_network():
    for panel, step in zip(boundaries.panels, stages, strict=True):
        right = ((forward(stages[step], X).A[2] > 0.5) == (Y == 1)).mean()
        assert f"gives {right:.0%} of the 40 examples the right label" in panel.description
    assert boundaries.panels[0].description.startswith("At the start ")
    assert boundaries.panels[1].description.startswith("After 120 steps ")


def test_the_border_is_where_the_output_is_one_half():
    # One unit with weights (1, 0): the output is one half where the first input is 0.
    upright = Network([Layer([[1.0, 0.0]], [[0.0]], "sigmoid")])
    (panel,) = figures.decision_boundaries(X, Y, {1: upright}).panels
    assert panel.description.startswith("After 1 step the")
    (border,) = [e for e in root(panel).iter(f"{SVG}path")
                 if "stroke-width: 1.8" in e.get("style", "")]
    across = [float(x) for x in re.findall(r"[ML] ([\d.]+) [\d.]+", border.get("d"))]
    middle = float(root(panel).get("viewBox").split()[2]) / 2
    assert np.allclose(across, middle, atol=0.02)


def test_a_network_that_gives_one_label_to_all_has_no_border():
    sure = Network([Layer([[0.0, 0.0]], [[3.0]], "sigmoid")])
    (panel,) = figures.decision_boundaries(X, Y, {1: sure}).panels
    assert not [e for e in root(panel).iter(f"{SVG}path") if "stroke-width: 1.8" in e.get("style", "")]


def test_the_curve_says_its_numbers():
    first, tenth, last = (training.history[k] for k in (1, 10, 119))
    assert f"starts at {first:.2f} and ends at {last:.2f}. After 10 steps it is {tenth:.2f}." in curve.alt
    assert len(marks(curve.panels[0])) == 1


def test_a_cost_that_falls_is_drawn_falling():
    (panel,) = curve.panels
    (line,) = [e for e in root(panel).iter(f"{SVG}path") if "stroke-width: 2.2" in e.get("style", "")]
    heights = [float(y) for y in re.findall(r"[ML] [\d.]+ ([\d.]+)", line.get("d"))]
    assert len(heights) > 20
    assert heights == sorted(heights)  # SVG counts downwards


def test_what_cannot_be_drawn():
    with pytest.raises(ValueError, match=r"^history: expected two costs or more, got 1$"):
        figures.learning_curve([1.0])
    with pytest.raises(ValueError, match=r"^marked: expected steps from 1 to 119, got 120$"):
        figures.learning_curve(training.history, (120,))
    with pytest.raises(ValueError, match=r"^stages: expected two inputs and one output, got sizes \(4, 3, 2\)"):
        figures.decision_boundaries(X, Y, {0: book.network()})
    with pytest.raises(ValueError, match=r"^X, Y: expected shapes \(2, m\) and \(1, m\)"):
        figures.decision_boundaries(*book.data(), {0: net})
