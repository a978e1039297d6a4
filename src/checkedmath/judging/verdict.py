"""What the checker says about a formula: the verdict, its conditions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

HOLDS, CONDITIONAL, FAILS, UNREADABLE = "holds", "conditional", "fails", "unreadable"


@dataclass(frozen=True)
class Condition:
    """One respect in which the world differs where the formula is true."""

    code: str
    text: str


@dataclass(frozen=True)
class Verdict:
    """The verdict with its reasons.

    ``reason`` says why it does not hold in the course's world, ``message`` all that is to be said.  ``error`` is the
    largest relative difference of the two sides in the draws that were compared, and ``draws`` how many those were.
    ``span`` is the place of a fault in the source.  ``line`` is the line of the statement that decides, counted from
    1; 0 where the text makes one statement.
    """

    verdict: str
    message: str
    where: tuple[Condition, ...] = ()
    setting: str = ""
    target: str = ""
    nearest: str = ""
    mistake: str = ""
    slip: str = ""  # the mistake in words
    page: str = ""  # where the book explains it, page#place
    notes: tuple[str, ...] = ()
    draws: int = 0
    error: float = 0.0
    span: tuple[int, int] | None = None
    ms: float = 0.0
    layout: str = ""
    line: int = 0
    code: str = ""  # of a text that was refused: too-long, too-deep, too-much-work
    reason: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the fields of the command line's JSON."""
        return {
            "verdict": self.verdict,
            "where": [{"code": c.code, "text": c.text} for c in self.where],
            "target": self.target,
            "message": self.message,
            "nearest": self.nearest,
            "mistake": self.mistake,
            "slip": self.slip,
            "page": self.page,
            "setting": self.setting,
            "code": self.code,
            "notes": list(self.notes),
            "line": self.line,
            "ms": round(self.ms, 3),
        }
