"""Products as rectangles: which candidates for dA[1] have fitting shapes, in two networks."""

from __future__ import annotations

from course.colours import COLOURS
from course.drawing import FAINT, INK, Drawing, Panel, Sheet

Shape = tuple[int, int]
UNIT = 0.17


def what_fits(*networks: tuple[int, int, int]) -> Drawing:
    """Draw four of the eight candidates for dA[1], a panel for each (n_1, n_2, m): those with dZ as it stands.

    W is W[2], (n_2, n_1), dZ is dZ[2], (n_2, m), and dA[1] is (n_1, m).
    """
    return Drawing(tuple(_panel(*sizes) for sizes in networks))


def candidates(n_1: int, n_2: int, m: int) -> dict[str, tuple[Shape, Shape]]:
    """Return the shapes of both factors of each candidate in which dZ is not transposed, under its name."""
    W, WT, dZ = (n_2, n_1), (n_1, n_2), (n_2, m)
    return {"W dZ": (W, dZ), "Wᵀ dZ": (WT, dZ), "dZ W": (dZ, W), "dZ Wᵀ": (dZ, WT)}


def verdict(left: Shape, right: Shape, wanted: Shape) -> str:
    """Return "fits", or the two sizes that differ.

    >>> verdict((2, 3), (2, 5), (3, 5))
    '3 ≠ 2'
    >>> verdict((2, 5), (5, 3), (3, 5))
    '(2, 3) ≠ (3, 5)'
    """
    if left[1] != right[0]:
        return f"{left[1]} ≠ {right[0]}"
    product = (left[0], right[1])
    return "fits" if product == wanted else f"{product} ≠ {wanted}"


def _panel(n_1: int, n_2: int, m: int) -> Panel:
    sheet = Sheet(f"fits-{n_1}-{n_2}-{m}", (-0.85, 3.05), (-4.25, 0.75))
    sheet.text((1.1, 0.6), f"$n_1 = {n_1}$,  $n_2 = {n_2}$,  $m = {m}$", size=11)
    said = []
    for row, (name, (left, right)) in enumerate(candidates(n_1, n_2, m).items()):
        middle = -0.15 - 1.12 * row
        words = verdict(left, right, (n_1, m))
        latex = name.replace("ᵀ", "^T").replace(" ", r"\,")
        sheet.text((-0.45, middle), f"${latex}$", size=11)
        first, second = name.split()
        edge = 0.05
        for letter, (rows, columns) in ((first, left), (second, right)):
            start, tall = edge, rows * UNIT / 2
            edge = start + columns * UNIT
            colour = COLOURS["W" if letter.startswith("W") else "dz"].light
            sheet.block((start, middle - tall), (edge, middle + tall), colour, dashed=letter == "dZ")
            sheet.text(((start + edge) / 2, middle - tall - 0.14), f"({rows}, {columns})", size=8)
            edge += 0.22
        fits = words == "fits"
        sheet.text((2.5, middle), words, INK if fits else FAINT, size=11 if fits else 10)
        said.append(f"{name}: {left} times {right}, {words}")
    count = sum(s.endswith(" fits") for s in said)
    return sheet.panel(
        330,
        f"The candidates for dA[1], which is ({n_1}, {m}), with dZ not transposed, as pairs of rectangles. "
        f"{'; '.join(said)}. "
        f"So {count} of the four {'fits' if count == 1 else 'fit'}.",
    )
