"""Every labelled formula gets its label, and the numbers that the checker must reach are reached."""

from collections import Counter

import pytest

# A text whose answer is right, but another one than the label names, with the reason.
OTHER_CODE = {
    "TB070": "nothing in it is NumPy's alone, so it is read as forum text: * may mean the matrix product",
}


def is_right(case, verdict):
    """A slip that is right with examples as rows may come back as conditional."""
    return verdict.verdict == case["truth"] or (case["truth"], verdict.verdict) == ("fails", "conditional")


def codes(verdict):
    return {condition.code for condition in verdict.where}


def test_every_case_gets_its_label(cases, verdicts):
    wrong = [
        f"{case['id']}: {case['truth']}, not {verdicts[case['id']].verdict}: {case['text']}"
        for case in cases if not is_right(case, verdicts[case["id"]])
    ]  # fmt: skip
    assert wrong == []
    assert len(cases) > 450


def test_nothing_false_is_called_true(cases, verdicts):
    """Soundness stands by itself: it must not be traded for any score."""
    false = [case for case in cases if case["truth"] != "holds"]
    assert [case["id"] for case in false if verdicts[case["id"]].verdict == "holds"] == []
    assert len(false) > 250


def test_what_fails_mostly_fails_plainly(cases, verdicts):
    fails = [case for case in cases if case["truth"] == "fails"]
    plain = [case for case in fails if verdicts[case["id"]].verdict == "fails"]
    assert len(plain) >= 0.6 * len(fails) > 100


def test_conditions_are_the_ones_of_the_label(cases, verdicts):
    wrong = {
        case["id"]: (case["where"], sorted(codes(verdicts[case["id"]])))
        for case in cases
        if case["truth"] == "conditional" and not codes(verdicts[case["id"]]) & set(case["where"].split("|"))
    }
    assert set(wrong) == set(OTHER_CODE), wrong


@pytest.mark.parametrize("style", ["numpy"])
def test_the_other_code_comes_from_the_reading_alone(cases, session, style):
    for case in cases:
        if case["id"] in OTHER_CODE:
            verdict = session.check(case["text"], case["setting"], style=style, nearest=False)
            assert codes(verdict) & set(case["where"].split("|"))


def test_codes_are_from_the_closed_list(session, verdicts):
    from checkedmath.subject.conventions import codes_of

    assert set().union(*(codes(verdict) for verdict in verdicts.values())) <= codes_of(session.settings.values())


def test_only_a_conditional_verdict_names_conditions(verdicts):
    for verdict in verdicts.values():
        assert bool(verdict.where) == (verdict.verdict == "conditional")
        assert verdict.message
        assert not (verdict.nearest and verdict.verdict == "holds")


def test_a_verdict_is_the_same_whatever_was_judged_before(cases, verdicts):
    """Draws and derivatives are shared by a batch: nothing of one formula may reach another."""
    from checkedmath.judging.session import Session
    from course.settings import SETTINGS

    other = Session(SETTINGS)
    for case in cases[::-12]:
        again, before = other.check(case["text"], case["setting"]), verdicts[case["id"]]
        assert (again.verdict, again.message, again.nearest) == (before.verdict, before.message, before.nearest)


def test_the_scores_are_shown(cases, verdicts, show):
    for column in ("style", "setting"):
        show(f"Verdicts by {column}", *table(cases, verdicts, column))


def table(cases, verdicts, column):
    """Return the lines of a table: for each label, how many cases got which verdict."""
    answers = ("holds", "conditional", "fails", "unreadable")
    counts = Counter((case[column], case["truth"], verdicts[case["id"]].verdict) for case in cases)
    kinds = sorted({(case[column], case["truth"]) for case in cases})
    yield f"{column:16} {'label':12}" + "".join(f"{answer:>12}" for answer in answers)
    for kind in kinds:
        yield f"{kind[0]:16} {kind[1]:12}" + "".join(f"{counts[*kind, answer] or '':>12}" for answer in answers)
