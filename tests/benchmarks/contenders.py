"""The networks that are measured, and what is measured on them.

Every contender is a function without arguments that computes the cost J and the gradients of
all parameters, or "only the five matrix products" that no implementation can do without:
W1 X, W2 A1, dZ2 A1ᵀ, W2ᵀ dZ2 and dZ1 Xᵀ.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from backprop import Layer, Network, gradients

Array = Any
Run = Callable[[], Any]


@dataclass(frozen=True)
class Case:
    """One hidden layer of tanh units; sizes (n_0, n_1, n_2) and m examples."""

    sizes: tuple[int, int, int]
    m: int

    def __str__(self) -> str:
        return "–".join(map(str, self.sizes)) + f" × {self.m}"

    @property
    def output(self) -> str:
        """One output unit is a yes or no, more are classes."""
        return "sigmoid" if self.sizes[2] == 1 else "softmax"

    def hidden_bytes(self, dtype: str) -> int:
        """Return the size of one hidden activation matrix A[1], (n_1, m)."""
        return self.sizes[1] * self.m * np.dtype(dtype).itemsize


CASES = {
    "course": Case((2, 4, 1), 400),
    "digits": Case((784, 128, 10), 256),
    "1024": Case((1024, 1024, 10), 4096),
    "2048": Case((2048, 2048, 256), 8192),
}


@dataclass(frozen=True)
class Inputs:
    """Random parameters and data of one case, the same for every contender."""

    case: Case
    X: Array
    Y: Array
    W1: Array
    b1: Array
    W2: Array
    b2: Array

    @property
    def parameters(self) -> tuple[Array, Array, Array, Array]:
        return self.W1, self.b1, self.W2, self.b2


def inputs(case: Case, dtype: str, seed: int = 0) -> Inputs:
    """Return X, Y and the parameters of a case, in float64 or float32."""
    rng = np.random.default_rng(seed)
    n_0, n_1, n_2 = case.sizes

    def normal(rows: int, columns: int, scale: float = 1.0) -> Array:
        return (scale * rng.standard_normal((rows, columns))).astype(dtype)

    if case.output == "sigmoid":
        Y = (rng.random((1, case.m)) < 0.5).astype(dtype)
    else:
        labels = rng.integers(n_2, size=case.m)
        Y = (labels == np.arange(n_2)[:, np.newaxis]).astype(dtype)
    return Inputs(
        case, normal(n_0, case.m), Y,
        normal(n_1, n_0, n_0**-0.5), normal(n_1, 1, 0.1),
        normal(n_2, n_1, n_1**-0.5), normal(n_2, 1, 0.1),
    )


def of_backprop(given: Inputs) -> dict[str, Run]:
    """Return `backprop.gradients`, and NumPy's matrix products into arrays made beforehand."""
    output = given.case.output
    loss = "binary_cross_entropy" if output == "sigmoid" else "categorical_cross_entropy"
    network = Network([Layer(given.W1, given.b1, "tanh"), Layer(given.W2, given.b2, output)], loss)
    X, Y, W1, W2 = given.X, given.Y, given.W1, given.W2
    hidden = W1.shape[0], X.shape[1]
    Z1, Z2, dW2, dA1, dW1 = (
        np.empty(shape, X.dtype) for shape in (hidden, Y.shape, W2.shape, hidden, W1.shape)
    )

    def run() -> Any:
        grads = gradients(network, X, Y)
        return grads.J, (grads.dW[1], grads.db[1], grads.dW[2], grads.db[2])

    def products() -> None:
        np.matmul(W1, X, out=Z1)
        np.matmul(W2, Z1, out=Z2)
        np.matmul(Z2, Z1.T, out=dW2)
        np.matmul(W2.T, Z2, out=dA1)
        np.matmul(dA1, X.T, out=dW1)

    return {"run": run, "products": products}


def of_jax(given: Inputs) -> dict[str, Run]:
    """Return JAX's jit of value_and_grad, and of the five products."""
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    m, sigmoid_output = given.case.m, given.case.output == "sigmoid"
    X, Y = jnp.array(given.X), jnp.array(given.Y)
    parameters = tuple(jnp.array(p) for p in given.parameters)

    def J(parameters: Any, X: Array, Y: Array) -> Array:
        W1, b1, W2, b2 = parameters
        Z2 = W2 @ jnp.tanh(W1 @ X + b1) + b2
        if sigmoid_output:
            return jnp.sum(jax.nn.softplus(Z2) - Y * Z2) / m
        return -jnp.sum(Y * jax.nn.log_softmax(Z2, axis=0)) / m

    def five(parameters: Any, X: Array) -> Any:
        W1, _, W2, _ = parameters
        Z1 = W1 @ X
        Z2 = W2 @ Z1
        dA1 = W2.T @ Z2
        return Z2, Z2 @ Z1.T, dA1 @ X.T

    compiled, compiled_five = jax.jit(jax.value_and_grad(J)), jax.jit(five)
    return {
        "run": lambda: jax.block_until_ready(compiled(parameters, X, Y)),
        "products": lambda: jax.block_until_ready(compiled_five(parameters, X)),
    }


def of_torch(given: Inputs) -> dict[str, Run]:
    """Return PyTorch, eager, with autograd, and its products into tensors made beforehand."""
    import torch

    m, sigmoid_output = given.case.m, given.case.output == "sigmoid"
    X, Y = torch.tensor(given.X), torch.tensor(given.Y)
    W1, b1, W2, b2 = parameters = [torch.tensor(p, requires_grad=True) for p in given.parameters]
    functional = torch.nn.functional

    def run() -> Any:
        Z2 = torch.addmm(b2, W2, torch.tanh(torch.addmm(b1, W1, X)))
        if sigmoid_output:
            J = functional.binary_cross_entropy_with_logits(Z2, Y)
        else:
            J = -torch.sum(Y * functional.log_softmax(Z2, dim=0)) / m
        return J.detach(), torch.autograd.grad(J, parameters)

    V1, V2 = W1.detach(), W2.detach()
    buffers: list[Any] = []

    def products() -> None:
        with torch.no_grad():
            if not buffers:  # made in the first call, which is not timed
                Z1, Z2 = V1 @ X, V2 @ (V1 @ X)
                buffers.extend((Z1, Z2, Z2 @ Z1.T, V2.T @ Z2, V1.clone()))
            Z1, Z2, dW2, dA1, dW1 = buffers
            torch.matmul(V1, X, out=Z1)
            torch.matmul(V2, Z1, out=Z2)
            torch.matmul(Z2, Z1.T, out=dW2)
            torch.matmul(V2.T, Z2, out=dA1)
            torch.matmul(dA1, X.T, out=dW1)

    return {"run": run, "products": products}


def of_plain_numpy(given: Inputs) -> dict[str, Run]:
    """Return the same formulas line by line in NumPy, for this one network and without any check: the floor."""
    X, Y, m, (W1, b1, W2, b2) = given.X, given.Y, given.case.m, given.parameters
    sigmoid_output = given.case.output == "sigmoid"

    def run() -> Any:
        A1 = np.tanh(W1 @ X + b1)
        Z2 = W2 @ A1 + b2
        if sigmoid_output:
            e = np.exp(-np.abs(Z2))
            A2 = np.where(Z2 > 0, 1, e) / (1 + e)
            J = (np.maximum(Z2, 0) - Y * Z2 + np.log1p(e)).sum() / m
        else:
            shifted = Z2 - Z2.max(axis=0)
            e = np.exp(shifted)
            sums = e.sum(axis=0)
            A2 = e / sums
            J = (Y * (np.log(sums) - shifted)).sum() / m
        dZ2 = A2 - Y
        dZ1 = W2.T @ dZ2 * (1 - A1 * A1)
        return J, (
            dZ1 @ X.T / m, dZ1.sum(axis=1, keepdims=True) / m,
            dZ2 @ A1.T / m, dZ2.sum(axis=1, keepdims=True) / m,
        )

    return {"run": run, "products": of_backprop(given)["products"]}


CONTENDERS = {"backprop": of_backprop, "plain NumPy": of_plain_numpy, "JAX": of_jax, "PyTorch": of_torch}


def check_agreement(results: dict[str, Any], dtype: str) -> None:
    """Raise `AssertionError` unless all contenders computed the same J and gradients."""
    J, grads = results["backprop"]
    tolerance = 1e-9 if dtype == "float64" else 1e-3
    for name, (other_J, other_grads) in results.items():
        np.testing.assert_allclose(float(other_J), float(J), rtol=tolerance, err_msg=name)
        for mine, other in zip(grads, other_grads, strict=True):
            scale = float(np.max(np.abs(mine)))
            np.testing.assert_allclose(
                np.asarray(other), mine, rtol=0, atol=tolerance * scale, err_msg=name
            )
