"""What a page says without claiming it: names, shapes, ranges of an index, and numbers for quantities.

A number is a value of the book's network, and checked against it, or one that the page gives, and assumed.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from checkedmath.judging.attempt import attempt
from checkedmath.judging.statement import EXPRESSION, VALUE, Context, Statement
from checkedmath.judging.verdict import FAILS, HOLDS, UNREADABLE, Verdict
from checkedmath.meaning.claim import Claim
from checkedmath.subject.conventions import Way
from checkedmath.subject.declared_letters import STEPS
from checkedmath.subject.setting import Draw, Setting
from checkedmath.syntax.errors import FormulaError
from checkedmath.syntax.tree import Component, Example, Negate, Node, Number, Symbol, walk

#: Letters that count, and signs that a sentence may name by themselves.
LONE = re.compile(
    r"\s*(?:[a-zA-Zℓ]|\\ell|\\odot|\\cdot|\\times|\\circ|\\ast|\*|\\partial|\\Sigma|\\sum|\\delta|\\prime|\\approx|\\in|\\neq?|\\leq?|\\geq?|:=|[=<>]|\^?T|\\top|ε|\\epsilon"
    r"|\\varepsilon|h)\s*"
)
SIZES = re.compile(r"\s*\(([^(),=]+),([^(),=]+)\)\s*")  # a shape, (n_l, m)
SIZE = r"(?:\d+|[mLK]|n_(?:\{[a-zA-Z0-9+\- ]+\}|\w)|n\^\{\[[a-zA-Z0-9+\- ]+\]\})(?:\s*[-+]\s*\d+)?"
INDEX = r"[ijklpqrs]|\\ell"
VALUES = re.compile(rf"({INDEX})\s*=\s*{SIZE}(?:\s*,\s*{SIZE})*")
CONDITION = re.compile(rf"({INDEX})\s*(?:=|\\neq?|\\leq?|<|>)\s*({INDEX})")
SET = re.compile(r"(.*\S)\s*\\in\s*\\\{([^{}]*)\\\}", re.DOTALL)

#: Judges a further text in the same place.
Judge = Callable[[str], list[Statement]]


def said_alone(text: str, kind: str, context: Context, setting: Setting, judge: Judge) -> list[Statement] | None:
    """Return what a text of a page says that is no formula: a sign, a shape, which values an index has; else None."""
    if LONE.fullmatch(text):
        return [Statement(text, 0, kind, EXPRESSION, Verdict(HOLDS, "a name"))]
    if shape := SIZES.fullmatch(text):
        return [statement for size in shape.groups() for statement in judge(size)]
    if (said := range_or_set(text.strip(), context, setting, judge)) is not None:
        return [Statement(text.strip(), 0, kind, VALUE, said)]
    return None


def range_or_set(source: str, context: Context, setting: Setting, judge: Judge) -> Verdict | None:
    """Read l = 1, 2 and i ≠ j, which say which values of an index are meant, and y ∈ {0, 1}, a choice of values."""
    known = {*setting.quantities, *context.lets}
    if (match := VALUES.fullmatch(source)) and match[1] not in known:
        return Verdict(HOLDS, "the values of an index", setting=context.setting)
    if (match := CONDITION.fullmatch(source)) and match[1] != match[2] and not {match[1], match[2]} & known:
        return Verdict(HOLDS, "which values of two indices are meant", setting=context.setting)
    if match := SET.fullmatch(source):
        members = [part.strip() for part in match[2].split(",")]
        if re.fullmatch(INDEX, match[1]) and match[1] not in known and all(re.fullmatch(SIZE, m) for m in members):
            return Verdict(HOLDS, "the values of an index", setting=context.setting)
        return _one_of([s for member in members for s in judge(f"{match[1]} = {member}")], context)
    return None


def _one_of(found: Sequence[Statement], context: Context) -> Verdict:
    """Judge y ∈ {0, 1}: each member is a value that the quantity may be set to, or one that it has."""
    unread = next((s.verdict for s in found if s.verdict.verdict == UNREADABLE), None)
    if unread is not None:
        return unread
    true = [s.verdict.verdict == HOLDS for s in found]
    if all(true) or (any(true) and not any(s.assumed for s in found)):
        return Verdict(HOLDS, "one of several values", setting=context.setting)
    return replace(found[true.index(False)].verdict, span=None)


def value_of(claim: Claim, written: str, statement: Statement, context: Context) -> Statement | None:
    """Return the statement with its verdict where it says a number of a size, a label or a quantity of the book."""
    left, right = claim.tree.terms
    number = number_of(right)
    if number is None:
        return None
    if written == "=" and size_name(left, claim.setting):
        return replace(statement, relation=VALUE, verdict=_size(claim, size_name(left, claim.setting), number))
    if written == "=" and (domain := domain_of(left, claim, context.lets)) is not None:
        assert isinstance(left, Symbol)
        return _set(left, number, domain, replace(statement, relation=VALUE))
    if claim.tree.relations == ("≈",) or (written == "=" and _is_entry(left)):
        in_book = of_the_book(assuming(claim, context.assumptions))
        if in_book is not None:
            return replace(statement, relation=VALUE, verdict=_in_the_book(in_book, context))
    return None


def _in_the_book(claim: Claim, context: Context) -> Verdict:
    trial = attempt(claim, Way(), context.layout, hasty=False)
    said = f"a number of {claim.setting.example}" if trial.holds else f"in {claim.setting.example} {trial.reason}"
    kind = HOLDS if trial.holds else UNREADABLE if trial.unplaced else FAILS
    return Verdict(
        kind, said, setting=claim.setting.name, draws=trial.draws, error=trial.error,
        span=trial.span,
    )  # fmt: skip


def _is_entry(node: Node) -> bool:
    """Whether this is a quantity or one entry of it, of which W_{12} = 0.7 says a number."""
    while isinstance(node, Component | Example):
        node = node.base
    return isinstance(node, Symbol)


def _size(claim: Claim, size: str, number: float) -> Verdict:
    """Check a size against the book's network; that of layer l is the reader's to choose."""
    book = book_draw(claim)
    wanted = book.sizes.get(size) if book is not None else None
    if wanted is None:
        said = f"expected a size of {claim.setting.example}; {size} is none, and may be any number"
        return Verdict(UNREADABLE, said, setting=claim.setting.name)
    if wanted != number:
        said = f"{size} of {claim.setting.example} is {wanted}, not {number:g}"
        return Verdict(FAILS, said, setting=claim.setting.name)
    return Verdict(HOLDS, f"a size of {claim.setting.example}", setting=claim.setting.name)


def _set(left: Symbol, number: float, domain: tuple[float, float], statement: Statement) -> Statement:
    """Take a value as an assumption, if a draw can have it."""
    if not domain[0] <= number <= domain[1]:
        said = f"{left.name} lies between {domain[0]:g} and {domain[1]:g}, so it is never {number:g}"
        return replace(statement, verdict=replace(statement.verdict, verdict=FAILS, message=said))
    verdict = replace(statement.verdict, verdict=HOLDS, message="assumed here")
    return replace(statement, verdict=verdict, assumed=((left, number),))


def number_of(node: Node) -> float | None:
    """Return the number a node writes out, None if it is none."""
    if isinstance(node, Negate):
        inner = number_of(node.operand)
        return -inner if inner is not None else None
    return float(node.text) if isinstance(node, Number) else None


def domain_of(node: Node, claim: Claim, letters: Collection[str] = ()) -> tuple[float, float] | None:
    """Return between which numbers a page may set this quantity by ``node = number``; None where it may not.

    A label and a hyperparameter are set as their setting says, a number that is declared as one likes.
    """
    if not isinstance(node, Symbol):
        return None
    quantity = claim.setting.quantities.get(node.name)
    if quantity is not None and quantity.given is not None:
        return quantity.given
    if node.name == "π":  # a number of its own
        return None
    free = node.name in letters or (quantity is not None and claim.setting.free)
    return (-math.inf, math.inf) if free and quantity is not None and quantity.shape == () else None


def size_name(node: Node, setting: Setting) -> str:
    """Return m or n_1 where the node is a size, else nothing."""
    if not isinstance(node, Symbol):
        return ""
    if node.member is not None and node.name == setting.family.size:
        return setting.family.size_of(node.member)
    return node.name if setting.is_size(node.name) else ""


def book_draw(claim: Claim) -> Draw | None:
    """Return the setting's draw of the book's own network, if it has one."""
    try:
        return next(iter(claim.setting.draws("book")), None)
    except (KeyError, ValueError, FormulaError):
        return None


def of_the_book(claim: Claim) -> Claim | None:
    """Return a claim about quantities in the book's own network alone; None if it names none, or has a step."""
    names = {n.name for n in walk(claim.tree) if isinstance(n, Symbol)}
    book = book_draw(claim)
    if book is None or not names or names & STEPS.keys() or any(n not in claim.setting.quantities for n in names):
        return None
    setting = replace(claim.setting, draws=lambda variant: (book,))
    return replace(claim, setting=setting, memory={}, readings=())


def assuming(claim: Claim, assumptions: Sequence[tuple[Symbol, float]]) -> Claim:
    """Return the claim in draws where the assumptions hold."""
    known = [(s, v) for s, v in assumptions if s.name in claim.setting.quantities]
    if not known:
        return claim
    old = claim.setting

    def draws(variant: str) -> Sequence[Draw]:
        return [_moved(draw, known) for draw in old.draws(variant)]

    return replace(claim, setting=replace(old, draws=draws, held=old.held | {s.name for s, _ in known}), memory={})


def _moved(draw: Draw, known: Sequence[tuple[Symbol, float]]) -> Draw:
    for symbol, value in known:
        member = symbol.member.offset if symbol.member is not None and not symbol.member.letter else None
        old = draw.value(symbol.name, member)
        draw = draw.moved(symbol.name, member, old * 0 + value)
    return draw
