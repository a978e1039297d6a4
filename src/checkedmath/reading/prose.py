"""Where a running text holds a formula that is typed in words or set as code: ``Why is dz = a − y, and not …?``.

A formula begins and ends where words do.  It counts if its left side names a quantity of the setting and a relation
follows.  A number beside a name, as in ``for z = 2`` or ``m=1``, picks a case, and sizes in brackets are a shape;
neither states anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from checkedmath.reading.names import Name, Names
from checkedmath.syntax.alphabet import LOWERED, RAISED, SAME
from checkedmath.syntax.errors import Unreadable
from checkedmath.syntax.lexemes import Lexeme, lexemes
from checkedmath.syntax.tree import Span

#: Words of one or two letters that could be products of letters: y by the chain rule.
SHORT = frozenset(
    ["am", "an", "as", "at", "be", "by", "do", "go", "he", "if", "in", "is", "it", "me", "my", "no", "of", "on", "or",
     "so", "to", "up", "us", "vs", "we"]
)  # fmt: skip
SIGNS = frozenset("+-*/·×⊙⊗∂∇'√|‖Σ∞…@")
OPERATORS = frozenset("+-*/·×⊙⊗∂∇Σ@")
#: What shows no more than where something stands.
SILENT = {"space", "newline", "unseen", "font", "gap"}
#: What turns = and > into another sign: -=, ->, =>, |=.
GLUED = frozenset("+-*/@|&%=<>!^")
COMPARED = {"<", ">", "≤", "≥", "≠"}
SCRIPTS = frozenset([*RAISED, *LOWERED, "T", "ᴸ", "ᴺ"])
#: What is no relation of mathematics, though it has a sign of one.
NUMBER = re.compile(r"[-+]?\s*[\d.]+(?:\s*/\s*\d+)?\s*%?")
SIZES = re.compile(r"\([^()=]+(?:,[^()=]+)*,[^()=]*\)(?:\s*\([^()=]+,[^()=]*\))*")
#: One entry of a table, of which a number says something: W[2]_11, W[2]₁₁.
ENTRY = re.compile(r"_\{?\s*\d\s*,?\s*\d|[₀-₉]{2}")
#: What an apostrophe may be before, that is no prime.
POSSESSIVE = re.compile(r"(?:s|t|re|ll|ve|d)\b")
DIFFERENTIATED = re.compile(r"[∂d]\s*\(?\s*\S.*/\s*\(?\s*[∂d]\s*\w")
#: How many brackets one inside the other are looked through for the end of a formula.
DEEP = 20
#: What stands around a formula in code that shows how to type one.
DRESS = "`$ \n"


def formulas_in(text: str, names: Names) -> Iterator[Span]:
    """Yield the places of the formulas in a text of words.

    >>> from checkedmath.values.with_letters import opened
    >>> from checkedmath.values.free_letters import free_setting
    >>> names = Names(opened(free_setting(), {"z": (), "a": (), "y": ()}))
    >>> text = "Why is z = a − y, and not z = y − a (for y = 1)?"
    >>> [text[slice(*place)] for place in formulas_in(text, names)]
    ['z = a − y', 'z = y − a']
    """
    items = _cut(text)
    read = 0
    for n in range(len(items)):
        if n < read or not _relates(text, items, n):
            continue
        first, read = _first(text, items, n, names, read), _end(text, items, n, names)
        if (place := _formula(text, items[first:read], n - first, names)) is not None:
            yield place


def formula_of_code(text: str, names: Names) -> Span | None:
    """Return the place of the formula that a piece of code is, or None: all of it, but for what shows how to type it.

    A comparison (``==``), an argument (``axis=0``) and a command are none.
    """
    start, end = len(text) - len(text.lstrip(DRESS)), len(text.rstrip(DRESS))
    items = [item for item in _cut(text) if start <= item.start < end]
    depth = 0
    for n, item in enumerate(items):
        depth += (item.kind in {"open", "begin"}) - (item.kind in {"close", "end"})
        if item.kind != "relation" or depth > 0:
            continue
        if not _relates(text, items, n) or text[item.start : item.end] == "==" or _first(text, items, n, names):
            return None
        return _formula(text, items, n, names)
    return None


def is_number(text: str) -> bool:
    """Whether a text is one written number: -0.5, 1/3, 4 %."""
    return bool(NUMBER.fullmatch(text.translate(SAME).strip()))


def _cut(text: str) -> list[Lexeme]:
    try:
        return list(lexemes(text))
    except Unreadable:
        return []


def _relates(text: str, items: Sequence[Lexeme], n: int) -> bool:
    """Whether a relation stands here, and no sign that is made of one: ``+=``, ``->``."""
    item = items[n]
    glued = text[item.start - 1 : item.start] in GLUED or item.value == "⇒"
    return item.kind == "relation" and not glued


def _formula(text: str, items: Sequence[Lexeme], n: int, names: Names) -> Span | None:
    """Return the place of the formula whose first relation is item ``n``, or None if it states nothing here."""
    left, right = _shown(items[:n]), _shown(items[n + 1 :])
    if not left or not right:
        return None
    said = [text[side[0].start : side[-1].end] for side in (left, right)]
    if not _names_a_quantity(said[0], left, names) or any(SIZES.fullmatch(side.strip()) for side in said):
        return None
    *terms, last = _terms(text, items)
    if is_number(last) and all(_is_case(term, items[n].value, names) for term in terms):
        return None
    return left[0].start, right[-1].end


def _shown(items: Sequence[Lexeme]) -> list[Lexeme]:
    """Return the items without what shows nothing at either end, and without a dash or an operator that dangles."""
    shown = list(items)
    while shown and (shown[-1].kind in SILENT or _operates(shown[-1])):
        shown.pop()
    while shown and (shown[0].kind in SILENT or (_operates(shown[0]) and shown[1:] and shown[1].kind in SILENT)):
        shown.pop(0)
    return shown


def _names_a_quantity(left: str, items: Sequence[Lexeme], names: Names) -> bool:
    found = [name for item in items for name in _names_within(item, names)]
    if any(name.kind == "symbol" and name.canonical in names.setting.quantities for name in found):
        return True
    return names.free and bool(DIFFERENTIATED.search(left))


def _names_within(item: Lexeme, names: Names) -> list[Name]:
    return (_pieces(item.value, names) or []) if item.kind == "letters" else []


def _terms(text: str, items: Sequence[Lexeme]) -> list[str]:
    """Return what stands between the relations: n₁, n₂ and 4 of n₁ = n₂ = 4."""
    signs = [item for item in items if item.kind == "relation"]
    places = pairwise([items[0].start, *(place for sign in signs for place in (sign.start, sign.end)), items[-1].end])
    return [text[start:end] for start, end in list(places)[::2]]


def _is_case(term: str, relation: str, names: Names) -> bool:
    """Whether a number beside this says which case is meant: a name alone, not of an entry, a gradient or a loss."""
    if relation in COMPARED:
        return True
    items = _shown(_cut(term))
    found = [name for item in items for name in _names_within(item, names)]
    quantity = names.quantity(found[0].canonical) if len(found) == 1 else None
    if quantity is None or ENTRY.search(term) or any(_operates(item) for item in items):
        return False
    return quantity.gradient is None and quantity.name not in names.setting.scalars


def _operates(item: Lexeme) -> bool:
    return item.kind == "sign" and item.value.translate(SAME) in OPERATORS


# -- where words end ------------------------------------------------------------------------------------


def _first(text: str, items: Sequence[Lexeme], n: int, names: Names, read: int = 0) -> int:
    """Return the first item of the formula whose relation is item ``n``; what was read before is not its own."""
    depth, k, after = 0, n, items[n]
    while k > read:
        item = items[k - 1]
        depth += (item.kind == "close") - (item.kind == "open")
        needed = after.kind == "relation" or _operates(after)
        if depth < 0 or not _is_mathematics(text, items, k - 1, names, needed=needed, within=depth > 0):
            break
        after = item if item.kind not in SILENT else after
        k -= 1
    return k


def _end(text: str, items: Sequence[Lexeme], n: int, names: Names) -> int:
    """Return the item after the formula whose relation is item ``n``."""
    opened: list[tuple[int, bool]] = []  # where brackets open, and whether those of a function or within them
    k, last = n + 1, items[n]
    while k < len(items) and len(opened) <= DEEP:
        item = items[k]
        needed = last.kind in {"relation", "open", "script"} or _operates(last)
        within = bool(opened) and opened[-1][1]
        if item.kind == "close" and not opened:
            break
        if not _is_mathematics(text, items, k, names, needed=needed, within=within):
            return opened[0][0] if opened else k  # a bracket with words in it is a remark, not of the formula
        if item.kind == "open":
            opened.append((k, within or items[k - 1].kind in {"letters", "script"} or items[k - 1].value == "'"))
        elif item.kind == "close":
            opened.pop()
        last = item if item.kind not in SILENT else last
        k += 1
    return k if not opened else opened[0][0]


def _is_mathematics(
    text: str, items: Sequence[Lexeme], n: int, names: Names, *, needed: bool, within: bool
) -> bool:
    """Whether an item may belong to a formula.

    ``needed``: something must stand here; ``within``: in brackets, where commas belong.
    """
    item = items[n]
    if item.kind in {*SILENT, "number", "relation", "open", "close", "script"}:
        return item.kind != "relation" or _relates(text, items, n)
    if item.kind == "comma":
        return within
    if item.kind == "sign":
        sign = item.value.translate(SAME)
        if sign == "'" and POSSESSIVE.match(text, item.end):
            return False
        glued = sign == "." and text[item.end : item.end + 1].isalpha() and text[item.start - 1 : item.start].isalnum()
        return sign in SIGNS or glued or sign.startswith("\\") or text[item.start : item.end + 1] == ".*"
    return item.kind == "letters" and (within or not _is_word(text, items, n, names, needed=needed))


def _is_word(text: str, items: Sequence[Lexeme], n: int, names: Names, *, needed: bool) -> bool:
    """Whether letters are a word of the sentence, and no name or product of names."""
    word, before = items[n].value, text[: items[n].start]
    if before[-1:] in {"’", "'"} and before[-2:-1].isalnum() and POSSESSIVE.fullmatch(word):
        return True
    if before[-1:] == "-" and before[-2:-1].isalpha() and len(word) > 1:
        return True  # the end of a word with a hyphen
    pieces = _pieces(word, names)
    called = n + 1 < len(items) and items[n + 1].kind == "open"
    if pieces is None:
        short = len(re.sub(r"[^A-Za-z]", "", word)) < (3 if needed else 2)
        return not short and not (called and needed)
    if word.lower() in SHORT:
        return not needed
    if len(pieces) > 1:
        return bool(re.search("[a-z]{3}|^[A-Z][a-z]{2}$", word))  # For, The
    if pieces[0].kind == "function" and len(word) > 2:
        return not _is_applied(items, n, names)
    return False


def _is_applied(items: Sequence[Lexeme], n: int, names: Names) -> bool:
    """Whether a function's name has something to be applied to, and is no word of the sentence: mean, sum."""
    after = items[n + 1 : n + 3]
    if not after:
        return False
    if after[0].kind in {"open", "script"} or after[0].value[:1].translate(SAME) in {"'", *RAISED}:
        return True
    if after[0].kind == "space" and len(after) > 1:
        return after[1].kind in {"open", "number"} or bool(_names_within(after[1], names))
    return False


def _pieces(word: str, names: Names) -> list[Name] | None:
    """Return the names that a run of letters is made of, with the scripts on them, or None if it is not."""
    found: list[Name] = []
    scripts, k = SCRIPTS | names.setting.family.letters, 0
    while k < len(word):
        if (match := names.match(word, k)) is not None:
            found.append(match[1])
            k += match[0]
        elif (found and word[k] in scripts) or (word[k] in "dδΔ" and word[k + 1 :]):
            k += 1
        else:
            return None
    return found or None


__all__ = ["formula_of_code", "formulas_in", "is_number"]
