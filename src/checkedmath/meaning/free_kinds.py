"""What kind of letter each is where a text does not say: a number, a column, a row.

The letter itself says it first (`Dimensions`); where with that a definition, a left side or what is differentiated
would not be well-formed, the text's own usage does: bold letters beside plain ones, x W for W x, a letter that only
counts.  What stands on a right side is never asked.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from checkedmath.meaning.free_dimensions import NUMBERS, WEIGHT, Dimensions
from checkedmath.reading.result import Reading
from checkedmath.subject.general import COLUMN, ENTRY, taking
from checkedmath.subject.setting import Shape
from checkedmath.syntax.alphabet import GREEK_WORDS
from checkedmath.syntax.errors import ShapeError
from checkedmath.syntax.tree import (
    DOT,
    JUXTAPOSED,
    MATMUL,
    Add,
    Apply,
    Component,
    Constant,
    Derivative,
    Divide,
    Maximum,
    Multiply,
    Node,
    Number,
    Power,
    Primed,
    Subtract,
    SumOver,
    Symbol,
    Transpose,
    WrittenOut,
    children,
    walk,
)  # fmt: skip

Kinds = dict[str, Shape]
#: The kind of a row that is added to each row of a matrix, or a column to each column.
REPEATED = "repeated"
#: A letter in a font for vectors.
BOLD = re.compile(r"\\(?:mathbf|boldsymbol|bm|pmb|vec|textbf|bf)\s*\{?\s*(?:\\([a-z]+)|([a-z]))(?![a-zA-Z])")
ARRAY_SIGNS = re.compile(r"⊙|\\odot|\\circ|∘|⊗|\\otimes|\.\*")
OF_ENTRIES, OF_COLUMNS = taking(ENTRY), taking(COLUMN) | {"norm"}
#: Capitals that stand for what a column is multiplied with.
WEIGHTS = set("WUVAMΘ")
#: Letters of whole numbers, as exponents.
WHOLE = set("kmnpN")
SIDE_BY_SIDE = {JUXTAPOSED, DOT, MATMUL}


def with_kinds(
    reading: Reading, lets: Mapping[str, Shape], fits: Callable[[Reading], Dimensions]
) -> Reading:
    """Return a reading that says what kind its letters are, where the letters themselves do not say it rightly.

    ``fits`` raises a `ShapeError` where definitions, left sides or what is differentiated are not well-formed.  What
    is differentiated under a capital, the L of dL/dw, is rather a number than a column.
    """
    letters = _Letters(reading, lets)
    reading = replace(reading, assumptions=(*reading.assumptions, *(("whole", name) for name in letters.whole())))
    second: Reading | None = None
    for kinds in letters.choices():
        repeated = tuple((REPEATED, n) for n, shape in letters.biases().items() if kinds.get(n) == shape)
        repeated = repeated if len(kinds) > len(letters.counts()) else ()
        said = replace(
            reading, declared={**reading.declared, **kinds}, assumptions=(*reading.assumptions, *repeated)
        )
        try:
            table = fits(said)
        except ShapeError:
            continue
        said = replace(said, notes=(*reading.notes, *_notes(kinds, letters)))
        if not any(_is_column(table.of_symbol(name)) for name in letters.numbers):
            return said
        second = second or said
    return second or replace(reading, declared={**reading.declared, **letters.counts()})


class _Letters:
    """The letters of a text of which nothing says what they are, and how they are used."""

    def __init__(self, reading: Reading, lets: Mapping[str, Shape]) -> None:
        self.text = reading.text
        defined = [chain.terms[-1] for _, chain in reading.definitions]
        bodies = [body for *_, body in reading.functions]
        self.trees: list[Node] = [reading.tree, *reading.beside, *defined, *bodies, *reading.conditions]
        self.defined = {name for name, _ in reading.definitions}
        self.nodes = [node for tree in self.trees for node in walk(tree)]
        of = {n.of.name for n in self.nodes if isinstance(n, Derivative) and isinstance(n.of, Symbol)}
        self.numbers = sorted(name for name in of & self.defined if name[0].isupper() or name == "ℓ")
        known = {*lets, *reading.declared, *self.defined, *(name for name, *_ in reading.functions)}
        known |= {name for _, name in reading.assumptions}
        names = dict.fromkeys(n.name for n in self.nodes if isinstance(n, Symbol))
        self.free = [n for n in names if n not in known and WEIGHT not in n and not (len(n) > 1 and n[0] == "d")]
        self.indexed = {n.base.name for n in self.nodes if isinstance(n, Component) and isinstance(n.base, Symbol)}
        self.turned = {n.operand.name for n in self.nodes
                       if isinstance(n, Transpose | Primed) and isinstance(n.operand, Symbol)}  # fmt: skip

    def choices(self) -> Iterator[Kinds]:
        """Yield what the letters may be, likeliest first."""
        base = {**self.counts(), **self.paths(), **self.tables()}
        if written := self.written_out():
            yield {**base, **self.entries(), **written}
        numbers = {name: () for name in self.free if name[0].islower()}
        derives = any(isinstance(n, Derivative) or (isinstance(n, Apply) and n.primes) for n in self.nodes)
        arrays = self._speaks_of_arrays() or not derives
        if not arrays and self._speaks_of_numbers():
            yield {**base, **numbers}
        entries = self.entries()
        if bold := self.bold():
            yield {**base, **entries, **bold}
        if entries:
            yield {**base, **entries}
        yield base
        columns = {**base, **self.columns()}
        if columns != base:
            yield columns
        plain = {n: () for n in numbers if n not in self.arrays()}
        if plain and derives:  # the b of w^T x + b
            yield {**base, **plain}
        for kinds in (base, columns):
            if biases := self.biases():
                yield {**kinds, **biases}
        for kinds in (base, columns):
            if rows := self.rows(kinds):
                yield {**kinds, **rows}
        loose = {n: () for n in numbers if n not in self.indexed | self.turned}
        if not arrays:
            yield {**base, **numbers}
        if self.indexed and derives:  # w x_i - y_i
            yield {**base, **loose}

    def counts(self) -> Kinds:
        """Return the letters that only count: n of 1/n and of Σ from 1 to n."""
        every = Counter(n.name for n in self.nodes if isinstance(n, Symbol))
        counting = Counter(s.name for n in self.nodes for place in _counting(n) for s in _factors(place))
        return {n: () for n in self.free if counting[n] >= every[n] and n not in self.indexed}

    def tables(self) -> Kinds:
        """Return the small letters with two indices, which are matrices: the w of w_ij."""
        two = {n.base.name for n in self.nodes
               if isinstance(n, Component) and isinstance(n.base, Symbol) and len(n.indices) == 2}  # fmt: skip
        return {n: (f"{n}.rows", f"{n}.columns") for n in self.free if n in two and n[0].islower()}

    def whole(self) -> list[str]:
        """Return the letters that are whole numbers: exponents."""
        raised = {s.name for n in self.nodes if isinstance(n, Power) for s in walk(n.exponent) if isinstance(s, Symbol)}
        return sorted(raised & WHOLE & {*self.free})

    def paths(self) -> Kinds:
        """Return what a matrix is differentiated by that does not name it: t of dA/dt, and x of dA/dx."""
        by = {n.by.name for n in self.nodes if isinstance(n, Derivative) and isinstance(n.by, Symbol)}
        tops = [s for n in self.nodes if isinstance(n, Derivative) for s in walk(n.of)]
        elsewhere = {s.name for s in tops if isinstance(s, Symbol)}
        alone = Counter(n.name for n in self.nodes if isinstance(n, Symbol))
        under = Counter(n.by.name for n in self.nodes if isinstance(n, Derivative) and isinstance(n.by, Symbol))
        return {n: () for n in self.free if n in by and n not in elsewhere and alone[n] == under[n] and n[0].islower()}

    def entries(self) -> Kinds:
        """Return the letters that are entries of a matrix written out."""
        found = {s.name for n in self.nodes if isinstance(n, WrittenOut) for s in walk(n) if isinstance(s, Symbol)}
        return {n: () for n in self.free if n in found - self.indexed - self.turned and n[0].islower()}

    def arrays(self) -> set[str]:
        """Return the letters that stand somewhere as only a column or a matrix does."""
        found = self.turned | self.indexed
        for node in self.nodes:
            if isinstance(node, Apply) and node.name in OF_COLUMNS | {"diag", "tr", "det"}:
                found |= {s.name for s in walk(node.argument) if isinstance(s, Symbol)}
            if isinstance(node, Multiply):
                for one, other in ((node.left, node.right), (node.right, node.left)):
                    beside = _end(other, first=other is node.right)
                    array = isinstance(beside, Transpose | Primed) or (
                        isinstance(beside, Symbol) and beside.name[0].isupper()
                    )
                    end = _end(one, first=one is node.right)
                    if (array or node.sign not in SIDE_BY_SIDE) and isinstance(end, Symbol):
                        found.add(end.name)
        return found

    def written_out(self) -> Kinds:
        """Return the columns of which a text with a matrix written out names entries alone: x_1 and x_2 are all."""
        if not any(isinstance(n, WrittenOut) for n in self.nodes):
            return {}
        found: dict[str, int] = {}
        for node in self.nodes:
            if isinstance(node, Component) and isinstance(node.base, Symbol) and len(node.indices) == 1:
                index, name = node.indices[0], node.base.name
                found[name] = 99 if index.letter else max(found.get(name, 0), index.offset)
        return {n: (str(count), "1") for n, count in found.items() if n in self.free and 1 < count < 11}

    def biases(self) -> Kinds:
        """Return the letters that are added to each row of X W + b, or to each column of W X + b."""
        found: Kinds = {}
        for node in self.nodes:
            if not isinstance(node, Add) or not isinstance(node.right, Symbol) or not isinstance(node.left, Multiply):
                continue
            name, first = node.right.name, node.left
            letters = [s.name for s in walk(first) if isinstance(s, Symbol)]
            if name in self.free and name[0].islower() and len(letters) > 1 and all(s[0].isupper() for s in letters):
                column = letters[0][0] in WEIGHTS
                found[name] = (f"{name}.rows", "1") if column else ("1", f"{name}.columns")
        return found

    def bold(self) -> Kinds:
        """Return what plain letters beside bold ones are, numbers, and bold Greek ones, columns."""
        fat = {GREEK_WORDS.get(match[1], "") if match[1] else match[2] for match in BOLD.finditer(self.text)}
        fat &= {*self.free}
        found: Kinds = {n: (f"{n}.rows", "1") for n in fat if n in NUMBERS}
        if any(n not in NUMBERS for n in fat):
            other = fat | self.indexed | self.turned
            plain = (n for n in self.free if len(n) == 1 and n[0].islower() and n not in other)
            found |= {n: () for n in plain if n not in NUMBERS}
        return found

    def columns(self) -> Kinds:
        """Return the letters of numbers that stand as only a column does: behind a matrix, transposed, beside one."""
        found: set[str] = {*self.turned}
        for node in self.nodes:
            if isinstance(node, Apply) and node.name in OF_COLUMNS and isinstance(node.argument, Symbol):
                found.add(node.argument.name)
            elif isinstance(node, Multiply) and node.sign in SIDE_BY_SIDE and isinstance(node.right, Symbol):
                left = node.left
                while isinstance(left, Multiply):
                    left = left.right
                left = left.operand if isinstance(left, Transpose | Primed) else left
                if isinstance(left, Symbol) and left.name[0].isupper():
                    found.add(node.right.name)
            elif isinstance(node, Add | Subtract):  # the t of y - t
                for one, other in ((node.left, node.right), (node.right, node.left)):
                    if isinstance(one, Symbol) and isinstance(other, Symbol) and not _is_number(other.name):
                        found.add(one.name)
        return {n: (f"{n}.rows", "1") for n in self.free if n in found and _is_number(n)}

    def rows(self, kinds: Mapping[str, Shape]) -> Kinds:
        """Return the columns as rows, where one stands before a matrix: z = x W + b."""
        before = any(isinstance(n, Multiply) and n.sign in SIDE_BY_SIDE and isinstance(n.left, Symbol)
                     and _is_matrix(n.right) and n.left.name[0].islower() for n in self.nodes)  # fmt: skip
        mine = (n for n in self.free if n[0].islower() and not _is_number(n) and kinds.get(n) != ())
        return {n: ("1", f"{n}.columns") for n in mine} if before else {}

    def _speaks_of_arrays(self) -> bool:
        differentiated = {n.of.name for n in self.nodes if isinstance(n, Derivative) and isinstance(n.of, Symbol)}
        numbers = self.defined | differentiated
        return bool(self.turned or self.indexed or ARRAY_SIGNS.search(self.text) or BOLD.search(self.text)) or any(
            isinstance(n, Transpose | Primed | SumOver) or (isinstance(n, Constant) and n.name in {"1", "I"})
            or (isinstance(n, Apply) and n.name not in OF_ENTRIES and n.name in taking(COLUMN, "to a number", "array"))
            or (isinstance(n, Symbol) and n.name[0].isupper() and n.name not in numbers)
            for n in self.nodes
        )  # fmt: skip

    def _speaks_of_numbers(self) -> bool:
        """Whether a column would be raised to a power, divided by, multiplied with another, or taken entry by entry."""

        def has(node: Node) -> bool:
            letters = (n.name for n in walk(node) if isinstance(n, Symbol))
            return any(name in self.defined or not _is_number(name) for name in letters)

        return any(
            (isinstance(n, Power) and has(n.base)) or (isinstance(n, Divide) and has(n.bottom))
            or (isinstance(n, Maximum) and has(n))
            or (isinstance(n, Apply) and n.name in OF_ENTRIES and has(n.argument))
            or (isinstance(n, Multiply) and has(n.left) and has(n.right) and n.sign in SIDE_BY_SIDE)
            for n in self.nodes
        )  # fmt: skip


def _end(node: Node, *, first: bool) -> Node:
    """Return the first or the last factor of a product."""
    while isinstance(node, Multiply):
        node = node.left if first else node.right
    return node


def _is_column(shape: Shape) -> bool:
    return shape[1:] == ("1",)


def _is_number(name: str) -> bool:
    return name[0] in NUMBERS and (len(name) == 1 or not name[1].isalpha())


def _is_matrix(node: Node) -> bool:
    while isinstance(node, Multiply):
        node = node.left
    node = node.operand if isinstance(node, Transpose | Primed) else node
    return isinstance(node, Symbol) and node.name[0].isupper()


def _counting(node: Node) -> list[Node]:
    """Return what stands in a node where a letter only counts."""
    if isinstance(node, Divide) and all(isinstance(n, Number | Multiply | Divide) for n in walk(node.top)):
        return [node.bottom]
    if isinstance(node, Power):
        return [node.exponent]
    return [limit for limit in (node.lower, node.upper) if limit is not None] if isinstance(node, SumOver) else []


def _factors(node: Node) -> list[Symbol]:
    """Return the letters of a product of numbers and letters."""
    if isinstance(node, Symbol):
        return [node]
    below = list(children(node)) if isinstance(node, Multiply) else []
    return [found for one in below for found in _factors(one)]


def _notes(kinds: Mapping[str, Shape], letters: _Letters) -> Sequence[str]:
    """Return what is said of letters that are read otherwise than they look."""
    said: list[str] = []
    for what, some in (
        ("a number", [n for n, shape in kinds.items() if shape == () and not _is_number(n)]),
        ("a column", [n for n, shape in kinds.items() if shape[1:] == ("1",)]),
        ("a row", [n for n, shape in kinds.items() if shape[:1] == ("1",) and shape != ("1", "1")]),
    ):
        said += [f"{name} is read as {what}" for name in sorted(some)]
    return said


__all__ = ["with_kinds"]
