"""Places within pages keep their old names; every address that was promised leads somewhere."""

import json
import re

import pytest

from bookkit.anchors import with_anchors

pytestmark = [
    pytest.mark.filterwarnings("default::DeprecationWarning"),
    pytest.mark.filterwarnings("default::PendingDeprecationWarning"),
]
PLACE = re.compile(r'\bid="([^"]*)"')


def test_an_old_name_stands_before_the_place_whatever_its_letters():
    body = '<section id="new"><p id="δ--x_1">text</p></section>'
    after, faults = with_anchors(body, {"old": "new", "a & b": "δ--x_1"})
    assert faults == []
    assert after == (
        '<span id="old"></span><section id="new"><span id="a &amp; b"></span><p id="δ--x_1">text</p></section>'
    )


def test_a_name_that_leads_nowhere_or_is_there_again_is_reported(miniature):
    book = miniature("finder-book")
    anchors = {"faq": {"gone": "nowhere", "how-long-do-i-knead": "kneading"}, "cellar": {"a": "b"}}
    settings = {"extensions": ["myst_parser", "bookkit.anchors"], "bookkit_anchors": anchors}
    told = "\n".join(book.build("html", confoverrides=settings).warnings)
    assert "bookkit_anchors: faq: 'gone' is to lead to 'nowhere', which the page does not have" in told
    assert "bookkit_anchors: the book has no page 'cellar'" in told


def broken(addresses, pages, moved):
    """Return the addresses, "page#place", that no longer lead to a place."""
    found = []
    for address in addresses:
        page, _, place = address.partition("#")
        if place not in pages.get(moved.get(page, page), ()):
            found.append(address)
    return found


def test_every_promised_address_leads_to_a_place(built_book, project):
    addresses = (project / "tests/cases/addresses.txt").read_text(encoding="utf-8").split()
    moved = json.loads((project / "docs/permalinks.json").read_text(encoding="utf-8"))["pages"]
    html = built_book / "html"
    names = {moved.get(page, page) for page, _, _ in (address.partition("#") for address in addresses)}
    pages = {name: set(PLACE.findall((html / f"{name}.html").read_text(encoding="utf-8"))) for name in names}
    assert len(addresses) > 1000
    assert broken(addresses, pages, moved) == []


def test_a_lost_place_and_a_moved_page_are_seen():
    pages = {"new": {"a"}}
    assert broken(["old#a", "new#b", "gone#a"], pages, {"old": "new"}) == ["new#b", "gone#a"]
