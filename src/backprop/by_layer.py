"""Quantities numbered by layer, as in the course: ``Z[1]`` belongs to layer 1."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Generic, TypeVar

T = TypeVar("T")


class ByLayer(Mapping[int, T], Generic[T]):
    """A read-only mapping from layer number to the quantity of that layer.

    ``W``, ``b``, ``g``, ``Z``, ``dZ``, ``dW`` and ``db`` start at layer 1;
    ``A`` starts at 0, because ``A[0]`` is the input ``X``.

    >>> Z = ByLayer("Z", {1: "z one", 2: "z two"})
    >>> Z[2]
    'z two'
    >>> Z[0]
    Traceback (most recent call last):
        ...
    KeyError: 'Z[0] does not exist: layers of Z are numbered 1 to 2'
    """

    __slots__ = ("_items", "symbol")

    def __init__(self, symbol: str, items: Mapping[int, T]) -> None:
        self.symbol = symbol
        self._items = dict(items)

    def __getitem__(self, layer: int) -> T:
        try:
            return self._items[layer]
        except (KeyError, TypeError):
            layers = "none was computed"
            if self._items:
                layers = f"layers of {self.symbol} are numbered {min(self._items)} to {max(self._items)}"
            raise KeyError(f"{self.symbol}[{layer!r}] does not exist: {layers}") from None

    def __iter__(self) -> Iterator[int]:
        return iter(sorted(self._items))  # the backward pass fills it from the last layer

    def __len__(self) -> int:
        return len(self._items)

    def __repr__(self) -> str:
        shapes = ", ".join(
            f"{layer}: {getattr(value, 'shape', value)}" for layer, value in self.items()
        )
        return f"{self.symbol}{{{shapes}}}"
