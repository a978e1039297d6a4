"""What a page with drawn formulas links: KaTeX's stylesheet and fonts, and a stylesheet for the places of formulas."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path

from bookkit.files import put

#: In this order.
STYLESHEETS = ("katex/katex.min.css", "katex/formula.css")
#: In every formula. Fetched with the page: found in the stylesheet only, they come late, and lines break again.
FONTS = ("katex/fonts/KaTeX_Main-Regular.woff2", "katex/fonts/KaTeX_Math-Italic.woff2")


def copy_assets(dist: Path, static: Path) -> None:
    """Put KaTeX's stylesheet and fonts, and the stylesheet of this folder, into `static`/katex.

    Only the woff2 fonts are copied, and the stylesheet names no others: every browser that reads
    the rest of the page reads woff2. A file that has not changed is left alone.
    """
    css = (dist / "katex.min.css").read_text(encoding="utf-8")
    css = re.sub(r',url\([^)]*\.(?:woff|ttf)\) format\("\w+"\)', "", css)
    put(static / STYLESHEETS[0], css)
    put(static / STYLESHEETS[1], Path(__file__).with_name("static").joinpath("formula.css").read_bytes())
    for name in re.findall(r"url\((fonts/[^)]+)\)", css):
        put(static / "katex" / name, (dist / name).read_bytes())


def preload(font: str) -> str:
    """Return the link that fetches a font with the page that needs it."""
    return f'<link rel="preload" as="font" type="font/woff2" crossorigin href="{escape(font)}">'
