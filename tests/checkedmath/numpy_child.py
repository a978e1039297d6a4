"""Runs NumPy sources that the tests have written, on the values of draws: ``python -I numpy_child.py FOLDER``.

``jobs.json`` holds for each job its source, its variables and what is to be compared; ``values.npz`` the arrays.
Nothing runs but what is on the lists below.  ``results.json`` gets for each job "true", "false" or the name of an
exception.
"""

import ast
import json
import sys
from pathlib import Path

import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def softmax(z):
    e = np.exp(z - np.max(z, axis=0, keepdims=True))
    return e / np.sum(e, axis=0, keepdims=True)


FUNCTIONS = {
    "sigmoid": sigmoid,
    "sigmoid_1": lambda z: sigmoid(z) * (1 - sigmoid(z)),
    "tanh": np.tanh,
    "tanh_1": lambda z: 1 - np.tanh(z) ** 2,
    "relu": lambda z: np.maximum(0, z),
    "relu_1": lambda z: np.where(z > 0, 1.0, 0.0),
    "softmax": softmax,
    "exp": np.exp, "log": np.log, "sqrt": np.sqrt,
}  # fmt: skip
PYTHON = {"sum": sum, "abs": abs, "float": float, "int": int, "bool": bool, "max": max, "len": len}
ATTRIBUTES = {
    "T", "dot", "sum", "mean", "average", "transpose", "astype", "copy", "array", "shape", "ravel", "flatten",
    "squeeze", "linalg", "inv", "det", "norm", "trace", "exp", "log", "sqrt", "tanh", "abs", "absolute", "sign",
    "negative", "square", "reciprocal", "matmul", "multiply", "add", "subtract", "divide", "true_divide",
    "power", "float_power", "maximum", "outer", "where", "diag", "diagflat", "logical_and", "logical_or",
    "logical_not", "e", "float64", "float32", "float16", "double", "int64", "int32", "int16", "int8", "uint8",
    "uint16", "uint32", "bool", "bool_", "float", "int",
}  # fmt: skip
NODES = (
    ast.Module, ast.Assign, ast.AugAssign, ast.Expression, ast.Expr, ast.Name, ast.Attribute, ast.Subscript,
    ast.Constant, ast.Call, ast.keyword, ast.BinOp, ast.UnaryOp, ast.Compare, ast.operator, ast.unaryop, ast.cmpop,
    ast.expr_context,
)  # fmt: skip


def checked(source, mode, names):
    """Return the code of a source in which there is nothing but what is on the lists."""
    tree = ast.parse(source, "<written>", mode)
    for node in ast.walk(tree):
        if not isinstance(node, NODES):
            raise SystemExit(f"{type(node).__name__} in {source}")
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id not in names:
            raise SystemExit(f"the name {node.id} in {source}")
        if isinstance(node, ast.Attribute) and node.attr not in ATTRIBUTES:
            raise SystemExit(f".{node.attr} in {source}")
    return compile(tree, "<written>", mode)


def equal(left, right):
    """Whether two values are the same, in shape too; (1, 1) and a number are one thing, as for the checker."""
    left, right = np.asarray(left, float), np.asarray(right, float)
    if left.shape != right.shape and not {left.shape, right.shape} <= {(), (1, 1)}:
        return False
    if not (np.isfinite(left).all() and np.isfinite(right).all()):
        return False
    scale = max(np.max(np.abs(left), initial=0.0), np.max(np.abs(right), initial=0.0), 1e-300)
    return bool(np.max(np.abs(left - right), initial=0.0) <= 1e-9 * scale)


def run(job, values):
    """Return what came out of one job."""
    names = {"np": np, "__builtins__": {}, **PYTHON, **FUNCTIONS, **job["numbers"]}
    for name, key in job["arrays"].items():
        names[name] = values[key].copy()
    for name, layers in job["layered"].items():
        names[name] = {int(layer): values[key].copy() for layer, key in layers.items()}
    for name, layers in job["sizes"].items():
        names[name] = {int(layer): size for layer, size in layers.items()}
    known = {*names, *job["assigned"]}
    truth = {name: eval(checked(source, "eval", known), names) for name, source in job["truth"].items()}  # noqa: S307
    names |= {name: np.array(value) for name, value in truth.items()}
    known |= set(truth)
    try:
        exec(checked(job["source"], "exec", known), names)  # noqa: S102
        sides = [[eval(checked(side, "eval", known), names) for side in pair] for pair in job["pairs"]]  # noqa: S307
    except Exception as error:  # noqa: BLE001 - which one is the result
        return type(error).__name__
    return "true" if all(equal(*pair) for pair in sides) else "false"


def main():
    """Run all jobs of a folder."""
    folder = Path(sys.argv[1])
    jobs = json.loads((folder / "jobs.json").read_text())
    for method in ("sum", "mean"):
        getattr(np.ones(2), method)()  # the first call imports something, which the sources below may not
    with np.errstate(all="ignore"), np.load(folder / "values.npz", allow_pickle=False) as file:
        values = {key: file[key] for key in file.files}
        results = [run(job, values) for job in jobs]
    (folder / "results.json").write_text(json.dumps(results))


if __name__ == "__main__":
    main()
