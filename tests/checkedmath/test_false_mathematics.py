"""False texts that were read as something true, by kind, each beside true texts that are written alike."""

import pytest

from checkedmath.subject.setting import IDENTITIES

FALSE_DOTS = [
    r"[x_1, x_1, \ldots, x_n]^T = x", r"[x_1, x_3, \ldots, x_n]^T = x", r"[x_1, -x_2, \ldots, x_n]^T = x",
    r"[x_1, y_2, \ldots, x_n]^T = x", r"[x_1, \ldots, 7, x_n]^T = x", r"[x_1, \ldots, x_2, \ldots, x_n]^T = x",
    r"\begin{pmatrix} x_1 \\ \vdots \\ 7 \\ x_n \end{pmatrix} = x", r"[x_1, 5, 6, 7, \ldots, x_n] x = x^T x",
    r"f(x) = x^T x, \nabla f = [2x_1, 2 x_1, \ldots, 2 x_n]^T", r"[x_1, \ldots, x_3]^T = x",
    (r"\frac{\partial f}{\partial x} = [\frac{\partial f}{\partial x_1}, \frac{\partial f}{\partial x_1}, \ldots,"
    r" \frac{\partial f}{\partial x_n}], f = x^T x"),
    (r"x y^T = \begin{pmatrix} x_1 y_1 & \cdots & x_1 y_n \\ \vdots & \ddots & \vdots \\"
    r" x_m y_1 & \cdots & x_m y_m \end{pmatrix}"),
    (r"x y^T = \begin{pmatrix} x_1 y_1 & \cdots & x_1 y_n \\ \vdots & x_1 y_1 & \vdots \\"
    r" x_m y_1 & \cdots & x_m y_n \end{pmatrix}"),
    r"X = [x_1, \ldots, x_n], X X^T = [x_1, 5 x_2, \ldots, x_n] X^T",
]  # fmt: skip
TRUE_DOTS = [
    r"[x_1, x_2, \ldots, x_n]^T = x", r"\begin{pmatrix} x_1 \\ x_2 \\ x_3 \\ \vdots \\ x_n \end{pmatrix} = x",
    r"f(x) = x^T x, \nabla f = [2x_1, 2 x_2, \ldots, 2 x_n]^T",
    r"X = [x_1, \ldots, x_n], X X^T = [x_1, x_2, \ldots, x_n] X^T",
    r"x = [x_1, \ldots, x_3]^T, x^T x = x_1^2 + x_2^2 + x_3^2",
    (r"x y^T = \begin{pmatrix} x_1 y_1 & x_1 y_2 & \cdots & x_1 y_n \\ x_2 y_1 & x_2 y_2 & \cdots & x_2 y_n \\"
    r" \vdots & \vdots & \ddots & \vdots \\ x_m y_1 & x_m y_2 & \cdots & x_m y_n \end{pmatrix}"),
]  # fmt: skip


@pytest.mark.parametrize("text", FALSE_DOTS)
def test_every_entry_beside_dots_is_looked_at(session, text):
    assert session.check(text, IDENTITIES, nearest=False).verdict == "unreadable"


@pytest.mark.parametrize("text", TRUE_DOTS)
def test_dots_between_entries_that_go_on_hold(session, text):
    assert session.check(text, IDENTITIES, nearest=False).verdict == "holds"


LOSS = r"-y\log a - (1-y)\log(1-a)"
FALSE_LISTS = [
    *(("logistic", f"L({at}) = {LOSS}")
      for at in ["a, a", "y, y", "x, x", "b", "y", "w, x", "b, a", "a, y, x, w, b, b"]),
    ("logistic", "L(a, a) = L(a, y)"), ("logistic", "L(y, a) = L(a, y)"), ("logistic", "dL(a, a)/dz = a - y"),
    ("logistic", r"\frac{\partial L(a,a)}{\partial a} = \frac{a-y}{a(1-a)}"),
    ("logistic", r"\nabla_w L(b) = (a - y) x"),
    ("logistic", r"\frac{\partial L(z, y)}{\partial a} = -\frac{y}{a} + \frac{1-y}{1-a}"),
    *(("logistic-batch", rf"J({at}) = \frac1m\sum_{{i=1}}^m L(a^{{(i)}}, y^{{(i)}})")
      for at in ["b, b", "y", "x", "a, x"]),
    *(("logistic-batch", rf"J(w) = \frac1m\sum_{{i=1}}^m L({at})")
      for at in ["A, Y", "a^{(i)}", "a^{(i)}, a^{(i)}", "w, x^{(i)}", "x^{(i)}, y^{(i)}"]),
    ("two-layer", r"\nabla_{W^{[1]}} L(W^{[2]}) = dz^{[1]} x^T"),
    ("two-layer", r"\frac{\partial J(W^{[1]}, b^{[2]})}{\partial b^{[1]}} = dz^{[1]}"),
    ("two-layer-batch", r"J = \frac1m\sum_i L(a^{[2](i)}, a^{[2](i)})"),
    ("two-layer-batch", r"J(W^{[1]}, b^{[1]}) = \frac1m\sum_i L(a^{[2](i)}, y^{(i)})"),
]  # fmt: skip
TRUE_LISTS = [
    ("logistic", f"L(a, y) = {LOSS}", ""), ("logistic", f"L(w, b) = {LOSS}", ""),
    ("logistic", f"L(y, a) = {LOSS}", "L(y, a) is read with a as the prediction and y as the label"),
    ("logistic", f"L(z, y) = {LOSS}", "L(z, y) is read with what follows from z as the prediction and y as the label"),
    ("logistic", r"\frac{\partial L(b)}{\partial b} = a - y", ""),
    ("logistic-batch", r"J(w, b) = \frac1m\sum_{i=1}^m L(a^{(i)}, y^{(i)})", ""),
    ("two-layer", r"\frac{\partial L(W^{[1]})}{\partial W^{[1]}} = dz^{[1]} x^T", ""),
    ("two-layer", r"\frac{\partial L(a^{[2]}, y)}{\partial W^{[1]}} = dz^{[1]} x^T", ""),
    ("two-layer-batch", r"J(W^{[1]}, b^{[1]}, W^{[2]}, b^{[2]}) = \frac1m\sum_i L(a^{[2](i)}, y^{(i)})", ""),
]


@pytest.mark.parametrize(("setting", "text"), FALSE_LISTS)
def test_a_loss_taken_at_what_it_is_no_function_of_is_not_the_loss(session, setting, text):
    assert session.check(text, setting, nearest=False).verdict in {"unreadable", "fails"}


@pytest.mark.parametrize(("setting", "text", "note"), TRUE_LISTS)
def test_a_loss_is_taken_at_what_its_subject_declares(session, setting, text, note):
    found = session.check(text, setting, nearest=False)
    assert (found.verdict, not note or note in found.notes) == ("holds", True), (found.message, found.notes)


BESIDE = [
    r"\text{ (twice)}", r"\text{ times three}", r"\mbox{ times three}", r"\text{ (transposed)}", r"\text{ is wrong}",
    r"\text{ is zero}", r"\text{ which is negative}", "# times 3", "# wrong", "# dz = 7", "# + 5*y",
]  # fmt: skip
HARMLESS = [r"\text{ (the error)}", r"\quad \text{for one example}", "# the error", "# one-hot"]


@pytest.mark.parametrize("beside", BESIDE)
def test_words_that_change_or_judge_a_formula_are_not_passed_over(session, beside):
    assert session.check(f"dz = a - y {beside}", "logistic", nearest=False).verdict == "unreadable"


@pytest.mark.parametrize("beside", HARMLESS)
def test_words_that_leave_a_formula_as_it_is_may_stand_beside_it(session, beside):
    assert session.check(f"dz = a - y {beside}", "logistic", nearest=False).verdict == "holds"


ARRAY = r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}\begin{pmatrix} x \\ y \end{pmatrix} = "


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("d x = x d, d = 5", "holds"), (ARRAY + r"\begin{pmatrix} ax + by \\ cx + dy \end{pmatrix}", "holds"),
        (ARRAY + r"\begin{pmatrix} ax + by \\ cx - dy \end{pmatrix}", "fails"),
        ("Y = X W, dX = dY W^T", "holds"), ("Y = X W, dX = dY W", "fails"),
    ],
)  # fmt: skip
def test_a_letter_d_beside_the_sign_of_a_differential(session, text, verdict):
    assert session.check(text, IDENTITIES, nearest=False).verdict == verdict
