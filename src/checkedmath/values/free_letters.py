"""The setting ``identities``: free letters, with shapes from their kind, from ``{let}`` or from the text itself.

Greek letters and t, s, c, k are numbers, other lower-case letters columns, capitals matrices.  Sizes are the most
general with which every side of a formula, and what the text defines, is well-formed by itself; they are never made
equal so that two sides fit each other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

from checkedmath.meaning.free_code import of_code
from checkedmath.meaning.free_columns import with_columns
from checkedmath.meaning.free_kinds import REPEATED, with_kinds
from checkedmath.meaning.free_ones import with_ones
from checkedmath.meaning.free_sizes import Clash, Sizes
from checkedmath.meaning.indexed_letters import with_determinants, with_indexed_letters
from checkedmath.reading.defined_functions import ENTROPY, substituted
from checkedmath.reading.result import NUMPY, Reading
from checkedmath.subject.setting import FEWEST, IDENTITIES, NamedFunction, Quantity, Setting, Shape, World
from checkedmath.syntax.errors import FormulaError, ShapeError, Unplaced
from checkedmath.syntax.text import text_of
from checkedmath.syntax.tree import Apply, Chain, Component, Derivative, Inverse, Node, Symbol, transform, walk
from checkedmath.values.free_conditions import Bounds, bounds_in, is_of_letters, known_only, said_of
from checkedmath.values.free_draws import TRIES, FreeDraw, Letters, constant_by, draws_of
from checkedmath.values.functions import has_branches

TITLE = "matrix identities with free symbols"
#: The world, and the kind of draws, in which arrays do not depend on t unless their own d…/dt is named.
CONSTANT = "constant"
#: A kind of matrix; in draws of this variant all square matrices are.
SYMMETRIC = "symmetric"
#: How often a draw is made again until it meets the conditions of the text.
SEARCH = 200


def free_setting() -> Setting:
    """Return the setting as the reader needs it: every letter is a symbol."""
    entropy = NamedFunction(ENTROPY, ENTROPY, aliases=("CrossEntropy",), arguments=2)
    return Setting(IDENTITIES, TITLE, {}, {ENTROPY: entropy}, lambda variant: (), scalars=(), free=True)


def understood(reading: Reading, lets: Mapping[str, Shape]) -> Reading:
    """Return a reading with β_0 and W_1 as letters of their own, where they are.

    Raises `Unplaced` for a text that states nothing: what it defines can be neither true nor false.
    """
    if reading.idle:
        raise Unplaced(reading.idle, reading.tree)
    if reading.style == NUMPY:
        return of_code(reading, lets, lambda said: _sizes(said, lets))
    reading = with_ones(with_columns(with_determinants(with_indexed_letters(reading, lets)), lets))
    return with_kinds(reading, lets, lambda said: _sizes(said, lets, strict=True))


def declared(reading: Reading, lets: Mapping[str, Shape]) -> Setting:
    """Return the setting for one formula: its symbols with their shapes, and random draws.

    ``lets`` are the shapes that were declared.  Raises `ShapeError` where a definition, the differentiated expression
    or the left side cannot be well-formed.
    """
    table = _sizes(reading, lets)
    defined = [chain for _, chain in reading.definitions]
    trees = [reading.tree, *defined, *reading.conditions, *(body for *_, body in reading.functions)]
    names = {n.name for tree in trees for n in walk(tree) if isinstance(n, Symbol)}
    names |= {parameter for _, parameters, _ in reading.functions for parameter in parameters}
    shapes = {name: table.named(name) for name in sorted(names)}
    quantities = {n: Quantity(n, shape, n, repeated=n in table.repeated) for n, shape in shapes.items()}
    _of_numbers(trees, reading, table)
    bounds, others = _bounds(reading)
    functions = {name: NamedFunction(name, name) for name, *_ in reading.functions}
    nodes = [node for tree in trees for node in walk(tree)]
    inverted = [n.operand for n in nodes if isinstance(n, Inverse) and not isinstance(n.operand, Symbol)]
    letters = Letters(reading, quantities, table.used(), functions, bounds, others, inverted)
    paths: list[Any] = list(_one_path(reading, letters))
    kinked = any(map(has_branches, trees)) or any(isinstance(n, Apply) and n.name == "sqrt" for n in nodes)
    positive, open_ones = _positive(_taken(reading), draws_of(letters, (), kinked=kinked, adverse=False))
    known: dict[str, tuple[FreeDraw, ...]] = {}
    kinds_said = {name for _, name in reading.assumptions}
    squares = [q.name for q in quantities.values() if q.name not in letters.defined and q.name not in kinds_said
               and len(q.shape) == 2 and q.shape[0] == q.shape[1] != "1"]  # fmt: skip

    def draws(variant: str) -> tuple[FreeDraw, ...]:
        if variant not in known:
            kinds = variant.split(",")
            if SYMMETRIC in kinds:
                own = ((SYMMETRIC, name) for name in squares)
                found = replace(letters, reading=replace(reading, assumptions=(*reading.assumptions, *own)))
            else:
                found = letters
            made = draws_of(
                found, positive, kinked=kinked, adverse="adverse" in kinds, constants=CONSTANT in kinds,
            )  # fmt: skip
            known[variant] = tuple(one for draw in made if (one := _within(draw, open_ones)) is not None)
        return known[variant] if len(known[variant]) >= FEWEST else known[""]

    if len(draws("")) < FEWEST:
        few = "too few draws meet" if draws("") else "no draw meets"
        raise Unplaced(f"{few} the condition {', '.join(said_of(reading.conditions))}", reading.tree)
    by = {getattr(node.by, "name", "") for node in paths}
    paths += letters.changes
    still = {name for node in paths for name in draws("")[0].still(node.of)} - by
    could = {name for node in paths for name in draws(CONSTANT)[0].still(node.of)} - by - still
    are = "are" if len(squares) > 1 else "is"
    turned = World(SYMMETRIC, "", variant=SYMMETRIC, numbers=f"where {' and '.join(squares)} {are} symmetric")
    world = World(CONSTANT, f"{' and '.join(sorted(could))} is constant", variant=CONSTANT)
    said = said_of(reading.conditions)
    said += [text for name in sorted(positive) if (text := f"{name} > 0") not in said]
    said += [text for node in open_ones if (text := f"{text_of(node)} > 0") not in said]
    said += [f"{name} constant" for name in sorted(still)]
    note = "for " + ", ".join(said) if said else ""
    return Setting(
        IDENTITIES, TITLE, quantities, functions, draws, scalars=(), adverse="adverse", restricted=note,
        free=True,
        worlds=((world,) if could else ()) + ((turned,) if squares else ()),
    )  # fmt: skip


def _sizes(reading: Reading, lets: Mapping[str, Shape], *, strict: bool = False) -> Sizes:
    """Return the sizes that the text needs: of what it defines, and of each of its expressions by itself.

    ``strict``: a left side, or what is differentiated, that cannot be well-formed is an error too.
    """
    bodies = {name: chain.terms[-1] for name, chain in reading.definitions}
    known = {**reading.declared, **lets}
    coded = reading.style == NUMPY
    counts = {size for shape in known.values() for size in shape if size.isalpha()} - known.keys() - bodies.keys()
    # The n of (n, n) is that size, where a formula names it.
    table = Sizes({**known, **dict.fromkeys(counts, ())}, bodies, coded=coded)
    table.repeated = {name for kind, name in reading.assumptions if kind == REPEATED}
    for name, body in bodies.items():
        found = table.shape(body)
        own = table.of_symbol(name)
        table.equal(found, own, body)
        if found is not None and bool(found) != bool(own):
            raise ShapeError(f"{name} is {table.said(own)}, not {table.said(found)}", body)
    for kind, name in reading.assumptions:
        if kind in {"symmetric", "invertible", "square", "orthogonal"}:
            if not (shape := table.of_symbol(name)):
                raise Unplaced(f"{name} is a number, and only a matrix is {kind}", reading.tree)
            table.join(shape[0], shape[1], reading.tree)
    steps = coded and bool(bodies)  # dW and dY have the shapes of W and Y, whatever is written of them
    beside = [node for tree in reading.beside for node in (*_differentiated(tree), tree.terms[0])]
    first = _differentiated(reading.tree) if steps else [*_differentiated(reading.tree), reading.tree.terms[0], *beside]
    for tree in first:
        try:
            table.attempt(lambda tree=tree: table.shape(tree))  # type: ignore[misc]
        except Clash:
            raise
        except ShapeError:
            if strict:
                raise
            continue
    for term in () if steps else (*reading.tree.terms, *(t for c in reading.conditions for t in c.terms)):
        table.demand(term)
    for name in {n.name for n in walk(reading.tree) if isinstance(n, Symbol) and len(n.name) > 1 and n.name[0] == "d"}:
        table.shapes[name] = table.of_symbol(name[1:])
    return table


def _of_numbers(trees: Sequence[Node], reading: Reading, table: Sizes) -> None:
    """See that what the text defines as a function of a number is taken at numbers."""
    defined = {name for name, *_ in reading.functions}
    for node in (n for tree in trees for n in walk(tree) if isinstance(n, Apply) and n.name in defined):
        if table.shape(node.argument) != ():
            raise Unplaced(f"{node.name} is defined of a number, and {text_of(node.argument)} is none", node)


def _bounds(reading: Reading) -> tuple[dict[str, Bounds], list[Chain]]:
    """Return between which numbers letters lie, and the conditions that say more than that."""
    found: dict[str, Bounds] = {}
    others: list[Chain] = []
    defined = {name for name, _ in reading.definitions}
    for condition in reading.conditions:
        known_only(condition)
        bounds = bounds_in(condition)
        for name, one in (bounds or {}).items():
            found[name] = found.get(name, Bounds()).within(one)
            if found[name].empty:
                raise Unplaced(f"no number meets the condition {', '.join(said_of(reading.conditions))}", condition)
        if bounds is None or bounds.keys() & defined or not is_of_letters(condition):
            others.append(condition)
    return found, others


def _taken(reading: Reading) -> list[Node]:
    """Return a formula and what it stands on: definitions, and the functions of the text at what they are taken at."""
    bodies = {name: (parameter, body) for name, (parameter, *_), body in reading.functions}
    found = [reading.tree, *(chain.terms[-1] for _, chain in reading.definitions)]
    for tree in found:  # what is found on the way is looked at too
        for node in walk(tree):
            if isinstance(node, Apply) and node.name in bodies:
                parameter, body = bodies[node.name]
                found.append(substituted(body, {parameter: node.argument}))
    return found


def _positive(trees: Sequence[Node], draws: Sequence[FreeDraw]) -> tuple[frozenset[str], list[Node]]:
    """Return the letters that must be positive for the arguments of roots and logarithms to be so: as few as can be.

    The nodes are arguments that no choice of letters makes positive, such as det(X).
    """
    found: set[str] = set()
    others: list[Node] = []
    for node in dict.fromkeys(node for tree in trees for node in walk(tree)):
        if isinstance(node, Apply) and node.name in {"log", "sqrt"}:
            argument = transform(node.argument, _whole)
            letters = sorted({n.name for n in walk(argument) if isinstance(n, Symbol)})
            choices = (set(some) for count in range(len(letters) + 1) for some in combinations(letters, count))
            some = next((some for some in choices if _in_domain(argument, draws, found | some)), None)
            if some is None:
                others.append(argument)
            found |= some or set()
    return frozenset(found), others


def _whole(node: Node) -> Node:
    """Return a for its entry a_k, any of which must be positive."""
    return node.base if isinstance(node, Component) and all(index.letter for index in node.indices) else node


def _within(draw: FreeDraw, arguments: Sequence[Node]) -> FreeDraw | None:
    """Return the draw, or the next one like it, in which these are positive and the conditions hold.

    Without conditions it is the draw itself if there is none.
    """
    conditions = draw.letters.conditions
    tries = (replace(draw, turn=turn, values={}) for turn in range(SEARCH if conditions else TRIES if arguments else 1))
    good = (one for one in tries
            if one.meets() and all(_in_domain(node, [one], set(one.positive)) for node in arguments))  # fmt: skip
    return next(good, None if conditions else draw)


def _in_domain(argument: Node, draws: Sequence[FreeDraw], positive: set[str]) -> bool:
    for draw in draws:
        try:
            value = replace(draw, positive=frozenset(positive), values={}).evaluated(argument)
        except (FormulaError, ArithmeticError, KeyError, ValueError):
            return True  # an index, or something else that is not to be had by itself
        if not (value.real > 0).all():
            return False
    return True


def _one_path(reading: Reading, letters: Letters) -> list[Derivative]:
    """Return what is differentiated by a number t that it does not name: along t all letters move.

    Raises `Unplaced`: nothing says how y depends on a column x, or on two numbers that may depend on each other.
    """
    paths = [
        node for node in walk(reading.tree) if isinstance(node, Derivative) and isinstance(node.by, Symbol)
        and node.by.name not in letters.names(node.of) and constant_by(reading) is None
    ]  # fmt: skip
    for node in paths:
        assert isinstance(node.by, Symbol)
        if letters.quantities[node.by.name].shape or node.by != paths[0].by or node.by.name in letters.defined:
            raise Unplaced(f"nothing says how this depends on {node.by.name}: define it, y = …", node)
    return paths


def _differentiated(tree: Node) -> list[Node]:
    found: list[Node] = []
    for node in walk(tree):
        if isinstance(node, Derivative):
            found += [node.of, node.by, node]
    return found


__all__ = ["constant_by", "declared", "free_setting", "understood"]
