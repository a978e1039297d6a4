"""A NumPy text made ready for Python's parser, with the way back to each place in it.

Every change keeps the number of characters in a line, or cuts off the line's beginning, so a
place in the parsed code is a place in the text.  Text is parsed, never compiled and never run.
"""

from __future__ import annotations

import ast
import keyword
import re
import warnings

from checkedmath.reading.language_parser import Language, Parser
from checkedmath.syntax.budget import MAX_LENGTH, MAX_NESTING
from checkedmath.syntax.errors import TooDeep, Unreadable
from checkedmath.syntax.tree import Span

#: Characters that word processors and forums put in place of those Python knows.
REPLACED = str.maketrans({
    "‘": "'", "’": "'", "′": "'", "“": '"', "”": '"', "−": "-", "–": "-", "\ufeff": " ",
    "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u200b": " ", "\t": " ", "\f": " ", "\v": " ",
})  # fmt: skip
PROMPT = re.compile(r"\s*(?:>>>|\.\.\.)(?: |$)")
# `lambda` is a keyword of Python, and the name many give to λ.  A function has a colon after it.
LAMBDA = re.compile(r"\blambda\b(?![ \w,*=]*:)")
# Python looks for the line of a syntax error in the file of this name; no file can have it.
NO_FILE = "<formula>/"
#: A text in three quotes that is a statement of its own.
DOCSTRING = re.compile(r"(?m:^)[ ]*(\"{3}|'{3})(?:(?!\1).)*\1[ ]*(?m:$)", re.DOTALL)
#: Whose arrays a code's are: PyTorch's and TensorFlow's have methods that NumPy's do not have.
TENSORS, ARRAYS = re.compile(r"\b(?:torch|tf)\."), re.compile(r"\b(?:np|numpy|jnp)\.")
TORCH = re.compile(r"\btorch\.|\.(?:t|clone|detach|contiguous|cpu)\(\)|\.mm\(")
CLOSING = {"(": ")", "[": "]", "{": "}"}
SIDE_BY_SIDE = re.compile(r"([A-Za-z_]\w*|[\d.]+|[)\]])[ ]+([A-Za-z_]\w*|\d|\()")


class Source:
    """The lines of a text, or of the part of it between `start` and `end`."""

    def __init__(self, text: str, start: int = 0, part: str | None = None) -> None:
        self.text = text
        body = (text if part is None else part).translate(REPLACED)
        body = re.sub(r"\r(?!\n)", "\n", body).replace("\r", " ")
        body = LAMBDA.sub("lambd_", body)
        self.comments: list[Span] = []
        body = DOCSTRING.sub(lambda match: self._in_quotes(match, start), body)
        body = re.sub(r"^\s*`+|`+\s*$", lambda ticks: re.sub("`", " ", ticks[0]), body)
        self.lines: list[str] = []
        self.starts: list[int] = []
        prompted = any(PROMPT.match(line) and ">>>" in line for line in body.split("\n"))
        for line in body.split("\n"):
            prompt = PROMPT.match(line) if prompted else None
            cut = prompt.end() if prompt else 0
            self.lines.append(line[cut:])
            self.starts.append(start + cut)
            start += len(line) + 1
        self._cut(min((_indent(line) for line in self.lines if line.strip()), default=0))
        self._scan()
        self.code = blanked(text, self.comments)
        self.has_tensors = bool(TENSORS.search(self.code)) or not ARRAYS.search(self.code)
        self.is_torch = bool(TORCH.search(self.code)) and not ARRAYS.search(self.code)

    def _in_quotes(self, match: re.Match[str], start: int) -> str:
        """Take a text in three quotes for a comment."""
        self.comments.append((start + match.start() + 2, start + match.end() - 3))
        return re.sub(r"[^\n]", " ", match[0])

    def statements(self) -> list[ast.stmt]:
        """Return the statements.  Raises `Unreadable` for what is no Python, or nested too deep."""
        try:
            found = self._parse()
        except IndentationError:
            # The first line of a copied block often lost its indentation, the others did not.
            self._cut(MAX_LENGTH)
            found = self._parse()
        for statement in found:
            self._check_depth(statement)
        return found

    def span(self, node: ast.expr | ast.stmt) -> Span:
        """Return where a piece of the syntax tree stands in the text."""
        end = (node.end_lineno or node.lineno, node.end_col_offset or node.col_offset)
        return self._place(node.lineno, node.col_offset), self._place(*end)

    def _place(self, line: int, column: int) -> int:
        content = self.lines[line - 1]
        if not content.isascii():  # Python counts columns in bytes
            column = len(content.encode()[:column].decode(errors="ignore"))
        return self.starts[line - 1] + column

    def _cut(self, width: int) -> None:
        """Cut up to this many spaces off the beginning of each line."""
        for n, line in enumerate(self.lines):
            cut = min(width, _indent(line))
            self.lines[n] = line[cut:]
            self.starts[n] += cut

    def _parse(self) -> list[ast.stmt]:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # about escapes in strings, which are not read
                return ast.parse("\n".join(self.lines), NO_FILE).body
        except IndentationError as error:
            if any(_indent(line) for line in self.lines):
                raise
            raise self._invalid(error) from None
        except SyntaxError as error:
            raise self._invalid(error) from None
        except (RecursionError, MemoryError):  # the way in which Python's own parser refuses what is too deep for it
            raise TooDeep(self.text, self.starts[0], f"at most {MAX_NESTING} levels, one inside the other") from None
        except ValueError:
            raise Unreadable(self.text, self.starts[0], "NumPy text that is valid Python") from None

    def _invalid(self, error: SyntaxError) -> Unreadable:
        for n, line in enumerate(self.lines):
            for pair in SIDE_BY_SIDE.finditer(line.split("#")[0]):
                if not (keyword.iskeyword(pair[1]) or keyword.iskeyword(pair[2])):
                    place = self.starts[n] + pair.start(2)
                    return Unreadable(self.text, place, "a sign such as @ or * between these two")
        n = min(max(error.lineno or 1, 1), len(self.lines)) - 1
        column = min(max((error.offset or 1) - 1, 0), len(self.lines[n]))
        return Unreadable(self.text, self.starts[n] + column, "NumPy text that is valid Python")

    def _scan(self) -> None:
        """Find the comments, and check brackets and quotes before Python's parser sees them."""
        stack: list[tuple[str, int]] = []
        for start, line in zip(self.starts, self.lines, strict=True):
            quote = ""
            opened = 0
            for column, c in enumerate(line):
                place = start + column
                if quote:
                    quote = "" if c == quote else quote
                elif c in "'\"":
                    quote, opened = c, place
                elif c == "#":
                    self.comments.append((place, start + len(line)))
                    break
                elif c in CLOSING:
                    stack.append((c, place))
                    if len(stack) > MAX_NESTING:
                        expected = f"at most {MAX_NESTING} levels of brackets"
                        raise TooDeep(self.text, place, expected)
                elif c in ")]}":
                    self._close(c, place, stack)
            if quote:
                raise Unreadable(self.text, opened, f"a closing {quote} on the same line")
        if stack:
            opening, place = stack[-1]
            raise Unreadable(self.text, place, f"a closing {CLOSING[opening]} for this bracket")

    def _close(self, c: str, place: int, stack: list[tuple[str, int]]) -> None:
        if not stack:
            raise Unreadable(self.text, place, f"an opening bracket before {c}")
        wanted = CLOSING[stack.pop()[0]]
        if wanted != c:
            raise Unreadable(self.text, place, f"a closing {wanted} first")

    def _check_depth(self, statement: ast.stmt) -> None:
        below: list[tuple[ast.AST, int]] = [(statement, 0)]
        while below:
            node, level = below.pop()
            if isinstance(node, ast.expr):
                level += 1
                if level > MAX_NESTING:
                    expected = f"at most {MAX_NESTING} levels, one inside the other"
                    raise TooDeep(self.text, self.span(node)[0], expected)
            below.extend((child, level) for child in ast.iter_child_nodes(node))


class ForeignSource(Source):
    """A text in another language than Python, read by a parser of its own; columns are places in the text."""

    def __init__(self, text: str, language: Language) -> None:
        self.text, self.has_tensors, self.is_torch = text, False, False
        self._parser = Parser(text, language)
        self.comments = self._parser.comments
        self.code = blanked(text, self.comments)

    def statements(self) -> list[ast.stmt]:
        """Return the statements.  Raises `Unreadable` for what the language does not have, or is not read of it."""
        return self._parser.statements()

    def span(self, node: ast.expr | ast.stmt) -> Span:
        """Return where a piece of the syntax tree stands in the text."""
        return node.col_offset, node.end_col_offset or node.col_offset


def blanked(text: str, comments: list[Span]) -> str:
    """Return a text without its comments, every place as it was: what they say decides nothing."""
    for start, end in comments:
        text = text[:start] + re.sub(r"[^\n]", " ", text[start:end]) + text[end:]
    return text


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
