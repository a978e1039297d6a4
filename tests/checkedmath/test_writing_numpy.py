"""NumPy lines: word for word, run over the book's objects, and never an assignment."""

from __future__ import annotations

import ast
from typing import Any

import numpy as np
import pytest

import backprop
from backprop import backward, book, forward
from checkedmath.judging.session import Session
from checkedmath.meaning import Resolved, Scope, resolve
from checkedmath.meaning.arithmetic import fill
from checkedmath.reading import read
from checkedmath.subject.view import COURSE, DENOMINATOR, NUMERATOR, View
from checkedmath.syntax import tree
from checkedmath.values.places import last_member
from checkedmath.writing.numpy import NotWritten, Objects, write_assertion, write_numpy

SESSION = Session()


def between(u: tree.Symbol, v: tree.Symbol) -> str:
    names = [f"{s.name}[{s.member}]" if s.member is not None else s.name for s in (u, v)]
    of, by = (name[0].upper() + name[1:] for name in names)
    return f'jacobian(net, X, Y, of="{of}", by="{by}")'


LAYERS = {"l": "2", "L": "net.L"}
OBJECTS = Objects(LAYERS)
COMPUTED = Objects(LAYERS, between, "derivative")


def resolved(
    text: str, name: str, layout: str = COURSE, style: str = "auto"
) -> tuple[tuple[Resolved, ...], tree.Chain, Any]:
    reading = read(text, SESSION.settings[name], style)
    claim, _ = SESSION.claim(reading, SESSION.settings[name], "", {})
    last = last_member(claim.tree, claim.setting)
    scope = Scope(claim.setting, View(layout=layout), last, shapes=claim.shapes, numpy=claim.numpy)
    return tuple(resolve(term, scope) for term in claim.tree.terms), claim.tree, claim.setting


def assertion(text: str, name: str, objects: Objects = OBJECTS, layout: str = COURSE) -> str:
    terms, chain, setting = resolved(text, name, layout)
    return write_assertion(terms, chain.relations, setting, objects)


def names_for(examples: int) -> dict[str, Any]:
    """Return what the lines speak of: the book's network with so many of its examples."""
    net, (X, Y) = book.network(), book.data()
    X, Y = X[:, :examples], Y[:, :examples]
    cache = forward(net, X)
    found = {name: getattr(backprop, name) for name in backprop.__all__}
    return found | {"np": np, "net": net, "X": X, "Y": Y, "cache": cache, "grads": backward(net, cache, Y)}


def run(line: str, names: dict[str, Any]) -> None:
    exec(compile(line, "<line>", "exec"), names)  # noqa: S102 - a line the project wrote itself


LINES = [
    (
        "two-layer-batch", "dZ[1] = W[2]T dZ[2] * g[1]'(Z[1])",
        "np.testing.assert_allclose(grads.dZ[1], (net.W[2].T @ grads.dZ[2]) * net.g[1].prime(cache.Z[1]))",
    ),
    (
        "two-layer-batch", "dW2 = 1/m dZ2 A1.T",
        "np.testing.assert_allclose(grads.dW[2], (1 / cache.m * grads.dZ[2]) @ cache.A[1].T)",
    ),
    (
        "two-layer-batch", "db2 = 1/m np.sum(dZ2, axis=1, keepdims=True)",
        "np.testing.assert_allclose(grads.db[2], 1 / cache.m * np.sum(grads.dZ[2], axis=1, keepdims=True))",
    ),
    (
        "two-layer-batch", "db2 = 1/m sum_{i=1}^m dZ2^(i)",
        "np.testing.assert_allclose(grads.db[2], 1 / cache.m * sum(grads.dZ[2][:, [i]] for i in range(cache.m)))",
    ),
    (
        "two-layer-batch", "Z[1] = W[1] X + b[1]",
        "np.testing.assert_allclose(cache.Z[1], net.W[1] @ X + net.b[1])",
    ),
    (
        "deep-batch", "dA[l-1] = W[l]T dZ[l]",
        "np.testing.assert_allclose(grads.dA[1], net.W[2].T @ grads.dZ[2])",
    ),
    (
        "deep-batch", "dZ[L] = A[L] - Y",
        "np.testing.assert_allclose(grads.dZ[net.L], cache.A[net.L] - Y)",
    ),
    (
        "two-layer-batch", "A1 > -1",
        "assert np.all(np.greater(cache.A[1], -1))",
    ),
    (
        "two-layer-batch", "dZ1 ≠ W2T dZ2",
        "assert not np.allclose(grads.dZ[1], net.W[2].T @ grads.dZ[2])",
    ),
    (
        "two-layer", "dW[2]_kj = dz[2]_k a[1]_j",
        (
            "np.testing.assert_allclose("
            "[[grads.dW[2][k, j] for j in range(net.sizes[1])] for k in range(net.sizes[-1])], "
            "[[grads.dZ[2][k, 0] * cache.A[1][j, 0] for j in range(net.sizes[1])] for k in range(net.sizes[-1])])"
        ),
    ),
    (
        "two-layer", "da[1]_2 = (W[2]T dz[2])_2",
        "np.testing.assert_allclose(grads.dA[1][1, 0], (net.W[2].T @ grads.dZ[2])[1, 0])",
    ),
    (
        "two-layer", "da[1]_j = sum_k W[2]_kj dz[2]_k",
        (
            "np.testing.assert_allclose([grads.dA[1][j, 0] for j in range(net.sizes[1])], "
            "[sum(net.W[2][k, j] * grads.dZ[2][k, 0] for k in range(net.sizes[-1])) for j in range(net.sizes[1])])"
        ),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("setting", "text", "line"), LINES)
def test_lines(setting: str, text: str, line: str) -> None:
    written = assertion(text, setting)
    assert written == line
    run(written, names_for(1 if setting == "two-layer" else 5))


@pytest.mark.parametrize(
    "text",
    [
        "dZ[1] = W[2]T dA[2] * g[1]'(Z[1])", "dZ[1] = W[2]T dZ[2] * g[1]'(A[1])", "dW2 = dZ2 A1.T", "A1 > 0",
        "dZ1 ≠ dA1 * g[1]'(Z1)", "db2 = 1/m sum_{i=1}^m dA2^(i)",
    ],
)  # fmt: skip
def test_the_line_of_a_false_formula_raises(text: str) -> None:
    with pytest.raises(AssertionError):
        run(assertion(text, "two-layer-batch"), names_for(5))


def test_a_derivative_is_computed_where_that_can_be_said() -> None:
    line = assertion("∂L/∂W2 = dz2 a1ᵀ", "two-layer", COMPUTED)
    assert line == (
        'np.testing.assert_allclose(jacobian(net, X, Y, of="L", by="W[2]").T, grads.dZ[2] @ cache.A[1].T)'
    )
    run(line, names_for(1))


def test_a_gradient_that_is_held_stands_for_its_derivative() -> None:
    line = assertion("∂J/∂W2 = 1/m dZ2 A1.T", "two-layer-batch")
    assert line.startswith("np.testing.assert_allclose(grads.dW[2], ")
    run(line, names_for(5))


@pytest.mark.parametrize("objects", [OBJECTS, COMPUTED], ids=["held", "computed"])
def test_layouts_turn_a_derivative(objects: Objects) -> None:
    texts = {COURSE: "∂J/∂W2 = dz2 a1ᵀ", DENOMINATOR: "∂J/∂W2 = dz2 a1ᵀ", NUMERATOR: "∂J/∂W2 = a1 dz2ᵀ"}
    for layout, text in texts.items():
        run(assertion(text, "two-layer", objects, layout), names_for(1))


def test_entries_of_jacobians() -> None:
    line = assertion("∂z[2]_k/∂a[1]_j = W[2]_kj", "two-layer", COMPUTED)
    assert 'jacobian(net, X, Y, of="Z[2]", by="A[1]")[k, j] for j' in line
    run(line, names_for(1))
    run(assertion("∂J/∂W[2]_kj = dz[2]_k a[1]_j", "two-layer", COMPUTED), names_for(1))


IDENTITIES = [
    "d(a^T x)/dx = a", "∂‖Ax−b‖²/∂x = 2Aᵀ(Ax − b)", "d(b^T X a)/dX = b a^T", "d(log(det(X)))/dX = (X^-1)^T",
    "d(A x)/dx = A", "∂σ(Wx)/∂x = diag(σ'(Wx)) W", "d tr(X A)/dX = A^T", "d(sum(x))/dx = 𝟏",
]  # fmt: skip


@pytest.mark.parametrize("text", IDENTITIES)
def test_identities_are_differentiated_by_the_line(text: str) -> None:
    terms, chain, setting = resolved(text, "identities")
    draw = setting.draws("")[0]
    names = names_for(1) | {name: draw.value(name, None) for name in setting.quantities}
    line = write_assertion(fill(*terms), chain.relations, setting, COMPUTED)
    assert "derivative(lambda " in line
    run(line, names)


def test_no_line_assigns() -> None:
    lines = [assertion(text, setting) for setting, text, _ in LINES]
    for line in lines:
        nodes = list(ast.walk(ast.parse(line)))
        assert not any(isinstance(n, ast.Assign | ast.AugAssign | ast.AnnAssign | ast.NamedExpr) for n in nodes)
        assert "\n" not in line


def test_what_numpy_cannot_say_is_refused() -> None:
    terms, chain, setting = resolved("dZ2 = dA2 * g'(Z2)", "two-layer-batch")
    with pytest.raises(NotWritten, match="nothing to assert: the formula has no relation"):
        write_assertion(terms[:1], (), setting)
    with pytest.raises(NotWritten, match="NumPy has no check for ∝"):
        write_assertion(terms, ("∝",), setting)
    with pytest.raises(NotWritten, match=r"the book's objects hold no ∂J/∂Z\[2\]"):
        assertion("dJ/dZ[2] = 1/m (A[2] - Y)", "two-layer-batch")
    assert chain.relations == ("=",)


def test_letters_of_layers_are_variables_unless_said() -> None:
    terms, _, setting = resolved("dZ[l] = W[l+1]T dZ[l+1] * g[l]'(Z[l])", "deep-batch")
    assert write_numpy(terms[1], setting) == "(net.W[l + 1].T @ grads.dZ[l + 1]) * net.g[l].prime(cache.Z[l])"


READ_BACK = [
    "dZ1 = np.dot(W2.T, dZ2) * (1 - np.power(A1, 2))", "dW2 = np.dot(dZ2, A1.T) / m",
    "db2 = 1./m * np.sum(dZ2, axis=1, keepdims=True)", "dZ1 = W2.T @ dZ2 * np.where(Z1 > 0, 1, 0.01)",
    "dZ2 = -(Y / A2 - (1 - Y) / (1 - A2)) * A2 * (1 - A2)", "dA1 = W2.T @ (dZ2 * (A2 - Y)) - dA1",
    "dZ1 = (W2.T @ dZ2) * (Z1 > 0)", "A1 = np.maximum(Z1, 0)", "dW1 = (dZ1 @ X.T) * (1 / m)",
    "dZ1 = W2.T @ (W2 @ dA1)", "dA1 = dA1 ** 2 / (A1 / (Z1 - A1))", "dZ1 = np.exp(-Z1) * np.log(A1)",
]  # fmt: skip


@pytest.mark.parametrize("text", READ_BACK)
def test_the_reader_of_numpy_reads_the_line_back(text: str) -> None:
    terms, chain, setting = resolved(text, "two-layer-batch", style="numpy")
    for item, term in zip(terms, chain.terms, strict=True):
        assert read(write_numpy(item, setting, OBJECTS), setting, "numpy").tree.terms == (term,)


def test_two_transposes_cancel() -> None:
    terms, _, setting = resolved("z = w^T x + b", "logistic")
    assert write_numpy(terms[1], setting, OBJECTS) == "net.W[1] @ X + net.b[1]"
