r"""Update rules that count their steps, w_{t+1} = w_t - …, in the dress that is read, w := w - ….

>>> updates_dressed(r"\theta^{(t+1)} = \theta^{(t)} - \alpha \nabla_{\theta^{(t)}} J")[0]
'\\theta := \\theta - \\alpha \\nabla_{\\theta} J'
"""

from __future__ import annotations

import re

_LETTER = (
    r"(?:\\(?:mathbf|boldsymbol|bm|vec)\s*\{?\s*(?:\\[a-zA-Z]+|[A-Za-z])\s*\}?|\\[a-zA-Z]+|(?<![A-Za-z\\])[A-Za-z])"
)
_OF_A_PLACE = r"(?:\s*[\^_]\s*\{\s*[\[(]\s*\w\s*[\])]\s*\}|\s*_\s*\{?\w{1,2}\}?(?=\s*\^))?"
_WORD = r"\\(?:text|mathrm|textrm|rm)\s*\{?\s*"
#: (t+1) and (t), new and old, behind a letter.
_AFTER = rf"(?P<mark>[\^_])\s*\{{\s*\(?\s*(?P<step>[tkn])\s*\+\s*1\s*\)?\s*\}}|[\^_]\s*\{{?\s*{_WORD}new\s*\}}?\s*\}}?"
_RULE = re.compile(
    rf"^\s*(?P<letter>{_LETTER})(?P<place>{_OF_A_PLACE})\s*(?:{_AFTER})\s*&?\s*(?:=|:=|\\leftarrow|\\gets|←)"
)


def updates_dressed(text: str) -> tuple[str, tuple[str, ...]]:
    """Return a text whose statement changes a letter step by step as one that changes it, and a note on it."""
    rule = _RULE.match(text)
    if rule is None:
        return text, ()
    letter, place = rule["letter"], rule["place"]
    step = rule["step"]
    now = rf"[\^_]\s*(?:\{{\s*\(?\s*{step}\s*\)?\s*\}}|{step}(?![a-zA-Z]))"
    now = now if step else rf"[\^_]\s*(?:\{{\s*{_WORD}old\s*\}}\s*\}}|{_WORD}old\s*\}})"
    rest, count = re.subn(rf"({re.escape(letter)}{re.escape(place)})\s*{now}", r"\1", text[rule.end() :])
    if not count or (step and re.search(rf"[\^_]\s*\{{?\s*\(?\s*{step}(?![a-zA-Z])", rest)):
        return text, ()
    return f"{letter}{place} :={rest}", (f"the steps of {letter.lstrip(chr(92))} are read as :=",)


__all__ = ["updates_dressed"]
