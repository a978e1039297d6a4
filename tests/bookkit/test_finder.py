"""The search of any book: what is found, in which order, and what it says of a wrong table."""

import json
import subprocess
from pathlib import Path

import pytest
from sphinx.errors import ConfigError, ExtensionError

from bookkit.npm import find_node

FIND = """
const fs = require("fs"), vm = require("vm");
const [folder, queries] = [process.argv[1], JSON.parse(fs.readFileSync(0, "utf8"))];
const context = vm.createContext({});
for (const name of ["minisearch.js", "index.js", "find.js"]) {
  vm.runInContext(fs.readFileSync(`${folder}/${name}`, "utf8"), context, { filename: name });
}
context.queries = queries;
console.log(vm.runInContext("JSON.stringify(queries.map((query) => Finder.find(query)))", context));
"""


def found(out, *queries):
    """What the search page of the book in `out` finds for each query: its own scripts, run without a page."""
    run = subprocess.run(
        [find_node(), "-e", FIND, Path(out, "_static", "finder")], input=json.dumps(queries),
        capture_output=True, text=True, encoding="utf-8", check=True,
    )  # fmt: skip
    return json.loads(run.stdout)


def places(out, *queries):
    return [[entry["url"] for entry in entries] for entries in found(out, *queries)]


@pytest.fixture
def bread(built_once):
    return built_once("finder-book")


def test_a_result_is_a_title_where_it_stands_and_one_line(bread):
    assert bread.warnings == []
    [[salt, *_], [steam, *_], [page, *_]] = found(bread.out, "salt", "steam", "bread")
    assert salt == {
        "title": "How much salt?", "url": "faq.html#salt", "where": "Question", "line": "Two % of the flour.",
    }  # fmt: skip
    assert steam == {
        "title": "Steam", "url": "oven.html#steam", "where": "The oven", "line": "Water in a tin, for a crust.",
    }  # fmt: skip
    assert page == {"title": "Bread", "url": "index.html", "where": "Bread", "line": "How to make bread."}


def test_questions_come_before_sections_and_those_before_pages(bread):
    [flat, oven] = places(bread.out, "a flat loaf", "temperature of the oven")
    assert flat == ["faq.html#flat", "oven.html#hot"]
    assert oven == ["oven.html#hot", "oven.html"]


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("proof", "faq.html#flat"),  # a synonym of the table
        ("prrof", "faq.html#flat"),  # with a slip, though the book has no such word
        ("loaves salted", "faq.html#salt"),  # other forms of a word
        ("temperatrue", "oven.html#hot"),
        ("temp", "oven.html#hot"),  # its beginning
        ("Temperäture", "oven.html#hot"),
        ("percent", "faq.html#salt"),  # a sign that is a member of a group
        ("230°", "oven.html#hot"),  # a sign read as a word
        ("brick", "faq.html#flat"),  # what a table says of it
    ],
)
def test_it_is_found_by_what_people_type(bread, typed, place):
    assert places(bread.out, typed)[0][0] == place


def test_what_is_not_there_is_not_found(bread):
    assert places(bread.out, "xyzzy", "sourdough", "", "?!") == [[], [], [], []]


def test_the_index_replaces_the_one_of_sphinx(bread):
    for gone in ("searchindex.js", "_static/searchtools.js", "_static/language_data.js"):
        assert not (bread.out / gone).exists(), gone
    page = (bread.out / "search.html").read_text(encoding="utf-8")
    assert "searchindex" not in page
    for script in ("minisearch", "index", "find", "page"):
        assert f'<script defer src="_static/finder/{script}.js?v=' in page
    assert '<li><a href="faq.html">Questions</a></li>' in page
    assert "finder/index.js" not in (bread.out / "faq.html").read_text(encoding="utf-8")
    library = (bread.out / "_static/finder/minisearch.js").read_text(encoding="utf-8")
    assert "Permission is hereby granted" in library[:1200]


def test_only_pages_with_a_box_load_its_script(bread):
    pages = {name: (bread.out / f"{name}.html").read_text(encoding="utf-8") for name in ("faq", "oven")}
    assert "finder/filter.js" in pages["faq"]
    assert "finder/filter.js" not in pages["oven"]
    assert 'data-name="questions" data-items="sections" data-search="search.html"></div>' in pages["faq"]


def index(book):
    return (book.out / "_static/finder/index.js").read_text(encoding="utf-8")


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # -j2 forks beside other tests' threads
def test_two_builds_write_one_index(miniature, bread):
    book = miniature("finder-book").build("html", parallel=2)
    assert index(book) == index(bread)


def test_a_page_that_changed_or_went_is_found_no_more_by_what_it_said(miniature):
    book = miniature("finder-book").build("html")
    book.write("oven", "## Steam\n\nWater in a tin, for a crust.\n", "## Fan\n\nNone.\n").build("html")
    assert places(book.out, "steam", "fan") == [[], ["oven.html#fan"]]
    (book.source / "oven.md").unlink()
    book.write("index", "The oven <oven>\n", "").build("html")
    assert places(book.out, "fan temperature") == [[]]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("synonyms = [['alone']]", r"synonyms: expected a list of two members or more, each a text, got \['alone'\]"),
        ("synonyms = ['ab']", "synonyms: expected a list of two members or more, each a text, got 'ab'"),
        ("signs = [['a', 'b', 'c']]", "signs: expected a list of a pattern and its words"),
        ("signs = [['(', 'b']]", r"signs: expected a regular expression, got '\('"),
        ("words = []", "expected synonyms and signs, got words"),
        ("synonyms = [", "expected a TOML file 'words.toml'"),
    ],
)
def test_a_wrong_table_is_an_error_before_pages_are_read(miniature, table, said):
    book = miniature("finder-book")
    (book.source / "words.toml").write_text(table, encoding="utf-8")
    with pytest.raises(ConfigError, match=said):
        book.build("html")


def test_a_book_needs_no_table(miniature):
    book = miniature("finder-book").build("html", confoverrides={"finder_table": "", "finder_first": {}})
    assert places(book.out, "proof", "salt") == [[], ["faq.html#salt"]]
    with pytest.raises(ConfigError, match=r"expected a TOML file 'none.toml' in"):
        book.build("html", confoverrides={"finder_table": "none.toml"})


def test_without_the_library_it_says_what_to_do(miniature):
    book = miniature("finder-book")
    with pytest.raises(ExtensionError, match=r"needs the npm package minisearch.* Run `make setup`"):
        book.build("html", confoverrides={"finder_dist": str(book.source)})


def test_formulas_are_found_by_their_questions_and_dresses_and_false_ones_are_left_out(miniature):
    book = miniature("domain-book").write("index", "zeta\n", "zeta\nslips\n")
    (book.source / "slips.md").write_text(
        "---\nsetting: two-layer\n---\n\n# Slips\n\n"
        "```{math}\n:label: lost\n:question: Is the transpose lost?\n:expect-false: transpose\n"
        "dz^{[1]} = W^{[2]} dz^{[2]} \\odot g^{[1]\\prime}(z^{[1]})\n```\n\n"
        "```{math}\n:label: one\n:question: Is this order right?\n:expect-conditional: one-output\n"
        "dz^{[1]} = \\left( dz^{[2]} \\, W^{[2]T} \\right) \\odot g^{[1]\\prime}(z^{[1]})\n```\n",
        encoding="utf-8",
    )
    extensions = ["myst_parser", "bookkit.katex", "checkedmath.sphinx_ext", "bookkit.finder"]
    book.build("html", confoverrides={"extensions": extensions})
    assert book.warnings == []
    typed = ["Why is W[2] transposed?", "dz[1] = W[2]T dz[2] * g[1]'(z[1])", "dz[1] = W[2]ᵀ dz[2] ⊙ g[1]′(z[1])"]
    for entries in found(book.out, *typed):
        assert entries[0]["url"] == "zeta.html#equation-dz1"
        assert entries[0]["line"] == "dz[1] = W[2]ᵀ dz[2] ⊙ g[1]′(z[1])"
        assert entries[0]["where"] == "Formula · The page zeta"
    [lost, order] = found(book.out, "is the transpose lost", "is this order right")
    assert "slips.html#equation-lost" not in [entry["url"] for entry in lost]
    assert order[0]["url"] == "slips.html#equation-one"
    assert order[0]["where"] == "Formula on a condition · Slips"
    assert order[0]["line"].startswith("Only if ")
