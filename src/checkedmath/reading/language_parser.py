"""Code in Octave, R or Julia, read to Python's syntax tree, in which the reader of NumPy code goes on.

Each sign keeps the meaning that it has in its language (`checkedmath.reading.languages`); a node's columns are places
in the text itself.  Nothing is run.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from checkedmath.subject.general import ENTRY, taking
from checkedmath.syntax.budget import MAX_NESTING
from checkedmath.syntax.errors import Refused, TooDeep, Unreadable
from checkedmath.syntax.tree import Span

T = TypeVar("T", bound=ast.expr | ast.stmt)
#: How tightly a minus in front binds, tighter than products and looser than powers.
SIGNED = 60
BLOCKS = frozenset({"for", "while", "if", "else", "end", "function", "return", "elseif", "begin", "let"})
#: Assignments that change: those with a dot write into the array that is there.
CHANGES: Mapping[str, type[ast.operator]] = {
    "+=": ast.Add, "-=": ast.Sub, ".+=": ast.Add, ".-=": ast.Sub, ".*=": ast.Mult, "./=": ast.Div,
}  # fmt: skip
#: Names that are NumPy's or Python's alone, or whose functions in other languages do something else.
NUMPY_ALONE = frozenset({
    "dot", "matmul", "multiply", "subtract", "add", "divide", "true_divide", "negative", "reciprocal", "square",
    "power", "float_power", "maximum", "minimum", "transpose", "where", "einsum", "outer", "average", "absolute",
    "array", "asarray", "copy", "diag", "norm", "len", "size", "shape", "sum", "mean", "max", "min", "ones", "zeros",
    "float", "int", "bool", "float64", "float32", "int64", "logical_and", "logical_or", "logical_not", "grad",
})  # fmt: skip
#: Functions of mathematics that Julia applies entry by entry with a dot alone; those of the course take arrays.
BY_ENTRY = taking(ENTRY) - {"sigmoid", "relu"}
Build = Callable[["Parser", ast.expr, ast.expr, Span], ast.expr]
Called = Callable[["Parser", Sequence[ast.expr], Mapping[str, ast.expr], Span], ast.expr]


class Into(ast.Assign):
    """An assignment that writes into the array that a name has already, Julia's ``D .= A``."""

    _fields = ast.Assign._fields


@dataclass(frozen=True)
class Language:
    """How a language is written: ``operators`` are its signs, with how tightly each binds and what it makes.

    ``powers`` are those operators that take one operand on the right, without its transposes; ``right`` those that
    bind to the right.  ``functions`` are what it calls NumPy's, ``assigns`` its signs of assignment.
    """

    name: str
    signs: re.Pattern[str]
    comment: re.Pattern[str]
    operators: Mapping[str, tuple[int, Build]]
    functions: Mapping[str, Called]
    assigns: tuple[str, ...] = ("=",)
    right: frozenset[str] = frozenset()
    letters: str = r"[^\W\d]\w*"
    brackets: str = "[{"  # those that a number of a name may stand in
    entrywise: str = ""  # what makes a function go entry by entry: Julia's dot
    quote: bool = True  # whether ' behind a name is the transpose
    known: Mapping[str, str] = field(default_factory=dict)  # words, as Python writes them: TRUE, true


class Parser:
    """Reads one text in one language."""

    def __init__(self, text: str, language: Language) -> None:
        self.text, self.language = text, language
        self.comments: list[Span] = []
        self.tokens: list[tuple[str, str, int, int]] = []  # kind, text, start, end
        self.at = self.level = 0
        self._scan()

    # -- tokens --------------------------------------------------------------------------------

    def _scan(self) -> None:
        language = self.language
        signs = sorted({*language.operators, *language.assigns, *CHANGES, *"()[]{},;:$.!", ".'", "..."},
                       key=len, reverse=True)  # fmt: skip
        pattern = re.compile(
            rf"(?P<space>[ \t\r\u00a0]+|\.\.\.[^\n]*\n)|(?P<number>\d+(?:\.(?![*/^\\'+-])\d*)?(?:[eE][+-]?\d+)?|\.\d+)"
            rf"|(?P<name>{language.letters})|(?P<sign>{'|'.join(map(re.escape, signs))})|(?P<end>\n)"
        )
        place = 0
        while place < len(self.text):
            if comment := language.comment.match(self.text, place):
                self.comments.append((place, comment.end()))
                place = comment.end()
                continue
            if self.text[place] in "'\"" and not self._is_transpose(place):
                close = self.text.find(self.text[place], place + 1)
                if close < 0 or "\n" in self.text[place:close]:
                    raise Unreadable(self.text, place, f"a closing {self.text[place]} on the same line")
                self.tokens.append(("string", self.text[place + 1 : close], place, close + 1))
                place = close + 1
                continue
            if self.text[place] in "'’′":
                self.tokens.append(("sign", "'", place, place + 1))
                place += 1
                continue
            match = pattern.match(self.text, place)
            if match is None:
                raise Unreadable(self.text, place, f"a sign, name or number of {language.name}")
            if match.lastgroup != "space":
                self.tokens.append((str(match.lastgroup), match[0], place, match.end()))
            place = match.end()
        self.tokens.append(("end", "", place, place))

    def _is_transpose(self, place: int) -> bool:
        if self.text[place] != "'" or not self.language.quote or not self.tokens or not place:
            return False
        kind, said, _, end = self.tokens[-1]
        return end == place and (kind in {"name", "number"} or said in {")", "]", "}", "'", ".'"})

    def _see(self, *texts: str) -> bool:
        kind, said, *_ = self.tokens[self.at]
        return kind == "sign" and said in texts

    def _take(self, *texts: str) -> tuple[str, str, int, int]:
        if texts and not self._see(*texts):
            raise self.wrong(f"{' or '.join(texts)} here")
        self.at += 1
        return self.tokens[self.at - 1]

    def wrong(self, expected: str, place: int | None = None) -> Unreadable:
        """Return the error for something else than was expected at the next token."""
        at = self.tokens[min(self.at, len(self.tokens) - 1)][2] if place is None else place
        return Unreadable(self.text, at, expected)

    def never(self, expected: str, place: int) -> Refused:
        """Return the error for what the language does not have, or has with another meaning."""
        return Refused(self.text, place, expected)

    # -- statements ----------------------------------------------------------------------------

    def statements(self) -> list[ast.stmt]:
        """Return the statements of the text."""
        found: list[ast.stmt] = []
        while self.at < len(self.tokens):
            if self.tokens[self.at][0] == "end" or self._see(";", ","):
                self.at += 1
                continue
            found.append(self._statement())
            if not (self._see(";", ",") or self.tokens[self.at][0] == "end"):
                raise self.wrong(f"the end of a statement of {self.language.name}")
        return found

    def _statement(self) -> ast.stmt:
        start = self.tokens[self.at][2]
        if self.tokens[self.at][1] in BLOCKS:
            raise self.wrong(f"a line name = …: {self.tokens[self.at][1]} is not read in {self.language.name}")
        left = self._sizes() if self._see("[") else self.expression()
        end = self.tokens[self.at - 1][3]
        if self._see(*CHANGES):
            sign = self._take()[1]
            value = self.expression()
            span = start, self.tokens[self.at - 1][3]
            if sign.startswith("."):  # Julia writes into the array that is there, under all of its names
                return self.placed(ast.AugAssign(self._stored(left), CHANGES[sign](), value), span)  # type: ignore[arg-type]
            # x += y makes a new array in these languages: x = x + y
            total = self.language.operators[sign[0]][1](self, left, value, span)
            return self.placed(ast.Assign([self._stored(left)], total), span)
        if self._see("->"):
            self._take()
            left, value = self.expression(), left
        elif self._see(*(sign for sign in self.language.assigns if sign != "->")):
            into = self._take()[1] == ".="
            self._lines()
            value = self.expression()
            if into:
                return self.placed(Into([self._stored(left)], value), (start, self.tokens[self.at - 1][3]))
        else:
            return self.placed(ast.Expr(left), (start, end))
        return self.placed(ast.Assign([self._stored(left)], value), (start, self.tokens[self.at - 1][3]))

    def _stored(self, left: ast.expr) -> ast.expr:
        if not isinstance(left, ast.Name | ast.Attribute | ast.Subscript | ast.Tuple):
            raise self.wrong("a name on the left of =", left.col_offset)
        return left

    def _sizes(self) -> ast.expr:
        """Read the left side of [n, m] = size(X)."""
        start = self._take("[")[2]
        names: list[ast.expr] = []
        while not self._see("]"):
            kind, said, *span = self._take()
            if kind != "name":
                raise self.wrong("two names, as in [n, m] = size(X)", span[0])
            names.append(self.placed(ast.Name(said, ast.Store()), (span[0], span[1])))
            if self._see(","):
                self._take()
        end = self._take("]")[3]
        return self.placed(ast.Tuple(names, ast.Store()), (start, end))

    def _lines(self) -> None:
        """Pass line ends inside brackets and behind a sign."""
        while self.tokens[self.at][0] == "end" and self.at < len(self.tokens) - 1:
            self.at += 1

    # -- expressions ---------------------------------------------------------------------------

    def expression(self, above: int = 0) -> ast.expr:
        """Return an expression whose signs bind tighter than ``above``."""
        self.level += 1
        if self.level > MAX_NESTING:
            raise TooDeep(self.text, self.tokens[self.at][2], f"at most {MAX_NESTING} levels, one inside the other")
        start = self.tokens[self.at][2]
        if self._see("-", "+", "!"):
            sign = self._take()[1]
            inner = self.expression(SIGNED)
            op = {"-": ast.USub, "+": ast.UAdd, "!": ast.Invert}[sign]()
            left: ast.expr = self.placed(ast.UnaryOp(op, inner), (start, inner.end_col_offset or start))
        else:
            left = self._postfix(self._primary())
        while (sign := self.tokens[self.at][1]) in self.language.operators and self.tokens[self.at][0] == "sign":
            power, build = self.language.operators[sign]
            if power <= above:
                break
            self._take()
            self._lines()
            power -= sign in self.language.right
            if power >= SIGNED and not self._see("-", "+"):
                right = self._primary() if sign not in self.language.right else self.expression(power)
            else:
                right = self.expression(min(SIGNED, power))
            left = self._postfix(build(self, left, right, (start, right.end_col_offset or start)))
        self.level -= 1
        return left

    def _postfix(self, inner: ast.expr) -> ast.expr:
        """Return a transpose of what stands before '."""
        while self.language.quote and self._see("'", ".'"):
            end = self._take()[3]
            inner = self.placed(ast.Attribute(inner, "T", ast.Load()), (inner.col_offset, end))
        return inner

    def _primary(self) -> ast.expr:
        self._lines()
        kind, said, start, end = self._take()
        if kind == "number":
            number = float(said) if re.search(r"[.eE]", said) else int(said)
            found: ast.expr = self.placed(ast.Constant(number), (start, end))
            follows = self.tokens[self.at]
            if self.language.name == "Julia" and follows[2] == end and (follows[0] == "name" or follows[1] == "("):
                right = self.expression(SIGNED - 1)  # 2m and 2(a - b) bind tighter than signs
                return self.placed(ast.BinOp(found, ast.Mult(), right), (start, right.end_col_offset or end))
            return found
        if kind == "string":
            return self.placed(ast.Constant(said), (start, end))
        if (kind, said) == ("sign", "("):
            found = self._bracketed(")")
            found.bracketed = True  # type: ignore[attr-defined]
            return self._behind(found)
        if kind != "name":
            self.at -= 1
            raise self.wrong(f"a name, a number or an opening bracket in {self.language.name}")
        name = self.language.known.get(said, said.replace(".", "_"))
        return self._behind(self.placed(ast.Name(name, ast.Load()), (start, end)))

    def _behind(self, found: ast.expr) -> ast.expr:
        """Read what stands behind a name: arguments, a number in brackets, a field."""
        while True:
            start = found.col_offset
            dotted = self._see(".") and self.tokens[self.at + 1][1] == "("
            if (self._see("(") and isinstance(found, ast.Name)) or dotted:
                if dotted:
                    self._take()
                self._take("(")
                found = self._call(found, dotted=dotted)
            elif self._see("$", "."):
                self._take()
                kind, said, _, end = self._take()
                if kind != "name":
                    raise self.wrong("the name of a field")
                found = self.placed(ast.Attribute(found, said.replace(".", "_"), ast.Load()), (start, end))
            elif self._see(*self.language.brackets):
                opening = self._take()[1]
                twice = opening == "[" and self._see("[")
                if twice:
                    self._take()
                inner = self._bracketed("]" if opening == "[" else "}")
                if twice:
                    self._take("]")
                end = self.tokens[self.at - 1][3]
                if isinstance(found, ast.Attribute) and found.attr == "shape":
                    if not isinstance(inner, ast.Constant) or inner.value not in (1, 2):
                        raise self.never("1 or 2 for the axis", inner.col_offset)
                    inner = self.placed(ast.Constant(inner.value - 1), (inner.col_offset, inner.end_col_offset or end))
                found = self.placed(ast.Subscript(found, inner, ast.Load()), (start, end))
            else:
                return found

    def _bracketed(self, closing: str) -> ast.expr:
        self._lines()
        if self._see(":") and self.language.name == "Julia":  # cache[:Z1]
            self._take()
            _, said, start, end = self._take()
            inner: ast.expr = self.placed(ast.Constant(said), (start, end))
        else:
            inner = self.expression()
        self._lines()
        self._take(closing)
        return inner

    def _call(self, function: ast.expr, *, dotted: bool) -> ast.expr:
        arguments: list[ast.expr] = []
        options: dict[str, ast.expr] = {}
        self._lines()
        while not self._see(")"):
            start = self.tokens[self.at][2]
            if self._see(":"):
                self._take()
                arguments.append(self.placed(ast.Constant(":"), (start, start + 1)))
            elif self.tokens[self.at][0] == "name" and self.tokens[self.at + 1][1] == "=":
                name = self._take()[1]
                self._take("=")
                options[name] = self.expression()
            else:
                first = self.expression()
                if self._see(":"):  # 2:end
                    self._take()
                    self._take()
                    number = first.value if isinstance(first, ast.Constant) and isinstance(first.value, int) else ""
                    first = self.placed(ast.Constant(f":{number}"), (start, start + 1))
                arguments.append(first)
            self._lines()
            if not self._see(")"):
                self._take(",", ";")
                self._lines()
        end = self._take(")")[3]
        span = (function.col_offset, end)
        name = function.id if isinstance(function, ast.Name) else ""
        if arguments and all(isinstance(a, ast.Constant) and str(a.value).startswith(":") for a in arguments):
            return self._entries(function, [str(a.value) for a in arguments], span)  # type: ignore[attr-defined]
        if (build := self.language.functions.get(name)) is not None:
            return build(self, arguments, {**options, **({"dotted": function} if dotted else {})}, span)
        if name in NUMPY_ALONE or (name in BY_ENTRY and self.language.entrywise == "." and not dotted):
            said = f"a function of {self.language.name}: {name} is none there, or another one than NumPy's"
            raise self.never(said, span[0])
        if options:
            raise self.wrong(f"a call of {name} without options", start)
        if len(arguments) == 1 and isinstance(arguments[0], ast.Constant) and not dotted and name:
            return self.placed(ast.Subscript(function, arguments[0], ast.Load()), span)  # W(2)
        return self.placed(ast.Call(function, arguments, []), span)

    def _entries(self, function: ast.expr, ranges: list[str], span: Span) -> ast.expr:
        """Read A(:) as the sum's whole array, Theta(:, 2:end) as what it is without the biases."""
        if ranges == [":"]:
            return self.placed(ast.Attribute(function, "entries", ast.Load()), span)
        if ranges == [":", ":2"]:
            name = function.id if isinstance(function, ast.Name) else ""
            rest = f"{name}_rest"  # which other sources give a meaning
            return self.placed(ast.Name(rest, ast.Load()), span)
        raise self.wrong("a whole array, A(:), or one without its first column, A(:, 2:end)", span[0])

    def placed(self, node: T, span: Span) -> T:
        """Return a node with its place in the text."""
        node.lineno = node.end_lineno = 1
        node.col_offset, node.end_col_offset = span
        return node

    def numpy(self, name: str, arguments: Sequence[ast.expr], span: Span, **options: Any) -> ast.Call:
        """Return a call of a function of NumPy."""
        func = self.placed(ast.Attribute(self.placed(ast.Name("np", ast.Load()), span), name, ast.Load()), span)
        keywords = [ast.keyword(key, self.placed(ast.Constant(value), span)) for key, value in options.items()]
        return self.placed(ast.Call(func, list(arguments), keywords), span)
