"""What holds where a text stands, what the text states there, and the verdict on each thing that it states."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from checkedmath.judging.verdict import FAILS, UNREADABLE, Verdict
from checkedmath.meaning.claim import Claim
from checkedmath.reading.result import LATEX, Reading
from checkedmath.subject.setting import IDENTITIES, Shape
from checkedmath.subject.view import NUMERATOR
from checkedmath.syntax.errors import ShapeError, TooMuch, Unplaced, Unreadable
from checkedmath.syntax.tree import Node, Symbol

OUR_FAULT = "the checker itself failed on this text, please report it"
CLAIM, VALUE, DEFINITION, SHAPE, EXPRESSION = "claim", "value", "definition", "shape", "expression"
STEP, INLINE = "step", "inline"


@dataclass(frozen=True)
class Context:
    """What holds where a text stands: its setting and layout, declared shapes, assumptions, definitions.

    A formula of a page (``page``) is typeset, is judged in the page's layout, each of its relations by itself, and may
    be no claim at all: a name, a value, an expression.  Any other text is what somebody pasted, in one of ``style``;
    ``target`` is what a text without a left side is meant to be, and ``nearest`` asks for the nearest true formula.
    ``definitions`` are the names that the page has defined so far by := , and what they stand for.  ``lead`` is the
    word before a formula in a sentence that makes it a condition, if or where, and ``conditions`` are those of its
    paragraph.  ``wanted`` are the codes of conditions that the author discusses: what is true on them and on others too
    is said to be true on them.  ``variant`` is that of the setting's draws which the page has chosen, g := tanh; None
    if it has not.
    """

    setting: str
    layout: str = NUMERATOR
    lets: Mapping[str, Shape] = field(default_factory=dict)
    assumptions: tuple[tuple[Symbol, float], ...] = ()
    definitions: Mapping[str, Node] = field(default_factory=dict)
    conditions: tuple[str, ...] = ()
    lead: str = ""
    variant: str | None = None
    wanted: frozenset[str] = frozenset()
    page: bool = True
    style: str = LATEX
    target: str = ""
    nearest: bool = True

    def key(self) -> tuple[object, ...]:
        """Return all of it in a form that can be looked up."""
        lets = tuple(sorted(self.lets.items()))
        said = (self.assumptions, tuple(self.definitions.items()), self.conditions, self.lead, self.variant, self.style)
        return (self.setting, self.layout, lets, *said, self.wanted)

    def letters(self, text: str) -> Mapping[str, Shape]:
        """Return what a text may name beside the quantities of the setting."""
        alone = rf"(?<![a-zA-Z\\])(?:{'|'.join(map(re.escape, self.definitions)) or '(?!)'})(?![a-zA-Z])"
        named: dict[str, Shape] = dict.fromkeys(re.findall(alone, text), ())
        return named if self.setting == IDENTITIES else {**named, **self.lets}


@dataclass(frozen=True)
class Statement:
    """One thing that a text states, with the verdict on it.

    ``line`` counts from the first line of the text, and ``place`` from its first character.  ``source`` of a step is
    the step alone, the line above and this one.  The verdict's span is a place in ``source`` on a page, and in the
    whole text elsewhere.  ``assumed`` is what a value adds to the assumptions of its paragraph, and ``chosen`` the
    variant that holds from here on in its section.  ``claim`` and ``reading`` are those of the whole chain, which its
    steps share; ``tried`` is what this verdict is about.
    """

    source: str
    line: int
    kind: str  # display, inline, step
    relation: str  # claim, value, definition, shape, expression
    verdict: Verdict
    trivial: bool = False
    assumed: tuple[tuple[Symbol, float], ...] = ()
    defined: tuple[str, Node] | None = None
    chosen: str | None = None
    place: int = 0
    claim: Claim | None = field(default=None, compare=False, repr=False)
    reading: Reading | None = field(default=None, compare=False, repr=False)
    tried: Claim | None = field(default=None, compare=False, repr=False)


def unreadable(error: Unreadable, setting: str = "") -> Verdict:
    """Return the verdict on a text that cannot be read."""
    code = error.code if isinstance(error, TooMuch) else ""
    return Verdict(UNREADABLE, str(error), setting=setting, span=(error.position, error.position + 1), code=code)


def misshapen(error: ShapeError, setting: str) -> Verdict:
    """Return the verdict on a formula whose shapes do not fit; where too little is said, it is not false."""
    kind = UNREADABLE if isinstance(error, Unplaced) else FAILS
    return Verdict(kind, str(error), setting=setting, span=error.span)


def our_fault(error: Exception, setting: str) -> Verdict:
    """Return the verdict on a text at which the checker failed: it must not pass for judged."""
    said = f"expected a formula in a known form; {OUR_FAULT} ({type(error).__name__}: {error})"
    return Verdict(UNREADABLE, said, setting=setting)
