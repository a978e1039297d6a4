"""The builder ``pdf``: the whole book as one PDF, with contents, page numbers, an outline and tags.

Sphinx writes the body of each page; here they become one page (`assemble`), which Chromium prints.  On which page
of paper a place lies is known when it has been printed: then the numbers are put in and it is printed again, until
they are right.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from docutils import nodes
from sphinx.errors import ExtensionError
from sphinx.util import logging

from bookkit.editions import fonts
from bookkit.editions.assemble import SCHEME, anchor, contents, moved, numbered, without_contents
from bookkit.editions.builder import InOnePiece, Part, colophon, made_at
from bookkit.editions.chromium import print_page
from bookkit.editions.offer import note
from bookkit.files import put
from bookkit.katex.engine import EYE

logger = logging.getLogger(__name__)
STATIC = Path(__file__).with_name("static")
DRAWN = 'class="katex-html" aria-hidden="true"'
#: How often a book is printed at most until its page numbers are right. Two are enough unless a number moves a line.
TRIES = 5


class PdfBuilder(InOnePiece):
    """Prints the book; ``make pdf`` runs it."""

    name = "pdf"
    epilog = "The PDF is in %(outdir)s."
    #: What is drawn of a formula: what the eye sees. Its words stand beside it.
    katex_output = EYE

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        """Return how a link to a page is written until all are there."""
        return SCHEME + quote(docname, safe="")

    def get_relative_uri(self, from_: str, to: str, typ: str | None = None) -> str:
        """Return the same from each page."""
        return self.get_target_uri(to, typ)

    def write_doc(self, docname: str, doctree: nodes.document) -> None:
        """Write a page without the contents on it: the book has its own."""
        without_contents(doctree)
        super().write_doc(docname, doctree)

    def finish(self) -> None:
        """Write the whole book as a page, and print it."""
        self.copy_image_files()
        for name, content in fonts.faces_on_paper().items():
            put(self.outdir / "_static/fonts" / name, content)
        put(self.outdir / "_static/paper.css", (STATIC / "paper.css").read_bytes())
        html = "\n".join(self._page(self.parts()))
        out = Path(self.outdir)
        raw = out / "printed.pdf"
        pages: dict[str, int] = {}
        for tried in range(TRIES):
            put(out / "book.html", numbered(html, pages))
            logger.info("printing, %s", "with page numbers" if tried else "to see where the pages end")
            print_page(out / "book.html", raw)
            found = pages_of(raw)
            if found == pages:
                break
            pages = found
        else:
            msg = f"after {TRIES} times the page numbers still move what is beside them: see {out}/book.html"
            raise ExtensionError(msg)
        path = out / f"{self.config.epub_basename}.pdf"
        finish_pdf(raw, path, self._about(), self._outline())
        raw.unlink()
        note(path, self.config.bookkit_edition_of)
        logger.info("%s: %d pages", path.name, max(pages.values(), default=1))

    def _outline(self) -> Iterator[tuple[int, str, str]]:
        """Yield what stands in the outline: level, title, place."""
        for part in self.parts():
            for n, chapter in enumerate(part.chapters):
                if part.caption and not n:
                    yield 0, part.caption, anchor(chapter.docname)
                level = 1 if part.caption else 0
                yield level, chapter.name, anchor(chapter.docname)
                for place, title in self.sections[chapter.docname]:
                    yield level + 1, title, anchor(chapter.docname, place)

    def _about(self) -> dict[str, str]:
        moment = time.strftime("D:%Y%m%d%H%M%S+00'00'", made_at())
        return {
            "/Title": self.config.project, "/Author": self.config.author, "/Subject": self.config.epub_description,
            "/Producer": "Chromium and pypdf", "/Creator": "Sphinx", "/CreationDate": moment, "/ModDate": moment,
        }  # fmt: skip

    def _page(self, parts: Sequence[Part]) -> Iterator[str]:
        config, e = self.config, partial(escape, quote=False)
        sheets = [str(css.filename) for css in sorted(self._css_files, key=lambda css: css.priority)]
        yield f'<!DOCTYPE html>\n<html lang="{config.language}">\n<head>\n<meta charset="utf-8">'
        yield f"<title>{e(config.project)}</title>"
        for name in dict.fromkeys([*sheets, "_static/fonts/fonts.css", "_static/paper.css"]):
            yield f'<link rel="stylesheet" href="{name}">'
        chapters = [chapter for part in parts for chapter in part.chapters]
        rules = [f'@page chapter-{n} {{ @top-center {{ content: "{_css(c.name)}" }} }}' for n, c in enumerate(chapters)]
        rules += [f".book-chapter-{n} {{ page: chapter-{n} }}" for n in range(len(chapters))]
        yield "<style>\n" + "\n".join(rules) + "\n</style>\n</head>\n<body>"
        yield f'<div class="book-title">{self.title_page()}</div>'
        yield contents(parts, self.sections, "Contents")
        for part in parts:
            for chapter in part.chapters:
                number = chapters.index(chapter)
                yield f'<section class="book-chapter book-chapter-{number}" id="{anchor(chapter.docname)}">'
                if part.caption and chapter is part.chapters[0]:
                    yield f'<h1 class="book-part">{e(part.caption)}</h1>'
                # Chromium gives a formula its words as a figure only if something in it is for all to read.
                yield moved(self.bodies[chapter.docname], chapter.docname).replace(DRAWN, DRAWN.split(maxsplit=1)[0])
                yield "</section>"
        yield f'<section class="book-colophon">{colophon(fonts.licences_on_paper())}</section>\n</body>\n</html>'


def _css(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def pages_of(pdf: Path) -> dict[str, int]:
    """Return the page, from 1, of each place that a link within the PDF leads to."""
    from pypdf import PdfReader

    reader = PdfReader(pdf)
    numbers = {page.indirect_reference.idnum: n for n, page in enumerate(reader.pages, 1) if page.indirect_reference}
    return {
        unquote(name.removeprefix("/")): numbers[place.raw_get("/Page").idnum]
        for name, place in reader.named_destinations.items()
    }


def finish_pdf(raw: Path, path: Path, about: dict[str, str], outline: Iterable[tuple[int, str, str]]) -> None:
    """Write what Chromium printed with outline, title, author and date, and nothing that differs from print to print.

    Chromium makes an outline too, of the headings; it joins the words at the end of a line, and has no parts.
    """
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import BooleanObject, DictionaryObject, Fit, NameObject

    reader = PdfReader(raw)
    places = {unquote(name.removeprefix("/")): place for name, place in reader.named_destinations.items()}
    writer = PdfWriter(clone_from=reader)
    writer.pdf_header = "%PDF-1.7"
    above: list[Any] = []
    for level, title, name in outline:
        place = places[name]
        number = reader.get_destination_page_number(place)
        fit, parent = Fit.xyz(left=place.left, top=place.top), above[level - 1] if level else None
        item = writer.add_outline_item(title=title, page_number=number, parent=parent, fit=fit, is_open=False)
        above[level:] = [item]
    writer.metadata = None
    writer.add_metadata(about)
    root = writer.root_object
    root[NameObject("/PageMode")] = NameObject("/UseOutlines")
    root[NameObject("/ViewerPreferences")] = DictionaryObject({NameObject("/DisplayDocTitle"): BooleanObject(True)})
    writer._ID = None  # made of chance otherwise
    writer.write(path)
