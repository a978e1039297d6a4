"""What the texts of letters.tsv claim, written out by hand in NumPy: id → the sides that must be equal.

``q.part`` measures a derivative in the layout that is asked, `by_shape` the gradient of a number in the shape of
what it is taken by, `jacobian` in numerator layout, and `change` along a direction: all by central differences.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from expressions import lines
from oracle import arrange

det, inv, tr, norm = np.linalg.det, np.linalg.inv, np.trace, np.linalg.norm


def by_shape(q: Any, f: Any, at: Any) -> Any:
    """Return the gradient of a number, in the shape of what it is taken by."""
    return arrange(f, at, "denominator", q.give)


def jacobian(q: Any, f: Any, at: Any) -> Any:
    """Return the Jacobian, the entries of f in rows."""
    return arrange(f, at, "numerator", q.give)


def change(q: Any, f: Any) -> Any:
    """Return how fast f of a number t changes at 0."""
    return arrange(f, 0.0, "numerator", q.give)


def matrix(q: Any, rows: Any) -> Any:
    """Return a matrix written out."""
    return q.give(np.array(rows, float))


def diagonal(q: Any, column: Any) -> Any:
    """Return the diagonal matrix of a column."""
    return q.give(np.diag(np.ravel(column)))


def sigmoid(z: Any) -> Any:
    """Return 1 / (1 + e^-z)."""
    return 1 / (1 + np.exp(-z))


def softmax(z: Any) -> Any:
    """Return the softmax of a column."""
    return np.exp(z) / np.sum(np.exp(z))


def bce(y: Any, z: Any) -> Any:
    """Return the binary cross-entropy of a label and the sigmoid of z."""
    return -(y * np.log(sigmoid(z)) + (1 - y) * np.log(1 - sigmoid(z)))


def turn(q: Any, t: Any) -> Any:
    """Return the rotation by an angle."""
    return matrix(q, [[np.cos(t), -np.sin(t)], [np.sin(t), np.cos(t)]])


def slope(z: Any) -> Any:
    """Return the derivative of the sigmoid."""
    return sigmoid(z) * (1 - sigmoid(z))


CLAIMS: dict[str, tuple[Any, ...]] = {
    "FL001": (lambda q: by_shape(q, lambda W: np.sum(q.G * (q.X @ W)), q.W), lambda q: q.X.T @ q.G),
    "FL002": (lambda q: q.part(lambda W: np.sum(q.G * (q.X @ W)), q.W), lambda q: q.G @ q.X.T),
    "FL003": (lambda q: q.part(lambda W: np.sum(q.g * (W @ q.x + q.b)), q.W), lambda q: q.g @ q.x.T),
    "FL004": (lambda q: by_shape(q, lambda W: np.sum(q.g * (W @ q.x + q.b)), q.W), lambda q: q.x @ q.g.T),
    "FL005": (lambda q: by_shape(q, lambda W: np.sum(q.g * (W @ q.x)), q.W), lambda q: q.g @ q.x.T),
    "FL006": (lambda q: by_shape(q, lambda x: np.sum(q.g * (q.W @ x)), q.x), lambda q: q.W.T @ q.g),
    "FL007": (lambda q: by_shape(q, lambda x: np.sum(q.g * (q.W @ x)), q.x), lambda q: q.W @ q.g),
    "FL008": (lambda q: by_shape(q, lambda W: np.sum(q.g * (W @ q.x)), q.W), lambda q: q.g @ q.x.T),
    "FL009": (lambda q: by_shape(q, lambda x: x.T @ q.A @ x, q.x), lambda q: (q.A + q.A.T) @ q.x),
    "FL010": (lambda q: by_shape(q, lambda x: x.T @ q.A @ x, q.x), lambda q: 2 * q.A @ q.x),
    "FL011": (lambda q: q.part(lambda x: x.T @ q.A @ x, q.x), lambda q: (q.A.T + q.A) @ q.x),
    "FL012": (
        lambda q: by_shape(q, lambda x: 0.5 * x.T @ q.A @ x - q.b.T @ x, q.x),
        lambda q: q.A @ q.x - q.b,
    ),
    "FL013": (
        lambda q: by_shape(q, lambda x: 0.5 * x.T @ q.A @ x - q.b.T @ x, q.x),
        lambda q: q.A @ q.x + q.b,
    ),
    "FL014": (
        lambda q: by_shape(q, lambda h: 1 / (2 * q.m) * (q.X @ h - q.y).T @ (q.X @ h - q.y), q.h),
        lambda q: 1 / q.m * q.X.T @ (q.X @ q.h - q.y),
    ),
    "FL015": (
        lambda q: by_shape(q, lambda h: 1 / (2 * q.m) * (q.X @ h - q.y).T @ (q.X @ h - q.y), q.h),
        lambda q: 1 / q.m * q.X @ (q.X @ q.h - q.y),
    ),
    "FL016": (
        lambda q: by_shape(q, lambda h: 1 / (2 * q.m) * (q.X @ h - q.y).T @ (q.X @ h - q.y), q.h),
        lambda q: 2 / q.m * q.X.T @ (q.X @ q.h - q.y),
    ),
    "FL017": (
        lambda q: q.part(lambda x: 0.5 * np.sum((q.A @ x - q.b) ** 2), q.x),
        lambda q: q.A.T @ (q.A @ q.x - q.b),
    ),
    "FL018": (
        lambda q: q.part(lambda x: 0.5 * np.sum((q.A @ x - q.b) ** 2), q.x),
        lambda q: 2 * q.A.T @ (q.A @ q.x - q.b),
    ),
    "FL019": (
        lambda q: q.part(lambda t: -np.sum(q.y * np.log(softmax(t))), q.t),
        lambda q: softmax(q.t) - q.y,
    ),
    "FL020": (
        lambda q: q.part(sigmoid, q.z),
        lambda q: diagonal(q, sigmoid(q.z) * (1 - sigmoid(q.z))),
    ),
    "FL021": (
        lambda q: q.part(lambda x: sigmoid(q.W @ x + q.b), q.x),
        lambda q: diagonal(q, slope(q.W @ q.x + q.b)) @ q.W,
    ),
    "FL022": (
        lambda q: q.part(lambda x: sigmoid(q.W @ x + q.b), q.x),
        lambda q: q.W @ diagonal(q, slope(q.W @ q.x + q.b)),
    ),
    "FL023": (
        lambda q: by_shape(q, lambda b: np.sum(q.g * sigmoid(q.W @ q.x + b)), q.b),
        lambda q: q.g * slope(q.W @ q.x + q.b),
    ),
    "FL025": (
        lambda q: q.part(lambda b: q.u.T @ np.tanh(q.W @ q.x + b), q.b),
        lambda q: q.u.T @ diagonal(q, 1 - np.tanh(q.W @ q.x + q.b) ** 2),
    ),
    "FL026": (
        lambda q: by_shape(q, lambda W: q.u.T @ np.tanh(W @ q.x + q.b), q.W),
        lambda q: q.u * (1 - np.tanh(q.W @ q.x + q.b) ** 2) @ q.x.T,
    ),
    "FL027": (
        lambda q: by_shape(q, lambda W: q.u.T @ np.tanh(W @ q.x + q.b), q.W),
        lambda q: (q.u * (1 - np.tanh(q.W @ q.x + q.b) ** 2)).T @ q.x,
    ),
    "FL028": (lambda q: by_shape(q, lambda W: np.sum(q.G * (q.X @ W.T)), q.W), lambda q: q.G.T @ q.X),
    "FL029": (
        lambda q: by_shape(q, lambda b: np.sum(q.G * (q.X @ q.W.T + np.ones((len(q.X), 1)) @ b.T)), q.b),
        lambda q: q.G.T @ np.ones((len(q.X), 1)),
    ),
    "FL030": lines(
        (lambda q: by_shape(q, lambda x: np.sum(q.g * (x @ q.W + q.b)), q.x), lambda q: q.g @ q.W.T),
        (lambda q: by_shape(q, lambda W: np.sum(q.g * (q.x @ W + q.b)), q.W), lambda q: q.x.T @ q.g),
    ),
    "FL031": (lambda q: by_shape(q, lambda x: np.sum(q.g * (x @ q.W + q.b)), q.x), lambda q: q.W.T @ q.g),
    "FL032": (lambda q: by_shape(q, lambda W: np.sum(q.g * (q.h @ W + q.b)), q.W), lambda q: q.h.T @ q.g),
    "FL033": (
        lambda q: by_shape(q, lambda x: np.sum(q.g * (sigmoid(x @ q.V + q.b) @ q.W + q.c)), q.x),
        lambda q: q.g @ q.W.T * slope(q.x @ q.V + q.b) @ q.V.T,
    ),
    "FL034": (
        lambda q: by_shape(q, lambda x: np.sum(q.g * (sigmoid(x @ q.V + q.b) @ q.W + q.c)), q.x),
        lambda q: q.g @ q.W.T @ q.V.T,
    ),
    "FL035": (lambda q: change(q, lambda t: inv(q.A + t * q.P)), lambda q: -inv(q.A) @ q.P @ inv(q.A)),
    "FL036": (lambda q: change(q, lambda t: inv(q.A + t * q.P)), lambda q: -q.P @ inv(q.A) @ inv(q.A)),
    "FL037": (
        lambda q: change(q, lambda t: (q.X + t * q.P).T @ (q.X + t * q.P)),
        lambda q: q.P.T @ q.X + q.X.T @ q.P,
    ),
    "FL038": (
        lambda q: change(q, lambda t: (q.A + t * q.P) @ (q.B + t * q.Q)),
        lambda q: q.P @ q.B + q.A @ q.Q,
    ),
    "FL039": (
        lambda q: change(q, lambda t: (q.A + t * q.P) @ (q.B + t * q.Q)),
        lambda q: q.P @ q.B + q.Q @ q.A,
    ),
    "FL040": (
        lambda q: change(q, lambda t: (q.x + t * q.v).T @ (q.x + t * q.v)),
        lambda q: 2 * q.x.T @ q.v,
    ),
    "FL041": (
        lambda q: change(q, lambda t: (q.x + t * q.v).T @ q.A @ (q.x + t * q.v)),
        lambda q: q.x.T @ (q.A + q.A.T) @ q.v,
    ),
    "FL042": (
        lambda q: change(q, lambda t: (q.x + t * q.v).T @ q.A @ (q.x + t * q.v)),
        lambda q: 2 * q.x.T @ q.A @ q.v,
    ),
    "FL043": (lambda q: change(q, lambda t: det(q.A + t * q.P)), lambda q: det(q.A) * tr(inv(q.A) @ q.P)),
    "FL044": (
        lambda q: change(q, lambda t: np.log(np.abs(det(q.A + t * q.P)))),
        lambda q: tr(inv(q.A) @ q.P),
    ),
    "FL045": (
        lambda q: change(q, lambda t: (q.A + t * q.P) @ (q.A + t * q.P) @ (q.A + t * q.P)),
        lambda q: q.P + q.A @ q.P @ q.A + q.P @ q.A @ q.A,
    ),
    "FL046": (
        lambda q: change(q, lambda t: (q.A + t * q.P) @ (q.A + t * q.P)),
        lambda q: q.A @ q.P + q.P @ q.A,
    ),
    "FL047": (lambda q: change(q, lambda t: (q.A + t * q.P) @ (q.A + t * q.P)), lambda q: 2 * q.A @ q.P),
    "FL048": (
        lambda q: change(q, lambda t: (q.W + t * q.P) @ (q.x + t * q.v)),
        lambda q: q.P @ q.x + q.W @ q.v,
    ),
    "FL049": (
        lambda q: change(q, lambda t: np.sum((q.A @ (q.x + t * q.v) - q.b) ** 2)),
        lambda q: 2 * (q.A @ q.x - q.b).T @ q.A @ q.v,
    ),
    "FL050": (lambda q: change(q, lambda t: tr(q.A @ (q.X + t * q.P))), lambda q: tr(q.A @ q.P)),
    "FL051": (lambda q: q.part(lambda x: q.A.T @ x, q.x), lambda q: q.A),
    "FL052": (lambda q: q.part(lambda X: q.a.T @ X @ q.a, q.X), lambda q: q.a @ q.a.T),
    "FL053": (
        lambda q: q.part(lambda X: q.b.T @ X.T @ X @ q.c, q.X),
        lambda q: q.X @ (q.b @ q.c.T + q.c @ q.b.T),
    ),
    "FL054": (
        lambda q: q.part(lambda X: q.b.T @ X.T @ X @ q.c, q.X),
        lambda q: q.X @ (q.b @ q.c.T + q.c @ q.b.T),
    ),
    "FL055": (
        lambda q: q.part(lambda x: (q.B @ x + q.b).T @ q.C @ (q.E @ x + q.e), q.x),
        lambda q: q.B.T @ q.C @ (q.E @ q.x + q.e) + q.E.T @ q.C.T @ (q.B @ q.x + q.b),
    ),
    "FL056": (
        lambda q: q.part(lambda s: (q.x - q.A @ s).T @ q.W @ (q.x - q.A @ s), q.s),
        lambda q: -2 * q.A.T @ q.W @ (q.x - q.A @ q.s),
    ),
    "FL057": (
        lambda q: q.part(lambda s: (q.x - q.A @ s).T @ q.W @ (q.x - q.A @ s), q.s),
        lambda q: -2 * q.A.T @ q.W @ (q.x - q.A @ q.s),
    ),
    "FL058": (
        lambda q: q.part(lambda X: q.a.T @ inv(X) @ q.b, q.X),
        lambda q: -inv(q.X).T @ q.a @ q.b.T @ inv(q.X).T,
    ),
    "FL059": (lambda q: q.part(lambda X: np.log(np.abs(det(X))), q.X), lambda q: inv(q.X).T),
    "FL060": (lambda q: q.part(lambda X: det(X) ** 3, q.X), lambda q: 3 * det(q.X) ** 3 * inv(q.X).T),
    "FL061": (lambda q: q.part(lambda X: tr(q.A @ X.T @ q.B), q.X), lambda q: q.B @ q.A),
    "FL062": (lambda q: q.part(lambda X: tr(q.A @ X.T @ q.B), q.X), lambda q: q.A @ q.B),
    "FL063": (lambda q: q.part(lambda X: tr(X @ X), q.X), lambda q: 2 * q.X.T),
    "FL064": (lambda q: q.part(lambda X: tr(X.T @ q.B @ X), q.X), lambda q: q.B @ q.X + q.B.T @ q.X),
    "FL065": (
        lambda q: q.part(lambda X: tr(q.A @ X @ q.B @ X.T @ q.C), q.X),
        lambda q: q.A.T @ q.C.T @ q.X @ q.B.T + q.C @ q.A @ q.X @ q.B,
    ),
    "FL068": (lambda q: change(q, lambda t: inv(q.A + t * q.P)), lambda q: -inv(q.A) @ q.P @ inv(q.A)),
    "FL069": (lambda q: change(q, lambda t: det(q.A + t * q.P)), lambda q: det(q.A) * tr(inv(q.A) @ q.P)),
    "FL070": (lambda q: q.part(lambda x: x.T @ q.B @ x, q.x), lambda q: (q.B + q.B.T) @ q.x),
    "FL071": (lambda q: q.part(lambda w: w.T @ q.x + q.b, q.w), lambda q: q.x),
    "FL073": (lambda q: q.part(lambda w: w * q.x, q.w), lambda q: q.x),
    "FL074": (
        lambda q: q.part(lambda t: -np.sum(q.y * np.log(softmax(t))), q.t),
        lambda q: softmax(q.t) - q.y,
    ),
    "FL075": (
        lambda q: q.part(lambda t: -np.sum(q.y * np.log(softmax(t))), q.t),
        lambda q: q.y - softmax(q.t),
    ),
    "FL076": (lambda q: q.part(lambda w: w + q.x, q.w), lambda q: q.give(np.eye(len(q.w)))),
    "FL078": (lambda q: q.part(lambda w: w / q.x, q.w), lambda q: diagonal(q, 1 / q.x)),
    "FL080": (lambda q: q.part(lambda z: q.x * z, q.z), lambda q: q.x),
    "FL082": (lambda q: q.part(lambda z: np.sum(q.x * z), q.z), lambda q: np.sum(q.x)),
    "FL083": (lambda q: q.part(lambda w: w.T @ q.x, q.w), lambda q: q.x.T),
    "FL084": (
        lambda q: q.part(lambda w: 0.5 * (np.sum(w * q.x) + q.b + np.abs(np.sum(w * q.x) + q.b)), q.w),
        lambda q: q.x.T * (np.sum(q.w * q.x) + q.b > 0),
    ),
    "FL085": (lambda q: q.part(lambda x: np.sin(x ** 2), q.x), lambda q: np.cos(q.x ** 2) * 2 * q.x),
    "FL086": (lambda q: q.part(lambda x: np.sin(x ** 2), q.x), lambda q: -np.cos(q.x ** 2) * 2 * q.x),
    "FL087": lines(
        (lambda q: q.part(lambda x: 3 * x ** 2 * q.y, q.x), lambda q: 6 * q.y * q.x),
        (lambda q: q.part(lambda y: 3 * q.x ** 2 * y, q.y), lambda q: 3 * q.x ** 2),
    ),
    "FL089": (lambda q: q.part(np.sin, q.x), lambda q: np.cos(q.x)),
    "FL090": (lambda q: q.part(np.sin, q.z), lambda q: -np.cos(q.z)),
    "FL091": (lambda q: q.part(np.tan, q.x), lambda q: 1 + np.tan(q.x) ** 2),
    "FL092": (lambda q: q.part(np.arctan, q.x), lambda q: 1 / (1 + q.x ** 2)),
    "FL093": (lambda q: q.part(sigmoid, q.x), lambda q: sigmoid(q.x) * (1 - sigmoid(q.x))),
    "FL094": (lambda q: q.part(lambda x: 1 / x, q.x), lambda q: -1 / q.x ** 2),
    "FL095": lines(
        (lambda q: q.part(lambda x: x * q.y, q.x), lambda q: q.y),
        (lambda q: q.part(lambda y: q.x * y, q.y), lambda q: q.x),
    ),
    "FL096": (lambda q: q.part(lambda x: (x + q.y) * q.z, q.x), lambda q: q.z),
    "FL097": (
        lambda q: q.part(lambda x: np.sin(x ** 2), q.x),
        lambda q: q.part(np.sin, q.x ** 2) * q.part(lambda x: x ** 2, q.x),
    ),
    "FL098": (lambda q: q.part(lambda x: np.sin(x ** 2), q.x), lambda q: np.cos(q.x ** 2) + 2 * q.x),
    "FL099": (
        lambda q: q.part(lambda t: np.sin(t ** 2) * np.exp(t), q.t),
        lambda q: np.cos(q.t ** 2) * 2 * q.t * np.exp(q.t) + np.sin(q.t ** 2) * np.exp(q.t),
    ),
    "FL100": (lambda q: det(matrix(q, [[q.a, q.b], [q.c, q.d]])), lambda q: q.a * q.d - q.b * q.c),
    "FL101": (lambda q: det(matrix(q, [[q.a, q.b], [q.c, q.d]])), lambda q: q.a * q.d + q.b * q.c),
    "FL102": (
        lambda q: inv(matrix(q, [[q.a, q.b], [q.c, q.d]])),
        lambda q: 1 / (q.a * q.d - q.b * q.c) * matrix(q, [[q.d, -q.b], [-q.c, q.a]]),
    ),
    "FL103": (
        lambda q: matrix(q, [[1, 2], [3, 4]]) @ matrix(q, [[5], [6]]),
        lambda q: matrix(q, [[17], [39]]),
    ),
    "FL104": (
        lambda q: matrix(q, [[1, 2], [3, 4]]) @ matrix(q, [[5], [6]]),
        lambda q: matrix(q, [[17], [38]]),
    ),
    "FL105": (lambda q: q.part(lambda x: q.A @ x, q.x), lambda q: q.A),
    "FL106": (lambda q: q.x.T @ q.x, lambda q: np.sum(q.x ** 2)),
    "FL107": (lambda q: q.part(lambda x: x.T @ q.A @ x, q.x), lambda q: (q.A + q.A.T) @ q.x),
    "FL108": (
        lambda q: jacobian(q, lambda x: np.array([x[0] ** 2, x[0] * x[1]]), q.x),
        lambda q: matrix(q, [[2 * q.x[0, 0], 0], [q.x[1, 0], q.x[0, 0]]]),
    ),
    "FL110": (
        lambda q: q.part(softmax, q.z),
        lambda q: diagonal(q, softmax(q.z)) - softmax(q.z) @ softmax(q.z).T,
    ),
    "FL111": (lambda q: q.part(lambda x: q.A @ x, q.x), lambda q: q.A),
    "FL112": (
        lambda q: by_shape(q, lambda w: np.sum((q.X @ w - q.y) ** 2), q.w),
        lambda q: 2 * q.X.T @ (q.X @ q.w - q.y),
    ),
    "FL113": (
        lambda q: by_shape(q, lambda w: np.sum((q.X @ w - q.y) ** 2), q.w),
        lambda q: 2 * q.X @ (q.X @ q.w - q.y),
    ),
    "FL114": (lambda q: q.part(lambda x: x.T @ q.A @ x, q.x), lambda q: (q.A + q.A.T) @ q.x),
    "FL115": (lambda q: q.part(lambda x: x.T @ q.A @ x, q.x), lambda q: 2 * q.A @ q.x),
    "FL116": (lambda q: q.part(lambda x: q.W @ x + q.b, q.x), lambda q: q.W),
    "FL117": (lambda q: jacobian(q, lambda x: q.W @ x, q.x), lambda q: q.W.T),
    "FL118": (
        lambda q: q.part(softmax, q.z),
        lambda q: diagonal(q, softmax(q.z)) - softmax(q.z) @ softmax(q.z).T,
    ),
    "FL119": (
        lambda q: q.part(softmax, q.z),
        lambda q: diagonal(q, softmax(q.z)) + softmax(q.z) @ softmax(q.z).T,
    ),
    "FL120": (lambda q: by_shape(q, lambda W: np.sum(q.g * (W @ q.x)), q.W), lambda q: q.g @ q.x.T),
    "FL121": (lambda q: by_shape(q, lambda X: np.sum(q.G * (X @ q.W)), q.X), lambda q: q.G @ q.W.T),
    "FL122": (lambda q: by_shape(q, lambda x: np.sum(q.g * (q.W @ x)), q.x), lambda q: q.W.T @ q.g),
    "FL123": (lambda q: by_shape(q, lambda x: np.sum(q.g * (q.W @ x)), q.x), lambda q: q.W @ q.g),
    "FL124": (lambda q: q.part(lambda h: q.W @ h, q.h), lambda q: q.W),
    "FL125": (lambda q: by_shape(q, lambda W: np.sum(q.g * (W @ q.x)), q.W), lambda q: q.g @ q.x.T),
    "FL126": (lambda q: q.part(lambda x: q.W @ x, q.x), lambda q: q.W),
    "FL127": (
        lambda q: q.part(lambda b: np.sum((q.y - b * np.ones_like(q.x) - q.c * q.x) ** 2), q.b),
        lambda q: -2 * np.sum(q.y - q.b * np.ones_like(q.x) - q.c * q.x),
    ),
    "FL128": (lambda q: q.part(np.sin, q.x), lambda q: np.cos(q.x)),
    "FL129": (lambda q: q.part(lambda x: 2 * x, q.x), lambda q: 2),
    "FL130": (
        lambda q: q.part(lambda w: 1 / (2 * len(q.y)) * np.sum((q.X @ w - q.y) ** 2), q.w),
        lambda q: 1 / len(q.y) * q.X.T @ (q.X @ q.w - q.y),
    ),
    "FL131": (
        lambda q: by_shape(q, lambda w: 1 / len(q.y) * np.sum((q.X @ w - q.y) ** 2), q.w),
        lambda q: -2 / len(q.y) * q.X.T @ (q.y - q.X @ q.w),
    ),
    "FL132": (
        lambda q: q.part(lambda w: 1 / len(q.y) * np.sum((q.X @ w - q.y) ** 2), q.w),
        lambda q: -2 / len(q.y) * q.X.T @ (q.y - q.X @ q.w),
    ),
    "FL133": (
        lambda q: q.part(lambda w: 1 / len(q.y) * np.sum((q.X @ w - q.y) ** 2), q.w),
        lambda q: 2 / len(q.y) * q.X.T @ (q.y - q.X @ q.w),
    ),
    "FL134": (lambda q: change(q, lambda t: q.v + t * q.w), lambda q: q.w),
    "FL135": (lambda q: by_shape(q, lambda x: q.a.T @ x, q.x), lambda q: q.a),
    "FL136": (lambda q: by_shape(q, lambda A: tr(A @ q.B), q.A), lambda q: q.B.T),
    "FL137": (lambda q: by_shape(q, det, q.A), lambda q: det(q.A) * inv(q.A).T),
    "FL138": (lambda q: by_shape(q, lambda x: q.a.T @ q.A @ x, q.x), lambda q: q.A @ q.a),
    "FL140": (lambda q: by_shape(q, lambda W: np.sum(q.G * (q.X @ W.T)), q.W), lambda q: q.G.T @ q.X),
    "FL141": (lambda q: by_shape(q, lambda W: np.sum(q.G * (q.X @ W.T)), q.W), lambda q: q.X.T @ q.G),
    "FL142": (lambda q: by_shape(q, lambda x: np.sum(q.g * (q.W @ x + q.b)), q.x), lambda q: q.W.T @ q.g),
    "FL143": (lambda q: q.part(lambda x: q.A @ x, q.x), lambda q: q.A),
    "FL144": (lambda q: q.part(lambda x: q.a.T @ x, q.x), lambda q: q.a),
    "FL145": (lambda q: q.part(lambda x: q.a.T @ x, q.x), lambda q: q.x),
    "FL146": (lambda q: q.part(lambda x: x.T @ q.A @ x, q.x), lambda q: 2 * q.A @ q.x),
    "FL147": (lambda q: q.part(lambda x: x.T @ q.A @ x, q.x), lambda q: 2 * q.A @ q.x),
    "FL148": (lambda q: q.part(lambda x: x.T @ q.A @ x, q.x), lambda q: 2 * q.A @ q.x),
    "FL149": lines(
        (lambda q: by_shape(q, lambda W: np.sum(q.g * (W @ q.x + q.b)), q.W), lambda q: q.g @ q.x.T),
        (lambda q: by_shape(q, lambda b: np.sum(q.g * (q.W @ q.x + b)), q.b), lambda q: q.g),
    ),
    "FL150": lines(
        (lambda q: by_shape(q, lambda W: np.sum(q.g * (W @ q.x + q.b)), q.W), lambda q: q.x @ q.g.T),
        (lambda q: by_shape(q, lambda b: np.sum(q.g * (q.W @ q.x + b)), q.b), lambda q: q.g),
    ),
    "FL151": lines(
        (lambda q: by_shape(q, lambda x: np.sum(q.g * (q.W @ x)), q.x), lambda q: q.W.T @ q.g),
        (lambda q: by_shape(q, lambda W: np.sum(q.g * (W @ q.x)), q.W), lambda q: q.g @ q.x.T),
    ),
    "FL152": lines(
        (lambda q: by_shape(q, lambda x: np.sum(q.g * (q.W @ x)), q.x), lambda q: q.W @ q.g),
        (lambda q: by_shape(q, lambda W: np.sum(q.g * (W @ q.x)), q.W), lambda q: q.g @ q.x.T),
    ),
    "FL153": (lambda q: q.part(sigmoid, q.z), lambda q: sigmoid(q.z) * (1 - sigmoid(q.z))),
    "FL154": (lambda q: q.part(sigmoid, q.z), lambda q: sigmoid(q.z) * (1 + sigmoid(q.z))),
    "FL155": (lambda q: q.part(np.tanh, q.x), lambda q: 1 - np.tanh(q.x) ** 2),
    "FL156": (lambda q: q.part(lambda x: np.log(1 + np.exp(x)), q.x), lambda q: sigmoid(q.x)),
    "FL157": (lambda q: q.part(lambda z: np.log(1 + np.exp(z)), q.z), lambda q: sigmoid(q.z)),
    "FL158": (lambda q: q.part(lambda z: np.log(1 + np.exp(-z)), q.z), lambda q: sigmoid(q.z)),
    "FL159": (
        lambda q: q.part(lambda a: np.sum(-q.y * np.log(a) - (1 - q.y) * np.log(1 - a)), q.a),
        lambda q: (q.a - q.y) / (q.a * (1 - q.a)),
    ),
    "FL160": (
        lambda q: q.part(lambda z: -(q.y * np.log(sigmoid(z)) + (1 - q.y) * np.log(1 - sigmoid(z))), q.z),
        lambda q: sigmoid(q.z) - q.y,
    ),
    "FL161": (
        lambda q: q.part(lambda z: -(q.y * np.log(sigmoid(z)) + (1 - q.y) * np.log(1 - sigmoid(z))), q.z),
        lambda q: q.y - sigmoid(q.z),
    ),
    "FL162": (
        lambda q: q.part(lambda s: 0.5 * (q.t - sigmoid(s)) ** 2, q.s),
        lambda q: -(q.t - sigmoid(q.s)) * sigmoid(q.s) * (1 - sigmoid(q.s)),
    ),
    "FL163": (
        lambda q: q.part(lambda s: 0.5 * (q.t - sigmoid(s)) ** 2, q.s),
        lambda q: (q.t - sigmoid(q.s)) * sigmoid(q.s) * (1 - sigmoid(q.s)),
    ),
    "FL164": (
        lambda q: q.part(lambda X: np.sum((q.A @ X - q.B) ** 2), q.X),
        lambda q: 2 * q.A.T @ (q.A @ q.X - q.B),
    ),
    "FL165": (
        lambda q: q.part(lambda X: np.sum((q.A @ X - q.B) ** 2), q.X),
        lambda q: 2 * (q.A @ q.X - q.B) @ q.A.T,
    ),
    "FL166": (lambda q: q.part(lambda A: np.log(np.abs(det(A))), q.A), lambda q: inv(q.A).T),
    "FL167": (lambda q: q.part(lambda X: q.a.T @ X @ q.b, q.X), lambda q: q.a @ q.b.T),
    "FL168": (
        lambda q: q.part(lambda w: np.sum((q.X @ w - q.y) ** 2), q.w),
        lambda q: 2 * q.X.T @ q.X @ q.w - 2 * q.X.T @ q.y,
    ),
    "FL169": (
        lambda q: q.part(lambda w: np.sum((q.X @ w - q.y) ** 2), q.w),
        lambda q: 2 * q.X.T @ q.X @ q.w + 2 * q.X.T @ q.y,
    ),
    "FL170": (lambda q: q.X.T @ q.X @ inv(q.X.T @ q.X) @ q.X.T @ q.y, lambda q: q.X.T @ q.y),
    "FL171": (
        lambda q: q.part(lambda h: 0.5 * np.sum((q.y - q.X @ h) ** 2) + q.l / 2 * np.sum(h ** 2), q.h),
        lambda q: -q.X.T @ (q.y - q.X @ q.h) + q.l * q.h,
    ),
    "FL172": (
        lambda q: q.part(lambda h: 0.5 * np.sum((q.y - q.X @ h) ** 2) + q.l / 2 * np.sum(h ** 2), q.h),
        lambda q: -q.X.T @ (q.y - q.X @ q.h) + 2 * q.l * q.h,
    ),
    "FL173": (lambda q: by_shape(q, lambda x: np.sum(q.g * (q.W @ x)), q.x), lambda q: q.W.T @ q.g),
    "FL174": (lambda q: by_shape(q, lambda W: np.sum(q.g * (W @ q.x)), q.W), lambda q: q.g @ q.x.T),
    "FL175": (lambda q: by_shape(q, lambda x: np.sum(q.g * (q.W @ x)), q.x), lambda q: q.W @ q.g),
    "FL176": (
        lambda q: q.part(softmax, q.z),
        lambda q: diagonal(q, softmax(q.z)) - softmax(q.z) @ softmax(q.z).T,
    ),
    "FL177": (
        lambda q: q.part(lambda t: -np.sum(q.y * np.log(softmax(t))), q.t),
        lambda q: softmax(q.t) - q.y,
    ),
    "FL178": (
        lambda q: q.part(lambda t: -np.sum(q.y * np.log(softmax(t))), q.t),
        lambda q: q.y - softmax(q.t),
    ),
    "FL179": (lambda q: q.part(lambda W: tr(W.T @ q.A @ W), q.W), lambda q: (q.A + q.A.T) @ q.W),
    "FL180": (
        lambda q: q.part(lambda h: np.tanh(q.W @ h + q.U @ q.x), q.h),
        lambda q: diagonal(q, 1 - np.tanh(q.W @ q.h + q.U @ q.x) ** 2) @ q.W,
    ),
    "FL181": (
        lambda q: q.part(lambda h: np.tanh(q.W @ h + q.U @ q.x), q.h),
        lambda q: q.W @ diagonal(q, 1 - np.tanh(q.W @ q.h + q.U @ q.x) ** 2),
    ),
    "FL182": (lambda q: q.part(lambda x: x * x, q.x), lambda q: 2 * diagonal(q, q.x)),
    "FL183": (lambda q: q.part(norm, q.x), lambda q: q.x / norm(q.x)),
    "FL184": (lambda q: q.part(lambda A: tr(A @ q.B @ A.T), q.A), lambda q: q.A @ (q.B + q.B.T)),
    "FL185": (lambda q: q.part(lambda A: tr(A @ q.B @ A.T), q.A), lambda q: 2 * q.A @ q.B),
    "FL186": (lambda q: q.part(lambda x: q.B @ q.A @ x, q.x), lambda q: q.B @ q.A),
    "FL187": (lambda q: q.part(lambda x: x.T @ q.y, q.x), lambda q: q.y.T),
    "FL188": (
        lambda q: q.part(lambda x: (q.A @ x).T @ (q.B @ x), q.x),
        lambda q: (q.A @ q.x).T @ q.B + (q.B @ q.x).T @ q.A,
    ),
    "FL189": (lambda q: norm(q.x), lambda q: norm(q.x)),
    "FL190": (
        lambda q: q.part(lambda w: 1 / len(q.x) * np.sum((w * q.x - q.y) ** 2), q.w),
        lambda q: 2 / len(q.x) * np.sum(q.x * (q.w * q.x - q.y)),
    ),
    "FL191": (
        lambda q: q.part(lambda w: 1 / len(q.x) * np.sum((w * q.x - q.y) ** 2), q.w),
        lambda q: 2 / len(q.x) * np.sum(q.w * q.x - q.y),
    ),
    "FL192": (
        lambda q: q.part(lambda w: (w * q.x + q.b - q.y) ** 2, q.w),
        lambda q: 2 * (q.w * q.x + q.b - q.y) * q.x,
    ),
    "FL193": (
        lambda q: q.part(lambda w: (w * q.x + q.b - q.y) ** 2, q.w),
        lambda q: 2 * (q.w * q.x + q.b - q.y),
    ),
    "FL194": lines(
        (lambda q: by_shape(q, lambda W: np.sum(q.G * (q.X @ W)), q.W), lambda q: q.X.T @ q.G),
        (lambda q: by_shape(q, lambda X: np.sum(q.G * (X @ q.W)), q.X), lambda q: q.G @ q.W.T),
    ),
    "FL195": lines(
        (lambda q: by_shape(q, lambda W: np.sum(q.G * (q.X @ W)), q.W), lambda q: q.G @ q.X.T),
        (lambda q: by_shape(q, lambda X: np.sum(q.G * (X @ q.W)), q.X), lambda q: q.G @ q.W.T),
    ),
    "FL196": lines(
        (lambda q: by_shape(q, lambda A: np.sum(q.G * (A @ q.B)), q.A), lambda q: q.G @ q.B.T),
        (lambda q: by_shape(q, lambda B: np.sum(q.G * (q.A @ B)), q.B), lambda q: q.A.T @ q.G),
    ),
    "FL197": lines(
        (lambda q: by_shape(q, lambda A: np.sum(q.G * (A @ q.B)), q.A), lambda q: q.B.T @ q.G),
        (lambda q: by_shape(q, lambda B: np.sum(q.G * (q.A @ B)), q.B), lambda q: q.A.T @ q.G),
    ),
    "FL198": (
        lambda q: q.part(softmax, q.z),
        lambda q: diagonal(q, softmax(q.z)) - softmax(q.z) @ softmax(q.z).T,
    ),
    "FL199": (
        lambda q: q.part(lambda w: 0.5 * np.sum((q.X @ w - q.y) ** 2) + q.l / 2 * np.sum(w ** 2), q.w),
        lambda q: q.X.T @ (q.X @ q.w - q.y) + q.l * q.w,
    ),
    "FL200": (
        lambda q: q.part(lambda w: 0.5 * np.sum((q.X @ w - q.y) ** 2) + q.l / 2 * np.sum(w ** 2), q.w),
        lambda q: q.X.T @ (q.y - q.X @ q.w) + q.l * q.w,
    ),
    "FL201": (lambda q: q.part(lambda x: np.sum((q.A @ x) ** 2), q.x), lambda q: 2 * q.A.T @ q.A @ q.x),
    "FL202": (lambda q: q.part(lambda x: np.sum((q.A @ x) ** 2), q.x), lambda q: 2 * q.A @ q.A.T @ q.x),
    "FL204": (lambda q: q.part(lambda x: q.A @ x, q.x), lambda q: q.A),
    "FL205": lines(
        (lambda q: q.part(lambda x: q.y.T @ q.A @ x, q.x), lambda q: q.y.T @ q.A),
        (lambda q: q.part(lambda y: y.T @ q.A @ q.x, q.y), lambda q: q.x.T @ q.A.T),
    ),
    "FL206": (lambda q: q.part(lambda x: q.y.T @ q.A @ x, q.x), lambda q: q.A @ q.y),
    "FL207": (lambda q: change(q, lambda t: inv(q.A + t * q.P)), lambda q: -inv(q.A) @ q.P @ inv(q.A)),
    "FL208": (lambda q: change(q, lambda t: inv(q.A + t * q.P)), lambda q: inv(q.A) @ q.P @ inv(q.A)),
    "FL209": (
        lambda q: q.part(lambda w: bce(q.y, np.sum(w * q.x) + q.b), q.w),
        lambda q: (sigmoid(np.sum(q.w * q.x) + q.b) - q.y) * q.x,
    ),
    "FL210": (
        lambda q: q.part(lambda w: bce(q.y, np.sum(w * q.x) + q.b), q.w),
        lambda q: (sigmoid(np.sum(q.w * q.x) + q.b) - q.y) * slope(np.sum(q.w * q.x) + q.b) * q.x,
    ),
    "FL211": (lambda q: by_shape(q, lambda x: np.sum(q.g * (q.W @ x + q.b)), q.x), lambda q: q.W.T @ q.g),
    "FL212": lines(
        (lambda q: q.part(lambda x: q.A @ x + q.B @ q.u, q.x), lambda q: q.A),
        (lambda q: q.part(lambda u: q.A @ q.x + q.B @ u, q.u), lambda q: q.B),
    ),
    "FL213": (
        lambda q: q.part(lambda b: np.tanh(q.W @ q.x + b), q.b),
        lambda q: diagonal(q, 1 - np.tanh(q.W @ q.x + q.b) ** 2),
    ),
    "FL214": lines(
        (lambda q: by_shape(q, lambda W: np.sum(q.g * (W @ q.h)), q.W), lambda q: q.g @ q.h.T),
        (lambda q: by_shape(q, lambda h: np.sum(q.g * (q.W @ h)), q.h), lambda q: q.W.T @ q.g),
    ),
    "FL215": lines(
        (lambda q: by_shape(q, lambda W: np.sum(q.g * (W @ q.h)), q.W), lambda q: q.h.T @ q.g),
        (lambda q: by_shape(q, lambda h: np.sum(q.g * (q.W @ h)), q.h), lambda q: q.W.T @ q.g),
    ),
    "FL216": (lambda q: jacobian(q, lambda x: x.T @ x, q.x), lambda q: 2 * q.x.T),
    "FL217": (
        lambda q: q.part(lambda x: np.sum((q.A @ x + q.b) ** 2), q.x),
        lambda q: 2 * q.A.T @ (q.A @ q.x + q.b),
    ),
    "FL218": (
        lambda q: q.part(lambda x: np.sum((q.A @ x + q.b) ** 2), q.x),
        lambda q: 2 * q.A @ (q.A @ q.x + q.b),
    ),
    "FL219": (lambda q: turn(q, q.t).T @ turn(q, q.t), lambda q: matrix(q, [[1, 0], [0, 1]])),
    "FL220": (lambda q: change(q, lambda t: inv(q.X + t * q.P)), lambda q: -inv(q.X) @ q.P @ inv(q.X)),
    "FL221": (lambda q: q.part(lambda x: np.log(1 + x ** 2), q.x), lambda q: 2 * q.x / (1 + q.x ** 2)),
    "FL222": (lambda q: q.part(lambda x: np.log(1 + x ** 2), q.x), lambda q: 1 / (1 + q.x ** 2)),
    "FL223": (
        lambda q: q.part(lambda m: np.sum((q.x - m * np.ones_like(q.x)) ** 2), q.m),
        lambda q: -2 * np.sum(q.x - q.m * np.ones_like(q.x)),
    ),
    "FL224": (
        lambda q: q.part(lambda m: np.sum((q.x - m * np.ones_like(q.x)) ** 2), q.m),
        lambda q: 2 * np.sum(q.x - q.m * np.ones_like(q.x)),
    ),
    "FL225": (lambda q: q.part(lambda x: np.sum(q.a * x) ** 2, q.x), lambda q: 2 * np.sum(q.a * q.x) * q.a),
    "FL226": (
        lambda q: q.part(lambda w: 0.5 * (w * q.x - q.t) ** 2, q.w),
        lambda q: (q.w * q.x - q.t) * q.x,
    ),
    "FL227": (
        lambda q: q.part(lambda w: 0.5 * (w * q.x - q.t) ** 2, q.w),
        lambda q: (q.w * q.x - q.t) * q.w,
    ),
    "FL228": (lambda q: softmax(q.x + q.c * np.ones_like(q.x)), lambda q: softmax(q.x)),
    "FL229": lines(
        (lambda q: sigmoid(-q.x), lambda q: 1 - sigmoid(q.x)),
        (lambda q: np.tanh(q.x), lambda q: 2 * sigmoid(2 * q.x) - 1),
    ),
}
SHAPES: dict[str, str] = {
    "FL001": "X: p q, W: q r, G: p r",
    "FL002": "X: p q, W: q r, G: p r",
    "FL003": "W: p q, x: q 1, b: p 1, g: p 1",
    "FL004": "W: p q, x: q 1, b: p 1, g: p 1",
    "FL005": "W: p q, x: q 1, g: p 1",
    "FL006": "W: p q, x: q 1, g: p 1",
    "FL007": "W: p q, x: q 1, g: p 1",
    "FL008": "W: p q, x: q 1, g: p 1",
    "FL009": "A: p p, x: p 1",
    "FL010": "A: p p, x: p 1",
    "FL011": "A: p p, x: p 1",
    "FL012": "A: p p sym, x: p 1, b: p 1",
    "FL013": "A: p p sym, x: p 1, b: p 1",
    "FL014": "X: p q, h: q 1, y: p 1, m",
    "FL015": "X: p q, h: q 1, y: p 1, m",
    "FL016": "X: p q, h: q 1, y: p 1, m",
    "FL017": "A: p q, x: q 1, b: p 1",
    "FL018": "A: p q, x: q 1, b: p 1",
    "FL019": "t: p 1, y: p 1 pro",
    "FL020": "z: p 1",
    "FL021": "W: p q, x: q 1, b: p 1",
    "FL022": "W: p q, x: q 1, b: p 1",
    "FL023": "W: p q, x: q 1, b: p 1, g: p 1",
    "FL025": "W: p q, x: q 1, b: p 1, u: p 1",
    "FL026": "W: p q, x: q 1, b: p 1, u: p 1",
    "FL027": "W: p q, x: q 1, b: p 1, u: p 1",
    "FL028": "X: p q, W: r q, G: p r",
    "FL029": "X: p q, W: r q, G: p r, b: r 1",
    "FL030": "x: 1 p, W: p q, b: 1 q, g: 1 q",
    "FL031": "x: 1 p, W: p q, b: 1 q, g: 1 q",
    "FL032": "h: 1 p, W: p q, b: 1 q, g: 1 q",
    "FL033": "x: 1 p, V: p q, b: 1 q, W: q r, c: 1 r, g: 1 r",
    "FL034": "x: 1 p, V: p q, b: 1 q, W: q r, c: 1 r, g: 1 r",
    "FL035": "A: p p, P: p p",
    "FL036": "A: p p, P: p p",
    "FL037": "X: p q, P: p q",
    "FL038": "A: p q, B: q r, P: p q, Q: q r",
    "FL039": "A: p q, B: q r, P: p q, Q: q r",
    "FL040": "x: p 1, v: p 1",
    "FL041": "A: p p, x: p 1, v: p 1",
    "FL042": "A: p p, x: p 1, v: p 1",
    "FL043": "A: p p, P: p p",
    "FL044": "A: p p, P: p p",
    "FL045": "A: p p, P: p p",
    "FL046": "A: p p, P: p p",
    "FL047": "A: p p, P: p p",
    "FL048": "W: p q, x: q 1, P: p q, v: q 1",
    "FL049": "A: p q, x: q 1, b: p 1, v: q 1",
    "FL050": "A: p q, X: q p, P: q p",
    "FL051": "A: p q, x: p 1",
    "FL052": "X: p p, a: p 1",
    "FL053": "X: p q, b: q 1, c: q 1",
    "FL054": "X: p q, b: q 1, c: q 1",
    "FL055": "B: p q, x: q 1, b: p 1, C: p r, E: r q, e: r 1",
    "FL056": "x: p 1, A: p q, s: q 1, W: p p sym",
    "FL057": "x: p 1, A: p q, s: q 1, W: p p",
    "FL058": "X: p p, a: p 1, b: p 1",
    "FL059": "X: p p",
    "FL060": "X: p p",
    "FL061": "A: p q, X: r q, B: r p",
    "FL062": "A: p q, X: r q, B: r p",
    "FL063": "X: p p",
    "FL064": "X: p q, B: p p",
    "FL065": "A: r p, X: p q, B: q q, C: p r",
    "FL068": "A: p p, P: p p",
    "FL069": "A: p p, P: p p",
    "FL070": "B: p p, x: p 1",
    "FL071": "w: p 1, x: p 1, b",
    "FL073": "w: p 1, x: p 1",
    "FL074": "t: p 1, y: p 1 pro",
    "FL075": "t: p 1, y: p 1 pro",
    "FL076": "w: p 1, x: p 1",
    "FL078": "w: p 1, x: p 1",
    "FL080": "x: p 1, z",
    "FL082": "x: p 1, z",
    "FL083": "w: p 1, x: p 1",
    "FL084": "w: p 1, x: p 1, b",
    "FL085": "x",
    "FL086": "x",
    "FL087": "x, y",
    "FL089": "x",
    "FL090": "z",
    "FL091": "x",
    "FL092": "x",
    "FL093": "x",
    "FL094": "x",
    "FL095": "x, y",
    "FL096": "x, y, z",
    "FL097": "x",
    "FL098": "x",
    "FL099": "t",
    "FL100": "a, b, c, d",
    "FL101": "a, b, c, d",
    "FL102": "a, b, c, d",
    "FL103": "a",
    "FL104": "a",
    "FL105": "A: p q, x: q 1",
    "FL106": "x: p 1",
    "FL107": "A: p p, x: p 1",
    "FL108": "x: 2 1",
    "FL110": "z: 2 1",
    "FL111": "A: p q, x: q 1",
    "FL112": "X: p q, w: q 1, y: p 1",
    "FL113": "X: p q, w: q 1, y: p 1",
    "FL114": "A: p p, x: p 1",
    "FL115": "A: p p sym, x: p 1",
    "FL116": "W: p q, x: q 1, b: p 1",
    "FL117": "W: p q, x: q 1",
    "FL118": "z: p 1",
    "FL119": "z: p 1",
    "FL120": "W: p q, x: q 1, g: p 1",
    "FL121": "X: p q, W: q r, G: p r",
    "FL122": "W: p q, x: q 1, g: p 1",
    "FL123": "W: p q, x: q 1, g: p 1",
    "FL124": "W: p p, h: p 1",
    "FL125": "W: p q, x: q 1, g: p 1",
    "FL126": "W: p q, x: q 1",
    "FL127": "x: p 1, y: p 1, b, c",
    "FL128": "x",
    "FL129": "x",
    "FL130": "X: p q, w: q 1, y: p 1",
    "FL131": "X: p q, w: q 1, y: p 1",
    "FL132": "X: p q, w: q 1, y: p 1",
    "FL133": "X: p q, w: q 1, y: p 1",
    "FL134": "v: p 1, w: p 1",
    "FL135": "a: p 1, x: p 1",
    "FL136": "A: p q, B: q p",
    "FL137": "A: p p",
    "FL138": "a: p 1, A: p q, x: q 1",
    "FL140": "X: p q, W: r q, G: p r",
    "FL141": "X: p q, W: r q, G: p r",
    "FL142": "W: p q, x: q 1, b: p 1, g: p 1",
    "FL143": "A: p q, x: q 1",
    "FL144": "a: p 1, x: p 1",
    "FL145": "a: p 1, x: p 1",
    "FL146": "A: p p sym, x: p 1",
    "FL147": "A: p p sym, x: p 1",
    "FL148": "A: p p sym, x: p 1",
    "FL149": "W: p q, x: q 1, b: p 1, g: p 1",
    "FL150": "W: p q, x: q 1, b: p 1, g: p 1",
    "FL151": "W: p q, x: q 1, g: p 1",
    "FL152": "W: p q, x: q 1, g: p 1",
    "FL153": "z",
    "FL154": "z",
    "FL155": "x",
    "FL156": "x",
    "FL157": "z",
    "FL158": "z",
    "FL159": "y, a: p 1 pro",
    "FL160": "y, z",
    "FL161": "y, z",
    "FL162": "t, s",
    "FL163": "t, s",
    "FL164": "A: p q, X: q r, B: p r",
    "FL165": "A: p q, X: q r, B: p r",
    "FL166": "A: p p",
    "FL167": "a: p 1, X: p q, b: q 1",
    "FL168": "X: p q, w: q 1, y: p 1",
    "FL169": "X: p q, w: q 1, y: p 1",
    "FL170": "X: p p, y: p 1",
    "FL171": "X: p q, h: q 1, y: p 1, l",
    "FL172": "X: p q, h: q 1, y: p 1, l",
    "FL173": "W: p q, x: q 1, g: p 1",
    "FL174": "W: p q, x: q 1, g: p 1",
    "FL175": "W: p q, x: q 1, g: p 1",
    "FL176": "z: p 1",
    "FL177": "t: p 1, y: p 1 pro",
    "FL178": "t: p 1, y: p 1 pro",
    "FL179": "A: p p, W: p q",
    "FL180": "W: p p, h: p 1, U: p q, x: q 1",
    "FL181": "W: p p, h: p 1, U: p q, x: q 1",
    "FL182": "x: p 1",
    "FL183": "x: p 1",
    "FL184": "A: p q, B: q q",
    "FL185": "A: p q, B: q q",
    "FL186": "A: p q, B: r p, x: q 1",
    "FL187": "x: p 1, y: p 1",
    "FL188": "A: p q, B: p q, x: q 1",
    "FL189": "x: p 1",
    "FL190": "x: p 1, y: p 1, w",
    "FL191": "x: p 1, y: p 1, w",
    "FL192": "w, x, b, y",
    "FL193": "w, x, b, y",
    "FL194": "X: p q, W: q r, G: p r",
    "FL195": "X: p q, W: q r, G: p r",
    "FL196": "A: p q, B: q r, G: p r",
    "FL197": "A: p q, B: q r, G: p r",
    "FL198": "z: p 1",
    "FL199": "X: p q, w: q 1, y: p 1, l",
    "FL200": "X: p q, w: q 1, y: p 1, l",
    "FL201": "A: p q, x: q 1",
    "FL202": "A: p q, x: q 1",
    "FL204": "A: p q, x: q 1",
    "FL205": "A: p q, x: q 1, y: p 1",
    "FL206": "A: p q, x: q 1, y: p 1",
    "FL207": "A: p p, P: p p",
    "FL208": "A: p p, P: p p",
    "FL209": "w: p 1, x: p 1, b, y",
    "FL210": "w: p 1, x: p 1, b, y",
    "FL211": "W: p q, x: q 1, b: p 1, g: p 1",
    "FL212": "A: p p, B: p q, x: p 1, u: q 1",
    "FL213": "W: p q, x: q 1, b: p 1",
    "FL214": "W: p q, h: q 1, g: p 1",
    "FL215": "W: p q, h: q 1, g: p 1",
    "FL216": "x: p 1",
    "FL217": "A: p q, x: q 1, b: p 1",
    "FL218": "A: p q, x: q 1, b: p 1",
    "FL219": "t",
    "FL220": "X: p p, P: p p",
    "FL221": "x",
    "FL222": "x",
    "FL223": "x: p 1, m",
    "FL224": "x: p 1, m",
    "FL225": "a: p 1, x: p 1",
    "FL226": "w, x, t",
    "FL227": "w, x, t",
    "FL228": "x: p 1, c",
    "FL229": "x",
}
HIDDEN: dict[str, str] = {}
WORLDS: dict[str, dict[str, Any]] = {}
