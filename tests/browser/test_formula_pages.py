"""The permanent page of a formula, in a browser: light and dark, wide and narrow."""

import json
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

AXE = Path(sys.prefix, "share/katex/node_modules/axe-core/axe.min.js")
LABELS = ("answer", "answer-derivation")


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_in_the_way_of_a_reader(address, open_page, label, scheme):
    page = open_page(f"{address}formulas/{label}.html", width=360, height=800, color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run().then(result => result.violations)")
    assert found == [], json.dumps(found, indent=1)


def test_it_is_complete_without_javascript_and_asks_nobody_else(address, open_page):
    asked = []
    page = open_page("about:blank", java_script_enabled=False)
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}formulas/answer.html", wait_until="load")
    assert {urlsplit(url).netloc for url in asked} == {urlsplit(address).netloc}
    for text in ("Read it in the book", "(n₂, n₁)", "dz[1] = W[2]T dz[2] * g[1]'(z[1])"):
        assert page.get_by_text(text).first.is_visible()
    page.get_by_text("Read it in the book").click()
    assert page.url.endswith("/answer.html#equation-answer")
