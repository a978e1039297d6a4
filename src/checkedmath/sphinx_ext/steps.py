r"""An aligned block taken apart into its steps, so that the page can set each on a line of its own.

KaTeX sets a block as one picture: its reasons run off a phone's edge, and no step can be shown before
the next.  A block of another form than ``left & relation right && \text{reason}`` stays whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

BLOCK = re.compile(r"\s*\\begin\{(aligned|split)\}(.*)\\end\{\1\}\s*", re.DOTALL)
REASON = re.compile(r"\s*\\text\{([^{}\\$]*)\}\s*")
#: What opens, closes or parts: nothing is parted within braces or an environment.
SIGN = re.compile(r"\\begin\{[^{}]*\}|\\end\{[^{}]*\}|\\\\(?:\[[^\]]*\])?|\\.|[{}&]", re.DOTALL)


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
    block = BLOCK.fullmatch(source)
    if block is None:
        return []
    lines = [line for line in _lines(block[2]) if any(cell.strip() for cell in line)]
    found = []
    for cells in lines:
        plain = [cell.strip() for cell in cells]
        reason = REASON.fullmatch(cells[3]) if len(cells) == 4 and not plain[2] else None
        if len(cells) == 4 and not plain[3] and not plain[2]:
            plain = plain[:2]
        if not (len(plain) == 2 or reason) or not plain[1]:
            return []
        found.append(Step(plain[0], plain[1], reason[1].strip() if reason else ""))
    return found if len(found) > 1 else []


def _lines(text: str) -> Iterator[list[str]]:
    """Yield the lines of a block, each as its cells."""
    cells, depth, start = [], 0, 0
    for sign in SIGN.finditer(text):
        what = sign[0]
        if what == "{" or what.startswith(r"\begin"):
            depth += 1
        elif what == "}" or what.startswith(r"\end"):
            depth -= 1
        elif not depth and (what == "&" or what.startswith(r"\\")):
            cells.append(text[start : sign.start()])
            start = sign.end()
            if what != "&":
                yield cells
                cells = []
    yield [*cells, text[start:]]
