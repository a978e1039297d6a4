"""Tracks: ways through a book, each a list of pages; at the foot of a page the next page of each track is named.

`bookkit_tracks` in conf.py maps the name of a track to its pages, in their order.  Where a page does not belong to a
track, its foot says at which page a reader would change over to it: the one after the last that both have in common.
``{tracks}`` lists all of them with an estimate of the minutes.  None of this needs a script.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

from bookkit.text import text_of

logger = logging.getLogger(__name__)

#: How fast a page is read: words a minute, and seconds for each displayed formula and each cell or picture.
WORDS, FORMULA, CELL = 150, 20, 20
Tracks = dict[str, list[str]]


class tracks(nodes.General, nodes.Element):
    """Stands for the list of tracks until all pages have been read."""


class TracksDirective(SphinxDirective):
    """``{tracks}``: every track with its pages and the minutes they take."""

    def run(self) -> list[nodes.Node]:
        """Return the stand-in, and note that the page is to be written again when a track changes."""
        self.env.metadata[self.env.docname]["tracks"] = True
        return [tracks()]


def next_in(track: list[str], page: str, others: Iterable[list[str]]) -> tuple[str, bool]:
    """Return the page of a track that comes after a page, and whether the page belongs to the track.

    The page is "" at the end of the track.  From another track one changes over after the last page of it, up to
    this one, that both have in common; without one, to the first page.

    >>> next_in(["a", "b", "c"], "b", []), next_in(["a", "d", "c"], "b", [["a", "b", "c"]])
    (('c', True), ('d', False))
    """
    if page in track:
        return next(iter(track[track.index(page) + 1 :]), ""), True
    before = (other[: other.index(page)] for other in others if page in other)
    shared = [track.index(p) for pages in before for p in pages if p in track]
    return track[max(shared, default=-1) + 1] if max(shared, default=-1) + 1 < len(track) else "", False


def minutes(doctree: nodes.document) -> float:
    """Return about how long a page is read: its paragraphs and lists, its formulas and what its cells show."""
    folded = {id(node) for holder in doctree.findall(_is_folded) for node in holder.findall()}
    read = [node for node in doctree.findall() if id(node) not in folded]
    words = sum(len(node.astext().split()) for node in read if isinstance(node, nodes.paragraph))
    formulas = sum(isinstance(node, nodes.math_block) for node in read)
    cells = sum("cell" in node.get("classes", ()) for node in read if isinstance(node, nodes.container))
    return words / WORDS + (formulas * FORMULA + cells * CELL) / 60


def _is_folded(node: nodes.Node) -> bool:
    """Whether a reader opens this only if it is wanted: a fold, or the exercises."""
    ids = node.get("ids", ()) if isinstance(node, nodes.section) else ()
    kind = node.get("design_component", "") if isinstance(node, nodes.Element) else ""
    return kind == "dropdown" or "exercises" in ids


@dataclass(frozen=True)
class Page:
    """What is known of a page that has been read: its minutes, and what its tables of contents call other pages."""

    minutes: float
    named: dict[str, str]


def _known(env: BuildEnvironment) -> dict[str, Page]:
    if not hasattr(env, "bookkit_pages"):
        env.bookkit_pages = {}  # type: ignore[attr-defined]
    return env.bookkit_pages  # type: ignore[attr-defined]


def _length(env: BuildEnvironment, page: str) -> int:
    return max(1, round(_known(env)[page].minutes)) if page in _known(env) else 1


def _title(app: Sphinx, page: str) -> str:
    """Return what the contents call a page, else its title."""
    named = (known.named[page] for known in _known(app.env).values() if page in known.named)
    return next(named, "") or text_of(app, app.env.titles[page])


def measure(app: Sphinx, doctree: nodes.document) -> None:
    """Note how long a page is and what its contents call others, when it has been read."""
    docname, known = app.env.docname, _known(app.env)
    named = {page: title for tree in doctree.findall(addnodes.toctree) for title, page in tree["entries"] if title}
    if named or any(docname in pages for pages in app.config.bookkit_tracks.values()):
        known[docname] = Page(minutes(doctree), named)


def forget(_app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """Forget a page that is read again."""
    _known(env).pop(docname, None)


def merge(_app: Sphinx, env: BuildEnvironment, docnames: Iterable[str], other: BuildEnvironment) -> None:
    """Take over what another process has read."""
    found = _known(other)
    _known(env).update({name: found[name] for name in docnames if name in found})


def compare(app: Sphinx, env: BuildEnvironment) -> None:
    """Warn of a track that names a page which is not there, or one page twice."""
    for name, pages in app.config.bookkit_tracks.items():
        for page in dict.fromkeys(pages):
            if page not in env.found_docs:
                said = f"bookkit_tracks: {name!r} names the page {page!r}, which the book does not have"
                logger.warning("%s: name a page of the book", said, type="bookkit", subtype="tracks")
            elif pages.count(page) > 1:
                said = f"bookkit_tracks: {name!r} names the page {page!r} twice: name it once"
                logger.warning("%s", said, type="bookkit", subtype="tracks")


def outdated(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Return the pages to write again: those of all tracks, when a title, an order or a length has changed."""
    found = _pages(app)
    state = {page: (_title(app, page), _length(env, page)) for page in found}
    now = (dict(app.config.bookkit_tracks), state)
    if getattr(env, "bookkit_tracks_written", None) == now:
        return []
    env.bookkit_tracks_written = now  # type: ignore[attr-defined]
    return [*found, *(page for page, data in env.metadata.items() if "tracks" in data)]


def _pages(app: Sphinx) -> list[str]:
    all_pages = dict.fromkeys(page for pages in app.config.bookkit_tracks.values() for page in pages)
    return [page for page in all_pages if page in app.env.titles]


def fill(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the lists where ``{tracks}`` stands."""
    for node in list(doctree.findall(tracks)):
        node.replace_self([part for name in app.config.bookkit_tracks for part in _listed(app, docname, name)])


def _listed(app: Sphinx, docname: str, name: str) -> Iterator[nodes.Node]:
    pages = [page for page in app.config.bookkit_tracks[name] if page in app.env.titles]
    lengths = [_length(app.env, page) for page in pages]
    head = nodes.paragraph("", "", nodes.strong("", name))
    head += nodes.Text(f" ({len(pages)} pages, about {sum(lengths)} minutes)")
    yield head
    items = nodes.enumerated_list(enumtype="arabic", prefix="", suffix=".")
    for page, length in zip(pages, lengths, strict=True):
        link = nodes.reference("", _title(app, page), internal=True)
        link["refuri"] = app.builder.get_relative_uri(docname, page)
        items += nodes.list_item("", nodes.paragraph("", "", link, nodes.Text(f", {length} min")))
    yield items


def foot(app: Sphinx, page: str, _template: str, context: dict[str, Any], doctree: object) -> None:
    """Name the next page of each track at the foot of a page that belongs to one."""
    every: Tracks = app.config.bookkit_tracks
    if doctree is None or "body" not in context or not any(page in pages for pages in every.values()):
        return
    lines = []
    for name, pages in every.items():
        there, own = next_in(pages, page, every.values())
        where = f" (page {pages.index(page) + 1} of {len(pages)})" if own else ""
        if there in app.env.titles:
            title, uri = _title(app, there), app.builder.get_relative_uri(page, there)
            said = f'{"next: " if own else "change over to "}<a href="{escape(uri)}">{escape(title)}</a>'
        else:
            said = "this is its last page" if own else "you have passed its last page"
        lines.append(f"<li><strong>{escape(name)}</strong>{where}: {said}</li>")
    context["body"] += f'\n<nav class="tracks" aria-label="Tracks"><ul>{"".join(lines)}</ul></nav>\n'


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the tracks."""
    app.setup_extension("bookkit.text")
    app.add_config_value("bookkit_tracks", {}, "env", (dict,))
    app.add_node(tracks)
    app.add_directive("tracks", TracksDirective)
    app.connect("doctree-read", measure)
    app.connect("env-purge-doc", forget)
    app.connect("env-merge-info", merge)
    app.connect("env-check-consistency", compare)
    app.connect("env-updated", outdated)
    app.connect("doctree-resolved", fill)
    app.connect("html-page-context", foot)
    return {"version": "1", "env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
