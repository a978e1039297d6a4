"""Texts that say themselves what their letters are, without a setting; each label is proved by central differences.

The sides of a case are what its last line claims, or the line that is wrong, in plain NumPy: nothing of the checker.
"""

import csv
from pathlib import Path

import numpy as np
import pytest

with (Path(__file__).parents[1] / "cases/own.tsv").open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
SIZES = {"p": 3, "q": 4, "r": 5, "s": 2, "m": 6, "1": 1}


def grad(f, at, step=1e-5):
    """Return the derivative of a number by an array in its shape, or of anything by a number."""
    if np.ndim(at) == 0:
        return (f(at + step) - f(at - step)) / (2 * step)
    found = np.zeros_like(at)
    for place in np.ndindex(at.shape):
        moved = np.zeros_like(at)
        moved[place] = step
        found[place] = (f(at + moved) - f(at - moved)) / (2 * step)
    return found


def jac(f, at):
    """Return the Jacobian, the entries of f in rows."""
    columns = [(f(at + e[:, None]) - f(at - e[:, None])) / 2e-5 for e in 1e-5 * np.eye(len(at))]
    return np.hstack(columns)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def softmax(z):
    return np.exp(z) / np.sum(np.exp(z))


TOOLS = {
    "np": np, "grad": grad, "jac": jac, "sigmoid": sigmoid, "softmax": softmax,
    "dot": lambda a, b: np.sum(a * b), "one_hot": lambda z: np.eye(len(z))[:, [1]],
    "bce": lambda y, a: -(y * np.log(a) + (1 - y) * np.log(1 - a)),
}  # fmt: skip


def sides(row, seed):
    """Return what both sides of a case are for random numbers; None for one that cannot be computed."""
    rng = np.random.default_rng(seed)
    drawn = dict(TOOLS)
    for said in row["shapes"].split():
        name, _, shape = said.partition(":")
        sizes = [SIZES[size] for size in shape]
        drawn[name] = rng.normal(size=(*sizes, 1)[:2] if sizes else ())
    found = []
    for side in ("left", "right"):
        try:
            found.append(np.asarray(eval(row[side], drawn)))  # noqa: S307 - of our own file
        except ValueError:
            found.append(None)
    return found


def equal(row, seed):
    left, right = sides(row, seed)
    fits = left is not None and right is not None and left.shape == right.shape
    return fits and np.allclose(left, right, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_every_label_is_proved(row):
    assert all(equal(row, seed) for seed in range(3)) == (row["truth"] == "holds")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_every_text_gets_its_label(session, row):
    found = session.check(row["text"].replace("⏎", "\n"), nearest=False)
    wanted = {"fails": {"fails", "conditional"}}.get(row["truth"], {row["truth"]})
    assert found.verdict in wanted, (found.setting, found.message)


@pytest.mark.parametrize(
    ("text", "setting"),
    [
        (r"y = Ax, \frac{\partial y}{\partial x} = A", "identities"),
        (r"L = -\sum_k y_k \log a_k, \frac{\partial L}{\partial z_k} = a_k - y_k", "softmax-batch"),
        ("dL_dz2 = a2 - y\ndL_dW2 = np.outer(dL_dz2, a1)", "two-layer"),
        ("z = w^T x + b, a = σ(z), dz = a - y, dw = x dz", "logistic"),
        ("z = w^T x - b, a = σ(z), dz = a - y, dw = x dz", "logistic"),  # a slip, not another letter
        ("Z = X @ W + b\ndW = X.T @ dZ / m", "logistic-batch"),  # m is said by nobody but the course
    ],
)
def test_what_a_text_says_of_its_letters_chooses(session, text, setting):
    assert session.choose(text) == setting


@pytest.mark.parametrize(
    ("text", "note"),
    [
        (r"z = w_1 x_1 + \dots + w_n x_n + b", "w_1 x_1 + … + w_n x_n is read as Σ"),
        ("out = x @ w\ndx = dout @ w.T", "read with a letter for each name: out is o, dout is do"),
        ("Y = X W + 1 b^T, dL/db = (dL/dY)^T 1", "1 as a factor is read as a column of ones"),
        ("z^{(l+1)} = W^{(l)} a^{(l)} + b^{(l)}, \\delta^{(l)} = (W^{(l)})^T \\delta^{(l+1)} \\odot g'(z^{(l)})",
         "read as the text says: W and b of layer l lead from layer l to layer l + 1"),
    ],
)  # fmt: skip
def test_what_was_read_as_what_is_said(session, text, note):
    found = session.check(text)
    assert (found.verdict, note in found.notes) == ("holds", True), (found.message, found.notes)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("dw = X @ (A - Y).T / n", "m-is-n"), (r"dw = \frac1n X (A - Y)^T", "m-is-n"), ("z = w^T x", "no-bias"),
        (r"\delta^{(l)} = (W^{(l)})^T \delta^{(l+1)} \odot g'(z^{(l)})", "weights-ahead"),
        (r"J = -\frac1m \sum y \log a + (1-y) \log(1-a)", "reading"),
    ],
)  # fmt: skip
def test_what_is_left_open_is_said(session, text, code):
    found = session.check(text, nearest=False)
    assert (found.verdict, code in {one.code for one in found.where}) == ("conditional", True), found.message


@pytest.mark.parametrize(
    "text",
    [
        "n = X.shape[1]\ndw = X @ (A - Y).T / n", "n_x, n = X.shape\ndw = X @ (A - Y).T / n",
        "M = Z1 > 0\ndZ1 = dA1 * M\ndW1 = dZ1 @ X.T / m",
    ],
)  # fmt: skip
def test_what_the_text_says_itself_is_no_condition(session, text):
    assert session.check(text, nearest=False).verdict == "holds"


@pytest.mark.parametrize(
    "text",
    [
        "dZ1 = dA1 * M", "dW2 = dz2[:, None] @ a1.T", r"z = - w_1 x_1 + \dots + w_n x_n + b",
        "for b, w in zip(biases, weights):\n    z = w @ activation + b\n    zs.append(z)\n    activations.append(z)",
    ],
)  # fmt: skip
def test_what_cannot_be_told_is_not_read(session, text):
    assert session.check(text, nearest=False).verdict == "unreadable"


def test_a_slip_in_the_names_of_a_setting_makes_them_nobody_elses(session):
    text = "Z1 = W1.T @ X + b1\nA1 = np.tanh(Z1)\ndZ1 = dA1 * (1 - A1**2)"
    found = session.check(text)
    assert (found.verdict, found.nearest) == ("fails", "Z[1] = W[1] X + b[1]")


def test_nothing_is_false_by_what_else_a_setting_means(session):
    """Where a text says what a letter is, and no slip makes it what the setting means, its lines are not judged."""
    found = session.check("a = z + 1, dz = a - y, dw = x dz")
    assert (found.verdict, "this text says what a is" in found.message) == ("unreadable", True)
