"""NumPy over the book's objects: one line that asserts a formula, and never assigns.

``np.testing.assert_allclose(grads.dZ[1], (net.W[2].T @ grads.dZ[2]) * net.g[1].prime(cache.Z[1]))``

The writer is given a resolved tree, because what a sign means is known only there.  Where a
quantity is held, the setting says (`Quantity.numpy`); free indices become loops from 0.
"""

from __future__ import annotations

from itertools import pairwise

from checkedmath.meaning.indices import free_indices
from checkedmath.meaning.resolution import Resolved
from checkedmath.subject.setting import Setting, Shape
from checkedmath.subject.view import COURSE, DENOMINATOR, NUMERATOR
from checkedmath.syntax import tree
from checkedmath.syntax.precedence import Python
from checkedmath.writing.numpy_nodes import NotWritten, NumpyWriter, Objects, Piece
from checkedmath.writing.text import write_text

__all__ = ["NotWritten", "Objects", "write_assertion", "write_numpy"]

_ORDERED = {"<": "less", "≤": "less_equal", ">": "greater", "≥": "greater_equal"}


def write_numpy(item: Resolved, setting: Setting, objects: Objects | None = None) -> str:
    """Return the resolved node as a NumPy expression.

    ``objects`` says what stands for l and L and how derivatives are written.  Raises `NotWritten`
    where there is no such expression.
    """
    return IndexedWriter(setting, objects).write(item).code


def write_assertion(
    terms: tuple[Resolved, ...],
    relations: tuple[str, ...],
    setting: Setting,
    objects: Objects | None = None,
) -> str:
    """Return one line that raises where the chain of terms does not hold, and assigns nothing.

    Arguments as for `write_numpy`.  Raises `NotWritten` where there is no such line.
    """
    if not relations:
        raise NotWritten("nothing to assert: the formula has no relation")
    writer = IndexedWriter(setting, objects)
    free = set().union(*(free_indices(term.node) for term in terms))
    letters = [letter for letter in _in_order(terms) if letter in free]
    sides = [writer.looped(term, letters, terms) for term in terms]
    # Beside 0 there is nothing to which an error could be compared.
    zeros = [isinstance(term.node, tree.Number) and not float(term.node.text) for term in terms]
    pairs = zip(sides, sides[1:], relations, (a or b for a, b in pairwise(zeros)), strict=False)
    return "; ".join(_asserted(left, right, relation, zero=zero) for left, right, relation, zero in pairs)


def _asserted(left: str, right: str, relation: str, *, zero: bool) -> str:
    if relation in {"=", ":="}:
        return f"np.testing.assert_allclose({left}, {right}{', atol=1e-12' if zero else ''})"
    if relation == "≈":
        return f"np.testing.assert_allclose({left}, {right}, rtol=0.01)"
    if relation == "≠":
        return f"assert not np.allclose({left}, {right})"
    if relation in _ORDERED:
        return f"assert np.all(np.{_ORDERED[relation]}({left}, {right}))"
    raise NotWritten(f"NumPy has no check for {relation}")


class IndexedWriter(NumpyWriter):
    """Writes what has indices, and derivatives; free indices become loops."""

    def looped(self, item: Resolved, letters: list[str], terms: tuple[Resolved, ...]) -> str:
        """Return the expression as a list over the free indices of the formula."""
        code = self.code(item)
        if letters and not item.shape and self._held_in_brackets(item.node):
            code = f"np.squeeze({code})"
        for letter in reversed(letters):
            size = next(s for term in terms if (s := _range_of(letter, term)))
            code = f"[{code} for {letter} in range({self.size(size)})]"
        return code

    def _held_in_brackets(self, node: tree.Node) -> bool:
        """Whether a number comes out as an array of one entry: z of one unit is held as (1, 1)."""
        known = self.setting.quantities
        symbols = (n for n in tree.walk(node) if isinstance(n, tree.Symbol) and n.name in known)
        return any(known[symbol.name].shape == ("1", "1") for symbol in symbols)

    def component(self, item: Resolved) -> Piece:
        """Return one entry."""
        base, indices = item.parts[0], [self.place(index) for index in item.extra]
        if len(indices) == 1 and len(base.shape) == 2:
            indices = [indices[0], "0"] if base.shape[1] == "1" else ["0", indices[0]]
        return Piece(f"{self.code(base, Python.ATOM)}[{', '.join(indices)}]")

    def example(self, item: Resolved) -> Piece:
        """Return the column of one example."""
        if item.how == "only example":
            return self.write(item.parts[0])
        index, axis = item.extra
        if not item.shape:
            return Piece(f"{self.code(item.parts[0], Python.ATOM)}[0, {self.place(index)}]")
        place = f"[{self.place(index)}]"
        places = f":, {place}" if axis == 1 else f"{place}, :"
        return Piece(f"{self.code(item.parts[0], Python.ATOM)}[{places}]")

    def sum_over(self, item: Resolved) -> Piece:
        """Return a sum over an index."""
        body = self.code(item.parts[0])
        if item.how == "sum of columns":
            return Piece(f"np.sum({body}, axis={item.extra}, keepdims=True)")
        if item.how != "sum":
            raise NotWritten(f"a sum over {self.setting.family.word}s takes more than one line of NumPy")
        letter, size = item.extra
        return Piece(f"sum({body} for {letter} in range({self.size(size)}))")

    def derivative(self, item: Resolved) -> Piece:
        """Return a derivative: computed, if `Objects` says how, else a gradient that is held."""
        of, by = item.parts
        if not isinstance(_bare(of), tree.Symbol):
            return self._of_expression(item)
        u, v = _symbol_of(of), _symbol_of(by)
        code = self.objects.between(u, v) if self.objects.between is not None else ""
        computed = bool(code)
        turned = item.extra == DENOMINATOR or (item.extra == COURSE and not of.shape)
        if not code:
            code, turned = self._gradient(u, v), item.extra == NUMERATOR
        whole = isinstance(of.node, tree.Symbol) and not isinstance(by.node, tree.Component)
        if code and whole and item.extra in {COURSE, NUMERATOR, DENOMINATOR}:
            return Piece(code + ".T" * (turned and bool(item.shape)))
        places = self._entry(of, by, not computed) if code else []
        if not places:
            raise NotWritten(f"the book's objects hold no {write_text(item.node)}")
        return Piece(f"{code}[{', '.join(places)}]")

    def _gradient(self, u: tree.Symbol, v: tree.Symbol) -> str:
        for quantity in self.setting.quantities.values():
            if quantity.gradient == (u.name, v.name) and quantity.numpy:
                return self.held(quantity.name, v.member)
        return ""

    def _of_expression(self, item: Resolved) -> Piece:
        """Return the derivative of an expression by a symbol that stands in it."""
        of, by = item.parts
        v = _symbol_of(by)
        symbols = {node for node in tree.walk(of.node) if isinstance(node, tree.Symbol)}
        free = all(quantity.gradient is None for quantity in self.setting.quantities.values())
        explicit = symbols == {v} or (free and v in symbols)
        whole = isinstance(by.node, tree.Symbol) and item.extra in {COURSE, NUMERATOR, DENOMINATOR}
        if not (self.objects.derivative and whole and explicit):
            raise NotWritten(f"the book's objects hold no {write_text(item.node)}")
        inner = IndexedWriter(self.setting, self.objects, {v: v.name})
        at = self.held(v.name, v.member)
        code = f"{self.objects.derivative}(lambda {v.name}: {inner.code(of)}, {at})"
        if not of.shape:
            turned = ".T" * (item.extra == NUMERATOR and bool(by.shape))
            return Piece(code + (f".reshape({at}.shape)" if by.shape else ".item()") + turned)
        if by.shape:  # the axes of u come first, then those of v
            code += "[0, :, :, 0]" if of.shape[0] == "1" else "[:, 0, :, 0]"
        return Piece(code + ".T" * (item.extra == DENOMINATOR))

    def _entry(self, of: Resolved, by: Resolved, held: bool) -> list[str]:
        """Return where in the whole derivative the entry ∂u_i/∂v_j stands, or nothing."""
        if not isinstance(by.node, tree.Component):
            return []
        column = by.parts[0].shape[1:] == ("1",)
        places = [self.place(index) for index in by.extra] + ["0"] * (column and len(by.extra) == 1)
        if isinstance(of.node, tree.Symbol) and not of.shape and len(places) == 2:
            return places if held else places[::-1]
        entries = isinstance(of.node, tree.Component) and of.parts[0].shape[1:] == ("1",)
        return [self.place(of.extra[0]), places[0]] if entries and column and not held else []


def _bare(item: Resolved) -> tree.Node:
    """Return what is left of an index, an example and a transpose."""
    node = item.node
    while isinstance(node, tree.Component | tree.Example | tree.Transpose):
        node = node.operand if isinstance(node, tree.Transpose) else node.base
    return node


def _symbol_of(item: Resolved) -> tree.Symbol:
    node = _bare(item)
    if not isinstance(node, tree.Symbol):
        raise NotWritten(f"the book's objects hold no derivative with respect to {write_text(node)}")
    return node


def _in_order(terms: tuple[Resolved, ...]) -> list[str]:
    """Return the letters of indices in the order they are met."""
    found: dict[str, None] = {}
    for term in terms:
        for node in tree.walk(term.node):
            indices = node.indices if isinstance(node, tree.Component) else ()
            indices = (node.index,) if isinstance(node, tree.Example) else indices
            found.update(dict.fromkeys(index.letter for index in indices if index.letter))
    return list(found)


def _range_of(letter: str, item: Resolved) -> str:
    """Return the size an index runs over, read off the quantity it stands at."""
    if isinstance(item.node, tree.Component):
        base: Shape = item.parts[0].shape
        long = tuple(size for size in base if size != "1") or ("1",)
        for index, size in zip(item.extra, base if len(item.extra) == 2 else long, strict=False):
            if index.letter == letter:
                return size
    if isinstance(item.node, tree.Example) and item.how == "example":
        index, axis = item.extra
        if index.letter == letter:
            return item.parts[0].shape[axis]
    return next((found for part in item.parts if (found := _range_of(letter, part))), "")
