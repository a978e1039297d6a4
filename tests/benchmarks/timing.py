"""Time all contenders of one case in one process, taking turns.

Started by ``python tests/benchmarks`` with the number of threads in its environment; prints
JSON.  A round times every contender once, in an order that changes; a ratio is taken within
its round and the median over the rounds is reported, so that a slow moment of the machine
touches both sides of it.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import sys
import time

from contenders import CASES, CONTENDERS, Run, check_agreement, inputs

SAMPLE_SECONDS = 0.02  # short calls are repeated until a sample takes about this long
REST_SECONDS = 0.03  # worker threads of the one before still spin; wait until they sleep
MINIMUM_ROUNDS = 3
Round = dict[tuple[str, str], float]  # contender and part: seconds


def one_sample(run: Run, repeats: int) -> float:
    """Return the seconds of one call, the mean of `repeats` calls.

    Short calls are warmed up after the rest: they are made in long loops, with their code
    and data in the cache.
    """
    time.sleep(REST_SECONDS)
    for _ in range(repeats // 5):
        run()
    start = time.perf_counter()
    for _ in range(repeats):
        run()
    return (time.perf_counter() - start) / repeats


def time_case(name: str, dtype: str, seconds: float) -> dict[str, dict[str, float]]:
    """Return seconds, and ratios to the bound and to its own products, of every contender."""
    given = inputs(CASES[name], dtype)
    made = {contender: make(given) for contender, make in CONTENDERS.items()}
    check_agreement({contender: runs["run"]() for contender, runs in made.items()}, dtype)
    runs = {
        (contender, part): run for contender, both in made.items() for part, run in both.items()
    }
    repeats = {key: _repeats(run) for key, run in runs.items()}
    rounds: list[Round] = []
    order = list(runs)
    shuffle = random.Random(0).shuffle
    end = time.perf_counter() + seconds
    while len(rounds) < MINIMUM_ROUNDS or time.perf_counter() < end:
        shuffle(order)
        rounds.append({key: one_sample(runs[key], repeats[key]) for key in order})
    table = {}
    for contender in made:
        table[contender] = {
            "seconds": statistics.median(r[contender, "run"] for r in rounds),
            "products": statistics.median(r[contender, "products"] for r in rounds),
            "over_bound": _ratio(rounds, (contender, "run"), ("backprop", "products")),
            "over_own": _ratio(rounds, (contender, "run"), (contender, "products")),
            "over_backprop": _ratio(rounds, (contender, "run"), ("backprop", "run")),
            "rounds": len(rounds),
        }
    return table


def _repeats(run: Run) -> int:
    """Return how many calls a sample needs; the first calls, which set things up, are here."""
    seconds = one_sample(run, 1)
    for repeats in (1, 10, 100):
        if repeats * seconds > SAMPLE_SECONDS:
            break
        seconds = one_sample(run, repeats)
    return max(1, round(SAMPLE_SECONDS / seconds))


def _ratio(rounds: list[Round], a: tuple[str, str], b: tuple[str, str]) -> float:
    return statistics.median(r[a] / r[b] for r in rounds)


if __name__ == "__main__":
    case, dtype, threads, seconds = sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
    # JAX makes as many threads as it finds processors that it may use.
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[-threads:])
    import torch

    torch.set_num_threads(threads)
    print(json.dumps(time_case(case, dtype, seconds)))
