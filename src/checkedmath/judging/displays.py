"""What a reader gets of a text that has been judged: its chains, and the forms of a formula with its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from checkedmath.judging.attempt import attempt
from checkedmath.judging.statement import Statement
from checkedmath.judging.verdict import HOLDS
from checkedmath.meaning.claim import Claim
from checkedmath.reading.result import Reading
from checkedmath.subject.conventions import Way
from checkedmath.subject.view import COURSE
from checkedmath.writing import forms
from checkedmath.writing.displayed import Part
from checkedmath.writing.forms import Forms


def parts_of(statements: Sequence[Statement]) -> list[Part]:
    """Return the chains of a display, each once: its steps share one claim."""
    found: dict[int, Part] = {}
    for one in statements:
        if one.claim is not None and one.reading is not None and id(one.claim) not in found:
            found[id(one.claim)] = part_of(one.claim, one.reading)
    return list(found.values())


def part_of(claim: Claim, reading: Reading) -> Part:
    """Return the chain of a claim, ready to be written."""
    return Part(claim, reading, _holds_in_the_course)


def _holds_in_the_course(claim: Claim) -> bool:
    return attempt(replace(claim, layout=""), Way(), COURSE, only_first=True).holds


def forms_of(text: str, statements: Sequence[Statement], meaning: str = "") -> Forms:
    """Return the forms of a displayed formula from what `judge_text` found in it."""
    verdicts = [statement.verdict for statement in statements]
    found = forms.forms_of(text, parts_of(statements), meaning, true=all(v.verdict == HOLDS for v in verdicts))
    draws, error = sum(v.draws for v in verdicts), max((v.error for v in verdicts), default=0.0)
    return replace(found, draws=draws, error=error)


__all__ = ["forms_of", "part_of", "parts_of"]
