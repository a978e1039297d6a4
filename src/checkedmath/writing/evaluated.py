"""A formula with the numbers of one draw: symbols, slopes g′(z) and derivatives become their values.

An index stands for 1, and a short sum over an index is written out, so that nothing is left but numbers
and the signs between them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import reduce
from typing import Any

from checkedmath.meaning.indices import free_indices
from checkedmath.meaning.resolution import Resolved, Scope, resolve
from checkedmath.syntax.errors import FormulaError
from checkedmath.syntax.tree import (
    DOT,
    ELEMENTWISE,
    JUXTAPOSED,
    Add,
    Apply,
    Chain,
    Component,
    Delta,
    Derivative,
    Example,
    Index,
    Multiply,
    Node,
    SumOver,
    Symbol,
    Transpose,
    transform,
    walk,
)  # fmt: skip
from checkedmath.values.evaluate import NO_VALUE, Environment, evaluate
from checkedmath.writing.numbers import write_numbers

LONGEST_SUM = 5


class NoNumbers(FormulaError):
    """A formula for which there are no numbers to show, and why."""


def with_numbers(chain: Chain, scope: Scope, env: Environment) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return each term of the formula with numbers, as LaTeX and as plain text.

    Raises `NoNumbers` where that would show nothing, and `ShapeError` where shapes do not fit.
    """
    terms = [resolve(term, scope) for term in chain.terms]
    ones = {letter: Index("", 1) for letter in free_indices(chain)}
    latex: list[str] = []
    text: list[str] = []
    for term in terms:
        plain = _indexed(_written_out(term, env), ones)
        if any(isinstance(n, SumOver) for n in walk(plain)):
            raise NoNumbers(f"a sum over {env.setting.family.word}s, or over columns, is not written out")
        item = resolve(plain, scope)
        dotted = _dotted(item)
        if dotted != plain:
            plain, item = dotted, resolve(dotted, scope)
        try:
            values = {below.node: _plain(evaluate(below, env)) for below in _valued(item)}
        except NO_VALUE as error:
            raise NoNumbers(f"it has no value in {env.setting.example}: {error}") from None
        for style, found in (("latex", latex), ("text", text)):
            written = write_numbers(plain, values, scope.setting, style=style)
            # A negative number alone needs no brackets.
            found.append(written[1:-1] if plain in values and written.startswith(("(-", "(−")) else written)
    return tuple(latex), tuple(text)


def _plain(value: Any) -> Any:
    value = value.tolist() if hasattr(value, "tolist") else value
    return value.real if isinstance(value, complex) else value


def _dotted(item: Resolved) -> Node:
    """Return the node with a dot between two numbers: 2 times 3 is no 2 3."""
    scales: set[Node] = set()
    stack = [item]
    while stack:
        top = stack.pop()
        if isinstance(top.node, Multiply) and not any(part.shape for part in top.parts):
            scales.add(top.node)
        stack.extend(top.parts)
    if not scales:
        return item.node

    def change(below: Node) -> Node:
        if isinstance(below, Multiply) and below.sign in {JUXTAPOSED, ELEMENTWISE} and below in scales:
            return replace(below, sign=DOT)
        return below

    return transform(item.node, change)


def _valued(item: Resolved) -> Iterator[Resolved]:
    """Yield the parts that become numbers, the largest first."""
    node = item.node
    turned_number = isinstance(node, Transpose) and not item.shape
    if isinstance(node, Symbol | Component | Example | Derivative | Delta) or turned_number or _is_slope(item):
        yield item
    else:
        for part in item.parts:
            yield from _valued(part)


def _is_slope(item: Resolved) -> bool:
    return isinstance(item.node, Apply) and bool(item.node.primes) and item.how == "function"


def _written_out(item: Resolved, env: Environment) -> Node:
    """Return the node with every short sum over an index written as a sum of terms."""
    node = item.node
    short: dict[Node, Node] = {}
    for below in _sums(item):
        letter, size = below.extra
        count = env.range_of(size)
        if count > LONGEST_SUM:
            raise NoNumbers(f"a sum of {count} terms is too long to be written out")
        body = _written_out(below.parts[0], env)
        parts = [_indexed(body, {letter: Index("", n)}) for n in range(1, count + 1)]
        short[below.node] = reduce(Add, parts)
    return transform(node, lambda below: short.get(below, below)) if short else node


def _sums(item: Resolved) -> Iterator[Resolved]:
    if isinstance(item.node, SumOver) and item.how == "sum":
        yield item
        return
    for part in item.parts:
        yield from _sums(part)


def _indexed(node: Node, numbers: dict[str, Index]) -> Node:
    """Return the node with numbers for letters of indices."""
    if not numbers:
        return node

    def settle(index: Index) -> Index:
        number = numbers.get(index.letter) if index.letter else None
        return Index("", number.offset + index.offset) if number is not None else index

    def change(below: Node) -> Node:
        if isinstance(below, Component):
            return replace(below, indices=tuple(map(settle, below.indices)))
        if isinstance(below, Example):
            return replace(below, index=settle(below.index))
        if isinstance(below, Delta):
            return replace(below, first=settle(below.first), second=settle(below.second))
        return below

    return transform(node, change)
