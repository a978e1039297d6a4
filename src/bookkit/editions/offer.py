"""The site offers the PDF and the e-book that were made of the same sources, with a line on its start page.

`bookkit_editions` in conf.py lists their files, relative to the folder of conf.py; `bookkit_edition_of` is a digest of
what the book is made from.  A file that was made of something else is not offered: it would say another thing than
the pages.
"""

from __future__ import annotations

import json
from html import escape
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from bookkit.files import put

logger = logging.getLogger(__name__)


def note(path: Path, of: str) -> None:
    """Write down beside a file what it was made of."""
    put(_note_of(path), of)


def offered(app: Sphinx) -> list[Path]:
    """Return the files that the site offers."""
    if app.builder.name not in {"html", "dirhtml"}:
        return []
    found = [Path(app.confdir, name) for name in app.config.bookkit_editions]
    made = [path for path in found if path.is_file() and _note_of(path).is_file()]
    return [path for path in made if _note_of(path).read_text(encoding="utf-8") == app.config.bookkit_edition_of]


def again(app: Sphinx, _env: BuildEnvironment) -> list[str]:
    """Have the start page written again when it offers something else than in the last build."""
    if app.builder.name not in {"html", "dirhtml"}:
        return []
    now, kept = json.dumps([_said(path) for path in offered(app)]), Path(app.doctreedir, "offered.json")
    before = kept.read_text(encoding="utf-8") if kept.is_file() else "[]"
    put(kept, now)
    return [app.config.root_doc] if now != before else []


def add_line(app: Sphinx, page: str, _template: str, context: dict[str, Any], _doctree: object) -> None:
    """Write the line on the start page, before its first section."""
    files = offered(app) if page == app.config.root_doc and "body" in context else []
    if files:
        addresses = [(escape(context["pathto"](path.name, resource=True)), _said(path)) for path in files]
        links = " and ".join(f'<a href="{address}" download>{said}</a>' for address, said in addresses)
        line = f'<p class="book-editions">The whole book to take along: {links}.</p>\n'
        begin, title, rest = context["body"].partition("</h1>")
        before, section, after = rest.partition("<section")
        context["body"] = begin + title + before + line + section + after


def copy(app: Sphinx, exception: Exception | None) -> None:
    """Copy the files into the site at the end of a build, and take away those that it no longer offers."""
    if exception is not None or app.builder.name not in {"html", "dirhtml"}:
        return
    files = offered(app)
    for path in files:
        put(Path(app.outdir, path.name), path.read_bytes())
    for name in app.config.bookkit_editions:
        path = Path(app.confdir, name)
        if path not in files:
            Path(app.outdir, path.name).unlink(missing_ok=True)
            if path.is_file():
                logger.info("%s was made of other sources and is not offered: make it again", name)


def _said(path: Path) -> str:
    return f"{path.suffix[1:].upper()} ({path.stat().st_size / 1e6:.1f} MB)"


def _note_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.of")


def setup(app: Sphinx) -> None:
    """Register what is offered."""
    app.add_config_value("bookkit_editions", [], "", (list, tuple))
    app.add_config_value("bookkit_edition_of", "", "", (str,))
    app.connect("env-updated", again)
    app.connect("html-page-context", add_line)
    app.connect("build-finished", copy)
