"""Formulas that a page sets as code or types in words: in a heading, a cell, a caption, a title, a sentence.

A code span, or a stretch of words, whose left side names a quantity of the setting there and which goes on with a
relation is a formula (`checkedmath.reading.prose`).  It means what it means to a reader who pastes it into the
checker: it is read as forum text, in the course's layout; where it leaves out the layers that the setting numbers,
it chooses a setting of its own, as pasted text does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from docutils import nodes
from sphinx import addnodes

from checkedmath.judging import CLAIM, INLINE, VALUE, Context, Statement, judge_text, verdict_on
from checkedmath.judging.session import Session
from checkedmath.judging.verdict import HOLDS, UNREADABLE, Verdict
from checkedmath.reading.names import Names, names_of
from checkedmath.reading.prose import formula_of_code, formulas_in, is_number
from checkedmath.reading.result import TEXT
from checkedmath.sphinx_ext.expected import Quote, codes_of, written
from checkedmath.sphinx_ext.results import (
    CODES,
    QUOTED,
    Results,
    entry_of,
    fault_of,
    is_on_purpose,
    report_at,
    unknown,
    words_of,
)
from checkedmath.subject.setting import IDENTITIES, Setting, Shape
from checkedmath.subject.view import COURSE
from checkedmath.syntax.alphabet import RELATIONS, SAME
from checkedmath.values.with_letters import opened

CODE, WORDS = "code", "words"
#: What no formula goes across: a picture, a formula with a relation of its own.
BREAK = "\0"
#: Text that is no running text: programs, what is drawn elsewhere, signatures and docstrings.
NO_TEXT = (nodes.FixedTextElement, nodes.substitution_definition, nodes.target, addnodes.desc_signature)
#: What of a page's front matter is shown to readers: in the page, in a search, in a box beside a link.
FRONT_MATTER = ("title", "subtitle", "description", "og:title", "og:description")


@dataclass(frozen=True)
class Found:
    """A formula as it stands in a text, and what the author says of it."""

    text: str
    kind: str
    quote: Quote | None = None


def is_block(node: nodes.Node) -> bool:
    """Whether a node holds a text of words of its own: a paragraph, title, caption, term, line."""
    if isinstance(node, addnodes.toctree):
        return True
    if not isinstance(node, nodes.TextElement) or isinstance(node, NO_TEXT):
        return False
    above = node.parent
    while above is not None:
        if isinstance(above, nodes.TextElement | addnodes.desc):
            return False
        above = above.parent
    return True


def names_at(context: Context, session: Session) -> Names | None:
    """Return the names that are known where a text stands, None where no setting is."""
    if context.setting not in session.settings:
        return None
    setting = session.settings[context.setting]
    lets = {letter: shape for letter, shape in context.lets.items() if letter not in setting.quantities}
    return names_of(_opened(setting, tuple(lets.items())) if lets else setting)


@lru_cache(maxsize=32)
def _opened(setting: Setting, lets: tuple[tuple[str, Shape], ...]) -> Setting:
    return opened(setting, dict(lets))


def found_in(block: nodes.Element, names: Names | None) -> list[Found]:
    """Return the formulas of a text block; without a setting those alone of which the author says something."""
    found: list[Found] = []
    if isinstance(block, addnodes.toctree):
        titles = [block.get("caption"), *(title for title, _ in block["entries"])]
        return [one for title in titles if title for one in found_in_words(title, names)]
    words = "".join(_words(block, names, found))
    return found + found_in_words(words, names)


def found_in_words(text: str, names: Names | None) -> list[Found]:
    """Return the formulas of a text of words."""
    if names is None or not _relates(text):
        return []
    text = text.replace("\n", " ")
    return [Found(text[start:end], WORDS) for start, end in formulas_in(text, names)]


def _words(element: nodes.Element, names: Names | None, found: list[Found]) -> Iterator[str]:
    """Yield the text of an element as one line; code that is a formula of its own is noted."""
    for node in element.children:
        if isinstance(node, nodes.Text):
            yield node.astext()
        elif not isinstance(node, nodes.Element) or "quoted-verdict" in node.get("classes", ()) or node.get("quoted"):
            yield BREAK
        elif node.get("quote") is not None:
            found.append(Found(node.astext(), CODE, node["quote"]))
            yield BREAK
        elif isinstance(node, nodes.literal):
            code = node.astext()
            place = formula_of_code(code, names) if names is not None and _relates(code) else None
            if place is not None:
                found.append(Found(code[slice(*place)], CODE))
            yield BREAK if _relates(code) else code
        elif isinstance(node, nodes.math):
            plain = str(node.get("plain") or BREAK)  # as the judging wrote it
            yield BREAK if _relates(plain) or "," in plain else plain  # sizes in brackets state nothing
        elif isinstance(node, nodes.superscript | nodes.subscript):
            yield f"{'^' if isinstance(node, nodes.superscript) else '_'}{{{node.astext()}}}"
        elif isinstance(node, nodes.raw | nodes.image | nodes.footnote_reference | nodes.citation_reference):
            yield BREAK
        else:
            yield from _words(node, names, found)


def _relates(text: str) -> bool:
    return any(sign in text for sign in RELATIONS)


def judge_spans(
    page: str, metadata: Mapping[str, Any], places: Sequence[tuple[nodes.Element, Context]], source: Sequence[str],
    results: Results, session: Session,
) -> None:  # fmt: skip
    """Judge what is set as code or typed in words; the mathematics of the page has been judged.

    The first place is that of the front matter.
    """
    shown = [metadata.get(name) for name in FRONT_MATTER]
    for n, (node, context) in enumerate(places):
        said = shown if n == 0 else [node.get("question"), node.get("meaning")]
        if isinstance(node, nodes.meta) and node.get("content") not in shown:
            said = [node.get("content")]
        texts = dict.fromkeys(str(text) for text in said if text)
        if not texts and not is_block(node):
            continue
        names = names_at(context, session)
        several = [one for text in texts for one in found_in_words(text, names)]
        if is_block(node):
            several += found_in(node, names)
        for found in several:
            place = {"page": page, "line": line_of(found.text, start_of(node), source), "kind": found.kind}
            _note(found, node, context, place, results, session)


def _note(
    found: Found, node: nodes.Element, context: Context, place: dict[str, Any], results: Results, session: Session
) -> None:
    quote = found.quote
    if reason := (quote.reason if quote is not None else "") or node.get("unchecked"):
        results.unchecked.append(place | {"reason": reason, "source": found.text})
        return
    setting = (quote.setting if quote is not None else "") or context.setting
    relation, fault = CLAIM, None
    if setting not in {"", *session.settings}:
        said = f"{found.text}\n  {unknown('setting', setting, session.settings)}"
        verdict, fault = Verdict(UNREADABLE, said, setting=setting), (CODES["setting"], said)
    else:
        elsewhere = setting != context.setting
        here = Context(setting) if elsewhere else replace(context, definitions=dict(results.defined))
        asked = quote.codes if quote is not None else frozenset({node.get("expect-conditional")} - {None})
        relation, verdict = _judged(found.text, replace(here, wanted=asked), session)
    statement = Statement(found.text, 0, found.kind, relation if quote is None else QUOTED, verdict)
    fault = fault or _fault(found, node, statement)
    if fault:
        report_at(place, *fault)
    said_in = replace(context, setting=setting, layout=COURSE)
    results.formulas.append(entry_of(place, node, said_in, statement, found.text, fault=bool(fault)))


def _fault(found: Found, node: nodes.Element, statement: Statement) -> tuple[str, str] | None:
    """Return what is to be reported.  The question of a formula that is false on purpose may ask for just that."""
    verdict = statement.verdict
    if found.quote is not None:
        said = found.quote.fault(verdict)
        return (CODES["expected"], said) if said else None
    if verdict.verdict == HOLDS or (is_on_purpose(node) and fault_of(node, statement) is None):
        return None
    return CODES[verdict.verdict], f"{words_of(statement)}\n  {_advice(found, verdict)}"


def _judged(text: str, context: Context, session: Session) -> tuple[str, Verdict]:
    """Return what a text states, a claim or a value, and the verdict."""
    key = (CODE, text, *context.key())
    if key not in session.judged:
        session.judged[key] = _judge(text, context, session)
    found: tuple[str, Verdict] = session.judged[key]
    return found


def _judge(text: str, context: Context, session: Session) -> tuple[str, Verdict]:
    if not context.setting:
        return CLAIM, session.check(text)
    if is_number(_right_of(text)):  # compared with the book's numbers, as on any page
        for said in judge_text(text, INLINE, replace(context, style=TEXT), session):
            if said.relation == VALUE:
                return VALUE, said.verdict
    pasted = replace(context, layout="", page=False, style="auto")
    verdict = verdict_on(text, judge_text(text, INLINE, pasted, session))
    if verdict.verdict == UNREADABLE and not context.lets:
        chosen = session.check(text)  # without layers it may be about any network
        if chosen.verdict != UNREADABLE and chosen.setting != IDENTITIES:
            return CLAIM, chosen
    return CLAIM, verdict


def _right_of(text: str) -> str:
    last = max((text.rfind(sign) for sign in RELATIONS), default=-1)
    return text[last + 1 :]


def _advice(found: Found, verdict: Verdict) -> str:
    """Return what an author may do about a formula that is not true."""
    how = "set as code" if found.kind == CODE else "typed in words"
    said = written(verdict.verdict, codes_of(verdict))
    return (
        f"it is {how}; if it is meant as it is, write {{quote}}`{found.text} | {said}`, "
        "or with `| unchecked: the reason` if it is no formula of this setting"
    )


def line_of(text: str, start: int, source: Sequence[str]) -> int:
    """Return the line of the source, from ``start`` on, that holds a text; ``start`` where none does as it stands."""
    wanted = text.translate(SAME)
    near = [*range(start - 1, len(source)), *range(max(start - 4, 0), start - 1)]  # a box's title is above its line
    alone = re.compile(rf"(?<!\w){re.escape(wanted)}(?!\w|\s*[-+*/·=])")  # and not a part of a longer one
    found = [n + 1 for n in near if wanted in source[n].translate(SAME)]
    return next((n for n in found if alone.search(source[n - 1].translate(SAME))), found[0] if found else start)


def start_of(node: nodes.Node | None) -> int:
    """Return the line in which a node begins, or what holds it."""
    while node is not None and node.line is None:
        node = node.parent
    return (node.line if node is not None else None) or 1
