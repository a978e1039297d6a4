"""Functions of arrays, entry by entry, and folds of them, by NumPy's names."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from checkedmath.values.arrays.array import Array, array_of
from checkedmath.values.arrays.kinds import DTYPES, DType, cast, highest, kind_named
from checkedmath.values.arrays.numbers import OF_ONE, mapped, sign_of
from checkedmath.values.arrays.places import broadcast, places, spread, strides
from checkedmath.values.arrays.signs import between


def _named(function: Callable[..., Array], name: str, words: str) -> Callable[..., Array]:
    function.__name__, function.__doc__ = name, words
    return function


def _of_one(name: str) -> Callable[[Any], Array]:
    of_real, of_complex = OF_ONE[name]

    def function(x: Any) -> Array:
        x = array_of(x)
        kind = "c" if x.kind == "c" else "f"
        return Array(mapped(*(of_complex if kind == "c" else of_real), cast(x.flat, x.kind, kind)), x.shape, kind)

    return _named(function, name, f"Return {name} of each entry.")


def _of_two(sign: str) -> Callable[[Any, Any], Array]:
    def function(x: Any, y: Any) -> Array:
        return Array(*between(sign, array_of(x), array_of(y)))

    return _named(function, sign, f"Return what {sign} makes of each pair of entries.")


exp, log, log1p, sqrt = map(_of_one, ("exp", "log", "log1p", "sqrt"))
tanh, sinh, cosh, sin, cos, arctan = map(_of_one, ("tanh", "sinh", "cosh", "sin", "cos", "arctan"))
maximum, minimum, fmax, fmin, greater = map(_of_two, ("maximum", "minimum", "fmax", "fmin", ">"))


def absolute(x: Any) -> Array:
    """Return |x| of each entry; of a complex one its modulus, which loses a complex step."""
    return abs(array_of(x))


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


def _said(name: str, f: Callable[[float], bool], both: Callable[[tuple[bool, bool]], bool]) -> Callable[..., Array]:
    """Return the function that says f of each entry; of a complex one f of both of its parts, or of any."""
    def function(x: Any) -> Array:
        x = array_of(x)
        if x.kind == "c":
            return Array([both((f(z.real), f(z.imag))) for z in x.flat], x.shape, "b")
        return Array(list(map(f, x.flat)), x.shape, "b")

    return _named(function, name, f"Return {name} of each entry.")


isfinite, isnan = _said("isfinite", math.isfinite, all), _said("isnan", math.isnan, any)


def _rounded(name: str, f: Callable[[float], float]) -> Callable[..., Array]:
    def function(x: Any) -> Array:
        x = array_of(x)
        if x.kind == "c":
            raise NotImplementedError(f"expected real numbers for the {name}, got complex ones")
        flat = [f(v) if math.isfinite(v) else v for v in x.flat] if x.kind == "f" else list(x.flat)
        return Array(flat, x.shape, x.kind)

    return _named(function, name, f"Return the {name} of each entry.")


floor = _rounded("floor", lambda x: x // 1.0)
rint = _rounded("nearest whole number", lambda x: float(round(x)))


def around(x: Any, decimals: int = 0) -> Array:
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
    x, y = array_of(x), array_of(y) * 1.0
    near = (absolute(x - y) <= atol + rtol * absolute(y)) & isfinite(y)
    return near | (x == y)


def allclose(x: Any, y: Any, rtol: float = 1e-5, atol: float = 1e-8) -> bool:
    """Return whether all entries are close."""
    return bool(isclose(x, y, rtol, atol).all())


# -- many entries into one ------------------------------------------------------------------------------------------


def folded(name: str) -> Callable[..., Array]:
    """Return an array's method as a function."""
    def function(x: Any, axis: Any = None, **given: Any) -> Array:
        return getattr(array_of(x), name)(axis, **given)

    return _named(function, name, f"{getattr(Array, name).__doc__}")


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
    if x.ndim > 2 or y.ndim > 2:
        raise NotImplementedError(f"expected at most two axes for dot, got shapes {x.shape} and {y.shape}: use @")
    return x @ y


def outer(x: Any, y: Any) -> Array:
    """Return all products of an entry of x with one of y, each taken along one axis."""
    return array_of(x).reshape(-1, 1) * array_of(y).reshape(1, -1)


def einsum(subscripts: str, *values: Any) -> Array:
    """Return the sum of products that letters for the axes name, such as ``"ij,jk->ik"``."""
    left, arrow, kept = subscripts.replace(" ", "").partition("->")
    terms, arrays = left.split(","), [array_of(value) for value in values]
    if not arrow or not f"{left.replace(',', '')}{kept}a".isalpha() or len(set(kept)) < len(kept):
        raise NotImplementedError(f"expected letters for all axes, and behind -> those that stay, got {subscripts!r}")
    if list(map(len, terms)) != [one.ndim for one in arrays]:
        raise ValueError(f"expected a letter for each axis, got {subscripts!r} for {[one.shape for one in arrays]}")
    sizes: dict[str, int] = {}
    for term, one in zip(terms, arrays, strict=True):
        for letter, count in zip(term, one.shape, strict=True):
            if sizes.setdefault(letter, count) != count:
                raise ValueError(f"expected one size for {letter} in {subscripts!r}, got {sizes[letter]} and {count}")
    letters = kept + "".join(letter for letter in sizes if letter not in kept)
    found: Any = True
    for term, one in zip(terms, arrays, strict=True):
        apart = [sum(s for mine, s in zip(term, strides(one.shape), strict=True) if mine == a) for a in letters]
        at = places([[n * s for n in range(sizes[a])] for a, s in zip(letters, apart, strict=True)])
        found = found * Array([one.flat[place] for place in at], tuple(sizes[a] for a in letters), one.kind)
    rest = tuple(range(len(kept), len(letters)))
    return found.any(rest) if found.kind == "b" else found.sum(rest)


# -- kinds ----------------------------------------------------------------------------------------------------------


def iscomplexobj(x: Any) -> bool:
    """Return whether an array is one of complex numbers."""
    return array_of(x).kind == "c"


def result_type(*values: Any) -> DType:
    """Return the kind that arrays, numbers and dtypes become in one array."""
    named = (DType, type, str)
    return DTYPES[highest(kind_named(v) if isinstance(v, named) else array_of(v).kind for v in values)]


__all__ = [
    "absolute", "allclose", "arctan", "around", "clip", "conj", "cos", "cosh", "dot", "einsum", "exp", "floor", "fmax",
    "fmin",
    "greater", "imag", "isclose", "iscomplexobj", "isfinite", "isnan", "log", "log1p", "matmul", "maximum", "minimum",
    "outer", "real", "result_type", "rint", "sign", "sin", "sinh", "sqrt", "tanh", "trace", "where",
]  # fmt: skip
