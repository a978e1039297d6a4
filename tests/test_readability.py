"""The first chapters are easy to read, as far as sentences and words can tell; and the measure can tell."""

import sys
from importlib import import_module
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def readability():
    """The script as a module; it lies beside this file."""
    sys.path.insert(0, str(Path(__file__).parent))
    try:
        return import_module("readability")
    finally:
        sys.path.pop(0)


def test_the_first_chapters_are_at_or_below_the_limit(readability, pages):
    grades = {name: readability.count(pages[f"{name}.md"]).grade for name in readability.FIRST}
    assert {name: round(grade, 1) for name, grade in grades.items() if grade > readability.LIMIT} == {}
    assert all(readability.count(pages[f"{name}.md"]).sentences > 15 for name in readability.FIRST)


# Counted by hand.
SYLLABLES = {
    0: ["z", "n"],
    1: ["the", "slope", "goes", "moved", "squeezed", "shapes", "rule", "rules", "sees"],
    2: ["unit", "number", "hidden", "table", "tables", "added", "uses", "matrix", "learning", "course's"],
    3: ["formula", "example", "multiply", "gradient", "several", "multiplied"],
    4: ["derivative", "activation", "mathematics", "exponential"],
    5: ["backpropagation", "denominator"],
}


@pytest.mark.parametrize(("count", "words"), SYLLABLES.items())
def test_syllables_of_words_that_the_book_uses(readability, count, words):
    assert {word: readability.syllables(word) for word in words} == dict.fromkeys(words, count)


PAGE = """---
description: Front matter is no prose.
---
(a-target)=
# A heading is no sentence

One two three. Four $x = y$, and `code`
in {eq}`label` here: five! Is it [so](a.md)?

$$
x = y
$$ (label)

- An item without a stop
- **Another** one

| A table | is none |
|---|---|
| not | this |

A term
: is defined here.

```python
# this is code. It is not read.
```

```{math}
:label: other
x = y
```

:::{dropdown} Solution
:open:
Folded text is read.
:::
"""


def test_what_is_read_and_what_is_not(readability):
    read = [" ".join(words) for text in readability.paragraphs(PAGE) for words in readability.sentences(text)]
    assert read == [
        "One two three", "Four it and it in it here five", "Is it so",
        "An item without a stop", "Another one", "is defined here", "Folded text is read",
    ]


def test_the_grade_is_the_formula_of_flesch_and_kincaid(readability):
    found = readability.count("The cat sat on the mat. The derivative is a slope.")
    assert (found.sentences, found.words, found.syllables) == (2, 11, 14)
    assert found.grade == pytest.approx(0.39 * 11 / 2 + 11.8 * 14 / 11 - 15.59)


def test_long_sentences_of_long_words_are_above_the_limit(readability):
    hard = "Differentiating compositions of multidimensional transformations necessitates considerable notation. "
    assert readability.count(hard * 3).grade > readability.LIMIT
    assert readability.count("").grade == 0
