"""The permanent page of each labelled formula, ``formulas/<label>.html``, and its preview picture.

The pages are written at the end of a build for the web, with a small template of their own, and with the
stylesheets and the script that formulas have in the chapters.  All of them are made in each build, and a file
is touched only if its content has changed: so they are right whichever pages the build has read.
`checkedmath_repository` in conf.py is the address to which "report a mistake here" leads; without it there is
no such link.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from html import escape
from pathlib import Path
from urllib.parse import urlencode

from docutils import nodes
from jinja2 import Environment, FileSystemLoader
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.environment import BuildEnvironment

from bookkit.files import put
from bookkit.katex.assets import FONTS, STYLESHEETS, preload
from bookkit.katex.renderer import drawings_of, quoting
from bookkit.preview import LONGEST, Picture, Pictures
from checkedmath.sphinx_ext import displays
from checkedmath.sphinx_ext.assets import PERMALINK, SCRIPT, stylesheets
from checkedmath.sphinx_ext.bar import Place, copies
from checkedmath.sphinx_ext.domain import FormulaDomain, Labelled, domain_of
from checkedmath.sphinx_ext.permalinks import FOLDER, address, registry_of
from checkedmath.sphinx_ext.plain_text import plain_formula, plain_text
from checkedmath.sphinx_ext.registry import bad_labels
from checkedmath.sphinx_ext.steps import pieces_of
from checkedmath.writing.forms import Forms

HERE = Path(__file__).parent
#: What a forum's preview shows of a title and of a description.
TITLE, DESCRIPTION = 80, 250
#: Words longer than this are no sentence to begin with; they stand further down.
SENTENCE = 200
INDEX = re.compile(r"_(?:\{([\dl+ -]+)\}|([\dl]))")
LOWERED = str.maketrans("0123456789l+-", "₀₁₂₃₄₅₆₇₈₉ₗ₊₋", " ")


class Writer:
    """Has the pages of one build written at its end, and the pictures drawn while the chapters are written."""

    def __init__(self) -> None:
        self._pages: FormulaPages | None = None

    def begin(self, app: Sphinx, _env: BuildEnvironment) -> None:
        """Begin with the pictures: all pages of the book are read, and what they show is known."""
        if app.builder.name in {"html", "dirhtml"}:
            self._pages = FormulaPages(app)
            if app.parallel == 1:  # else other processes write, and would take the threads along
                self._pages.begin()

    def write(self, _app: Sphinx, exception: Exception | None) -> None:
        """Write pages and pictures at the end of a build, and remove those of labels that are gone."""
        pages, self._pages = self._pages, None
        if pages is None:
            return
        try:
            if exception is None:
                pages.write()
        finally:
            pages.close()


class FormulaPages:
    """All pages of one build."""

    def __init__(self, app: Sphinx) -> None:
        self.app = app
        self.builder: StandaloneHTMLBuilder = app.builder  # type: ignore[assignment]
        self.domain: FormulaDomain = domain_of(app.env)
        self.formulas = self.domain.addressed
        # Without KaTeX a formula is shown as its text.
        self.drawings = drawings_of(app) if self.builder.math_renderer_name == "katex" else None
        self.macros: dict[str, str] = app.config.katex_macros if "bookkit.katex" in app.extensions else {}
        self.pictures = Pictures(Path(app.doctreedir) / "formula-pictures")
        loader = FileSystemLoader(HERE / "templates")
        self.template = Environment(loader=loader, autoescape=True, keep_trailing_newline=True).get_template(
            "permalink.html"
        )

    def begin(self) -> None:
        """Begin to draw the pictures that are not there yet."""
        self.pictures.begin([self._picture(formula) for formula in self.formulas.values()])

    def close(self) -> None:
        """Leave no process behind."""
        self.pictures.close()
        if self.drawings is not None:
            self.drawings.close()

    def write(self) -> None:
        """Write what has changed."""
        out = Path(self.app.outdir)
        self.begin()
        files = {}
        for label, formula in self._addresses():
            files[address(label)] = self._page(formula).encode()
            files[f"{FOLDER}/{formula.label}.png"] = self.pictures.png(self._picture(formula))
        for name, content in files.items():
            put(out / name, content)
        for path in (out / FOLDER).glob("*"):
            if f"{FOLDER}/{path.name}" not in files:
                path.unlink()
        self.pictures.forget_others()

    def _addresses(self) -> Iterator[tuple[str, Labelled]]:
        """Yield every promised label with the formula that stands for it now."""
        yield from self.formulas.items()
        registry = registry_of(self.app.env)
        unfit = bad_labels({**registry.moved, **self.formulas})
        for old in registry.moved:
            formula = self.formulas.get(registry.now(old))
            if formula is not None and old not in self.formulas and old not in unfit:
                yield old, formula

    def _forms(self, formula: Labelled) -> Forms:
        return self.domain.forms(formula.label)

    def _picture(self, formula: Labelled) -> Picture:
        plain = self._forms(formula).unicode or plain_formula(formula.tex)
        pieces = pieces_of(formula.tex, self.macros) if len(formula.tex) <= LONGEST else ()
        return Picture(formula.question, pieces, plain, self.app.config.project)

    def _page(self, formula: Labelled) -> str:
        forms, config = self._forms(formula), self.app.config
        chapter = f"../{self.builder.get_target_uri(formula.page)}#{formula.anchor}"
        page, image = address(formula.label), f"{FOLDER}/{formula.label}.png"
        favicon, said = config.html_favicon, meaning(formula, forms)
        said = said if len(said) <= SENTENCE or formula.meaning else ""
        return self.template.render(
            language=config.language, book=config.project, home=self._to(config.root_doc),
            title=title(formula, forms), question=formula.question,
            description=description(formula, forms), words=forms.words, alt=forms.words or plain_formula(formula.tex),
            canonical=self._absolute(page), image=self._absolute(image) or f"{formula.label}.png",
            favicon=f"../_static/{Path(favicon).name}" if favicon else "", static="../_static",
            fonts=[preload(f"../_static/{font}") for font in FONTS if self.drawings],
            stylesheets=[*(STYLESHEETS if self.drawings else ()), *stylesheets(config), PERMALINK], script=SCRIPT,
            formula=self._formula(formula, forms), meaning=said, warning=_warning(formula),
            home_of=self._home(formula),
            chapter=chapter, chapter_title=plain_text(self.app.env.titles[formula.page]),
            shapes=self._drawn(forms.shapes) if forms.shapes else "", symbols=list(self._symbols(forms)),
            example=forms.example, copies=self._copies(formula, forms), report=self._report(formula),
        )  # fmt: skip

    def _home(self, formula: Labelled) -> tuple[str, str] | None:
        """Return the question and the address of the formula whose twin this one is."""
        home = self.formulas.get(formula.twin_of)
        return (home.question, f"{home.label}.html") if home else None

    def _to(self, docname: str) -> str:
        return "../" + self.builder.get_target_uri(docname)

    def _absolute(self, path: str) -> str:
        base = self.app.config.html_baseurl
        return f"{base.rstrip('/')}/{path}" if base else ""

    def _formula(self, formula: Labelled, forms: Forms) -> str:
        """Return the formula as its chapter shows it: with its colours, a derivation step by step."""
        node = nodes.math_block(formula.tex, formula.tex, forms=forms)

        def whole() -> str:
            drawn = self._drawn(forms.marked or formula.tex) or self._drawn(formula.tex)
            return quoting(drawn, formula.tex) or f"<p>{escape(forms.unicode or plain_formula(formula.tex))}</p>"

        return displays.body(node, whole, lambda tex: self._drawn(tex, display=False))[0]

    def _drawn(self, tex: str, *, display: bool = True) -> str:
        # What KaTeX cannot read was a warning when its page was written.
        return self.drawings.draw(tex, display=display).html if self.drawings else ""

    def _symbols(self, forms: Forms) -> Iterator[dict[str, str]]:
        for symbol in forms.symbols:
            page, _, place = symbol.link.partition("#")
            link = self._to(page) + f"#{place}" * bool(place) if page in self.app.env.found_docs else ""
            drawn = self._drawn(symbol.latex, display=False) or escape(symbol.unicode)
            yield {
                "formula": drawn, "words": symbol.words, "meaning": symbol.meaning,
                "shape": lowered(symbol.shape), "numbers": symbol.numbers, "link": link,
            }  # fmt: skip

    def _copies(self, formula: Labelled, forms: Forms) -> str:
        page = address(formula.label)
        here = Place(draw=self._drawn, permalink=page.removeprefix(f"{FOLDER}/"), address=self._absolute(page))
        return copies(forms, here)

    def _report(self, formula: Labelled) -> str:
        repository = self.app.config.checkedmath_repository
        if not repository:
            return ""
        body = f"Formula: {formula.label} (page {formula.page})\n\nWhat is wrong, and what it should be:\n"
        query = urlencode({"title": f"Formula {formula.label}: ", "body": body})
        return f"{repository.rstrip('/')}/issues/new?{query}"


def lowered(shape: str) -> str:
    """Return a shape with its indices lowered.

    >>> lowered("(n_1, n_{l-1})")
    '(n₁, nₗ₋₁)'
    """
    return INDEX.sub(lambda match: (match[1] or match[2]).translate(LOWERED), shape)


def meaning(formula: Labelled, forms: Forms) -> str:
    """Return one sentence that says the formula: its author's, else the formula in words."""
    said = formula.meaning or forms.meaning or forms.words
    return said if not said or said.endswith((".", "!", "?")) else said + "."


def title(formula: Labelled, forms: Forms) -> str:
    """Return the title of a preview, at most 80 characters, without TeX: the question, or the formula."""
    for text in (formula.question, forms.unicode):
        if text and "\n" not in text and len(text) <= TITLE:
            return text
    return textwrap.shorten(formula.question or plain_formula(formula.tex), TITLE, placeholder=" …")


def description(formula: Labelled, forms: Forms) -> str:
    """Return the description of a preview, at most 250 characters: the sentence, and the shapes that still fit."""
    said = textwrap.shorten(meaning(formula, forms) or plain_formula(formula.tex), DESCRIPTION, placeholder=" …")
    shapes = [f"{plain_formula(s.latex)} is {lowered(s.shape)}" for s in forms.symbols if s.shape.startswith("(")]
    for count in range(len(shapes), 0, -1):
        longer = f"{said} Shapes: {', '.join(shapes[:count])}{', …' if count < len(shapes) else '.'}"
        if len(longer) <= DESCRIPTION:
            return longer
    return said


def _warning(formula: Labelled) -> str:
    if formula.mistake:
        return "This formula is shown as a mistake: it is not true as it is written."
    if formula.unchecked:
        return f"The build does not execute this formula: {formula.unchecked}."
    return ""


def setup(app: Sphinx) -> None:
    """Register the pages and where a mistake is reported."""
    app.add_config_value("checkedmath_repository", "", "", str)
    writer = Writer()
    app.connect("env-updated", writer.begin)
    app.connect("build-finished", writer.write)
