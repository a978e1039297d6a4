"""Permalinks: the registry is compared with the book, and the builder ``permalinks`` brings it up to date.

`checkedmath_permalinks` in conf.py names the registry, relative to the source folder.  Without it the
book promises no addresses and nothing is compared.
"""

from __future__ import annotations

from pathlib import Path

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util import logging

from bookkit.redirects import Renamed
from checkedmath.sphinx_ext.domain import domain_of
from checkedmath.sphinx_ext.registry import Entry, Registry, RegistryError, bad_labels, load, text_of
from checkedmath.sphinx_ext.report import FormulasBuilder
from checkedmath.syntax.errors import visible

logger = logging.getLogger(__name__)
FOLDER = "formulas"


def address(label: str) -> str:
    """Return where the permanent page of a formula lies in the built book.

    >>> address("answer")
    'formulas/answer.html'
    """
    return f"{FOLDER}/{label}.html"


def path_of(env: BuildEnvironment) -> Path | None:
    """Return where the registry lies, or None if the book has none."""
    name = env.config.checkedmath_permalinks
    return Path(env.srcdir, name) if name else None


def registry_of(env: BuildEnvironment) -> Registry:
    """Read the registry.  Raises `ExtensionError` if it cannot be read."""
    path = path_of(env)
    try:
        return load(path) if path is not None else Registry()
    except RegistryError as error:
        raise ExtensionError(str(error)) from error


def entries_of(env: BuildEnvironment) -> dict[str, Entry]:
    """Return what the registry says of each labelled formula of the book."""
    formulas = domain_of(env).addressed.values()
    return {formula.label: Entry(formula.page, formula.question) for formula in formulas}


def compare(app: Sphinx, env: BuildEnvironment) -> None:
    """Warn of promises that the book does not keep, and of labels that can be no address."""
    book, formulas = entries_of(env), domain_of(env).formulas
    path = path_of(env)
    for twin in formulas.values():
        if twin.twin_of and (twin.twin_of not in formulas or formulas[twin.twin_of].twin_of):
            said = "is no formula of the book" if twin.twin_of not in formulas else "is a twin itself: name its home"
            logger.warning("twin-of: %r %s", visible(twin.twin_of), said, location=(twin.page, twin.line),
                           type="checkedmath", subtype="permalink")  # fmt: skip
    for label, fault in bad_labels({**registry_of(env).moved, **formulas}).items():
        place = (formulas[label].page, formulas[label].line) if label in formulas else str(path)
        logger.warning("%s", fault, location=place, type="checkedmath", subtype="permalink")
    if path is None or isinstance(app.builder, PermalinksBuilder):
        return
    for fault in registry_of(env).faults(book):
        logger.warning("%s: %s", path.name, visible(fault), type="checkedmath", subtype="permalink")


def renamed(app: Sphinx) -> Renamed:
    """Return the pages that were renamed, for the redirects."""
    path = path_of(app.env)
    return Renamed(registry_of(app.env).pages, path.name if path is not None else "", FOLDER)


class PermalinksBuilder(FormulasBuilder):
    """Writes the registry anew; ``make permalinks`` runs it."""

    name = "permalinks"
    epilog = "Commit the registry with the pages."

    def finish(self) -> None:
        """Write the registry, or say which promise would be broken and leave it as it is."""
        path = path_of(self.env)
        if path is None:
            raise ExtensionError(
                "this book has no registry of permalinks: set checkedmath_permalinks in conf.py to its file"
            )
        before, book = registry_of(self.env), entries_of(self.env)
        try:
            after = before.with_book(book)
        except RegistryError as error:
            raise ExtensionError(f"{path.name} was not changed:\n{error}") from error
        text = text_of(after)
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
        new = before.missing(book)
        logger.info("%d permalinks, %d of them new%s", len(book), len(new), ": " + ", ".join(new) if new else "")


def setup(app: Sphinx) -> None:
    """Register the builder and the comparison."""
    app.add_config_value("checkedmath_permalinks", "", "", str)
    app.add_builder(PermalinksBuilder)
    app.connect("env-check-consistency", compare)
