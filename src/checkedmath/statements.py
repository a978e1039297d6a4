"""A formula on a page: what it states (claim, value, definition, shape), and the verdict on it.

Pages are judged in their own layout only, and `*` is elementwise (DESIGN section 3).  A chain
a = b = c states two things, and each is judged by itself: that is a step of a derivation.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from checkedmath.errors import FormulaError, ShapeError, Unreadable
from checkedmath.instances import instances, last_layer
from checkedmath.judge import Claim, judge
from checkedmath.normal import normal_form
from checkedmath.reading import read
from checkedmath.reading.derivation import derivations
from checkedmath.session import Session, unreadable
from checkedmath.settings import Draw, Shape
from checkedmath.shapes import NUMERATOR, Scope, View, resolve
from checkedmath.tree import (
    Chain,
    Component,
    Evaluated,
    Example,
    Negate,
    Node,
    Number,
    RealSpace,
    Symbol,
    Transpose,
)  # fmt: skip
from checkedmath.verdict import FAILS, HOLDS, Verdict

CLAIM, VALUE, DEFINITION, SHAPE, EXPRESSION = "claim", "value", "definition", "shape", "expression"
#: Letters that count, and signs that a sentence may name by themselves.
LONE = re.compile(
    r"\s*(?:[a-zA-Zℓ]|\\ell|\\odot|\\cdot|\\times|\\circ|\\ast|\*|\\partial|\\Sigma|\\sum|\\delta|\\prime|\\approx|=|\^?T|\\top|ε|\\epsilon"
    r"|\\varepsilon|h)\s*"
)


@dataclass(frozen=True)
class Context:
    """What holds where a formula stands: the page's setting and layout, declared shapes, assumptions."""

    setting: str
    layout: str = NUMERATOR
    lets: Mapping[str, Shape] = field(default_factory=dict)
    assumptions: tuple[tuple[Symbol, float], ...] = ()


@dataclass(frozen=True)
class Statement:
    """One thing that a formula states, with the verdict on it.

    ``line`` counts from the first line of the formula's text.  ``assumed`` is what a value adds
    to the assumptions of its paragraph.
    """

    source: str
    line: int
    kind: str  # display, inline, step
    relation: str  # claim, value, definition, shape, expression
    verdict: Verdict
    trivial: bool = False
    assumed: tuple[tuple[Symbol, float], ...] = ()


def judge_text(text: str, kind: str, context: Context, session: Session) -> list[Statement]:
    """Return what a formula of a page states.  ``kind`` is ``"display"`` or ``"inline"``."""
    if LONE.fullmatch(text):
        return [Statement(text, 0, kind, EXPRESSION, Verdict(HOLDS, "a name"))]
    if shape := re.fullmatch(r"\s*\(([^(),=]+),([^(),=]+)\)\s*", text):  # a shape, (n_l, m)
        return [statement for size in shape.groups() for statement in judge_text(size, kind, context, session)]
    found: list[Statement] = []
    for part in derivations(text):
        found += _judge_part(part, text, kind, context, session)
    return found


def _judge_part(part: str, whole: str, kind: str, context: Context, session: Session) -> list[Statement]:
    first_line = whole.count("\n", 0, len(part) - len(part.lstrip()))
    part = re.sub(r"\\(?:begin|end)\{(?:aligned|split|gathered)\}", lambda m: " " * len(m[0]), part)
    try:
        reading = read(part, session.settings[context.setting], "latex")
        claim, notes = session.claim(reading, session.settings[context.setting], context.layout, context.lets)
    except Unreadable as error:
        return [Statement(part.strip(), first_line, kind, CLAIM, unreadable(error, context.setting))]
    except ShapeError as error:
        return [Statement(part.strip(), first_line, kind, CLAIM, _failed(error, context))]
    if not claim.tree.relations:
        return [Statement(part.strip(), first_line, kind, EXPRESSION, _expression(claim, context))]
    steps = len(claim.tree.relations) > 1
    found = []
    for n, relation in enumerate(claim.tree.relations):
        pair = Chain(claim.tree.terms[n : n + 2], (relation,), span=claim.tree.span)
        place = min(claim.tree.terms[n + 1].span[0], len(part))
        line = part.count("\n", 0, place) if steps else first_line
        one = replace(claim, tree=pair, readings=() if steps else claim.readings)
        found.append(_judge_pair(one, reading.tree.relations[n], part, line, "step" if steps else kind, context, notes))
    return found


def _judge_pair(
    claim: Claim, written: str, source: str, line: int, kind: str, context: Context, notes: tuple[str, ...]
) -> Statement:
    left, right = claim.tree.terms
    source = source.strip()
    if isinstance(right, RealSpace):
        return Statement(source, line, kind, SHAPE, judge(claim, notes))
    number = _number(right)
    if number is not None and written == "=" and _may_be_given(left, claim):
        return _value(claim, left, number, Statement(source, line, kind, VALUE, Verdict(HOLDS, "")))
    if written == ":=" and claim.update is None:
        return Statement(source, line, kind, DEFINITION, _expression(claim, context))
    assumed = assuming(claim, context.assumptions)
    verdict = judge(assumed, notes)
    if verdict.verdict != HOLDS:
        verdict = _with_nearest(assumed, verdict)
    return Statement(source, line, kind, CLAIM, verdict, trivial=_trivial(claim, context))


def _with_nearest(claim: Claim, verdict: Verdict) -> Verdict:
    from checkedmath.nearest import nearest_true

    found = nearest_true(claim, verdict)
    if found is None:
        return verdict
    return replace(verdict, nearest=found.text, mistake=found.mistake, message=found.said(verdict.message))


def _failed(error: ShapeError, context: Context) -> Verdict:
    return Verdict(FAILS, str(error), setting=context.setting, span=error.span)


def _scope(claim: Claim, context: Context) -> Scope:
    last = last_layer(claim.tree, claim.setting)
    return Scope(claim.setting, View(layout=context.layout), last, shapes=claim.shapes)


def _expression(claim: Claim, context: Context) -> Verdict:
    """Judge an expression alone: its shapes must fit; a function may stand by its name."""
    term = claim.tree.terms[-1]
    inner = term.operand if isinstance(term, Transpose) else term
    if not isinstance(inner, Evaluated | Symbol):  # a name alone, dW, may leave out its layer
        try:
            resolve(term, _scope(claim, context))
        except ShapeError as error:
            return _failed(error, context)
    return Verdict(HOLDS, "its shapes fit", setting=claim.setting.name)


def _trivial(claim: Claim, context: Context) -> bool:
    scope = _scope(claim, context)
    try:
        forms = [normal_form(resolve(term, scope)) for term in claim.tree.terms]
    except FormulaError:
        return False
    return forms[0] == forms[1]


def _number(node: Node) -> float | None:
    if isinstance(node, Negate):
        inner = _number(node.operand)
        return -inner if inner is not None else None
    return float(node.text) if isinstance(node, Number) else None


def _may_be_given(node: Node, claim: Claim) -> bool:
    """Whether ``node = number`` states a value: a size, index, hyperparameter or input, not a claim."""
    while isinstance(node, Component | Example | Transpose):
        node = node.base if not isinstance(node, Transpose) else node.operand
    if not isinstance(node, Symbol):
        return False
    quantity = claim.setting.quantities.get(node.name)
    return node.name == "n" or quantity is None or quantity.shape == () or quantity.name in {"y", "Y", "x", "X"}


def _value(claim: Claim, left: Node, number: float, statement: Statement) -> Statement:
    """Check a size against the book's network; take another value as an assumption."""
    symbol = left if isinstance(left, Symbol) else None
    if symbol is not None and (symbol.name in {"m", "n"}):
        book = _book(claim)
        if book is not None:
            name = "m" if symbol.name == "m" else f"n_{symbol.layer}"
            size = book.sizes.get(name)
            if size is not None and size != number:
                said = f"{name} of the book's network is {size}, not {number:g}"
                return replace(statement, verdict=Verdict(FAILS, said, setting=claim.setting.name))
        return replace(statement, verdict=Verdict(HOLDS, "a size of the book's network"))
    assumed = ((symbol, number),) if symbol is not None and symbol.name not in {"n", "m"} else ()
    return replace(statement, verdict=Verdict(HOLDS, "assumed here"), assumed=assumed)


def _book(claim: Claim) -> Draw | None:
    try:
        return next(iter(claim.setting.draws("book")), None)
    except (KeyError, ValueError, FormulaError):
        return None


def assuming(claim: Claim, assumptions: Sequence[tuple[Symbol, float]]) -> Claim:
    """Return the claim in draws where the assumptions hold."""
    known = [(s, v) for s, v in assumptions if s.name in claim.setting.quantities]
    if not known:
        return claim
    old = claim.setting

    def draws(variant: str) -> Sequence[Draw]:
        return [_moved(draw, known) for draw in old.draws(variant)]

    return replace(claim, setting=replace(old, draws=draws), memory={})


def _moved(draw: Draw, known: Sequence[tuple[Symbol, float]]) -> Draw:
    for symbol, value in known:
        layer = symbol.layer.offset if symbol.layer is not None and not symbol.layer.letter else None
        old = draw.value(symbol.name, layer)
        draw = draw.moved(symbol.name, layer, old * 0 + value)
    return draw


__all__ = ["Context", "Statement", "assuming", "derivations", "instances", "judge_text"]
