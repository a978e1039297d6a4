"""Shapes of sums, products, quotients and powers: what each sign means here."""

from __future__ import annotations

from dataclasses import replace

from checkedmath.errors import ShapeError
from checkedmath.free import STEPS
from checkedmath.shapes import dimensions as dim
from checkedmath.shapes.core import ENTRY, MATRIX, MEANING, SCALE, Resolved, Scope, name, resolve, rule, say
from checkedmath.tree import (
    JUXTAPOSED,
    Add,
    Component,
    Constant,
    Divide,
    Inverse,
    Maximum,
    Multiply,
    Negate,
    Node,
    Number,
    Power,
    Primed,
    Subtract,
    Symbol,
    Transpose,
    walk,
)  # fmt: skip


def _is_literal(item: Resolved) -> bool:
    return item.shape == () and all(isinstance(n, Number | Negate | Divide | Constant) for n in walk(item.node))


def _is_bias(item: Resolved, scope: Scope) -> bool:
    quantity = scope.setting.quantities.get(getattr(item.node, "name", ""))
    return quantity is not None and quantity.oriented == "bias"


def _is_parameter(item: Resolved, scope: Scope) -> bool:
    name = getattr(item.node, "name", "")
    return any(quantity.gradient == ("J", name) for quantity in scope.setting.quantities.values())


@rule(Add, Subtract, Maximum)
def _sum(node: Add | Subtract | Maximum, scope: Scope) -> Resolved:
    left, right = fill(resolve(node.left, scope), resolve(node.right, scope))
    if scope.numpy:
        return Resolved(node, dim.broadcast(left.shape, right.shape, node), "numpy", (left, right))
    if left.shape == right.shape:
        return Resolved(node, left.shape, "same", (left, right))
    for one, other in ((left, right), (right, left)):
        if _is_literal(one):
            return Resolved(node, other.shape, "same", (left, right))
        if one.shape == () and _is_parameter(one, scope):  # Z = wᵀX + b: one unit, so b is a number
            return Resolved(node, other.shape, "same", (left, right))
        if _is_bias(one, scope) and len(other.shape) == 2 and "1" in one.shape:
            axis = one.shape.index("1", 0 if one.shape[0] == "1" else 1)
            if one.shape[1 - axis] == other.shape[1 - axis]:
                return Resolved(node, other.shape, "same", (left, right))
    verb = "subtract" if isinstance(node, Subtract) else "add"
    raise ShapeError(
        f"cannot {verb} {name(node.right)}, {say(right.shape)}, "
        f"{'from' if verb == 'subtract' else 'to'} {name(node.left)}, {say(left.shape)}", node,
    )  # fmt: skip


def fill(left: Resolved, right: Resolved) -> tuple[Resolved, Resolved]:
    """Give a constant of open shape (all ones, the unit matrix) the shape of its neighbour."""
    for one, other, flip in ((left, right, False), (right, left, True)):
        if one.how in {"ones", "unit matrix"} and other.how != one.how and len(other.shape) == 2:
            shaped = replace(one, shape=other.shape)
            return (other, shaped) if flip else (shaped, other)
        turned = one.parts[0] if one.how == "transpose" else None
        if turned is not None and turned.how == "ones" and len(other.shape) == 2:
            shaped = replace(one, shape=other.shape, parts=(replace(turned, shape=other.shape[::-1]),))
            return (other, shaped) if flip else (shaped, other)
    return left, right


@rule(Negate)
def _negate(node: Negate, scope: Scope) -> Resolved:
    part = resolve(node.operand, scope)
    return Resolved(node, part.shape, "", (part,))


# -- products ------------------------------------------------------------------------------------


@rule(Multiply)
def _multiply(node: Multiply, scope: Scope) -> Resolved:
    left, right = resolve(node.left, scope), resolve(node.right, scope)
    if (pushed := _pushed(node, scope)) is not None:
        return Resolved(node, left.shape, "pushed", (left, right, resolve(pushed, scope)), pushed)
    meaning = scope.view.signs.get(node.sign, MEANING[node.sign])
    if meaning == "jacobian":
        return _jacobian_product(node, left, right)
    for item in (left, right):
        if item.how == "stack":
            raise ShapeError(_stack_message(item), node)
    if meaning == "numpy":
        return Resolved(node, dim.broadcast(left.shape, right.shape, node), "numpy", (left, right))
    if scope.numpy and meaning == MATRIX:
        return _numpy_matmul(node, left, right)
    left, right = _fill_product(left, right, meaning, scope)
    meaning = _fitting(meaning, left, right)
    if left.shape == () or right.shape == ():
        return Resolved(node, left.shape or right.shape, SCALE, (left, right))
    if meaning == ENTRY:
        if left.shape == right.shape:
            return Resolved(node, left.shape, ENTRY, (left, right))
        raise ShapeError(
            f"{name(node.left)} is {say(left.shape)}, {name(node.right)} is {say(right.shape)}: "
            "an elementwise product needs equal shapes", node,
        )  # fmt: skip
    if meaning == "outer":
        if left.shape[1:] == ("1",) and right.shape[1:] == ("1",):
            return Resolved(node, (left.shape[0], right.shape[0]), "outer", (left, right))
        raise ShapeError("an outer product takes two columns", node)
    if meaning == "nothing":
        raise ShapeError("⊗ does not say which product is meant: write * or nothing", node)
    if len(left.shape) == len(right.shape) == 2 and left.shape[1] == right.shape[0]:
        return Resolved(node, (left.shape[0], right.shape[1]), MATRIX, (left, right))
    raise ShapeError(_inner_sizes(node, left, right), node)


def _pushed(node: Multiply, scope: Scope) -> Node | None:
    """Return the quantity that is pushed in 𝓛(z + ε), which is no product: z, or its entry z_k."""
    if node.sign != JUXTAPOSED or not isinstance(node.right, Add | Subtract):
        return None
    if not isinstance(node.left, Symbol) or node.left.name not in scope.setting.loss_names:
        return None
    of, by = node.right.left, node.right.right
    steps = any(isinstance(n, Symbol) and n.name in STEPS for n in walk(by))
    inner = of.base if isinstance(of, Component) else of
    return of if steps and isinstance(inner, Symbol) and inner.name not in STEPS else None


def _fitting(meaning: str, left: Resolved, right: Resolved) -> str:
    """Return what an open meaning comes to here; it falls back to the other kind of product."""
    two = len(left.shape) == len(right.shape) == 2
    if meaning == "matrix where it fits":
        return MATRIX if two and left.shape[1] == right.shape[0] else ENTRY
    if meaning == "entry where it fits":
        return ENTRY if left.shape == right.shape else MATRIX
    if meaning == "outer where it fits":
        columns = two and left.shape[1] == right.shape[1] == "1"
        return "outer" if columns else (ENTRY if left.shape == right.shape else MATRIX)
    return meaning


def _inner_sizes(node: Multiply, left: Resolved, right: Resolved) -> str:
    if len(left.shape) == len(right.shape) == 2:
        clash = f"inner sizes {left.shape[1]} and {right.shape[0]} differ"
    else:
        clash = "a matrix product takes two axes on both sides"
    return f"{name(node.left)} is {say(left.shape)}, {name(node.right)} is {say(right.shape)}: {clash}"


def _fill_product(left: Resolved, right: Resolved, meaning: str, scope: Scope) -> tuple[Resolved, Resolved]:
    if meaning == ENTRY:
        return fill(left, right)
    if right.how == "ones" and len(left.shape) == 2 and left.shape[1] != "1":
        right = replace(right, shape=(left.shape[1], "1"))  # dZ 1: a column of ones
    turned = left.parts[0] if left.how == "transpose" else None
    if turned is not None and turned.how == "ones" and len(right.shape) == 2 and right.shape[0] != "1":
        left = replace(left, shape=("1", right.shape[0]), parts=(replace(turned, shape=(right.shape[0], "1")),))
    if "m" in scope.setting.quantities:  # b 1ᵀ: the column once for each example
        m = dim.narrowed("m", scope.view.sizes)
        ones = right.parts[0] if right.how == "transpose" else None
        if ones is not None and ones.how == "ones" and left.shape[1:] == ("1",):
            right = replace(right, shape=("1", m), parts=(replace(ones, shape=(m, "1")),))
        if left.how == "ones" and right.shape[:1] == ("1",):
            left = replace(left, shape=(m, "1"))
    for one, other in ((left, right), (right, left)):
        if one.how == "unit matrix" and len(other.shape) == 2:
            size = other.shape[0] if one is left else other.shape[1]
            one_ = replace(one, shape=(size, size))
            return (one_, right) if one is left else (left, one_)
    return left, right


def _numpy_matmul(node: Multiply, left: Resolved, right: Resolved) -> Resolved:
    if left.shape == () or right.shape == ():
        return Resolved(node, left.shape or right.shape, SCALE, (left, right))  # np.dot by a number
    inner = right.shape[0]
    if left.shape[-1] != inner:
        raise ShapeError(_inner_sizes(node, left, right), node)
    return Resolved(node, left.shape[:-1] + right.shape[1:], MATRIX, (left, right))


def _jacobian_product(node: Multiply, left: Resolved, right: Resolved) -> Resolved:
    stack, other = (left, right) if left.how == "stack" else (right, left)
    if stack.how != "stack" or other.shape != stack.shape:
        raise ShapeError("no Jacobian for each column in this product", node)
    return Resolved(node, stack.shape, "jacobian", (stack, other))


def _stack_message(item: Resolved) -> str:
    return (
        f"{name(item.node)} is a Jacobian for each column, not an array of shape {say(item.shape)}: "
        "softmax mixes the entries of a column"
    )


@rule(Divide)
def _divide(node: Divide, scope: Scope) -> Resolved:
    top, bottom = fill(resolve(node.top, scope), resolve(node.bottom, scope))
    if scope.numpy or node.numpy:
        return Resolved(node, dim.broadcast(top.shape, bottom.shape, node), "numpy", (top, bottom))
    if bottom.shape == () or top.shape in {(), bottom.shape}:
        return Resolved(node, top.shape or bottom.shape, "", (top, bottom))
    raise ShapeError(
        f"cannot divide {name(node.top)}, {say(top.shape)}, by {name(node.bottom)}, {say(bottom.shape)}: "
        "a quotient goes entry by entry", node,
    )  # fmt: skip


@rule(Power)
def _power(node: Power, scope: Scope) -> Resolved:
    base, exponent = resolve(node.base, scope), resolve(node.exponent, scope)
    if exponent.shape != ():
        raise ShapeError("an exponent is a number", node.exponent)
    square = len(base.shape) == 2 and base.shape[0] == base.shape[1]
    how = "matrix power" if square and not node.numpy and not scope.numpy else ""
    return Resolved(node, base.shape, how, (base, exponent))


@rule(Transpose)
def _transpose(node: Transpose, scope: Scope) -> Resolved:
    part = resolve(node.operand, scope)
    return Resolved(node, part.shape[::-1], "transpose", (part,))


@rule(Primed)
def _primed(node: Primed, scope: Scope) -> Resolved:
    part = resolve(node.operand, scope)
    return Resolved(node, part.shape[::-1], "transpose", (part,))


@rule(Inverse)
def _inverse(node: Inverse, scope: Scope) -> Resolved:
    part = resolve(node.operand, scope)
    if part.shape and (len(part.shape) != 2 or part.shape[0] != part.shape[1]):
        raise ShapeError(f"only a square matrix has an inverse; {name(node.operand)} is {say(part.shape)}", node)
    return Resolved(node, part.shape, "", (part,))
