"""Two subjects past the course's first one: dropout between two layers, and a batch that lies in several shards.

Both are declared as any author would declare a subject; no line here computes a formula of backpropagation.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from checkedmath.subject.setting import Family, NamedFunction, Quantity, Setting, Shape, Swap, World
from checkedmath.subject.subject import Subject
from checkedmath.syntax.tree import ELEMENTWISE, Divide, Multiply, Node, Symbol
from checkedmath.values.graph import EXAMPLE, Graph, GraphDraw, setting_of
from checkedmath.values.namespace import namespace

#: Where the book explains each mistake with dropout.
DROPOUT_PAGES = {
    **dict.fromkeys(
        ("mask-missing", "mask-too-many", "A-for-dropped", "dropped-for-A"), "beyond/regularisation#dropout-slips"
    ),
    **dict.fromkeys(("keep-missing", "keep-too-many"), "beyond/regularisation#dropout-twice"),
}
#: The probability to stay on, and the mask of the book's network, (n_1, m): as one run drew them.
BOOK_KEEP, BOOK_MASK = 0.8, ((1, 1, 0, 1, 1), (1, 0, 1, 1, 1), (1, 1, 1, 1, 0))
SHARD_SIZES: Sequence[dict[str, int]] = (
    {"n": 3, "p": 4, "K": 2, "m_1": 5, "m_2": 2}, {"n": 2, "p": 3, "K": 3, "m_1": 1, "m_2": 4, "m_3": 6},
    {"n": 4, "p": 2, "K": 2, "m_1": 3, "m_2": 7}, {"n": 5, "p": 3, "K": 4, "m_1": 2, "m_2": 6, "m_3": 4, "m_4": 1},
)  # fmt: skip
EQUAL = "equal-shards"


def _quantity(name: str, shape: Shape, meaning: str, *aliases: str, **more: Any) -> Quantity:
    return Quantity(name, shape, more.pop("words", name), meaning=meaning, aliases=aliases, **more)


def _gradient(of: str, by: str, shape: Shape, meaning: str, *aliases: str, **more: Any) -> Quantity:
    words = f"d {more.pop('words', by)}"
    return Quantity(f"d{by}", shape, words, meaning=meaning, aliases=aliases, gradient=(of, by), **more)


# Dropout --------------------------------------------------------------------------------------------


def _dropout() -> Subject:
    layer, weight, bias = ("n_l", "m"), ("n_l", "n_{l-1}"), ("n_l", "1")
    of_layer: dict[str, Any] = {"numbered": True}
    columns: dict[str, Any] = {"per_example": True, "oriented": "data"}
    tilde = {"latex": r"\tilde A", "unicode": "Ã", "words": "A tilde"}
    return Subject(
        "dropout-batch", "two layers, tanh with dropout and then sigmoid, m examples",
        quantities=[
            _quantity("X", ("n_0", "m"), "The inputs, a column for each example.", **columns),
            _quantity("Y", ("n_2", "m"), "The labels, a column for each example.", **columns),
            _quantity("W", weight, "The weights of layer l.", oriented="weight", **of_layer),
            _quantity("b", bias, "The biases of layer l.", oriented="bias", **of_layer),
            _quantity("Z", layer, "The weighted sums of layer l.", **columns, **of_layer),
            _quantity("A", layer, "The activations of layer l.", **columns, **of_layer, first_member=0),
            _quantity("D", layer, "The mask: 1 where a unit stays on, 0 where it is switched off.",
                      **columns, **of_layer, words="D"),
            _quantity("Atilde", layer, "The activations after dropout.", "Ã", r"\tilde A", "A_dropped", **columns,
                      **of_layer, **tilde),
            _quantity("k", (), "The probability that a unit stays on.", "keep", r"keep\_prob", "keep_prob",
                      code=("p_keep", "keep_p")),
            _quantity("L", ("1", "m"), "The loss of each example.", "𝓛", "ℒ", "loss", latex=r"\mathcal{L}", unicode="𝓛",
                      words="the loss", **columns),
            _quantity("J", (), "The cost, the mean of the losses.", "cost"),
            _quantity("m", (), "The number of examples."),
            _quantity("alpha", (), "The learning rate.", "α", latex=r"\alpha", unicode="α"),
            _gradient("L", "Z", layer, "The derivative of each example's loss with respect to Z.", **columns,
                      **of_layer),
            _gradient("L", "A", layer, "The derivative of each example's loss with respect to A.", **columns,
                      **of_layer, first_member=0),
            _gradient("L", "Atilde", layer, "The derivative of each example's loss with respect to A after dropout.",
                      "dÃ",
                      r"d\tilde A", **columns, **of_layer, latex=r"d\tilde A", unicode="dÃ", words="A tilde"),
            _gradient("J", "W", weight, "The derivative of the cost with respect to W.", oriented="weight", **of_layer),
            _gradient("J", "b", bias, "The derivative of the cost with respect to b.", oriented="bias", **of_layer),
        ],
        rules=[
            "A[0] = X", "Z[1] = W[1] X + b[1]", "A[1] = g(Z[1])", r"\tilde A[1] = \frac{1}{k} D[1] ⊙ A[1]",
            r"Z[2] = W[2] \tilde A[1] + b[2]", "A[2] = σ(Z[2])",
            r"L = -\mathbf{1}^T (Y ⊙ log(A[2]) + (1 - Y) ⊙ log(1 - A[2]))", "J = 1/m Σ_i L^(i)",
        ],
        functions=[NamedFunction("g", "g", "g", "g", meaning="The activation of the hidden layer, tanh.",
                                 value=lambda z, xp: xp.tanh(z))],
        sizes=[{"n_0": 4, "n_1": 3, "n_2": 2, "m": 5}, {"n_0": 3, "n_1": 5, "n_2": 2, "m": 4},
               {"n_0": 2, "n_1": 4, "n_2": 3, "m": 6}, {"n_0": 5, "n_1": 2, "n_2": 4, "m": 3}],
        inputs={"D": lambda random: float(random.random() < 0.7), "k": lambda random: random.uniform(0.4, 0.9),
                "Y": lambda random: random.uniform(0.1, 0.9), "alpha": lambda random: random.uniform(0.1, 0.6)},
        objective="J", step="alpha", scalars=("L", "J"), family=Family("l", "L", "n", "layer"), examples="m",
        mistakes=_dropout_mistakes(), pages=DROPOUT_PAGES, draws=_dropout_draws, words=("dropout", "keep_prob"),
    )  # fmt: skip


def _dropout_mistakes() -> tuple[Swap, ...]:
    mask, keep = Symbol("D"), Symbol("k")

    def is_mask(node: Node) -> bool:
        return isinstance(node, Symbol) and node.name == "D"

    def masked(node: Node) -> list[Node]:
        if not isinstance(node, Symbol) or node.name not in {"dAtilde", "A"} or node.member is None:
            return []
        return [Multiply(ELEMENTWISE, replace(mask, member=node.member), node)]

    def unmasked(node: Node) -> list[Node]:
        if not isinstance(node, Multiply) or node.sign != ELEMENTWISE:
            return []
        return [other for one, other in ((node.left, node.right), (node.right, node.left)) if is_mask(one)]

    def divided(node: Node) -> list[Node]:
        product = isinstance(node, Multiply) and (is_mask(node.left) or is_mask(node.right))
        return [Divide(node, keep)] if product else []

    def undivided(node: Node) -> list[Node]:
        by_keep = isinstance(node, Divide) and isinstance(node.bottom, Symbol) and node.bottom.name == "k"
        return [node.top] if by_keep else []  # type: ignore[attr-defined]

    def renamed(old: str, new: str) -> Callable[[Node], list[Node]]:
        def change(node: Node) -> list[Node]:
            return [replace(node, name=new)] if isinstance(node, Symbol) and node.name == old else []

        return change

    return (
        Swap("mask-missing", "the mask is missing: what was switched off has no part in the loss", masked),
        Swap("mask-too-many", "the mask is one factor too many here", unmasked),
        Swap("keep-missing", "the division by the probability to stay on is missing", divided),
        Swap("keep-too-many", "the probability to stay on divides once too often", undivided),
        Swap("A-for-dropped", "layer 2 saw A after dropout, not before it", renamed("A", "Atilde")),
        Swap("dropped-for-A", "A before dropout is meant here, not after it", renamed("Atilde", "A")),
    )  # fmt: skip


def _dropout_draws(graph: Graph, variant: str) -> Sequence[GraphDraw]:
    """Return random networks with random masks, or the book's network with its mask, where NumPy is."""
    kinds = {*variant.split(",")} - {""}
    if EXAMPLE not in kinds:
        return graph.at_random(kinds)
    np = namespace()
    if np.__name__ != "numpy":
        return ()
    from backprop import book  # noqa: PLC0415 - where NumPy is absent so is this

    network, (X, Y) = book.network(), book.data()
    inputs: dict[Any, Any] = {("X", None): X, ("Y", None): Y, ("D", 1): np.array(BOOK_MASK, float),
                              ("k", None): BOOK_KEEP, ("alpha", None): 0.3}  # fmt: skip
    for l in network.W:
        inputs |= {("W", l): network.W[l], ("b", l): network.b[l]}
    sizes = {f"n_{l}": n for l, n in enumerate(network.sizes)} | {"m": X.shape[1]}
    return (GraphDraw(graph, sizes, 0, inputs=inputs),)


# Shards ---------------------------------------------------------------------------------------------


def _shards() -> Subject:
    rows = ("n", "m_k")
    numbered: dict[str, Any] = {"numbered": True}
    return Subject(
        "shards", "one layer with half the squared error, its m examples in K shards",
        quantities=[
            _quantity("A", ("p", "m_k"), "What comes into the layer: the columns of shard k.", **numbered),
            _quantity("Y", rows, "The labels of shard k.", **numbered),
            _quantity("W", ("n", "p"), "The weights, the same for all shards."),
            _quantity("b", ("n", "1"), "The biases, the same for all shards.", oriented="bias"),
            _quantity("Z", rows, "The weighted sums of shard k.", **numbered),
            _quantity("S", (), "The sum of the losses of shard k.", **numbered),
            _quantity("T", (), "The sum of all losses."), _quantity("J", (), "The cost, the mean of all losses."),
            _quantity("m", (), "The number of all examples."), _quantity("K", (), "The number of shards."),
            _quantity("alpha", (), "The learning rate.", "α", latex=r"\alpha", unicode="α"),
            _gradient("T", "Z", rows, "The derivatives of the losses of shard k with respect to its Z.", **numbered),
            _gradient("J", "W", ("n", "p"), "The derivative of the cost with respect to W."),
            _gradient("J", "b", ("n", "1"), "The derivative of the cost with respect to b."),
        ],
        rules=[
            "Z[k] = W A[k] + b", r"S[k] = \frac{1}{2} ‖Z[k] - Y[k]‖^2", "m = Σ_{k=1}^K m[k]", "T = Σ_{k=1}^K S[k]",
            "J = T/m",
        ],
        sizes=SHARD_SIZES, inputs={"alpha": lambda random: random.uniform(0.1, 0.6)},
        objective="J", step="alpha", scalars=("J", "T"), family=Family("k", "K", "m", "shard"),
        conventions=(World(EQUAL, "all shards are equally large", EQUAL),), draws=_shard_draws,
    )  # fmt: skip


def _shard_draws(graph: Graph, variant: str) -> Sequence[GraphDraw]:
    kinds = {*variant.split(",")} - {""}
    if EQUAL not in kinds:
        return graph.at_random(kinds)
    sizes = [{name: one["m_1"] + 1 if name.startswith("m_") else n for name, n in one.items()} for one in SHARD_SIZES]
    return graph.at_random(kinds, sizes)


SETTINGS: dict[str, Setting] = {
    "dropout-batch": setting_of(_dropout(), read=False, summed="L", example="the book's network"),
    "shards": setting_of(_shards(), read=False),
}

__all__ = ["BOOK_KEEP", "BOOK_MASK", "SETTINGS"]
