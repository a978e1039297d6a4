"""The lines of a NumPy text, read one after the other: what each claims, defines or changes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import replace

from checkedmath.reading.language_parser import Into
from checkedmath.reading.python_apart import Apart
from checkedmath.reading.python_arrays import Array, View
from checkedmath.reading.python_calls import MODULES, dotted
from checkedmath.reading.python_kinds import INT, fits
from checkedmath.reading.python_nodes import NEVER, Expressions, Named
from checkedmath.reading.result import Demand, Under
from checkedmath.subject.setting import is_given
from checkedmath.syntax.budget import MAX_NESTING, MAX_NODES
from checkedmath.syntax.errors import Unreadable
from checkedmath.syntax.text import text_of
from checkedmath.syntax.tree import Cases, Chain, Compare, Extent, Node, Span, Subtract, Symbol, children, walk

EQUAL_CALLS = frozenset({"allclose", "array_equal", "testing.assert_allclose", "assert_allclose"})
STATEMENTS: dict[type[ast.AST], str] = {
    ast.FunctionDef: "a function definition", ast.AsyncFunctionDef: "a function definition",
    ast.ClassDef: "a class", ast.Import: "an import", ast.ImportFrom: "an import",
    ast.For: "a loop", ast.While: "a loop", ast.If: "if", ast.With: "with", ast.Try: "try",
    ast.Return: "return", ast.Delete: "del", ast.Raise: "raise", ast.Match: "match",
    ast.AnnAssign: "a type annotation", ast.Global: "global", ast.Nonlocal: "nonlocal",
    ast.Pass: "pass",
}  # fmt: skip


class Lines:
    """Reads statements one after the other."""

    def __init__(self, expressions: Expressions) -> None:
        self.expressions, self.names = expressions, expressions.names
        self.apart = Apart(expressions)
        self.definitions: list[tuple[str, Chain]] = []
        self.claims: list[tuple[Chain, Under]] = []  # with what each stands under
        self.under = Under()  # what the lines that are read now stand under
        self.lasts: set[str] = set()  # names that the text gives to the largest number of the family
        self.claimed: set[Named] = set()
        self.read: set[Symbol] = set()  # what the lines so far have named
        self.weights: dict[int, tuple[int, int]] = {}
        self.own: list[tuple[str, set[str], ast.stmt]] = []  # the writer's names, what they are made of
        self.judged: set[str] = set()  # names that a claim reads
        self.local = False  # whether every name that a line gives is the writer's own, as in def sigmoid(z)

    def earlier(self, statement: ast.stmt, below: Sequence[ast.stmt]) -> None:
        """Remember what a line before the last says of a name: a claim, a definition or a part of one."""
        apart = self.apart.statements(statement)
        if apart != [statement]:
            for one in apart:
                self.earlier(one, below)
            return
        span = self.expressions.source.span(statement)
        view, claims = None, len(self.claims)
        for target, value in self._assignments(statement):
            name = self._target(target)
            if isinstance(target, ast.Name) and target.id in self.names.setting.counts and self._is_size(value):
                name = target.id  # n = X.shape[1]: whatever else the setting calls so
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
            elif not isinstance(name, str) and not self._goes_on(target, below, empty=_is_empty(statement)):
                sign = self._sign(statement, name, value)
                self.claims.append((Chain((name, value), (sign,), span=span), self.under))
                self.claimed.add(name)
                # The lines below may use it as right; after an update they use the new value.
                self._bind(name, self._right(view, name, value) if sign == "=" else view)
            else:
                self.expressions.demands.append(Demand("value", value))
                self._bind(name, view)
                if isinstance(name, str) and not self.local:
                    self.own.append((name, loaded(statement), statement))
        if len(self.claims) > claims:
            self.judged |= loaded(statement)

    def _is_size(self, value: Node) -> bool:
        """Whether this is how long something is."""
        size = isinstance(value, Symbol) and self.names.setting.is_size(value.name)
        return size or isinstance(value, Extent)

    def _define(self, name: Symbol, value: Node, statement: ast.stmt) -> None:
        """Take a line as the definition of a free symbol, of which there is one, before it is used."""
        if any(name.name == known for known, _ in self.definitions) or name in self.read or name in set(walk(value)):
            said = f"one definition of {name.name}, before it is used"
            raise self.expressions.error(statement, said)
        self.definitions.append((name.name, Chain((name, value), ("=",), span=self.expressions.source.span(statement))))

    def _view(self, target: ast.expr, value: Node, statement: ast.stmt) -> View:
        """Return the array that a line gives a name to; ``x += y`` changes the one that x has."""
        in_place = self._changed(statement) is not None or isinstance(statement, Into)
        old = self.expressions.view(target) if in_place else None
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
        if shared and (self.names.free or re.search(r"\b(?:jnp|tf)\.", self.expressions.source.code)):
            raise self.expressions.never(statement, "a copy before this: another name of the array would change too")
        if self.expressions.arrays.may_be_seen(array, name):
            said = "a copy before this: whether reshape, contiguous and the like made one depends on the array"
            raise self.expressions.never(statement, said)
        self.expressions.change(view, value)
        for key in others:
            if key in self.claimed and not isinstance(key, str):  # what a line said of it is no longer so
                seen = self.expressions.arrays.value(key)
                assert seen is not None
                chain = Chain((key, seen), ("=",), span=self.expressions.source.span(statement))
                self.claims.append((chain, self.under))

    def _right(self, view: View, name: Named, value: Node) -> View:
        """Return a view that a line claims to be a symbol's; one entry where that is a number stays what it is."""
        quantity = self.names.setting.quantities.get(name.name) if isinstance(name, Symbol) else None
        if quantity is not None and not quantity.shape and not self.expressions.is_number(value):
            return view
        return replace(view, right=name, when=view.array.value)

    def _bind(self, name: str | Named, view: View) -> None:
        self.expressions.arrays.views[name] = view

    def _goes_on(self, target: ast.expr, below: Sequence[ast.stmt], *, empty: bool = False) -> bool:
        """Whether the next line that gives this name takes up what it is here: ``dW2 /= m``, ``dW2 = dW2 / m``.

        ``below`` are the lines that run after this one whatever happens, up to a return.  Where one hands the name on
        as it is, or may be left out, the name is judged as it stands.  What is ``empty``, np.zeros_like(W), is
        nothing yet where another line gives the name.
        """
        written = ast.unparse(target)
        for statement in below:
            if isinstance(statement, ast.If) and _mentions(statement, written):
                branches = (statement.body, statement.orelse)
                return all(self._goes_on(target, branch, empty=empty) for branch in branches)
            if _leaves(statement):
                return False
            changed = self._changed(statement)
            if changed is not None and ast.unparse(changed) == written:
                return True
            if isinstance(statement, ast.Assign) and written in map(ast.unparse, statement.targets):
                return ast.unparse(statement.value) != written and (empty or _mentions(statement.value, written))
            if _mentions(statement, written) and not _reckons(statement):
                return False
        return False

    def final(self, statement: ast.stmt) -> None:
        """Read the last line, which may be an expression; it may define a name of its own, after claims."""
        for one in self.apart.statements(statement):
            if isinstance(one, ast.Assign | ast.AugAssign):
                names = [self._target(target) for target, _ in self._assignments(one)]
                own = bool(self.claims) and all(isinstance(name, str) for name in names)
                if own or len(self.apart.statements(statement)) > 1:
                    self.earlier(one, ())
                    continue
            found = self.last(one)
            self.judged |= loaded(one)
            changed = one.targets[0] if isinstance(one, Into) else self._changed(one)
            if changed is not None and (view := self.expressions.view(changed)) is not None:
                self._change(changed, view, found.terms[-1], one)
            self.claims.append((found, self.under))

    def see_all_judged(self) -> None:
        """See that every line is judged that gives what looks like a gradient or a parameter: W2_new, delta_W2."""
        for name, read, _ in reversed(self.own):
            if name in self.judged:
                self.judged |= read
        turned = next(filter(self.expressions.is_column, self.expressions.turned), None)
        for symbol, node in self.expressions.flat.items():
            if turned is not None:
                said = f"arrays with one axis, or columns, as {text_of(symbol)} and {text_of(turned)} are here"
                raise self.expressions.never(node, said)
            self.expressions.notes.append(f"{text_of(symbol)} is read as an array with one axis")
        for name, _, statement in self.own:
            about = self.names.about(name) if name not in self.judged else ""
            if about:
                expected = f"a name that says what this is, or a line below that uses it: {about} may be a gradient"
                raise self.expressions.never(statement, expected)

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
            case ast.Assign(targets=[ast.Subscript(value=target, slice=ast.Compare() as test)], value=value):
                yield target, self._masked(target, test, self.expressions.read(value), statement)
            case ast.Assign(targets=targets, value=value):
                read = self.expressions.read(value)
                yield from ((target, read) for target in targets)
            case ast.AugAssign(target=ast.Subscript(value=target, slice=ast.Compare() as test), op=op, value=value):
                before = self._before(target)
                after = self.expressions.combine(op, before, self.expressions.read(value), statement)
                yield target, self._masked(target, test, after, statement)
            case ast.AugAssign(target=ast.Subscript(value=target, slice=ast.Tuple() as at), op=ast.Sub(), value=value):
                yield target, self._without_labels(target, at, value, statement)
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

    def _masked(self, target: ast.expr, test: ast.Compare, value: Node, statement: ast.stmt) -> Node:
        """Return an array of which the entries where a condition holds are another number, dZ[Z <= 0] = 0."""
        expressions = self.expressions
        before, where = self._before(target), expressions.read(test)
        numbers = isinstance(statement, ast.AugAssign) or expressions.is_number(value)
        if isinstance(statement, ast.AugAssign) and not expressions.is_number(expressions.read(statement.value)):
            numbers = False
        if not numbers:
            raise expressions.never(statement, "a number for the entries where the condition holds")
        expressions.demands.append(Demand("shape", where, before))
        found = Cases(((value, where), (before, None)), span=expressions.source.span(statement))
        return expressions.mark(found, expressions.kind(before))

    def _without_labels(self, target: ast.expr, at: ast.Tuple, value: ast.expr, statement: ast.stmt) -> Node:
        """Return an array less 1 at the label of each example, dscores[range(m), y] -= 1: that is less Y."""
        expressions, setting = self.expressions, self.names.setting
        match at.elts, value:
            case [ast.Call(func=ast.Name(id="range"), args=[count]) | ast.Call(func=ast.Attribute(attr="arange"),
                  args=[count]), ast.Name() as labels], ast.Constant(value=1) if setting.label_columns:  # fmt: skip
                before, read = self._before(target), expressions.read(labels)
                if isinstance(read, Symbol) and read.name in setting.label_columns:
                    number = expressions.read(count)
                    expressions.demands.append(Demand("rows", before, number))
                    whole = Symbol(setting.label_columns[read.name], span=read.span)
                    return Subtract(before, whole, span=expressions.source.span(statement))
        raise expressions.refusal(at, "this choice of entries")

    def _changed(self, statement: ast.stmt) -> ast.expr | None:
        """Return what a statement changes in place: x of x += y, and of x[z < 0] = 0."""
        match statement:
            case ast.Assign(targets=[ast.Subscript(value=target, slice=ast.Compare())]):
                return target
            case ast.AugAssign(target=ast.Subscript(value=target, slice=ast.Compare() | ast.Tuple())):
                return target
            case ast.AugAssign(target=target):
                return target
        return None

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

    def _is_parameter(self, name: str | Named) -> bool:
        return isinstance(name, Symbol) and self.names.is_parameter(name.name)

    def _target(self, target: ast.expr) -> str | Named:
        if self.local and isinstance(target, ast.Name) and target.id not in MODULES:
            return target.id
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


def loaded(*parts: ast.AST) -> set[str]:
    """Return the names that pieces of code read."""
    found = (node for part in parts for node in ast.walk(part))
    return {node.id for node in found if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}


def _is_empty(statement: ast.stmt) -> bool:
    """Whether a line makes room for what is to come: dW = np.zeros_like(W)."""
    value = statement.value if isinstance(statement, ast.Assign) else None
    return isinstance(value, ast.Call) and (dotted(value.func) or "") in {"zeros", "zeros_like"}


def _mentions(node: ast.AST, written: str) -> bool:
    """Whether something written just so stands in a piece of code."""
    return any(isinstance(part, ast.expr) and ast.unparse(part) == written for part in ast.walk(node))


def _leaves(statement: ast.stmt) -> bool:
    """Whether the lines below a statement may never run."""
    ends = ast.Return | ast.Raise | ast.Break | ast.Continue
    return any(isinstance(part, ends) for part in ast.walk(statement) if not isinstance(statement, ast.FunctionDef))


def _reckons(statement: ast.stmt) -> bool:
    """Whether a statement only reckons with what it names, and hands no array on: a line y = x + 1, an assert."""
    match statement:
        case ast.Assert():
            return True
        case ast.Assign(value=value) | ast.AugAssign(value=value):
            return isinstance(value, ast.BinOp | ast.UnaryOp | ast.Compare | ast.Call)
    return False
