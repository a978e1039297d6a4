"""Single edits of a formula: one node changed in one way that people get wrong.

Run over a false formula the edits look for the true one nearby (`checkedmath.nearest`); run over a
true one they make mutants.  The list is closed: transpose, order, kind of product, sign, axis,
keepdims, index, and what the setting declares.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from checkedmath.settings import Setting, is_number
from checkedmath.tree import (
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
    Chain,
    Component,
    Delta,
    Derivative,
    Divide,
    Inverse,
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
    children,
    rebuild,
    walk,
)  # fmt: skip


@dataclass(frozen=True)
class Edit:
    """What was changed: the mistake it mends (or makes), in a word and in a sentence."""

    name: str
    text: str
    page: str = ""


TRANSPOSE = Edit("transpose", "a transpose is missing or too many")
ORDER = Edit("order", "the order of the factors is turned round")
PRODUCT = Edit("product", "the kind of product is another: matrix product or elementwise")
SIGN = Edit("sign", "a sign is wrong")
AXIS = Edit("axis", "the sum runs along the other axis")
KEEPDIMS = Edit("keepdims", "keepdims=True is missing or too many")
INDEX = Edit("index", "an index is another")
PRIME_PLACE = Edit("prime-place", "the prime belongs to the function's name: g'(z)")
OTHER_PRODUCT = {
    JUXTAPOSED: (ELEMENTWISE,), ELEMENTWISE: (JUXTAPOSED,), DOT: (ELEMENTWISE,),
    MATMUL: (BROADCAST,), BROADCAST: (MATMUL,),
}  # fmt: skip



def single_edits(tree: Chain, setting: Setting) -> Iterator[tuple[Edit, Chain]]:
    """Yield every single edit of the last term of a chain, with what it mends."""
    last = tree.terms[-1]
    lonely = isinstance(last, Symbol | Apply | Derivative | Divide | Add)
    alone = [(SIGN, Negate(last, span=last.span))] if lonely else []
    for edit, term in (*edits_below(last, setting), *_indices(last, tree), *alone):
        if term != last:
            yield edit, replace(tree, terms=(*tree.terms[:-1], term))


def _indices(term: Node, tree: Chain) -> Iterator[tuple[Edit, Node]]:
    """Put one of the formula's own indices in another's place, and δ_ij in the place of a 1."""
    used = {index for node in walk(tree) if isinstance(node, Component) for index in node.indices}
    letters = sorted((i for i in used if i.letter and not i.offset), key=str)
    choices = sorted(used, key=str)

    def changes(node: Node) -> Iterator[Node]:
        if isinstance(node, Component):
            for n, old in enumerate(node.indices):
                for new in choices:
                    if new != old:
                        yield replace(node, indices=(*node.indices[:n], new, *node.indices[n + 1 :]))
        elif isinstance(node, Number) and node.text == "1" and len(letters) == 2:
            yield Delta(*letters, span=node.span)
        for below in children(node):
            for changed in changes(below):
                yield _with_child(node, below, changed)

    for changed in changes(term):
        yield INDEX, changed


def edits_below(node: Node, setting: Setting) -> Iterator[tuple[Edit, Node]]:
    """Yield every edit of this node or of one below it."""
    yield from edits_here(node, setting)
    for below in children(node):
        for edit, changed in edits_below(below, setting):
            yield edit, _with_child(node, below, changed)


def _with_child(node: Node, old: Node, new: Node) -> Node:
    def swap(child: Node) -> Node:
        return new if child is old else child

    return rebuild(node, swap)


def edits_here(node: Node, setting: Setting) -> Iterator[tuple[Edit, Node]]:
    """Yield the edits of one node."""
    for swap in setting.swaps:
        edit = Edit(swap.name, swap.text, swap.page)
        for changed in swap.apply(node):
            yield edit, changed
    if not is_number(node, setting):
        yield from _transpose(node)
    for rule in (_order, _product, _sign, _axis, _index):
        yield from rule(node)


def _transpose(node: Node) -> Iterator[tuple[Edit, Node]]:
    if isinstance(node, Transpose):
        yield TRANSPOSE, node.operand
    elif isinstance(node, Symbol | Multiply | Add | Subtract | Derivative | Inverse):
        yield TRANSPOSE, Transpose(node, span=node.span)


def _order(node: Node) -> Iterator[tuple[Edit, Node]]:
    if isinstance(node, Multiply):
        if node.sign in {JUXTAPOSED, DOT, MATMUL, OUTER}:
            yield ORDER, replace(node, left=node.right, right=node.left)
            if isinstance(node.left, Multiply) and node.left.sign == node.sign:
                a, b, c = node.left.left, node.left.right, node.right
                yield ORDER, replace(node, left=replace(node.left, left=a, right=c), right=b)
    elif isinstance(node, Subtract):
        yield SIGN, replace(node, left=node.right, right=node.left)


def _product(node: Node) -> Iterator[tuple[Edit, Node]]:
    if isinstance(node, Multiply):
        for sign in OTHER_PRODUCT.get(node.sign, ()):
            yield PRODUCT, replace(node, sign=sign)
        if node.sign in {TENSOR, ELEMENTWISE} and isinstance(node.right, Symbol):
            yield PRODUCT, Multiply(JUXTAPOSED, node.left, Transpose(node.right, span=node.span), span=node.span)
        if isinstance(node.left, Primed) and isinstance(node.left.operand, Apply):
            function = node.left.operand  # g(Z)' (u) for g'(u)
            yield PRIME_PLACE, replace(function, argument=node.right, primes=function.primes + 1, span=node.span)


def _sign(node: Node) -> Iterator[tuple[Edit, Node]]:
    if isinstance(node, Negate):
        yield SIGN, node.operand
    elif isinstance(node, Add):
        yield SIGN, Subtract(node.left, node.right, span=node.span)
    elif isinstance(node, Subtract):
        yield SIGN, Add(node.left, node.right, span=node.span)
    elif isinstance(node, Multiply | AxisSum | SumOver):
        yield SIGN, Negate(node, span=node.span)


def _axis(node: Node) -> Iterator[tuple[Edit, Node]]:
    if isinstance(node, AxisSum):
        if node.axis is None:
            yield AXIS, replace(node, axis=1, keepdims=True)
            yield AXIS, replace(node, axis=0, keepdims=True)
        else:
            yield AXIS, replace(node, axis=1 - node.axis)
            yield KEEPDIMS, replace(node, keepdims=not node.keepdims)
            if not node.keepdims:
                yield AXIS, replace(node, axis=1 - node.axis, keepdims=True)
            yield AXIS, replace(node, axis=None, keepdims=False)


def _index(node: Node) -> Iterator[tuple[Edit, Node]]:
    if isinstance(node, Component):
        if len(node.indices) == 2:
            yield INDEX, replace(node, indices=node.indices[::-1])
    elif isinstance(node, Power) and isinstance(node.exponent, Number):
        if node.exponent.text in {"2", "3"}:
            yield INDEX, node.base
    elif isinstance(node, Delta):
        yield INDEX, Number("1", span=node.span)


__all__ = ["Edit", "edits_below", "edits_here", "single_edits"]
