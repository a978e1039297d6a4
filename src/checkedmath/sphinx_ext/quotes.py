"""``{verdict}``: what the checker says of a formula, quoted in a sentence, is run and never typed.

The formula is given to the checker as a reader would type it on the command line: in the course's layout,
and without a setting in the first one that fits.  The page then says the verdict in words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxRole

from checkedmath.sphinx_ext.formulas import Quoted, shared_session, unknown
from checkedmath.verdict import CONDITIONAL, FAILS, HOLDS, UNREADABLE, Verdict

SYNTAX = (
    "expected formula | setting | verdict, or formula | verdict, where the verdict is one of: holds; "
    "conditional: CODE, or CODE, CODE; fails: MISTAKE, or fails: none; unreadable"
)
SAYS = re.compile(rf"(?:{HOLDS}|{UNREADABLE}|(?:{CONDITIONAL}|{FAILS}):\s*\S.*)")


@dataclass(frozen=True)
class Quote:
    """A formula, the setting it is judged in, and the verdict that the author expects."""

    formula: str
    setting: str
    verdict: str
    codes: frozenset[str] = frozenset()  # the conditions, or the mistake

    @classmethod
    def read(cls, text: str) -> Quote:
        """Return what a role says.  Raises `ValueError` with what was expected.

        >>> Quote.read("W2.T * dZ2 = dA1 | two-layer-batch | fails: none").setting
        'two-layer-batch'
        """
        parts = [part.strip() for part in re.split(r"\s\|\s", text)]
        if len(parts) not in {2, 3} or not all(parts) or not SAYS.fullmatch(parts[-1]):
            raise ValueError(f"verdict: {SYNTAX}; got {text!r}")
        verdict, _, codes = parts[-1].partition(":")
        named = frozenset(code.strip() for code in codes.split(",")) - {"", "none"}
        return cls(parts[0], parts[1] if len(parts) == 3 else "", verdict, named)

    def is_of(self, verdict: Verdict) -> bool:
        """Whether this is what the checker says."""
        return (self.verdict, self.codes) == (verdict.verdict, codes_of(verdict))


def codes_of(verdict: Verdict) -> frozenset[str]:
    """Return the conditions of a verdict, or its mistake."""
    if verdict.verdict == CONDITIONAL:
        return frozenset(condition.code for condition in verdict.where)
    return frozenset({verdict.mistake} if verdict.verdict == FAILS and verdict.mistake else ())


def written(verdict: str, codes: frozenset[str]) -> str:
    """Return a verdict as an author writes it.

    >>> written("fails", frozenset())
    'fails: none'
    """
    return f"{verdict}: {', '.join(sorted(codes)) or 'none'}" if verdict in {CONDITIONAL, FAILS} else verdict


def in_words(verdict: Verdict) -> list[nodes.Node]:
    """Return the verdict as the rest of a sentence that begins with the formula; no code stands in it."""
    if verdict.verdict == CONDITIONAL:
        where = " and ".join(condition.text for condition in verdict.where)
        return [nodes.Text(f" is true if {where}, and false as it stands" if where else " is true on a condition")]
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
            return self._said(text, [], Quoted("", Verdict(UNREADABLE, str(error)), ("verdict", str(error)))), []
        if not self.config.checkedmath_check:
            return self._said(quote.formula, in_words(Verdict(quote.verdict, "")), None), []
        session = shared_session()
        if quote.setting and quote.setting not in session.settings:
            said = f"verdict: {unknown('setting', quote.setting, session.settings)}"
            quoted = Quoted(quote.setting, Verdict(UNREADABLE, said), ("setting", said))
            return self._said(quote.formula, [], quoted), []
        verdict = session.check(quote.formula, quote.setting or None)
        fault = None
        if not quote.is_of(verdict):
            got = written(verdict.verdict, codes_of(verdict))
            said = f"the page says {written(quote.verdict, quote.codes)!r}, the checker says {got!r}"
            fault = "expected", f"{quote.formula}\n  {said}: {verdict.message}"
        return self._said(quote.formula, in_words(verdict), Quoted(quote.setting, verdict, fault)), []

    def _said(self, formula: str, words: list[nodes.Node], quoted: Quoted | None) -> list[nodes.Node]:
        code = nodes.literal(formula, formula)
        if quoted is not None:
            code["quoted"] = quoted
        return [nodes.inline("", "", code, *words, classes=["quoted-verdict"])]


def setup(app: Sphinx) -> None:
    """Register the role."""
    app.add_role("verdict", VerdictRole())
