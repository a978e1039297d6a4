r"""LaTeX and Unicode made into one plain stream of characters, each with its place in the source.

``W^{[2]\top}``, ``{W^{[2]}}^T`` and ``W²ᵀ`` differ in dress only.  This pass takes the dress off:
commands become one character each (``\odot`` ⊙, ``\top`` ᵀ), fonts and spacing vanish, raised and
lowered characters become ``^{…}`` and ``_{…}``.  An accent stays with its letter, ``\bar y`` is ȳ: what it says is
for the setting to know.  Nothing is understood here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from unicodedata import category, decomposition, normalize

from checkedmath.syntax.alphabet import (
    ACCENTS,
    BOLD,
    CASES_CLOSE,
    CASES_OPEN,
    CELL,
    COMBINING,
    COMMANDS,
    DOTTED,
    DROPPED_ARGUMENT,
    FONTED,
    FRAC,
    HAT,
    LOWERED,
    MATHEMATICAL,
    MATRICES,
    MATRIX_CLOSE,
    MATRIX_OPEN,
    ONES,
    RAISED,
    ROW,
    SAME,
    SILENT,
    SQRT,
    WORDS,
)  # fmt: skip
from checkedmath.syntax.budget import MAX_NESTING
from checkedmath.syntax.errors import Refused, Unreadable
from checkedmath.syntax.source import LINES
from checkedmath.syntax.tree import Span

#: Braces that a converter puts round single letters, and round what a d is of.
BRACED = (
    re.compile(r"(\{)\s*[^\W\d_]\s*\}"),
    re.compile(r"(?<![^\W\d_])d\s*(\{)\s*[^\W\d_](?:\s*[\^_]\s*(?:\{[^{}]*\}|\w))*\s*\}"),
)
#: How many of them are taken off: {{{W}}}.
ROUNDS = 3
HALVES = {"½": "12", "⅓": "13", "¼": "14", "⅔": "23", "¾": "34"}
BLANKS = re.compile(r"\s+")


@dataclass(frozen=True)
class Flat:
    """The plain stream: ``text[k]`` stands at ``places[k]`` of the source.

    ``typeset``: the source is LaTeX, in which 2e-1 is 2e - 1, and a condition in brackets is no factor of 0 or 1.
    ``page``: it is a formula of a book, in which W2 is no W^{[2]} and (A - Y)T no transpose.
    """

    source: str
    text: str
    places: tuple[Span, ...]
    typeset: bool = False
    page: bool = False

    def place(self, start: int, end: int) -> Span:
        """Return where a stretch of the plain stream stands in the source."""
        if not self.places:
            return (0, 0)
        first = min(start, len(self.places) - 1)
        last = min(max(end - 1, first), len(self.places) - 1)
        return (self.places[first][0], self.places[last][1])


#: What a reader of a page sees otherwise than it is meant: of 2^10 only the 1 is raised, and 3 != 7 shows a factorial.
LOOSE = re.compile(r"(?P<script>(?<!\\)_[A-Za-z0-9](?=[A-Za-z0-9])|\^\d(?=\d)|\^-)|(?P<unequal>!=)")
LOOSE_SAID = {"script": "braces around a script of several signs, 2^{10}", "unequal": r"\ne"}


def flatten(source: str, *, typeset: bool = False, page: bool = False) -> Flat:
    """Return the plain stream of a formula's text, ``typeset`` where it is LaTeX.

    Raises `Unreadable` for LaTeX commands that are not known, `Refused` for environments that
    are never read.
    """
    out: list[tuple[str, int, int]] = []
    if page and typeset and (loose := LOOSE.search(source)):
        raise Unreadable(source, loose.start(), LOOSE_SAID[loose.lastgroup or ""])
    text = source.translate(SAME)
    cases = 0
    k = 0
    while k < len(text):
        c = text[k]
        if c == "\\":
            k, cases = _command(source, text, k, out, cases)
        elif c in RAISED and out and out[-1][0] == "^":  # A^⊤
            out.append((RAISED[c], k, k + 1))
            k += 1
        elif (quotient := _SMALL.match(text, k)) and not (text[k - 1 : k].isalnum() or text[k - 1 : k] in _ENDS):
            out += [(piece, k, quotient.end()) for piece in _in_full_size(quotient)]
            k = quotient.end()
        elif c in RAISED or c in LOWERED:
            k = _script(text, k, out)
        elif (run := _ITALIC_INDEX.match(source, k)) and out and out[-1][0].isalpha() and _is_drawn(source, k - 1):
            out += [("_", k, k), ("{", k, k), *((text[n], n, n + 1) for n in range(k, run.end())), ("}", k, run.end())]
            k = run.end()
        elif c in COMBINING or c == "⃗":
            if COMBINING.get(c) and out:  # a hat stands after its letter, the command before
                out.insert(len(out) - 1, (COMBINING[c], k, k + 1))
            elif out and out[-1][0] == "1":
                out[-1] = (ONES, *out[-1][1:])
            k += 1
        elif category(c).startswith("M") and out:
            out[-1] = (normalize("NFC", out[-1][0] + c), out[-1][1], k + 1)
            k += 1
        elif decomposition(c).endswith(" 0307") and decomposition(c)[0] != "<":  # ż, one character; ˙ is no letter's
            out += [(DOTTED, k, k + 1), (chr(int(decomposition(c).split()[0], 16)), k, k + 1)]
            k += 1
        elif c == "&":
            if cases:
                out.append((CELL, k, k + 1))
            k += 1
        elif typeset and c == "~" and not (text[k - 1 : k].isspace() and text[k + 1 : k + 2].isspace()):
            out.append((" ", k, k + 1))
            k += 1
        elif text.startswith("...", k):
            out.append(("…", k, k + 3))
            k += 3
        elif c == "$":
            k += 1
        elif c.isspace():  # a text of many lines is read line by line, all else blanked out
            out.append((c, k, k + 1))
            k = BLANKS.match(text, k).end()  # type: ignore[union-attr]
        elif c in HALVES:
            out.extend((sign, k, k + 1) for sign in f"{FRAC}{{{HALVES[c][0]}}}{{{HALVES[c][1]}}}")
            k += 1
        elif c in {"𝟏", "𝟙"}:
            out.append((ONES, k, k + 1))
            k += 1
        else:
            out.append((c, k, k + 1))
            k += 1
    places = [(o[1], o[2]) for o in out for _ in o[0]]
    text = "".join(o[0] for o in out)
    for braces in BRACED * ROUNDS:  # {{W}}^{T} is W^{T}, d{z} is dz
        if gone := _needless(text, braces):
            text = "".join(c for k, c in enumerate(text) if k not in gone)
            places = [place for k, place in enumerate(places) if k not in gone]
    return Flat(source, text, tuple(places), typeset, page)


def _needless(text: str, braces: re.Pattern[str]) -> set[int]:
    """Return the places of braces that group nothing: round one letter, or one with its scripts behind a d."""
    if braces.search(text) is None:
        return set()
    opened: list[int] = []
    partner: dict[int, int] = {}
    for k, c in enumerate(text):
        if c == "{":
            opened.append(k)
            if len(opened) > MAX_NESTING // 2:
                return set()  # so many are looked at as they are
        elif c == "}" and opened:
            partner[k] = opened.pop()

    def argument(k: int) -> bool:
        before = k - 1
        while before >= 0 and text[before] == " ":
            before -= 1
        if before >= 0 and text[before] == "}" and before in partner:
            return text[: partner[before]].rstrip(" ").endswith(FRAC)
        return before >= 0 and text[before] in {"_", "^", FRAC, SQRT, HAT, DOTTED}

    found = [m for m in braces.finditer(text) if not argument(m.start(1))]
    return {k for m in found for k in (m.start(1), m.end() - 1)}


#: ¹⁄ₘ, a quotient of small signs; its stroke is a slash by now.
_SMALL = re.compile(f"([{''.join(RAISED)}]+)/([{''.join(LOWERED)}]+)")
#: Indices copied from a rendered page, where they stand on the line: 𝑤𝑖.
_ITALIC_INDEX = re.compile("[𝑖𝑗𝑘]+")


_ENDS = {")", "]", "}"}


def _in_full_size(quotient: re.Match[str]) -> str:
    top, bottom = "".join(RAISED[c] for c in quotient[1]), "".join(LOWERED[c] for c in quotient[2])
    return f"({top}/({bottom}))"


def _is_drawn(source: str, k: int) -> bool:
    """Whether the letter that ends here, accents aside, is of a mathematical alphabet."""
    while k > 0 and category(source[k]).startswith("M"):
        k -= 1
    return ord(source[k]) in MATHEMATICAL


def _over(source: str, start: int, end: int, out: list[tuple[str, int, int]]) -> None:
    r"""Make {a \over b} the \frac that it is."""
    depth = 0
    for n in range(len(out) - 1, -1, -1):
        depth += (out[n][0] == "}") - (out[n][0] == "{")
        if depth < 0:
            out.insert(n, (FRAC, start, end))
            out += [("}", start, end), ("{", start, end)]
            return
    raise Unreadable(source, start, r"braces round a quotient with \over: {a \over b}")


def _command(
    source: str, text: str, k: int, out: list[tuple[str, int, int]], cases: int
) -> tuple[int, int]:
    match = re.compile(r"\\([A-Za-z]+|.|$)", re.DOTALL).match(text, k)
    assert match
    name, end = match[1], match.end()
    if name == "\\":
        skip = re.compile(r"\s*(\[[^\]]*\])?").match(text, end)
        out.append((ROW if cases else "\n", k, end))
        return (skip.end() if skip and skip[1] else end), cases
    if name in {"begin", "end"}:
        environment = re.compile(r"\s*\{([A-Za-z]+\*?)\}").match(text, end)
        inside = environment[1] if environment else ""
        if inside == "cases":
            out.append((CASES_OPEN if name == "begin" else CASES_CLOSE, k, end))
            cases += 1 if name == "begin" else -1
        elif inside in MATRICES:
            out.append((MATRIX_OPEN if name == "begin" else MATRIX_CLOSE, k, end))
            cases += 1 if name == "begin" else -1
            columns = re.compile(r"\s*\{[lcr| ]*\}").match(text, environment.end())  # type: ignore[union-attr]
            if inside == "array" and name == "begin" and columns:
                return columns.end(), cases
        elif inside not in LINES:
            raise Refused(source, k, "aligned or cases; entries of a matrix are written by index")
        return (environment.end() if environment else end), cases
    if name in {"frac", "dfrac", "tfrac", "cfrac"}:
        out.append((FRAC, k, end))
        return _arguments(text, end, 2, out), cases
    if name == "over":
        _over(source, k, end, out)
        return end, cases
    if name == "sqrt":
        out.append((SQRT, k, end))
        return _arguments(text, end, 1, out), cases
    if name in {"hat", "widehat", "dot"}:
        out.append((DOTTED if name == "dot" else HAT, k, end))
        return _arguments(text, end, 1, out), cases
    if name in ACCENTS:
        return _accented(source, text, (k, end), ACCENTS[name], out), cases
    if name in DROPPED_ARGUMENT:
        argument = re.compile(r"\s*\{[^{}]*\}").match(text, end)
        return (argument.end() if argument else end), cases
    if name in WORDS:
        return _words(text, k, end, out), cases
    if name in FONTED or name in BOLD:
        letter = re.compile(r"\s*(?:\{\s*(\S)\s*\}|(\S))").match(text, end)
        single = (letter[1] or letter[2]) if letter else ""
        special = FONTED.get(name, {}).get(single) or (ONES if single == "1" else "")
        if letter and special:
            out.append((special, k, letter.end()))
            return letter.end(), cases
        if name in FONTED:
            raise Unreadable(source, k, f"one of the letters {', '.join(FONTED[name])} in this font")
        return _open_font(text, end, out), cases
    if name in SILENT or name == "":
        if name in {"operatorname", "mathrm", "mathop", "mathit", "mathsf", "mathtt", "rm"}:
            return _open_font(text, end, out, spaced=name == "operatorname"), cases
        if name in {"quad", "qquad", " ", ";", ","}:
            out.append((" ", k, end))
        if name in {"left", "right"} and text[end : end + 1] == ".":
            return end + 1, cases
        if name in {"left", "right"} and text[end : end + 1] in {"<", ">"}:
            out.append(("⟨" if text[end] == "<" else "⟩", k, end + 1))
            return end + 1, cases
        return end, cases
    if name in COMMANDS:
        out.extend((c, k, end) for c in COMMANDS[name])
        return end, cases
    from difflib import get_close_matches

    near = get_close_matches(name, [*COMMANDS, "frac", "mathbf", "mathcal", "left", "right"], 1)
    raise Unreadable(source, k, "a known LaTeX command", "\\" + near[0] if near else "")


def _accented(source: str, text: str, command: Span, accent: str, out: list[tuple[str, int, int]]) -> int:
    r"""Put the accent on the one letter it stands over: \bar{y} is ȳ, \bar\beta is β̄."""
    letter = re.compile(r"\s*(?:\{\s*([^\W\d_]|\\[A-Za-z]+)\s*\}|([^\W\d_]|\\[A-Za-z]+))").match(text, command[1])
    written = (letter[1] or letter[2]) if letter else ""
    bare = COMMANDS.get(written.removeprefix("\\"), "") if len(written) > 1 else written
    if letter is None or len(bare) != 1:
        raise Unreadable(source, command[0], "one letter under an accent")
    out.append((normalize("NFC", bare + accent), command[0], letter.end()))
    return letter.end()


def _open_font(text: str, k: int, out: list[tuple[str, int, int]], spaced: bool = False) -> int:
    r"""Take the braces of a font's argument off, so that \mathrm{d}z is dz and \mathrm{diag} a word."""
    argument = re.compile(r"\*?\s*\{([^{}\\]*)\}").match(text, k)
    if not argument:
        return k
    first = argument.start(1)
    if spaced or argument[1].strip() == "d":  # an upright d begins a differential
        out.append((" ", k, k))
    out.extend((c, first + n, first + n + 1) for n, c in enumerate(argument[1]))
    end = argument.end()
    # A lone d belongs to the letter after it, whatever space TeX was given in between.
    if argument[1] == "d":
        gap = re.compile(r"(\s|\\[,;!:])*").match(text, end)
        return gap.end() if gap else end
    return end


def _words(text: str, k: int, end: int, out: list[tuple[str, int, int]]) -> int:
    argument = re.compile(r"\s*\{([^{}]*)\}").match(text, end)
    if not argument:
        return end
    word = argument[1].strip()
    if word in {"T", "t"}:
        out.append(("ᵀ", k, argument.end()))
    else:
        out.append((" ", k, end))
        out.extend((c, argument.start(1), argument.end(1)) for c in argument[1].replace(r"\*", "*").replace(r"\_", "_"))
        out.append((" ", k, argument.end()))
    return argument.end()


def _arguments(text: str, k: int, count: int, out: list[tuple[str, int, int]]) -> int:
    r"""Put braces round arguments that were written without, as in \frac12."""
    for _ in range(count):
        bare = re.compile(r"\s*([0-9A-Za-z])").match(text, k)
        if not bare:
            return k
        place = (bare.start(1), bare.end(1))
        out.extend((c, *place) for c in "{" + bare[1] + "}")
        k = bare.end()
    return k


def _script(text: str, k: int, out: list[tuple[str, int, int]]) -> int:
    table, mark = (RAISED, "^") if text[k] in RAISED else (LOWERED, "_")
    end = k
    while end < len(text) and text[end] in table:
        end += 1
    out.append((mark, k, k + 1))
    out.append(("{", k, k + 1))
    times = (n for n in range(k + 1, end - 1) if text[n] == "ˣ")  # of ⁿˣⁿ
    signs = dict.fromkeys(times, "×")
    out.extend((signs.get(n, table[text[n]]), n, n + 1) for n in range(k, end))
    out.append(("}", end - 1, end))
    return end
