"""The one network that runs through the book: 4 inputs, 3 hidden units, 2 outputs.

All sizes differ, m = 5 too, so a wrong transpose or a wrong sum cannot fit by chance.  Two
outputs give every hidden unit two paths to the loss.  The outputs are two independent
yes/no labels.
"""

from __future__ import annotations

import numpy as np

from backprop.network import Layer, Network


def network() -> Network:
    """Return the 4-3-2 network: tanh, then sigmoid with binary cross-entropy.

    >>> network().sizes
    (4, 3, 2)
    """
    W1 = [[0.2, -0.5, 0.1, 0.4], [-0.3, 0.8, 0.6, -0.1], [0.7, 0.3, -0.4, 0.5]]
    b1 = [[0.1], [0.3], [-0.3]]
    W2 = [[0.9, -0.6, 0.4], [-0.7, 0.5, 0.8]]
    b2 = [[-0.1], [0.2]]
    return Network([Layer(W1, b1, "tanh"), Layer(W2, b2, "sigmoid")])


def data() -> tuple[np.ndarray, np.ndarray]:
    """Return its five examples: X (4, 5) and Y (2, 5).

    >>> X, Y = data()
    >>> X.shape, Y.shape
    ((4, 5), (2, 5))
    """
    X = [
        [1.0, 0.5, -1.0, 0.0, 2.0],
        [-2.0, 1.5, 0.5, 1.0, -0.5],
        [0.5, -1.0, 2.0, -0.5, 1.0],
        [1.5, 0.0, -0.5, -2.0, 0.5],
    ]
    Y = [[1.0, 0.0, 1.0, 0.0, 1.0], [0.0, 1.0, 1.0, 0.0, 0.0]]
    return np.array(X), np.array(Y)
