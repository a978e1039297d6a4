"""The benchmark: forward and backward pass against JAX, PyTorch and the bare matrix products.

Run by ``make bench``; ``python tests/benchmarks --help`` lists what can be chosen.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

from contenders import CASES, CONTENDERS, Case
from memory import MANY

HERE = Path(__file__).parent
DTYPES = ("float64", "float32")
LARGE = ("1024", "2048")  # elsewhere memory drowns in the libraries' own

INTRODUCTION = """\
The cost J and the gradients of all parameters, once. Networks: n_0–n_1–n_2 × m, hidden layer tanh.
  bound     only the five matrix products, np.matmul into arrays made beforehand
  /bound    time over that bound, the median over the rounds of the ratio within a round
  /own      the same over the contender's own matrix products
  /ours     time over backprop's: above 1, backprop is the faster one
plain: the same formulas in NumPy for this network alone, without checks: the floor.
JAX: jit of value_and_grad. PyTorch: eager, autograd. All take turns in one process."""


def main() -> None:
    chosen = _arguments()
    if chosen.site is not None:
        _print_site(chosen.site)
        return
    print(_machine(), INTRODUCTION, sep="\n\n")
    for threads in chosen.threads:
        for dtype in chosen.types:
            print(f"\n{dtype}, {threads} thread{'s' if threads > 1 else ''}\n{_HEAD}", flush=True)
            for name in chosen.cases:
                arguments = (name, dtype, threads, chosen.seconds)
                measured = _process("timing.py", *arguments, threads=threads)
                print(_row(CASES[name], measured), flush=True)
    if chosen.memory:
        _print_memory(chosen)
    if chosen.formulas:
        import formulas

        print("", *formulas.report(), sep="\n")
    _print_site([])
    print(f"\nload of the machine at the end: {_load()}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python tests/benchmarks", description=__doc__)
    processors = os.cpu_count() or 1
    parser.add_argument("--cases", nargs="+", choices=CASES, default=list(CASES))
    parser.add_argument("--types", nargs="+", choices=DTYPES, default=list(DTYPES))
    parser.add_argument(
        "--threads", nargs="+", type=int, default=[1, 2] if processors > 1 else [1],
        choices=range(1, processors + 1), metavar="N", help=f"1 to {processors} here",
    )
    parser.add_argument(
        "--seconds", type=float, default=4.0,
        help="how long each case is measured; large ones take at least three rounds (default: 4)",
    )
    parser.add_argument("--no-memory", dest="memory", action="store_false")
    parser.add_argument("--no-formulas", dest="formulas", action="store_false", help="leave out the checker")
    parser.add_argument(
        "--site", nargs="*", metavar="PAGE",
        help="measure only the built pages; Lighthouse reads these (default: the first and the heaviest)",
    )  # fmt: skip
    return parser.parse_args()


def _print_site(pages: list[str]) -> None:
    import website

    for line in website.report(pages):
        print(line, flush=True)


def _process(script: str, *arguments: object, threads: int) -> Any:
    """Run a script of this folder with that many threads and return the JSON it prints."""
    environment = os.environ | dict.fromkeys(
        # NPROC: what JAX asks where a process cannot be bound to processors.
        ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "NPROC"), str(threads)
    )
    environment.pop("OPENBLAS_CORETYPE", None)  # inherited, it can halve NumPy's products
    environment["JAX_PLATFORMS"] = "cpu"
    command = [sys.executable, str(HERE / script), *map(str, arguments)]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        what = " ".join((script, *command[2:]))
        sys.exit(f"benchmark stopped: {what} failed; its message is above.")
    return json.loads(done.stdout)


def _machine() -> str:
    blas = _process("blas.py", threads=1)
    versions = ", ".join(f"{name} {version(name)}" for name in ("numpy", "jax", "torch"))
    return (
        f"{platform.machine()}, {os.cpu_count()} processors, "
        f"Python {platform.python_version()}, {versions}\n"
        f"NumPy's BLAS: {blas}\nload of the machine at the start: {_load()}"
    )


def _load() -> str:
    return f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"


_HEAD = (
    f"{'':22}{'bound':>9} │{'backprop':>9}{'/bound':>8}"
    f" │{'plain':>9}{'/ours':>7}"
    f" │{'JAX':>9}{'/bound':>8}{'/own':>7}{'/ours':>7}"
    f" │{'PyTorch':>9}{'/bound':>8}{'/own':>7}{'/ours':>7} │ rounds"
)


def _row(case: Case, measured: dict[str, dict[str, float]]) -> str:
    ours = measured["backprop"]
    row = f"{case!s:22}{_time(ours['products']):>9}"
    row += f" │{_time(ours['seconds']):>9}{ours['over_bound']:8.2f}"
    plain = measured["plain NumPy"]
    row += f" │{_time(plain['seconds']):>9}{plain['over_backprop']:7.2f}"
    for name in ("JAX", "PyTorch"):
        m = measured[name]
        row += f" │{_time(m['seconds']):>9}{m['over_bound']:8.2f}"
        row += f"{m['over_own']:7.2f}{m['over_backprop']:7.2f}"
    return row + f" │{ours['rounds']:7.0f}"


def _time(seconds: float) -> str:
    if seconds < 1e-3:
        return f"{seconds * 1e6:.1f} µs"
    return f"{seconds * 1e3:.1f} ms" if seconds < 1 else f"{seconds:.2f} s"


def _print_memory(chosen: argparse.Namespace) -> None:
    threads = max(chosen.threads)
    large = [name for name in chosen.cases if name in LARGE]
    if large and not Path("/proc/self/clear_refs").exists():
        print("\nPeak memory is measured on Linux only: left out.")
        large = []
    if large:
        print(
            f"\nPeak resident memory of one call over its inputs, threads: {threads};"
            " 1 is one hidden activation matrix A[1]"
        )
        print(f"{'':32}" + "".join(f"{contender:>12}" for contender in CONTENDERS))
    for name in large:
        for dtype in chosen.types:
            multiples = (
                _process("memory.py", contender, name, dtype, threads=threads)["hidden_matrices"]
                for contender in CONTENDERS
            )
            row = f"{CASES[name]!s:22}{dtype:>10}"
            print(row + "".join(f"{x:12.2f}" for x in multiples), flush=True)
    many = _process("memory.py", "many", threads=threads)
    print(
        f"\nbackprop, {MANY}, float64: {many['bytes'] / 2**20:.1f} MiB over inputs of"
        f" {many['inputs'] / 2**20:.0f} MiB (tracemalloc)"
    )


if __name__ == "__main__":
    main()
