"""The book's palette: the same quantity has the same colour in every figure and formula.

A derivative wears the colour of what it is taken by: dW has the shape of W and belongs to the same
place of the network, and so it looks like W.  Each colour comes twice, for a light and for a dark
page.  All have a contrast of at least 4.5 : 1 on either page's background, and stay apart for
readers who see fewer colours; the tests compute both.  No figure relies on colour alone.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Colour:
    """A colour as ``#rrggbb``, on a light page and on a dark one."""

    light: str
    dark: str


#: Colours by the letter of a quantity; x is a[0].
LETTERS = {
    "W": Colour("#1f4fe0", "#a6dcff"),
    "b": Colour("#33393f", "#9a9fa5"),
    "z": Colour("#117a58", "#1fe39a"),
    "a": Colour("#862b0e", "#e8843a"),
    "y": Colour("#bb1fa6", "#f080ff"),
    "g": Colour("#9c5d00", "#fff14a"),
}

#: Colours by quantity, derivatives included.
COLOURS = LETTERS | {
    "x": LETTERS["a"],
    "da": LETTERS["a"],
    "dz": LETTERS["z"],
    "dW": LETTERS["W"],
    "db": LETTERS["b"],
}


def css_variable(quantity: str) -> str:
    """Return the CSS value for the colour of a quantity: its variable, or the light colour.

    Raises `KeyError` for a quantity that has no colour.

    >>> css_variable("dW")
    'var(--quantity-W, #1f4fe0)'
    """
    colour = COLOURS[quantity]
    letter = next(letter for letter, own in LETTERS.items() if own is colour)
    return f"var(--quantity-{letter}, {colour.light})"


#: What wears a letter's colour in a formula, besides the letter, its capital and their derivatives.
_ALSO = {"a": ("x", "X", "dx", "dX", "yhat", "Yhat"), "W": ("Delta",)}


def formula_stylesheet() -> str:
    """Return the CSS that colours the symbols of formulas, where the reader has not switched it off.

    A symbol on the page has its name in ``data-symbol``, the activation its name in ``data-function``.
    """
    rules = []
    for letter in LETTERS:
        cases = sorted({letter.lower(), letter.upper()}) if letter != "b" else ["b"]
        names = [*cases, *(f"d{case}" for case in cases), *_ALSO.get(letter, ())]
        marks = [f'[data-symbol="{name}"]' for name in names] if letter != "g" else ['[data-function="g"]']
        own = f"var(--quantity-{letter})"
        rules.append(f'html:not([data-colours="off"]) :is({",".join(marks)}){{color:{own}}}')
    # A page without the theme's switch, as that of a single formula, says "system": it is as the reader's system asks.
    dark = f'@media screen and (prefers-color-scheme:dark){{html[data-theme="system"]{{{_variables("dark")}}}}}'
    return "\n".join([stylesheet(), dark, *rules, ""])


def stylesheet() -> str:
    """Return the CSS that gives each letter's variable its light and its dark value.

    >>> stylesheet().splitlines()[0][:42]
    ':root{--quantity-W:#1f4fe0;--quantity-b:#3'
    """
    # The first selector is every page; a page printed from the dark theme is printed in light.
    light, dark = _variables("light"), _variables("dark")
    return f':root{{{light}}}\n@media not print{{html[data-theme="dark"]{{{dark}}}}}'


def _variables(page: str) -> str:
    return ";".join(f"--quantity-{letter}:{getattr(own, page)}" for letter, own in LETTERS.items())
