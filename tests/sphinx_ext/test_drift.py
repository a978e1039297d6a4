"""Prose and code cannot drift apart: a mistake planted on a page, in `backprop` or in a formula is reported."""

import json
import os
import re
import runpy
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from checkedmath.judging import judge_text
from checkedmath.judging.attempt import attempt
from checkedmath.judging.edits import single_edits
from checkedmath.judging.normal import normal_form
from checkedmath.judging.session import Session
from checkedmath.meaning import Scope, resolve
from checkedmath.reading import read
from checkedmath.subject.conventions import Way
from checkedmath.subject.setting import IDENTITIES
from checkedmath.subject.view import View
from checkedmath.syntax.errors import FormulaError
from checkedmath.values.places import last_member
from checkedmath.writing.text import write_text

edits_of = runpy.run_path(str(Path(__file__).with_name("text_edits.py")))["edits_of"]


def build(project, docs, folder, backprop=None):
    """Judge the pages in ``docs`` with the settings of this book; return the report, with the texts of warnings."""
    environment = dict(os.environ)
    if backprop is not None:
        environment["PYTHONPATH"] = str(backprop)
    out = folder / "out"
    run = subprocess.run(
        [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-b", "formulas", "-c", project,
         "-d", folder / "doctrees", docs, out],
        capture_output=True, text=True, encoding="utf-8", check=False, env=environment,
    )  # fmt: skip
    report = json.loads((out / "report.json").read_text(encoding="utf-8"))
    return run.returncode, run.stderr.replace(f"{docs}/", ""), report["formulas"]


def some_pages(project, folder, *names):
    """Copy a few pages of the book: judging all of it again for each mistake would take minutes."""
    docs = folder / "docs"
    docs.mkdir()
    for name in names:
        (docs / name).parent.mkdir(exist_ok=True)
        shutil.copy(project / "docs" / name, docs / name)
    contents = "\n".join(names)
    (docs / "index.md").write_text(f"# Some pages\n\n```{{toctree}}\n{contents}\n```\n", encoding="utf-8")
    return docs


# -- a mistake on a page ----------------------------------------------------------------------------

PLANTED = {
    # true formula, what is put in its place, what is reported
    r"dz^{[1]} = \left( W^{[2]T} dz^{[2]} \right) \odot g^{[1]\prime}(z^{[1]})": (
        "W^{[2]T}", "W^{[2]}", "dz[1] = W[2]T dz[2] * g[1]'(z[1])", "transpose",
    ),
    "dz^{[2]} = a^{[2]} - y": ("a^{[2]} - y", "a^{[2]} + y", "dz[2] = a[2] - y", "sign"),
    r"dW^{[2]} = \frac{1}{m} dZ^{[2]} A^{[1]T}": (
        r"\frac{1}{m} ", "", "dW[2] = (1/m) dZ[2] A[1]T", "one-over-m-missing",
    ),
    "dW^{[2]} = dz^{[2]} a^{[1]T}": ("a^{[1]T}", "a^{[2]T}", "dW[2] = dz[2] a[1]T", "layer-number"),
}  # fmt: skip


def plant(docs):
    """Put the mistakes onto the pages that hold the formulas; return (page, source) with what is to be reported."""
    planted = {}
    for true, (old, new, nearest, mistake) in PLANTED.items():
        path = next(p for p in sorted(docs.rglob("*.md")) if true in p.read_text(encoding="utf-8"))
        text = path.read_text(encoding="utf-8")
        false = true.replace(old, new)
        before = text[: text.index(true)]
        path.write_text(text.replace(true, false, 1), encoding="utf-8")
        fence = re.search(r"^(?:\$\$|```\{math\}\n(?::.*\n)*)\n?\Z", before, re.MULTILINE)  # a display: its first line
        line = before.count("\n", 0, fence.start() if fence else None) + 1
        planted[path.relative_to(docs).with_suffix("").as_posix(), line, false] = (nearest, mistake)
    return planted


def test_mistakes_on_the_pages_are_reported_where_they_stand(project, tmp_path):
    docs = some_pages(project, tmp_path, "answer.md", "derivation/hidden-layer.md", "derivation/m-examples.md")
    planted = plant(docs)
    code, warnings, formulas = build(project, docs, tmp_path)
    assert code == 1
    found = {(f["page"], f["line"], f["source"]): f for f in formulas}
    for place, (nearest, mistake) in planted.items():
        page, line, source = place
        assert found[place]["verdict"] in {"fails", "conditional"}
        assert (found[place]["nearest"], found[place]["mistake"]) == (nearest, mistake)
        assert re.search(
            rf"^{page}.md:{line}: WARNING: formula is (false|true on a condition only):\n  {re.escape(source)}\n",
            warnings, re.MULTILINE,
        )  # fmt: skip
        assert f"  nearest true formula: {nearest} ({mistake}) [checkedmath." in warnings
    # What the book's configuration says of pages that are not among these few has no place on a page.
    settled = warnings.count("\nWARNING: bookkit_")
    assert warnings.count("WARNING") - settled == len(planted) == 4


# -- a mistake in the code ---------------------------------------------------------------------------

LINEAR = ("network.py", "return self.W @ A + self.b", "return self.W @ A - self.b")
TURNED = ("network.py", "return self.W @ A + self.b", "return self.W.T @ A + self.b")
COST = ("network.py", "return total / cache.m + penalty", "return total + penalty")
AXIS = ("losses.py", "np.sum(softplus - Y * Z, axis=0", "np.sum(softplus - Y * Z, axis=1")
TANH = ("activations.py", "return np.tanh(floats(z))", "return np.sin(floats(z))")
SIGMOID = (
    "activations.py", "return np.exp(np.minimum(z, 0)) / (1 + exp_minus_magnitude(z))",
    "return (1 + z / np.sqrt(1 + z * z)) / 2",
)  # fmt: skip


def changed(project, folder, change):
    """Copy `backprop` with one line changed; return the folder to put in front of the path."""
    name, old, new = change
    shutil.copytree(project / "src" / "backprop", folder / "src" / "backprop")
    path = folder / "src" / "backprop" / name
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
    return folder / "src"


def untrue(formulas):
    return {f["source"] for f in formulas if f["verdict"] != "holds" and not f["mistake"].startswith("expected")}


def test_another_sign_in_the_forward_pass_is_reported(project, tmp_path):
    docs = some_pages(project, tmp_path, "answer.md")
    code, warnings, formulas = build(project, docs, tmp_path, changed(project, tmp_path, LINEAR))
    assert code == 1
    # Not the formulas are wrong, but what the book runs: each says so, with the first quantity that differs.
    of_entries = r"dz^{[1]}_j = da^{[1]}_j \, g^{[1]\prime}(z^{[1]}_j)"
    assert {r"dz^{[1]} = \left( W^{[2]T} dz^{[2]} \right) \odot g^{[1]\prime}(z^{[1]})", of_entries} <= untrue(formulas)
    assert "z[1] is not what backprop computes: " in warnings
    assert "nearest true formula" not in warnings


@pytest.mark.long
@pytest.mark.parametrize(
    ("change", "concerned"),
    [
        (TURNED, r"dz^{[1]} = \left( W^{[2]T} dz^{[2]} \right) \odot g^{[1]\prime}(z^{[1]})"),
        (COST, r"J = \frac{1}{m} \sum_{i=1}^{m} \mathcal{L}^{(i)}"),
        (AXIS, "dz^{[2]} = a^{[2]} - y"),
        (SIGMOID, "dz^{[2]} = a^{[2]} - y"),
    ],
    ids=["transpose", "one-over-m", "axis", "sigmoid"],
)
def test_other_changes_of_the_code_are_reported(project, tmp_path, change, concerned):
    code, _, formulas = build(project, project / "docs", tmp_path, changed(project, tmp_path, change))
    assert code == 1
    assert concerned in untrue(formulas)


@pytest.mark.long
def test_another_function_for_tanh_is_reported(project, tmp_path):
    docs = tmp_path / "docs"
    docs.mkdir()
    page = "---\nsetting: two-layer\n---\n\n# tanh\n\n$dz^{[1]} = da^{[1]} \\odot (1 - a^{[1]} \\odot a^{[1]})$\n"
    (docs / "index.md").write_text(page, encoding="utf-8")
    assert build(project, docs, tmp_path)[0] == 0
    shutil.rmtree(tmp_path / "doctrees")
    code, _, formulas = build(project, docs, tmp_path, changed(project, tmp_path, TANH))
    assert (code, len(untrue(formulas))) == (1, 1)


# -- every edit of every formula ---------------------------------------------------------------------

@pytest.fixture(scope="module")
def claims(judged_book):
    """The claims of the book's displays that hold and are not trivial, each with its context."""
    return [
        (source, replace(context, setting=setting)) for _, kind, context, said in judged_book.formulas
        for source, relation, trivial, verdict, setting in said
        if kind == "display" and (relation, trivial, verdict) == ("claim", False, "holds")
    ]  # fmt: skip


@pytest.fixture(scope="module")
def texts(judged_book):
    """The texts of the book that claim something or say a size, and hold: each with what it is, and its context."""
    found = {}
    for text, kind, context, said in judged_book.formulas:
        states = {relation for _, relation, trivial, _, _ in said if not trivial} & {"claim", "shape"}
        if states and all(verdict == "holds" for *_, verdict, _ in said):
            key = text, context.setting, tuple(sorted(context.lets.items()))
            found[key] = text, kind, replace(context, nearest=False)
    return list(found.values())


def test_every_formula_of_the_book_is_executed_and_true(judged_book):
    assert (judged_book.code, judged_book.warnings) == (0, "")
    assert sum(f["relation"] == "claim" and not f["trivial"] for f in judged_book.report["formulas"]) >= 200


def test_nearly_every_displayed_formula_is_executed(judged_book):
    report = judged_book.report
    executed = sum(f["kind"] in {"display", "step"} for f in report["formulas"])
    unchecked = [f for f in report["unchecked"] if f["kind"] == "display"]
    assert len(unchecked) <= 0.03 * executed, unchecked
    assert all(f["reason"].strip() for f in unchecked)


def forms(claim, tree, layout):
    last = last_member(tree, claim.setting)
    scope = Scope(claim.setting, View(layout=layout), last, shapes=claim.shapes)
    return [normal_form(resolve(term, scope)) for term in tree.terms]


def mutants(session, source, context):
    """Yield (name, text, fate) of every edit of a formula; the fate is "reported", "same" or "survives"."""
    if context.setting != IDENTITIES:
        session = session.opened(source, context.lets, context.setting)
    setting = session.settings[context.setting]
    claim, _ = session.claim(read(source, setting, "latex"), setting, context.layout, context.lets)
    assert attempt(claim, Way(), context.layout).holds, f"{source} is no formula of its own"
    base, seen = forms(claim, claim.tree, context.layout), {claim.tree}
    for edit, tree in single_edits(claim.tree, claim.setting):
        if tree in seen:
            continue
        seen.add(tree)
        fate = "reported"
        if attempt(claim.with_tree(tree), Way(), context.layout).holds:
            try:
                fate = "same" if forms(claim, tree, context.layout) == base else "survives"
            except FormulaError:
                fate = "survives"
        yield edit.name, write_text(tree), fate


def judge_all(claims, record_property, title, same_at_most=0.2):
    session = Session()
    found = [(source, *mutant) for source, context in claims for mutant in mutants(session, source, context)]
    survivors = [f"  {name}: {text}" for _, name, text, fate in found if fate == "survives"]
    same = sum(fate == "same" for *_, fate in found)
    head = f"{title}: {len(found)} mutants of {len(claims)} claims, {same} say the same, survivors: {len(survivors)}"
    record_property("table", "\n".join([head, *survivors]))
    assert len(survivors) <= 0.02 * len(found), "\n".join([head, *survivors])
    assert same < same_at_most * len(found)
    return len(found)


def test_edits_of_a_sample_of_the_displayed_formulas_are_reported(claims, record_property):
    assert len(claims) >= 8
    # Of a few claims, one whose edits say the same in other words weighs more than in the whole book.
    title = "Every sixteenth displayed claim of the book"
    assert judge_all(claims[::16], record_property, title, same_at_most=0.25) > 20


@pytest.mark.long
def test_every_edit_of_every_displayed_formula_is_reported(claims, record_property):
    assert judge_all(claims, record_property, "Displayed claims of the book") > 100


# -- every edit of the text of a formula: relations, numbers, bounds of sums, sizes ---------------------

# What is edited and still true, with the reason, by what the edited text says.
AS_A_BATCH = "with m beside it a small letter is read as all examples, and the verdict says so"
CONSTANT = "a number that is added has the slope 0"
STILL_TRUE = {
    r"\\in \\mathbb\{R\}\^\{n_\w \\times m\}$": AS_A_BATCH, r"\\in \\mathbb\{R\}\^\{m \\times n_2\}$": AS_A_BATCH,
    r"\(3t \+ 2\)": CONSTANT, r"\(s\^3 \+ 3 s t\)": CONSTANT, r"2\\sigma\(2z\) - 2\)": CONSTANT,
    r"z\^\{\[1\]\(3\)\}_j.*X_\{p1\}": "example 3 is another than example 1 too",
    r"softmax\}\(z - 6": "softmax does not see what is added to all entries",
    r"^[\d\s.()+\\cdot-]* =  0$": "0.9 (-0.68) + 0.6 + 0.012 is 0: the ≈ was an equality",
}  # fmt: skip


def judge_texts(texts, record_property, title):
    """Judge every edit of these texts; return how many of each kind were to be found false."""
    session, counts, survivors, refused = Session(), Counter(), [], []
    for text, kind, context in texts:
        for edit, edited, logic in edits_of(text):
            stated = judge_text(edited, kind, context, session)
            holds = all(statement.verdict.verdict == "holds" for statement in stated)
            counts[edit] += not logic
            if holds and not logic:
                survivors.append((edit, edited))
            elif logic and not holds:
                refused.append((edit, edited))
    known = [(edit, text) for edit, text in survivors if any(re.search(sign, text) for sign in STILL_TRUE)]
    total = sum(counts.values())
    record_property("table", "\n".join([
        f"{title}: {total} edits to be found false ({dict(counts)}), survivors: {len(survivors)}",
        *(f"  {edit}: {text}" for edit, text in survivors), "Implied by what is true, and not called true:",
        *(f"  {edit}: {text}" for edit, text in refused),
    ]))  # fmt: skip
    assert survivors == known
    assert len(survivors) <= 0.01 * total
    return counts


def test_edits_of_the_texts_of_a_sample_are_reported(texts, record_property):
    counts = judge_texts(texts[::24], record_property, "Every twenty-fourth text of the book")
    assert counts["relation"] > 30


@pytest.mark.long
def test_every_edit_of_every_text_is_reported(texts, record_property):
    counts = judge_texts(texts, record_property, "Texts of the book")
    assert {"relation", "number", "limit", "size", "condition"} <= counts.keys()
    assert sum(counts.values()) > 2000
