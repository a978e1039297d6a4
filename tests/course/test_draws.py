"""The instances that formulas are judged on: shapes, values, and gradients without a formula."""

import ast
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import course
from backprop import ACTIVATIONS, LOSSES, Layer, Network, backward, complex_step, forward, replay
from backprop import network as network_module
from checkedmath.subject.setting import NamedFunction
from checkedmath.syntax.errors import Disagreement, FormulaError
from course.functions import CALLED, OWN, SQUARED, TWICE, known, words_of
from course.held import Drift, hold, network_of
from course.settings import SETTINGS

BATCHES = [name for name in SETTINGS if name.endswith("-batch")]
WORLDS = [
    (name, variant)
    for name, setting in SETTINGS.items()
    for variant in sorted({world.variant for world in setting.worlds} | {"book"})
]
LAYERED = [name for name in SETTINGS if not name.startswith("logistic")]


def draws(name, variant=""):
    return SETTINGS[name].draws(variant)


def layers_of(quantity, draw):
    """Return the layers of a quantity in a draw; [None] if it has none."""
    return range(quantity.first_member, draw.members + 1) if quantity.numbered else [None]


def in_numbers(shape, sizes, layer):
    def size(name):
        if name.isdigit():
            return int(name)
        if layer is not None:
            name = {"n_l": f"n_{layer}", "n_{l-1}": f"n_{layer - 1}"}.get(name, name)
        return sizes[name]

    return tuple(size(name) for name in shape)


def network_with_data(draw):
    return network_of(getattr(draw, "draw", draw))


def gradients_of(draw):
    """Return every gradient by backprop's formulas, under the names of the setting.

    `backprop` has the squared error with its ½ alone: without, all but the penalty's part is twice as much.
    """
    network, X, Y = network_with_data(draw)
    grads = backward(network, forward(network, X), Y)
    factor = 2 if getattr(draw, "draw", draw).loss == TWICE else 1
    penalty = (factor - 1) * network.l2 / draw.sizes["m"]
    if not draw.members:
        return {
            ("dw", None): factor * grads.dW[1].T, ("db", None): factor * grads.db[1],
            ("dZ", None): factor * grads.dZ[1], ("dA", None): factor * grads.dA[1],
            ("dX", None): factor * grads.dA[0],
        }  # fmt: skip
    named = {"dA": grads.dA, "dZ": grads.dZ, "dW": grads.dW, "db": grads.db}
    found = {(name, l): factor * value for name, by_layer in named.items() for l, value in by_layer.items()}
    return {(name, l): value - penalty * draw.value("W", l) if name == "dW" else value
            for (name, l), value in found.items()}  # fmt: skip


# -- shapes and sizes ------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "variant"), WORLDS)
def test_every_value_has_the_declared_shape(name, variant):
    for draw in draws(name, variant):
        for quantity in SETTINGS[name].quantities.values():
            for layer in layers_of(quantity, draw):
                value = draw.value(quantity.name, layer)
                expected = in_numbers(quantity.shape, draw.sizes, layer)
                assert np.shape(value) == expected, (quantity.name, layer)
                assert np.all(np.isfinite(value))


@pytest.mark.parametrize("name", SETTINGS)
def test_sizes_differ_so_that_no_transpose_and_no_sum_can_hide(name):
    found = draws(name)
    assert len(found) >= 3
    for draw in found:
        sizes = {key: size for key, size in draw.sizes.items() if key != "n_L"}
        if name not in BATCHES:
            assert sizes.pop("m") == 1
        assert len(set(sizes.values())) == len(sizes)
        assert min(sizes.values()) > 1


def test_deep_has_every_depth_from_two_to_five_and_mixed_activations():
    for name in ("deep", "deep-batch"):
        assert sorted(draw.members for draw in draws(name)) == [2, 3, 3, 4, 5]
        for draw in draws(name):
            hidden = [draw.function("g", l).name for l in range(1, draw.members)]
            assert len(set(hidden)) == len(hidden)
    assert {draw.members for draw in draws("softmax-batch")} == {2, 3}
    assert {draw.members for draw in draws("l2-batch")} == {2, 3}


@pytest.mark.parametrize(("name", "variant"), WORLDS)
def test_pre_activations_are_moderate_and_away_from_kinks(name, variant):
    for draw in draws(name, variant):
        for l in range(1, draw.members + 1):
            Z = draw.value("Z" if name in BATCHES else "z", l)
            assert np.max(np.abs(Z)) <= 3.5
            if known(draw.function("g", l).name).kinks:
                assert np.min(np.abs(Z)) >= 1e-3
                assert np.any(Z > 0)


def test_labels_are_what_the_loss_expects():
    for name in set(SETTINGS) - {"softmax-batch"}:
        for draw in draws(name):
            Y = draw.value("Y" if name in BATCHES else "y")
            assert np.all((Y > 0) & (Y < 1))
    kinds = set()
    for draw in draws("softmax-batch"):
        Y = draw.value("Y")
        assert np.allclose(Y.sum(axis=0), 1)
        kinds.add("one-hot" if set(np.unique(Y)) == {0.0, 1.0} else "soft")
    assert kinds == {"one-hot", "soft"}


# -- always the same -------------------------------------------------------------------------


def test_draws_are_the_same_objects_however_the_variant_is_spelled():
    one, other = "one-output,hidden-relu", "hidden-relu, one-output"
    assert draws("two-layer", one)[0] is draws("two-layer", other)[0]
    assert draws("two-layer")[0] is draws("two-layer", "")[0]


def test_another_process_draws_the_same_numbers():
    code = (
        "from course.settings import SETTINGS\n"
        "for name in ('deep-batch', 'softmax-batch'):\n"
        "    for draw in SETTINGS[name].draws('hidden-relu'): print(float(draw.value('J')).hex())"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(course.__file__).parents[1])},
            capture_output=True, text=True, check=True,
        ).stdout
        for seed in ("1", "2")
    ]  # fmt: skip
    here = [d for name in ("deep-batch", "softmax-batch") for d in draws(name, "hidden-relu")]
    assert runs[0] == runs[1] == "".join(f"{float(draw.value('J')).hex()}\n" for draw in here)


# -- gradients -------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "variant"), WORLDS)
def test_gradients_equal_those_of_the_backward_pass(name, variant):
    batch = name in BATCHES
    for draw in draws(name, variant):
        m = draw.sizes["m"]
        for (symbol, layer), gradient in gradients_of(draw).items():
            column = {"dZ": "dz", "dA": "da", "dX": "dx"}.get(symbol)
            divided = "dZ-is-dJ" in variant and column is not None
            expected = gradient / m if divided else gradient
            if batch or column is None:
                close(draw.value(symbol, layer), expected)
            if column is not None:
                close(draw.value(column, layer), expected[:, [1 if m > 1 and variant != "book" else 0]])
            if symbol == "dW" and batch:
                penalty = network_with_data(draw)[0].l2 * draw.value("W", layer)
                close(draw.value("Delta", layer), expected * m - penalty)


def close(found, expected):
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12, strict=True)


def moving(draw, of, symbol, layer):
    """Return the loss (summed) or the cost as a function of one quantity."""
    return lambda v: np.sum(draw.moved(symbol, layer, v).value(of))


@pytest.mark.parametrize("name", SETTINGS)
@pytest.mark.parametrize("of", ["L", "J"])
def test_partial_equals_moving_each_entry(name, of):
    compared = 0
    for variant in ("", "L-is-J") if name in BATCHES else ("",):
        draw = draws(name, variant)[-1]
        for symbol, number in {"w": 1, "W": 1, "b": 1, "z": 2, "Z": 2, "A": 1, "X": 0}.items():
            quantity = SETTINGS[name].quantities.get(symbol)
            if quantity is not None:
                layer = number if quantity.numbered else None
                expected = complex_step(moving(draw, of, symbol, layer), draw.value(symbol, layer))
                found = draw.partial(of, symbol, layer)
                if (of, variant) == ("L", "L-is-J"):
                    assert found is None  # 𝓛 is read otherwise there: it is moved entry by entry
                else:
                    close(found, expected)
                compared += 1
        assert draw.partial(of, "m") is None
        assert draw.partial(of, "dz", 1 if "deep" in name else None) is None
    assert compared >= 3


def test_the_loss_as_the_cost_is_a_row_whose_sum_is_the_cost():
    for name in BATCHES:
        for plain, other in zip(draws(name), draws(name, "L-is-J"), strict=True):
            assert np.isclose(np.sum(other.value("L")), plain.value("J"))
            assert not np.allclose(other.value("L"), plain.value("L"))


def test_one_example_has_the_loss_as_its_cost():
    for name in set(SETTINGS) - set(BATCHES):
        for draw in draws(name):
            assert np.isclose(draw.value("L"), draw.value("J"))


# -- moving ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", LAYERED)
@pytest.mark.parametrize("kind", [float, complex])
def test_a_moved_draw_is_the_replayed_network(name, kind):
    rng = np.random.default_rng(7)
    capitals = {"W", "b", "Z", "A"} if name in BATCHES else {"W", "b", "z", "a"}
    for draw in draws(name):
        network, X, Y = network_with_data(draw)
        for symbol in capitals:
            for layer in layers_of(SETTINGS[name].quantities[symbol], draw):
                value = draw.value(symbol, layer)
                step = 1e-3 if kind is float else 1e-3j
                new = value + step * rng.standard_normal(value.shape)
                key = "X" if (symbol.upper(), layer) == ("A", 0) else f"{symbol.upper()}[{layer}]"
                key = f"b[{layer}]" if symbol == "b" else key
                expected = replay(network, X, Y, {key: new})
                moved = draw.moved(symbol, layer, new)
                assert np.allclose(moved.value("J"), expected["J"], rtol=1e-12, atol=0)
                for l in range(1, draw.members + 1):
                    got = moved.value("Z" if name in BATCHES else "z", l)
                    assert np.allclose(got, expected[f"Z[{l}]"], rtol=1e-12, atol=1e-14)
                assert draw.value(symbol, layer) is value


def test_one_column_moves_alone():
    draw = draws("two-layer-batch")[0]
    moved = draw.moved("z", 1, draw.value("z", 1) + 1)
    change = moved.value("L") - draw.value("L")
    assert np.flatnonzero(change).tolist() == [1]
    assert np.allclose(moved.value("Z", 1)[:, 1], draw.value("Z", 1)[:, 1] + 1)


def test_w_of_one_unit_is_a_column():
    draw = draws("logistic-batch")[0]
    w, X = draw.value("w"), draw.value("X")
    moved = draw.moved("w", None, 2 * w)
    assert np.allclose(moved.value("Z"), 2 * w.T @ X + draw.value("b"))
    assert np.allclose(moved.moved("b", None, np.array(0.0)).value("Z"), 2 * w.T @ X)


def test_moving_outputs_losses_labels_and_numbers():
    draw = draws("l2-batch")[0]
    half, m = draw.value("A", 2) / 2, draw.sizes["m"]
    close(draw.moved("Yhat", None, half).value("L"), draw.moved("A", 2, half).value("L"))
    penalty = draw.value("J") - np.mean(draw.value("L"))
    assert penalty > 0.01
    assert np.isclose(draw.moved("L", None, np.ones((1, m))).value("J"), 1 + penalty)
    more = draw.moved("lambda", None, 2 * draw.value("lambda"))
    assert np.isclose(more.value("J"), draw.value("J") + penalty)
    assert draw.moved("alpha", None, 0.5).value("alpha") == 0.5
    assert not np.isclose(draw.moved("Y", None, 1 - draw.value("Y")).value("J"), draw.value("J"))


def test_a_later_replacement_stands_whatever_moves_before_it():
    draw = draws("deep-batch")[3]
    Z = draw.value("Z", 3) * 1.5
    both = draw.moved("Z", 3, Z).moved("W", 1, draw.value("W", 1) * 2)
    assert np.array_equal(both.value("Z", 3), Z)
    assert not np.allclose(both.value("Z", 2), draw.value("Z", 2))
    assert np.allclose(both.value("J"), draw.moved("Z", 3, Z).value("J"))
    assert np.allclose(both.value("dW", 1), 0)
    assert np.allclose(both.value("dW", 3), 0)
    assert not np.allclose(both.value("dW", 4), 0)


def test_gradients_of_a_moved_draw_are_gradients_there():
    draw = draws("l2-batch")[1]
    network, X, Y = network_with_data(draw)
    W = draw.value("W", 1) + 0.125
    layers = [Layer(W, network.b[1], "tanh"), network.layers[1]]
    there = Network(layers, network.loss, network.l2)
    grads = backward(there, forward(there, X), Y)
    moved = draw.moved("W", 1, W)
    assert np.allclose(moved.value("dW", 1), grads.dW[1], rtol=1e-9)
    assert np.allclose(moved.value("dZ", 1), grads.dZ[1], rtol=1e-9)


def test_a_complex_step_passes_through_a_gradient():
    draw = draws("two-layer")[0]
    direction = np.random.default_rng(1).standard_normal(draw.value("W", 2).shape)

    def dz(t):
        return draw.moved("W", 2, draw.value("W", 2) + t * direction).value("dz", 1)

    exact = np.imag(dz(1e-20j)) / 1e-20
    near = (dz(1e-5) - dz(-1e-5)) / 2e-5
    assert np.allclose(exact, near, rtol=1e-6, atol=1e-9)
    assert np.max(np.abs(exact)) > 0.01


def test_values_cannot_be_written_to():
    with pytest.raises(ValueError, match="read-only"):
        draws("deep")[0].value("dz", 1)[0] = 7


# -- what must be noticed --------------------------------------------------------------------


def test_no_backpropagation_formula_is_within_reach():
    source = Path(course.__file__).parent
    for module in ("draws.py", "functions.py", "held.py", "rules.py", "samples.py"):
        assert not formulas_in((source / module).read_text(encoding="utf-8")), module
    planted = "from backprop import backward as b\nimport backprop.gradients\ng.prime(z)"
    assert formulas_in(planted) == {"backward", "backprop.gradients", "prime"}


def formulas_in(source):
    """Return what a module uses of backprop's backward pass."""
    forbidden = {
        "backward", "gradients", "Gradients", "dZ", "dA", "prime", "jacobian", "check_gradients",
        "backprop.gradients", "backprop.gradient_check", "backprop.descent",
    }  # fmt: skip
    used = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom):
            used |= {node.module, *(alias.name for alias in node.names)}
        elif isinstance(node, ast.Import):
            used |= {alias.name for alias in node.names}
        elif isinstance(node, ast.Attribute):
            used.add(node.attr)
    return used & forbidden


def turned_round(layer, A):
    return layer.W @ A - layer.b


WRONG = {
    "Z[1]": (Layer, "linear", turned_round),
    "A[1]": (type(ACTIVATIONS["tanh"]), "__call__", lambda self, z: np.sin(z)),
    "A[2]": (type(ACTIVATIONS["sigmoid"]), "__call__", lambda self, z: (1 + z / np.sqrt(1 + z * z)) / 2),
    "L": (type(LOSSES["binary_cross_entropy"]), "from_Z", lambda self, Z, Y: np.sum(Z - Y * Z, axis=0, keepdims=True)),
    "J": (network_module, "penalty", lambda network, m: 1.0),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_backprop_computes_otherwise_stops_with_its_name(name, monkeypatch):
    (draw, *_) = draws("two-layer-batch")
    hold(draw)
    monkeypatch.setattr(*WRONG[name])
    with pytest.raises(Drift) as caught:
        hold(draw)
    assert str(caught.value).startswith(f"{name} is not what backprop computes: ")


def test_a_forward_pass_that_fails_stops_too(monkeypatch):
    monkeypatch.setattr(Layer, "linear", lambda self, A: self.W.T @ A)
    with pytest.raises(Drift, match=r"^the forward pass of backprop fails: matmul"):
        hold(draws("two-layer-batch")[0])


@pytest.mark.parametrize("name", OWN)
def test_what_the_course_knows_of_a_function_is_what_backprop_does(name):
    ours, theirs, z = known(name), ACTIVATIONS[name], np.array([[0.3, -1.2, 0.0], [0.7, 2.0, -40.0]])
    f = draws("softmax-batch")[0].function(name)
    close(f(z), theirs(z))
    close(f(z + 1e-30j).imag, theirs(z + 1e-30j).imag)
    assert (ours.kinks, ours.entrywise, ours.hidden) == (theirs.kinks, theirs.entrywise, theirs.hidden)
    assert words_of(name) == theirs.called
    assert (ours.of_value is not None) == theirs.has_slope_of_value
    if ours.of_value is not None:
        assert ours.limits == theirs.limits
        close(ours.of_value(f(z)), theirs.of_value(theirs(z)))


@pytest.mark.parametrize("name", CALLED)
def test_losses_are_those_of_backprop_in_words_and_number(name):
    factor, loss = (2, LOSSES[SQUARED]) if name == TWICE else (1, LOSSES[name])  # backprop has the one with the ½
    assert name == TWICE or loss.called == CALLED[name]
    seen = 0
    for setting, variant in (("two-layer-batch", ""), ("softmax-batch", ""), ("deep-batch", "loss-squared"),
                             ("deep-batch", "loss-squared-twice")):  # fmt: skip
        for draw in draws(setting, variant):
            _, _, Y = network_with_data(draw)
            if draw.loss == name:
                A = draw.value("Yhat") * 0.9
                close(draw.moved("Yhat", None, A).value("L"), factor * loss(A, Y))
                seen += 1
    assert seen


def test_a_lost_complex_step_stops_with_what_follows_from_the_quantity(monkeypatch):
    lossy = NamedFunction("tanh", "tanh", value=lambda z, xp: xp.abs(z) + z)
    monkeypatch.setitem(SETTINGS["two-layer"].functions, "tanh", lossy)
    draw = draws("two-layer")[0]
    with pytest.raises(Disagreement, match=r"disagree for the derivative of what follows from W$"):
        draw.elsewhere(draw.inputs).value("dW", 1)


SECOND = (
    "expected a quantity to differentiate by, got dZ: it is a derivative itself, and second derivatives are not taken"
)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda d: d.value("dZ", 3), "dZ: expected a layer from 1 to 2, got dZ[3]"),
        (lambda d: d.value("Z", 0), "Z: expected a layer from 1 to 2, got Z[0]"),
        (lambda d: d.value("A", None), "A: expected a layer from 0 to 2, got no layer"),
        (lambda d: d.function("h"), "two-layer-batch does not say what h is: its declaration needs a value"),
        (lambda d: d.function("g", 0), "g: expected a layer from 1 to 2, got g[0]"),
        (lambda d: d.moved("dZ", 2, 0.0), SECOND),
    ],
)
def test_what_does_not_exist_is_said_in_words(call, message):
    with pytest.raises(FormulaError) as caught:
        call(draws("two-layer-batch")[0])
    assert str(caught.value) == message


def test_unknown_names_and_variants_are_refused():
    with pytest.raises(FormulaError, match=r"^expected a quantity of two-layer, got Q$"):
        draws("two-layer")[0].value("Q")
    with pytest.raises(FormulaError, match=r"got J, from which nothing follows$"):
        draws("two-layer")[0].moved("J", None, 0.0)
    with pytest.raises(ValueError, match=r"^variant: expected some of .*; got hidden-identity$"):
        draws("two-layer", "hidden-identity")
    with pytest.raises(ValueError, match="one hidden-"):
        draws("two-layer", "hidden-relu,hidden-tanh")


# -- the book's network ----------------------------------------------------------------------


def test_the_book_shows_one_network_everywhere():
    (batch,) = draws("two-layer-batch", "book")
    assert [batch.sizes[f"n_{l}"] for l in range(3)] == [4, 3, 2]
    (one,) = draws("deep", "book")
    assert np.array_equal(one.value("x"), batch.value("X")[:, :1])
    (unit,) = draws("logistic-batch", "book")
    assert np.array_equal(unit.value("X"), batch.value("A", 1))
    assert np.array_equal(unit.value("w").T, batch.value("W", 2)[:1])
    (three,) = draws("softmax-batch", "book")
    assert np.array_equal(three.value("Z", 1), batch.value("Z", 1))
    assert three.value("A", 2).shape == (3, 5)
