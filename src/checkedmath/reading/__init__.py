"""Reading: from a text in any of its styles to the tree."""

from __future__ import annotations

import re
from dataclasses import replace

from checkedmath.errors import Refused, Unreadable
from checkedmath.reading.names import names_of
from checkedmath.reading.result import LATEX, NUMPY, STYLES, TEXT, Reading
from checkedmath.settings import Setting
from checkedmath.syntax.remarks import Remark
from checkedmath.syntax.source import Source, Statement, take_apart
from checkedmath.tree import depth

MAX_LENGTH = 4000
MAX_DEPTH = 60
LAYER_LETTERS = {"l", "ℓ"}

NUMPY_SIGNS = re.compile(
    r"\bnp\.|\bnumpy\.|@|\*\*|\.dot\(|\baxis\s*=|cache\[|parameters\[|\blambd\b|\.shape\[|_prev\b"
    r"|(?<![\w.])sum\("
)
LATEX_SIGNS = re.compile(r"\\[A-Za-z]|[\^_]\{")


def read(text: str, setting: Setting, style: str = "auto") -> Reading:
    """Read a formula of a setting in LaTeX, forum text, Unicode or NumPy.

    ``style`` is ``"auto"`` or one of `STYLES`.  Raises `Unreadable` with place, caret and what was expected.
    """
    first: Unreadable | None = None
    for likely in styles_of(text, style):
        try:
            return _checked(_read_numpy(text, setting) if likely == NUMPY else _read_text(text, setting, likely))
        except Unreadable as error:
            first = first or error
            if is_final(likely, first):
                break
    assert first is not None
    raise first


def styles_of(text: str, style: str = "auto") -> list[str]:
    """Return the styles in which a text is to be read, likeliest first: the one that is named, if one is.

    Raises `Unreadable` for a text that is empty or too long for any of them.
    """
    if len(text) > MAX_LENGTH:
        raise Unreadable(text, MAX_LENGTH, f"at most {MAX_LENGTH} characters; this text has {len(text)}")
    if not text.strip():
        raise Unreadable(text, 0, "a formula")
    if style in STYLES:
        return [style]
    if LATEX_SIGNS.search(text):
        return [LATEX]
    if NUMPY_SIGNS.search(text):
        return [NUMPY, TEXT]
    return [TEXT, NUMPY]


def is_final(style: str, first: Unreadable) -> bool:
    """Whether a text is read in no further style: what NumPy would refuse is not mathematics instead."""
    return style == NUMPY and isinstance(first, Refused)


def _checked(reading: Reading) -> Reading:
    if depth(reading.tree) > MAX_DEPTH * 3:
        raise Unreadable(reading.text, 0, f"a formula of at most {MAX_DEPTH} levels")
    return reading


def _read_numpy(text: str, setting: Setting) -> Reading:
    from checkedmath.reading.python import read_numpy

    return read_numpy(text, setting)


def _read_text(text: str, setting: Setting, style: str) -> Reading:
    return read_statement(only_statement(take_apart(text)), setting, style)


def only_statement(source: Source) -> Statement:
    """Return the statement of a text that has one.  Raises `Unreadable` at the second, or where there is none."""
    stated = [statement for statement in source.statements if statement.lines]
    if not stated:
        raise Unreadable(source.text, 0, "a formula")
    if len(stated) > 1:
        raise Unreadable(source.text, stated[1].span[0], "one formula: here begins another")
    return stated[0]


def read_statement(stated: Statement, setting: Setting, style: str = LATEX) -> Reading:
    """Read one statement of a text that was taken apart, with what its remarks say.

    ``style`` LATEX: the text is typeset, also where it has no command.
    Raises `Unreadable` with the place in the whole text.
    """
    from checkedmath.reading.mathematics import read_mathematics

    try:
        tree, loose = read_mathematics(stated.text, setting, typeset=style == LATEX)
    except Unreadable as error:
        raise type(error)(stated.source, error.position, error.expected, error.nearest) from None
    tree = replace(tree, reasons=stated.reasons) if stated.reasons else tree
    facts = Reading(stated.source, style, tree, loose=loose, notes=_not_read(stated, setting))
    assumptions = []
    for remark in stated.remarks:
        if remark.kind == "layout":
            facts = replace(facts, layout=remark.about[0])
        elif remark.kind == "range":
            facts = replace(facts, ranges=(*facts.ranges, remark.about), layers=_layers(remark, stated) or facts.layers)
        elif remark.kind not in {"every", "one-hot"}:
            assumptions += [(remark.kind, name) for name in remark.about]
    return _checked(replace(facts, assumptions=tuple(assumptions)))


def _layers(remark: Remark, stated: Statement) -> tuple[int, int] | None:
    """Return the range of l as its first layer and what is added to L, None for another index."""
    letter, first, last = remark.about
    if letter not in LAYER_LETTERS:
        return None
    match = re.fullmatch(r"L(?:([-+])(\d+))?", last.replace(" ", ""))
    if match is None or not first.isdigit():
        raise Unreadable(stated.source, remark.span[0], f"a range of layers such as {letter} = 1, …, L - 1")
    return int(first), int((match[1] or "") + (match[2] or "0"))


def _not_read(stated: Statement, setting: Setting) -> tuple[str, ...]:
    """Return notes on words that say nothing here.  Raises `Unreadable` where one of them is a known symbol."""
    names = names_of(setting)
    for words in stated.words:
        if words.lstrip().startswith("#"):
            continue
        for word in re.findall(r"[^\W\d_]+", words):
            if word in names.spellings and not names.free:
                place = max(stated.source.find(words), 0)
                raise Unreadable(stated.source, place, f"words alone, but {word} is a symbol of {setting.name}")
    return tuple(f"these words were not read: {words.strip()}" for words in stated.words)


__all__ = [
    "LATEX", "NUMPY", "STYLES", "TEXT", "Reading", "is_final", "only_statement", "read", "read_statement", "styles_of",
]  # fmt: skip
