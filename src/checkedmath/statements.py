"""A formula on a page: what it states (claim, value, definition, shape), and the verdict on it.

Pages are judged in their own layout only, and `*` is elementwise.  A chain
a = b = c states two things, and each is judged by itself: that is a step of a derivation.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from checkedmath.budget import budget
from checkedmath.claim import Claim
from checkedmath.errors import FormulaError, ShapeError, TooMuch, Unplaced, Unreadable
from checkedmath.exact import value
from checkedmath.given import assuming, book_draw, domain_of, number_of, of_the_book, size_name
from checkedmath.identities.texts import Text, tell
from checkedmath.instances import last_layer
from checkedmath.judge import attempt, judge
from checkedmath.normal import normal_form
from checkedmath.reading import read, read_statement, weighed
from checkedmath.reading.flatten import flatten
from checkedmath.reading.names import names_of
from checkedmath.reading.result import LATEX, Reading
from checkedmath.session import IDENTITIES, Session, unreadable
from checkedmath.settings import Setting, Shape
from checkedmath.shapes import NUMERATOR, Scope, View, resolve
from checkedmath.syntax import source as taken
from checkedmath.syntax.source import take_apart
from checkedmath.tree import (
    Chain,
    Component,
    Evaluated,
    Example,
    Node,
    RealSpace,
    Symbol,
    Transpose,
    transform,
    walk,
)  # fmt: skip
from checkedmath.verdict import CONDITIONAL, FAILS, HOLDS, UNREADABLE, Verdict
from checkedmath.worlds import Way

CLAIM, VALUE, DEFINITION, SHAPE, EXPRESSION = "claim", "value", "definition", "shape", "expression"
STEP, INLINE = "step", "inline"
#: What a statement about free letters does beside claiming something, as a kind of statement, and in words.
BESIDE = {
    "definition": (DEFINITION, "a definition: its shapes fit"), "declaration": (SHAPE, "declared here"),
    "condition": (VALUE, "a condition, under which the formulas beside it are tried"),
}
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
    told: Text | None = None  # what the text that is judged says of free letters

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
    try:
        if (values := _range_or_set(text.strip(), context, session)) is not None:
            return [Statement(text.strip(), 0, kind, VALUE, values)]
        source = take_apart(text)
    except Unreadable as error:
        return [Statement(text.strip(), 0, kind, CLAIM, unreadable(error, context.setting))]
    several = len(source.statements) > 1
    if context.setting == IDENTITIES:
        told, _ = tell(source, session.settings[IDENTITIES], LATEX, page=True, known=context.lets)
        context = replace(context, told=told)
    found: list[Statement] = []
    for stated in source.statements:
        part = _judge_stated(stated, STEP if several else kind, context, session)
        alone = part[0].relation == EXPRESSION and part[0].verdict.verdict == HOLDS
        if alone and (several or stated.reasons or stated.lead):
            said = Unreadable(text, stated.span[0], "a relation, or nothing, here: what stands alone says nothing")
            part = [replace(part[0], relation=CLAIM, verdict=unreadable(said, context.setting))]
        found += part
        found += _judge_reasons(stated, context, session)
    return found


def _judge_reasons(stated: taken.Statement, context: Context, session: Session) -> list[Statement]:
    """Judge the mathematics among the reasons, as in a sentence: a name, or a whole formula."""
    found: list[Statement] = []
    for start, end in [place for line in stated.lines if line.reason for place in line.reason.formulas]:
        line = stated.source.count("\n", 0, start)
        for judged in judge_text(stated.source[start:end], INLINE, context, session):
            said = judged.verdict
            term = judged.claim.tree.terms[0] if judged.claim is not None else None
            if judged.relation == EXPRESSION and not isinstance(term, Symbol | Evaluated | Component | Example | None):
                error = Unreadable(stated.source, start, "a name or a whole formula among the words of a reason")
                said = unreadable(error, context.setting)
            found.append(replace(judged, line=line, kind=STEP, verdict=said, claim=None, reading=None))
    return found


def _judge_stated(stated: taken.Statement, kind: str, context: Context, session: Session) -> list[Statement]:
    if not stated.lines:  # l = 1, …, L: the values of an index
        said = Verdict(HOLDS, "the values of an index", setting=context.setting)
        return [Statement(stated.source.strip(), 0, kind, VALUE, said)]
    part = stated.text
    source, start = part.strip(), len(part) - len(part.lstrip())
    line = part.count("\n", 0, start)
    whole = Statement(source, line, kind, CLAIM, Verdict(HOLDS, "", setting=context.setting))
    context = _for_all_examples(stated, context, session)
    if (values := _range_or_set(source, context, session)) is not None:
        return [replace(whole, relation=VALUE, verdict=values)]
    try:
        spoken = context.told.on_page(stated) if context.told is not None else None
        read_it = spoken.read() if spoken else read_statement(stated, session.settings[context.setting], page=True)
        reading = _in_full(read_it, context)
        claim, notes = session.claim(reading, session.settings[context.setting], context.layout, context.lets)
    except Unreadable as error:
        if defined := _new_name(stated, kind, context, session):
            return [defined]
        if len(stated.lines) > 1 or "\\\\" in stated.source:  # a derivation: say in which of its lines
            whole = replace(whole, kind=STEP, line=part.count("\n", 0, error.position))
        return [replace(whole, verdict=unreadable(error, context.setting))]
    except ShapeError as error:
        return [_placed(replace(whole, verdict=_failed(error, context)), start)]
    whole, notes = replace(whole, claim=claim, reading=reading), (*reading.notes, *notes)
    if spoken is not None and spoken.role in BESIDE:
        relation, message = BESIDE[spoken.role]
        verdict = _expression(claim, context) if relation == DEFINITION else whole.verdict
        verdict = replace(verdict, message=message) if verdict.verdict == HOLDS else verdict
        return [_placed(replace(whole, relation=relation, verdict=verdict), start)]
    if not claim.tree.relations:
        return [_placed(replace(whole, relation=EXPRESSION, verdict=_expression(claim, context)), start)]
    if len(claim.tree.relations) == 1:
        return [_placed(_judge_pair(claim, reading.tree.relations[0], whole, context, notes), start)]
    found = []
    for n, relation in enumerate(claim.tree.relations):
        pair = Chain(claim.tree.terms[n : n + 2], (relation,), span=claim.tree.span)
        place = min(claim.tree.terms[n + 1].span[0], len(part))
        step = replace(whole, kind=STEP, line=part.count("\n", 0, place))
        one = replace(claim, tree=pair, readings=())
        judged = _judge_pair(one, reading.tree.relations[n], step, context, notes)
        found.append(_cut(judged, stated, n) if len(stated.relations) == len(claim.tree.relations) else judged)
    return found


def _for_all_examples(stated: taken.Statement, context: Context, session: Session) -> Context:
    """Read capitals such as dZ and A as all examples, also where the page is about one: else no 1/m could be missed."""
    setting = session.settings[context.setting]
    twin = session.settings.get(setting.twin or "")
    if twin is None or not re.search("[AXYZ]", stated.text):
        return context
    wholes = {q.column_of for q in twin.quantities.values()} - {None, *setting.quantities}
    try:
        symbols = {node.name for node in walk(read_statement(stated, twin, page=True).tree) if isinstance(node, Symbol)}
    except Unreadable:
        return context
    return replace(context, setting=twin.name) if symbols & wholes else context


def _placed(statement: Statement, start: int) -> Statement:
    """Count the verdict's span from the first letter of the source."""
    span = statement.verdict.span
    if span is None:
        return statement
    return replace(statement, verdict=replace(statement.verdict, span=(max(span[0] - start, 0), span[1] - start)))


def _cut(statement: Statement, stated: taken.Statement, n: int) -> Statement:
    """Give step ``n`` of a chain its own source: its two terms, without reasons and alignment."""
    plain, signs = stated.text, stated.relations
    first = plain[signs[n - 1].end if n else 0 : signs[n].start].strip()
    start, end = signs[n].end, signs[n + 1].start if n + 1 < len(signs) else len(plain)
    start += len(plain[start:end]) - len(plain[start:end].lstrip())
    head = f"{first} {plain[signs[n].start : signs[n].end]} "
    source, span = head + plain[start:end].rstrip(), statement.verdict.span
    if span is not None:  # a fault of the left term has been shown in the line above
        span = (span[0] - start + len(head), span[1] - start + len(head)) if span[0] >= start else None
    return replace(statement, source=source, verdict=replace(statement.verdict, span=span))


SIZE = r"(?:\d+|[mLK]|n_(?:\{[a-zA-Z0-9+\- ]+\}|\w)|n\^\{\[[a-zA-Z0-9+\- ]+\]\})(?:\s*[-+]\s*\d+)?"
INDEX = r"[ijklpqrs]|\\ell"
VALUES = re.compile(rf"({INDEX})\s*=\s*{SIZE}(?:\s*,\s*{SIZE})*")
CONDITION = re.compile(rf"({INDEX})\s*(?:=|\\neq?|\\leq?|<|>)\s*({INDEX})")
SET = re.compile(r"(.*\S)\s*\\in\s*\\\{([^{}]*)\\\}", re.DOTALL)


def _range_or_set(source: str, context: Context, session: Session) -> Verdict | None:
    """Read l = 1, 2 and i ≠ j, which say which values of an index are meant, and y ∈ {0, 1}, a choice of values."""
    known = {*session.settings[context.setting].quantities, *context.lets}
    if (match := VALUES.fullmatch(source)) and match[1] not in known:
        return Verdict(HOLDS, "the values of an index", setting=context.setting)
    if (match := CONDITION.fullmatch(source)) and match[1] != match[2] and not {match[1], match[2]} & known:
        return Verdict(HOLDS, "which values of two indices are meant", setting=context.setting)
    if match := SET.fullmatch(source):
        members = [part.strip() for part in match[2].split(",")]
        if re.fullmatch(INDEX, match[1]) and match[1] not in known and all(re.fullmatch(SIZE, m) for m in members):
            return Verdict(HOLDS, "the values of an index", setting=context.setting)
        return _one_of(match[1], members, context, session)
    return None


def _one_of(left: str, members: Sequence[str], context: Context, session: Session) -> Verdict:
    """Judge y ∈ {0, 1}: each member is a value that the quantity may be set to, or one that it has."""
    found = [s for member in members for s in judge_text(f"{left} = {member}", INLINE, context, session)]
    unread = next((s.verdict for s in found if s.verdict.verdict == UNREADABLE), None)
    if unread is not None:
        return unread
    true = [s.verdict.verdict == HOLDS for s in found]
    if all(true) or (any(true) and not any(s.assumed for s in found)):
        return Verdict(HOLDS, "one of several values", setting=context.setting)
    return replace(found[true.index(False)].verdict, span=None)


#: A name, or a function with its arguments, that a formula defines.
NEW_NAME = re.compile(r"\s*(?P<name>[A-Za-z]|\\[a-zA-Z]+)(?:_\w|_\{\w+\})?\s*(?:\((?P<arguments>[\w\\, ]*)\))?\s*$")


def _new_name(stated: taken.Statement, kind: str, context: Context, session: Session) -> Statement | None:
    """Read f(t) := …, whose name the setting does not know: its right side is read, t a number if it must be."""
    part = stated.text
    if len(stated.relations) != 1 or stated.relations[0].value != ":=":
        return None
    sign = stated.relations[0]
    match = NEW_NAME.match(part[: sign.start])
    if match is None or _is_known(match["name"], session.settings[context.setting]):
        return None
    right = part[sign.end :]
    contexts = [context]
    if arguments := [name.strip() for name in (match["arguments"] or "").split(",") if name.strip()]:
        contexts.append(replace(context, setting=IDENTITIES, lets={**context.lets, **dict.fromkeys(arguments, ())}))
    try:  # in this session, which knows the letters already
        sides = take_apart(right).statements
    except Unreadable:
        return None
    found = [one for where in contexts for side in sides for one in _judge_stated(side, INLINE, where, session)]
    could = [s for s in found if s.relation == EXPRESSION and s.verdict.verdict != UNREADABLE]
    if refused := next((s for s in found if s.verdict.code), None):  # what it stands for is too much
        return replace(refused, source=part.strip(), line=part.count("\n", 0, sign.start), kind=kind)
    if not could:
        return None
    best = next((s for s in could if s.verdict.verdict == HOLDS), could[0])
    defined = None
    if match["arguments"] is None and match["name"].isalpha():
        tree = _in_full(read(right, session.settings[context.setting], "latex"), context).tree
        defined = (match["name"], tree.terms[0])
    line = part.count("\n", 0, sign.start)
    return replace(best, source=part.strip(), line=line, kind=kind, relation=DEFINITION, defined=defined)


def _is_known(name: str, setting: Setting) -> bool:
    """Whether the setting knows this name of a quantity or function; in identities letters are free."""
    names = names_of(setting)
    letter = flatten(name).text.strip()
    return letter in names.spellings


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
    if number is not None and written == "=" and size_name(left):
        return _size(claim, left, number, replace(statement, relation=VALUE))
    if number is not None and written == "=" and (domain := domain_of(left, claim, context.lets)) is not None:
        return _set(left, number, domain, replace(statement, relation=VALUE))
    if written == ":=" and claim.setting.name == IDENTITIES and _is_new(left, right, context):
        return replace(statement, relation=DEFINITION, verdict=_expression(claim, context))
    assumed = assuming(claim, context.assumptions)
    stated = claim.tree.relations == ("≈",) or (written == "=" and _is_entry(left))
    if number is not None and stated and (in_book := of_the_book(assumed)) is not None:
        trial = attempt(in_book, Way(), context.layout)
        said = "a number of the book's network" if trial.holds else f"in the book's network {trial.reason}"
        verdict = Verdict(
            HOLDS if trial.holds else FAILS, said, setting=claim.setting.name, draws=trial.draws, error=trial.error,
            span=trial.span,
        )  # fmt: skip
        return replace(statement, relation=VALUE, verdict=verdict)
    verdict = judge(assumed, notes)
    if verdict.verdict in {CONDITIONAL, FAILS}:
        verdict = _with_nearest(assumed, verdict)
    return replace(statement, verdict=verdict, trivial=_trivial(claim, context))


def _is_new(left: Node, right: Node, context: Context) -> bool:
    """Whether this is a letter of which nothing is known yet, so that := says what it is."""
    return isinstance(left, Symbol) and left.name not in context.lets and left not in walk(right)


def _is_entry(node: Node) -> bool:
    """Whether this is a quantity or one entry of it, of which W_{12} = 0.7 says a number."""
    while isinstance(node, Component | Example):
        node = node.base
    return isinstance(node, Symbol)


def _with_nearest(claim: Claim, verdict: Verdict) -> Verdict:
    from checkedmath.nearest import nearest_true

    found = nearest_true(claim, verdict)
    if found is None:
        return verdict
    message = found.said(verdict.message)
    return replace(verdict, nearest=found.text, mistake=found.mistake, slip=found.slip, message=message)


def _failed(error: ShapeError, context: Context) -> Verdict:
    kind = UNREADABLE if isinstance(error, Unplaced) else FAILS
    return Verdict(kind, str(error), setting=context.setting, span=error.span)


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
    scope, (left, right) = _scope(claim, context), claim.tree.terms
    try:
        if value(left) is not None and value(right) is not None:
            return left == right  # numbers alone: what is computed could be wrong
        forms = [normal_form(resolve(term, scope)) for term in claim.tree.terms]
    except FormulaError:
        return False
    return forms[0] == forms[1]


def _size(claim: Claim, left: Node, number: float, statement: Statement) -> Statement:
    """Check a size against the book's network; that of layer l is the reader's to choose."""
    size, book = size_name(left), book_draw(claim)
    wanted = book.sizes.get(size) if book is not None else None
    if wanted is None:
        said = f"expected a size of the book's network; {size} is none, and may be any number"
        return replace(statement, verdict=Verdict(UNREADABLE, said, setting=claim.setting.name))
    if wanted != number:
        said = f"{size} of the book's network is {wanted}, not {number:g}"
        return replace(statement, verdict=Verdict(FAILS, said, setting=claim.setting.name))
    return replace(statement, verdict=Verdict(HOLDS, "a size of the book's network", setting=claim.setting.name))


def _set(left: Node, number: float, domain: tuple[float, float], statement: Statement) -> Statement:
    """Take a value as an assumption, if a draw can have it."""
    assert isinstance(left, Symbol)
    if not domain[0] <= number <= domain[1]:
        said = f"{left.name} lies between {domain[0]:g} and {domain[1]:g}, so it is never {number:g}"
        return replace(statement, verdict=replace(statement.verdict, verdict=FAILS, message=said))
    verdict = replace(statement.verdict, verdict=HOLDS, message="assumed here")
    return replace(statement, verdict=verdict, assumed=((left, number),))


__all__ = ["Context", "Statement", "assuming", "judge_text"]
