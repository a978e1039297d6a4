"""Every page of the book in a browser: errors, requests, widths, what axe-core finds, no JavaScript, print."""

import json
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).parents[2]
AXE = Path(sys.prefix, "share/katex/node_modules/axe-core/axe.min.js")
PAGES = sorted(
    path.relative_to(ROOT / "docs").with_suffix(".html").as_posix()
    for path in (ROOT / "docs").rglob("*.md") if not any(part.startswith("_") for part in path.parts)
)  # fmt: skip
MADE = ["search.html", "genindex.html", "404.html"]  # by Sphinx, from no file of ours
PHONE = 360
PAPER = 718  # pixels between the margins of a sheet of A4

TOO_WIDE = """width => [...document.querySelectorAll('body *')].filter(e => {
  const box = e.getBoundingClientRect(), style = getComputedStyle(e);
  const inside = style.overflowX === 'visible' && e.clientWidth ? e.scrollWidth : box.width;
  return box.width && box.left + inside > width + 1 && e.checkVisibility()
    && !e.closest('.katex-mathml, .bd-sidebar-secondary');
}).slice(-3).map(e => e.tagName.toLowerCase() + '.' + e.className)"""

# What is drawn smaller than its content, and hides the rest.
CUT = """() => [...document.querySelectorAll('article, article *')].filter(e => {
  const style = getComputedStyle(e);
  return style.overflowX !== 'visible' && e.clientWidth && e.scrollWidth > e.clientWidth + 1 && e.checkVisibility()
    && !e.closest('.katex-mathml, .visually-hidden, .sr-only');
}).map(e => e.tagName.toLowerCase() + '.' + e.className)"""

# Letters of formulas, with the colours that a page gives them: few pairs, so faster than axe-core's way.
FAINT = """() => {
  const light = c => c.slice(0, 3).map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0.05);
  const parts = text => text.match(/[\\d.]+/g).map(Number);
  const seen = new Map();
  for (const e of document.querySelectorAll('.katex-html *')) {
    if (![...e.childNodes].some(n => n.nodeType === Node.TEXT_NODE && n.data.trim())) continue;
    let under = e;
    while (under && parts(getComputedStyle(under).backgroundColor)[3] === 0) under = under.parentElement;
    const ground = under ? getComputedStyle(under).backgroundColor : 'rgb(255, 255, 255)';
    const pair = getComputedStyle(e).color + ' on ' + ground;
    if (!seen.has(pair)) seen.set(pair, e.textContent);
  }
  return [...seen].filter(([pair]) => {
    const [a, b] = pair.split(' on ').map(c => light(parts(c))).sort((x, y) => y - x);
    return a / b < 4.5;
  }).map(([pair, text]) => text + ' is ' + pair);
}"""

IN_THE_WAY = """() => [...document.querySelectorAll('.bd-sidebar-primary, .bd-sidebar-secondary, .bd-header-article, '
  + '.prev-next-area, .headerlink, .copybtn, .formula-bar')].filter(e => e.checkVisibility({visibilityProperty: true})
    && e.getBoundingClientRect().width).map(e => e.tagName.toLowerCase() + '.' + e.className)"""

# What the bar under a formula opens stays with the screen, and so does the network with numbers to change, which is
# drawn by script once it is opened: its numbers stand in the drawing above it.
FOLDED = """() => [...document.querySelectorAll('article details:not(.formula-part, .moving) > :not(summary)')]
  .filter(e => !e.checkVisibility()).map(e => e.textContent.trim().slice(0, 60))"""

HIDDEN_TEXT = """() => {
  const text = document.querySelector('article') ?? document.querySelector('main');
  const lost = [], walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const around = walker.currentNode.parentElement;
    // The label of a cell says again what stands at the head of its column: shown where that is not, on a phone.
    // The last two of the list take an answer by script: the box says so, and an exercise has its solution below.
    const apart = 'script, style, template, .onlyprint, .katex-mathml, '
      + '.headerlink, button[hidden], .cell-label, '
      + 'svg title, svg desc, svg metadata, .referee, .exercise-form';
    if (!walker.currentNode.data.trim() || around.closest(apart)) continue;
    if (around.closest('details:not([open])')) continue;  // opens without a script
    if (!around.checkVisibility({visibilityProperty: true, opacityProperty: true})) lost.push(walker.currentNode.data);
  }
  return lost;
}"""

EMPTY_FORMULAS = """() => [...document.querySelectorAll('.formula, .formula-inline')].filter(e => {
  if (e.closest('details:not([open])')) return false;
  const drawn = e.querySelector('.katex-html');
  return !drawn || !drawn.checkVisibility() || !drawn.getBoundingClientRect().width || !drawn.textContent.trim();
}).map(e => e.textContent)"""


def listen(page, address, to):
    """Collect in the list `to` what a page reports, asks for elsewhere, or does not get."""
    site = urlsplit(address)[:2]

    def asked(request):
        if request.url.startswith("http") and urlsplit(request.url)[:2] != site:
            to.append(f"asks another site for {request.url}")

    page.on("request", asked)
    page.on("pageerror", lambda error: to.append(f"script error: {error}"))
    page.on("requestfailed", lambda request: to.append(f"did not get {request.url}"))
    page.on("console", lambda m: to.append(f"console: {m.text}") if m.type in {"error", "warning"} else None)


def axe(page, **options):
    """Return a line for each violation that axe-core finds; `options` are those of axe.run.

    It leaves the inside of formulas out, where it needs half a minute a page: their colours are looked at
    by `FAINT`, and what a screen reader says of them is the label around them.
    """
    if not page.evaluate("typeof axe !== 'undefined'"):
        assert AXE.is_file(), f"axe-core is missing: expected {AXE}. What to do: make setup"
        page.evaluate(AXE.read_text(encoding="utf-8"))
        # A section that is laid out later has a guessed height, and what it holds seems to lie over the next one.
        page.add_style_tag(content="section { content-visibility: visible !important }")
    options = {"resultTypes": ["violations"], **options}
    found = page.evaluate("options => axe.run({exclude: ['.katex']}, options)", options)
    return [
        f"{rule['id']} ({rule['impact']}): {rule['help']}: {json.dumps(node['target'])} {node['html'][:200]}"
        for rule in found["violations"] for node in rule["nodes"]
    ]  # fmt: skip


def faults(context, address):
    """Visit a page once and return all that is wrong with it, one line each."""
    found = []
    page = context.new_page()
    listen(page, address, found)
    page.goto(address, wait_until="load")
    found += [f"light: {line}" for line in axe(page) + page.evaluate(FAINT)]
    page.emulate_media(color_scheme="dark")
    page.add_style_tag(content="*, ::before, ::after { transition: none !important; animation: none !important }")
    # Of axe's rules this is the only one that looks at colours.
    found += [f"dark: {line}" for line in axe(page, runOnly=["color-contrast"]) + page.evaluate(FAINT)]
    page.set_viewport_size({"width": PHONE, "height": 740})
    if page.evaluate("document.scrollingElement.scrollWidth") > PHONE:
        found += [f"wider than {PHONE} px: {name}" for name in page.evaluate(TOO_WIDE, PHONE)]
    found += [f"for a finger: {line}" for line in axe(page, runOnly=["target-size"])]
    page.set_viewport_size({"width": PAPER, "height": 1000})
    page.emulate_media(media="print", color_scheme="light")
    found += [f"printed: {name} hides a part of itself" for name in page.evaluate(CUT)]
    found += [f"printed: {name} is in the way" for name in page.evaluate(IN_THE_WAY)]
    found += [f"printed: a text stays folded: {text}" for text in page.evaluate(FOLDED)]
    page.close()
    return found


def faults_without_script(context, address):
    """Visit a page in a context without JavaScript and return what of it cannot be read."""
    page = context.new_page()
    page.goto(address)
    found = [f"a formula is not drawn: {text}" for text in page.evaluate(EMPTY_FORMULAS)]
    found += [f"a text is not shown: {text}" for text in page.evaluate(HIDDEN_TEXT)]
    page.close()
    return found


@pytest.fixture(scope="module")
def context(chromium):
    """One context for all pages: what they share is loaded once, as for a reader."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    yield context
    context.close()


@pytest.fixture(scope="module")
def without_script(chromium):
    context = chromium.new_context(java_script_enabled=False)
    yield context
    context.close()


# A page of each kind in the short run, every page in the long one: axe-core takes seconds on a chapter.
KINDS = {
    "index.html", "answer.html", "use/check.html", "notation.html", "trust/mistakes-in-print.html", "use/training.html",
    "bibliography.html", *MADE,
}  # fmt: skip


@pytest.mark.parametrize(
    "page", [page if page in KINDS else pytest.param(page, marks=pytest.mark.long) for page in PAGES + MADE]
)
def test_a_page_has_no_fault(context, without_script, address, page):
    found = faults(context, address + page)
    if page in PAGES:
        found += faults_without_script(without_script, address + page)
    assert not found, "\n".join(found)


def test_every_page_of_the_site_is_among_those(site, project):
    built = {path.relative_to(site).as_posix() for path in site.rglob("*.html") if "_static" not in path.parts}
    moved = json.loads((project / "docs/permalinks.json").read_text(encoding="utf-8"))["pages"]
    assert {f"{page}.html" for page in moved} <= built  # each leads on; tests/bookkit/test_redirects.py reads one
    built -= {f"{page}.html" for page in moved}
    assert {page for page in built if not page.startswith("formulas/")} == {*PAGES, *MADE}


def test_pages_of_single_formulas_have_no_fault(context, without_script, address, site):
    """All come from one template: the longest and the shortest stand for them."""
    pages = sorted((site / "formulas").glob("*.html"), key=lambda path: (path.stat().st_size, path.name))
    found = []
    for path in (pages[0], pages[-1]):
        page = f"{address}formulas/{path.name}"
        found += [f"{path.name}: {line}" for line in faults(context, page)]
        found += [f"{path.name}: {line}" for line in faults_without_script(without_script, page)]
    assert not found, "\n".join(found)


# That the checks find what they look for ---------------------------------------------------------

FAULTY = """<!doctype html><html lang="en"><head><title>Faulty</title><link rel='icon' href='data:,'><style>
  @media (prefers-color-scheme: dark) {{ body {{ background: black }} }} .late {{ display: none }}
</style></head><body class="bd-sidebar-primary"><main><h1>Faulty</h1><article>{}</article></main></body></html>"""


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("<script>console.error('planted')</script>", "console: planted"),
        ("<script>null.x</script>", "script error: Cannot read properties of null"),
        ("<img alt='' src='http://127.0.0.1:9/x.png'>", "asks another site for http://127.0.0.1:9/x.png"),
        ("<img alt='' src='missing.png'>", "console: Failed to load resource"),
        ("<img src='data:,'>", "light: image-alt (critical)"),
        ("<p class='formula'><i class='katex'><i class='katex-html'><i style='color: #999'>x</i></i></i></p>",
         "light: x is rgb(153, 153, 153) on"),
        ("<p style='color: #222'>dark on dark</p>", "dark: color-contrast (serious)"),
        ("<div class='wide' style='width: 400px; background: white'>w</div>", "wider than 360 px: div.wide"),
        ("<button style='font-size: 9px; padding: 0'>a</button><button style='font-size: 9px; padding: 0'>b</button>",
         "for a finger: target-size (serious)"),
        (f"<div class='box' style='overflow: auto; background: white'><div style='width: {PAPER + 50}px'>w</div></div>",
         "printed: div.box hides a part of itself"),
        ("", "printed: body.bd-sidebar-primary is in the way"),
        ("<details><summary>s</summary><p>in here</p></details>", "printed: a text stays folded: in here"),
    ],
)  # fmt: skip
def test_a_fault_is_found(context, serve, tmp_path, body, told):
    (tmp_path / "index.html").write_text(FAULTY.format(body))
    found = faults(context, serve(tmp_path) + "index.html")
    assert any(line.startswith(told) for line in found), found


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("<p class='late'>later</p>", ["a text is not shown: later"]),
        ("<div class='formula'><span class='katex-mathml'>x</span></div>", ["a formula is not drawn: x"]),
        ("<details><summary>s</summary>in here</details><p>here</p>", []),
    ],
)
def test_what_a_page_loses_without_script_is_found(without_script, serve, tmp_path, body, told):
    (tmp_path / "index.html").write_text(FAULTY.format(body))
    assert faults_without_script(without_script, serve(tmp_path) + "index.html") == told
