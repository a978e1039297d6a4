"""What a forum's preview reads of the real book: titles, descriptions, and a picture of each formula."""

import io
import pickle
from html.parser import HTMLParser

import numpy as np
import pytest
from PIL import Image

from bookkit import preview
from bookkit.preview import BOTTOM, TOP, Picture, UnknownToMathtext, in_mathtext
from checkedmath.sphinx_ext.registry import Entry, load
from checkedmath.sphinx_ext.steps import pieces_of

pytestmark = [
    pytest.mark.filterwarnings("default::DeprecationWarning"),
    pytest.mark.filterwarnings("default::PendingDeprecationWarning"),
]
PARTS = 4  # of the book's formulas; one in the short run
DZ = r"dz^{[1]} = \left( W^{[2]T} dz^{[2]} \right) \odot g^{[1]\prime}(z^{[1]})"


@pytest.mark.parametrize(
    ("tex", "lines"),
    [
        (DZ, (("dz^{[1]} ", DZ[9:]),)),
        (r"a = f(x = 1)", (("a ", "= f(x = 1)"),)),
        (r"\begin{aligned} a &= b && \text{why} \\[2pt] &\ne c \end{aligned}", (("a  ", "= b"), (r"\ne c",))),
        (r"x \le \R", (("x ", r"\le \mathbb{R}"),)),
        ("a" * 4000, (("a" * 4000,),)),
    ],
)  # fmt: skip
def test_a_formula_is_cut_into_its_lines_and_before_its_relations(tex, lines):
    assert pieces_of(tex, {r"\R": r"\mathbb{R}"}) == lines


@pytest.mark.parametrize(
    "tex",
    [r"\frac{" * 30 + "a" + "}{b}" * 30, "a^{" * 60 + "a" + "}" * 60, r"\left(" * 60 + "a" + r"\right)" * 60,
     "a" * 4000, "\\\\[" * 1300, "a=" * 300 + "a", "&& a", ""],
)  # fmt: skip
def test_what_would_take_minutes_or_cannot_be_read_is_drawn_from_its_plain_text(tex, monkeypatch):
    asked = []
    monkeypatch.setattr(preview, "_line", lambda line: asked.append(line) or [])
    lines = preview._formula(Picture("Why?", pieces_of(tex, {}), "plain text " * 500, "The book"))
    assert (asked, len(lines)) == ([], 8)


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
    texts = {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*.html"))
        if path.name not in {"search.html", "genindex.html", "404.html"} and "_static" not in path.parts
    }
    moved = "<h1>This page has moved</h1>"  # a browser is led on at once, and so is what makes a preview
    return {name: Head(text).properties for name, text in texts.items() if moved not in text}


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
        image = Image.open(io.BytesIO((built_book / "html" / "formulas" / f"{label}.png").read_bytes()))
        assert image.size == (1200, 630)
        assert np.count_nonzero(np.asarray(image.convert("L"), dtype=int)[TOP:BOTTOM] < 155) > 200, label
        try:
            for parts in pieces_of(formula.tex, {}):
                preview._parse("".join(map(in_mathtext, parts)))
        except UnknownToMathtext:
            as_text.append(label)
    assert len(as_text) <= len(chosen) // 10, as_text
