"""Conditions in sentences: which formulas of a paragraph stand under ``if $z > 0$``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from docutils import nodes

from checkedmath.syntax.errors import Unreadable
from checkedmath.syntax.lexemes import lexemes
from checkedmath.syntax.remarks import CONDITIONS
from checkedmath.values.compare import INEQUALITIES

NEGATION = re.compile(
    r"\b(not|unless|except(?:\s+(?:if|when|for))?|only\s+(?:if|when|for)|never|without)\s+$", re.IGNORECASE,
)  # fmt: skip
WORD, END = re.compile(r"([A-Za-z]+)\s*$"), re.compile(r"[.!?]\s")


def conditions_of(formulas: Sequence[nodes.Element]) -> dict[nodes.Element, list[str]]:
    """Return the conditions that each formula of a page stands under, in the order of the page.

    One that follows a formula in its sentence is said of that ("is 1 if …, and 0 if …"), back to the condition before
    it.  Any other is said of all that comes, up to the next one or the end of its paragraph or list item.
    """
    found: dict[nodes.Element, list[str]] = {}
    for _, group in groupby(formulas, key=lambda node: id(holder_of(node))):
        before: list[nodes.Element] = []  # the formulas of this sentence since its last condition
        leading = ""
        for node in group:
            before = [] if END.search(_text_before(node)) else before
            if not lead_of(node):
                before.append(node)
                found.setdefault(node, []).extend([leading] if leading else [])
            elif before:
                for one in before:
                    found[one].append(node.astext())
                before = []
            else:
                leading = node.astext()
    return found


def negation_of(node: nodes.Node) -> str:
    """Return the words before a formula that turn round what it says: unless, not, only if; else nothing."""
    word = NEGATION.search(_text_before(node)) if isinstance(node, nodes.math) else None
    return word[1].lower() if word else ""


def lead_of(node: nodes.Node) -> str:
    """Return the word before an inequality in a sentence that makes it a condition, if or where; else nothing."""
    word = WORD.search(_text_before(node)) if isinstance(node, nodes.math) else None
    if word is None or word[1].lower() not in CONDITIONS:
        return ""
    try:
        limits = any(item.kind == "relation" and item.value in INEQUALITIES for item in lexemes(node.astext()))
    except Unreadable:  # it is reported where it stands
        return ""
    return word[1].lower() if limits else ""


def _text_before(node: nodes.Node) -> str:
    at = node.parent.index(node)
    before = node.parent[at - 1] if at else None
    return before.astext() if isinstance(before, nodes.Text) else ""


def holder_of(node: nodes.Node) -> nodes.Element:
    """Return the paragraph or list item in which an assumption holds."""
    while isinstance(node.parent, nodes.TextElement):  # out of emphasis, links …
        node = node.parent
    found = node.parent if isinstance(node.parent, nodes.list_item) else node
    assert isinstance(found, nodes.Element)
    return found
