"""A new activation and a new loss, declared as an author does, are at once known everywhere."""

import json
import os
import subprocess
import sys

import pytest

SWISH = '''
class Swish(Activation):
    """z σ(z)."""

    name = "swish"

    def __call__(self, z):
        return floats(z) * sigmoid(z)

    def prime(self, z, a=None):
        return sigmoid(z) + floats(z) * sigmoid.prime(z)


swish = declare(Swish())
'''
HUBER = '''
class Huber(Loss):
    """½ u² near 0 and δ |u| - ½ δ² further out, of u = a - y."""

    name, words, delta = "huber", "Huber's", 0.2

    def __call__(self, A, Y):
        u = floats(A) - Y
        far = np.where(u.real > 0, u, -u)
        near = far.real <= self.delta
        return np.sum(np.where(near, u * u / 2, self.delta * (far - self.delta / 2)), axis=0, keepdims=True)

    def dA(self, A, Y):
        return np.clip(floats(A) - Y, -self.delta, self.delta)


huber = declare(Huber())
'''
IMPORTS = """
import numpy as np
from backprop import Activation, Loss, declare, sigmoid
from backprop.validation import floats
"""
#: What is asked in a process of its own, since what is declared stays declared: each text, in its setting.
PROGRAM = """
import json, sys
from dataclasses import replace

import declared
from checkedmath.judging.pipeline import judge_text
from checkedmath.judging.session import Session
from checkedmath.judging.statement import Context

session, answers, before = Session(), [], None
for text, setting, page in json.load(sys.stdin):
    if page:
        context = replace(before, nearest=False) if before and before.setting == setting else Context(setting)
        (said, *_) = judge_text(text, "inline", context, session)
        before = context if said.chosen is None else replace(context, variant=said.chosen)
        verdict = said.verdict
    else:
        verdict, before = session.check(text, setting, nearest=False), None
    answers.append([verdict.verdict, [c.code for c in verdict.where], verdict.message])
json.dump(answers, sys.stdout)
"""
VALUE = "a[1] = swish(z[1])"
BY_NAME, BY_G = "dz[1] = W[2]T dz[2] * swish'(z[1])", "dz[1] = W[2]T dz[2] * g[1]'(z[1])"
SLOPE = (
    r"g^{[1]\prime}(z^{[1]}) = \operatorname{sigmoid}(z^{[1]}) + z^{[1]} \odot \operatorname{sigmoid}'(z^{[1]})"
)
CLIPPED = "dA2 = max(-max(Y - A2, -0.2), -0.2)"
#: A text, its setting, whether it stands on a page (after the one before it), the verdict, the codes.
ASKED = [
    ("swish'(z) = σ(z) + z σ(z)(1 - σ(z))", "logistic", False, "holds", []),
    ("swish_derivative(z) = σ(z) + z σ'(z)", "logistic", False, "holds", []),
    (r"\operatorname{swish}(z) = z \sigma(z)", "logistic", False, "holds", []),
    ("Swish(z) = σ(z)", "logistic", False, "fails", []),
    (BY_G, "two-layer", False, "holds", []),
    (VALUE, "two-layer", False, "conditional", ["hidden-swish"]),
    (BY_NAME, "two-layer", False, "holds", []),
    ("dz1 = W2.T @ dz2 * swish_prime(z1)", "two-layer", False, "holds", []),
    ("dZ1 = np.dot(W2.T, dZ2) * dswish(Z1)", "two-layer-batch", False, "holds", []),
    # It has no slope in a = g(z), and nothing may be guessed of one.
    ("swish_prime(a[1]) = a[1] * (1 - a[1])", "two-layer", False, "fails", []),
    ("sigmoid_prime(a[1]) = a[1] * (1 - a[1])", "two-layer", False, "conditional", ["helper-of-a"]),
    ("dz1 = W2.T @ dz2 * swish_prime(a1)", "two-layer", False, "fails", []),
    # It is one of any activations: those known before it never fall.
    ("g[1]'(z[1]) >= 0", "deep", False, "conditional", ["hidden-tanh"]),
    # On a page.
    (SLOPE, "two-layer", True, "conditional", ["hidden-swish"]),
    (r"g = \operatorname{swish}", "two-layer", True, "holds", []),
    (SLOPE, "two-layer", True, "holds", []),
    (r"g^{[1]\prime}(z^{[1]}) = 1 - a^{[1]} \odot a^{[1]}", "two-layer", True, "fails", []),
    (SLOPE, "deep-batch", True, "conditional", ["hidden-swish"]),
    ("g := swish", "deep-batch", True, "holds", []),
    (SLOPE, "deep-batch", True, "holds", []),
    (r"g^{[1]} = \tanh", "two-layer", True, "holds", []),
    ("g := swish", "logistic", True, "fails", []),
    (r"g = \sigma", "logistic", True, "holds", []),
    ("g := foo", "two-layer", True, "unreadable", []),
    (SLOPE + r" \quad \text{with swish hidden units}", "two-layer", True, "holds", []),
    # The loss, in every setting that has another one.
    (CLIPPED, "two-layer-batch", False, "conditional", ["loss-huber"]),
    ("da = max(-max(y - a, -0.2), -0.2)", "logistic", False, "conditional", ["loss-huber"]),
    ("dA2 = A2 - Y", "two-layer-batch", False, "conditional", ["loss-squared"]),
    ("dZ2 = A2 - Y", "two-layer-batch", False, "holds", []),
]


def ran(tmp_path, program, given=""):
    (tmp_path / "declared.py").write_text(IMPORTS + SWISH + HUBER, encoding="utf-8")
    path = os.pathsep.join([str(tmp_path), *sys.path])
    done = subprocess.run(
        [sys.executable, "-c", program], input=given, capture_output=True, text=True, encoding="utf-8", check=False,
        env=os.environ | {"PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def lines(text):
    return sum(1 for line in text.splitlines() if line.strip())


def test_a_declaration_is_short():
    assert lines(SWISH) <= 15
    assert lines(HUBER) <= 20


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    asked = json.dumps([[text, setting, page] for text, setting, page, *_ in ASKED])
    return json.loads(ran(tmp_path_factory.mktemp("declared"), PROGRAM, asked))


@pytest.mark.parametrize("n", range(len(ASKED)), ids=[f"{text} in {setting}" for text, setting, *_ in ASKED])
def test_the_checker_knows_both(answers, n):
    assert answers[n][:2] == list(ASKED[n][3:]), answers[n]


def test_the_words_are_those_of_the_entries(answers):
    said = {text: answers[n][2] for n, (text, *_) in enumerate(ASKED)}
    assert said[VALUE].startswith("true if the hidden layer uses swish; ")
    assert said[BY_NAME] == "true, with a swish hidden layer"
    assert said[CLIPPED].startswith("true if the loss is Huber's, after the same sigmoid; ")
    assert said[SLOPE] == "true, with a swish hidden layer"
    assert said["g := swish"] == "g is sigmoid here, not swish"


def test_backprop_trains_with_both_and_its_gradients_are_right(tmp_path):
    program = """
import declared, numpy as np
from backprop import Layer, Network, check_gradients, cost, forward, train
rng = np.random.default_rng(3)
sizes, X, Y = (4, 3, 5, 2), rng.normal(size=(4, 6)), 9 * rng.normal(size=(2, 6))  # labels: any real number
for output in ("swish", "identity", "tanh"):
    layers = [Layer(rng.normal(size=(k, n)), rng.normal(size=(k, 1)), g)
              for n, k, g in zip(sizes, sizes[1:], ("swish", "tanh", output))]
    network = Network(layers, "huber", l2=0.3)
    check_gradients(network, X, Y).raise_if_wrong()
    after = train(network, X, Y, alpha=0.1, epochs=20).network
    assert cost(after, forward(after, X), Y) < cost(network, forward(network, X), Y)
print("trained")
"""
    assert ran(tmp_path, program) == "trained\n"


def test_the_mistakes_and_draws_follow(tmp_path):
    program = """
import declared
from checkedmath.syntax.tree import Apply, Index, Symbol
from course.settings import SETTINGS
node = Apply("swish", Symbol("z", Index("", 1)))
(swap,) = [s for s in SETTINGS["two-layer"].swaps if s.name == "prime-missing"]
print([new.primes for new in swap.apply(node)])
draws = SETTINGS["deep-batch"].draws("")
print(any(d.function("g", l).name == "swish" for d in draws for l in range(1, d.members + 1)))
print(all(any(w.code == "hidden-swish" for w in s.worlds) for s in SETTINGS.values() if s.choices))
f = SETTINGS["deep"].functions
print(f["swish"].latex, f["swish"].words, f["swish"].numpy, f["swish_prime"].words, f["swish_prime"].numpy)
"""
    found = ran(tmp_path, program).splitlines()
    assert found == ["[1]", "True", "True", r"\operatorname{swish} swish swish swish prime swish.prime"]


def test_a_name_is_declared_once():
    from backprop import Activation, InputError, declare

    for name, message in (("tanh", "a name that no other has"), ("my g", "a name of Python")):
        with pytest.raises(InputError, match=message):
            declare(type("New", (Activation,), {"name": name})())


def test_a_loss_that_cannot_take_the_labels_has_no_world(tmp_path):
    program = """
import numpy as np
from backprop import InputError, Loss, declare
class Hinge(Loss):
    name = "hinge"
    def check_labels(self, Y):
        if not np.all(abs(Y) == 1):
            raise InputError("Y", "labels -1 and 1", "others")
declare(Hinge())
from course.settings import SETTINGS
print(any(w.code == "loss-hinge" for s in SETTINGS.values() for w in s.worlds))
"""
    assert ran(tmp_path, program) == "False\n"
