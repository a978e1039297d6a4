"""Reader and writers bind by one table: what a writer puts in brackets, what the reader does without, both pinned."""

from dataclasses import replace
from itertools import product

import pytest

from checkedmath.reading.mathematics import read_mathematics
from checkedmath.syntax import precedence, tree
from checkedmath.syntax.errors import Unreadable
from checkedmath.values.free_letters import free_setting
from checkedmath.writing.text import write_text

FREE = free_setting()
A, B, X = tree.Symbol("A"), tree.Symbol("B"), tree.Symbol("X")
NODES = {
    "chain": tree.Chain((A, B), ("=",)), "compare": tree.Compare(">", A, B),
    "negate": tree.Negate(A), "add": tree.Add(A, B), "subtract": tree.Subtract(A, B),
    "beside": tree.Multiply(tree.JUXTAPOSED, A, B), "sign": tree.Multiply(tree.ELEMENTWISE, A, B),
    "outer": tree.Multiply(tree.OUTER, A, B), "divide": tree.Divide(A, B), "sum": tree.SumOver("i", A),
    "derivative": tree.Derivative(A, X), "transpose": tree.Transpose(A), "inverse": tree.Inverse(A),
    "primed": tree.Primed(A), "power": tree.Power(A, tree.Number("2")),
    "component": tree.Component(A, (tree.Index("j"),)), "example": tree.Example(A, tree.Index("i")), "symbol": A,
    "change": tree.Change(A),
}  # fmt: skip
LOOSE, TERMS = "chain compare", "chain compare negate add subtract"
PRODUCTS = f"{TERMS} sign divide sum"
SCRIPTED = f"{PRODUCTS} beside derivative transpose inverse primed power change"
#: Who stands in brackets in a place of whom; a reader could do without some of them, the eye could not.
BRACKETS = {
    ("chain", "terms"): LOOSE, ("add", "left"): LOOSE, ("add", "right"): TERMS, ("subtract", "left"): LOOSE,
    ("subtract", "right"): TERMS,
    ("negate", "operand"): TERMS, ("sum", "body"): TERMS,
    ("sign", "left"): f"{TERMS} sum", ("sign", "right"): f"{TERMS} sign divide",
    ("beside", "left"): f"{PRODUCTS} derivative", ("beside", "right"): f"{TERMS} sign divide beside derivative",
    ("divide", "top"): f"{PRODUCTS} beside derivative", ("divide", "bottom"): f"{SCRIPTED} component example",
    ("derivative", "of"): f"{PRODUCTS} beside derivative",
    ("derivative", "by"): f"{PRODUCTS} beside derivative",
    **{(scripted, "operand"): SCRIPTED for scripted in ("transpose", "inverse", "primed")}, ("power", "base"): SCRIPTED,
    ("component", "base"): f"{SCRIPTED} component", ("example", "base"): f"{SCRIPTED} example",
}  # fmt: skip
NONE = [(tree.Apply("tanh", A), "argument"), (tree.Maximum(A, B), "left"), (tree.Maximum(A, B), "right"),
        (tree.AxisSum(A, 0), "operand")]  # fmt: skip
#: The signs that are written between two factors or terms, from loose to tight.
ORDER = [[" + ", " - "], [" * ", " · ", " ⊗ ", " @ ", " / "], [" "]]
TABLES = {"LEVELS": precedence.LEVELS, "PRODUCTS": precedence.PRODUCTS, "PLACES": precedence.PLACES,
          "ROW_PLACES": precedence.ROW_PLACES}  # fmt: skip


def problems():
    """Return what is written with other brackets, what is read back as another tree, and what binds otherwise."""
    found = []
    for (kind, place), bracketed in BRACKETS.items():
        parent = NODES[kind]
        got = {name for name, node in NODES.items() if precedence.needs_brackets(node, parent, place)}
        if got != set(bracketed.split()):
            found.append((kind, place, got ^ set(bracketed.split())))
        nodes = [replace(parent, **{place: child}) for child in readable(kind)]
        found += [node for node in nodes if not is_read(node)]
    for parent, place in NONE:
        found += [(parent, place, name) for name, node in NODES.items()
                  if precedence.needs_brackets(node, parent, place)]  # fmt: skip
    for (one, first), (two, second) in product([(n, sign) for n, row in enumerate(ORDER) for sign in row], repeat=2):
        meant = f"A{first}(B{second}X)" if two > one else f"(A{first}B){second}X"
        if tree_of(f"A{first}B{second}X") != tree_of(meant):
            found.append(meant)
    return found


def readable(kind):
    """Return the nodes that may stand in a node of this kind, and are read as mathematics."""
    if kind == "chain":
        return []  # its terms are expressions
    never = {"chain", "compare", "outer"} | ({"derivative"} if kind == "derivative" else set())
    return [node for name, node in NODES.items() if name not in never and (name, kind) != ("component", "example")]


def tree_of(text):
    try:
        return read_mathematics(text, FREE)[0]
    except (Unreadable, IndexError):
        return None


def is_read(node):
    read = tree_of(write_text(node, FREE))
    return read is not None and read.terms == (node,)


def test_reader_and_writers_bind_alike():
    assert problems() == []


def entries():
    """Return each entry of the tables with another level; there is none beyond ANY and ATOM."""
    # a Σ on the left or right of a product has a rule of its own
    alike = {("LEVELS", tree.SumOver, precedence.QUOTIENT)}
    steps = [(table, key, rows[key] + step) for table, rows in TABLES.items() for key in rows for step in (-1, 1)]
    return [entry for entry in steps if precedence.ANY <= entry[2] <= precedence.ATOM and entry not in alike]


@pytest.mark.parametrize(("table", "key", "level"), entries(), ids=str)
def test_no_level_may_change(monkeypatch, table, key, level):
    """The test above sees a change of any one entry, however reader and writers follow it together."""
    monkeypatch.setitem(TABLES[table], key, level)
    assert problems() != []
