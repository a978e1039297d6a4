"""Subjects are found by the name of their entry point, or by their place."""

import pytest

from checkedmath.values.installed import installed_settings


def test_all_that_are_installed():
    assert "two-layer" in installed_settings()
    assert installed_settings(("course", "course-beyond")).keys() == installed_settings().keys()


def test_by_its_place(monkeypatch):
    from course import settings

    monkeypatch.setattr(settings, "ONE", settings.SETTINGS["deep"], raising=False)
    assert list(installed_settings(("course.settings:ONE",))) == ["deep"]


def test_what_is_not_installed():
    with pytest.raises(ValueError, match="expected subjects among course, course-beyond, got coarse"):
        installed_settings(("coarse",))


def test_two_of_one_name():
    with pytest.raises(ValueError, match="two subjects bring a setting logistic"):
        installed_settings(("course", "course.settings:SETTINGS"))
