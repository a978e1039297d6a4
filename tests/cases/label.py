"""Test every label of the case files against central differences.

``python tests/cases/label.py [FILE.tsv ...]`` prints a table and exits 1 at any wrong label.
No code of this project is used: the oracle is `oracle.py`, what each case claims is written by
hand in `expressions.py`.  What the columns mean is said in README.md beside this file.
"""

from __future__ import annotations

import csv
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).parent
if str(HERE) not in sys.path:
    sys.path.insert(0, str(HERE))  # the three files are one script, found from wherever it is run

import code_claims  # noqa: E402
import expressions  # noqa: E402
import letters_expressions  # noqa: E402
import print_expressions  # noqa: E402
import typeset_expressions  # noqa: E402
from oracle import BIAS, DATA, WEIGHT, Network, NoSuchLayer, Question, Symbols  # noqa: E402

FILES = tuple(
    HERE / name
    for name in ("formulas.tsv", "forum.tsv", "typeset.tsv", "letters.tsv", "code.tsv", "code-held-out.tsv",
                 "print.tsv", "print-held-out.tsv")
)
for more in (typeset_expressions, letters_expressions, code_claims, print_expressions):  # what a file's cases claim
    for table in ("CLAIMS", "HIDDEN", "SHAPES", "WORLDS"):
        getattr(expressions, table).update(getattr(more, table, {}))
COLUMNS = ["id", "style", "setting", "text", "truth", "where", "nearest", "mistake", "reason"]
#: In mathematics nothing is repeated but + b; code repeats as NumPy does, or its claim is written out.
MATHEMATICS = {"forum", "unicode", "latex"}
STYLES = MATHEMATICS | {"numpy", "torch", "octave", "r", "julia"}
SETTINGS = {
    "logistic": [(4, 1), (3, 1)],
    "two-layer": [(4, 3, 2), (3, 5, 4)],
    "deep": [(4, 3, 2), (4, 3, 6, 2), (5, 4, 3, 6, 2), (3, 6, 4, 5, 7, 2)],
    "softmax": [(4, 2, 3), (3, 4, 5)],
    "l2": [(4, 3, 2), (3, 5, 4, 2)],
}
BATCH = 8  # differs from all sizes above
MIXED = ("leaky_relu", "sigmoid", "tanh", "relu")  # each layer of a deep net has its own g
ENOUGH = {"one-output", "one-example", "one-unit", "rows-W", "rows-WT", "dZ-is-dJ", "L-is-J",
          "loss-squared", "W-transposed", "no-bias", "layout-numerator", "layout-denominator", "entrywise"}
TURNED = {"rows-W": DATA + BIAS + WEIGHT, "rows-WT": DATA + BIAS, "W-transposed": WEIGHT}
OF_ONE_UNIT = {"rows-W": DATA + BIAS, "rows-WT": DATA + BIAS + WEIGHT}  # Z = X w, with w a column as it is
LAYOUTS = ["layout-numerator", "layout-denominator"]


@dataclass
class Case:
    """One row of a case file."""

    id: str
    style: str
    setting: str
    text: str
    truth: str
    where: str
    nearest: str
    mistake: str
    reason: str

    @property
    def codes(self) -> list[str]:
        return self.where.split("|") if self.where else []

    @property
    def layout(self) -> str:
        """The layout that the text states, else the course's."""
        stated = re.search(r"\((numerator|denominator) layout\)$", self.text)
        return stated[1] if stated else "course"


@dataclass
class Finding:
    """What the numbers say of one case."""

    case: Case
    wrong: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read(path: Path) -> list[Case]:
    """Read a case file: UTF-8, tabs, no quoting."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    if rows[0] != COLUMNS:
        raise SystemExit(f"{path.name}: the columns should be {COLUMNS}, they are {rows[0]}")
    for number, row in enumerate(rows, 1):
        if len(row) != len(COLUMNS):
            raise SystemExit(f"{path.name}, line {number}: {len(row)} columns, not {len(COLUMNS)}")
    return [Case(*row) for row in rows[1:]]


@cache
def codes(kind: str) -> frozenset[str]:
    """Return the codes of one kind, ``where`` or ``mistake``, from codes.tsv."""
    lines = (HERE / "codes.tsv").read_text(encoding="utf-8").splitlines()
    return frozenset(line.split("\t")[1] for line in lines if line.startswith(kind + "\t"))


@cache
def networks(setting: str, hidden: str, code: str) -> list[Network]:
    """Return the networks of a setting; a code may change their sizes or their loss."""
    base = setting.removesuffix("-batch")
    m = BATCH if setting.endswith("-batch") and code not in {"one-example", "one-unit"} else 1
    found = []
    for seed, sizes in enumerate(SETTINGS[base]):
        if code == "one-output":
            sizes = (*sizes[:-1], 1)  # noqa: PLW2901
        if code == "one-unit":
            sizes = (1,) * len(sizes)  # noqa: PLW2901
        count = len(sizes) - 2
        inner = (hidden,) * count if hidden else ("tanh",) * count
        if base == "deep" and not hidden:
            inner = tuple(MIXED[(seed + k) % 4] for k in range(count))
        found.append(Network(
            sizes, m, (*inner, "softmax" if base == "softmax" else "sigmoid"), seed=seed,
            loss=code.removeprefix("loss-") if code.startswith("loss-") else "cross-entropy", bias=code != "no-bias",
            penalty=0.7 if base == "l2" else 0.0))
    return found


def questions(case: Case, code: str = "") -> Iterator[Any]:
    """Yield what the expressions are asked with, in the world that `code` names."""
    layout = code.removeprefix("layout-") if code.startswith("layout-") else case.layout
    if code == "entrywise":
        layout = code
    if case.setting == "identities":
        for draw in range(2):
            yield Symbols(expressions.SHAPES[case.id], draw, layout, strict=case.style in MATHEMATICS)
        return
    hidden = expressions.HIDDEN.get(case.id, "")
    if code.startswith("hidden-"):
        hidden = code.removeprefix("hidden-")
    several = set(code.split("+"))  # rows-W+dZ-is-dJ: both at once
    turned = OF_ONE_UNIT if case.setting.startswith("logistic") else TURNED
    for net in networks(case.setting, hidden, "one-output" if code == "broadcast" else code):
        question = Question(
            net, strict=case.style in MATHEMATICS, layout=layout,
            turned=next((turned[one] for one in several if one in turned), ()),
            dZ_is_dJ="dZ-is-dJ" in several, L_is_J="L-is-J" in several,
            logistic=case.setting.startswith("logistic"))
        yield question
        if net.m > 1:  # lower-case letters name one column: try another
            yield replace(question, column=net.m - 1)


def same(left: Any, right: Any) -> bool:
    """Compare shapes and numbers; an array with one entry is a number."""
    if np.size(left) == np.size(right) == 1:
        left, right = np.ravel(left), np.ravel(right)
    if np.shape(left) != np.shape(right) or not np.all(np.isfinite(right)):
        return False
    size = max(np.max(np.abs(left)), np.max(np.abs(right)))
    return bool(np.max(np.abs(np.asarray(left) - np.asarray(right))) <= 1e-6 * size + 1e-9)


def call(side: Any, q: Any, l: int) -> Any:
    return side(q, l) if side.__code__.co_argcount == 2 else side(q)


def true(sides: Sequence[Any], case: Case, code: str = "") -> tuple[bool, str]:
    """Return whether all sides agree in every draw and for every layer, and if not, why."""
    course = not code
    generic = any(side.__code__.co_argcount == 2 for side in sides)
    checked, alive = 0, False
    for q in questions(case, code):
        for l in range(q.net.L + 1) if generic else (0,):
            try:
                left, *others = (call(side, q, l) for side in sides)
            except NoSuchLayer:
                continue
            except (ValueError, IndexError):
                if course:
                    call(sides[0], q, l)  # the left side is a measurement: it must not fail
                return False, "shapes do not fit"
            alive = alive or bool(np.any(left))
            for other in others:
                if np.shape(left) != np.shape(other) and not np.size(left) == np.size(other) == 1:
                    return False, f"shapes: {np.shape(left)} and {np.shape(other)}"
                if not same(left, other):
                    return False, "numbers"
            checked += 1
    if not checked:
        return False, "no layer fits"
    return alive, "" if alive else "all zero"


def judge(case: Case) -> Finding:
    """Compare a case's label, condition and nearest formula with the numbers."""
    found = Finding(case)
    sides = expressions.CLAIMS[case.id]
    if case.setting == "identities":
        judge_identity(case, sides, found)
    else:
        judge_gradient(case, sides, found)
    for code in case.codes:
        meant = expressions.WORLDS.get(case.id, {}).get(code)
        if meant is None and not code.startswith("hidden-") and not set(code.split("+")) <= ENOUGH | {"broadcast"}:
            found.wrong.append(f"what it claims in the world {code} is not written down")
            continue
        ways = ["loss-squared", "loss-twice-squared"] if code == "loss-squared" else [code]  # with the half or without
        answers = [true(meant or sides, case, way) for way in ways]
        answer = next((one for one in answers if one[0]), answers[0])
        if not answer[0]:
            found.wrong.append(f"not true in the world {code}: {answer[1]}")
    if case.nearest:
        nearest = (sides[0], expressions.NEAREST[case.nearest])
        worlds = LAYOUTS if case.setting == "identities" and case.layout == "course" else [""]
        if not any(true(nearest, case, code)[0] for code in worlds):
            found.wrong.append("the nearest formula is not true")
    return found


def judge_gradient(case: Case, sides: Sequence[Any], found: Finding) -> None:
    holds, why = true(sides, case)
    found.notes.append(why)
    if holds != (case.truth == "holds"):
        found.wrong.append("true in the course's world" if holds else f"false: {why}")
    if holds or case.truth == "holds":
        return
    # Not asked: one class is no softmax, and its Jacobians are written here for columns.
    senseless = {"softmax-batch": {"one-output", "one-unit", "rows-W", "rows-WT"}}
    for code in sorted(ENOUGH - senseless.get(case.setting, set()) - set(case.codes)):
        if true(sides, case, code)[0]:
            found.notes.append(f"true in {code}")
    several = not case.setting.startswith("logistic")
    if case.truth == "fails" and several and "true in one-output" in found.notes:
        found.wrong.append("true with one output unit, so it is conditional")


def judge_identity(case: Case, sides: Sequence[Any], found: Finding) -> None:
    fitting = [code for code in LAYOUTS if true(sides, case, code)[0]]
    name = {0: "neither", 2: "both"}.get(len(fitting)) or fitting[0].removeprefix("layout-")
    found.notes.append(name)
    if not case.reason.startswith(f"layout: {name}"):
        found.wrong.append(f"holds in layout: {name}")
    stated = LAYOUTS if case.layout == "course" else [f"layout-{case.layout}"]
    if any(code in fitting for code in stated) != (case.truth == "holds"):
        found.wrong.append(f"holds in layout: {name}, labelled {case.truth}")


def formal(cases: Sequence[Case]) -> Iterator[str]:
    """Yield what is wrong with the files themselves."""
    for name, count in Counter(case.id for case in cases).items():
        if count > 1:
            yield f"{name}: the id stands {count} times"
    texts: dict[tuple[str, str], str] = {}
    for case in cases:
        bare = (case.setting, "".join(case.text.split()))
        if bare in texts:
            yield f"{case.id}: the same text as {texts[bare]}, spaces aside"
        texts[bare] = case.id
        if case.style not in STYLES:
            yield f"{case.id}: style {case.style!r} is none of {sorted(STYLES)}"
        if case.truth not in {"holds", "fails", "conditional"}:
            yield f"{case.id}: truth {case.truth!r} should be holds, fails or conditional"
        if bool(case.where) != (case.truth == "conditional"):
            yield f"{case.id}: a conditional case names its condition, no other does"
        if unknown := {one for code in case.codes for one in code.split("+")} - codes("where"):
            yield f"{case.id}: codes.tsv has no condition {sorted(unknown)}"
        if case.mistake and case.mistake not in codes("mistake"):
            yield f"{case.id}: codes.tsv has no mistake {case.mistake!r}"
        if case.truth == "holds" and (case.mistake or case.nearest):
            yield f"{case.id}: holds, and yet a mistake is named"
        if not case.reason and case.id[0] != "F":
            yield f"{case.id}: say why, in `reason`"
        if case.id not in expressions.CLAIMS:
            yield f"{case.id}: no entry in expressions.py"
        if case.nearest and case.nearest not in expressions.NEAREST:
            yield f"{case.id}: NEAREST in expressions.py has no {case.nearest!r}"


def main(paths: Sequence[str]) -> int:
    """Print a line for each case, then the counts; return 1 if a label is wrong."""
    say = sys.stdout.write
    cases = [case for path in paths or FILES for case in read(Path(path))]
    wrong = list(formal(cases))
    if wrong:
        say("\n".join(wrong) + "\n")
        return 1
    for case in cases:
        found = judge(case)
        notes = ", ".join(note for note in found.notes if note)
        say(f"{'WRONG' if found.wrong else 'ok':6}{case.id:7}{case.style:8}{case.setting:16}"
            f"{case.truth:12}{case.where or '-':30} {notes}\n")
        wrong += [f"{case.id}: {text}\n       {case.text}" for text in found.wrong]
    table = Counter((case.setting, case.truth) for case in cases)
    say("\n" + "".join(
        f"{setting:18}" + "".join(f"{truth} {table[setting, truth]:<6}" for truth in
                                  ("holds", "fails", "conditional")) + "\n"
        for setting in dict.fromkeys(case.setting for case in cases)))
    say(f"{len(cases)} cases, {len(wrong)} wrong labels\n" + "".join(f"{w}\n" for w in wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
