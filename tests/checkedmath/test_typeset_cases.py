"""Typeset and forum text about networks gets its label; ``tests/cases/label.py`` proves the labels."""

import csv
from pathlib import Path

import pytest

from checkedmath.judging.session import Session
from course.settings import SETTINGS

with (Path(__file__).parents[1] / "cases/typeset.tsv").open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.fixture(scope="module")
def session():
    return Session(SETTINGS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_every_text_gets_its_label(session, row):
    found = session.check(row["text"], row["setting"], nearest=False)
    assert found.verdict in {"fails": {"fails", "conditional"}}.get(row["truth"], {row["truth"]}), found.message
    if row["where"]:
        assert {condition.code for condition in found.where} & set(row["where"].split("|"))
