"""The bar under a formula, used as a reader does: copying, hover, arrow keys, dark, without motion."""

import json
import re
from html import unescape

import pytest

from checkedmath.command_line.commands import main
from course.explained import PAGES
from course.settings import SETTINGS

PAGE = "answer.html"
STYLES = {"LaTeX", "Forum text", "Unicode", "NumPy"}
CLIPBOARD = {"permissions": ["clipboard-read", "clipboard-write"]}


def opened(page):
    """Open every part of every bar."""
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    page.wait_for_function("!document.querySelector('details[open] > noscript')")  # filled a moment later
    return page


@pytest.fixture(scope="module")
def answer(chromium, address):
    """The page that answers the question, with every part of every bar open."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, **CLIPBOARD)
    page = context.new_page()
    page.goto(address + PAGE)
    yield opened(page)
    context.close()


def copied(page, box):
    """Press the button of a box and return what is in the clipboard when it has changed, and the button says so."""
    page.evaluate("navigator.clipboard.writeText('nothing yet')")
    box.locator("button").click()
    # the clipboard itself is looked at: the word on the button is gone after two seconds, which a busy machine can miss
    page.wait_for_function("navigator.clipboard.readText().then(text => text !== 'nothing yet')")
    return page.evaluate("navigator.clipboard.readText()")


def test_of_two_clicks_the_second_has_its_word_for_as_long_as_the_first(open_page, address):
    page = opened(open_page(address + PAGE, **CLIPBOARD))
    box = page.locator(".formula-text").first
    page.clock.pause_at(page.evaluate("Date.now()") / 1000 + 60)  # from here on no time passes but what is said below
    copied(page, box)
    page.clock.run_for(1500)
    copied(page, box)
    page.clock.run_for(1500)
    assert box.locator("button").text_content() == "Copied"
    page.clock.run_for(1000)
    assert box.locator("button").text_content() == "Copy"


def test_every_button_copies_the_text_beside_it_and_no_more(answer, site):
    boxes = answer.locator(".formula-text").all()
    assert len(boxes) > 20
    source = unescape((site / PAGE).read_text(encoding="utf-8"))
    for box in boxes:
        text = copied(answer, box)
        assert text == box.locator("pre").text_content()
        if box.locator("pre a").count() == 0:  # an address is completed in the browser
            assert f">{text}</pre>" in source


def test_a_reply_ends_with_an_address_that_leads_somewhere(answer, address):
    replies = answer.locator(".formula-text", has=answer.locator(".formula-address")).all()
    for box in replies:
        last = copied(answer, box).rstrip().splitlines()[-1]
        assert last.startswith(address)


def test_every_copied_formula_is_judged_true_by_the_command_line(answer, capsys):
    asked = answer.evaluate("""() => [...document.querySelectorAll('.formula-text')].map(box => ({
      name: box.querySelector('span').textContent, text: box.querySelector('pre').textContent,
      asked: !!box.closest('.formula').querySelector('.formula-false, .formula-unchecked'),
    }))""")
    texts = sorted({box["text"] for box in asked if box["name"] in STYLES - {"NumPy"} and not box["asked"]})
    assert len(texts) > 10

    def verdict(text):
        capsys.readouterr()
        main(["check", "--json", text])  # as on the command line, without a new Python for each text
        return json.loads(capsys.readouterr().out)["verdict"]

    said = {text: verdict(text) for text in texts}
    assert {text: word for text, word in said.items() if word != "holds"} == {}


def test_the_pointer_over_a_symbol_shows_its_name_and_shape(answer):
    symbol = answer.locator(".formula-body [data-symbol=W]").first
    # Scrolling hides the tip, and its event comes with the next frame.
    symbol.evaluate("""symbol => {
      symbol.scrollIntoView({behavior: 'instant', block: 'center'});
      return new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
    }""")
    symbol.hover()
    tip = answer.locator(".formula-tip")
    tip.wait_for()
    row = answer.locator(".formula", has=symbol).first.locator(".formula-symbols > li[data-symbol=W]").first
    assert tip.inner_text().startswith(row.locator("a, span").first.inner_text() + ":")
    assert "n" in tip.inner_text()
    answer.keyboard.press("Escape")
    assert tip.count() == 0


def test_arrow_keys_walk_the_list_of_symbols(answer):
    stops = answer.locator(".formula-symbols").first.locator("li > a, li > b + span")
    focused = "element => element === document.activeElement"
    last = stops.count() - 1
    assert last > 1
    stops.first.focus()
    keys = ["ArrowDown", "ArrowRight", "ArrowUp", "Home", "ArrowLeft", "End", "ArrowDown"]
    for key, stop in zip(keys, [1, 2, 1, 0, last, last, 0], strict=True):
        answer.keyboard.press(key)
        assert stops.nth(stop).evaluate(focused), key
    assert [stop.get_attribute("tabindex") for stop in stops.all()] == ["0"] + ["-1"] * last


def test_parts_open_by_keyboard(open_page, address):
    page = open_page(address + PAGE)
    part = page.locator(".formula-part").first
    part.locator("summary").focus()
    page.keyboard.press("Enter")
    assert part.locator(".formula-view").is_visible()


def test_dark_mode_changes_the_colours_of_the_bar(open_page, address):
    def colours(scheme):
        page = open_page(address + PAGE, color_scheme=scheme)
        return page.evaluate("""() => ['.formula-bar summary', '.formula-body [data-symbol=W]']
          .map(name => getComputedStyle(document.querySelector(name)).color)""")

    assert all(light != dark for light, dark in zip(colours("light"), colours("dark"), strict=True))


def test_nothing_moves_for_readers_who_asked_for_that(open_page, address):
    page = open_page(address + PAGE, reduced_motion="reduce")
    moving = page.evaluate("""() => [...document.querySelectorAll('.formula, .formula *')].filter(e => {
      const style = getComputedStyle(e);
      return [style.transitionDuration, style.animationDuration].join(', ').split(', ').some(s => parseFloat(s) > 0.01);
    }).map(e => e.className)""")
    assert moving == []
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"


def test_a_derivation_opens_one_step_at_a_time(answer):
    formula = answer.locator(".formula:has(.formula-step)").first
    steps = formula.locator(".formula-step")
    count = steps.count()
    assert count > 1
    formula.locator(".formula-stepper").click()
    assert formula.locator(".formula-step:visible").count() == 1
    walk, now = formula.locator(".formula-walk"), formula.locator(".formula-now")
    buttons = walk.bounding_box()
    walk.get_by_role("button", name="Next step").click()
    assert formula.locator(".formula-step:visible").count() == 2
    assert walk.bounding_box() == buttons  # it is pressed again where it was
    # Its reason, shapes, numbers and words are beside it.
    assert now.locator("p").inner_text() == f"Step 2 of {count}: {steps.nth(1).locator('.formula-reason').inner_text()}"
    assert now.locator(".formula-of-step > b").all_inner_texts() == ["Shapes", "Numbers", "Words"]
    words = formula.locator(".formula-words li").nth(1).text_content()
    assert now.locator(".formula-of-step > span").inner_text() == words
    walk.get_by_role("button", name="All steps").click()
    assert formula.locator(".formula-step:visible").count() == count
    assert walk.count() == now.count() == 0


def test_a_step_and_what_is_known_of_it_fit_on_a_phone(open_page, address):
    page = open_page(address + PAGE, width=390, height=844)
    formula = page.locator(".formula:has(.formula-step)").first
    formula.locator(".formula-stepper").click()
    for _ in range(formula.locator(".formula-step").count() - 1):
        formula.get_by_role("button", name="Next step").click()
        top, end = (formula.locator(name).bounding_box() for name in (".formula-step.is-now", ".formula-now"))
        assert end["y"] + end["height"] - top["y"] < 700
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_no_mark_speaks_in_the_codes_of_the_checker(site):
    """What a learner reads has no LaTeX and no inner name of a mistake or of a setting."""
    inner = "|".join(map(re.escape, sorted({*PAGES, *SETTINGS} - {"sign", "order", "product", "transpose", "axis",
                                                              "index", "factor", "keepdims", "identities", "deep",
                                                              "logistic"}, key=len, reverse=True)))  # fmt: skip
    code, seen = re.compile(rf"\\[a-z]|(?<![\w-])(?:{inner})(?![\w-])"), 0
    for page in sorted(site.rglob("*.html")):
        for mark in re.findall(r'<details class="formula-part formula-mark.*?</noscript></details>',
                               page.read_text(encoding="utf-8"), re.DOTALL):  # fmt: skip
            text = unescape(re.sub(r"<[^>]*>", " ", mark))
            assert not code.search(text), (page.name, text)
            seen += 1
    assert seen > 300
