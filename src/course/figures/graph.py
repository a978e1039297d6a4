"""Figures of the computation: every quantity of the network with its gradient, and one layer both ways."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from course.colours import COLOURS
from course.drawing import FAINT, INK, Drawing, Panel, Place, Sheet
from course.figures.arrays import number, spoken

if TYPE_CHECKING:
    from backprop import Cache, Gradients, Network

Array = Any
VALUE, SUM, WEIGHT = (COLOURS[letter].light for letter in ("a", "z", "W"))
#: Half the width of a node, and the height of a line of numbers in it.
HALF, LINE = 0.62, 0.29


def computation_graph(network: Network, cache: Cache, grads: Gradients, loss: float) -> Drawing:
    """Draw a two-layer network with one example as a graph: each quantity with its slopes.

    Above the nodes the forward steps are written, below them the backward steps.  `loss` is the
    loss of the example.  Raises `ValueError` for another depth or more than one example.
    """
    if network.L != 2 or cache.m != 1:
        raise ValueError(
            f"network: expected two layers and one example, got {network.L} and {cache.m}"
        )
    last = ("The loss", [_quantity("a", 2, cache, grads), (r"\mathcal{L}", "", INK, np.array([[loss]]), None)])
    panels = [
        _row(
            f"Layer {l}",
            [_quantity("a", l - 1, cache, grads), _quantity("z", l, cache, grads), _quantity("a", l, cache, grads)],
            [
                (rf"$W^{{[{l}]}},\ b^{{[{l}]}}$", rf"$W^{{[{l}]T}}$"),
                (rf"$g^{{[{l}]}}$", rf"$\odot\ g^{{[{l}]\prime}}$"),
            ],
        )
        for l in (1, 2)
    ]
    return Drawing((*panels, _row(*last, [("with $y$", "with $y$")])))


Node = tuple[str, str, str, Array, Array | None]


def _quantity(letter: str, l: int, cache: Cache, grads: Gradients) -> Node:
    """Return how a column and its slopes are headed, their colour and their numbers."""
    name = "x" if (letter, l) == ("a", 0) else f"{letter}^{{[{l}]}}"
    if letter == "z":
        return name, f"dz^{{[{l}]}}", SUM, cache.Z[l], grads.dZ[l]
    return name, f"da^{{[{l}]}}", VALUE, cache.A[l], grads.dA[l]


def _row(head: str, nodes: list[Node], steps: list[tuple[str, str]]) -> Panel:
    """Draw a row of nodes; each step has a text for the way forwards and one for the way back."""
    step = 2.0
    lines = max(len(node[3]) for node in nodes)
    low = -LINE * (lines + 1) / 2 - 0.4
    name = "graph-" + head.lower().replace(" ", "-")
    sheet = Sheet(name, (-HALF - 0.05, step * (len(nodes) - 1) + HALF + 0.05), (low, -low))
    for n, node in enumerate(nodes):
        _node(sheet, (step * n, 0.0), node)
    for n, (forwards, backwards) in enumerate(steps):
        left, right = step * n + HALF, step * (n + 1) - HALF
        middle = (left + right) / 2
        colour = WEIGHT if "W" in forwards else INK
        sheet.edge((left, 0.16), (right, 0.16), INK, arrow=True, gaps=(0.05, 0.05))
        sheet.text((middle, 0.42), forwards, colour, size=9.5)
        sheet.edge((right, -0.16), (left, -0.16), FAINT, arrow=True, dashed=True, gaps=(0.05, 0.05))
        sheet.text((middle, -0.42), backwards, colour, size=9.5)
    sheet.text((step * (len(nodes) - 1) / 2, -low - 0.12), head, size=10)
    return sheet.panel(
        round(90 * sheet.width),
        f"{head}. Forwards, to the right: {'; then '.join(map(_said, nodes))}. Dashed arrows lead back from "
        "right to left and bring the slopes.",
    )


def _node(sheet: Sheet, centre: Place, node: Node) -> None:
    """Draw a frame with two columns in it: values at the left, slopes at the right."""
    letter, slope, colour, values, slopes = node
    lines = len(values)
    sheet.frame(centre, 2 * HALF, LINE * (lines + 1) + 0.16, colour, 1.2, corner=0.15)
    top = centre[1] + LINE * lines / 2
    shown = [(letter, values, 0.0)] if slopes is None else [(letter, values, -0.3), (slope, slopes, 0.3)]
    for head, column, x in shown:
        sheet.text((centre[0] + x, top), f"${head}$", colour, size=10)
        for k, entry in enumerate(column[:, 0], 1):
            sheet.text((centre[0] + x, top - LINE * k), number(entry), size=9.5)


def _said(node: Node) -> str:
    letter, _, _, values, slopes = node
    if slopes is None:
        return f"the loss, {spoken(values)}"
    name = letter.replace("^{", "").replace("}", "")
    return f"{name}, {spoken(values.T)}, with slopes {spoken(slopes.T)}"


def one_layer_both_ways() -> Drawing:
    """Draw one layer of any network: what goes in and out forwards, what is kept, and backwards."""
    sheet = Sheet("both-ways", (-0.1, 5.3), (-1.75, 1.35))
    top, kept, low = 0.75, -0.2, -1.15
    middle, half = 2.6, 0.95
    for y, text in ((top, "forwards, layer $l$"), (low, "backwards, layer $l$")):
        sheet.frame((middle, y), 2 * half, 0.62, INK, 1.3)
        sheet.text((middle, y), text, size=10)
    sheet.frame((middle, kept), 2 * half + 0.2, 0.44, FAINT, 1.0)
    sheet.text((middle, kept), "keeps $A^{[l-1]}$ and $Z^{[l]}$", size=10)
    left, right = (0.5, 4.7)
    sheet.text((left, top), "$A^{[l-1]}$", VALUE, size=11.5)
    sheet.text((right, top), "$A^{[l]}$", VALUE, size=11.5)
    sheet.text((right, low), "$dA^{[l]}$", VALUE, size=11.5)
    sheet.text((left, low), "$dA^{[l-1]}$", VALUE, size=11.5)
    inner = (middle - half, middle + half)
    sheet.edge((left, top), (inner[0], top), INK, arrow=True, gaps=(0.4, 0.05))
    sheet.edge((inner[1], top), (right, top), INK, arrow=True, gaps=(0.05, 0.3))
    sheet.edge((right, low), (inner[1], low), INK, arrow=True, dashed=True, gaps=(0.38, 0.05))
    sheet.edge((inner[0], low), (left, low), INK, arrow=True, dashed=True, gaps=(0.05, 0.5))
    sheet.edge((middle, top - 0.31), (middle, kept + 0.22), FAINT, arrow=True, gaps=(0.02, 0.02))
    sheet.edge((middle, kept - 0.22), (middle, low + 0.31), FAINT, arrow=True, gaps=(0.02, 0.02))
    sheet.text((0.75, kept), "$W^{[l]},\\ b^{[l]}$", WEIGHT, size=11)
    sheet.edge((0.75, kept), (inner[0], top - 0.2), WEIGHT, arrow=True, gaps=(0.42, 0.05))
    sheet.edge((0.75, kept), (inner[0], low + 0.2), WEIGHT, arrow=True, gaps=(0.42, 0.05))
    sheet.text((4.6, low - 0.48), "$dW^{[l]},\\ db^{[l]}$", WEIGHT, size=11)
    sheet.edge((middle + 0.6, low - 0.31), (4.6, low - 0.46), WEIGHT, arrow=True, dashed=True,
               gaps=(0.02, 0.55))
    sheet.text((2.6, 1.22), "one box of a chain: the box of layer $l+1$ stands at its right", size=8.5)
    return Drawing((
        sheet.panel(
            540,
            "One layer, forwards and backwards. Forwards, from left to right: A[l-1] goes in, W[l] and b[l] are "
            "used, A[l] comes out, and A[l-1] and Z[l] are kept. Backwards, from right to left: dA[l] goes in, "
            "what was kept and W[l] are used, and dA[l-1], dW[l] and db[l] come out.",
        ),
    ))
