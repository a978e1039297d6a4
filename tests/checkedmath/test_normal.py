"""Normal forms: what says the same has one form, what does not has two, and no numbers are drawn."""

import subprocess
import sys

import pytest

from checkedmath.judging.normal import normal_form, same
from checkedmath.meaning import Scope, resolve
from checkedmath.reading import read
from checkedmath.subject.view import View
from checkedmath.syntax.errors import FormulaError
from checkedmath.values.free_letters import declared
from checkedmath.values.places import last_member


def resolved(session, texts, name):
    """Return both sides of a formula, resolved in one scope so that the letters agree."""
    reading = read(" = ".join(texts), session.settings[name])
    setting = declared(reading, {}) if name == "identities" else session.settings[name]
    scope = Scope(setting, View(), last_member(reading.tree, setting))
    return [resolve(term, scope) for term in reading.tree.terms]


SAME = [
    ("identities", "A^T^T", "A"),
    ("identities", "(A B)^T", "B^T A^T"),
    ("identities", "(A B C)^T", "C^T B^T A^T"),
    ("identities", "(A B) C", "A (B C)"),
    ("identities", "A + B", "B + A"),
    ("identities", "A (t B)", "t A B"),
    ("identities", "A - B", "-(B - A)"),
    ("identities", "x ⊙ y", "y ⊙ x"),
    ("identities", "diag(x) y", "x ⊙ y"),
    ("identities", "diag(x)^T", "diag(x)"),
    ("identities", "2 (x + y)", "2 x + 2 y"),
    ("identities", "(x^T y)^T", "x^T y"),
    ("identities", "tr(X^T)", "tr(X)"),
    ("identities", "‖-x‖", "‖x‖"),
    ("identities", "t/s x", "x t/s"),
    ("two-layer", "(1/2) (dz[2] + dz[2])", "dz[2]"),
    ("two-layer-batch", "(1/m) dZ[2] A[1]T", "(dZ[2] A[1]T)/m"),
    ("two-layer-batch", "(A[1] dZ[2]T)^T", "dZ[2] A[1]T"),
    ("two-layer", "W[2]T dz[2] * g[1]'(z[1])", "g[1]'(z[1]) * W[2]T dz[2]"),
    ("two-layer", "1 - a[1]^2", "-(a[1]^2 - 1)"),
]
OTHER = [
    ("identities", "det(A) A", "det(A) A^T"),
    ("identities", "A^T", "A"),
    ("identities", "A + B", "A - B"),
    ("identities", "x ⊙ y", "x ⊙ x"),
    ("identities", "2 x", "x"),
    ("identities", "x + y", "x + x"),
    ("identities", "x y^T", "y x^T"),
    ("two-layer", "W[2]T dz[2]", "W[1]T dz[1]"),
    ("two-layer", "g[1]'(z[1])", "g[1](z[1])"),
    ("two-layer", "g[1]'(z[1])", "g[1]'(a[1])"),
    ("two-layer-batch", "(1/m) dZ[2]", "dZ[2]"),
    ("two-layer-batch", "A[1]^(i)", "A[1]"),
    ("two-layer", "dz[1]_j a[1]_k", "dz[1]_k a[1]_j"),
    ("two-layer", "a[1]^2", "a[1]"),
]


@pytest.mark.parametrize(("name", "one", "other"), SAME)
def test_what_says_the_same(session, name, one, other):
    left, right = resolved(session, (one, other), name)
    assert normal_form(left) == normal_form(right)
    assert same(left, right)


@pytest.mark.parametrize(("name", "one", "other"), OTHER)
def test_what_does_not(session, name, one, other):
    left, right = resolved(session, (one, other), name)
    assert normal_form(left) != normal_form(right)


def test_a_declared_symmetric_matrix_is_its_transpose(session):
    left, right = resolved(session, ("det(A) A^T", "det(A) A"), "identities")
    assert not same(left, right)
    assert same(left, right, frozenset({"A"}))


def test_equal_forms_are_equal_in_numbers(cases, session, verdicts):
    """Where the two sides of a case have one form, the case must hold: the form never says too much."""
    trivial = 0
    for case in cases:
        if case["setting"] == "identities" or " = " not in case["text"] or case["style"] == "numpy":
            continue
        forms = forms_of(case, session)
        if forms is None:
            continue
        left, *rest = forms
        if all(side == left for side in rest):
            trivial += 1
            assert verdicts[case["id"]].verdict == "holds", case["text"]
    assert trivial < 5  # a case whose sides say the same by their form would test nothing


def forms_of(case, session):
    """Return the normal forms of a case's sides; what has no shapes has none."""
    setting = session.settings[case["setting"]]
    try:
        claim, _ = session.claim(read(case["text"], setting), setting, "", {})
        scope = Scope(claim.setting, View(), last_member(claim.tree, claim.setting), numpy=claim.numpy)
        return [normal_form(resolve(term, scope)) for term in claim.tree.terms]
    except (FormulaError, KeyError):
        return None


def test_no_numbers_are_needed():
    program = (
        "import sys\nfrom checkedmath.judging.normal import same\nfrom checkedmath.reading import read\n"
        "from checkedmath.meaning import Scope, resolve\nfrom checkedmath.subject.view import View\n"
        "from checkedmath.values.places import last_member\n"
        "from checkedmath.values.free_letters import declared, free_setting\n"
        "reading = read('(A B)^T = B^T A^T', free_setting())\nsetting = declared(reading, {})\n"
        "scope = Scope(setting, View(), last_member(reading.tree, setting))\n"
        "print(same(*(resolve(t, scope) for t in reading.tree.terms)), 'numpy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.stdout == "True False\n", done.stderr
