"""``{verdict}`` and ``{quote}``: what the checker says of a formula that a page quotes is run and never typed.

The formula is given to the checker as a reader would type it on the command line: in the course's layout.  With
``{verdict}`` the page says the verdict in words; there, without a setting, the first one that fits is taken.  With
``{quote}`` the formula stands alone, as code, and is judged with the formulas of its page (see `spans`).
"""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxRole

from checkedmath.judging.verdict import CONDITIONAL, FAILS, HOLDS, UNREADABLE, Verdict
from checkedmath.sphinx_ext.domain import domain_of
from checkedmath.sphinx_ext.expected import UNCHECKED, Quote
from checkedmath.sphinx_ext.referee.links import CheckLink
from checkedmath.sphinx_ext.results import Quoted, unknown

#: What a reader is told when the pointer rests on a formula that is quoted alone; its text says whether it is true.
HINTS = {UNCHECKED: "quoted, not executed", HOLDS: ""}
HINT = "quoted, and executed"


def in_words(verdict: Verdict) -> list[nodes.Node]:
    """Return the verdict as the rest of a sentence that begins with the formula; no code stands in it."""
    if verdict.verdict == CONDITIONAL:
        where = " and ".join(condition.text for condition in verdict.where)
        return [nodes.Text(f" is true if {where}, and false otherwise" if where else " is true on a condition")]
    if verdict.verdict == FAILS and verdict.nearest:
        nearest = nodes.literal(verdict.nearest, verdict.nearest)
        return [nodes.Text(f" is false ({verdict.slip}; the nearest true formula is "), nearest, nodes.Text(")")]
    return [nodes.Text({HOLDS: " is true", FAILS: " is false", UNREADABLE: " cannot be read"}[verdict.verdict])]


class VerdictRole(SphinxRole):
    """``{verdict}`formula | setting | verdict```: the formula as code, and what the checker says of it in words."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return formula and words; what is wrong is reported with the page's formulas, at the formula's line."""
        text = " ".join(self.text.split())
        try:
            quote = Quote.read(text)
        except ValueError as error:
            said = f"verdict: {error}"
            return self._said(text, [], Quoted("", Verdict(UNREADABLE, said), ("verdict", said))), []
        if not self.config.checkedmath_check:
            return self._said(quote.formula, in_words(Verdict(quote.verdict, "")), None), []
        session = domain_of(self.env).session
        if quote.setting and quote.setting not in session.settings:
            said = f"verdict: {unknown('setting', quote.setting, session.settings)}"
            quoted = Quoted(quote.setting, Verdict(UNREADABLE, said), ("setting", said))
            return self._said(quote.formula, [], quoted), []
        verdict = session.check(quote.formula, quote.setting or None)
        said = quote.fault(verdict)
        fault = ("expected", said) if said else None
        return self._said(quote.formula, in_words(verdict), Quoted(quote.setting, verdict, fault)), []

    def _said(self, formula: str, words: list[nodes.Node], quoted: Quoted | None) -> list[nodes.Node]:
        code = nodes.literal(formula, formula)
        if quoted is not None:
            code["quoted"] = quoted
        link = CheckLink("", "", code, formula=formula, setting=quoted.setting if quoted is not None else "")
        return [nodes.inline("", "", link, *words, classes=["quoted-verdict"])]


class QuoteRole(SphinxRole):
    """``{quote}`formula | setting | verdict``` or ``{quote}`formula | unchecked: reason```: the formula as code."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the formula with what is expected of it; it is judged where its page's formulas are."""
        text = " ".join(self.text.split())
        try:
            quote = Quote.read(text, unchecked=True)
        except ValueError as error:
            said = f"quote: {error}"
            return [nodes.literal(text, text, quoted=Quoted("", Verdict(UNREADABLE, said), ("quote", said)))], []
        code = nodes.literal(quote.formula, quote.formula, quote=quote)
        hint = HINTS.get(quote.verdict, HINT)
        return [nodes.abbreviation("", "", code, explanation=hint) if hint else code], []


def setup(app: Sphinx) -> None:
    """Register the roles."""
    app.add_role("verdict", VerdictRole())
    app.add_role("quote", QuoteRole())
