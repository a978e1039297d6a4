"""The domain ``formula``: all that is known of the book's formulas, and the role that refers to a labelled one.

``{formula}`answer``` links to the formula where it stands: by its number on the same page, by its
question from another one.  ``{formula}`the answer <answer>``` gives the link words of its own.
``{eq}`` stays what it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from typing import Any, ClassVar

from docutils import nodes
from docutils.nodes import Element, Node, make_id, system_message
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.domains import Domain, ObjType
from sphinx.environment import BuildEnvironment
from sphinx.errors import ConfigError
from sphinx.roles import XRefRole
from sphinx.util import logging
from sphinx.util.nodes import make_refnode

from checkedmath.judging.session import Session
from checkedmath.sphinx_ext.plain_text import title_above
from checkedmath.sphinx_ext.registry import bad_labels
from checkedmath.sphinx_ext.results import Results
from checkedmath.values.installed import installed_settings
from checkedmath.writing.forms import Forms

logger = logging.getLogger(__name__)
NAME = "formula"


@dataclass(frozen=True)
class Labelled:
    """A formula with a label: where it stands, what it answers, and what it says.

    ``mistake`` is what a formula that is false on purpose shows; ``unchecked`` the reason why one is
    not executed; ``twin_of`` the label of the same formula at its home.  All three are mostly empty.
    """

    label: str
    page: str
    anchor: str
    tex: str
    question: str
    meaning: str
    mistake: str
    unchecked: str
    line: int = 0
    twin_of: str = ""


class FormulaRole(XRefRole):
    """``{formula}`label``` or ``{formula}`text <label>```."""

    def result_nodes(
        self, document: nodes.document, env: BuildEnvironment, node: Element, is_ref: bool
    ) -> tuple[list[Node], list[system_message]]:
        """Say to which domain the reference belongs, so that the role is written without its name."""
        node["refdomain"], node["reftype"] = NAME, "ref"
        return [node], []


class FormulaDomain(Domain):
    """What a build knows of formulas: those with labels, what was found on each page, which are filled in late."""

    name = NAME
    label = "Formula"
    object_types: ClassVar[dict[str, ObjType]] = {"label": ObjType("formula", "ref")}
    roles: ClassVar[dict[str, Any]] = {"ref": FormulaRole(warn_dangling=True)}
    initial_data: ClassVar[dict[str, Any]] = {"formulas": {}, "results": {}, "late": set()}
    data_version = 4

    @cached_property
    def session(self) -> Session:
        """One session for a build, in the settings of the subjects that conf.py names, or of all that are installed.

        Raises `ConfigError` for a subject that is not there, and where two bring a setting of one name.
        """
        try:
            return Session(installed_settings(tuple(self.env.config.checkedmath_subjects) or None))
        except (ValueError, ImportError, AttributeError) as error:
            raise ConfigError(f"checkedmath_subjects: {error}") from error

    @property
    def addressed(self) -> dict[str, Labelled]:
        """The formulas whose label can be an address.  Whatever is written under a label is written for these alone."""
        unfit = bad_labels(self.formulas)
        return {label: formula for label, formula in self.formulas.items() if label not in unfit}

    @property
    def formulas(self) -> dict[str, Labelled]:
        """Every labelled formula, by label, as the pages were read."""
        found: dict[str, Labelled] = self.data["formulas"]
        return found

    @property
    def results(self) -> dict[str, Results]:
        """What was found on each page, by docname."""
        found: dict[str, Results] = self.data["results"]
        return found

    @property
    def late(self) -> set[str]:
        """The pages that show what is known only when all pages have been read (`late`)."""
        found: set[str] = self.data["late"]
        return found

    def note(self, docname: str, doctree: nodes.document) -> None:
        """Note the formulas of a page that has just been read and judged."""
        for node in doctree.findall(nodes.math_block):
            label = node.get("label")
            if label and label not in self.formulas:  # Sphinx warns of a label that is there twice
                self.formulas[label] = Labelled(
                    label, docname, make_id(f"equation-{label}"), node.astext(),
                    node.get("question") or title_above(node), node.get("meaning", ""),
                    node.get("expect-false") or node.get("expect-conditional") or "", node.get("unchecked", ""),
                    node.line or 0, node.get("twin-of", ""),
                )  # fmt: skip

    def clear_doc(self, docname: str) -> None:
        """Forget what is known of a page that is read again or gone."""
        self.results.pop(docname, None)
        self.late.discard(docname)
        for label, formula in list(self.formulas.items()):
            if formula.page == docname:
                del self.formulas[label]

    def merge_domaindata(self, docnames: AbstractSet[str], otherdata: dict[str, Any]) -> None:
        """Take over what another process read."""
        for label, formula in otherdata["formulas"].items():
            if formula.page in docnames:
                self.formulas[label] = formula
        self.results.update({page: found for page, found in otherdata["results"].items() if page in docnames})
        self.late.update(otherdata["late"] & set(docnames))

    def resolve_xref(
        self, env: BuildEnvironment, fromdocname: str, builder: Builder, typ: str, target: str,
        node: pending_xref, contnode: Element,
    ) -> nodes.reference | None:  # fmt: skip
        """Return the link, or None where there is no such formula."""
        formula = self.formulas.get(target)
        if formula is None:
            return None
        if not node.get("refexplicit"):
            number = self.number(target)
            here = fromdocname == formula.page and number
            contnode = nodes.inline("", f"({number})" if here else formula.question, classes=["formula-ref"])
        return make_refnode(builder, fromdocname, formula.page, formula.anchor, contnode, formula.question)

    def resolve_any_xref(
        self, env: BuildEnvironment, fromdocname: str, builder: Builder, target: str, node: pending_xref,
        contnode: Element,
    ) -> list[tuple[str, nodes.reference]]:  # fmt: skip
        """Return nothing: a page and a formula may share a name, and a plain link means the page."""
        return []

    def get_objects(self) -> Iterable[tuple[str, str, str, str, str, int]]:
        """Yield what stands in objects.inv: a formula by its forum text."""
        for label, formula in self.addressed.items():
            name = self.forum_text(label).replace("'", "′") or formula.question
            yield label, name, "label", formula.page, formula.anchor, -1  # left out of Sphinx's search

    def number(self, label: str) -> int | None:
        """Return the number the formula has in this build."""
        return self.env.domains.math_domain.get_equation_number_for(label)

    def forms(self, label: str) -> Forms:
        """Return the formula in every dress; all are empty if it is not executed."""
        results = self.results.get(self.formulas[label].page)
        found = results.forms.get(label) if results is not None else None
        return found[0] if found is not None else Forms()

    def forum_text(self, label: str) -> str:
        """Return the formula as the forum writes it, in one line."""
        return " ".join(self.forms(label).forum.split())

    def in_reading_order(self) -> list[tuple[str, list[Labelled]]]:
        """Return the pages that have labelled formulas, in the order of the tables of contents, with these."""
        by_page: dict[str, list[Labelled]] = {}
        for formula in self.addressed.values():
            by_page.setdefault(formula.page, []).append(formula)
        numbers = {label: self.number(label) or 0 for label in self.formulas}
        return [
            (page, sorted(by_page[page], key=lambda formula: numbers[formula.label]))
            for page in reading_order(self.env) if page in by_page
        ]  # fmt: skip


def domain_of(env: BuildEnvironment) -> FormulaDomain:
    """Return the domain."""
    domain = env.get_domain(NAME)
    assert isinstance(domain, FormulaDomain)
    return domain


def reading_order(env: BuildEnvironment) -> list[str]:
    """Return all pages: those of the tables of contents in their order, then the others by name."""

    def below(page: str) -> Iterator[str]:
        if page not in seen:
            seen.add(page)
            yield page
            for child in includes.get(page, ()):
                yield from below(child)

    seen: set[str] = set()
    includes: Mapping[str, Sequence[str]] = env.toctree_includes
    order = list(below(env.config.root_doc))
    return order + sorted(set(env.found_docs) - seen)


def note_page(app: Sphinx, doctree: nodes.document) -> None:
    """Note the formulas of the page that has just been read."""
    domain_of(app.env).note(app.env.docname, doctree)


def unknown(app: Sphinx, domain: Domain | None, node: pending_xref) -> bool | None:
    """Say of a label that there is no such formula, and which one is nearest."""
    if domain is None or domain.name != NAME:
        return None
    target, known = node["reftarget"], domain_of(app.env).formulas
    near = get_close_matches(target, list(known), 1)
    hint = f": did you mean {near[0]!r}?" if near else ""
    logger.warning("there is no formula with the label %r%s", target, hint, location=node, type="ref", subtype=NAME)
    return True


def setup(app: Sphinx) -> None:
    """Register the domain and the role."""
    app.add_config_value("checkedmath_subjects", (), "env", (list, tuple))  # entry points, or "module:NAME"
    app.add_domain(FormulaDomain)
    app.add_role("formula", FormulaRole(warn_dangling=True))
    app.connect("doctree-read", note_page, priority=600)  # after the judging, which reads formulas in titles
    app.connect("warn-missing-reference", unknown)
