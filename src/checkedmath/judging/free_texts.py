"""What a text about free letters says beside its claims: it defines, declares, and states conditions.

``Y = X W, dL/dX = dL/dY W^T`` defines Y and claims the rest; ``for t > 0`` and ``x ∈ ℝ^n`` hold for all of the text.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from unicodedata import normalize

from checkedmath.judging.free_readings import CLAIM, CONDITION, DECLARATION, DEFINITION, Part, Text
from checkedmath.meaning.free_scalars import gradient_names, scalars_in
from checkedmath.meaning.free_sizes import NUMBERS
from checkedmath.meaning.indices import free_indices
from checkedmath.reading import read_statement
from checkedmath.reading.any_function import any_functions, with_any_functions
from checkedmath.reading.defined_functions import (
    ENTROPY,
    function_defined,
    is_function,
    stands_as_array,
    with_bars,
    with_functions,
)  # fmt: skip
from checkedmath.reading.result import LATEX
from checkedmath.subject.setting import Setting, Shape
from checkedmath.syntax.alphabet import GREEK_WORDS
from checkedmath.syntax.errors import Unreadable
from checkedmath.syntax.remarks import CONDITIONS, KINDS, PREMISE
from checkedmath.syntax.source import Source, Statement
from checkedmath.syntax.text import text_of
from checkedmath.syntax.tree import (
    Add,
    Apply,
    ByIndex,
    Chain,
    Change,
    Component,
    Derivative,
    Divide,
    Evaluated,
    Index,
    Multiply,
    Negate,
    Node,
    Number,
    Power,
    RealSpace,
    Subtract,
    SumOver,
    Symbol,
    Transpose,
    WrittenOut,
    children,
    transform,
    walk,
)  # fmt: skip
from checkedmath.values.free_conditions import bounds_in, kind_of

#: Letters that are known without being said what they are.
KNOWN = {"π"}
EQUAL = {"=", ":="}
#: The letters before the last of ``for s, t > 0``.
FOR_LETTERS = re.compile(
    r"(?:\\text\s*\{)?\s*(?:for|if|when|with|where)\s*(?:all\s*)?\}?((?:\s*,?\s*(?:[a-zA-Zα-ω]|\\[a-z]+))+)\s*"
)




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
    text = Text([], opened=tuple(setting.functions.keys() - before.keys()))
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
    free = [name for name in setting.functions if name not in said]
    text.functions |= any_functions(free, [part.reading.tree for part in text.parts if part.reading is not None])
    for n, part in enumerate(text.parts):
        if part.reading is not None:
            _place(text, n, setting, known)
    _functions_as_letters(text)
    notes = tuple(f"{f} is any smooth function here, such as {text_of(text.functions[f][1])}"
                  for f in free if f in text.functions)  # fmt: skip
    for part in text.parts:
        if notes and part.reading is not None:
            part.reading = replace(part.reading, notes=(*part.reading.notes, *notes))
    _only_known_functions(text, known)
    _numbers_beside(text)
    _gradients_by_name(text)
    _bars(text, barred)
    text.assumptions += [("distribution", y) for y in _distributions(text)]
    claimed = [p.reading.tree for p in text.parts if p.reading is not None and p.role != DEFINITION]
    text.definitions |= scalars_in(text.definitions, claimed)
    return text


def _functions_as_letters(text: Text) -> None:
    """Take the u of u(x) = x^2 for a letter that is defined, where the text goes on with it as one: dy/du, sin u."""
    trees = [part.reading.tree for part in text.parts if part.reading is not None]
    nodes = [node for tree in (*trees, *(chain.terms[1] for chain in text.definitions.values())) for node in walk(tree)]
    under = {id(n.of) for n in nodes if isinstance(n, Derivative)}
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


def _bars(text: Text, barred: Collection[str]) -> None:
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


def _distributions(text: Text) -> list[str]:
    """Return the letters whose cross-entropy with something is taken: their entries are positive and add up to 1."""
    trees = [part.reading.tree for part in text.parts if part.reading is not None]
    trees += text.definitions.values()
    taken = (n.argument.terms[0] for tree in trees for n in walk(tree)
             if isinstance(n, Apply) and n.name == ENTROPY and isinstance(n.argument, Chain))  # fmt: skip
    return [node.name for node in taken if isinstance(node, Symbol) and node.name not in text.definitions]


def _gradients_by_name(text: Text) -> None:
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
        part.reading = replace(reading, tree=transform(reading.tree, change), loose=None, notes=notes)  # type: ignore[arg-type]


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
            _letters_before_a_space(text, n)
        return
    if isinstance(tree.terms[-1], RealSpace) and tree.relations[-1] == "∈":
        if all(isinstance(term, Symbol) and term.name not in known for term in tree.terms[:-1]):
            _declare(text, part, tree)
        return
    if _only_depends(tree, text):
        part.role = DEFINITION
        return
    if (own := _of_own_entries(tree)) is not None and own[0].name not in {*known, *text.definitions}:
        _declared(text, part, own[0], own[1], tree)
        return
    function = function_defined(tree, setting, text.functions)
    if function is not None and function[0] not in _names(function[2], text):
        part.role = DEFINITION
        function_name, parameters, body = function
        text.functions[function_name] = (parameters, body)
        trees = [p.reading.tree for p in text.parts if p.reading is not None]
        text.declared |= dict.fromkeys(_numbers_among(parameters, trees), ())
        rest = _rest(tree)
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
    elif asked or (premise and bounds_in(tree)) or _limits_a_letter(text, n):
        part.role, rest = CONDITION, None
        text.conditions += [tree, *_for_letters_before(text, n)]
    else:
        rest = None
    if rest is not None:
        part.role, part.reading = CLAIM, replace(reading, tree=rest, loose=None)


def _only_depends(tree: Chain, text: Text) -> bool:
    """Whether this is L = f(Y), which says that L depends on Y and no more."""
    left, right = tree.terms[0], tree.terms[-1]
    unknown = isinstance(right, Apply) and right.name in set(text.opened) - text.functions.keys() and not right.primes
    return len(tree.terms) == 2 and tree.relations[0] in EQUAL and isinstance(left, Symbol) and unknown


def _rest(tree: Chain) -> Chain | None:
    """Return what a chain claims after its first relation, which defines."""
    if len(tree.relations) == 1:
        return None
    return Chain(tree.terms[1:], tree.relations[1:], span=tree.span)


def _letters_before_a_space(text: Text, n: int) -> None:
    """Take the x of ``x, y ∈ ℝ^n`` for declared with y, and the s of ``for s, t > 0`` for limited with t."""
    part = text.parts[n]
    after = next((p for p in text.parts[n + 1 :] if p.reading is None or p.reading.tree.relations), None)
    term = part.reading.tree.terms[0]  # type: ignore[union-attr]
    tree = after.reading.tree if after is not None and after.reading is not None else None
    limits = bounds_in(tree) if tree is not None and part.stated.lead else None
    if isinstance(term, Symbol) and tree is not None and limits is not None and len(limits) == 1:
        part.role = CONDITION
        text.conditions.append(_about(tree, term.name))
        return
    if isinstance(term, Symbol) and tree is not None and isinstance(tree.terms[-1], RealSpace):
        _declare(text, part, Chain((term, tree.terms[-1]), ("∈",), span=term.span))
        return
    said = "a relation here, since the text states several things"
    part.reading, part.fault = None, Unreadable(part.stated.source, part.stated.span[0], said)


def _declare(text: Text, part: Part, tree: Chain) -> None:
    space = tree.terms[-1]
    assert isinstance(space, RealSpace)
    sizes = tuple(_size(node) for node in (space.rows, space.columns) if node is not None)
    for term in tree.terms[:-1]:
        assert isinstance(term, Symbol)
        _declared(text, part, term, sizes, space)


def _declared(text: Text, part: Part, letter: Symbol, sizes: tuple[str, ...], place: Node) -> None:
    shape: Shape = () if set(sizes) <= {"1"} else sizes if len(sizes) == 2 else (*sizes, "1")
    if "" in sizes or text.declared.get(letter.name, shape) != shape:
        said = "a size that is one letter or a number" if "" in sizes else f"{letter.name} declared once"
        part.reading, part.fault = None, Unreadable(part.stated.source, place.span[0], said)
        return
    text.declared[letter.name] = shape
    part.role = DECLARATION


def _of_own_entries(tree: Chain) -> tuple[Symbol, tuple[str, ...]] | None:
    """Return the letter of x = [x_1, x_2, x_3], which only says how many entries it has, and its sizes."""
    if len(tree.terms) != 2 or tree.relations[0] not in EQUAL or not isinstance(tree.terms[0], Symbol):
        return None
    letter, right = tree.terms
    turned = isinstance(right, Transpose)
    right = right.operand if isinstance(right, Transpose) else right
    if isinstance(right, WrittenOut):
        rows = right.rows
        places = [(i, j, entry) for i, row in enumerate(rows, 1) for j, entry in enumerate(row, 1)]
        names = {(i, j): {str(i), f"{i},{j}", f"{i}{j}"} if len(rows[0]) == 1 else {str(j)} if len(rows) == 1
                 else {f"{i},{j}", f"{i}{j}"} for i, j, _ in places}  # fmt: skip
        own = all(isinstance(e, Component) and e.base == letter and ",".join(map(str, e.indices)) in names[i, j]
                  for i, j, e in places)  # fmt: skip
        sizes = (str(len(rows)), str(len(rows[0])))
    elif isinstance(right, ByIndex):
        indices = tuple(Index(one) for one in (right.row, right.column) if one)
        own = right.body == Component(letter, indices)
        sizes = tuple(_size(said) if said is not None else "1" for said in right.sizes)  # type: ignore[assignment]
    else:
        return None
    assert isinstance(letter, Symbol)
    return (letter, sizes[::-1] if turned else sizes) if own else None


def _size(node: Node) -> str:
    if isinstance(node, Symbol) and node.member is None and len(node.name) == 1:
        return node.name
    if isinstance(node, Number) and node.text.isdigit() and 0 < int(node.text) < 100:
        return node.text
    return ""


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
    plain = normalize("NFD", letter.name)[0].isascii() or letter.name in NUMBERS | {"ℓ", "ℒ"}  # 𝒜 may be anything
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


def _limits_a_letter(text: Text, n: int) -> bool:
    """Whether this is t > 0 behind a claim of its line: one letter beside numbers."""
    part, before = text.parts[n], text.parts[:n]
    bounds = bounds_in(part.reading.tree)  # type: ignore[union-attr]
    if bounds is None or len(bounds) != 1:
        return False
    between = part.stated.source[before[-1].stated.span[1] : part.stated.span[0]] if before else "\n"
    same_line = "\n" not in between and "\\\\" not in between
    return same_line and any(p.role == CLAIM and p.reading and p.reading.tree.relations for p in before)


def _for_letters_before(text: Text, n: int) -> list[Chain]:
    """Return the condition of ``for s, t > 0`` on s, whose letters the text's taking apart has left among the words."""
    tree, before = text.parts[n].reading.tree, text.parts[n - 1] if n else None  # type: ignore[union-attr]
    limited = {node for node in walk(tree) if isinstance(node, Symbol)}
    if before is None or before.reading is None or not before.stated.words or len(limited) != 1:
        return []
    said = before.stated.words[-1]
    match = FOR_LETTERS.fullmatch(said)
    if match is None:
        return []
    notes = tuple(note for note in before.reading.notes if not note.endswith(f": {said.strip()}"))
    before.reading = replace(before.reading, notes=notes)
    letters = re.findall(r"\\?\w+", match[1])
    return [_about(tree, GREEK_WORDS.get(letter.lstrip("\\"), letter)) for letter in letters]


def _about(condition: Chain, letter: str) -> Chain:
    """Return a condition on one letter as one on another."""
    return transform(  # type: ignore[return-value]
        condition, lambda node: replace(node, name=letter) if isinstance(node, Symbol) else node
    )


def _numbers_beside(text: Text) -> None:
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


def _numbers_among(parameters: Sequence[str], trees: Sequence[Node]) -> list[str]:
    """Return the parameters that are numbers: small letters that stand nowhere as only an array does."""
    return [name for name in parameters if name[0].islower() and not any(stands_as_array(name, t) for t in trees)]


def _only_known_functions(text: Text, known: Collection[str]) -> None:
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


__all__ = ["tell"]
