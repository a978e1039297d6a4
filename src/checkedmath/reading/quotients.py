r"""The productions of quotients: 1/2m, dL/dz, \frac{a}{b}, \frac{\partial L}{\partial z}; \frac{d}{dx} before a term.

A quotient of differentials and a bare one of numbers and scalars bind tighter than a product.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkedmath.reading.tokens import BEGINS, ENDS, SCRIPTS, Token, is_differential
from checkedmath.syntax.precedence import ROW, TERM
from checkedmath.syntax.tree import JUXTAPOSED, Apply, Derivative, Divide, Evaluated, Multiply, Node, Symbol, walk

if TYPE_CHECKING:
    from collections.abc import Callable

    from checkedmath.reading.parse import Parser


def begins_bare_quotient(parser: Parser) -> bool:
    """Whether 1/m, λ/(2m) or 1/2m begins here: of z/2/m none does, which is (z/2)/m."""
    tokens, k = parser.row.tokens, parser.k
    if not _is_scalar(parser, tokens[k]) or tokens[k + 1].kind != "SLASH" or (k and tokens[k - 1].kind in _NO_TOP):
        return False
    if tokens[k + 2].kind != "LPAR":
        return _is_scalar(parser, tokens[k + 2])
    inside = (tokens[n] for n in range(k + 3, parser.row.partner[k + 2]))
    return all(_is_scalar(parser, token) or token.kind in {"TIMES", "DOT"} for token in inside)


_NO_TOP = {"SLASH", "BY", "D"}


def bare_quotient(parser: Parser) -> Node:
    """Read 1/m, λ/(2m) or 1/2m, which is 1/(2m)."""
    start, top = parser.k, parser.scripted()
    parser.take("SLASH")
    bracket = parser.token.kind == "LPAR"
    bottom = parser.scripted()
    while not bracket and parser.token.kind == "SYMBOL" and _is_scalar(parser, parser.token):
        bottom = side_by_side(bottom, parser.scripted())
    return Divide(top, bottom, span=parser.since(start))


def _is_scalar(parser: Parser, token: Token) -> bool:
    if token.kind != "SYMBOL":
        return token.kind == "NUMBER"
    names, canonical = parser.names, token.name.canonical
    quantity = names.quantity(canonical)
    if quantity is not None:
        return quantity.shape == ()
    return names.free and (canonical in "tsckm" or not canonical.isascii())


def quotient_of_differentials(parser: Parser) -> Node:
    """Read dL/dz, written with a slash, or d/dz and the rest of its term."""
    start = parser.k
    operator = parser.token.kind == "D" and parser.row.tokens[start + 1].kind == "BY"
    of = None if operator else _differential(parser)
    parser.k += operator
    parser.take("BY", "the / of a quotient of differentials")
    by = _differential(parser, parser.scripted)
    return Derivative(of, by, span=parser.since(start)) if of is not None else _operator(parser, start, by)


def nabla(parser: Parser) -> Node:
    """Read ∇_v and what it is taken of: the row of factors in which v stands, or what comes next by itself."""
    start, sign = parser.k, parser.take()
    by = parser.limit(sign.limits.low)
    if by is None:  # ∇f, by the letter that f is taken at, or that the text defines it with
        function = parser.scripted()
        letter = function.argument if isinstance(function, Apply) else function
        if not isinstance(letter, Symbol | Evaluated):
            raise parser.error(sign, "what ∇ is taken by, as in ∇_W")
        return Derivative(function, letter, nabla=True, span=parser.since(start))
    if parser.token.kind not in BEGINS:
        raise parser.error(sign, "something to differentiate after ∇, as in ∇_z L")
    alone = parser.token.name.canonical in parser.names.setting.scalars or not _in_next_row(parser, by)
    of = parser.scripted() if alone else parser.expression(ROW)
    return Derivative(of, by, nabla=True, span=parser.since(start))


def _in_next_row(parser: Parser, by: Node) -> bool:
    """Whether what ∇ is taken by stands among the factors side by side that come next, behind the first."""
    names = {node.name for node in walk(by) if isinstance(node, Symbol)}
    tokens, first = parser.row.tokens, parser.row.partner.get(parser.k, parser.k)
    n = first + 1
    while tokens[n].kind in BEGINS | SCRIPTS | {"POW_OPEN"}:
        end = parser.row.partner.get(n, n)
        if any(token.name.canonical in names for token in tokens[n : end + 1]):
            return True
        n = end + 1
    return False


def fraction(parser: Parser) -> Node:
    r"""Read \frac{a}{b}; of two differentials it is a derivative, with d alone on top that of the term after it."""
    tokens, start = parser.row.tokens, parser.k
    mark = parser.take()
    top = parser.k
    bottom = parser.row.partner[top] + 1 if parser.token.kind == "LBRACE" else top
    if tokens[bottom].kind != "LBRACE":
        raise parser.error(tokens[bottom], "something else here: {")
    end = parser.row.partner[bottom] + 1
    if tokens[top + 1].kind == "D" and bottom == top + 3:
        if not _starts_with_d(parser, bottom):
            said = "one quantity after the ∂" if _is_sum(parser, bottom) else "a ∂ or d before the quantity"
            raise parser.error(tokens[bottom + 1], said)
        parser.k = bottom
        return _operator(parser, start, _braced_differential(parser))
    if _starts_with_d(parser, top) and _starts_with_d(parser, bottom):
        return Derivative(_braced_differential(parser), _braced_differential(parser), span=parser.since(start))
    numbers = {tokens[n].kind for n in (max(start - 1, 0), top + 1, bottom + 1)} == {"NUMBER"}
    if numbers and (bottom, end) == (top + 3, top + 6):
        whole, written = tokens[start - 1].text, rf"\frac{{{tokens[top + 1].text}}}{{{tokens[bottom + 1].text}}}"
        said = rf"a sign before the fraction: {whole} + {written} or {whole} \cdot {written}"
        raise parser.error(mark, said)  # some read it as their sum
    return Divide(parser.braced(), parser.braced(), span=parser.since(start))


def side_by_side(left: Node, right: Node) -> Node:
    """Return the product of two factors without a sign."""
    return Multiply(JUXTAPOSED, left, right, span=(left.span[0], right.span[1]))


def _is_sum(parser: Parser, opening: int) -> bool:
    return not parser.row.holds[opening].isdisjoint({"PLUS", "MINUS"})


def _starts_with_d(parser: Parser, opening: int) -> bool:
    """Whether braces hold one term that d or ∂ begins, or one name such as dz with its scripts."""
    first = parser.row.tokens[opening + 1]
    if _is_sum(parser, opening) or not is_differential(first):
        return False
    return first.kind == "D" or parser.row.after_scripts(opening + 2) == parser.row.partner[opening]


def _braced_differential(parser: Parser) -> Node:
    """Read the u of {∂u} or {du}."""
    parser.take("LBRACE")
    node = _differential(parser)
    parser.close("RBRACE")
    return node


def _differential(parser: Parser, rest: Callable[[], Node] | None = None) -> Node:
    """Read the u of dz, which is one name, or of d and the rest of its term."""
    if parser.token.kind == "SYMBOL":
        return parser.scripts.without_d(parser.scripted())
    sign = parser.take("D")
    if parser.token.kind in ENDS:
        raise parser.error(sign, "a quantity after the d")
    return rest() if rest else parser.expression(TERM)


def _operator(parser: Parser, start: int, by: Node) -> Node:
    """Read what d/dz is taken of, the rest of its term."""
    mark = parser.row.tokens[start]
    if parser.token.kind in SCRIPTS or parser.token.kind == "POW_OPEN":
        raise parser.error(mark, "a quantity after the d")
    if parser.token.kind in ENDS:
        raise parser.error(mark, "something to differentiate after the operator")
    of = parser.expression(TERM)
    return Derivative(of, by, span=(parser.span(mark)[0], of.span[1]))
