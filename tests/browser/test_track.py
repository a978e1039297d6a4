"""The track from school algebra on a phone: it is short enough, and each of its pages says which one is next."""

import re

import pytest
from screens import PHONE, screens, track

#: Screens of 390 × 844 from the front page to m examples. Before there were tracks it was 92.
MOST = 45


@pytest.fixture(scope="module")
def tracks(book_settings):
    return book_settings.bookkit_tracks


def test_the_track_from_school_algebra_is_short_enough(open_page, site, tracks):
    lengths = {}
    for name in track(tracks):
        page = open_page((site / f"{name}.html").as_uri(), **PHONE)
        lengths[name] = round(screens(page), 1)
        page.context.close()
    assert sum(lengths.values()) <= MOST, lengths


def test_a_fold_and_the_exercises_do_not_count_and_a_paragraph_does(open_page, site):
    page = open_page((site / "derivation/one-unit.html").as_uri(), **PHONE)
    before = screens(page)
    page.evaluate("""() => {
      const more = text => { const p = document.createElement('p'); p.textContent = text.repeat(400); return p };
      document.querySelector('details.sd-dropdown > div').append(more('folded '));
      document.querySelector('section#exercises').append(more('exercise '));
    }""")
    assert screens(page) == pytest.approx(before)
    page.evaluate("""() => {
      const p = document.createElement('p');
      p.textContent = 'word '.repeat(400);
      document.querySelector('.bd-article section').append(p);
    }""")
    assert screens(page) > before + 1


def test_the_foot_of_each_page_names_the_next_of_each_track_without_a_script(open_page, site, tracks):
    for name, pages in tracks.items():
        for here, there in zip(pages, pages[1:], strict=False):
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
