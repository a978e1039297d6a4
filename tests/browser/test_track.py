"""The track from school algebra on a phone: it is short enough, and each of its pages says which one is next."""

import re
import sys
import tomllib
from importlib import import_module
from itertools import pairwise
from pathlib import Path

import pytest

PHONE = {"width": 390, "height": 844}
#: Screens of 390 × 844 from the front page to m examples. Before there were tracks it was 92.
MOST = 45


@pytest.fixture(scope="module")
def measure():
    """The script that measures, as a module; it lies beside this file."""
    sys.path.insert(0, str(Path(__file__).parent))
    try:
        return import_module("screens")
    finally:
        sys.path.pop(0)


@pytest.fixture(scope="module")
def tracks(project):
    return tomllib.loads((project / "docs/tracks.toml").read_text(encoding="utf-8"))


def test_the_track_from_school_algebra_is_short_enough(open_page, site, tracks, measure):
    lengths = {}
    for name in measure.track(tracks):
        page = open_page((site / f"{name}.html").as_uri(), **PHONE)
        lengths[name] = round(measure.screens(page), 1)
        page.context.close()
    assert sum(lengths.values()) <= MOST, lengths


def test_a_fold_and_the_exercises_do_not_count_and_a_paragraph_does(open_page, site, measure):
    page = open_page((site / "derivation/one-unit.html").as_uri(), **PHONE)
    before = measure.screens(page)
    page.evaluate("""() => {
      const more = text => { const p = document.createElement('p'); p.textContent = text.repeat(400); return p };
      document.querySelector('details.sd-dropdown > div').append(more('folded '));
      document.querySelector('section#exercises').append(more('exercise '));
    }""")
    assert measure.screens(page) == pytest.approx(before)
    page.evaluate("""() => {
      const p = document.createElement('p');
      p.textContent = 'word '.repeat(400);
      document.querySelector('.bd-article section').append(p);
    }""")
    assert measure.screens(page) > before + 1


def test_the_foot_of_each_page_names_the_next_of_each_track_without_a_script(open_page, site, tracks):
    for name, pages in tracks.items():
        for here, there in pairwise(pages):
            page = open_page((site / f"{here}.html").as_uri(), java_script_enabled=False, **PHONE)
            foot = page.locator("nav.tracks li", has_text=name)
            assert re.search(rf"page {pages.index(here) + 1} of {len(pages)}", foot.inner_text())
            foot.locator("a").click()
            assert page.url == (site / f"{there}.html").as_uri()
            page.context.close()


def test_one_changes_over_at_the_page_after_the_last_that_both_tracks_have(open_page, site):
    page = open_page((site / "ground/matrices.html").as_uri(), **PHONE)
    foot = page.locator("nav.tracks li", has_text="I know derivatives")
    assert "change over to Jacobians" in foot.inner_text()


# Folds --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "place",
    ["kronecker-delta", "what-is-with-two-indices", "equation-transpose-no-inverse", "equation-forward-and-back"],
)
def test_a_link_that_leads_to_a_fold_or_into_one_opens_it(open_page, site, place):
    page = open_page(f"{(site / 'derivation/hidden-layer.html').as_uri()}#{place}", **PHONE)
    page.wait_for_function("document.querySelectorAll('details.sd-dropdown[open]').length === 1")
    page.wait_for_function(
        """() => {
          const { top } = document.querySelector('details.sd-dropdown[open]').getBoundingClientRect();
          return top > -innerHeight && top < innerHeight;
        }"""
    )
    page.evaluate("location.hash = '#w-stands-left'")
    page.wait_for_function("document.getElementById('w-stands-left').open")


def test_folds_are_open_on_paper_and_closed_again_afterwards(open_page, site):
    page = open_page((site / "derivation/hidden-layer.html").as_uri())
    open_now = "() => document.querySelectorAll('details.sd-dropdown[open]').length"
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate(open_now) == page.locator("details.sd-dropdown").count() > 5
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.evaluate(open_now) == 0


def test_figures_have_no_light_sheet_below_them_in_the_dark(open_page, site):
    page = open_page((site / "answer.html").as_uri(), color_scheme="dark", **PHONE)
    page.wait_for_function("document.documentElement.dataset.theme === 'dark'")
    colours = page.evaluate(
        """() => [...document.querySelectorAll('.cell_output .text_html:has(.drawing)')].map(
          sheet => getComputedStyle(sheet).backgroundColor)"""
    )
    assert len(colours) >= 3
    assert set(colours) == {"rgba(0, 0, 0, 0)"}


def test_without_a_script_a_link_leads_to_the_title_of_the_fold(open_page, site):
    address = f"{(site / 'derivation/hidden-layer.html').as_uri()}#kronecker-delta"
    page = open_page(address, java_script_enabled=False, **PHONE)
    box = page.locator("#kronecker-delta > summary").bounding_box()
    assert 0 <= box["y"] < PHONE["height"]
