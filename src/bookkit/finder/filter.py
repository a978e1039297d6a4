"""``{filter} questions``: a box that narrows the list of its section while one types.

The argument names what is counted. ``:items:`` says what the list consists of: ``sections`` (those within the sections
of the box's own) or ``terms`` (of definition lists). Without JavaScript there is no box.
"""

from __future__ import annotations

from html import escape
from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

SCRIPT = "finder/filter.js"


class FilterBox(nodes.General, nodes.Element):
    """The place of a box."""


class FilterDirective(SphinxDirective):
    """``{filter}`` takes the name of what is listed."""

    required_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar = {"items": lambda text: directives.choice(text, ("sections", "terms"))}

    def run(self) -> list[nodes.Node]:
        """Return the mark."""
        return [FilterBox("", name=self.arguments[0], items=self.options.get("items", "sections"))]


def visit(self: HTML5Translator, node: FilterBox) -> None:
    """Write the place of the box, empty: the script fills it."""
    if self.builder.name not in {"html", "dirhtml"}:
        raise nodes.SkipNode
    search = self.builder.get_relative_uri(self.builder.current_docname, "search")
    data = {"name": node["name"], "items": node["items"], "search": search}
    written = "".join(f' data-{name}="{escape(value)}"' for name, value in data.items())
    self.body.append(f'<div class="finder-filter"{written}></div>\n')
    raise nodes.SkipNode


def skip(self: object, node: nodes.Node) -> None:
    """Write nothing where nobody types."""
    raise nodes.SkipNode


def add_script(
    app: Sphinx, _page: str, _template: str, _context: dict[str, object], doctree: nodes.document | None
) -> None:
    """Load the script on pages with a box."""
    if doctree is not None and next(iter(doctree.findall(FilterBox)), None) is not None:
        app.add_js_file(SCRIPT, loading_method="defer")


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_node(FilterBox, html=(visit, None), latex=(skip, None), text=(skip, None), man=(skip, None))
    app.add_directive("filter", FilterDirective)
    app.connect("html-page-context", add_script)
