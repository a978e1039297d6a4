"""A table of many columns on a phone: each row is a card, and each cell says which column it is of.

The page brings the label of each cell with it, hidden where there is room for the table: no script is needed.  How a
card looks, the book's stylesheet says, for the classes ``stacked`` and ``cell-label``.
"""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

#: Tables of fewer columns fit on a phone.
WIDE = 3


def label_cells(app: Sphinx, doctree: nodes.document, _docname: str) -> None:
    """Put the head of its column, as it is read there, into each cell of a wide table but the first of its row."""
    if app.builder.format != "html":
        return
    for group in doctree.findall(nodes.tgroup):
        heads, rows = (
            [list(row.findall(nodes.entry)) for part in group.findall(kind) for row in part.findall(nodes.row)]
            for kind in (nodes.thead, nodes.tbody)
        )
        if len(heads) != 1 or len(heads[0]) < WIDE or any(len(row) != len(heads[0]) for row in rows):
            continue
        group.parent["classes"].append("stacked")
        for row in rows:
            for head, cell in zip(heads[0][1:], row[1:], strict=True):
                _label(head, cell)


def _label(head: nodes.Element, cell: nodes.Element) -> None:
    said = next(iter(head.findall(nodes.paragraph)), None)
    text = next(iter(cell.findall(nodes.paragraph)), None)
    if text is None or not text.children:
        cell["classes"].append("cell-empty")
    elif said is not None:
        text.insert(0, nodes.inline("", "", *(part.deepcopy() for part in said), classes=["cell-label"]))


def setup(app: Sphinx) -> ExtensionMetadata:
    """Connect when references are resolved: what reads the page for a search has read it before."""
    app.connect("doctree-resolved", label_cells, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
