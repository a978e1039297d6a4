r"""Marks that stand for others in the plain stream: δx/δy is ∂x/∂y, z^k beside z^{k-1} is z^l, w → w - … an update.

Each pass puts one character in the place of one, so that all keep their places, and says what it has read as what.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from checkedmath.reading.flatten import Flat
from checkedmath.subject.setting import Family
from checkedmath.syntax.alphabet import FRAC

#: δ or ∂ before the letter that it moves.
_MOVED = re.compile(r"\s*([δ∂])(?=[\s{]*[^\W\d_ᵀ])")
_ALONE = re.compile(r"\s*([δ∂])\s*$")
_SLASHED = re.compile(r"(δ)(?=\s*[^\W\d_][^\s+\-=/]*\s*/\s*δ\s*[^\W\d_])|(?<=/)(\s*δ)(?=\s*[^\W\d_])")
#: A raised k-1 or k+1, in brackets or not, behind a letter and its lower index.
_NEIGHBOUR = re.compile(r"\^\s*\{?\s*[\[(]?\s*([i-knpt])\s*[-+]\s*1\s*[\])]?")
_RAISED = r"(?<=\^)(\s*\{{?\s*[\[(]?\s*){}(?![^\W\d_])"
#: What is changed and its arrow: W^{[l]} →
_CHANGED = re.compile(r"\s*(\S[^=→]*?)\s*(→|->)")
Pass = Callable[[Flat, Family], tuple[Flat, str]]


def as_usual(flat: Flat, family: Family) -> tuple[Flat, tuple[str, ...]]:
    """Return the plain stream in the usual marks, and notes on what was read as what."""
    notes: list[str] = []
    passes: tuple[Pass, ...] = (_partials, _members, _updates)
    for one in passes:
        flat, note = one(flat, family)
        notes += [note] if note else []
    return flat, tuple(notes)


def _partials(flat: Flat, _: Family) -> tuple[Flat, str]:
    """Read δ as ∂ in a quotient in which both sides begin with it."""
    found = {match.start(match.lastindex or 0) for match in _slashed(flat.text)}
    closing = _closing(flat.text) if "δ" in flat.text else {}
    for mark in re.finditer(FRAC, flat.text) if closing else ():
        top = _group(flat.text, mark.end(), closing)
        bottom = _group(flat.text, top[1] + 1, closing) if top else None
        if top is None or bottom is None:
            continue
        first = _MOVED.match(flat.text, top[0], top[1]) or _ALONE.match(flat.text, top[0], top[1])
        second = _MOVED.match(flat.text, bottom[0], bottom[1])
        if first and second:
            found |= {match.start(1) for match in (first, second) if match[1] == "δ"}
    if not found:
        return flat, ""
    text = "".join("∂" if k in found else c for k, c in enumerate(flat.text))
    return replace(flat, text=text), "δ is read as ∂ in a quotient"


def _slashed(text: str) -> list[re.Match[str]]:
    """Return each δ of a quotient written with a slash, δL/δz."""
    found = list(_SLASHED.finditer(text))
    return found if any(match[1] for match in found) else []


def _closing(text: str) -> dict[int, int]:
    """Return for each brace that opens where it closes."""
    opened: list[int] = []
    found: dict[int, int] = {}
    for k, c in enumerate(text):
        if c == "{":
            opened.append(k)
        elif c == "}" and opened:
            found[opened.pop()] = k
    return found


def _group(text: str, start: int, closing: Mapping[int, int]) -> tuple[int, int] | None:
    """Return the inside of the braces that open here, spaces aside."""
    while text[start : start + 1] == " ":
        start += 1
    return (start + 1, closing[start]) if start in closing else None


def _members(flat: Flat, family: Family) -> tuple[Flat, str]:
    """Read a letter as that of the family where it stands raised beside itself ± 1: z^k, a^{k-1}."""
    letters = set(_NEIGHBOUR.findall(flat.text)) if family.letter else set()
    if len(letters) != 1 or flat.page:
        return flat, ""
    letter = letters.pop()
    own = rf"(?<![^\W\d_]){family.letter}(?![^\W\d_])|_\s*\{{[^{{}}]*{family.letter}"
    else_where = rf"(?<![\^\w{{(\[]){letter}(?![^\W\d_])|_\s*(?:\{{[^{{}}]*)?{letter}"
    if re.search(own, flat.text) or re.search(else_where, flat.text):
        return flat, ""  # it has another meaning beside this one
    text = re.sub(_RAISED.format(letter), lambda match: match[1] + family.letter, flat.text)
    return replace(flat, text=text), f"{letter} is the {family.word} here, {family.letter}"


def _updates(flat: Flat, _: Family) -> tuple[Flat, str]:
    """Read an arrow from a name to an expression in which it stands as :=."""
    match = _CHANGED.match(flat.text)
    if match is None or match[1].replace(" ", "") not in flat.text[match.end() :].replace(" ", ""):
        return flat, ""
    start, end = match.span(2)
    text = flat.text[:start] + "≔".ljust(end - start) + flat.text[end:]
    return replace(flat, text=text), f"{match[2]} is read as :="
