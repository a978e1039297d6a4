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
from checkedmath.judging.statement import INLINE, Context, our_fault, unreadable
from checkedmath.judging.verdict import FAILS, UNREADABLE, Verdict
from checkedmath.judging.workspace import Workspace
from checkedmath.judging.worst import verdict_on
from checkedmath.reading.branches import branches_dressed
from checkedmath.reading.entries_of_functions import entries_named
from checkedmath.reading.names import names_of
from checkedmath.reading.updates import updates_dressed
from checkedmath.subject.setting import IDENTITIES, Shape
from checkedmath.syntax.budget import MAX_LENGTH, Overspent, budget
from checkedmath.syntax.errors import Unreadable
from checkedmath.syntax.spelled_out import spelled_out

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
        if setting is not None:
            self.settings[setting]
        start, chosen = time.perf_counter(), setting or ""
        if gives_indices(text) and not lets:
            return Verdict(UNREADABLE, INDICES, setting=chosen or IDENTITIES)
        read_as: tuple[str, ...] = ()
        spellers = (spelled_out, self._branches_dressed, entries_named, updates_dressed)
        for spell in spellers if len(text) <= MAX_LENGTH else ():
            text, notes = spell(text)
            read_as += notes
        try:
            with budget(text, TRIES if setting is None else 1):
                chosen = self.choose(text, style, lets) if setting is None else setting
                context = Context(
                    chosen, layout, lets or {}, page=False, style=style, target=target, nearest=nearest,
                )  # fmt: skip
                verdict = verdict_on(text, judge_text(text, INLINE, context, self))
        except Unreadable as error:
            verdict = unreadable(error, chosen)
        except (Overspent, ImportError):
            raise
        except Exception as error:  # noqa: BLE001
            verdict = our_fault(error, chosen)
        if verdict.verdict in {FAILS, UNREADABLE} and not lets and (said := only_gives(text)):
            verdict = Verdict(UNREADABLE, said, setting=verdict.setting)
        return replace(verdict, notes=(*read_as, *verdict.notes), ms=(time.perf_counter() - start) * 1000)

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset().union(*(names_of(setting).spellings for setting in self.settings.values()))

    def _branches_dressed(self, text: str) -> tuple[str, tuple[str, ...]]:
        return branches_dressed(text, self._names)
