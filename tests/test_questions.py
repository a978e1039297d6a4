"""The page of questions, and the table that leads from what learners ask to an anchor."""

import re

import pytest

PAGE = "use/questions.md"
COLUMNS = ["number", "question", "page", "anchor"]
LAST = 56  # how many questions were collected; up to 48 they are about single formulas
FENCED = re.compile(r"^(`{3,})\{.*?^\1$", re.MULTILINE | re.DOTALL)  # directives: settings, slips
DISPLAY = re.compile(r"^\$\$$.*?^\$\$(?: *\([\w-]+\))?$", re.MULTILINE | re.DOTALL)
TARGET = re.compile(r"^\(([\w-]+)\)=$", re.MULTILINE)
LINK = re.compile(r"\]\(([^)\s]+)\)")  # the text before it may hold brackets, as in dz[1]


def targets(page):
    """Return the explicit MyST targets of a page, in their order."""
    return TARGET.findall(page)


def answers(page):
    """Return triples of anchor, question and answer; the anchor is "" where there is none.

    A question is a heading of the third level.  The answer ends at the next heading or target.
    """
    found = []
    for match in re.finditer(r"^### (.+)\n", page, re.MULTILINE):
        before = page[: match.start()].rstrip().rpartition("\n")[2]
        anchor = TARGET.fullmatch(before)
        rest = page[match.end() :]
        end = re.search(r"^(?:#{1,3} |\([\w-]+\)=$)", rest, re.MULTILINE)
        found.append((anchor[1] if anchor else "", match[1], rest[: end.start()] if end else rest))
    return found


def sentences(answer):
    """Return roughly how many sentences an answer has; formulas, tables and lists do not count.

    A line that ends with a colon, before a displayed formula, is a sentence.
    """
    text = DISPLAY.sub("", FENCED.sub("", answer))
    text = "\n".join(line for line in text.splitlines() if not line.startswith("|"))
    text = re.sub(r"\$[^$]*\$", "formula", re.sub(r"``? .*? ``?|`[^`]*`", "code", text))
    return len(re.findall(r"[.?!][\"*)]*(?=\s|$)|:$", text, re.MULTILINE))


def faults(page):
    """Return a sentence for each fault of the page's questions."""
    found = []
    seen = set()
    for anchor, question, answer in answers(page):
        if not anchor.startswith("q-"):
            found.append(f"{question}: expected an anchor (q-…)= above the heading, got {anchor!r}")
        if anchor in seen:
            found.append(f"{question}: the anchor {anchor} is used twice")
        seen.add(anchor)
        if "$" in question:
            found.append(f"{question}: a heading holds no TeX, it is a link's title")
        number = sentences(answer)
        if not 2 <= number <= 5:
            found.append(f"{question}: expected 2 to 5 sentences, got {number}")
        if not any(not target.startswith("http") for target in LINK.findall(answer)):
            found.append(f"{question}: expected a link into the book")
    return found


def read_table(text):
    """Return the rows as dicts, and the numbers that a comment leaves out, with the reason."""
    rows, left_out = [], {}
    for line in text.splitlines():
        if line.startswith("#"):
            match = re.fullmatch(r"# left out: (\d+) (\S.*)", line)
            assert match, f"expected '# left out: number reason', got {line!r}"
            left_out[int(match[1])] = match[2]
        else:
            cells = line.split("\t")
            assert len(cells) == len(COLUMNS), f"expected {len(COLUMNS)} columns, got {line!r}"
            rows.append(dict(zip(COLUMNS, cells, strict=True)))
    assert list(rows.pop(0)) == COLUMNS
    return rows, left_out


def missing(rows, pages):
    """Return a sentence for each row whose page has no such explicit target."""
    return [
        f"{row['number']} {row['question']}: {row['page']}.md has no ({row['anchor']})="
        for row in rows
        if row["anchor"] not in targets(pages.get(f"{row['page']}.md", ""))
    ]


@pytest.fixture(scope="module")
def table(project):
    return read_table((project / "tests/cases/questions.tsv").read_text(encoding="utf-8"))


def test_each_question_has_an_anchor_a_short_answer_and_a_link(pages):
    assert faults(pages[PAGE]) == []


def test_there_are_enough_questions(pages):
    assert len(answers(pages[PAGE])) >= 45


def test_each_anchor_of_the_table_exists(table, pages):
    assert missing(table[0], pages) == []


def test_each_number_leads_somewhere_or_is_left_out_with_a_reason(table):
    rows, left_out = table
    mapped = {int(row["number"]) for row in rows}
    assert mapped & left_out.keys() == set()
    assert mapped | left_out.keys() == set(range(1, LAST + 1))
    assert all(reason.strip() for reason in left_out.values())


def test_each_question_of_the_page_is_in_the_table(table, pages):
    listed = {row["anchor"] for row in table[0] if row["page"] == "use/questions"}
    assert listed == {anchor for anchor, _, _ in answers(pages[PAGE])}


def test_no_anchor_stands_twice_on_the_page(pages):
    anchors = targets(pages[PAGE])
    assert sorted(anchors) == sorted(set(anchors))


GOOD = """# Questions

(q-why)=
### Why `dz[1]` and e.g. not `a. b`?

```{setting} two-layer
```

Because of this. It holds for z = 0.5 too:

$$
a = b. c. d.
$$

See [more](other.md#why).

(group)=
## Group
Not. Part. Of. An. Answer. At. All.
"""
BAD = {
    "no anchor": (("(q-why)=\n", ""), "expected an anchor"),
    "another anchor": (("(q-why)=", "(why)="), "expected an anchor"),
    "too short": (("Because of this. It holds for z = 0.5 too:", ""), "got 1"),
    "too long": (("Because of this.", "One. Two! Three? Four."), "got 6"),
    "no link": (("[more](other.md#why)", "more"), "expected a link"),
    "only a link away from the book": (("other.md#why", "https://example.org"), "expected a link"),
    "TeX in the question": (("`dz[1]`", "$z$"), "no TeX"),
    "the anchor twice": (("(group)=\n## Group", "(q-why)=\n### Again?"), "used twice"),
}


def test_a_good_page_has_no_faults():
    assert faults(GOOD) == []


@pytest.mark.parametrize(("change", "message"), BAD.values(), ids=BAD)
def test_a_planted_fault_is_found(change, message):
    page = GOOD.replace(*change)
    assert page != GOOD
    assert any(message in fault for fault in faults(page)), faults(page)


def test_a_missing_anchor_is_found():
    row = {"number": "1", "question": "why", "page": "use/questions", "anchor": "q-why"}
    assert missing([row], {PAGE: GOOD}) == []
    gone = missing([row | {"anchor": "q-not-there"}], {PAGE: GOOD})
    assert gone == ["1 why: use/questions.md has no (q-not-there)="]
    assert missing([row | {"page": "use/no-page"}], {PAGE: GOOD})
