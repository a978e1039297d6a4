"""The record of a text: that of the command line, with what a page draws of it; the same where NumPy is absent."""

import csv
import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from checkedmath.command_line.commands import main
from checkedmath.judging.report import Referee, examine
from checkedmath.judging.session import Session
from course import example
from course.settings import SETTINGS

CASES = Path(__file__).parents[1] / "cases"
CHILD = """
import json, sys
sys.modules["numpy"] = None  # an import of it fails
from checkedmath.judging.report import Referee
referee, found = Referee("course.settings:SETTINGS"), []
for text, setting in json.load(sys.stdin):
    record = json.loads(referee.check(json.dumps({"text": text, "setting": setting})))
    found.append([record, json.loads(referee.dress())])
json.dump(found, sys.stdout)
"""
#: What no two runs have in common: a time, and a difference with all its rounding.
CLOCK = {"ms", "error"}


@pytest.fixture(scope="module")
def session():
    return Session(SETTINGS)


def rows():
    """Return every row of the case files that has a text: the text, and its setting."""
    for path in sorted(CASES.glob("*.tsv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                if row.get("text") and (row.get("setting") or "") in {"", "identities", *SETTINGS}:
                    yield row["text"].replace("⏎", "\n"), row.get("setting") or ""


def steady(found):
    return {key: value for key, value in json.loads(json.dumps(found)).items() if key not in CLOCK}


@pytest.mark.parametrize("count", [40, pytest.param(0, marks=pytest.mark.long)])
def test_without_numpy_record_and_drawings_are_the_same(session, count):
    every = sorted(set(rows()))
    chosen = random.Random(5).sample(every, count) if count else every
    run = subprocess.run(
        [sys.executable, "-c", CHILD], input=json.dumps(chosen), capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr[-2000:]
    for (text, setting), (record, dress) in zip(chosen, json.loads(run.stdout), strict=True):
        examined = examine(session, text, setting)
        assert steady(record) == steady(examined.record()), text
        assert steady(dress) == steady(examined.dress()), text


def test_the_command_line_prints_the_record(session, capsys):
    text = "dz[1] = W[2] dz[2] * g[1]'(z[1])"
    main(["check", text, "--full"])
    full = json.loads(capsys.readouterr().out)
    main(["check", text, "--json"])
    short = json.loads(capsys.readouterr().out)
    assert {key: full[key] for key in short if key not in CLOCK} == {k: short[k] for k in short if k not in CLOCK}
    examined = examine(session, text)
    assert steady(full) == steady(examined.record() | examined.dress())


def test_a_fault_is_marked_where_it_stands_and_what_the_nearest_has_instead(session):
    dress = examine(session, "dz[1] = W[2] dz[2] * g[1]'(z[1])").dress()
    (read,) = dress["read"]
    marked = [part for part in ("W^{[2]}", "dz^{[2]}", "g^{[1]", "z^{[1]}") if f"mark=fault}}{{{part}" in read]
    assert marked == ["W^{[2]}", "dz^{[2]}"]
    assert r"mark=changed}{W^{[2]T}" in dress["nearest_latex"]
    assert dress["nearest_latex"].count("mark=changed") == 1
    assert "latex" not in dress  # what is not true has no copies


def test_a_block_has_a_line_for_each_statement(session):
    text = "dZ2 = A2 - Y\ndW2 = np.dot(dZ2, A1.T)\ndb2 = np.sum(dZ2, axis=1, keepdims=True) / m"
    found = examine(session, text).record()
    lines = [(line["line"], line["verdict"]) for line in found["lines"]]
    assert lines == [(1, "holds"), (2, "conditional"), (3, "holds")]
    assert found["page"].startswith("use/questions#")


def test_a_true_formula_has_its_forms(session):
    dress = examine(session, "dW[1] = 1/m dZ[1] A[0]T").dress()
    assert all(dress[name] for name in ("latex", "forum", "unicode", "words", "numbers", "rows", "numpy", "symbols"))


def test_what_cannot_be_read_has_no_drawings(session):
    examined = examine(session, "dW = ((")
    assert examined.record()["span"] == [7, 8]
    assert examined.dress()["read"] == []


def test_an_unknown_setting_is_said(session):
    referee = Referee("course.settings:SETTINGS")
    record = json.loads(referee.check(json.dumps({"text": "dz = a - y", "setting": "two-layers"})))
    assert record["verdict"] == "unreadable"
    assert "two-layers" in record["message"]
    assert json.loads(referee.dress()) == {}


@pytest.mark.parametrize(("text", "why"), [
    ("dW[1] = dz[1] a[0]T", ""), ("dz[1] x^T", ""), ("dz[1] a[0]T = dW[1]", ""),
    ("dW[1] = dW[1]", "itself"), ("dz[1] = da[1] * g[1]'(z[1])", "does not say"),
    ("dW[1] = (W[2]T dz[2] * g[1]'(z[1])) x^T", "alone"), ("dW[1] = dz[1] a[1]T", "(n_1, n_1)"),
])  # fmt: skip
def test_an_answer_is_true_and_says_what_is_asked_for(text, why):
    referee = Referee("course.settings:SETTINGS")
    answers = {"target": "dW[1]", "names": "dz[1], a[0], x"}
    asked = {"text": text, "setting": "two-layer", "target": "dW[1]", "answers": answers}
    said = json.loads(referee.check(json.dumps(asked)))["answers"]
    assert (why in said) if why else not said


def test_conditions_that_the_reader_grants_are_named_first(session):
    found = examine(session, "dW1 = X.T @ dZ1 / m", wanted=["rows-W", "rows-WT"]).record()
    assert [one["code"] for one in found["where"]] == ["rows-W"]


def test_the_example_is_the_network_of_the_book():
    from backprop import book

    network, (X, Y) = book.network(), book.data()
    assert X.tolist() == example.X
    assert Y.tolist() == example.Y
    for l, (W, b) in enumerate([(example.W1, example.b1), (example.W2, example.b2)], 1):
        assert network.W[l].tolist() == W
        assert b == network.b[l].tolist()
