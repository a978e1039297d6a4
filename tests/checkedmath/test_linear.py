"""Twice the text is about twice the work: counted in lines of code that run, not in seconds."""

import sys
from contextlib import suppress

import pytest

from checkedmath.reading.mathematics import read_mathematics
from checkedmath.reading.names import names_of
from checkedmath.reading.prose import formula_of_code, formulas_in
from checkedmath.syntax.errors import Unreadable
from checkedmath.syntax.lexemes import lexemes
from checkedmath.values.free_letters import free_setting
from course.settings import SETTINGS

NAMES = names_of(SETTINGS["two-layer"])
ANY, SHORT = (40, 80, 160, 320), (10, 20, 40)  # a formula has at most 1000 tokens, and 60 levels of brackets


def lines_run(work):
    """Return how many lines of the checker's code run."""
    count = 0

    def trace(frame, event, argument):
        nonlocal count
        if "checkedmath" not in frame.f_code.co_filename:
            return None
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        with suppress(Unreadable):
            work()
    finally:
        sys.settrace(before)
    return count


def assert_linear(work, lengths):
    counts = [lines_run(lambda n=n: work(n)) for n in lengths]
    assert all(count > length for count, length in zip(counts, lengths, strict=True)), counts
    for one, two, three in zip(counts, counts[1:], counts[2:], strict=False):
        assert three - two < 2.5 * (two - one) + 200, counts


CUTS = {"cut": lambda text: list(lexemes(text)), "code": lambda text: formula_of_code(text, NAMES),
        "words": lambda text: list(formulas_in(text, NAMES))}  # fmt: skip


@pytest.mark.parametrize("cut", CUTS)
@pytest.mark.parametrize("piece", [r"\text{", r"\tag{", r"\mathrm{", "{", "(", "z ", r"\\[", r"\text{a} "])
def test_cutting(cut, piece):
    assert_linear(lambda n: CUTS[cut]("dz = " + piece * n + "z"), ANY)


LONG = ["z + ", "z z * ", "z/2 * ", "d a/dz + ", r"\frac{1}{2} z + ", "g'(z) ", "z^2 z_1 ", "ln z + ", "(z) ", "1/2z ",
        "dz ", "z = ", "f ", "d ", "𝟏(z > 0) "]  # fmt: skip


@pytest.mark.parametrize("piece", LONG)
def test_reading_what_is_long(piece):
    assert_linear(lambda n: read_mathematics(piece * n + "z", free_setting()), ANY[:3] if len(piece) < 9 else SHORT)


DEEP = ["({})", r"\frac{{1}}{{{}}}", r"\frac{{{}}}{{z}}", "d({})/dz", "Σ_i z {}", "ln {}", "-({})",
        "z * ({} z) z", "‖{}‖", "tanh({})", r"\sqrt{{{}}}", "(z > {})", r"\frac{{d}}{{dx}} ({})"]  # fmt: skip


def nested(nest, times):
    text = "z"
    for _ in range(times):
        text = nest.format(text)
    return text


@pytest.mark.parametrize("nest", DEEP)
def test_reading_what_is_deep(nest):
    assert_linear(lambda n: read_mathematics(nested(nest, n), free_setting()), SHORT)


OTHERS = ["{{{}}}", "z^{{{}}}", "|{}|", r"\begin{{cases}} {} & z > 0 \\ 0 \end{{cases}}"]


@pytest.mark.parametrize("nest", [*DEEP, *OTHERS])
@pytest.mark.parametrize("times", [59, 60, 61, 99, 101, 1000])
def test_what_is_too_deep_is_refused(nest, times):
    with pytest.raises(Unreadable) if times > 100 else suppress(Unreadable):
        read_mathematics(nested(nest, times)[:4000], free_setting())
