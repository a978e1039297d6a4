"""Without a setting the text chooses one; labelled examples hold the order in place."""

import pytest

from checkedmath.judging.session import Session
from course.settings import SETTINGS

#: Another answer than the label's, because the text does not say what the label's setting adds.
UNSAID = {
    "SM002": "no word of softmax", "SM003": "no word of softmax", "SM005": "no word of softmax",
    "SM012": "no word of softmax", "L2007": "no word of a penalty",
}  # fmt: skip
TEXTS = {
    "logistic": [
        "dz = a - y", "a = σ(wᵀx + b)", r"\frac{dL}{da} = -\frac{y}{a} + \frac{1-y}{1-a}", "dw = x dz",
        r"\frac{\partial (w^T x + b)}{\partial w} = x", "σ′(z) = a(1 − a)", "∂L/∂w1 = ∂L/∂z * ∂z/∂w1 = x1 * dz",
    ],
    "logistic-batch": [
        "dw = (1/m) X dZ^T", "dZ = A - Y", "Z = np.dot(w.T, X) + b", "db = np.sum(dZ) / m", "J = 1/m Σ_i L^(i)",
        "w := w - alpha dJ/dw",
    ],
    "two-layer": ["dz[1] = W[2]T dz[2] * g[1]'(z[1])", "dz1 = w2 * dz2 * g1'(z1)", r"dW^{[2]} = dz^{[2]} a^{[1]T}"],
    "two-layer-batch": [
        "dW2 = dZ2 A1.T", "db1 = np.sum(dZ1, axis=1)", "dZ1 = dA1 * (1 - np.tanh(Z1)**2)", "dZ2 = Y - A2",
        "dW² = (1/m) dZ² A¹ᵀ", "∂J/∂Z² = (1/m)(A² − Y)", r"\frac{\partial J}{\partial b^{[2]}} = \delta^{[2]}",
        "dZ2 = A2 - Y\ndW2 = 1/m dZ2 A1T",
    ],
    "deep": ["da[l-1] = W[l]T dz[l]", r"dz^{[L]} = a^{[L]} - y", "W3 = W3 - alpha dW3", "δˡ = σ′(zˡ) ⊙ (wˡ⁺¹)ᵀ δˡ⁺¹"],
    "deep-batch": ["dA_prev = np.dot(W.T, dZ)", "dAL = AL - Y", "dW[l] = 1/m dZ[l] A[l-1]T", "dW3 = dZ3 @ A2.T"],
    "softmax-batch": ["dL/dz = softmax(z) - y", "dZ2 = A2 - one_hot_Y", "∂aᵢ/∂zⱼ = aᵢ(δᵢⱼ − aⱼ)"],
    "l2-batch": [r"dW^{[l]} = \frac1m dZ^{[l]} A^{[l-1]T} + \frac{\lambda}{m} W^{[l]}"],
    "identities": [
        "d(a^T x)/dx = a^T", "∂(Ax)/∂x = A", "d(x'Ax)/dx = (A + A')x", "∂‖x‖/∂x = xᵀ/‖x‖",
        "dX = dY @ W.T  # Y = X @ W", "(y-Xw)'(y-Xw) = y'y - 2y'Xw + w'X'Xw", "det(A B) = det(A) det(B)",
        r"\frac{\partial (a \odot x)}{\partial x} = x",
    ],
}  # fmt: skip


@pytest.mark.parametrize(("setting", "text"), [(name, text) for name, texts in TEXTS.items() for text in texts])
def test_the_text_chooses(session, setting, text):
    assert session.choose(text) == setting


def test_a_slip_is_not_called_true_because_another_setting_would_say_yes(session):
    for text in ("dW2 = dZ2 A1.T", "db1 = np.sum(dZ1, axis=1)"):
        found = session.check(text)
        assert (found.setting, found.verdict in {"fails", "conditional"}) == ("two-layer-batch", True)
        assert "one-over-m-missing" in found.mistake


def test_what_no_setting_can_read_is_said_by_one_that_reads_far_and_has_such_layers(session):
    assert session.check("dz = da * sigmod(z)").setting == "logistic"
    found = session.check("dZ[1] = dott(W[2].T, dZ[2]) * g[1]'(Z[1])")
    assert (found.verdict, found.setting) == ("unreadable", "two-layer")


def test_letters_that_are_declared_rule_out_a_setting_that_knows_them(session):
    lets = {"w": ("p", "1"), "x": ("p", "1")}
    assert session.choose("d(w^T x)/dw = x", lets=lets) == "identities"


def test_a_session_with_one_setting_has_no_choice():
    one = Session({"logistic": SETTINGS["logistic"]})
    assert one.check("dz = a - y").setting == "logistic"


def test_a_sample_of_the_labelled_cases_without_their_settings(cases, session, show):
    check_cases(cases[::3], session, show)


@pytest.mark.long
def test_the_labelled_cases_without_their_settings(cases, session, show):
    check_cases(cases, session, show)


def check_cases(cases, session, show):
    """The choice is right for nine of ten; where something false is called true, the text left out what makes it so."""
    found = {case["id"]: session.check(case["text"], nearest=False) for case in cases}
    right = [case["id"] for case in cases if found[case["id"]].setting == case["setting"]]
    held = [case["id"] for case in cases if case["truth"] == found[case["id"]].verdict == "holds"]
    holds = [case["id"] for case in cases if case["truth"] == "holds"]
    show(f"Without a setting: {len(right)} of {len(cases)} settings as labelled, {len(held)} of {len(holds)} hold")
    wrong = {case["id"] for case in cases if case["truth"] != "holds" and found[case["id"]].verdict == "holds"}
    assert wrong == set(UNSAID) & {case["id"] for case in cases}
    assert len(right) >= 0.89 * len(cases)
    assert len(held) >= 0.96 * len(holds)
