"""One place that ties the parts together: read, judge, and find the nearest true formula.

A session remembers what was computed, so that a batch of formulas shares draws and oracle values.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property

from checkedmath.judging.pipeline import judge_text
from checkedmath.judging.premises import INDICES, gives_indices, only_gives
from checkedmath.judging.statement import INLINE, Context, Statement, our_fault, unreadable
from checkedmath.judging.verdict import FAILS, HOLDS, UNREADABLE, Verdict
from checkedmath.judging.workspace import Workspace
from checkedmath.judging.worst import verdict_on
from checkedmath.reading.branches import branches_dressed
from checkedmath.reading.chain_rule import with_links
from checkedmath.reading.entries_of_functions import entries_named
from checkedmath.reading.names import names_of
from checkedmath.reading.updates import updates_dressed
from checkedmath.subject.setting import IDENTITIES, Shape
from checkedmath.syntax.budget import MAX_LENGTH, Overspent, budget
from checkedmath.syntax.errors import Unreadable
from checkedmath.syntax.spelled_out import spelled_out

#: What is taken for granted where nothing says what letters depend on.
LINKED = "where each of its letters depends on the next one alone"
OF_NOTHING = "expected a text that one setting knows all of"
#: For how many settings the steps must suffice, where a text chooses its own.
TRIES = 3


class Session(Workspace):
    """Judges formulas, one after the other, in the installed settings."""

    def check(
        self,
        text: str,
        setting: str | None = None,
        *,
        style: str = "auto",
        layout: str = "",
        target: str = "",
        lets: Mapping[str, Shape] | None = None,
        nearest: bool = True,
    ) -> Verdict:
        """Return the verdict on a text.

        Without ``setting`` the text chooses its own, and the verdict is that setting's.  ``layout``, ``target`` and
        ``lets`` as on the command line.  Raises `KeyError` for an unknown setting.
        """
        context = Context(
            setting or "", layout, lets or {}, page=False, style=style, target=target, nearest=nearest,
        )  # fmt: skip
        return self.examine(text, context)[0]

    def examine(self, text: str, context: Context) -> tuple[Verdict, list[Statement], str]:
        """Return the verdict on a text, what it states, and the text as it was judged, of which all places are.

        Braces and dots are spelled out in it; a text that cannot be read states nothing.  Where the context names no
        setting the text chooses its own.  Raises `KeyError` for an unknown setting.
        """
        if context.setting:
            self.settings[context.setting]
        start, chosen = time.perf_counter(), context.setting
        found: list[Statement] = []
        read_as: tuple[str, ...] = ()
        try:
            if not context.lets and gives_indices(text):
                return Verdict(UNREADABLE, INDICES, setting=chosen or IDENTITIES), found, text
            text, read_as = self._spelled(text)
            with budget(text, 1 if chosen else TRIES):
                chosen, is_known = (chosen, True) if chosen else self.chosen(text, context.style, context.lets)
                found = judge_text(text, INLINE, replace(context, setting=chosen), self)
                verdict = verdict_on(text, found)
                if verdict.verdict == FAILS and not is_known and "\\" in text:
                    # It may be about something else: what it says is false of what it may not be about.
                    verdict = Verdict(UNREADABLE, f"{OF_NOTHING}; {verdict.message}", setting=chosen)
                elif not context.setting and verdict.verdict == FAILS and verdict.line and context.nearest:
                    verdict = verdict if verdict.nearest else self._of_its_own(text, verdict, context)
        except Unreadable as error:
            verdict = unreadable(error, chosen)
        except (Overspent, ImportError):
            raise
        except Exception as error:  # noqa: BLE001
            verdict = our_fault(error, chosen)
        if not context.lets and len(text) <= MAX_LENGTH:
            verdict = self._of_half_a_sentence(text, verdict)
        if found and verdict != verdict_on(text, found):
            found = []  # what its statements were said to be is not said of the whole
        verdict = replace(verdict, notes=(*read_as, *verdict.notes), ms=(time.perf_counter() - start) * 1000)
        return verdict, found, text

    def _of_half_a_sentence(self, text: str, verdict: Verdict) -> Verdict:
        """Return the verdict on a text that is not true by itself, if it only gives something or links letters."""
        if verdict.verdict in {FAILS, UNREADABLE} and (said := only_gives(text)):
            return Verdict(UNREADABLE, said, setting=verdict.setting)
        if verdict.verdict == UNREADABLE and (linked := with_links(text)):
            through = self.check(linked, IDENTITIES, nearest=False)
            if through.verdict == HOLDS:
                return Verdict(HOLDS, f"{through.message}, {LINKED}", setting=IDENTITIES, draws=through.draws)
        return verdict

    def _of_its_own(self, text: str, verdict: Verdict, context: Context) -> Verdict:
        """Return the verdict on a text that no setting means: by what else a setting means nothing of it is false."""
        letter = self.own_meaning(text, verdict.setting, context.style, context.lets)
        if not letter:
            return verdict
        said = f"expected letters that mean the same throughout: this text says what {letter} is, and in"
        said = f"{said} {verdict.setting} it is something else, which is no slip of one sign ({verdict.message})"
        return replace(verdict, verdict=UNREADABLE, message=said)

    def _spelled(self, text: str) -> tuple[str, tuple[str, ...]]:
        """Return a text in the notation that is read, and notes on what was read as what."""
        read_as: tuple[str, ...] = ()
        spellers = (spelled_out, self._branches_dressed, entries_named, updates_dressed)
        for spell in spellers if len(text) <= MAX_LENGTH else ():
            text, notes = spell(text)
            read_as += notes
        return text, read_as

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset().union(*(names_of(setting).spellings for setting in self.settings.values()))

    def _branches_dressed(self, text: str) -> tuple[str, tuple[str, ...]]:
        return branches_dressed(text, self._names)
