"""All that a reader gets from one displayed formula: the same mathematics in every dress.

Everything is written from the tree that was judged.  A form that cannot be written is "", and
`Forms.missing` says why.  Sphinx is not needed here, and NumPy only where numbers are shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from checkedmath.syntax.budget import budget
from checkedmath.syntax.errors import FormulaError, TooMuch
from checkedmath.writing.chains import Writer
from checkedmath.writing.displayed import Part, SymbolView, symbols_of
from checkedmath.writing.marks import mark
from checkedmath.writing.unicode import write_unicode


@dataclass(frozen=True)
class Forms:
    r"""The forms of one formula; "" where there is none.

    ``latex``, ``forum`` and ``unicode`` are for copying, and name the layout at their end, "(numerator layout)",
    where they would not be true in the course's.  ``marked`` is the author's LaTeX with ``\htmlData`` on each
    symbol; ``shapes`` has the shape under each factor, ``numbers`` the numbers of the ``example`` (``at``: the
    values of its indices), ``rows`` examples as rows: all LaTeX; ``numbers_text`` and ``rows_text`` are the same
    as plain text.  ``numpy`` has a line for each relation.  ``words`` says the whole, ``steps`` each relation.
    """

    latex: str = ""
    forum: str = ""
    unicode: str = ""
    words: str = ""
    meaning: str = ""
    shapes: str = ""
    marked: str = ""
    numbers: str = ""
    numbers_text: str = ""
    at: str = ""
    example: str = ""
    rows: str = ""
    rows_text: str = ""
    numpy: str = ""
    symbols: tuple[SymbolView, ...] = ()
    steps: tuple[str, ...] = ()
    draws: int = 0
    error: float = 0.0
    setting: str = ""
    layout: str = ""
    missing: Mapping[str, str] = field(default_factory=dict)

    def markdown(self, link: str = "") -> str:
        """Return a reply for the forum: the formula quoted, its meaning in one line, and the link.

        The formula is forum text, which every forum shows as it is.
        """
        lines = self.forum.split("\n")
        quoted = [f"> `{lines[0]}`"] if len(lines) == 1 else ["> ```text", *(f"> {line}" for line in lines), "> ```"]
        said = self.meaning or _sentence(self.words)
        return "\n".join([*quoted, "", said, *([f"\n{link}"] if link else [])])


def _sentence(words: str) -> str:
    return words + "." if words and not words.endswith(".") else words


def forms_of(text: str, parts: Sequence[Part], meaning: str = "", *, true: bool) -> Forms:
    """Return the forms of a displayed formula from the chains that it states; what is not true has no copies.

    Without a chain, as where nothing could be read, all forms are empty but the words' place; so they are where
    writing takes too much work.
    """
    if not parts:
        return Forms(marked=text, meaning=meaning, missing={"all": "nothing was read as a formula"})
    try:
        with budget(text):
            return _forms_of(text, parts, meaning, true=true)
    except TooMuch as error:
        return Forms(marked=text, meaning=meaning, missing={"all": f"expected {error.expected}"})


def _forms_of(text: str, parts: Sequence[Part], meaning: str, *, true: bool) -> Forms:
    writer, setting = Writer(parts), parts[0].claim.setting
    found: dict[str, Any] = {"words": writer.words(), "marked": marked(text, parts)}
    if true:
        found["latex"] = writer.layout(text.strip(), latex=True)  # with the brackets and line ends of its author
    made: dict[str, Callable[[], str]] = {"shapes": writer.shapes}
    if true:
        made |= {
            "forum": writer.forum, "unicode": writer.unicode, "numbers": writer.numbers, "rows": writer.rows,
            "numpy": writer.numpy,
        }  # fmt: skip
    missing: dict[str, str] = {}
    for name, make in made.items():
        try:
            found[name] = make()
        except FormulaError as error:
            missing[name] = str(error)
    return Forms(
        **found, meaning=meaning, numbers_text=writer.numbers_text, rows_text=writer.rows_text, at=writer.at,
        symbols=tuple(symbols_of(parts)), steps=tuple(writer.steps()), setting=setting.name, example=setting.example,
        layout=parts[0].claim.layout, missing=missing,
    )  # fmt: skip


def marked(text: str, parts: Sequence[Part]) -> str:
    r"""Return the author's LaTeX with ``\htmlData`` on each symbol; as it is where nothing was read."""
    placed = [part for part in parts if len(part.reading.text) == len(text)]  # so that places agree
    return mark(text, [(part.claim.tree, part.claim.setting) for part in placed])


def plain(text: str, parts: Sequence[Part]) -> str:
    """Return a formula as Unicode text; as it is where it was not read."""
    return ", ".join(write_unicode(part.chain, part.claim.setting) for part in parts) or text


__all__ = ["Forms", "SymbolView", "forms_of", "marked", "plain"]
