"""The same formula with examples as rows: the tree of the transposed formula.

Two conventions are in use: ``rows-WT``, Z = A Wᵀ + b with W as in the course (PyTorch's
``nn.Linear``), and ``rows-W``, Z = A W + b with W of shape (n_in, n_out).  A symbol that lies the
other way round in a convention is the transpose of the course's; transposes are pushed down to the
symbols, where they cancel.  Any writer writes the result.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from checkedmath.subject.setting import Setting
from checkedmath.syntax import tree
from checkedmath.syntax.budget import spend

ROWS_WT, ROWS_W = "rows-WT", "rows-W"
#: The kinds of `Quantity.oriented` that are transposed, for a setting that does not say.
TURNED: Mapping[str, tuple[str, ...]] = {
    ROWS_WT: ("data", "bias"),
    ROWS_W: ("data", "bias", "weight"),
}
_MATRIX = {tree.JUXTAPOSED, tree.DOT, tree.MATMUL}
_ARITHMETIC = tree.Add | tree.Subtract | tree.Negate | tree.Multiply | tree.Divide | tree.Power
_SCALARS = {"tr", "det", "norm", "sum", "mean", "max", "abs"}
_VECTOR = {"diag", "vec"}


def with_rows(node: tree.Node, setting: Setting, convention: str = ROWS_WT) -> tree.Node:
    """Return the formula as it stands with examples as rows.

    ``convention`` is ``"rows-WT"`` or ``"rows-W"``; what it transposes the setting's world of that
    code says, else `TURNED`.  Raises `KeyError` for another convention.
    """
    turned = TURNED[convention]
    for world in setting.worlds:
        if world.code == convention:
            turned = world.turned
    return _Turner(setting, turned).formula(node)


class _Turner:
    """Writes a course formula in symbols that lie the other way round.

    ``flip`` asks for the transpose of what a node stands for.
    """

    def __init__(self, setting: Setting, turned: tuple[str, ...]) -> None:
        self.setting, self.turned = setting, turned
        self.known: dict[tuple[int, bool], tree.Node] = {}  # each node both ways, by its identity: hashing goes down

    def formula(self, node: tree.Node) -> tree.Node:
        """Return the formula, transposed as a whole where that is how it is written with rows."""
        if not isinstance(node, tree.Chain):
            return self.fewest(node)
        named = [term for term in node.terms if self.is_name(term)]
        if named:
            flip = isinstance(self.turn(named[0], flip=False), tree.Transpose)
            return replace(node, terms=tuple(self.turn(term, flip=flip) for term in node.terms))
        straight, turned = (
            replace(node, terms=tuple(self.turn(term, flip=flip) for term in node.terms))
            for flip in (False, True)
        )
        return min(straight, turned, key=_transposes)

    def fewest(self, node: tree.Node) -> tree.Node:
        """Return the node or its transpose, whichever has fewer transposes."""
        return min(self.turn(node, flip=False), self.turn(node, flip=True), key=_transposes)

    def is_name(self, node: tree.Node) -> bool:
        """Whether a term of a chain is one quantity or one derivative, which leads the formula."""
        return isinstance(node, tree.Symbol | tree.Derivative | tree.Example)

    def turn(self, node: tree.Node, *, flip: bool) -> tree.Node:
        """Return the node, or its transpose, in the symbols of the convention."""
        key = (id(node), flip)  # nodes of the formula, which lives longer than this
        if key not in self.known:
            spend()
            self.known[key] = self._turned(node, flip=flip)
        return self.known[key]

    def _turned(self, node: tree.Node, *, flip: bool) -> tree.Node:
        if isinstance(node, tree.Transpose | tree.Primed):
            return self.turn(node.operand, flip=not flip)
        if isinstance(node, tree.Symbol):
            return _transposed(node, flip != self.is_turned(node) and not self.is_number(node))
        if isinstance(node, tree.Constant):
            return _transposed(node, flip and node.name == "1")
        if isinstance(node, tree.Multiply):
            return self.product(node, flip=flip)
        if isinstance(node, tree.Component):
            return self.component(node)
        if isinstance(node, tree.Example):
            turned = replace(node, base=self.turn(node.base, flip=True))
            return _transposed(turned, not flip and not self.is_number(node))
        if isinstance(node, tree.AxisSum):
            return self.axis_sum(node, flip=flip)
        if isinstance(node, tree.Derivative):
            return self.derivative(node, flip=flip)
        if isinstance(node, tree.Apply) and node.name in _SCALARS | _VECTOR:
            return replace(node, argument=self.fewest(node.argument))
        if isinstance(node, tree.RealSpace):
            if not flip or node.columns is None:
                return node
            return replace(node, rows=node.columns, columns=node.rows)
        if isinstance(node, tree.SumOver):
            return replace(node, body=self.turn(node.body, flip=flip))  # the limits are numbers
        return tree.rebuild(node, lambda below: self.turn(below, flip=flip))

    def is_turned(self, node: tree.Symbol) -> bool:
        """Whether the convention transposes this quantity."""
        quantity = self.setting.quantities.get(node.name)
        return quantity is not None and bool(quantity.oriented) and quantity.oriented in self.turned

    def is_number(self, node: tree.Node) -> bool:
        """Whether the node can be seen to be a number."""
        if isinstance(node, tree.Symbol):
            quantity = self.setting.quantities.get(node.name)
            return quantity is not None and set(quantity.shape) <= {"1"}
        if isinstance(node, tree.Apply) and node.name in _SCALARS:
            return True
        if isinstance(node, tree.Example):
            return self.is_row(node.base)  # its columns have one entry each
        if isinstance(node, _ARITHMETIC):
            return all(map(self.is_number, tree.children(node)))
        if isinstance(node, tree.Derivative):
            return self.is_number(node.by)
        return isinstance(node, tree.Number | tree.Component | tree.Delta)

    def product(self, node: tree.Multiply, *, flip: bool) -> tree.Node:
        """Return a product: (AB)ᵀ = BᵀAᵀ; numbers stay in front, elementwise factors in order."""
        if node.sign == tree.OUTER:
            pair = (node.right, node.left) if flip else (node.left, node.right)
            return replace(node, left=self.fewest(pair[0]), right=self.fewest(pair[1]))
        if node.sign == tree.TENSOR:
            inside = tree.rebuild(node, lambda below: self.turn(below, flip=False))
            return _transposed(inside, flip)
        if not flip or node.sign not in _MATRIX:
            return tree.rebuild(node, lambda below: self.turn(below, flip=flip))
        factors, signs = _factors(node)
        first = next((n for n, f in enumerate(factors) if not self.is_number(f)), len(factors) - 1)
        order = [*factors[:first], *reversed(factors[first:])]
        signs = [*signs[:first], *reversed(signs[first:])]
        result = self.turn(order[0], flip=True)
        for sign, factor in zip(signs, order[1:], strict=True):
            result = replace(node, sign=sign, left=result, right=self.turn(factor, flip=True))
        return result

    def component(self, node: tree.Component) -> tree.Node:
        """Return an entry: Z_ki of a matrix that lies the other way round is Z_ik."""
        if isinstance(node.base, tree.Symbol):
            swap = self.is_turned(node.base)
            return replace(node, indices=node.indices[::-1]) if swap else node
        return replace(node, base=self.turn(node.base, flip=False))

    def axis_sum(self, node: tree.AxisSum, *, flip: bool) -> tree.Node:
        """Return a sum along an axis: of the transpose it goes along the other one."""
        if node.axis is None:
            return replace(node, operand=self.fewest(node.operand))
        turned = replace(node, operand=self.turn(node.operand, flip=True), axis=1 - node.axis)
        if not node.keepdims or (node.axis == 1 and self.is_row(node.operand)):
            return turned
        return _transposed(turned, not flip)

    def is_row(self, node: tree.Node) -> bool:
        """Whether a node is made of rows alone: then each of its columns is a number."""
        symbols = [below for below in tree.walk(node) if isinstance(below, tree.Symbol)]
        known = [self.setting.quantities.get(s.name) for s in symbols if not self.is_number(s)]
        return bool(known) and all(q is not None and q.shape[0] == "1" for q in known)

    def derivative(self, node: tree.Derivative, *, flip: bool) -> tree.Node:
        """Return a derivative of a number, which lies as its variable does; a Jacobian stays."""
        by = node.by.operand if isinstance(node.by, tree.Transpose) else node.by
        of_number = self.is_number(node.of) or (
            isinstance(node.of, tree.Symbol) and node.of.name in self.setting.scalars
        )
        if isinstance(by, tree.Component | tree.Example):
            return replace(node, by=self.component(by) if isinstance(by, tree.Component) else by)
        if of_number and isinstance(by, tree.Symbol):
            return _transposed(node, flip != self.is_turned(by) and not self.is_number(by))
        return _transposed(node, flip)


def _transposed(node: tree.Node, wanted: bool) -> tree.Node:
    if not wanted:
        return node
    if isinstance(node, tree.Transpose):
        return node.operand
    return tree.Transpose(node, span=node.span)


def _transposes(node: tree.Node) -> int:
    return sum(isinstance(below, tree.Transpose) for below in tree.walk(node))


def _factors(node: tree.Node) -> tuple[list[tree.Node], list[str]]:
    """Return the factors of a matrix product and the signs between them."""
    if isinstance(node, tree.Multiply) and node.sign in _MATRIX:
        left, signs = _factors(node.left)
        right, more = _factors(node.right)
        return [*left, *right], [*signs, node.sign, *more]
    return [node], []
