"""The nearest true formula: single edits of the right side, then two."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from checkedmath.judging.attempt import attempt
from checkedmath.judging.edits import Edit, edits_of_argument, partners, single_edits
from checkedmath.judging.judge import layouts_to_try
from checkedmath.judging.verdict import CONDITIONAL, FAILS, Verdict
from checkedmath.meaning import Scope, resolve, with_sizes
from checkedmath.meaning.claim import Claim
from checkedmath.subject.conventions import Way
from checkedmath.subject.view import View
from checkedmath.syntax.budget import spend
from checkedmath.syntax.errors import ShapeError
from checkedmath.syntax.text import text_of
from checkedmath.syntax.tree import Chain, Node, Transpose, transform, walk
from checkedmath.values.places import last_member
from checkedmath.writing.as_mathematics import as_mathematics, without_heaped_transposes

#: How many pairs of edits are tried; a count, not a clock, so that the answer is always the same.
MAX_PAIRS = 300
MAX_PAIRS_WITHOUT_LEFT_SIDE = 100  # each is compared with every gradient of its shape
#: Longer formulas get one edit only, or none: the work grows with the square of their nodes.
MAX_NODES_TWICE, MAX_NODES = 30, 60


@dataclass(frozen=True)
class Nearest:
    """A true formula close by, and the mistake that leads from it to the one that was written."""

    tree: Chain
    edits: tuple[Edit, ...]

    @property
    def text(self) -> str:
        """The formula in forum text."""
        return text_of(self.tree)

    @property
    def mistake(self) -> str:
        """The name of the mistake; two are joined by +."""
        return "+".join(edit.name for edit in self.edits)

    @property
    def slip(self) -> str:
        """The mistake in words."""
        return "; ".join(edit.text for edit in self.edits)


def with_nearest(verdict: Verdict, claim: Claim | None) -> Verdict:
    """Return the verdict with the nearest true formula, if it is about a formula that is not true."""
    if claim is None or verdict.verdict not in {CONDITIONAL, FAILS}:
        return verdict
    found = nearest_true(claim, verdict)
    if found is None:
        return verdict
    page = next(filter(None, (claim.setting.pages.get(edit.name, "") for edit in found.edits)), "")
    return replace(verdict, nearest=found.text, mistake=found.mistake, slip=found.slip, page=page)


def nearest_true(claim: Claim, verdict: Verdict) -> Nearest | None:
    """Return the nearest true formula in the course's world, or None if two edits reach none."""
    nodes = sum(1 for _ in walk(claim.tree))
    if nodes > MAX_NODES:
        return None
    scope = Scope(claim.setting, View(), last_member(claim.tree, claim.setting), shapes=claim.shapes, numpy=claim.numpy)
    claim = replace(claim, tree=replace(claim.tree, terms=tuple(with_sizes(t, scope) for t in claim.tree.terms)))
    layouts = layouts_to_try(claim)
    singles = list(_distinct(claim))
    true = [(edit, tree) for edit, tree in singles if _holds(_adapted(claim, tree), tree, layouts)]
    if true:
        first = [one for one in true if len(layouts) == 1 or _holds(_adapted(claim, one[1]), one[1], layouts[:1])]
        edit, tree = min(first or true, key=lambda found: _rank(found[1], claim))
        return Nearest(shown(claim, tree), (edit,))
    if nodes > MAX_NODES_TWICE:
        return None
    for edit, tree in edits_of_argument(claim.tree, claim.setting):
        if _holds(claim, tree, layouts):
            return Nearest(shown(claim, tree), (edit,))
    most = MAX_PAIRS if claim.tree.relations or claim.target is not None else MAX_PAIRS_WITHOUT_LEFT_SIDE
    for edits, tree in islice(_pairs(claim, singles), most):
        if _holds(claim, tree, layouts[:1]):
            return Nearest(shown(claim, tree), edits)
    return None


def _pairs(claim: Claim, singles: Sequence[tuple[Edit, Chain]]) -> Iterator[tuple[tuple[Edit, Edit], Chain]]:
    """Yield the trees of two edits that are one slip, each tree once."""
    seen = {tree for _, tree in singles} | {claim.tree}
    for first, tree in singles:
        for second, twice in single_edits(tree, claim.setting, partners(first.name, claim.setting)):
            spend(len(walk(twice)))
            if twice not in seen:
                seen.add(twice)
                yield (first, second), twice


def shown(claim: Claim, tree: Chain) -> Chain:
    """Return a true formula as it is shown: as mathematics, with transposes at the symbols."""
    scope = Scope(claim.setting, View(), last_member(tree, claim.setting), shapes=claim.shapes, numpy=claim.numpy)
    try:
        terms = tuple(without_heaped_transposes(resolve(term, scope), claim.setting) for term in tree.terms)
    except ShapeError:
        terms = tree.terms
    tree = as_mathematics(replace(tree, terms=terms), claim.setting)
    if claim.update is not None:
        return Chain((claim.update, tree.terms[-1]), (":=",))
    return tree


def _distinct(claim: Claim) -> Iterator[tuple[Edit, Chain]]:
    seen: set[Chain] = set()
    for edit, changed in single_edits(claim.tree, claim.setting):
        spend(len(walk(changed)))
        if changed not in seen:
            seen.add(changed)
            yield edit, changed


def _adapted(claim: Claim, tree: Chain) -> Claim:
    """Return the claim with the hidden activation that the mended text shows, where the text itself showed none."""
    shown = claim.shown or claim.setting.adapt(tree)
    return claim if shown == claim.shown else replace(claim, shown=shown)


def _holds(claim: Claim, tree: Chain, layouts: Sequence[str]) -> bool:
    other = claim.with_tree(tree)
    for layout in layouts:
        if attempt(other, Way(), layout, only_first=True).holds and attempt(other, Way(), layout).holds:
            return not (len(tree.terms) > 1 and claim.update is None and _says_nothing(tree))
    return False


def _says_nothing(tree: Chain) -> bool:
    """Whether the right side has become the left side itself, or its transpose, or contains it."""
    left, right = (transform(term, _upright) for term in (tree.terms[0], tree.terms[-1]))
    return left in walk(right)


def _upright(node: Node) -> Node:
    return node.operand if isinstance(node, Transpose) else node


def _rank(tree: Chain, claim: Claim) -> tuple[int, int]:
    """Prefer the text, as it is shown, that is nearer in length to what was written, then the shorter one."""
    written = len(text_of(shown(claim, claim.tree)))
    now = len(text_of(shown(claim, tree)))
    return abs(now - written), now


__all__ = ["Nearest", "nearest_true", "with_nearest"]
