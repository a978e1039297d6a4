"""An aligned block, or text of several lines, taken apart into its chains."""

from __future__ import annotations

import re


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


#: What a further line of a chain begins with, and what every line of a text of several chains holds.
_RELATION = re.compile(r":=|[=≈≠≤≥<>]|\\(?:approx|neq?|leq?|geq?)(?![a-zA-Z])")
_COPIED = re.compile(r"\s*(?::=|[=≈≠≤≥<>])")


def lines_of_chains(text: str) -> list[str]:
    """Return the chains of plain text whose lines go on with a relation or begin a new chain.

    Each has all else blanked out, so that places stay.  Any other text is one chain.
    """
    lines = text.split("\n")
    if not all(_RELATION.search(line) for line in lines) or not any(map(_COPIED.match, lines[1:])):
        return [text]
    groups: list[list[int]] = []
    for n, line in enumerate(lines):
        if groups and _COPIED.match(line):
            groups[-1].append(n)
        else:
            groups.append([n])
    return ["\n".join(line if n in group else _blanked(line) for n, line in enumerate(lines)) for group in groups]


def _blanked(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)
