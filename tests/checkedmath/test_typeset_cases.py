"""Typeset and forum text about networks gets its label; ``tests/cases/label.py`` proves the labels."""

import csv
import re
from pathlib import Path
from random import Random

import pytest

from checkedmath.judging.session import Session
from course.settings import SETTINGS

with (Path(__file__).parents[1] / "cases/typeset.tsv").open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.fixture(scope="module")
def session():
    return Session(SETTINGS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_every_text_gets_its_label(session, row):
    found = session.check(row["text"], row["setting"], nearest=False)
    assert found.verdict in {"fails": {"fails", "conditional"}}.get(row["truth"], {row["truth"]}), found.message
    if row["where"]:
        assert {condition.code for condition in found.where} & set(row["where"].split("|"))


@pytest.mark.parametrize(("setting", "text", "note"), [
    ("logistic", r"\frac{\delta L}{\delta w} = (a - y) x", "δ is read as ∂ in a quotient"),
    ("deep", r"z^k = W^k a^{k-1} + b^k", "k is the layer here, l"),
    ("logistic", "w → w − α dw", "→ is read as :="),
    ("two-layer", r"\delta^{(3)} = a^{(3)} - y, \delta^{(2)} = (\Theta^{(2)})^T \delta^{(3)} .* g'(z^{(2)})",
     "in the letters of the course Machine Learning of 2011: Θ is W; the inputs are its layer 1"),
    ("logistic", r"\frac{\partial E}{\partial w} = (o - t) x", "in the letters of the delta rule: o is a, t is y"),
])  # fmt: skip
def test_what_was_read_as_what_is_said(session, setting, text, note):
    found = session.check(text, setting)
    assert (found.verdict, note in found.notes) == ("holds", True)


@pytest.mark.parametrize(("setting", "text", "said"), [
    ("two-layer", "L(a[1], y) = L", "the loss is a function of a[L], z[L], yhat, y, x, W, b; here it is taken at a[1]"),
    ("logistic", "L(exp(a), y) = L", "here it is taken at exp(a), y"),
    ("logistic-batch", r"J = \frac{1}{m} \sum_{i=1}^m L(a^{(i)}, y^{(j)})", ", of one example,"),
    ("deep", r"\frac{\partial C(\alpha)}{\partial b^{l}} = \delta^l", "here it is taken at alpha"),
])  # fmt: skip
def test_a_wrong_argument_is_said(session, setting, text, said):
    found = session.check(text, setting)
    assert (found.verdict, said in found.message) == ("fails", True)


@pytest.mark.parametrize(("setting", "text", "expected"), [
    ("deep", r"z^k = W^k a^{k-1} + \sum_l b^k", "a symbol of deep"),  # l and k cannot both be the layer
    ("two-layer", r"\delta = \Theta^{(2)T} \delta^{(3)} .* g'(z^{(2)})", "a symbol of two-layer"),  # δ of which layer?
    ("logistic", r"\nabla L = (a - y) x", "something to differentiate after ∇, as in ∇_z L"),
    ("logistic", r"a \over 1 - a", r"braces round a quotient with \over: {a \over b}"),
])  # fmt: skip
def test_what_is_open_is_not_read(session, setting, text, expected):
    found = session.check(text, setting)
    assert (found.verdict, expected in found.message) == ("unreadable", True)


def test_nothing_can_be_put_into_a_true_text(session):
    """Wherever something is put in, the text is false, conditional or unreadable; a comment alone may grow."""
    draw = Random(7)
    count, survivors = 0, []
    for row in (row for row in ROWS if row["truth"] == "holds"):
        text = row["text"].split("#")[0].rstrip()
        places = [match.start() for match in re.finditer(r"(?<![\\A-Za-z])(?=.)|$", text)]
        for piece in (" + 5 y ", r" \cdot 3 ", " = 7 ", " < 0 "):
            for k in draw.sample(places, 2):
                count += 1
                if session.check(new := text[:k] + piece + text[k:], row["setting"], nearest=False).verdict == "holds":
                    survivors.append(new)
    assert survivors == []
    assert count > 600
