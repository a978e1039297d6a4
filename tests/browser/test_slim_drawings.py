"""Formulas are drawn from fewer elements than KaTeX's own: every letter stands where KaTeX puts it."""

import json
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from bookkit import katex
from bookkit.katex.engine import EYE, Engine
from bookkit.npm import find_node

FORMULAS = [
    r"dz^{[1]} = \left( W^{[2]T} dz^{[2]} \right) \odot g^{[1]\prime}(z^{[1]})",
    r"\frac{\partial z^{[2]}_k}{\partial a^{[1]}_j} = \tfrac{1}{2m} x_{i_1}^{2} + \sqrt{x_1^2}",
    r"\sum_{i=1}^{m} \mathcal{L}^{(i)} \quad \operatorname*{max}_{t} \hat{y}",
    r"\underset{(n_1,\, 1)}{\htmlData{symbol=z}{z^{[1]}}} = \mathop{W}\limits_{(n_2,\, n_1)}",
    r"\begin{bmatrix} 0.9 & -0.6 \\ -0.7 & 0.5 \\ 1 & 22 \end{bmatrix}^{T}",
    r"\begin{aligned} a &= b^2 \\ &= \begin{pmatrix} x_1 \\ 2 \end{pmatrix} < \text{1 \& 2} \end{aligned}",
    r"e^{-\frac{x}{2}} \Big( \underbrace{a + b}_{c} \Big) \begin{cases} 1 & z > 0 \\ 0 & z < 0 \end{cases}",
]
TALL = r"\begin{pmatrix} 1 \\ 2.5 \\ -3 \end{pmatrix}"  # its brackets are boxes, a little narrower than KaTeX's
OWN = """const katex = require(process.argv[1]);
let told = '';
process.stdin.on('data', data => { told += data; }).on('end', () => console.log(JSON.stringify(JSON.parse(told).map(
  tex => katex.renderToString(tex, {displayMode: true, output: 'html', trust: true, strict: 'ignore'})))));"""

LETTERS = """box => {
  const walker = document.createTreeWalker(box, NodeFilter.SHOW_TEXT), from = box.getBoundingClientRect(), found = [];
  while (walker.nextNode()) {
    const text = walker.currentNode, range = document.createRange();
    for (let n = 0; n < text.length; n++) {
      if (/[\\s\\u200b]/.test(text.data[n])) continue;
      range.setStart(text, n);
      range.setEnd(text, n + 1);
      const at = range.getBoundingClientRect();
      found.push([text.data[n], at.left - from.left, at.top - from.top]);
    }
  }
  return found;
}"""


@pytest.fixture(scope="module")
def pairs(chromium, tmp_path_factory):
    """For each formula the letters with their places: of KaTeX's own drawing, and of ours."""
    tell = json.dumps([*FORMULAS, TALL])
    script = [str(find_node()), "-e", OWN, str(katex.DIST / "katex.min.js")]
    own = json.loads(subprocess.run(script, input=tell, capture_output=True, text=True, check=True).stdout)
    with closing(Engine(katex.DIST, {})) as engine:
        ours = [engine.draw(tex, display=True, output=EYE).html for tex in [*FORMULAS, TALL]]
    sheet = (katex.DIST / "katex.min.css").read_text().replace("fonts/", f"{(katex.DIST / 'fonts').as_uri()}/")
    sheet += Path(katex.__file__).with_name("static").joinpath("formula.css").read_text()
    body = "".join(f"<div class='drawn'>{html}</div>" for pair in zip(own, ours, strict=True) for html in pair)
    path = tmp_path_factory.mktemp("slim") / "index.html"
    path.write_text(f"<!doctype html><meta charset='utf-8'><style>{sheet} .drawn {{ width: 60rem }}</style>{body}")
    page = chromium.new_context().new_page()
    page.goto(path.as_uri())
    page.evaluate("document.fonts.ready.then(() => true)")
    places = [box.evaluate(LETTERS) for box in page.query_selector_all(".drawn")]
    page.context.close()
    return list(zip(places[::2], places[1::2], own, ours, strict=True))


@pytest.mark.parametrize("number", range(len(FORMULAS)), ids=FORMULAS)
def test_letters_stand_where_katex_puts_them(pairs, number):
    theirs, ours, *_ = pairs[number]
    assert sorted(letter for letter, *_ in theirs) == sorted(letter for letter, *_ in ours)
    left = list(ours)
    for letter, x, y in theirs:
        near = min((other for other in left if other[0] == letter),
                   key=lambda other: abs(other[1] - x) + abs(other[2] - y))  # fmt: skip
        left.remove(near)
        assert (near[1], near[2]) == pytest.approx((x, y), abs=1.5), letter


def test_a_page_has_less_than_half_of_katex_s_elements(pairs):
    theirs, ours = (sum(pair[n].count("<span") for pair in pairs) for n in (2, 3))
    assert ours < theirs / 2


def test_a_high_bracket_is_a_box_and_the_numbers_keep_their_rows(pairs):
    theirs, ours, own, slim = pairs[-1]
    assert "<svg" in own
    assert "<svg" not in slim
    assert [(letter, pytest.approx(y, abs=1.5)) for letter, _, y in theirs] == [(letter, y) for letter, _, y in ours]
