"""The settings that are installed: those of the subjects that packages declare in an entry-point group."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache

from checkedmath.subject.setting import Setting
from checkedmath.subject.subject import Subject
from checkedmath.values.graph import setting_of

GROUP = "checkedmath.subjects"


@cache
def installed_settings(subjects: Collection[str] | None = None) -> Mapping[str, Setting]:
    """Return the settings of the installed subjects by name.

    ``subjects`` are names of entry points, or places such as ``"module:NAME"``; None means all that are installed.
    Each is a `Subject`, or a mapping with several of them or of settings.  Raises `ValueError` for one that is not
    installed, and where two bring a setting of one name.
    """
    from importlib.metadata import EntryPoint, entry_points  # which a browser, with its subjects given, does without

    found: dict[str, Setting] = {}
    entries = {entry.name: entry for entry in entry_points(group=GROUP)}
    entries |= {place: EntryPoint(place, place, GROUP) for place in subjects or () if ":" in place}
    missing = [name for name in subjects or () if name not in entries]
    if missing:
        raise ValueError(f"expected subjects among {', '.join(sorted(entries))}, got {', '.join(missing)}")
    for name in sorted(entries if subjects is None else subjects):
        loaded = entries[name].load()
        for one in loaded.values() if isinstance(loaded, Mapping) else (loaded,):
            setting = setting_of(one) if isinstance(one, Subject) else one
            if setting.name in found:
                raise ValueError(f"two subjects bring a setting {setting.name}: name in conf.py the ones to be used")
            found[setting.name] = setting
    return found
