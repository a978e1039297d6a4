"""Both sides of a relation in one draw: their values compared, for every value of the free indices."""

from __future__ import annotations

import math
import operator
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

from checkedmath.meaning.resolution import Resolved, Scope, merged_ranges
from checkedmath.subject.declared_letters import STEPS
from checkedmath.syntax.budget import spend
from checkedmath.syntax.tree import Chain, Delta, Node, Symbol, walk
from checkedmath.values.evaluate import Environment, evaluate
from checkedmath.values.exact import WRITE_ABOUT, is_decimal, is_written, unit
from checkedmath.values.shaking import Shaking
from checkedmath.values.trial import Trial

#: How far two values may differ, as a part of the larger: values come from complex steps, so 1e-9 is a difference.
TOLERANCE = 1e-10
#: How far numbers may differ that are the same but for rounding: a decimal is an exact number.
EXACT = 1e-13
#: Of a number with more digits one cannot tell whether it is rounded: π and 3.14159265358979.
FEW_DIGITS = 12
NOTHING = 1e-14
#: How many times its measured rounding a value may be off, and by how many times it must differ to be another.
ROUNDING, MARGIN = 30, 100
ORDERS = {
    "=": operator.eq, "≠": operator.ne, "<": operator.lt, ">": operator.gt, "≤": operator.le, "≥": operator.ge,
}  # fmt: skip
#: In how many draws the rounding of what is equal is measured, and from what difference on it need not be, of values
#: that are no rounding themselves.
SHAKEN, CLEAR, SMALL = 2, 1e-4, 1e-6
INEQUALITIES = {"<", ">", "≤", "≥", "≠"}
#: How near sides are, as a part of them and of 1, that cannot be told apart where a unit is saturated.
VAGUE = 1e-12
TOO_CLOSE = "cannot be told apart: a term is too small beside another"
VANISHED = "cannot be told from 0: a part of it is too small"
#: Small enough to cross no kink (draws keep 1e-3 away), large enough to stay clear of rounding.
STEP_SIZES = (4e-4, 1e-4, 2.5e-5)


def compare(
    tree: Chain, resolved: tuple[Resolved, ...], env: Environment, letters: list[str], scope: Scope, *,
    seen: int = 0, hasty: bool = False, extreme: bool = False,
) -> Trial:  # fmt: skip
    """Return whether every relation of the chain holds here; ``letters`` are the free indices.

    ``draws`` of the result is 0 where both sides are zero throughout: nothing was compared.  Rounding is measured, but
    where plain numbers settle it: equal ones after the formula has held in so many draws (``seen``), and clearly
    different ones where a refusal need not be told from a falsehood (``hasty``).  ``extreme``: the draw is one of those
    made against a formula, in which a derivative may be nothing but rounding.
    """
    ranges = merged_ranges(resolved)
    missing = next((letter for letter in letters if letter not in ranges), None)
    if missing is not None:
        return Trial(False, f"nothing tells what the index {missing} runs over", tree.span, shape_fault=True)
    worst, compared, order = 0.0, False, None
    saved = dict(env.indices)
    try:
        for place in places_of(letters, ranges, scope, env):
            env.indices.update(place)
            sides = [evaluate(item, env) for item in resolved]
            plain = _plainly(tree, sides, resolved, env)
            if plain is not None and (plain.error > CLEAR and hasty if not plain.holds else seen >= SHAKEN):
                if not plain.holds:
                    return _at(plain, place, tree)
                worst, compared = max(worst, plain.error), True
                continue
            shaking = Shaking(limits=extreme or bool(INEQUALITIES & {*tree.relations}))
            shaken = replace(env, shaking=shaking)
            about = [_rounding(item, side, shaken) for item, side in zip(resolved, sides, strict=True)]
            for n, relation in enumerate(tree.relations):
                steps = steps_of(tree.terms[n], tree.terms[n + 1]) if relation == "≈" else []
                if steps:
                    trial = _vanishing(resolved[n], resolved[n + 1], steps, env)
                else:
                    rounding = about[n], about[n + 1]
                    trial = _relation(relation, sides[n : n + 2], rounding, resolved[n : n + 2], shaken)
                if not trial.holds:
                    return _at(trial, place, tree)
                worst, compared = max(worst, trial.error), compared or bool(trial.draws)
                order = min((x for x in (order, trial.order) if x is not None), default=None)
    finally:
        env.indices.clear()
        env.indices.update(saved)
    return Trial(True, error=worst, draws=int(compared), order=order)


def places_of(
    letters: Sequence[str], ranges: Mapping[str, str], scope: Scope, env: Environment
) -> Iterator[dict[str, int]]:
    """Yield the values of the free indices that are meant, none where nothing tells what one of them runs over.

    One after the other: of many indices there are more values than anybody waits for.
    """
    numbers = [range(1, env.range_of(ranges[a]) + 1) if a in ranges else () for a in letters]
    for values in product(*numbers):
        spend()
        place = dict(zip(letters, values, strict=True))
        if all(ORDERS[sign](place[a], place[b]) for a, sign, b in scope.related):
            yield place


def _plainly(tree: Chain, sides: Sequence[Any], resolved: Sequence[Resolved], env: Environment) -> Trial | None:
    """Return what the numbers alone say of equalities, as if there were no rounding; None where they say nothing."""
    if not {*tree.relations} <= {"=", ":="}:
        return None
    xp = env.xp
    if max(float(xp.max(xp.abs(xp.asarray(side)), initial=0.0)) for side in sides) < SMALL:
        return None
    trials = []
    for n, relation in enumerate(tree.relations):
        trials.append(_relation(relation, sides[n : n + 2], (0.0, 0.0), resolved[n : n + 2], env))
        if trials[-1].unplaced or trials[-1].shape_fault or (trials[-1].holds and not trials[-1].draws):
            return None
    return max(trials, key=lambda trial: (not trial.holds, trial.error))


def _at(trial: Trial, place: Mapping[str, int], tree: Chain) -> Trial:
    at = " at " + ", ".join(f"{a} = {v}" for a, v in place.items()) if place else ""
    return replace(trial, reason=trial.reason + at, span=trial.span or tree.terms[-1].span)


def _rounding(item: Resolved, value: Any, env: Environment) -> Any:
    """Return how far each entry of a value may be off: by how much it moves when every step to it is shaken."""
    xp = env.xp
    moved = xp.abs(xp.asarray(evaluate(item, env)) - xp.asarray(value))
    return xp.maximum(moved, 0.1 * xp.max(moved, initial=0.0))


def _relation(
    relation: str, sides: Sequence[Any], rounding: Sequence[Any], resolved: Sequence[Resolved], env: Environment
) -> Trial:
    xp = env.xp
    a, b = (xp.asarray(side) for side in sides)
    one, other = (item.node for item in resolved)
    if not (xp.isfinite(a).all() and xp.isfinite(b).all()):
        return Trial(False, "a side is not finite: it divides by zero or overflows", unplaced=True)
    if a.shape != b.shape and a.size != 1 and b.size != 1:
        return Trial(False, f"the sides have the shapes {a.shape} and {b.shape}", shape_fault=True)
    if not a.size * b.size:
        return Trial(False, "a side has no entries to compare", unplaced=True)
    if relation == "≈":
        return _about(a, b, one, other, xp)
    off = rounding[0] + rounding[1]
    if relation in {"=", ":="}:
        trial = _equal(a, b, off, (one, other), xp)
        shaking = env.shaking
        if trial.holds and shaking is not None and (shaking.drowned or shaking.vanished or shaking.saturated):
            return Trial(False, VANISHED if shaking.vanished else TOO_CLOSE, unplaced=True)
        return trial
    if relation not in INEQUALITIES:
        return Trial(False, f"{relation} is not judged", unplaced=True)
    if relation == "≠" and not (is_written(one) or is_written(other)):  # not the same in general: one difference shows
        far = MARGIN * off + TOLERANCE * xp.maximum(xp.abs(a), xp.abs(b))
        return Trial(True, draws=int(bool((xp.abs(a - b) > far).any())))
    exact = is_written(one) or is_written(other)
    return _ordered(relation, a, b, MARGIN * off, env, EXACT if exact else TOLERANCE)


def _ordered(relation: str, a: Any, b: Any, margin: Any, env: Environment, tolerance: float) -> Trial:
    """Return whether <, ≤ and ≠ a number hold here: clearly, clearly not, or too near to the limit to be told.

    Sides that are equal up to rounding are equal, unless it is rounding that makes them so: tanh t is 1 to the last
    digit at t = 30, and still less than 1.
    """
    xp = env.xp
    gap = xp.abs(a - b) if relation == "≠" else xp.real(a - b if relation in {">", "≥"} else b - a)
    shaking = env.shaking
    shaken = shaking is not None and (shaking.saturated or shaking.drowned or shaking.vanished)
    vague = shaken or getattr(env.draw, "saturated", False)
    if vague:
        margin = xp.maximum(margin, VAGUE * (1 + xp.abs(a) + xp.abs(b)))
    if not xp.isfinite(margin).all():
        return Trial(False, TOO_CLOSE, unplaced=True)
    strict, said = relation not in {"≤", "≥"}, Trial(False, f"{relation} does not hold in every draw", draws=1)
    same = tolerance * xp.maximum(xp.abs(a), xp.abs(b))  # as near as this the sides would be called equal
    if relation != "≠" and bool((gap < -margin - same).any()):
        return said
    if bool((gap > margin).all()):
        return Trial(True, draws=1)
    if vague:
        return Trial(False, TOO_CLOSE, unplaced=True)
    return said if strict else Trial(True, draws=1)


def _about(a: Any, b: Any, left: Node, right: Node, xp: Any) -> Trial:
    """≈ to the digits that are written, half a unit of the last; without digits to 1 %."""
    last = unit(right) or unit(left)
    named = _names(left, right)
    if named and any(is_written(side) and not float(xp.max(xp.abs(value), initial=0.0))
                     for side, value in ((left, a), (right, b))):  # fmt: skip
        said = "nothing says how small this is: ≈ 0 needs a condition or a limit beside it"
        return Trial(False, said, unplaced=True)
    last = None if named and last is not None and last >= 1 else last  # a ≈ 1 within half a unit would be a ≈ 0.5
    gap = float(xp.max(xp.abs(a - b), initial=0.0))
    scale = max(float(xp.max(xp.abs(a), initial=0.0)), float(xp.max(xp.abs(b), initial=0.0)), NOTHING)
    limit = 0.5 * float(last) * (1 + 1e-9) if last else 0.01 * scale
    if gap <= limit:
        return Trial(True, error=gap / scale, draws=1)
    said = f"more than half a unit of the last digit, {limit:.2g}" if last else "more than 1 %"
    return Trial(False, f"the sides differ by {gap:.3g}, {said}", error=gap / scale, draws=1)


def steps_of(*nodes: Node) -> list[Symbol]:
    """Return the small steps that formulas name, ε or h."""
    return sorted({n for node in nodes for n in walk(node) if isinstance(n, Symbol) and n.name in STEPS}, key=repr)


def _vanishing(left: Resolved, right: Resolved, steps: list[Symbol], env: Environment) -> Trial:
    """≈ with a step: the difference goes to 0 with the step, and what the right side does with it helps."""
    gaps = [_gap(left, right, steps, size, env) for size in STEP_SIZES]
    exact = 1e-10 * max(1.0, gaps[0][1])
    if any(math.isnan(gap) for gap, _ in gaps):
        return Trial(False, "a side is not finite: it divides by zero or overflows")
    first, middle, last = (gap for gap, _ in gaps)
    if first <= exact:
        return Trial(True, error=first, draws=1)
    order = _order(first, middle)
    if order < 0.8 or (last > exact and last > middle):
        said = f"the sides differ by {last:.3g} however small the step is"
        return Trial(False, said, error=last, draws=1)
    still = [_gap(left, right, steps, size, env, still=True)[0] for size in STEP_SIZES[:2]]
    if steps_of(right.node) and not any(map(math.isnan, still)) and order < _order(*still) + 0.5:
        return Trial(False, "what the right side does with the step brings it no closer", error=last, draws=1)
    return Trial(True, error=last, draws=1, order=round(order))


def _order(first: float, second: float) -> float:
    """Return the power of the step as which the difference goes to 0, from its first two sizes."""
    return math.log(max(first, 1e-300) / max(second, 1e-300)) / math.log(STEP_SIZES[0] / STEP_SIZES[1])


def _gap(
    left: Resolved, right: Resolved, steps: list[Symbol], size: float, env: Environment, *, still: bool = False
) -> tuple[float, float]:
    """Return how far the sides are apart with steps of this size, and how large they are; NaN if not finite."""
    xp = env.xp
    place = there = env
    for step in steps:
        place = place.moved(step, size)
        there = there.moved(step, 0.0 if still else size)
    a, b = xp.asarray(evaluate(left, place)), xp.asarray(evaluate(right, there))
    if not (xp.isfinite(a).all() and xp.isfinite(b).all()):
        return math.nan, 1.0
    return float(xp.max(xp.abs(a - b))), max(float(xp.max(xp.abs(a))), float(xp.max(xp.abs(b))))


def _equal(a: Any, b: Any, off: Any, nodes: tuple[Node, Node], xp: Any) -> Trial:
    """Return whether two values are equal up to the rounding of the terms they come from."""
    gap, larger = xp.abs(a - b), xp.maximum(xp.abs(a), xp.abs(b))
    scale = float(xp.max(larger, initial=0.0))
    error = float(xp.max(gap, initial=0.0)) / scale if scale else 0.0
    numbers = [last for node in nodes if is_decimal(node) and (last := unit(node)) is not None]
    tolerance = EXACT if numbers or not _names(*nodes) else TOLERANCE
    if not bool(xp.all(gap <= tolerance * larger + ROUNDING * off)):
        rounded = f"; it is rounded: {WRITE_ABOUT}" if numbers and _about(a, b, *nodes, xp).holds else ""
        return Trial(False, _numbers(a, b, gap, xp) + rounded, error=error, draws=1)
    if numbers and min(numbers) <= 10.0**-FEW_DIGITS * scale:
        return Trial(False, f"a number of so many digits may be rounded: {WRITE_ABOUT}", draws=1)
    # Where all entries are rounding there is nothing to compare, unless one side says 0.
    nothing = bool(xp.all(larger <= ROUNDING * off)) and not any(map(is_written, nodes))
    return Trial(True, error=0.0 if nothing else error, draws=int(not nothing))


def _names(*sides: Node) -> bool:
    """Whether a side names a quantity, and not only numbers and known functions."""
    return any(isinstance(n, Symbol | Delta) or getattr(n, "member", None) for side in sides for n in walk(side))


def _numbers(a: Any, b: Any, gap: Any, xp: Any) -> str:
    a, b = xp.broadcast_arrays(a, b)
    largest = gap >= (1 - TOLERANCE) * xp.max(gap)  # of those that are equal but for rounding the first is named
    place = xp.unravel_index(int(xp.argmax(largest)), gap.shape) if gap.ndim else ()
    numbers = [int(n) + 1 for n in place]
    where = f" in row {numbers[0]}, column {numbers[1]}" if len(numbers) == 2 else ""
    left, right = float(a[place].real), float(b[place].real)
    digits = next((n for n in (4, 7, 10) if f"{left:.{n}g}" != f"{right:.{n}g}"), 16)
    return f"the sides differ{where}: {left:.{digits}g} and {right:.{digits}g} in one draw"
