"""The page "Check your own formula" and the exercises, in a browser that runs the checker."""

import base64
import csv
import functools
import hashlib
import json
import random
import re
import sys
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from checkedmath.judging.report import examine
from checkedmath.judging.session import Session
from checkedmath.values.installed import places_of

ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests" / "cases"
AXE = Path(sys.prefix, "share/katex/node_modules/axe-core/axe.min.js")
FOLDER = "_static/checkedmath/referee"
#: What no two machines have in common.
CLOCK = {"ms", "error"}
FALSE = "dz[1] = W[2] dz[2] * g[1]'(z[1])"
LONG = [pytest.param(320, marks=pytest.mark.long)]
INLINE = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", re.DOTALL)


class Guarded(SimpleHTTPRequestHandler):
    """Serves a folder below /book/, with a policy that allows WebAssembly and forbids eval."""

    def translate_path(self, path):
        below = urlsplit(path).path
        return super().translate_path(below.removeprefix("/book") if below.startswith("/book/") else "/nowhere")

    def end_headers(self):
        path = Path(self.translate_path(self.path))
        text = path.read_text(encoding="utf-8") if path.suffix == ".html" and path.is_file() else ""
        hashes = {hashlib.sha256(script.encode()).digest() for script in INLINE.findall(text)}
        scripts = " ".join(f"'sha256-{base64.b64encode(one).decode()}'" for one in sorted(hashes))
        self.send_header(
            "Content-Security-Policy",
            f"default-src 'self'; script-src 'self' 'wasm-unsafe-eval' {scripts}; worker-src 'self'; "
            "style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; base-uri 'self'",
        )
        super().end_headers()

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture(scope="module")
def guarded(site):
    """Where the book is served from a folder of a site, under a strict policy."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Guarded, directory=site))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/book/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def session():
    return Session()


@pytest.fixture(scope="module")
def checker(chromium, guarded):
    """A page with the checker loaded, and what it said and asked for."""
    context = chromium.new_context(viewport={"width": 1100, "height": 900})
    page = context.new_page()
    page.told, page.asked = [], []
    page.on("console", lambda line: page.told.append(line.text) if line.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: page.told.append(str(error)))
    page.on("request", lambda request: page.asked.append(request.url))
    page.goto(f"{guarded}use/check.html")
    check(page, "dz[1] = W[2]T dz[2] * g[1]'(z[1])")
    yield page
    context.close()


def check(page, text, setting=""):
    """Type a text and return the verdict and the codes that the page shows."""
    page.fill("#referee-text", text)
    page.select_option("[name=setting]", setting)
    page.press("#referee-text", "Control+Enter")
    return answer_of(page)


def answer_of(page):
    page.wait_for_selector(".referee-answer[data-verdict]")
    page.wait_for_selector(".referee-after:not([hidden])")
    answer = page.locator(".referee-answer")
    return answer.get_attribute("data-verdict"), answer.get_attribute("data-where").split()


RECORDS = """async rows => {
  const script = document.querySelector('script[src*="check.js"]').src;
  const { engine } = await import(script.replace(/check[.]js.*/, 'engine.js'));
  const found = [];
  for (const row of rows) {
    let record;
    const dress = await engine.check(row, one => { record = one; });
    found.push([record, dress]);
  }
  return found;
}"""


def rows_of(count):
    """Return rows of the case files, chosen by chance that is always the same."""
    found = []
    for path in sorted(CASES.glob("*.tsv")):
        with path.open(encoding="utf-8", newline="") as file:
            every = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
        found += [(r["text"].replace("⏎", "\n"), r["setting"]) for r in every if r.get("text") and "setting" in r]
    return random.Random(4).sample(found, count)


@pytest.mark.parametrize("count", [14, *LONG])
def test_the_browser_says_what_the_command_line_says(checker, session, count):
    rows = [row for row in rows_of(count) if not row[1] or row[1] in session.settings]
    asked = [{"text": text, "setting": setting, "layout": "", "wanted": []} for text, setting in rows]
    here = checker.evaluate(RECORDS, asked)
    for (text, setting), (record, dress) in zip(rows, here, strict=True):
        examined = examine(session, text, setting)
        there = json.loads(json.dumps(examined.record()))
        assert {key: record[key] for key in record if key not in CLOCK} == {
            key: there[key] for key in there if key not in CLOCK
        }, text
        assert dress == json.loads(json.dumps(examined.dress())), text


def test_each_verdict_is_shown_with_its_codes(checker):
    assert check(checker, FALSE) == ("fails", [])
    assert "(n_2, 1)" in checker.inner_text(".referee-message")
    assert checker.locator(".referee-nearest [data-mark=changed]").inner_text().startswith("W")
    assert checker.locator(".referee-links a").count() >= 1
    assert check(checker, "dz = (a - y) a (1 - a)") == ("conditional", ["loss-squared"])
    assert check(checker, "dZ2 = A2 - Y\ndW2 = np.dot(dZ2, A1.T)")[0] == "fails"
    assert checker.locator(".referee-lines li").count() == 2
    assert check(checker, "dW = ((")[0] == "unreadable"
    assert checker.locator(".referee-text mark").count() == 1
    assert check(checker, "dW[1] = 1/m dZ[1] A[0]T") == ("holds", [])
    names = checker.locator(".referee-read summary").all_inner_texts()
    assert names == ["Shapes", "Read it aloud", "With numbers", "Examples as rows", "Copy as", "Check in NumPy"]


def test_a_text_that_would_be_code_is_never_run(checker):
    verdict, _ = check(checker, "dW = __import__('js').document.title; document.title = 'gone'")
    assert verdict == "unreadable"
    assert "gone" not in checker.title()


def test_nothing_is_asked_of_another_site_and_nothing_is_said_amiss(checker, guarded):
    assert {urlsplit(url).netloc for url in checker.asked} == {urlsplit(guarded).netloc}
    # The theme has a button with a handler of its own in its markup, on each page.
    assert [line for line in checker.told if "inline event handler" not in line] == []


def test_the_address_holds_the_text_and_runs_by_itself(open_page, guarded):
    page = open_page(f"{guarded}use/check.html#f={quote('dW = X+1')}&s=two-layer-batch")
    verdict, _ = answer_of(page)
    assert verdict in {"fails", "unreadable"}
    assert page.input_value("#referee-text") == "dW = X+1"
    assert page.input_value("[name=setting]") == "two-layer-batch"
    assert "f=dW%20%3D%20X%2B1&s=two-layer-batch" in page.url


def test_it_works_without_a_network_once_it_is_loaded(open_page, guarded):
    page = open_page(f"{guarded}use/check.html")
    assert check(page, "db[2] = dz[2]")[0] == "holds"
    page.wait_for_timeout(3000)  # what stands by for a text that is stopped comes a moment after the first answer
    page.context.set_offline(True)
    assert check(page, "da[1] = W[2] dz[2]")[0] == "fails"
    page.click("text=Copy link")
    # A text that is stopped ends its worker; the next one is answered all the same.
    page.fill("#referee-text", " + ".join(["\\det(A B C D)"] * 12) + " = 0")
    page.click("[type=submit]")
    page.evaluate("document.querySelector('.referee-stop').click()")
    page.wait_for_function("() => !document.querySelector('[type=submit]').disabled")
    assert check(page, "db[2] = dz[2]")[0] == "holds"


def test_a_file_that_does_not_come_is_named(open_page, guarded):
    page = open_page(f"{guarded}use/check.html")
    page.route("**/python.zip.gz*", lambda route: route.fulfill(status=404))
    page.fill("#referee-text", "db[2] = dz[2]")
    page.click("[type=submit]")
    page.wait_for_function("() => document.querySelector('.referee-status').textContent.includes('python.zip.gz')")
    page.unroute("**/python.zip.gz*")
    assert check(page, "db[2] = dz[2]")[0] == "holds"


def test_other_pages_load_nothing_of_it(chromium, guarded):
    context = chromium.new_context()
    page = context.new_page()
    asked = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    for name in ("index", "answer", "use/questions", "use/formulas"):
        page.goto(f"{guarded}{name}.html", wait_until="networkidle")
    assert [path for path in asked if FOLDER in path] == []
    page.goto(f"{guarded}parts/losses.html", wait_until="networkidle")
    assert {Path(path).name for path in asked if FOLDER in path} == {"exercises.js", "referee.css"}
    context.close()


def test_what_is_loaded_is_no_more_than_promised(site):
    manifest = json.loads((site / FOLDER / "manifest.json").read_text(encoding="utf-8"))
    loaded = [path.stat().st_size for path in (site / FOLDER).iterdir() if path.name != "exercises.js"]
    styles = (site / "_static/katex/katex.min.css").stat().st_size
    assert sum(loaded) + styles <= 5_200_000
    assert manifest["subjects"] == places_of()  # in this order a text without a setting tries them
    assert set(manifest["packed"]) == {"pyodide.asm.wasm.gz", "python.zip.gz"}
    for name, size in manifest["packed"].items():
        assert (site / FOLDER / name).stat().st_size == size


def test_from_a_folder_the_page_says_how_to_serve_it(open_page, site):
    page = open_page((site / "use/check.html").as_uri())
    page.locator(".referee-old").wait_for(state="visible")  # a browser runs no module from a folder
    assert "python -m http.server" in page.inner_text(".referee-old")


def test_without_javascript_the_page_says_what_to_do(open_page, guarded):
    page = open_page(f"{guarded}use/check.html", java_script_enabled=False)
    assert "command line below" in page.inner_text(".referee")
    assert not page.locator("#referee-text").is_visible()
    page.goto(f"{guarded}parts/losses.html")
    exercise = page.locator(".exercise").first
    assert not exercise.locator("input").first.is_visible()
    exercise.locator("summary", has_text="Solution").click()
    assert exercise.locator(".katex").first.is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_a_phone_needs_no_sideways_scrolling(open_page, guarded, scheme):
    page = open_page(f"{guarded}use/check.html", width=360, height=800, color_scheme=scheme)
    for text in (FALSE, "dZ2 = A2 - Y\ndW2 = np.dot(dZ2, A1.T)", "dW[1] = 1/m dZ[1] A[0]T"):
        check(page, text)
        page.wait_for_timeout(200)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate("axe.run('article').then(r => r.violations)")
        assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []


ANSWERED = """place => place.dataset.answer && place.dataset.answer !== 'loading'
  && !place.closest('form').querySelector('button').disabled"""


def test_an_exercise_says_what_is_wrong_and_what_is_right(open_page, guarded):
    page = open_page(f"{guarded}derivation/hidden-layer.html")
    first = page.locator(".exercise").first
    answer = first.locator(".exercise-answer")
    for text, kind, words in (
        ("dW[1] = dz[1] a[1]T", "wrong", "(n_1, n_1)"), ("dW[1] = dW[1]", "half", "itself"),
        ("dz[1] x^T", "right", "Right"),
    ):  # fmt: skip
        first.locator("input").fill(text)
        first.locator("button").click()
        page.wait_for_function(ANSWERED, arg=answer.element_handle())
        assert (answer.get_attribute("data-answer"), words in answer.inner_text()) == (kind, True), answer.inner_text()
        answer.evaluate("place => { delete place.dataset.answer; }")


def test_numbers_and_lines_are_answered_without_python(open_page, guarded):
    page = open_page(f"{guarded}derivation/hidden-layer.html")
    number = page.locator(".exercise", has=page.locator("[data-asks=number]"))
    for text, kind in (("0.287", "wrong"), ("0.0567", "right"), ("−0.06", "wrong")):
        number.locator("input").fill(text)
        number.locator("button").click()
        assert number.locator(".exercise-answer").get_attribute("data-answer") == kind, text
    line = page.locator(".exercise", has=page.locator("[data-asks=line]"))
    line.locator("input[value='1']").check()
    line.locator("button").click()
    assert line.locator(".exercise-answer").get_attribute("data-answer") == "wrong"
    line.locator("input[value='3']").check()
    line.locator("button").click()
    assert line.locator(".exercise-answer").get_attribute("data-answer") == "half"
    assert line.locator("input[type=text]").is_visible()


def test_the_bar_opens_the_checker_with_its_formula(open_page, guarded):
    page = open_page(f"{guarded}derivation/hidden-layer.html")
    href = page.locator(".formula-check").first.get_attribute("href")
    page.goto(f"{guarded}derivation/{href}")
    assert answer_of(page)[0] == "holds"
