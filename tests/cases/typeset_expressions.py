"""What the texts of typeset.tsv claim, written out by hand in NumPy: id → the sides that must be equal."""

from __future__ import annotations

from typing import Any

import numpy as np

from oracle import arrange


def N(q: Any, f: Any, at: Any) -> Any:
    """Return ∇f: whatever the layout, the transpose of the Jacobian."""
    return arrange(f, at, "denominator", q.give)


def out_slope(q: Any) -> Any:
    """Return ∂a/∂z of the last layer."""
    return q.part(lambda z: q.g(q.L, z), q.z[q.L])


CLAIMS: dict[str, tuple[Any, ...]] = {
    "TY001": (
        lambda q: q.loss,
        lambda q: -(q.y * np.log(q.a) + (1 - q.y) * np.log(1 - q.a)),
    ),
    "TY002": (
        lambda q: q.loss,
        lambda q: -(q.y * np.log(q.a) - (1 - q.y) * np.log(1 - q.a)),
    ),
    "TY003": (
        lambda q: q.J,
        lambda q: -1 / q.m * np.sum(q.Y * np.log(q.A) + (1 - q.Y) * np.log(1 - q.A)),
    ),
    "TY004": (
        lambda q: q.J,
        lambda q: -np.sum(q.Y * np.log(q.A) + (1 - q.Y) * np.log(1 - q.A)),
    ),
    "TY005": (
        lambda q: q.J_w,
        lambda q: 1 / q.m * (q.X @ (q.A - q.Y).T),
    ),
    "TY006": (
        lambda q: q.J_b,
        lambda q: 1 / q.m * np.sum(q.A - q.Y),
    ),
    "TY007": (
        lambda q, l: q.J_W[l],
        lambda q, l: q.dz[l] @ q.a[l - 1].T,
    ),
    "TY008": (
        lambda q, l: q.J_b[l],
        lambda q, l: q.dz[l] @ q.a[l - 1],
    ),
    "TY009": (
        lambda q: q.L_a,
        lambda q: -q.y / q.a + (1 - q.y) / (1 - q.a),
    ),
    "TY010": (
        lambda q: q.L_z,
        lambda q: q.a * (1 - q.a) * (q.y - q.a),
    ),
    "TY011": (
        lambda q: q.J,
        lambda q: -1 / q.m * np.sum(q.Y * np.log(q.A2) + (1 - q.Y) * np.log(1 - q.A2)),
    ),
    "TY012": (
        lambda q: q.dz[q.L],
        lambda q: q.L_z[q.L],
        lambda q: q.a[q.L] - q.y,
    ),
    "TY013": (
        lambda q: q.w - q.alpha * q.dw,
        lambda q: q.w - q.alpha * q.J_w,
    ),
    "TY014": (
        lambda q: q.L_a1,
        lambda q: q.W2 @ q.dz2,
    ),
    "TY015": (
        lambda q: q.J_b,
        lambda q: 1 / q.m * np.sum(q.A - q.Y),
    ),
    "TY016": (
        lambda q, l: q.J_W[l],
        lambda q, l: q.dz[l] @ q.a[l - 1].T,
    ),
    "TY017": (
        lambda q, l: q.J_W[l],
        lambda q, l: q.dz[l + 1] @ q.a[l].T,
    ),
    "TY018": (
        lambda q: q.dz[q.L],
        lambda q: q.L_a[q.L] * q.dg(q.L, q.z[q.L]),
    ),
    "TY019": (
        lambda q, l: q.J_b[l],
        lambda q, l: 1 / q.m * q.over_examples(q.dZ[l]),
    ),
    "TY020": (
        lambda q: q.L_W1,
        lambda q: q.dz1 @ q.x.T,
    ),
    "TY021": (
        lambda q: q.J_w,
        lambda q: 1 / q.m * ((q.A - q.Y) @ q.X.T),
    ),
    "TY022": (
        lambda q: q.L_w,
        lambda q: (q.a - q.y) * q.x,
    ),
    "TY023": (
        lambda q: N(q, lambda x: x.T @ q.A @ x, q.x),
        lambda q: (q.A + q.A.T) @ q.x,
    ),
    "TY024": (
        lambda q: N(q, lambda x: q.A @ x, q.x),
        lambda q: q.A,
    ),
    "TY025": (
        lambda q: N(q, lambda w: (q.X @ w - q.y).T @ (q.X @ w - q.y), q.w),
        lambda q: 2 * (q.X.T @ (q.X @ q.w - q.y)),
    ),
    "TY026": (
        lambda q: q.J_w,
        lambda q: q.x * (q.y - q.a),
    ),
    "TY027": (
        lambda q, l: q.db[l],
        lambda q, l: 1 / q.m * q.over_examples(q.dZ[l]),
    ),
    "TY028": (
        lambda q, l: q.db[l],
        lambda q, l: 1 / q.m * q.over_examples(q.dZ[l]),
    ),
    "TY029": (
        lambda q, l: q.db[l],
        lambda q, l: 1 / q.m * q.over_examples(q.dZ[l]),
    ),
    "TY030": (
        lambda q, l: q.db[l],
        lambda q, l: 1 / q.m * q.give(np.asarray(q.dZ[l]).sum(axis=0, keepdims=True)),
    ),
    "TY031": (
        lambda q: q.dZ1,
        lambda q: (q.W2.T @ q.dZ2) * (1 - q.A1 * q.A1),
    ),
    "TY032": (
        lambda q: q.dZ1,
        lambda q: (q.W2 @ q.dZ2) * q.dg(1, q.Z1),
    ),
    "TY033": (
        lambda q: q.dW2,
        lambda q: 1 / q.m * (q.dZ2 @ q.A1.T),
    ),
    "TY034": (
        lambda q, l: q.dA[l - 1],
        lambda q, l: q.W[l].T @ q.dZ[l],
    ),
    "TY035": (
        lambda q, l: q.dZ[l],
        lambda q, l: q.dA[l] * q.dg(l, q.Z[l]),
    ),
    "TY036": (
        lambda q, l: q.dW[l],
        lambda q, l: 1 / q.m * (q.dZ[l] @ q.A[l - 1]),
    ),
    "TY037": (
        lambda q: q.b - q.alpha * q.db,
        lambda q: q.b - q.alpha * q.J_b,
    ),
    "TY038": (
        lambda q, l: q.J_W[l],
        lambda q, l: q.dz[l] @ q.a[l - 1].T,
    ),
    "TY039": (
        lambda q, l: q.J_W[l],
        lambda q, l: q.fits(q.dz[l] @ q.a[l].T, q.W[l]),
    ),
    "TY040": (
        lambda q: q.J_w,
        lambda q: 1 / q.m * (q.X @ (q.A - q.Y).T),
    ),
    "TY041": (
        lambda q: q.L_W2,
        lambda q: q.L_z2 @ q.a1.T,
    ),
    "TY042": (
        lambda q: q.dw,
        lambda q: (q.a - q.y) * q.x,
    ),
    "TY043": (
        lambda q: q.w - q.alpha * q.dw,
        lambda q: q.w - q.alpha * (q.a - q.y) * q.x,
    ),
    "TY044": (
        lambda q: q.w - q.alpha * q.dw,
        lambda q: q.w + q.alpha * (q.a - q.y) * q.x,
    ),
    "TY045": (
        lambda q: q.dW2,
        lambda q: 1 / q.m * (q.dZ2 @ q.A1.T),
    ),
    "TY046": (
        lambda q, l: q.dW[l],
        lambda q, l: 1 / q.m * (q.dZ[l] @ q.A[l - 1].T),
    ),
    "TY047": (
        lambda q, l: q.db[l],
        lambda q, l: 1 / q.m * q.over_examples(q.dZ[l]),
    ),
    "TY048": (
        lambda q, l: q.db[l],
        lambda q, l: 1 / q.m * q.over_examples(q.dZ[l]),
    ),
    "TY049": (
        lambda q, l: q.db[l],
        lambda q, l: q.over_examples(q.dZ[l]),
    ),
    "TY050": (
        lambda q: q.dz1,
        lambda q: (q.W2.T @ q.dz2) * q.dg(1, q.z1),
    ),
    "TY051": (
        lambda q, l: q.b[l] - q.alpha * q.db[l],
        lambda q, l: q.b[l] - q.alpha * q.dz[l],
    ),
    "TY052": (
        lambda q, l: q.W[l] - q.alpha * q.dW[l],
        lambda q, l: q.W[l] - q.alpha * (q.dz[l] @ q.a[l - 1]),
    ),
    "TY053": (
        lambda q: q.J,
        lambda q: -1 / q.m * np.sum(q.Y * np.log(q.A) + (1 - q.Y) * np.log(1 - q.A)),
    ),
    "TY054": (
        lambda q, l: q.Z[l],
        lambda q, l: q.W[l] @ q.A[l - 1] + q.spread(q.b[l]),
    ),
    "TY055": (
        lambda q, l: q.dW[l],
        lambda q, l: 1 / q.m * (q.dZ[l] @ q.A[l - 1].T),
    ),
    "TY056": (
        lambda q: q.dW1,
        lambda q: 1 / q.m * (q.X.T @ ((q.dZ2 @ q.W2.T) * q.df('sigmoid', q.Z1))),
    ),
    "TY057": (
        lambda q: q.W2 - q.alpha * q.dW2,
        lambda q: q.W2 - q.alpha * (q.a1.T @ q.dz2),
    ),
    "TY058": (
        lambda q: q.dz1,
        lambda q: (q.dz2 @ q.W2.T) * q.df('sigmoid', q.z1),
    ),
    "TY059": (
        lambda q: q.dz1,
        lambda q: (q.dz2 @ q.W2) * q.df('sigmoid', q.z1),
    ),
    "TY060": (
        lambda q, l: q.b[l] - q.alpha * q.db[l],
        lambda q, l: q.b[l] - q.alpha * q.dz[l],
    ),
    "TY061": (
        lambda q: q.dZ1,
        lambda q: (q.dZ2 @ q.W2.T) * (1 - q.A2 * q.A2),
    ),
    "TY062": (
        lambda q: q.J_W[q.L],
        lambda q: q.part(lambda w: w @ q.a[q.L - 1] + q.b[q.L], q.W[q.L]) @ out_slope(q) @ q.L_a[q.L],
    ),
    "TY063": (
        lambda q: q.J_b[q.L],
        lambda q: q.dg(q.L, q.z[q.L]) @ q.L_a[q.L],
    ),
    "TY064": (
        lambda q, l: q.a[l],
        lambda q, l: q.g(l, q.W[l] @ q.a[l - 1] + q.b[l]),
    ),
    "TY065": (
        lambda q, l: q.dz[l],
        lambda q, l: q.dg(l, q.z[l]) * (q.W[l + 1] @ q.dz[l + 1]),
    ),
    "TY066": (
        lambda q, l: q.dz[l],
        lambda q, l: (q.W[l + 1].T @ q.dz[l + 1]) * q.dg(l, q.z[l]),
    ),
    "TY067": (
        lambda q: np.array([q.dw[0, 0], q.dw[1, 0], q.db]),
        lambda q: np.array([q.x[0, 0] * q.dz, q.x[1, 0] * q.dz, q.dz]),
    ),
    "TY068": (
        lambda q: q.dw[0, 0],
        lambda q: q.x[0, 0] * (q.a - q.y),
    ),
    "TY069": (
        lambda q: q.L_w[0, 0],
        lambda q: q.x[1, 0] * (q.a - q.y),
    ),
    "TY070": (
        lambda q: np.vstack([q.dz2, q.dz1]),
        lambda q: np.vstack([q.a2 - q.y, (q.W2.T @ q.dz2) * q.dg(1, q.z1)]),
    ),
    "TY071": (
        lambda q: q.dz1,
        lambda q: (q.W2 @ q.dz2) * q.dg(1, q.z1),
    ),
    "TY072": (
        lambda q: q.J_w,
        lambda q: 1 / q.m * (q.X @ (q.A - q.Y).T),
    ),
    "TY073": (
        lambda q: q.J_w,
        lambda q: 1 / q.m * (q.X @ (q.Y - q.A).T),
    ),
    "TY074": (
        lambda q: q.w - q.alpha * q.dw,
        lambda q: q.w - q.alpha / q.m * (q.X @ (q.A - q.Y).T),
    ),
    "TY075": (
        lambda q: q.L_z,
        lambda q: q.a - q.y,
    ),
    "TY076": (
        lambda q: q.L_w,
        lambda q: (q.a - q.y) * q.a * (1 - q.a) * q.x,
    ),
    "TY077": (
        lambda q, l: q.J_W[l],
        lambda q, l: q.dz[l] @ q.a[l - 1].T,
    ),
    "TY078": (
        lambda q, l: q.dz[l],
        lambda q, l: (q.W[l + 1].T @ q.dz[l + 1]) * q.a[l] * (1 - q.a[l]),
    ),
    "TY079": (
        lambda q: q.w - q.alpha * q.dw,
        lambda q: q.w - q.alpha / q.m * (q.X.T @ (q.A - q.Y)),
    ),
    "TY080": (
        lambda q: q.J_W2,
        lambda q: (q.a2 - q.y) @ q.a1.T,
    ),
    "TY081": (
        lambda q: q.J_W1,
        lambda q: q.W2.T @ (q.a2 - q.y) @ q.x.T,
    ),
    "TY082": (
        lambda q: q.dz1,
        lambda q: (q.W2.T @ (q.a2 - q.y)) * q.a1 * (1 - q.a1),
    ),
}
HIDDEN = {"TY056": "sigmoid", "TY058": "sigmoid", "TY059": "sigmoid", "TY078": "sigmoid", "TY082": "sigmoid"}
SHAPES = {"TY023": "A: p p, x: p 1", "TY024": "A: p q, x: q 1", "TY025": "X: p q, w: q 1, y: p 1"}
WORLDS: dict[str, dict[str, tuple[Any, ...]]] = {
    "TY063": {"product-elementwise": (lambda q: q.J_b[q.L], lambda q: q.dg(q.L, q.z[q.L]) * q.L_a[q.L])},
    "TY079": {"rows-W": (lambda q: (q.w - q.alpha * q.dw).T, lambda q: q.w.T - q.alpha / q.m * (q.X.T @ (q.A - q.Y)))},
}
