"""The event ``pages-written`` (app, pages, used): a build for the web has written every file, and they can be mended.

``pages`` has the text of each page by its path, ``used`` the names of classes, ids and variables that pages and
scripts use, with words that are none: all is read once for those that mend.  What a page names: the values of
``class`` and ``id``, in templates and noscript too.  What a script names: each word in it, so a class that a script
sets is known when the script writes it in one piece.  **A class that a script puts together from pieces**
(``"kind-" + kind``) is seen by nobody: name it in conf.py, in `bookkit_kept_classes`.
Scripts that bring a stylesheet of their own are not read: `bookkit_scripts_apart` names their folders below _static.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from bookkit.files import writes_pages

#: Put together from pieces by pydata's scripts: bootstrap's tooltips.
COMPOSED = ("bs-tooltip-auto",)
ATTRIBUTE = re.compile(r"""\b(?:class|id)=(?:"([^"]*)"|'([^']*)')""")
INLINE_SCRIPT = re.compile(r"<script\b[^>]*>([^<]+)</script>")
WORD = re.compile(r"[\w-]+")
VARIABLE = re.compile(r"--[\w-]+")


def names_in(pages: Iterable[str], scripts: Iterable[str]) -> set[str]:
    """Return the names of classes, ids and variables that pages and scripts use, with words that are none.

    >>> sorted(names_in(['<p class="a b" style="color: var(--c)">d</p>'], ["add('e-f')"]))
    ['--c', 'a', 'add', 'b', 'e-f']
    """
    values: set[str] = set()
    found: set[str] = set()
    for text in pages:
        values.update(one or other for one, other in ATTRIBUTE.findall(text))
        found.update(VARIABLE.findall(text))
        for script in INLINE_SCRIPT.findall(text):
            found.update(WORD.findall(script))
    for text in scripts:
        found.update(WORD.findall(text))
    return found.union(*(value.split() for value in values))


def announce(app: Sphinx, exception: Exception | None) -> None:
    """At the end of a build: read what was written, and let it be mended."""
    if exception is not None or not writes_pages(app):
        return
    out, static = Path(app.outdir), Path(app.outdir, "_static")
    paths = [path for path in sorted(out.rglob("*.html")) if not path.is_relative_to(static)]
    pages = {path: path.read_text(encoding="utf-8") for path in paths}
    apart = [static / name for name in app.config.bookkit_scripts_apart]
    scripts = [
        path.read_text(encoding="utf-8") for path in sorted(static.rglob("*.js"))
        if not any(path.is_relative_to(folder) for folder in apart)
    ]  # fmt: skip
    used = names_in(pages.values(), scripts) | {*COMPOSED, *app.config.bookkit_kept_classes}
    app.emit("pages-written", pages, used)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the event and what it cannot see."""
    app.add_config_value("bookkit_kept_classes", (), "", (list, tuple))
    app.add_config_value("bookkit_scripts_apart", (), "", (list, tuple))
    app.add_event("pages-written")
    app.connect("build-finished", announce, priority=900)  # after whatever writes at the end of a build
    return {"parallel_read_safe": True, "parallel_write_safe": True}
