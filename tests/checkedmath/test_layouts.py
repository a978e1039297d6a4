"""The table of layouts, row by row: shapes and values of ∂u/∂v."""

import numpy as np
import pytest

from checkedmath.meaning import Scope, resolve
from checkedmath.meaning.layouts import shape_of, upright
from checkedmath.reading import read
from checkedmath.subject.view import COURSE, DENOMINATOR, NUMERATOR, View
from checkedmath.syntax.errors import ShapeError
from checkedmath.syntax.tree import Derivative, Index, Symbol
from course.settings import SETTINGS

NUMBER, P1, PQ, R1, RS = (), ("p", "1"), ("p", "q"), ("r", "1"), ("r", "s")
TABLE = [
    # ∂u/∂v            numerator    denominator  course
    (NUMBER, P1,       ("1", "p"),  ("p", "1"),  ("p", "1")),
    (NUMBER, PQ,       ("q", "p"),  ("p", "q"),  ("p", "q")),
    (R1, NUMBER,       ("r", "1"),  ("1", "r"),  ("r", "1")),
    (RS, NUMBER,       ("r", "s"),  ("s", "r"),  ("r", "s")),
    (R1, P1,           ("r", "p"),  ("p", "r"),  ("r", "p")),
    (NUMBER, NUMBER,   (),          (),          ()),
]  # fmt: skip
NODE = Derivative(Symbol("u"), Symbol("v"))


def scope(layout="course", entrywise=False):
    return Scope(SETTINGS["two-layer"], View(layout=layout, entrywise=entrywise), Index("", 2))


@pytest.mark.parametrize(("of", "by", "numerator", "denominator", "course"), TABLE)
def test_the_table(of, by, numerator, denominator, course):
    shapes = [shape_of(of, by, scope(layout), NODE) for layout in (NUMERATOR, DENOMINATOR, COURSE)]
    assert shapes == [numerator, denominator, course]


@pytest.mark.parametrize("layout", [NUMERATOR, DENOMINATOR])
def test_a_row_is_read_as_the_column_it_transposes(layout):
    row = ("1", "p")
    assert upright(row) == P1
    assert upright(("1", "1")) == ("1", "1")
    assert shape_of(NUMBER, row, scope(layout), NODE) == shape_of(NUMBER, P1, scope(layout), NODE)
    assert shape_of(row, R1, scope(layout), NODE) == shape_of(P1, R1, scope(layout), NODE)


@pytest.mark.parametrize(("of", "by"), [(R1, PQ), (RS, P1), (RS, PQ), (PQ, PQ)])
def test_a_derivative_with_three_or_four_axes_is_no_matrix(of, by):
    with pytest.raises(ShapeError) as caught:
        shape_of(of, by, scope(), NODE)
    assert str(caught.value).endswith(
        "their derivative has one number for every pair of entries and is no matrix; write it by index"
    )


def test_entry_by_entry_needs_one_shape():
    assert shape_of(P1, P1, scope(entrywise=True), NODE) == P1
    with pytest.raises(ShapeError, match="an entry-by-entry derivative needs two quantities of one shape"):
        shape_of(R1, P1, scope(entrywise=True), NODE)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("∂dz[1]/∂z[1]", "dz[1] is itself a gradient: its derivative is not judged"),
        ("∂(∂L/∂z[1])/∂z[1]", "a derivative of a derivative is not judged"),
    ],
)
def test_what_is_not_differentiated(text, message, session):
    assert message in session.check(text + " = 1", "two-layer").message


@pytest.mark.parametrize(
    ("text", "setting", "course", "numerator", "denominator"),
    [
        # Written with shapes that only one of two layouts has.
        ("∂L/∂z[1] = dz[1]", "two-layer", True, False, True),
        ("∂L/∂z[1] = dz[1]^T", "two-layer", False, True, False),
        ("∂L/∂W[2] = dz[2] a[1]T", "two-layer", True, False, True),
        ("∂L/∂W[2] = a[1] dz[2]T", "two-layer", False, True, False),
        ("∂z[2]/∂a[1] = W[2]", "two-layer", True, True, False),
        ("∂z[2]/∂a[1] = W[2]T", "two-layer", False, False, True),
        ("∂L/∂a[1] = ∂L/∂z[2] W[2]", "two-layer", False, True, False),
        ("∂L/∂a[1] = W[2]T ∂L/∂z[2]", "two-layer", True, False, True),
        ("∂L/∂b = a - y", "logistic", True, True, True),
        ("d(a t)/dt = a", "identities", True, True, False),
        ("d(a t)/dt = a^T", "identities", False, False, True),
        ("d(A t)/dt = A^T", "identities", False, False, True),
        ("d(a^T X b)/dX = a b^T", "identities", True, False, True),
        ("d(a^T X b)/dX = b a^T", "identities", False, True, False),
    ],
)
def test_each_layout_is_judged_by_itself(session, text, setting, course, numerator, denominator):
    for layout, holds in ((COURSE, course), (NUMERATOR, numerator), (DENOMINATOR, denominator)):
        assert (session.check(text, setting, layout=layout).verdict == "holds") == holds, layout


def test_values_stand_where_the_layout_puts_them():
    """The entry of the Jacobian in row k, column j is ∂z_k/∂a_j: from the forward pass, moved by hand."""
    from checkedmath.values.evaluate import Environment, evaluate

    setting = SETTINGS["two-layer"]
    draw = setting.draws("")[0]
    node = read("∂z[2]/∂a[1]", setting).tree.terms[0]
    value = evaluate(resolve(node, scope(NUMERATOR)), Environment(np, setting, draw, {"L": 2}))
    a, step = draw.value("a", 1), 1e-6
    assert value.shape == (draw.value("z", 2).shape[0], a.shape[0])
    for j in range(a.shape[0]):
        moved = a.copy()
        moved[j] += step
        change = (draw.moved("a", 1, moved).value("z", 2) - draw.value("z", 2)) / step
        np.testing.assert_allclose(value[:, [j]], change, atol=1e-6)
    turned = evaluate(resolve(node, scope(DENOMINATOR)), Environment(np, setting, draw, {"L": 2}))
    np.testing.assert_array_equal(turned, value.T)
