"""One place that ties the parts together: read, judge, and find the nearest true formula.

A session remembers what was computed, so that a batch of formulas shares draws and oracle values.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace

from checkedmath.judging.pipeline import judge_text
from checkedmath.judging.statement import INLINE, Context, our_fault, unreadable
from checkedmath.judging.verdict import FAILS, UNREADABLE, Verdict
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
        if setting is not None:
            self.settings[setting]
        start, chosen = time.perf_counter(), setting or ""
        text, read_as = spelled_out(text) if len(text) <= MAX_LENGTH else (text, ())
        try:
            with budget(text, TRIES if setting is None else 1):
                chosen = self.choose(text, style, lets) if setting is None else setting
                context = Context(
                    chosen, layout, lets or {}, page=False, style=style, target=target, nearest=nearest,
                )  # fmt: skip
                verdict = verdict_on(text, judge_text(text, INLINE, context, self))
                if setting is None and verdict.verdict == FAILS and verdict.line and nearest and not verdict.nearest:
                    verdict = self._of_its_own(text, verdict, style, lets)
        except Unreadable as error:
            verdict = unreadable(error, chosen)
        except (Overspent, ImportError):
            raise
        except Exception as error:  # noqa: BLE001
            verdict = our_fault(error, chosen)
        return replace(verdict, notes=(*read_as, *verdict.notes), ms=(time.perf_counter() - start) * 1000)

    def _of_its_own(self, text: str, verdict: Verdict, style: str, lets: Mapping[str, Shape] | None) -> Verdict:
        """Return the verdict on a text that no setting means: by what else a setting means nothing of it is false."""
        letter = self.own_meaning(text, verdict.setting, style, lets)
        if not letter:
            return verdict
        said = f"expected letters that mean the same throughout: this text says what {letter} is, and in"
        said = f"{said} {verdict.setting} it is something else, which is no slip of one sign ({verdict.message})"
        return replace(verdict, verdict=UNREADABLE, message=said)
