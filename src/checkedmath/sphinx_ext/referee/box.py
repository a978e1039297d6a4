"""``{referee}``: the box in which a reader checks a formula, with examples to begin with.

The content lists the examples: a line that says what is shown, and below it, indented, the text. A setting may stand in
brackets at the end of the line. ``:rows:`` names the codes of the conditions "examples are rows", which the reader may
grant beforehand. Without JavaScript the box says what to do instead, which the page around it explains.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape
from textwrap import dedent
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

from checkedmath.sphinx_ext.domain import domain_of
from checkedmath.sphinx_ext.referee.serving import FOLDER, address

NAMED = re.compile(r"(?P<name>.+?)(?: \[(?P<setting>[\w-]+)\])?")
LAYOUTS = (("", "the course’s, then others"), ("numerator", "numerator"), ("denominator", "denominator"))
NO_SCRIPT = "This box needs JavaScript: it runs the checker in your browser. The command line below says the same."
OLD = "If you can read this, your browser is too old to run the checker. The command line below says the same."


class RefereeBox(nodes.General, nodes.Element):
    """The place of the box."""


class RefereeDirective(SphinxDirective):
    """``{referee}`` with examples."""

    has_content = True
    option_spec: ClassVar[dict[str, Any]] = {"rows": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        """Return the mark, or an error that says how examples are written."""
        settings = domain_of(self.env).session.settings
        examples = list(examples_in(self.content))
        for name, text, setting in examples:
            if not text:
                raise self.error(f"referee: expected a text below {name!r}, indented")
            if setting and setting not in settings:
                raise self.error(f"referee: unknown setting {setting!r}: expected one of {', '.join(settings)}")
        titles = [(one.name, one.title) for one in settings.values()]
        return [RefereeBox("", examples=examples, settings=titles, rows=self.options.get("rows", ""))]


def examples_in(lines: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """Yield the name, the text and the setting of each example.

    >>> list(examples_in(["The order [two-layer]", "  dz1 = dz2 W2", "  da1 = 0"]))
    [('The order', 'dz1 = dz2 W2\\nda1 = 0', 'two-layer')]
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
    builder = self.builder
    root = builder.get_relative_uri(builder.current_docname, builder.config.root_doc).rpartition("/")[0]
    settings = "".join(f'<option value="{escape(name)}">{escape(title)}</option>' for name, title in node["settings"])
    layouts = "".join(f'<option value="{name}">{escape(said)}</option>' for name, said in LAYOUTS)
    examples = "".join(
        f'<li><button type="button" data-text="{escape(text)}"'
        + (f' data-setting="{escape(setting)}"' if setting else "")
        + f"><span>{escape(name)}</span> <code>{escape(text.splitlines()[0])}{' …' * (len(text.splitlines()) > 1)}</code>"
        + "</button></li>"
        for name, text, setting in node["examples"]
    )
    rows = (
        '<label class="referee-rows"><input type="checkbox" name="rows"> my examples are rows</label>'
        if node["rows"] else '<input type="checkbox" name="rows" hidden aria-hidden="true" tabindex="-1">'
    )  # fmt: skip
    self.body.append(
        f'<div class="referee" data-site="{escape(root + "/" if root else "./")}" data-rows="{escape(node["rows"])}">\n'
        f'<noscript><p>{NO_SCRIPT}</p></noscript>\n<p class="referee-old" hidden>{OLD}</p>\n'
        '<form hidden><label class="referee-label" for="referee-text">Your formula or code</label>'
        '<textarea id="referee-text" name="text" rows="4" spellcheck="false" autocapitalize="off" autocomplete="off"'
        ' autocorrect="off" aria-describedby="referee-cost"></textarea>'
        '<div class="referee-options"><label>It is about <select name="setting"><option value="">what the text shows'
        f'</option>{settings}</select></label><label>Layout <select name="layout">{layouts}</select></label>{rows}</div>'
        '<div class="referee-go"><button type="submit">Check</button> <kbd>Ctrl</kbd> + <kbd>Enter</kbd>'
        '<button type="button" class="referee-stop" hidden>Stop</button></div>'
        '<p class="referee-cost" id="referee-cost">The first check loads Python and the checker, '
        '<span class="referee-size">about 5 MB</span>, from this site. After that this tab needs no network. '
        "What you type is sent nowhere.</p></form>\n"
        '<div class="referee-status" role="status" aria-live="polite"></div>'
        '<progress max="1" value="0" hidden aria-label="Loading"></progress>\n'
        '<section class="referee-answer" aria-label="Answer"></section>\n'
        '<div class="referee-after" hidden><button type="button">Copy link</button> '
        '<button type="button">Copy as a forum reply</button> <small class="referee-version"></small></div>\n'
        f'<p class="referee-heading">Examples to try</p><ul class="referee-examples">{examples}</ul>\n'
        f'<script type="module" src="{escape(address(self, "check.js"))}"></script>\n</div>\n'
    )
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


__all__ = ["FOLDER", "RefereeBox", "RefereeDirective", "examples_in", "setup"]
