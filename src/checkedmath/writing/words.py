"""A formula in words, to be read aloud.

``dz one equals W two transposed times dz two, element-wise times g one prime of z one``
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from checkedmath.subject.setting import Setting
from checkedmath.syntax import precedence, tree
from checkedmath.writing.writer import InSetting

NUMERALS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve",
)  # fmt: skip
_RELATIONS = {
    "=": "equals", "≈": "is about", ":=": "becomes", "≠": "does not equal", "<": "is less than",
    "≤": "is at most", ">": "is greater than", "≥": "is at least", "∈": "is in",
    "∝": "is proportional to",
}  # fmt: skip
_FUNCTIONS = {
    "exp": "the exponential", "log": "the logarithm", "sqrt": "the square root", "norm": "the norm",
    "abs": "the absolute value", "tr": "the trace", "det": "the determinant", "sign": "the sign",
    "sum": "the sum of the entries", "mean": "the mean of the entries", "max": "the largest entry",
    "sigmoid": "sigma", "relu": "ReLU",
}  # fmt: skip
_POWERS = {"2": "squared", "3": "cubed"}


def write_words(node: tree.Node, setting: Setting | None = None) -> str:
    """Return the node in words.

    >>> W, dz = tree.Symbol("W", tree.Index("", 2)), tree.Symbol("dz", tree.Index("", 2))
    >>> write_words(tree.Multiply(tree.JUXTAPOSED, tree.Transpose(W), dz))
    'W two transposed times dz two'
    """
    return WordsWriter(setting).write(node)


class WordsWriter(InSetting):
    """Says a formula; brackets are said only where the words alone would be heard otherwise."""

    levels: ClassVar[Mapping[type[tree.Node], int]] = {
        **precedence.LEVELS,
        tree.Divide: precedence.SCRIPTED,
        tree.Derivative: precedence.SCRIPTED,
        tree.Apply: precedence.SCRIPTED,
        tree.AxisSum: precedence.SCRIPTED,
    }
    places: ClassVar[Mapping[tuple[type[tree.Node], str], int]] = {
        **precedence.PLACES,
        (tree.Apply, "argument"): precedence.SCRIPTED,
        (tree.AxisSum, "operand"): precedence.SCRIPTED,
    }
    relations: ClassVar[Mapping[str, str]] = _RELATIONS
    minus = "minus"

    def brackets(self, written: str, node: tree.Node, parent: tree.Node) -> str:
        """Return the words between "open bracket" and "close bracket"."""
        if self.is_indicator(node, parent):
            return f"one where {written}, otherwise zero"
        return f"open bracket {written} close bracket"

    def chain(self, node: tree.Chain) -> str:
        """Return the relations in words; a shape claim says "has the shape"."""
        spaces = [isinstance(term, tree.RealSpace) for term in node.terms[1:]]
        out = [self.placed(node.terms[0], node, "terms")]
        for relation, term, space in zip(node.relations, node.terms[1:], spaces, strict=True):
            said = "has the shape" if space and relation == "∈" else self.relation(relation)
            out += [said, self.placed(term, node, "terms")]
        return " ".join(out)

    # -- leaves and scripts --------------------------------------------------------------------

    def number(self, node: tree.Number) -> str:
        """Return small whole numbers as words, others in digits."""
        return numeral(node.text)

    def symbol(self, node: tree.Symbol) -> str:
        """Return W two."""
        quantity = self.quantity(node)
        name = quantity.words if quantity is not None and quantity.words else node.name
        return self.with_member(f"the change of {name}" if node.dotted else name, node.member)

    def with_member(self, name: str, member: tree.Index | None) -> str:
        """Return a name with its layer."""
        if member is None:
            return name
        of = f"of {self.setting.family.word} " if self.setting is not None else ""
        # "W l plus one" would be heard as a sum.
        return f"{name} {of if member.letter and member.offset else ''}{say_index(member)}"

    def constant(self, node: tree.Constant) -> str:
        """Return the constant's name."""
        return {"1": "all ones", "I": "the identity matrix", "0": "zero"}.get(node.name, node.name)

    def delta(self, node: tree.Delta) -> str:
        """Return delta i j."""
        return f"delta {say_index(node.first)} {say_index(node.second)}"

    def component(self, node: tree.Component) -> str:
        """Return W two sub k j."""
        return f"{self.part(node, 'base')} sub {' '.join(map(say_index, node.indices))}"

    def example(self, node: tree.Example) -> str:
        """Return x of example i."""
        return f"{self.part(node, 'base')} of example {say_index(node.index)}"

    def transpose(self, node: tree.Transpose) -> str:
        """Return W two transposed."""
        return self.part(node, "operand") + " transposed"

    def inverse(self, node: tree.Inverse) -> str:
        """Return X inverse."""
        return self.part(node, "operand") + " inverse"

    def primed(self, node: tree.Primed) -> str:
        """Return a prime on what is no function name."""
        return self.part(node, "operand") + " prime"

    def power(self, node: tree.Power) -> str:
        """Return x squared."""
        exponent = node.exponent.text if isinstance(node.exponent, tree.Number) else ""
        if exponent == "2" and isinstance(node.base, tree.Apply) and node.base.name == "norm":
            return f"the squared norm of {self.part(node.base, 'argument')}"
        said = _POWERS.get(exponent) or f"to the power of {self.write(node.exponent)}"
        return f"{self.part(node, 'base')} {said}"

    # -- sums and products ---------------------------------------------------------------------

    def negate(self, node: tree.Negate) -> str:
        """Return minus x."""
        return f"minus {self.part(node, 'operand')}"

    def add(self, node: tree.Add) -> str:
        """Return x plus y."""
        return f"{self._left_of_sign(node.left, node)} plus {self.part(node, 'right')}"

    def subtract(self, node: tree.Subtract) -> str:
        """Return x minus y."""
        return f"{self._left_of_sign(node.left, node)} minus {self.part(node, 'right')}"

    def _left_of_sign(self, left: tree.Node, node: tree.Node) -> str:
        last = left.right if isinstance(left, tree.Add | tree.Subtract) else left
        pause = "," if isinstance(last, tree.Multiply | tree.SumOver) else ""
        return self.placed(left, node, "left") + pause

    def multiply(self, node: tree.Multiply) -> str:
        """Return a product; a pause stands where the ear would group otherwise."""
        left, right = self.part(node, "left"), self.part(node, "right")
        said = self._product(node)
        grouped = said != "times" and any(map(_is_row, (node.left, node.right)))
        open_end = isinstance(node.left, tree.Divide | tree.Derivative | tree.Apply | tree.AxisSum)
        return f"{left}{',' if grouped or open_end else ''} {said} {right}"

    def _product(self, node: tree.Multiply) -> str:
        if node.sign in {tree.ELEMENTWISE, tree.BROADCAST}:
            scaled = self._is_number(node.left) or self._is_number(node.right)
            return "times" if scaled else "element-wise times"
        return {tree.TENSOR: "tensor", tree.OUTER: "outer"}.get(node.sign, "times")

    def _is_number(self, node: tree.Node) -> bool:
        """Whether a factor can be seen to be a number, without asking for shapes."""
        if isinstance(node, tree.Symbol):
            quantity = self.quantity(node)
            return quantity is not None and quantity.shape in {(), ("1", "1")}
        if isinstance(node, tree.Divide | tree.Multiply | tree.Negate | tree.Add | tree.Subtract):
            return all(map(self._is_number, tree.children(node)))
        return isinstance(node, tree.Number)

    def divide(self, node: tree.Divide) -> str:
        """Return x over y."""
        return f"{self.part(node, 'top')} over {self.part(node, 'bottom')}"

    def sum_over(self, node: tree.SumOver) -> str:
        """Return the sum over i from one to m of x."""
        body = self.part(node, "body")
        if not node.index:
            return f"the sum of {body}"
        lower = f" from {self.write(node.lower)}" if node.lower is not None else ""
        upper = f" to {self.write(node.upper)}" if node.upper is not None else ""
        examples = "examples " if node.example else ""
        return f"the sum over {examples}{node.index}{lower}{upper} of {body}"

    def axis_sum(self, node: tree.AxisSum) -> str:
        """Return the sum over the columns of x."""
        said = "mean" if node.mean else "sum"
        over = "of all entries of"
        if node.axis == tree.FIRST_LONG:
            over = "down the columns of"
        elif node.axis is not None:
            over = f"over the {('rows', 'columns')[node.axis]} of"
        return f"the {said} {over} {self.part(node, 'operand')}"

    def extent(self, node: tree.Extent) -> str:
        """Return the number of columns of X."""
        what = "entries" if node.axis is None else ("rows", "columns")[node.axis]
        return f"the number of {what} of {self.write(node.operand)}"

    def ones(self, node: tree.Ones) -> str:
        """Return what is filled with ones."""
        return f"an array of ones, {self.write(node.rows)} by {self.write(node.columns)}"

    # -- functions, derivatives, conditions ----------------------------------------------------

    def evaluated(self, node: tree.Apply | tree.Evaluated) -> str:
        """Return g one prime."""
        function = self.function(node)
        general = _FUNCTIONS.get(node.name, node.name)
        name = function.words if function is not None and function.words else general
        return self.with_member(name, node.member) + " prime" * self.primes(node)

    def apply(self, node: tree.Apply) -> str:
        """Return g one prime of z one."""
        return f"{self.evaluated(node)} of {self.part(node, 'argument')}"

    def maximum(self, node: tree.Maximum) -> str:
        """Return the larger of x and y."""
        return f"the larger of {self.part(node, 'left')} and {self.part(node, 'right')}"

    def derivative(self, node: tree.Derivative) -> str:
        """Return the partial derivative of J with respect to W two, or its gradient."""
        if node.nabla:
            return f"the gradient of {self.part(node, 'of')} with respect to {self.part(node, 'by')}"
        return f"the partial derivative of {self.part(node, 'of')} with respect to {self.part(node, 'by')}"

    def written_out(self, node: tree.WrittenOut) -> str:
        """Return the rows, one after the other."""
        rows = ["row " + ", ".join(map(self.write, row)) for row in node.rows]
        return f"the matrix with {', '.join(rows)}"

    def by_index(self, node: tree.ByIndex) -> str:
        """Return the entry by its indices."""
        return f"the array with {self.write(node.body)} at {' '.join(filter(None, (node.row, node.column)))}"

    def change(self, node: tree.Change) -> str:
        """Return the differential of X."""
        return f"the differential of {self.write(node.of)}"

    def cases(self, node: tree.Cases) -> str:
        """Return the branches one after the other."""
        said = []
        for value, condition in node.branches:
            when = "otherwise" if condition is None else f"where {self.write(condition)}"
            said.append(f"{self.write(value)} {when}")
        return ", ".join(said)

    def real_space(self, node: tree.RealSpace) -> str:
        """Return n one by m, as it follows "has the shape"."""
        columns = f" by {self.write(node.columns)}" if node.columns is not None else ""
        return self.write(node.rows) + columns


def numeral(text: str) -> str:
    """Return a small whole number as a word.

    >>> numeral("2"), numeral("0.5")
    ('two', '0.5')
    """
    return NUMERALS[int(text)] if text.isdigit() and int(text) < len(NUMERALS) else text


def say_index(index: tree.Index) -> str:
    """Return a layer or an index in words.

    >>> say_index(tree.Index("l", -1)), say_index(tree.Index("", 2))
    ('l minus one', 'two')
    """
    if not index.letter:
        return numeral(str(index.offset))
    if not index.offset:
        return index.letter
    sign = "minus" if index.offset < 0 else "plus"
    return f"{index.letter} {sign} {numeral(str(abs(index.offset)))}"


def _is_row(node: tree.Node) -> bool:
    return isinstance(node, tree.Multiply) and node.sign in {tree.JUXTAPOSED, tree.DOT, tree.MATMUL}
