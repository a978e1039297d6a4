"""NumPy for one node at a time: names and sizes, arithmetic and functions."""

from __future__ import annotations

import keyword
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from checkedmath.meaning.resolution import Resolved
from checkedmath.subject.setting import Setting
from checkedmath.subject.view import ENTRY, MATRIX, SCALE
from checkedmath.syntax import tree
from checkedmath.syntax.budget import spend
from checkedmath.syntax.errors import FormulaError
from checkedmath.syntax.precedence import PYTHON_SIDES, Python
from checkedmath.syntax.writer import method_name
from checkedmath.writing.text import write_text

_GENERAL = {
    "exp": "np.exp", "log": "np.log", "sqrt": "np.sqrt", "abs": "np.abs", "sign": "np.sign",
    "tanh": "np.tanh", "cosh": "np.cosh", "sinh": "np.sinh", "sin": "np.sin", "cos": "np.cos",
    "tan": "np.tan", "arctan": "np.arctan", "tr": "np.trace", "det": "np.linalg.det",
    "norm": "np.linalg.norm", "sum": "np.sum", "mean": "np.mean", "max": "np.max",
}  # fmt: skip
_COMPARE = {"=": "==", "≠": "!=", "≤": "<=", "≥": ">="}


class NotWritten(FormulaError):
    """A formula for which there is no line of NumPy, and why."""


@dataclass(frozen=True)
class Objects:
    """How to write what no quantity of the setting says.

    ``layers`` is what stands for a letter of a layer, ``{"l": "2", "L": "net.L"}``; a letter that
    is not in it is a variable.  ``between`` writes ∂u/∂v of two quantities in numerator layout, or
    returns "".  ``derivative`` names a function of (f, x) that returns ∂f/∂x, the axes of f first.
    """

    members: Mapping[str, str] = field(default_factory=dict)
    between: Callable[[tree.Symbol, tree.Symbol], str] | None = None
    derivative: str = ""


class Piece(NamedTuple):
    """An expression, and how tightly its outermost operator binds."""

    code: str
    level: Python = Python.ATOM


class NumpyWriter:
    """Writes resolved nodes; each method returns a `Piece`."""

    def __init__(
        self,
        setting: Setting,
        objects: Objects | None = None,
        variables: Mapping[tree.Symbol, str] | None = None,
    ) -> None:
        self.setting, self.objects = setting, objects or Objects()
        self.variables = variables or {}  # symbols that a lambda binds

    def write(self, item: Resolved) -> Piece:
        """Return the expression for a node.  Raises `NotWritten` where there is none."""
        spend()
        return getattr(self, method_name(type(item.node).__name__))(item)

    def code(self, item: Resolved, level: Python = Python.COMPARE) -> str:
        """Return the expression, in brackets if it binds less tightly than ``level``."""
        piece = self.write(item)
        return piece.code if piece.level >= level else f"({piece.code})"

    def operator(self, sign: str, item: Resolved, level: Python) -> Piece:
        """Return the two parts joined by an operator of Python."""
        left, right = PYTHON_SIDES[sign]
        parts = self.code(item.parts[0], left), self.code(item.parts[1], right)
        return Piece(f" {sign} ".join(parts), level)

    # -- names and sizes -----------------------------------------------------------------------

    def member(self, index: tree.Index | None) -> str:
        """Return a layer number as Python."""
        if index is None or not index.letter:
            return str(index.offset) if index is not None else ""
        return _shifted(self.objects.members.get(index.letter, index.letter), index.offset)

    def held(self, name: str, member: tree.Index | None) -> str:
        """Return where a quantity is held; without a place its name is a variable."""
        quantity = self.setting.quantities.get(name)
        if quantity is not None and quantity.numpy:
            return quantity.numpy.replace("{l}", self.member(member))
        variable = name + "_" * keyword.iskeyword(name)
        return f"{variable}[{self.member(member)}]" if member is not None else variable

    def size(self, dimension: str) -> str:
        """Return a dimension as Python: n_2, n_{l-1}, m, 5."""
        if dimension.isdigit() or dimension in self.setting.quantities:
            return dimension if dimension.isdigit() else self.held(dimension, None)
        name, _, rest = dimension.partition("_")
        index = rest.strip("{}")
        if not rest or name not in self.setting.quantities:
            for quantity in self.setting.quantities.values():
                if dimension in quantity.shape and not quantity.numbered:
                    place = quantity.shape.index(dimension)
                    return f"{self.held(quantity.name, None)}.shape[{place}]"
            raise NotWritten(f"{self.setting.name} does not say where the size {dimension} is held")
        if index.isdigit():
            return self.held(name, tree.Index("", int(index)))
        return self.held(name, tree.Index(index[0], int(index[1:] or 0)))

    def place(self, index: tree.Index) -> str:
        """Return an index, which counts from 1, as Python's, which counts from 0."""
        if not index.letter:
            return str(index.offset - 1)
        return _shifted(index.letter, index.offset)

    # -- nodes ---------------------------------------------------------------------------------

    def number(self, item: Resolved) -> Piece:
        """Return a number as it was written."""
        return Piece(item.node.text)  # type: ignore[attr-defined]

    def symbol(self, item: Resolved) -> Piece:
        """Return where the quantity is held."""
        node: tree.Symbol = item.node  # type: ignore[assignment]
        if node.dotted:
            raise NotWritten("a change along a direction: backprop's objects hold none")
        return Piece(self.variables.get(node) or self.held(node.name, node.member))

    def constant(self, item: Resolved) -> Piece:
        """Return ones, the unit matrix or a number."""
        if item.how == "ones" and item.shape:
            return Piece(f"np.ones(({', '.join(map(self.size, item.shape))}))")
        if item.how == "unit matrix" and item.shape:
            return Piece(f"np.eye({self.size(item.shape[0])})")
        return Piece({"e": "np.e", "0": "0"}.get(item.node.name, "1"))  # type: ignore[attr-defined]

    def written_out(self, item: Resolved) -> Piece:
        """Return np.array of the rows."""
        codes, width = [self.code(part) for part in item.parts], len(item.node.rows[0])  # type: ignore[attr-defined]
        rows = (", ".join(codes[n : n + width]) for n in range(0, len(codes), width))
        return Piece("np.array([[" + "], [".join(rows) + "]])")

    def by_index(self, item: Resolved) -> Piece:
        """Raise `NotWritten`: that is a loop."""
        raise NotWritten("an array by its entries takes a loop")

    def change(self, item: Resolved) -> Piece:
        """Raise `NotWritten`: a direction has no name."""
        raise NotWritten("a differential is a change along a direction, which has no name")

    def delta(self, item: Resolved) -> Piece:
        """Return Kronecker's δ, True where the indices are equal."""
        node: tree.Delta = item.node  # type: ignore[assignment]
        return Piece(f"({self.place(node.first)} == {self.place(node.second)})")

    def add(self, item: Resolved) -> Piece:
        """Return a sum."""
        return self.operator("+", item, Python.SUM)

    def subtract(self, item: Resolved) -> Piece:
        """Return a difference."""
        return self.operator("-", item, Python.SUM)

    def negate(self, item: Resolved) -> Piece:
        """Return -x."""
        return Piece("-" + self.code(item.parts[0], Python.SIGNED), Python.SUM)

    def multiply(self, item: Resolved) -> Piece:
        """Return the product that the shapes say it is."""
        if item.how == MATRIX:
            return self.matmul(item)
        if item.how in {ENTRY, SCALE, "numpy"}:
            return self.operator("*", item, Python.PRODUCT)
        if item.how == "outer":
            return Piece(f"np.outer({self.code(item.parts[0])}, {self.code(item.parts[1])})")
        raise NotWritten("a Jacobian for each column takes more than one line of NumPy")

    def matmul(self, item: Resolved) -> Piece:
        """Return A @ B."""
        left = self.write(item.parts[0])
        # A @ B @ C needs no brackets on its left.
        plain = left.level in {Python.MATMUL, Python.ATOM}
        code = left.code if plain else f"({left.code})"
        return Piece(f"{code} @ {self.code(item.parts[1], Python.ATOM)}", Python.MATMUL)

    def divide(self, item: Resolved) -> Piece:
        """Return a quotient."""
        return self.operator("/", item, Python.PRODUCT)

    def power(self, item: Resolved) -> Piece:
        """Return a power."""
        if item.how == "matrix power":
            base, exponent = map(self.code, item.parts)
            return Piece(f"np.linalg.matrix_power({base}, {exponent})")
        return self.operator("**", item, Python.POWER)

    def transpose(self, item: Resolved) -> Piece:
        """Return x.T."""
        if not item.shape:
            return self.write(item.parts[0])
        code = self.code(item.parts[0], Python.ATOM)
        return Piece(code.removesuffix(".T") if code.endswith(".T") else code + ".T")

    primed = transpose

    def inverse(self, item: Resolved) -> Piece:
        """Return the inverse."""
        if not item.shape:
            return Piece(f"1 / {self.code(item.parts[0], Python.ATOM)}", Python.PRODUCT)
        return Piece(f"np.linalg.inv({self.code(item.parts[0])})")

    def apply(self, item: Resolved) -> Piece:
        """Return the value of a function."""
        node: tree.Apply = item.node  # type: ignore[assignment]
        argument = self.code(item.parts[0])
        if node.name == "diag":
            if not item.shape:
                return self.write(item.parts[0])
            column = item.shape[1:] == ("1",)
            return Piece(f"np.diag({argument})[:, None]" if column else f"np.diagflat({argument})")
        if node.name in {"tr", "det"} and not item.parts[0].shape:
            return self.write(item.parts[0])
        if item.how == "stack":
            raise NotWritten("a Jacobian for each column takes more than one line of NumPy")
        if self.variables and node.name in {"abs", "norm"}:
            # Fit for complex numbers, with which a derivative may be taken.
            squared = f"{self.code(item.parts[0], Python.ATOM)} ** 2"
            return Piece(f"np.sqrt({squared if node.name == 'abs' else f'np.sum({squared})'})")
        primes, name = self._function(node, item)
        if item.how == "columns jacobian":
            return Piece(f"{name}.jacobian({argument})")
        if primes > 1 or (primes and name.startswith("np.") and node.name != "tanh"):
            raise NotWritten(f"there is no function for {write_text(node)}")
        if primes and name == "np.tanh":
            name = "tanh"
        return Piece(f"{name}{'.prime' * primes}({argument})")

    def _function(self, node: tree.Apply, item: Resolved) -> tuple[int, str]:
        function = self.setting.functions.get(node.name)
        if function is None or not function.numpy:
            return node.primes, _GENERAL.get(node.name, node.name)
        member = item.extra if isinstance(item.extra, tree.Index) else node.member
        return node.primes - function.primes, function.numpy.replace("{l}", self.member(member))

    def axis_sum(self, item: Resolved) -> Piece:
        """Return np.sum or np.mean."""
        node: tree.AxisSum = item.node  # type: ignore[assignment]
        if node.axis == tree.FIRST_LONG:
            raise NotWritten("NumPy has no sum down the first axis that is longer than 1")
        axis = f", axis={node.axis}" if node.axis is not None else ""
        keep = ", keepdims=True" if node.keepdims else ""
        column = ".reshape(-1, 1)" if item.how == "column" else ""
        add = "np.mean" if node.mean else "np.sum"
        return Piece(f"{add}({self.code(item.parts[0])}{axis}{keep}){column}")

    def maximum(self, item: Resolved) -> Piece:
        """Return the larger of two."""
        return Piece(f"np.maximum({self.code(item.parts[0])}, {self.code(item.parts[1])})")

    def compare(self, item: Resolved) -> Piece:
        """Return a condition."""
        op = item.node.op  # type: ignore[attr-defined]
        left, right = (self.code(part, Python.SUM) for part in item.parts)
        return Piece(f"{left} {_COMPARE.get(op, op)} {right}", Python.COMPARE)

    def cases(self, item: Resolved) -> Piece:
        """Return np.where."""
        node: tree.Cases = item.node  # type: ignore[assignment]
        parts = list(item.parts)
        branches = []
        for _, condition in node.branches:
            value = self.code(parts.pop(0))
            branches.append((value, self.code(parts.pop(0)) if condition is not None else ""))
        code = branches[-1][0]
        for value, when in reversed(branches[:-1]):
            code = f"np.where({when}, {value}, {code})"
        return Piece(code)


def _shifted(code: str, offset: int) -> str:
    if not offset:
        return code
    if code.isdigit():
        return str(int(code) + offset)
    return f"{code} {'+' if offset > 0 else '-'} {abs(offset)}"
