"""The reader of NumPy code, on settings made by hand."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import checkedmath.reading.python as reader_module
from checkedmath.reading.python import read_numpy
from checkedmath.reading.result import Demand, Reading
from checkedmath.subject.setting import Family, NamedFunction, Quantity, Setting, Shape
from checkedmath.syntax.errors import Refused, Unreadable
from checkedmath.syntax.tree import (
    BROADCAST,
    MATMUL,
    OUTER,
    Add,
    Apply,
    AxisSum,
    Cases,
    Chain,
    Compare,
    Divide,
    Evaluated,
    Extent,
    Index,
    Inverse,
    Maximum,
    Multiply,
    Negate,
    Node,
    Number,
    Power,
    Subtract,
    Symbol,
    Transpose,
    walk,
)
from checkedmath.values.free_letters import free_setting

# Settings ---------------------------------------------------------------------------------------

MATRIX: Shape = ("n_l", "n_{l-1}")
COLUMNS: Shape = ("n_l", "m")


def quantity(name: str, shape: Shape = (), **more: object) -> Quantity:
    return Quantity(name, shape, name, **more)  # type: ignore[arg-type]


PLAIN = [
    quantity("m"), quantity("J"),
    quantity("λ", aliases=("lambda", "lambd"), code=("lambd_",)), quantity("α", aliases=("learning_rate",)),
    quantity("X", ("n_0", "m"), oriented="data"), quantity("Y", ("n_L", "m"), oriented="data", code=("one_hot_Y",)),
]
LAYERED = [
    quantity("W", MATRIX, numbered=True, oriented="weight"),
    quantity("b", ("n_l", "1"), numbered=True, oriented="bias"),
    quantity("Z", COLUMNS, numbered=True, oriented="data"),
    quantity("A", COLUMNS, numbered=True, oriented="data", first_member=0),
    quantity("dZ", COLUMNS, numbered=True, gradient=("L", "Z"), aliases=("δ",)),
    quantity("dA", COLUMNS, numbered=True, gradient=("L", "A"), first_member=0),
    quantity("dW", MATRIX, numbered=True, gradient=("J", "W")),
    quantity("db", ("n_l", "1"), numbered=True, gradient=("J", "b")),
]
UNIT = [
    quantity("w", ("n_0", "1"), oriented="weight"), quantity("b", (), oriented="bias"),
    quantity("A", ("1", "m")), quantity("dw", ("n_0", "1"), gradient=("J", "w")),
    quantity("db", (), gradient=("J", "b")),
    quantity("dZ", ("1", "m"), gradient=("L", "Z")),
]
FUNCTIONS = [
    NamedFunction("g", "g", numbered=True), NamedFunction("sigmoid", "sigmoid", aliases=("σ",)),
    NamedFunction("sigmoid_prime", "sigmoid prime", primes=1, helper=True),
    NamedFunction("softmax", "softmax", entrywise=False),
    NamedFunction("g_prime", "g prime", numbered=True, primes=1, helper=True),
]


def setting(
    name: str, quantities: list[Quantity], default_layer: str = "", count: int = 0
) -> Setting:
    functions = {f.name: f for f in FUNCTIONS} if quantities else {}
    return Setting(
        name, name, {q.name: q for q in quantities}, functions, lambda variant: (),
        default_member=default_layer, member_count=count, objective="J", step="α", containers=frozenset({"net"}),
        family=Family("l", "L", "n", "layer"), examples="m", scalars=("L", "J"),
    )


TWO = setting("two-layer-batch", PLAIN + LAYERED, count=2)
DEEP = setting("deep-batch", PLAIN + LAYERED, default_layer="l")
SOFTMAX = setting("softmax-batch", PLAIN + LAYERED, default_layer="L", count=2)
LOGISTIC = setting("logistic-batch", PLAIN + UNIT)
IDENTITIES = free_setting()


def read(text: str, within: Setting = TWO) -> Reading:
    return read_numpy(text, within)


def right(text: str, within: Setting = TWO) -> Node:
    """The tree of an expression."""
    tree = read(text, within).tree
    assert tree.relations == ()
    return tree.terms[0]


def at(name: str, layer: int | str | None = None, offset: int = 0) -> Symbol:
    if layer is None:
        return Symbol(name)
    return Symbol(name, Index("", layer) if isinstance(layer, int) else Index(layer, offset))


A1, A2, W1, W2, Z1, dZ1, dZ2, dA1, dW1, dW2, db2 = (
    at(name[:-1], int(name[-1]))
    for name in ("A1", "A2", "W1", "W2", "Z1", "dZ1", "dZ2", "dA1", "dW1", "dW2", "db2")
)
X, Y, m = Symbol("X"), Symbol("Y"), Symbol("m")
one, two = Number("1"), Number("2")


def times(left: Node, right: Node) -> Multiply:
    return Multiply(BROADCAST, left, right)


def dot(left: Node, right: Node) -> Multiply:
    return Multiply(MATMUL, left, right)


def over(top: Node, bottom: Node) -> Divide:
    return Divide(top, bottom, numpy=True)


def power(base: Node, exponent: Node) -> Power:
    return Power(base, exponent, numpy=True)


positive = Compare(">", Z1, Number("0"))

# What is read -----------------------------------------------------------------------------------

EXPRESSIONS: list[tuple[str, Node]] = [
    ("np.dot(W2.T, dZ2)", dot(Transpose(W2), dZ2)),
    ("W2.T @ dZ2", dot(Transpose(W2), dZ2)),
    ("W2.T.dot(dZ2)", dot(Transpose(W2), dZ2)),
    ("dot(np.transpose(W2), dZ2)", dot(Transpose(W2), dZ2)),
    ("numpy.matmul(W2.transpose(), dZ2)", dot(Transpose(W2), dZ2)),
    ("W2.T * dZ2", times(Transpose(W2), dZ2)),
    ("np.multiply(dA1, A1)", times(dA1, A1)),
    ("np.outer(dZ2, A1)", Multiply(OUTER, dZ2, A1)),
    ("1 - np.power(A1, 2)", Subtract(one, power(A1, two))),
    ("1 - A1**2", Subtract(one, power(A1, two))),
    ("1 - np.square(A1)", Subtract(one, power(A1, two))),
    ("A2 ** -1", power(A2, Negate(one))),
    ("-Y / A2", over(Negate(Y), A2)),
    ("np.divide(Y, A2)", over(Y, A2)),
    ("np.subtract(A2, Y)", Subtract(A2, Y)),
    ("np.add(A2, np.negative(Y))", Add(A2, Negate(Y))),
    ("+A2", A2),
    ("1. / m", over(Number("1."), m)),
    ("1e-3 * .5", times(Number("1e-3"), Number(".5"))),
    # Python's precedence: the @ takes all of what stands left of it.
    ("1/m * dZ2 @ A1.T", dot(times(over(one, m), dZ2), Transpose(A1))),
    ("np.sum(dZ2)", AxisSum(dZ2)),
    ("np.sum(dZ2, axis=1, keepdims=True)", AxisSum(dZ2, 1, True)),
    ("np.sum(dZ2, 1)", AxisSum(dZ2, 1)),
    ("dZ2.sum(axis=1, keepdims=True)", AxisSum(dZ2, 1, True)),
    ("dZ2.sum(0)", AxisSum(dZ2, 0)),
    ("np.sum(dZ2, axis=-1, keepdims=1)", AxisSum(dZ2, 1, True)),
    ("np.sum(dZ2, axis=-2)", AxisSum(dZ2, 0)),
    ("np.sum(dZ2, axis=None)", AxisSum(dZ2)),
    ("np.mean(dZ2, axis=1)", AxisSum(dZ2, 1, mean=True)),
    ("dZ2.mean(axis=1, keepdims=False)", AxisSum(dZ2, 1, mean=True)),
    ("np.exp(-Z1)", Apply("exp", Negate(Z1))),
    ("np.log(A2) + np.sqrt(A2)", Add(Apply("log", A2), Apply("sqrt", A2))),
    ("1 - np.tanh(Z1)**2", Subtract(one, power(Apply("tanh", Z1), two))),
    ("np.abs(Z1)", Apply("abs", Z1)),
    ("np.maximum(0, Z1)", Maximum(Number("0"), Z1)),
    ("np.where(Z1 > 0, 1, 0.01)", Cases(((one, positive), (Number("0.01"), None)))),
    ("np.int64(Z1 > 0)", positive),
    ("(Z1 > 0).astype(float)", positive),
    ("(Z1 > 0).astype(np.float32)", positive),
    ("(Z1 > 0).astype('int')", positive),
    ("(Z1>0)*1.", times(positive, Number("1."))),
    ("Z1 >= 0", Compare("≥", Z1, Number("0"))),
    ("Z1 != 0", Compare("≠", Z1, Number("0"))),
    ("np.diag(A1.ravel())", Apply("diag", A1)),
    ("np.trace(W1)", Apply("tr", W1)),
    ("np.linalg.inv(W1)", Inverse(W1)),
    ("np.linalg.det(W1)", Apply("det", W1)),
    ("np.linalg.norm(W1)**2", power(Apply("norm", W1), two)),
    # Names of layers and where code keeps them.
    ("A_2", A2),
    ("cache['Z1']", Z1),
    ('parameters["W2"]', W2),
    ("grads['dW1']", dW1),
    ("params.W[2]", W2),
    ("net.W[2].T", Transpose(W2)),
    ("self.W2", W2),
    ("dZ[2]", dZ2),
    ("A0", at("A", 0)),
    ("AL - Y", Subtract(at("A", "L"), Y)),
    ("dA_L", at("dA", "L")),
    ("A[L - 1]", at("A", "L", -1)),
    ("δ2", dZ2),
    ("lambd", Symbol("λ")),
    ("lambda / m", over(Symbol("λ"), m)),
    ("learning_rate", Symbol("α")),
    ("one_hot_Y", Y),
    ("n_1", at("n", 1)),
    ("A1.shape[1]", Extent(A1, 1)),
    ("Y.shape[-1]", Extent(Y, 1)),
    ("Y.T.shape[0]", Extent(Transpose(Y), 0)),
    ("X.shape[0]", Extent(X, 0)),
    ("W2.shape[0]", Extent(W2, 0)),
    ("len(W2)", Extent(W2, 0)),
    ("np.size(A1, 1)", Extent(A1, 1)),
    ("Y.size", Extent(Y)),
    # Helpers for activations and their derivatives.
    ("sigmoid(Z1)", Apply("sigmoid", Z1)),
    ("sigmoid_prime(Z1)", Apply("sigmoid_prime", Z1, None, 1)),
    ("dsigmoid(Z1)", Apply("sigmoid_prime", Z1, None, 1)),
    ("d_sigmoid(Z1)", Apply("sigmoid_prime", Z1, None, 1)),
    ("self.sigmoid_derivative(Z1)", Apply("sigmoid_prime", Z1, None, 1)),
    ("relu(Z1)", Apply("relu", Z1)),
    ("relu_derivative(Z1)", Apply("relu", Z1, None, 1)),
    ("tanh_prime(Z1)", Apply("tanh", Z1, None, 1)),
    ("g1(Z1)", Apply("g", Z1, Index("", 1))),
    ("g1_prime(Z1)", Apply("g_prime", Z1, Index("", 1), 1)),
    ("g_prime_1(Z1)", Apply("g_prime", Z1, Index("", 1), 1)),
    ("dg[1](Z1)", Apply("g_prime", Z1, Index("", 1), 1)),
    ("net.g[1](Z1)", Apply("g", Z1, Index("", 1))),
    ("net.g[1].prime(cache.Z[1])", Apply("g", Z1, Index("", 1), 1)),
    ("g_prime(Z1)", Apply("g_prime", Z1, None, 1)),
    ("grad(softmax(ZL))", Apply("softmax", at("Z", "L"), None, 1)),
    ("grad(softmax)(ZL)", Apply("softmax", at("Z", "L"), None, 1)),
    ("dA1 * sigmoid_prime", times(dA1, Evaluated("sigmoid_prime", None, 1))),
]


@pytest.mark.parametrize(("text", "expected"), EXPRESSIONS, ids=[text for text, _ in EXPRESSIONS])
def test_an_expression_is_read(text: str, expected: Node) -> None:
    assert right(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("W", at("W", "l")),
        ("A_prev", at("A", "l", -1)),
        ("dZ_next", at("dZ", "l", 1)),
        ("dA[l-1]", at("dA", "l", -1)),
        ("W[l + 1].T", Transpose(at("W", "l", 1))),
        ('grads["dA" + str(l - 1)]', at("dA", "l", -1)),
        ('parameters["W" + str(l)]', at("W", "l")),
        ("W3", at("W", 3)),
        ("W.shape[1]", Extent(at("W", "l"), 1)),
        ("A_prev.shape[0]", Extent(at("A", "l", -1), 0)),
    ],
)  # fmt: skip
def test_a_name_without_a_number_is_of_layer_l(text: str, expected: Node) -> None:
    assert right(text, DEEP) == expected


def test_a_name_without_a_number_is_of_the_last_layer_where_the_setting_says_so() -> None:
    assert right("A @ W.T", SOFTMAX) == dot(at("A", "L"), Transpose(at("W", "L")))
    assert right("A_prev", SOFTMAX) == at("A", "L", -1)


CHAINS = [
    ("dZ2 = A2 - Y", (dZ2, Subtract(A2, Y)), ("=",)),
    ("grads['dZ2'] = A2 - Y", (dZ2, Subtract(A2, Y)), ("=",)),
    ("dZ2 == A2 - Y", (dZ2, Subtract(A2, Y)), ("=",)),
    ("assert np.allclose(dZ2, A2 - Y)", (dZ2, Subtract(A2, Y)), ("=",)),
    ("np.testing.assert_allclose(grads.dZ[2], A2 - Y)", (dZ2, Subtract(A2, Y)), ("=",)),
    ("dZ2 = dA1 = A2", (dZ2, dA1, A2), ("=", "=")),
    ("W1 -= alpha * dW1", (W1, Subtract(W1, times(Symbol("α"), dW1))), (":=",)),
    ("W1 = W1 - alpha * dW1", (W1, Subtract(W1, times(Symbol("α"), dW1))), (":=",)),
    # Only a parameter is updated.  For any other symbol this is an equation, and a false one.
    ("dZ1 = dZ1 * 2", (dZ1, times(dZ1, two)), ("=",)),
    ("Z1 = Z1 + 1", (Z1, Add(Z1, one)), ("=",)),
]


@pytest.mark.parametrize(("text", "terms", "relations"), CHAINS, ids=[c[0] for c in CHAINS])
def test_a_statement_is_read(text: str, terms: tuple[Node, ...], relations: tuple[str]) -> None:
    assert read(text).tree == Chain(terms, relations)


@pytest.mark.parametrize(
    "text",
    [
        "dZ2 = A2 − Y", ">>> dZ2 = A2 - Y", "   dZ2 = A2 - Y", "dZ2 = A2 - Y;", "`dZ2 = A2 - Y`",
        "\ufeffdZ2 = A2\u00a0- Y\r\n", "dZ2 = (A2\r\n   - Y)", ">>> dZ2 = (A2\n... - Y)",
        "grads[“dZ2”] = cache[‘A2’] - Y", "\n\ndZ2 = A2 - Y\n\n", "dZ2 = A2 - Y  #",
    ],
)  # fmt: skip
def test_what_forums_and_terminals_add_does_not_matter(text: str) -> None:
    assert read(text).tree == Chain((dZ2, Subtract(A2, Y)), ("=",))
    assert read(text).notes == ()


# Several lines ----------------------------------------------------------------------------------


def test_every_line_that_gives_a_symbol_is_a_claim_and_the_next_uses_it_as_right() -> None:
    for text in ("dZ2 = A2 - Y; db2 = np.sum(dZ2)", "dZ2 = A2 - Y\n  db2 = np.sum(dZ2)"):
        reading = read(text)
        assert reading.earlier == (Chain((dZ2, Subtract(A2, Y)), ("=",)),)
        assert reading.tree == Chain((db2, AxisSum(dZ2)), ("=",))
        assert (reading.definitions, reading.notes) == ((), ())


def test_the_claims_stand_in_their_order_though_the_last_line_is_none() -> None:
    reading = read("dZ2 = A2 - Y\ndb2 = np.sum(dZ2)\nlargest = np.abs(db2)")
    assert [chain.terms[0] for chain in (*reading.earlier, reading.tree)] == [dZ2, db2]


def test_a_name_of_the_writer_is_put_in() -> None:
    reading = read("s = np.tanh(Z1)\ndZ1 = dA1 * (1 - s * s)")
    tanh = Apply("tanh", Z1)
    assert reading.tree == Chain((dZ1, times(dA1, Subtract(one, times(tanh, tanh)))), ("=",))
    assert read("delta = A2 - Y\ndelta *= 2\ndb2 = np.sum(delta)").tree == Chain(
        (db2, AxisSum(times(Subtract(A2, Y), two))), ("=",)
    )


def test_a_gradient_built_up_in_place_is_judged_as_a_whole() -> None:
    for text in ("dZ1 = dA1\ndZ1 *= A1", "dZ1 = dA1\ndZ1 = dZ1 * A1"):
        assert read(text).tree == Chain((dZ1, times(dA1, A1)), ("=",))
        assert read(text).earlier == ()
    between = read("dZ1 = dA1\ndb1 = np.sum(dZ1)\ndZ1 *= A1\ndb1 = np.sum(dZ1)")
    assert [chain.terms[1] for chain in (*between.earlier, between.tree)] == [
        AxisSum(dA1), times(dA1, A1), AxisSum(dZ1),
    ]  # fmt: skip


def test_after_an_update_the_lines_below_use_the_new_value() -> None:
    for text in ("W2 = W2 - alpha * dW2\ndA1 = W2.T @ dZ2", "W2 -= alpha * dW2\ndA1 = W2.T @ dZ2"):
        reading = read(text)
        (update,) = reading.earlier
        assert update.relations == (":=",)
        assert reading.tree.terms[1].left.operand == update.terms[1]  # type: ignore[attr-defined]


def test_a_change_in_place_reaches_every_name_of_the_array() -> None:
    assert read("D = A2\nD -= Y\ndZ2 = A2 - Y").tree.terms[1] == Subtract(Subtract(A2, Y), Y)
    assert read("D = A2\nE = D\nE -= Y\ndZ2 = D").tree.terms[1] == Subtract(A2, Y)
    assert read("D = A2\nD = D - Y\ndZ2 = A2 - Y").tree.terms[1] == Subtract(A2, Y)
    aside = read("dZ1 = dA1\ndZ1 *= A1\nt = dA1\ndb1 = np.sum(t)")
    assert aside.tree.terms[1] == AxisSum(times(dA1, A1))
    doubled = Transpose(times(Transpose(A1), two))
    assert read("D = A1.T\nD *= 2\ndW2 = dZ2 @ A1.T").tree.terms[1] == dot(dZ2, Transpose(doubled))
    assert read("D = A1.T.copy()\nD *= 2\ndW2 = dZ2 @ A1.T").tree.terms[1] == dot(dZ2, Transpose(A1))


def test_a_number_that_is_given_is_no_claim() -> None:
    reading = read("alpha = 0.01\nW2 = W2 - alpha * dW2")
    assert reading.earlier == ()
    assert Symbol("α") in set(walk(reading.tree))
    assert read("J = 0\ndZ2 = A2 - Y").earlier == (Chain((Symbol("J"), Number("0")), ("=",)),)


def test_what_a_line_says_of_a_symbol_with_a_value_is_judged_too() -> None:
    for axis in (0, 1):
        reading = read(f"m = X.shape[{axis}]\ndb2 = np.sum(dZ2) / m")
        assert reading.earlier == (Chain((m, Extent(X, axis)), ("=",)),)
        assert reading.tree.terms[1] == over(AxisSum(dZ2), m)
    reading = read("A1 = sigmoid(Z1)\ndZ1 = dA1 * (1 - A1**2)  # A1 = np.tanh(Z1)")
    assert reading.earlier == (Chain((A1, Apply("sigmoid", Z1)), ("=",)),)
    assert reading.tree == Chain((dZ1, times(dA1, Subtract(one, power(A1, two)))), ("=",))
    assert reading.definitions == ()
    assert reading.notes == ("the comment “A1 = np.tanh(Z1)” was not read",)


def test_a_free_symbol_given_by_a_line_is_a_definition() -> None:
    reading = read("Y = X @ W\ndX = dY @ W.T", IDENTITIES)
    product = dot(Symbol("X"), Symbol("W"))
    assert reading.definitions == (("Y", Chain((Symbol("Y"), product), ("=",))),)
    assert reading.tree.terms[0] == Symbol("dX")


def test_lines_that_double_a_tree_again_and_again_are_refused() -> None:
    for count in (11, 300):
        doubling = "t = A2\n" + "t = t + t\n" * count + "dZ2 = t"
        with pytest.raises(Unreadable, match="together at most 2000 things, 60 deep"):
            read(doubling)
    deep = "t = A2\n" + "t = 2 * t\n" * 100 + "dZ2 = t"
    with pytest.raises(Unreadable, match="at most 2000 things, 60 deep"):
        read(deep)


# Bools, casts and arrays in place ---------------------------------------------------------------


def test_bools_keep_numpys_meaning() -> None:
    other = Compare("<", A1, one)
    assert right("(Z1 > 0) + (A1 < 1)") == Maximum(positive, other)
    assert right("(Z1 > 0) | (A1 < 1)") == Maximum(positive, other)
    assert right("(Z1 > 0) * (A1 < 1)") == right("(Z1 > 0) & (A1 < 1)") == times(positive, other)
    assert right("(Z1 > 0) ^ (A1 < 1)") == Compare("≠", positive, other)
    assert right("~(Z1 > 0)") == Subtract(one, positive)
    # Beside a number, or once they are one, they are added and subtracted as numbers are.
    assert right("1 - (Z1 > 0)") == Subtract(one, positive)
    assert right("np.int64(Z1 > 0) + np.int64(A1 < 1)") == Add(positive, other)
    assert right("A1.astype(bool)") == Compare("≠", A1, Number("0"))
    assert right("-np.maximum(Z1 > 0, 0)") == Negate(Maximum(positive, Number("0")))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(Z1 > 0) - (A1 > 0)", "no minus between bools"),
        ("np.subtract(Z1 > 0, A1 > 0)", "no minus between bools"),
        ("-(Z1 > 0)", "no minus before bools"),
        ("np.negative(Z1 > 0)", "no minus before bools"),
        ("(Z1 > 0) @ (A1 > 0)", "the product of bools is a bool"),
        ("np.exp(Z1 > 0)", "a float in exp"),
        ("(Z1 > 0)**2", "a float to a power"),
        ("sigmoid(Z1 > 0)", "a float in sigmoid"),
        ("~A1", "~ of what is no bool"),
        ("np.int64(Z1 > 0)**-1", "a float to a power"),
        ("np.power(m, -1)", "a float to a power"),
        ("np.reciprocal(m)", "a float in reciprocal"),
        ("2 * (Z1 > 0).astype(np.uint8)", "wraps round"),
        ("-(Z1 > 0).astype('int8')", "wraps round"),
        ("np.float32(A1)", "float64"),
        ("np.int64(Z1 > 0) * 9999999999999999", "whole numbers below"),
        ("np.int(Z1 > 0)", "NumPy no longer has np.int"),
        ("int(Z1 > 0)", "takes one number"),
        ("sum(dZ2, axis=1)", "Python's own sum has no axis"),
        ("(2).T", "an array, not a number"),
    ],
)
def test_what_numpy_refuses_or_is_not_modelled_is_refused(text: str, expected: str) -> None:
    with pytest.raises(Refused, match=expected):
        read(text)


def test_np_dot_of_a_number_scales_and_the_sign_of_a_matrix_product_does_not() -> None:
    assert right("np.dot(1/m, A1)") == times(over(one, m), A1)
    assert right("(1/m) @ A1") == dot(over(one, m), A1)  # whose shapes are refused when it is judged


def test_pythons_sum_adds_up_rows() -> None:
    assert right("sum(dZ2)") == AxisSum(dZ2, 0)


def test_what_numpy_asks_of_values_is_a_demand() -> None:
    assert read("t = A2 @ Y\ndZ2 = A2 - Y").demands == (Demand("value", dot(A2, Y)),)
    assert Demand("number", Subtract(A2, Y)) in read("dZ2 = float(A2 - Y)").demands
    assert Demand("one axis", A1) in read("np.diag(A1)").demands
    assert Demand("array", m) in read("m.T").demands
    (*_, shape) = read("W1 -= alpha * dW1").demands
    assert shape == Demand("shape", Subtract(W1, times(Symbol("α"), dW1)), W1)
    given = read("A1 = A1.T\nm = A1.shape[1]\ndW2 = dZ2 @ A1").demands
    assert Demand("array", A1) in given


@pytest.mark.parametrize("alias", ["A2", "A2.T.T", "np.transpose(A2.T)", "cache['A2']", "np.float64(A2)"])
def test_a_view_is_the_same_array(alias: str) -> None:
    changed = read(f"D = {alias}\nD -= Y\ndZ2 = A2").tree.terms[1]
    assert Y in set(walk(changed))


@pytest.mark.parametrize("new", ["A2.copy()", "np.array(A2)", "+A2", "A2 * 1", "A2.astype(float)", "1 * A2.T.T"])
def test_a_copy_is_another_array(new: str) -> None:
    if new == "+A2":  # the sign makes a new array of the same numbers
        assert right(new) == A2
    assert read(f"D = {new}\nD -= Y\ndZ2 = A2").tree.terms[1] == A2


@pytest.mark.parametrize(
    "lines", ["D = Z1 > 0\nD += 1", "D = np.int64(Z1 > 0)\nD /= 2", "D = A1 * 1\nD @= A1", "D = Z1 > 0\nD *= 0.5"],
)
def test_what_does_not_fit_into_an_array_is_refused(lines: str) -> None:
    with pytest.raises(Refused, match="NumPy changes no array of"):
        read(f"{lines}\ndZ1 = dA1 * D")


def test_what_a_line_gives_is_no_function_or_module_any_more() -> None:
    with pytest.raises(Refused, match="another name: np holds something else"):
        read("np = A2\ndZ2 = np.sum(A2)")
    with pytest.raises(Refused, match="a sign such as \\* after sigmoid"):
        read("sigmoid = A2\nA1 = sigmoid(Z1)")


def test_a_size_is_claimed_and_not_given() -> None:
    assert read("m = 5\ndW2 = dZ2 @ A1.T / m").earlier == (Chain((m, Number("5")), ("=",)),)


def test_all_left_sides_of_a_line_are_one_array() -> None:
    assert read("D = E = A2 - Y\nD *= 2\ndZ2 = E").tree.terms[1] == times(Subtract(A2, Y), two)


def test_a_change_through_another_name_is_a_claim_on_the_symbol_that_was_claimed() -> None:
    reading = read("dZ2 = A2 - Y\nD = dZ2\nD *= 2")
    assert reading.tree == Chain((dZ2, times(dZ2, two)), ("=",))


def test_free_letters_are_defined_once_and_not_changed_in_place() -> None:
    for text in ("Y = X @ W\nY = 2 * Y\ndX = dY @ W.T", "Z = 2 * Y\nY = X @ W\ndX = dY @ W.T"):
        with pytest.raises(Unreadable, match="one definition of Y, before it is used"):
            read(text, IDENTITIES)
    with pytest.raises(Unreadable, match=r"a copy before this|a line before that says what"):
        read("tmp = X\ntmp *= 2\ndW = X.T @ dY", IDENTITIES)


# Comments ---------------------------------------------------------------------------------------


def test_comments_state_definitions_shapes_assumptions_and_layouts() -> None:
    reading = read(
        "dW = X.T @ dY  # Y = X @ W, X is (m, n), W: (n, p)\n"
        "# A symmetric (denominator layout); examples as rows",
        IDENTITIES,
    )
    product = dot(Symbol("X"), Symbol("W"))
    assert reading.tree == Chain(
        (Symbol("dW"), dot(Transpose(Symbol("X")), Symbol("dY"))), ("=",)
    )
    assert reading.definitions == (("Y", Chain((Symbol("Y"), product), ("=",))),)
    assert dict(reading.shapes) == {"X": ("m", "n"), "W": ("n", "p")}
    assert reading.assumptions == (("symmetric", "A"),)
    assert reading.layout == "denominator"
    assert reading.notes == ("the comment “examples as rows” was not read",)


def test_no_comment_defines_the_gradient_that_is_judged() -> None:
    for within, text in ((TWO, "dZ2 = Y  # dZ2 = Y"), (IDENTITIES, "dW = X  # dW = X")):
        reading = read(text, within)
        assert reading.definitions == ()
        (note,) = reading.notes
        assert note.endswith("was not read")


def test_a_comment_alone_is_no_formula() -> None:
    with pytest.raises(Unreadable, match="expected a formula"):
        read("# dZ2 = A2 - Y")


def test_notes_say_how_something_open_was_read() -> None:
    reading = read("grads['W2'] = dZ2 @ A1.T")
    assert reading.tree.terms[0] == dW2
    assert reading.notes == ("grads['W2'] was read as dW, a gradient",)


# Places -----------------------------------------------------------------------------------------


def spans(text: str, within: Setting = TWO) -> dict[str, str]:
    reading = read(text, within)
    nodes = (n for tree in (*reading.earlier, reading.tree) for n in walk(tree))
    return {type(n).__name__: text[slice(*n.span)] for n in nodes if not isinstance(n, Symbol)}


def test_every_node_knows_its_place() -> None:
    assert spans("  dZ1 = np.dot(W2.T, dZ2) * (1 - A1**2)") == {
        "Chain": "dZ1 = np.dot(W2.T, dZ2) * (1 - A1**2)",
        "Multiply": "np.dot(W2.T, dZ2)",
        "Transpose": "W2.T",
        "Subtract": "1 - A1**2",
        "Power": "A1**2",
        "Number": "2",
    }


def test_places_count_characters_and_not_bytes() -> None:
    assert spans("δ2 = −(A2 − Y) # Δ\r\n>>> δ1 = δ2 * λ")["Subtract"] == "A2 − Y"
    text = "# λ λ\r\n>>> δ1 = (δ2\r\n...   − λ)"
    tree = read(text).tree
    assert {text[slice(*n.span)] for n in walk(tree) if isinstance(n, Symbol)} == {"δ1", "δ2", "λ"}


def test_places_in_a_comment_are_places_in_the_text() -> None:
    text = "dW = X.T @ dY  # Y = X @ W"
    ((_, chain),) = read(text, IDENTITIES).definitions
    assert [text[slice(*term.span)] for term in chain.terms] == ["Y", "X @ W"]


# What is not read -------------------------------------------------------------------------------

REFUSED = [
    ("class f:", "    x = 1", 0, "a formula: a class is never read"),
    ("import os", "", 0, "a formula: an import is never read"),
    ("while A2:", "    A2", 0, "a formula: a loop is never read"),
    ("dZ2 = lambda x: x", "", 6, "a formula: a lambda is never read"),
    ("dZ2 = [a for a in X]", "", 6, "a formula: a comprehension is never read"),
    ("dZ2 = f'{A2}'", "", 6, "a formula: an f-string is never read"),
    ("dZ2 = (q := A2)", "", 7, "a formula: := inside an expression is never read"),
    ("dZ2 = np.einsum('ijk,jk', W2, dZ2)", "", 6,
     "a formula: np.einsum of anything but one or two matrices is never read"),
    ("dZ2 = np.dot(**X)", "", 15, "a formula: a ** argument is never read"),
    ("dZ2 = np.sum(dZ2, **X)", "", 20, "a formula: a ** argument is never read"),
    ("dZ2 = np.dot(*X)", "", 13, "a formula: a * argument is never read"),
    ("0 < Z1 < 1", "", 0, "a formula: a chain of comparisons is never read"),
    ("A2.reshape(-1, 1)", "", 0, "np.sum with keepdims=True, which needs no reshape"),
    ("np.eye(3)", "", 0, "a formula without np.eye"),
    ("np.zeros(m)", "", 9, "two sizes, as in np.zeros((n, m)), or W.shape"),
    ("max(0, Z1)", "", 0, "np.maximum in place of max"),
    ("__import__('os').system('x')", "", 0,
     "a formula: __import__('os').system is never read"),
    ("hidden_backward(dA1, cache)", "", 0,
     "a formula: hidden_backward, which hides its formula, is never read"),
    ("np.int64(Z1)", "", 9, "a condition such as Z > 0, for int64 cuts off decimals"),
    ("np.where(Z1, 1, 0)", "", 9, "a condition such as Z > 0"),
    ("(Z1 > 0).astype(X)", "", 16, "float or int"),
    ("A1, A2 = X", "", 0, "a formula: this assignment to several names is never read"),
    ("np.linalg.inb(W1)", "", 0,
     "a formula: np.linalg.inb is never read; did you mean np.linalg.inv?"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "more", "at", "expected"), REFUSED, ids=[r[0] for r in REFUSED])
def test_what_is_never_read_is_refused(line: str, more: str, at: int, expected: str) -> None:
    with pytest.raises(Refused) as caught:
        read(f"{line}\n{more}" if more else line)
    assert str(caught.value).split("\n") == [line, " " * at + "^ expected " + expected]


UNREADABLE = [
    ("dW2 = dZ2 A1.T", 10, "a sign such as @ or * between these two"),
    ("dW2 = (dZ2 @ A1.T", 6, "a closing ) for this bracket"),
    ("dW2 = dZ2 @ A1.T)", 16, "an opening bracket before )"),
    ("dW2 = (dZ2]", 10, "a closing ) first"),
    ("dW2 = cache['A1]", 12, "a closing ' on the same line"),
    ("dZ1 = dA1 * (1 - A1^2)", 19, "** for a power, not ^"),
    ("dZ1 = dA1 // A1", 10, "one of + - * / @ **"),
    ("W1 ^= dW1", 3, "** for a power, not ^"),
    ("dz1 = dA1", 0, "a symbol of two-layer-batch; did you mean dZ1?"),
    ("dZ1 = x", 6, "a symbol of two-layer-batch; did you mean X?"),
    ("dZ1 = Wt2", 6, "a symbol of two-layer-batch; did you mean W2?"),
    ("dZ1 = learn_rate * dA1", 6, "a symbol of two-layer-batch"),
    ("dZ1 = dA1 * sigmod(Z1)", 12, "a function of two-layer-batch; did you mean sigmoid?"),
    ("dZ1 = m(1 - A1)", 6, "a sign such as * after m"),
    ("dZ1 = (A1)(1 - A1)", 7, "a sign such as * after A1"),
    ("dZ1 = W2.T(dZ2)", 6, "a sign such as * after W2.T"),
    ("dZ1 = (A1 - 1)(A1)", 7, "a function before the bracket, or a sign such as *"),
    ("dW3 = dZ2", 0, "a layer of dW from 1 to 2, not dW3"),
    ("Z[0]", 0, "a layer of Z from 1 to 2, not Z"),
    ("dW = dZ2", 0, "a layer number: dW1, dW2, …"),
    ("dA_prev = dZ2", 0, "a layer number in place of _prev: dA1, dA2, …"),
    ("W2[0]", 0, "W2 without brackets, which hold a layer"),
    ("X[1]", 0, "X without brackets, which hold a layer"),
    ("A[:, 1]", 2, "a layer in the brackets: 1, 2, l, l - 1, L"),
    ("cache[Z1]", 6, 'a name in quotes, as in cache["…"]'),
    ("np.sum(dZ2, axis=2)", 17, "axis=0 or axis=1"),
    ("np.sum(dZ2, axis=True)", 17, "axis=0 or axis=1"),
    ("np.sum(np.sum(dZ2, axis=1), axis=-1)", 33, "axis=0 or axis=1"),
    ("np.sum(dZ2, keepdims=X)", 21, "keepdims=True or keepdims=False"),
    ("np.sum(dZ2, dtype=float)", 18, "axis or keepdims in np.sum"),
    ("np.sum()", 0, "something to add up in np.sum"),
    ("np.dot(W2, dZ2, A1)", 16, "two arguments of np.dot"),
    ("np.exp(Z1, out=A1)", 15, "one argument of np.exp, without out="),
    ("X.shape[2]", 8, "0 or 1: every symbol has two axes"),
    ("m.shape[0]", 0, "a matrix of the setting before .shape"),
    ("dZ2 = 1j", 6, "a number or a symbol"),
    ("dZ2 = True", 6, "a number or a symbol"),
    ("dZ2 = 0x1F", 6, "a decimal number such as 0.5 or 1e-3"),
    ("dZ2 = 1e999", 6, "a number that a computer can hold"),
    ("dZ2 *= A2", 0, "a line before that says what dZ[2] is"),
    ("assert A2", 7, "an equation, such as np.allclose(…, …)"),
    ("dZ2 =", 5, "NumPy text that is valid Python"),
    ("", 0, "a formula"),
]


@pytest.mark.parametrize(("line", "column", "expected"), UNREADABLE, ids=[u[0] for u in UNREADABLE])
def test_what_is_no_formula_is_unreadable(line: str, column: int, expected: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read(line)
    assert type(caught.value) is Unreadable
    assert str(caught.value).split("\n") == [line, " " * column + "^ expected " + expected]


def test_the_caret_is_in_the_line_of_the_fault() -> None:
    with pytest.raises(Unreadable) as caught:
        read("dZ2 = A2 - Y\n    dW2 = dZ2 @ Q1.T")
    assert str(caught.value).split("\n") == [
        "    dW2 = dZ2 @ Q1.T",
        "                ^ expected a symbol of two-layer-batch",
    ]


def test_a_logistic_unit_has_no_layers() -> None:
    assert read("b -= alpha * db", LOGISTIC).tree.relations == (":=",)
    assert read("dw = X @ dZ.T / m", LOGISTIC).tree.terms[0] == Symbol("dw")
    with pytest.raises(Unreadable, match=r"a symbol of logistic-batch; did you mean dZ\?"):
        read("dZ2", LOGISTIC)


# Hostile text -----------------------------------------------------------------------------------

HOSTILE = [
    "-" * 3990 + "1", "not " * 900 + "a", "A2" + ".T" * 1900, "A2+" * 1300 + "A2",
    "a**" * 1000 + "1",
    "(" * 61 + ")" * 61, "f(" * 59 + ")" * 59, "lambda:" * 500 + "1", "A2" + "(1)" * 1000,
    "a=b=" * 900 + "1", "9" * 3999, "\x00", "dZ2 = \ud800", "'" * 3999, "\\\n" * 100, "#" * 4000,
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_unreadable(text: str) -> None:
    for within in (TWO, DEEP, IDENTITIES):
        with pytest.raises(Unreadable):
            read(text, within)


def test_a_cast_that_is_another_array_is_no_view() -> None:
    assert isinstance(read("dZ1 = np.bool(X)", TWO).tree.terms[1], Compare)


def test_limits_are_said() -> None:
    with pytest.raises(Unreadable, match="expected at most 4000 characters"):
        read("A2" + " " * 3999)
    assert right("A2" + " " * 3998) == A2
    with pytest.raises(Unreadable, match="expected at most 60 levels of brackets"):
        read("(" * 61 + "A2" + ")" * 61)
    assert right("(" * 60 + "A2" + ")" * 60) == A2
    with pytest.raises(Unreadable, match="expected at most 60 levels, one inside the other"):
        read(" + ".join(["A2"] * 61))
    assert right(" + ".join(["A2"] * 60))


def is_read_or_unreadable(text: str) -> None:
    for within in (TWO, DEEP, IDENTITIES):
        try:
            places = [node.span for node in walk(read(text, within).tree)]
        except Unreadable as error:
            places = [(error.position, error.position)]
            str(error)  # the message can be written
        assert all(0 <= start <= end <= len(text) for start, end in places)


@given(st.text(max_size=80))
@example("\r")
@example("lambda")
def test_any_text_is_read_or_unreadable(text: str) -> None:
    is_read_or_unreadable(text)


REAL = [
    *(text for text, _ in EXPRESSIONS), *(text for text, *_ in CHAINS),
    *(line for line, *_ in UNREADABLE), *(f"{line}\n{more}" for line, more, *_ in REFUSED),
    "dW = X.T @ dY  # Y = X @ W, X is (m, n)", "dZ2 = A2 - Y\n  db2 = np.sum(dZ2)",
]  # fmt: skip
PIECES = [
    *"()[]{}.,:;=+-*/@^#'\"\n\r\t\\λ′ᵀ\x00 ",
    ".T", "**", ":=", "+=", "lambda ", "np.", "1e", "[l]", "",
]  # fmt: skip


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A real text with pieces cut out, put in, or taken from another."""
    text = draw(st.sampled_from(REAL))
    for _ in range(draw(st.integers(1, 5))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 4)))
        piece = draw(st.sampled_from(PIECES) | st.sampled_from(REAL))
        text = text[:start] + piece + text[end:]
    return text


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(mutated())
def test_mutated_formulas_are_read_or_unreadable(text: str) -> None:
    is_read_or_unreadable(text)


@pytest.mark.long
@settings(max_examples=100_000, deadline=2000, suppress_health_check=[HealthCheck.too_slow])
@given(mutated())
def test_many_mutated_formulas_are_read_or_unreadable(text: str) -> None:
    is_read_or_unreadable(text)


def test_no_text_is_compiled_or_run_and_no_file_is_opened() -> None:
    """Python's audit hook reports each run of code, and each file that is asked for."""
    events: list[str] = []
    watching = False

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        asked_for = event == "open" and arguments[0] != "<formula>/"
        if watching and (asked_for or event in {"exec", "import", "os.system", "subprocess.Popen"}):
            events.append(event)

    sys.addaudithook(hook)
    for text in REAL:  # this time Python may import what it needs
        is_read_or_unreadable(text)
    watching = True
    for text in REAL:
        is_read_or_unreadable(text)
    watching = False
    assert events == []


def test_the_reader_calls_nothing_that_runs_text() -> None:
    folder = Path(reader_module.__file__).parent
    for path in sorted(folder.glob("python*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        calls = [n.func for n in ast.walk(tree) if isinstance(n, ast.Call)]
        called = {func.id for func in calls if isinstance(func, ast.Name)}
        assert called.isdisjoint({"eval", "exec", "compile", "__import__", "getattr", "open"}), path
        imported = {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
        assert "numpy" not in imported, path
