"""What a pasted text that stands alone only gives: which indices are meant, i ≠ j, l = L-1, …, 1, or sizes, n = 3.

Such a text is half of a sentence.  It is neither true nor false, and no letter of it is a quantity.
"""

from __future__ import annotations

import re

from checkedmath.reading.flatten import flatten
from checkedmath.syntax.errors import FormulaError

#: What is said of a text that gives and does not claim.
GIVES = "expected the formula that this is said of as well: it gives indices, and claims nothing that could be compared"

_INDEX = r"[ijklpqrs]"
_STEP = r"(?:\s*[-+]\s*\d+)?"
_BOUND = rf"(?:\d+|[A-Zijklmnpqrs]|[nd]\s*(?:_\s*)?(?:\^?\s*\{{?[\[(]?\s*[lL\d]{_STEP}\s*[\])]?\}}?)){_STEP}"
_ONE = rf"(?:{_INDEX}{_STEP}|{_BOUND})"
_DOTS = r"(?:…|\.\.\.?)"
_LIST = rf"{_ONE}(?:\s*,\s*(?:{_ONE}|{_DOTS}))*"
_SET = rf"(?:\[\s*{_LIST}\s*\]|\{{\s*{_LIST}\s*\}}|\(\s*{_LIST}\s*\))"
_RELATION = r"(?:=|≠|<=|>=|!=|<|>|≤|≥)"
#: i ≠ j; 0 ≤ i ≤ 9; l = L-1, …, 1; i, j = 1, …, n; k ∈ {1, …, K}; l = 1, 2 and i ≠ j.
_CHAIN = rf"{_ONE}(?:\s*,\s*{_INDEX})*(?:\s*{_RELATION}\s*{_LIST}|\s*∈\s*{_SET})+"
_INDICES = re.compile(rf"\s*(?:∀|\bfor(?:\s+all)?\b|\bif\b|\bwhen\b)?\s*{_CHAIN}(?:\s*(?:,|;|and)\s*{_CHAIN})*\s*[.,;]?\s*")
_AN_INDEX = re.compile(r"(?<![^\W\d_])[ijkl](?![^\W\d_])")


def gives_indices(text: str) -> bool:
    """Whether a text says which indices or layers are meant, and nothing else."""
    if len(text) > 120 or not _AN_INDEX.search(text):
        return False
    try:
        plain = flatten(text, typeset="\\" in text).text
    except FormulaError:
        return False
    return _INDICES.fullmatch(plain.replace("\\", "")) is not None


__all__ = ["GIVES", "gives_indices"]
