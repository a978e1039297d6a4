"""Code as people paste it: other names, other languages, blocks of several lines.

The labels of `tests/cases/code.tsv` are proved by `tests/cases/label.py`; `code-held-out.tsv` was not looked at while
the reader was made.
"""

import csv
import random
import re
from pathlib import Path

import pytest

from checkedmath.reading.languages import JULIA, OCTAVE, R, language_of

CASES = Path(__file__).parents[1] / "cases"
INSERTED = (" * 3", " + 5", " - Y", " = 7", " < 0", ".T", "' ", " 2", " .* 3", " @ W1", "\n", "(", '"')
PIECE = re.compile(r"[A-Za-z_]\w*|\d+|\s+|.", re.DOTALL)
#: What still says the same, for a reason that needs no checker: NumPy's own, or of a number.
SAME = {
    "np.outer takes columns and rows": r"np\.outer\(",
    "a number has no axes": r"^J|sum\(dz",
    "three times something has its sign, and three times 0 is 0": r"\[Z1 \* 3 <= 0\]|<= 0 \* 3\]|= 0 \* 3$",
    "a comment, or a line of its own": r"#|\n",
    "read as forum text: np.dot is dot there": r"np\.dot' ",
}


def rows(name):
    with (CASES / name).open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [{**row, "text": row["text"].replace("⏎", "\n")} for row in found]


TUNED, HELD_OUT = rows("code.tsv"), rows("code-held-out.tsv")


def is_right(row, verdict):
    """A condition of several codes, rows-W+dZ-is-dJ, wants them all; a slip may come back as conditional."""
    if row["truth"] == "conditional":
        codes = {condition.code for condition in verdict.where}
        return any(set(code.split("+")) <= codes for code in row["where"].split("|"))
    return verdict.verdict == row["truth"] or (row["truth"], verdict.verdict) == ("fails", "conditional")


def test_every_text_gets_its_label(session):
    wrong = {row["id"]: said.message for row in TUNED
             if not is_right(row, said := session.check(row["text"], row["setting"], nearest=False))}  # fmt: skip
    assert wrong == {}
    assert len(TUNED) > 60


def test_nothing_false_is_called_true(session):
    false = [row for row in TUNED + HELD_OUT if row["truth"] != "holds"]
    assert [row["id"] for row in false if session.check(row["text"], row["setting"]).verdict == "holds"] == []
    assert len(false) > 45


def test_what_was_held_out_is_mostly_right(session):
    right = [row["id"] for row in HELD_OUT if is_right(row, session.check(row["text"], row["setting"], nearest=False))]
    assert len(right) >= 0.85 * len(HELD_OUT) > 25


@pytest.mark.parametrize("seed", range(2))
def test_nothing_of_a_code_is_dropped(session, seed):
    """Something is put into a gap of a true text; what still holds says the same for a reason of its own."""
    chance = random.Random(seed)
    held, tried = [], 0
    for row in TUNED + HELD_OUT:
        if row["truth"] != "holds":
            continue
        text = row["text"]
        gaps = [match.end() for match in PIECE.finditer(text)]
        for place in chance.sample(gaps, min(6, len(gaps))):
            changed = text[:place] + (put := chance.choice(INSERTED)) + text[place:]
            verdict = session.check(changed, row["setting"], nearest=False)
            assert "checker itself failed" not in verdict.message, changed
            tried += 1
            if verdict.verdict == "holds" and put.strip() and not any(re.search(p, changed) for p in SAME.values()):
                held.append(changed)
    assert held == []
    assert tried > 150


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("dW2 <- dZ2 %*% t(A1)", R), ("db1 = rowSums(dZ1) / m", R), ("dZ1 = W2' * dZ2 .* (1 - A1.^2)", OCTAVE),
        ("db = sum(dZ, 2) / m", OCTAVE), ("dw = X * dZ' / m;", OCTAVE), ("db = sum(dZ, dims=2) ./ m", JULIA),
        ("A1 = tanh.(Z1)", JULIA), ("dW1 = 1./m * np.dot(dZ1, X.T)", None), ("dz[1] = W[2]' dz[2]", None),
        (r"dW^{[1]} = \frac{1}{m} dZ^{[1]} X^T", None), ("dW2 = dZ2.mm(A1.t()) / m", None),
    ],
)  # fmt: skip
def test_a_language_is_known_by_its_signs(text, language):
    assert language_of(text) is language


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("dZ1 = (W2'* dZ2) .* (1 - A1^2);", "fails"),  # the matrix power in Octave
        ("A1 = tanh.(Z1)\ndZ1 = W2' * dZ2 .* (1 - A1.^2)", "fails"),  # no number minus array in Julia
        ("Z1 <- W1 %*% X + b1", "holds"),  # a column goes down the columns in R
        ("dZ1 <- dA1 * t(b1)", "fails"),  # and a row does not
        ("A1 = tanh.(Z1)\nZ1 = W1 * X + b1", "conditional"),  # Julia's + repeats nothing: with one example
        ("dW1 = dZ1 .* X' / m;", "conditional"),  # repeated to fit, with one example
        ("db2 = sum(dZ2) / m;", "conditional"),  # right with one output unit: Octave's sum of a row is its sum
    ],
)
def test_a_sign_means_what_it_means_in_its_language(session, text, says):
    assert session.check(text, "two-layer-batch", nearest=False).verdict == says


def test_a_block_names_its_worst_line_and_counts_the_others(session):
    text = "dZ2 = A2 - Y\ndW2 = dZ2 @ A1.T / m\ndb2 = np.sum(dZ2, axis=1, keepdims=True)\ndA1 = W2.T @ dZ2"
    verdict = session.check(text, "two-layer-batch")
    assert (verdict.verdict, verdict.line) == ("fails", 3)
    assert verdict.message.startswith("line 3: ")
    assert verdict.message.endswith("; the other 3 statements are true")
    assert verdict.mistake == "one-over-m-missing"


def test_what_differs_between_branches_may_not_be_used_below(session):
    text = "if training:\n    s = A1\nelse:\n    s = 1 - A1\ndZ1 = dA1 * s * (1 - s)"
    verdict = session.check(text, "two-layer-batch")
    assert verdict.verdict == "unreadable"
    assert "the same whichever way the code takes" in verdict.message


def test_a_branch_that_names_another_function_is_judged_with_it(session):
    right = 'if g == "relu":\n    dZ1 = dA1 * (Z1 > 0)\nelif g == "tanh":\n    dZ1 = dA1 * (1 - A1**2)'
    assert session.check(right, "two-layer-batch").verdict == "holds"
    wrong = right.replace("relu", "sigmoid", 1)
    assert session.check(wrong, "two-layer-batch").verdict != "holds"


@pytest.mark.parametrize(
    ("head", "says"),
    [("range(1, L + 1)", "holds"), ("range(L, 0, -1)", "holds"), ("range(L)", "fails"), ("range(1, L + 2)", "fails")],
)
def test_a_loop_runs_over_layers_that_exist(session, head, says):
    text = f"for l in {head}:\n    dW[l] = dZ[l] @ A[l - 1].T / m"
    assert session.check(text, "deep-batch").verdict == says


def test_the_names_of_other_sources_are_said(session):
    verdict = session.check("dscores = probs - y_onehot", "two-layer-batch")
    assert verdict.verdict == "holds"
    assert any(note.startswith("dscores is dZ[2] here") for note in verdict.notes)


def test_rows_are_the_first_thing_that_is_said(session):
    verdict = session.check("W1 -= lr * X.T @ dZ1", "two-layer-batch", nearest=False)
    assert [condition.code for condition in verdict.where] == ["rows-W", "dZ-is-dJ"]
    assert verdict.message.startswith("true if examples are rows")
