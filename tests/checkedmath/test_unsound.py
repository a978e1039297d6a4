"""False or meaningless texts that once passed: none of them may be called true, on a page or on the command line."""

import csv
import runpy
from pathlib import Path

import pytest

from checkedmath.judging import Context, judge_text
from checkedmath.subject.declared_letters import parse_lets

CASES = Path(__file__).parents[1] / "cases"


def _rows(name):
    with (CASES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


# What once passed; and further formulas of the same kinds, which `false_proofs.py` refutes where numbers can.
ONCE, MORE = _rows("unsound.tsv"), _rows("false.tsv")


def named(row):
    return f"{row['id']}-{row['kind']}"


def passing(row, session):
    """Return where a text passes: on the command line, on a page, or nowhere."""
    text, lets = row["text"].replace("⏎", "\n"), parse_lets(row["lets"]) if row["lets"] else {}
    found = []
    if row["where"] != "page" and session.check(text, row["setting"], lets=lets, nearest=False).verdict == "holds":
        found.append("command line")
    if row["where"] != "text":
        stated = judge_text(text, "display", Context(row["setting"], lets=lets), session)
        found += ["page"] * all(statement.verdict.verdict == "holds" for statement in stated)
    return found


@pytest.mark.parametrize("row", ONCE, ids=named)
def test_what_once_passed_passes_no_more(row, session):
    assert passing(row, session) == []


def test_a_sample_of_further_false_formulas_passes_nowhere(session):
    assert [named(row) for row in MORE[::7] if passing(row, session)] == []


@pytest.mark.long
def test_no_further_false_formula_passes_anywhere(session):
    assert [named(row) for row in MORE if passing(row, session)] == []


def test_there_is_a_case_of_every_kind():
    assert len(ONCE) > 200
    assert len({row["kind"] for row in ONCE}) > 20


def test_the_counter_examples_are_counter_examples():
    proofs = runpy.run_path(str(CASES / "false_proofs.py"))
    wrong, count = proofs["main"]()
    assert not wrong
    assert count > 300
    proved = {name for *_, names in proofs["PROOFS"] for name in names.split()}
    assert proved <= {row["id"] for row in MORE}
