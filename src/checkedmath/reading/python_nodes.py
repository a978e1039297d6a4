"""From Python's syntax tree to the formula's: what is allowed is listed, the rest refused."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Callable

from checkedmath import tree
from checkedmath.errors import Refused, Unreadable
from checkedmath.reading.python_names import Function, PythonNames, Unknown, derivative
from checkedmath.reading.python_source import Source
from checkedmath.tree import BROADCAST, MATMUL, Index, Node, Number, Symbol

#: Objects and dictionaries in which code keeps its symbols: ``cache["Z1"]``, ``net.W[2]``.
CONTAINERS = frozenset({
    "cache", "caches", "parameters", "params", "parameter", "grads", "gradients", "net", "network",
    "model", "self", "layer",
})  # fmt: skip
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
#: Axes counted from the front and from the end, for arrays with two of them.
AXES, BACK = (0, 1), (1, 2)
Call = Callable[["Expressions", ast.Call], Node]
SIZE = re.compile(r"n_\{?(\w)([+-]\d+)?\}?")


class Expressions:
    """Reads the expressions of one source; ``call`` reads a call.

    ``given`` holds what earlier lines say of a name, ``used`` those of them that were needed.
    """

    def __init__(self, source: Source, names: PythonNames, call: Call) -> None:
        self.source, self.names, self.call = source, names, call
        self.given: dict[str | Symbol, Node] = {}
        self.used: set[str | Symbol] = set()
        self.notes: list[str] = []

    def read(self, node: ast.expr) -> Node:
        """Return the tree.  Raises `Refused` for what is never read, else `Unreadable`."""
        span = self.source.span(node)
        match node:
            case ast.Constant():
                return self._number(node)
            case ast.BinOp():
                return self.combine(node.op, self.read(node.left), self.read(node.right), node)
            case ast.UnaryOp(op=ast.USub()):
                return tree.Negate(self.read(node.operand), span=span)
            case ast.UnaryOp(op=ast.UAdd()):
                return self.read(node.operand)
            case ast.Compare():
                return self._compare(node)
            case ast.Call():
                return self.call(self, node)
            case ast.Attribute(attr="T"):
                return tree.Transpose(self.read(node.value), span=span)
            case ast.Subscript(value=ast.Attribute(attr="shape")):
                return self._size(node)
            case ast.Name() | ast.Attribute() | ast.Subscript():
                return self._named(node)
        raise self.refusal(node, NEVER.get(type(node), "this part of Python"))

    def combine(self, op: ast.operator, left: Node, right: Node, node: ast.expr | ast.stmt) -> Node:
        """Return ``left op right``, for an operator or an augmented assignment."""
        make = OPERATORS.get(type(op))
        if make is None:
            power = isinstance(op, ast.BitXor)
            expected = "** for a power, not ^" if power else "one of + - * / @ **"
            raise Unreadable(self.source.text, self._sign(node), expected)
        return make(left, right, span=self.source.span(node))

    def _sign(self, node: ast.expr | ast.stmt) -> int:
        """Return where the sign stands in ``left op right``, or in ``name op= value``."""
        first = next(child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr))
        sign = re.compile(r"[^\s)]").search(self.source.text, self.source.span(first)[1])
        return sign.start() if sign else self.source.span(node)[0]

    def symbol(self, node: ast.expr) -> Symbol | None:
        """Return the symbol a name, ``cache["Z1"]`` or ``W[2]`` stands for.

        None if it is no way to write a symbol; `Unreadable` if it is one, of an unknown symbol.
        """
        match node:
            case ast.Name():
                return self._look_up(node, lambda: self.names.symbol(node.id))
            case ast.Attribute(value=ast.Name(id=holder)) if holder in CONTAINERS:
                return self._look_up(node, lambda: self.names.symbol(node.attr))
            case ast.Subscript(value=ast.Name(id=holder)) if holder in CONTAINERS:
                return self._of_key(node, holder)
            case ast.Subscript(value=ast.Name(id=name)):
                return self._of_layer(node, name)
            case ast.Subscript(value=ast.Attribute(value=ast.Name(id=holder), attr=name)):
                return self._of_layer(node, name) if holder in CONTAINERS else None
        return None

    def function(self, node: ast.expr) -> Function | None:
        """Return the function a name stands for: ``sigmoid``, ``g[1]``, ``net.g[1].prime``."""
        match node:
            case ast.Name():
                return self.names.function(node.id)
            case ast.Attribute(value=ast.Name(id=holder)) if holder in CONTAINERS:
                return self.names.function(node.attr)
            case ast.Attribute(attr="prime" | "derivative"):
                base = self.function(node.value)
                return derivative(base) if base is not None else None
            case ast.Subscript():
                base = self.function(node.value)
                if base is None or base.layer is not None or not self.names.is_layered(base):
                    return None
                return Function(base.name, self._index(node.slice), base.primes)
        return None

    def error(self, node: ast.expr | ast.stmt, expected: str, nearest: str = "") -> Unreadable:
        """Return the error for something else than was expected at this place."""
        return Unreadable(self.source.text, self.source.span(node)[0], expected, nearest)

    def refusal(self, node: ast.expr | ast.stmt, what: str) -> Refused:
        """Return the error for what is never read."""
        expected = f"a formula: {what} is never read"
        return Refused(self.source.text, self.source.span(node)[0], expected)

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
        if isinstance(node, ast.Name) and node.id in self.given:
            self.used.add(node.id)
            return self.given[node.id]
        function = self.function(node)
        if function is not None and not self._is_symbol(node):
            return tree.Evaluated(
                function.name, function.layer, function.primes, span=self.source.span(node)
            )
        symbol = self.symbol(node)
        if symbol is None:
            what = f".{node.attr}" if isinstance(node, ast.Attribute) else "this use of [ ]"
            raise self.refusal(node, what)
        if symbol in self.given:
            self.used.add(symbol)
            return self.given[symbol]
        return symbol

    def _is_symbol(self, node: ast.expr) -> bool:
        try:
            return self.symbol(node) is not None
        except Unreadable:
            return False

    def _look_up(self, node: ast.expr, find: Callable[[], tuple[str, Index | None]]) -> Symbol:
        try:
            name, layer = find()
        except Unknown as unknown:
            raise self.error(node, unknown.expected, unknown.nearest) from None
        return Symbol(name, layer, span=self.source.span(node))

    def _of_layer(self, node: ast.Subscript, name: str) -> Symbol:
        # The name first: of an unknown name, what stands in its brackets says nothing.
        self._look_up(node, lambda: self.names.layer(name, Index("l")))
        layer = self._index(node.slice)
        return self._look_up(node, lambda: self.names.layer(name, layer))

    def _of_key(self, node: ast.Subscript, holder: str) -> Symbol:
        """Return the symbol of ``cache["Z1"]`` or of ``grads["dW" + str(l)]``."""
        match node.slice:
            case ast.Constant(value=str(key)):
                found = self._look_up(node, lambda: self.names.symbol(key))
            case ast.BinOp(
                left=ast.Constant(value=str(key)), op=ast.Add(),
                right=ast.Call(func=ast.Name(id="str"), args=[written], keywords=[]),
            ):
                layer = self._index(written)
                found = self._look_up(node, lambda: self.names.layer(key, layer))
            case _:
                raise self.error(node.slice, f'a name in quotes, as in {holder}["…"]')
        if holder in GRADIENTS and not self.names.is_gradient(found.name):
            # Some code calls the gradient of W2 grads["W2"].
            gradient = self.names.gradient_by(found.name)
            if gradient is not None:
                self.notes.append(f"{self.written(node)} was read as {gradient}, a gradient")
                return Symbol(gradient, found.layer, span=found.span)
        return found

    def written(self, node: ast.expr) -> str:
        """Return what was written here."""
        return self.source.text[slice(*self.source.span(node))]

    def _index(self, node: ast.expr) -> Index:
        """Return the layer number in brackets: 2, l, l - 1, L."""
        match node:
            case ast.Constant(value=int(number)) if not isinstance(number, bool) and number < 100:
                return Index("", number)
            case ast.Name(id="l" | "L" as letter):
                return Index(letter)
            case ast.BinOp(
                left=ast.Name(id="l" | "L" as letter), op=ast.Add() | ast.Sub() as op,
                right=ast.Constant(value=int(number)),
            ) if not isinstance(number, bool) and number < 100:
                return Index(letter, number if isinstance(op, ast.Add) else -number)
        raise self.error(node, "a layer in the brackets: 1, 2, l, l - 1, L")

    # -- conditions and sizes ------------------------------------------------------------------

    def _compare(self, node: ast.Compare) -> tree.Compare:
        if len(node.ops) > 1:
            raise self.refusal(node, "a chain of comparisons")
        op = COMPARED.get(type(node.ops[0]))
        if op is None:
            raise self.refusal(node, "is, in, not")
        left, right = self.read(node.left), self.read(node.comparators[0])
        return tree.Compare(op, left, right, span=self.source.span(node))

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
        of = node.value.value
        while isinstance(of, ast.Attribute) and of.attr == "T":
            of, number = of.value, 1 - number
        symbol = self.symbol(of)
        quantity = self.names.setting.quantities.get(symbol.name) if symbol else None
        if symbol is None or quantity is None or len(quantity.shape) != 2:
            raise self.error(of, "a matrix of the setting before .shape")
        return self._dimension(quantity.shape[number], symbol.layer, node)

    def _dimension(self, dimension: str, layer: Index | None, node: ast.expr) -> Node:
        span = self.source.span(node)
        if dimension.isdigit():
            return Number(dimension, span=span)
        match = SIZE.fullmatch(dimension)
        if match and match[1].isdigit():
            return Symbol("n", Index("", int(match[1])), span=span)
        if match and match[1] == "L":
            return Symbol("n", Index("L", int(match[2] or 0)), span=span)
        if match and match[1] == "l" and layer is not None:
            return Symbol("n", Index(layer.letter, layer.offset + int(match[2] or 0)), span=span)
        return self._look_up(node, lambda: self.names.symbol(dimension))
