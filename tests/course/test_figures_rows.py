"""The figure of columns and rows: what it shows, and that it sits well in a page."""

import re
import xml.etree.ElementTree as ET

import pytest

from backprop import Network, book
from course import figures

SVG = "{http://www.w3.org/2000/svg}"
net = book.network()
drawing = figures.columns_and_rows(net, m=5)


def test_same_bytes_in_another_process(apart):
    code = (
        "from backprop import book; from course import figures; "
        "print(figures.columns_and_rows(book.network(), m=5)._repr_html_())"
    )
    out = apart(code)
    assert out.rstrip("\n") == drawing._repr_html_()


def test_it_says_the_shapes_of_both_products():
    columns, rows = (panel.description for panel in drawing.panels)
    assert re.findall(r"\(\d, \d\)", columns) == ["(3, 2)", "(2, 5)", "(3, 5)"]
    assert re.findall(r"\(\d, \d\)", rows) == ["(5, 2)", "(2, 3)", "(5, 3)"]
    assert "Example 1 is column 1" in columns
    assert "Example 1 is row 1" in rows


@pytest.mark.parametrize("panel", drawing.panels, ids=["columns", "rows"])
def test_every_panel_is_an_image_for_both_themes(panel):
    root = ET.fromstring(panel.svg)  # noqa: S314 - our own drawing
    assert root.get("role") == "img"
    assert root.find(f"{SVG}desc").text == panel.description
    assert not re.findall(r"#[0-9a-f]{6}\b", re.sub(r"var\(--[\w-]+, #\w+\)", "", panel.svg))


@pytest.mark.parametrize("example", [1, 4])
def test_the_marked_cells_lie_in_a_column_and_in_a_row(example):
    columns, rows = figures.columns_and_rows(net, m=5, example=example).panels
    for panel, line in ((columns, 0), (rows, 1)):
        # Five marked cells: two of dZ[2], three of dA[1]. Within each table they share one place.
        marked = strong(panel)
        assert len(marked) == 5
        shared = [place[line] for place in marked]
        assert len(set(shared)) == (2 if line == 0 else 1)


def strong(panel):
    """The middle of each cell with a thick line."""
    root = ET.fromstring(panel.svg)  # noqa: S314 - our own drawing
    places = []
    for e in root.iter(f"{SVG}path"):
        if "stroke-width: 1.8" in e.get("style", ""):
            numbers = [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?", e.get("d"))]
            xs, ys = numbers[::2], numbers[1::2]
            places.append((round((min(xs) + max(xs)) / 2, 1), round((min(ys) + max(ys)) / 2, 1)))
    return places


def test_what_cannot_be_drawn():
    with pytest.raises(ValueError, match=r"^example: expected a number from 1 to 5, got 6$"):
        figures.columns_and_rows(net, m=5, example=6)
    with pytest.raises(ValueError, match=r"^network: expected two layers, got 1"):
        figures.columns_and_rows(Network(net.layers[1:]), m=5)
