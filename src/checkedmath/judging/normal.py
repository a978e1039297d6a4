"""Normal forms: two formulas with the same one say the same, computed without numbers.

Transposes are pushed to the leaves, numbers and scalars to the front, ⊙ and + are sorted; the
transposes of scalars, diagonal and declared-symmetric matrices are dropped; diag(u) v becomes u ⊙ v.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from checkedmath.meaning.resolution import Resolved
from checkedmath.subject.view import ENTRY, MATRIX, SCALE
from checkedmath.syntax.budget import Overspent, spend
from checkedmath.syntax.tree import (
    Add,
    Apply,
    AxisSum,
    Compare,
    Component,
    Constant,
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
    Symbol,
    Transpose,
    children,
)  # fmt: skip
from checkedmath.values.exact import literal

#: A term is (number, sorted scalars, core); a form is a sorted tuple of terms, which are added up.
Term = tuple[Fraction, tuple[Any, ...], Any]
Form = tuple[Term, ...]
ONE: Any = ()
#: What a term costs that is made, in steps: it is sorted by what it says.
TERM = 10
MAX_BITS = 8000


def normal_form(item: Resolved, symmetric: frozenset[str] = frozenset()) -> Form:
    """Return the normal form of a resolved expression."""
    return _Normal(symmetric).form(item, False)


def same(left: Resolved, right: Resolved, symmetric: frozenset[str] = frozenset()) -> bool:
    """Whether two resolved expressions have the same normal form."""
    return normal_form(left, symmetric) == normal_form(right, symmetric)


class _Normal:
    def __init__(self, symmetric: frozenset[str]) -> None:
        self.symmetric = symmetric

    def form(self, item: Resolved, turned: bool) -> Form:
        """Return the form of an expression, transposed if ``turned``."""
        node = item.node
        turned = turned and item.shape not in {(), ("1", "1")}
        if isinstance(node, Number):
            return _collect([(literal(node.text), (), ONE)])
        if isinstance(node, Negate):
            return _scaled(self.form(item.parts[0], turned), Fraction(-1))
        if isinstance(node, Add | Subtract):
            left, right = (self.form(part, turned) for part in item.parts)
            return _collect([*left, *(_scaled(right, Fraction(-1)) if isinstance(node, Subtract) else right)])
        if isinstance(node, Transpose | Primed):
            return self.form(item.parts[0], not turned)
        if isinstance(node, Multiply) and item.how != "pushed":
            return self._product(item, turned)
        if isinstance(node, Divide):
            return self._quotient(item, turned)
        return _collect([self._leaf(item, turned)])

    def _leaf(self, item: Resolved, turned: bool) -> Term:
        node = item.node
        if isinstance(node, Symbol):
            turned = turned and node.name not in self.symmetric
            core: Any = ("symbol", node.name, str(node.member), turned, node.dotted)
        elif isinstance(node, Constant):
            core = ("constant", node.name, item.shape[::-1] if turned else item.shape)
        elif isinstance(node, Inverse):
            core = ("inverse", self.form(item.parts[0], turned))
        elif isinstance(node, Apply) and node.name == "diag":
            core = ("diag", self._column(item.parts[0]))
        elif isinstance(node, Apply) and item.how == "function":
            # An entrywise function and a transpose may change places.
            core = ("apply", node.name, str(item.extra), node.primes, self.form(item.parts[0], turned))
        elif isinstance(node, Power) and item.how != "matrix power":
            core = ("power", _even(self.form(item.parts[0], turned), node.exponent), self.form(item.parts[1], False))
        elif isinstance(node, Component):
            core = self._entry(item)
        elif isinstance(node, Example):
            part = _upright(item.parts[0]) if item.shape == () else item.parts[0]
            core = ("example", str(node.index), self.form(part, turned))
        elif isinstance(node, Apply) and node.name in {"norm", "det", "tr", "sum", "mean"}:
            form = self.form(_upright(item.parts[0]), False)  # a transpose changes none of these
            core = (node.name, _positive(form) if node.name == "norm" else form)
        elif isinstance(node, AxisSum):
            core = self._axis_sum(item, turned)
        elif isinstance(node, Derivative):
            # A row under or over a ∂ is read as the column it transposes.
            parts = tuple(self.form(_upright_vector(part), False) for part in item.parts)
            core = ("derivative", str(item.extra), parts, turned)
        elif isinstance(node, Compare):
            core = ("compare", node.op, *(self.form(part, turned) for part in item.parts))
        else:
            core = (type(node).__name__, repr(_own(node)), tuple(self.form(p, False) for p in item.parts), turned)
        if item.shape == ():
            return (Fraction(1), (core,), ONE)
        return (Fraction(1), (), core)

    def _entry(self, item: Resolved) -> Any:
        """Return entry k, j of a matrix, j, k of its transpose; one index forgets row and column."""
        base, indices = item.parts[0], tuple(map(str, item.extra))
        while isinstance(base.node, Transpose):
            base, indices = base.parts[0], indices[::-1]
        if isinstance(base.node, Example):
            inner = base.parts[0]
            while isinstance(inner.node, Transpose):
                inner = inner.parts[0]
            return ("entry", indices, ("example", str(base.node.index), self.form(inner, False)))
        return ("entry", indices, self.form(base, False))

    def _axis_sum(self, item: Resolved, turned: bool) -> Any:
        """Return a sum along an axis; along the only axis there is, it is the sum of all."""
        node, part = item.node, item.parts[0]
        assert isinstance(node, AxisSum)
        others = [d for n, d in enumerate(part.shape) if n != node.axis]
        if node.axis is None or all(d == "1" for d in others):
            while isinstance(part.node, Transpose):
                part = part.parts[0]
            return ("sum of all", node.mean, self.form(part, False))
        return ("axis sum", node.axis, node.keepdims, node.mean, self.form(part, False), turned)

    def _column(self, item: Resolved) -> Form:
        """Return the form of what stands in diag(…), as a column."""
        return self.form(item, len(item.shape) == 2 and item.shape[0] == "1")

    def _product(self, item: Resolved, turned: bool) -> Form:
        left, right = item.parts
        if item.how == MATRIX:
            first, second = (right, left) if turned else (left, right)
            return self._combine(self.form(first, turned), self.form(second, turned), _chain)
        if item.how in {ENTRY, SCALE, "numpy"}:
            return self._combine(self.form(left, turned), self.form(right, turned), _entrywise)
        core = (item.how, self.form(left, False), self.form(right, False), turned)
        return ((Fraction(1), (), core),)

    def _combine(self, left: Form, right: Form, join: Any) -> Form:
        terms = []
        for a, scalars_a, core_a in left:
            for b, scalars_b, core_b in right:
                spend(TERM + len(scalars_a) + len(scalars_b))  # with each bracket that is multiplied out terms double
                scalars = tuple(sorted(scalars_a + scalars_b, key=repr))
                core = core_b if core_a == ONE else core_a if core_b == ONE else join(core_a, core_b)
                terms.append((a * b, scalars, core))
        return _collect(terms)

    def _quotient(self, item: Resolved, turned: bool) -> Form:
        top, bottom = item.parts
        below = self.form(bottom, turned)
        if len(below) == 1 and below[0][2] == ONE and below[0][0] != 0:
            number, scalars, _ = below[0]
            inverse = tuple(("inverse of", s) for s in scalars)
            over: Form = ((1 / number, _cancelled(inverse), ONE),)
        elif bottom.shape == ():
            over = ((Fraction(1), (("inverse of", below),), ONE),)
        else:
            over = ((Fraction(1), (), ("inverse of", below)),)
        return self._combine(self.form(top, turned), over, _entrywise)


def _upright_vector(item: Resolved) -> Resolved:
    """Return a column without the transpose that makes a row of it."""
    return _upright(item) if "1" in item.shape else item


def _upright(item: Resolved) -> Resolved:
    """Return what a transpose is taken of."""
    while isinstance(item.node, Transpose):
        item = item.parts[0]
    return item


def _positive(form: Form) -> Form:
    """‖-x‖ is ‖x‖: of the two the one that comes first."""
    return min(form, _scaled(form, Fraction(-1)), key=repr)


def _even(form: Form, exponent: Node) -> Form:
    """(-x)² is x²."""
    even = isinstance(exponent, Number) and literal(exponent.text) % 2 == 0
    return _scaled(form, Fraction(-1)) if even and len(form) == 1 and form[0][0] < 0 else form


def _cancelled(scalars: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(sorted(scalars, key=repr))


def _chain(left: Any, right: Any) -> Any:
    factors = (*_factors(left, "chain"), *_factors(right, "chain"))
    # diag(u) v is u ⊙ v.
    if len(factors) == 2 and factors[0][0] == "diag" and _is_one_term(factors[0][1]):
        number, scalars, core = factors[0][1][0]
        if number == 1 and not scalars:
            return _entrywise(core, factors[1])
    return ("chain", factors)


def _is_one_term(form: Form) -> bool:
    return len(form) == 1


def _entrywise(left: Any, right: Any) -> Any:
    return ("entrywise", tuple(sorted((*_factors(left, "entrywise"), *_factors(right, "entrywise")), key=repr)))


def _factors(core: Any, kind: str) -> tuple[Any, ...]:
    return core[1] if core[0] == kind else (core,)


def _scaled(form: Form, factor: Fraction) -> Form:
    return _collect([(number * factor, scalars, core) for number, scalars, core in form])


def _collect(terms: Iterable[Term]) -> Form:
    """Add up terms that differ in their number only, and cancel s · 1/s."""
    total: dict[tuple[Any, Any], Fraction] = {}
    for number, scalars, core in terms:
        key = (_reduced(scalars), core)
        total[key] = total.get(key, Fraction(0)) + number
        if max(total[key].numerator.bit_length(), total[key].denominator.bit_length()) > MAX_BITS:
            raise Overspent  # Python itself writes no number much longer than that
    found = [(number, scalars, core) for (scalars, core), number in total.items() if number]
    return tuple(sorted(found, key=repr))


def _reduced(scalars: tuple[Any, ...]) -> tuple[Any, ...]:
    left = Counter(scalars)
    for scalar in [scalar for scalar in left if ("inverse of", scalar) in left]:
        inverse = ("inverse of", scalar)
        both = min(left[scalar], left[inverse])
        left[scalar] -= both
        left[inverse] -= both
    return tuple(sorted(left.elements(), key=repr))


def _own(node: Node) -> tuple[Any, ...]:
    """Return the fields of a node that are not nodes."""
    from dataclasses import fields

    below = set(map(id, children(node)))
    values = []
    for item in fields(node):
        value = getattr(node, item.name)
        holds_nodes = isinstance(value, tuple) and any(isinstance(v, Node) for v in value)
        if item.name != "span" and id(value) not in below and not holds_nodes:
            values.append(value)
    return tuple(values)


__all__ = ["Form", "normal_form", "same"]
