"""Renamed pages: at the old address stands a small page that leads to the new one.

The names are the table ``pages`` of the registry of permalinks.
"""

from __future__ import annotations

import json
from html import escape
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from checkedmath.sphinx_ext.permalinks import FOLDER, path_of, registry_of
from checkedmath.sphinx_ext.plain import plain_text

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


def _is_taken(docname: str) -> bool:
    """Whether a redirect would be written over a page that is none of the book's: of a formula, of the search."""
    return docname.partition("/")[0].casefold() == FOLDER or docname.casefold() in {"search", "genindex", "404"}


def compare(app: Sphinx, env: BuildEnvironment) -> None:
    """Warn of renamed pages that lead nowhere, and of those that are there again."""
    path, registry = path_of(env), registry_of(env)
    for old in sorted(registry.pages):
        new = registry.page_now(old)
        said = ""
        if new not in env.found_docs:
            said = f"the page {old!r} was renamed to {new!r}, which the book does not have: name a page of the book"
        elif old in env.found_docs:
            said = f'the page {old!r} is in the book and under "pages" too: take it out of "pages"'
        elif _is_taken(old):
            said = f'the page {old!r} is one that every build writes itself: take it out of "pages"'
        if said and path is not None:
            logger.warning("%s: %s", path.name, said, type="checkedmath", subtype="renamed")


def write(app: Sphinx, exception: Exception | None) -> None:
    """Write the redirects at the end of a build."""
    if exception is not None or app.builder.name not in {"html", "dirhtml"}:
        return
    registry = registry_of(app.env)
    for old in sorted(registry.pages):
        new = registry.page_now(old)
        if new not in app.env.found_docs or old in app.env.found_docs or _is_taken(old):
            continue
        path = Path(app.builder.get_output_path(old))  # type: ignore[attr-defined]
        path.parent.mkdir(parents=True, exist_ok=True)
        url = app.builder.get_relative_uri(old, new)
        base = app.config.html_baseurl
        canonical = base.rstrip("/") + "/" + app.builder.get_target_uri(new) if base else url
        title = plain_text(app.env.titles[new])
        text = PAGE.format(
            language=escape(app.config.language), title=escape(title), url=escape(url), canonical=escape(canonical),
            script=json.dumps(url).replace("<", "\\u003c"),
        )  # fmt: skip
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


def setup(app: Sphinx) -> None:
    """Register the redirects."""
    app.connect("env-check-consistency", compare)
    app.connect("build-finished", write)
