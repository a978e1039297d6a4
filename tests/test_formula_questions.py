"""Every formula with a label says in its source which question it answers: a permalink without one says little."""

import re
from collections import Counter

import pytest

FENCE = re.compile(r"^(`{3,})(\{math\})?(?:[^`\n]*)\n(.*?)^\1$", re.MULTILINE | re.DOTALL)
OPTION = re.compile(r"^:([\w-]+): *(.*)$", re.MULTILINE)
LABELLED = re.compile(r"^\$\$ \(([\w-]+)\)$", re.MULTILINE)
TITLE = 80  # what a forum's preview shows of a title


def faults(page):
    """Return a sentence for each labelled formula of a page without a question of its own."""
    formulas = [dict(OPTION.findall(body)) for _, math, body in FENCE.findall(page) if math]
    formulas = [options for options in formulas if "label" in options]
    asked = Counter(f.get("question") for f in formulas if "expect-false" not in f)
    found = [f"{label}: write it as {{math}}, with a :question:" for label in LABELLED.findall(FENCE.sub("", page))]
    for options in formulas:
        label, question = options["label"], options.get("question", "")
        if not question:
            found.append(f"{label}: has no :question:")
        elif "$" in question or "\\" in question:
            found.append(f"{label}: a question holds no TeX, it is a link's title")
        elif len(question) > TITLE:
            found.append(f"{label}: the question has {len(question)} characters, a title at most {TITLE}")
        elif asked[question] > 1:
            found.append(f"{label}: another formula of the page answers the same question")
    return found


def test_each_labelled_formula_has_a_question_of_its_own(pages):
    assert {page: found for page, text in pages.items() if (found := faults(text))} == {}


GOOD = "```{math}\n:label: da\n:question: What is da?\nda = 1\n```\n"
BAD = {
    "$$\nda = 1\n$$ (da)\n": "da: write it as {math}, with a :question:",
    GOOD.replace(":question: What is da?\n", ""): "da: has no :question:",
    GOOD.replace("What is da", "What is $da$"): "da: a question holds no TeX, it is a link's title",
    GOOD.replace("is da", "i" * 80): "da: the question has 86 characters, a title at most 80",
    GOOD + GOOD.replace("label: da", "label: db"): "da: another formula of the page answers the same question",
}


def test_a_good_formula_is_let_through():
    assert faults(GOOD + "````text\n$$\nx = y\n$$ (example)\n````\n") == []


@pytest.mark.parametrize(("page", "fault"), BAD.items())
def test_a_missing_or_second_question_is_found(page, fault):
    assert fault in faults(page)
