"""``{formula-index}``: every labelled formula of the book, its question, its forum text, its page.

Known only when all pages have been read, so the directive leaves a mark that is filled in when its
page is written; that page is written anew in every build.
"""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_refnode

from checkedmath.sphinx_ext.domain import FormulaDomain, Labelled, domain_of
from checkedmath.sphinx_ext.permalinks import FOLDER
from checkedmath.sphinx_ext.plain import plain_formula, plain_text

HOLDERS = "checkedmath_index_pages"


class FormulaIndex(nodes.General, nodes.Element):
    """The place of the index on its page."""


class FormulaIndexDirective(SphinxDirective):
    """``{formula-index}`` takes no arguments."""

    def run(self) -> list[nodes.Node]:
        """Return the mark."""
        holders: set[str] = self.env.__dict__.setdefault(HOLDERS, set())
        holders.add(self.env.docname)
        return [FormulaIndex()]


def fill_in(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the index in the place of its mark."""
    for mark in list(doctree.findall(FormulaIndex)):
        mark.replace_self(_index(app, docname))


def _index(app: Sphinx, docname: str) -> list[nodes.Node]:
    domain = domain_of(app.env)
    found: list[nodes.Node] = []
    for page, formulas in domain.in_reading_order():
        link = make_refnode(app.builder, docname, page, "", nodes.Text(plain_text(app.env.titles[page])))
        heading = nodes.rubric("", "", link)
        heading["heading-level"] = 2
        found += [heading, nodes.definition_list("", *(_item(app, domain, f, docname) for f in formulas))]
        found[-1]["classes"].append("formula-index")  # type: ignore[index]
    return found or [nodes.paragraph("", "No formula of this book has a label.")]


def _item(app: Sphinx, domain: FormulaDomain, formula: Labelled, docname: str) -> nodes.definition_list_item:
    asked = make_refnode(app.builder, docname, formula.page, formula.anchor, nodes.Text(formula.question))
    number = domain.number(formula.label)
    term = nodes.term("", "", asked, nodes.Text(f" ({number})" if number else ""))
    text = domain.forms(formula.label).forum or plain_formula(formula.tex)
    block = [nodes.literal_block(text, text, language="text")] if "\n" in text else []  # a derivation
    written = nodes.paragraph("", "", *([] if block else [nodes.literal("", text, classes=["formula-text"])]))
    if formula.mistake:
        written += nodes.Text(" (a mistake, shown as one)")
    if app.builder.format == "html":
        written += [nodes.Text(" "), _permalink(app, formula, docname)]
    return nodes.definition_list_item("", term, nodes.definition("", *block, written))


def _permalink(app: Sphinx, formula: Labelled, docname: str) -> nodes.reference:
    # A page of this site that Sphinx does not know: its address is relative to that of this page.
    up = "../" * app.builder.get_target_uri(docname).count("/")
    address = f"{up}{FOLDER}/{formula.label}.html"
    return nodes.reference("", "permalink", refuri=address, internal=True, reftitle=formula.label)


def write_again(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Return the pages with the index: they are written in every build."""
    return sorted(name for name in getattr(env, HOLDERS, ()) if name in env.found_docs)


def forget_page(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """Drop a page that is read again or gone."""
    getattr(env, HOLDERS, set()).discard(docname)


def merge_pages(app: Sphinx, env: BuildEnvironment, docnames: set[str], other: BuildEnvironment) -> None:
    """Take over what another process found."""
    env.__dict__.setdefault(HOLDERS, set()).update(getattr(other, HOLDERS, set()) & set(docnames))


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_node(FormulaIndex)
    app.add_directive("formula-index", FormulaIndexDirective)
    app.connect("doctree-resolved", fill_in)
    app.connect("env-updated", write_again)
    app.connect("env-purge-doc", forget_page)
    app.connect("env-merge-info", merge_pages)
