"""A text about free letters: its statements, and what they say of its letters beside claiming something."""


from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from checkedmath.reading import weighed
from checkedmath.reading.defined_functions import expanded
from checkedmath.reading.result import Reading
from checkedmath.subject.setting import Shape
from checkedmath.syntax.errors import Unplaced, Unreadable
from checkedmath.syntax.source import Statement
from checkedmath.syntax.tree import (
    Chain,
    Derivative,
    Negate,
    Node,
    Number,
    Symbol,
    transform,
    walk,
)  # fmt: skip

CLAIM, DEFINITION, DECLARATION, CONDITION = "claim", "definition", "declaration", "condition"


@dataclass
class Part:
    """One statement of a text: what was read of it, or why it cannot be, and what it does."""

    stated: Statement
    reading: Reading | None = None
    fault: Unreadable | None = None
    role: str = CLAIM


    def read(self) -> Reading:
        """Return its reading.  Raises `Unreadable` where there is none."""
        if self.reading is None:
            raise self.fault or Unreadable(self.stated.source, self.stated.span[0], "a formula")
        return self.reading


@dataclass
class Text:
    """A whole text: its statements, and what they say of its letters."""

    parts: list[Part]
    definitions: dict[str, Chain] = field(default_factory=dict)
    entries: dict[str, Chain] = field(default_factory=dict)  # letters defined by their entries, y_i = …
    functions: dict[str, tuple[tuple[str, ...], Node]] = field(default_factory=dict)
    declared: dict[str, Shape] = field(default_factory=dict)
    conditions: list[Chain] = field(default_factory=list)
    assumptions: list[tuple[str, str]] = field(default_factory=list)
    layout: str = ""
    indices: set[str] = field(default_factory=set)
    unsaid: tuple[str, ...] = ()  # functions of which it says only that something depends by them on something
    opened: tuple[str, ...] = ()  # the functions that the text seems to define
    of_page: bool = False  # on a page a bound that stands alone is a claim; in a pasted text it is half a sentence

    def claims(self) -> Iterator[Part]:
        """Yield the statements that claim something, or cannot be read, with all that the text says in their reading.

        Where a text claims nothing, that is its last statement, and its reading says so.
        """
        judged = [part for part in self.parts if part.role == CLAIM]
        for part in judged:
            yield self.in_full(part)
        if not judged:
            part = self.in_full(self.parts[-1])
            roles = {one.role for one in self.parts}
            what = "defines" if DEFINITION in roles else "declares" if DECLARATION in roles else "sets conditions"
            said = f"expected what follows from it as well: this {what}, and claims nothing that could be compared"
            yield part if part.reading is None else replace(part, reading=replace(part.reading, idle=said))

    def on_page(self, part: Part) -> Part:
        """Return a statement as a page reads it: t = 2 alone sets a value there."""
        if len(self.parts) == 1 and part.reading is not None and part.role == DEFINITION:
            right = part.reading.tree.terms[-1]
            if isinstance(right.operand if isinstance(right, Negate) else right, Number):
                return replace(part, role=CLAIM)
        return self.in_full(part)

    def in_full(self, part: Part) -> Part:
        """Return a statement with all that its text says."""
        full = self._in_full(part)
        others = [self._in_full(one) for one in self.parts if one.role == CLAIM and one is not part]
        if full.reading is None or not any(one.reading for one in others):
            return full
        beside = tuple(one.reading.tree for one in others if one.reading is not None)
        return replace(full, reading=replace(full.reading, beside=beside))

    def _in_full(self, part: Part) -> Part:
        reading = part.reading
        if reading is None:
            return part
        functions = tuple((name, parameters, body) for name, (parameters, body) in self.functions.items())
        numbers = {p for _, parameters, _ in functions for p in parameters if p in self.declared}
        notes = [f"{name} is read as a number" for name in sorted(numbers) if self.declared[name] == ()]
        try:
            reading = expanded(replace(
                reading, definitions=tuple(self.definitions.items()), conditions=tuple(self.conditions),
                assumptions=tuple(dict.fromkeys((*reading.assumptions, *self.assumptions))),
                declared=dict(self.declared), functions=functions, layout=reading.layout or self.layout,
                notes=(*reading.notes, *notes),
            ))  # fmt: skip
            return replace(part, reading=weighed(_with_derivatives_put_in(reading)))
        except Unplaced as error:
            return replace(part, reading=None, fault=Unreadable(reading.text, error.span[0], str(error)))
        except Unreadable as fault:
            return replace(part, reading=None, fault=fault)


def _with_derivatives_put_in(reading: Reading) -> Reading:
    """Put what stands for a derivative, δ = ∂L/∂z, in its place: its shape is that of the formula's layout."""
    put: dict[str, Node] = {}
    for _ in reading.definitions:  # one may stand for another
        put |= {name: chain.terms[-1] for name, chain in reading.definitions
                if any(isinstance(n, Derivative) or (isinstance(n, Symbol) and n.name in put)
                       for n in walk(chain.terms[-1]))}  # fmt: skip
    if not put:
        return reading

    def change(node: Node) -> Node:
        if isinstance(node, Symbol) and node.name in put:
            return replace(transform(put[node.name], lambda n: replace(n, span=(0, 0))), span=node.span)
        return node

    def full(tree: Chain) -> Chain:
        for _ in put:  # one may stand for another
            tree = transform(tree, change)  # type: ignore[assignment]
        return tree

    definitions = tuple((name, full(chain)) for name, chain in reading.definitions if name not in put)
    loose = full(reading.loose) if reading.loose is not None else None
    return replace(reading, tree=full(reading.tree), loose=loose, definitions=definitions)


__all__ = ["CLAIM", "CONDITION", "DECLARATION", "DEFINITION", "Part", "Text"]
