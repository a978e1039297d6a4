"""What the tests of the checker share: the case files, one session, the verdicts on all cases."""

import csv
from pathlib import Path

import pytest

from checkedmath.judging.session import Session
from checkedmath.syntax.budget import budget, spent
from course.settings import SETTINGS

CASES = Path(__file__).parents[1] / "cases"


def read_rows(name):
    with (CASES / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [row | {"text": row["text"].replace("⏎", "\n")} for row in rows]


@pytest.fixture(scope="session")
def cases():
    """Every row of both case files."""
    return [*read_rows("formulas.tsv"), *read_rows("forum.tsv")]


@pytest.fixture(scope="session")
def session():
    """One session for all tests, as for a batch of formulas."""
    return Session(SETTINGS)


@pytest.fixture(scope="session")
def verdicts_and_costs(cases, session):
    found = {}
    for case in cases:
        with budget(case["text"]):
            found[case["id"]] = session.check(case["text"], case["setting"]), spent()
    return found


@pytest.fixture(scope="session")
def verdicts(verdicts_and_costs):
    """The verdict on every case, with the nearest true formula where there is one to find."""
    return {name: verdict for name, (verdict, _) in verdicts_and_costs.items()}


@pytest.fixture(scope="session")
def costs(verdicts_and_costs):
    """How many steps it took to judge every case."""
    return {name: cost for name, (_, cost) in verdicts_and_costs.items()}


@pytest.fixture
def show(record_property):
    """Return a function that puts a table into the summary at the end of the run."""

    def show(title, *lines):
        record_property("table", "\n".join((title, *lines)))

    return show
