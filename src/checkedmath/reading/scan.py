"""The plain stream cut into tokens, with scripts taken apart: W^{2ᵀ} is W, layer 2, transposed.

The tokens are those of `tokens`.  What a raised 2 means (layer or power) is decided in `scripts`, where the
symbol is known; here it is only a raised number.
"""

from __future__ import annotations

import re
from dataclasses import replace
from unicodedata import normalize

from checkedmath.reading.names import Name, accented
from checkedmath.reading.scan_scripts import INDEX, ScriptScanner, index_of
from checkedmath.reading.tokens import Limits, Token
from checkedmath.subject.general import GENERAL
from checkedmath.syntax import alphabet as plain
from checkedmath.syntax.tree import Index

#: A number: in typed text 2e-1 is one, in LaTeX it is typeset as 2e - 1.
TYPESET = re.compile(r"\d+\.?\d*|\.\d+")
TYPED = re.compile(r"\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+")

SIMPLE = {
    "+": "PLUS", "/": "SLASH", ",": "COMMA", ")": "RPAR", "(": "LPAR", "}": "RBRACE", "{": "LBRACE",
    "⊙": "TIMES", "*": "TIMES", "·": "DOT", "×": "DOT", "⊗": "TENSOR", "@": "MATMUL", "∂": "D", ";": "COMMA",
    "<": "REL", ">": "REL", "=": "REL", "≈": "REL", "≠": "REL", "≤": "REL", "≥": "REL", "∈": "REL",
    "≔": "REL", "←": "REL", "∝": "REL",
    plain.FRAC: "FRAC", plain.SQRT: "SQRT", plain.ONES: "ONES", plain.CASES_OPEN: "CASES_OPEN",
    plain.CASES_CLOSE: "CASES_CLOSE", plain.CELL: "CELL", "…": "DOTS",
    plain.MATRIX_OPEN: "MATRIX_OPEN", plain.MATRIX_CLOSE: "MATRIX_CLOSE", plain.ROW: "ROW", "ℝ": "SPACE",
}  # fmt: skip
OPERAND_END = {
    "NUMBER", "SYMBOL", "RPAR", "RBRACE", "ONES", "NORM_CLOSE", "ABS_CLOSE", "TRANSPOSE", "PRIME", "MEMBER",
    "INVERSE", "SUPER", "SUBSCRIPT", "PAREN_INDEX", "POW_CLOSE", "DELTA", "IDENTITY", "CASES_CLOSE", "MATRIX_CLOSE",
}  # fmt: skip


#: A number behind a letter that has one, and {[l]} for ^{[l]}.
_NUMBERED = re.compile(r"[\^_]?\{?\s*[\[(]?\s*[\dlL]")
#: A letter d that is an entry of an array.
_PARTS = f"{plain.CELL}{plain.ROW}"
_D_IN_ARRAY = re.compile(rf"[{plain.MATRIX_OPEN}{_PARTS}]\s*d\s*[{_PARTS}{plain.MATRIX_CLOSE}]")
_FORGOTTEN = re.compile(rf"\{{\s*\[\s*({INDEX})\s*\]\s*\}}")


class Scanner(ScriptScanner):
    """Cuts one plain stream into tokens."""

    def scan(self) -> list[Token]:
        """Return the tokens.  Raises `Unreadable` at the first character that fits nowhere."""
        while self.k < len(self.text):
            self._next()
            self._check_number()
        if self.bars:
            self._fail(len(self.text), f"a closing {self.bars[-1]}")
        return self.tokens

    def _next(self) -> None:
        c = self.text[self.k]
        if c.isspace() or c == "\x00":
            self.k += 1
        elif match := (TYPESET if self.flat.typeset else TYPED).match(self.text, self.k):
            self._number(match)
        elif c == "^":
            self._raised()
        elif c == "_":
            self._lowered()
        elif c == "[":
            self._bracket()
        elif c == "'":
            self._add("PRIME", 1)
        elif c == "ᵀ":
            self._add("TRANSPOSE", 1)
        elif c == "." and (match := re.compile(r"\.T\b|\.T(?=[^a-z])").match(self.text, self.k)):
            self._add("TRANSPOSE", 2)
        elif c == "." and self.text[self.k + 1 : self.k + 2] in {"*", "⊙"}:
            self._add("TIMES", 2)
        elif c == "." and not self.text[self.k :].strip(". "):
            self.k += 1  # a full stop at the end
        elif c == "." and self._after_operand() and self.text[self.k + 1 :].lstrip()[:1] != ".":
            self._add("DOT", 1)
        elif self.text.startswith("**", self.k):
            self.k += 1
            self._raised()
        elif self.text.startswith(":=", self.k) or self.text.startswith("<-", self.k):
            self._add("REL", 2, ":=")
        elif match := re.compile(r"<=|>=|!=|==|~=|=~").match(self.text, self.k):
            value = {"<=": "≤", ">=": "≥", "!=": "≠", "==": "="}.get(match[0], "≈")
            self._add("REL", 2, value)
        elif c == "-":
            previous = self.tokens[-1].kind if self.tokens else ""
            self._add("UMINUS" if previous in {"TIMES", "DOT", "SLASH", "MATMUL", "TENSOR", "SUM"} else "MINUS", 1)
        elif c == "(" and (match := re.compile(r"\(\s*i\s*\)").match(self.text, self.k)) and self._counts_examples():
            self._add("PAREN_INDEX", len(match[0]), index=Index("i"))
        elif c == "(" and (match := self._number_in_brackets()):
            self._add("PAREN_INDEX", len(match[0]), index=index_of(match[1]))
            self._glued_transpose()
        elif c in "‖|":
            self._bar(c)
        elif c == "Σ":
            self._add("SUM", 1)
            self._limits_beside()
        elif c == "∇":
            self._nabla()
        elif c == plain.HAT:
            self._hat()
        elif c == plain.DOTTED:
            self._dotted()
        elif c in SIMPLE:
            self._add(SIMPLE[c], 1, ":=" if c in "≔←" else c)
        elif c.isalpha():
            self._letters()
        else:
            self._fail(self.k, "a symbol, number or sign of a formula")

    def _number(self, match: re.Match[str]) -> None:
        text = match[0]
        if text.endswith(".") and self.text[match.end() : match.end() + 1] in {"*", "T"}:
            text = text[:-1]  # in 1.*x the point belongs to the sign
        if self.tokens and self.tokens[-1].kind in {"NUMBER", "EULER"}:
            self._fail(self.k, "a sign between two numbers, or digits without a gap")
        self._add("NUMBER", len(text), text)

    def _letters(self) -> None:
        text, k = self.text, self.k
        if match := re.compile(r"sum\s+over\s+(?:all\s+)?([a-zA-Z])(?:\s+of)?\b", re.IGNORECASE).match(text, k):
            self.tokens.append(Token("SUM", k, match.end(), limits=Limits(match[1])))
            self.k = match.end()
            return
        if match := re.compile(r"(?:np\.)?(?:sum|mean)?_?(axis|keep\.?dims)\s*=\s*(-?\w+)").match(text, k):
            self._add("OPTION", match.end() - k, f"{match[1].replace('.', '')}={match[2]}")
            return
        if match := re.compile(r"\b(?:sum|Sum)(?=_)").match(text, k):
            self._add("SUM", 3)
            return
        if (match := re.compile(r"if\b(?=.*\belse\b)", re.DOTALL).match(text, k)) and not self.in_cases:
            self._add("IF", 2)  # z if z > 0 else 0
            return
        if self.in_cases and (match := re.compile(r"(?:if|for|when)\b").match(text, k)):
            self.k = match.end()  # the word between a value and its condition, also where f is a function
            return
        if self._after_member() and text[k] == "T" and not self.flat.page:
            self._add("TRANSPOSE", 1)
            return
        found = self.names.match(text, k)
        if found is None:
            self._without_name()
            return
        length, name = found
        if self._is_differential(k, length, name) or (self.names.free and self._is_change(k, length)):
            self._add("D", 1)
            return
        if name.kind == "function":
            self._add("FUNCTION", length, name=name)
        else:
            self._symbol(length, name)
        self._glued_member(name)

    def _symbol(self, length: int, name: Name) -> None:
        self._add("SYMBOL", length, name=name)
        text, k = self.text, self.k
        if text.startswith("_prev", k):
            self._add("MEMBER", 5, index=Index(self.names.setting.family.letter, -1))
        elif name.member is not None and not _NUMBERED.match(text, self.k):
            self.tokens.append(Token("MEMBER", k - 1, k, indices=(Index("", name.member),)))

    def _glued_member(self, name: Name) -> None:
        text, k = self.text, self.k
        if not self.names.is_numbered(name):
            return
        if self.flat.page and text[k : k + 1].isdigit():
            self._fail(k, f"a {self.names.setting.family.word} written as in W^{{[2]}}, or an index as in z_2")
        if match := re.compile(r"\d+").match(text, k):
            self._add("MEMBER", len(match[0]), index=Index("", int(match[0])))
        elif not self.flat.page and (match := _FORGOTTEN.match(text, k)):  # b{[l]} for b^{[l]}
            self._add("MEMBER", len(match[0]), index=index_of(match[1]))
        elif text[k : k + 1] in {self.names.setting.family.last} - {""} and not text[k + 1 : k + 2].isalpha():
            self._add("MEMBER", 1, index=Index(text[k]))
        if self.text[self.k : self.k + 2] == ".T" or self.text[self.k : self.k + 1] != "T" or self.flat.page:
            return
        if self.tokens[-1].kind == "MEMBER" or not self.text[self.k + 1 : self.k + 2].isalpha():
            self._add("TRANSPOSE", 1)

    def _is_differential(self, k: int, length: int, name: Name) -> bool:
        """Whether the d here is the d of d…/dx, and no name of its own."""
        text = self.text
        if text[k] != "d" or (name.kind == "symbol" and name.differential and length > 1):
            return False
        if length > 1 and (name.kind == "function" or self.names.free):
            return False
        after = text[k + 1 :].lstrip()
        before = text[:k].rstrip()
        if self.names.free and after[:1] in set(")]+-=,"):
            return False  # a letter by itself
        return bool(after) and (
            before.endswith(("/", plain.FRAC + "{", "}{")) or bool(re.search(r"/\s*[d∂]|\}\s*\{\s*[d∂]", after))
        )

    def _is_change(self, k: int, length: int) -> bool:
        """Whether the d here is that of a differential by itself, dX or d(X Y)."""
        after = self.text[k + 1 :]
        glued = after[:1].isalpha() or after[:1] in set("(‖|" + plain.FRAC)
        if self.text[k] != "d" or length > 1 or self.text[k - 1 : k].isalpha():
            return False
        if after[:1].isalpha() and _D_IN_ARRAY.search(self.text) and not re.search(r"/\s*[d∂]", self.text):
            return False  # cx + dy beside an array of a, b, c and d
        named = self.names.match(after.lstrip(), 0) if after[:1] == " " else None
        return glued or (named is not None and named[1].kind == "function")

    def _without_name(self) -> None:
        text, k = self.text, self.k
        c = text[k]
        if c == "d" and text[k + 1 :].strip():
            self._parted_differential()
        elif c == "δ":
            self._add("DELTA", 1)
        elif c == "I":
            self._add("IDENTITY", 1)
        elif c == "e" and not text[k + 1 : k + 2].isalpha():
            self._add("EULER", 1)
        elif c == "T" and self._after_operand() and not self.flat.page:
            self._add("TRANSPOSE", 1)
        elif match := re.compile(r"(?:otherwise|else)\b").match(text, k):
            self._add("WORDS", len(match[0]))
        elif accented(text[k : k + 2]):
            self._fail(k, f"a letter without an accent, or one that {self.names.setting.name} knows with it")
        else:
            word = re.compile(r"[^\W\d_]+").match(text, k)
            shown = word[0] if word else c
            self._fail(k, f"a symbol of {self.names.setting.name}", self.names.nearest(shown))

    def _parted_differential(self) -> None:
        r"""Take ``d \mathbf z`` for dz, and the d of ``\frac{d L}{d z}`` for that of a derivative."""
        rest = self.text[self.k + 1 :]
        spaces = len(rest) - len(rest.lstrip())
        found = self.names.match("d" + rest[spaces:], 0) if spaces else None
        if found is None or not found[1].differential:
            self._add("D", 1)
            return
        self._symbol(found[0] + spaces, found[1])
        self._glued_member(found[1])

    def _bracket(self) -> None:
        match = re.compile(rf"\[\s*({INDEX})\s*\]").match(self.text, self.k)
        previous = self.tokens[-1].kind if self.tokens else ""
        general = previous == "FUNCTION" and self.tokens[-1].name.canonical in GENERAL  # sin[z] is taken at z
        if match and not general and previous in {"SYMBOL", "FUNCTION", "PRIME", "TRANSPOSE", "EULER"}:
            self._add("MEMBER", len(match[0]), index=index_of(match[1]))
            self._glued_transpose()
        elif self.text[self.k : self.k + 1] == "[":
            close = self._closing(self.k)
            inside = self._within(self.k + 1, close)
            self.tokens += [Token("LPAR", self.k, self.k + 1), *inside, Token("RPAR", close, close + 1)]
            self.k = close + 1


    def _bar(self, c: str) -> None:
        double = c == "‖" or self.text.startswith("||", self.k)
        name = "NORM" if double else "ABS"
        length = 2 if c == "|" and double else 1
        if self.bars and self.bars[-1] == name and self._after_operand():
            self.bars.pop()
            self._add(f"{name}_CLOSE", length)
        else:
            self.bars.append(name)
            self._add(f"{name}_OPEN", length)

    def _hat(self) -> None:
        match = re.compile(plain.HAT + r"\{?\s*([^\W\d_])\s*\}?").match(self.text, self.k)
        spellings = (match[1] + "hat", normalize("NFC", match[1] + "\u0302")) if match else ()
        spelling = next((s for s in spellings if s in self.names.spellings), "")
        if match and not spelling and self.names.free:
            letter = Name("symbol", normalize("NFC", match[1] + "\u0302"))
            self._add("SYMBOL", match.end() - self.k, name=letter)
            return
        if not match or not spelling:
            self._fail(self.k, "a symbol with a hat that the setting knows", "ŷ" if match else "")
        self._add("SYMBOL", match.end() - self.k, name=self.names.spellings[spelling])

    def _dotted(self) -> None:
        match = re.compile(plain.DOTTED + r"\s*(?:\{\s*(\S)\s*\}|([^\s{}]))").match(self.text, self.k)
        name = self.names.spellings.get(match[1] or match[2]) if match else None
        if match is None or name is None or name.kind != "symbol":
            self._fail(self.k, "a quantity that the setting knows under the dot", "ż" if match else "")
        self._add("SYMBOL", match.end() - self.k, name=replace(name, dotted=True))
        self._glued_member(name)

    def _after_operand(self) -> bool:
        return bool(self.tokens) and self.tokens[-1].kind in OPERAND_END

    def _counts_examples(self) -> bool:
        """Whether (i) right here means example i: x(i), dz[2](i), but not a (i + 1)."""
        for token in reversed(self.tokens):
            if token.end != self.k and token is self.tokens[-1]:
                return False
            if token.kind == "SYMBOL":
                quantity = self.names.quantity(token.name.canonical)
                return quantity is not None and quantity.per_example
            if token.kind not in {"MEMBER", "SUBSCRIPT", "SUPER"}:
                return False
        return False

    def _number_in_brackets(self) -> re.Match[str] | None:
        """Return (l), (l+1) or (2) right behind a name that is numbered, as it is typed: W(l+1)."""
        last = self.tokens[-1] if self.tokens else None
        if self.flat.page or last is None or last.kind != "SYMBOL" or last.end != self.k:
            return None
        letters = "".join(self.names.setting.family.letters)
        if not letters or not self.names.is_numbered(last.name):
            return None
        return re.compile(rf"\(\s*([{letters}ℓ]\s*(?:[+-]\s*\d+)?|\d)\s*\)").match(self.text, self.k)

    def _after_member(self) -> bool:
        """Whether the token before is a layer or (i) that ends right here, as in W[2]T."""
        return bool(self.tokens) and self.tokens[-1].kind == "MEMBER" and self.tokens[-1].end == self.k


__all__ = ["OPERAND_END", "Scanner"]
