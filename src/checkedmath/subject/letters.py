"""Letters of other texts: what a source calls the quantities of a setting, and how it counts them.

A text that is not in a setting's own letters is read in those of a source which its author has declared, if all of it
can be read in them.  Nothing but the names decides: no verdict has a say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from checkedmath.syntax.tree import Apply, Chain, Evaluated, Index, Node, Symbol, transform, walk

if TYPE_CHECKING:
    from checkedmath.subject.setting import Setting


@dataclass(frozen=True)
class Letters:
    """The letters of a source: ``spellings`` say which quantity each stands for.

    A text is in them that has one of the ``signs``, any of them if none are named.
    ``members`` are the numbers that letters stand for without one: h is the a of layer 1.  ``shifts`` is what is added
    to a number of these names, a letter for any number included, where the source counts from another beginning; its
    ``last`` is then so much more than the setting's.  ``said`` tells how it counts.  ``condition`` is the code and the
    words of a condition, where what is true in these letters is true under it only.
    """

    source: str
    spellings: Mapping[str, str]
    signs: frozenset[str] = frozenset()
    members: Mapping[str, int] = field(default_factory=dict)
    shifts: Mapping[str, int] = field(default_factory=dict)
    last: int = 0
    said: str = ""
    condition: tuple[str, str] | None = None

    def __hash__(self) -> int:
        return hash((self.source, tuple(self.spellings.items())))

    def note(self, used: Mapping[str, str]) -> str:
        """Return what the text's own letters are in the setting's."""
        pairs = ", ".join(f"{theirs} is {ours}" for theirs, ours in used.items())
        return f"in the letters of {self.source}: {pairs}" + (f"; {self.said}" if self.said else "")


@lru_cache(maxsize=64)
def in_letters(setting: Setting, letters: Letters) -> Setting:
    """Return the setting with the spellings of a source added to its own; one that both have is the source's."""
    theirs = letters.spellings.keys()
    quantities = {
        name: replace(quantity, aliases=tuple(a for a in quantity.aliases if a not in theirs))
        if theirs & {*quantity.aliases} else quantity for name, quantity in setting.quantities.items()
    }  # fmt: skip
    for spelling, name in letters.spellings.items():
        quantities[name] = replace(quantities[name], aliases=(*quantities[name].aliases, spelling))
    return replace(setting, quantities=quantities, spoken=letters)


def is_counted(tree: Chain, letters: Letters) -> bool:
    """Whether each name that the source counts otherwise has a number, so that nothing fills in another."""
    return all(n.member is not None for n in walk(tree) if isinstance(n, Symbol) and letters.shifts.get(n.name))


def counted(tree: Chain, letters: Letters, setting: Setting) -> Chain:
    """Return a formula with its numbers counted as the setting counts them."""
    def change(node: Node) -> Node:
        if not isinstance(node, Symbol | Apply | Evaluated) or node.member is None or node.name not in letters.shifts:
            return node
        index, last = node.member, setting.family.last
        by = letters.shifts[node.name] + (letters.last if index.letter == last else 0)
        return replace(node, member=Index(index.letter, index.offset + by))

    return transform(tree, change) if letters.shifts else tree  # type: ignore[return-value]


__all__ = ["Letters", "counted", "in_letters", "is_counted"]
