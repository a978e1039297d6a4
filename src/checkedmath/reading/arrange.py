"""Passes over the tokens, before the grammar: what belongs together is put into braces.

A quotient of differentials (``dL/dz1``) and a bare quotient of numbers (``1/m``, ``1/2m``) bind
tighter than a product, and a function's name is told apart by what follows it.
"""

from __future__ import annotations

from checkedmath.reading.flatten import Flat
from checkedmath.reading.names import Names
from checkedmath.reading.scan import Token
from checkedmath.syntax.budget import MAX_DEPTH, MAX_NESTING
from checkedmath.syntax.errors import TooDeep, TooLong, Unreadable

MAX_TOKENS = 1000
SCRIPTS = {"LAYER", "PAREN_INDEX", "SUBSCRIPT", "SUPER", "TRANSPOSE", "PRIME", "INVERSE"}
OPEN = {"LPAR": "RPAR", "LBRACE": "RBRACE", "POW_OPEN": "POW_CLOSE", "NORM_OPEN": "NORM_CLOSE",
        "ABS_OPEN": "ABS_CLOSE", "CASES_OPEN": "CASES_CLOSE"}  # fmt: skip
ARGUMENT = {"NUMBER", "SYMBOL",
            "FUNCTION", "PREFIX", "LBRACE", "NORM_OPEN", "ABS_OPEN", "FRAC", "ONES", "SQRT", "EULER"}  # fmt: skip
TAKE_THE_REST = {"SUM", "PREFIX", "FRAC", "D"}
END_OF_TERM = {"PLUS", "MINUS", "REL", "COMMA", "CELL", "ROW"}
CLOSERS = {"RPAR": ")", "RBRACE": "}", "POW_CLOSE": "}", "NORM_CLOSE": "‖", "ABS_CLOSE": "|",
           "CASES_CLOSE": "\\end{cases}"}  # fmt: skip


def arrange(tokens: list[Token], flat: Flat, names: Names) -> list[Token]:
    """Return the tokens the grammar reads.  Raises `Unreadable` for brackets that do not match."""
    if len(tokens) > MAX_TOKENS:
        place = flat.place(tokens[MAX_TOKENS].start, tokens[MAX_TOKENS].end)[0]
        raise TooLong(flat.source, place, f"a formula of at most {MAX_TOKENS} symbols and signs")
    _no_mixed_numbers(tokens, flat, partner(tokens, flat))
    tokens = _traces_of_products(tokens)
    tokens = _without_needless_braces(tokens, flat)
    tokens = _differential_quotients(tokens, flat)
    tokens = _bare_quotients(tokens, flat, names)
    tokens = _functions_of_sums(tokens, flat)
    tokens = _function_kinds(tokens)
    _measure(tokens, flat)
    return tokens


def _measure(tokens: list[Token], flat: Flat) -> None:
    """Raise `TooDeep` where what takes the rest of its term, as Σ and tanh do, stands in one another too often."""
    begun = [0]  # for each bracket that is open: how many of these its present term holds
    for token in tokens:
        if token.kind in OPEN:
            begun.append(0)
        elif token.kind in CLOSERS:
            begun.pop()
        elif token.kind in END_OF_TERM:
            begun[-1] = 0
        elif token.kind in TAKE_THE_REST:
            begun[-1] += 1
            if sum(begun) + len(begun) > MAX_DEPTH:
                place = flat.place(token.start, token.end)[0]
                raise TooDeep(flat.source, place, f"a formula of at most {MAX_DEPTH} levels, one inside the other")


def partner(tokens: list[Token], flat: Flat) -> dict[int, int]:
    """Return for every opening bracket the place of its closing one, both ways."""
    stack: list[int] = []
    found: dict[int, int] = {}
    for n, token in enumerate(tokens):
        if token.kind in OPEN:
            stack.append(n)
            if len(stack) > MAX_NESTING:
                place = flat.place(token.start, token.end)[0]
                raise TooDeep(flat.source, place, f"at most {MAX_NESTING} levels of brackets")
        elif token.kind in CLOSERS:
            place = flat.place(token.start, token.end)[0]
            if not stack:
                raise Unreadable(flat.source, place, f"an opening bracket before {CLOSERS[token.kind]}")
            wanted = OPEN[tokens[stack[-1]].kind]
            if wanted != token.kind:
                raise Unreadable(flat.source, place, f"a closing {CLOSERS[wanted]} first")
            start = stack.pop()
            found[start], found[n] = n, start
    if stack:
        wanted = CLOSERS[OPEN[tokens[stack[-1]].kind]]
        raise Unreadable(flat.source, len(flat.source), f"a closing {wanted}")
    return found


def _no_mixed_numbers(tokens: list[Token], flat: Flat, pairs: dict[int, int]) -> None:
    """Raise `Unreadable` for a number right before a fraction of two numbers, which some read as their sum."""
    for n in range(len(tokens) - 5):
        if tokens[n].kind != "NUMBER" or tokens[n + 1].kind != "FRAC" or tokens[n + 2].kind != "LBRACE":
            continue
        middle = pairs[n + 2]
        parts = [*tokens[n + 3 : middle], *tokens[middle + 2 : pairs.get(middle + 1, middle + 2)]]
        if len(parts) == 2 and all(part.kind == "NUMBER" for part in parts):
            whole, top, bottom = tokens[n].value, parts[0].value, parts[1].value
            place = flat.place(tokens[n + 1].start, tokens[n + 1].end)[0]
            fraction = rf"\frac{{{top}}}{{{bottom}}}"
            said = rf"a sign before the fraction: {whole} + {fraction} or {whole} \cdot {fraction}"
            raise Unreadable(flat.source, place, said)


def _traces_of_products(tokens: list[Token]) -> list[Token]:
    """Tr X Y is tr(X Y): of capitals side by side a trace is taken together, since a trace of one of them is rare."""
    out: list[Token] = []
    n = 0
    while n < len(tokens):
        out.append(tokens[n])
        n += 1
        if out[-1].kind != "FUNCTION" or out[-1].value.canonical != "tr":
            continue
        end = n
        while end < len(tokens) and (_is_capital(tokens[end]) or (end > n and tokens[end].kind in SCRIPTS)):
            end += 1
        if sum(map(_is_capital, tokens[n:end])) > 1:
            first, last = tokens[n], tokens[end - 1]
            opening, closing = Token("LPAR", "(", first.start, first.start), Token("RPAR", ")", last.end, last.end)
            out += [opening, *tokens[n:end], closing]
            n = end
    return out


def _is_capital(token: Token) -> bool:
    return token.kind == "IDENTITY" or (token.kind == "SYMBOL" and token.value.canonical[:1].isupper())


def _brace(kind: str, at: int) -> Token:
    return Token(kind, "{" if kind == "LBRACE" else "}", at, at)


def _fraction(top: list[Token], bottom: list[Token]) -> list[Token]:
    start, middle, end = top[0].start, bottom[0].start, bottom[-1].end
    return [
        Token("FRAC", "/", start, end), _brace("LBRACE", start), *top, _brace("RBRACE", middle),
        _brace("LBRACE", middle), *bottom, _brace("RBRACE", end),
    ]  # fmt: skip


def _without_needless_braces(tokens: list[Token], flat: Flat) -> list[Token]:
    """{g^{[1]}}'(z) is g^{[1]}'(z): braces round one name with its scripts group nothing."""
    pairs = partner(tokens, flat)
    drop: set[int] = set()
    for n, token in enumerate(tokens):
        if token.kind != "LBRACE" or (n and tokens[n - 1].kind in {"FRAC", "SQRT"}):
            continue
        end = pairs[n]
        if n and tokens[n - 1].kind == "RBRACE" and _second_of_fraction(tokens, pairs, n - 1):
            continue
        inside = tokens[n + 1 : end]
        if inside and inside[0].kind in {"SYMBOL", "FUNCTION"} and all(t.kind in SCRIPTS for t in inside[1:]):
            drop |= {n, end}
    return [token for n, token in enumerate(tokens) if n not in drop]


def _second_of_fraction(tokens: list[Token], pairs: dict[int, int], closing: int) -> bool:
    start = pairs[closing]
    return start > 0 and tokens[start - 1].kind == "FRAC"


def _is_d(token: Token) -> bool:
    return token.kind == "D" or (token.kind == "SYMBOL" and token.value.differential)


def _differential_quotients(tokens: list[Token], flat: Flat) -> list[Token]:
    n = 0
    while n < len(tokens):
        if not _is_d(tokens[n]) or (n and tokens[n - 1].kind == "LBRACE" and n > 1 and tokens[n - 2].kind == "FRAC"):
            n += 1
            continue
        slash = _slash_after(tokens, n, flat)
        if slash is None:
            n += 1
            continue
        end = _end_of_denominator(tokens, slash + 1, flat)
        group = _fraction(tokens[n:slash], tokens[slash + 1 : end])
        tokens = tokens[:n] + group + tokens[end:]
        n += len(group)
    return tokens


def _slash_after(tokens: list[Token], start: int, flat: Flat) -> int | None:
    """Return the place of the / of d…/d…, if the quotient begins at `start`."""
    pairs = partner(tokens, flat)
    n = start + 1
    while n < len(tokens):
        token = tokens[n]
        if token.kind == "SLASH":
            return n if n + 1 < len(tokens) and _is_d(tokens[n + 1]) else None
        if tokens[start].kind == "SYMBOL" and token.kind not in SCRIPTS:
            return None
        if token.kind in OPEN:
            n = pairs[n]
        elif token.kind in CLOSERS or token.kind in {"PLUS", "MINUS", "REL", "COMMA", "D", "CELL", "ROW"}:
            return None
        n += 1
    return None


def _end_of_denominator(tokens: list[Token], start: int, flat: Flat) -> int:
    n = start + 1
    if tokens[start].kind == "D" and n < len(tokens):
        pairs = partner(tokens, flat)
        n = pairs[n] + 1 if tokens[n].kind in OPEN else n + 1
    while n < len(tokens) and tokens[n].kind in SCRIPTS:
        n += 1
    return n


def _is_scalar(token: Token, names: Names) -> bool:
    if token.kind == "NUMBER":
        return True
    if token.kind != "SYMBOL":
        return False
    quantity = names.quantity(token.value.canonical)
    if quantity is not None:
        return quantity.shape == ()
    return names.free and (token.value.canonical in "tsckm" or not token.value.canonical.isascii())


def _bare_quotients(tokens: list[Token], flat: Flat, names: Names) -> list[Token]:
    """1/m, λ/(2m) and 1/2m (which is 1/(2m)) are one factor."""
    n = 1
    while n < len(tokens) - 1:
        before = tokens[n - 1]
        if tokens[n].kind != "SLASH" or not _is_scalar(before, names):
            n += 1
            continue
        end = n + 1
        if tokens[end].kind == "LPAR":
            close = partner(tokens, flat)[end]
            inside = tokens[end + 1 : close]
            end = close + 1 if all(_is_scalar(t, names) or t.kind in {"TIMES", "DOT"} for t in inside) else n + 1
        else:
            if tokens[end].kind == "NUMBER":
                end += 1
            while end < len(tokens) and tokens[end].kind == "SYMBOL" and _is_scalar(tokens[end], names):
                end += 1
                if end < len(tokens) and tokens[end].kind in SCRIPTS:
                    end += 1
        if end == n + 1:
            n += 1
            continue
        group = _fraction([before], tokens[n + 1 : end])
        tokens = tokens[: n - 1] + group + tokens[end:]
        n += len(group)
    return tokens


def _functions_of_sums(tokens: list[Token], flat: Flat) -> list[Token]:
    """Ln Σ e^z is ln(Σ e^z): a Σ takes the rest of its term, and the function takes the Σ."""
    n = 0
    while n < len(tokens) - 1:
        if tokens[n].kind == "FUNCTION" and tokens[n + 1].kind == "SUM":
            pairs, end = partner(tokens, flat), n + 2
            while end < len(tokens) and tokens[end].kind not in {*END_OF_TERM, *CLOSERS}:
                end = pairs[end] + 1 if tokens[end].kind in OPEN else end + 1
            first, last = tokens[n + 1], tokens[end - 1]
            group = [Token("LPAR", "(", first.start, first.start), *tokens[n + 1 : end],
                     Token("RPAR", ")", last.end, last.end)]  # fmt: skip
            tokens = tokens[: n + 1] + group + tokens[end:]
        n += 1
    return tokens


def _function_kinds(tokens: list[Token]) -> list[Token]:
    """Tell g(…), which is a call, from ln a, a prefix, and from a name that stands alone."""
    out = list(tokens)
    for n in range(len(out) - 1, -1, -1):
        if out[n].kind != "FUNCTION":
            continue
        after = n + 1
        while after < len(out) and (out[after].kind in SCRIPTS or out[after].kind == "POW_OPEN"):
            if out[after].kind == "POW_OPEN":
                while out[after].kind != "POW_CLOSE":
                    after += 1
            after += 1
        following = out[after].kind if after < len(out) else ""
        if following == "LPAR":
            continue
        if out[n].value.canonical == "e":
            continue
        kind = "PREFIX" if following in ARGUMENT and out[n].value.canonical != "g" else "BARE"
        out[n] = Token(kind, out[n].value, out[n].start, out[n].end)
    return out
