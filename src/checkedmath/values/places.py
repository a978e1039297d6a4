"""Where a formula is tried: every draw, and in it every layer l for which its symbols exist."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from checkedmath.subject.setting import Draw, Setting
from checkedmath.syntax.errors import ShapeError, Unplaced
from checkedmath.syntax.tree import Apply, Chain, Index, Node, SumOver, Symbol, walk


@dataclass(frozen=True)
class Members:
    """The layers a formula names: numbers, letters, and the lowest each may be."""

    used: tuple[tuple[Index, int], ...]  # an index, and the first layer its quantity has
    anchored: bool  # whether something belongs to the last layer without saying so (Y)

    @property
    def highest_number(self) -> int:
        """The highest layer written as a number, 0 if there is none."""
        return max((index.offset for index, _ in self.used if not index.letter), default=0)


def members_of(tree: Node, setting: Setting) -> Members:
    """Return the layers a formula names in this setting."""
    used: list[tuple[Index, int]] = []
    anchored = False
    bound = {n.index for n in walk(tree) if isinstance(n, SumOver)}  # Σ over l: no l of the formula's own
    for node in walk(tree):
        if isinstance(node, Symbol | Apply) and node.member is not None and node.member.letter in bound:
            continue
        if isinstance(node, Symbol):
            quantity = setting.quantities.get(node.name)
            if node.member is not None:
                first = quantity.first_member if quantity is not None else 0
                used.append((node.member, first))
            elif quantity is not None and any(_is_last(d, setting) for d in quantity.shape):
                anchored = True
        elif isinstance(node, Apply) and node.member is not None and node.name != "norm":  # ‖ ‖_2 is in no layer
            used.append((node.member, 1))
    return Members(tuple(used), anchored)


def _is_last(dimension: str, setting: Setting) -> bool:
    index = setting.family.index_of(dimension)
    return index is not None and bool(index.letter) and index.letter == setting.family.last


def last_member(tree: Node, setting: Setting) -> Index:
    """Return what L is for this formula: a number where the setting or the formula fixes it."""
    if setting.member_count:
        return Index("", setting.member_count)
    members = members_of(tree, setting)
    if members.highest_number and not _letters(members):
        if setting.numbered_depth >= members.highest_number:
            return Index("", setting.numbered_depth)
        if members.anchored:
            return Index("", members.highest_number)
    return Index(setting.family.last)


def _letters(members: Members) -> set[str]:
    return {index.letter for index, _ in members.used if index.letter}


def at_depth(tree: Node, setting: Setting, variant: str) -> str:
    """Return the variant with the depth that a formula's numbers fix, so that there are draws enough of it."""
    last = last_member(tree, setting)
    if last.letter or setting.member_count or not setting.at_depth or variant == "book":
        return variant
    return ",".join(filter(None, (variant, setting.at_depth.format(last.offset))))


def places_in_draws(
    tree: Chain, setting: Setting, variant: str, limits: tuple[int, int] | None = None
) -> Iterator[tuple[int, Draw, dict[str, int]]]:
    """Yield every draw, with its place among the draws, and every choice of l the formula allows.

    ``limits``: the range of l the text states, (first, last relative to L).
    Raises `ShapeError` where no layer fits at all, or not all of those that the text states.
    """
    members = members_of(tree, setting)
    last = last_member(tree, setting)
    family = setting.family
    letters = _letters(members) - {family.last}
    if len(letters) > 1:
        raise Unplaced(f"more than one letter for a {family.word}: {', '.join(sorted(letters))}", tree)
    letter = letters.pop() if letters else ""
    found = False
    for place, draw in enumerate(setting.draws(at_depth(tree, setting, variant))):
        L = draw.members
        if not last.letter and last.offset != L and not setting.member_count:
            continue
        choices = range(L + 1) if letter else range(1)
        if limits and letter:
            choices = range(limits[0], L + limits[1] + 1)
        for l in choices:
            values = {family.last: L} if family.last else {}
            values |= {family.letter: l, letter: l} if letter else {}
            missing = next((i for i, first in members.used if not first <= _value(i, values) <= L), None)
            if missing is None:
                found = True
                yield place, draw, values
            elif limits and letter:
                last_one = str(Index(family.last, limits[1])).replace("+", " + ").replace("-", " - ")
                said = f"{letter} runs from {limits[0]} to {last_one} here, without a {family.word} [{missing}] in all"
                raise ShapeError(said, tree)
    if not found:
        raise Unplaced(f"no draw of this setting has the {family.word}s the formula names", tree)


def _value(index: Index, values: dict[str, int]) -> int:
    return (values[index.letter] if index.letter else 0) + index.offset
