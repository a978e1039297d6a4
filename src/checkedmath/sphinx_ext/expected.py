"""What an author says of a formula that a page quotes: the verdict that it has, or why it has none."""

from __future__ import annotations

import re
from dataclasses import dataclass

from checkedmath.judging.verdict import CONDITIONAL, FAILS, HOLDS, UNREADABLE, Verdict

UNCHECKED = "unchecked"
SYNTAX = (
    "expected formula | setting | verdict, or formula | verdict, where the verdict is one of: holds; "
    "conditional: CODE, or CODE, CODE; fails: MISTAKE, or fails: none; unreadable"
)
OR_NONE = "; or formula | unchecked: REASON"
SAYS = re.compile(rf"(?:{HOLDS}|{UNREADABLE}|(?:{CONDITIONAL}|{FAILS}|{UNCHECKED}):\s*\S.*)")


@dataclass(frozen=True)
class Quote:
    """A formula, the setting it is judged in, and the verdict that the author expects.

    ``codes`` are the conditions, or the mistake; ``reason`` is why the formula is not executed.
    """

    formula: str
    setting: str
    verdict: str
    codes: frozenset[str] = frozenset()
    reason: str = ""

    @classmethod
    def read(cls, text: str, *, unchecked: bool = False) -> Quote:
        """Return what a role says.  Raises `ValueError` with what was expected.

        >>> Quote.read("W2.T * dZ2 = dA1 | two-layer-batch | fails: none").setting
        'two-layer-batch'
        >>> Quote.read("h = f(x, h) | unchecked: another network", unchecked=True).reason
        'another network'
        """
        parts = [part.strip() for part in re.split(r"\s\|\s", text)]
        verdict, _, codes = parts[-1].partition(":")
        as_it_may_be = SAYS.fullmatch(parts[-1]) and (unchecked or verdict != UNCHECKED)
        if len(parts) not in {2, 3} or not all(parts) or not as_it_may_be:
            raise ValueError(f"{SYNTAX}{OR_NONE if unchecked else ''}; got {text!r}")
        setting = parts[1] if len(parts) == 3 else ""
        if verdict == UNCHECKED:
            return cls(parts[0], setting, verdict, reason=codes.strip())
        return cls(parts[0], setting, verdict, frozenset(code.strip() for code in codes.split(",")) - {"", "none"})

    def is_of(self, verdict: Verdict) -> bool:
        """Whether this is what the checker says."""
        return (self.verdict, self.codes) == (verdict.verdict, codes_of(verdict))

    def fault(self, verdict: Verdict) -> str:
        """Return what to say if the checker says something else, or nothing."""
        if self.is_of(verdict):
            return ""
        got = written(verdict.verdict, codes_of(verdict))
        return (
            f"{self.formula}\n  the page says {written(self.verdict, self.codes)!r}, "
            f"the checker says {got!r}: {verdict.message}"
        )


def codes_of(verdict: Verdict) -> frozenset[str]:
    """Return the conditions of a verdict, or its mistake."""
    if verdict.verdict == CONDITIONAL:
        return frozenset(condition.code for condition in verdict.where)
    return frozenset({verdict.mistake} if verdict.verdict == FAILS and verdict.mistake else ())


def written(verdict: str, codes: frozenset[str]) -> str:
    """Return a verdict as an author writes it.

    >>> written("fails", frozenset())
    'fails: none'
    """
    return f"{verdict}: {', '.join(sorted(codes)) or 'none'}" if verdict in {CONDITIONAL, FAILS} else verdict
