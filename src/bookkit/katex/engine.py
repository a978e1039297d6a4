"""Formulas to HTML: KaTeX in a node process, and a store of what it has drawn.

A build asks `Drawings`; that asks its memory, then the folder of earlier builds, and only then
starts `Engine`. An unchanged formula starts no process.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from bookkit.npm import SETUP_HINT, NpmError, find_node, version

SCRIPT = Path(__file__).with_name("engine.js")
#: What the script leaves out of KaTeX's HTML.
SLIM = SCRIPT.with_name("slim.js")
#: What is drawn: HTML for the eye with MathML for screen readers; HTML alone where the words stand beside it; MathML
#: alone for e-books.
BOTH, EYE, MATHML = "htmlAndMathml", "html", "mathml"


@dataclass(frozen=True)
class Note:
    """A remark about a formula that was drawn all the same.

    `code` is "strict" (LaTeX would read the formula differently) or "trust" (a command that may
    not stand in a formula).
    """

    code: str
    text: str


@dataclass(frozen=True)
class Drawing:
    """One formula as KaTeX drew it: `html`, with `notes`; or the `error` that stopped it.

    `position` counts characters of the formula from 0, and is None where no place in the formula
    is to blame (a fault inside a macro).
    """

    html: str = ""
    notes: tuple[Note, ...] = ()
    error: str = ""
    position: int | None = None


def check_dist(dist: Path) -> None:
    """Raise `NpmError` unless `dist` is the `dist` folder of the npm package katex."""
    for name in ("katex.min.js", "katex.min.css", "fonts", "../package.json"):
        if not (dist / name).exists():
            msg = (
                f"KaTeX is not complete: expected katex.min.js, katex.min.css and fonts/ in "
                f"{dist}, but {name} is missing. {SETUP_HINT}, or set katex_dist in conf.py "
                f"to the dist folder of the npm package katex."
            )
            raise NpmError(msg)


class Engine:
    """KaTeX in one node process, started at the first formula.

    Sphinx forks to write pages in parallel. Two processes cannot share a pair of pipes, so a
    forked copy starts a process of its own.
    """

    def __init__(self, dist: Path, macros: dict[str, str]) -> None:
        self.dist = dist
        self.macros = macros
        self.starts = 0
        self._process: subprocess.Popen[str] | None = None
        self._owner = 0
        self._inherited: list[subprocess.Popen[str]] = []

    def draw(self, tex: str, *, display: bool, output: str = BOTH) -> Drawing:
        """Draw one formula as BOTH, EYE or MATHML says. Raises `NpmError` if node is missing or breaks down."""
        process = self._running()
        # JSON holds neither raw line ends nor non-ASCII letters: one formula, one line.
        question = json.dumps({"tex": tex, "display": display, "output": output}) + "\n"
        line = ""
        with suppress(BrokenPipeError):
            _pipe(process.stdin).write(question)
            _pipe(process.stdin).flush()
            line = _pipe(process.stdout).readline()
        if not line:
            said = _pipe(process.stderr).read().strip() or "it said nothing"
            self.close()
            msg = f"node ended while KaTeX was drawing {tex!r}: {said}"
            raise NpmError(msg)
        answer = json.loads(line)
        notes = tuple(Note(**note) for note in answer.pop("notes", ()))
        return Drawing(notes=notes, **answer)

    def _running(self) -> subprocess.Popen[str]:
        if self._process and self._owner != os.getpid():
            self._inherited.append(self._process)  # the parent's: neither used nor closed here
            self._process = None
        if self._process is None:
            check_dist(self.dist)
            # A debugger or a loader asked for in the environment would write into the pipe.
            environment = {k: v for k, v in os.environ.items() if not k.startswith("NODE_")}
            script = [str(SCRIPT), str(self.dist / "katex.min.js"), json.dumps(self.macros)]
            self._process = subprocess.Popen(  # noqa: S603 - this file's script, no shell
                [str(find_node()), *script],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                encoding="utf-8",
                env=environment,
            )
            self._owner = os.getpid()
            self.starts += 1
        return self._process

    def close(self) -> None:
        """End the process, if this one started it. A later `draw` starts another."""
        process, self._process = self._process, None
        if process is None or self._owner != os.getpid():
            return
        with suppress(BrokenPipeError):
            _pipe(process.stdin).close()
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        _pipe(process.stdout).close()
        _pipe(process.stderr).close()


class Drawings:
    """Formulas drawn in this build and in earlier ones.

    One small file for each formula in a folder named by everything else that decides how it looks
    (KaTeX's version, the macros, the script): written whole and then renamed, so that processes
    writing side by side need no lock. What has a remark or an error is not kept: the build must
    say it again.
    """

    def __init__(self, folder: Path, dist: Path, macros: dict[str, str]) -> None:
        check_dist(dist)
        self.engine = Engine(dist, macros)
        scripts = [path.read_text(encoding="utf-8") for path in (SCRIPT, SLIM)]
        settings = json.dumps([version(dist.parent), macros, *scripts])
        self._folder = folder / _digest(settings)
        for other in folder.iterdir() if folder.is_dir() else ():
            if other != self._folder:  # no formula drawn otherwise will be asked for again
                shutil.rmtree(other)
        self._folder.mkdir(parents=True, exist_ok=True)
        self._drawn: dict[tuple[str, bool, str], Drawing] = {}

    def draw(self, tex: str, *, display: bool, output: str = BOTH) -> Drawing:
        """Return `tex` as drawn before, or draw it. Raises `NpmError` as `Engine.draw` does."""
        key = tex, display, output
        if key not in self._drawn:
            self._drawn[key] = self._stored(tex, display, output)
        return self._drawn[key]

    def _stored(self, tex: str, display: bool, output: str) -> Drawing:
        path = self._folder / f"{_digest(json.dumps([tex, display, output]))}.html"
        try:
            return Drawing(html=path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            drawing = self.engine.draw(tex, display=display, output=output)
        if not drawing.error and not drawing.notes:
            with tempfile.NamedTemporaryFile(
                "w", dir=self._folder, encoding="utf-8", newline="", delete=False
            ) as file:
                file.write(drawing.html)
            Path(file.name).replace(path)
        return drawing

    def close(self) -> None:
        """End the engine's process, if one was started."""
        self.engine.close()


def _pipe(pipe: IO[str] | None) -> IO[str]:
    if pipe is None:  # never: Popen was asked for all three
        msg = "the engine was started without its pipes"
        raise NpmError(msg)
    return pipe


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
