"""The Sphinx side of checkedmath, and the only room of it that imports Sphinx or docutils.

`setup` lists what the extension adds to a book; each part lives in its own module.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util.typing import ExtensionMetadata

from checkedmath.sphinx_ext import (
    assets,
    directives,
    displays,
    domain,
    formula_entries,
    formula_pages,
    formulas,
    permalinks,
    plain_text,
    quotes,
    referee,
    report,
    symbols,
    whole_book,
)

#: What extensions of `bookkit` ask, and who answers, in a book that has loaded them.
ANSWERS: Mapping[str, Mapping[str, Callable[..., Any]]] = {
    "bookkit.katex": {"katex-display": displays.display, "katex-page": assets.link},
    "bookkit.finder": {"finder-page": formula_entries.add_entries},
    "bookkit.redirects": {"renamed-pages": permalinks.renamed},
    "bookkit.text": {"plain-text": lambda _app, node: plain_text.plain_text(node)},
}


def answer(app: Sphinx, _config: Config) -> None:
    """Listen to those that are there, now that all extensions are."""
    for event, listener in (pair for name in ANSWERS if name in app.extensions for pair in ANSWERS[name].items()):
        app.connect(event, listener)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register every part of the extension with Sphinx."""
    domain.setup(app)  # {formula}, every labelled formula by name, objects.inv; what a build knows of formulas
    directives.setup(app)  # {setting}, {let}, {unchecked}, options of {math}
    formulas.setup(app)  # every formula judged while its page is read
    quotes.setup(app)  # {verdict} and {quote}, what the checker says of a formula, in a sentence
    symbols.setup(app)  # {symbols}, tables written from the notation
    report.setup(app)  # the builder "formulas", which make check runs
    whole_book.setup(app)  # {checked-report}, the numbers of the check; {formula-index}, all formulas on a page
    assets.setup(app)  # the bar's stylesheets and script, where formulas are
    displays.setup(app)  # the bar under a formula
    permalinks.setup(app)  # the registry of promised addresses, and the builder that keeps it
    formula_pages.setup(app)  # formulas/<label>.html with its preview picture
    referee.setup(app)  # {referee}, {exercise}: the checker in a reader's browser
    app.connect("config-inited", answer)
    return {"version": "1", "env_version": 2, "parallel_read_safe": True, "parallel_write_safe": True}
