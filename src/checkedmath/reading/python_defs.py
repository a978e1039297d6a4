"""Functions that NumPy code defines: what def says of a function of the setting is a claim, in full.

``def sigmoid(z)`` says of every return what the sigmoid is, at any z; ``def relu_backward(dA, Z)`` that it is dA times
the derivative.  Lines of any other function are read as if they stood alone, and nobody below may call it.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import TYPE_CHECKING

from checkedmath.reading.python_arrays import Array, View
from checkedmath.reading.python_calls import BACKWARD
from checkedmath.reading.python_kinds import INT
from checkedmath.reading.python_lines import loaded
from checkedmath.reading.python_names import Function, Unknown
from checkedmath.subject.setting import is_given
from checkedmath.syntax.errors import FormulaError
from checkedmath.syntax.tree import BROADCAST, Apply, Chain, Multiply, Node, Number, Symbol

if TYPE_CHECKING:
    from checkedmath.reading.python_blocks import Blocks


DECORATIONS = frozenset({"staticmethod", "classmethod", "property"})


class Definitions:
    """Reads the functions that a text defines."""

    def __init__(self, blocks: Blocks) -> None:
        self.blocks, self.lines = blocks, blocks.lines
        self.expressions, self.names = blocks.expressions, blocks.names
        self.said: Node | None = None  # what the function that is read now returns, if it is one of the setting

    def read(self, statement: ast.FunctionDef) -> None:
        """Read the lines of a function, from what is there above it; what they give is gone below."""
        function, outer, above = self.names.function(statement.name), self.lines.under, self.expressions.arrays
        called = self._node(statement.name) if function is None else None
        other = function is None and (self._is_used(statement) or (called and self.names.is_gradient(called.name)))
        if self.said is not None or other or not set(map(ast.unparse, statement.decorator_list)) <= DECORATIONS:
            expected = f"a function of {self.names.setting.name}: what {statement.name} computes"
            raise self.expressions.refusal(statement, expected)
        self.expressions.arrays = above.copied()
        handed, self.lines.apart.handed = self.lines.apart.handed, {}
        self._see_arguments(statement)
        if function is not None:
            self._of_setting(statement, function)
        else:
            self.blocks.read(statement.body)
        self.expressions.arrays, self.lines.under, self.lines.apart.handed = above, outer, handed

    def returned(self, value: ast.expr | None, statement: ast.stmt) -> None:
        """Read what a function of the setting returns as a claim about it, sigmoid'(Z) = …."""
        assert self.said is not None
        if value is None:
            raise self.expressions.never(statement, "a value behind return")
        span = self.expressions.source.span(value)
        chain = Chain((self.said, self.expressions.read(value)), ("=",), span=span)
        self.lines.judged |= loaded(value)
        self.lines.claims.append((chain, self.lines.under))

    def _of_setting(self, statement: ast.FunctionDef, function: Function) -> None:
        """Read a function of the setting, whose arguments may be anything and whose names are its own."""
        expressions, arguments = self.expressions, statement.args
        names = [argument.arg for argument in arguments.args if argument.arg != "self"]
        backward = bool(function.primes and BACKWARD.search(statement.name))
        plain = not (arguments.posonlyargs or arguments.kwonlyargs or arguments.vararg or arguments.kwarg)
        if not plain or arguments.defaults or statement.decorator_list or len(names) != 1 + backward:
            count = "two arguments, the gradient and z" if backward else "one argument"
            raise expressions.never(statement, f"a function {statement.name} of {count}")
        if not _returns(statement.body):
            raise expressions.never(statement, f"a return at the end of {statement.name}, whatever its tests say")
        pair = self._given(backward=backward)
        if pair is None:
            raise expressions.never(statement, "a function of a symbol")
        at, factor = pair
        span = expressions.source.span(statement)
        slope = Apply(function.name, at, function.member, function.primes, span=span)
        said: Node = Multiply(BROADCAST, factor, slope, span=span) if backward else slope
        given = [View(Array(symbol)) for symbol in ((factor, at) if backward else (at,))]
        expressions.arrays.views |= dict(zip(names, given, strict=True))
        self.lines.under = self.lines.under.also(self.blocks.of_choice(function.name.removesuffix("_prime")))
        self.said, self.lines.local = said, True
        self.blocks.read(statement.body)
        self.said, self.lines.local = None, False
        if any(view.array.changed for view in given):
            raise expressions.never(statement, "a copy before it is changed: the caller's array changes otherwise")

    def _see_arguments(self, statement: ast.FunctionDef) -> None:
        """See that arguments are what they are called; none has a value of its own that it is not."""
        arguments = statement.args
        named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        for argument in (arguments.vararg, arguments.kwarg):
            if argument is not None and self._node(argument.arg) is not None:
                raise self.expressions.never(statement, f"another name: {argument.arg} has a value in the setting")
        values: list[ast.expr | None] = [None] * len(named)
        positional = len(named) - len(arguments.kwonlyargs)
        values[positional - len(arguments.defaults) : positional] = arguments.defaults
        values[positional:] = arguments.kw_defaults
        for argument, value in zip(named, values, strict=True):
            symbol = self._node(argument.arg)
            self.expressions.arrays.views.pop(argument.arg, None)
            if symbol is not None:
                self.expressions.arrays.views.pop(symbol, None)
            if value is not None and symbol is not None and not self._is_given(symbol, value):
                raise self.expressions.never(value, f"no value for {argument.arg}, which has one in the setting")
            if value is not None and not isinstance(value, ast.Constant | ast.Name | ast.UnaryOp):
                raise self.expressions.never(value, "a number or a word as the value of an argument")

    def _is_given(self, symbol: Symbol, value: ast.expr) -> bool:
        if isinstance(value, ast.Constant) and value.value is None:
            return True
        if not isinstance(value, ast.Constant) or self.expressions.kind(symbol).name == INT:
            return False
        return is_given(symbol.name, Number(str(value.value)), self.names.setting)

    def _is_used(self, statement: ast.FunctionDef) -> bool:
        """Whether the name of a function stands anywhere outside it."""
        within = {id(node) for node in ast.walk(statement)}
        return any(
            isinstance(node, ast.Name) and node.id == statement.name and id(node) not in within
            for one in self.blocks.text for node in ast.walk(one)
        )  # fmt: skip

    def _node(self, name: str) -> Symbol | None:
        try:
            found = self.names.node(name)
        except Unknown:
            return None
        return found if isinstance(found, Symbol) else None

    def _given(self, *, backward: bool) -> tuple[Symbol, Symbol] | None:
        """Return symbols of one shape that stand for the arguments of a function: z, and the gradient before it.

        What holds by chance of some numbers, such as relu(A) = A of what the relu gave, must not hold of these: so
        z is data of both signs, or a parameter where its gradient stands beside it.
        """
        found: list[tuple[int, Symbol, Symbol]] = []
        setting = self.names.setting
        for q in setting.quantities.values():
            symbol = self._node(q.name + "1" * (q.numbered and not setting.default_member)) if q.shape else None
            if symbol is None or q.gradient:
                continue
            factor = self._gradient_by(symbol) if backward else symbol
            size = self._size(symbol)
            if factor is not None and size and self.names.is_parameter(symbol.name) == backward:
                found.append((size, symbol, factor))
        return max(found, key=lambda one: one[0])[1:] if found else None

    def _gradient_by(self, symbol: Symbol) -> Symbol | None:
        name = self.names.gradient_by(symbol.name)
        return Symbol(name, symbol.member) if name is not None else None

    def _size(self, symbol: Symbol) -> int:
        """Return how many numbers a symbol has; none where they are all of one sign in all draws."""
        values = []
        for draw in self.names.setting.draws(""):
            member = symbol.member
            try:
                number = None if member is None else member.offset + (draw.members if member.letter else 0)
                values.append(draw.value(symbol.name, number))
            except (FormulaError, LookupError):
                return 0
        mixed = any((value > 0).any() for value in values) and any((value < 0).any() for value in values)
        return values[0].size if mixed else 0


def _returns(body: Sequence[ast.stmt]) -> bool:
    """Whether a block ends in a return, whichever branch is taken."""
    match body[-1] if body else None:
        case ast.Return():
            return True
        case ast.If(body=first, orelse=second):
            return _returns(first) and _returns(second)
        case ast.With(body=inner):
            return _returns(inner)
    return False
