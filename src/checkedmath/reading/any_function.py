"""Functions that a text takes at something and never says what they are, y = f(u): any smooth function will do.

One is put in their place that no text will name, so that what holds for all of them holds for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from checkedmath.reading.flatten import flatten
from checkedmath.reading.names import FUNCTION_LETTERS, names_of
from checkedmath.subject.setting import NamedFunction, Setting
from checkedmath.syntax.errors import Unreadable
from checkedmath.syntax.source import Source
from checkedmath.syntax.tree import (
    ELEMENTWISE,
    JUXTAPOSED,
    Add,
    Apply,
    Chain,
    Evaluated,
    Multiply,
    Node,
    Number,
    Symbol,
    walk,
)  # fmt: skip

LETTER = r"\s*[^\W\d_]\s*"
#: y = f(u), and a function's letter at a bracket.
DEPENDS = re.compile(rf"{LETTER}=\s*([^\W\d_])\(({LETTER}(?:,{LETTER})*)\)\s*")
CALLS = re.compile(rf"(?<![^\W\d_])([{''.join(sorted(FUNCTION_LETTERS))}])'?\(")
DERIVES = re.compile(r"∂|'\(|/\s*d|\}\{\s*d")
#: The coefficients of a function; those of the next begin one further on.
COEFFICIENTS = ("1.31", "0.43", "0.71", "1.13", "0.37", "0.89", "1.57", "0.61")

Functions = dict[str, tuple[tuple[str, ...], Node]]


def with_any_functions(source: Source, setting: Setting, *, typeset: bool) -> Setting:
    """Return the setting with the functions of which a text says that something depends by them on something."""
    texts = list(_flat(source, typeset))
    signs = {sign.value for stated in source.statements for sign in stated.relations}
    if not any(map(DERIVES.search, texts)) or not signs <= {"=", ":="}:
        return setting
    known, found = names_of(setting).spellings, dict[str, NamedFunction]()
    for text in texts:
        match = DEPENDS.fullmatch(text)
        some = {match[1]: match[2].count(",") + 1} if match else {}
        some |= {one[1]: _arguments(text, one.end()) for one in CALLS.finditer(text) if one[1] not in some}
        found |= {f: NamedFunction(f, f, arguments=n) for f, n in some.items()
                  if f not in known and f not in {*found, "e", "I", "d"}}  # fmt: skip
    return replace(setting, functions={**setting.functions, **found}) if found else setting


def any_functions(names: Sequence[str], trees: Sequence[Chain]) -> Functions:
    """Return what stands for these functions, and for the derivatives f' of those of one argument."""
    found: Functions = {}
    for tree in trees:  # f = tanh
        ends = (tree.terms[0], tree.terms[-1])
        if len(tree.terms) == 2 and all(isinstance(end, Evaluated) and not end.primes for end in ends):
            name, own = (end.name for end in ends)  # type: ignore[attr-defined]
            if name in names:
                found[name] = ("u",), Apply(own, Symbol("u"))
                found[f"{name}'"] = ("u",), Apply(own, Symbol("u"), primes=1)
    for n, name in enumerate(names):
        if name in found:
            continue
        calls = [_given(node) for tree in trees for node in walk(tree) if isinstance(node, Apply) and node.name == name]
        given = next((call for call in calls if call and all(isinstance(one, Symbol) for one in call)), None)
        letters = tuple(one.name for one in given if isinstance(one, Symbol)) if given else ("u",)
        if (given is None and len(calls[0] if calls else ()) != 1) or any(letter[0].isupper() for letter in letters):
            continue  # L = f(Y) says that L depends on Y, and no more
        row = COEFFICIENTS[n % len(COEFFICIENTS) :] + COEFFICIENTS[: n % len(COEFFICIENTS)]
        at = [Symbol(letter) for letter in letters]
        inside: Node = Number(row[0])
        for one, factor in zip(at, row[1:], strict=False):
            inside = Add(_times(factor, one), inside)
        body: Node = Apply("sin", inside)
        rest: Node = at[0]
        for one in at[1:]:
            rest = Multiply(ELEMENTWISE, rest, one)
        found[name] = letters, Add(body, _times(row[4], rest))
        if len(at) == 1:
            # The slope is a number beside the cosine of each entry.
            found[f"{name}'"] = letters, Add(_times(row[1], Apply("cos", inside)), Number(row[4]))
    return found


def _times(number: str, node: Node) -> Node:
    return Multiply(JUXTAPOSED, Number(number), node)


def _given(node: Apply) -> tuple[Node, ...]:
    return node.argument.terms if isinstance(node.argument, Chain) else (node.argument,)


def _flat(source: Source, typeset: bool) -> Iterator[str]:
    for stated in source.statements:
        try:
            if stated.lines:
                yield flatten(stated.text, typeset=typeset).text.strip()
        except Unreadable:
            continue


def _arguments(text: str, start: int) -> int:
    depth, count = 1, 1
    for c in text[start:]:
        depth += (c in "([{") - (c in ")]}")
        count += c == "," and depth == 1
        if not depth:
            break
    return count


__all__ = ["any_functions", "with_any_functions"]
