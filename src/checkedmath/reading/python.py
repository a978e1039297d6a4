"""The reader of NumPy code.

The text goes through the standard library's `ast`, and what is on a list of allowed forms becomes
a tree.  It is never compiled and never run.  The last line is the formula; what an earlier
line says of a name is put in where the formula uses it, so that what is judged is what the lines
compute together.  Where symbols are free (``Y = X @ W`` in identities) it is a definition.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from checkedmath.budget import MAX_LENGTH, MAX_NESTING, MAX_NODES
from checkedmath.errors import FormulaError, TooLong, Unreadable
from checkedmath.reading.python_calls import dotted, read_call
from checkedmath.reading.python_names import PythonNames
from checkedmath.reading.python_nodes import NEVER, Expressions
from checkedmath.reading.python_source import Source
from checkedmath.reading.result import NUMPY, Reading
from checkedmath.settings import Setting, Shape
from checkedmath.tree import Chain, Compare, Node, Span, Symbol, children, walk

EQUAL_CALLS = frozenset({"allclose", "array_equal", "testing.assert_allclose", "assert_allclose"})
STATEMENTS: dict[type[ast.AST], str] = {
    ast.FunctionDef: "a function definition", ast.AsyncFunctionDef: "a function definition",
    ast.ClassDef: "a class", ast.Import: "an import", ast.ImportFrom: "an import",
    ast.For: "a loop", ast.While: "a loop", ast.If: "if", ast.With: "with", ast.Try: "try",
    ast.Return: "return", ast.Delete: "del", ast.Raise: "raise", ast.Match: "match",
    ast.AnnAssign: "a type annotation", ast.Global: "global", ast.Nonlocal: "nonlocal",
    ast.Pass: "pass",
}  # fmt: skip
LAYOUT = re.compile(r"\b(numerator|denominator)[ -]layout\b")
ASSUMED = re.compile(r"\b([^\W\d_])\s+(?:is\s+)?(symmetric|invertible|orthogonal|square)\b")
SHAPE = re.compile(
    r"\b([^\W\d]\w*)(?:\.shape)?\s*(?:is|:|==?|has shape|of shape)?\s*\(\s*(\w+)\s*,\s*(\w+)\s*\)"
)

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
        For what is never read: a function definition, an import, a lambda, np.einsum, …
    Unreadable
        For all else that is no formula of the setting: the place, what was expected there, and
        the nearest known name.  No other exception is raised, whatever the text.
    """
    if len(text) > MAX_LENGTH:
        raise TooLong(text, MAX_LENGTH, f"at most {MAX_LENGTH} characters")
    source = Source(text)
    statements = source.statements()
    if not statements:
        raise Unreadable(text, 0, "a formula")
    names = PythonNames(setting)
    lines = _Lines(Expressions(source, names, read_call))
    for statement in statements[:-1]:
        lines.earlier(statement)
    tree = lines.last(statements[-1])
    said = _Said(names)
    for start, end in source.comments:
        said.read(text, start + 1, end)
    return Reading(
        text, NUMPY, tree,
        layout=said.layout,
        assumptions=tuple(said.assumptions),
        definitions=(*lines.definitions, *said.definitions),
        shapes=said.shapes,
        notes=tuple(dict.fromkeys([*lines.notes(), *said.notes])),
    )  # fmt: skip


class _Lines:
    """Reads statements one after the other."""

    def __init__(self, expressions: Expressions) -> None:
        self.expressions, self.names = expressions, expressions.names
        self.definitions: list[tuple[str, Chain]] = []
        self.claims: dict[Symbol, int] = {}  # gradients given by earlier lines, and their line
        self.weights: dict[int, tuple[int, int]] = {}

    def earlier(self, statement: ast.stmt) -> None:
        """Remember what a line before the last says of a name."""
        given = self.expressions.given
        for target, value in self._assignments(statement):
            name = self._target(target)
            self._weigh(value, statement)
            if isinstance(name, Symbol) and self._is_definition(name):
                span = self.expressions.source.span(statement)
                self.definitions.append((name.name, Chain((name, value), ("=",), span=span)))
                continue
            if isinstance(name, Symbol) and self.names.is_gradient(name.name):
                self.claims[name] = statement.lineno
            given[name] = value

    def last(self, statement: ast.stmt) -> Chain:
        """Return the chain of the last line."""
        span = self.expressions.source.span(statement)
        match statement:
            case ast.Expr(value=value):
                chain = self._claim(value, span)
            case ast.Assert(test=value):
                chain = self._claim(value, span)
                if not chain.relations:
                    raise self.expressions.error(value, "an equation, such as np.allclose(…, …)")
            case _:
                chain = self._assigned(statement, span)
        for term in chain.terms:
            self._weigh(term, statement)
        return chain

    def notes(self) -> Iterator[str]:
        """Yield how things were read, in the order of the lines."""
        yield from self.expressions.notes
        for symbol, line in self.claims.items():
            written = _said(symbol)
            if symbol in self.expressions.used:
                yield f"{written} stands for what line {line} says"
            else:
                yield f"only the last line is judged; {written} of line {line} is not"

    def _assigned(self, statement: ast.stmt, span: Span) -> Chain:
        sides: list[Symbol] = []
        value: Node | None = None
        for target, value in self._assignments(statement):  # noqa: B007
            symbol = self.expressions.symbol(target)
            if symbol is None:
                raise self.expressions.refusal(target, "this left side")
            sides.append(symbol)
        assert value is not None
        if len(sides) > MAX_NESTING:
            raise self.expressions.error(statement, f"at most {MAX_NESTING} left sides")
        update = isinstance(statement, ast.AugAssign) or sides[0] in set(walk(value))
        sign = ":=" if update and self.names.is_parameter(sides[0].name) else "="
        return Chain((*sides, value), (sign,) * len(sides), span=span)

    def _assignments(self, statement: ast.stmt) -> Iterator[tuple[ast.expr, Node]]:
        """Yield the left sides of an assignment, each with the value."""
        match statement:
            case ast.Assign(targets=targets, value=value):
                read = self.expressions.read(value)
                yield from ((target, read) for target in targets)
            case ast.AugAssign(target=target, op=op, value=value):
                before = self._before(target)
                yield target, self.expressions.combine(
                    op, before, self.expressions.read(value), statement
                )
            case ast.Expr(value=value) | ast.Assert(test=value):
                raise self.expressions.error(statement, "a line name = … before the last line")
            case _:
                what = STATEMENTS.get(type(statement), "this statement")
                raise self.expressions.refusal(statement, what)

    def _before(self, target: ast.expr) -> Node:
        """Return what a name stood for before ``+=``: a parameter's value, or an earlier line."""
        before = self.expressions.read(target)
        known = before in self.expressions.given.values()
        if not known and isinstance(before, Symbol) and not self.names.is_parameter(before.name):
            expected = f"a line before that says what {_said(before)} is"
            raise self.expressions.error(target, expected)
        return before

    def _target(self, target: ast.expr) -> str | Symbol:
        try:
            symbol = self.expressions.symbol(target)
        except Unreadable:
            if not isinstance(target, ast.Name):
                raise
            symbol = None
        if symbol is not None:
            return symbol
        if not isinstance(target, ast.Name):
            raise self.expressions.refusal(target, NEVER.get(type(target), "this left side"))
        return target.id

    def _claim(self, value: ast.expr, span: Span) -> Chain:
        """Return the chain of ``a == b``, of ``np.allclose(a, b)``, or of an expression alone."""
        if isinstance(value, ast.Call) and dotted(value.func) in EQUAL_CALLS | {None}:
            name = value.func.id if isinstance(value.func, ast.Name) else dotted(value.func)
            if name in EQUAL_CALLS and len(value.args) == 2 and not value.keywords:
                left, right = (self.expressions.read(side) for side in value.args)
                return Chain((left, right), ("=",), span=span)
        read = self.expressions.read(value)
        if isinstance(read, Compare) and read.op == "=":
            return Chain((read.left, read.right), ("=",), span=span)
        return Chain((read,), span=span)

    def _is_definition(self, symbol: Symbol) -> bool:
        """Whether a line defines a free symbol.

        A setting's own symbols have their values, so what a line says of them is put in: only
        then is a line that says something false of them judged.
        """
        return self.names.free and not self.names.is_gradient(symbol.name)

    def _weigh(self, node: Node, statement: ast.stmt) -> None:
        size, depth = self._weight(node)
        if size > MAX_NODES or depth > MAX_NESTING:
            expected = f"lines that say together at most {MAX_NODES} things, {MAX_NESTING} deep"
            raise self.expressions.error(statement, expected)

    def _weight(self, node: Node) -> tuple[int, int]:
        """Return nodes and levels.  A line put in twice counts twice, but is counted once."""
        known = self.weights.get(id(node))
        if known is None:
            below = [self._weight(child) for child in children(node)]
            size = 1 + sum(weight[0] for weight in below)
            known = (size, 1 + max((weight[1] for weight in below), default=0))
            self.weights[id(node)] = known
        return known


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
            lines = _Lines(Expressions(source, self.names, read_call))
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


def _said(symbol: Symbol) -> str:
    return symbol.name if symbol.layer is None else f"{symbol.name}[{symbol.layer}]"
