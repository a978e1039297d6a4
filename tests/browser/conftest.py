"""The real book, built once for a test run and read in a real browser."""

import functools
import os
import shutil
import subprocess
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
INSTALLED_ELSEWHERE = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


#: Milliseconds until something that does not come counts as missing: a busy machine takes more than the usual 30 s.
PATIENCE = 120_000


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


@pytest.fixture(scope="session")
def site(built_book):
    """The folder of the built book's pages."""
    return built_book / "html"


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
def chromium(capfd_disabled_write, once):
    """A running browser; each test opens contexts of its own in it."""
    path = find_browser()
    if path is None:
        capfd_disabled_write("tests/browser: no Chromium on this machine; trying to install one with apt-get")
        once("chromium", get_browser)
        path = find_browser()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        make = browser.new_context

        def new_context(**options):
            context = make(**options)
            context.set_default_timeout(PATIENCE)
            return context

        browser.new_context = new_context
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
