"""Measure the peak memory of one contender over its inputs, in a process of its own.

Started by ``python tests/benchmarks``; prints JSON.  A first call sets up the libraries (compiled
code, worker threads, buffers of matrix products).  Then the resident memory is noted, one call
made, and the highest resident memory since is read.  Linux alone keeps that number, and can
forget the one before (``/proc/self/clear_refs``).
"""

from __future__ import annotations

import ctypes
import gc
import json
import sys
import time
import tracemalloc
from pathlib import Path

import numpy as np
from contenders import CASES, CONTENDERS, Case, inputs

from backprop import Layer, Network, gradients

MANY = Case((64, 32, 1), 2_000_000)


def resident(field: str) -> int:
    """Return VmRSS (now) or VmHWM (the highest) of this process, in bytes."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    kilobytes = next(line.split()[1] for line in lines if line.startswith(field + ":"))
    return int(kilobytes) * 1024


def over_inputs(contender: str, name: str, dtype: str) -> int:
    """Return the bytes of resident memory that one call needs beyond its inputs."""
    run = CONTENDERS[contender](inputs(CASES[name], dtype))["run"]
    run()
    gc.collect()
    time.sleep(0.5)  # worker threads of JAX free their arrays when they come to it
    # What was freed so far must not hide what is asked for now.
    if trim := getattr(ctypes.CDLL(None), "malloc_trim", None):
        trim(0)
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    before = resident("VmRSS")
    kept = run()  # the results are part of the need
    peak = resident("VmHWM") - before
    del kept
    return peak


def many_examples() -> dict[str, float]:
    """Return the peak that tracemalloc sees during `gradients` of 2,000,000 examples."""
    given = inputs(MANY, "float64")
    network = Network([Layer(given.W1, given.b1, "tanh"), Layer(given.W2, given.b2, "sigmoid")])
    tracemalloc.start()
    grads = gradients(network, given.X, given.Y)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert np.isfinite(grads.J)
    return {"bytes": peak, "inputs": given.X.nbytes + given.Y.nbytes}


if __name__ == "__main__":
    if sys.argv[1] == "many":
        print(json.dumps(many_examples()))
    else:
        contender, name, dtype = sys.argv[1:]
        hidden = CASES[name].hidden_bytes(dtype)
        print(json.dumps({"hidden_matrices": over_inputs(contender, name, dtype) / hidden}))
