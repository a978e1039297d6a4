"""The values of a subject: inputs are drawn, and the rest follows by the rules, which are formulas.

Any quantity may be replaced, and what follows from it is computed again; that is how derivatives are found, by steps,
so that no rule of calculus is applied.  The rules are read once, by the reader of all formulas, and evaluated by the
one evaluator.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from functools import cache, partial
from math import prod
from random import Random
from typing import Any

from checkedmath.meaning import Resolved, Scope, resolve, say
from checkedmath.meaning.dimensions import shape_at
from checkedmath.reading import read
from checkedmath.subject.setting import NamedFunction, Quantity, Setting
from checkedmath.subject.subject import Subject
from checkedmath.subject.view import NUMERATOR, View
from checkedmath.syntax.errors import FormulaError, ShapeError
from checkedmath.syntax.tree import Index, Node, Symbol, walk
from checkedmath.values.differentiate import compare_steps
from checkedmath.values.evaluate import Environment, evaluate
from checkedmath.values.functions import general_functions
from checkedmath.values.namespace import namespace
from checkedmath.values.stacks import is_stack, total

Array = Any
#: Stands behind a derivative, which is found by moving what it is of in other draws than this one.
ANYTHING = ("", None)
#: The draw whose numbers pages show, in settings that have one.
EXAMPLE = "book"
#: The kinds of draws that are made against an inequality: what their inputs are multiplied by.
ADVERSE = "adverse"
TEMPERS = (0.0, 0.05, 3.0, 10.0, -2.0)


@dataclass(frozen=True)
class Rule:
    """What one quantity follows from; ``index`` is the one it stands under, l or a number."""

    name: str
    index: Index | None
    body: Resolved
    lowest: int = 0  # of any number: the first at which all that the body names exists


class WrongRule(ValueError):
    """A rule of a subject that cannot be read, or whose shapes do not fit: its author has to mend it."""


class Graph:
    """The rules of a subject, read in its own notation.  Raises `WrongRule`."""

    def __init__(self, subject: Subject, setting: Setting) -> None:
        self.subject, self.setting = subject, setting
        self.rules = self._read(subject.rules)
        self.rule = cache(self._rule_for)

    def _read(self, rules: Sequence[str]) -> Mapping[str, Sequence[Rule]]:
        """Return the rules by the quantity that they are about: now, so that their author hears of a wrong one."""
        found: dict[str, list[Rule]] = {}
        for text in rules:
            try:
                rule = self._rule(text)
            except FormulaError as error:
                raise WrongRule(f"{self.subject.name}, the rule {text}: {error}") from error
            found.setdefault(rule.name, []).append(rule)
        return found

    def _rule(self, text: str) -> Rule:
        reading = read(text, self.setting)
        left, *right = reading.tree.terms
        if not isinstance(left, Symbol) or reading.tree.relations not in {("=",), (":=",)}:
            raise FormulaError("expected a quantity and what it follows from, z = W x + b")
        last = Index(self.setting.family.last)
        scope = Scope(self.setting, View(layout=NUMERATOR), last, numpy=reading.style == "numpy")
        target, body = resolve(left, scope), resolve(right[0], scope)
        if target.shape != body.shape:
            raise ShapeError(f"the left side is {say(target.shape)}, the right side {say(body.shape)}", right[0])
        return Rule(left.name, left.member, body, self._lowest(left.member, right[0]))

    def _lowest(self, index: Index | None, body: Node) -> int:
        """Return the first number at which everything in a body exists: 1 for z[l] = W[l] a[l-1]."""
        used = [n for n in walk(body) if isinstance(n, Symbol) and n.member is not None]
        if index is None or index.letter != self.setting.family.letter:
            return 0
        known = ((n.member, self.setting.quantities.get(n.name)) for n in used)
        firsts = [q.first_member - i.offset for i, q in known if q and i and i.letter == index.letter]
        return max(firsts, default=0) + index.offset

    def _rule_for(self, name: str, member: int | None, last: int) -> Rule | None:
        """Return the rule for a quantity, the one of its very layer before the one of any."""
        family = self.setting.family

        def at(index: Index) -> int:
            return index.offset + (last if index.letter == family.last else 0)

        found = self.rules.get(name, ())
        of_any = [rule for rule in found if rule.index is not None and rule.index.letter == family.letter]
        own = [rule for rule in found if rule not in of_any and (rule.index is None or at(rule.index) == member)]
        return next(iter(own or [rule for rule in of_any if member is not None and member >= rule.lowest]), None)

    def draws(self, variant: str) -> Sequence[GraphDraw]:
        """Return the draws of a variant: a list of conventions' codes, and "adverse", with commas between.

        There are none of the variant "book": a subject has no numbers that a page could state.
        """
        kinds = set(filter(None, variant.split(",")))
        if EXAMPLE in kinds:
            return ()
        ones = {size for world in self.subject.conventions if world.variant in kinds for size in world.sizes}
        sizes = [dict(one) | dict.fromkeys(ones & one.keys(), 1) for one in self.subject.sizes]
        scales = TEMPERS if ADVERSE in kinds else (1.0,)
        return tuple(GraphDraw(self, one, n, scale) for scale in scales for n, one in enumerate(sizes))


@dataclass(eq=False)
class GraphDraw:
    """One draw: sizes and inputs at random, the rest by the rules; ``given`` are the quantities that are replaced.

    ``behind`` says from what each value has been computed, so that what moves leaves the others as they are.
    """

    graph: Graph
    sizes: Mapping[str, int]
    seed: int
    scale: float = 1.0
    given: Mapping[tuple[str, int | None], Array] = field(default_factory=dict)
    inputs: dict[tuple[str, int | None], Array] = field(default_factory=dict)
    values: dict[tuple[str, int | None], Array] = field(default_factory=dict)
    behind: dict[tuple[str, int | None], AbstractSet[tuple[str, int | None]]] = field(default_factory=dict)
    members: int = -1
    stacked: bool = field(init=False)  # what is given comes in copies

    def __post_init__(self) -> None:
        self.stacked = any(map(is_stack, self.given.values()))
        self._asked: list[set[tuple[str, int | None]]] = [set()]
        if self.members >= 0:
            return  # it is another draw with something replaced
        family = self.graph.setting.family
        indices = [index for name in self.sizes if (index := family.index_of(name)) and not index.letter]
        self.members = self.sizes.get(family.last, max((index.offset for index in indices), default=0))
        if indices:
            of_last = self.sizes[family.size_of(max(indices, key=lambda index: index.offset))]
            self.sizes = {**self.sizes, family.size_of(Index(family.last)): of_last}

    def value(self, name: str, member: int | None) -> Array:
        """Return the value of a quantity: replaced, by a rule, by steps if it is a gradient, else drawn.

        Raises `FormulaError` for a name or a layer that does not exist.
        """
        key = (name, member)
        self._asked[-1].add(key)
        if key in self.given:
            return self.given[key]
        if name in self.sizes and member is None:
            return float(self.sizes[name])
        if key not in self.values:
            self._asked.append(set())
            try:
                self.values[key] = self._find(name, member)
            finally:
                asked = self._asked.pop()
            self.behind[key] = asked.union(*(self.behind.get(one, ()) for one in asked))
        return self.values[key]

    def _find(self, name: str, member: int | None) -> Array:
        quantity = self.graph.setting.quantities.get(name)
        if quantity is None:
            raise FormulaError(f"expected a quantity of {self.graph.subject.name}, got {name}")
        first = quantity.first_member
        if quantity.numbered and not (member is not None and first <= member <= self.members):
            word = self.graph.setting.family.word
            raise FormulaError(f"{name}: expected a {word} from {first} to {self.members}, got {member}")
        if name in self.graph.subject.by_hand:
            return self.graph.subject.by_hand[name](self)
        rule = self.graph.rule(name, member, self.members)
        if rule is not None:
            return evaluate(rule.body, self._place(member))
        return self._gradient(quantity, member) if quantity.gradient else self._drawn(quantity, member)

    def _place(self, member: int | None) -> Environment:
        xp = namespace()
        family = self.graph.setting.family
        members = {family.last: self.members, **({family.letter: member} if member is not None else {})}
        return Environment(xp, self.graph.setting, self, members)

    def _gradient(self, quantity: Quantity, member: int | None) -> Array:
        """Return the gradient of a number, or of the sum of all entries, in the shape of what it is taken by."""
        xp = namespace()
        assert quantity.gradient is not None
        of, by = quantity.gradient
        if any(xp.iscomplexobj(value) for value in self.given.values()):
            raise FormulaError(f"{quantity.name} is a derivative itself, and second derivatives are not taken")
        start = xp.asarray(self.value(by, member))
        self.value(of, None)  # so that what stays when this moves is known
        self._asked[-1].add(ANYTHING)

        def summed(moved: Array) -> Array:
            value = moved if is_stack(moved) else moved.reshape(start.shape)
            return total(xp.sum, self.moved(by, member, value).value(of, None))

        whole = start if start.ndim == 2 else start.reshape(-1, 1)
        return compare_steps(summed, whole, xp, by).reshape(start.shape)

    def _drawn(self, quantity: Quantity, member: int | None) -> Array:
        xp = namespace()
        key = (quantity.name, member)
        if key not in self.inputs:
            index = Index("", member) if member is not None else None
            shapes = shape_at(quantity.shape, index, Index("", self.members), self.graph.setting.family)
            shape = [self._size(d) for d in shapes]
            random = Random(f"{self.graph.subject.name} {quantity.name} {member} {self.seed}")  # noqa: S311
            sampler = self.graph.subject.inputs.get(quantity.name)
            count = prod(shape)
            entries = [self.scale * random.gauss(0, 1) if sampler is None else sampler(random) for _ in range(count)]
            self.inputs[key] = xp.array(entries).reshape(shape) if shape else entries[0]
        return self.inputs[key]

    def _size(self, dimension: str) -> int:
        return int(dimension) if dimension.isdigit() else self.sizes[dimension.replace("{", "").replace("}", "")]

    def moved(self, name: str, member: int | None, value: Array) -> GraphDraw:
        """Return the draw with this quantity replaced and all that follows from it recomputed.

        Raises `FormulaError` for a size and for a gradient: nothing follows from them.
        """
        quantity = self.graph.setting.quantities.get(name)
        if name in self.sizes or (quantity is not None and quantity.gradient):
            raise FormulaError(f"expected a quantity to move, got {name}, from which nothing follows")
        key = (name, member)
        kept = {one for one, behind in self.behind.items() if one != key and not behind & {key, ANYTHING}}
        return replace(
            self, given={**self.given, key: value}, values={one: self.values[one] for one in kept},
            behind={one: self.behind[one] for one in kept},
        )  # fmt: skip

    def neighbour(self, step: float, random: Random, held: Collection[str]) -> GraphDraw:
        """Return a draw whose inputs are near those of this one, but for what is held."""
        near = {
            key: value if key[0] in held or key[0] in self.graph.subject.inputs
            else value + step * random.gauss(0, 1) * (abs(value) + 1)
            for key, value in self.inputs.items()
        }  # fmt: skip
        return replace(self, inputs=near, values={}, behind={})

    def function(self, name: str, member: int | None) -> Callable[[Array], Array]:
        """Return a function of the subject, or of all mathematics."""
        xp = namespace()
        named = self.graph.setting.functions.get(name)
        if named is not None and named.value is not None:
            return partial(_valued, named, xp)
        general = general_functions(xp)
        if name not in general:
            raise FormulaError(f"{self.graph.subject.name} does not say what {name} is: its declaration needs a value")
        return general[name]


def _valued(named: NamedFunction, xp: Any, z: Array) -> Array:
    assert named.value is not None
    return named.value(z, xp)


def setting_of(subject: Subject) -> Setting:
    """Return the setting in which the formulas of a subject are judged.  Raises `WrongRule`."""
    setting = Setting(
        name=subject.name, title=subject.title, quantities={q.name: q for q in subject.quantities},
        functions={f.name: f for f in subject.functions}, draws=lambda variant: (), worlds=subject.conventions,
        swaps=subject.mistakes, objective=subject.objective, step=subject.step,
        scalars=subject.scalars or ((subject.objective,) if subject.objective else ()), words=subject.words,
        family=subject.family, examples=subject.examples, adverse=ADVERSE,
        generic_member=any(q.numbered for q in subject.quantities),
    )  # fmt: skip
    return replace(setting, draws=Graph(subject, setting).draws)


__all__ = ["Graph", "GraphDraw", "Rule", "setting_of"]
