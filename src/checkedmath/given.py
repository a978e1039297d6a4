"""What a page gives: values of symbols, and the draws in which they hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from checkedmath.claim import Claim
from checkedmath.errors import FormulaError
from checkedmath.free import STEPS
from checkedmath.settings import Draw
from checkedmath.tree import Component, Example, Negate, Node, Number, Symbol, Transpose, walk


def number_of(node: Node) -> float | None:
    """Return the number a node writes out, None if it is none."""
    if isinstance(node, Negate):
        inner = number_of(node.operand)
        return -inner if inner is not None else None
    return float(node.text) if isinstance(node, Number) else None


def may_be_given(node: Node, claim: Claim) -> bool:
    """Whether ``node = number`` states a value: a size, index, hyperparameter or input, not a claim."""
    while isinstance(node, Component | Example | Transpose):
        node = node.base if not isinstance(node, Transpose) else node.operand
    if not isinstance(node, Symbol):
        return False
    quantity = claim.setting.quantities.get(node.name)
    return node.name == "n" or quantity is None or quantity.shape == () or quantity.name in {"y", "Y", "x", "X"}


def size_name(node: Node) -> str:
    """Return m or n_1 where the node is a size, else nothing."""
    if not isinstance(node, Symbol):
        return ""
    if node.name == "n" and node.layer is not None:
        return f"n_{node.layer}"
    return node.name if node.name == "m" or node.name.startswith("n_") else ""


def book_draw(claim: Claim) -> Draw | None:
    """Return the setting's draw of the book's own network, if it has one."""
    try:
        return next(iter(claim.setting.draws("book")), None)
    except (KeyError, ValueError, FormulaError):
        return None


def of_the_book(claim: Claim) -> Claim | None:
    """Return a claim about quantities in the book's own network alone; None if it names none, or has a step."""
    names = {n.name for n in walk(claim.tree) if isinstance(n, Symbol)}
    book = book_draw(claim)
    if book is None or not names or names & STEPS.keys() or any(n not in claim.setting.quantities for n in names):
        return None
    setting = replace(claim.setting, draws=lambda variant: (book,))
    return replace(claim, setting=setting, memory={}, readings=())


def assuming(claim: Claim, assumptions: Sequence[tuple[Symbol, float]]) -> Claim:
    """Return the claim in draws where the assumptions hold."""
    known = [(s, v) for s, v in assumptions if s.name in claim.setting.quantities]
    if not known:
        return claim
    old = claim.setting

    def draws(variant: str) -> Sequence[Draw]:
        return [_moved(draw, known) for draw in old.draws(variant)]

    return replace(claim, setting=replace(old, draws=draws), memory={})


def _moved(draw: Draw, known: Sequence[tuple[Symbol, float]]) -> Draw:
    for symbol, value in known:
        layer = symbol.layer.offset if symbol.layer is not None and not symbol.layer.letter else None
        old = draw.value(symbol.name, layer)
        draw = draw.moved(symbol.name, layer, old * 0 + value)
    return draw
