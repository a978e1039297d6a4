"""How far a Σ reaches: to the next + of its level, or to the end where only that binds its index, Σ_i a_i + b_i."""

from __future__ import annotations

from dataclasses import replace

from checkedmath.syntax.tree import (
    Add,
    Chain,
    Component,
    Example,
    Multiply,
    Negate,
    Node,
    Number,
    Subtract,
    SumOver,
    children,
    transform,
    walk,
)  # fmt: skip

TO_THE_END = "Σ is read as reaching to the end of the line"


def to_the_end(node: Node, text: str) -> Node:
    """Return -(1/m) Σ a + b with its Σ over all that follows at its level, and anything else as it is.

    A bracket that closes in the text before the sign says how far the Σ reaches.
    """
    if not isinstance(node, Add | Subtract) or set(")]}") & {*text[node.left.span[1] : node.right.span[0]]}:
        return node
    left = to_the_end(node.left, text)

    def reaching(node: Node, rest: Node, sign: type[Add | Subtract]) -> Node | None:
        if isinstance(node, SumOver):
            return replace(node, body=sign(node.body, rest, span=(node.body.span[0], rest.span[1])))
        if isinstance(node, Negate):
            inner = reaching(node.operand, rest, sign)
            return replace(node, operand=inner) if inner is not None else None
        if isinstance(node, Multiply):
            inner = reaching(node.right, rest, sign)
            return replace(node, right=inner) if inner is not None else None
        return None

    return reaching(left, node.right, type(node)) or node


def with_bound_indices(tree: Chain, text: str) -> Chain:
    """Return a chain in which a Σ reaches to the end of its side where the rest has its index, bound nowhere else."""
    bound = {side: _index(side, text) for side in tree.terms}
    letters = {letter for side in tree.terms if not bound[side] for letter in _free(side)}

    def change(side: Node) -> Node:
        index = bound[side]
        return to_the_end(side, text) if index and index not in letters and index in _free(side) else side

    terms = tuple(change(side) for side in tree.terms)
    return tree if terms == tree.terms else replace(tree, terms=terms)


def with_named_indices(tree: Chain) -> Chain:
    """Return a chain in which a Σ without an index is over the one index of what it adds up, Σ w_i x_i."""
    unnamed = [node for node in walk(tree) if isinstance(node, SumOver) and not node.index and node.upper is None]
    for node in unnamed:
        letters = _free(node.body)
        if len(letters) == 1 and not letters & _free(_put(tree, node, Number("0"))):
            tree = _put(tree, node, replace(node, index=min(letters)))
    return tree


def _put(tree: Chain, old: SumOver, new: Node) -> Chain:
    here = old.span
    return transform(tree, lambda n: new if isinstance(n, SumOver) and n.span == here else n)  # type: ignore[return-value]


def _index(side: Node, text: str) -> str:
    """Return the index of the Σ that could reach further, "" where there is none."""
    longer = to_the_end(side, text)
    if longer is side or longer == side:
        return ""
    while not isinstance(longer, SumOver):
        longer = longer.operand if isinstance(longer, Negate) else longer.right  # type: ignore[attr-defined]
    return longer.index


def _free(node: Node) -> set[str]:
    """Return the letters of indices that no Σ binds."""
    if isinstance(node, SumOver):
        return _free(node.body) - {node.index}
    own = {node.index.letter} if isinstance(node, Example) else set[str]()
    if isinstance(node, Component):
        own = {index.letter for index in node.indices}
    return own.union(*map(_free, children(node))) - {""}


__all__ = ["TO_THE_END", "to_the_end", "with_bound_indices", "with_named_indices"]
