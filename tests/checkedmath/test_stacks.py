"""All entries moved at once, each in a copy of its own: the same derivatives as moved one after the other."""

import numpy as np
import pytest

from checkedmath.meaning import Scope, resolve
from checkedmath.reading import read
from checkedmath.subject.setting import NamedFunction, Quantity
from checkedmath.subject.subject import Subject
from checkedmath.subject.view import NUMERATOR, View
from checkedmath.syntax.errors import Disagreement
from checkedmath.syntax.tree import Index, Symbol
from checkedmath.values import arrays
from checkedmath.values.differentiate import COPIES, compare_steps
from checkedmath.values.evaluate import Environment, evaluate
from checkedmath.values.functions import slope
from checkedmath.values.graph import setting_of
from checkedmath.values.stacks import NoStack


def softmax(z, xp):
    return xp.exp(z) / xp.sum(xp.exp(z), axis=0, keepdims=True)


def matrices():
    return Subject(
        "matrices", "a few matrices",
        quantities=[
            Quantity("A", ("p", "q"), "A"), Quantity("B", ("q", "p"), "B"), Quantity("S", ("p", "p"), "S"),
            Quantity("x", ("q", "1"), "x"), Quantity("y", ("p", "1"), "y"), Quantity("t", (), "t"),
            Quantity("C", ("p", "p"), "C"), Quantity("E", ("p", "p"), "E"), Quantity("u", (), "u"),
            Quantity("dA", ("p", "q"), "d A", gradient=("u", "A")),
            Quantity("dS", ("p", "p"), "d S", gradient=("u", "S")),
        ],
        rules=["C = A B", "E = tanh(S) + S^T", "u = tr(C E) + ‖C‖"],
        sizes=[{"p": 3, "q": 4}],
        functions=[NamedFunction("softmax", "softmax", entrywise=False, value=softmax)],
    )  # fmt: skip


#: What follows from which letter, with each kind of node.
EXPRESSIONS = [
    ("A x + y", "A"), ("A x - 2 y", "x"), ("x^T A^T y", "A"), ("-A", "A"), ("A ⊙ B^T", "B"), ("A / (2 + t)", "A"),
    ("(tr S) A", "S"), ("A tr(S)", "A"), ("det(S) y", "S"), ("S^{-1}", "S"), ("S^{-1} A x", "S"), ("S^3", "S"),
    ("‖A x - y‖^2", "A"), ("‖A x - y‖", "A"), ("y x^T", "x"), ("diag(y) A", "y"), ("diag(S)", "S"), ("tanh(A)", "A"),
    ("softmax(A)", "A"), ("Σ_i A_{ik} x_k", "A"), ("Σ_i Σ_k A_{ik}^2", "A"), ("Σ_k x_k", "x"), ("max(A, -A)", "A"),
    ("np.sum(A)", "A"), ("np.sum(A, axis=0, keepdims=True)", "A"), ("np.sum(A, axis=1, keepdims=True)", "A"),
    ("np.mean(A, axis=1, keepdims=True) * y", "A"), ("A.T @ y", "A"),
    ("(A > 0) * A", "A"), ("2^t A", "A"), ("C E", "A"), ("C E", "S"), ("u", "A"), ("u", "S"), ("tanh'(y)", "x"),
]  # fmt: skip
#: Those that are taken one after the other: an axis is lost, a power is moved.
ALONE = [("np.sum(A * A, axis=0) * A", "A"), ("Σ_i 2^{A_{ik}}", "A")]


def place(xp=np):
    setting = setting_of(matrices())
    (draw,) = setting.draws("")
    return Environment(xp, setting, draw, indices={"k": 2, "i": 1})


def resolved(text, env):
    reading = read(text, env.setting)
    (tree,) = reading.tree.terms
    scope = Scope(env.setting, View(layout=NUMERATOR), Index(""), numpy=reading.style == "numpy")
    return resolve(tree, scope)


def both_ways(text, name):
    """Return the derivative with all entries at once, one after the other, and how often each was evaluated."""
    env, count = place(), [0, 0]
    item, symbol = resolved(text, env), Symbol(name)
    v = np.asarray(env.draw.value(name, None))

    def at_once(moved):
        count[0] += 1
        return evaluate(item, env.moved(symbol, moved))

    def alone(moved):
        count[1] += 1
        if moved.ndim > 2:
            raise NoStack
        return evaluate(item, env.moved(symbol, moved))

    return compare_steps(at_once, v, np, name), compare_steps(alone, v, np, name), *count


@pytest.mark.parametrize(("text", "name"), EXPRESSIONS)
def test_all_entries_at_once_give_what_one_after_the_other_gives(text, name):
    found, expected, few, many = both_ways(text, name)
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-14, strict=True)
    assert few <= 7 < many


@pytest.mark.parametrize(("text", "name"), ALONE)
def test_what_cannot_be_carried_in_copies_is_taken_one_after_the_other(text, name):
    found, expected, few, many = both_ways(text, name)
    np.testing.assert_array_equal(found, expected)
    assert few == many


def test_more_entries_than_are_moved_at_once_come_in_several_turns():
    count = []

    def squares(moved):
        count.append(moved.shape)
        return moved * moved

    v = np.linspace(-1, 1, COPIES + 5).reshape(-1, 1)
    full = compare_steps(squares, v, np, "v")
    np.testing.assert_allclose(full[:, 0, :, 0], np.diag(2 * v[:, 0]), atol=1e-15)
    assert {shape[0] for shape in count} == {COPIES, 5}


def test_each_copy_is_looked_at_by_itself():
    """A steep copy excuses no other, and one without a value leaves the others theirs."""
    with pytest.raises(Disagreement):
        slope(lambda t: np.array([[1e9 + 1e9 * t], [abs(1 + t) + t * 0]]), np, "f", copies=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = slope(lambda t: np.array([[t], [np.asarray(1.0) / (0 * t)]]), np, "f", copies=True)
    assert found[0, 0] == 1
    assert not np.isfinite(found[1, 0])


@pytest.mark.parametrize("name", ["A", "S"])
def test_gradients_of_a_graph_are_the_rules_of_calculus(name):
    draw = place().draw
    A, B, S = (draw.value(letter, None) for letter in "ABS")
    C, E = A @ B, np.tanh(S) + S.T
    expected = (E.T + C / np.linalg.norm(C)) @ B.T if name == "A" else C.T * (1 - np.tanh(S) ** 2) + C
    np.testing.assert_allclose(draw.value(f"d{name}", None), expected, rtol=1e-10, atol=1e-12)


def test_what_does_not_follow_from_what_is_moved_is_not_computed_again():
    draw = place().draw
    C, E, u, dS = (draw.value(name, None) for name in ("C", "E", "u", "dS"))
    moved = draw.moved("S", None, 2 * draw.value("S", None))
    assert moved.value("C", None) is C
    assert not np.allclose(moved.value("E", None), E)
    assert moved.value("u", None) != u
    there = draw.moved("A", None, 2 * draw.value("A", None))
    assert there.value("E", None) is E
    np.testing.assert_allclose(there.value("dS", None), 2 * dS)  # a derivative follows from all that it is made of
    back = moved.moved("S", None, draw.value("S", None))
    assert back.value("u", None) == pytest.approx(u)


@pytest.mark.parametrize(("text", "name"), EXPRESSIONS[:12])
def test_without_numpy_copies_are_carried_too(text, name):
    env, other = place(), place(arrays)
    for letter in "ABSxyt":
        value = np.asarray(env.draw.value(letter, None))
        other.draw = other.draw.moved(letter, None, arrays.array(value.tolist()))
    item, v = resolved(text, env), other.draw.value(name, None)

    def u(moved):
        return evaluate(item, other.moved(Symbol(name), moved))

    expected, *_ = both_ways(text, name)
    np.testing.assert_allclose(compare_steps(u, v, arrays, name).tolist(), expected, rtol=1e-10, atol=1e-12)
