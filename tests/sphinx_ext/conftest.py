"""The real book judged, and miniature ones, for the tests of the judging build."""

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass

import pytest

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
def judged(miniature):
    """Return a function that copies one of the roots, by name."""
    return lambda root: miniature(f"formulas-{root}")


@pytest.fixture(scope="module")
def judged_once(built_once):
    """Return a function that judges one of the roots, by name, once for all tests that only look at it."""
    return lambda root: built_once(f"formulas-{root}", "formulas")
