"""Formulas that a page sets as code or types in words: wherever a reader sees one, it is judged."""

import re

import pytest

from checkedmath.judging.session import Session
from checkedmath.reading.names import Names, names_of
from checkedmath.reading.prose import formula_of_code, formulas_in
from checkedmath.sphinx_ext.expected import Quote
from checkedmath.sphinx_ext.report import row_of
from checkedmath.sphinx_ext.summary import ROWS
from checkedmath.values.free_letters import free_setting
from checkedmath.values.with_letters import opened

pytestmark = [
    pytest.mark.filterwarnings("default::DeprecationWarning"),
    pytest.mark.filterwarnings("default::PendingDeprecationWarning"),
]


def told(book):
    """Return what is reported: the formula, its place, and the code of the warning."""
    found = []
    for warning in [one for one in book.warnings if "[checkedmath." in one]:
        place, _, said = warning.partition(": WARNING: ")
        lines = said.splitlines()
        formula = lines[1] if lines[0].startswith("formula is") else lines[0]
        found.append((formula.strip(), place, said.rstrip().rsplit("[", 1)[1].rstrip("]")))
    return found


# Each place --------------------------------------------------------------------------------------

PLACES = {
    "db[2] = dz[1]": 3,  # title in the front matter
    "dW[2] = dz[2] x": 4,  # description, which a box beside a link shows
    "da[1] = dz[1]": 8,  # what a search engine is told
    "dz[2] = y - a[2]": 11,  # title
    "dz[1] = da[1]": 13,  # code in a heading
    "dW[1] = dz[1] x": 15,  # code in a sentence
    "dz[2] = 2 a[2] - y": 15,  # words, in emphasis
    "da[1] = W[2] dz[2]": 19,  # words in a table
    "db[1] = dz[2]": 19,  # code in a table
    "a[1] = z[1]": 21,  # caption of a list-table
    "a[2] = z[2]": 22,  # its cell
    "z[1] = W[1] x - b[1]": 27,  # cell of a csv-table
    "x = z[1]": 33,  # legend of a figure
    "a[1] = y": 36,  # term
    "z[2] = W[2] z[1]": 37,  # its definition
    "b[2] = y": 39,  # title of a box
    "W[1] = W[2]": 40,  # code in a box
    "b[1] = x": 44,  # label of a tab
    "z[2] = W[2] a[1] - b[2]": 45,  # text of a tab
    "z[2] = a[2]": 50,  # question of a formula
    "x = y": 51,  # its meaning
    "z[1] = a[2]": 55,  # title of a card
    "W[2] = 2 W[1]": 56,  # its text
    "z[2] = y": 59,  # title of a fold
    "b[2] = z[2]": 61,  # its text
    "dz[2] = y - a[2] ": 64,  # two pieces of code with a sign between them
    "dz[2] = y": 64,  # mathematics and words
    "db[2] = dz[2] + 1": 66,  # footnote
    "W[2]₁₁ = 0.8": 68,  # a number of the book's network
    "dz[2] = 0": 68,  # a number that a slope does not have
    "dW[2] = a[1] dz[2]": 71,  # caption of a program
    "dz[1] = y": 76,  # caption of a table of contents
    "da[2] = y": 77,  # title of its entry
}


def test_a_false_formula_is_found_in_each_kind_of_place(judged):
    book = judged("spans").build()
    found = told(book)
    assert sorted(place for _, place, _ in found if place.startswith("index")) == sorted(
        f"index.md:{line}" for line in PLACES.values()
    )
    assert {formula for formula, _, _ in found} == {f.strip() for f in PLACES} | {"dZ[2] = Y - A[2]", "dA[2] = dZ[2]"}
    # A page without a setting has no quantities; a section has those of its setting, and so has its heading.
    assert [place for _, place, _ in found if place.startswith("other")] == ["other.md:8", "other.md:10"]
    assert {f["kind"] for f in book.report["formulas"] if f["verdict"] != "holds"} == {"code", "words"}
    assert {f["row"] for f in book.report["formulas"] if f["verdict"] != "holds"} == {"faulty"}


def test_it_fails_a_strict_build_and_is_told_again(judged):
    book = judged("spans").build_apart("-q", "-W", "--keep-going")
    assert book.code == 1
    assert len(book.warnings) == len(PLACES) + 2
    assert len(book.build_apart("-q").warnings) == len(PLACES) + 2


def test_a_warning_says_what_is_wrong_and_what_to_do(judged):
    said = "\n".join(judged("spans").build().warnings)
    assert """index.md:13: WARNING: formula is false:
  dz[1] = da[1]
          ^^^^^
  the sides differ: … and … in one draw
  nearest true formula: dz[1] = da[1] * g[1]'(z[1]) (g-prime-missing)
  it is set as code; if it is meant as it is, write {quote}`dz[1] = da[1] | fails: g-prime-missing`, or with \
`| unchecked: the reason` if it is no formula of this setting [checkedmath.false]""" in said


def test_what_is_true_passes_what_is_quoted_is_run_and_the_rest_is_no_formula(judged):
    book = judged("spans-true").build()
    assert book.warnings == []
    found = [f for f in book.report["formulas"] if f["kind"] in {"code", "words"}]
    assert [(f["line"], f["kind"], f["source"]) for f in found] == [
        (3, "words", "dz[2] = a[2] - y"),
        (6, "words", "dz[1] = W[2]T dz[2] * g[1]’(z[1])"), (6, "words", "db[1] = dz[1]"),
        (8, "code", "dW[2] = dz[2] a[1]T"), (9, "code", "dZ[2] = A[2] - Y"),
        (9, "code", "dW2 = np.dot(dZ2, A1.T) / m"), (9, "code", "da^{[1]} = W^{[2]T} dz^{[2]}"),
        (8, "words", "dz = a - y"), (8, "words", "db = dz"), (10, "words", "W[2]_11 = 0.9"),
        (14, "words", "dz[2] = a[2] - y"), (14, "words", "dz[2] = a[2] - y"),
        (12, "code", "dz[2] = y - a[2]"), (13, "code", "dA[1] = dZ[2] W[2]"), (13, "code", "dz[2] = (a[2]"),
        (14, "code", "dz[2] = a[2] - y"),
        (17, "words", "dz[2] = y - a[2]"), (17, "words", "dz[2] = a[2] - y"),
    ]  # fmt: skip
    assert [f["row"] for f in found] == ["executed"] * 12 + ["false"] * 3 + ["executed", "false", "executed"]
    # Without layers a text chooses its setting, as pasted text does.
    settings = {f["source"]: f["setting"] for f in found}
    assert (settings["dz = a - y"], settings["dZ[2] = A[2] - Y"]) == ("logistic", "two-layer")
    assert book.report["unchecked"] == [{
        "page": "index", "line": 14, "kind": "code", "reason": "another network, with time",
        "source": "dz_t = f(dz_{t-1}, x)",
    }]  # fmt: skip


QUOTES = [
    ("{quote}`dz[2] = a[2] - y | fails: sign`", "expected", "the page says 'fails: sign', the checker says 'holds'"),
    ("{quote}`dz[2] = y - a[2] | holds`", "expected", "the page says 'holds', the checker says 'fails: sign'"),
    ("{quote}`dz[2] = y - a[2] | fails: transpose`", "expected", "the checker says 'fails: sign'"),
    ("{quote}`dz[2] = y - a[2] | two-layers | fails: sign`", "setting", "did you mean two-layer?"),
    ("{quote}`dz[2] = y - a[2]`", "quote", "or formula | unchecked: REASON; got 'dz[2] = y - a[2]'"),
    ("{quote}`dz[2] = y - a[2] | unchecked`", "quote", "or formula | unchecked: REASON; got"),
    ("{verdict}`dz[2] = y - a[2] | unchecked: why`", "verdict", "fails: none; unreadable; got"),
]


def test_a_quote_that_is_not_so_is_a_warning(judged):
    lines = "\n\n".join(said for said, _, _ in QUOTES)
    book = judged("spans-true").write("index", "# What is no formula\n", f"# More\n\n{lines}\n").build()
    for n, (_, code, part) in enumerate(QUOTES):
        (warning,) = [one for one in book.warnings if one.startswith(f"index.md:{24 + 2 * n}: WARNING: ")]
        assert part in warning
        assert warning.endswith(f"[checkedmath.{code}]")
    assert len(book.warnings) == len(QUOTES)


def test_the_question_of_a_false_formula_may_ask_for_its_own_mistake_and_for_no_other(judged):
    book = judged("spans-true").write("index", "Is dz[2] = y - a[2], or", "Is dz[2] = da[2], or").build()
    assert [place for _, place, _ in told(book)] == ["index.md:17"]


def test_a_setting_that_is_unknown_is_said_of_a_quote(judged):
    book = judged("spans-true").write("index", "setting: two-layer\n", "setting: two-layers\n").build()
    assert any("unknown setting 'two-layers'" in warning and "sign" not in warning for warning in book.warnings)


def test_a_page_shows_a_quote_as_code_and_says_whether_it_was_executed(built_once):
    book = built_once("formulas-spans-true")
    html = (book.out / "index.html").read_text(encoding="utf-8")
    assert re.search(r'<abbr title="quoted, and executed"><code[^>]*><span class="pre">dz\[2\]</span>', html)
    assert re.search(r'<abbr title="quoted, not executed"><code[^>]*><span class="pre">dz_t</span>', html)
    assert "unchecked" not in html
    assert "fails: sign" not in html


def test_what_is_not_judged_can_be_drawn(judged):
    assert judged("spans").build("html", confoverrides={"checkedmath_check": False}).warnings == []


# What a cell prints --------------------------------------------------------------------------------


def test_mathematics_that_a_cell_prints_is_judged(judged):
    book = judged("outputs").build_apart("-q", "-b", "html")  # apart: MyST-NB cannot be loaded after MyST
    assert [(formula, code) for formula, _, code in told(book)] == [
        ("dz^{[2]} = y - a^{[2]}", "checkedmath.false"),
        (r"\displaystyle W^{[1]} = W^{[2]}", "checkedmath.false"),
        ("db[2] = dz[1]", "checkedmath.false"),
        ("a[2] = z[2]", "checkedmath.false"),
    ]
    assert all(re.match(r"index.md:\d+$", place) for _, place, _ in told(book))
    assert told(book.build_apart("-q")) == []  # make check runs no cell, so that nothing is printed


# What is a formula ---------------------------------------------------------------------------------

GUEST = {"F": (), "k": (), "x": (), "v": (), "t": ()}  # of a book about springs


@pytest.fixture(scope="module")
def course():
    return names_of(Session().settings["logistic"])


@pytest.fixture(scope="module")
def guest():
    return Names(opened(free_setting(), GUEST))


def in_words(text, names):
    return [text[slice(*place)] for place in formulas_in(text, names)]


@pytest.mark.parametrize(("text", "formulas"), [
    ("Why is dz = a − y, and where does σ′ go?", ["dz = a − y"]),
    ("dz = a − y by the chain rule (see below)", ["dz = a − y"]),
    ("the course’s dz = a − y’s sign", ["dz = a − y"]),
    ("dz = a − y – and so on", ["dz = a − y"]),
    ("In week 3: dZ = A − Y, in week 4: dZ = dA * g′(Z).", ["dZ = A − Y", "dZ = dA * g′(Z)"]),
    ("The rule “da = −y/a + (1 − y)/(1 − a)”!", ["da = −y/a + (1 − y)/(1 − a)"]),
    ("dz = a - q", ["dz = a - q"]),  # unreadable, and not cut short
    ("then dz = foo(z) holds", ["dz = foo(z)"]),
    ("db = np.sum(dZ, axis=1, keepdims=True) is", ["db = np.sum(dZ, axis=1, keepdims=True)"]),
    ("dz = a - y = da σ′(z) throughout", ["dz = a - y = da σ′(z)"]),
    ("L ≥ J where a ≠ y", ["L ≥ J", "a ≠ y"]),
    ("dz = the slope, da = mean of all", []),
    ("x -> y, z => a, dz += 1, y-axis = up", []),
    ("for y = 1, a = y = 0.5, z > 0 and 0 < a < 1", []),
    ("(n_1, m) = (n_1, n_0) (n_0, m), W = (n_1, n_0)", []),
    ("keepdims=True, axis=0, alpha=0.1, make BENCH=--site", []),
    ("f = m a holds, = alone, a sign = ", []),
    ("", []),
])  # fmt: skip
def test_where_a_sentence_holds_formulas(course, text, formulas):
    assert in_words(text, course) == formulas


@pytest.mark.parametrize(("code", "formula"), [
    ("dz = a - y", "dz = a - y"), ("`dz = a - y`", "dz = a - y"), ("$$dz = a - y$$", "dz = a - y"),
    ("dz = (a - y", "dz = (a - y"), ("w := w - alpha dw", "w := w - alpha dw"), ("dz = a - y if z > 0", None),
    ("dz == a", None), ("m=1", None), ("alpha=0.1", None), ("(n_1, m)", None), ("f(z=a)", None), ("z > 0", None),
    ("A, cache = forward(X)", None), ("check 'dz = y'", None), (">>> dz = y", None), ("dz -= 1", None), ("", None),
])  # fmt: skip
def test_which_code_is_a_formula(course, code, formula):
    place = formula_of_code(code, course)
    if code == "dz = a - y if z > 0":
        formula = code
    assert (code[slice(*place)] if place else None) == formula


def test_nothing_is_known_of_this_books_quantities(guest, course):
    assert in_words("Why is F = −k x, and dz = a − y?", guest) == ["F = −k x"]
    assert in_words("Why is F = −k x, and dz = a − y?", course) == ["dz = a − y"]
    assert in_words("For F = 3 k it is so. As F = k v", guest) == ["F = 3 k", "F = k v"]
    assert in_words("By d(x²)/dx = 2x and not by b = 2x", Names(free_setting())) == ["d(x²)/dx = 2x"]


def test_a_guest_book_has_its_formulas_judged(judged):
    page = "---\nsetting: identities\n---\n\n# A rule\n\n```{let} u: (), v: (), w: (p, 1)\n```\n\n"
    book = judged("pages")
    text = "## Is (u + v)^2 = u^2 + v^2?\n\n`d(w'w)/dw = 2w'`, but d(w'w)/dw = w'. `u=3`, q = 2.\n"
    (book.source / "third.md").write_text(page + text, encoding="utf-8")
    found = [one for one in told(book.build()) if one[1].startswith("third")]
    assert found == [
        ("(u + v)^2 = u^2 + v^2", "third.md:10", "checkedmath.false"),
        ("d(w’w)/dw = w’", "third.md:12", "checkedmath.false"),
    ]


# Rows of the report --------------------------------------------------------------------------------


def test_every_formula_is_in_one_row_of_the_page(judged):
    for root in ("true", "spans-true", "expect", "identities"):
        report = judged(root).build().report
        assert {f["row"] for f in report["formulas"]} <= {*ROWS, "faulty"}
    dotted = {"fault": False, "verdict": "holds", "trivial": False, "relation": "claim", "differential": True}
    assert row_of(dotted) == "differential"


def test_the_page_counts_the_rows_from_the_report(judged):
    report_here = "```{checked-report}\n```\n\n# No\n"
    book = judged("spans-true").write("index", "# What is no formula\n", report_here).build("html")
    cells = re.findall(r"<td><p>(.*?)</p></td>", (book.out / "index.html").read_text(encoding="utf-8"))
    counts = dict(zip(cells[0:21:3], cells[2:21:3], strict=True))
    report = book.build().report
    for row, (name, _) in ROWS.items():
        told_of = len(report["unchecked"]) if row == "unchecked" else sum(f["row"] == row for f in report["formulas"])
        assert counts[name] == str(told_of)
    assert counts["false as intended"] == "5"
    assert "another network, with time" in cells


def test_a_quote_is_read():
    assert Quote.read("a = b | unchecked: c, d", unchecked=True) == Quote("a = b", "", "unchecked", reason="c, d")
