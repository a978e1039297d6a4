"""Calls in NumPy code: each function that is read, with the arguments it may have."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from copy import copy
from dataclasses import replace
from difflib import get_close_matches

from checkedmath.reading import python_kinds as kinds
from checkedmath.reading.other_arrays import as_numpy, einsum
from checkedmath.reading.python_kinds import Kind
from checkedmath.reading.python_names import Function, Unknown, derivative
from checkedmath.reading.python_nodes import AXES, BACK, FIRST_LONG, Expressions
from checkedmath.reading.result import Demand
from checkedmath.syntax import tree
from checkedmath.syntax.errors import Refused, Unreadable
from checkedmath.syntax.tree import OUTER, Node, Number, Span

BACKWARD = re.compile("[bB]ack(?:ward|prop)$")
MODULES = frozenset({"np", "numpy", "jnp"})
ONE: dict[str, Callable[[Node, Span], Node]] = {
    "transpose": lambda x, span: tree.Transpose(x, span=span),
    "negative": lambda x, span: tree.Negate(x, span=span),
    "square": lambda x, span: tree.Power(x, Number("2", span=span), numpy=True, span=span),
    "reciprocal": lambda x, span: tree.Divide(Number("1", span=span), x, numpy=True, span=span),
    "absolute": lambda x, span: tree.Apply("abs", x, span=span),
    "linalg.inv": lambda x, span: tree.Inverse(x, span=span),
    "linalg.det": lambda x, span: tree.Apply("det", x, span=span),
    "linalg.norm": lambda x, span: tree.Apply("norm", x, span=span),
    "trace": lambda x, span: tree.Apply("tr", x, span=span),
}
#: Functions that do what an operator does, but that numbers become NumPy's.
TWO: dict[str, ast.operator] = {
    "matmul": ast.MatMult(), "multiply": ast.Mult(), "add": ast.Add(), "subtract": ast.Sub(), "divide": ast.Div(),
    "true_divide": ast.Div(), "logical_and": ast.BitAnd(), "logical_or": ast.BitOr(),
}  # fmt: skip
POWERS = frozenset({"power", "float_power"})
COPIES = frozenset({"copy", "array"})
FILLED = {"zeros": 0, "zeros_like": 0, "ones_like": 1}
ENTRYWISE = frozenset({
    "exp", "log", "sqrt", "tanh", "cosh", "sinh", "sin", "cos", "tan", "arctan", "abs", "sign"})
SUMS = {"sum": False, "mean": True, "average": True}
FLAT = frozenset({"ravel", "flatten", "squeeze"})
NUMPY = frozenset({
    *ONE, *TWO, *ENTRYWISE, *SUMS, *POWERS, *COPIES, *kinds.TYPES, "where", "diag", "dot", "outer", "maximum",
    "logical_not", "ones", "len", "size", "einsum", *FILLED, "inner", "squeeze", "expand_dims",
})  # fmt: skip
#: What to write in place of a function that is not read.
INSTEAD = {
    "reshape": "np.sum with keepdims=True, which needs no reshape",
    "ones": "np.sum over an axis in place of a product with ones",
    "eye": "a formula without np.eye",
    "max": "np.maximum in place of max",
    "linalg.pinv": "np.linalg.inv",
    "int": "np.int64: NumPy no longer has np.int",
    "float": "np.float64: NumPy no longer has np.float",
}


def read_call(reader: Expressions, node: ast.Call) -> Node:
    """Return the tree of a call.  Raises `Refused` for a function that is never read."""
    written = reader.known(as_numpy, node)(node, reader.source.has_tensors, reader.source.is_torch)
    if not isinstance(written, ast.Call):
        return reader.read(written)
    node, func = written, written.func
    if isinstance(func, ast.Name) and func.id in reader.arrays.views:
        raise reader.never(func, f"a sign such as * after {func.id}, which a line above has given")
    name = dotted(func)
    if name is not None:
        return _numpy(reader, node, name, bare=isinstance(func, ast.Name))
    if isinstance(func, ast.Name) and func.id in {"grad", "gradient", "derivative"}:
        return _derivative(reader, node)
    if isinstance(func, ast.Call) and isinstance(func.func, ast.Name) and func.func.id == "grad":
        (inner,) = _arguments(reader, func, 1)
        function = reader.function(inner)
        if function is None:
            raise reader.error(inner, "the name of a function")
        function = derivative(function)
    else:
        function = reader.function(func)
    if function is not None:
        span = reader.source.span(node)
        if function.primes and len(node.args) == 2 and BACKWARD.search(reader.written(func)):
            return _backward(reader, node, function)
        (argument,) = _arguments(reader, node, 1)
        x = reader.read(argument)
        kind = reader.known(kinds.of_function, argument)(function.name, reader.kind(x))
        return reader.mark(tree.Apply(function.name, x, function.member, function.primes, span=span), kind)
    if isinstance(func, ast.Attribute) and not _in_container(reader, func):
        return _method(reader, node, func)
    if isinstance(func, ast.Name):
        raise _unknown(reader, func, func.id)
    raise reader.error(func, "a function before the bracket, or a sign such as *")


def _backward(reader: Expressions, node: ast.Call, function: Function) -> Node:
    """Read ``relu_backward(dA, Z)`` as dA times the derivative at Z."""
    before, at = map(reader.read, _arguments(reader, node, 2))
    span = reader.source.span(node)
    reader.known(kinds.of_function, node)(function.name, reader.kind(at))
    reader.notes.append(f"{reader.written(node.func)} is read as its first argument times the derivative at the second")
    slope = tree.Apply(function.name, at, function.member, function.primes, span=span)
    return reader.combine(ast.Mult(), before, slope, node)


def dotted(func: ast.expr) -> str | None:
    """Return the name of a NumPy function, ``linalg.inv``; None for another function."""
    parts: list[str] = []
    while isinstance(func, ast.Attribute):
        parts.insert(0, func.attr)
        func = func.value
    if not isinstance(func, ast.Name):
        return None
    if func.id in MODULES:
        return ".".join(parts)
    name = ".".join([func.id, *parts])
    return name if name in NUMPY or (name in INSTEAD and not parts) else None


def _numpy(reader: Expressions, node: ast.Call, name: str, *, bare: bool) -> Node:
    span = reader.source.span(node)
    if name == "transpose":
        (argument,) = _arguments(reader, node, 1)
        return reader.transpose(argument, span)
    if name in ENTRYWISE or name in ONE:
        (x,) = (reader.read(a) for a in _arguments(reader, node, 1))
        kind = reader.known(kinds.of_function, node)(name, reader.kind(x)).strong
        return reader.mark(ONE[name](x, span) if name in ONE else tree.Apply(name, x, span=span), kind)
    if name in SUMS:
        return _python_sum(reader, node) if bare and name == "sum" else _sum(reader, node, name, None)
    if name == "where":
        return _where(reader, node)
    if name == "diag":
        return _diag(reader, node)
    if name == "logical_not":
        (argument,) = _arguments(reader, node, 1)
        return reader.complement(reader.read(argument), node)
    if name in COPIES:
        (argument,) = _arguments(reader, _without_copy(node), 1)
        return reader.array(argument)
    if name in FILLED and not (reader.names.free and name == "zeros"):
        return _filled(reader, node, name)
    if name in {"squeeze", "expand_dims"}:
        return _reaxed(reader, node, name)
    if name in {"ones", "size", "einsum"} | ({"len"} if bare else set()) and not (reader.names.free and name == "ones"):
        return _by_name(reader, node, name)
    if name in kinds.TYPES and (bare or name not in kinds.NOT_IN_NUMPY):
        (argument,) = _arguments(reader, node, 1)
        if bare and name in {"float", "int", "bool"}:
            return _of_python(reader, name, argument)
        return _cast(reader, name, reader.read(argument), argument)
    if name in NUMPY - {"ones", "len", "size", "einsum", *FILLED} and name not in kinds.TYPES:
        x, y = (reader.read(a) for a in _arguments(reader, node, 2))
        return _of_two(reader, node, name, x, y)
    raise _refused(reader, node.func, name)


def _of_two(reader: Expressions, node: ast.expr, name: str, x: Node, y: Node) -> Node:
    """Return a NumPy function of two arguments; np.dot with a number scales."""
    span, pair = reader.source.span(node), (reader.kind(x), reader.kind(y))
    if name == "dot":
        scales = reader.is_number(x) or reader.is_number(y)
        found = reader.combine(ast.Mult() if scales else ast.MatMult(), x, y, node)
    elif name == "inner":  # along the last axis of both
        turned = reader.mark(tree.Transpose(y, span=y.span), pair[1])
        found = reader.combine(ast.MatMult(), x, turned, node)
    elif name in {"maximum", "outer"}:
        kind = reader.known(kinds.joined, node)("max" if name == "maximum" else name, *pair)
        made = tree.Maximum(x, y, span=span) if name == "maximum" else tree.Multiply(OUTER, x, y, span=span)
        found = reader.mark(made, kind)
    elif name == "float_power":
        floats = (Kind(kinds.FLOAT, kind.weak) if kind.name == kinds.INT else kind for kind in pair)
        kind = reader.known(kinds.joined, node)("**", *floats)
        found = reader.mark(tree.Power(x, y, numpy=True, span=span), kind)
    elif name == "power":
        x = reader.mark(copy(x), pair[0].strong)
        found = reader.combine(ast.Pow(), x, y, node)
    else:
        found = reader.combine(TWO[name], x, y, node)
    return reader.mark(found, reader.kind(found).strong)


def _filled(reader: Expressions, node: ast.Call, name: str) -> Node:
    """Read np.zeros((n, m)), np.zeros(W.shape), np.zeros_like(W): an array of that shape times 0, or plus 1 beside."""
    span = reader.source.span(node)
    (shape,) = _arguments(reader, node, 1)
    match name, shape:
        case "zeros", ast.Attribute(value=of, attr="shape"):
            like = reader.array(of)
        case "zeros", ast.Tuple(elts=[rows, columns]):
            like = tree.Ones(reader.read(rows), reader.read(columns), span=span)
        case "zeros", _:
            raise reader.never(shape, "two sizes, as in np.zeros((n, m)), or W.shape")
        case _:
            like = reader.array(shape)
    found: Node = tree.Multiply(tree.BROADCAST, Number("0", span=span), like, span=span)
    if FILLED[name]:
        found = tree.Add(found, Number("1", span=span), span=span)
    return reader.mark(found, Kind(kinds.FLOAT))


def _reaxed(reader: Expressions, node: ast.Call, name: str) -> Node:
    """Read np.squeeze of one entry, which is a number then, and np.expand_dims of an array with one axis."""
    if name == "expand_dims":
        options = [k.value for k in node.keywords if k.arg == "axis"]
        values = [*node.args, *options]
        if len(values) != 2 or len(node.keywords) > len(options):
            raise reader.error(node, "an array and an axis, as in np.expand_dims(x, 1)")
        axis = _axis(reader, values[1], Number("0"))
        if axis is None:
            raise reader.error(values[1], "axis 0 or 1")
        return reader.laid(reader.read(values[0]), node, column=axis == 1)
    (argument,) = _arguments(reader, node, 1)
    return _squeezed(reader, reader.read(argument), node)


def _squeezed(reader: Expressions, body: Node, node: ast.expr) -> Node:
    if reader.is_number(body):
        return reader.mark(copy(body), reader.kind(body))
    reader.demands.append(Demand("one entry", body))
    return reader.mark(tree.AxisSum(body, None, span=reader.source.span(node)), reader.kind(body))


def _by_name(reader: Expressions, node: ast.Call, name: str) -> Node:
    """Read a size, an array of ones, or np.einsum by the products that it stands for."""
    if name == "len":
        (argument,) = _arguments(reader, node, 1)
        return reader.extent(argument, 0, node)
    if name == "size":
        argument, *axes = _arguments(reader, node, min(max(len(node.args), 1), 2))
        return reader.extent(argument, _axis(reader, axes[0], Number("0")) if axes else None, node)
    if name == "ones":
        (shape,) = _arguments(reader, node, 1)
        if not isinstance(shape, ast.Tuple | ast.List) or len(shape.elts) != 2:
            raise reader.error(shape, "two sizes, as in np.ones((m, 1))")
        rows, columns = map(reader.read, shape.elts)
        if not (reader.is_number(rows) and reader.is_number(columns)):
            raise reader.error(shape, "two sizes, as in np.ones((m, 1))")
        return tree.Ones(rows, columns, span=reader.source.span(node))
    subscripts = node.args[0] if node.args else None
    if isinstance(subscripts, ast.Constant) and isinstance(subscripts.value, str):
        found = einsum(subscripts.value, node.args[1:], node)
        if found is not None and not node.keywords:
            return reader.read(found)
    raise reader.refusal(node, "np.einsum of anything but one or two matrices")


def _without_copy(node: ast.Call) -> ast.Call:
    """Leave out ``copy=True``, which np.array does anyway."""
    kept = [k for k in node.keywords if k.arg != "copy" or not isinstance(k.value, ast.Constant) or not k.value.value]
    return ast.copy_location(ast.Call(node.func, node.args, kept), node)


def _where(reader: Expressions, node: ast.Call) -> Node:
    condition, *values = _arguments(reader, node, 3)
    test = reader.read(condition)
    if reader.kind(test).name != kinds.BOOL:
        raise reader.never(condition, "a condition such as Z > 0")
    yes, no = map(reader.read, values)
    kind = reader.known(kinds.joined, node)("where", reader.kind(yes), reader.kind(no))
    found = tree.Cases(((yes, test), (no, None)), span=reader.source.span(node))
    return reader.mark(found, kind.strong)


def _method(reader: Expressions, node: ast.Call, func: ast.Attribute) -> Node:
    name, span = func.attr, reader.source.span(node)
    if name == "dot":
        (other,) = _arguments(reader, node, 1)
        return _of_two(reader, node, name, reader.array(func.value), reader.read(other))
    if name in {"sum", "mean"}:
        return _sum(reader, node, name, func.value)
    if name == "transpose":
        _arguments(reader, node, 0)
        return reader.transpose(func.value, span)
    if name == "copy":
        _arguments(reader, node, 0)
        return reader.array(func.value)
    if name == "clamp" and not node.args and [k.arg for k in node.keywords] == ["min"]:
        return _of_two(reader, node, "maximum", reader.array(func.value), reader.read(node.keywords[0].value))
    if name == "squeeze":
        _arguments(reader, node, 0)
        return _squeezed(reader, reader.read(func.value), node)
    if name == "astype":
        (kind,) = _arguments(reader, node, 1)
        return _cast(reader, _type_name(reader, kind), reader.array(func.value), func.value)
    if name == "reshape":
        return _reshaped(reader, node, func)
    if name == "T":
        raise reader.error(func, f"a sign such as * after {reader.written(func)}")
    raise _refused(reader, func, name)


def _reshaped(reader: Expressions, node: ast.Call, func: ast.Attribute) -> Node:
    """Read ``x.reshape(-1, 1)`` of an array with one axis, and ``Y.reshape(AL.shape)``, which changes nothing."""
    match node.args:
        case [ast.Attribute(value=of, attr="shape")]:
            body, like = reader.array(func.value), reader.array(of)
            found = reader.laid(body, func, column=True) if isinstance(body, tree.AxisSum) else body
            reader.demands.append(Demand("equal", found, like))
            return found
        case [ast.Tuple(elts=[rows, columns])] | [rows, columns]:
            pass
        case _:
            raise _refused(reader, func, "reshape")
    body = reader.array(func.value)
    one, other = (axis.value if isinstance(axis, ast.Constant) else None for axis in (rows, columns))
    found = reader.laid(body, func, column=other == 1)
    if 1 not in (one, other):
        raise _refused(reader, func, "reshape")
    for axis, size in ((0, rows), (1, columns)):
        if ast.unparse(size) != "-1":  # whatever is left
            reader.demands.append(Demand("length", tree.Extent(found, axis), reader.read(size)))
    return found


def _python_sum(reader: Expressions, node: ast.Call) -> Node:
    """Read Python's own sum, which adds up the rows of an array and knows no axis."""
    for keyword in node.keywords:
        if keyword.arg in {"axis", "keepdims"}:
            raise reader.never(keyword.value, f"np.sum: Python's own sum has no {keyword.arg}")
    (argument,) = _arguments(reader, node, 1)
    body = reader.array(argument)
    kind = reader.known(kinds.of_function, node)("sum", reader.kind(body))
    return reader.mark(tree.AxisSum(body, 0, span=reader.source.span(node)), kind)


def _sum(reader: Expressions, node: ast.Call, name: str, operand: ast.expr | None) -> Node:
    _check_plain(reader, node)
    values, options = list(node.args), {k.arg: k.value for k in node.keywords}
    body = reader.array(operand) if operand is not None else None
    if body is None and values:
        body = reader.read(values.pop(0))
    if body is None:
        raise reader.error(node, f"something to add up in np.{name}")
    if values and "axis" not in options:
        options["axis"] = values.pop(0)
    if values:
        raise reader.error(values[0], "axis and keepdims by their names")
    for keyword in node.keywords:
        if keyword.arg not in {"axis", "keepdims"}:
            raise reader.error(keyword.value, f"axis or keepdims in np.{name}")
    axis = _axis(reader, options.get("axis"), body)
    keepdims = _flag(reader, options.get("keepdims"))
    kind = reader.known(kinds.of_function, node)("mean" if SUMS[name] else "sum", reader.kind(body))
    return reader.mark(tree.AxisSum(body, axis, keepdims, SUMS[name], span=reader.source.span(node)), kind)


def _axis(reader: Expressions, node: ast.expr | None, body: Node) -> int | None:
    match node:
        case None | ast.Constant(value=None):
            return None
        case ast.Constant() if node.value is FIRST_LONG:
            return tree.FIRST_LONG
        case ast.Constant(value=int(axis)) if axis in AXES and not isinstance(axis, bool):
            return axis
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(back))) if back in BACK:
            # Counting from the end needs two axes, and a sum without keepdims has only one.
            sums = (part for part in tree.walk(body) if isinstance(part, tree.AxisSum))
            if all(part.keepdims for part in sums):
                return 2 - back
    raise reader.error(node, "axis=0 or axis=1")


def _flag(reader: Expressions, node: ast.expr | None) -> bool:
    match node:
        case None:
            return False
        case ast.Constant(value=True | False | 1 | 0 as flag):
            return bool(flag)
    raise reader.error(node, "keepdims=True or keepdims=False")


def _diag(reader: Expressions, node: ast.Call) -> Node:
    """Read np.diag of an array with one axis, such as a.ravel(): of two axes NumPy takes the diagonal."""
    (argument,) = _arguments(reader, node, 1)
    match argument:
        case ast.Call(func=ast.Attribute(value=inner, attr=name), args=[], keywords=[]) if name in FLAT:
            x = reader.array(inner)
            if reader.is_number(x):
                raise reader.refusal(node, "np.diag of one number")
        case _:
            x = reader.read(argument)
            reader.demands.append(Demand("one axis", x))
    return reader.mark(tree.Apply("diag", x, span=reader.source.span(node)), reader.kind(x))


def _cast(reader: Expressions, name: str, value: Node, node: ast.expr) -> Node:
    """Return the value as another type.  Raises `Refused` where that cuts off, rounds or wraps round."""
    before = reader.kind(value)
    if name in kinds.BOOLS and before.name != kinds.BOOL:  # whether it is other than 0
        span = reader.source.span(node)
        return reader.mark(tree.Compare("≠", value, Number("0", span=span), span=span), kinds.A_BOOL)
    return reader.mark(copy(value), reader.known(kinds.cast, node)(name, before))


def _of_python(reader: Expressions, name: str, argument: ast.expr) -> Node:
    """Read Python's float and int, which take a number and no array."""
    value = reader.read(argument)
    kind = reader.kind(value)
    if name == "bool" or (name == "int" and kind.name != kinds.INT):
        raise reader.never(argument, f"np.where or a comparison in place of {name}, which takes one number")
    reader.demands.append(Demand("number", value))
    return reader.mark(copy(value), Kind(kinds.FLOAT, weak=True) if name == "float" else replace(kind, weak=True))


def _type_name(reader: Expressions, node: ast.expr) -> str:
    match node:
        case ast.Name(id=name) | ast.Constant(value=str(name)) if name in kinds.TYPES:
            return name
        case ast.Attribute(value=ast.Name(id=module), attr=name) if module in MODULES:
            if name in kinds.TYPES - kinds.NOT_IN_NUMPY:
                return name
    raise reader.never(node, "float or int")


def _derivative(reader: Expressions, node: ast.Call) -> Node:
    """Read ``grad(softmax(Z))`` as softmax'(Z)."""
    (argument,) = _arguments(reader, node, 1)
    function = reader.function(argument.func) if isinstance(argument, ast.Call) else None
    if function is None or not isinstance(argument, ast.Call):
        raise reader.error(argument, "a function at its argument, such as tanh(Z)")
    (inner,) = _arguments(reader, argument, 1)
    function = derivative(function)
    span = reader.source.span(node)
    return tree.Apply(function.name, reader.read(inner), function.member, function.primes, span=span)


def _arguments(reader: Expressions, node: ast.Call, count: int) -> list[ast.expr]:
    words = ("no argument", "one argument", "two arguments", "three arguments")[count]
    called = reader.written(node.func)
    _check_plain(reader, node)
    for keyword in node.keywords:
        raise reader.error(keyword.value, f"{words} of {called}, without {keyword.arg}=")
    if len(node.args) != count:
        place = node.args[count] if len(node.args) > count else node
        raise reader.error(place, f"{words} of {called}")
    return node.args


def _check_plain(reader: Expressions, node: ast.Call) -> None:
    for argument in node.args:
        if isinstance(argument, ast.Starred):
            raise reader.refusal(argument, "a * argument")
    for keyword in node.keywords:
        if keyword.arg is None:
            raise reader.refusal(keyword.value, "a ** argument")


def _in_container(reader: Expressions, func: ast.Attribute) -> bool:
    return isinstance(func.value, ast.Name) and func.value.id in reader.names.containers


def _unknown(reader: Expressions, func: ast.Name, name: str) -> Unreadable:
    if name.endswith(("_backward", "_forward")):
        return reader.refusal(func, f"{name}, which hides its formula,")
    try:
        reader.names.symbol(name)
    except Unknown:
        nearest = reader.names.nearest_function(name)
        return reader.error(func, f"a function of {reader.names.setting.name}", nearest)
    return reader.error(func, f"a sign such as * after {name}")


def _refused(reader: Expressions, func: ast.expr, name: str) -> Refused:
    place = reader.source.span(func)[0]
    expected = INSTEAD.get(name, f"a formula: {reader.written(func)} is never read")
    return Refused(reader.source.text, place, expected, _nearest_numpy(name))


def _nearest_numpy(name: str) -> str:
    if name in INSTEAD:
        return ""
    return next((f"np.{n}" for n in get_close_matches(name, sorted(NUMPY), 1, 0.7)), "")
