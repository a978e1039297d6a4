"""One place that ties the parts together: read, judge, and find the nearest true formula.

A session remembers what was computed, so that a batch of formulas shares draws and oracle values.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from checkedmath.claim import Claim, claim_of
from checkedmath.errors import ShapeError, Unplaced, Unreadable
from checkedmath.free import STEPS, opened, steps_in
from checkedmath.identities import constant_by, declared, free_setting
from checkedmath.judge import judge
from checkedmath.prepare import speaks_of_examples
from checkedmath.reading import is_final, read, read_statement, styles_of
from checkedmath.reading.result import LATEX, NUMPY, Reading
from checkedmath.settings import Setting, Shape, all_settings
from checkedmath.syntax.source import take_apart
from checkedmath.tree import Chain, Node
from checkedmath.verdict import CONDITIONAL, FAILS, HOLDS, UNREADABLE, Verdict
from checkedmath.writing.text import write_text

IDENTITIES = "identities"
OUR_FAULT = "the checker itself failed on this text, please report it"
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
        if setting is None:
            return self._any_setting(text, style, layout, target, lets, nearest)
        start = time.perf_counter()
        self.settings[setting]
        try:
            session = self.opened(text, (lets or {}) if setting != IDENTITIES else {})
            verdict = session._check(text, session.settings[setting], style, layout, target, lets or {}, nearest)
        except Unreadable as error:
            verdict = unreadable(error, setting)
        except RecursionError:
            verdict = Verdict(UNREADABLE, "expected a formula that is less deeply nested", setting=setting)
        except (ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError) as error:
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
        first: Unreadable | None = None
        for likely in styles_of(text, style):
            try:
                return self._worst(self._readings(text, setting, likely), setting, layout, target, lets, nearest)
            except Unreadable as error:
                first = first or error
                if is_final(likely, first):
                    break
        assert first is not None
        raise first

    def _readings(self, text: str, setting: Setting, style: str) -> list[Reading]:
        """Read every statement of a text.  A layout that one of them names is that of them all."""
        if style == NUMPY:
            return self._lines(read(text, setting, style), setting)
        stated = [one for one in take_apart(text).statements if one.lines]
        if not stated:
            raise Unreadable(text, 0, "a formula")
        readings = [read_statement(one, setting, style) for one in stated]
        if len(stated) > 1:
            for one, reading in zip(stated, readings, strict=True):
                if not reading.tree.relations or one.lead:
                    raise Unreadable(text, one.span[0], "a relation here, since the text states several things")
        for reason in [line.reason for one in stated for line in one.lines if line.reason]:
            readings += [r for place in reason.formulas for r in self._readings(text[slice(*place)], setting, LATEX)]
        named = next((reading.layout for reading in readings if reading.layout), "")
        return [replace(reading, layout=named) for reading in readings]

    def _lines(self, reading: Reading, setting: Setting) -> list[Reading]:
        """Return the claims of the lines of a code, each with what all of them show."""
        trees = (*reading.earlier, reading.tree)
        whole = Chain(tuple(term for tree in trees for term in tree.terms))
        if reading.earlier and setting.twin in self.settings and speaks_of_examples(whole):
            twin = self.settings[setting.twin]  # then all of it is about them
            return self._lines(read(reading.text, twin, NUMPY), twin)
        return [replace(reading, tree=tree, earlier=(), whole=whole) for tree in trees]

    def _worst(
        self, readings: list[Reading], setting: Setting, layout: str, target: str, lets: Mapping[str, Shape],
        nearest: bool,
    ) -> Verdict:
        """Judge the statements of a text; the first that is not true speaks for the text."""
        verdict: Verdict | None = None
        for reading in readings:
            verdict = self._judged(reading, setting, layout, target, lets, nearest)
            if verdict.verdict != HOLDS:
                break
        assert verdict is not None
        return verdict

    def _judged(
        self, reading: Reading, setting: Setting, layout: str, target: str, lets: Mapping[str, Shape], nearest: bool
    ) -> Verdict:
        try:
            claim, notes = self.claim(reading, setting, layout, lets)
        except ShapeError as error:
            kind = UNREADABLE if isinstance(error, Unplaced) else FAILS
            return Verdict(kind, str(error), setting=setting.name, span=error.span)
        if reading.whole is not None:
            claim.shown = claim.shown or claim.setting.adapt(reading.whole)
        if target:
            claim.target = self._target(target, claim.setting)
        verdict = judge(claim, (*reading.notes, *notes))
        if nearest and verdict.verdict in {CONDITIONAL, FAILS}:
            from checkedmath.nearest import nearest_true

            found = nearest_true(claim, verdict)
            if found is not None:
                message = found.said(verdict.message)
                verdict = replace(verdict, nearest=found.text, mistake=found.mistake, message=message)
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
    return Verdict(UNREADABLE, str(error), setting=setting, span=(error.position, error.position + 1))
