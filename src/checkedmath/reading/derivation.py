"""An aligned block, or text of several lines, taken apart into its chains."""

from __future__ import annotations

import re
from itertools import accumulate


def derivations(text: str) -> list[str]:
    """Return the chains of an aligned block, each with all else blanked out, so that places stay.

    A line that begins with & goes on with the line above; another begins a new chain.
    """
    if r"\\" not in text or r"\begin{cases}" in text:
        return [text]
    pieces = re.split(r"(\\\\(?:\[[^\]]*\])?)", text)
    groups: list[list[int]] = []
    for n in range(0, len(pieces), 2):
        content = re.sub(r"\\(?:begin|end)\{[a-z*]+\}", "", pieces[n]).strip()
        if not content:
            if groups:
                groups[-1].append(n)
            continue
        if not groups or not content.startswith("&"):
            groups.append([n])
        else:
            groups[-1].append(n)
    parts = []
    for group in groups:
        kept = set(group) | {n + 1 for n in group[:-1]}
        parts.append("".join(p if n in kept else _blanked(p) for n, p in enumerate(pieces)))
    return parts


#: What parts two sides, what a further line of a chain begins with, and what a line that is not complete ends with.
_RELATION = re.compile(r":=|<-|[=≈≠≤≥<>←≔]|\\(?:approx|neq?|leq?|geq?|coloneqq|leftarrow|gets)(?![a-zA-Z])")
_COPIED = re.compile(r"\s*(?::=|[=≈≠≤≥<>])")
_OPEN_END = re.compile(r"(?:[-+*/@=,(\[{⊙·∘]|\\(?:odot|cdot|circ|times))\s*$")
_DEPTH = {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}


def lines_of_chains(text: str) -> list[str]:
    """Return the chains of a text of several lines, each with all else blanked out, so that places stay.

    A line begins a new chain where it has a relation of its own, outside all brackets, and the lines above are
    complete; one that begins with a relation goes on with the chain above, and so does one that has none.
    """
    lines = text.split("\n")
    groups: list[list[int]] = [[]]
    # Of the chain so far: open brackets, whether it has a relation, its last line that is not empty.
    depth, claimed, above = 0, False, ""
    for n, line in enumerate(lines):
        states = bool(_RELATION.search(_outside(line, depth)))
        if states and claimed and not depth and not _COPIED.match(line) and not _OPEN_END.search(above):
            groups.append([])
        groups[-1].append(n)
        depth = max(0, depth + sum(_DEPTH.get(c, 0) for c in line))
        claimed, above = claimed or states, line if line.strip() else above
    blank = _blanked(text)
    starts = [0, *accumulate(len(line) + 1 for line in lines)]
    ends = [(starts[group[0]], starts[group[-1] + 1] - 1) for group in groups]
    return [blank[:start] + text[start:end] + blank[end:] for start, end in ends]


def _outside(line: str, depth: int) -> str:
    """Return what a line has outside all brackets; ``depth`` of them are open when it begins."""
    kept = []
    for c in line:
        depth = max(0, depth + _DEPTH.get(c, 0))
        kept.append(c if not depth else " ")
    return "".join(kept)


def _blanked(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)
