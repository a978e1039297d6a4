"""What a text about free letters says beside its claims: it defines, declares, and states conditions.

``Y = X W, dL/dX = dL/dY W^T`` defines Y and claims the rest; ``for t > 0`` and ``x ∈ ℝ^n`` hold for all of the text.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from unicodedata import normalize

from checkedmath.judging.free_declarations import (
    declare,
    for_letters_before,
    letters_before_a_space,
    limits_a_letter,
    note_shape,
    of_own_entries,
)
from checkedmath.judging.free_readings import CLAIM, CONDITION, DEFINITION, Part, Text
from checkedmath.judging.free_senses import (
    bars,
    distributions,
    functions_as_letters,
    gradients_by_name,
    numbers_among,
    numbers_beside,
    only_known_functions,
)
from checkedmath.meaning.free_scalars import scalars_in
from checkedmath.meaning.free_sizes import NUMBERS
from checkedmath.meaning.indices import free_indices
from checkedmath.reading import read_statement
from checkedmath.reading.any_function import any_functions, with_any_functions
from checkedmath.reading.defined_functions import (
    function_defined,
    with_bars,
    with_functions,
)  # fmt: skip
from checkedmath.reading.names import accented
from checkedmath.reading.result import LATEX
from checkedmath.subject.declared_letters import STEPS
from checkedmath.subject.setting import Setting
from checkedmath.syntax.errors import Unreadable
from checkedmath.syntax.remarks import CONDITIONS, KINDS, PREMISE
from checkedmath.syntax.source import Source, Statement
from checkedmath.syntax.text import text_of
from checkedmath.syntax.tree import (
    Apply,
    ByIndex,
    Chain,
    Component,
    Derivative,
    Evaluated,
    Node,
    Number,
    RealSpace,
    SumOver,
    Symbol,
    transform,
    walk,
)  # fmt: skip
from checkedmath.values.free_conditions import bounds_in, kind_of

#: Letters that are known without being said what they are.
KNOWN = {"π"}
EQUAL = {"=", ":="}


def tell(
    source: Source, setting: Setting, style: str, *, page: bool = False, known: Collection[str] = ()
) -> Text:
    """Return what a text says.

    ``known`` are the letters that were declared before: what stands on the right of their = is a claim.
    """
    before = setting.functions
    setting = with_bars(source, with_functions(source, setting, typeset=style == LATEX), typeset=style == LATEX)
    barred = setting.quantities.keys()
    said = setting.functions.keys()
    setting = with_any_functions(source, setting, typeset=style == LATEX)
    text = Text([], opened=tuple(setting.functions.keys() - before.keys()), of_page=page)
    for stated in source.statements:
        if stated.lines:
            text.parts.append(_read(stated, setting, style, page=page))
        else:
            text.assumptions += [(r.kind, name) for r in stated.remarks if r.kind in KINDS for name in r.about]
            text.layout = text.layout or next((r.about[0] for r in stated.remarks if r.kind == "layout"), "")
    readings = [part.reading for part in text.parts if part.reading is not None]
    text.assumptions += [one for reading in readings for one in reading.assumptions]
    text.layout = text.layout or next((reading.layout for reading in readings if reading.layout), "")
    text.indices = {i.letter for r in readings for n in walk(r.tree) for i in getattr(n, "indices", ())}
    text.indices |= {n.index for r in readings for n in walk(r.tree) if isinstance(n, SumOver)}
    text.unsaid = free = tuple(name for name in setting.functions if name not in said)
    text.functions |= any_functions(free, [part.reading.tree for part in text.parts if part.reading is not None])
    for n, part in enumerate(text.parts):
        if part.reading is not None:
            _place(text, n, setting, known)
    functions_as_letters(text)
    notes = tuple(f"{f} is any smooth function here, such as {text_of(text.functions[f][1])}"
                  for f in free if f in text.functions)  # fmt: skip
    for part in text.parts:
        if notes and part.reading is not None:
            part.reading = replace(part.reading, notes=(*part.reading.notes, *notes))
    only_known_functions(text, known)
    numbers_beside(text)
    gradients_by_name(text)
    bars(text, barred)
    text.assumptions += [("distribution", y) for y in distributions(text)]
    claimed = [p.reading.tree for p in text.parts if p.reading is not None and p.role != DEFINITION]
    text.definitions |= scalars_in(text.definitions, claimed)
    for part in text.parts:
        if part.reading is not None and part.role == CLAIM and (f := _said_of_one(part.reading.tree, text)):
            wanted = f"a line that says what {f} is: this does not hold for every function"
            part.reading, part.fault = None, Unreadable(part.stated.source, part.stated.span[0], wanted)
    return text


def _read(stated: Statement, setting: Setting, style: str, *, page: bool) -> Part:
    try:
        return Part(stated, read_statement(stated, setting, style, page=page))
    except Unreadable as fault:
        return Part(stated, fault=fault)


def _place(text: Text, n: int, setting: Setting, known: Collection[str]) -> None:
    """Find out what a statement does, and note what it says."""
    part = text.parts[n]
    reading, tree = part.reading, part.reading.tree  # type: ignore[union-attr]
    assert reading is not None
    lead = set(part.stated.lead.split())
    asked = bool(lead & CONDITIONS) or ("and" in lead and n > 0 and text.parts[n - 1].role == CONDITION)
    premise = part.stated.lead.endswith(PREMISE)
    if not tree.relations:
        if len(text.parts) > 1:
            letters_before_a_space(text, n)
        return
    if isinstance(tree.terms[-1], RealSpace) and tree.relations[-1] == "∈":
        if all(isinstance(term, Symbol) and term.name not in known for term in tree.terms[:-1]):
            declare(text, part, tree)
        return
    if _only_depends(tree, text):
        part.role = DEFINITION
        return
    if (own := of_own_entries(tree)) is not None and own[0].name not in {*known, *text.definitions}:
        note_shape(text, part, own[0], own[1], tree)
        return
    function = function_defined(tree, setting, text.functions)
    if function is not None and function[0] not in _names(function[2], text):
        part.role = DEFINITION
        function_name, parameters, body = function
        text.functions[function_name] = (parameters, body)
        trees = [p.reading.tree for p in text.parts if p.reading is not None]
        text.declared |= dict.fromkeys(numbers_among(parameters, trees), ())
        rest = _rest(tree)
    elif (named := _gradient_named(tree, text, n, known)) is not None:
        part.role, rest = DEFINITION, None
        text.definitions[named.name] = Chain((named, tree.terms[0]), ("=",), span=tree.span)
    elif (name := _defined(tree, text, known)) is not None:
        part.role = DEFINITION
        text.definitions[name] = text.entries.get(name) or Chain(tree.terms[:2], ("=",), span=tree.span)
        rest = _rest(tree)
    elif (asked or premise) and (kind := kind_of(tree)) is not None:
        part.role, rest = CONDITION, None
        text.assumptions.append(kind)
    elif len(text.parts) > 1 and (kind := kind_of(tree)) and kind[1] not in {*text.definitions, *known}:
        part.role, rest = CONDITION, None  # of a free letter A = A^T can be given, and nothing else
        text.assumptions.append(kind)
    elif asked or (premise and bounds_in(tree)) or limits_a_letter(text, n) or _only_gives(tree, text):
        part.role, rest = CONDITION, None
        text.conditions += [tree, *for_letters_before(text, n)]
    else:
        rest = None
    if rest is not None:
        part.role, part.reading = CLAIM, replace(reading, tree=rest, loose=None)


def _only_gives(tree: Chain, text: Text) -> bool:
    """Whether a text is ε > 0, s > t or y_i = 1 and no more, which limits letters, or sets an entry of one."""
    if text.of_page:
        return False
    named = [node for node in walk(tree) if isinstance(node, Symbol)]
    bare = [term.base if isinstance(term, Component) else term for term in tree.terms]
    ordered = {*tree.relations} <= {"<", ">", "≤", "≥"} and all(isinstance(one, Symbol | Number) for one in bare)
    if len(text.parts) == 1 and ordered and len(set(tree.terms)) == len(bare):
        return True
    if len(text.parts) > 1 or len(named) != 1:
        return False
    entry = isinstance(tree.terms[0], Component) and tree.relations == ("=",) and isinstance(tree.terms[1], Number)
    return entry or (named[0].name in STEPS and bounds_in(tree) is not None)


def _only_depends(tree: Chain, text: Text) -> bool:
    """Whether this is L = f(Y), which says that L depends on Y and no more."""
    left, right = tree.terms[0], tree.terms[-1]
    if isinstance(left, Evaluated) and isinstance(right, Evaluated) and left.name in text.unsaid:
        return len(tree.terms) == 2  # f = tanh
    unknown = isinstance(right, Apply) and right.name in set(text.unsaid) - text.functions.keys() and not right.primes
    return len(tree.terms) == 2 and tree.relations[0] in EQUAL and isinstance(left, Symbol) and unknown


def _gradient_named(tree: Chain, text: Text, n: int, known: Collection[str]) -> Symbol | None:
    """Return the G of ∂L/∂Z = G, which other statements go on with and nothing else says anything of."""
    left, right = tree.terms[0], tree.terms[-1]
    if len(tree.terms) != 2 or tree.relations[0] not in EQUAL or not isinstance(left, Derivative):
        return None
    if not isinstance(right, Symbol) or right.name in {*KNOWN, *known, *text.definitions, *text.declared}:
        return None
    said = [p.reading.tree for m, p in enumerate(text.parts) if p.reading is not None and m != n]
    derived = [t for t in said if isinstance(t.terms[0], Derivative)]
    others = [t for t in said if not isinstance(t.terms[0], Derivative)]
    fixed = [*others, *text.definitions.values(), *(t.terms[0] for t in derived), left]
    used = any(right in walk(term) for t in derived for term in t.terms[1:])
    return right if used and not any(right in walk(tree) for tree in fixed) else None


def _said_of_one(tree: Chain, text: Text) -> str:
    """Return the f of f'(1) = 2, which is said of one function and not of all; "" where each side names one."""
    unsaid = {f for f in text.unsaid if f in text.functions}
    named = [_names(term, text) & unsaid for term in tree.terms]
    return min(set().union(*named)) if any(named) and not all(named) else ""


def _rest(tree: Chain) -> Chain | None:
    """Return what a chain claims after its first relation, which defines."""
    if len(tree.relations) == 1:
        return None
    return Chain(tree.terms[1:], tree.relations[1:], span=tree.span)


def _defined(tree: Chain, text: Text, known: Collection[str]) -> str | None:
    """Return the letter that a chain defines in its first relation, None if it is known, or said to be of a kind."""
    letter = tree.terms[0]
    if isinstance(letter, Component) and isinstance(letter.base, Symbol):
        if letter.indices and all(index.letter and not index.offset for index in letter.indices):
            return _by_entries(tree, letter, text, known)
        return _indexed(tree, letter, text) if letter.base.name not in known else None
    if not isinstance(letter, Symbol) or letter.dotted or tree.relations[0] not in EQUAL:
        return None
    taken = {*KNOWN, *known, *text.definitions, *text.indices, *(name for _, name in text.assumptions)}
    sizes = {size for shape in text.declared.values() for size in shape}
    if len(text.parts) == 1 and accented(letter.name):
        return None  # x̂ = x by itself says nothing of x̂
    bare = normalize("NFD", letter.name)[0]
    plain = bare.isascii() or bare in NUMBERS | {"ℓ", "ℒ"}  # 𝒜 may be anything
    if letter.name in taken | sizes or not plain or isinstance(tree.terms[1], RealSpace):
        return None
    return letter.name if letter.name not in _names(tree.terms[1], text) else None


def _by_entries(tree: Chain, letter: Component, text: Text, known: Collection[str]) -> str | None:
    """Return the y of y_i = …, a letter of which the text says what its entries are; y is then the array of them."""
    assert isinstance(letter.base, Symbol)
    name, indices = letter.base.name, [index.letter for index in letter.indices]
    taken = {*KNOWN, *known, *text.definitions, *text.declared, *text.functions}
    taken |= _names(tree.terms[1], text)
    if tree.relations[0] not in EQUAL or name in taken or len(set(indices)) != len(indices):
        return None
    if len(indices) > 2 or not set(indices) <= free_indices(tree.terms[1]):
        return None
    row, column = [*indices, ""][:2]
    body = ByIndex(tree.terms[1], row, column, span=tree.terms[1].span)
    text.entries[name] = Chain((letter.base, body), ("=",), span=tree.span)
    return name


def _indexed(tree: Chain, letter: Component, text: Text) -> str | None:
    """Return z_2 of z_2 = …, a letter of its own where the text indexes z by numbers alone; it is then one Symbol."""
    if len(letter.indices) != 1 or letter.indices[0].letter or tree.relations[0] not in EQUAL:
        return None
    if letter.base.name[0].isupper() and letter.indices[0].offset > 9:  # type: ignore[attr-defined]
        return None  # A_{12} is row 1, column 2
    base, name = letter.base, f"{letter.base.name}_{letter.indices[0]}"  # type: ignore[attr-defined]
    trees = [part.reading.tree for part in text.parts if part.reading is not None]
    plain = {n for t in trees for n in walk(t) if isinstance(n, Component) and n.base == base and len(n.indices) == 1}
    uses = sum(n == base for t in trees for n in walk(t))
    entries = sum(isinstance(n, Component) and n.base == base for t in trees for n in walk(t))
    if uses > entries or any(n.indices[0].letter for n in plain) or len(plain) < len({n.indices for n in plain}):
        return None

    def change(node: Node) -> Node:
        if isinstance(node, Component) and node in plain:
            return Symbol(f"{base.name}_{node.indices[0]}", span=node.span)  # type: ignore[attr-defined]
        return node

    if Symbol(name) in walk(transform(tree.terms[1], change)) or name in text.definitions:
        return None
    for part in text.parts:
        if part.reading is not None:
            part.reading = replace(part.reading, tree=transform(part.reading.tree, change), loose=None)  # type: ignore[arg-type]
    text.definitions = {n: transform(chain, change) for n, chain in text.definitions.items()}  # type: ignore[misc]
    return name


def _names(node: Node, text: Text) -> set[str]:
    """Return the letters and functions that an expression names, with those behind what the text has defined so far."""
    found: set[str] = set()
    new = _named(node)
    while new:
        found |= new
        bodies = [_named(text.definitions[name].terms[-1]) for name in new if name in text.definitions]
        functions = [text.functions[name] for name in new if name in text.functions]
        bodies += [_named(body) - set(parameters) for parameters, body in functions]
        new = {name for body in bodies for name in body} - found
    return found


def _named(node: Node) -> set[str]:
    return {n.name for n in walk(node) if isinstance(n, Symbol | Apply | Evaluated)}


__all__ = ["tell"]
