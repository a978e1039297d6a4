"""What is written for reading is read back as the same tree."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from checkedmath.reading.mathematics import read_mathematics
from checkedmath.subject.setting import Setting
from checkedmath.syntax import tree
from checkedmath.syntax.errors import Unreadable
from checkedmath.values.free_letters import free_setting
from checkedmath.writing.latex import write_latex
from checkedmath.writing.text import write_text
from checkedmath.writing.unicode import write_unicode
from course.settings import SETTINGS

CASES = Path(__file__).parents[1] / "cases"
#: Between two statements, which are taken apart before this reader: a comma or a new line, and an = further on.
SEVERAL = re.compile(r"=.*(?:,|⏎|\\newline).*=")
IDENTITIES = free_setting()
ALL = {**SETTINGS, "identities": IDENTITIES}
WRITERS: tuple[Callable[[tree.Node, Setting], str], ...] = (write_text, write_unicode, write_latex)


@cache
def written_cases() -> tuple[tuple[str, str], ...]:
    """Return setting and text of every case, but for those in code."""
    found: dict[tuple[str, str], None] = {}
    for file in sorted(CASES.glob("*.tsv")):
        if file.stem == "letters":  # texts of several statements, which are taken apart before this reader
            continue
        with file.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
                if SEVERAL.search(row.get("text", "")):
                    continue
                if "text" in row and row.get("style") in {"forum", "unicode", "latex"}:
                    found[row["setting"], row["text"]] = None
    return tuple(found)


def readable_cases() -> list[tuple[Setting, tree.Chain]]:
    found = []
    for name, text in written_cases():
        setting = ALL[name]
        with suppress(Unreadable):  # assumptions after a comma are split off before this reader
            found.append((setting, read_mathematics(text, setting)[0]))
    return found


@pytest.mark.parametrize("write", WRITERS, ids=lambda write: write.__name__)
def test_every_case_is_read_back_as_the_same_tree(write: Callable[[tree.Node, Setting], str]) -> None:
    cases = readable_cases()
    assert len(cases) > 0.9 * len(written_cases()) > 60
    wrong = []
    for setting, chain in cases:
        text = write(chain, setting)
        try:
            same = read_mathematics(text, setting)[0] == chain
        except Unreadable as error:
            wrong.append(f"{text}\n{error}")
        else:
            if not same:
                wrong.append(text)
    assert wrong == []


# -- trees that nobody has typed -----------------------------------------------------------------

BATCH = SETTINGS["two-layer-batch"]
LAYERS = st.sampled_from([tree.Index("", 1), tree.Index("", 2), tree.Index("l"), tree.Index("l", -1)])
LETTERS = st.sampled_from([tree.Index("i"), tree.Index("j"), tree.Index("k")])
NUMBERS = st.sampled_from(["1", "2", "0.5", "12", "1e-3"]).map(tree.Number)
NAMES = {
    "two-layer-batch": st.one_of(
        st.builds(tree.Symbol, st.sampled_from(["W", "b", "Z", "A", "dZ", "dA", "dW", "z", "dz"]), LAYERS),
        st.sampled_from(["X", "Y", "m", "J", "alpha"]).map(tree.Symbol),
    ),
    "identities": st.sampled_from(list("AXWabcxytλα")).map(tree.Symbol),
}
FUNCTIONS = {
    "two-layer-batch": ["exp", "log", "sqrt", "tanh", "sigmoid", "relu", "diag", "norm", "abs", "tr"],
    "identities": ["exp", "log", "sqrt", "tanh", "sigmoid", "diag", "norm", "abs", "det", "sum"],
}
READ_SIGNS = [tree.JUXTAPOSED, tree.ELEMENTWISE, tree.DOT, tree.TENSOR, tree.MATMUL]


def has_derivative(node: tree.Node) -> bool:
    return any(isinstance(below, tree.Derivative) for below in tree.walk(node))


def larger(nodes: st.SearchStrategy[tree.Node], name: str) -> st.SearchStrategy[tree.Node]:
    """Return nodes one level larger."""
    symbols = NAMES[name]
    compare = st.builds(tree.Compare, st.sampled_from(["<", ">", "≤", "≥", "≠"]), nodes, nodes)
    primes = st.integers(0, 1)
    functions = st.sampled_from(FUNCTIONS[name])
    layered = symbols.filter(lambda s: s.name in "WZA") if name != "identities" else symbols
    # A sum up to a letter that is no size is one over all: X is read so, as N and K are.
    bounds = symbols if name == "identities" else st.just(tree.Symbol("m"))
    axis = st.sampled_from([None, 0, 1])
    return st.one_of(
        st.builds(tree.Negate, nodes), st.builds(tree.Add, nodes, nodes), st.builds(tree.Subtract, nodes, nodes),
        st.builds(tree.Multiply, st.sampled_from(READ_SIGNS), nodes, nodes),
        st.builds(tree.Multiply, st.just(tree.ELEMENTWISE), nodes, compare),
        st.builds(tree.Divide, nodes, nodes), st.builds(tree.Transpose, nodes), st.builds(tree.Inverse, nodes),
        st.builds(tree.Power, nodes, st.sampled_from([tree.Number("2"), tree.Number("0.5"), tree.Add(
            tree.Symbol("m" if name != "identities" else "t"), tree.Number("1"))])),
        st.builds(tree.Apply, functions, nodes, st.none(), primes),
        st.builds(tree.Component, layered, st.lists(LETTERS, min_size=1, max_size=2).map(tuple)),
        st.builds(tree.SumOver, st.sampled_from("ijk"), nodes),
        st.builds(tree.SumOver, st.sampled_from("ijk"), nodes, st.just(tree.Number("1")), bounds),
        st.builds(tree.AxisSum, nodes, axis, st.booleans(), st.booleans()),
        st.builds(tree.Maximum, nodes, nodes),
        # Second derivatives are refused by the reader.
        st.builds(tree.Derivative, nodes.filter(lambda n: not has_derivative(n)), symbols),
        st.builds(lambda a, b, c: tree.Cases(((a, c), (b, c))), nodes, nodes, compare),
    )  # fmt: skip


def trees(name: str) -> st.SearchStrategy[tree.Node]:
    leaves = st.one_of(NUMBERS, NAMES[name])
    grown: st.SearchStrategy[tree.Node] = st.recursive(leaves, lambda n: larger(n, name), max_leaves=8)
    return grown


def _is_two_numbers(node: tree.Node) -> bool:
    """Whether two numbers stand side by side, which no reader takes for a product."""
    if not isinstance(node, tree.Multiply) or node.sign != tree.JUXTAPOSED:
        return False
    left, right = node.left, node.right
    while isinstance(left, tree.Multiply):
        left = left.right
    while isinstance(right, tree.Multiply | tree.Power | tree.Transpose | tree.Divide):
        right = next(tree.children(right))
    return isinstance(left, tree.Number | tree.Power) and isinstance(right, tree.Number)


@pytest.mark.parametrize("write", WRITERS, ids=lambda write: write.__name__)
@pytest.mark.parametrize("name", ["two-layer-batch", "identities"])
def test_generated_trees_are_read_back(name: str, write: Callable[[tree.Node, Setting], str]) -> None:
    setting = ALL[name]

    @settings(max_examples=60)
    @given(trees(name))
    def check(node: tree.Node) -> None:
        chain = tree.Chain((node,))
        assume(not any(_is_two_numbers(below) for below in tree.walk(node)))
        text = write(chain, setting)
        assert read_mathematics(text, setting)[0] == chain, text

    check()
