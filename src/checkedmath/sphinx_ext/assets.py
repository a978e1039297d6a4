"""The stylesheets and the script of the bar under a formula, on pages that have formulas.

`checkedmath_colours` in conf.py is the function that returns the colours of the symbols as CSS,
"package.module:function".
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError

from bookkit.files import in_one_piece, put, writes_pages

STATIC = Path(__file__).with_name("static")
SCRIPT = "checkedmath/formula.js"
BAR, COLOURS, PERMALINK = (f"checkedmath/{name}.css" for name in ("bar", "colours", "permalink"))


def stylesheets(config: Config) -> list[str]:
    """Return the stylesheets of a page with formulas, in their order."""
    return [BAR, COLOURS] if config.checkedmath_colours else [BAR]


def copy(app: Sphinx) -> None:
    """At the start of a build: put the files where pages look for their checksums."""
    if writes_pages(app) or in_one_piece(app):
        static = Path(app.outdir, "_static")
        for name in (BAR, PERMALINK, SCRIPT):
            put(static / name, (STATIC / Path(name).name).read_bytes())
        if name := app.config.checkedmath_colours:
            put(static / COLOURS, colours(name))


def link(app: Sphinx, _context: object) -> None:
    """Link them on the page that is written."""
    for name in stylesheets(app.config):
        app.add_css_file(name)
    app.add_js_file(SCRIPT, loading_method="defer")


def link_where_needed(
    app: Sphinx, _page: str, _template: str, context: dict[str, Any], _doctree: object
) -> None:
    """Link them on a page with formulas, whichever renderer draws these."""
    if context.get("has_maths_elements") and writes_pages(app):
        link(app, context)


def colours(name: str) -> str:
    """Return the stylesheet with the colours of the symbols: what the function ``package.module:function`` returns.

    Raises `ConfigError` where there is no such function.
    """
    module, _, function = name.partition(":")
    try:
        return str(getattr(import_module(module), function)())
    except (ImportError, AttributeError, TypeError, ValueError) as error:
        msg = f"checkedmath_colours in conf.py: expected module:function that returns CSS, got {name!r}: {error}"
        raise ConfigError(msg) from error


def setup(app: Sphinx) -> None:
    """Register the colours, and bring the files."""
    app.add_config_value("checkedmath_colours", "", "html", types=(str,))
    app.connect("builder-inited", copy)
    app.connect("html-page-context", link_where_needed, priority=650)  # after KaTeX's own
