"""What the quantities of a subject follow from: formulas in its own notation, read once by the reader of all formulas.

A rule that is a single quantity, A[0] = X, says that both are one: to move either moves the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from checkedmath.meaning import Resolved, Scope, resolve, say
from checkedmath.reading import read
from checkedmath.subject.setting import Setting
from checkedmath.subject.subject import Subject
from checkedmath.subject.view import NUMERATOR, View
from checkedmath.syntax.budget import unbilled
from checkedmath.syntax.errors import FormulaError, ShapeError
from checkedmath.syntax.tree import Index, Node, Symbol, walk

#: A quantity by its name and its number, if it has one.
Key = tuple[str, int | None]


@dataclass(frozen=True)
class Rule:
    """What one quantity follows from; ``index`` is the one it stands under, l or a number."""

    name: str
    index: Index | None
    body: Resolved
    lowest: int = 0  # of any number: the first at which all that the body names exists


class WrongRule(ValueError):
    """A rule of a subject that cannot be read, or whose shapes do not fit: its author has to mend it."""


class Rules:
    """The rules of a subject, read in its own notation.  Raises `WrongRule`."""

    def __init__(self, subject: Subject, setting: Setting) -> None:
        self.subject, self.setting = subject, setting
        self.rule, self.home = cache(self._rule_for), cache(self._home)

    @cached_property
    def rules(self) -> Mapping[str, Sequence[Rule]]:
        """The rules by the quantity that they are about."""
        found: dict[str, list[Rule]] = {}
        for text in self.subject.rules:
            try:
                rule = unbilled(self._rule, text)  # read for all texts, by the first one that asks
            except FormulaError as error:
                raise WrongRule(f"{self.subject.name}, the rule {text}: {error}") from error
            found.setdefault(rule.name, []).append(rule)
        return found

    def _rule(self, text: str) -> Rule:
        reading = read(text, self.setting)
        left, *right = reading.tree.terms
        if not isinstance(left, Symbol) or reading.tree.relations not in {("=",), (":=",)}:
            raise FormulaError("expected a quantity and what it follows from, z = W x + b")
        count = self.setting.member_count
        last = Index("", count) if count else Index(self.setting.family.last)
        scope = Scope(self.setting, View(layout=NUMERATOR), last, numpy=reading.style == "numpy")
        target, body = resolve(left, scope), resolve(right[0], scope)
        if target.shape != body.shape:
            raise ShapeError(f"the left side is {say(target.shape)}, the right side {say(body.shape)}", right[0])
        return Rule(left.name, left.member, body, self._lowest(left.member, right[0]))

    def _lowest(self, index: Index | None, body: Node) -> int:
        """Return the first number at which everything in a body exists: 1 for z[l] = W[l] a[l-1]."""
        used = [n for n in walk(body) if isinstance(n, Symbol) and n.member is not None]
        if index is None or index.letter != self.setting.family.letter:
            return 0
        known = ((n.member, self.setting.quantities.get(n.name)) for n in used)
        firsts = [q.first_member - i.offset for i, q in known if q and i and i.letter == index.letter]
        return max(firsts, default=0) + index.offset

    def _rule_for(self, name: str, member: int | None, last: int) -> Rule | None:
        """Return the rule for a quantity, the one of its very layer before the one of any."""
        family = self.setting.family

        def at(index: Index) -> int:
            return index.offset + (last if index.letter == family.last else 0)

        found = self.rules.get(name, ())
        of_any = [rule for rule in found if rule.index is not None and rule.index.letter == family.letter]
        own = [rule for rule in found if rule not in of_any and (rule.index is None or at(rule.index) == member)]
        return next(iter(own or [rule for rule in of_any if member is not None and member >= rule.lowest]), None)

    def _home(self, name: str, member: int | None, last: int) -> Key:
        """Return under which name a quantity is kept: that of what it is said to be the same as."""
        rule = self._rule_for(name, member, last)
        if rule is None or not isinstance(rule.body.node, Symbol):
            return name, member
        index, family = rule.body.node.member, self.setting.family
        start = {family.last: last, family.letter: member or 0}
        number = None if index is None else index.offset + (start[index.letter] if index.letter else 0)
        return self._home(rule.body.node.name, number, last)


__all__ = ["Key", "Rule", "Rules", "WrongRule"]
