"""The Sphinx side of checkedmath, and the only place that imports Sphinx or docutils.

`setup` lists what the extension adds to a book; each part lives in its own module.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkedmath.sphinx_ext import (
    cells,
    directives,
    domain,
    formula_entries,
    formula_index,
    formula_pages,
    formulas,
    katex,
    permalinks,
    quotes,
    redirects,
    report,
    sources,
    summary,
    symbols,
    theme,
)

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register every part of the extension with Sphinx."""
    directives.setup(app)  # {setting}, {let}, {unchecked}, options of {math}
    formulas.setup(app)  # every formula judged while its page is read
    quotes.setup(app)  # {verdict}, what the checker says of a formula, in a sentence
    report.setup(app)  # the builder "formulas", which make check runs
    summary.setup(app)  # {checked-report}, the numbers of the check on a page
    symbols.setup(app)  # {symbols}, tables written from the notation
    katex.setup(app)  # mathematics drawn at build time, no JavaScript in the page
    domain.setup(app)  # {formula}, every labelled formula by name, objects.inv
    formula_entries.setup(app)  # labelled formulas among what the search finds, in a book with the finder
    formula_index.setup(app)  # {formula-index}, all formulas on a page
    permalinks.setup(app)  # the registry of promised addresses, and the builder that keeps it
    formula_pages.setup(app)  # formulas/<label>.html with its preview picture
    cells.setup(app)  # code cells of several pages at once, while others are read
    redirects.setup(app)  # the old addresses of renamed pages
    sources.setup(app)  # no link of the bibliography runs a script
    theme.setup(app)  # of the theme's two thousand icons, those the pages use
    return {"version": "1", "env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
