"""What a pasted text that stands alone only gives: which indices are meant, i ≠ j, l = L-1, …, 1, or sizes, or numbers.

Such a text is half of a sentence.  It is neither true nor false of the quantities that a setting has.
"""

from __future__ import annotations

import re

from checkedmath.reading.flatten import flatten
from checkedmath.syntax.errors import FormulaError

#: What is said of a text that gives and does not claim.
_ALONE = "expected the formula that this is said of as well: it gives {}, and claims nothing that could be compared"
INDICES, SIZES, NUMBERS, DEPENDS = (
    _ALONE.format(what) for what in ("indices", "sizes of its own", "numbers", "what it depends on")
)

_INDEX = r"[ijklpqrs]"
_STEP = r"(?:\s*[-+]\s*\d+)?"
_BOUND = rf"(?:\d+|[A-Zijklmnpqrs]|[nd]\s*(?:_\s*)?(?:\^?\s*\{{?\s*[\[(]?\s*[lL\d]{_STEP}\s*[\])]?\s*\}}?)){_STEP}"
_ONE = rf"(?:{_INDEX}{_STEP}|{_BOUND})"
_DOTS = r"(?:…|\.\.\.?)"
_LIST = rf"{_ONE}(?:\s*,\s*(?:{_ONE}|{_DOTS}))*"
_SET = rf"(?:\[\s*{_LIST}\s*\]|\{{\s*{_LIST}\s*\}}|\(\s*{_LIST}\s*\))"
_RELATION = r"(?:=|≠|<=|>=|!=|<|>|≤|≥)"
#: i ≠ j; 0 ≤ i ≤ 9; l = L-1, …, 1; i, j = 1, …, n; k ∈ {1, …, K}; l = 1, 2 and i ≠ j.
_CHAIN = rf"{_ONE}(?:\s*,\s*{_INDEX})*(?:\s*{_RELATION}\s*{_LIST}|\s*∈\s*{_SET})+"
_SAID = r"(?:∀|\bfor(?:\s+all)?\b|\bif\b|\bwhen\b)?"
_SCRIPTS = r"(?:\s*[_^]\s*(?:\{[^{}]*\}|\w))*"
_ENTRY = rf"[^\W\d_]{_SCRIPTS}"
_INDICES = re.compile(
    rf"\s*(?:{_ENTRY}\s*,\s*)*{_SAID}\s*{_CHAIN}(?:\s*(?:,|;|and)\s*{_SAID}\s*{_CHAIN})*\s*[.,;]?\s*"
)
_AN_INDEX = re.compile(r"(?<![^\W\d_])[ijkl](?![^\W\d_])")
#: W ∈ ℝ^{8×20}, b ∈ ℝ^8: numbers and letters as sizes, none with a number of its own such as n_1.
_SIZE = (
    r"(?:\d+|[A-Za-z](?:\s*\^\s*\{\s*[\[(][^{}]*[\])]\s*\}|_\s*(?:\w|\{[^{}]*\}))?|\|\s*[A-Z]\s*\||[A-Za-z]{2})"
)
_SPACE = rf"ℝ\s*\^\s*(?:\{{\s*{_SIZE}(?:\s*(?:×|,|x)\s*{_SIZE})?\s*\}}|\w)"
_DECLARED = re.compile(
    rf"\s*{_ENTRY}(?:\s*,\s*{_ENTRY})*\s*∈\s*{_SPACE}"
    rf"(?:[\s,;]*{_ENTRY}\s*∈\s*{_SPACE})*(?:\s*,\s*{_CHAIN})?\s*[.,;]?\s*"
)
_NUMBERED = re.compile(r"n\s*(?:_|\^)")
#: C = 3, where a sentence names classes or layers by it.
_COUNT = re.compile(r"\s*[A-HJ-ZΔ]\s*=\s*[1-9]\d*\s*[.,;]?\s*")
#: C = C(a_1, …, a_n) and z = f(x), where no setting's f makes it true.
_BARE = r"[^\W\d_](?:_\{?[a-z]\}?)?"
_DEPENDING = re.compile(
    r"\s*([^\W\d_])\s*=\s*\1\s*\([^=()]*\)\s*[.,;]?\s*"
    rf"|\s*{_BARE}\s*=\s*[fhFGH]\s*\(\s*{_BARE}(?:\s*,\s*{_BARE})*\s*\)\s*[.,;]?\s*"
)
_MATRIX = re.compile(
    r"\s*[A-Za-z]\w?\s*=\s*\\begin\{([bp]matrix)\}[\s\d.\\&-]*\\end\{\1\}\s*[.,;]?\s*"
)


#: Half a sentence is no longer than this.
LONGEST = 250
_AS_USUAL = str.maketrans({"\\": "", "~": " ", "ℓ": "l"})


def gives_indices(text: str) -> bool:
    """Whether a text says which indices or layers are meant, and nothing else."""
    plain = _plain(text) if _AN_INDEX.search(text) or "\\ell" in text else ""
    return bool(plain) and _INDICES.fullmatch(plain) is not None


def only_gives(text: str) -> str:
    """Return what is to be said of a text that is not true in any setting and only gives sizes or numbers; else ""."""
    plain = _plain(text)
    if len(text) > LONGEST:
        return ""
    if plain and _DECLARED.fullmatch(plain) and not _NUMBERED.search(plain):
        return SIZES
    if plain and _DEPENDING.fullmatch(re.sub(r"\^\{?\([^()]*\)\}?", "", plain)):
        return DEPENDS
    given = [part for part in re.split(r",(?![^{]*\})|\\q?quad", text) if part.strip()]
    if (plain and _COUNT.fullmatch(plain)) or (given and all(map(_MATRIX.fullmatch, given))):
        return NUMBERS
    return ""


def _plain(text: str) -> str:
    """Return a short text in plain characters, "" for another."""
    if len(text) > LONGEST:
        return ""
    try:
        return flatten(text, typeset="\\" in text).text.translate(_AS_USUAL)
    except FormulaError:
        return ""


__all__ = ["INDICES", "gives_indices", "only_gives"]
