"""One place that ties the parts together: read, judge, and find the nearest true formula.

A session remembers what was computed, so that a batch of formulas shares draws and oracle values.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from checkedmath.budget import Overspent, budget
from checkedmath.claim import Claim, claim_of
from checkedmath.errors import ShapeError, TooMuch, Unreadable
from checkedmath.free import STEPS, opened, steps_in
from checkedmath.identities import constant_by, declared, free_setting
from checkedmath.judge import judge
from checkedmath.reading import is_numpy, named_layout, read
from checkedmath.reading.derivation import derivations, lines_of_chains
from checkedmath.reading.result import LATEX, TEXT, Reading
from checkedmath.settings import Setting, Shape, all_settings
from checkedmath.tree import Node
from checkedmath.verdict import FAILS, HOLDS, UNREADABLE, Verdict
from checkedmath.writing.text import write_text

IDENTITIES = "identities"
OUR_FAULT = "the checker itself failed on this text, please report it"
#: For how many settings the steps must suffice, where a text is tried in all of them.
TRIES = 3
#: How much a verdict says for a setting, when several are tried.
RANK = {"holds": 0, "conditional": 1, "fails": 2, "unreadable": 3}


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

        Without ``setting`` those whose symbols fit are tried, and the best verdict is returned.  ``layout``,
        ``target`` and ``lets`` as on the command line.  Raises `KeyError` for an unknown setting.
        """
        try:
            with budget(text, TRIES if setting is None else 1):
                if setting is None:
                    return self._any_setting(text, style, layout, target, lets, nearest)
                return self._in_setting(text, setting, style, layout, target, lets, nearest)
        except TooMuch as error:
            return unreadable(error, setting or "")

    def _in_setting(
        self, text: str, setting: str, style: str, layout: str, target: str, lets: Mapping[str, Shape] | None,
        nearest: bool,
    ) -> Verdict:
        start = time.perf_counter()
        self.settings[setting]
        try:
            session = self.opened(text, (lets or {}) if setting != IDENTITIES else {})
            verdict = session._check(text, session.settings[setting], style, layout, target, lets or {}, nearest)
        except Unreadable as error:
            verdict = unreadable(error, setting)
        except (Overspent, ImportError):
            raise
        except Exception as error:  # noqa: BLE001
            # A fault of ours. One text must not stop a batch, and must not pass for judged either.
            said = f"expected a formula in a known form; {OUR_FAULT} ({type(error).__name__}: {error})"
            verdict = Verdict(UNREADABLE, said, setting=setting)
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

    def _check(
        self, text: str, setting: Setting, style: str, layout: str, target: str, lets: Mapping[str, Shape],
        nearest: bool,
    ) -> Verdict:
        parts = derivations(text) if style in {"auto", LATEX} else [text]
        written = LATEX if len(parts) > 1 else style
        if len(parts) == 1 and style in {"auto", TEXT} and not is_numpy(text):
            parts = lines_of_chains(text)
        if len(parts) > 1:  # a layout that one line names is that of them all
            return self._derivation(parts, setting, layout or named_layout(text), lets, nearest, written)
        reading = read(text, setting, style)
        try:
            claim, notes = self.claim(reading, setting, layout, lets)
        except ShapeError as error:
            return Verdict(FAILS, str(error), setting=setting.name, span=error.span)
        if target:
            claim.target = self._target(target, claim.setting)
        verdict = judge(claim, (*reading.notes, *notes))
        if nearest and verdict.verdict != HOLDS:
            from checkedmath.nearest import nearest_true

            found = nearest_true(claim, verdict)
            if found is not None:
                message = found.said(verdict.message)
                verdict = replace(verdict, nearest=found.text, mistake=found.mistake, message=message)
        return verdict

    def _derivation(
        self, parts: list[str], setting: Setting, layout: str, lets: Mapping[str, Shape], nearest: bool,
        style: str,
    ) -> Verdict:
        """Judge the chains of a block; the first that is not true speaks for the block."""
        verdict: Verdict | None = None
        for part in parts:
            verdict = self._check(part, setting, style, layout, "", lets, nearest)
            if verdict.verdict != HOLDS:
                break
        assert verdict is not None
        return verdict

    def claim(
        self, reading: Reading, setting: Setting, layout: str, lets: Mapping[str, Shape]
    ) -> tuple[Claim, tuple[str, ...]]:
        """Return the claim a reading makes, ready to be tried."""
        if setting.name == IDENTITIES:
            steps = dict.fromkeys(STEPS, ()) if "≈" in reading.tree.relations else {}
            setting = declared(reading, {**steps, **lets})
            claim, notes = claim_of(reading, setting, self.settings, layout)
            if (constant := constant_by(reading.tree)) is not None:
                of, by = write_text(constant.of), write_text(constant.by)
                notes = (*notes, f"{of} does not name {by}, so it is a constant here")
            return claim, notes
        claim, notes = claim_of(reading, setting, self.settings, layout)
        claim.memory = self.memories.setdefault(claim.setting.name, {})
        return claim, notes

    def _target(self, target: str, setting: Setting) -> Node:
        try:
            return read(target, setting, "text").tree.terms[0]
        except Unreadable as error:
            raise Unreadable(target, error.position, f"{error.expected}, in the target", error.nearest) from None

    def _any_setting(
        self, text: str, style: str, layout: str, target: str, lets: Mapping[str, Shape] | None,
        nearest: bool,
    ) -> Verdict:
        best: Verdict | None = None
        for name in self.settings:
            verdict = self.check(text, name, style=style, layout=layout, target=target, lets=lets, nearest=nearest)
            if best is None or RANK[verdict.verdict] < RANK[best.verdict]:
                best = verdict
            if verdict.verdict == HOLDS:
                break
        assert best is not None
        return best


def _new(extra: Mapping[str, Shape], lets: Mapping[str, Shape], setting: Setting) -> dict[str, Shape]:
    """Return what a setting does not know; to declare what it knows is an error, a step is not declared."""
    return {name: shape for name, shape in extra.items() if name in lets or name not in setting.quantities}


def unreadable(error: Unreadable, setting: str = "") -> Verdict:
    """Return the verdict on a text that cannot be read."""
    code = error.code if isinstance(error, TooMuch) else ""
    return Verdict(UNREADABLE, str(error), setting=setting, span=(error.position, error.position + 1), code=code)
