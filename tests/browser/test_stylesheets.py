"""The one stylesheet of a page looks as the dozen that it is made of: each element has the same style with both."""

import re

import pytest

from bookkit import stylesheets

# All that decides how an element and what stands before and after it look: of each kind of element the first,
# where a kind is its tag and classes and those of the two around it.
NAMES = [
    "display", "visibility", "opacity", "position", "top", "z-index", "float", "overflow-x", "content", "color",
    "cursor", "fill", "stroke", "transform", "clip-path", "background-color", "background-image", "border-top",
    "border-bottom", "border-left", "border-right", "border-radius", "box-shadow", "outline", "margin-top",
    "margin-bottom", "padding-top", "padding-right", "padding-bottom",
    "padding-left", "max-width", "min-width", "flex", "flex-flow", "gap", "order", "justify-content",
    "align-items", "grid-template-columns", "list-style-type", "font-family", "font-size", "font-weight",
    "font-style", "line-height", "text-align", "text-decoration", "text-transform", "white-space",
    "overflow-wrap", "vertical-align", "content-visibility", "break-inside",
]  # fmt: skip
STYLES = """names => {
  const kind = e => e ? e.tagName + '.' + (e.getAttribute('class') ?? '') : '';
  // A line of no width has no colour, and numbers are equal to a tenth of a pixel.
  const seen = text => text.replace(/0px none .*|.* none 0px/, 'none')
    .replace(/\\d+\\.\\d+/g, number => Number(number).toFixed(1));
  const firsts = new Map();
  for (const e of document.body.querySelectorAll('*')) {
    const name = [e.parentElement.parentElement, e.parentElement, e].map(kind).join(' > ');
    if (!firsts.has(name)) firsts.set(name, e);
  }
  return [...firsts].map(([name, e]) => [name, [null, '::before', '::after', '::backdrop'].map(part => {
    const style = getComputedStyle(e, part);
    if (part && style.content === 'none' && e.tagName !== 'DIALOG') return '';
    return names.map(name => name + ': ' + seen(style.getPropertyValue(name))).join('; ');
  }).join('|')]);
}"""
# Sections that are not laid out yet would differ with how far that has come.
STILL = """*, ::before, ::after { transition: none !important; animation: none !important }
section { content-visibility: visible !important }"""
# The theme's script hears of the reader's change a moment later.
FOLLOWED = "scheme => ['system', scheme].includes(document.documentElement.dataset.theme)"
# Fetched first, so that the page is never without a style; then the one goes.
SWAP = """async addresses => {
  const one = document.querySelector('link[rel=stylesheet]');
  const link = address => Object.assign(document.createElement('link'), {rel: 'stylesheet', href: address});
  const links = addresses.map(link);
  await Promise.all(links.map(link => new Promise(done => { link.onload = done; one.before(link); })));
  one.remove();
  document.body.offsetHeight;
}"""


def rest(page):
    """Nothing is opened."""


def dialog(page):
    page.keyboard.press("Control+k")
    page.locator("dialog[open]").wait_for()


def menu(page):
    page.locator(".dropdown-download-buttons button").first.click()
    page.locator(".dropdown-menu.show").wait_for()


def tooltip(page):
    page.locator("[data-bs-toggle=tooltip]:visible").first.focus()
    page.locator(".tooltip").wait_for()


def sidebar(page):
    page.locator(".primary-toggle").first.click()
    page.locator("dialog[open]").wait_for()


def opened(page):
    page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")


def found(page):
    page.locator(".finder-results li").first.wait_for()
    page.evaluate("document.activeElement.blur()")  # the field may have the focus by now, or not yet


WIDE, PHONE = 1280, 390
SHORT = 6  # so many in the short run
LOOKS = [
    ("answer.html", WIDE, opened), ("index.html", PHONE, sidebar), ("reference/checked.html", WIDE, dialog),
    ("index.html", WIDE, tooltip), ("search.html?q=transpose", WIDE, found), ("formulas/answer.html", PHONE, rest),
    ("index.html", WIDE, rest), ("answer.html", PHONE, rest), ("answer.html", WIDE, menu),
    ("use/training.html", WIDE, rest), ("notation.html", PHONE, rest),
    ("bibliography.html", WIDE, rest), ("use/symptoms.html", WIDE, opened), ("formulas/answer.html", WIDE, rest),
    ("formulas/softmax-value.html", PHONE, rest),
]  # fmt: skip


@pytest.fixture
def sources(site):
    """Return a function that gives the list of which a page's one stylesheet is made, as addresses from the page."""

    def sources(page):
        text = (site / page.partition("?")[0]).read_text(encoding="utf-8")
        (link,) = stylesheets.LINK.finditer(text)
        first = stylesheets.SOURCES.match((site / "_static" / link["name"]).read_text(encoding="utf-8"))
        return [link["up"] + name for name in first[1].split()]

    return sources


@pytest.mark.parametrize(
    ("page", "width", "state"),
    [look if number < SHORT else pytest.param(*look, marks=pytest.mark.long) for number, look in enumerate(LOOKS)],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
def test_every_element_looks_as_with_the_full_stylesheets(open_page, address, sources, page, width, state):
    seen = open_page(address + page, width=width)
    seen.add_style_tag(content=STILL)
    state(seen)
    modes = [("screen", "light"), ("screen", "dark")]
    if state not in {tooltip, menu}:  # printing hides the button, which so loses the focus
        modes.append(("print", "light"))

    def looks():
        told = []
        for media, scheme in modes:
            seen.emulate_media(media=media, color_scheme=scheme)
            seen.wait_for_function(FOLLOWED, arg=scheme)
            told.append(seen.evaluate(STYLES, NAMES))
        return told

    ours = looks()
    assert len(ours[0]) > 50
    seen.evaluate(SWAP, sources(page))
    for mode, one, other in zip(modes, ours, looks(), strict=True):
        one, other = dict(one), dict(other)  # noqa: PLW2901
        both = one.keys() & other.keys()  # a link that has become the active one meanwhile is of another kind
        assert len(both) > 0.8 * len(one)
        differ = {name: set(one[name].split("; ")) ^ set(other[name].split("; ")) for name in both
                  if one[name] != other[name]}  # fmt: skip
        assert not differ, (mode, *differ.items())


def test_a_page_has_one_stylesheet_and_fetches_no_script_ahead(site):
    pages = [path for path in site.rglob("*.html") if "_static" not in path.parts]
    pages = [path for path in pages if "<h1>This page has moved</h1>" not in path.read_text(encoding="utf-8")]
    # Beside it, pages with a box or an exercise link what only these need, so that no other page loads it.
    apart = re.compile(r'rel="stylesheet"(?! media="all" href="[^"]*/checkedmath/referee/referee\.css)')
    several = [path.name for path in pages if len(apart.findall(path.read_text(encoding="utf-8"))) != 1]
    assert not several
    ahead = [path.name for path in pages if re.search(r'rel="preload" as="script"', path.read_text(encoding="utf-8"))]
    assert not ahead
    made = {path.name for path in (site / "_static/styles").glob("all-*.css")}
    assert len(made) == 2  # the book's, and that of the pages of single formulas
