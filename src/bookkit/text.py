"""The event ``plain-text`` (app, node): an extension that knows better returns a title or paragraph as plain text."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata


def text_of(app: Sphinx, node: nodes.Node) -> str:
    """Return a node as plain text: as the first listener writes it, else as it was typed."""
    return str(app.emit_firstresult("plain-text", node) or node.astext())


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the event."""
    app.add_event("plain-text")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
