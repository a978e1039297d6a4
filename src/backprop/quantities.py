"""Every quantity of a network by its name, and the forward pass with some of them replaced.

Names are written as in the book: ``"X"``, ``"Z[1]"``, ``"A[2]"``, ``"W[2]"``, ``"b[1]"``, ``"Y"``,
``"L"`` (the row of losses 𝓛⁽ⁱ⁾, shape (1, m)) and ``"J"`` (the cost, a number).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from backprop import validation
from backprop.by_layer import ByLayer
from backprop.errors import InputError
from backprop.network import Cache, Layer, Network, losses, penalty
from backprop.validation import floats

Array = Any
NAME = re.compile(r"(?:X|Y|L|J|[AZWb]\[(0|[1-9][0-9]*)\])")


def replay(network: Network, X: Array, Y: Array, given: Mapping[str, Array]) -> dict[str, Array]:
    """Run the forward pass with the quantities in `given` replaced, and return all of them.

    What comes after a replaced quantity is computed from its new value; what it was
    computed from keeps the old one.  This gives partial derivatives a meaning for which no
    backpropagation formula is needed: change one quantity, run forward, see what moves.

    X is (n_0, m), Y is (n_L, m), and a replaced quantity has its own shape.  Raises
    `InputError` for a name or a shape that does not fit.

    >>> from backprop import book
    >>> X, Y = book.data()
    >>> sorted(replay(book.network(), X, Y, {}))[:3]
    ['A[0]', 'A[1]', 'A[2]']
    """
    for name in given:
        check_name(network, name)
        if name in {"L", "J"}:
            raise InputError(name, "a quantity that others are computed from", name)
    layers = tuple(
        Layer(given.get(f"W[{l}]", layer.W), given.get(f"b[{l}]", layer.b), layer.g)
        for l, layer in enumerate(network.layers, start=1)
    )
    changed = Network(layers, network.loss, network.l2)
    Y = given.get("Y", Y)
    Z, A = {}, {0: given.get("X", given.get("A[0]", X))}
    validation.check_X(network.sizes[0], A[0])
    m = int(A[0].shape[1])
    validation.check_Y(network, m, Y, values="Y" not in given)  # a moved label may leave [0, 1]
    for l, layer in enumerate(layers, start=1):
        Z[l] = floats(given[f"Z[{l}]"]) if f"Z[{l}]" in given else layer.linear(A[l - 1])
        A[l] = floats(given[f"A[{l}]"]) if f"A[{l}]" in given else layer.g(Z[l])
        for symbol, array in (("Z", Z[l]), ("A", A[l])):
            if array.shape != (layer.units, m):
                expected = f"shape (n_{l}, m) = ({layer.units}, {m})"
                raise InputError(f"{symbol}[{l}]", expected, f"shape {array.shape}")
    cache = Cache(ByLayer("Z", Z), ByLayer("A", A), layers)
    from_A = f"A[{network.L}]" in given  # then the loss must follow A[L], not Z[L]
    values = {"X": A[0], "Y": Y}
    values |= {f"W[{l}]": layer.W for l, layer in enumerate(layers, start=1)}
    values |= {f"b[{l}]": layer.b for l, layer in enumerate(layers, start=1)}
    values |= {f"Z[{l}]": Z[l] for l in Z} | {f"A[{l}]": A[l] for l in A}
    values["L"] = losses(changed, cache, Y, from_A=from_A, check=False)
    values["J"] = np.sum(values["L"]) / cache.m + penalty(changed, cache.m)
    return values


def check_name(network: Network, name: str) -> None:
    """Raise `InputError` unless `name` is a quantity of this network."""
    match = NAME.fullmatch(str(name))
    lowest = 0 if str(name).startswith("A") else 1
    if not match or (match[1] and not lowest <= int(match[1]) <= network.L):
        raise InputError(
            "quantity",
            f"X, Y, L, J, A[l], Z[l], W[l] or b[l] with l up to {network.L}",
            repr(name),
            "Layers are numbered from 1; A[0] is X." if match else "",
        )
