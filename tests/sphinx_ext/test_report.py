"""The builder `formulas`: report.json, the table on the terminal, any source folder, no code cell."""

import json
import subprocess
import sys

import pytest
from docutils import nodes
from sphinx.testing.util import SphinxTestApp

pytestmark = [
    pytest.mark.filterwarnings("default::DeprecationWarning"),
    pytest.mark.filterwarnings("default::PendingDeprecationWarning"),
]
FIELDS = [
    "page", "line", "label", "setting", "layout", "source", "kind", "relation", "trivial", "verdict", "where",
    "message", "nearest", "mistake", "row",
]  # fmt: skip


def test_the_report_has_the_fields_that_were_promised(judged):
    for root in ("true", "false", "pages", "unchecked", "quoted", "spans-true"):
        report = judged(root).build().report
        assert list(report) == ["formulas", "unchecked", "claims"]
        for entry in report["formulas"]:
            assert list(entry) == FIELDS
            assert entry["kind"] in {"display", "inline", "step", "code", "words"}
            assert entry["relation"] in {"claim", "value", "definition", "shape", "quoted"}
            assert entry["verdict"] in {"holds", "conditional", "fails", "unreadable"}
            assert all(list(condition) == ["code", "text"] for condition in entry["where"])
        for entry in report["unchecked"]:
            assert sorted(entry) == ["kind", "line", "page", "reason", "source"]


def test_the_entries_of_a_book(judged):
    report = judged("pages").build().report
    assert report["claims"] == 3
    faulty, _, third = report["formulas"]
    message = faulty.pop("message")
    assert message.startswith("the sides differ in row ")
    assert message.endswith(" in one draw")
    assert faulty == {
        "page": "faulty", "line": 7, "label": None, "setting": "two-layer", "layout": "numerator",
        "source": "dz^{[2]} = y - a^{[2]}", "kind": "inline", "relation": "claim", "trivial": False,
        "verdict": "fails", "where": [], "nearest": "dz[2] = a[2] - y", "mistake": "sign", "row": "faulty",
    }  # fmt: skip
    assert third == {
        "page": "third", "line": 7, "label": "dW2", "setting": "two-layer-batch", "layout": "numerator",
        "source": r"dW^{[2]} = \frac{1}{m} dZ^{[2]} A^{[1]T}", "kind": "display", "relation": "claim",
        "trivial": False, "verdict": "holds", "where": [], "message": "true", "nearest": "", "mistake": "",
        "row": "executed",
    }  # fmt: skip


def test_every_formula_of_the_doctree_is_in_one_of_the_lists(judged):
    for root in ("true", "false", "expect", "settings", "identities", "unchecked", "assume", "places", "pages"):
        book = judged(root)
        app = SphinxTestApp("formulas", srcdir=book.source)
        try:
            app.build()
            report = json.loads((app.outdir / "report.json").read_text(encoding="utf-8"))
            for page in app.env.found_docs:
                doctree = app.env.get_doctree(page)
                inline, displays = len(list(doctree.findall(nodes.math))), len(list(doctree.findall(nodes.math_block)))
                entries = [e for e in report["formulas"] + report["unchecked"] if e["page"] == page]
                # A shape such as (n_2, 1) is two expressions; a derivation is several steps.
                assert sum(e["kind"] == "inline" for e in entries) - (root == "true") == inline
                steps = {e.get("label") for e in entries if e["kind"] == "step"}
                assert sum(e["kind"] == "display" for e in entries) + len(steps) == displays
        finally:
            app.cleanup()


def test_the_table_on_the_terminal(judged):
    status = judged("pages").build().status
    table = status[status.index("page  ") :].splitlines()[:5]
    assert table == [
        "page    claims  trivial  values  definitions  shapes  quoted  unchecked  not true",
        "faulty       1        0       0            0       0       0          0         1",
        "index        1        0       0            0       0       0          0         0",
        "third        1        0       0            0       0       0          1         0",
        "3 claims were executed, 1 formulas are marked as unchecked.",
    ]
    row = judged("true").build().status.split("not true\n")[1].splitlines()[0]
    assert row.split() == ["index", "10", "2", "6", "2", "5", "0", "0", "0"]


def test_no_page_is_written(judged):
    book = judged("pages").build()
    assert [path.name for path in book.out.iterdir()] == ["report.json"]


def test_no_code_cell_is_executed(judged):
    book = judged("cells").build_apart()  # apart: MyST-NB cannot be loaded after MyST in one process
    assert (book.code, book.warnings) == (0, [])  # the cell would have failed
    assert book.judged == [(15, "inline", "claim", "holds")]
    book.build_apart()
    assert "[config changed" not in book.status  # to run no cells is no change of the configuration


@pytest.fixture(scope="module")
def folder(project, tmp_path_factory):
    """A source folder of no book: one page, judged with the settings of this book."""
    folder = tmp_path_factory.mktemp("notes")
    page = "---\nsetting: deep-batch\n---\n\n# Notes\n\n$dZ^{[l]} = dA^{[l]} \\odot g^{[l]\\prime}(Z^{[l]})$ holds, "
    (folder / "index.md").write_text(page + "$db^{[l]} = dZ^{[l]}$ does not.\n", encoding="utf-8")
    return folder


def test_any_source_folder_can_be_judged_with_the_settings_of_the_book(project, folder, tmp_path):
    out = tmp_path / "out"
    run = subprocess.run(
        [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-b", "formulas", "-c", project, folder, out],
        capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert run.returncode == 1
    assert run.stderr.startswith(f"{folder}/index.md:7: WARNING: formula is ")
    assert "\n  db^{[l]} = dZ^{[l]}\n" in run.stderr
    report = json.loads((out / "report.json").read_text(encoding="utf-8"))
    assert [f["verdict"] == "holds" for f in report["formulas"]] == [True, False]
    assert report["claims"] == 2
