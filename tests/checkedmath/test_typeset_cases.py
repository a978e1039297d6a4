"""Typeset and forum text about networks gets its label; ``tests/cases/label.py`` proves the labels."""

import pytest

from checkedmath.judging.session import Session
from course.settings import SETTINGS
from tests.checkedmath.conftest import read_rows

ROWS = read_rows("typeset.tsv")


@pytest.fixture(scope="module")
def session():
    return Session(SETTINGS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_every_text_gets_its_label(session, row):
    found = session.check(row["text"], row["setting"], nearest=False)
    assert found.verdict in {"fails": {"fails", "conditional"}}.get(row["truth"], {row["truth"]}), found.message
    if row["where"]:
        assert {condition.code for condition in found.where} & set(row["where"].split("|"))
