"""Permalinks: the registry, the builder that writes it, and the page of each formula."""

import json
import re
from html import unescape
from html.parser import HTMLParser

import pytest
from sphinx.errors import ExtensionError

from checkedmath.sphinx_ext.assets import SCRIPT
from checkedmath.sphinx_ext.bar import NO_ADDRESS
from checkedmath.sphinx_ext.domain import Labelled
from checkedmath.sphinx_ext.formula_pages import description, title
from checkedmath.sphinx_ext.registry import Entry, Registry, RegistryError, bad_labels, load, text_of
from checkedmath.writing.forms import Forms, SymbolView

pytestmark = [
    pytest.mark.filterwarnings("default::DeprecationWarning"),
    pytest.mark.filterwarnings("default::PendingDeprecationWarning"),
]
ROOT = "permalinks-book"


class Preview(HTMLParser):
    """What a forum's preview reads of a page: the properties in its head, and all links."""

    def __init__(self, page):
        super().__init__()
        self.properties, self.links, self.tags = {}, [], []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.tags.append((tag, found))
        if tag == "meta" and "content" in found:
            self.properties[found.get("property") or found.get("name")] = found["content"]
        if tag == "a":
            self.links.append(found["href"])

    handle_startendtag = handle_starttag


def page(book, label):
    return (book.out / "formulas" / f"{label}.html").read_text(encoding="utf-8")


@pytest.fixture
def built(built_once):
    return built_once(ROOT)


# The registry -----------------------------------------------------------------------------------

BOOK = {"a": Entry("one", "What is a?"), "b": Entry("two", "What is b?")}


def test_the_registry_adds_labels_and_says_where_they_stand_now():
    registry = Registry({"a": Entry("old", "What was a?")}).with_book(BOOK)
    assert registry.formulas == BOOK
    assert registry.missing([*BOOK, "d", "c"]) == ["c", "d"]


def vanished(label, page, question, nearest):
    return (
        f"the label {label!r} (page {page}, {question!r}) is no longer in the book, and links lead to it. "
        f"If it has a new name (nearest: {nearest!r}), or another formula answers the question now, "
        f'add "{label}": "the new label" to "moved" in the registry; otherwise put the label back'
    )


def test_a_label_leaves_only_by_a_new_name():
    registry = Registry({**BOOK, "bb": Entry("two", "What is bb?")})
    with pytest.raises(RegistryError) as error:
        registry.with_book(BOOK)
    assert str(error.value) == vanished("bb", "two", "What is bb?", "b")
    moved = Registry(registry.formulas, {"bb": "b", "bbb": "bb"}).with_book(BOOK)
    assert moved.formulas == BOOK
    assert [moved.now(label) for label in ("bb", "bbb", "b")] == ["b", "b", "b"]


@pytest.mark.parametrize(
    ("moved", "said"),
    [
        ({"old": "c"}, "'old' has moved to 'c', and the book has no formula with that label: name a label of the book"),
        (
            {"old": "aa"},
            ("'old' has moved to 'aa', and the book has no formula with that label (nearest: 'a'): "
             "name a label of the book"),
        ),
        ({"a": "b"}, "the label 'a' is in the book and under \"moved\" too: take it out of \"moved\""),
    ],
)
def test_a_move_leads_to_a_formula_of_the_book(moved, said):
    assert Registry(BOOK, moved).faults(BOOK) == [said]


def test_the_file_is_sorted_and_read_back(tmp_path):
    registry = Registry(dict(reversed(BOOK.items())), {"z": "a", "y": "b"}, {"old": "one"})
    path = tmp_path / "permalinks.json"
    path.write_text(text_of(registry), encoding="utf-8")
    assert load(path) == registry
    assert re.findall(r'^ {4}"(\w+)"', text_of(registry), re.MULTILINE) == ["a", "b", "y", "z", "old"]
    assert load(tmp_path / "none.json") == Registry()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "permalinks.json: expected JSON with the tables"),
        ('{"formulas": {}}', "got KeyError: 'moved'"),
        ('{"formulas": {"a": {}}, "moved": {}, "pages": {}}', "got KeyError: 'page'"),
        ('{"formulas": {}, "moved": {"a": "b", "b": "a"}, "pages": {}}', "'a' leads back to itself under 'moved'"),
        ('{"formulas": {}, "moved": {}, "pages": {"a": "a"}}', "'a' leads back to itself under 'pages'"),
    ],
)
def test_a_file_that_is_no_registry_is_refused(tmp_path, text, said):
    path = tmp_path / "permalinks.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RegistryError, match=re.escape(said)):
        load(path)


UNFIT = [
    "../../x", "../index", "/", "a/b", "x" * 300, "<script>alert(1)</script>", "a\x1b[2J", "eq:dz", "", "CON", "a\nb",
]  # fmt: skip


def test_a_label_is_fit_for_an_address():
    assert bad_labels(["dz1", "answer-entry", "dW_2", "a" * 100]) == {}
    assert bad_labels(["eq:dz", "dW2", "dw2"]) == {
        "dw2": "the labels 'dW2' and 'dw2' differ in capitals only: some machines mix them up",
        "eq:dz": "the label 'eq:dz' is part of an address: expected at most 100 letters, digits, - and _",
    }
    found = bad_labels(UNFIT)
    assert set(found) == set(UNFIT)
    assert all(said.isprintable() and len(said) < 200 for said in found.values())


@pytest.mark.parametrize("label", [label for label in UNFIT if label.strip() and "\n" not in label] + ["DW2"])
def test_nothing_is_written_for_a_label_that_is_no_address(miniature, label):
    book = miniature(ROOT).write("index", "# The small book", f"""# The small book

```{{math}}
:label: {label}
W^{{[2]}} = W^{{[2]}}
```""")  # fmt: skip
    before = {path.relative_to(book.source.parent) for path in book.source.parent.rglob("*")}
    book.build("html")
    line = book.source.joinpath("index.md").read_text(encoding="utf-8").split("\n").index(f":label: {label}")
    told = [said for said in book.warnings if "checkedmath.permalink" in said]
    assert len(told) == 1, book.warnings
    assert told[0].startswith((f"index.md:{line}: WARNING: the label", "alpha.md:7: WARNING: the labels"))
    assert told[0].replace("\n", "").isprintable()
    new = {path.relative_to(book.source.parent) for path in book.source.parent.rglob("*")} - before
    places = (f"{ROOT}/_build/html", f"{ROOT}/_build/doctrees")
    assert all(str(path) == f"{ROOT}/_build" or str(path).startswith(places) for path in new)
    written = {path.name for path in (book.out / "formulas").iterdir()}
    kept = {"dz1", "slip", "loose", "DW2" if label == "DW2" else "dW2"}
    assert written == {f"{n}.html" for n in kept | {"hidden"}} | {f"{n}.png" for n in kept}
    assert "formula-body" in (book.out / "index.html").read_text(encoding="utf-8")  # and no page of a formula
    assert label == "DW2" or label.encode() not in (book.out / "objects.inv").read_bytes()


@pytest.mark.parametrize(
    ("table", "entry", "said"),
    [
        ("moved", {"../../x": "dz1"}, "'../../x' under 'moved' is part of an address: expected letters"),
        ("moved", {"old": "../dz1"}, "'../dz1' under 'moved' is part of an address: expected letters"),
        ("pages", {"../../x": "alpha"}, "'../../x' under 'pages' is part of an address: expected a page of the book"),
        ("pages", {"/etc/x": "alpha"}, "'/etc/x' under 'pages'"),
        ("pages", {"a/../b": "alpha"}, "'a/../b' under 'pages'"),
        ("pages", {"x": "javascript:alert(1)//"}, "'javascript:alert(1)//' under 'pages'"),
        ("pages", {"x\x1b[2J": "alpha"}, "'x\\x1b[2J' under 'pages'"),
        ("formulas", {"a/b": {"page": "alpha", "question": ""}}, "'a/b' under 'formulas'"),
    ],
)  # fmt: skip
def test_a_registry_with_a_name_that_is_no_address_ends_the_build(miniature, table, entry, said):
    book = miniature(ROOT)
    path = book.source / "permalinks.json"
    text = json.dumps(registry_of(book) | {table: entry}, indent=2)
    path.write_text(text, encoding="utf-8")
    part = next(part for part in (*entry, *entry.values()) if json.dumps(part) in text and repr(part) in said)
    line = 1 + text[: text.index(json.dumps(part))].count("\n")
    before = set(book.source.parent.rglob("*"))
    with pytest.raises(ExtensionError) as error:
        book.build("html")
    assert str(error.value).startswith(f"permalinks.json:{line}: {said}")
    new = {path.relative_to(book.source) for path in set(book.source.parent.rglob("*")) - before}
    assert not any(path.suffix == ".html" for path in new)


# The builder, and what other builds say ---------------------------------------------------------


def registry_of(book):
    return json.loads((book.source / "permalinks.json").read_text(encoding="utf-8"))


def test_the_builder_leaves_a_registry_that_is_right_as_it_is(miniature):
    book = miniature(ROOT)
    before = (book.source / "permalinks.json").read_bytes()
    assert book.build("permalinks").warnings == []
    assert (book.source / "permalinks.json").read_bytes() == before
    assert "4 permalinks, 0 of them new" in book.status


def test_the_builder_follows_the_book(miniature):
    book = miniature(ROOT).write("index", ":question: Why is W[2] transposed?", ":question: Why a transpose?")
    book.write("alpha", "(dW2)", "(dW2)\n\n$$\ndb^{[2]} = \\frac{1}{m} \\sum_{i=1}^m dz^{[2](i)}\n$$ (db2)")
    assert book.build("permalinks").warnings == []
    assert "5 permalinks, 1 of them new: db2" in book.status
    found = registry_of(book)
    assert found["formulas"]["db2"] == {"page": "alpha", "question": "The page alpha"}
    assert found["formulas"]["dz1"] == {"page": "index", "question": "Why a transpose?"}
    assert found["moved"] == {"hidden": "dz1"}


def test_a_vanished_label_stops_the_builder_and_every_build(miniature):
    book = miniature(ROOT).write("alpha", "(dW2)", "(dW2b)")
    before = registry_of(book)
    said = vanished("dW2", "alpha", "The page alpha", "dW2b")
    with pytest.raises(ExtensionError) as error:
        book.build("permalinks")
    assert str(error.value) == f"permalinks.json was not changed:\n{said}"
    assert registry_of(book) == before
    assert book.build("formulas", freshenv=True).warnings == [
        f"WARNING: permalinks.json: {said} [checkedmath.permalink]"
    ]

    registry = before | {"moved": {"dW2": "dW2b", "hidden": "dz1"}}
    (book.source / "permalinks.json").write_text(json.dumps(registry), encoding="utf-8")
    assert book.build("permalinks").warnings == []
    assert list(registry_of(book)["formulas"]) == ["dW2b", "dz1", "loose", "slip"]
    assert book.build("html").warnings == []
    assert Preview(page(book, "dW2")).links[1] == "../alpha.html#equation-dw2b"


def test_without_a_registry_nothing_is_promised(miniature):
    book = miniature("domain-book")
    with pytest.raises(ExtensionError, match=r"set checkedmath_permalinks in conf\.py"):
        book.build("permalinks")


# The page of a formula --------------------------------------------------------------------------


def test_there_is_a_page_for_each_label_and_each_old_one(built):
    assert built.warnings == []
    names = {path.name for path in (built.out / "formulas").iterdir()}
    labels = {"dW2", "dz1", "slip", "loose"}
    assert names == {f"{n}.html" for n in labels | {"hidden"}} | {f"{n}.png" for n in labels}
    assert page(built, "hidden") == page(built, "dz1")


def test_a_page_shows_the_formula_and_leads_into_the_book(built):
    text = page(built, "dz1")
    assert "<h1>Why is W[2] transposed?</h1>" in text
    # The formula, and the formula with its shapes: this in two pieces, so that a phone can wrap it before the sign.
    assert text.count('<span class="katex-display">') == 3
    assert re.search(r'<div class="formula-line">(?:(?!</div>).)*katex-display(?:(?!</div>).)*katex-display', text)
    assert "The hidden layer gets its share of each output&#39;s slope." in text
    assert Preview(text).links[:2] == ["../index.html", "../index.html#equation-dz1"]
    assert "dz one equals W two transposed times dz two, element-wise times g one prime of z one" in text
    rows = [re.sub("<[^>]*>", " ", row) for row in re.findall(r"<tr>.*?</tr>", text)]
    assert any("W two" in row and "(n₂, n₁)" in row and "(2, 3)" in row for row in rows)


def copies(text):
    found = re.findall(r'class="formula-text"><span>(.*?)</span><pre[^>]*>(.*?)</pre>', text, re.DOTALL)
    return {unescape(name): unescape(re.sub("<[^>]*>", "", copy)) for name, copy in found}


def test_a_page_has_every_form_to_copy(built):
    forum = "dz[1] = W[2]T dz[2] * g[1]'(z[1])"
    assert copies(page(built, "dz1")) == {
        "Forum text": forum,
        "LaTeX": r"dz^{[1]} = \left( W^{[2]T} dz^{[2]} \right) \odot g^{[1]\prime}(z^{[1]})",
        "Unicode": "dz[1] = W[2]ᵀ dz[2] ⊙ g[1]′(z[1])",
        "Markdown reply": f"> `{forum}`\n\nThe hidden layer gets its share of each output's slope.\n\n{NO_ADDRESS}",
    }
    assert "address of this formula's page" in NO_ADDRESS  # said in words, where a relative link would lead nowhere


def test_a_page_says_when_its_formula_is_not_true_or_not_executed(built):
    assert "This formula is shown as a mistake: it is not true as it is written." in page(built, "slip")
    assert copies(page(built, "slip")) == {}
    assert "The build does not execute this formula: probabilities are not read." in page(built, "loose")
    assert 'class="warning"' not in page(built, "dz1")


def test_a_mistake_is_reported_with_the_label(built, miniature):
    link = Preview(page(built, "dz1")).links[-1]
    assert link == (
        "https://code.example/book/issues/new?title=Formula+dz1%3A+&body=Formula%3A+dz1+%28page+index%29%0A%0A"
        "What+is+wrong%2C+and+what+it+should+be%3A%0A"
    )
    book = miniature(ROOT).build("html", confoverrides={"checkedmath_repository": ""})
    assert "Report a mistake" not in page(book, "dz1")


def test_a_page_asks_no_other_site_and_runs_the_script_of_the_chapters(built):
    for label in ("dz1", "dW2", "slip", "loose"):
        seen = Preview(page(built, label))
        assert [a["src"] for tag, a in seen.tags if tag in {"script", "iframe"}] == [f"../_static/{SCRIPT}"]
        fetched = [a["href"] for tag, a in seen.tags if tag == "link"] + [seen.properties["og:image"]]
        assert all((built.out / "formulas" / name).resolve().is_file() for name in fetched), fetched


def test_a_preview_reads_title_description_and_picture(built):
    seen = Preview(page(built, "dz1")).properties
    assert seen["og:title"] == "Why is W[2] transposed?"
    assert seen["og:description"] == (
        "The hidden layer gets its share of each output's slope. "
        "Shapes: dz[1] is (n₁, 1), W[2] is (n₂, n₁), dz[2] is (n₂, 1), g[1]′ is (n₁, 1), z[1] is (n₁, 1)."
    )
    assert seen["description"] == seen["og:description"]
    assert seen["og:image"] == "dz1.png"
    assert seen["og:image:alt"].startswith("dz one equals W two transposed")
    assert "og:url" not in seen


def test_links_are_absolute_where_the_address_of_the_book_is_known(miniature):
    base = "https://book.example/v1/"
    book = miniature(ROOT).build("html", confoverrides={"html_baseurl": base})
    for label in ("dz1", "hidden"):
        seen = Preview(page(book, label))
        assert seen.properties["og:url"] == f"{base}formulas/dz1.html"
        assert seen.properties["og:image"] == f"{base}formulas/dz1.png"
        assert ("link", {"rel": "canonical", "href": f"{base}formulas/dz1.html"}) in seen.tags
        assert copies(page(book, label))["Markdown reply"].endswith(f"\n\n{base}formulas/dz1.html")


def test_pages_of_folders_are_linked_too(miniature):
    book = miniature(ROOT).build("dirhtml")
    assert Preview(page(book, "dW2")).links[:2] == ["../", "../alpha/#equation-dw2"]


def test_an_unchanged_page_is_left_alone_and_a_changed_one_is_written(miniature):
    book = miniature(ROOT).build("html")
    files = sorted((book.out / "formulas").iterdir())
    times = {path.name: path.stat().st_mtime_ns for path in files}
    book.write("alpha", "# The page alpha", "# The page omega").build("html")
    changed = {path.name for path in files if path.stat().st_mtime_ns != times[path.name]}
    assert changed == {"dW2.html", "dW2.png"}
    assert "<h1>The page omega</h1>" in page(book, "dW2")


def test_a_formula_that_moves_to_another_page_keeps_its_address(miniature):
    book = miniature(ROOT).build("html")
    moved = "$$\ndW^{[2]} = \\frac{1}{m} dZ^{[2]} A^{[1]T}\n$$ (dW2)"
    book.write("alpha", moved, "Nothing.")
    omega = f"---\nsetting: two-layer-batch\n---\n\n# Omega\n\n{moved}\n"
    (book.source / "omega.md").write_text(omega, encoding="utf-8")
    book.write("index", ":::{toctree}\nalpha", ":::{toctree}\nalpha\nomega").build("html")
    assert book.warnings == []
    assert Preview(page(book, "dW2")).links[1] == "../omega.html#equation-dw2"


def test_pages_of_labels_that_are_gone_are_removed(miniature):
    book = miniature("domain-book").build("html")
    assert (book.out / "formulas" / "dW2.png").is_file()
    book.write("alpha", "(dW2)", "(dW2b)").build("html")
    names = {path.name for path in (book.out / "formulas").iterdir() if path.name.startswith("dW")}
    assert names == {"dW2b.html", "dW2b.png"}


# What a preview has room for --------------------------------------------------------------------


def labelled(**fields):
    given = {"label": "x", "page": "p", "anchor": "", "tex": r"\frac{a}{b}", "question": "", "meaning": ""}
    return Labelled(**given | {"mistake": "", "unchecked": ""} | fields)


@pytest.mark.parametrize(
    ("question", "unicode", "wanted"),
    [
        ("Why?", "a/b", "Why?"),
        ("Why " * 20 + "?", "a/b", "a/b"),
        ("Why " * 20 + "?", "a/b\n= c", "Why " * 19 + "…"),
        ("", "", "a/b"),
    ],
)
def test_titles_have_at_most_80_characters(question, unicode, wanted):
    found = title(labelled(question=question), Forms(unicode=unicode))
    assert found == wanted
    assert len(found) <= 80


def test_descriptions_have_at_most_250_characters_and_as_many_shapes_as_fit():
    symbols = [SymbolView("W", str(n), f"W^{{[{n}]}}", "", "", f"(n_{n}, n_{n - 1})", "", "") for n in range(1, 30)]
    found = description(labelled(meaning="Short."), Forms(symbols=tuple(symbols)))
    assert found.startswith("Short. Shapes: W[1] is (n₁, n₀), W[2] is (n₂, n₁), ")
    assert found.endswith(", …")
    assert 220 < len(found) <= 250
    assert len(description(labelled(meaning="Long " * 60), Forms(symbols=tuple(symbols)))) <= 250
    assert description(labelled(), Forms(words="a over b")) == "a over b."


# Twins --------------------------------------------------------------------------------------------

TWIN = (
    "\n\n```{{math}}\n:label: {label}\n:question: Is this one shown again?\n:twin-of: {home}\n"
    "dZ^{{[2]}} = A^{{[2]}} - Y\n```\n"
)


def with_twins(book, *twins):
    path = book.source / "alpha.md"
    text = path.read_text(encoding="utf-8") + "".join(TWIN.format(label=label, home=home) for label, home in twins)
    path.write_text(text, encoding="utf-8")
    return book


def test_the_page_of_a_twin_leads_to_its_home(miniature):
    book = with_twins(miniature(ROOT), ("again", "dW2")).build("html")
    assert [line for line in book.warnings if "twin" in line] == []
    page = (book.out / "formulas/again.html").read_text(encoding="utf-8")
    assert re.search(r'<p class="home">.*<a href="dW2\.html">', page)
    assert 'class="home"' not in (book.out / "formulas/dW2.html").read_text(encoding="utf-8")


def test_a_twin_of_nothing_or_of_a_twin_is_reported(miniature):
    book = with_twins(miniature(ROOT), ("again", "dW2"), ("third", "again"), ("fourth", "gone")).build("html")
    told = "\n".join(book.warnings)
    assert "twin-of: 'again' is a twin itself: name its home" in told
    assert "twin-of: 'gone' is no formula of the book" in told
