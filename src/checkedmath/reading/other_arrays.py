"""What other libraries call NumPy's functions, in Python: ``dZ.mm(A.t())``, ``tf.reduce_sum``, ``einsum``.

A call is written anew as NumPy writes it, node for node; what has no counterpart here stays as it is.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from typing import TypeVar

from checkedmath.reading.python_kinds import NoKind

#: The modules, and what each calls NumPy's functions where it has another name for them.
LIBRARIES = frozenset({"torch", "tf", "F", "K", "cp", "nn", "special"})
RENAMED = {
    "mm": "matmul", "mul": "multiply", "sub": "subtract", "div": "divide", "pow": "power",
    "t": "transpose", "neg": "negative", "reduce_sum": "sum", "reduce_mean": "mean", "clone": "copy",
    "math.exp": "exp", "math.log": "log", "math.reduce_sum": "sum", "math.reduce_mean": "mean",
    "math.multiply": "multiply", "linalg.matmul": "matmul", "math.square": "square", "linalg.transpose": "transpose",
    "asarray": "array", "ascontiguousarray": "array", "asanyarray": "array",
}  # fmt: skip
SAME = frozenset({
    "matmul", "dot", "sum", "mean", "exp", "log", "sqrt", "tanh", "abs", "sign", "square", "outer", "transpose",
    "multiply",
    "subtract", "divide", "add", "where", "maximum", "ones", "einsum", "power",
})  # fmt: skip
#: Methods of arrays that are functions of NumPy, with the number of their arguments.
METHODS = {
    "mm": 1, "matmul": 1, "mul": 1, "multiply": 1, "sub": 1, "add": 1, "div": 1, "pow": 1, "t": 0,
    "exp": 0, "log": 0, "tanh": 0, "sqrt": 0, "abs": 0, "square": 0, "neg": 0, "clone": 0,
}  # fmt: skip
#: Methods that change nothing which a formula says.
IDLE = frozenset({"detach", "float", "double", "contiguous", "numpy", "cpu"})
#: What makes no new array, or none of some arrays: what it gives is changed where the other is.
TURNED = frozenset({"t", "transpose"})
PERHAPS = frozenset({"float", "double", "contiguous", "cpu", "ascontiguousarray", "reshape"})
SHARED = IDLE | TURNED | PERHAPS | {"asarray", "asanyarray"}
#: What PyTorch and TensorFlow do not take as NumPy does, with what to write.
OTHERWISE = {
    **dict.fromkeys(("dot", "outer", "ger", "vdot", "inner"), "mm or @: {} takes arrays with one axis, not two"),
    "bmm": "mm or @: bmm multiplies stacks of matrices, with three axes",
    "power": "pow, which is what PyTorch and TensorFlow call it",
    "copy": "clone, which is what PyTorch calls it",
}
#: Functions that are none of NumPy's keep their names: torch.sigmoid, tf.nn.relu, F.relu.
OF_LIBRARY = re.compile(r"(?:nn\.|functional\.|special\.)*([^\W\d_]+)")
OPTIONS = {"dim": "axis", "keepdim": "keepdims", "keep_dims": "keepdims"}
TURNS = {"transpose_a": 0, "transpose_b": 1}
SUMS = frozenset({"sum", "mean"})
T = TypeVar("T", bound=ast.expr)


def as_numpy(node: ast.Call, tensors: bool, torch: bool) -> ast.expr:
    """Return a call as NumPy writes it; the call itself, where it is NumPy's or unknown.

    ``tensors``: what has methods may be a tensor, which has more of them than an array of NumPy; ``torch``: it is one.
    Raises `NoKind` for what such a library does not take.
    """
    func = node.func
    if not isinstance(func, ast.Attribute):
        return node
    module, name = _dotted(func)
    if module in LIBRARIES:
        return _of_library(node, module, name)
    name = func.attr
    if module in {"np", "numpy", "jnp"}:
        copied = name in {"asarray", "ascontiguousarray", "asanyarray"}
        return _call(node, RENAMED[name], node.args, node.keywords) if copied else node
    if not tensors:
        return node
    if torch and name in OTHERWISE:
        raise NoKind(OTHERWISE[name].format(name))
    if torch and name == "transpose" and len(node.args) != 2:
        raise NoKind("t(), or transpose(0, 1): transpose takes two axes")
    if name in IDLE and not node.args and not node.keywords:
        return func.value
    if name in METHODS and len(node.args) == METHODS[name] and not node.keywords:
        return _call(node, RENAMED.get(name, name), [func.value, *node.args])
    if name == "sigmoid" and not node.args and not node.keywords:
        return _named(node, name, [func.value])
    if name == "transpose" and [_number(a) for a in node.args] in ([0, 1], [1, 0]):
        return _call(node, name, [func.value])
    if name in SUMS and any(keyword.arg in OPTIONS for keyword in node.keywords):
        return _call(node, name, [func.value, *node.args], _options(node))
    if name in SUMS and len(node.args) == 2:  # .sum(1, True)
        flag = ast.keyword("keepdims", node.args[1])
        return _call(node, name, [func.value, node.args[0]], [*node.keywords, flag])
    if name == "size" and len(node.args) == 1 and not node.keywords:
        shape = ast.Attribute(func.value, "shape", ast.Load())
        return _placed(ast.Subscript(_placed(shape, node), node.args[0], ast.Load()), node)
    return node


def _of_library(node: ast.Call, module: str, name: str) -> ast.expr:
    plain = RENAMED.get(name, name)
    if module in {"torch", "tf"} and name in OTHERWISE:
        raise NoKind(OTHERWISE[name].format(name))
    if module == "torch" and name == "maximum" and any(isinstance(a, ast.Constant) for a in node.args):
        raise NoKind("torch.relu or torch.where: torch.maximum takes two tensors")
    if name not in RENAMED and name not in SAME:
        own = OF_LIBRARY.fullmatch(name)
        return _named(node, own[1], node.args) if own is not None and not node.keywords else node
    arguments, keywords = list(node.args), _options(node) if plain in SUMS else node.keywords
    if plain in SUMS and len(arguments) == 3:
        keywords = [*keywords, ast.keyword("keepdims", arguments.pop())]
    if plain == "matmul" and any(keyword.arg in TURNS for keyword in keywords):
        arguments, keywords = _turned(arguments, keywords)
    if plain == "transpose" and len(arguments) == 3 and [_number(a) for a in arguments[1:]] in ([0, 1], [1, 0]):
        arguments = arguments[:1]
    elif module == "torch" and name == "transpose":
        raise NoKind("torch.t(A), or torch.transpose(A, 0, 1): transpose takes two axes")
    return _call(node, plain, arguments, keywords)


def _turned(arguments: list[ast.expr], keywords: list[ast.keyword]) -> tuple[list[ast.expr], list[ast.keyword]]:
    """Return the arguments of tf.matmul(A, B, transpose_b=True) with their transposes."""
    for keyword in [k for k in keywords if k.arg in TURNS]:
        place, flag = TURNS[keyword.arg or ""], keyword.value
        if isinstance(flag, ast.Constant) and isinstance(flag.value, bool) and len(arguments) == 2:
            keywords = [k for k in keywords if k is not keyword]
            if flag.value:
                arguments[place] = _placed(ast.Attribute(arguments[place], "T", ast.Load()), arguments[place])
    return arguments, keywords


def _options(node: ast.Call) -> list[ast.keyword]:
    return [ast.keyword(OPTIONS.get(k.arg or "", k.arg), k.value) for k in node.keywords]


def einsum(subscripts: str, operands: Sequence[ast.expr], node: ast.Call) -> ast.expr | None:
    """Return np.einsum of one or two matrices by products, transposes and sums; None for what is none of these."""
    inputs, arrow, output = subscripts.replace(" ", "").partition("->")
    names = inputs.split(",")
    letters = "".join(names)
    if not arrow:
        output = "".join(sorted(letter for letter in set(letters) if letters.count(letter) == 1))
    if len(names) != len(operands) or not letters.isalpha() or not set(output) <= set(letters):
        return None
    if len({*output}) != len(output) or any(len(name) != 2 or name[0] == name[1] for name in names):
        return None
    if len(operands) == 1:
        return _reduced(operands[0], names[0], output, node)
    if len(operands) != 2:
        return None
    (one, other), (first, second) = names, operands
    shared = set(one) & set(other)
    if len(shared) == 2:
        second = second if one == other else _call(node, "transpose", [second])
        return _reduced(_call(node, "multiply", [first, second]), one, output, node)
    if len(shared) != 1 or shared & set(output):
        return None
    k = shared.pop()
    first = first if one[1] == k else _call(node, "transpose", [first])
    second = second if other[0] == k else _call(node, "transpose", [second])
    return _reduced(
        _call(node, "matmul", [first, second]), one.replace(k, "") + other.replace(k, ""), output, node,
    )  # fmt: skip


def _reduced(value: ast.expr, letters: str, output: str, node: ast.Call) -> ast.expr:
    """Return a matrix with these two indices, added up over those that are not in the output."""
    if len(output) == 2:
        return value if output == letters else _call(node, "transpose", [value])
    if not output:
        return _call(node, "sum", [value])
    axis = _placed(ast.Constant(1 - letters.index(output)), node)
    return _call(node, "sum", [value], [ast.keyword("axis", axis)])


def _dotted(func: ast.Attribute) -> tuple[str, str]:
    """Return the module and the name in it, ``("tf", "nn.sigmoid")``; no module for a method."""
    parts: list[str] = []
    inner: ast.expr = func
    while isinstance(inner, ast.Attribute):
        parts.insert(0, inner.attr)
        inner = inner.value
    return (inner.id, ".".join(parts)) if isinstance(inner, ast.Name) else ("", func.attr)


def _number(node: ast.expr) -> object:
    return node.value if isinstance(node, ast.Constant) else None


def _call(node: ast.Call, name: str, arguments: Sequence[ast.expr], keywords: Sequence[ast.keyword] = ()) -> ast.Call:
    """Return a call of a function of NumPy, in the place of another call."""
    func = _placed(ast.Attribute(_placed(ast.Name("np", ast.Load()), node), name, ast.Load()), node)
    return _placed(ast.Call(func, list(arguments), list(keywords)), node)


def _named(node: ast.Call, name: str, arguments: Sequence[ast.expr]) -> ast.Call:
    return _placed(ast.Call(_placed(ast.Name(name, ast.Load()), node), list(arguments), []), node)


def _placed(new: T, node: ast.expr) -> T:
    return ast.copy_location(new, node)
