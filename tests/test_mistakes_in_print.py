"""The page that corrects others shows its sources: each false formula stands beside the file it was read in."""

import re

import pytest

ENTRY = re.compile(r"^### (.+)\n", re.MULTILINE)
DISPLAY = re.compile(r"^```\{math\}\n:expect-(false|conditional): (\S+)\n\n(.+?)\n```$", re.MULTILINE | re.DOTALL)
ADDRESS = re.compile(r"^\[([\w-]+)\]: (\S+)$", re.MULTILINE)
#: A file in the state of one commit: what stands there cannot change under the entry.
PINNED = re.compile(r"https://github\.com/[\w.-]+/[\w.-]+/blob/[0-9a-f]{40}/\S+")
THREAD = re.compile(r"https://github\.com/[\w.-]+/[\w.-]+/(issues|pull)/\d+")
NUMBER = r"\d+|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|dozen"


@pytest.fixture(scope="module")
def page(pages):
    return pages["trust/mistakes-in-print.md"]


@pytest.fixture(scope="module")
def entries(page):
    """Each entry by its title; the last section is one without a heading of its own."""
    body = page.partition("\n## What helped")[0]
    parts = ENTRY.split(body.replace("## Reported, and not wrong\n", "## \n### Reported, and not wrong\n"))
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_every_entry_shows_its_formula_and_the_file_it_was_read_in(page, entries):
    addresses = dict(ADDRESS.findall(page))
    assert len(entries) >= 12
    for title, text in entries.items():
        assert DISPLAY.search(text), f"{title}: shows no formula that the build finds false"
        links = [addresses[key] for key in re.findall(r"\]\[([\w-]+)\]", text)]
        assert any(PINNED.fullmatch(url) for url in links), f"{title}: names no file at a commit"


def test_every_false_formula_stands_in_an_entry(page, entries):
    assert len(DISPLAY.findall(page)) == sum(len(DISPLAY.findall(text)) for text in entries.values())


def test_every_address_is_a_file_at_a_commit_or_a_thread_and_is_used(page):
    addresses = dict(ADDRESS.findall(page))
    assert len(addresses) == len(ADDRESS.findall(page))
    assert [url for url in addresses.values() if not (PINNED.fullmatch(url) or THREAD.fullmatch(url))] == []
    assert set(re.findall(r"\]\[([\w-]+)\]", page)) == set(addresses)


def test_no_count_is_typed(page):
    """How many entries there are is seen on the page; a number in its summary would drift."""
    summary = page.partition("\n(print-transpose)=")[0] + page.partition("\n## What helped")[2].partition("\n[")[0]
    assert re.findall(rf"\b(?:{NUMBER})\b(?!-)", summary.lower()) == []


def test_the_entry_that_other_pages_lead_to_says_what_they_promise(page, pages):
    assert "mistakes-in-print.md#print-place" in pages["use/questions.md"]
    section = page.partition("\n(print-place)=\n")[2].partition("\n(print-bias)=\n")[0]
    assert r"\sigma'(z) = z (1 - z)" in section
