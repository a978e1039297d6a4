"""The book to take along: one PDF (``make pdf``) and one EPUB (``make epub``), offered on the site when they are there.

A page of the site, printed by itself, gets what it needs on paper too (``static/print.css``).
"""

from __future__ import annotations

from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util.typing import ExtensionMetadata

from bookkit.editions import offer
from bookkit.editions.epub import EpubBuilder
from bookkit.editions.pdf import STATIC, PdfBuilder
from bookkit.files import put, writes_pages

PRINT = "print.css"


def show_outputs(app: Sphinx, config: Config) -> None:
    """Let myst-nb choose for paper what it chooses for the web: it knows Sphinx's own builders alone."""
    if "myst_nb" in app.extensions:
        from myst_nb.core.render import base_render_priority

        chosen = base_render_priority()["html"].items()
        said = [*config.nb_mime_priority_overrides, *((PdfBuilder.name, kind, rank) for kind, rank in chosen)]
        config.nb_mime_priority_overrides = said


def bring_stylesheet(app: Sphinx) -> None:
    """At the start of a build: put the rules for printing a page where pages look for their checksum."""
    if writes_pages(app):
        put(Path(app.outdir, "_static", PRINT), (STATIC / PRINT).read_bytes())
        app.add_css_file(PRINT)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the builders."""
    app.setup_extension("bookkit.text")
    app.add_builder(PdfBuilder)
    app.add_builder(EpubBuilder, override=True)
    app.connect("config-inited", show_outputs)
    app.connect("builder-inited", bring_stylesheet)
    offer.setup(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
