"""Arrays of whole numbers, bools and float16 give what the same numbers give in float64."""

import dask
import dask.array as da
import numpy as np
import pytest

from backprop import (
    Layer,
    Network,
    backward,
    cost,
    forward,
    gradients,
    initialise,
    losses,
    replay,
    step,
    train,
    validate,
)
from backprop.activations import ACTIVATIONS
from backprop.losses import LOSSES
from backprop.validation import floats

SMALL = (np.int8, np.uint8, np.int16, np.uint16, np.int32, np.int64, np.uint64, np.bool_, np.float16)
each_small_type = pytest.mark.parametrize("kind", SMALL, ids=lambda kind: kind.__name__)


def everything(network, X, Y):
    cache = forward(network, X)
    grads = backward(network, cache, Y)
    after = step(network, grads, 0.25)
    found = {"J": cost(network, cache, Y), "L": losses(network, cache, Y)}
    for quantity in (cache.Z, grads.dA, grads.dZ, grads.dW, grads.db, after.W, after.b):
        found |= {(quantity.symbol, l): array for l, array in quantity.items()}
    found["J in blocks"] = gradients(network, X, Y, block=2).J
    return found


def large_numbers(kind):
    """Numbers near the end of the type, so that their products and sums leave it."""
    end = 1 if kind is np.bool_ else 30_000 if np.dtype(kind).itemsize > 1 else np.iinfo(kind).max
    rng = np.random.default_rng(2)
    arrays = [rng.integers(end // 2, end, shape, endpoint=True) for shape in ((3, 2), (3, 1), (2, 5), (3, 5))]
    return [array.astype(kind) for array in arrays]


@each_small_type
@pytest.mark.parametrize("output", ["identity", "relu", "leaky_relu"])
def test_nothing_overflows(kind, output):
    W, b, X, Y = large_numbers(kind)
    found = everything(Network([Layer(W, b, output)], "squared_error", l2=0.5), X, Y)
    W, b, X, Y = (array.astype(float) for array in (W, b, X, Y))
    expected = everything(Network([Layer(W, b, output)], "squared_error", l2=0.5), X, Y)
    for name, array in expected.items():
        np.testing.assert_allclose(found[name], array, rtol=1e-14, err_msg=str(name))
        assert found[name].dtype == float


@each_small_type
@pytest.mark.parametrize("given", ["W", "b", "X", "Y"])
def test_each_array_alone_gives_what_floats_give(make, kind, given):
    network, X, Y = make((4, 3, 2), ("tanh", "sigmoid"), "binary_cross_entropy", 5)
    arrays = {"W": network.W[1], "b": network.b[1], "X": X, "Y": Y}
    rounded = np.abs(np.round(arrays[given]))
    found, expected = (
        everything(
            Network([Layer(here["W"], here["b"], "tanh"), network.layers[1]]), here["X"], here["Y"]
        )
        for here in (arrays | {given: rounded.astype(kind)}, arrays | {given: rounded.astype(kind).astype(float)})
    )
    for name, array in expected.items():
        np.testing.assert_allclose(found[name], array, rtol=1e-14, atol=1e-15, err_msg=str(name))
        assert found[name].dtype == float


@each_small_type
def test_labels_and_biases_take_the_type_of_the_weights(make, kind):
    network, X, Y = make((4, 3, 2), ("relu", "sigmoid"), "binary_cross_entropy", 5, dtype=np.float32, labels="hard")
    layers = [Layer(layer.W, np.ones_like(layer.b, dtype=kind), layer.g) for layer in network.layers]
    found = everything(Network(layers), X, Y.astype(kind))
    assert {name: array.dtype for name, array in found.items()} == dict.fromkeys(found, np.float32)


def test_a_float16_batch_of_more_than_65504_examples():
    ones = np.ones((1, 70_000), np.float16)
    network = Network([Layer(np.array([[0.5]], np.float16), np.array([[0.5]], np.float16), "sigmoid")])
    found = gradients(network, ones, ones)
    assert float(found.J) == pytest.approx(np.log1p(np.exp(-1)), rel=1e-14)
    assert found.db[1].item() == pytest.approx(1 / (1 + np.exp(-1)) - 1, rel=1e-12)


@pytest.mark.parametrize("dtype", [">f8", ">f4", ">i2", ">c16"])
def test_the_order_of_bytes_does_not_matter(make, dtype):
    network, X, Y = make((4, 3, 2), ("tanh", "sigmoid"), "binary_cross_entropy", 5, labels="hard")
    W, b = ((10 * array).astype(dtype) for array in (network.W[1], network.b[1]))
    X, Y = (10 * X).astype(dtype), Y.astype(dtype)
    native = [array.astype(array.dtype.newbyteorder("=")) for array in (W, b, X, Y)]
    found = everything(Network([Layer(W, b, "tanh"), network.layers[1]]), X, Y)
    expected = everything(Network([Layer(*native[:2], "tanh"), network.layers[1]]), *native[2:])
    for name, array in expected.items():
        np.testing.assert_allclose(found[name], array, rtol=1e-6, err_msg=str(name))


def test_large_arrays_are_not_copied(make):
    network, X, Y = make((4, 3, 2), ("tanh", "sigmoid"), "binary_cross_entropy", 5, dtype=np.float32)
    assert Layer(network.W[1], network.b[1], "tanh").W is network.W[1]
    assert forward(network, X).A[0] is X
    assert floats(Y) is Y
    images = np.ones((4, 5), np.uint8)
    assert forward(network, images).A[0] is images


def test_lazy_whole_numbers_stay_lazy(make):
    network, X, Y = make((4, 3, 2), ("tanh", "sigmoid"), "binary_cross_entropy", 5, labels="hard")
    W, X, Y = (np.abs(np.round(array)).astype(np.int8) for array in (network.W[1], 50 * X, Y))

    def refuse(*arguments, **options):
        raise AssertionError("something was computed")

    with dask.config.set(scheduler=refuse):
        lazy = everything(
            Network([Layer(da.from_array(W), network.b[1], "tanh"), network.layers[1]]),
            da.from_array(X, chunks=(2, 2)), da.from_array(Y, chunks=(-1, 2)),
        )
    expected = everything(Network([Layer(W, network.b[1], "tanh"), network.layers[1]]), X, Y)
    for name, array in expected.items():
        computed = np.asarray(dask.compute(lazy[name], scheduler="sync")[0])
        np.testing.assert_allclose(computed, array, rtol=1e-12, atol=1e-15, err_msg=str(name))


@each_small_type
@pytest.mark.parametrize("g", ACTIVATIONS.values(), ids=str)
def test_an_activation_by_itself(g, kind):
    z = np.array([[0, 1, 3], [5, 2, 100]]).astype(kind)
    real = z.astype(float)
    calls = [g, lambda z: g.dZ(z, z, g(z)), lambda z: g.jacobian(z[:, [0]])]
    if g.name != "softmax":
        calls.append(g.prime)
    for call in calls:
        np.testing.assert_allclose(call(z), call(real), rtol=1e-14)
        assert call(z).dtype == float


@each_small_type
@pytest.mark.parametrize("loss", LOSSES.values(), ids=str)
def test_a_loss_by_itself(loss, kind):
    y = np.array([[0, 1], [1, 0]]).astype(kind)
    z = np.array([[0, 1, 3], [5, 2, 100]]).astype(kind)[:, :2]
    calls = [(loss.dZ, z), (loss.from_Z, z)]
    if loss.name == "squared_error":
        calls += [(loss, z), (loss.dA, z)]
    for call, given in calls:
        found, expected = call(given, y), call(given.astype(float), y.astype(float))
        np.testing.assert_allclose(found, expected, rtol=1e-14)
        assert found.dtype == float


@each_small_type
def test_replaced_quantities(net, X, Y, kind):
    for name, shape in (("Z[1]", (3, 5)), ("A[1]", (3, 5)), ("W[1]", (3, 4)), ("X", (4, 5)), ("Z[2]", (2, 5))):
        given = np.full(shape, 1 if kind is np.bool_ else 100).astype(kind)
        found, expected = (replay(net, X, Y, {name: array})["J"] for array in (given, given.astype(float)))
        assert found == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize("kind", [np.int8, np.uint8, np.int64])
def test_numbers_of_small_types_do_not_overflow_either(make, kind):
    network, X, Y = make((4, 3, 2), ("tanh", "sigmoid"), "binary_cross_entropy", 300, dtype=np.float32)
    expected = gradients(network, X, Y)
    for found in (
        gradients(network, X, Y, block=kind(100)),
        backward(network, forward(network, X), Y, m=kind(100)),
    ):
        scale = 1 if hasattr(found, "J") else 3
        np.testing.assert_allclose(found.dW[1], scale * expected.dW[1], rtol=1e-4, atol=1e-6)
        assert found.dW[1].dtype == np.float32
    trained = [
        train(network, X, Y, alpha=0.5, epochs=size(1), batch_size=size(100), patience=size(1))
        for size in (kind, int)
    ]
    assert np.array_equal(trained[0].network.W[1], trained[1].network.W[1])
    sizes = tuple(kind(n) for n in (5, 3, 2))
    assert np.array_equal(initialise(sizes).W[1], initialise((5, 3, 2)).W[1])


@pytest.mark.parametrize("alpha", [1, np.float32(0.5), np.float64(0.5), np.array(0.5), np.int8(1), np.float16(0.5)])
def test_alpha_may_be_any_real_number(make, alpha):
    network, X, Y = make((4, 3, 2), ("tanh", "sigmoid"), "binary_cross_entropy", 5, dtype=np.float32)
    grads = backward(network, forward(network, X), Y)
    after = step(network, grads, alpha)
    assert np.array_equal(after.W[1], network.W[1] - float(alpha) * grads.dW[1])
    assert after.W[1].dtype == np.float32
    assert np.array_equal(train(network, X, Y, alpha=alpha, epochs=1).network.W[2], after.W[2])


@pytest.mark.parametrize("dtype", [np.float32, float, None, "float32", np.longdouble, np.dtype(">f4")])
def test_initialise_takes_floating_types(dtype):
    network = initialise((4, 3, 2), dtype=dtype)
    assert network.W[1].dtype == network.b[2].dtype == np.dtype(dtype)
    np.testing.assert_allclose(network.W[1], initialise((4, 3, 2)).W[1], rtol=1e-6)


def test_read_only_arrays_and_arrays_on_disk_pass(make, tmp_path):
    network, X, Y = make((4, 3, 2), ("tanh", "sigmoid"), "binary_cross_entropy", 5)
    expected = gradients(network, X, Y)
    np.save(tmp_path / "X.npy", X)
    on_disk = np.load(tmp_path / "X.npy", mmap_mode="r")
    validate(network, on_disk, Y)
    found = gradients(network, on_disk, Y)
    np.testing.assert_allclose(found.dW[1], expected.dW[1], rtol=1e-14)
