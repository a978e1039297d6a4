"""The builder ``formulas``: judge every formula, write report.json and a table, draw no page."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from checkedmath.judging.verdict import HOLDS
from checkedmath.sphinx_ext.domain import domain_of

logger = logging.getLogger(__name__)
FIELDS = (
    "page", "line", "label", "setting", "layout", "source", "kind", "relation", "trivial", "verdict", "where",
    "message", "nearest", "mistake", "row",
)  # fmt: skip
#: What was done with a formula; each formula is in one of these rows, and those that are not executed in another.
EXECUTED, SHAPE_PROVED, DIFFERENTIAL, SAME, DEFINED = "executed", "shape", "differential", "same", "definition"
FALSE, FAULTY = "false", "faulty"


def report_of(env: BuildEnvironment) -> dict[str, Any]:
    """Return the report: every formula, every unchecked one, and the number of non-trivial claims."""
    pages = [found for _, found in sorted(domain_of(env).results.items())]
    formulas = [entry for found in pages for entry in found.formulas]
    return {
        "formulas": [{name: entry[name] for name in FIELDS} for entry in (e | {"row": row_of(e)} for e in formulas)],
        "unchecked": [entry for found in pages for entry in found.unchecked],
        "claims": sum(e["relation"] == "claim" and not e["trivial"] for e in formulas),
    }


def row_of(entry: dict[str, Any]) -> str:
    """Return what was done with a formula."""
    if entry["fault"]:
        return FAULTY
    if entry["verdict"] != HOLDS:
        return FALSE
    if entry["trivial"]:
        return SAME
    if entry["relation"] in {"shape", "definition"}:
        return SHAPE_PROVED if entry["relation"] == "shape" else DEFINED
    return DIFFERENTIAL if entry["differential"] else EXECUTED


class FormulasBuilder(Builder):
    """Judges without writing pages; ``make check`` runs it."""

    name = "formulas"
    epilog = "The report is in %(outdir)s/report.json."
    allow_parallel = True

    def get_outdated_docs(self) -> Iterator[str]:
        """Return nothing to write: the judging happens while pages are read."""
        return iter(())

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        """Return no address: there are no pages."""
        return ""

    def write_documents(self, docnames: AbstractSet[str]) -> None:
        """Write no pages, and resolve no references for them: `make html` does."""

    def prepare_writing(self, docnames: AbstractSet[str]) -> None:
        """Prepare nothing."""

    def write_doc(self, docname: str, doctree: nodes.document) -> None:
        """Write nothing."""

    def finish(self) -> None:
        """Write report.json and print the table."""
        report = report_of(self.env)
        path = Path(self.outdir) / "report.json"
        path.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        for line in table(report):
            logger.info(line)


def table(report: dict[str, Any]) -> Iterator[str]:
    """Yield the lines of the table on the terminal: a line for each page."""
    pages = sorted({entry["page"] for entry in report["formulas"] + report["unchecked"]})
    width = max([len(page) for page in pages], default=4)
    yield f"{'page':{width}}  claims  trivial  values  definitions  shapes  quoted  unchecked  not true"
    for page in pages:
        rows = [entry for entry in report["formulas"] if entry["page"] == page]
        kinds = Counter("trivial" if e["trivial"] else e["relation"] for e in rows)
        unchecked = sum(entry["page"] == page for entry in report["unchecked"])
        untrue = sum(entry["verdict"] != "holds" for entry in rows)
        yield (
            f"{page:{width}}  {kinds['claim']:6}  {kinds['trivial']:7}  {kinds['value']:6}  {kinds['definition']:11}"
            f"  {kinds['shape']:6}  {kinds['quoted']:6}  {unchecked:9}  {untrue:8}"
        )
    yield f"{report['claims']} claims were executed, {len(report['unchecked'])} formulas are marked as unchecked."


#: MyST-NB learns from the kernel in which language a cell is written, and warns where none has run.
NO_KERNEL = "myst-nb.lexer"


def run_no_cells(app: Sphinx) -> None:
    """Switch off the cells of MyST-NB, if the book uses it: judging needs none of them."""
    config = getattr(app.env, "mystnb_config", None)
    if isinstance(app.builder, FormulasBuilder) and config is not None:
        app.env.mystnb_config = config.copy(execution_mode="off")  # type: ignore[attr-defined]


def silence(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Say nothing, while pages are read, about kernels that did not run."""
    if isinstance(app.builder, FormulasBuilder):
        app.config.suppress_warnings = [*app.config.suppress_warnings, NO_KERNEL]


def unsilence(app: Sphinx, env: BuildEnvironment) -> None:
    """Put the setting back, or the next build would see a changed configuration and read all pages."""
    if isinstance(app.builder, FormulasBuilder):
        app.config.suppress_warnings = [code for code in app.config.suppress_warnings if code != NO_KERNEL]


def setup(app: Sphinx) -> None:
    """Register the builder."""
    app.add_builder(FormulasBuilder)
    app.connect("builder-inited", run_no_cells, priority=900)  # after MyST-NB has read its settings
    app.connect("env-before-read-docs", silence)
    app.connect("env-updated", unsilence, priority=100)
