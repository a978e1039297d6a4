"""What one text may cost: counted in steps and levels, the same on each machine, and past it a polite refusal."""

import inspect
import sys
from bisect import bisect_left

import pytest

from checkedmath.judging import OUR_FAULT, Context, judge_text
from checkedmath.judging.displays import forms_of
from checkedmath.judging.session import Session
from checkedmath.reading import read
from checkedmath.sphinx_ext.plain_text import plain_formula
from checkedmath.syntax.budget import MAX_DEPTH, MAX_LENGTH, MAX_STEPS, budget, spent
from checkedmath.syntax.errors import Unreadable
from checkedmath.writing.rows import with_rows
from course.settings import SETTINGS

TEX = "\\"
SUMS = " ".join(rf"\sum_{c} a_{c}" for c in "ijkmnopqrvbdefg")
BRACKETS = " ".join(f"({a}+{b})" for a, b in zip("αβγδζηθικλμν" * 2, "νμλκιθηζδγβα" * 2, strict=True))
DOUBLED = "q0 = W1 + W1\n" + "\n".join(f"q{n + 1} = q{n} + q{n}" for n in range(60)) + "\ndW2 = q60"
#: Each once took minutes, or for ever, or ended in a RecursionError; with the code of those that are refused.
EXPENSIVE = [
    ("A^{1000000000}", "deep-batch", ""), ("A**1000000000", "softmax-batch", ""), ("n_{10000000000}", "l2-batch", ""),
    (r"\frac{\partial J}{\partial W^{[10000000000]}}", "deep-batch", ""), ("z^{[1000000000]}", "deep", ""),
    ("dZ = " + "‖" * 40 + "Z" + "‖" * 40, "logistic-batch", ""),
    ("np.sum(" * 50 + "Z" + ")" * 50, "logistic-batch", ""),
    (f"{TEX}{TEX}[" * 1300, "logistic", ""), (f"{TEX}{TEX}[" * 6000, "logistic", "too-long"),
    ("a=a\n" * 900 + "a=a", "logistic", ""), ("A.T" * 330, "logistic-batch", "too-deep"),
    (r"\frac{\partial" * 100, "deep", "too-deep"), ("d" * 3991, "logistic", ""),
    ("z = " + "tanh " * 700 + "z", "logistic", "too-deep"),
    ("z = " + "Σ " * 900 + "z", "logistic", "too-deep"), ("z = " + "z+" * 900 + "z", "logistic", "too-long"),
    ("z = " + "z+" * 300 + "z", "logistic", "too-deep"), ("z^{" * 1200 + "z" + "}" * 1200, "logistic", "too-long"),
    ("z^{" * 900 + "z" + "}" * 900, "logistic", "too-deep"), ("z = " + "-" * 3900 + "z", "logistic", "too-long"),
    (f"t = {SUMS}", "identities", ""), (f"{SUMS} = t", "identities", ""),
    (" ".join(f"a_{c}" for c in "ijkmnopqrvbdefg") + " = 0", "identities", ""),
    (f"t = {BRACKETS}", "identities", ""), ("a = 1e999999999", "logistic", "too-long"),
    ("a + 1e-999999999 = a", "logistic", "too-long"),
    ("a = " + "g'(" * 58 + "z" + ")" * 58, "softmax-batch", "too-much-work"),
    (DOUBLED, "two-layer-batch", ""), ("A = A.T\nB = A @ A", "identities", ""), ("a=a\n" * 990, "identities", ""),
    ("B = A @ A\nC = B @ B\nD = C @ C\nA = D @ D\nA = D", "identities", ""),
    (", " * 1900, "logistic", "too-much-work"), ("_,•" * 1300, "identities", "too-much-work"),
    ("z if z " * 500, "logistic", "too-much-work"), ("z if z else z" * 300, "logistic", "too-long"),
    ("dz = " + "1e-300 J" * 60, "l2-batch", ""), (r"x = \sum_{i=1}^{\sum_{j=1}^{2} j} x_i", "identities", ""),
]  # fmt: skip


def cost(session, text, setting):
    """Return how many steps it takes to judge a text."""
    with budget(text):
        session.check(text, setting)
        return spent()


@pytest.mark.parametrize(("text", "setting", "code"), EXPENSIVE)
def test_an_expensive_text_is_answered_or_refused(text, setting, code):
    verdict = Session(SETTINGS).check(text, setting)
    assert OUR_FAULT not in verdict.message
    assert not code or (verdict.verdict, verdict.code) == ("unreadable", code)
    assert verdict.verdict != "unreadable" or verdict.message.count("expected ") == 1


@pytest.mark.parametrize("kind", ["display", pytest.param("inline", marks=pytest.mark.long)])
@pytest.mark.parametrize(("text", "setting", "code"), EXPENSIVE)
def test_an_expensive_text_is_judged_and_written_on_a_page(session, text, setting, code, kind):
    statements = judge_text(text, kind, Context(setting), session)
    said = [s.verdict.message for s in statements if OUR_FAULT in s.verdict.message]
    assert said == []
    forms = forms_of(text, statements)
    assert forms.marked == text or "htmlData" in forms.marked
    plain_formula(text)


def test_a_text_costs_the_same_whatever_was_judged_before():
    texts = [
        ("∂‖y − Wx‖²/∂W = 2(y − Wx)xᵀ", "identities"),
        ("dL/dz1 = dL/da2 * da2/dz2 * dz2/da1 * da1/dz1", "two-layer"),
        (r"\frac{\partial a_i}{\partial z_j} = a_i (1 - a_j)", "softmax-batch"),
    ]
    old = Session(SETTINGS)
    for text, setting in texts * 2:
        assert cost(Session(SETTINGS), text, setting) == cost(old, text, setting) > 100


def test_the_cases_cost_a_small_part_of_what_a_text_may_cost(costs):
    dearest = max(costs, key=costs.get)
    assert 10_000 < costs[dearest] < MAX_STEPS / 4, dearest


def test_a_text_that_costs_too_much_is_refused_and_no_judgement_takes_that_for_false(monkeypatch):
    monkeypatch.setattr("checkedmath.syntax.budget.MAX_STEPS", 300)
    session = Session(SETTINGS)
    verdict = session.check("dz[1] = W[2]T dz[2]", "two-layer")
    assert (verdict.verdict, verdict.code) == ("unreadable", "too-much-work")
    assert verdict.message == "dz[1] = W[2]T dz[2]\n^ expected a formula that takes less work"
    assert session.check("a = a", "logistic").verdict == "holds"  # the next text has its own
    (statement,) = judge_text("dz^{[1]} = W^{[2]T} dz^{[2]}", "display", Context("two-layer"), session)
    assert statement.verdict.code == "too-much-work"


@pytest.mark.parametrize("nest", ["‖{}‖", "np.sum({})", "tr({})", r"\operatorname{{diag}}({})"])
def test_the_work_with_examples_as_rows_grows_with_the_levels_and_not_as_their_power(session, nest):
    def steps(levels):
        text = "Z"
        for _ in range(levels):
            text = nest.format(text)
        setting = session.settings["logistic-batch"]
        tree = read(text, setting).tree
        with budget(text):
            with_rows(tree, setting)
            return spent()

    assert steps(40) <= 2 * steps(20) + 20 < 200


LEVELS = ["z + {}", "{} + z", "z * {}", "{} z", "({} - z)", "tanh {}", "np.exp({})", "σ({})", "‖{}‖", "-({})", "({})ᵀ",
          r"\frac{{{}}}{{2}}", r"\sqrt{{{}}}", "({})^{{-1}}", "2^{{{}}}", r"\sum_i {}", "np.sum({})",
          "max({}, z)"]  # fmt: skip


@pytest.mark.parametrize("level", LEVELS)
def test_the_deepest_text_that_is_read_leaves_room_for_whoever_asks(session, level):
    """A build of pages has some two hundred calls under it: what is read needs no more than 750 more."""
    texts = ["z"]
    while len(texts) <= MAX_DEPTH and len(texts[-1]) < MAX_LENGTH:
        texts.append(level.format(texts[-1]))
    texts = [f"z = {text}" for text in texts]
    setting = session.settings["logistic"]
    deepest = texts[bisect_left(texts, True, key=lambda text: read_or_not(text, setting) is None) - 1]
    assert len(deepest) > 40
    frames = len(inspect.stack(0))
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(frames + 750)
    try:
        assert OUR_FAULT not in session.check(deepest, "logistic").message
        forms_of(deepest, judge_text(deepest, "display", Context("logistic"), session))
    finally:
        sys.setrecursionlimit(before)


def read_or_not(text, setting):
    try:
        return read(text, setting)
    except Unreadable:
        return None


def test_names_that_double_on_a_page_are_refused_in_the_end(session):
    defined, previous = {}, "z"
    for name in "ckpqrstuvABCDEF":
        context = Context("logistic", definitions=defined)
        (statement,) = judge_text(f"{name} := {previous} + {previous}", "inline", context, session)
        if statement.defined is None:
            assert statement.verdict.code == "too-long"
            break
        defined, previous = {**defined, name: statement.defined[1]}, name
    assert 5 < len(defined) < 13
