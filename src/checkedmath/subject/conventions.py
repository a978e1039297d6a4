"""The worlds a formula may be true in, other than the course's.

A world differs from the course's in one respect, or in two when one of them is a layout or the
kind of a product.  General ones are here; a setting brings its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from checkedmath.subject.general import COLUMN, taking
from checkedmath.subject.letters import Letters, counted
from checkedmath.subject.setting import Setting, World
from checkedmath.subject.view import DENOMINATOR, NUMERATOR, View
from checkedmath.syntax.tree import (
    BROADCAST,
    DOT,
    ELEMENTWISE,
    JUXTAPOSED,
    MATMUL,
    TENSOR,
    Apply,
    AxisSum,
    Chain,
    Derivative,
    Multiply,
    Node,
    SumOver,
    Symbol,
    Transpose,
    transform,
    walk,
)  # fmt: skip

#: The codes of the general ones.  With those of the worlds that a setting declares the list is closed: `codes_of`.
CODES = (
    "layout-numerator", "layout-denominator", "entrywise", "product-matrix", "product-elementwise", "product-outer",
    "product-jacobian", "shape-1d", "broadcast", "reading", "constant",
)  # fmt: skip
#: Two respects may differ when one of them is of these kinds.
FREE = {"layout", "product"}
ENTRY_OR = "matrix where it fits"
NO_WORLD = World("", "")


def codes_of(settings: Iterable[Setting]) -> frozenset[str]:
    """Return every code that a condition may have in these settings."""
    found = set(CODES)
    for setting in settings:
        found |= {world.code for world in setting.worlds}
        found |= {letters.condition[0] for letters in setting.letters if letters.condition}
    return frozenset(found)


@dataclass(frozen=True)
class Respect:
    """One respect in which a world differs from the course's: ``change`` is what is otherwise in the view."""

    code: str
    text: str
    kind: str  # layout, product, or another
    change: Mapping[str, Any] = field(default_factory=dict)
    world: World = NO_WORLD  # of the setting, where it is one of those
    reading: int = 0  # which of the other readings of the text, from 1

    @classmethod
    def of(cls, world: World) -> Respect:
        """Return the respect in which a world of the setting differs."""
        change = {"sizes": world.sizes, "turned": world.turned, "helper_of_value": world.helper_of_value}
        return cls(world.code, world.text, "world", {name: new for name, new in change.items() if new}, world)


@dataclass(frozen=True)
class Way:
    """A whole way to judge: the respects together."""

    respects: tuple[Respect, ...] = ()

    def view(self, base: View) -> View:
        """Return the view of the course's world changed in these respects; the first one's layout counts."""
        for respect in reversed(self.respects):
            base = base.changed(respect.change)
        return base

    def variant(self, shown: str) -> str:
        """Return the setting's variant; ``shown`` is what the text itself shows."""
        names = [shown] if shown else []
        for respect in self.respects:
            if variant := respect.world.variant:
                if replaced := respect.world.replaces:
                    names = [n for n in names if not n.startswith(replaced)]
                names.append(variant)
        return ",".join(names)

    def counted(self, tree: Chain, setting: Setting, text: str) -> Chain:
        """Return a formula with its numbers, and its examples, counted as they are here."""
        for respect in self.respects:
            if respect.world.counting is not None:
                tree = counted(tree, respect.world.counting, setting)
            if letters := respect.world.examples:
                tree = transform(tree, lambda n, of=letters: _of_examples(n, of, setting, text))  # type: ignore[assignment, misc]
        return tree

    @property
    def reading(self) -> int:
        """Which reading of the text is judged: 0 is the one by the table of precedence."""
        return max((r.reading for r in self.respects), default=0)


def respects(
    tree: Chain, setting: Setting, numpy: bool, readings: tuple[str, ...], text: str = "", beside: Chain | None = None
) -> list[Respect]:
    """Return the respects that can make a difference for this formula, likeliest first.

    ``beside`` is all of the text that it stands in.
    """
    nodes = list(walk(tree))
    signs = {n.sign for n in nodes if isinstance(n, Multiply)}
    names = {n.name for n in nodes if isinstance(n, Symbol)}
    found: list[Respect] = []
    if any(isinstance(n, Derivative) for n in nodes):
        found += [
            Respect(f"layout-{layout}", f"the derivatives are in {layout} layout", "layout", {"layout": layout})
            for layout in (NUMERATOR, DENOMINATOR)
        ]
        text_of_entries = "∂ is taken entry by entry: the diagonal of the Jacobian"
        found.append(Respect("entrywise", text_of_entries, "layout", {"entrywise": True}))
    found += _products(nodes, signs, setting, readings)
    if any(isinstance(n, AxisSum) and n.axis is not None and not n.keepdims for n in nodes):
        text = "an array with one axis is read as a column, or where examples are rows as a row"
        found.append(Respect("shape-1d", text, "shape", {"flat_is_column": True}))
    for world in setting.worlds:
        if (world.numbers and has_shape(tree, text, setting)) or world.left_out & names:
            continue
        if world.examples and all(_of_examples(n, world.examples, setting, text) is n for n in nodes):
            continue
        if world.counting is not None and (numpy or "[" in text or not _is_counted(nodes, world.counting)):
            continue
        if world.transposed and not stands_transposed(world.transposed, walk(beside or tree), setting):
            continue
        found.append(Respect.of(world))
    # In NumPy a sign means one thing: another product is the last thing to think of.
    return sorted(found, key=lambda r: numpy and r.kind == "product")


def _is_counted(nodes: list[Node], letters: Letters) -> bool:
    """Whether a formula has something with a number that these letters count otherwise."""
    return any(getattr(n, "member", None) is not None and getattr(n, "name", "") in letters.shifts for n in nodes)


def _of_examples(node: Node, letters: frozenset[str], setting: Setting, text: str) -> Node:
    """Return the number of examples for a letter that stands for it."""
    counts = isinstance(node, Symbol) and text[slice(*node.span)].strip("{} ") in letters
    return Symbol(setting.examples, span=node.span) if counts else node


def _products(nodes: list[Node], signs: set[str], setting: Setting, readings: tuple[str, ...]) -> list[Respect]:
    """Return the respects in which the signs of a product may be meant otherwise."""
    found: list[Respect] = []
    if ELEMENTWISE in signs and sum(isinstance(n, Derivative) for n in nodes) > 1:
        text = "* is the product of Jacobians in numerator layout"
        change = {"layout": NUMERATOR, "signs": {ELEMENTWISE: ENTRY_OR}}
        found.append(Respect("product-jacobian", text, "product", change))
    if signs & {ELEMENTWISE, BROADCAST}:
        matrix = {ELEMENTWISE: ENTRY_OR, BROADCAST: ENTRY_OR}
        found.append(Respect("product-matrix", "* is read as the matrix product", "product", {"signs": matrix}))
    if signs & {JUXTAPOSED, DOT, TENSOR, MATMUL}:
        entry = dict.fromkeys((JUXTAPOSED, DOT, TENSOR), "entry where it fits") | {MATMUL: "numpy"}
        text = "the product is read element-wise"
        found.append(Respect("product-elementwise", text, "product", {"signs": entry}))
    if signs & {JUXTAPOSED, DOT, TENSOR, ELEMENTWISE, BROADCAST}:
        outer = dict.fromkeys((JUXTAPOSED, DOT, TENSOR, ELEMENTWISE, BROADCAST), "outer where it fits")
        text = "the product is read as the outer product u vᵀ"
        found.append(Respect("product-outer", text, "product", {"signs": outer}))
    of_columns = taking(COLUMN)
    if setting.output_function in of_columns:
        of_columns |= {"g"}
    if any(isinstance(n, Apply) and n.name in of_columns and n.primes for n in nodes):
        jacobian = dict.fromkeys((ELEMENTWISE, JUXTAPOSED, DOT, BROADCAST), "jacobian")
        text = "the Jacobian is multiplied with the vector, column by column"
        found.append(Respect("product-jacobian", text, "product", {"signs": jacobian}))
    for n, text in enumerate(readings, start=1):
        found.append(Respect("reading", text, "product", reading=n))
    return found


def stands_transposed(kind: str, nodes: Iterable[Node], setting: Setting) -> bool:
    """Whether a text multiplies the transpose of a quantity that is oriented so with one that is no gradient.

    Wᵀ x shows that W stands the other way round than here; Wᵀ dz does not.
    """
    for node in nodes:
        if not isinstance(node, Multiply) or not isinstance(node.left, Transpose):
            continue
        turned, right = node.left.operand, node.right
        while isinstance(right, Multiply):
            right = right.left
        of, by = (setting.quantities.get(n.name) if isinstance(n, Symbol) else None for n in (turned, right))
        if of is not None and by is not None and of.oriented == kind != by.oriented and by.gradient is None:
            return True
    return False


def has_shape(tree: Chain, text: str, setting: Setting) -> bool:
    """Whether a text shows that it is about more than one unit: a capital, a transpose, a Σ.

    What is a number in the setting is one whatever its letter.
    """
    numbers = {*setting.scalars, *(q.name for q in setting.quantities.values() if not q.shape)}
    for node in walk(tree):
        if isinstance(node, Transpose | SumOver | AxisSum):
            return True
        if isinstance(node, Symbol) and node.name not in numbers:
            written = text[slice(*node.span)].lstrip("\\d{ ")
            if written[:1].isupper():
                return True
    return False


def ways(found: list[Respect], *, numpy: bool = False) -> Iterator[Way]:
    """Yield the ways to judge: one respect, those that are meant together, then two if one is a layout or a product.

    In NumPy a sign means one thing: there another product comes together with arrays that are turned alone.
    """
    last = [r for r in found if r.world.numbers]  # tried after the other single ones
    found = [r for r in found if not r.world.numbers]
    for respect in (*found, *last):
        yield Way((respect,))
    yield from _together(found)
    for n, first in enumerate(found):
        for second in found[n + 1 :]:
            free = first.kind in FREE or second.kind in FREE
            if numpy and "product" in {first.kind, second.kind} and not (first.world.turned or second.world.turned):
                continue
            readings = "reading" in {first.code, second.code}
            if free and (first.kind != second.kind or readings):
                yield Way((first, second))


def _together(found: list[Respect]) -> Iterator[Way]:
    """Yield the ways in which two or three respects are meant together: rows, where the 1/m stands, flat arrays."""
    firsts = [first for first in found if first.world.beside]
    for count in (1, 2):
        for first in firsts:
            others = [other for code in first.world.beside for other in found if other.code == code]
            for chosen in combinations(others, count):
                yield Way((first, *chosen))
