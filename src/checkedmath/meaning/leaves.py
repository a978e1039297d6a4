"""Shapes of symbols, constants and functions."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from typing import NoReturn

from checkedmath.meaning import dimensions as dim
from checkedmath.meaning.arithmetic import fill, is_unit
from checkedmath.meaning.resolution import Resolved, Scope, name, resolve, rule, say
from checkedmath.subject.general import COLUMN, ENTRY, taking
from checkedmath.syntax.errors import ShapeError, Unplaced
from checkedmath.syntax.text import text_of
from checkedmath.syntax.tree import (
    BROADCAST,
    FIRST_LONG,
    Apply,
    AxisSum,
    Cases,
    Chain,
    Compare,
    Constant,
    Evaluated,
    Example,
    Extent,
    Index,
    Multiply,
    Node,
    Number,
    Ones,
    RealSpace,
    Symbol,
    transform,
    walk,
)  # fmt: skip

#: Functions of all mathematics: of each entry by itself, and of whole columns.
OF_COLUMNS, GENERAL_ENTRYWISE = taking(COLUMN), taking(ENTRY)


@rule(Number)
def _number(node: Node, scope: Scope) -> Resolved:
    return Resolved(node, (), "number")


@rule(Symbol)
def _symbol(node: Symbol, scope: Scope) -> Resolved:
    family = scope.setting.family
    if node.member is not None and node.name == family.size:
        return Resolved(node, (), "size")
    if node.name in scope.shapes:
        return Resolved(node, scope.shapes[node.name], "symbol")
    quantity = scope.setting.quantities.get(node.name)
    if quantity is None:
        raise Unplaced(f"{node.name} is no quantity of {scope.setting.name}", node)
    if quantity.numbered and node.member is None:
        raise Unplaced(f"{node.name} needs a {family.word}: {node.name}[1], {node.name}[2], …", node)
    if not quantity.numbered and node.member is not None:
        raise ShapeError(f"{node.name} belongs to no {family.word}", node)
    shape = dim.shape_at(quantity.shape, scope.settled(node.member), scope.last_member, family)
    if quantity.oriented and quantity.oriented in scope.view.turned:
        shape = shape[::-1]
    shape = tuple(dim.narrowed(d, scope.view.sizes) for d in shape)
    return Resolved(node, shape, "symbol")


@rule(Constant)
def _constant(node: Constant, scope: Scope) -> Resolved:
    return Resolved(node, (), {"1": "ones", "I": "unit matrix"}.get(node.name, "number"))



@rule(Evaluated)
def _evaluated(node: Evaluated, scope: Scope) -> Resolved:
    primed = node.name + "'" * node.primes
    raise Unplaced(f"{primed} of what? Write what it is taken at, {primed}(z)", node)


def _misplaced(node: Apply, scope: Scope) -> NoReturn:
    """Raise for a number that is taken at what it does not depend on, L(a[1], y)."""
    quantity, family = scope.setting.quantities[node.name], scope.setting.family
    allowed = scope.setting.arguments[node.name]
    at = text_of(node.argument)
    known = (n + (f"[{family.last}]" if member and scope.setting.quantities[n].numbered else "")
             for n, member in allowed.items() if n in scope.setting.quantities)  # fmt: skip
    of_one = ", of one example," if any(isinstance(n, Example) for n in walk(node)) else ""
    raise ShapeError(f"{quantity.words} is a function of {', '.join(known)}{of_one}; here it is taken at {at}", node)


@rule(Apply)
def _apply(node: Apply, scope: Scope) -> Resolved:
    if node.name in scope.setting.arguments:
        _misplaced(node, scope)
    part = resolve(node.argument, scope)
    function = scope.setting.functions.get(node.name)
    output = scope.setting.output_function
    if output and function is not None and function.numbered and _member_of(node, scope) == scope.last_member:
        node = replace(node, name=output)
    if node.name in OF_COLUMNS:
        if not node.primes:
            return Resolved(node, part.shape, "function", (part,))
        column = part.shape[1:] == ("1",)
        shape = (part.shape[0], part.shape[0]) if column else part.shape
        return Resolved(node, shape, "columns jacobian" if column else "stack", (part,))
    if is_unit(part):
        raise Unplaced(f"nothing says how large {name(node.argument)} is here", node)
    if node.name in GENERAL_ENTRYWISE or (function is not None and function.entrywise):
        return Resolved(node, part.shape, "function", (part,), _member_of(node, scope))
    if node.primes:
        raise Unplaced(f"{node.name} has no prime here", node)
    if scope.numpy and node.name in {"diag", "tr", "det"}:
        _matrix_of_numpy(node, part)
    if part.shape == () and part.how == "ones":
        raise Unplaced(f"nothing says how large {name(node.argument)} is here", node)
    if node.name == "diag":
        return Resolved(node, dim.diagonal(part.shape, node), "diag", (part,))
    if node.name in {"tr", "det"}:
        if part.shape and (len(part.shape) != 2 or part.shape[0] != part.shape[1]):
            raise ShapeError(f"{node.name} needs a square matrix, not {say(part.shape)}", node)
        return Resolved(node, (), node.name, (part,))
    if node.name == "norm" and node.member is not None and "1" not in (part.shape or ("1",)):
        raise Unplaced("‖ ‖_2 of a matrix is its largest singular value, which is not computed; ‖ ‖_F is read", node)
    if node.name in {"norm", "sum", "mean", "max"}:
        return Resolved(node, (), node.name, (part,))
    raise Unplaced(f"{node.name} is no function of {scope.setting.name}", node)


def _matrix_of_numpy(node: Apply, part: Resolved) -> None:
    """See that np.diag is given a column, row or array with one axis, np.trace and np.linalg.det a square matrix."""
    two = len(part.shape) == 2
    if part.shape == () or (node.name != "diag" and not two):
        raise ShapeError(f"NumPy's {node.name} takes no {say(part.shape).removeprefix('a ')} here", node)
    if two and "1" not in part.shape if node.name == "diag" else part.shape[0] != part.shape[1]:
        raise Unplaced(f"{node.name} of {name(node.argument)}, {say(part.shape)}, is not read as NumPy", node)


def _member_of(node: Apply, scope: Scope) -> Index | None:
    """Return the layer of g: its own, else that of what it is taken at."""
    member = node.member
    if member is None:
        member = next((n.member for n in walk(node.argument) if isinstance(n, Symbol) and n.member is not None), None)
    function = scope.setting.functions.get(node.name)
    if function is not None and function.numbered and member is None:
        raise Unplaced(f"{node.name} needs a {scope.setting.family.word}: {node.name}[1], {node.name}[2], …", node)
    return scope.settled(member)


@rule(AxisSum)
def _axis_sum(node: AxisSum, scope: Scope) -> Resolved:
    part = resolve(node.operand, scope)
    shape = part.shape
    if node.axis == FIRST_LONG and shape:
        node = replace(node, axis=next((n for n, size in enumerate(shape) if size != "1"), 0))
    if node.axis is None:
        return Resolved(node, ("1",) * len(shape) if node.keepdims else (), "", (part,))
    if scope.numpy and shape == ():
        raise Unplaced(f"{name(node.operand)} is a number and has no axis {node.axis}", node)
    if shape == ():
        return Resolved(node, (), "", (part,))
    if node.axis >= len(shape):
        raise ShapeError(f"axis={node.axis} does not exist: {name(node.operand)} is {say(shape)}", node)
    if node.keepdims:
        kept = tuple("1" if n == node.axis else d for n, d in enumerate(shape))
        return Resolved(node, kept, "", (part,))
    flat = tuple(d for n, d in enumerate(shape) if n != node.axis)
    if scope.view.flat_is_column and len(flat) == 1 and "bias" in scope.view.turned:
        return Resolved(node, ("1", flat[0]), "row", (part,))
    if scope.view.flat_is_column and len(flat) == 1:
        return Resolved(node, (flat[0], "1"), "column", (part,))
    return Resolved(node, flat, "", (part,))


@rule(Extent)
def _extent(node: Extent, scope: Scope) -> Resolved:
    """Return the size itself, so that in a world where arrays are turned it is that of another axis."""
    part = resolve(node.operand, scope)
    sizes = part.shape if node.axis is None else part.shape[node.axis : node.axis + 1]
    if not sizes:
        raise Unplaced(f"{name(node.operand)} is {say(part.shape)} and has no axis {node.axis or 0}", node)
    long = [_size(size, node, scope) for size in sizes if size != "1"] or [Number("1", span=node.span)]
    return resolve(reduce(lambda left, right: Multiply(BROADCAST, left, right, span=node.span), long), scope)


def with_sizes(tree: Node, scope: Scope) -> Node:
    """Return a tree with m for X.shape[1], where the shapes say so."""

    def change(node: Node) -> Node:
        try:
            return resolve(node, scope).node if isinstance(node, Extent) else node
        except ShapeError:
            return node

    return transform(tree, change)


def _size(size: str, node: Node, scope: Scope) -> Node:
    """Return the quantity that a size is."""
    index = scope.setting.family.index_of(size)
    if index is not None:
        return Symbol(scope.setting.family.size, index, span=node.span)
    if size not in scope.setting.quantities:
        raise Unplaced(f"{size} is no quantity of {scope.setting.name}", node)
    return Symbol(size, span=node.span)


@rule(Ones)
def _ones(node: Ones, scope: Scope) -> Resolved:
    sizes = tuple(_size_of(size, scope) for size in (node.rows, node.columns))
    return Resolved(Constant("1", span=node.span), sizes, "ones")


def _size_of(node: Node, scope: Scope) -> str:
    found = resolve(node, scope).node
    if isinstance(found, Number):
        return found.text
    if isinstance(found, Symbol) and found.member is not None and found.name == scope.setting.family.size:
        return dim.narrowed(scope.size_of(found.member), scope.view.sizes)
    if isinstance(found, Symbol) and scope.setting.is_size(found.name):
        return dim.narrowed(found.name, scope.view.sizes)
    raise Unplaced(f"{name(node)} is no size that is known here", node)


@rule(Compare)
def _compare(node: Compare, scope: Scope) -> Resolved:
    left, right = fill(resolve(node.left, scope), resolve(node.right, scope))
    if scope.numpy:
        if left.shape == right.shape == ():
            raise Unplaced("a condition on two numbers is a bool of Python, and no array", node)
        return Resolved(node, dim.broadcast(left.shape, right.shape, node), "", (left, right))
    if left.shape != right.shape and left.shape and right.shape:
        raise ShapeError(f"cannot compare {say(left.shape)} with {say(right.shape)}", node)
    return Resolved(node, left.shape or right.shape, "", (left, right))


@rule(Cases)
def _cases(node: Cases, scope: Scope) -> Resolved:
    parts: list[Resolved] = []
    for value, condition in node.branches:
        parts.append(resolve(value, scope))
        if condition is not None:
            parts.append(resolve(condition, scope))
    if scope.numpy:
        whole = reduce(lambda left, right: dim.broadcast(left, right, node), (part.shape for part in parts))
        return Resolved(node, whole, "", tuple(parts))
    shapes = {part.shape for part in parts if part.shape}
    if len(shapes) > 1:
        raise ShapeError("the branches have different shapes: " + ", ".join(map(say, sorted(shapes))), node)
    return Resolved(node, shapes.pop() if shapes else (), "", tuple(parts))


@rule(RealSpace)
def _real_space(node: RealSpace, scope: Scope) -> Resolved:
    raise Unplaced("ℝ is written on the right of ∈ only", node)


@rule(Chain)
def _chain(node: Chain, scope: Scope) -> Resolved:
    return Resolved(node, (), "", tuple(resolve(term, scope) for term in node.terms))
