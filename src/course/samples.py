"""Random networks with data, for every setting: the instances on which formulas are judged.

Several output units, moderate values, seeds that never change.  Units with a kink (ReLU) stay away from it, so that
central differences are right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from random import Random
from typing import Any

from checkedmath.values.graph import Graph
from checkedmath.values.namespace import namespace
from checkedmath.values.rules import Key
from course import example
from course.draws import NetworkDraw, certain
from course.functions import BINARY, CATEGORICAL, known
from course.held import hold
from course.plans import EXACT, NO_BIAS, RANDOM, RIGHT, TEMPERS, WRONG, Plan, Temper, Variant, parse_variant, plans_of

Array = Any

#: How far the z of a unit with a kink stays away from it, and how large any z may become.
KINK_MARGIN, LARGEST_Z = 0.003, 3.5
#: λ of the book's network, in the setting that has one.
BOOK_L2 = 0.5


def draws(graph: Graph, variant: str) -> Sequence[NetworkDraw]:
    """Return the instances of a setting in a variant, always the same objects.

    A variant is a list of words with commas between: ``hidden-sigmoid,one-output``.  Raises `ValueError` for an unknown
    word, and `Drift` where `backprop` does not compute what the rules of the book give.
    """
    return _draws(graph, parse_variant(variant).of_network)


@cache
def _draws(graph: Graph, variant: Variant) -> Sequence[NetworkDraw]:
    found = _made(graph, variant)
    for draw in found:
        hold(draw)
    return found


def _made(graph: Graph, variant: Variant) -> Sequence[NetworkDraw]:
    name = graph.subject.name
    family, batch = name.removesuffix("-batch"), name.endswith("-batch")
    if "book" in variant:
        return _book(graph, family, batch)
    plans = plans_of(family, batch, variant)
    if "adverse" in variant:  # each temper in two plans
        return tuple(
            _extreme(graph, f"{k} {turn}", plans[(k + turn * (1 + k // len(plans))) % len(plans)], variant, temper)
            for k, temper in enumerate(TEMPERS) for turn in (0, 1)
        )  # fmt: skip
    return tuple(_moderate(graph, number, plan, variant) for number, plan in enumerate(plans))


def _moderate(graph: Graph, number: int, plan: Plan, variant: Variant) -> NetworkDraw:
    """Return a random instance of a plan that keeps the promises of this module: layer by layer drawn until it does."""
    random = Random(f"{graph.subject.name} {number} {plan.n} {plan.m}")  # noqa: S311 - numbers to try, no secrets
    temper = _tempered(Temper(alpha=round(random.uniform(0.1, 0.6), 3)), variant)
    draw = _network(graph, random, plan, variant, temper, plan.l2)
    for n, l in enumerate(draw.layers, 1):
        while not _is_moderate(draw, l, biased=NO_BIAS not in variant):
            again = _layer(graph, random, plan, n, temper) | (_inputs(graph, random, plan, temper) if n == 1 else {})
            draw = replace(draw, inputs={**draw.inputs, **again}, values={}, behind={})
    return draw


def _tempered(temper: Temper, variant: Variant) -> Temper:
    return replace(temper, bias=0.0, shift=0.0) if NO_BIAS in variant else temper


def _network(graph: Graph, random: Random, plan: Plan, variant: Variant, temper: Temper, l2: float) -> NetworkDraw:
    """Return a network whose parameters and inputs are normal but for what the temper does to them."""
    inputs = _inputs(graph, random, plan, temper)
    for l in range(1, len(plan.n)):
        inputs |= _layer(graph, random, plan, l, temper)
    inputs |= {(_spelled("Y", graph), None): _labels(random, plan), ("alpha", None): temper.alpha}
    return _of(graph, inputs, plan.n, plan.m, (*plan.hidden, plan.output), variant.loss, l2)


def _spelled(capital: str, graph: Graph) -> str:
    return capital if capital in graph.setting.quantities else capital.lower()


def _inputs(graph: Graph, random: Random, plan: Plan, temper: Temper) -> dict[Key, Array]:
    return {(_spelled("X", graph), None): _normal(random, plan.n[0], plan.m, temper.inputs)}


def _layer(graph: Graph, random: Random, plan: Plan, l: int, temper: Temper) -> dict[Key, Array]:
    before, after = plan.n[l - 1 : l + 1]
    by = temper.all * (temper.first if l == 1 else 1) * (temper.last if l == len(plan.n) - 1 else 1)
    W = _normal(random, after, before, by * 1.2 / before**0.5)
    return _parameters(graph, l, W, _normal(random, after, 1, temper.bias * 0.3) + temper.shift)


def _parameters(graph: Graph, l: int, W: Array, b: Array) -> dict[Key, Array]:
    """Return the parameters of a layer under the names of the setting: those of one unit are w, a column, and b."""
    return {("W", l): W, ("b", l): b} if graph.setting.family.letter else {("w", None): W.T, ("b", None): b}


def _of(
    graph: Graph, inputs: dict[Key, Array], n: Sequence[int], m: int, g: Sequence[str], loss: str, l2: float,
    column: int = 1,
) -> NetworkDraw:  # fmt: skip
    """Return the draw of a network of these sizes, with these inputs and activations."""
    if "lambda" in graph.setting.quantities:
        inputs["lambda", None] = l2
    is_layered = bool(graph.setting.family.letter)
    sizes = {f"n_{l}": size for l, size in enumerate(n) if is_layered or not l} | {"m": m}
    functions: dict[Key, str] = {("g", l): name for l, name in enumerate(g, 1) if is_layered}
    natural = CATEGORICAL if g[-1] == "softmax" else BINARY
    return NetworkDraw(
        graph, sizes, 0, functions=functions, column=min(column, m - 1), inputs=inputs, loss=loss or natural
    )


def _extreme(graph: Graph, number: str, plan: Plan, variant: Variant, temper: Temper) -> NetworkDraw:
    """Return an instance made against an inequality, of this temper."""
    random = Random(f"{graph.subject.name} {number} {plan.n} {plan.m}")  # noqa: S311 - numbers to try, no secrets
    temper = _tempered(temper, variant)
    n = tuple(k * temper.wide if k > 1 else k for k in plan.n)
    plan = replace(plan, n=n, m=temper.m if temper.m and plan.m > 1 else plan.m)
    draw = _network(graph, random, plan, variant, temper, temper.l2)
    A, Y = draw.value(draw.spelled("A"), draw.last), (draw.spelled("Y"), None)
    chosen = {RIGHT: A, WRONG: 1 - A, EXACT: A, RANDOM: draw.inputs[Y]}[temper.labels]
    label = chosen if temper.labels == EXACT else certain(chosen, one_hot=draw.one_hot)
    return replace(draw, inputs={**draw.inputs, Y: label}, values={}, behind={})


def _normal(random: Random, rows: int, columns: int, scale: float) -> Array:
    return namespace().array([[scale * random.gauss(0, 1) for _ in range(columns)] for _ in range(rows)])


def _is_moderate(draw: NetworkDraw, layer: int | None, *, biased: bool) -> bool:
    xp, Z, kinks = namespace(), draw.value(draw.spelled("Z"), layer), known(draw.activation(layer)).kinks
    if xp.max(xp.abs(Z)) > LARGEST_Z:
        return False
    if not kinks:
        return True
    on = Z > 0
    # Units that are off for all examples hide what is wrong behind zeros.  One example
    # alone cannot switch every unit on; some of them must be.
    enough = xp.all(xp.any(on, axis=1)) if Z.shape[1] > 2 else xp.any(on)
    # Without biases, what follows an example that switches no unit on stands at the kink, whatever its weights.
    enough = enough and (biased or xp.all(xp.any(on, axis=0)))
    return bool(enough) and all(xp.min(xp.abs(Z - kink)) >= KINK_MARGIN for kink in kinks)


def _labels(random: Random, plan: Plan) -> Array:
    xp, (n_L, m) = namespace(), (plan.n[-1], plan.m)
    if plan.labels == "one-hot":
        classes = [random.randrange(n_L) for _ in range(m)]
        return xp.array([[float(k == row) for k in classes] for row in range(n_L)])
    Y = xp.array([[random.uniform(0.1, 0.9) for _ in range(m)] for _ in range(n_L)])
    return Y / xp.sum(Y, axis=0, keepdims=True) if plan.labels == "soft" else Y


def _book(graph: Graph, family: str, batch: bool) -> Sequence[NetworkDraw]:
    """Return the book's network as this setting sees it."""
    xp = namespace()
    W = {1: example.W1, 2: [*example.W2, *([example.W3] if family == "softmax" else [])]}
    b = {1: example.b1, 2: [*example.b2, *([example.b3] if family == "softmax" else [])]}
    W, b = ({l: xp.array(rows) for l, rows in one.items()} for one in (W, b))
    X, Y, g = xp.array(example.X), xp.array(example.Y), ["tanh", "sigmoid"]
    if family == "logistic":  # output unit 1, whose inputs are the hidden a
        X, Y, W, b, g = xp.tanh(W[1] @ X + b[1]), Y[:1], {1: W[2][:1]}, {1: b[2][:1]}, g[1:]
    elif family == "softmax":
        g, Y = ["tanh", "softmax"], xp.array([[float(k == row) for k in example.CLASSES] for row in range(3)])
    m, n = X.shape[1] if batch else 1, (X.shape[0], *(len(W[l]) for l in W))
    inputs: dict[Key, Array] = {(_spelled("X", graph), None): X[:, :m], (_spelled("Y", graph), None): Y[:, :m]}
    for l in W:
        inputs |= _parameters(graph, l, W[l], b[l])
    return (_of(graph, inputs | {("alpha", None): Temper.alpha}, n, m, g, "", BOOK_L2, column=0),)


__all__ = ["draws", "parse_variant"]
