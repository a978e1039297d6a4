"""Forum text: ``dz[1] = W[2]T dz[2] * g[1]'(z[1])``, fit for a post without LaTeX."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from checkedmath.syntax import tree
from checkedmath.syntax.writer import Writer, has_bars


def text_of(node: tree.Node) -> str:
    """Return the node as forum text, in canonical names.

    >>> W, dz = tree.Symbol("W", tree.Index("", 2)), tree.Symbol("dz", tree.Index("", 2))
    >>> text_of(tree.Multiply(tree.JUXTAPOSED, tree.Transpose(W), dz))
    'W[2]T dz[2]'
    """
    return TextWriter().write(node)


class TextWriter(Writer):
    """Writes forum text; `checkedmath.writing.unicode` changes a few of its signs."""

    signs: ClassVar[Mapping[str, str]] = {
        tree.JUXTAPOSED: " ", tree.ELEMENTWISE: " * ", tree.BROADCAST: " * ", tree.DOT: " · ",
        tree.TENSOR: " ⊗ ", tree.MATMUL: " @ ",
    }  # fmt: skip
    relations: ClassVar[Mapping[str, str]] = {"≤": "<=", "≥": ">=", "≠": "!="}
    prime = "'"
    raised_T = "^T"

    def brackets(self, written: str, node: tree.Node, parent: tree.Node) -> str:
        """Return the text in brackets; a condition that is a factor is an indicator 𝟏(z > 0)."""
        return f"𝟏({written})" if self.is_indicator(node, parent) else f"({written})"

    # -- leaves --------------------------------------------------------------------------------

    def letter(self, node: tree.Symbol) -> str:
        """Return the name of a quantity."""
        return node.name + self.dot(node)

    def dot(self, node: tree.Symbol) -> str:
        """Return the dot over a letter: how fast it changes."""
        return "\u0307" if node.dotted else ""

    def symbol(self, node: tree.Symbol) -> str:
        """Return W[2]."""
        return self.letter(node) + (f"[{node.member}]" if node.member is not None else "")

    def constant(self, node: tree.Constant) -> str:
        """Return the constant; all ones are 𝟏."""
        return "𝟏" if node.name == "1" else node.name

    def delta(self, node: tree.Delta) -> str:
        """Return δ_ij."""
        return "δ" + self.lowered((node.first, node.second))

    def lowered(self, indices: tuple[tree.Index, ...]) -> str:
        """Return indices as a subscript."""
        if len(indices) <= 2 and all(i.letter and not i.offset for i in indices):
            return "_" + "".join(map(str, indices))
        return "_{" + ",".join(map(str, indices)) + "}"

    # -- scripts -------------------------------------------------------------------------------

    def component(self, node: tree.Component) -> str:
        """Return a_j."""
        return self.part(node, "base") + self.lowered(node.indices)

    def example(self, node: tree.Example) -> str:
        """Return x^(i)."""
        return f"{self.part(node, 'base')}^({node.index})"

    def transpose(self, node: tree.Transpose) -> str:
        """Return W[2]T, and x^T where no layer stands before the T."""
        numbered = isinstance(node.operand, tree.Symbol) and node.operand.member is not None
        return self.part(node, "operand") + ("T" if numbered else self.raised_T)

    def inverse(self, node: tree.Inverse) -> str:
        """Return X^-1."""
        return self.part(node, "operand") + "^-1"

    def primed(self, node: tree.Primed) -> str:
        """Return a prime on what is no function name."""
        return self.part(node, "operand") + self.prime

    def power(self, node: tree.Power) -> str:
        """Return x^2."""
        exponent = self.write(node.exponent)
        plain = isinstance(node.exponent, tree.Number) and exponent.isdigit()
        return self.part(node, "base") + "^" + (exponent if plain else f"{{{exponent}}}")

    # -- sums and products ---------------------------------------------------------------------

    def multiply(self, node: tree.Multiply) -> str:
        """Return a product with its sign."""
        if node.sign == tree.OUTER:
            return f"outer({self.write(node.left)}, {self.write(node.right)})"
        left = self.part(node, "left")
        if isinstance(node.left, tree.Evaluated):
            left = f"({left})"  # else the brackets or the factor after it would be its argument
        return left + self.signs[node.sign] + self.part(node, "right")

    def divide(self, node: tree.Divide) -> str:
        """Return x/y."""
        return f"{self.top(node)}/{self.part(node, 'bottom')}"

    def sum_over(self, node: tree.SumOver) -> str:
        """Return ``sum over i of …`` or, with limits, ``sum_{i=1}^{m} …``."""
        body = self.part(node, "body")
        if not node.index:
            return "Σ " + body
        if node.lower is None and node.upper is None and not node.example:
            return f"sum over {node.index} of {body}"
        return f"sum{self.limits(node)} {body}"

    def limits(self, node: tree.SumOver) -> str:
        """Return the index and limits of a sum as scripts."""
        index = f"({node.index})" if node.example else node.index
        lower = f"={self.write(node.lower)}" if node.lower is not None else ""
        upper = f"^{{{self.write(node.upper)}}}" if node.upper is not None else ""
        return f"_{{{index}{lower}}}{upper}"

    def axis_sum(self, node: tree.AxisSum) -> str:
        """Return np.sum(x, axis=1, keepdims=True)."""
        if node.axis == tree.FIRST_LONG:
            return f"{'mean' if node.mean else 'sum'}({self.part(node, 'operand')})"
        axis = f", axis={node.axis}" if node.axis is not None else ""
        keep = ", keepdims=True" if node.keepdims else ""
        return f"np.{'mean' if node.mean else 'sum'}({self.part(node, 'operand')}{axis}{keep})"

    def extent(self, node: tree.Extent) -> str:
        """Return X.shape[1]."""
        written = self.write(node.operand)
        written = written if isinstance(node.operand, tree.Symbol) else f"({written})"
        return f"{written}.size" if node.axis is None else f"{written}.shape[{node.axis}]"

    def ones(self, node: tree.Ones) -> str:
        """Return np.ones((m, 1))."""
        return f"np.ones(({self.write(node.rows)}, {self.write(node.columns)}))"

    # -- functions -----------------------------------------------------------------------------

    def named(self, node: tree.Apply | tree.Evaluated) -> str:
        """Return the name of a function with layer and primes, g[1]'."""
        member = f"[{node.member}]" if node.member is not None else ""
        return self.function_name(node) + member + self.prime * self.primes(node)

    def function_name(self, node: tree.Apply | tree.Evaluated) -> str:
        """Return the name of a function without layer and primes."""
        return node.name

    def apply(self, node: tree.Apply) -> str:
        """Return g[1]'(z[1]), ‖x‖ or |x|."""
        argument = self.part(node, "argument")
        bars = {"norm": "‖", "abs": "|"}.get(node.name, "")
        if bars and not node.primes and not has_bars(node.argument):
            return bars + argument + bars
        return f"{self.named(node)}({argument})"

    def evaluated(self, node: tree.Evaluated) -> str:
        """Return the name of a function that stands alone."""
        return self.named(node)

    def maximum(self, node: tree.Maximum) -> str:
        """Return max(x, y)."""
        return f"max({self.part(node, 'left')}, {self.part(node, 'right')})"

    def derivative(self, node: tree.Derivative) -> str:
        """Return ∂L/∂z[1], or ∇_z[1] L; never dL/dz[1], since dz[1] is a name of many subjects."""
        if node.nabla:
            return f"∇_{{{self.write(node.by)}}} {self.part(node, 'of')}"
        return f"{self.differential(node, 'of')}/{self.differential(node, 'by')}"

    def differential(self, node: tree.Derivative, place: str) -> str:
        """Return ∂u, with brackets where the ∂ would belong to a part of u alone."""
        inside: tree.Node = getattr(node, place)
        written = self.part(node, place)
        bare = isinstance(inside, tree.Symbol | tree.Component | tree.Example | tree.Transpose)
        return f"∂{written}" if bare or written.startswith(("(", "‖", "|")) else f"∂({written})"

    # -- conditions, cases, spaces -------------------------------------------------------------

    def real_space(self, node: tree.RealSpace) -> str:
        """Return ℝ^{n[1] × m}."""
        columns = f" × {self.write(node.columns)}" if node.columns is not None else ""
        return f"ℝ^{{{self.write(node.rows)}{columns}}}"
