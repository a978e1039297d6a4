"""How tightly each kind of node binds, and what each place in another node asks for.

The reader of mathematics lets the signs take what stands beside them by these tables (`checkedmath.reading.parse`),
and every writer puts a node in brackets by them where its place asks for a tighter level than its own.  A writer that
sets a quotient as a fraction says so by a change of `LEVELS` and `PLACES`.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum

from checkedmath.syntax import tree

#: From loose to tight.  TERM holds what stands between + and -; SCRIPTED has a ᵀ, ⁻¹ or power.
ANY, SUM, TERM, QUOTIENT, ROW, SCRIPTED, INDEXED, ATOM = range(8)

#: The level of each kind of node; what is not listed is an ATOM.
LEVELS: Mapping[type[tree.Node], int] = {
    tree.Chain: ANY, tree.Compare: ANY,
    tree.Add: SUM, tree.Subtract: SUM, tree.Negate: SUM,
    tree.Multiply: TERM, tree.Divide: TERM, tree.SumOver: TERM,
    tree.Derivative: QUOTIENT,
    tree.Transpose: SCRIPTED, tree.Inverse: SCRIPTED, tree.Primed: SCRIPTED, tree.Power: SCRIPTED,
    tree.Change: SCRIPTED,  # d(A)⁻¹ would be read as d(A⁻¹)
    tree.Component: INDEXED, tree.Example: INDEXED,
}  # fmt: skip

#: The products that bind otherwise than the signs do: factors side by side, and NumPy's outer(a, b).
PRODUCTS: Mapping[str, int] = {tree.JUXTAPOSED: ROW, tree.OUTER: ATOM}
#: Another reading of W x * y, W (x * y): factors side by side bind as the signs do.
LOOSE_PRODUCTS: Mapping[str, int] = {tree.JUXTAPOSED: TERM}

#: What a place asks for, by the kind of the node above and the name of its field.
PLACES: Mapping[tuple[type[tree.Node], str], int] = {
    (tree.Chain, "terms"): SUM,
    (tree.Add, "left"): SUM, (tree.Add, "right"): TERM,
    (tree.Subtract, "left"): SUM, (tree.Subtract, "right"): TERM,
    (tree.Negate, "operand"): TERM,
    (tree.Multiply, "left"): TERM, (tree.Multiply, "right"): QUOTIENT,
    (tree.Divide, "top"): SCRIPTED, (tree.Divide, "bottom"): ATOM,
    (tree.SumOver, "body"): TERM,
    (tree.Derivative, "of"): SCRIPTED, (tree.Derivative, "by"): SCRIPTED,
    (tree.Transpose, "operand"): INDEXED, (tree.Inverse, "operand"): INDEXED,
    (tree.Primed, "operand"): INDEXED,
    (tree.Power, "base"): INDEXED,
    (tree.Component, "base"): ATOM, (tree.Example, "base"): ATOM,
    (tree.Apply, "argument"): ANY, (tree.AxisSum, "operand"): ANY,
    (tree.Maximum, "left"): ANY, (tree.Maximum, "right"): ANY,
}  # fmt: skip
#: The factors of a row without signs, W x.
ROW_PLACES = {"left": ROW, "right": SCRIPTED}
#: A column of a quantity has entries, and an entry of a quantity is one for each example.
BARE = {(tree.Component, tree.Example), (tree.Example, tree.Component)}


def level(node: tree.Node, levels: Mapping[type[tree.Node], int] = LEVELS) -> int:
    """Return how tightly a node binds.

    >>> from checkedmath.syntax.tree import Symbol
    >>> level(tree.Add(Symbol("A"), Symbol("B"))) == SUM, level(Symbol("A")) == ATOM
    (True, True)
    """
    return binds(type(node), node.sign if isinstance(node, tree.Multiply) else "", levels)


def binds(kind: type[tree.Node], sign: str = "", levels: Mapping[type[tree.Node], int] = LEVELS) -> int:
    """Return how tightly nodes of a kind bind, products by their sign.

    >>> binds(tree.Multiply, tree.JUXTAPOSED) > binds(tree.Multiply, tree.ELEMENTWISE) > binds(tree.Add)
    True
    """
    return PRODUCTS[sign] if sign in PRODUCTS else levels.get(kind, ATOM)


def needs_brackets(
    node: tree.Node,
    parent: tree.Node,
    place: str,
    levels: Mapping[type[tree.Node], int] = LEVELS,
    places: Mapping[tuple[type[tree.Node], str], int] = PLACES,
) -> bool:
    """Return whether ``node`` needs brackets as the part ``place`` of ``parent``.

    >>> from checkedmath.syntax.tree import Symbol
    >>> needs_brackets(tree.Add(Symbol("A"), Symbol("B")), tree.Transpose(Symbol("A")), "operand")
    True
    """
    if isinstance(parent, tree.Multiply):
        if place == "right" and isinstance(node, tree.SumOver):
            return False  # Σ goes on to the end of its term, so it may stand last
        if place == "left" and ends_in_sum(node):
            return True
        if parent.sign == tree.JUXTAPOSED:
            return level(node, levels) < ROW_PLACES[place]
        if parent.sign == tree.OUTER:
            return False
    if (type(parent), type(node)) in BARE:
        return False
    return level(node, levels) < places.get((type(parent), place), ANY)


def ends_in_sum(node: tree.Node) -> bool:
    """Whether a Σ stands at the end, so that what follows would be added up too."""
    while isinstance(node, tree.Multiply):
        node = node.right
    return isinstance(node, tree.SumOver)


class Python(IntEnum):
    """The operators of Python, from loose to tight.

    ``@`` and ``*`` bind alike in Python; here each puts the other in brackets, for the eye.
    """

    COMPARE = 0
    SUM = 1
    MATMUL = 2
    PRODUCT = 3
    SIGNED = 4
    POWER = 5
    ATOM = 6


#: What the left and the right side of each operator ask for.
PYTHON_SIDES: Mapping[str, tuple[Python, Python]] = {
    "+": (Python.SUM, Python.MATMUL), "-": (Python.SUM, Python.MATMUL),
    "@": (Python.ATOM, Python.ATOM), "*": (Python.PRODUCT, Python.ATOM),
    "/": (Python.PRODUCT, Python.ATOM), "**": (Python.ATOM, Python.ATOM),
}  # fmt: skip
