"""Code that keeps what it computes in lists, and counts them from the end: zs[-1], weights[-l + 1].

It is put into the numbers of the setting before it is read: ``zs[-1]`` is z[L], and a loop over l that is used as -l
alone runs down from the last.  A loop over several lists at once runs up.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from checkedmath.reading.python_names import PythonNames, Unknown
from checkedmath.syntax.tree import Index

#: How many of a family there are, with what comes before the first: num_layers, len(sizes).
_COUNT = r"(?:self\.)?(?:num|n|nb)_?{}s|len\((?:self\.)?\w+\)"


def with_numbers(statements: list[ast.stmt], names: PythonNames) -> list[ast.stmt]:
    """Return the statements with every number in a list counted from the first; others as they are."""
    family = names.setting.family
    letter, last = family.letter, family.last
    used = {node.id for one in statements for node in ast.walk(one) if isinstance(node, ast.Name)}
    if not letter or last in used or not any(map(_counts_back, statements)):
        return statements
    lists = _Lists(names, letter, last)
    lists.renamed = lists.appended(statements)
    found = [one for statement in statements for one in lists.statement(statement)]
    nodes = [node for one in found for node in ast.walk(one)]
    if not any(isinstance(node, ast.For) for node in nodes):
        given = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
        at = _Numbered({name for name in given if lists.is_list(name)}, ast.Name(last, ast.Load()))
        found = [at.visit(one) for one in found]
    return [ast.fix_missing_locations(one) for one in found]


def _counts_back(statement: ast.stmt) -> bool:
    return any(
        isinstance(node, ast.Subscript) and isinstance(node.slice, ast.UnaryOp | ast.BinOp)
        and any(isinstance(part, ast.UnaryOp) and isinstance(part.op, ast.USub) for part in ast.walk(node.slice))
        and not (isinstance(node.value, ast.Attribute) and node.value.attr == "shape")
        for node in ast.walk(statement)
    )  # fmt: skip


class _Lists(ast.NodeTransformer):
    """Puts the numbers of a text's lists into those of the setting."""

    def __init__(self, names: PythonNames, letter: str, last: str) -> None:
        self.names, self.letter, self.last = names, letter, last
        self.downward = ""  # the letter of the loop around whose -l counts from the end
        self.renamed: dict[str, str] = {}
        self.along = False  # whether this is in a loop over lists

    def is_list(self, name: str) -> bool:
        """Whether a name stands for quantities with numbers."""
        return self.quantity(name) is not None

    def quantity(self, name: str) -> str | None:
        """Return the name of the quantities that a list holds."""
        try:
            return self.names.member(name, Index(self.letter))[0]
        except Unknown:
            return None

    def appended(self, statements: Sequence[ast.stmt]) -> dict[str, str]:
        """Return what names stand for that a loop appends to lists: activation is a where activations holds them."""
        found: dict[str, str] = {}
        for node in (node for one in statements for node in ast.walk(one)):
            match node:
                case ast.Call(func=ast.Attribute(value=ast.Name(id=held), attr="append"), args=[ast.Name(id=name)]):
                    quantity = self.quantity(held)
                    if quantity is not None and not self.names.is_known(name):
                        found[name] = quantity
        return found

    def statement(self, statement: ast.stmt) -> Iterator[ast.stmt]:
        """Yield a statement in the setting's numbers; nothing of one that makes an empty list."""
        match statement:
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name() as held, attr="append"),
                                         args=[ast.Name() as name])) if self._holds(held.id, name.id):  # fmt: skip
                yield self._entry(held, self._number(0), name, statement)
            case ast.Assign(targets=[ast.Name(id=held)], value=value) if self.is_list(held) and _is_empty_list(value):
                return
            case ast.Assign(targets=[ast.Name(id=name) as held], value=ast.List(elts=[ast.Name() as first])) if (
                self.is_list(name)
            ):
                yield self._entry(held, ast.Constant(0), first, statement)
            case ast.FunctionDef(body=body):
                statement.body = [one for below in body for one in self.statement(below)]
                yield statement
            case ast.For(target=ast.Name(id=letter), body=body, orelse=[]) if self._runs_back(statement):
                self.downward = letter
                inner = [one for below in body for one in self.statement(below)]
                self.downward = ""
                yield self._down(statement, letter, inner)
            case ast.For(target=ast.Tuple(elts=targets), iter=ast.Call(func=ast.Name(id="zip"), args=lists),
                         body=body, orelse=[]) if len(targets) == len(lists):  # fmt: skip
                yield self._along(statement, targets, lists, body)
            case _:
                yield self.visit(statement)

    def _entry(self, held: ast.Name, number: ast.expr, value: ast.Name, like: ast.stmt) -> ast.stmt:
        """Return what a list holds at a number as a line: zs[l] = z."""
        target = ast.copy_location(ast.Subscript(ast.Name(held.id, ast.Load()), number, ast.Store()), held)
        made: ast.stmt = self.visit(ast.Assign([target], value))
        return ast.copy_location(made, like)

    def _holds(self, held: str, name: str) -> bool:
        quantity = self.quantity(held) if self.along else None
        return quantity is not None and quantity in {self.renamed.get(name), self.quantity(name)}

    def _runs_back(self, loop: ast.For) -> bool:
        """Whether this is for l in range(2, num_layers), with -l alone in its body."""
        match loop.iter:
            case ast.Call(func=ast.Name(id="range"), args=[ast.Constant(value=2), end]):
                letter = loop.target.id  # type: ignore[attr-defined]
                uses = [n for one in loop.body for n in ast.walk(one) if isinstance(n, ast.Name) and n.id == letter]
                back = [n.operand for one in loop.body for n in ast.walk(one)
                        if isinstance(n, ast.UnaryOp) and isinstance(n.op, ast.USub)]  # fmt: skip
                plain = bool(re.fullmatch(_COUNT.format(self.names.setting.family.word), ast.unparse(end)))
                return plain and bool(uses) and all(any(use is one for one in back) for use in uses)
        return False

    def _down(self, loop: ast.For, letter: str, body: list[ast.stmt]) -> ast.For:
        """Return a loop down from the last, in which what was -l is l - 1."""
        read = set[str]()
        carried = set[str]()
        for one in body:
            carried |= {n.id for n in ast.walk(one) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)} - read
            read |= {n.id for n in ast.walk(one) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        at = _Numbered({name for name in read - carried if self.is_list(name)}, self._number(-1))
        end = ast.Call(ast.Name("range", ast.Load()), [
            ast.Name(self.last, ast.Load()), ast.Constant(1), ast.UnaryOp(ast.USub(), ast.Constant(1)),
        ], [])  # fmt: skip
        body = [at.visit(one) for one in body]
        return ast.copy_location(ast.For(ast.Name(self.letter, ast.Store()), end, body, []), loop)

    def _along(
        self, loop: ast.For, targets: list[ast.expr], lists: list[ast.expr], body: list[ast.stmt]
    ) -> ast.For:
        """Return for b, w in zip(biases, weights) as a loop over numbers, b as biases[l]."""
        said = {target.id: held for target, held in zip(targets, lists, strict=True) if isinstance(target, ast.Name)}
        put = _Put({name: ast.Subscript(held, self._number(0), ast.Load()) for name, held in said.items()})
        self.along = True
        inner = [put.visit(one) for below in body for one in self.statement(below)]
        self.along = False
        last = ast.BinOp(ast.Name(self.last, ast.Load()), ast.Add(), ast.Constant(1))
        end = ast.Call(ast.Name("range", ast.Load()), [ast.Constant(1), last], [])
        return ast.copy_location(ast.For(ast.Name(self.letter, ast.Store()), end, inner, []), loop)

    def _number(self, offset: int, letter: str = "") -> ast.expr:
        name = ast.Name(letter or self.letter, ast.Load())
        if not offset:
            return name
        return ast.BinOp(name, ast.Add() if offset > 0 else ast.Sub(), ast.Constant(abs(offset)))

    def visit_Name(self, node: ast.Name) -> ast.AST:
        """Return a name, by what a list holds that it is appended to."""
        known = self.renamed.get(node.id)
        return node if known is None else ast.copy_location(ast.Name(known, node.ctx), node)

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        """Return what stands in a list, by its number from the first."""
        self.generic_visit(node)
        held = called(node.value)
        back = _from_the_end(node.slice)
        if back is None or not self.is_list(held):
            return node
        letter, offset = back
        if letter and letter != self.downward:
            return node
        at = self._number(offset - 1) if letter else self._number(offset + 1, self.last)
        return ast.copy_location(ast.Subscript(node.value, ast.copy_location(at, node.slice), node.ctx), node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Return the derivative of the cost by the last that a text takes from a function of its own."""
        self.generic_visit(node)
        name = called(node.func)
        slope = self.names.setting.slopes.get(name)
        given = [ast.unparse(argument) for argument in node.args]
        if slope is None or len(given) != 2 or node.keywords or not given[0].endswith(f"[{self.last}]"):
            return node
        made = ast.Subscript(ast.Name(slope, ast.Load()), ast.Name(self.last, ast.Load()), ast.Load())
        return ast.copy_location(made, node)


class _Numbered(ast.NodeTransformer):
    """Puts a number behind names."""

    def __init__(self, names: set[str], number: ast.expr) -> None:
        self.names, self.number = names, number

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        """Leave what has a number."""
        return node

    def visit_Name(self, node: ast.Name) -> ast.AST:
        """Return a name with its number."""
        if node.id not in self.names:
            return node
        inner = ast.copy_location(ast.Name(node.id, ast.Load()), node)
        return ast.copy_location(ast.Subscript(inner, ast.copy_location(self.number, node), node.ctx), node)


class _Put(ast.NodeTransformer):
    """Puts expressions in the place of names."""

    def __init__(self, known: dict[str, ast.Subscript]) -> None:
        self.known = known

    def visit_Name(self, node: ast.Name) -> ast.AST:
        """Return what a name stands for."""
        known = self.known.get(node.id) if isinstance(node.ctx, ast.Load) else None
        return node if known is None else ast.copy_location(ast.Subscript(known.value, known.slice, ast.Load()), node)


def called(node: ast.expr) -> str:
    """Return a name, without what holds it: x of self.x; "" where there is none."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def _from_the_end(node: ast.expr) -> tuple[str, int] | None:
    """Return the letter and the number of an index that is counted from the end: -1, -l, -l + 1."""
    match node:
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(number))):
            return "", -number
        case ast.UnaryOp(op=ast.USub(), operand=ast.Name(id=letter)):
            return letter, 0
        case ast.BinOp(left=ast.UnaryOp(op=ast.USub(), operand=ast.Name(id=letter)), op=ast.Add() | ast.Sub() as op,
                       right=ast.Constant(value=int(number))):  # fmt: skip
            return letter, number if isinstance(op, ast.Add) else -number
    return None


def _is_empty_list(value: ast.expr) -> bool:
    """Whether this is [], or a list of zeros."""
    match value:
        case ast.List(elts=[]):
            return True
        case ast.ListComp(elt=ast.Call(func=ast.Attribute(attr="zeros" | "zeros_like")), generators=[_]):
            return True
    return False


__all__ = ["called", "with_numbers"]
