"""The forms of every displayed formula of this book: copies are true, NumPy lines run, rows hold."""

import ast
import pickle
import re
from pathlib import Path

import pytest
from docutils import nodes

from checkedmath.judging.attempt import attempt
from checkedmath.judging.session import Session
from checkedmath.reading import read
from checkedmath.subject.conventions import Respect, Way
from checkedmath.subject.setting import IDENTITIES
from checkedmath.subject.view import COURSE

HERE = Path(__file__).parents[2]
PARTS = 6
SHORT = 2  # so many in the short run


@pytest.fixture(scope="module")
def displays(built_book):
    """Return (page, label or line, forms) of every true displayed formula."""
    doctrees = built_book / "doctrees"
    found = []
    for path in sorted(doctrees.rglob("*.doctree")):
        page = path.relative_to(doctrees).with_suffix("").as_posix()
        page_nodes = pickle.loads(path.read_bytes()).findall(nodes.math_block)  # noqa: S301 - written a moment ago
        true = [n for n in page_nodes if "forms" in n and all(v["verdict"] == "holds" for v in n["verdicts"])]
        found += [(page, node.get("label") or node.line, node["forms"]) for node in true]
    assert found
    return found


@pytest.mark.parametrize("part", [n if n < SHORT else pytest.param(n, marks=pytest.mark.long) for n in range(PARTS)])
def test_every_copy_is_true_by_the_command_lines_defaults(displays, part):
    session, untrue, told, total = Session(), [], 0, 0
    for page, label, forms in displays[part::PARTS]:
        for name in ("latex", "forum", "unicode"):
            copy = getattr(forms, name)
            if not copy:
                continue
            verdict, total = session.check(copy, nearest=False), total + 1
            if verdict.verdict != "holds" and verdict.setting != forms.setting:
                # Alone it would be taken for another setting's; whoever pastes it names the setting.
                verdict, told = session.check(copy, forms.setting, nearest=False), told + 1
            if verdict.verdict != "holds":
                untrue.append((page, label, name, copy, verdict.verdict, verdict.message))
    # An identity whose sizes the page declares ({let}) has nobody to declare them where it is copied.
    declared = {label for _, label, forms in displays if forms.setting == IDENTITIES}
    assert [item for item in untrue if item[1] not in declared] == []
    assert told <= 0.15 * total


def test_every_line_of_numpy_runs_and_assigns_nothing(displays):
    settings, made = Session().settings, {}
    lines = [(page, label, forms) for page, label, forms in displays if forms.numpy]
    assert lines
    for page, label, forms in lines:
        if forms.setting not in made:
            made[forms.setting] = {}
            exec(settings[forms.setting].objects, made[forms.setting])  # noqa: S102 - the lines that the book prints
        for line in forms.numpy.splitlines():
            kinds = {type(node) for node in ast.walk(ast.parse(line))}
            assert not kinds & {ast.Assign, ast.AugAssign, ast.AnnAssign, ast.NamedExpr}, line
            try:
                exec(line, dict(made[forms.setting]))  # noqa: S102 - the same
            except Exception as error:  # noqa: BLE001 - whatever it is, it is said with its line
                pytest.fail(f"{page} {label}: {line}\n{type(error).__name__}: {error}")


def test_every_formula_with_examples_as_rows_is_true_there(displays):
    session, untrue, count = Session(), [], 0
    for page, label, forms in displays:
        world = next((w for w in session.settings[forms.setting].worlds if w.code == "rows-WT"), None)
        if not forms.rows or world is None or r"\begin" in forms.rows:
            continue
        count += 1
        text = forms.rows_text
        reading = read(text, session.settings[forms.setting], "text")
        claim, _ = session.claim(reading, session.settings[forms.setting], "", {})
        respect = Respect.of(world)
        layouts = [attempt(claim, Way((respect,)), layout) for layout in (forms.layout or COURSE, COURSE)]
        if not any(trial.holds for trial in layouts):
            untrue.append((page, label, text, layouts[0].reason))
    assert count
    assert untrue == []


def test_numbers_are_numbers(displays):
    shown = [(page, label, forms) for page, label, forms in displays if forms.numbers]
    assert shown
    for page, label, forms in shown:
        assert re.search(r"\d", forms.numbers_text), (page, label)
        assert not re.search(r"nan|inf", forms.numbers_text), (page, label)
        assert not re.search(r"(?<![\w}])=", forms.numbers), (page, label)  # rounded numbers are about equal
