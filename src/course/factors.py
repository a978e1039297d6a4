"""Mistakes with the factors that a mean and a penalty bring: 1/m, λ/m, the 2 of λ/(2m)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from checkedmath.syntax.tree import (
    BROADCAST,
    JUXTAPOSED,
    MATMUL,
    Add,
    AxisSum,
    Divide,
    Multiply,
    Node,
    Number,
    Power,
    Subtract,
    SumOver,
    Symbol,
    walk,
)

Edit = Callable[[Node], Iterator[Node]]


def _is_one_over_m(node: Node) -> bool:
    return isinstance(node, Divide) and _is_one(node.top) and _is_m(node.bottom)


def _is_one(node: Node) -> bool:
    return _is_number(node, 1)


def _is_number(node: Node, number: int) -> bool:
    return isinstance(node, Number) and float(node.text) == number


def _is_m(node: Node) -> bool:
    return isinstance(node, Symbol) and node.name == "m"


def _is_m_squared(node: Node) -> bool:
    return isinstance(node, Power) and _is_m(node.base) and _is_number(node.exponent, 2)


def insert_one_over_m(node: Node) -> Iterator[Node]:
    """Put 1/m before a product, a sum over examples, a difference, or a gradient."""
    if _is_one_over_m(node):
        return
    is_gradient = isinstance(node, Symbol) and node.name in {"dZ", "dA", "dz", "da"}
    if is_gradient or isinstance(node, Multiply | AxisSum | SumOver | Subtract):
        numpy = any(_is_numpy(below) for below in walk(node))
        factor = Divide(Number("1"), Symbol("m"), numpy)
        yield Multiply(BROADCAST if numpy else JUXTAPOSED, factor, node)


def _is_numpy(node: Node) -> bool:
    if isinstance(node, Multiply):
        return node.sign in {MATMUL, BROADCAST}
    return isinstance(node, Divide | Power) and node.numpy


def remove_one_over_m(node: Node) -> Iterator[Node]:
    """Leave 1/m out of (1/m) x, x (1/m) and x/m; out of λ/m too."""
    if isinstance(node, Multiply):
        if _is_one_over_m(node.left):
            yield node.right
        if _is_one_over_m(node.right):
            yield node.left
        # (1/m)(x y) is also read as ((1/m) x) y: the factor stands at the far left.
        if isinstance(node.left, Multiply):
            for rest in remove_one_over_m(node.left):
                yield replace(node, left=rest)
    elif isinstance(node, Divide) and _is_m(node.bottom) and not _is_one(node.top):
        yield node.top
    elif isinstance(node, Divide) and _is_m_squared(node.bottom):
        yield replace(node, bottom=node.bottom.base)  # type: ignore[attr-defined]


def axis_mean(*, mean: bool) -> Edit:
    """Return the edit that turns np.mean into np.sum, or the other way round."""
    def edit(node: Node) -> Iterator[Node]:
        if isinstance(node, AxisSum) and node.mean is mean:
            yield replace(node, mean=not mean)

    return edit


def remove_penalty(node: Node) -> Iterator[Node]:
    """Leave out a term with λ."""
    if isinstance(node, Add):
        for kept, term in ((node.left, node.right), (node.right, node.left)):
            if any(isinstance(n, Symbol) and n.name == "lambda" for n in walk(term)):
                yield kept


def remove_two(node: Node) -> Iterator[Node]:
    """Put m for 2m in a denominator, and 2m for m."""
    if isinstance(node, Divide):
        bottom = node.bottom
        if isinstance(bottom, Multiply) and _is_number(bottom.left, 2):
            yield replace(node, bottom=bottom.right)
        elif _is_m(bottom) and not _is_one(node.top):
            yield replace(node, bottom=Multiply(JUXTAPOSED, Number("2"), bottom))
