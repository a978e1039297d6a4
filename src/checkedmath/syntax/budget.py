"""How much work one text may cost: counted in steps and not in seconds, so that each machine says the same.

Reading, judging and writing spend from the one budget of their text.  A step is a node that is resolved,
evaluated, changed or written, or a term that is added up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from checkedmath.syntax.errors import TooLong, TooMuch

#: The longest text, in characters; nothing looks at a longer one.
MAX_LENGTH = 4000
#: Each statement is read where it stands in the text, and judged by itself, so many of them take long.
MAX_STATEMENTS = 60
#: The largest tree, and the deepest, and how many brackets may stand in one another.
MAX_NODES, MAX_DEPTH, MAX_NESTING = 2000, 100, 60
#: What one text may cost in all: a second or two.  The dearest of the test cases costs an eighth of it.
MAX_STEPS = 800_000


class Overspent(Exception):
    """The steps are used up.  No `FormulaError`: no judgement may take a text for false because it was too much."""


class _Purse:
    def __init__(self, limit: float) -> None:
        self.limit, self.spent = limit, 0
        # What this text has taken from which memory; the memory is held, so that its place stays its own.
        self.paid: dict[int, tuple[MutableMapping[Any, Any], set[Any]]] = {}


#: Where no text is being judged, what is spent is counted and never used up.
_NOBODYS = _Purse(float("inf"))
_purse: ContextVar[_Purse] = ContextVar("purse", default=_NOBODYS)


def spend(steps: int = 1) -> None:
    """Take steps from the text's budget.  Raises `Overspent` when there are no more."""
    purse = _purse.get()
    purse.spent += steps
    if purse.spent > purse.limit:
        raise Overspent


@contextmanager
def budget(text: str, tries: int = 1) -> Iterator[None]:
    """Give a text its steps, once for each of so many tries; within the work on a text, all belongs to that one.

    Raises `TooMuch` for a text that is too long, or that costs too much.
    """
    if len(text) > MAX_LENGTH:
        raise TooLong(text, MAX_LENGTH, f"at most {MAX_LENGTH} characters; this text has {len(text)}")
    if _purse.get() is not _NOBODYS:
        yield
        return
    token = _purse.set(_Purse(tries * MAX_STEPS))
    try:
        yield
    except Overspent:
        raise TooMuch(text, 0, "a formula that takes less work") from None
    finally:
        _purse.reset(token)


def spent() -> int:
    """Return how many steps the text has cost so far."""
    return _purse.get().spent


def remembered(memory: MutableMapping[Any, Any], key: Any, make: Callable[[], Any]) -> Any:
    """Return what a memory holds under a key, made now if it holds nothing.

    Both cost the same, so that no verdict depends on what was judged before, and a text pays once for each.
    """
    purse = _purse.get()
    paid: set[Any] = set() if purse is _NOBODYS else purse.paid.setdefault(id(memory), (memory, set()))[1]
    if key in memory:
        found, price = memory[key]
        spend(0 if key in paid else price)
    else:
        before = spent()
        found = make()
        memory[key] = found, spent() - before
    paid.add(key)
    return found


def unbilled(make: Callable[..., Any], *arguments: Any) -> Any:
    """Return what is made for all texts alike, the values of a draw, for which none of them pays."""
    token = _purse.set(_NOBODYS)
    try:
        return make(*arguments)
    finally:
        _purse.reset(token)


__all__ = [
    "MAX_DEPTH", "MAX_LENGTH", "MAX_NESTING", "MAX_NODES", "MAX_STEPS", "Overspent", "budget", "remembered", "spend",
    "spent", "unbilled",
]  # fmt: skip
