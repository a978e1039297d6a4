"""From Python's syntax tree to the formula's: what is allowed is listed, the rest refused."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Callable
from copy import copy
from dataclasses import replace
from typing import TypeVar

from checkedmath.reading import python_kinds as kinds
from checkedmath.reading.other_arrays import LIBRARIES, PERHAPS, SHARED, TURNED, einsum
from checkedmath.reading.python_arrays import Array, Arrays, View
from checkedmath.reading.python_kinds import Kind, NoKind
from checkedmath.reading.python_names import Function, PythonNames, Unknown, derivative
from checkedmath.reading.python_source import Source
from checkedmath.reading.result import Demand
from checkedmath.syntax import tree
from checkedmath.syntax.errors import Refused, Unreadable
from checkedmath.syntax.tree import BROADCAST, MATMUL, Derivative, Index, Node, Number, Symbol

GRADIENTS = frozenset({"grads", "gradients"})
COMPARED: dict[type[ast.cmpop], str] = {
    ast.Gt: ">", ast.GtE: "≥", ast.Lt: "<", ast.LtE: "≤", ast.Eq: "=", ast.NotEq: "≠",
}  # fmt: skip
#: How a message names what is never read.
NEVER: dict[type[ast.AST], str] = {
    ast.Lambda: "a lambda", ast.ListComp: "a comprehension", ast.SetComp: "a comprehension",
    ast.DictComp: "a comprehension", ast.GeneratorExp: "a comprehension",
    ast.JoinedStr: "an f-string", ast.NamedExpr: ":= inside an expression",
    ast.Await: "await", ast.Yield: "yield", ast.YieldFrom: "yield", ast.Starred: "a * argument",
    ast.List: "a list", ast.Tuple: "a tuple", ast.Set: "a set", ast.Dict: "a dictionary",
    ast.Slice: "a slice", ast.IfExp: "if … else (np.where is read)", ast.BoolOp: "and, or",
}  # fmt: skip
OPERATORS: dict[type[ast.operator], Callable[..., Node]] = {
    ast.Add: tree.Add, ast.Sub: tree.Subtract,
    ast.Mult: lambda left, right, span: tree.Multiply(BROADCAST, left, right, span=span),
    ast.MatMult: lambda left, right, span: tree.Multiply(MATMUL, left, right, span=span),
    ast.Div: lambda left, right, span: tree.Divide(left, right, numpy=True, span=span),
    ast.Pow: lambda left, right, span: tree.Power(left, right, numpy=True, span=span),
}  # fmt: skip
#: What makes a number of numbers.
OF_NUMBERS = (
    tree.Negate, tree.Add, tree.Subtract, tree.Multiply, tree.Divide, tree.Power, tree.Maximum, tree.Transpose,
)  # fmt: skip
#: & | ^ between bools.
LOGICAL: dict[type[ast.operator], Callable[..., Node]] = {
    ast.BitAnd: OPERATORS[ast.Mult], ast.BitOr: tree.Maximum,
    ast.BitXor: lambda left, right, span: tree.Compare("≠", left, right, span=span),
}  # fmt: skip
#: What makes a text Python's, so that ^ in it is no power.
OF_CODE = re.compile(r"\b(?:np|numpy|torch|tf|jnp)\.|@|\.T\b|\*\*|\baxis\s*=|\.(?:dot|sum|mm|t)\(")
#: Axes counted from the front and from the end, for arrays with two of them.
AXES, BACK = (0, 1), (1, 2)
Call = Callable[["Expressions", ast.Call], Node]
#: In the place of an axis: the first that is longer than 1, along which Octave's sum goes.  No text can say it.
FIRST_LONG = object()
#: What a name stands for; a derivative, where the setting has no symbol for what the name says.
Named = Symbol | Derivative
K = TypeVar("K")


class Conformable(ast.expr):
    """``left op right`` of a language that repeats less than NumPy: ``which`` shapes may meet is a kind of `Demand`."""

    _fields = ("inner",)

    def __init__(self, inner: ast.BinOp, which: str) -> None:
        super().__init__()
        self.inner, self.which = inner, which


class Expressions:
    """Reads the expressions of one source; ``call`` reads a call.

    ``arrays`` holds what earlier lines say of a name, ``demands`` what NumPy asks of values, or it raises.
    What an array holds (bools, whole numbers, floats) is remembered here and is not in the tree: an operation on
    bools becomes the one on the numbers 0 and 1 that does the same.
    """

    def __init__(self, source: Source, names: PythonNames, call: Call) -> None:
        self.source, self.names, self.call = source, names, call
        self.arrays = Arrays(names.setting)
        self.numbers: dict[str, Index] = {}  # what the letters of the loops around stand for
        #: Of which number a name without one is, dA at the end of a loop down: where it is read, and where it is given.
        self.read_as: dict[str, Index] = {}
        self.given_as: dict[str, Index] = {}
        self.notes: list[str] = []
        self.demands: list[Demand] = []
        #: Columns that the text takes for arrays with one axis, x[:, None]; of those x.T is x, and x @ yᵀ a number.
        self.flat: dict[Named, ast.expr] = {}
        self.turned: set[Named] = set()
        self._kinds: dict[int, tuple[Node, Kind]] = {}

    def read(self, node: ast.expr) -> Node:
        """Return the tree.  Raises `Refused` for what is never read, else `Unreadable`."""
        span = self.source.span(node)
        match node:
            case ast.Constant():
                return self._number(node)
            case ast.BinOp():
                return self.combine(node.op, self.read(node.left), self.read(node.right), node)
            case Conformable():
                return self._conformable(node)
            case ast.UnaryOp(op=ast.USub() | ast.UAdd() as sign):
                operand = self.read(node.operand)
                kind = self.known(kinds.negative, node)(self.kind(operand))
                return operand if isinstance(sign, ast.UAdd) else self.mark(tree.Negate(operand, span=span), kind)
            case ast.UnaryOp(op=ast.Invert()):
                return self.complement(self.read(node.operand), node)
            case ast.Compare():
                return self._compare(node)
            case ast.Call():
                return self.call(self, node)
            case ast.Attribute(attr="T"):
                return self.transpose(node.value, span)
            case ast.Subscript(value=ast.Attribute(attr="shape")):
                return self._size(node)
            case ast.Subscript(slice=ast.Tuple(elts=[one, other])) if _is_new_axis(one) or _is_new_axis(other):
                return self._laid(node, one, other)
            case ast.Attribute(attr="size") if not self._is_symbol(node):
                return self.extent(node.value, None, node)
            case ast.Name() | ast.Attribute() | ast.Subscript():
                return self._named(node)
        raise self.refusal(node, NEVER.get(type(node), "this part of Python"))

    def combine(self, op: ast.operator, left: Node, right: Node, node: ast.expr | ast.stmt) -> Node:
        """Return ``left op right``, for an operator or an augmented assignment."""
        span, pair = self.source.span(node), (self.kind(left), self.kind(right))
        bools = all(kind.name == kinds.BOOL for kind in pair)
        if bools and type(op) in LOGICAL:
            return self.mark(LOGICAL[type(op)](left, right, span=span), kinds.A_BOOL)
        make = OPERATORS.get(type(op))
        if make is None:
            power = isinstance(op, ast.BitXor)
            expected = "** for a power, not ^" if power else "one of + - * / @ **"
            # Of what only Python writes, ^ is an error; in plain text it is a power.
            error = Refused if power and OF_CODE.search(self.source.code) else Unreadable
            raise error(self.source.text, self._sign(node), expected)
        if isinstance(op, ast.Pow):
            kind = self.known(kinds.power, node)(*pair, *_exponent(right))
        else:
            kind = self.known(kinds.joined, node)(kinds.SIGNS[type(op)], *pair)
        if bools and isinstance(op, ast.Add):
            make = tree.Maximum
        return self.mark(make(left, right, span=span), kind)

    def _conformable(self, node: Conformable) -> Node:
        """Return ``left op right``, of which the language wants certain shapes."""
        left, right = self.read(node.inner.left), self.read(node.inner.right)
        found = self.combine(node.inner.op, left, right, node)
        if node.which == "number":
            if not self.is_number(right):
                raise self.never(node.inner.right, "a number below /: ./ divides entry by entry")
        else:
            self.demands.append(Demand(node.which, left, right))
        return found

    def _laid(self, node: ast.Subscript, one: ast.expr, other: ast.expr) -> Node:
        """Return a flat array as a column, x[:, None], or as a row, x[None, :]."""
        whole = other if _is_new_axis(one) else one
        if not isinstance(whole, ast.Slice) or any((whole.lower, whole.upper, whole.step)):
            raise self.error(node.slice, "[:, None] or [None, :]")
        return self.laid(self.read(node.value), node, column=_is_new_axis(other))

    def laid(self, body: Node, node: ast.expr, *, column: bool) -> Node:
        """Return an array with one axis, such as np.sum(dZ, axis=1), as a column or a row."""
        span = self.source.span(node)
        if isinstance(body, tree.AxisSum) and body.axis in AXES and not body.keepdims:
            kept = replace(body, keepdims=True)
            return self.mark(kept if (body.axis == 1) == column else tree.Transpose(kept, span=span), self.kind(body))
        if isinstance(body, Symbol) and self.is_column(body):
            self.flat[body] = node
            return body if column else self.mark(tree.Transpose(body, span=span), self.kind(body))
        if isinstance(body, tree.Multiply | tree.Divide):
            left, right = tree.children(body)
            if self.is_number(right):
                parts = (self.laid(left, node, column=column), right)
            elif self.is_number(left) and isinstance(body, tree.Multiply):
                parts = (left, self.laid(right, node, column=column))
            else:
                raise self.never(node, "np.sum with keepdims=True, which needs no reshape")
            return self.mark(rebuilt(body, parts), self.kind(body))
        raise self.never(node, "np.sum with keepdims=True, which needs no reshape")

    def is_column(self, symbol: Named) -> bool:
        """Whether a symbol is a column in the setting."""
        quantity = self.names.setting.quantities.get(symbol.name) if isinstance(symbol, Symbol) else None
        return quantity is not None and len(quantity.shape) == 2 and quantity.shape[1] == "1"

    def complement(self, operand: Node, node: ast.expr) -> Node:
        """Return ``~x`` of bools."""
        if self.kind(operand).name != kinds.BOOL:
            raise self.refusal(node, "~ of what is no bool")
        span = self.source.span(node)
        return self.mark(tree.Subtract(Number("1", span=span), operand, span=span), kinds.A_BOOL)

    def transpose(self, node: ast.expr, span: tree.Span) -> Node:
        """Return the transpose of an array; a number of Python has none."""
        operand = self.array(node)
        self.turned |= {n for n in tree.walk(operand) if isinstance(n, Symbol)}
        return self.mark(tree.Transpose(operand, span=span), self.kind(operand))

    def array(self, node: ast.expr) -> Node:
        """Return the tree of an expression that must be an array, as before ``.T`` and ``.sum()``."""
        read = self.read(node)
        if isinstance(read, Number):
            raise self.never(node, "an array, not a number")
        self.demands.append(Demand("array", read))
        return read

    # -- what arrays hold, and which of them are one ---------------------------------------------

    def mark(self, node: Node, kind: Kind) -> Node:
        """Remember what the value of a node holds."""
        self._kinds[id(node)] = node, kind
        return node

    def kind(self, node: Node) -> Kind:
        """Return what the value of a node holds."""
        if id(node) in self._kinds:
            return self._kinds[id(node)][1]
        if isinstance(node, Number):
            return Kind(kinds.INT, True, int(node.text)) if node.text.isdigit() else Kind(kinds.FLOAT, True)
        if isinstance(node, tree.Extent):
            return Kind(kinds.INT, True, kinds.LONG)
        if isinstance(node, Symbol):
            if self._is_numbered_size(node) or self.names.setting.is_size(node.name):
                return Kind(kinds.INT, True, kinds.LONG)
            return Kind(kinds.FLOAT, self.is_number(node))
        return kinds.A_FLOAT

    def _is_numbered_size(self, node: Symbol) -> bool:
        return node.member is not None and node.name == self.names.setting.family.size

    def known(self, of: Callable[..., K], node: ast.expr | ast.stmt) -> Callable[..., K]:
        """Return a function that raises `Refused` at a node for what NumPy refuses or is not modelled."""

        def found(*arguments: object) -> K:
            try:
                return of(*arguments)
            except NoKind as error:
                raise self.never(node, str(error)) from None

        return found

    def is_number(self, node: Node) -> bool:
        """Whether the value is certainly a number, which has no axes and is never changed in place."""
        if isinstance(node, tree.AxisSum):
            inner = node.operand  # of two axes one sum leaves one, and a second none
            return not node.keepdims and (node.axis is None or (isinstance(inner, tree.AxisSum) and not inner.keepdims))
        if isinstance(node, tree.Extent):
            return True
        if isinstance(node, Symbol):
            quantity = self.names.setting.quantities.get(node.name)
            return self._is_numbered_size(node) or (quantity is not None and not quantity.shape)
        if isinstance(node, tree.Apply):
            return node.name in {"tr", "det", "norm"} or (node.name != "diag" and self.is_number(node.argument))
        made = isinstance(node, OF_NUMBERS) and all(map(self.is_number, tree.children(node)))
        return made or isinstance(node, Number)

    def change(self, view: View, value: Node) -> None:
        """Let an array have another value, in place."""
        self.arrays.change(view, value)
        self.mark(view.array.value, self.kind(value))

    def view(self, node: ast.expr) -> View | None:
        """Return the array that an expression is another name of; None where it makes a new one."""
        match node:
            case ast.Attribute(value=inner, attr="T") | ast.Call(func=ast.Attribute(value=inner, attr="transpose"),
                                                                 args=[]):  # fmt: skip
                view = self.view(inner)
                return view.transposed if view is not None else None
            case ast.Call(func=ast.Attribute(attr="transpose") | ast.Name(id="transpose"), args=[inner]):
                view = self.view(inner)
                return view.transposed if view is not None else None
            case ast.Call(func=ast.Attribute(value=ast.Name(), attr=name) | ast.Name(id=name), args=[inner]) if (
                name in kinds.TYPES
            ):  # np.float64(x) of floats is x; of others, as x.astype(float) of all, it is a new array
                before = self.kind(self.read(inner))
                return self.view(inner) if kinds.keeps(name, before) else None
            case ast.Call(func=ast.Attribute(value=of, attr=name), args=given) if name in SHARED:
                module = isinstance(of, ast.Name) and of.id in LIBRARIES | {"np", "numpy", "jnp"}
                view = self.view(given[0] if module and given else of)
                if view is not None and name in PERHAPS:
                    return self._perhaps(view, node)
                return view.transposed if view is not None and name in TURNED else view
            case ast.Call(func=ast.Attribute(attr="einsum"), args=[ast.Constant(value=str(subscripts)), inner]):
                made = einsum(subscripts, [inner], node)
                return self.view(made) if made is not None else None
            case ast.Subscript(value=inner, slice=ast.Tuple()):  # s[:, None]
                view = self.view(inner)
                return self._perhaps(view, node) if view is not None else None
            case ast.Name(id=name) if name in self.arrays.views:
                found = self.arrays.view(name)
            case ast.Name() | ast.Attribute() | ast.Subscript() if self._is_symbol(node):
                symbol = self.symbol(node)
                found = self.arrays.view(symbol) if symbol is not None else None
            case _:
                return None
        return found if found is not None and not self.is_number(found.array.value) else None

    def _perhaps(self, view: View, node: ast.expr) -> View:
        """Return an array that may lie in the memory of another one, or be a copy."""
        value = self.read(node)
        return View(Array(self.mark(copy(value), self.kind(value)), memory=view.array.memory))

    def _sign(self, node: ast.expr | ast.stmt) -> int:
        """Return where the sign stands in ``left op right``, or in ``name op= value``."""
        first = next(child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr))
        sign = re.compile(r"[^\s)]").search(self.source.text, self.source.span(first)[1])
        return sign.start() if sign else self.source.span(node)[0]

    def symbol(self, node: ast.expr) -> Named | None:
        """Return the symbol a name, ``cache["Z1"]`` or ``W[2]`` stands for.

        None if it is no way to write a symbol; `Unreadable` if it is one, of an unknown symbol.
        """
        match node:
            case ast.Name(ctx=place) if (number := self._carried(place).get(node.id)) is not None:
                return Symbol(self.names.symbol(node.id)[0], number, span=self.source.span(node))
            case ast.Name():
                return self._look_up(node, lambda: self.names.node(node.id))
            case ast.Attribute(value=ast.Name(id=holder)) if holder in self.names.containers:
                return self._look_up(node, lambda: self.names.node(node.attr))
            case ast.Subscript(value=ast.Name(id=holder)) if holder in self.names.containers:
                return self._of_key(node, holder)
            case ast.Subscript(value=ast.Name(id=name)):
                return self._of_member(node, name)
            case ast.Subscript(value=ast.Subscript(value=ast.Name(id=holder), slice=ast.Constant(value=str(name)))):
                return self._of_member(node, name) if holder in self.names.containers else None
            case ast.Subscript(value=ast.Attribute(value=ast.Name(), attr=holder)) if holder in self.names.containers:
                return self._of_key(node, holder)
            case ast.Subscript(value=ast.Attribute(value=ast.Name(id=holder), attr=name)):
                return self._of_member(node, name) if holder in self.names.containers else None
        return None

    def _carried(self, place: ast.expr_context) -> dict[str, Index]:
        return self.given_as if isinstance(place, ast.Store) else self.read_as

    def function(self, node: ast.expr) -> Function | None:
        """Return the function a name stands for: ``sigmoid``, ``g[1]``, ``net.g[1].prime``."""
        match node:
            case ast.Name():
                return self.names.function(node.id)
            case ast.Attribute(value=ast.Name(id=holder)) if holder in self.names.containers:
                return self.names.function(node.attr)
            case ast.Attribute(attr="prime" | "derivative"):
                base = self.function(node.value)
                return derivative(base) if base is not None else None
            case ast.Subscript():
                base = self.function(node.value)
                if base is None or base.member is not None or not self.names.is_numbered(base):
                    return None
                return Function(base.name, self._index(node.slice), base.primes)
        return None

    def error(self, node: ast.expr | ast.stmt, expected: str, nearest: str = "") -> Unreadable:
        """Return the error for something else than was expected at this place."""
        return Unreadable(self.source.text, self.source.span(node)[0], expected, nearest)

    def never(self, node: ast.expr | ast.stmt, expected: str) -> Refused:
        """Return the error for what Python and NumPy refuse, or what of them is not modelled."""
        return Refused(self.source.text, self.source.span(node)[0], expected)

    def refusal(self, node: ast.expr | ast.stmt, what: str) -> Refused:
        """Return the error for what is never read."""
        return self.never(node, f"a formula: {what} is never read")

    # -- leaves --------------------------------------------------------------------------------

    def _number(self, node: ast.Constant) -> Number:
        span = self.source.span(node)
        written = self.source.text[slice(*span)]
        if isinstance(node.value, str):
            raise self.refusal(node, "a string")
        if isinstance(node.value, bool) or not isinstance(node.value, int | float):
            raise self.error(node, "a number or a symbol")
        if not re.fullmatch(r"\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?", written):
            raise self.error(node, "a decimal number such as 0.5 or 1e-3")
        if not math.isfinite(float(written)):
            raise self.error(node, "a number that a computer can hold")
        return Number(written, span=span)

    def _named(self, node: ast.expr) -> Node:
        if isinstance(node, ast.Name) and node.id in self.arrays.unsure - {*self.arrays.views}:
            raise self.never(node, f"a name that is the same whichever way the code takes above: {node.id} is not")
        if isinstance(node, ast.Name) and node.id in self.arrays.views:
            return self._seen(node.id)
        function = self.function(node)
        if function is not None and not self._is_symbol(node):
            return tree.Evaluated(
                function.name, function.member, function.primes, span=self.source.span(node)
            )
        symbol = self.symbol(node)
        if symbol is None:
            what = f".{node.attr}" if isinstance(node, ast.Attribute) else "this use of [ ]"
            raise self.refusal(node, what)
        if symbol in self.arrays.unsure - {*self.arrays.views}:
            said = f"a name that is the same whichever way the code takes above: {self.written(node)} is not"
            raise self.never(node, said)
        other = self.arrays.perhaps_changed(symbol) if isinstance(symbol, Symbol) else None
        if other is not None:
            written = self.written(node)
            raise self.never(node, f"a copy before {other.name} was changed, for {written} may be the same array")
        return self._seen(symbol) if self.arrays.value(symbol) is not None else symbol

    def _seen(self, key: str | Named) -> Node:
        """Return what earlier lines have made of a name."""
        view = self.arrays.view(key)
        assert view is not None
        return self.mark(view.value, self.kind(view.array.value))

    def _is_symbol(self, node: ast.expr) -> bool:
        try:
            return self.symbol(node) is not None
        except Unreadable:
            return False

    def _look_up(self, node: ast.expr, find: Callable[[], Named | tuple[str, Index | None]]) -> Named:
        try:
            found = find()
        except Unknown as unknown:
            raise self.error(node, unknown.expected, unknown.nearest) from None
        found = Symbol(*found) if isinstance(found, tuple) else found
        return replace(found, span=self.source.span(node))

    def _of_member(self, node: ast.Subscript, name: str) -> Named:
        # The name first: of an unknown name, what stands in its brackets says nothing.
        self._look_up(node, lambda: self.names.member(name, Index(self.names.setting.family.letter)))
        member = self._index(node.slice)
        return self._look_up(node, lambda: self.names.member(name, member))

    def _of_key(self, node: ast.Subscript, holder: str) -> Named:
        """Return the symbol of ``cache["Z1"]``, ``grads["dW" + str(l)]``, ``grads[f"dW{l}"]``, ``cache["Z"][l]``."""
        key, written = _key(node.slice)
        if key is None:
            raise self.error(node.slice, f'a name in quotes, as in {holder}["…"]')
        if written is None:
            found = self._look_up(node, lambda: self.names.node(key))
        else:
            member = self._index(written)
            found = self._look_up(node, lambda: self.names.member(key, member))
        if holder in GRADIENTS and isinstance(found, Symbol) and not self.names.is_gradient(found.name):
            # Some code calls the gradient of W2 grads["W2"].
            gradient = self.names.gradient_by(found.name)
            if gradient is not None:
                self.notes.append(f"{self.written(node)} was read as {gradient}, a gradient")
                return Symbol(gradient, found.member, span=found.span)
        return found

    def written(self, node: ast.expr) -> str:
        """Return what was written here."""
        return self.source.text[slice(*self.source.span(node))]

    def _index(self, node: ast.expr) -> Index:
        """Return the layer number in brackets: 2, l, l - 1, L, or the letter of a loop around."""
        family = self.names.setting.family
        letters = {**{letter: Index(letter) for letter in family.letters}, **self.numbers}
        match node:
            case ast.Constant(value=int(number)) if not isinstance(number, bool) and number < 100:
                return Index("", number)
            case ast.Name(id=letter) if letter in letters:
                return letters[letter]
            case ast.BinOp(
                left=ast.Name(id=letter), op=ast.Add() | ast.Sub() as op, right=ast.Constant(value=int(number)),
            ) if letter in letters and not isinstance(number, bool) and number < 100:
                at = letters[letter]
                return Index(at.letter, at.offset + (number if isinstance(op, ast.Add) else -number))
        letter = family.letter
        raise self.error(node, f"a {family.word} in the brackets: 1, 2, {letter}, {letter} - 1, {family.last}")

    # -- conditions and sizes ------------------------------------------------------------------

    def _compare(self, node: ast.Compare) -> Node:
        if len(node.ops) > 1:
            raise self.refusal(node, "a chain of comparisons")
        op = COMPARED.get(type(node.ops[0]))
        if op is None:
            raise self.refusal(node, "is, in, not")
        left, right = self.read(node.left), self.read(node.comparators[0])
        return self.mark(tree.Compare(op, left, right, span=self.source.span(node)), kinds.A_BOOL)

    def _size(self, node: ast.Subscript) -> Node:
        """Return the size that ``A.shape[1]`` stands for: m, if A has a column for each example."""
        assert isinstance(node.value, ast.Attribute)
        axis = node.slice
        match axis:
            case ast.Constant(value=int(number)) if number in AXES and not isinstance(number, bool):
                pass
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(back))) if back in BACK:
                number = 2 - back
            case _:
                raise self.error(axis, "0 or 1: every symbol has two axes")
        return self.extent(node.value.value, number, node)

    def extent(self, of: ast.expr, axis: int | None, node: ast.expr) -> Node:
        """Return how long an axis of an array is, or how many entries it has."""
        if self.names.free:
            raise self.error(of, "a matrix of the setting before .shape")
        if isinstance(of, ast.Name) and self.names.are_labels(of.id) and of.id not in self.arrays.views:
            self.notes.append(f"{of.id} holds a label for each example here, so {self.written(node)} counts them")
            return Symbol(self.names.setting.examples, span=self.source.span(node))
        value = self.array(of)
        inner = [n for n in tree.walk(value) if isinstance(n, Symbol)]
        known = self.names.setting.quantities
        if any(n.name in known and not known[n.name].shape for n in inner) or not inner:
            raise self.error(of, "a matrix of the setting before .shape")
        return tree.Extent(value, axis, span=self.source.span(node))


def rebuilt(node: tree.Multiply | tree.Divide, parts: tuple[Node, Node]) -> Node:
    """Return a product or quotient with other parts."""
    if isinstance(node, tree.Multiply):
        return replace(node, left=parts[0], right=parts[1])
    return replace(node, top=parts[0], bottom=parts[1])


def _is_new_axis(node: ast.expr) -> bool:
    match node:
        case ast.Constant(value=None) | ast.Attribute(value=ast.Name(), attr="newaxis"):
            return True
    return False


def _key(node: ast.expr) -> tuple[str | None, ast.expr | None]:
    """Return the name in a key and the number behind it: ``"dW" + str(l)``, ``f"dW{l}"``, ``"dW%d" % l``."""
    match node:
        case ast.Constant(value=str(key)):
            return key, None
        case ast.BinOp(
            left=ast.Constant(value=str(key)), op=ast.Add(),
            right=ast.Call(func=ast.Name(id="str"), args=[number], keywords=[]),
        ):
            return key, number
        case ast.JoinedStr(values=[ast.Constant(value=str(key)), ast.FormattedValue(
            value=number, conversion=-1, format_spec=None,
        )]):
            return key, number
        case ast.BinOp(left=ast.Constant(value=str(key)), op=ast.Mod(), right=number) if re.search(r"%[dis]$", key):
            return key[:-2], number
        case ast.Call(
            func=ast.Attribute(value=ast.Constant(value=str(key)), attr="format"), args=[number], keywords=[],
        ) if key.endswith("{}"):
            return key[:-2], number
    return None, None


def _exponent(node: Node) -> tuple[int | None, bool]:
    """Return the number if an exponent is written in digits, and whether a minus stands before it."""
    inner = node.operand if isinstance(node, tree.Negate) else node
    digits = isinstance(inner, Number) and inner.text.isdigit()
    return (int(inner.text) if digits else None), inner is not node  # type: ignore[attr-defined]
