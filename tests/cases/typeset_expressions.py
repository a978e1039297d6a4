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
    "TY083": (
        lambda q: q.dz[q.L],
        lambda q: q.L_a[q.L] * q.dg(q.L, q.z[q.L]),
    ),
    "TY084": (
        lambda q, l: q.J_W[l],
        lambda q, l: 1 / q.m * (q.dZ[l] @ q.A[l - 1].T),
    ),
    "TY085": (
        lambda q: q.J_b,
        lambda q: 1 / q.m * np.sum(q.A - q.Y),
    ),
    "TY086": (
        lambda q: q.L_a[0],
        lambda q: q.W1.T @ q.dz1,
    ),
    "TY087": (
        lambda q: q.L_a[0],
        lambda q: q.W1 @ q.dz1,
    ),
    "TY088": (
        lambda q: q.loss,
        lambda q: -(q.y * np.log(q.a) + (1 - q.y) * np.log(1 - q.a)),
    ),
    "TY089": (
        lambda q: q.J,
        lambda q: -1 / q.m * np.sum(q.Y * np.log(q.A) + (1 - q.Y) * np.log(1 - q.A)),
    ),
    "TY090": (
        lambda q: q.L_a,
        lambda q: (q.a - q.y) / (q.a * (1 - q.a)),
    ),
    "TY091": (
        lambda q: q.L_z,
        lambda q: (q.a - q.y) * q.a * (1 - q.a),
    ),
    "TY092": (
        lambda q: q.J_b2,
        lambda q: 1 / q.m * q.over_examples(q.dZ2),
    ),
    "TY093": (
        lambda q, l: q.L_b[l],
        lambda q, l: q.L_z[l],
    ),
    "TY094": (
        lambda q, l: q.L_z[l],
        lambda q, l: q.L_a[l] @ q.part(lambda z: q.g(l, z), q.z[l]),
    ),
    "TY095": (
        lambda q: q.J_b,
        lambda q: 1 / q.m * np.sum(q.A - q.Y),
    ),
    "TY096": (
        lambda q: q.L_w,
        lambda q: q.x * (q.a - q.y),
    ),
    "TY097": (
        lambda q: q.L_w,
        lambda q: q.x * (q.y - q.a),
    ),
    "TY098": (
        lambda q: q.L_w,
        lambda q: (q.a - q.y) * q.x,
    ),
    "TY099": (
        lambda q: q.dZ1,
        lambda q: (q.W2.T @ q.dZ2) * q.dg(1, q.Z1),
    ),
    "TY100": (
        lambda q: q.dW1,
        lambda q: 1 / q.m * (q.dZ1 @ q.X.T),
    ),
    "TY101": (
        lambda q: q.db1,
        lambda q: 1 / q.m * q.over_examples(q.dZ1),
    ),
    "TY102": (
        lambda q, l: q.W[l] - q.alpha * q.dW[l],
        lambda q, l: q.W[l] - q.alpha * q.dW[l],
    ),
    "TY103": (
        lambda q, l: q.b[l] - q.alpha * q.db[l],
        lambda q, l: q.b[l] + q.alpha * q.db[l],
    ),
    "TY104": (
        lambda q, l: q.dA[l - 1],
        lambda q, l: q.W[l].T @ q.dZ[l],
    ),
    "TY105": (
        lambda q, l: q.dW[l],
        lambda q, l: 1 / q.m * (q.dZ[l] @ q.A[l - 1].T),
    ),
    "TY106": (
        lambda q, l: q.dW[l],
        lambda q, l: 1 / q.m * (q.dZ[l] @ q.A[l - 1].T),
    ),
    "TY107": (
        lambda q, l: q.dZ[l],
        lambda q, l: q.dA[l] * q.dg(l, q.Z[l]),
    ),
    "TY108": (
        lambda q, l: q.dZ[l],
        lambda q, l: (q.W[l + 1].T @ q.dZ[l + 1]) @ q.dg(l, q.Z[l]),
    ),
    "TY109": (
        lambda q: q.dW1,
        lambda q: 1 / q.m * (q.dZ1 @ q.X.T),
    ),
    "TY110": (
        lambda q: q.db2,
        lambda q: 1 / q.m * q.over_examples(q.dZ2),
    ),
    "TY111": (
        lambda q, l: q.dZ[l],
        lambda q, l: q.dA[l] * q.dg(l, q.Z[l]),
    ),
    "TY112": (
        lambda q, l: q.dZ[l],
        lambda q, l: q.dA[l] * q.dg(l, q.Z[l]),
    ),
    "TY113": (
        lambda q: q.dw,
        lambda q: 1 / q.m * (q.X @ q.dZ.T),
    ),
    "TY114": (
        lambda q, l: q.z[l],
        lambda q, l: q.W[l] @ q.a[l - 1] + q.b[l],
    ),
    "TY115": (
        lambda q, l: q.L_W[l],
        lambda q, l: q.dz[l] @ q.a[l - 1].T,
    ),
    "TY116": (
        lambda q, l: q.L_W[l],
        lambda q, l: q.fits((q.dz[l] @ q.a[l - 1].T).T, q.W[l]),
    ),
    "TY117": (
        lambda q, l: q.dz[l],
        lambda q, l: (q.W[l + 1].T @ q.dz[l + 1]) * q.dg(l, q.z[l]),
    ),
    "TY118": (
        lambda q: q.J_W2,
        lambda q: q.dz2 @ q.a1.T,
    ),
    "TY119": (
        lambda q: q.W2 - q.alpha * q.dW2,
        lambda q: q.W2 - q.alpha * (q.dz2 @ q.a1),
    ),
    "TY120": (
        lambda q: q.w - q.alpha * q.dw,
        lambda q: q.w - q.alpha / q.m * (q.X @ (q.A - q.Y).T),
    ),
    "TY121": (
        lambda q: q.J_w,
        lambda q: (q.a - q.y) * q.x,
    ),
    "TY122": (
        lambda q: q.J_w,
        lambda q: 1 / q.m * (q.X @ (q.A - q.Y).T),
    ),
    "TY123": (
        lambda q: q.J_b,
        lambda q: 1 / q.m * np.sum(q.A - q.Y),
    ),
    "TY124": (
        lambda q: q.L_w,
        lambda q: (q.a - q.y) * q.x,
    ),
    "TY125": (
        lambda q, l: q.L_W[l],
        lambda q, l: q.dz[l] @ q.a[l - 1],
    ),
    "TY126": (
        lambda q: q.L_W2,
        lambda q: q.a1.T @ q.dz2,
    ),
    "TY127": (
        lambda q: q.J_W1,
        lambda q: 1 / q.m * (q.X.T @ (((q.A2 - q.Y) @ q.W2.T) * q.A1 * (1 - q.A1))),
    ),
    "TY128": (
        lambda q, l: q.J_W[l],
        lambda q, l: q.a[l - 1] @ q.dg(l, q.z[l]) @ q.L_a[l],
    ),
    "TY129": (
        lambda q: np.array([q.L_w[0, 0], q.L_w[1, 0], q.L_b]),
        lambda q: np.array([q.x[0, 0] * q.dz, q.x[1, 0] * q.dz, q.dz]),
    ),
    "TY130": (
        lambda q: q.w[0, 0] - q.alpha * q.dw[0, 0],
        lambda q: q.w[0, 0] - q.alpha * q.dw[0, 0],
    ),
    "TY131": (
        lambda q: q.w[0, 0] - q.alpha * q.dw[0, 0],
        lambda q: q.w[0, 0] - q.alpha * q.x[1, 0] * q.dz,
    ),
    "TY132": (
        lambda q, l: q.L_b[l],
        lambda q, l: q.dz[l],
    ),
    "TY133": (
        lambda q: q.dz[q.L],
        lambda q: q.L_a[q.L] * q.dg(q.L, q.z[q.L]),
    ),
    "TY134": (
        lambda q, l: q.dz[l],
        lambda q, l: q.fits((q.W[l + 1] @ q.dz[l + 1]), q.dz[l]) * q.dg(l, q.z[l]),
    ),
    "TY135": (
        lambda q, l: q.W[l] - q.alpha * q.dW[l],
        lambda q, l: q.W[l] - q.alpha * (q.dz[l] @ q.a[l - 1].T),
    ),
    "TY136": (
        lambda q, l: q.dz[l],
        lambda q, l: (q.W[l + 1] @ q.dz[l + 1]) * q.dg(l, q.z[l]),
    ),
}
HIDDEN = dict.fromkeys(("TY056", "TY058", "TY059", "TY078", "TY082", "TY127"), "sigmoid")
SHAPES = {"TY023": "A: p p, x: p 1", "TY024": "A: p q, x: q 1", "TY025": "X: p q, w: q 1, y: p 1"}
WORLDS: dict[str, dict[str, tuple[Any, ...]]] = {
    "TY063": {
        "product-elementwise": (
            lambda q: q.J_b[q.L],
            lambda q: q.dg(q.L, q.z[q.L]) * q.L_a[q.L],
        ),
    },
    "TY108": {
        "product-elementwise": (
            lambda q, l: q.dZ[l],
            lambda q, l: (q.W[l + 1].T @ q.dZ[l + 1]) * q.dg(l, q.Z[l]),
        ),
    },
}
