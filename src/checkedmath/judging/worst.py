"""The verdict on a text of several statements: that of its worst one, with its line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from checkedmath.judging.judge import holds_where
from checkedmath.judging.statement import DEFINITION, STEP, VALUE, Statement
from checkedmath.judging.verdict import CONDITIONAL, FAILS, HOLDS, UNREADABLE, Verdict

#: A false statement makes a text false, whatever cannot be read beside it.
WORSE = (HOLDS, CONDITIONAL, UNREADABLE, FAILS)
LINE_END = r"\\"  # of an aligned block


def worst_of(found: Sequence[Statement]) -> int:
    """Return the place of the first of the worst among what was claimed; a definition claims nothing."""
    counted = [n for n, one in enumerate(found) if _claims(one)] or list(range(len(found)))
    place = max(counted, key=lambda n: WORSE.index(found[n].verdict.verdict))
    if found[place].verdict.verdict != CONDITIONAL or len(counted) == 1:
        return place
    conditional = [n for n in counted if found[n].verdict.where]
    return next((n for n in conditional if _against(found[n], found) is None), place)


def verdict_on(text: str, found: Sequence[Statement]) -> Verdict:
    """Return the verdict of a text from those of its statements.

    In ``holds`` every statement was compared; the largest difference is that of them all.  A condition is one of
    the whole text: where it makes another statement false, the text is false.
    """
    claimed = [one for one in found if _claims(one)]
    place = worst_of(found)
    worst = found[place].verdict
    if all(one.kind != STEP for one in claimed):
        return worst
    notes = tuple(dict.fromkeys(note for one in found for note in one.verdict.notes))
    if worst.verdict == HOLDS:
        said = f"true in each of its {len(claimed)} statements"
        draws, error = min(one.verdict.draws for one in claimed), max(one.verdict.error for one in claimed)
        return replace(worst, message=said, notes=notes, draws=draws, error=error, target="")
    if worst.verdict == CONDITIONAL and (other := _against(found[place], found)) is not None:
        where = " and ".join(condition.text for condition in worst.where)
        then = f"it would be true if {where}, but then line {_line(text, found[other])} is false"
        worst = replace(worst, verdict=FAILS, message=f"{worst.reason}; {then}", where=())
    line = _line(text, found[place])
    message = worst.message if worst.verdict == UNREADABLE else f"line {line}: {worst.message}{_others(found, place)}"
    return replace(worst, message=message, notes=notes, line=line)


def _others(found: Sequence[Statement], place: int) -> str:
    """Return what is said of the other statements beside the worst: that they are true, or how many are."""
    others = [one for n, one in enumerate(found) if n != place and _claims(one)]
    wrong = [one for one in others if one.verdict.verdict != HOLDS]
    if not wrong:
        return "; the other statement is true" if len(others) == 1 else f"; the other {len(others)} statements are true"
    return f"; of the other {len(others)} statements {len(others) - len(wrong)} are true" if len(others) > 1 else ""


def _claims(one: Statement) -> bool:
    return one.relation not in {DEFINITION, VALUE} or one.verdict.verdict != HOLDS


def _against(stated: Statement, found: Sequence[Statement]) -> int | None:
    """Return the first statement that is not true where the conditions of this one are met, None if all are."""
    codes = frozenset(condition.code for condition in stated.verdict.where)
    tried = [(n, one.tried, one.verdict) for n, one in enumerate(found) if one.tried is not None]
    return next((n for n, claim, verdict in tried if not holds_where(claim, verdict, codes)), None)


def _line(text: str, stated: Statement) -> int:
    """Return in which line of a text a statement begins, counted from 1: of an aligned block, or of plain text."""
    return text.count(LINE_END if LINE_END in text else "\n", 0, stated.place) + 1
