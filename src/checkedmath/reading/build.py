"""From the grammar's tree to the formula's: scripts get their meaning, products their order."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

from checkedmath.reading.flatten import Flat
from checkedmath.reading.names import Name, Names
from checkedmath.reading.scan import Token
from checkedmath.reading.scripts import Scripts, is_token
from checkedmath.syntax.errors import Unreadable
from checkedmath.syntax.tree import (
    DOT,
    ELEMENTWISE,
    JUXTAPOSED,
    MATMUL,
    OUTER,
    TENSOR,
    Add,
    Apply,
    AxisSum,
    Cases,
    Chain,
    Compare,
    Component,
    Constant,
    Derivative,
    Divide,
    Example,
    Index,
    Maximum,
    Multiply,
    Negate,
    Node,
    Number,
    Power,
    Span,
    Subtract,
    SumOver,
    Symbol,
    Transpose,
)  # fmt: skip

PRODUCT_SIGNS = {"TIMES": ELEMENTWISE, "DOT": DOT, "TENSOR": TENSOR, "MATMUL": MATMUL}


class Builder(Scripts):
    """Builds one formula.  ``loose`` reads juxtaposition at the level of the product signs."""

    def __init__(self, flat: Flat, names: Names, parse: Any, loose: bool = False) -> None:
        super().__init__(flat, names)
        self.parse, self.loose = parse, loose
        self.differs = False  # whether the loose reading is another one
        # What stands before the factor that is built, and after it a sign of a product.
        self.before: Node | Token | None = None
        self.after: Any = None

    def chain(self, tree: Any) -> Chain:
        """Return the chain of a whole formula."""
        terms = tuple(self.expr(child) for child in tree.children if not is_token(child))
        relations = tuple(child.value.value for child in tree.children if is_token(child))
        return Chain(terms, relations, span=(0, len(self.flat.source)))

    # -- sums and products --------------------------------------------------------------------

    def expr(self, tree: Any) -> Node:
        result: Node | None = None
        sign = "PLUS"
        for child in tree.children:
            if is_token(child):
                sign = child.type
                first = child.value
                continue
            term = self.term(child.children)
            if result is None:
                if sign == "MINUS":
                    term = Negate(term, span=(self._span(first)[0], term.span[1]))
                result = term
            else:
                kind = Add if sign == "PLUS" else Subtract
                result = kind(result, term, span=(result.span[0], term.span[1]))
        assert result is not None
        return result

    def term(self, pieces: list[Any]) -> Node:
        """Arrange a row of factors and signs by precedence."""
        row: list[Any] = []  # factors (Node) and signs (Token)
        for n, piece in enumerate(pieces):
            if is_token(piece) and piece.type == "SUM":
                row.append(self.sum_over(piece.value, pieces[n + 1 :]))
                break
            if is_token(piece) and piece.type == "D":
                raise self._error(piece.value, "a quotient of differentials such as dL/dz")
            if not is_token(piece) and self._is_operator(piece):
                row.append(self.operator(piece, pieces[n + 1 :]))
                break
            self.before, self.after = row[-1] if row else None, pieces[n + 1] if n + 1 < len(pieces) else None
            row.append(piece.value if is_token(piece) else self.factor(piece))
        return self._product(self._indicators(row))

    def _indicators(self, row: list[Any]) -> list[Any]:
        """1(z > 0) is the condition; the 1 before it is only its name."""
        following = [*row[1:], None]
        return [
            item for item, after in zip(row, following, strict=True)
            if not (item == Constant("1") and isinstance(after, Compare))
        ]  # fmt: skip

    def _product(self, row: list[Any]) -> Node:
        signs = [item for item in row if isinstance(item, Token)]
        juxtaposed = any(isinstance(a, Node) and isinstance(b, Node) for a, b in pairwise(row))
        self.differs = self.differs or (bool([s for s in signs if s.kind != "UMINUS"]) and juxtaposed)
        groups: list[Any] = []
        for item in row:  # juxtaposition first, unless the loose reading is asked for
            if not self.loose and isinstance(item, Node) and groups and isinstance(groups[-1], Node):
                groups[-1] = self._multiply(JUXTAPOSED, groups[-1], item)
            else:
                groups.append(item)
        result: Node | None = None
        sign: Token | None = None
        negative = False
        for item in groups:
            if isinstance(item, Token):
                if item.kind == "UMINUS":
                    negative = not negative
                    continue
                if result is None or sign is not None:
                    raise self._error(item, "a factor before this sign")
                sign = item
                continue
            factor = Negate(item, span=item.span) if negative else item
            negative = False
            if result is None:
                result = factor
            elif sign is not None and sign.kind == "SLASH":
                result = Divide(result, factor, span=(result.span[0], factor.span[1]))
            else:
                kind = PRODUCT_SIGNS[sign.kind] if sign is not None else JUXTAPOSED
                result = self._multiply(kind, result, factor)
            sign = None
        if sign is not None or negative or result is None:
            last = signs[-1] if signs else Token("", "", 0, 0)
            raise self._error(last, "a factor after this sign")
        return result

    def _multiply(self, sign: str, left: Node, right: Node) -> Node:
        return Multiply(sign, left, right, span=(left.span[0], right.span[1]))

    def sum_over(self, token: Token, rest: list[Any]) -> Node:
        letter, low, high, example = token.value or ("", None, None, False)
        if not rest:
            raise self._error(token, "something to add up after the Σ")
        body = self.term(rest)
        if self.parse is None and (low or high):
            raise self._error(token, "a Σ whose limits hold no further Σ with limits")
        lower, upper = self._limit(low), self._limit(high)
        span = (self._span(token)[0], body.span[1])
        return SumOver(letter, body, lower, upper, example, span=span)

    def _limit(self, limit: tuple[str, int] | None) -> Node | None:
        if limit is None or not limit[0].strip():
            return None
        chain = self.parse(limit[0], limit[1])
        if len(chain.terms) > 1:
            raise Unreadable(self.flat.source, chain.terms[1].span[0], "one limit of the sum")
        return chain.terms[0]

    # -- fractions and derivatives -------------------------------------------------------------

    def _is_operator(self, factor: Any) -> bool:
        """Whether this factor is d/dx or ∂/∂x, which acts on the rest of its term."""
        inside = factor.children[0]
        if is_token(inside) or inside.data != "fraction" or len(factor.children) > 1:
            return False
        return [p.type for p in _only_pieces(inside.children[2]) if is_token(p)] == ["D"] and len(
            _only_pieces(inside.children[2])
        ) == 1

    def operator(self, factor: Any, rest: list[Any]) -> Node:
        fraction = factor.children[0]
        if not rest:
            raise self._error(fraction.children[0].value, "something to differentiate after the operator")
        of = self.term(rest)
        by = self._differential(fraction.children[5])
        if not _starts_with_d(fraction.children[5]):
            raise self._error(_first_token(fraction.children[5]), "a ∂ or d before the quantity")
        return Derivative(of, by, span=(self._span(fraction.children[0].value)[0], of.span[1]))

    def _differential(self, expr: Any) -> Node:
        """Return u of du or ∂u."""
        pieces = _only_pieces(expr)
        if pieces == [expr]:  # ∂/∂(- X), ∂/∂(x + y)
            raise self._error(_first_token(expr), "one quantity after the ∂")
        if is_token(pieces[0]) and pieces[0].type == "D":
            if len(pieces) == 1:
                raise self._error(pieces[0].value, "a quantity after the d")
            return self.term(pieces[1:])
        node = self.term(pieces)
        return self._strip_d(node)

    def _strip_d(self, node: Node) -> Node:
        """dz[1] in a quotient of differentials is d of z[1]."""
        if isinstance(node, Symbol):
            quantity = self.names.quantity(node.name)
            if quantity is not None and quantity.gradient is not None:
                return Symbol(quantity.gradient[1], node.layer, span=node.span)
        if isinstance(node, Component):
            return Component(self._strip_d(node.base), node.indices, span=node.span)
        if isinstance(node, Example):
            return Example(self._strip_d(node.base), node.index, span=node.span)
        if isinstance(node, Transpose):
            return Transpose(self._strip_d(node.operand), span=node.span)
        return node

    def fraction(self, tree: Any) -> Node:
        mark, top, bottom = tree.children[0].value, tree.children[2], tree.children[5]
        span = self._span(mark) if mark.value == "/" else self._span_of(tree)
        if _starts_with_d(top) and _starts_with_d(bottom):
            return Derivative(self._differential(top), self._differential(bottom), span=span)
        return Divide(self.expr(top), self.expr(bottom), span=span)

    # -- factors -------------------------------------------------------------------------------

    def factor(self, tree: Any) -> Node:
        first, scripts = tree.children[0], [child.children for child in tree.children[1:]]
        if is_token(first) and first.type in {"SYMBOL", "BARE", "DELTA", "SPACE", "EULER"}:
            return self._named(first.value, scripts)
        return self._scripted(self.primary(first), scripts)

    def primary(self, item: Any) -> Node:
        if is_token(item):
            token, span = item.value, self._span(item.value)
            if item.type == "NUMBER":
                return Number(token.value, span=span)
            if item.type == "ONES":
                return Constant("1", span=span)
            return Constant("I", span=span)
        return getattr(self, item.data)(item)

    def group(self, tree: Any) -> Node:
        arguments = tree.children[1].children
        if len(arguments) > 1 or is_token(arguments[0]):
            place = arguments[1 if len(arguments) > 1 else 0]
            raise self._error(_first_token(place), "one formula in the brackets")
        condition = arguments[0]
        if condition.data == "condition" and self.before != Constant("1"):
            relation = condition.children[1].value
            beside = isinstance(self.before, Token) or (is_token(self.after) and self.after.type in PRODUCT_SIGNS)
            factor = tree.children[0].value.kind == "LPAR" and relation.value not in {"=", "≈"}
            if not factor or (self.flat.typeset and not beside):
                said = "no relation in brackets; a condition that is 1 or 0 is written 1(z > 0)"
                raise self._error(relation, said)
        return self._argument(condition)

    def _argument(self, item: Any) -> Node:
        if item.data == "condition":
            left, relation, right = item.children
            return Compare(relation.value.value, self.expr(left), self.expr(right), span=self._span_of(item))
        return self.expr(item)

    def root(self, tree: Any) -> Node:
        return Apply("sqrt", self.expr(tree.children[2]), span=self._span_of(tree))

    def norm(self, tree: Any) -> Node:
        return Apply("norm", self.expr(tree.children[1]), span=self._span_of(tree))

    def absolute(self, tree: Any) -> Node:
        return Apply("abs", self.expr(tree.children[1]), span=self._span_of(tree))

    def cases(self, tree: Any) -> Node:
        branches: list[tuple[Node, Node | None]] = []
        for branch in tree.children:
            if is_token(branch):
                continue
            value = self.expr(branch.children[0])
            conditions = [c for c in branch.children[1:] if not is_token(c)]
            branches.append((value, self._argument(conditions[0]) if conditions else None))
        return Cases(tuple(branches), span=self._span_of(tree))

    def call(self, tree: Any) -> Node:
        name: Name = tree.children[0].value.value
        scripts = [c.children for c in tree.children[1:] if not is_token(c) and c.data == "script"]
        arguments = next(c for c in tree.children if not is_token(c) and c.data == "arguments").children
        options = dict(c.value.value for c in arguments if is_token(c) and c.type == "OPTION")
        mask = name.canonical == "diag" and not self.flat.typeset  # diag(z > 0), as it is typed
        for argument in arguments:
            if not mask and not is_token(argument) and argument.data == "condition":
                raise self._error(argument.children[1].value, "no relation in what a function is taken at")
        values = [self._argument(c) for c in arguments if not is_token(c)]
        span = self._span_of(tree)
        if len(values) == 2 and name.canonical in {"dot", "times", "divide", "power", "max"}:
            return _two(name.canonical, values[0], values[1], span)
        function = self.names.function(name.canonical)
        if function is not None and len(values) == function.arguments > 1:
            return self._applied(name, Chain(tuple(values), span=span), scripts, span)
        if len(values) != 1:
            raise self._error(tree.children[0].value, f"one argument of {name.canonical}")
        if options or (name.canonical in {"sum", "mean"} and self._written(tree.children[0].value).startswith("np.")):
            return self._axis_sum(name, values[0], options, tree)
        return self._applied(name, values[0], scripts, span)

    def prefix(self, tree: Any) -> Node:
        scripts = [c.children for c in tree.children[1:] if c.data == "script"]
        argument = self.factor(tree.children[-1])
        return self._applied(tree.children[0].value.value, argument, scripts, self._span_of(tree))

    def _axis_sum(self, name: Name, operand: Node, options: dict[str, str], tree: Any) -> Node:
        axis = options.get("axis", "None")
        if axis not in {"0", "1", "-1", "None"}:
            raise self._error(tree.children[0].value, "axis=0 or axis=1")
        number = None if axis == "None" else int(axis) % 2
        keep = options.get("keepdims", "False") == "True"
        return AxisSum(operand, number, keep, name.canonical == "mean", span=self._span_of(tree))

    def _applied(self, name: Name, argument: Node, scripts: list[list[Any]], span: Span) -> Node:
        function = self.names.function(name.canonical)
        layer, primes, powers = None, function.primes if function else 0, []
        for script in scripts:
            kind, value = script[0].type, script[0].value.value
            if kind in {"LAYER", "PAREN_INDEX"} or (kind == "SUPER" and function is not None and function.layered):
                layer = value if isinstance(value, Index) else Index("", int(value))
            elif kind == "PRIME":
                primes += 1
            elif kind == "SUBSCRIPT" and function is not None and function.layered and len(value) == 1:
                layer = value[0]
            elif kind == "INVERSE":
                said = f"1/{name.canonical}(…), or a name for the inverse function: a raised -1 is read as either"
                raise self._error(script[0].value, said)
            else:
                powers.append(script)
        if name.canonical == "grad" and isinstance(argument, Apply):
            return replace(argument, primes=argument.primes + 1, span=span)
        if name.canonical == "square":
            return Power(argument, Number("2"), span=span)
        applied: Node = Apply(name.canonical, argument, layer, primes, span=span)
        return self._scripted(applied, powers)

    def _span_of(self, tree: Any) -> Span:
        tokens = [self._span(t.value) for t in tree.scan_values(lambda v: True)]
        return (min(t[0] for t in tokens), max(t[1] for t in tokens))


def _two(name: str, left: Node, right: Node, span: Span) -> Node:
    if name == "divide":
        return Divide(left, right, span=span)
    if name == "power":
        return Power(left, right, span=span)
    if name == "max":
        return Maximum(left, right, span=span)
    return Multiply({"dot": MATMUL, "times": ELEMENTWISE, "outer": OUTER}[name], left, right, span=span)


def _only_pieces(expr: Any) -> list[Any]:
    """Return the pieces of an expression of one term."""
    terms = [child for child in expr.children if not is_token(child)]
    return list(terms[0].children) if len(terms) == 1 == len(expr.children) else [expr]


def _first_token(tree: Any) -> Token:
    while not is_token(tree):
        tree = tree.children[0]
    return tree.value


def _starts_with_d(expr: Any) -> bool:
    pieces = _only_pieces(expr)
    first = pieces[0]
    if is_token(first):
        return bool(first.type == "D")
    if getattr(first, "data", "") != "factor" or len(pieces) != 1:
        return False
    inner = first.children[0]
    return is_token(inner) and inner.type == "SYMBOL" and inner.value.value.differential


__all__ = ["Builder"]
