"""Settings and fixtures that several tests share."""

import fcntl
import io
import json
import os
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings

# Sphinx takes a build machine (CI) for a terminal with colours; what tests read has none.
os.environ["NO_COLOR"] = "1"
os.environ.pop("FORCE_COLOR", None)

# The same examples in every run: a red build can be repeated, and no test depends on the clock.
settings.register_profile("repeatable", derandomize=True, deadline=None, database=None)
settings.load_profile("repeatable")

ROOTS = Path(__file__).parent / "roots"
#: Numbers of a draw: what a verdict says is tested, not which numbers came out of the generator.
NUMBERS = re.compile(r"differ(?: in row \d+, column \d+)?: \S+ and \S+ in one draw")
FENCE = re.compile(r"^ *(`{3,}|~{3,}|:{3,})\{code-cell\}")


@pytest.fixture(scope="session")
def project():
    """The folder that holds src, docs and tests."""
    return Path(__file__).parents[1]


@pytest.fixture(scope="session")
def pages(project):
    """Every page of the book, by its path under docs/."""
    docs = project / "docs"
    return {
        str(path.relative_to(docs)): path.read_text(encoding="utf-8")
        for path in sorted(docs.rglob("*.md"))
    }


@pytest.fixture(scope="session")
def code_cells():
    """Return a function that finds the code cells of a page: pairs of line number and text."""

    def code_cells(page):
        cells, fence, start = [], None, 0
        lines = page.splitlines()
        for number, line in enumerate(lines, start=1):
            if fence is None:
                opened = FENCE.match(line)
                if opened:
                    fence, start = opened[1], number
            elif line.strip() == fence:
                cells.append((start + 1, without_options(lines[start : number - 1])))
                fence = None
        return cells

    return code_cells


class Once:
    """Does a piece of work once in a test run, whichever of its processes asks first."""

    def __init__(self, folder):
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))

    def __call__(self, name, work):
        note = self.folder / f"{name}.done"
        with (self.folder / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not note.is_file() or note.read_text() != self.run:
                work()
                note.write_text(self.run)


@pytest.fixture(scope="session")
def once(project):
    """Return a function that does a named piece of work once in this test run."""
    return Once(project / "build" / "tests")


@pytest.fixture(scope="session")
def built_book(project, once):
    """The real book, built anew from what `make html` read and ran if it has: its pages in html, and doctrees."""
    folder = project / "build" / "tests"

    def build():
        doctrees = folder / "doctrees"
        if not doctrees.is_dir() and (project / "build/doctrees").is_dir():
            shutil.copytree(project / "build/doctrees", doctrees)
        shutil.rmtree(folder / "html", ignore_errors=True)
        kept = {name: value for name, value in os.environ.items() if name != "SITE_URL"}
        command = [sys.executable, "-m", "sphinx", "-q", "-b", "html", "-c", ".", "-d", doctrees, "docs"]
        command.append(folder / "html")
        done = subprocess.run(command, cwd=project, env=kept, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr

    once("book", build)
    return folder


class Miniature:
    """A copy of one of the roots, built by any builder as often as wanted."""

    def __init__(self, root, folder):
        self.source = folder / root
        shutil.copytree(ROOTS / root, self.source)

    def build(self, builder="formulas", **options):
        """Build in this process."""
        from sphinx.testing.util import SphinxTestApp
        from sphinx.util.console import strip_colors

        warning, status = io.StringIO(), io.StringIO()
        app = SphinxTestApp(builder, srcdir=self.source, warning=warning, status=status, **options)
        read = []
        app.connect("source-read", lambda app, docname, text: read.append(docname))
        try:
            app.build()
        finally:
            app.cleanup()
        self.app, self.read, self.out = app, sorted(read), Path(app.outdir)
        self.status = strip_colors(status.getvalue())
        self.warnings = self._told(warning.getvalue())
        return self

    def build_apart(self, *options, to="_out"):
        """Build in a process of its own, as a shell does; the exit code says whether it failed."""
        self.out = self.source / to
        run = subprocess.run(
            [sys.executable, "-m", "sphinx", "-b", "formulas", *options, self.source, self.out],
            capture_output=True, text=True, encoding="utf-8", check=False,
        )  # fmt: skip
        self.warnings, self.status, self.code = self._told(run.stderr), run.stdout, run.returncode
        return self

    def _told(self, text):
        """Return the warnings, each a text of several lines, with the numbers of draws left out."""
        from sphinx.util.console import strip_colors

        text = strip_colors(text).replace(f"{self.source}/", "")
        text = NUMBERS.sub("differ: … and … in one draw", text).rstrip("\n")
        return re.split(r"\n(?=\S+: (?:WARNING|ERROR): )", text) if text else []

    def write(self, page, old, new):
        """Change a page."""
        path = self.source / f"{page}.md"
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1
        path.write_text(text.replace(old, new), encoding="utf-8")
        return self

    @property
    def report(self):
        return json.loads((self.out / "report.json").read_text(encoding="utf-8"))

    @property
    def judged(self):
        """What the report says of each formula, in short."""
        return [(f["line"], f["kind"], f["relation"], f["verdict"]) for f in self.report["formulas"]]


@pytest.fixture
def miniature(tmp_path):
    """Return a function that copies a root of any kind, by its whole name."""
    return lambda root: Miniature(root, tmp_path)


@pytest.fixture(scope="module")
def built_once(tmp_path_factory):
    """Return a function that builds a root, for the web if not told, once for all tests that only look at it."""
    return cache(lambda root, builder="html": Miniature(root, tmp_path_factory.mktemp("built")).build(builder))


def without_options(lines):
    """Blank out the options at the head of a cell, so that its lines keep their numbers."""
    lines = list(lines)
    closing = None
    for i, line in enumerate(lines):
        text = line.strip()
        if closing:
            lines[i] = ""
            if text == closing:
                break
        elif text == "---" and not any(lines[:i]):
            lines[i], closing = "", "---"
        elif re.match(r":[\w-]+:", text):
            lines[i] = ""
        elif text:
            break
    return "\n".join(lines)


def pytest_terminal_summary(terminalreporter):
    """Print the tables that tests hand over as a property: scores, survivors, the slowest."""
    for reports in terminalreporter.stats.values():
        for report in reports:
            for name, value in getattr(report, "user_properties", ()):
                if name == "table" and getattr(report, "when", "") == "call":
                    terminalreporter.write_line("")
                    terminalreporter.write_line(value)
