"""What any Sphinx book can use, and no formula needs to be judged: an extension for each, this one for all of them.

Nothing here has heard of `checkedmath`.  A book names ``"bookkit"`` in its conf.py, or those that it wants.
"""

from __future__ import annotations

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata


def setup(app: Sphinx) -> ExtensionMetadata:
    """Load every extension of the package."""
    app.setup_extension("bookkit.editions")  # the book as one PDF, and as an e-book
    app.setup_extension("bookkit.cells")  # code cells of several pages at once, while others are read
    app.setup_extension("bookkit.katex")  # mathematics drawn at build time, no JavaScript in the page
    app.setup_extension("bookkit.finder")  # a search that leads to the place, from the file system too
    app.setup_extension("bookkit.anchors")  # the old names of places within a page
    app.setup_extension("bookkit.redirects")  # the old addresses of renamed pages
    app.setup_extension("bookkit.tracks")  # ways through the book, named at the foot of their pages
    app.setup_extension("bookkit.sources")  # no link of the bibliography runs a script
    app.setup_extension("bookkit.tables")  # wide tables as cards on a phone
    app.setup_extension("bookkit.theme")  # what the theme and myst-nb bring, set right
    app.setup_extension("bookkit.icons")  # of the theme's two thousand icons, those the pages use
    app.setup_extension("bookkit.stylesheets")  # one small stylesheet on a page in place of a dozen
    return {"parallel_read_safe": True, "parallel_write_safe": True}
