"""What a shape pass works with: how to read, where, and the result that mirrors the tree."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from checkedmath.budget import spend
from checkedmath.settings import Setting, Shape
from checkedmath.tree import (
    BROADCAST,
    DOT,
    ELEMENTWISE,
    JUXTAPOSED,
    MATMUL,
    OUTER,
    TENSOR,
    Index,
    Node,
)  # fmt: skip

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


@dataclass(frozen=True)
class Resolved:
    """A node with its shape, the operation it stands for, and its parts, resolved too."""

    node: Node
    shape: Shape
    how: str = ""
    parts: tuple[Resolved, ...] = ()
    extra: Any = None


@dataclass
class Scope:
    """What a resolution needs to know: setting, view, and the ranges of the indices."""

    setting: Setting
    view: View
    last_layer: Index  # L, or the number that stands for it
    ranges: dict[str, str] = field(default_factory=dict)
    shapes: Mapping[str, Shape] = field(default_factory=dict)  # declared for this formula
    numpy: bool = False
    related: tuple[tuple[str, ...], ...] = ()  # at which values of two indices the formula is said: ("i", "≠", "j")


RULES: dict[type, Callable[[Any, Scope], Resolved]] = {}


def rule(*kinds: type) -> Callable[[Any], Any]:
    """Register a function as the shape rule of these kinds of node."""

    def register(function: Any) -> Any:
        for kind in kinds:
            RULES[kind] = function
        return function

    return register


def resolve(node: Node, scope: Scope) -> Resolved:
    """Return the node with shapes.  Raises `ShapeError` where they do not fit."""
    spend()
    found = RULES[type(node)](node, scope)
    return replace(found, shape=()) if found.shape == ("1", "1") and not scope.numpy else found


def say(shape: Shape) -> str:
    """Return a shape as it is written: (n_2, m).

    >>> say(("n_2", "1")), say(())
    ('(n_2, 1)', 'a number')
    """
    if not shape:
        return "a number"
    return "(" + ", ".join(shape) + ("," if len(shape) == 1 else "") + ")"


def name(node: Node) -> str:
    """Return a short name of a node for a message."""
    from checkedmath.writing.text import write_text

    written = write_text(node)
    return written if len(written) <= 40 else "the factor " + written[:38] + "…"
