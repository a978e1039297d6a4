r"""An aligned block taken apart into its steps, so that the page can set each on a line of its own.

KaTeX sets a block as one picture: its reasons run off a phone's edge, and no step can be shown before
the next.  A block of another form than ``left & relation right && \text{reason}`` stays whole.
"""

from __future__ import annotations

from dataclasses import dataclass

from checkedmath.syntax.errors import FormulaError
from checkedmath.syntax.source import take_apart


@dataclass(frozen=True)
class Step:
    """One line of a derivation: LaTeX left and right of the alignment, and the reason as plain text."""

    left: str
    right: str
    reason: str = ""


def steps_of(source: str) -> list[Step]:
    r"""Return the steps of an aligned block, or nothing where the source is not two lines of that form.

    >>> steps_of(r"\begin{aligned} a &= b && \text{why} \\ &= c \end{aligned}")
    [Step(left='a', right='= b', reason='why'), Step(left='', right='= c', reason='')]
    """
    try:
        taken = take_apart(source)
    except FormulaError:
        return []
    found = []
    for line in (line for statement in taken.statements for line in statement.lines):
        cells = [source[slice(*cell)] for cell in line.cells]
        if len(cells) != 1 + (not line.indented) or (line.reason and line.reason.formulas):
            return []
        found.append(Step("" if line.indented else cells[0], cells[-1], line.reason.text if line.reason else ""))
    return found if len(found) > 1 and taken.aligned else []
