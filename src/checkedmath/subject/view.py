"""One way to read a formula: the layout of its derivatives, and what the signs of a product mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

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
    """One way to read a formula: the layout, and what the signs of a product mean."""

    layout: str = COURSE
    signs: Mapping[str, str] = field(default_factory=dict)  # overrides of `MEANING`
    entrywise: bool = False  # ∂u/∂v of two of one shape: the diagonal
    flat_is_column: bool = False  # a NumPy array with one axis stands for a column
    sizes: Mapping[str, str] = field(default_factory=dict)
    turned: tuple[str, ...] = ()
    helper_of_value: bool = False
