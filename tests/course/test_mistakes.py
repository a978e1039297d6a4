"""The course's mistakes: each is mended at one node, and its reverse is declared too."""

import re
from itertools import product

import pytest

from checkedmath.syntax.tree import (
    BROADCAST,
    ELEMENTWISE,
    JUXTAPOSED,
    MATMUL,
    Add,
    Apply,
    AxisSum,
    Chain,
    Divide,
    Index,
    Multiply,
    Number,
    Power,
    Subtract,
    Symbol,
    Transpose,
    rebuild,
    walk,
)
from course.settings import SETTINGS

ONE, TWO, M, LAMBDA = Number("1"), Number("2"), Symbol("m"), Symbol("lambda")
OVER_M, DECAY = Divide(ONE, M), Divide(LAMBDA, M)


def at(name, layer=None):
    return Symbol(name, Index("", layer) if layer is not None else None)


def times(left, right, sign=JUXTAPOSED):
    return Multiply(sign, left, right)


def g_prime(argument):
    return Apply("g", argument, argument.member, 1)


def T(node):
    return Transpose(node)


def mended(setting, wrong):
    """Return every (name of the mistake, tree) that one swap at one node makes of a tree."""
    found = set()
    for swap, place in product(SETTINGS[setting].swaps, walk(wrong)):
        for new in swap.apply(place):
            found.add((swap.name, put(wrong, place, new)))
    return found


def put(tree, place, new):
    return new if tree is place else rebuild(tree, lambda below: put(below, place, new))


BACK = times(T(at("W", 2)), at("dZ", 2))
DW2 = times(at("dZ", 2), T(at("A", 1)))
CASES = [
    # setting, name of the mistake, wrong, right
    ("softmax-batch", "softmax-g-prime", times(at("dA", 2), g_prime(at("Z", 2)), ELEMENTWISE),
     Subtract(at("A", 2), at("Y"))),
    ("two-layer-batch", "one-over-m-missing", DW2, times(OVER_M, DW2)),
    ("two-layer-batch", "one-over-m-too-many", times(OVER_M, DW2), DW2),
    ("two-layer-batch", "one-over-m-too-many", Divide(DW2, M), DW2),
    ("two-layer-batch", "one-over-m-too-many", times(DW2, OVER_M), DW2),
    ("two-layer-batch", "one-over-m-too-many",
     times(times(OVER_M, at("dZ", 2)), T(at("A", 1))), DW2),
    ("two-layer-batch", "one-over-m-missing", Subtract(at("A", 2), at("Y")),
     times(OVER_M, Subtract(at("A", 2), at("Y")))),
    ("two-layer-batch", "one-over-m-missing", AxisSum(at("dZ", 1), 1, keepdims=True),
     times(OVER_M, AxisSum(at("dZ", 1), 1, keepdims=True))),
    ("two-layer-batch", "one-over-m-missing", times(at("dZ", 1), T(at("X")), MATMUL),
     times(Divide(ONE, M, numpy=True), times(at("dZ", 1), T(at("X")), MATMUL), BROADCAST)),
    ("two-layer-batch", "mean-for-sum",
     AxisSum(at("dZ", 1), 1, mean=True), AxisSum(at("dZ", 1), 1)),
    ("two-layer-batch", "sum-for-mean",
     AxisSum(at("dZ", 1), 1), AxisSum(at("dZ", 1), 1, mean=True)),
    ("two-layer-batch", "g-prime-missing", BACK, times(BACK, g_prime(at("Z", 1)), ELEMENTWISE)),
    ("two-layer-batch", "g-prime-missing", times(T(at("W", 2)), at("dZ", 2), MATMUL),
     times(times(T(at("W", 2)), at("dZ", 2), MATMUL), g_prime(at("Z", 1)), BROADCAST)),
    ("two-layer-batch", "g-prime-missing", at("dA", 2),
     times(at("dA", 2), g_prime(at("Z", 2)), ELEMENTWISE)),
    ("logistic", "g-prime-missing", at("da"),
     times(at("da"), Apply("sigmoid", at("z"), None, 1), ELEMENTWISE)),
    ("two-layer", "g-prime-too-many",
     times(at("da", 1), g_prime(at("z", 1)), ELEMENTWISE), at("da", 1)),
    ("two-layer", "g-prime-too-many",
     times(at("da", 1), Subtract(ONE, Power(at("a", 1), TWO)), ELEMENTWISE), at("da", 1)),
    ("two-layer", "g-prime-too-many",
     times(at("da", 2), times(at("a", 2), Subtract(ONE, at("a", 2))), ELEMENTWISE), at("da", 2)),
    ("two-layer", "prime-at-a", g_prime(at("a", 1)), g_prime(at("z", 1))),
    ("two-layer", "prime-missing", Apply("g", at("z", 1), Index("", 1)), g_prime(at("z", 1))),
    ("two-layer", "prime-too-many", g_prime(at("z", 1)), Apply("g", at("z", 1), Index("", 1))),
    ("two-layer-batch", "dA-for-g-prime", at("dA", 1), g_prime(at("Z", 1))),
    ("two-layer", "dA-for-dZ",
     times(T(at("W", 2)), at("da", 2)), times(T(at("W", 2)), at("dz", 2))),
    ("two-layer", "dZ-for-dA", at("dz", 1), at("da", 1)),
    ("two-layer-batch", "dW-for-W", times(T(at("dW", 2)), at("dZ", 2)), BACK),
    ("two-layer-batch", "Z-for-A", times(at("dZ", 2), T(at("Z", 1))), DW2),
    ("two-layer-batch", "A-for-Z", Apply("tanh", at("A", 1)), Apply("tanh", at("Z", 1))),
    ("two-layer-batch", "dZ-for-Z", g_prime(at("dZ", 1)), g_prime(at("Z", 1))),
    ("two-layer-batch", "A-for-dA", times(at("A", 1), g_prime(at("Z", 1)), ELEMENTWISE),
     times(at("dA", 1), g_prime(at("Z", 1)), ELEMENTWISE)),
    ("logistic", "Z-for-A",
     times(at("z"), Subtract(ONE, at("z"))), times(at("a"), Subtract(ONE, at("a")))),
    ("logistic-batch", "W-for-dW", at("w"), at("dw")),
    ("two-layer-batch", "a-for-y", Subtract(at("A", 2), at("A", 2)), Subtract(at("A", 2), at("Y"))),
    ("two-layer-batch", "y-for-a", Subtract(at("Y"), at("Y")), Subtract(at("A", 2), at("Y"))),
    ("two-layer-batch", "layer-number", times(at("dZ", 2), T(at("A", 2))), DW2),
    ("deep-batch", "layer-number", times(T(Symbol("W", Index("l"))), Symbol("dZ", Index("l", 1))),
     times(T(Symbol("W", Index("l", 1))), Symbol("dZ", Index("l", 1)))),
    ("two-layer", "layer-number", g_prime(at("z", 2)), g_prime(at("z", 1))),
    ("two-layer-batch", "X-for-A", times(at("dZ", 2), T(at("X"))), DW2),
    ("l2-batch", "penalty-missing", times(OVER_M, DW2),
     Add(times(OVER_M, DW2), times(DECAY, at("W", 2)))),
    ("l2-batch", "penalty-too-many",
     Add(AxisSum(at("dZ", 2), 1), times(DECAY, at("b", 2))), AxisSum(at("dZ", 2), 1)),
    ("l2-batch", "penalty-without-W", Symbol("lambda", Index("l")),
     times(LAMBDA, Symbol("W", Index("l")))),
    ("l2-batch", "factor-two",
     times(Divide(LAMBDA, times(TWO, M)), at("W", 1)), times(DECAY, at("W", 1))),
]  # fmt: skip


@pytest.mark.parametrize(("setting", "name", "wrong", "right"), CASES, ids=lambda v: str(v)[:40])
def test_a_mistake_is_mended_under_its_name(setting, name, wrong, right):
    assert (name, right) in mended(setting, wrong)


# A g′ that is too many may be written as 1 − a², but the one that is put in is always g′(z); and a
# λ that lost its W is an ordinary missing factor.
BOTH_WAYS = [
    (setting, wrong, right)
    for setting, name, wrong, right in CASES
    if name not in {"penalty-without-W", "softmax-g-prime"}
    and not (name == "g-prime-too-many" and not any(isinstance(n, Apply) for n in walk(wrong)))
]


@pytest.mark.parametrize(("setting", "wrong", "right"), BOTH_WAYS, ids=lambda v: str(v)[:40])
def test_every_mistake_can_be_made_as_well(setting, wrong, right):
    """Run the other way round, the list makes the wrong formula out of the true one."""
    made = {simple(tree) for _, tree in mended(setting, right)}
    assert simple(wrong) in made


def simple(tree):
    """Forget where 1/m stands and how it is written, which is not what the mistake is about."""
    if isinstance(tree, Divide) and tree.bottom == M and tree.top not in {ONE, LAMBDA}:
        return times(OVER_M, simple(tree.top))
    if isinstance(tree, Multiply) and tree.right == OVER_M:
        return times(OVER_M, tree.left)
    if isinstance(tree, Multiply) and isinstance(tree.left, Multiply) and tree.left.left == OVER_M:
        return times(OVER_M, times(tree.left.right, tree.right))
    return tree


def test_all_mistakes_are_covered_here():
    declared = {swap.name for setting in SETTINGS.values() for swap in setting.swaps}
    tested = {name for _, name, _, _ in CASES}
    exchanged = {"W-for-dW", "dW-for-W", "db-for-b", "b-for-db", "Z-for-dZ", "dA-for-A"}
    assert tested <= declared
    assert declared - tested <= exchanged  # made by one function, tested through its others


def test_names_and_texts():
    for setting in SETTINGS.values():
        for swap in setting.swaps:
            assert re.fullmatch(r"[A-Za-z]+(-[A-Za-z]+)+", swap.name)
            assert len(swap.text) > 10


def test_swaps_stay_within_the_setting():
    """What a swap writes, the setting knows: no dZ where there is only dz, no layer below 0."""
    trees = [Chain((tree,)) for _, _, wrong, right in CASES for tree in (wrong, right)]
    tried = 0
    for setting in SETTINGS.values():
        known = setting.quantities
        for tree in trees:
            symbols = [node for node in walk(tree) if isinstance(node, Symbol)]
            if not all(fits(symbol, known) for symbol in symbols):
                continue
            for name, new in mended(setting.name, tree):
                for symbol in (node for node in walk(new) if isinstance(node, Symbol)):
                    assert fits(symbol, known), (setting.name, name, symbol)
                    tried += 1
    assert tried > 1000


def fits(symbol, known):
    quantity = known.get(symbol.name)
    if quantity is None or quantity.numbered != (symbol.member is not None):
        return False
    if not quantity.numbered or symbol.member.letter:
        return True
    return symbol.member.offset >= quantity.first_member


def test_edits_keep_the_place_in_the_text():
    wrong = Symbol("dA", Index("", 2), span=(7, 10))
    for swap in SETTINGS["two-layer-batch"].swaps:
        for new in swap.apply(wrong):
            assert new.span == (7, 10)
