r"""LaTeX: ``dz^{[1]} = W^{[2]T} dz^{[2]} \odot g^{[1]\prime}(z^{[1]})``.

The same writer puts shapes under factors and marks what can be pointed at with ``\htmlData``,
which KaTeX carries onto the page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import ClassVar

from checkedmath.meaning.resolution import Resolved
from checkedmath.reading.flatten import flatten
from checkedmath.subject.setting import Setting, Shape, is_number
from checkedmath.syntax import precedence, tree
from checkedmath.syntax.alphabet import GREEK_WORDS
from checkedmath.syntax.writer import has_bars
from checkedmath.writing.writer import InSetting

#: What `\htmlData` and a shape belong to: one quantity with its scripts, or a function's value.
FACTORS = (
    tree.Symbol, tree.Component, tree.Example, tree.Transpose, tree.Inverse, tree.Power, tree.Apply,
    tree.Derivative, tree.Constant, tree.AxisSum,
)  # fmt: skip
_NAMES = {
    "exp": r"\exp", "log": r"\log", "tanh": r"\tanh", "cosh": r"\cosh", "sinh": r"\sinh", "det": r"\det",
    "sin": r"\sin", "cos": r"\cos", "tan": r"\tan", "arctan": r"\arctan",
    "sigmoid": r"\sigma", "relu": r"\operatorname{ReLU}",
}  # fmt: skip
_GREEK = {name: f"\\{word}" for word, letter in GREEK_WORDS.items() for name in (word, letter)}
_TALL = re.compile(r"\\(?:d?frac|sum|begin|underset|underbrace)\b")

Data = Callable[[tree.Node], Mapping[str, str]]


def write_latex(
    node: tree.Node,
    setting: Setting | None = None,
    *,
    shapes: Mapping[tree.Node, Shape] | None = None,
    data: Data | None = None,
) -> str:
    r"""Return the node as LaTeX.

    ``shapes`` maps nodes to their shapes: each factor that has one gets it underneath.  ``data``
    gives the attributes of a symbol or function, such as `symbol_data`; each gets ``\htmlData``.

    >>> W, dz = tree.Symbol("W", tree.Index("", 2)), tree.Symbol("dz", tree.Index("", 2))
    >>> print(write_latex(tree.Multiply(tree.JUXTAPOSED, tree.Transpose(W), dz)))
    W^{[2]T} dz^{[2]}
    >>> print(write_latex(tree.Transpose(W), shapes={tree.Transpose(W): ("n_1", "n_2")}))
    \underset{(n_1,\, n_2)}{W^{[2]T}}
    """
    return LatexWriter(setting, shapes, data).write(node)


def symbol_data(node: tree.Node) -> dict[str, str]:
    """Return the name and layer of a symbol or function, for its ``data-`` attributes.

    >>> symbol_data(tree.Symbol("A", tree.Index("l", -1)))
    {'symbol': 'A', 'member': 'l-1'}
    """
    if isinstance(node, tree.Apply | tree.Evaluated):
        found = {"function": node.name} | ({"primes": str(node.primes)} if node.primes else {})
    elif isinstance(node, tree.Symbol):
        found = {"symbol": node.name}
    else:
        return {}
    return found | ({"member": str(node.member)} if node.member is not None else {})


def shape_latex(shape: Shape) -> str:
    r"""Return a shape as LaTeX.

    >>> print(shape_latex(("n_2", "1")))
    (n_2,\, 1)
    """
    return "(" + r",\, ".join(shape) + ("," if len(shape) == 1 else "") + ")"


def shapes_of(terms: Iterable[Resolved]) -> dict[tree.Node, Shape]:
    """Return the shapes of all nodes of resolved terms, numbers left out, for `write_latex`."""
    found: dict[tree.Node, Shape] = {}
    stack = list(terms)
    while stack:
        item = stack.pop()
        if item.shape:
            found[item.node] = item.shape
        stack.extend(item.parts)
    return found


class LatexWriter(InSetting):
    """Writes LaTeX; quotients are fractions, which need no brackets inside or beside factors."""

    levels: ClassVar[Mapping[type[tree.Node], int]] = {
        **precedence.LEVELS,
        tree.Divide: precedence.SCRIPTED,
        tree.Derivative: precedence.SCRIPTED,
    }
    places: ClassVar[Mapping[tuple[type[tree.Node], str], int]] = {
        **precedence.PLACES,
        (tree.Divide, "top"): precedence.SUM,
        (tree.Divide, "bottom"): precedence.SUM,
    }
    signs: ClassVar[Mapping[str, str]] = {
        tree.JUXTAPOSED: " ", tree.ELEMENTWISE: r" \odot ", tree.BROADCAST: " * ",
        tree.DOT: r" \cdot ", tree.TENSOR: r" \otimes ", tree.MATMUL: " @ ",
    }  # fmt: skip
    relations: ClassVar[Mapping[str, str]] = {
        "≈": r"\approx", "≠": r"\ne", "≤": r"\le", "≥": r"\ge", "∈": r"\in", "∝": r"\propto",
    }  # fmt: skip

    def __init__(
        self,
        setting: Setting | None = None,
        shapes: Mapping[tree.Node, Shape] | None = None,
        data: Data | None = None,
    ) -> None:
        super().__init__(setting)
        self.shapes, self.data = shapes or {}, data
        self.inside = False  # within a factor that has its shape already

    def write(self, node: tree.Node) -> str:
        """Return the node as LaTeX, with its shape underneath and its marks, if asked for."""
        if not isinstance(node, FACTORS) or self.inside:
            return super().write(node)
        shape = self.shapes.get(node)
        self.inside = bool(shape) or isinstance(node, tree.Component)  # an entry is a number
        written = super().write(node)
        self.inside = False
        return rf"\underset{{{shape_latex(shape)}}}{{{written}}}" if shape else written

    def brackets(self, written: str, node: tree.Node, parent: tree.Node) -> str:
        """Return the text in brackets, as tall as what stands in them."""
        return (r"\mathbf{1}" if self.is_indicator(node, parent) else "") + _bracketed(written)

    def marked(self, node: tree.Node, written: str) -> str:
        r"""Return the text within ``\htmlData``, if attributes are asked for."""
        attributes = self.data(node) if self.data is not None else {}
        if not attributes:
            return written
        return rf"\htmlData{{{', '.join(f'{k}={v}' for k, v in attributes.items())}}}{{{written}}}"

    # -- leaves and scripts --------------------------------------------------------------------

    def letter(self, node: tree.Symbol) -> str:
        """Return the letters of a quantity, without layer."""
        if node.dotted:
            return rf"\dot{{{self.letter(replace(node, dotted=False))}}}"
        quantity = self.quantity(node)
        if quantity is not None and quantity.latex:
            return quantity.latex
        if node.name in _GREEK:
            return _GREEK[node.name]
        plain = len(node.name.removeprefix("d")) == 1 or re.fullmatch(r"[a-zA-Z]_\w", node.name)
        return node.name if plain else rf"\mathrm{{{node.name}}}"

    def symbol(self, node: tree.Symbol) -> str:
        """Return W^{[2]}."""
        return self.scripted(node)

    def example(self, node: tree.Example) -> str:
        """Return x^{(i)}."""
        return self.scripted(node)

    def transpose(self, node: tree.Transpose) -> str:
        """Return W^{[2]T}."""
        return self.scripted(node)

    def scripted(self, node: tree.Symbol | tree.Example | tree.Transpose) -> str:
        """Return layer, example and transpose as one superscript, which TeX allows only once."""
        raised, above, base = "", node, node
        if isinstance(base, tree.Transpose):
            raised, above, base = "T", base, base.operand  # type: ignore[assignment]
        if isinstance(base, tree.Example):
            raised, above, base = f"({base.index}){raised}", base, base.base  # type: ignore[assignment]
        if isinstance(base, tree.Symbol):
            member = f"[{base.member}]" if base.member is not None else ""
            scripts = f"^{{{member}{raised}}}" if member or raised else ""
            return self.marked(base, self.letter(base) + scripts)
        written = self.placed(base, above, "base" if isinstance(above, tree.Example) else "operand")
        return f"{self.over(written, base)}^{{{raised}}}"

    def over(self, written: str, base: tree.Node) -> str:
        """Return a base fit for a superscript: in brackets if it has one already."""
        return _bracketed(written) if _is_raised(base) else written

    def component(self, node: tree.Component) -> str:
        """Return W^{[2]}_{kj}."""
        return self.part(node, "base") + self.lowered(node.indices)

    def delta(self, node: tree.Delta) -> str:
        """Return δ_{ij}."""
        return r"\delta" + self.lowered((node.first, node.second))

    def lowered(self, indices: tuple[tree.Index, ...]) -> str:
        """Return indices as a subscript."""
        plain = all(index.letter and not index.offset for index in indices)
        return "_{" + ("" if plain else ",").join(map(str, indices)) + "}"

    def inverse(self, node: tree.Inverse) -> str:
        """Return X^{-1}."""
        return self.over(self.part(node, "operand"), node.operand) + "^{-1}"

    def primed(self, node: tree.Primed) -> str:
        """Return a prime on what is no function name."""
        return self.over(self.part(node, "operand"), node.operand) + "'"

    def power(self, node: tree.Power) -> str:
        """Return x^{2}."""
        return self.over(self.part(node, "base"), node.base) + f"^{{{self.write(node.exponent)}}}"

    def constant(self, node: tree.Constant) -> str:
        """Return the constant; all ones are a bold 1."""
        return r"\mathbf{1}" if node.name == "1" else node.name

    # -- sums and products ---------------------------------------------------------------------

    def multiply(self, node: tree.Multiply) -> str:
        """Return a product with its sign."""
        if node.sign == tree.OUTER:
            pair = f"{self.write(node.left)}, {self.write(node.right)}"
            return r"\operatorname{outer}" + _bracketed(pair)
        left, right = self.factor(node, "left"), self.factor(node, "right")
        if isinstance(node.left, tree.Evaluated):
            left = _bracketed(left)  # else the factor after it would be its argument
        if node.sign == tree.JUXTAPOSED and right[0].isdigit():
            return rf"{left} \, {right}"
        if node.sign == tree.JUXTAPOSED and self.shapes:
            return rf"{left} \; {right}"  # room for the shapes underneath
        return left + self.signs[node.sign] + right

    def factor(self, node: tree.Multiply, place: str) -> str:
        """Return a factor; a matrix product beside ⊙ is in brackets, so that nobody has to know which binds tighter."""
        inside, written = getattr(node, place), self.part(node, place)
        matrix = isinstance(inside, tree.Multiply) and inside.sign in {tree.JUXTAPOSED, tree.DOT}
        if node.sign != tree.ELEMENTWISE or not matrix or self.setting is None:
            return written
        return written if is_number(inside.left, self.setting) else _bracketed(written)

    def divide(self, node: tree.Divide) -> str:
        r"""Return \frac{x}{y}."""
        return rf"\frac{{{self.top(node)}}}{{{self.part(node, 'bottom')}}}"

    def sum_over(self, node: tree.SumOver) -> str:
        r"""Return \sum_{i=1}^{m} x."""
        lower = f"={self.write(node.lower)}" if node.lower is not None else ""
        index = f"({node.index})" if node.example else node.index
        limits = f"_{{{index}{lower}}}" if index else ""
        upper = f"^{{{self.write(node.upper)}}}" if node.upper is not None else ""
        return rf"\sum{limits}{upper} {self.part(node, 'body')}"

    def axis_sum(self, node: tree.AxisSum) -> str:
        """Return np.sum(x, axis=1, keepdims=True) in upright letters."""
        axis = rf",\ \mathrm{{axis}}={node.axis}" if node.axis in {0, 1} else ""
        keep = r",\ \mathrm{keepdims}=\mathrm{True}" if node.keepdims else ""
        name = "np.mean" if node.mean else "np.sum"
        return rf"\mathrm{{{name}}}({self.part(node, 'operand')}{axis}{keep})"

    def extent(self, node: tree.Extent) -> str:
        r"""Return X.shape[1] in upright letters."""
        name = r"\mathrm{size}" if node.axis is None else rf"\mathrm{{shape}}[{node.axis}]"
        written = self.write(node.operand)
        return rf"{written}.{name}" if isinstance(node.operand, tree.Symbol) else rf"({written}).{name}"

    def ones(self, node: tree.Ones) -> str:
        """Return np.ones((m, 1)) in upright letters."""
        return rf"\mathrm{{np.ones}}(({self.write(node.rows)},\ {self.write(node.columns)}))"

    # -- functions -----------------------------------------------------------------------------

    def evaluated(self, node: tree.Apply | tree.Evaluated) -> str:
        r"""Return the name of a function with layer and primes, g^{[1]\prime}."""
        function = self.function(node)
        name = (function.latex if function else "") or _NAMES.get(node.name, "")
        if not name or not self.reads_back(flatten(name).text.strip(), "function", node.name):
            name = node.name if len(node.name) == 1 else rf"\operatorname{{{node.name}}}"
        member = f"[{node.member}]" if node.member is not None else ""
        primes = self.primes(node)
        if not member:
            return self.marked(node, name + "'" * primes)
        scripts = member + r"\prime" * primes
        return self.marked(node, f"{name}^{{{scripts}}}")

    def apply(self, node: tree.Apply) -> str:
        r"""Return g^{[1]\prime}(z^{[1]}), a norm or a root."""
        argument = self.part(node, "argument")
        if not node.primes and node.member is None:
            if node.name == "sqrt" and not isinstance(node.argument, tree.Compare):
                return rf"\sqrt{{{argument}}}"
            if node.name in {"norm", "abs"} and not has_bars(node.argument):
                bar = r"\|" if node.name == "norm" else "|"
                return rf"{bar}{argument}{bar}"
        return self.evaluated(node) + _bracketed(argument)

    def maximum(self, node: tree.Maximum) -> str:
        r"""Return \max(x, y)."""
        return r"\max" + _bracketed(f"{self.part(node, 'left')}, {self.part(node, 'right')}")

    def written_out(self, node: tree.WrittenOut) -> str:
        """Return the rows between brackets."""
        rows = r" \\ ".join(" & ".join(map(self.write, row)) for row in node.rows)
        return rf"\begin{{bmatrix}} {rows} \end{{bmatrix}}"

    def derivative(self, node: tree.Derivative) -> str:
        r"""Return \frac{\partial u}{\partial v}, or \nabla_v u."""
        if node.nabla:
            return rf"\nabla_{{{self.write(node.by)}}} {self.part(node, 'of')}"
        return rf"\frac{{\partial {self.part(node, 'of')}}}{{\partial {self.part(node, 'by')}}}"

    # -- conditions, cases, spaces -------------------------------------------------------------

    def real_space(self, node: tree.RealSpace) -> str:
        r"""Return \mathbb{R}^{n_1 \times m}."""
        columns = rf" \times {self.write(node.columns)}" if node.columns is not None else ""
        return rf"\mathbb{{R}}^{{{self.write(node.rows)}{columns}}}"


def _bracketed(written: str) -> str:
    return rf"\left({written}\right)" if _TALL.search(written) else f"({written})"


def _is_raised(node: tree.Node) -> bool:
    """Whether the node is written with a superscript that the next one would run into."""
    while isinstance(node, tree.Component):
        node = node.base
    numbered = isinstance(node, tree.Symbol | tree.Evaluated) and node.member is not None
    return numbered or isinstance(node, tree.Example)
