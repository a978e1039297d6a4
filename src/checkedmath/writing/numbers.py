"""A formula with numbers: every symbol replaced by its value.

The values come from a mapping (`checkedmath.writing.evaluated` finds them in the book's network); the formula
is written in LaTeX, with matrices, or as text, with rows between brackets.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from checkedmath.subject.setting import Setting
from checkedmath.syntax import tree
from checkedmath.writing.latex import LatexWriter
from checkedmath.writing.unicode import UnicodeWriter
from checkedmath.writing.writer import InSetting

DIGITS = 3
#: The value of a node: a number, or rows of numbers.
Values = Mapping[tree.Node, Any]
_LATEX, _TEXT = "latex", "text"


def write_numbers(
    node: tree.Node,
    values: Values,
    setting: Setting | None = None,
    *,
    digits: int = DIGITS,
    style: str = _LATEX,
) -> str:
    r"""Return the formula with values in place of symbols, or of whole parts such as g′(Z).

    ``style`` is ``"latex"`` or ``"text"``; another raises `KeyError`.  What is not in ``values``
    stays, and so does what stands under a ∂, a Σ or an index, which says what is picked out.

    >>> b, J = tree.Symbol("b", tree.Index("", 1)), tree.Symbol("J")
    >>> print(write_numbers(tree.Transpose(b), {b: [[0.25], [-1.0]]}))
    \begin{pmatrix} 0.25 \\ -1 \end{pmatrix}^{T}
    >>> print(write_numbers(tree.Add(b, J), {b: [[0.25], [-1.0]], J: 0.6931}, style="text"))
    [0.25; −1] + 0.693
    """
    kind = {_LATEX: _LatexNumbers, _TEXT: _TextNumbers}[style]
    return kind(values, setting, digits).write(node)


class _Numbers(InSetting):
    """Puts values in place of symbols, but not where an index or a ∂ picks something out."""

    def __init__(self, values: Values, setting: Setting | None, digits: int) -> None:
        super().__init__(setting)
        self.values, self.digits = values, digits
        self.kept = 0

    def write(self, node: tree.Node) -> str:
        """Return the node with numbers."""
        if self.has_value(node):
            return self.value(node)
        keeps = isinstance(node, tree.Component | tree.Example | tree.Derivative | tree.SumOver)
        self.kept += keeps
        written = super().write(node)
        self.kept -= keeps
        return written

    def placed(self, node: tree.Node, parent: tree.Node, place: str) -> str:
        """Return a node in its place; a value needs no brackets but its own."""
        return self.value(node) if self.has_value(node) else super().placed(node, parent, place)

    def has_value(self, node: tree.Node) -> bool:
        """Whether a value stands here in place of the node."""
        return not self.kept and node in self.values

    def value(self, node: tree.Node) -> str:
        """Return the value of a node: a number, or rows of numbers."""
        value = self.values[node]
        value = value.tolist() if hasattr(value, "tolist") else value
        rows = value if isinstance(value, list) else [value]
        if not isinstance(rows[0], list):
            rows = [rows]
        written = [[self.number_text(rounded(entry, self.digits)) for entry in row] for row in rows]
        if len(written) > 1 or len(written[0]) > 1:
            return self.matrix(written)
        single = written[0][0]
        return f"({single})" if single[0] in "-−" else single

    def number_text(self, number: str) -> str:
        """Return a rounded number as it is written here."""
        raise NotImplementedError

    def matrix(self, rows: list[list[str]]) -> str:
        """Return rows of written numbers as one text."""
        raise NotImplementedError


class _LatexNumbers(_Numbers, LatexWriter):
    def transpose(self, node: tree.Transpose) -> str:
        """Return the transpose, of the value if there is one."""
        value = self.has_value(node.operand)
        return self.write(node.operand) + "^{T}" if value else super().transpose(node)

    def number_text(self, number: str) -> str:
        """Return a number; a power of ten as TeX sets it."""
        mantissa, e, exponent = number.partition("e")
        return rf"{mantissa} \cdot 10^{{{int(exponent)}}}" if e else mantissa

    def matrix(self, rows: list[list[str]]) -> str:
        """Return a matrix."""
        lines = r" \\ ".join(" & ".join(row) for row in rows)
        return rf"\begin{{pmatrix}} {lines} \end{{pmatrix}}"


class _TextNumbers(_Numbers, UnicodeWriter):
    def number_text(self, number: str) -> str:
        """Return a number with a real minus sign."""
        mantissa, e, exponent = number.partition("e")
        return (mantissa + (f"e{int(exponent)}" if e else "")).replace("-", "−")

    def matrix(self, rows: list[list[str]]) -> str:
        """Return rows between brackets, parted by semicolons."""
        return "[" + "; ".join(", ".join(row) for row in rows) + "]"


def rounded(value: float, digits: int = DIGITS) -> str:
    """Return a number with so many significant digits, without zeros at the end.

    >>> rounded(0.69314), rounded(-2.0), rounded(1234.6), rounded(-0.0)
    ('0.693', '-2', '1235', '0')
    """
    value = float(value)
    if value and math.isfinite(value) and 1e-4 <= abs(value) < 1e6:
        places = max(digits - 1 - math.floor(math.log10(abs(value))), 0)
        written = f"{value:.{places}f}"
        return written.rstrip("0").rstrip(".") if "." in written else written
    return f"{value:.{digits}g}" if value else "0"
