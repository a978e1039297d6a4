"""Which numbers the arrays of NumPy code hold: bools, whole numbers or floats, and what an operator makes of them.

A bool plus a bool is a bool in NumPy, and minus one is an error.  Numbers of 8 bits and the like wrap round; what would
wrap, lose digits or depend on the machine is refused, so that all that is left are numbers as mathematics knows them.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace

BOOL, INT, FLOAT, SMALL = "bool", "int", "float", "small"
#: The largest whole number of which a float holds every smaller one.
EXACT = 2**53
#: More terms than a sum of a draw ever has.
LONG = 10**4
FLOATS = frozenset({"float", "float64", "double"})
INTEGERS = frozenset({"int", "int64"})
BOOLS = frozenset({"bool", "bool_"})
SMALLS = frozenset({"float32", "float16", "int32", "int16", "int8", "uint8", "uint16", "uint32"})
TYPES = FLOATS | INTEGERS | BOOLS | SMALLS
#: Python's own types, which NumPy no longer has under these names.
NOT_IN_NUMPY = frozenset({"float", "int"})
#: Functions that make floats of 64 bits of whole numbers, but not of bools.
TO_FLOAT = frozenset({
    "exp", "log", "sqrt", "tanh", "cosh", "sinh", "sin", "cos", "tan", "arctan", "sigmoid",
    "linalg.inv", "linalg.det", "linalg.norm",
})  # fmt: skip
SIGNS: dict[type[ast.operator], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.MatMult: "@", ast.Pow: "**",
}  # fmt: skip


class NoKind(Exception):
    """An operation that NumPy refuses, or that is not modelled here; the argument is what to write instead."""


@dataclass(frozen=True)
class Kind:
    """What an array holds.  ``weak``: a number of Python, which takes the other's kind; ``bound`` of whole numbers."""

    name: str = FLOAT
    weak: bool = False
    bound: int = 0

    @property
    def strong(self) -> Kind:
        """What a NumPy function makes of it."""
        return replace(self, weak=False)


A_BOOL, A_FLOAT = Kind(BOOL, bound=1), Kind(FLOAT)


def whole(bound: int, weak: bool = False) -> Kind:
    """Return the kind of whole numbers up to this size.  Raises `NoKind` where NumPy's would wrap round."""
    if bound > EXACT and not weak:
        raise NoKind("whole numbers below 2**53, which neither wrap round nor lose digits")
    return Kind(INT, weak, bound)


def joined(sign: str, left: Kind, right: Kind) -> Kind:
    """Return the kind of ``left sign right``; signs are Python's, and ``max``, ``where``, ``outer``."""
    names, weak = {left.name, right.name}, left.weak and right.weak
    if SMALL in names:
        if A_FLOAT not in (left, right) or sign == "**":
            raise NoKind("float or int in place of a type that wraps round or rounds")
        return A_FLOAT
    if FLOAT in names:
        return Kind(FLOAT, weak)
    if names == {BOOL}:
        return _of_bools(sign)
    if sign == "/":
        return Kind(FLOAT, weak)
    a, b = left.bound, right.bound
    bounds = {"*": a * b, "@": a * b * LONG, "outer": a * b, "max": max(a, b), "where": max(a, b)}
    return whole(bounds.get(sign, a + b), weak)


def _of_bools(sign: str) -> Kind:
    if sign == "/":
        return A_FLOAT
    if sign in {"+", "*", "max", "where"}:
        return A_BOOL
    said = {"-": "no minus between bools, which NumPy refuses", "@": "a float: the product of bools is a bool"}
    raise NoKind(said.get(sign, "a float in place of bools") + "; 1. * (…) makes floats of them")


def power(base: Kind, exponent: Kind, number: int | None, negative: bool) -> Kind:
    """Return the kind of a power; ``number`` is the exponent if it is written in digits, ``negative`` with a minus."""
    if {FLOAT, SMALL} & {base.name, exponent.name}:
        return joined("**", base, exponent)
    if base.name == INT and number is not None and number < 10:
        if not negative:
            return whole(base.bound**number, base.weak)
        if base.weak:
            return Kind(FLOAT, weak=True)
    raise NoKind("a float to a power: NumPy has no negative powers of whole numbers, and bools become 8 bits")


def negative(kind: Kind) -> Kind:
    """Return the kind of -x."""
    if kind.name == BOOL:
        raise NoKind("no minus before bools, which NumPy refuses; 1. * (…) makes floats of them")
    if kind.name == SMALL:
        raise NoKind("float or int in place of a type that wraps round")
    return kind


def of_function(name: str, kind: Kind) -> Kind:
    """Return the kind of a function of one argument: NumPy's, or one of the setting."""
    if kind.name == FLOAT or name in {"transpose", "diag"}:
        return kind.strong
    if name in {"sum", "trace"} and (kind.name == INT or (kind.name == BOOL and name == "sum")):
        return whole(kind.bound * LONG)
    if name == "mean" and kind.name in {INT, BOOL}:
        return A_FLOAT
    if name in {"abs", "absolute"} and kind.name in {INT, BOOL}:
        return kind.strong
    if name == "negative":
        return negative(kind).strong
    if kind.name == INT and name in TO_FLOAT:
        return A_FLOAT
    if kind.name == INT and name in {"sign", "square"}:
        return whole(kind.bound**2 if name == "square" else kind.bound)
    raise NoKind(f"a float in {name}: 1. * (…) makes floats of bools and whole numbers")


def cast(name: str, kind: Kind) -> Kind:
    """Return the kind after a cast to a type of `TYPES`; to a bool of a bool alone."""
    if name in FLOATS:
        return A_FLOAT
    if name in BOOLS and kind.name == BOOL:
        return kind
    if kind.name == BOOL:
        return Kind(SMALL) if name in SMALLS else whole(1)
    if name in INTEGERS and kind.name == INT:
        return kind.strong
    said = "float64, for the type rounds" if name.startswith("float") else "a condition such as Z > 0, for"
    raise NoKind(said if name.startswith("float") else f"{said} {name} cuts off decimals")


def keeps(name: str, kind: Kind) -> bool:
    """Whether a cast to a type of `TYPES` changes nothing."""
    try:
        return cast(name, kind) == kind
    except NoKind:
        return False


def fits(before: Kind, after: Kind) -> bool:
    """Whether NumPy puts what an operator made into the array it changes: ``x += y``."""
    order = (BOOL, INT, FLOAT)
    return SMALL not in {before.name, after.name} and order.index(after.name) <= order.index(before.name)
