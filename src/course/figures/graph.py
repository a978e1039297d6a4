"""Figures of the computation: every quantity of the network with its gradient, and one layer both ways."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from course.colours import COLOURS
from course.drawing import FAINT, INK, Drawing, Panel, Place, Sheet
from course.figures.arrays import number, spoken

if TYPE_CHECKING:
    from backprop import Cache, Gradients, Network

Array = Any
VALUE, SUM, WEIGHT = (COLOURS[letter].light for letter in ("a", "z", "W"))
#: Half the width of a node, and the height of a line of numbers in it.
HALF, LINE = 0.5, 0.3


def computation_graph(network: Network, cache: Cache, grads: Gradients, loss: float) -> Drawing:
    """Draw a two-layer network with one example as a graph: each quantity with its derivatives.

    Above the arrows the forward steps are written, below them the backward steps.  `loss` is the
    loss of the example.  Raises `ValueError` for another depth or more than one example.
    """
    if network.L != 2 or cache.m != 1:
        raise ValueError(
            f"network: expected two layers and one example, got {network.L} and {cache.m}"
        )
    panels = [
        _row(
            f"Layer {l}" + (f", before a loss of {loss:.3f}" if l == 2 else ""),
            [_quantity("a", l - 1, cache, grads), _quantity("z", l, cache, grads), _quantity("a", l, cache, grads)],
            [
                (rf"$W^{{[{l}]}}$", rf"$W^{{[{l}]T}}$"),
                (rf"$g^{{[{l}]}}$", rf"$\odot\ g^{{[{l}]\prime}}$"),
            ],
        )
        for l in (1, 2)
    ]
    return Drawing(tuple(panels))


Node = tuple[str, str, str, Array, Array]


def _quantity(letter: str, l: int, cache: Cache, grads: Gradients) -> Node:
    """Return how a column and its slopes are headed, their colour and their numbers."""
    name = "x" if (letter, l) == ("a", 0) else f"{letter}^{{[{l}]}}"
    if letter == "z":
        return name, f"dz^{{[{l}]}}", SUM, cache.Z[l], grads.dZ[l]
    return name, f"da^{{[{l}]}}", VALUE, cache.A[l], grads.dA[l]


def _row(head: str, nodes: list[Node], steps: list[tuple[str, str]]) -> Panel:
    """Draw a row of nodes; each step has a text for the way forwards and one for the way back."""
    step = 1.56
    lines = max(len(node[3]) for node in nodes)
    low = -LINE * (lines + 1) / 2 - 0.4
    name = "graph-" + head.partition(",")[0].lower().replace(" ", "-")
    sheet = Sheet(name, (-HALF - 0.05, step * (len(nodes) - 1) + HALF + 0.05), (low, -low))
    for n, node in enumerate(nodes):
        _node(sheet, (step * n, 0.0), node)
    for n, (forwards, backwards) in enumerate(steps):
        left, right = step * n + HALF, step * (n + 1) - HALF
        middle = (left + right) / 2
        colour = WEIGHT if "W" in forwards else INK
        sheet.edge((left, 0.16), (right, 0.16), INK, arrow=True, gaps=(0.05, 0.05))
        sheet.text((middle, 0.4), forwards, colour, size=10)
        sheet.edge((right, -0.16), (left, -0.16), FAINT, arrow=True, dashed=True, gaps=(0.05, 0.05))
        sheet.text((middle, -0.4), backwards, colour, size=10)
    sheet.text((step * (len(nodes) - 1) / 2, -low - 0.12), head, size=10)
    return sheet.panel(
        round(90 * sheet.width),
        f"{head}. Forwards, to the right: {'; then '.join(map(_said, nodes))}. Dashed arrows lead back from "
        "right to left and bring the derivatives.",
    )


def _node(sheet: Sheet, centre: Place, node: Node) -> None:
    """Draw a frame with two columns in it: values at the left, derivatives at the right."""
    letter, slope, colour, values, slopes = node
    lines = len(values)
    sheet.frame(centre, 2 * HALF, LINE * (lines + 1) + 0.16, colour, 1.2, corner=0.15)
    top = centre[1] + LINE * lines / 2
    for head, column, x in ((letter, values, -0.24), (slope, slopes, 0.24)):
        sheet.text((centre[0] + x, top), f"${head}$", colour, size=10)
        for k, entry in enumerate(column[:, 0], 1):
            sheet.text((centre[0] + x, top - LINE * k), number(entry), size=10)


def _said(node: Node) -> str:
    letter, _, _, values, slopes = node
    name = letter.replace("^{", "").replace("}", "")
    return f"{name}, {spoken(values.T)}, with derivatives {spoken(slopes.T)}"


def one_unit_both_ways(unit: Network, cache: Cache, grads: Gradients, loss: float) -> Drawing:
    """Draw one unit as a graph: each weight, z, a and the loss with its value, and its derivative below.

    `unit` is a network of a single unit; the others belong to one example, and `loss` is its loss.
    Raises `ValueError` for more units, layers or examples.
    """
    if unit.L != 1 or unit.sizes[1] != 1 or cache.m != 1:
        raise ValueError(f"unit: expected one layer of one unit and one example, got {unit.sizes} and {cache.m}")
    x, w, dw = cache.A[0][:, 0], unit.W[1][0], grads.dW[1][0]
    z, a = cache.Z[1].item(), cache.A[1].item()
    dz, da, prime = grads.dZ[1].item(), grads.dA[1].item(), unit.g[1].prime(cache.Z[1]).item()
    sources = [(f"w_{j}", w[j - 1], f"dw_{j}", dw[j - 1], f"$\\times\\ {x[j - 1]:.3f}$", WEIGHT)
               for j in range(1, len(w) + 1)]  # fmt: skip
    sources.append(("b", unit.b[1].item(), "db", grads.db[1].item(), r"$\times\ 1$", COLOURS["b"].light))
    high = 0.66 * (len(sources) - 1) / 2
    sheet = Sheet("one-unit", (-0.56, 3.7), (-high - 0.36, high + 0.36))
    at_z, at_a, at_loss = (1.9, 0.0), (3.1, high - 0.1), (3.1, 0.1 - high)
    for n, (name, value, slope, derivative, factor, colour) in enumerate(sources):
        place = (0.0, high - 0.66 * n)
        _both_ways(sheet, place, at_z, (0.53, 0.56))
        sheet.text((0.99, place[1] * 0.52 + 0.02), factor, INK, size=10, paper=True)
        _pair(sheet, place, (name, value), (slope, derivative), colour)
    _both_ways(sheet, at_z, at_a, (0.6, 0.5))
    sheet.text((1.98, high * 0.74), f"$\\times\\ \\sigma' = {prime:.3f}$", INK, size=10)
    _both_ways(sheet, at_a, at_loss, (0.32, 0.26))
    _pair(sheet, at_z, ("z", z), ("dz", dz), SUM)
    _pair(sheet, at_a, ("a", a), ("da", da), VALUE)
    sheet.frame(at_loss, 1.04, 0.4, INK, 1.3, corner=0.12)
    sheet.text(at_loss, rf"$\mathcal{{L}} = {loss:.3f}$", size=10)
    weights = ", ".join(f"w{j} = {w[j - 1]:.1f} with the input {x[j - 1]:.3f} and dw{j} = {dw[j - 1]:.3f}"
                        for j in range(1, len(w) + 1))  # fmt: skip
    return Drawing((
        sheet.panel(
            480,
            f"One unit as a graph. Forwards: {weights}, and the bias {unit.b[1].item():.1f}, meet in z = {z:.3f}; the "
            f"sigmoid makes a = {a:.3f} of it, and the loss is {loss:.3f}. Dashed arrows lead back: da = {da:.3f}, "
            f"times the derivative of the sigmoid, {prime:.3f}, is dz = {dz:.3f}; times each input it is dw, and "
            f"db = {dz:.3f}.",
        ),
    ))


def _both_ways(sheet: Sheet, start: Place, end: Place, gaps: Place) -> None:
    """Draw a solid arrow forwards and beside it a dashed one back."""
    across, up = end[0] - start[0], end[1] - start[1]
    length = (across**2 + up**2) ** 0.5
    side = (-0.06 * up / length, 0.06 * across / length)
    there, back = ([(x + sign * side[0], y + sign * side[1]) for x, y in (start, end)] for sign in (1, -1))
    sheet.edge(there[0], there[1], INK, arrow=True, gaps=gaps)
    sheet.edge(back[1], back[0], FAINT, arrow=True, dashed=True, gaps=(gaps[1], gaps[0]))


def _pair(sheet: Sheet, place: Place, above: tuple[str, float], below: tuple[str, float], colour: str) -> None:
    """Write a quantity with its value into a frame, and its derivative below."""
    sheet.frame(place, 1.04, 0.56, colour, 1.3, corner=0.12)
    decimals = 1 if round(above[1], 1) == above[1] else 3
    sheet.text((place[0], place[1] + 0.13), f"${above[0]} = {above[1]:.{decimals}f}$", colour, size=10)
    sheet.text((place[0], place[1] - 0.13), f"${below[0]} = {below[1]:.3f}$", colour, size=10)


def layers_both_ways() -> Drawing:
    """Draw the layers of any network as a chain: forwards with what each keeps, backwards with what each makes."""
    sheet = Sheet("both-ways", (-0.3, 4.0), (-1.95, 1.2))
    top, kept, low, half = 0.6, -0.22, -1.04, 0.36
    boxes = (("1", 0.72), ("l", 1.94), ("L", 3.16))
    before = {"1": "0", "l": "l-1", "L": "L-1"}
    for l, x in boxes:
        for y in (top, low):
            sheet.frame((x, y), 2 * half, 0.44, INK, 1.3, corner=0.1)
            sheet.text((x, y), f"layer ${l}$", size=10)
        sheet.frame((x, kept), 1.14, 0.36, FAINT, 1.0, corner=0.1)
        sheet.text((x, kept), f"$A^{{[{before[l]}]}},\\ Z^{{[{l}]}}$", size=10)
        sheet.edge((x, top - 0.22), (x, kept + 0.18), FAINT, arrow=True, gaps=(0.02, 0.02))
        sheet.edge((x, kept - 0.18), (x, low + 0.22), FAINT, arrow=True, gaps=(0.02, 0.02))
        sheet.edge((x, low - 0.22), (x, low - 0.56), WEIGHT, arrow=True, dashed=True, gaps=(0.02, 0.02))
        sheet.text((x, low - 0.72), f"$dW^{{[{l}]}}$, $db^{{[{l}]}}$", WEIGHT, size=10)
    ends = [0.72 - 1.22, *(x for _, x in boxes), 3.16 + 1.22]
    names = ["0", "1", "L-1", "L"]
    for n, name in enumerate(names):
        left, right = ends[n] + half, ends[n + 1] - half
        middle = (left + right) / 2
        left, right = max(left, -0.24), min(right, 3.94)
        sheet.edge((left, top - 0.06), (right, top - 0.06), INK, arrow=True, gaps=(0.03, 0.03))
        sheet.edge((right, low + 0.06), (left, low + 0.06), INK, arrow=True, dashed=True, gaps=(0.03, 0.03))
        middle = min(max(middle, -0.06), 3.76)
        sheet.text((middle, top + 0.34), f"$A^{{[{name}]}}$", VALUE, size=10)
        sheet.text((middle, low + 0.34), f"$dA^{{[{name}]}}$", VALUE, size=10, paper=True)
    sheet.text((1.94, 1.08), "forwards", size=10)
    sheet.text((-0.28, kept), "kept", size=10, side="right")
    return Drawing((
        sheet.panel(
            480,
            "The layers 1 to L as a chain, twice. Forwards, from left to right, A[0] enters layer 1 and A[L] leaves "
            "layer L; each layer l keeps A[l-1] and Z[l]. Backwards, from right to left along dashed arrows, dA[L] "
            "enters layer L and dA[0] leaves layer 1; each layer uses what it kept, and makes dW[l] and db[l].",
        ),
    ))
