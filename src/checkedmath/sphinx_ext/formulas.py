"""Every formula of a page is judged while the page is read; what it says is kept in the environment.

A faulty page counts as out of date, so that the next build says so again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ConfigError
from sphinx.util import logging

from checkedmath.judging import CLAIM, EXPRESSION, STEP, Context, Statement, judge_text, our_fault
from checkedmath.judging.displays import forms_of, parts_of
from checkedmath.judging.session import Session
from checkedmath.judging.verdict import CONDITIONAL, FAILS, HOLDS, UNREADABLE, Verdict
from checkedmath.sphinx_ext.conditions import conditions_of, holder_of, lead_of, negation_of
from checkedmath.sphinx_ext.directives import FormulaContext
from checkedmath.sphinx_ext.plain import title_above
from checkedmath.subject.setting import Setting
from checkedmath.subject.view import COURSE, LAYOUTS
from checkedmath.syntax.errors import visible
from checkedmath.syntax.tree import Node
from checkedmath.values.differentiate import dotted_symbols
from checkedmath.values.installed import installed_settings
from checkedmath.writing.forms import Forms, marked, plain

logger = logging.getLogger(__name__)
RESULTS = "checkedmath_results"
QUOTED = "quoted"  # a verdict in a sentence, or held to the formula that is quoted
MATHEMATICS = (nodes.math, nodes.math_block)
#: The codes of the warnings, by what is wrong.
CODES = {
    FAILS: "false", CONDITIONAL: "conditional", UNREADABLE: "unreadable", "expected": "expected", "setting": "setting",
}  # fmt: skip


@dataclass
class Results:
    """What was found on one page: entries of the report's two lists, and what readers get.

    ``forms`` has, for each label, the forms of its formula, the question it answers and its meaning.
    """

    formulas: list[dict[str, Any]]
    unchecked: list[dict[str, Any]]
    defined: list[tuple[str, Node]] = field(default_factory=list)  # by := , for the formulas further down
    forms: dict[str, tuple[Forms, str, str]] = field(default_factory=dict)

    @property
    def faulty(self) -> bool:
        """Whether something on the page was reported."""
        return any(entry["fault"] for entry in self.formulas)


@dataclass(frozen=True)
class Quoted:
    """The verdict on a formula in a sentence, and what is to be reported if the sentence says another.

    The role {verdict} puts it on the formula it quotes.
    """

    setting: str  # as the page names it, or nothing
    verdict: Verdict
    fault: tuple[str, str] | None = None


def results_of(env: BuildEnvironment) -> dict[str, Results]:
    """Return the results of all pages, by docname."""
    if not hasattr(env, RESULTS):
        setattr(env, RESULTS, {})
    found: dict[str, Results] = getattr(env, RESULTS)
    return found


class _Sessions:
    """One session for a build: draws and derivatives are shared by all pages."""

    session: Session | None = None
    subjects: tuple[str, ...] = ()

    @classmethod
    def get(cls) -> Session:
        if cls.session is None:
            cls.session = Session(installed_settings(cls.subjects or None))
        return cls.session


def use_subjects(app: Sphinx) -> None:
    """Judge in the settings of the subjects that conf.py names, or of all that are installed.

    Raises `ConfigError` for one that is not there, and where two bring a setting of one name.
    """
    subjects = tuple(app.config.checkedmath_subjects)
    if subjects != _Sessions.subjects:
        _Sessions.session, _Sessions.subjects = None, subjects
    try:
        _Sessions.get()
    except (ValueError, ImportError, AttributeError) as error:
        raise ConfigError(f"checkedmath_subjects: {error}") from error


def shared_session() -> Session:
    """Return the session of this build."""
    return _Sessions.get()


def settings() -> Mapping[str, Setting]:
    """Return the settings in which the pages are judged, by name."""
    return _Sessions.get().settings


def judge_page(app: Sphinx, doctree: nodes.document) -> None:
    """Judge every formula of the page that has just been read."""
    if not app.config.checkedmath_check:
        _forget_marks(doctree)
        return
    from checkedmath.sphinx_ext.spans import judge_spans

    env = app.env
    docname = env.docname
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
        _judge(node, text, there, tuple(here), entry, first, results, assumptions)
    _collect_quoted(doctree, docname, source, results)
    judge_spans(docname, env.metadata.get(docname, {}), [(nodes.paragraph(), page), *places], source, results)
    if results.formulas or results.unchecked:
        results_of(env)[docname] = results


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


def is_on_purpose(node: nodes.Element) -> bool:
    """Whether the author says that a formula is false, or true on a condition."""
    return node.get("expect-false") is not None or node.get("expect-conditional") is not None


def _judge(
    node: nodes.Element, text: str, context: Context, assumed: tuple[Any, ...], entry: dict[str, Any], first: int,
    results: Results, assumptions: list[tuple[nodes.Element, Any]],
) -> None:  # fmt: skip
    session = _Sessions.get()
    said = _no_context(text, context, session)
    if said:
        report_at(entry, "setting", said)
        results.formulas.append(entry_of(entry, node, context, None, text, fault=True))
        return
    context = replace(context, assumptions=assumed, definitions=dict(results.defined))
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
    node["forms"], node["verdicts"] = forms, [_verdict(node, statement) for statement in statements]
    if node.get("label"):
        results.forms[node["label"]] = (forms, str(node.get("question") or title_above(node)), meaning)


def _verdict(node: nodes.Element, statement: Statement) -> dict[str, Any]:
    """Return what the mark under a formula says of one thing that it states."""
    said, found = statement.verdict, {"relation": statement.relation, "trivial": statement.trivial}
    return found | {
        "verdict": said.verdict, "message": said.message, "draws": said.draws, "error": said.error,
        "mistake": said.mistake, "slip": said.slip, "nearest": said.nearest, "where": [c.text for c in said.where],
        "setting": said.setting, "layout": said.layout, "source": statement.source,
    }  # fmt: skip


def _no_context(text: str, context: Context, session: Session) -> str:
    """Return what to say where the formula has no setting, or setting or layout are unknown; else nothing."""
    if not context.setting:
        return (
            f"{text.strip()}\n  expected a setting, which says what the symbols mean: "
            "write `setting: two-layer` in the page's front matter, or a {setting} directive before the formula"
        )
    if context.setting not in session.settings:
        return f"{text.strip()}\n  " + unknown("setting", context.setting, session.settings)
    if context.layout not in LAYOUTS:
        return f"{text.strip()}\n  " + unknown("layout", context.layout, LAYOUTS)
    return ""


def unknown(what: str, name: str, known: Iterable[str]) -> str:
    """Return what to say of a name that is none of those known."""
    near = get_close_matches(name, list(known), 1)
    hint = f"; did you mean {near[0]}?" if near else ""
    return f"unknown {what} {name!r}: expected one of {', '.join(known)}{hint}"


def fault_of(node: nodes.Element, statement: Statement) -> tuple[str, str] | None:
    """Return the code and the words of what is to be reported of a formula, or None."""
    verdict = statement.verdict
    wanted = node.get("expect-false"), node.get("expect-conditional")
    if not is_on_purpose(node):
        if verdict.verdict == HOLDS:
            return None
        return CODES[verdict.verdict], words_of(statement)
    if wanted[0] is not None:
        unnamed = wanted[0] == "none" and verdict.verdict == FAILS and not verdict.mistake
        as_wanted = unnamed or (verdict.verdict in {FAILS, CONDITIONAL} and verdict.mistake == wanted[0])
        expected = f"a false formula with the mistake {wanted[0]!r}"
    else:
        as_wanted = verdict.verdict == CONDITIONAL and wanted[1] in {c.code for c in verdict.where}
        expected = f"a formula that is true on the condition {wanted[1]!r}"
    if as_wanted:
        return None
    codes = ", ".join(c.code for c in verdict.where)
    got = f"{verdict.verdict}, mistake {verdict.mistake or 'none'}" + (f", where {codes}" if codes else "")
    return CODES["expected"], f"{statement.source}\n  expected {expected}, got {got}"


def words_of(statement: Statement) -> str:
    """Return what is said of a formula that is not true."""
    verdict = statement.verdict
    if verdict.verdict == UNREADABLE:
        return f"formula is unreadable:\n{_indented(verdict.message)}"
    lines = [f"formula {'is true on a condition only' if verdict.verdict == CONDITIONAL else 'is false'}:"]
    lines += [_indented(_pointed(statement, verdict)), _indented(verdict.message)]
    if verdict.nearest:
        lines.append(_indented(f"nearest true formula: {verdict.nearest} ({verdict.mistake})"))
    return "\n".join(lines)


def _indented(text: str) -> str:
    return "\n".join("  " + line for line in text.splitlines())


def _pointed(statement: Statement, verdict: Verdict) -> str:
    from checkedmath.syntax.errors import pointed

    if "\n" not in statement.source or verdict.span is None:
        return pointed(statement.source, verdict.span)
    lines = statement.source.split("\n")
    start, end = verdict.span
    for n, line in enumerate(lines):  # under the line where the fault begins
        if start <= len(line):
            lines[n] = pointed(line, (start, min(end, len(line))))
            break
        start, end = start - len(line) - 1, end - len(line) - 1
    return "\n".join(lines)


def report_at(entry: dict[str, Any], code: str, message: str) -> None:
    """Warn of a formula at its page and line."""
    logger.warning("%s", visible(message), location=(entry["page"], entry["line"]), type="checkedmath", subtype=code)


def entry_of(
    place: dict[str, Any], node: nodes.Element, context: Context, statement: Statement | None, text: str, *, fault: bool
) -> dict[str, Any]:
    """Return a formula's entry in the report."""
    verdict = statement.verdict if statement is not None else Verdict(UNREADABLE, "no setting")
    relation = statement.relation if statement is not None else "claim"
    return place | {
        "label": node.get("label"),
        "setting": verdict.setting or context.setting,
        "layout": context.layout,
        "source": statement.source if statement is not None else text.strip(),
        "relation": "shape" if relation == EXPRESSION else relation,
        "alone": relation == EXPRESSION,
        "trivial": bool(statement and statement.trivial),
        "differential": bool(statement and statement.claim and dotted_symbols(statement.claim.tree)),
        "verdict": verdict.verdict,
        "where": [{"code": c.code, "text": c.text} for c in verdict.where],
        "message": verdict.message,
        "nearest": verdict.nearest,
        "mistake": verdict.mistake,
        "fault": fault,
    }


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


def forget_page(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """Drop the results of a page that is read again or gone."""
    results_of(env).pop(docname, None)


def merge_pages(app: Sphinx, env: BuildEnvironment, docnames: set[str], other: BuildEnvironment) -> None:
    """Take over what another process found."""
    results_of(env).update({name: found for name, found in results_of(other).items() if name in docnames})


def faulty_pages(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """Return the pages on which something was reported: they are read, and reported, again."""
    return [name for name, found in results_of(env).items() if found.faulty and name not in removed]


def setup(app: Sphinx) -> None:
    """Register the judging of pages."""
    app.add_config_value("checkedmath_check", True, "env", bool)
    app.add_config_value("checkedmath_layout", "numerator", "env", str)
    app.add_config_value("checkedmath_digest", "", "env", str)  # of what the verdicts depend on: src/
    app.add_config_value("checkedmath_subjects", (), "env", (list, tuple))  # entry points, or "module:NAME"
    app.connect("builder-inited", use_subjects)
    app.connect("doctree-read", judge_page)
    app.connect("env-purge-doc", forget_page)
    app.connect("env-merge-info", merge_pages)
    app.connect("env-get-outdated", faulty_pages)
