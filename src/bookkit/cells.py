"""Code cells of several pages run side by side, while Sphinx reads other pages.

myst-nb runs the cells of a page at the moment Sphinx reads it: one kernel after the other, each
with its start and its imports, and Sphinx waits.  Here the kernels of all pages that are not in
myst-nb's cache start at once, a few at a time.  Sphinx waits for a page only when it comes to read
it, and reads those that need not wait first; what came out is put into the cache, where myst-nb looks first.  A page
that failed is not put there: myst-nb runs it again and says what was wrong, as it does without this module.

`bookkit_cells_imports` in conf.py names modules that many pages import: that is done once for all (`bookkit.kernels`).
"""

from __future__ import annotations

import os
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.typing import ExtensionMetadata

logger = logging.getLogger(__name__)

def kernels_at_once() -> int:
    """Return how many kernels run at the same time: one per processor, at least two and at most four.

    Two pay even on one processor, since a kernel that starts mostly waits; each takes some 100 MB.
    """
    return max(2, min(os.cpu_count() or 1, 4))


class Kernels:
    """The pages whose cells are running, for one build; only the cells themselves leave the main thread."""

    def __init__(self) -> None:
        self._pool: ThreadPoolExecutor | None = None
        self._running: dict[str, tuple[str, Future[Any]]] = {}
        self._cache: Any = None
        self._nursery: Any = None

    def start(self, app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
        """Start the cells of all pages about to be read that myst-nb would not find in its cache."""
        config = getattr(env, "mystnb_config", None)
        if config is None or config.execution_mode != "cache" or config.kernel_rgx_aliases:
            return
        from jupyter_cache import get_cache

        self._cache = get_cache(config.execution_cache_path)
        self._pool = ThreadPoolExecutor(kernels_at_once(), "cells")
        for docname in docnames:
            path = str(env.doc2path(docname))
            notebook = _notebook(path, env)
            if notebook is not None and not self._known(notebook):
                if self._nursery is None:
                    from bookkit.kernels import Nursery

                    self._nursery = Nursery(app.config.bookkit_cells_imports)
                self._running[docname] = path, self._pool.submit(_run, notebook, path, config, self._nursery)
        if app.parallel > 1:  # other processes will read the pages, and these threads are not in them
            for docname in docnames:
                self.wait(docname)
        docnames.sort(key=lambda docname: docname in self._running)  # Sphinx reads them in this order

    def wait(self, docname: str) -> None:
        """Have the cells of this page in the cache before myst-nb looks there."""
        path, future = self._running.pop(docname, ("", None))
        if future is None or future.exception() or future.result().err:
            return  # what went wrong myst-nb meets again, and reports
        from jupyter_cache.base import CacheBundleIn

        result = future.result()
        for cell in result.nb.cells:
            join_streams(cell.get("outputs", []))
        bundle = CacheBundleIn(result.nb, path, data={"execution_seconds": result.time})
        self._cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
        logger.info("%s: Executed notebook", path)  # as myst-nb says it

    def stop(self) -> None:
        """Start no further kernel, after a build that was broken off."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
        if self._nursery is not None:
            self._nursery.close()

    def _known(self, notebook: Any) -> bool:
        try:
            self._cache.match_cache_notebook(notebook)
        except KeyError:
            return False
        return True


def join_streams(outputs: list[Any]) -> None:
    """Make one output of the pieces in which a printed text arrived.

    A busy machine sends half a line by itself.  myst-nb, which merges outputs too, would then end the line there, and
    the same cell would give one page today and another tomorrow.
    """
    pieces, outputs[:] = list(outputs), []
    for piece in pieces:
        last = outputs[-1] if outputs else None
        if last and last.output_type == piece.output_type == "stream" and last.name == piece.name:
            last.text += piece.text
        else:
            outputs.append(piece)


def _run(notebook: Any, path: str, config: Any, nursery: Any) -> Any:
    """Run the cells of a page with the settings and in the folder myst-nb would take."""
    import zmq
    from jupyter_cache.executors.utils import single_nb_execution
    from traitlets.config import Config

    # Without this each kernel prints that it talks to us unencrypted.
    encryption = "auto" if zmq.has("curve") else "disabled"
    folder = TemporaryDirectory() if config.execution_in_temp else nullcontext(str(Path(path).parent))
    with folder as cwd:
        return single_nb_execution(
            notebook, cwd=cwd, timeout=config.execution_timeout,
            allow_errors=config.execution_allow_errors,
            config=Config({"KernelManager": {"transport_encryption": encryption}}),
            kernel_manager_class=nursery.manager(),
        )  # fmt: skip


def _notebook(path: str, env: BuildEnvironment) -> Any:
    """Return the page as the notebook myst-nb will make of it, or None where it has to decide itself."""
    from myst_nb.core.read import create_nb_reader

    config = env.mystnb_config  # type: ignore[attr-defined]
    if any(PurePosixPath(path).match(pattern) for pattern in config.execution_excludepatterns):
        return None
    try:
        text = Path(path).read_text(encoding="utf-8")
        reader = create_nb_reader(path, env.myst_config, config, text)  # type: ignore[attr-defined]
        notebook = reader and reader.read(text)
    except Exception:  # noqa: BLE001 - whatever is wrong with the page, myst-nb meets it again and says where
        return None
    if notebook and config.metadata_key not in notebook.metadata:
        return notebook
    return None  # no cells, or settings of its own


def setup(app: Sphinx) -> ExtensionMetadata:
    """Run cells ahead of the reading."""
    kernels = Kernels()
    app.add_config_value("bookkit_cells_imports", (), "", (list, tuple))
    app.connect("env-before-read-docs", kernels.start, priority=900)  # after those that change the list of pages
    app.connect("source-read", lambda app, docname, text: kernels.wait(docname))
    app.connect("build-finished", lambda app, exception: kernels.stop())
    return {"parallel_read_safe": True, "parallel_write_safe": True}
