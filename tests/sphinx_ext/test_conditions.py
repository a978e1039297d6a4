"""Conditions: a formula is tried where what is said beside it holds, in a text and in a sentence."""

import pytest

from checkedmath.judging.session import Session

pytestmark = [
    pytest.mark.filterwarnings("default::DeprecationWarning"),
    pytest.mark.filterwarnings("default::PendingDeprecationWarning"),
]


@pytest.fixture(scope="module")
def session():
    return Session()


@pytest.mark.parametrize(("setting", "text", "verdict", "said"), [
    ("logistic", "|z| = z if z > 0", "holds", "true, for z > 0"),
    ("logistic", "|z| = z", "fails", ""),
    ("logistic", "|z| = z if z < 0", "fails", ""),
    ("logistic", "σ(z) > 1/2 if z > 0", "holds", "true, for z > 0"),
    ("logistic", "σ(z) > 1/2 if z > -1", "fails", ""),
    ("logistic", "dz < 0 if y > 1/2 and a < 1/2", "holds", "true, for y > 1/2, a < 1/2"),
    ("two-layer", r"\operatorname{ReLU}(z^{[1]}) = 0 \quad \text{if } z^{[1]} < 0", "holds", "true, for z[1] < 0"),
    ("two-layer", "dz[2] = a[2] - y where a[2] > 0.9", "holds", "true, for a[2] > 0.9"),
    ("two-layer-batch", "relu'(Z[1]) = 1 if Z[1] > 0", "holds", "true, for Z[1] > 0, with a relu hidden layer"),
    # No network meets it, or nobody knows what it says: nothing can be said of what stands under it.
    ("logistic-batch", "dZ = A - Y if J < 0", "unreadable", "no draw meets the condition J < 0"),
    ("logistic", "a = y if qq > 3", "unreadable", ""),
])  # fmt: skip
def test_a_formula_is_tried_under_the_conditions_of_its_text(session, setting, text, verdict, said):
    found = session.check(text, setting, nearest=False)
    assert (found.verdict, found.message if said else "") == (verdict, said)


def test_a_sentence_says_under_which_condition_its_formulas_stand(judged):
    book = judged("conditions").build()
    found = [(f["line"], f["source"], f["verdict"]) for f in book.report["formulas"] if f["relation"] == "claim"]
    assert found == [
        (7, r"\operatorname{ReLU}'(z) = 1", "holds"), (7, r"\operatorname{ReLU}'(z) = 0", "holds"),
        (9, r"a > \frac12", "holds"), (9, "|z| = z", "holds"), (9, r"\operatorname{ReLU}(z) = z", "holds"),
        (12, r"\operatorname{ReLU}(z) = 0", "holds"),
        (15, "dz > 0", "holds"),
        (17, "|z| = -z", "fails"), (19, r"\operatorname{ReLU}(z) = z", "fails"), (21, r"a < \frac12", "fails"),
        (26, "|z| = z", "fails"), (29, "z > 0", "fails"),
    ]  # fmt: skip
    conditions = [(f["line"], f["verdict"]) for f in book.report["formulas"] if f["relation"] == "value"]
    assert [line for line, verdict in conditions if verdict != "holds"] == [23, 23, 31, 31, 31]  # L < 0: never; unless
