"""What was found of the formulas of a page: its entries in the report, and what is wrong said where it stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from docutils import nodes
from sphinx.util import logging

from checkedmath.judging import EXPRESSION, Context, Statement
from checkedmath.judging.verdict import CONDITIONAL, FAILS, HOLDS, UNREADABLE, Verdict
from checkedmath.syntax.errors import pointed, visible
from checkedmath.syntax.tree import Node
from checkedmath.values.differentiate import dotted_symbols
from checkedmath.writing.forms import Forms

logger = logging.getLogger(__name__)
QUOTED = "quoted"  # a verdict in a sentence, or held to the formula that is quoted
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


def is_on_purpose(node: nodes.Element) -> bool:
    """Whether the author says that a formula is false, or true on a condition."""
    return node.get("expect-false") is not None or node.get("expect-conditional") is not None


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
