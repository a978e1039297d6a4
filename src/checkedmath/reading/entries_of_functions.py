r"""Functions that a text defines entry by entry, s(x)_i = …: the letter s is read as the array of these entries.

>>> entries_named(r"s(x)_i = x_i^2, \frac{\partial s(x)_i}{\partial x_i} = 2 x_i")[0]
's_i = x_i^2, \\frac{\\partial s_i}{\\partial x_i} = 2 x_i'
"""

from __future__ import annotations

import re

from checkedmath.subject.general import OF_ENTRIES

_FONT = r"\\(?:mathbf|boldsymbol|bm|vec|mathrm|bf)(?![a-zA-Z])"
_GREEK = r"\\(?:sigma|phi|varphi|psi|theta|eta|mu|rho)(?![a-zA-Z])"
_LETTER = rf"(?:{_FONT}\s*(?:\{{\s*)?(?:{_GREEK}|[A-Za-zσφψθ])(?:\s*\}})?|{_GREEK}|(?<![A-Za-z\\])[A-Za-zσφψθ])"
_CALL = rf"(?P<f>{_LETTER})\s*(?:\\left|\\[bB]igg?l?)?\(\s*(?P<at>{_LETTER})\s*(?:\\right|\\[bB]igg?r?)?\)"
_CALLED = re.compile(_CALL)
#: s(x)_i = at the beginning of a statement.
_DEFINED = re.compile(
    rf"(?:^|[,;{{]|\\\\|\\quad|\\end\{{\w+\}}|\\begin\{{\w+\}}|\n)[\s&]*{_CALL}\s*_\s*\{{?\s*[a-z]\s*\}}?\s*&?\s*:?="
)
_DRESS = re.compile(rf"{_FONT}|[\s{{}}]")
#: The σ whose entries are said is not that of each entry by itself.
_SOFT = {r"\sigma": rf"\text{{{OF_ENTRIES}}}", "σ": OF_ENTRIES}


def entries_named(text: str) -> tuple[str, tuple[str, ...]]:
    """Return a text in which functions that are defined by their entries are arrays, and notes on them."""
    if ")" not in text or "_" not in text:
        return text, ()
    notes = []
    for defined in list(_DEFINED.finditer(text)):
        name, at = _bare(defined["f"]), _bare(defined["at"])
        calls = [call for call in _CALLED.finditer(text) if _bare(call["f"]) == name]
        opened = re.findall(rf"(?<![A-Za-z\\]){re.escape(name)}(?:\s*\}})?\s*(?:\\left|\\[bB]igg?l?)?\(", text)
        if any(_bare(call["at"]) != at for call in calls) or len(opened) != len(calls) or not calls:
            continue  # taken elsewhere too, it is a function
        for call in reversed(calls):
            put = f"{_SOFT[name]}({call['at']})" if name in _SOFT else call["f"]
            text = text[: call.start()] + put + text[call.end() :]
        meant = OF_ENTRIES if name in _SOFT else f"the array of its entries at {at.lstrip(chr(92))}"
        notes.append(f"{name.lstrip(chr(92))} is read as {meant}")
    return text, tuple(notes)


def _bare(letter: str) -> str:
    return _DRESS.sub("", letter)


__all__ = ["entries_named"]
