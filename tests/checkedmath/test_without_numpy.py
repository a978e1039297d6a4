"""Formulas of the course and free letters are judged the same where NumPy is absent: a reader's browser has none."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from checkedmath.values import arrays
from checkedmath.values.namespace import namespace
from course.settings import SETTINGS

CASES = Path(__file__).parents[1] / "cases"

CHILD = """
import dataclasses, json, sys
if sys.argv[1] == "without":
    sys.modules["numpy"] = None  # an import of it fails
from checkedmath.judging.session import Session
from checkedmath.subject.declared_letters import parse_lets
from course.settings import SETTINGS
session, found = Session(SETTINGS), []
for row in json.load(sys.stdin):
    verdict = session.check(row["text"], row["setting"], style=row["style"], lets=parse_lets(row["lets"]))
    found.append(dataclasses.asdict(verdict))
json.dump([found, [name for name in sys.modules if name.split(".")[0] == "numpy" and sys.modules[name]]], sys.stdout)
"""
#: The largest difference of the sides is a number with all its rounding; a time is never the same.
ROUNDED = {"error", "ms"}


def read(name):
    with (CASES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def rows():
    every = [row for name in ("formulas", "forum", "unsound", "numpy_true") for row in read(f"{name}.tsv")]
    every += read("false.tsv")[::5]
    styles = {"latex", "text", "numpy"}
    found = [
        {"text": row["text"].replace("⏎", "\n"), "style": row.get("style") if row.get("style") in styles else "auto",
         "lets": row.get("lets") or "", "setting": row.get("setting")}
        for row in every if row.get("setting") in {"identities", *SETTINGS}
    ]  # fmt: skip
    free = [row for row in found if row["setting"] == "identities"]
    return free + [row for row in found if row not in free][::5]


def judged(how, texts):
    run = subprocess.run(
        [sys.executable, "-c", CHILD, how], input=json.dumps(texts), capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr[-2000:]
    return json.loads(run.stdout)


@pytest.fixture(scope="module")
def both():
    """The texts, and what is said of each with NumPy and without it."""
    texts = rows()
    (with_numpy, loaded), (without, none) = judged("with", texts), judged("without", texts)
    assert (bool(loaded), none) == (True, [])
    return list(zip(texts, with_numpy, without, strict=True))


def test_verdicts_and_messages_are_the_same(both):
    different = {
        text["text"]: {key: (one[key], other[key]) for key in one if key not in ROUNDED and one[key] != other[key]}
        for text, one, other in both
    }
    assert {text: what for text, what in different.items() if what} == {}
    assert len(both) > 400
    assert {text["setting"] for text, *_ in both} == {"identities", *SETTINGS}


def test_differences_of_the_sides_are_the_same_but_for_rounding(both):
    for text, one, other in both:
        assert other["error"] == pytest.approx(one["error"], rel=1e-9, abs=1e-12), text


def test_each_kind_of_verdict_is_among_them(both):
    assert {one["verdict"] for _, one, _ in both} == {"holds", "conditional", "fails", "unreadable"}


def test_numpy_is_taken_where_it_is_installed(monkeypatch):
    namespace.cache_clear()
    monkeypatch.setitem(sys.modules, "numpy", None)
    assert namespace() is arrays
    namespace.cache_clear()
    monkeypatch.undo()
    assert namespace().__name__ == "numpy"
