"""One chain of a displayed formula with all that its dresses are made from: shapes, the book's network, its symbols."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from checkedmath.meaning import Resolved, Scope, resolve, say
from checkedmath.meaning.arithmetic import fill
from checkedmath.meaning.claim import Claim
from checkedmath.meaning.indices import free_indices
from checkedmath.reading.result import Reading
from checkedmath.subject.setting import Shape
from checkedmath.subject.view import COURSE, View
from checkedmath.syntax import tree
from checkedmath.syntax.errors import FormulaError
from checkedmath.syntax.tree import Chain, Node
from checkedmath.values.compare import compare
from checkedmath.values.evaluate import NO_VALUE, Environment
from checkedmath.values.namespace import namespace
from checkedmath.values.places import last_member, places_in_draws
from checkedmath.writing.as_mathematics import as_mathematics
from checkedmath.writing.latex import write_latex
from checkedmath.writing.unicode import write_unicode
from checkedmath.writing.words import say_index, write_words


@dataclass(frozen=True)
class SymbolView:
    """One symbol of a formula: what it is called, what it means, and its shape.

    ``name`` and ``layer`` are those of `symbol_data`, by which a symbol on the page is found; of a function
    the name has a prime for each time it is differentiated.  ``shape`` is in symbols, ``"(n_1, 1)"``, and
    ``numbers`` that of the book's network, ``"(3, 1)"``; a number has "a number" and "".
    ``link`` is where the book says what it is, ``page#place``, or "".
    """

    name: str
    member: str
    latex: str
    words: str
    meaning: str
    shape: str
    numbers: str
    link: str
    unicode: str = ""
    function: bool = False


@dataclass(frozen=True)
class Part:
    """One chain of a display: its claim, and the tree as the author arranged it."""

    claim: Claim
    reading: Reading
    holds_in_the_course: Callable[[Claim], bool]  # whether it does in the layout in which a copy will be read
    seen: set[Node] = field(default_factory=set)

    @cached_property
    def chain(self) -> Chain:
        """The prepared tree with the author's sides and relations."""
        claim, relations = self.claim, self.reading.tree.relations
        terms = claim.tree.terms
        if claim.update is not None:
            terms = (claim.update, *terms[1:])
        elif len(terms) == 2 and terms[0].span[0] > terms[1].span[0]:
            terms = terms[::-1]
        reasons = self.reading.tree.reasons
        return as_mathematics(replace(claim.tree, terms=terms, relations=relations, reasons=reasons), claim.setting)

    @cached_property
    def scope(self) -> Scope:
        """Where its nodes get their shapes, in the layout of the page."""
        claim = self.claim
        view = View(layout=claim.layout or COURSE)
        return Scope(claim.setting, view, last_member(claim.tree, claim.setting), shapes=claim.shapes)

    @cached_property
    def resolved(self) -> tuple[Resolved, ...]:
        """The terms with their shapes; raises `ShapeError` where they do not fit."""
        scope = self.scope
        terms = [resolve(t, scope) for t in self.chain.terms if not isinstance(t, tree.RealSpace)]
        for n in range(len(terms) - 1):
            terms[n], terms[n + 1] = fill(terms[n], terms[n + 1])
        return tuple(terms)

    @cached_property
    def place(self) -> Environment | None:
        """The book's network as the setting sees it, and the highest layer l that the formula can be about."""
        xp = namespace()

        claim = self.claim
        if claim.setting.free:
            return None
        try:
            _, draw, members = list(places_in_draws(claim.tree, claim.setting, "book", claim.limits))[-1]
        except (FormulaError, ValueError, KeyError):
            return None
        return Environment(xp, claim.setting, draw, members)

    @cached_property
    def in_book(self) -> str:
        """Why the book's network is no example of the formula, or "": it may be about another activation, or y = 1."""
        xp = namespace()

        if self.place is None:
            return "the setting has no example that it could be about"
        chain, scope = self.chain, self.scope
        resolved = tuple(resolve(term, scope) for term in chain.terms)
        try:
            with xp.errstate(all="ignore"):
                trial = compare(chain, resolved, self.place, sorted(free_indices(chain)), scope)
        except NO_VALUE as error:
            return f"it has no value in {self.claim.setting.example}: {error}"
        example = self.claim.setting.example
        return "" if trial.holds else f"it is not true of {example}, but of another that it speaks of"

    @cached_property
    def needs(self) -> str:
        """The layout it is true in, if that is not the course's, in which a copy will be read; else ""."""
        claim = self.claim
        if claim.setting.free or claim.layout in {"", COURSE}:
            return ""
        if not any(isinstance(node, tree.Derivative) for node in tree.walk(claim.tree)):
            return ""
        return "" if self.holds_in_the_course(claim) else claim.layout


def symbols_of(parts: Sequence[Part]) -> Iterator[SymbolView]:
    """Yield every symbol once, in the order of the formula."""
    seen: set[tuple[str, str]] = set()
    for part in parts:
        for node in tree.walk(part.chain):
            if not isinstance(node, tree.Symbol | tree.Apply) or node in part.seen:
                continue
            part.seen.add(node)
            try:
                shape = resolve(node, part.scope).shape
            except FormulaError:
                continue
            view = _view(node, shape, part)
            if view is not None and (view.name, view.member) not in seen:
                seen.add((view.name, view.member))
                yield view


def _view(node: Node, shape: Shape, part: Part) -> SymbolView | None:
    setting = part.claim.setting
    member: tree.Index | None
    if isinstance(node, tree.Symbol):
        quantity = setting.quantities.get(node.name)
        if quantity is None:
            return None
        name, member, words = node.name, node.member, write_words(node, setting)
        latex, meaning, link = write_latex(node, setting), quantity.meaning, quantity.defined
        unicode, function = write_unicode(node, setting), False
    elif isinstance(node, tree.Apply) and node.name in setting.functions:
        named = setting.functions[node.name]
        alone = tree.Evaluated(node.name, node.member, node.primes)
        name, member, words = node.name + "'" * node.primes, node.member, write_words(alone, setting)
        latex, link = write_latex(alone, setting), named.defined
        meaning = named.slope if node.primes else named.meaning
        unicode, function = write_unicode(alone, setting), True
    else:
        return None
    if member is not None:
        said = say_index(member) if member.letter else str(member.offset)
        meaning = re.sub(r"\bl\b", said, meaning)
    return SymbolView(
        name, str(member) if member is not None else "", latex, words, meaning, say(shape), _sizes(shape, part), link,
        unicode, function,
    )  # fmt: skip


def _sizes(shape: Shape, part: Part) -> str:
    if not shape or part.place is None:
        return ""
    try:
        return "(" + ", ".join(str(part.place.range_of(size)) for size in shape) + ")"
    except (KeyError, ValueError, IndexError):
        return ""
