"""A text read statement by statement, on a page and elsewhere.

A name that the setting knows on a left side makes a claim.  A name that it does not know is defined there: what it
stands for is put in where the statements below use it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from checkedmath.judging.values import number_of
from checkedmath.reading import is_final, read, read_statement, styles_of, weighed
from checkedmath.reading.flatten import flatten
from checkedmath.reading.names import names_of
from checkedmath.reading.result import LATEX, NUMPY, Reading
from checkedmath.subject.letters import Letters, counted, in_letters, is_counted
from checkedmath.subject.setting import Setting, is_given
from checkedmath.syntax.budget import MAX_STATEMENTS
from checkedmath.syntax.errors import Unreadable
from checkedmath.syntax.remarks import CONDITIONS
from checkedmath.syntax.source import Source, Statement, take_apart
from checkedmath.syntax.tree import Chain, Component, Example, Node, Symbol, transform, walk
from checkedmath.values.compare import INEQUALITIES
from checkedmath.values.with_letters import opened

#: A new name with its index and arguments.  In typeset mathematics it is one letter, in typed text it may be a word.
NAMES = {
    True: r"\s*(?P<name>[^\W\d_]|\\[a-zA-Z]+)(?P<index>_\w|_\{\w+\})?\s*(?:\((?P<arguments>[\w\\, ]*)\))?\s*",
    False: r"\s*(?P<name>[^\W\d_]\w*)(?P<index>)\s*(?:\((?P<arguments>[\w, ]*)\))?\s*",
}


@dataclass(frozen=True)
class Part:
    """One statement of a text: where it begins, and what was read, or why it cannot be.

    ``stated`` is what was read, as it was taken apart; code has none.  With ``defines``, ``reading`` is what that new
    name stands for.  With neither reading nor fault, a statement is remarks alone.  ``says``: what a statement does
    beside claiming something, "definition" or "declaration" of a free letter, or "condition".
    """

    place: int
    stated: Statement | None = None
    reading: Reading | None = None
    fault: Unreadable | None = None
    defines: str = ""
    says: str = ""
    condition: tuple[str, str] | None = None  # under which what the letters of a source say is meant


@dataclass(frozen=True)
class NewName:
    """A name that a statement may define: ``plain`` without an index and without arguments."""

    name: str
    arguments: tuple[str, ...] = ()
    plain: bool = True


def read_parts(
    text: str, setting: Setting, style: str = "auto", *, page: bool = False, known: Mapping[str, Node] | None = None,
    letters: Collection[str] = (),
) -> list[Part]:  # fmt: skip
    """Return the statements of a text in a setting.

    ``known`` are names that were defined before, ``letters`` those that were declared.  Raises `Unreadable` for a text
    that cannot be taken apart, or that makes one statement which cannot be read.
    """
    if page:
        return _mathematics(text, setting, style, page=True, known=known or {}, letters=letters)
    try:
        found = _in_own_letters(text, setting, style)
    except Unreadable:
        if (others := _in_letters_of_others(text, setting, style)) is None:
            raise
        return others
    unsaid = any(part.fault for part in found) or not claiming(found, setting)
    return (_in_letters_of_others(text, setting, style) or found) if unsaid else found


def _in_letters_of_others(text: str, setting: Setting, style: str) -> list[Part] | None:
    """Return the statements of a text read in the letters of a source that its setting knows, if all can be."""
    for letters in setting.letters:
        try:
            found = _in_own_letters(text, in_letters(setting, letters), style)
        except Unreadable:
            continue
        trees = [part.reading.tree for part in found if part.reading is not None]
        if any(part.fault for part in found) or not all(is_counted(tree, letters) for tree in trees):
            continue
        used = _letters_used(found, letters, setting)
        if not used or (letters.signs and letters.signs.isdisjoint(used)):
            continue
        note = letters.note(used)
        return [in_numbers_of(part, letters, setting, note) for part in found]
    return None


def _letters_used(parts: Sequence[Part], letters: Letters, setting: Setting) -> dict[str, str]:
    """Return the letters that a text has of a source, and what they are."""
    used: dict[str, str] = {}
    for part in parts:
        for node in walk(part.reading.tree) if part.reading is not None else ():
            written = flatten(part.reading.text[slice(*node.span)]).text if isinstance(node, Symbol) else ""  # type: ignore[union-attr]
            theirs = next((s for s in sorted(letters.spellings, key=len, reverse=True) if written.startswith(s)), "")
            if theirs and isinstance(node, Symbol):
                number = f"[{letters.members[theirs]}]" if theirs in letters.members else ""
                used[theirs] = (setting.quantities[node.name].unicode or node.name) + number
    return used


def in_numbers_of(part: Part, letters: Letters, setting: Setting, note: str) -> Part:
    """Return a statement with its numbers counted as the setting counts them."""
    if part.reading is None:
        return part
    reading = part.reading
    loose = counted(reading.loose, letters, setting) if reading.loose is not None else None
    tree, notes = counted(reading.tree, letters, setting), (*reading.notes, note)
    reading = replace(reading, tree=tree, loose=loose, notes=notes)
    return replace(part, reading=reading, condition=letters.condition)


def _in_own_letters(text: str, setting: Setting, style: str) -> list[Part]:
    fault: Unreadable | None = None
    partly: list[Part] = []
    for likely in styles_of(text, style):
        try:
            found = _code(text, setting) if likely == NUMPY else _alone(_mathematics(text, setting, likely))
        except Unreadable as error:
            fault = error if fault is None and not partly else fault
            if is_final(likely, error):
                break
            continue
        if not any(part.fault for part in found) and (claiming(found, setting) or likely == NUMPY):
            return found
        partly = partly or found  # another style may read all of it
    if fault is not None or not partly:
        raise fault or Unreadable(text, 0, "a formula")
    return partly


def claiming(parts: Sequence[Part], setting: Setting) -> list[Part]:
    """Return the statements that claim something: no definition, and not α = 0.01."""
    return [part for part in parts if not part.defines and not part.says and not _is_given(part, setting)]


def _is_given(part: Part, setting: Setting) -> bool:
    if part.reading is None or len(part.reading.tree.terms) != 2:
        return False
    left, right = part.reading.tree.terms
    if part.reading.tree.relations == ("=",) and _is_set(left, right, setting):
        return True
    return isinstance(left, Symbol) and is_given(left.name, right, setting)


def _is_set(left: Node, right: Node, setting: Setting) -> bool:
    """Whether this gives a label, a parameter or an input, or an entry of it, a number: y_i = 1, b = 0, x_1 = 1."""
    while isinstance(left, Component | Example):
        left = left.base
    quantity = setting.quantities.get(left.name) if isinstance(left, Symbol) and not setting.free else None
    if quantity is None or (number := number_of(right)) is None:
        return False
    if quantity.given is not None:
        return quantity.given[0] <= number <= quantity.given[1]
    return setting.gradient_by(quantity.name) is not None or setting.roles.get(quantity.name) == "input"


def _code(text: str, setting: Setting) -> list[Part]:
    reading = read(text, setting, NUMPY)
    trees = (*reading.earlier, reading.tree)
    pairs = zip(trees, reading.under, strict=True)
    return [
        Part(tree.span[0], reading=replace(
            reading, tree=tree, earlier=(), members=beside.members, variant=beside.variant,
        )) for tree, beside in pairs
    ]  # fmt: skip


def _alone(parts: list[Part]) -> list[Part]:
    """Raise the fault of a text that makes one statement, or of whose statements none can be read."""
    faults = [part.fault for part in parts if part.fault]
    if faults and not any(part.reading and not part.defines for part in parts):
        raise faults[0]
    return parts


def _mathematics(
    text: str, setting: Setting, style: str, *, page: bool = False, known: Mapping[str, Node] | None = None,
    letters: Collection[str] = (),
) -> list[Part]:  # fmt: skip
    """Read the statements of a text of mathematics."""
    source = take_apart(text)
    statements = source.statements
    if not any(one.lines for one in statements) and not page:
        raise Unreadable(text, 0, "a formula")
    if len(statements) > MAX_STATEMENTS:
        raise Unreadable(text, 0, f"at most {MAX_STATEMENTS} statements; this text has {len(statements)}")
    if setting.free:  # where a text defines and declares its letters
        return _of_free_letters(source, setting, style, page=page, known=known or {}, letters=letters)
    found: list[Part] = []
    defined, own = dict(known or {}), set[str]()
    here, going_on = setting, _going_on(source)
    for one in statements:
        if not one.lines:
            found += [Part(0, one)] if page else []
            continue
        several, on = len(statements) > 1, one in going_on
        part = _part(one, here, style, defined, page=page, several=several, going_on=on)
        if part.defines and part.reading:
            own.add(part.defines)
            defined[part.defines] = part.reading.tree.terms[0]
            here = opened(setting, dict.fromkeys(own, ()))
        elif part.reading and part.reading.tree.relations and (new := new_name(one, style)) and new.name in own:
            said = Unreadable(text, one.span[0], "a name that is defined once")  # code may give it another meaning
            part = replace(part, reading=None, fault=said)
        found.append(part)
    return _under_conditions(found if page else [_used(part, found, setting) for part in found])


def _used(part: Part, parts: Sequence[Part], setting: Setting) -> Part:
    """Return a statement; one that gives what looks like a gradient, which nothing goes on with, says nothing read."""
    name, stated = part.defines, part.stated
    if stated is None or len(name) < 2 or name[0] not in "dD" or not is_known(name[1:], setting):
        return part
    others = (other.stated.text for other in parts if other.stated is not None and other is not part)
    if any(re.search(rf"(?<![^\W\d_]){re.escape(name)}(?!\w)", text) for text in others):
        return part
    said = Unreadable(stated.source, stated.span[0], f"a name that says what this is: {name} may be a gradient")
    return replace(part, reading=None, fault=said, defines="")


def _under_conditions(parts: list[Part]) -> list[Part]:
    """Give the statements of a text the conditions that stand among them: σ(z) > ½ if z > 0."""
    found: list[Part] = []
    for part in parts:
        after = "and" in _lead(part) and bool(found) and found[-1].says == "condition"
        asked = part.reading is not None and bool(CONDITIONS & _lead(part) or after)
        found.append(replace(part, says="condition") if asked and is_condition(part.reading) else part)
    conditions = tuple(part.reading.tree for part in found if part.says and part.reading)
    return [under(part, conditions) if not part.says else part for part in found]


def under(part: Part, conditions: tuple[Chain, ...]) -> Part:
    """Return a statement that is said under these conditions."""
    if part.reading is None or not conditions:
        return part
    return replace(part, reading=replace(part.reading, conditions=(*part.reading.conditions, *conditions)))


def is_condition(reading: Reading | None) -> bool:
    """Whether this limits the values of what it names, as z > 0 does; an equality says more."""
    return reading is not None and bool(reading.tree.relations) and {*reading.tree.relations} <= INEQUALITIES


def _lead(part: Part) -> set[str]:
    return set(part.stated.lead.split()) if part.stated is not None else set()


def is_under_no_condition(part: Part) -> bool:
    """Whether this is a condition that cannot be read, so that nothing can be said of what stands under it."""
    return part.fault is not None and bool(CONDITIONS & _lead(part))


def _of_free_letters(
    source: Source, setting: Setting, style: str, *, page: bool, known: Mapping[str, Node], letters: Collection[str]
) -> list[Part]:
    from checkedmath.judging.free_texts import tell

    text = tell(source, setting, style, page=page, known=letters)
    found = [Part(0, one) for one in source.statements if page and not one.lines]
    going_on = _going_on(source)
    for one in map(text.on_page, text.parts) if page else text.claims():
        try:
            reading = in_full(one.read(), known)
            if one.role == "claim":
                several, on = len(text.parts) > 1, one.stated in going_on
                _see_a_relation(one.stated, reading, page=page, several=several, going_on=on)
            found.append(Part(one.stated.span[0], one.stated, reading, says=one.role if page else ""))
        except Unreadable as fault:
            found.append(Part(one.stated.span[0], one.stated, fault=fault))
    return found


def _part(
    one: Statement, setting: Setting, style: str, defined: Mapping[str, Node], *, page: bool, several: bool,
    going_on: bool,
) -> Part:  # fmt: skip
    place = one.span[0]
    try:
        reading = in_full(read_statement(one, setting, style, page=page), defined)
    except Unreadable as fault:
        new = new_name(one, style)
        if new is None or not new.plain or is_known(new.name, setting) or (page and one.relations[0].value != ":="):
            return Part(place, one, fault=fault)
        if (right := _right(one, setting, style, page=page)) is None or new.name in defined:
            return Part(place, one, fault=fault)
        return Part(place, one, in_full(right, defined), defines=new.name)
    try:
        if page or not _is_recalled(one, reading, setting):
            _see_a_relation(one, reading, page=page, several=several, going_on=going_on)
    except Unreadable as fault:  # every name in it is known: it defines none of them
        return Part(place, one, fault=fault)
    return Part(place, one, reading)


#: Words before a statement that recall what is so, "where dZ = A - Y"; behind if and when it would be assumed.
RECALLING = {"where", "with", "let", "given", "and"}


def _is_recalled(one: Statement, reading: Reading, setting: Setting) -> bool:
    """Whether words lead to a claim, of a quantity that is computed: a parameter or a label may be set by a text."""
    left = reading.tree.terms[0]
    quantity = setting.quantities.get(left.name) if isinstance(left, Symbol) else None
    computed = quantity is not None and quantity.given is None and setting.gradient_by(quantity.name) is None
    return computed and reading.tree.relations == ("=",) and len(one.lead) > 0 and {*one.lead.split()} <= RECALLING


def _going_on(source: Source) -> set[Statement]:
    """Return the statements that an "and" adds to one which is no condition: a = b and c = d."""
    found, before = set[Statement](), None
    for one in source.statements:
        if one.lines:
            if one.lead == "and" and before is not None and (not before.lead or before in found):
                found.add(one)
            before = one
    return found


def _see_a_relation(one: Statement, reading: Reading, *, page: bool, several: bool, going_on: bool) -> None:
    """Raise `Unreadable` for what says nothing by itself beside other statements, reasons, or a word like if."""
    alone = several or bool(page and (one.reasons or one.lead))
    lead = bool(one.lead) and not page and not is_condition(reading) and not going_on
    if alone and (not reading.tree.relations or lead):
        raise Unreadable(one.source, one.span[0], "a relation, or nothing, here: what is alone says nothing")


def new_name(one: Statement, style: str) -> NewName | None:
    """Return the name that a statement may define, or None: delta2 of delta2 = …."""
    if len(one.relations) != 1 or one.relations[0].value not in {"=", ":="}:
        return None
    match = re.fullmatch(NAMES[style == LATEX], one.text[: one.relations[0].start])
    if match is None:
        return None
    arguments = [name.strip() for name in (match["arguments"] or "").split(",") if name.strip()]
    plain = match["arguments"] is None and not match["index"] and not match["name"].startswith("\\")
    return NewName(match["name"], tuple(arguments), plain)


def is_known(name: str, setting: Setting) -> bool:
    """Whether the setting knows this name of a quantity or function; in identities letters are free."""
    return name in setting.quantities or flatten(name).text.strip() in names_of(setting).spellings


def right_side(one: Statement) -> str:
    """Return what stands on the right of a statement's first relation, where it stands in the text."""
    end = one.relations[0].end
    return "".join(c if c == "\n" else " " for c in one.text[:end]) + one.text[end:]


def _right(one: Statement, setting: Setting, style: str, *, page: bool) -> Reading | None:
    """Return the right side of a definition if it is an expression that can be read."""
    try:
        sides = take_apart(right_side(one)).statements
        if len(sides) != 1 or not sides[0].lines:
            return None
        reading = read_statement(sides[0], setting, style, page=page)
    except Unreadable:
        return None
    return reading if not reading.tree.relations else None


def in_full(reading: Reading, defined: Mapping[str, Node]) -> Reading:
    """Return a reading in which defined names are replaced by what they stand for."""
    if not defined:
        return reading

    def change(node: Node) -> Node:
        known = defined.get(node.name) if isinstance(node, Symbol) and node.member is None else None
        # What it stands for was written elsewhere: only the name has a place here.
        return node if known is None else replace(transform(known, lambda n: replace(n, span=(0, 0))), span=node.span)

    loose = transform(reading.loose, change) if reading.loose is not None else None
    return weighed(replace(reading, tree=transform(reading.tree, change), loose=loose))  # type: ignore[arg-type]
