"""Which names of NumPy code are names of one array.

``D = A2`` makes no array: ``D -= Y`` changes A2 too.  ``A1.T`` is a view, which looks at the same numbers; arithmetic
and ``.copy()`` make a new array.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from checkedmath.subject.setting import Draw, Setting
from checkedmath.syntax.errors import FormulaError
from checkedmath.syntax.tree import Derivative, Node, Symbol, Transpose, walk

#: A name of the writer, or a symbol of the setting.
Key = str | Symbol | Derivative


@dataclass(eq=False)
class Array:
    """An array and what it holds; ``symbol`` whose it was before the text began."""

    value: Node
    symbol: Symbol | Derivative | None = None
    changed: bool = False
    perhaps: bool = False  # whether another name may look at it, or at a copy: x.reshape(…)


@dataclass(frozen=True)
class View:
    """How a name looks at an array: as it is, or transposed.

    ``right`` is the symbol that a line has claimed this to be: until the array, which held ``when``, is changed, the
    lines below may use it as right.
    """

    array: Array
    turned: bool = False
    right: Symbol | Derivative | None = None
    when: Node | None = None

    @property
    def transposed(self) -> View:
        """The same array seen transposed."""
        return View(self.array, not self.turned)

    @property
    def value(self) -> Node:
        """What is seen."""
        if self.right is not None and self.array.value is self.when:
            return self.right
        return Transpose(self.array.value) if self.turned else self.array.value


class Arrays:
    """The arrays of one text, and the names that look at them."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.views: dict[Key, View] = {}  # of names that the text has given
        self.unsure: set[Key] = set()  # that are not the same in every branch, or every round, above
        self.own: dict[Symbol | Derivative, Array] = {}  # of symbols that it has not

    def copied(self) -> Arrays:
        """Return the same arrays, as they are now: what is changed in the copy stays as it is here."""
        other = Arrays(self.setting)
        seen: dict[int, Array] = {}

        def again(array: Array) -> Array:
            return seen.setdefault(id(array), replace(array))

        other.views = {key: replace(view, array=again(view.array)) for key, view in self.views.items()}
        other.own = {symbol: again(array) for symbol, array in self.own.items()}
        other.unsure = set(self.unsure)
        return other

    def joined(self, other: Arrays) -> Arrays:
        """Return what is there below two branches: of what differs, nothing may be used."""
        keys = {*self.views, *other.views}
        changed = {symbol for one in (self, other) for symbol, array in one.own.items() if array.changed}
        differ = {key for key in keys if self._seen(key) != other._seen(key)} | changed
        found = self.copied()
        found.views = {key: view for key, view in found.views.items() if key not in differ}
        found.own = {symbol: array for symbol, array in found.own.items() if symbol not in differ}
        found.unsure |= other.unsure | differ
        return found

    def forget(self, given: set[str]) -> None:
        """Take names away that a loop has given: what they are below it depends on its last round."""
        names = {key for key, view in self.views.items() if key in given or (key != view.value and key not in given)}
        names -= {key for key in names if isinstance(key, str) and key not in given}
        changed = {symbol for symbol, array in self.own.items() if array.changed}
        self.unsure |= names | changed
        self.views = {
            key: view for key, view in self.views.items()
            if key not in names and (isinstance(key, str) or _is_of_all(key))
        }  # fmt: skip
        self.own = {symbol: array for symbol, array in self.own.items() if symbol not in changed}

    def _seen(self, key: Key) -> Node | None:
        view = self.views.get(key)
        return view.value if view is not None else None if isinstance(key, str) else key

    def view(self, key: Key) -> View | None:
        """Return what a name looks at; None for a name that is not given and is no symbol."""
        if key in self.views or isinstance(key, str):
            return self.views.get(key)
        return View(self.own.setdefault(key, Array(key, key)))

    def value(self, key: Key) -> Node | None:
        """Return what the text has made of a name; None where it has said nothing of it."""
        view = self.view(key)
        return view.value if view is not None and (key in self.views or view.array.changed) else None

    def change(self, view: View, value: Node) -> None:
        """Let what is seen here have another value, in place."""
        view.array.value = Transpose(value) if view.turned else value
        view.array.changed = True

    def names(self, array: Array) -> list[Key]:
        """Return the names that the text has given to an array."""
        return [key for key, view in self.views.items() if view.array is array]

    def perhaps_changed(self, symbol: Symbol) -> Symbol | None:
        """Return a symbol that was changed in place and may be the same array as this one, under another name."""
        if symbol in self.views:
            return None
        changed = (array.symbol for array in self.own.values() if array.changed and isinstance(array.symbol, Symbol))
        return next((other for other in changed if other != symbol and self._may_be_one(symbol, other)), None)

    def _may_be_one(self, one: Symbol, other: Symbol) -> bool:
        if one.name == other.name:  # 1 and 2, l and l - 1 are two layers; L may be 2
            return one.member is None or other.member is None or one.member.letter != other.member.letter
        known = (self.setting.quantities.get(symbol.name) for symbol in (one, other))
        if {one.name, other.name} & {quantity.column_of for quantity in known if quantity is not None}:
            return True
        # What is one array has one value: A0 and X.
        for draw in self.setting.draws("")[:1]:
            last = self.setting.family.last
            values = _values(other, draw, last)
            return any(_equal(a, b) for a in _values(one, draw, last) for b in values)
        return False


def _is_of_all(key: Symbol | Derivative) -> bool:
    """Whether a name has no letter for a number, which below a loop it would not mean any more."""
    return all(n.member is None or not n.member.letter for n in walk(key) if isinstance(n, Symbol))


def _values(symbol: Symbol, draw: Draw, last: str) -> list[Any]:
    """Return the value of a symbol in a draw, of every layer that it may be of."""
    index = symbol.member
    members: list[int | None] = [None]
    if index is not None:
        bases = {"": [0], last: [draw.members]}.get(index.letter, range(draw.members + 1))
        members = [base + index.offset for base in bases]
    found = []
    for member in members:
        try:
            found.append(draw.value(symbol.name, member))
        except (FormulaError, LookupError):
            continue  # no such layer
    return found


def _equal(a: Any, b: Any) -> bool:
    if isinstance(a, float | int) or isinstance(b, float | int):
        return False  # a number is never changed in place
    return a.shape == b.shape and bool((a == b).all())
