"""One small stylesheet on a page in place of a dozen large ones: rules for what the book's pages can show.

A theme and its extensions bring rules for whatever somebody might use.  Once the book is written, it is known
what stands on its pages: a rule that asks for a class or an id which no page and no script names is left out,
and so is a variable that nothing reads.  Lightning CSS, pinned in .requirements/package.json, does the work:
it inlines each ``@import``, leaves out, and minifies.  Pages that link the same list of stylesheets share one,
and so do those that link a part of that list: a reader's browser fetches it once.

What is used, `bookkit.written` tells.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from bookkit.files import put
from bookkit.npm import PACKAGES, SETUP_HINT, NpmError, find_node, version
from bookkit.written import VARIABLE

SCRIPT = Path(__file__).with_suffix(".js")
#: Where a bundle lies under _static; the rest of its name is its list of sources.
BUNDLE = "styles/all-{}.css"
LINK = re.compile(
    r'[ \t]*<link\b(?=[^>]*\brel="stylesheet")(?![^>]*\bmedia=)[^>]*?\bhref="(?P<up>[^":]*_static/)(?P<name>[^"?]+)'
    r'(?:\?[^"]*)?"[^>]*>\n?'
)
SOURCES = re.compile(r"/\* sources: (.*) \*/\n")
SELECTED = re.compile(r"[.#](-?[_a-zA-Z][\w-]*)")
DECLARED = re.compile(r"(--[\w-]+):")
READ = re.compile(r"var\((--[\w-]+)")
LICENCE = re.compile(r"/\*!.*?\*/", re.DOTALL)


@dataclass(frozen=True)
class Bundler:
    """Makes bundles in the folder `static`; `store` keeps what earlier builds made, `package` is Lightning CSS."""

    static: Path
    store: Path
    package: Path

    def link(self, pages: Mapping[Path, str], used: set[str]) -> dict[Path, str]:
        """Return the pages that change, each with one link in place of its links.

        `pages` has the text of every page of the book, `used` the names that pages and scripts use.
        Raises `NpmError` if Lightning CSS is missing or cannot read a stylesheet.
        """
        linked = {path: list(LINK.finditer(text)) for path, text in pages.items()}
        lists = {path: self._sources([link["name"] for link in links]) for path, links in linked.items() if links}
        whole = {sources: max(filter(partial(_holds, sources), lists.values()), key=len) for sources in lists.values()}
        bundles = {sources: self._bundle(sources, used) for sources in sorted(set(whole.values()))}
        changed = {}
        for path, sources in lists.items():
            text, first = pages[path], linked[path][0]
            one = f'<link rel="stylesheet" href="{first["up"]}{bundles[whole[sources]]}">\n'
            new = text[: first.start()] + one + LINK.sub("", text[first.start() :])
            if new != text:
                changed[path] = new
        kept = {address.partition("?")[0] for address in bundles.values()}
        for path in self.static.glob(BUNDLE.format("*")):
            if path.relative_to(self.static).as_posix() not in kept:
                path.unlink()
        return changed

    def _sources(self, names: list[str]) -> tuple[str, ...]:
        """Return the list behind the links of a page, of which an earlier build may have made one."""
        found: list[str] = []
        for name in names:
            first = SOURCES.match((self.static / name).read_text(encoding="utf-8"))
            found += first[1].split() if first else [name]
        return tuple(found)

    def _bundle(self, sources: tuple[str, ...], used: set[str]) -> str:
        """Write the bundle of a list, and return its address with a checksum."""
        name = BUNDLE.format(f"{zlib.crc32(' '.join(sources).encode()):08x}")
        content = self._lean(sources, name, used).encode()
        put(self.static / name, content)
        return f"{name}?v={zlib.crc32(content):08x}"

    def _lean(self, sources: Sequence[str], name: str, used: set[str]) -> str:
        texts = {path: path.read_text(encoding="utf-8") for path in sorted(self.static.rglob("*.css"))
                 if not path.match(BUNDLE.format("*"))}  # fmt: skip
        named = {word for text in texts.values() for word in SELECTED.findall(text)}
        unused = named - used
        variables = {name for text in texts.values() for name in VARIABLE.findall(text)}
        asked = [version(self.package), SCRIPT.read_text(encoding="utf-8"), *sources, *texts.values(),
                 *sorted(unused), *sorted(variables & used)]  # fmt: skip
        kept = self.store / f"{hashlib.sha256(json.dumps(asked).encode()).hexdigest()[:32]}.css"
        if kept.is_file():
            return kept.read_text(encoding="utf-8")
        css = self._engine(sources, name, unused)
        unread = set(DECLARED.findall(css)) - set(READ.findall(css)) - used
        css = self._engine(sources, name, unused | unread)
        licences = dict.fromkeys(note for source in sources for note in LICENCE.findall(texts[self.static / source]))
        css = "\n".join([f"/* sources: {' '.join(sources)} */", *licences, css]) + "\n"
        put(kept, css)
        return css

    def _engine(self, sources: Sequence[str], name: str, unused: set[str]) -> str:
        if not (self.package / "node" / "index.js").is_file():
            msg = f"Lightning CSS is missing: expected the npm package lightningcss in {self.package}. {SETUP_HINT}."
            raise NpmError(msg)
        asked = {"folder": str(self.static), "sources": [*sources], "at": name, "unused": sorted(unused)}
        done = subprocess.run(  # noqa: S603 - this folder's script, no shell
            [str(find_node()), str(SCRIPT), str(self.package)],
            input=json.dumps(asked), capture_output=True, encoding="utf-8", check=False,
        )  # fmt: skip
        if done.returncode:
            msg = f"Lightning CSS cannot read a stylesheet in {self.static}: {done.stderr.strip()}"
            raise NpmError(msg)
        return done.stdout


def _holds(part: Sequence[str], whole: Iterable[str]) -> bool:
    """Whether `whole` has all of `part`, in its order."""
    rest = iter(whole)
    return all(name in rest for name in part)


def bundle(app: Sphinx, pages: Mapping[Path, str], used: set[str]) -> None:
    """Link one stylesheet on each page when all are written."""
    bundler = Bundler(Path(app.outdir, "_static"), Path(app.doctreedir) / "stylesheets", PACKAGES / "lightningcss")
    for path, text in bundler.link(pages, used).items():
        path.write_text(text, encoding="utf-8")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Make bundles when all pages are written, after whatever mends stylesheets."""
    app.setup_extension("bookkit.written")
    app.connect("pages-written", bundle, priority=600)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
