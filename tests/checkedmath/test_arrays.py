"""Arrays in pure Python against NumPy: values, shapes, kinds of entries, and where NumPy raises."""

import operator
import random
import warnings
import zlib
from itertools import product

import numpy as np
import pytest

from checkedmath.values import arrays as xp

SHAPES = [(), (1,), (3,), (0,), (2, 3), (3, 1), (1, 1), (2, 0), (2, 1, 3), (2, 3, 1, 2)]
SMALL = [(), (3,), (2, 3), (2, 1), (2, 2, 3)]
KINDS = "bifc"
TOLERANCE = 1e-12


def draw(shape, kind, seed=""):
    """Return a random array of NumPy's: both signs, zeros among them."""
    rng = random.Random(zlib.crc32(f"{shape} {kind} {seed}".encode()))
    one = {
        "b": lambda: rng.random() < 0.5,
        "i": lambda: rng.randint(-3, 3),
        "f": lambda: round(rng.gauss(0, 2), rng.choice((0, 9))) + 0.0,
        "c": lambda: complex(round(rng.gauss(0, 2), rng.choice((0, 9))), rng.choice((0.0, rng.gauss(0, 1)))),
    }[kind]
    made = {"b": bool, "i": np.int64, "f": float, "c": complex}[kind]
    return np.array([one() for _ in range(int(np.prod(shape)))], dtype=made).reshape(shape)


def ours(array):
    return xp.array(array.tolist(), dtype=array.dtype.name).reshape(array.shape)


def same(found, expected, tolerance=TOLERANCE):
    """Hold shape, kind and values of one array to NumPy's; NaN and the infinities are values, too."""
    expected = np.asarray(expected)
    assert isinstance(found, xp.Array), type(found)
    assert (found.shape, found.dtype.kind) == (expected.shape, expected.dtype.kind)
    assert {type(x) for x in found.flat} <= {type(expected.dtype.type(0).item())}
    back = np.array(found.tolist(), dtype=expected.dtype).reshape(expected.shape)
    with np.errstate(all="ignore"):
        for part in (np.real, np.imag):
            np.testing.assert_allclose(part(back), part(expected), rtol=tolerance, atol=tolerance)


def both(f, *arrays, tolerance=TOLERANCE):
    """Hold ``f(namespace, *arrays)`` to NumPy's; where NumPy raises it must raise, too."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the mean of nothing
        try:
            expected = f(np, *(array.copy() for array in arrays))
        except (TypeError, ValueError, IndexError) as error:
            kinds = tuple(kind for kind in (IndexError, ValueError, TypeError) if isinstance(error, kind))
            with pytest.raises((*kinds, NotImplementedError)):
                f(xp, *map(ours, arrays))
            return
    found = f(xp, *map(ours, arrays))
    if isinstance(expected, tuple):
        assert isinstance(found, tuple)
        assert len(found) == len(expected)
        for one, other in zip(found, expected, strict=True):
            same(one, other, tolerance)
    else:
        same(found, expected, tolerance)


SIGNS = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "//": operator.floordiv,
    "%": operator.mod, "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt,
    ">=": operator.ge, "&": operator.and_, "|": operator.or_, "^": operator.xor,
}  # fmt: skip


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize(("one", "other"), list(product(KINDS, repeat=2)))
def test_signs_between_arrays(sign, one, other):
    for p, q in product(SHAPES, repeat=2):
        both(lambda _, x, y: SIGNS[sign](x, y), draw(p, one), draw(q, other, "right"))


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("number", [True, 2, 0, -1.5, 0.0, 1 - 2j, 0j])
def test_signs_between_an_array_and_a_number_and_a_list(sign, number):
    for kind, shape in product(KINDS, SMALL):
        array = draw(shape, kind)
        both(lambda _, x: SIGNS[sign](x, number), array)
        both(lambda _, x: SIGNS[sign](number, x), array)
        both(lambda _, x: SIGNS[sign](x, [number, number, number]), array)


@pytest.mark.parametrize("exponent", [0, 1, 2, 3, -1, -2, 0.5, 2.0, 1.5, -0.5, 1j, 0.3 - 1j, 150])
def test_powers(exponent):
    for kind, shape in product("ifc", SMALL):
        if not (kind == "i" and exponent == 150):  # too large for a whole number of 64 bits
            both(lambda _, x: x**exponent, draw(shape, kind), tolerance=1e-11)
        base = exponent if kind == "c" else abs(exponent)
        both(lambda xp, x: xp.asarray(base) ** x, draw(shape, kind))  # noqa: B023


def test_powers_of_arrays():
    for kind, other in product("fc", "ifc"):
        for p, q in product(SMALL, repeat=2):
            both(lambda _, x, y: x**y, draw(p, kind), draw(q, other, "right"), tolerance=1e-11)
    both(lambda _, x, y: x**y, draw((2, 3), "i"), abs(draw((3,), "i", "right")))
    same(xp.array([True, False]) ** 2, np.array([1, 0]))
    assert (xp.array(-4 + 1e-30j) ** 0.5).real.item() == 2.5e-31  # the complex step is not lost beside π


UNARY = {
    "-": operator.neg, "+": operator.pos, "abs": abs, "~": operator.invert,
    "T": lambda x: x.T, "copy": lambda x: x.copy(), "conj": lambda x: x.conj(), "real": lambda x: x.real,
    "imag": lambda x: x.imag, "ravel": lambda x: x.ravel(), "flatten": lambda x: x.flatten(),
    "transpose": lambda x: x.transpose(),
}  # fmt: skip


@pytest.mark.parametrize("name", UNARY)
@pytest.mark.parametrize("kind", KINDS)
def test_signs_and_methods_of_one_array(name, kind):
    for shape in SHAPES:
        both(lambda _, x: UNARY[name](x), draw(shape, kind))


FUNCTIONS = ["exp", "log", "log1p", "sqrt", "tanh", "sinh", "cosh", "sin", "cos", "abs", "absolute", "sign", "real",
             "imag", "conj", "isfinite", "isnan", "floor", "rint", "round", "ones_like", "argwhere"]  # fmt: skip
EXTREMES = [0.0, -0.0, 1.0, -1.0, -2.5, 0.5, 1e-30, 30.0, -30.0, 710.0, 720.0, -720.0, 1000.0, -1000.0, 1e200, -1e300,
            float("inf"), float("-inf"), float("nan")]  # fmt: skip


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("kind", KINDS)
def test_functions_of_one_array(name, kind):
    floats = name in {"exp", "log", "log1p", "sqrt", "tanh", "sinh", "cosh", "sin", "cos"}
    if kind == "b" and (floats or name in {"floor", "rint", "round", "conj"}):
        kind = "i"  # numbers of 8 and 16 bits in NumPy
    if kind == "c" and name in {"floor", "rint", "round"}:
        with pytest.raises((NotImplementedError, TypeError)):
            getattr(xp, name)(xp.array(1j))
        return
    if kind == "i" and name == "rint":
        return  # a float in NumPy
    for shape in SHAPES:
        both(lambda xp, x: getattr(xp, name)(x), draw(shape, kind))


@pytest.mark.parametrize("name", [n for n in FUNCTIONS if n != "argwhere"])
def test_functions_at_the_ends_of_their_range(name):
    both(lambda xp, x: getattr(xp, name)(x), np.array(EXTREMES))
    if name not in {"floor", "rint", "round"}:
        finite = [x for x in EXTREMES if np.isfinite(x) and abs(x) <= 1000]
        imaginary = [0.0, 1e-30, -1e-30, 0.7, -2.0]
        points = np.array([complex(x, y) for x in finite for y in imaginary])
        both(lambda xp, x: getattr(xp, name)(x), points)


def test_what_overflows_or_is_divided_by_zero():
    ends = np.array(EXTREMES)
    for sign in ("+", "-", "*", "/", "//", "%", "<", "==", ">="):
        both(lambda _, x, y: SIGNS[sign](x, y), ends.reshape(-1, 1), ends)  # noqa: B023
    both(lambda _, x, y: x**y, ends.reshape(-1, 1), ends)
    finite = np.array([x for x in EXTREMES if np.isfinite(x)])
    # The largest numbers are left out: of a quotient of these the order of the steps decides.
    numbers = np.array([complex(x, y) for x in finite if abs(x) < 1e100 for y in (0.0, 1e-30, -2.0)])
    for sign in ("+", "-", "*", "/", "==", "<", "<=", ">", ">="):
        both(lambda _, x, y: SIGNS[sign](x, y), numbers.reshape(-1, 1), numbers)  # noqa: B023
    assert xp.exp(1000).item() == float("inf") == (xp.array(1.0) / 0).item()
    assert str(xp.array(0.0) / 0) == "nan"


@pytest.mark.parametrize("name", ["maximum", "minimum", "fmax", "fmin", "greater", "outer", "kron"])
def test_functions_of_two_arrays(name):
    for one, other in product(KINDS, repeat=2):
        for p, q in product(SMALL, repeat=2):
            both(lambda xp, x, y: getattr(xp, name)(x, y), draw(p, one), draw(q, other, "right"))
    if name not in {"outer", "kron"}:
        ends = np.array(EXTREMES)
        both(lambda xp, x, y: getattr(xp, name)(x, y), ends.reshape(-1, 1), ends)
        nan = float("nan")
        some = np.array([1, 1 + 2j, 1 - 2j, complex(nan, 1), complex(1, nan), 2 + 0j])
        both(lambda xp, x, y: getattr(xp, name)(x, y), some.reshape(-1, 1), some)


@pytest.mark.parametrize("name", ["@", "dot", "matmul"])
def test_products_of_matrices(name):
    shapes = [(), (3,), (4,), (2, 3), (3, 4), (4, 2), (0, 3), (3, 0), (1, 3)]
    shapes += [(5, 2, 3), (5, 3, 2), (1, 3, 4), (2, 5, 3, 1)]
    for p, q in product(shapes, repeat=2):
        if name == "dot" and max(len(p), len(q)) > 2 and p and q:
            with pytest.raises(NotImplementedError):
                xp.dot(xp.zeros(p), xp.zeros(q))
            continue
        for one, other in ("ff", "fc", "cc", "if", "ii", "bb"):
            if name == "@":
                both(lambda _, x, y: x @ y, draw(p, one), draw(q, other, "right"))
            else:
                both(lambda xp, x, y: getattr(xp, name)(x, y), draw(p, one), draw(q, other, "right"))
    both(lambda _, x: [[1.0, 2.0]] @ x, draw((2, 2), "f"))


@pytest.mark.parametrize("name", ["sum", "prod", "mean", "max", "min", "any", "all", "argmax", "argmin"])
@pytest.mark.parametrize("kind", KINDS)
def test_folds(name, kind):
    for shape in SHAPES:
        axes = [None, *range(-len(shape), len(shape)), len(shape)]
        if not name.startswith("arg"):
            axes += [(), (0, len(shape) - 1), tuple(range(len(shape)))]
        for axis, keepdims in product(axes, (False, True)):
            both(lambda _, x: getattr(x, name)(axis=axis, keepdims=keepdims), draw(shape, kind))  # noqa: B023
            both(lambda xp, x: getattr(xp, name)(x, axis, keepdims=keepdims), draw(shape, kind))  # noqa: B023
    if name in {"max", "min", "sum", "prod"} and kind != "b":
        for shape in SHAPES:
            both(lambda xp, x: getattr(xp, name)(x, initial=0.5 if kind in "fc" else 2), draw(shape, kind))


def test_folds_of_what_is_not_finite():
    nan, inf = float("nan"), float("inf")
    for row in ([1, nan, 3], [nan, 1, nan], [inf, -inf, 1], [1 + 1j, complex(0, nan), 5], [2 + 1j, 2 - 1j, 1 + 9j]):
        for name in ("sum", "prod", "mean", "max", "min", "any", "all", "argmax", "argmin"):
            both(lambda xp, x: getattr(xp, name)(x), np.array(row))  # noqa: B023
    both(lambda xp, x: xp.max(xp.abs(x), initial=0.0), np.zeros((0, 2)))
    both(lambda _, x: x.sum(axis=0, dtype=float), draw((2, 3), "i"))
    both(lambda xp, x: xp.sum([x, 2 * x], axis=0), draw((2, 3), "f"))


INDICES = [
    0, -1, 5, (0, 0), (1, 2), (1, -1), (0, 3), slice(None), slice(1, None), slice(None, None, -1),
    slice(5, 9), ..., None,
    (slice(None), 0), (slice(None), slice(1, 3)), (slice(None), None), (None, slice(None)), (..., 0), (0, ...),
    (0, 0, 0),
    (slice(None), [0]), (slice(None), [2, 0, 0]), [1, 0], ([0, 1], [2, 0]), ([[0], [1]], [0, 2]), (0, [1, 2]), ([], 0),
    (slice(0, 1), [1]), ([1], slice(None)), ([1, 0], slice(None), 0), (slice(None), 0, [0, 1]), (), 1.5, "a",
    [True, False], ([True, False], 0), (slice(None), [True, False, True]), (0, slice(None), [0, 1]),
]  # fmt: skip


@pytest.mark.parametrize("index", INDICES, ids=str)
def test_indices(index):
    for kind, shape in product("fc", [(), (3,), (2, 3), (2, 3, 2), (2, 1), (0, 3)]):
        array = draw(shape, kind)
        try:
            expected = array[index]
        except IndexError:
            with pytest.raises((IndexError, NotImplementedError, TypeError, ValueError)):
                ours(array)[index]
            continue
        try:
            same(ours(array)[index], expected)
        except NotImplementedError:  # said to be so, where a slice stands between lists
            assert isinstance(index, tuple)
            assert any(isinstance(part, slice) for part in index)
            continue
        for value in (7.0, expected * 2 + 1, np.arange(3.0), np.full((1, 1, 1, 1), 5.0)):
            numpys, mine = array.copy(), ours(array)
            try:
                numpys[index] = value
            except (ValueError, TypeError):
                with pytest.raises((ValueError, TypeError)):
                    mine[index] = value.tolist() if isinstance(value, np.ndarray) else value
                continue
            mine[index] = ours(value) if isinstance(value, np.ndarray) else value
            same(mine, numpys)


def test_masks_and_arrays_as_indices():
    for shape in [(3,), (2, 3), (2, 3, 2)]:
        array = draw(shape, "f")
        mask = array > 0
        same(ours(array)[ours(mask)], array[mask])
        numpys, mine = array.copy(), ours(array)
        numpys[mask], mine[ours(mask)] = 9.0, 9.0
        same(mine, numpys)
        place = np.array([[1, 0], [0, 0]])
        same(ours(array)[ours(place)], array[place])
    n = xp.argmax(xp.array([1, 3, 2]))
    assert [10, 20, 30][n] == 20
    with pytest.raises(IndexError, match="expected a mask"):
        xp.zeros((2, 3))[xp.array([True, False, True])]


def steps_on_shared_entries(xp):
    """Change an array through its views and its views through it."""
    a = xp.arange(12).reshape(3, 4) * 1.0
    column, turned, part, flat = a[:, 1], a.T, a[1:, ::2], a.reshape(-1)
    part_of_turned = turned[1:3, 0]
    column[0] = 50.0
    a[2, 2] = 60.0
    turned[3, 0] = 70.0
    part *= 2
    flat[4] = 80.0
    part_of_turned += 0.5
    a[:, 0] = -a[:, 0]
    a[:, 3] += 0.125
    a[...] = a[::-1]
    a += a.T[:, :1].reshape(4)
    copied = a.copy()
    a -= 1
    same_object = a
    same_object /= 2
    picked = a[[0, 1]]
    picked[0, 0] = 99.0
    square = xp.arange(9).reshape(3, 3)
    square.T[:] = square
    return a, column, turned, part, flat, part_of_turned, copied, picked, square


def test_views_share_their_entries():
    for found, expected in zip(steps_on_shared_entries(xp), steps_on_shared_entries(np), strict=True):
        same(found, expected)


def test_what_is_not_to_be_written_to():
    a = xp.array([[1 + 1j, 2.0], [3.0, 4.0]])
    for copied in (a.real, a.imag, xp.diag(a), a.T.reshape(-1), xp.broadcast_to(a, (2, 2, 2)), xp.zeros(2).imag):
        with pytest.raises(ValueError, match="read-only"):
            copied[0] = 5.0
    a.setflags(write=False)
    for view in (a, a[0], a.T):
        with pytest.raises(ValueError, match="read-only"):
            view[0] = 5.0
    with pytest.raises(ValueError, match="read-only"):
        a += 1
    changed = a.copy()
    changed[0, 0] = 5
    assert (a[0, 0], changed[0, 0]) == (1 + 1j, 5)


def test_what_would_lose_a_part_is_refused():
    for start, value in ((1.0, 1j), (1, 0.5), (True, 2)):
        a = xp.array([start, start])
        with pytest.raises(TypeError, match="entries"):
            a[0] = value
        with pytest.raises(TypeError, match="entries"):
            a += value
    a = xp.zeros(3)
    with pytest.raises(ValueError, match="shape"):
        a += xp.zeros((2, 3))
    with pytest.raises(TypeError):
        xp.array([1j]).astype(float)
    with pytest.raises(TypeError):
        float(xp.array(1 + 1j))
    total = xp.zeros(()) + 1.0
    before, total = total, total + 1
    assert (before, total) == (1.0, 2.0)


MADE = {
    "zeros": lambda xp: xp.zeros((2, 3)), "zeros of whole numbers": lambda xp: xp.zeros(2, dtype=int),
    "ones": lambda xp: xp.ones((2, 0)), "no axes": lambda xp: xp.ones(()), "full": lambda xp: xp.full((2, 2), xp.inf),
    "full of a row": lambda xp: xp.full((2, 3), [1, 2, 3]), "full of bools": lambda xp: xp.full((2, *(1, 3)), False),
    "eye": lambda xp: xp.eye(3), "eye wide": lambda xp: xp.eye(2, 4), "eye tall": lambda xp: xp.eye(4, 2),
    "eye of none": lambda xp: xp.eye(0), "complex eye": lambda xp: xp.eye(2, dtype=complex),
    "arange": lambda xp: xp.arange(5), "arange from": lambda xp: xp.arange(2, 9, 3),
    "down": lambda xp: xp.arange(5, 0, -2),
    "arange of floats": lambda xp: xp.arange(0.5, 3), "nothing": lambda xp: xp.arange(0),
    "array": lambda xp: xp.array([[1, 2.5], [3, 4]]), "with complex": lambda xp: xp.array([1, 2j]),
    "bools and numbers": lambda xp: xp.array([True, 2]), "empty": lambda xp: xp.array([]),
    "rows": lambda xp: xp.array([[], []]),
    "of arrays": lambda xp: xp.array([xp.eye(2), 2 * xp.eye(2)]), "dtype": lambda xp: xp.array([1, 0], dtype=bool),
    "range": lambda xp: xp.array(range(3)), "number": lambda xp: xp.asarray(2.5),
    "scalar": lambda xp: xp.asarray([[1.0]])[0, 0],
    "of numbers": lambda xp: xp.array([xp.sum(xp.eye(2)), 1]), "to whole": lambda xp: xp.array([1.7, -1.7]).astype(int),
    "to complex": lambda xp: xp.array([1, 0]).astype(complex), "to bool": lambda xp: xp.array([1j, 0]).astype(bool),
    "dtype of another": lambda xp: xp.array([1, 2]).astype(xp.eye(1).dtype),
    "named": lambda xp: xp.array([1], xp.float64),
    "result type": lambda xp: xp.array([1]).astype(xp.result_type(xp.eye(1), 1j)),
}  # fmt: skip


@pytest.mark.parametrize("name", MADE)
def test_arrays_that_are_made(name):
    both(MADE[name])


JOINED = {
    "concatenate": lambda xp, x, y: xp.concatenate([x, y]),
    "concatenate along 1": lambda xp, x, y: xp.concatenate([x, y, x], axis=1),
    "concatenate along -1": lambda xp, x, y: xp.concatenate((x, y), axis=-1),
    "stack": lambda xp, x, y: xp.stack([x, y]), "stack along 1": lambda xp, x, y: xp.stack([x, y, y], axis=1),
    "stack along -1": lambda xp, x, y: xp.stack([x, y], axis=-1), "vstack": lambda xp, x, y: xp.vstack([x, y]),
    "broadcast": lambda xp, x, y: tuple(xp.broadcast_arrays(x, y)), "where": lambda xp, x, y: xp.where(x != 0, x, y),
    "where number": lambda xp, x, y: xp.where(x.real > 0, 1, y), "clip": lambda xp, x, y: xp.clip(x, y, y + 1),
    "isclose": lambda xp, x, y: xp.isclose(x, y), "near": lambda xp, x, y: xp.isclose(x, x + 1e-9 * y),
}  # fmt: skip


@pytest.mark.parametrize("name", JOINED)
def test_joined_arrays(name):
    shapes = [(), (3,), (0,), (2, 3), (1, 3), (2, 1), (2, 2), (2, 2, 3)]
    for p, q in product(shapes, repeat=2):
        for one, other in product("bifc", repeat=2):
            both(JOINED[name], draw(p, one), draw(q, other, "right"))


SHAPED = {
    "tile": lambda xp, x: xp.tile(x, (1, 3)), "tile number": lambda xp, x: xp.tile(x, 2),
    "tile cube": lambda xp, x: xp.tile(x, (2, 1, 2)), "delete": lambda xp, x: xp.delete(x, 1, axis=1),
    "delete last": lambda xp, x: xp.delete(x, -1, 0), "diag": lambda xp, x: xp.diag(x),
    "trace": lambda xp, x: xp.trace(x),
    "moveaxis": lambda xp, x: xp.moveaxis(x, 0, 1), "moveaxis back": lambda xp, x: xp.moveaxis(x, -1, 0),
    "expand": lambda xp, x: xp.expand_dims(x, 0), "expand last": lambda xp, x: xp.expand_dims(x, -1),
    "reshape": lambda xp, x: xp.reshape(x, (1, -1)), "reshape method": lambda xp, x: x.reshape(-1, 1),
    "reshape to 3": lambda xp, x: x.reshape((3, -1)), "to none": lambda xp, x: x.reshape(()),
    "six": lambda xp, x: x.reshape(6),
    "broadcast_to": lambda xp, x: xp.broadcast_to(x, (2, 2, 3)), "transpose": lambda xp, x: x.transpose((1, 0)),
    "transpose of axes": lambda xp, x: x.transpose(0, 2, 1), "T of T": lambda xp, x: x.T[1:].T,
    "twice": lambda xp, x: x[1:][0],
    "rows": lambda xp, x: xp.stack(list(x)), "einsum": lambda xp, x: xp.einsum("ij->", x),
    "einsum T": lambda xp, x: xp.einsum("ij->ji", x), "einsum sum": lambda xp, x: xp.einsum("ijk,ik->j", x, x[:, 0]),
    "einsum product": lambda xp, x: xp.einsum("ij,kj->ik", x, x), "einsum trace": lambda xp, x: xp.einsum("ii->i", x),
}  # fmt: skip


@pytest.mark.parametrize("name", SHAPED)
def test_arrays_of_other_shapes(name):
    shapes = [(), (3,), (1,), (0,), (2, 3), (3, 3), (3, 2), (0, 2), (1, 3), (2, 3, 2), (2, 1, 3, 1)]
    if name in {"trace", "einsum trace"}:  # of others NumPy has an answer that is refused here
        shapes = [(3, 3), (1, 1), (0, 0), *([(2, 3), (3, 2)] if name == "trace" else [(3,)])]
    for shape, kind in product(shapes, KINDS):
        both(SHAPED[name], draw(shape, kind))


def test_places():
    for shape in [(3,), (2, 3), (2, 3, 2)]:
        assert list(xp.ndindex(shape)) == list(np.ndindex(shape)) == list(xp.ndindex(*shape))
        for n in range(int(np.prod(shape))):
            assert xp.unravel_index(n, shape) == tuple(map(int, np.unravel_index(n, shape)))
        assert xp.shape(xp.zeros(shape)) == shape
    assert xp.iscomplexobj(xp.array(1j)) > xp.iscomplexobj(xp.array(1.0))
    assert xp.shape(2.0) == ()
    with pytest.raises(ValueError, match="out of bounds"):
        xp.unravel_index(6, (2, 3))


# -- matrices -------------------------------------------------------------------------------------------------------

LINEAR = {
    "det": lambda xp, A: xp.linalg.det(A), "inv": lambda xp, A: xp.linalg.inv(A),
    "cond": lambda xp, A: xp.linalg.cond(A),
    "solve": lambda xp, A: xp.linalg.solve(A, A[:, 0] + 1j), "norm": lambda xp, A: xp.linalg.norm(A),
    "solve many": lambda xp, A: xp.linalg.solve(A, A @ A), "square": lambda xp, A: xp.linalg.matrix_power(A, 2),
    "one": lambda xp, A: xp.linalg.matrix_power(A, 0), "fifth": lambda xp, A: xp.linalg.matrix_power(A, 5),
    "inverse squared": lambda xp, A: xp.linalg.matrix_power(A, -2),
}  # fmt: skip


@pytest.mark.parametrize("name", LINEAR)
@pytest.mark.parametrize("kind", "ifc")
def test_matrices(name, kind):
    for n, seed in product((1, 2, 3, 4, 5, 7), range(6)):
        A = draw((n, n), kind, seed)
        if np.linalg.cond(A) < 1e4:
            both(LINEAR[name], A, tolerance=1e-9)


@pytest.mark.parametrize("name", LINEAR)
@pytest.mark.parametrize("matrix", [[[1, 2], [2, 4]], [[0.0, 0], [0, 0]], [[1j, 1], [-1, 1j]], [[0, 1], [1, 0]]])
def test_singular_matrices_and_exchanged_rows(name, matrix):
    if name != "cond":  # inf or 1e16, by rounding
        both(LINEAR[name], np.array(matrix))
    A = xp.array(matrix)
    if matrix != [[0, 1], [1, 0]]:
        assert xp.linalg.cond(A) > 1e15
        with pytest.raises(xp.linalg.LinAlgError, match=r"^Singular matrix$"):
            xp.linalg.inv(A)


def test_condition_numbers_and_orthogonal_columns():
    for n, m, seed in product((1, 2, 3, 5), (1, 2, 4), range(3)):
        for kind in "fc":
            both(lambda xp, A: xp.linalg.cond(A), draw((n, m), kind, f"c{seed}"), tolerance=1e-8)
        both(lambda xp, A: xp.linalg.qr(A), draw((n, n), "f", f"q{seed}") + np.eye(n))
    both(lambda xp, A: xp.linalg.qr(A), np.triu(draw((3, 3), "f")))
    for one in (1e200, 1e-200, np.inf, np.nan):
        both(lambda xp, A: xp.linalg.cond(A), np.array([[one, 0], [1, one]]))
    both(lambda xp, A: xp.linalg.cond(A), np.zeros((2, 2)))
    with pytest.raises(NotImplementedError, match="real"):
        xp.linalg.qr(xp.array([[1j]]))


def test_what_is_no_square_matrix():
    for f in (xp.linalg.det, xp.linalg.inv, xp.linalg.qr, lambda A: xp.linalg.matrix_power(A, 2)):
        with pytest.raises(xp.linalg.LinAlgError, match=r"square.*\(2, 3\)"):
            f(xp.zeros((2, 3)))
        with pytest.raises(NotImplementedError, match=r"one matrix.*\(2, 3, 3\)"):
            f(xp.zeros((2, 3, 3)))
    with pytest.raises(ValueError, match="3 rows"):
        xp.linalg.solve(xp.eye(3), xp.zeros(2))


# -- numbers, and what is refused -----------------------------------------------------------------------------------


def test_an_array_without_axes_is_a_number():
    x, n, z = xp.array(2.5), xp.array(3), xp.array(2 + 0j)
    assert (float(x), int(x), f"{x:.3f}", str(x), hash(x)) == (2.5, 2, "2.500", "2.5", hash(2.5))
    assert (round(x), round(x, 1)) == (2, 2.5)
    assert (float(z), int(z), complex(x), list(range(n)), x.item()) == (2.0, 2, 2.5 + 0j, [0, 1, 2], 2.5)
    assert bool(x)
    assert not xp.array(0.0)
    assert xp.array([[1.0, 2]]).tolist() == [[1.0, 2.0]]
    assert repr(xp.array([1, 2])) == "array([1, 2])"
    assert 2.0 in xp.array([[1.0, 2]])
    assert [len(xp.zeros((2, 3))), xp.zeros((2, 3)).size, xp.zeros((2, 3)).ndim] == [2, 6, 2]
    for f in (float, int, hash, round):
        with pytest.raises(TypeError):
            f(xp.array([1.0, 2.0]))
    with pytest.raises(TypeError):
        len(x)
    with pytest.raises(ValueError, match="any"):
        bool(xp.array([1, 2]))


def test_kinds_have_the_names_of_numpy():
    for kind in KINDS:
        mine, numpys = ours(draw((2,), kind)).dtype, draw((2,), kind).dtype
        assert (mine.kind, mine.char, mine.name, str(mine)) == (numpys.kind, numpys.char, numpys.name, str(numpys))
        assert mine == {"b": "bool", "i": int, "f": "float64", "c": complex}[kind]
        assert mine != "str"
        for other in KINDS:
            other_type = xp.result_type(ours(draw((2,), other)), mine)
            assert other_type.kind == np.result_type(draw((2,), other), numpys).kind
    assert xp.finfo(float).eps == np.finfo(float).eps


@pytest.mark.parametrize("bad", ["text", None, {1: 2}, [1, "a"], [[1], [1, 2]], [None], [[1, 2], 3], object()])
def test_what_is_no_array_is_refused(bad):
    with pytest.raises((TypeError, ValueError), match="expected"):
        xp.array(bad)


def test_what_numpy_can_and_this_cannot_is_refused():
    with pytest.raises(AttributeError, match="fft"):
        _ = xp.fft
    for f in (
        lambda: xp.arange(3) * 2**70, lambda: xp.array([2**62]) * 4, lambda: xp.array([10]) ** 30,
        lambda: xp.array([2**62, 2**62]).sum(), lambda: xp.einsum("...i->i", xp.eye(2)), lambda: xp.float64(2.0),
        lambda: xp.zeros((2, 2, 2)).trace(), lambda: xp.zeros((2, 2, 2))[0, :, [1]],
    ):  # fmt: skip
        with pytest.raises(NotImplementedError, match="expected"):
            f()
    for f in (
        lambda: xp.sum(xp.eye(2), out=xp.eye(2)), lambda: xp.array([1], dtype="float32"), lambda: xp.where(xp.eye(2)),
        lambda: xp.eye(2) + "a", lambda: xp.eye(2) + None, lambda: xp.eye(2) @ {}, lambda: xp.eye(2) + np.eye(2),
        lambda: np.eye(2) @ xp.eye(2), lambda: xp.any(xp.eye(2), initial=1), lambda: -xp.array([True]),
        lambda: xp.eye(2) & xp.eye(2), lambda: xp.eye(2).mean(initial=1),
    ):  # fmt: skip
        with pytest.raises(TypeError):
            f()
    for f in (
        lambda: xp.zeros((2, 3)) + xp.zeros((3, 2)), lambda: xp.zeros((2, 3)) @ xp.zeros((2, 3)),
        lambda: xp.eye(2) @ 2.0, lambda: xp.stack([]), lambda: xp.concatenate([1.0]), lambda: xp.max(xp.zeros(0)),
        lambda: xp.zeros(6).reshape(4),
        lambda: xp.zeros(-1), lambda: xp.sum(xp.eye(2), axis=2), lambda: xp.sum(xp.eye(2), axis=(0, 0)),
        lambda: xp.diag(xp.zeros((2, 2, 2))), lambda: xp.array([1.0, 2.0]).item(),
    ):  # fmt: skip
        with pytest.raises(ValueError):  # noqa: PT011 - each has its own words
            f()


def test_no_warning_is_asked_for():
    with xp.errstate(all="ignore", divide="raise"):
        assert (xp.array(1.0) / 0).item() == xp.inf
    assert (xp.pi, xp.e, xp.newaxis) == (np.pi, np.e, None)
    assert isinstance(xp.eye(2), xp.ndarray)


def test_other_libraries_arrays_are_taken():
    for kind, shape in product(KINDS, SHAPES):
        array = draw(shape, kind)
        if array.size:
            same(xp.asarray(array), array)
            same(xp.asarray(array[:1] if shape else array[()]), array[:1] if shape else array)
