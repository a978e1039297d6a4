"""Figures of shapes: products as tables that fit or do not, a diagonal Jacobian, an outer product."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from backprop import backward, forward
from course.colours import COLOURS
from course.drawing import FAINT, INK, Drawing, Panel, Place, Sheet

if TYPE_CHECKING:
    from backprop import Network

Array = Any
SQUARE, NUMBERED = (0.27, 0.27), (0.58, 0.33)


@dataclass(frozen=True)
class Block:
    """A matrix in a product: its name in mathtext, its letter (for the colour), its shape.

    ``numbers`` are written into the cells; without them the cells stay empty.  ``strong`` holds the
    cells to mark, as (row, column) from 1.
    """

    name: str
    letter: str
    shape: tuple[int, int]
    numbers: Array = None
    strong: frozenset[tuple[int, int]] = frozenset()

    @property
    def said(self) -> str:
        """The shape as it is written: ``(3, 2)``."""
        return f"({self.shape[0]}, {self.shape[1]})"


def shapes_that_fit(network: Network, m: int = 1) -> Drawing:
    """Draw W[2]T dZ[2] and W[2] dZ[2] as tables of cells: the first product fits, the second does not.

    `m` is the number of examples.  Raises `ValueError` for a network of another depth, or one whose
    two layers have the same number of units: there both would fit.
    """
    _, hidden, outputs = _sizes(network)
    if hidden == outputs:
        raise ValueError(f"network: expected layers of different sizes, got {outputs} units in both; both would fit")
    letters = ("dz", "da") if m == 1 else ("dZ", "dA")
    errors = Block(f"${letters[0]}^{{[2]}}$", "dz", (outputs, m))
    turned = Block("$W^{[2]T}$", "W", (hidden, outputs))
    plain = Block("$W^{[2]}$", "W", (outputs, hidden))
    result = Block(f"${letters[1]}^{{[1]}}$", "da", (hidden, m))
    return Drawing((
        product_panel(
            "fits", [turned, errors, result], ["", "="], SQUARE,
            f"W[2] transposed is {turned.said} and {letters[0]}[2] is {errors.said}: the inner sizes are both "
            f"{outputs}, so the product exists. It is {result.said}, as {letters[1]}[1] must be.",
        ),
        product_panel(
            "fits-not", [plain, errors], [""], SQUARE,
            f"W[2] is {plain.said} and {letters[0]}[2] is {errors.said}: the inner sizes are {hidden} and {outputs}. "
            "They differ, so there is no such product.",
        ),
    ))  # fmt: skip


def row_and_column(network: Network) -> Drawing:
    """Draw the chain of Jacobians as a row, and the same product transposed, as a column.

    Raises `ValueError` for a network of another depth.
    """
    _, hidden, outputs = _sizes(network)
    slopes = frozenset((i, i) for i in range(1, hidden + 1))
    diagonal = Block(r"$\mathrm{diag}(g^{[1]\prime})$", "g", (hidden, hidden), strong=slopes)
    row = [
        Block("$dz^{[2]T}$", "dz", (1, outputs)), Block("$W^{[2]}$", "W", (outputs, hidden)), diagonal,
        Block("$dz^{[1]T}$", "dz", (1, hidden)),
    ]  # fmt: skip
    column = [
        diagonal, Block("$W^{[2]T}$", "W", (hidden, outputs)), Block("$dz^{[2]}$", "dz", (outputs, 1)),
        Block("$dz^{[1]}$", "dz", (hidden, 1)),
    ]  # fmt: skip
    signs = ["", "", "="]
    return Drawing((
        product_panel(
            "as-row", row, signs, SQUARE,
            f"As a row: {', '.join(block.said for block in row[:3])}. The product is a row of shape {row[3].said}.",
        ),
        product_panel(
            "as-column", column, signs, SQUARE,
            f"Transposed, with the factors in reverse order: {', '.join(block.said for block in column[:3])}. "
            f"The product is a column of shape {column[3].said}.",
        ),
    ))  # fmt: skip


def diagonal_jacobian(network: Network, x: Array, y: Array) -> Drawing:
    """Draw da[1] times the diagonal Jacobian of g[1], and the same as a product entry by entry.

    `x` is (n_0, 1) and `y` (n_2, 1), one example.  Raises `ValueError` for a network of another
    depth, or for more than one example.
    """
    _, hidden, _ = _sizes(network)
    cache, grads = _one_example(network, x, y)
    slopes = network.g[1].prime(cache.Z[1])
    square = [[slopes[i, 0] if i == j else 0 for j in range(hidden)] for i in range(hidden)]
    onto = frozenset((i, i) for i in range(1, hidden + 1))
    one = Block("$da^{[1]}$", "da", (hidden, 1), grads.dA[1])
    result = Block("$dz^{[1]}$", "dz", (hidden, 1), grads.dZ[1])
    table = Block(r"$\mathrm{diag}(g^{[1]\prime}(z^{[1]}))$", "g", (hidden, hidden), square, onto)
    column = Block(r"$g^{[1]\prime}(z^{[1]})$", "g", (hidden, 1), slopes)
    listed = _listed(slopes[:, 0])
    return Drawing((
        product_panel(
            "diagonal", [table, one, result], ["", "="], NUMBERED,
            f"The Jacobian of the activation is {table.said}. Its diagonal holds {listed}; "
            f"all other entries are 0. Times da[1], which is {_listed(grads.dA[1][:, 0])}, "
            f"it gives dz[1]: {_listed(grads.dZ[1][:, 0])}.",
        ),
        product_panel(
            "by-entry", [column, one, result], [r"$\odot$", "="], NUMBERED,
            f"The same with the diagonal as a column, {listed}, and an element-wise product.",
        ),
    ))  # fmt: skip


def outer_product(network: Network, x: Array, y: Array, row: int = 1, column: int = 1) -> Drawing:
    """Draw dW[2] of one example as a table: dz[2] at its side, a[1] on top, one entry marked.

    `x` is (n_0, 1) and `y` (n_2, 1).  Raises `ValueError` for a network of another depth, for more
    than one example, or for an entry that W[2] lacks.
    """
    _, hidden, outputs = _sizes(network)
    for name, number, units in (("row", row, outputs), ("column", column, hidden)):
        if not 1 <= number <= units:
            raise ValueError(f"{name}: expected a number from 1 to {units}, got {number}")
    cache, grads = _one_example(network, x, y)
    (across, down), gap = NUMBERED, 0.16
    sheet = Sheet("outer", (-1.4, hidden * across + 0.2), (-outputs * down - 0.2, down + gap + 0.75))
    side = Block("$dz^{[2]}$", "dz", (outputs, 1), grads.dZ[2], frozenset({(row, 1)}))
    top = Block("$a^{[1]T}$", "a", (1, hidden), cache.A[1].T, frozenset({(1, column)}))
    inside = Block("$dW^{[2]}$", "dW", (outputs, hidden), grads.dW[2], frozenset({(row, column)}))
    draw_cells(sheet, inside, (0.0, 0.0), NUMBERED)
    draw_cells(sheet, side, (-across - gap, 0.0), NUMBERED)
    draw_cells(sheet, top, (0.0, down + gap), NUMBERED)
    sheet.text((hidden * across / 2, down + gap + 0.22), top.name, COLOURS["a"].light)
    sheet.text((-across - gap - 0.35, -outputs * down / 2), side.name, COLOURS["dz"].light)
    sheet.text((hidden * across / 2, down + gap + 0.57), f"Entry {row}, {column} of $dW^{{[2]}}$", size=10)
    left, above, entry = grads.dZ[2][row - 1, 0], cache.A[1][column - 1, 0], grads.dW[2][row - 1, column - 1]
    return Drawing((
        sheet.panel(
            340,
            f"A table of {outputs} rows and {hidden} columns, dW[2]. At its side is dz[2], "
            f"{_listed(grads.dZ[2][:, 0])}; on top a[1], {_listed(cache.A[1][:, 0])}. Each entry is the number at "
            f"its side times the number on top. Marked: row {row}, column {column}, "
            f"{_three(left)} times {_three(above)}, which is {_three(entry)}.",
        ),
    ))  # fmt: skip


def product_panel(
    name: str, blocks: Sequence[Block], signs: Sequence[str], cell: Place, description: str, *, decimals: int = 3
) -> Panel:
    """Draw a product in a line: names above, shapes below, and between factors their inner sizes."""
    widths = [max(block.shape[1] * cell[0], 0.5) for block in blocks]
    gaps = [0.42 if sign else 0.2 for sign in signs]
    across = sum(widths) + sum(gaps)
    half = max(block.shape[0] for block in blocks) * cell[1] / 2
    # Below the shapes there is room for the inner sizes, where there are any.
    sheet = Sheet(name, (-0.25, across + 0.25), (-half - (0.4 if all(signs) else 0.78), half + 0.45))
    x, centres = 0.0, []
    for block, width, gap in zip(blocks, widths, [*gaps, 0.0], strict=True):
        centre = x + width / 2
        corner = (centre - block.shape[1] * cell[0] / 2, block.shape[0] * cell[1] / 2)
        draw_cells(sheet, block, corner, cell, decimals=decimals)
        sheet.text((centre, half + 0.24), block.name, COLOURS[block.letter].light)
        sheet.text((centre, -half - 0.2), block.said, size=10)
        centres.append(centre)
        x += width + gap
    for n, sign in enumerate(signs):
        if sign:
            place = (centres[n] + widths[n] / 2 + gaps[n] / 2, 0.0)
            sheet.text(place, sign, size=13)
        else:
            _inner_sizes(sheet, (centres[n], centres[n + 1]), -half - 0.32, blocks[n].shape[1], blocks[n + 1].shape[0])
    return sheet.panel(round(100 * (across + 0.5)), description)


def _inner_sizes(sheet: Sheet, centres: tuple[float, float], y: float, left: int, right: int) -> None:
    """Join the last number of one shape to the first of the next; a dashed line where they differ."""
    start, end = centres[0] + 0.1, centres[1] - 0.1
    corners = [(start, y), (start, y - 0.1), (end, y - 0.1), (end, y)]
    for here, there in pairwise(corners):
        sheet.edge(here, there, INK, dashed=left != right)
    sign = "=" if left == right else r"\neq"
    sheet.text(((start + end) / 2, y - 0.28), f"${left} {sign} {right}$", size=10)


def draw_cells(sheet: Sheet, block: Block, upper_left: Place, cell: Place, *, decimals: int = 3) -> None:
    """Draw the cells of a block, with its numbers if it has any; what a book typed, as 0.9, needs no more digits."""
    (left, top), (across, down) = upper_left, cell
    colour = COLOURS[block.letter].light
    entries = [entry for row in block.numbers for entry in row] if block.numbers is not None else []
    shown = 1 if all(round(entry, 1) == entry for entry in entries) else decimals
    for k in range(1, block.shape[0] + 1):
        for j in range(1, block.shape[1] + 1):
            corner = (left + (j - 1) * across, top - k * down)
            sheet.cell(corner, across, down, colour, strong=(k, j) in block.strong)
            if block.numbers is not None:
                number = block.numbers[k - 1][j - 1]
                place = (corner[0] + across / 2, corner[1] + down / 2)
                sheet.text(place, f"${number:.{shown}f}$" if number else "$0$", INK if number else FAINT, size=10)


def _three(number: float) -> str:
    return f"{number:.3f}"


def _listed(numbers: Sequence[float]) -> str:
    *first, last = [_three(number) for number in numbers]
    return f"{', '.join(first)} and {last}" if first else last


def _one_example(network: Network, x: Array, y: Array) -> tuple[Any, Any]:
    cache = forward(network, x)
    if cache.m != 1:
        raise ValueError(f"x: expected one example, a column of shape (n_0, 1), got {cache.m} examples")
    return cache, backward(network, cache, y)


def _sizes(network: Network) -> tuple[int, ...]:
    if network.L != 2:
        raise ValueError(f"network: expected two layers, got {network.L}; the figures show W[2]")
    return network.sizes
