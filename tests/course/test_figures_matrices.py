"""The figures of matrices, and the size of letters on a phone in all figures of the tracks."""

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from backprop import backward, book, forward
from course import figures
from course.drawing import Drawing, Sheet

SVG = "{http://www.w3.org/2000/svg}"
net, (X, Y) = book.network(), book.data()
x, y = X[:, [0]], Y[:, [0]]
cache, batch = forward(net, x), forward(net, X)
grads = backward(net, cache, y)
MATRICES = {
    "rows_and_columns": figures.rows_and_columns(net),
    "row_times_column": figures.row_times_column(net, cache),
    "transposed": figures.transposed(net),
    "every_pair": figures.every_pair(cache),
    "place_by_place": figures.place_by_place(cache),
    "diagonal_times_column": figures.diagonal_times_column(cache),
    "answer_in_numbers": figures.answer_in_numbers(net, x, y),
}
TRACKS = MATRICES | {
    "paths_to_loss": figures.paths_to_loss(net, x, y),
    "weights_both_ways": figures.weights_both_ways(net),
    "slope_of_square": figures.slope_of_square(),
    "two_paths": figures.two_paths(),
    "product_as_area": figures.product_as_area(),
    "loss_of_one_unit": figures.loss_of_one_unit(1.436),
    "outer_product": figures.outer_product(net, x, y),
    "computation_graph": figures.computation_graph(net, cache, grads, 0.633),
    "columns_of_a_batch": figures.columns_of_a_batch(net, batch, 2),
    "rank_one_tiles": figures.rank_one_tiles(batch, backward(net, batch, Y)),
    "layers_both_ways": figures.layers_both_ways(),
    "diagonal_jacobian": figures.diagonal_jacobian(net, x, y),
    "row_and_column": figures.row_and_column(net),
    "shapes_that_fit": figures.shapes_that_fit(net, 5),
}


@pytest.mark.parametrize("name", TRACKS)
def test_letters_are_at_least_eleven_pixels_high_on_a_phone(name):
    assert TRACKS[name].smallest_on_a_phone >= 10.95


def test_a_small_letter_and_a_wide_sheet_are_seen():
    sheet = Sheet("small", (0, 4), (0, 1))
    sheet.text((1, 1), "large", size=12)
    large = sheet.panel(400, "").smallest
    sheet.text((1, 1), "small", size=6)
    panel = sheet.panel(400, "")
    assert panel.smallest == pytest.approx(large / 2)
    assert Drawing((panel, panel), paired=True).smallest_on_a_phone < Drawing((panel,)).smallest_on_a_phone / 2


@pytest.mark.parametrize("name", MATRICES)
def test_every_panel_is_an_image_in_the_colours_of_the_page(name):
    for panel in MATRICES[name].panels:
        root = ET.fromstring(panel.svg)  # noqa: S314 - our own drawing
        assert root.get("role") == "img"
        assert root.find(f"{SVG}desc").text == panel.description
        assert not re.findall(r"#[0-9a-f]{6}\b", re.sub(r"var\(--[\w-]+, #\w+\)", "", panel.svg))


def test_no_id_is_given_twice():
    ids = re.findall(r'\bid="([^"]*)"', "".join(drawing._repr_html_() for drawing in MATRICES.values()))
    assert len(ids) == len(set(ids))


def said(array, decimals=3):
    *first, last = [f"{entry:.{decimals}f}" for entry in np.ravel(array)]
    return f"{', '.join(first)} and {last}"


def test_the_words_hold_the_numbers():
    W, a, z = net.W[2], cache.A[1], cache.Z[1]
    assert f"first entry, {(W @ a)[0, 0]:.3f}" in MATRICES["row_times_column"].alt
    assert f"Row 1, {said(W[0], 1)}, has become column 1" in MATRICES["transposed"].alt
    assert f"is {cache.Z[2][0, 0] * a[1, 0]:.2f}." in MATRICES["every_pair"].alt
    assert said(a * z) in MATRICES["place_by_place"].alt
    assert said(np.diagflat(a) @ z) in MATRICES["diagonal_times_column"].alt
    assert f"is da[1]: {said(W.T @ grads.dZ[2])}." in MATRICES["answer_in_numbers"].alt
    assert f"is dz[1]: {said(grads.dZ[1])}." in MATRICES["answer_in_numbers"].alt


def test_what_cannot_be_drawn():
    with pytest.raises(ValueError, match="expected one example, columns of shape"):
        figures.every_pair(batch)
    with pytest.raises(ValueError, match=r"^x: expected one example, a column of shape \(n_0, 1\), got 5 examples$"):
        figures.answer_in_numbers(net, X, Y)
