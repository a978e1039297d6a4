"""The array: a flat list of entries of one kind, and a shape.

A slice and a transpose are views, as in NumPy: they share the list and say where in it their entries stand.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Sequence
from math import prod
from typing import Any

from checkedmath.values.arrays import folding
from checkedmath.values.arrays.indexing import looked_up
from checkedmath.values.arrays.kinds import DTYPES, ORDER, TYPES, DType, cast, highest, kind_named, kind_of_number
from checkedmath.values.arrays.places import Places, Shape, axes_of, shape_of, spread, turned
from checkedmath.values.arrays.signs import between, product


def _sign(sign: str, *, reflected: bool = False) -> Callable[[Array, Any], Array]:
    """Return the method for a sign between an array and what stands beside it."""

    def method(self: Array, other: Any) -> Array:
        beside = operand(other)
        if beside is None:
            return NotImplemented
        left, right = (beside, self) if reflected else (self, beside)
        return Array(*(product(left, right) if sign == "@" else between(sign, left, right)))

    return method


def _three(sign: str) -> tuple[Callable[[Array, Any], Array], ...]:
    """Return the methods for a sign behind an array, before one, and of its assignment, which changes the array."""
    forward = _sign(sign)

    def assigned(self: Array, other: Any) -> Array:
        found = forward(self, other)
        if found is NotImplemented or not (self.shape or found.shape):
            return found
        if found.shape != self.shape:
            raise ValueError(f"expected a result of shape {self.shape} at {sign}=, got {found.shape}")
        self._write(range(self.size), self.shape, found)
        return self

    return forward, _sign(sign, reflected=True), assigned


def _fold(name: str) -> Callable[..., Array]:
    """Return the method that makes one entry of all, or of those along axes."""

    def method(self: Array, axis: Any = None, *, keepdims: bool = False, **given: Any) -> Array:
        return Array(*folding.fold(name, self.flat, self.shape, self.kind, axis, keepdims=keepdims, **given))

    method.__doc__ = f"Return the {name} of all entries, or of those along axes."
    return method


class Array:
    """Numbers of one kind (bool, whole, real, complex) with any number of axes, none included.

    ``data`` is the flat list, last axis fastest, or, with ``places``, a list in which the entries stand there.
    An array without axes is a number, too: it has a format and a hash, and ``+=`` makes a new one.
    """

    __slots__ = ("_data", "_places", "_writable", "kind", "shape")
    __array_ufunc__ = None  # a NumPy array beside one of these is refused, not taken apart

    def __init__(
        self, data: list[Any], shape: Shape, kind: str, places: Places | None = None, *, writable: bool = True
    ) -> None:
        self._data, self.shape, self.kind, self._places, self._writable = data, shape, kind, places, writable

    # -- what it is ------------------------------------------------------------------------------

    @property
    def flat(self) -> list[Any]:
        """The entries in order; not to be changed."""
        return self._data if self._places is None else [self._data[place] for place in self._places]

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.shape)

    @property
    def size(self) -> int:
        """The number of entries."""
        return prod(self.shape)

    @property
    def dtype(self) -> DType:
        """The kind of the entries, by NumPy's name."""
        return DTYPES[self.kind]

    def item(self) -> Any:
        """Return the only entry as Python's number."""
        if self.size != 1:
            raise ValueError(f"can only convert an array of size 1 to a Python scalar, got shape {self.shape}")
        return self.flat[0]

    def tolist(self) -> Any:
        """Return nested lists, or the number of an array without axes."""
        found = self.flat
        for n in range(self.ndim - 1, 0, -1):
            step = self.shape[n]
            found = [found[at * step : (at + 1) * step] for at in range(prod(self.shape[:n]))]
        return list(found) if self.shape else found[0]

    def __repr__(self) -> str:
        return f"array({self.tolist()})"

    def __str__(self) -> str:
        return str(self.tolist())

    def __format__(self, spec: str) -> str:
        return format(self.item() if not self.shape else self.tolist(), spec)

    def __bool__(self) -> bool:
        if self.size != 1:
            raise ValueError(f"expected one entry to be true or false, got shape {self.shape}: use .any() or .all()")
        return bool(self.flat[0])

    def __complex__(self) -> complex:
        return complex(self._only())

    def __float__(self) -> float:
        value = self._only()
        if isinstance(value, complex) and not value.imag:
            value = value.real
        return float(value)

    def __int__(self) -> int:
        value = self._only()
        return int(value.real if isinstance(value, complex) and not value.imag else value)

    def __index__(self) -> int:
        if self.shape or self.kind != "i":
            raise TypeError(f"expected a whole number as an index, got {self!r}")
        return int(self.flat[0])

    def __round__(self, digits: int | None = None) -> Any:
        return round(self._only(), digits)

    def _only(self) -> Any:
        if self.shape:
            raise TypeError(f"expected an array without axes as a number, got shape {self.shape}: take one entry")
        return self.flat[0]

    def __hash__(self) -> int:
        return hash(self._only())

    def __len__(self) -> int:
        if not self.shape:
            raise TypeError("an array without axes has no length")
        return self.shape[0]

    def __iter__(self) -> Iterator[Array]:
        return (self[n] for n in range(len(self)))

    def __contains__(self, value: Any) -> bool:
        return bool((self == value).any())

    # -- indices ---------------------------------------------------------------------------------

    def __getitem__(self, key: Any) -> Array:
        places, shape, view = looked_up(key, self.shape, array_of)
        own = self._places
        places = places if own is None else [own[place] for place in places]
        if view and shape:
            return Array(self._data, shape, self.kind, places, writable=self._writable)
        return Array([self._data[place] for place in places], shape, self.kind)

    def __setitem__(self, key: Any, value: Any) -> None:
        places, shape, _ = looked_up(key, self.shape, array_of)
        value = array_of(value)
        if not shape and value.shape and not any(part is ... for part in (key if isinstance(key, tuple) else (key,))):
            raise ValueError(f"expected a number for one entry, got an array of shape {value.shape}")
        self._write(places, shape, value)

    def _write(self, places: Sequence[int], shape: Shape, value: Array) -> None:
        if not self._writable:
            raise ValueError("assignment destination is read-only: copy the array first")
        if ORDER.index(value.kind) > ORDER.index(self.kind):
            said = f"expected {self.dtype} entries, got {value.dtype}: astype makes these of them"
            raise TypeError(said)
        while len(value.shape) > len(shape) and value.shape[0] == 1:
            value = value.reshape(value.shape[1:])
        own, data = self._places, self._data
        flat = list(cast(value.flat, value.kind, self.kind))  # a copy: it may be the list that is written to
        for place, source in zip(places, spread(value.shape, shape), strict=True):
            data[place if own is None else own[place]] = flat[source]

    def setflags(self, *, write: bool) -> None:
        """Forbid or allow that entries are changed through this array."""
        self._writable = write

    # -- shapes ----------------------------------------------------------------------------------

    @property
    def T(self) -> Array:
        """The array with its axes in the opposite order, a view."""
        return self.transpose() if len(self.shape) > 1 else self

    def transpose(self, *axes: Any) -> Array:
        """Return a view with the axes in this order, without one in the opposite order."""
        given = axes[0] if len(axes) == 1 and not isinstance(axes[0], int) else axes
        order = axes_of(given or tuple(range(self.ndim))[::-1], self.ndim)
        if len(order) != self.ndim:
            raise ValueError(f"expected an order of {self.ndim} axes, got {order}")
        places, own = turned(self.shape, order), self._places
        return Array(
            self._data, tuple(self.shape[a] for a in order), self.kind,
            places if own is None else [own[place] for place in places], writable=self._writable,
        )  # fmt: skip

    def reshape(self, *shape: Any) -> Array:
        """Return the same entries in another shape; of a slice or transpose it is not to be written to."""
        given = shape[0] if len(shape) == 1 else shape
        new = shape_of(given, self.size)
        # NumPy's answer is a view here and a copy there: of what is a view already, nobody relies on either.
        return Array(self.flat, new, self.kind, writable=self._writable and self._places is None)

    def ravel(self) -> Array:
        """Return the entries along one axis."""
        return self.reshape(-1)

    def flatten(self) -> Array:
        """Return a copy with one axis."""
        return self.copy().reshape(-1)

    def copy(self) -> Array:
        """Return an array of its own."""
        return Array(list(self.flat), self.shape, self.kind)

    def astype(self, dtype: Any) -> Array:
        """Return a copy with entries of another kind."""
        kind = kind_named(dtype)
        return Array(list(cast(self.flat, self.kind, kind)), self.shape, kind)

    # -- parts of complex numbers ----------------------------------------------------------------

    @property
    def real(self) -> Array:
        """The real parts; of a complex array a copy, not to be written to."""
        return self._read_only([x.real for x in self.flat]) if self.kind == "c" else self

    @property
    def imag(self) -> Array:
        """The imaginary parts, not to be written to."""
        if self.kind == "c":
            return self._read_only([x.imag for x in self.flat])
        return Array(cast([False], "b", self.kind) * self.size, self.shape, self.kind, writable=False)

    def _read_only(self, flat: list[float]) -> Array:
        return Array(flat, self.shape, "f", writable=not self.shape)

    def conj(self) -> Array:
        """Return the complex conjugates."""
        return Array([x.conjugate() for x in self.flat], self.shape, self.kind) if self.kind == "c" else self

    conjugate = conj

    # -- many entries into one -------------------------------------------------------------------

    sum, prod, mean, max, min = map(_fold, ("sum", "prod", "mean", "max", "min"))
    any, all, argmax, argmin = map(_fold, ("any", "all", "argmax", "argmin"))

    def trace(self) -> Array:
        """Return the sum along the diagonal of a matrix."""
        if self.ndim != 2:
            raise NotImplementedError(f"expected a matrix, an array with two axes, to trace; got shape {self.shape}")
        rows, columns = self.shape
        return Array(self.flat[: columns * min(rows, columns) : columns + 1], (min(rows, columns),), self.kind).sum()

    # -- signs -----------------------------------------------------------------------------------

    __add__, __radd__, __iadd__ = _three("+")
    __sub__, __rsub__, __isub__ = _three("-")
    __mul__, __rmul__, __imul__ = _three("*")
    __truediv__, __rtruediv__, __itruediv__ = _three("/")
    __floordiv__, __rfloordiv__, __ifloordiv__ = _three("//")
    __mod__, __rmod__, __imod__ = _three("%")
    __pow__, __rpow__, __ipow__ = _three("**")
    __and__, __rand__, __iand__ = _three("&")
    __or__, __ror__, __ior__ = _three("|")
    __xor__, __rxor__, __ixor__ = _three("^")
    __lt__, __le__, __gt__, __ge__ = map(_sign, ("<", "<=", ">", ">="))
    __eq__ = _sign("==")  # type: ignore[assignment]
    __ne__ = _sign("!=")  # type: ignore[assignment]
    __matmul__, __rmatmul__ = _sign("@"), _sign("@", reflected=True)

    def __neg__(self) -> Array:
        return self._each(operator.neg)

    def __pos__(self) -> Array:
        return self._each(operator.pos)

    def _each(self, f: Callable[[Any], Any]) -> Array:
        if self.kind == "b":
            raise TypeError("expected numbers after a sign, got bools: the opposite is ~")
        return Array(list(map(f, self.flat)), self.shape, self.kind)

    def __abs__(self) -> Array:
        if self.kind == "b":
            return self.copy()
        return Array(list(map(folding.size, self.flat)), self.shape, "f" if self.kind == "c" else self.kind)

    def __invert__(self) -> Array:
        if self.kind not in "bi":
            raise TypeError(f"expected bools to take the opposite of, got {self.dtype}")
        opposite = operator.not_ if self.kind == "b" else operator.invert
        return Array(list(map(opposite, self.flat)), self.shape, self.kind)


def operand(value: Any) -> Array | None:
    """Return what may stand beside an array at a sign: an array, a number or nested lists; None for anything else."""
    if isinstance(value, Array):
        return value
    if kind := kind_of_number(value):
        return Array([value], (), kind)
    return array_of(value) if isinstance(value, (list, tuple)) else None


def array_of(value: Any, dtype: Any = None) -> Array:
    """Return an array of a number, nested lists of them, or another library's array; an array as it is."""
    if isinstance(value, Array):
        found = value
    elif kind := kind_of_number(value):
        found = Array([TYPES[kind](value)], (), kind)
    elif isinstance(value, (list, tuple, range)):
        found = _nested([array_of(one) for one in value])
    elif hasattr(value, "tolist"):
        found = array_of(value.tolist())
    else:
        raise TypeError(f"expected a number, lists of numbers or an array, got {type(value).__name__}: {value!r}")
    kind = kind_named(dtype) if dtype is not None else found.kind
    return found if kind == found.kind else found.astype(dtype)


def _nested(rows: list[Array]) -> Array:
    """Return arrays of one shape as the rows of a larger one."""
    shapes = {row.shape for row in rows}
    if len(shapes) > 1:
        raise ValueError(f"expected rows of one shape, got the shapes {', '.join(map(str, sorted(shapes)))}")
    kind = highest({row.kind for row in rows})
    flat = [x for row in rows for x in cast(row.flat, row.kind, kind)]
    return Array(flat, (len(rows), *next(iter(shapes), ())), kind)
