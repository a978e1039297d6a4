"""The reader of mathematical text: LaTeX, forum text and Unicode."""

from __future__ import annotations

import re
from dataclasses import replace

from checkedmath.reading.argument_lists import notes_on_lists
from checkedmath.reading.brackets import row_of
from checkedmath.reading.flatten import Flat, flatten
from checkedmath.reading.marks import as_usual
from checkedmath.reading.names import names_of
from checkedmath.reading.parse import Parser
from checkedmath.reading.scan import Scanner
from checkedmath.subject.setting import Family, Setting
from checkedmath.syntax.budget import MAX_NESTING
from checkedmath.syntax.errors import TooDeep, Unreadable
from checkedmath.syntax.tree import Chain

_ANGLES = str.maketrans("⟨⟩", "[]")
#: A number raised between < and >, which stand for brackets there.
_POINTED = re.compile(r"(\^\{\s*)<([^<>{}]*)>")


def read_mathematics(
    text: str, setting: Setting, *, typeset: bool = False, page: bool = False
) -> tuple[Chain, Chain | None, tuple[str, ...]]:
    """Return the tree of the text, the one with juxtaposition read loosely if that differs, and notes on its marks.

    ``typeset``: the text is LaTeX, also where it has no command; ``page``: it is a formula of a book.

    Raises `Unreadable` with the place and what was expected there.
    """
    names = names_of(setting)
    flat = _in_square_brackets(flatten(text, typeset=typeset, page=page), setting.family)
    _measure(flat)
    flat, notes = as_usual(flat, setting.family)
    tokens = Scanner(flat, names).scan()
    if not tokens:
        raise Unreadable(flat.source, 0, "a formula")
    row = row_of(tokens, flat, len(flat.source))
    tight = Parser(row, flat, names)
    chain = tight.chain()
    loose = Parser(row, flat, names, loose=True).chain() if tight.differs else None
    lists = notes_on_lists(chain, tight.calls, flat, setting)
    return chain, loose if loose != chain else None, (*notes, *tight.notes, *lists)


def _in_square_brackets(flat: Flat, family: Family) -> Flat:
    """Return a text with its numbers in the brackets that the reader knows, each in its place: a^{<t>} as a^{[t]}."""
    if family.brackets == "[]":
        return flat
    text = _POINTED.sub(lambda match: f"{match[1]}[{match[2]}]", flat.text.translate(_ANGLES))
    return replace(flat, text=text)


def _measure(flat: Flat) -> None:
    """Raise `TooDeep` for brackets of any kind that stand in one another too often: scripts are cut from inside."""
    level = 0
    for k, sign in enumerate(flat.text):
        level = max(level + (sign in "([{") - (sign in ")]}"), 0)
        if level > MAX_NESTING:
            raise TooDeep(flat.source, flat.place(k, k + 1)[0], f"at most {MAX_NESTING} levels of brackets")
