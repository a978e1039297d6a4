"""General identities: declared shapes, assumptions, and the layout in which they hold."""

import pytest

from checkedmath.__main__ import parse_lets

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
    assert "d(A x)/dx is (p, q), but the other side is (q, p)" in verdict.message
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
    from checkedmath.identities import declared, free_setting
    from checkedmath.reading import read

    quantity = declared(read(text, free_setting()), {}).quantities[letter]
    assert quantity.shape == shape if shape == () else len(quantity.shape) == shape
    if letter == "x":
        assert quantity.shape[1] == "1"
