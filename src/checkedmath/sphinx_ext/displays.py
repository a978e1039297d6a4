"""A displayed formula in its page: its drawing or its steps, the link at its number, and the bar under it."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from functools import partial
from html import escape
from typing import Any
from urllib.parse import quote

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.writers.html5 import HTML5Translator

from bookkit.files import in_one_piece, writes_pages
from bookkit.katex.engine import EYE
from bookkit.katex.renderer import Display, Renderer, framed
from checkedmath.sphinx_ext.bar import Draw, Place, bar
from checkedmath.sphinx_ext.domain import domain_of
from checkedmath.sphinx_ext.permalinks import address
from checkedmath.sphinx_ext.referee.links import check_address
from checkedmath.sphinx_ext.steps import Step, steps_of
from checkedmath.subject.setting import IDENTITIES
from checkedmath.writing.forms import Forms


def display(app: Sphinx, writer: HTML5Translator, node: nodes.math_block, renderer: Renderer) -> Display | None:
    """Return how a formula stands in its page, drawn by KaTeX; None for one that was not judged."""
    if not is_dressed(node):
        return None
    if not node.get("ids"):
        give_anchor(writer.document, node)
    shown, stepped = body(node, lambda: renderer.whole(writer, node), renderer.drawn, renderer.framed)
    if in_one_piece(app):  # where nothing can be opened
        return Display(shown)
    link = permalink(writer, node) if node.get("number") and "forms" in node else ""
    below = under(app, writer, node, lambda tex: renderer.drawn(tex, display=True, output=EYE), stepped=stepped)
    return Display(shown, link, below)


def visit_math_block(app: Sphinx, writer: HTML5Translator, node: nodes.math_block) -> None:
    """Write a formula as the book's renderer does; where that is not KaTeX, which asks for `display`, the bar too."""
    try:
        HTML5Translator.visit_math_block(writer, node)
    except nodes.SkipNode:
        builder: Any = writer.builder
        if is_dressed(node) and builder.math_renderer_name != "katex" and writes_pages(app):
            writer.body.append(under(app, writer, node, lambda _tex: "", stepped=False))
        raise


def is_dressed(node: nodes.Element) -> bool:
    """Whether the formula was judged or has a reason why not: then it has a bar."""
    return "forms" in node or bool(node.get("unchecked"))


def body(
    node: nodes.Element, whole: Callable[[], str], draw: Draw, frame: Callable[[str, str, str], str] = framed
) -> tuple[str, bool]:
    """Return what is seen of a formula, its drawing or its steps each on a line of its own, and whether it is these.

    ``whole`` draws the formula, ``draw`` LaTeX in a line, "" where KaTeX cannot; ``frame`` puts content into its place,
    with the words for it and its role.
    """
    forms: Forms = node.get("forms") or Forms()
    steps = steps_of(forms.marked) if forms.words else []
    drawn = [_cells(step, draw) for step in steps]
    role = "group" if steps else "math"
    if not steps or not all(all(cells) for cells in drawn):
        return frame(whole(), forms.words, role), False
    lines = "".join(
        f'<div class="formula-step"><span class="formula-left">{left}</span>'
        f'<span class="formula-right">{right}</span>'
        f'<span class="formula-reason">{escape(step.reason)}</span></div>'
        for step, (left, right) in zip(steps, drawn, strict=True)
    )
    return frame(f'<div class="formula-steps">{lines}</div>', forms.words, role), True


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
    return up.replace("#", "") + address(quote(str(node["label"]), safe=""))


def under(app: Sphinx, writer: HTML5Translator, node: nodes.Element, draw: Draw, *, stepped: bool) -> str:
    """Return the bar under the formula."""
    builder: Any = app.builder
    known = domain_of(app.env).session.settings
    label = node.get("label")
    site = app.config.html_baseurl
    found: list[dict[str, Any]] = node.get("verdicts", [])
    verdicts = [{**verdict, "several": len(found) > 1} for verdict in found]
    about = {**node.attributes, "verdicts": verdicts, "stepped": stepped}
    place = Place(
        draw=draw,
        permalink=permalink(writer, node) if label else "",
        address=f"{site.rstrip('/')}/{address(quote(label, safe=''))}" if site and label else "",
        link=lambda target: _link(builder, target),
        titles={name: setting.title for name, setting in known.items()},
        objects={name: setting.objects for name, setting in known.items()},
        sources=app.config.checkedmath_repository,
        check=_check(builder, node),
    )
    return bar(node.get("forms"), about, place)


def _check(builder: StandaloneHTMLBuilder, node: nodes.Element) -> str:
    """Return the address that checks the formula: as its forum text, or as its author wrote it, in its setting."""
    forms: Forms | None = node.get("forms")
    if forms is None or forms.setting == IDENTITIES or not node.get("verdicts"):
        return ""  # free letters are declared on the page, which their text alone does not hold
    text = forms.forum if forms.forum and "\n" not in forms.forum else forms.latex or node.astext().strip()
    return check_address(builder, text, forms.setting)


def _link(builder: StandaloneHTMLBuilder, target: str) -> str:
    """Return the address of page#place from the page that is written, or nothing where there is no such page."""
    page, _, place = target.partition("#")
    if page not in builder.env.found_docs:
        return ""
    return f"{builder.get_relative_uri(builder.current_docname, page)}#{place}"


def setup(app: Sphinx) -> None:
    """Write the bar where the book's renderer does not ask for it."""
    written = partial(visit_math_block, app), HTML5Translator.depart_math_block
    app.add_node(nodes.math_block, override=True, html=written)
