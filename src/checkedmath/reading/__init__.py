"""Reading: from a text in any of its styles to the tree."""

from __future__ import annotations

import re
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter

from checkedmath.budget import MAX_DEPTH, MAX_LENGTH, MAX_NODES, spend
from checkedmath.errors import TooDeep, TooLong, Unreadable
from checkedmath.reading.result import LATEX, NUMPY, STYLES, TEXT, Reading
from checkedmath.settings import Setting
from checkedmath.tree import Number, Symbol, depth, walk

#: What reading costs, in characters for a step: those that say something, and blanks.
CHARACTERS, BLANKS = 2, 40
MAX_DIGITS = 100

# No pattern here begins or goes on with an unbounded run of spaces: on a text of thousands of blanks
# such a pattern takes minutes. What leads to a remark (a comma, "with") is taken off by `_blank`.
GAP = r"\s{0,3}"
LAYOUT = re.compile(r"\b(numerator|denominator)[\s-]{1,3}layout\b", re.IGNORECASE)
KINDS = "(symmetric|invertible|orthogonal|square)"
ASSUMPTION = re.compile(rf"\b([A-Za-z])\s{{1,3}}(?:is\s{{1,3}})?{KINDS}\b", re.IGNORECASE)
ASSUMED_FIRST = re.compile(rf"\b{KINDS}\s{{1,3}}([A-Z])\b", re.IGNORECASE)
DOTS = r"(?:…|\.\.\.?|\\ldots|\\dots|\\cdots)"
LAYERS = re.compile(
    rf"\bl{GAP}={GAP}(\d){GAP},?{GAP}(?:\d{GAP},{GAP})?{DOTS}{GAP},?{GAP}L{GAP}(?:([-−]){GAP}(\d))?{GAP}\)?{GAP}$"
)
FOR_ALL = re.compile(r"(?:\bfor\s{1,3}(?:all|every|each|any)\b|∀|\\forall\b)[^=]*$")
#: The reason of a step is all that stands behind && in its line, words or mathematics.  What has a relation
#: outside the words is no reason, so that no claim goes unjudged.
WORDS = r"\\text\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}"
NO_RELATION = r"(?!\\\\|\\end\{|\\(?:approx|neq?|leq?|geq?|in|to)(?![a-zA-Z]))[^=<>≈≠≤≥∈&]"
REASON = re.compile(rf"&&(?:(?:{WORDS}|{NO_RELATION})*+(?=\\\\|\\end\{{|$)|)", re.DOTALL)
SAYS_ONE_HOT = re.compile(r"\b[yY]\s{1,3}(?:is\s{1,3})?one-?hot\b", re.IGNORECASE)
LEADS = {"with", "for", "where", "if", "when", "in", "all"}
NUMPY_SIGNS = re.compile(
    r"\bnp\.|\bnumpy\.|@|\*\*|\.dot\(|\baxis\s*=|cache\[|parameters\[|\blambd\b|\.shape\[|_prev\b"
)
LATEX_SIGNS = re.compile(r"\\[A-Za-z]|[\^_]\{")


def read(text: str, setting: Setting, style: str = "auto") -> Reading:
    """Read a formula of a setting in LaTeX, forum text, Unicode or NumPy.

    ``style`` is ``"auto"`` or one of `STYLES`.  Raises `Unreadable` with place, caret and what was expected.
    """
    if len(text) > MAX_LENGTH:
        raise TooLong(text, MAX_LENGTH, f"at most {MAX_LENGTH} characters; this text has {len(text)}")
    if not text.strip():
        raise Unreadable(text, 0, "a formula")
    styles = [style] if style in STYLES else _likely_styles(text)
    first: Unreadable | None = None
    for likely in styles:
        spend(1 + len(text.strip()) // CHARACTERS + len(text) // BLANKS)
        try:
            return weighed(_read_numpy(text, setting) if likely == NUMPY else _read_text(text, setting, likely))
        except Unreadable as error:
            first = first or error
    assert first is not None
    raise first


def is_numpy(text: str) -> bool:
    """Whether a text has a sign that only code has."""
    return bool(NUMPY_SIGNS.search(text))


def named_layout(text: str) -> str:
    """Return the layout that a text names, or nothing."""
    match = LAYOUT.search(text)
    return match[1].lower() if match else ""


def _likely_styles(text: str) -> list[str]:
    if LATEX_SIGNS.search(text):
        return [LATEX]
    if NUMPY_SIGNS.search(text):
        return [NUMPY, TEXT]
    return [TEXT, NUMPY]


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
    from checkedmath.reading.mathematics import read_mathematics

    rest, facts = text, Reading(text, style, None)  # type: ignore[arg-type]
    if match := LAYOUT.search(rest):
        facts = replace(facts, layout=match[1].lower())
        rest = _blank(rest, match)
    assumptions = []
    for pattern, kind, name in ((ASSUMPTION, 2, 1), (ASSUMED_FIRST, 1, 2)):
        while match := pattern.search(rest):
            assumptions.append((match[kind].lower(), match[name]))
            rest = _blank(rest, match)
    if match := LAYERS.search(rest):
        shift = -int(match[3]) if match[3] else 0
        facts = replace(facts, layers=(int(match[1]), shift))
        rest = _blank(rest, match)
    if match := SAYS_ONE_HOT.search(rest):
        rest = _blank(rest, match)
    if match := FOR_ALL.search(rest):
        rest = _blank(rest, match)
    end = len(rest.rstrip(" \t\r\n.,;"))
    rest = rest[:end] + " " * (len(rest) - end)
    rest, reasons = _reasons(rest)
    try:
        tree, loose = read_mathematics(rest, setting)
    except Unreadable as error:
        raise type(error)(text, error.position, error.expected, error.nearest) from None
    tree = replace(tree, reasons=reasons) if reasons else tree
    return replace(facts, tree=tree, loose=loose, assumptions=tuple(assumptions))


def _reasons(text: str) -> tuple[str, tuple[str, ...]]:
    r"""Take the reasons (``&& \text{…}``, ``&& a_i \text{ cancels}``) out of an aligned chain, one for each line."""
    if "&&" not in text:
        return text, ()
    reasons = []
    for line in re.split(r"\\\\", text):
        match = REASON.search(line)
        said = match[0].removeprefix("&&").strip() if match else ""
        plain = re.fullmatch(r"\\text\{([^{}]*)\}", said)
        reasons.append(plain[1].strip() if plain else said)
    return REASON.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), text), tuple(reasons)


def _blank(text: str, match: re.Match[str]) -> str:
    """Return the text without a remark and what leads to it: ", with A symmetric", "(numerator layout)"."""
    start, end = match.span()
    before = text[:start].rstrip()
    word = re.search(r"[A-Za-z]+$", before[-8:])
    if word and word[0].lower() in LEADS:
        before = before[: -len(word[0])].rstrip()
    if before and before[-1] in ",;([":
        before = before[:-1]
    if text[end : end + 1] in {")", "]"}:
        end += 1
    return before + " " * (end - len(before)) + text[end:]


__all__ = ["LATEX", "NUMPY", "STYLES", "TEXT", "Reading", "is_numpy", "named_layout", "read", "weighed"]
