"""What is known only when all pages have been read: ``{formula-index}`` and ``{checked-report}``.

Either leaves a mark, which is filled in when its page is written; that page is written anew in every build.
"""

from __future__ import annotations

from collections.abc import Callable

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

from checkedmath.sphinx_ext.domain import domain_of
from checkedmath.sphinx_ext.formula_index import formula_index
from checkedmath.sphinx_ext.summary import checked_report

#: What stands in the place of a mark, by the name of its directive.
FILLED: dict[str, Callable[[Sphinx, str], list[nodes.Node]]] = {
    "formula-index": formula_index,  # every labelled formula
    "checked-report": checked_report,  # the numbers of the check
}


class Mark(nodes.General, nodes.Element):
    """A place on a page that is filled in late."""


class LateDirective(SphinxDirective):
    """Takes no arguments."""

    def run(self) -> list[nodes.Node]:
        """Return the mark."""
        domain_of(self.env).late.add(self.env.docname)
        return [Mark(kind=self.name)]


def fill_in(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put what is known now in the place of each mark."""
    for mark in list(doctree.findall(Mark)):
        mark.replace_self(FILLED[mark["kind"]](app, docname))


def again(_app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Have the pages with marks written in every build."""
    return sorted(domain_of(env).late & env.found_docs)


def setup(app: Sphinx) -> None:
    """Register the directives."""
    app.add_node(Mark)
    for name in FILLED:
        app.add_directive(name, LateDirective)
    app.connect("doctree-resolved", fill_in)
    app.connect("env-updated", again)
