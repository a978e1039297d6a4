"""A figure of the two ways to lay out examples: as columns, and as rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from course.drawing import Drawing
from course.figures.shapes import SQUARE, Block, product_panel

if TYPE_CHECKING:
    from backprop import Network


def columns_and_rows(network: Network, m: int, example: int = 1) -> Drawing:
    """Draw the way back through W[2] with examples as columns and with examples as rows.

    `m` is the number of examples; `example`, counted from 1, is marked in both.  Raises `ValueError`
    for a network of another depth, or an example that there is not.
    """
    if network.L != 2:
        raise ValueError(f"network: expected two layers, got {network.L}; the figure shows W[2]")
    if not 1 <= example <= m:
        raise ValueError(f"example: expected a number from 1 to {m}, got {example}")
    _, hidden, outputs = network.sizes
    down = [frozenset((k, example) for k in range(1, n + 1)) for n in (outputs, hidden)]
    along = [frozenset((example, k) for k in range(1, n + 1)) for n in (outputs, hidden)]
    columns = [
        Block("$W^{[2]T}$", "W", (hidden, outputs)),
        Block("$dZ^{[2]}$", "dz", (outputs, m), strong=down[0]),
        Block("$dA^{[1]}$", "da", (hidden, m), strong=down[1]),
    ]
    rows = [
        Block("$dZ^{[2]}$", "dz", (m, outputs), strong=along[0]),
        Block("$W^{[2]}$", "W", (outputs, hidden)),
        Block("$dA^{[1]}$", "da", (m, hidden), strong=along[1]),
    ]
    return Drawing((
        product_panel(
            "as-columns", columns, ["", "="], SQUARE,
            f"Examples as columns: W[2] transposed, {columns[0].said}, times dZ[2], {columns[1].said}, is "
            f"dA[1], {columns[2].said}. Example {example} is column {example} of dZ[2] and of dA[1].",
        ),
        product_panel(
            "as-rows", rows, ["", "="], SQUARE,
            f"Examples as rows, W as in the course: dZ[2], {rows[0].said}, times W[2], {rows[1].said}, is "
            f"dA[1], {rows[2].said}. Example {example} is row {example} of dZ[2] and of dA[1].",
        ),
    ))  # fmt: skip
