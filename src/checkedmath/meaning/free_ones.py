"""The 1 that stands for a column of ones where typed text has no other sign for it: X W + 1 bᵀ, (dL/dY)ᵀ 1."""

from __future__ import annotations

from dataclasses import replace

from checkedmath.reading.result import Reading
from checkedmath.syntax.tree import (
    JUXTAPOSED,
    Add,
    Chain,
    Constant,
    Derivative,
    Multiply,
    Node,
    Number,
    Subtract,
    Symbol,
    Transpose,
    transform,
)  # fmt: skip

ONES = Constant("1")


def with_ones(reading: Reading) -> Reading:
    """Return a reading in which a factor 1, which nobody writes for the number, is a column of ones."""

    def change(node: Node) -> Node:
        if isinstance(node, Add | Subtract):
            return replace(node, left=_row_of_ones(node.left), right=_row_of_ones(node.right))
        if not isinstance(node, Multiply) or (node.sign, node.right) != (JUXTAPOSED, Number("1")):
            return node
        return replace(node, right=ONES) if _is_array(node.left) else node

    def full(tree: Chain) -> Chain:
        return transform(tree, change)  # type: ignore[return-value]

    definitions = tuple((name, full(chain)) for name, chain in reading.definitions)
    tree, beside = full(reading.tree), tuple(map(full, reading.beside))
    if (tree, beside, definitions) == (reading.tree, reading.beside, reading.definitions):
        return reading
    loose = full(reading.loose) if reading.loose is not None else None
    notes = (*reading.notes, "1 as a factor is read as a column of ones")
    return replace(reading, tree=tree, beside=beside, definitions=definitions, loose=loose, notes=notes)


def _row_of_ones(node: Node) -> Node:
    """Return 1 bᵀ with its 1 as a column of ones, and anything else as it is."""
    if not isinstance(node, Multiply) or (node.sign, node.left) != (JUXTAPOSED, Number("1")):
        return node
    return replace(node, left=ONES) if isinstance(node.right, Transpose) else node


def _is_array(node: Node) -> bool:
    """Whether this ends with what only an array is: a transpose, a capital, a derivative."""
    while isinstance(node, Multiply):
        node = node.right
    if isinstance(node, Symbol):
        return node.name[0].isupper()
    return isinstance(node, Transpose | Derivative)


__all__ = ["with_ones"]
