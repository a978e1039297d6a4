"""Matrices: determinant, inverse and solution by elimination, Q and R by reflections, singular values by rotations.

Each does what LAPACK does behind NumPy, so that signs, and what counts as singular, are the same.
"""

from __future__ import annotations

import math
from typing import Any

from checkedmath.values.arrays.array import Array, array_of
from checkedmath.values.arrays.folding import ONE, ZERO, size
from checkedmath.values.arrays.kinds import cast
from checkedmath.values.arrays.making import eye
from checkedmath.values.arrays.numbers import divided

Rows = list[list[Any]]
#: From which cosine of their angle on two columns count as orthogonal, and how often all pairs are turned at most.
ORTHOGONAL, SWEEPS = 1e-15, 60


class LinAlgError(ValueError):
    """Raised for a matrix that has no inverse."""


def det(matrix: Any) -> Array:
    """Return the determinant of a square matrix."""
    rows, kind = _square(matrix)
    sign, singular = _eliminate(rows, [[] for _ in rows])
    diagonal = [row[n] for n, row in enumerate(rows)]
    return Array([math.prod([ZERO[kind] if singular else ONE[kind] * sign, *([] if singular else diagonal)])], (), kind)


def inv(matrix: Any) -> Array:
    """Return the inverse of a square matrix.  Raises `LinAlgError` where a pivot is 0."""
    return solve(matrix, eye(len(_square(matrix)[0])))


def solve(matrix: Any, right: Any) -> Array:
    """Return X with A X = B, for a column or a matrix B.  Raises `LinAlgError` where a pivot of A is 0."""
    right = array_of(right)
    rows, kind = _square(matrix, right.kind)
    if right.ndim not in {1, 2} or right.shape[0] != len(rows):
        raise ValueError(f"expected a right side of {len(rows)} rows, got shape {right.shape}")
    flat, m = cast(right.flat, right.kind, kind), right.size // max(1, len(rows))
    sides = [flat[n * m : (n + 1) * m] for n in range(len(rows))]
    _, singular = _eliminate(rows, sides)
    if singular:
        raise LinAlgError("Singular matrix")
    for n in reversed(range(len(rows))):  # from the last unknown to the first
        for k in range(n + 1, len(rows)):
            factor = rows[n][k]
            sides[n] = [x - factor * y for x, y in zip(sides[n], sides[k], strict=True)]
        sides[n] = [x / rows[n][n] for x in sides[n]]
    return Array([x for side in sides for x in side], right.shape, kind)


def _eliminate(rows: Rows, sides: Rows) -> tuple[int, bool]:
    """Bring rows to a triangle, and their right sides; return the sign of the exchanges, and whether a pivot is 0."""
    sign = 1
    for n in range(len(rows)):
        pivot = max(range(n, len(rows)), key=lambda k: abs(rows[k][n].real) + abs(rows[k][n].imag))
        if pivot != n:
            sign = -sign
            for one in (rows, sides):
                one[n], one[pivot] = one[pivot], one[n]
        if rows[n][n] == 0:
            return sign, True
        for k in range(n + 1, len(rows)):
            factor = rows[k][n] / rows[n][n]
            for one in (rows, sides):
                one[k] = [x - factor * y for x, y in zip(one[k], one[n], strict=True)]
    return sign, False


def _rows(matrix: Any, beside: str = "f") -> tuple[Rows, str]:
    """Return the rows of a matrix, complex if it or the kind beside it is, else real, and which of these they are."""
    matrix = array_of(matrix)
    if matrix.ndim != 2:
        kind_of_error = NotImplementedError if matrix.ndim > 2 else LinAlgError
        raise kind_of_error(f"expected one matrix, an array with two axes, got shape {matrix.shape}")
    kind = "c" if "c" in {matrix.kind, beside} else "f"
    flat, width = cast(matrix.flat, matrix.kind, kind), matrix.shape[1]
    return [flat[n * width : (n + 1) * width] for n in range(matrix.shape[0])], kind


def _square(matrix: Any, beside: str = "f") -> tuple[Rows, str]:
    rows, kind = _rows(matrix, beside)
    if any(len(row) != len(rows) for row in rows):
        raise LinAlgError(f"expected a square matrix, got shape {array_of(matrix).shape}")
    return rows, kind


def matrix_power(matrix: Any, exponent: int) -> Array:
    """Return a whole power of a square matrix, of its inverse for a negative one."""
    base, n = array_of(matrix), exponent.__index__()
    rows, _ = _square(base)
    if n < 0:
        base, n = inv(base), -n
    found = None if n else eye(len(rows), dtype=base.dtype)
    while n:
        if n % 2:
            found = base if found is None else found @ base
        base, n = (base @ base if n > 1 else base), n // 2
    assert found is not None
    return found


def norm(x: Any) -> Array:
    """Return the root of the sum of squares of all entries: of a vector, and Frobenius' norm of a matrix."""
    return Array([math.hypot(*map(size, array_of(x).flat))], (), "f")


def qr(matrix: Any) -> tuple[Array, Array]:
    """Return Q with orthonormal columns and an upper triangular R with Q R = A, for a real square matrix A."""
    rows, kind = _square(matrix)
    if kind == "c":
        raise NotImplementedError("expected a real matrix for qr, got a complex one")
    n = len(rows)
    turned = eye(n).tolist()
    for k in range(n - 1):
        column = [row[k] for row in rows[k:]]
        length = math.hypot(*column)
        if not any(column[1:]):
            continue
        column[0] += math.copysign(length, column[0])
        scale = 2 / sum(x * x for x in column)
        for one in (rows, turned):  # reflect along this column: H = I - 2 v v^T / v^T v
            for c in range(n):
                factor = scale * sum(v * row[c] for v, row in zip(column, one[k:], strict=True))
                for v, row in zip(column, one[k:], strict=True):
                    row[c] -= factor * v
    upper = [[x if c >= r else 0.0 for c, x in enumerate(row)] for r, row in enumerate(rows)]
    return array_of(turned).T.copy(), array_of(upper)


def singular_values(matrix: Any) -> list[float]:
    """Return the singular values, largest first, by turning pairs of columns until all are orthogonal."""
    rows, kind = _rows(matrix)
    if kind == "c":  # a + ib acts as [[a, -b], [b, a]] does, which has each singular value twice
        real, imaginary = ([[getattr(x, part) for x in row] for row in rows] for part in ("real", "imag"))
        rows = [[*a, *(-x for x in b)] for a, b in zip(real, imaginary, strict=True)]
        rows += [[*b, *a] for a, b in zip(real, imaginary, strict=True)]
    entries = [x for row in rows for x in row]
    largest = max(map(abs, entries), default=0.0)
    if any(map(math.isnan, entries)):
        raise LinAlgError("SVD did not converge")
    if not largest or math.isinf(largest):
        return [largest] * min(len(rows), len(rows[0]) if rows else 0)
    rows = [[x / largest for x in row] for row in rows]  # so that no square overflows
    columns = rows if len(rows) <= len(rows[0]) else list(map(list, zip(*rows, strict=True)))
    for _ in range(SWEEPS):
        if not sum(_turn(columns, p, q) for q in range(len(columns)) for p in range(q)):
            break
    found = sorted((largest * math.hypot(*column) for column in columns), reverse=True)
    return found[::2] if kind == "c" else found


def _turn(columns: Rows, p: int, q: int) -> bool:
    """Turn two columns so that they are orthogonal; return whether they were not."""
    a, b = columns[p], columns[q]
    one, other = sum(x * x for x in a), sum(x * x for x in b)
    both = sum(x * y for x, y in zip(a, b, strict=True))
    if not abs(both) > ORTHOGONAL * math.sqrt(one) * math.sqrt(other):
        return False
    zeta = (other - one) / (2 * both)
    t = math.copysign(1.0, zeta) / (abs(zeta) + math.hypot(1.0, zeta))
    c = 1 / math.hypot(1.0, t)
    columns[p] = [c * (x - t * y) for x, y in zip(a, b, strict=True)]
    columns[q] = [c * (t * x + y) for x, y in zip(a, b, strict=True)]
    return True


def cond(matrix: Any) -> Array:
    """Return the largest singular value over the smallest, inf for a singular matrix."""
    found = singular_values(matrix)
    if not found:
        raise LinAlgError("expected a matrix with entries to take the condition number of, got none")
    largest, least = found[0], found[-1]
    return Array([divided(largest, least) if 0 < largest < math.inf else math.inf], (), "f")
