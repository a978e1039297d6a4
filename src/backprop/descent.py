"""Gradient descent: W := W - α dW, b := b - α db, over batches of examples."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from backprop import validation
from backprop.by_layer import ByLayer
from backprop.errors import InputError
from backprop.gradients import Gradients, ParameterGradients, gradients
from backprop.network import Network

Array = Any
LEARNING_RATE = "a learning rate α > 0"


@dataclass(frozen=True, eq=False)
class Training:
    """The trained network and the cost J of every epoch.

    ``history[k]`` is the mean of the costs of epoch k's batches, each taken before its
    step.  ``stopped`` says why training ended: ``"epochs"`` or ``"early"``.
    """

    network: Network
    history: tuple[float, ...]
    stopped: str


def step(network: Network, grads: Gradients | ParameterGradients, alpha: float) -> Network:
    """Return the network after one step: W[l] - α dW[l] and b[l] - α db[l] in every layer.

    Raises `InputError` unless α is a finite number > 0 and every dW[l], db[l] has the shape of
    its namesake: those of another network would be broadcast.
    """
    alpha = validation.number("alpha", LEARNING_RATE, alpha)
    for symbol in ("W", "b"):
        validation.check_steps(symbol, getattr(network, symbol), getattr(grads, f"d{symbol}"))
    W = {l: network.W[l] - alpha * grads.dW[l] for l in network.W}
    b = {l: network.b[l] - alpha * grads.db[l] for l in network.b}
    return network.with_parameters(ByLayer("W", W), ByLayer("b", b))


def train(
    network: Network,
    X: Array,
    Y: Array,
    *,
    alpha: float,
    epochs: int,
    batch_size: int | None = None,
    seed: int = 0,
    patience: int | None = None,
    min_improvement: float = 1e-6,
    progress: bool = False,
    compute: Callable[..., Sequence[Array]] | None = None,
) -> Training:
    """Train by gradient descent and return a `Training`; the given network is not changed.

    X is (n_0, m), Y is (n_L, m); an epoch passes once over all m examples.  With
    ``batch_size`` the examples are shuffled anew each epoch (by ``seed``) and every batch
    makes a step; without it one step uses all of them.  With ``patience`` training stops
    early when J has not fallen by ``min_improvement`` below its lowest value for that many
    epochs.  ``progress=True`` shows a bar; it needs the package tqdm.  For lazy arrays
    ``compute`` turns many of them into NumPy arrays at once, as ``dask.compute`` does; it is
    called once for every step.

    Raises `InputError` for bad data, or for numbers that are out of range.
    """
    validation.check_X(network.sizes[0], X)
    validation.check_Y(network, int(X.shape[1]), Y)
    alpha = validation.number("alpha", LEARNING_RATE, alpha)
    validation.number("min_improvement", "a number ≥ 0", min_improvement, zero=True)
    for name, value in (("epochs", epochs), ("batch_size", batch_size), ("patience", patience)):
        if value is not None or name == "epochs":
            validation.count(name, "a whole number ≥ 1", value)
    m = int(X.shape[1])
    rng = np.random.default_rng(seed)
    history: list[float] = []
    lowest, waited = np.inf, 0
    for _ in _progress_bar(epochs) if progress else range(epochs):
        J = 0.0
        for X_t, Y_t in _batches(X, Y, batch_size, rng):
            grads = _computed(gradients(network, X_t, Y_t), compute)
            J += float(grads.J) * X_t.shape[1] / m
            network = step(network, grads, alpha)
        history.append(J)
        waited = 0 if lowest - J > min_improvement else waited + 1
        lowest = min(lowest, J)
        if patience is not None and waited >= patience:
            return Training(network, tuple(history), "early")
    return Training(network, tuple(history), "epochs")


def _batches(
    X: Array, Y: Array, batch_size: int | None, rng: np.random.Generator
) -> Iterator[tuple[Array, Array]]:
    m = int(X.shape[1])
    if batch_size is None:
        yield X, Y
        return
    order, batch_size = rng.permutation(m), int(batch_size)
    for start in range(0, m, batch_size):
        columns = order[start : start + batch_size]
        yield X[:, columns], Y[:, columns]


def _computed(
    grads: ParameterGradients, compute: Callable[..., Sequence[Array]] | None
) -> ParameterGradients:
    if compute is None:
        return grads
    L = len(grads.dW)
    J, *arrays = compute(grads.J, *grads.dW.values(), *grads.db.values())
    dW = ByLayer("dW", dict(zip(grads.dW, arrays[:L], strict=True)))
    return ParameterGradients(J, dW, ByLayer("db", dict(zip(grads.db, arrays[L:], strict=True))))


def _progress_bar(epochs: int) -> Iterable[int]:
    try:
        from tqdm.auto import tqdm  # noqa: PLC0415  (optional: only a bar needs it)
    except ModuleNotFoundError:
        raise InputError(
            "progress", "the package tqdm", "none installed", "pip install tqdm, or progress=False."
        ) from None
    return tqdm(range(epochs), desc="epochs")
