"""Numbers that a text brings along: letters declared by ``{let}``, and a small step ε or h.

A setting knows its own quantities; `checkedmath.values.with_letters.opened` returns it with a few more.
"""

from __future__ import annotations

import re

#: The steps by their canonical names; h is one only in a claim with ≈, since some write it for a layer.
STEPS = {"ε": ("epsilon", "varepsilon", "eps"), "h": ()}
_EPSILON = re.compile(r"ε|\\(?:var)?epsilon(?![a-zA-Z])")
_H = re.compile(r"(?<![a-zA-Z\\_])h(?![a-zA-Z_\[^])")
_ABOUT = re.compile(r"≈|\\approx(?![a-zA-Z])")


def parse_lets(text: str) -> dict[str, tuple[str, ...]]:
    """Return declared shapes: "A: (p, q), x: (q, 1), s: ()".

    Raises `ValueError` with what was expected.

    >>> parse_lets("A: (p, q), s: ()")
    {'A': ('p', 'q'), 's': ()}
    """
    found = {}
    rest = text.strip()
    while rest:
        match = re.match(r"([^\W\d_]\w*)\s*:\s*\(([^()]*)\)\s*,?\s*", rest)
        if not match:
            raise ValueError(f'--let: expected "A: (p, q), x: (q, 1)", got {rest!r}')
        found[match[1]] = tuple(size.strip() for size in match[2].split(",") if size.strip())
        for size in found[match[1]]:
            if not re.fullmatch(r"[1-9]\d?|[^\W\d]\w{0,9}|n_\{\w{1,3}[+-]\d\}", size, re.ASCII):
                raise ValueError(f"--let: expected names of sizes, or numbers up to 99, got {size[:60]!r}")
        rest = rest[match.end() :]
    return found


def steps_in(text: str) -> tuple[str, ...]:
    r"""Return the steps that a text names.

    >>> steps_in(r"\frac{f(t + h) - f(t)}{h} \approx f'(t)"), steps_in("h W")
    (('h',), ())
    """
    found = ("ε",) if _EPSILON.search(text) else ()
    return (*found, "h") if _ABOUT.search(text) and _H.search(text) else found


__all__ = ["STEPS", "parse_lets", "steps_in"]
