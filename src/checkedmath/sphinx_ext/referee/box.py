"""``{referee}``: the box in which a reader checks a formula, with examples to begin with.

The content lists the examples: a line that says what is shown, and below it, indented, the text. A setting may stand in
brackets at the end of the line. ``:rows:`` names the codes of the conditions "examples are rows", which the reader may
grant beforehand. Without JavaScript the box says what to do instead, which the page around it explains.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from textwrap import dedent
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from jinja2 import Environment, FileSystemLoader
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

from checkedmath.sphinx_ext.domain import domain_of
from checkedmath.sphinx_ext.referee.serving import Answering, address, up

NAMED = re.compile(r"(?P<name>.+?)(?: \[(?P<setting>[\w-]+)\])?")
TEMPLATES = Environment(loader=FileSystemLoader(Path(__file__).with_name("templates")), autoescape=True)
TEMPLATE = TEMPLATES.get_template("box.html")


class RefereeBox(Answering):
    """The place of the box."""


class RefereeDirective(SphinxDirective):
    """``{referee}`` with examples."""

    has_content = True
    option_spec: ClassVar[dict[str, Any]] = {"rows": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        """Return the mark, or an error that says how examples are written."""
        settings = domain_of(self.env).session.settings
        examples = list(examples_in([*self.content]))
        for name, text, setting in examples:
            if not text:
                raise self.error(f"referee: expected a text below {name!r}, indented")
            if setting and setting not in settings:
                raise self.error(f"referee: unknown setting {setting!r}: expected one of {', '.join(settings)}")
        titles = [(one.name, one.title) for one in settings.values()]
        return [RefereeBox("", examples=examples, settings=titles, rows=self.options.get("rows", ""))]


def examples_in(lines: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """Yield the name, the text and the setting of each example.

    >>> list(examples_in(["The order [two-layer]", "  dz1 = dz2 W2"]))
    [('The order', 'dz1 = dz2 W2', 'two-layer')]
    """
    name, setting, text = "", "", []
    for line in [*lines, "end"]:
        if line[:1].isspace() or not line:
            text.append(line)
            continue
        if name:
            yield name, dedent("\n".join(text)).strip("\n"), setting
        named = NAMED.fullmatch(line)
        assert named is not None
        name, setting, text = named["name"], named["setting"] or "", []


def visit(self: HTML5Translator, node: RefereeBox) -> None:
    """Write the box; the script shows what needs it."""
    found = {name: node[name] for name in ("examples", "settings", "rows")}
    site = up(self) or "./"
    self.body.append(TEMPLATE.render(site=site, script=address(self, "check.js"), **found) + "\n")
    raise nodes.SkipNode


def skip(self: object, node: nodes.Node) -> None:
    """Write nothing where nobody types."""
    raise nodes.SkipNode


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_node(
        RefereeBox, html=(visit, None), epub=(skip, None), latex=(skip, None), text=(skip, None), man=(skip, None)
    )
    app.add_directive("referee", RefereeDirective)


__all__ = ["RefereeBox", "RefereeDirective", "examples_in", "setup"]
