"""Whether a formula is true, and if not in the course's world, where.

The course's world is tried first and is all that is drawn until something fails.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from itertools import pairwise
from typing import Any

from checkedmath.against import Under, made_against, of_any_size, only_sizes, towards_false
from checkedmath.budget import spend
from checkedmath.claim import Claim
from checkedmath.compare import INEQUALITIES
from checkedmath.differentiate import dotted_symbols
from checkedmath.errors import Disagreement, FormulaError, ShapeError, Unplaced
from checkedmath.evaluate import NO_VALUE, Environment
from checkedmath.exact import compared, is_written
from checkedmath.functions import KINKED
from checkedmath.instances import at_depth, instances, last_layer, layers_of
from checkedmath.settings import Setting, Shape
from checkedmath.shapes import COURSE, DENOMINATOR, NUMERATOR, Resolved, Scope, View, resolve, say, see
from checkedmath.shapes.arithmetic import fill, see_units
from checkedmath.shapes.indices import free_indices
from checkedmath.tree import (
    Apply,
    Cases,
    Chain,
    Compare,
    Constant,
    Derivative,
    Index,
    Maximum,
    Node,
    Number,
    RealSpace,
    Symbol,
    walk,
)
from checkedmath.verdict import CONDITIONAL, FAILS, HOLDS, UNREADABLE, Condition, Trial, Verdict
from checkedmath.worlds import Respect, Way, has_shape, respects, ways
from checkedmath.writing.text import write_text

MAX_WAYS = 250
#: In how many draws a condition must be met.
FEWEST = 2
LONG, MAX_WAYS_LONG = 120, 25  # a formula of many nodes is tried in fewer worlds
#: What it costs to set up a trial, for each node, and a draw in it, in steps, beside what is resolved and evaluated.
TRIAL, DRAW = 4, 5


def judge(claim: Claim, notes: tuple[str, ...] = ()) -> Verdict:
    """Return the verdict: the course's world, then the worlds that differ from it."""
    first: Trial | None = None
    for layout in layouts_to_try(claim):
        trial = attempt(claim, Way(), layout, hasty=False)
        if trial.holds:
            said = (f"true in {layout} layout",) if layout != COURSE and not claim.layout else ()
            return Verdict(
                HOLDS, _holds_message(claim, trial, said), setting=claim.setting.name, target=trial.target,
                notes=notes, draws=trial.draws, error=trial.error, layout=layout,
            )  # fmt: skip
        first = first or trial
    assert first is not None
    # NumPy has no other world: what is not modelled here is not modelled there.
    found = None if claim.numpy and first.unplaced else _other_world(claim)
    if found is not None:
        way, trial, layout = found
        where = tuple(Condition(r.code, r.text) for r in way.respects)
        if claim.numpy and _broadcasts(claim, way) and all(c.code != "broadcast" for c in where):
            where += (Condition("broadcast", "NumPy's broadcasting happens to fit"),)
        message = "true if " + " and ".join(c.text for c in where) + f"; here it is not: {first.reason}"
        return Verdict(
            CONDITIONAL, message, where, claim.setting.name, trial.target or _target(claim), notes=notes,
            draws=trial.draws, error=trial.error, span=first.span, layout=layout, reason=first.reason,
        )  # fmt: skip
    if first.unplaced:
        return Verdict(UNREADABLE, first.reason, setting=claim.setting.name, notes=notes, span=first.span)
    return Verdict(
        FAILS, first.reason + _remark(claim), setting=claim.setting.name, target=_target(claim), notes=notes,
        draws=first.draws, error=first.error, span=first.span,
    )  # fmt: skip


def _remark(claim: Claim) -> str:
    """Say so where a false formula is true for single units: that is how it is often "verified"."""
    for world in claim.setting.worlds:
        if world.code == "one-unit" and has_shape(claim.tree, claim.text):
            respect = Respect(world.code, world.text, "world", variant=world.variant, sizes=world.sizes)
            if claim.tree.relations and attempt(claim, Way((respect,)), layouts_to_try(claim)[0]).holds:
                return " (with one unit in every layer it would be true)"
    return ""


def layouts_to_try(claim: Claim) -> Sequence[str]:
    """Return the layouts of the course's world: identities hold if they hold in one."""
    if claim.layout:
        return (claim.layout,)
    if claim.setting.name == "identities" and any(isinstance(n, Derivative) for n in walk(claim.tree)):
        return (COURSE, NUMERATOR, DENOMINATOR)
    return (COURSE,)


def _other_world(claim: Claim) -> tuple[Way, Trial, str] | None:
    possible = respects(claim.tree, claim.setting, claim.numpy, tuple(text for text, _ in claim.readings), claim.text)
    if claim.setting.name == "identities" and not claim.layout:
        possible = [r for r in possible if r.kind != "layout" or r.entrywise]  # all were tried
    # A count and not a clock, so that the answer is always the same.
    most = MAX_WAYS if sum(1 for _ in walk(claim.tree)) <= LONG else MAX_WAYS_LONG
    for n, way in enumerate(ways(possible)):
        if n >= most:
            break
        for layout in layouts_to_try(claim):
            trial = attempt(claim, way, layout, thorough=False)
            if trial.holds and made_against(claim.tree):
                trial = attempt(claim, way, layout)
            if trial.holds:
                return _fewest(claim, way, layout), trial, layout
    return None


def holds_where(claim: Claim, verdict: Verdict, codes: frozenset[str]) -> bool:
    """Whether what its verdict calls true is true in the setting's worlds of these codes too."""
    own = {condition.code for condition in verdict.where}
    possible = respects(claim.tree, claim.setting, claim.numpy, tuple(text for text, _ in claim.readings), claim.text)
    kept = tuple(r for r in possible if (r.code in codes if r.kind == "world" else r.code in own))
    layouts = [verdict.layout] if verdict.layout else layouts_to_try(claim)
    return any(attempt(claim, Way(kept), layout).holds for layout in layouts)


def _fewest(claim: Claim, way: Way, layout: str) -> Way:
    """Leave out a respect that is not needed."""
    for respect in way.respects:
        rest = Way(tuple(r for r in way.respects if r is not respect))
        if rest.respects and attempt(claim, rest, layout).holds:
            return rest
    return way


def attempt(
    claim: Claim, way: Way, layout: str, only_first: bool = False, *, hasty: bool = True, thorough: bool = True
) -> Trial:
    """Try the formula in one world, in every draw, and stop at the first that shows it false.

    Not ``hasty``: where it does not hold, what cannot be told is told from what is false.  ``thorough``: a bound that
    holds in all draws is looked for downhill from them, which costs too much for each of the worlds that it may be
    true in.
    """
    tree = claim.readings[way.reading - 1][1] if way.reading else claim.tree
    spend(TRIAL * len(walk(tree)))
    view = way.view(View(layout=layout))
    variant = way.variant(claim.shown)
    scope = Scope(
        claim.setting, view, last_layer(tree, claim.setting), shapes=claim.shapes, numpy=claim.numpy,
        related=claim.related,
    )  # fmt: skip
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
        _as_said(claim, scope, tree)
        if not candidates:
            resolved = _filled(resolved)
        for resolved_pair in candidates or (resolved,):
            _same_shape(tree, resolved_pair, claim)
    except ShapeError as error:
        return Trial(False, str(error), error.span, shape_fault=True, unplaced=isinstance(error, Unplaced))
    if candidates:
        return _try_candidates(claim, tree, candidates, view, variant, scope, only_first)
    return _try_chain(claim, tree, resolved, view, variant, scope, only_first, hasty=hasty, thorough=thorough)


def _as_said(claim: Claim, scope: Scope, tree: Chain) -> None:
    """Raise `ShapeError` where a text says of an index that it runs over something else than it does, or is none."""
    for related in claim.related:
        if not {related[0], related[2]} <= free_indices(tree):
            raise Unplaced(f"{' '.join(related)} is said, but these are not two indices of the formula", tree)
    for letter, first, last in claim.ranges:
        size = scope.ranges.get(letter)
        said = re.sub(r"[\s{}\[\]^]", "", last).replace("n_", "n").replace("n", "n_")
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
    layers = layers_of(tree, claim.setting)
    letters = {index.letter for index, _ in layers.used}
    last = last_layer(tree, claim.setting)
    batch = any(isinstance(n, Symbol) and _is_batch(n, claim.setting) for n in walk(tree))
    for quantity in claim.setting.quantities.values():
        if quantity.gradient is None or (quantity.column_of and batch):
            continue
        if not quantity.layered:
            yield Symbol(quantity.name)
        elif letters - {""}:
            for letter in sorted(letters - {""}):
                for shift in (0, -1, 1):
                    yield Symbol(quantity.name, Index(letter, shift))
        else:
            top = last.offset if not last.letter else max(layers.highest_number, 1)
            if top > max(draw.layers for draw in claim.setting.draws("")):
                raise ShapeError("no network of this setting has the layers the formula names", tree)
            for l in range(quantity.first_layer, top + 1):
                yield Symbol(quantity.name, Index("", l))


def _is_batch(node: Symbol, setting: Setting) -> bool:
    quantity = setting.quantities.get(node.name)
    return quantity is not None and "m" in quantity.shape


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
                f"{write_text(left.node)} is {say(left.shape)}, but the other side is {say(right.shape)}", right.node
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
        raise ShapeError("ℝ stands on the right of ∈ only", spaces[0])
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
            return Trial(False, f"{write_text(item.node)} is {say(item.shape)}, not {say(wanted)}", space.span)
    return Trial(True, draws=1)


def _dimension(node: Node, scope: Scope) -> str:
    from checkedmath.shapes import dimensions as dim

    if isinstance(node, Symbol) and node.layer is not None:
        layer = dim.settle(node.layer, scope.last_layer)
        assert layer is not None
        return dim.size_name(layer)
    return node.name if isinstance(node, Symbol) else write_text(node)


def environments(
    claim: Claim, tree: Chain, view: View, variant: str, namespace: Any
) -> Iterable[tuple[Environment, Any]]:
    """Yield the places where the formula is evaluated, with a memory shared by formulas."""
    for place, draw, layers in instances(tree, claim.setting, variant, claim.limits):
        spend(DRAW)
        # Whatever a value may depend on: a derivative is computed with the view's own products.
        signs = tuple(sorted(view.signs.items()))
        key = (
            at_depth(tree, claim.setting, variant), place, tuple(sorted(layers.items())), view.layout, view.entrywise,
            view.turned, signs, view.helper_of_value,
        )  # fmt: skip
        pushed = dotted_symbols(tree)
        memo = claim.memory.setdefault((*key, pushed) if pushed else key, {})
        env = Environment(
            namespace, claim.setting, draw, layers, view.turned, view.sizes, view.helper_of_value, claim.numpy,
            {}, memo, pushed=pushed,
        )  # fmt: skip
        yield env, draw


def _try_chain(
    claim: Claim, tree: Chain, resolved: tuple[Resolved, ...], view: View, variant: str, scope: Scope,
    only_first: bool, *, hasty: bool = False, thorough: bool = True,
) -> Trial:  # fmt: skip
    import numpy

    from checkedmath.compare import compare

    exact = [trial for n in range(len(tree.relations)) if (trial := compared(tree, n)) is not None]
    if wrong := [trial for trial in exact if not trial.holds]:
        return wrong[0]
    if len(exact) == len(tree.relations):  # numbers alone: no draw is needed
        return Trial(True, exact[0].reason if len(exact) == 1 else "")
    worst, count, order, close = 0.0, 0, None, None
    sound: list[Environment] = []
    letters = sorted(free_indices(tree))
    against = made_against(tree)
    if INEQUALITIES & {*tree.relations} and only_sizes(tree, claim.setting):
        return of_any_size(tree, resolved, environments(claim, tree, view, variant, numpy), scope)
    if against:
        if not claim.setting.adverse and variant != "book":
            said = f"{claim.setting.name} has no draws made against an inequality"
            return Trial(False, said, tree.span, unplaced=True)
        variant = ",".join(filter(None, (variant, claim.setting.adverse))) if variant != "book" else variant
    try:
        with numpy.errstate(all="ignore"):
            under = Under(claim.conditions, scope)
            for place in under.places(environments(claim, tree, view, variant, numpy)):
                try:
                    trial = compare(tree, resolved, place, letters, scope, seen=count, hasty=hasty)
                except (Disagreement, ArithmeticError, numpy.linalg.LinAlgError):
                    if not against:
                        raise
                    continue  # at a kink, or where something is divided by zero: nothing is stated there
                if against and trial.unplaced:
                    close = close or trial
                    continue
                if not trial.holds:
                    return trial
                sound.append(place)
                worst, count = max(worst, trial.error), count + trial.draws
                order = min((x for x in (order, trial.order) if x is not None), default=None)
                if only_first and count:
                    break
            if not against and not only_first and claim.setting.adverse and _has_branches(tree):
                far = ",".join(filter(None, (variant, claim.setting.adverse)))
                for there in under.places(environments(claim, tree, view, far, numpy) if variant != "book" else ()):
                    if getattr(there.draw, "saturated", False):  # where a is 1 or 0 by rounding alone
                        continue
                    with suppress(Disagreement, *NO_VALUE, FormulaError, numpy.linalg.LinAlgError):
                        trial = compare(tree, resolved, there, letters, scope, extreme=True)
                        if not (trial.holds or trial.unplaced):
                            return trial
            search = against and thorough and not only_first
            for there in towards_false(tree, resolved, sound, letters, scope) if search else ():
                with suppress(Disagreement, ArithmeticError, numpy.linalg.LinAlgError):
                    trial = compare(tree, resolved, there, letters, scope)
                    if not (trial.holds or trial.unplaced) and under.hold(there):
                        return trial
    except ShapeError as error:
        return Trial(False, str(error), error.span, shape_fault=True, unplaced=isinstance(error, Unplaced))
    except Disagreement as error:
        said = f"cannot be judged: {error}; it is not analytic, or stands at a kink"
        return Trial(False, said, tree.span, unplaced=True)
    except (*NO_VALUE, FormulaError) as error:
        return Trial(False, f"cannot be evaluated: {error}", tree.span, unplaced=True)
    if len(sound) < FEWEST and close is None and claim.conditions:
        said = f"{'too few draws meet' if sound else 'no draw meets'} the condition {_conditions(claim)}"
        return Trial(False, said, tree.span, unplaced=True)
    if not count and "≠" in tree.relations:
        return Trial(False, "the sides are equal in every draw", tree.span)
    if not count and close is not None:
        return close
    if not count:
        return Trial(False, "both sides are zero in every draw, so nothing was compared", tree.span, unplaced=True)
    return Trial(True, error=worst, draws=count, order=order)


def _has_branches(tree: Chain) -> bool:
    """Whether a formula has a kink, beyond which it is another one: max(t, -3) is t where draws are small."""
    return any(
        isinstance(node, Maximum | Cases | Compare) or (isinstance(node, Apply) and node.name in KINKED)
        for node in walk(tree)
    )


def can_be_met(claim: Claim) -> Trial:
    """Return whether there is a draw, or a place near one, at which a condition holds."""
    import numpy

    tree, view = claim.tree, View(layout=claim.layout or COURSE)
    scope = Scope(claim.setting, view, last_layer(tree, claim.setting), shapes=claim.shapes)
    try:
        with numpy.errstate(all="ignore"):
            places = environments(claim, tree, view, claim.setting.adverse, numpy)
            if next(Under((tree,), scope).places(places), None) is not None:
                return Trial(True)
    except ShapeError as error:
        return Trial(False, str(error), error.span, shape_fault=True, unplaced=isinstance(error, Unplaced))
    except (*NO_VALUE, FormulaError) as error:
        return Trial(False, f"cannot be evaluated: {error}", tree.span, unplaced=True)
    return Trial(False, f"no draw meets the condition {write_text(tree)}", tree.span, unplaced=True)


def _conditions(claim: Claim) -> str:
    return ", ".join(map(write_text, claim.conditions))


def _try_candidates(
    claim: Claim, tree: Chain, candidates: list[tuple[Resolved, ...]], view: View, variant: str, scope: Scope,
    only_first: bool,
) -> Trial:  # fmt: skip
    last, refused = Trial(False, ""), None
    for left, right in candidates:
        chain = Chain((left.node, right.node), ("=",), span=tree.span)
        last = _try_chain(claim, chain, (left, right), view, variant, scope, only_first)
        if last.holds:
            last.target = write_text(left.node)
            return last
        refused = last if last.unplaced and not last.shape_fault else refused
    if refused is not None or (len(candidates) == 1 and claim.target is not None):
        return refused or last
    shapes = say(candidates[0][1].shape)
    names = ", ".join(write_text(c[0].node) for c in candidates)
    return Trial(False, f"of the gradients of its shape {shapes} it is none: {names}", tree.span)


def _holds_message(claim: Claim, trial: Trial, said: tuple[str, ...]) -> str:
    parts = [f"true: this is {trial.target}" if trial.target and not claim.tree.relations else "true"]
    parts += [s.removeprefix("true ") for s in said]
    if trial.reason:
        parts.append(trial.reason)
    if trial.order is not None:
        parts.append(f"the difference goes to 0 as the step to the power {trial.order:g}")
    if claim.conditions:
        parts.append(f"for {_conditions(claim)}")
    if claim.setting.restricted:
        parts.append(claim.setting.restricted)
    if claim.shown:
        parts.append(f"with a {claim.shown.removeprefix('hidden-')} hidden layer")
    return ", ".join(parts)


def _target(claim: Claim) -> str:
    if claim.update is not None:
        return write_text(claim.update)
    if claim.tree.relations:
        return write_text(claim.tree.terms[0])
    return write_text(claim.target) if claim.target is not None else ""


def _broadcasts(claim: Claim, way: Way) -> bool:
    """Whether the truth in this world depends on NumPy stretching an axis of size 1."""
    return any(r.sizes for r in way.respects)


__all__ = ["attempt", "can_be_met", "environments", "holds_where", "judge", "layouts_to_try"]
