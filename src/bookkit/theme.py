"""What the theme and myst-nb bring to the output folder, set right before and after the pages.

Before: myst-nb puts its stylesheet there at the end of a build. Then the pages of a first build link it
without a checksum and those of the next build with one, and two builds of one book differ.
After: pydata's script loses a statement.  On each page: entries of a bibliography are items of their list, folds of
code are called what they say, wide blocks are stops of the Tab key, and stylesheets stand in the head.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.typing import ExtensionMetadata

from bookkit.files import put, static_of_theme, writes_pages

SCRIPT = "scripts/pydata-sphinx-theme.js"
MEASURES = "e.tabIndex=e.scrollWidth>e.clientWidth||e.scrollHeight>e.clientHeight?0:-1"
STYLE = re.compile(r"<style\b[^>]*>.*?</style>\s*", re.DOTALL)
SCROLLS = re.compile(r'(<pre|<div class="pst-scrollable-table-container")>')


def bring_stylesheet(app: Sphinx) -> None:
    """At the start of a build: put myst-nb's stylesheet where pages look for its checksum."""
    if "myst_nb" in app.extensions and writes_pages(app):
        from myst_nb.sphinx_ext import add_global_html_resources

        add_global_html_resources(app, None)


def name_entries(
    _app: Sphinx, _page: str, _template: str, context: dict[str, Any], _doctree: object
) -> None:
    """Give the entries of a bibliography a role that their list may hold.

    docutils writes doc-biblioentry, which is deprecated, and which a screen reader does not count as an item.
    """
    if "body" in context:
        context["body"] = context["body"].replace(' role="doc-biblioentry"', ' role="listitem"')


def name_folds(
    _app: Sphinx, _page: str, _template: str, context: dict[str, Any], _doctree: object
) -> None:
    """Let the folds of code be called what they say: myst-nb gives each a name of its own that a reader cannot see."""
    if "body" in context:
        context["body"] = context["body"].replace('<summary aria-label="Toggle hidden content">', "<summary>")


def reach_by_keyboard(
    _app: Sphinx, _page: str, _template: str, context: dict[str, Any], _doctree: object
) -> None:
    """Make what may be wider than the page a stop of the Tab key: the theme's script did so by measuring all of it."""
    if "body" in context:
        context["body"] = SCROLLS.sub(r'\1 tabindex="0">', context["body"])


def gather_styles(
    _app: Sphinx, _page: str, _template: str, context: dict[str, Any], _doctree: object
) -> None:
    """Move the stylesheets of outputs, as of figures, to the head of the page: once each, and before any element.

    Met in the middle of a page, a stylesheet makes a browser work out the style of everything above it again.
    """
    if "body" in context and (found := dict.fromkeys(STYLE.findall(context["body"]))):
        context["body"] = STYLE.sub("", context["body"])
        context["metatags"] = context.get("metatags", "") + "\n".join(found)


def mend_script(app: Sphinx, _pages: object, _used: object) -> None:
    """When all pages are written: take from pydata's script what measures each of them, if the theme has it."""
    if (originals := static_of_theme(app, SCRIPT)) is not None:
        script = originals / SCRIPT
        put(Path(app.outdir, "_static", SCRIPT), unmeasured(script.read_text(encoding="utf-8"), script))


def unmeasured(script: str, path: Path) -> str:
    """Return the theme's script without the statement that measures every block of code when a page loads.

    To know its width, a browser lays out each section, also those that `content-visibility` puts off: on a
    chapter half of the work.  `reach_by_keyboard` has done what the statement is for.
    Raises `ExtensionError` if it is not there once.
    """
    if script.count(MEASURES) != 1:
        msg = (
            f"{path}: expected once the statement {MEASURES!r}, as in pydata-sphinx-theme 0.20, and found it "
            f"{script.count(MEASURES)} times. See how this version of the theme makes blocks that scroll reachable "
            "by keyboard, and whether it still measures every block at load."
        )
        raise ExtensionError(msg)
    return script.replace(MEASURES, "")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Connect to the start of a build, to each page, and to the end when all are written."""
    app.setup_extension("bookkit.written")
    app.connect("builder-inited", bring_stylesheet)
    app.connect("html-page-context", name_entries)
    app.connect("html-page-context", name_folds)
    app.connect("html-page-context", reach_by_keyboard)
    app.connect("html-page-context", gather_styles)
    app.connect("pages-written", mend_script)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
