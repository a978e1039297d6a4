"""What the theme and myst-nb bring to the output folder, set right before and after the pages.

Before: myst-nb puts its stylesheet there at the end of a build. Then the pages of a first build link it
without a checksum and those of the next build with one, and two builds of one book differ.
After: see `checkedmath.sphinx_ext.icons` and `checkedmath.sphinx_ext.stylesheets`; and the theme's script loses
a statement.  On each page: entries of a bibliography are items of their list, and wide blocks stops of the Tab key.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.errors import ExtensionError

from checkedmath.sphinx_ext import icons, stylesheets
from checkedmath.sphinx_ext.katex import PACKAGES
from checkedmath.sphinx_ext.katex_engine import EngineError

if TYPE_CHECKING:
    from sphinx.application import Sphinx

STYLESHEET = "styles/pydata-sphinx-theme.css"
ICONS = "scripts/fontawesome.js"
SCRIPT = "scripts/pydata-sphinx-theme.js"
MEASURES = "e.tabIndex=e.scrollWidth>e.clientWidth||e.scrollHeight>e.clientHeight?0:-1"
STYLE = re.compile(r"<style\b[^>]*>.*?</style>\s*", re.DOTALL)
SCROLLS = re.compile(r'(<pre|<div class="pst-scrollable-table-container")>')


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


def finish(app: Sphinx, exception: Exception | None) -> None:
    """At the end of a build: send of what the theme brings what the pages in the output folder use.

    Raises
    ------
    ExtensionError
        If the theme brings something in another way than the one known here.
    """
    originals = None if exception or not _writes_pages(app) else _static_of_theme(app)
    if originals is None:
        return
    out = Path(app.outdir)
    static = out / "_static"
    pages = {path: path.read_text(encoding="utf-8") for path in sorted(out.rglob("*.html"))
             if not path.is_relative_to(static)}  # fmt: skip
    scripts = [path.read_text(encoding="utf-8") for path in sorted(static.rglob("*.js"))]
    used = stylesheets.names_in(pages.values(), scripts)
    used |= {*stylesheets.COMPOSED, *app.config.checkedmath_kept_classes}
    lighten_icons(originals, static, {name.removeprefix("fa-") for name in used if name.startswith("fa-")})
    _write(static / SCRIPT, unmeasured((originals / SCRIPT).read_text(encoding="utf-8"), originals / SCRIPT).encode())
    bundler = stylesheets.Bundler(static, Path(app.doctreedir) / "stylesheets", PACKAGES / "lightningcss")
    try:
        changed = bundler.link(pages, used)
    except EngineError as error:
        raise ExtensionError(str(error)) from error
    for path, text in changed.items():
        path.write_text(text, encoding="utf-8")


def unmeasured(script: str, path: Path) -> str:
    """Return the theme's script without the statement that measures every block of code when a page loads.

    To know its width, a browser lays out each section, also those that `content-visibility` puts off: on a
    chapter half of the work.  `reach_by_keyboard` has done what the statement is for.
    Raises `ExtensionError` if it is not there once.
    """
    if script.count(MEASURES) != 1:
        msg = (
            f"{path}: expected once the statement {MEASURES!r}, as in pydata-sphinx-theme 0.20, and found it "
            f"{script.count(MEASURES)} times. Look how this version of the theme makes blocks that scroll reachable "
            "by keyboard, and whether it still measures every block at load."
        )
        raise ExtensionError(msg)
    return script.replace(MEASURES, "")


def lighten_icons(originals: Path, static: Path, used: set[str]) -> None:
    """Leave of Font Awesome the `used` icons, named without "fa-".

    Raises `ExtensionError` if the theme brings its icons in another way than the one known here.
    """
    full = (originals / STYLESHEET).read_text(encoding="utf-8")
    fonts = icons.FONT.findall(full)
    if not icons.NAMING.search(full) or not fonts:
        msg = (
            f"{originals / STYLESHEET}: expected the rules and fonts of Font Awesome 7, as in "
            "pydata-sphinx-theme 0.20, and found none. Look how this version of the theme brings its icons."
        )
        raise ExtensionError(msg)
    for script in static.glob(f"{ICONS}*"):  # with its map and its licence
        script.unlink()
    css, characters = icons.lean_stylesheet(full, used)
    for path in static.rglob("*.css"):
        if path != static / STYLESHEET and not path.match(stylesheets.BUNDLE.format("*")):  # which has what was
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
    app.add_config_value("checkedmath_kept_classes", (), "", (list, tuple))
    app.connect("html-page-context", name_entries)
    app.connect("html-page-context", reach_by_keyboard)
    app.connect("html-page-context", gather_styles)
    app.connect("build-finished", finish, priority=900)
