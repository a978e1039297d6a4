"""NumPy text run for real: what a case says is written anew and run in a child process on the values of draws.

It is written in two ways.  *Statement by statement*, from Python's syntax tree of the text, node for node, with
every name put in anew: that is what NumPy makes of the text, and uses nothing of the checker but the meaning of names.
*From the checker's own tree*, resolved: that is what the checker makes of it.  The text itself is never run.
"""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from dataclasses import dataclass, field, replace
from itertools import islice, pairwise
from pathlib import Path

import numpy as np

from checkedmath.judging.session import Session
from checkedmath.meaning import Scope, resolve, see, with_sizes
from checkedmath.meaning.fill_in import speaks_of_examples
from checkedmath.reading import read
from checkedmath.reading.python import given_names
from checkedmath.reading.python_calls import NUMPY, dotted, read_call
from checkedmath.reading.python_names import PythonNames
from checkedmath.reading.python_nodes import Expressions
from checkedmath.reading.python_source import Source
from checkedmath.reading.result import Reading
from checkedmath.subject.setting import Quantity, Setting
from checkedmath.subject.view import View
from checkedmath.syntax.errors import FormulaError
from checkedmath.syntax.precedence import Python
from checkedmath.syntax.tree import Chain, Symbol, walk
from checkedmath.values.places import last_member, places_in_draws
from checkedmath.writing.numpy import IndexedWriter, NotWritten
from checkedmath.writing.numpy_nodes import Piece

CHILD = Path(__file__).with_name("numpy_child.py")
FUNCTIONS = {"sigmoid", "sigmoid_1", "tanh", "tanh_1", "relu", "relu_1", "softmax", "exp", "log", "sqrt"}
PYTHON = {"sum", "abs", "float", "int", "bool", "max", "len"}
EQUAL = {"allclose", "array_equal", "testing.assert_allclose", "assert_allclose"}
DRAWS = 5


class NotRun(Exception):
    """A text that cannot be written anew, and why."""


def variable(symbol: Symbol) -> str:
    """Return the name of a symbol in the source: W[2] is q_W_2, A[l-1] is q_A_l_1."""
    layer = "" if symbol.member is None else f"_{symbol.member}".replace("-", "_").replace("+", "_p")
    return f"q_{symbol.name}{layer}"


@dataclass
class Anew(ast.NodeTransformer):
    """Writes the statements of a text anew, node for node."""

    expressions: Expressions
    symbols: dict[str, Symbol] = field(default_factory=dict)
    own: set[str] = field(default_factory=set)

    def visit(self, node: ast.AST) -> ast.AST:
        """Return the node with the names that stand for its symbols."""
        if isinstance(node, ast.Name | ast.Attribute | ast.Subscript):
            return self._name(node)
        if isinstance(node, ast.Call):
            arguments = [self.visit(argument) for argument in node.args]
            keywords = [ast.keyword(k.arg, self.visit(k.value)) for k in node.keywords]
            return ast.Call(self._function(node.func), arguments, keywords)
        return self.generic_visit(node)

    def _name(self, node: ast.Name | ast.Attribute | ast.Subscript) -> ast.AST:
        if isinstance(node, ast.Name) and node.id in self.own:
            return ast.Name(f"t_{node.id}", node.ctx)
        try:
            symbol = self.expressions.symbol(node)
        except FormulaError:
            symbol = None
        if symbol is not None:
            self.symbols[variable(symbol)] = symbol
            return ast.Name(variable(symbol), node.ctx)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            self.own.add(node.id)
            return ast.Name(f"t_{node.id}", node.ctx)
        if isinstance(node, ast.Attribute) and (name := dotted(node)) is not None:
            return self._of_numpy(name)
        if isinstance(node, ast.Attribute):
            return ast.Attribute(self.visit(node.value), node.attr, node.ctx)
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Attribute) and node.value.attr == "shape":
            return ast.Subscript(self.visit(node.value), node.slice, node.ctx)
        if isinstance(node, ast.Name) and node.id in PYTHON:  # astype(int)
            return node
        raise NotRun(ast.unparse(node))

    def _function(self, node: ast.expr) -> ast.expr:
        name = dotted(node)
        if isinstance(node, ast.Name) and name in PYTHON:
            return node
        if name is not None and (not isinstance(node, ast.Name) or name in NUMPY):
            return self._of_numpy(name)
        function = self.expressions.function(node)
        if function is not None:
            name = function.name.removesuffix("_prime") + "_1" * (function.primes > 0)
            if function.member is None and name in FUNCTIONS:
                return ast.Name(name, ast.Load())
            raise NotRun(f"the function {ast.unparse(node)}")
        if isinstance(node, ast.Attribute):
            return ast.Attribute(self.visit(node.value), node.attr, ast.Load())
        raise NotRun(f"the function {ast.unparse(node)}")

    def _of_numpy(self, name: str) -> ast.expr:
        found: ast.expr = ast.Name("np", ast.Load())
        for part in name.split("."):
            found = ast.Attribute(found, part, ast.Load())
        return found


class Written(IndexedWriter):
    """Writes the checker's own tree, in which a condition is the number 0 or 1."""

    def compare(self, item):
        """Return a condition as a number."""
        return Piece(f"1.0 * ({super().compare(item).code})", Python.PRODUCT)


@dataclass
class Case:
    """A text with the jobs that run it: ``anew`` from its statements, ``own`` from the checker's tree."""

    text: str
    anew: list[dict]
    own: list[dict]


class Runner:
    """Collects jobs, and runs them all in one child process."""

    def __init__(self, session: Session, folder: Path) -> None:
        self.session, self.folder = session, folder
        self.values: dict[str, np.ndarray] = {}
        self.cases: list[Case] = []

    def _readings(self, text: str, setting: Setting) -> list[Reading]:
        """Read every line of a code, all of them about a batch if one of them is."""
        reading = read(text, setting, "numpy")
        trees = (*reading.earlier, reading.tree)
        whole = Chain(tuple(term for tree in trees for term in tree.terms))
        if reading.earlier and setting.twin in self.session.settings and speaks_of_examples(whole, setting):
            return self._readings(text, self.session.settings[setting.twin])
        return [replace(reading, tree=tree, earlier=()) for tree in trees]

    def add(self, text: str, setting_name: str, target: str = "", *, refused: bool = False) -> Case:
        """Prepare a text.  Raises `NotRun` where it cannot be written anew, `FormulaError` where it cannot be read."""
        setting = self.session.settings[setting_name]
        try:
            readings = self._readings(text, setting)
            claims = [self.session.claim(reading, setting, "", {})[0] for reading in readings]
            if len({claim.setting.name for claim in claims}) > 1:
                raise NotRun("some lines are judged for one example, some for a batch")
            whole = Chain(tuple(term for reading in readings for term in reading.tree.terms))
            setting, variant = claims[-1].setting, claims[-1].shown
            variant = variant or setting.adapt(whole)
        except FormulaError:
            if not refused:
                raise
            if setting_name == "identities":
                raise NotRun("free letters have no values where the text is refused") from None
            # What the checker refuses is run all the same, in the world that its conditions show.
            claims, whole, variant = [], Chain(()), "hidden-relu" if re.search(r"[ZA]1 *[<>]", text) else ""
        source, pairs, symbols, assigned = self._statements(text, setting, target)
        case = Case(text, [], [])
        places = list(islice(places_in_draws(whole, setting, variant), 40))
        for n, (_, draw, layers) in enumerate(places[:: max(1, len(places) // DRAWS)][:DRAWS]):
            job = {"source": source, "pairs": pairs, "assigned": assigned, "truth": {}, "numbers": {}, "arrays": {},
                   "layered": {}, "sizes": {}}  # fmt: skip
            for name, symbol in symbols.items():
                self._hold(job, name, symbol, draw, layers, setting, f"{len(self.cases)}-{n}-{name}")
            self._truth(job, symbols, setting, draw, layers)
            case.anew.append(job)
            own = [self._own(one, draw, layers, f"{len(self.cases)}-{n}-own{k}") for k, one in enumerate(claims)]
            case.own += [job for job in own if job is not None] if all(own) else []
        self.cases.append(case)
        return case

    def run(self) -> list[tuple[Case, list[str], list[str]]]:
        """Return for each case what came out of its statements and of the checker's tree, draw by draw."""
        jobs = [job for case in self.cases for job in (*case.anew, *case.own)]
        np.savez(self.folder / "values.npz", **self.values)
        (self.folder / "jobs.json").write_text(json.dumps(jobs))
        subprocess.run([sys.executable, "-I", str(CHILD), str(self.folder)], check=True, timeout=300)
        results = iter(json.loads((self.folder / "results.json").read_text()))
        return [
            (case, list(islice(results, len(case.anew))), list(islice(results, len(case.own)))) for case in self.cases
        ]

    # -- a text, statement by statement ----------------------------------------------------------

    def _statements(self, text, setting, target):
        source = Source(text)
        statements, names = source.statements(), PythonNames(setting, text)
        names.given = given_names(statements)
        writer = Anew(Expressions(source, names, read_call))
        pairs, lines, given = [], [], {}
        for statement in statements:
            value = statement.test if isinstance(statement, ast.Assert) else getattr(statement, "value", None)
            if isinstance(statement, ast.Expr | ast.Assert):
                pairs.append(self._sides(value, writer, target))
                continue
            if not isinstance(statement, ast.Assign | ast.AugAssign):
                raise NotRun(type(statement).__name__)
            for side in getattr(statement, "targets", None) or [statement.target]:
                try:
                    symbol = writer.expressions.symbol(side)
                except FormulaError:
                    symbol = None
                if symbol is not None and not (not self._shape(symbol, setting) and isinstance(value, ast.Constant)):
                    given[variable(symbol)] = symbol
            new = writer.visit(statement)
            lines.append(ast.unparse(ast.fix_missing_locations(new)))
        pairs += [[name, f"true_{name}"] for name in given]
        symbols = {**writer.symbols, **given}
        return "\n".join(lines), pairs, symbols, sorted(f"t_{name}" for name in writer.own)

    def _sides(self, value, writer, target):
        if isinstance(value, ast.Call) and dotted(value.func) in EQUAL and len(value.args) == 2:
            sides = value.args
        elif isinstance(value, ast.Compare) and isinstance(value.ops[0], ast.Eq):
            sides = [value.left, *value.comparators]
        elif target:
            symbol = read(target, writer.expressions.names.setting, "text").tree.terms[0]
            writer.symbols[variable(symbol)] = symbol
            return [ast.unparse(writer.visit(value)), variable(symbol)]
        else:
            raise NotRun("nothing to compare")
        return [ast.unparse(writer.visit(side)) for side in sides]

    def _shape(self, symbol, setting):
        quantity = setting.quantities.get(symbol.name)
        return quantity.shape if quantity is not None and symbol.name != "n" else ()

    def _truth(self, job, symbols, setting, draw, layers):
        """Say what a symbol that the text gives really is; what an update gives is W - α dW."""
        for name in [pair[1].removeprefix("true_") for pair in job["pairs"] if pair[1].startswith("true_")]:
            symbol = symbols[name]
            gradient = setting.gradient_by(symbol.name)
            old = f"{name}_0"
            for holder in ("arrays", "numbers"):
                if name in job[holder]:
                    job[holder][old] = job[holder][name]
            updated = gradient is not None and setting.step and _uses_itself(job["source"], name)
            if updated:
                for other in (Symbol(gradient.name, symbol.member), Symbol(setting.step)):
                    key = f"{len(self.values)}-{variable(other)}"
                    self._hold(job, f"{variable(other)}_0", other, draw, layers, setting, key)
                old = f"{old} - {variable(Symbol(setting.step))}_0 * {variable(Symbol(gradient.name, symbol.member))}_0"
            job["truth"][f"true_{name}"] = old

    def _hold(self, job, name, symbol, draw, layers, setting, key):
        layer = None
        if symbol.member is not None:
            layer = (layers[symbol.member.letter] if symbol.member.letter else 0) + symbol.member.offset
        if symbol.name == "n":
            job["numbers"][name] = int(draw.sizes[f"n_{layer}"])
            return
        value = draw.value(symbol.name, layer)
        if isinstance(value, np.ndarray) and value.ndim and self._shape(symbol, setting):
            self.values[key] = value
            job["arrays"][name] = key
        else:
            whole = any(symbol.name in quantity.shape for quantity in setting.quantities.values())
            job["numbers"][name] = int(value) if whole else float(np.reshape(value, ()))

    # -- the checker's own tree -------------------------------------------------------------------

    def _own(self, claim, draw, layers, key):
        quantities = {name: replace(q, numpy="") for name, q in claim.setting.quantities.items()}
        functions = {name: replace(f, numpy="") for name, f in claim.setting.functions.items()}
        quantities.setdefault("n", Quantity("n", (), "n", numbered=True))
        plain = replace(claim.setting, quantities=quantities, functions=functions)
        scope = Scope(claim.setting, View(), last_member(claim.tree, claim.setting), shapes=claim.shapes, numpy=True)
        claim = replace(claim, tree=with_sizes(claim.tree, scope))
        try:
            for demand in claim.demands:
                see(demand, scope)
            terms = [resolve(term, scope) for term in claim.tree.terms]
            if len(terms) < 2:
                return None
            writer = Written(plain)
            sides = [writer.write(term).code for term in terms]
        except (FormulaError, NotWritten):
            return None
        names = {node.id for side in sides for node in ast.walk(ast.parse(side)) if isinstance(node, ast.Name)}
        letters = {letter: value for letter, value in layers.items() if letter in names}
        held = {*quantities, "np", *FUNCTIONS, *letters}
        if not {name.removesuffix("_") for name in names} <= held:
            return None
        job = {"source": "", "pairs": [list(pair) for pair in pairwise(sides)], "assigned": [],
               "truth": {}, "numbers": dict(letters), "arrays": {}, "layered": {}, "sizes": {}}  # fmt: skip
        for symbol in {node for node in walk(claim.tree) if isinstance(node, Symbol)}:
            name = symbol.name + "_" * (symbol.name == "lambda")
            layer = symbol.member
            if layer is None:
                self._hold(job, name, symbol, draw, layers, claim.setting, f"{key}-{name}")
                continue
            last = scope.last_member.offset if layer.letter == "L" and not scope.last_member.letter else None
            number = (last if last is not None else layers[layer.letter] if layer.letter else 0) + layer.offset
            if layer.letter == "L":
                job["numbers"]["L"] = number - layer.offset
            if symbol.name == "n":
                job["sizes"].setdefault("n", {})[number] = int(draw.sizes[f"n_{number}"])
                continue
            place = f"{key}-{name}-{number}"
            self.values[place] = draw.value(symbol.name, number)
            job["layered"].setdefault(name, {})[number] = place
        # A whole number of the code may be a float by a cast, which the tree no longer shows.
        job["numbers"] = {name: float(number) for name, number in job["numbers"].items() if name not in letters} | {
            name: number for name, number in job["numbers"].items() if name in {*letters, "L"}
        }
        return job


def _uses_itself(source: str, name: str) -> bool:
    """Whether a statement gives this name a value made of its old one."""
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.AugAssign) and getattr(statement.target, "id", "") == name:
            return True
        given = {getattr(target, "id", "") for target in getattr(statement, "targets", ())}
        if name in given and any(getattr(node, "id", "") == name for node in ast.walk(statement.value)):
            return True
    return False


__all__ = ["Case", "NotRun", "Runner"]
