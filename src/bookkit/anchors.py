"""Places within a page that are called something else now: their old names still lead to them.

`bookkit_anchors` in conf.py maps a page to its places, the old name of each to the one it has.  A heading is
reworded, or a section becomes a fold, and links that others have made to it go on leading there.
"""

from __future__ import annotations

import re
from html import escape
from typing import Any

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.typing import ExtensionMetadata

logger = logging.getLogger(__name__)


def with_anchors(body: str, names: dict[str, str]) -> tuple[str, list[str]]:
    """Return a page with an empty element of the old name before each place, and a sentence for each that fails.

    >>> with_anchors('<h2 id="new">Title</h2>', {"old": "new"})
    ('<span id="old"></span><h2 id="new">Title</h2>', [])
    >>> with_anchors('<h2 id="new">Title</h2>', {"old": "gone"})[1]
    ["'old' is to lead to 'gone', which the page does not have: name a place of the page"]
    """
    faults = []
    for old, new in names.items():
        tag = re.search(rf'<[a-z][^<>]*\bid="{re.escape(new)}"', body)
        if f'id="{escape(old)}"' in body:
            faults.append(f"{old!r} is a place of the page and among the renamed ones too: take it out of these")
        elif tag is None:
            faults.append(f"{old!r} is to lead to {new!r}, which the page does not have: name a place of the page")
        else:
            body = f'{body[: tag.start()]}<span id="{escape(old)}"></span>{body[tag.start() :]}'
    return body, faults


def insert(app: Sphinx, page: str, _template: str, context: dict[str, Any], doctree: object) -> None:
    """Put the old names into a page."""
    if doctree is not None and page in app.config.bookkit_anchors:
        context["body"], faults = with_anchors(context["body"], app.config.bookkit_anchors[page])
        for fault in faults:
            logger.warning("bookkit_anchors: %s: %s", page, fault, type="bookkit", subtype="anchors")


def compare(app: Sphinx, env: BuildEnvironment) -> None:
    """Warn of pages that are not there."""
    for page in app.config.bookkit_anchors:
        if page not in env.found_docs:
            logger.warning("bookkit_anchors: the book has no page %r: name a page of the book, or take it out",
                           page, type="bookkit", subtype="anchors")  # fmt: skip


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the old names."""
    app.add_config_value("bookkit_anchors", {}, "html", (dict,))
    app.connect("env-check-consistency", compare)
    app.connect("html-page-context", insert)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
