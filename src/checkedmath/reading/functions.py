"""The productions of functions: g'(z), ln a, tr X Y, np.sum(dZ, axis=1), and a name that stands alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkedmath.reading.quotients import side_by_side
from checkedmath.reading.tokens import Token
from checkedmath.syntax.tree import ELEMENTWISE, MATMUL, AxisSum, Chain, Divide, Maximum, Multiply, Node, Power, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

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
