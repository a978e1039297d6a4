"""What a page gives: values of symbols, and the draws in which they hold."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import replace

from checkedmath.claim import Claim
from checkedmath.errors import FormulaError
from checkedmath.free import STEPS
from checkedmath.settings import Draw
from checkedmath.tree import Negate, Node, Number, Symbol, walk


def number_of(node: Node) -> float | None:
    """Return the number a node writes out, None if it is none."""
    if isinstance(node, Negate):
        inner = number_of(node.operand)
        return -inner if inner is not None else None
    return float(node.text) if isinstance(node, Number) else None


def domain_of(node: Node, claim: Claim, letters: Collection[str] = ()) -> tuple[float, float] | None:
    """Return between which numbers a page may set this quantity by ``node = number``; None where it may not.

    A label and a hyperparameter are set as their setting says, a number that is declared as one likes.
    """
    if not isinstance(node, Symbol):
        return None
    quantity = claim.setting.quantities.get(node.name)
    if quantity is not None and quantity.given is not None:
        return quantity.given
    if node.name == "π":  # a number of its own
        return None
    free = node.name in letters or (quantity is not None and claim.setting.name == "identities")
    return (-math.inf, math.inf) if free and quantity is not None and quantity.shape == () else None


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

    return replace(claim, setting=replace(old, draws=draws, held=old.held | {s.name for s, _ in known}), memory={})


def _moved(draw: Draw, known: Sequence[tuple[Symbol, float]]) -> Draw:
    for symbol, value in known:
        layer = symbol.layer.offset if symbol.layer is not None and not symbol.layer.letter else None
        old = draw.value(symbol.name, layer)
        draw = draw.moved(symbol.name, layer, old * 0 + value)
    return draw
