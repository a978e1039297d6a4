"""Each cell of a wide table says which column it is of; a narrow one is left alone, and so is what is no page."""

from types import SimpleNamespace

import pytest
from docutils import nodes
from docutils.core import publish_doctree

from bookkit.tables import label_cells

PAGE = """
====  =====  ====  =====
a     b *c*  d     e
====  =====  ====  =====
one   two          four
====  =====  ====  =====

===  ===
a    b
===  ===
1    2
===  ===
"""


@pytest.mark.parametrize(("kind", "labels"), [("html", ["b c", "e"]), ("text", [])])
def test_cells_say_their_column(kind, labels):
    doctree = publish_doctree(PAGE)
    label_cells(SimpleNamespace(builder=SimpleNamespace(format=kind)), doctree, "page")
    found = [node for node in doctree.findall(nodes.inline) if "cell-label" in node["classes"]]
    assert [node.astext() for node in found] == labels
    assert [node.parent.astext() for node in found] == ["b ctwo", "efour"][: len(labels)]
    wide, narrow = doctree.findall(nodes.table)
    assert ("stacked" in wide["classes"], "stacked" in narrow["classes"]) == (bool(labels), False)
    empty = [entry.astext() for entry in doctree.findall(nodes.entry) if "cell-empty" in entry["classes"]]
    assert empty == [""] * bool(labels)
