"""From tokens to the tree: what stands beside a sign goes to it by the one table of precedence.

A method for each production:

| production | reads |
|---|---|
| `chain` | value (relation value)* |
| `value` | expression, or: expression if condition else value |
| `expression` | operand (sign? operand)*, the signs by `checkedmath.syntax.precedence` |
| `operand` | Σ with the rest of its term, or a factor |
| `factor` | primary script* |
| `primary` | a name, a number, a quotient, a bracket, a fraction, a root, bars, a function, cases |

Juxtaposition has two readings, and both are needed: W x * y is (W x) * y and, ``loose``, W (x * y).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from checkedmath.reading import functions, quotients, written_out
from checkedmath.reading.brackets import Row, row_of
from checkedmath.reading.flatten import Flat
from checkedmath.reading.names import Names
from checkedmath.reading.scripts import Script, Scripts
from checkedmath.reading.tokens import A_FACTOR, BEGINS, CLOSERS, CLOSES, ENDS, SCRIPTS, Token
from checkedmath.syntax import tree
from checkedmath.syntax.budget import MAX_DEPTH
from checkedmath.syntax.errors import TooDeep, Unreadable
from checkedmath.syntax.precedence import LOOSE_PRODUCTS, PLACES, SUM, TERM, binds
from checkedmath.syntax.tree import Node, Span

PRODUCT_SIGNS = {"TIMES": tree.ELEMENTWISE, "DOT": tree.DOT, "TENSOR": tree.TENSOR, "MATMUL": tree.MATMUL}
#: What a sign makes of the two sides it stands between, and factors side by side; of a product, which one it is.
SIGNS: dict[str, tuple[type[Node], str]] = {
    "PLUS": (tree.Add, ""), "MINUS": (tree.Subtract, ""), "SLASH": (tree.Divide, ""),
    **{sign: (tree.Multiply, product) for sign, product in PRODUCT_SIGNS.items()},
}  # fmt: skip
SIDE_BY_SIDE, NO_SIGN = (tree.Multiply, tree.JUXTAPOSED), (tree.Chain, "")
OF_A_TERM = {*PRODUCT_SIGNS, "SLASH", "UMINUS"}


@dataclass
class Waiting:
    """A sign that waits for its right side; a minus before a term has no left one."""

    make: Callable[..., Node]
    product: str
    level: int
    token: Token
    left: Node | None = None


class Parser:
    """Reads one row of tokens.  ``loose`` reads juxtaposition at the level of the signs.

    ``differs``, once it is read: the loose reading may be another one.
    """

    def __init__(self, row: Row, flat: Flat, names: Names, *, loose: bool = False, level: int = 0) -> None:
        self.row, self.flat, self.names = row, flat, names
        self.scripts = Scripts(flat, names)
        self.loose, self.differs, self.k, self.level = loose, False, 0, level
        self.notes: list[str] = []
        self.calls: dict[Span, tuple[str, list[Node]]] = {}  # the numbers that are taken at something

    # -- the tokens ------------------------------------------------------------------------------

    @property
    def token(self) -> Token:
        """The token that comes next."""
        return self.row.tokens[self.k]

    def take(self, kind: str = "", expected: str = A_FACTOR) -> Token:
        """Return the next token and go on.  Raises `Unreadable` if it is of another kind than this."""
        token = self.token
        if kind and token.kind != kind:
            raise self.error(token, expected)
        self.k += 1
        return token

    def close(self, kind: str, expected: str = "") -> Token:
        """Take the token that ends what stands before it, a closing bracket as a rule."""
        expected = expected or ("the end of the exponent" if kind == "POW_CLOSE" else f"a closing {CLOSERS[kind]}")
        return self.take(kind, expected if self.token.kind in ENDS else A_FACTOR)

    def error(self, token: Token, expected: str) -> Unreadable:
        """Return the error of a token that is not what was expected."""
        return self.scripts.error(token, expected)

    def span(self, token: Token) -> Span:
        """Return where a token stands in the source."""
        return self.flat.place(token.start, token.end)

    def since(self, k: int) -> Span:
        """Return where the tokens from the k-th to the last that was taken stand in the source."""
        return self.span(self.row.tokens[k])[0], self.span(self.row.tokens[self.k - 1])[1]

    # -- chains, sums and products ---------------------------------------------------------------

    def chain(self) -> tree.Chain:
        """Read the whole row."""
        terms, relations = [self.value()], []
        while self.token.kind == "REL":
            relations.append(self.take().text)
            terms.append(self.value())
        self.close("END", "something else here: =, the end")
        return tree.Chain(tuple(terms), tuple(relations), span=(0, len(self.flat.source)))

    def value(self) -> Node:
        """Read an expression, or several as Python writes a choice between them: z if z > 0 else 0."""
        start, branches = self.k, list[tuple[Node, Node | None]]()
        value = self.expression(SUM)
        while self.token.kind == "IF":
            sign = self.take()
            condition, relation = self.argument()
            if relation is None:
                raise self.error(sign, "a relation between if and else, such as z > 0")
            self.close("WORDS", "else, and what holds otherwise")
            branches.append((value, condition))
            value = self.expression(SUM)
        return tree.Cases((*branches, (value, None)), span=self.since(start)) if branches else value

    def expression(self, least: int) -> Node:
        """Read operands and the signs between them that bind at least as tightly as this."""
        waiting: list[Waiting] = []
        if least <= SUM and self.token.kind in {"PLUS", "MINUS"}:
            sign = self.take()
            if sign.kind == "MINUS":
                waiting.append(Waiting(tree.Negate, "", binds(tree.Negate), sign))
        while True:
            if self.token.kind == "UMINUS":  # as tight as the sign of a product before it
                waiting.append(Waiting(tree.Negate, "", TERM, self.take()))
            if self.token.kind not in BEGINS:
                raise self._no_operand(waiting)
            node = self.operand()
            beside = self.token.kind in BEGINS
            kind, product = SIDE_BY_SIDE if beside else SIGNS.get(self.token.kind, NO_SIGN)
            level = LOOSE_PRODUCTS[product] if beside and self.loose else binds(kind, product)
            while waiting and waiting[-1].level >= level:
                node = self._joined(waiting.pop(), node)
            if level < least:
                return node
            self.differs |= beside and any(one.left is not None and one.level >= TERM for one in waiting)
            waiting.append(Waiting(kind, product, level, self.token, node))
            self.k += not beside

    def _joined(self, sign: Waiting, right: Node) -> Node:
        product = (sign.product,) if sign.product else ()
        if sign.left is None:
            return sign.make(right, span=(self.span(sign.token)[0], right.span[1]))
        return sign.make(*product, sign.left, right, span=(sign.left.span[0], right.span[1]))

    def _no_operand(self, waiting: list[Waiting]) -> Unreadable:
        if self.token.kind in OF_A_TERM:
            return self.error(self.token, "a factor before this sign")
        if waiting and waiting[-1].token.kind in OF_A_TERM and self.token.kind in ENDS:
            return self.error(waiting[-1].token, "a factor after this sign")
        return self.error(self.token, A_FACTOR)

    def operand(self) -> Node:
        """Read a Σ with the rest of its term, or a factor.  Raises `TooDeep`: whatever is nested comes by here."""
        if self.level >= MAX_DEPTH:
            place = self.span(self.token)[0]
            raise TooDeep(self.flat.source, place, f"a formula of at most {MAX_DEPTH} levels, one inside the other")
        self.level += 1
        node = self.sum_over() if self.token.kind == "SUM" else self.factor()
        self.level -= 1
        return node

    def sum_over(self) -> Node:
        """Read Σ and what it adds up, to the next + or - of its level."""
        sign = self.take()
        if self.token.kind in ENDS:
            raise self.error(sign, "something to add up after the Σ")
        body = self.expression(PLACES[tree.SumOver, "body"])
        span = (self.span(sign)[0], body.span[1])
        lower, upper = self.limit(sign.limits.low), self.limit(sign.limits.high)
        if (examples := sign.limits.all_of) and not self.names.free and examples == self.names.setting.examples:
            entries = self._runs_over_entries(sign.limits.letter, body)
            upper = None if entries else tree.Symbol(examples, span=self.span(sign))
        return tree.SumOver(sign.limits.letter, body, lower, upper, sign.limits.example, span=span)

    def _runs_over_entries(self, letter: str, body: Node) -> bool:
        """Whether an index is one of entries alone, of no number and of no example."""
        found = [n for n in tree.walk(body) if letter in {i.letter for i in getattr(n, "indices", ())}]
        scalars = self.names.setting.scalars
        bases = [n.base for n in found if isinstance(n, tree.Component)]
        of_examples = any(isinstance(n, tree.Example) and n.index.letter == letter for n in tree.walk(body))
        return bool(bases) and not of_examples and not any(getattr(b, "name", "") in scalars for b in bases)

    def limit(self, tokens: tuple[Token, ...]) -> Node | None:
        """Read the expression that a sign carries: a limit of a Σ, what ∇ is taken by."""
        if not tokens:
            return None
        row = row_of(list(tokens), self.flat, self.span(tokens[-1])[1])
        chain = Parser(row, self.flat, self.names, level=self.level).chain()
        if len(chain.terms) > 1:
            raise Unreadable(self.flat.source, chain.terms[1].span[0], "one expression here")
        return chain.terms[0]

    # -- factors ---------------------------------------------------------------------------------

    def factor(self) -> Node:
        """Read a quotient that binds tighter than a product, or anything else with its scripts."""
        if self.token.kind == "NABLA":
            return quotients.nabla(self)
        if self.k in self.row.quotients:
            return quotients.quotient_of_differentials(self)
        if quotients.begins_bare_quotient(self):
            return quotients.bare_quotient(self)
        return self.scripted()

    def scripted(self) -> Node:
        """Read a name or another primary with its scripts; what comes after them is no part of it."""
        token = self.token
        if token.kind in {"SYMBOL", "DELTA", "SPACE", "EULER"}:
            self.k += 1
            name = self.scripts.name(token, self.taken_scripts())
            return functions.taken_at(self, name) if self.token.kind == "LPAR" else name
        return self.scripts.on(self.primary(), self.taken_scripts())

    def taken_scripts(self) -> list[Script]:
        """Read the scripts that come next."""
        found = []
        while self.token.kind in SCRIPTS or self.token.kind == "POW_OPEN":
            token, exponent = self.take(), None
            if token.kind == "POW_OPEN":
                exponent = self.expression(SUM)
                self.close("POW_CLOSE")
            found.append(Script(token, self.since(self.k - 1)[1], exponent))
        return found

    def primary(self) -> Node:
        """Read what may have scripts, but for names."""
        token, start = self.token, self.k
        match token.kind:
            case "NUMBER":
                return tree.Number(self.take().text, span=self.span(token))
            case "IDENTITY":
                return tree.Constant("I", span=self.span(self.take()))
            case "ONES":
                self.take()  # 1(z > 0) is the condition; the 1 before it is only its name
                named = self.token.kind in {"LPAR", "LBRACE"} and "REL" in self.row.holds[self.k]
                return self.group(named=True) if named else tree.Constant("1", span=self.span(token))
            case "LPAR" | "LBRACE":
                return self.group()
            case "FRAC":
                return quotients.fraction(self)
            case "SQRT":
                self.take()
                return tree.Apply("sqrt", self.braced(), span=self.since(start))
            case "NORM_OPEN" | "ABS_OPEN":
                inside = self.within(self.take())
                return tree.Apply("norm" if token.kind == "NORM_OPEN" else "abs", inside, span=self.since(start))
            case "FUNCTION":
                return functions.function(self)
            case "CASES_OPEN":
                return self.cases()
            case "MATRIX_OPEN":
                return written_out.matrix(self)
            case "D" if self.names.free:
                self.take()
                return tree.Change(self.factor(), span=self.since(start))
            case "D":
                raise self.error(token, "a quotient of differentials such as dL/dz")
        raise self.error(token, A_FACTOR)

    def braced(self) -> Node:
        """Read an expression in braces."""
        return self.within(self.take("LBRACE", "something else here: {"))

    def within(self, opening: Token) -> Node:
        """Read an expression to the end of the brackets that are open."""
        node = self.expression(SUM)
        self.close(CLOSES[opening.kind])
        return node

    def group(self, *, named: bool = False) -> Node:
        """Read one formula in brackets, or a condition, which is ``named`` by a 1 before it."""
        start, opening = self.k, self.take()
        if written_out.is_list(self, start):
            return written_out.in_brackets(self, start)
        node, relation = (None, None) if self.token.kind == "OPTION" else self.argument()
        if node is None or self.token.kind == "COMMA":
            raise self.error(self.token, "one formula in the brackets")
        self.close(CLOSES[opening.kind])
        if relation is not None and not named and not self._is_factor(start, relation):
            said = "no relation in brackets; a condition that is 1 or 0 is written 1(z > 0)"
            raise self.error(relation, said)
        return node

    def _is_factor(self, start: int, relation: Token) -> bool:
        """Whether a condition in brackets is a factor of 1 or 0: on a page, where a sign of a product is beside it."""
        if self.row.tokens[start].kind != "LPAR" or relation.text in {"=", "≈"}:
            return False
        before = self.row.tokens[start - 1].kind if start else ""
        after = self.row.tokens[self.row.after_scripts(self.k)].kind
        return not self.flat.typeset or before in OF_A_TERM or after in PRODUCT_SIGNS

    def argument(self) -> tuple[Node, Token | None]:
        """Read an expression, or a condition and its relation."""
        start, left = self.k, self.value()
        if self.token.kind != "REL":
            return left, None
        relation = self.take()
        right = self.value()
        return tree.Compare(relation.text, left, right, span=self.since(start)), relation

    def cases(self) -> Node:
        """Read values by cases: each with a condition, or with "otherwise", after a comma or an &."""
        start, mark = self.k, self.take()
        branches: list[tuple[Node, Node | None]] = []
        while not branches or self.token.kind != CLOSES[mark.kind]:
            value, condition = self.expression(SUM), None
            parted = [self.take() for kind in ("COMMA", "CELL") if self.token.kind == kind]
            if self.token.kind == "WORDS":
                self.take()
            elif parted and self.token.kind not in {"ROW", CLOSES[mark.kind]}:
                condition, _ = self.argument()
            branches.append((value, condition))
            if self.token.kind != CLOSES[mark.kind]:
                self.close("ROW", r"& and a condition, \\ or \end{cases}")
            while self.token.kind == "ROW":
                self.take()
        self.take()
        return tree.Cases(tuple(branches), span=self.since(start))
