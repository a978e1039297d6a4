"""How long pages are on a phone: in screens of 390 × 844, folds closed, exercises and code not counted.

    python tests/browser/screens.py                 the track from school algebra, as it is built in build/html
    python tests/browser/screens.py PAGE ...        these pages

What is counted: the page's own text from its title to its foot, with figures, formulas and the bars below them.
What is not: exercises, cells and what they print, blocks of code, and the front page's table of contents.
"""

import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
PHONE = {"width": 390, "height": 844}
#: A section below the window has no height of its own until it is near: this shows all of them.
MEASURE = """() => {
  const style = document.createElement('style');
  style.textContent = '* { content-visibility: visible !important }';
  document.head.append(style);
  const article = document.querySelector('.bd-article');
  const leave = part => part.style.setProperty('display', 'none', 'important');
  for (const fold of article.querySelectorAll('details')) fold.open = false;
  article.querySelectorAll('section[id^=exercises], .toctree-wrapper, div.highlight, details.hide').forEach(leave);
  for (const cell of article.querySelectorAll('.cell')) {
    cell.querySelectorAll('.cell_input').forEach(leave);
    for (const output of cell.querySelectorAll('.cell_output > *'))
      if (!output.querySelector('.drawing') && !output.classList.contains('drawing')) leave(output);
  }
  return article.getBoundingClientRect().height / window.innerHeight;
}"""


def screens(page):
    """Return how many screens the page is long that a browser window of a phone's size has open."""
    return page.evaluate(MEASURE)


def track(tracks):
    """Return the pages that are measured: the front page, and the first track up to m examples."""
    pages = next(iter(tracks.values()))
    return ["index", *pages[: pages.index("derivation/m-examples") + 1]]


def main(names):
    """Print the table."""
    from conftest import QUIET, find_browser
    from playwright.sync_api import sync_playwright

    if not names:
        names = track(tomllib.loads((ROOT / "docs/tracks.toml").read_text(encoding="utf-8")))
    total = 0.0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=QUIET)
        for name in names:
            page = browser.new_page(viewport=PHONE)
            page.goto((ROOT / "build" / "html" / f"{name}.html").as_uri())
            total += (length := screens(page))
            print(f"{name:<28}{length:6.1f}")
            page.close()
        browser.close()
    print(f"{'together':<28}{total:6.1f}")


if __name__ == "__main__":
    main(sys.argv[1:])
