"""ż: how fast a quantity changes along a random direction, taken by steps and by no rule of calculus."""

import pytest

from checkedmath.judging.session import Session

TRUE = [
    (r"\dot z^{[2]} = W^{[2]} \dot a^{[1]}", "two-layer"),
    ("ż[2] = W[2] ȧ[1]", "two-layer"),
    ("z\N{COMBINING DOT ABOVE}[2] = W[2] a\N{COMBINING DOT ABOVE}[1]", "two-layer"),
    (r"\dot a^{[1]} = \dot z^{[1]} \odot g^{[1]\prime}(z^{[1]})", "two-layer"),
    (r"\dot z^{[2]} = \dot W^{[2]} a^{[1]} + W^{[2]} \dot a^{[1]} + \dot b^{[2]}", "two-layer"),
    (r"\dot{\mathcal{L}} = dz^{[2]T} \dot z^{[2]}", "two-layer"),
    (r"\dot{\mathcal{L}} = dz^{[2]T} W^{[2]} \dot a^{[1]}", "two-layer"),
    (r"\dot{\mathcal L} = \operatorname{tr}(dW^{[2]T} \dot W^{[2]})", "two-layer"),
    (r"\dot z^{[2]}_k = \sum_j W^{[2]}_{kj} \dot a^{[1]}_j", "two-layer"),
    (r"\dot Z^{[l]} = W^{[l]} \dot A^{[l-1]}", "deep-batch"),
    (r"\dot J = \operatorname{tr}(dW^{[2]T} \dot W^{[2]})", "two-layer-batch"),
]
FALSE = [
    # With W[2], z[1] moves a[1] alone: nothing brings W[2] about, so it is pushed as well.
    (r"\dot z^{[2]} = \dot W^{[2]} a^{[1]}+ \dot b^{[2]} + W^{[2]} \dot z^{[1]}", "two-layer"),
    (r"\dot a^{[1]} = W^{[2]T} \dot z^{[2]}", "two-layer"),
    (r"\dot{\mathcal{L}} = da^{[1]T} \dot z^{[1]}", "two-layer"),
    (r"\dot{\mathcal{L}} = -dz^{[1]T} \dot z^{[1]}", "two-layer"),
    (r"\dot z^{[2]} = 0 \dot a^{[1]}", "two-layer"),
]


@pytest.fixture(scope="module")
def session():
    return Session()


@pytest.mark.parametrize(("text", "setting"), TRUE)
def test_a_true_change_holds(session, text, setting):
    assert session.check(text, setting=setting).verdict == "holds"


@pytest.mark.parametrize(("text", "setting"), FALSE)
def test_a_false_change_fails(session, text, setting):
    assert session.check(text, setting=setting).verdict == "fails"


def test_rows_turn_a_change_too(session):
    verdict = session.check("ż[2] = ȧ[1] W[2]", setting="two-layer")
    assert (verdict.verdict, [c.code for c in verdict.where]) == ("conditional", ["rows-W"])


def test_what_stands_under_the_dot_must_be_known(session):
    verdict = session.check(r"\dot q = 1", setting="two-layer")
    assert verdict.verdict == "unreadable"
    assert "a quantity that the setting knows under the dot" in verdict.message
