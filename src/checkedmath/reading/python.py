"""The reader of NumPy code.

The text goes through the standard library's `ast`, and what is on a list of allowed forms becomes
a tree.  It is never compiled and never run.  A line that gives a symbol of the setting is a claim, and the
lines below may use that symbol as right.  A name that the setting does not know is put in where a line below
uses it, and so is what is built up in several lines (``dW2 = …``, ``dW2 /= m``) or changed by an update, so
that what is judged is what the lines compute.  Where symbols are free (``Y = X @ W`` in identities) it is a
definition.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from checkedmath.reading.languages import language_of, without_comments
from checkedmath.reading.python_blocks import Blocks, simple
from checkedmath.reading.python_calls import read_call
from checkedmath.reading.python_letters import with_letters
from checkedmath.reading.python_lines import Lines
from checkedmath.reading.python_lists import with_numbers
from checkedmath.reading.python_names import PythonNames
from checkedmath.reading.python_nodes import Expressions
from checkedmath.reading.python_source import ForeignSource, Source
from checkedmath.reading.result import NUMPY, Reading
from checkedmath.subject.setting import Setting, Shape
from checkedmath.syntax.budget import MAX_LENGTH, MAX_STATEMENTS
from checkedmath.syntax.errors import FormulaError, Refused, TooLong, Unreadable
from checkedmath.syntax.text import text_of
from checkedmath.syntax.tree import Chain, Symbol

LAYOUT = re.compile(r"\b(numerator|denominator)[ -]layout\b")
ASSUMED = re.compile(r"\b([^\W\d_])\s+(?:is\s+)?(symmetric|invertible|orthogonal|square)\b")
SHAPE = re.compile(
    r"\b([^\W\d]\w*)(?:\.shape)?\s*(?:is|:|==?|has shape|of shape)?\s*\(\s*(\w+)\s*,\s*(\w+)\s*\)"
)

#: A product of Python, a transpose of Octave (of g'(Z), ' is none), and what is in quotes.
PRODUCT, TRANSPOSED = re.compile(r"[\w\])'’′]\s*@"), re.compile(r"(?<=[\w\])])['’′](?![\w(])")
STRING = re.compile(r"(?<![\w\])])'[^'\n]*'|\"[^\"\n]*\"|\b[fFrRbB]'[^'\n]*'")
AROUND = re.compile(r"^[\s#,;.]+|(?:[\s,;.]|\band\b)+$")


def read_numpy(text: str, setting: Setting) -> Reading:
    """Return what a NumPy text says in a setting.

    Products, quotients and sums keep NumPy's meaning.  A parameter that is changed in place, or
    that stands on both sides of its assignment, gives the relation ``:=``.  Comments that state a
    definition (``# Y = X @ W``), a shape (``# X is (m, n)``), an assumption or a layout are read;
    the notes name those that are not.

    Raises
    ------
    Refused
        For what is never read: a class, an import, a lambda, a slice, …
    Unreadable
        For all else that is no formula of the setting: the place, what was expected there, and
        the nearest known name.  No other exception is raised, whatever the text.
    """
    if len(text) > MAX_LENGTH:
        raise TooLong(text, MAX_LENGTH, f"at most {MAX_LENGTH} characters")
    code = STRING.sub("", without_comments(text))
    if PRODUCT.search(code) and TRANSPOSED.search(code):
        said = "A.T @ B of NumPy, or A' * B of Octave: @ and ' belong to two languages"
        raise Refused(text, text.index("@"), said)
    language = language_of(text)
    if language is not None:
        try:
            foreign = ForeignSource(text, language)
            return _read(text, setting, foreign, foreign.statements())
        except Refused:
            raise
        except Unreadable as error:
            try:
                plain = Source(text)
                return _read(text, setting, plain, plain.statements())
            except Unreadable:
                raise error from None
    source = Source(text)
    return _read(text, setting, source, source.statements())


def _read(text: str, setting: Setting, source: Source, statements: list[ast.stmt]) -> Reading:
    if not statements:
        raise Unreadable(text, 0, "a formula")
    names = PythonNames(setting, source.code)
    statements, said_of_names = with_letters(with_numbers(statements, names), names)
    names.given = given_names(statements)
    stored = (node for one in statements for node in ast.walk(one) if isinstance(node, ast.Name))
    names.stored = frozenset(node.id for node in stored if isinstance(node.ctx, ast.Store))
    lines = Lines(Expressions(source, names, read_call))
    lines.expressions.notes += said_of_names
    Blocks(lines).read(statements, whole=True)
    lines.see_all_judged()
    if not lines.claims:
        nothing = f"a statement about {setting.name} that can be true or false: this gives names or values"
        raise Unreadable(text, len(text.rstrip()), nothing)
    if len(lines.claims) > MAX_STATEMENTS:
        many = f"at most {MAX_STATEMENTS} statements, those of each branch counted; this text has {len(lines.claims)}"
        raise Refused(text, lines.claims[MAX_STATEMENTS][0].span[0], many)
    *earlier, tree = (chain for chain, _ in lines.claims)
    said = _Said(names)
    for start, end in source.comments:
        said.read(text, start + 1, end)
    return Reading(
        text, NUMPY, tree,
        layout=said.layout,
        assumptions=tuple(said.assumptions),
        definitions=(*lines.definitions, *said.definitions),
        shapes=said.shapes,
        notes=tuple(dict.fromkeys([*lines.expressions.notes, *_borrowed(names), *said.notes])),
        earlier=tuple(earlier),
        demands=tuple(lines.expressions.demands),
        under=tuple(under for _, under in lines.claims),
    )  # fmt: skip


def given_names(statements: Sequence[ast.stmt]) -> frozenset[str]:
    """Return the names that a line gives and a later one uses."""
    given: set[str] = set()
    used: set[str] = set()
    for statement in simple(statements):
        named = [node for node in ast.walk(statement) if isinstance(node, ast.Name)]
        used |= {node.id for node in named if isinstance(node.ctx, ast.Load) and node.id in given}
        given |= {node.id for node in named if isinstance(node.ctx, ast.Store)}
    return frozenset(used)


def _borrowed(names: PythonNames) -> Iterator[str]:
    """Yield notes on what the names of other sources were read as."""
    for spelling, (ours, source) in names.borrowed.items():
        spelling = spelling.replace("_rest", " without its first column")  # noqa: PLW2901
        yield f"{spelling} is {text_of(ours)} here ({source})"


@dataclass
class _Said:
    """What comments say."""

    names: PythonNames
    layout: str = ""
    assumptions: list[tuple[str, str]] = field(default_factory=list)
    shapes: dict[str, Shape] = field(default_factory=dict)
    definitions: list[tuple[str, Chain]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def read(self, text: str, start: int, end: int) -> None:
        """Read one comment; what it does not understand becomes a note."""
        rest = text[start:end]
        taken = ((LAYOUT, self._layout), (ASSUMED, self._assume), (SHAPE, self._shape))
        for pattern, take in taken:
            for found in pattern.finditer(rest):
                take(found)
            rest = pattern.sub(_blank, rest)
        for place, part in _parts(AROUND.sub(_blank, rest)):
            if re.search(r"\w", part) and not self._define(text, start + place, part):
                self.notes.append(f"the comment “{part.strip()}” was not read")

    def _layout(self, found: re.Match[str]) -> None:
        self.layout = found[1]

    def _assume(self, found: re.Match[str]) -> None:
        self.assumptions.append((found[2], found[1]))

    def _shape(self, found: re.Match[str]) -> None:
        self.shapes[found[1]] = (found[2], found[3])

    def _define(self, text: str, start: int, part: str) -> bool:
        """Read ``Y = X @ W``.  A gradient is what the formula claims: no comment may define it.

        Nor may it define what has a value in the setting.
        """
        if not self.names.free:
            return False
        try:
            source = Source(text, start, part)
            statements = source.statements()
            lines = Lines(Expressions(source, self.names, read_call))
            chains = [lines.last(statement) for statement in statements]
        except FormulaError:
            return False
        for chain in chains:
            left = chain.terms[0]
            if chain.relations != ("=",) or not isinstance(left, Symbol):
                return False
            if self.names.is_gradient(left.name):
                return False
        self.definitions += [(_name(chain), chain) for chain in chains]
        return True


def _parts(text: str) -> Iterator[tuple[int, str]]:
    """Yield what stands between the commas and semicolons outside brackets, with its place."""
    start = level = 0
    for n, c in enumerate(text):
        level += (c in "([{") - (c in ")]}")
        if c in ",;" and level <= 0:
            yield start, text[start:n]
            start = n + 1
    yield start, text[start:]


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


def _name(chain: Chain) -> str:
    left = chain.terms[0]
    assert isinstance(left, Symbol)
    return left.name

