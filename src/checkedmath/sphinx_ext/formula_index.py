"""``{formula-index}``: every labelled formula of the book, its question, its forum text, its page."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.nodes import make_refnode

from checkedmath.sphinx_ext.domain import FormulaDomain, Labelled, domain_of
from checkedmath.sphinx_ext.permalinks import FOLDER
from checkedmath.sphinx_ext.plain_text import plain_formula, plain_text


def formula_index(app: Sphinx, docname: str) -> list[nodes.Node]:
    """Return the index as it is on a page: a list of its sections, then a section for each page with formulas."""
    domain = domain_of(app.env)
    contents = nodes.bullet_list("", classes=["formula-contents"])
    found: list[nodes.Node] = []
    for page, formulas in domain.in_reading_order():
        title, place = plain_text(app.env.titles[page]), f"formulas-{page.replace('/', '-')}"
        link = nodes.reference("", title, refid=place, internal=True)
        contents += nodes.list_item("", nodes.paragraph("", "", link, nodes.Text(f" ({len(formulas)})")))
        heading = nodes.rubric("", "", make_refnode(app.builder, docname, page, "", nodes.Text(title)), ids=[place])
        heading["heading-level"] = 2
        found += [heading, nodes.definition_list("", *(_item(app, domain, f, docname) for f in formulas))]
        found[-1]["classes"].append("formula-index")  # type: ignore[index]
    return [contents, *found] if found else [nodes.paragraph("", "No formula of this book has a label.")]


def _item(app: Sphinx, domain: FormulaDomain, formula: Labelled, docname: str) -> nodes.definition_list_item:
    asked = make_refnode(app.builder, docname, formula.page, formula.anchor, nodes.Text(formula.question))
    number = domain.number(formula.label)
    term = nodes.term("", "", asked, nodes.Text(f" ({number})" if number else ""))
    text = domain.forms(formula.label).forum or plain_formula(formula.tex)
    block = [nodes.literal_block(text, text, language="text")] if "\n" in text else []  # a derivation
    written = nodes.paragraph("", "", *([] if block else [nodes.literal("", text, classes=["formula-text-line"])]))
    if formula.mistake:
        written += nodes.Text(" (a mistake, shown as one)")
    if (home := domain.formulas.get(formula.twin_of)) is not None:
        link = make_refnode(app.builder, docname, home.page, home.anchor, nodes.Text(home.question))
        written += [nodes.Text(" (the same as "), link, nodes.Text(")")]
    if app.builder.name in {"html", "dirhtml"}:  # which write that page
        written += [nodes.Text(" "), _permalink(app, formula, docname)]
    return nodes.definition_list_item("", term, nodes.definition("", *block, written))


def _permalink(app: Sphinx, formula: Labelled, docname: str) -> nodes.reference:
    # A page of this site that Sphinx does not know: its address is relative to that of this page.
    up = "../" * app.builder.get_target_uri(docname).count("/")
    address = f"{up}{FOLDER}/{formula.label}.html"
    return nodes.reference("", "permalink", refuri=address, internal=True, reftitle=formula.label)
