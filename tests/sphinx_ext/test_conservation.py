r"""Nothing that a reader sees is dropped on the way to a verdict.

*Insertion*: something false is put into a gap of a true formula; what still holds is shown to be true without the
checker.  *Deletion*: a piece is taken out; the formula changes its verdict, or what is left says the same.
"""

import json
import os
import random
import re
import subprocess
import sys
from collections import Counter

import pytest

from checkedmath.judging import Context, judge_text
from checkedmath.session import Session

# Builds in a process of its own, and tells every formula of the book that holds: text, kind, setting, layout, lets.
COLLECT = """
import json, sys
from checkedmath.sphinx_ext import formulas
from sphinx.cmd.build import main

found, judge_text = [], formulas.judge_text

def noting(text, kind, context, session):
    statements = judge_text(text, kind, context, session)
    plain = not context.assumptions and not context.definitions
    if plain and statements and all(s.verdict.verdict == "holds" for s in statements):
        relations = sorted({s.relation for s in statements})
        if relations != ["expression"]:
            found.append([text, kind, context.setting, context.layout, context.lets, relations])
    return statements

formulas.judge_text = noting
code = main(sys.argv[2:])
with open(sys.argv[1], "w", encoding="utf-8") as file:
    json.dump(found, file)
sys.exit(code)
"""
INSERTED = (r" + 5 y ", r" \cdot 3 ", " = 7 ", " < 0 ", r" \equiv y ")
PIECE = re.compile(r"\\[A-Za-z]+|\\.|\s+|.", re.DOTALL)
#: Why a formula with something put in may still be true; none of these patterns asks the checker.
STILL_TRUE = {
    "0 times anything is 0": r"\+ 5 y\s*\}?\s*0(?![.\d])|(?<![.\d])0\s*\\cdot 3|\\cdot 3\s*0(?![.\d])",
    "three times something has its sign": (
        r"\\cdot 3[^&\\=<>]*(?:[<>]|\\le|\\ge)\s*0|z\s*(?:>|<|\\le|\\ge)\s*0\s*\\cdot 3"
    ),
    "5 y times something has its sign, for y is positive": r"5 y\s+z > 0|5 y\s+z \\le 0",
    "a number of which is said that it is 0, three times": r"^(?!.*\\begin).*\\cdot 3.*=\s*0\s*$",
}  # fmt: skip


@pytest.fixture(scope="module")
def formulas(project, tmp_path_factory):
    """Every formula of the book that holds, with where it stands: (text, kind, `Context`, relations)."""
    folder = tmp_path_factory.mktemp("conservation")
    command = [
        sys.executable, "-c", COLLECT, str(folder / "found.json"), "-q", "-b", "formulas", "-c", str(project),
        "-d", str(folder / "doctrees"), str(project / "docs"), str(folder / "out"),
    ]  # fmt: skip
    done = subprocess.run(command, cwd=project, env=dict(os.environ), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    rows = json.loads((folder / "found.json").read_text(encoding="utf-8"))
    unique = {json.dumps(row): row for row in rows}.values()
    return [
        (text, kind, Context(setting, layout, {name: tuple(shape) for name, shape in lets.items()}), relations)
        for text, kind, setting, layout, lets, relations in unique
    ]  # fmt: skip


def is_claim_of_equality(text, relations):
    """Whether the formula states = of sides that are not 0, and nothing else."""
    signs = re.findall(r":=|=|<|>|\\(?:approx|neq?|leq?|geq?|in)(?![a-zA-Z])", re.sub(r"_\{[^{}]*\}", "", text))
    zero = re.search(r"=\s*0\s*(?:$|\\\\|&|\})", text)
    return set(signs) == {"="} and set(relations) <= {"claim", "shape"} and not zero


def gaps(text):
    return [*(match.start() for match in PIECE.finditer(text)), len(text)]


def judged(session, text, kind, context):
    return judge_text(text, kind, context, session)


def holds(statements):
    return bool(statements) and all(statement.verdict.verdict == "holds" for statement in statements)


def put_in(formulas, chance, seed):
    """Return how many formulas were tried, and those that still hold: (inserted, text, whether it must not)."""
    session, draw = Session(), random.Random(seed)
    count, survivors = 0, []
    for text, kind, context, relations in formulas:
        strict = is_claim_of_equality(text, relations)
        for place in gaps(text):
            for piece in INSERTED:
                if draw.random() > chance:
                    continue
                count += 1
                new = text[:place] + piece + text[place:]
                if holds(judged(session, new, kind, context)):
                    survivors.append((piece, new, strict))
    return count, survivors


def check_insertions(formulas, chance, seed, record_property):
    count, survivors = put_in(formulas, chance, seed)
    unexplained = [
        (piece, text) for piece, text, strict in survivors
        if strict and not any(re.search(why, text, re.DOTALL) for why in STILL_TRUE.values())
    ]  # fmt: skip
    kinds = Counter((piece.strip(), "claim" if strict else "other") for piece, _, strict in survivors)
    record_property("table", f"Insertions: {count} tried, {len(survivors)} still hold: {dict(kinds)}")
    assert unexplained == []
    return count


def test_nothing_false_can_be_put_into_a_formula(formulas, record_property):
    assert check_insertions(formulas[::23], 0.06, 1, record_property) > 300


@pytest.mark.long
def test_nothing_false_can_be_put_into_any_formula(formulas, record_property):
    assert check_insertions(formulas, 0.5, 2, record_property) > 20_000


# -- deletion -----------------------------------------------------------------------------------------

#: What may go without a change: spaces, alignment, and what only gives a formula its look.
LOOK = re.compile(r"\s+|\\[,;!: ]|\\(?:left|right|quad|qquad|displaystyle|operatorname|mathcal|mathbb|mathbf)|&")
#: Pieces whose loss leaves something true, with the reason.
REDUNDANT = {
    "the product sign of numbers, and of a number and something": r"\\cdot",
    "the 0 before the point, and a digit after it where ≈ holds with fewer": r"\d",
    "a limit of a sum that runs over all there is": r"[a-z\d_L]",
    ":= of an update rule, which code writes =": ":",
}


def taken_out(text):
    """Yield a piece and the text without it; words of a reason are left alone."""
    words = [range(*match.span()) for match in re.finditer(r"\\text\{[^{}]*\}", text)]
    for match in PIECE.finditer(text):
        if LOOK.fullmatch(match[0]) or any(match.start() in span for span in words):
            continue
        glue = " " if match[0][0] == "\\" and match[0][1:].isalpha() else ""
        yield match[0], text[: match.start()] + glue + text[match.end() :]


def check_deletions(formulas, chance, seed, record_property):
    session, draw = Session(), random.Random(seed)
    count, survivors = 0, []
    for text, kind, context, relations in formulas:
        if not is_claim_of_equality(text, relations):
            continue
        for piece, new in taken_out(text):
            if draw.random() > chance:
                continue
            count += 1
            found = judged(session, new, kind, context)
            if holds(found) and any(s.relation == "claim" for s in found):
                survivors.append((piece, new))
    unexplained = [
        (piece, new) for piece, new in survivors if not any(re.fullmatch(why, piece) for why in REDUNDANT.values())
    ]  # fmt: skip
    record_property("table", f"Deletions: {count} tried, {len(survivors)} still hold, {len(unexplained)} unexplained")
    assert unexplained == []
    return count


def test_nothing_can_be_taken_out_of_a_formula(formulas, record_property):
    assert check_deletions(formulas[::17], 0.3, 3, record_property) > 150


@pytest.mark.long
def test_nothing_can_be_taken_out_of_any_formula(formulas, record_property):
    assert check_deletions(formulas, 1, 4, record_property) > 5_000
