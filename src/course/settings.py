"""The settings of the book: which quantities a formula may name, what they follow from, and the worlds it is judged in.

Each is a subject on the one graph of values.  Its rules are read when the first draws are asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from checkedmath.subject.setting import NO_FAMILY, Draw, Family, NamedFunction, Setting, World
from checkedmath.subject.subject import Subject
from checkedmath.syntax.tree import Node
from checkedmath.values.graph import Graph, setting_of
from course.explained import PAGES
from course.functions import functions_of, hidden_names, loss_codes, loss_words, words_of
from course.letters import INPUTS_FIRST, WEIGHTS_AHEAD, letters_of
from course.mistakes import swaps_of
from course.notation import SYMBOLS
from course.objects import between, objects
from course.other_names import OF_LAYERS, OF_ONE_UNIT, OF_TWO_LAYERS
from course.plans import NO_BIAS
from course.quantities import COLUMN_LOSS, DEFINED, Kind, layered, one_unit
from course.rules import by_hand, rules_of
from course.shown import shown_activation

LAYERS = Family("l", "L", "n", "layer")


def _draws(graph: Graph, variant: str) -> Sequence[Draw]:
    from course.samples import draws  # noqa: PLC0415 - whoever lists the settings needs no draws

    return draws(graph, variant)


def _functions(*, is_layered: bool, generic: bool) -> dict[str, NamedFunction]:
    """Return the functions of a setting.

    In a generic setting σ and f mean the layer's own activation, as in Nielsen's book; with one
    unit g is the sigmoid.
    """
    own = ("σ", "sigma", "f", "φ", "phi") if generic else ()
    sigma = () if generic else ("σ", "sigma")
    found: list[NamedFunction] = []
    meaning, slope, here = SYMBOLS["g[l]"].meaning, SYMBOLS["g[l]'"].meaning, DEFINED["batch"]
    if is_layered:
        found = [
            NamedFunction(
                "g", "g", "g", "g", own, numbered=True, numpy="net.g[{l}]",
                meaning=meaning, slope=slope, defined=here,
            ),
            NamedFunction(
                "g_prime", "g prime", "g'", "g′", ("g_derivative", "dg"), numbered=True, primes=1,
                helper=True, numpy="net.g[{l}].prime", of="g",
                meaning=meaning, slope=slope, defined=here,
            ),
        ]  # fmt: skip
    more = {"sigmoid": (*sigma, *(() if is_layered else ("g",))), "sigmoid_prime": () if generic else ("sigma_prime",)}
    found += functions_of(more)
    return {function.name: function for function in found}


def _arguments(output: str) -> dict[str, dict[str, str]]:
    """Return what a loss and a cost may be written to be functions of: outputs, labels, parameters, inputs."""
    outputs = dict.fromkeys(("a", "A", "z", "Z"), LAYERS.last)
    outputs |= {output: "z Z", "g": "z Z"}
    given = dict.fromkeys(("yhat", "Yhat", "y", "Y", "x", "X", "W", "w", "b"), "")
    of_all = outputs | given
    return {"L": of_all, "J": of_all, **{name: {"x": "", "X": ""} for name in ("a", "A", "yhat", "Yhat")}}


def _roles(output: str) -> dict[str, str]:
    """Return what each of these is where a loss or a cost is written to be a function of it."""
    names = {
        "prediction": ("a", "A", "yhat", "Yhat", output, "g"), "score": ("z", "Z"), "label": ("y", "Y"),
        "weight": ("W", "w"), "bias": ("b",), "input": ("x", "X"),
    }  # fmt: skip
    return {name: role for role, of_it in names.items() for name in of_it}


def _worlds(
    kind: Kind, *, default: str, is_layered: bool, softmax: bool
) -> tuple[World, ...]:
    """Return the worlds that differ from the course's in one respect, likeliest meant first.

    Sizes of 1 stand at the end, but for one output: with one example much becomes true.
    """
    found = _row_worlds(is_layered=is_layered)
    if is_layered:
        text = "W is transposed: it is (n_in, n_out) and z = Wᵀ a + b"
        found.append(World("W-transposed", text, turned=("weight",), transposed="weight", beside=BESIDE_TURNED))
    if is_layered and not softmax:
        text = f"the last layer has one unit (n[{kind.layer_count or 'L'}] = 1)"
        found.append(World("one-output", text, "one-output", {kind.last: "1"}))
    if kind.batch:
        text = "n is the number of examples (in the course it counts units or features)"
        found.append(World("m-is-n", text, examples=COUNTS))
        text = "dZ and dA mean ∂J/∂Z and ∂J/∂A (the 1/m is already inside)"
        of_cost = {f"d{by}": partial(_of_cost, by) for by in ("Z", "z", "A", "a", *(() if is_layered else ("X", "x")))}
        found.append(World("dZ-is-dJ", text, "dZ-is-dJ", read=of_cost))
        text = "𝓛 stands for the cost J, the mean over the examples"
        found.append(World("L-is-J", text, "L-is-J", read={"L": _losses_as_cost}))
    same = "" if softmax else ", after the same sigmoid"
    for code, loss in loss_codes("softmax" if softmax else "sigmoid").items():
        called, known = loss_words(loss), "loss-squared" if code.startswith("loss-squared") else code
        found.append(World(known, f"the loss is {called}{same}", code, shown=f"{called} as the loss"))
    text, left_out = "there is no bias (b = 0)", frozenset({"b", "db"})
    beside = tuple(f"hidden-{name}" for name in hidden_names()) if is_layered else ()
    found.append(World(NO_BIAS, text, NO_BIAS, shown="no bias", left_out=left_out, beside=beside))
    if is_layered:
        text = "W and b of layer l lead from layer l to layer l + 1"
        found.append(World("weights-ahead", text, counting=WEIGHTS_AHEAD))
        found.append(World("inputs-first", "the inputs are layer 1", counting=INPUTS_FIRST))
    for name in hidden_names() if is_layered else ():
        use = "the hidden layer uses" if kind.layer_count == 2 else "the hidden layers use"
        if name != default:
            code, shown = f"hidden-{name}", f"a {name} hidden layer"
            found.append(World(code, f"{use} {words_of(name)}", code, replaces="hidden-", shown=shown))
    text = "the helper expects a = g(z), not z, and computes the derivative from it"
    found.append(World("helper-of-a", text, helper_of_value=True))
    if kind.batch:
        text = "there is one example (m = 1)"
        found.append(World("one-example", text, "one-example", {"m": "1"}))
    if not softmax:
        text = "every layer has one unit, so that every symbol is a number"
        sizes, where = _all_ones(kind, is_layered=is_layered), "with one unit in every layer"
        found.append(World("one-unit", text, "one-unit", sizes, numbers=where))
    return tuple(found)


#: Letters that other texts use for m.
COUNTS = frozenset("nN")
#: What code with examples as rows mostly means too.
BESIDE_ROWS = ("dZ-is-dJ", "L-is-J", "shape-1d", "helper-of-a", "loss-squared", "product-matrix", NO_BIAS, "m-is-n")


#: And what is mostly meant beside a W that stands the other way round.
BESIDE_TURNED = ("dZ-is-dJ", "L-is-J", "loss-squared", NO_BIAS)


def _of_cost(by: str, draw: Any, layer: int | None) -> Any:
    """Return the derivative of the cost with respect to Z or A; the draw says of a layer that it does not exist."""
    draw.value(f"d{by}", layer)
    return draw.partial("J", by, layer)


def _losses_as_cost(draw: Any, layer: int | None) -> Any:
    """Return a row whose sum is the cost."""
    losses, m = draw.value("L"), draw.value("m")
    return (losses - losses.sum(axis=-1, keepdims=True) / m + draw.value("J")) / m


HIDDEN_UNITS = tuple(f"hidden {noun}" for noun in ("unit", "units", "layer", "layers"))


def _choices(kind: Kind, default: str) -> dict[str, dict[str, str]]:
    """Return what a page may say that g of the hidden layers is; of two layers the first is the only hidden one."""
    fixed = default if kind.layer_count else ""  # elsewhere the default is that of the first layer alone
    options = {name: "" if name == fixed else f"hidden-{name}" for name in hidden_names()}
    return dict.fromkeys(("g", "g[l]", *(["g[1]"] if kind.layer_count == 2 else [])), options)


def _row_worlds(*, is_layered: bool) -> list[World]:
    rows = "examples are rows"
    if is_layered:
        W = f"{rows} and Z = A W + b, with W of shape (n_in, n_out)"
        WT = f"{rows} and Z = A Wᵀ + b, with W as in the course"
        return [
            World("rows-W", W, turned=("data", "bias", "weight"), beside=BESIDE_ROWS),
            World("rows-WT", WT, turned=("data", "bias"), beside=BESIDE_ROWS),
        ]
    # With one unit w is a column where Z = X w, and a row where Z = X wᵀ.
    return [
        World("rows-W", f"{rows} and Z = X w + b, with w a column", turned=("data",), beside=BESIDE_ROWS),
        World("rows-WT", f"{rows} and Z = X wᵀ + b, with w a row", turned=("data", "weight"), beside=BESIDE_ROWS),
    ]


def _all_ones(kind: Kind, *, is_layered: bool) -> dict[str, str]:
    sizes = ["n_0"]
    if is_layered:
        sizes += ["n_l", "n_{l-1}", "n_{l+1}", "n_L", "n_{L-1}"]
        sizes += [f"n_{l}" for l in range(1, 1 + (kind.layer_count or 5))]
    return dict.fromkeys([*sizes, *(["m"] if kind.batch else [])], "1")


def _setting(
    name: str,
    title: str,
    kind: Kind,
    *,
    default: str = "",
    generic: bool = False,
    default_layer: str = "l",
    **more: Any,
) -> Setting:
    """Return a setting; ``default`` is the activation of layer 1 unless a formula shows another."""
    is_layered = not name.startswith("logistic")
    softmax = name.startswith("softmax")
    adapt: Callable[[Node], str] = partial(
        shown_activation, default=default, layer_count=kind.layer_count
    )
    subject = Subject(
        name, title,
        quantities=tuple((layered if is_layered else one_unit)(kind).values()),
        rules=rules_of(kind, is_layered=is_layered), by_hand=by_hand(kind, is_layered=is_layered), draws=_draws,
        functions=tuple(_functions(is_layered=is_layered, generic=generic).values()),
        conventions=_worlds(kind, default=default, is_layered=is_layered, softmax=softmax),
        mistakes=swaps_of(kind, is_layered=is_layered, softmax=softmax), pages=PAGES,
        family=LAYERS if is_layered else NO_FAMILY, examples="m", scalars=("L", "J"), objective="J", step="alpha",
    )  # fmt: skip
    return setting_of(
        subject,
        read=False,
        twin=None if kind.batch else f"{name}-batch",
        adapt=adapt if is_layered else lambda tree: "",
        choices=_choices(kind, default) if is_layered else {},
        last_choices=frozenset({"softmax" if softmax else "sigmoid"}),
        chosen_beside=HIDDEN_UNITS,
        generic_member=generic,
        default_member=default_layer if generic else "",
        between=between(name),
        derivative="derivative",
        objects=objects(name),
        member_count=kind.layer_count,
        at_scalars=("CE", "BCE", "total", "loss", "0", "x"),
        arguments=_arguments("softmax" if softmax else "sigmoid"),
        roles=_roles("softmax" if softmax else "sigmoid"),
        letters=letters_of(is_layered=is_layered, batch=kind.batch, layer_count=kind.layer_count),
        containers=frozenset({"net", "network", "layer"}),
        summed="L",
        example="the book's network",
        last_in_code="net.L",
        column_scalar=COLUMN_LOSS if kind.batch else "",
        counts=COUNTS,
        slopes=dict.fromkeys(("cost_derivative", "loss_derivative"), "dA" if kind.batch else "da"),
        labels=frozenset({"Y", "y"} if kind.batch and is_layered else ()),
        label_columns={"y": "Y", "Y": "Y"} if softmax else {},
        other_names=(OF_TWO_LAYERS if kind.layer_count else OF_LAYERS) if is_layered else OF_ONE_UNIT,
        at_depth="depth-{}" if generic else "",
        **more,
    )


#: -Σ_k y_k log a_k, and no 1 - y beside it.
CATEGORICAL_LOSS = (
    r"(?s)^(?!.*1\s*-\s*(?:\\\w+\s*\{)?[yY])(?=.*-\s*(?:\\frac\s*\{?1\}?\s*\{?[mN]\}?\s*)?(?:\\sum|Σ|∑).{0,40}[yYt](?:\^?\{?\(\w\)\}?)?_\{?\w+"
    r"(?:\^?\{?\(\w\)\}?)?\}?\s*(?:\\left)?\(?\s*(?:\\?(?:log|ln)))"
)

SETTINGS: dict[str, Setting] = {
    setting.name: setting
    for setting in (
        _setting("logistic", "one unit with a sigmoid, one example", Kind(batch=False)),
        _setting("logistic-batch", "one unit with a sigmoid, m examples", Kind(batch=True)),
        _setting(
            "two-layer", "two layers, tanh then sigmoid, one example",
            Kind(batch=False, layer_count=2), default="tanh",
        ),
        _setting(
            "two-layer-batch", "two layers, tanh then sigmoid, m examples",
            Kind(batch=True, layer_count=2), default="tanh",
        ),
        _setting(
            "deep", "L layers with any activations, one example",
            Kind(batch=False), generic=True,
        ),
        _setting(
            "deep-batch", "L layers with any activations, m examples",
            Kind(batch=True), generic=True,
        ),
        _setting(
            "softmax-batch", "softmax with cross-entropy at the end, m examples",
            Kind(batch=True), default="tanh", generic=True, default_layer="L",
            numbered_depth=2, output_function="softmax", words=("softmax", "one_hot", "one-hot", "onehot"),
            written=CATEGORICAL_LOSS,
        ),
        _setting(
            "l2-batch", "an L2 penalty in the cost, m examples",
            Kind(batch=True, penalty=True), default="tanh", generic=True, numbered_depth=2,
        ),
    )
}  # fmt: skip
