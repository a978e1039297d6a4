"""What the draws of each setting are like: their sizes and activations, and what a variant changes of them.

All sizes of a draw differ, m too, so no wrong transpose and no wrong sum can fit by chance.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from course.functions import hidden_names, loss_codes

#: The variants that set sizes to 1, and those that change what is read off an instance.
SIZE_VARIANTS = ("one-output", "one-example", "one-unit")
READING_VARIANTS = ("dZ-is-dJ", "L-is-J")
NO_BIAS = "no-bias"
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
    known = {*_losses(), "book", "adverse", NO_BIAS, *SIZE_VARIANTS, *READING_VARIANTS}
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


def plans_of(family: str, batch: bool, variant: Variant) -> list[Plan]:
    """Return the plans of a family of settings in a variant."""
    chosen = _at_depth(family, variant.depth) if variant.depth else PLANS[family]
    return [_vary(plan, batch, variant) for plan in chosen]


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
