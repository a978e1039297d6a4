"""Files of a built book."""

from __future__ import annotations

from pathlib import Path

from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder


def put(path: Path, content: str | bytes) -> None:
    """Write a file, with its folders, if it would change: what is the same keeps its time."""
    content = content.encode() if isinstance(content, str) else content
    if not path.is_file() or path.read_bytes() != content:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def writes_pages(app: Sphinx) -> bool:
    """Whether this build writes pages for the web."""
    return isinstance(app.builder, StandaloneHTMLBuilder) and app.builder.name != "epub" and not in_one_piece(app)


def in_one_piece(app: Sphinx) -> bool:
    """Whether this build writes the book into one file to take along, a PDF or an e-book (`bookkit.editions`)."""
    return bool(getattr(app.builder, "in_one_piece", False))


def static_of_theme(app: Sphinx, name: str) -> Path | None:
    """Return the folder of the theme's own files that holds this one, None where the theme brings none."""
    assert isinstance(app.builder, StandaloneHTMLBuilder)
    folders = [Path(folder) / "static" for folder in app.builder.theme.get_theme_dirs()]
    return next((folder for folder in folders if (folder / name).is_file()), None)
