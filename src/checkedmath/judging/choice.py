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
from checkedmath.reading.python_letters import LETTERED
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
    RealSpace,
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
_IN_BRACKETS = re.compile(r"\[\s*(?:\d|[lL]\b)|\^\{?\s*\(\s*(?:[lL]\b|\\ell|ℓ)")


def choose(
    text: str, settings: Mapping[str, Setting], style: str = "auto", claim_of: Claiming | None = None
) -> tuple[str, bool]:
    """Return the name of the setting that a text is about, and whether one is; else of the one that reads furthest.

    ``claim_of`` makes the claims by which a text is asked what its letters are, where it says so.
    """
    ranks: dict[str, tuple[float, ...]] = {}
    parts: dict[str, list[Part]] = {}
    for name, setting in settings.items():
        numbered = any(quantity.numbered for quantity in setting.quantities.values()) == bool(_MEMBER.search(text))
        try:
            parts[name] = read_parts(text, setting, style)
            lines = claiming(parts[name], setting)
        except Unreadable as fault:
            ranks[name] = (2, 0, 0) if name == IDENTITIES else (1, -fault.position, not numbered)
            continue
        filled = None if not lines or any(line.fault for line in lines) else fillings(text, setting, lines, settings)
        if filled is not None:
            ranks[name] = (0, not _names_it(text, setting), filled)
        else:
            ranks[name] = (2, 0, 0) if name == IDENTITIES else (1, -len(text), not numbered)
    order = sorted(ranks, key=lambda name: ranks[name])
    readable = [name for name in order if not ranks[name][0]]
    said = [(settings[name], parts[name]) for name in readable]
    return meant(said, claim_of).name if said and claim_of is not None else order[0], bool(readable)


def _names_it(text: str, setting: Setting) -> bool:
    """Whether a text has a word, or writes something, by which it says that it is about a setting."""
    worded = any(word in text.lower() for word in setting.words)
    return worded or bool(setting.written and re.search(setting.written, text))


def fillings(text: str, setting: Setting, lines: Sequence[Part], settings: Mapping[str, Setting]) -> int | None:
    """Return how much must be filled in to read a text in a setting, or None if it cannot be about that."""
    readings = [line.reading for line in lines if line.reading is not None]
    nodes = [node for reading in readings for node in walk(reading.tree)]
    products = (node for node in nodes if isinstance(node, Multiply) and _is_glued(node, Number))
    if any(_is_capital_or_gradient(text, node, setting) for node in products):
        return None  # W2 as W times 2
    if setting.free:  # a shape for every letter; layers, and names of code, are none of its letters
        foreign = _IN_BRACKETS.search(text) or any(is_numpy(text) and r.style != NUMPY for r in readings)
        letters = {node.name for node in nodes if isinstance(node, Symbol)}
        words = any(note.startswith(LETTERED) for reading in readings for note in reading.notes)
        return None if foreign or _has_word(text, lines) else len(letters) + _oddities(nodes, setting) + ODD * words
    found: set[tuple[str, str]] = set()
    families = {letter for other in settings.values() for letter in other.family.letters}
    for node in nodes:
        if isinstance(node, Example) and not setting.family.letter and _is_no_example(node.index, families):
            return None
        filled = _fillings_of(text, node, setting, settings.get(setting.twin or ""))
        if filled is None:
            return None
        found |= filled
    if any(_says_what_a_label_is(r.tree, setting) or _has_sizes_in_numbers(r.tree) for r in readings):
        return None
    capitals = {name for kind, name in found if kind == "capital"}
    if any(_multiplies_columns(node, capitals, setting) for node in nodes):
        return None
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
    """Whether this is read as what nobody would write: x1 and dAL as products, dZ² as a square, aᵀ of a number."""
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


def _says_what_a_label_is(tree: Chain, setting: Setting) -> bool:
    """Whether this is y = W x + b, which nothing computes where y is a label: the text has letters of its own."""
    left = tree.terms[0]
    while isinstance(left, Component | Example):
        left = left.base
    quantity = setting.quantities.get(left.name) if isinstance(left, Symbol) else None
    if quantity is None or quantity.given != (0.0, 1.0) or tree.relations[:1] not in {("=",), (":=",)}:
        return False
    right = tree.terms[1]
    return not isinstance(right, RealSpace) and any(isinstance(n, Symbol | Apply) for n in walk(right))


def _is_no_example(index: Index, families: set[str]) -> bool:
    """Whether (l) or (0) numbers something else: examples are counted from 1."""
    return index.letter in families or index == Index("", 0)


def _has_sizes_in_numbers(tree: Chain) -> bool:
    """Whether this is x ∈ ℝ^20: no setting has sizes in numbers."""
    space = tree.terms[-1]
    sizes = (space.rows, space.columns) if isinstance(space, RealSpace) else ()
    return any(isinstance(size, Number) and size.text != "1" for size in sizes)


def _multiplies_columns(node: Node, capitals: set[str], setting: Setting) -> bool:
    """Whether this is W x where W would be a column, of which no capital is written, and x is one too."""
    if not isinstance(node, Multiply) or node.sign != JUXTAPOSED or not isinstance(node.left, Symbol):
        return False
    left, right = (setting.quantities.get(n.name) if isinstance(n, Symbol) else None for n in (node.left, node.right))
    if left is None or right is None or left.name not in capitals:
        return False
    return left.shape[1:] == ("1",) and len(right.shape) == 2 and right.shape[0] != "1"


def _is_capital_or_gradient(text: str, node: Multiply, setting: Setting) -> bool:
    """Whether a number stands behind such a letter: a small one, x1, may be an entry."""
    behind = (n for n in walk(node.left) if isinstance(n, Symbol) and n.span[1] == node.right.span[0])
    return setting.free or any(_is_capital(text, n) or _is_gradient(n, setting) for n in behind)


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
