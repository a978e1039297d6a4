"""Shapes of entries: a_j, W_kj, x⁽ⁱ⁾ and sums over an index.

An index's range comes from the positions it stands in; two positions of different size are a
shape error.  i in (i) counts examples; elsewhere it counts components.
"""

from __future__ import annotations

from checkedmath.meaning import dimensions as dim
from checkedmath.meaning.resolution import Resolved, Scope, name, resolve, rule, say
from checkedmath.subject.setting import Setting
from checkedmath.subject.view import View
from checkedmath.syntax.errors import ShapeError, Unplaced
from checkedmath.syntax.tree import (
    ByIndex,
    Component,
    Delta,
    Example,
    Index,
    Node,
    Number,
    SumOver,
    Symbol,
    WrittenOut,
    bound_indices,
    children,
    per_node,
    walk,
)  # fmt: skip


@rule(Component)
def component(node: Component, scope: Scope) -> Resolved:
    """One entry of a column (one index) or a matrix (two)."""
    base = resolve(node.base, scope)
    shape, wanted = base.shape, len(node.indices)
    if shape == ():
        raise Unplaced(f"{name(node.base)} is a number and has no entries", node)
    if wanted == 1 and len(shape) == 2 and (axis := row_axis(node.base, scope.setting, scope.view)) is not None:
        index = node.indices[0]
        along = ((index.letter, shape[axis]),) if index.letter else ()
        return Resolved(node, (shape[1 - axis], "1"), "row", (base,), (index, axis), own=along)
    if wanted == 1 and len(shape) == 2 and "1" not in shape:
        raise Unplaced(f"{name(node.base)} is {say(shape)}: an entry needs two indices", node)
    if wanted > 2:
        raise Unplaced("an entry has one index or two", node)
    sizes = shape if wanted == len(shape) else tuple(d for d in shape if d != "1") or ("1",)
    own = tuple((index.letter, size) for index, size in zip(node.indices, sizes, strict=False) if index.letter)
    return Resolved(node, (), "entry", (base,), node.indices, own=own)


def row_axis(base: Node, setting: Setting, view: View) -> int | None:
    """Return the axis that the single index of W_i counts along, where it means a row as a column; else None."""
    quantity = setting.quantities.get(base.name) if isinstance(base, Symbol) else None
    if quantity is None or not quantity.rows:
        return None
    return int(quantity.oriented in view.turned)


@rule(Example)
def example(node: Example, scope: Scope) -> Resolved:
    """Give the column of one example."""
    base = resolve(node.base, scope)
    examples = scope.setting.examples
    if scope.setting.free and len(base.shape) == 2 and base.shape[1] != "1":  # x_i, of a letter read so
        own = ((node.index.letter, base.shape[1]),) if node.index.letter else ()
        return Resolved(node, (base.shape[0], "1"), "example", (base,), (node.index, 1), own=own)
    if len(base.shape) != 2 or examples not in base.shape:
        if examples in scope.view.sizes:
            return Resolved(node, base.shape, "only example", (base,), node.index)
        # Free letters have no examples, and (l) and (t) number none.
        counted = bool(scope.setting.family.letter) or node.index.letter not in {"l", "t"}
        kind = ShapeError if examples and counted else Unplaced
        raise kind(f"{name(node.base)} is {say(base.shape)} and has no column for each example", node)
    axis = base.shape.index(examples)
    shape = (base.shape[0], "1") if axis == 1 else ("1", base.shape[1])
    own = ((node.index.letter, examples),) if node.index.letter else ()
    return Resolved(node, shape, "example", (base,), (node.index, axis), own=own)


@rule(Delta)
def delta(node: Delta, scope: Scope) -> Resolved:
    """Kronecker's δ is a number; its indices get their ranges elsewhere."""
    return Resolved(node, (), "delta")


@rule(SumOver)
def sum_over(node: SumOver, scope: Scope) -> Resolved:
    """Sum over an index, over its whole range."""
    body = resolve(node.body, scope)
    size = body.ranges.get(node.index)
    if node.lower is not None and not (isinstance(node.lower, Number) and node.lower.text == "1"):
        raise Unplaced(f"the sum over {node.index} starts at 1 here, not at {name(node.lower)}", node)
    limit = _limit(node.upper, scope)
    if _counts_members(node):
        family = scope.setting.family
        if limit not in {None, family.last, str(scope.last_member)}:
            raise ShapeError(f"a sum over the {family.word}s ends at {family.last}, not at {limit}", node)
        return Resolved(node, body.shape, "sum of members", (body,), node.index)
    if size is None:
        return _without_index(node, body, limit, scope)
    if limit is not None and limit != size:
        raise ShapeError(f"the sum over {node.index} ends at {limit}, but {node.index} runs to {size}", node)
    return Resolved(node, body.shape, "sum", (body,), (node.index, size))


def _counts_members(node: SumOver) -> bool:
    """Whether the index of a sum numbers quantities: Σ over l of ‖W[l]‖²."""
    members = (getattr(below, "member", None) for below in walk(node.body))
    return node.index != "" and any(isinstance(member, Index) and member.letter == node.index for member in members)


def _limit(upper: Node | None, scope: Scope) -> str | None:
    if upper is None:
        return None
    if isinstance(upper, Symbol):
        if upper.member is not None:
            return dim.narrowed(scope.size_of(upper.member), scope.view.sizes)
        return dim.narrowed(upper.name, scope.view.sizes)
    return upper.text if isinstance(upper, Number) else name(upper)


def _without_index(node: SumOver, body: Resolved, limit: str | None, scope: Scope) -> Resolved:
    """Σ dZ, where the index is not written: the sum over the columns, one for each example."""
    examples = scope.setting.examples
    if examples in body.shape and limit in {None, examples}:
        axis = body.shape.index(examples)
        shape = (body.shape[0], "1") if axis == 1 else ("1", body.shape[1])
        return Resolved(node, shape, "sum of columns", (body,), axis)
    if examples in scope.view.sizes and limit in {None, examples, "1"}:
        return body
    raise Unplaced(f"the index {node.index or 'of the sum'} does not occur in what is added up", node)


@rule(WrittenOut)
def matrix(node: WrittenOut, scope: Scope) -> Resolved:
    """Give an array its size: it is written out, entry by entry."""
    parts = tuple(resolve(entry, scope) for row in node.rows for entry in row)
    if (array := next((part for part in parts if part.shape), None)) is not None:
        raise Unplaced(f"the entries of a matrix are numbers here, and {name(array.node)} is {say(array.shape)}", node)
    return Resolved(node, (str(len(node.rows)), str(len(node.rows[0]))), "written out", parts)


@rule(ByIndex)
def by_index(node: ByIndex, scope: Scope) -> Resolved:
    """Give an array by its entries its size: its indices run as the places say in which they stand."""
    body = resolve(node.body, scope)
    if body.shape:
        raise Unplaced(f"{name(node.body)} is {say(body.shape)} and no entry", node)
    shape = []
    for letter, said in zip((node.row, node.column), node.sizes, strict=True):
        size, limit = (body.ranges.get(letter), _limit(said, scope)) if letter else ("1", None)
        if size is None or (limit is not None and limit != size):
            raise ShapeError(f"{letter} runs to {size or 'nothing that is known'} here, not to {limit}", node)
        shape.append(size)
    return Resolved(node, tuple(shape), "by index", (body,), (node.row, node.column))


@per_node
def free_indices(node: Node) -> frozenset[str]:
    """Return the letters of the indices that are bound by no Σ and by no array's own entries."""
    found = {index.letter for index in _own(node) if index.letter}.union(*map(free_indices, children(node)))
    return frozenset(found - bound_indices(node))


def _own(node: Node) -> tuple[Index, ...]:
    if isinstance(node, Component):
        return node.indices
    if isinstance(node, Example):
        return (node.index,)
    if isinstance(node, Delta):
        return (node.first, node.second)
    return ()


def bare(node: Node) -> Node:
    """Return a quantity without its indices: the a of a_j."""
    while isinstance(node, Component | Example):
        node = node.base
    return node


__all__ = ["bare", "component", "example", "free_indices", "sum_over"]
