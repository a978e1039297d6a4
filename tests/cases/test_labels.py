"""The labels of the case files are true, and a false one is noticed."""

from __future__ import annotations

import ast
import csv
import subprocess
import sys
from collections import Counter
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

HERE = Path(__file__).parent
SETTINGS = {"logistic", "logistic-batch", "two-layer", "two-layer-batch", "deep", "deep-batch",
            "softmax-batch", "l2-batch", "identities"}


def check(*files: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, HERE / "label.py", *files], capture_output=True,
                          text=True, encoding="utf-8", env={"PYTHONIOENCODING": "utf-8"},
                          check=False)


def rows(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.fixture(scope="module")
def label() -> ModuleType:
    """The script as a module; its neighbours are found beside it."""
    sys.path.insert(0, str(HERE))
    return import_module("label")


def test_every_label_is_true(label: ModuleType) -> None:
    done = check()
    assert done.stderr == ""
    count = sum(len(rows(file.name)) for file in label.FILES)
    assert f"{count} cases, 0 wrong labels\n" in done.stdout
    assert done.returncode == 0


@pytest.mark.parametrize(("name", "column", "value", "message"), [
    ("TB001", "truth", "fails", "true in the course's world"),
    ("TB003", "truth", "holds", "false: shapes do not fit"),
    ("TB004", "truth", "holds", "false: numbers"),
    ("TB002", "where", "product-outer", "what it claims in the world product-outer is not written"),
    ("LB020", "where", "loss-squared", "not true in the world loss-squared: numbers"),
    ("TB071", "where", "rows-WT", "not true in the world rows-WT: shapes do not fit"),
    ("TB070", "where", "", "a conditional case names its condition, no other does"),
    ("TB003", "nearest", "W[2]T dZ[2]", "the nearest formula is not true"),
    ("TB003", "nearest", "W dZ", "NEAREST in expressions.py has no 'W dZ'"),
    ("TB003", "mistake", "sins", "codes.tsv has no mistake 'sins'"),
    ("TB003", "where", "somewhere", "codes.tsv has no condition ['somewhere']"),
    ("ID001", "reason", "layout: both", "holds in layout: numerator"),
    ("ID006", "truth", "holds", "holds in layout: neither, labelled holds"),
    ("DE011", "id", "DE012", "false: shapes do not fit"),
    ("TB001", "style", "prose", "style 'prose' is none of"),
])
def test_a_wrong_label_is_noticed(
        label: ModuleType, name: str, column: str, value: str, message: str) -> None:
    (row,) = [row for row in rows("formulas.tsv") if row["id"] == name]
    row[column] = value
    if row["truth"] == "holds":
        row["nearest"] = row["mistake"] = ""
    case = label.Case(**row)
    said = list(label.formal([case])) or label.judge(case).wrong
    assert message in "\n".join(said)


def test_the_command_fails_at_a_wrong_label(tmp_path: Path) -> None:
    (row,) = [row for row in rows("formulas.tsv") if row["id"] == "TB001"]
    row["truth"] = "fails"
    file = tmp_path / "one.tsv"
    file.write_text("\t".join(row) + "\n" + "\t".join(row.values()) + "\n", encoding="utf-8")
    done = check(file)
    assert "\n1 cases, 1 wrong labels\nTB001: true in the course's world\n" in done.stdout
    assert done.returncode == 1


def test_texts_that_differ_in_spaces_only_are_refused(label: ModuleType) -> None:
    (row,) = [row for row in rows("formulas.tsv") if row["id"] == "TB001"]
    again = row | {"id": "TB002", "text": row["text"].replace(" ", "  ")}
    said = list(label.formal([label.Case(**row), label.Case(**again)]))
    assert said == ["TB002: the same text as TB001, spaces aside"]


def test_the_cases_cover_what_learners_write() -> None:
    cases = rows("formulas.tsv")
    truths = Counter(case["truth"] for case in cases)
    assert len(cases) >= 180
    assert truths["fails"] + truths["conditional"] >= len(cases) / 2
    assert {case["setting"] for case in cases} == SETTINGS
    assert {case["style"] for case in cases} == {"forum", "unicode", "latex", "numpy"}
    assert {case["mistake"] for case in cases} - {""} == {
        line.split("\t")[1] for line in (HERE / "codes.tsv").read_text("utf-8").splitlines()
        if line.startswith("mistake\t")}


def test_the_oracle_is_independent() -> None:
    modules = {"expressions", "typeset_expressions", "letters_expressions", "code_claims", "print_expressions"}
    for name in ("label.py", "oracle.py", *(f"{module}.py" for module in modules)):
        tree = ast.parse((HERE / name).read_text(encoding="utf-8"))
        imported = {
            (node.module or "" if isinstance(node, ast.ImportFrom) else alias.name).split(".")[0]
            for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)
            for alias in node.names
        }
        assert imported <= set(sys.stdlib_module_names) | {
            "numpy", "oracle", *modules}
