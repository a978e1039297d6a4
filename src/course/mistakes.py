"""The mistakes that learners make with the course's symbols, each as an edit of one node.

A swap is named after the mistake it mends: ``dA-for-dZ`` finds dA and puts dZ.  Run over a false
formula, the swaps look for the true one nearby; run over a true formula, they make mutants.  So
that both work, every mistake stands here with its reverse.  General mistakes (transpose, order,
sign, kind of product, axis) belong to `checkedmath`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import reduce

from checkedmath.subject.setting import Swap
from checkedmath.syntax.tree import (
    BROADCAST,
    DOT,
    ELEMENTWISE,
    JUXTAPOSED,
    MATMUL,
    Add,
    Apply,
    AxisSum,
    Derivative,
    Divide,
    Index,
    Multiply,
    Node,
    Number,
    Power,
    Subtract,
    SumOver,
    Symbol,
    Transpose,
    walk,
)
from course.factors import (
    Edit,
    axis_mean,
    insert_one_over_m,
    remove_one_over_m,
    remove_penalty,
    remove_two,
)
from course.functions import hidden_names
from course.quantities import Kind


def swaps_of(kind: Kind, *, is_layered: bool, softmax: bool = False) -> tuple[Swap, ...]:
    """Return the swaps of a kind of setting, likeliest mistake first."""
    last = Index("", kind.layer_count) if kind.layer_count else Index("L")
    letters = Letters(is_layered, kind.batch, last)
    found = []
    if softmax:
        text = "softmax has no g′: each output depends on every z, so its derivative is a Jacobian, a full matrix"
        found.append(_swap("softmax-g-prime", text, letters.output_minus_label))
    found += [
        _swap("prime-missing", "the prime is missing: g′(z) is meant, not g(z)", _primes(0, 1)),
        _swap("prime-too-many", "g(z) is meant here, not its derivative", _primes(1, 0)),
        _swap("prime-at-a", "the derivative is taken at z, not at a", letters.prime_at("Z", "A")),
        _swap("g-prime-missing", "the factor g′(z) is missing", letters.insert_g_prime),
        _swap("g-prime-too-many", "there is one factor g′(z) too many", letters.remove_g_prime),
        _swap("dA-for-g-prime", "dA is used where g′(z) belongs", letters.g_prime_for_dA),
        *letters.exchanges(),
    ]
    if is_layered:
        text = "the input is used where an activation belongs"
        found += [
            _swap("layer-number", "the layer number is off by one", letters.other_layer),
            _swap("X-for-A", text, letters.A_for_X),
        ]
    if kind.batch:
        found += [
            _swap("one-over-m-missing", "the factor 1/m is missing", insert_one_over_m),
            _swap("one-over-m-too-many", "there is one 1/m too many", remove_one_over_m),
            _swap("mean-for-sum", "the sum is meant, not the mean", axis_mean(mean=True)),
            _swap("sum-for-mean", "the mean is meant, not the sum", axis_mean(mean=False)),
        ]
    if kind.penalty:
        found += [
            _swap("penalty-missing", "the term (λ/m) W is missing", letters.insert_penalty),
            _swap("penalty-too-many", "there is a penalty where none belongs", remove_penalty),
            _swap("penalty-without-W", "λ is written without W", letters.weights_after_lambda),
            _swap("factor-two", "the 2 of λ/(2m) cancels in the derivative", remove_two),
        ]
    return tuple(found)


def _swap(name: str, text: str, edit: Edit) -> Swap:
    def apply(node: Node) -> Sequence[Node]:
        return tuple(replace(new, span=node.span) for new in edit(node))

    return Swap(name, text, apply)


@dataclass(frozen=True)
class Letters:
    """The letters of a setting: one unit or layers, one example or a batch."""

    is_layered: bool
    batch: bool
    last: Index

    def spelled(self, capital: str) -> tuple[str, ...]:
        """Return a quantity by its capital in every case the setting has: Z, z.

        >>> Letters(is_layered=True, batch=True, last=Index("L")).spelled("dZ")
        ('dz', 'dZ')
        """
        small = capital[0] + capital[1:].lower() if capital[0] == "d" else capital.lower()
        if capital in {"W", "dW"}:
            return (capital,) if self.is_layered else (small,)
        return (small, capital) if self.batch else (small,)

    def like(self, symbol: Symbol, capital: str) -> Symbol:
        """Return the same place's quantity of another letter, in the case of this symbol."""
        names = self.spelled(capital)
        is_capital = symbol.name[-1].isupper() and len(names) > 1
        return replace(symbol, name=names[1 if is_capital else 0])

    def is_(self, node: Node, capital: str) -> bool:
        """Whether this is the quantity, in either case."""
        return isinstance(node, Symbol) and node.name in self.spelled(capital)

    # -- one letter for another ------------------------------------------------------------

    def exchanges(self) -> Iterator[Swap]:
        """Yield the swaps of one letter for another, with their reverses."""
        pairs = [
            ("dA", "dZ"),
            ("Z", "A"),
            ("dW", "W"),
            ("db", "b"),
            ("dZ", "Z"),
            ("dA", "A"),
        ]
        for one, other in pairs:
            yield self._exchange(one, other)
            yield self._exchange(other, one)
        for wrong, right in (("Z", "A"), ("A", "Z")):
            text = f"{wrong.lower()} is used where {right.lower()} belongs, both times"
            yield _swap(f"{wrong}-for-{right}", text, self.both(wrong, right))
        yield _swap("y-for-a", "y is used where a belongs", self.a_for_y)
        yield _swap("a-for-y", "a is used where y belongs", self.y_for_a)

    def _exchange(self, wrong: str, right: str) -> Swap:
        def edit(node: Node) -> Iterator[Node]:
            if not self.is_(node, wrong) or not isinstance(node, Symbol):
                return
            if right in {"Z", "dZ"} and _is_input(node):
                return  # layer 0 has an A, but no Z
            yield self.like(node, right)

        text = f"{self.spelled(wrong)[-1]} is used where {self.spelled(right)[-1]} belongs"
        return _swap(f"{wrong}-for-{right}", text, edit)

    def a_for_y(self, node: Node) -> Iterator[Node]:
        """Put A[L] for Y."""
        if self.is_(node, "Y") and isinstance(node, Symbol):
            yield replace(self.like(node, "A"), member=self.last if self.is_layered else None)

    def y_for_a(self, node: Node) -> Iterator[Node]:
        """Put Y for A; whether that is the last layer, the judge sees."""
        if self.is_(node, "A") and isinstance(node, Symbol):
            yield replace(self.like(node, "Y"), member=None)

    def both(self, wrong: str, right: str) -> Edit:
        """Return the edit that puts A(1 − A) for Z(1 − Z), and A A for Z Z: two letters at once."""

        def edit(node: Node) -> Iterator[Node]:
            if not isinstance(node, Multiply):
                return
            if isinstance(node.left, Multiply) and node.left.sign == node.sign:  # (dA z)(1 − z)
                for pair in edit(replace(node, left=node.left.right)):
                    assert isinstance(pair, Multiply)
                    yield replace(pair, left=replace(node.left, right=pair.left))
            if not self.is_(node.left, wrong):
                return
            new = self.like(_symbol(node.left), right)
            if node.left == node.right:
                yield replace(node, left=new, right=new)
            elif isinstance(node.right, Subtract) and node.right.right == node.left:
                yield replace(node, left=new, right=replace(node.right, right=new))

        return edit

    # -- g′ --------------------------------------------------------------------------------

    def prime_at(self, right: str, wrong: str) -> Edit:
        """Return the edit that takes a derivative at Z which was taken at A."""

        def edit(node: Node) -> Iterator[Node]:
            if isinstance(node, Apply) and node.primes and isinstance(node.argument, Symbol):
                for a, b in ((wrong, right), (right, wrong)):
                    if self.is_(node.argument, a) and not _is_input(node.argument):
                        yield replace(node, argument=self.like(node.argument, b))

        return edit

    def insert_g_prime(self, node: Node) -> Iterator[Node]:
        """Put the factor g′(Z[l]) after dA[l], or after W[l+1]ᵀ dZ[l+1]."""
        if self.is_(node, "dA") and isinstance(node, Symbol) and not _is_input(node):
            yield Multiply(ELEMENTWISE, node, self._g_prime(node, node.member))
        a = node.by if isinstance(node, Derivative) else None
        if isinstance(a, Symbol) and self.is_(a, "A") and not _is_input(a):  # ∂𝓛/∂a, by the chain rule times ∂a/∂z
            yield Multiply(ELEMENTWISE, node, self._g_prime(a, a.member))
            yield Multiply(JUXTAPOSED, node, Derivative(a, self.like(a, "Z")))
        if isinstance(node, Multiply) and self.is_layered and isinstance(node.left, Transpose):
            W = node.left.operand
            if self.is_(W, "W") and isinstance(W, Symbol) and W.member is not None:
                layer = replace(W.member, offset=W.member.offset - 1)
                example = next((n for n in walk(node.right) if isinstance(n, Symbol)), W)
                sign = BROADCAST if node.sign == MATMUL else ELEMENTWISE
                if layer != Index(""):
                    yield Multiply(sign, node, self._g_prime(example, layer))

    def remove_g_prime(self, node: Node) -> Iterator[Node]:
        """Leave g′(Z) out of a product, in whichever form it is written."""
        if isinstance(node, Multiply) and node.sign != MATMUL:
            if self._is_slope(node.right):
                yield node.left
            if self._is_slope(node.left):
                yield node.right

    def g_prime_for_dA(self, node: Node) -> Iterator[Node]:
        """Put g′(Z) for dA, and the other way round."""
        if self.is_(node, "dA") and isinstance(node, Symbol) and not _is_input(node):
            yield self._g_prime(node, node.member)
        if isinstance(node, Apply) and node.primes and self.is_(node.argument, "Z"):
            yield self.like(_symbol(node.argument), "dA")

    def _g_prime(self, like: Symbol, layer: Index | None) -> Node:
        Z = replace(self.like(like, "Z"), member=layer if self.is_layered else None)
        return Apply("g", Z, layer, 1) if self.is_layered else Apply("sigmoid", Z, None, 1)

    def output_minus_label(self, node: Node) -> Iterator[Node]:
        """Put A[L] − Y for dA[L] times a column of derivatives, which softmax does not have."""
        factors = list(_factors(node))
        dA = next((f for f in factors if self.is_(f, "dA")), None)
        if not isinstance(dA, Symbol) or len(factors) < 2:
            return
        factors.remove(dA)
        if self._is_slope(reduce(lambda left, right: Multiply(ELEMENTWISE, left, right), factors)):
            yield Subtract(self.like(dA, "A"), replace(self.like(dA, "Y"), member=None))

    def _is_slope(self, node: Node) -> bool:
        """Whether this is g′(Z), 1 − A² or a(1 − a)."""
        if isinstance(node, Apply):
            return bool(node.primes)
        if isinstance(node, Subtract):
            return isinstance(node.left, Number) and isinstance(node.right, Power)
        return isinstance(node, Multiply) and any(
            isinstance(one, Subtract) and one.right == other
            for one, other in ((node.left, node.right), (node.right, node.left))
        )

    # -- layers and penalty ----------------------------------------------------------------

    def other_layer(self, node: Node) -> Iterator[Node]:
        """Put the layer before or after; whether it has the quantity, the judge sees."""
        argument = node.argument if isinstance(node, Apply) else None
        if isinstance(node, Apply) and node.member and isinstance(argument, Symbol):
            for step in (-1, 1):
                layer = _step(node.member, step)
                if layer is not None and layer != Index(""):
                    yield replace(node, member=layer, argument=replace(argument, member=layer))
        if isinstance(node, Symbol) and node.member is not None:
            for step in (-1, 1):
                layer = _step(node.member, step)
                has_input = self.is_(node, "A") or self.is_(node, "dA")
                if layer is not None and (has_input or layer != Index("")):
                    yield replace(node, member=layer)

    def A_for_X(self, node: Node) -> Iterator[Node]:
        """Put A[1] for X, and X for A[1]."""
        if self.is_(node, "X") and isinstance(node, Symbol):
            yield replace(self.like(node, "A"), member=Index("", 1))
        elif self.is_(node, "A") and isinstance(node, Symbol) and node.member == Index("", 1):
            yield replace(self.like(node, "X"), member=None)

    def insert_penalty(self, node: Node) -> Iterator[Node]:
        """Add (λ/m) W[l] to a product dZ[l] A[l−1]ᵀ, and (λ/m) b[l] to a sum of dZ[l]."""
        if not isinstance(node, Multiply | Divide | AxisSum | SumOver):
            return
        parts = list(walk(node))
        dZ = next((part for part in parts if self.is_(part, "dZ")), None)
        if not isinstance(dZ, Symbol):
            return
        if any(isinstance(part, Transpose) for part in parts):
            yield Add(node, self._decay(replace(dZ, name="W")))
        elif any(isinstance(part, AxisSum | SumOver) for part in parts):
            yield Add(node, self._decay(replace(dZ, name="b")))

    def weights_after_lambda(self, node: Node) -> Iterator[Node]:
        """Put W[l] after a bare λ."""
        if isinstance(node, Symbol) and node.name == "lambda":
            weights = Symbol("W", node.member or Index("l"))
            yield Multiply(JUXTAPOSED, replace(node, member=None), weights)
            yield self._decay(weights)

    def _decay(self, weights: Symbol) -> Node:
        return Multiply(JUXTAPOSED, Divide(Symbol("lambda"), Symbol("m")), weights)


def _factors(node: Node) -> Iterator[Node]:
    """Yield the factors of an element-wise product, from left to right."""
    if isinstance(node, Multiply) and node.sign in {ELEMENTWISE, BROADCAST, DOT}:
        yield from _factors(node.left)
        yield from _factors(node.right)
    else:
        yield node


def _primes(before: int, after: int) -> Edit:
    known = {"g", *hidden_names()}

    def edit(node: Node) -> Iterator[Node]:
        if isinstance(node, Apply) and node.name in known and node.primes == before:
            yield replace(node, primes=after)

    return edit


def _step(layer: Index, step: int) -> Index | None:
    """Return the layer one further; None below 0, and above L."""
    new = replace(layer, offset=layer.offset + step)
    if not new.letter and new.offset < 0:
        return None
    return None if new.letter == "L" and new.offset > 0 else new


def _symbol(node: Node) -> Symbol:
    assert isinstance(node, Symbol)
    return node


def _is_input(node: Symbol) -> bool:
    return node.member == Index("")
