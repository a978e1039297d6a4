"""One place that ties the parts together: read, judge, and find the nearest true formula.

A session remembers what was computed, so that a batch of formulas shares draws and oracle values.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace

from checkedmath.judging.pipeline import judge_text
from checkedmath.judging.statement import INLINE, Context, Statement, our_fault, unreadable
from checkedmath.judging.verdict import Verdict
from checkedmath.judging.workspace import Workspace
from checkedmath.judging.worst import verdict_on
from checkedmath.subject.setting import Shape
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
        text, read_as = spelled_out(text) if len(text) <= MAX_LENGTH else (text, ())
        try:
            with budget(text, 1 if chosen else TRIES):
                chosen = chosen or self.choose(text, context.style, context.lets)
                found = judge_text(text, INLINE, replace(context, setting=chosen), self)
                verdict = verdict_on(text, found)
        except Unreadable as error:
            verdict = unreadable(error, chosen)
        except (Overspent, ImportError):
            raise
        except Exception as error:  # noqa: BLE001
            verdict = our_fault(error, chosen)
        verdict = replace(verdict, notes=(*read_as, *verdict.notes), ms=(time.perf_counter() - start) * 1000)
        return verdict, found, text
