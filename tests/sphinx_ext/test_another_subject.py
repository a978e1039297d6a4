"""A whole small book on another subject, by another author: it is what the page Bring your own subject shows."""

import sys

import pytest
from sphinx.errors import ConfigError


@pytest.fixture(autouse=True)
def _own_modules():
    yield
    sys.modules.pop("subject", None)


def test_its_formulas_are_executed(miniature):
    book = miniature("another-subject").build()
    assert book.warnings == []
    claims = [entry for entry in book.report["formulas"] if entry.get("relation") == "claim"]
    assert {entry["setting"] for entry in claims} == {"least-squares"}
    assert len(claims) >= 6


def test_a_false_formula_stops_it(miniature):
    book = miniature("another-subject")
    page = book.source / "index.md"
    page.write_text(page.read_text(encoding="utf-8").replace(r"r = y - \hat y", r"r = y + \hat y"), encoding="utf-8")
    assert "r = y - yhat" in " ".join(book.build().warnings).replace("ŷ", "yhat")


def test_a_subject_that_is_not_there_is_said(miniature):
    book = miniature("another-subject")
    with pytest.raises(ConfigError, match="checkedmath_subjects"):
        book.build(confoverrides={"checkedmath_subjects": ["nowhere"]})
