"""The real book, built once for a test run and read in a real browser."""

import fcntl
import functools
import os
import shutil
import subprocess
import sys
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[2]
BUILD = ROOT / "build" / "browser"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
INSTALLED_ELSEWHERE = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


def find_browser():
    """Return the path of a Chromium or Chrome of this machine, or None."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    return found or (str(INSTALLED_ELSEWHERE) if INSTALLED_ELSEWHERE.exists() else None)


def get_browser():
    """Install Chromium where that is ours to do; else stop with what to do."""
    if not (hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get")):
        pytest.fail(
            f"The book is tested in a browser, and there is none: looked for {', '.join(NAMES)}.\n"
            "What to do: install Chromium (on Debian, as root: apt-get install chromium), then run the tests again.",
            pytrace=False,
        )
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", "chromium"]):
        done = subprocess.run(["apt-get", *command], env=quiet, capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.fail(f"apt-get {' '.join(command)} failed; its own words:\n{done.stderr}", pytrace=False)


class Once:
    """A lock that the processes of one test run share, and a note that the work is done."""

    def __init__(self, name):
        BUILD.mkdir(parents=True, exist_ok=True)
        self.lock, self.note = BUILD / f"{name}.lock", BUILD / f"{name}.done"
        self.run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))

    def __call__(self, work):
        with self.lock.open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not self.note.is_file() or self.note.read_text() != self.run:
                work()
                self.note.write_text(self.run)


def build_book():
    """Build every page anew, from what `make html` already read and judged if it has run."""
    doctrees = BUILD / "doctrees"
    if not doctrees.is_dir() and (ROOT / "build/doctrees").is_dir():
        shutil.copytree(ROOT / "build/doctrees", doctrees)
    shutil.rmtree(BUILD / "html", ignore_errors=True)
    kept = {name: value for name, value in os.environ.items() if name != "SITE_URL"}
    command = [sys.executable, "-m", "sphinx", "-q", "-b", "html", "-c", ".", "-d", doctrees, "docs", BUILD / "html"]
    done = subprocess.run(command, cwd=ROOT, env=kept, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="session")
def site():
    """The folder of the built book."""
    Once("book")(build_book)
    return BUILD / "html"


class Handler(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        """Say nothing: a request that fails is a fault that the tests see."""


@pytest.fixture(scope="session")
def serve():
    """Return a function that serves a folder and returns its address; all stop at the end."""
    servers = []

    def start(folder):
        server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=folder))
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}/"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="session")
def address(site, serve):
    """Where the built book is served."""
    return serve(site)


@pytest.fixture(scope="session")
def chromium(capfd_disabled_write):
    """A running browser; each test opens contexts of its own in it."""
    path = find_browser()
    if path is None:
        capfd_disabled_write("tests/browser: no Chromium on this machine; trying to install one with apt-get")
        Once("chromium")(get_browser)
        path = find_browser()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def capfd_disabled_write():
    """Return a function that writes a line where the person who runs the tests sees it."""

    def write(line):
        os.write(2, f"\n{line}\n".encode())

    return write


@pytest.fixture
def open_page(chromium):
    """Return a function that opens an address in a context of its own and returns the page."""
    contexts = []

    def open_page(address, width=1280, height=900, wait="load", **options):
        context = chromium.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        page.goto(address, wait_until=wait)
        return page

    yield open_page
    for context in contexts:
        context.close()
