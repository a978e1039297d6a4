"""The shape of ∂u/∂v in each layout.

Numerator layout puts the entries of u in rows and those of v in columns; denominator layout is
its transpose; the course's shape for the derivative of a number is that of v.
"""

from __future__ import annotations

from dataclasses import replace

from checkedmath.meaning.indices import bare
from checkedmath.meaning.resolution import Resolved, Scope, name, resolve, rule, say
from checkedmath.subject.setting import Shape
from checkedmath.subject.view import COURSE, DENOMINATOR
from checkedmath.syntax.errors import ShapeError, Unplaced
from checkedmath.syntax.tree import Change, Derivative, Node, Symbol, Transpose, walk


@rule(Derivative)
def derivative(node: Derivative, scope: Scope) -> Resolved:
    """∂u/∂v, its shape by the layout of the view."""
    by_node = node.by.operand if isinstance(node.by, Transpose) else node.by
    variable = bare(by_node)
    if not isinstance(variable, Symbol):
        raise Unplaced("a derivative is taken by a quantity", node.by)
    _no_gradients(node, scope)
    of, by = resolve(node.of, scope), resolve(by_node, scope)
    if isinstance(node.of, Symbol) and node.of.name in scope.setting.scalars:
        of = replace(of, shape=())  # under a ∂, the row of losses means their sum
    shape = shape_of(of.shape, by.shape, scope, node)
    return Resolved(node, shape, "derivative", (of, by), _layout(scope, node))


@rule(Change)
def change(node: Change, scope: Scope) -> Resolved:
    """Return du, of u's shape."""
    if any(isinstance(below, Derivative | Change) for below in walk(node.of)):
        raise Unplaced("a differential of a derivative is not judged", node)
    part = resolve(node.of, scope)
    return Resolved(node, part.shape, "change", (part,))


def _no_gradients(node: Derivative, scope: Scope) -> None:
    for below in walk(node):
        if isinstance(below, Derivative) and below is not node:
            raise Unplaced("a derivative of a derivative is not judged", below)
        if isinstance(below, Symbol):
            quantity = scope.setting.quantities.get(below.name)
            if quantity is not None and quantity.gradient is not None:
                raise Unplaced(f"{name(below)} is itself a gradient: its derivative is not judged", below)


def _layout(scope: Scope, node: Derivative) -> str:
    if node.nabla:
        return DENOMINATOR
    return "entrywise" if scope.view.entrywise else scope.view.layout


def shape_of(of: Shape, by: Shape, scope: Scope, node: Derivative) -> Shape:
    """Return the shape of the derivative of a quantity of one shape by one of another."""
    layout = _layout(scope, node)
    u, v = upright(of), upright(by)
    if layout == "entrywise":
        if of == by:
            return of
        raise ShapeError("an entry-by-entry derivative needs two quantities of one shape", node)
    if u == ():
        if layout == COURSE or v == ():
            return by if layout == COURSE else ()
        return v if layout == DENOMINATOR else v[::-1]
    if v == ():
        return u[::-1] if layout == DENOMINATOR else u
    if u[1] == "1" and v[1] == "1":
        return (v[0], u[0]) if layout == DENOMINATOR else (u[0], v[0])
    raise ShapeError(
        f"{name(node.of)} is {say(of)} and {name(node.by)} is {say(by)}: their derivative has one number "
        "for every pair of entries and is no matrix; write it by index", node,
    )  # fmt: skip


def upright(shape: Shape) -> Shape:
    """Return a row as the column it transposes."""
    if len(shape) == 2 and shape[0] == "1" and shape[1] != "1":
        return (shape[1], "1")
    return shape


def pair(node: Derivative) -> tuple[Node, Node]:
    """Return u and v of ∂u/∂v without a transpose on v."""
    return node.of, node.by.operand if isinstance(node.by, Transpose) else node.by


__all__ = ["derivative", "pair", "shape_of", "upright"]
