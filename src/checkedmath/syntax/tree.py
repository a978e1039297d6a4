"""The tree of a formula: what was written, with nothing decided about it yet.

Nodes are frozen and compare by what they say, not by where they stood: ``span`` (start and end
in the source) does not count.  A tree is never changed; a pass makes a new one with `rebuild`.

Products keep the sign that was written, because what a sign means is a question for the
shapes and the world a formula is judged in, not for the reader.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields, replace
from functools import cache, wraps
from typing import Any, TypeVar
from weakref import ref

from checkedmath.syntax.budget import spend

Span = tuple[int, int]
Made = TypeVar("Made")


@dataclass(frozen=True)
class Index:
    """A layer number or an index: ``2`` is Index("", 2), ``l - 1`` is Index("l", -1)."""

    letter: str
    offset: int = 0

    def __str__(self) -> str:
        if not self.letter:
            return str(self.offset)
        return self.letter + (f"{self.offset:+d}" if self.offset else "")


@dataclass(frozen=True, kw_only=True)
class Node:
    """The base of all nodes."""

    span: Span = field(default=(0, 0), compare=False, repr=False)


def per_node(make: Callable[[Node], Made]) -> Callable[[Node], Made]:
    """Remember what a function returns of a node, beside the node and as long as this very one lives.

    The same is asked of the same trees again and again, and an edit of a tree shares most of its nodes.  What is
    remembered must not hold the node itself, or neither would ever go.
    """
    known: dict[int, tuple[Made, ref[Node]]] = {}

    @wraps(make)
    def remembered(node: Node) -> Made:
        key = id(node)
        kept = known.get(key)
        if kept is None:
            kept = known[key] = make(node), ref(node, lambda _: known.pop(key, None))
        return kept[0]

    return remembered


@dataclass(frozen=True)
class Number(Node):
    """A number as written, ``"0.50"``."""

    text: str


@dataclass(frozen=True)
class Symbol(Node):
    """A quantity of the setting by its canonical name, ``Symbol("dZ", Index("", 2))``.

    ``dotted``: not the quantity but how fast it changes along a random direction, ż.
    """

    name: str
    member: Index | None = None
    dotted: bool = False


@dataclass(frozen=True)
class Constant(Node):
    """A constant whose shape follows from its place: ``"1"`` (all ones), ``"I"``, ``"0"``, ``"e"``."""

    name: str


@dataclass(frozen=True)
class Delta(Node):
    """Kronecker's δ_ij: 1 where the indices are equal, else 0."""

    first: Index
    second: Index


@dataclass(frozen=True)
class Component(Node):
    """One entry: a_j has one index, W_kj two.  Indices count from 1."""

    base: Node
    indices: tuple[Index, ...]


@dataclass(frozen=True)
class Example(Node):
    """Column i of a quantity that has a column for each example: x⁽ⁱ⁾."""

    base: Node
    index: Index


@dataclass(frozen=True)
class Negate(Node):
    """-x."""

    operand: Node


@dataclass(frozen=True)
class Add(Node):
    """x + y."""

    left: Node
    right: Node


@dataclass(frozen=True)
class Subtract(Node):
    """x - y."""

    left: Node
    right: Node


#: The signs a product can be written with.
JUXTAPOSED = "juxtaposed"  # W x
ELEMENTWISE = "elementwise"  # * ⊙ ∘ .*
DOT = "dot"  # · \cdot .
TENSOR = "tensor"  # ⊗, which says nothing by itself
MATMUL = "matmul"  # NumPy's @ and np.dot
BROADCAST = "broadcast"  # NumPy's * and np.multiply
OUTER = "outer"  # np.outer
SIGNS = (JUXTAPOSED, ELEMENTWISE, DOT, TENSOR, MATMUL, BROADCAST, OUTER)


@dataclass(frozen=True)
class Multiply(Node):
    """A product; ``sign`` is one of `SIGNS`."""

    sign: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Divide(Node):
    """x / y, by a number or entry by entry.  ``numpy`` divides with NumPy's broadcasting."""

    top: Node
    bottom: Node
    numpy: bool = False


@dataclass(frozen=True)
class Power(Node):
    """x to a power, entry by entry (of a square matrix: the matrix power, unless ``numpy``)."""

    base: Node
    exponent: Node
    numpy: bool = False


@dataclass(frozen=True)
class Transpose(Node):
    """xᵀ."""

    operand: Node


@dataclass(frozen=True)
class Inverse(Node):
    """x⁻¹."""

    operand: Node


@dataclass(frozen=True)
class Primed(Node):
    """A prime on something that is no function name, g(Z)'; what it means is a question."""

    operand: Node


@dataclass(frozen=True)
class Apply(Node):
    """A function applied: g[1]'(z) is Apply("g", z, layer 1, primes 1).

    ``name`` is a function of the setting, or one of the general ones: exp, log, sqrt, tanh,
    sigmoid, relu, softmax, diag, tr, det, abs, norm, sum, mean, max, sign, vec.
    ``norm`` is the Euclidean norm of a column and the Frobenius norm of a matrix.
    """

    name: str
    argument: Node
    member: Index | None = None
    primes: int = 0


@dataclass(frozen=True)
class Evaluated(Node):
    """A function by itself, without an argument: the g' in ``g'`` alone, or ``σ'``."""

    name: str
    member: Index | None = None
    primes: int = 0


@dataclass(frozen=True)
class SumOver(Node):
    """Σ over an index; limits may be left out, then it runs over the index's whole range."""

    index: str
    body: Node
    lower: Node | None = None
    upper: Node | None = None
    example: bool = False  # Σ over examples, where the index stands as (i)


@dataclass(frozen=True)
class AxisSum(Node):
    """np.sum or np.mean, with NumPy's axis and keepdims."""

    operand: Node
    axis: int | None = None
    keepdims: bool = False
    mean: bool = False


#: The axis that Octave's sum goes along: the first that is longer than 1.
FIRST_LONG = -1


@dataclass(frozen=True)
class Extent(Node):
    """How long an axis of an array is, ``X.shape[1]``; without an axis, how many entries it has."""

    operand: Node
    axis: int | None = None


@dataclass(frozen=True)
class Ones(Node):
    """An array of ones, np.ones((rows, columns)); its sizes are nodes, and so is what stands in each entry."""

    rows: Node
    columns: Node


@dataclass(frozen=True)
class Derivative(Node):
    """∂u/∂v.  How its entries are arranged is the layout's business; ``nabla``: it is ∇_v u, that is transposed."""

    of: Node
    by: Node
    nabla: bool = False


@dataclass(frozen=True)
class Change(Node):
    """A differential by itself, dX or d(X⁻¹): how u changes along a direction in which its letters move."""

    of: Node


@dataclass(frozen=True)
class WrittenOut(Node):
    """A matrix, a column or a row written out: its rows, each with its entries."""

    rows: tuple[tuple[Node, ...], ...]


@dataclass(frozen=True)
class ByIndex(Node):
    """An array by its entries, as x_i = … says it: ``body`` is the one in row ``row`` and column ``column``.

    Of a column there is no column's index, of a row none of a row.  ``sizes`` are what the indices are said to run to.
    """

    body: Node
    row: str
    column: str = ""
    sizes: tuple[Node | None, Node | None] = (None, None)


@dataclass(frozen=True)
class Compare(Node):
    """A condition, x > 0; 1 where it holds and 0 elsewhere.  ``op``: = ≠ < ≤ > ≥."""

    op: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Cases(Node):
    """A value by cases, entry by entry; a branch without a condition is "otherwise"."""

    branches: tuple[tuple[Node, Node | None], ...]


@dataclass(frozen=True)
class Maximum(Node):
    """The larger of two, entry by entry."""

    left: Node
    right: Node


@dataclass(frozen=True)
class RealSpace(Node):
    """ℝ^(rows × columns), for shape claims; the sizes are nodes (n_1, m, 4)."""

    rows: Node
    columns: Node | None = None


@dataclass(frozen=True)
class Chain(Node):
    """Terms joined by relations: a = b = c.  One term and no relation: an expression alone.

    ``relations`` are from ``= ≈ := ≠ < ≤ > ≥ ∈ ∝``; ``reasons[k]`` belongs to step k.
    """

    terms: tuple[Node, ...]
    relations: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()


def bound_indices(node: Node) -> frozenset[str]:
    """Return the letters of the indices that a node binds, as a Σ does."""
    if isinstance(node, SumOver):
        return frozenset({node.index})
    return frozenset({node.row, node.column} - {""}) if isinstance(node, ByIndex) else frozenset()


@per_node
def children(node: Node) -> tuple[Node, ...]:
    """Return the nodes right below this one, in the order they are written."""
    return tuple(below for name in _parts(type(node)) for below in _nodes(getattr(node, name)))  # type: ignore[arg-type]


def walk(node: Node) -> tuple[Node, ...]:
    """Return this node and all below it, in the order they are written."""
    return (node, *_below(node))


@per_node
def _below(node: Node) -> tuple[Node, ...]:
    found: list[Node] = []
    waiting = [*reversed(children(node))]  # a text may be deeper than Python calls functions
    while waiting:
        found.append(waiting.pop())
        waiting += reversed(children(found[-1]))
    return tuple(found)


def rebuild(node: Node, change: Callable[[Node], Node]) -> Node:
    """Return this node with `change` applied to each node right below it."""
    new = {}
    for name in _parts(type(node)):  # type: ignore[arg-type]
        old = getattr(node, name)
        changed = _map(old, change)
        if changed is not old:
            new[name] = changed
    return replace(node, **new) if new else node


def transform(node: Node, change: Callable[[Node], Node]) -> Node:
    """Return the tree with `change` applied to every node, from the leaves up."""
    spend()
    return change(rebuild(node, lambda below: transform(below, change)))


def depth(node: Node) -> int:
    """Return the number of levels of the tree."""
    levels, row = 0, [node]
    while row:  # level by level, so that the answer comes whatever the depth
        levels, row = levels + 1, [below for above in row for below in children(above)]
    return levels


@cache
def _parts(kind: type[Node]) -> tuple[str, ...]:
    """Return the fields in which there may be nodes; asking a dataclass each time is slow."""
    return tuple(item.name for item in fields(kind) if item.name != "span")


def _nodes(value: Any) -> Iterator[Node]:
    if isinstance(value, Node):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _nodes(item)


def _map(value: Any, change: Callable[[Node], Node]) -> Any:
    if isinstance(value, Node):
        return change(value)
    if isinstance(value, tuple) and value and not isinstance(value[0], int | str | Index):
        changed = tuple(_map(item, change) for item in value)
        return value if all(a is b for a, b in zip(changed, value, strict=True)) else changed
    return value
