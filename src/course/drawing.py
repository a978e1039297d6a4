"""Drawings of networks, as SVG that lives inside the page.

Text takes the page's own colour and quantities take the palette's, through CSS variables: one
drawing serves the light and the dark theme.  The same input gives the same bytes.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import matplotlib as mpl
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch, Rectangle

from course.colours import COLOURS, LETTERS, css_variable, stylesheet

Place = tuple[float, float]

# Stand-ins that no quantity uses, replaced by what the page's theme offers.
INK, FAINT, PAPER = "#010101", "#8c9198", "#fefefd"
_THEME = {
    INK: "currentColor",
    FAINT: "var(--pst-color-text-muted, #8c9198)",
    PAPER: "var(--pst-color-background, #ffffff)",
} | {LETTERS[letter].light: css_variable(letter) for letter in LETTERS}
# The theme puts a light sheet under what a cell shows; these drawings bring their own dark colours. Its stylesheet
# comes after this one, so the rule names one element more.
_BARE = (
    "html[data-theme=dark] body .bd-content div.cell_output .text_html:has(div.drawing)"
    "{background:none;color:inherit;padding:0}"
)
_LAYOUT = "display:flex;flex-wrap:wrap;gap:{gap};justify-content:center;margin:1rem 0"
#: What a phone of 390 pixels leaves for a drawing, and how far apart two panels side by side are there.
PHONE, GAP = 350, 6


@dataclass(frozen=True)
class Panel:
    """One picture: SVG text, its width in CSS pixels, and what it shows in words.

    ``smallest`` is the size of its smallest letters, without indices, as a share of its width.
    """

    svg: str
    width: int
    description: str
    smallest: float = 1.0


@dataclass(frozen=True)
class Drawing:
    """One picture or several side by side; on a narrow screen they stand below each other.

    With ``paired`` two panels are side by side on a phone too, so that they can be compared.
    A notebook or a page of the book shows it as SVG with ``role="img"`` and a description.
    """

    panels: tuple[Panel, ...]
    paired: bool = False

    @property
    def alt(self) -> str:
        """What the drawing shows, in words."""
        return " ".join(panel.description for panel in self.panels)

    @property
    def smallest_on_a_phone(self) -> float:
        """How many CSS pixels high the smallest letters are on a screen of 390 pixels, without indices."""
        room = (PHONE - GAP) // 2 if self.paired else PHONE
        return min(panel.smallest * min(panel.width, room) for panel in self.panels)

    def _repr_html_(self) -> str:
        half = (PHONE - GAP) // 2
        boxes = "".join(
            f'<div style="flex:{f"1 1 {half}px;max-width:{panel.width}px" if self.paired else f"0 1 {panel.width}px"}">'
            f"{panel.svg}</div>" for panel in self.panels
        )
        style = f"<style>{stylesheet()}\n{_BARE}</style>"
        layout = _LAYOUT.format(gap=f"{GAP}px" if self.paired else "1.5rem")
        return f'{style}<div class="drawing" style="{layout}">{boxes}</div>'

    def __repr__(self) -> str:
        return self.alt


class Sheet:
    """A sheet to draw a network on, with places (x, y) in units of one height between two units.

    `name` makes its ids unlike those of other drawings on a page.
    """

    def __init__(self, name: str, x: Place, y: Place) -> None:
        self.name = name
        self.width = x[1] - x[0]
        self._figure = Figure(figsize=(x[1] - x[0], y[1] - y[0]))
        FigureCanvasSVG(self._figure)
        self._axes: Any = self._figure.add_axes((0, 0, 1, 1))
        self._axes.set(xlim=x, ylim=y)
        self._axes.axis("off")
        self._smallest = 72.0  # points, which are also what the drawing's own units are

    def text(
        self, place: Place, text: str, colour: str = INK, *,
        size: float = 11, paper: bool = False, side: str = "center",
    ) -> None:
        """Write text at a place, centred or to its "left" or "right"; `paper` hides what is behind."""
        box = {"facecolor": PAPER, "edgecolor": "none", "pad": 1.5} if paper else None
        along = {"center": "center", "left": "right", "right": "left"}[side]
        self._smallest = min(self._smallest, size)
        self._axes.text(
            *place, text, color=colour, fontsize=size, math_fontfamily="cm",
            ha=along, va="center", zorder=5, bbox=box,
        )

    def line(
        self, places: Sequence[Place], colour: str, *, width: float = 1.0, dash: str = "solid"
    ) -> None:
        """Draw a line through places; `dash` is "solid", "dashed" or "dotted"."""
        pattern: Any = {"solid": "solid", "dashed": (0, (4, 2)), "dotted": (0, (1, 1.4))}[dash]
        across, up = zip(*places, strict=True)
        self._axes.plot(across, up, color=colour, linewidth=width, linestyle=pattern, zorder=2)

    def dot(self, place: Place, colour: str, shape: str = "o") -> None:
        """Mark a place with a disc "o", a square "s" or a triangle "^"."""
        self._axes.plot(*place, color=colour, marker=shape, markersize=4.5, zorder=4)

    def block(self, lower_left: Place, upper_right: Place, colour: str, *, dashed: bool = False) -> None:
        """Draw a rectangle filled with the page's colour."""
        (left, bottom), (right, top) = lower_left, upper_right
        self._axes.add_patch(
            Rectangle(
                (left, bottom), right - left, top - bottom, facecolor=PAPER, edgecolor=colour,
                linewidth=1.4, linestyle=(0, (3, 1.6)) if dashed else "solid", zorder=2,
            )
        )

    def frame(
        self, centre: Place, width: float, height: float, colour: str, line: float,
        corner: float | None = None,
    ) -> None:
        """Draw a frame filled with the page's colour; `corner` is the radius of its corners, by default the largest."""
        left, bottom = centre[0] - width / 2, centre[1] - height / 2
        largest = min(width, height) / 2
        style = f"round,pad=0,rounding_size={largest if corner is None else min(corner, largest)}"
        self._axes.add_patch(
            FancyBboxPatch(
                (left, bottom), width, height, boxstyle=style,
                facecolor=PAPER, edgecolor=colour, linewidth=line, zorder=3,
            )
        )

    def unit(self, place: Place, letter: str, number: int, layer: int, *, strong: bool, size: float = 11) -> None:
        """Draw a quantity of a unit in a frame, as z₁^[2]; the loss has neither a number nor a layer, so both are 0."""
        self.frame(place, 0.56 + 0.12 * (len(letter) - 1) if number else 0.4, 0.44, INK if strong else FAINT,
                   1.5 if strong else 1.0)  # fmt: skip
        colour = COLOURS[letter].light if letter in COLOURS and strong else INK
        symbol = rf"{letter}^{{[{layer}]}}_{{{number}}}" if number else rf"\mathcal{{{letter}}}"
        self.text((place[0], place[1] - 0.01), f"${symbol}$", colour, size=size)

    def brackets(self, lower_left: Place, upper_right: Place) -> None:
        """Draw the brackets of a matrix."""
        (left, bottom), (right, top) = lower_left, upper_right
        for x, inward in ((left, 0.07), (right, -0.07)):
            corners = [x + inward, x, x, x + inward], [top, top, bottom, bottom]
            self._axes.plot(*corners, color=INK, linewidth=1.1, zorder=4)

    def cell(self, lower_left: Place, width: float, height: float, colour: str, *, strong: bool) -> None:
        """Draw a cell of a table of numbers; a strong one has a thick line and a tint."""
        self._axes.add_patch(
            Rectangle(lower_left, width, height, fill=False, edgecolor=colour, zorder=3 if strong else 2,
                      linewidth=1.8 if strong else 0.8)
        )  # fmt: skip
        if strong:
            self._axes.add_patch(
                Rectangle(lower_left, width, height, facecolor=colour, edgecolor="none", alpha=0.14, zorder=1)
            )

    def edge(
        self, start: Place, end: Place, colour: str, *,
        bold: bool = False, dashed: bool = False, arrow: bool = False, gaps: Place = (0.0, 0.0),
    ) -> None:
        """Draw an edge, leaving a gap at both ends."""
        (x1, y1), (x2, y2) = start, end
        length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5
        t1, t2 = gaps[0] / length, 1 - gaps[1] / length
        self._axes.add_patch(
            FancyArrowPatch(
                (x1 + t1 * (x2 - x1), y1 + t1 * (y2 - y1)),
                (x1 + t2 * (x2 - x1), y1 + t2 * (y2 - y1)),
                arrowstyle="-|>,head_length=0.5,head_width=0.25" if arrow else "-",
                mutation_scale=12, shrinkA=0, shrinkB=0, color=colour,
                linewidth=2.2 if bold else 0.9, linestyle=(0, (3, 1.6)) if dashed else "solid",
                zorder=2 if bold else 1,
            )
        )

    def curve(
        self, places: Sequence[Place], colour: str, *, line: float = 1.8, dashed: bool = False
    ) -> None:
        """Draw a line through places that lie close together."""
        across, up = zip(*places, strict=True)
        self._axes.plot(
            across, up, color=colour, linewidth=line,
            linestyle=(0, (3, 1.6)) if dashed else "solid", zorder=2,
        )

    def panel(self, width: int, description: str) -> Panel:
        """Return the finished drawing, `width` CSS pixels wide at most."""
        # The same ids in each build; letters as outlines, since a reader may lack the font.
        stable: Any = {"svg.hashsalt": "book", "svg.fonttype": "path"}
        with mpl.rc_context(stable), io.StringIO() as file:
            self._figure.savefig(file, format="svg", transparent=True, metadata={"Date": None})
            svg = file.getvalue()
        return Panel(self._for_the_page(svg, description), width, description, self._smallest / (72 * self.width))

    def _for_the_page(self, svg: str, description: str) -> str:
        svg = svg[svg.index("<svg") :].strip()
        svg = re.sub(r"\s*<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
        for stand_in, value in _THEME.items():
            svg = svg.replace(stand_in, value)
        # Ids are one name space in a page: a second drawing must not use the first one's outlines.
        svg = re.sub(r'\bid="', f'id="{self.name}-', svg)
        svg = re.sub(r'((?:xlink:)?href="#|url\(#)', rf"\g<1>{self.name}-", svg)
        across, up = (72 * inches for inches in self._figure.get_size_inches())
        head = (
            '<svg xmlns:xlink="http://www.w3.org/1999/xlink" xmlns="http://www.w3.org/2000/svg" '
            f'viewBox="0 0 {across:g} {up:g}" style="width:100%;height:auto" role="img" '
            f'aria-labelledby="{self.name}-desc">'
            f'<desc id="{self.name}-desc">{escape(description)}</desc>'
        )
        return head + svg[svg.index(">") + 1 :]
