"""The true formula nearby is the one that was meant, and the mistake has its name."""

import re

import pytest

from checkedmath.judging.edits import (
    ALONE,
    AXIS,
    FACTOR,
    INDEX,
    KEEPDIMS,
    ORDER,
    PRIME_PLACE,
    PRODUCT,
    SIGN,
    SUM_MISSING,
    SYMMETRIC,
    TERM_MISSING,
    TRANSPOSE,
    single_edits,
)
from checkedmath.judging.nearest import _pairs
from checkedmath.judging.normal import normal_form
from checkedmath.meaning import Scope, resolve
from checkedmath.reading import read
from checkedmath.subject.view import View
from checkedmath.syntax.errors import FormulaError, ShapeError
from checkedmath.syntax.tree import Example, SumOver, Symbol, transform, walk
from checkedmath.values.places import last_member
from checkedmath.writing.as_mathematics import as_mathematics

GENERAL = {
    edit.name for edit in (
        AXIS, FACTOR, INDEX, KEEPDIMS, ORDER, PRIME_PLACE, PRODUCT, SIGN, SUM_MISSING, SYMMETRIC, TERM_MISSING,
        TRANSPOSE,
    )
} | ALONE

# What is proposed instead is true as well, but is not the formula of the label.
OTHER_FORMULA = {
    "LO014": "a (1 - a) stands in two factors of a longer product, which no single edit takes out",
    "LO015": "the same",
    "TB079": "the same",
    "LB031": "np.mean for (1/m) np.sum, over all entries",
    "SM009": "a_j (δ_ij - a_i), which says the same because of the δ",
}
OTHER_NAME = {
    "LO014": "no nearest formula", "LO015": "no nearest formula", "TB079": "no nearest formula",
    "LB031": "named after np.mean",
}  # fmt: skip


@pytest.fixture(scope="module")
def near_cases(cases):
    return [case for case in cases if case["nearest"] and case["truth"] != "holds"]


def form(text, name, session):
    """Return the normal form of a right side as mathematics, so that Σ and np.sum can be compared."""
    claim, _ = session.claim(read(text, session.settings[name]), session.settings[name], "", {})
    tree = transform(as_mathematics(claim.tree, claim.setting), plain_sum)
    last = last_member(tree, claim.setting)
    try:
        resolved = resolve(tree.terms[-1], Scope(claim.setting, View(), last))
    except ShapeError:  # exp(Z)/np.sum(exp(Z), axis=0) needs NumPy's broadcasting
        resolved = resolve(tree.terms[-1], Scope(claim.setting, View(), last, numpy=True))
    return normal_form(resolved)


def plain_sum(node):
    """Σ over the examples in one form: with an i, without limits, whatever is summed up column by column."""
    if not isinstance(node, SumOver):
        return node
    return SumOver(node.index, node.body, example=any(isinstance(n, Example) for n in walk(node.body)))


def right_side(nearest):
    return nearest.replace(" := ", " = ").split(" = ", 1)[-1]


def bare(text):
    text = re.sub(r"\(?∂ℓ/∂(\w+)\)?", r"d\1", text)  # a gradient of what code leaves unsaid
    return text.replace(" @ ", " ").replace(".T", "^T").replace(" ", "")


def same(case, verdict, session):
    if not verdict.nearest:
        return False
    found, wanted = right_side(verdict.nearest), right_side(case["nearest"])
    if bare(found) == bare(wanted):
        return True
    # What is differentiated fixes the sizes.
    left = verdict.nearest.split(" = ")[0] + " = " if case["setting"] == "identities" else ""
    try:
        return form(left + found, case["setting"], session) == form(left + wanted, case["setting"], session)
    except FormulaError as error:
        pytest.fail(f"{case['id']}: {found} or {wanted}: {error}")


def test_the_formula_that_was_meant_is_proposed(near_cases, verdicts, session):
    other = {
        case["id"]: f"{case['text']}: {verdicts[case['id']].nearest}, not {case['nearest']}"
        for case in near_cases if not same(case, verdicts[case["id"]], session)
    }  # fmt: skip
    assert set(other) == set(OTHER_FORMULA), other
    assert len(other) < 0.1 * len(near_cases) > 19


def test_the_mistake_has_its_name(near_cases, verdicts):
    named = [case for case in near_cases if case["mistake"]]
    other = {
        case["id"]: f"{case['text']}: {verdicts[case['id']].mistake}, not {case['mistake']}"
        for case in named if set(verdicts[case["id"]].mistake.split("+")) != {case["mistake"]}
    }  # fmt: skip
    assert set(other) == set(OTHER_NAME), other
    assert len(other) < 0.1 * len(named) > 18


def test_every_nearest_formula_is_true(cases, verdicts, session):
    """What a reader copies from the answer must stand up to the checker itself."""
    wrong = {}
    for case in cases:
        verdict = verdicts[case["id"]]
        # A text about one unknown thing is answered with a right side alone, and rows have no text of their own.
        if not verdict.nearest or "identities" in (case["setting"], verdict.setting):
            continue
        again = session.check(verdict.nearest, verdict.setting, nearest=False)
        if again.verdict != "holds":
            wrong[case["id"]] = f"{case['text']}: {verdict.nearest}: {again.message}"
    assert wrong == {}


def test_mistakes_are_from_one_closed_list(cases, verdicts, session):
    declared = GENERAL | {swap.name for setting in session.settings.values() for swap in setting.swaps}
    assert {case["mistake"] for case in cases} - {""} <= declared
    answered = {name for verdict in verdicts.values() for name in verdict.mistake.split("+")}
    assert answered - {""} <= declared


def test_a_formula_comes_with_the_words_of_its_mistake(verdicts):
    for verdict in verdicts.values():
        assert bool(verdict.nearest) == bool(verdict.mistake)
        assert bool(verdict.nearest) == bool(verdict.slip)


@pytest.mark.parametrize(
    ("text", "setting", "nearest", "mistake"),
    [
        ("dz[1] = W[2] dz[2] * g[1]'(z[1])", "two-layer", "dz[1] = W[2]T dz[2] * g[1]'(z[1])", "transpose"),
        ("dz[1] = W[2]T dz[2]", "two-layer", "dz[1] = W[2]T dz[2] * g[1]'(z[1])", "g-prime-missing"),
        ("dz[1] = W[2]T da[2] * g[1]'(z[1])", "two-layer", "dz[1] = W[2]T dz[2] * g[1]'(z[1])", "dA-for-dZ"),
        ("dW2 = np.outer(a1, dz2)", "two-layer", "dW[2] = dz[2] a[1]T", "order"),
        ("dW[2] = dZ[2] A[1]T", "two-layer-batch", "dW[2] = (1/m) dZ[2] A[1]T", "one-over-m-missing"),
        ("dW[1] = 1/m dZ[1] X", "two-layer-batch", "dW[1] = (1/m) dZ[1] X^T", "transpose"),
        ("dJ/dZ[1] = dZ[1]", "two-layer-batch", "∂J/∂Z[1] = (1/m) dZ[1]", "one-over-m-missing"),
        ("J = y log a + (1-y) log(1-a)", "logistic", "J = -(y log(a) + (1 - y) log(1 - a))", "sign"),
        ("dW[l] = 1/m dZ[l] A[l]T", "deep-batch", "dW[l] = (1/m) dZ[l] A[l-1]T", "layer-number"),
        ("W[l] := W[l] + alpha dW[l]", "deep-batch", "W[l] := W[l] - alpha dW[l]", "sign"),
        ("∂(Ax)/∂x = A^T (numerator layout)", "identities", "∂(A x)/∂x = A", "transpose"),
        ("da[1]_j = W[2]_kj dz[2]_k", "two-layer", "da[1]_j = sum over k of W[2]_kj dz[2]_k", "sum-missing"),
        ("da[1]_j = sum over j of W[2]_kj dz[2]_k", "two-layer", "da[1]_j = sum over k of W[2]_kj dz[2]_k", "index"),
        ("z[1]_j = W[1]_jk x_k + b[1]_j", "two-layer", "z[1]_j = sum over k of W[1]_jk x_k + b[1]_j", "sum-missing"),
        ("db[2] = 1/m dz[2](i)", "two-layer-batch", "db[2] = sum_{(i)} (1/m) dZ[2]^(i)", "sum-missing"),
        ("dW[2] = 1/m^2 dZ[2] A[1]T", "two-layer-batch", "dW[2] = (1/m) dZ[2] A[1]T", "one-over-m-too-many"),
        ("db[2] = 1/m sum(dZ[2])", "two-layer-batch", "db[2] = (1/m) sum_{i=1}^{m} dZ[2]^(i)", "axis"),
        ("da = y/a + (1-y)/(1-a)", "logistic", "da = -y/a + (1 - y)/(1 - a)", "sign"),
        ("sigma'(a) = a(1-a)", "logistic", "sigmoid'(z) = a (1 - a)", "prime-at-a"),
        ("dz = da z (1 - z)", "logistic", "dz = da a (1 - a)", "Z-for-A"),
        # The mended text shows a sigmoid hidden layer, and is judged with one.
        ("dz[1] = da[1] * z[1] * (1 - z[1])", "two-layer", "dz[1] = da[1] * a[1] * (1 - a[1])", "Z-for-A"),
        # Never dL/dz = (dL/dz)^T, which says nothing.
        (r"\frac{\partial L}{\partial z} = \frac{\partial L}{\partial a}", "logistic", "∂L/∂z = (∂L/∂a) (∂a/∂z)",
         "g-prime-missing"),
        ("(dJ/dZ[2])^T = dZ[2] (numerator layout)", "two-layer-batch", "(∂J/∂Z[2])^T = (1/m) dZ[2]",
         "one-over-m-missing"),
        # Two edits at once.
        ("dZ[l] = (W[l]T dZ[l]) * g[l]'(Z[l])", "deep-batch", "dZ[l] = W[l+1]T dZ[l+1] * g[l]'(Z[l])",
         "layer-number+layer-number"),
        ("dW[1] = dZ[1] X", "two-layer-batch", "dW[1] = (1/m) (dZ[1] X^T)", "one-over-m-missing+transpose"),
        ("dZ[1] = W[2] dZ[2]", "two-layer-batch", "dZ[1] = W[2]T dZ[2] * g[1]'(Z[1])", "transpose+g-prime-missing"),
        ("dz = y - sigmoid(a)", "logistic", "dz = sigmoid(z) - y", "sign+A-for-Z"),
    ],
)  # fmt: skip
def test_what_is_written_under_a_false_formula(session, text, setting, nearest, mistake):
    verdict = session.check(text, setting)
    assert (verdict.nearest, verdict.mistake) == (nearest, mistake)


def test_two_letters_that_are_not_one_slip_are_not_tried_together(session):
    """Of all pairs of edits most mend nothing; those that hardly come together cost the time of the others."""
    claim, _ = session.claim(read("dz[1] = W[2]T dz[2] * g[1]'(a[1])", session.settings["two-layer"]),
                             session.settings["two-layer"], "", {})  # fmt: skip
    singles = list(single_edits(claim.tree, claim.setting))
    every = {tree for _, one in singles for _, tree in single_edits(one, claim.setting)}
    tried = [tree for _, tree in _pairs(claim, singles)]
    assert len(tried) == len(set(tried)), "a pair is tried in one order only"
    assert len(tried) < 0.8 * len(every)


def test_the_right_side_never_becomes_the_left_side(verdicts, session):
    for verdict in verdicts.values():
        left, _, right = verdict.nearest.partition(" = ")
        assert not right or left != right
    assert session.check("dW[2] = W[2]", "two-layer").nearest == ""
    turned = r"\frac{\partial L}{\partial z^{[1]}} = \frac{\partial L}{\partial z^{[2]T}}"
    assert "dz[1]T" not in session.check(turned, "two-layer").nearest


def test_nearest_can_be_left_out(session):
    verdict = session.check("dz[1] = W[2] dz[2] * g[1]'(z[1])", "two-layer", nearest=False)
    assert (verdict.nearest, verdict.mistake) == ("", "")
    assert "Nearest" not in verdict.message


def test_the_scores_are_shown(near_cases, verdicts, session, show):
    found = sum(same(case, verdicts[case["id"]], session) for case in near_cases)
    show(f"Nearest: {found} of {len(near_cases)} are the formula of the label; the others:",
         *(f"  {id_}: {reason}" for id_, reason in OTHER_FORMULA.items()))  # fmt: skip


def test_symbols_of_a_proposal_are_those_of_the_setting(cases, verdicts, session):
    for case in cases:
        verdict = verdicts[case["id"]]
        if verdict.nearest and verdict.setting != "identities":
            setting = session.settings[verdict.setting]
            tree = read(verdict.nearest, setting).tree
            assert {n.name for n in walk(tree) if isinstance(n, Symbol)} <= {*setting.quantities, "m", "n"}
