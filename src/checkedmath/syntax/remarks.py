r"""Words that stand beside a formula, read by a closed grammar that ends where its own words end.

``for l = 1, …, L−1``, ``for every unit k``, ``A and B symmetric``, ``numerator layout``, ``y one-hot``: these say
something and are `Remark` objects.  Other words made of letters only are kept as words, and shown as not read.
Whatever has a digit, a sign or a relation beside such words is no remark.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from checkedmath.syntax.budget import spend
from checkedmath.syntax.lexemes import Lexeme, lexemes
from checkedmath.syntax.tree import Span

#: Words that lead to a remark or a condition.  Those of `CONDITIONS` make a relation after them a condition.
CONDITIONS = {"if", "when", "where", "with", "for", "given"}
LEADS = CONDITIONS | {"in", "and", "all", "every", "each", "any", "let"}
#: Words between what is given and what follows, and those that may stand beside them: they say nothing more.
FOLLOWING = {
    "then", "thus", "hence", "therefore", "so", "gives", "yields", "implies", "suppose", "assume", "consider",
}  # fmt: skip
LINKS = FOLLOWING | {"so", "that", "we", "have", "get", "obtain", "which", "suppose", "assume", "it", "follows"}
#: The lead of a statement that stands before ⇒: one on a kind of matrix, or between which numbers a letter lies.
PREMISE = "so that"
QUANTIFIERS = {"all", "every", "each", "any", "∀", r"\forall"}
MATRICES = {"matrix", "matrices"}
KINDS = {"symmetric", "invertible", "orthogonal", "square"}
LAYOUTS = {"numerator", "denominator"}
#: The kind of a remark that says which function is meant, "with tanh hidden units".
CHOSEN = "chosen"
#: Nouns of a remark such as "for every unit k"; other ones, "for every layer l", are for the setting to know.
NOUNS = {
    "unit", "units", "example", "examples", "index", "indices", "entry", "entries", "values", "value", "of",
}  # fmt: skip
#: Letters of indices, and how two of them may be said to lie.
INDICES, ORDERS = set("ijkpqrs"), {"=", "≠", "<", ">", "≤", "≥"}
DOTS = {"…", "...", "..", r"\dotsc"}


@dataclass(frozen=True)
class Remark:
    """What a remark says: ``kind`` and whom it is about.

    ``layout`` (numerator, denominator); a kind of matrix such as ``symmetric`` (the letter); ``one-hot`` (the letter);
    ``chosen`` (the name of a function, tanh); ``every`` (an index); ``range`` (an index, first, last):
    "1", "L-1"; ``related`` (two indices, between them how).  ``nouns`` are the words of it that say something in
    some settings only, ``hidden units``: where the setting does not know them, they are words that were not read.
    """

    kind: str
    about: tuple[str, ...]
    span: Span
    nouns: str = ""


def words_within(item: Lexeme, text: str) -> list[Lexeme]:
    r"""Return the lexemes of the words of a ``\text{…}``, at their places in the text."""
    start = text.index("{", item.start) + 1
    return [Lexeme(i.kind, i.value, i.start + start, i.end + start) for i in lexemes(item.value)]


def flat(items: Sequence[Lexeme], text: str) -> list[Lexeme]:
    r"""Return lexemes with the words of each ``\text`` in their own place, without spaces and gaps."""
    spend(len(items))
    out: list[Lexeme] = []
    for item in items:
        out += words_within(item, text) if item.kind == "words" else [item]
    kept: list[Lexeme] = []
    dressed = 0  # braces that a font opens say nothing
    for n, item in enumerate(out):
        if item.value == "{" and n and out[n - 1].kind == "font":
            dressed += 1
        elif item.value == "}" and dressed:
            dressed -= 1
        elif item.kind not in {"space", "newline", "gap", "unseen", "font"}:
            kept.append(item)
    return kept


def read_remarks(items: Sequence[Lexeme], text: str, *, led: bool = False) -> tuple[Remark, ...] | None:
    """Return what these lexemes say if all of them are remarks, else None; ``led``: a bracket opens before them."""
    reader = _Reader(flat(items, text))
    while reader.k < len(reader.items):
        reader.led = led
        if not reader.one():
            return None
    return tuple(reader.found)


def only_words(items: Sequence[Lexeme], text: str) -> bool:
    """Whether these are words made of letters only, with their punctuation and hyphens."""
    plain = flat(items, text)
    if items and items[0].kind == "words" and len(plain) > 2 and (plain[0].value, plain[-1].value) == ("(", ")"):
        plain = plain[1:-1]
    hyphens = {n for n in range(1, len(plain) - 1) if plain[n].value == "-" and plain[n - 1].end == plain[n].start
               and plain[n].end == plain[n + 1].start and plain[n + 1].kind == "letters"}  # fmt: skip
    return all(
        item.kind in {"letters", "comma"} or item.value in {".", "'", "’", ":"} or n in hyphens
        for n, item in enumerate(plain)
    )


class _Reader:
    """Reads remarks one after the other; each method goes on only if it has read a whole one."""

    def __init__(self, items: list[Lexeme]) -> None:
        self.items, self.k, self.led = items, 0, False
        self.found: list[Remark] = []

    def one(self) -> bool:
        """Read the next remark, with what leads to it."""
        start = self.k
        leads = (LEADS | FOLLOWING) - QUANTIFIERS
        while self._word() in leads or self._kind() == "comma" or self._value() in set("()[]."):
            self.led = self.led or self._kind() != "comma"
            self.k += 1
        if self.k == len(self.items):
            return self.k > start
        ways: tuple[Callable[[], bool], ...] = (
            self._layout, self._one_hot, self._chosen, self._kind_first, self._names_first, self._quantifier,
            self._range, self._related,
        )  # fmt: skip
        for way in ways:
            place, count = self.k, len(self.found)
            if way():
                return True
            self.k, self.found = place, self.found[:count]
        return False

    def _value(self, ahead: int = 0) -> str:
        return self.items[self.k + ahead].value if self.k + ahead < len(self.items) else ""

    def _kind(self, ahead: int = 0) -> str:
        return self.items[self.k + ahead].kind if self.k + ahead < len(self.items) else ""

    def _word(self, ahead: int = 0) -> str:
        return self._value(ahead).lower() if self._kind(ahead) == "letters" else self._value(ahead)

    def _add(self, kind: str, about: Sequence[str], start: int, nouns: str = "") -> bool:
        span = (self.items[start].start, self.items[self.k - 1].end)
        self.found.append(Remark(kind, tuple(about), span, nouns))
        return True

    def _layout(self) -> bool:
        start, name = self.k, self._word()
        if name not in LAYOUTS:
            return False
        self.k += 1 + (self._value(1) == "-")
        if self._word() != "layout":
            return False
        self.k += 1
        return self._add("layout", (name,), start)

    def _chosen(self) -> bool:
        """Read tanh hidden units, a ReLU hidden layer, at the end of a remark: a name of one word, then two nouns."""
        start, k = self.k, self.k + (self._word() == "a")
        words = self.items[k : k + 3]
        if any(len(item.value) < 2 or item.kind != "letters" for item in words) or len(words) < 3:
            return False
        name, *nouns = (item.value for item in words)
        self.k = k + 3
        if not self.led or {name, *nouns} & (LEADS | KINDS | LAYOUTS) or self._kind() not in {"", "comma"}:
            return False
        return self._add(CHOSEN, (name,), start, " ".join(nouns).lower())

    def _one_hot(self) -> bool:
        start, letter = self.k, self._value()
        if letter not in {"y", "Y"}:
            return False
        self.k += 1 + (self._word(1) == "is")
        if self._word() == "onehot":
            self.k += 1
        elif self._word() == "one":
            self.k += 1 + (self._value(1) == "-")
            if self._word() != "hot":
                return False
            self.k += 1
        else:
            return False
        return self._add("one-hot", (letter,), start)

    def _names(self) -> list[str]:
        found: list[str] = []
        while self._kind() == "letters" and len(self._value()) == 1:
            found.append(self._value())
            self.k += 1
            if (self._kind() == "comma" or self._word() == "and") and len(self._value(1)) == 1 == len(found[-1]):
                self.k += 1
                continue
            break
        return found

    def _kind_first(self) -> bool:
        start, kind = self.k, self._word()
        if kind not in KINDS:
            return False
        self.k += 1
        self.k += self._word() in MATRICES
        names = self._names()
        return bool(names) and self._add(kind, names, start)

    def _names_first(self) -> bool:
        start = self.k
        names = self._names()
        if not names:
            return False
        self.k += self._word() in {"is", "are", "be"}
        self.k += self._word() == "a"
        kind = self._word()
        if kind not in KINDS:
            return False
        self.k += 1
        self.k += self._word() in MATRICES
        return self._add(kind, names, start)

    def _quantifier(self) -> bool:
        start = self.k
        if self._word() not in QUANTIFIERS:
            return False
        self.k += 1
        while self._word() in NOUNS:
            self.k += 1
        noun = self._noun()
        if self._value(1) in ORDERS and self._value(2) in INDICES:
            self.led = True
            return self._related(noun)
        if self._is_range():
            return self._range(noun)
        names: list[str] = []
        while self._kind() == "letters" and len(self._value()) == 1:
            names.append(self._value())
            self.k += 1
            if (self._kind() == "comma" or self._word() == "and") and len(self._value(1)) == 1:
                if self._value(2) in {"=", "∈"}:
                    break
                self.k += 1
                continue
            break
        return bool(names) and self._add("every", names, start, noun)

    def _noun(self) -> str:
        """Return the word between a quantifier and its letter that only a setting can know, "layer"."""
        word = self._word()
        if self._kind() != "letters" or len(word) < 2 or word in LEADS | KINDS | LAYOUTS:
            return ""
        self.k += 1
        return word

    def _related(self, noun: str = "") -> bool:
        """Read i ≠ j after a word or in brackets; i = j by itself is a formula."""
        start, letters = self.k, (self._value(), self._value(2))
        if not self.led or self._value(1) not in ORDERS or letters[0] == letters[1]:
            return False
        if any(self._kind(n) != "letters" or self._value(n) not in INDICES for n in (0, 2)):
            return False
        if self._kind(3) not in {"", "comma"} and self._value(3) not in set(").]"):
            return False
        self.k += 3
        return self._add("related", (letters[0], self._value(-2), letters[1]), start, noun)

    def _is_range(self) -> bool:
        return len(self._value()) == 1 and self._value(1) in {"=", "∈"}

    def _range(self, noun: str = "") -> bool:
        r"""Read l = 1, …, L - 1, and also 1 ≤ l ≤ L."""
        start = self.k
        if self._kind() == "number" or (self._value(1) in {"≤", "<"} and self._kind(2) == "letters"):
            low = self._bound()
            if low is None or self._value() != "≤" or self._kind(1) != "letters" or self._value(2) != "≤":
                return False
            letter = self._value(1)
            self.k += 3
            high = self._bound()
            return high is not None and self._add("range", (letter, low, high), start, noun)
        if self._kind() != "letters" or len(self._value()) != 1 or self._value(1) != "=":
            return False
        letter = self._value()
        self.k += 2
        bounds: list[str] = []
        dots = False
        while True:
            if self._dots():
                dots = True
            elif (bound := self._bound()) is not None:
                bounds.append(bound)
            else:
                return False
            if self._kind() == "comma" and not (dots and len(bounds) > 1 and self._value(2) in {"=", "∈"}):
                if self._ends_list(dots, bounds):
                    break
                self.k += 1
            elif not self._at_dots() and not (dots and len(bounds) == 1):
                break
        return len(bounds) > 1 and dots and self._add("range", (letter, bounds[0], bounds[-1]), start, noun)

    def _ends_list(self, dots: bool, bounds: list[str]) -> bool:
        return dots and len(bounds) > 1 and self._value(-1) not in DOTS

    def _at_dots(self) -> bool:
        return self._value() in DOTS or (self._value() == "." and self._value(1) == ".")

    def _dots(self) -> bool:
        if not self._at_dots():
            return False
        while self._value() in DOTS or self._value() == ".":
            self.k += 1
        return True

    def _bound(self) -> str | None:
        r"""Read 1, L, L - 1, n_1 or n^{[l]}."""
        if self._kind() == "number":
            self.k += 1
            return self._value(-1)
        if self._kind() != "letters" or len(self._value()) != 1:
            return None
        said = self._value()
        self.k += 1
        while self._kind() == "script":
            said += self._value()
            self.k += 1
            if self._kind() == "open":
                while self._kind() not in {"close", ""} or (self._kind(1) == "close"):
                    said += self._value()
                    self.k += 1
            said += self._value()
            self.k += 1
        if self._value() in {"-", "+"} and self._kind(1) == "number":
            said += self._value() + self._value(1)
            self.k += 2
        return said
