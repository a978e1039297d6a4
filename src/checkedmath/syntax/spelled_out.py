r"""What typeset text says in passing, spelled out: the labels of braces, and sums with dots.

``\underbrace{X}_{Y}`` says X, and that it is Y: the label becomes a statement of its own, behind the others, and is
judged like them.  ``x_1 + x_2 + \cdots + x_n`` is a Σ where its terms are of one pattern.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_BRACE = re.compile(r"\\(?:under|over)brace\s*(?=\{)")
_WORDS = re.compile(r"(?:\\(?:text|textrm|textbf|textit|mathrm|mbox)\s*\{[^{}\\$]*\}|\s|~)+")
#: A size, n_1 × m or (n_1, m), as the label of an array.
_ONE = r"(?:\d+|\\?[a-zA-Z]+(?:[_^]\{[^{}]*\}|[_^]\w)*)"
_SIZE = re.compile(rf"\s*\(?\s*({_ONE})\s*(?:\\times|,)\s*({_ONE})\s*\)?\s*")
_RELATION = re.compile(r"\s*(?:=|:=|\\equiv|\\triangleq|\\coloneqq)(?!\w)")
_END = re.compile(r"(?:[\s.,;$]|\\\])*\Z")
_BLOCK = re.compile(r"\\end\s*\{(?:aligned|align|align\*|gather|gathered|split|eqnarray)\}")
#: Where a row ends, or the block whose last it is.
_ROW = re.compile(r"\\\\|\\end(?![a-zA-Z])")
_DOTS = re.compile(r"\+\s*(?:\\(?:cdots|dots|ldots|dotsb)(?![a-zA-Z])|\.\.\.|…|⋯)\s*\+")
_SUBSCRIPT = r"(?<=_)1(?!\d)|(?<=_\{)1(?=[a-z]?\})|(?<=_\{[a-z])1(?=\})"
_RAISED = r"(?<=\()1(?=\))|(?<=\[)1(?=\])"
#: Where the number of a term may stand: in x_1^{(1)} at one of two places, or at both.
_INDICES = tuple(map(re.compile, (rf"{_SUBSCRIPT}|{_RAISED}", _RAISED, _SUBSCRIPT)))
_FURTHER = re.compile(r"\\(?:quad|qquad|\\|text|end|begin|left|right)(?![a-zA-Z])|&")
SIGNS = "+=-<>,;&\n"
SUM_OF_DOTS = "{} + … + {} is read as Σ"


def spelled_out(text: str) -> tuple[str, tuple[str, ...]]:
    r"""Return a text with its braces and dots spelled out, and notes on sums.

    >>> print(spelled_out(r"dz = \underbrace{a - y}_{\delta}")[0])
    dz = {a - y}, \quad \delta = a - y
    """
    labels: list[str] = []
    while (brace := _BRACE.search(text)) is not None:
        body = _group(text, brace.end())
        if body is None:
            break
        end = body[1] + 1
        script = re.compile(r"\s*[_^]\s*").match(text, end)
        label = None
        if script is not None:
            label = _group(text, script.end()) or (script.end(), script.end() + 1)
            end = label[1] + (text[label[1] : label[1] + 1] == "}" and text[script.end()] == "{")
        inner = text[body[0] : body[1]]
        if label is not None:
            labels.append(_said(inner, text[label[0] : label[1]]))
        text = f"{text[: brace.start()]}{{{inner}}}{text[end:]}"
        if labels and _WORDS.fullmatch(labels[-1]) and (row := _ROW.search(text, brace.start())):
            text = f"{text[: row.start()]} && {labels.pop()} {text[row.start() :]}"
    return _with_sums(_with_labels(text, labels))


def _with_labels(text: str, labels: Sequence[str]) -> str:
    """Return a text with what its labels say behind it, in rows of its own where it has rows."""
    rows = list(_BLOCK.finditer(text))
    tail = rows[-1] if rows else _END.search(text)
    assert tail is not None
    said = "".join(f" \\\\ {label}" if rows else f", \\quad {label}" for label in labels)
    return text[: tail.start()] + said + text[tail.start() :]


def _said(body: str, label: str) -> str:
    """Return what a label says of what stands over it, as a statement."""
    if _WORDS.fullmatch(label):
        return label
    if size := _SIZE.fullmatch(label):
        return rf"{body} \in \mathbb{{R}}^{{{size[1]} \times {size[2]}}}"
    if re.match(r"\s*\\in(?![a-zA-Z])", label):
        return f"{body} {label}"
    relation = _RELATION.match(label)
    return f"{label[relation.end() if relation else 0 :].strip()} = {body}"


def _group(text: str, start: int) -> tuple[int, int] | None:
    """Return where the inside of the braces that open here begins and ends."""
    if text[start : start + 1] != "{":
        return None
    level = 0
    for n in range(start, len(text)):
        level += (text[n] == "{") - (text[n] == "}")
        if not level:
            return start + 1, n
    return None


def _with_sums(text: str) -> tuple[str, tuple[str, ...]]:
    notes: list[str] = []
    start = 0
    while (dots := _DOTS.search(text, start)) is not None:
        start = dots.end()
        terms = list(_before(text, dots.start()))
        end = _until(text, dots.end())
        found = _sum(text, [text[slice(*term)] for term in terms], text[dots.end() : end])
        if found is not None:
            count, written = found
            notes.append(SUM_OF_DOTS.format(text[slice(*terms[count - 1])].strip(), text[dots.end() : end].strip()))
            text = f"{text[: terms[count - 1][0]]} {written} {text[end:]}"
            start = 0
    return text, tuple(notes)


def _sum(text: str, terms: list[str], last: str) -> tuple[int, str] | None:
    """Return how many of the terms before dots belong to their pattern, and the Σ; None where there is no pattern.

    ``terms`` go to the left from the dots.
    """
    index = next((c for c in "ijkpqr" if not re.search(rf"[_^]\{{?\(?{c}(?![a-zA-Z])", text)), "")
    for count, indices in ((n, indices) for n in (3, 2, 1) for indices in _INDICES if index and n <= len(terms)):
        parts = indices.split(terms[count - 1])
        bare = [re.sub(r"\s+", "", part) for part in parts]
        wanted = [str(number).join(bare) for number in range(count, 0, -1)]
        if len(parts) < 2 or wanted != [re.sub(r"\s+", "", term) for term in terms[:count]]:
            continue
        pattern = re.escape(bare[0]) + r"(?P<n>\{?[^+=,\s]{1,12}?\}?)" + r"(?P=n)".join(map(re.escape, bare[1:]))
        if match := re.fullmatch(pattern, re.sub(r"\s+", "", last)):
            return count, rf"\sum_{{{index}=1}}^{{{match['n'].strip('{}')}}} {index.join(parts)}"
    return None


def _before(text: str, end: int) -> Iterator[tuple[int, int]]:
    """Yield the terms of a sum that ends here, from the right to the left; none behind a minus."""
    level, stop = 0, end
    for n in range(end - 1, -1, -1):
        c, further = text[n], _FURTHER.match(text, n)
        level += (c in ")]}") - (c in "([{")
        if level > 0 or not (level < 0 or c in SIGNS or further):
            continue
        if c != "-":
            yield (further.end() if further else n + 1), stop
        if c != "+":
            return
        stop = n
    yield 0, stop


def _until(text: str, start: int) -> int:
    """Return where the term that begins here ends."""
    level = 0
    for n in range(start, len(text)):
        c = text[n]
        level += (c in "([{") - (c in ")]}")
        if level < 0 or (not level and (c in SIGNS or _FURTHER.match(text, n))):
            return n
    return len(text)


__all__ = ["spelled_out"]
