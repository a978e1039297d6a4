"""The bar under a displayed formula, as it stands in the page: no script has run here."""

import io
import re
import shutil
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from sphinx.testing.util import SphinxTestApp

from checkedmath.judging.session import Session
from checkedmath.sphinx_ext.bar import NO_ADDRESS, Place, bar
from checkedmath.sphinx_ext.steps import Step, steps_of

ROOTS = Path(__file__).parents[1] / "roots"
VOID = {"br", "hr", "img", "input", "link", "meta", "path", "use"}


class Element:
    """One element of a page."""

    def __init__(self, tag, attributes, above):
        self.tag, self.attributes, self.above, self.parts = tag, dict(attributes), above, []

    def __getitem__(self, name):
        return self.attributes[name]

    @property
    def text(self):
        return "".join(part if isinstance(part, str) else part.text for part in self.parts)

    def all(self, tag="", **wanted):
        """Return the elements below with this tag and these attributes; ``class_`` is one of the classes."""
        found = []
        for part in self.parts:
            if isinstance(part, Element):
                classes = part.attributes.get("class", "") or ""
                rest = {k: v for k, v in wanted.items() if k != "class_"}
                if (
                    tag in {"", part.tag}
                    and wanted.get("class_", "") in {"", *classes.split()}
                    and all(part.attributes.get(k.replace("_", "-")) == v for k, v in rest.items())
                ):
                    found.append(part)
                found += part.all(tag, **wanted)
        return found

    def one(self, tag="", **wanted):
        (found,) = self.all(tag, **wanted)
        return found


class Page(HTMLParser):
    """A page as a tree of elements."""

    def __init__(self, html):
        super().__init__()
        self.top = self.now = Element("", {}, None)
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        element = Element(tag, attrs, self.now)
        self.now.parts.append(element)
        if tag not in VOID:
            self.now = element

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.now.tag == tag, f"<{self.now.tag}> is closed by </{tag}>"
            self.now = self.now.above

    def handle_data(self, data):
        self.now.parts.append(data)


class Built:
    """A miniature book, drawn."""

    def __init__(self, root, folder, **config):
        shutil.copytree(ROOTS / root, folder)
        warning = io.StringIO()
        app = SphinxTestApp("html", srcdir=folder, warning=warning, status=io.StringIO(), confoverrides=config)
        try:
            app.build()
        finally:
            app.cleanup()
        self.warnings, self.out = warning.getvalue(), Path(app.outdir)

    def html(self, page):
        return (self.out / f"{page}.html").read_text(encoding="utf-8")

    def formula(self, page, label):
        return Page(self.html(page)).top.one("div", id=f"equation-{label}")


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    return Built("bar-page", tmp_path_factory.mktemp("bar") / "book")


def copies(part):
    return {box.one("span").text: box.one("pre").text for box in part.all("div", class_="formula-text")}


def test_a_book_with_bars_warns_of_nothing(book):
    assert book.warnings == ""


def test_every_part_opens_without_a_script(book):
    bar = book.formula("index", "seed").one("div", class_="formula-bar")
    assert [part.all("summary")[0].text for part in bar.all("details", class_="formula-part")] == [
        "Shapes", "In words", "With numbers", "Examples as rows", "Copy as", "Check in NumPy", "✓ checked",
    ]  # fmt: skip
    assert bar["aria-label"] == "About formula seed"
    assert not bar.all("button")


def test_the_formula_is_labelled_by_its_words(book):
    body = book.formula("index", "seed").one("div", class_="formula-body")
    assert body["aria-label"] == (
        "dz one equals W two transposed times dz two, element-wise times g one prime of z one"
    )
    assert (body["role"], body["tabindex"]) == ("math", "0")


def test_symbols_carry_their_names_in_displays_and_in_the_text(book):
    body = book.formula("index", "seed").one("div", class_="formula-body")
    marks = [e for e in body.all("span") if "data-symbol" in e.attributes or "data-function" in e.attributes]
    assert [(e.attributes.get("data-symbol") or e["data-function"], e["data-member"]) for e in marks] == [
        ("dz", "1"), ("W", "2"), ("dz", "2"), ("g", "1"), ("z", "1"),
    ]  # fmt: skip
    text = book.html("index").partition("stands in the text")[0].rpartition("<p>")[2]
    assert 'data-symbol="W"' in text


def test_shapes_stand_under_the_factors_and_in_a_list_with_links(book):
    shapes = book.formula("index", "seed").one("details", class_="formula-shapes")
    rows = shapes.one("ul", class_="formula-symbols").all("li")
    assert [row.one("small").text for row in rows] == ["“dz one”", "“W two”", "“dz two”", "“g one prime”", "“z one”"]
    assert rows[0].one("a")["href"] == "notation.html#one-example"
    assert "(n2, n1), here (2, 3)" in rows[1].text
    assert rows[1].one("a").text.startswith("The weights of layer 2.")  # what it means, in the page's words
    # Whoever points at a symbol is shown the row of the same name.
    assert (rows[3]["data-function"], rows[3]["data-primes"], rows[3]["data-member"]) == ("g", "1", "1")
    drawn = shapes.one("div", class_="formula-drawn")
    assert drawn["tabindex"] == "0"
    assert "op-limits" in str([e.attributes.get("class") for e in drawn.all()])


def test_links_lead_from_where_the_page_stands(book):
    formula = book.formula("deeper/notation", "dw2")
    assert formula.one("a", class_="headerlink")["href"] == "../formulas/dw2.html"
    assert formula.one("ul", class_="formula-symbols").all("a")[0]["href"] == "../notation.html#m-examples"


def test_copies_are_the_formula_and_nothing_else(book):
    found = copies(book.formula("index", "seed").one("details", class_="formula-copy"))
    session = Session()
    assert found["Forum text"] == "dz[1] = W[2]T dz[2] * g[1]'(z[1])"
    assert found["Unicode"] == "dz[1] = W[2]ᵀ dz[2] ⊙ g[1]′(z[1])"
    for title in ("LaTeX", "Forum text", "Unicode"):
        assert session.check(found[title]).verdict == "holds"
    assert found["Markdown reply"] == (
        "> `dz[1] = W[2]T dz[2] * g[1]'(z[1])`\n\nDz one equals W two transposed times dz two, "
        f"element-wise times g one prime of z one.\n\n{NO_ADDRESS}"
    ).replace("Dz", "dz")


def test_a_reply_has_the_whole_address_where_the_book_knows_its_own(tmp_path):
    built = Built("bar-page", tmp_path / "book", html_baseurl="https://x.example/b/")
    found = copies(built.formula("deeper/notation", "dw2").one("details", class_="formula-copy"))
    assert found["Markdown reply"].endswith("\n\nhttps://x.example/b/formulas/dw2.html")


def test_text_of_the_author_cannot_become_markup(book):
    found = copies(book.formula("index", "steps").one("details", class_="formula-copy"))
    assert "The slope goes back <through> W." in found["Markdown reply"]
    assert "<through>" not in book.html("index")


def test_numpy_asserts_and_says_what_makes_its_objects(book):
    found = copies(book.formula("index", "seed").one("details", class_="formula-numpy"))
    assert found["NumPy"].startswith("np.testing.assert_allclose(grads.dZ[1], ")
    assert "grads = backward(net, cache, Y)" in found["Its objects"]
    names = {}
    exec(found["Its objects"] + "\n" + found["NumPy"], names)  # noqa: S102 - what the book itself prints
    with pytest.raises(AssertionError):
        exec(found["NumPy"].replace("net.W[2].T", "-net.W[2].T"), names)  # noqa: S102


def test_the_mark_says_what_was_compared(book):
    mark = book.formula("index", "seed").one("details", class_="formula-mark")
    assert mark.one("p").text == "Both sides were computed with random numbers, several times, and agreed every time."
    details = mark.one("details", class_="formula-how").text  # and how, for those who ask
    assert re.search(r"\d+ random draws, largest relative difference \d · 10−1\d", details)
    assert "Setting: two layers, tanh then sigmoid, one example; numerator layout" in details
    steps = book.formula("index", "steps").one("details", class_="formula-mark")
    assert "Each of the 3 steps was tried" in steps.one("p").text
    assert "\\" not in steps.text
    shape = book.formula("notation", "shape").one("details", class_="formula-mark")
    assert "The shape was worked out" in shape.text


def test_steps_stand_on_lines_of_their_own_with_their_reasons(book):
    formula = book.formula("index", "steps")
    steps = formula.all("div", class_="formula-step")
    assert [step.one("span", class_="formula-reason").text for step in steps] == [
        "meaning of dz", "three Jacobians", "transposed",
    ]  # fmt: skip
    assert all(step.one("span", class_="formula-right").all("math") for step in steps)
    assert formula.one("div", class_="formula-body")["role"] == "group"
    stepper = formula.one("button", class_="formula-stepper")
    assert "hidden" in stepper.attributes  # until the script that works it shows it
    assert len(formula.one("details", class_="formula-words").all("li")) == 3


def test_a_form_that_does_not_exist_is_not_offered(book):
    shape = book.formula("notation", "shape")
    assert [part.one("summary").text for part in shape.all("details")] == ["Shapes", "In words", "Copy as", "✓ checked"]


def test_without_a_label_no_number_and_an_anchor_on_its_page_only(book):
    formulas = Page(book.html("index")).top.all("div", class_="formula")
    (bare,) = [f for f in formulas if not f.attributes["id"].startswith("equation-")]
    assert re.fullmatch(r"formula-[0-9a-f]{8}", bare.attributes["id"])
    (link,) = bare.all("a", class_="headerlink")
    assert link.attributes["href"] == f"#{bare.attributes['id']}"
    assert "(" not in bare.one("span", class_="eqno").text
    assert "Check in NumPy" in [part.all("summary")[0].text for part in bare.all("details", class_="formula-part")]
    assert not copies(bare.one("details", class_="formula-copy"))["Markdown reply"].endswith("html")


def test_what_a_part_shows_is_one_text_for_a_browser_with_scripts(book):
    """And plain HTML for one without: nothing in there may end it early."""
    for inside in re.findall(r'<details class="formula-part.*?</noscript></details>', book.html("index"), re.DOTALL):
        form = r"<details[^>]*><summary>.*?</summary><noscript><div.*</div></noscript></details>"
        assert re.fullmatch(form, inside, re.DOTALL)
        assert inside.count("noscript") == 2  # its start and its end


def test_what_is_not_checked_says_why(book):
    (part,) = book.formula("index", "picture").all("details")
    assert part.one("summary").text == "not checked"
    assert "this one is a picture" in part.text


def test_numbers_alone_are_said_to_be_computed_exactly():
    verdict = {"verdict": "holds", "relation": "claim", "trivial": False, "draws": 0, "error": 0.0, "setting": ""}
    html = bar(None, {"verdicts": [verdict]}, Place(draw=str))
    assert "Both sides are numbers, and were computed exactly." in html
    assert "random draw" not in html


def test_mistakes_are_marked_as_intended(tmp_path):
    built = Built("bar-mistakes", tmp_path / "book")
    assert built.warnings == ""
    false = built.formula("index", "no-mean")
    mark = false.one("details", class_="formula-false")
    assert mark.one("summary").text == "✗ false, as intended"
    assert "The mistake: the factor 1/m is missing." in mark.text
    assert "The nearest true formula is dW[2] = (1/m) dZ[2] A[1]T" in mark.text
    assert not false.all("details", class_="formula-copy")  # nobody is handed a mistake
    condition = built.formula("index", "cost").one("details", class_="formula-false")
    assert condition.one("summary").text == "◐ true on a condition"
    assert "the 1/m is already inside" in condition.text
    assert "but here it is not." in condition.text  # true in this world, perhaps in others too


def test_script_and_styles_come_from_the_site(book):
    html = book.html("index")
    for name in ("katex/formula.css", "checkedmath/bar.css", "checkedmath/colours.css", "checkedmath/formula.js"):
        assert f"_static/{name}" in html
        assert (book.out / "_static" / name).stat().st_size < 10_000
    assert re.search(r'<script defer="defer" src="_static/checkedmath/formula.js', html)
    colours = (book.out / "_static" / "checkedmath" / "colours.css").read_text(encoding="utf-8")
    assert '[data-symbol="dW"]' in colours
    assert 'html:not([data-colours="off"])' in colours


@pytest.mark.parametrize("name", ["course.colours:nothing", "nowhere:stylesheet"])
def test_colours_that_are_not_there_stop_the_build(tmp_path, name):
    with pytest.raises(Exception, match=r"checkedmath_colours in conf\.py: expected module:function"):
        Built("bar-page", tmp_path / "book", checkedmath_colours=name)


@pytest.mark.parametrize(
    ("source", "steps"),
    [
        (r"\begin{aligned} a &= b && \text{x} \\[2pt] &= \frac{c}{e} \end{aligned}",
         [Step("a", "= b", "x"), Step("", r"= \frac{c}{e}")]),
        (r"\begin{aligned} a &= b \\ &= \frac{c \\ d}{e} \end{aligned}", []),  # a line that ends within braces
        (r"\begin{aligned} a &= \begin{cases} 1 & x \\ 0 & y \end{cases} \\ &= c \\ \end{aligned}",
         [Step("a", r"= \begin{cases} 1 & x \\ 0 & y \end{cases}"), Step("", "= c")]),
        (r"\begin{aligned} a &= b && \text{so $x$} \\ &= c \end{aligned}", []),  # a formula in a reason
        (r"\begin{aligned} a &= b &= c \\ &= d \end{aligned}", []),
        (r"\begin{aligned} a &= b \end{aligned}", []),
        ("a = b", []),
    ],
)  # fmt: skip
def test_steps_of_a_block(source, steps):
    assert steps_of(source) == steps


def test_nothing_in_the_page_assigns_a_gradient(book):
    for page in ("index", "notation", "deeper/notation"):
        text = unescape(re.sub(r"<[^>]*>", "", book.html(page)))
        assert not re.search(r"^\s*d[AZWb]\w*\s*=[^=]*(?:np\.|@)", text, re.MULTILINE)
