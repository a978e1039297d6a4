"""What a shape pass works with: how to read, where, and the result that mirrors the tree."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from checkedmath.meaning.dimensions import settle
from checkedmath.subject.setting import Setting, Shape
from checkedmath.subject.view import View
from checkedmath.syntax.budget import spend
from checkedmath.syntax.tree import (
    Index,
    Node,
)  # fmt: skip


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
    last_member: Index  # L, or the number that stands for it
    ranges: dict[str, str] = field(default_factory=dict)
    shapes: Mapping[str, Shape] = field(default_factory=dict)  # declared for this formula
    numpy: bool = False
    related: tuple[tuple[str, ...], ...] = ()  # at which values of two indices the formula is said: ("i", "≠", "j")

    def settled(self, index: Index | None) -> Index | None:
        """Return an index with L replaced by what it is here."""
        return settle(index, self.last_member, self.setting.family)

    def size_of(self, index: Index) -> str:
        """Return the name of a numbered size, with L replaced by what it is here."""
        return self.setting.family.size_of(settle(index, self.last_member, self.setting.family) or index)


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
    from checkedmath.syntax.text import text_of

    written = text_of(node)
    return written if len(written) <= 40 else "the factor " + written[:38] + "…"
