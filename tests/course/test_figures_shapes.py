"""The figures of shapes: tables that fit or do not, the diagonal Jacobian, the outer product."""

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from backprop import Layer, Network, backward, book, forward
from course import figures

SVG = "{http://www.w3.org/2000/svg}"
net, (X, Y) = book.network(), book.data()
x, y = X[:, [0]], Y[:, [0]]
CALLS = {
    "shapes_that_fit": "figures.shapes_that_fit(net)",
    "row_and_column": "figures.row_and_column(net)",
    "diagonal_jacobian": "figures.diagonal_jacobian(net, x, y)",
    "outer_product": "figures.outer_product(net, x, y)",
}
SETUP = (
    "from backprop import book; from course import figures; "
    "net, (X, Y) = book.network(), book.data(); x, y = X[:, [0]], Y[:, [0]]; "
)
DRAWN = {
    "shapes_that_fit": figures.shapes_that_fit(net),
    "row_and_column": figures.row_and_column(net),
    "diagonal_jacobian": figures.diagonal_jacobian(net, x, y),
    "outer_product": figures.outer_product(net, x, y),
}


def strokes(panel):
    """Return the styles of all lines of a panel."""
    root = ET.fromstring(panel.svg)  # noqa: S314 - our own drawing
    return [style for e in root.iter() if "stroke-width" in (style := e.get("style", ""))]


def marked(panel):
    return sum("stroke-width: 1.8" in style for style in strokes(panel))


def cells(panel):
    return marked(panel) + sum("stroke-width: 0.8" in style for style in strokes(panel))


def three(number):
    return f"{number:.3f}"


def test_same_bytes_in_another_process(apart):
    code = SETUP + "; ".join(f"print({call}._repr_html_())" for call in CALLS.values())
    out = apart(code)
    assert out == "".join(drawing._repr_html_() + "\n" for drawing in DRAWN.values())


def test_no_id_is_given_twice_and_every_reference_is_met():
    html = "".join(drawing._repr_html_() for drawing in DRAWN.values())
    html += figures.weights_both_ways(net)._repr_html_()  # they share a page
    ids = re.findall(r'\bid="([^"]*)"', html)
    assert len(ids) == len(set(ids))
    referred = re.findall(r'href="#([^"]*)"', html) + re.findall(r"url\(#([^)]*)\)", html)
    assert referred
    assert set(referred) <= set(ids)


@pytest.mark.parametrize("name", DRAWN)
def test_every_panel_is_an_image_in_the_colours_of_the_page(name):
    for panel in DRAWN[name].panels:
        root = ET.fromstring(panel.svg)  # noqa: S314 - our own drawing
        assert root.get("role") == "img"
        assert root.find(f"{SVG}desc").text == panel.description
        assert not re.findall(r"#[0-9a-f]{6}\b", re.sub(r"var\(--[\w-]+, #\w+\)", "", panel.svg))
        assert "var(--quantity-z" in panel.svg


@pytest.mark.parametrize(("m", "result"), [(1, "(3, 1), as da[1]"), (5, "(3, 5), as dA[1]")])
def test_a_product_that_fits_and_one_that_does_not(m, result):
    fits, differs = figures.shapes_that_fit(net, m).panels
    assert "W[2] transposed is (3, 2)" in fits.description
    assert result in fits.description
    assert "the inner sizes are 3 and 2. They differ" in differs.description
    assert cells(fits) == 3 * 2 + 2 * m + 3 * m
    assert cells(differs) == 2 * 3 + 2 * m
    # The line between sizes that differ is dashed: told apart without colour.
    assert not any("stroke-dasharray" in style for style in strokes(fits))
    assert any("stroke-dasharray" in style for style in strokes(differs))


def test_the_row_turned_into_a_column():
    row, column = DRAWN["row_and_column"].panels
    assert "(1, 2), (2, 3), (3, 3). The product is a row of shape (1, 3)" in row.description
    assert "(3, 3), (3, 2), (2, 1). The product is a column of shape (3, 1)" in column.description
    assert (marked(row), marked(column)) == (3, 3)  # the diagonal


def test_the_diagonal_holds_the_slopes_of_the_activation():
    table, by_entry = DRAWN["diagonal_jacobian"].panels
    z = net.W[1] @ x + net.b[1]
    slopes = [three(1 - np.tanh(z[i, 0]) ** 2) for i in range(3)]
    assert f"Its diagonal holds {slopes[0]}, {slopes[1]} and {slopes[2]}; all" in table.description
    assert (marked(table), marked(by_entry)) == (3, 0)
    assert (cells(table), cells(by_entry)) == (9 + 3 + 3, 3 + 3 + 3)
    last = three(backward(net, forward(net, x), y).dZ[1][2, 0])
    assert table.description.endswith(f"and {last}.")


@pytest.mark.parametrize(("row", "column"), [(1, 1), (2, 3)])
def test_each_entry_is_the_number_at_its_side_times_the_number_on_top(row, column):
    (panel,) = figures.outer_product(net, x, y, row, column).panels
    cache = forward(net, x)
    side, top = backward(net, cache, y).dZ[2][row - 1, 0], cache.A[1][column - 1, 0]
    said = f"Marked: row {row}, column {column}, {three(side)} times {three(top)}, which is {three(side * top)}."
    assert panel.description.endswith(said)
    assert (marked(panel), cells(panel)) == (3, 2 * 3 + 2 + 3)


def test_what_cannot_be_drawn():
    with pytest.raises(ValueError, match=r"^row: expected a number from 1 to 2, got 3$"):
        figures.outer_product(net, x, y, row=3)
    with pytest.raises(ValueError, match=r"^column: expected a number from 1 to 3, got 0$"):
        figures.outer_product(net, x, y, column=0)
    for figure in (figures.outer_product, figures.diagonal_jacobian):
        with pytest.raises(ValueError, match=r"^x: expected one example, .* got 5 examples$"):
            figure(net, X, Y)
    square = Network([net.layers[0], Layer([[0.1] * 3] * 3, [[0.0]] * 3, "sigmoid")])
    with pytest.raises(ValueError, match=r"expected layers of different sizes, got 3 units in both"):
        figures.shapes_that_fit(square)
    shallow = Network([Layer(net.W[1], net.b[1], "sigmoid")])
    for draw in (figures.shapes_that_fit, figures.row_and_column):
        with pytest.raises(ValueError, match=r"^network: expected two layers, got 1; the figures show"):
            draw(shallow)
