"""The bibliography: every source is annotated, every link was seen, and the book cites itself as it is."""

import csv
import re
from pathlib import Path

import yaml

from checkedmath import Session, read
from checkedmath.writing.latex import write_latex
from checkedmath.writing.text import write_text
from checkedmath.writing.unicode import write_unicode
from checkedmath.writing.words import write_words

ROOT = Path(__file__).parents[1]
BIB = (ROOT / "docs/references.bib").read_text(encoding="utf-8")
PAGE = (ROOT / "docs/bibliography.md").read_text(encoding="utf-8")
CITE = (ROOT / "docs/use/cite.md").read_text(encoding="utf-8")
ENTRY = re.compile(r"^@\w+\{([\w-]+),\n(.*?)^\}", re.MULTILINE | re.DOTALL)
#: A source in the page: a term with its key, then what we say about it.
NOTE = re.compile(r"^(\S.*)\{cite\}`([\w-]+)`\n: ((?:.+\n(?:  )?)+)", re.MULTILINE)
#: An address, in Markdown or BibTeX; brackets in it come in pairs.
URL = re.compile(r"https?://(?:[^\s<>{}()\"`]|\([^\s()]*\))+(?<![.,;:])")
PATHS = ["no-calculus", "calculus", "matrix-calculus", "research"]


def entries():
    return {key: dict(re.findall(r"^  (\w+) = \{(.*)\},$", body, re.MULTILINE))
            for key, body in ENTRY.findall(BIB)}


def notes():
    return {key: (term, note) for term, key, note in NOTE.findall(PAGE)}


def seen():
    with (ROOT / "tests/cases/links.tsv").open(encoding="utf-8", newline="") as file:
        return {row["url"]: row["seen"] for row in csv.DictReader(file, delimiter="\t")}


def printed():
    """Every address that these pages print, with where; a DOI is an address."""
    files = [
        ROOT / "docs/references.bib", ROOT / "docs/bibliography.md", ROOT / "docs/trust/mistakes-in-print.md",
        *(ROOT / "docs/use").glob("*.md"),
    ]
    found = {url: file.name for file in files for url in URL.findall(file.read_text(encoding="utf-8"))}
    return found | {doi(fields): key for key, fields in entries().items() if "doi" in fields}


def doi(fields):
    return "https://doi.org/" + fields["doi"].replace("(", "%28").replace(")", "%29")


def test_the_bibliography_is_read_whole():
    assert len(entries()) == BIB.count("\n@") > 50
    assert [key for key, fields in entries().items() if not {"author", "title"} <= set(fields)] == []


def test_every_source_is_annotated_once_and_every_note_has_its_source():
    assert sorted(re.findall(r"\{cite\}`([\w-]+)`", PAGE)) == sorted(entries())
    assert sorted(notes()) == sorted(entries())
    for key, (term, note) in notes().items():
        assert term.startswith("["), f"{key}: the title is an anchor"
        assert "**" in term, f"{key}: the title stands out"
        assert f"{{#read-{key}}}" in term, f"{key}: has an address of its own"
        assert len(re.sub(r"\*\w+:\*", "", note).split()) >= 6, f"{key}: says what to read it for"


def test_the_note_leads_where_the_entry_does():
    for key, fields in entries().items():
        links = URL.findall("".join(notes()[key]))
        own = {fields["url"]} if "url" in fields else set()
        own |= {doi(fields)} if "doi" in fields else set()
        assert not own or own & set(links), f"{key}: links to none of {own}"


def test_the_four_paths_stand_in_their_order():
    found = re.findall(r"^\(path-([\w-]+)\)=$", PAGE, re.MULTILINE)
    assert found == PATHS


def test_every_link_was_seen_somewhere():
    assert {url: where for url, where in printed().items() if url not in seen()} == {}


def test_what_the_book_calls_a_mistake_was_read_at_its_source():
    page = (ROOT / "docs/trust/mistakes-in-print.md").read_text(encoding="utf-8")
    assert {url for url in URL.findall(page) if seen()[url] != "read"} == set()


def test_the_list_of_links_is_not_stale():
    assert set(seen()) - set(printed()) == set()
    assert set(seen().values()) == {"read", "link"}  # the source itself, or its address in a work of others


def test_the_book_cites_itself_as_its_citation_file_does():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    bibtex = re.search(r"```bibtex\n(.*?)```", CITE, re.DOTALL)[1]
    plain = re.sub(r"[{}]|\s+(?=\s)", "", bibtex.replace("\n", " "))
    assert citation["title"] in plain
    assert citation["authors"][0]["name"] in plain
    assert f"Version {citation['version']}" in plain
    assert str(citation["date-released"])[:4] in plain
    said = re.search(r"^> (The book's authors\..*)$", CITE, re.MULTILINE)[1].replace("*", "")
    for part in (citation["title"], f"Version {citation['version']}", str(citation["date-released"])[:4]):
        assert part in said


def test_the_dresses_of_the_formula_are_those_that_the_writers_make():
    answer = (ROOT / "docs/answer.md").read_text(encoding="utf-8")
    source = re.search(r"^:label: answer\n(?::.*\n)*(.*)\n```$", answer, re.MULTILINE)[1]
    setting = Session().settings["two-layer"]
    tree = read(source, setting, "latex").tree
    for writer in (write_latex, write_text, write_unicode):
        assert f"| `{writer(tree, setting)}` |" in CITE
    assert f'| "{write_words(tree, setting)}" |' in CITE


def test_the_reply_that_is_shown_is_the_one_that_the_bar_writes():
    answer = (ROOT / "docs/answer.md").read_text(encoding="utf-8")
    meaning, source = re.search(r"^:label: answer\n:.*\n:meaning: (.*)\n(.*)\n```$", answer, re.MULTILINE).groups()
    setting = Session().settings["two-layer"]
    text = write_text(read(source, setting, "latex").tree, setting)
    assert f"> `{text}`\n\n{meaning}\n\n<address of the book>/formulas/answer.html\n" in CITE
