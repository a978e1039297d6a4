"""What the mark under a formula says when it is opened: a sentence for everybody, and the details below it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from typing import Any

#: A size with its layer, n_2 or n_{l-1}.
SIZE = re.compile(r"\bn_(?:(\w+)|\{([^{}]*)\})")
SUBSCRIPT = r"n<sub>\1\2</sub>"
#: What was done with a thing that is no claim.
DONE = {
    "shape": "The shape was worked out from the shapes of the symbols, and it is the one that is written here.",
    "definition": "This is a definition: its right side was read, and its shapes fit.",
}
EXPRESSION = "Its symbols are known, and its shapes fit."


def checked(verdicts: Sequence[Mapping[str, Any]], titles: Mapping[str, str]) -> str:
    """Return what was done with a formula that is true: one sentence, and for those who want it how."""
    sentences = dict.fromkeys(_done(v) for v in verdicts if not _is_claim(v))
    claims = [v for v in verdicts if _is_claim(v)]
    tried = [v for v in claims if not v["trivial"]]
    drawn = any(v["draws"] for v in tried)
    said = list(sentences)
    if drawn and len(tried) > 1:
        steps = f"Each of the {len(tried)} steps was tried with random numbers"
        said.insert(0, f"{steps}, and both sides agreed every time.")
    elif drawn:
        said.insert(0, "Both sides were computed with random numbers, several times, and agreed every time.")
    elif tried:
        said.insert(0, "Both sides are numbers, and were computed exactly.")
    elif claims:
        said.insert(0, "Both sides say the same in other words, so this is not counted among the claims.")
    how = list(_how(claims, titles)) if drawn else []
    more = "".join(f"<li>{line}</li>" for line in how)
    folded = f'<details class="formula-how"><summary>Details</summary><ul>{more}</ul></details>' if how else ""
    return f"<p>{' '.join(said)}</p>{folded}"


def _is_claim(verdict: Mapping[str, Any]) -> bool:
    return bool(verdict["relation"] == "claim")


def _done(verdict: Mapping[str, Any]) -> str:
    if verdict["relation"] == "value":
        return f"A number was compared: {escape(verdict['message'])}."
    return DONE.get(verdict["relation"], EXPRESSION)


def _how(claims: Sequence[Mapping[str, Any]], titles: Mapping[str, str]) -> Iterator[str]:
    """Yield a line for each step, and what the formula was taken to be about."""
    for number, verdict in enumerate(claims, 1):
        step = f"Step {number}: " if len(claims) > 1 else ""
        draws = verdict["draws"]
        if verdict["trivial"]:
            yield f"{step}the line above in other words, so it is not counted among the claims"
        elif draws:
            often = f"{draws} random draw{'s' * (draws != 1)}"
            yield f"{step}{often}, largest relative difference {_small(verdict['error'])}"
        else:
            yield f"{step}numbers, computed exactly"
    for setting, layout in dict.fromkeys((v["setting"], v["layout"]) for v in claims):
        if title := titles.get(setting, ""):
            yield f"Setting: {escape(title)}; {escape(layout)} layout"


def _small(error: float) -> str:
    if not error:
        return "0"
    mantissa, _, exponent = f"{error:.0e}".partition("e")
    return f"{mantissa} · 10<sup>{int(exponent)}</sup>".replace("-", "−")


def false(verdict: Mapping[str, Any], link: Callable[[str], str]) -> str:
    """Return why a formula is not true: the mistake with the page that explains it, the reason, the nearest one."""
    said = ""
    if verdict["slip"]:
        href = link(verdict["page"]) if verdict.get("page") else ""
        why = f' <a href="{escape(href)}">Why?</a>' if href else ""
        said = f"<p><b>The mistake:</b> {escape(verdict['slip'])}.{why}</p>"
    if verdict["verdict"] == "conditional":
        where = " and ".join(map(escape, verdict["where"]))
        said += f"<p>It would be true if {where}, but here it is not.</p>"
    else:
        message = verdict["message"]
        said += f"<p>{SIZE.sub(SUBSCRIPT, escape(_sentence(message)))}</p>"
    if verdict["nearest"]:
        said += f"<p>The nearest true formula is <code>{escape(verdict['nearest'])}</code></p>"
    return said


def _sentence(words: str) -> str:
    """Return words as a sentence; what begins with a symbol keeps its letter: da is not Da."""
    first = words.partition(" ")[0]
    start = words[:1].upper() + words[1:] if first.isalpha() and first.islower() and len(first) > 2 else words
    return start if start.endswith((".", "!", "?")) else f"{start}."
