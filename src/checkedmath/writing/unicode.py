"""Unicode text: ``dz[1] = W[2]ᵀ dz[2] ⊙ g[1]′(z[1])``, for titles and for posts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from checkedmath.subject.setting import Setting
from checkedmath.syntax import tree
from checkedmath.syntax.alphabet import GREEK_WORDS, LOWERED, RAISED
from checkedmath.syntax.text import TextWriter
from checkedmath.writing.writer import InSetting

#: The characters that have a raised or lowered form; the reader's tables the other way round.
_RAISED = {plain: c for c, plain in RAISED.items() if c not in "⊤ᵗ⸆ᴸ"}
_LOWERED = {plain: c for c, plain in LOWERED.items()}
_FUNCTIONS = {"sigmoid": "σ", "relu": "ReLU"}


def write_unicode(node: tree.Node, setting: Setting | None = None) -> str:
    """Return the node as Unicode text.

    >>> W = tree.Transpose(tree.Symbol("W", tree.Index("", 2)))
    >>> write_unicode(tree.Component(W, (tree.Index("j"), tree.Index("k"))))
    '(W[2]ᵀ)ⱼₖ'
    """
    return UnicodeWriter(setting).write(node)


class UnicodeWriter(InSetting, TextWriter):
    """Writes with ⊙, ᵀ, ′, ∂ and raised letters where Unicode has them."""

    signs: ClassVar[Mapping[str, str]] = {**TextWriter.signs, tree.ELEMENTWISE: " ⊙ "}
    relations: ClassVar[Mapping[str, str]] = {}
    prime = "′"
    minus = "−"

    def letter(self, node: tree.Symbol) -> str:
        """Return the quantity's letter, if a reader of the setting knows it; else its name."""
        quantity = self.quantity(node)
        letter = (quantity.unicode if quantity else "") or GREEK_WORDS.get(node.name, node.name)
        return (letter if self.reads_back(letter, "symbol", node.name) else node.name) + self.dot(node)

    def function_name(self, node: tree.Apply | tree.Evaluated) -> str:
        """Return the function's letter, if a reader of the setting knows it; else its name."""
        function = self.function(node)
        letter = (function.unicode if function else "") or _FUNCTIONS.get(node.name, node.name)
        return letter if self.reads_back(letter, "function", node.name) else node.name


    def lowered(self, indices: tuple[tree.Index, ...]) -> str:
        """Return indices as lowered letters, where there are such."""
        plain = "".join(map(str, indices))
        runs_on = len(indices) > 1 and any(index.offset for index in indices)
        if not runs_on and all(c in _LOWERED for c in plain):
            return "".join(_LOWERED[c] for c in plain)
        return super().lowered(indices)

    def example(self, node: tree.Example) -> str:
        """Return x⁽ⁱ⁾."""
        base, index = self.part(node, "base"), f"({node.index})"
        if all(c in _RAISED for c in index):
            return base + "".join(_RAISED[c] for c in index)
        return f"{base}^{index}"

    def transpose(self, node: tree.Transpose) -> str:
        """Return Wᵀ."""
        return self.part(node, "operand") + "ᵀ"

    def inverse(self, node: tree.Inverse) -> str:
        """Return X⁻¹."""
        return self.part(node, "operand") + "⁻¹"

    def power(self, node: tree.Power) -> str:
        """Return x²."""
        if isinstance(node.exponent, tree.Number) and set(node.exponent.text) <= set("0123456789"):
            return self.part(node, "base") + "".join(_RAISED[c] for c in node.exponent.text)
        return super().power(node)

    def sum_over(self, node: tree.SumOver) -> str:
        """Return Σᵢ x, with limits Σ_{i=1}^{m} x."""
        body = self.part(node, "body")
        limited = node.lower is not None or node.upper is not None or node.example
        if not limited and node.index in _LOWERED:
            return f"Σ{_LOWERED[node.index]} {body}"
        return f"Σ{self.limits(node) if node.index else ''} {body}"
