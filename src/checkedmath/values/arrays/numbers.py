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


def divided(top: Any, bottom: Any) -> Any:
    """Return top / bottom, of which no 0 makes an error."""
    if bottom:
        return top / bottom
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
        return 0j if y.real > 0 else complex(nan, nan)
    if y.imag == 0 and y.real.is_integer() and abs(y.real) < PRODUCTS:
        n, found, square = abs(int(y.real)), 1 + 0j, x
        while n:
            found = found * square if n % 2 else found
            n, square = n // 2, square * square
        return found if y.real > 0 else divided(1 + 0j, found)
    return _exp(y * cmath.log(x))


def _exp(z: complex) -> complex:
    """Return e^z where a part of it may be too large for a number, and the other not: e^(720 + 1e-30 i)."""
    x, y = z.real, z.imag
    if not isfinite(y):
        return complex(0, 0) if x == -inf else complex(inf if x == inf else nan, nan)
    if isnan(x):
        return complex(nan, y if y == 0 else nan)
    half = math.exp(x / 2) if x / 2 < 709 else inf
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


def sign_of(x: Any) -> Any:
    """Return the sign of a number, z/|z| of a complex one; NaN of NaN."""
    if isinstance(x, complex):
        size = math.hypot(x.real, x.imag)
        return x / size if size else 0j
    return x if is_nan(x) or x == 0 else math.copysign(1.0, x) if isinstance(x, float) else (x > 0) - (x < 0)


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
    "arctan": ((math.atan, _nothing), (cmath.atan, _complex_nothing)),
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


def is_nan(x: Any) -> bool:
    """Return whether a number, or a part of it, is NaN: nothing else differs from itself."""
    return bool(x != x)  # noqa: PLR0124


def _choice(better: Function, *, keeps_nan: bool) -> Function:
    """Return what chooses the better of two, and of a number and NaN NaN or the number."""
    if keeps_nan:
        return lambda x, y: x if better(x, y) or is_nan(x) else y
    return lambda x, y: x if better(x, y) or is_nan(y) else y


#: The larger or smaller of two, for real numbers and for complex ones.
CHOICES: dict[str, tuple[Function, Function]] = {
    name: (_choice(of_real, keeps_nan=keeps_nan), _choice(of_complex, keeps_nan=keeps_nan))
    for name, of_real, of_complex, keeps_nan in (
        ("maximum", operator.ge, lambda x, y: less_equal(y, x), True), ("minimum", operator.le, less_equal, True),
        ("fmax", operator.ge, lambda x, y: less_equal(y, x), False), ("fmin", operator.le, less_equal, False),
    )
}  # fmt: skip


# -- signs between two numbers, both of the kind that is named ------------------------------------------------------

Signed = tuple[Function, Function, str]


def _for(kinds: str, f: Function, otherwise: Function | None = None, result: str = "") -> dict[str, Signed]:
    return {kind: (f, otherwise or f, result or kind) for kind in kinds}


def _compared(of_real: Function, of_complex: Function) -> dict[str, Signed]:
    return _for("bif", of_real, result="b") | _for("c", of_complex, result="b")


#: By sign and kind: Python's own way, what is said where that raises, and the kind of the result.
OF_TWO: dict[str, dict[str, Signed]] = {
    "+": _for("b", operator.or_) | _for("ifc", operator.add),
    "-": _for("ifc", operator.sub),
    "*": _for("b", operator.and_) | _for("ifc", operator.mul),
    "/": _for("bif", operator.truediv, divided, "f") | _for("c", operator.truediv, divided),
    "//": _for("if", operator.floordiv, _whole_quotient),
    "%": _for("if", operator.mod, _remainder),
    "**": _for("i", operator.pow) | _for("f", math.pow, _real_power_end)
    | _for("c", complex_power, lambda x, y: complex(nan, nan)),
    "&": _for("bi", operator.and_), "|": _for("bi", operator.or_), "^": _for("bi", operator.xor),
    "==": _compared(operator.eq, operator.eq), "!=": _compared(operator.ne, operator.ne),
    "<": _compared(operator.lt, less), ">": _compared(operator.gt, lambda x, y: less(y, x)),
    "<=": _compared(operator.le, less_equal), ">=": _compared(operator.ge, lambda x, y: less_equal(y, x)),
    **{name: _for("bif", of_real) | _for("c", of_complex) for name, (of_real, of_complex) in CHOICES.items()},
}  # fmt: skip
