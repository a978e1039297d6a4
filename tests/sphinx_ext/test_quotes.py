"""{verdict}: a sentence that says what the checker says is held to it, on the page and in the report."""

import re

import pytest

from checkedmath.judging.session import Session
from checkedmath.sphinx_ext.quotes import Quote, in_words

pytestmark = [
    pytest.mark.filterwarnings("default::DeprecationWarning"),
    pytest.mark.filterwarnings("default::PendingDeprecationWarning"),
]
SAID = [
    "W2.T * dZ2 = dA1 is true if * is read as the matrix product, and false otherwise.",
    "dz[1] = W[2] dz[2] * g[1]'(z[1]) is false (a transpose is missing, or there is one too many;",
    "the nearest true formula is",
    "dz[1] = W[2]T dz[2] * g[1]'(z[1])),",
    "dz[1] = W[2]T dz[2] * g[1]'(z[1]) is true.",
    "dZ[2] = A[2] - Y is true.",
    "dz[2] = a[2] y is false.",
    "dz[2] = (a[2] - y cannot be read.",
    r"dz^{[2]} = \left( a^{[2]} - y \right) is true.",
    "dA[1] = dZ[2] W[2]T is true if examples are rows and Z = A W + b, with W of shape (n_in, n_out), and false",
    "A heading: dz[2] = a[2] - y is true",
]
FAULTS = [
    (4, "expected", "the page says 'conditional: one-output', the checker says 'conditional: product-matrix': true if"),
    (6, "expected", "the page says 'fails: sign', the checker says 'holds': true"),
    (7, "expected", "the page says 'holds', the checker says 'fails: sign': the sides differ"),
    (8, "expected", "the page says 'fails: none', the checker says 'fails: sign'"),
    (9, "setting", "did you mean two-layer?"),
    (10, "verdict", "got 'dz[2] = a[2] - y'"),
    (11, "verdict", "got 'dz[2] = a[2] - y | two-layer | true'"),
    (12, "verdict", "got 'dz[2] = a[2] - y | two-layer | fails'"),
    (13, "verdict", "got 'dz[2] = a[2] - y | two-layer | holds: sign'"),
]


@pytest.fixture(scope="module")
def book(built_once):
    return built_once("formulas-quoted")


def test_the_page_says_the_verdict_in_words(book):
    html = re.sub(r"<[^>]+>", "", (book.out / "index.html").read_text(encoding="utf-8")).replace("&#39;", "'")
    places = [html.find(said) for said in SAID]
    assert -1 not in places
    assert places == sorted(places)
    assert "product-matrix" not in html


def test_what_the_checker_does_not_say_is_a_warning_at_its_line(book):
    assert len(book.warnings) == len(FAULTS)
    for warning, (line, code, said) in zip(book.warnings, FAULTS, strict=True):
        assert warning.startswith(f"wrong.md:{line}: WARNING: ")
        assert warning.endswith(f"[checkedmath.{code}]")
        assert said in warning
        if code == "verdict":  # bad syntax: what is expected
            assert "expected formula | setting | verdict" in warning


def test_a_page_that_quotes_wrongly_is_reported_in_every_build(judged):
    book = judged("quoted").build()
    first = book.warnings
    assert book.build().warnings == first
    assert book.read == ["wrong"]


def test_a_wrong_quote_fails_a_strict_build(judged):
    assert judged("quoted").build_apart("-W", "--keep-going").code != 0


def test_every_quote_is_in_the_report_and_counts_as_no_claim(judged):
    book = judged("quoted").build()
    found = [f for f in book.report["formulas"] if f["page"] == "index"]
    assert {(f["kind"], f["relation"], f["layout"]) for f in found} == {("inline", "quoted", "course")}
    assert [(f["line"], f["setting"], f["verdict"]) for f in found[:3]] == [
        (8, "two-layer-batch", "conditional"), (9, "two-layer", "fails"), (10, "two-layer", "holds"),
    ]  # fmt: skip
    assert (found[3]["line"], found[3]["verdict"], found[3]["setting"] != "") == (12, "holds", True)
    assert (found[0]["source"], found[0]["where"][0]["code"]) == ("W2.T * dZ2 = dA1", "product-matrix")
    assert book.report["claims"] == 0
    row = next(line for line in book.status.splitlines() if line.startswith("index "))
    assert row.split() == ["index", "0", "0", "0", "0", "0", "9", "0", "5"]


def test_without_the_check_the_page_says_what_its_author_says(judged):
    book = judged("quoted").build("html", confoverrides={"checkedmath_check": False})
    html = re.sub(r"<[^>]+>", "", (book.out / "index.html").read_text(encoding="utf-8"))
    assert "dZ[2] = A[2] - Y is true." in html
    assert book.warnings == []


@pytest.mark.parametrize(("text", "formula", "setting", "verdict", "codes"), [
    ("a = b | holds", "a = b", "", "holds", set()),
    ("a = |b| | deep | fails: none", "a = |b|", "deep", "fails", set()),
    ("a = b | deep | conditional: rows-W, broadcast", "a = b", "deep", "conditional", {"rows-W", "broadcast"}),
    ("a = b | unreadable", "a = b", "", "unreadable", set()),
])  # fmt: skip
def test_a_quote_is_read(text, formula, setting, verdict, codes):
    assert Quote.read(text) == Quote(formula, setting, verdict, frozenset(codes))


@pytest.mark.parametrize("text", ["", "a = b", "a | b | c | holds", "| holds", " | deep | holds", "a | conditional:"])
def test_what_is_no_quote_is_refused(text):
    with pytest.raises(ValueError, match=r"expected formula \| setting \| verdict"):
        Quote.read(text)


def test_two_conditions_are_both_said():
    verdict = Session().check("dA[1] = dZ[2] * W[2]T", "two-layer-batch")
    assert "".join(node.astext() for node in in_words(verdict)) == (
        " is true if examples are rows and Z = A W + b, with W of shape (n_in, n_out) "
        "and * is read as the matrix product, and false otherwise"
    )
    assert Quote.read("a = b | conditional: rows-W, product-matrix").is_of(verdict)
    assert not Quote.read("a = b | conditional: rows-W").is_of(verdict)
