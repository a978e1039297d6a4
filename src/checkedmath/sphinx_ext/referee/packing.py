"""What a reader's browser loads to judge a formula: Python for the browser, and the checker compiled for it.

The npm package pyodide brings CPython as WebAssembly. Of its standard library only what the checker imports is kept,
and all modules are compiled in the build, by the same Python: a browser that had to compile them would need seconds
more. Everything is compressed here, since many servers compress nothing, and unpacked by `static/worker.mjs`.
"""

from __future__ import annotations

import ast
import base64
import gzip
import hashlib
import importlib.util
import io
import json
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from threading import Thread

from bookkit.npm import PACKAGES, NpmError, find_node, version

HERE = Path(__file__).parent
PYODIDE = PACKAGES / "pyodide"
#: The module that answers in the browser; it and all that it imports are packed.
FACE = "checkedmath.judging.report"
#: The files of Pyodide that a browser needs, and how each is called in the output.
WASM, GLUE, LOADER = "pyodide.asm.wasm", "pyodide.asm.mjs", "pyodide.mjs"
LIBRARY = "python_stdlib.zip"
ANSWER = "answer.json"
#: The same moment for each file of the archive, so that the same sources give the same bytes.
MOMENT = (1980, 1, 1, 0, 0, 0)


def sources(subjects: Collection[str]) -> dict[str, str]:
    """Return the modules that the face imports, and the subjects, with all that these import of their own packages.

    Each is under its path, ``"checkedmath/judging/judge.py"``; subjects are places, ``"course.settings:SETTINGS"``.
    An import within a function counts: it will come to it.
    """
    starts = [FACE, *(place.partition(":")[0] for place in subjects)]
    packages = {name.partition(".")[0] for name in starts}
    found: dict[str, str] = {}
    waiting, seen = starts, set(starts)
    while waiting:
        name = waiting.pop()
        for module in _with_parents(name):
            spec = _spec(module)
            if spec is None or spec.origin is None or not spec.origin.endswith(".py"):
                continue
            path = module.replace(".", "/") + ("/__init__.py" if spec.submodule_search_locations else ".py")
            if path in found:
                continue
            found[path] = Path(spec.origin).read_text(encoding="utf-8")
            own = {other for other in imports(found[path]) if other.partition(".")[0] in packages}
            waiting += sorted(own - seen)
            seen |= own
    return dict(sorted(found.items()))


def imports(source: str) -> Iterator[str]:
    """Yield what a module imports, in its functions too: of ``from a import b`` both ``a`` and ``a.b``."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{one.name}" for one in node.names)


def _with_parents(name: str) -> Iterator[str]:
    parts = name.split(".")
    yield from (".".join(parts[:n]) for n in range(1, len(parts) + 1))


def _spec(name: str) -> importlib.machinery.ModuleSpec | None:
    try:
        return importlib.util.find_spec(name)
    except ModuleNotFoundError:  # `a.b` of `from a import b`, where b is no module and a no package
        return None


class Pack:
    """The files of one build, made anew only if something in them has changed.

    ``digest`` names the state of all sources, where somebody has read them anyway: they are many.
    """

    def __init__(self, cache: Path, subjects: Collection[str], pyodide: Path, digest: str = "") -> None:
        self.pyodide, self.subjects = pyodide, subjects
        self._sources = sources(subjects) if not digest else {}
        own = [path.read_bytes() for path in sorted(HERE.glob("*")) if path.suffix in {".py", ".mjs"}]
        asked = json.dumps([version(pyodide), digest, self._sources, sorted(subjects)]).encode()
        self.digest = hashlib.sha256(b"\0".join([asked, *own])).hexdigest()[:16]
        self.folder = cache / self.digest
        self._running: list[subprocess.Popen[bytes]] = []
        self._packing: Thread | None = None
        self._work: tempfile.TemporaryDirectory[str] | None = None

    @property
    def missing(self) -> str:
        """Why there can be no files, or ""."""
        if not (self.pyodide / WASM).is_file():
            return f"the npm package pyodide is not installed: expected {WASM} in {self.pyodide}"
        return ""

    def start(self) -> None:
        """Begin to compile, beside whatever else is to be done."""
        if self.missing or self._work is not None or self.folder.is_dir():
            return
        self._work = tempfile.TemporaryDirectory(prefix="referee-")
        work = Path(self._work.name)
        question, answer = work / "question.json", work / ANSWER
        found = self._sources or sources(self.subjects)
        roots = {name for text in found.values() for name in imports(text)}
        known = sorted(name for name in roots if name.partition(".")[0] in sys.stdlib_module_names)
        self._packing = Thread(target=self._pack_wasm, args=(work / f"{WASM}.gz",))  # zlib lets others run meanwhile
        self._packing.start()
        question.write_text(json.dumps({"sources": found, "roots": known}), encoding="utf-8")
        glue = [HERE / "glue.mjs", PACKAGES / "acorn", self.pyodide / GLUE, self.pyodide / WASM, work]
        for script in ([HERE / "compile.mjs", self.pyodide, HERE / "compile_inside.py", question, answer], glue):
            command = [str(part) for part in (find_node(), *script)]
            started = subprocess.Popen(  # noqa: S603 - scripts of this folder, no shell
                command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
            )
            self._running.append(started)

    def _pack_wasm(self, target: Path) -> None:
        target.write_bytes(_gzip((self.pyodide / WASM).read_bytes()))

    def files(self) -> Mapping[str, Path]:
        """Return the files by name, once they are there.  Raises `NpmError` where they cannot be made."""
        if self.missing:
            raise NpmError(self.missing)
        if not self.folder.is_dir():
            self.start()
            self._finish()
        return {path.name: path for path in sorted(self.folder.iterdir())}

    def _finish(self) -> None:
        assert self._work is not None
        work = Path(self._work.name)
        for process in self._running:
            _, said = process.communicate()
            if process.returncode:
                last = said.decode(errors="replace").strip()[-600:]
                raise NpmError(f"Pyodide could not be made ready for the browser; it said: {last}")
        modules = json.loads((work / ANSWER).read_text(encoding="utf-8"))
        made = self.folder.with_name(f"{self.digest}.part")
        made.mkdir(parents=True, exist_ok=True)
        packed = {path: base64.b64decode(text) for path, text in modules.items()}
        (made / f"{LIBRARY}.gz").write_bytes(_gzip(archive(packed)))
        shutil.copyfile(work / GLUE, made / GLUE)
        assert self._packing is not None
        self._packing.join()
        shutil.copyfile(work / f"{WASM}.gz", made / f"{WASM}.gz")
        (made / LOADER).write_text(_text(self.pyodide / LOADER), encoding="utf-8")
        self.close()
        for other in self.folder.parent.iterdir():
            if other != made:  # of sources that have changed since
                shutil.rmtree(other)
        made.rename(self.folder)

    def close(self) -> None:
        """End what is still at work, as where a build stops before it asks for the files."""
        for process in self._running:
            if process.poll() is None:
                process.kill()
                process.communicate()
        self._running.clear()
        if self._packing is not None:
            self._packing.join()
            self._packing = None
        if self._work is not None:
            self._work.cleanup()
            self._work = None


def archive(modules: Mapping[str, bytes]) -> bytes:
    """Return a zip of these files, not compressed: as one piece they are smaller when the whole is."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as file:
        for path, content in sorted(modules.items()):
            file.writestr(zipfile.ZipInfo(path, MOMENT), content)
    return out.getvalue()


def _gzip(content: bytes) -> bytes:
    return gzip.compress(content, 9, mtime=0)


def _text(path: Path) -> str:
    """Return a script without the address of its map, which is not served."""
    return re.sub(r"\n//# sourceMappingURL=.*", "", path.read_text(encoding="utf-8"))


__all__ = ["FACE", "GLUE", "LIBRARY", "LOADER", "PYODIDE", "WASM", "Pack", "archive", "imports", "sources"]
