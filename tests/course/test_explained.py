"""Each mistake with a name has a page that explains it, and each of these places exists."""

from pathlib import Path

from course.explained import PAGES
from course.settings import SETTINGS

DOCS = Path(__file__).parents[2] / "docs"
#: What the course's readers meet in identities only, or what says all there is to say by itself.
ALONE = {"symmetric", "term-missing", "prime-place"}


def test_every_mistake_of_the_course_is_explained_somewhere():
    from checkedmath.judging import edits

    general = {value.name for value in vars(edits).values() if isinstance(value, edits.Edit)}
    own = {swap.name for setting in SETTINGS.values() for swap in setting.swaps}
    assert (general | own) - ALONE - edits.ALONE == set(PAGES)


def test_every_place_is_an_anchor_of_its_page():
    def there(target):
        page, _, place = target.partition("#")
        return f"\n({place})=\n" in (DOCS / f"{page}.md").read_text(encoding="utf-8")

    assert [target for target in set(PAGES.values()) if not there(target)] == []
