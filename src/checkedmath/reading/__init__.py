"""Reading: from a text in any of its styles to the tree."""

from __future__ import annotations

import re
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter

from checkedmath.reading.languages import language_of
from checkedmath.reading.names import names_of
from checkedmath.reading.result import LATEX, NUMPY, STYLES, TEXT, Reading
from checkedmath.reading.sums import TO_THE_END, with_bound_indices, with_named_indices
from checkedmath.subject.setting import Setting
from checkedmath.syntax.alphabet import SCRIPT_LETTERS
from checkedmath.syntax.budget import MAX_DEPTH, MAX_LENGTH, MAX_NODES, spend
from checkedmath.syntax.errors import Refused, Remarked, TooDeep, TooLong, Unreadable
from checkedmath.syntax.remarks import CHOSEN, Remark
from checkedmath.syntax.source import Source, Statement, take_apart
from checkedmath.syntax.tree import Number, Symbol, depth, walk

#: What reading costs, in characters for a step: those that say something, and blanks.
CHARACTERS, BLANKS = 2, 40
MAX_DIGITS = 100

NUMPY_SIGNS = re.compile(
    r"\bnp\.|\bnumpy\.|\btorch\.|\btf\.|\.(?:mm|t|matmul)\(|@|\*\*|\.dot\(|\baxis\s*=|cache\[|parameters\[|\blambd\b|\.shape\[|_prev\b"
    r"|(?<![\w.])sum\(|^[ \t]*(?:if|elif|for|def|with)\b[^\n]*:[ \t]*(?:#[^\n]*)?$|\w\]? *[-+*/]= "
    r"|^[ \t]*(?:(?:new|next|updated)_?[A-Za-z]\w*|[A-Za-z]\w*?_?(?:new|next|updated)) *= ", re.MULTILINE,
)
#: A word that no remark has read; a letter beside a condition (for s, t > 0) is none, nor is a comment of code.
_UNREAD = re.compile(r"^(?!\s*#).*?(?!for\b|if\b|and\b|where\b|when\b|with\b)\b[^\W\d_]{2,}", re.DOTALL)
#: Behind what looks like code: for which l it is said, 1 <= l <= L or for l = 1, …, L, which no code would be.
_RANGE = re.compile(
    r"[,(]\s*(?:for\s+)?(?:\d+\s*(?:<=|≤|<)\s*[a-zA-Z]\s*(?:<=|≤|<)|[a-zA-Z]\s*=\s*\d+\s*,\s*(?:\.{2,}|…))[^=]*$"
)
#: Words that change or judge what they stand beside, and what makes a comment more than words.
CHANGING = re.compile(
    r"(?i)\b(?:times|twice|thrice|half|halved|doubled?|tripled?|squared|cubed|transposed?|inverted|inverse|negated?"
    r"|negative|positive|zero|minus|plus|divided|multiplied|opposite|wrong|false|incorrect|untrue|not|never"
    r"|two|three|four|five|six|seven|eight|nine|ten)\b"
)
RELATING = re.compile(r"[=<>≤≥≠≈+*/^×·⊙]|(?<![^\W\d_])[-−]|[-−](?![^\W\d_])")
LATEX_SIGNS = re.compile(r"\\[A-Za-z]|[\^_]\{")


def read(text: str, setting: Setting, style: str = "auto") -> Reading:
    """Read a formula of a setting in LaTeX, forum text, Unicode or NumPy.

    ``style`` is ``"auto"`` or one of `STYLES`.  Raises `Unreadable` with place, caret and what was expected.
    """
    first: Unreadable | None = None
    for likely in styles_of(text, style):
        spend(1 + len(text.strip()) // CHARACTERS + len(text) // BLANKS)
        try:
            return weighed(_read_numpy(text, setting) if likely == NUMPY else _read_text(text, setting, likely))
        except Unreadable as error:
            first = first or error
            if is_final(likely, first):
                break
    assert first is not None
    raise first


def is_numpy(text: str) -> bool:
    """Whether a text has a sign that only code has."""
    return bool(NUMPY_SIGNS.search(text)) or language_of(text) is not None


def styles_of(text: str, style: str = "auto") -> list[str]:
    """Return the styles in which a text is to be read, likeliest first: the one that is named, if one is.

    Raises `Unreadable` for a text that is empty or too long for any of them.
    """
    if len(text) > MAX_LENGTH:
        raise TooLong(text, MAX_LENGTH, f"at most {MAX_LENGTH} characters; this text has {len(text)}")
    if not text.strip():
        raise Unreadable(text, 0, "a formula")
    if style in STYLES:
        return [style]
    if LATEX_SIGNS.search(text):
        return [LATEX]
    if is_numpy(text) and not _RANGE.search(text):
        return [NUMPY, TEXT]
    return [TEXT, NUMPY]


def is_final(style: str, first: Unreadable) -> bool:
    """Whether a text is read in no further style: what NumPy would refuse is not mathematics instead."""
    return isinstance(first, Remarked) or (style == NUMPY and isinstance(first, Refused))


def weighed(reading: Reading) -> Reading:
    """Return the reading, if all that works on its tree may follow it down.  Raises `TooDeep` or `TooLong`."""
    for tree in (reading.tree, *([reading.loose] if reading.loose is not None else [])):
        if depth(tree) > MAX_DEPTH:
            raise TooDeep(reading.text, 0, f"a formula of at most {MAX_DEPTH} levels, one inside the other")
        if len(walk(tree)) > MAX_NODES:
            raise TooLong(reading.text, 0, f"a formula of at most {MAX_NODES} parts, with what its names stand for")
        for node in walk(tree):
            if isinstance(node, Number) and not _fits(node.text):
                raise TooLong(reading.text, node.span[0], f"a number of at most {MAX_DIGITS} digits, up to 1e300")
    _weigh_definitions(reading)
    return reading


def _weigh_definitions(reading: Reading) -> None:
    """Raise `TooDeep` for names that stand for one another over too many levels, `Unreadable` where that goes round."""
    defined, levels = dict(reading.definitions), dict[str, int]()
    stands_for = {
        name: {n.name for n in walk(chain.terms[-1]) if isinstance(n, Symbol)} & defined.keys()
        for name, chain in defined.items()
    }
    try:
        order = list(TopologicalSorter(stands_for).static_order())
    except CycleError as error:
        name = error.args[1][0]
        said = f"lines that do not say by {name} what {name} is"
        raise Unreadable(reading.text, defined[name].span[0], said) from None
    for name in order:
        levels[name] = depth(defined[name]) + max((levels[other] for other in stands_for[name]), default=0)
        if levels[name] > MAX_DEPTH:
            said = f"names that stand for one another over at most {MAX_DEPTH} levels"
            raise TooDeep(reading.text, defined[name].span[0], said)


def _fits(number: str) -> bool:
    """Whether a number may be worked with, as an exact fraction too, which 1e-999999999 never ends to become."""
    digits, _, exponent = number.lower().partition("e")
    return len(digits) <= MAX_DIGITS and abs(int(exponent or 0)) <= 300


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


def read_statement(stated: Statement, setting: Setting, style: str = LATEX, *, page: bool = False) -> Reading:
    """Read one statement of a text that was taken apart, with what its remarks say.

    ``style`` LATEX: the text is typeset, also where it has no command; ``page``: it is a formula of a book.
    Raises `Unreadable` with the place in the whole text.
    """
    from checkedmath.reading.mathematics import read_mathematics

    try:
        tree, loose, marks = read_mathematics(stated.text, setting, typeset=style == LATEX, page=page)
    except Unreadable as error:
        raise type(error)(stated.source, error.position, error.expected, error.nearest) from None
    if page and (words := next(filter(_UNREAD.search, _words(stated, setting)), None)):
        said = "words that are understood beside a formula (for l = 1, …, L; A symmetric), or none: these are not"
        raise Unreadable(stated.source, max(stated.source.find(words), 0), said)
    if not page and (longer := with_bound_indices(tree, stated.source)) is not tree:
        tree, loose, marks = longer, None, (*marks, TO_THE_END)
    if not page and (named := with_named_indices(tree)) is not tree:
        tree, loose = named, None
    tree = replace(tree, reasons=stated.reasons) if stated.reasons else tree
    facts = Reading(stated.source, style, tree, loose=loose, notes=(*_not_read(stated, setting), *marks))
    assumptions = []
    for remark in stated.remarks:
        if remark.kind == "layout":
            facts = replace(facts, layout=remark.about[0])
        elif remark.kind == "range":
            members = _members(remark, stated, setting) or facts.members
            facts = replace(facts, ranges=(*facts.ranges, remark.about), members=members)
        elif remark.kind == "related":
            facts = replace(facts, related=(*facts.related, remark.about))
        elif remark.kind not in {"every", "one-hot", CHOSEN}:
            assumptions += [(remark.kind, name) for name in remark.about]
    return weighed(replace(facts, assumptions=tuple(assumptions)))


def _members(remark: Remark, stated: Statement, setting: Setting) -> tuple[int, int] | None:
    """Return the range of l as its first layer and what is added to L, None for another index."""
    (letter, first, last), family = remark.about, setting.family
    if not family.letter or letter.translate(SCRIPT_LETTERS) != family.letter:
        return None
    if last.isdigit() and not first.isdigit():
        first, last = last, first  # l = L - 1, …, 1
    match = re.fullmatch(rf"{family.last}(?:([-+])(\d+))?", last.replace(" ", ""))
    if match is None or not first.isdigit():
        said = f"a range of {family.word}s such as {letter} = 1, …, {family.last} - 1"
        raise Unreadable(stated.source, remark.span[0], said)
    return int(first), int((match[1] or "") + (match[2] or "0"))


def _not_read(stated: Statement, setting: Setting) -> tuple[str, ...]:
    """Return notes on words that say nothing here.  Raises `Unreadable` where one of them is a known symbol."""
    names, said = names_of(setting), _words(stated, setting)
    for words in said:
        place = max(stated.source.find(words), 0)
        if CHANGING.search(words):
            raise Remarked(stated.source, place, "words that leave the formula beside them as it is")
        if words.lstrip().startswith("#"):
            if RELATING.search(words) and not names.free:
                raise Remarked(stated.source, place, "a comment of words: a formula is on a line of its own")
            continue
        for word in re.findall(r"[^\W\d_]+", words):
            if word in names.spellings and not names.free:
                raise Unreadable(stated.source, place, f"words alone, but {word} is a symbol of {setting.name}")
    return tuple(f"these words were not read: {words.strip()}" for words in said)


def _words(stated: Statement, setting: Setting) -> tuple[str, ...]:
    """Return the words beside a formula that are not understood in this setting."""
    known = {"", setting.family.word, f"{setting.family.word}s", *setting.chosen_beside}
    return (*stated.words, *(stated.source[slice(*r.span)] for r in stated.remarks if r.nouns not in known))


__all__ = [
    "LATEX", "NUMPY", "STYLES", "TEXT", "Reading", "is_final", "is_numpy", "only_statement", "read", "read_statement",
    "styles_of", "weighed",
]  # fmt: skip
