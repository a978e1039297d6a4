"""What a page gives to the search: itself, its sections and its folds, each with a title, an anchor and plain text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from docutils import nodes

#: From what comes first to what comes last; `static/finder/find.js` weighs them. The second is for what others add.
FIRST, SECOND, SECTION, PAGE = range(4)


@dataclass(frozen=True)
class Entry:
    """One place that can be found: its text begins with the line that a result shows, up to the first line end.

    ``kind`` is what a result calls it, such as "Question"; a section or a page goes without.
    """

    rank: int
    kind: str
    page: str
    anchor: str
    title: str
    text: str


def entries_of(
    doctree: nodes.document, page: str, description: str, first: str, text_of: Callable[[nodes.Node], str]
) -> list[Entry]:
    """Return the entries of a page; ``first`` is what its labelled sections are called if they come before others."""
    found: list[Entry] = []
    said = _said_by_rows(doctree, text_of)
    for section in doctree.findall(nodes.section):
        title = next(iter(section.findall(nodes.title)), None)
        if title is None:
            continue
        name, lines = text_of(title), list(_lines(section, text_of))
        if not found:
            found.append(Entry(PAGE, "", page, "", name, "\n".join([description, *lines]).strip()))
            continue
        label = _label(section, doctree)
        leaf = label and not any(_label(s, doctree) for s in section.findall(nodes.section) if s is not section)
        rank, kind = (FIRST, first) if first and leaf else (SECTION, "")
        lines += [said[anchor] for anchor in section["ids"] if anchor in said]
        found.append(Entry(rank, kind, page, label or section["ids"][0], name, "\n".join(lines)))
    found += [Entry(SECTION, "", page, _label(fold, doctree), *_said_by_fold(fold, text_of))
              for fold in doctree.findall(nodes.container) if _is_fold(fold) and _label(fold, doctree)]  # fmt: skip
    return found


def _is_fold(node: nodes.container) -> bool:
    """Whether a node is a fold with a title (sphinx-design's dropdown); with an anchor it is a place like a section."""
    return node.get("design_component") == "dropdown" and isinstance(next(iter(node.children), None), nodes.rubric)


def _said_by_fold(fold: nodes.container, text_of: Callable[[nodes.Node], str]) -> tuple[str, str]:
    """Return the title of a fold and its lines."""
    title, *lines = _lines(fold, text_of)
    return title, "\n".join(lines)


def _label(section: nodes.Element, doctree: nodes.document) -> str:
    """Return the anchor that the author gave to a section or a fold, or nothing."""
    return next((doctree.nameids[name] for name in section["names"] if doctree.nametypes.get(name)), "") or ""


def _lines(node: nodes.Element, text_of: Callable[[nodes.Node], str]) -> Iterator[str]:
    """Yield the paragraphs below a node, each in one line; not its title, code, or the sections within it."""
    for child in node.children:
        if isinstance(child, nodes.row):
            yield _cells(child, text_of)
        elif isinstance(child, nodes.paragraph | nodes.term | nodes.math_block | nodes.caption | nodes.rubric):
            if text := " ".join(text_of(child).split()):
                yield text
        elif isinstance(child, nodes.Element) and not isinstance(child, nodes.section | nodes.title):
            yield from _lines(child, text_of)


def _said_by_rows(doctree: nodes.document, text_of: Callable[[nodes.Node], str]) -> dict[str, str]:
    """Return by anchor what the rows of tables say that lead there: a table of causes is a list of other titles."""
    said: dict[str, str] = {}
    for row in doctree.findall(nodes.row):
        for link in row.findall(lambda node: isinstance(node, nodes.Element) and "refid" in node):
            assert isinstance(link, nodes.Element)
            anchor = link["refid"]
            said[anchor] = f"{said.get(anchor, '')} {_cells(row, text_of)}".strip()
    return said


def _cells(row: nodes.row, text_of: Callable[[nodes.Node], str]) -> str:
    return " · ".join(" ".join(text_of(cell).split()) for cell in row.findall(nodes.entry))
