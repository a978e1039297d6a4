"""What each case of code.tsv and code-held-out.tsv claims, written out by hand in NumPy, as in `expressions.py`.

Code keeps NumPy's broadcasting, and that of Octave, R and Julia is written out where it differs.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

if str(Path(__file__).parent) not in sys.path:
    sys.path.insert(0, str(Path(__file__).parent))  # as label.py does

from expressions import Side, lines

CLAIMS: dict[str, tuple[Side, ...]] = {
    "CO001": (lambda q: q.L_W2, lambda q: np.outer(q.dz2, q.a1)),
    "CO002": (lambda q: q.L_b2, lambda q: q.dz2),
    "CO003": (lambda q: q.L_a1, lambda q: q.W2 @ q.dz2),
    "CO004": (lambda q: q.L_W1, lambda q: q.dz1 @ q.x.T),
    "CO005": (lambda q: q.L_z1, lambda q: q.L_a1 * (q.z1 > 0)),
    "CO006": (lambda q: q.L_z1, lambda q: q.L_a1 * (q.a1 > 0) * q.z1),
    "CO007": (lambda q: q.J_W1, lambda q: (1/q.m) * q.dZ1 @ q.X.T),
    "CO008": (lambda q: q.J_b1, lambda q: np.sum(q.dZ1, axis=1, keepdims=True)),
    "CO009": (lambda q: q.J_Z2, lambda q: (q.A2 - q.Y) / q.m),
    "CO010": (lambda q: q.J_Z2, lambda q: q.A2 - q.Y),
    "CO011": (lambda q: q.J_w, lambda q: q.X @ (q.A - q.Y).T / q.m),
    "CO012": (lambda q: q.L_w, lambda q: q.X @ (q.A - q.Y).T),
    "CO013": (lambda q: q.dw, lambda q: np.dot(q.X, q.A - q.Y) / q.m),
    "CO014": (lambda q: q.dW2, lambda q: q.dZ2 @ q.A1.T / q.m),
    "CO015": (lambda q: q.dW1, lambda q: q.dZ1 @ q.X.T),
    "CO016": (lambda q: q.db2, lambda q: np.sum(q.dZ2, axis=1, keepdims=True) / q.m),
    "CO017": (lambda q: q.dZ1, lambda q: q.W2.T @ q.dZ2 * (1 - q.A1**2)),
    "CO018": (lambda q: q.dZ1, lambda q: np.dot(q.W2.T, q.dZ2) * q.df('sigmoid', q.Z1)),
    "CO019": (lambda q: q.dZ1, lambda q: q.W2.T.dot(q.dZ2) * (q.Z1 > 0)),
    "CO020": (lambda q: q.dZ1, lambda q: q.W2.T.dot(q.dZ2) * (q.Z2 > 0)),
    "CO021": (lambda q: q.dZ1, lambda q: q.dA1 * (q.Z1 > 0)),
    "CO022": (lambda q: q.dZ1, lambda q: np.dot(q.W2.T, q.dZ2) * q.df('sigmoid', q.A1)),
    "CO023": (lambda q: q.dW2, lambda q: q.dZ2 @ q.A1.T / q.m),
    "CO024": (lambda q: q.dW2, lambda q: np.dot(q.dZ2, q.A1.T) / len(q.X)),
    "CO025": (lambda q: q.dW2, lambda q: q.dZ2 @ q.A1.T / q.m),
    "CO026": (lambda q: q.db1, lambda q: np.sum(q.dZ1, axis=0, keepdims=True) / q.m),
    "CO027": (lambda q: q.dw, lambda q: (1/q.m) * np.dot(q.X.T, q.A - q.Y)),
    "CO028": (lambda q: q.db, lambda q: np.sum(q.A - q.Y) / q.m),
    "CO029": (lambda q: q.J, lambda q: -np.sum(q.Y*np.log(q.A) + (1-q.Y)*np.log(1-q.A)) / q.m),
    "CO030": (lambda q: q.dW1, lambda q: q.X.T @ q.dZ1),
    "CO031": (lambda q: q.db2, lambda q: np.sum(q.dZ2, axis=0)),
    "CO032": (lambda q: q.W1 - q.alpha*q.dW1, lambda q: q.W1 - q.alpha * q.X.T @ q.dZ1 / q.m),
    "CO033": (lambda q: q.dZ1, lambda q: q.dZ2 @ q.W2.T * q.df('sigmoid', q.Z1)),
    "CO034": (lambda q: q.dZ1, lambda q: q.dZ2 @ q.W2 * (q.Z1 > 0)),
    "CO035": (lambda q: q.dZ2, lambda q: q.A2 - q.Y),
    "CO036": (lambda q: q.dW2, lambda q: q.A1.T @ q.dZ2),
    "CO037": (lambda q: q.dA1, lambda q: q.dZ2 @ q.W2),
    "CO038": (lambda q: q.dZ1, lambda q: q.dZ2 @ q.W2.T * (1 - q.A1**2)),
    "CO039": (lambda q: q.dw, lambda q: np.dot(q.X.T, q.A - q.Y) / q.Y.size),
    "CO040": (lambda q: q.dZ1, lambda q: (q.W2.T @ q.dZ2) * (1 - q.A1**2)),
    "CO041": (lambda q: q.db2, lambda q: np.sum(q.dZ2, axis=1, keepdims=True) / q.m),
    "CO042": (lambda q: q.db2, lambda q: np.sum(q.dZ2, axis=0, keepdims=True).T / q.m),
    "CO043": (lambda q: q.dW1, lambda q: (1/q.m) * q.dZ1 * q.X.T),
    "CO044": (lambda q: q.dZ1, lambda q: (q.W2 @ q.dZ2) * (q.A1 * (1 - q.A1))),
    "CO045": (lambda q: q.J, lambda q: (-1/q.m) * np.sum(q.Y*np.log(q.A) + (1-q.Y)*np.log(1-q.A))),
    "CO046": (lambda q: q.dw, lambda q: (1/q.m) * q.X.T @ (q.A - q.Y)),
    "CO047": (lambda q: q.dW2, lambda q: q.dZ2 @ q.A1.T / q.m),
    "CO048": (lambda q: q.db1, lambda q: np.sum(q.dZ1, axis=1, keepdims=True) / q.m),
    "CO049": (lambda q: q.dW2, lambda q: q.dZ2 * q.A1.T / q.m),
    "CO050": (lambda q: q.dZ1, lambda q: (q.W2 @ q.dZ2) * (1 - q.A1**2)),
    "CO051": (lambda q: q.db1, lambda q: np.sum(q.dZ1, axis=1, keepdims=True) / q.m),
    "CO052": (lambda q: q.db1, lambda q: np.sum(q.dZ1, axis=0, keepdims=True) / q.m),
    "CO053": (lambda q: q.dZ1, lambda q: q.W2.T @ q.dZ2 * (1 - q.A1**2)),
    "CO054": (lambda q: q.dW1, lambda q: q.dZ1 @ q.X.T / q.m),
    "CO055": (lambda q: q.dW2, lambda q: q.A1.T @ q.dZ2),
    "CO056": (lambda q: q.db2, lambda q: np.sum(q.dZ2, axis=1, keepdims=True) / q.m),
    "CO057": (lambda q: q.dW2, lambda q: np.einsum('ij,kj->ik', q.dZ2, q.A1) / q.m),
    "CO058": (lambda q: q.dW2, lambda q: np.einsum('ij,kj->ki', q.dZ2, q.A1) / q.m),
    "CO059": (lambda q: q.db2, lambda q: q.dZ2 @ np.ones((q.m, 1)) / q.m),
    "CO060": lines(
        (lambda q: q.dZ2, lambda q: q.A2-q.Y),
        (lambda q: q.dW2, lambda q: q.dZ2 @ q.A1.T / q.m),
        (lambda q: q.db2, lambda q: np.sum(q.dZ2, axis=1, keepdims=True) / q.m),
    ),
    "CO061": lines(
        (lambda q: q.dZ2, lambda q: q.A2-q.Y),
        (lambda q: q.dW2, lambda q: q.dZ2 @ q.A1.T / q.m),
        (lambda q: q.dA1, lambda q: q.W2 @ q.dZ2),
    ),
    "CO062": (lambda q, l: q.dA[l-1], lambda q, l: q.W[l].T @ q.dZ[l]),
    "CO063": (lambda q, l: q.db[l], lambda q, l: np.sum(q.dZ[l]) / q.m),
    "CO064": (lambda q: q.dZ1, lambda q: np.where(q.Z1 <= 0, 0, q.dA1)),
    "CO065": (lambda q: q.dZ1, lambda q: np.where(q.Z1 >= 0, 0, q.dA1)),
    "CO066": (lambda q, l: q.W[l] - q.alpha*q.dW[l], lambda q, l: q.W[l] - q.alpha*q.dW[l]),
    "CO067": (lambda q, l: q.W[l] - q.alpha*q.dW[l], lambda q, l: q.W[l] + q.alpha*q.dW[l]),
    "CO068": lines(
        (lambda q: q.dZ2, lambda q: q.A2-q.Y),
        (lambda q: q.dW2, lambda q: q.dZ2 @ q.A1.T / q.m),
        (lambda q: q.dZ1, lambda q: q.W2.T @ q.dZ2 * (1 - q.A1)),
    ),
    "CH001": (lambda q: q.L_z2, lambda q: q.a2 - q.y),
    "CH002": (lambda q: q.L_W2, lambda q: q.dz2 * q.a1.T),
    "CH003": (lambda q: q.L_z1, lambda q: q.L_a1 * q.df('tanh', q.a1)),
    "CH004": (lambda q: q.L_W1, lambda q: q.dz1.T @ q.x),
    "CH005": (lambda q: q.dW2, lambda q: q.A1.T @ q.dZ2),
    "CH006": (lambda q: q.dZ1, lambda q: q.dZ2 @ q.W2.T * q.df('sigmoid', q.Z1)),
    "CH007": (lambda q: q.db1, lambda q: np.sum(q.dZ1, axis=1).reshape(-1,1)/q.m),
    "CH008": (lambda q: q.db2, lambda q: np.sum(q.dZ2)/q.m),
    "CH009": (lambda q: q.dW2, lambda q: q.dZ2 @ q.A1.T / q.m),
    "CH010": (lambda q: q.dW1, lambda q: q.dZ2.dot(q.X.T)/q.m),
    "CH011": (lambda q: q.dZ1, lambda q: (q.W2.T @ q.dZ2) * q.df('sigmoid', q.Z1)),
    "CH012": (lambda q: q.dW2, lambda q: q.dZ2.T @ q.A1 / q.m),
    "CH013": lines(
        (lambda q: q.dW2, lambda q: q.dZ2 @ q.A1.T / q.m),
        (lambda q: q.db2, lambda q: np.sum(q.dZ2, axis=1, keepdims=True) / q.m),
    ),
    "CH014": (lambda q: q.dW2, lambda q: q.dZ2.T @ q.A1 / q.m),
    "CH015": (lambda q, l: q.dW[l], lambda q, l: q.dZ[l] @ q.A[l-1].T / q.m + q.lam/q.m*q.W[l]),
    "CH016": (lambda q, l: q.db[l], lambda q, l: np.sum(q.dZ[l],axis=1,keepdims=True)/q.m),
    "CH017": (lambda q: q.dZ1, lambda q: q.W2 @ q.dZ2 * (q.Z1 > 0)),
    "CH018": (lambda q: q.dZ1, lambda q: q.W2.T @ q.dZ2 * (q.A1*(1-q.A1))),
    "CH019": (lambda q: q.dZ1, lambda q: q.W2.T @ q.dZ2 - (1 - q.A1*q.A1)),
    "CH020": lines((lambda q: q.dZ1, lambda q: q.dA1 * (q.Z1 > 0)), (lambda q: q.dW1, lambda q: q.dZ1 @ q.X.T / q.m)),
    "CH021": (lambda q: q.W1-q.alpha*q.dW1, lambda q: q.W1-q.alpha*q.dW1),
    "CH022": (lambda q: q.dZ1, lambda q: q.W2.T @ q.dZ2 * (1 - q.A1**2)),
    "CH023": (lambda q: q.dW2, lambda q: q.dZ2 @ q.A1 / q.m),
    "CH024": (lambda q: q.db1, lambda q: np.sum(q.dZ1,axis=1,keepdims=True)),
    "CH025": lines(
        (lambda q: q.dZ, lambda q: q.A-q.Y),
        (lambda q: q.dw, lambda q: q.X @ q.dZ.T/q.m),
        (lambda q: q.db, lambda q: np.sum(q.dZ)/q.m),
    ),
    "CH026": (lambda q: q.w-q.alpha*q.dw, lambda q: q.w+q.alpha*q.dw),
    "CH027": (lambda q, l: q.dA[l-1], lambda q, l: q.W[l].T @ q.dZ[l]),
    "CH028": (lambda q, l: q.dW[l], lambda q, l: q.dZ[l] @ q.A[l].T / q.m),
    "CH029": (lambda q, l: q.dZ[l], lambda q, l: q.dA[l]*(1-q.A[l])),
    "CH030": (lambda q: q.dW2, lambda q: q.A1.T @ (q.A2 - q.Y) / q.m),
    "CH031": lines(
        (lambda q: q.dW2, lambda q: q.dZ2 @ q.A1.T / q.m),
        (lambda q: q.db2, lambda q: np.sum(q.dZ2, axis=1, keepdims=True) / q.m),
    ),
    "CH032": (lambda q: q.W2-q.alpha*q.dW2, lambda q: q.W2-q.alpha*(q.A1.T @ q.dZ2)/q.m),
    "CH033": (lambda q: q.dW1, lambda q: np.outer(q.dz1,q.x)),
}

#: What the text says where the condition is met, as in `expressions.py`.
WORLDS: dict[str, dict[str, tuple[Side, ...]]] = {
    "CO022": {"helper-of-a": (
        lambda q: q.dZ1,
        lambda q: q.W2.T @ q.dZ2 * (q.A1 * (1 - q.A1)),
    )},
    "CH003": {"helper-of-a": (
        lambda q: q.L_z1,
        lambda q: q.L_a1 * (1 - q.a1**2),
    )},
    "CO031": {"rows-W+dZ-is-dJ+shape-1d": (
        lambda q: q.db2,
        lambda q: np.sum(q.dZ2, axis=0, keepdims=True),
    )},
}

HIDDEN: dict[str, str] = {
    "CO005": "relu", "CO006": "relu", "CO018": "sigmoid", "CO019": "relu", "CO021": "relu", "CO022":
    "sigmoid", "CO033": "sigmoid", "CO034": "relu", "CO044": "sigmoid", "CO064": "relu", "CO065": "relu",
    "CH006": "sigmoid", "CH011": "sigmoid", "CH017": "relu", "CH018": "sigmoid", "CH020": "relu", "CH029":
    "tanh",
}
