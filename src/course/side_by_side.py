"""Arrays printed next to each other, in the order in which a formula names them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Array = Any
#: So many characters fit on a line of a phone, where `book.css` sets printed text small.
LINE = 44


def side_by_side(arrays: Mapping[str, Array], decimals: int = 3) -> str:
    """Return matrices and columns as text, each under its name, with this many decimals.

    The arrays are (r, c); those with fewer rows end earlier.  What does not fit beside the others on a phone goes on
    below them.

    >>> print(side_by_side({"W": [[1.0, -2.0], [0.5, 0.0]], "z": [[0.25], [3.0]]}, decimals=2))
         W         z
    1.00 -2.00  0.25
    0.50  0.00  3.00
    """
    blocks = [_block(name, array, decimals) for name, array in arrays.items()]
    lines: list[list[list[str]]] = []
    for block in blocks:
        if lines and sum(len(one[0]) + 2 for one in lines[-1]) + len(block[0]) <= LINE:
            lines[-1].append(block)
        else:
            lines.append([block])
    return "\n\n".join(map(_beside, lines))


def _beside(blocks: list[list[str]]) -> str:
    height = max(len(block) for block in blocks)
    padded = [block + [" " * len(block[0])] * (height - len(block)) for block in blocks]
    return "\n".join("  ".join(parts).rstrip() for parts in zip(*padded, strict=True))


def _block(name: str, array: Array, decimals: int) -> list[str]:
    # Adding 0.0 turns the -0.0 that rounding can leave into 0.0.
    rows = [
        [f"{round(float(entry), decimals) + 0.0:.{decimals}f}" for entry in row] for row in array
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        " ".join(entry.rjust(width) for entry, width in zip(row, widths, strict=True))
        for row in rows
    ]
    width = max(len(name), len(lines[0]))
    return [name.center(width)] + [line.rjust(width) for line in lines]
