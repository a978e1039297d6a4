"""The site's search finds a formula by what learners type."""

from urllib.parse import quote

import pytest


@pytest.fixture
def search(address, open_page):
    """Return a function that searches the book: the results, each its text and where it leads."""

    def search(typed):
        page = open_page(f"{address}search.html?q={quote(typed)}")
        summary = page.locator("#search-results .search-summary")  # says so when the last result is there
        summary.filter(has_text="found").or_(summary.filter(has_text="did not match")).wait_for()
        return page.eval_on_selector_all(
            "#search-results li", "items => items.map(i => [i.innerText, i.querySelector('a').getAttribute('href')])"
        )

    return search


def formulas(results):
    return [where for text, where in results if "#equation-" in where]


@pytest.mark.parametrize("typed", ["dz[1]", "dz[1] = W[2]T dz[2] * g[1]'(z[1])", "W[2]T dz[2]", "DZ[1]=w[2]t"])
def test_a_formula_is_found_by_its_forum_text(search, typed):
    assert "answer.html#equation-answer" in formulas(search(typed))


def test_formulas_that_hold_what_was_typed_come_before_pages_that_mention_it(search):
    found = search("dz[1]")
    assert "#equation-" in found[0][1]
    assert found[0][0].startswith("dz[1]")
    assert "&" not in found[0][0]


def test_what_is_in_no_formula_finds_none(search):
    assert formulas(search("dz[87]")) == []


def test_a_result_leads_to_the_formula(search, address, open_page):
    where = next(where for where in formulas(search("dz[1]")) if where.endswith("#equation-answer"))
    page = open_page(address + where)
    assert page.locator("#equation-answer").count() == 1
