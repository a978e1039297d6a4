"""On the track from school algebra no concept is used before the section that introduces it.

`cases/concepts.tsv` names each concept, a pattern of its words and signs, and the place that introduces it; "-" is a
concept that this track does without.  What a reader of the track passes over is not read: folds, cells, exercises,
sources, the sections that `ELSEWHERE` names.  Neither are titles and what stands below them before the first
section, since a page begins with its question and a short answer.
"""

import csv
import re
import tomllib

import pytest

#: Sections on a page of the track that are for others, or that tell what comes later.
ELSEWHERE = {
    "answer": {"the-derivation-in-five-lines", "with-numbers", "m-examples-and-the-1-m", "where-to-go-next"},
}
PASSED_OVER = re.compile(r"exercises|sources|common-slips|more-questions")
SECTION = re.compile(r"^(?:\([\w-]+\)=\n)*#{2,3} (.*)\n", re.MULTILINE)
TARGET = re.compile(r"^\(([\w-]+)\)=$", re.MULTILINE)
CELL = re.compile(r"^(`{3,})\{code-cell\}.*?^\1$", re.MULTILINE | re.DOTALL)
DIRECTIVE = re.compile(r"^`{3,}\{(?:let|setting)\}.*\n`{3,}$", re.MULTILINE)
FOLD = re.compile(r"^(:{3,})\{dropdown\}.*?^\1$", re.MULTILINE | re.DOTALL)
OPTION = re.compile(r"^:[\w-]+:.*$", re.MULTILINE)
ADDRESS = re.compile(r"\]\([^)\s]*\)|\{(?:cite:p|eq)\}`[^`]*`|^\[[\w-]+\]: .*$", re.MULTILINE)


def slug(heading):
    """Return what a heading is called in an address."""
    return re.sub(r"[^\w -]", "", heading.lower()).strip().replace(" ", "-")


def sections(page):
    """Return pairs of a section's names, anchors and headings, and its text as a reader of the track sees it."""
    starts = [match.start() for match in SECTION.finditer(page)]
    found = []
    for start, end in zip(starts, [*starts[1:], len(page)], strict=True):
        text = page[start:end]
        names = {*TARGET.findall(text), slug(SECTION.match(text)[1])}
        for part in (CELL, FOLD, DIRECTIVE, OPTION, TARGET, ADDRESS):
            text = part.sub("", text)
        found.append((names, text))
    return found


def faults(rows, track):
    """Return a sentence for each concept that is used too early, or whose place is not there."""
    read = [(name, *section) for name, page in track.items() for section in sections(page)]
    found = []
    for row in rows:
        places = [n for n, (name, names, _) in enumerate(read) if row["introduced"].partition("#")[::2] in
                  {(name, anchor) for anchor in names}]  # fmt: skip
        if row["introduced"] != "-" and not places:
            found.append(f"{row['concept']}: the track has no place {row['introduced']}")
            continue
        for n, (name, names, text) in enumerate(read):
            passed = any(PASSED_OVER.match(anchor) for anchor in names) or names & ELSEWHERE.get(name, set())
            if not passed and (used := re.search(row["used"], text)) and not (places and n >= places[0]):
                around = text[max(used.start() - 30, 0) : used.end() + 30].replace("\n", " ")
                found.append(f"{row['concept']}: used in {name} before {row['introduced']}: …{around}…")
                break
    return found


@pytest.fixture(scope="module")
def track(project, pages):
    """The pages of the track, up to m examples."""
    tracks = tomllib.loads((project / "docs/tracks.toml").read_text(encoding="utf-8"))
    names = next(iter(tracks.values()))
    return {name: pages[f"{name}.md"] for name in names[: names.index("derivation/m-examples") + 1]}


@pytest.fixture(scope="module")
def rows(project):
    with (project / "tests/cases/concepts.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def test_every_concept_is_introduced_before_it_is_used(rows, track):
    assert faults(rows, track) == []


def test_every_concept_of_the_table_is_used(rows, track):
    text = "".join(text for page in track.values() for _, text in sections(page))
    assert [row["concept"] for row in rows if row["introduced"] != "-" and not re.search(row["used"], text)] == []


def test_pages_in_another_order_are_found(rows, track):
    turned = dict(reversed(track.items()))
    assert len(faults(rows, turned)) > len(rows) / 2


PAGE = "# Title\n\ncost here counts not\n\n## First\n\n{first}\n\n(second)=\n## The second one\n\ncost\n"
ROW = {"concept": "cost", "used": r"\bcost\b", "introduced": "page#second"}


@pytest.mark.parametrize(
    ("first", "early"),
    [("the cost", True), ("nothing", False), (":::{dropdown} Fold\nthe cost\n:::", False),
     ("```{code-cell} python\ncost = 1\n```", False), ("[a link](other.md#cost)", False)],
)  # fmt: skip
def test_only_what_a_reader_of_the_track_reads_counts(first, early):
    assert bool(faults([ROW], {"page": PAGE.format(first=first)})) == early


def test_a_place_that_is_not_there_and_a_concept_that_is_not_wanted():
    page = {"page": PAGE.format(first="the cost")}
    assert faults([ROW | {"introduced": "page#third"}], page) == ["cost: the track has no place page#third"]
    assert "used in page before -" in faults([ROW | {"introduced": "-"}], page)[0]
    assert faults([ROW | {"introduced": "page#the-second-one"}], {"page": PAGE.format(first="x")}) == []
