"""Conditions of a text: ``for t > 0``, ``if |s| < 1``, ``where x ≠ 0``.  Draws are made under them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from random import Random
from typing import Any

from checkedmath.syntax.errors import FormulaError, Unplaced
from checkedmath.syntax.text import text_of
from checkedmath.syntax.tree import Chain, Component, Inverse, Multiply, Node, Number, SumOver, Symbol, Transpose
from checkedmath.values.exact import TooLarge, value
from checkedmath.values.namespace import namespace

UPWARD, DOWNWARD = {"<", "≤"}, {">", "≥"}
#: How near to a bound that it never reaches a letter is drawn.
NEAR = 1e-3


@dataclass(frozen=True)
class Bounds:
    """Between which numbers a letter, or each of its entries, lies; ``closed``: the number itself is allowed."""

    low: float = -math.inf
    high: float = math.inf
    low_closed: bool = True
    high_closed: bool = True

    def within(self, other: Bounds) -> Bounds:
        """Return the bounds that are both these and the others."""
        lows = (self.low, self.low_closed), (other.low, other.low_closed)
        low, low_closed = max(lows, key=lambda bound: (bound[0], not bound[1]))
        high, high_closed = min((self.high, self.high_closed), (other.high, other.high_closed))
        return Bounds(low, high, low_closed, high_closed)

    @property
    def empty(self) -> bool:
        """Whether no number lies here."""
        return self.low > self.high or (self.low == self.high and not (self.low_closed and self.high_closed))

    def drawn(self, value: Any, random: Random, *, edge: bool) -> Any:
        """Return a random array brought between the bounds; at the ``edge`` where that is allowed."""
        if edge and (self.low_closed and self.low > -math.inf):
            return value * 0 + self.low
        if edge and (self.high_closed and self.high < math.inf):
            return value * 0 + self.high
        if self.low > -math.inf and self.high < math.inf:
            part = [[random.uniform(NEAR, 1 - NEAR) for _ in row] for row in value]
            return value * 0 + self.low + (self.high - self.low) * _array(part)
        return self.brought_in(value)

    def brought_in(self, value: Any) -> Any:
        """Return a value, or an array of them, reflected into the bounds."""
        xp = namespace()

        inside = xp.asarray(value)
        width = self.high - self.low
        if math.isfinite(width):
            part = xp.abs((inside - self.low) / (width or 1.0)) % 2
            inside = self.low + width * xp.clip(xp.where(part > 1, 2 - part, part), NEAR, 1 - NEAR)
        elif self.low > -math.inf:
            inside = self.low + xp.abs(inside - self.low)
            inside = inside if self.low_closed else xp.where(inside == self.low, self.low + NEAR, inside)
        elif self.high < math.inf:
            inside = self.high - xp.abs(inside - self.high)
            inside = inside if self.high_closed else xp.where(inside == self.high, self.high - NEAR, inside)
        return inside


def _array(rows: Any) -> Any:
    xp = namespace()

    return xp.array(rows)


def exact(node: Node) -> float | None:
    """Return the number that a node writes out, 1/2 and -3 included."""
    try:
        found = value(node)
        return None if found is None else float(found)
    except (TooLarge, OverflowError):
        return None


def bounds_in(condition: Chain) -> dict[str, Bounds] | None:
    """Return the bounds that 0 < s < t ≤ 1 sets for its letters; None for what is no row of letters and numbers."""
    signs = set(condition.relations)
    if not (signs <= UPWARD or signs <= DOWNWARD) or not signs:
        return None
    terms, relations = list(condition.terms), list(condition.relations)
    if signs <= DOWNWARD:
        terms, relations = terms[::-1], relations[::-1]
    numbers = [exact(term) for term in terms]
    if not all(number is not None or isinstance(term, Symbol) for number, term in zip(numbers, terms, strict=True)):
        return None
    found: dict[str, Bounds] = {}
    for n, term in enumerate(terms):
        if not isinstance(term, Symbol):
            continue
        below = [k for k in range(n) if numbers[k] is not None]
        above = [k for k in range(n + 1, len(terms)) if numbers[k] is not None]
        bounds = Bounds()
        if below:
            closed = set(relations[below[-1] : n]) <= {"≤", "≥"}
            bounds = replace(bounds, low=numbers[below[-1]], low_closed=closed)  # type: ignore[arg-type]
        if above:
            closed = set(relations[n : above[0]]) <= {"≤", "≥"}
            bounds = replace(bounds, high=numbers[above[0]], high_closed=closed)  # type: ignore[arg-type]
        found[term.name] = bounds
    return found


def is_of_letters(condition: Chain) -> bool:
    """Whether bounds say all of a condition: there are no two letters side by side, which it compares."""
    return not any(isinstance(a, Symbol) and isinstance(b, Symbol) for a, b in pairwise(condition.terms))


def kind_of(condition: Chain) -> tuple[str, str] | None:
    """Return the kind that A^T = A or Q^T Q = I says a matrix is, with its letter."""
    if condition.relations != ("=",):
        return None
    for one, other in (condition.terms, condition.terms[::-1]):
        body = one.body if isinstance(one, SumOver) else None
        if isinstance(body, Component) and isinstance(body.base, Symbol) and other == Number("1"):
            return "distribution", body.base.name
        if isinstance(one, Transpose) and isinstance(one.operand, Symbol):
            if other == one.operand:
                return "symmetric", one.operand.name
            if other == Inverse(one.operand):
                return "orthogonal", one.operand.name
        if isinstance(one, Multiply) and getattr(other, "name", "") == "I":
            turned = [part for part in (one.left, one.right) if isinstance(part, Transpose)]
            plain = [part for part in (one.left, one.right) if isinstance(part, Symbol)]
            if len(turned) == len(plain) == 1 and turned[0].operand == plain[0]:
                return "orthogonal", plain[0].name
    return None


def known_only(condition: Chain) -> None:
    """Raise `Unplaced` for a condition under which no draw is made."""
    if not set(condition.relations) <= {*UPWARD, *DOWNWARD, "≠"}:
        said = f"no draw is made under {text_of(condition)}: a condition is t > 0, t = …, A^T = A or Q^T Q = I"
        raise Unplaced(said, condition)


def meets(condition: Chain, evaluated: Callable[[Node], Any]) -> bool:
    """Whether a condition holds where expressions have these values."""
    try:
        sides = [evaluated(term) for term in condition.terms]
    except (FormulaError, ArithmeticError, ValueError, KeyError):
        return False
    return all(bool(_holds(sign, a, b)) for sign, (a, b) in zip(condition.relations, pairwise(sides), strict=True))


def _holds(sign: str, a: Any, b: Any) -> Any:
    gap = b.real - a.real
    if sign == "≠":
        return (gap != 0).any()
    return {"<": gap > 0, "≤": gap >= 0, ">": gap < 0, "≥": gap <= 0}[sign].all()


def said_of(conditions: Sequence[Chain]) -> list[str]:
    """Return the conditions as they are said in a verdict."""
    return list(dict.fromkeys(map(text_of, conditions)))


__all__ = ["Bounds", "bounds_in", "exact", "is_of_letters", "kind_of", "known_only", "meets", "said_of"]
