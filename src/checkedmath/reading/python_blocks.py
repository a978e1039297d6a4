"""The blocks of a NumPy text: def, if, for and with, taken apart into the lines that they hold.

The lines under an ``if`` are read once for each of its branches, from what was there before it; what differs between
the branches may not be used below.  A loop over the numbers of a family says its lines of each of them; any other
loop says them of one round.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from checkedmath.reading.python_apart import HANDED_ON
from checkedmath.reading.python_calls import MODULES
from checkedmath.reading.python_defs import Definitions
from checkedmath.reading.python_lines import STATEMENTS, Lines, loaded
from checkedmath.reading.python_names import ONE_HOT, Unknown
from checkedmath.reading.result import Demand, Under
from checkedmath.syntax.tree import Index, Node, Ones, Symbol

#: Under which names modules are imported; under another, their functions are not what they are called.
IMPORTED: dict[str, tuple[str | None, ...]] = {
    "numpy": (None, "np"), "torch": (None,), "tensorflow": (None, "tf"), "math": (None,), "copy": (None,),
}  # fmt: skip
#: Caches that may be one array, where others are made of several.
OF_ONE_ARRAY = frozenset({"cache", "activation_cache"})
MAKES_ONE_HOT = re.compile(r"(?:(?:convert_|make_)?to_|get_)?one_?hot(?:_?encod(?:e|er|ing))?", re.IGNORECASE)
#: What may be called on the way to a printed text: none changes what it is given.
LOOKING = frozenset({
    "print", "range", "reversed", "tqdm", "trange", "len", "str", "int", "float", "round", "abs", "sum", "max", "min",
    "mean", "std", "argmax", "argmin", "norm", "allclose", "array_equal", "all", "any", "format", "item", "shape",
    "linalg.norm", "type", "sqrt", "exp", "log", "squeeze",
})  # fmt: skip


class Blocks:
    """Reads the statements of a text, those in blocks too."""

    def __init__(self, lines: Lines) -> None:
        self.lines, self.expressions = lines, lines.expressions
        self.names = lines.names
        self.text: Sequence[ast.stmt] = ()  # all of it
        self.definitions = Definitions(self)

    def read(self, statements: Sequence[ast.stmt], below: Sequence[ast.stmt] = (), *, whole: bool = False) -> None:
        """Read statements; ``below`` is what comes after them, and ``whole`` says that they are all of a text."""
        if whole:
            self.text = statements
            self._see_names()
        for statement in statements:
            if isinstance(statement, ast.For) and isinstance(statement.target, ast.Name):
                loop = self._loop(statement)
                if all(map(self._is_generic, loop.carried)):
                    self._carry(loop, at="above")
        for n, statement in enumerate(statements):
            rest = [*statements[n + 1 :], *below]
            if not self._says_nothing(statement):
                self._statement(statement, rest, last=whole and not rest)

    def _see_names(self) -> None:
        """See that no argument and no letter of a loop has a name that the text calls, or that of a module."""
        given, called = set[str](), set[str]()
        for node in (node for one in self.text for node in ast.walk(one)):
            match node:
                case ast.For(target=ast.Name(id=name)) | ast.arg(arg=name):
                    given.add(name)
                case ast.Call(func=ast.Name(id=name)):
                    called.add(name)
        wrong = sorted(given & (called | MODULES))
        if wrong:
            raise self.expressions.never(self.text[0], f"another name: {wrong[0]} holds something else")

    def _statement(self, statement: ast.stmt, rest: Sequence[ast.stmt], *, last: bool) -> None:
        match statement:
            case ast.If():
                self._if(statement, rest)
            case ast.For(target=ast.Name(), orelse=[]):
                self._for(statement, rest)
            case ast.FunctionDef():
                self.definitions.read(statement)
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Lambda() as made) if self.names.function(name):
                self.definitions.read(_as_function(name, made))
            case ast.With(body=body):
                self.read(body, rest)
            case ast.Return(value=value) if self.definitions.said is not None:
                self.definitions.returned(value, statement)
            case ast.Return(value=ast.Dict(keys=keys, values=values)):
                for one in self.lines.apart.returned(keys, values, statement):
                    self.lines.earlier(one, ())
            case ast.Return(value=ast.expr() as value):
                raise self.expressions.never(value, "return of names, or a line name = … before it")
            case ast.Assert(test=test) if self._sees_shapes(test):
                pass
            case _ if last:
                self.lines.final(statement)
            case _:
                self.lines.earlier(statement, rest)

    def _says_nothing(self, statement: ast.stmt) -> bool:
        """Whether a statement says nothing of any quantity: an import, a text, a return of names, L = len(…) // 2."""
        match statement:
            case ast.Import(names=[ast.alias(name=name, asname=called)]):
                return called in IMPORTED.get(name, ())
            case ast.Pass() | ast.Expr(value=ast.Constant(value=str())):
                return True
            case ast.Return(value=ast.Dict()) if self.definitions.said is None:
                return False
            case ast.Return(value=value) if self.definitions.said is None:
                return value is None or _names_alone(value)
            case ast.Expr(value=ast.Call(func=ast.Name(id="print")) as call):
                return _only_looks(call)
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if self._is_last(value):
                if name != self.names.setting.family.last and self._has_value(name):
                    raise self.expressions.never(statement, f"another name: {name} has a value in the setting")
                self.lines.lasts.add(name)
                return True
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if self._is_handed_on(name, value):
                self.expressions.notes.append(f"{name} is taken as what it is called")
                return True
            case ast.Assign(targets=[target], value=value) if self.lines.apart.is_one(target, value):
                return True
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Dict(keys=[]) | ast.Call(args=[], keywords=[])):
                return name in self.names.containers
            case ast.With(items=[ast.withitem(ast.Call(func=ast.Attribute(attr="no_grad"), args=[]), None)]):
                return False
            case ast.With():
                raise self.expressions.refusal(statement, STATEMENTS[ast.With])
        return False

    def _is_handed_on(self, name: str, value: ast.expr) -> bool:
        """Whether a line only hands on what it names: Z = activation_cache, one_hot_Y = one_hot(Y).

        A cache that the text itself has filled holds that; one that is an array is that before the activation.
        """
        if {name, *loaded(value)} & self.expressions.arrays.views.keys():
            return False
        match value:
            case ast.Name(id=held) | ast.Subscript(value=ast.Name(id=held), slice=ast.Name() | ast.BinOp()) if (
                held in HANDED_ON and name in HANDED_ON
            ):
                return True
            case ast.Name(id=held) if held in OF_ONE_ARRAY and self._has_value(name):
                symbol = self.names.node(name)
                return isinstance(symbol, Symbol) and symbol.name == "Z" and self.lines.apart.is_first(held, name)
            case ast.Call(
                func=ast.Name(id=made) | ast.Attribute(value=ast.Name(id="self"), attr=made),
                args=[ast.Name(id=labels), *_], keywords=[],
            ) if MAKES_ONE_HOT.fullmatch(made) and ONE_HOT.search(name):  # fmt: skip
                classes = value.args[1:]
                plain = len(classes) < 2 and all(isinstance(one, ast.Name | ast.Constant) for one in classes)
                return plain and self.names.are_labels(labels) and self.names.is_known(name)
        return False

    def _has_value(self, name: str) -> bool:
        """Whether a name means something in the setting, by whatever source."""
        try:
            self.names.node(name)
        except Unknown:
            return False
        return True

    def _sees_shapes(self, test: ast.expr) -> bool:
        """See that arrays have the shapes that an assert says; False for any other test."""
        match test:
            case ast.Compare(left=ast.Attribute(value=of, attr="shape"), ops=[ast.Eq()], comparators=[right]):
                like = self._shaped(right)
                if like is not None:
                    self.expressions.demands.append(Demand("equal", self.expressions.array(of), like))
                    return True
        return False

    def _shaped(self, node: ast.expr) -> Node | None:
        """Return an array of the shape that is written, ``W.shape`` or ``(n_h, m)``."""
        match node:
            case ast.Attribute(value=of, attr="shape"):
                return self.expressions.array(of)
            case ast.Tuple(elts=[rows, columns]):
                return Ones(self.expressions.read(rows), self.expressions.read(columns))
        return None

    # -- if ------------------------------------------------------------------------------------

    def _if(self, statement: ast.If, below: Sequence[ast.stmt]) -> None:
        lines, before = self.lines, self.expressions.arrays
        if not _is_test(statement.test):
            raise self.expressions.refusal(statement.test, "this test")
        if loaded(statement.test) & {*self.expressions.numbers, self.names.setting.family.letter}:
            expected = f"lines that hold for every {self.names.setting.family.word} of the loop, without a test of it"
            raise self.expressions.never(statement.test, expected)
        others, states = statement.orelse, []
        for body, beside in ((statement.body, self._beside(statement.test)), (others, Under())):
            self.expressions.arrays, outer = before.copied(), lines.under
            lines.under = outer.also(beside)
            self.read(body, below)
            lines.under = outer
            states.append(self.expressions.arrays)
        first, second = states
        self.expressions.arrays = first.joined(second)

    def _beside(self, test: ast.expr) -> Under:
        """Return what a test says for the lines under it: ``activation == "relu"``."""
        match test:
            case ast.Compare(left=left, ops=[ast.Eq()], comparators=[right]):
                pair = {type(side): side for side in (left, right)}
                named = pair.get(ast.Constant)
                if isinstance(named, ast.Constant) and isinstance(named.value, str) and len(pair) == 2:
                    return self.of_choice(named.value)
        return Under()

    def of_choice(self, word: str) -> Under:
        """Return what a branch is about whose test names a choice of the setting; the last may have another."""
        for options in self.names.setting.choices.values():
            for name, variant in options.items():
                if name.replace("_", "") == word.lower().replace("_", "").replace(" ", ""):
                    own = name in self.names.setting.last_choices
                    return Under(variant=variant, members=None if own else (1, -1))
        return Under()

    # -- for -----------------------------------------------------------------------------------

    def _for(self, statement: ast.For, below: Sequence[ast.stmt]) -> None:
        assert isinstance(statement.target, ast.Name)
        lines, expressions, letter = self.lines, self.expressions, statement.target.id
        loop = self._loop(statement)
        if letter != self.names.setting.family.letter and self._has_value(letter) and letter in loaded(*self.text):
            raise expressions.never(statement, f"another letter for the loop: {letter} has a value in the setting")
        if not _only_looks(statement.iter):
            raise expressions.error(statement.iter, self._expected())
        outer = lines.under, dict(expressions.numbers)
        if loop.numbers is not None:
            expressions.numbers[letter] = Index(self.names.setting.family.letter, -loop.shift)
            lines.under = lines.under.also(Under(members=(loop.numbers.first, loop.numbers.last)))
        elif _uses(statement.body, letter) or not _is_range(statement.iter):
            raise expressions.error(statement.iter, self._expected())
        unknown = next((name for name in loop.carried if loop.numbers is None or not self._is_generic(name)), "")
        if unknown:
            raise expressions.error(statement, f"a loop that does not change {unknown} from round to round")
        self._carry(loop, at="begin")
        for n, one in enumerate(statement.body):
            self.read([one], [*statement.body[n + 1 :], *below])
            for name in loop.carried & {node.id for node in _stored([one])}:
                self._carry(replace(loop, carried={name}), at="given")
        self._carry(loop, at="end")
        lines.under, expressions.numbers = outer
        expressions.arrays.forget({node.id for node in _stored(statement.body)})

    def _loop(self, statement: ast.For) -> Loop:
        """Return what a loop runs over, and the names that it carries from round to round."""
        assert isinstance(statement.target, ast.Name)
        letter, numbers, shift = statement.target.id, None, 0
        if _uses(statement.body, letter) and (numbers := self._range(statement.iter)) is not None:
            shift = self._shift(statement.body, letter)
            numbers = replace(numbers, first=numbers.first + shift, last=numbers.last + shift)
        carried = self._carried(statement.body, {node.id for node in _stored(statement.body)})
        return Loop(numbers, shift, carried)

    def _carry(self, loop: Loop, *, at: str) -> None:
        """Say of which number the carried names are: A is A[l-1] at its beginning, dA is dA[l-1] at the end.

        Before the loop they are of its first number, or the one before, and below it of its last.
        """
        if loop.numbers is None:
            return
        family, numbers = self.names.setting.family, loop.numbers
        here, before = Index(family.letter), Index(family.letter, -1)
        low, high = Index("", numbers.first - 1), Index(family.last, numbers.last)
        read, given = {
            "above": (high, high) if numbers.down else (low, low),
            "begin": (here, before) if numbers.down else (before, here),
            "given": (before, before) if numbers.down else (here, here),
            "end": (low, low) if numbers.down else (high, high),
        }[at]
        self.expressions.read_as |= dict.fromkeys(loop.carried, read)
        self.expressions.given_as |= dict.fromkeys(loop.carried, given)

    def _expected(self) -> str:
        family = self.names.setting.family
        if not family.letter:
            return "a loop whose letter is not used"
        return f"a range of {family.word}s, such as range(1, {family.last} + 1) or reversed(range({family.last}))"

    def _range(self, node: ast.expr) -> Numbers | None:
        """Return the numbers of a family that a loop runs over; None for anything else."""
        match node:
            case ast.Call(func=ast.Name(id="reversed"), args=[inner], keywords=[]):
                found = self._range(inner)
                return replace(found, down=not found.down) if found is not None else None
            case ast.Call(func=ast.Name(id="range"), args=arguments, keywords=[]) if 1 <= len(arguments) <= 3:
                step = _number(arguments[2]) if len(arguments) == 3 else 1
                ends = [self._end(argument) for argument in arguments[:2]]
                if len(ends) == 1:
                    ends.insert(0, Index("", 0))
                start, stop = ends
                if start is None or stop is None or step not in (1, -1):
                    return None
                first, last = (start, _moved(stop, -1)) if step == 1 else (_moved(stop, 1), start)
                count = self.names.setting.member_count
                if not last.letter and count:
                    last = Index(self.names.setting.family.last, last.offset - count)
                if first.letter or not last.letter:
                    return None
                return Numbers(first.offset, last.offset, step == -1)
        return None

    def _end(self, node: ast.expr) -> Index | None:
        """Return an end of a range: a number, L, L - 1, len(parameters) // 2."""
        last = self.names.setting.family.last
        if self._is_last(node) or (isinstance(node, ast.Name) and node.id in self.lines.lasts | {last}):
            return Index(last) if last else None
        if (number := _number(node)) is not None:
            return Index("", number)
        match node:
            case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as op, right=ast.Constant(value=int(step))):
                inner = self._end(left)
                return _moved(inner, step if isinstance(op, ast.Add) else -step) if inner is not None else None
        return None

    def _is_last(self, node: ast.expr) -> bool:
        """Whether this is the largest number as code computes it: len(parameters) // 2, of two arrays for each."""
        match node:
            case ast.Call(func=ast.Name(id="len"), args=[ast.Name(id="caches")]):
                return True
            case ast.BinOp(left=ast.Call(func=ast.Name(id="len"), args=[ast.Name() | ast.Attribute() as of]),
                           op=ast.FloorDiv(), right=ast.Constant(value=2)):  # fmt: skip
                name = of.id if isinstance(of, ast.Name) else of.attr
                return name in self.names.containers and not any(_fills(one, name) for one in simple(self.text))
        return False

    def _shift(self, body: Sequence[ast.stmt], letter: str) -> int:
        """Return what is added to a loop's letter where it numbers something: 1 of W[l+1], where l begins at 0."""
        found: list[int] = []
        for part in body:
            for node in ast.walk(part):
                match node:
                    case ast.BinOp(left=ast.Name(id=name), op=ast.Add(), right=ast.Constant(value=int(step))):
                        found += [step] if name == letter else []
        return 1 if 1 in found else 0

    def _carried(self, body: Sequence[ast.stmt], given: set[str]) -> set[str]:
        """Return the names that a round reads before it gives them: those of the round before."""
        carried: set[str] = set()
        so_far: set[str] = set()
        for statement in simple(body):
            named = [node for node in ast.walk(statement) if isinstance(node, ast.Name)]
            loaded = {node.id for node in named if isinstance(node.ctx, ast.Load)}
            if isinstance(statement, ast.AugAssign):
                loaded |= {node.id for node in ast.walk(statement.target) if isinstance(node, ast.Name)}
            carried |= {name for name in loaded & given if name not in so_far and not self._is_moved(name)}
            so_far |= {node.id for node in _stored([statement])}
        return carried

    def _is_moved(self, name: str) -> bool:
        """Whether this is what descent moves, of which a line is right whatever its value."""
        try:
            return self.names.is_parameter(self.names.symbol(name)[0])
        except Unknown:
            return False

    def _is_generic(self, name: str) -> bool:
        """Whether a name without a number is that of any number: dA is dA[l]."""
        try:
            found = self.names.node(name)
        except Unknown:
            return False
        letter = self.names.setting.family.letter
        default = self.names.setting.default_member == letter
        return isinstance(found, Symbol) and found.member == Index(letter) and default


@dataclass(frozen=True)
class Numbers:
    """The numbers of a family that a loop runs over, ``last`` relative to the largest; ``down``: the largest first."""

    first: int
    last: int
    down: bool


@dataclass(frozen=True)
class Loop:
    """A loop: the numbers of a family that it runs over, if it does, ``shift`` its letter, and the names it carries."""

    numbers: Numbers | None
    shift: int
    carried: set[str]


def simple(statements: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements without blocks, those in blocks in their place."""
    for statement in statements:
        match statement:
            case ast.If(body=body, orelse=orelse) | ast.For(body=body, orelse=orelse):
                yield from simple([*body, *orelse])
            case ast.FunctionDef(body=body) | ast.With(body=body):
                yield from simple(body)
            case _:
                yield statement


def _as_function(name: str, made: ast.Lambda) -> ast.FunctionDef:
    """Return ``name = lambda z: …`` as the def that says the same."""
    body: list[ast.stmt] = [ast.copy_location(ast.Return(made.body), made.body)]
    return ast.copy_location(ast.FunctionDef(name, made.args, body, []), made)


def _names_alone(node: ast.expr) -> bool:
    """Whether this returns names: of a formula behind return something would have to be said."""
    match node:
        case ast.Tuple(elts=inner) | ast.List(elts=inner) | ast.Dict(values=inner):
            return all(map(_names_alone, inner))
    return isinstance(node, ast.Name | ast.Constant)


def _fills(statement: ast.stmt, name: str) -> bool:
    """Whether a statement says what a dictionary holds."""
    match statement:
        case ast.Assign(targets=targets, value=ast.Dict(keys=[_, *_])):
            return name in map(ast.unparse, targets)
    return False


def _only_looks(node: ast.expr) -> bool:
    """Whether all that an expression calls leaves its arguments as they are, and it gives no name."""
    for part in ast.walk(node):
        if isinstance(part, ast.NamedExpr | ast.Lambda) or (isinstance(part, ast.keyword) and part.arg == "out"):
            return False
        if isinstance(part, ast.Call):
            name = ast.unparse(part.func).rpartition(".")[2]
            if name not in LOOKING:
                return False
    return True


def _stored(statements: Sequence[ast.stmt]) -> Iterator[ast.Name]:
    for statement in statements:
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                yield node


def _is_test(node: ast.expr) -> bool:
    """Whether this is a test of a name: training, l == L - 1, activation in ("relu", "tanh"), W is not None."""
    match node:
        case ast.BoolOp(values=values):
            return all(map(_is_test, values))
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            return _is_test(inner)
        case ast.Compare(left=left, ops=[ast.In() | ast.NotIn()], comparators=[ast.Tuple(elts=names)]):
            return _is_side(left) and all(isinstance(name, ast.Constant) and _is_side(name) for name in names)
        case ast.Compare(left=left, ops=[_], comparators=[right]):
            return _is_side(left) and _is_side(right)
    return _is_side(node) and not isinstance(node, ast.Constant)


def _is_side(node: ast.expr) -> bool:
    match node:
        case ast.Constant(value=str(word)):
            return bool(re.fullmatch(r"[A-Za-z][\w -]*", word))
        case ast.BinOp(left=ast.Name(), op=ast.Add() | ast.Sub(), right=ast.Constant(value=int())):
            return True
        case ast.Attribute(value=ast.Name(), attr=name):
            return name != "T"
    return isinstance(node, ast.Name | ast.Constant)


def _uses(statements: Sequence[ast.stmt], name: str) -> bool:
    return any(isinstance(node, ast.Name) and node.id == name for one in statements for node in ast.walk(one))


def _is_range(node: ast.expr) -> bool:
    func = node.func if isinstance(node, ast.Call) else None
    return isinstance(func, ast.Name) and func.id in {"range", "tqdm", "trange"}


def _number(node: ast.expr) -> int | None:
    match node:
        case ast.Constant(value=int(number)) if not isinstance(number, bool) and number < 100:
            return number
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(number))) if number < 100:
            return -number
    return None


def _moved(index: Index, step: int) -> Index:
    return Index(index.letter, index.offset + step)
