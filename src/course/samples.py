"""Random networks with data, for every setting: the instances on which formulas are judged.

All sizes of an instance differ, m too, so no wrong transpose and no wrong sum can fit by chance.
Several output units, moderate values, seeds that never change.  Units with a kink (ReLU) stay
away from it, so that central differences are right.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field, replace
from itertools import count

import numpy as np

from backprop import Layer, Network, book, forward, one_hot, softmax
from course.functions import hidden_names, loss_codes

Array = np.ndarray

#: How far the z of a unit with a kink stays away from it, and how large any z may become.
KINK_MARGIN, LARGEST_Z = 0.003, 3.5
#: The variants that set sizes to 1, and those that change what is read off an instance.
SIZE_VARIANTS = ("one-output", "one-example", "one-unit")
READING_VARIANTS = ("dZ-is-dJ", "L-is-J")
MOST_LAYERS = 5
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


@dataclass(frozen=True, eq=False)
class Sample:
    """A network with its data: X is (n_0, m), Y is (n_L, m)."""

    network: Network
    X: Array
    Y: Array
    one_unit: bool = False  # logistic regression: w, z and a carry no layer number
    numbers: dict[str, float] = field(default_factory=lambda: {"alpha": 0.3})

    @property
    def m(self) -> int:
        """The number of examples."""
        return int(self.X.shape[1])


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


def samples(setting: str, variant: Variant) -> tuple[Sample, ...]:
    """Return the instances of a setting in a variant, always the same ones.

    Raises `ValueError` for a setting that has no plans.
    """
    family, batch = setting.removesuffix("-batch"), setting.endswith("-batch")
    if family not in PLANS:
        raise ValueError(f"setting: expected one of {', '.join(PLANS)}; got {family}")
    if "book" in variant:
        return (_book(family, batch),)
    chosen = _at_depth(family, variant.depth) if variant.depth else PLANS[family]
    plans = [_vary(plan, batch, variant) for plan in chosen]
    loss = variant.loss
    if "adverse" in variant:  # each temper in two plans
        return tuple(
            _extreme(family, f"{k} {turn}", plans[(k + turn * (1 + k // len(plans))) % len(plans)], loss, temper, batch)
            for k, temper in enumerate(TEMPERS) for turn in (0, 1)
        )  # fmt: skip
    return tuple(_draw(family, number, plan, loss) for number, plan in enumerate(plans))


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


def _draw(family: str, number: int, plan: Plan, loss: str) -> Sample:
    """Return the first random instance of a plan that keeps the promises of this module."""
    # Not `hash`, which changes from process to process.
    seed = zlib.crc32(f"{family} {number} {plan.n} {plan.m}".encode())
    for attempt in count():
        rng = np.random.default_rng((seed, attempt))
        network = _network(rng, plan, loss, Temper(), plan.l2)
        X = rng.standard_normal((plan.n[0], plan.m))
        if _is_moderate(network, X):
            numbers = {"alpha": round(float(rng.uniform(0.1, 0.6)), 3)}
            return Sample(network, X, _labels(rng, plan), family == "logistic", numbers)
    raise AssertionError  # `count` has no end


def _network(rng: np.random.Generator, plan: Plan, loss: str, temper: Temper, l2: float) -> Network:
    natural = "categorical_cross_entropy" if plan.output == "softmax" else "binary_cross_entropy"
    layers = []
    for l, (before, after, g) in enumerate(zip(plan.n[:-1], plan.n[1:], (*plan.hidden, plan.output), strict=True), 1):
        by = temper.all * (temper.first if l == 1 else 1) * (temper.last if l == len(plan.n) - 1 else 1)
        W = by * rng.standard_normal((after, before)) * 1.2 / np.sqrt(before)
        layers.append(Layer(W, temper.bias * rng.standard_normal((after, 1)) * 0.3 + temper.shift, g))
    return Network(layers, loss or natural, l2)


def _extreme(family: str, number: str, plan: Plan, loss: str, temper: Temper, batch: bool) -> Sample:
    """Return an instance made against an inequality, of this temper."""
    rng = np.random.default_rng(zlib.crc32(f"{family} {number} {plan.n} {plan.m}".encode()))
    n = tuple(k * temper.wide if k > 1 else k for k in plan.n)
    plan = replace(plan, n=n, m=temper.m if batch and temper.m and plan.m > 1 else plan.m)
    network = _network(rng, plan, loss, temper, temper.l2 if plan.l2 else 0.0)
    X = temper.inputs * rng.standard_normal((plan.n[0], plan.m))
    A = np.asarray(forward(network, X).A[network.L])
    chosen = {RIGHT: A, WRONG: 1 - A, EXACT: A, RANDOM: _labels(rng, plan)}[temper.labels]
    Y = chosen if temper.labels == EXACT else certain(chosen, one_hot_columns=plan.labels != "inside")
    return Sample(network, X, Y, family == "logistic", {"alpha": temper.alpha})


def certain(A: Array, *, one_hot_columns: bool) -> Array:
    """Return the labels 0 and 1 that are nearest to an output, or the columns with one 1."""
    return np.asarray(one_hot(np.argmax(A, axis=0), A.shape[0])) if one_hot_columns else np.round(A)


def _is_moderate(network: Network, X: Array) -> bool:
    cache = forward(network, X)
    for l, Z in cache.Z.items():
        if np.max(np.abs(Z)) > LARGEST_Z:
            return False
        if network.g[l].kinks:
            on = Z > 0
            # Units that are off for all examples hide what is wrong behind zeros.  One example
            # alone cannot switch every unit on; some of them must be.
            enough = np.all(np.any(on, axis=1)) if Z.shape[1] > 2 else np.any(on)
            if any(np.min(np.abs(Z - kink)) < KINK_MARGIN for kink in network.g[l].kinks) or not enough:
                return False
    return True


def _labels(rng: np.random.Generator, plan: Plan) -> Array:
    n_L, m = plan.n[-1], plan.m
    if plan.labels == "one-hot":
        return np.asarray(one_hot(rng.integers(0, n_L, m), n_L))
    Y = rng.uniform(0.1, 0.9, (n_L, m))
    return Y / Y.sum(axis=0) if plan.labels == "soft" else Y


def _book(family: str, batch: bool) -> Sample:
    """Return the book's network as this setting sees it."""
    network, (X, Y) = book.network(), book.data()
    if family == "logistic":  # output unit 1, whose inputs are the hidden a
        unit = Layer(network.W[2][:1], network.b[2][:1], network.g[2])
        X, Y, network = forward(network, X).A[1], Y[:1], Network([unit])
    elif family == "softmax":
        W = np.vstack([network.W[2], [[0.1, 0.3, -0.5]]])
        b = np.vstack([network.b[2], [[0.1]]])
        layers = [network.layers[0], Layer(W, b, softmax)]
        network = Network(layers, "categorical_cross_entropy")
        Y = one_hot(np.array([0, 2, 1, 0, 2]), 3)
    elif family == "l2":
        network = Network(network.layers, network.loss, l2=0.5)
    m = X.shape[1] if batch else 1
    return Sample(network, X[:, :m], Y[:, :m], family == "logistic")
