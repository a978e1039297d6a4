"""All that is said of a text to a person who gave it: one record, of which each face shows what it can.

The command line prints it with ``--full``; the page *Check your own formula* shows it, from this same code.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from importlib import import_module
from typing import Any

from checkedmath.judging.displays import parts_of
from checkedmath.judging.session import Session
from checkedmath.judging.statement import DEFINITION, VALUE, Context, Statement
from checkedmath.judging.verdict import HOLDS, UNREADABLE, Verdict
from checkedmath.meaning import Scope, resolve
from checkedmath.reading import read
from checkedmath.subject.setting import Setting, Shape
from checkedmath.subject.view import COURSE, View
from checkedmath.syntax.budget import Overspent, budget
from checkedmath.syntax.errors import FormulaError, visible
from checkedmath.syntax.text import text_of
from checkedmath.syntax.tree import Chain, Node, RealSpace, Span, Symbol, children, walk
from checkedmath.values.installed import settings_of
from checkedmath.values.places import last_member
from checkedmath.writing.chains import Writer
from checkedmath.writing.displayed import Part
from checkedmath.writing.forms import Forms, forms_of
from checkedmath.writing.latex import FACTORS, symbol_data, write_latex

FAULT, CHANGED = {"mark": "fault"}, {"mark": "changed"}
#: What is offered of a true formula beside its drawing, and what of any formula that could be read.
TRUE_FORMS = ("latex", "forum", "unicode", "numbers", "numbers_text", "at", "example", "rows", "rows_text", "numpy")
FORMS = ("words", "steps")


@dataclass(frozen=True)
class Examined:
    """A text that was judged, with what it states; ``given`` is how it was given, with its braces and dots."""

    given: str
    text: str
    session: Session
    verdict: Verdict
    statements: Sequence[Statement]

    def record(self) -> dict[str, Any]:
        """Return the fields of the command line's JSON, the place of a fault, and a line for each statement."""
        verdict = self.verdict
        named = self.session.settings.get(verdict.setting)
        return verdict.as_json() | {
            "text": self.text if self.text != self.given else "",
            "title": named.title if named is not None else "",
            "layout": verdict.layout,
            "draws": verdict.draws,
            "error": verdict.error,
            "span": list(verdict.span) if verdict.span is not None else None,
            "reason": verdict.reason,
            "page": self.verdict.page,
            "lines": [self._line(one) for one in self.statements],
        }

    def dress(self) -> dict[str, Any]:
        """Return the formulas as they were read, typeset, and what a true text or the nearest true formula is like."""
        try:
            with budget(self.text):
                return self._dress()
        except Overspent:
            raise
        except Exception:  # noqa: BLE001 - too much to be written, or a fault of ours: what is said of it is said
            return {"read": [], "nearest_latex": "", "symbols": []}

    def answers(self, target: str, names: str) -> str:
        """Return why this is no answer to an exercise, though it be true; "" where it is one.

        It has to say what ``target`` is, a name, on its other side, with no names but those listed in ``names``,
        "dz[1], a[0]", or with any but its own where that is "".
        """
        claim = next((one.claim for one in reversed(self.statements) if one.claim is not None), None)
        if claim is None or self.verdict.verdict != HOLDS:
            return self.verdict.message
        if any(isinstance(term, RealSpace) for term in claim.tree.terms):
            return ""
        asked, allowed = ({*self._names(text, claim.setting)} for text in (target, names))
        terms = [term for term in claim.tree.terms if {text_of(term)} != asked]
        if len(terms) == len(claim.tree.terms) and len(terms) > 1:
            return f"but it does not say what {target} is."
        used = {text_of(node) for term in terms[-1:] for node in walk(term) if isinstance(node, Symbol)}
        if not terms or asked & used:
            return f"but it says {target} with itself."
        if allowed and not used - {*claim.setting.scalars} <= allowed:
            return f"but it is asked for with {names} alone."
        return ""

    def _names(self, text: str, setting: Setting) -> Iterator[str]:
        for name in filter(None, map(str.strip, text.split(","))):
            yield text_of(read(name, setting, "text").tree.terms[0])

    def _line(self, one: Statement) -> dict[str, Any]:
        said = one.verdict
        return {
            "line": one.line + 1, "relation": one.relation, "verdict": said.verdict, "message": said.message,
            "where": [condition.text for condition in said.where], "source": self._source(one),
            "claims": one.relation not in {DEFINITION, VALUE} or said.verdict != HOLDS,
        }  # fmt: skip

    def _source(self, one: Statement) -> str:
        lines = self.text.split("\n")
        return lines[one.line].strip() if one.line < len(lines) and len(lines) > 1 else one.source

    def _dress(self) -> dict[str, Any]:
        parts = parts_of(self.statements)
        true = self.verdict.verdict == HOLDS
        forms = forms_of(self.text, parts, true=true) if parts and self.verdict.verdict != UNREADABLE else Forms()
        found = {name: getattr(forms, name) for name in FORMS + (TRUE_FORMS if true else ())}
        if true and parts:
            found["latex"] = _whole(parts)
        return found | {
            "read": [typeset(part, self._fault(part)) for part in parts],
            "symbols": [
                {"name": s.name, "member": s.member, "unicode": s.unicode, "words": s.words, "shape": s.shape,
                 "numbers": s.numbers, "meaning": s.meaning, "link": s.link, "function": s.function}
                for s in forms.symbols
            ],
            "nearest_latex": self._nearest(parts),
        }  # fmt: skip

    def _fault(self, part: Part) -> Span | None:
        """Return the place of the fault, where it is in this part."""
        span = self.verdict.span
        if span is None or self.verdict.verdict == HOLDS:
            return None
        inside = any(_within(node.span, span) for node in walk(part.claim.tree))
        return span if inside else None

    def _nearest(self, parts: Sequence[Part]) -> str:
        """Return the nearest true formula as LaTeX, with a mark on what is not as it was written."""
        setting = self.session.settings.get(self.verdict.setting)
        if not self.verdict.nearest or setting is None:
            return ""
        try:
            tree = read(self.verdict.nearest, setting, "text").tree
        except FormulaError:
            return ""
        written = next((part.chain for part in parts if _is_of(part, tree)), None)
        new = _changed(written, tree) if written is not None else frozenset()
        return _drawn(tree, setting, _scope_of(tree, setting), lambda node: CHANGED if id(node) in new else {})


class Referee:
    """Answers texts, each with a record and then with what is drawn of it, as JSON: the face of a reader's browser."""

    def __init__(self, *places: str) -> None:
        """Load subjects from their places, ``"course.settings:SETTINGS"``."""
        split = (place.partition(":") for place in places)
        self.session = Session(settings_of(getattr(import_module(module), name) for module, _, name in split))
        self._last: Examined | None = None

    def check(self, asked: str) -> str:
        """Return the record of a text, ``{"text", "setting", "layout", "target", "wanted"}``, as JSON.

        With ``"answers"`` it is an answer to an exercise, ``{"target", "names"}`` (`Examined.answers`).
        """
        fields = json.loads(asked)
        text, setting = fields["text"], fields.get("setting", "")
        if setting and setting not in self.session.settings:
            self._last = None
            said = f"unknown setting {setting!r}: expected one of {', '.join(self.session.settings)}"
            return json.dumps(Examined(text, text, self.session, Verdict(UNREADABLE, visible(said)), []).record())
        self._last = examine(
            self.session, text, setting, layout=fields.get("layout", ""), target=fields.get("target", ""),
            wanted=fields.get("wanted", ()),
        )  # fmt: skip
        record = self._last.record()
        if "answers" in fields:
            record["answers"] = self._last.answers(**fields["answers"])
        return json.dumps(record, ensure_ascii=False)

    def dress(self) -> str:
        """Return what is drawn of the text that was checked last, as JSON."""
        return json.dumps(self._last.dress() if self._last is not None else {}, ensure_ascii=False)


def examine(
    session: Session, text: str, setting: str = "", *, layout: str = "", style: str = "auto", target: str = "",
    wanted: Iterable[str] = (),
) -> Examined:  # fmt: skip
    """Judge a text as the command line does, and keep what it states; ``wanted`` are codes that its author has named.

    Raises `KeyError` for an unknown setting.
    """
    context = Context(setting, layout, page=False, style=style, target=target, wanted=frozenset(wanted))
    verdict, found, judged = session.examine(text, context)
    return Examined(text, judged, session, verdict, found)


def typeset(part: Part, fault: Span | None) -> str:
    r"""Return a formula as it was read, as LaTeX with the shape under each factor and ``mark=fault`` at a fault."""
    return _drawn(
        part.chain, part.claim.setting, part.scope,
        lambda node: FAULT if fault is not None and _within(node.span, fault) else {},
    )  # fmt: skip


def _drawn(chain: Chain, setting: Setting, scope: Scope, mark: Callable[[Node], Mapping[str, str]]) -> str:
    shapes: dict[Node, Shape] = {}
    for node in walk(chain):
        if isinstance(node, FACTORS):
            try:
                shapes[node] = resolve(node, scope).shape
            except FormulaError:  # what has no shape has none underneath
                continue
    shapes = {node: shape for node, shape in shapes.items() if shape}
    return write_latex(chain, setting, shapes=shapes, data=lambda node: {**symbol_data(node), **mark(node)})


def _scope_of(chain: Chain, setting: Setting) -> Scope:
    return Scope(setting, View(layout=COURSE), last_member(chain, setting))


def _whole(parts: Sequence[Part]) -> str:
    writer = Writer(parts)
    return writer.layout(writer.chains(write_latex, [part.chain for part in parts]), latex=True)


def _is_of(part: Part, tree: Chain) -> bool:
    """Whether the nearest formula is one of this part: it has its left side."""
    terms = [term for term in part.chain.terms if not isinstance(term, RealSpace)]
    return bool(terms) and text_of(terms[0]) == text_of(tree.terms[0])


def _changed(written: Chain, tree: Chain) -> frozenset[int]:
    """Return the identities of the factors of a formula that are not, or not there, in the one that was written."""
    before, after = ([*_factors(chain)] for chain in (written, tree))
    steps = SequenceMatcher(None, [text_of(n) for n in before], [text_of(n) for n in after], autojunk=False)
    return frozenset(
        id(node)
        for kind, _, _, start, end in steps.get_opcodes() if kind != "equal"
        for factor in after[start:end] for node in walk(factor)
    )


def _factors(node: Node) -> Iterator[Node]:
    """Yield the factors of a formula in their order; what is inside a factor is a part of it."""
    if isinstance(node, FACTORS):
        yield node
        return
    for part in children(node):
        yield from _factors(part)


def _within(inner: Span, outer: Span) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1] and inner[0] < inner[1]


__all__ = ["Examined", "Referee", "examine", "typeset"]
