"""A displayed formula as HTML: drawn with its marks, number at the margin, steps, and the bar under it."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from docutils import nodes

from checkedmath.sphinx_ext.bar import Place, bar
from checkedmath.sphinx_ext.formulas import settings
from checkedmath.sphinx_ext.katex_engine import EYE
from checkedmath.sphinx_ext.steps import Step, steps_of
from checkedmath.writing.forms import Forms

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.builders.html import StandaloneHTMLBuilder
    from sphinx.writers.html5 import HTML5Translator

    from checkedmath.sphinx_ext.katex import Renderer

#: Where a labelled formula has a page of its own, seen from the top of the site.
PERMALINK = "formulas/{}.html"


def is_dressed(node: nodes.Element) -> bool:
    """Whether the formula was judged or has a reason why not: then it has a bar."""
    return "forms" in node or bool(node.get("unchecked"))


def words_of(node: nodes.Element) -> str:
    """Return the formula in words, or nothing."""
    forms: Forms | None = node.get("forms")
    return forms.words if forms is not None else ""


def body(node: nodes.Element, whole: Callable[[], str], draw: Callable[[str], str]) -> str:
    """Return what is seen of a formula: its drawing, or its steps each on a line of its own.

    ``whole`` draws the formula, ``draw`` LaTeX in a line, "" where KaTeX cannot.
    """
    words = words_of(node)
    steps = steps_of(_source(node)) if words else []
    drawn = [_cells(step, draw) for step in steps]
    said = f' role="{"group" if steps else "math"}" aria-label="{escape(words)}"' if words else ""
    # Focusable, so that a formula wider than the page can be scrolled by keyboard.
    start = f'<div class="formula-body" tabindex="0"{said}>'
    if not steps or not all(all(cells) for cells in drawn):
        return f"{start}{whole()}</div>\n"
    node["stepped"] = True
    lines = "".join(
        f'<div class="formula-step"><span class="formula-left">{left}</span>'
        f'<span class="formula-right">{right}</span>'
        f'<span class="formula-reason">{escape(step.reason)}</span></div>'
        for step, (left, right) in zip(steps, drawn, strict=True)
    )
    return f'{start}<div class="formula-steps">{lines}</div></div>\n'


def _source(node: nodes.Element) -> str:
    forms: Forms | None = node.get("forms")
    return forms.marked if forms is not None else node.astext()


def _cells(step: Step, draw: Callable[[str], str]) -> tuple[str, str]:
    """Draw both sides; {} before the relation gives it its space, as within one formula."""
    left = draw(rf"\displaystyle {step.left}") if step.left else "<!-- -->"
    return left, draw(rf"\displaystyle {{}} {step.right}")


def give_anchor(document: nodes.document, node: nodes.Element) -> None:
    """Give a formula without a label an anchor on its page, which stays as long as the formula is written so."""
    name = again = f"formula-{zlib.crc32(node.astext().encode()):08x}"
    count = 1
    while again in document.ids:
        count += 1
        again = f"{name}-{count}"
    node["ids"] = [again]
    document.ids[again] = node


def permalink(writer: HTML5Translator, node: nodes.Element) -> str:
    """Return the link from this page to the formula's own."""
    builder = writer.builder
    up = builder.get_relative_uri(builder.current_docname, "index").rpartition("index")[0]
    up = up if up.endswith("/") or not up else f"{up}/"
    return up.replace("#", "") + PERMALINK.format(quote(str(node["label"]), safe=""))


def under(writer: HTML5Translator, node: nodes.Element, renderer: Renderer) -> str:
    """Return the bar under the formula."""
    app: Sphinx = renderer.app
    builder: Any = app.builder
    known = settings()
    label = node.get("label")
    site = app.config.html_baseurl
    page = permalink(writer, node) if label else ""
    found: list[dict[str, Any]] = node.get("verdicts", [])
    verdicts = [{**verdict, "several": len(found) > 1} for verdict in found]
    about = {**node.attributes, "verdicts": verdicts}
    place = Place(
        draw=lambda tex: renderer.drawn(tex, display=True, output=EYE),
        permalink=page,
        address=f"{site.rstrip('/')}/{PERMALINK.format(quote(label, safe=''))}" if site and label else "",
        link=lambda target: _link(builder, target),
        titles={name: setting.title for name, setting in known.items()},
        objects={name: setting.objects for name, setting in known.items()},
    )
    return bar(node.get("forms"), about, place)


def _link(builder: StandaloneHTMLBuilder, target: str) -> str:
    """Return the address of page#place from the page that is written, or nothing where there is no such page."""
    page, _, place = target.partition("#")
    if page not in builder.env.found_docs:
        return ""
    return f"{builder.get_relative_uri(builder.current_docname, page)}#{place}"
