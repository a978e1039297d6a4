"""The picture that a forum shows beside a link."""

import io

import numpy as np
import pytest
from PIL import Image

from bookkit import preview
from bookkit.preview import BOTTOM, TOP, Picture, Pictures, UnknownToMathtext, draw, in_mathtext

pytestmark = [
    pytest.mark.filterwarnings("default::DeprecationWarning"),
    pytest.mark.filterwarnings("default::PendingDeprecationWarning"),
]
DZ = r"dz^{[1]} = \left( W^{[2]T} dz^{[2]} \right) \odot g^{[1]\prime}(z^{[1]})"
LONG = (
    "J ", r"= \frac{1}{m} \sum_{i=1}^m \left( a + b + c + d + e + f + g + h + i + j + k \right)",
    " = A + B + C + D + E + F ", r"\ne K",
)  # fmt: skip
CASES = r"g(z) = \begin{cases} z & z > 0 \\ 0 & z \le 0 \end{cases}"


def picture(*lines, plain="plain", question="Why?"):
    """A picture of lines, each TeX or a tuple of its parts."""
    parts = tuple(line if isinstance(line, tuple) else (line,) for line in lines)
    return Picture(question, parts, plain, "The book")


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


@pytest.mark.parametrize("lines", [[DZ], [LONG], [r"a = b"], [CASES], [r"a = b", r"= \frac{c}{d}"]])
def test_a_formula_stands_in_the_middle_and_within_the_margins(lines):
    left, top, right, bottom = formula_box(draw(picture(*lines)))
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
    assert draw(picture(CASES, plain="g(z) = z")) != draw(picture(CASES, plain="g(z) = 0"))
    assert draw(picture(CASES, plain="costs $5 \\ {x}")) != draw(picture(CASES, plain=""))


def test_a_letter_without_a_sign_in_the_font_is_not_drawn_as_a_box():
    with pytest.raises(UnknownToMathtext, match="does not have a glyph"):
        preview._parse("a = 語")


@pytest.mark.parametrize(
    ("tex", "written"),
    [
        (DZ, DZ), (r"\ne c", r"\neq c"), (r"\tfrac12 \bigl( x \bigr) \le ", r"\frac12 ( x ) \leq "),
        (r"\htmlData{symbol=W}{W}", "{W}"),
    ],
)  # fmt: skip
def test_tex_is_put_into_mathtexts_dialect(tex, written):
    assert in_mathtext(tex) == written


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
    pictures.begin(wanted)
    assert set(pictures._begun) == set(wanted)
    drawn = [pictures.png(p) for p in wanted]
    pictures.close()
    assert not pictures._begun  # what was begun was taken, and drawn by nobody else
    assert drawn == [draw(p) for p in wanted]
    assert pictures.drawn == 3


@pytest.mark.parametrize(
    "lines",
    [[r"\frac{" * 30 + "a" + "}{b}" * 30], ["a^{" * 60, "a" + "}" * 60], [r"\left(" * 60 + "a" + r"\right)" * 60],
     ["a" * 4000], [("a =",) * 300 + ("a",)], ["a ="] * 31, [" "], [()], []],
)  # fmt: skip
def test_what_mathtext_would_draw_for_minutes_or_not_at_all_is_drawn_from_its_plain_text(lines, monkeypatch):
    asked = []
    monkeypatch.setattr(preview, "_line", lambda line: asked.append(line) or [])
    drawn = preview._formula(picture(*lines, plain="plain text " * 500))
    assert (asked, len(drawn)) == ([], 8)
