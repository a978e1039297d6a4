"""The settings that are installed: those of the subjects that packages declare in an entry-point group."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import cache
from typing import Any

from checkedmath.subject.setting import Setting
from checkedmath.subject.subject import Subject
from checkedmath.values.graph import setting_of

GROUP = "checkedmath.subjects"


@cache
def installed_settings(subjects: Collection[str] | None = None) -> Mapping[str, Setting]:
    """Return the settings of the installed subjects by name.

    ``subjects`` are names of entry points, or places such as ``"module:NAME"``; None means all that are installed.
    Raises `ValueError` for one that is not installed, and where two bring a setting of one name.
    """
    from importlib.metadata import EntryPoint, entry_points  # which a browser, with its subjects given, does without

    entries = {entry.name: entry for entry in entry_points(group=GROUP)}
    entries |= {place: EntryPoint(place, place, GROUP) for place in subjects or () if ":" in place}
    missing = [name for name in subjects or () if name not in entries]
    if missing:
        raise ValueError(f"expected subjects among {', '.join(sorted(entries))}, got {', '.join(missing)}")
    return settings_of([entries[name].load() for name in sorted(entries if subjects is None else subjects)])


def places_of(subjects: Collection[str] | None = None) -> list[str]:
    """Return the places of these installed subjects, or of all: ``"course.settings:SETTINGS"``."""
    from importlib.metadata import entry_points

    known = {entry.name: entry.value for entry in entry_points(group=GROUP)}
    return [known.get(name, name) for name in sorted(known if subjects is None else subjects)]


def settings_of(loaded: Iterable[Any]) -> dict[str, Setting]:
    """Return the settings that subjects bring, by name: each is a `Subject`, or a mapping of several or of settings.

    Raises `ValueError` where two bring a setting of one name.
    """
    found: dict[str, Setting] = {}
    for subject in loaded:
        for one in subject.values() if isinstance(subject, Mapping) else (subject,):
            setting = setting_of(one) if isinstance(one, Subject) else one
            if setting.name in found:
                raise ValueError(f"two subjects bring a setting {setting.name}: name in conf.py the ones to be used")
            found[setting.name] = setting
    return found
