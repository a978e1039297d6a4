"""Draws made against an inequality: from a random one downhill, towards the values at which it would be false.

Random numbers seldom hit the place where ``‖u − v‖ ≤ ‖u‖ + ½‖v‖`` fails.  A search that makes the smaller the gap,
the better, finds it; what survives is very likely true, which is all that a test can say.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, pairwise
from random import Random
from typing import Any

from checkedmath.meaning import resolve
from checkedmath.meaning.indices import free_indices
from checkedmath.meaning.resolution import Resolved, Scope, merged_ranges
from checkedmath.subject.setting import Draw, Setting
from checkedmath.syntax.budget import spend
from checkedmath.syntax.errors import FormulaError
from checkedmath.syntax.tree import Apply, Chain, Node, Symbol, walk
from checkedmath.values.compare import INEQUALITIES, compare, places_of
from checkedmath.values.evaluate import NO_VALUE, Environment, evaluate, is_derived
from checkedmath.values.exact import is_written
from checkedmath.values.trial import Trial

#: Steps of one search, and by how much a step grows or shrinks the next.
STEPS, GROWS, SHRINKS = 60, 1.6, 0.8
#: From how many draws a search sets out, and what a step costs beside what is evaluated.
SEARCHES, STEP = 3, 20
#: After so many searches in a row that end nowhere, conditions are not searched for any more.
GIVES_UP = 3
#: A derivative is some ten passes through a network: of a formula with derivatives fewer steps are made.
FEWER = 2
#: In a draw with larger sizes a step costs too much where there is a derivative.
LARGEST = 40
#: At how many values of free indices the gap is looked at.
FEW_PLACES = 6
#: By how much a condition is met where a search for that stops.
CLEARLY = 0.01
UPWARD = {">", "≥"}
#: Sizes, small and large, each taken by itself, and how often.
SIZES, CHOICES = (1, 2, 3, 5, 10**6), 40


def made_against(tree: Chain) -> bool:
    """Whether a relation must hold in draws that were made against it: <, ≤, and ≠ a number."""
    return any(
        relation in INEQUALITIES and (relation != "≠" or is_written(right) or is_written(left))
        for relation, (left, right) in zip(tree.relations, pairwise(tree.terms), strict=True)
    )


def only_sizes(tree: Chain, setting: Setting) -> bool:
    """Whether a relation is about sizes and counts of layers alone."""
    names = {n.name for n in walk(tree) if isinstance(n, Symbol)}
    counted = {setting.family.size, *(size for draw in setting.draws("")[:1] for size in draw.sizes)}
    return bool(names) and names <= counted


def towards_false(
    tree: Chain, resolved: Sequence[Resolved], places: Sequence[Environment], letters: Sequence[str], scope: Scope
) -> Iterator[Environment]:
    """Yield the places that searches downhill end at: there the gap between the sides is smallest.

    They set out from those of the places where the gap is smallest already.  What the draw gives freely is moved, and
    nothing that the text has set.  A place where a side is not finite is not entered.
    """
    gap = _Gap(tree, resolved, letters, scope, [is_written(term) for term in tree.terms])
    dear = sum(_is_dear(node, places[0]) for node in walk(tree)) if places else 0
    small = [env for env in places if not dear or sum(env.draw.sizes.values()) <= LARGEST]
    for env in sorted(small, key=gap.at)[:SEARCHES]:
        free = _letters(tree, env)
        if free or hasattr(env.draw, "neighbour"):
            yield _downhill(env, gap.at, free, STEPS // (1 + FEWER * dear), 1e-3)


def _downhill(
    env: Environment, measure: Callable[[Environment], float], letters: Sequence[str], steps: int, smallest: float,
    enough: float = -math.inf,
) -> Environment:  # fmt: skip
    """Return where a search ends that goes on to a place near by wherever that is lower, until it is low enough.

    A step that leads nowhere is made smaller, down to ``smallest``, and then large again.
    """
    random = Random(f"{letters} {getattr(env.draw, 'seed', 0)}")  # noqa: S311 - numbers to try, no secrets
    best, step = measure(env), 0.5
    for _ in range(steps):
        if best <= enough:
            break
        spend(STEP)
        there = _moved(env, letters, step, random)
        less = measure(there)
        if less < best:
            env, best, step = there, less, step * GROWS
        else:
            step *= SHRINKS if step > smallest else 1 / smallest
    return env


def _is_dear(node: Node, env: Environment) -> bool:
    return is_derived(node, env) or (isinstance(node, Apply) and node.primes > 0)


def _letters(tree: Chain, env: Environment) -> list[str]:
    free = getattr(env.draw, "free_letters", None)
    known = set(free() if free is not None else ()) - env.setting.held
    return sorted({n.name for n in walk(tree) if isinstance(n, Symbol)} & known)


def _moved(env: Environment, letters: Sequence[str], step: float, random: Random) -> Environment:
    neighbour: Callable[..., Draw] | None = getattr(env.draw, "neighbour", None)
    if neighbour is not None:
        return env.renewed(neighbour(step, random, env.setting.held), env.given)
    xp = env.xp
    for name in letters:
        symbol = Symbol(name)
        value = xp.asarray(env.draw.value(name, None))
        noise = xp.array([random.gauss(0, 1) for _ in range(value.size)]).reshape(value.shape)
        scale = float(xp.max(xp.abs(value), initial=0.0)) or 1.0
        moved = env.draw.kept(name, value + step * scale * noise)  # type: ignore[attr-defined]
        env = env.moved(symbol, moved if moved.ndim else float(moved))
    return env


@dataclass(frozen=True)
class _Gap:
    """By how much relations hold at least, as a part of the sides; infinite where nothing is stated."""

    tree: Chain
    resolved: Sequence[Resolved]
    letters: Sequence[str]
    scope: Scope
    # Beside a number the gap itself counts, so that the way to 0 is downhill; a part of two sides that shrink
    # together does not, or the search would end where all is 0.
    written: Sequence[bool]

    def at(self, env: Environment) -> float:
        saved = dict(env.indices)
        try:
            places = islice(places_of(self.letters, merged_ranges(self.resolved), self.scope, env), FEW_PLACES)
            return min((self._here(env, place) for place in places), default=math.inf)
        finally:
            env.indices.clear()
            env.indices.update(saved)

    def _here(self, env: Environment, place: Mapping[str, int]) -> float:
        env.indices.update(place)
        xp = env.xp
        try:
            sides = [xp.asarray(evaluate(item, env)) for item in self.resolved]
        except (*NO_VALUE, FormulaError):
            return math.inf
        return min(
            (self._least(n, relation, sides[n], sides[n + 1], xp) for n, relation in enumerate(self.tree.relations)),
            default=math.inf,
        )  # fmt: skip

    def _least(self, n: int, relation: str, a: Any, b: Any, xp: Any) -> float:
        gap = xp.abs(b - a) if relation == "≠" else xp.real(a - b if relation in UPWARD else b - a)
        beside = self.written[n] or self.written[n + 1]
        least = float(xp.min(gap if beside else gap / (xp.abs(a) + xp.abs(b) + 1e-300)))
        return least if math.isfinite(least) else math.inf


@dataclass(frozen=True)
class Under:
    """The conditions under which a formula is tried, z > 0, and where they hold."""

    conditions: Sequence[Chain]
    scope: Scope

    def places(self, places: Iterable[tuple[Environment, Draw]]) -> Iterator[Environment]:
        """Yield the places where the conditions hold, for each that is given one near it, if one is found."""
        missed = 0
        for env, _ in places:
            if (there := self._near(env, search=missed < GIVES_UP)) is not None:
                yield there
            missed = missed + 1 if there is None else 0

    @cached_property
    def resolved(self) -> list[tuple[Chain, tuple[Resolved, ...]]]:
        """The conditions with their terms.  Raises `ShapeError` for one whose shapes do not fit."""
        return [(one, tuple(resolve(term, self.scope) for term in one.terms)) for one in self.conditions]

    def hold(self, env: Environment) -> bool:
        """Whether all conditions clearly hold here."""
        return all(self._holds(condition, terms, env) for condition, terms in self.resolved)

    def _holds(self, condition: Chain, terms: tuple[Resolved, ...], env: Environment) -> bool:
        try:
            trial = compare(condition, terms, env, sorted(free_indices(condition)), self.scope)
        except (*NO_VALUE, FormulaError):
            return False
        return trial.holds and trial.draws > 0

    def _near(self, env: Environment, *, search: bool) -> Environment | None:
        """Return this place, or one that a search for it ends at, step by step nearer to what the conditions ask."""
        if search and not self.hold(env) and hasattr(env.draw, "neighbour"):
            env = _downhill(env, self._missing, (), STEPS, 1e-2, enough=0.0)
        return env if self.hold(env) else None

    def _missing(self, env: Environment) -> float:
        """Return by how much the conditions are missed, entries added up."""
        xp, total = env.xp, 0.0
        for condition, terms in self.resolved:
            try:
                sides = [xp.asarray(evaluate(term, env)) for term in terms]
            except (*NO_VALUE, FormulaError):
                return math.inf
            for relation, (a, b) in zip(condition.relations, pairwise(sides), strict=True):
                gap = xp.real(a - b if relation in UPWARD else b - a)
                total += 0.0 if relation == "≠" else float(xp.sum(xp.maximum(CLEARLY - gap, 0.0)))
        return total


def of_any_size(
    tree: Chain, resolved: tuple[Resolved, ...], places: Iterable[tuple[Environment, Draw]], scope: Scope
) -> Trial:
    """Judge a relation of sizes alone: true if it is so of whatever sizes, m ≥ 1, and else the reader's to choose."""
    try:
        first, _ = next(iter(places))
        found = (compare(tree, resolved, place, [], scope) for place in _resized(first))
        if all(trial.holds and trial.draws for trial in found):
            return Trial(True, "whatever the sizes are", draws=1)
    except (*NO_VALUE, FormulaError):
        pass  # an index, or a function of sizes that is the setting's own
    return Trial(False, "cannot be told: sizes are the reader's to choose", tree.span, unplaced=True)


@dataclass
class _Resized:
    """A draw with other sizes, and nothing but sizes."""

    sizes: Mapping[str, int]
    members: int

    def value(self, name: str, member: int | None) -> float:
        """Return a size."""
        return float(self.sizes[name if member is None else f"{name}_{member}"])

    def moved(self, name: str, member: int | None, value: Any) -> Draw:
        """Refuse: a size is what it is."""
        raise FormulaError(f"expected a quantity to move, got the size {name}")

    def function(self, name: str, member: int | None) -> Callable[[Any], Any]:
        """Refuse: a relation of sizes alone has no functions of the setting."""
        raise FormulaError(f"expected a function of sizes, got {name}")


def _resized(env: Environment) -> Iterator[Environment]:
    """Yield places where the sizes alone are others, 1 and large ones among them, in every order."""
    random = Random("sizes")  # noqa: S311 - numbers to try, no secrets
    for n in range(CHOICES):
        sizes = {name: random.choice(SIZES) if n else 1 for name in env.draw.sizes}
        if "n_L" in sizes:
            sizes["n_L"] = sizes[f"n_{env.draw.members}"]
        yield env.renewed(_Resized(sizes, env.draw.members), env.given)


__all__ = ["Under", "made_against", "of_any_size", "only_sizes", "towards_false"]
