"""What texts are judged in: the settings, opened for letters of a text, with what was computed in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from checkedmath.judging.choice import choose
from checkedmath.judging.own_letters import Claiming, asked_of
from checkedmath.judging.readings import read_parts
from checkedmath.meaning.claim import Claim, claim_of
from checkedmath.reading import read
from checkedmath.reading.names import names_of
from checkedmath.reading.result import Reading
from checkedmath.subject.declared_letters import STEPS, steps_in
from checkedmath.subject.setting import IDENTITIES, Setting, Shape
from checkedmath.syntax.errors import Unreadable
from checkedmath.syntax.text import text_of
from checkedmath.syntax.tree import Node
from checkedmath.values.free_letters import constant_by, declared, free_setting, understood
from checkedmath.values.installed import installed_settings
from checkedmath.values.with_letters import opened


class Workspace:
    """The settings that formulas are judged in, with what was computed in them."""

    def __init__(self, settings: Mapping[str, Setting] | None = None) -> None:
        self.settings: dict[str, Setting] = dict(installed_settings() if settings is None else settings)
        self.settings.setdefault(IDENTITIES, free_setting())
        self.memories: dict[str, dict[Any, Any]] = {}
        self.judged: dict[Any, Any] = {}  # what formulas of pages state, by text and context
        self._opened: dict[tuple[str, tuple[tuple[str, Shape], ...]], Workspace] = {}

    def opened(self, text: str, lets: Mapping[str, Shape], here: str) -> Workspace:
        """Return the workspace for a text that names a small step or letters of its own, without what else knows them.

        Raises `ValueError` for a letter that the text's own setting, ``here``, knows already.
        """
        extra = {**dict.fromkeys(steps_in(text), ()), **lets}
        if not extra:
            return self
        key = here, tuple(sorted(extra.items()))
        if key not in self._opened:
            known = {
                name: setting if name == IDENTITIES else opened(setting, _new(extra, lets, setting))
                for name, setting in self.settings.items()
                if name in {IDENTITIES, here} or lets.keys().isdisjoint(setting.quantities)
            }
            self._opened[key] = Workspace(known)
        return self._opened[key]

    def claim(
        self, reading: Reading, setting: Setting, layout: str, lets: Mapping[str, Shape]
    ) -> tuple[Claim, tuple[str, ...]]:
        """Return the claim a reading makes, ready to be tried."""
        if setting.free:
            said, reading = reading.notes, understood(reading, lets)
            steps = dict.fromkeys(STEPS, ()) if "≈" in reading.tree.relations else {}
            setting = declared(reading, {**steps, **lets})
            claim, notes = claim_of(reading, setting, self.settings, layout)
            notes = (*notes, *(note for note in reading.notes if note not in said))
            if (constant := constant_by(reading)) is not None:
                of, by = text_of(constant.of), text_of(constant.by)
                notes = (*notes, f"{of} does not name {by}, so it is a constant here")
            return claim, notes
        claim, notes = claim_of(reading, setting, self.settings, layout)
        return replace(claim, memory=self.memories.setdefault(claim.setting.name, {})), notes

    def target(self, target: str, setting: Setting) -> Node:
        """Return what a text without a left side is meant to be.  Raises `Unreadable`."""
        try:
            return read(target, setting, "text").tree.terms[0]
        except Unreadable as error:
            raise Unreadable(target, error.position, f"{error.expected}, in the target", error.nearest) from None

    def choose(self, text: str, style: str = "auto", lets: Mapping[str, Shape] | None = None) -> str:
        """Return the name of the setting that a text is about (see `checkedmath.judging.choice`)."""
        return self.chosen(text, style, lets)[0]

    def chosen(
        self, text: str, style: str = "auto", lets: Mapping[str, Shape] | None = None
    ) -> tuple[str, bool]:
        """Return the name of the setting that a text is about, and whether there is one that knows all of it."""
        lets = lets or {}
        extra = {**dict.fromkeys(steps_in(text), ()), **lets}
        settings = {
            name: opened(setting, _new(extra, lets, setting)) if extra and name != IDENTITIES else setting
            for name, setting in self.settings.items()
            if name == IDENTITIES or not any(letter in setting.quantities for letter in lets)
        }

        return choose(text, settings, style, self._claiming(lets))

    def own_meaning(self, text: str, chosen: str, style: str, lets: Mapping[str, Shape] | None = None) -> str:
        """Return the left side of a line in which a text says that a letter is something else than in a setting."""
        setting = self.settings[chosen]
        parts = read_parts(text, setting, style) if not setting.free else []
        _, place = asked_of(parts, setting, self._claiming(lets or {}))
        left = (part.reading.tree.terms[0] for part in parts if part.reading is not None and part.place == place)
        return next(map(text_of, left), "")

    def _claiming(self, lets: Mapping[str, Shape]) -> Claiming:
        return lambda reading, setting: self.claim(reading, setting, "", lets)[0]


def _new(extra: Mapping[str, Shape], lets: Mapping[str, Shape], setting: Setting) -> dict[str, Shape]:
    """Return what a setting does not know; to declare what it knows is an error, a step is not declared."""
    known = names_of(setting).spellings
    return {name: shape for name, shape in extra.items() if name in lets or name not in known}
