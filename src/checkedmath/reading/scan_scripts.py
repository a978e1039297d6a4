"""Raised and lowered scripts cut into tokens: ^{2ᵀ} is layer 2, transposed."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import NoReturn

from checkedmath.reading.flatten import Flat
from checkedmath.reading.names import Name, Names
from checkedmath.reading.tokens import NOBODY, Limits, Token
from checkedmath.syntax.alphabet import SCRIPT_LETTERS
from checkedmath.syntax.errors import Refused, TooLong, Unreadable
from checkedmath.syntax.tree import Index

MAX_TOKENS = 1000
#: Letters of indices, and what makes a script a word.
ENTRIES = set("ijklmnpqrsuv")
WORDED = re.compile(r"\\(?:text|mathrm|rm\b|operatorname|mathsf|mathit)")
#: The limits of a sum on its line, and one script on a name.
_LIMITS = re.compile(r"\s*\(\s*([a-z])\s*=\s*(\w+)\s*(?:->|→|…|\.{2,3}|\bto\b|:)\s*(\w+)\s*\)")
_SCRIPT = re.compile(r"\^\{[^{}]*\}|_\{[^{}]*\}|\[[^\[\]]*\]|\^\w|_\w|\d")
#: What is lowered without braces: W_kj has two indices, w_ix_i one, as a script on the second letter shows.
_BARE = {
    typeset: re.compile(rf"prev\b|[A-Za-z](?:(?=[A-Za-z]{after})|[A-Za-z]?(?![A-Za-z]))|\d+")
    for typeset, after in ((True, "[_^]"), (False, "_"))
}
INDEX = r"[a-zA-Zℓ](?:\s*[+-]\s*\d+)?|\d+"


class ScriptScanner:
    """Takes raised and lowered scripts apart; `Scanner` adds what stands on the line."""

    def __init__(self, flat: Flat, names: Names) -> None:
        self.flat, self.names, self.text = flat, names, flat.text
        self.tokens: list[Token] = []
        self.bars: list[str] = []
        self.in_cases = False  # whether cases have begun: asked at every name, so not looked up among the tokens
        self.k = 0

    def scan(self) -> list[Token]:
        """Return the tokens."""
        raise NotImplementedError

    def _within(self, start: int, end: int) -> list[Token]:
        """Return the tokens of a stretch that stands for itself."""
        inner = type(self)(replace(self.flat, text=self.text[:end]), self.names)
        inner.k = start
        return inner.scan()

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
            self.tokens += [replace(piece, start=mark, end=end) for piece in pieces]
        else:
            power = self._within(start, start + len(content))
            self.tokens += [Token("POW_OPEN", mark, start), *power, Token("POW_CLOSE", end - 1, end)]
        self.k = end
        self._glued_transpose()

    def _glued_transpose(self) -> None:
        """Take the T of W^[2]T dz, which stands on the line but means a transpose."""
        if self.flat.page:
            return
        if self.text[self.k : self.k + 1] == "T" and self.tokens[-1].kind in {"MEMBER", "SUPER", "PAREN_INDEX"}:
            self._add("TRANSPOSE", 1)

    def _script_pieces(self, content: str) -> list[Token] | None:
        """Take a raised script apart, or return None if it is an exponent of another kind."""
        pieces: list[Token] = []
        rest = content.strip()
        letters = "".join(self.names.setting.family.letters) or "l"
        table = (
            (rf"\[\s*({INDEX})\s*\]", "MEMBER"), (rf"\(\s*({INDEX})\s*\)", "PAREN_INDEX"),
            (rf"([a-z])\s*,\s*(?=(?:\d|[{letters}])\s*(?:[+-]\s*\d+\s*)?$)", "EXAMPLE"),
            (r"\^?\{?\s*(ᵀ|T)(?![a-z])\s*\}?", "TRANSPOSE"), (r"('+)", "PRIME"), (r"(-\s*1)(?!\d)", "INVERSE"),
            (r"-\s*(ᵀ|T)", "INVERSE_TRANSPOSE"), (r"([lLℓ]\s*(?:[+-]\s*\d+)?)(?![a-z])", "MEMBER"),
            (r"(\d+)(?![\d.])", "SUPER"), (r"\{([^{}]*)\}", "BRACES"), (r"\^", "SKIP"),
            (r"\.(?=\s*\^?\{?\s*[ᵀT])", "SKIP"),
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
                pieces += [Token("PRIME", 0, 0)] * len(match[1])
            elif kind == "INVERSE_TRANSPOSE":
                pieces += [Token("INVERSE", 0, 0), Token("TRANSPOSE", 0, 0)]
            elif kind == "EXAMPLE":  # a^{x,l} is a of layer l for example x
                pieces.append(Token("PAREN_INDEX", 0, 0, indices=(index_of(match[1]),)))
            elif kind in {"MEMBER", "PAREN_INDEX"}:
                pieces.append(Token(kind, 0, 0, indices=(index_of(match[1]),)))
            elif kind != "SKIP":
                pieces.append(Token(kind, 0, 0, match[1]))
        if len(pieces) > 1 and pieces[-1].kind == "SUPER" and pieces[0].kind == "SUPER":
            return None
        return pieces or None

    def _lowered(self) -> None:
        mark = self.k
        self.k += 1
        if self.tokens and self.tokens[-1].kind == "SUM":
            self._sum_limit(upper=False)
            return
        bare = re.compile(r"\s*([A-Za-z]+)").match(self.text, self.k)
        if bare and WORDED.search(self.flat.source[self._at(mark) : self._at(self.k) + 8]):  # W_\text{in}
            self.k = bare.end()
            self._add_subscript(bare[1], mark, bare.end())
            return
        if (self.tokens and self.tokens[-1].kind == "DELTA") or self.text[self.k : self.k + 1] != "{":
            word = _BARE[self.flat.typeset].match(self.text, self.k)
            if word and word[0] == "prev":
                before = Index(self.names.setting.family.letter, -1)
                self.tokens.append(Token("MEMBER", mark, word.end(), indices=(before,)))
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
        if previous == "NORM_CLOSE":
            if stripped not in {"F", "2"}:
                self._fail(mark, "F or 2: other norms are not read")
            if stripped == "2":
                self.tokens.append(Token("SUBSCRIPT", mark, end, indices=(Index("", 2),)))
            return  # F names the norm that is meant without an index
        if previous == "FUNCTION" and stripped == "e" and self.tokens[-1].name.canonical == "log":
            return
        setting, last = self.names.setting, self.tokens[-1].name.canonical if previous == "SYMBOL" else ""
        if stripped in setting.at_scalars and last in setting.scalars:
            return  # they say which it is, as its setting says too
        if self.names.free and previous == "SYMBOL" and (word := self._word(stripped, mark, end)):
            name = f"{self.tokens[-1].name.canonical}_{word}"  # W_hh is a letter of its own
            self.tokens[-1] = replace(self.tokens[-1], end=end, name=Name("symbol", name))
            return
        if match := re.fullmatch(rf":\s*,\s*({INDEX})", stripped):  # the column of an example
            self.tokens.append(Token("PAREN_INDEX", mark, end, indices=(index_of(match[1]),)))
            return
        found = re.findall(rf"{INDEX}", stripped)
        if "".join(found).replace(" ", "") != re.sub(r"[\s,]", "", stripped):
            self._fail(mark, "an index such as j, kj or l-1")
        # kj without a comma is two indices: k and j.
        self.tokens.append(Token("SUBSCRIPT", mark, end, indices=tuple(index_of(item) for item in found)))

    def _word(self, script: str, mark: int, end: int) -> str:
        """Return a script that says which letter this is, a word or a step of time; "" for the index of an entry."""
        first, last = (self.flat.places[min(k, len(self.flat.places) - 1)] for k in (mark, end - 1))
        source = self.flat.source[first[0] : last[1]]
        plain = re.fullmatch("[A-Za-z]+", script) is not None
        letters = plain and (len(script) > 2 or (len(script) == 2 and not set(script) <= ENTRIES))
        if plain and (letters or WORDED.search(source)):
            return script
        step = re.fullmatch(r"([tknl])\s*(?:[+-]\s*\d+)?", script)
        return re.sub(r"\s", "", script) if step and re.search(rf"_\{{\s*{step[1]}\s*[-+]", self.text) else ""

    def _sum_limit(self, upper: bool) -> None:
        content, start, end = self._group()
        old = self.tokens[-1]
        if upper and (letter := self._all_of(content)):
            limits = replace(old.limits, all_of=letter)
        elif upper:
            limits = replace(old.limits, high=self._limit(start, start + len(content)))
        else:
            match = re.fullmatch(r"\s*(\(?)\s*([a-zA-Z])\s*\)?\s*(?:(?:=|∈)\s*(.*))?", content, re.DOTALL)
            if not match:
                self._fail(start, "an index under the sum, such as i=1")
            if content.rstrip().endswith(("=", "∈")):
                self._fail(start, "where the sum begins, after the = under it")
            low = self._limit(start + match.start(3), start + match.end(3)) if match[3] else ()
            limits = replace(old.limits, letter=match[2], example=bool(match[1]), low=low)
        self.tokens[-1] = replace(old, limits=limits, end=end)
        self.k = end

    def _all_of(self, content: str) -> str:
        """Return the letter at which a sum ends if it names no size of the setting; "" else."""
        letter, setting = content.strip(), self.names.setting
        if self.flat.page or self.names.free or not re.fullmatch("[A-Za-z]", letter):
            return ""
        known = self.names.spellings.get(letter)
        size = known is not None and (setting.is_size(known.canonical) and known.canonical != setting.examples)
        if size or letter in setting.family.letters:
            return ""
        # The number of examples is another thing in the book's own letters, W^{[l]}.
        own = known is not None and known.canonical == setting.examples and "[" in self.flat.source
        return "" if own else letter

    def _limits_beside(self) -> None:
        """Take the limits of a sum that are typed on its line, Σ(i = 1 → m)."""
        match = _LIMITS.match(self.text, self.k)
        if match is None:
            return
        low, high = (self._limit(*match.span(n)) for n in (2, 3))
        self.tokens[-1] = replace(self.tokens[-1], limits=Limits(match[1], low=low, high=high), end=match.end())
        self.k = match.end()

    def _nabla(self) -> None:
        """Take ∇ with what it is taken by: ∇_W, ∇_{W^{[l]}}, or ∇x as it is typed."""
        if self.flat.page:
            raise Refused(self.flat.source, self._at(self.k), "∂ and a fraction: ∇ says neither layout nor shape")
        mark = self.k
        self.k += 1
        if self.text[self.k : self.k + 1] == "_":
            self.k += 1
            _, start, end = self._group_within()
        else:
            self.k += len(self.text[self.k :]) - len(self.text[self.k :].lstrip())
            found = self.names.match(self.text, self.k)
            if found is None:
                self._fail(mark, "what ∇ is taken by, as in ∇_W")
            if self.names.free and found[1].kind == "function":  # ∇f, by what f is taken at
                self.tokens.append(Token("NABLA", mark, mark + 1))
                return
            start, end = self.k, self.k + found[0]
            self.k = end
            while scripts := _SCRIPT.match(self.text, end):
                end = self.k = scripts.end()
        by = self._limit(start, end)
        self.tokens.append(Token("NABLA", mark, self.k, limits=Limits(low=by)))

    def _group_within(self) -> tuple[str, int, int]:
        """Return the text of a lowered group and where its inside starts and ends; one letter is a group too."""
        content, start, end = self._group()
        self.k = end
        return content, start, start + len(content)

    def _limit(self, start: int, end: int) -> tuple[Token, ...]:
        tokens = self._within(start, end)
        if not tokens and self.text[start:end].strip():
            self._fail(start, "a formula")
        return tuple(tokens)

    def _add(
        self, kind: str, length: int, text: str = "", name: Name = NOBODY, index: Index | None = None
    ) -> None:
        indices = (index,) if index else ()
        self.in_cases = self.in_cases or kind == "CASES_OPEN"
        self.tokens.append(Token(kind, self.k, self.k + length, text, name, indices))
        self.k += length

    def _check_number(self) -> None:
        """Raise `TooLong` as soon as there are more tokens than are read."""
        if len(self.tokens) > MAX_TOKENS:
            said = f"a formula of at most {MAX_TOKENS} symbols and signs"
            raise TooLong(self.flat.source, self._at(self.tokens[MAX_TOKENS].start), said)

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
    text = re.sub(r"\s", "", text).translate(SCRIPT_LETTERS)
    if text.isdigit():
        return Index("", int(text))
    return Index(text[0], int(text[1:]) if len(text) > 1 else 0)
