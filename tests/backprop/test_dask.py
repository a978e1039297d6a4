"""A chunked dask X goes through lazily, and two processes compute what NumPy computes."""

import os

import dask
import dask.array as da
import numpy as np
import pytest
from distributed import Client, LocalCluster

from backprop import InputError, backward, cost, forward, gradients, train, validate

KINDS = {
    "sigmoid": ((4, 3, 2), ("tanh", "sigmoid"), "binary_cross_entropy"),
    "softmax": ((4, 3, 2, 3), ("relu", "sigmoid", "softmax"), "categorical_cross_entropy"),
    "squared error": ((4, 3, 2), ("leaky_relu", "identity"), "squared_error"),
    "softmax inside": ((4, 3, 2), ("softmax", "tanh"), "squared_error"),
}
m = 13  # three chunks, the last one narrower


@pytest.fixture(scope="module")
def cluster():
    """Two worker processes, without the dashboard and its port."""
    with (
        dask.config.set({"distributed.worker.memory.terminate": False}),
        LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
        ) as cluster,
        Client(cluster) as client,
    ):
        yield client


def refuse(*arguments, **options):
    raise AssertionError("something was computed while the work was being described")


def chunked(X, Y):
    """Cut X and Y into chunks of columns, and X by rows as well."""
    return da.from_array(X, chunks=(2, 5)), da.from_array(Y, chunks=(-1, 5))


def everything(network, X, Y):
    """Return J and all that forward, backward and gradients give, under their names."""
    cache = forward(network, X)
    grads = backward(network, cache, Y)
    found = {"J": cost(network, cache, Y)}
    for symbol in ("Z", "A"):
        found |= {f"{symbol}[{l}]": array for l, array in getattr(cache, symbol).items()}
    for symbol in ("dA", "dZ", "dW", "db"):
        found |= {f"{symbol}[{l}]": array for l, array in getattr(grads, symbol).items()}
    share = gradients(network, X, Y)
    found["J of gradients"] = share.J
    for symbol in ("dW", "db"):
        found |= {f"{symbol}[{l}] of gradients": a for l, a in getattr(share, symbol).items()}
    return found


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_two_processes_compute_what_numpy_computes(make, cluster, kind):
    network, X, Y = make(*kind, m=m, l2=0.3)
    calls = []

    def computed_at_once(graph, keys, **options):
        calls.append(len(keys))
        return cluster.get(graph, keys, **options)

    expected = everything(network, X, Y)
    with dask.config.set(scheduler=refuse):
        lazy = everything(network, *chunked(X, Y))
    assert lazy.keys() == expected.keys()
    assert {name for name, array in lazy.items() if not isinstance(array, da.Array)} == set()
    arrays = dask.compute(*lazy.values(), scheduler=computed_at_once)
    assert len(calls) == 1
    assert len(set(cluster.run(os.getpid).values()) - {os.getpid()}) == 2
    computed = dict(zip(lazy, arrays, strict=True))
    for name, array in expected.items():
        assert lazy[name].shape == np.shape(array)
        np.testing.assert_allclose(
            computed[name], array, rtol=1e-12, atol=1e-14, err_msg=name, strict=True
        )


def test_blocks_across_chunks(make):
    network, X, Y = make(*KINDS["sigmoid"], m=m, l2=0.3)
    expected = gradients(network, X, Y)
    with dask.config.set(scheduler=refuse):
        found = gradients(network, *chunked(X, Y), block=4)
    for symbol in ("dW", "db"):
        for l, array in getattr(found, symbol).items():
            computed = array.compute(scheduler="sync")
            np.testing.assert_allclose(computed, getattr(expected, symbol)[l], rtol=1e-12)
    assert found.J.compute(scheduler="sync") == pytest.approx(expected.J, rel=1e-12)


def test_a_numpy_Y_goes_with_a_dask_X(make):
    network, X, Y = make(*KINDS["sigmoid"], m=m)
    found = gradients(network, chunked(X, Y)[0], Y)
    expected = gradients(network, X, Y)
    np.testing.assert_allclose(found.dW[1].compute(scheduler="sync"), expected.dW[1], rtol=1e-12)


def test_float32_stays_float32(make):
    network, X, Y = make(*KINDS["softmax"], m=m, dtype=np.float32)
    with dask.config.set(scheduler=refuse):
        lazy = everything(network, *chunked(X, Y))
    assert {name: array.dtype for name, array in lazy.items()} == dict.fromkeys(lazy, np.float32)
    computed = dask.compute(*lazy.values(), scheduler="sync")
    assert {array.dtype for array in computed} == {np.dtype(np.float32)}


def test_each_step_of_training_computes_once(make, cluster):
    network, X, Y = make(*KINDS["sigmoid"], m=m)
    calls = []

    def compute(*arrays):
        calls.append(len(arrays))
        return dask.compute(*arrays, scheduler=cluster)

    with dask.config.set(scheduler=refuse):  # nothing but `compute` may compute
        trained = train(
            network, *chunked(X, Y), alpha=0.3, epochs=2, batch_size=6, compute=compute
        )
    assert calls == [5] * 6  # J, dW[1], dW[2], db[1], db[2] at once; 2 epochs of 3 batches
    expected = train(network, X, Y, alpha=0.3, epochs=2, batch_size=6)
    assert trained.history == pytest.approx(expected.history, rel=1e-12)
    for l in network.W:
        assert isinstance(trained.network.W[l], np.ndarray)
        np.testing.assert_allclose(trained.network.W[l], expected.network.W[l], rtol=1e-12)


def test_training_takes_dask_compute_as_it_is(make):
    network, X, Y = make(*KINDS["softmax"], m=m)
    with dask.config.set(scheduler="sync"):
        trained = train(network, *chunked(X, Y), alpha=0.1, epochs=3, compute=dask.compute)
    expected = train(network, X, Y, alpha=0.1, epochs=3)
    assert trained.history == pytest.approx(expected.history, rel=1e-12)


def test_shapes_are_checked_at_once_and_values_by_validate(make):
    network, X, Y = make(*KINDS["sigmoid"], m=m)
    lazy_X, lazy_Y = chunked(X, Y)
    with dask.config.set(scheduler=refuse):
        with pytest.raises(InputError, match=r"X has examples in rows\? Pass X.T."):
            forward(network, lazy_X.T)
        with pytest.raises(InputError, match=r"Y has examples in rows\? Pass Y.T."):
            backward(network, forward(network, lazy_X), lazy_Y.T)
    X[1, 3] = np.nan
    bad_X, _ = chunked(X, Y)
    _, bad_Y = chunked(X, 2 * Y - 1)
    with dask.config.set(scheduler=refuse):
        gradients(network, bad_X, bad_Y)
    with dask.config.set(scheduler="sync"):
        validate(network, lazy_X, lazy_Y)
        with pytest.raises(InputError, match="nan in row 2, column 4"):
            validate(network, bad_X, lazy_Y)
        with pytest.raises(InputError, match=r"labels in \[0, 1\]"):
            validate(network, lazy_X, bad_Y)


def test_unknown_chunk_sizes_are_named(make):
    network, X, Y = make(*KINDS["sigmoid"], m=m)
    lazy, _ = chunked(X, Y)
    with pytest.raises(InputError, match=r"call X\.compute_chunk_sizes\(\) first"):
        forward(network, lazy[:, lazy[0] > 0])
