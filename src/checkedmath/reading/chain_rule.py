r"""The chain rule in letters of which a text says nothing else: dC/ds = dC/dz dz/ds, where C depends on s through z.

Each side must lead from the same first letter to the same last one, link by link; the links are then said as
definitions.  By a matrix nothing is differentiated here: a column by a matrix is no matrix.

>>> with_links(r"\frac{dC}{ds} = \frac{dC}{dz} \frac{dz}{ds}")
'u = f(v), \\frac{\\partial C}{\\partial v} = \\frac{\\partial C}{\\partial u} \\frac{\\partial u}{\\partial v}'
"""

from __future__ import annotations

import re
from itertools import pairwise

_D = r"(?:\\partial|\\mathrm\s*\{\s*d\s*\}|\\text\s*\{\s*d\s*\}|d|∂)\s*"
_NAME = r"\{?\s*((?:\\[a-zA-Z]+\s*)?\{?(?:\\[a-zA-Z]+|[^\W\d_])\}?(?:\s*[_^]\s*(?:\{[^{}]*\}|\w))*)\s*\}?"
_QUOTIENT = re.compile(rf"\\[dt]?frac\s*\{{\s*{_D}{_NAME}\s*\}}\s*\{{\s*{_D}{_NAME}\s*\}}")
_BETWEEN = re.compile(r"(?:\\cdot|\\times|\\,|\\;|\\!|\\:|\\ |\\quad|[\s.,&·*])*")
#: The letters that stand for those of a text, the first for what depends on all others.
_LETTERS = ("C", "u", "v", "y", "x", "z", "w")
_LINKS = "fghpqr"


def with_links(text: str) -> str:
    """Return a text that says the links of its chain rule as definitions, "" for a text that is no chain rule."""
    sides = [_links(side) for side in re.split(r"&?=&?", text)]
    if len(sides) < 2 or any(not side for side in sides) or len(sides[0]) != 1:
        return ""
    chains = [_chain(side) for side in sides]
    longest = max(chains, key=len)
    ends = {(chain[0], chain[-1]) for chain in chains if chain}
    if any(not chain for chain in chains) or len(ends) != 1 or not 2 < len(longest) <= len(_LETTERS):
        return ""
    if any(name.lstrip("\\")[:1].isupper() for name in longest[1:]):
        return ""
    if len(set(longest)) < len(longest) or any(name not in longest for chain in chains for name in chain):
        return ""
    letter = dict(zip(longest, _LETTERS, strict=False))
    said = [f"{letter[a]} = {f}({letter[b]})" for a, b, f in zip(longest[1:], longest[2:], _LINKS, strict=False)]
    written = (" ".join(rf"\frac{{\partial {letter[a]}}}{{\partial {letter[b]}}}" for a, b in side) for side in sides)
    return ", ".join([*said, " = ".join(written)])


def _links(side: str) -> list[tuple[str, str]]:
    """Return what is differentiated by what in a product of quotients, nothing for another side."""
    found, k = [], 0
    while k < len(side):
        gap = _BETWEEN.match(side, k)
        assert gap is not None
        if gap.end() == len(side):
            break
        quotient = _QUOTIENT.match(side, gap.end())
        if quotient is None:
            return []
        found.append((_bare(quotient[1]), _bare(quotient[2])))
        k = quotient.end()
    return found


def _chain(links: list[tuple[str, str]]) -> list[str]:
    """Return the letters along links that follow each other, from the left or from the right."""
    for row in (links, links[::-1]):
        if all(above[1] == below[0] for above, below in pairwise(row)):
            return [row[0][0], *(by for _, by in row)]
    return []


def _bare(name: str) -> str:
    return re.sub(r"\\(?:mathbf|boldsymbol|bm|vec)(?![a-zA-Z])|[\s{}]", "", name)


__all__ = ["with_links"]
