"""Subjects that are declared and not programmed: least squares, batch normalisation, a recurrent network."""

import inspect
from functools import partial

import numpy as np
import pytest

from checkedmath.judging import Context, judge_text
from checkedmath.judging.displays import forms_of
from checkedmath.judging.session import Session
from checkedmath.subject.setting import Family, NamedFunction, Quantity
from checkedmath.subject.subject import Subject
from checkedmath.values.graph import setting_of
from checkedmath.values.rules import WrongRule

#: No declaration is longer.
LINES = 60


def least_squares():
    column = ("N", "1")
    return Subject(
        "least-squares", "a line through N observations",
        quantities=[
            Quantity("X", ("N", "p"), "X"), Quantity("y", column, "y"),
            Quantity("yhat", column, "y hat", aliases=("ŷ",)), Quantity("r", column, "r"),
            Quantity("beta", ("p", "1"), "beta", aliases=("β",)), Quantity("S", (), "S"),
            Quantity("dbeta", ("p", "1"), "d beta", aliases=("dβ",), gradient=("S", "beta")), Quantity("N", (), "N"),
            Quantity("ybar", (), "y bar", aliases=("ȳ",)), Quantity("eta", (), "eta", aliases=("η",)),
        ],
        rules=[r"\hat y = X \beta", "r = y - ŷ", "S = rᵀ r", r"ȳ = \frac{1}{N} \sum_i y_i"],
        sizes=[{"N": 7, "p": 3}, {"N": 4, "p": 2}, {"N": 5, "p": 4}, {"N": 3, "p": 5}],
        functions=[NamedFunction("swish", "swish", value=lambda z, xp: z / (1 + xp.exp(-z)))],
        objective="S", step="eta",
    )  # fmt: skip


def batch_norm():
    whole, column = ("n", "m"), ("n", "1")
    repeated = partial(Quantity, repeated=True)

    def gradient(name, shape, *aliases):
        repeats = shape == column
        return Quantity(
            f"d{name}", shape, f"d {name}", gradient=("L", name), aliases=aliases, per_example=not repeats,
            repeated=repeats,
        )

    return Subject(
        "batch-norm", "batch normalisation",
        quantities=[
            Quantity("Z", whole, "Z", per_example=True), repeated("mu", column, "mu", aliases=("μ",)),
            repeated("var", column, "sigma squared", aliases=("σ²",)), repeated("eps", (), "epsilon", aliases=("ε",)),
            Quantity("Zhat", whole, "Z hat", aliases=("Ẑ",)), repeated("gamma", column, "gamma", aliases=("γ",)),
            repeated("beta", column, "beta", aliases=("β",)), Quantity("Y", whole, "Y"), Quantity("C", whole, "C"),
            Quantity("L", (), "L"), Quantity("m", (), "m"), gradient("Y", whole), gradient("Zhat", whole, "dẐ"),
            gradient("Z", whole), gradient("gamma", column, "dγ"), gradient("beta", column, "dβ"),
            gradient("mu", column, "dμ"), gradient("var", column, "dσ²", "dσ^2"),
        ],
        rules=[
            "μ = 1/m Σ_i Z^(i)", "σ² = 1/m Σ_i (Z^(i) - μ) ⊙ (Z^(i) - μ)", "Ẑ = (Z - μ) / sqrt(σ² + ε)",
            "Y = γ ⊙ Ẑ + β", "L = Σ_i Σ_k C_{ki} tanh(Y)_{ki}",
        ],
        sizes=[{"n": 3, "m": 5}, {"n": 2, "m": 4}, {"n": 4, "m": 6}, {"n": 5, "m": 3}],
        inputs={"eps": lambda random: random.uniform(0.01, 0.1)}, objective="L", examples="m",
    )  # fmt: skip


def recurrent():
    hidden, output, matrix = ("n_a", "1"), ("n_y", "1"), ("n_a", "n_a")

    def at_time(name, shape, first=1, **more):
        return Quantity(name, shape, name, numbered=True, first_member=first, **more)

    def gradient(of, shape, alias):
        return Quantity(f"d{of}", shape, f"d {of}", gradient=("J", of), aliases=(alias,))

    return Subject(
        "recurrent", "a recurrent network over T times",
        quantities=[
            at_time("x", ("n_x", "1")), at_time("a", hidden, 0), at_time("z", hidden), at_time("y", output),
            at_time("yhat", output, aliases=("ŷ",)), at_time("L", ()), Quantity("J", (), "J"), Quantity("T", (), "T"),
            Quantity("Waa", matrix, "W a a", aliases=("W_{aa}",)), Quantity("ba", hidden, "b a", aliases=("b_a",)),
            Quantity("Wax", ("n_a", "n_x"), "W a x", aliases=("W_{ax}",)),
            Quantity("Wya", ("n_y", "n_a"), "W y a", aliases=("W_{ya}",)),
            Quantity("by", output, "b y", aliases=("b_y",)), at_time("dz", hidden, gradient=("J", "z")),
            at_time("da", hidden, 0, gradient=("J", "a")), gradient("Waa", matrix, "dW_{aa}"),
            gradient("Wax", ("n_a", "n_x"), "dW_{ax}"), gradient("ba", hidden, "db_a"),
        ],
        rules=[
            "z^{<t>} = W_{aa} a^{<t-1>} + W_{ax} x^{<t>} + b_a", "a^{<t>} = tanh(z^{<t>})",
            "ŷ^{<t>} = W_{ya} a^{<t>} + b_y", "L^{<t>} = 1/2 (ŷ^{<t>} - y^{<t>})^T (ŷ^{<t>} - y^{<t>})",
            "J = Σ_{t=1}^T L^{<t>}",
        ],
        sizes=[{"n_x": 3, "n_a": 4, "n_y": 2, "T": 3}, {"n_x": 2, "n_a": 3, "n_y": 4, "T": 4},
               {"n_x": 4, "n_a": 2, "n_y": 3, "T": 2}, {"n_x": 5, "n_a": 3, "n_y": 2, "T": 5}],
        objective="J", family=Family("t", "T", word="time", brackets="<>"),
    )  # fmt: skip


SUBJECTS = {made().name: made for made in (least_squares, batch_norm, recurrent)}


@pytest.fixture(scope="module")
def session():
    return Session({name: setting_of(made()) for name, made in SUBJECTS.items()})


@pytest.mark.parametrize("name", SUBJECTS)
def test_a_declaration_is_short(name):
    assert len(inspect.getsource(SUBJECTS[name]).splitlines()) <= LINES


TRUE = [
    ("least-squares", r"\frac{\partial S}{\partial \beta} = -2 X^T r"),
    ("least-squares", "dβ = 2 Xᵀ(Xβ − y)"),
    ("least-squares", "β := β − η dβ"),
    ("least-squares", "swish'(r) = sigmoid(r) + r ⊙ sigmoid(r) ⊙ (1 − sigmoid(r))"),
    ("least-squares", r"\frac{\partial r}{\partial \beta} = -X"),
    ("least-squares", "S >= 0"),
    ("batch-norm", r"\hat Z = \frac{Z - \mu}{\sqrt{\sigma^2 + \epsilon}}"),
    ("batch-norm", "dβ = Σ_i dY^(i)"),
    ("batch-norm", "dγ = Σ_i dY^(i) ⊙ Ẑ^(i)"),
    ("batch-norm", "dẐ = γ ⊙ dY"),
    ("batch-norm", "dσ² = -1/2 Σ_i dẐ^(i) ⊙ (Z^(i) - μ) ⊙ (σ² + ε)^{-3/2}"),
    ("batch-norm", "dμ = - Σ_i dẐ^(i) / sqrt(σ² + ε)"),
    ("batch-norm", "dZ^(j) = 1/(m sqrt(σ² + ε)) ⊙ (m dẐ^(j) - Σ_i dẐ^(i) - Ẑ^(j) ⊙ Σ_i (dẐ^(i) ⊙ Ẑ^(i)))"),
    ("batch-norm", "dZ = γ/(m sqrt(σ² + ε)) ⊙ (m dY - dβ - Ẑ ⊙ dγ)"),
    ("recurrent", r"z^{\langle t \rangle} = W_{aa} a^{\langle t-1 \rangle} + W_{ax} x^{\langle t \rangle} + b_a"),
    ("recurrent", r"dz^{\langle t \rangle} = da^{\langle t \rangle} \odot (1 - (a^{\langle t \rangle})^2)"),
    ("recurrent", r"dW_{aa} = \sum_{t=1}^{T} dz^{\langle t \rangle} a^{\langle t-1 \rangle T}"),
    ("recurrent", "dW_{ax} = Σ_t dz⟨t⟩ x⟨t⟩ᵀ"),
    ("recurrent", r"db_a = \sum_{t=1}^{T} dz^{<t>}"),
    ("recurrent", r"da^{<T>} = W_{ya}^T (\hat y^{<T>} - y^{<T>})"),
    ("recurrent", r"da^{<t-1>} = W_{aa}^T dz^{<t>} + W_{ya}^T (\hat y^{<t-1>} - y^{<t-1>}), t = 2, \dots, T"),
    ("batch-norm", r"\frac{\partial L}{\partial \beta} = \sum_{i=1}^m \frac{\partial L}{\partial Y^{(i)}}"),
]
FALSE = [
    ("least-squares", "dβ = −2 Xᵀ(Xβ − y)", "sign"),
    ("least-squares", "dβ = 2 X(Xβ − y)", "inner sizes p and N differ"),
    ("least-squares", "β := β + η dβ", ""),
    ("least-squares", "S > 1", ""),
    ("batch-norm", "dγ = Σ_i dY^(i) ⊙ Z^(i)", ""),
    ("recurrent", r"dW_{aa} = \sum_{t=1}^{T} dz^{\langle t \rangle} a^{\langle t \rangle T}", ""),
    ("recurrent", "db_a = dz^{<T>}", ""),
    ("recurrent", "da^{<t>} = W_{ya}^T (ŷ^{<t>} - y^{<t>})", ""),
    ("batch-norm", "dẐ = dY", ""),
    ("batch-norm", "dZ = dẐ / sqrt(σ² + ε)", ""),
    ("batch-norm", "dβ = dY", "dbeta is (n, 1)"),
]


@pytest.mark.parametrize(("name", "text"), TRUE)
def test_true(session, name, text):
    found = session.check(text, name)
    assert (found.verdict, found.draws >= 4) == ("holds", True), found.message


@pytest.mark.parametrize(("name", "text", "said"), FALSE)
def test_false(session, name, text, said):
    found = session.check(text, name)
    assert found.verdict == "fails"
    assert said in f"{found.message} {found.mistake}"


def test_only_what_is_said_to_be_repeated_is(session):
    found = session.check("Ẑ + Σ_i dY^(i) = Ẑ + Σ_i dY^(i)", "batch-norm")
    assert found.verdict == "fails"
    assert "cannot add" in found.message


def test_values_follow_from_what_is_replaced():
    draw = setting_of(least_squares()).draws("")[0]
    moved = draw.moved("beta", None, np.zeros((3, 1)))
    assert moved.value("S", None) == pytest.approx(float(np.sum(draw.value("y", None) ** 2)))
    assert draw.value("S", None) != moved.value("S", None)


@pytest.mark.parametrize(("rule", "said"), [
    ("r = y - X", "cannot subtract X, (N, p), from y, (N, 1)"),
    ("r = X", "the left side is (N, 1), the right side (N, p)"),
    ("r = y - Q", "expected"),
    ("y - r = X beta", "expected a quantity and what it follows from"),
])  # fmt: skip
def test_a_wrong_rule_is_said_with_its_text(rule, said):
    declared = least_squares()
    made = Subject(declared.name, declared.title, declared.quantities, [rule], declared.sizes)
    with pytest.raises(WrongRule) as raised:
        setting_of(made)
    assert rule in str(raised.value)
    assert said in str(raised.value)


def test_random_numbers_are_no_example(session):
    """A page that states N = 7 states nothing of the draws, of which one happens to have that size."""
    (stated,) = judge_text("N = 7", "inline", Context("least-squares"), session)
    assert stated.verdict.verdict == "unreadable"
    found = judge_text(r"\hat y = X \beta", "display", Context("least-squares"), session)
    assert "no example" in forms_of(r"\hat y = X \beta", found).missing["numbers"]
