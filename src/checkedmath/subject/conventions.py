"""The worlds a formula may be true in, other than the course's.

A world differs from the course's in one respect, or in two when one of them is a layout or the
kind of a product.  General ones are here; a setting brings its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations

from checkedmath.subject.general import COLUMN, taking
from checkedmath.subject.setting import Setting
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


def codes_of(settings: Iterable[Setting]) -> frozenset[str]:
    """Return every code that a condition may have in these settings."""
    return frozenset(CODES).union(world.code for setting in settings for world in setting.worlds)


@dataclass(frozen=True)
class Respect:
    """One respect in which a world differs from the course's."""

    code: str
    text: str
    kind: str  # layout, product, or another
    layout: str = ""
    signs: Mapping[str, str] = field(default_factory=dict)
    entrywise: bool = False
    flat_is_column: bool = False
    variant: str = ""
    sizes: Mapping[str, str] = field(default_factory=dict)
    turned: tuple[str, ...] = ()
    replaces: str = ""  # how the variants begin in whose place this one stands
    helper_of_value: bool = False
    weakest: bool = False
    beside: tuple[str, ...] = ()  # the codes of those that are meant together with this one
    reading: int = 0  # which of the other readings of the text, from 1


@dataclass(frozen=True)
class Way:
    """A whole way to judge: the respects together."""

    respects: tuple[Respect, ...] = ()

    def view(self, base: View) -> View:
        """Return the view of the course's world changed in these respects."""
        signs, sizes = dict(base.signs), dict(base.sizes)
        for respect in self.respects:
            signs |= respect.signs
            sizes |= respect.sizes
        return View(
            layout=next((r.layout for r in self.respects if r.layout), base.layout),
            signs=signs,
            entrywise=any(r.entrywise for r in self.respects),
            flat_is_column=any(r.flat_is_column for r in self.respects),
            sizes=sizes,
            turned=tuple(t for r in self.respects for t in r.turned),
            helper_of_value=any(r.helper_of_value for r in self.respects),
        )

    def variant(self, shown: str) -> str:
        """Return the setting's variant; ``shown`` is what the text itself shows."""
        names = [shown] if shown else []
        for respect in self.respects:
            if respect.variant:
                if respect.replaces:
                    names = [n for n in names if not n.startswith(respect.replaces)]
                names.append(respect.variant)
        return ",".join(names)

    @property
    def reading(self) -> int:
        """Which reading of the text is judged: 0 is the one by the table of precedence."""
        return max((r.reading for r in self.respects), default=0)


def respects(tree: Chain, setting: Setting, numpy: bool, readings: tuple[str, ...], text: str = "") -> list[Respect]:
    """Return the respects that can make a difference for this formula, likeliest first."""
    nodes = list(walk(tree))
    signs = {n.sign for n in nodes if isinstance(n, Multiply)}
    found: list[Respect] = []
    if any(isinstance(n, Derivative) for n in nodes):
        found += [
            Respect("layout-numerator", "the derivatives are in numerator layout", "layout", layout=NUMERATOR),
            Respect("layout-denominator", "the derivatives are in denominator layout", "layout", layout=DENOMINATOR),
            Respect("entrywise", "∂ is taken entry by entry: the diagonal of the Jacobian", "layout", entrywise=True),
        ]
    found += _products(nodes, signs, setting, readings)
    if any(isinstance(n, AxisSum) and n.axis is not None and not n.keepdims for n in nodes):
        text = "an array with one axis is read as a column, or where examples are rows as a row"
        found.append(Respect("shape-1d", text, "shape", flat_is_column=True))
    for world in setting.worlds:
        if world.numbers and has_shape(tree, text, setting):
            continue
        found.append(
            Respect(
                world.code, world.text, "world", variant=world.variant, sizes=world.sizes, turned=world.turned,
                replaces=world.replaces, helper_of_value=world.helper_of_value, weakest=bool(world.numbers),
                beside=world.beside,
            )
        )
    # In NumPy a sign means one thing: another product is the last thing to think of.
    return sorted(found, key=lambda r: numpy and r.kind == "product")


def _products(nodes: list[Node], signs: set[str], setting: Setting, readings: tuple[str, ...]) -> list[Respect]:
    """Return the respects in which the signs of a product may be meant otherwise."""
    found: list[Respect] = []
    if ELEMENTWISE in signs and sum(isinstance(n, Derivative) for n in nodes) > 1:
        text = "* is the product of Jacobians in numerator layout"
        found.append(
            Respect("product-jacobian", text, "product", layout=NUMERATOR, signs={ELEMENTWISE: ENTRY_OR})
        )
    if signs & {ELEMENTWISE, BROADCAST}:
        matrix = {ELEMENTWISE: ENTRY_OR, BROADCAST: ENTRY_OR}
        found.append(Respect("product-matrix", "* is read as the matrix product", "product", signs=matrix))
    if signs & {JUXTAPOSED, DOT, TENSOR, MATMUL}:
        entry = dict.fromkeys((JUXTAPOSED, DOT, TENSOR), "entry where it fits") | {MATMUL: "numpy"}
        text = "the product is read elementwise"
        found.append(Respect("product-elementwise", text, "product", signs=entry))
    if signs & {JUXTAPOSED, DOT, TENSOR, ELEMENTWISE, BROADCAST}:
        outer = dict.fromkeys((JUXTAPOSED, DOT, TENSOR, ELEMENTWISE, BROADCAST), "outer where it fits")
        found.append(Respect("product-outer", "the product is read as the outer product u vᵀ", "product", signs=outer))
    of_columns = taking(COLUMN)
    if setting.output_function in of_columns:
        of_columns |= {"g"}
    if any(isinstance(n, Apply) and n.name in of_columns and n.primes for n in nodes):
        jacobian = dict.fromkeys((ELEMENTWISE, JUXTAPOSED, DOT, BROADCAST), "jacobian")
        text = "the Jacobian is multiplied with the vector, column by column"
        found.append(Respect("product-jacobian", text, "product", signs=jacobian))
    for n, text in enumerate(readings, start=1):
        found.append(Respect("reading", text, "product", reading=n))
    return found


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
    last = [r for r in found if r.weakest]  # tried after the other single ones
    found = [r for r in found if not r.weakest]
    for respect in (*found, *last):
        yield Way((respect,))
    yield from _together(found)
    for n, first in enumerate(found):
        for second in found[n + 1 :]:
            free = first.kind in FREE or second.kind in FREE
            if numpy and "product" in {first.kind, second.kind} and not (first.turned or second.turned):
                continue
            readings = "reading" in {first.code, second.code}
            if free and (first.kind != second.kind or readings):
                yield Way((first, second))


def _together(found: list[Respect]) -> Iterator[Way]:
    """Yield the ways in which two or three respects are meant together: rows, where the 1/m stands, flat arrays."""
    firsts = [first for first in found if first.beside]
    for count in (1, 2):
        for first in firsts:
            others = [other for code in first.beside for other in found if other.code == code]
            for chosen in combinations(others, count):
                yield Way((first, *chosen))
