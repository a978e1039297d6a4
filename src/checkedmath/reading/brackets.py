"""The tokens with what a look ahead says: where brackets close, and where a quotient of differentials goes on."""

from __future__ import annotations

from dataclasses import dataclass, replace

from checkedmath.reading.flatten import Flat
from checkedmath.reading.tokens import ARGUMENT, CLOSERS, CLOSES, ENDS, SCRIPTS, Token, is_differential
from checkedmath.syntax.budget import MAX_NESTING
from checkedmath.syntax.errors import TooDeep, Unreadable

_STOPS = ENDS | {"D", "SLASH"}


@dataclass(frozen=True)
class Row:
    """The tokens of a formula, the last of them ``END``.

    ``partner``: where the bracket at a place closes or opens.  ``holds``: which of + - and relations stand in a
    bracket, but in none inside it.  ``quotients``: for each d that begins the top of d…/d…, the place of the /.
    ``alone``: functions that are taken at nothing.
    """

    tokens: list[Token]
    partner: dict[int, int]
    holds: dict[int, set[str]]
    quotients: dict[int, int]
    alone: set[int]

    def after_scripts(self, n: int) -> int:
        """Return the first place from here on at which no script stands."""
        while self.tokens[n].kind in SCRIPTS or self.tokens[n].kind == "POW_OPEN":
            n = self.partner.get(n, n) + 1
        return n


def row_of(tokens: list[Token], flat: Flat, end: int) -> Row:
    """Return the row of some tokens; ``end`` is where they end in the source.

    Raises `Unreadable` for brackets that do not match, `TooDeep` for too many in one another.
    """
    partner, holds = _matched(tokens, flat)
    if needless := _needless(tokens, partner):
        tokens = [token for n, token in enumerate(tokens) if n not in needless]
        partner, holds = _matched(tokens, flat)
    tokens = [*tokens, Token("END", end, end)]
    quotients = dict(_quotients(tokens, partner))
    for slash in quotients.values():
        tokens[slash] = replace(tokens[slash], kind="BY")
    row = Row(tokens, partner, holds, quotients, set())
    functions = [n for n, token in enumerate(tokens) if token.kind == "FUNCTION"]
    for n in reversed(functions):  # ln f(x) is ln of f(x), but f' g with neither taken at anything is a product
        after = row.after_scripts(n + 1)
        argument = tokens[after].kind in ARGUMENT and after not in row.alone and tokens[n].name.canonical != "g"
        if tokens[after].kind != "LPAR" and not argument:
            row.alone.add(n)
    return row


def _matched(tokens: list[Token], flat: Flat) -> tuple[dict[int, int], dict[int, set[str]]]:
    stack: list[int] = []
    partner: dict[int, int] = {}
    holds: dict[int, set[str]] = {}
    for n, token in enumerate(tokens):
        if token.kind in CLOSES:
            stack.append(n)
            holds[n] = set()
            if len(stack) > MAX_NESTING:
                place = flat.place(token.start, token.end)[0]
                raise TooDeep(flat.source, place, f"at most {MAX_NESTING} levels of brackets")
        elif token.kind in CLOSERS:
            place = flat.place(token.start, token.end)[0]
            if not stack:
                raise Unreadable(flat.source, place, f"an opening bracket before {CLOSERS[token.kind]}")
            wanted = CLOSES[tokens[stack[-1]].kind]
            if wanted != token.kind:
                raise Unreadable(flat.source, place, f"a closing {CLOSERS[wanted]} first")
            start = stack.pop()
            partner[start], partner[n] = n, start
        elif stack and token.kind in {"PLUS", "MINUS", "REL"}:
            holds[stack[-1]].add(token.kind)
    if stack:
        wanted = CLOSERS[CLOSES[tokens[stack[-1]].kind]]
        raise Unreadable(flat.source, len(flat.source), f"a closing {wanted}")
    return partner, holds


def _needless(tokens: list[Token], partner: dict[int, int]) -> set[int]:
    """{g^{[1]}}'(z) is g^{[1]}'(z): braces round one name with its scripts group nothing."""
    needless: set[int] = set()
    for start, end in partner.items():
        if tokens[start].kind != "LBRACE" or tokens[start + 1].kind not in {"SYMBOL", "FUNCTION"}:
            continue
        before = tokens[start - 1].kind if start else ""
        second = before == "RBRACE" and tokens[max(partner[start - 1] - 1, 0)].kind == "FRAC"
        inside = (tokens[n].kind for n in range(start + 2, end))
        if before not in {"FRAC", "SQRT"} and not second and all(kind in SCRIPTS for kind in inside):
            needless |= {start, end}
    return needless


def _quotients(tokens: list[Token], partner: dict[int, int]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    bottoms: set[int] = set()
    for start, token in enumerate(tokens):
        if start in bottoms or not is_differential(token):
            continue
        n = start + 1
        while tokens[n].kind not in _STOPS and (token.kind == "D" or tokens[n].kind in SCRIPTS):
            n = partner.get(n, n) + 1  # a bracket is passed over
        if tokens[n].kind == "SLASH" and is_differential(tokens[n + 1]) and n + 1 not in bottoms:
            found.append((start, n))
            bottoms.add(n + 1)
    return found
