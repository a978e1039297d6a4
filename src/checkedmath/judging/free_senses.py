"""What letters stand for in a text about free letters, once its statements have their parts in it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from unicodedata import normalize

from checkedmath.judging.free_readings import CLAIM, DEFINITION, Text
from checkedmath.meaning.free_scalars import gradient_names
from checkedmath.reading.defined_functions import (
    ENTROPY,
    is_function,
    stands_as_array,
)  # fmt: skip
from checkedmath.subject.view import COURSE
from checkedmath.syntax.errors import Unreadable
from checkedmath.syntax.text import text_of
from checkedmath.syntax.tree import (
    Add,
    Apply,
    Chain,
    Change,
    Derivative,
    Divide,
    Evaluated,
    Multiply,
    Negate,
    Node,
    Power,
    Subtract,
    Symbol,
    children,
    transform,
    walk,
)  # fmt: skip


def functions_as_letters(text: Text) -> None:
    """Take the u of u(x) = x^2 for a letter that is defined, where the text goes on with it as one: dy/du, sin u."""
    trees = [part.reading.tree for part in text.parts if part.reading is not None]
    nodes = [node for tree in (*trees, *(chain.terms[1] for chain in text.definitions.values())) for node in walk(tree)]
    under = {id(n.of) for n in nodes if isinstance(n, Derivative)}
    under |= {id(n.by) for n in nodes if isinstance(n, Derivative) and n.by == n.of}  # ∇f
    bare = {n.name for n in nodes if isinstance(n, Evaluated) and not n.primes and id(n) not in under}
    for name in bare & {name for name, (parameters, _) in text.functions.items() if f"{name}'" not in text.functions}:
        parameters, body = text.functions.pop(name)
        letter, given = Symbol(name), tuple(map(Symbol, parameters))

        def change(node: Node, letter: Symbol = letter, given: tuple[Symbol, ...] = given) -> Node:
            own = isinstance(node, Apply | Evaluated) and node.name == letter.name and not node.primes
            at = getattr(node, "argument", None)
            same = at is None or (at.terms if isinstance(at, Chain) else (at,)) == given
            return replace(letter, span=node.span) if own and same else node

        text.definitions[name] = Chain((letter, body), ("=",), span=body.span)
        text.definitions |= {n: transform(chain, change) for n, chain in text.definitions.items()}  # type: ignore[misc]
        text.functions |= {n: (p, transform(b, change)) for n, (p, b) in text.functions.items()}
        for part in text.parts:
            if part.reading is not None:
                tree = transform(part.reading.tree, change)
                part.reading = replace(part.reading, tree=tree, loose=None)  # type: ignore[arg-type]


def bars(text: Text, barred: Collection[str]) -> None:
    """Say what letters under a bar are as the text says it of one: x̄ = ∂L/∂x.  The others must be said themselves."""
    adjoint = next((body for name in barred if name in text.definitions
                    and isinstance(body := text.definitions[name].terms[-1], Derivative)
                    and body.by == Symbol(_bare(name))), None)  # fmt: skip
    for part in text.parts:
        for node in walk(part.reading.tree) if part.reading is not None else ():
            if not isinstance(node, Symbol) or node.name not in barred or node.name in text.definitions:
                continue
            if adjoint is None:
                said = f"a line that says what {node.name} is"
                part.reading, part.fault, part.role = None, Unreadable(part.stated.source, node.span[0], said), CLAIM
                break
            text.definitions[node.name] = Chain((node, replace(adjoint, by=Symbol(_bare(node.name)))), ("=",))


def _bare(letter: str) -> str:
    return normalize("NFD", letter)[0]


def distributions(text: Text) -> list[str]:
    """Return the letters whose cross-entropy with something is taken: their entries are positive and add up to 1."""
    trees = [part.reading.tree for part in text.parts if part.reading is not None]
    trees += text.definitions.values()
    taken = (n.argument.terms[0] for tree in trees for n in walk(tree)
             if isinstance(n, Apply) and n.name == ENTROPY and isinstance(n.argument, Chain))  # fmt: skip
    return [node.name for node in taken if isinstance(node, Symbol) and node.name not in text.definitions]


def gradients_by_name(text: Text) -> None:
    """Read dX as the gradient ∂L/∂X of some number, where the text names gradients so."""
    read = [part for part in text.parts if part.reading is not None]
    number = gradient_names(text.definitions, [part.reading.tree for part in read])  # type: ignore[union-attr]
    if not number:
        return

    def change(node: Node) -> Node:
        return Derivative(Symbol(number), node.of, span=node.span) if isinstance(node, Change) else node

    for part in read:
        reading = part.reading
        assert reading is not None
        names = [text_of(n) for n in walk(reading.tree) if isinstance(n, Change)]
        notes = (*reading.notes, *(f"{name} is read as {name.replace('d', f'd{number}/d', 1)}" for name in names[:1]))
        # Named so, a gradient has the shape of what it is by.
        part.reading = replace(
            reading, tree=transform(reading.tree, change), loose=None, notes=notes, layout=reading.layout or COURSE,  # type: ignore[arg-type]
        )  # fmt: skip


def numbers_beside(text: Text) -> None:
    """Take h in f(x + h) for a number where f is defined of one: it is added to it, or multiplies it."""
    of_number = {name for name, (parameters, _) in text.functions.items()
                 if len(parameters) == 1 and text.declared.get(parameters[0]) == ()}  # fmt: skip
    trees = [part.reading.tree for part in text.parts if part.reading is not None]
    given = [n.argument for t in trees for n in walk(t) if isinstance(n, Apply) and n.name in of_number]
    names = {n.name for one in given for n in _top(one) if isinstance(n, Symbol)} - text.definitions.keys()
    for name in names - text.declared.keys():
        if name[0].islower() and not any(stands_as_array(name, t) for t in trees):
            text.declared[name] = ()


def _top(node: Node) -> Iterator[Node]:
    """Yield the terms and factors of an expression."""
    yield node
    if isinstance(node, Add | Subtract | Multiply | Negate | Divide | Power):
        for below in children(node):
            yield from _top(below)


def numbers_among(parameters: Sequence[str], trees: Sequence[Node]) -> list[str]:
    """Return the parameters that are numbers: small letters that stand nowhere as only an array does."""
    return [name for name in parameters if name[0].islower() and not any(stands_as_array(name, t) for t in trees)]


def only_known_functions(text: Text, known: Collection[str]) -> None:
    """Give the statements a fault that take a letter at something, L(t), without a word on what L is."""
    trees = [part.reading.tree for part in text.parts if part.reading is not None]
    letters = {*known, *text.declared, *text.definitions}
    for part in text.parts:
        defines = part.role == DEFINITION
        if part.reading is not None and not defines and (call := _of_nothing(part.reading.tree, text)) is not None:
            said = f"lines that say what {call.name} is, without {call.name} itself"
            part.reading, part.fault, part.role = None, Unreadable(part.stated.source, call.span[0], said), CLAIM
        elif part.reading is not None and (at := is_function(part.reading, trees, letters)) is not None:
            name = text_of(at)
            said = f"a function that is known: say what {name} is, {name}(t) = …, or write a product as {name} t"
            if name == "d":
                said = r"a quotient of differentials, or a dot as in \dot A: a differential alone is not read"
            part.reading, part.fault, part.role = None, Unreadable(part.stated.source, at.span[0], said), CLAIM


def _of_nothing(tree: Chain, text: Text) -> Apply | None:
    """Return what is taken of a function whose definition was none, as f(x) = x f(1) is."""
    nothing = set(text.opened) - text.functions.keys()
    return next((n for n in walk(tree) if isinstance(n, Apply) and n.name in nothing), None)


__all__ = [
    "bars", "distributions", "functions_as_letters", "gradients_by_name", "numbers_among", "numbers_beside",
    "only_known_functions",
]  # fmt: skip
