r"""The math renderer `katex`: formulas are drawn while the book is built.

The page holds KaTeX's HTML for the eye and its MathML for screen readers, a stylesheet and fonts
of its own site; no script. `html_math_renderer = "katex"` selects it.

Settings for conf.py:

* `katex_macros`: a dict from a command (`r"\R"`) to what it stands for;
* `checkedmath_colours`: the function that returns the colours of the symbols as CSS, "package.module:function";
* `katex_dist`: the dist folder of the npm package katex, if not where `make setup` puts it.

Warnings, each with page and line: `katex.parse` (KaTeX cannot read the formula; the page shows its
source), `katex.strict` (LaTeX would read it differently), `katex.trust` (a command that may not
stand in a formula) and `katex.numbered` (an environment that numbers itself).
"""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from html import escape
from importlib import import_module
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from docutils import nodes
from sphinx.errors import ConfigError, ExtensionError
from sphinx.locale import _
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

from checkedmath.sphinx_ext import displays
from checkedmath.sphinx_ext.katex_engine import BOTH, Drawing, Drawings, EngineError, version
from checkedmath.syntax.errors import visible

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment
    from sphinx.writers.html5 import HTML5Translator

logger = logging.getLogger(__name__)

#: Where `make setup` puts npm packages.
PACKAGES = Path(sys.prefix, "share", "katex", "node_modules")
DIST = PACKAGES / "katex" / "dist"
STATIC = Path(__file__).with_name("static")
#: The book's own files beside KaTeX's.
OWN = ("formula.css", "bar.css", "formula.js")
#: What every page with a drawn formula links, in this order: a chapter and the page of a single formula alike.
STYLESHEETS = ("katex/katex.min.css", "katex/formula.css", "katex/bar.css", "katex/colours.css")
FORMULA_SCRIPT = "katex/formula.js"
#: In every formula. Fetched with the page: found in the stylesheet only, they come late, and lines break again.
FONTS = ("katex/fonts/KaTeX_Main-Regular.woff2", "katex/fonts/KaTeX_Math-Italic.woff2")
# Formulas are text to neither a translator nor the search's highlighter.
CLASSES = "notranslate nohighlight"
# KaTeX numbers these itself, beside Sphinx's own number.
#: The source that MathML quotes.
ANNOTATION_START = '<annotation encoding="application/x-tex">'
ANNOTATION = re.compile(ANNOTATION_START + r"[^<]*</annotation>")
NUMBERED = re.compile(r"\\begin\{(equation|align|gather|alignat)\}")


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
        # An ePub gets what Sphinx does by itself: it has neither the stylesheet nor the fonts.
        return builder.format == "html" and builder.name != "epub" and name == "katex"

    @property
    def _failed(self) -> Path:
        # Pages with a faulty formula. One empty file each: pages are written in parallel.
        return Path(self.app.doctreedir) / "katex-failed"

    def start(self, app: Sphinx) -> None:
        """At the start of a build: check the settings, put stylesheets and fonts in place."""
        if not self.active:
            return
        dist = Path(app.config.katex_dist)
        try:
            self._drawings = Drawings(
                Path(app.doctreedir) / "katex", dist, dict(app.config.katex_macros)
            )
        except EngineError as error:
            raise ExtensionError(str(error)) from error
        copy_assets(dist, Path(app.outdir) / "_static", colours(app.config.checkedmath_colours))

    def finish(self, *_: object) -> None:
        """Leave no process behind at the end of a build, good or bad."""
        if self.active:
            self._drawings.close()

    def drawn(self, tex: str, *, display: bool = False, output: str = BOTH) -> str:
        """Return LaTeX that the book wrote itself, drawn; "" where KaTeX cannot or has a remark."""
        drawing = self._drawings.draw(tex, display=display, output=output)
        return "" if drawing.notes else ANNOTATION.sub("", drawing.html)

    def draw(self, node: nodes.math | nodes.math_block) -> Drawing:
        """Draw the formula of `node`; what is wrong with it becomes a warning."""
        tex, display = node.astext(), isinstance(node, nodes.math_block)
        try:
            marked = node["forms"].marked if "forms" in node else node.get("marked", tex)
            drawing = self._drawings.draw(marked, display=display)
            if marked != tex and (drawing.error or drawing.notes):  # then say it of what the author wrote
                drawing = self._drawings.draw(tex, display=display)
            elif marked != tex:
                drawing = replace(drawing, html=quoting(drawing.html, tex))
        except EngineError as error:
            raise ExtensionError(str(error)) from error
        if drawing.error:
            self._warn(node, "parse", _fault(drawing), _with_caret(tex, drawing.position))
        for note in drawing.notes:
            message = f"KaTeX remarks on this formula: {note.text}"
            self._warn(node, note.code, message, _indented(tex))
        if numbered := NUMBERED.search(tex):
            advice = "write aligned or gathered, and the label behind the closing $$"
            message = f"\\begin{{{numbered[1]}}} numbers its lines itself: {advice}"
            self._warn(node, "numbered", message, _indented(tex))
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
        source, line = _source_and_line(node)
        docname = env.path2doc(source) if source else None
        if source and docname in env.all_docs:
            return str(docname), f"{source}:{_first_line(node, source, line)}"
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
        writer.body.append(writer.starttag(node, "span", "", CLASS=f"formula-inline {CLASSES}"))
        source = f'<code class="formula-error">{writer.encode(node.astext())}</code>'
        writer.body += [drawing.html or source, "</span>"]
        raise nodes.SkipNode

    def visit_display(self, writer: HTML5Translator, node: nodes.math_block) -> None:
        """Write a formula that stands by itself, its number at the right margin."""
        if not self.active:
            self.app.registry.html_block_math_renderers["mathjax"][0](writer, node)

        def whole() -> str:
            drawing = self.draw(node)
            if drawing.html:
                return drawing.html
            fault, picture = _fault(drawing), _with_caret(node.astext(), drawing.position, indent="")
            return f'<div class="formula-error"><p>{writer.encode(fault)}</p><pre>{writer.encode(picture)}</pre></div>'

        if displays.is_dressed(node) and not node.get("ids"):
            displays.give_anchor(writer.document, node)
        writer.body.append(writer.starttag(node, "div", CLASS=f"formula {CLASSES}"))
        writer.body.append(displays.body(node, whole, self.drawn))
        if node.get("number"):
            number = get_node_equation_number(writer, node)
            writer.body.append(f'<span class="eqno">({number})')
            if "forms" in node:
                link, said = displays.permalink(writer, node), _("Permanent link to this formula")
                writer.body.append(f'<a class="headerlink" href="{link}" title="{said}">#</a>')
            else:
                writer.add_permalink_ref(node, _("Link to this equation"))
            writer.body.append("</span>")
        elif displays.is_dressed(node):  # no number, and no promise: it may be pointed at all the same
            writer.body.append('<span class="eqno">')
            writer.add_permalink_ref(node, _("Link to this formula"))
            writer.body.append("</span>")
        if displays.is_dressed(node):
            writer.body.append(displays.under(writer, node, self))
        writer.body.append("</div>\n")
        raise nodes.SkipNode

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
            for name in STYLESHEETS:
                app.add_css_file(name)
            app.add_js_file(FORMULA_SCRIPT, loading_method="defer")
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


def preload(font: str) -> str:
    """Return the link that fetches a font with the page that needs it."""
    return f'<link rel="preload" as="font" type="font/woff2" crossorigin href="{escape(font)}">'


def quoting(html: str, tex: str) -> str:
    """Return a drawing whose MathML quotes `tex` as its source: the author's, without the marks on symbols."""
    source = ANNOTATION_START + escape(tex, quote=False)
    return ANNOTATION.sub(lambda _: f"{source}</annotation>", html)


def copy_assets(dist: Path, static: Path, palette: str) -> None:
    """Put KaTeX's stylesheet and fonts, and the book's own, into `static`/katex.

    Only the woff2 fonts are copied, and the stylesheet names no others: every browser that reads
    the rest of the page reads woff2. A file that has not changed is left alone.
    """
    katex = static / "katex"
    css = (dist / "katex.min.css").read_text(encoding="utf-8")
    css = re.sub(r',url\([^)]*\.(?:woff|ttf)\) format\("\w+"\)', "", css)
    files = {"katex.min.css": css.encode(), "colours.css": palette.encode()}
    files |= {name: (STATIC / name).read_bytes() for name in OWN}
    for name in re.findall(r"url\((fonts/[^)]+)\)", css):
        files[name] = (dist / name).read_bytes()
    for name, content in files.items():
        path = katex / name
        if not path.is_file() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def colours(name: str) -> str:
    """Return the stylesheet with the colours of the symbols: what the function ``package.module:function`` returns.

    Raises `ConfigError` where there is no such function.
    """
    if not name:
        return ""
    module, _, function = name.partition(":")
    try:
        return str(getattr(import_module(module), function)())
    except (ImportError, AttributeError, TypeError, ValueError) as error:
        msg = f"checkedmath_colours in conf.py: expected module:function that returns CSS, got {name!r}: {error}"
        raise ConfigError(msg) from error


def check_config(_app: Sphinx, config: Config) -> None:
    r"""Raise `ConfigError` unless `katex_macros` maps commands (`\name`) to text."""
    for command, text in config.katex_macros.items():
        if not (isinstance(command, str) and command.startswith("\\") and isinstance(text, str)):
            msg = (
                f"katex_macros in conf.py: expected a command that starts with a backslash and "
                f'the text it stands for, as in {{r"\\R": r"\\mathbb{{R}}"}}, but got '
                f"{command!r}: {text!r}."
            )
            raise ConfigError(msg)


def _text(html: str) -> str:
    """Return a drawn formula as one line: its MathML without tags and without the TeX."""
    mathml = html[html.index("<semantics>") : html.index("<annotation")]
    return re.sub(r"<[^>]*>", "", mathml)


def _fault(drawing: Drawing) -> str:
    where = "" if drawing.position is not None else " (inside a macro)"
    return f"KaTeX cannot read this formula: {drawing.error}{where}"


def _with_caret(tex: str, position: int | None, indent: str = "    ") -> str:
    """`tex`, indented, with a caret under the character at `position`."""
    if position is None:
        return _indented(tex, indent)
    before = tex[:position]
    line_number, column = before.count("\n"), len(before) - (before.rfind("\n") + 1)
    lines = tex.split("\n")
    lines.insert(line_number + 1, " " * column + "^")
    return _indented("\n".join(lines), indent)


def _indented(text: str, indent: str = "    ") -> str:
    return "\n".join(indent + line for line in text.split("\n"))


def _source_and_line(node: nodes.Element) -> tuple[str | None, int | None]:
    """Where `node`, or the nearest node around it that knows, stands in the source."""
    around: nodes.Node | None = node
    source: str | None = None
    while around is not None:
        source = source or around.source
        if around.line is not None:
            return source, around.line
        around = around.parent
    return source, None


def _first_line(node: nodes.Element, source: str, line: int | None) -> int | None:
    """Find the line on which the formula itself starts.

    A node knows the line of its opening `$$`, or of its paragraph; the formula may start below.
    """
    if line is None:
        return None
    start = node.astext().strip().split("\n")[0]
    lines = Path(source).read_text(encoding="utf-8").splitlines()[line - 1 :]
    paragraph = takewhile(str.strip, lines)
    return next((n for n, text in enumerate(paragraph, line) if start in text), line)


def setup(app: Sphinx) -> None:
    """Register the renderer, its settings and the events it listens to."""
    renderer = Renderer(app)
    app.add_html_math_renderer(
        "katex", (renderer.visit_inline, None), (renderer.visit_display, None)
    )
    # The path is no reason to write pages again, what lies there is.
    app.add_config_value("katex_dist", str(DIST), "", types=(str,))
    app.add_config_value("katex_macros", {}, "html", types=(dict,))
    app.add_config_value("checkedmath_colours", "", "html", types=(str,))
    # Not for conf.py: Sphinx compares it with the last build's, and writes all pages again.
    app.add_config_value("katex_version", lambda config: version(Path(config.katex_dist)), "html")
    app.connect("config-inited", check_config)
    app.connect("builder-inited", renderer.start)
    app.connect("env-get-outdated", renderer.again)
    app.connect("doctree-resolved", renderer.forget)
    app.connect("html-page-context", renderer.dress, priority=600)  # after the theme
    app.connect("build-finished", renderer.finish)
