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
        self.handed: dict[str, str] = {}  # what was taken out of each cache

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
                pairs = [pair for pair in zip(left, values, strict=True) if not self.is_one(*pair)]
                return [_assigned(target, value, statement) for target, value in pairs]
            case ast.Attribute(attr="shape") if len(left) == 2:
                axes = [ast.copy_location(ast.Constant(n), right) for n in (0, 1)]
                sizes = [ast.copy_location(ast.Subscript(right, axis, ast.Load()), right) for axis in axes]
                return [_assigned(target, size, statement) for target, size in zip(left, sizes, strict=True)]
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.Subscript(value=ast.Name(id=name)) if (
                name.rstrip("_0123456789") in HANDED_ON
                and self._are_new(left, right)
                and self.is_first(ast.unparse(right), ", ".join(map(ast.unparse, left)))
            ):
                names = ", ".join(map(ast.unparse, left))
                self.expressions.notes.append(f"{names} are taken as what they are called")
                return []
        raise self.expressions.refusal(statement, "this assignment to several names")

    def _are_new(self, targets: list[ast.expr], held: ast.expr) -> bool:
        """Whether these are different names, of none of which the text has said anything, nor of what holds them."""
        symbols: list[object] = []
        for target in targets:
            if not isinstance(target, ast.Name):
                return False
            try:
                symbols.append(self.expressions.symbol(target))
            except Unreadable:
                symbols.append(target.id)
        named = {node.id for part in (*targets, held) for node in ast.walk(part) if isinstance(node, ast.Name)}
        return len(set(symbols)) == len(symbols) and not self.expressions.arrays.views.keys() & {*named, *symbols}

    def is_one(self, target: ast.expr, value: ast.expr) -> bool:
        """Whether a name is given to what it is already, W1 = parameters["W1"], self.W1 = W1.copy()."""
        match value:
            case ast.Call(func=ast.Attribute(value=copied, attr="copy"), args=[], keywords=[]):
                value = copied
        arrays = self.expressions.arrays
        try:
            symbol, named = self.expressions.symbol(value), self.expressions.symbol(target)
        except Unreadable:
            return False
        if symbol is None or symbol != named or (isinstance(value, ast.Name) and value.id in arrays.views):
            return False
        return symbol not in arrays.views and symbol not in arrays.unsure and arrays.value(symbol) is None

    def is_first(self, held: str, names: str) -> bool:
        """Whether a cache was not taken to hold something else above."""
        return self.handed.setdefault(held, names) == names

    def returned(self, keys: Sequence[ast.expr | None], values: list[ast.expr], statement: ast.stmt) -> list[ast.stmt]:
        """Return what a dictionary behind return says: {"dW2": G} that dW2 is G."""
        pairs = [
            (key, value) for key, value in zip(keys, values, strict=True)
            if not (isinstance(key, ast.Constant) and isinstance(key.value, str)) or self.names.is_known(key.value)
        ]  # fmt: skip
        return self._of_dictionary("cache", [key for key, _ in pairs], [value for _, value in pairs], statement)

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
