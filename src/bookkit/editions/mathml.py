r"""MathML with letters that every reader shows.

KaTeX writes ``\mathcal{L}`` as an L with ``mathvariant="script"``.  Of that attribute MathML Core, which is what
reading systems have, knows the value ``normal`` alone: the loss would be set as any L.  Unicode has the letter.
"""

from __future__ import annotations

import re
from contextlib import suppress
from unicodedata import lookup, name

VARIANT = re.compile(r'(<m[a-z]+\b[^<>]*?) mathvariant="(?!normal")([a-z-]+)"([^<>]*)>([^<]*)')


def plain_letters(mathml: str) -> str:
    """Return MathML with the letters of Unicode in place of variants.

    >>> plain_letters('<mi mathvariant="script">L</mi><mi mathvariant="double-struck">R</mi>')
    '<mi>ℒ</mi><mi>ℝ</mi>'
    >>> plain_letters('<mn mathvariant="bold">1</mn><mi mathvariant="normal">tr</mi>')
    '<mn>𝟏</mn><mi mathvariant="normal">tr</mi>'
    """

    def written(match: re.Match[str]) -> str:
        before, variant, after, text = match.groups()
        letters = [_letter(sign, variant) for sign in text]
        if "" in letters:  # such as a sign that has no bold: then the attribute says what it can
            return match[0]
        return f"{before}{after}>{''.join(letters)}"

    return VARIANT.sub(written, mathml)


def _letter(sign: str, variant: str) -> str:
    """Return a letter or digit in one of the alphabets of mathematics, "" where that has none.

    The letters that Unicode had before it had the alphabets are missing there, and have a shorter name.
    """
    alphabet = variant.upper().replace("-", " ").replace("DOUBLE ", "DOUBLE-").replace("SANS ", "SANS-")
    plain = re.sub(r"^(?:LATIN|GREEK) | LETTER", "", name(sign, ""))
    earlier = alphabet.replace("FRAKTUR", "BLACK-LETTER")
    for called in (f"MATHEMATICAL {alphabet} {plain}", f"{earlier} {plain}"):
        with suppress(KeyError):
            return lookup(called)
    return ""
