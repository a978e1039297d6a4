"""Whether a formula is true, and if not in the course's world, where.

The course's world is tried first and is all that is drawn until something fails.
"""

from __future__ import annotations

from collections.abc import Sequence

from checkedmath.judging.against import made_against
from checkedmath.judging.attempt import attempt
from checkedmath.judging.execute import conditions_of
from checkedmath.judging.verdict import CONDITIONAL, FAILS, HOLDS, UNREADABLE, Condition, Verdict
from checkedmath.meaning.claim import Claim
from checkedmath.subject.conventions import Respect, Way, has_shape, respects, ways
from checkedmath.subject.view import COURSE, DENOMINATOR, NUMERATOR
from checkedmath.syntax.text import text_of
from checkedmath.syntax.tree import Derivative, walk
from checkedmath.values.trial import Trial

MAX_WAYS = 250
LONG, MAX_WAYS_LONG = 120, 25  # a formula of many nodes is tried in fewer worlds
MAX_UNMET = 10  # a condition that holds in no draw of so many worlds is sought in no further one


def judge(claim: Claim, notes: tuple[str, ...] = (), wanted: frozenset[str] = frozenset()) -> Verdict:
    """Return the verdict: the course's world, then the worlds that differ from it, those of ``wanted`` codes first."""
    first: Trial | None = None
    for layout in layouts_to_try(claim):
        trial = attempt(claim, Way(), layout, hasty=False)
        if trial.holds:
            said = (f"true in {layout} layout",) if layout != COURSE and not claim.layout else ()
            return Verdict(
                HOLDS, _holds_message(claim, trial, said), setting=claim.setting.name, target=trial.target,
                notes=notes, draws=trial.draws, error=trial.error, layout=layout,
            )  # fmt: skip
        if first is None or (first.shape_fault and not trial.shape_fault):
            first = trial  # what differs says more than what has no shape
    assert first is not None
    # NumPy has no other world: what is not modelled here is not modelled there.
    found = None if claim.numpy and first.unplaced else _other_world(claim, wanted)
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
        if not world.numbers or not claim.tree.relations or not has_shape(claim.tree, claim.text, claim.setting):
            continue
        if attempt(claim, Way((Respect.of(world),)), layouts_to_try(claim)[0]).holds:
            return f" ({world.numbers} it would be true)"
    return ""


def layouts_to_try(claim: Claim) -> Sequence[str]:
    """Return the layouts of the course's world: identities hold if they hold in one."""
    if claim.layout:
        return (claim.layout,)
    if claim.setting.free and any(isinstance(n, Derivative) for n in walk(claim.tree)):
        return (COURSE, NUMERATOR, DENOMINATOR)
    return (COURSE,)


def _other_world(claim: Claim, wanted: frozenset[str]) -> tuple[Way, Trial, str] | None:
    possible = _respects(claim)
    possible.sort(key=lambda respect: respect.code not in wanted)
    if claim.setting.free and not claim.layout:
        possible = [r for r in possible if r.kind != "layout" or r.code == "entrywise"]  # all were tried
    # A count and not a clock, so that the answer is always the same.
    most = MAX_WAYS if sum(1 for _ in walk(claim.tree)) <= LONG else MAX_WAYS_LONG
    unmet = 0
    for n, way in enumerate(ways(possible, numpy=claim.numpy)):
        if n >= most or unmet >= MAX_UNMET:
            break
        for layout in layouts_to_try(claim):
            trial = attempt(claim, way, layout, thorough=False)
            unmet += trial.unmet
            if trial.holds and made_against(claim.tree):
                trial = attempt(claim, way, layout)
            if trial.holds:
                return _fewest(claim, way, layout), trial, layout
    return None


def _respects(claim: Claim) -> list[Respect]:
    readings = tuple(text for text, _ in claim.readings)
    return respects(claim.tree, claim.setting, claim.numpy, readings, claim.text, claim.beside)


def holds_where(claim: Claim, verdict: Verdict, codes: frozenset[str]) -> bool:
    """Whether what its verdict calls true is true in the setting's worlds of these codes too."""
    own = {condition.code for condition in verdict.where}
    possible = _respects(claim)
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


def _holds_message(claim: Claim, trial: Trial, said: tuple[str, ...]) -> str:
    parts = [f"true: this is {trial.target}" if trial.target and not claim.tree.relations else "true"]
    parts += [s.removeprefix("true ") for s in said]
    if trial.reason:
        parts.append(trial.reason)
    if trial.order is not None:
        parts.append(f"the difference goes to 0 as the step to the power {trial.order:g}")
    if claim.conditions:
        parts.append(f"for {conditions_of(claim)}")
    if claim.setting.restricted:
        parts.append(claim.setting.restricted)
    shown = claim.shown.split(",")
    parts += [f"with {world.shown}" for world in claim.setting.worlds if world.shown and world.variant in shown]
    return ", ".join(parts)


def _target(claim: Claim) -> str:
    if claim.update is not None:
        return text_of(claim.update)
    if claim.tree.relations:
        return text_of(claim.tree.terms[0])
    return text_of(claim.target) if claim.target is not None else ""


def _broadcasts(claim: Claim, way: Way) -> bool:
    """Whether the truth in this world depends on NumPy stretching an axis of size 1."""
    return any(r.world.sizes for r in way.respects)


__all__ = ["holds_where", "judge", "layouts_to_try"]
