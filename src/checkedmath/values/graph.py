"""The values of a subject: inputs are drawn, and the rest follows by the rules, which are formulas.

Any quantity may be replaced, and what follows from it is computed again; that is how derivatives are found, by steps,
so that no rule of calculus is applied.  The rules (`checkedmath.values.rules`) are evaluated by the one evaluator.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from math import prod
from random import Random
from typing import Any, Self

from checkedmath.meaning.dimensions import shape_at
from checkedmath.subject.setting import Draw, Quantity, Setting
from checkedmath.subject.subject import Subject
from checkedmath.syntax.budget import unbilled
from checkedmath.syntax.errors import FormulaError
from checkedmath.syntax.tree import Index
from checkedmath.values.differentiate import compare_steps
from checkedmath.values.evaluate import Environment, evaluate
from checkedmath.values.functions import general_functions
from checkedmath.values.namespace import namespace
from checkedmath.values.rules import Key, Rules
from checkedmath.values.stacks import NoStack, is_stack, total
from checkedmath.values.with_letters import WithLetters

Array = Any
#: Stands behind a derivative, which is found by moving what it is of in other draws than this one.
ANYTHING: Key = ("", None)
#: The draw whose numbers pages show, in settings that have one.
EXAMPLE = "book"
#: The kinds of draws that are made against an inequality: what their inputs are multiplied by.
ADVERSE = "adverse"
TEMPERS = (0.0, 0.05, 3.0, 10.0, -2.0)


class Graph(Rules):
    """The rules of a subject, and draws of its values."""

    def draws(self, variant: str) -> Sequence[Draw]:
        """Return the draws of a variant: a list of conventions' codes, and "adverse", with commas between.

        There are none of the variant "book" of a subject that makes no draws itself: it has no numbers to state.
        """
        kinds = set(filter(None, variant.split(",")))
        worlds = [world for world in self.subject.conventions if world.variant in kinds]
        read = {name: f for world in worlds for name, f in world.read.items()}
        found = self.subject.draws(self, variant) if self.subject.draws is not None else self.at_random(kinds)
        return tuple(WithLetters(draw, {}, read) for draw in found) if read else found

    def at_random(self, kinds: Collection[str], among: Sequence[Mapping[str, int]] = ()) -> Sequence[GraphDraw]:
        """Return draws at random, in the subject's sizes or those given, under the conventions of these kinds."""
        if EXAMPLE in kinds:
            return ()
        ones = {size for world in self.subject.conventions if world.variant in kinds for size in world.sizes}
        sizes = [dict(one) | dict.fromkeys(ones & one.keys(), 1) for one in among or self.subject.sizes]
        scales = TEMPERS if ADVERSE in kinds else (1.0,)
        return tuple(GraphDraw(self, one, n, scale) for scale in scales for n, one in enumerate(sizes))


@dataclass(eq=False)
class GraphDraw:
    """One draw: sizes and inputs at random, the rest by the rules; ``given`` are the quantities that are replaced.

    ``functions`` are those that stand for a numbered one in this draw, ``{("g", 1): "tanh"}``; ``column`` is the column
    that a quantity which is one column of another is.  ``behind`` says from what each value has been computed where
    nothing is replaced, in the draw ``root``, so that what moves leaves the others as they are in the draw ``before``,
    from which this one differs in ``changed``.  ``shared``: the draw is no one text's, and no text pays for its values.
    """

    graph: Graph
    sizes: Mapping[str, int]
    seed: int
    scale: float = 1.0
    functions: Mapping[Key, str] = field(default_factory=dict)
    column: int = 0
    given: Mapping[Key, Array] = field(default_factory=dict)
    inputs: dict[Key, Array] = field(default_factory=dict)
    values: dict[Key, Array] = field(default_factory=dict)
    behind: dict[Key, AbstractSet[Key]] = field(default_factory=dict)
    members: int = -1
    before: GraphDraw | None = None
    root: GraphDraw | None = None
    changed: Key = ANYTHING
    shared: bool = True
    stacked: bool = field(init=False)  # what is given comes in copies

    def __post_init__(self) -> None:
        self.stacked = any(map(is_stack, self.given.values()))
        self._asked: list[set[Key]] = [set()]
        if self.members >= 0:
            return  # it is another draw with something replaced
        family = self.graph.setting.family
        indices = [index for name in self.sizes if (index := family.index_of(name)) and not index.letter]
        self.members = self.sizes.get(family.last, max((index.offset for index in indices), default=0))
        if indices:
            of_last = self.sizes[family.size_of(max(indices, key=lambda index: index.offset))]
            self.sizes = {**self.sizes, family.size_of(Index(family.last)): of_last}

    def value(self, name: str, member: int | None = None) -> Array:
        """Return the value of a quantity: replaced, by a rule, by steps if it is a gradient, else drawn.

        Raises `FormulaError` for a name or a layer that does not exist.
        """
        key = self.graph.home(name, member, self.members)
        self._asked[-1].add(key)
        for known in (self.given, self.values, self.inputs):
            if key in known:
                return known[key]
        if name in self.sizes and member is None:
            return float(self.sizes[name])
        if self.root is not None and self.before is not None and not self._is_gradient(name):
            if key not in self.root.behind:
                self.root.value(*key)
            behind = self.root.behind.get(key, ())
            if self.changed not in behind and ANYTHING not in behind:
                return self.before.value(*key)
        return self._kept(key, self._find, *key)

    def _kept(self, key: Key, make: Callable[..., Array], *arguments: Any) -> Array:
        """Return what is known under a key, made now if nothing is."""
        self._asked[-1].add(key)
        if key in self.values:
            return self.values[key]
        if self.root is not None:
            found = self.values[key] = make(*arguments)
            return found
        self._asked.append(set())
        try:
            found = unbilled(make, *arguments) if self.shared else make(*arguments)
        finally:
            asked = self._asked.pop()
        if hasattr(found, "setflags"):
            found.setflags(write=False)
        self.values[key] = found
        self.behind[key] = asked.union(*(self.behind[one] for one in asked if one in self.behind))
        return found

    def _is_gradient(self, name: str) -> bool:
        quantity = self.graph.setting.quantities.get(name)
        return quantity is not None and quantity.gradient is not None

    def _find(self, name: str, member: int | None) -> Array:
        family, quantity = self.graph.setting.family, self.graph.setting.quantities.get(name)
        if quantity is None:
            raise FormulaError(f"expected a quantity of {self.graph.subject.name}, got {name}")
        if quantity.numbered:
            self._numbered(name, member, quantity.first_member)
        if quantity.numbered and name == family.size:
            return float(self.sizes[family.size_of(Index("", member or 0))])
        if quantity.column_of:
            return self._column_of(self.value(quantity.column_of, member))
        if name in self.graph.subject.by_hand:
            return self.graph.subject.by_hand[name](self)
        rule = self.graph.rule(name, member, self.members)
        if rule is not None:
            value = evaluate(rule.body, self._place(member))
            return self._entry(value) if quantity.shape else value
        if quantity.gradient:
            return self.partial(*quantity.gradient, member)
        return self._drawn(quantity, member)

    def _numbered(self, name: str, member: int | None, first: int) -> None:
        if member is None or not first <= member <= self.members:
            word, got = self.graph.setting.family.word, f"no {self.graph.setting.family.word}"
            got = got if member is None else f"{name}[{member}]"
            raise FormulaError(f"{name}: expected a {word} from {first} to {self.members}, got {got}")

    @staticmethod
    def _entry(value: Array) -> Array:
        """Return one entry that came without axes with two."""
        return value if getattr(value, "ndim", 0) else namespace().asarray(value).reshape(1, 1)

    def _column_of(self, whole: Array) -> Array:
        return whole[..., self.column : self.column + 1]

    def _place(self, member: int | None) -> Environment:
        family = self.graph.setting.family
        members = {family.last: self.members, **({family.letter: member} if member is not None else {})}
        return Environment(namespace(), self.graph.setting, self, members)

    def partial(self, of: str, by: str, member: int | None = None) -> Array | None:
        """Return ∂of/∂by, in the shape of ``by``, of a number or of the sum of all entries; found once.

        None by a size and by a gradient, which nothing follows from.
        """
        quantity = self.graph.setting.quantities.get(by)
        if quantity is None or quantity.gradient or by in self.sizes:
            return None
        if quantity.column_of:
            whole = self.partial(of, quantity.column_of, member)
            return None if whole is None else self._column_of(whole)
        by, member = self.graph.home(by, member, self.members)
        return self._kept((f"∂{of}/∂{by}", member), self._gradient, of, by, member)

    def _gradient(self, of: str, by: str, member: int | None) -> Array:
        xp = namespace()
        if self.stacked:
            raise NoStack
        start = xp.asarray(self.value(by, member))
        self.value(of)  # so that what stays when this moves is known
        self._asked[-1].add(ANYTHING)

        def summed(moved: Array) -> Array:
            value = moved if is_stack(moved) else moved.reshape(start.shape)
            return total(xp.sum, self.moved(by, member, value).value(of))

        whole = start if start.ndim == 2 else start.reshape(-1, 1)
        bent = any(xp.iscomplexobj(value) for value in self.given.values())
        return compare_steps(summed, whole, xp, by, bent=bent).reshape(start.shape)

    def _drawn(self, quantity: Quantity, member: int | None) -> Array:
        xp = namespace()
        index = Index("", member) if member is not None else None
        shapes = shape_at(quantity.shape, index, Index("", self.members), self.graph.setting.family)
        shape = [self._size(d) for d in shapes]
        random = Random(f"{self.graph.subject.name} {quantity.name} {member} {self.seed}")  # noqa: S311
        sampler = self.graph.subject.inputs.get(quantity.name)
        count = prod(shape)
        entries = [self.scale * random.gauss(0, 1) if sampler is None else sampler(random) for _ in range(count)]
        found = self.inputs[quantity.name, member] = xp.array(entries).reshape(shape) if shape else entries[0]
        return found

    def _size(self, dimension: str) -> int:
        return int(dimension) if dimension.isdigit() else self.sizes[dimension.replace("{", "").replace("}", "")]

    def moved(self, name: str, member: int | None, value: Array) -> GraphDraw:
        """Return the draw with this quantity replaced and all that follows from it recomputed.

        Complex values pass.  Raises `FormulaError` for a size, for the objective and for a gradient: nothing follows
        from them.
        """
        xp, quantity = namespace(), self.graph.setting.quantities.get(name)
        if quantity is not None and quantity.gradient:
            said = "it is a derivative itself, and second derivatives are not taken"
            raise FormulaError(f"expected a quantity to differentiate by, got {name}: {said}")
        if name in self.sizes or name == self.graph.setting.objective:
            raise FormulaError(f"expected a quantity to move, got {name}, from which nothing follows")
        if quantity is not None and quantity.column_of:
            whole = self.value(quantity.column_of, member)
            own = xp.arange(whole.shape[-1]) == self.column
            return self.moved(quantity.column_of, member, xp.where(own, value, whole))
        value = self._entry(value) if quantity is not None and quantity.shape else value
        key = self.graph.home(name, member, self.members)
        return replace(
            self, given={**self.given, key: value}, values={}, before=self, root=self.root or self, changed=key,
            shared=False,
        )  # fmt: skip

    def neighbour(self, step: float, random: Random, held: Collection[str]) -> GraphDraw:
        """Return a draw whose inputs are near those of this one, but for what is held."""
        near = {
            key: value if key[0] in held or key[0] in self.graph.subject.inputs
            else value + step * random.gauss(0, 1) * (abs(value) + 1)
            for key, value in self.inputs.items()
        }  # fmt: skip
        return self.elsewhere(near)

    def elsewhere(self, inputs: Mapping[Key, Array]) -> Self:
        """Return the draw with other inputs."""
        return replace(self, inputs=dict(inputs), values={}, behind={}, before=None, root=None, shared=False)

    def function(self, name: str, member: int | None = None) -> Valued:
        """Return a function of the subject, or of all mathematics; for a helper, that whose derivative it is."""
        known, xp = self.graph.setting.functions, namespace()
        name = known[name].of or name if name in known else name
        if name in known and known[name].numbered:
            self._numbered(name, member, 1)
        name = self.functions.get((name, member), name)
        if name in known and (value := known[name].value) is not None:
            return Valued(name, lambda z: value(z, xp))
        general = general_functions(xp)
        if name not in general:
            raise FormulaError(f"{self.graph.subject.name} does not say what {name} is: its declaration needs a value")
        return Valued(name, general[name])


@dataclass(frozen=True)
class Valued:
    """A function that knows its name."""

    name: str
    value: Callable[[Array], Array]

    def __call__(self, z: Array) -> Array:
        """Return the value at z."""
        return self.value(z)


def setting_of(subject: Subject, *, read: bool = True, **more: Any) -> Setting:
    """Return the setting in which the formulas of a subject are judged; ``more`` are further fields of it.

    Raises `WrongRule`: now, so that the author hears of it, or without ``read`` when the first draws are asked for.
    """
    setting = Setting(
        name=subject.name, title=subject.title, quantities={q.name: q for q in subject.quantities},
        functions={f.name: f for f in subject.functions}, draws=lambda variant: (), worlds=subject.conventions,
        swaps=subject.mistakes, pages=subject.pages, objective=subject.objective, step=subject.step,
        scalars=subject.scalars or ((subject.objective,) if subject.objective else ()), words=subject.words,
        family=subject.family, examples=subject.examples, adverse=ADVERSE,
        generic_member=any(q.numbered for q in subject.quantities),
    )  # fmt: skip
    setting = replace(setting, **more)
    graph = Graph(subject, setting)
    if read:
        graph.rules  # noqa: B018
    return replace(setting, draws=graph.draws)


__all__ = ["Graph", "GraphDraw", "Valued", "setting_of"]
