"""Every edit of a true formula is found false, or says the same: mistakes cannot hide."""

from dataclasses import replace

import pytest

from checkedmath.judging.attempt import attempt
from checkedmath.judging.edits import single_edits
from checkedmath.judging.judge import layouts_to_try
from checkedmath.judging.normal import normal_form
from checkedmath.meaning import Scope, resolve
from checkedmath.reading import read
from checkedmath.subject.conventions import Way
from checkedmath.subject.view import View
from checkedmath.syntax.errors import FormulaError
from checkedmath.syntax.tree import RealSpace
from checkedmath.values.places import last_member
from checkedmath.writing.text import write_text

RELU = "a ReLU: a > 0 just where z > 0, and g′(z) is 0 or 1 like the condition itself"
EVEN = "the derivative of an odd function is even"
ONE_ROW = "with one row and m examples NumPy's sum over all is the sum along axis 1"
# True formulas that no edit can be told from by numbers, because both are true; the reason is not in the normal form.
SURVIVORS = {
    "TB061": RELU, "TB062": RELU, "TB063": RELU, "SM022": RELU, "F130": RELU,
    "ID040": EVEN, "F263": EVEN, "F264": EVEN,
    "LB030": ONE_ROW, "LB036": ONE_ROW,
    "SM018": "Y belongs to the last layer, whichever that is: a network of three layers then",
    "SM019": "without keepdims NumPy stretches the (m,) along the rows, as is meant",
}  # fmt: skip


def true_claim(case, session):
    """Return the claim of a true case and the layout it holds in, or None for a shape claim."""
    setting = session.settings[case["setting"]]
    reading = read(case["text"], setting)
    claim, _ = session.claim(reading, setting, "", {})
    if any(isinstance(term, RealSpace) for term in claim.tree.terms):
        return None
    layout = next(layout for layout in layouts_to_try(claim) if attempt(claim, Way(), layout).holds)
    if not claim.tree.relations:
        target = attempt(claim, Way(), layout).target
        claim = replace(claim, target=read(target, claim.setting).tree.terms[0])
    symmetric = frozenset(name for kind, name in reading.assumptions if kind == "symmetric")
    return claim, layout, symmetric


def forms(claim, tree, layout, symmetric):
    last = last_member(tree, claim.setting)
    scope = Scope(claim.setting, View(layout=layout), last, shapes=claim.shapes, numpy=claim.numpy)
    return [normal_form(resolve(term, scope), symmetric) for term in tree.terms]


def judge_mutants(cases, session):
    """Return how many mutants there were, how many say the same, and those that are held true."""
    total, same, survivors = 0, 0, []
    for case in cases:
        found = true_claim(case, session)
        if found is None:
            continue
        claim, layout, symmetric = found
        base = forms(claim, claim.tree, layout, symmetric)
        seen = {claim.tree}
        for edit, tree in single_edits(claim.tree, claim.setting):
            if tree in seen:
                continue
            seen.add(tree)
            total += 1
            if not attempt(claim.with_tree(tree), Way(), layout).holds:
                continue
            try:
                mutant = forms(claim, tree, layout, symmetric)
            except FormulaError:
                mutant = []
            if mutant == base or (len(mutant) > 1 and mutant[-1] in base[:-1]):
                same += 1
            else:
                survivors.append((case["id"], edit.name, write_text(tree)))
    return total, same, survivors


@pytest.fixture(scope="module")
def true_cases(cases):
    return [case for case in cases if case["truth"] == "holds" and "\n" not in case["text"]]


def check(chosen, session, show, title):
    total, same, survivors = judge_mutants(chosen, session)
    show(f"{title}: {total} mutants of {len(chosen)} true formulas, {same} say the same, survivors: {len(survivors)}",
         *(f"  {id_} {name}: {text}\n      {SURVIVORS.get(id_, 'no reason known')}" for id_, name, text in survivors))
    assert {id_ for id_, *_ in survivors} <= set(SURVIVORS)
    assert len(survivors) <= 0.01 * total
    return total, same, survivors


def test_mutants_of_every_fifth_true_formula(true_cases, session, show):
    total, same, _ = check(true_cases[::5], session, show, "Every fifth case")
    assert total > 500
    assert same < 0.2 * total  # else the normal form would say "the same" of everything


@pytest.mark.long
def test_mutants_of_all_true_formulas(true_cases, session, show):
    total, _, survivors = check(true_cases, session, show, "All cases")
    assert total > 4000
    assert {id_ for id_, *_ in survivors} == set(SURVIVORS)  # a reason that is no longer needed goes


@pytest.mark.parametrize(
    ("text", "setting", "mutant", "edit"),
    [
        ("dz[1] = W[2]T dz[2] * g[1]'(z[1])", "two-layer", "W[2] dz[2] * g[1]'(z[1])", "transpose"),
        ("dz[1] = W[2]T dz[2] * g[1]'(z[1])", "two-layer", "W[2]T dz[2] * g[1]'(a[1])", "prime-at-a"),
        ("dz[1] = W[2]T dz[2] * g[1]'(z[1])", "two-layer", "W[2]T da[2] * g[1]'(z[1])", "dZ-for-dA"),
        ("dz[1] = W[2]T dz[2] * g[1]'(z[1])", "two-layer", "W[1]T dz[2] * g[1]'(z[1])", "layer-number"),
        ("dz[1] = W[2]T dz[2] * g[1]'(z[1])", "two-layer", "W[2]T dz[2]", "g-prime-too-many"),
        ("dW[2] = 1/m dZ[2] A[1]T", "two-layer-batch", "dZ[2] A[1]T", "one-over-m-too-many"),
        ("dW[2] = 1/m dZ[2] A[1]T", "two-layer-batch", "(1/m) A[1]T dZ[2]", "order"),
    ],
)
def test_the_edits_make_what_learners_write(session, text, setting, mutant, edit):
    claim, _, _ = true_claim({"text": text, "setting": setting}, session)
    made = {(name.name, write_text(tree.terms[-1])) for name, tree in single_edits(claim.tree, claim.setting)}
    assert (edit, mutant) in made
