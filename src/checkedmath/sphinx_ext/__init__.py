"""The Sphinx side of checkedmath, and the only place that imports Sphinx or docutils.

`setup` lists what the extension adds to a book; each part lives in its own module.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkedmath.sphinx_ext import directives, formulas, katex, report, summary, symbols

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register every part of the extension with Sphinx."""
    directives.setup(app)  # {setting}, {let}, {unchecked}, options of {math}
    formulas.setup(app)  # every formula judged while its page is read
    report.setup(app)  # the builder "formulas", which make check runs
    summary.setup(app)  # {checked-report}, the numbers of the check on a page
    symbols.setup(app)  # {symbols}, tables written from the notation
    katex.setup(app)  # mathematics drawn at build time, no JavaScript in the page
    return {"version": "1", "env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
