"""Words that the book does not use: `phrases.toml` beside this file says which, and what to write instead.

    python tests/phrases.py          what was found, a line each; 1 if there was anything

What is read: all that a reader of a page reads in words, headings, tables, questions, reasons of steps, descriptions
and comments in cells among it; in `src` the texts of messages, panels and pictures; the templates. What is not:
mathematics, code, the targets of links, docstrings.

Staccato is found too: a paragraph in which a row of short sentences is not linked by anything.
"""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
TABLE = Path(__file__).with_name("phrases.toml")
#: Staccato: so many sentences in a row with at most so many words each.
ROW, SHORT = 5, 8

FENCE = re.compile(r"^( *)(`{3,}|~{3,})(.*)$")
SAID = re.compile(r"^\s*:(question|meaning|caption|alt|title):\s*(.*)$")
REASON = re.compile(r"\\text\{([^{}]*)\}")
COMMENT = re.compile(r"(?:^|\s)#\s(.*)$")
#: What is no word of the sentence it is in; a formula or a span of code counts as one word.
INLINE = [
    (re.compile(r"(`+)(.+?)\1"), "X"),
    (re.compile(r"\$\$?[^$]+\$\$?"), "X"),
    (re.compile(r"^\s*\([\w-]+\)=\s*$|^\s*\[[\w-]+\]:.*$|^:\w[\w-]*:.*$|^\w[\w_]*:(?! ).*$"), ""),
    (re.compile(r"\{[\w:]+\}(?=X)"), ""),
    (re.compile(r"\]\([^()\s]*(?:\([^()]*\)[^()\s]*)*\)"), "]"),
    (re.compile(r"\{#[\w-]+\}|<[^<>]*>"), ""),
    (re.compile(r"[*\[\]|]|^\s*(?:[-:]+|\d+\.|#+|>)\s"), " "),
]  # fmt: skip
#: What is no word in a template.
TAG = re.compile(r"\{([#{%]).*?[#}%]\}|<(script|style)\b.*?</\2>|<[^<>]*>", re.DOTALL)
SENTENCE = re.compile(r"(?<=[.!?])[\"”’')]*\s+")
WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")


@dataclass(frozen=True)
class Phrase:
    """A row of the table."""

    pattern: str
    better: str
    example: str
    exceptions: tuple[str, ...]
    most: int = 0
    allow: tuple[str, ...] = ()

    def found(self, text: str) -> list[str]:
        """Return what the pattern finds."""
        return [match[0].strip() for match in re.finditer(self.pattern, text, re.IGNORECASE)]


@dataclass(frozen=True)
class Found:
    """A place with what is written there and what would be better."""

    place: str
    said: str
    better: str

    def __str__(self) -> str:
        return f"{self.place}: {self.said!r}: write {self.better}"


def table() -> tuple[list[Phrase], tuple[str, ...]]:
    """Return the rows, and how the names of files begin that are exempt."""
    read = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    rows = [
        Phrase(row["pattern"], row["better"], row["example"], tuple(row["except"]), row.get("most", 0),
               tuple(row.get("allow", ())))
        for row in read["phrase"]
    ]  # fmt: skip
    return rows, tuple(read["exempt"])


def words_of_page(text: str) -> list[str]:
    """Return a page line by line, in words only; a line that holds none is empty."""
    out, fence, kind, quoting, front = [], "", "", False, False
    for number, line in enumerate(text.split("\n")):
        if number == 0 and line == "---":
            front = True
            out.append("")
            continue
        if front:
            front = line != "---"
            out.append(line.strip() if line.startswith("  ") and not re.match(r"\s*\w+:", line) else "")
            continue
        mark = FENCE.match(line)
        if mark and (not fence or (line.strip().startswith(fence) and not mark[3].strip())):
            fence, kind = ("", "") if fence else (mark[2], mark[3])
            out.append("")
        elif fence and "code-cell" in kind:
            out.append(match[1] if (match := COMMENT.search(line)) else "")
        elif fence or quoting or line.strip().startswith("$$"):
            if not fence and line.strip().count("$$") % 2:
                quoting = not quoting
            said = SAID.match(line)
            reasons = REASON.findall(line) if "&&" in line else []
            out.append(_plain(said[2]) if said else ". ".join(map(_plain, reasons)))
        else:
            out.append(_plain(line))
    return out


def _plain(line: str) -> str:
    for pattern, instead in INLINE:
        line = pattern.sub(instead, line)
    return line.strip()


def texts_of_source(source: str) -> Iterator[tuple[int, str]]:
    """Yield the line and the words of each text in a module that is said to somebody; docstrings are not."""
    tree = ast.parse(source)
    silent = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            silent.add(id(node.value))
        if isinstance(node, ast.JoinedStr):
            silent.update(id(part) for part in node.values)
    for node in ast.walk(tree):
        if id(node) in silent:
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
        elif isinstance(node, ast.JoinedStr):
            text = "".join(part.value if isinstance(part, ast.Constant) else "X" for part in node.values)  # type: ignore[misc]
        else:
            continue
        if " " in text.strip() and len(WORD.findall(text)) > 1:
            yield node.lineno, text


def words_of_template(text: str) -> list[str]:
    """Return a template line by line, without tags, scripts and what Jinja does."""
    return TAG.sub(lambda match: "\n" * match[0].count("\n") or " ", text).split("\n")


def staccato(lines: list[str]) -> Iterator[tuple[int, str]]:
    """Yield where a row of short sentences begins that nothing links, and the row."""
    start, paragraph = 0, []
    for number, line in enumerate([*lines, ""], 1):
        if line and not re.match(r"\s*\d+$", line):
            start = start or number
            paragraph.append(line)
            continue
        row: list[str] = []
        for sentence in [*SENTENCE.split(" ".join(paragraph)), "x " * (SHORT + 1)]:
            if len(WORD.findall(sentence)) <= SHORT and WORD.search(sentence):
                row.append(sentence)
                continue
            if len(row) >= ROW:
                yield start, " ".join(row)
            row = []
        start, paragraph = 0, []


def in_page(name: str, text: str, rows: list[Phrase]) -> Iterator[Found]:
    """Yield what is wrong on a page."""
    lines = words_of_page(text)
    for row in rows:
        if row.allow and name.startswith(row.allow):
            continue
        hits = [(number, said) for number, line in enumerate(lines, 1) for said in row.found(line)]
        if len(hits) > row.most:
            often = f" ({len(hits)} times on the page)" if row.most else ""
            yield from (Found(f"docs/{name}.md:{number}", said, row.better + often) for number, said in hits)
    for number, said in staccato(_without_items(text, lines)):
        yield Found(f"docs/{name}.md:{number}", said, "linked sentences: because, so that, but")


def _without_items(text: str, lines: list[str]) -> list[str]:
    """Return the lines without tables and lists, whose items are no paragraph."""
    return ["" if re.match(r"\s*([|:-]|\d+\.|#)", own) else line
            for own, line in zip(text.split("\n"), lines, strict=True)]  # fmt: skip


def findings() -> Iterator[Found]:
    """Yield all that is found."""
    rows, exempt = table()
    docs = ROOT / "docs"
    for path in sorted(docs.rglob("*.md")):
        name = path.relative_to(docs).with_suffix("").as_posix()
        if not f"docs/{name}".startswith(exempt):
            yield from in_page(name, path.read_text(encoding="utf-8"), rows)
    for path in sorted((ROOT / "src").rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        texts = () if name.startswith(exempt) else texts_of_source(path.read_text(encoding="utf-8"))
        for number, text in texts:
            yield from (Found(f"{name}:{number}", said, row.better) for row in rows for said in row.found(text))
    for path in sorted([*(ROOT / "src").rglob("*.html"), *docs.rglob("*.html")]):
        for number, line in enumerate(words_of_template(path.read_text(encoding="utf-8")), 1):
            place = f"{path.relative_to(ROOT).as_posix()}:{number}"
            yield from (Found(place, said, row.better) for row in rows for said in row.found(line))


def main() -> int:
    """Print what is found; return 1 if there is anything."""
    found = list(findings())
    print(*found, sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
