"""A search that leads to the place: questions and their like before sections, and those before whole pages.

While a page is read its entries are collected (`entries`); at the end of the build they become one script,
``_static/finder/index.js``, which the search page loads beside MiniSearch.  Nothing is fetched, so it works
from the file system.  No page but the search page loads any of it.

Others add to it by the event ``finder-page`` (app, docname, doctree, entries), where they extend the list of entries;
titles and paragraphs are as `bookkit.text` writes them.

Settings for conf.py:

* `finder_first`: pages whose labelled sections come before all other entries, with what such an entry is called,
  ``{"faq": "Question"}``;
* `finder_table`: the book's synonyms and signs, a file in the source folder (`finder.table`);
* `finder_browse`: pages to look through where nothing is found, or without JavaScript;
* `finder_dist`: the dist folder of the npm package minisearch, if not where `make setup` puts it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.config import Config
from sphinx.domains import Domain
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.search import IndexBuilder
from sphinx.util.typing import ExtensionMetadata

from bookkit.files import put
from bookkit.finder import filter as filter_box
from bookkit.finder.entries import PAGE, Entry, entries_of
from bookkit.finder.table import Table, read_table
from bookkit.npm import PACKAGES
from bookkit.text import text_of

HERE = Path(__file__).parent
DIST = PACKAGES / "minisearch" / "dist"
FOLDER = "_static/finder"
#: What Sphinx's own search puts into the output, and nothing here reads.
REPLACED = ("searchindex.js", "_static/searchtools.js", "_static/language_data.js")


class FinderDomain(Domain):
    """The entries of all pages, by docname."""

    name = "finder"
    label = "Search"
    initial_data: ClassVar[dict[str, Any]] = {"entries": {}}

    @property
    def entries(self) -> dict[str, list[Entry]]:
        """What the search finds, by docname."""
        found: dict[str, list[Entry]] = self.data["entries"]
        return found

    def clear_doc(self, docname: str) -> None:
        """Forget the entries of a page that is read again or gone."""
        self.entries.pop(docname, None)

    def merge_domaindata(self, docnames: AbstractSet[str], otherdata: dict[str, Any]) -> None:
        """Take over what another process read."""
        self.entries.update({name: found for name, found in otherdata["entries"].items() if name in docnames})

    def resolve_any_xref(self, *_: object) -> list[tuple[str, nodes.reference]]:
        """Return nothing: there is nothing here to refer to."""
        return []


def entries_in(env: BuildEnvironment) -> dict[str, list[Entry]]:
    """Return the entries of all pages, by docname."""
    domain = env.get_domain(FinderDomain.name)
    assert isinstance(domain, FinderDomain)
    return domain.entries


def note(app: Sphinx, doctree: nodes.document) -> None:
    """Collect the entries of the page that has just been read, unless it asks to be left out."""
    docname, metadata = app.env.docname, app.env.metadata[app.env.docname]
    if "nosearch" in metadata or "no-search" in metadata:
        return
    kind = app.config.finder_first.get(docname, "")
    found = entries_of(doctree, docname, str(metadata.get("description", "")), kind, partial(text_of, app))
    app.emit("finder-page", docname, doctree, found)
    entries_in(app.env)[docname] = found


def start(app: Sphinx) -> None:
    """Look at the table before pages are read, and leave Sphinx's own index and page unwritten."""
    if app.builder.format == "html":  # other builders judge folders that have no search
        _table(app)
    if _writes_pages(app):
        app.builder.search = False  # type: ignore[attr-defined]


def bring_files(app: Sphinx, config: Config) -> None:
    """Let Sphinx find the stylesheet and the template."""
    config.html_static_path.append(str(HERE / "static"))
    config.templates_path.append(str(HERE / "templates"))


def write(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Write the index and the library, and yield the search page."""
    if not _writes_pages(app):
        return
    builder = app.builder
    assert isinstance(builder, StandaloneHTMLBuilder)
    files = {"minisearch.js": library(Path(app.config.finder_dist)), "index.js": index(app)}
    for name, text in files.items():
        put(Path(app.outdir, FOLDER, name), text)
    files |= {name: (HERE / "static" / "finder" / name).read_text(encoding="utf-8") for name in ("find.js", "page.js")}
    scripts = [(f"{FOLDER}/{name}", hashlib.sha256(text.encode()).hexdigest()[:8]) for name, text in files.items()]
    names = {name: title.astext() for name, title in app.env.titles.items()} | _short_names(app.env)
    browse = [(page, names[page]) for page in app.config.finder_browse if page in names]
    yield "search", {"title": "Search", "finder_scripts": scripts, "finder_browse": browse}, "finder.html"


def clear(app: Sphinx, exception: Exception | None) -> None:
    """Remove what only Sphinx's own search would read."""
    if exception is None and _writes_pages(app):
        for name in REPLACED:
            Path(app.outdir, name).unlink(missing_ok=True)


def library(dist: Path) -> str:
    """Return MiniSearch as a script, headed by its licence.

    Raises `ExtensionError` where the npm package is not installed.
    """
    script, licence = dist / "umd" / "index.js", dist.parent / "LICENSE.txt"
    if not script.is_file() or not licence.is_file():
        msg = (
            f"the search needs the npm package minisearch: expected umd/index.js in {dist} and LICENSE.txt beside that "
            "folder. Run `make setup`, or set finder_dist in conf.py to the package's dist folder."
        )
        raise ExtensionError(msg)
    code = script.read_text(encoding="utf-8").partition("//# sourceMappingURL")[0].rstrip()
    return f"/*! MiniSearch\n{licence.read_text(encoding='utf-8').strip()}\n*/\n{code}\n"


def index(app: Sphinx) -> str:
    """Return the script that holds every entry, an entry a line, with the language's stemmer and the book's table."""
    found = [entry for _, entries in sorted(entries_in(app.env).items()) for entry in entries]
    pages = list(dict.fromkeys(entry.page for entry in found))
    kinds = list(dict.fromkeys(entry.kind for entry in found))
    names = {e.page: e.title for e in found if e.rank == PAGE} | _short_names(app.env)
    rows = [
        [entry.rank, kinds.index(entry.kind), pages.index(entry.page), entry.anchor, entry.title, entry.text]
        for entry in found
    ]
    language = IndexBuilder(app.env, app.config.html_search_language or app.config.language, {}, "")
    table = _table(app)
    parts = {
        "kinds": _json(kinds),
        "pages": _json([[app.builder.get_relative_uri("search", page), names.get(page, page)] for page in pages]),
        "stopwords": _json(sorted(language.lang.stopwords)),
        "signs": _json(table.signs),
        "synonyms": _lines(table.synonyms),
        "entries": _lines(rows),
    }
    stemmer = language.get_js_stemmer_code().strip()
    written = ",\n".join(f"{name}: {value}" for name, value in parts.items())
    return (
        "globalThis.FinderIndex = (() => {\nconst window = {};\n"
        f"{stemmer}\nreturn {{\nstemmer: new (window.Stemmer ?? Stemmer)(),\n{written}\n}};\n}})();\n"
    )


def _short_names(env: BuildEnvironment) -> dict[str, str]:
    """Return what tables of contents call pages, where that is not a page's title."""
    tables = (toctree for page in env.all_docs for toctree in env.tocs[page].findall(addnodes.toctree))
    return {page: name for table in tables for name, page in table["entries"] if name}


def _table(app: Sphinx) -> Table:
    return read_table(Path(app.srcdir), app.config.finder_table) if app.config.finder_table else Table()


def _lines(rows: Iterable[object]) -> str:
    return "[\n" + ",\n".join(map(_json, rows)) + "\n]"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _writes_pages(app: Sphinx) -> bool:
    return isinstance(app.builder, StandaloneHTMLBuilder) and app.builder.name in {"html", "dirhtml"}


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the search and the filter box."""
    app.add_config_value("finder_first", {}, "env", (dict,))
    app.add_config_value("finder_table", "", "html", (str,))
    app.add_config_value("finder_browse", [], "html", (list, tuple))
    app.add_config_value("finder_dist", str(DIST), "", (str,))
    app.setup_extension("bookkit.text")
    app.add_domain(FinderDomain)
    app.add_event("finder-page")
    app.add_css_file("finder/finder.css")
    app.connect("config-inited", bring_files)
    app.connect("builder-inited", start)
    app.connect("doctree-read", note, priority=650)  # after what writes on the nodes
    app.connect("html-collect-pages", write)
    app.connect("build-finished", clear)
    filter_box.setup(app)
    return {"version": "1", "env_version": 2, "parallel_read_safe": True, "parallel_write_safe": True}
