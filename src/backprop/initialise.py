"""Ways to fill W and b before training."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from backprop.activations import Activation, activation
from backprop.errors import InputError
from backprop.losses import Loss
from backprop.network import Layer, Network
from backprop.validation import is_count

#: The variance of an entry of W[l], from n = n_(l-1) inputs.
VARIANCES: dict[str, Callable[[int], float]] = {
    "zeros": lambda n: 0.0,
    "xavier": lambda n: 1 / n,
    "he": lambda n: 2 / n,
}


def initialise(
    sizes: Sequence[int],
    hidden: Activation | str = "tanh",
    output: Activation | str = "sigmoid",
    loss: Loss | str = "binary_cross_entropy",
    *,
    method: str | None = None,
    l2: float = 0.0,
    seed: int = 0,
    dtype: type[np.floating[Any]] = np.float64,
) -> Network:
    """Return a network with the sizes (n_0, n_1, …, n_L) and weights filled by `method`.

    ``"he"``: normal numbers with variance 2/n_(l-1) (He et al. 2015), made for ReLU;
    ``"xavier"``: variance 1/n_(l-1), the form of Glorot and Bengio (2010) that the course
    uses, made for tanh; ``"zeros"``: all zero, to see why that does not train.  By default
    He for an activation with a kink, as ReLU and leaky ReLU have, else Xavier.  b starts at zero.
    For given numbers build the `Layer` objects by hand.

    Raises `InputError` for fewer than two sizes, sizes below 1, an unknown method, or a dtype
    that is not a real floating-point type of 32 bits or more.

    >>> initialise((4, 3, 2)).W[1].shape
    (3, 4)
    """
    if len(sizes) < 2 or not all(map(is_count, sizes)):
        expected = "at least two whole numbers (n_0, n_1, …, n_L), each ≥ 1"
        raise InputError("sizes", expected, repr(tuple(sizes)))
    if method is None:
        method = "he" if activation(hidden).kinks else "xavier"
    if method not in VARIANCES:
        raise InputError("method", "one of " + ", ".join(VARIANCES), repr(method))
    floating = _floating(dtype)
    rng = np.random.default_rng(seed)
    sizes = [int(n) for n in sizes]  # 1 / n of NumPy's int8 would be a float16
    last = len(sizes) - 1
    layers = []
    for l in range(1, last + 1):
        scale = np.sqrt(VARIANCES[method](sizes[l - 1]))
        W = (rng.standard_normal((sizes[l], sizes[l - 1])) * scale).astype(floating)
        b = np.zeros((sizes[l], 1), dtype=floating)
        layers.append(Layer(W, b, output if l == last else hidden))
    return Network(layers, loss, l2)


def _floating(dtype: Any) -> np.dtype[Any]:
    expected, hint = "float32 or float64", ""
    try:
        found = np.dtype(dtype)
    except TypeError:
        raise InputError("dtype", expected, repr(dtype)) from None
    if found.kind != "f" or found.itemsize < 4:
        if found.kind == "f":
            hint = "float16 ends at 65504, which a sum over the examples soon reaches."
        elif found.kind in "iub":
            hint = "Weights between -1 and 1 would all become 0."
        raise InputError("dtype", expected, str(found), hint)
    return found
