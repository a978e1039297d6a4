"""The words that the book does not use are found where a reader would meet them, and nowhere else."""

import sys
from importlib import import_module
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
phrases = import_module("phrases")
sys.path.pop(0)

ROWS, EXEMPT = phrases.table()


def test_the_book_is_clean():
    assert list(map(str, phrases.findings())) == []


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.example)
def test_each_row_finds_its_example_and_leaves_good_english_alone(row):
    assert row.found(row.example)
    assert {text: row.found(text) for text in row.exceptions if row.found(text)} == {}


def test_each_exempt_name_is_one_of_a_file():
    root = Path(__file__).parents[1]
    files = [path.relative_to(root).as_posix() for room in ("docs", "src") for path in (root / room).rglob("*.*")]
    assert [name for name in EXEMPT if not any(file.startswith(name) for file in files)] == []


PAGE = r"""---
description: >-
  The output less the label.
---
(whoever)=
# Which shape has W?

A formula $x \text{ stands}$, code `stands`, a [link that stands](whoever.md#stands) here.

| a table | turned round |
|---|---|

```{math}
:label: stands
:question: Whoever asks?
\begin{aligned} a &= b && \text{put in} \\ &= c \end{aligned}
```

```{code-cell} python
stands = "stands"  # look how it moves
```
"""


def test_what_is_read_of_a_page_and_what_is_not():
    found = sorted((int(f.place.rpartition(":")[2]), f.said) for f in phrases.in_page("page", PAGE, ROWS))
    assert found == [
        (3, "output less"), (6, "Which shape has"), (8, "stands"), (10, "turned round"), (15, "Whoever"),
        (16, "put in"), (20, "look how"),
    ]  # fmt: skip


SHORT = "It is new. We like it. You like it. All of it works. So it goes.\nNobody knows why this is long enough to end."
LINKED = "It is new, so we like it. You like it too, because all of it works, but nobody knows why this is so."


def test_a_row_of_short_sentences_is_staccato():
    assert [place for place, _ in phrases.staccato(["", *SHORT.split("\n")])] == [2]
    assert list(phrases.staccato([LINKED, "", "It is new. We like it."])) == []


def test_messages_are_read_and_docstrings_are_not():
    source = '"""It stands."""\ndef f(x):\n    """It stands."""\n    raise ValueError(f"{x} stands alone")\n'
    assert list(phrases.texts_of_source(source)) == [(4, "X stands alone")]
