"""Names of code where letters are free: each gets a letter of its own, and the name of its gradient that letter's.

``out = x @ w + b; dw = x.T @ dout`` is read as ``o = x @ w + b; dw = x.T @ do``.  A class with ``forward`` and
``backward`` says the lines of both: what the one returns is what the other is given the gradient of.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from string import ascii_lowercase, ascii_uppercase

from checkedmath.reading.derivative_names import gradients, quotients
from checkedmath.reading.python_lists import called
from checkedmath.reading.python_names import CONTAINERS, PythonNames

#: Where code keeps what it hands on.
HOLDERS = CONTAINERS | {"ctx"}
#: Letters that stand for numbers, which arrays are not; and those of what a text computes last.
NUMBERS, LAST = set("tsck"), "LJCE"
LETTERED = "read with a letter for each name:"
MODULES = {"np", "numpy", "torch", "jnp", "tf", "F", "math"}
FORWARD, BACKWARD = "forward", "backward"
MAKING = {"random", "randn", "rand", "zeros", "ones", "normal", "uniform", "zeros_like", "empty"}


def with_letters(statements: list[ast.stmt], names: PythonNames) -> tuple[list[ast.stmt], list[str]]:
    """Return the statements of a text about free letters with a letter for each name, and notes on them."""
    if not names.free:
        return statements, []
    found = [one for statement in statements for one in _unfolded(statement)]
    attributes = _Plain()
    found = [attributes.visit(one) for one in found]
    letters = _letters(found, names)
    if not letters:
        return (found if found != statements else statements), []
    renamed = _Renamed(letters)
    found = [ast.fix_missing_locations(renamed.visit(one)) for one in found]
    said = ", ".join(f"{name} is {letter}" for name, letter in letters.items())
    return found, [f"{LETTERED} {said}"]


def _letters(statements: Sequence[ast.stmt], names: PythonNames) -> dict[str, str]:
    """Return the names that are no letters for arrays, each with its letter; nothing where one has none."""
    nodes = [node for one in statements for node in ast.walk(one)]
    functions = {id(node.func) for node in nodes if isinstance(node, ast.Call)}
    functions |= {id(node.value) for node in nodes if isinstance(node, ast.Attribute) and _is_module(node.value)}
    here = [node for node in nodes if isinstance(node, ast.Name) and id(node) not in functions]
    here = [node for node in here if node.id not in MODULES]
    every = dict.fromkeys(node.id for node in here)
    given = {node.id for node in here if isinstance(node.ctx, ast.Store)}
    loaded = {node.id for node in here if isinstance(node.ctx, ast.Load)}
    of: dict[str, str] = {}
    for name in every:
        if len(name) == 2 and name[0] == "d":
            of[name] = name[1]
        elif len(name) > 1:
            by = [by for _, by in quotients(name)] + list(gradients(name))
            of[name] = next((one for one in by if one != name and (one in every or len(one) == 1)), "")
    bases = [name for name in every if not of.get(name)]
    bases += [base for base in of.values() if base and base not in bases]
    odd = [name for name in bases if len(name) > 1 or (name in NUMBERS and name in given)]
    odd = [name for name in odd if names.function(name) is None]
    if not odd:
        return {}
    used = {name for name in bases if name not in odd} | {"d", "I"}
    found: dict[str, str] = {}
    brought = any(base and name in loaded and name not in given for name, base in of.items())  # not computed here
    for name in odd:
        last = not brought and name in given and name not in loaded and name not in of.values()
        capital = last or name[0].isupper()
        pool = [c for c in name if c.isalpha()] if not last else []
        pool += [*(LAST if last else ""), *(ascii_uppercase if capital else ascii_lowercase)]
        letter = next((c for c in pool if c not in used and c not in NUMBERS and c.isupper() == capital), "")
        if not letter:
            return {}
        used.add(letter)
        found[name] = letter
    changes = {name: "d" + found.get(base, base) for name, base in of.items() if base}
    return found | {name: letter for name, letter in changes.items() if name != letter}


def _is_module(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in MODULES


class _Plain(ast.NodeTransformer):
    """Takes names out of what holds them: self.x is x."""

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        """Return the name alone where it stands in a holder."""
        self.generic_visit(node)
        if isinstance(node.value, ast.Name) and node.value.id in HOLDERS and node.attr not in {"T", "shape"}:
            return ast.copy_location(ast.Name(node.attr, node.ctx), node)
        return node


class _Renamed(ast.NodeTransformer):
    """Gives names their letters."""

    def __init__(self, letters: dict[str, str]) -> None:
        self.letters = letters

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Leave the name of a function."""
        if not isinstance(node.func, ast.Name):
            node.func = self.visit(node.func)
        node.args = [self.visit(one) for one in node.args]
        node.keywords = [self.visit(one) for one in node.keywords]
        return node

    def visit_Name(self, node: ast.Name) -> ast.AST:
        """Return a name's letter."""
        return ast.copy_location(ast.Name(self.letters.get(node.id, node.id), node.ctx), node)


def _unfolded(statement: ast.stmt) -> Iterator[ast.stmt]:
    """Yield the lines of a class with forward and backward; any other statement as it is."""
    methods = {one.name: one for one in statement.body if isinstance(one, ast.FunctionDef)} if (
        isinstance(statement, ast.ClassDef)) else {}
    if not isinstance(statement, ast.ClassDef) or not _is_pair(statement, methods):
        yield statement
        return
    forward, backward = methods[FORWARD], methods[BACKWARD]
    taken, (given, *_) = (_arguments(one) for one in (forward, backward))
    last = forward.body[-1]
    assert isinstance(last, ast.Return)
    assert last.value is not None
    out = called(last.value)
    kept = [one for one in forward.body[:-1] if not _hands_on(one)]
    if not isinstance(last.value, ast.Name | ast.Attribute):
        out = f"result{statement.lineno}"
        kept.append(ast.copy_location(ast.Assign([_name(out, last.value, ast.Store())], last.value), last))
    yield from kept
    change = _Renamed({given: f"d{out}"})
    for one in backward.body:
        if isinstance(one, ast.Return) and one.value is not None:
            values = one.value.elts if isinstance(one.value, ast.Tuple) else [one.value]
            for name, value in zip(taken, values, strict=False):
                if called(value) != f"d{name}":
                    target = _name(f"d{name}", one, ast.Store())
                    yield change.visit(ast.copy_location(ast.Assign([target], value), one))
        elif not _hands_on(one):
            yield change.visit(one)


def _is_pair(made: ast.ClassDef, methods: dict[str, ast.FunctionDef]) -> bool:
    """Whether a class has forward and backward of an array each, and nothing else but what makes its parameters."""
    if not {FORWARD, BACKWARD} <= methods.keys() <= {FORWARD, BACKWARD, "__init__"}:
        return False
    if any(not isinstance(one, ast.FunctionDef | ast.Pass) and not _is_text(one) for one in made.body):
        return False
    if any(not _makes(one) for one in (methods["__init__"].body if "__init__" in methods else ())):
        return False
    ends = [method.body[-1] for method in (methods[FORWARD], methods[BACKWARD])]
    inner = [n for m in methods.values() for one in m.body[:-1] for n in ast.walk(one) if isinstance(n, ast.Return)]
    return (
        not inner and isinstance(ends[0], ast.Return) and ends[0].value is not None
        and not isinstance(ends[0].value, ast.Tuple) and all(_arguments(methods[n]) for n in (FORWARD, BACKWARD))
        and _count(ends[1]) in {0, 1, len(_arguments(methods[FORWARD]))}
    )  # fmt: skip


def _count(statement: ast.stmt) -> int:
    """Return how many values a return has, -1 for one without any."""
    value = statement.value if isinstance(statement, ast.Return) else None
    if value is None:
        return -1 if isinstance(statement, ast.Return) else 0
    return len(value.elts) if isinstance(value, ast.Tuple) else 1


def _arguments(method: ast.FunctionDef) -> list[str]:
    return [one.arg for one in method.args.args if one.arg not in HOLDERS]


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _makes(statement: ast.stmt) -> bool:
    """Whether a line of __init__ only makes a parameter, of whatever value: self.W = np.random.randn(n, m)."""
    match statement:
        case ast.Assign(targets=[ast.Attribute()], value=ast.Name() | ast.Constant(value=None)):
            return True
        case ast.Assign(targets=[ast.Attribute()], value=value):
            parts = {n.attr for n in ast.walk(value) if isinstance(n, ast.Attribute)}
            return bool(parts & MAKING)
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr="__init__"))):
            return True
    return isinstance(statement, ast.Pass) or _is_text(statement)


def _hands_on(statement: ast.stmt) -> bool:
    """Whether a line keeps a name under itself, self.x = x, or is a text."""
    match statement:
        case ast.Assign(targets=[ast.Attribute(attr=name)], value=ast.Name(id=held)):
            return name == held
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Attribute(value=ast.Name(id=holder), attr=held)):
            return name == held and holder in HOLDERS
    return _is_text(statement)


def _name(name: str, like: ast.AST, place: ast.expr_context) -> ast.Name:
    return ast.copy_location(ast.Name(name, place), like)


__all__ = ["with_letters"]
