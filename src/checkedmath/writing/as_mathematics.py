"""A formula made ready to be shown as mathematics: NumPy's signs and heaped transposes taken out."""

from __future__ import annotations

from dataclasses import replace

from checkedmath.meaning.resolution import Resolved
from checkedmath.subject.setting import Setting, is_number
from checkedmath.syntax.tree import (
    BROADCAST,
    ELEMENTWISE,
    JUXTAPOSED,
    MATMUL,
    OUTER,
    Add,
    Apply,
    AxisSum,
    Chain,
    Compare,
    Divide,
    Evaluated,
    Example,
    Index,
    Multiply,
    Negate,
    Node,
    Number,
    Power,
    Subtract,
    SumOver,
    Symbol,
    Transpose,
    transform,
)  # fmt: skip


def as_mathematics(tree: Chain, setting: Setting) -> Chain:
    """Return the tree without NumPy: @ by juxtaposition, * by ⊙, np.sum over the columns by Σᵢ."""

    def change(node: Node) -> Node:
        if isinstance(node, Multiply) and node.sign == MATMUL:
            return replace(node, sign=JUXTAPOSED)
        if isinstance(node, Multiply) and node.sign == OUTER:
            return Multiply(JUXTAPOSED, node.left, Transpose(node.right), span=node.span)
        if isinstance(node, Multiply) and node.sign == BROADCAST:
            sign = JUXTAPOSED if is_number(node.left, setting) else ELEMENTWISE
            return replace(node, sign=sign)
        if isinstance(node, Apply | Evaluated):
            return _without_helper(node, setting)
        if isinstance(node, Divide | Power) and node.numpy:
            return replace(node, numpy=False)
        if isinstance(node, AxisSum) and node.axis == 1:
            count = Symbol(setting.examples)
            total = SumOver("i", _of_example(node.operand, setting), Number("1"), count, span=node.span)
            return Multiply(JUXTAPOSED, Divide(Number("1"), count), total, span=node.span) if node.mean else total
        return node

    return transform(tree, change)  # type: ignore[return-value]


def _without_helper(node: Apply | Evaluated, setting: Setting) -> Node:
    """Return g'(z) for g_prime(z), whose prime is counted twice when the name is written out."""
    function = setting.functions.get(node.name)
    if function is None or not function.helper:
        return node
    return replace(node, name=node.name.removesuffix("_prime"))


def _of_example(node: Node, setting: Setting) -> Node:
    """Put (i) on every quantity with a column for each example."""

    def change(below: Node) -> Node:
        quantity = setting.quantities.get(below.name) if isinstance(below, Symbol) else None
        if quantity is not None and quantity.per_example:
            return Example(below, Index("i"), span=below.span)
        return below

    return transform(node, change)


def without_heaped_transposes(item: Resolved, setting: Setting, turned: bool = False) -> Node:
    """Return the expression with transposes at its symbols: ((1/m) X dZᵀ)ᵀ becomes (1/m) dZ Xᵀ."""
    node = item.node
    if item.shape == ():
        return node
    if isinstance(node, Transpose):
        return without_heaped_transposes(item.parts[0], setting, not turned)
    if isinstance(node, Negate):
        return replace(node, operand=without_heaped_transposes(item.parts[0], setting, turned))
    if isinstance(node, Add | Subtract | Compare):
        left, right = (without_heaped_transposes(part, setting, turned) for part in item.parts)
        return replace(node, left=left, right=right)
    if isinstance(node, Multiply) and node.sign in {JUXTAPOSED, ELEMENTWISE, MATMUL, BROADCAST}:
        left, right = (without_heaped_transposes(part, setting, turned) for part in item.parts)
        if turned and item.how == "matrix":
            return _in_front(replace(node, left=right, right=left), setting)
        return replace(node, left=left, right=right)
    if isinstance(node, Divide) and item.parts[1].shape == ():
        return replace(node, top=without_heaped_transposes(item.parts[0], setting, turned))
    return Transpose(node, span=node.span) if turned else node


def _in_front(node: Multiply, setting: Setting) -> Node:
    """X ((1/m) dZᵀ) as (1/m) X dZᵀ: numbers stand in front."""
    right = node.right
    if isinstance(right, Multiply) and right.sign == node.sign and is_number(right.left, setting):
        inner = Multiply(node.sign, right.left, node.left, span=node.span)
        return Multiply(node.sign, inner, right.right, span=node.span)
    return node
