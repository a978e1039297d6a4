"""General identities: declared shapes, assumptions, and the layout in which they hold."""

import csv
from pathlib import Path

import pytest

from checkedmath.judging import Context, judge_text
from checkedmath.reading import read
from checkedmath.subject.declared_letters import parse_lets
from checkedmath.values.free_letters import declared, free_setting

FREE = "identities"
TRUE = [
    # text, the layout it holds in ("" for both)
    ("d(a^T x)/dx = a^T", "numerator"),
    ("d(a^T x)/dx = a", "denominator"),
    ("d(A x)/dx = A", "numerator"),
    ("d(A x)/dx = A^T", "denominator"),
    ("d(x^T A x)/dx = x^T (A + A^T)", "numerator"),
    ("d(x^T A x)/dx = (A + A^T) x", "denominator"),
    ("d tr(A X)/dX = A", "numerator"),
    ("d tr(A X)/dX = A^T", "denominator"),
    ("d log(det(X))/dX = (X^-1)^T", "denominator"),
    ("d det(X)/dX = det(X) X^-1", "numerator"),
    ("d‖x‖^2/dx = 2 x^T", "numerator"),
    ("d‖A x - b‖^2/dx = 2 A^T (A x - b)", "denominator"),
    ("d(X^-1)/dt = -X^-1 dX/dt X^-1", "numerator"),
    ("d sigmoid(W x)/dx = diag(sigmoid'(W x)) W", "numerator"),
]
WITHOUT_A_DERIVATIVE = ["(A B)^T = B^T A^T", "tr(A B) = tr(B A)", "X X^-1 = I", "(A^T)^T = A", "x^T x = ‖x‖^2",
                        "diag(x) y = x ⊙ y", "det(X^T) = det(X)"]  # fmt: skip


@pytest.mark.parametrize(("text", "layout"), TRUE)
def test_without_a_named_layout_one_is_enough_and_is_said(session, text, layout):
    verdict = session.check(text, FREE)
    assert verdict.verdict == "holds"
    assert verdict.message.removesuffix(", for det(X) > 0") in {"true", f"true, in {layout} layout"}
    assert verdict.layout in {layout, "course"}


@pytest.mark.parametrize(("text", "layout"), TRUE)
def test_a_named_layout_is_the_only_one(session, text, layout):
    other = {"numerator": "denominator", "denominator": "numerator"}[layout]
    for named in (f"{text} ({layout} layout)", f"{text} ({other} layout)"):
        verdict = session.check(named, FREE, nearest=False)
        holds = f"({layout} layout)" in named
        assert (verdict.verdict == "holds") == holds
        if not holds:
            assert (verdict.verdict, [c.code for c in verdict.where]) == ("conditional", [f"layout-{layout}"])
    assert session.check(text, FREE, layout=layout).verdict == "holds"
    assert session.check(text, FREE, layout=other, nearest=False).verdict == "conditional"


@pytest.mark.parametrize("text", WITHOUT_A_DERIVATIVE)
def test_algebra_needs_no_layout(session, text):
    for layout in ("", "numerator", "denominator"):
        verdict = session.check(text, FREE, layout=layout)
        assert (verdict.verdict, verdict.message) == ("holds", "true")


@pytest.mark.parametrize(
    "text",
    ["d(x^T A x)/dx = 2 A x", "d(a^T X b)/dX = a^T b", "d(x^T x)/dx = x", "A B = B A", "det(A + B) = det(A) + det(B)",
     "d(A x)/dx = A x", "X = X^T", "d tr(A X B)/dX = A B", "d log(det(X))/dX = X", "(A B)^-1 = A^-1 B^-1"],
)  # fmt: skip
def test_what_is_true_in_no_layout(session, text):
    assert session.check(text, FREE, nearest=False).verdict == "fails"


@pytest.mark.parametrize("text", ["d(x^T A x)/dx = 2Ax", "A^T = A", "d(x^T A x)/dx = 2 x^T A"])
def test_a_symmetric_matrix_is_declared(session, text):
    assert session.check(text, FREE, nearest=False).verdict == "fails"
    for words in (", A symmetric", ", A is symmetric"):
        assert session.check(text + words, FREE).verdict == "holds"


def test_shapes_from_let(session):
    lets = parse_lets("A: (p, q), x: (q, 1), s: ()")
    assert session.check("d(A x)/dx = A", FREE, lets=lets).verdict == "holds"
    row = parse_lets("v: (1, p), A: (p, q)")
    assert session.check("d(v A)/dv = A^T (numerator layout)", FREE, lets=row).verdict == "holds"
    wrong = parse_lets("A: (p, q), x: (p, 1)")
    verdict = session.check("d(A x)/dx = A", FREE, lets=wrong)
    assert (verdict.verdict, verdict.message) == ("fails", "sizes q and p would have to be equal")


def test_let_decides_what_is_a_number(session):
    assert session.check("A B = B A", FREE, lets=parse_lets("A: (), B: (p, q)")).verdict == "holds"
    assert session.check("A B = B A", FREE, nearest=False).verdict == "fails"  # matrices do not commute


def test_sizes_are_never_made_equal_for_the_right_side(session):
    """With a square A the wrong transpose would have the right shape."""
    verdict = session.check("d(A x)/dx = A^T (numerator layout)", FREE, nearest=False)
    assert "∂(A x)/∂x is (p, q), but the other side is (q, p)" in verdict.message
    assert session.check("d(x^T A x)/dx = x^T (A + A^T)", FREE).verdict == "holds"  # here A must be square


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("dW = X.T @ dY  # Y = X @ W", True), ("dX = dY @ W.T  # Y = X @ W", True), ("dX = W.T @ dY  # Y = X @ W",
         False),
        ("dW = dY @ X.T  # Y = W @ X", True), ("dW = dY @ X  # Y = W @ X", False),
    ],
)  # fmt: skip
def test_a_comment_defines(session, text, holds):
    assert (session.check(text, FREE, nearest=False).verdict == "holds") == holds


@pytest.mark.parametrize(
    ("text", "letter", "shape"),
    [("t = s", "t", ()), ("x = y", "x", 2), ("A = B", "A", 2), ("α = β", "α", ())],
)
def test_letters_say_what_they_are(text, letter, shape):
    quantity = declared(read(text, free_setting()), {}).quantities[letter]
    assert quantity.shape == shape if shape == () else len(quantity.shape) == shape
    if letter == "x":
        assert quantity.shape[1] == "1"


def _texts():
    with (Path(__file__).parents[1] / "cases" / "texts.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.mark.parametrize("row", _texts(), ids=lambda row: row["id"])
def test_a_text_defines_declares_and_sets_conditions(session, row):
    lets = parse_lets(row["lets"]) if row["lets"] else {}
    assert session.check(row["text"], FREE, lets=lets, nearest=False).verdict == "holds"
    stated = judge_text(row["text"], "display", Context(FREE, layout="course", lets=lets), session)
    assert {one.verdict.verdict for one in stated} <= {"holds", "conditional"}  # a page has one layout


@pytest.mark.parametrize(
    ("text", "relation"),
    [("Z = X Y", "definition"), ("u := A x", "definition"), ("f(t) = t^2", "definition"), ("z_1 = W_1 x", "definition"),
     (r"x \in \mathbb{R}^n", "shape")],
)  # fmt: skip
def test_what_claims_nothing_is_not_called_true(session, text, relation):
    """A page says what such a formula does; pasted, it is asked what follows from it."""
    verdict = session.check(text, FREE)
    assert (verdict.verdict, "claims nothing" in verdict.message) == ("unreadable", True)
    (stated,) = judge_text(text, "display", Context(FREE), session)
    assert (stated.relation, stated.verdict.verdict, stated.verdict.draws) == (relation, "holds", 0)


@pytest.mark.parametrize(
    "text",
    ["A^T := A", "A = A^T", r"\pi = 3", "A = I, A invertible", r"A_{12} = A_{21}", "u = A x, u = B x"],
)  # fmt: skip
def test_what_is_known_is_not_defined_again(session, text):
    assert session.check(text, FREE, nearest=False).verdict == "fails"
    stated = judge_text(text, "display", Context(FREE), session)
    assert [one.verdict.verdict for one in stated][-1] == "fails"


def test_a_definition_must_be_well_formed(session):
    verdict = session.check("u = A x + B, u^T u = 1", FREE, nearest=False)
    assert (verdict.verdict, "B" in verdict.message) == ("fails", True)
    (stated,) = judge_text("u = A x + t", "display", Context(FREE), session)
    assert stated.verdict.verdict == "fails"


def test_names_that_stand_for_one_another_end_in_a_word(session):
    for text in ("f(t) = g(t), g(t) = f(t) + 1, f(2) = g(2)", "y = f(t), f(t) = y t, y = 2", "f(t) = f(t - 1) + 1"):
        assert "without" in session.check(text, FREE).message


@pytest.mark.parametrize("letter", ["L", "p", "E", "u", r"\rho", "T"])
def test_a_letter_at_a_bracket_is_a_function(session, letter):
    for text in (f"{letter}(s + t) = {letter}(s) + {letter}(t)", f"{letter}(2) = 2 {letter}"):
        verdict = session.check(text, FREE)
        assert (verdict.verdict, "a function that is known" in verdict.message) == ("unreadable", True), text


def test_a_letter_that_stands_elsewhere_is_a_factor(session):
    for text in ("A(x + y) = A x + A y", "X(a + b) = X a + X b", r"A \left(B + C\right) = A B + A C"):
        assert session.check(text, FREE).verdict == "holds"
    assert session.check("A(x) = A x", FREE).verdict == "unreadable"


def test_a_loss_without_a_formula_is_any_function_of_what_is_computed(session):
    assert session.check("Y = X, dL/dX = dL/dY", FREE).verdict == "holds"
    assert session.check("Y = X W, Z = X V, dL/dX = dL/dY W^T + dL/dZ V^T", FREE).verdict == "holds"
    assert session.check("Y = X W, Z = X V, dL/dX = dL/dY W^T", FREE, nearest=False).verdict == "fails"
    assert session.check("Y = X W, dL/dX = dL/dY W^T, L = 3 L", FREE, nearest=False).verdict != "holds"


def test_what_does_not_depend_on_t_is_said(session):
    assert session.check("C = A B, dC/dt = dA/dt B + A dB/dt", FREE).message == "true"
    assert session.check("d(c A)/dt = c dA/dt", FREE).message == "true, for c constant"


@pytest.mark.parametrize("text", ["C = A B, dC/dt = dA/dt B", "d(A B)/dt = A dB/dt", "d(A x)/dt = A dx/dt"])
def test_half_a_product_rule_is_true_on_a_condition_only(session, text):
    found = session.check(text, FREE)
    assert (found.verdict, [condition.code for condition in found.where]) == ("conditional", ["constant"])
    assert session.check(text + " + 2 A", FREE, nearest=False).verdict == "fails"


def test_the_verdict_says_its_conditions(session):
    assert session.check(r"\sqrt{t^2} = t for t > 0", FREE).message == "true, for t > 0"
    assert session.check("|s t| = s t for s, t > 0", FREE).message == "true, for t > 0, s > 0"
    assert session.check("d(x^T A x)/dx = 2 x^T A if A^T = A", FREE).verdict == "holds"


@pytest.mark.parametrize(
    ("text", "message"),
    [("|t| < 1 for t^2 < -1", "no draw meets the condition t^2 < -1"),
     ("t^2 = t for t > 1, t < 0", "no number meets the condition t > 1, t < 0"),
     ("A B = B A if A B = B A", "no draw is made under A B = B A")],
)  # fmt: skip
def test_a_condition_that_no_draw_meets_is_an_error(session, text, message):
    verdict = session.check(text, FREE)
    assert (verdict.verdict, verdict.message[: len(message)]) == ("unreadable", message)


def test_sizes_are_met_by_every_side_and_imposed_on_none(session):
    """A trace makes its product square and no more: with square factors false formulas would pass."""
    assert session.check("tr(A B) = tr(B A)", FREE).verdict == "holds"
    verdict = session.check("A B = B A", FREE, nearest=False)
    assert verdict.message == "A B is (p, p), but the other side is (q, q)"
    sizes = {tuple(draw.sizes.values()) for draw in declared(read("tr(A B) = tr(B A)", free_setting()), {}).draws("")}
    assert len(sizes) >= 4
    assert all(len(set(row)) == 2 for row in sizes)
    assert "inner sizes" in session.check("x y = y x", FREE, nearest=False).message  # no size becomes 1


@pytest.mark.parametrize("text", ["t I = t", "I = 1", "I + t = t + 1", "I^2 = 1", r"\operatorname{tr}(2 I) = 2"])
def test_of_the_unit_matrix_beside_a_number_nothing_says_how_large_it_is(session, text):
    verdict = session.check(text, FREE)
    assert (verdict.verdict, "nothing says how large" in verdict.message) == ("unreadable", True)


@pytest.mark.parametrize(
    "text",
    [r"\frac{\partial (x t)}{\partial x} = t I", "(A + I)(A - I) = A^2 - I", "(2 I)^{-1} = 0.5 I", "A (t I) = t A"],
)
def test_the_unit_matrix_takes_its_size_from_what_stands_beside_it(session, text):
    assert session.check(text, FREE).verdict == "holds"


def test_a_matrix_with_an_inverse_that_is_tall_is_drawn_tall(session):
    assert session.check("A (A^T A)^{-1} A^T A = A", FREE).draws >= 4
    assert session.check("x (x x^T)^{-1} x^T = 1", FREE, nearest=False).verdict != "holds"


def test_a_differential_alone_is_a_change_along_a_direction(session):
    true = ("d(A^{-1}) = -A^{-1} dA A^{-1}",
            r"d(\det A) = \det(A) \operatorname{tr}(A^{-1} dA)", "d(A^2) = A dA + dA A",
            )  # fmt: skip
    for text in true:
        assert session.check(text, FREE).message == "true"
    for text in ("d(A^{-1}) = A^{-1} dA A^{-1}", "d(A^2) = 2 A dA", "d(A^3) = dA + A dA A + dA A^2"):
        assert session.check(text, FREE, nearest=False).verdict == "fails"
    assert session.check("d(x^T A x) = x^T (A + A^T) dx", FREE).message == "true, for A constant"
    assert session.check("d(X Y) = X dY", FREE).verdict == "conditional"
    assert session.check("c^T d = d^T c", FREE, lets=parse_lets("c: (p, 1), d: (p, 1)")).verdict == "holds"


@pytest.mark.parametrize("text", [r"1\frac{1}{2} = 1.5", r"1\frac12 = 0.5", r"2 \frac{1}{3} \cdot 3 = 2"])
def test_a_number_before_a_fraction_of_numbers_is_not_read(session, text):
    for setting in (FREE, "logistic"):
        verdict = session.check(text, setting)
        assert (verdict.verdict, "a sign before the fraction" in verdict.message) == ("unreadable", True)
    assert session.check(r"2 \frac{t}{2} = t", FREE).verdict == "holds"
