"""Labelled formulas among what the search finds: by the question one answers, its text in each dress and its meaning.

A formula that is false on purpose is left out; one that is true on a condition says which.
"""

from __future__ import annotations

from docutils import nodes
from docutils.nodes import make_id
from sphinx.application import Sphinx

from bookkit.finder.entries import SECOND, SECTION, Entry
from checkedmath.sphinx_ext.plain_text import plain_formula, title_above, without_braces
from checkedmath.writing.forms import Forms


def add_entries(_app: Sphinx, docname: str, doctree: nodes.document, entries: list[Entry]) -> None:
    """Add an entry for each labelled formula of the page that has just been read and judged."""
    for node in doctree.findall(nodes.math_block):
        if node.get("label") and "expect-false" not in node:
            rank, kind = (SECTION, "Formula on a condition") if "expect-conditional" in node else (SECOND, "Formula")
            title = node.get("question") or title_above(node)
            entries.append(Entry(rank, kind, docname, make_id(f"equation-{node['label']}"), title, _text(node)))


def _text(node: nodes.math_block) -> str:
    forms = node.get("forms") or Forms()
    shown = without_braces(forms.unicode) or plain_formula(node.astext())
    if where := [text for verdict in node.get("verdicts") or [] for text in verdict["where"]]:
        shown = f"Only if {' and '.join(dict.fromkeys(where))}: {shown}"
    lines = (" ".join(text.split()) for text in (shown, forms.forum, node.get("meaning", "")))
    return "\n".join(filter(None, lines))
