"""Inequalities: what is true of every network holds, and what one network breaks does not."""

import runpy
from pathlib import Path

import pytest

from checkedmath.judging import Context, judge_text

BOUNDS = runpy.run_path(str(Path(__file__).parents[1] / "cases" / "bounds.py"))


def wrong(session, cases):
    """Return the cases that get another answer on a page than they deserve."""
    found = []
    for true, setting, text, *_ in cases:
        stated = judge_text(text, "display", Context(setting, nearest=False), session)
        if all(statement.verdict.verdict == "holds" for statement in stated) != true:
            found.append(f"{setting}: {text}")
    return found


def test_a_sample_of_the_bounds_gets_its_answer(session):
    assert wrong(session, BOUNDS["CASES"][::5]) == []


@pytest.mark.long
def test_every_bound_gets_its_answer(session):
    assert wrong(session, BOUNDS["CASES"]) == []


@pytest.mark.long
def test_no_false_bound_is_called_true_where_it_is_pasted(session):
    false = [(setting, text) for true, setting, text, *_ in BOUNDS["CASES"] if not true]
    assert [case for case in false if session.check(case[1], case[0], nearest=False).verdict == "holds"] == []


def test_there_are_bounds_of_every_setting_true_and_false():
    kinds = [(true, setting) for true, setting, *_ in BOUNDS["CASES"]]
    assert len(set(kinds)) == 16
    assert kinds.count((True, "logistic")) > 20
    assert sum(true for true, _ in kinds) > 80
    assert sum(not true for true, _ in kinds) > 120


def test_the_numbers_say_what_the_bounds_are():
    assert BOUNDS["main"](turns=2) == []


@pytest.mark.parametrize(
    ("text", "setting", "verdict"),
    [
        # Rounding makes tanh 1 and e^(-900) 0: that tells nothing.
        (r"|\tanh t| < 1", "identities", "holds"),
        (r"e^{-t^2} > 0", "identities", "holds"),
        (r"\log(1 + e^t) > t", "identities", "holds"),
        (r"\cosh t \ge 1", "identities", "holds"),
        (r"\cosh t > 1", "identities", "fails"),
        (r"|\tanh t| < 0.9999999", "identities", "fails"),
        ("a < 1", "logistic", "holds"),
        ("a < 0.9999999", "logistic", "fails"),
        # A number stands beside every entry, in an inequality alone.
        (r"-1 < A^{[1]} < \frac{3}{2}", "two-layer-batch", "holds"),
        (r"a \ne \frac12", "logistic", "fails"),
        # Sizes may be any.
        (r"n_1 m \ge m", "two-layer-batch", "holds"),
        (r"m < 1000", "two-layer-batch", "unreadable"),
        (r"n_1 \ne n_2", "two-layer-batch", "unreadable"),
    ],
)
def test_what_is_near_a_limit(session, text, setting, verdict):
    assert session.check(text, setting, nearest=False).verdict == verdict


def test_a_search_keeps_what_the_text_has_set(session):
    from checkedmath.syntax.tree import Symbol

    def verdict(text, setting, *assumed):
        return judge_text(text, "display", Context(setting, assumptions=assumed), session)[0].verdict.verdict

    right = (Symbol("y"), 1.0)
    assert verdict(r"dz \le 0", "logistic", right) == "holds"
    assert verdict(r"dz \le 0", "logistic") == "fails"
    assert verdict(r"\mathcal L \ge 1 - a", "logistic", right) == "holds"
    assert verdict("c > 1", "identities", (Symbol("c"), 2.0)) == "holds"
    assert verdict("c t > 1", "identities", (Symbol("c"), 2.0)) == "fails"
