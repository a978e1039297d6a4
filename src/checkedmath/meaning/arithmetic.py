"""Shapes of sums, products, quotients and powers: what each sign means here."""

from __future__ import annotations

from dataclasses import replace

from checkedmath.meaning import dimensions as dim
from checkedmath.meaning.fill_in import pushed_quantity
from checkedmath.meaning.resolution import Resolved, Scope, name, resolve, rule, say
from checkedmath.subject.setting import Shape
from checkedmath.subject.view import ENTRY, MATRIX, MEANING, SCALE
from checkedmath.syntax.errors import ShapeError, Unplaced
from checkedmath.syntax.tree import (
    DOT,
    MATMUL,
    OUTER,
    Add,
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
    per_node,
    walk,
)  # fmt: skip

#: A size that its neighbour says: that of 𝟏 bᵀ.
OPEN = "?"


def _is_literal(item: Resolved) -> bool:
    return item.shape == () and all(isinstance(n, Number | Negate | Divide | Constant) for n in walk(item.node))


def _is_bias(item: Resolved, scope: Scope) -> bool:
    quantity = scope.setting.quantities.get(getattr(item.node, "name", ""))
    return quantity is not None and quantity.oriented == "bias"


def is_repeated(item: Resolved, scope: Scope) -> bool:
    """Whether all arrays that an expression is made of are repeated along the columns of what they meet."""
    symbols = (n for n in walk(item.node) if isinstance(n, Symbol))
    arrays = [q for n in symbols if (q := scope.setting.quantities.get(n.name)) and (q.shape or q.repeated)]
    return bool(arrays) and all(quantity.repeated for quantity in arrays)


def _repeats_to(one: Shape, other: Shape) -> bool:
    """Whether a column, or a row, becomes an array of the other shape when it is repeated."""
    if len(one) != 2 or len(other) != 2 or "1" not in one:
        return False
    axis = one.index("1", 0 if one[0] == "1" else 1)
    return one[1 - axis] == other[1 - axis]


def _repeated_shape(left: Resolved, right: Resolved, scope: Scope) -> Shape:
    """Return the shape of an elementwise operation in which one side is repeated, () where none may be."""
    for one, other in ((left, right), (right, left)):
        if _repeats_to(one.shape, other.shape) and is_repeated(one, scope):
            return other.shape
    return ()


def _is_parameter(item: Resolved, scope: Scope) -> bool:
    return scope.setting.gradient_by(getattr(item.node, "name", "")) is not None


@rule(Add, Subtract, Maximum)
def _sum(node: Add | Subtract | Maximum, scope: Scope) -> Resolved:
    left, right = fill(resolve(node.left, scope), resolve(node.right, scope))
    if scope.numpy:
        return Resolved(node, dim.broadcast(left.shape, right.shape, node), "numpy", (left, right))
    see_units(left, right)
    if left.shape == right.shape:
        return Resolved(node, left.shape, "same", (left, right))
    for one, other in ((left, right), (right, left)):
        if _is_literal(one):
            return Resolved(node, other.shape, "same", (left, right))
        if one.shape == () and _is_parameter(one, scope):  # Z = wᵀX + b: one unit, so b is a number
            return Resolved(node, other.shape, "same", (left, right))
        if one.shape == () and is_repeated(one, scope):
            return Resolved(node, other.shape, "same", (left, right))
        if (_is_bias(one, scope) or is_repeated(one, scope)) and _repeats_to(one.shape, other.shape):
            return Resolved(node, other.shape, "same", (left, right))
    verb = "subtract" if isinstance(node, Subtract) else "add"
    raise ShapeError(
        f"cannot {verb} {name(node.right)}, {say(right.shape)}, "
        f"{'from' if verb == 'subtract' else 'to'} {name(node.left)}, {say(left.shape)}", node,
    )  # fmt: skip


def fill(left: Resolved, right: Resolved) -> tuple[Resolved, Resolved]:
    """Give a constant of open shape (all ones, the unit matrix, and numbers times these) the shape of its neighbour."""
    for one, other, flip in ((left, right, False), (right, left, True)):
        if (long := _as_long(one, other.shape)) is not None:
            return (other, long) if flip else (long, other)
        if len(other.shape) != 2 or other.how == "unit matrix" or not (is_unit(one) or is_open(one)):
            continue
        if is_unit(one) and other.shape[0] != other.shape[1]:
            raise ShapeError(f"I is square, and {name(other.node)} beside it is {say(other.shape)}", one.node)
        shaped = closed(one, other.shape)
        return (other, shaped) if flip else (shaped, other)
    return left, right


def is_unit(item: Resolved) -> bool:
    """Whether this is I, a number times it, a power of it or a sum of these, and nothing has said yet how large."""
    if item.shape or not _names_unit(item.node):
        return False
    if item.how in {"transpose", SCALE, "same"} or isinstance(item.node, Negate | Power | Inverse):
        return any(is_unit(part) for part in item.parts)
    return item.how == "unit matrix" or (isinstance(item.node, Divide) and is_unit(item.parts[0]))


@per_node
def _names_unit(node: Node) -> bool:
    """Whether I stands in an expression."""
    return any(isinstance(n, Constant) and n.name == "I" for n in walk(node))


def see_units(left: Resolved, right: Resolved) -> None:
    """Raise `Unplaced` for I beside a number: of I + 2 and I = 1 nothing says how large they are."""
    if left.shape == right.shape == () and is_unit(left) != is_unit(right):
        raise Unplaced("nothing says how large I is here: beside it is a number", left.node)


def is_open(item: Resolved) -> bool:
    """Whether this is 𝟏, 𝟏ᵀ or a number times one of them, and nothing has said yet how long."""
    if item.shape:
        return False
    wraps = item.how in {"transpose", SCALE} or isinstance(item.node, Negate | Divide)
    return item.how == "ones" or (wraps and any(is_open(part) for part in item.parts))


def _is_row(item: Resolved) -> bool:
    """Whether what is open is 𝟏ᵀ."""
    if item.how == "transpose":
        return not _is_row(item.parts[0])
    return next((_is_row(part) for part in item.parts if is_open(part)), False)


def closed(item: Resolved, shape: Shape) -> Resolved:
    """Return an open item with its shape."""
    inner = shape[::-1] if item.how == "transpose" else shape
    parts = tuple(closed(p, inner) if is_open(p) or is_unit(p) else p for p in item.parts)
    how = "matrix power" if isinstance(item.node, Power) else item.how
    if isinstance(item.node, Multiply) and all(part.shape for part in parts):
        how = MATRIX  # I I
    return replace(item, shape=shape, how=how, parts=parts)


@rule(Negate)
def _negate(node: Negate, scope: Scope) -> Resolved:
    part = resolve(node.operand, scope)
    return Resolved(node, part.shape, "", (part,))


# -- products ------------------------------------------------------------------------------------


@rule(Multiply)
def _multiply(node: Multiply, scope: Scope) -> Resolved:
    left, right = resolve(node.left, scope), resolve(node.right, scope)
    if (pushed := pushed_quantity(node, scope.setting)) is not None:
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
    if scope.numpy and node.sign == OUTER:
        return Resolved(node, (_length(left), _length(right)), "outer", (left, right))
    left, right = _fill_product(left, right, meaning, scope)
    meaning = _fitting(meaning, left, right)
    if node.sign == DOT and meaning == MATRIX and scope.setting.free and _columns(left, right):
        return Resolved(node, (), "inner", (left, right))
    if meaning == MATRIX and (shape := _outer_with_ones(left, right)):
        return Resolved(node, shape, MATRIX, (left, right))
    if (is_open(left) and (right.shape or is_open(right))) or (is_open(right) and left.shape):
        raise Unplaced("nothing says how long 𝟏 is here: use brackets, so that a matrix is beside it", node)
    if left.shape == () or right.shape == ():
        return Resolved(node, left.shape or right.shape, SCALE, (left, right))
    if meaning == ENTRY:
        if shape := left.shape if left.shape == right.shape else _repeated_shape(left, right, scope):
            return Resolved(node, shape, ENTRY, (left, right))
        raise ShapeError(
            f"{name(node.left)} is {say(left.shape)}, {name(node.right)} is {say(right.shape)}: "
            "an element-wise product needs equal shapes", node,
        )  # fmt: skip
    if meaning == "outer":
        if left.shape[1:] == ("1",) and right.shape[1:] == ("1",):
            return Resolved(node, (left.shape[0], right.shape[0]), "outer", (left, right))
        raise ShapeError("an outer product takes two columns", node)
    if meaning == "nothing":
        raise Unplaced("⊗ does not say which product is meant: write * or nothing", node)
    if len(left.shape) == len(right.shape) == 2 and left.shape[1] == right.shape[0]:
        return Resolved(node, (left.shape[0], right.shape[1]), MATRIX, (left, right))
    raise ShapeError(_inner_sizes(node, left, right), node)


def _outer_with_ones(left: Resolved, right: Resolved) -> Shape:
    """Return the shape of 𝟏 bᵀ or b 𝟏ᵀ, which is as long as what it is added to; () for anything else."""
    if is_open(left) and not _is_row(left) and len(right.shape) == 2 and right.shape[0] == "1":
        return (OPEN, right.shape[1])
    if is_open(right) and _is_row(right) and left.shape[1:] == ("1",):
        return (left.shape[0], OPEN)
    return ()


def _as_long(item: Resolved, shape: Shape) -> Resolved | None:
    """Return 𝟏 bᵀ with the shape of its neighbour, where it has an open one that fits."""
    if OPEN not in item.shape or OPEN in shape or len(shape) != 2 or not isinstance(item.node, Multiply):
        return None
    if any(own not in {OPEN, size} for own, size in zip(item.shape, shape, strict=True)):
        return None
    left, right = item.parts
    parts = (closed(left, (shape[0], "1")), right) if is_open(left) else (left, closed(right, ("1", shape[1])))
    return replace(item, shape=shape, parts=parts)


def _columns(left: Resolved, right: Resolved) -> bool:
    """Whether these are two columns as long as each other, whose dot product is a number."""
    return left.shape == right.shape and left.shape[1:] == ("1",) and left.shape[0] != "1"


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
    if is_open(right) and (shape := _beside(right, left.shape, 1, scope)):
        right = closed(right, shape)
    if is_open(left) and (shape := _beside(left, right.shape, 0, scope)):
        left = closed(left, shape)
    for one, other in ((left, right), (right, left)):
        if is_unit(one) and len(other.shape) == 2:
            size = other.shape[0] if one is left else other.shape[1]
            one_ = closed(one, (size, size))
            return (one_, right) if one is left else (left, one_)
    return left, right


def _beside(item: Resolved, other: Shape, inner: int, scope: Scope) -> Shape:
    """Return the shape of 𝟏 or 𝟏ᵀ beside a matrix whose axis ``inner`` it meets; () if that does not say.

    Turned outward, as in b 𝟏ᵀ, it repeats a column once for each example.
    """
    if len(other) != 2:
        return ()
    if _is_row(item) == (inner == 0):  # dZ 𝟏 and 𝟏ᵀ dZ: a sum
        size = other[inner] if other[inner] != "1" or scope.view.sizes else ""
    else:
        examples = scope.setting.examples if other[inner] == "1" else ""
        size = dim.narrowed(examples, scope.view.sizes) if examples else ""
    if not size:
        return ()
    return ("1", size) if _is_row(item) else (size, "1")


def _numpy_matmul(node: Multiply, left: Resolved, right: Resolved) -> Resolved:
    if left.shape == () or right.shape == ():
        if node.sign == MATMUL:
            number = name(node.left if left.shape == () else node.right)
            raise ShapeError(f"NumPy's @ and np.matmul take no number, and {number} is one: * scales", node)
        return Resolved(node, left.shape or right.shape, SCALE, (left, right))
    inner = right.shape[0]
    if left.shape[-1] != inner:
        raise ShapeError(_inner_sizes(node, left, right), node)
    return Resolved(node, left.shape[:-1] + right.shape[1:], MATRIX, (left, right))


def _length(item: Resolved) -> str:
    """Return how many entries np.outer takes of a column, a row or an array with one axis."""
    long = [size for size in item.shape if size != "1"] or list(item.shape[:1])
    if len(long) == 1:
        return long[0]
    raise Unplaced(f"np.outer takes two columns or rows here, and {name(item.node)} is {say(item.shape)}", item.node)


def _jacobian_product(node: Multiply, left: Resolved, right: Resolved) -> Resolved:
    stack, other = (left, right) if left.how == "stack" else (right, left)
    if stack.how != "stack" or other.shape != stack.shape:
        raise ShapeError("no Jacobian for each column in this product", node)
    return Resolved(node, stack.shape, "jacobian", (stack, other))


def _stack_message(item: Resolved) -> str:
    return (
        f"{name(item.node)} is a Jacobian for each column, not an array of shape {say(item.shape)}: "
        f"{getattr(item.node, 'name', 'it')} mixes the entries of a column"
    )


@rule(Divide)
def _divide(node: Divide, scope: Scope) -> Resolved:
    top, bottom = fill(resolve(node.top, scope), resolve(node.bottom, scope))
    if scope.numpy or node.numpy:
        return Resolved(node, dim.broadcast(top.shape, bottom.shape, node), "numpy", (top, bottom))
    if is_unit(bottom):
        raise Unplaced("nothing is divided by I: write an inverse", node)
    if bottom.shape == () or top.shape in {(), bottom.shape}:
        return Resolved(node, top.shape or bottom.shape, "", (top, bottom))
    if shape := _repeated_shape(top, bottom, scope):
        return Resolved(node, shape, "", (top, bottom))
    raise ShapeError(
        f"cannot divide {name(node.top)}, {say(top.shape)}, by {name(node.bottom)}, {say(bottom.shape)}: "
        "a quotient is taken element-wise", node,
    )  # fmt: skip


@rule(Power)
def _power(node: Power, scope: Scope) -> Resolved:
    base, exponent = resolve(node.base, scope), resolve(node.exponent, scope)
    if exponent.shape != ():
        raise Unplaced("an exponent is a number", node.exponent)
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
    if part.shape == ():
        raise Unplaced(f"{name(node.operand)} is a number: its prime is a derivative, and nothing says by what", node)
    return Resolved(node, part.shape[::-1], "transpose", (part,))


@rule(Inverse)
def _inverse(node: Inverse, scope: Scope) -> Resolved:
    part = resolve(node.operand, scope)
    if scope.numpy and not part.shape:
        raise ShapeError(f"np.linalg.inv takes a matrix, and {name(node.operand)} is a number", node)
    if part.shape and (len(part.shape) != 2 or part.shape[0] != part.shape[1]):
        raise ShapeError(f"only a square matrix has an inverse; {name(node.operand)} is {say(part.shape)}", node)
    return Resolved(node, part.shape, "", (part,))
