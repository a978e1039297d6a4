"""The code of `checkedmath` has no word of any subject: no layer, loss or cost, and no letter of the course.

What it knows of a network it has from the settings.  Docstrings and comments may give examples; left out are the
alphabet of commands and the functions of all mathematics, in modules of their own, and the attribute `hidden` of HTML.
"""

import ast
import io
import re
import tokenize
from pathlib import Path

import pytest

SRC = Path(__file__).parents[2] / "src/checkedmath"
NAME = re.compile(
    r"(?:^|_)(?:layer(?:s|ed|less)?|loss|losses|costs?|alpha|softmax|hidden|networks?)(?:_|$)", re.IGNORECASE
)
SAID = re.compile(r"\b(?:layers?|loss|losses|cost|alpha|softmax|hidden|networks?)\b", re.IGNORECASE)
LETTER = re.compile(r"[rbfu]*(['\"])[mJLn]\1")
LEFT_OUT = {"syntax/alphabet.py", "subject/general.py", "values/functions.py"}
STRINGS = {tokenize.STRING, getattr(tokenize, "FSTRING_MIDDLE", tokenize.STRING)}


def docstrings(source):
    """Return the lines on which the docstrings of a module begin."""
    holders = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    bodies = [node.body for node in ast.walk(ast.parse(source)) if isinstance(node, holders)]
    return {body[0].lineno for body in bodies if body and isinstance(body[0], ast.Expr)}


def words(source):
    """Yield the line and the text of each name and string with a word of a subject."""
    described = docstrings(source)
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        text = token.string
        if token.type == tokenize.NAME and NAME.search(text):
            yield token.start[0], text
        elif token.type in STRINGS and token.start[0] not in described:
            said = re.sub(r"<[^<>]* hidden[^<>]*>", "", text)
            if SAID.search(said) or LETTER.fullmatch(text):
                yield token.start[0], text


def test_no_word_of_a_subject_is_in_the_code():
    files = [p for p in sorted(SRC.rglob("*.py")) if p.relative_to(SRC).as_posix() not in LEFT_OUT]
    found = [f"{p.relative_to(SRC)}, line {n}: {text}" for p in files for n, text in words(p.read_text("utf-8"))]
    assert found == []
    assert len(files) > 100


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("last_layer = 3", [(1, "last_layer")]),
        ("x = {'J': 1}", [(1, "'J'")]),
        ('raise ValueError(f"expected the loss of {x}")', 1),
        ('def f():\n    """Return the layer."""\n    return 1', []),
        ("# a hidden layer\nplayer = 'alphabet'", []),
        ("tag = '<span hidden>'", []),
        ("tag = '<span>a hidden unit</span>'", 1),
    ],
)
def test_a_planted_word_is_found(source, found):
    seen = list(words(source))
    assert seen == found if isinstance(found, list) else len(seen) == found
