"""The settings: names, shapes and words from the notation table, worlds, what formulas show."""

import ast
import operator
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import course
from backprop import ACTIVATIONS, backward, cost, forward, losses
from checkedmath.syntax.tree import (
    BROADCAST,
    ELEMENTWISE,
    JUXTAPOSED,
    MATMUL,
    Apply,
    Cases,
    Chain,
    Compare,
    Constant,
    Index,
    Multiply,
    Number,
    Power,
    Subtract,
    Symbol,
    Transpose,
)
from course.functions import OWN, loss_codes
from course.held import network_of
from course.notation import COLUMN_SYMBOLS, SYMBOLS, UNIT_SYMBOLS
from course.settings import SETTINGS


def loss_worlds(output):
    """Return the codes of the losses; the squared error without its ½ is a variant of the same code."""
    return loss_codes(output).keys() - {"loss-squared-twice"}


#: The codes of worlds that a setting may declare.
CODES = {
    "one-output", "one-example", "rows-W", "rows-WT", "dZ-is-dJ", "L-is-J", "helper-of-a", "one-unit",
    "no-bias", "weights-ahead", "inputs-first", "W-transposed", "m-is-n",
    *(f"hidden-{g.name}" for g in ACTIVATIONS.values() if g.hidden), *loss_worlds("sigmoid"),
}  # fmt: skip


def draws(name, variant=""):
    return SETTINGS[name].draws(variant)


ONE, TWO, ZERO = Number("1"), Number("2"), Number("0")


def A(layer, name="A"):
    return Symbol(name, layer if isinstance(layer, Index) else Index("", layer))


# -- quantities ------------------------------------------------------------------------------


def test_the_settings_are_those_of_the_design():
    assert list(SETTINGS) == [
        "logistic", "logistic-batch", "two-layer", "two-layer-batch", "deep", "deep-batch",
        "softmax-batch", "l2-batch",
    ]  # fmt: skip
    for name, setting in SETTINGS.items():
        assert setting.name == name
        assert setting.twin == (None if name.endswith("-batch") else f"{name}-batch")
        assert setting.twin is None or setting.twin in SETTINGS


@pytest.mark.parametrize("setting", SETTINGS.values(), ids=lambda s: s.name)
def test_no_spelling_means_two_things(setting):
    owner = {}
    for item in (*setting.quantities.values(), *setting.functions.values()):
        for spelling in {item.name, *item.aliases}:
            assert spelling not in owner, (spelling, item.name, owner.get(spelling))
            owner[spelling] = item.name
    assert all(key == quantity.name for key, quantity in setting.quantities.items())


def test_letters_words_and_shapes_come_from_the_notation_table():
    batch = SETTINGS["deep-batch"].quantities
    for symbol in (*SYMBOLS.values(), *COLUMN_SYMBOLS.values()):
        name = symbol.name.removesuffix("[l]")
        if name in batch and name not in {"L", "n_0", "n_L"}:
            quantity = batch[name]
            assert quantity.words == symbol.words.removesuffix(" l")
            assert quantity.meaning == symbol.meaning
            assert quantity.shape == tuple(s.replace("(l-1)", "{l-1}") for s in symbol.shape)
            assert quantity.numbered == (symbol.first_layer is not None)
    for symbol in UNIT_SYMBOLS.values():
        assert SETTINGS["logistic"].quantities[symbol.name].meaning == symbol.meaning


def test_gradients_and_columns():
    batch = SETTINGS["two-layer-batch"].quantities
    assert {q.name: q.gradient for q in batch.values() if q.gradient} == {
        "dz": ("L", "z"), "da": ("L", "a"), "dZ": ("L", "Z"), "dA": ("L", "A"),
        "dW": ("J", "W"), "db": ("J", "b"), "Delta": ("L", "W"),
    }  # fmt: skip
    assert {q.name: q.column_of for q in batch.values() if q.column_of} == {
        "x": "X", "y": "Y", "yhat": "Yhat", "z": "Z", "a": "A", "dz": "dZ", "da": "dA",
    }  # fmt: skip
    assert batch["Y"].shape == ("n_2", "m")
    assert SETTINGS["deep-batch"].quantities["Y"].shape == ("n_L", "m")
    from_zero = [q.name for q in batch.values() if q.numbered and q.first_member == 0]
    assert from_zero == ["a", "da", "A", "dA", "n"]


def test_what_turns_round_when_examples_are_rows():
    def turns(name):
        return {q.name: q.oriented for q in SETTINGS[name].quantities.values() if q.oriented}

    data = dict.fromkeys(("x", "y", "yhat", "z", "a", "dz", "da", "L"), "data")
    parameters = {"W": "weight", "dW": "weight", "b": "bias", "db": "bias"}
    assert turns("deep") == data | parameters
    batch = dict.fromkeys(("X", "Y", "Yhat", "Z", "A", "dZ", "dA"), "data")
    assert turns("l2-batch") == data | parameters | batch | {"Delta": "weight"}
    # With one unit, w is a column or a row, and b a number.
    del data["yhat"]
    assert turns("logistic") == data | {"dx": "data", "w": "weight", "dw": "weight"}


def test_spellings_of_learners_are_known():
    spelled = {
        "two-layer": {
            "w": "W", "dw": "dW", "δ": "dz", "A": "a", "dZ": "dz", "X": "x", "ŷ": "yhat", "C": "L",
            "one_hot_Y": "y", "ℒ": "L", "n_x": "n_0", "n_h": "n_1", "n_y": "n_2",
        },
        "l2-batch": {
            "lambd": "lambda", "λ": "lambda", "Δ": "Delta", "Ŷ": "Yhat", "learning_rate": "alpha",
        },
        "logistic-batch": {"W": "w", "yhat": "a", "Yhat": "A", "n_x": "n_0"},
    }  # fmt: skip
    for name, expected in spelled.items():
        quantities = SETTINGS[name].quantities.values()
        for spelling, canonical in expected.items():
            assert [q.name for q in quantities if spelling in q.aliases] == [canonical]


def test_functions():
    for name, setting in SETTINGS.items():
        functions = setting.functions
        assert not functions["softmax"].entrywise
        assert ("g" in functions) == ("logistic" not in name)
        assert "g" in functions["sigmoid"].aliases or "g" in functions
        helpers = [f for f in functions.values() if f.helper]
        assert helpers
        assert all(f.primes == 1 and f.name.endswith("_prime") for f in helpers)
        assert "sigmoid_derivative" in functions["sigmoid_prime"].aliases
        draw = setting.draws("")[0]
        for function in functions.values():
            f = draw.function(function.name, 1)
            assert f(np.array([[0.5]])).shape == (1, 1)
    assert "σ" in SETTINGS["deep"].functions["g"].aliases
    assert "σ" in SETTINGS["two-layer"].functions["sigmoid"].aliases


# -- the book's objects ----------------------------------------------------------------------

OPERATORS = {ast.MatMult: operator.matmul, ast.Mult: operator.mul, ast.Sub: operator.sub}


def run(node, names):
    """Compute an expression over the book's objects: names, attributes, [ ], calls, products."""
    match node:
        case ast.Expression():
            return run(node.body, names)
        case ast.Name():
            return names[node.id]
        case ast.Constant():
            return node.value
        case ast.Attribute():
            return getattr(run(node.value, names), node.attr)
        case ast.BinOp():
            return OPERATORS[type(node.op)](run(node.left, names), run(node.right, names))
        case ast.UnaryOp():
            return -run(node.operand, names)
        case ast.Call():
            return run(node.func, names)(*(run(a, names) for a in node.args))
        case ast.List() | ast.Tuple():
            found = [run(item, names) for item in node.elts]
            return found if isinstance(node, ast.List) else tuple(found)
        case ast.Slice():
            return slice(None)
        case ast.Subscript():
            return run(node.value, names)[run(node.slice, names)]
    raise AssertionError(ast.dump(node))


@pytest.mark.parametrize("name", SETTINGS)
def test_the_numpy_expression_of_each_quantity_gives_its_value(name):
    (draw,) = draws(name, "book")
    net, X, Y = network_of(draw)
    cache = forward(net, X)
    names = {
        "net": net, "X": X, "Y": Y, "cache": cache, "grads": backward(net, cache, Y),
        "losses": losses, "cost": cost, "alpha": draw.value("alpha"),
    }  # fmt: skip
    for quantity in SETTINGS[name].quantities.values():
        assert quantity.numpy, quantity.name
        layers = range(quantity.first_member, draw.members + 1) if quantity.numbered else [None]
        for layer in layers:
            text = quantity.numpy.replace("{l}", str(layer))
            found = run(ast.parse(text, mode="eval"), names)
            if quantity.column_of:  # in code the first column, in draws always the second
                expected = draw.value(quantity.column_of, layer)[:, [0]]
            elif quantity.name == SETTINGS[name].column_scalar:
                expected = draw.value("L", None)[0, 0]
            else:
                expected = draw.value(quantity.name, layer)
            # The loss of one example is (1, 1) in code.
            shape = np.shape(found) if quantity.shape else ()
            assert np.allclose(np.reshape(found, shape), expected, rtol=1e-9, atol=1e-12), text
            assert shape == np.shape(expected)


# -- worlds ----------------------------------------------------------------------------------


@pytest.mark.parametrize("setting", SETTINGS.values(), ids=lambda s: s.name)
def test_worlds_have_codes_of_the_closed_list_and_sizes_that_are_one(setting):
    kinds = [(world.code, world.variant) for world in setting.worlds]
    assert len(set(kinds)) == len(kinds)
    assert {code for code, _ in kinds} <= CODES
    for world in setting.worlds:
        found = setting.draws(world.variant)
        assert len(found) == len(setting.draws(""))
        for draw in found:
            ones = {size for size, n in draw.sizes.items() if n == 1}
            named = {size for size in world.sizes if size in draw.sizes}
            assert named <= ones, world.code
            if setting.name.endswith("-batch") and world.code.startswith("one-"):
                assert named >= ones - {f"n_{draw.members}", "n_L"}, world.code
        assert world.text[0].islower() or world.text.startswith(("dZ", "𝓛", "W and b", "W is"))


def test_which_setting_has_which_worlds():
    codes = {name: {world.code for world in setting.worlds} for name, setting in SETTINGS.items()}
    assert codes["deep-batch"] == CODES
    assert codes["two-layer-batch"] == CODES - {"hidden-tanh"}
    assert codes["two-layer"] == CODES - {"hidden-tanh", "one-example", "dZ-is-dJ", "L-is-J", "m-is-n"}
    assert codes["logistic"] == {"one-unit", "rows-W", "rows-WT", "helper-of-a", "no-bias", *loss_worlds("sigmoid")}
    # softmax with one output is 1 whatever z is: every gradient would be 0.
    assert codes["softmax-batch"] == (
        CODES - {"hidden-tanh", "one-output", "one-unit", *loss_worlds("sigmoid")} | {*loss_worlds("softmax")}
    )


def test_worlds_change_what_they_say():
    def first(name, variant, symbol, layer=None):
        return draws(name, variant)[0].value(symbol, layer)

    batch = "two-layer-batch"
    assert np.allclose(first(batch, "dZ-is-dJ", "dZ", 1) * 5, first(batch, "", "dZ", 1))
    assert np.array_equal(first(batch, "dZ-is-dJ", "dW", 1), first(batch, "", "dW", 1))
    A, Y = first(batch, "loss-squared", "A", 2), first(batch, "loss-squared", "Y")
    assert np.allclose(first(batch, "loss-squared", "L"), np.sum((A - Y) ** 2 / 2, axis=0))
    assert np.allclose(first(batch, "loss-squared", "dZ", 2), (A - Y) * A * (1 - A))
    for activation in ("sigmoid", "relu", "leaky_relu"):
        for draw in draws("deep", f"hidden-{activation}"):
            names = [draw.function("g", l).name for l in range(1, draw.members + 1)]
            assert names == [activation] * (draw.members - 1) + ["sigmoid"]


# -- what a formula shows --------------------------------------------------------------------


def shown(name, *terms):
    return SETTINGS[name].adapt(Chain(terms, ("=",) * (len(terms) - 1)))


def times(*factors, sign=ELEMENTWISE):
    found = factors[0]
    for factor in factors[1:]:
        found = Multiply(sign, found, factor)
    return found


def applied(name, layer=1):
    return Apply(name, Symbol("Z", Index("", layer)))


SIGMOID = [
    times(A(1), Subtract(ONE, A(1))),
    times(Subtract(Constant("1"), A(1, "a")), A(1, "a"), sign=JUXTAPOSED),
    times(A(1, "dA"), A(1), Subtract(ONE, A(1)), sign=BROADCAST),
    times(Multiply(MATMUL, Transpose(A(2, "W")), A(2, "dZ")), A(1), Subtract(ONE, A(1))),
    times(applied("sigmoid"), Subtract(ONE, applied("sigmoid"))),
]
TANH = [
    Subtract(ONE, Power(A(1), TWO)),
    Subtract(ONE, Power(A(1), Number("2."), numpy=True)),
    Subtract(ONE, times(A(1), A(1))),
    Subtract(Number("1.0"), Power(applied("tanh"), TWO)),
]
POSITIVE = Compare(">", Symbol("Z", Index("", 1)), ZERO)
NEGATIVE = Compare("≤", Symbol("Z", Index("", 1)), Number("0."))
RELU = [POSITIVE, Compare("<", ZERO, A(1)), Cases(((ONE, POSITIVE), (ZERO, None))), NEGATIVE]
SLOPE = Number("0.01")
LEAKY = [Cases(((ONE, POSITIVE), (SLOPE, None))), Cases(((SLOPE, NEGATIVE), (ONE, None)))]


@pytest.mark.parametrize("name", ["two-layer-batch", "deep-batch", "l2-batch", "softmax-batch"])
def test_the_forms_that_show_a_hidden_activation(name):
    dZ = A(1, "dZ")
    table = {
        "hidden-sigmoid": SIGMOID, "hidden-relu": RELU, "hidden-leaky_relu": LEAKY,
        "hidden-tanh" if name == "deep-batch" else "": TANH,
    }  # fmt: skip
    for expected, forms in table.items():
        for form in forms:
            assert shown(name, dZ, times(A(1, "dA"), form)) == expected, form


def test_only_a_hidden_layers_own_a_or_z_shows_anything():
    output = times(A(2), Subtract(ONE, A(2)))
    assert shown("two-layer", A(2, "dZ"), output) == ""
    assert shown("deep-batch", A(2, "dZ"), output) == "hidden-sigmoid"
    # y says which layer is the last: 3 here, so A[3] is the output and A[2] is hidden.
    last = times(Subtract(A(3), Symbol("Y")), A(3), Subtract(ONE, A(3)))
    assert shown("deep-batch", A(3, "dZ"), last) == ""
    assert shown("deep-batch", A(3, "dZ"), last, output) == "hidden-sigmoid"
    letter = {shift: A(Index("L", shift)) for shift in (0, -1)}
    assert shown("deep", times(letter[0], Subtract(ONE, letter[0]))) == ""
    assert shown("deep", times(letter[-1], Subtract(ONE, letter[-1]))) == "hidden-sigmoid"
    assert shown("deep", Subtract(ONE, Power(A(Index("l")), TWO))) == "hidden-tanh"
    # Another layer's A, a square that is no slope, two activations at once, no 1.
    assert shown("two-layer", times(A(1), Subtract(ONE, A(2)))) == ""
    assert shown("two-layer", times(A(1, "dA"), Subtract(ONE, A(1, "dA")))) == ""
    assert shown("two-layer", SIGMOID[0], RELU[0]) == ""
    assert shown("two-layer", times(A(1), Subtract(TWO, A(1)))) == ""
    assert shown("two-layer", Compare(">", Symbol("Z", Index("", 1)), ONE)) == ""
    assert shown("logistic", times(Symbol("a"), Subtract(ONE, Symbol("a")))) == ""


# -- nothing is computed before it is needed -------------------------------------------------


def test_listing_the_settings_needs_no_numpy():
    """Where it is absent a formula can still be read: the functions are those that the course spells itself."""
    code = (
        "import sys\nsys.modules['numpy'] = None\nfrom course.settings import SETTINGS\n"
        "print(len(SETTINGS), *SETTINGS['two-layer'].functions)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(Path(course.__file__).parents[1])},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    names = [name for name in SETTINGS["two-layer"].functions if name.removesuffix("_prime") in {"g", *OWN}]
    assert result.stdout.split() == ["8", *names]
