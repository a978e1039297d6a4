"""Letters with an index that are columns, one for each value of the index: the x_i of Σ_i (y_i - wᵀ x_i)²."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from checkedmath.reading.result import Reading
from checkedmath.subject.setting import Shape
from checkedmath.syntax.tree import (
    DOT,
    JUXTAPOSED,
    Apply,
    Chain,
    Component,
    Example,
    Multiply,
    Node,
    Symbol,
    Transpose,
    children,
    transform,
    walk,
)  # fmt: skip


def with_columns(reading: Reading, lets: Mapping[str, Shape]) -> Reading:
    """Return a reading in which x_i is column i of x, where x stands nowhere but so and one x_i is used as a column."""
    bodies = [body for *_, body in reading.functions]
    trees = [reading.tree, *reading.beside, *(chain for _, chain in reading.definitions), *bodies]
    nodes = [node for tree in trees for node in walk(tree)]
    single = [n for n in nodes if isinstance(n, Component) and len(n.indices) == 1 and n.indices[0].letter]
    bases = {n.base.name for n in single if isinstance(n.base, Symbol) and n.base.name[0].islower()}
    known = {*lets, *reading.declared, *(name for name, _ in reading.definitions)}
    elsewhere = {s.name for tree in trees for s in _bare(tree, bases)}
    used = {name for n in nodes for name in _as_column(n)}
    columns = (bases & used) - elsewhere - known
    if not columns:
        return reading

    def change(node: Node) -> Node:
        if isinstance(node, Component) and isinstance(node.base, Symbol) and node.base.name in columns:
            return Example(node.base, node.indices[0], span=node.span)
        return node

    def full(tree: Chain) -> Chain:
        return transform(tree, change)  # type: ignore[return-value]

    shapes: dict[str, Shape] = {name: (f"{name}.rows", f"{name}.columns") for name in columns}
    said = [f"{name} with an index is read as a column, one for each value of it" for name in sorted(columns)]
    return replace(
        reading, tree=full(reading.tree), beside=tuple(map(full, reading.beside)), loose=None,
        definitions=tuple((name, full(chain)) for name, chain in reading.definitions),
        functions=tuple((name, parameters, transform(body, change)) for name, parameters, body in reading.functions),
        declared={**reading.declared, **shapes}, notes=(*reading.notes, *said),
    )  # fmt: skip


def _bare(node: Node, bases: set[str]) -> list[Symbol]:
    """Return these letters where they stand without a single index."""
    if isinstance(node, Symbol):
        return [node] if node.name in bases else []
    if isinstance(node, Component) and isinstance(node.base, Symbol) and len(node.indices) == 1:
        return []
    return [found for below in children(node) for found in _bare(below, bases)]


def _as_column(node: Node) -> list[str]:
    """Return the letters whose entry would have to be a column here: transposed, in a norm, behind a matrix."""
    if isinstance(node, Transpose) or (isinstance(node, Apply) and node.name == "norm"):
        inside = node.operand if isinstance(node, Transpose) else node.argument
        return [n.base.name for n in walk(inside) if isinstance(n, Component) and isinstance(n.base, Symbol)]
    if isinstance(node, Multiply) and node.sign in {JUXTAPOSED, DOT} and isinstance(node.right, Component):
        left = node.left
        while isinstance(left, Multiply):
            left = left.right
        matrix = isinstance(left, Transpose) or (isinstance(left, Symbol) and left.name[0].isupper())
        return [node.right.base.name] if matrix and isinstance(node.right.base, Symbol) else []
    return []


__all__ = ["with_columns"]
