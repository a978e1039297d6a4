"""What a reader returns: the tree, and what the text said around it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from checkedmath.subject.setting import Shape
from checkedmath.syntax.tree import Chain, Node

LATEX, TEXT, NUMPY = "latex", "text", "numpy"
STYLES = (LATEX, TEXT, NUMPY)


@dataclass(frozen=True)
class Demand:
    """What NumPy asks of a value on the way to the formula; where it is not met, the code raises.

    ``what``: "value" (it can be computed), "number", "array", "one axis", or "shape", which is then that of ``like``.
    "length": two sizes are one.
    "rows": it has as many rows as ``like`` says.  "equal": both sides of a sign have one shape;
    "column": or one is a number, or a column beside a matrix.
    """

    what: str
    node: Node
    like: Node | None = None


@dataclass(frozen=True)
class Under:
    """What a line of code stands under: a loop over ``members``, as in `Reading`, a branch that names a ``variant``."""

    members: tuple[int, int] | None = None
    variant: str | None = None

    def also(self, other: Under) -> Under:
        """Return what a line stands under that stands under both."""
        members = other.members or self.members
        if other.members and self.members:
            (a, b), (c, d) = self.members, other.members
            members = max(a, c), min(b, d)
        return Under(members, self.variant if other.variant is None else other.variant)


@dataclass(frozen=True)
class Reading:
    """A text that was read.

    ``layout``: the one the text names, or "".  ``assumptions``: ("symmetric", "A"), ….
    ``definitions``: names a NumPy text or a comment defines (``# Y = X @ W``).  ``layers``: the
    range of l that the text states (``l = 1, …, L-1``), as (first, last) with last relative to L.
    ``ranges`` are all that it states, each as index, first and last: ("k", "1", "n_2").
    ``related`` is how two indices are said to lie, ("i", "≠", "j").
    ``notes`` tell how something open was read.  ``earlier`` are the claims of the lines before that of ``tree``,
    ``demands`` what else must be so if none of a NumPy text's lines is to raise.

    What a text about free letters says beside its claims: ``declared`` shapes, ``conditions`` under which they hold,
    ``functions`` as name, parameters and what they stand for.  ``idle`` says why there is nothing to judge,
    ``beside`` is all that the text claims: its letters are of one kind in all of it.
    """

    text: str
    style: str
    tree: Chain
    layout: str = ""
    assumptions: tuple[tuple[str, str], ...] = ()
    definitions: tuple[tuple[str, Chain], ...] = ()
    shapes: Mapping[str, Shape] = field(default_factory=dict)
    members: tuple[int, int] | None = None
    ranges: tuple[tuple[str, ...], ...] = ()
    related: tuple[tuple[str, ...], ...] = ()
    notes: tuple[str, ...] = ()
    earlier: tuple[Chain, ...] = ()
    demands: tuple[Demand, ...] = ()
    declared: Mapping[str, Shape] = field(default_factory=dict)
    conditions: tuple[Chain, ...] = ()
    functions: tuple[tuple[str, tuple[str, ...], Node], ...] = ()
    under: tuple[Under, ...] = ()  # what the lines of code stand under, those of ``earlier`` and the last one
    variant: str | None = None  # of the setting's draws, where code names it: ``if activation == "relu"``
    idle: str = ""
    beside: tuple[Chain, ...] = ()
    loose: Chain | None = None  # juxtaposition read at the level of the signs, where that differs
