"""What a text claims, made ready to be tried."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from checkedmath.meaning.fill_in import filled_in, other_readings, target_first
from checkedmath.meaning.resolution import Scope
from checkedmath.reading.result import NUMPY, Demand, Reading
from checkedmath.subject.setting import Setting, Shape
from checkedmath.subject.view import View
from checkedmath.syntax.tree import Chain, Index, Node, Subtract, Symbol


@dataclass(frozen=True)
class Claim:
    """A formula made ready to be tried: its tree, setting, and how the text wants to be read."""

    tree: Chain
    setting: Setting
    numpy: bool = False
    readings: tuple[tuple[str, Chain], ...] = ()  # other ways to read the text, each with its description
    layout: str = ""  # the one the text or the page names
    shown: str = ""  # the variant the text itself shows
    limits: tuple[int, int] | None = None
    shapes: dict[str, Shape] = field(default_factory=dict)
    memory: dict[Any, Any] = field(default_factory=dict)
    scopes: dict[tuple[Setting, View, Index], Scope] = field(default_factory=dict, compare=False, repr=False)
    target: Node | None = None
    text: str = ""  # as it was written
    update: Node | None = None  # the parameter whose update rule this is, W of W := …
    ranges: tuple[tuple[str, ...], ...] = ()  # what the text says that indices run over: ("k", "1", "n_2")
    related: tuple[tuple[str, ...], ...] = ()  # how two indices are said to lie: ("i", "≠", "j")
    demands: tuple[Demand, ...] = ()  # what else must be so if code is not to raise
    beside: Chain | None = None  # all that the text names in which it stands
    conditions: tuple[Chain, ...] = ()  # what must hold where it is tried, z > 0

    def with_tree(self, tree: Chain) -> Claim:
        """Return the same claim about another tree (an edit of this one)."""
        return replace(self, tree=tree, readings=(), demands=())  # those were about what was written


def claim_of(
    reading: Reading, setting: Setting, settings: dict[str, Setting], layout: str = ""
) -> tuple[Claim, tuple[str, ...]]:
    """Return the claim a reading makes in a setting, and notes on what was filled in."""
    tree, twin, notes = filled_in(reading.tree, setting, settings)
    tree = target_first(tree, twin)
    others = tuple(
        (text, target_first(filled_in(other, setting, settings)[0], twin)) for text, other in other_readings(reading)
    )
    # the draws of free letters are made under the conditions
    conditions = () if setting.free else (filled_in(one, twin, settings)[0] for one in reading.conditions)
    first, update = reading.tree.terms[0], None
    if len(reading.tree.relations) == 1 and isinstance(tree.terms[0], Subtract) and isinstance(first, Symbol):
        update = filled_in(Chain((first,)), twin, settings)[0].terms[0]
    return Claim(
        tree, twin, reading.style == NUMPY, others, layout or reading.layout, twin.adapt(tree), reading.members,
        dict(reading.shapes), text=reading.text, update=update, ranges=reading.ranges, related=reading.related,
        demands=_prepared(reading, setting, settings), conditions=tuple(conditions),
    ), notes  # fmt: skip


def _prepared(reading: Reading, setting: Setting, settings: dict[str, Setting]) -> tuple[Demand, ...]:
    """Return the demands of a reading with the same filled in as in its formula, beside which they are read."""
    terms = reading.tree.terms
    nodes = [node for demand in reading.demands for node in (demand.node, demand.like or demand.node)]
    if not nodes:
        return ()
    filled = iter(filled_in(Chain((*terms, *nodes)), setting, settings)[0].terms[len(terms) :])
    pairs = ((demand, next(filled), next(filled)) for demand in reading.demands)
    return tuple(Demand(demand.what, node, like if demand.like else None) for demand, node, like in pairs)

