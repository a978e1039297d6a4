"""Miniature books for the tests of the judging build."""

import io
import json
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from sphinx.testing.util import SphinxTestApp
from sphinx.util.console import strip_colors

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


@pytest.fixture
def judged(tmp_path):
    """Return a function that copies one of the roots, by name."""
    return lambda root: Judged(f"formulas-{root}", tmp_path)


@pytest.fixture
def miniature(tmp_path):
    """Return a function that copies a root of any kind, by its whole name."""
    return lambda root: Judged(root, tmp_path)


@pytest.fixture(scope="module")
def built_once(tmp_path_factory):
    """Return a function that builds a root for the web, once for all tests that only look at it."""
    return cache(lambda root: Judged(root, tmp_path_factory.mktemp("built")).build("html"))
