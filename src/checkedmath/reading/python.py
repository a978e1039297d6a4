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
from copy import copy
from dataclasses import dataclass, field, replace

from checkedmath.reading.languages import language_of
from checkedmath.reading.python_arrays import Array, View
from checkedmath.reading.python_calls import MODULES, dotted, read_call
from checkedmath.reading.python_kinds import INT, fits
from checkedmath.reading.python_names import PythonNames
from checkedmath.reading.python_nodes import NEVER, Expressions, Named
from checkedmath.reading.python_source import ForeignSource, Source
from checkedmath.reading.result import NUMPY, Demand, Reading
from checkedmath.subject.setting import Setting, Shape, is_given
from checkedmath.syntax.budget import MAX_LENGTH, MAX_NESTING, MAX_NODES
from checkedmath.syntax.errors import FormulaError, Refused, TooLong, Unreadable
from checkedmath.syntax.text import text_of
from checkedmath.syntax.tree import Chain, Compare, Node, Span, Symbol, children, walk

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
    names = PythonNames(setting, text)
    names.given = _given(statements)
    lines = _Lines(Expressions(source, names, read_call))
    for n, statement in enumerate(statements[:-1]):
        lines.earlier(statement, statements[n + 1 :])
    last = lines.final(statements[-1])
    *earlier, tree = (*lines.claims, *last)
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
    )  # fmt: skip


def _given(statements: Sequence[ast.stmt]) -> frozenset[str]:
    """Return the names that a line gives and a later one uses."""
    given: set[str] = set()
    used: set[str] = set()
    for statement in statements:
        named = [node for node in ast.walk(statement) if isinstance(node, ast.Name)]
        used |= {node.id for node in named if isinstance(node.ctx, ast.Load) and node.id in given}
        given |= {node.id for node in named if isinstance(node.ctx, ast.Store)}
    return frozenset(used)


def _borrowed(names: PythonNames) -> Iterator[str]:
    """Yield notes on what the names of other sources were read as."""
    for spelling, (ours, source) in names.borrowed.items():
        spelling = spelling.replace("_rest", " without its first column")  # noqa: PLW2901
        yield f"{spelling} is {text_of(ours)} here ({source})"


class _Lines:
    """Reads statements one after the other."""

    def __init__(self, expressions: Expressions) -> None:
        self.expressions, self.names = expressions, expressions.names
        self.definitions: list[tuple[str, Chain]] = []
        self.claims: list[Chain] = []  # of the lines before the last
        self.claimed: set[Named] = set()
        self.read: set[Symbol] = set()  # what the lines so far have named
        self.weights: dict[int, tuple[int, int]] = {}

    def earlier(self, statement: ast.stmt, below: Sequence[ast.stmt]) -> None:
        """Remember what a line before the last says of a name: a claim, a definition or a part of one."""
        span = self.expressions.source.span(statement)
        view = None
        for target, value in self._assignments(statement):
            name = self._target(target)
            self._weigh(value, statement)
            if isinstance(name, Symbol) and self._is_definition(name):
                self._define(name, value, statement)
                self.read |= {node for node in walk(value) if isinstance(node, Symbol)}
                continue
            self.read |= {node for node in walk(value) if isinstance(node, Symbol)}
            # All left sides of one line are names of one array.
            view = view or self._view(target, value, statement)
            size = isinstance(name, Symbol) and self.expressions.kind(name).name == INT  # which the data say
            if isinstance(name, Symbol) and not size and is_given(name.name, value, self.names.setting):
                self._bind(name, View(Array(self.expressions.mark(copy(name), self.expressions.kind(value)))))
            elif not isinstance(name, str) and not self._goes_on(target, below):
                sign = self._sign(statement, name, value)
                self.claims.append(Chain((name, value), (sign,), span=span))
                self.claimed.add(name)
                # The lines below may use it as right; after an update they use the new value.
                self._bind(name, self._right(view, name, value) if sign == "=" else view)
            else:
                self.expressions.demands.append(Demand("value", value))
                self._bind(name, view)

    def _define(self, name: Symbol, value: Node, statement: ast.stmt) -> None:
        """Take a line as the definition of a free symbol, of which there is one, before it is used."""
        if any(name.name == known for known, _ in self.definitions) or name in self.read or name in set(walk(value)):
            said = f"one definition of {name.name}, before it is used"
            raise self.expressions.error(statement, said)
        self.definitions.append((name.name, Chain((name, value), ("=",), span=self.expressions.source.span(statement))))

    def _view(self, target: ast.expr, value: Node, statement: ast.stmt) -> View:
        """Return the array that a line gives a name to; ``x += y`` changes the one that x has."""
        old = self.expressions.view(target) if isinstance(statement, ast.AugAssign) else None
        if old is not None:
            self._change(target, old, value, statement)
            return old
        written = statement.value if isinstance(statement, ast.Assign) else None
        return (self.expressions.view(written) if written is not None else None) or View(Array(value))

    def _change(self, target: ast.expr, view: View, value: Node, statement: ast.stmt) -> None:
        """Change an array in place, under all of its names."""
        array, name = view.array, self._target(target)
        others = [key for key in self.expressions.arrays.names(array) if key != name]
        shared = others or (array.symbol is not None and array.symbol != name)
        if shared and (self.names.free or re.search(r"\bjnp\.", self.expressions.source.text)):
            raise self.expressions.never(statement, "a copy before this: another name of the array would change too")
        self.expressions.change(view, value)
        for key in others:
            if key in self.claimed and not isinstance(key, str):  # what a line said of it is no longer so
                seen = self.expressions.arrays.value(key)
                assert seen is not None
                self.claims.append(Chain((key, seen), ("=",), span=self.expressions.source.span(statement)))

    def _right(self, view: View, name: Named, value: Node) -> View:
        """Return a view that a line claims to be a symbol's; one entry where that is a number stays what it is."""
        quantity = self.names.setting.quantities.get(name.name) if isinstance(name, Symbol) else None
        if quantity is not None and not quantity.shape and not self.expressions.is_number(value):
            return view
        return replace(view, right=name, when=view.array.value)

    def _bind(self, name: str | Named, view: View) -> None:
        self.expressions.arrays.views[name] = view

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
                self.earlier(statement, ())
                return ()
        found = self.last(statement)
        if isinstance(statement, ast.AugAssign) and (view := self.expressions.view(statement.target)) is not None:
            self._change(statement.target, view, found.terms[-1], statement)
        return (found,)

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
        sides: list[Named] = []
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

    def _sign(self, statement: ast.stmt, symbol: Named, value: Node) -> str:
        """Return := for an update of a parameter, else =."""
        update = isinstance(statement, ast.AugAssign) or symbol in set(walk(value))
        return ":=" if update and self._is_parameter(symbol) else "="

    def _assignments(self, statement: ast.stmt) -> Iterator[tuple[ast.expr, Node]]:
        """Yield the left sides of an assignment, each with the value."""
        match statement:
            case ast.Assign(targets=targets, value=value):
                read = self.expressions.read(value)
                yield from ((target, read) for target in targets)
            case ast.AugAssign(target=target, op=op, value=value):
                before = self._before(target)
                after = self.expressions.combine(op, before, self.expressions.read(value), statement)
                self._in_place(before, after, statement)
                yield target, after
            case ast.Expr(value=value) | ast.Assert(test=value):
                raise self.expressions.error(statement, "a line name = … before the last line")
            case _:
                what = STATEMENTS.get(type(statement), "this statement")
                raise self.expressions.refusal(statement, what)

    def _before(self, target: ast.expr) -> Node:
        """Return what a name stood for before ``+=``: a parameter's value, or an earlier line."""
        before, name = self.expressions.read(target), self._target(target)
        known = name in self.expressions.arrays.views
        if not known and not isinstance(name, str) and not self._is_parameter(name):
            expected = f"a line before that says what {text_of(name)} is"
            raise self.expressions.error(target, expected)
        return before

    def _in_place(self, before: Node, value: Node, statement: ast.AugAssign) -> None:
        """See that NumPy puts a value into the array it changes: one of its kind and shape."""
        expressions = self.expressions
        if expressions.is_number(before):
            return  # a number is no array: the name gets another one
        kinds = expressions.kind(before), expressions.kind(value)
        if isinstance(statement.op, ast.MatMult) or not fits(*kinds):
            expected = f"a line name = …: NumPy changes no array of {kinds[0].name}s like this in place"
            raise expressions.never(statement, expected)
        expressions.demands.append(Demand("shape", value, before))

    def _is_parameter(self, name: Named) -> bool:
        return isinstance(name, Symbol) and self.names.is_parameter(name.name)

    def _target(self, target: ast.expr) -> str | Named:
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
        if target.id in MODULES | self.names.containers:
            raise self.expressions.never(target, f"another name: {target.id} holds something else")
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

