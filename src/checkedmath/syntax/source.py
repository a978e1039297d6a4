r"""A text taken apart once: statements, their lines and cells, reasons, remarks and words, each with its place.

A display, a formula in a sentence and a line of forum text all pass here, and nothing else takes LaTeX
apart.  Nothing is dropped: every character belongs to a statement's mathematics, to the reason of its line,
to a remark that was understood, to words that are kept as words, or to the layout that joins them
(``&``, ``\\``, a comma between statements).  A text in which something has no such place is `Unreadable`.
What the mathematics means is no question here; `checkedmath.reading` asks it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from checkedmath.syntax.errors import Refused, Unreadable
from checkedmath.syntax.lexemes import Lexeme, lexemes
from checkedmath.syntax.remarks import (
    CONDITIONS,
    FOLLOWING,
    LEADS,
    LINKS,
    PREMISE,
    Remark,
    only_words,
    read_remarks,
    words_within,
)  # fmt: skip
from checkedmath.syntax.tree import Span

#: Environments whose lines are lines of mathematics; any other is a formula's own (cases) or not read.
LINES = {"aligned", "align", "align*", "split", "gathered", "gather", "gather*", "equation", "equation*",
         "eqnarray", "eqnarray*", "multline", "multline*"}
#: What a line that goes on with the one above begins with, beside a relation.
GOES_ON = set("+-*/·×⊙⊗")
#: Words that end a formula: what comes after them is a remark, a condition, or words.
BREAKS = CONDITIONS | FOLLOWING | {"every", "each", "and", "let"}
#: The sign between what is given and what follows from it; → where it stands between two formulas.
IMPLIES, ARROW = "⇒", "→"
_NEWLINE = re.compile(r"\\newline\b")
_BOXED = re.compile(r"\\f?boxed?\s*\{")
#: What shows nothing.
NOTHING = {"space", "newline", "unseen", "gap"}
#: What parts statements, or only gives them their look.
PARTS = {*NOTHING, "comma", "font"}
#: Signs that may stand among the words of a reason or a remark: none of them says anything.
PUNCTUATION = set(",.:;?!'’()\"“” \n\t")


@dataclass(frozen=True)
class Reason:
    """Why a step is right: ``text`` as it was written, ``formulas`` the places of mathematics among its words."""

    span: Span
    text: str
    formulas: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Line:
    """One line of a statement: the places of its cells, its reason, and whether it begins with a sign that goes on.

    ``indented``: its first cell is empty.
    """

    cells: tuple[Span, ...]
    reason: Reason | None = None
    goes_on: bool = False
    indented: bool = False


@dataclass(frozen=True)
class Statement:
    """One thing that a text states: its lines, remarks and words.

    ``lead`` is the word before it (``if``, ``for`` …) that makes it a condition, or "".  ``relations`` are the signs
    of relation that stand in no bracket, in order, and ``within`` is the number of those in brackets and scripts.
    Without lines a text says remarks alone, such as ``l = 1, …, L``.
    """

    source: str
    lines: tuple[Line, ...]
    remarks: tuple[Remark, ...] = ()
    words: tuple[str, ...] = ()
    lead: str = ""
    relations: tuple[Lexeme, ...] = ()
    within: int = 0

    @property
    def span(self) -> Span:
        """From the first character of its mathematics to the last."""
        cells = [cell for line in self.lines for cell in line.cells]
        return cells[0][0], cells[-1][1]

    @property
    def text(self) -> str:
        """The source with all but this statement's mathematics as spaces, so that places stay."""
        out = _blank(self.source)
        for start, end in (cell for line in self.lines for cell in line.cells):
            out = out[:start] + self.source[start:end] + out[end:]
        return out

    @property
    def reasons(self) -> tuple[str, ...]:
        """The reason of each line, "" where there is none; empty if no line has one."""
        found = tuple(line.reason.text if line.reason else "" for line in self.lines)
        return found if any(found) else ()


@dataclass(frozen=True)
class Source:
    """A text and what it states; ``remarks`` and ``words`` are said of all of it."""

    text: str
    statements: tuple[Statement, ...]
    aligned: bool = False  # stood in an environment of lines


@lru_cache(maxsize=4)
def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


def take_apart(text: str) -> Source:
    r"""Return the statements of a text in LaTeX, forum text or Unicode, with everything that stands around them.

    Raises `Unreadable` for what has no place: a relation or a sign among words, a line that is no line,
    mathematics outside its environment; `Refused` for environments that are never read.

    >>> source = take_apart(r"\begin{aligned} a &= b && \text{why} \\ &= c \end{aligned}")
    >>> [(line.reason.text if line.reason else "") for line in source.statements[0].lines]
    ['why', '']
    >>> [remark.kind for remark in take_apart("d(x'Ax)/dx = 2Ax, A symmetric").statements[0].remarks]
    ['symmetric']
    """
    text = _NEWLINE.sub(lambda match: "\\\\".ljust(len(match[0])), _unboxed(text))
    found = list(lexemes(text))
    inside, beside, aligned = _inside(text, found)
    statements: list[Statement] = []
    all_indented: bool | None = None
    for row in _rows(text, inside, aligned):
        line = _line(text, row)
        if line is None:
            continue
        parts = _parts(text, line, row)
        all_indented = line.indented if all_indented is None else all_indented and line.indented
        goes_on = line.goes_on or (line.indented and not all_indented)  # in lines that all begin with & it says nothing
        if statements and goes_on and parts and parts[0].lines:
            parts[0] = _joined(statements.pop(), parts[0])
        statements += parts
    statements = [replace(one, remarks=one.remarks + beside) for one in statements]
    return Source(text, tuple(statements), aligned)


def _unboxed(text: str) -> str:
    r"""Return a text with blanks for each \boxed and its braces, which only draw a line round a formula."""
    for match in reversed(list(_BOXED.finditer(text))):
        depth, end = 0, match.end() - 1
        for end in range(match.end() - 1, len(text)):
            depth += (text[end] == "{") - (text[end] == "}")
            if not depth:
                break
        if not depth:
            text = text[: match.start()] + " " * len(match[0]) + text[match.end() : end] + " " + text[end + 1 :]
    return text


def _joined(above: Statement, below: Statement) -> Statement:
    return replace(
        above, lines=above.lines + below.lines, remarks=above.remarks + below.remarks, words=above.words + below.words,
        relations=above.relations + below.relations, within=above.within + below.within,
    )  # fmt: skip


def _inside(text: str, found: list[Lexeme]) -> tuple[list[Lexeme], tuple[Remark, ...], bool]:
    """Return what stands within the environment of lines, or all where there is none, and remarks beside it."""
    outer = [n for n, item in enumerate(found) if item.kind in {"begin", "end"} and item.value in LINES]
    if not outer:
        return found, (), False
    first, last = outer[0], outer[-1]
    if len(outer) != 2 or found[first].kind != "begin" or found[first].value != found[last].value:
        inner = found[outer[1]] if len(outer) > 1 else found[first]
        raise Refused(text, inner.start, "one aligned block, that ends as it begins")
    outside = [*found[:first], *found[last + 1 :]]
    beside = read_remarks(outside, text)
    if beside is None:
        at = next(item for item in outside if item.kind not in {*NOTHING, "comma"})
        raise Unreadable(text, at.start, "nothing but a remark before or after the aligned block")
    return found[first + 1 : last], beside, True


def _rows(text: str, found: Sequence[Lexeme], aligned: bool) -> Iterator[list[Lexeme]]:
    r"""Yield the lines: parted by \\, or by line ends in plain text."""
    plain = not aligned and "\\" not in text and "&" not in text
    row: list[Lexeme] = []
    depth = 0
    for item in found:
        depth += (item.kind == "open") - (item.kind == "close") + (item.kind == "begin") - (item.kind == "end")
        if depth <= 0 and (item.kind == "row" or (plain and item.kind == "newline")):
            yield row
            row = []
        elif item.kind == "row" and not _within_cases(row):
            raise Unreadable(text, item.start, "a closing bracket before the line ends")
        else:
            row.append(item)
    yield row


def _within_cases(row: Sequence[Lexeme]) -> bool:
    return sum((item.kind == "begin") - (item.kind == "end") for item in row) > 0


def _line(text: str, row: list[Lexeme]) -> Line | None:
    """Return the line of these lexemes, None where nothing stands in it."""
    cells: list[list[Lexeme]] = [[]]
    depth = 0
    for item in row:
        depth += (item.kind in {"open", "begin"}) - (item.kind in {"close", "end"})
        if item.kind == "cell" and depth <= 0:
            cells.append([])
        elif item.kind not in NOTHING or cells[-1]:
            cells[-1].append(item)
    for cell in cells:
        while cell and cell[-1].kind in NOTHING:
            cell.pop()
    if not any(cells):
        return None
    empty = next((n for n, cell in enumerate(cells) if n and not cell), len(cells))
    reason = _reason(text, [item for cell in cells[empty:] for item in cell])
    mathematics = [cell for cell in cells[:empty] if cell]
    if not mathematics:
        assert reason is not None
        raise Unreadable(text, reason.span[0], "a step before its reason")
    spans = tuple((cell[0].start, cell[-1].end) for cell in mathematics)
    sign = _first(mathematics[0])
    relations = any(item.kind == "relation" for cell in mathematics for item in cell)
    related = sign.kind == "relation" and sign.value != IMPLIES
    goes_on = related or (sign.value in GOES_ON and not relations)
    return Line(spans, reason, goes_on, not cells[0])


def _first(cell: list[Lexeme]) -> Lexeme:
    """Return the first lexeme that is seen: {} before a sign only gives it its space."""
    seen = [item for item in cell if item.kind not in {*NOTHING, "font"}]
    while len(seen) > 2 and seen[0].value == "{" and seen[1].value == "}":
        seen = seen[2:]
    return seen[0] if seen else cell[0]


def _reason(text: str, items: list[Lexeme]) -> Reason | None:
    """Return the reason of a line.  Its words are words; mathematics among them is a formula of its own."""
    if not items:
        return None
    span = (items[0].start, items[-1].end)
    formulas: list[Span] = []
    piece: list[Lexeme] = []

    def end_piece() -> None:
        if piece:
            if _first(piece).kind == "relation" or _first(piece).value in GOES_ON:
                raise Unreadable(text, piece[0].start, r"words in the reason (\text{…}), or a whole formula")
            formulas.append((piece[0].start, piece[-1].end))
            piece.clear()

    for item in items:
        if item.kind == "words":
            end_piece()
            formulas += words_of(text, item)
        elif item.kind != "gap" and not (item.kind == "comma" and not piece):
            piece.append(item)
    end_piece()
    said = text[slice(*span)]
    only = items[0] if len(items) == 1 and items[0].kind == "words" else None
    plain = only is not None and not formulas
    return Reason(span, said[said.index("{") + 1 : -1].strip() if plain else said.strip(), tuple(formulas))


def words_of(text: str, item: Lexeme) -> list[Span]:
    r"""Return the places of $…$ in a \text{…} whose other characters are letters, digits and punctuation.

    Raises `Unreadable` for a sign that says something, such as + or =: mathematics among words stands in $…$.
    """
    start, end = text.index("{", item.start) + 1, item.end - 1
    formulas: list[Span] = []
    k = start
    while k < end:
        c = text[k]
        if c == "$":
            close = text.find("$", k + 1, end)
            if close < 0:
                raise Unreadable(text, k, "a closing $")
            formulas.append((k + 1, close))
            k = close
        elif c in "{}" or (c == "-" and text[k - 1 : k].isalpha() and text[k + 1 : k + 2].isalpha()):
            pass  # a group, or a word with a hyphen
        elif not (c.isalnum() or c in PUNCTUATION):
            raise Unreadable(text, k, "words: a sign of mathematics among them is written in $…$")
        k += 1
    return formulas


def _parts(text: str, line: Line, row: list[Lexeme]) -> list[Statement]:
    """Return the statements of one line: what stands between commas, gaps and leading words, with the remarks."""
    items = [item for item in row if any(start <= item.start < end for start, end in line.cells)]
    breaks = [*sorted(set(_breaks(text, items))), len(items)]
    breaks = [n for n, m in zip(breaks, [*breaks[1:], len(items)], strict=True) if n == m or _parts_here(items[n:m])]
    statements: list[Statement] = []
    before: tuple[Remark, ...] = ()  # what leads the line
    n, start = 0, 0
    while start < len(items):
        # What is a remark is decided from the longest stretch down: "l = 1, …, L" has commas of its own.
        taken = next((m for m in range(len(breaks) - 1, n, -1) if _remarks(text, items[start : breaks[m]])), None)
        if taken is not None and (start == 0 or start in breaks):
            found = _remarks(text, items[start : breaks[taken]]) or ()
            if statements:
                _say(statements, found, ())
            else:
                before += found
            start, n = breaks[taken], taken
            continue
        saying = next((n for n in range(start, len(items)) if _says(items[n])), len(items))
        end = next((place for place in breaks if place > saying), len(items))
        piece = items[start:end]
        if statements and _is_words(text, piece):
            _say(statements, (), (text[piece[0].start : piece[-1].end].strip(" ,;."),))
        else:
            if statements and piece[0].value in {IMPLIES, ARROW}:
                statements[-1] = replace(statements[-1], lead=f"{statements[-1].lead} {PREMISE}".strip())
            statements.append(_statement(text, line, piece, first=not statements))
            _say(statements, before, ())
            before = ()
        start, n = end, breaks.index(end)
    if before and statements:
        _say(statements, before, ())
    elif before:
        statements.append(Statement(text, (), before))
    return statements


def _breaks(text: str, items: Sequence[Lexeme]) -> Iterator[int]:
    """Yield the places where a further statement, a remark or words may begin."""
    depth, choices = 0, _choices(items)
    for n, item in enumerate(items):
        before = next((i for i in reversed(items[:n]) if i.kind not in {"space", "newline", "unseen"}), None)
        after = items[n + 1] if n + 1 < len(items) else None
        parts = item.kind in {"comma", "gap", "comment"} or item.value == "∀" or _ends_lead(items, n)
        if depth <= 0 and n and (parts or (item.kind == "relation" and _implies(items, n))):
            yield n
        elif depth <= 0 and item.kind == "letters" and item.value.lower() in BREAKS and n not in choices:
            glued = before is not None and before.value == "." and before.end == item.start
            named = before is not None and (before.kind == "script" or glued)
            if not named and not (after is not None and after.kind == "open"):
                yield n
        elif depth <= 0 and item.kind == "words" and (before is None or before.kind != "script"):
            inner = item.value.lower().split()
            if inner and inner[-1].strip(".,:") in FOLLOWING and n + 1 < len(items):
                yield n + 1
            led = inner and (inner[0].strip(".,:") in LEADS | LINKS or inner[0].startswith("("))
            if len(inner) > 1 or led:
                yield n
        elif depth == 0 and item.kind == "open" and n and read_remarks(items[n + 1 : _close(items, n)], text, led=True):
            yield n
        depth += (item.kind in {"open", "begin"}) - (item.kind in {"close", "end"})


def _implies(items: Sequence[Lexeme], n: int) -> bool:
    """Whether ⇒ stands here, or → between two formulas; in w → w - 1 it stands in one."""
    sides = items[:n], items[n + 1 :]
    return items[n].value == IMPLIES or (
        items[n].value == ARROW and all(any(i.kind == "relation" and i.value != ARROW for i in s) for s in sides)
    )


def _ends_lead(items: Sequence[Lexeme], n: int) -> bool:
    """Whether a colon ends what is given here: ``for x ∈ ℝ^n: …``."""
    spaced = n + 1 < len(items) and items[n + 1].kind in {"space", "newline", "gap"} and items[n - 1].kind != "space"
    return items[n].value == ":" and n > 0 and spaced


def _choices(items: Sequence[Lexeme]) -> dict[int, int]:
    """Return for each "if" of a value by cases, x if x > 0 else 0, where its "else" stands."""
    opened: list[int] = []
    found: dict[int, int] = {}
    for n, item in enumerate(items):
        if item.kind == "letters" and item.value == "if":
            opened.append(n)
        elif item.kind == "letters" and item.value == "else" and opened:
            found[opened.pop()] = n
    return found


def _parts_here(piece: Sequence[Lexeme]) -> bool:
    """Whether a further statement begins here: a gap before what states nothing is a space in a product."""
    return piece[0].kind != "gap" or any(item.kind in {"relation", "comma", "comment"} for item in piece)


def _close(items: Sequence[Lexeme], n: int) -> int:
    """Return where the bracket that opens here closes, or 0."""
    depth = 0
    for k in range(n, len(items)):
        depth += (items[k].kind == "open") - (items[k].kind == "close")
        if not depth:
            return k
    return 0


def _remarks(text: str, items: Sequence[Lexeme]) -> tuple[Remark, ...] | None:
    """Return the remarks that these are, or None; commas alone are none."""
    return read_remarks(items, text) or None


def _says(item: Lexeme) -> bool:
    """Whether this is more than what parts statements."""
    return item.kind not in PARTS and not _leads(item)


def _leads(item: Lexeme) -> bool:
    return (item.kind == "letters" and item.value.lower() in LEADS | FOLLOWING) or item.value == IMPLIES


def _is_words(text: str, piece: Sequence[Lexeme]) -> bool:
    """Whether a piece that a comma, a bracket or a leading word begins is words made of letters only."""
    rest = [item for item in piece if item.kind not in {"comma", "gap", "space", "newline", "unseen"}]
    if not rest or rest[0].kind == "comment":
        return True
    return (_leads(rest[0]) or rest[0].kind == "words") and only_words(rest, text)


def _say(statements: list[Statement], remarks: tuple[Remark, ...], words: tuple[str, ...]) -> None:
    """Add remarks and words to the statement before them."""
    last = statements[-1]
    statements[-1] = replace(last, remarks=last.remarks + remarks, words=last.words + tuple(filter(None, words)))


def _statement(text: str, line: Line, piece: list[Lexeme], *, first: bool) -> Statement:
    """Return the statement of a piece: what parts it from the one before is taken off, a lead is kept."""
    lead: list[str] = []
    while piece:
        item = piece[0]
        inner = [i.value.lower() for i in words_within(item, text)] if item.kind == "words" else [item.value.lower()]
        leads = {*LEADS, *LINKS, ".", ",", ":"} if item.kind == "words" else LEADS | FOLLOWING
        if item.kind in {"letters", "words"} and all(word in leads or not word.strip() for word in inner):
            lead += [word for word in inner if word.strip(" .,:") and word not in LINKS]
        elif item.value not in {IMPLIES, ARROW, ":"} and item.kind not in {"comma", *NOTHING}:
            break
        piece = piece[1:]
    if not first and _in_brackets(piece):
        piece, lead = piece[1:-1], [*lead, "if"]  # (A = A^T)
    while piece and (piece[-1].kind in {"space", "newline", "unseen", "gap"} or piece[-1].value in {",", ";", "."}):
        piece = piece[:-1]
    if not piece:
        raise Unreadable(text, line.cells[-1][1], "a formula")
    if lead and not set(lead) <= CONDITIONS | {"and", "let"}:
        raise Unreadable(text, piece[0].start, f"the end of the remark that begins with {lead[0]}")
    line = replace(line, cells=tuple(_cells(piece, line.cells)), reason=line.reason if first else None)
    signs, depth, choices = [], 0, _choices(piece)
    ends = set(choices.values())
    for n, item in enumerate(piece):
        depth += (item.kind in {"open", "begin"}) - (item.kind in {"close", "end"}) + (n in choices) - (n in ends)
        if item.kind == "relation" and depth <= 0:
            signs.append(item)
    within = sum(item.kind == "relation" for item in piece) - len(signs)
    return Statement(text, (line,), lead=" ".join(lead), relations=tuple(signs), within=within)


def _in_brackets(piece: Sequence[Lexeme]) -> bool:
    """Whether round brackets stand round all of a piece, and a relation in them."""
    inside = [item for item in piece if item.kind not in PARTS]
    if not inside or inside[0].value != "(" or inside[0] is not piece[0] or _close(piece, 0) != len(piece) - 1:
        return False
    return any(item.kind == "relation" for item in piece)


def _cells(piece: list[Lexeme], cells: Sequence[Span]) -> Iterator[Span]:
    start, end = piece[0].start, piece[-1].end
    for first, last in cells:
        if first < end and last > start:
            yield max(first, start), min(last, end)
