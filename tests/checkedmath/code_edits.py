"""NumPy texts made of others: a piece wrapped, an operator or a name changed, a line put in."""

from __future__ import annotations

import ast
from random import Random

#: What a piece X of an expression becomes.
WRAPPED = (
    "np.sum(X)", "np.sum(X, axis=1)", "np.sum(X, axis=0, keepdims=True)", "np.sum(X, axis=1, keepdims=True)", "sum(X)",
    "abs(X)", "X.T", "X.copy()", "-X", "+X", "~X", "X**2", "X**-1", "np.square(X)", "float(X)", "int(X)", "bool(X)",
    "(X > 0)", "X.astype(int)", "X.astype(bool)", "np.float64(X)", "np.int64(X)", "np.uint8(X)", "np.diag(X)",
    "np.diag(X.ravel())", "np.mean(X)", "np.mean(X, axis=1)", "np.outer(X, X)", "X @ X", "X.dot(2)", "np.dot(X, 0.5)",
    "np.where(X, 1, 0)", "np.where(X > 0, X, 0)", "np.maximum(X, 0)", "X + X", "X * X", "X - X", "X / X", "2 * X",
    "X * 0.5", "X / m", "X * 1.0", "1 - X", "X & X", "X | X", "X ^ X", "np.power(X, 2)", "np.reciprocal(X)",
    "np.trace(X)", "np.linalg.norm(X)", "np.matmul(X, X)", "np.exp(X)", "np.tanh(X)", "np.sign(X)",
    "np.sum(X) * 0 + X", "np.transpose(X)", "X - X + X", "(1.0 * X)", "np.negative(X)", "X.sum(axis=0)",
    "np.average(X)",
    "np.add(X, X) / 2", "np.logical_not(X)", "X / 2 + X / 2", "np.dot(X.T, X)", "X @ X.T", "np.sqrt(X)",
    "np.multiply(X, 1)", "np.power(X, -1)", "(X >= 0) + (X > 0)", "np.subtract(X, 0)", "np.array(X)",
)  # fmt: skip
#: Lines that make of a name N another name, and change it.
LINES = (
    "D = N\nD *= 2", "D = N.T\nD += 1", "D = N.copy()\nD *= 2", "D = N > 0\nD += 1", "D = N\nD = D * 2",
    "D = N\nD -= 1\nD += 1", "D = np.transpose(N)\nD /= 2", "N *= 1", "D = N + 0\nD @= D", "D = N > 0\nD *= D",
    "D = np.int64(N > 0)\nD += 1", "D = N\nE = D.T\nE *= 3", "D = E = N * 1\nD -= E", "D = np.float64(N)\nD *= 2",
    "D = N\nD **= 2", "D = np.sum(N)\nD += 1", "D = np.sum(N, axis=1)\nD += N", "N = N * 1", "N = 2 * N",
    "D = np.sum(N, axis=0, keepdims=True)\nD += N", "D = np.array(N)\nD += 1", "D = N\nN = N + 1", "D = N * 1\nD /= m",
)  # fmt: skip
OPERATORS = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.MatMult)
PYTHON = {"np", "sum", "float", "int", "bool", "abs", "max", "len"}


class _Put(ast.NodeTransformer):
    """Puts one node in place of another."""

    def __init__(self, old: ast.expr, new: ast.expr) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        return self.new if node is self.old else self.generic_visit(node)


class _Named(ast.NodeTransformer):
    """Puts an expression in place of the name X."""

    def __init__(self, piece: ast.expr) -> None:
        self.piece = piece

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self.piece if node.id == "X" else node


def edited(text: str, random: Random) -> str:
    """Return a text with an edit or two.  Raises `SyntaxError` for what is no Python."""
    tree = ast.parse(text)
    for _ in range(random.choice([1, 1, 1, 2])):
        values = [n.value for n in ast.walk(tree) if isinstance(n, ast.Assign | ast.AugAssign)]
        pieces = [e for v in values for e in ast.walk(v) if isinstance(e, ast.expr) and not isinstance(e, ast.Constant)]
        if not pieces:
            break
        kind, piece = random.random(), random.choice(pieces)
        if kind < 0.45:
            wrapped = ast.parse(random.choice(WRAPPED), mode="eval").body
            tree = _Put(piece, _Named(piece).visit(wrapped)).visit(tree)
        elif kind < 0.6:
            pairs = [e for e in pieces if isinstance(e, ast.BinOp)]
            if pairs:
                random.choice(pairs).op = random.choice(OPERATORS)()
        elif kind < 0.7:
            other = ast.parse(ast.unparse(random.choice(pieces)), mode="eval").body
            tree = _Put(piece, other).visit(tree)
        else:
            _line(tree, pieces, random)
        tree = ast.parse(ast.unparse(ast.fix_missing_locations(tree)))  # no node stands in two places
    return ast.unparse(tree)


def _line(tree: ast.Module, pieces: list[ast.expr], random: Random) -> None:
    """Put in a line about a name, and perhaps let a line below it use what it made."""
    names = sorted({e.id for e in pieces if isinstance(e, ast.Name)} - PYTHON) or ["A2"]
    name, place = random.choice(names), random.randrange(len(tree.body) + 1)
    below = [e for statement in tree.body[place:] if isinstance(statement, ast.Assign)
             for e in ast.walk(statement.value) if isinstance(e, ast.Name) and e.id == name]  # fmt: skip
    new = [_Rename(name).visit(statement) for statement in ast.parse(random.choice(LINES)).body]
    tree.body[place:place] = new
    if below and random.random() < 0.5:
        random.choice(below).id = "D"


class _Rename(ast.NodeTransformer):
    """Puts a name in place of N."""

    def __init__(self, name: str) -> None:
        self.name = name

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.Name(self.name, node.ctx) if node.id == "N" else node
