"""The reader of mathematical text: LaTeX, forum text and Unicode."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from checkedmath.reading.arrange import arrange
from checkedmath.reading.build import Builder
from checkedmath.reading.flatten import Flat, flatten
from checkedmath.reading.names import Names, names_of
from checkedmath.reading.scan import Scanner, Token
from checkedmath.subject.setting import Setting
from checkedmath.syntax.budget import MAX_NESTING
from checkedmath.syntax.errors import TooDeep, Unreadable
from checkedmath.syntax.tree import Chain

if TYPE_CHECKING:
    from lark import Lark

#: What a terminal is called in a message.
TERMINALS = {
    "SYMBOL": "a symbol", "NUMBER": "a number", "LPAR": "(", "RPAR": ")", "RBRACE": "}", "LBRACE": "{", "REL": "=",
    "PLUS": "+", "MINUS": "-", "FUNCTION": "a function", "NORM_CLOSE": "‖", "ABS_CLOSE": "|", "COMMA": ",",
    "POW_CLOSE": "the end of the exponent", "$END": "the end", "TIMES": "*", "SLASH": "/",
}  # fmt: skip
FACTOR = {"SYMBOL", "NUMBER", "LPAR", "FUNCTION"}


def read_mathematics(
    text: str, setting: Setting, *, typeset: bool = False, page: bool = False
) -> tuple[Chain, Chain | None]:
    """Return the tree of the text, and the one with juxtaposition read loosely if that differs.

    ``typeset``: the text is LaTeX, also where it has no command; ``page``: it is a formula of a book.

    Raises `Unreadable` with the place and what was expected there.
    """
    names = names_of(setting)
    flat = flatten(text, typeset=typeset, page=page)
    _measure(flat)
    tree = _parse(Scanner(flat, names).scan(), flat, names)

    def part(inner: str, place: int) -> Chain:
        piece = replace(flat, text=flat.text[: place + len(inner)])
        scanner = Scanner(piece, names)
        scanner.k = place
        return Builder(piece, names, None).chain(_parse(scanner.scan(), piece, names))

    tight = Builder(flat, names, part)
    chain = tight.chain(tree)
    loose = Builder(flat, names, part, loose=True).chain(tree) if tight.differs else None
    return chain, loose if loose != chain else None


def _measure(flat: Flat) -> None:
    """Raise `TooDeep` for brackets of any kind that stand in one another too often: scripts are cut from inside."""
    level = 0
    for k, sign in enumerate(flat.text):
        level = max(level + (sign in "([{") - (sign in ")]}"), 0)
        if level > MAX_NESTING:
            raise TooDeep(flat.source, flat.place(k, k + 1)[0], f"at most {MAX_NESTING} levels of brackets")


def _parse(tokens: list[Token], flat: Flat, names: Names) -> Any:
    from lark.exceptions import UnexpectedToken

    tokens = arrange(tokens, flat, names)
    if not tokens:
        raise Unreadable(flat.source, 0, "a formula")
    try:
        return _parser().parse(tokens)
    except UnexpectedToken as error:
        at_end = error.token.type == "$END"
        place = len(flat.source) if at_end else flat.place(error.token.value.start, error.token.value.end)[0]
        raise Unreadable(flat.source, place, _expected(set(error.accepts or error.expected))) from None


def _expected(terminals: set[str]) -> str:
    if terminals >= FACTOR:
        return "a symbol, a number or an opening bracket"
    closing = [TERMINALS[t] for t in ("RPAR", "RBRACE", "NORM_CLOSE", "ABS_CLOSE", "POW_CLOSE") if t in terminals]
    if closing:
        return " or ".join(f"a closing {c}" if len(c) == 1 else c for c in closing)
    return "something else here: " + ", ".join(sorted(TERMINALS.get(t, t) for t in terminals))


@cache
def _parser() -> Lark:
    from lark import Lark
    from lark import Token as LarkToken
    from lark.lexer import Lexer

    class Given(Lexer):
        """Hands the tokens of `scan` to the parser as they are."""

        def __init__(self, conf: Any) -> None:
            pass

        def lex(self, data: Any, parser_state: Any = None) -> Any:
            for token in data:
                yield LarkToken(token.kind, token, start_pos=token.start, end_pos=token.end)

    grammar = files("checkedmath.reading").joinpath("grammar.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", lexer=Given)
