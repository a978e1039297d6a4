"""Formulas drawn into the pages of one build, and what is wrong with them said with page and line.

Other extensions may have a part in a displayed formula.  LaTeX that is to be drawn in place of its source, such as
the same with marks on its symbols, stands on its node as ``marked``.  Two events ask them:

* ``katex-display`` (app, writer, node, renderer): the first to return a `Display` says how it stands in its page;
* ``katex-page`` (app, context): a page that links KaTeX's stylesheets, where they add their own.

What is drawn depends on who reads: a browser gets HTML for the eye and MathML; a builder with another ``katex_output``
(`bookkit.editions`) gets that alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.locale import _
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number
from sphinx.writers.html5 import HTML5Translator

from bookkit.katex.assets import FONTS, STYLESHEETS, copy_assets, preload
from bookkit.katex.engine import BOTH, EYE, MATHML, Drawing, Drawings
from bookkit.katex.faults import fault, first_line, indented, source_and_line, visible, with_caret
from bookkit.text import text_of

logger = logging.getLogger(__name__)

# Formulas are text to neither a translator nor the search's highlighter.
CLASSES = "notranslate nohighlight"
#: The source that MathML quotes.
ANNOTATION_START = '<annotation encoding="application/x-tex">'
ANNOTATION = re.compile(ANNOTATION_START + r"[^<]*</annotation>")
# KaTeX numbers these itself, beside Sphinx's own number.
NUMBERED = re.compile(r"\\begin\{(equation|align|gather|alignat)\}")


@dataclass(frozen=True)
class Display:
    """How a displayed formula stands in its page, as HTML: its body, the link at its number, and what is below it."""

    body: str
    link: str = ""  # where the link at the number leads, "" to the formula itself
    below: str = ""


def framed(content: str, said: str = "", role: str = "math") -> str:
    """Return the body of a formula: focusable, so that one that is wider than the page can be scrolled by keyboard."""
    label = f' role="{role}" aria-label="{escape(said)}"' if said else ""
    return f'<div class="formula-body" tabindex="0"{label}>{content}</div>\n'


class Renderer:
    """Draws the formulas of one build and says what is wrong with them."""

    def __init__(self, app: Sphinx) -> None:
        self.app = app
        self._drawings: Drawings
        self._said: set[tuple[str, str]] = set()
        self._titles: dict[str, str] | None = None

    @property
    def active(self) -> bool:
        """Whether this build writes HTML pages whose formulas are KaTeX's."""
        builder = self.app.builder
        name = getattr(builder, "math_renderer_name", None)
        # Sphinx's own ePub gets what Sphinx does by itself: it has neither the stylesheet nor the fonts.
        return builder.format == "html" and name == "katex" and (builder.name != "epub" or self.output != BOTH)

    @property
    def output(self) -> str:
        """What is drawn of a formula in this build."""
        return str(getattr(self.app.builder, "katex_output", BOTH))

    @property
    def _failed(self) -> Path:
        # Pages with a faulty formula. One empty file each: pages are written in parallel.
        return Path(self.app.doctreedir) / "katex-failed"

    def start(self, app: Sphinx) -> None:
        """At the start of a build: check the settings, put stylesheets and fonts in place."""
        if not self.active:
            return
        self._drawings = drawings_of(app)
        if self.output != MATHML:
            copy_assets(Path(app.config.katex_dist), Path(app.outdir, "_static"))
        if self.output == EYE:  # the whole book is one page
            self._link(app, {})

    def finish(self, *_: object) -> None:
        """Leave no process behind at the end of a build, good or bad."""
        if self.active:
            self._drawings.close()

    def drawn(self, tex: str, *, display: bool = False, output: str = "") -> str:
        """Return LaTeX that the book wrote itself, drawn; "" where KaTeX cannot or has a remark."""
        drawing = self._drawings.draw(tex, display=display, output=output or self.output)
        return "" if drawing.notes else ANNOTATION.sub("", drawing.html)

    def draw(self, node: nodes.math | nodes.math_block) -> Drawing:
        """Draw the formula of `node`; what is wrong with it becomes a warning."""
        tex, display = node.astext(), isinstance(node, nodes.math_block)
        marked = node.get("marked", tex)
        drawing = self._drawings.draw(marked, display=display, output=self.output)
        if marked != tex and (drawing.error or drawing.notes):  # then say it of what the author wrote
            drawing = self._drawings.draw(tex, display=display, output=self.output)
        elif marked != tex:
            drawing = replace(drawing, html=quoting(drawing.html, tex))
        if drawing.error:
            self._warn(node, "parse", fault(drawing), with_caret(tex, drawing.position))
        for note in drawing.notes:
            message = f"KaTeX remarks on this formula: {note.text}"
            self._warn(node, note.code, message, indented(tex))
        if numbered := NUMBERED.search(tex):
            advice = "write aligned or gathered, and the label behind the closing $$"
            message = f"\\begin{{{numbered[1]}}} numbers its lines itself: {advice}"
            self._warn(node, "numbered", message, indented(tex))
        return drawing

    def _warn(self, node: nodes.Element, subtype: str, message: str, picture: str) -> None:
        docname, location = self._place(node)
        self._failed.mkdir(parents=True, exist_ok=True)
        (self._failed / quote(docname, safe="")).touch()
        # A title is drawn again in every table of contents: it is one fault all the same.
        if (location, message) not in self._said:
            self._said.add((location, message))
            logger.warning(
                "%s\n%s", visible(message), visible(picture), location=location, type="katex", subtype=subtype
            )

    def _place(self, node: nodes.Element) -> tuple[str, str]:
        """Return the page that holds `node` in its source, and the source's "path:line"."""
        env: BuildEnvironment = self.app.env
        source, line = source_and_line(node)
        docname = env.path2doc(source) if source else None
        if source and docname in env.all_docs:
            return str(docname), f"{source}:{first_line(node, source, line)}"
        current: str = getattr(self.app.builder, "current_docname", "")
        return current, f"{source or current}:{line or ''}"

    def again(self, _app: Sphinx, env: BuildEnvironment, *_changes: set[str]) -> list[str]:
        """Call pages with a faulty formula out of date: what is wrong is said again."""
        if not self.active or not self._failed.is_dir():
            return []
        names = sorted(unquote(path.name) for path in self._failed.iterdir())
        return [name for name in names if name in env.found_docs]

    def forget(self, _app: Sphinx, _doctree: nodes.document, docname: str) -> None:
        """Forget the faults of a page that is about to be written again."""
        if self.active:
            (self._failed / quote(docname, safe="")).unlink(missing_ok=True)

    def visit_inline(self, writer: HTML5Translator, node: nodes.math) -> None:
        """Write a formula that stands in a line of text."""
        if not self.active:
            self.app.registry.html_inline_math_renderers["mathjax"][0](writer, node)
        drawing = self.draw(node)
        said = text_of(self.app, node)
        label: dict[str, Any] = {"role": "img", "aria-label": said} if self.output == EYE else {}
        writer.body.append(writer.starttag(node, "span", "", CLASS=f"formula-inline {CLASSES}", **label))
        source = f'<code class="formula-error">{writer.encode(node.astext())}</code>'
        writer.body += [self._titled(drawing.html, said) or source, "</span>"]
        raise nodes.SkipNode

    def visit_display(self, writer: HTML5Translator, node: nodes.math_block) -> None:
        """Write a formula that stands by itself, its number at the right margin."""
        if not self.active:
            self.app.registry.html_block_math_renderers["mathjax"][0](writer, node)

        shown: Display = self.app.emit_firstresult("katex-display", writer, node, self) or Display(
            self.framed(self.whole(writer, node))
        )
        writer.body.append(writer.starttag(node, "div", CLASS=f"formula {CLASSES}"))
        writer.body.append(shown.body)
        number = f"({get_node_equation_number(writer, node)})" if node.get("number") else ""
        if number or shown.below:  # without a number there is no promise, but it may be pointed at
            writer.body.append(f'<span class="eqno">{number}')
            if shown.link:
                said = _("Permanent link to this formula")
                writer.body.append(f'<a class="headerlink" href="{shown.link}" title="{said}">#</a>')
            else:
                writer.add_permalink_ref(node, _("Link to this equation") if number else _("Link to this formula"))
            writer.body.append("</span>")
        writer.body += [shown.below, "</div>\n"]
        raise nodes.SkipNode

    def framed(self, content: str, said: str = "", role: str = "math") -> str:
        """Return the body of a displayed formula for whom this build writes; `said` are its words."""
        if self.output == BOTH:
            return framed(content, said, role)
        if said and self.output == MATHML and role == "math":  # one formula can say its words itself
            content, said = self._titled(content, said), ""
        label = f' role="{"img" if self.output == EYE else role}" aria-label="{escape(said)}"' if said else ""
        return f'<div class="formula-body"{label}>{content}</div>\n'

    def _titled(self, drawn: str, said: str) -> str:
        """Return MathML with the text for those who are shown none; other drawings as they are."""
        return drawn.replace("<math ", f'<math alttext="{escape(said)}" ', 1) if self.output == MATHML else drawn

    def _link(self, app: Sphinx, context: dict[str, Any]) -> None:
        """Link the stylesheets of formulas on a page."""
        for name in STYLESHEETS:
            app.add_css_file(name)
        app.emit("katex-page", context)

    def whole(self, writer: HTML5Translator, node: nodes.math_block) -> str:
        """Return a displayed formula drawn, or its source with what is wrong with it."""
        drawing = self.draw(node)
        if drawing.html:
            return drawing.html
        picture = with_caret(node.astext(), drawing.position, indent="")
        return (
            f'<div class="formula-error"><p>{writer.encode(fault(drawing))}</p>'
            f"<pre>{writer.encode(picture)}</pre></div>"
        )

    def dress(
        self, app: Sphinx, _page: str, _template: str, context: dict[str, Any], _doctree: object
    ) -> None:
        """Link the stylesheets where formulas are, and keep mark-up out of the titles."""
        if not self.active:
            return
        if self._titles is None:
            self._titles = self._title_texts()
        in_contents = bool(self._titles)  # a table of contents may stand on any page
        always = app.registry.html_assets_policy == "always"
        if in_contents or always or context.get("has_maths_elements"):
            self._link(app, context)
        if context.get("has_maths_elements"):
            fonts = (context["pathto"](f"_static/{name}", resource=True) for name in FONTS)
            context["metatags"] = context.get("metatags", "") + "\n".join(map(preload, fonts))
        self._plain_titles(context)

    def _title_texts(self) -> dict[str, str]:
        """Every formula in a title of the book, drawn: its HTML and its text."""
        env = self.app.env
        titles = [*env.titles.values(), *env.longtitles.values(), *env.tocs.values()]
        drawn = (self.draw(node) for title in titles for node in title.findall(nodes.math))
        return {drawing.html: _text(drawing.html) for drawing in drawn if drawing.html}

    def _plain_titles(self, context: dict[str, Any]) -> None:
        # A theme strips the tags off these titles for the head of the page. What then remains of
        # KaTeX's HTML is the formula three times over: as MathML, as TeX and as drawn.
        def plain(title: str) -> str:
            for html, text in (self._titles or {}).items():
                title = title.replace(html, text)
            return title

        if context.get("pagetitle") and context.get("title"):
            # sphinx-book-theme heads the printed page with this, as TeX.
            context["pagetitle"] = context["title"]
        if context.get("title"):
            context["title"] = plain(context["title"])
        near = [context.get("prev"), context.get("next"), *(context.get("parents") or ())]
        for link in near:
            if link:
                link["title"] = plain(link["title"])
        if context.get("rellinks"):
            links = context["rellinks"]
            context["rellinks"] = [(link[0], plain(link[1]), *link[2:]) for link in links]


def drawings_of(app: Sphinx) -> Drawings:
    """Return the formulas drawn with the settings of a book.  Raises `NpmError` where KaTeX is not complete."""
    return Drawings(Path(app.doctreedir) / "katex", Path(app.config.katex_dist), dict(app.config.katex_macros))


def quoting(html: str, tex: str) -> str:
    """Return a drawing whose MathML quotes `tex` as its source: the author's, without the marks on symbols."""
    source = ANNOTATION_START + escape(tex, quote=False)
    return ANNOTATION.sub(lambda _: f"{source}</annotation>", html)


def _text(html: str) -> str:
    """Return a drawn formula as one line: its MathML without tags and without the TeX."""
    mathml = html[html.index("<semantics>") : html.index("<annotation")]
    return re.sub(r"<[^>]*>", "", mathml)
