"""One try of a formula in one world: its shapes there, what it is compared with, and what the draws say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import pairwise

from checkedmath.judging.execute import execute
from checkedmath.meaning import Resolved, Scope, merged_ranges, resolve, say, see
from checkedmath.meaning.arithmetic import OPEN, fill, see_units
from checkedmath.meaning.claim import Claim
from checkedmath.meaning.indices import free_indices
from checkedmath.subject.conventions import Way
from checkedmath.subject.setting import Setting, Shape
from checkedmath.subject.view import View
from checkedmath.syntax.budget import spend
from checkedmath.syntax.errors import ShapeError, Unplaced
from checkedmath.syntax.text import text_of
from checkedmath.syntax.tree import Chain, Constant, Index, Node, Number, RealSpace, Symbol, walk
from checkedmath.values.compare import INEQUALITIES
from checkedmath.values.exact import is_written
from checkedmath.values.places import last_member, members_of
from checkedmath.values.trial import Trial

#: What it costs to set up a trial, for each node, in steps, beside what is resolved and evaluated.
TRIAL = 4


def attempt(
    claim: Claim, way: Way, layout: str, only_first: bool = False, *, hasty: bool = True, thorough: bool = True
) -> Trial:
    """Try the formula in one world, in every draw, and stop at the first that shows it false.

    Not ``hasty``: where it does not hold, what cannot be told is told from what is false.  ``thorough``: a bound that
    holds in all draws is looked for downhill from them, which costs too much for each of the worlds that it may be
    true in.
    """
    tree = way.counted(claim.readings[way.reading - 1][1] if way.reading else claim.tree, claim.setting, claim.text)
    spend(TRIAL * len(walk(tree)))
    view = way.view(View(layout=layout))
    variant = way.variant(claim.shown)
    last = last_member(tree, claim.setting)
    scope = claim.scopes.get((claim.setting, view, last))
    if scope is None:
        scope = claim.scopes[claim.setting, view, last] = Scope(
            claim.setting, view, last, shapes=claim.shapes, numpy=claim.numpy, related=claim.related
        )
    try:
        resolved = tuple(resolve(term, scope) for term in tree.terms if not isinstance(term, RealSpace))
        if _states_a_shape(tree):
            return _shape_claim(tree, resolved, scope)
        for demand in claim.demands:
            see(demand, scope)
        candidates = _candidates(claim, tree, resolved, scope)
        if not tree.relations and not candidates:
            return Trial(False, f"{say(resolved[0].shape)}: no gradient of {claim.setting.name} has this shape",
                         tree.span, shape_fault=True)  # fmt: skip
        _as_said(claim, merged_ranges(resolved), tree)
        if not candidates:
            resolved = _filled(resolved)
        for item in resolved:
            _see_open(item)
        for resolved_pair in candidates or (resolved,):
            _same_shape(tree, resolved_pair, claim)
    except ShapeError as error:
        return Trial(False, str(error), error.span, shape_fault=True, unplaced=isinstance(error, Unplaced))
    if candidates:
        return _try_candidates(claim, tree, candidates, view, variant, scope, only_first)
    return execute(claim, tree, resolved, view, variant, scope, only_first, hasty=hasty, thorough=thorough)


def _as_said(claim: Claim, ranges: Mapping[str, str], tree: Chain) -> None:
    """Raise `ShapeError` where a text says of an index that it runs over something else than it does, or is none."""
    for related in claim.related:
        if not {related[0], related[2]} <= free_indices(tree):
            raise Unplaced(f"{' '.join(related)} is said, but these are not two indices of the formula", tree)
    for letter, first, last in claim.ranges:
        size = ranges.get(letter)
        said, numbered = re.sub(r"[\s{}\[\]^]", "", last), claim.setting.family.size
        said = re.sub(rf"{numbered}_?", f"{numbered}_", said) if numbered else said
        if size is None or (first == "1" and said == re.sub("[{}]", "", size)):
            continue
        raise ShapeError(f"{letter} runs from 1 to {size} here, not from {first} to {last}", tree)


def _candidates(claim: Claim, tree: Chain, resolved: tuple[Resolved, ...], scope: Scope) -> list[tuple[Resolved, ...]]:
    """For a text without a left side: every gradient of its shape, paired with the text."""
    if tree.relations:
        return []
    found: list[tuple[Resolved, ...]] = []
    targets: Iterable[Node] = [claim.target] if claim.target is not None else _gradients(claim, tree)
    for target in targets:
        try:
            left = resolve(target, scope)
        except ShapeError:
            if claim.target is not None:
                raise
            continue
        if left.shape == resolved[0].shape or claim.target is not None:
            found.append((left, resolved[0]))
    return found


def _gradients(claim: Claim, tree: Chain) -> Iterable[Node]:
    members = members_of(tree, claim.setting)
    letters = {index.letter for index, _ in members.used}
    last = last_member(tree, claim.setting)
    batch = any(isinstance(n, Symbol) and _is_batch(n, claim.setting) for n in walk(tree))
    for quantity in claim.setting.quantities.values():
        if quantity.gradient is None or (quantity.column_of and batch):
            continue
        if not quantity.numbered:
            yield Symbol(quantity.name)
        elif letters - {""}:
            for letter in sorted(letters - {""}):
                for shift in (0, -1, 1):
                    yield Symbol(quantity.name, Index(letter, shift))
        else:
            top = last.offset if not last.letter else max(members.highest_number, 1)
            if top > max(draw.members for draw in claim.setting.draws("")):
                word = claim.setting.family.word
                raise ShapeError(f"no draw of this setting has the {word}s the formula names", tree)
            for l in range(quantity.first_member, top + 1):
                yield Symbol(quantity.name, Index("", l))


def _is_batch(node: Symbol, setting: Setting) -> bool:
    quantity = setting.quantities.get(node.name)
    return quantity is not None and setting.examples in quantity.shape


def _see_open(resolved: Resolved) -> None:
    if OPEN in resolved.shape:
        raise Unplaced("nothing says how long 𝟏 is here: nothing beside it has its length", resolved.node)


def _filled(terms: tuple[Resolved, ...]) -> tuple[Resolved, ...]:
    """Give a side that is all ones, or the unit matrix, the shape of its neighbour."""
    out = list(terms)
    for n in range(len(out) - 1):
        out[n], out[n + 1] = fill(out[n], out[n + 1])
        see_units(out[n], out[n + 1])
    return tuple(out)


def _same_shape(tree: Chain, pair: tuple[Resolved, ...], claim: Claim) -> None:
    for (left, right), relation in zip(pairwise(pair), tree.relations or ("=",), strict=False):
        opened = _open(left) or _open(right) or (relation in INEQUALITIES and (_constant(left) or _constant(right)))
        if left.shape != right.shape and not opened:
            if claim.numpy and _numpy_same(left.shape, right.shape):
                continue
            raise ShapeError(
                f"{text_of(left.node)} is {say(left.shape)}, but the other side is {say(right.shape)}", right.node
            )


def _numpy_same(left: Shape, right: Shape) -> bool:
    """(1, 1) and a number are one thing for db of logistic regression, also in NumPy."""
    return {left, right} <= {(), ("1", "1")}


def _open(item: Resolved) -> bool:
    return item.how == "ones" or (isinstance(item.node, Number | Constant) and item.shape == ())


def _constant(item: Resolved) -> bool:
    """Whether a side is a number, ¼ or -1, which an inequality sets beside every entry."""
    return item.shape == () and is_written(item.node)


def _states_a_shape(tree: Chain) -> bool:
    """Whether this is … ∈ ℝ^(…).  Raises `ShapeError` for an ℝ anywhere else."""
    spaces = [term for term in tree.terms if isinstance(term, RealSpace)]
    if spaces and (spaces != [tree.terms[-1]] or tree.relations[-1] != "∈"):
        raise ShapeError("ℝ is written on the right of ∈ only", spaces[0])
    return bool(spaces)


def _shape_claim(tree: Chain, resolved: tuple[Resolved, ...], scope: Scope) -> Trial:
    space = tree.terms[-1]
    assert isinstance(space, RealSpace)
    wanted = tuple(_dimension(n, scope) for n in (space.rows, space.columns) if n is not None)
    if len(wanted) == 1:
        wanted = (*wanted, "1")
    for item in resolved:
        shape = item.shape or ("1", "1")
        if shape != wanted:
            return Trial(False, f"{text_of(item.node)} is {say(item.shape)}, not {say(wanted)}", space.span)
    return Trial(True, draws=1)


def _dimension(node: Node, scope: Scope) -> str:
    if isinstance(node, Symbol) and node.member is not None:
        return scope.size_of(node.member)
    return node.name if isinstance(node, Symbol) else text_of(node)


def _try_candidates(
    claim: Claim, tree: Chain, candidates: list[tuple[Resolved, ...]], view: View, variant: str, scope: Scope,
    only_first: bool,
) -> Trial:  # fmt: skip
    last, refused = Trial(False, ""), None
    for left, right in candidates:
        chain = Chain((left.node, right.node), ("=",), span=tree.span)
        last = execute(claim, chain, (left, right), view, variant, scope, only_first)
        if last.holds:
            return replace(last, target=text_of(left.node))
        refused = last if last.unplaced and not last.shape_fault else refused
    if refused is not None or (len(candidates) == 1 and claim.target is not None):
        return refused or last
    shapes = say(candidates[0][1].shape)
    names = ", ".join(text_of(c[0].node) for c in candidates)
    return Trial(False, f"of the gradients of its shape {shapes} it is none: {names}", tree.span)


__all__ = ["attempt"]
