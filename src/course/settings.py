"""The settings of the book: which quantities a formula may name, and the worlds it is judged in.

Nothing here computes: values are drawn by `course.draws`, which is imported (and with it NumPy)
only when a formula is judged.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from checkedmath.subject.setting import NO_FAMILY, Draw, Family, NamedFunction, Setting, World
from checkedmath.syntax.tree import Node
from course.mistakes import swaps_of
from course.notation import SYMBOLS
from course.objects import between, objects
from course.quantities import COLUMN_LOSS, DEFINED, Kind, layered, one_unit
from course.shown import shown_activation

LAYERS = Family("l", "L", "n", "layer")
HIDDEN_NAMES = {
    "sigmoid": "sigmoid", "tanh": "tanh", "relu": "ReLU", "leaky_relu": "leaky ReLU",
}  # fmt: skip
_HELPER_ENDINGS = ("prime", "derivative", "deriv", "grad", "gradient", "der")


def _draws(name: str, variant: str) -> Sequence[Draw]:
    # Imported here: whoever lists the settings, or reads a formula, needs no NumPy.
    from course.draws import draws  # noqa: PLC0415

    return draws(name, variant)


def _slope_by_sign(name: str, a: Any) -> Any:
    """Return g'(z) of a rectifier from a = g(z), which has the sign of z."""
    from backprop import activation  # noqa: PLC0415

    return activation(name).prime(a)


def _helpers(base: str, words: str, numpy: str, *more: str) -> NamedFunction:
    """Return the derivative of `base` under the names that people give it in code."""
    endings = [f"{base}_{ending}" for ending in _HELPER_ENDINGS if ending != "prime"]
    aliases = (*endings, f"d{base}", f"d_{base}", f"{base}Prime", f"deriv_{base}", *more)
    return NamedFunction(
        f"{base}_prime", f"{words} prime", aliases=aliases, primes=1, helper=True, numpy=numpy
    )


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
                "g", "g", "g", "g", own, layered=True, numpy="net.g[{l}]",
                meaning=meaning, slope=slope, defined=here,
            ),
            NamedFunction(
                "g_prime", "g prime", "g'", "g′", ("g_derivative", "dg"), layered=True, primes=1,
                helper=True, numpy="net.g[{l}].prime",
                meaning=meaning, slope=slope, defined=here,
            ),
        ]  # fmt: skip
    found += [
        NamedFunction(
            "sigmoid", "sigma", r"\sigma", "σ",
            (*sigma, "logistic", "sigm", *(() if is_layered else ("g",))), numpy="sigmoid",
            of_value=lambda a: a * (1 - a), limits=(0.0, 1.0),
        ),
        NamedFunction(
            "tanh", "tanh", r"\tanh", "tanh", numpy="tanh", of_value=lambda a: 1 - a * a, limits=(-1.0, 1.0),
        ),
        NamedFunction(
            "relu", "ReLU", r"\operatorname{ReLU}", "ReLU", ("ReLU", "Relu"), numpy="relu",
            of_value=partial(_slope_by_sign, "relu"),
        ),
        NamedFunction(
            "leaky_relu", "leaky ReLU", r"\operatorname{LeakyReLU}", "LeakyReLU",
            ("LeakyReLU", "leaky_ReLU", "leakyrelu"), numpy="leaky_relu",
            of_value=partial(_slope_by_sign, "leaky_relu"),
        ),
        NamedFunction(
            "softmax", "softmax", r"\operatorname{softmax}", "softmax", ("Softmax",),
            entrywise=False, numpy="softmax",
        ),
        _helpers("sigmoid", "sigma", "sigmoid.prime", *(("sigma_prime",) if not generic else ())),
        _helpers("tanh", "tanh", "tanh.prime"),
        _helpers("relu", "ReLU", "relu.prime", "ReLU_derivative", "ReLU_prime"),
        _helpers("leaky_relu", "leaky ReLU", "leaky_relu.prime"),
    ]  # fmt: skip
    return {function.name: function for function in found}


def _worlds(
    kind: Kind, *, hidden: tuple[str, ...], is_layered: bool, softmax: bool
) -> tuple[World, ...]:
    """Return the worlds that differ from the course's in one respect, likeliest meant first.

    Sizes of 1 stand at the end, but for one output: with one example much becomes true.
    """
    found = []
    if is_layered and not softmax:
        text = f"the last layer has one unit (n[{kind.layer_count or 'L'}] = 1)"
        found.append(World("one-output", text, "one-output", {kind.last: "1"}))
    if kind.batch:
        text = "dZ and dA mean ∂J/∂Z and ∂J/∂A (the 1/m is already inside)"
        found.append(World("dZ-is-dJ", text, "dZ-is-dJ"))
        text = "𝓛 stands for the cost J, the mean over the examples"
        found.append(World("L-is-J", text, "L-is-J"))
    text = "the loss is ½ squared error" + ("" if softmax else ", after the same sigmoid")
    found.append(World("loss-squared", text, "loss-squared"))
    for name in hidden:
        use = "the hidden layer uses" if kind.layer_count == 2 else "the hidden layers use"
        found.append(World(f"hidden-{name}", f"{use} {HIDDEN_NAMES[name]}", f"hidden-{name}"))
    text = "the helper expects a = g(z), not z, and computes the derivative from it"
    found.append(World("helper-of-a", text))
    found += _row_worlds(is_layered=is_layered)
    if kind.batch:
        text = "there is one example (m = 1)"
        found.append(World("one-example", text, "one-example", {"m": "1"}))
    if not softmax:
        text = "every layer has one unit, so that every symbol is a number"
        found.append(World("one-unit", text, "one-unit", _all_ones(kind, is_layered=is_layered)))
    return tuple(found)


def _row_worlds(*, is_layered: bool) -> list[World]:
    rows = "examples are rows"
    if is_layered:
        W = f"{rows} and Z = A W + b, with W of shape (n_in, n_out)"
        WT = f"{rows} and Z = A Wᵀ + b, with W as in the course"
        return [
            World("rows-W", W, turned=("data", "bias", "weight")),
            World("rows-WT", WT, turned=("data", "bias")),
        ]
    # With one unit w is a column where Z = X w, and a row where Z = X wᵀ.
    return [
        World("rows-W", f"{rows} and Z = X w + b, with w a column", turned=("data",)),
        World("rows-WT", f"{rows} and Z = X wᵀ + b, with w a row", turned=("data", "weight")),
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
    hidden: tuple[str, ...] = (),
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
    return Setting(
        name=name,
        title=title,
        quantities=(layered if is_layered else one_unit)(kind),
        functions=_functions(is_layered=is_layered, generic=generic),
        draws=partial(_draws, name),
        worlds=_worlds(kind, hidden=hidden, is_layered=is_layered, softmax=softmax),
        swaps=swaps_of(kind, is_layered=is_layered),
        twin=None if kind.batch else f"{name}-batch",
        adapt=adapt if is_layered else lambda tree: "",
        generic_layer=generic,
        default_layer=default_layer if generic else "",
        between=between(name),
        derivative="derivative",
        objects=objects(name),
        layer_count=kind.layer_count,
        family=LAYERS if is_layered else NO_FAMILY,
        examples="m",
        loss_names=("L", "J"),
        summed="L",
        example="the book's network",
        last_in_code="net.L",
        column_loss=COLUMN_LOSS if kind.batch else "",
        objective="J",
        step="alpha",
        adverse="adverse",
        at_depth="depth-{}" if generic else "",
        **more,
    )


_ALL = ("tanh", "sigmoid", "relu", "leaky_relu")
_OTHERS = _ALL[1:]

SETTINGS: dict[str, Setting] = {
    setting.name: setting
    for setting in (
        _setting("logistic", "one unit with a sigmoid, one example", Kind(batch=False)),
        _setting("logistic-batch", "one unit with a sigmoid, m examples", Kind(batch=True)),
        _setting(
            "two-layer", "two layers, tanh then sigmoid, one example",
            Kind(batch=False, layer_count=2), hidden=_OTHERS, default="tanh",
        ),
        _setting(
            "two-layer-batch", "two layers, tanh then sigmoid, m examples",
            Kind(batch=True, layer_count=2), hidden=_OTHERS, default="tanh",
        ),
        _setting(
            "deep", "L layers with any activations, one example",
            Kind(batch=False), hidden=_ALL, generic=True,
        ),
        _setting(
            "deep-batch", "L layers with any activations, m examples",
            Kind(batch=True), hidden=_ALL, generic=True,
        ),
        _setting(
            "softmax-batch", "softmax with cross-entropy at the end, m examples",
            Kind(batch=True), hidden=_OTHERS, default="tanh", generic=True, default_layer="L",
            numbered_depth=2, output_function="softmax", words=("softmax", "one_hot", "one-hot", "onehot"),
        ),
        _setting(
            "l2-batch", "an L2 penalty in the cost, m examples",
            Kind(batch=True, penalty=True), hidden=_OTHERS, default="tanh", generic=True, numbered_depth=2,
        ),
    )
}  # fmt: skip
