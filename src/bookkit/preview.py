"""The picture that a forum shows beside a link: 1200 × 630, a formula drawn by matplotlib's mathtext.

`Pictures` keeps what was drawn, by all that decides how it looks, so
that a build draws only what is new.  The same formula gives the same bytes.
"""

from __future__ import annotations

import hashlib
import io
import json
import logging
import os
import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image

WIDTH, HEIGHT, MARGIN = 1200, 630, 70
#: The formula's room between the question above it and the book's name below it.
TOP, BOTTOM = 190, 540
SIZE, DPI, GAP = 52, 100, 34
#: A line that would be drawn smaller than this share of its size is broken at a relation.
SMALLEST = 0.5
PAPER, INK, QUIET, ACCENT = (255, 255, 255), (23, 23, 38), (85, 85, 102), (30, 90, 160)
LEVELS = 14
#: The longest formula that mathtext draws, in characters and lines, and how deep groups may stand in one another.
LONGEST, MOST_LINES, DEEPEST = 1500, 30, 15
GROUP = re.compile(r"\\left(?![a-zA-Z])|\\right(?![a-zA-Z])|(?<!\\)[{}]")
#: From this number on, pictures are drawn by several processes.
MANY = 12

#: Commands that mathtext does not know, and what it draws in their place.
INSTEAD = (
    (re.compile(r"\\[td]frac(?![a-zA-Z])"), r"\\frac"),
    (re.compile(r"\\(?:[Bb]igg?)[lrm]?\s*(?=[\[\]()|\\.])"), ""),
    (re.compile(r"\\[lr]vert(?![a-zA-Z])"), "|"),
    (re.compile(r"\\[lr]Vert(?![a-zA-Z])"), r"\\|"),
    (re.compile(r"\\(?:displaystyle|limits|nolimits|textstyle)(?![a-zA-Z])"), ""),
    (re.compile(r"\\(?:mathds|mathbbm)(?![a-zA-Z])"), r"\\mathbb"),
    (re.compile(r"\\bm(?![a-zA-Z])"), r"\\boldsymbol"),
    (re.compile(r"\\operatorname\*"), r"\\operatorname"),
    (re.compile(r"\\ne(?![a-zA-Z])"), r"\\neq"),
    (re.compile(r"\\le(?![a-zA-Z])"), r"\\leq"),
    (re.compile(r"\\ge(?![a-zA-Z])"), r"\\geq"),
    (re.compile(r"\\to(?![a-zA-Z])"), r"\\rightarrow"),
    (re.compile(r"\\colon(?![a-zA-Z])"), ":"),
    (re.compile(r"\\htmlData\{[^{}]*\}"), ""),
)  # fmt: skip


@dataclass(frozen=True)
class Picture:
    """What a picture shows: a question, a formula as TeX and as plain text, the name of the book.

    The TeX is in lines, each in the parts between which it may be broken.
    """

    question: str
    lines: tuple[tuple[str, ...], ...]
    plain: str
    book: str


class Pictures:
    """Pictures drawn in this build and in earlier ones, one file for each in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._used: set[Path] = set()
        self._pool: ProcessPoolExecutor | None = None
        self._begun: dict[Picture, Future[bytes]] = {}
        self.drawn = 0

    def begin(self, pictures: Iterable[Picture]) -> None:
        """Have what is not there yet drawn beside whatever comes next, if it is much."""
        if self._pool is not None:
            return
        missing = [picture for picture in pictures if not self._path(picture).is_file()]
        if len(missing) >= MANY:
            # Fresh processes: a fork would take along the threads of whoever builds the book.
            self._pool = ProcessPoolExecutor(min(os.cpu_count() or 1, 8), get_context("spawn"))
            self._begun = {picture: self._pool.submit(draw, picture) for picture in missing}

    def png(self, picture: Picture) -> bytes:
        """Return the picture's file, as kept or drawn now."""
        if not self._path(picture).is_file():
            begun = self._begun.pop(picture, None)
            self._folder.mkdir(parents=True, exist_ok=True)
            self._path(picture).write_bytes(begun.result() if begun is not None else draw(picture))
            self.drawn += 1
        self._used.add(self._path(picture))
        return self._path(picture).read_bytes()

    def close(self) -> None:
        """Draw nothing more."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def _path(self, picture: Picture) -> Path:
        return self._folder / f"{_digest(picture)}.png"

    def forget_others(self) -> None:
        """Remove the pictures that nobody asked for in this build."""
        for path in self._folder.glob("*.png"):
            if path not in self._used:
                path.unlink()


def _digest(picture: Picture) -> str:
    what = [picture.question, picture.lines, picture.plain, picture.book]
    return hashlib.sha256(json.dumps([_drawn_by(), what]).encode()).hexdigest()[:32]


@cache
def _drawn_by() -> tuple[str, ...]:
    """Return the versions of what draws; asked once, since each answer takes milliseconds and a book has hundreds."""
    from importlib.metadata import version

    return version("matplotlib"), version("pillow"), hashlib.sha256(Path(__file__).read_bytes()).hexdigest()


def draw(picture: Picture) -> bytes:
    """Return the picture as PNG with a palette."""
    from PIL import Image, ImageDraw

    image = Image.new("P", (WIDTH, HEIGHT), 0)
    image.putpalette([number for colour in _palette() for number in colour])
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, WIDTH, 11), fill=LEVELS + 1)
    asked = textwrap.wrap(picture.question, 52, max_lines=2, placeholder=" …")
    for n, line in enumerate(asked):
        _write(image, line, MARGIN, 58 + 52 * n, 38)
    _write(image, picture.book, MARGIN, 562, 24)
    _put_formula(image, _formula(picture))
    file = io.BytesIO()
    image.save(file, "PNG", bits=4, compress_level=6)
    return file.getvalue()


def _palette() -> list[tuple[int, ...]]:
    ramp = [tuple(round(p + (i - p) * n / LEVELS) for p, i in zip(PAPER, INK, strict=True)) for n in range(LEVELS + 1)]
    return [*ramp, ACCENT]


def _write(image: Image, text: str, left: int, top: int, size: int) -> None:
    """Write a line of text as mathtext's own font draws it."""
    import matplotlib
    from PIL import Image as Images
    from PIL import ImageDraw, ImageFont

    file = Path(matplotlib.get_data_path(), "fonts", "ttf", "DejaVuSans.ttf")
    font = ImageFont.truetype(str(file), size, layout_engine=ImageFont.Layout.BASIC)
    grey = Images.new("L", (WIDTH - 2 * MARGIN, 2 * size), 0)
    ImageDraw.Draw(grey).text((0, 0), text, font=font, fill=200)
    _stamp(image, grey, left, top)


def _stamp(image: Image, grey: Image, left: int, top: int) -> None:
    """Put ink on the paper where `grey` has any, as dark as it says."""
    levels = grey.point([round(n * LEVELS / 255) for n in range(256)])
    image.paste(levels, (left, top), grey.point([255 if round(n * LEVELS / 255) else 0 for n in range(256)]))


def _put_formula(image: Image, lines: Sequence[Image]) -> None:
    room, high = WIDTH - 2 * MARGIN, BOTTOM - TOP
    width = max(line.width for line in lines)
    height = sum(line.height for line in lines) + GAP * (len(lines) - 1)
    scale = min(1.0, room / width, high / height)
    top = TOP + (high - height * scale) / 2
    left = MARGIN + (room - width * scale) / 2
    for line in lines:
        size = max(1, round(line.width * scale)), max(1, round(line.height * scale))
        _stamp(image, line.resize(size) if scale < 1 else line, round(left), round(top))
        top += (line.height + GAP) * scale


def _formula(picture: Picture) -> list[Image]:
    """Return the lines of the formula, each as an image: from TeX, or from its plain text where mathtext cannot."""
    try:
        return [image for line in _measured(picture.lines) for image in _line(line)]
    except UnknownToMathtext:
        lines = textwrap.wrap(picture.plain, 44, max_lines=8, placeholder=" …") or [" "]
        return [_parse(line, text=True) for line in lines]


def _measured(lines: Sequence[Sequence[str]]) -> list[list[str]]:
    """Return the lines in mathtext's dialect; raise `UnknownToMathtext` for what takes it minutes or is too deep."""
    level, tex = 0, "".join(part for line in lines for part in line)
    for sign in GROUP.findall(tex):
        level += 1 if sign in {"{", r"\left"} else -1
        if level > DEEPEST:
            raise UnknownToMathtext("too deep")
    written = [[part for part in map(in_mathtext, line) if part.strip()] for line in lines if len(tex) <= LONGEST]
    if not 0 < sum(map(len, written)) <= MOST_LINES:
        raise UnknownToMathtext("too long, or nothing at all")
    return written


def _line(parts: list[str]) -> list[Image]:
    """Draw a line, broken at its relations if it would be drawn too small."""
    whole = _parse("".join(parts))
    if len(parts) == 1 or whole.width <= (WIDTH - 2 * MARGIN) / SMALLEST:
        return [whole]
    return [_parse(part) for part in parts]


class UnknownToMathtext(Exception):
    """Mathtext cannot draw a formula, or has no sign for one of its letters."""


def in_mathtext(part: str) -> str:
    r"""Return TeX in mathtext's dialect.

    >>> in_mathtext(r"\tfrac{a}{b} \ne \bm{c}")
    '\\frac{a}{b} \\neq \\boldsymbol{c}'
    """
    for pattern, instead in INSTEAD:
        part = pattern.sub(instead, part)
    return " ".join(part.split()) + " " * part.endswith(" ")


def _parse(line: str, *, text: bool = False) -> Image:
    """Draw one line of mathematics, or of text.  Raises `UnknownToMathtext`."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.mathtext import MathTextParser
    from PIL import Image

    source = line.replace("\\", "").replace("$", r"\$") if text else f"${line}$"
    with _defaults() as said:
        prop = FontProperties(family="DejaVu Sans", size=SIZE, math_fontfamily="cm")
        try:
            drawn = MathTextParser("agg").parse(source, dpi=DPI, prop=prop)
        except ValueError as error:
            raise UnknownToMathtext(str(error)) from error
    if said and not text:
        raise UnknownToMathtext(said[0])
    pixels: NDArray[np.uint8] = drawn.image
    return Image.fromarray(pixels)


@contextmanager
def _defaults() -> Iterator[list[str]]:
    """Draw as matplotlib does by default, whatever this machine's settings; yield what it complains about."""
    import matplotlib

    said: list[str] = []

    def listen(record: logging.LogRecord) -> bool:
        said.append(record.getMessage())
        return False  # it goes nowhere else

    logger = logging.getLogger("matplotlib.mathtext")
    logger.addFilter(listen)
    try:
        with matplotlib.rc_context():
            matplotlib.rcdefaults()
            yield said
    finally:
        logger.removeFilter(listen)
