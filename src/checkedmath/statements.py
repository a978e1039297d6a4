"""A formula on a page: what it states (claim, value, definition, shape), and the verdict on it.

Pages are judged in their own layout only, and `*` is elementwise (DESIGN section 3).  A chain
a = b = c states two things, and each is judged by itself: that is a step of a derivation.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from checkedmath.budget import budget
from checkedmath.claim import Claim
from checkedmath.errors import FormulaError, ShapeError, TooMuch, Unreadable
from checkedmath.given import assuming, book_draw, may_be_given, number_of, of_the_book, size_name
from checkedmath.instances import last_layer
from checkedmath.judge import attempt, judge
from checkedmath.normal import normal_form
from checkedmath.reading import REASON, read, weighed
from checkedmath.reading.derivation import LINE_END, derivations
from checkedmath.reading.result import Reading
from checkedmath.session import IDENTITIES, Session, unreadable
from checkedmath.settings import Shape
from checkedmath.shapes import NUMERATOR, Scope, View, resolve
from checkedmath.tree import (
    Chain,
    Component,
    Constant,
    Evaluated,
    Example,
    Node,
    Number,
    RealSpace,
    Symbol,
    Transpose,
    transform,
    walk,
)  # fmt: skip
from checkedmath.verdict import FAILS, HOLDS, UNREADABLE, Verdict
from checkedmath.worlds import Way

CLAIM, VALUE, DEFINITION, SHAPE, EXPRESSION = "claim", "value", "definition", "shape", "expression"
STEP = "step"
#: Letters that count, and signs that a sentence may name by themselves.
LONE = re.compile(
    r"\s*(?:[a-zA-Zℓ]|\\ell|\\odot|\\cdot|\\times|\\circ|\\ast|\*|\\partial|\\Sigma|\\sum|\\delta|\\prime|\\approx|\\in|\\neq?|\\leq?|\\geq?|:=|[=<>]|\^?T|\\top|ε|\\epsilon"
    r"|\\varepsilon|h)\s*"
)


@dataclass(frozen=True)
class Context:
    """What holds where a formula stands: the page's setting and layout, declared shapes, assumptions.

    ``definitions`` are the names that the page has defined so far by := , and what they stand for.
    """

    setting: str
    layout: str = NUMERATOR
    lets: Mapping[str, Shape] = field(default_factory=dict)
    assumptions: tuple[tuple[Symbol, float], ...] = ()
    definitions: Mapping[str, Node] = field(default_factory=dict)

    def key(self) -> tuple[object, ...]:
        """Return all of it in a form that can be looked up."""
        lets = tuple(sorted(self.lets.items()))
        return (self.setting, self.layout, lets, self.assumptions, tuple(self.definitions.items()))

    def letters(self, text: str) -> Mapping[str, Shape]:
        """Return what a text may name beside the quantities of the setting."""
        alone = rf"(?<![a-zA-Z\\])(?:{'|'.join(map(re.escape, self.definitions)) or '(?!)'})(?![a-zA-Z])"
        named: dict[str, Shape] = dict.fromkeys(re.findall(alone, text), ())
        return named if self.setting == IDENTITIES else {**named, **self.lets}


@dataclass(frozen=True)
class Statement:
    """One thing that a formula states, with the verdict on it.

    ``line`` counts from the first line of the formula's text.  ``source`` of a step is the step alone,
    the line above and this one, and the verdict's span is a place in ``source``.  ``assumed`` is what a
    value adds to the assumptions of its paragraph.  ``claim`` and ``reading`` are those of the whole chain,
    which its steps share.
    """

    source: str
    line: int
    kind: str  # display, inline, step
    relation: str  # claim, value, definition, shape, expression
    verdict: Verdict
    trivial: bool = False
    assumed: tuple[tuple[Symbol, float], ...] = ()
    defined: tuple[str, Node] | None = None
    claim: Claim | None = field(default=None, compare=False, repr=False)
    reading: Reading | None = field(default=None, compare=False, repr=False)


def judge_text(text: str, kind: str, context: Context, session: Session) -> list[Statement]:
    """Return what a formula of a page states.  ``kind`` is ``"display"`` or ``"inline"``."""
    # Pages say dz[2] and W[2] hundreds of times; the same words in the same place mean the same.
    key = (text, kind, *context.key())
    if key not in session.judged:
        try:
            with budget(text):
                session.judged[key] = tuple(_judge_text(text, kind, context, session))
        except TooMuch as error:
            return [Statement(text.strip(), 0, kind, CLAIM, unreadable(error, context.setting))]
    return list(session.judged[key])


def _judge_text(text: str, kind: str, context: Context, session: Session) -> list[Statement]:
    try:
        session = session.opened(text, context.letters(text))
    except ValueError as error:
        return [Statement(text.strip(), 0, kind, CLAIM, Verdict(UNREADABLE, str(error), setting=context.setting))]
    if LONE.fullmatch(text):
        return [Statement(text, 0, kind, EXPRESSION, Verdict(HOLDS, "a name"))]
    if shape := re.fullmatch(r"\s*\(([^(),=]+),([^(),=]+)\)\s*", text):  # a shape, (n_l, m)
        return [statement for size in shape.groups() for statement in judge_text(size, kind, context, session)]
    parts = derivations(text)
    found: list[Statement] = []
    for part in parts:
        found += _judge_part(part, STEP if len(parts) > 1 else kind, context, session)
    return found


def _judge_part(part: str, kind: str, context: Context, session: Session) -> list[Statement]:
    part = re.sub(r"\\(?:begin|end)\{(?:aligned|split|gathered)\}", lambda m: " " * len(m[0]), part)
    source, start = part.strip(), len(part) - len(part.lstrip())
    line = part.count("\n", 0, start)
    whole = Statement(source, line, kind, CLAIM, Verdict(HOLDS, "", setting=context.setting))
    context = _for_all_examples(part, context, session)
    if said := _range_or_set(source, context, session):
        return [replace(whole, relation=VALUE, verdict=said)]
    try:
        reading = _in_full(read(part, session.settings[context.setting], "latex"), context)
        claim, notes = session.claim(reading, session.settings[context.setting], context.layout, context.lets)
    except Unreadable as error:
        if defined := _new_name(part, kind, context, session):
            return [defined]
        if r"\\" in source:  # a derivation: say in which of its lines
            whole = replace(whole, kind=STEP, line=part.count("\n", 0, error.position))
        return [replace(whole, verdict=unreadable(error, context.setting))]
    except ShapeError as error:
        return [_placed(replace(whole, verdict=_failed(error, context)), start)]
    whole = replace(whole, claim=claim, reading=reading)
    if not claim.tree.relations:
        return [_placed(replace(whole, relation=EXPRESSION, verdict=_expression(claim, context)), start)]
    if len(claim.tree.relations) == 1:
        stated = _placed(_judge_pair(claim, reading.tree.relations[0], whole, context, notes), start)
        if stated.relation == DEFINITION and stated.verdict.verdict != HOLDS:  # σ(z) := …, of any z
            stated = _new_name(part, kind, context, session) or stated
        return [stated]
    found = []
    for n, relation in enumerate(claim.tree.relations):
        pair = Chain(claim.tree.terms[n : n + 2], (relation,), span=claim.tree.span)
        place = min(claim.tree.terms[n + 1].span[0], len(part))
        step = replace(whole, kind=STEP, line=part.count("\n", 0, place))
        one = replace(claim, tree=pair, readings=())
        found.append(_cut(_judge_pair(one, reading.tree.relations[n], step, context, notes), part, claim.tree.terms, n))
    return found


def _for_all_examples(part: str, context: Context, session: Session) -> Context:
    """Read capitals such as dZ and A as all examples, also where the page is about one: else no 1/m could be missed."""
    setting = session.settings[context.setting]
    twin = session.settings.get(setting.twin or "")
    if twin is None or not re.search("[AXYZ]", part):
        return context
    wholes = {q.column_of for q in twin.quantities.values()} - {None, *setting.quantities}
    try:
        symbols = {node.name for node in walk(read(part, twin, "latex").tree) if isinstance(node, Symbol)}
    except Unreadable:
        return context
    return replace(context, setting=twin.name) if symbols & wholes else context


def _placed(statement: Statement, start: int) -> Statement:
    """Count the verdict's span from the first letter of the source."""
    span = statement.verdict.span
    if span is None:
        return statement
    return replace(statement, verdict=replace(statement.verdict, span=(max(span[0] - start, 0), span[1] - start)))


#: What stands between the terms of a derivation: reasons, line ends, alignment.
BETWEEN = re.compile(rf"{REASON.pattern}|{LINE_END.pattern}|&|\s", re.DOTALL)
RELATION = re.compile(r":=|\\(?:approx|neq?|leq?|geq?)(?![a-zA-Z])|[=<>≈≠≤≥]")


def _cut(statement: Statement, part: str, terms: Sequence[Node], n: int) -> Statement:
    """Give step ``n`` of a chain its own source: its two terms, without reasons and alignment."""
    plain = BETWEEN.sub(lambda m: " " * len(m[0]), part)
    signs = []
    for left, right in pairwise(terms):
        sign = RELATION.search(plain, left.span[1], max(right.span[0], left.span[1]))
        if sign is None:
            return _placed(statement, len(part) - len(part.lstrip()))
        signs.append(sign)
    first = plain[signs[n - 1].end() if n else 0 : signs[n].start()].strip()
    start, end = signs[n].end(), signs[n + 1].start() if n + 1 < len(signs) else len(plain)
    start += len(plain[start:end]) - len(plain[start:end].lstrip())
    head = f"{first} {signs[n][0]} "
    source, span = head + plain[start:end].rstrip(), statement.verdict.span
    if span is not None:  # a fault of the left term has been shown in the line above
        span = (span[0] - start + len(head), span[1] - start + len(head)) if span[0] >= start else None
    return replace(statement, source=source, verdict=replace(statement.verdict, span=span))


SIZE = r"(?:\d+|[mLK]|n_(?:\{[a-zA-Z0-9+\- ]+\}|\w)|n\^\{\[[a-zA-Z0-9+\- ]+\]\})(?:\s*[-+]\s*\d+)?"
DOTS = r"(?:\\[lc]?dots|…|\.\.\.)"
RANGE = re.compile(rf"([a-zA-Z]|\\ell)\s*=\s*{SIZE}(?:\s*,\s*{SIZE})*(?:\s*,\s*{DOTS}\s*,\s*{SIZE})?")
CONDITION = re.compile(r"([i-l])\s*(?:=|\\neq?|\\leq?|<|>)\s*([i-l])")
SET = re.compile(r"(.*\S)\s*\\in\s*\\\{(.*)\\\}", re.DOTALL)


def _range_or_set(source: str, context: Context, session: Session) -> Verdict | None:
    """Read l = 1, …, L and y ∈ {0, 1}, which are no formulas: an index and a choice of values."""
    setting = session.settings[context.setting]
    if (match := RANGE.fullmatch(source)) and match[1] not in context.lets:
        if match[1] not in setting.quantities and match[1] not in {"m", "n", "L", "K"}:
            return Verdict(HOLDS, "the values of an index", setting=context.setting)
    elif (match := CONDITION.fullmatch(source)) and not {match[1], match[2]} & {*setting.quantities, *context.lets}:
        return Verdict(HOLDS, "which values of two indices are meant", setting=context.setting)
    elif match := SET.fullmatch(source):
        members = [part.strip() for part in match[2].split(",")]
        if all(re.fullmatch(rf"-?[\d.]+|{SIZE}|{DOTS}", member) for member in members) and (
            re.fullmatch(r"[a-z]|\\ell", match[1]) or _is_given(match[1], context, session)
        ):
            return Verdict(HOLDS, "one of several values", setting=context.setting)
    return None


def _is_given(text: str, context: Context, session: Session) -> bool:
    setting = session.settings[context.setting]
    try:
        claim, _ = session.claim(read(text, setting, "latex"), setting, context.layout, context.lets)
    except FormulaError:
        return False
    return not claim.tree.relations and may_be_given(claim.tree.terms[0], claim)


#: A name, or a function with its arguments, that a formula defines.
NEW_NAME = re.compile(r"\s*(?:[A-Za-z]|\\[a-zA-Z]+)(?:_\w|_\{\w+\})?\s*(?:\(([\w\\, ]*)\))?\s*:=")


def _new_name(part: str, kind: str, context: Context, session: Session) -> Statement | None:
    """Read f(t) := …, whose name the setting does not know: its right side is read, t a number if it must be."""
    match = NEW_NAME.match(part)
    if match is None:
        return None
    right = " " * match.end() + part[match.end() :]
    contexts = [context]
    if arguments := [name.strip() for name in (match[1] or "").split(",") if name.strip()]:
        contexts.append(replace(context, setting=IDENTITIES, lets={**context.lets, **dict.fromkeys(arguments, ())}))
    found = [statement for where in contexts for statement in _judge_part(right, kind, where, session)]
    could = [s for s in found if s.relation == EXPRESSION and s.verdict.verdict != UNREADABLE]
    if not could:
        return None
    best = next((s for s in could if s.verdict.verdict == HOLDS), could[0])
    defined = None
    if match[1] is None and (name := part[: match.end()].removesuffix(":=").strip()).isalpha():
        tree = _in_full(read(right, session.settings[context.setting], "latex"), context).tree
        defined = (name, tree.terms[0])
    return replace(best, source=part.strip(), relation=DEFINITION, defined=defined)


def _in_full(reading: Reading, context: Context) -> Reading:
    """Return a reading in which defined names are replaced by what they stand for."""
    if not context.definitions:
        return reading

    def change(node: Node) -> Node:
        known = context.definitions.get(node.name) if isinstance(node, Symbol) and node.layer is None else None
        if known is None:
            return node
        # What it stands for was written elsewhere: only the name has a place here.
        return replace(transform(known, lambda inner: replace(inner, span=(0, 0))), span=node.span)

    loose = transform(reading.loose, change) if reading.loose is not None else None
    return weighed(replace(reading, tree=transform(reading.tree, change), loose=loose))  # type: ignore[arg-type]


def _judge_pair(
    claim: Claim, written: str, statement: Statement, context: Context, notes: tuple[str, ...]
) -> Statement:
    left, right = claim.tree.terms
    if isinstance(right, RealSpace):
        return replace(statement, relation=SHAPE, verdict=judge(claim, notes))
    number = number_of(right)
    if number is not None and written == "=" and may_be_given(left, claim):
        return _value(claim, left, number, replace(statement, relation=VALUE))
    if written == "=" and _rounded(claim):
        said = "expected \\approx between decimals, which holds to the digits that are written; = is exact"
        return replace(statement, verdict=Verdict(FAILS, said, setting=claim.setting.name))
    if written == ":=" and claim.update is None:
        return replace(statement, relation=DEFINITION, verdict=_expression(claim, context))
    assumed = assuming(claim, context.assumptions)
    stated = claim.tree.relations == ("≈",) or (written == "=" and _is_entry(left) and "." in statement.source)
    if number is not None and stated and (in_book := of_the_book(assumed)) is not None:
        trial = attempt(in_book, Way(), context.layout)
        said = "a number of the book's network" if trial.holds else f"in the book's network {trial.reason}"
        verdict = Verdict(
            HOLDS if trial.holds else FAILS, said, setting=claim.setting.name, draws=trial.draws, error=trial.error,
            span=trial.span,
        )  # fmt: skip
        return replace(statement, relation=VALUE, verdict=verdict)
    verdict = judge(assumed, notes)
    if verdict.verdict != HOLDS:
        verdict = _with_nearest(assumed, verdict)
    return replace(statement, verdict=verdict, trivial=_trivial(claim, context))


def _is_entry(node: Node) -> bool:
    """Whether this is a quantity or one entry of it, of which W_{12} = 0.7 says a number."""
    while isinstance(node, Component | Example):
        node = node.base
    return isinstance(node, Symbol)


def _rounded(claim: Claim) -> bool:
    """Whether both sides are numbers alone, and one of them has decimals."""
    nodes = list(walk(claim.tree))
    named = any(isinstance(node, Symbol | Constant) for node in nodes)
    return not named and any(isinstance(node, Number) and "." in node.text for node in nodes)


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
    if isinstance(inner, RealSpace):
        return Verdict(HOLDS, "all tables of this size", setting=claim.setting.name)
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


def _value(claim: Claim, left: Node, number: float, statement: Statement) -> Statement:
    """Check a size against the book's network; take another value as an assumption."""
    symbol = left if isinstance(left, Symbol) else None
    size = size_name(left)
    if size:
        book = book_draw(claim)
        wanted = book.sizes.get(size) if book is not None else None
        if wanted is not None and wanted != number:
            said = f"{size} of the book's network is {wanted}, not {number:g}"
            return replace(statement, verdict=Verdict(FAILS, said, setting=claim.setting.name))
        return replace(statement, verdict=Verdict(HOLDS, "a size of the book's network", setting=claim.setting.name))
    assumed = ((symbol, number),) if symbol is not None else ()
    return replace(statement, verdict=Verdict(HOLDS, "assumed here", setting=claim.setting.name), assumed=assumed)


__all__ = ["Context", "Statement", "assuming", "judge_text"]
