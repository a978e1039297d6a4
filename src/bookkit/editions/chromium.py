"""Pages on paper: Chromium without a window prints an HTML file into a PDF with tags."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from sphinx.errors import ExtensionError

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
INSTALLED_ELSEWHERE = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
OPTIONS = (
    "--headless", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--hide-scrollbars",
    # Fonts are fetched when the first word in them is laid out: time stands still until all of them are there.
    "--virtual-time-budget=60000",
    "--no-pdf-header-footer",
)  # fmt: skip
#: The longest that a book may take, in seconds.
PATIENCE = 1800


def find_browser() -> str:
    """Return the path of a Chromium or Chrome of this machine.  Raises `ExtensionError` with what to do."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found:
        return found
    if INSTALLED_ELSEWHERE.exists():
        return str(INSTALLED_ELSEWHERE)
    msg = (
        f"a PDF is printed by Chromium, and there is none: looked for {', '.join(NAMES)}. "
        "Install it (on Debian, as root: apt-get install chromium), then run the command again."
    )
    raise ExtensionError(msg)


def print_page(page: Path, pdf: Path) -> None:
    """Print the HTML file `page` into `pdf`.  Raises `ExtensionError` if there is no Chromium, or no PDF comes out."""
    browser = find_browser()
    pdf.unlink(missing_ok=True)
    with TemporaryDirectory(prefix="book-print-") as profile:
        options = [*OPTIONS, f"--user-data-dir={profile}", f"--print-to-pdf={pdf}"]
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            options.append("--no-sandbox")  # as root Chromium starts in no other way
        try:
            done = subprocess.run(  # noqa: S603 - a browser of this machine, no shell
                [browser, *options, page.as_uri()], capture_output=True, encoding="utf-8", errors="replace",
                check=False, timeout=PATIENCE,
            )  # fmt: skip
        except subprocess.TimeoutExpired as error:
            msg = f"{browser} printed {page} for {PATIENCE} seconds and was not ready. Is the machine very busy?"
            raise ExtensionError(msg) from error
    if not pdf.is_file():
        said = "\n".join(done.stderr.strip().splitlines()[-5:]) or "it said nothing"
        msg = f"{browser} printed no PDF of {page} (it ended with {done.returncode}); its last words:\n{said}"
        raise ExtensionError(msg)
