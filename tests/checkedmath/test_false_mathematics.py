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
