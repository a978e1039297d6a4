"""Settings and fixtures that several tests share."""

import fcntl
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import settings

# Sphinx takes a build machine (CI) for a terminal with colours; what tests read has none.
os.environ["NO_COLOR"] = "1"
os.environ.pop("FORCE_COLOR", None)

# The same examples in every run: a red build can be repeated, and no test depends on the clock.
settings.register_profile("repeatable", derandomize=True, deadline=None, database=None)
settings.load_profile("repeatable")

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
