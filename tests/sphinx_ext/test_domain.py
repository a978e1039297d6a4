"""The role {formula}, the domain behind it, and the index of all formulas."""

import re
from html import unescape

import pytest
from sphinx.util.inventory import InventoryFile

from checkedmath.sphinx_ext.plain_text import plain_formula

pytestmark = [
    pytest.mark.filterwarnings("default::DeprecationWarning"),
    pytest.mark.filterwarnings("default::PendingDeprecationWarning"),
]


@pytest.fixture
def built(built_once):
    return built_once("domain-book")


LINK = re.compile(r'<a class="reference internal" href="([^"]*)"(?: title="([^"]*)")?>(.*?)</a>', re.DOTALL)


def links(page):
    """Address, title and text of each link in the text of a page."""
    body = page[page.index('role="main"') : page.index('<div class="sphinxsidebar"')]
    return [(where, unescape(title), plain(text)) for where, title, text in LINK.findall(body)]


def plain(html):
    return unescape(re.sub("<[^>]*>", "", html))


def read(book, page):
    return (book.out / f"{page}.html").read_text(encoding="utf-8")


def test_the_role_names_a_formula_by_its_question_elsewhere_and_by_its_number_here(built):
    assert built.warnings == []
    transposed, entry = "Why is W[2] transposed?", "One entry of dz[1]"
    assert links(read(built, "index"))[:4] == [
        ("zeta.html#equation-dz1", transposed, transposed),
        ("zeta.html#equation-dz1", transposed, "the hidden layer"),
        ("zeta.html#equation-dz1", "", "(1)"),
        ("zeta.html#equation-entry", entry, entry),
    ]
    assert links(read(built, "zeta"))[:2] == [("#equation-entry", entry, "(2)"), ("#equation-dz1", transposed, "(1)")]
    assert 'id="equation-dz1"' in read(built, "zeta")


def test_an_unknown_label_is_reported_with_the_nearest(miniature):
    book = miniature("domain-book").write("index", "{formula}`entry`", "{formula}`entri` {formula}`nothing-like-it`")
    assert book.build("html").warnings == [
        "index.md:3: WARNING: there is no formula with the label 'entri': did you mean 'entry'? [ref.formula]",
        "index.md:3: WARNING: there is no formula with the label 'nothing-like-it' [ref.formula]",
    ]


def test_other_books_find_the_formulas_in_the_inventory(built):
    with (built.out / "objects.inv").open("rb") as file:
        found = InventoryFile.load(file, "", lambda base, page: page)["formula:label"]
    assert {label: (item.uri, item.display_name) for label, item in found.items()} == {
        "dz1": ("zeta.html#equation-dz1", "dz[1] = W[2]T dz[2] * g[1]′(z[1])"),
        "entry": ("zeta.html#equation-entry", "dz[1]_j = da[1]_j g[1]′(z[1]_j)"),
        "dW2": ("alpha.html#equation-dw2", "dW[2] = (1/m) dZ[2] A[1]T"),
    }


def listed(book):
    """The index: chapters, and under each its entries (question, number, formula, permalink)."""
    page = read(book, "all")
    page = page[page.index('role="main"') : page.index('<div class="sphinxsidebar"')]
    found = {}
    for heading, entries in re.findall(r"<h2[^>]*>(.*?)</h2>\s*<dl(.*?)</dl>", page, re.DOTALL):
        rows = re.findall(r"<dt>(.*?)</dt><dd><p>(.*?)</p>", entries, re.DOTALL)
        found[plain(heading)] = [(*map(plain, row), re.findall('href="([^"]*)"', "".join(row))) for row in rows]
    return found


INDEX = {
    "The page zeta": [
        ("Why is W[2] transposed? (1)", "dz[1] = W[2]T dz[2] * g[1]'(z[1]) permalink",
         ["zeta.html#equation-dz1", "formulas/dz1.html"]),
        ("One entry of dz[1] (2)", "dz[1]_j = da[1]_j g[1]'(z[1]_j) permalink",
         ["zeta.html#equation-entry", "formulas/entry.html"]),
    ],
    "The page alpha": [
        ("The page alpha (1)", "dW[2] = (1/m) dZ[2] A[1]T permalink",
         ["alpha.html#equation-dw2", "formulas/dW2.html"]),
    ],
}  # fmt: skip


def test_the_index_lists_every_labelled_formula_in_the_order_of_the_book(built):
    found = listed(built)
    assert found == INDEX
    assert list(found) == list(INDEX)


def test_the_index_follows_a_change_on_another_page(miniature):
    book = miniature("domain-book")
    book.build("html")
    book.write("alpha", "# The page alpha", "# The page omega").write("zeta", "(entry)", "(one-entry)")
    book.write("index", "By the title above it: {formula}`entry`.", "").write("zeta", "See {formula}`entry` and ", "")
    book.build("html")
    assert book.read == ["alpha", "index", "zeta"]
    assert book.warnings == []
    found = listed(book)
    assert list(found) == ["The page zeta", "The page omega"]
    assert found["The page omega"][0][0] == "The page omega (1)"
    assert found["The page zeta"][1][2] == ["zeta.html#equation-one-entry", "formulas/one-entry.html"]


def test_the_index_names_formulas_also_where_there_are_no_permalinks(miniature):
    book = miniature("domain-book").build("text")
    text = (book.out / "all.txt").read_text(encoding="utf-8")
    assert "Why is W[2] transposed? (1)" in text
    assert "permalink" not in text


def test_pages_read_side_by_side_give_the_same_book(miniature, tmp_path):
    book = miniature("domain-book")
    built = {}
    for jobs in ("1", "2"):
        book.build_apart("-b", "html", "-j", jobs, "-d", str(tmp_path / f"doctrees-{jobs}"), to=f"_out-{jobs}")
        assert book.code == 0
        built[jobs] = {p.name: p.read_bytes() for p in book.out.rglob("*.html")}
    assert built["1"] == built["2"]
    assert "dW2.html" in built["1"]


@pytest.mark.parametrize(
    ("tex", "plain"),
    [
        (r"W^{[2]T}", "W[2]ᵀ"),
        (r"\frac{\partial \mathcal{L}}{\partial z^{[1]}}", "∂ℒ/∂z[1]"),
        (r"\frac{1}{1 + e^{-z}}", "1/(1 + e^(-z))"),
        (r"g^{[1]\prime}(z^{[1]}_j)", "g[1]′(z[1]_j)"),
        (r"\begin{aligned} a &= b && \text{why} \\ &= c \end{aligned}", "a = b = c"),
        (r"\unknown{x", "unknownx"),
    ],
)
def test_formulas_in_titles_are_read_without_tex(tex, plain):
    assert plain_formula(tex) == plain
