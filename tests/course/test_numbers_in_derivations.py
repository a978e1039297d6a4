"""Decimals that an author typed in the chapters on indices and Jacobians are the network's own."""

import re
from pathlib import Path

import numpy as np
import pytest

from backprop import backward, book, forward, jacobian

DERIVATION = Path(__file__).parents[2] / "docs" / "derivation"


def typed(text):
    """Return the decimals on a page, outside its code and its links."""
    text = re.sub(r"^(`{3,})\{code-cell\}.*?^\1$", "", text, flags=re.DOTALL | re.MULTILINE)
    text = re.sub(r"\]\([^)]*\)", "]", text).replace("−", "-")
    return [number.replace("(", "") for number in re.findall(r"-?\d+\.\d+", text)]


def pool():
    """Return every number of the book's network with its first example."""
    net, (X, Y) = book.network(), book.data()
    x, y = X[:, [0]], Y[:, [0]]
    cache = forward(net, x)
    grads = backward(net, cache, y)
    arrays = [net.g[1].prime(cache.Z[1]), net.W[2] @ cache.A[1], net.W[2].T @ net.W[2] @ cache.A[1]]
    arrays += [jacobian(net, x, y, of="Z[2]", by="Z[1]")]
    for l in (1, 2):
        arrays += [net.W[l], net.b[l], cache.Z[l], cache.A[l]]
        arrays += [grads.dZ[l], grads.dW[l], grads.db[l], grads.dA[l]]
    return np.concatenate([np.ravel(array) for array in arrays])


# Pushes of hidden unit 2, what one does to both z, and what each of them does to the loss.
net = book.network()
PUSH, SMALL_PUSH = 0.01, 0.0001
MOVED = net.W[2][:, 1] * PUSH
SLOPES = backward(net, forward(net, book.data()[0][:, [0]]), book.data()[1][:, [0]]).dZ[2][:, 0]
UNNOTICED = np.cross(*net.W[2])  # W[2] makes zeros of it, so nothing brings it back
MADE = {
    "hidden-layer": [PUSH, SMALL_PUSH, *MOVED, *(SLOPES * MOVED), SLOPES @ MOVED, *UNNOTICED],
    "jacobians": [],
}


@pytest.mark.parametrize(("page", "least"), [("hidden-layer", 60), ("jacobians", 8)])
def test_each_typed_decimal_is_a_number_of_the_network(page, least):
    numbers = typed((DERIVATION / f"{page}.md").read_text(encoding="utf-8"))
    assert len(numbers) >= least
    known = np.array([*pool(), *MADE[page]])
    strange = []
    for number in numbers:
        half = 0.5 * 10.0 ** -len(number.split(".")[1])
        if np.min(np.abs(known - float(number))) > half * (1 + 1e-9):
            strange.append(number)
    assert strange == []
