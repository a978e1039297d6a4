"""The builder ``epub``: the whole book as an e-book, EPUB 3, with MathML and no script.

It takes the place of Sphinx's own, which shows formulas as their TeX.  The same sources give the same bytes.
"""

from __future__ import annotations

import mimetypes
import re
import time
import uuid
from collections.abc import Mapping, Sequence
from html import escape
from io import BytesIO
from pathlib import Path
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from sphinx.util import logging

from bookkit.editions import fonts
from bookkit.editions.builder import Chapter, InOnePiece, Part, colophon, made_at
from bookkit.editions.mathml import plain_letters
from bookkit.editions.offer import note
from bookkit.files import put
from bookkit.katex.engine import MATHML
from bookkit.theme import STYLE

logger = logging.getLogger(__name__)
STYLES = Path(__file__).with_name("static") / "epub.css"
CONTAINER = """<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="book.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
"""
#: What a library or a screen reader may want to know before it opens the book.
ACCESSIBLE = (
    ("accessMode", "textual"), ("accessMode", "visual"), ("accessModeSufficient", "textual"),
    ("accessibilityFeature", "MathML"), ("accessibilityFeature", "alternativeText"),
    ("accessibilityFeature", "structuralNavigation"), ("accessibilityFeature", "tableOfContents"),
    ("accessibilityHazard", "none"),
    ("accessibilitySummary", "Formulas are MathML with a text beside each; figures say in words what they show."),
)  # fmt: skip
SHEETS = ("style/pygments.css", "style/epub.css")
MATHS_FONT = "style/STIXTwoMath.woff2"
#: Elements that HTML does not close, and XML does.
UNCLOSED = re.compile(r"<(br|hr|img|col|wbr|input)\b([^<>]*[^<>/])?>")
#: What epubcheck stops at: a selector that older devices do not know, and an outline of nothing, as of a space.
HAS = re.compile(r"(?<=[}>])[^{}<]*:has\([^{}]*\{[^{}]*\}")
BARE_PATH = re.compile(r"<path\b(?![^>]*\sd=)")
BARE_SVG = re.compile(r"<svg\b(?![^>]*\bxmlns=)")
MARKER = re.compile(r'<span class="sd-summary-(?:state-marker|icon)[^"]*">.*?</span>', re.DOTALL)


class EpubBuilder(InOnePiece):
    """Writes the e-book; ``make epub`` runs it."""

    name = "epub"
    epilog = "The e-book is in %(outdir)s."
    katex_output = MATHML
    allow_sharp_as_current_path = False

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        """Return the file of a page."""
        return f"{docname}.xhtml"

    def finish(self) -> None:
        """Write the book."""
        self.copy_image_files()
        parts = self.parts()
        title = f'<section class="book-title" epub:type="titlepage">\n{self.title_page()}\n</section>'
        last = f'<section epub:type="colophon">\n{colophon(fonts.licences_in_ebook())}\n</section>'
        pages = {"title.xhtml": self._page("title.xhtml", self.config.project, title, "frontmatter")}
        for chapter in (chapter for part in parts for chapter in part.chapters):
            pages[self.get_target_uri(chapter.docname)] = self._chapter(chapter)
        pages["colophon.xhtml"] = self._page("colophon.xhtml", "Fonts", last, "backmatter")
        linear = list(pages)
        pages["nav.xhtml"] = self._contents(parts)
        for name, page in pages.items():
            check(name, page)
        files = {f"_images/{Path(name).name}": Path(self.outdir, "_images", name).read_bytes()
                 for name in sorted(self.images.values())}  # fmt: skip
        files["style/pygments.css"] = self.highlighter.get_stylesheet().encode()
        files["style/epub.css"] = STYLES.read_bytes()
        signs = frozenset(ord(sign) for page in pages.values() for sign in page)
        files[MATHS_FONT] = fonts.lean_maths(signs)
        files |= {name: page.encode() for name, page in pages.items()}
        files["toc.ncx"] = self._ncx(parts).encode()
        files["book.opf"] = self._package(files, pages, linear).encode()
        path = Path(self.outdir, f"{self.config.epub_basename}.epub")
        put(path, zipped({"META-INF/container.xml": CONTAINER.encode(), **files}))
        note(path, self.config.bookkit_edition_of)
        logger.info("%s: %d pages, %d kB", path.name, len(linear), path.stat().st_size // 1000)

    @property
    def identifier(self) -> str:
        """The name of this book, the same in every build."""
        return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, self.config.html_baseurl or self.config.epub_basename)}"

    # Pages ------------------------------------------------------------------------------------------------------

    def _page(self, name: str, title: str, body: str, kind: str, styles: str = "") -> str:
        up, language = "../" * name.count("/"), escape(self.config.language)
        links = "\n".join(f'<link rel="stylesheet" type="text/css" href="{up}{sheet}"/>' for sheet in SHEETS)
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html>\n<html xmlns="http://www.w3.org/1999/xhtml" '
            f'xmlns:epub="http://www.idpf.org/2007/ops" lang="{language}" xml:lang="{language}">\n'
            f"<head>\n<title>{escape(title)}</title>\n{links}\n{styles}</head>\n"
            f'<body epub:type="{kind}">\n{body}\n</body>\n</html>\n'
        )

    def _chapter(self, chapter: Chapter) -> str:
        body = self.bodies[chapter.docname]
        styles = HAS.sub("", "".join(dict.fromkeys(STYLE.findall(body))))  # a figure's; they stand in the head alone
        body = MARKER.sub("", STYLE.sub("", body)).replace("<details ", '<details open="open" ')
        body = BARE_SVG.sub('<svg xmlns="http://www.w3.org/2000/svg"', body)
        body = plain_letters(body)
        body = BARE_PATH.sub('<path d=""', body)
        body = UNCLOSED.sub(lambda tag: f"<{tag[1]}{tag[2] or ''}/>", body)
        return self._page(self.get_target_uri(chapter.docname), chapter.name, body, "bodymatter", styles)

    # What leads to them -----------------------------------------------------------------------------------------

    def _contents(self, parts: Sequence[Part]) -> str:
        def chapter(one: Chapter) -> str:
            file = self.get_target_uri(one.docname)
            below = "".join(
                f'<li><a href="{file}#{escape(place)}">{escape(title)}</a></li>'
                for place, title in self.sections[one.docname]
            )
            return f'<li><a href="{file}">{escape(one.name)}</a>' + (f"<ol>{below}</ol>" if below else "") + "</li>\n"

        entries = ""
        for part in parts:
            chapters = "".join(map(chapter, part.chapters))
            caption = escape(part.caption)
            entries += f"<li><span>{caption}</span>\n<ol>{chapters}</ol></li>\n" if caption else chapters
        last = '<li><a href="colophon.xhtml">Fonts</a></li>'
        body = f'<nav epub:type="toc" id="toc"><h1>Contents</h1>\n<ol>{entries}{last}</ol></nav>'
        return self._page("nav.xhtml", "Contents", body, "frontmatter")

    def _ncx(self, parts: Sequence[Part]) -> str:
        """Return the contents in the form of EPUB 2, for older devices: the chapters."""
        chapters = [chapter for part in parts for chapter in part.chapters]
        points = "\n".join(
            f'<navPoint id="point-{n}" playOrder="{n}"><navLabel><text>{escape(one.name)}</text></navLabel>'
            f'<content src="{self.get_target_uri(one.docname)}"/></navPoint>'
            for n, one in enumerate(chapters, 1)
        )
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            '<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/" version="2005-1">\n'
            f'<head><meta name="dtb:uid" content="{self.identifier}"/></head>\n'
            f"<docTitle><text>{escape(self.config.project)}</text></docTitle>\n<navMap>\n{points}\n</navMap>\n</ncx>\n"
        )

    def _package(self, files: Mapping[str, bytes], pages: Mapping[str, str], linear: Sequence[str]) -> str:
        config, names = self.config, sorted(files)
        ids = {name: f"file-{n}" for n, name in enumerate(names, 1)}
        said = {"title": config.project, "language": config.language, "creator": config.author,
                "rights": config.copyright, "description": config.epub_description}  # fmt: skip
        metadata = [
            f'<dc:identifier id="book">{self.identifier}</dc:identifier>',
            *(f"<dc:{name}>{escape(value)}</dc:{name}>" for name, value in said.items() if value),
            f'<meta property="dcterms:modified">{time.strftime("%Y-%m-%dT%H:%M:%SZ", made_at())}</meta>',
            *(f'<meta property="schema:{name}">{escape(value)}</meta>' for name, value in ACCESSIBLE),
        ]  # fmt: skip
        manifest = [
            f'<item id="{ids[name]}" href="{name}" media-type="{_media_type(name)}"{_properties(pages.get(name, ""))}/>'
            for name in names
        ]
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n<package xmlns="http://www.idpf.org/2007/opf" version="3.0" '
            f'xml:lang="{escape(config.language)}" unique-identifier="book">\n'
            '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">\n' + "\n".join(metadata) + "\n</metadata>\n"
            "<manifest>\n" + "\n".join(manifest) + f'\n</manifest>\n<spine toc="{ids["toc.ncx"]}">\n'
            + "\n".join(f'<itemref idref="{ids[name]}"/>' for name in linear) + "\n</spine>\n</package>\n"
        )  # fmt: skip


def _properties(page: str) -> str:
    """Return what the package must say of a page that holds more than text."""
    found = {"nav": 'epub:type="toc"', "mathml": "<math ", "svg": "<svg "}
    said = " ".join(name for name, sign in found.items() if sign in page)
    return f' properties="{said}"' if said else ""


def _media_type(name: str) -> str:
    own = {".xhtml": "application/xhtml+xml", ".ncx": "application/x-dtbncx+xml", ".woff2": "font/woff2"}
    return own.get(Path(name).suffix) or mimetypes.guess_type(name, strict=True)[0] or "application/octet-stream"


def check(name: str, page: str) -> None:
    """Warn of a page that is no XML, which a reading system would not show: a cell's output may be HTML and no more."""
    try:
        expat.ParserCreate().Parse(page, True)
    except expat.ExpatError as error:
        line = page.splitlines()[error.lineno - 1][max(error.offset - 60, 0) : error.offset + 60]
        logger.warning("the e-book's page %s is no XML: %s, at %r", name, error, line, type="bookkit", subtype="epub")


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return the book: a ZIP archive that begins with its media type, and holds no times of this machine."""
    archive = BytesIO()
    with ZipFile(archive, "w", ZIP_DEFLATED) as book:
        for name, content in [("mimetype", b"application/epub+zip"), *files.items()]:
            entry = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = ZIP_STORED if name == "mimetype" else ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            book.writestr(entry, content)
    return archive.getvalue()
