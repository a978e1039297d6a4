"""The one way from a text to what it states and whether that is true, for a formula of a page and for pasted text.

A chain a = b = c of a page states two things, and each is judged by itself: that is a step of a derivation.
Whatever else a text says has a verdict too, and nothing of it is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from checkedmath.judging.chosen import choice_of, said_beside
from checkedmath.judging.execute import can_be_met
from checkedmath.judging.judge import judge
from checkedmath.judging.nearest import with_nearest
from checkedmath.judging.normal import normal_form
from checkedmath.judging.own_letters import counting_said, variants_said
from checkedmath.judging.readings import (
    Part,
    claiming,
    in_numbers_of,
    is_condition,
    is_known,
    is_under_no_condition,
    new_name,
    read_parts,
    right_side,
    under,
)
from checkedmath.judging.statement import (
    CLAIM,
    DEFINITION,
    EXPRESSION,
    INLINE,
    SHAPE,
    STEP,
    VALUE,
    Context,
    Statement,
    misshapen,
    our_fault,
    unreadable,
)  # fmt: skip
from checkedmath.judging.values import assuming, range_or_set, said_alone, value_of
from checkedmath.judging.verdict import CONDITIONAL, FAILS, HOLDS, UNREADABLE, Condition, Verdict
from checkedmath.judging.workspace import Workspace
from checkedmath.judging.worst import worst_of
from checkedmath.meaning import Scope, resolve
from checkedmath.meaning.claim import Claim
from checkedmath.meaning.fill_in import speaks_of_examples
from checkedmath.reading.result import Reading
from checkedmath.subject.setting import IDENTITIES, Setting
from checkedmath.subject.view import View
from checkedmath.syntax.budget import Overspent, budget, spend
from checkedmath.syntax.errors import FormulaError, ShapeError, Unreadable
from checkedmath.syntax.remarks import CONDITIONS
from checkedmath.syntax.tree import Chain, Component, Evaluated, Example, Node, RealSpace, Symbol, Transpose, walk
from checkedmath.values.exact import value
from checkedmath.values.places import last_member

#: What a step of a chain costs beside what is tried for it, with its worlds and its nearest formula.
PAIR = 4000
#: How many formulas of pages are remembered: several books.
REMEMBERED = 10_000
OF_AN_INDEX = "the values of an index"
#: What a statement about free letters does beside claiming something, as a kind of statement, and in words.
BESIDE = {
    "definition": (DEFINITION, "a definition: its shapes fit"), "declaration": (SHAPE, "declared here"),
    "condition": (VALUE, "a condition, under which the formulas beside it are tried"),
}


def judge_text(text: str, kind: str, context: Context, space: Workspace) -> list[Statement]:
    """Return what a text states, in its order, each with its verdict.

    ``kind`` is ``"display"`` or ``"inline"``.  Nothing is raised: a text that is too much, or on which the checker
    itself fails, has that verdict.
    """
    # Pages say dz[2] and W[2] hundreds of times; the same words in the same place mean the same.
    key = (text, kind, *context.key()) if context.page else None
    if key is not None and key in space.judged:
        return list(space.judged[key])
    try:
        with budget(text):
            found = _judge_text(text, kind, context, space)
            if key is not None:
                if len(space.judged) >= REMEMBERED:
                    space.judged.clear()
                space.judged[key] = tuple(found)
            return found
    except Unreadable as error:
        return [_whole(text, kind, unreadable(error, context.setting))]
    except (Overspent, ImportError):
        raise
    except Exception as error:  # noqa: BLE001
        # A fault of ours. One text must not stop a batch or a build, and must not pass for judged either.
        return [_whole(text, kind, our_fault(error, context.setting))]


def _whole(text: str, kind: str, verdict: Verdict) -> Statement:
    return Statement(text.strip(), 0, kind, CLAIM, verdict)


def _judge_text(text: str, kind: str, context: Context, space: Workspace) -> list[Statement]:
    try:
        space = space.opened(text, context.letters(text), context.setting)
    except ValueError as error:
        return [_whole(text, kind, Verdict(UNREADABLE, str(error), setting=context.setting))]
    found = _Text(text, kind, context, space).judged()
    if context.nearest:
        places = range(len(found)) if context.page else [worst_of(found)]
        for n in places:
            found[n] = replace(found[n], verdict=with_nearest(found[n].verdict, found[n].tried))
    return found


class _Text:
    """One text on its way through: read, given the setting it is about, and judged statement by statement."""

    def __init__(self, text: str, kind: str, context: Context, space: Workspace) -> None:
        self.text, self.kind, self.context, self.space = text, kind, context, space
        self.whole = Chain((), ())  # all that it names
        self.said: tuple[str, ...] = ()
        self.brought: list[str] = []  # the variants of the setting that the text's own objective says

    @property
    def setting(self) -> Setting:
        return self.space.settings[self.context.setting]

    def judged(self) -> list[Statement]:
        if self.context.page:
            alone = said_alone(self.text, self.kind, self.context, self.setting, self._inline)
            if alone is not None:
                return alone
        try:
            parts = self._parts()
            stated = [part.stated for part in parts if part.stated is not None]
            beside = said_beside(stated, self.setting, self.context.style)
        except Unreadable as error:
            return [_whole(self.text, self.kind, unreadable(error, self.context.setting))]
        self.context = self.context if beside is None else replace(self.context, variant=beside)
        claims = parts if self.context.page else claiming(parts, self.setting)
        if not self.context.page and (unknown := next(filter(is_under_no_condition, parts), None)):
            return [_whole(self.text, self.kind, unreadable(unknown.fault, self.context.setting))]  # type: ignore[arg-type]
        if not claims:
            said = f"a statement about {self.context.setting} that can be true or false: this gives names or values"
            nothing = Unreadable(self.text, len(self.text.rstrip()), said)
            return [_whole(self.text, self.kind, unreadable(nothing, self.context.setting))]
        if len(claims) > 1:
            self.kind = STEP
            if not self.context.page and not self.setting.free:
                parts = self._as_said(parts, claims)
                claims = claiming(parts, self.setting)
        found: list[Statement] = []
        for part in parts:
            here = self._judge(part) if part.defines or part.says or part in claims else self._given(part)
            found += [replace(one, place=one.place or part.place) for one in here]
            found += self._among_reasons(part)
        return found

    def _as_said(self, parts: list[Part], claims: list[Part]) -> list[Part]:
        """Return the statements in the setting's numbers, and note the variant, if the text says by itself which."""

        def claim_of(reading: Reading, setting: Setting) -> Claim:
            return self._claim(reading)[0]

        if (world := counting_said(claims, self.setting, claim_of)) is not None:
            assert world.counting is not None
            parts = [in_numbers_of(part, world.counting, self.setting, f"read as the text says: {world.text}")
                     for part in parts]  # fmt: skip
            claims = claiming(parts, self.setting)
        self.brought = variants_said(claims, self.setting, claim_of)
        return parts

    def _inline(self, text: str) -> list[Statement]:
        return judge_text(text, INLINE, self.context, self.space)

    def _parts(self) -> list[Part]:
        """Read the text, again as one about a batch if it speaks of one anywhere: then all of it does."""
        parts = self._read()
        named = [part.reading for part in parts if part.reading]
        self.whole = Chain(tuple(term for reading in named for term in reading.tree.terms), ())
        twin = self.space.settings.get(self.setting.twin or "")
        if twin is not None and self._is_about_examples(parts, twin):
            return self._of_twin(parts, twin)
        layouts = (reading.layout for reading in named if reading.layout and not self.context.page)
        self.context = replace(self.context, layout=self.context.layout or next(layouts, ""))
        return parts

    def _of_twin(self, parts: list[Part], twin: Setting) -> list[Part]:
        said, before = f"judged for a batch of m examples ({twin.name})", self.context
        self.context = replace(self.context, setting=twin.name)
        try:
            parts = self._parts()
        except Unreadable:  # what the twin cannot read is read as it stands
            self.context = before
            return parts
        self.said = (said,)
        return parts

    def _read(self) -> list[Part]:
        context = self.context
        parts = self._read_in(self.text)
        if context.lead and len(parts) == 1 and is_condition(parts[0].reading):
            return [replace(parts[0], says="condition")]
        if not context.conditions:
            return parts
        said = [part for text in context.conditions if text != self.text for part in self._read_in(text)]
        conditions = tuple(part.reading.tree for part in said if part.reading and is_condition(part.reading))
        return [part if part.says else under(part, conditions) for part in parts]

    def _read_in(self, text: str) -> list[Part]:
        context = self.context
        return read_parts(
            text, self.setting, context.style, page=context.page, known=context.definitions, letters=context.lets,
        )  # fmt: skip

    def _is_about_examples(self, parts: Sequence[Part], twin: Setting) -> bool:
        """Whether this speaks of m, (i), Σ or axis=, or, on a page, of dZ and A: else no 1/m could be missed there."""
        if speaks_of_examples(self.whole, self.setting):
            return True
        if not self.context.page:
            return False
        wholes = {q.column_of for q in twin.quantities.values()} - {None, *self.setting.quantities}
        return any(c in self.text for whole in wholes if whole for c in whole if c.isupper()) and bool(
            wholes & {node.name for node in walk(self._in(twin)) if isinstance(node, Symbol)}
        )

    def _in(self, setting: Setting) -> Chain:
        """Return all that the text names where it is read in another setting; nothing where it cannot be."""
        try:
            parts = read_parts(self.text, setting, self.context.style, page=True, known=self.context.definitions)
        except Unreadable:
            return Chain((), ())
        return Chain(tuple(term for part in parts if part.reading for term in part.reading.tree.terms), ())

    def _judge(self, part: Part) -> list[Statement]:
        """Judge one statement."""
        stated, context = part.stated, self.context
        start = part.place
        source = stated.text.strip() if stated is not None and stated.lines else self.text.strip()
        line = self.text.count("\n", 0, start)
        whole = Statement(source, line, self.kind, CLAIM, Verdict(HOLDS, "", setting=context.setting))
        if stated is not None and not stated.lines:  # l = 1, …, L
            return [replace(whole, relation=VALUE, verdict=Verdict(HOLDS, OF_AN_INDEX, setting=context.setting))]
        if context.page and (said := range_or_set(source, context, self.setting, self._inline)) is not None:
            return [replace(whole, relation=VALUE, verdict=said)]
        if context.page and stated is not None and (choice := choice_of(stated, self.setting, context.style)):
            if choice.variant is not None:  # from here on
                self.context = replace(context, variant=choice.variant)
            beside = CONDITIONS & {*stated.lead.split()}  # "with g = tanh": said of the formula before it alone
            chosen = None if beside else choice.variant
            return [replace(whole, relation=VALUE, verdict=choice.verdict, chosen=chosen)]
        if part.fault is not None:
            return [self._not_read(part, part.fault, whole)]
        assert part.reading is not None
        try:
            claim, notes = self._claim(part.reading)
        except ShapeError as error:
            return [self._placed(replace(whole, verdict=misshapen(error, context.setting)), start)]
        whole = replace(whole, claim=claim, reading=part.reading, tried=claim)
        notes = (*self.said, *part.reading.notes, *notes)
        if part.defines:
            said = self._expression(claim) if context.page else Verdict(HOLDS, "defined", setting=context.setting)
            name = (part.defines, part.reading.tree.terms[0])
            whole = replace(whole, claim=None, reading=None, tried=None, relation=DEFINITION, verdict=said)
            return [self._placed(replace(whole, defined=name), start)]
        if part.says in BESIDE:
            return [self._placed(self._beside(part.says, whole), start)]
        if not context.page:
            return [replace(whole, verdict=under_condition(judge(claim, notes, self.context.wanted), part.condition))]
        return self._of_page(part, whole, notes)

    def _beside(self, says: str, whole: Statement) -> Statement:
        """Return what a statement about free letters does beside claiming something."""
        relation, message = BESIDE[says]
        assert whole.claim is not None
        verdict = self._expression(whole.claim) if relation == DEFINITION else whole.verdict
        if says == "condition" and not whole.claim.setting.free:  # whose draws are made under it
            trial = can_be_met(whole.claim)
            kind = HOLDS if trial.holds else UNREADABLE if trial.unplaced else FAILS
            verdict = replace(verdict, verdict=kind, message=trial.reason, span=trial.span)
        verdict = replace(verdict, message=message) if verdict.verdict == HOLDS else verdict
        return replace(whole, relation=relation, verdict=verdict, tried=None)

    def _claim(self, reading: Reading) -> tuple[Claim, tuple[str, ...]]:
        context = self.context
        claim, notes = self.space.claim(reading, self.setting, context.layout, context.lets)
        shown, target = claim.shown, claim.target
        if not context.page and self.kind == STEP:  # one line may show the activation of them all
            shown = claim.setting.adapt(self.whole)
        elif context.target:
            target = self.space.target(context.target, claim.setting)
        if (variant := reading.variant if context.variant is None else context.variant) is not None:
            shown = variant if claim.setting.choices else shown
        if self.brought:
            own = {w.replaces for w in claim.setting.worlds if w.replaces and w.variant in self.brought}
            said = [word for word in shown.split(",") if word and not any(map(word.startswith, own))]
            shown = ",".join((*said, *self.brought))
        return replace(claim, shown=shown, target=target, beside=self.whole), notes

    def _given(self, part: Part) -> list[Statement]:
        said = Verdict(HOLDS, "given here", setting=self.context.setting)
        return [Statement(self.text.strip(), self.text.count("\n", 0, part.place), self.kind, VALUE, said)]

    def _not_read(self, part: Part, error: Unreadable, whole: Statement) -> Statement:
        if self.context.page and (defined := self._function(part, whole)):
            return defined
        if self.context.page and (len(part.stated.lines) > 1 or "\\\\" in self.text):  # type: ignore[union-attr]
            # a derivation: say in which of its lines
            whole = replace(whole, kind=STEP, line=self.text.count("\n", 0, error.position))
        return replace(whole, verdict=unreadable(error, self.context.setting))

    def _function(self, part: Part, whole: Statement) -> Statement | None:
        """Read f(t) := …, whose name the setting does not know: its right side is read, t a number if it must be."""
        stated, context = part.stated, self.context
        assert stated is not None
        new = new_name(stated, context.style)
        if new is None or stated.relations[0].value != ":=" or is_known(new.name, self.setting):
            return None
        contexts = [context]
        if new.arguments:
            letters = {**context.lets, **dict.fromkeys(new.arguments, ())}
            contexts.append(replace(context, setting=IDENTITIES, lets=letters))
        right = right_side(stated)
        # in this space, which knows the letters already
        found = [one for where in contexts for one in _Text(right, INLINE, where, self.space).judged()]
        could = [one for one in found if one.relation == EXPRESSION and one.verdict.verdict != UNREADABLE]
        if refused := next((one for one in found if one.verdict.code), None):  # what it stands for is too much
            return replace(whole, verdict=refused.verdict)
        if not could:
            return None
        best = next((one for one in could if one.verdict.verdict == HOLDS), could[0])
        return replace(whole, relation=DEFINITION, verdict=best.verdict)

    def _of_page(self, part: Part, whole: Statement, notes: tuple[str, ...]) -> list[Statement]:
        """Judge what a page says: an expression, or each relation of a chain."""
        claim, reading, stated = whole.claim, whole.reading, part.stated
        assert claim is not None
        assert reading is not None
        assert stated is not None
        relations = claim.tree.relations
        if not relations:
            whole = replace(whole, relation=EXPRESSION, verdict=self._expression(claim), tried=None)
            return [self._placed(whole, part.place)]
        if len(relations) == 1:
            return [self._placed(self._pair(claim, reading.tree.relations[0], whole, notes), part.place)]
        found = []
        for n, relation in enumerate(relations):
            pair = Chain(claim.tree.terms[n : n + 2], (relation,), span=claim.tree.span)
            place = min(claim.tree.terms[n + 1].span[0], len(self.text))
            step = replace(whole, kind=STEP, line=self.text.count("\n", 0, place), place=place)
            step = self._pair(replace(claim, tree=pair, readings=()), reading.tree.relations[n], step, notes)
            found.append(_step(step, part, n) if len(stated.relations) == len(relations) else step)
        return found

    def _pair(self, claim: Claim, written: str, statement: Statement, notes: tuple[str, ...]) -> Statement:
        spend(PAIR)
        left, right = claim.tree.terms
        if isinstance(right, RealSpace):
            return replace(statement, relation=SHAPE, verdict=judge(claim, notes, self.context.wanted), tried=None)
        if (said := value_of(claim, written, statement, self.context)) is not None:
            return replace(said, tried=None)
        if written == ":=" and claim.setting.free and _is_new(left, right, self.context):
            return replace(statement, relation=DEFINITION, verdict=self._expression(claim), tried=None)
        assumed = assuming(claim, self.context.assumptions)
        verdict = judge(assumed, notes, self.context.wanted)
        return replace(statement, verdict=verdict, trivial=self._trivial(claim), tried=assumed)

    def _expression(self, claim: Claim) -> Verdict:
        """Judge an expression alone: its shapes must fit; a function may stand by its name."""
        term = claim.tree.terms[-1]
        inner = term.operand if isinstance(term, Transpose) else term
        if isinstance(inner, RealSpace):
            return Verdict(HOLDS, "all tables of this size", setting=claim.setting.name)
        if not isinstance(inner, Evaluated | Symbol):  # a name alone, dW, may leave out its layer
            try:
                resolve(term, self._scope(claim))
            except ShapeError as error:
                return misshapen(error, self.context.setting)
        return Verdict(HOLDS, "its shapes fit", setting=claim.setting.name)

    def _trivial(self, claim: Claim) -> bool:
        scope, (left, right) = self._scope(claim), claim.tree.terms
        try:
            if value(left) is not None and value(right) is not None:
                return left == right  # numbers alone: what is computed could be wrong
            forms = [normal_form(resolve(term, scope)) for term in claim.tree.terms]
        except FormulaError:
            return False
        return forms[0] == forms[1]

    def _scope(self, claim: Claim) -> Scope:
        last = last_member(claim.tree, claim.setting)
        return Scope(claim.setting, View(layout=self.context.layout), last, shapes=claim.shapes)

    def _placed(self, statement: Statement, start: int) -> Statement:
        """On a page, count the verdict's span from the first letter of the source."""
        span = statement.verdict.span
        if span is None or not self.context.page:
            return statement
        return replace(statement, verdict=replace(statement.verdict, span=(max(span[0] - start, 0), span[1] - start)))

    def _among_reasons(self, part: Part) -> list[Statement]:
        """Judge the mathematics among the reasons, as in a sentence: a name, or a whole formula."""
        found: list[Statement] = []
        lines = part.stated.lines if part.stated is not None else ()
        for start, end in [place for line in lines if line.reason for place in line.reason.formulas]:
            before = "".join(c if c == "\n" else " " for c in self.text[:start])  # so that places stay
            inner = _Text(before + self.text[start:end], INLINE, self.context, self.space)
            found += [self._of_reason(judged, start) for judged in inner.judged()]
        return found

    def _of_reason(self, judged: Statement, start: int) -> Statement:
        said = judged.verdict
        term = judged.claim.tree.terms[0] if judged.claim is not None else None
        if judged.relation == EXPRESSION and not isinstance(term, Symbol | Evaluated | Component | Example | None):
            error = Unreadable(self.text, start, "a name or a whole formula among the words of a reason")
            said = unreadable(error, self.context.setting)
        line = self.text.count("\n", 0, start)
        if not self.context.page:
            return replace(judged, line=line, place=start)
        return replace(judged, line=line, kind=STEP, verdict=said, place=start, claim=None, reading=None)


def under_condition(verdict: Verdict, condition: tuple[str, str] | None) -> Verdict:
    """Return a verdict on what is meant only if its letters are what a source means by them."""
    if condition is None or verdict.verdict not in {HOLDS, CONDITIONAL}:
        return verdict
    code, text = condition
    where = (*verdict.where, Condition(code, text))
    message = f"true if {text}" if verdict.verdict == HOLDS else f"{verdict.message}; and {text}"
    return replace(verdict, verdict=CONDITIONAL, where=where, message=message)


def _is_new(left: Node, right: Node, context: Context) -> bool:
    """Whether this is a letter of which nothing is known yet, so that := says what it is."""
    return isinstance(left, Symbol) and left.name not in context.lets and left not in walk(right)


def _step(statement: Statement, part: Part, n: int) -> Statement:
    """Give step ``n`` of a chain its own source: its two terms, without reasons and alignment."""
    assert part.stated is not None
    plain, signs = part.stated.text, part.stated.relations
    first = plain[signs[n - 1].end if n else 0 : signs[n].start].strip()
    start, end = signs[n].end, signs[n + 1].start if n + 1 < len(signs) else len(plain)
    start += len(plain[start:end]) - len(plain[start:end].lstrip())
    head = f"{first} {plain[signs[n].start : signs[n].end]} "
    source, span = head + plain[start:end].rstrip(), statement.verdict.span
    if span is not None:  # a fault of the left term has been shown in the line above
        span = (span[0] - start + len(head), span[1] - start + len(head)) if span[0] >= start else None
    return replace(statement, source=source, verdict=replace(statement.verdict, span=span))


__all__ = ["judge_text"]
