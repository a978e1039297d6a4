"""``{checked-report}``: the numbers of the check, and every unchecked formula with its reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from docutils import nodes
from sphinx.application import Sphinx

from checkedmath.sphinx_ext.expected import UNCHECKED
from checkedmath.sphinx_ext.report import DEFINED, DIFFERENTIAL, EXECUTED, FALSE, SAME, SHAPE_PROVED, report_of
from checkedmath.sphinx_ext.results import QUOTED
from checkedmath.sphinx_ext.spans import CODE, WORDS

#: The rows: what was done with a formula, and what that means.
ROWS = {
    EXECUTED: ("executed", "Both sides were computed, in random draws or exactly, and agree."),
    SHAPE_PROVED: ("shape proved", "It states no equality; its sizes were compared in symbols, so they fit always."),
    DIFFERENTIAL: ("differential identity", "Dotted letters are changes along one random direction; the rates agree."),
    SAME: ("the same in other words", "Its two sides are one expression, so that it is true without a computation."),
    DEFINED: ("definition", "It gives a name, and what the name stands for could be read and computed."),
    FALSE: ("false as intended", "It was executed, and is false, or true on a condition only, just as its page says."),
    UNCHECKED: ("quoted, not executed", "It is in other letters or about something else; each has its reason below."),
}


def checked_report(app: Sphinx, _docname: str) -> list[nodes.Node]:
    """Return the report as it stands on a page."""
    report = report_of(app.env)
    formulas = report["formulas"]
    counts = Counter(f["row"] for f in formulas) | Counter({UNCHECKED: len(report["unchecked"])})
    found: list[nodes.Node] = [
        _table(
            ("row", "what it means", "how many"),
            [(name, meaning, str(counts[row])) for row, (name, meaning) in ROWS.items()],
        )
    ]
    parts = [
        ("displayed formulas", sum(f["kind"] == "display" for f in formulas)),
        ("steps of derivations", sum(f["kind"] == "step" for f in formulas)),
        ("set as mathematics within a line", sum(f["kind"] == "inline" for f in formulas)),
        ("set as code", sum(f["kind"] == CODE for f in formulas)),
        ("typed in words", sum(f["kind"] == WORDS for f in formulas)),
        ("numbers of an example, and sizes", sum(f["relation"] == "value" for f in formulas)),
        ("verdicts of the checker that a page quotes", sum(f["relation"] == QUOTED for f in formulas)),
    ]
    found.append(nodes.paragraph("", "The same formulas by the place where they are written, and two kinds of them:"))
    found.append(_table(("what", "how many"), [(name, str(number)) for name, number in parts]))
    if report["unchecked"]:
        found.append(nodes.paragraph("", "Quoted and not executed, each with the reason:"))
        unchecked = [(f["page"], f["source"].strip(), f["reason"]) for f in report["unchecked"]]
        found.append(_table(("page", "formula", "reason"), unchecked))
    return found


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> nodes.table:
    group = nodes.tgroup(cols=len(head))
    group += [nodes.colspec(colwidth=1) for _ in head]
    group += nodes.thead("", _row(head))
    group += nodes.tbody("", *(_row(row) for row in rows))
    return nodes.table("", group)


def _row(cells: tuple[str, ...]) -> nodes.row:
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", cell)) for cell in cells))
