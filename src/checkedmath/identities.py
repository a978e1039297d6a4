"""The setting ``identities``: free symbols, with shapes from their letters or from ``{let}``.

Greek letters and t, s, c, k are numbers, other lower-case letters columns, capitals matrices.
Sizes are the most general that make the differentiated expression (without a derivative: the
left side) well-formed; they are never made equal for the right side's sake.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from random import Random
from typing import Any

from checkedmath.errors import FormulaError, ShapeError, Unplaced
from checkedmath.functions import general_functions
from checkedmath.reading.result import Reading
from checkedmath.settings import Quantity, Setting, Shape
from checkedmath.tree import (
    DOT,
    ELEMENTWISE,
    JUXTAPOSED,
    MATMUL,
    Add,
    Apply,
    Cases,
    Chain,
    Component,
    Derivative,
    Divide,
    Inverse,
    Maximum,
    Multiply,
    Node,
    Number,
    Power,
    Primed,
    Subtract,
    Symbol,
    Transpose,
    walk,
)  # fmt: skip
from checkedmath.writing.text import write_text

NUMBERS = set("tsckαβγδεζηθικλμνξπρστυφχψω")
KINKED = {"relu", "abs", "sign", "sqrt"}
#: Sizes in the first draw; the next begins one further on.
SIZES = (3, 2, 4, 5, 6, 7, 8, 9)
#: How many draws an inequality must hold in: zeros, large and small numbers, both signs, singular matrices.
ADVERSE = 24
#: Then come draws where all letters of a kind are equal, and 1, -1 or ½: where strict inequalities fail at a point.
PLAIN = (1.0, -1.0, 0.5)
DIMENSIONS = "pqrsuvwn"


def free_setting() -> Setting:
    """Return the setting as the reader needs it: every letter is a symbol."""
    return Setting("identities", "matrix identities with free symbols", {}, {}, lambda variant: (), loss_names=())


def declared(reading: Reading, lets: Mapping[str, Shape]) -> Setting:
    """Return the setting for one formula: its symbols with their shapes, and random draws.

    ``lets`` are the shapes that were declared.  Raises `ShapeError` where the differentiated
    expression cannot be well-formed.
    """
    trees = [reading.tree, *(chain for _, chain in reading.definitions)]
    names = sorted({n.name for tree in trees for n in walk(tree) if isinstance(n, Symbol)})
    table = _Unifier(lets)
    defined = dict(reading.definitions)
    for name, chain in reading.definitions:
        table.equal(table.shape(Symbol(name)), table.shape(chain.terms[-1]), chain)
    for tree in _differentiated(reading.tree) or [reading.tree.terms[0]] * (not defined):
        table.shape(tree)
    for kind, name in reading.assumptions:
        if kind in {"symmetric", "invertible", "square", "orthogonal"}:
            rows, columns = table.of_symbol(name)
            table.join(rows, columns, reading.tree)
    for name in names:
        if name.startswith("d") and len(name) > 1:
            table.shapes[name] = table.of_symbol(name[1:])
    _one_path(reading.tree, table)
    quantities = {name: Quantity(name, table.named(name), name) for name in names}
    for name in defined:
        quantities.setdefault(name, Quantity(name, table.named(name), name))
    kinked = any(
        isinstance(n, Maximum | Cases) or (isinstance(n, Apply) and n.name in KINKED) for n in walk(reading.tree)
    )
    dimensions = sorted(table.used())
    positive: frozenset[str] = frozenset()

    def draws(variant: str) -> tuple[FreeDraw, ...]:
        count = ADVERSE + len(PLAIN) if variant else 8 if kinked else 4  # both sides of a kink are to be seen
        return tuple(
            FreeDraw(quantities, _sizes(dimensions, seed), seed, reading, defined, positive, adverse=bool(variant))
            for seed in range(count)
        )

    positive, open_ones = _positive(reading.tree, draws(""))
    known = {variant: tuple(_within(draw, open_ones) for draw in draws(variant)) for variant in ("", "adverse")}
    said = [f"{name} > 0" for name in sorted(positive)] + [f"{write_text(node)} > 0" for node in open_ones]
    note = "for " + ", ".join(said) if said else ""
    return Setting(
        "identities", "matrix identities with free symbols", quantities, {}, lambda variant: known[variant],
        loss_names=(), adverse="adverse", restricted=note,
    )  # fmt: skip


def _sizes(dimensions: Sequence[str], seed: int) -> dict[str, int]:
    """Return sizes that all differ, odd and even, in another order in each draw."""
    row = SIZES[: max(4, len(dimensions))] if len(dimensions) <= len(SIZES) else range(2, 2 + len(dimensions))
    return {d: row[(n + seed) % len(row)] for n, d in enumerate(dimensions)}


def _positive(tree: Chain, draws: Sequence[FreeDraw]) -> tuple[frozenset[str], list[Node]]:
    """Return the letters that must be positive for the arguments of roots and logarithms to be so: as few as can be.

    The nodes are arguments that no choice of letters makes positive, such as det(X).
    """
    found: set[str] = set()
    others: list[Node] = []
    for node in walk(tree):
        if isinstance(node, Apply) and node.name in {"log", "sqrt"}:
            letters = sorted({n.name for n in walk(node.argument) if isinstance(n, Symbol)})
            choices = (set(some) for count in range(len(letters) + 1) for some in combinations(letters, count))
            some = next((some for some in choices if _in_domain(node.argument, draws, found | some)), None)
            if some is None:
                others.append(node.argument)
            found |= some or set()
    return frozenset(found), others


def _within(draw: FreeDraw, arguments: Sequence[Node]) -> FreeDraw:
    """Return the draw, or the next one like it, in which these are positive; the draw itself if there is none."""
    tries = (replace(draw, turn=turn, values={}) for turn in range(TRIES if arguments else 1))
    return next((one for one in tries if all(_in_domain(node, [one], set(one.positive)) for node in arguments)), draw)


def _in_domain(argument: Node, draws: Sequence[FreeDraw], positive: set[str]) -> bool:
    for draw in draws:
        try:
            value = replace(draw, positive=frozenset(positive), values={}).evaluated(argument)
        except (FormulaError, ArithmeticError, KeyError, ValueError):
            return True  # an index, or something else that is not to be had by itself
        if not (value.real > 0).all():
            return False
    return True


def constant_by(tree: Node) -> Derivative | None:
    """Return the ∂c/∂t of a formula that says what it is in digits, ∂c/∂t = 0: there c is a number and no path in t.

    Anywhere else what is differentiated by a number it does not name is taken to depend on it.
    """
    if not isinstance(tree, Chain) or len(tree.terms) != 2 or not isinstance(tree.terms[1], Number):
        return None
    one = tree.terms[0]
    if not isinstance(one, Derivative) or not isinstance(one.of, Symbol) or not isinstance(one.by, Symbol):
        return None
    return one if one.of != one.by and {one.of.name, one.by.name} <= NUMBERS else None


def _one_path(tree: Chain, table: _Unifier) -> None:
    """See that what does not name its variable is differentiated by one number t, along which all letters move.

    Raises `Unplaced`: nothing says how y depends on a column x, or on two numbers that may depend on each other.
    """
    paths = [
        node for node in walk(tree) if isinstance(node, Derivative) and isinstance(node.by, Symbol)
        and node.by not in walk(node.of) and constant_by(tree) is None
    ]  # fmt: skip
    for node in paths:
        assert isinstance(node.by, Symbol)
        if table.of_symbol(node.by.name) or node.by != paths[0].by:
            raise Unplaced(f"nothing says how this depends on {node.by.name}: define it, y = …", node)


def _differentiated(tree: Node) -> list[Node]:
    found: list[Node] = []
    for node in walk(tree):
        if isinstance(node, Derivative):
            found += [node.of, node.by]
    return found


class _Unifier:
    """Shapes of letters, made equal only where an expression needs it."""

    def __init__(self, lets: Mapping[str, Shape]) -> None:
        self.parents: dict[str, str] = {}
        self.shapes: dict[str, Shape] = {n: s if len(s) == 2 else (*s, "1") if s else () for n, s in lets.items()}

    def of_symbol(self, name: str) -> Shape:
        if name not in self.shapes:
            base = name[1:] if len(name) > 1 and name.startswith("d") else name
            if base in NUMBERS:
                self.shapes[name] = ()
            elif base[0].islower():
                self.shapes[name] = (f"{name}.rows", "1")
            else:
                self.shapes[name] = (f"{name}.rows", f"{name}.columns")
        return self.shapes[name]

    def root(self, dimension: str) -> str:
        while dimension in self.parents:
            dimension = self.parents[dimension]
        return dimension

    def join(self, a: str, b: str, node: Node) -> None:
        a, b = self.root(a), self.root(b)
        if a == b:
            return
        if "." not in a and "." not in b:
            raise ShapeError(f"sizes {a} and {b} would have to be equal", node)
        if "." in a:
            self.parents[a] = b
        else:
            self.parents[b] = a

    def equal(self, a: Shape, b: Shape, node: Node) -> Shape:
        if a and b:
            for x, y in zip(a, b, strict=True):
                self.join(x, y, node)
        return a or b

    def named(self, name: str) -> Shape:
        """Return a letter's shape with the sizes named p, q, r and so on."""
        return tuple(self._name(d) for d in self.of_symbol(name))

    def _name(self, dimension: str) -> str:
        root = self.root(dimension)
        if "." not in root:
            return root
        names: dict[str, str] = self.__dict__.setdefault("names", {})
        taken = set(names.values()) | {d for s in self.shapes.values() for d in s if "." not in d}
        return names.setdefault(root, next(d for d in _endless(DIMENSIONS) if d not in taken))

    def used(self) -> set[str]:
        """Return the named sizes."""
        return {self._name(d) for s in self.shapes.values() for d in s} - {"1"}

    def shape(self, node: Node) -> Shape:
        """Return the shape of an expression, making sizes equal as it needs."""
        if isinstance(node, Symbol):
            return self.of_symbol(node.name)
        if isinstance(node, Chain):
            return self.shape(node.terms[0])
        if isinstance(node, Transpose | Primed):
            return self.shape(node.operand)[::-1]
        if isinstance(node, Add | Subtract):
            return self.equal(self.shape(node.left), self.shape(node.right), node)
        if isinstance(node, Multiply):
            return self._product(node)
        if isinstance(node, Inverse | Power):
            inner = self.shape(node.operand if isinstance(node, Inverse) else node.base)
            if len(inner) == 2 and (isinstance(node, Inverse) or inner[1] != "1"):
                self.join(inner[0], inner[1], node)
            return inner
        if isinstance(node, Divide):
            top, bottom = self.shape(node.top), self.shape(node.bottom)
            return self.equal(top, bottom, node) if top and bottom else top or bottom
        if isinstance(node, Apply):
            return self._function(node)
        if isinstance(node, Component):
            return ()
        from checkedmath.tree import children

        shapes = [self.shape(below) for below in children(node)]
        return shapes[0] if len(shapes) == 1 else ()

    def _product(self, node: Multiply) -> Shape:
        left, right = self.shape(node.left), self.shape(node.right)
        if not left or not right:
            return left or right
        if node.sign in {JUXTAPOSED, DOT, MATMUL}:
            self.join(left[1], right[0], node)
            rows, columns = left[0], right[1]
            return () if self.root(rows) == self.root(columns) == "1" else (rows, columns)
        return self.equal(left, right, node) if node.sign == ELEMENTWISE else left

    def _function(self, node: Apply) -> Shape:
        inner = self.shape(node.argument)
        if node.name in {"tr", "det"}:
            if inner:
                self.join(inner[0], inner[1], node)
            return ()
        if node.name in {"norm", "sum", "mean", "max"}:
            return ()
        if node.name == "diag" and len(inner) == 2:
            return (inner[0], inner[0]) if inner[1] == "1" else (inner[0], "1")
        return inner


def _endless(letters: str) -> Any:
    yield from letters
    n = 1
    while True:
        yield from (f"{c}{n}" for c in letters)
        n += 1


#: A square matrix of a larger condition number is drawn again, at most so often: its inverse would be rounding.
WELL, TRIES = 60, 50


def _flat(rows: int) -> Any:
    """Return a projection, which makes what it multiplies singular."""
    import numpy

    return numpy.diag([0.0] + [1.0] * (rows - 1))


def _orthogonal(rows: int, random: Random, *, turned: bool) -> Any:
    """Return a rotation, or a reflection of one where it is ``turned``."""
    import numpy

    value, _ = numpy.linalg.qr(numpy.array([[random.gauss(0, 1) for _ in range(rows)] for _ in range(rows)]))
    if (numpy.linalg.det(value) < 0) != turned:
        value[:, 0] = -value[:, 0]
    return value


@dataclass
class FreeDraw:
    """Random values for free letters; ``d`` before a letter is the gradient of some number."""

    quantities: Mapping[str, Quantity]
    sizes: Mapping[str, int]
    seed: int
    reading: Reading
    defined: Mapping[str, Chain]
    positive: frozenset[str]
    adverse: bool = False
    turn: int = 0
    layers: int = 0
    values: dict[str, Any] = field(default_factory=dict)
    shift: tuple[str, Any] | None = None

    def value(self, name: str, layer: int | None) -> Any:
        """Return the value of a letter; a defined one from its definition."""
        if name in self.values:
            return self.values[name]
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
                direction = self._random(f"{name}'{self.shift[0]}", self.quantities[name].shape)
                found = found + self.shift[1] * direction
        self.values[name] = found
        return found

    def free_letters(self) -> tuple[str, ...]:
        """Return the letters that may have any value: nothing defines them, or says what kind they are."""
        kinds = {letter for _, letter in self.reading.assumptions}
        return tuple(
            name for name in self.quantities
            if name not in self.defined and name not in kinds and not (len(name) > 1 and name.startswith("d"))
        )  # fmt: skip

    def kept(self, name: str, value: Any) -> Any:
        """Return a value that a letter may have: a positive one for a letter that must be so."""
        return abs(value) if name in self.positive else value

    def moved(self, name: str, layer: int | None, value: Any) -> FreeDraw:
        """Return the draw with a letter replaced; what is defined by it follows."""
        kept = {n: v for n, v in self.values.items() if n not in self.defined and not n.startswith("d")}
        return self._copy({**kept, name: value}, self.shift)

    def along(self, name: str, step: Any) -> FreeDraw:
        """Return the draw where every matrix has moved a step along its own direction."""
        return self._copy({}, (name, step))

    def function(self, name: str, layer: int | None) -> Callable[[Any], Any]:
        """Return a general function."""
        import numpy

        if name == "softmax":
            return lambda z: numpy.exp(z) / numpy.sum(numpy.exp(z), axis=0, keepdims=True)
        return general_functions(numpy)[name]

    def _copy(self, values: dict[str, Any], shift: tuple[str, Any] | None) -> FreeDraw:
        return FreeDraw(
            self.quantities, self.sizes, self.seed, self.reading, self.defined, self.positive, self.adverse,
            self.turn, 0, values, shift,
        )  # fmt: skip

    def _moves(self, name: str) -> bool:
        """Whether a letter depends on t: those whose own d…/dt the formula names, else all."""
        if constant_by(self.reading.tree) is not None:
            return False
        named = {
            n.of.name for n in walk(self.reading.tree)
            if isinstance(n, Derivative) and isinstance(n.of, Symbol) and isinstance(n.by, Symbol)
        }  # fmt: skip
        return name in named if named else True

    def _random(self, name: str, shape: Shape | None = None) -> Any:
        import numpy

        shape = self.quantities[name].shape if shape is None else shape
        size = tuple(1 if d == "1" else int(self.sizes[d]) if not d.isdigit() else int(d) for d in shape)
        random = Random(f"{self.seed} {self.turn} {name}")  # noqa: S311 - numbers to try, no secrets
        scale = random.choice((0.0, 1e-3, 0.3, 1.0, 4.0, 30.0)) if self.adverse else random.choice((0.7, 1.0, 1.8))
        rows, columns = (*size, 1, 1)[:2]
        square = rows == columns > 1 and len(size) == 2
        kinds = {kind for kind, letter in self.reading.assumptions if letter == name}
        for _ in range(TRIES):
            value = numpy.array([[scale * random.gauss(0, 1) for _ in range(columns)] for _ in range(rows)])
            if square and self.adverse and not kinds:
                unit = numpy.eye(rows)
                value = random.choice((value, -scale * unit, scale * unit, value @ _flat(rows)))
            if "symmetric" in kinds:
                value = (value + value.T) / 2
            if "orthogonal" in kinds:
                value = _orthogonal(rows, random, turned=self.seed % 2 == 1)
            far = self.adverse or not square or numpy.linalg.cond(value) < WELL
            if far and (self.adverse or scale * 1e-3 < abs(value).min()):
                break
        if self.adverse and self.seed >= ADVERSE and (plain := PLAIN[self.seed - ADVERSE]) and not kinds:
            value = plain * numpy.eye(rows, columns)
        elif not size and not self.adverse and self.seed % 4 >= 2:  # each number of both signs, pairs of both too
            value = -abs(value) if self._first_sign(name) else abs(value)
        if name in self.positive:
            value = abs(value)
        return value if size else float(value[0, 0])

    def _first_sign(self, name: str) -> bool:
        """Whether a number is positive two draws before this one, where chance gave its sign."""
        return float(replace(self, seed=self.seed - 2, positive=frozenset(), values={})._random(name, ())) > 0

    def evaluated(self, node: Node) -> Any:
        """Return the value of an expression here, as an array."""
        import numpy

        return numpy.asarray(self._evaluate(node))

    def _evaluate(self, node: Node) -> Any:
        import numpy

        from checkedmath.evaluate import Environment, evaluate
        from checkedmath.shapes import Scope, View, resolve
        from checkedmath.tree import Index

        setting = Setting("identities", "", self.quantities, {}, lambda v: (self,), loss_names=())
        numeric = self.reading.style == "numpy"
        resolved = resolve(node, Scope(setting, View(), Index("L"), numpy=numeric))
        return evaluate(resolved, Environment(numpy, setting, self, numpy=numeric))

    def _gradient(self, name: str) -> Any:
        """Return the gradient by a letter of Σ G ∘ Y for every defined Y and a random G, which is dY."""
        import numpy

        from checkedmath.differentiate import compare_steps

        def total(moved: Any) -> Any:
            draw = self.moved(name, None, moved)
            return numpy.sum(
                [numpy.sum(self.value("d" + y, None) * draw.value(y, None)) for y in self.defined], axis=0
            ).reshape(1, 1)

        value = numpy.asarray(self.value(name, None))
        full = compare_steps(total, value.reshape(value.shape if value.ndim == 2 else (1, 1)), numpy, name)
        return full.reshape(value.shape)
