"""Figures of the operations on matrices, each with the numbers of a two-layer network and one example."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backprop import backward, forward
from course.colours import COLOURS
from course.drawing import Drawing, Sheet
from course.figures.shapes import NUMBERED, Block, draw_cells, product_panel

if TYPE_CHECKING:
    from backprop import Cache, Network

Array = Any


def rows_and_columns(network: Network) -> Drawing:
    """Draw W[2] with its rows and columns named, and the entry in the last row, column 1, marked."""
    block = _weights(network)
    rows, columns = block.shape
    marked = Block(block.name, block.letter, block.shape, block.numbers, frozenset({(rows, 1)}))
    across, down = 0.85, 0.36
    sheet = Sheet("rows-columns", (-0.75, columns * across + 0.1), (-rows * down - 0.12, 0.62))
    draw_cells(sheet, marked, (0.0, 0.0), (across, down), decimals=1)
    for k in range(1, rows + 1):
        sheet.text((-0.38, -(k - 0.5) * down), f"row {k}", size=10)
    for j in range(1, columns + 1):
        sheet.text(((j - 0.5) * across, 0.17), f"column {j}", size=10)
    sheet.text((columns * across / 2, 0.47), block.name, COLOURS["W"].light)
    listed = "; ".join(", ".join(f"{entry:.1f}" for entry in row) for row in block.numbers)
    return Drawing((
        sheet.panel(
            330,
            f"The matrix W[2] with {rows} rows and {columns} columns: {listed}. Marked: row {rows}, column 1, "
            f"which is {block.numbers[rows - 1, 0]:.1f}.",
        ),
    ))


def row_times_column(network: Network, cache: Cache) -> Drawing:
    """Draw W[2] a[1] with numbers, row 1 marked with the entry that it gives.  `cache` holds one example."""
    W, a = network.W[2], cache.A[1]
    rows, columns = W.shape
    product = W @ a
    blocks = [
        _marked(_weights(network), {(1, j) for j in range(1, columns + 1)}),
        _marked(_column("$a^{[1]}$", "a", a), {(j, 1) for j in range(1, columns + 1)}),
        _marked(_column("$W^{[2]} a^{[1]}$", "z", product), {(1, 1)}),
    ]
    return Drawing((
        product_panel(
            "row-column", blocks, ["", "="], NUMBERED,
            f"W[2], {rows} rows and {columns} columns, times the column a[1], {_said(a)}. "
            f"Row 1, {_said(W[0], 1)}, times the column gives the first entry, {product[0, 0]:.3f}.",
        ),
    ))  # fmt: skip


def transposed(network: Network) -> Drawing:
    """Draw W[2] and its transpose, the same numbers marked in a row and in a column."""
    W = network.W[2]
    along = range(1, W.shape[1] + 1)
    before = _marked(_weights(network), {(1, j) for j in along})
    after = _marked(Block("$W^{[2]T}$", "W", W.T.shape, W.T), {(j, 1) for j in along})
    return Drawing((
        product_panel(
            "transposed", [before, after], [r"$\to$"], NUMBERED,
            f"W[2] is {before.said}, and its transpose is {after.said}. Row 1, {_said(W[0], 1)}, has become column 1.",
            decimals=1,
        ),
    ))  # fmt: skip


def every_pair(cache: Cache) -> Drawing:
    """Draw the outer product of z[2] and a[1]: every number of the one times every number of the other."""
    z, a = cache.Z[2], cache.A[1]
    blocks = [
        _marked(_column("$z^{[2]}$", "z", z), {(1, 1)}),
        _marked(Block("$a^{[1]T}$", "a", a.T.shape, a.T), {(1, 2)}),
        _marked(Block("$z^{[2]} a^{[1]T}$", "W", (len(z), len(a)), z @ a.T), {(1, 2)}),
    ]
    return Drawing((
        product_panel(
            "every-pair", blocks, ["", "="], (0.45, 0.33),
            f"The column z[2], {_said(z)}, times the row a[1] transposed, {_said(a)}, is a table of "
            f"{len(z)} rows and {len(a)} columns. "
            f"Marked: {z[0, 0]:.2f} times {a[1, 0]:.2f} is {z[0, 0] * a[1, 0]:.2f}.",
            decimals=2,
        ),
    ))  # fmt: skip


def place_by_place(cache: Cache) -> Drawing:
    """Draw the element-wise product of a[1] and z[1], one place marked."""
    a, z = cache.A[1], cache.Z[1]
    blocks = [
        _marked(_column("$a^{[1]}$", "a", a), {(2, 1)}), _marked(_column("$z^{[1]}$", "z", z), {(2, 1)}),
        _marked(_column(r"$a^{[1]} \odot z^{[1]}$", "a", a * z), {(2, 1)}),
    ]  # fmt: skip
    return Drawing((
        product_panel(
            "place-by-place", blocks, [r"$\odot$", "="], (0.66, 0.33),
            f"The columns a[1], {_said(a)}, and z[1], {_said(z)}, multiplied number by number: {_said(a * z)}.",
        ),
    ))  # fmt: skip


def diagonal_times_column(cache: Cache) -> Drawing:
    """Draw diag(a[1]) times z[1] with numbers."""
    a, z = cache.A[1], cache.Z[1]
    diagonal = [[a[i, 0] if i == j else 0 for j in range(len(a))] for i in range(len(a))]
    onto = {(i, i) for i in range(1, len(a) + 1)}
    square = _marked(Block(r"$\mathrm{diag}(a^{[1]})$", "a", (len(a), len(a)), diagonal), onto)
    return Drawing((
        product_panel(
            "diagonal-column", [square, _column("$z^{[1]}$", "z", z), _column("", "a", a * z)], ["", "="], NUMBERED,
            f"A square matrix with {_said(a)} on its diagonal and 0 everywhere else, times the column z[1], "
            f"{_said(z)}, is {_said(a * z)}.",
        ),
    ))  # fmt: skip


def answer_in_numbers(network: Network, x: Array, y: Array) -> Drawing:
    """Draw W[2]T dz[2] = da[1] and da[1] ⊙ g[1]′ = dz[1] with the numbers of one example."""
    cache = forward(network, x)
    if cache.m != 1:
        raise ValueError(f"x: expected one example, a column of shape (n_0, 1), got {cache.m} examples")
    grads = backward(network, cache, y)
    prime = network.g[1].prime(cache.Z[1])
    W, dz, da = network.W[2], grads.dZ[2], grads.dA[1]
    turned = Block("$W^{[2]T}$", "W", W.T.shape, W.T)
    one = _column("$da^{[1]}$", "da", da)
    return Drawing((
        product_panel(
            "answer-product", [turned, _column("$dz^{[2]}$", "dz", dz), one], ["", "="], NUMBERED,
            f"W[2] transposed, {'; '.join(_said(row, 1) for row in W.T)}, times dz[2], {_said(dz)}, "
            f"is da[1]: {_said(da)}.",
        ),
        product_panel(
            "answer-element-wise",
            [one, _column(r"$g^{[1]\prime}(z^{[1]})$", "g", prime), _column("$dz^{[1]}$", "dz", grads.dZ[1])],
            [r"$\odot$", "="], (0.66, 0.33),
            f"da[1] element-wise times g[1] prime, {_said(prime)}, is dz[1]: {_said(grads.dZ[1])}.",
        ),
    ))  # fmt: skip


def _weights(network: Network) -> Block:
    if network.L != 2:
        raise ValueError(f"network: expected two layers, got {network.L}; the figures show W[2]")
    return Block("$W^{[2]}$", "W", network.W[2].shape, network.W[2])


def _column(name: str, letter: str, array: Array) -> Block:
    if array.shape[1] != 1:
        raise ValueError(f"cache: expected one example, columns of shape (n, 1), got {array.shape[1]} examples")
    return Block(name, letter, array.shape, array)


def _marked(block: Block, cells: set[tuple[int, int]]) -> Block:
    return Block(block.name, block.letter, block.shape, block.numbers, frozenset(cells))


def _said(numbers: Array, decimals: int = 3) -> str:
    *first, last = [f"{number:.{decimals}f}" for number in numbers.ravel()]
    return f"{', '.join(first)} and {last}" if first else last
