"""Icons: what is kept of the theme's stylesheet and fonts, and what two builds of a book have in common."""

import re
import shutil
import subprocess
import sys
import zlib
from io import BytesIO
from pathlib import Path

import pydata_sphinx_theme
import pytest
from fontTools.pens.recordingPen import RecordingPen
from fontTools.ttLib import TTFont
from sphinx.errors import ExtensionError

from bookkit import icons, theme

# Sphinx and the themes warn about their own future: not what is tested here.
pytestmark = pytest.mark.filterwarnings("default::DeprecationWarning", "default::PendingDeprecationWarning")
ORIGINALS = Path(pydata_sphinx_theme.__file__).parent / "theme/pydata_sphinx_theme/static"
TEMPLATES = Path(__file__).parents[2] / "docs/_templates"
CSS = (
    r'.fa-gear,.fa-cog{--fa:"\f013"}.fa-plus{--fa:"+"}.fa-0{--fa:"\30 "}.fa-fw{--fa-width:1.25em}'
    r'.warn:before{content:"\f071"}'
    '.share:before{content:"\uf064"}'
)


def test_names_of_unused_icons_go_and_all_else_stays():
    css, characters = icons.lean_stylesheet(CSS, {"cog", "fw"})
    assert css == CSS.replace(r'.fa-plus{--fa:"+"}.fa-0{--fa:"\30 "}', "")
    assert characters == {0xF013, 0xF071, 0xF064}  # named, escaped, written out


def test_a_character_may_stand_for_itself():
    assert icons.lean_stylesheet(CSS, {"plus", "0"})[1] >= {ord("+"), ord("0")}


def test_each_icon_of_the_theme_is_read_with_its_character():
    css = (ORIGINALS / icons.STYLESHEET).read_text(encoding="utf-8")
    for name, character in (("xmark", 0xF00D), ("magnifying-glass", 0xF002), ("plus", ord("+")), ("github", 0xF09B)):
        kept, characters = icons.lean_stylesheet(css, {name})
        assert len(icons.NAMING.findall(kept)) == 1
        assert character in characters
    everything = {name for rule in icons.NAMING.findall(css) for name in icons.NAME.findall(rule[0])}
    assert icons.lean_stylesheet(css, everything)[0] == css
    assert len(everything) > 2000


def test_a_font_keeps_the_drawing_of_what_is_used_and_no_more(tmp_path):
    full = (ORIGINALS / "vendor/fontawesome/webfonts/fa-solid-900.woff2").read_bytes()
    small = icons.lean_font(full, frozenset({0xF00D, 0xF002, 0x2FFF}), tmp_path)  # the last is in no icon font
    assert len(small) < 2000 < len(full)
    before, after = TTFont(BytesIO(full)), TTFont(BytesIO(small))
    assert set(after.getBestCmap()) == {0xF00D, 0xF002}
    for character, name in after.getBestCmap().items():
        was = before.getBestCmap()[character]
        assert after["hmtx"][name] == before["hmtx"][was]
        assert drawing(after, name) == drawing(before, was)


def drawing(font, glyph):
    pen = RecordingPen()
    font.getGlyphSet()[glyph].draw(pen)
    return pen.value


def build(folder):
    """Build the one-page book in `folder` and return its output folder.

    In a process of its own: of myst-parser and myst-nb, which both read Markdown, one process takes one.
    """
    out = folder / "_build/html"
    run = subprocess.run(
        [sys.executable, "-m", "sphinx", "-q", "-b", "html", folder, out],
        capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert (run.returncode, run.stderr) == (0, "")
    return out


OWN = """@import 'more.css';
.seen { --read: red; --idle: 1px; color: var(--read) }
.kind-page { color: red }
.nobody { color: red }
#nowhere { color: red }
.modal-backdrop { order: 7 }
"""
BLOCKS = """---
orphan: true
---
# Blocks

```
code
```

```{raw} html
<style>.x { color: red }</style><p class='x seen'>x</p>
<style>.x { color: red }</style>
```
"""


def write_book(folder):
    """Write a book of two pages, with the theme and the templates of this one, and a stylesheet of its own."""
    shutil.copytree(TEMPLATES, folder / "templates")
    (folder / "conf.py").write_text(
        "extensions = ['myst_nb', 'bookkit', 'sphinx_design']\n"
        "html_theme, templates_path, myst_update_mathjax = 'sphinx_book_theme', ['templates'], False\n"
        "nb_execution_mode, html_math_renderer, exclude_patterns = 'off', 'katex', ['templates']\n"
        "html_static_path, html_css_files, bookkit_kept_classes = ['own'], ['own.css'], ['kind-page']\n"
    )
    (folder / "own").mkdir()
    (folder / "own/own.css").write_text(OWN)
    (folder / "own/more.css").write_text(".seen::before { content: url('dot.png') }\n")
    (folder / "index.md").write_text("# Home\n\n{fas}`anchor`\n")
    (folder / "blocks.md").write_text(BLOCKS)
    return folder


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    """The book built, for all tests that only look at it."""
    return build(write_book(tmp_path_factory.mktemp("icons")))


def test_a_built_page_has_its_icons_and_not_the_script(out):
    page = (out / "index.html").read_text(encoding="utf-8")
    assert "fontawesome" not in page
    assert not list(out.rglob("fontawesome.js*"))
    css = (out / "_static" / icons.STYLESHEET).read_text(encoding="utf-8")
    named = {name for rule in icons.NAMING.findall(css) for name in icons.NAME.findall(rule[0])}
    assert {"anchor", "bars", "magnifying-glass", "sun", "moon", "xmark"} <= named  # xmark: by the theme's script
    assert "bug" not in named
    font = TTFont(out / "_static/vendor/fontawesome/webfonts/fa-solid-900.woff2").getBestCmap()
    assert {0xF13D, 0xF0C9, 0xF002, 0xF071} <= set(font)  # the last: a warning's, from the stylesheet alone
    weight = sum(path.stat().st_size for path in (out / "_static/vendor").rglob("*.woff2"))
    assert weight < 10_000


def test_a_second_build_writes_the_same_files_and_an_icon_added_later_is_drawn_too(tmp_path):
    def files():
        return {path.relative_to(out): path.read_bytes() for path in out.rglob("*") if path.suffix != ".pickle"
                if path.is_file() and ".doctrees" not in path.parts}  # fmt: skip

    book = write_book(tmp_path)
    out = build(book)
    first = files()
    (book / "index.md").touch()
    build(book)
    assert files() == first
    (link,) = re.findall(rb'href="_static/(styles/all-\w+.css)\?v=(\w+)"', first[Path("index.html")])
    bundle = first[Path("_static") / link[0].decode()]
    assert b"mystnb." in bundle.splitlines()[0]  # the list of its sources
    assert b"%08x" % zlib.crc32(bundle) == link[1]

    (book / "index.md").write_text("# Home\n\n{fas}`bug`\n")
    build(book)
    font = TTFont(out / "_static/vendor/fontawesome/webfonts/fa-solid-900.woff2").getBestCmap()
    assert 0xF188 in font
    assert 0xF13D not in font
    css = (out / "_static" / icons.STYLESHEET).read_text(encoding="utf-8")
    assert ".fa-anchor" not in css


def test_a_theme_that_brings_icons_in_another_way_stops_the_build(monkeypatch, tmp_path):
    (tmp_path / "styles").mkdir()
    (tmp_path / icons.STYLESHEET).write_text(".fa-gear:before{content:'x'}")
    with pytest.raises(ExtensionError, match=r"expected the rules and fonts of Font Awesome 7"):
        icons.lighten_icons(tmp_path, tmp_path, tmp_path, set())


def test_the_theme_s_script_no_longer_measures_every_block(out):
    script = (out / "_static" / theme.SCRIPT).read_text(encoding="utf-8")
    assert "scrollWidth" not in script
    assert script.replace("forEach(e=>{})", "") != script
    original = (ORIGINALS / theme.SCRIPT).read_text(encoding="utf-8")
    assert len(original) - len(script) == len(theme.MEASURES)


@pytest.mark.parametrize("script", ["", theme.MEASURES * 2, "e.tabIndex=e.scrollWidth>e.clientWidth?0:-1"])
def test_a_theme_that_measures_in_another_way_stops_the_build(script):
    with pytest.raises(ExtensionError, match=r"expected once the statement"):
        theme.unmeasured(script, Path("theme.js"))


def test_wide_blocks_are_stops_of_the_tab_key_and_styles_stand_in_the_head(out):
    head, _, body = (out / "blocks.html").read_text(encoding="utf-8").partition("</head>")
    assert '<pre tabindex="0">' in body
    assert "<style" not in body
    assert head.count("<style>.x { color: red }</style>") == 1


def test_one_stylesheet_keeps_what_is_used_or_asked_for_and_nothing_else(out):
    (bundle,) = (out / "_static/styles").glob("all-*.css")
    css = bundle.read_text(encoding="utf-8")
    assert 'url("../dot.png")' in css  # from where the bundle lies
    for kept in (".seen{", "--read:red", ".kind-page", ".modal-backdrop"):  # the last: by bootstrap's script
        assert kept in css
    for gone in ("nobody", "nowhere", "--idle", "@import"):
        assert gone not in css
