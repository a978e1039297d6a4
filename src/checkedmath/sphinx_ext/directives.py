"""What an author writes beside the formulas: {setting}, {let}, {unchecked}, and options of {math}."""

from __future__ import annotations

from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.directives.patches import MathDirective
from sphinx.util.docutils import SphinxDirective, SphinxRole

from checkedmath.subject.declared_letters import parse_lets
from checkedmath.subject.view import LAYOUTS


class FormulaContext(nodes.Invisible, nodes.Element):
    """A change of setting, layout or declared shapes, to the end of the section it stands in."""


class SettingDirective(SphinxDirective):
    """``{setting} two-layer-batch``, with the option ``layout``."""

    required_arguments = 1
    option_spec: ClassVar[dict[str, Any]] = {"layout": lambda text: directives.choice(text, LAYOUTS)}

    def run(self) -> list[nodes.Node]:
        """Return the mark."""
        return [FormulaContext(setting=self.arguments[0].strip(), layout=self.options.get("layout"))]


class LetDirective(SphinxDirective):
    """``{let} A: (p, q), x: (q, 1)``: shapes of free symbols."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Return the mark, or an error that says what was expected."""
        try:
            lets = parse_lets(self.arguments[0])
        except ValueError as error:
            raise self.error(str(error).replace("--let", "let")) from None
        return [FormulaContext(lets=lets)]


class CheckedMath(MathDirective):
    """``{math}`` with ``expect-false``, ``expect-conditional`` and ``setting``, and what introduces it.

    ``question`` is the reader's question that the formula answers, in plain text; without it, the title
    of the section it stands in is taken.  ``meaning`` says the formula in one plain sentence.  ``twin-of`` is the
    label of the same formula at its home, where it is derived: the link that one gives.
    """

    option_spec: ClassVar[dict[str, Any]] = {
        **(MathDirective.option_spec or {}),
        "expect-false": directives.unchanged_required,
        "expect-conditional": directives.unchanged_required,
        "setting": directives.unchanged_required,
        "question": directives.unchanged_required,
        "meaning": directives.unchanged_required,
        "twin-of": directives.unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        """Return Sphinx's nodes with the expectation on the formula."""
        found = super().run()
        for node in found:
            for block in node.findall(nodes.math_block):
                for name in ("expect-false", "expect-conditional", "setting", "question", "meaning", "twin-of"):
                    if name in self.options:
                        block[name] = self.options[name]
        return found


class UncheckedDirective(MathDirective):
    """``{unchecked} reason``: a display that cannot be executed, with the reason why."""

    required_arguments = 1
    optional_arguments = 0
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Return Sphinx's nodes with the reason on the formula."""
        reason = self.arguments.pop()
        found = super().run()
        for node in found:
            for block in node.findall(nodes.math_block):
                block["unchecked"] = reason
        return found


class UncheckedRole(SphinxRole):
    """``{unchecked}`formula | reason```: the same within a line."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the formula, or an error if the reason is missing."""
        formula, bar, reason = self.text.rpartition("|")
        if not bar or not reason.strip():
            said = f"unchecked: expected formula | reason, got {self.text!r}"
            message = self.inliner.reporter.error(said, line=self.lineno)
            return [nodes.problematic(self.rawtext, self.rawtext)], [message]
        return [nodes.math(formula.strip(), formula.strip(), unchecked=reason.strip())], []


def setup(app: Sphinx) -> None:
    """Register directives and role."""
    app.add_node(FormulaContext)
    app.add_directive("setting", SettingDirective)
    app.add_directive("let", LetDirective)
    app.add_directive("math", CheckedMath, override=True)
    app.add_directive("unchecked", UncheckedDirective)
    app.add_role("unchecked", UncheckedRole())
