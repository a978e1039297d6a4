"""The files of the checker in the site: packed while pages are written, and put there at the end of a build.

They lie in a folder of their own under ``_static``; a page links nothing of it but where it has a box or an exercise.
"""

from __future__ import annotations

import hashlib
import json
import re
import sysconfig
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.writers.html5 import HTML5Translator

from bookkit.files import put, writes_pages
from bookkit.npm import PACKAGES, NpmError
from checkedmath.sphinx_ext.domain import domain_of
from checkedmath.sphinx_ext.referee.packing import GLUE, LIBRARY, LOADER, PYODIDE, WASM, Pack
from checkedmath.values.installed import places_of

logger = logging.getLogger(__name__)
HERE = Path(__file__).with_name("static")
FOLDER = "_static/checkedmath/referee"
#: A server may not know what an .mjs file is, and every server knows .js.
SERVED = {GLUE: "pyodide.asm.js", LOADER: "pyodide.js", f"{WASM}.gz": f"{WASM}.gz", f"{LIBRARY}.gz": "python.zip.gz"}
STYLE = "referee.css"
KATEX = PACKAGES / "katex" / "dist" / "katex.min.js"
#: What is served besides this book's own, under which licence, and where its text is found: in the package itself, or
#: in another that is installed here, under the same licence.
LICENCES = (
    ("Pyodide, of which the parts that are not used are left out (packing.py and glue.mjs of this book's source)",
     "Mozilla Public License 2.0", PACKAGES / "lightningcss" / "LICENSE"),
    ("Python and its standard library, compiled", "Python Software Foundation License",
     Path(sysconfig.get_path("stdlib"), "LICENSE.txt")),
    ("KaTeX", "MIT License", PACKAGES / "katex" / "LICENSE"),
)  # fmt: skip


class Answering(nodes.General, nodes.Element):
    """What answers in its page, and needs the stylesheet."""


class Serving:
    """What one build serves."""

    def __init__(self) -> None:
        self.pack: Pack | None = None

    def start(self, app: Sphinx) -> None:
        """Begin to pack, beside the reading of the pages."""
        if not _serves(app):
            return
        subjects = places_of(tuple(app.config.checkedmath_subjects) or None)
        cache = Path(app.doctreedir) / "referee"
        cache.mkdir(parents=True, exist_ok=True)
        self.pack = Pack(cache, subjects, Path(app.config.checkedmath_pyodide), app.config.checkedmath_digest)
        if not self.pack.missing:
            self.pack.start()

    def finish(self, app: Sphinx, exception: Exception | None) -> None:
        """Put the files into the site; where they cannot be made, say so: the page then offers the command line."""
        pack, self.pack = self.pack, None
        if pack is None:
            return
        try:
            if exception is None:
                self._write(app, pack)
        finally:
            pack.close()

    def _write(self, app: Sphinx, pack: Pack) -> None:
        out = Path(app.outdir, FOLDER)
        files = {path.name: lean(path).encode() for path in sorted(HERE.iterdir())}
        try:
            packed = pack.files()
        except NpmError as error:
            logger.info("the checker does not run in this site, and its page offers the command line: %s", error)
            (out / "manifest.json").unlink(missing_ok=True)
            return
        files |= {SERVED[name]: path.read_bytes() for name, path in packed.items()}
        files["licences.txt"] = licences().encode()
        files["links.json"] = _json(links(app))
        if KATEX.is_file():
            files["katex.min.js"] = KATEX.read_bytes()
        digest = hashlib.sha256(b"".join(name.encode() + files[name] for name in sorted(files))).hexdigest()[:12]
        sizes = {name: len(content) for name, content in files.items() if name.endswith(".gz")}
        scripts = ("worker.js", "pyodide.js", "pyodide.asm.js", "katex.min.js")
        # The subjects in their order: in this a text without a setting tries them.
        files["manifest.json"] = _json({
            "version": digest, "checker": pack.digest[:8], "subjects": [*pack.subjects], "packed": sizes,
            "scripts": sum(len(files.get(name, b"")) for name in scripts), "katex": "../../katex/katex.min.css",
            "lock": json.loads((pack.pyodide / "pyodide-lock.json").read_text(encoding="utf-8"))["info"],
        })  # fmt: skip
        for name, content in files.items():
            put(out / name, content)
        for path in out.iterdir():
            if path.name not in files:
                path.unlink()


def lean(path: Path) -> str:
    """Return a stylesheet or a script as it is served: without its comments, and without what indents it.

    No text of a script goes over more than one line, and no comment stands behind code.
    """
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".css":
        text = " ".join(re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL).split())
        return re.sub(r" ?([{};,]) ?", r"\1", text).replace(";}", "}")
    return re.sub(r"^\s*(?://.*\n)?", "", text, flags=re.MULTILINE)


def licences() -> str:
    """Return who wrote what is served, with the texts of the licences."""
    parts = []
    for name, licence, path in LICENCES:
        text = path.read_text(encoding="utf-8").strip() if path.is_file() else "(The text is not installed here.)"
        parts.append(f"{name}\n{licence}\n\n{text}\n")
    return f"\n{'=' * 80}\n\n".join(parts)


def links(app: Sphinx) -> dict[str, Any]:
    """Return where an answer may lead: the formulas of the book by their forum text, and its pages by name."""
    domain, builder = domain_of(app.env), app.builder
    formulas: dict[str, str] = {}
    for _, found in domain.in_reading_order():
        for formula in found:
            if not formula.mistake and (text := domain.forms(formula.label).forum):
                formulas.setdefault(text, f"{builder.get_target_uri(formula.page)}#{formula.anchor}")
    pages = {page: builder.get_target_uri(page) for page in sorted(app.env.found_docs)}
    return {"formulas": formulas, "pages": pages}


def up(writer: HTML5Translator) -> str:
    """Return the way from the page that is written to the top of the site: "../", or "" where it stands there."""
    builder = writer.builder
    home = builder.get_relative_uri(builder.current_docname, builder.config.root_doc)
    return f"{above}/" if (above := home.rstrip("/").rpartition("/")[0]) else ""


def address(writer: HTML5Translator, name: str) -> str:
    """Return the link to a file of the folder from the page that is written."""
    checksum = hashlib.sha256((HERE / name).read_bytes()).hexdigest()[:8]
    return f"{up(writer)}{FOLDER}/{name}?v={checksum}"


def link_style(app: Sphinx, page: str, _template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Link the stylesheet on pages with a box or an exercise, by itself: no other page loads it in one with others."""
    if doctree is not None and any(isinstance(node, Answering) for node in doctree.findall(nodes.Element)):
        href = context["pathto"](f"{FOLDER}/{STYLE}", resource=True)
        context["metatags"] = context.get("metatags", "") + f'\n<link rel="stylesheet" media="all" href="{href}">'


def _serves(app: Sphinx) -> bool:
    return writes_pages(app) and bool(app.config.checkedmath_check_page)


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def setup(app: Sphinx) -> None:
    """Register the settings, and what happens at the start and at the end of a build."""
    serving = Serving()
    app.add_config_value("checkedmath_check_page", "", "html", types=(str,))
    app.add_config_value("checkedmath_pyodide", str(PYODIDE), "", types=(str,))
    app.connect("builder-inited", serving.start)
    app.connect("html-page-context", link_style)
    app.connect("build-finished", serving.finish, priority=400)  # before what reads all that is written
