"""What a text says itself that its letters are, and whether a setting means the same by them.

A statement ``y = A x`` says what y is where the text goes on with y.  A setting in which it is false is not what the
text is about: nothing there is judged by that setting's y.  An objective that is written out decides in the same way
between settings, and between the variants of one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from checkedmath.judging.attempt import attempt
from checkedmath.judging.readings import Part, claiming
from checkedmath.meaning.claim import Claim
from checkedmath.meaning.free_sizes import WEIGHT
from checkedmath.reading.python_letters import LETTERED
from checkedmath.reading.python_names import PythonNames
from checkedmath.reading.result import Reading
from checkedmath.subject.conventions import Respect, Way, respects
from checkedmath.subject.setting import Setting, World, is_given
from checkedmath.subject.view import COURSE
from checkedmath.syntax.errors import FormulaError
from checkedmath.syntax.tree import Component, Derivative, Example, Node, RealSpace, Symbol, walk

#: Makes a claim of what was read, in a setting.
Claiming = Callable[[Reading, Setting], Claim]


def meant(said: Sequence[tuple[Setting, Sequence[Part]]], claim_of: Claiming) -> Setting:
    """Return the first of these settings that means by its letters what the text says they are.

    ``said`` are those that can read the text, likeliest first, with its statements there.  Where each of them means
    something else, the letters are the text's own, if that can be: all must follow then from what it says.
    """
    first, _ = said[0]
    if first.free:
        return first
    contradicted: int | None = None
    for setting, parts in said:
        if setting.free:
            continue
        asked, wrong = asked_of(parts, setting, claim_of)
        if wrong is None and contradicted in {None, *asked}:  # one that knows nothing of a letter means nothing by it
            return setting
        contradicted = wrong if contradicted is None else contradicted
    own = (setting for setting, parts in said
           if setting.free and is_told(parts, setting, claim_of) and not _are_names_of(parts, first))  # fmt: skip
    return next(own, first)


def _are_names_of(parts: Sequence[Part], setting: Setting) -> bool:
    """Whether code has names, Z1 and dW1, that are all a setting's own: a slip in them makes them nobody else's."""
    notes = {note for part in parts if part.reading is not None for note in part.reading.notes}
    said = [note.removeprefix(LETTERED) for note in notes if note.startswith(LETTERED)]
    names = [pair.split(" is ")[0].strip() for one in said for pair in one.split(",")]
    known = PythonNames(setting)
    return bool(names) and all(map(known.is_known, names))


def variants_said(parts: Sequence[Part], setting: Setting, claim_of: Claiming) -> list[str]:
    """Return the variants of a setting that a text means by what it says its letters are.

    Those are variants of the objective, of a function, or of what is there at all; one of sizes is never meant.
    """
    found: list[str] = []
    names = {name for part in parts if part.reading is not None for name in _names_in(part.reading.tree)}
    for part in definitions(parts, setting):
        assert part.reading is not None
        claim = claim_of(part.reading, setting)
        if _holds(claim, Way()):
            continue
        worlds = claim.setting.worlds
        own = [w for w in worlds if w.variant and not (w.sizes or w.turned or w.read or w.left_out & names)]
        own = [w for w in own if not (w.replaces and any(one.startswith(w.replaces) for one in found))]
        beside = [w for w in worlds if (w.sizes or w.turned) and not w.numbers]  # (a - y)² is a number with one unit
        ways = [(w,) for w in own] + [(w, other) for w in own for other in beside]
        if not any(_holds(claim, Way((Respect.of(w),))) for w in beside):
            meant = (way[0].variant for way in ways if _holds(claim, Way(tuple(map(Respect.of, way)))))
            found += [variant for variant in (next(meant, ""),) if variant and variant not in found]
    return found


def counting_said(parts: Sequence[Part], setting: Setting, claim_of: Claiming) -> World | None:
    """Return the world that counts as a text does by what it says its letters are, None if it counts as its setting."""
    claims = [claim_of(part.reading, setting) for part in definitions(parts, setting) if part.reading is not None]
    claims = [claim for claim in claims if not _holds(claim, Way())]
    worlds = (world for claim in claims[:1] for world in claim.setting.worlds if world.counting is not None)
    return next((w for w in worlds if all(_holds(claim, Way((Respect.of(w),))) for claim in claims)), None)


def definitions(parts: Sequence[Part], setting: Setting) -> Iterator[Part]:
    """Yield the statements that say what a letter is which other statements of the text name too."""
    said = [part for part in parts if part.reading is not None and not part.says]
    for part in said:
        tree = part.reading.tree  # type: ignore[union-attr]
        name = _letter(tree.terms[0])
        quantity = setting.quantities.get(name)
        if tree.relations[:1] not in {("=",), (":=",)} or quantity is None or quantity.gradient is not None:
            continue
        left, right = tree.terms[0], tree.terms[1]
        if isinstance(right, RealSpace) or setting.is_size(name) or is_given(name, right, setting):
            continue
        others = (other for other in said if other is not part)
        if left not in walk(right) and any(name in _behind(other, setting) for other in others):
            yield part


def _behind(part: Part, setting: Setting) -> set[str]:
    """Return the quantities that a statement is about: those it names, and of what and by what its gradients are."""
    assert part.reading is not None
    found = {part.defines.removeprefix("d")}
    for name in _names_in(part.reading.tree):
        quantity = setting.quantities.get(name)
        found |= {name, *(quantity.gradient or () if quantity is not None else ())}
    wholes = {q.column_of for name in found if (q := setting.quantities.get(name)) is not None and q.column_of}
    backward = found & {*setting.scalars} or any(isinstance(n, Derivative) for n in walk(part.reading.tree))
    return {*found, *wholes, *(setting.quantities if backward else ())}  # a gradient is about all that lies before it


def is_told(parts: Sequence[Part], setting: Setting, claim_of: Claiming) -> bool:
    """Whether free letters are enough: what is claimed is of the text's own letters alone."""
    claims = [part.reading for part in claiming(parts, setting) if part.reading is not None]
    if not claims or any(part.fault for part in parts):
        return False
    try:
        for reading in claims:
            claim_of(reading, setting)
    except FormulaError:
        return False
    return all(map(_follows, claims))


def _follows(reading: Reading) -> bool:
    """Whether a claim about free letters names those that the text has said, and on its left side, alone."""
    left, *right = reading.tree.terms
    bodies = [chain for _, chain in reading.definitions] + [body for *_, body in reading.functions]
    said = {name for tree in (left, *bodies) for name in _names(tree)}
    said |= {name for chain in reading.conditions for name in _names(chain)}
    if not right or any(_names(term) - said for term in right):
        return False
    unsaid = {name for name, chain in reading.definitions if any(WEIGHT in one for one in _names(chain))}
    sides = [any(isinstance(n, Derivative) and _letter(n.of) in unsaid for n in walk(term)) for term in (left, *right)]
    return all(sides) or not any(sides)


def asked_of(parts: Sequence[Part], setting: Setting, claim_of: Claiming) -> tuple[set[int], int | None]:
    """Return the places of the definitions of letters of a setting, up to the first that is false there, and that.

    Where it would be true of arrays that are turned, it is the text's own if all gradients are written as quotients.
    """
    names = {name for part in parts if part.reading is not None for name in _names_in(part.reading.tree)}
    own = not any(setting.quantities[name].gradient for name in names & setting.quantities.keys())
    asked = set[int]()
    for part in definitions(parts, setting):
        assert part.reading is not None
        asked.add(part.place)
        try:
            claim = claim_of(part.reading, setting)
        except FormulaError:
            return asked, part.place
        if not _holds(claim, Way()) and ((way := _world(claim)) is None or (own and _is_turned(way))):
            return asked, part.place
    return asked, None


def _world(claim: Claim) -> Way | None:
    """Return a world of one respect, or of two that are meant together, in which a definition is true."""
    possible = respects(claim.tree, claim.setting, claim.numpy, tuple(text for text, _ in claim.readings), claim.text)
    ways = [Way((respect,)) for respect in possible]
    ways += [Way((one, other)) for one in possible for other in possible if other.code in one.world.beside]
    return next((way for way in ways if _holds(claim, way)), None)


def _is_turned(way: Way) -> bool:
    return any(respect.world.turned for respect in way.respects)


def _holds(claim: Claim, way: Way) -> bool:
    return attempt(claim, way, claim.layout or COURSE).holds


def _letter(node: Node) -> str:
    """Return the letter that stands here, with or without indices; "" for anything else."""
    while isinstance(node, Component | Example):
        node = node.base
    return node.name if isinstance(node, Symbol) else ""


def _names_in(tree: Node) -> set[str]:
    return {n.name for n in walk(tree) if isinstance(n, Symbol)}


def _names(tree: Node) -> set[str]:
    """Return the letters of an expression; the d of dW, as code writes a gradient, is none."""
    found = _names_in(tree)
    return {name[1:] if len(name) > 1 and name[0] == "d" else name for name in found}
