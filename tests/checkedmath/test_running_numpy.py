"""NumPy text means what NumPy does: every case is run for real, and the checker and NumPy never disagree."""

from __future__ import annotations

import csv
import sys
from importlib import import_module
from pathlib import Path
from random import Random

import pytest

from checkedmath.syntax.errors import FormulaError

CASES = Path(__file__).parents[1] / "cases"
KINDS = {"bool", "matmul", "alias", "shape-1d"}


@pytest.fixture(scope="module")
def helpers():
    """The modules beside this file that write texts anew and change them."""
    sys.path.insert(0, str(Path(__file__).parent))
    try:
        return import_module("running"), import_module("code_edits")
    finally:
        sys.path.pop(0)


def rows(name):
    with (CASES / name).open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [{**row, "text": row["text"].replace("⏎", "\n")} for row in found]


FALSE = rows("numpy_false.tsv") + [row for row in rows("unsound.tsv") if row["kind"] in KINDS]
TRUE = rows("numpy_true.tsv")
LABELLED = [row for name in ("formulas.tsv", "forum.tsv") for row in rows(name) if row["style"] == "numpy"]


def ran(helpers, session, folder, texts, *, refused=False):
    """Run texts, each with its setting, and return of each its verdict and what came out."""
    running, _ = helpers
    runner, verdicts, left_out = running.Runner(session, folder), [], []
    for text, setting in texts:
        verdict = session.check(text, setting, style="numpy", nearest=False)
        # z stands for Z where a text is about a batch: that is no name of the code.
        widened = any("read as the whole batch" in note for note in verdict.notes)
        if widened or (verdict.verdict == "unreadable" and not refused):
            left_out.append((text, verdict.message))
            continue
        try:
            runner.add(text, setting, verdict.target, refused=refused)
        except (running.NotRun, FormulaError, KeyError) as error:
            left_out.append((text, str(error)))
            continue
        verdicts.append(verdict)
    return list(zip(verdicts, runner.run(), strict=True)), left_out


def disagreements(found):
    """Return the texts of which the checker does not say what NumPy does: equal in each draw, without an exception."""
    wrong = []
    for verdict, (case, anew, own) in found:
        holds, code, tree = verdict.verdict == "holds", set(anew) == {"true"}, set(own) <= {"true"}
        if code and not holds and not tree:
            continue  # a line that was false when it stood there, and that a line below has made good
        if code != holds or (own and tree != holds):
            wrong.append((case.text, verdict.verdict, verdict.message, anew, own))
    return wrong


@pytest.mark.parametrize("style", ["auto", "numpy"])
def test_no_false_numpy_text_holds(session, style):
    held = [
        row["id"] for row in FALSE
        if session.check(row["text"], row["setting"], style=style, nearest=False).verdict == "holds"
    ]  # fmt: skip
    assert held == []
    assert len(FALSE) > 130


@pytest.mark.parametrize("style", ["auto", "numpy"])
def test_true_numpy_texts_hold(session, style):
    verdicts = {row["id"]: session.check(row["text"], row["setting"], style=style, nearest=False) for row in TRUE}
    assert {key: said.message for key, said in verdicts.items() if said.verdict != "holds"} == {}
    assert len(TRUE) > 60


def test_what_is_called_false_is_false_when_it_runs(helpers, session, tmp_path):
    """Also what the checker refuses: NumPy raises there, or gives something else."""
    texts = [(row["text"], row["setting"]) for row in FALSE]
    found, left_out = ran(helpers, session, tmp_path, texts, refused=True)
    assert left_out == []
    assert [case.text for _, (case, anew, _) in found if set(anew) == {"true"}] == []


def test_the_checker_and_numpy_never_disagree_on_the_cases(helpers, session, tmp_path):
    texts = [(row["text"], row["setting"]) for row in (*LABELLED, *TRUE, *FALSE)]
    found, left_out = ran(helpers, session, tmp_path, texts)
    assert disagreements(found) == []
    assert len(found) > 250
    assert sum(bool(own) for _, (_, _, own) in found) > 180
    assert len(left_out) < 80  # what is refused


def on_changed_texts(helpers, session, folder, count, seed):
    _, edits = helpers
    random, texts = Random(seed), {}
    known = [(row["text"], row["setting"]) for row in (*LABELLED, *TRUE, *FALSE)]
    while len(texts) < count:
        text, setting = random.choice(known)
        try:
            changed = edits.edited(text, random)
        except SyntaxError:
            continue
        if len(changed) < 400:
            texts[changed] = setting
    return ran(helpers, session, folder, texts.items())


def test_the_checker_and_numpy_never_disagree_on_changed_cases(helpers, session, tmp_path):
    found, _ = on_changed_texts(helpers, session, tmp_path, 250, 1)
    assert disagreements(found) == []
    assert len(found) > 100


@pytest.mark.long
@pytest.mark.parametrize("seed", range(2, 10))
def test_the_checker_and_numpy_never_disagree_on_many_changed_cases(helpers, session, tmp_path, seed):
    found, _ = on_changed_texts(helpers, session, tmp_path, 2500, seed)
    assert disagreements(found) == []


def test_the_child_runs_nothing_that_is_not_on_its_lists(helpers, session, tmp_path):
    running, _ = helpers
    runner = running.Runner(session, tmp_path)
    for text in ("dZ2 = np.load('x')", "dZ2 = open('x')", "dZ2 = A2.tofile('x')", "dZ2 = __import__('os')"):
        with pytest.raises((running.NotRun, FormulaError)):
            runner.add(text, "two-layer-batch")
