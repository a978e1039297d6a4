"""What the pages show of the command line is what the command line prints."""

import re
import shlex

import pytest

from checkedmath.command_line import UNUSABLE
from checkedmath.command_line.commands import main

COMMAND = r"(?:\$ )?\.venv/bin/checkedmath (.*)\n"
SESSION = re.compile(rf"```console\n{COMMAND}((?:.*\n)*?)```")


@pytest.fixture(scope="module")
def texts(pages, project):
    return {**pages, "README.md": (project / "README.md").read_text(encoding="utf-8")}


@pytest.fixture(scope="module")
def sessions(texts):
    return [session for text in texts.values() for session in SESSION.findall(text)]


def test_what_is_shown_is_printed(sessions, capsys):
    assert sessions
    for command, shown in sessions:
        main(shlex.split(command))
        assert capsys.readouterr().out == shown


def test_every_session_is_found(texts, sessions):
    assert sum(text.count("```console\n") for text in texts.values()) == len(sessions)


def test_every_verdict_is_shown_once(sessions):
    assert sorted(shown[0] for _, shown in sessions) == sorted("✓✗~?")


def test_every_command_can_be_run(texts, capsys):
    commands = [c for text in texts.values() for c in re.findall(rf"(?m)^{COMMAND}", text)]
    assert len(commands) >= 6  # sessions, and those that are shown without what they print
    for command in commands:
        code = main(shlex.split(command))
        assert (code == UNUSABLE) == capsys.readouterr().out.startswith("?"), command
