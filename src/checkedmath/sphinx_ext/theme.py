"""What the theme and myst-nb bring to the output folder, set right before and after the pages.

Before: myst-nb puts its stylesheet there at the end of a build. Then the pages of a first build link it
without a checksum and those of the next build with one, and two builds of one book differ.
After: see `checkedmath.sphinx_ext.icons`.  On each page: entries of a bibliography are items of their list.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.errors import ExtensionError

from checkedmath.sphinx_ext import icons

if TYPE_CHECKING:
    from sphinx.application import Sphinx

STYLESHEET = "styles/pydata-sphinx-theme.css"
SCRIPT = "scripts/fontawesome.js"


def bring_stylesheet(app: Sphinx) -> None:
    """At the start of a build: put myst-nb's stylesheet where pages look for its checksum."""
    if "myst_nb" in app.extensions and _writes_pages(app):
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


def lighten_icons(app: Sphinx, exception: Exception | None) -> None:
    """At the end of a build: leave of Font Awesome what the pages in the output folder use.

    Raises
    ------
    ExtensionError
        If the theme brings its icons in another way than the one known here.
    """
    originals = None if exception or not _writes_pages(app) else _static_of_theme(app)
    if originals is None:
        return
    full = (originals / STYLESHEET).read_text(encoding="utf-8")
    fonts = icons.FONT.findall(full)
    if not icons.NAMING.search(full) or not fonts:
        msg = (
            f"{originals / STYLESHEET}: expected the rules and fonts of Font Awesome 7, as in "
            "pydata-sphinx-theme 0.20, and found none. Look how this version of the theme brings its icons."
        )
        raise ExtensionError(msg)
    out = Path(app.outdir)
    static = out / "_static"
    for script in static.glob(f"{SCRIPT}*"):  # with its map and its licence
        script.unlink()
    css, characters = icons.lean_stylesheet(full, icons.names_in([*out.rglob("*.html"), *static.rglob("*.js")]))
    for path in static.rglob("*.css"):
        if path != static / STYLESHEET:
            characters |= icons.own_characters(path.read_text(encoding="utf-8"))
    _write(static / STYLESHEET, css.encode())
    for name in fonts:
        _write(static / name, icons.lean_font((originals / name).read_bytes(), frozenset(characters)))


def _writes_pages(app: Sphinx) -> bool:
    return isinstance(app.builder, StandaloneHTMLBuilder) and app.builder.name != "epub"


def _static_of_theme(app: Sphinx) -> Path | None:
    """Return the folder of the theme's own files, or None if the theme is none of pydata's family."""
    assert isinstance(app.builder, StandaloneHTMLBuilder)
    folders = [Path(folder) / "static" for folder in app.builder.theme.get_theme_dirs()]
    return next((folder for folder in folders if (folder / STYLESHEET).is_file()), None)


def _write(path: Path, content: bytes) -> None:
    if not path.is_file() or path.read_bytes() != content:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def setup(app: Sphinx) -> None:
    """Connect to the start and the end of a build, the end after every file is written, and to each page."""
    app.connect("builder-inited", bring_stylesheet)
    app.connect("html-page-context", name_entries)
    app.connect("build-finished", lighten_icons, priority=900)
