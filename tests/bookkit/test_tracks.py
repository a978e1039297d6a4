"""Tracks: the foot of a page names the next page of each, and a list shows all with their minutes."""

import re

import pytest

from bookkit.tracks import next_in

pytestmark = [
    pytest.mark.filterwarnings("default::DeprecationWarning"),
    pytest.mark.filterwarnings("default::PendingDeprecationWarning"),
]
SETTINGS = {
    "extensions": ["myst_parser", "bookkit.finder", "bookkit.tracks"],
    "bookkit_tracks": {"Slow & sure": ["faq", "notes", "oven"], "Quick": ["faq", "oven"]},
}


def feet(book):
    """Return what the foot of each page says, without tags."""
    found = {}
    for path in book.out.glob("*.html"):
        foot = re.search(r'<nav class="tracks".*?</nav>', path.read_text(encoding="utf-8"), re.DOTALL)
        if foot:
            found[path.stem] = [re.sub("<[^>]*>", "", line) for line in re.findall(r"<li>.*?</li>", foot[0])]
    return found


@pytest.fixture
def book(miniature):
    book = miniature("finder-book")
    with (book.source / "index.md").open("a", encoding="utf-8") as file:
        file.write("\n```{tracks}\n```\n")
    return book


def test_the_foot_names_the_next_page_the_last_one_and_where_to_change_over(book):
    assert book.build("html", confoverrides=SETTINGS).warnings == []
    said = feet(book)
    assert set(said) == {"faq", "notes", "oven"}
    assert [line.partition(":")[0] for line in said["faq"]] == ["Slow &amp; sure (page 1 of 3)", "Quick (page 1 of 2)"]
    assert said["notes"][1].startswith("Quick: change over to ")
    assert [line.partition(": ")[2] for line in said["oven"]] == ["this is its last page"] * 2


def test_the_list_names_pages_and_minutes_and_leaves_folds_out(book):
    long, folded = "word " * 450, ""
    for fold in (False, True):
        path = book.source / "notes.md"
        text = f":::{{note}}\n{long}\n:::\n" if not fold else folded
        path.write_text(f"# Notes\n\nShort.\n\n{text}\n", encoding="utf-8")
        book.build("html", confoverrides=SETTINGS)
        page = (book.out / "index.html").read_text(encoding="utf-8")
        assert re.search(r"notes\.html\">.*?</a>, (\d+) min", page)[1] == ("1" if fold else "3")
        assert "<strong>Slow &amp; sure</strong> (3 pages, about " in page


def test_a_page_is_written_again_when_the_title_of_the_next_one_changes(book):
    book.build("html", confoverrides=SETTINGS)
    path = book.source / "notes.md"
    path.write_text("# Another name\n\nText.\n", encoding="utf-8")
    book.build("html", confoverrides=SETTINGS)
    assert "Another name" in feet(book)["faq"][0]


def test_a_track_with_a_page_that_is_not_there_or_twice_is_reported(book):
    tracks = {"Lost": ["faq", "cellar"], "Round": ["faq", "oven", "faq"]}
    told = "\n".join(book.build("html", confoverrides=SETTINGS | {"bookkit_tracks": tracks}).warnings)
    assert "'Lost' names the page 'cellar', which the book does not have" in told
    assert "'Round' names the page 'faq' twice" in told


@pytest.mark.parametrize(
    ("track", "page", "others", "expected"),
    [("abc", "a", [], ("b", True)), ("abc", "c", [], ("", True)), ("abc", "x", ["ax"], ("b", False)),
     ("abc", "x", ["acx"], ("", False)), ("abc", "x", ["x"], ("a", False)), ("abc", "x", [], ("a", False))],
)  # fmt: skip
def test_where_a_track_goes_on(track, page, others, expected):
    assert next_in(list(track), page, [list(other) for other in others]) == expected
