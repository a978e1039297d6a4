"""Renamed pages leave a redirect at their old address."""

import json

import pytest

pytestmark = [
    pytest.mark.filterwarnings("default::DeprecationWarning"),
    pytest.mark.filterwarnings("default::PendingDeprecationWarning"),
]
ROOT = "permalinks-book"


def renamed(book, pages):
    path = book.source / "permalinks.json"
    registry = json.loads(path.read_text(encoding="utf-8")) | {"pages": pages}
    path.write_text(json.dumps(registry), encoding="utf-8")
    return book


def test_the_old_address_leads_to_the_new_page(built_once):
    page = (built_once(ROOT).out / "old" / "alpha.html").read_text(encoding="utf-8")
    assert '<meta http-equiv="refresh" content="0; url=../alpha.html">' in page
    assert '<link rel="canonical" href="../alpha.html">' in page
    assert '<a href="../alpha.html">The page alpha</a>' in page
    assert 'location.replace("../alpha.html" + location.hash)' in page


def test_a_page_renamed_twice_leads_to_its_last_name_and_absolutely_where_it_can(miniature):
    book = renamed(miniature(ROOT), {"first": "second", "second": "alpha"})
    book.build("html", confoverrides={"html_baseurl": "https://book.example/v1"})
    assert book.warnings == []
    for name in ("first", "second"):
        page = (book.out / f"{name}.html").read_text(encoding="utf-8")
        assert 'url=alpha.html">' in page
        assert '<link rel="canonical" href="https://book.example/v1/alpha.html">' in page


def test_a_redirect_that_leads_nowhere_or_hides_a_page_is_reported(miniature):
    book = renamed(miniature(ROOT), {"old": "alfa", "index": "alpha"})
    told = "\n".join(book.build("html").warnings).split("\n")
    assert [line.removesuffix(" [bookkit.renamed]") for line in told] == [
        f"WARNING: permalinks.json: {said}" for said in (
            "the page 'index' is in the book and among the renamed ones too: take it out of these",
            "the page 'old' was renamed to 'alfa', which the book does not have: name a page of the book",
        )
    ]  # fmt: skip
    assert not (book.out / "old.html").exists()
    assert "The small book" in (book.out / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("old", ["formulas/dz1", "search", "genindex", "Formulas/x"])
def test_a_redirect_replaces_no_page_that_the_build_writes_itself(miniature, old):
    book = renamed(miniature(ROOT), {old: "alpha"})
    told = book.build("html").warnings
    said = f"the page {old!r} is one that every build writes itself: take it out of the renamed ones"
    assert told == [f"WARNING: permalinks.json: {said} [bookkit.renamed]"]
    path = book.out / f"{old}.html"
    assert not path.exists() or "This page has moved" not in path.read_text(encoding="utf-8")


def test_a_book_without_formulas_names_renamed_pages_in_its_settings(miniature):
    book = miniature("finder-book")
    pages = {"stove": "hearth", "hearth": "oven", "old/faq": "faq", "../out": "faq", "round": "trip", "trip": "round"}
    settings = {"extensions": ["myst_parser", "bookkit.redirects"], "bookkit_redirects": pages}
    told = book.build("html", confoverrides=settings).warnings
    said = "\n".join(told)
    assert said.count("bookkit_redirects in conf.py: the page") == 3
    assert "the page '../out' would lie outside the book" in said
    assert "the page 'trip' was renamed to 'trip', which the book does not have" in said
    assert not (book.out.parent / "out.html").exists()
    assert 'url=oven.html">' in (book.out / "stove.html").read_text(encoding="utf-8")
    assert 'url=../faq.html">' in (book.out / "old" / "faq.html").read_text(encoding="utf-8")
