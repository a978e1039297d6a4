"""Draws made against an inequality: from a random one downhill, towards the values at which it would be false.

Random numbers seldom hit the place where ``‖u − v‖ ≤ ‖u‖ + ½‖v‖`` fails.  A search that makes the smaller the gap,
the better, finds it; what survives is very likely true, which is all that a test can say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import Any

from checkedmath.errors import FormulaError
from checkedmath.evaluate import NO_VALUE, Environment, evaluate
from checkedmath.shapes.core import Resolved
from checkedmath.tree import Chain, Symbol, walk

#: Steps of one search, and by how much a step grows or shrinks the next.
STEPS, GROWS, SHRINKS = 60, 1.6, 0.8
#: From how many draws a search sets out.
SEARCHES = 8
UPWARD = {">", "≥"}


def towards_false(tree: Chain, resolved: Sequence[Resolved], env: Environment) -> Environment:
    """Return the place that a search downhill from here ends at: the gap between the sides is smallest there.

    Only letters whose values the draw gives freely are moved.  A place where a side is not finite is not entered.
    """
    free = getattr(env.draw, "free_letters", None)
    letters = sorted({n.name for n in walk(tree) if isinstance(n, Symbol)} & set(free() if free is not None else ()))
    random = Random(f"{letters} {getattr(env.draw, 'seed', 0)}")  # noqa: S311 - numbers to try, no secrets
    best, step = _gap(tree, resolved, env), 0.5
    for _ in range(STEPS if letters else 0):
        there = _moved(env, letters, step, random)
        gap = _gap(tree, resolved, there)
        if gap < best:
            env, best, step = there, gap, step * GROWS
        else:
            step *= SHRINKS if step > 1e-3 else 1e3
    return env


def _moved(env: Environment, letters: Sequence[str], step: float, random: Random) -> Environment:
    xp = env.xp
    for name in letters:
        symbol = Symbol(name)
        value = xp.asarray(env.draw.value(name, None))
        noise = xp.array([random.gauss(0, 1) for _ in range(value.size)]).reshape(value.shape)
        scale = float(xp.max(xp.abs(value), initial=0.0)) or 1.0
        moved = env.draw.kept(name, value + step * scale * noise)  # type: ignore[attr-defined]
        env = env.moved(symbol, moved if moved.ndim else float(moved))
    return env


def _gap(tree: Chain, resolved: Sequence[Resolved], env: Environment) -> float:
    """Return by how much the relations hold at least, as a part of the sides; infinite where nothing is stated."""
    xp = env.xp
    try:
        sides = [xp.asarray(evaluate(item, replace(env, shaking=None))) for item in resolved]
    except (*NO_VALUE, FormulaError):
        return float("inf")
    gaps = [_least(relation, a, b, xp) for relation, a, b in zip(tree.relations, sides, sides[1:], strict=False)]
    return min(gaps, default=float("inf"))


def _least(relation: str, a: Any, b: Any, xp: Any) -> float:
    gap = xp.abs(b - a) if relation == "≠" else xp.real(a - b if relation in UPWARD else b - a)
    least = float(xp.min(gap / (xp.abs(a) + xp.abs(b) + 1e-300)))
    return least if xp.isfinite(least) else float("inf")


__all__ = ["SEARCHES", "towards_false"]
