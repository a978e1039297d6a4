"""What can go wrong with a formula: it cannot be read, or its shapes do not fit."""

from __future__ import annotations

from typing import Protocol

#: Control characters as signs, ␛ for the one that begins a command to a terminal; what turns text round as one, too.
_VISIBLE = {
    **{code: 0x2400 + code for code in range(0x20) if chr(code) != "\n"}, 0x7F: 0x2421,
    **dict.fromkeys([*range(0x80, 0xA0), 0x061C, 0x200E, 0x200F, 0x2028, 0x2029, *range(0x202A, 0x202F),
                     *range(0x2066, 0x206A)], 0xFFFD),
}  # fmt: skip


def visible(text: str) -> str:
    r"""Return a text as a terminal may be sent it: its control characters seen and not obeyed, each in its place.

    >>> visible("dz = \x1b[2J")
    'dz = ␛[2J'
    """
    return text.translate(_VISIBLE)


def pointed(text: str, span: tuple[int, int] | None) -> str:
    """Return the text with a line of carets under a stretch of one of its lines."""
    if span is None or span[0] >= len(text):
        return text
    first = text.rfind("\n", 0, span[0]) + 1
    last = text.find("\n", first) if "\n" in text[first:] else len(text)
    start, end = span[0], min(max(span[1], span[0] + 1), len(text))
    if end > last or end - start >= len(text[first:last].strip()):
        return text
    return f"{text[:last]}\n{' ' * (start - first)}{'^' * (end - start)}{text[last:]}"


class Placed(Protocol):
    """What has a place in the source: a node of a tree."""

    @property
    def span(self) -> tuple[int, int]:
        """Where it begins and ends."""


class FormulaError(Exception):
    """The base of the errors about a formula."""


class Unreadable(FormulaError):
    """A text that is no formula of the setting: place, what was expected, nearest known symbol.

    >>> print(Unreadable("dz[1] = Q", 8, "a symbol of two-layer", nearest="g"))
    dz[1] = Q
            ^ expected a symbol of two-layer; did you mean g?
    """

    def __init__(self, text: str, position: int, expected: str, nearest: str = "") -> None:
        self.text, self.position, self.expected, self.nearest = text, position, expected, nearest
        super().__init__(text, position, expected, nearest)

    @property
    def caret(self) -> str:
        """The line of the text with the fault, and a caret under its place."""
        position = min(self.position, len(self.text))
        start = self.text.rfind("\n", 0, position) + 1
        end = self.text.find("\n", start)
        line = self.text[start : end if end >= 0 else len(self.text)].replace("\t", " ")
        column = position - start
        first = max(0, column - 60)
        shown = ("…" if first else "") + line[first : column + 40]
        return f"{shown}\n{' ' * (column - first + bool(first))}^"

    def __str__(self) -> str:
        hint = f"; did you mean {self.nearest}?" if self.nearest else ""
        return f"{self.caret} expected {self.expected}{hint}"


class Refused(Unreadable):
    """A text that is well formed, but outside what is ever read (Python calls, second derivatives)."""


class Remarked(Unreadable):
    """A formula beside words or a comment that may say something else than it: it is in no style what it looks like."""


class Disagreement(FormulaError, ArithmeticError):
    """A derivative whose value by the complex step is not the one by central differences.

    The function is not analytic (abs, norm), or stands at a kink: then nothing is known of the derivative, and
    a formula about it is neither true nor false.
    """


class TooMuch(Unreadable):
    """A text that costs more than is spent on one; ``code`` says in which respect."""

    code = "too-much-work"


class TooLong(TooMuch):
    """A text with more characters, signs or lines than are read."""

    code = "too-long"


class TooDeep(TooMuch):
    """A text with more levels, one inside the other, than are read."""

    code = "too-deep"


class ShapeError(FormulaError):
    """Shapes that do not fit, said in symbols, at a node of the tree."""

    def __init__(self, message: str, node: Placed) -> None:
        self.message, self.node = message, node
        super().__init__(message)

    @property
    def span(self) -> tuple[int, int]:
        """Where in the source the shapes clash."""
        return self.node.span

    def __str__(self) -> str:
        return self.message


class Unplaced(ShapeError):
    """A formula that says too little to be judged: a layer is missing, or g is taken at nothing.  It is not false."""
