"""The network with its numbers, of which a reader changes one and sees the others move."""

from __future__ import annotations

import json
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from course.drawing import Drawing
from course.figures.network import paths_to_loss

if TYPE_CHECKING:
    from backprop import Network

HERE = Path(__file__).parent


@dataclass(frozen=True)
class MovingNetwork:
    """A drawing that is complete by itself, and below it what moves, where scripts run; or the latter alone."""

    drawing: Drawing | None
    numbers: dict[str, Any]
    name: str

    def _repr_html_(self) -> str:
        style, script = ((HERE / f"moving.{kind}").read_text(encoding="utf-8") for kind in ("css", "js"))
        numbers = escape(json.dumps(self.numbers))
        return (
            f"{self.drawing._repr_html_() if self.drawing else ''}<style>{style}</style>"
            '<details class="moving"><summary>Change one of its numbers</summary>'
            f'<div class="moving-box" data-name="{escape(self.name)}" data-numbers="{numbers}"></div></details>'
            f"<script>{script}</script>"
        )

    def __repr__(self) -> str:
        return self.drawing.alt if self.drawing else f"The numbers of the network {self.name}, to change."


def moving_network(
    network: Network, data: tuple[Any, Any], name: str = "network", *, drawn: bool = True
) -> MovingNetwork:
    """Return the drawing of all paths from hidden unit 1, with the numbers of the first example to change.

    ``data`` is X and Y; without ``drawn`` there is no drawing, on a page that has one.  Raises `ValueError` for a
    network of another depth, or with other activations or another loss than tanh, then sigmoid with binary
    cross-entropy, which is what moves.
    """
    found = [*(g.name for g in network.g.values()), network.loss.name]
    if found != ["tanh", "sigmoid", "binary_cross_entropy"]:
        raise ValueError(f"expected tanh, sigmoid and binary_cross_entropy; got {', '.join(found)}")
    X, Y = data
    drawing = paths_to_loss(network, X[:, [0]], Y[:, [0]]) if drawn else None
    numbers = {
        "x": X[:, 0], "W1": network.W[1], "b1": network.b[1][:, 0], "W2": network.W[2], "b2": network.b[2][:, 0],
        "y": Y[:, 0],
    }  # fmt: skip
    return MovingNetwork(drawing, {letter: value.tolist() for letter, value in numbers.items()}, name)
