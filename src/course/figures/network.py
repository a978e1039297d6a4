"""Figures of a two-layer network, such as the book's: the paths to the loss, and W[2] both ways."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from backprop import backward, forward
from course.colours import COLOURS
from course.drawing import FAINT, INK, Drawing, Panel, Place, Sheet

if TYPE_CHECKING:
    from backprop import Network

Array = Any
WEIGHT, VALUE, SUM, PRIME = (COLOURS[letter].light for letter in ("W", "a", "z", "g"))


def paths_to_loss(network: Network, x: Array, y: Array, unit: int = 1) -> Drawing:
    """Draw a two-layer network with all paths from z of one hidden unit to the loss, and the derivative of each step.

    `x` is (n_0, 1) and `y` (n_2, 1), one example; `unit` counts from 1.  Raises `ValueError` for a
    network of another depth, for more than one example, or for a unit that it lacks.
    """
    n = _sizes(network)
    _check("unit", unit, n[1])
    cache = forward(network, x)
    if cache.m != 1:
        raise ValueError(f"x: expected one example, a column of shape (n_0, 1), got {cache.m} examples")
    slopes, prime = backward(network, cache, y).dZ[2][:, 0], network.g[1].prime(cache.Z[1])[unit - 1, 0]
    sums, values, outputs = _layer(0.0, n[1], 0.8), _layer(1.12, n[1], 0.8), _layer(2.5, n[2], 1.3)
    loss = (3.62, 0.0)
    sheet = Sheet("paths", (-0.32, 3.86), (-1.12, 1.5))
    for j, (start, middle) in enumerate(zip(sums, values, strict=True), 1):
        on = j == unit
        sheet.edge(start, middle, PRIME if on else FAINT, bold=on, arrow=on, gaps=(0.3, 0.32) if on else (0, 0))
        for k, end in enumerate(outputs, 1):
            ends = (0.3, 0.34) if on else (0.0, 0.0)
            sheet.edge(middle, end, WEIGHT if on else FAINT, bold=on, dashed=on and k % 2 == 0, arrow=on, gaps=ends)
    for k, start in enumerate(outputs, 1):
        sheet.edge(start, loss, SUM, bold=True, dashed=k % 2 == 0, arrow=True, gaps=(0.32, 0.26))
    for j, (start, middle) in enumerate(zip(sums, values, strict=True), 1):
        sheet.unit(start, "z", j, 1, strong=j == unit)
        sheet.unit(middle, "a", j, 1, strong=j == unit)
    for k, place in enumerate(outputs, 1):
        sheet.unit(place, "z", k, 2, strong=True)
        sheet.text(_between(values[unit - 1], place, 0.6), _times(network.W[2][k - 1, unit - 1], 1), WEIGHT, paper=True)
        sheet.text(_between(place, loss, 0.5), _times(slopes[k - 1], 3), SUM, paper=True)
    sheet.unit(loss, "L", 0, 0, strong=True)
    middle = _between(sums[unit - 1], values[unit - 1], 0.5)
    sheet.text((middle[0], middle[1] + 0.26), _times(prime, 3), PRIME)
    for place, head in (((0.56, 1.36), "layer 1"), ((2.5, 1.36), "layer 2"), ((3.62, 1.36), "loss")):
        sheet.text(place, head, size=10)
    through = "; ".join(
        f"through unit {k} of layer 2, times {network.W[2][k - 1, unit - 1]:.1f} and then times {slopes[k - 1]:.3f}"
        for k in range(1, n[2] + 1)
    )
    return Drawing((
        sheet.panel(
            480,
            f"The {n[1]} hidden units, the {n[2]} output units and the loss. Hidden unit {unit} is marked. From its z "
            f"one step leads to its a, times {prime:.3f}, and from there {n[2]} paths lead to the loss: {through}.",
        ),
    ))


def weights_both_ways(network: Network, row: int = 1, column: int = 1) -> Drawing:
    """Draw W[2] twice over the same edges: a row read forwards, a column read backwards.

    The forward panel marks the edges into output unit `row`, the backward panel those out of
    hidden unit `column`; both count from 1.  Raises `ValueError` for a network of another depth,
    or a row or column that W[2] lacks.
    """
    n = _sizes(network)
    _check("row", row, n[2])
    _check("column", column, n[1])
    return Drawing((_forwards(network, row), _backwards(network, column)), paired=True)


def _forwards(network: Network, row: int) -> Panel:
    sheet = Sheet("forwards", (0.0, 2.2), (-2.3, 1.6))
    marked = {(row, j) for j in range(1, network.sizes[1] + 1)}
    _weights(sheet, network, marked, ("a", "z"), backwards=False)
    sheet.text((1.1, 1.42), f"Forwards: row {row}", size=10.5)
    return sheet.panel(
        300,
        f"Forwards: the edges into output unit {row} carry row {row} of W[2], "
        f"{_listed(network.W[2][row - 1])}. They bring every a of layer 1 to z {row} of layer 2.",
    )


def _backwards(network: Network, column: int) -> Panel:
    sheet = Sheet("backwards", (0.0, 2.2), (-2.3, 1.6))
    marked = {(k, column) for k in range(1, network.sizes[2] + 1)}
    _weights(sheet, network, marked, ("da", "dz"), backwards=True)
    sheet.text((1.1, 1.42), f"Backwards: column {column}", size=10.5)
    return sheet.panel(
        300,
        f"Backwards: the edges out of hidden unit {column} carry column {column} of W[2], "
        f"{_listed(network.W[2][:, column - 1])}. Read from the outputs they bring every dz of "
        f"layer 2 to da {column} of layer 1.",
    )


def _weights(
    sheet: Sheet,
    network: Network,
    marked: set[tuple[int, int]],
    letters: tuple[str, str],
    *,
    backwards: bool,
) -> None:
    """Draw the edges between layer 1 and layer 2, and W[2] below, with the same entries marked."""
    W = network.W[2]
    left, right = _layer(0.36, W.shape[1], 0.82), _layer(1.84, W.shape[0], 1.1)
    for k, end in enumerate(right, 1):
        for j, start in enumerate(left, 1):
            on = (k, j) in marked
            ends = (end, start) if backwards else (start, end)
            gaps = (0.0, 0.36) if on else (0.0, 0.0)
            sheet.edge(*ends, WEIGHT if on else FAINT, bold=on, arrow=on, gaps=gaps)
    for k, j in sorted(marked):
        # Near the layer where the marked edges lie apart, so that their numbers do too.
        place = _between(left[j - 1], right[k - 1], 0.62 if backwards else 0.38)
        sheet.text(place, _times(W[k - 1, j - 1], 1), WEIGHT, size=10.5, paper=True)
    for j, place in enumerate(left, 1):
        sheet.unit(place, letters[0], j, 1, strong=any(j == on for _, on in marked), size=10.5)
    for k, place in enumerate(right, 1):
        sheet.unit(place, letters[1], k, 2, strong=any(k == on for on, _ in marked), size=10.5)
    _matrix(sheet, network, marked)


def _matrix(sheet: Sheet, network: Network, marked: set[tuple[int, int]]) -> None:
    W = network.W[2]
    rows, columns = W.shape
    across, down = 0.56, 0.36
    x, y = 1.1 - across * (columns - 1) / 2, -1.68
    places = {(k, j): (x + across * (j - 1), y - down * (k - 1))
              for k in range(1, rows + 1) for j in range(1, columns + 1)}
    first, last = places[min(marked)], places[max(marked)]
    width, height = last[0] - first[0] + 0.52, first[1] - last[1] + 0.32
    sheet.frame(_between(first, last, 0.5), width, height, WEIGHT, 1.6)
    lowest, highest = places[rows, 1], places[1, columns]
    sheet.brackets((lowest[0] - 0.34, lowest[1] - 0.24), (highest[0] + 0.34, highest[1] + 0.24))
    for (k, j), place in places.items():
        colour = WEIGHT if (k, j) in marked else INK
        sheet.text(place, _times(W[k - 1, j - 1], 1), colour, size=10.5)
    sheet.text((1.1, y + 0.44), "$W^{[2]}$", WEIGHT, size=10.5)


def _times(value: float, decimals: int) -> str:
    return f"${value:.{decimals}f}$"


def _between(start: Place, end: Place, t: float) -> Place:
    return start[0] + t * (end[0] - start[0]), start[1] + t * (end[1] - start[1])


def _layer(x: float, units: int, step: float = 0.7) -> list[Place]:
    """Return the place of each unit of a layer, unit 1 at the top, centred on height 0."""
    return [(x, ((units - 1) / 2 - i) * step) for i in range(units)]


def _listed(numbers: Iterable[float]) -> str:
    *first, last = [f"{number:.1f}" for number in numbers]
    return f"{', '.join(first)} and {last}" if first else last


def _sizes(network: Network) -> tuple[int, ...]:
    if network.L != 2:
        raise ValueError(f"network: expected two layers, got {network.L}; the figures show W[2]")
    return network.sizes


def _check(name: str, number: int, units: int) -> None:
    if not 1 <= number <= units:
        raise ValueError(f"{name}: expected a number from 1 to {units}, got {number}")
