"""One way to read a formula: the layout of its derivatives, and what the signs of a product mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from checkedmath.syntax.tree import BROADCAST, DOT, ELEMENTWISE, JUXTAPOSED, MATMUL, OUTER, TENSOR

MATRIX, ENTRY, SCALE = "matrix", "entry by entry", "scale"
COURSE, NUMERATOR, DENOMINATOR = "course", "numerator", "denominator"
LAYOUTS = (COURSE, NUMERATOR, DENOMINATOR)
MEANING = {
    JUXTAPOSED: MATRIX, ELEMENTWISE: ENTRY, DOT: MATRIX, MATMUL: MATRIX, BROADCAST: "numpy", OUTER: "outer",
    TENSOR: "nothing",
}  # fmt: skip


@dataclass(frozen=True)
class View:
    """One way to read a formula: the layout, and what the signs of a product mean.

    It is the key of what is remembered of a formula that is read like this.
    """

    layout: str = COURSE
    signs: Mapping[str, str] = field(default_factory=dict)  # overrides of `MEANING`
    entrywise: bool = False  # ∂u/∂v of two of one shape: the diagonal
    flat_is_column: bool = False  # a NumPy array with one axis stands for a column
    sizes: Mapping[str, str] = field(default_factory=dict)
    turned: tuple[str, ...] = ()
    helper_of_value: bool = False

    def __hash__(self) -> int:
        return hash((
            self.layout, frozenset(self.signs.items()), self.entrywise, self.flat_is_column,
            frozenset(self.sizes.items()), self.turned, self.helper_of_value,
        ))  # fmt: skip

    def changed(self, change: Mapping[str, Any]) -> View:
        """Return the view with something otherwise: signs, sizes and what is turned come in addition."""
        return replace(self, **{name: _added(getattr(self, name), new) for name, new in change.items()})


def _added(old: Any, new: Any) -> Any:
    if isinstance(new, Mapping):
        return {**old, **new}
    return (*old, *new) if isinstance(new, tuple) else new
