"""Calls in NumPy code: each function that is read, with the arguments it may have."""

from __future__ import annotations

import ast
from collections.abc import Callable
from difflib import get_close_matches

from checkedmath import tree
from checkedmath.errors import Refused, Unreadable
from checkedmath.reading.python_names import Unknown, derivative
from checkedmath.reading.python_nodes import AXES, BACK, CONTAINERS, Expressions
from checkedmath.tree import BROADCAST, MATMUL, OUTER, Node, Number, Span

MODULES = frozenset({"np", "numpy", "jnp"})


def _product(sign: str) -> Callable[[Node, Node, Span], Node]:
    return lambda left, right, span: tree.Multiply(sign, left, right, span=span)


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
TWO: dict[str, Callable[[Node, Node, Span], Node]] = {
    "dot": _product(MATMUL), "matmul": _product(MATMUL), "multiply": _product(BROADCAST),
    "outer": _product(OUTER),
    "add": lambda x, y, span: tree.Add(x, y, span=span),
    "subtract": lambda x, y, span: tree.Subtract(x, y, span=span),
    "divide": lambda x, y, span: tree.Divide(x, y, numpy=True, span=span),
    "true_divide": lambda x, y, span: tree.Divide(x, y, numpy=True, span=span),
    "power": lambda x, y, span: tree.Power(x, y, numpy=True, span=span),
    "float_power": lambda x, y, span: tree.Power(x, y, numpy=True, span=span),
    "maximum": lambda x, y, span: tree.Maximum(x, y, span=span),
}  # fmt: skip
ENTRYWISE = frozenset({"exp", "log", "sqrt", "tanh", "abs", "sign"})
SUMS = {"sum": False, "mean": True, "average": True}
FLOATS = frozenset({"float", "float64", "float32", "double"})
INTEGERS = frozenset({"int", "int64", "int32", "int8", "uint8", "bool", "bool_"})
FLAT = frozenset({"ravel", "flatten", "squeeze"})
NUMPY = frozenset({
    *ONE, *TWO, *ENTRYWISE, *SUMS, *FLOATS, *INTEGERS, "where", "diag",
})  # fmt: skip
METHODS = frozenset({"dot", "sum", "mean", "transpose", "astype"})
#: What to write in place of a function that is not read.
INSTEAD = {
    "reshape": "np.sum with keepdims=True, which needs no reshape",
    "ones": "np.sum over an axis in place of a product with ones",
    "zeros": "a formula without np.zeros",
    "eye": "a formula without np.eye",
    "len": "A.shape[1] in place of len",
    "max": "np.maximum in place of max",
    "linalg.pinv": "np.linalg.inv",
}


def read_call(reader: Expressions, node: ast.Call) -> Node:
    """Return the tree of a call.  Raises `Refused` for a function that is never read."""
    func = node.func
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
        (argument,) = _arguments(reader, node, 1)
        span = reader.source.span(node)
        return tree.Apply(
            function.name, reader.read(argument), function.layer, function.primes, span=span
        )
    if isinstance(func, ast.Attribute) and not _in_container(func):
        return _method(reader, node, func)
    if isinstance(func, ast.Name):
        raise _unknown(reader, func, func.id)
    raise reader.error(func, "a function before the bracket, or a sign such as *")


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
    if name in ENTRYWISE or name in ONE:
        (x,) = (reader.read(a) for a in _arguments(reader, node, 1))
        return ONE[name](x, span) if name in ONE else tree.Apply(name, x, span=span)
    if name in TWO:
        x, y = (reader.read(a) for a in _arguments(reader, node, 2))
        return TWO[name](x, y, span)
    if name in SUMS:
        if bare and name == "sum":
            reader.notes.append("sum was read as np.sum; Python's own sum adds up rows")
        return _sum(reader, node, name, None)
    if name == "where":
        condition, yes, no = _arguments(reader, node, 3)
        test = reader.read(condition)
        if not isinstance(test, tree.Compare):
            raise reader.error(condition, "a condition such as Z > 0")
        return tree.Cases(((reader.read(yes), test), (reader.read(no), None)), span=span)
    if name == "diag":
        return _diag(reader, node)
    if name in FLOATS or name in INTEGERS:
        (argument,) = _arguments(reader, node, 1)
        return _cast(reader, name, reader.read(argument), argument)
    raise _refused(reader, node.func, name)


def _method(reader: Expressions, node: ast.Call, func: ast.Attribute) -> Node:
    name, span = func.attr, reader.source.span(node)
    if name == "dot":
        (other,) = _arguments(reader, node, 1)
        return tree.Multiply(MATMUL, reader.read(func.value), reader.read(other), span=span)
    if name in {"sum", "mean"}:
        return _sum(reader, node, name, func.value)
    if name == "transpose":
        _arguments(reader, node, 0)
        return tree.Transpose(reader.read(func.value), span=span)
    if name == "astype":
        (kind,) = _arguments(reader, node, 1)
        return _cast(reader, _type_name(reader, kind), reader.read(func.value), func.value)
    if name == "T":
        raise reader.error(func, f"a sign such as * after {reader.written(func)}")
    raise _refused(reader, func, name)


def _sum(reader: Expressions, node: ast.Call, name: str, operand: ast.expr | None) -> Node:
    _check_plain(reader, node)
    values, options = list(node.args), {k.arg: k.value for k in node.keywords}
    if operand is None and values:
        operand = values.pop(0)
    if operand is None:
        raise reader.error(node, f"something to add up in np.{name}")
    if values and "axis" not in options:
        options["axis"] = values.pop(0)
    if values:
        raise reader.error(values[0], "axis and keepdims by their names")
    for keyword in node.keywords:
        if keyword.arg not in {"axis", "keepdims"}:
            raise reader.error(keyword.value, f"axis or keepdims in np.{name}")
    body = reader.read(operand)
    axis = _axis(reader, options.get("axis"), body)
    keepdims = _flag(reader, options.get("keepdims"))
    return tree.AxisSum(body, axis, keepdims, SUMS[name], span=reader.source.span(node))


def _axis(reader: Expressions, node: ast.expr | None, body: Node) -> int | None:
    match node:
        case None | ast.Constant(value=None):
            return None
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
    (argument,) = _arguments(reader, node, 1)
    match argument:
        case ast.Call(func=ast.Attribute(attr=name, value=inner), args=[], keywords=[]):
            flat = name in FLAT
        case _:
            inner, flat = argument, False
    if not flat:
        inner = argument
        reader.notes.append(
            "np.diag was read as diag; of a column with two axes NumPy takes the first entry, "
            "np.diag(a.ravel()) makes the matrix"
        )
    return tree.Apply("diag", reader.read(inner), span=reader.source.span(node))


def _cast(reader: Expressions, name: str, value: Node, node: ast.expr) -> Node:
    """Return the value: a cast changes no number, but for integers made of decimals."""
    if name in INTEGERS and not isinstance(value, tree.Compare):
        raise reader.error(node, f"a condition such as Z > 0, for {name} cuts off decimals")
    return value


def _type_name(reader: Expressions, node: ast.expr) -> str:
    match node:
        case ast.Name(id=name) | ast.Constant(value=str(name)):
            pass
        case ast.Attribute(value=ast.Name(id=module), attr=name) if module in MODULES:
            pass
        case _:
            name = ""
    if name not in FLOATS and name not in INTEGERS:
        raise reader.error(node, "float or int")
    return name


def _derivative(reader: Expressions, node: ast.Call) -> Node:
    """Read ``grad(softmax(Z))`` as softmax'(Z)."""
    (argument,) = _arguments(reader, node, 1)
    function = reader.function(argument.func) if isinstance(argument, ast.Call) else None
    if function is None or not isinstance(argument, ast.Call):
        raise reader.error(argument, "a function at its argument, such as softmax(Z)")
    (inner,) = _arguments(reader, argument, 1)
    function = derivative(function)
    span = reader.source.span(node)
    return tree.Apply(function.name, reader.read(inner), function.layer, function.primes, span=span)


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


def _in_container(func: ast.Attribute) -> bool:
    return isinstance(func.value, ast.Name) and func.value.id in CONTAINERS


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
