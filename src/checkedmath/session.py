"""One place that ties the parts together: read, judge, and find the nearest true formula.

A session remembers what was computed, so that a batch of formulas shares draws and oracle values.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from checkedmath.budget import Overspent, budget
from checkedmath.choice import choose
from checkedmath.claim import Claim, claim_of
from checkedmath.errors import Unreadable
from checkedmath.free import STEPS, opened, steps_in
from checkedmath.identities import constant_by, declared, free_setting, understood
from checkedmath.judging import IDENTITIES, INLINE, Context, judge_text, our_fault, unreadable, verdict_on
from checkedmath.reading import read
from checkedmath.reading.result import Reading
from checkedmath.settings import Setting, Shape, all_settings
from checkedmath.tree import Node
from checkedmath.verdict import Verdict
from checkedmath.writing.text import write_text

#: For how many settings the steps must suffice, where a text chooses its own.
TRIES = 3


class Session:
    """Judges formulas, one after the other, in the installed settings."""

    def __init__(self, settings: Mapping[str, Setting] | None = None) -> None:
        self.settings: dict[str, Setting] = dict(all_settings() if settings is None else settings)
        self.settings.setdefault(IDENTITIES, free_setting())
        self.memories: dict[str, dict[Any, Any]] = {}
        self.judged: dict[Any, Any] = {}  # what formulas of pages state, by text and context
        self._opened: dict[tuple[tuple[str, Shape], ...], Session] = {}

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
        return replace(verdict, ms=(time.perf_counter() - start) * 1000)

    def opened(self, text: str, lets: Mapping[str, Shape]) -> Session:
        """Return the session for a text that names a small step or letters of its own.

        Raises `ValueError` for a letter that a setting knows already.
        """
        extra = {**dict.fromkeys(steps_in(text), ()), **lets}
        if not extra:
            return self
        key = tuple(sorted(extra.items()))
        if key not in self._opened:
            known = {
                name: setting if name == IDENTITIES else opened(setting, _new(extra, lets, setting))
                for name, setting in self.settings.items()
            }
            self._opened[key] = Session(known)
        return self._opened[key]

    def claim(
        self, reading: Reading, setting: Setting, layout: str, lets: Mapping[str, Shape]
    ) -> tuple[Claim, tuple[str, ...]]:
        """Return the claim a reading makes, ready to be tried."""
        if setting.name == IDENTITIES:
            reading = understood(reading, lets)
            steps = dict.fromkeys(STEPS, ()) if "≈" in reading.tree.relations else {}
            setting = declared(reading, {**steps, **lets})
            claim, notes = claim_of(reading, setting, self.settings, layout)
            if (constant := constant_by(reading)) is not None:
                of, by = write_text(constant.of), write_text(constant.by)
                notes = (*notes, f"{of} does not name {by}, so it is a constant here")
            return claim, notes
        claim, notes = claim_of(reading, setting, self.settings, layout)
        claim.memory = self.memories.setdefault(claim.setting.name, {})
        return claim, notes

    def target(self, target: str, setting: Setting) -> Node:
        """Return what a text without a left side is meant to be.  Raises `Unreadable`."""
        try:
            return read(target, setting, "text").tree.terms[0]
        except Unreadable as error:
            raise Unreadable(target, error.position, f"{error.expected}, in the target", error.nearest) from None

    def choose(self, text: str, style: str = "auto", lets: Mapping[str, Shape] | None = None) -> str:
        """Return the name of the setting that a text is about (see `checkedmath.choice`)."""
        lets = lets or {}
        extra = {**dict.fromkeys(steps_in(text), ()), **lets}
        settings = {
            name: opened(setting, _new(extra, lets, setting)) if extra and name != IDENTITIES else setting
            for name, setting in self.settings.items()
            if name == IDENTITIES or not any(letter in setting.quantities for letter in lets)
        }
        return choose(text, settings, style)


def _new(extra: Mapping[str, Shape], lets: Mapping[str, Shape], setting: Setting) -> dict[str, Shape]:
    """Return what a setting does not know; to declare what it knows is an error, a step is not declared."""
    return {name: shape for name, shape in extra.items() if name in lets or name not in setting.quantities}
