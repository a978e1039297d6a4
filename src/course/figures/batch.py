"""Figures of a batch: its examples as columns, and dZ Aᵀ as a sum of one small matrix per example."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from course.colours import COLOURS
from course.drawing import Drawing, Panel, Sheet
from course.figures.arrays import number, spoken, write_array

if TYPE_CHECKING:
    from backprop import Cache, Gradients, Network

Array = Any
VALUE, SUM, WEIGHT = (COLOURS[letter].light for letter in ("a", "z", "W"))


def columns_of_a_batch(network: Network, cache: Cache, example: int = 1) -> Drawing:
    """Draw Z[1] = W[1] X + b[1] with numbers, the column of one example framed.

    `example` counts from 1.  Raises `ValueError` for an example that the cache lacks.
    """
    _check_example(example, cache)
    framed = (example,)
    W, b, X, Z = network.W[1], network.b[1], cache.A[0], cache.Z[1]
    n_0, m = X.shape
    n_1 = Z.shape[0]
    wide, size = 0.41, 10.0
    product = Sheet("batch-product", (-0.1, wide * (n_0 + m) + 0.62), (-0.3 * n_0 - 0.2, 0.6))
    below = -0.15 * (n_0 - n_1)  # the smaller matrix stands at half height
    centre = write_array(product, W, (0.15, below), WEIGHT, decimals=1, cell=(wide, 0.3), size=size)
    product.text((centre[0], below + 0.27), "$W^{[1]}$", WEIGHT)
    right = 0.15 + wide * n_0 + 0.24
    centre = write_array(product, X, (right, 0.0), VALUE, decimals=1, cell=(wide, 0.3), columns=framed, size=size)
    product.text((centre[0], 0.27), "$X$", VALUE)
    result = Sheet("batch-sum", (-0.45, wide * 1 + 0.52 * m + 0.95), (-0.3 * n_0 - 0.2, 0.6))
    result.text((-0.26, -0.15 * n_0), "$+$", size=13)
    centre = write_array(result, b, (0.05, below), COLOURS["b"].light, decimals=1, cell=(wide, 0.3), size=size)
    result.text((centre[0], below + 0.27), "$b^{[1]}$", COLOURS["b"].light)
    result.text((0.05 + wide + 0.28, -0.15 * n_0), "$=$", size=13)
    centre = write_array(
        result, Z, (0.05 + wide + 0.58, below), SUM, cell=(0.52, 0.3), columns=framed, size=size
    )
    result.text((centre[0], below + 0.27), "$Z^{[1]}$", SUM)
    column = slice(example - 1, example)
    return Drawing((
        product.panel(
            _width(product),
            f"The matrix W[1], {n_1} rows and {n_0} columns, times X, {n_0} rows and {m} columns. "
            f"Column {example} of X is framed: {spoken(X[:, column].T, 1)}.",
        ),
        result.panel(
            _width(result),
            f"Plus the column b[1], {spoken(b.T, 1)}, which is added to every column, gives Z[1], "
            f"{n_1} rows and {m} columns. Column {example} of Z[1] is framed: "
            f"{spoken(Z[:, column].T)}. It comes from column {example} of X and from no other.",
        ),
    ))


def rank_one_tiles(cache: Cache, grads: Gradients, layer: int = 2) -> Drawing:
    """Draw dW[l] as a mean over examples: a column times a row for each, then their mean.

    Raises `ValueError` for a layer that the network lacks.
    """
    if layer not in grads.dZ:
        raise ValueError(f"layer: expected one of {', '.join(map(str, grads.dZ))}, got {layer}")
    dZ, A = grads.dZ[layer], cache.A[layer - 1]
    tiles = [_tile(dZ[:, i], A[:, i], i + 1, layer) for i in range(cache.m)]
    return Drawing((*tiles, _mean(grads.dW[layer], cache.m, layer)), paired=True)


def _tile(dz: Array, a: Array, example: int, layer: int) -> Panel:
    """Draw one example's tile: dz at the left, aᵀ on top, their products where they cross."""
    rows, columns = len(dz), len(a)
    wide, high, side, size = 0.5, 0.31, 0.62, 10.5
    sheet = Sheet(f"tile-{example}", (-side, wide * columns + 0.06), (-high * rows - 0.12, 0.95))
    for j in range(columns):
        sheet.text(((j + 0.5) * wide, 0.28), number(a[j]), VALUE, size=size)
    for k in range(rows):
        sheet.text((-0.33, -(k + 0.5) * high), number(dz[k]), SUM, size=size)
    product = dz[:, None] * a[None, :]
    write_array(sheet, product, (0.0, 0.0), WEIGHT, cell=(wide, high), size=size)
    sheet.text((wide * columns / 2, 0.54), rf"$a^{{[{layer - 1}]({example})T}}$", VALUE, size=size)
    sheet.text((-0.33, 0.28), rf"$dz^{{[{layer}]({example})}}$", SUM, size=size)
    sheet.text((wide * columns / 2, 0.82), f"example {example}", size=size)
    return sheet.panel(
        _width(sheet),
        f"Example {example}: the column dz[{layer}], {spoken(dz[None, :])}, times the row "
        f"a[{layer - 1}] transposed, {spoken(a[None, :])}, is the matrix {spoken(product)}.",
    )


def _mean(dW: Array, m: int, layer: int) -> Panel:
    rows, columns = dW.shape
    wide, high, side, size = 0.5, 0.31, 0.62, 10.5
    sheet = Sheet("tile-total", (-side, wide * columns + 0.06), (-high * rows - 0.12, 0.95))
    write_array(sheet, dW, (0.0, 0.0), WEIGHT, cell=(wide, high), size=size)
    sheet.text((wide * columns / 2, 0.82), f"mean of the {m}", size=size)
    sheet.text((wide * columns / 2, 0.46), rf"$dW^{{[{layer}]}}$", WEIGHT, size=size)
    return sheet.panel(
        _width(sheet),
        f"The mean of the {m} matrices, their sum divided by m = {m}, is dW[{layer}]: {spoken(dW)}.",
    )


def _width(sheet: Sheet) -> int:
    """Return the width in CSS pixels: the same scale in every panel, so that letters are alike."""
    return round(100 * sheet.width)


def _check_example(example: int, cache: Cache) -> None:
    if not 1 <= example <= cache.m:
        raise ValueError(f"example: expected a number from 1 to {cache.m}, got {example}")
