"""Miniature books for the tests of the judging build."""

import io
import json
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from sphinx.testing.util import SphinxTestApp
from sphinx.util.console import strip_colors

from checkedmath.judging import Context

# Builds in a process of its own, and tells what every formula states: text, kind, context, and its statements.
COLLECT = """
import json, sys
from checkedmath.sphinx_ext import formulas
from sphinx.cmd.build import main

found, judge_text = [], formulas.judge_text

def noting(text, kind, context, session):
    statements = judge_text(text, kind, context, session)
    if not context.assumptions and not context.definitions and context.variant is None:
        said = [[s.source, s.relation, s.trivial, s.verdict.verdict, s.verdict.setting] for s in statements]
        found.append([text, kind, context.setting, context.layout, context.lets, said])
    return statements

formulas.judge_text = noting
code = main(sys.argv[2:])
with open(sys.argv[1], "w", encoding="utf-8") as file:
    json.dump(found, file)
sys.exit(code)
"""
ROOTS = Path(__file__).parents[1] / "roots"
#: Numbers of a draw: what a verdict says is tested, not which numbers came out of the generator.
NUMBERS = re.compile(r"differ(?: in row \d+, column \d+)?: \S+ and \S+ in one draw")


class Judged:
    """A copy of one of the roots, judged by the builder ``formulas`` as often as wanted."""

    def __init__(self, root, folder):
        self.source = folder / root
        shutil.copytree(ROOTS / root, self.source)

    def build(self, builder="formulas", **options):
        """Build in this process."""
        warning, status = io.StringIO(), io.StringIO()
        app = SphinxTestApp(builder, srcdir=self.source, warning=warning, status=status, **options)
        read = []
        app.connect("source-read", lambda app, docname, text: read.append(docname))
        try:
            app.build()
        finally:
            app.cleanup()
        self.read, self.out, self.status = sorted(read), Path(app.outdir), strip_colors(status.getvalue())
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


@dataclass(frozen=True)
class JudgedBook:
    """The real book as the builder ``formulas`` left it, and each formula that assumes nothing: (text, kind,
    `Context`, statements), of a statement (source, relation, whether it is trivial, verdict, setting).
    """

    code: int
    warnings: str
    report: dict
    formulas: list


@pytest.fixture(scope="session")
def judged_book(project, once):
    """The real book, judged once for a test run as `make check` does, without its options for cells."""
    folder = once.folder / "judged"

    def judge():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        run = subprocess.run(
            [sys.executable, "-c", COLLECT, folder / "found.json", "-q", "-W", "--keep-going", "-b", "formulas",
             "-c", project, "-d", folder / "doctrees", project / "docs", folder / "out"],
            capture_output=True, text=True, encoding="utf-8", check=False,
        )  # fmt: skip
        (folder / "build.json").write_text(json.dumps([run.returncode, run.stderr]), encoding="utf-8")

    once("judged", judge)
    code, warnings = json.loads((folder / "build.json").read_text(encoding="utf-8"))
    report = json.loads((folder / "out" / "report.json").read_text(encoding="utf-8"))
    formulas = [
        (text, kind, Context(setting, layout, {name: tuple(shape) for name, shape in lets.items()}), said)
        for text, kind, setting, layout, lets, said in json.loads((folder / "found.json").read_text(encoding="utf-8"))
    ]
    return JudgedBook(code, warnings, report, formulas)


@pytest.fixture
def judged(tmp_path):
    """Return a function that copies one of the roots, by name."""
    return lambda root: Judged(f"formulas-{root}", tmp_path)


@pytest.fixture
def miniature(tmp_path):
    """Return a function that copies a root of any kind, by its whole name."""
    return lambda root: Judged(root, tmp_path)


@pytest.fixture(scope="module")
def judged_once(tmp_path_factory):
    """Return a function that judges one of the roots, by name, once for all tests that only look at it."""
    return cache(lambda root: Judged(f"formulas-{root}", tmp_path_factory.mktemp("judged")).build())


@pytest.fixture(scope="module")
def built_once(tmp_path_factory):
    """Return a function that builds a root for the web, once for all tests that only look at it."""
    return cache(lambda root: Judged(root, tmp_path_factory.mktemp("built")).build("html"))
