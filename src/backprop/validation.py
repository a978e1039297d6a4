"""What an input must be, and the words said when it is not.

Shapes and types are checked for every array.  Values (NaN, infinity, labels out of range)
are checked for real NumPy arrays only, since looking at the values of a lazy or remote array
would compute it; `validate` looks at those too.  Complex arrays pass: the gradient check
sends them through the same code.

Arithmetic is done in float32 or float64, never in the type of whole numbers, bools or float16:
an int8 overflows at 128, and a float16 at 65504, which a sum over m examples soon reaches.
`floats` turns such arrays into larger ones; nothing else is ever copied.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from numbers import Real
from typing import TYPE_CHECKING, Any

import numpy as np

from backprop.errors import InputError

if TYPE_CHECKING:
    from backprop.by_layer import ByLayer
    from backprop.losses import Loss
    from backprop.network import Cache, Layer, Network

Array = Any
NUMERIC_KINDS = "biufc"
TOO_SMALL = frozenset("?bBhHiIlLqQe")  # the type codes of bool, of all whole numbers, of float16


def floats(array: Array, dtype: Any = np.float64) -> Array:
    """Return whole numbers, bools and float16 as `dtype`, and any other array as it is.

    A lazy array stays lazy.

    >>> floats(np.array([[100]], dtype=np.int8)).dtype, floats(np.ones((1, 1), np.float32)).dtype
    (dtype('float64'), dtype('float32'))
    """
    try:
        return array.astype(dtype) if array.dtype.char in TOO_SMALL else array
    except AttributeError:  # one of Python's own numbers
        return array


def validate(network: Network, X: Array, Y: Array) -> None:
    """Check X and Y wholly, values included, for any kind of array.

    `forward` and `cost` call the cheap part of this by themselves.  Call `validate` once
    for arrays that are not NumPy's.  Raises `InputError`.
    """
    check_X(network.sizes[0], X)
    check_Y(network, int(X.shape[1]), Y)
    if not isinstance(X, np.ndarray):
        check_X(network.sizes[0], np.asarray(X))
    if not isinstance(Y, np.ndarray):
        check_Y(network, int(X.shape[1]), np.asarray(Y))


def check_X(n_0: int, X: Array, *, values: bool = True) -> None:
    """Check that X is a numeric array (n_0, m) with m ≥ 1 and, if asked, finite values."""
    expected = f"shape (n_0, m) = ({n_0}, m)"
    _check_array("X", expected, X)
    if X.ndim == 1:
        fix = "X.reshape(-1, 1)" if X.shape[0] == n_0 else f"X.reshape({n_0}, -1)"
        raise InputError("X", expected, f"shape {X.shape}", f"One example is a column: {fix}.")
    if X.ndim != 2:
        raise InputError(
            "X", expected, f"shape {X.shape}", "Flatten each example into one column."
        )
    if math.isnan(X.shape[0] + X.shape[1]):
        hint = "The sizes of its chunks are not known: call X.compute_chunk_sizes() first."
        raise InputError("X", expected, f"shape {X.shape}", hint)
    if X.shape[0] != n_0:
        rows = "X has examples in rows? Pass X.T." if X.shape[1] == n_0 else ""
        hint = rows or f"The first layer's W[1] has {n_0} columns, one for each feature of X."
        raise InputError("X", expected, f"shape {X.shape}", hint)
    if X.shape[1] == 0:
        raise InputError(
            "X", expected + " with m ≥ 1", f"shape {X.shape}", "The batch is empty."
        )
    if values:
        check_finite("X", X, "Look for missing values, or features that were not scaled.")


def check_Y(network: Network, m: int, Y: Array, *, values: bool = True) -> None:
    """Check that Y is a numeric array (n_L, m) and, if asked, has values the loss can use."""
    n_L = network.sizes[-1]
    expected = f"shape (n_{network.L}, m) = ({n_L}, {m})"
    _check_array("Y", expected, Y)
    if Y.shape != (n_L, m):
        raise InputError("Y", expected, f"shape {Y.shape}", _hint_for_Y(network, m, Y.shape))
    if values and _has_plain_values(Y):
        network.loss.check_labels(Y)


def of_shape(symbol: str, array: Array, shape: tuple[int, ...], whose: object) -> Array:
    """Return what a loss has computed, if it has this shape; another would be broadcast."""
    if array.shape != shape:
        hint = f"This is what {whose} computes: a number for each example, a derivative for each output."
        raise InputError(symbol, f"shape {shape}", f"shape {array.shape}", hint)
    return array


def _hint_for_Y(network: Network, m: int, shape: tuple[int, ...]) -> str:
    n_L = network.sizes[-1]
    if len(shape) == 1 and shape[0] == m and n_L == 1:
        return "Labels in a flat array? Pass Y.reshape(1, -1)."
    if shape in {(m,), (1, m)} and not network.g[network.L].entrywise:
        return f"Class numbers? Pass the one-hot columns, backprop.one_hot(Y, {n_L})."
    if shape == (m, n_L):
        return "Y has examples in rows? Pass Y.T."
    if len(shape) == 2 and shape[1] == m:
        return f"The last layer has {n_L} units, one for each row of Y."
    return f"X has m = {m} columns; Y needs one column for each."


def check_cache(network: Network, cache: Cache) -> None:
    """Check that the cache is of these very layers: the same arrays, not arrays of equal values."""
    mine, its = network.layers, cache.layers
    if mine is its or not its:
        return
    same = [a.W is b.W and a.b is b.b and a.g is b.g for a, b in zip(mine, its, strict=False)]
    if len(mine) == len(its) and all(same):
        return
    expected = "the forward pass of this network, forward(network, X)"
    got = f"one of {len(its)} layers, not {len(mine)}"
    if len(mine) == len(its):
        got = f"one of another network: its layer {same.index(False) + 1} is not the same object"
    hint = "After a step, or with a new Network, run forward again before backward."
    raise InputError("cache", expected, got, hint)


def check_layer(W: Array, b: Array) -> None:
    """Check that W is (n_l, n_(l-1)) and b (n_l, 1), numeric and finite."""
    _check_array("W", "shape (n_l, n_(l-1))", W)
    if W.ndim != 2 or 0 in W.shape:
        raise InputError(
            "W", "shape (n_l, n_(l-1))", f"shape {W.shape}", "One row of weights for each unit."
        )
    n_l = W.shape[0]
    expected = f"shape (n_l, 1) = ({n_l}, 1)"
    _check_array("b", expected, b)
    if b.shape != (n_l, 1):
        hint = f"W is {W.shape}: one bias for each of its {n_l} rows."
        if b.shape in {(n_l,), (1, n_l)}:
            hint = "b is a column: pass b.reshape(-1, 1)."
        elif W.shape[1] in b.shape:
            hint += " Units in columns? Pass W.T."
        raise InputError("b", expected, f"shape {b.shape}", hint)
    for symbol, array in (("W", W), ("b", b)):
        check_finite(symbol, array, "After a step of descent: a smaller learning rate α.")


def check_network(layers: Sequence[Layer], loss: Loss) -> None:
    """Check that layers follow on each other and end in an activation the loss goes with."""
    if not layers:
        raise InputError("layers", "at least one Layer", "none")
    for l, layer in enumerate(layers, start=1):
        if not hasattr(layer, "units"):
            got = f"a {type(layer).__name__} as layer {l}"
            raise InputError("layers", "Layer objects", got, "Build each with Layer(W, b, g).")
    for l in range(2, len(layers) + 1):
        previous, this = layers[l - 2], layers[l - 1]
        if this.W.shape[1] != previous.units:
            raise InputError(
                f"W[{l}]",
                f"shape (n_{l}, n_{l - 1}) = (n_{l}, {previous.units})",
                f"shape {this.W.shape}",
                f"W[{l}] has one row for each unit of layer {l}. Units in columns? Pass W.T."
                if this.W.shape[0] == previous.units
                else f"Layer {l - 1} has {previous.units} units: W[{l}] needs as many columns.",
            )
    last = layers[-1].g.name
    if loss.outputs and last not in loss.outputs:
        raise InputError(
            f"g[{len(layers)}]",
            f"{' or '.join(loss.outputs)} before {loss}",
            last,
            f"{loss} is written for these; squared_error goes with every activation.",
        )


def check_steps(symbol: str, parameters: ByLayer[Array], slopes: ByLayer[Array]) -> None:
    """Check that dW (or db) has the layers and the shapes of W (or b)."""
    for l in sorted({*parameters, *slopes}):
        expected = f"shape {parameters[l].shape} of {symbol}[{l}]" if l in parameters else "no such layer"
        got = f"shape {np.shape(slopes[l])}" if l in slopes else "nothing"
        if not expected.startswith(f"{got} of"):
            hint = "Gradients of another network? Compute them with this one."
            raise InputError(f"d{symbol}[{l}]", expected, got, hint)


def number(symbol: str, expected: str, value: object, *, zero: bool = False) -> float:
    """Return one finite real number > 0 (≥ 0 with `zero`) as Python's own float.

    Python's and NumPy's numbers pass, and a NumPy array without axes; a bool, a text, a
    complex number do not.  NumPy's own float64 would make float64 of float32 arrays.
    """
    one: Any = value[()] if isinstance(value, np.ndarray) and value.ndim == 0 else value
    try:
        found = math.nan if isinstance(one, bool) or not isinstance(one, Real) else float(one)
    except OverflowError:  # a whole number of more than 308 digits
        found = math.inf
    if not (0 < found < math.inf or (zero and found == 0)):
        raise InputError(symbol, expected, repr(value))
    return found


def count(symbol: str, expected: str, value: object) -> int:
    """Return a whole number ≥ 1 as Python's own int, which no sum makes overflow."""
    if not is_count(value):
        raise InputError(symbol, expected, repr(value))
    return int(value)  # type: ignore[call-overload]


def is_count(value: object) -> bool:
    """Return whether this is a whole number ≥ 1; True and False are none."""
    return isinstance(value, (int, np.integer)) and not isinstance(value, bool) and bool(value >= 1)


def check_finite(symbol: str, array: Array, hint: str) -> None:
    """Check a real NumPy array for NaN and infinity."""
    if not _has_plain_values(array):
        return
    # NaN and infinity survive a sum, so one pass without a temporary array of the same size
    # settles it; only a suspicious sum (it may have overflowed) is looked into.  einsum adds
    # without a warning.
    if math.isfinite(np.einsum("ij->", array)):
        return
    bad = np.argwhere(~np.isfinite(array))
    if len(bad):
        row, column = bad[0]
        raise InputError(
            symbol,
            "finite values",
            f"{array[row, column]} in row {row + 1}, column {column + 1}"
            + (f", and {len(bad) - 1} more" if len(bad) > 1 else ""),
            hint,
        )


def _check_array(symbol: str, expected: str, array: Array) -> None:
    if not hasattr(array, "shape") or not hasattr(array, "dtype"):
        raise InputError(
            symbol,
            f"an array, {expected}",
            f"a {type(array).__name__}",
            f"Pass np.array({symbol}).",
        )
    if type(array) is not np.ndarray and isinstance(array, (np.matrix, np.ma.MaskedArray)):
        kind, hint = "np.matrix", f"Its * is another product: pass np.asarray({symbol})."
        if isinstance(array, np.ma.MaskedArray):
            kind, hint = "masked array", f"Say what stands for missing values: {symbol}.filled(…)."
        raise InputError(symbol, f"a plain array, {expected}", f"a {kind}", hint)
    if getattr(array.dtype, "kind", "f") not in NUMERIC_KINDS:
        raise InputError(
            symbol,
            f"an array of numbers, {expected}",
            f"dtype {array.dtype}",
            f"Pass {symbol}.astype(float).",
        )


def _has_plain_values(array: Array) -> bool:
    return isinstance(array, np.ndarray) and array.dtype.kind != "c"
