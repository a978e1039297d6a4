"""One place that ties the parts together: read, judge, and find the nearest true formula.

A session remembers what was computed, so that a batch of formulas shares draws and oracle values.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from checkedmath.budget import Overspent, budget
from checkedmath.choice import choose
from checkedmath.claim import Claim, claim_of
from checkedmath.errors import ShapeError, TooMuch, Unplaced, Unreadable
from checkedmath.free import STEPS, opened, steps_in
from checkedmath.identities import constant_by, declared, free_setting, understood
from checkedmath.judge import holds_where, judge
from checkedmath.prepare import speaks_of_examples
from checkedmath.reading import read
from checkedmath.reading.lines import read_lines
from checkedmath.reading.result import Reading
from checkedmath.settings import Setting, Shape, all_settings
from checkedmath.tree import Chain, Node
from checkedmath.verdict import CONDITIONAL, FAILS, HOLDS, UNREADABLE, Verdict
from checkedmath.writing.text import write_text

IDENTITIES = "identities"
OUR_FAULT = "the checker itself failed on this text, please report it"
#: The verdict on a text is that of its worst statement.  A false one makes it false, whatever cannot be read beside it.
WORSE = (HOLDS, CONDITIONAL, UNREADABLE, FAILS)
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
        try:
            with budget(text, TRIES if setting is None else 1):
                return self._in_setting(text, setting, style, layout, target, lets, nearest)
        except TooMuch as error:
            return unreadable(error, setting or "")

    def _in_setting(
        self, text: str, setting: str | None, style: str, layout: str, target: str, lets: Mapping[str, Shape] | None,
        nearest: bool,
    ) -> Verdict:
        start = time.perf_counter()
        chosen = setting or ""
        if setting is not None:
            self.settings[setting]
        try:
            setting = chosen = setting if setting is not None else self.choose(text, style, lets)
            session = self.opened(text, (lets or {}) if setting != IDENTITIES else {})
            verdict = session._check(text, session.settings[setting], style, layout, target, lets or {}, nearest)
        except Unreadable as error:
            verdict = unreadable(error, chosen)
        except (Overspent, ImportError):
            raise
        except Exception as error:  # noqa: BLE001
            # A fault of ours. One text must not stop a batch, and must not pass for judged either.
            said = f"expected a formula in a known form; {OUR_FAULT} ({type(error).__name__}: {error})"
            verdict = Verdict(UNREADABLE, said, setting=chosen)
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
        lines = read_lines(text, setting, style)
        if len(lines) == 1 and (reading := lines[0].reading) is not None:
            verdict, claim = self._line(reading, setting, layout, target, lets)
            return _with_nearest(verdict, claim) if nearest else verdict
        named = (line.reading.layout for line in lines if line.reading is not None and line.reading.layout)
        layout = layout or next(named, "")  # one that a line names is that of them all
        whole = Chain(tuple(term for line in lines if line.reading for term in line.reading.tree.terms), ())
        if setting.twin in self.settings and speaks_of_examples(whole):  # then all of it is about them
            verdict = self._check(text, self.settings[setting.twin], style, layout, target, lets, nearest)
            return replace(verdict, notes=(f"judged for a batch of m examples ({setting.twin})", *verdict.notes))
        judged: list[tuple[Verdict, Claim | None]] = []
        for line in lines:
            if line.reading is None:
                judged.append((unreadable(line.fault, setting.name), None))  # type: ignore[arg-type]
                continue
            judged.append(self._line(line.reading, setting, layout, "", lets, whole))
            if judged[-1][0].verdict == FAILS:
                break  # nothing is worse
        verdict, place = _worst(judged, [line.number for line in lines])
        return _with_nearest(verdict, judged[place][1]) if nearest else verdict

    def _line(
        self, reading: Reading, setting: Setting, layout: str, target: str, lets: Mapping[str, Shape],
        whole: Chain | None = None,
    ) -> tuple[Verdict, Claim | None]:  # fmt: skip
        """Judge one statement; ``whole`` is the text it stands in, which may show another activation."""
        try:
            claim, notes = self.claim(reading, setting, layout, lets)
        except ShapeError as error:
            kind = UNREADABLE if isinstance(error, Unplaced) else FAILS
            return Verdict(kind, str(error), setting=setting.name, span=error.span), None
        if whole is not None:
            claim.shown = claim.setting.adapt(whole)
        if target:
            claim.target = self._target(target, claim.setting)
        return judge(claim, (*reading.notes, *notes)), claim

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

    def _target(self, target: str, setting: Setting) -> Node:
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


def _with_nearest(verdict: Verdict, claim: Claim | None) -> Verdict:
    """Return the verdict with the nearest true formula, if it is about a formula that is not true."""
    from checkedmath.nearest import nearest_true

    found = nearest_true(claim, verdict) if claim and verdict.verdict in {CONDITIONAL, FAILS} else None
    if found is None:
        return verdict
    message = found.said(verdict.message)
    return replace(verdict, nearest=found.text, mistake=found.mistake, slip=found.slip, message=message)


def _worst(judged: Sequence[tuple[Verdict, Claim | None]], lines: Sequence[int]) -> tuple[Verdict, int]:
    """Return the verdict of a text from those of its statements, which begin in these lines, and whose it is.

    It is the first of the worst.

    In ``holds`` every statement was compared; the largest difference is that of them all.  A condition is one of
    the whole text: where it makes another statement false, the text is false.
    """
    verdicts = [verdict for verdict, _ in judged]
    place = max(range(len(verdicts)), key=lambda n: WORSE.index(verdicts[n].verdict))
    worst = verdicts[place]
    notes = tuple(dict.fromkeys(note for one in verdicts for note in one.notes))
    if worst.verdict == HOLDS:
        said = f"true in each of its {len(verdicts)} statements"
        draws, error = min(one.draws for one in verdicts), max(one.error for one in verdicts)
        return replace(worst, message=said, notes=notes, draws=draws, error=error, target=""), place
    if worst.verdict == CONDITIONAL:
        against = {n: _against(verdicts[n], judged) for n in range(len(verdicts)) if verdicts[n].where}
        place = next((n for n, other in against.items() if other is None), place)
        worst = verdicts[place]
        if (other := against[place]) is not None:
            said = f"{worst.message.partition('; otherwise')[0]}; but then line {lines[other]} is false"
            worst = replace(worst, verdict=FAILS, message=said, where=())
    message = worst.message if worst.verdict == UNREADABLE else f"line {lines[place]}: {worst.message}"
    return replace(worst, message=message, notes=notes, line=lines[place]), place


def _against(verdict: Verdict, judged: Sequence[tuple[Verdict, Claim | None]]) -> int | None:
    """Return the first statement that is not true where the conditions of this verdict are met, None if all are."""
    codes = frozenset(condition.code for condition in verdict.where)
    return next((n for n, (one, claim) in enumerate(judged) if claim and not holds_where(claim, one, codes)), None)


def _new(extra: Mapping[str, Shape], lets: Mapping[str, Shape], setting: Setting) -> dict[str, Shape]:
    """Return what a setting does not know; to declare what it knows is an error, a step is not declared."""
    return {name: shape for name, shape in extra.items() if name in lets or name not in setting.quantities}


def unreadable(error: Unreadable, setting: str = "") -> Verdict:
    """Return the verdict on a text that cannot be read."""
    code = error.code if isinstance(error, TooMuch) else ""
    return Verdict(UNREADABLE, str(error), setting=setting, span=(error.position, error.position + 1), code=code)
