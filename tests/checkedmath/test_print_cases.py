"""Texts in print and as people paste them get their labels, with a setting and without; label.py proves the labels."""

import csv
from pathlib import Path

import pytest

from checkedmath.judging.session import Session
from course.settings import SETTINGS

CASES = Path(__file__).parents[1] / "cases"


def rows(name):
    with (CASES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.fixture(scope="module")
def session():
    return Session(SETTINGS)


def is_right(row, found):
    if row["where"] and found.verdict == "conditional":
        return bool({condition.code for condition in found.where} & set(row["where"].split("|")))
    return found.verdict in {"fails": {"fails", "conditional"}}.get(row["truth"], {row["truth"]})


@pytest.mark.parametrize("row", rows("print.tsv"), ids=lambda row: row["id"])
def test_every_text_gets_its_label(session, row):
    text = row["text"].replace("⏎", "\n")
    for setting in (None, row["setting"]):
        found = session.check(text, setting, nearest=False)
        assert is_right(row, found), (setting, found.message)


def test_nothing_false_that_was_kept_aside_holds(session):
    kept = rows("print-held-out.tsv")
    found = [session.check(row["text"].replace("⏎", "\n"), nearest=False) for row in kept]
    pairs = list(zip(kept, found, strict=True))
    right = [is_right(row, one) for row, one in pairs]
    assert [row["id"] for row, one in pairs if row["truth"] != "holds" and one.verdict == "holds"] == []
    assert sum(right) >= 0.85 * len(kept)


@pytest.mark.parametrize(("text", "said"), [
    (r"i \neq j", "it gives indices"), (r"l = L-1, L-2, ..., 1", "it gives indices"), ("0 ≤ i ≤ 9", "it gives indices"),
    (r"z_k^{(l+1)}, k = 1, 2, \dots, K", "it gives indices"),
    (r"W \in \mathbb{R}^{8 \times 20}", "it gives sizes of its own"),
    (r"U \in R^{m \times 1}", "it gives sizes of its own"),
    ("C = 2", "it gives numbers"), (r"y = \begin{pmatrix} 0 \\ 1 \end{pmatrix}", "it gives numbers"),
    (r"C = C(a^L_1, ..., a^L_n)", "it gives what it depends on"),
])  # fmt: skip
def test_half_a_sentence_is_neither_true_nor_false(session, text, said):
    found = session.check(text)
    assert (found.verdict, said in found.message) == ("unreadable", True)


@pytest.mark.parametrize("text", [
    r"W^{[l]} \in \mathbb{R}^{n^{[l+1]} \times n^{[l]}}", r"z[1] \in \mathbb{R}^{n_2}", "J = 0", "i = j, z_i = a_j",
    r"y = 0, dz = a - 1",
])  # fmt: skip
def test_a_claim_is_no_half_of_a_sentence(session, text):
    assert session.check(text).verdict in {"fails", "unreadable"}
    assert "it gives" not in session.check(text).message


@pytest.mark.parametrize(("text", "note"), [
    (r"s(x)_i = \frac{e^{x_i}}{\sum_j e^{x_j}}, \frac{\partial s(x)_i}{\partial x_j} = s(x)_i (\delta_{ij} - s(x)_j)",
     "s is read as the array of its entries at x"),
    (r"\sigma(z)_i = \frac{e^{z_i}}{\sum_j e^{z_j}}", "sigma is read as softmax"),
    (r"\operatorname{softsign}(z) = \frac{z}{1 + |z|}, \operatorname{softsign}'(z) = \frac{1}{(1 + |z|)^2}",
     "softsign is what the text says, q here"),
    (r"z_i = f(x_i), \frac{\partial z_i}{\partial x_j} = \begin{cases} f'(x_i) & i=j \\ 0 & \text{else} \end{cases}",
     "the cases of i and j are read as Kronecker's δ"),
    (r"\frac{\partial J}{\partial b_j^{(l)}} = e_j^{(l)}",
     "in the letters of texts that write e for the error of a unit: e is dz"),
])  # fmt: skip
def test_what_was_read_as_what_is_said(session, text, note):
    found = session.check(text)
    assert (found.verdict, note in found.notes) == ("holds", True)


@pytest.mark.parametrize(("text", "code"), [
    (r"a^{(l)} = f(W^{(l)T} a^{(l-1)} + b^{(l)})", "W-transposed"),
    ("z[2] = W[2]T a[1] + b[2], dW[2] = a[1] dz[2]T, da[1] = W[2] dz[2]", "W-transposed"),
    (r"\delta^L = 2(a^L - y) \odot \sigma'(z^L)", "loss-squared"),
    (r"db = \frac{1}{N} \sum_{n=1}^N (a^{(n)} - y^{(n)})", "m-is-n"),
    (r"\frac{\partial J}{\partial W^{[l]}} = \frac{1}{N} dZ^{[l]} A^{[l-1]T}", "m-is-n"),
])  # fmt: skip
def test_another_convention_is_named(session, text, code):
    found = session.check(text)
    assert (found.verdict, code in {condition.code for condition in found.where}) == ("conditional", True)


def test_w_is_only_turned_where_a_text_transposes_it_before_what_it_multiplies(session):
    found = session.check("dz[1] = W[2] dz[2] * g[1]'(z[1])")
    assert (found.verdict, found.nearest) == ("fails", "dz[1] = W[2]T dz[2] * g[1]'(z[1])")


@pytest.mark.parametrize("text", [
    r"\frac{dC}{ds} = \frac{dC}{dp} \frac{dp}{ds}",
    r"\frac{\partial \xi}{\partial t} = \frac{\partial p}{\partial t} \frac{\partial \xi}{\partial p}",
])  # fmt: skip
def test_the_chain_rule_holds_where_each_letter_depends_on_the_next(session, text):
    found = session.check(text)
    assert found.verdict == "holds"
    assert "where each of its letters depends on the next one alone" in found.message


@pytest.mark.parametrize("text", [
    r"\frac{dC}{ds} = \frac{dC}{dp} \frac{ds}{dp}", r"\frac{dC}{ds} = 2 \frac{dC}{dp} \frac{dp}{ds}",
    r"\frac{dC}{ds} = \frac{dC}{dp} + \frac{dp}{ds}", r"\frac{dC}{ds} = \frac{dC}{dp} \frac{dp}{dq}",
    r"\frac{dC}{ds} = \frac{dC}{dp} \frac{dp}{ds} = \frac{dC}{dp}", r"\frac{dC}{dU} = \frac{dC}{dp} \frac{dp}{dU}",
])  # fmt: skip
def test_no_other_product_of_derivatives_is_the_chain_rule(session, text):
    assert session.check(text).verdict != "holds"
