"""Renamed pages: at the old address stands a small page that leads to the new one.

`bookkit_redirects` in conf.py maps old names to new ones.  Other extensions that know of renamed pages return a
`Renamed` from the event ``renamed-pages`` (app).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path, PurePosixPath

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.typing import ExtensionMetadata

from bookkit.files import put
from bookkit.text import text_of

logger = logging.getLogger(__name__)

#: The script keeps the place within the page, which a refresh alone would lose.
PAGE = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="canonical" href="{canonical}">
<meta http-equiv="refresh" content="0; url={url}">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<script>location.replace({script} + location.hash)</script>
</head>
<body><main><h1>This page has moved</h1><p>It is now <a href="{url}">{title}</a>.</p></main></body>
</html>
"""



@dataclass(frozen=True)
class Renamed:
    """Old names of pages with new ones, where that is said, and a folder in which another extension writes pages."""

    pages: Mapping[str, str]
    source: str = "bookkit_redirects in conf.py"
    folder: str = "_static"

    def now(self, old: str) -> str:
        """Return the name that a page has now, through as many renames as there were."""
        seen = set()
        while old in self.pages and old not in seen:
            seen.add(old)
            old = self.pages[old]
        return old

    def fault(self, old: str, env: BuildEnvironment) -> str:
        """Return why there is no redirect from a name, or nothing."""
        new, path = self.now(old), PurePosixPath(old.casefold())
        if new not in env.found_docs:
            return f"the page {old!r} was renamed to {new!r}, which the book does not have: name a page of the book"
        if old in env.found_docs:
            return f"the page {old!r} is in the book and among the renamed ones too: take it out of these"
        if path.parts[:1] == (self.folder,) or str(path) in {"search", "genindex", "404"}:
            return f"the page {old!r} is one that every build writes itself: take it out of the renamed ones"
        if path.is_absolute() or ".." in path.parts:
            return f"the page {old!r} would lie outside the book: take it out of the renamed ones"
        return ""


def renamed(app: Sphinx) -> Iterator[Renamed]:
    """Yield what conf.py and other extensions know of renamed pages."""
    yield Renamed(app.config.bookkit_redirects)
    yield from app.emit("renamed-pages")


def compare(app: Sphinx, env: BuildEnvironment) -> None:
    """Warn of renamed pages that lead nowhere, and of those that are there again."""
    for found in renamed(app):
        for old in sorted(found.pages):
            if said := found.fault(old, env):
                logger.warning("%s: %s", found.source, said, type="bookkit", subtype="renamed")


def write(app: Sphinx, exception: Exception | None) -> None:
    """Write the redirects at the end of a build."""
    if exception is not None or app.builder.name not in {"html", "dirhtml"}:
        return
    for found in renamed(app):
        for old in sorted(found.pages):
            if not found.fault(old, app.env):
                path = Path(app.builder.get_output_path(old))  # type: ignore[attr-defined]
                put(path, _page(app, old, found.now(old)))


def _page(app: Sphinx, old: str, new: str) -> str:
    url, base = app.builder.get_relative_uri(old, new), app.config.html_baseurl
    canonical = base.rstrip("/") + "/" + app.builder.get_target_uri(new) if base else url
    return PAGE.format(
        language=escape(app.config.language), title=escape(text_of(app, app.env.titles[new])), url=escape(url),
        canonical=escape(canonical), script=json.dumps(url).replace("<", "\\u003c"),
    )  # fmt: skip


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the redirects."""
    app.setup_extension("bookkit.text")
    app.add_config_value("bookkit_redirects", {}, "", (dict,))
    app.add_event("renamed-pages")
    app.connect("env-check-consistency", compare)
    app.connect("build-finished", write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
