"""Figures of a two-layer network, such as the book's: the paths to the loss, and W[2] both ways."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from course.colours import COLOURS
from course.drawing import FAINT, INK, Drawing, Panel, Place, Sheet

if TYPE_CHECKING:
    from backprop import Network

WEIGHT, VALUE = COLOURS["W"].light, COLOURS["a"].light


def paths_to_loss(network: Network, unit: int = 1) -> Drawing:
    """Draw a two-layer network with all paths from z of one hidden unit to the loss.

    `unit` counts from 1.  Raises `ValueError` for a network of another depth, or a unit that it
    lacks.
    """
    n = _sizes(network)
    _check("unit", unit, n[1])
    across = (0.0, 1.15, 2.55, 3.6)
    inputs, hidden, outputs = (
        _layer(x, units) for x, units in zip(across[:3], n, strict=True)
    )
    loss = (across[3], 0.0)
    sheet = Sheet("paths", (-0.3, 3.85), (-1.4, 1.75))
    for start in inputs:
        for end in hidden:
            sheet.edge(start, end, FAINT)
    for j, start in enumerate(hidden, 1):
        for k, end in enumerate(outputs, 1):
            on = j == unit
            colour = WEIGHT if on else FAINT
            sheet.edge(start, end, colour, bold=on, dashed=on and k % 2 == 0)
    for k, start in enumerate(outputs, 1):
        sheet.edge(start, loss, VALUE, bold=True, dashed=k % 2 == 0)
    for j, place in enumerate(inputs, 1):
        sheet.unit(place, ["x"], str(j), strong=False)
    for j, place in enumerate(hidden, 1):
        sheet.unit(place, ["z", "a"], str(j), strong=j == unit)
    for k, place in enumerate(outputs, 1):
        sheet.unit(place, ["z", "a"], str(k), strong=True)
    sheet.unit(loss, ["L"], "", strong=True)
    for x, head in zip(across, ("input", "layer 1", "layer 2", "loss"), strict=True):
        sheet.text((x, 1.58), head, size=9.5)
    for l in (1, 2):
        sheet.text(((across[l - 1] + across[l]) / 2, 1.15), f"$W^{{[{l}]}}$", WEIGHT)
    return Drawing((
        sheet.panel(
            520,
            f"The network {'–'.join(map(str, n))} and the loss. Hidden unit {unit} is marked: from "
            f"its z the way leads through its a, then along {n[2]} edges, one to each output unit, "
            f"and from each of them to the loss. That makes {n[2]} paths.",
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
    return Drawing((_forwards(network, row), _backwards(network, column)))


def _forwards(network: Network, row: int) -> Panel:
    sheet = Sheet("forwards", (-0.1, 3.1), (-2.2, 1.95))
    marked = {(row, j) for j in range(1, network.sizes[1] + 1)}
    _weights(sheet, network, marked, ("a", "z"), backwards=False)
    sheet.text((1.5, 1.8), f"Forwards: row {row}", size=10)
    sheet.text((1.5, 1.45), rf"$z_{row} = \sum_j\, W_{{{row}j}}\, a_j + b_{row}$")
    return sheet.panel(
        320,
        f"Forwards: the edges into output unit {row} carry row {row} of W[2], "
        f"{_listed(network.W[2][row - 1])}. They bring every a of layer 1 to z {row} of layer 2.",
    )


def _backwards(network: Network, column: int) -> Panel:
    sheet = Sheet("backwards", (-0.1, 3.1), (-2.2, 1.95))
    marked = {(k, column) for k in range(1, network.sizes[2] + 1)}
    _weights(sheet, network, marked, ("da", "dz"), backwards=True)
    sheet.text((1.5, 1.8), f"Backwards: column {column}", size=10)
    sheet.text((1.5, 1.45), rf"$da_{column} = \sum_k\, W_{{k{column}}}\, dz_k$")
    return sheet.panel(
        320,
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
    left, right = _layer(0.25, W.shape[1], 0.8), _layer(2.75, W.shape[0], 1.0)
    for k, end in enumerate(right, 1):
        for j, start in enumerate(left, 1):
            on = (k, j) in marked
            ends = (end, start) if backwards else (start, end)
            gaps = (0.0, 0.3) if on else (0.0, 0.0)
            sheet.edge(*ends, WEIGHT if on else FAINT, bold=on, arrow=on, gaps=gaps)
    for k, j in sorted(marked):
        # Near the layer where the marked edges lie apart, so that their numbers do too.
        place = _between(left[j - 1], right[k - 1], 0.66 if backwards else 0.34)
        sheet.text(place, f"${W[k - 1, j - 1]:.1f}$", WEIGHT, size=10.5, paper=True)
    for j, place in enumerate(left, 1):
        sheet.unit(place, [letters[0]], str(j), strong=any(j == on for _, on in marked))
    for k, place in enumerate(right, 1):
        sheet.unit(place, [letters[1]], str(k), strong=any(k == on for on, _ in marked))
    _matrix(sheet, network, marked)


def _matrix(sheet: Sheet, network: Network, marked: set[tuple[int, int]]) -> None:
    W = network.W[2]
    rows, columns = W.shape
    across, down = 0.6, 0.36
    x, y = 1.85 - across * (columns - 1) / 2, -1.5
    places = {(k, j): (x + across * (j - 1), y - down * (k - 1))
              for k in range(1, rows + 1) for j in range(1, columns + 1)}
    first, last = places[min(marked)], places[max(marked)]
    width, height = last[0] - first[0] + 0.54, first[1] - last[1] + 0.32
    sheet.frame(_between(first, last, 0.5), width, height, WEIGHT, 1.6)
    lowest, highest = places[rows, 1], places[1, columns]
    sheet.brackets(
        (lowest[0] - 0.36, lowest[1] - 0.24), (highest[0] + 0.36, highest[1] + 0.24)
    )
    for (k, j), place in places.items():
        colour = WEIGHT if (k, j) in marked else INK
        sheet.text(place, f"${W[k - 1, j - 1]:.1f}$", colour, size=10.5)
    sheet.text((x - 0.85, y - down * (rows - 1) / 2), "$W^{[2]} =$")


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
