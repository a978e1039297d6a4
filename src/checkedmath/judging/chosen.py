"""What a page says a function is, g := tanh: assumed for the formulas after it, or a claim where the setting has it so.

A setting says by its `choices` of which functions a page may choose what they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from checkedmath.judging.verdict import FAILS, HOLDS, UNREADABLE, Verdict
from checkedmath.reading import read
from checkedmath.subject.setting import Array, Draw, Setting
from checkedmath.syntax.errors import FormulaError, Unreadable
from checkedmath.syntax.remarks import CHOSEN, CONDITIONS
from checkedmath.syntax.source import Statement
from checkedmath.syntax.tree import Apply, Index, Number
from checkedmath.values.functions import general_functions
from checkedmath.values.namespace import namespace

#: A name alone, with or without a layer.
NAME = re.compile(r"\s*(?:\\[a-zA-Z]+\s*(?:\{[\w ]+\})?|[^\W\d]\w*)\s*(?:\^?\s*\{?\s*\[[^\]]*\]\s*\}?)?\s*")
#: Where two functions are compared, and how near they must be.
PLACES, NEAR = (-1.9, -0.6, 0.4, 1.7), 1e-9


@dataclass(frozen=True)
class Chosen:
    """The verdict on a statement of what a function is, and the variant of the setting's draws, None without one."""

    verdict: Verdict
    variant: str | None = None


def choice_of(stated: Statement, setting: Setting, style: str) -> Chosen | None:
    """Return what a statement chooses or claims a function to be, None where it is about something else."""
    if setting.free or len(stated.relations) != 1 or stated.relations[0].value not in {"=", ":="}:
        return None
    relation = stated.relations[0]
    left = _function(stated.text[: relation.start], setting, style)
    right = _function(stated.text[relation.end :], setting, style) if left is not None else None
    if left is None or right is None:
        return None
    if right.member is None and right.name == left.name:  # σ, which stands for g elsewhere, beside g is the sigmoid
        written = stated.text[relation.end :].strip()
        own = next((f.name for f in setting.functions.values() if written in {f.latex, f.unicode}), right.name)
        right = replace(right, name=own)
    options = setting.choices.get(_name(left))
    if options is None:
        return Chosen(_claimed(stated.text[: relation.start].strip(), left, right, setting))
    if right.member is not None or right.name not in options:
        said = f"expected {_name(left)} to be one of {', '.join(options)}, got {_name(right)}"
        return Chosen(Verdict(UNREADABLE, said, setting=setting.name))
    return Chosen(Verdict(HOLDS, "assumed here", setting=setting.name), options[right.name])


def said_beside(statements: list[Statement], setting: Setting, style: str) -> str | None:
    """Return the variant that is chosen for all of a text, "with g = tanh" or "with tanh hidden units"; else None.

    Raises `Unreadable` for a function that the setting does not offer there.
    """
    found = None
    for stated in statements:
        if stated.lines and CONDITIONS & set(stated.lead.split()) and (said := choice_of(stated, setting, style)):
            found = said.variant if said.variant is not None else found
        for remark in stated.remarks:
            if remark.kind == CHOSEN and remark.nouns in setting.chosen_beside:
                options = next(iter(setting.choices.values()), {})
                function = _function(remark.about[0], setting, style)
                if function is None or function.name not in options:
                    known = f"{remark.nouns} of one of {', '.join(options)}" if options else "no such words"
                    raise Unreadable(stated.source, remark.span[0], f"{known} in {setting.name}")
                found = options[function.name]
    return found


def _function(text: str, setting: Setting, style: str) -> Apply | None:
    """Return the function whose name a text is, as it is read where it is applied to a number."""
    if not NAME.fullmatch(text):
        return None
    try:
        tree = read(f"{text.strip()}(1)", setting, style).tree
    except Unreadable:
        return None
    term = tree.terms[0]
    if not isinstance(term, Apply) or tree.relations or term.primes or term.argument != Number("1"):
        return None
    own = setting.functions.get(term.name)
    return term if term.member is None or (own is not None and own.numbered) else None


def _name(function: Apply) -> str:
    return function.name if function.member is None else f"{function.name}[{function.member}]"


def _claimed(written: str, left: Apply, right: Apply, setting: Setting) -> Verdict:
    """Judge whether two functions are the same one in every draw that has their layers."""
    xp = namespace()
    z = xp.asarray([[place] for place in PLACES])
    found: dict[str, bool] = {}  # what the left one is in some draw, and whether it is the right one
    fault: FormulaError | None = None
    for draw in setting.draws(""):
        try:
            one, other = (_of_draw(function, draw, setting) for function in (left, right))
        except FormulaError as error:
            fault = error
            continue
        found[getattr(one, "name", left.name)] = float(xp.max(xp.abs(one(z) - other(z)))) <= NEAR
    if fault is not None and not found:
        return Verdict(UNREADABLE, str(fault), setting=setting.name)
    if all(found.values()):
        return Verdict(HOLDS, "true", setting=setting.name)
    said = f"{written} is {' or '.join(found)} here, not {_name(right)}"
    general = next((key for key, options in setting.choices.items() if right.name in options), "")
    more = f"; {general} = {right.name} says it of all that can be chosen" if general and len(found) > 1 else ""
    return Verdict(FAILS, said + more, setting=setting.name)


def _of_draw(function: Apply, draw: Draw, setting: Setting) -> Callable[[Array], Array]:
    member = function.member
    if function.name not in setting.functions:
        general = general_functions(namespace())
        if function.name not in general:
            raise FormulaError(f"expected a function of {setting.name}, got {function.name}")
        return general[function.name]
    return draw.function(function.name, _number(member, draw, setting))


def _number(member: Index | None, draw: Draw, setting: Setting) -> int | None:
    if member is None or not member.letter:
        return member.offset if member is not None else None
    if member.letter != setting.family.last:
        raise FormulaError(f"expected a number or {setting.family.last}, got {member}")
    return draw.members + member.offset


__all__ = ["Chosen", "choice_of", "said_beside"]
