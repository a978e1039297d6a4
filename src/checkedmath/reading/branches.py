r"""Branches and functions with names, as texts dress them, in the dress that is read.

``\left\{ \begin{array}{cl} … & : x > 0 \end{array} \right.`` is cases; cases by indices, i = j or not, are Kronecker's
δ; and a function with a name of its own that a text defines, softsign(z) = …, is a letter.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from checkedmath.syntax.alphabet import COMMANDS

_PLAIN = r"\begin{{cases}}{}\end{{cases}}"
_ARRAY = re.compile(
    r"\\left\s*(?:\\\{|\\lbrace)\s*\\begin\{(array|matrix|aligned)\}\s*(?:\{[lcr|@{}\s]*\})?(.*?)"
    r"\\end\{\1\}\s*\\right\s*\.",
    re.DOTALL,
)
#: x ∈ R^n, whatever the font of R.
_REALS = re.compile(r"(?:\\in(?![a-zA-Z])|∈)\s*(?:\\(?:mathbf|mathrm|bf)\s*\{\s*R\s*\}|\\Re(?![a-zA-Z])|R)(?=\s*\^)")
#: x = (x_1, …, x_n), which is a column.
_LETTER = r"(?:\\(?:mathbf|boldsymbol|bm|vec)\s*\{?\s*[A-Za-z]\s*\}?|(?<![A-Za-z\\])[A-Za-z])"
_TUPLE = re.compile(
    rf"({_LETTER})(\s*=\s*)\(\s*([a-z]_\{{?1\}}?\s*,(?:[^()=]*,)?\s*(?:\\[lc]?dots|…|\.\.\.)\s*,\s*[a-z]_\{{?\w\}}?)\s*\)"
    r"(?:\s*\^\s*\{?\s*(?:\\top|T|\\intercal|\\mathsf\{T\})\s*\}?)?"
)
#: The label y* beside a prediction ŷ or a; where y stands too, the two are not the same.
_Y = r"\\(?:boldsymbol|mathbf|bm|vec)\s*\{?\s*(?:\\mathbf\s*\{\s*)?[yY]\s*\}{0,2}|(?<![A-Za-z\\{])[yY]"
_STAR = r"\s*\^\s*\{?\s*(?:\*|\\ast|\\star)"
_STARRED = re.compile(rf"({_Y})((?:_\{{?\w+\}}?)?){_STAR}\s*\}}?")
_UNSTARRED = re.compile(rf"(?:{_Y})(?!\s*(?:_\{{?\w+\}}?)?{_STAR}|\s*\}})")
#: The number of a display, set apart at its end.
_NUMBER = re.compile(
    r"(?:\s*(?:~|\\q?quad(?![a-zA-Z])))+\s*\(\s*(\d{1,2}[a-z]?)\s*\)\s*(?=$|\\\\|\\newline|\\end\{)", re.MULTILINE
)
#: [w^T~~~b], entries that gaps part.
_ROW_OF = re.compile(r"\[[^\[\]]*~~[^\[\]]*\]")
_CASES = re.compile(r"\\begin\{cases\}((?:(?!\\begin\{cases\}).)*?)\\end\{cases\}", re.DOTALL)
_ROW = re.compile(r"\\\\(?:\[[^\]]*\])?")
#: Words before a condition, mathematics among them, and what parts a value from its condition where no & does.
_WORDED = re.compile(r"\\(?:text|mathrm|mbox|textrm)\s*\{\s*(if|for|when)?\s*\$([^${}]*)\$\s*\}")
_OTHERWISE = re.compile(r"\\(?:text|mathrm|mbox|textrm)\s*\{\s*(?:if\s+)?(?:otherwise|else)\s*\.?\s*\}")
_GAP = re.compile(
    r"\s*(?:\\phantom\s*\{[^{}]*\}|\\q?quad(?![a-zA-Z])|,)+\s*"
    r"(?=\\(?:text|mathrm|mbox|textrm)\s*\{\s*(?:if|for|when|otherwise|else))"
)
_INDICES = re.compile(
    r"\s*(?:\\(?:text|mathrm|mbox|textrm)\s*\{\s*(?:if|for|when)?\s*\})?\s*(?:if|for|when)?[\s~]*([a-z])\s*(=|\\neq?(?![a-zA-Z])|≠)\s*([a-z])\s*[,.]?\s*"
)
_REST = re.compile(
    r"\s*(?:\\(?:text|mathrm|mbox|textrm)\s*\{\s*(?:otherwise|else)\s*\.?\s*\}|otherwise|else)\s*[,.]?\s*"
)
_NAMED = r"\\(?:operatorname|text|mathrm|textrm)\s*\{\s*([A-Za-z]{3,20})\s*\}"
_DEFINED = re.compile(rf"(?:^|[,;&{{]|\\\\|\\quad)\s*{_NAMED}\s*(?:\\left)?\(\s*[A-Za-z]\s*(?:\\right)?\)\s*&?\s*:?=")
#: Letters for them, that no setting has.
_LETTERS = "qvuk"


def branches_dressed(text: str, known: Collection[str] = ()) -> tuple[str, tuple[str, ...]]:
    r"""Return a text with its branches as cases or δ, and notes on what was read as what.

    ``known`` are the names that are not the text's own.

    >>> branches_dressed(r"d_{ij} = \begin{cases} a_i & \text{if } i = j \\ 0 & \text{otherwise} \end{cases}")[0]
    'd_{ij} = (\\delta_{ij} (a_i) + (1 - \\delta_{ij}) (0))'
    """
    if "\\" not in text and "=" not in text:
        return text, ()
    notes: list[str] = []
    if _STARRED.search(text) and not _UNSTARRED.search(text):
        text = _STARRED.sub(r"\1\2", text)
        notes.append("y^* is read as the label y")
    text = _NUMBER.sub(lambda match: rf" \tag{{{match[1]}}}", text)
    text = _ROW_OF.sub(lambda match: re.sub(r"~~+", ", ", match[0]), text)
    text = _TUPLE.sub(r"\1\2[\3]^T", text)
    text = _REALS.sub(r"\\in \\mathbb{R}", text)
    text = _ARRAY.sub(lambda match: _PLAIN.format(re.sub("& ?:", "&", match[2])), text)

    def dressed(match: re.Match[str]) -> str:
        rows = [row for row in _ROW.split(match[1]) if row.strip()]
        rows = [row if "&" in row else _GAP.sub(" & ", row, count=1) for row in rows]
        rows = [_WORDED.sub(lambda word: rf"\text{{{word[1] or 'if'} }} {word[2]}", row) for row in rows]
        rows = [_OTHERWISE.sub(lambda _: r"\text{otherwise}", row) for row in rows]
        return _by_indices(rows, text, notes) or _PLAIN.format(r" \\ ".join(rows))

    text = _CASES.sub(dressed, text)
    for defined in list(_DEFINED.finditer(text)):
        letter = next((c for c in _LETTERS if not re.search(rf"(?<![A-Za-z\\]){c}(?![A-Za-z])", text)), "")
        if letter and defined[1] not in COMMANDS and defined[1] not in known:
            named = re.compile(rf"\\(?:operatorname|text|mathrm|textrm)\s*\{{\s*{defined[1]}\s*\}}")
            text = named.sub(f" {letter} ", text)
            notes.append(f"{defined[1]} is what the text says, {letter} here")
    return text, tuple(notes)


def _by_indices(rows: list[str], text: str, notes: list[str]) -> str:
    """Return cases of i = j or not as δ, "" for others."""
    cells = [row.split("&") for row in rows]
    if len(cells) != 2 or any(len(row) != 2 for row in cells):
        return ""
    first, second = _INDICES.fullmatch(cells[0][1]), _INDICES.fullmatch(cells[1][1])
    if first is None or first[1] == first[3]:
        return ""
    pair = {first[1], first[3]}
    other = second is not None and {second[1], second[3]} == pair and (second[2] == "=") != (first[2] == "=")
    lowered = "".join(re.findall(r"_\s*(?:\{[^{}]*\}|\w)", text))
    if not (other or _REST.fullmatch(cells[1][1])) or not all(letter in lowered for letter in (first[1], first[3])):
        return ""
    same, apart = (cells[0][0], cells[1][0]) if first[2] == "=" else (cells[1][0], cells[0][0])
    delta = rf"\delta_{{{first[1]}{first[3]}}}"
    notes.append(f"the cases of {first[1]} and {first[3]} are read as Kronecker's δ")
    return f"({delta} ({same.strip()}) + (1 - {delta}) ({apart.strip()}))"


__all__ = ["branches_dressed"]
