"""A text of several statements: each is judged, and the worst speaks for the text, with its line."""

import pytest

from checkedmath.syntax.source import take_apart

BATCH = "two-layer-batch"


@pytest.mark.parametrize(("text", "expected", "line"), [
    # An earlier line is false and the last is right, and the other way round.
    ("dW2 = 1/m * np.dot(dZ2, A1)\ndZ1 = np.dot(W2.T, dZ2) * (1 - np.power(A1, 2))", "fails", 1),
    ("dZ1 = np.dot(W2.T, dZ2) * (1 - np.power(A1, 2))\ndW2 = 1/m * np.dot(dZ2, A1)", "fails", 2),
    ("dZ2 = A2 - Y\ndW2 = 1/m dZ2 A1T\ndb2 = 1/m Σ_i dZ2^(i)", "holds", 0),
    ("dZ2 = A2 - Y\ndW2 = 1/m A1 dZ2\ndb2 = 1/m Σ_i dZ2^(i)", "fails", 2),
    ("dZ2 = A2 - Y\n\ndW2 = 1/m A1 dZ2", "fails", 3),
    # A slip is reported once: the lines below use the name as right.
    ("dZ1 = np.dot(W2.T, dZ2)\ndW1 = np.dot(dZ1, X.T) / m", "fails", 1),
    # A new name is a definition, and what it says counts where it is used.
    ("delta2 = A2 - Y\ndW2 = 1/m delta2 A1T", "holds", 0),
    ("err2 = Y - A2\ndW2 = 1/m err2 A1T", "fails", 0),
    ("s = 1 - A1**2\ndZ1 = np.dot(W2.T, dZ2) * s", "holds", 0),
    ("s = 1 - A1\ndZ1 = np.dot(W2.T, dZ2) * s", "fails", 0),
    # What is built up is judged as a whole, and what uses a part of it uses that part.
    ("dW2 = np.dot(dZ2, A1.T)\ndW2 /= m\ndb2 = np.sum(dZ2, axis=1, keepdims=True) / m", "holds", 0),
    ("dZ1 = np.dot(W2.T, dZ2)\ndW1 = np.dot(dZ1, X.T)/m\ndZ1 = dZ1 * (1 - A1**2)", "fails", 2),
    # After an update W2 is another matrix.
    ("W2 = W2 - alpha * dW2\ndZ1 = W2.T @ dZ2 * (1 - A1**2)", "fails", 2),
    ("dZ1 = W2.T @ dZ2 * (1 - A1**2)\nW2 = W2 - alpha * dW2", "holds", 0),
    ("D = A2\nD -= Y\ndZ2 = A2 - Y", "fails", 0),
    ("learning_rate = 0.01\nW2 = W2 - learning_rate * dW2\nW1 = W1 - learning_rate * dW1", "holds", 0),
    ("A1 = np.tanh(Z1)\ndZ1 = dA1 * A1 * (1 - A1)", "fails", 1),  # tanh, and the slope of a sigmoid
    ("A1 = sigmoid(Z1)\ndZ1 = dA1 * A1 * (1 - A1)", "holds", 0),
    # A line that cannot be read: the text cannot be called true, but it can be false.
    ("dZ2 = A2 - Y\ndW2 = 1/m qq A1T", "unreadable", 2),
    ("dZ2 = Y - A2\ndW2 = 1/m qq A1T", "fails", 1),
    (r"\begin{aligned} dZ^{[2]} &= A^{[2]} - Y \\ dW^{[2]} &= \frac1m A^{[1]} dZ^{[2]} \end{aligned}", "fails", 2),
    ("dZ1 = W2T dZ2\n    * g1'(Z1)", "holds", 0),
])  # fmt: skip
def test_the_worst_statement_speaks(session, text, expected, line):
    found = session.check(text, BATCH)
    assert (found.verdict, found.line) == (expected, line), found.message
    assert found.message.startswith(f"line {line}: ") or not line or expected == "unreadable"


@pytest.mark.parametrize(("text", "expected", "line", "code"), [
    # 1/m could be inside dZ, were it not for the line that says what dZ is.
    ("dZ2 = A2 - Y\ndW2 = dZ2 A1T", "fails", 2, ""),
    ("dZ2 = 1/m (A2 - Y)\ndW2 = dZ2 A1T", "conditional", 1, "dZ-is-dJ"),
    # Examples as rows: all of the text, or none of it.
    ("dW2 = A1.T @ dZ2 / m\ndb2 = np.sum(dZ2, axis=0, keepdims=True) / m", "conditional", 1, "rows-W"),
    ("dW2 = dZ2 @ A1.T / m\ndb2 = np.sum(dZ2, axis=0, keepdims=True) / m", "fails", 2, ""),
    # One hidden layer has one activation.
    ("dZ1 = W2T dZ2 * A1*(1-A1)\ndZ1 = W2T dZ2 * (1 - A1^2)", "fails", 1, ""),
    # How a sign is meant is a matter of its own line.
    ("dZ2 = A2 - Y\ndW2 = 1/m * dZ2 * A1T", "conditional", 2, "product-matrix"),
])  # fmt: skip
def test_a_condition_is_one_of_the_whole_text(session, text, expected, line, code):
    found = session.check(text, BATCH)
    assert (found.verdict, found.line) == (expected, line), found.message
    assert [condition.code for condition in found.where] == [code] * bool(code)
    assert (", but then line" in found.message) == (expected == "fails")


def test_a_text_about_examples_is_about_them_in_every_line(session):
    found = session.check("dz = a - y\ndw = x dz\ndb = 1/m np.sum(dz)", "logistic")
    assert (found.verdict, found.line, found.setting) == ("conditional", 2, "logistic-batch")
    assert session.check("dz = a - y\ndw = x dz\ndb = dz", "logistic").verdict == "holds"


def test_several_gradients_of_a_free_definition(session):
    right, wrong = "Y = X @ W\ndX = dY @ W.T\ndW = X.T @ dY", "Y = X @ W\ndX = dY @ W\ndW = X.T @ dY"
    assert session.check(right, "identities").verdict == "holds"
    assert (session.check(wrong, "identities").verdict, session.check(wrong, "identities").line) == ("fails", 2)


@pytest.mark.parametrize(("text", "parts"), [
    ("a = b\nc = d", ["a = b", "c = d"]),
    ("a = b\n = c", ["a = b\n = c"]),
    ("a = b\n + c", ["a = b\n + c"]),
    ("a = f(b,\nc)", ["a = f(b,\nc)"]),
    ("a = b\n\\sum_{i=1}^m c", ["a = b\n\\sum_{i=1}^m c"]),
    ("\na = b\n\nc = d\n", ["a = b", "c = d"]),
    ("a = b, c = d", ["a = b", "c = d"]),
    ("a = b for all i, c = d", ["a = b", "c = d"]),
])  # fmt: skip
def test_where_a_new_statement_begins(text, parts):
    found = [one.text for one in take_apart(text).statements]
    assert [part.strip() for part in found] == parts
    assert {len(part) for part in found} == {len(text)}
