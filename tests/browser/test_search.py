"""The search page and the filter boxes of the real book, from a server and from the file system."""

import json
import re
from urllib.parse import quote

import pytest

CASES = ("search.tsv", "search-held-out.tsv")
FOLD = re.compile(r'<details [^>]*\bsd-dropdown\b[^>]*?id="([^"]+)"[^>]*>\s*((?:<span id="[^"]+"></span>\s*)*)<summary')
SECTION = re.compile(r'<section [^>]*?id="([^"]+)"[^>]*>\s*((?:<span id="[^"]+"></span>\s*)*)<h([1-6])')


@pytest.fixture(scope="module")
def cases(project):
    """What people type, and the places that answer it, as ``page#anchor``."""
    rows = []
    for name in CASES:
        lines = (project / "tests" / "cases" / name).read_text(encoding="utf-8").splitlines()
        assert lines[0] == "query\tanswers"
        rows += [line.split("\t") for line in lines[1:]]
    return {query: answers.split() for query, answers in rows}


@pytest.fixture(scope="module")
def place(site):
    """Return a function that gives a place one name: a section may have several anchors, a page's title is the page."""
    known = {}

    def place(address):
        page, _, anchor = address.replace(".html", "").partition("#")
        if page not in known:
            text = (site / f"{page}.html").read_text(encoding="utf-8")
            known[page] = {name: name for name in re.findall(r'id="(equation-[^"]+)"', text)}
            for first, others, level in SECTION.findall(text):
                for name in [first, *re.findall(r'id="([^"]+)"', others)]:
                    known[page][name] = "" if level == "1" else first
            for first, others in FOLD.findall(text):
                known[page] |= dict.fromkeys([first, *re.findall(r'id="([^"]+)"', others)], first)
            starts = [(match.start(), match[1] if match[3] != "1" else "") for match in SECTION.finditer(text)]
            for match in re.finditer(r'id="([^"]+)"', text):  # a place within a section is found as the section
                known[page].setdefault(match[1], max([(0, ""), *(s for s in starts if s[0] < match.start())])[1])
        return page, known[page][anchor] if anchor else ""

    return place


@pytest.fixture
def page(open_page, site):
    """The search page, opened as a file."""
    return open_page((site / "search.html").as_uri())


@pytest.fixture(scope="module")
def index(chromium, site):
    """The search page for all tests that only ask its script."""
    context = chromium.new_context()
    page = context.new_page()
    page.goto((site / "search.html").as_uri())
    yield page
    context.close()


@pytest.fixture
def find(index):
    """Return a function that gives the entries the page's own script finds."""
    return lambda query: index.evaluate("query => Finder.find(query)", query)


def results(page):
    return page.eval_on_selector_all(
        ".finder-results li", "items => items.map(i => [i.innerText, i.querySelector('a').getAttribute('href')])"
    )


# What is found ------------------------------------------------------------------------------------


def test_queries_as_people_type_them_lead_to_an_answer_among_the_first_three(find, cases, place):
    assert len(cases) >= 60
    missed = {}
    for query, answers in cases.items():
        wanted = {place(answer) for answer in answers}  # a KeyError: there is no such anchor
        first = [entry["url"] for entry in find(query)[:3]]
        if not wanted.intersection(map(place, first)):
            missed[query] = first
    assert len(missed) <= 0.1 * len(cases), json.dumps(missed, indent=1)


def test_a_question_and_a_symptom_typed_as_they_stand_come_first(index, find):
    titles = index.evaluate("FinderIndex.entries.filter(([rank]) => rank === 0).map((entry) => entry[4])")
    assert len(titles) >= 80
    assert [title for title in titles if title not in [entry["title"] for entry in find(title)[:2]]] == []


@pytest.mark.parametrize(
    ("typed", "order"),
    [
        ("Why is W transposed?", ["use/questions.html#q-why-transposed", "derivation/hidden-layer.html"]),
        ("matrix by a matrix", ["use/questions.html#q-matrix-by-matrix", "derivation/jacobians.html#matrix-by-matrix"]),
        ("shapes not aligned", ["use/symptoms.html#symptom-not-aligned", "trust/shapes-fit.html"]),
        ("What is a Jacobian?", ["derivation/jacobians.html#jacobian-rows-and-columns", "derivation/jacobians.html"]),
    ],
)
def test_questions_and_symptoms_come_before_sections_and_those_before_pages(find, typed, order):
    found = [entry["url"] for entry in find(typed)]
    assert sorted(order, key=lambda url: found.index(url) if url in found else len(found)) == order


@pytest.mark.parametrize(
    "typed",
    [
        "dz[1] = W[2]T dz[2] * g[1]'(z[1])", "dz[1] = W[2]ᵀ dz[2] ⊙ g[1]′(z[1])", "DZ[1]=w[2]t",
        r"dz^{[1]} = W^{[2]T} dz^{[2]} \odot g^{[1]\prime}(z^{[1]})",
    ],
)  # fmt: skip
def test_a_formula_is_found_by_its_text(find, typed):
    assert "answer.html#equation-answer" in [entry["url"] for entry in find(typed)[:3]]


def test_what_the_book_has_not_is_not_found(find):
    assert find("dz[87]") == find("fourier") == []


def test_no_false_formula_is_among_the_results(index, project):
    found = index.evaluate(
        "FinderIndex.entries.map(([, kind, page, anchor, , text]) => [FinderIndex.kinds[kind], anchor, text])"
    )
    entries = {anchor: (kind, text) for kind, anchor, text in found if anchor.startswith("equation-")}
    pages = "\n".join(path.read_text(encoding="utf-8") for path in (project / "docs").rglob("*.md"))
    fences = [dict(re.findall(r"^ *:([\w-]+): (.+)$", text, re.MULTILINE)) for text in pages.split("{math}")]
    labels = {fence["label"]: fence for fence in fences if "label" in fence}
    assert len(labels) > 200
    for label, fence in labels.items():
        kind, text = entries.get(f"equation-{label.lower()}", ("", ""))
        if "expect-false" in fence:
            assert not kind, label
        elif "expect-conditional" in fence:
            assert (kind, text[:8]) == ("Formula on a condition", "Only if "), label


def test_results_are_plain_text(index):
    shown = index.evaluate("FinderIndex.entries.map((entry) => entry[4] + '\\n' + entry[5].split('\\n')[0])")
    tex = re.compile(r"\\[a-zA-Z]+|[_^]\{|\$\$?[^ $…]")
    quoted = "δ_{k−1}"  # as another book types it
    assert [text for text in shown if tex.search(text.replace(quoted, ""))] == []


# The search page ----------------------------------------------------------------------------------


def test_the_query_stands_in_the_address_and_nothing_is_asked_for_elsewhere(chromium, site):
    context = chromium.new_context()
    page = context.new_page()
    asked, errors = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{(site / 'search.html').as_uri()}?q={quote('gradient check epsilon')}")
    assert page.input_value(".finder-input") == "gradient check epsilon"
    assert results(page)[0][1] == "use/questions.html#q-which-epsilon"
    page.fill(".finder-input", "hadamard")
    page.wait_for_function("location.search === '?q=hadamard'")
    # What the word means comes before the question in which it helps.
    assert results(page)[0][1] == "ground/matrices.html#equation-element-wise-entry"
    assert page.inner_text(".finder-said").endswith("results")
    page.fill(".finder-input", "")
    page.wait_for_function("document.querySelectorAll('.finder-results li').length === 0")
    assert all(url.startswith("file://") for url in asked)
    assert not errors
    context.close()


def test_it_is_used_with_the_keyboard_and_told_to_a_screen_reader(page):
    assert page.evaluate("document.activeElement.className") == "finder-input"
    page.keyboard.type("keepdims")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "use/questions.html#q-keepdims"
    page.keyboard.press("Enter")
    page.wait_for_url("**/use/questions.html#q-keepdims")
    assert page.locator("#q-keepdims").count() == 1
    page.go_back()
    assert page.input_value(".finder-input") == "keepdims"
    assert page.get_by_role("status").inner_text()
    assert page.get_by_role("searchbox", name="Search for").count() == 1


def test_where_nothing_is_found_it_says_what_to_try(page):
    page.fill(".finder-input", "xyzzy")
    page.locator(".finder-said", has_text="No results").wait_for()
    assert "Try fewer words" in page.inner_text(".finder-nothing")
    links = page.eval_on_selector_all(".finder-browse a", "links => links.map(a => a.getAttribute('href'))")
    assert links == ["use/questions.html", "use/formulas.html"]


def test_without_javascript_questions_and_formulas_are_linked(chromium, site):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((site / "search.html").as_uri())
    assert not page.locator(".finder-form").is_visible()
    assert page.locator(".finder-browse a").first.is_visible()
    page.goto((site / "derivation/hidden-layer.html").as_uri())
    page.locator(".bd-sidebar-primary noscript a", has_text="All formulas").click()
    assert page.url.endswith("/use/formulas.html")
    context.close()


def test_the_dialog_of_any_page_leads_there_and_chapters_load_none_of_it(chromium, site):
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((site / "answer.html").as_uri())
    assert [url for url in asked if "finder/" in url and "finder.css" not in url] == []
    assert [url for url in asked if re.search("searchindex|searchtools|language_data|sphinx_highlight", url)] == []
    page.keyboard.press("Control+k")
    page.keyboard.type("Jacobian")
    # The magnifier lies before the first letter, not on it.
    icon = page.locator("dialog .fa-magnifying-glass").bounding_box()
    field = page.locator("dialog input").bounding_box()
    padding = page.locator("dialog input").evaluate("input => parseFloat(getComputedStyle(input).paddingLeft)")
    assert icon["x"] + icon["width"] < field["x"] + padding
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=Jacobian")
    page.locator(".finder-results li").first.wait_for()
    assert page.locator(".finder-form .fa-magnifying-glass").count() == 0
    context.close()


def test_results_fit_a_phone(open_page, site):
    page = open_page(f"{(site / 'search.html').as_uri()}?q=softmax", width=360, height=740)
    assert page.locator(".finder-results li").count() > 5
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 360


# The filter boxes ---------------------------------------------------------------------------------


def shown(page, selector):
    return page.locator(selector).evaluate_all("found => found.filter(e => e.checkVisibility()).map(e => e.id)")


def test_questions_are_narrowed_while_one_types(open_page, site):
    page = open_page((site / "use/questions.html").as_uri())
    everything = len(shown(page, "[id^=q-]:is(section)"))
    assert everything > 70
    field = page.get_by_role("searchbox", name="Show only questions with")
    field.fill("Keepdims AXIS")
    left = shown(page, "section[id^=q-]")
    assert "q-keepdims" in left
    assert len(left) < 6
    assert page.get_by_role("status").inner_text() == f"{len(left)} of {everything} questions"
    assert shown(page, "section[id^=questions-]") == ["questions-shapes"]
    field.fill("xyzzy")
    assert page.get_by_role("status").inner_text().startswith(f"0 of {everything} questions. Search the whole book")
    page.get_by_role("status").get_by_role("link").click()
    page.wait_for_url("**/search.html?q=xyzzy")


def test_formulas_are_narrowed_with_the_headings_above_them(open_page, site):
    page = open_page((site / "use/formulas.html").as_uri())
    headings = page.locator(".rubric").count()
    page.get_by_role("searchbox", name="Show only formulas with").fill("softmax")
    visible = page.locator("dl.formula-index > dt").evaluate_all("all => all.filter(e => e.checkVisibility()).length")
    counted = re.fullmatch(r"(\d+) of (\d+) formulas", page.get_by_role("status").inner_text())
    assert int(counted[1]) == visible
    assert int(counted[2]) == page.locator("dl.formula-index > dt").count() > visible > 5
    left = page.locator(".rubric").evaluate_all("all => all.filter(e => e.checkVisibility()).length")
    assert 0 < left < headings


def test_a_link_to_what_is_filtered_out_shows_it(open_page, site):
    page = open_page(f"{(site / 'use/questions.html').as_uri()}#q-delta")
    field = page.locator(".finder-filter input")
    for link in ("#questions-depth", "#questions-depth", "#q-delta"):  # the second time the address stays as it is
        field.fill("keepdims")
        assert not page.locator(link).is_visible()
        page.evaluate("link => document.querySelector(`a[href='${link}']`).click()", link)
        page.locator(link).wait_for(state="visible")
        assert field.input_value() == ""
    field.fill("keepdims")
    page.evaluate("location.hash = '#q-axis'")
    page.locator("#q-axis").wait_for(state="visible")


def test_without_javascript_there_is_no_box(chromium, site):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((site / "use/questions.html").as_uri())
    assert page.locator(".finder-filter").inner_html() == ""
    assert page.locator("section[id^=q-]").first.is_visible()
    context.close()
