"""The symbol table against the arrays it describes."""

import re
import subprocess
import sys

import numpy as np
import pytest

from backprop import Layer, Network, backward, book, cost, forward, losses
from course import COLUMN_SYMBOLS, SYMBOLS, UNIT_SYMBOLS, Symbol, table

TABLES = {"batch": SYMBOLS, "column": COLUMN_SYMBOLS, "unit": UNIT_SYMBOLS}
ALL = [symbol for symbols in TABLES.values() for symbol in symbols.values()]
net, (X, Y) = book.network(), book.data()
SIZES = {"m": 5, "L": 2, "n_0": 4, "n_l": {0: 4, 1: 3, 2: 2}, "n_L": 2}


def by_layer(network, X, Y):
    cache = forward(network, X)
    grads = backward(network, cache, Y)
    return {
        "W": network.W, "b": network.b, "Z": cache.Z, "A": cache.A,
        "g": {l: network.g[l](cache.Z[l]) for l in cache.Z},
        "g'": {l: network.g[l].prime(cache.Z[l]) for l in cache.Z},
        "dA": grads.dA, "dZ": grads.dZ, "dW": grads.dW, "db": grads.db,
    }


def arrays(table_name):
    """Every array a table speaks of, under the symbol's name; layers as a mapping."""
    if table_name == "batch":
        found = {f"{name}[l]": layers for name, layers in by_layer(net, X, Y).items()}
        found["g[l]'"] = found.pop("g'[l]")
        cache = forward(net, X)
        found |= {"X": X, "Y": Y, "J": cost(net, cache, Y), "𝓛": losses(net, cache, Y)[0, 0]}
        return found | {"α": 0.1, "λ": net.l2} | dict.fromkeys(SIZES, 0)
    if table_name == "column":
        x, y = X[:, [0]], Y[:, [0]]
        layers = by_layer(net, x, y)
        lower = {"z[l]": "Z", "a[l]": "A", "da[l]": "dA", "dz[l]": "dZ"}
        return {"x": x, "y": y} | {name: layers[key] for name, key in lower.items()}
    # Logistic regression with as many inputs as the book's network: its first unit, a sigmoid.
    unit = Network([Layer(net.W[1][:1], net.b[1][:1], "sigmoid")])
    layers = by_layer(unit, X[:, [0]], Y[:1, [0]])
    numbers = {"z": "Z", "a": "A", "da": "dA", "dz": "dZ", "b": "b", "db": "db"}
    found = {name: layers[key][1].item() for name, key in numbers.items()}
    return found | {"w": layers["W"][1].T, "dw": layers["dW"][1].T}


@pytest.mark.parametrize("name", TABLES)
def test_every_shape_is_that_of_the_array(name):
    found, m = arrays(name), 5 if name == "batch" else 1
    for symbol in TABLES[name].values():
        value = found[symbol.name]
        if symbol.first_layer is None or symbol.name == "n_l":
            assert symbol.sizes(net.sizes, m) == np.shape(value), symbol.name
            continue
        assert min(value) == symbol.first_layer, symbol.name
        for layer, array in value.items():
            assert symbol.at(layer).sizes(net.sizes, m) == np.shape(array), (symbol.name, layer)


@pytest.mark.parametrize("name", TABLES)
def test_the_tables_hold_what_the_code_computes_and_nothing_else(name):
    assert set(TABLES[name]) == set(arrays(name))


def test_derivatives_have_the_shape_of_their_namesake():
    for symbols in TABLES.values():
        for symbol in symbols.values():
            if symbol.derivative_of:
                namesake = symbols[symbol.by]
                assert symbol.shape == namesake.shape
                assert symbol.first_layer == namesake.first_layer
    assert SYMBOLS["X"].by is None


def test_dZ_belongs_to_the_loss_and_dW_to_the_cost():
    grads = backward(net, forward(net, X), Y)
    twice = backward(net, forward(net, np.hstack([X, X])), np.hstack([Y, Y]))
    # Each example twice: a derivative of the mean stays; one of each loss is repeated.
    for letter in ("dA", "dZ", "dW", "db"):
        of = SYMBOLS[f"{letter}[l]"].derivative_of
        once, again = getattr(grads, letter)[1], getattr(twice, letter)[1]
        expected = np.hstack([once, once]) if of == "𝓛" else once
        np.testing.assert_allclose(again, expected)


@pytest.mark.parametrize("symbol", ALL, ids=lambda symbol: symbol.name)
def test_every_entry_is_complete(symbol):
    assert symbol.latex
    assert symbol.words
    assert symbol.meaning[0].isupper()
    assert symbol.meaning.endswith(".")
    assert symbol.latex.isascii()
    assert symbol.latex.count("{") == symbol.latex.count("}")
    # Words are read aloud: letters and spaces only.
    assert re.fullmatch(r"[A-Za-z ]+", symbol.words)
    layered = symbol.first_layer is not None
    assert layered == bool(re.search(r"\[l\]|n_l", symbol.name))
    assert layered == bool(re.search(r"\[l\]|n_l", symbol.latex))
    assert layered == (re.search(r"\bl\b", symbol.words) is not None)


LAYERED = [symbol for symbol in ALL if symbol.first_layer is not None]


@pytest.mark.parametrize("symbol", LAYERED, ids=lambda symbol: symbol.name)
def test_no_l_is_left_when_the_layer_is_given(symbol):
    at = symbol.at(2)
    for text in (at.name, at.latex, at.words, at.meaning, *at.shape):
        assert not re.search(r"\bl\b|n_l|\(l", text), text


def test_layers_that_a_symbol_does_not_have():
    with pytest.raises(ValueError, match=r"^Z\[l\]: expected a layer from 1 to 9, got 0$"):
        SYMBOLS["Z[l]"].at(0)
    with pytest.raises(ValueError, match=r"^X does not belong to a layer: use it as it is$"):
        SYMBOLS["X"].at(1)
    with pytest.raises(
        ValueError,
        match=r"^W\[l\]: expected sizes among m, L, n_0, n_1, n_L, 1, got n_l; "
        r"give the layer first, with at\(layer\)$",
    ):
        SYMBOLS["W[l]"].sizes((2, 1), m=3)


def test_the_table_in_markdown():
    rows = table(SYMBOLS, network=net.sizes, m=5).splitlines()
    assert len(rows) == 2 + len(SYMBOLS)
    assert rows[2] == "| $m$<br>m | number<br>5 | The number of examples. |"
    assert all(row.count("|") == 4 for row in rows)
    for symbol, row in zip(SYMBOLS.values(), rows[2:], strict=True):
        assert f"${symbol.latex}$" in row
        if symbol.first_layer is None:
            value = SIZES.get(symbol.name, symbol.sizes(net.sizes, 5) or "")
            assert f"{value} |" in row
    assert r"$W^{[l]} \in \mathbb{R}^{n_l \times n_{l-1}}$<br>(3, 4)" in table([SYMBOLS["W[l]"]], net.sizes)
    assert "<br>(2, 3)" in table([SYMBOLS["W[l]"]], net.sizes, layer=2)
    plain = table([Symbol("w", "w", "w", ("n_0", "1"), "The weights.")])
    assert plain.endswith(r"| $w$<br>w | $w \in \mathbb{R}^{n_0 \times 1}$ | The weights. |")


def test_the_notation_needs_no_numpy():
    code = "import sys, course, course.colours; print({'numpy', 'matplotlib'} & set(sys.modules))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "set()"
