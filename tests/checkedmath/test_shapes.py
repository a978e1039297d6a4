"""Every node has a shape in symbols, and what does not fit is said in symbols, word for word."""

import pytest

from checkedmath.meaning import Scope, resolve, say
from checkedmath.meaning.fill_in import filled_in
from checkedmath.reading import read
from checkedmath.subject.view import View
from checkedmath.syntax.errors import ShapeError
from checkedmath.syntax.tree import walk
from checkedmath.values.places import last_member
from course.settings import SETTINGS


def shapes(text, name):
    """Return the resolved right (or only) side of a text."""
    reading = read(text, SETTINGS[name])
    tree, setting, _ = filled_in(reading.tree, SETTINGS[name], dict(SETTINGS))
    scope = Scope(setting, View(), last_member(tree, setting), numpy=reading.style == "numpy")
    return resolve(tree.terms[-1], scope)


@pytest.mark.parametrize(
    ("text", "setting", "shape"),
    [
        ("W[2]", "two-layer", "(n_2, n_1)"),
        ("W[2]T", "two-layer", "(n_1, n_2)"),
        ("W[2]T dz[2]", "two-layer", "(n_1, 1)"),
        ("W[2]T dZ[2]", "two-layer-batch", "(n_1, m)"),
        ("dZ[1] X^T", "two-layer-batch", "(n_1, n_0)"),
        ("1/m dZ[l] A[l-1]T", "deep-batch", "(n_l, n_{l-1})"),
        ("W[l+1]T dZ[l+1]", "deep-batch", "(n_l, m)"),
        ("W[1] X + b[1]", "two-layer-batch", "(n_1, m)"),
        ("w^T X + b", "logistic-batch", "(1, m)"),
        ("x^T x", "logistic", "a number"),
        ("dZ[2]^(i)", "two-layer-batch", "(n_2, 1)"),
        ("sum over i of dZ[2]^(i)", "two-layer-batch", "(n_2, 1)"),
        ("W[2]_kj", "two-layer", "a number"),
        ("diag(z[1])", "two-layer", "(n_1, n_1)"),
        ("‖W[2]‖", "two-layer", "a number"),
        ("1 - a[1]^2", "two-layer", "(n_1, 1)"),
        ("np.sum(dZ1, axis=1, keepdims=True)", "two-layer-batch", "(n_1, 1)"),
        ("np.sum(dZ1, axis=1)", "two-layer-batch", "(n_1,)"),
        ("np.sum(dZ1)", "two-layer-batch", "a number"),
        ("np.dot(dZ2, A1.T)", "two-layer-batch", "(n_2, n_1)"),
        ("np.outer(dz2, a1)", "two-layer", "(n_2, n_1)"),
    ],
)
def test_shapes_in_symbols(text, setting, shape):
    assert say(shapes(text, setting).shape) == shape


def test_every_node_has_one(cases):
    seen = 0
    for case in cases:
        if case["truth"] != "holds" or case["setting"] == "identities" or "\n" in case["text"]:
            continue
        reading = read(case["text"], SETTINGS[case["setting"]])
        tree, setting, _ = filled_in(reading.tree, SETTINGS[case["setting"]], dict(SETTINGS))
        for term in tree.terms:
            if type(term).__name__ == "RealSpace":
                continue
            view = View(layout=reading.layout or "course")
            seen += parts_mirror_the_tree(resolve(
                term, Scope(setting, view, last_member(tree, setting), numpy=reading.style == "numpy")
            ))
    assert seen > 1000


def parts_mirror_the_tree(item):
    assert isinstance(item.shape, tuple)
    assert all(isinstance(size, str) for size in item.shape)
    assert len(list(walk(item.node))) >= 1 + sum(1 for _ in item.parts)
    return 1 + sum(parts_mirror_the_tree(part) for part in item.parts)


@pytest.mark.parametrize(
    ("text", "setting", "message"),
    [
        ("W[2] dz[2]", "two-layer", "W[2] is (n_2, n_1), dz[2] is (n_2, 1): inner sizes n_1 and n_2 differ"),
        ("dZ[2] A[1]", "two-layer-batch", "dZ[2] is (n_2, m), A[1] is (n_1, m): inner sizes m and n_1 differ"),
        ("W[l]T dZ[l+1]", "deep-batch",
         "W[l]T is (n_{l-1}, n_l), dZ[l+1] is (n_{l+1}, m): inner sizes n_l and n_{l+1} differ"),
        ("W[2]T * dz[2]", "two-layer",
         "W[2]T is (n_1, n_2), dz[2] is (n_2, 1): an element-wise product needs equal shapes"),
        ("a[1] - a[2]", "two-layer", "cannot subtract a[2], (n_2, 1), from a[1], (n_1, 1)"),
        ("W[2] + a[2]", "two-layer", "cannot add a[2], (n_2, 1), to W[2], (n_2, n_1)"),
        ("a[1]/z[2]", "two-layer",
         "cannot divide a[1], (n_1, 1), by z[2], (n_2, 1): a quotient is taken element-wise"),
        ("W2.T * dZ2 + 0", "two-layer-batch",
         "W[2]T is (n_1, n_2), dZ[2] is (n_2, m): an element-wise product needs equal shapes"),
        ("np.multiply(W2.T, dZ2)", "two-layer-batch", "NumPy cannot broadcast (n_1, n_2) with (n_2, m)"),
        ("tr(W[2])", "two-layer", "tr needs a square matrix, not (n_2, n_1)"),
        ("g[1]'", "two-layer", "g' of what? Write what it is taken at, g'(z)"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_said_in_symbols(text, setting, message):
    with pytest.raises(ShapeError) as caught:
        shapes(text, setting)
    assert str(caught.value) == message
    assert caught.value.span[1] > caught.value.span[0]


def test_nothing_broadcasts_but_b():
    """What NumPy lets pass, mathematics does not, and the other way round."""
    for text in ("A[1] + z[1]^(i)", "W[1] X + x"):
        with pytest.raises(ShapeError):
            shapes(text, "two-layer-batch")
    assert say(shapes("A[1] + b[1]", "two-layer-batch").shape) == "(n_1, m)"
    assert say(shapes("np.dot(W1, X) + b1", "two-layer-batch").shape) == "(n_1, m)"
    assert say(shapes("w^T x + b", "logistic").shape) == "a number"
    with pytest.raises(ShapeError):
        shapes("w^T X + z^(i)", "logistic-batch")  # any other number is no bias
