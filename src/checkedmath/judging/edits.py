"""Single edits of a formula: one node changed in one way that people get wrong.

Run over a false formula the edits look for the true one nearby (`checkedmath.judging.nearest`); run over a
true one they make mutants.  The list is closed: transpose, order, kind of product, sign, axis,
keepdims, index, and what the setting declares.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import chain

from checkedmath.meaning.free_dimensions import WEIGHT
from checkedmath.meaning.indices import free_indices
from checkedmath.subject.setting import Setting, is_number
from checkedmath.syntax.tree import (
    BROADCAST,
    DOT,
    ELEMENTWISE,
    JUXTAPOSED,
    MATMUL,
    OUTER,
    TENSOR,
    Add,
    Apply,
    AxisSum,
    Chain,
    Component,
    Delta,
    Derivative,
    Divide,
    Example,
    Inverse,
    Multiply,
    Negate,
    Node,
    Number,
    Power,
    Primed,
    Subtract,
    SumOver,
    Symbol,
    Transpose,
    children,
    rebuild,
    walk,
)  # fmt: skip


@dataclass(frozen=True)
class Edit:
    """What was changed: the mistake it mends (or makes), in a word and in a sentence."""

    name: str
    text: str


TRANSPOSE = Edit("transpose", "a transpose is missing, or there is one too many")
ORDER = Edit("order", "the factors are in the wrong order")
PRODUCT = Edit("product", "the wrong kind of product: matrix product and element-wise product are confused")
SIGN = Edit("sign", "a sign is wrong")
AXIS = Edit("axis", "the sum is along the wrong axis")
KEEPDIMS = Edit("keepdims", "keepdims=True is missing, or there is one too many")
INDEX = Edit("index", "an index is wrong")
SUM_MISSING = Edit("sum-missing", "the sum over an index is missing")
FACTOR = Edit("factor", "a factor 2 is missing, or there is one too many")
SYMMETRIC = Edit("symmetric", "this is true only for a symmetric matrix")
TERM_MISSING = Edit("term-missing", "a term is missing: the letter appears in two places, and both count")
LETTER = Edit("letter", "a letter is in the place of another one of the text")
FACTOR_MISSING = Edit("factor-missing", "a factor is missing")
FACTOR_TOO_MANY = Edit("factor-too-many", "there is one factor too many")
POWER = Edit("power", "a power is wrong")
#: Edits of free letters that come alone.
ALONE = frozenset({"letter", "factor-missing", "factor-too-many", "power"})
PRIME_PLACE = Edit("prime-place", "the prime belongs to the function's name: g'(z)")
OTHER_PRODUCT = {
    JUXTAPOSED: (ELEMENTWISE,), ELEMENTWISE: (JUXTAPOSED,), DOT: (ELEMENTWISE,),
    MATMUL: (BROADCAST,), BROADCAST: (MATMUL,),
}  # fmt: skip



#: Edits of how a product is put together; two of them often come as one slip.
ARRANGED = frozenset({"transpose", "order", "product"})
MISSING = "-missing"


def partners(name: str, setting: Setting) -> frozenset[str] | None:
    """Return the names of the edits that come together with this one; None: any.

    The same slip comes twice, two come in what arranges a product, and something missing, a sign and the kind of
    a product come with anything.  Two letters at once, each another, are hardly one formula that was meant.
    """
    if name in ALONE:
        return frozenset()
    if name in {PRODUCT.name, SIGN.name} or name.endswith(MISSING):
        return None
    missing = {swap.name for swap in setting.swaps if swap.name.endswith(MISSING)}
    return (ARRANGED if name in ARRANGED else frozenset({name})) | missing


def single_edits(
    tree: Chain, setting: Setting, names: frozenset[str] | None = None
) -> Iterator[tuple[Edit, Chain]]:
    """Yield every single edit of the last term of a chain, or those of these names, with what it mends."""
    last = tree.terms[-1]
    lonely = isinstance(last, Symbol | Apply | Derivative | Divide | Add)
    alone = [(SIGN, Negate(last, span=last.span))] if lonely else []
    below = edits_below(last, setting, names)
    if setting.free and (names is None or names & {FACTOR.name, SYMMETRIC.name, TERM_MISSING.name}):
        below = chain(below, _factor(last), _symmetric(last))
    if setting.free and names is None:
        below = chain(below, _letters(last, setting))
    indices = _indices(last, tree) if names is None or INDEX.name in names else ()
    sums = _sums(tree) if names is None or names & {INDEX.name, SUM_MISSING.name} else ()
    for edit, term in (*below, *indices, *sums, *alone):
        if term != last and (names is None or edit.name in names):
            yield edit, replace(tree, terms=(*tree.terms[:-1], term))


def edits_of_argument(tree: Chain, setting: Setting) -> Iterator[tuple[Edit, Chain]]:
    """Yield the swaps of what a function on the left is taken at: σ′(a) = … for σ′(z) = …."""
    first = tree.terms[0]
    if len(tree.terms) == 2 and isinstance(first, Apply):
        for edit, changed in _swapped(first, setting, None):
            if isinstance(changed, Apply) and replace(changed, argument=first.argument) == first:
                yield edit, replace(tree, terms=(changed, tree.terms[1]))


def _indices(term: Node, tree: Chain) -> Iterator[tuple[Edit, Node]]:
    """Put one of the formula's own indices in another's place, and δ_ij in the place of a 1."""
    used = {index for node in walk(tree) if isinstance(node, Component) for index in node.indices}
    letters = sorted((i for i in used if i.letter and not i.offset), key=str)
    choices = sorted(used, key=str)

    def changes(node: Node) -> Iterator[Node]:
        if isinstance(node, Component):
            for n, old in enumerate(node.indices):
                for new in choices:
                    if new != old:
                        yield replace(node, indices=(*node.indices[:n], new, *node.indices[n + 1 :]))
        elif isinstance(node, Number) and node.text == "1" and len(letters) == 2:
            yield Delta(*letters, span=node.span)
        for below in children(node):
            for changed in changes(below):
                yield _with_child(node, below, changed)

    for changed in changes(term):
        yield INDEX, changed


def _sums(tree: Chain) -> Iterator[tuple[Edit, Node]]:
    """Put Σ over an index that the left side lacks before the right side or a term of it; let a Σ run over another."""
    last = tree.terms[-1]
    if len(tree.terms) > 1:
        for letter in sorted(free_indices(last) - free_indices(tree.terms[0])):
            for part in _addends(last):
                if letter in free_indices(part):
                    example = any(isinstance(n, Example) and n.index.letter == letter for n in walk(part))
                    total = SumOver(letter, part, example=example, span=part.span)
                    yield SUM_MISSING, total if part is last else _with_part(last, part, total)
    for node in walk(last):
        if isinstance(node, SumOver):
            for letter in sorted(free_indices(node.body) - {node.index}):
                other = replace(node, index=letter, lower=None, upper=None)
                yield INDEX, other if node is last else _with_part(last, node, other)


def _factor(term: Node) -> Iterator[tuple[Edit, Node]]:
    """Put a 2 before the term or take it away, there or before a part of it."""
    for part in _addends(term):
        if isinstance(part, Add | Subtract | Negate):
            continue
        factors = _product_of(part)
        two = [n for n, factor in enumerate(factors) if factor == Number("2")]
        changed = [_product(factors[:n] + factors[n + 1 :]) for n in two[:1] if len(factors) > 1]
        halves = [factor for factor in factors if isinstance(factor, Divide) and factor.top == Number("2")]
        changed += [_with_part(part, half, replace(half, top=Number("1"))) for half in halves[:1]]
        if not changed:
            two_times = Multiply(JUXTAPOSED, Number("2"), part, span=part.span)
            changed = [two_times, Divide(part, Number("2"), span=part.span)]
        for one in changed:
            yield FACTOR, one if part is term else _with_part(term, part, one)
    if isinstance(term, Add | Subtract):
        yield FACTOR, Multiply(JUXTAPOSED, Number("2"), term, span=term.span)


def _symmetric(term: Node) -> Iterator[tuple[Edit, Node]]:
    """Put A + Aᵀ in the place of 2A, or of A alone."""
    for part in _addends(term):
        factors = _product_of(part)
        two = factors[0] == Number("2")
        for n, factor in enumerate(factors):
            if isinstance(factor, Symbol) and factor.name[0].isupper():
                both = Add(factor, Transpose(factor, span=factor.span), span=factor.span)
                changed = _product([*factors[two:n], both, *factors[n + 1 :]])
                yield SYMMETRIC if two else TERM_MISSING, changed if part is term else _with_part(term, part, changed)


def _letters(term: Node, setting: Setting) -> Iterator[tuple[Edit, Node]]:
    """Put another letter of the text in the place of one, or beside a term as a factor; leave one out; raise one."""
    names = [name for name in setting.quantities if WEIGHT not in name and not (len(name) > 1 and name[0] == "d")]

    def changes(node: Node, *, under: bool = False) -> Iterator[tuple[Edit, Node]]:
        if isinstance(node, Symbol):
            yield from ((LETTER, replace(node, name=name)) for name in names if name != node.name)
        if isinstance(node, Symbol | Apply) and not under:
            yield POWER, Power(node, Number("2"), span=node.span)
            yield POWER, Divide(Number("1"), node, span=node.span)
        if isinstance(node, Apply) and setting.quantities and not node.primes and node.name in {"norm", "sum"}:
            yield POWER, node.argument
        if isinstance(node, Power):
            yield POWER, node.base
        if isinstance(node, Multiply):
            yield from ((FACTOR_TOO_MANY, one) for one in (node.left, node.right))
        for below in () if isinstance(node, Derivative) else children(node):
            for edit, changed in changes(below, under=isinstance(node, Power)):
                yield edit, _with_child(node, below, changed)

    yield from changes(term)
    factors: list[Node] = [Symbol(name) for name in names]
    factors += [Transpose(one) for one in factors]
    for part in _addends(term):
        if part is term or not isinstance(part, Add | Subtract | Negate):
            for factor in factors:
                for one in (Multiply(JUXTAPOSED, factor, part), Multiply(JUXTAPOSED, part, factor)):
                    yield FACTOR_MISSING, one if part is term else _with_part(term, part, one)


def _product_of(node: Node) -> list[Node]:
    """Return the factors of a matrix product, from left to right."""
    if isinstance(node, Multiply) and node.sign in {JUXTAPOSED, DOT}:
        return [*_product_of(node.left), *_product_of(node.right)]
    return [node]


def _product(factors: Sequence[Node]) -> Node:
    return reduce(lambda left, right: Multiply(JUXTAPOSED, left, right, span=left.span), factors)


def _addends(node: Node) -> Iterator[Node]:
    yield node
    for below in children(node) if isinstance(node, Add | Subtract | Negate) else ():
        yield from _addends(below)


def _with_part(node: Node, part: Node, new: Node) -> Node:
    return new if node is part else rebuild(node, lambda below: _with_part(below, part, new))


def edits_below(
    node: Node, setting: Setting, names: frozenset[str] | None = None
) -> Iterator[tuple[Edit, Node]]:
    """Yield every edit of this node or of one below it, or those of these names."""
    yield from edits_here(node, setting, names)
    for below in children(node):
        for edit, changed in edits_below(below, setting, names):
            yield edit, _with_child(node, below, changed)


def _with_child(node: Node, old: Node, new: Node) -> Node:
    def swap(child: Node) -> Node:
        return new if child is old else child

    return rebuild(node, swap)


def edits_here(
    node: Node, setting: Setting, names: frozenset[str] | None = None
) -> Iterator[tuple[Edit, Node]]:
    """Yield the edits of one node, or those of these names."""
    yield from _swapped(node, setting, names)
    if not is_number(node, setting):
        yield from _transpose(node)
    for rule in (_order, _product_kind, _sign, _axis, _index):
        yield from rule(node)


def _swapped(node: Node, setting: Setting, names: frozenset[str] | None) -> Iterator[tuple[Edit, Node]]:
    for swap in setting.swaps:
        if names is None or swap.name in names:
            edit = Edit(swap.name, swap.text)
            for changed in swap.apply(node):
                yield edit, changed


def _transpose(node: Node) -> Iterator[tuple[Edit, Node]]:
    if isinstance(node, Transpose):
        yield TRANSPOSE, node.operand
    elif isinstance(node, Symbol | Multiply | Add | Subtract | Derivative | Inverse):
        yield TRANSPOSE, Transpose(node, span=node.span)


def _order(node: Node) -> Iterator[tuple[Edit, Node]]:
    if isinstance(node, Multiply):
        if node.sign in {JUXTAPOSED, DOT, MATMUL, OUTER}:
            yield ORDER, replace(node, left=node.right, right=node.left)
            if isinstance(node.left, Multiply) and node.left.sign == node.sign:
                a, b, c = node.left.left, node.left.right, node.right
                yield ORDER, replace(node, left=replace(node.left, left=a, right=c), right=b)
    elif isinstance(node, Subtract):
        yield SIGN, replace(node, left=node.right, right=node.left)


def _product_kind(node: Node) -> Iterator[tuple[Edit, Node]]:
    if isinstance(node, Multiply):
        for sign in OTHER_PRODUCT.get(node.sign, ()):
            yield PRODUCT, replace(node, sign=sign)
        if node.sign in {TENSOR, ELEMENTWISE} and isinstance(node.right, Symbol):
            yield PRODUCT, Multiply(JUXTAPOSED, node.left, Transpose(node.right, span=node.span), span=node.span)
        if isinstance(node.left, Primed) and isinstance(node.left.operand, Apply):
            function = node.left.operand  # g(Z)' (u) for g'(u)
            yield PRIME_PLACE, replace(function, argument=node.right, primes=function.primes + 1, span=node.span)


def _sign(node: Node) -> Iterator[tuple[Edit, Node]]:
    if isinstance(node, Negate):
        yield SIGN, node.operand
    elif isinstance(node, Add):
        yield SIGN, Subtract(node.left, node.right, span=node.span)
        if not isinstance(node.left, Multiply | Negate | Add | Subtract):  # those are turned below
            yield SIGN, Add(Negate(node.left, span=node.left.span), node.right, span=node.span)
    elif isinstance(node, Subtract):
        yield SIGN, Add(node.left, node.right, span=node.span)
    elif isinstance(node, Multiply | AxisSum | SumOver):
        yield SIGN, Negate(node, span=node.span)


def _axis(node: Node) -> Iterator[tuple[Edit, Node]]:
    if isinstance(node, AxisSum):
        if node.axis is None:
            yield AXIS, replace(node, axis=1, keepdims=True)
            yield AXIS, replace(node, axis=0, keepdims=True)
        else:
            yield AXIS, replace(node, axis=1 - node.axis)
            yield KEEPDIMS, replace(node, keepdims=not node.keepdims)
            if not node.keepdims:
                yield AXIS, replace(node, axis=1 - node.axis, keepdims=True)
            yield AXIS, replace(node, axis=None, keepdims=False)
    elif isinstance(node, Apply) and node.name in {"sum", "mean"} and not node.primes:
        for axis in (1, 0):
            yield AXIS, AxisSum(node.argument, axis, keepdims=True, mean=node.name == "mean", span=node.span)


def _index(node: Node) -> Iterator[tuple[Edit, Node]]:
    if isinstance(node, Component):
        if len(node.indices) == 2:
            yield INDEX, replace(node, indices=node.indices[::-1])
    elif isinstance(node, Power) and isinstance(node.exponent, Number):
        if node.exponent.text in {"2", "3"}:
            yield INDEX, node.base
    elif isinstance(node, Delta):
        yield INDEX, Number("1", span=node.span)


__all__ = ["Edit", "edits_below", "edits_here", "edits_of_argument", "partners", "single_edits"]
