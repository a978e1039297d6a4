"""An aligned block, or text of several lines, taken apart into its chains."""

from __future__ import annotations

import re

#: The end of a line, with the space that may follow it, 2pt in brackets; no pattern may look for it without end.
LINE_END = re.compile(r"\\\\(?:\[[^\][]{0,30}\])?")


def derivations(text: str) -> list[str]:
    """Return the chains of an aligned block, each with all else blanked out, so that places stay.

    A line that begins with & goes on with the line above; another begins a new chain.
    """
    if r"\\" not in text or r"\begin{cases}" in text:
        return [text]
    ends = [(end.start(), end.end()) for end in LINE_END.finditer(text)]
    groups: list[tuple[int, int]] = []
    for start, stop in zip([0, *(end for _, end in ends)], [*(start for start, _ in ends), len(text)], strict=True):
        content = re.sub(r"\\(?:begin|end)\{[a-z*]+\}", "", text[start:stop]).strip()
        if groups and (not content or content.startswith("&")):
            groups[-1] = groups[-1][0], stop
        elif content:
            groups.append((start, stop))
    blank = _blanked(text)
    return [blank[:start] + text[start:stop] + blank[stop:] for start, stop in groups]


#: What a further line of a chain begins with, and what every line of a text of several chains holds.
_RELATION = re.compile(r":=|[=≈≠≤≥<>]|\\(?:approx|neq?|leq?|geq?)(?![a-zA-Z])")
_COPIED = re.compile(r"\s*(?::=|[=≈≠≤≥<>])")


def lines_of_chains(text: str) -> list[str]:
    """Return the chains of plain text whose lines go on with a relation or begin a new chain.

    Each has all else blanked out, so that places stay.  Any other text is one chain.
    """
    lines = text.split("\n")
    if len(lines) < 2 or not all(map(_RELATION.search, lines)):
        return [text]
    groups: list[tuple[int, int]] = []
    start = 0
    for line in lines:
        stop = start + len(line)
        groups.append((groups.pop()[0], stop) if groups and _COPIED.match(line) else (start, stop))
        start = stop + 1
    blank = _blanked(text)
    return [blank[:start] + text[start:stop] + blank[stop:] for start, stop in groups]


def _blanked(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)
