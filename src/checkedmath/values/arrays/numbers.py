"""What NumPy makes of one number where Python raises: exp(1000) is inf, 1/0 inf, 0/0 NaN, log(-1) NaN; complex too.

Each function has Python's own way, which is fast, and what is done where that raises.
"""

from __future__ import annotations

import cmath
import math
import operator
from collections.abc import Callable, Iterable
from math import inf, isfinite, isnan, nan
from typing import Any

Function = Callable[..., Any]
#: What Python's functions of numbers raise at the end of their range.
AT_THE_END = (OverflowError, ValueError, ZeroDivisionError)
#: Up to here a complex power is made of products, as NumPy makes it.
PRODUCTS = 100


def mapped(f: Function, otherwise: Function, *columns: Iterable[Any]) -> list[Any]:
    """Return f of each row of the columns, and what is said otherwise of those at which it raises.

    The columns may be walked through twice, and one of them is of some length.
    """
    try:
        return list(map(f, *columns))
    except AT_THE_END:
        return [_tried(f, otherwise, row) for row in zip(*columns, strict=False)]


def _tried(f: Function, otherwise: Function, row: tuple[Any, ...]) -> Any:
    try:
        return f(*row)
    except AT_THE_END:
        return otherwise(*row)


def _over(top: float, bottom: float) -> float:
    """Return top / 0 with the sign of that 0."""
    return nan if top == 0 or isnan(top) else math.copysign(inf, top) * math.copysign(1.0, bottom)


def _divided(top: Any, bottom: Any) -> Any:
    if isinstance(bottom, complex):
        top, size = complex(top), abs(bottom.real)
        return complex(_over(top.real, size), _over(top.imag, size))
    return _over(top, bottom)


def _remainder(top: Any, bottom: Any) -> Any:
    return 0 if isinstance(top, int) and isinstance(bottom, int) else nan


def _whole_quotient(top: Any, bottom: Any) -> Any:
    return 0 if isinstance(top, int) and isinstance(bottom, int) else _over(top, bottom)


def _is_odd(y: float) -> bool:
    return isfinite(y) and y % 2 == 1


def _real_power_end(x: float, y: float) -> float:
    if x < 0 and not y.is_integer():
        return nan
    if x == 0:
        return math.copysign(inf, x) if _is_odd(y) else inf
    return -inf if x < 0 and _is_odd(y) else inf


def complex_power(x: complex, y: complex) -> complex:
    """Return x^y as NumPy does: by products where y is a small whole number, else by e^(y ln x).

    By the angle of x a complex step would be lost beside π.
    """
    if y == 0:
        return 1 + 0j
    if x == 0:
        return 0j if y.real > 0 and y.imag == 0 else complex(nan, nan)
    if y.imag == 0 and y.real.is_integer() and abs(y.real) < PRODUCTS:
        n, found, square = abs(int(y.real)), 1 + 0j, x
        while n:
            found = found * square if n % 2 else found
            n, square = n // 2, square * square
        return found if y.real > 0 else _tried(operator.truediv, _divided, (1 + 0j, found))
    return _exp(y * cmath.log(x))


def _exp(z: complex) -> complex:
    """Return e^z where a part of it may be too large for a number, and the other not: e^(720 + 1e-30 i)."""
    x, y = z.real, z.imag
    if not isfinite(y):
        return complex(0, 0) if x == -inf else complex(inf if x == inf else nan, nan)
    if isnan(x):
        return complex(nan, y if y == 0 else nan)
    half = math.exp(x / 2) if x / 2 < 709 else inf  # noqa: PLR2004 - e^709 is a number
    return complex(half * math.cos(y) * half, half * math.sin(y) * half if y else y)


def _half_exp(z: complex) -> complex:
    """Return e^z / 2, which is cosh z and sinh z for a large real part."""
    return _exp(complex(z.real - math.log(2), z.imag))


def _sinh(z: complex) -> complex:
    return _half_exp(z) if z.real > 0 else -_half_exp(-z)


def _cosh(z: complex) -> complex:
    return _half_exp(z if z.real > 0 else -z)


def _sin(z: complex) -> complex:
    turned = _sinh(complex(-z.imag, z.real))  # sin z = -i sinh(iz)
    return complex(turned.imag, -turned.real)


def _cos(z: complex) -> complex:
    return _cosh(complex(-z.imag, z.real))


def _log_end(z: complex) -> complex:
    return complex(-inf, math.atan2(z.imag, z.real))


def _log1p(z: complex) -> complex:
    size = math.hypot(z.real + 1, z.imag)
    return complex(math.log(size) if size else -inf, math.atan2(z.imag, z.real + 1))


def _nothing(_: Any) -> Any:
    return nan


def _complex_nothing(_: Any) -> Any:
    return complex(nan, nan)


def sign(x: Any) -> Any:
    """Return the sign of a number, z/|z| of a complex one; NaN of NaN."""
    if isinstance(x, complex):
        size = math.hypot(x.real, x.imag)
        return x / size if size else 0j
    return x if x != x or x == 0 else math.copysign(1.0, x) if isinstance(x, float) else (x > 0) - (x < 0)


#: Functions of a real number, and of a complex one: Python's own way, and what is said where that raises.
OF_ONE: dict[str, tuple[tuple[Function, Function], tuple[Function, Function]]] = {
    "exp": ((math.exp, lambda x: inf), (cmath.exp, _exp)),
    "log": ((math.log, lambda x: nan if x else -inf), (cmath.log, _log_end)),
    "log1p": ((math.log1p, lambda x: -inf if x == -1 else nan), (_log1p, _complex_nothing)),
    "sqrt": ((math.sqrt, _nothing), (cmath.sqrt, _complex_nothing)),
    "tanh": ((math.tanh, _nothing), (cmath.tanh, _complex_nothing)),
    "sinh": ((math.sinh, lambda x: math.copysign(inf, x)), (cmath.sinh, _sinh)),
    "cosh": ((math.cosh, lambda x: inf), (cmath.cosh, _cosh)),
    "sin": ((math.sin, _nothing), (cmath.sin, _sin)),
    "cos": ((math.cos, _nothing), (cmath.cos, _cos)),
}


# -- which of two is larger: complex numbers by their real parts, then by their imaginary ones ----------------------


def less(x: complex, y: complex) -> bool:
    """Return whether x < y in NumPy's order."""
    if x.real != y.real:
        return x.real < y.real and not (isnan(x.imag) or isnan(y.imag))
    return x.imag < y.imag


def less_equal(x: complex, y: complex) -> bool:
    """Return whether x ≤ y in NumPy's order."""
    return less(x, y) or x == y


#: The larger or smaller of two, for real numbers and for complex ones: NaN if one is, but for fmin and fmax.
CHOICES: dict[str, tuple[Function, Function]] = {
    "maximum": (lambda x, y: x if x >= y or x != x else y, lambda x, y: x if less_equal(y, x) or x != x else y),
    "minimum": (lambda x, y: x if x <= y or x != x else y, lambda x, y: x if less_equal(x, y) or x != x else y),
    "fmax": (lambda x, y: x if x >= y or y != y else y, lambda x, y: x if less_equal(y, x) or y != y else y),
    "fmin": (lambda x, y: x if x <= y or y != y else y, lambda x, y: x if less_equal(x, y) or y != y else y),
}


# -- signs between two numbers, both of the kind that is named ------------------------------------------------------

#: By sign and kind: Python's own way, what is said where that raises, and the kind of the result.
OF_TWO: dict[str, dict[str, tuple[Function, Function, str]]] = {
    "+": {"b": (operator.or_, operator.or_, "b")}
    | {kind: (operator.add, operator.add, kind) for kind in "ifc"},
    "-": {kind: (operator.sub, operator.sub, kind) for kind in "ifc"},
    "*": {"b": (operator.and_, operator.and_, "b")}
    | {kind: (operator.mul, operator.mul, kind) for kind in "ifc"},
    "/": {kind: (operator.truediv, _divided, "c" if kind == "c" else "f") for kind in "bifc"},
    "//": {kind: (operator.floordiv, _whole_quotient, kind) for kind in "if"},
    "%": {kind: (operator.mod, _remainder, kind) for kind in "if"},
    "**": {"i": (operator.pow, operator.pow, "i"), "f": (math.pow, _real_power_end, "f"),
           "c": (complex_power, lambda x, y: complex(nan, nan), "c")},
    "&": {kind: (operator.and_, operator.and_, kind) for kind in "bi"},
    "|": {kind: (operator.or_, operator.or_, kind) for kind in "bi"},
    "^": {kind: (operator.xor, operator.xor, kind) for kind in "bi"},
    "==": {kind: (operator.eq, operator.eq, "b") for kind in "bifc"},
    "!=": {kind: (operator.ne, operator.ne, "b") for kind in "bifc"},
    "<": {kind: (operator.lt, operator.lt, "b") for kind in "bif"} | {"c": (less, less, "b")},
    "<=": {kind: (operator.le, operator.le, "b") for kind in "bif"} | {"c": (less_equal, less_equal, "b")},
    ">": {kind: (operator.gt, operator.gt, "b") for kind in "bif"} | {"c": (lambda x, y: less(y, x),) * 2 + ("b",)},
    ">=": {kind: (operator.ge, operator.ge, "b") for kind in "bif"}
    | {"c": (lambda x, y: less_equal(y, x),) * 2 + ("b",)},
    **{name: {kind: (real, real, kind) for kind in "bif"} | {"c": (of_complex, of_complex, "c")}
       for name, (real, of_complex) in CHOICES.items()},
}  # fmt: skip
