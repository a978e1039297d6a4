"""What a text declares of its free letters: x ∈ ℝ^n, x = [x_1, …, x_n], and both letters of ``for s, t > 0``."""

from __future__ import annotations

import re
from dataclasses import replace

from checkedmath.judging.free_readings import CLAIM, CONDITION, DECLARATION, Part, Text
from checkedmath.subject.setting import Shape
from checkedmath.syntax.alphabet import GREEK_WORDS
from checkedmath.syntax.errors import Unreadable
from checkedmath.syntax.tree import (
    ByIndex,
    Chain,
    Component,
    Index,
    Node,
    Number,
    RealSpace,
    Symbol,
    Transpose,
    WrittenOut,
    transform,
    walk,
)  # fmt: skip
from checkedmath.values.free_conditions import bounds_in

#: The letters before the last of ``for s, t > 0``.
FOR_LETTERS = re.compile(
    r"(?:\\text\s*\{)?\s*(?:for|if|when|with|where)\s*(?:all\s*)?\}?((?:\s*,?\s*(?:[a-zA-Zα-ω]|\\[a-z]+))+)\s*"
)


def declare(text: Text, part: Part, tree: Chain) -> None:
    """Note the shapes that x, y ∈ ℝ^n says."""
    space = tree.terms[-1]
    assert isinstance(space, RealSpace)
    sizes = tuple(_size(node) for node in (space.rows, space.columns) if node is not None)
    for term in tree.terms[:-1]:
        assert isinstance(term, Symbol)
        note_shape(text, part, term, sizes, space)


def note_shape(text: Text, part: Part, letter: Symbol, sizes: tuple[str, ...], place: Node) -> None:
    """Note a letter's shape, or the fault of a letter that is declared twice."""
    shape: Shape = () if set(sizes) <= {"1"} else sizes if len(sizes) == 2 else (*sizes, "1")
    if "" in sizes or text.declared.get(letter.name, shape) != shape:
        said = "a size that is one letter or a number" if "" in sizes else f"{letter.name} declared once"
        part.reading, part.fault = None, Unreadable(part.stated.source, place.span[0], said)
        return
    text.declared[letter.name] = shape
    part.role = DECLARATION


def of_own_entries(tree: Chain) -> tuple[Symbol, tuple[str, ...]] | None:
    """Return the letter of x = [x_1, x_2, x_3], which only says how many entries it has, and its sizes."""
    if len(tree.terms) != 2 or tree.relations[0] not in {"=", ":="} or not isinstance(tree.terms[0], Symbol):
        return None
    letter, right = tree.terms
    turned = isinstance(right, Transpose)
    right = right.operand if isinstance(right, Transpose) else right
    if isinstance(right, WrittenOut):
        rows = right.rows
        places = [(i, j, entry) for i, row in enumerate(rows, 1) for j, entry in enumerate(row, 1)]
        names = {(i, j): {str(i), f"{i},{j}", f"{i}{j}"} if len(rows[0]) == 1 else {str(j)} if len(rows) == 1
                 else {f"{i},{j}", f"{i}{j}"} for i, j, _ in places}  # fmt: skip
        own = all(isinstance(e, Component) and e.base == letter and ",".join(map(str, e.indices)) in names[i, j]
                  for i, j, e in places)  # fmt: skip
        sizes = (str(len(rows)), str(len(rows[0])))
    elif isinstance(right, ByIndex):
        indices = tuple(Index(one) for one in (right.row, right.column) if one)
        own = right.body == Component(letter, indices)
        sizes = tuple(_size(said) if said is not None else "1" for said in right.sizes)  # type: ignore[assignment]
    else:
        return None
    assert isinstance(letter, Symbol)
    return (letter, sizes[::-1] if turned else sizes) if own else None


def _size(node: Node) -> str:
    if isinstance(node, Symbol) and node.member is None and len(node.name) == 1:
        return node.name
    if isinstance(node, Number) and node.text.isdigit() and 0 < int(node.text) < 100:
        return node.text
    return ""


def letters_before_a_space(text: Text, n: int) -> None:
    """Take the x of ``x, y ∈ ℝ^n`` for declared with y, and the s of ``for s, t > 0`` for limited with t."""
    part = text.parts[n]
    after = next((p for p in text.parts[n + 1 :] if p.reading is None or p.reading.tree.relations), None)
    term = part.reading.tree.terms[0]  # type: ignore[union-attr]
    tree = after.reading.tree if after is not None and after.reading is not None else None
    limits = bounds_in(tree) if tree is not None and part.stated.lead else None
    if isinstance(term, Symbol) and tree is not None and limits is not None and len(limits) == 1:
        part.role = CONDITION
        text.conditions.append(_about(tree, term.name))
        return
    if isinstance(term, Symbol) and tree is not None and isinstance(tree.terms[-1], RealSpace):
        declare(text, part, Chain((term, tree.terms[-1]), ("∈",), span=term.span))
        return
    said = "a relation here, since the text states several things"
    part.reading, part.fault = None, Unreadable(part.stated.source, part.stated.span[0], said)


def for_letters_before(text: Text, n: int) -> list[Chain]:
    """Return the condition of ``for s, t > 0`` on s, whose letters the text's taking apart has left among the words."""
    tree, before = text.parts[n].reading.tree, text.parts[n - 1] if n else None  # type: ignore[union-attr]
    limited = {node for node in walk(tree) if isinstance(node, Symbol)}
    if before is None or before.reading is None or not before.stated.words or len(limited) != 1:
        return []
    said = before.stated.words[-1]
    match = FOR_LETTERS.fullmatch(said)
    if match is None:
        return []
    notes = tuple(note for note in before.reading.notes if not note.endswith(f": {said.strip()}"))
    before.reading = replace(before.reading, notes=notes)
    letters = re.findall(r"\\?\w+", match[1])
    return [_about(tree, GREEK_WORDS.get(letter.lstrip("\\"), letter)) for letter in letters]


def _about(condition: Chain, letter: str) -> Chain:
    """Return a condition on one letter as one on another."""
    return transform(  # type: ignore[return-value]
        condition, lambda node: replace(node, name=letter) if isinstance(node, Symbol) else node
    )


def limits_a_letter(text: Text, n: int) -> bool:
    """Whether this is t > 0 behind a claim of its line: one letter beside numbers."""
    part, before = text.parts[n], text.parts[:n]
    bounds = bounds_in(part.reading.tree)  # type: ignore[union-attr]
    if bounds is None or len(bounds) != 1:
        return False
    between = part.stated.source[before[-1].stated.span[1] : part.stated.span[0]] if before else "\n"
    same_line = "\n" not in between and "\\\\" not in between
    return same_line and any(p.role == CLAIM and p.reading and p.reading.tree.relations for p in before)


__all__ = ["declare", "for_letters_before", "letters_before_a_space", "limits_a_letter", "note_shape", "of_own_entries"]
