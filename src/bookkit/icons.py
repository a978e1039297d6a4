"""Icons at the weight of the icons used: a few kilobytes instead of Font Awesome's megabytes.

pydata-sphinx-theme, and the themes built on it, bring Font Awesome three times over: as a script that
draws the icons, as fonts of about two thousand icons, and as a stylesheet that names them all. Once
the book is written, the icons on its pages are known. The stylesheet and the fonts keep those; the script
is not needed (the template `webpack-macros.html` leaves its link out).
"""

from __future__ import annotations

import hashlib
import logging
import re
from io import BytesIO
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.typing import ExtensionMetadata

from bookkit.files import put, static_of_theme
from bookkit.stylesheets import BUNDLE

STYLESHEET = "styles/pydata-sphinx-theme.css"
SCRIPT = "scripts/fontawesome.js"
#: A rule that gives names to an icon: `.fa-gear,.fa-cog{--fa:"\f013"}`.
NAMING = re.compile(r'((?:\.fa-[a-z0-9-]+,?)+)\{--fa:"((?:\\.|[^"\\])*)"[^{}]*\}')
NAME = re.compile(r"\bfa-([a-z0-9-]+)")
FONT = re.compile(r"url\((?:\.\./)?(vendor/fontawesome/webfonts/[\w.-]+\.woff2)\)")
#: Where fonts keep characters of their own, written out or escaped.
OWN = re.compile(r"[\ue000-\uf8ff]|\\([ef][0-9a-f]{3})\b")


def lean_stylesheet(css: str, used: set[str]) -> tuple[str, set[int]]:
    """Return the stylesheet with the names of the `used` icons only, and every character it shows.

    `used` holds names without `fa-`. Icons that a rule shows by itself (of a warning, say) are among the
    characters, whatever `used` holds.
    """

    def kept(rule: re.Match[str]) -> str:
        return rule[0] if used.intersection(NAME.findall(rule[1])) else ""

    shown = {_character(rule[2]) for rule in NAMING.finditer(css) if kept(rule)}
    return NAMING.sub(kept, css), shown | own_characters(NAMING.sub("", css))


def own_characters(text: str) -> set[int]:
    """Return the characters that only an icon font can show."""
    return {int(found[1], 16) if found[1] else ord(found[0]) for found in OWN.finditer(text)}


def lean_font(font: bytes, characters: frozenset[int], store: Path) -> bytes:
    """Return a woff2 font with no other characters than these, from the folder `store` if it was made before.

    The same input gives the same bytes.
    """
    made_of = hashlib.sha256(repr((hashlib.sha256(font).hexdigest(), sorted(characters))).encode()).hexdigest()
    kept = store / f"{made_of[:32]}.woff2"
    if not kept.is_file():
        put(kept, _subset(font, characters))
    return kept.read_bytes()


def _subset(font: bytes, characters: frozenset[int]) -> bytes:
    from fontTools.subset import Options, Subsetter, load_font, save_font

    logging.getLogger("fontTools.subset").setLevel(logging.WARNING)  # else it tells each step
    options = Options(flavor="woff2", recalc_timestamp=False, hinting=False, layout_features=[])
    read = load_font(BytesIO(font), options)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=characters)
    subsetter.subset(read)
    written = BytesIO()
    save_font(read, written, options)
    return written.getvalue()


def _character(css_string: str) -> int:
    """Return the one character of a CSS string: a hexadecimal escape or the character itself."""
    escape = re.fullmatch(r"\\([0-9a-f]{1,6})\s?", css_string)
    return int(escape[1], 16) if escape else ord(css_string[-1])


def lighten(app: Sphinx, _pages: object, used: set[str]) -> None:
    """Leave of the theme's icons those that the pages show."""
    static = Path(app.outdir, "_static")
    if (originals := static_of_theme(app, STYLESHEET)) is not None:
        store = Path(app.doctreedir, "icons")
        lighten_icons(originals, static, store, {name.removeprefix("fa-") for name in used if name.startswith("fa-")})


def lighten_icons(originals: Path, static: Path, store: Path, used: set[str]) -> None:
    """Leave of Font Awesome the `used` icons, named without "fa-"; `store` keeps fonts from build to build.

    Raises `ExtensionError` if the theme brings its icons in another way than the one known here.
    """
    full = (originals / STYLESHEET).read_text(encoding="utf-8")
    fonts = FONT.findall(full)
    if not NAMING.search(full) or not fonts:
        msg = (
            f"{originals / STYLESHEET}: expected the rules and fonts of Font Awesome 7, as in "
            "pydata-sphinx-theme 0.20, and found none. See how this version of the theme brings its icons."
        )
        raise ExtensionError(msg)
    for script in static.glob(f"{SCRIPT}*"):  # with its map and its licence
        script.unlink()
    css, characters = lean_stylesheet(full, used)
    for path in static.rglob("*.css"):
        if path != static / STYLESHEET and not path.match(BUNDLE.format("*")):  # which has what was
            characters |= own_characters(path.read_text(encoding="utf-8"))
    put(static / STYLESHEET, css)
    for name in fonts:
        put(static / name, lean_font((originals / name).read_bytes(), frozenset(characters), store))


def setup(app: Sphinx) -> ExtensionMetadata:
    """Lighten the icons when all pages are written, before stylesheets are made one."""
    app.setup_extension("bookkit.written")
    app.connect("pages-written", lighten, priority=400)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
