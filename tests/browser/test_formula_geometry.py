"""The page of a formula draws it as its chapter does, letter by letter: seen in a browser, in units of its font."""

import json

import pytest

# Letters and the lines of fractions with their places from the left edge and the base of the first letter, in em.
DRAWN = """box => {
  const em = parseFloat(getComputedStyle(box.querySelector('.katex')).fontSize), marks = [];
  const walker = document.createTreeWalker(box, NodeFilter.SHOW_TEXT), range = document.createRange();
  while (walker.nextNode()) {
    const text = walker.currentNode;
    if (text.parentElement.closest('.katex-mathml') || !text.parentElement.closest('.katex-html')) continue;
    for (let n = 0; n < text.length; n++) {
      if (/[\\s\\u200b]/.test(text.data[n])) continue;
      range.setStart(text, n);
      range.setEnd(text, n + 1);
      const at = range.getBoundingClientRect();
      marks.push([text.data[n], at.left, at.bottom]);
    }
  }
  for (const line of box.querySelectorAll('.frac-line')) {
    const at = line.getBoundingClientRect();
    marks.push(['/', at.left, at.bottom]);
  }
  const at = box.getBoundingClientRect(), [, left, base] = marks[0];
  return {
    letters: marks.map(([letter, x, y]) => [letter, (x - left) / em, (y - base) / em]),
    width: Math.max(...marks.map(mark => mark[1] - left)) / em, height: at.height / em,
  };
}"""
BODY = ".formula-body"
# One of each kind; in the long run all that have an address.
KINDS = {
    "superscripts": "dz1", "a fraction": "dw2-batch", "a sum": "softmax-value", "a sum with limits": "any-depth-cost",
    "a derivation": "answer-derivation", "cases": "relu-derivative", "brackets": "answer",
}  # fmt: skip


@pytest.fixture(scope="module")
def wide(chromium):
    """One wide page for all formulas: their geometry does not depend on what is in the cache."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def promised(project):
    """Every promised label with its chapter."""
    found = json.loads((project / "docs/permalinks.json").read_text(encoding="utf-8"))["formulas"]
    return {label: entry["page"] for label, entry in found.items()}


def opened(page, address):
    page.goto(address)
    # What a reader has not come to is not laid out: for measuring, all of it is, in the fonts it asks for.
    page.add_style_tag(content="section { content-visibility: visible !important }")
    page.evaluate("document.querySelectorAll('details:not(.formula-part)').forEach(part => { part.open = true })")
    page.evaluate("document.body.offsetHeight, document.fonts.ready.then(() => true)")


def drawn(page, selector):
    """Return what is drawn in a box; of a derivation each step, as their gap is in the text's own unit."""
    box = page.locator(selector).first
    steps = box.locator(".formula-step:has(.katex)").all()
    return [step.evaluate(DRAWN) for step in steps or [box]]


def compare(ours, theirs):
    for one, other in zip(ours, theirs, strict=True):
        compare_boxes(one, other)


def compare_boxes(ours, theirs):
    assert [letter for letter, *_ in ours["letters"]] == [letter for letter, *_ in theirs["letters"]]
    for (letter, *ours_at), (_, *theirs_at) in zip(ours["letters"], theirs["letters"], strict=True):
        assert ours_at == pytest.approx(theirs_at, abs=0.1), letter
    assert ours["width"] == pytest.approx(theirs["width"], abs=0.1)
    assert ours["height"] == pytest.approx(theirs["height"], abs=0.25)


@pytest.mark.parametrize("label", KINDS.values(), ids=KINDS)
def test_a_formula_s_page_draws_what_its_chapter_draws(wide, address, promised, label):
    opened(wide, f"{address}{promised[label]}.html")
    chapter = drawn(wide, f"#equation-{label} {BODY}")
    opened(wide, f"{address}formulas/{label}.html")
    compare(drawn(wide, BODY), chapter)


@pytest.mark.parametrize("label", ["dz1", "dw2-batch"])
def test_shapes_stand_under_their_factors_on_both(wide, address, promised, label):
    opened(wide, f"{address}{promised[label]}.html")
    wide.locator(f"#equation-{label} .formula-shapes > summary").click()
    chapter = drawn(wide, f"#equation-{label} .formula-shapes .formula-drawn")
    opened(wide, f"{address}formulas/{label}.html")
    page = drawn(wide, ".formula-drawn")
    compare(page, chapter)
    letters = page[0]["letters"]
    bases = [y for letter, _, y in letters if letter in "dWzA"]
    shapes = [y for letter, _, y in letters if letter == ","]
    assert shapes
    assert min(shapes) > max(bases) + 0.3


def test_a_superscript_stands_above_the_base_line_and_smaller(wide, address):
    opened(wide, f"{address}formulas/dz1.html")
    letters = drawn(wide, BODY)[0]["letters"]
    assert [letter for letter, *_ in letters[:5]] == ["d", "z", "[", "1", "]"]
    assert all(0.1 < -y < 0.6 for _, _, y in letters[2:5])
    assert letters[1][2] == pytest.approx(0, abs=0.01)


def test_a_numerator_stands_above_its_line_and_the_denominator_below(wide, address):
    opened(wide, f"{address}formulas/dw2-batch.html")
    letters = drawn(wide, BODY)[0]["letters"]
    (line,) = (mark for mark in letters if mark[0] == "/")
    above = [mark for mark in letters if mark[0] == "1" and mark[2] < line[2] and abs(mark[1] - line[1]) < 1]
    below = [mark for mark in letters if mark[0] == "m" and mark[2] > line[2] and abs(mark[1] - line[1]) < 1]
    assert len(above) == len(below) == 1


@pytest.mark.long
def test_every_promised_formula_is_drawn_on_its_page_as_in_its_chapter(wide, address, promised):
    for chapter in sorted(set(promised.values())):
        labels = [label for label, page in promised.items() if page == chapter]
        opened(wide, f"{address}{chapter}.html")
        there = {label: drawn(wide, f'[id="equation-{label.lower()}"] {BODY}') for label in labels}
        for label in labels:
            opened(wide, f"{address}formulas/{label}.html")
            compare(drawn(wide, BODY), there[label])
