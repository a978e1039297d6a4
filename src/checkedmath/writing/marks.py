r"""Marks on the symbols of a formula as its author wrote it: ``\htmlData`` around every symbol.

KaTeX carries the marks onto the page, where they give a symbol its colour and say what it is.  The
places come from the tree, so that the author's own brackets, spaces and line ends stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from checkedmath.subject.setting import Setting
from checkedmath.syntax.tree import Apply, Component, Evaluated, Node, Span, Symbol, walk
from checkedmath.writing.latex import symbol_data

#: What may stand between a function's name and its argument.
_OPENING = re.compile(r"(?:\\(?:left|bigl?|Bigl?|biggl?|Biggl?|!|,)|[({\[\s])+$")
_NAME = re.compile(r"[A-Za-z]\w*")
#: A letter, digit or script sign right before a symbol: there the mark must be one group.
_TIGHT = re.compile(r"[\w^]$")


def mark(source: str, trees: Iterable[tuple[Node, Setting]]) -> str:
    r"""Return the LaTeX with every known symbol within ``\htmlData``.

    The trees' spans are places in ``source``.  A symbol whose place is no whole piece of LaTeX stays
    without a mark.
    """
    found: dict[Span, str] = {}
    for tree, setting in trees:
        for span, data in _places(source, tree, setting):
            found.setdefault(span, data)
    out, end = [], 0
    for (start, stop), data in sorted(found.items()):
        if start < end:
            continue
        out.append(source[end:start])
        marked = rf"\htmlData{{{data}}}{{{source[start:stop]}}}"
        out.append(f"{{{marked}}}" if _TIGHT.search(source[:start]) else marked)
        end = stop
    return "".join(out) + source[end:]


def _places(source: str, tree: Node, setting: Setting) -> Iterator[tuple[Span, str]]:
    # An entry z_k is one piece: a mark around z alone would push the k from below the layer's number.
    entries = {id(n.base): n.span for n in walk(tree) if isinstance(n, Component)}
    for node in walk(tree):
        span = _span(source, node, setting)
        if span is not None and id(node) in entries and entries[id(node)][0] == span[0]:
            span = entries[id(node)]
        if span is not None and _whole(source[slice(*span)]):
            yield span, ", ".join(f"{name}={value}" for name, value in symbol_data(node).items())


def _span(source: str, node: Node, setting: Setting) -> Span | None:
    if isinstance(node, Symbol):
        return node.span if node.name in setting.quantities and _NAME.fullmatch(node.name) else None
    if not isinstance(node, Apply | Evaluated) or node.name not in setting.functions:
        return None
    if isinstance(node, Evaluated):
        return node.span
    start, stop = node.span[0], node.argument.span[0]
    return (start, start + len(_OPENING.sub("", source[start:stop]))) if start < stop else None


def _whole(piece: str) -> bool:
    """Whether the piece is not empty, stands on one line and has its brackets in pairs."""
    if not piece.strip() or "&" in piece or r"\\" in piece or piece[-1] in r"^_\\" or piece[0] in "^_}":
        return False
    depth = 0
    for sign in re.sub(r"\\[{}]", "", piece):
        depth += (sign == "{") - (sign == "}")
        if depth < 0:
            return False
    return depth == 0 and piece.count(r"\left") == piece.count(r"\right")
