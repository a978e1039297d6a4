"""``{symbols} name``: a table of symbols that the book's configuration writes, judged like the rest of the page.

``checkedmath_symbol_tables`` in conf.py maps names to tables in Markdown.  Such a table comes from the
same source as the setting's symbols, so that no symbol is described twice by hand.
"""

from __future__ import annotations

from difflib import get_close_matches

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective


class SymbolsDirective(SphinxDirective):
    """``{symbols} name``: the table of that name."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the table, or an error that names the known ones."""
        tables: dict[str, str] = self.config.checkedmath_symbol_tables
        name = self.arguments[0]
        if name not in tables:
            near = get_close_matches(name, list(tables), 1)
            hint = f"; did you mean {near[0]}?" if near else ""
            known = ", ".join(tables) or "none: checkedmath_symbol_tables in conf.py is empty"
            raise self.error(f"symbols: expected one of {known}; got {name!r}{hint}")
        return self.parse_text_to_nodes(tables[name])


def setup(app: Sphinx) -> None:
    """Register the directive and its setting."""
    app.add_config_value("checkedmath_symbol_tables", {}, "env", (dict,))
    app.add_directive("symbols", SymbolsDirective)
