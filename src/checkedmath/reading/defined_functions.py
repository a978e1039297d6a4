"""Functions that a text defines, f(x) = x^T A x, and letters that it takes at something, L(t), and does not define."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from unicodedata import normalize

from checkedmath.reading.flatten import flatten
from checkedmath.reading.names import names_of
from checkedmath.reading.result import Reading
from checkedmath.subject.general import ARRAY, COLUMN, TO_A_NUMBER, taking
from checkedmath.subject.setting import NamedFunction, Quantity, Setting
from checkedmath.syntax.errors import Unplaced, Unreadable
from checkedmath.syntax.source import Source
from checkedmath.syntax.tree import (
    ELEMENTWISE,
    JUXTAPOSED,
    Apply,
    Chain,
    Component,
    Derivative,
    Evaluated,
    Example,
    Inverse,
    Multiply,
    Negate,
    Node,
    Power,
    Primed,
    Symbol,
    Transpose,
    WrittenOut,
    children,
    rebuild,
    transform,
    walk,
)  # fmt: skip

#: CE(y, p), the cross-entropy -Σ y log p of a distribution y with another.
ENTROPY = "CE"
#: f(x) = … or φ(x, y) := …, in the plain stream of characters.
LETTER = r"[\s{]*[^\W\d_][\s}]*"
DEFINES = re.compile(rf"[\s{{]*([^\W\d_])[\s}}]*\(({LETTER}(?:,{LETTER})*)\)\s*(?::=|=(?!=)|≔|←)")
#: A letter under a bar.
BARRED = re.compile("[^\\W\\d_][\u0304\u0305]")
#: What may stand between a letter and the bracket it is taken at.
OPENS = re.compile(r"(?:[\s}]|\\left|\\[bB]igg?l?|\\[,!;:>])*([(\[])")
#: One letter or number, as a function is taken at; nobody puts it in brackets as a factor.
ALONE = re.compile(r"[\s{}]*(?:[^\W\d_][\s}]*(?:_\{?\w+\}?)?|\d+(?:\.\d+)?)[\s{}]*")
OF_WHOLE_ARRAYS = taking(COLUMN, TO_A_NUMBER, ARRAY)


def with_functions(source: Source, setting: Setting, *, typeset: bool) -> Setting:
    """Return the setting with the functions whose definitions stand in a text."""
    found: dict[str, NamedFunction] = {}
    known = names_of(setting).spellings
    for stated in source.statements:
        if not stated.lines or "(" not in stated.text:
            continue
        try:
            match = DEFINES.match(flatten(stated.text, typeset=typeset).text)
        except Unreadable:
            continue
        names = re.findall(r"[^\W\d_]", match[2]) if match else []
        if match and match[1] not in {*known, *found, "e", "I", "d", "π"} and len(set(names)) == len(names) > 0:
            found[match[1]] = NamedFunction(match[1], match[1], arguments=len(names))
    return replace(setting, functions={**setting.functions, **found}) if found else setting


def with_bars(source: Source, setting: Setting, *, typeset: bool) -> Setting:
    """Return the setting with the letters under a bar, where the text says what one is: ȳ = … ."""
    found: dict[str, Quantity] = {}
    known = False
    for stated in source.statements:
        try:
            text = flatten(stated.text, typeset=typeset).text if stated.lines else ""
        except Unreadable:
            continue
        letters = [normalize("NFC", match[0]) for match in BARRED.finditer(normalize("NFD", text))]
        known |= bool(BARRED.match(normalize("NFD", text).lstrip(" {")))
        found |= {letter: Quantity(letter, (), letter) for letter in letters}
    several = sum(bool(stated.lines) for stated in source.statements) > 1  # ȳ = y by itself says nothing of ȳ
    return replace(setting, quantities={**setting.quantities, **found}) if found and known and several else setting


def function_defined(
    tree: Chain, setting: Setting, known: Mapping[str, object]
) -> tuple[str, tuple[str, ...], Node] | None:
    """Return the function that a chain defines in its first relation, its parameters, and what it stands for."""
    left = tree.terms[0]
    if not isinstance(left, Apply) or left.name not in setting.functions or left.name in known or left.primes:
        return None
    given = left.argument.terms if isinstance(left.argument, Chain) else (left.argument,)
    body = tree.terms[1]
    again = any(isinstance(n, Apply | Evaluated) and n.name == left.name for n in walk(body))
    if again or tree.relations[0] not in {"=", ":="} or not all(isinstance(g, Symbol) for g in given):
        return None
    return left.name, tuple(g.name for g in given if isinstance(g, Symbol)), body


def expanded(reading: Reading) -> Reading:
    """Return a reading with what its functions stand for in their place; those of one number are kept.

    Raises `Unplaced` for one that is taken where it was not said to be, f'(A x) of f(x).
    """
    functions = {name: (parameters, body) for name, parameters, body in reading.functions}
    trees = [reading.tree, *(chain for _, chain in reading.definitions)]
    if any(isinstance(n, Apply) and n.name == ENTROPY for tree in trees for n in walk(tree)):
        y, p = Symbol("y"), Symbol("p")
        functions[ENTROPY] = (y.name, p.name), Negate(Apply("sum", Multiply(ELEMENTWISE, y, Apply("log", p))))
    if not functions:
        return reading
    kept = {name for name, (parameters, _) in functions.items()
            if len(parameters) == 1 and reading.declared.get(parameters[0]) == ()}  # fmt: skip

    def change(node: Node) -> Node:
        if isinstance(node, Derivative) and node.of == node.by and isinstance(node.of, Evaluated):
            (letter, *more), body = functions.get(node.of.name, (("",), node.of))
            if more or not letter:
                raise Unplaced(f"nothing says by what {node.of.name} is differentiated", node)
            return replace(node, of=_placed(full_node(body), node.of), by=Symbol(letter, span=node.by.span))
        if isinstance(node, Derivative) and isinstance(node.of, Evaluated) and node.of.name in functions:
            return replace(node, of=_placed(full_node(functions[node.of.name][1]), node.of))
        if not isinstance(node, Apply) or node.name not in functions or node.name in kept:
            return node
        parameters, body = functions[node.name]
        given = node.argument.terms if isinstance(node.argument, Chain) else (node.argument,)
        if node.primes == 1 and (prime := functions.get(f"{node.name}'")) is not None:
            return _placed(substituted(prime[1], dict(zip(prime[0], given, strict=True))), node)
        if node.primes == 1 and given == (Symbol(parameters[0]),):
            return Derivative(_placed(full_node(body), node), given[0], span=node.span)
        if node.primes or len(given) != len(parameters):
            said = f"{node.name}{chr(39) * node.primes} is read as it is defined, of {', '.join(parameters)}"
            raise Unplaced(said, node)
        return _placed(substituted(full_node(body), dict(zip(parameters, given, strict=True))), node)

    def at(node: Node) -> Node:
        """Return dg/dx of dg/dx (x), which is the derivative at x, and no product."""
        left, right = (node.left, node.right) if isinstance(node, Multiply) else (node, node)
        own = isinstance(left, Derivative) and isinstance(left.of, Evaluated) and left.of.name in functions
        bracket = reading.text[max(right.span[0] - 1, 0) : right.span[0]] == "("
        return left if own and left is not right and bracket and right == left.by else node  # type: ignore[attr-defined]

    def full_node(node: Node) -> Node:
        return transform(transform(node, at), change)

    def full(tree: Chain) -> Chain:
        return full_node(tree)  # type: ignore[return-value]

    return replace(
        reading, tree=full(reading.tree), loose=full(reading.loose) if reading.loose is not None else None,
        definitions=tuple((name, full(chain)) for name, chain in reading.definitions),
        conditions=tuple(map(full, reading.conditions)),
        functions=tuple((n, p, full_node(body)) for n, p, body in reading.functions if n in kept),
    )  # fmt: skip


def _placed(body: Node, node: Node) -> Node:
    return replace(transform(body, lambda inner: replace(inner, span=(0, 0))), span=node.span)


def substituted(body: Node, values: Mapping[str, Node]) -> Node:
    """Return what a function stands for, with these for its parameters."""
    if isinstance(body, Symbol):
        return values.get(body.name, body)
    if isinstance(body, Derivative) and any(isinstance(n, Symbol) and n.name in values for n in walk(body.by)):
        if all(values[n.name] == n for n in walk(body) if isinstance(n, Symbol) and n.name in values):
            return body
        raise Unplaced("a function that is a derivative is read at the letter that it is defined with", body)
    return rebuild(body, lambda below: substituted(below, values))


def stands_as_array(letter: str, tree: Node) -> bool:
    """Whether a letter stands where only a column or a matrix does: transposed, indexed, behind a matrix, in a norm."""
    return any(_array_at(letter, node) for node in walk(tree))


def _array_at(letter: str, node: Node) -> bool:
    inside = Symbol(letter) in walk(node)
    if not inside:
        return False
    if isinstance(node, Transpose | Primed | Component | Example | Inverse):
        return not isinstance(node, Inverse)
    if isinstance(node, Apply):
        return node.name in OF_WHOLE_ARRAYS
    if not isinstance(node, Multiply):
        return False
    if node.sign == ELEMENTWISE:
        return node.left == Symbol(letter) or node.right == Symbol(letter)
    before = _last(node.left)
    matrix = isinstance(before, Transpose) or (isinstance(before, Symbol) and before.name[0].isupper())
    return matrix and Symbol(letter) in walk(_first(node.right))


def _last(node: Node) -> Node:
    while isinstance(node, Multiply):
        node = node.right
    return node


def _first(node: Node) -> Node:
    while isinstance(node, Multiply):
        node = node.left
    return node


def is_function(reading: Reading, trees: Sequence[Node], known: Collection[str]) -> Node | None:
    """Return the first letter that a formula takes at something, L(t), where nothing says that it is a factor.

    A factor is a letter that was declared or defined, or one that stands elsewhere without a bracket and here before
    a bracket that holds more than one letter: X(a + b) = X a + X b.
    """
    text = reading.text
    arrays = [n for n in walk(reading.tree) if isinstance(n, WrittenOut)]
    entry = any(Symbol("d") in row for array in arrays for row in array.rows)  # then d y is a product
    for symbol in (n for n in walk(reading.tree) if isinstance(n, Symbol) and n.name == "d" and "d" not in known):
        after = text[symbol.span[1] : symbol.span[1] + 1]
        if after == "(" or (after.isalpha() and not entry):
            return symbol  # a differential
    called = [(n, at) for n in walk(reading.tree) if isinstance(n, Multiply) and n.sign == JUXTAPOSED
              and (at := _opening(n, text)) is not None]  # fmt: skip
    if not called:
        return None
    # A letter has its place in the text, so that each of its occurrences is another.
    before = {_bare(_last(n.left)).span for n, _ in called}
    factors = {s.name for tree in trees for s in _factors(tree) if s.span not in before and _opens(s, text) is None}
    for node, at in called:
        factor = _last(node.left)
        name = _bare(factor).name
        left = _last(node.left.left) if isinstance(node.left, Multiply) else None
        if name[0].isupper() and isinstance(left, Transpose | Primed):
            continue  # x^T W (x - a)
        if name not in known and (name not in factors or ALONE.fullmatch(_plain(text[at : _closing(text, at)]))):
            return replace(_bare(factor), span=factor.span)
    return None


def _bare(node: Node) -> Symbol:
    while not isinstance(node, Symbol):
        node = node.base if isinstance(node, Component | Power) else node.operand  # type: ignore[attr-defined]
    return node


def _opening(node: Multiply, text: str) -> int | None:
    """Return the place behind the bracket that a letter stands right before, None if there is none."""
    inner = factor = _last(node.left)
    while isinstance(inner, Component | Power | Inverse | Primed):
        inner = inner.base if isinstance(inner, Component | Power) else inner.operand
    return _opens(factor, text) if isinstance(inner, Symbol) else None


def _opens(node: Node, text: str) -> int | None:
    match = OPENS.match(text, node.span[1]) if node.span[1] else None
    return match.end() if match else None


def _closing(text: str, start: int) -> int:
    depth = 1
    for k in range(start, len(text)):
        depth += (text[k] in "([") - (text[k] in ")]")
        if not depth:
            return k
    return len(text)


def _plain(text: str) -> str:
    try:
        return flatten(re.sub(r"\\right|\\[bB]igg?r?(?![a-zA-Z])", "", text)).text
    except Unreadable:
        return text


def _factors(tree: Node) -> list[Symbol]:
    """Return the letters of a formula but for what it differentiates alone, as L in dL/dt."""
    if isinstance(tree, Symbol):
        return [tree]
    below = [tree.by] if isinstance(tree, Derivative) and isinstance(tree.of, Symbol) else list(children(tree))
    return [found for one in below for found in _factors(one)]


__all__ = [
    "ENTROPY", "expanded", "function_defined", "is_function", "stands_as_array", "substituted", "with_bars",
    "with_functions",
]  # fmt: skip
