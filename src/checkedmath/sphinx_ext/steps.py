r"""An aligned block taken apart into its steps, so that the page can set each on a line of its own.

KaTeX sets a block as one picture: its reasons run off a phone's edge, and no step can be shown before
the next.  A block of another form than ``left & relation right && \text{reason}`` stays whole.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

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


def pieces_of(tex: str, macros: Mapping[str, str] = {}) -> tuple[tuple[str, ...], ...]:
    r"""Return the lines of a formula without their reasons, each cut before its relations; none where it is not read.

    >>> pieces_of(r"\begin{aligned} a &= b && \text{why} \\ &\ne \R \end{aligned}", {r"\R": r"\mathbb{R}"})
    (('a  ', '= b'), ('\\ne \\mathbb{R}',))
    """
    for command, text in macros.items():
        tex = re.sub(re.escape(command) + r"(?![a-zA-Z])", lambda _, text=text: text, tex)  # type: ignore[misc]
    try:
        statements = take_apart(tex).statements
    except FormulaError:
        return ()
    lines = []
    for statement in statements:
        signs = [sign.start for sign in statement.relations]
        for line in statement.lines:
            start, end = line.cells[0][0], line.cells[-1][1]
            places = [start, *(place for place in signs if start < place < end), end]
            lines.append(tuple(statement.text[one:other] for one, other in pairwise(places)))
    return tuple(lines)
