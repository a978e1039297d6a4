r"""The pieces that a text is cut into before anything is understood: commands, brackets, cells, words, relations.

One pass from left to right; each character is in exactly one lexeme.  LaTeX, forum text and Unicode are cut by
the same rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from checkedmath.syntax.alphabet import COMMANDS, DROPPED_ARGUMENT, RELATIONS, SAME, SILENT, WORDS
from checkedmath.syntax.errors import Unreadable


@dataclass(frozen=True)
class Lexeme:
    r"""One piece: its kind, what it says, and its place.

    ``kind`` is one of ``space newline letters number relation open close begin end row cell words comma gap script
    comment hidden font sign``: ``hidden`` shows nothing, ``font`` only changes how something looks.  ``value`` is one
    canonical sign for commands and Unicode alike (``\ne`` is ≠), the name of an environment, the words of a
    ``\text``, or the text itself.
    """

    kind: str
    value: str
    start: int
    end: int


_COMMAND = re.compile(r"\\([A-Za-z]+\*?|.|$)", re.DOTALL)
_NAME = re.compile(r"\s{0,9}\{([A-Za-z]{1,20}\*?)\}")
_SKIP = re.compile(r"\*?\s{0,9}\[[^\[\]\\&]{0,20}\]|\*")
_BRACE = re.compile(r"[{}]")
_LETTERS = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"\d+(?:\.\d+)?|\.\d+")
_RELATION = re.compile(r":=|<=|>=|!=|==|=>|~=|=~|<-")
TWO = {":=": ":=", "<=": "≤", ">=": "≥", "!=": "≠", "==": "=", "=>": "⇒", "~=": "≈", "=~": "≈", "<-": ":="}
OPENING, CLOSING = set("([{⟨"), set(")]}⟩")
OPENS, CLOSES = {"{", "lbrace", "lbrack", "langle"}, {"}", "rbrace", "rbrack", "rangle"}
TAKE_A_GROUP = WORDS | DROPPED_ARGUMENT
GAPS = {"quad", "qquad"}


def lexemes(text: str) -> Iterator[Lexeme]:
    r"""Yield the lexemes of a text, in order; together they are the text.

    Raises `Unreadable` for a ``\tag`` that shows more than letters and digits.
    """
    k, groups = 0, _groups(text)
    while k < len(text):
        item = _next(text, k, groups)
        yield item
        k = item.end


def _groups(text: str) -> dict[int, int]:
    """Return for each opening brace that is closed the place after its closing one, found once for the whole text."""
    opened: list[int] = []
    ends: dict[int, int] = {}
    for match in _BRACE.finditer(text):
        if match[0] == "{":
            opened.append(match.start())
        elif opened:
            ends[opened.pop()] = match.end()
    return ends


def _next(text: str, k: int, groups: Mapping[int, int]) -> Lexeme:
    c = text[k].translate(SAME)
    if c == "\\":
        return _command(text, k, groups)
    if c == "\n":
        return Lexeme("newline", c, k, k + 1)
    if c.isspace() or c == "~":
        return Lexeme("space", " ", k, k + 1)
    if match := _LETTERS.match(text, k):
        return Lexeme("letters", match[0], k, match.end())
    if match := _NUMBER.match(text, k):
        return Lexeme("number", match[0], k, match.end())
    if match := _RELATION.match(text, k):
        return Lexeme("relation", TWO[match[0]], k, match.end())
    if c in RELATIONS:
        return Lexeme("relation", RELATIONS[c], k, k + 1)
    if c in OPENING:
        return Lexeme("open", c, k, k + 1)
    if c in CLOSING:
        return Lexeme("close", c, k, k + 1)
    if c in "&,;，；":
        return Lexeme("cell" if c == "&" else "comma", c, k, k + 1)
    if c in "^_":
        return Lexeme("script", c, k, k + 1)
    if c == "#":
        end = text.find("\n", k)
        return Lexeme("comment", text[k:end] if end >= 0 else text[k:], k, end if end >= 0 else len(text))
    return Lexeme("sign", c, k, k + 1)


def _command(text: str, k: int, groups: Mapping[int, int]) -> Lexeme:
    match = _COMMAND.match(text, k)
    assert match
    name, end = match[1], match.end()
    if name == "\\":
        skip = _SKIP.match(text, end)
        return Lexeme("row", "", k, skip.end() if skip else end)
    if name in {"begin", "end"}:
        inside = _NAME.match(text, end)
        return Lexeme(name, inside[1] if inside else "", k, inside.end() if inside else end)
    opening = end
    while name in TAKE_A_GROUP and text[opening : opening + 1].isspace():
        opening += 1
    close = groups.get(opening, 0)
    if name in WORDS and close:
        return Lexeme("words", text[opening + 1 : close - 1], k, close)
    if name in DROPPED_ARGUMENT and close:
        if name == "tag" and not text[opening + 1 : close - 1].replace(" ", "").isalnum():
            raise Unreadable(text, k, "letters and digits alone in a tag")
        return Lexeme("font" if name in {"color", "htmlData"} else "unseen", name, k, close)
    if name in {"left", "right"} and text[end : end + 1] == ".":
        return Lexeme("font", name, k, end + 1)
    if name in GAPS:
        return Lexeme("gap", name, k, end)
    if name in OPENS | CLOSES:
        return Lexeme("open" if name in OPENS else "close", name, k, end)
    if name in SILENT:
        return Lexeme("font" if name.isalpha() else "space", name, k, end)
    value = COMMANDS.get(name, "\\" + name).strip()
    return Lexeme("relation" if value in RELATIONS else "sign", RELATIONS.get(value, value), k, end)
