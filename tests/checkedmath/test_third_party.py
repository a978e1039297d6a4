"""A subject of another author: a straight line through N observations, which are rows.

Nothing here is a network.  The cost is called S and the length of a step eta; the mean of y is ȳ.  Draws are made
anew each time they are asked for, and are plain dataclasses, which cannot be the key of a dictionary.
"""

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pytest

from checkedmath.judging import Context, judge_text
from checkedmath.judging.session import Session
from checkedmath.subject.setting import NamedFunction, Quantity, Setting, World
from checkedmath.syntax.errors import Disagreement
from checkedmath.values.functions import prime

NAME = "least-squares"
SIZES = ({"N": 7, "p": 3}, {"N": 4, "p": 2}, {"N": 5, "p": 4})
FUNCTIONS = {"softplus": lambda z: np.log(1 + np.exp(z)), "cube": lambda z: z**3, "magnitude": np.abs}
RULES = {
    "yhat": lambda q: q.X @ q.beta,
    "r": lambda q: q.y - q.yhat,
    "S": lambda q: np.sum(q.r * q.r),
    "ybar": lambda q: np.mean(q.y),
    "rbar": lambda q: np.mean(q.r),
}


@dataclass
class Observations:
    """One draw: X is (N, p), y is (N, 1), beta is (p, 1)."""

    seed: int
    given: dict[str, Any] = field(default_factory=dict)
    members: int = 0

    @property
    def sizes(self):
        return SIZES[self.seed]

    def __getattr__(self, name):
        if name not in {*RULES, "X", "y", "beta"}:
            raise AttributeError(name)
        return self.value(name, None)

    def value(self, name, layer):
        if name in self.given:
            return self.given[name]
        if name in RULES:
            return RULES[name](self)
        if name in self.sizes:
            return float(self.sizes[name])
        if name == "dbeta":
            return self.slope()
        shape = {"X": ("N", "p"), "y": ("N", None), "beta": ("p", None)}.get(name, ())
        rng = np.random.default_rng([self.seed, *name.encode()])
        value = rng.normal(size=[1 if size is None else self.sizes[size] for size in shape])
        return value if shape else float(value)

    def slope(self):
        """Return ∂S/∂beta by central differences, which are exact for a square."""
        columns = np.eye(self.sizes["p"])[:, :, None]
        moved = [[self.moved("beta", None, self.beta + h * unit).S for h in (1.0, -1.0)] for unit in columns]
        return np.array([[(up - down) / 2] for up, down in moved])

    def moved(self, name, layer, value):
        return Observations(self.seed, {**self.given, name: value})

    def function(self, name, layer):
        return FUNCTIONS[name.removesuffix("_prime")]


def setting(**of_value):
    """Return the setting; ``of_value`` brings functions of a for its helpers, by name."""
    column, number = ("N", "1"), ()
    quantities = [
        Quantity("X", ("N", "p"), "X"), Quantity("y", column, "y"), Quantity("yhat", column, "y hat", aliases=("ŷ",)),
        Quantity("r", column, "r"), Quantity("beta", ("p", "1"), "beta", aliases=("β", "β̂")),
        Quantity("dbeta", ("p", "1"), "d beta", aliases=("dβ",), gradient=("S", "beta")),
        Quantity("S", number, "S"), Quantity("eta", number, "eta", aliases=("η",)), Quantity("N", number, "N"),
        Quantity("ybar", number, "y bar", aliases=("ȳ",)), Quantity("rbar", number, "r bar", aliases=("r̄",)),
    ]  # fmt: skip
    functions = [
        NamedFunction("softplus", "softplus"), NamedFunction("cube", "cube"), NamedFunction("magnitude", "magnitude"),
        NamedFunction("softplus_prime", "softplus prime", primes=1, helper=True, of_value=of_value.get("softplus")),
    ]  # fmt: skip
    return Setting(
        NAME, "a line through N observations", {q.name: q for q in quantities},
        {f.name: f for f in functions}, lambda variant: [Observations(seed) for seed in range(len(SIZES))],
        worlds=(World("helper-of-a", "the helper expects a, not z", helper_of_value=True),), objective="S", step="eta",
        scalars=("S",),
    )  # fmt: skip


# -- what is judged ----------------------------------------------------------------------

@pytest.fixture(scope="module")
def other():
    return Session({NAME: setting()})


def verdict(text, session, **more):
    return session.check(text, NAME, **more)


@pytest.mark.parametrize("text", [
    r"\frac{\partial S}{\partial \beta} = -2 X^T r", "dβ = 2 Xᵀ(Xβ − y)", "S = rᵀr", r"\hat y = X \hat\beta",
    "S = np.sum((y - X @ beta)**2)", r"r_i = y_i - \sum_j X_{ij} \beta_j", "softplus_prime(r) = sigmoid(r)",
    "cube'(r) = 3 r ⊙ r", r"X^T r = -\frac12 d\beta",
])  # fmt: skip
def test_true(other, text):
    found = verdict(text, other)
    assert (found.verdict, found.draws > 0) == ("holds", True), found.message


@pytest.mark.parametrize("text", ["dβ = 2 X(Xβ − y)", "dβ = −2 Xᵀ(Xβ − y)", "S = r rᵀ", "cube'(r) = 2 r ⊙ r"])
def test_false(other, text):
    assert verdict(text, other).verdict == "fails"


def test_draws_are_made_once_whoever_makes_them():
    one = setting()
    for kind in ("", "another"):
        assert all(a is b for a, b in zip(one.draws(kind), one.draws(kind), strict=True))
    assert len({id(draw) for kind in ("", "another") for draw in one.draws(kind)}) == 2 * len(one.draws(""))


def test_many_true_formulas_of_fresh_draws_stay_true():
    """What was remembered of one draw must not reach another that stands where the first stood in memory."""
    session = Session({NAME: setting()})
    rights = [r"-2 X^T r", r"d\beta", r"2 X^T(X\beta - y)", r"X^T(\hat y - y) + X^T(\hat y - y)"]
    texts = [rf"{k} \frac{{\partial S}}{{\partial \beta}} = {k} ({right})" for k in range(2, 42) for right in rights]
    assert [text for text in texts if verdict(text, session).verdict != "holds"] == []


@pytest.mark.parametrize(("text", "expected"), [
    ("β := β − η dβ", "holds"), ("beta = beta - eta * dbeta", "holds"), ("beta -= eta * dbeta", "holds"),
    ("β := β + η dβ", "fails"), ("β := β − dβ", "fails"), ("β := 2 η Xᵀ r + β", "holds"),
])  # fmt: skip
def test_the_update_rule_has_the_letters_of_the_subject(other, text, expected):
    assert verdict(text, other).verdict == expected


def test_a_subject_without_an_objective_has_no_update_rule():
    for left_out in ({"objective": ""}, {"step": ""}):
        session = Session({NAME: replace(setting(), **left_out)})
        assert session.check("β := β − η dβ", NAME).verdict == "fails"


@pytest.mark.parametrize("text", [
    r"\bar y = \frac1N \sum_i y_i", "ȳ = 1/N Σ_i y_i", "y\u0304 = 1/N Σ_i y_i",
    r"\bar{y} = \bar r + \frac1N \sum_i \hat y_i", "r\u0304 = ȳ − 1/N Σ_i ŷ_i", r"\bar{ r } = \frac1N \sum_i r_i",
])  # fmt: skip
def test_an_accent_that_the_subject_knows(other, text):
    assert verdict(text, other).verdict == "holds"


@pytest.mark.parametrize("text", [
    r"\bar X = X", r"\underline{y} = y", r"\overrightarrow{r} = r", r"\tilde\beta = \beta",
    r"\overline{X\beta} = X\beta", "X\u0305 = X", "y\u0332 = y", "y\u0303 = y", "r\u0308 = r", r"\hat X = X", "ÿ = y",
    r"\bar{} = y", r"\bar y_i = y_i + \ddot y - \ddot y", r"y = \bar{\bar y}",
])  # fmt: skip
def test_an_accent_that_the_subject_does_not_know_is_unreadable(other, text):
    assert verdict(text, other).verdict == "unreadable"


@pytest.mark.parametrize("text", [r"f'(r) = sign(r)", "magnitude'(r) = sign(r)", r"magnitude'(y) = 0 * y"])
def test_a_derivative_that_two_ways_do_not_agree_on_is_refused(other, text):
    text = text.replace("f'", "magnitude'")
    found = verdict(text, other)
    assert found.verdict == "unreadable"
    assert "disagree for the derivative of magnitude;" in found.message
    assert not found.nearest
    (stated,) = judge_text(text.replace("*", r"\odot"), "display", Context(NAME), other)
    assert (stated.verdict.verdict, stated.verdict.nearest) == ("unreadable", "")


def test_a_helper_is_not_guessed():
    false, true = "softplus_prime(softplus(r)) == softplus(r) * (1 - softplus(r))", "softplus_prime(r) == 1 - exp(-r)"
    told = Session({NAME: setting(softplus=lambda a: 1 - np.exp(-a))})
    for session in (Session({NAME: setting()}), told):
        assert verdict(false, session, style="numpy").verdict == "fails"
    assert verdict(true, Session({NAME: setting()}), style="numpy").verdict == "fails"
    found = verdict(true, told, style="numpy")
    assert (found.verdict, [c.code for c in found.where]) == ("conditional", ["helper-of-a"])


def test_at_a_kink_the_branch_that_the_code_takes_is_the_slope():
    at = np.array([[-1.0, 0.0, 2.0]])
    assert prime(lambda z: np.where(np.real(z) > 0, z, 0 * z), np, "relu")(at).tolist() == [[0.0, 0.0, 1.0]]
    assert prime(lambda z: np.where(np.real(z) < 0, 0 * z, z), np, "relu")(at).tolist() == [[0.0, 1.0, 1.0]]
    for lossy in (np.abs, lambda z: z + np.abs(z)):
        with pytest.raises(Disagreement, match="for the derivative of lossy"):
            prime(lossy, np, "lossy")(at)
