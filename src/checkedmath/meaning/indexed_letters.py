"""Letters with an index: entries of a column or a matrix, or letters of their own, such as β_0 and W_1."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from checkedmath.meaning.free_sizes import NUMBERS
from checkedmath.reading.result import Reading
from checkedmath.subject.setting import Shape
from checkedmath.syntax.text import text_of
from checkedmath.syntax.tree import (
    Add,
    Apply,
    Chain,
    Component,
    Index,
    Inverse,
    Multiply,
    Node,
    Subtract,
    Symbol,
    Transpose,
    transform,
    walk,
)  # fmt: skip

ROWS = "rows"


def with_indexed_letters(reading: Reading, lets: Mapping[str, Shape]) -> Reading:
    """Return a reading in which β_0, of a number β, and W_1, of a matrix W, are letters of their own.

    A number with letters for indices, Σ β_i x_i, is a column with these entries.  A_{12} is row 1, column 2.
    """
    chains = [chain for _, chain in reading.definitions]
    trees = [reading.tree, *chains, *reading.conditions, *(body for *_, body in reading.functions)]
    lets = {**reading.declared, **lets}
    indexed = {n.base.name for t in trees for n in walk(t) if isinstance(n, Component) and isinstance(n.base, Symbol)}
    defined = {name for name, _ in reading.definitions}
    if not indexed - defined:
        return reading
    # Where matrices carry numbers, W_1 and W_2, so do columns: b_1 is no entry of a b that stands nowhere by itself.
    bases = [n.base for t in trees for n in walk(t) if isinstance(n, Component)]
    every, under = Counter(n for t in trees for n in walk(t) if isinstance(n, Symbol)), Counter(bases)
    bare = {symbol.name for symbol, count in every.items() if count > under[symbol]}
    matrices = {n for n in indexed if n[0].isupper() and n not in bare and n not in lets and not _lettered(n, trees)}
    numbered = bool(matrices) or any("_" in name for name in defined)
    columns: dict[str, Shape] = {}
    for name in sorted(indexed - defined):
        if _lettered(name, trees) and _is_number(name, lets) and len(name) == 1:
            columns[name] = (f"{name}.{ROWS}", "1")
    own: dict[str, Shape] = {}

    def change(node: Node) -> Node:
        if not isinstance(node, Component) or not isinstance(node.base, Symbol) or len(node.indices) != 1:
            return node
        name, index = node.base.name, node.indices[0]
        letter = f"{name}_{index}"
        if letter not in lets:
            own_column = numbered and name not in bare and name not in lets and not _lettered(name, trees)
            if index.letter or name in columns or name in defined or not (own_column or _alone(name, lets)):
                return node
            if not _is_number(name, lets) and 11 <= index.offset <= 99:
                return replace(node, indices=(Index("", index.offset // 10), Index("", index.offset % 10)))
            if name in lets:
                own[letter] = lets[name]
        return Symbol(letter, span=node.span)

    def full(tree: Chain) -> Chain:
        return transform(tree, change)  # type: ignore[return-value]

    return replace(
        reading, tree=full(reading.tree), loose=full(reading.loose) if reading.loose is not None else None,
        definitions=tuple((name, full(chain)) for name, chain in reading.definitions),
        conditions=tuple(map(full, reading.conditions)),
        functions=tuple((name, parameters, transform(body, change)) for name, parameters, body in reading.functions),
        declared={**reading.declared, **columns, **own},
    )  # fmt: skip


def with_determinants(reading: Reading) -> Reading:
    """Return a reading in which |A| of matrices is their determinant."""
    found: list[str] = []

    def change(node: Node) -> Node:
        if not isinstance(node, Apply) or node.name != "abs" or node.primes or not _of_matrices(node.argument):
            return node
        found.append(f"{text_of(node)} is read as the determinant")
        return replace(node, name="det")

    tree = transform(reading.tree, change)
    definitions = tuple((name, transform(chain, change)) for name, chain in reading.definitions)
    notes = (*reading.notes, *dict.fromkeys(found))
    return replace(reading, tree=tree, definitions=definitions, notes=notes) if found else reading  # type: ignore[arg-type]


def _of_matrices(node: Node) -> bool:
    """Whether an expression is made of capitals alone, which are matrices, and nothing makes a number of them."""
    kinds = (Symbol, Multiply, Transpose, Inverse, Add, Subtract)
    names = [n.name for n in walk(node) if isinstance(n, Symbol)]
    return all(isinstance(n, kinds) for n in walk(node)) and bool(names) and all(name[0].isupper() for name in names)


def _lettered(name: str, trees: Sequence[Node]) -> bool:
    """Whether a letter has a letter, or two numbers, for an index."""
    found = (n for t in trees for n in walk(t) if isinstance(n, Component) and n.base == Symbol(name) and n.indices)
    return any(n.indices[0].letter or len(n.indices) > 1 for n in found)


def _is_number(name: str, lets: Mapping[str, Shape]) -> bool:
    return lets[name] == () if name in lets else name[0] in NUMBERS


def _alone(name: str, lets: Mapping[str, Shape]) -> bool:
    """Whether one index of this letter is no entry: it is a number, or a matrix, of which an entry has two."""
    if name in lets:
        return lets[name] == () or (len(lets[name]) == 2 and "1" not in lets[name])
    return name[0] in NUMBERS or name[0].isupper()


__all__ = ["with_determinants", "with_indexed_letters"]
