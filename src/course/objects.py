"""The book's objects as a line of NumPy names them: net, X, Y, cache, grads, and how they are made.

A line under a formula asserts it with these objects.  The lines here make them, for each setting, from
the book's own network.
"""

from __future__ import annotations

from collections.abc import Callable

from checkedmath.syntax.tree import Symbol

_IMPORTS = "import numpy as np\nfrom backprop import *\nfrom backprop import book"
_NETWORK = "net, (X, Y) = book.network(), book.data()"
#: What a setting does to the network; without an entry it is the 4-3-2 network as it is.
_CHANGES = {
    "logistic": "X, Y = forward(net, X).A[1], Y[:1]\nnet = Network([Layer(net.W[2][:1], net.b[2][:1], net.g[2])])",
    "softmax": (
        "W, b = np.vstack([net.W[2], [[0.1, 0.3, -0.5]]]), np.vstack([net.b[2], [[0.1]]])\n"
        'net = Network([net.layers[0], Layer(W, b, softmax)], "categorical_cross_entropy")\n'
        "Y = one_hot(np.array([0, 2, 1, 0, 2]), 3)"
    ),
    "l2": "net = Network(net.layers, net.loss, l2=0.5)",
}
_RUN = "cache = forward(net, X)\ngrads = backward(net, cache, Y)\nalpha = 0.1"


def objects(setting: str) -> str:
    """Return the lines that make the objects of a setting, such as ``"two-layer-batch"``."""
    family, batch = setting.removesuffix("-batch"), setting.endswith("-batch")
    one = "" if batch else "X, Y = X[:, [0]], Y[:, [0]]  # one example is one column"
    return "\n".join(line for line in (_IMPORTS, _NETWORK, _CHANGES.get(family, ""), one, _RUN) if line)


def between(setting: str) -> Callable[[Symbol, Symbol], str]:
    """Return the function that writes ∂u/∂v in numerator layout with `backprop.jacobian`, or "".

    In a batch 𝓛 is the sum of the losses, m times the cost; what is no derivative of a number there is no
    matrix, and there is no line for it.
    """
    batch, unit, penalty = setting.endswith("-batch"), setting.startswith("logistic"), setting.startswith("l2")

    def write(u: Symbol, v: Symbol) -> str:
        of, by = _name(u, unit=unit), _name(v, unit=unit)
        if not of or not by or by in {"L", "J"} or (batch and of not in {"L", "J"}):
            return ""
        turned = ".T" if v.name == "w" else ""  # the unit's w is the row W[1] turned
        if batch and of == "L":
            if penalty and by[0] == "W":
                return ""  # J has the penalty, 𝓛 has not
            return f'(cache.m * jacobian(net, X, Y, of="J", by="{by}")){turned}'
        return f'jacobian(net, X, Y, of="{of}", by="{by}"){turned}'

    return write


def _name(symbol: Symbol, *, unit: bool) -> str:
    """Return the name that `jacobian` takes, or "" for what it does not know."""
    name = "W" if symbol.name == "w" else symbol.name if symbol.name == "b" else symbol.name.upper()
    if name in {"X", "Y", "L", "J"}:
        return name
    if name not in {"Z", "A", "W", "b"} or (symbol.member is None and not unit):
        return ""
    return f"{name}[{symbol.member.offset if symbol.member is not None else 1}]"
