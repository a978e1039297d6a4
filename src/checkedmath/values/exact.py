r"""Arithmetic of numbers alone, computed exactly: 2.1² is 4.41 and not 4.4, and 1/3 is not 0.333.

A decimal on a page is an exact number.  `=` between two such numbers means that they are equal, and `≈` that
they agree to the digits that are written.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from checkedmath.syntax.errors import FormulaError
from checkedmath.syntax.tree import Add, Chain, Divide, Multiply, Negate, Node, Number, Power, Subtract, walk
from checkedmath.values.trial import Trial

#: A number of more bits is not computed: 2.1^(10^9) would take gigabytes.
MAX_BITS = 1 << 14
LITERAL = re.compile(r"(\d*)\.?(\d*)(?:[eE]([+-]?\d{1,6}))?")
SHORT = 20  # digits that a message shows
WRITE_ABOUT = r"write \approx, which holds to the digits that are written"


class TooLarge(FormulaError):
    """A number that is not computed exactly."""


def value(node: Node, number: Callable[[str], Any] = Fraction) -> Any:
    """Return the value of an expression of numbers alone, exactly; None where it names something or is no fraction.

    ``number`` reads a literal: with `float` the value is rounded.  Raises `TooLarge`.
    """
    if isinstance(node, Number):
        return literal(node.text, number)
    if isinstance(node, Negate):
        inner = value(node.operand, number)
        return None if inner is None else -inner
    if isinstance(node, Power):
        base, exponent = value(node.base, number), value(node.exponent)
        return None if base is None or exponent is None else _power(base, exponent)
    if isinstance(node, Add | Subtract | Multiply):
        left, right = value(node.left, number), value(node.right, number)
        if left is None or right is None:
            return None
        if isinstance(node, Multiply):
            return _small(left * right)
        return _small(left + right if isinstance(node, Add) else left - right)
    if isinstance(node, Divide):
        top, bottom = value(node.top, number), value(node.bottom, number)
        return None if top is None or not bottom else _small(top / bottom)
    return None


def is_written(node: Node) -> bool:
    """Whether an expression is one of numbers alone, ¼ or -1."""
    return all(isinstance(n, Number | Negate | Power | Add | Subtract | Multiply | Divide) for n in walk(node))


def literal(text: str, number: Callable[[str], Any] = Fraction) -> Any:
    """Return the number that a literal writes.  Raises `TooLarge`: 1e999999999 is ten letters."""
    match = LITERAL.fullmatch(text)
    if match is None or len(text) + abs(int(match[3] or 0)) > MAX_BITS // 4:
        raise TooLarge(f"a number of {len(text)} letters" if len(text) > SHORT else text)
    return number(text)


def _power(base: Any, exponent: Fraction) -> Any:
    if exponent.denominator != 1 or (base == 0 and exponent < 0):
        return None
    if abs(base) == 1:
        return base if exponent % 2 else base * base
    if base and isinstance(base, Fraction) and _bits(base) * abs(exponent) > MAX_BITS:
        raise TooLarge(f"{shown(base)} to the power {shown(exponent)}")
    return base ** int(exponent)


def _small(number: Any) -> Any:
    if isinstance(number, Fraction) and _bits(number) > MAX_BITS:
        raise TooLarge("a number of so many digits")
    return number


def _bits(number: Fraction) -> int:
    return max(number.numerator.bit_length(), number.denominator.bit_length())


def compared(tree: Chain, n: int) -> Trial | None:
    """Return whether relation ``n`` of a chain holds between its numbers; None if they are not numbers alone."""
    relation, left, right = tree.relations[n], tree.terms[n], tree.terms[n + 1]
    try:
        a, b = value(left), value(right)
    except TooLarge as error:
        return (_rounded(left, right) if relation == "≈" else None) or Trial(
            False, f"expected numbers that can be computed exactly, got {error}", tree.span, unplaced=True
        )
    if a is None or b is None:
        return None
    if relation == "≈":
        return _about(a, b, left, right)
    signs = {"=": a == b, ":=": a == b, "≠": a != b, "<": a < b, ">": a > b, "≤": a <= b, "≥": a >= b}
    if relation not in signs:
        return None
    said = f"the left side is {shown(a)}, the right side {shown(b)}"
    if signs[relation]:
        return Trial(True, said if a != b else f"both sides are {shown(a)}")
    if relation == "=" and is_decimal(left, right) and _about(a, b, left, right).holds:
        said += f"; it is rounded: {WRITE_ABOUT}"
    return Trial(False, said, right.span)


def _rounded(left: Node, right: Node) -> Trial | None:
    """Compare with ≈ what is too large for fractions: floats have digits enough, where they do not overflow."""
    try:
        a, b = value(left, float), value(right, float)
    except (OverflowError, TooLarge):
        return None
    finite = a is not None and b is not None and math.isfinite(a) and math.isfinite(b)
    return _about(a, b, left, right) if finite else None


def _about(a: Any, b: Any, left: Node, right: Node) -> Trial:
    last = unit(right) or unit(left)
    gap, limit = abs(a - b), last / 2 if last else max(abs(a), abs(b)) / 100
    if gap <= limit:
        return Trial(True)
    said = f"more than half a unit of the last digit, {_short(limit)}" if last else "more than 1 %"
    return Trial(False, f"the sides differ by {_short(gap)}, {said}", right.span)


def unit(node: Node) -> Fraction | None:
    r"""Return one unit of the last digit of a number as it is written, 0.001 of 0.192; None of what is no literal.

    A power of ten may stand behind the digits: 4.1 · 10^{-3}.
    """
    if isinstance(node, Negate):
        return unit(node.operand)
    if isinstance(node, Multiply):
        digits, power = unit(node.left), node.right
        if digits is None or not isinstance(power, Power) or power.base != Number("10"):
            return None
        try:
            scale = value(power)
        except TooLarge:
            return None
        return digits * scale if scale is not None else None
    if isinstance(node, Number) and (match := LITERAL.fullmatch(node.text)):
        return Fraction(10) ** (int(match[3] or 0) - len(match[2]))
    return None


def is_decimal(*nodes: Node) -> bool:
    """Whether a number with a decimal point stands among these."""
    return any(isinstance(n, Number) and "." in n.text for node in nodes for n in walk(node))


def shown(number: Any) -> str:
    """Return a number for a message: as a decimal if it ends, as a fraction if that is short, else rounded.

    >>> shown(Fraction(441, 100)), shown(Fraction(1, 3)), shown(-Fraction(2))
    ('4.41', '1/3', '-2')
    """
    number = Fraction(number)
    rest, places = number.denominator, 0
    while rest % 10 == 0 or rest % 5 == 0 or rest % 2 == 0:
        rest, places = rest // (10 if rest % 10 == 0 else 5 if rest % 5 == 0 else 2), places + 1
    if rest == 1 and _bits(number) < 3 * SHORT:
        digits = f"{abs(number.numerator) * 10**places // number.denominator:0{places + 1}d}"
        whole, part = (digits[:-places], digits[-places:]) if places else (digits, "")
        return f"{'-' if number < 0 else ''}{whole}{'.' if part else ''}{part}"
    if _bits(number) < 3 * SHORT:
        return str(number)
    return f"about {_short(number)}"


def _short(number: Any) -> str:
    try:
        return f"{float(number):.3g}"
    except OverflowError:
        return "a number of many digits"


__all__ = ["WRITE_ABOUT", "TooLarge", "compared", "is_decimal", "literal", "shown", "unit", "value"]
