"""What the texts of print.tsv and print-held-out.tsv claim, by hand in NumPy: id → the sides that must be equal."""

from __future__ import annotations

from typing import Any

import numpy as np
from letters_expressions import by_shape, diagonal, jacobian, sigmoid, slope, softmax


def flat(*values: Any) -> Any:
    """Return the entries of several arrays, one after the other."""
    return np.concatenate([np.ravel(value) for value in values])


def slopes_by_weight(q: Any, l: int) -> Any:
    """Return the slope of z_j by each weight of its own unit."""
    W, before, step = np.asarray(q.W[l]), np.asarray(q.a[l - 1]), 1e-5
    found = np.empty_like(W)
    for j, k in np.ndindex(W.shape):
        high, low = W.copy(), W.copy()
        high[j, k] += step
        low[j, k] -= step
        found[j, k] = ((high @ before)[j, 0] - (low @ before)[j, 0]) / (2 * step)
    return q.give(found)


CLAIMS: dict[str, tuple[Any, ...]] = {
    "PR001": (
        lambda q: q.L_a1,
        lambda q: q.W2.T @ q.L_z2,
    ),
    "PR002": (
        lambda q: q.L_a1,
        lambda q: q.fits(q.W2 @ q.L_z2, q.a1),
    ),
    "PR003": (
        lambda q: q.z2,
        lambda q: q.b2 + q.W2 @ q.a1,
    ),
    "PR004": (
        lambda q: q.z2,
        lambda q: q.b2 + q.W2.T @ q.a1,
    ),
    "PR005": (
        lambda q, l: q.z[l],
        lambda q, l: q.W[l] @ q.a[l - 1] + q.b[l],
    ),
    "PR006": (
        lambda q, l: q.z[l],
        lambda q, l: q.fits(q.W[l] @ q.a[l], q.z[l]) + q.b[l],
    ),
    "PR007": (
        lambda q: q.z1[0, 0],
        lambda q: (q.W1[[0], :] @ q.x)[0, 0] + q.b1[0, 0],
    ),
    "PR008": (
        lambda q: q.z1[0, 0],
        lambda q: (q.W1[[1], :] @ q.x)[0, 0] + q.b1[0, 0],
    ),
    "PR009": (
        lambda q, l: q.dz[l],
        lambda q, l: q.dg(l, q.z[l]) * (q.W[l + 1].T @ q.dz[l + 1]),
    ),
    "PR010": (
        lambda q, l: q.dz[l],
        lambda q, l: q.dg(l, q.z[l]) * q.fits(q.W[l + 1] @ q.dz[l + 1], q.z[l]),
    ),
    "PR011": (
        lambda q, l: np.hstack([q.L_W[l], q.L_b[l]]),
        lambda q, l: np.hstack([q.dz[l] @ q.a[l - 1].T, q.dz[l]]),
    ),
    "PR012": (
        lambda q, l: np.hstack([q.L_W[l], q.L_b[l]]),
        lambda q, l: np.hstack([q.dz[l] @ q.a[l - 1].T, q.dz[l] * q.a[l]]),
    ),
    "PR013": (
        lambda q, l: q.dz[l],
        lambda q, l: q.dg(l, q.z[l]) * (q.W[l + 1].T @ q.dz[l + 1]),
    ),
    "PR014": (
        lambda q, l: q.dz[l],
        lambda q, l: q.g(l, q.z[l]) * (q.W[l + 1].T @ q.dz[l + 1]),
    ),
    "PR015": (
        lambda q: q.z,
        lambda q: np.sum(q.w * q.x) + q.b,
    ),
    "PR016": (
        lambda q: q.a,
        lambda q: np.sum(q.w * q.x) + q.b,
    ),
    "PR017": (
        lambda q: q.part(lambda w: q.give(np.sum(np.asarray(w) * np.asarray(q.x)) + q.b), q.w),
        lambda q: q.x,
    ),
    "PR018": (
        lambda q: q.part(lambda w: q.give(np.sum(np.asarray(w) * np.asarray(q.x)) + q.b), q.w),
        lambda q: q.w,
    ),
    "PR019": (
        lambda q, l: q.a[l],
        lambda q, l: q.g(l, q.fits(q.W[l].T @ q.a[l - 1], q.z[l]) + q.b[l]),
    ),
    "PR020": (
        lambda q, l: q.a[l],
        lambda q, l: q.g(l, q.fits(q.W[l].T @ q.a[l], q.z[l]) + q.b[l]),
    ),
    "PR021": (
        lambda q: q.L_z[q.L],
        lambda q: 2 * (q.a[q.L] - q.y) * q.dg(q.L, q.z[q.L]),
    ),
    "PR022": (
        lambda q: q.L_z[q.L],
        lambda q: 2 * (q.y - q.a[q.L]) * q.dg(q.L, q.z[q.L]),
    ),
    "PR023": (
        lambda q: q.z1,
        lambda q: q.W1 @ q.x,
    ),
    "PR024": (
        lambda q: q.z1,
        lambda q: q.W2 @ q.x,
    ),
    "PR025": (
        lambda q, l: q.L_W[l],
        lambda q, l: q.dz[l] @ q.a[l - 1].T,
    ),
    "PR026": (
        lambda q, l: q.L_W[l],
        lambda q, l: q.fits(q.dz[l] @ q.a[l].T, q.W[l]),
    ),
    "PR027": (
        lambda q, l: q.L_W[l],
        lambda q, l: q.dz[l] @ q.a[l - 1].T,
    ),
    "PR028": (
        lambda q, l: q.L_W[l],
        lambda q, l: q.fits(q.a[l - 1] @ q.dz[l].T, q.W[l]),
    ),
    "PR030": (
        lambda q: q.dW2,
        lambda q: q.dZ2 @ q.A1.T,
    ),
    "PR031": (
        lambda q: q.dZ1,
        lambda q: (q.W2.T @ q.dZ2) * q.A1 * (1 - q.A1),
    ),
    "PR032": (
        lambda q: q.dZ1,
        lambda q: (q.W2 @ q.dZ2) * q.A1 * (1 - q.A1),
    ),
    "PR033": (
        lambda q: flat(q.dZ2, q.dW2, q.dZ1, q.dW1),
        lambda q: flat(q.A2 - q.Y, q.dZ2 @ q.A1.T / q.m, (q.W2.T @ q.dZ2) * (1 - q.A1**2), q.dZ1 @ q.X.T / q.m),
    ),
    "PR034": (
        lambda q: flat(q.dZ2, q.dW2, q.dZ1, q.dW1),
        lambda q: flat(q.A2 - q.Y, q.dZ2 @ q.A1.T / q.m, (q.W2.T @ q.dZ2) * (1 - q.A1**2), q.dZ1 @ q.X.T),
    ),
    "PR035": (
        lambda q: q.J_b2,
        lambda q: q.over_examples(q.J_Z2),
    ),
    "PR036": (
        lambda q: q.J_b2,
        lambda q: q.over_examples(q.J_Z2) / q.m,
    ),
    "PR037": (
        lambda q: q.J_Z2,
        lambda q: (q.A2 - q.Y) / q.m,
    ),
    "PR038": (
        lambda q: q.J_Z2,
        lambda q: (q.Y - q.A2) / q.m,
    ),
    "PR039": (
        lambda q: np.vstack([q.a[0], q.z1]),
        lambda q: np.vstack([q.x, q.W1 @ q.x + q.b1]),
    ),
    "PR040": (
        lambda q: np.vstack([q.a[0], q.z1]),
        lambda q: np.vstack([q.x, q.fits(q.W1 @ q.a[1], q.z1) + q.b1]),
    ),
    "PR041": (
        lambda q, l: q.L_b[l],
        lambda q, l: q.L_z[l],
    ),
    "PR042": (
        lambda q, l: q.L_b[l],
        lambda q, l: q.L_a[l],
    ),
    "PR043": (
        lambda q, l: q.dz[l],
        lambda q, l: q.L_z[l],
    ),
    "PR044": (
        lambda q, l: q.dz[l],
        lambda q, l: q.L_a[l],
    ),
    "PR045": (
        lambda q, l: jacobian(q, lambda z: q.W[l + 1] @ q.g(l, z) + q.b[l + 1], q.z[l]),
        lambda q, l: q.W[l + 1] @ np.diag(np.ravel(q.dg(l, q.z[l]))),
    ),
    "PR046": (
        lambda q, l: jacobian(q, lambda z: q.W[l + 1] @ q.g(l, z) + q.b[l + 1], q.z[l]),
        lambda q, l: np.diag(np.ravel(q.dg(l, q.z[l]))) @ q.W[l + 1],
    ),
    "PR047": (
        lambda q, l: q.give(np.diag(jacobian(q, lambda z: q.g(l, z), q.z[l])).reshape(-1, 1)),
        lambda q, l: q.dg(l, q.z[l]),
    ),
    "PR048": (
        lambda q, l: q.give(np.diag(jacobian(q, lambda z: q.g(l, z), q.z[l])).reshape(-1, 1)),
        lambda q, l: q.g(l, q.z[l]),
    ),
    "PR049": (
        slopes_by_weight,
        lambda q, l: np.ones_like(q.b[l]) @ q.a[l - 1].T,
    ),
    "PR050": (
        slopes_by_weight,
        lambda q, l: q.fits(np.ones_like(q.b[l]) @ q.a[l].T, q.W[l]),
    ),
    "PR051": (
        lambda q: q.dZ[q.L],
        lambda q: q.A[q.L] - q.Y,
    ),
    "PR052": (
        lambda q: q.dZ[q.L],
        lambda q: q.Y - q.A[q.L],
    ),
    "PR053": (
        lambda q, l: q.dZ[l],
        lambda q, l: (q.W[l + 1].T @ q.dZ[l + 1]) * q.dg(l, q.Z[l]),
    ),
    "PR054": (
        lambda q, l: q.dZ[l],
        lambda q, l: q.fits(q.W[l + 1] @ q.dZ[l + 1], q.Z[l]) * q.dg(l, q.Z[l]),
    ),
    "PR055": (
        lambda q, l: q.J_W[l],
        lambda q, l: q.dZ[l] @ q.A[l - 1].T,
    ),
    "PR056": (
        lambda q, l: q.J_W[l],
        lambda q, l: q.fits(q.dZ[l] @ q.A[l].T, q.W[l]),
    ),
    "PR057": (
        lambda q, l: q.L_W[l],
        lambda q, l: q.dz[l] @ q.a[l - 1].T,
    ),
    "PR058": (
        lambda q, l: q.L_W[l],
        lambda q, l: q.fits(q.dz[l] @ q.a[l].T, q.W[l]),
    ),
    "PR059": (
        lambda q: q.a2,
        lambda q: q.f('sigmoid', q.W2 @ q.f('tanh', q.W1 @ q.x + q.b1) + q.b2),
    ),
    "PR060": (
        lambda q: q.a2,
        lambda q: q.f('tanh', q.W2 @ q.f('sigmoid', q.W1 @ q.x + q.b1) + q.b2),
    ),
    "PR061": (
        lambda q: q.L_W2,
        lambda q: (q.a2 - q.y) @ q.a1.T,
    ),
    "PR062": (
        lambda q: q.L_W2,
        lambda q: q.a1 @ (q.a2 - q.y).T,
    ),
    "PR063": (
        lambda q: q.L_b1,
        lambda q: (q.W2.T @ (q.a2 - q.y)) * (1 - q.a1 ** 2),
    ),
    "PR064": (
        lambda q: q.L_b1,
        lambda q: (q.W2.T @ (q.a2 - q.y)) * (1 - q.a1) ** 2,
    ),
    "PR065": (
        lambda q: q.db,
        lambda q: np.sum(q.A - q.Y) / q.m,
    ),
    "PR066": (
        lambda q: q.db,
        lambda q: np.sum(q.Y - q.A) / q.m,
    ),
    "PR067": (
        lambda q: q.dW1,
        lambda q: q.dZ1 @ q.X.T / q.m,
    ),
    "PR068": (
        lambda q: q.dW1,
        lambda q: q.X @ q.dZ1.T / q.m,
    ),
    "PR069": (
        lambda q: q.dA1,
        lambda q: q.W2.T @ q.dZ2,
    ),
    "PR070": (
        lambda q: q.dA1,
        lambda q: q.W1.T @ q.dZ2,
    ),
    "PR071": (
        lambda q: q.db2,
        lambda q: q.dZ2.sum(axis=1, keepdims=True) / q.m,
    ),
    "PR072": (
        lambda q: q.db2,
        lambda q: q.dZ1.sum(axis=1, keepdims=True) / q.m,
    ),
    "PR073": (
        lambda q, l: q.dz[l],
        lambda q, l: (q.W[l + 1].T @ q.dz[l + 1]) * q.dg(l, q.z[l]),
    ),
    "PR074": (
        lambda q, l: q.dz[l],
        lambda q, l: q.fits(q.W[l + 1] @ q.dz[l + 1], q.z[l]) * q.dg(l, q.z[l]),
    ),
    "PR075": (
        lambda q: np.array([q.L_z, q.L_b]),
        lambda q: np.array([q.a - q.y] * 2),
    ),
    "PR076": (
        lambda q: np.array([q.L_z, q.L_b]),
        lambda q: np.array([q.a - q.y, (q.a - q.y) * q.z]),
    ),
    "PR077": (
        lambda q: q.dW2,
        lambda q: q.dz2 @ q.a1.T,
    ),
    "PR078": (
        lambda q: q.dW2,
        lambda q: q.dz2 @ q.a1,
    ),
    "PR079": (
        lambda q, l: q.z[l],
        lambda q, l: q.W[l] @ q.a[l - 1] + q.b[l],
    ),
    "PR080": (
        lambda q, l: q.z[l],
        lambda q, l: q.W[l] @ q.a[l - 1] + q.fits(q.b[l], q.a[l - 1]),
    ),
    "PR081": (
        lambda q, l: q.L_z[l],
        lambda q, l: jacobian(q, lambda z: q.W[l + 1] @ q.g(l, z) + q.b[l + 1], q.z[l]).T @ q.L_z[l + 1],
    ),
    "PR082": (
        lambda q, l: q.L_z[l],
        lambda q, l: jacobian(q, lambda z: q.W[l + 1] @ q.g(l, z) + q.b[l + 1], q.z[l]).T @ q.L_a[l + 1],
    ),
    "PR083": (
        lambda q: q.z1,
        lambda q: q.W1 @ q.x + q.b1,
    ),
    "PR084": (
        lambda q: q.z1,
        lambda q: q.x @ q.W1 + q.b1,
    ),
    "PR085": (
        lambda q: by_shape(q, lambda x: np.sum((q.A @ x - q.b) ** 2), q.x),
        lambda q: 2 * q.A.T @ (q.A @ q.x - q.b),
    ),
    "PR086": (
        lambda q: by_shape(q, lambda x: np.sum((q.A @ x - q.b) ** 2), q.x),
        lambda q: 2 * (q.A @ q.x - q.b).T @ q.A,
    ),
    "PR087": (
        lambda q: q.part(lambda x: np.sum((q.A @ x + q.b) ** 2), q.x),
        lambda q: 2 * q.A.T @ (q.A @ q.x + q.b),
    ),
    "PR088": (
        lambda q: q.part(lambda x: np.sum((q.A @ x + q.b) ** 2), q.x),
        lambda q: 2 * q.A.T @ q.A @ q.x + q.b,
    ),
    "PR089": (
        lambda q: by_shape(q, lambda x: np.sum((q.A @ x - q.b) ** 2), q.x),
        lambda q: 2 * q.A.T @ q.A @ q.x - 2 * q.A.T @ q.b,
    ),
    "PR090": (
        lambda q: by_shape(q, lambda x: np.sum((q.A @ x - q.b) ** 2), q.x),
        lambda q: 2 * q.A.T @ q.A @ q.x - 2 * q.A @ q.b,
    ),
    "PR091": (
        lambda q: jacobian(q, softmax, q.o),
        lambda q: np.diag(np.ravel(softmax(q.o))) - softmax(q.o) @ softmax(q.o).T,
    ),
    "PR092": (
        lambda q: jacobian(q, softmax, q.o),
        lambda q: np.diag(np.ravel(softmax(q.o))) - softmax(q.o) ** 2 @ np.ones_like(q.o).T,
    ),
    "PR093": (
        lambda q: by_shape(q, lambda o: -np.sum(q.y * np.log(softmax(o))), q.o),
        lambda q: softmax(q.o) * np.sum(q.y) - q.y,
    ),
    "PR094": (
        lambda q: by_shape(q, lambda o: -np.sum(q.y * np.log(softmax(o))), q.o),
        lambda q: q.y - softmax(q.o) * np.sum(q.y),
    ),
    "PR095": (
        lambda q: q.part(lambda x: q.W @ x, q.x),
        lambda q: q.W,
    ),
    "PR096": (
        lambda q: q.part(lambda x: q.W @ x, q.x),
        lambda q: q.W @ q.x,
    ),
    "PR097": (
        lambda q: q.part(lambda x: q.f("sigmoid", x), q.x),
        lambda q: diagonal(q, slope(q.x)),
    ),
    "PR098": (
        lambda q: q.part(lambda x: q.f("sigmoid", x), q.x),
        lambda q: diagonal(q, sigmoid(q.x)),
    ),
    "PR099": (
        lambda q: q.part(lambda x: x.T @ q.B @ x, q.x),
        lambda q: (q.B + q.B.T) @ q.x,
    ),
    "PR100": (
        lambda q: q.part(lambda x: x.T @ q.B @ x, q.x),
        lambda q: (q.B + q.B.T) @ q.x.T,
    ),
    "PR101": (
        lambda q: q.part(lambda x: q.c.T @ x, q.x),
        lambda q: q.c,
    ),
    "PR102": (
        lambda q: q.part(lambda x: q.c.T @ x, q.x),
        lambda q: q.x,
    ),
    "PR103": (
        lambda q: q.df("sigmoid", q.z),
        lambda q: np.exp(-q.z) / (1 + np.exp(-q.z)) ** 2,
        lambda q: sigmoid(q.z) * (1 - sigmoid(q.z)),
    ),
    "PR104": (
        lambda q: q.df("sigmoid", q.z),
        lambda q: -np.exp(-q.z) / (1 + np.exp(-q.z)),
    ),
    "PR105": (
        lambda q: q.part(lambda z: z / (1 + np.abs(z)), q.z),
        lambda q: 1 / (1 + np.abs(q.z)) ** 2,
    ),
    "PR106": (
        lambda q: q.part(lambda z: z / (1 + np.abs(z)), q.z),
        lambda q: 1 / (1 + q.z ** 2),
    ),
    "PR107": (
        lambda q: np.tanh(q.z),
        lambda q: (np.exp(q.z) - np.exp(-q.z)) / (np.exp(q.z) + np.exp(-q.z)),
        lambda q: 2 * sigmoid(2 * q.z) - 1,
    ),
    "PR108": (
        lambda q: np.tanh(q.z),
        lambda q: (np.exp(q.z) - np.exp(-q.z)) / (np.exp(q.z) + np.exp(-q.z)),
        lambda q: 2 * sigmoid(q.z) - 1,
    ),
    "PR109": (
        lambda q: q.part(lambda z: np.log(1 + np.exp(z)), q.z),
        lambda q: sigmoid(q.z),
    ),
    "PR110": (
        lambda q: q.part(lambda z: np.log(1 + np.exp(z)), q.z),
        lambda q: 1 - sigmoid(q.z),
    ),
    "PR111": (
        lambda q: by_shape(q, lambda w: 0.5 * np.sum((q.y - q.X @ w) ** 2), q.w),
        lambda q: q.X.T @ (q.X @ q.w - q.y),
    ),
    "PR112": (
        lambda q: by_shape(q, lambda w: 0.5 * np.sum((q.y - q.X @ w) ** 2), q.w),
        lambda q: q.X.T @ (q.y - q.X @ q.w),
    ),
    "PR113": (
        lambda q: by_shape(q, lambda A: np.trace(A @ q.B), q.A),
        lambda q: q.B.T,
    ),
    "PR114": (
        lambda q: by_shape(q, lambda A: np.trace(A @ q.B), q.A),
        lambda q: q.A.T,
    ),
    "PR115": (
        lambda q: (
            flat(by_shape(q, lambda W: np.sum(q.G * (q.X @ W)), q.W), by_shape(q, lambda X: np.sum(q.G * (X @ q.W)),
            q.X))
        ),
        lambda q: flat(q.X.T @ q.G, q.G @ q.W.T),
    ),
    "PR116": (
        lambda q: (
            flat(by_shape(q, lambda W: np.sum(q.G * (q.X @ W)), q.W), by_shape(q, lambda X: np.sum(q.G * (X @ q.W)),
            q.X))
        ),
        lambda q: flat(q.X.T @ q.G, q.W.T @ q.G),
    ),
    "PR117": (
        lambda q: jacobian(q, softmax, q.x),
        lambda q: np.diag(np.ravel(softmax(q.x))) - softmax(q.x) @ softmax(q.x).T,
    ),
    "PR118": (
        lambda q: jacobian(q, softmax, q.x),
        lambda q: softmax(q.x) @ np.ones_like(q.x).T - np.ones_like(q.x) @ softmax(q.x).T,
    ),
    "PR119": (
        lambda q: np.sum(softmax(q.z)),
        lambda q: 1.0,
    ),
    "PR120": (
        lambda q: np.sum(softmax(q.z)) * np.ones_like(q.z),
        lambda q: q.z,
    ),
    "PR121": (
        lambda q: q.part(lambda x: x ** 2 + 3 * x, q.x),
        lambda q: 2 * q.x + 3,
    ),
    "PR122": (
        lambda q: q.part(lambda x: x ** 2 + 3 * x, q.x),
        lambda q: 2 * q.x + 3 * q.x,
    ),
    "PR123": (
        lambda q: q.part(lambda x: np.sin(x ** 2), q.x),
        lambda q: 2 * q.x * np.cos(q.x ** 2),
    ),
    "PR124": (
        lambda q: q.part(lambda x: np.sin(x ** 2), q.x),
        lambda q: -2 * q.x * np.cos(q.x ** 2),
    ),
}
HIDDEN = dict.fromkeys(("PR031", "PR032"), "sigmoid")
SHAPES: dict[str, str] = {
    "PR085": "A: p q, x: q 1, b: p 1",
    "PR086": "A: p q, x: q 1, b: p 1",
    "PR087": "A: p q, x: q 1, b: p 1",
    "PR088": "A: p q, x: q 1, b: p 1",
    "PR089": "A: p q, x: q 1, b: p 1",
    "PR090": "A: p q, x: q 1, b: p 1",
    "PR091": "o: p 1",
    "PR092": "o: p 1",
    "PR093": "o: p 1, y: p 1",
    "PR094": "o: p 1, y: p 1",
    "PR095": "W: p q, x: q 1",
    "PR096": "W: p q, x: q 1",
    "PR097": "x: p 1",
    "PR098": "x: p 1",
    "PR099": "B: p p, x: p 1",
    "PR100": "B: p p, x: p 1",
    "PR101": "c: p 1, x: p 1",
    "PR102": "c: p 1, x: p 1",
    "PR103": "z",
    "PR104": "z",
    "PR105": "z",
    "PR106": "z",
    "PR107": "z",
    "PR108": "z",
    "PR109": "z",
    "PR110": "z",
    "PR111": "X: p q, w: q 1, y: p 1",
    "PR112": "X: p q, w: q 1, y: p 1",
    "PR113": "A: p q, B: q p",
    "PR114": "A: p q, B: q p",
    "PR115": "X: p q, W: q r, G: p r",
    "PR116": "X: p q, W: q r, G: p r",
    "PR117": "x: p 1",
    "PR118": "x: p 1",
    "PR119": "z: p 1",
    "PR120": "z: p 1",
    "PR121": "x",
    "PR122": "x",
    "PR123": "x",
    "PR124": "x",
}
__all__ = ["CLAIMS", "HIDDEN", "SHAPES"]
