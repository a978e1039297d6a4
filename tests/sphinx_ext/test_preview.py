"""The preview picture of a formula, and what a forum's preview reads of the real book."""

import io
import pickle
from html.parser import HTMLParser

import numpy as np
import pytest
from PIL import Image

from checkedmath.sphinx_ext import preview
from checkedmath.sphinx_ext.preview import (
    BOTTOM,
    TOP,
    Picture,
    Pictures,
    UnknownToMathtext,
    draw,
    mathtext_lines,
)
from checkedmath.sphinx_ext.registry import Entry, load

pytestmark = [
    pytest.mark.filterwarnings("default::DeprecationWarning"),
    pytest.mark.filterwarnings("default::PendingDeprecationWarning"),
]
DZ = r"dz^{[1]} = \left( W^{[2]T} dz^{[2]} \right) \odot g^{[1]\prime}(z^{[1]})"
LONG = (
    r"J = \frac{1}{m} \sum_{i=1}^m \left( a + b + c + d + e + f + g + h + i + j + k \right)"
    r" = A + B + C + D + E + F \ne K"
)
PARTS = 4  # of the book's formulas; one in the short run
CASES = r"g(z) = \begin{cases} z & z > 0 \\ 0 & z \le 0 \end{cases}"


def picture(tex, plain="plain", question="Why?"):
    return Picture(question, tex, plain, "The book")


def ink(png):
    """The picture as darkness, 0 for paper."""
    image = Image.open(io.BytesIO(png))
    assert image.size == (1200, 630)
    return 255 - np.asarray(image.convert("L"), dtype=int)


def formula_box(png):
    """Left, top, right, bottom of the ink between question and the book's name."""
    rows, columns = np.nonzero(ink(png)[TOP - 10 : BOTTOM + 10] > 40)
    return columns.min(), rows.min() + TOP - 10, columns.max(), rows.max() + TOP - 10


# One picture ------------------------------------------------------------------------------------


def test_a_picture_is_a_small_file_and_the_same_each_time():
    png = draw(picture(DZ))
    assert png == draw(picture(DZ))
    assert len(png) < 20_000
    with Image.open(io.BytesIO(png)) as image:
        assert (image.format, image.mode, image.size) == ("PNG", "P", (1200, 630))
    assert draw(picture(DZ.replace("T", ""))) != png
    assert draw(picture(DZ, question="How?")) != png


@pytest.mark.parametrize("tex", [DZ, LONG, r"a = b", CASES, r"\begin{aligned} a &= b \\ &= \frac{c}{d} \end{aligned}"])
def test_a_formula_stands_in_the_middle_and_within_the_margins(tex):
    left, top, right, bottom = formula_box(draw(picture(tex)))
    assert left >= 68
    assert right <= 1132
    assert top >= TOP - 2
    assert bottom <= BOTTOM + 2
    assert abs((left + right) / 2 - 600) < 15
    assert abs((top + bottom) / 2 - (TOP + BOTTOM) / 2) < 15


def test_a_long_formula_is_broken_at_its_relations_before_it_gets_too_small():
    assert len(preview._formula(picture(LONG))) == 4  # J, two sums, and what it is not
    assert len(preview._formula(picture(DZ))) == 1


def test_what_mathtext_cannot_draw_is_drawn_as_text():
    with pytest.raises(UnknownToMathtext):
        preview._parse(CASES)
    assert draw(picture(CASES, "g(z) = z")) != draw(picture(CASES, "g(z) = 0"))
    assert draw(picture(CASES, "costs $5 \\ {x}")) != draw(picture(CASES, ""))


def test_a_letter_without_a_sign_in_the_font_is_not_drawn_as_a_box():
    with pytest.raises(UnknownToMathtext, match="does not have a glyph"):
        preview._parse("a = 語")


@pytest.mark.parametrize(
    ("tex", "lines"),
    [
        (DZ, [["dz^{[1]} ", DZ[9:]]]),
        (r"a = f(x = 1)", [["a ", "= f(x = 1)"]]),
        (r"\begin{aligned} a &= b && \text{why} \\[2pt] &\ne c \end{aligned}", [["a ", "= b"], [r"\neq c"]]),
        (r"\tfrac12 \bigl( x \bigr) \le \R", [[r"\frac12 ( x ) ", r"\leq \mathbb{R}"]]),
        (r"\htmlData{symbol=W}{W}", [["{W}"]]),
    ],
)
def test_tex_is_put_into_mathtexts_dialect(tex, lines):
    assert mathtext_lines(tex, {r"\R": r"\mathbb{R}"}) == lines


# Many pictures ----------------------------------------------------------------------------------


def test_a_picture_is_drawn_once_and_kept_while_it_is_asked_for(tmp_path):
    pictures = Pictures(tmp_path / "kept")
    first = pictures.png(picture("a = b"))
    assert pictures.png(picture("a = b")) == first
    assert pictures.png(picture("a = c")) != first
    assert pictures.drawn == 2
    later = Pictures(tmp_path / "kept")
    assert later.png(picture("a = b")) == first
    assert later.drawn == 0
    later.forget_others()
    assert len(list((tmp_path / "kept").iterdir())) == 1


def test_many_pictures_drawn_side_by_side_are_those_drawn_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(preview, "MANY", 2)
    pictures = Pictures(tmp_path)
    wanted = [picture(f"a = {n}") for n in range(3)]
    pictures.draw(wanted)
    assert pictures.drawn == 3
    assert [pictures.png(p) for p in wanted] == [draw(p) for p in wanted]
    assert pictures.drawn == 3


# The real book ----------------------------------------------------------------------------------


class Head(HTMLParser):
    """The properties that Discourse's preview asks for, as it finds them: the first of each name."""

    def __init__(self, page):
        super().__init__()
        self.properties = {}
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        if tag == "meta" and found.get("property"):
            self.properties.setdefault(found["property"], found.get("content", ""))


@pytest.fixture(scope="module")
def formulas(built_book):
    """The labelled formulas of the real book, by label."""
    with (built_book / "doctrees" / "environment.pickle").open("rb") as file:
        return pickle.load(file).domaindata["formula"]["formulas"]  # noqa: S301 - written by the fixture above


def heads(folder):
    return {
        path.relative_to(folder).as_posix(): Head(path.read_text(encoding="utf-8")).properties
        for path in sorted(folder.rglob("*.html"))
        if path.name not in {"search.html", "genindex.html", "404.html"} and "_static" not in path.parts
    }


def test_no_preview_of_the_book_shows_tex(built_book):
    found = heads(built_book / "html")
    assert {"index.html", "answer.html", "formulas/answer.html"} <= set(found)
    for name, seen in found.items():
        for kind in ("og:title", "og:description"):
            text = seen[kind]
            assert text.strip(), (name, kind)
            assert not set(text) & set("$\\{}^"), (name, text)
        assert len(seen["og:description"]) <= 250, name
        if name.startswith("formulas/"):
            assert len(seen["og:title"]) <= 80, name
            assert (built_book / "html" / "formulas" / seen["og:image"]).is_file()


def test_the_registry_names_every_label_of_the_book_and_no_other(formulas, project):
    registry = load(project / "docs" / "permalinks.json")
    labels = {label: Entry(formula.page, formula.question) for label, formula in formulas.items()}
    assert registry.faults(labels) == []
    assert registry.formulas == labels, "run make permalinks, and commit docs/permalinks.json"


@pytest.mark.parametrize("part", [0, *(pytest.param(part, marks=pytest.mark.long) for part in range(1, PARTS))])
def test_every_formula_of_the_book_has_a_picture(built_book, formulas, part):
    assert set(formulas) == {path.stem for path in (built_book / "html" / "formulas").glob("*.png")}
    chosen = dict(list(formulas.items())[part::PARTS])
    as_text = []
    for label, formula in chosen.items():
        png = (built_book / "html" / "formulas" / f"{label}.png").read_bytes()
        assert np.count_nonzero(ink(png)[TOP:BOTTOM] > 100) > 200, label
        try:
            for parts in mathtext_lines(formula.tex, {}):
                preview._parse("".join(parts))
        except UnknownToMathtext:
            as_text.append(label)
    assert len(as_text) <= len(chosen) // 10, as_text


@pytest.mark.parametrize(
    "tex",
    [r"\frac{" * 30 + "a" + "}{b}" * 30, "a^{" * 60 + "a" + "}" * 60, r"\left(" * 60 + "a" + r"\right)" * 60,
     "a" * 4000, "\\\\[" * 1300, "a=" * 300 + "a", "&& a", ""],
)  # fmt: skip
def test_what_mathtext_would_draw_for_minutes_or_not_at_all_is_drawn_from_its_plain_text(tex, monkeypatch):
    asked = []
    monkeypatch.setattr("checkedmath.sphinx_ext.preview._line", lambda line: asked.append(line) or [])
    lines = preview._formula(picture(tex, "plain text " * 500))
    assert (asked, len(lines)) == ([], 8)
