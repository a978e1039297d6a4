"""Formulas with examples as rows: word for word, and judged to be true in that convention."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checkedmath.judging.attempt import attempt
from checkedmath.judging.session import Session
from checkedmath.reading import read as read_text
from checkedmath.reading.mathematics import read_mathematics
from checkedmath.subject.conventions import Way, respects
from checkedmath.subject.view import COURSE
from checkedmath.syntax import tree
from checkedmath.writing.rows import ROWS_W, ROWS_WT, with_rows
from checkedmath.writing.text import write_text

SESSION = Session()
FORMS = [
    # setting, with columns, with rows and W as in the course, with rows and W turned
    ("two-layer-batch", "Z[1] = W[1] X + b[1]", "Z[1] = X W[1]T + b[1]", "Z[1] = X W[1] + b[1]"),
    (
        "two-layer-batch", "dZ[1] = W[2]T dZ[2] * g[1]'(Z[1])",
        "dZ[1] = dZ[2] W[2] * g[1]'(Z[1])", "dZ[1] = dZ[2] W[2]T * g[1]'(Z[1])",
    ),
    (
        "two-layer-batch", "dW[2] = (1/m) dZ[2] A[1]T",
        "dW[2] = (1/m) dZ[2]T A[1]", "dW[2] = (1/m) A[1]T dZ[2]",
    ),
    (
        "two-layer-batch", "db[2] = (1/m) np.sum(dZ[2], axis=1, keepdims=True)",
        "db[2] = (1/m) np.sum(dZ[2], axis=0, keepdims=True)",
        "db[2] = (1/m) np.sum(dZ[2], axis=0, keepdims=True)",
    ),
    (
        "two-layer-batch", "dW[2] = (1/m) sum over i of dZ[2]^(i) A[1]^(i)^T",
        "dW[2] = (1/m) sum over i of dZ[2]^(i)^T A[1]^(i)",
        "dW[2] = (1/m) sum over i of A[1]^(i)^T dZ[2]^(i)",
    ),
    (
        "deep-batch", "dA[l-1] = W[l]T dZ[l]", "dA[l-1] = dZ[l] W[l]", "dA[l-1] = dZ[l] W[l]T",
    ),
    (
        "deep-batch", "dJ/dW[l] = (1/m) dZ[l] A[l-1]T",
        "∂J/∂W[l] = (1/m) dZ[l]T A[l-1]", "∂J/∂W[l] = (1/m) A[l-1]T dZ[l]",
    ),
    (
        "l2-batch", "dW[l] = (1/m) dZ[l] A[l-1]T + (lambda/m) W[l]",
        "dW[l] = (1/m) dZ[l]T A[l-1] + (lambda/m) W[l]", "dW[l] = (1/m) A[l-1]T dZ[l] + (lambda/m) W[l]",
    ),
    ("logistic-batch", "dw = (1/m) X dZ^T", "dw = (1/m) dZ^T X", "dw = (1/m) X^T dZ"),
    ("two-layer-batch", "W[1] ∈ ℝ^{n_1 × n_0}", "W[1] ∈ ℝ^{n_1 × n_0}", "W[1] ∈ ℝ^{n_0 × n_1}"),
    ("two-layer-batch", "A[1] ∈ ℝ^{n_1 × m}", "A[1] ∈ ℝ^{m × n_1}", "A[1] ∈ ℝ^{m × n_1}"),
    (
        "two-layer-batch", "∂J/∂W[2]_kj = (1/m) sum over i of dZ[2]_ki A[1]_ji",
        "∂J/∂W[2]_kj = (1/m) sum over i of dZ[2]_ik A[1]_ij",
        "∂J/∂W[2]_jk = (1/m) sum over i of dZ[2]_ik A[1]_ij",
    ),
]  # fmt: skip


def read(text: str, setting: str) -> tree.Chain:
    return read_mathematics(text, SESSION.settings[setting])[0]


@pytest.mark.parametrize(("setting", "columns", "rows_wt", "rows_w"), FORMS)
def test_forms(setting: str, columns: str, rows_wt: str, rows_w: str) -> None:
    of, chain = SESSION.settings[setting], read(columns, setting)
    assert write_text(with_rows(chain, of, ROWS_WT), of) == rows_wt
    assert write_text(with_rows(chain, of, ROWS_W), of) == rows_w
    assert write_text(chain, of) == write_text(read(columns, setting), of)  # the tree is not changed


JUDGED = [(setting, text) for setting, text, *_ in FORMS]


@pytest.mark.parametrize("convention", [ROWS_WT, ROWS_W])
@pytest.mark.parametrize(("setting", "text"), JUDGED)
def test_a_true_formula_is_true_with_rows_in_that_convention(
    setting: str, text: str, convention: str
) -> None:
    of = SESSION.settings[setting]
    reading = read_text(text, of, "auto")
    turned = replace(reading, tree=with_rows(reading.tree, of, convention))
    claim, _ = SESSION.claim(turned, of, "", {})
    world = next(r for r in respects(claim.tree, of, numpy=False, readings=()) if r.code == convention)
    assert attempt(claim, Way((world,)), COURSE).holds
    # The formula for columns holds there only if it is the same one.
    straight, _ = SESSION.claim(reading, of, "", {})
    assert attempt(straight, Way(), COURSE).holds
    assert attempt(straight, Way((world,)), COURSE).holds == (turned.tree == reading.tree)


@pytest.mark.parametrize("convention", [ROWS_WT, ROWS_W])
def test_twice_turned_is_the_formula_again(convention: str) -> None:
    for setting, columns, *_ in FORMS:
        of, chain = SESSION.settings[setting], read(columns, setting)
        assert with_rows(with_rows(chain, of, convention), of, convention) == chain


def test_a_term_alone_takes_the_form_with_fewer_transposes() -> None:
    of = SESSION.settings["two-layer-batch"]
    assert write_text(with_rows(read("W[2]T dZ[2]", of.name).terms[0], of)) == "dZ[2] W[2]"


def test_other_conventions_are_refused() -> None:
    with pytest.raises(KeyError, match="rows"):
        with_rows(tree.Symbol("X"), SESSION.settings["two-layer-batch"], "rows")
