"""The box and the exercises in a book, and what a reader's browser is served."""

import json
import re
from html import unescape
from pathlib import Path
from urllib.parse import unquote

import pytest

from checkedmath.judging.session import Session
from checkedmath.sphinx_ext.referee.box import examples_in
from checkedmath.sphinx_ext.referee.packing import PYODIDE, Pack, sources
from checkedmath.sphinx_ext.referee.serving import FOLDER, licences

pytestmark = [
    pytest.mark.filterwarnings("default::DeprecationWarning"),
    pytest.mark.filterwarnings("default::PendingDeprecationWarning"),
]
SUBJECTS = ["course.settings:SETTINGS"]
CHECK = Path(__file__).parents[2] / "docs" / "use" / "check.md"
NOWHERE = {"checkedmath_pyodide": "/nowhere"}




def built(miniature, **options):
    return miniature("referee-book").build("html", confoverrides={**NOWHERE, **options})


def test_without_pyodide_the_build_says_so_and_the_page_stands(miniature):
    book = built(miniature)
    assert book.warnings == []
    assert "its page offers the command line: the npm package pyodide is not installed" in book.status
    assert not (book.out / FOLDER / "manifest.json").exists()
    html = (book.out / "index.html").read_text(encoding="utf-8")
    assert "<noscript><p>This box needs JavaScript" in html
    assert f'<script type="module" src="{FOLDER}/check.js?v=' in html


def test_examples_verdicts_and_bars_lead_to_the_box(miniature):
    html = (built(miniature).out / "index.html").read_text(encoding="utf-8")
    texts = [unescape(text) for text in re.findall(r'data-text="([^"]*)"', html)]
    assert texts == ["dz[1] = W[2] dz[2] * g[1]'(z[1])", "dZ2 = A2 - Y\ndW2 = np.dot(dZ2, A1.T)"]
    links = [unquote(unescape(link)) for link in re.findall(r'href="([^"]*#f=[^"]*)"', html)]
    assert links == ["#f=dz[1] = W[2] dz[2] * g[1]'(z[1])&s=two-layer", "#f=da[1] = W[2]T dz[2]&s=two-layer"]


def test_a_book_without_a_box_links_none(miniature):
    html = (built(miniature, checkedmath_check_page="").out / "index.html").read_text(encoding="utf-8")
    assert "#f=" not in html


def test_an_exercise_folds_its_hints_and_its_solution(miniature):
    html = (built(miniature).out / "index.html").read_text(encoding="utf-8")
    folded = re.findall(r'<details class="exercise-(\w+)"><summary>(\w+)', html)
    assert folded == [("clue", "Hint"), ("solution", "Solution")]
    assert 'data-target="dW[1]"' in html
    assert "data-answer=" not in html  # a formula is judged, and not compared


@pytest.mark.parametrize(("old", "new", "said"), [
    (":answer: dW[1] = dz[1] x^T", ":answer: dW[1] = dz[1] x", "is to be true, and is"),
    (":answer: dW[1] = dz[1] x^T\n", "", "expected :answer: where it asks formula"),
    (":asks: formula\n:target: dW[1]", ":asks: number\n:target: dz^{[1]}_2", "the value dW[1] = dz[1] x^T is to be"),
    (":asks: formula", ":asks: shape", "is to be that of dW[1]"),
    (":asks: formula", ":asks: formula\n:setting: two-layers", "expected :setting:"),
])  # fmt: skip
def test_what_an_author_says_of_an_exercise_is_judged(miniature, old, new, said):
    book = miniature("referee-book").write("index", old, new)
    warnings = book.build("html", confoverrides=NOWHERE).warnings
    assert said in warnings[0]


def test_examples_are_mathematics_or_code_that_is_wrong():
    session = Session()
    content = re.search(r"```\{referee\}\n(?::[^\n]*\n)*\n(.*?)```", CHECK.read_text(encoding="utf-8"), re.DOTALL)[1]
    found = [(text, session.check(text, setting or None)) for _, text, setting in examples_in(content.splitlines())]
    assert len(found) >= 12
    assert [text for text, verdict in found if "np." in text and verdict.verdict == "holds"] == []
    assert {verdict.verdict for _, verdict in found} == {"holds", "conditional", "fails", "unreadable"}


def test_what_is_packed_is_what_the_face_imports():
    found = sources(SUBJECTS)
    assert "checkedmath/judging/report.py" in found
    assert "course/settings.py" in found
    rooms = {path.split("/")[1] for path in found if path.startswith("checkedmath/")}
    assert not rooms & {"sphinx_ext", "command_line"}
    assert {path.split("/")[0] for path in found} == {"checkedmath", "course"}


def test_licences_are_there_with_their_texts():
    text = licences()
    assert "not installed" not in text
    for name in ("Mozilla Public License", "PYTHON SOFTWARE FOUNDATION LICENSE", "Khan Academy"):
        assert name in text


@pytest.mark.long
def test_the_same_sources_give_the_same_bytes(tmp_path):
    first, second = ({name: path.read_bytes() for name, path in Pack(tmp_path / n, SUBJECTS, PYODIDE).files().items()}
                     for n in "ab")  # fmt: skip
    assert first == second
    assert len(first["python_stdlib.zip.gz"]) < 1_000_000
    assert json.dumps(sorted(first)) == json.dumps(
        ["pyodide.asm.mjs", "pyodide.asm.wasm.gz", "pyodide.mjs", "python_stdlib.zip.gz"]
    )
