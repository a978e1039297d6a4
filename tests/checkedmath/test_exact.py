r"""Decimals are exact numbers: = between them is equality, ≈ holds to the digits that are written."""

from fractions import Fraction

import pytest

from checkedmath.judging import Context, judge_text
from checkedmath.reading import read
from checkedmath.values.exact import shown, unit, value
from course.settings import SETTINGS

ROUNDED = r"it is rounded: write \approx, which holds to the digits that are written"
TRUE = [
    r"2.1^2 = 4.41", r"2.1^2 \approx 4.4", r"2.1^2 \approx 4", "0.1 + 0.2 = 0.3", "0.1 \\cdot 5 = 0.5",
    "0.2 - 0.7 + 0.5 = 0.0", "1/3 + 1/6 = 0.5", r"\frac{2.1^2 - 4}{0.1} = 4.1", "2^{-2} = 0.25", "-0.5^2 = -0.25",
    "(-0.5)^2 = 0.25", "4.41 = 2.1^2", r"1/3 \approx 0.333", r"\frac{1}{3} = 2/6", "1.50 = 1.5", "(-1)^{10^9 + 1} = -1",
    r"0.25 < 0.3", r"0.1 + 0.2 \le 0.3", r"1/3 \ne 0.333", r"0.00123 \approx 1.2 \cdot 10^{-3}",
    r"1.2 \cdot 10^{-3} = 0.0012", r"\sigma(0) = 0.5", r"\sqrt{0.25} = 0.5", r"\ln 2 \approx 0.693", "4^{0.5} = 2",
    # Too large for fractions, but not for digits.
    r"(1 + 1/1000000)^{1000000} \approx 2.71828", r"0.5^{10^9} \approx 0.00",
]  # fmt: skip
FALSE = [
    r"2.1^2 = 4.4", r"2.1^2 \approx 4.5", r"2.1^2 \approx 4.42", "0.1 + 0.2 = 0.30000001", "1/3 = 0.333",
    "1/3 = 0.3333333333333333", r"1/3 \approx 0.334", r"0.1 + 0.2 \ne 0.3", "0.3 < 0.1 + 0.2", "0.3 < 0.25",
    "10^{-20} = 0", "1 + 10^{-12} = 1", "0^2 = 1", "0.00123 = 1.2 \\cdot 10^{-3}", r"\ln 2 = 0.693",
    r"\ln 2 = 0.6931471806", r"\ln 2 = 0.693147180559945", r"\sigma(0) = 0.50000001", r"10^{400} \approx 2.0",
    "2 + 2 = 5",
]  # fmt: skip
REFUSED = [
    "2.1^{10^9} = 3", r"2.1^{10^9} \approx 3.0", "9^{9^{9^9}} = 1.5", "2.1^{-10^9} = 0",
    "3 = 2.1^{10^9}", "0.5^{10^9} = 0", "2.1^{10^9} < 3", "{(((2.1^{999})^{999})^{999})} = 1",
]  # fmt: skip


def verdicts(text, session, setting="two-layer"):
    """What a page and the command line say of a formula."""
    (statement,) = judge_text(text, "inline", Context(setting), session)
    return statement.verdict, session.check(text, setting)


@pytest.mark.parametrize("text", TRUE)
def test_what_is_equal_holds(session, text):
    assert {said.verdict for said in verdicts(text, session)} == {"holds"}


@pytest.mark.parametrize("text", FALSE)
def test_what_is_not_equal_fails(session, text):
    assert {said.verdict for said in verdicts(text, session)} == {"fails"}


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_too_large_is_neither_true_nor_false(session, text):
    for said in verdicts(text, session):
        assert said.verdict == "unreadable"
        assert said.message.startswith("expected numbers that can be computed exactly, got ")


@pytest.mark.parametrize(("text", "message"), [
    ("2.1^2 = 4.41", "true, both sides are 4.41"),
    ("2.1^2 = 4.4", f"the left side is 4.41, the right side 4.4; {ROUNDED}"),
    ("2.1^2 = 4.5", "the left side is 4.41, the right side 4.5"),
    ("1/3 = 0.33", f"the left side is 1/3, the right side 0.33; {ROUNDED}"),
    ("1 = 2", "the left side is 1, the right side 2"),
])  # fmt: skip
def test_the_verdict_says_both_numbers_and_offers_the_sign_for_rounding(session, text, message):
    for said in verdicts(text, session):
        assert said.message == message


@pytest.mark.parametrize(("setting", "text", "verdict"), [
    ("two-layer", "W^{[2]}_{11} = 0.9", "holds"),  # the number itself
    ("two-layer", "x_2 = -2", "holds"),
    ("two-layer-batch", "X_{21} = -2", "holds"),
    ("two-layer", "x_2 = 7", "fails"),  # nobody assumes one number of the data
    ("two-layer", "W^{[2]}_{11} = 0.90001", "fails"),
    ("two-layer-batch", "J = 1.155", "fails"),  # 1.1553…, and nobody assumes the decimals of a cost
    ("logistic", r"\mathcal{L} = 0.213", "fails"),
    ("two-layer-batch", r"J \approx 1.155", "holds"),
    ("two-layer-batch", r"\alpha = 0.01", "holds"),
    ("two-layer", r"dz^{[2]}_1 \approx -0.192", "holds"),
    ("two-layer", "dz^{[2]}_1 = -0.192", "fails"),  # -0.19212…
    ("two-layer", "dz^{[2]}_1 = -0.19212624", "fails"),
    ("logistic", r"\sigma(z) = 0.808", "fails"),
])  # fmt: skip
def test_a_value_of_the_books_network_is_equal_only_if_it_is_the_whole_number(session, setting, text, verdict):
    (statement,) = judge_text(text, "inline", Context(setting), session)
    assert statement.verdict.verdict == verdict


def test_a_rounded_value_of_the_book_is_offered_the_sign_for_it(session):
    (statement,) = judge_text("dz^{[2]}_1 = -0.192", "inline", Context("two-layer"), session)
    assert statement.verdict.message.endswith(ROUNDED)
    assert "differ: -0.1921 and -0.192 in" in statement.verdict.message


def test_each_step_of_a_chain_is_exact(session):
    steps = judge_text(r"2.1^2 = 4.41 \approx 4.4 = 4.40", "inline", Context("two-layer"), session)
    assert [step.verdict.verdict for step in steps] == ["holds"] * 3
    assert session.check("2.1^2 = 4.41 = 4.4", "two-layer").verdict == "fails"
    assert session.check("dz[2] = a[2] - y = a[2] - y * 0.5 * 2", "two-layer").verdict == "holds"


@pytest.mark.parametrize(("text", "number", "last"), [
    ("4.41", "441/100", "1/100"), ("-3", "-3", "1"), (r"1.2 \cdot 10^{-3}", "3/2500", "1/10000"),
    ("2.1^2", "441/100", None),
    ("1/3", "1/3", None), ("4^{0.5}", None, None), ("1/0", None, None), ("0^{-1}", None, None), ("a", None, None),
    (r"\sqrt{4}", None, None),
])  # fmt: skip
def test_numbers_alone_have_a_value_and_digits(text, number, last):
    (node,) = read(text, SETTINGS["logistic"], "latex").tree.terms
    assert value(node) == (number and Fraction(number))
    assert unit(node) == (last and Fraction(last))


@pytest.mark.parametrize(("number", "text"), [
    ("441/100", "4.41"), ("-1/1000", "-0.001"), ("1/8", "0.125"), ("1/3", "1/3"), ("0", "0"), ("-7", "-7"),
])  # fmt: skip
def test_how_a_number_is_shown(number, text):
    assert shown(Fraction(number)) == text
