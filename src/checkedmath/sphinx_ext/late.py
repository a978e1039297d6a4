"""What is known only when all pages have been read: the pages that hold it are written in every build.

A directive leaves a mark on its page, which is filled in when the page is written.
"""

from __future__ import annotations

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment


class LatePages:
    """The pages with marks of one kind, kept in the environment under ``name``."""

    def __init__(self, name: str) -> None:
        self.name = name

    def add(self, env: BuildEnvironment) -> None:
        """Note that the page being read has a mark."""
        self._pages(env).add(env.docname)

    def connect(self, app: Sphinx) -> None:
        """Keep the pages up to date, and have them written in every build."""
        app.connect("env-updated", self._again)
        app.connect("env-purge-doc", self._forget)
        app.connect("env-merge-info", self._merge)

    def _pages(self, env: BuildEnvironment) -> set[str]:
        found: set[str] = env.__dict__.setdefault(self.name, set())
        return found

    def _again(self, app: Sphinx, env: BuildEnvironment) -> list[str]:
        return sorted(self._pages(env) & env.found_docs)

    def _forget(self, app: Sphinx, env: BuildEnvironment, docname: str) -> None:
        self._pages(env).discard(docname)

    def _merge(self, app: Sphinx, env: BuildEnvironment, docnames: set[str], other: BuildEnvironment) -> None:
        self._pages(env).update(self._pages(other) & set(docnames))


__all__ = ["LatePages"]
