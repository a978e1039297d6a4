"""Sizes of free letters: equal where an expression needs it, never so that two sides of a relation fit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from checkedmath.meaning.free_dimensions import NUMBERS, WEIGHT, Clash, Dimensions, Found
from checkedmath.meaning.leaves import OF_COLUMNS
from checkedmath.meaning.resolution import name, say
from checkedmath.subject.general import COLUMN, ENTRY, TO_A_NUMBER, taking
from checkedmath.subject.setting import Shape
from checkedmath.syntax.errors import ShapeError, Unplaced
from checkedmath.syntax.tree import (
    BROADCAST,
    DOT,
    ELEMENTWISE,
    JUXTAPOSED,
    MATMUL,
    OUTER,
    TENSOR,
    Add,
    Apply,
    AxisSum,
    ByIndex,
    Cases,
    Chain,
    Change,
    Compare,
    Component,
    Constant,
    Delta,
    Derivative,
    Divide,
    Example,
    Index,
    Inverse,
    Maximum,
    Multiply,
    Negate,
    Node,
    Number,
    Power,
    Primed,
    Subtract,
    SumOver,
    Symbol,
    Transpose,
    WrittenOut,
    children,
    walk,
)  # fmt: skip

TO_NUMBERS, KEEPING_SHAPE = taking(TO_A_NUMBER), taking(ENTRY, COLUMN)


class Sizes(Dimensions):
    """The shapes of expressions, and what they need of the dimensions of their letters."""

    def shape(self, node: Node, indices: dict[str, str] | None = None) -> Found:
        """Return the shape of an expression, making sizes equal as it needs.

        ``indices`` are the dimensions along which the letters of indices run in the same expression.
        """
        indices = {} if indices is None else indices
        if isinstance(node, Symbol):
            return self.of_symbol(node.name)
        rule = RULES.get(type(node))
        if rule is not None:
            return rule(self, node, indices)
        for below in children(node):
            self.shape(below, indices)
        return None

    def _pair(self, node: Any, indices: dict[str, str]) -> tuple[Found, Found]:
        return self.shape(node.left, indices), self.shape(node.right, indices)

    def _sum(self, node: Any, indices: dict[str, str]) -> Found:
        left, right = self._pair(node, indices)
        for one, other in ((node.left, right), (node.right, left)):
            if other and is_unit(one):
                self._square(other, node)
        if left and isinstance(node.right, Symbol) and right and node.right.name in self.repeated:
            axis = int(self.root(right[0]) == "1")
            self.join(right[axis], left[axis], node)
            return left
        if not self.coded and (left == ()) != (right == ()) and left is not None and right is not None:
            number, array, shape = (node.left, node.right, right) if left == () else (node.right, node.left, left)
            if any(isinstance(below, Symbol) for below in walk(number)):
                raise ShapeError(f"{name(number)} is a number, and {name(array)} is {self.said(shape)}", node)
        return self.equal(left, right, node) if left is not None and right is not None else left or right or None

    def _square(self, shape: Found, node: Node) -> None:
        if shape:
            self.join(shape[0], shape[-1], node)

    def _product(self, node: Multiply, indices: dict[str, str]) -> Found:
        left, right = self._pair(node, indices)
        if (is_unit(node.left) and right) or left == ():
            return right
        if (is_unit(node.right) and left) or right == ():
            return left
        if left is None or right is None:
            return self._beside_ones(node, left, right)
        if node.sign == ELEMENTWISE:
            try:
                return self.attempt(lambda: self.equal(left, right, node))
            except ShapeError:  # in another world it is the matrix product
                return self.attempt(lambda: self._matrix(node, left, right))
        if node.sign == DOT and {self.root(left[-1]), self.root(right[-1])} == {"1"} and self.root(right[0]) != "1":
            self.join(left[0], right[0], node)
            return ()
        if node.sign in {JUXTAPOSED, DOT, MATMUL}:
            return self._matrix(node, left, right)
        if node.sign == BROADCAST and [self.root(d) == "1" for d in left] == [self.root(d) == "1" for d in right]:
            return self.equal(left, right, node)  # else one is repeated
        return (left[0], right[0]) if node.sign == OUTER else left

    def _beside_ones(self, node: Multiply, left: Found, right: Found) -> Found:
        """Return the shape of 𝟏ᵀ A, a row, and of A 𝟏, a column; else nothing says it."""
        if left is None and right and _ones(node.left) == "column" and self.root(right[0]) == "1":
            return (f"{id(node)}.ones", right[-1])  # as long as what it is added to
        if right is None and left and _ones(node.right) == "row" and self.root(left[-1]) == "1":
            return (left[0], f"{id(node)}.ones")
        if left is None and right and _ones(node.left) == "row":
            return () if self.root(right[-1]) == "1" else ("1", right[-1])
        if right is None and left and _ones(node.right) == "column":
            return () if self.root(left[0]) == "1" else (left[0], "1")
        return None

    def _matrix(self, node: Multiply, left: Shape, right: Shape) -> Shape:
        try:
            self.join(left[-1], right[0], node)
        except Clash:
            if "1" not in {self.root(left[-1]), self.root(right[0])}:
                raise
        except ShapeError:
            pass
        if self.root(left[-1]) != self.root(right[0]):
            raise ShapeError(
                f"{name(node.left)} is {self.said(left)}, {name(node.right)} is {self.said(right)}: inner sizes "
                f"{self._name(left[-1])} and {self._name(right[0])} differ", node,
            )  # fmt: skip
        found = (*left[:-1], *right[1:])
        return () if {self.root(d) for d in found} == {"1"} else found

    def said(self, shape: Shape) -> str:
        """Return a shape as it is written."""
        return say(tuple(self._name(d) for d in shape))

    def _function(self, node: Apply, indices: dict[str, str]) -> Found:
        inner = self.shape(node.argument, indices)
        if node.name in {"tr", "det"}:
            self._square(inner, node)
            return ()
        if node.name in TO_NUMBERS:
            return ()
        if node.name == "diag" and inner and len(inner) == 2:
            return (inner[0], inner[0]) if self.root(inner[1]) == "1" else (inner[0], "1")
        if node.name in OF_COLUMNS and inner == ():
            raise ShapeError(f"{node.name} takes a column, and {name(node.argument)} is a number", node)
        if node.name in OF_COLUMNS and node.primes:
            return None
        return inner

    def _power(self, node: Power, indices: dict[str, str]) -> Found:
        inner = self.shape(node.base, indices)
        self.shape(node.exponent, indices)
        entries = isinstance(node.base, Apply) and node.base.name in KEEPING_SHAPE  # tanh²(W X): entry by entry
        if inner and self.root(inner[-1]) != "1" and self.root(inner[0]) != "1" and not (entries or node.numpy):
            self._square(inner, node)
        return inner

    def _inverse(self, node: Inverse, indices: dict[str, str]) -> Found:
        inner = self.shape(node.operand, indices)
        self._square(inner, node)
        return inner

    def _transposed(self, node: Any, indices: dict[str, str]) -> Found:
        inner = self.shape(node.operand, indices)
        return inner[::-1] if inner is not None else None

    def _divide(self, node: Divide, indices: dict[str, str]) -> Found:
        top, bottom = self.shape(node.top, indices), self.shape(node.bottom, indices)
        if top is None or bottom is None:
            return None
        alike = bool(top) and [self.root(d) == "1" for d in top] == [self.root(d) == "1" for d in bottom]
        return top or bottom if node.numpy and not alike else self.equal(top, bottom, node)

    def _component(self, node: Component, indices: dict[str, str]) -> Found:
        base = self.shape(node.base, indices)
        if not base:
            return ()
        long = [d for d in base if self.root(d) != "1"]
        for index, dimension in zip(node.indices, base if len(node.indices) == len(base) else long, strict=False):
            self._index(index, dimension, indices, node)
        return ()

    def _example(self, node: Example, indices: dict[str, str]) -> Found:
        base = self.shape(node.base, indices)
        if not base or self.root(base[1]) == "1":
            return base
        self._index(node.index, base[1], indices, node)
        return (base[0], "1")

    def _index(self, index: Index, dimension: str, indices: dict[str, str], node: Node) -> None:
        if index.letter:
            self.join(indices.setdefault(index.letter, dimension), dimension, node)
        else:
            root = self.root(dimension)
            self.least[root] = max(self.least.get(root, 0), index.offset)

    def _sum_over(self, node: SumOver, indices: dict[str, str]) -> Found:
        within = _Within(indices, node.index)
        found = self.shape(node.body, within)
        if isinstance(node.upper, Symbol) and node.index in within and self.of_symbol(node.upper.name) == ():
            self.join(within[node.index], node.upper.name, node)  # of n numbers there are n
        return found

    def _axis_sum(self, node: AxisSum, indices: dict[str, str]) -> Found:
        inner = self.shape(node.operand, indices)
        if not inner or node.axis is None:
            return () if inner is not None else None
        kept = tuple("1" if n == node.axis else d for n, d in enumerate(inner))
        return kept if node.keepdims else None

    def _written_out(self, node: WrittenOut, indices: dict[str, str]) -> Found:
        for row in node.rows:
            for entry in row:
                if self.shape(entry, indices):
                    raise Unplaced(f"{name(entry)} is no number, and stands for an entry", node)
        shape = (str(len(node.rows)), str(len(node.rows[0])))
        return () if shape == ("1", "1") else shape

    def _by_index(self, node: ByIndex, indices: dict[str, str]) -> Found:
        within = _Within(indices, node.row)
        within.pop(node.column, None)
        self.shape(node.body, within)
        shape = []
        for letter, said in zip((node.row, node.column), node.sizes, strict=True):
            if letter and letter not in within:
                raise Unplaced(f"nothing says how far {letter} runs in {name(node.body)}", node)
            shape.append(within[letter] if letter else "1")
            if letter and isinstance(said, Symbol | Number):
                self.join(shape[-1], said.name if isinstance(said, Symbol) else said.text, node)
        return tuple(shape)

    def _derivative(self, node: Derivative, indices: dict[str, str]) -> Found:
        of, by = self.shape(node.of, indices), self.shape(node.by, indices)
        if isinstance(node.of, Multiply) and node.of.sign == TENSOR and by:  # an outer product has no Jacobian
            self.equal(self.shape(node.of.left, indices), self.shape(node.of.right, indices), node)
        if of and by and not all("1" in {self.root(d) for d in shape} for shape in (of, by)):
            raise ShapeError(f"{name(node.of)} is {self.said(of)}, by {self.said(by)} it has no matrix", node)
        return () if of == by == () else None

    def _cases(self, node: Cases, indices: dict[str, str]) -> Found:
        found: Found = ()
        for value, condition in node.branches:
            found = self.equal(found, self.shape(value, indices), node)
            if condition is not None:
                self.shape(condition, indices)
        return found

    def _chain(self, node: Chain, indices: dict[str, str]) -> Found:
        first, *rest = node.terms
        found = self.shape(first)
        for term in rest:
            self.shape(term)
        return found


class _Within(dict[str, str]):
    """The dimensions of indices within a Σ: its own index is another than one of that letter outside."""

    def __init__(self, outer: dict[str, str], bound: str) -> None:
        super().__init__({k: v for k, v in outer.items() if k != bound})
        self.outer, self.bound = outer, bound

    def setdefault(self, letter: str, dimension: str = "") -> str:
        """Note a letter, further out too if it is bound there."""
        if letter != self.bound:
            self.outer.setdefault(letter, dimension)
        return super().setdefault(letter, dimension)


def _ones(node: Node) -> str:
    """Return how 𝟏, or a number times it, stands: as a column or as a row; "" for anything else."""
    if isinstance(node, Transpose):
        return {"column": "row", "row": "column"}.get(_ones(node.operand), "")
    if isinstance(node, Multiply):
        return _ones(node.left) or _ones(node.right)
    return "column" if node == Constant("1") else ""


def is_unit(node: Node) -> bool:
    """Whether this is I, or a number times it."""
    if isinstance(node, Multiply):
        return (is_unit(node.left) or is_unit(node.right)) and node.sign != ELEMENTWISE
    if isinstance(node, Negate | Transpose | Inverse):
        return is_unit(node.operand)
    if isinstance(node, Divide):
        return is_unit(node.top)
    return node == Constant("I")


RULES: dict[type[Node], Callable[[Sizes, Any, dict[str, str]], Found]] = {
    Number: lambda self, node, indices: (), Delta: lambda self, node, indices: (),
    Constant: lambda self, node, indices: None if node.name in {"1", "I"} else (),
    Negate: lambda self, node, indices: self.shape(node.operand, indices),
    Change: lambda self, node, indices: self.shape(node.of, indices),
    Transpose: Sizes._transposed, Primed: Sizes._transposed, Add: Sizes._sum, Subtract: Sizes._sum,
    Maximum: Sizes._sum, Compare: Sizes._sum, Multiply: Sizes._product, Inverse: Sizes._inverse, Power: Sizes._power,
    Divide: Sizes._divide, Apply: Sizes._function, Component: Sizes._component, SumOver: Sizes._sum_over,
    AxisSum: Sizes._axis_sum, Derivative: Sizes._derivative, Cases: Sizes._cases, Chain: Sizes._chain,
    Example: Sizes._example, WrittenOut: Sizes._written_out, ByIndex: Sizes._by_index,
}  # fmt: skip


__all__ = ["NUMBERS", "WEIGHT", "Clash", "Sizes", "is_unit"]
