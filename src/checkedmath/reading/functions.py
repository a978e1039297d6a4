"""The productions of functions: g'(z), ln a, tr X Y, np.sum(dZ, axis=1), and a name that stands alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from checkedmath.reading.quotients import side_by_side
from checkedmath.reading.tokens import SCRIPTS, Token
from checkedmath.syntax.precedence import SUM
from checkedmath.syntax.tree import (
    ELEMENTWISE,
    MATMUL,
    Apply,
    AxisSum,
    Chain,
    Component,
    Divide,
    Example,
    Index,
    Maximum,
    Multiply,
    Node,
    Power,
    Span,
    Symbol,
)  # fmt: skip

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from checkedmath.reading.parse import Parser
    from checkedmath.reading.scripts import Script

def function(parser: Parser) -> Node:
    """Read a function with what it is taken at."""
    start, mark = parser.k, parser.take()
    if mark.name.canonical == "tr" and _is_capital(parser.token):
        return parser.scripts.applied(mark.name, _capitals(parser), (), parser.since(start))
    scripts = parser.taken_scripts()
    if parser.token.kind == "LPAR":
        return _call(parser, mark, scripts, start)
    if start in parser.row.alone:
        return parser.scripts.alone(mark.name, scripts, parser.span(mark))
    argument = parser.operand()
    return parser.scripts.applied(mark.name, argument, scripts, parser.since(start))


def taken_at(parser: Parser, node: Node) -> Node:
    """Return J of J(W, b), which says no more than J does; it is looked whether J depends on what stands there."""
    inner = node.base if isinstance(node, Example) else node
    if not isinstance(inner, Symbol):
        return node
    allowed = parser.names.setting.arguments.get(inner.name)
    if parser.flat.page or allowed is None or not _is_list(parser) or _is_pushed(parser, inner):
        return node
    start, k = parser.k, parser.k
    values: list[Node] = []
    separator = parser.take("LPAR")
    while separator.kind != "RPAR":
        values.append(parser.expression(SUM))
        separator = parser.take() if parser.token.kind == "COMMA" else parser.close("RPAR")
    per_example = (value for value in values if _is_of_example(parser, value))
    examples = {value.index if isinstance(value, Example) else None for value in per_example}
    right = all(_is_argument(parser, value, allowed) for value in values) and len(examples) <= 1
    span = (node.span[0], parser.since(start)[1])
    if not right and inner.name not in parser.names.setting.scalars:
        parser.k = k
        return node  # a product, as of any letter and a bracket
    if not right:
        return Apply(inner.name, Chain(tuple(values), span=parser.since(start)), span=span)
    if parser.names.setting.roles and inner.name in parser.names.setting.scalars:
        parser.calls[span] = parser.flat.source[slice(*node.span)], values
    index = next(iter(examples), None)
    if index is not None and not isinstance(node, Example):
        return Example(replace(inner, span=node.span), index, span=span)
    return replace(node, span=span)


def _is_pushed(parser: Parser, symbol: Symbol) -> bool:
    """Whether the same number is taken at a sum elsewhere, 𝓛(z + ε): then what it is taken at says where it is."""
    tokens, holds = parser.row.tokens, parser.row.holds
    return any(
        tokens[n - 1].name.canonical == symbol.name and {"PLUS", "MINUS"} & inside
        for n, inside in holds.items() if n and tokens[n].kind == "LPAR"
    )  # fmt: skip


def _is_list(parser: Parser) -> bool:
    """Whether names with their scripts, or functions of one, stand in these brackets, with commas between them."""
    end = parser.row.partner[parser.k]
    inside = {parser.row.tokens[n].kind for n in range(parser.k + 1, end)}
    return bool(inside) and inside <= {"SYMBOL", "COMMA", "LBRACE", "RBRACE", "FUNCTION", "LPAR", "RPAR", *SCRIPTS}


def _is_of_example(parser: Parser, node: Node) -> bool:
    """Whether this is a quantity that has a column for each example."""
    while isinstance(node, Example | Component):
        node = node.base
    quantity = parser.names.quantity(node.name) if isinstance(node, Symbol) else None
    return quantity is not None and quantity.per_example


def _is_argument(parser: Parser, node: Node, allowed: Mapping[str, str]) -> bool:
    """Whether a number depends on this, as its setting says; of what is numbered it may want the last."""
    while isinstance(node, Example | Component):
        node = node.base
    if isinstance(node, Apply) and not node.primes and isinstance(node.argument, Symbol):  # L(σ(z), y)
        node, function = node.argument, node.name
        if node.name not in allowed.get(function, "").split():
            return False
    if not isinstance(node, Symbol) or node.name not in allowed:
        return False
    family, member = parser.names.setting.family, node.member
    if allowed[node.name] != family.last or member is None:
        return True
    if member.letter:
        return member == Index(family.last)
    members = [i for token in parser.row.tokens if token.kind == "MEMBER" for i in token.indices]
    numbers = [i.offset for i in members if not i.letter]
    return member.offset == (parser.names.setting.member_count or max([*numbers, member.offset]))


def _capitals(parser: Parser) -> Node:
    """Tr X Y is tr(X Y): of capitals side by side a trace is taken together, since a trace of one of them is rare."""
    node = parser.scripted()
    while _is_capital(parser.token):
        node = side_by_side(node, parser.scripted())
    return node


def _is_capital(token: Token) -> bool:
    return token.kind == "IDENTITY" or (token.kind == "SYMBOL" and token.name.canonical[:1].isupper())


def _call(parser: Parser, mark: Token, scripts: Sequence[Script], start: int) -> Node:
    name = mark.name
    values: list[Node] = []
    options: dict[str, str] = {}
    separator = parser.take("LPAR")
    while separator.kind != "RPAR":
        if parser.token.kind == "OPTION":
            option, _, value = parser.take().text.partition("=")
            options[option] = value
        else:
            node, relation = parser.argument()
            mask = name.canonical == "diag" and not parser.flat.typeset  # diag(z > 0), as it is typed
            if relation is not None and not mask:
                raise parser.error(relation, "no relation in what a function is taken at")
            values.append(node)
        separator = parser.take() if parser.token.kind == "COMMA" else parser.close("RPAR")
    span = parser.since(start)
    if len(values) == 2 and name.canonical in _OF_TWO:
        return _of_two(name.canonical, values[0], values[1], span)
    function = parser.names.function(name.canonical)
    if function is not None and len(values) == function.arguments > 1:
        return parser.scripts.applied(name, Chain(tuple(values), span=span), scripts, span)
    if len(values) != 1:
        raise parser.error(mark, f"one argument of {name.canonical}")
    written = parser.flat.source[slice(*parser.span(mark))]
    if options or (name.canonical in {"sum", "mean"} and written.startswith("np.")):
        axis = options.get("axis", "None")
        if axis not in {"0", "1", "-1", "None"}:
            raise parser.error(mark, "axis=0 or axis=1")
        number = None if axis == "None" else int(axis) % 2
        return AxisSum(values[0], number, options.get("keepdims") == "True", name.canonical == "mean", span=span)
    return parser.scripts.applied(name, values[0], scripts, span)


_OF_TWO = {"dot", "times", "divide", "power", "max"}


def _of_two(name: str, left: Node, right: Node, span: Span) -> Node:
    if name == "divide":
        return Divide(left, right, span=span)
    if name == "power":
        return Power(left, right, span=span)
    if name == "max":
        return Maximum(left, right, span=span)
    return Multiply(MATMUL if name == "dot" else ELEMENTWISE, left, right, span=span)
