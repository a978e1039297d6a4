"""``{checked-report}``: the numbers of the check, and every unchecked formula with its reason.

Known only when all pages have been read, so the directive leaves a mark that is filled in when
its page is written; that page is written anew in every build.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from checkedmath.sphinx_ext.formulas import FROM_A_CELL
from checkedmath.sphinx_ext.late import LatePages
from checkedmath.sphinx_ext.report import report_of

PAGES = LatePages("checkedmath_report_pages")


class CheckedReport(nodes.General, nodes.Element):
    """The place of the report on its page."""


class CheckedReportDirective(SphinxDirective):
    """``{checked-report}`` takes no arguments."""

    def run(self) -> list[nodes.Node]:
        """Return the mark."""
        PAGES.add(self.env)
        return [CheckedReport()]


def fill_in(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the report in the place of its mark."""
    for mark in list(doctree.findall(CheckedReport)):
        mark.replace_self(_report(report_of(app.env), app, docname))


def _report(report: dict[str, Any], app: Sphinx, docname: str) -> list[nodes.Node]:
    formulas = report["formulas"]
    kinds = Counter("trivial" if f["trivial"] else f["relation"] for f in formulas if f["relation"] != "shape")
    displays = sum(f["kind"] == "display" for f in formulas)
    steps = sum(f["kind"] == "step" for f in formulas)
    rows = [
        ("claims that were executed", report["claims"]),
        ("of these, steps of derivations", steps),
        ("of these, displayed formulas", displays),
        ("claims whose two sides say the same in other words (not counted above)", kinds["trivial"]),
        ("values and sizes", kinds["value"]),
        ("definitions", kinds["definition"]),
        ("symbols and expressions whose shapes were checked", sum(f["relation"] == "shape" for f in formulas)),
        ("verdicts of the checker that a sentence quotes", kinds["quoted"]),
        ("symbols in tables that a code cell prints", sum(f["reason"] == FROM_A_CELL for f in report["unchecked"])),
        ("other formulas that are marked as not checked", sum(f["reason"] != FROM_A_CELL for f in report["unchecked"])),
    ]
    found: list[nodes.Node] = [_table(("what", "how many"), [(text, str(number)) for text, number in rows])]
    # What a cell prints is made by tested code: it is counted, and not listed one by one.
    listed = [f for f in report["unchecked"] if f["reason"] != FROM_A_CELL]
    if listed:
        found.append(nodes.paragraph("", "Marked as not checked, each with the reason:"))
        unchecked: list[tuple[str, ...]] = [(f["page"], f["source"].strip(), f["reason"]) for f in listed]
        found.append(_table(("page", "formula", "reason"), unchecked))
    return found


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> nodes.table:
    group = nodes.tgroup(cols=len(head))
    group += [nodes.colspec(colwidth=1) for _ in head]
    group += nodes.thead("", _row(head))
    group += nodes.tbody("", *(_row(row) for row in rows))
    return nodes.table("", group)


def _row(cells: tuple[str, ...]) -> nodes.row:
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", cell)) for cell in cells))


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_node(CheckedReport)
    app.add_directive("checked-report", CheckedReportDirective)
    app.connect("doctree-resolved", fill_in)
    PAGES.connect(app)
