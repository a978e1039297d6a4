"""Which names a text may use: those of the setting, and the functions of all mathematics."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import lru_cache
from unicodedata import category, decomposition, normalize

from checkedmath.subject.general import GENERAL
from checkedmath.subject.setting import NamedFunction, Quantity, Setting
from checkedmath.syntax.alphabet import GREEK_WORDS

#: e raised to a power, in a logarithm or beside its digits; any other e is a letter.
_EULER = re.compile(r"e(?:\^(?!\{?\s{0,3}[Tᵀ])|\s{0,3}≈\s{0,3}2\.7)")
_LOGARITHM = re.compile(r"(?:ln|log)\s{0,3}\(?\s{0,3}$")
_ALONE = re.compile(r"e\s{0,3}(?:[)=+-]|$)")


def _is_euler(text: str, start: int) -> bool:
    before = text[max(0, start - 12) : start]
    return bool(_EULER.match(text, start) or (_LOGARITHM.search(before) and _ALONE.match(text, start)))


#: A hat and a tilde.
HATS = {"\u0302", "\u0303"}
#: Letters that before a bracket name a function, of which a text must say what it is.
FUNCTION_LETTERS = set("fghFGφψΦΨΓ")
_RAISED = re.compile(r"[⁰¹²³⁴-⁹]|\^\d")
_RUN = re.compile(r"[A-Za-z]+")
_WORD = re.compile(r"[a-z]{2,}")
_CALL = re.compile(r"'{0,3}\(")


def _is_letter(text: str, start: int) -> bool:
    """Whether a free letter stands here by itself, or beside others of which it is a factor.

    Three lower-case letters and more are a word, and a run of letters glued to a bracket is a function's name.
    """
    first = start
    while first and text[first - 1].isascii() and text[first - 1].isalpha():
        first -= 1
    run = match[0] if (match := _RUN.match(text, first)) else text[start]
    called = _CALL.match(text, first + len(run))
    if called and (len(run) > 1 or run in FUNCTION_LETTERS):
        return False
    return not re.search("[a-z]{3}", run)


def _hatted(text: str) -> str:
    """Return the ŷ or x̃ that a text begins with: a letter of its own, where a bar may also mean something."""
    for piece in () if text.isascii() else (text[:2], text[:1]):
        parts = normalize("NFD", piece)
        if len(parts) == 2 and parts[0].isalpha() and parts[1] in HATS:
            return piece
    return ""


@dataclass(frozen=True)
class Name:
    """What a spelling stands for: a quantity or a function by its canonical name."""

    kind: str  # "symbol" or "function"
    canonical: str
    differential: bool = False  # dz, dW …: the d belongs to the name
    dotted: bool = False  # ż: how fast it changes
    member: int | None = None  # the number that is in the letter: h is the a of layer 1


class Names:
    """The spellings a setting knows, longest first."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.free = setting.free
        self.spellings: dict[str, Name] = {}
        for canonical, general in GENERAL.items():
            for spelling in general.spellings:
                self.spellings[spelling] = Name("function", canonical)
        for function in setting.functions.values():
            for spelling in (function.name, *function.aliases):
                self.spellings[spelling] = Name("function", function.name)
        for quantity in setting.quantities.values():
            name = Name("symbol", quantity.name, differential=quantity.gradient is not None)
            for spelling in (quantity.name, *quantity.aliases):
                self.spellings[spelling] = name
        for spelling, member in (setting.spoken.members if setting.spoken else {}).items():
            self.spellings[spelling] = replace(self.spellings[spelling], member=member)
        for word, letter in GREEK_WORDS.items():
            if letter in self.spellings:
                self.spellings.setdefault(word, self.spellings[letter])
            elif word in self.spellings:
                self.spellings.setdefault(letter, self.spellings[word])
        powers = {spelling: name for spelling, name in self.spellings.items() if _RAISED.search(spelling)}
        for spelling, name in powers.items():  # σ² is one name, however its 2 is raised
            bare = _RAISED.sub(lambda match: f"^{normalize('NFKC', match[0]).lstrip('^')}", spelling)
            self.spellings |= {bare: name, re.sub(r"\^(\d)", r"^{\1}", bare): name}
        self.spellings = {normalize("NFC", spelling): name for spelling, name in self.spellings.items()}
        self.longest = max(map(len, self.spellings))

    def match(self, text: str, start: int) -> tuple[int, Name] | None:
        """Return the length and meaning of the longest name that begins here."""
        for length in range(min(self.longest, len(text) - start), 0, -1):
            spelling = text[start : start + length]
            name = self.spellings.get(spelling)
            if name is None:
                continue
            # A word such as "sum" or "exp" is a name only where no letter goes on after it.
            after = text[start + length : start + length + 1]
            if length > 2 and spelling.isascii() and after.isalpha() and after not in "TL":
                continue
            if after and category(after).startswith("M"):
                continue  # ȳ is no y: its accent says something that the setting does not know
            return length, name
        if self.free and (letter := _hatted(text[start : start + 2])):
            return len(letter), Name("symbol", normalize("NFC", letter))
        # The unit matrix is no free symbol, and neither is a letter with an accent.
        letter = text[start : start + 1]
        if self.free and letter.isalpha() and letter != "I" and not accented(text[start : start + 2]):
            if text[start] == "e" and _is_euler(text, start):
                return None  # Euler's number
            if (word := _WORD.match(text, start)) and not text[start - 1 : start].isalpha() and word[0] in GREEK_WORDS:
                return len(word[0]), Name("symbol", GREEK_WORDS[word[0]])
            return (1, Name("symbol", text[start])) if _is_letter(text, start) else None
        return None

    def nearest(self, word: str) -> str:
        """Return the known spelling most like this word, or ""."""
        found = get_close_matches(word, list(self.spellings), 1, 0.5)
        return found[0] if found else ""

    def quantity(self, canonical: str) -> Quantity | None:
        """Return the quantity of this canonical name, if the setting has it."""
        return self.setting.quantities.get(canonical)

    def function(self, canonical: str) -> NamedFunction | None:
        """Return the setting's function of this canonical name, if it has one."""
        return self.setting.functions.get(canonical)

    def is_numbered(self, name: Name) -> bool:
        """Whether this name carries a layer number."""
        found: Quantity | NamedFunction | None
        found = self.quantity(name.canonical) if name.kind == "symbol" else self.function(name.canonical)
        return found is not None and found.numbered


def accented(text: str) -> bool:
    """Whether a text has an accent: a combining character, or one that is made of a letter and such a character.

    >>> accented("ȳ"), accented("y"), accented("ℝ")
    (True, False, False)
    """
    parts = decomposition(text[0]) if text else ""
    return any(category(c).startswith("M") for c in text) or bool(parts and not parts.startswith("<"))


@lru_cache(maxsize=32)
def names_of(setting: Setting) -> Names:
    """Return the (cached) names of a setting."""
    return Names(setting)
