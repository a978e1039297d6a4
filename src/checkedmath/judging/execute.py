"""A formula whose shapes fit, executed in every draw, under its conditions, and where it would be false."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

from checkedmath.judging.against import Under, made_against, of_any_size, only_sizes, towards_false
from checkedmath.meaning import Resolved, Scope
from checkedmath.meaning.claim import Claim
from checkedmath.meaning.indices import free_indices
from checkedmath.subject.setting import FEWEST
from checkedmath.subject.view import COURSE, View
from checkedmath.syntax.budget import spend
from checkedmath.syntax.errors import Disagreement, FormulaError, ShapeError, Unplaced
from checkedmath.syntax.text import text_of
from checkedmath.syntax.tree import Chain
from checkedmath.values.compare import INEQUALITIES
from checkedmath.values.differentiate import dotted_symbols
from checkedmath.values.evaluate import NO_VALUE, Environment
from checkedmath.values.exact import compared
from checkedmath.values.functions import has_branches
from checkedmath.values.namespace import namespace
from checkedmath.values.places import at_depth, last_member, places_in_draws
from checkedmath.values.trial import Trial

#: What a draw costs, in steps, beside what is evaluated in it.
DRAW = 5


def environments(
    claim: Claim, tree: Chain, view: View, variant: str, namespace: Any
) -> Iterable[tuple[Environment, Any]]:
    """Yield the places where the formula is evaluated, with a memory shared by formulas."""
    for place, draw, members in places_in_draws(tree, claim.setting, variant, claim.limits):
        spend(DRAW)
        # Whatever a value may depend on: a derivative is computed with the view's own products.
        pushed = dotted_symbols(tree)
        key = at_depth(tree, claim.setting, variant), place, tuple(sorted(members.items())), view, pushed
        memo = claim.memory.setdefault(key, {})
        env = Environment(namespace, claim.setting, draw, members, view, claim.numpy, {}, memo, pushed=pushed)
        yield env, draw


def execute(
    claim: Claim, tree: Chain, resolved: tuple[Resolved, ...], view: View, variant: str, scope: Scope,
    only_first: bool, *, hasty: bool = False, thorough: bool = True,
) -> Trial:  # fmt: skip
    """Return what all draws say of a formula, the first that shows it false, or the largest difference.

    ``hasty`` and ``thorough`` as for `attempt`; ``only_first``: one draw in which it holds will do.
    """
    xp = namespace()

    from checkedmath.values.compare import compare

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
        return of_any_size(tree, resolved, environments(claim, tree, view, variant, xp), scope)
    if against:
        if not claim.setting.adverse and variant != "book":
            said = f"{claim.setting.name} has no draws made against an inequality"
            return Trial(False, said, tree.span, unplaced=True)
        variant = ",".join(filter(None, (variant, claim.setting.adverse))) if variant != "book" else variant
    try:
        with xp.errstate(all="ignore"):
            under = Under(claim.conditions, scope)
            for place in under.places(environments(claim, tree, view, variant, xp)):
                try:
                    trial = compare(tree, resolved, place, letters, scope, seen=count, hasty=hasty)
                except (Disagreement, ArithmeticError, xp.linalg.LinAlgError):
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
            few = bool(claim.conditions) and len(sound) < FEWEST
            if not against and not only_first and variant != "book" and (few or has_branches(tree)):
                for there in under.places(_far(claim, tree, view, variant)):
                    with suppress(Disagreement, *NO_VALUE, FormulaError, xp.linalg.LinAlgError):
                        trial = compare(tree, resolved, there, letters, scope, extreme=True)
                        if not (trial.holds or trial.unplaced):
                            return trial
                        sound.append(there)
                        worst, count = max(worst, trial.error), count + trial.draws
            search = against and thorough and not only_first
            for there in towards_false(tree, resolved, sound, letters, scope) if search else ():
                with suppress(Disagreement, ArithmeticError, xp.linalg.LinAlgError):
                    trial = compare(tree, resolved, there, letters, scope)
                    if not (trial.holds or trial.unplaced) and under.hold(there):
                        return trial
    except ShapeError as error:
        return Trial(False, str(error), error.span, shape_fault=True, unplaced=isinstance(error, Unplaced))
    except Disagreement as error:
        said = f"cannot be judged: {error}; it is not analytic, or is at a corner"
        return Trial(False, said, tree.span, unplaced=True)
    except (*NO_VALUE, FormulaError) as error:
        return Trial(False, f"cannot be evaluated: {error}", tree.span, unplaced=True)
    if len(sound) < FEWEST and close is None and claim.conditions:
        said = f"{'too few draws meet' if sound else 'no draw meets'} the condition {conditions_of(claim)}"
        return Trial(False, said, tree.span, unplaced=True, unmet=not sound)
    if not count and "≠" in tree.relations:
        return Trial(False, "the sides are equal in every draw", tree.span)
    if not count and close is not None:
        return close
    if not count:
        return Trial(False, "both sides are zero in every draw, so nothing was compared", tree.span, unplaced=True)
    return Trial(True, error=worst, draws=count, order=order)


def _far(claim: Claim, tree: Chain, view: View, variant: str) -> Iterator[tuple[Environment, Any]]:
    """Yield the places that are made against inequalities, but for those where a is 1 or 0 by rounding alone."""
    xp = namespace()

    far = ",".join(filter(None, (variant, claim.setting.adverse)))
    for place, draw in environments(claim, tree, view, far, xp) if claim.setting.adverse else ():
        if not getattr(draw, "saturated", False):
            yield place, draw


def can_be_met(claim: Claim) -> Trial:
    """Return whether there is a draw, or a place near one, at which a condition holds."""
    xp = namespace()

    tree, view = claim.tree, View(layout=claim.layout or COURSE)
    scope = Scope(claim.setting, view, last_member(tree, claim.setting), shapes=claim.shapes)
    try:
        with xp.errstate(all="ignore"):
            places = environments(claim, tree, view, claim.setting.adverse, xp)
            if next(Under((tree,), scope).places(places), None) is not None:
                return Trial(True)
    except ShapeError as error:
        return Trial(False, str(error), error.span, shape_fault=True, unplaced=isinstance(error, Unplaced))
    except (*NO_VALUE, FormulaError) as error:
        return Trial(False, f"cannot be evaluated: {error}", tree.span, unplaced=True)
    return Trial(False, f"no draw meets the condition {text_of(tree)}", tree.span, unplaced=True)


def conditions_of(claim: Claim) -> str:
    """Return the conditions of a claim as they are said."""
    return ", ".join(map(text_of, claim.conditions))


__all__ = ["can_be_met", "conditions_of", "environments", "execute"]
