"""The four kinds of entries, in the order in which one becomes another: bool, whole, real, complex."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

#: The kinds by NumPy's letters, and the types of Python that hold them.
ORDER = "bifc"
TYPES: dict[str, type] = {"b": bool, "i": int, "f": float, "c": complex}
LARGEST = 2**63


@dataclass(frozen=True, eq=False)
class DType:
    """What NumPy calls a dtype: ``kind`` is a letter of `ORDER`, ``char`` NumPy's letter of the type, with its size."""

    kind: str
    name: str
    char: str

    def __eq__(self, other: object) -> bool:
        try:
            return self.kind == kind_named(other)
        except TypeError:
            return False

    def __hash__(self) -> int:
        return hash(self.kind)

    def __str__(self) -> str:
        return self.name

    def __call__(self, value: Any = 0) -> Any:
        """Refuse: NumPy's types make numbers with a width of their own."""
        raise NotImplementedError(f"expected {self.name} as a dtype alone, got a call of it: asarray({value!r})")


bool_, int64 = DType("b", "bool", "?"), DType("i", "int64", "l")
float64, complex128 = DType("f", "float64", "d"), DType("c", "complex128", "D")
DTYPES = {dtype.kind: dtype for dtype in (bool_, int64, float64, complex128)}


def kind_named(dtype: object) -> str:
    """Return the kind that a dtype names: Python's type, a `DType` or its name.

    >>> kind_named(float), kind_named("complex128"), kind_named(bool_)
    ('f', 'c', 'b')
    """
    if isinstance(dtype, DType):
        return dtype.kind
    for kind, known in TYPES.items():
        if dtype is known or (isinstance(dtype, str) and dtype in {known.__name__, DTYPES[kind].name}):
            return kind
    known_names = ", ".join(known.__name__ for known in TYPES.values())
    raise TypeError(f"expected a dtype among {known_names}, got {dtype!r}: there are no other entries here")


def highest(kinds: Iterable[str]) -> str:
    """Return the kind that all of these become in one array; real numbers where there are none."""
    return max(kinds, key=ORDER.index, default="f")


def kind_of_number(value: object) -> str:
    """Return the kind of one of Python's numbers, "" for anything else."""
    found = next((kind for kind, known in TYPES.items() if isinstance(value, known)), "")
    if found == "i":
        fitting([value])
    return found


def fitting(flat: list[Any]) -> list[Any]:
    """Return whole numbers, if they are those of 64 bits: NumPy's begin again from below."""
    if not all(-LARGEST <= n < LARGEST for n in flat):
        raise NotImplementedError("expected whole numbers of at most 63 bits, got a larger one: make them floats")
    return flat


def cast(flat: list[Any], kind: str, to: str) -> list[Any]:
    """Return entries of one kind as entries of another, by Python's conversions; the same list if nothing changes."""
    if kind == to:
        return flat
    if kind == "c" and to != "b":
        raise TypeError("expected real numbers, got complex ones: their imaginary parts would be lost; take .real")
    return list(map(TYPES[to], flat))
