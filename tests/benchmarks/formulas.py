"""Time the checker: its import, a verdict on every labelled case, and the nearest true formula.

Run by ``make bench`` beside the other parts, or alone: ``python tests/benchmarks/formulas.py``.
Every figure is printed with the limit that it is meant to keep.
"""

from __future__ import annotations

import csv
import statistics
import subprocess
import sys
import time
from pathlib import Path

CASES = Path(__file__).parents[1] / "cases"
IMPORT = "import time; start = time.perf_counter(); import checkedmath; print(time.perf_counter() - start)"
REPEATS = 5


def cases() -> list[dict[str, str]]:
    """Return every labelled case."""
    found: list[dict[str, str]] = []
    for name in ("formulas.tsv", "forum.tsv"):
        with (CASES / name).open(encoding="utf-8", newline="") as file:
            found += csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
    return [case | {"text": case["text"].replace("⏎", "\n")} for case in found]


def import_seconds() -> float:
    """Return the seconds a fresh interpreter takes to import checkedmath, the best of a few."""
    runs = (subprocess.run([sys.executable, "-c", IMPORT], capture_output=True, text=True, check=True)
            for _ in range(REPEATS))  # fmt: skip
    return min(float(run.stdout) for run in runs)


def batch(nearest: bool) -> list[tuple[float, str]]:
    """Return (milliseconds, verdict) of every case, in one session that starts with empty memories."""
    from checkedmath.judging.session import Session
    from course.settings import SETTINGS

    session = Session(SETTINGS)
    found = []
    for case in cases():
        start = time.perf_counter()
        verdict = session.check(case["text"], case["setting"], nearest=nearest)
        found.append(((time.perf_counter() - start) * 1000, verdict.verdict))
    return found


def quantile(values: list[float], share: float) -> float:
    """Return the value that this share of the values does not exceed."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def report() -> list[str]:
    """Return the lines of the report."""
    batch(nearest=False)  # imports, and the parser's tables
    alone, full = batch(nearest=False), batch(nearest=True)
    times = [ms for ms, _ in alone]
    holds = [ms for ms, verdict in alone if verdict == "holds"]
    others = [ms for ms, verdict in full if verdict != "holds"]
    rows = [
        ("import of checkedmath", import_seconds() * 1000, 150),
        (f"verdict, median of {len(times)} cases", statistics.median(times), 25),
        ("verdict, 95th percentile", quantile(times, 0.95), 150),
        (f"verdict, median of {len(holds)} that hold", statistics.median(holds), 6),
        (f"with the nearest formula, median of {len(others)}", statistics.median(others), 1000),
        ("with the nearest formula, slowest", max(others), 1000),
    ]
    head = "The checker, in one session over the labelled cases"
    return [head, f"{'':46}{'ms':>8}{'limit':>8}", *(f"{name:46}{ms:8.1f}{limit:8.0f}" for name, ms, limit in rows)]


if __name__ == "__main__":
    print("\n".join(report()))
