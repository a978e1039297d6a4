"""A book that loads `checkedmath.sphinx_ext` alone gets judging, bars and permalinks, and is else as it was."""

import re
import shutil

import pytest

pytestmark = [
    pytest.mark.filterwarnings("default::DeprecationWarning"),
    pytest.mark.filterwarnings("default::PendingDeprecationWarning"),
]
BAR = re.compile(r'<div class="formula-bar".*?</details></div>\n', re.DOTALL)
ASSETS = re.compile(r'\s*<(?:link|script)\b[^>]*_static/checkedmath/[^>]*>(?:</script>)?')


def files(book):
    paths = (path for path in sorted(book.out.rglob("*")) if path.is_file())
    found = {path.relative_to(book.out).as_posix(): path.read_bytes() for path in paths}
    found["searchindex.js"] = re.sub(rb'"envversion":\{.*?\}', b"", found["searchindex.js"])  # names the extensions
    # Settings of the build, and the inventory, in which other books find the formulas.
    return {name: content for name, content in found.items() if name not in {".buildinfo", "objects.inv"}}


def plain(html):
    return ASSETS.sub("", BAR.sub("", html))


def test_nothing_but_the_formulas_of_a_guest_changes(miniature):
    book = miniature("guest-book").build("html")
    assert book.warnings == []
    judged = files(book)
    assert not [name for name in book.app.extensions if name.startswith("bookkit")]
    listeners = [listener.handler for listeners in book.app.events.listeners.values() for listener in listeners]
    assert not [one for one in listeners if getattr(one, "__module__", "").startswith("bookkit")]

    shutil.rmtree(book.source / "_build")
    before = files(book.build("html", confoverrides={"extensions": ["myst_parser"]}))
    added = {name for name in judged if not name.startswith(("_static/checkedmath/", "formulas/"))} - set(before)
    assert added == set()
    changed = {name for name in before if judged.get(name) != before[name]}
    assert changed == {"index.html"}
    assert plain(judged["index.html"].decode()) == before["index.html"].decode()


def test_a_guest_has_bars_and_permalinks_with_text_where_nothing_draws(built_once):
    book = built_once("guest-book")
    page = (book.out / "index.html").read_text(encoding="utf-8")
    assert len(BAR.findall(page)) == 2
    assert "MathJax" in page or "mathjax" in page
    assert 'href="_static/checkedmath/bar.css' in page
    assert "katex" not in page.lower()
    (numbers,) = re.findall(r"formula-numbers.*?</details>", BAR.findall(page)[0], re.DOTALL)
    assert re.search(r'<pre tabindex="0">[^<]*≈ \[[^<]*</pre>', numbers)
    formula = (book.out / "formulas" / "hidden.html").read_text(encoding="utf-8")
    assert "<p>dz[1] = W[2]ᵀ dz[2] ⊙ g[1]′(z[1])</p>" in formula
    assert "katex" not in formula.lower()
    assert (book.out / "formulas" / "hidden.png").is_file()


def test_a_false_formula_of_a_guest_is_reported(miniature):
    book = miniature("guest-book").write("index", r"a^{[2]} - y$", r"a^{[2]} + y$")
    (said,) = book.build("html").warnings
    assert said.startswith("index.md:7: WARNING: formula is false")
