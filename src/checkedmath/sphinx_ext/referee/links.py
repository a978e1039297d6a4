"""Links that open the page *Check your own formula* with a formula in its box."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

#: An address longer than this is cut by some programs: then there is no link.
LONGEST = 1800


class CheckLink(nodes.Inline, nodes.TextElement):
    """A ``formula`` of a ``setting``, that can be opened in the box."""


def check_address(builder: Any, text: str, setting: str = "") -> str:
    """Return the address of the box with this text, from the page that is written; "" where there is no such page."""
    page = builder.config.checkedmath_check_page
    if not text or not page or page not in builder.env.found_docs:
        return ""
    asked = f"#f={quote(text, safe='')}" + (f"&s={quote(setting, safe='')}" if setting else "")
    return builder.get_relative_uri(builder.current_docname, page) + asked if len(asked) <= LONGEST else ""


def visit(self: HTML5Translator, node: CheckLink) -> None:
    """Open the link."""
    address = check_address(self.builder, node["formula"], node["setting"])
    self.body.append(self.starttag(node, "a", "", href=address, title="Change it and check") if address else "")
    self.context.append("</a>" if address else "")


def depart(self: HTML5Translator, node: CheckLink) -> None:
    """Close it."""
    self.body.append(self.context.pop())


def nothing(self: object, node: nodes.Node) -> None:
    """Write what the link holds, and no link."""


def setup(app: Sphinx) -> None:
    """Register the link."""
    plain = (nothing, nothing)
    app.add_node(CheckLink, html=(visit, depart), epub=plain, latex=plain, text=plain, man=plain)
