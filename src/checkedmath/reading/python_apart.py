"""Statements of code that make several assignments: tuples, sizes, dictionaries, and what is handed on in a cache."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from checkedmath.reading.python_nodes import Expressions
from checkedmath.syntax.errors import Unreadable

#: What code hands the values of a forward pass on in.
HANDED_ON = frozenset({"cache", "caches", "linear_cache", "activation_cache", "current_cache", "memory", "saved"})


class Apart:
    """Takes statements apart."""

    def __init__(self, expressions: Expressions) -> None:
        self.expressions, self.names = expressions, expressions.names

    def statements(self, statement: ast.stmt) -> list[ast.stmt]:
        """Return the assignments of a statement, m, n = X.shape has two; none where it only hands names on."""
        match statement:
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                return [_assigned(target, value, statement)]
            case ast.Assign(targets=[ast.Tuple(elts=left) | ast.List(elts=left)], value=right):
                return self._of_tuple(left, right, statement)
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Dict(keys=keys, values=values)) if (
                name in self.names.containers and keys
            ):
                return self._of_dictionary(name, keys, values, statement)
        return [statement]

    def _of_tuple(self, left: list[ast.expr], right: ast.expr, statement: ast.stmt) -> list[ast.stmt]:
        match right:
            case ast.Tuple(elts=values) | ast.List(elts=values) if len(values) == len(left):
                given: set[str] = set()
                for target, value in zip(left, values, strict=True):
                    used = {ast.unparse(node) for node in ast.walk(value) if isinstance(node, ast.Name | ast.Subscript)}
                    if used & given:
                        raise self.expressions.never(statement, "one line for each name")
                    given.add(ast.unparse(target))
                pairs = [pair for pair in zip(left, values, strict=True) if not self._is_one(*pair)]
                return [_assigned(target, value, statement) for target, value in pairs]
            case ast.Attribute(attr="shape") if len(left) == 2:
                axes = [ast.copy_location(ast.Constant(n), right) for n in (0, 1)]
                sizes = [ast.copy_location(ast.Subscript(right, axis, ast.Load()), right) for axis in axes]
                return [_assigned(target, size, statement) for target, size in zip(left, sizes, strict=True)]
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.Subscript(value=ast.Name(id=name)) if (
                name.rstrip("_0123456789") in HANDED_ON and all(isinstance(target, ast.Name) for target in left)
            ):
                names = ", ".join(map(ast.unparse, left))
                self.expressions.notes.append(f"{names} are taken as what they are called")
                return []
        raise self.expressions.refusal(statement, "this assignment to several names")

    def _is_one(self, target: ast.expr, value: ast.expr) -> bool:
        """Whether a name is given to what it is already, W1 = parameters["W1"]."""
        if not isinstance(target, ast.Name):
            return False
        try:
            symbol, named = self.expressions.symbol(value), self.expressions.symbol(target)
        except Unreadable:
            return False
        return symbol is not None and symbol == named and symbol not in self.expressions.arrays.views

    def _of_dictionary(
        self, name: str, keys: Sequence[ast.expr | None], values: list[ast.expr], statement: ast.stmt
    ) -> list[ast.stmt]:
        found: list[ast.stmt] = []
        for key, value in zip(keys, values, strict=True):
            if key is None:
                raise self.expressions.refusal(statement, "** in a dictionary")
            holder = ast.copy_location(ast.Name(name, ast.Load()), key)
            target = ast.copy_location(ast.Subscript(holder, key, ast.Store()), key)
            ended = ast.copy_location(ast.Assign([target], value), key)
            ended.end_lineno, ended.end_col_offset = value.end_lineno, value.end_col_offset
            if not (isinstance(value, ast.Name) and isinstance(key, ast.Constant) and key.value == value.id):
                found.append(ended)
        return found


def _assigned(target: ast.expr, value: ast.expr, statement: ast.stmt) -> ast.stmt:
    """Return one assignment of those that a statement makes."""
    return ast.copy_location(ast.Assign([target], value), statement)
