"""False or meaningless texts that once passed: none of them may be called true, on a page or on the command line."""

import csv
from pathlib import Path

import pytest

from checkedmath.__main__ import parse_lets
from checkedmath.statements import Context, judge_text

with (Path(__file__).parents[1] / "cases" / "unsound.tsv").open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def named(row):
    return f"{row['id']}-{row['kind']}"


@pytest.mark.parametrize("row", [row for row in ROWS if row["where"] != "page"], ids=named)
def test_it_is_not_called_true(row, session):
    lets = parse_lets(row["lets"]) if row["lets"] else {}
    verdict = session.check(row["text"].replace("⏎", "\n"), row["setting"], lets=lets, nearest=False)
    assert verdict.verdict != "holds"


@pytest.mark.parametrize("row", [row for row in ROWS if row["where"] != "text"], ids=named)
def test_it_does_not_pass_on_a_page(row, session):
    lets = parse_lets(row["lets"]) if row["lets"] else {}
    found = judge_text(row["text"].replace("⏎", "\n"), "display", Context(row["setting"], lets=lets), session)
    assert any(statement.verdict.verdict != "holds" for statement in found)


def test_there_is_a_case_of_every_kind():
    assert len(ROWS) > 200
    assert len({row["kind"] for row in ROWS}) > 20
