"""What a shape pass works with: how to read, where, and the result that mirrors the tree."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from checkedmath.meaning.dimensions import settle
from checkedmath.subject.setting import Setting, Shape
from checkedmath.subject.view import View
from checkedmath.syntax.budget import spend
from checkedmath.syntax.errors import ShapeError
from checkedmath.syntax.tree import Index, Node, bound_indices


@dataclass(frozen=True)
class Resolved:
    """A node with its shape, the operation it stands for, and its parts, resolved too."""

    node: Node
    shape: Shape
    how: str = ""
    parts: tuple[Resolved, ...] = ()
    extra: Any = None
    own: tuple[tuple[str, str], ...] = ()  # indices written at this very node, each with the size it runs over
    ranges: Mapping[str, str] = field(init=False, repr=False, compare=False)  # of all free indices in here

    def __post_init__(self) -> None:
        """Put the ranges of the parts together.  Raises `ShapeError` where an index would have two."""
        object.__setattr__(self, "ranges", self._ranges())

    def _ranges(self) -> Mapping[str, str]:
        found = merged_ranges(self.parts)
        for letter, size in self.own:
            found = joined(found, {letter: size}, self.node)
        bound = bound_indices(self.node)
        return {letter: size for letter, size in found.items() if letter not in bound} if bound else found


def merged_ranges(items: Sequence[Resolved]) -> Mapping[str, str]:
    """Return over which sizes the free indices of formulas run that stand side by side.  Raises `ShapeError`."""
    found: Mapping[str, str] = {}
    for item in items:
        if item.ranges and item.ranges is not found:
            found = joined(found, item.ranges, item)
    return found


def joined(one: Mapping[str, str], other: Mapping[str, str], where: Node | Resolved) -> Mapping[str, str]:
    """Return two ranges as one.  Raises `ShapeError`, within ``where``, for an index with two sizes."""
    for letter in one.keys() & other.keys():
        if one[letter] != other[letter]:
            said = f"index {letter} would run over {one[letter]} in one place and {other[letter]} in another"
            raise ShapeError(said, where if isinstance(where, Node) else _entry(where, letter).node)
    return {**one, **other} if one and other else one or other


def _entry(item: Resolved, letter: str) -> Resolved:
    """Return what an index is written at."""
    inside = next((part for part in item.parts if letter in part.ranges), None)
    return item if inside is None or any(own == letter for own, _ in item.own) else _entry(inside, letter)


@dataclass(frozen=True)
class Scope:
    """What a resolution needs to know: setting, view, and what the text says of sizes and indices."""

    setting: Setting
    view: View
    last_member: Index  # L, or the number that stands for it
    shapes: Mapping[str, Shape] = field(default_factory=dict)  # declared for this formula
    numpy: bool = False
    related: tuple[tuple[str, ...], ...] = ()  # at which values of two indices the formula is said: ("i", "≠", "j")
    # What was resolved here, with its node, by which it is found: edits of a formula share most of their nodes.
    known: dict[int, tuple[Node, Resolved]] = field(default_factory=dict, compare=False, repr=False)

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
    known = scope.known.get(id(node))
    if known is not None:
        return known[1]
    found = RULES[type(node)](node, scope)
    found = replace(found, shape=()) if found.shape == ("1", "1") and not scope.numpy else found
    scope.known[id(node)] = node, found
    return found


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
