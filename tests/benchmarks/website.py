"""Weigh the built book and let Lighthouse judge it, on a server that compresses.

Run by ``make bench`` beside the other parts, or alone with ``make bench BENCH=--site``. The book is the one
in build/html: run ``make html`` before. Every figure is printed with the limit that it is meant to keep.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from formulas import cases
from server import Server

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
BOOK = ROOT / "build/html"
LIGHTHOUSE = Path(sys.prefix, "share/bench/node_modules/lighthouse/cli/index.js")
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
REPEATS = 5
KB = 1000
TOTAL, HTML = 350 * KB, 100 * KB
LIMITS = {"performance": 95, "accessibility": 100, "best-practices": 100, "seo": 100}
SHIFT = 0.02
FORMULAS, SECONDS = 300, 3.0


def report(pages: list[str]) -> Iterator[str]:
    """Yield the lines of the report: the weight of each page, Lighthouse's scores, what checking costs."""
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if browser is None or not (BOOK / "index.html").is_file():
        missing = f"a book in {BOOK.relative_to(ROOT)} (make html)" if browser else "Chromium or Chrome"
        sys.exit(f"benchmark stopped: it measures built pages in a browser and found no {missing}.")
    with Server(BOOK) as server:
        weights = dict(weigh(server.address, browser))
        yield f"\nFirst load, compressed, with fonts and images: limits {TOTAL // KB} kB, of it HTML {HTML // KB} kB"
        for page, (total, html) in sorted(weights.items(), key=lambda item: -item[1][0]):
            over = "" if total <= TOTAL and html <= HTML else "   over"
            yield f"  {page:40}{total / KB:8.0f} kB{html / KB:8.0f} kB{over}"
        yield f"\nLighthouse, mobile, median of {REPEATS}" + "".join(f"{name:>16}" for name in [*LIMITS, "shift"])
        yield f"  {'limit':30}" + "".join(f"{limit:16}" for limit in LIMITS.values()) + f"{SHIFT:16}"
        heaviest = max(weights, key=lambda page: weights[page])
        for page in pages or ["index.html", heaviest]:
            scores = lighthouse(server.address + page, browser)
            yield f"  {page:30}" + "".join(f"{scores[name]:16.0f}" for name in LIMITS) + f"{scores['shift']:16.3f}"
            yield f"  {'':30}speed of this machine, as Lighthouse measures it: {scores['machine']:.0f}"
    plain, checked = build_seconds()
    yield (
        f"\nA full build of {FORMULAS} true formulas: {checked:.1f} s, without checkedmath {plain:.1f} s;"
        f" judging and drawing add {checked - plain:.1f} s (limit {SECONDS:.0f} s)"
    )


def names() -> list[str]:
    """Return the pages to weigh: all of the book, and of the single formulas' pages the largest."""
    pages = [path for path in sorted(BOOK.rglob("*.html")) if "_static" not in path.parts]
    single = sorted((p for p in pages if p.parent.name == "formulas"), key=lambda path: path.stat().st_size)
    return [path.relative_to(BOOK).as_posix() for path in pages if path not in single[:-1]]


def weigh(address: str, browser: str) -> Iterator[tuple[str, tuple[int, int]]]:
    """Yield for each page the bytes that a first visit brings: all of them, and those of its HTML."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=QUIET)
        for name in names():
            context = chromium.new_context(viewport={"width": 412, "height": 823}, device_scale_factor=1.75)
            page = context.new_page()
            devtools = context.new_cdp_session(page)
            devtools.send("Network.enable")
            came: dict[str, int] = {}
            kinds: dict[str, str] = {}
            devtools.on("Network.loadingFinished", partial(_note, came, "encodedDataLength"))
            devtools.on("Network.responseReceived", partial(_note, kinds, "type"))
            page.goto(address + name, wait_until="networkidle")
            context.close()
            html = sum(length for request, length in came.items() if kinds.get(request) == "Document")
            yield name, (int(sum(came.values())), int(html))
        chromium.close()


def _note(into: dict[str, Any], field: str, event: dict[str, Any]) -> None:
    into[event["requestId"]] = event[field]


def lighthouse(address: str, browser: str) -> dict[str, float]:
    """Return the median scores of a page, its layout shift, and how fast Lighthouse finds the machine."""
    if not LIGHTHOUSE.is_file():
        sys.exit(f"benchmark stopped: expected Lighthouse at {LIGHTHOUSE}. What to do: make bench installs it.")
    command = [
        str(Path(sys.prefix, "bin/node")), str(LIGHTHOUSE), address, "--output=json", "--quiet",
        f"--only-categories={','.join(LIMITS)}", f"--chrome-flags=--headless=new {' '.join(QUIET)}",
    ]  # fmt: skip
    runs: list[dict[str, float]] = []
    for _ in range(REPEATS):
        done = subprocess.run(
            command, env=os.environ | {"CHROME_PATH": browser}, stdout=subprocess.PIPE, text=True, check=True
        )
        told: dict[str, Any] = json.loads(done.stdout)
        scores = {name: 100 * (told["categories"][name]["score"] or 0) for name in LIMITS}
        shift = told["audits"]["cumulative-layout-shift"]["numericValue"]
        runs.append(scores | {"shift": shift, "machine": told["environment"]["benchmarkIndex"]})
    return {name: statistics.median(run[name] for run in runs) for name in runs[0]}


CONF = """extensions = {extensions}
myst_enable_extensions = ["dollarmath"]
html_theme = "basic"
{renderer}
"""
WITH = {
    "extensions": ["myst_parser", "bookkit.katex", "checkedmath.sphinx_ext"],
    "renderer": 'html_math_renderer = "katex"',
}
WITHOUT = {"extensions": ["myst_parser"], "renderer": ""}


def build_seconds() -> tuple[float, float]:
    """Return the seconds of a full build without and with checkedmath, the best of three each."""
    folder = ROOT / "build/bench-formulas"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    formulas = candidates()
    write_book(folder, formulas)
    _sphinx(folder, "formulas", WITH)
    told = json.loads((folder / "out/report.json").read_text(encoding="utf-8"))["formulas"]
    true = {(entry["setting"], entry["source"].strip()) for entry in told if entry["verdict"] == "holds"}
    kept = [pair for pair in formulas if pair in true][:FORMULAS]
    if len(kept) < FORMULAS:
        sys.exit(f"benchmark stopped: expected {FORMULAS} true formulas among the cases, found {len(kept)}.")
    for page in folder.glob("*.md"):
        page.unlink()
    write_book(folder, kept)
    plain, checked = (min(_sphinx(folder, "html", conf) for _ in range(3)) for conf in (WITHOUT, WITH))
    return plain, checked


def candidates() -> list[tuple[str, str]]:
    """Return pairs of setting and LaTeX: every case labelled true, in its setting and in those it may hold in too."""
    from checkedmath.judging.session import Session
    from checkedmath.reading import read
    from checkedmath.syntax.errors import FormulaError
    from checkedmath.writing.latex import write_latex
    from course.settings import SETTINGS

    found: dict[tuple[str, str], None] = {}
    session = Session(SETTINGS)
    true = [case for case in cases() if case["truth"] == "holds"]
    for own in (True, False):
        for case in true:
            for setting in [case["setting"]] if own else SETTINGS:
                try:
                    latex = write_latex(read(case["text"], SETTINGS[setting]).tree)
                except (FormulaError, LookupError, TypeError, ValueError):
                    continue  # NumPy that has no form as mathematics
                if session.check(latex, setting, nearest=False).verdict == "holds":
                    found[setting, latex] = None
                if len(found) > 1.2 * FORMULAS:  # a page's rules are stricter: some will go
                    return list(found)
    return list(found)


def write_book(folder: Path, formulas: list[tuple[str, str]]) -> None:
    """Write one page for each setting, and a first page that lists them."""
    settings = list(dict.fromkeys(setting for setting, _ in formulas))
    index = "# Formulas\n\n```{toctree}\n" + "\n".join(settings) + "\n```\n"
    (folder / "index.md").write_text(index, encoding="utf-8")
    for setting in settings:
        shown = "".join(f"$$\n{latex}\n$$\n\n" for known, latex in formulas if known == setting)
        head = f"---\nsetting: {setting}\nlayout: course\n---\n# {setting}\n\n"
        (folder / f"{setting}.md").write_text(head + shown, encoding="utf-8")


def _sphinx(folder: Path, builder: str, conf: dict[str, Any]) -> float:
    """Build the small book from nothing and return the seconds; for pages, a warning stops the benchmark."""
    shutil.rmtree(folder / "out", ignore_errors=True)
    (folder / "conf.py").write_text(CONF.format(**conf))
    command = [sys.executable, "-m", "sphinx", "-q", "-b", builder, str(folder), str(folder / "out")]
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if builder == "html" and (done.returncode or done.stderr):
        sys.exit(f"benchmark stopped: the build of {folder.relative_to(ROOT)} told\n{done.stderr}")
    return time.perf_counter() - start
