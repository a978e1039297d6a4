"""What the scanner hands to the parser: tokens, each with its place in the plain stream.

| kind | what it is |
|---|---|
| ``NUMBER SYMBOL FUNCTION ONES IDENTITY EULER DELTA SPACE`` | 2, W, tanh, 𝟏, I, e, δ, ℝ |
| ``PLUS MINUS TIMES DOT TENSOR MATMUL SLASH UMINUS REL COMMA`` | signs; ``UMINUS`` is the minus of a * -b |
| ``SUM NABLA D BY`` | Σ, ∇ with what it is taken by, the d of d…/dx, and the / of such a quotient |
| ``LAYER PAREN_INDEX SUBSCRIPT SUPER TRANSPOSE PRIME INVERSE`` | scripts: [2], (i), _kj, a raised 2, ᵀ, ′, ⁻¹ |
| ``POW_OPEN … POW_CLOSE`` | any other raised script |
| ``LPAR LBRACE NORM_OPEN ABS_OPEN FRAC SQRT`` | brackets, and what takes braces |
| ``CASES_OPEN CELL ROW CASES_CLOSE`` | cases, & and line ends in them |
| ``MATRIX_OPEN DOTS MATRIX_CLOSE`` | a matrix written out, and … in it |
| ``IF WORDS`` | the "if" that has an "else" behind it, and "else" or "otherwise" |
| ``OPTION`` | axis=1 |
| ``END`` | the end |
"""

from __future__ import annotations

from dataclasses import dataclass

from checkedmath.reading.names import Name
from checkedmath.syntax.tree import Index


@dataclass(frozen=True)
class Limits:
    """What a Σ says: its index, whether that counts examples, and where it begins and ends.

    ``all_of``: it ends at a letter, the n of Σ_{i=1}^n, that names no size here and so is the number of them all.
    """

    letter: str = ""
    example: bool = False
    low: tuple[Token, ...] = ()
    high: tuple[Token, ...] = ()
    all_of: str = ""


NOBODY, NO_LIMITS = Name("", ""), Limits()


@dataclass(frozen=True)
class Token:
    """One token: its kind, its place, and what it says, by its kind."""

    kind: str
    start: int
    end: int
    text: str = ""
    name: Name = NOBODY
    indices: tuple[Index, ...] = ()
    limits: Limits = NO_LIMITS


#: Scripts that are one token each.
SCRIPTS = {"MEMBER", "PAREN_INDEX", "SUBSCRIPT", "SUPER", "TRANSPOSE", "PRIME", "INVERSE"}
#: Brackets: which closes which, and what the closing one is called.
CLOSES = {"LPAR": "RPAR", "LBRACE": "RBRACE", "POW_OPEN": "POW_CLOSE", "NORM_OPEN": "NORM_CLOSE",
          "ABS_OPEN": "ABS_CLOSE", "CASES_OPEN": "CASES_CLOSE", "MATRIX_OPEN": "MATRIX_CLOSE"}  # fmt: skip
CLOSERS = {"RPAR": ")", "RBRACE": "}", "POW_CLOSE": "}", "NORM_CLOSE": "‖", "ABS_CLOSE": "|",
           "CASES_CLOSE": "\\end{cases}", "MATRIX_CLOSE": "\\end{bmatrix}"}  # fmt: skip
#: What the factors and signs of a term go on up to.
ENDS = {"DOTS", "PLUS", "MINUS", "REL", "COMMA", "CELL", "ROW", "WORDS", "IF", "BY", "END", *CLOSERS}
#: What can be the argument of a function without brackets.
ARGUMENT = {"NUMBER", "SYMBOL", "FUNCTION", "LBRACE", "NORM_OPEN", "ABS_OPEN", "FRAC", "ONES", "IDENTITY", "SQRT",
            "EULER", "SUM", "NABLA"}  # fmt: skip
#: What an operand begins with.
BEGINS = {*ARGUMENT, "LPAR", "CASES_OPEN", "MATRIX_OPEN", "DELTA", "SPACE", "D"}
#: What is said where one of these would have to begin.
A_FACTOR = "a symbol, a number or an opening bracket"


def is_differential(token: Token) -> bool:
    """Whether this is d or ∂, or a name such as dz, with which the top or bottom of a derivative begins."""
    return token.kind == "D" or (token.kind == "SYMBOL" and token.name.differential)
