"""Functions of arrays, entry by entry, and folds of them, by NumPy's names."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite as is_finite_number
from math import isinf, prod
from typing import Any

from checkedmath.values.arrays.array import Array, array_of, between
from checkedmath.values.arrays.kinds import DTYPES, DType, cast, highest
from checkedmath.values.arrays.numbers import OF_ONE, mapped, sign_of
from checkedmath.values.arrays.places import broadcast, spread


def _of_one(name: str) -> Callable[[Any], Array]:
    of_real, of_complex = OF_ONE[name]

    def function(x: Any) -> Array:
        x = array_of(x)
        kind = "c" if x.kind == "c" else "f"
        return Array(mapped(*(of_complex if kind == "c" else of_real), cast(x.flat, x.kind, kind)), x.shape, kind)

    function.__doc__ = f"Return {name} of each entry."
    function.__name__ = name
    return function


def _of_two(sign: str) -> Callable[[Any, Any], Array]:
    def function(x: Any, y: Any) -> Array:
        return between(sign, array_of(x), array_of(y))

    function.__doc__ = f"Return what {sign} makes of each pair of entries."
    return function


exp, log, log1p, sqrt = map(_of_one, ("exp", "log", "log1p", "sqrt"))
tanh, sinh, cosh, sin, cos = map(_of_one, ("tanh", "sinh", "cosh", "sin", "cos"))
add, subtract, multiply, divide, power = map(_of_two, ("+", "-", "*", "/", "**"))
equal, not_equal, less, less_equal, greater, greater_equal = map(_of_two, ("==", "!=", "<", "<=", ">", ">="))
maximum, minimum, fmax, fmin = map(_of_two, ("maximum", "minimum", "fmax", "fmin"))


def absolute(x: Any) -> Array:
    """Return |x| of each entry; of a complex one its modulus, which loses a complex step."""
    return abs(array_of(x))


def negative(x: Any) -> Array:
    """Return -x."""
    return -array_of(x)


def square(x: Any) -> Array:
    """Return x x."""
    x = array_of(x)
    return x * x


def sign(x: Any) -> Array:
    """Return the sign of each entry, z/|z| of a complex one."""
    x = array_of(x)
    if x.kind == "b":
        raise TypeError("expected numbers to take the sign of, got bools")
    return Array(list(map(sign_of, x.flat)), x.shape, x.kind)


def real(x: Any) -> Array:
    """Return the real parts."""
    return array_of(x).real


def imag(x: Any) -> Array:
    """Return the imaginary parts."""
    return array_of(x).imag


def conj(x: Any) -> Array:
    """Return the complex conjugates."""
    return array_of(x).conj()


def _said(f: Callable[[float], bool], both: Callable[[tuple[bool, bool]], bool]) -> Callable[[Any], Array]:
    def function(x: Any) -> Array:
        x = array_of(x)
        if x.kind == "c":
            return Array([both((f(z.real), f(z.imag))) for z in x.flat], x.shape, "b")
        return Array(list(map(f, x.flat)), x.shape, "b")

    return function


isfinite, isnan = _said(is_finite_number, all), _said(lambda x: x != x, any)
isinf = _said(isinf, any)


def _rounded(name: str, f: Callable[[float], float]) -> Callable[[Any], Array]:
    def function(x: Any) -> Array:
        x = array_of(x)
        if x.kind == "c":
            raise NotImplementedError(f"expected real numbers for {name}, got complex ones")
        return Array([f(v) if is_finite_number(v) else v for v in x.flat], x.shape, x.kind) if x.kind == "f" else x.copy()

    function.__doc__ = f"Return the {name} of each entry."
    return function


floor = _rounded("floor", lambda x: x // 1.0)
rint = _rounded("nearest whole number", lambda x: float(round(x)))


def round(x: Any, decimals: int = 0) -> Array:  # noqa: A001 - NumPy's name
    """Return each entry rounded to so many decimals, halves to the even neighbour."""
    return rint(x) if not decimals else rint(array_of(x) * 10.0**decimals) / 10.0**decimals


def clip(x: Any, low: Any, high: Any) -> Array:
    """Return the entries, none less than low and none more than high."""
    return minimum(maximum(x, low), high)


def where(condition: Any, x: Any, y: Any) -> Array:
    """Return the entries of x where a condition is true, else those of y."""
    condition, x, y = map(array_of, (condition, x, y))
    shape, kind = broadcast(condition.shape, x.shape, y.shape), highest((x.kind, y.kind))
    flats = []
    for array, to in ((condition, condition.kind), (x, kind), (y, kind)):
        flat = cast(array.flat, array.kind, to)
        flats.append(flat if array.shape == shape else [flat[place] for place in spread(array.shape, shape)])
    return Array([one if said else other for said, one, other in zip(*flats, strict=True)], shape, kind)


def isclose(x: Any, y: Any, rtol: float = 1e-5, atol: float = 1e-8) -> Array:
    """Return whether |x - y| ≤ atol + rtol |y|, entry by entry; the same infinity is close, NaN is not."""
    x, y = array_of(x), array_of(y)
    near = (absolute(x - y) <= atol + rtol * absolute(y)) & isfinite(y)
    return near | (x == y)


def allclose(x: Any, y: Any, rtol: float = 1e-5, atol: float = 1e-8) -> bool:
    """Return whether all entries are close."""
    return bool(isclose(x, y, rtol, atol).all())


def array_equal(x: Any, y: Any) -> bool:
    """Return whether two arrays have one shape and equal entries."""
    x, y = array_of(x), array_of(y)
    return x.shape == y.shape and bool((x == y).all())


# -- many entries into one ------------------------------------------------------------------------------------------


def _folded(name: str) -> Callable[..., Array]:
    def function(x: Any, axis: Any = None, **given: Any) -> Array:
        return getattr(array_of(x), name)(axis, **given)

    function.__doc__ = getattr(Array, name).__doc__
    function.__name__ = name
    return function


sum, mean, max, min = map(_folded, ("sum", "mean", "max", "min"))  # noqa: A001 - NumPy's names
any, all = map(_folded, ("any", "all"))  # noqa: A001 - NumPy's names
argmax, argmin = map(_folded, ("argmax", "argmin"))
product_of = _folded("prod")


def trace(x: Any) -> Array:
    """Return the sum along the diagonal of a matrix."""
    return array_of(x).trace()


def matmul(x: Any, y: Any) -> Array:
    """Return x @ y."""
    return array_of(x) @ array_of(y)


def dot(x: Any, y: Any) -> Array:
    """Return the matrix product of arrays with one or two axes; a number scales."""
    x, y = array_of(x), array_of(y)
    if not (x.shape and y.shape):
        return x * y
    if max_axes := [a.shape for a in (x, y) if a.ndim > 2]:
        raise NotImplementedError(f"expected arrays with at most two axes for dot, got shape {max_axes[0]}: use @")
    return x @ y


def outer(x: Any, y: Any) -> Array:
    """Return all products of an entry of x with one of y, each taken along one axis."""
    return array_of(x).reshape(-1, 1) * array_of(y).reshape(1, -1)


# -- kinds ----------------------------------------------------------------------------------------------------------


def iscomplexobj(x: Any) -> bool:
    """Return whether an array is one of complex numbers."""
    return array_of(x).kind == "c"


def result_type(*values: Any) -> DType:
    """Return the kind that arrays, numbers and dtypes become in one array."""
    from checkedmath.values.arrays.kinds import kind_named

    named = (DType, type, str)
    return DTYPES[highest(kind_named(v) if isinstance(v, named) else array_of(v).kind for v in values)]


def count_nonzero(x: Any) -> int:
    """Return how many entries are not zero."""
    return builtin_sum(map(bool, array_of(x).flat))
