"""What an author declares: a subject, with its quantities, the formulas they follow from, functions and conventions.

A subject is data and computes nothing; `checkedmath.values.graph.setting_of` makes the setting of it in which
formulas are judged.  The whole of a small one::

    Subject(
        "least-squares", "a line through N observations",
        quantities=[
            Quantity("X", ("N", "p"), "X"), Quantity("y", ("N", "1"), "y"), Quantity("beta", ("p", "1"), "beta"),
            Quantity("r", ("N", "1"), "r"), Quantity("S", (), "S"),
            Quantity("dbeta", ("p", "1"), "d beta", gradient=("S", "beta")),
        ],
        rules=["r = y - X beta", "S = r^T r"],
        sizes=[{"N": 7, "p": 3}, {"N": 4, "p": 2}, {"N": 5, "p": 4}, {"N": 3, "p": 5}],
        objective="S",
    )
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from checkedmath.subject.setting import NO_FAMILY, Family, NamedFunction, Quantity, Swap, World

#: Draws one entry of an input.
Sampler = Callable[[Random], float]


@dataclass(frozen=True)
class Subject:
    """A subject, as its author declares it.

    ``rules`` are formulas in the subject's own notation, ``z[l] = W[l] a[l-1] + b[l]``: a quantity on the left, what
    it follows from on the right.  Several may be about one quantity, ``a[0] = x`` beside ``a[l] = g[l](z[l])``: the
    one with a number counts before the one with a letter; one that is a single quantity, ``a[0] = x``, says that both
    are the same.  A quantity with no rule is an input, unless it is a
    ``gradient``, which is found by steps.  ``by_hand`` are rules that cannot be said as a formula: a function of the
    draw, which is asked for other quantities by ``draw.value(name, layer)``; nothing can be derived from it.
    ``sizes`` are those of the draws, ``{"n_0": 3, "n_1": 4, "m": 5}``, of which a formula should be tried in four and
    more; the largest number of a quantity that is numbered, L, is among them, or is that of the sizes n_l.  ``family``
    says with which letters quantities are numbered, and ``examples`` names the size that counts examples.
    ``inputs`` say how one entry is drawn where it is not normal; ``functions`` bring their ``value``.
    ``objective`` is what descent makes small, ``step`` the length of a step, ``scalars`` what a gradient may be
    taken of (without them the objective).  ``conventions`` and ``mistakes`` are the subject's own, and ``pages`` say
    where the book explains a mistake, ``page#place`` by its name.  ``draws(graph, variant)`` makes the draws where
    numbers at random will not do, of `checkedmath.values.graph.GraphDraw`.
    """

    name: str
    title: str
    quantities: Sequence[Quantity]
    rules: Sequence[str]
    sizes: Sequence[Mapping[str, int]] = ()
    functions: Sequence[NamedFunction] = ()
    inputs: Mapping[str, Sampler] = field(default_factory=dict)
    by_hand: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)
    objective: str = ""
    step: str = ""
    scalars: tuple[str, ...] = ()
    family: Family = NO_FAMILY
    examples: str = ""
    conventions: tuple[World, ...] = ()
    mistakes: tuple[Swap, ...] = ()
    pages: Mapping[str, str] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    draws: Callable[[Any, str], Sequence[Any]] | None = None


__all__ = ["Sampler", "Subject"]
