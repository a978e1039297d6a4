"""Which hidden activation a formula shows: 1 − A² is tanh, A(1 − A) a sigmoid, Z > 0 ReLU; σ′(Z) names one.

Only these forms and names count, and only of a hidden layer's own A or Z.  An activation is never
chosen because it would make a formula true.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from checkedmath.syntax.tree import (
    BROADCAST,
    DOT,
    ELEMENTWISE,
    JUXTAPOSED,
    Add,
    Apply,
    Cases,
    Compare,
    Constant,
    Divide,
    Multiply,
    Negate,
    Node,
    Number,
    Power,
    Subtract,
    Symbol,
    children,
    walk,
)
from course.functions import hidden_names

_ELEMENTWISE = {ELEMENTWISE, BROADCAST, JUXTAPOSED, DOT}
_ANCHORS = {"Y", "y", "Yhat", "yhat"}


@dataclass(frozen=True)
class _Hidden:
    """Which layers are hidden: those below ``last``, a number, or 0 where it is L."""

    last: int

    def a(self, node: Node) -> bool:
        """Whether this is A of a hidden layer."""
        return isinstance(node, Symbol) and node.name in {"A", "a"} and self._below(node)

    def z(self, node: Node) -> bool:
        """Whether this is Z of a hidden layer."""
        return isinstance(node, Symbol) and node.name in {"Z", "z"} and self._below(node)

    def _below(self, node: Symbol) -> bool:
        if node.member is None:
            return True
        if node.member.letter == "L":
            return node.member.offset < 0
        if node.member.letter:
            return True
        return not self.last or node.member.offset < self.last


def shown_activation(tree: Node, *, default: str = "", layer_count: int = 0) -> str:
    """Return the variant a formula shows, ``"hidden-sigmoid"``, or "" for the setting's own.

    ``default`` is the activation of layer 1 in the setting; ``layer_count`` is its L if that is
    fixed.  A formula that shows two activations shows none.
    """
    nodes = list(walk(tree))
    hidden = _Hidden(layer_count or _last(nodes))
    found = set(_relu(tree, hidden))
    for node in nodes:
        if _is_tanh(node, hidden):
            found.add("tanh")
        elif isinstance(node, Multiply) and _is_sigmoid(node, hidden):
            found.add("sigmoid")
        elif named := _named(node, hidden):
            found.add(named)
    if len(found) != 1 or found == {default}:
        return ""
    return f"hidden-{found.pop()}"


def _last(nodes: list[Node]) -> int:
    """Return the highest layer number where labels say that it is the last, else 0."""
    symbols = [node for node in nodes if isinstance(node, Symbol)]
    if not any(symbol.name in _ANCHORS for symbol in symbols):
        return 0
    return max((s.member.offset for s in symbols if s.member and not s.member.letter), default=0)


def _is_tanh(node: Node, hidden: _Hidden) -> bool:
    """Whether this is 1 − A², 1 − A∘A or 1 − tanh²(Z)."""
    if not (isinstance(node, Subtract) and _is_number(node.left, 1)):
        return False
    squared = _squared(node.right)
    if squared is None:
        return False
    return hidden.a(squared) or _is_value(squared, "tanh", hidden)


def _squared(node: Node) -> Node | None:
    """Return x where the node is x² or x x."""
    if isinstance(node, Power) and _is_number(node.exponent, 2):
        return node.base
    if isinstance(node, Multiply) and node.sign in _ELEMENTWISE and node.left == node.right:
        return node.left
    return None


def _is_sigmoid(node: Multiply, hidden: _Hidden) -> bool:
    """Whether A(1 − A) or σ(Z)(1 − σ(Z)) is among the factors of a product."""
    factors = list(_factors(node))
    rests = [f.right for f in factors if isinstance(f, Subtract) and _is_number(f.left, 1)]
    return any(
        rest in factors and (hidden.a(rest) or _is_value(rest, "sigmoid", hidden)) for rest in rests
    )


def _named(node: Node, hidden: _Hidden) -> str:
    """Return the activation whose derivative is named and taken at a hidden Z or A: ``sigmoid_prime(Z)``, σ′(A)."""
    if not isinstance(node, Apply) or not node.primes or not (hidden.z(node.argument) or hidden.a(node.argument)):
        return ""
    name = node.name.removesuffix("_prime")
    return name if name in hidden_names() else ""


def _is_value(node: Node, function: str, hidden: _Hidden) -> bool:
    """Whether this is the function of a hidden Z, the sigmoid written out too; g(Z) is A whatever g is."""
    if function == "sigmoid" and isinstance(node, Divide) and _is_number(node.top, 1):
        return isinstance(node.bottom, Add) and _is_decay(node.bottom.left, node.bottom.right, hidden)
    if not isinstance(node, Apply) or node.primes or node.name not in {function, "g"}:
        return False
    return hidden.z(node.argument)


def _is_decay(one: Node, other: Node, hidden: _Hidden) -> bool:
    """Whether two terms are 1 and exp(-Z) of a hidden Z, in either order."""
    one, other = (one, other) if _is_number(one, 1) else (other, one)
    if not _is_number(one, 1) or not isinstance(other, Apply) or (other.name, other.primes) != ("exp", 0):
        return False
    return isinstance(other.argument, Negate) and hidden.z(other.argument.operand)


def _factors(node: Node) -> Iterator[Node]:
    if isinstance(node, Multiply) and node.sign in _ELEMENTWISE:
        yield from _factors(node.left)
        yield from _factors(node.right)
    else:
        yield node


def _relu(node: Node, hidden: _Hidden) -> Iterator[str]:
    """Yield relu for Z > 0 alone, leaky_relu for two branches neither of which is 0."""
    if isinstance(node, Cases):
        conditions = [c for _, c in node.branches if c is not None]
        if any(_is_positive(c, hidden) for c in conditions):
            values = [value for value, _ in node.branches]
            yield "relu" if any(_is_number(value, 0) for value in values) else "leaky_relu"
            return
    if _is_positive(node, hidden):
        yield "relu"
        return
    for below in children(node):
        yield from _relu(below, hidden)


def _is_positive(node: Node, hidden: _Hidden) -> bool:
    """Whether this compares Z with 0; or A, which has the sign of Z."""
    if not isinstance(node, Compare) or node.op not in {">", "≥", "<", "≤"}:
        return False
    for one, other in ((node.left, node.right), (node.right, node.left)):
        if _is_number(other, 0) and (hidden.z(one) or hidden.a(one)):
            return True
    return False


def _is_number(node: Node, number: int) -> bool:
    if isinstance(node, Number):
        return float(node.text) == number
    return isinstance(node, Constant) and node.name == str(number)
