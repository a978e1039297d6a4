"""Random networks with data, for every setting: the instances on which formulas are judged.

All sizes of an instance differ, m too, so no wrong transpose and no wrong sum can fit by chance.
Several output units, moderate values, seeds that never change.  Units with a kink (ReLU) stay
away from it, so that central differences are right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import count
from random import Random
from typing import Any

from checkedmath.values.graph import Graph, Key
from checkedmath.values.namespace import namespace
from course.draws import NetworkDraw, certain
from course.functions import BINARY, CATEGORICAL, hidden_names, known, loss_codes
from course.held import hold

Array = Any

#: How far the z of a unit with a kink stays away from it, and how large any z may become.
KINK_MARGIN, LARGEST_Z = 0.003, 3.5
#: The variants that set sizes to 1, and those that change what is read off an instance.
SIZE_VARIANTS = ("one-output", "one-example", "one-unit")
READING_VARIANTS = ("dZ-is-dJ", "L-is-J")
MOST_LAYERS = 5
#: λ of the book's network, in the setting that has one.
BOOK_L2 = 0.5
#: Sizes of layers and of m, from which those of a network of a given depth are taken in turn.
SIZES, EXAMPLES = (3, 4, 2, 5, 6, 7), (5, 6, 4, 7, 3, 8, 2)
#: The labels of a network in draws made against an inequality.
RANDOM, RIGHT, WRONG, EXACT = "random", "right", "wrong", "exact"


@dataclass(frozen=True)
class Temper:
    """What a draw made against an inequality is like.

    ``first``, ``last`` and ``all`` multiply the weights of those layers, ``bias`` the biases, ``inputs`` X; ``shift``
    is added to the biases.  The labels are 0 and 1, or the output itself; ``m`` and ``wide`` make it large or small.
    """

    all: float = 1.0
    first: float = 1.0
    last: float = 1.0
    bias: float = 1.0
    inputs: float = 1.0
    shift: float = 0.0
    labels: str = RANDOM
    m: int = 0
    wide: int = 1
    alpha: float = 0.3
    l2: float = 0.7


TEMPERS = (
    Temper(alpha=7.0, l2=9.0),
    Temper(all=3.0, bias=3.0, inputs=2.0, alpha=0.05, l2=0.02),
    Temper(first=0.1, last=20.0),
    Temper(first=10.0, last=0.1),
    Temper(labels=EXACT),  # all its gradients are 0
    Temper(all=4.0, bias=4.0, inputs=2.0, labels=RIGHT, l2=1e-3),
    Temper(all=4.0, bias=4.0, inputs=2.0, labels=WRONG, alpha=40.0, l2=40.0),
    Temper(all=0.05, bias=0.05, alpha=1e-3, l2=1e-3),
    Temper(all=0.02, bias=0.02, inputs=300.0),
    Temper(inputs=0.0),
    Temper(all=0.0, bias=0.0),
    Temper(first=0.0, labels=WRONG),
    Temper(last=0.0, labels=EXACT),
    Temper(shift=-6.0, labels=RIGHT),  # far out, and not so far that rounding hides how far
    Temper(shift=6.0, labels=WRONG),
    Temper(shift=-9.0, labels=RIGHT),
    Temper(shift=9.0, labels=WRONG),
    Temper(all=0.01, bias=0.0, shift=-40.0),  # dead: all it computes is 0 or 1 but for rounding
    Temper(all=60.0, bias=60.0, inputs=10.0, labels=WRONG),
    Temper(m=1),
    Temper(m=1, all=4.0, labels=WRONG),
    Temper(m=40, all=3.0, labels=WRONG),
    Temper(m=2, wide=6, all=3.0, inputs=3.0, labels=WRONG),
)


@dataclass(frozen=True)
class Variant:
    """A variant taken apart: ``"hidden-sigmoid,one-output"`` is two words, in any order."""

    words: frozenset[str]

    @property
    def hidden(self) -> str:
        """The activation of all hidden layers, or "" for the setting's own."""
        found = [word for word in self.words if word.startswith("hidden-")]
        return found[0].removeprefix("hidden-") if found else ""

    @property
    def loss(self) -> str:
        """The loss that stands in place of the setting's own, or ""."""
        return next((name for code, name in _losses().items() if code in self.words), "")

    @property
    def depth(self) -> int:
        """The number of layers that is asked for, 0 if any will do."""
        return next((int(word.removeprefix("depth-")) for word in self.words if word.startswith("depth-")), 0)

    @property
    def of_network(self) -> Variant:
        """The words that change the network or its data, not how it is read."""
        return Variant(self.words - set(READING_VARIANTS))

    def __contains__(self, word: str) -> bool:
        return word in self.words


def parse_variant(variant: str) -> Variant:
    """Take a variant apart.  Raises `ValueError` for an unknown word or two hidden activations.

    >>> parse_variant("one-output,hidden-relu").hidden
    'relu'
    """
    words = frozenset(word.strip() for word in variant.split(",") if word.strip())
    known = {*_losses(), "book", "adverse", *SIZE_VARIANTS, *READING_VARIANTS}
    known |= {f"depth-{depth}" for depth in range(1, MOST_LAYERS + 1)}
    known |= {f"hidden-{name}" for name in hidden_names()}
    wrong = sorted(words - known)
    if wrong or sum(word.startswith("hidden-") for word in words) > 1:
        got = ", ".join(wrong) if wrong else variant
        message = f"variant: expected some of {', '.join(sorted(known))}, one hidden-…; got {got}"
        raise ValueError(message)
    return Variant(words)


def _losses() -> dict[str, str]:
    return loss_codes("sigmoid") | loss_codes("softmax")


@dataclass(frozen=True)
class Plan:
    """The sizes (n_0, …, n_L), m, and the kinds of layers and labels of one instance.

    ``labels``: "inside" lies strictly between 0 and 1, "one-hot" and "soft" sum to 1 by column.
    """

    n: tuple[int, ...]
    m: int
    hidden: tuple[str, ...] = ()
    output: str = "sigmoid"
    labels: str = "inside"
    l2: float = 0.0


_TWO = (
    Plan((4, 3, 2), 5, ("tanh",)),
    Plan((3, 5, 2), 4, ("tanh",)),
    Plan((2, 4, 3), 6, ("tanh",)),
    Plan((5, 2, 4), 3, ("tanh",)),
)
_DEEP = (
    Plan((4, 3, 2), 5, ("tanh",)),
    Plan((3, 5, 4, 2), 6, ("sigmoid", "leaky_relu")),
    Plan((5, 2, 4, 3), 7, ("relu", "tanh")),
    Plan((3, 6, 4, 5, 2), 7, ("leaky_relu", "sigmoid", "tanh")),
    Plan((4, 7, 3, 6, 5, 2), 8, ("sigmoid", "tanh", "relu", "leaky_relu")),
)


def _others() -> list[Plan]:
    """Return plans with the activations that no plan above has: any that is declared is among "any activations"."""
    seen = {name for plan in _DEEP for name in plan.hidden}
    return [Plan((4, 3, 5, 2), 6, (name, "tanh")) for name in hidden_names() if name not in seen]


PLANS: dict[str, tuple[Plan, ...]] = {
    "logistic": (Plan((4, 1), 3), Plan((3, 1), 5), Plan((5, 1), 2), Plan((2, 1), 4)),
    "two-layer": _TWO,
    "deep": (*_DEEP, *_others()),
    "softmax": (
        Plan((4, 5, 3), 6, ("tanh",), "softmax", "one-hot"),
        Plan((5, 2, 4), 3, ("tanh",), "softmax", "soft"),
        Plan((3, 5, 2, 4), 6, ("tanh", "sigmoid"), "softmax", "one-hot"),
        Plan((4, 2, 5, 3), 7, ("tanh", "sigmoid"), "softmax", "soft"),
    ),
    "l2": (
        Plan((4, 3, 2), 5, ("tanh",), l2=0.7),
        Plan((3, 5, 2), 4, ("tanh",), l2=1.3),
        Plan((5, 3, 4, 2), 6, ("tanh", "sigmoid"), l2=0.9),
        Plan((2, 4, 3), 7, ("tanh",), l2=2.6),
    ),
}


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
    chosen = _at_depth(family, variant.depth) if variant.depth else PLANS[family]
    plans = [_vary(plan, batch, variant) for plan in chosen]
    if "adverse" in variant:  # each temper in two plans
        return tuple(
            _extreme(graph, f"{k} {turn}", plans[(k + turn * (1 + k // len(plans))) % len(plans)], variant, temper)
            for k, temper in enumerate(TEMPERS) for turn in (0, 1)
        )  # fmt: skip
    return tuple(_moderate(graph, number, plan, variant) for number, plan in enumerate(plans))


def _at_depth(family: str, depth: int) -> tuple[Plan, ...]:
    """Return plans of one depth: sizes in other orders, each layer with its own activation."""
    first, known, found = PLANS[family][0], hidden_names(), []
    for k in range(5):
        n = tuple(SIZES[(j * (1 + 4 * (k % 2)) + k) % len(SIZES)] for j in range(depth + 1))
        m = next(count for count in EXAMPLES[k:] + EXAMPLES if count not in n)
        hidden = tuple(known[(k + j) % len(known)] for j in range(depth - 1))
        labels = first.labels if first.labels == "inside" else ("one-hot", "soft")[k % 2]
        found.append(replace(first, n=n, m=m, hidden=hidden, labels=labels, l2=first.l2 * (1 + k)))
    return tuple(found)


def _vary(plan: Plan, batch: bool, variant: Variant) -> Plan:
    if variant.hidden:
        plan = replace(plan, hidden=(variant.hidden,) * len(plan.hidden))
    if "one-output" in variant:
        plan = replace(plan, n=(*plan.n[:-1], 1))
    if "one-unit" in variant:
        plan = replace(plan, n=(1,) * len(plan.n), m=1)
    if "one-example" in variant or not batch:
        plan = replace(plan, m=1)
    return plan


def _moderate(graph: Graph, number: int, plan: Plan, variant: Variant) -> NetworkDraw:
    """Return the first random instance of a plan that keeps the promises of this module."""
    for attempt in count():
        random = Random(f"{graph.subject.name} {number} {plan.n} {plan.m} {attempt}")  # noqa: S311 - no secrets
        draw = _network(graph, random, plan, variant, Temper(alpha=round(random.uniform(0.1, 0.6), 3)), plan.l2)
        if _is_moderate(draw):
            return draw
    raise AssertionError  # `count` has no end


def _network(
    graph: Graph, random: Random, plan: Plan, variant: Variant, temper: Temper, l2: float
) -> NetworkDraw:
    """Return a network whose parameters and inputs are normal but for what the temper does to them."""
    W, b = {}, {}
    for l, (before, after) in enumerate(zip(plan.n[:-1], plan.n[1:], strict=True), 1):
        by = temper.all * (temper.first if l == 1 else 1) * (temper.last if l == len(plan.n) - 1 else 1)
        W[l] = _normal(random, after, before, by * 1.2 / before**0.5)
        b[l] = _normal(random, after, 1, temper.bias * 0.3) + temper.shift
    X = _normal(random, plan.n[0], plan.m, temper.inputs)
    return _of(graph, W, b, X, _labels(random, plan), (*plan.hidden, plan.output), variant.loss, temper.alpha, l2)


def _of(
    graph: Graph, W: dict[int, Array], b: dict[int, Array], X: Array, Y: Array, g: Sequence[str], loss: str,
    alpha: float, l2: float, column: int = 1,
) -> NetworkDraw:  # fmt: skip
    """Return the draw with these inputs, under the names of the setting."""
    batch, is_layered = graph.subject.name.endswith("-batch"), bool(graph.setting.family.letter)
    inputs: dict[Key, Array] = {("X" if batch else "x", None): X}
    if is_layered:
        inputs |= {(name, l): one for l in W for name, one in (("W", W[l]), ("b", b[l]))}
    else:
        inputs |= {("w", None): W[1].T, ("b", None): b[1]}
    inputs |= {("Y" if batch else "y", None): Y, ("alpha", None): alpha}
    if "lambda" in graph.setting.quantities:
        inputs["lambda", None] = l2
    sizes = {"n_0": int(X.shape[0]), "m": int(X.shape[1])}
    functions: dict[Key, str] = {}
    if is_layered:
        sizes |= {f"n_{l}": int(W[l].shape[0]) for l in W}
        functions = {("g", l): name for l, name in enumerate(g, 1)}
    natural = CATEGORICAL if g[-1] == "softmax" else BINARY
    return NetworkDraw(
        graph, sizes, 0, functions=functions, column=min(column, sizes["m"] - 1), inputs=inputs, loss=loss or natural
    )


def _extreme(graph: Graph, number: str, plan: Plan, variant: Variant, temper: Temper) -> NetworkDraw:
    """Return an instance made against an inequality, of this temper."""
    random = Random(f"{graph.subject.name} {number} {plan.n} {plan.m}")  # noqa: S311 - numbers to try, no secrets
    n = tuple(k * temper.wide if k > 1 else k for k in plan.n)
    plan = replace(plan, n=n, m=temper.m if temper.m and plan.m > 1 else plan.m)
    draw = _network(graph, random, plan, variant, temper, temper.l2)
    A, Y = draw.value(draw.spelled("A"), draw.last), (draw.spelled("Y"), None)
    chosen = {RIGHT: A, WRONG: 1 - A, EXACT: A, RANDOM: draw.inputs[Y]}[temper.labels]
    label = chosen if temper.labels == EXACT else certain(chosen, one_hot=draw.one_hot)
    return replace(draw, inputs={**draw.inputs, Y: label}, values={}, behind={})


def _normal(random: Random, rows: int, columns: int, scale: float) -> Array:
    return namespace().array([[scale * random.gauss(0, 1) for _ in range(columns)] for _ in range(rows)])


def _is_moderate(draw: NetworkDraw) -> bool:
    xp = namespace()
    for l in draw.layers:
        Z, kinks = draw.value(draw.spelled("Z"), l), known(draw.activation(l)).kinks
        if xp.max(xp.abs(Z)) > LARGEST_Z:
            return False
        if kinks:
            on = Z > 0
            # Units that are off for all examples hide what is wrong behind zeros.  One example
            # alone cannot switch every unit on; some of them must be.
            enough = xp.all(xp.any(on, axis=1)) if Z.shape[1] > 2 else xp.any(on)
            if any(xp.min(xp.abs(Z - kink)) < KINK_MARGIN for kink in kinks) or not enough:
                return False
    return True


def _labels(random: Random, plan: Plan) -> Array:
    xp, (n_L, m) = namespace(), (plan.n[-1], plan.m)
    if plan.labels == "one-hot":
        classes = [random.randrange(n_L) for _ in range(m)]
        return xp.array([[float(k == row) for k in classes] for row in range(n_L)])
    Y = xp.array([[random.uniform(0.1, 0.9) for _ in range(m)] for _ in range(n_L)])
    return Y / xp.sum(Y, axis=0, keepdims=True) if plan.labels == "soft" else Y


def _book(graph: Graph, family: str, batch: bool) -> Sequence[NetworkDraw]:
    """Return the book's network as this setting sees it; it is that of `backprop`, and there where NumPy is."""
    np = namespace()
    if np.__name__ != "numpy":
        return ()
    from backprop import book, forward, one_hot  # noqa: PLC0415 - where NumPy is absent so is this

    network, (X, Y) = book.network(), book.data()
    W, b, g = dict(network.W), dict(network.b), [one.name for one in network.g.values()]
    if family == "logistic":  # output unit 1, whose inputs are the hidden a
        X, Y, W, b, g = forward(network, X).A[1], Y[:1], {1: W[2][:1]}, {1: b[2][:1]}, g[1:]
    elif family == "softmax":
        W[2], b[2] = np.vstack([W[2], [[0.1, 0.3, -0.5]]]), np.vstack([b[2], [[0.1]]])
        g, Y = [g[0], "softmax"], one_hot(np.array([0, 2, 1, 0, 2]), 3)
    m = X.shape[1] if batch else 1
    return (_of(graph, W, b, X[:, :m], Y[:, :m], g, "", Temper.alpha, BOOK_L2, column=0),)


__all__ = ["draws", "parse_variant"]
