"""The figures of the chapters on the hidden layer, m examples and any depth."""

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from backprop import Layer, Network, backward, book, forward, losses
from course import figures

SVG = "{http://www.w3.org/2000/svg}"
net, (X, Y) = book.network(), book.data()
cache = forward(net, X)
grads = backward(net, cache, Y)
one = forward(net, X[:, [0]])
one_grads = backward(net, one, Y[:, [0]])
LOSS = losses(net, one, Y[:, [0]]).item()

UNIT = Network([Layer(net.W[2][:1], net.b[2][:1], "sigmoid")])
UNIT_CACHE = forward(UNIT, one.A[1])
UNIT_GRADS = backward(UNIT, UNIT_CACHE, Y[:1, [0]])

DRAWINGS = {
    "columns_of_a_batch": figures.columns_of_a_batch(net, cache, 2),
    "rank_one_tiles": figures.rank_one_tiles(cache, grads),
    "computation_graph": figures.computation_graph(net, one, one_grads, LOSS),
    "layers_both_ways": figures.layers_both_ways(),
    "one_unit_both_ways": figures.one_unit_both_ways(UNIT, UNIT_CACHE, UNIT_GRADS, 0.213),
}


@pytest.fixture(params=DRAWINGS)
def drawing(request):
    return DRAWINGS[request.param]


def numbers_in(text):
    return [float(number) for number in re.findall(r"-?\d+\.\d+", text)]


def test_same_bytes_in_another_process(apart):
    code = (
        "from backprop import backward, book, forward; from course import figures; "
        "net, (X, Y) = book.network(), book.data(); cache = forward(net, X); "
        "grads = backward(net, cache, Y); "
        "print(figures.columns_of_a_batch(net, cache, 2)._repr_html_()); "
        "print(figures.rank_one_tiles(cache, grads)._repr_html_())"
    )
    out = apart(code)
    again = [DRAWINGS[name]._repr_html_() for name in ("columns_of_a_batch", "rank_one_tiles")]
    assert out.rstrip("\n") == "\n".join(again)


def test_no_id_is_given_twice_on_a_page_with_all_of_them():
    html = "".join(drawing._repr_html_() for drawing in DRAWINGS.values())
    ids = re.findall(r'\bid="([^"]*)"', html)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]*)"', html)) <= set(ids)


def test_every_panel_is_an_image_with_a_description_in_both_themes(drawing):
    for panel in drawing.panels:
        root = ET.fromstring(panel.svg)  # noqa: S314 - our own drawing
        assert root.get("role") == "img"
        assert root.find(f"{SVG}desc").text == panel.description
        bare = re.sub(r"var\(--[\w-]+, #\w+\)", "", panel.svg)
        assert not re.findall(r"#[0-9a-f]{6}\b", bare)


def test_the_framed_column_is_the_example_s_own():
    product, result = figures.columns_of_a_batch(net, cache, 4).panels
    assert "Column 4 of X is framed: 0.0, 1.0, -0.5, -2.0" in product.description
    np.testing.assert_allclose(numbers_in(result.description)[-3:], cache.Z[1][:, 3], atol=0.005)
    with pytest.raises(ValueError, match=r"^example: expected a number from 1 to 5, got 6$"):
        figures.columns_of_a_batch(net, cache, 6)


@pytest.mark.parametrize("layer", [1, 2])
def test_each_example_has_a_tile_and_the_last_is_their_mean(layer):
    *tiles, mean = figures.rank_one_tiles(cache, grads, layer).panels
    assert len(tiles) == 5
    for i, tile in enumerate(tiles):
        dz, a = grads.dZ[layer][:, i], cache.A[layer - 1][:, i]
        wanted = [*dz, *a, *np.outer(dz, a).ravel()]
        np.testing.assert_allclose(numbers_in(tile.description), wanted, atol=0.005001)
    dW = grads.dW[layer].ravel()
    np.testing.assert_allclose(numbers_in(mean.description), dW, atol=0.005001)


def test_a_layer_that_is_not_there():
    with pytest.raises(ValueError, match=r"^layer: expected one of 1, 2, got 3$"):
        figures.rank_one_tiles(cache, grads, 3)


def test_the_graph_shows_every_value_with_its_slope():
    first, second = DRAWINGS["computation_graph"].panels
    for panel, l in ((first, 1), (second, 2)):
        wanted = [
            *one.A[l - 1], *one_grads.dA[l - 1], *one.Z[l], *one_grads.dZ[l], *one.A[l], *one_grads.dA[l],
        ]
        found = numbers_in(panel.description)
        if l == 2:
            assert found.pop(0) == pytest.approx(LOSS, abs=0.0005)
        np.testing.assert_allclose(found, np.ravel(wanted), atol=0.005001)


def test_the_graph_of_one_unit_shows_every_value_with_its_derivative():
    words = DRAWINGS["one_unit_both_ways"].alt
    for name, array in (("z", UNIT_CACHE.Z), ("a", UNIT_CACHE.A), ("dz", UNIT_GRADS.dZ), ("da", UNIT_GRADS.dA)):
        assert f" {name} = {array[1].item():.3f}" in words
    for j, slope in enumerate(UNIT_GRADS.dW[1][0], 1):
        assert f"dw{j} = {slope:.3f}" in words
    with pytest.raises(ValueError, match=r"^unit: expected one layer of one unit and one example, got \(4, 3, 2\)"):
        figures.one_unit_both_ways(net, one, one_grads, LOSS)


def test_the_graph_is_of_two_layers_and_one_example():
    with pytest.raises(ValueError, match="expected two layers and one example, got 2 and 5"):
        figures.computation_graph(net, cache, grads, LOSS)
    single = Network([Layer([[1.0, 2.0]], [[0.0]], "sigmoid")])
    short = forward(single, np.ones((2, 1)))
    with pytest.raises(ValueError, match="expected two layers and one example, got 1 and 1"):
        figures.computation_graph(single, short, backward(single, short, np.ones((1, 1))), 1.0)
