"""Scripts on a name: layers, indices, examples, transposes, primes and powers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from checkedmath.reading.flatten import Flat
from checkedmath.reading.names import Name, Names
from checkedmath.reading.scan import Token
from checkedmath.syntax.errors import Unreadable
from checkedmath.syntax.tree import (
    JUXTAPOSED,
    Add,
    Apply,
    Component,
    Constant,
    Delta,
    Evaluated,
    Example,
    Index,
    Inverse,
    Multiply,
    Node,
    Number,
    Power,
    Primed,
    RealSpace,
    Span,
    Subtract,
    Symbol,
    Transpose,
)  # fmt: skip


class Scripts:
    """Gives scripts their meaning: a raised 2 is a layer on W and a power on (1 - a)."""

    def __init__(self, flat: Flat, names: Names) -> None:
        self.flat, self.names = flat, names

    def expr(self, tree: Any) -> Node:
        """Build an expression; the builder that is made of this does it."""
        raise NotImplementedError

    def _named(self, token: Token, scripts: list[list[Any]]) -> Node:
        span = self._span(token)
        if token.kind == "DELTA":
            if len(scripts) == 1 and scripts[0][0].type == "SUBSCRIPT" and len(scripts[0][0].value.value) == 2:
                return Delta(*scripts[0][0].value.value, span=self._until(span, scripts))
            raise self._error(token, "two indices under Kronecker's δ")
        if token.kind == "SPACE":
            return self._space(token, scripts)
        if token.kind == "EULER":
            if not scripts:
                return Constant("e", span=span)
            if scripts[0][0].type not in {"POW_OPEN", "SUPER"}:
                raise self._error(token, f"a symbol of {self.names.setting.name}", "exp")
            script = scripts[0]
            exponent = self.expr(script[1]) if len(script) > 1 else Number(script[0].value.value)
            return self._scripted(Apply("exp", exponent, span=self._until(span, scripts[:1])), scripts[1:])
        if token.kind == "BARE":
            function = self.names.function(token.value.canonical)
            return self._evaluated(token.value, function.primes if function else 0, scripts, span)
        return self._scripted(Symbol(token.value.canonical, dotted=token.value.dotted, span=span), scripts)

    def _evaluated(self, name: Name, primes: int, scripts: list[list[Any]], span: Span) -> Node:
        layer = None
        for script in scripts:
            kind, value = script[0].type, script[0].value.value
            if kind == "PRIME":
                primes += 1
            elif kind in {"LAYER", "PAREN_INDEX"}:
                layer = value
            elif kind == "SUPER":
                layer = Index("", int(value))
        return Evaluated(name.canonical, layer, primes, span=self._until(span, scripts))

    def _space(self, token: Token, scripts: list[list[Any]]) -> Node:
        if not scripts:
            return RealSpace(Number("1"), span=self._span(token))
        script = scripts[0]
        size = self.expr(script[1]) if len(script) > 1 else Number(str(script[0].value.value))
        span = self._until(self._span(token), scripts)
        if isinstance(size, Multiply):
            if size.sign == JUXTAPOSED:
                raise self._error(token, r"\times between the sizes of ℝ")
            return RealSpace(size.left, size.right, span=span)
        return RealSpace(size, span=span)

    def _scripted(self, node: Node, scripts: list[list[Any]]) -> Node:
        """Apply scripts one after the other: W, then layer 2, then the transpose."""
        # δ with two component indices is Kronecker's; with a layer it is dz.
        if isinstance(node, Symbol) and self._kronecker(node, scripts):
            return Delta(*scripts[0][0].value.value, span=self._until(node.span, scripts))
        for script in scripts:
            token = script[0].value
            span = (node.span[0], self._span(script[-1].value if is_token(script[-1]) else token)[1])
            node = self._script(node, script, span)
        return node

    def _kronecker(self, node: Symbol, scripts: list[list[Any]]) -> bool:
        if len(scripts) != 1 or scripts[0][0].type != "SUBSCRIPT" or len(scripts[0][0].value.value) != 2:
            return False
        return self.flat.source[node.span[0] : node.span[1]] in {"δ", "\\delta", "delta"}

    def _script(self, node: Node, script: list[Any], span: Span) -> Node:
        kind, token = script[0].type, script[0].value
        value = token.value
        layerless = isinstance(node, Symbol) and node.layer is None and self._layered(node)
        if kind == "TRANSPOSE":
            return Transpose(node, span=span)
        if kind == "INVERSE":
            return Inverse(node, span=span)
        if kind == "PRIME":
            if isinstance(node, Number):
                raise self._error(token, "no prime on a number")
            return Primed(node, span=span)
        if kind == "SUPER":
            if layerless:
                return replace(node, layer=Index("", int(value)), span=span)  # type: ignore[call-arg]
            return Power(node, Number(value, span=self._span(token)), span=span)
        if kind == "POW_OPEN":
            exponent = self.expr(script[1])
            return Power(node, exponent, span=span)
        if kind == "LAYER":
            if isinstance(node, Symbol) and node.layer is None and self._layered(node, Size=True):
                return replace(node, layer=value, span=span)
            if isinstance(node, Component | Example) and self._takes_layer(node.base):  # a_k^{[2]}
                return replace(node, base=self._script(node.base, script, node.base.span), span=span)
            if isinstance(node, Transpose | Primed) and self._takes_layer(node.operand):  # W^{T[2]}
                return replace(node, operand=self._script(node.operand, script, node.operand.span), span=span)
            if self.names.free and isinstance(node, Symbol):
                return Component(node, (value,), span=span)
            raise self._error(token, "a quantity that has a layer before [ ]")
        if kind == "PAREN_INDEX":
            return self._paren_index(node, value, token, span, layerless)
        assert kind == "SUBSCRIPT"
        if isinstance(node, Apply) and node.name == "norm":  # of a column there is one Euclidean norm
            return replace(node, layer=None if self._is_column(node.argument) else value[0], span=span)
        if isinstance(node, Symbol) and node.name == "n" and node.layer is None:
            return Symbol("n", value[0], span=span)
        if layerless and self._counts_entries(node) and len(value) == 1 and not value[0].letter:
            return Component(node, value, span=span)
        if layerless and len(value) == 1 and (not value[0].letter or value[0].letter in "lL"):
            return replace(node, layer=value[0], span=span)  # type: ignore[call-arg]
        return Component(node, self._two_digits(node, value), span=span)

    def _is_column(self, node: Node) -> bool:
        """Whether an expression is a column, as far as its letters say."""
        if isinstance(node, Symbol):
            quantity = self.names.quantity(node.name)
            shape = quantity.shape if quantity is not None else ()
            return (self.names.free and node.name[:1].islower()) or shape[1:] == ("1",)
        if isinstance(node, Add | Subtract | Multiply):
            return self._is_column(node.right)
        return False

    def _counts_entries(self, node: Node) -> bool:
        """Whether z_1 is an entry: where formulas are about the last layer, a lone number counts its units."""
        quantity = self.names.quantity(node.name) if isinstance(node, Symbol) else None
        return self.names.setting.default_layer == "L" and quantity is not None and bool(quantity.column_of)

    def _takes_layer(self, node: Node) -> bool:
        """Whether a layer written further out belongs to a symbol in here."""
        if isinstance(node, Component | Example):
            return self._takes_layer(node.base)
        return isinstance(node, Symbol) and node.layer is None and self._layered(node)

    def _two_digits(self, node: Node, value: tuple[Index, ...]) -> tuple[Index, ...]:
        """W_{12} is row 1, column 2: no matrix here has a row 12."""
        quantity = self.names.quantity(node.name) if isinstance(node, Symbol) else None
        matrix = quantity is not None and len(quantity.shape) == 2 and "1" not in quantity.shape
        matrix = matrix or isinstance(node, Multiply | Add | Subtract | Transpose)
        if matrix and len(value) == 1 and not value[0].letter and 11 <= value[0].offset <= 99:
            return (Index("", value[0].offset // 10), Index("", value[0].offset % 10))
        return value

    def _paren_index(self, node: Node, value: Index, token: Token, span: Span, layerless: bool) -> Node:
        quantity = self.names.quantity(node.name) if isinstance(node, Symbol) else None
        per_example = quantity is None or quantity.per_example
        numbered = not value.letter and not self._counts_entries(node)  # where z_1 is an entry, z^(1) is an example
        if layerless and (not per_example or value.letter in {"l", "L"} or numbered):
            return replace(node, layer=value, span=span)  # type: ignore[call-arg]
        if isinstance(node, Component):  # x_1^{(i)} is entry 1 of example i
            return Component(Example(node.base, value, span=node.span), node.indices, span=span)
        return Example(node, value, span=span)

    def _layered(self, node: Symbol, Size: bool = False) -> bool:
        quantity = self.names.quantity(node.name)
        return (quantity is not None and quantity.layered) or (Size and node.name == "n")


    def _span(self, token: Token) -> Span:
        return self.flat.place(token.start, token.end)

    def _written(self, token: Token) -> str:
        start, end = self._span(token)
        return self.flat.source[start:end]

    def _until(self, span: Span, scripts: list[list[Any]]) -> Span:
        return (span[0], self._span(scripts[-1][-1].value)[1]) if scripts else span

    def _error(self, token: Token, expected: str, nearest: str = "") -> Unreadable:
        return Unreadable(self.flat.source, self._span(token)[0], expected, nearest)


def is_token(item: Any) -> bool:
    """Whether a child of the grammar's tree is a token and no tree."""
    return hasattr(item, "type")
