"""False or meaningless texts that once passed: none of them may be called true, on a page or on the command line."""

import csv
import runpy
from pathlib import Path

import pytest

from checkedmath.__main__ import parse_lets
from checkedmath.statements import Context, judge_text

CASES = Path(__file__).parents[1] / "cases"


def _rows(name):
    with (CASES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


# What once passed, and further formulas of the same kinds, which `false_proofs.py` refutes where numbers can.
ROWS = [*_rows("unsound.tsv"), *_rows("false.tsv")]


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


def test_the_counter_examples_are_counter_examples():
    proofs = runpy.run_path(str(CASES / "false_proofs.py"))
    wrong, count = proofs["main"]()
    assert not wrong
    assert count > 300
    proved = {name for *_, names in proofs["PROOFS"] for name in names.split()}
    assert proved <= {row["id"] for row in ROWS}
