"""A number that a text differentiates and never says what it is, the L of ``Y = X W, dL/dX = dL/dY W^T``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce

from checkedmath.meaning.free_sizes import NUMBERS, WEIGHT
from checkedmath.syntax.tree import (
    ELEMENTWISE,
    Add,
    Apply,
    Chain,
    Change,
    Derivative,
    Multiply,
    Node,
    Symbol,
    children,
    walk,
)  # fmt: skip


def scalars_in(definitions: Mapping[str, Chain], trees: Sequence[Chain]) -> dict[str, Chain]:
    """Return what stands for such a number: the sum of the entries of all that the text computes, weighed at random.

    At one place every function of them has some gradient, and this has any; what a text says of L that is not about
    its gradients there is not judged: L stands under ∂ alone.
    """
    bodies = {name: chain.terms[-1] for name, chain in definitions.items()}
    # δ = ∂L/∂z is no step on the way to L.
    back: set[str] = set()
    for _ in bodies:
        back |= {name for name, body in bodies.items() if any(isinstance(n, Derivative) for n in walk(body))
                 or back & {n.name for n in walk(body) if isinstance(n, Symbol)}}  # fmt: skip
    computed = {name: body for name, body in bodies.items() if name not in back}
    behind = {n.name for body in computed.values() for n in walk(body) if isinstance(n, Symbol)}
    ends = [name for name in computed if name not in behind]
    known = {*bodies, *behind}
    every = [*trees, *definitions.values()]
    derivatives = [n for tree in every for n in walk(tree) if isinstance(n, Derivative) and isinstance(n.of, Symbol)]
    under = [n.of.name for n in derivatives if isinstance(n.of, Symbol) and _letter(n.by) in known]
    loose = {n.name for tree in every for n in _outside(tree) if isinstance(n, Symbol)}
    found: dict[str, Chain] = {}
    for name in dict.fromkeys(under):
        if ends and name not in known | loose and (name[0].isupper() or name[0] in NUMBERS or name == "ℓ"):
            weighed = [Multiply(ELEMENTWISE, Symbol(f"{name}{WEIGHT}{end}"), Symbol(end)) for end in ends]
            terms: list[Node] = [Apply("sum", one) for one in weighed]
            found[name] = Chain((Symbol(name), reduce(Add, terms)), ("=",))
    return found


def gradient_names(definitions: Mapping[str, Chain], trees: Sequence[Chain]) -> str:
    """Return the number of which dX is the gradient by X, "" where dX is a differential.

    It is a gradient where the text computes Y from X and says dX by dY: a differential goes the other way.  The number
    is that with a capital at which all that the text computes ends, without a word on its own dL; else an unsaid one.
    """
    changes = [n for tree in trees for n in walk(tree) if isinstance(n, Change)]
    if not all(isinstance(n.of, Symbol) for n in changes):
        return ""
    claims = [tree for tree in trees if getattr(tree.terms[0], "name", "") not in definitions]
    end, said = _end_of_all(definitions), {n.of.name for n in changes if isinstance(n.of, Symbol)}
    if end and said and end not in said and all(isinstance(tree.terms[0], Change) for tree in claims):
        return end
    back = any(
        isinstance(left := tree.terms[0], Change) and getattr(left.of, "name", "") not in definitions
        and any(isinstance(n, Change) and n.of.name in definitions for t in tree.terms[1:] for n in walk(t))  # type: ignore[attr-defined]
        for tree in trees if tree.relations
    )  # fmt: skip
    used = {n.name for tree in trees for n in walk(tree) if isinstance(n, Symbol)} - definitions.keys()
    return next(name for name in ("ℓ", "ℒ", "Λ") if name not in used) if back else ""


def _end_of_all(definitions: Mapping[str, Chain]) -> str:
    """Return the letter at which all that a text computes ends, if that is a capital: L of z = w x, L = z²."""
    behind = {n.name for chain in definitions.values() for n in walk(chain.terms[-1]) if isinstance(n, Symbol)}
    ends = [name for name in definitions if name not in behind]
    number = len(ends) == 1 and (ends[0][0].isupper() or ends[0] == "ℓ")
    return ends[0] if number and not isinstance(definitions[ends[0]].terms[-1], Symbol) else ""


def _letter(node: Node) -> str:
    while not isinstance(node, Symbol) and (below := list(children(node))):
        node = below[0]
    return node.name if isinstance(node, Symbol) else ""


def _outside(node: Node) -> list[Node]:
    """Return all that stands in a formula but not alone under a ∂."""
    below = list(children(node))
    if isinstance(node, Derivative) and isinstance(node.of, Symbol):
        below = [node.by]
    return [node, *(n for one in below for n in _outside(one))]


__all__ = ["gradient_names", "scalars_in"]
