"""What KaTeX says against a formula, with the formula and a caret, at its line of the source."""

from __future__ import annotations

from itertools import takewhile
from pathlib import Path

from docutils import nodes

from bookkit.katex.engine import Drawing


def visible(text: str) -> str:
    r"""Return a text as a terminal may be sent it: what would move its cursor or turn its lines round is a sign.

    >>> visible("dz = \x1b[2J\n")
    'dz = \ufffd[2J\n'
    """
    return "".join(sign if sign in "\n\xa0" or sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text)


def fault(drawing: Drawing) -> str:
    """Return what is wrong with a formula that could not be drawn."""
    where = "" if drawing.position is not None else " (inside a macro)"
    return f"KaTeX cannot read this formula: {drawing.error}{where}"


def with_caret(tex: str, position: int | None, indent: str = "    ") -> str:
    """Return the formula, indented, with a caret under the character at `position`."""
    if position is None:
        return indented(tex, indent)
    before = tex[:position]
    line_number, column = before.count("\n"), len(before) - (before.rfind("\n") + 1)
    lines = tex.split("\n")
    lines.insert(line_number + 1, " " * column + "^")
    return indented("\n".join(lines), indent)


def indented(text: str, indent: str = "    ") -> str:
    """Return a text with each of its lines indented."""
    return "\n".join(indent + line for line in text.split("\n"))


def source_and_line(node: nodes.Element) -> tuple[str | None, int | None]:
    """Return the source and line of `node`, or of the nearest node around it that knows."""
    around: nodes.Node | None = node
    source: str | None = None
    while around is not None:
        source = source or around.source
        if around.line is not None:
            return source, around.line
        around = around.parent
    return source, None


def first_line(node: nodes.Element, source: str, line: int | None) -> int | None:
    """Find the line on which the formula itself starts.

    A node knows the line of its opening `$$`, or of its paragraph; the formula may start below.
    """
    if line is None:
        return None
    start = node.astext().strip().split("\n")[0]
    lines = Path(source).read_text(encoding="utf-8").splitlines()[line - 1 :]
    paragraph = takewhile(str.strip, lines)
    return next((n for n, text in enumerate(paragraph, line) if start in text), line)
