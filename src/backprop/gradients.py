"""The backward pass: the four formulas, layer by layer, and the same in blocks of examples."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from backprop import validation
from backprop.by_layer import ByLayer
from backprop.network import Cache, Network, forward, losses, penalty

Array = Any


@dataclass(frozen=True, eq=False)
class Gradients:
    """What the backward pass computed, each of the shape of its namesake.

    dA[l], dZ[l] (n_l, m): column i is the derivative of example i's loss 𝓛⁽ⁱ⁾ (no 1/m);
    dA[0] is the derivative with respect to the input X.
    dW[l] (n_l, n_(l-1)), db[l] (n_l, 1): derivatives of the cost J, the mean (with 1/m).
    """

    dA: ByLayer[Array]
    dZ: ByLayer[Array]
    dW: ByLayer[Array]
    db: ByLayer[Array]


def backward(
    network: Network,
    cache: Cache,
    Y: Array,
    *,
    m: int | None = None,
    parameters_only: bool = False,
    check: bool = True,
) -> Gradients:
    """Compute dA, dZ, dW and db of every layer, from the last to the first.

    Y is (n_L, m).  ``m`` is the number of examples in the mean J, by default the columns of
    Y; a block of a larger batch names the size of the whole, and the blocks' dW and db then
    add up to those of the batch.  ``parameters_only=True`` keeps no dA, for time and memory:
    each is let go when dZ has been computed from it, and dA[0] is left out.

    Raises `InputError` for labels of the wrong shape or range, a cache of another network (or of
    this one before a step), or an m that is no whole number ≥ 1; ``check=False`` is for what
    has been checked.  Source of the formulas: the book's chapter on the hidden
    layer, where they are derived.
    """
    if check:
        validation.check_cache(network, cache)
        validation.check_Y(network, cache.m, Y)
        if m is not None:
            m = validation.count("m", "a whole number of examples ≥ 1", m)
    W, g, Z, A, L, loss = network.W, network.g, cache.Z, cache.A, network.L, network.loss
    m = cache.m if m is None else m
    Y = validation.floats(Y, Z[L].dtype)
    dA, dZ, dW, db = {}, {}, {}, {}
    short = "dZ" in network.short_forms  # g'(Z[L]) cancels: finite at a = 0 and a = 1
    if not (short and parameters_only):
        dA[L] = validation.of_shape(f"dA[{L}]", loss.dA(A[L], Y), A[L].shape, loss)
    for l in range(L, 0, -1):
        if l == L and short:
            dZ[l] = validation.of_shape(f"dZ[{L}]", loss.dZ(A[L], Y), A[L].shape, loss)
        else:
            dZ[l] = g[l].dZ(dA[l], Z[l], A[l])  # dA * g'(Z)
        if parameters_only:
            dA.pop(l, None)
        dW[l] = 1 / m * dZ[l] @ A[l - 1].T
        db[l] = 1 / m * dZ[l].sum(axis=1, keepdims=True)
        if network.l2:
            dW[l] = dW[l] + network.l2 / m * W[l]
        if l > 1 or not parameters_only:
            dA[l - 1] = W[l].T @ dZ[l]
    return Gradients(ByLayer("dA", dA), ByLayer("dZ", dZ), ByLayer("dW", dW), ByLayer("db", db))


@dataclass(frozen=True, eq=False)
class ParameterGradients:
    """What a step of gradient descent needs: the cost J, and dW[l], db[l] of every layer."""

    J: Array
    dW: ByLayer[Array]
    db: ByLayer[Array]


def gradients(network: Network, X: Array, Y: Array, block: int | None = None) -> ParameterGradients:
    """Compute J, dW and db, taking `block` columns of X and Y at a time.

    The gradient of a mean is the mean of the gradients: every block adds its share of
    (1/m) Σ, so the whole needs the memory of one block only.  By default a block is as wide
    as fits into the processor's cache; arrays that are not NumPy's are taken whole, since
    they bring their own chunks.

    X is (n_0, m), Y is (n_L, m).  Raises `InputError` as `forward` and `backward` do.
    """
    validation.check_X(network.sizes[0], X)  # once, and whole: a message names the right column
    m = int(X.shape[1])
    validation.check_Y(network, m, Y)
    if block is None:
        block = examples_per_block(network, X)
    else:
        block = validation.count("block", "a whole number of examples ≥ 1", block)
    if block >= m:
        return _share(network, X, Y, m)
    plain = network.without_penalty()  # the penalty is not a mean over examples: added once
    J = penalty(network, m)
    dW: dict[int, Array] = {}
    db: dict[int, Array] = {}
    for start in range(0, m, block):
        share = _share(plain, X[:, start : start + block], Y[:, start : start + block], m)
        J = J + share.J
        for l in network.W:
            # In place, on arrays made here: large new arrays cost more than the sum itself.
            dW[l] = np.add(dW[l], share.dW[l], out=dW[l]) if l in dW else share.dW[l]
            db[l] = db[l] + share.db[l] if l in db else share.db[l]
        del share  # before the next block asks for as much again
    if network.l2:
        dW = {l: dW[l] + network.l2 / m * network.W[l] for l in dW}
    return ParameterGradients(J, ByLayer("dW", dW), ByLayer("db", db))


def _share(network: Network, X: Array, Y: Array, m: int) -> ParameterGradients:
    """Return what the columns of X and Y add to J, dW and db of a batch of m examples."""
    cache = forward(network, X, check=False)
    grads = backward(network, cache, Y, m=m, parameters_only=True, check=False)
    J = losses(network, cache, Y, check=False).sum() / m + penalty(network, m)
    return ParameterGradients(J, grads.dW, grads.db)


#: What the arrays of one block (Z, A, dA, dZ of every layer) may take together, in bytes.
#: A small network's blocks stay in the processor's cache with this.
BLOCK_BYTES = 8 * 2**20


def examples_per_block(network: Network, X: Array) -> int:
    """Return how many examples `gradients` takes at a time by default.

    Every block adds a dW to the sum, whatever its width.  So that this stays a small part of
    the work, a block's arrays may take 1.5 times as much as all W, if that is more than
    `BLOCK_BYTES`.
    """
    m = int(X.shape[1])
    if not isinstance(X, np.ndarray):
        return m
    itemsize = max(X.itemsize, network.W[1].itemsize)  # X may hold one byte for each number
    per_example = 4 * sum(network.sizes[1:]) * itemsize
    if m * per_example <= BLOCK_BYTES:
        return m
    weights = sum(n * n_before for n_before, n in pairwise(network.sizes)) * itemsize
    return max(256, int(max(BLOCK_BYTES, 1.5 * weights)) // per_example)
