"""Draws of free letters: random values, those that follow from them, and the conditions that a text states."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from itertools import islice
from random import Random
from typing import Any

from checkedmath.meaning import Scope, resolve
from checkedmath.meaning.free_sizes import NUMBERS, WEIGHT
from checkedmath.reading.result import Reading
from checkedmath.subject.setting import IDENTITIES, NamedFunction, Quantity, Setting, Shape
from checkedmath.subject.view import View
from checkedmath.syntax.errors import FormulaError
from checkedmath.syntax.tree import Apply, Chain, Change, Derivative, Evaluated, Index, Node, Number, Symbol, walk
from checkedmath.values.differentiate import compare_steps
from checkedmath.values.evaluate import Environment, evaluate
from checkedmath.values.free_conditions import Bounds, meets
from checkedmath.values.functions import general_functions
from checkedmath.values.namespace import namespace
from checkedmath.values.stacks import NoStack, is_stack, total

#: Sizes in the first draw; the next begins one further on.
SIZES = (3, 2, 4, 5, 6, 7, 8, 9)
#: Letters that are unknowns where others are given: beside their differentials those are constants.
VARIABLES = set("uvwxyzUVWXYZθβ")
#: How many draws an inequality must hold in: zeros, large and small numbers, both signs, singular matrices.
ADVERSE = 24
#: Then come draws where all letters of a kind are equal, and 1, -1 or ½: where strict inequalities fail at a point.
PLAIN = (1.0, -1.0, 0.5)
#: A square matrix of a larger condition number is drawn again, at most so often: its inverse would be rounding.
WELL, TRIES = 60, 50
#: From this condition number on nothing is inverted, and in how many times more sizes one looks for those where it is.
SINGULAR, INVERTED = 1e6, 4


def sizes_of(dimensions: Mapping[str, int], seed: int) -> dict[str, int]:
    """Return sizes that all differ, odd and even, in another order in each draw; each at least as large as it must."""
    row = SIZES[: max(4, len(dimensions))] if len(dimensions) <= len(SIZES) else range(2, 2 + len(dimensions))
    more = max((least - min(row) for least in dimensions.values()), default=0)
    return {d: row[(n + seed) % len(row)] + max(more, 0) for n, d in enumerate(sorted(dimensions))}


def constant_by(reading: Reading) -> Derivative | None:
    """Return the ∂c/∂t of a formula that says what it is in digits, ∂c/∂t = 0: there c is a number and no path in t.

    Anywhere else what is differentiated by a number it does not name is taken to depend on it.
    """
    tree = reading.tree
    if len(tree.terms) != 2 or not isinstance(tree.terms[1], Number):
        return None
    one = tree.terms[0]
    if not isinstance(one, Derivative) or not isinstance(one.of, Symbol) or not isinstance(one.by, Symbol):
        return None
    known = {name for name, _ in reading.definitions}
    numbers = NUMBERS | {name for name, shape in reading.declared.items() if shape == ()}
    free = one.of != one.by and {one.of.name, one.by.name} <= numbers and not {one.of.name, one.by.name} & known
    return one if free else None


def _flat(rows: int) -> Any:
    """Return a projection, which makes what it multiplies singular."""
    xp = namespace()
    return xp.diag([0.0] + [1.0] * (rows - 1))


def _orthogonal(rows: int, random: Random, *, turned: bool) -> Any:
    """Return a rotation, or a reflection of one where it is ``turned``."""
    xp = namespace()
    value, _ = xp.linalg.qr(xp.array([[random.gauss(0, 1) for _ in range(rows)] for _ in range(rows)]))
    if (xp.linalg.det(value) < 0) != turned:
        value[:, 0] = -value[:, 0]
    return value


@dataclass(frozen=True)
class Letters:
    """What is known of the letters of a text: the same in each of its draws.

    ``bounds`` are the numbers between which a letter lies, ``conditions`` what else a text says must hold.
    """

    reading: Reading
    quantities: Mapping[str, Quantity]
    dimensions: Mapping[str, int]
    functions: Mapping[str, NamedFunction]
    bounds: Mapping[str, Bounds]
    conditions: Sequence[Chain]
    inverted: Sequence[Node] = ()  # what the text takes the inverse of, if it is more than a letter

    @cached_property
    def changes(self) -> list[Change]:
        """The differentials that stand by themselves in what a text claims."""
        return [n for t in (self.reading.tree, *self.reading.beside) for n in walk(t) if isinstance(n, Change)]

    @cached_property
    def defined(self) -> dict[str, Chain]:
        """The letters that a text defines."""
        return dict(self.reading.definitions)

    def setting(self, draw: FreeDraw) -> Setting:
        """Return the setting in which an expression is evaluated in one draw."""
        return Setting(
            IDENTITIES, "", self.quantities, self.functions, lambda v: (draw,), scalars=(), free=True
        )

    def names(self, node: Node) -> set[str]:
        """Return the letters that an expression names, with those behind what is defined."""
        found: set[str] = set()
        bodies = {name: [chain.terms[-1]] for name, chain in self.reading.definitions}
        bodies |= {name: [body] for name, _, body in self.reading.functions}
        new = [node]
        while new:
            names = {n.name for below in new for n in walk(below) if isinstance(n, Symbol | Evaluated | Apply)}
            new = [body for name in names - found for body in bodies.get(name, ())]
            found |= names
        return found


@dataclass
class FreeDraw:
    """Random values for free letters; ``d`` before a letter is the gradient of some number."""

    letters: Letters
    seed: int
    positive: frozenset[str] = frozenset()
    adverse: bool = False
    turn: int = 0
    members: int = 0
    values: dict[str, Any] = field(default_factory=dict)
    shift: tuple[str, Any] | None = None
    constants: bool = False  # arrays whose own d…/dt is not named stand still, as numbers always do
    sizes: Mapping[str, int] = field(default_factory=dict)
    stacked: bool = False  # a letter has been moved in copies

    def __post_init__(self) -> None:
        """Find the sizes, once for all draws that are made of this one by moving a letter."""
        self.sizes = self.sizes or sizes_of(self.letters.dimensions, self.seed)
        self.defined = self.letters.defined

    def value(self, name: str, member: int | None) -> Any:
        """Return the value of a letter; a defined one from its definition."""
        if name in self.values:
            return self.values[name]
        if name in self.sizes and name not in self.defined and not self.letters.quantities[name].shape:
            return float(self.sizes[name])
        if not self.defined and len(name) > 1 and name.startswith("d"):
            raise FormulaError(f"{name} of what? Nothing says which number it is the gradient of")
        if name in self.defined:
            found = self._evaluate(self.defined[name].terms[-1])
        elif len(name) > 1 and name.startswith("d") and name[1:] not in self.defined:
            found = self._gradient(name[1:])
        else:
            found = self._random(name)
            if self.shift is not None and name != self.shift[0] and self._moves(name):
                # Along another number than t it would move along another direction.
                direction = self._random(f"{name}'{self.shift[0]}", self.letters.quantities[name].shape)
                found = found + self.shift[1] * direction
        self.values[name] = found
        return found

    def free_letters(self) -> tuple[str, ...]:
        """Return the letters that may have any value: nothing defines them, or says what kind they are."""
        kinds = {letter for _, letter in self.letters.reading.assumptions}
        return tuple(
            name for name in self.letters.quantities
            if name not in self.defined and name not in kinds and not (len(name) > 1 and name.startswith("d"))
            and name not in self.sizes and WEIGHT not in name
        )  # fmt: skip

    def kept(self, name: str, value: Any) -> Any:
        """Return a value that a letter may have, near this one: in its bounds, and where the conditions are met."""
        xp = namespace()
        value = xp.asarray(abs(value) if name in self.positive else value)
        if (bounds := self.letters.bounds.get(name)) is not None:
            value = bounds.brought_in(value)
        if self.letters.conditions and not self.moved(name, None, value).meets():
            return xp.asarray(self.value(name, None))
        return value

    def meets(self) -> bool:
        """Whether the conditions that are no bounds of one letter hold here."""
        return all(meets(condition, self.evaluated) for condition in self.letters.conditions)

    def inverts(self) -> bool:
        """Whether all that the text inverts has an inverse here that is more than rounding."""
        xp = namespace()
        for node in self.letters.inverted:
            try:
                value = self.evaluated(node)
                if value.ndim == 2 and xp.linalg.cond(value) > SINGULAR:
                    return False
            except (FormulaError, ArithmeticError, KeyError, ValueError, xp.linalg.LinAlgError):
                continue  # it cannot be had by itself
        return True

    def still(self, node: Node) -> list[str]:
        """Return the letters behind an expression that do not depend on t in a formula with d…/dt."""
        names = self.letters.names(node) & self.letters.quantities.keys() - self.defined.keys()
        return sorted(name for name in names if not self._moves(name) and WEIGHT not in name)

    def moved(self, name: str, member: int | None, value: Any) -> FreeDraw:
        """Return the draw with a letter replaced; what is defined by it follows."""
        kept = {n: v for n, v in self.values.items() if n not in self.defined and not n.startswith("d")}
        return replace(self, values={**kept, name: value}, stacked=self.stacked or is_stack(value))

    def along(self, name: str, step: Any) -> FreeDraw:
        """Return the draw where every matrix has moved a step along its own direction."""
        return replace(self, values={}, shift=(name, step))

    def follows(self, node: Node, name: str) -> bool:
        """Whether an expression names a letter, itself or behind what is defined."""
        return name in self.letters.names(node)

    def function(self, name: str, member: int | None) -> Callable[[Any], Any]:
        """Return a general function, or one that the text defines."""
        xp = namespace()
        for known, (parameter, *_), body in self.letters.reading.functions:
            if known == name:
                return lambda z: self.moved(parameter, None, z).evaluated(body)
        return general_functions(xp)[name]

    def _moves(self, name: str) -> bool:
        """Whether a letter depends on t: those whose own d…/dt the formula names, else all.

        Beside these an array moves too, unless it is said to be constant: d(AB)/dt has two terms.  A number does not.
        """
        reading = self.letters.reading
        if WEIGHT in name or constant_by(reading) is not None:
            return False
        named = {
            n.of.name for n in walk(reading.tree)
            if isinstance(n, Derivative) and isinstance(n.of, Symbol) and isinstance(n.by, Symbol)
        }  # fmt: skip
        changing = {n.of.name for n in self.letters.changes if isinstance(n.of, Symbol)} - self.defined.keys()
        if changing and changing <= VARIABLES and name not in VARIABLES:  # of d(x^T A x) A is a constant
            return False
        named = (named | changing) - self.defined.keys()
        return not named or name in named or (bool(self.letters.quantities[name].shape) and not self.constants)

    def _random(self, name: str, shape: Shape | None = None) -> Any:
        xp = namespace()
        shape = self.letters.quantities[name].shape if shape is None else shape
        size = tuple(1 if d == "1" else int(self.sizes[d]) if not d.isdigit() else int(d) for d in shape)
        random = Random(f"{self.seed} {self.turn} {name}")  # noqa: S311 - numbers to try, no secrets
        scale = random.choice((0.0, 1e-3, 0.3, 1.0, 4.0, 30.0)) if self.adverse else random.choice((0.7, 1.0, 1.8))
        rows, columns = (*size, 1, 1)[:2]
        square = rows == columns > 1 and len(size) == 2
        kinds = {kind for kind, letter in self.letters.reading.assumptions if letter == name}
        for _ in range(TRIES):
            value = xp.array([[scale * random.gauss(0, 1) for _ in range(columns)] for _ in range(rows)])
            if square and self.adverse and not kinds:
                unit = xp.eye(rows)
                value = random.choice((value, -scale * unit, scale * unit, value @ _flat(rows)))
            if "whole" in kinds:
                value = xp.array([[float(random.choice((2, 3, 4)))]])
            if "distribution" in kinds:
                value = abs(value) / xp.sum(abs(value))
            if "symmetric" in kinds:
                value = (value + value.T) / 2
            if "orthogonal" in kinds:
                value = _orthogonal(rows, random, turned=self.seed % 2 == 1)
            far = self.adverse or not square or xp.linalg.cond(value) < WELL
            if far and (self.adverse or scale * 1e-3 < abs(value).min()):
                break
        plain = PLAIN[self.seed - ADVERSE] if self.adverse and self.seed >= ADVERSE else 0.0
        if plain and (not kinds or (square and (kinds == {"symmetric"} or abs(plain) == 1))):  # I is of any kind
            value = plain * xp.eye(rows, columns)
        elif not size and not self.adverse and self.seed % 4 >= 2:  # each number of both signs, pairs of both too
            value = -abs(value) if self._first_sign(name) else abs(value)
        if name in self.positive:
            value = abs(value)
        if (bounds := self.letters.bounds.get(name)) is not None:
            value = bounds.drawn(value, random, edge=self.adverse and self.seed % 3 == 0)
        return value if size else float(value[0, 0])

    def _first_sign(self, name: str) -> bool:
        """Whether a number is positive two draws before this one, where chance gave its sign."""
        bare = replace(self.letters, bounds={})
        before = replace(self, letters=bare, seed=self.seed - 2, positive=frozenset(), values={}, sizes={})
        return float(before._random(name, ())) > 0

    def evaluated(self, node: Node) -> Any:
        """Return the value of an expression here, as an array."""
        xp = namespace()
        return xp.asarray(self._evaluate(node))

    def _evaluate(self, node: Node) -> Any:
        xp = namespace()
        setting = self.letters.setting(self)
        numeric = self.letters.reading.style == "numpy"
        resolved = resolve(node, Scope(setting, View(), Index(""), numpy=numeric))
        return evaluate(resolved, Environment(xp, setting, self, numpy=numeric))

    def _gradient(self, name: str) -> Any:
        """Return the gradient by a letter of Σ G ∘ Y for every defined Y and a random G, which is dY."""
        xp = namespace()
        if self.stacked:
            raise NoStack

        def summed(moved: Any) -> Any:
            draw = self.moved(name, None, moved)
            return sum(total(xp.sum, self.value("d" + y, None) * draw.value(y, None)) for y in self.defined)

        value = xp.asarray(self.value(name, None))
        full = compare_steps(summed, value.reshape(value.shape if value.ndim == 2 else (1, 1)), xp, name)
        return full.reshape(value.shape)


def draws_of(
    letters: Letters, positive: Collection[str], *, kinked: bool, adverse: bool, constants: bool = False
) -> tuple[FreeDraw, ...]:
    """Return the draws of a formula; ``kinked``: both sides of a kink are to be seen.

    (A^T A)^-1 is there only in sizes in which A is tall: others are passed over, if there are such sizes at all.
    """
    count = ADVERSE + len(PLAIN) if adverse else 8 if kinked else 4
    if adverse or not letters.inverted:
        kind = partial(FreeDraw, letters, positive=frozenset(positive), adverse=adverse, constants=constants)
        return tuple(kind(seed) for seed in range(count))
    kind = partial(FreeDraw, letters, positive=frozenset(positive), constants=constants)
    draws = (kind(seed) for seed in range(INVERTED * count))
    good = tuple(islice((draw for draw in draws if draw.inverts()), count))
    plain = replace(letters, inverted=())
    return good or draws_of(plain, positive, kinked=kinked, adverse=adverse, constants=constants)


__all__ = ["TRIES", "FreeDraw", "Letters", "constant_by", "draws_of"]
