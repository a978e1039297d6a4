"""What the builders of a book in one piece share: the pages in reading order, and of each its body and its sections."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.environment import BuildEnvironment

from bookkit.editions.fonts import Licence
from bookkit.text import text_of


@dataclass(frozen=True)
class Chapter:
    """A page of the book and what the contents call it."""

    docname: str
    name: str


@dataclass
class Part:
    """Chapters under one caption of the contents; without a caption where they stand under none."""

    caption: str
    chapters: list[Chapter] = field(default_factory=list)


def made_at() -> time.struct_time:
    """Return when an edition counts as made: SOURCE_DATE_EPOCH if the environment has it, else now."""
    said = os.environ.get("SOURCE_DATE_EPOCH", "")
    return time.gmtime(int(said) if said else None)


class InOnePiece(StandaloneHTMLBuilder):
    """Keeps what Sphinx writes of each page, until all pages are there."""

    in_one_piece = True
    copysource = False
    add_permalinks = False
    embedded = True
    search = False
    download_support = False
    html_scaled_image_link = False

    def init(self) -> None:
        """Begin with no pages."""
        super().init()
        self.bodies: dict[str, str] = {}
        self.sections: dict[str, list[tuple[str, str]]] = {}

    def get_theme_config(self) -> tuple[str, dict[str, str | int | bool]]:
        """Return a theme that has next to nothing: side bars and scripts stay with the site."""
        return "basic", {}

    def get_outdated_docs(self) -> str:  # type: ignore[override]
        """Return what is written: everything."""
        return "all documents"

    def write_doc(self, docname: str, doctree: nodes.document) -> None:
        """Write a page, and note its sections."""
        self.sections[docname] = [(place, text_of(self._app, title)) for place, title in sections_of(doctree)]
        super().write_doc(docname, doctree)

    def handle_page(
        self, pagename: str, addctx: dict[str, Any], templatename: str = "page.html", *,
        outfilename: Path | None = None, event_arg: Any = None,
    ) -> None:  # fmt: skip
        """Keep the body of a page; what is no page of the book, as a search, is left out."""
        if pagename in self.env.all_docs:
            self.bodies[pagename] = addctx["body"]

    def title_page(self) -> str:
        """Return what stands on the title page."""
        config = self.config
        version, day = escape(config.version), time.strftime("%Y-%m-%d", made_at())
        lines = [
            f'<p class="book-name">{escape(config.project)}</p>', f"<p>{escape(config.epub_description)}</p>",
            f"<p>{escape(config.author)}</p>",
            f"<p>{f'Version {version}, ' if version else ''}{day}</p>",
        ]  # fmt: skip
        if config.copyright:
            lines.append(f"<p>© {escape(config.copyright)}</p>")
        if address := escape(config.html_baseurl):
            lines.append(f'<p><a href="{address}">{address}</a></p>')
        return "\n".join(lines)

    def parts(self) -> list[Part]:
        """Return the book in reading order."""
        return parts_of(self.env, {name: text_of(self._app, title) for name, title in self.env.titles.items()})


def colophon(licences: Iterable[Licence]) -> str:
    """Return what stands on the last page: which fonts the book holds, and who allows it."""
    said = "".join(
        f"<li>{escape(one.font)}, for {escape(one.used_for)}. {escape(one.licence)}. {escape(one.owner)}.</li>\n"
        for one in licences
    )
    return f"<h1>Fonts</h1>\n<p>This book holds the signs that it needs from these fonts:</p>\n<ul>\n{said}</ul>"


def parts_of(env: BuildEnvironment, names: Mapping[str, str]) -> list[Part]:
    """Return the parts in reading order, the start page first; `names` has the title of each page as plain text."""
    root = env.config.root_doc
    seen = {root}

    def chapters(docname: str, name: str | None) -> Iterator[Chapter]:
        if docname in seen or docname not in env.all_docs:
            return
        seen.add(docname)
        yield Chapter(docname, name or names[docname])
        for table in env.tocs[docname].findall(addnodes.toctree):
            for below, child in table["entries"]:
                yield from chapters(child, below)

    parts = [Part("", [Chapter(root, names[root])])]
    for table in env.tocs[root].findall(addnodes.toctree):
        found = [chapter for name, child in table["entries"] for chapter in chapters(child, name)]
        parts.append(Part(str(table.get("caption") or ""), found))
    rest = [chapter for docname in sorted(env.all_docs) for chapter in chapters(docname, None)]
    return [part for part in [*parts, Part("", rest)] if part.chapters]


def sections_of(doctree: nodes.document) -> Iterator[tuple[str, nodes.title]]:
    """Yield the sections below a page's title, which stand in the contents: id and title."""
    for chapter in doctree.children:
        for section in chapter.children if isinstance(chapter, nodes.section) else ():
            if isinstance(section, nodes.section) and isinstance(section[0], nodes.title):
                yield str(section["ids"][0]), section[0]
