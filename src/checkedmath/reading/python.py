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

from checkedmath.budget import MAX_LENGTH, MAX_NESTING, MAX_NODES
from checkedmath.errors import FormulaError, TooLong, Unreadable
from checkedmath.reading.python_calls import dotted, read_call
from checkedmath.reading.python_names import PythonNames
from checkedmath.reading.python_nodes import NEVER, Expressions
from checkedmath.reading.python_source import Source
from checkedmath.reading.result import NUMPY, Reading
from checkedmath.settings import Setting, Shape, is_given
from checkedmath.tree import Chain, Compare, Node, Span, Symbol, Transpose, children, walk

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
    for n, statement in enumerate(statements[:-1]):
        lines.earlier(statement, statements[n + 1 :])
    *earlier, tree = (*lines.claims, *lines.final(statements[-1]))
    said = _Said(names)
    for start, end in source.comments:
        said.read(text, start + 1, end)
    return Reading(
        text, NUMPY, tree,
        layout=said.layout,
        assumptions=tuple(said.assumptions),
        definitions=(*lines.definitions, *said.definitions),
        shapes=said.shapes,
        notes=tuple(dict.fromkeys([*lines.expressions.notes, *said.notes])),
        earlier=tuple(earlier),
    )  # fmt: skip


class _Lines:
    """Reads statements one after the other."""

    def __init__(self, expressions: Expressions) -> None:
        self.expressions, self.names = expressions, expressions.names
        self.definitions: list[tuple[str, Chain]] = []
        self.claims: list[Chain] = []  # of the lines before the last
        self.shared: dict[str | Symbol, set[str | Symbol]] = {}  # names of one array: D = A2, and D -= Y changes A2
        self.weights: dict[int, tuple[int, int]] = {}

    def earlier(self, statement: ast.stmt, below: Sequence[ast.stmt]) -> None:
        """Remember what a line before the last says of a name: a claim, a definition or a part of one."""
        span = self.expressions.source.span(statement)
        for target, value in self._assignments(statement):
            name = self._target(target)
            self._weigh(value, statement)
            if isinstance(name, Symbol) and self._is_definition(name):
                self.definitions.append((name.name, Chain((name, value), ("=",), span=span)))
            elif isinstance(name, Symbol) and is_given(name.name, value, self.names.setting):
                self.expressions.given.pop(name, None)
            elif isinstance(name, Symbol) and not self._goes_on(target, below):
                self._claims(name, value, statement)
            else:
                self._give(name, value, statement)

    def _claims(self, name: Symbol, value: Node, statement: ast.stmt) -> None:
        """Take a line as a claim; the lines below may use its left side as right."""
        sign = self._sign(statement, name, value)
        self.claims.append(Chain((name, value), (sign,), span=self.expressions.source.span(statement)))
        if isinstance(statement, ast.AugAssign) or sign == ":=":  # W2 has another value, and dA1 below too
            self._give(name, value, statement)
        if sign != ":=":
            self.expressions.given.pop(name, None)
        if not isinstance(statement, ast.AugAssign):
            self._share(name, statement)

    def _give(self, name: str | Symbol, value: Node, statement: ast.stmt) -> None:
        """Put this value in where a line below uses the name, or another name of the same array."""
        given = self.expressions.given
        if isinstance(statement, ast.AugAssign):
            if isinstance(given.get(name), Transpose):
                expected = "a copy before this: it is an array of another name, transposed, which would change too"
                raise self.expressions.error(statement, expected)
            given |= dict.fromkeys(self.shared.get(name, {name}), value)
        else:
            self._share(name, statement)
            given[name] = value

    def _share(self, name: str | Symbol, statement: ast.stmt) -> None:
        """Remember whether a name is from now on another name of an array, D = A2, or no longer one."""
        self.shared.get(name, set()).discard(name)
        names = {name}
        if isinstance(statement, ast.Assign) and (other := self._name(statement.value)) is not None:
            names = self.shared.setdefault(other, {other})
            names.add(name)
        self.shared[name] = names

    def _name(self, value: ast.expr) -> str | Symbol | None:
        """Return what a value names, if it is a name alone."""
        if isinstance(value, ast.Name) and value.id in self.expressions.given:
            return value.id
        try:
            return self.expressions.symbol(value)
        except Unreadable:
            return None

    def _goes_on(self, target: ast.expr, below: Sequence[ast.stmt]) -> bool:
        """Whether the next line that gives this name takes up what it is here: ``dW2 /= m``, ``dW2 = dW2 / m``."""
        written = ast.unparse(target)
        for statement in below:
            if isinstance(statement, ast.AugAssign) and ast.unparse(statement.target) == written:
                return True
            if isinstance(statement, ast.Assign) and written in map(ast.unparse, statement.targets):
                return written in (ast.unparse(n) for n in ast.walk(statement.value) if isinstance(n, ast.expr))
        return False

    def final(self, statement: ast.stmt) -> tuple[Chain, ...]:
        """Return the chain of the last line; none where that defines a name of its own, after claims."""
        if self.claims and isinstance(statement, ast.Assign | ast.AugAssign):
            names = [self._target(target) for target, _ in self._assignments(statement)]
            if all(isinstance(name, str) for name in names):
                return ()
        return (self.last(statement),)

    def last(self, statement: ast.stmt) -> Chain:
        """Return the chain of a line."""
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
        return Chain((*sides, value), (self._sign(statement, sides[0], value),) * len(sides), span=span)

    def _sign(self, statement: ast.stmt, symbol: Symbol, value: Node) -> str:
        """Return := for an update of a parameter, else =."""
        update = isinstance(statement, ast.AugAssign) or symbol in set(walk(value))
        return ":=" if update and self.names.is_parameter(symbol.name) else "="

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
        """Whether a line defines a free symbol.  A setting's own symbols have their values: a line claims them."""
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
