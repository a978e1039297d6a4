"""Whether what a loss or a cost is written to be taken at is a list that says so: L(a, y), J(W, b), J(W, b, x, y).

By its setting each name has a role in such a list.  What is no list of them is refused: L(a, a) is not the loss L.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from checkedmath.reading.flatten import Flat
from checkedmath.subject.setting import Setting
from checkedmath.syntax.errors import Unreadable
from checkedmath.syntax.tree import (
    Apply,
    Chain,
    Component,
    Derivative,
    Example,
    Index,
    Node,
    Span,
    SumOver,
    Symbol,
    walk,
)

PREDICTION, SCORE, LABEL, WEIGHT, BIAS, INPUT = "prediction", "score", "label", "weight", "bias", "input"
EXPECTED = (
    "a list of what this is a function of, each once: a prediction and its label, L(a, y), or the parameters, all of"
    " them or those that it is differentiated by, J(W, b)"
)
#: Notes on lists in the order or of the letters of other books.
SWAPPED = "{name}({one}, {other}) is read with {other} as the prediction and {one} as the label"
OF_SCORE = "{name}({one}, {other}) is read with what follows from {one} as the prediction and {other} as the label"


def notes_on_lists(
    chain: Chain, calls: Mapping[Span, tuple[str, Sequence[Node]]], flat: Flat, setting: Setting
) -> list[str]:
    """Return notes on the lists whose order or letters are another book's.

    ``calls`` are the numbers that a text takes at something, by their places.  Raises `Unreadable` for a list that
    says something else, and where one text has two orders.
    """
    notes, orders = list[str](), set[tuple[str, ...]]()
    derivatives = [node for node in walk(chain) if isinstance(node, Derivative)]
    sums = [node for node in walk(chain) if isinstance(node, SumOver)]
    for span, (name, values) in calls.items():
        by = min((d for d in derivatives if _holds(d, span)), key=lambda d: d.span[1] - d.span[0], default=None)
        roles = tuple(setting.roles.get(_name(value), "") for value in values)
        whole = any(_holds(one, span) for one in sums) and any(_is_batch(value, setting) for value in values)
        orders |= {roles} if LABEL in roles and len(roles) == 2 else set()
        right = _is_pair(roles, by, setting) or _are_parameters(values, roles, by, setting)
        if not right or whole or len(orders) > 1:
            raise Unreadable(flat.source, span[0], EXPECTED)
        if len(roles) == 2 and roles != (PREDICTION, LABEL) and LABEL in roles:
            one, other = (flat.source[slice(*value.span)].strip() for value in values)
            notes.append((SWAPPED if roles[0] == LABEL else OF_SCORE).format(name=name, one=one, other=other))
    return notes


def _holds(node: Node, span: Span) -> bool:
    return node.span[0] <= span[0] and span[1] <= node.span[1]


def _bare(node: Node) -> Node:
    """Return what is numbered, without the number of an entry or an example."""
    while isinstance(node, Example | Component):
        node = node.base
    return node


def _name(node: Node) -> str:
    """Return the name whose role an argument has: of σ(z) that of the function."""
    node = _bare(node)
    return node.name if isinstance(node, Symbol | Apply) else ""


def _is_batch(node: Node, setting: Setting) -> bool:
    """Whether this has a column for each example, all of them."""
    quantity = setting.quantities.get(_name(node))
    return quantity is not None and not isinstance(node, Example) and setting.examples in quantity.shape


def _is_pair(roles: Sequence[str], by: Derivative | None, setting: Setting) -> bool:
    """Whether one is predicted and one is the label; of a score the loss is no function of the prediction."""
    if sorted(roles) == sorted((PREDICTION, LABEL)):
        return True
    after = by is not None and setting.roles.get(_name(by.by)) == PREDICTION
    return tuple(roles) == (SCORE, LABEL) and not after


def _are_parameters(values: Sequence[Node], roles: Sequence[str], by: Derivative | None, setting: Setting) -> bool:
    """Whether these are parameters, each once, and behind them the input and the label or neither."""
    given = [role for role in roles if role in {INPUT, LABEL}]
    first = roles[: len(roles) - len(given)]
    named = [_numbered(value) for value in values]
    if given not in ([], [INPUT, LABEL]) or not first or not set(first) <= {WEIGHT, BIAS}:
        return False
    if len(set(named)) < len(named):
        return False
    members = {role: {n for r, (_, n) in zip(first, named, strict=False) if r == role} for role in first}
    role = setting.roles.get(_name(by.by), "") if by is not None else ""
    if by is not None and role in {WEIGHT, BIAS}:
        return bool({None, _numbered(by.by)[1]} & members.get(role, set()))
    return WEIGHT in first and all(_is_all(numbers, setting) for numbers in members.values())


def _numbered(node: Node) -> tuple[str, Index | None]:
    node = _bare(node)
    return (node.name, node.member) if isinstance(node, Symbol) else ("", None)


def _is_all(members: Iterable[Index | None], setting: Setting) -> bool:
    """Whether a parameter stands for all of its kind, without a number or with the letter of any, or each is named."""
    numbers = {n.offset for n in members if n is not None and not n.letter}
    return not numbers or numbers == set(range(1, setting.member_count + 1))
