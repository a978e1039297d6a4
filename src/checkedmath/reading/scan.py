"""The plain stream cut into tokens, with scripts taken apart: W^{2ᵀ} is W, layer 2, transposed.

The tokens are the terminals of ``grammar.lark``.  What a raised 2 means (layer or power) is
decided in `build`, where the symbol is known; here it is only a raised number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, NoReturn

from checkedmath.errors import Refused, Unreadable
from checkedmath.reading import flatten as plain
from checkedmath.reading.flatten import Flat
from checkedmath.reading.names import Name, Names
from checkedmath.tree import Index

MAX_LENGTH = 4000
MAX_NESTING = 60

SIMPLE = {
    "+": "PLUS", "/": "SLASH", ",": "COMMA", ")": "RPAR", "(": "LPAR", "}": "RBRACE", "{": "LBRACE",
    "⊙": "TIMES", "*": "TIMES", "·": "DOT", "×": "DOT", "⊗": "TENSOR", "@": "MATMUL", "∂": "D", ";": "COMMA",
    "<": "REL", ">": "REL", "=": "REL", "≈": "REL", "≠": "REL", "≤": "REL", "≥": "REL", "∈": "REL", "≔": "REL",
    "∝": "REL",
    plain.FRAC: "FRAC", plain.SQRT: "SQRT", plain.ONES: "ONES", plain.CASES_OPEN: "CASES_OPEN",
    plain.CASES_CLOSE: "CASES_CLOSE", plain.CELL: "CELL", plain.ROW: "ROW", "ℝ": "SPACE",
}  # fmt: skip
INDEX = r"[a-zA-Zℓ](?:\s*[+-]\s*\d+)?|\d+"
OPERAND_END = {
    "NUMBER", "SYMBOL", "RPAR", "RBRACE", "ONES", "NORM_CLOSE", "ABS_CLOSE", "TRANSPOSE", "PRIME", "LAYER",
    "INVERSE", "SUPER", "SUBSCRIPT", "PAREN_INDEX", "POW_CLOSE", "DELTA", "IDENTITY", "CASES_CLOSE",
}  # fmt: skip


@dataclass(frozen=True)
class Token:
    """A terminal of the grammar: its kind, what it says, and its place in the plain stream."""

    kind: str
    value: Any
    start: int
    end: int


class Scanner:
    """Cuts one plain stream into tokens."""

    def __init__(self, flat: Flat, names: Names) -> None:
        self.flat, self.names, self.text = flat, names, flat.text
        self.tokens: list[Token] = []
        self.bars: list[str] = []
        self.k = 0

    def scan(self) -> list[Token]:
        """Return the tokens.  Raises `Unreadable` at the first character that fits nowhere."""
        while self.k < len(self.text):
            self._next()
        if self.bars:
            self._fail(len(self.text), f"a closing {self.bars[-1]}")
        return self.tokens

    def _next(self) -> None:
        c = self.text[self.k]
        if c.isspace() or c == "\x00":
            self.k += 1
        elif match := re.compile(r"\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+").match(self.text, self.k):
            self._number(match)
        elif c == "^":
            self._raised()
        elif c == "_":
            self._lowered()
        elif c == "[":
            self._bracket()
        elif c == "'":
            self._add("PRIME", "'", 1)
        elif c == "ᵀ":
            self._add("TRANSPOSE", "ᵀ", 1)
        elif c == "." and (match := re.compile(r"\.T\b|\.T(?=[^a-z])").match(self.text, self.k)):
            self._add("TRANSPOSE", ".T", 2)
        elif c == "." and self.text[self.k + 1 : self.k + 2] in {"*", "⊙"}:
            self._add("TIMES", ".*", 2)
        elif c == "." and self._after_operand() and self.text[self.k + 1 :].strip():
            self._add("DOT", ".", 1)
        elif c == ".":
            self.k += 1  # a full stop at the end
        elif self.text.startswith("**", self.k):
            self.k += 1
            self._raised()
        elif self.text.startswith(":=", self.k) or self.text.startswith("<-", self.k):
            self._add("REL", ":=", 2)
        elif match := re.compile(r"<=|>=|!=|==|~=|=~").match(self.text, self.k):
            value = {"<=": "≤", ">=": "≥", "!=": "≠", "==": "="}.get(match[0], "≈")
            self._add("REL", value, 2)
        elif c == "-":
            previous = self.tokens[-1].kind if self.tokens else ""
            self._add("UMINUS" if previous in {"TIMES", "DOT", "SLASH", "MATMUL", "TENSOR"} else "MINUS", c, 1)
        elif c == "(" and (match := re.compile(r"\(\s*i\s*\)").match(self.text, self.k)) and self._counts_examples():
            self._add("PAREN_INDEX", Index("i"), len(match[0]))
        elif c in "‖|":
            self._bar(c)
        elif c == "Σ":
            self._add("SUM", None, 1)
        elif c == "∇":
            raise Refused(self.flat.source, self._at(self.k), "∂ and a fraction: ∇ says neither layout nor shape")
        elif c == plain.HAT:
            self._hat()
        elif c in SIMPLE:
            self._add(SIMPLE[c], ":=" if c == "≔" else c, 1)
        elif c.isalpha():
            self._letters()
        else:
            self._fail(self.k, "a symbol, number or sign of a formula")

    def _number(self, match: re.Match[str]) -> None:
        text = match[0]
        if text.endswith(".") and self.text[match.end() : match.end() + 1] in {"*", "T"}:
            text = text[:-1]  # in 1.*x the point belongs to the sign
        self._add("NUMBER", text, len(text))

    # -- letters ---------------------------------------------------------------------------

    def _letters(self) -> None:
        text, k = self.text, self.k
        if match := re.compile(r"sum\s+over\s+(?:all\s+)?([a-zA-Z])(?:\s+of)?\b", re.IGNORECASE).match(text, k):
            self._add("SUM", (match[1], None, None, False), match.end() - k)
            return
        if match := re.compile(r"(?:np\.)?(?:sum|mean)?_?(axis|keepdims)\s*=\s*(-?\w+)").match(text, k):
            self._add("OPTION", (match[1], match[2]), match.end() - k)
            return
        if match := re.compile(r"\b(?:sum|Sum)(?=_)").match(text, k):
            self._add("SUM", None, 3)
            return
        if self._after_layer() and text[k] == "T":
            self._add("TRANSPOSE", "T", 1)
            return
        found = self.names.match(text, k)
        if found is None:
            self._without_name()
            return
        length, name = found
        if self._is_differential(k, length, name):
            self._add("D", "d", 1)
            return
        if name.kind == "function":
            self._add("FUNCTION", name, length)
        else:
            self._symbol(length, name)
        self._glued_layer(name)

    def _symbol(self, length: int, name: Name) -> None:
        self._add("SYMBOL", name, length)
        text, k = self.text, self.k
        if text.startswith("_prev", k):
            self._add("LAYER", Index("l", -1), 5)

    def _glued_layer(self, name: Name) -> None:
        text, k = self.text, self.k
        if not self.names.is_layered(name):
            return
        if match := re.compile(r"\d+").match(text, k):
            self._add("LAYER", Index("", int(match[0])), len(match[0]))
        elif text[k : k + 1] == "L" and not text[k + 1 : k + 2].isalpha():
            self._add("LAYER", Index("L"), 1)
        if self.text[self.k : self.k + 2] == ".T" or self.text[self.k : self.k + 1] != "T":
            return
        if self.tokens[-1].kind == "LAYER" or not self.text[self.k + 1 : self.k + 2].isalpha():
            self._add("TRANSPOSE", "T", 1)

    def _is_differential(self, k: int, length: int, name: Name) -> bool:
        """Whether the d here is the d of d…/dx, and no name of its own."""
        text = self.text
        if text[k] != "d" or (name.kind == "symbol" and name.differential and length > 1):
            return False
        if name.kind == "function" and length > 1:
            return False
        after = text[k + 1 :].lstrip()
        before = text[:k].rstrip()
        return bool(after) and (
            before.endswith(("/", plain.FRAC + "{", "}{")) or bool(re.search(r"/\s*[d∂]|\}\s*\{\s*[d∂]", after))
        )

    def _without_name(self) -> None:
        text, k = self.text, self.k
        c = text[k]
        if c == "d" and text[k + 1 : k + 2].strip():
            self._add("D", "d", 1)
        elif c == "δ":
            self._add("DELTA", None, 1)
        elif c == "I":
            self._add("IDENTITY", None, 1)
        elif c == "e" and not text[k + 1 : k + 2].isalpha():
            self._add("EULER", None, 1)
        elif c == "T" and self._after_operand():
            self._add("TRANSPOSE", "T", 1)
        elif match := re.compile(r"(?:otherwise|else)\b").match(text, k):
            self._add("WORDS", match[0], len(match[0]))
        elif self._in_cases() and (match := re.compile(r"(?:if|for|when)\b").match(text, k)):
            self.k = match.end()  # the word between a value and its condition
        else:
            word = re.compile(r"[^\W\d_]+").match(text, k)
            shown = word[0] if word else c
            self._fail(k, f"a symbol of {self.names.setting.name}", self.names.nearest(shown))

    # -- scripts ---------------------------------------------------------------------------

    def _group(self) -> tuple[str, int, int]:
        """Return the text of the script that begins at k, and where it starts and ends."""
        text, k = self.text, self.k
        while text[k : k + 1] == " ":
            k += 1
        opener = text[k : k + 1]
        if opener in {"{", "(", "["}:
            close = self._closing(k)
            if opener == "{":
                inner = text[k + 1 : close]
                stripped = inner.strip()
                if stripped.startswith("{") and stripped.endswith("}") and "{" not in stripped[1:]:
                    return stripped[1:-1], k + 1 + inner.index("{") + 1, close + 1
                return inner, k + 1, close + 1
            return text[k : close + 1], k, close + 1
        match = re.compile(r"-\s*\d+|-T\b|\d+(?:\.\d+)?|'+|ᵀ|T|[^\W\d_](?:[+-]\d)?").match(text, k)
        if match is None:
            raise self._error(k, "a raised or lowered sign")
        if opener.isalpha() and opener not in "lLℓ" and len(match[0]) > 1:
            return opener, k, k + 1  # x^a+1 is (x^a) + 1, but W^l+1 means layer l + 1
        return match[0], k, match.end()

    def _closing(self, k: int) -> int:
        pairs = {"{": "}", "(": ")", "[": "]"}
        stack = []
        for n in range(k, len(self.text)):
            c = self.text[n]
            if c in pairs:
                stack.append(pairs[c])
            elif stack and c == stack[-1]:
                stack.pop()
                if not stack:
                    return n
        raise self._error(k, f"a closing {pairs[self.text[k]]}")

    def _raised(self) -> None:
        mark = self.k
        self.k += 1
        if self.tokens and self.tokens[-1].kind == "SUM":
            self._sum_limit(upper=True)
            return
        content, start, end = self._group()
        pieces = self._script_pieces(content)
        if pieces is not None:
            for kind, value in pieces:
                self.tokens.append(Token(kind, value, mark, end))
        else:
            self.tokens.append(Token("POW_OPEN", "^", mark, start))
            inner = Scanner(Flat(self.flat.source, self.text[:end], self.flat.places), self.names)
            inner.k = start
            inner.text = self.text[: start + len(content)]
            self.tokens.extend(inner.scan())
            self.tokens.append(Token("POW_CLOSE", "", end - 1, end))
        self.k = end
        self._glued_transpose()

    def _glued_transpose(self) -> None:
        """Take the T of W^[2]T dz, which stands on the line but means a transpose."""
        if self.text[self.k : self.k + 1] == "T" and self.tokens[-1].kind in {"LAYER", "SUPER", "PAREN_INDEX"}:
            self._add("TRANSPOSE", "T", 1)

    def _script_pieces(self, content: str) -> list[tuple[str, Any]] | None:
        """Take a raised script apart, or return None if it is an exponent of another kind."""
        pieces: list[tuple[str, Any]] = []
        rest = content.strip()
        table = (
            (rf"\[\s*({INDEX})\s*\]", "LAYER"), (rf"\(\s*({INDEX})\s*\)", "PAREN_INDEX"),
            (r"\^?\{?\s*(ᵀ|T)(?![a-z])\s*\}?", "TRANSPOSE"), (r"('+)", "PRIME"), (r"(-\s*1)(?!\d)", "INVERSE"),
            (r"-\s*(ᵀ|T)", "INVERSE_TRANSPOSE"), (r"([lLℓ]\s*(?:[+-]\s*\d+)?)(?![a-z])", "LAYER"),
            (r"(\d+)(?![\d.])", "SUPER"), (r"\{([^{}]*)\}", "BRACES"), (r"\^", "SKIP"), (r"(\*)", "SKIP"),
        )  # fmt: skip
        while rest:
            found = next(((m, kind) for pattern, kind in table if (m := re.match(pattern, rest))), None)
            if found is None:
                return None
            match, kind = found
            rest = rest[match.end() :].strip()
            if kind == "BRACES":
                rest = match[1].strip() + rest
            elif kind == "PRIME":
                pieces += [("PRIME", "'")] * len(match[1])
            elif kind == "INVERSE_TRANSPOSE":
                pieces += [("INVERSE", "-1"), ("TRANSPOSE", "T")]
            elif kind == "SUPER":
                pieces.append((kind, match[1]))
            elif kind in {"LAYER", "PAREN_INDEX"}:
                pieces.append((kind, index_of(match[1])))
            elif kind != "SKIP":
                pieces.append((kind, match[1]))
        if len(pieces) > 1 and pieces[-1][0] == "SUPER" and pieces[0][0] == "SUPER":
            return None
        return pieces or None

    def _lowered(self) -> None:
        mark = self.k
        self.k += 1
        if self.tokens and self.tokens[-1].kind == "SUM":
            self._sum_limit(upper=False)
            return
        if (self.tokens and self.tokens[-1].kind == "DELTA") or self.text[self.k : self.k + 1] != "{":
            word = re.compile(r"prev\b|[A-Za-z]{1,2}(?![A-Za-z])|\d+").match(self.text, self.k)
            if word and word[0] == "prev":
                self.tokens.append(Token("LAYER", Index("l", -1), mark, word.end()))
                self.k = word.end()
                return
            if word and not word[0].isdigit():
                self.k = word.end()
                self._add_subscript(word[0], mark, word.end())
                return
        content, _, end = self._group()
        self.k = end
        self._add_subscript(content, mark, end)
        self._glued_transpose()

    def _add_subscript(self, content: str, mark: int, end: int) -> None:
        stripped = content.strip().strip("[]").replace("{", "").replace("}", "")
        previous = self.tokens[-1].kind if self.tokens else ""
        if stripped == "F" or (previous == "NORM_CLOSE" and stripped == "2"):
            return  # the name of a norm
        if previous == "FUNCTION" and stripped == "e":
            return
        if stripped in {"CE", "BCE", "total", "output", "out", "loss"}:
            return
        found = re.findall(rf"{INDEX}", stripped)
        if "".join(found).replace(" ", "") != re.sub(r"[\s,]", "", stripped):
            self._fail(mark, "an index such as j, kj or l-1")
        value = tuple(index_of(item) for item in found)
        # kj without a comma is two indices: k and j.
        self.tokens.append(Token("SUBSCRIPT", value, mark, end))

    def _sum_limit(self, upper: bool) -> None:
        content, start, end = self._group()
        old = self.tokens[-1]
        letter, low, high, example = old.value or ("", None, None, False)
        if upper:
            high = (content, start)
        else:
            match = re.fullmatch(r"\s*(\(?)\s*([a-zA-Z])\s*\)?\s*(?:(?:=|∈)\s*(.*))?", content, re.DOTALL)
            if not match:
                self._fail(start, "an index under the sum, such as i=1")
            letter, example = match[2], bool(match[1])
            low = (match[3].strip(), start + match.start(3)) if match[3] else None
        self.tokens[-1] = Token("SUM", (letter, low, high, example), old.start, end)
        self.k = end

    def _bracket(self) -> None:
        match = re.compile(rf"\[\s*({INDEX})\s*\]").match(self.text, self.k)
        previous = self.tokens[-1].kind if self.tokens else ""
        if match and previous in {"SYMBOL", "FUNCTION", "PRIME", "TRANSPOSE", "EULER"}:
            self._add("LAYER", index_of(match[1]), len(match[0]))
            self._glued_transpose()
        elif self.text[self.k : self.k + 1] == "[":
            close = self._closing(self.k)
            inner = Scanner(Flat(self.flat.source, self.text[:close], self.flat.places), self.names)
            inner.k = self.k + 1
            self.tokens.append(Token("LPAR", "(", self.k, self.k + 1))
            self.tokens.extend(inner.scan())
            self.tokens.append(Token("RPAR", ")", close, close + 1))
            self.k = close + 1

    # -- the rest --------------------------------------------------------------------------

    def _bar(self, c: str) -> None:
        double = c == "‖" or self.text.startswith("||", self.k)
        name = "NORM" if double else "ABS"
        length = 2 if c == "|" and double else 1
        if self.bars and self.bars[-1] == name and self._after_operand():
            self.bars.pop()
            self._add(f"{name}_CLOSE", c, length)
        else:
            self.bars.append(name)
            self._add(f"{name}_OPEN", c, length)

    def _hat(self) -> None:
        match = re.compile(plain.HAT + r"\{?\s*([A-Za-z])\s*\}?").match(self.text, self.k)
        spelling = (match[1] + "hat") if match else ""
        if not match or spelling not in self.names.spellings:
            self._fail(self.k, "a symbol with a hat that the setting knows", "ŷ" if match else "")
        self._add("SYMBOL", self.names.spellings[spelling], match.end() - self.k)

    def _after_operand(self) -> bool:
        return bool(self.tokens) and self.tokens[-1].kind in OPERAND_END

    def _in_cases(self) -> bool:
        return any(token.kind == "CASES_OPEN" for token in self.tokens)

    def _counts_examples(self) -> bool:
        """Whether (i) right here means example i: x(i), dz[2](i), but not a (i + 1)."""
        for token in reversed(self.tokens):
            if token.end != self.k and token is self.tokens[-1]:
                return False
            if token.kind == "SYMBOL":
                quantity = self.names.quantity(token.value.canonical)
                return quantity is not None and quantity.per_example
            if token.kind not in {"LAYER", "SUBSCRIPT", "SUPER"}:
                return False
        return False

    def _after_layer(self) -> bool:
        """Whether the token before is a layer or (i) that ends right here, as in W[2]T."""
        return bool(self.tokens) and self.tokens[-1].kind == "LAYER" and self.tokens[-1].end == self.k

    def _add(self, kind: str, value: Any, length: int) -> None:
        self.tokens.append(Token(kind, value, self.k, self.k + length))
        self.k += length

    def _at(self, k: int) -> int:
        return self.flat.place(k, k + 1)[0] if k < len(self.text) else len(self.flat.source)

    def _error(self, k: int, expected: str, nearest: str = "") -> Unreadable:
        return Unreadable(self.flat.source, self._at(k), expected, nearest)

    def _fail(self, k: int, expected: str, nearest: str = "") -> NoReturn:
        raise self._error(k, expected, nearest)


def index_of(text: str) -> Index:
    """Return the index a text says: "l-1", "2", "L".

    >>> index_of("l - 1")
    Index(letter='l', offset=-1)
    """
    text = text.replace(" ", "").replace("ℓ", "l")
    if text.isdigit():
        return Index("", int(text))
    return Index(text[0], int(text[1:]) if len(text) > 1 else 0)
