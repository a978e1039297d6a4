"""Both sides of a relation in one draw: their values compared, for every value of the free indices."""

from __future__ import annotations

import math
from itertools import product
from typing import Any

from checkedmath.evaluate import Environment, evaluate
from checkedmath.exact import WRITE_ABOUT, is_decimal, unit
from checkedmath.free import STEPS
from checkedmath.shapes.core import Resolved, Scope
from checkedmath.tree import Chain, Delta, Node, Number, Symbol, walk
from checkedmath.verdict import Trial

TOLERANCE = 1e-7
#: How far numbers may differ that are the same but for rounding: a decimal is an exact number.
ROUNDING = 1e-13
#: Of a number with more digits one cannot tell whether it is rounded: π and 3.14159265358979.
FEW_DIGITS = 12
NOTHING = 1e-14
#: Small enough to cross no kink (draws keep 1e-3 away), large enough to stay clear of rounding.
STEP_SIZES = (4e-4, 1e-4, 2.5e-5)


def compare(tree: Chain, resolved: tuple[Resolved, ...], env: Environment, letters: list[str], scope: Scope) -> Trial:
    """Return whether every relation of the chain holds here; ``letters`` are the free indices.

    ``draws`` of the result is 0 where both sides are zero throughout: nothing was compared.
    """
    ranges = []
    for letter in letters:
        size = scope.ranges.get(letter)
        if size is None:
            return Trial(False, f"nothing tells what the index {letter} runs over", tree.span, shape_fault=True)
        ranges.append(range(1, env.range_of(size) + 1))
    worst, compared, order = 0.0, False, None
    saved = dict(env.indices)
    try:
        for values in product(*ranges):
            env.indices.update(zip(letters, values, strict=True))
            sides = [evaluate(item, env) for item in resolved]
            for n, relation in enumerate(tree.relations):
                steps = steps_of(tree.terms[n], tree.terms[n + 1]) if relation == "≈" else []
                if steps:
                    trial = _vanishing(resolved[n], resolved[n + 1], steps, env)
                else:
                    trial = _relation(relation, sides[n], sides[n + 1], resolved[n], resolved[n + 1], env)
                if not trial.holds:
                    return _at(trial, letters, values, tree)
                worst, compared = max(worst, trial.error), compared or bool(trial.draws)
                order = min((x for x in (order, trial.order) if x is not None), default=None)
    finally:
        env.indices.clear()
        env.indices.update(saved)
    return Trial(True, error=worst, draws=int(compared), order=order)


def _at(trial: Trial, letters: list[str], values: tuple[int, ...], tree: Chain) -> Trial:
    if letters:
        trial.reason += " at " + ", ".join(f"{a} = {v}" for a, v in zip(letters, values, strict=True))
    trial.span = trial.span or tree.terms[-1].span
    return trial


def _relation(relation: str, left: Any, right: Any, one: Resolved, other: Resolved, env: Environment) -> Trial:
    xp = env.xp
    a, b = xp.asarray(left), xp.asarray(right)
    if not (xp.isfinite(a).all() and xp.isfinite(b).all()):
        return Trial(False, "a side is not finite: it divides by zero or overflows")
    if a.shape != b.shape and a.size != 1 and b.size != 1:
        return Trial(False, f"the sides have the shapes {a.shape} and {b.shape}", shape_fault=True)
    if relation == "≈":
        return _about(a, b, one.node, other.node, xp)
    if relation in {"=", ":="}:
        return _equal(a, b, one.node, other.node, xp)
    signs = {"≠": a != b, "<": a < b, ">": a > b, "≤": a <= b, "≥": a >= b}
    if relation not in signs:
        return Trial(False, f"{relation} is not judged")
    return Trial(bool(signs[relation].all()), f"{relation} does not hold in every draw", draws=1)


def _about(a: Any, b: Any, left: Node, right: Node, xp: Any) -> Trial:
    """≈ to the digits that are written, half a unit of the last; without digits to 1 %."""
    last = unit(right) or unit(left)
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


def _equal(a: Any, b: Any, left: Node, right: Node, xp: Any) -> Trial:
    scale = max(float(xp.max(xp.abs(a), initial=0.0)), float(xp.max(xp.abs(b), initial=0.0)))
    if scale < NOTHING:
        literal = isinstance(left, Number) or isinstance(right, Number)
        return Trial(True, draws=int(literal))
    gap = xp.abs(a - b)
    error = float(xp.max(gap)) / scale
    numbers = [last for node in (left, right) if is_decimal(node) and (last := unit(node)) is not None]
    if error <= (ROUNDING if numbers or not _names(left, right) else TOLERANCE):
        if not numbers or min(numbers) > 10.0**-FEW_DIGITS * scale:
            return Trial(True, error=error, draws=1)
        return Trial(False, f"a number of so many digits may be rounded: {WRITE_ABOUT}", draws=1)
    rounded = f"; it is rounded: {WRITE_ABOUT}" if numbers and _about(a, b, left, right, xp).holds else ""
    return Trial(False, _numbers(a, b, gap, xp) + rounded, error=error, draws=1)


def _names(*sides: Node) -> bool:
    """Whether a side names a quantity, and not only numbers and known functions."""
    return any(isinstance(n, Symbol | Delta) or getattr(n, "layer", None) for side in sides for n in walk(side))


def _numbers(a: Any, b: Any, gap: Any, xp: Any) -> str:
    a, b = xp.broadcast_arrays(a, b)
    place = xp.unravel_index(int(xp.argmax(gap)), gap.shape) if gap.ndim else ()
    numbers = [int(n) + 1 for n in place]
    where = f" in row {numbers[0]}, column {numbers[1]}" if len(numbers) == 2 else ""
    left, right = float(a[place].real), float(b[place].real)
    digits = next((n for n in (4, 7, 10) if f"{left:.{n}g}" != f"{right:.{n}g}"), 16)
    return f"the sides differ{where}: {left:.{digits}g} and {right:.{digits}g} in one draw"
