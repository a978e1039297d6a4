r"""Nothing that a reader sees is dropped on the way to a verdict.

*Insertion*: something false is put into a gap of a true formula; what still holds is shown to be true without the
checker.  *Deletion*: a piece is taken out; the formula changes its verdict, or what is left says the same.
"""

import random
import re
from collections import Counter
from dataclasses import replace

import pytest

from checkedmath.judging import judge_text
from checkedmath.judging.session import Session

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
def formulas(judged_book):
    """Every formula of the book that holds, once, with where it stands: (text, kind, `Context`, relations)."""
    found = {}
    for text, kind, context, said in judged_book.formulas:
        relations = {relation for _, relation, *_ in said}
        if said and relations != {"expression"} and all(verdict == "holds" for *_, verdict, _ in said):
            found[text, kind, *context.key()] = (text, kind, context, relations)
    return list(found.values())


def is_claim_of_equality(text, relations):
    """Whether the formula states = of sides that are not 0, and nothing else."""
    signs = re.findall(r":=|=|<|>|\\(?:approx|neq?|leq?|geq?|in)(?![a-zA-Z])", re.sub(r"_\{[^{}]*\}", "", text))
    zero = re.search(r"=\s*0\s*(?:$|\\\\|&|\})", text)
    return set(signs) == {"="} and set(relations) <= {"claim", "shape"} and not zero


def gaps(text):
    return [*(match.start() for match in PIECE.finditer(text)), len(text)]


def check(formulas, changes, explained, chance, seed, show):
    """Change formulas in one place each: what still holds must be explained.  Return how many were tried."""
    session, draw = Session(), random.Random(seed)
    count, survivors = 0, []
    for text, kind, context, relations in formulas:
        for piece, new in changes(text):
            if draw.random() > chance:
                continue
            count += 1
            # What was meant is not asked: to look for it takes most of the time.
            found = judge_text(new, kind, replace(context, nearest=False), session)
            if found and all(statement.verdict.verdict == "holds" for statement in found):
                survivors.append((piece, new, found, is_claim_of_equality(text, relations)))
    kinds = Counter((piece.strip(), "claim" if is_claim else "other") for piece, _, _, is_claim in survivors)
    show("table", f"{changes.__name__}: {count} tried, {len(survivors)} still hold: {dict(kinds)}")
    strict = [(piece, new, found) for piece, new, found, is_claim in survivors if is_claim]
    assert [(piece, new) for piece, new, found in strict if not explained(piece, new, found)] == []
    return count


# -- insertion ----------------------------------------------------------------------------------------


def put_in(text):
    """Yield what is inserted, and the text with it, for every gap."""
    for place in gaps(text):
        for piece in INSERTED:
            yield piece, text[:place] + piece + text[place:]


def still_true(piece, text, found):
    return any(re.search(why, text, re.DOTALL) for why in STILL_TRUE.values())


def test_nothing_false_can_be_put_into_a_formula(formulas, record_property):
    assert check(formulas[::23], put_in, still_true, 0.06, 1, record_property) > 300


@pytest.mark.long
def test_nothing_false_can_be_put_into_any_formula(formulas, record_property):
    assert check(formulas, put_in, still_true, 0.5, 2, record_property) > 20_000


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


#: A sign in a norm, where what is left is as long.
AS_LONG = re.compile(r"\\lVert -(\w) - \1 \\rVert")


def redundant(piece, text, found):
    """Whether the piece says nothing, or what is left is true by itself, or claims nothing."""
    said = any(re.fullmatch(why, piece) for why in REDUNDANT.values()) or (piece == "-" and AS_LONG.search(text))
    return said or all(statement.relation != "claim" for statement in found)


@pytest.fixture
def equalities(formulas):
    return [formula for formula in formulas if is_claim_of_equality(formula[0], formula[3])]


def test_nothing_can_be_taken_out_of_a_formula(equalities, record_property):
    assert check(equalities[::11], taken_out, redundant, 0.3, 3, record_property) > 150


@pytest.mark.long
def test_nothing_can_be_taken_out_of_any_formula(equalities, record_property):
    assert check(equalities, taken_out, redundant, 1, 4, record_property) > 5_000
