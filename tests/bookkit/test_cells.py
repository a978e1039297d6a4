"""Code cells run ahead of the reading: side by side, once, and with the pages that come out without it."""

import itertools
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from sphinx.util.console import strip_colors

from bookkit import cells

ROOTS = Path(__file__).parents[1] / "roots"

class Book:
    """A copy of one of the roots; its cells write down in the file ``runs`` that they ran."""

    def __init__(self, root, folder):
        self.source = folder / "source"
        self.runs_file = folder / "runs"
        shutil.copytree(ROOTS / root, self.source)

    def build(self, builder="html", *options, **settings):
        """Build in a process of its own, since Jupyter leaves sockets and event loops to the end of a process."""
        self.runs_file.unlink(missing_ok=True)
        self.out = self.source.parent / "build" / builder  # outside: copies of the notebooks lie there
        values = [f"-Dnb_execution_{name}={value}" for name, value in settings.items()]
        run = subprocess.run(
            [sys.executable, "-m", "sphinx", "-q", "-b", builder, *options, *values, self.source, self.out],
            capture_output=True, text=True, encoding="utf-8", check=False,
            env=os.environ | {"MEETING": str(self.runs_file.parent)},
        )  # fmt: skip
        self.code, self.status = run.returncode, run.stdout
        self.warnings = strip_colors(run.stderr).replace(f"{self.source}/", "").replace(f"{self.source.parent}/", "")
        return self

    def add(self, page, code):
        """Add a cell at the end of a page."""
        with (self.source / f"{page}.md").open("a", encoding="utf-8") as file:
            file.write(f"\n```{{code-cell}} python\n{code}\n```\n")

    @property
    def runs(self):
        return sorted(self.runs_file.read_text().split()) if self.runs_file.exists() else []

    @property
    def pages(self):
        return {path.name: path.read_text(encoding="utf-8") for path in sorted(self.out.glob("*.html"))}


@pytest.fixture
def book(tmp_path):
    """Return a function that copies one of the roots, by name."""
    folders = (tmp_path / str(number) for number in itertools.count())
    return lambda root: Book(f"cells-{root}", next(folders))


def test_two_pages_run_at_the_same_time_and_once_and_nothing_is_said(book):
    built = book("meet").build()
    assert built.code == 0
    assert built.warnings == built.status == ""
    assert "the left page met the right page" in built.pages["left.html"]
    assert "the right page met the left page" in built.pages["right.html"]
    assert built.runs == ["left", "right"]


def test_pages_and_warnings_are_those_that_come_out_without_it(book, monkeypatch):
    ahead = book("pages").build()
    assert ahead.runs == ["faulty", "faulty", "first", "second"]  # a page that failed is run again, to be reported
    monkeypatch.setenv("WITHOUT_CELLS_AHEAD", "1")
    alone = book("pages").build()
    assert alone.runs == ["faulty", "first", "second"]

    assert ahead.pages == alone.pages
    assert "beside this page: []" in ahead.pages["first.html"]
    assert "<td>drawn by a cell</td>" in ahead.pages["second.html"]
    warnings = [re.sub(r".*(Kernel is running over TCP|ZMQStream).*\n", "", build.warnings) for build in (ahead, alone)]
    assert warnings[0] == warnings[1]
    assert warnings[0].startswith("faulty.md: WARNING: Executing notebook failed: CellExecutionError")
    assert warnings[0].count("Executing notebook failed") == 1


def test_only_pages_whose_cells_changed_run_again(book):
    built = book("pages")
    (built.source / "faulty.md").unlink()
    assert built.build().runs == ["first", "second"]
    assert built.build("html", "-E").runs == []  # every page is read anew
    built.add("second", "1 + 1")
    assert built.build().runs == ["second"]


def test_pages_that_need_not_wait_for_their_cells_are_read_first(book):
    built = book("pages")
    order = built.runs_file.with_name("order")
    with (built.source / "conf.py").open("a", encoding="utf-8") as conf:
        conf.write(
            "\n\ndef note(app, docname, text):\n"
            f"    with open({str(order)!r}, 'a') as file:\n        file.write(docname + ' ')\n"
            "\n\ndef setup(app):\n    app.connect('source-read', note)\n"
        )
    built.build()
    read = order.read_text().split()
    assert set(read[-3:]) == {"faulty", "first", "second"}
    assert read[:-3] == sorted(read[:-3])
    assert "plain" in read[:-3]


def test_a_line_that_arrives_in_pieces_is_one_line(book):
    built = book("pages")
    built.add("second", "import time\nprint('half a line,', end=' ', flush=True)\ntime.sleep(1)\nprint('and the rest')")
    assert "half a line, and the rest" in built.build(merge_streams=1).pages["second.html"]


def test_a_builder_that_judges_and_a_mode_that_runs_nothing_run_nothing(book):
    built = book("pages")
    assert built.build("formulas").runs == []
    assert built.build(mode="off").runs == []


def test_a_cell_has_no_more_time_than_without_it(book):
    built = book("pages")
    (built.source / "faulty.md").unlink()
    built.add("first", "import time\ntime.sleep(20)")
    built.build(timeout=2)
    assert "first.md: WARNING: Executing notebook failed: CellTimeoutError" in built.warnings


def test_errors_that_the_settings_allow_are_shown_and_not_run_twice(book):
    built = book("pages").build(allow_errors=1)
    assert built.warnings == ""
    assert built.runs == ["faulty", "first", "second"]
    assert "ZeroDivisionError" in built.pages["faulty.html"]


def test_a_page_that_cannot_be_read_is_reported_by_its_reader(book):
    built = book("pages")
    built.add("first", ":tags: [")
    built.build()
    assert built.code != 0
    assert re.search(r"Code cell \d+ at line \d+ could not be read", built.warnings)
    assert "Handler" not in built.warnings  # which is what Sphinx says when this extension raises something


def test_processes_that_read_side_by_side_find_the_cells_run(book):
    built = book("pages")
    (built.source / "faulty.md").unlink()
    built.build("html", "-j", "2")
    assert built.code == 0
    missing = "toctree contains reference to nonexisting document 'faulty' [toc.not_readable]"
    assert built.warnings == f"index.md:3: WARNING: {missing}\n"
    assert built.runs == ["first", "second"]


@pytest.mark.parametrize(("processors", "kernels"), [(None, 2), (1, 2), (3, 3), (64, 4)])
def test_few_kernels_at_once(processors, kernels, monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: processors)
    assert cells.kernels_at_once() == kernels
