"""The subjects past the course's first one: dropout, and a batch in shards."""

import numpy as np
import pytest

from backprop import Layer, Network, backward, central_difference, cost, forward
from checkedmath.judging.session import Session
from course.beyond import BOOK_KEEP, BOOK_MASK, SETTINGS

TRUE = [
    ("dropout-batch", r"\tilde A^{[1]} = \frac{1}{k} D^{[1]} \odot A^{[1]}"),
    ("dropout-batch", r"dA^{[1]} = \frac{1}{k} \, d\tilde A^{[1]} \odot D^{[1]}"),
    ("dropout-batch", "dA1 = dÃ1 * D1 / keep_prob"),
    ("dropout-batch", "dZ[1] = (W[2]T dZ[2]) * D[1] * g'(Z[1]) / k"),
    ("dropout-batch", "dZ[1] = dA[1] * (1 - A[1] * A[1])"),
    ("dropout-batch", r"\frac{\partial \mathcal{L}}{\partial \tilde A^{[1]}} = W^{[2]T} (A^{[2]} - Y)"),
    ("dropout-batch", r"W^{[2]} := W^{[2]} - \frac{\alpha}{m} dZ^{[2]} \tilde A^{[1]T}"),
    ("dropout-batch", r"D^{[1]} \odot D^{[1]} = D^{[1]}"),
    ("shards", r"dW = \frac{1}{m} \sum_{k=1}^{K} dZ^{[k]} A^{[k]T}"),
    ("shards", r"dW = \sum_{k=1}^{K} \frac{m_k}{m} \frac{1}{m_k} (Z^{[k]} - Y^{[k]}) A^{[k]T}"),
    ("shards", r"\frac{\partial J}{\partial b} = \frac{1}{m} \sum_{k=1}^{K} (Z^{[k]} - Y^{[k]}) \mathbf{1}"),
]
FALSE = [
    ("dropout-batch", r"dA^{[1]} = d\tilde A^{[1]} \odot D^{[1]}", "keep-missing"),
    ("dropout-batch", r"dA^{[1]} = \frac{1}{k} d\tilde A^{[1]}", "mask-missing"),
    ("dropout-batch", r"dW^{[2]} = \frac{1}{m} dZ^{[2]} A^{[1]T}", "A-for-dropped"),
    ("dropout-batch", r"\tilde A^{[1]} = \frac{1}{k} A^{[1]}", "mask-missing"),
    ("dropout-batch", r"\tilde A^{[1]} = D^{[1]} \odot A^{[1]}", "keep-missing"),
    ("dropout-batch", r"\tilde A^{[1]} = A^{[1]}", ""),
    ("shards", r"dW = \sum_{k=1}^{K} dZ^{[k]} A^{[k]T}", ""),
    ("shards", r"dW = \frac{1}{m} dZ^{[1]} A^{[1]T}", ""),
    ("shards", r"dW = \sum_{k=1}^{K} \frac{1}{m_k} dZ^{[k]} A^{[k]T}", ""),
]
IF_EQUAL = [
    r"dW = \frac{1}{K} \sum_{k=1}^{K} \frac{1}{m_k} dZ^{[k]} A^{[k]T}",
    r"J = \frac{1}{K} \sum_{k=1}^{K} \frac{S^{[k]}}{m_k}",
    r"db = \frac{1}{K} \sum_{k=1}^{K} \frac{1}{m_k} dZ^{[k]} \mathbf{1}",
    r"m = K m_1",
]


@pytest.fixture(scope="module")
def session():
    return Session(SETTINGS)


@pytest.mark.parametrize(("setting", "text"), TRUE)
def test_true(session, setting, text):
    found = session.check(text, setting)
    assert (found.verdict, found.draws >= 4) == ("holds", True), found.message


@pytest.mark.parametrize(("setting", "text", "mistake"), FALSE)
def test_false(session, setting, text, mistake):
    found = session.check(text, setting)
    assert found.verdict == "fails"
    if mistake:
        assert found.mistake == mistake


@pytest.mark.parametrize("text", IF_EQUAL)
def test_true_of_shards_that_are_equally_large(session, text):
    found = session.check(text, "shards")
    assert found.verdict == "conditional"
    assert [condition.code for condition in found.where] == ["equal-shards"]


def test_the_network_with_dropout_is_that_of_backprop_with_a_step_between_its_layers():
    for draw in (*SETTINGS["dropout-batch"].draws(""), *SETTINGS["dropout-batch"].draws("book")):
        X, Y, D, k = (draw.value(name, layer) for name, layer in (("X", None), ("Y", None), ("D", 1), ("k", None)))
        first = Layer(draw.value("W", 1), draw.value("b", 1), "tanh")
        tail = Network([Layer(draw.value("W", 2), draw.value("b", 2), "sigmoid")])

        def cost_of(W1, X=X, Y=Y, D=D, k=k, first=first, tail=tail):
            return cost(tail, forward(tail, D / k * np.tanh(W1 @ X + first.b)), Y)

        dropped = D / k * first.g(first.linear(X))
        back = backward(tail, forward(tail, dropped), Y)
        np.testing.assert_allclose(draw.value("J"), cost_of(first.W), rtol=1e-12)
        np.testing.assert_allclose(draw.value("dAtilde", 1), back.dA[0], atol=1e-12)
        np.testing.assert_allclose(draw.value("dW", 2), back.dW[1], atol=1e-12)
        np.testing.assert_allclose(draw.value("dW", 1), central_difference(cost_of, first.W), atol=1e-8)


def test_the_numbers_shown_are_those_of_the_books_network_with_its_mask():
    (draw,) = SETTINGS["dropout-batch"].draws("book")
    assert draw.value("k") == BOOK_KEEP
    np.testing.assert_array_equal(draw.value("D", 1), BOOK_MASK)
    assert set(np.unique(BOOK_MASK)) == {0, 1}
    assert draw.value("Atilde", 1).shape == (3, 5)
