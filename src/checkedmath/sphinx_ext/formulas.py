"""Every formula of a page is judged while the page is read; what it says is kept in the environment.

A faulty page counts as out of date, so that the next build says so again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from checkedmath.judging import CLAIM, STEP, Context, Statement, judge_text, our_fault
from checkedmath.judging.displays import forms_of, parts_of
from checkedmath.judging.session import Session
from checkedmath.judging.verdict import UNREADABLE
from checkedmath.sphinx_ext.conditions import conditions_of, holder_of, lead_of, negation_of
from checkedmath.sphinx_ext.directives import FormulaContext
from checkedmath.sphinx_ext.domain import domain_of
from checkedmath.sphinx_ext.plain_text import title_above
from checkedmath.sphinx_ext.results import QUOTED, Quoted, Results, entry_of, fault_of, report_at, unknown
from checkedmath.sphinx_ext.spans import judge_spans
from checkedmath.subject.view import COURSE, LAYOUTS
from checkedmath.writing.forms import marked, plain

MATHEMATICS = (nodes.math, nodes.math_block)
def judge_page(app: Sphinx, doctree: nodes.document) -> None:
    """Judge every formula of the page that has just been read."""
    if not app.config.checkedmath_check:
        _forget_marks(doctree)
        return
    env, domain = app.env, domain_of(app.env)
    docname, session = env.docname, domain.session
    results = Results([], [])
    source = _source(env, docname)
    assumptions: list[tuple[nodes.Element, Any]] = []
    page = _page_context(app, docname)
    places = list(_places(doctree, page))
    conditions = conditions_of([node for node, _ in places if isinstance(node, nodes.math)])
    for node, context in places:
        if not isinstance(node, MATHEMATICS):
            continue
        fence, first = _lines(node, source)
        entry = {"page": docname, "line": fence, "kind": "display" if isinstance(node, nodes.math_block) else "inline"}
        text = node.astext()
        if reason := node.get("unchecked"):
            results.unchecked.append(entry | {"reason": reason, "source": text})
            continue
        here = [a for holder, a in assumptions if _inside(node, holder)]
        variant = next((one for one in reversed(here) if isinstance(one, str)), None)
        here = [one for one in here if not isinstance(one, str)]
        there = replace(context, lead=lead_of(node), conditions=tuple(conditions.get(node, ())), variant=variant)
        _judge(node, text, there, tuple(here), entry, first, results, assumptions, session)
    _collect_quoted(doctree, docname, source, results)
    front = env.metadata.get(docname, {})
    judge_spans(docname, front, [(nodes.paragraph(), page), *places], source, results, session)
    if results.formulas or results.unchecked:
        domain.results[docname] = results


def _collect_quoted(doctree: nodes.document, docname: str, source: list[str], results: Results) -> None:
    for node in doctree.findall(nodes.literal):
        quoted: Quoted | None = node.get("quoted")
        if quoted is None:
            continue
        line, _ = _lines(node, source)
        place = {"page": docname, "line": line, "kind": "inline"}
        if quoted.fault:
            report_at(place, *quoted.fault)
        statement = Statement(node.astext(), 0, "inline", QUOTED, quoted.verdict)
        context = Context(quoted.setting, COURSE)
        results.formulas.append(entry_of(place, node, context, statement, node.astext(), fault=bool(quoted.fault)))


def _judge(
    node: nodes.Element, text: str, context: Context, assumed: tuple[Any, ...], entry: dict[str, Any], first: int,
    results: Results, assumptions: list[tuple[nodes.Element, Any]], session: Session,
) -> None:  # fmt: skip
    said = _no_context(text, context, session)
    if said:
        report_at(entry, "setting", said)
        results.formulas.append(entry_of(entry, node, context, None, text, fault=True))
        return
    wanted = frozenset({node.get("expect-conditional")} - {None})
    context = replace(context, assumptions=assumed, definitions=dict(results.defined), wanted=wanted)
    try:
        statements = judge_text(text, entry["kind"], context, session)
        _dress(node, text, statements, results)
    except ImportError:
        raise
    except Exception as error:  # noqa: BLE001 - a fault of the checker at one formula ends no build
        statements = [Statement(text.strip(), 0, entry["kind"], CLAIM, our_fault(error, context.setting))]
    for statement in (_turned_round(node, one) for one in statements):
        line = first + statement.line if statement.kind == STEP and entry["kind"] == "display" else entry["line"]
        place = entry | {"line": line, "kind": statement.kind}
        fault = fault_of(node, statement)
        if fault:
            report_at(place, *fault)
        results.formulas.append(entry_of(place, node, context, statement, text, fault=bool(fault)))
        assumptions.extend((holder_of(node), assumption) for assumption in statement.assumed)
        if statement.chosen is not None:  # what g is holds for its section
            assumptions.append((_section_of(node), statement.chosen))
        if statement.defined is not None:
            results.defined.append(statement.defined)


def _section_of(node: nodes.Node) -> nodes.Element:
    while not isinstance(node, nodes.section | nodes.document):
        node = node.parent
    return node


def _turned_round(node: nodes.Element, statement: Statement) -> Statement:
    """Refuse a value after "unless" or "not", which is not what the formulas beside it hold for."""
    word = negation_of(node) if statement.assumed or statement.chosen is not None else ""
    if not word:
        return statement
    said = f"{statement.source}\nexpected a value that is given, got one after {word!r}: say in which case it holds"
    verdict = replace(statement.verdict, verdict=UNREADABLE, message=said)
    return replace(statement, verdict=verdict, assumed=(), chosen=None)


def _dress(node: nodes.Element, text: str, statements: list[Statement], results: Results) -> None:
    """Keep on the formula what its bar and its marks are drawn from."""
    if not isinstance(node, nodes.math_block):
        parts = parts_of(statements)
        node["marked"], node["plain"] = marked(text, parts), plain(text, parts)
        return
    meaning = str(node.get("meaning", ""))
    forms = forms_of(text, statements, meaning)
    node["marked"] = forms.marked
    node["forms"], node["verdicts"] = forms, [_verdict(node, statement) for statement in statements]
    if node.get("label"):
        results.forms[node["label"]] = (forms, str(node.get("question") or title_above(node)), meaning)


def _verdict(node: nodes.Element, statement: Statement) -> dict[str, Any]:
    """Return what the mark under a formula says of one thing that it states."""
    said, found = statement.verdict, {"relation": statement.relation, "trivial": statement.trivial}
    return found | {
        "verdict": said.verdict, "message": said.message, "draws": said.draws, "error": said.error,
        "mistake": said.mistake, "slip": said.slip, "page": said.page, "nearest": said.nearest,
        "where": [c.text for c in said.where],
        "setting": said.setting, "layout": said.layout, "source": statement.source,
    }  # fmt: skip


def _no_context(text: str, context: Context, session: Session) -> str:
    """Return what to say where the formula has no setting, or setting or layout are unknown; else nothing."""
    if not context.setting:
        return (
            f"{text.strip()}\n  expected a setting, which says what the symbols mean: "
            f"write `setting: {next(iter(session.settings))}` in the page's front matter, "
            "or a {setting} directive before the formula"
        )
    if context.setting not in session.settings:
        return f"{text.strip()}\n  " + unknown("setting", context.setting, session.settings)
    if context.layout not in LAYOUTS:
        return f"{text.strip()}\n  " + unknown("layout", context.layout, LAYOUTS)
    return ""


def _page_context(app: Sphinx, docname: str) -> Context:
    front = app.env.metadata.get(docname, {})
    return Context(str(front.get("setting", "")), str(front.get("layout", app.config.checkedmath_layout)))


def _places(doctree: nodes.document, page: Context) -> Iterator[tuple[nodes.Element, Context]]:
    """Yield every node of mathematics and of text with what holds where it stands, in the order of the page."""
    marks: list[tuple[nodes.Element, FormulaContext]] = []
    for node in list(doctree.findall()):
        if isinstance(node, FormulaContext):
            marks.append((node.parent, node))
        elif isinstance(node, nodes.section):
            marks += [(node, mark) for mark in _leading(node)]  # they are about its title too
        elif isinstance(node, nodes.TextElement | nodes.meta | addnodes.toctree):
            setting, layout, lets = page.setting, page.layout, dict(page.lets)
            for holder, mark in marks:
                if _inside(node, holder):
                    if mark.get("setting"):
                        lets = {}  # letters were declared for the setting before
                    setting, layout = mark.get("setting") or setting, mark.get("layout") or layout
                    lets |= mark.get("lets") or {}
            yield node, Context(node.get("setting") or setting, layout, lets)
    _forget_marks(doctree)


def _leading(section: nodes.section) -> Iterator[FormulaContext]:
    """Yield the marks between the title of a section and its text."""
    for node in section.children[1:]:
        if not isinstance(node, FormulaContext):
            return
        yield node


def _forget_marks(doctree: nodes.document) -> None:
    """Take {setting} and {let} out of the page: no writer draws them."""
    for mark in list(doctree.findall(FormulaContext)):
        mark.parent.remove(mark)


def _inside(node: nodes.Node, holder: nodes.Element) -> bool:
    above: nodes.Node | None = node
    while above is not None and above is not holder:
        above = above.parent
    return above is holder


def _source(env: BuildEnvironment, docname: str) -> list[str]:
    path = Path(env.doc2path(docname))
    return path.read_text(encoding="utf-8", errors="replace").splitlines() if path.exists() else []


FENCE = re.compile(r"[\s>]*(?:\$\$|`{3,}|~{3,}|:{3,}|\\begin\{)")


def _lines(node: nodes.Element, source: list[str]) -> tuple[int, int]:
    """Return the line of the formula's opening fence and that of its first line of text, counted from 1."""
    start, above = None, node
    while start is None and above is not None:
        start, above = above.line, above.parent
    text = node.astext().strip("\n").splitlines() or [""]
    within = range(max((start or 1) - 1, 0), len(source))
    if not isinstance(node, nodes.math_block):
        for wanted in (f"${text[0]}$", f"`{text[0]}", text[0]):  # the formula itself before a word that has its letter
            for n in (*within, *range(within.start - 1, max(within.start - 4, -1), -1)):  # a box's title is above it
                if wanted in source[n]:
                    return n + 1, n + 1
        return start or 1, start or 1
    blank = len(node.astext()) - len(node.astext().lstrip("\n"))
    for n in within:
        if text[0].strip() and text[0].strip() in source[n]:
            fence = n
            while fence > within.start and not FENCE.match(source[fence]):
                fence -= 1
            return fence + 1, n + 1 - blank
    return start or 1, start or 1


def faulty_pages(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """Return the pages on which something was reported: they are read, and reported, again."""
    return [name for name, found in domain_of(env).results.items() if found.faulty and name not in removed]


def setup(app: Sphinx) -> None:
    """Register the judging of pages."""
    app.add_config_value("checkedmath_check", True, "env", bool)
    app.add_config_value("checkedmath_layout", "numerator", "env", str)
    app.add_config_value("checkedmath_digest", "", "env", str)  # of what the verdicts depend on: src/
    app.connect("builder-inited", lambda app: domain_of(app.env).session)  # or what is wrong with the subjects
    app.connect("doctree-read", judge_page)
    app.connect("env-get-outdated", faulty_pages)
