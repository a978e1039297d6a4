"""What the page on reading formulas shows of the command line is what the command line prints."""

import re
import shlex

import pytest

from checkedmath.__main__ import main

SESSION = re.compile(r"```console\n\$ \.venv/bin/checkedmath (.*)\n((?:.*\n)*?)```")


@pytest.fixture
def sessions(pages):
    return SESSION.findall(pages["ground/reading.md"])


def test_what_is_shown_is_printed(sessions, capsys):
    assert sessions
    for command, shown in sessions:
        main(shlex.split(command))
        assert capsys.readouterr().out == shown


def test_every_verdict_is_shown_once(sessions):
    assert sorted(shown[0] for _, shown in sessions) == sorted("✓✗~?")
