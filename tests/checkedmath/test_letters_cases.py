"""Texts that bring their own letters get their labels; ``tests/cases/label.py`` proves the labels."""

import csv
from pathlib import Path

import pytest

from checkedmath.subject.setting import IDENTITIES

with (Path(__file__).parents[1] / "cases/letters.tsv").open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
#: What a slip is mended by, at least so often.
NAMED = 0.7


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_every_text_gets_its_label(session, row):
    found = session.check(row["text"], IDENTITIES, nearest=False)
    assert found.verdict in {"fails": {"fails", "conditional"}}.get(row["truth"], {row["truth"]}), found.message


def test_most_slips_come_with_the_true_formula(session):
    false = [session.check(row["text"], IDENTITIES) for row in ROWS if row["truth"] == "fails"]
    plain = [verdict for verdict in false if verdict.verdict == "fails"]
    assert sum(bool(verdict.nearest) for verdict in plain) >= NAMED * len(plain) > 20


@pytest.mark.parametrize(
    ("text", "nearest", "mistake"),
    [("d(x^T A x)/dx = 2 A x", "(A + A^T) x", "symmetric"), ("d(x^T A x)/dx = A x", "(A + A^T) x", "term-missing"),
     ("d(x^T x)/dx = x", "2 x", "factor"), (r"\frac{d}{dt} \frac{t^2}{2} = 2t", "t", "factor"),
     ("Y = X W, dL/dX = W^T dL/dY", "(∂L/∂Y) W^T", "order")],
)  # fmt: skip
def test_a_slip_in_an_identity_is_named(session, text, nearest, mistake):
    found = session.check(text, IDENTITIES)
    assert (found.verdict, found.nearest.partition(" = ")[2], found.mistake) == ("fails", nearest, mistake)


@pytest.mark.parametrize(
    ("text", "note"),
    [("z = x W + b, dL/dx = dL/dz W^T", "x is read as a row"), ("d(1/x)/dx = -1/x^2", "x is read as a number"),
     (r"\frac{\partial |A|}{\partial A} = |A| (A^{-1})^T", "|A| is read as the determinant"),
     ("Y = X W, dX = dY W^T", "dX is read as dℓ/dX"), ("d/dx f(g(x)) = f'(g(x)) g'(x)", "x is read as a number")],
)  # fmt: skip
def test_what_a_letter_was_read_as_is_said(session, text, note):
    found = session.check(text, IDENTITIES)
    assert (found.verdict, note in found.notes) == ("holds", True), found.notes


@pytest.mark.parametrize(
    "text",
    ["x y = y x", "A = A^T", "X X^T = X^T X", r"\bar{x} = x", r"\hat{x} = x", "f(s + t) = f(s) + f(t)",
     "f'(x) = 0", r"f'(x) \ne 0", "d(A B) = dA dB", "d(X) = X", r"\mathbf{1} b^T = b \mathbf{1}^T",
     r"A = \begin{bmatrix} a & b \\ c & d \end{bmatrix}, A^T = A", "[a, b] = [b, a]", "y = f(u), dy/du = 0",
     r"x = [x_1, x_2], x^T x = x_1^2", "Y = X W, dX = dY W", r"\sin(s + t) = \sin s + \sin t"],
)  # fmt: skip
def test_what_is_false_of_some_letters_does_not_hold(session, text):
    assert session.check(text, IDENTITIES, nearest=False).verdict != "holds"
