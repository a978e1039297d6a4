"""Which setting a text is about that comes without one: the text chooses, and no verdict has a say.

Those settings come first that know all its names; among them those whose own words it uses ("softmax"), then those
in which the fewest things must be filled in: a layer that is not written, a small letter that stands for a whole
batch, an expression that the setting has no name for.  Capitals rule out a setting about one example.  Of equals
the first is taken, in the order of the settings.  Where a text says what its letters are, those settings are passed
over that mean something else by them (`checkedmath.judging.own_letters`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from checkedmath.judging.own_letters import Claiming, meant
from checkedmath.judging.readings import Part, claiming, read_parts
from checkedmath.meaning import Scope, resolve
from checkedmath.meaning.fill_in import filled_in, speaks_of_examples
from checkedmath.reading import is_numpy
from checkedmath.reading.derivative_names import quotients
from checkedmath.reading.result import NUMPY
from checkedmath.subject.setting import IDENTITIES, Setting
from checkedmath.subject.view import COURSE, View
from checkedmath.syntax.errors import FormulaError, Unreadable
from checkedmath.syntax.tree import (
    JUXTAPOSED,
    Apply,
    Chain,
    Component,
    Delta,
    Derivative,
    Example,
    Index,
    Multiply,
    Node,
    Number,
    Power,
    Symbol,
    Transpose,
    walk,
)  # fmt: skip
from checkedmath.values.places import last_member

#: What is hardly meant: db1 as db times 1, the transpose of a number.
ODD = 5
#: Something is differentiated, or stated, for which the setting has no name; or the units of an output mix.
NAMELESS = MIXED = 3
#: The mean over m examples stands where there is one.
MEAN = 2
#: How many letters side by side are a word, and no product.
WORD = 3
#: What a layer looks like: W[2], z^{[l]}, dW1.
_MEMBER = re.compile(r"\[\s*(?:\d|[lL]\b)|[A-Za-z]_?\d(?![\d.])")
_IN_BRACKETS = re.compile(r"\[\s*(?:\d|[lL]\b)")


def choose(text: str, settings: Mapping[str, Setting], style: str = "auto", claim_of: Claiming | None = None) -> str:
    """Return the name of the setting that a text is about; where none can read it, of the one that reads furthest.

    ``claim_of`` makes the claims by which a text is asked what its letters are, where it says so.
    """
    ranks: dict[str, tuple[float, ...]] = {}
    for name, setting in settings.items():
        numbered = any(quantity.numbered for quantity in setting.quantities.values()) == bool(_MEMBER.search(text))
        try:
            lines = claiming(read_parts(text, setting, style), setting)
        except Unreadable as fault:
            ranks[name] = (2, 0, 0) if name == IDENTITIES else (1, -fault.position, not numbered)
            continue
        filled = None if not lines or any(line.fault for line in lines) else fillings(text, setting, lines, settings)
        if filled is not None:
            ranks[name] = (0, not any(word in text.lower() for word in setting.words), filled)
        else:
            ranks[name] = (2, 0, 0) if name == IDENTITIES else (1, -len(text), not numbered)
    order = sorted(ranks, key=lambda name: ranks[name])
    readable = [name for name in order if not ranks[name][0]]
    return meant(text, readable, settings, style, claim_of) if readable and claim_of is not None else order[0]


def fillings(text: str, setting: Setting, lines: Sequence[Part], settings: Mapping[str, Setting]) -> int | None:
    """Return how much must be filled in to read a text in a setting, or None if it cannot be about that."""
    readings = [line.reading for line in lines if line.reading is not None]
    nodes = [node for reading in readings for node in walk(reading.tree)]
    if setting.free:  # a shape for every letter; layers, and names of code, are none of its letters
        foreign = _IN_BRACKETS.search(text) or any(is_numpy(text) and r.style != NUMPY for r in readings)
        letters = {node.name for node in nodes if isinstance(node, Symbol)}
        foreign = foreign or any(isinstance(n, Multiply) and _is_glued(n, Number) for n in nodes)  # dZ1
        return None if foreign or _has_word(text, lines) else len(letters) + _oddities(nodes, setting)
    found: set[tuple[str, str]] = set()
    for node in nodes:
        filled = _fillings_of(text, node, setting, settings.get(setting.twin or ""))
        if filled is None:
            return None
        found |= filled
    if setting.twin in settings and any(speaks_of_examples(reading.tree, setting) for reading in readings):
        found.add(("examples", ""))
    nameless = [part for reading in readings for part in _nameless(reading.tree)]
    if not all(_is_well_formed(part, setting, settings) for part in nameless):
        return None
    odd = _oddities(nodes, setting) + ODD * _numbers_examples_by_members(nodes, setting, settings)
    mean = setting.twin in settings and Symbol(setting.objective) in nodes
    return len(found) + MEAN * mean + (odd or NAMELESS * bool(nameless))


def _oddities(nodes: Sequence[Node], setting: Setting) -> int:
    mixed = not setting.output_function and any(isinstance(node, Delta) for node in nodes)
    return MIXED * mixed + ODD * any(_is_odd(node, setting) for node in nodes)


def _numbers_examples_by_members(nodes: Sequence[Node], setting: Setting, settings: Mapping[str, Setting]) -> bool:
    """Whether what other settings number, W^{(l)}, would be that of an example."""
    letters = {letter for other in settings.values() for letter in other.family.letters} - setting.family.letters
    return any(isinstance(node, Example) and node.index.letter in letters for node in nodes)


def _fillings_of(text: str, node: Node, setting: Setting, twin: Setting | None) -> set[tuple[str, str]] | None:
    """Return what must be filled in at one node, or None if the setting cannot be meant."""
    found: set[tuple[str, str]] = set()
    if isinstance(node, Symbol | Apply) and node.member is not None and setting.member_count:
        if not node.member.letter and node.member.offset > setting.member_count:
            return None
        found |= {("any depth", "")} if node.member.letter else set()
    if isinstance(node, Component) and _is_one_number(node.base, setting):
        return None
    return _fillings_of_symbol(text, node, setting, twin, found) if isinstance(node, Symbol) else found


def _fillings_of_symbol(
    text: str, symbol: Symbol, setting: Setting, twin: Setting | None, found: set[tuple[str, str]]
) -> set[tuple[str, str]] | None:
    quantity = setting.quantities.get(symbol.name)
    if quantity is None:
        return found
    capital = quantity.name[0].islower() and _is_capital(text, symbol)
    if capital and twin is not None and any(q.column_of and q.name == quantity.name for q in twin.quantities.values()):
        return None
    if capital and not setting.is_size(quantity.name):
        found.add(("capital", symbol.name))
    if quantity.numbered and symbol.member is None:
        if not setting.default_member:
            return None
        found.add(("member", symbol.name))
    elif symbol.member == Index(setting.default_member) and not _has_member(text, symbol, setting):
        found.add(("member", symbol.name))
    return found | ({("column", symbol.name)} if quantity.column_of else set())


def _written(text: str, symbol: Symbol) -> str:
    r"""Return how a symbol is written, without fonts and the d of a gradient: ``W`` of ``\mathbf{W}`` or of dW."""
    bare = re.sub(r"\\[a-zA-Z]+\s*\{?\s*", "", text[slice(*symbol.span)]).lstrip("{ $")
    for _, by in quotients(bare):  # dL_dz2, a name of code: the letter is z
        if symbol.name in {f"d{by[0]}", by[0]}:
            return by
    return re.sub(r"^[d∂δ]\s*(?=[A-Za-z])", "", bare)


def _is_capital(text: str, symbol: Symbol) -> bool:
    return _written(text, symbol)[:1].isupper()


def _has_member(text: str, symbol: Symbol, setting: Setting) -> bool:
    """Whether a layer is written, in the symbol's own place or right behind it: W[l], dAL, Zˡ."""
    start, end = symbol.span
    letters = {setting.family.letter, setting.family.last}
    return bool(re.search(r"[\[^_ˡᴸ\d]", text[start : end + 2])) or text[start:end][-1:] in letters


def _nameless(tree: Chain) -> Iterator[Node]:
    """Yield what is differentiated though it has no name, and what a text states of no named thing at all."""
    for node in walk(tree):
        if isinstance(node, Derivative) and not _is_named(node.of):
            yield node.of
    if tree.relations and not any(_is_named(term) or isinstance(term, Derivative) for term in tree.terms):
        yield tree.terms[0]


def _is_named(node: Node) -> bool:
    while isinstance(node, Component | Example | Transpose):
        node = node.operand if isinstance(node, Transpose) else node.base
    return isinstance(node, Symbol) or (isinstance(node, Apply) and bool(node.primes))


def _is_one_number(node: Node, setting: Setting) -> bool:
    quantity = setting.quantities.get(node.name) if isinstance(node, Symbol) else None
    return quantity is not None and not set(quantity.shape) - {"1"}


def _is_well_formed(part: Node, setting: Setting, settings: Mapping[str, Setting]) -> bool:
    try:
        tree, chosen, _ = filled_in(Chain((part,), ()), setting, dict(settings))
        resolve(tree.terms[0], Scope(chosen, View(layout=COURSE), last_member(tree, chosen)))
    except FormulaError:
        return False
    return True


def _is_odd(node: Node, setting: Setting) -> bool:
    """Whether this is read as what nobody would write: dZ1 and dAL as products, dZ² as a square, aᵀ of a number."""
    if isinstance(node, Power):
        return _is_gradient(node.base, setting)
    if isinstance(node, Transpose):
        return _is_one_number(node.operand, setting)
    if isinstance(node, Apply) and node.name == "diag":
        return _is_one_number(node.argument, setting)
    if isinstance(node, Derivative):
        return not _is_named(node.by)
    if not isinstance(node, Multiply):
        return False
    scalar = isinstance(node.right, Symbol) and node.right.name in setting.scalars
    return (scalar or isinstance(node.right, Number)) and _is_glued(node, Symbol if scalar else Number)


def _is_glued(node: Multiply, kind: type[Node]) -> bool:
    """Whether a factor of this kind stands right behind a letter, as the 1 of dZ1."""
    right = node.right
    glued = node.sign == JUXTAPOSED and isinstance(right, kind)
    return glued and any(isinstance(n, Symbol) and n.span[1] == right.span[0] for n in walk(node.left))


def _is_gradient(node: Node, setting: Setting) -> bool:
    quantity = setting.quantities.get(node.name) if isinstance(node, Symbol) else None
    return quantity is not None and quantity.gradient is not None


def _has_word(text: str, lines: Sequence[Part]) -> bool:
    """Whether free letters stand side by side as in a word, ``sigmod``, which is no product of them."""
    spans = sorted(_letters(text, lines))
    run = 1
    for (_, end), (start, _) in pairwise(spans):
        run = run + 1 if start == end else 1
        if run >= WORD:
            return True
    return False


def _letters(text: str, lines: Sequence[Part]) -> Iterator[tuple[int, int]]:
    for line in lines:
        for node in walk(line.reading.tree) if line.reading is not None else ():
            if isinstance(node, Symbol) and text[slice(*node.span)].isalpha() and text[slice(*node.span)].islower():
                yield node.span


__all__ = ["choose", "fillings"]
