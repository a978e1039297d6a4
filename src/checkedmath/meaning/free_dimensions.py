"""Dimensions of free letters, which become equal where something needs it, and the letters' shapes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from checkedmath.meaning.resolution import say
from checkedmath.subject.setting import Shape
from checkedmath.syntax.errors import ShapeError
from checkedmath.syntax.tree import Node

#: Letters that are numbers where nothing else is said.
NUMBERS = set("tsckαβγδεζηθικλμνξπρστυφχψω")
DIMENSIONS = "pqrsuvwn"
#: What says, in a letter's name, that it is the weight of a quantity in a loss: it has that one's shape.
WEIGHT = "·"

#: A shape, or None where nothing says it: that of a derivative depends on the layout, that of I and 𝟏 on its place.
Found = Shape | None


class Clash(ShapeError):
    """Two sizes with names would have to be one."""


class Dimensions:
    """Shapes of letters.  A dimension with a dot in its name, ``x.rows``, is free: it may still become another."""

    def __init__(self, lets: Mapping[str, Shape], defined: Mapping[str, Node], *, coded: bool = False) -> None:
        self.coded = coded  # NumPy adds a number to an array
        self.parents: dict[str, str] = {}
        self.shapes: dict[str, Shape] = {n: s if len(s) == 2 else (*s, "1") if s else () for n, s in lets.items()}
        self.defined = {n: body for n, body in defined.items() if n not in self.shapes}
        self.least: dict[str, int] = {}  # the largest number that counts along a dimension: of x_3 there are three
        self.names: dict[str, str] = {}
        self.repeated: set[str] = set()  # letters that are added to each row or column of a matrix

    # -- letters and dimensions -----------------------------------------------------------------

    def of_symbol(self, letter: str) -> Shape:
        """Return a letter's shape: declared, that of what defines it, or the most general of its kind."""
        if letter not in self.shapes:
            body = self.defined.pop(letter, None)
            found = self.shape(body) if body is not None else None
            self.shapes[letter] = found if found is not None else self._general(letter)
        return self.shapes[letter]

    def _general(self, letter: str) -> Shape:
        if WEIGHT in letter:
            return self.of_symbol(letter.partition(WEIGHT)[2])
        base = letter[1:] if len(letter) > 1 and letter.startswith("d") else letter
        if base[0] in NUMBERS and (len(base) == 1 or not base[1].isalpha()):
            return ()
        if base[0].islower():
            return (f"{letter}.rows", "1")
        return (f"{letter}.rows", f"{letter}.columns")

    def root(self, dimension: str) -> str:
        """Return the dimension that this one has become."""
        while dimension in self.parents:
            dimension = self.parents[dimension]
        return dimension

    def join(self, a: str, b: str, node: Node) -> None:
        """Make two dimensions one.  Raises `ShapeError` for two that have names; a free one never becomes 1."""
        a, b = self.root(a), self.root(b)
        if a == b:
            return
        if "." not in a and "." not in b:
            raise Clash(f"sizes {a} and {b} would have to be equal", node)
        free, other = (a, b) if "." in a else (b, a)
        if other == "1":
            raise ShapeError(f"a size of {free.partition('.')[0]} would have to be 1", node)
        self.parents[free] = other

    def equal(self, a: Found, b: Found, node: Node) -> Found:
        """Make two shapes one, where both are arrays."""
        if a and b:
            if len(a) != len(b):
                raise ShapeError(f"{say(a)} and {say(b)} would have to be equal", node)
            for x, y in zip(a, b, strict=True):
                self.join(x, y, node)
        return a or b

    def attempt(self, make: Callable[[], Found]) -> Found:
        """Return what ``make`` returns; where it raises a `ShapeError` nothing has become equal."""
        before = dict(self.parents), dict(self.shapes), dict(self.defined), dict(self.least)
        try:
            return make()
        except ShapeError:
            self.parents, self.shapes, self.defined, self.least = before
            raise

    def demand(self, node: Node) -> None:
        """Take what an expression needs by itself; one that cannot be well-formed needs nothing."""
        try:
            self.attempt(lambda: self.shape(node))
        except ShapeError:
            return

    def named(self, letter: str) -> Shape:
        """Return a letter's shape with its free sizes called p, q, r and so on."""
        return tuple(self._name(d) for d in self.of_symbol(letter))

    def _name(self, dimension: str) -> str:
        root = self.root(dimension)
        if "." not in root:
            return root
        taken = {*self.names.values(), *(d for s in self.shapes.values() for d in s if "." not in d)}
        return self.names.setdefault(root, next(d for d in _endless(DIMENSIONS) if d not in taken))

    def used(self) -> dict[str, int]:
        """Return the named sizes, each with the least it may be."""
        found = {self._name(d): 0 for s in self.shapes.values() for d in s if not self.root(d).isdigit()}
        for dimension, count in self.least.items():
            size = self._name(dimension)
            found[size] = max(found.get(size, 0), count)
        return {size: count for size, count in found.items() if not size.isdigit()}

    def shape(self, node: Node, indices: dict[str, str] | None = None) -> Found:
        """Return the shape of an expression; `checkedmath.meaning.free_sizes` knows those of all kinds."""
        raise NotImplementedError


def _endless(letters: str) -> Iterator[str]:
    yield from letters
    n = 1
    while True:
        yield from (f"{c}{n}" for c in letters)
        n += 1


__all__ = ["NUMBERS", "WEIGHT", "Clash", "Dimensions", "Found"]
