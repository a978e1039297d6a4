"""Free letters in code: what its names of gradients are the gradients of, and which of its arrays have which axes.

``z = W @ x; a = np.tanh(z); dz = da * (1 - a**2)`` computes a from x and W, and says gradients of one number by each of
them: of the number that the text computes last, or of any that follows from what it does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from checkedmath.meaning.free_dimensions import NUMBERS, Dimensions
from checkedmath.meaning.free_kinds import REPEATED, Kinds
from checkedmath.meaning.free_scalars import scalars_in
from checkedmath.reading.result import Reading
from checkedmath.subject.setting import Shape
from checkedmath.subject.view import COURSE
from checkedmath.syntax.errors import ShapeError
from checkedmath.syntax.tree import (
    MATMUL,
    Add,
    AxisSum,
    Chain,
    Derivative,
    Multiply,
    Node,
    Symbol,
    transform,
    walk,
)  # fmt: skip

#: Letters for a number that is made small, where a text computes it, and for one that it does not.
OBJECTIVES, UNSAID = set("LJCE"), ("ℓ", "ℒ", "Λ")
#: Letters of what data are multiplied with.
WEIGHTS = set("wuvaWUVAMΘ")


def of_code(reading: Reading, lets: Mapping[str, Shape], fits: Callable[[Reading], Dimensions]) -> Reading:
    """Return a reading of code in which dW is a derivative, and which says how many axes its arrays have.

    ``fits`` raises a `ShapeError` where what the text computes is not well-formed.
    """
    reading = _with_derivatives(reading)
    of = {n.of.name for n in walk(reading.tree) if isinstance(n, Derivative) and isinstance(n.of, Symbol)}
    second: Reading | None = None
    for kinds, biases in _choices(reading, lets):
        repeated = tuple((REPEATED, name) for name in biases)
        said = replace(
            reading, declared={**reading.declared, **kinds, **biases}, assumptions=(*reading.assumptions, *repeated)
        )
        try:
            table = fits(said)
        except ShapeError:
            continue
        said = _with_flat_sums(said, biases)
        if not any(map(table.of_symbol, of)):  # what is differentiated is a number
            return said
        second = second or said
    return second or reading


def _with_derivatives(reading: Reading) -> Reading:
    trees = (reading.tree, *reading.beside)
    names = {n.name for tree in trees for n in walk(tree) if isinstance(n, Symbol)}
    if not reading.definitions or not any(len(name) == 2 and name[0] == "d" for name in names):
        return reading
    bodies = {name: chain.terms[-1] for name, chain in reading.definitions}
    behind = {n.name for body in bodies.values() for n in walk(body) if isinstance(n, Symbol)}
    ends = [name for name in bodies if name not in behind and name in OBJECTIVES and f"d{name}" not in names]
    number = ends[-1] if ends else next(name for name in UNSAID if name not in names | behind)

    def change(node: Node) -> Node:
        if isinstance(node, Symbol) and len(node.name) == 2 and node.name[0] == "d":
            return Derivative(Symbol(number), Symbol(node.name[1], span=node.span), span=node.span)
        return node

    def full(tree: Chain) -> Chain:
        return transform(tree, change)  # type: ignore[return-value]

    definitions = dict(reading.definitions)
    if not ends:
        # What the text goes back from is what the number follows from; beside it, an array that nothing uses is not.
        back = {n.name[1:] for tree in trees for term in tree.terms[1:] for n in walk(term) if isinstance(n, Symbol)}
        unused = {name for name in bodies if name not in behind and f"d{name}" not in names}
        idle = unused if back & bodies.keys() else ()
        followed = {name: chain for name, chain in definitions.items() if name not in idle}
        definitions |= scalars_in(followed, [full(tree) for tree in trees])
    if number not in definitions:
        return reading
    demands = tuple(
        replace(one, node=transform(one.node, change), like=None if one.like is None else transform(one.like, change))
        for one in reading.demands
    )
    return replace(
        reading, tree=full(reading.tree), beside=tuple(map(full, reading.beside)), demands=demands,
        definitions=tuple(definitions.items()), layout=reading.layout or COURSE,
    )  # fmt: skip


def _choices(reading: Reading, lets: Mapping[str, Shape]) -> Iterator[tuple[Kinds, Kinds]]:
    """Yield which letters are matrices though they are small, and which are added to each row or column."""
    trees = [chain.terms[-1] for _, chain in reading.definitions]
    nodes = [node for tree in trees for node in walk(tree)]
    known = {*lets, *reading.declared, *reading.shapes, *(name for name, _ in reading.definitions)}
    letters = dict.fromkeys(n.name for n in nodes if isinstance(n, Symbol) and n.name not in known)
    small = [name for name in letters if name[0].islower() and name not in NUMBERS and len(name) == 1]
    biases: Kinds = {}
    for node in nodes:
        if isinstance(node, Add) and isinstance(node.right, Symbol) and node.right.name in small:
            first = node.left
            if isinstance(first, Multiply) and first.sign == MATMUL:
                name, start = node.right.name, next(n.name for n in walk(first.left) if isinstance(n, Symbol))
                rows = start not in WEIGHTS
                biases[name] = ("1", f"{name}.columns") if rows else (f"{name}.rows", "1")
    tables: Kinds = {name: (f"{name}.rows", f"{name}.columns") for name in small if name not in biases}
    yield {}, {}
    if biases:
        yield {}, biases
    if tables:
        yield tables, {}
        if biases:
            yield tables, biases
    yield dict.fromkeys(letters, ()), {}


def _with_flat_sums(reading: Reading, biases: Kinds) -> Reading:
    """Take the b that is added to each row for an array with one axis, where the text sums db to one."""
    rows = {name for name, shape in biases.items() if shape[0] == "1"}
    left, *right = reading.tree.terms
    by = left.by if isinstance(left, Derivative) else left
    sums = isinstance(by, Symbol) and by.name.removeprefix("d") in rows and len(right) == 1
    if not sums or not isinstance(right[0], AxisSum) or right[0].axis != 0 or right[0].keepdims:
        return reading
    tree = replace(reading.tree, terms=(left, replace(right[0], keepdims=True)))
    name = by.name.removeprefix("d")  # type: ignore[attr-defined]
    return replace(reading, tree=tree, notes=(*reading.notes, f"{name} is read as an array with one axis"))


__all__ = ["of_code"]
