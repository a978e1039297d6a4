"""The palette: readable on both pages, and distinct also for readers who see fewer colours."""

import itertools
import re

import numpy as np
import pytest

from course.colours import COLOURS, LETTERS, css_variable, stylesheet
from course.drawing import FAINT, INK, PAPER

# The theme's page and the surface of its boxes, light and dark.
PAGES = {"light": ("#ffffff", "#f3f4f5"), "dark": ("#121212", "#14181e", "#29313d")}
# What a dichromat sees, in linear RGB (Machado, Oliveira and Fernandes 2009, severity 1).
SEEN_BY = {
    "full colour": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}


def linear(colour):
    c = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def luminance(colour):
    return linear(colour) @ [0.2126, 0.7152, 0.0722]


def contrast(one, other):
    """The ratio that WCAG 2 asks to be 4.5 for text."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def lab(rgb):
    """CIE Lab, in which distances are those the eye sees; linear RGB comes in."""
    to_xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    f = np.cbrt(to_xyz @ np.clip(rgb, 0, 1) / [0.9505, 1, 1.089])
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def test_contrast_is_computed_as_wcag_does():
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("theme", PAGES)
@pytest.mark.parametrize("letter", LETTERS)
def test_every_colour_can_be_read(letter, theme):
    for page in PAGES[theme]:
        assert contrast(getattr(LETTERS[letter], theme), page) >= 4.5, page


@pytest.mark.parametrize("theme", PAGES)
@pytest.mark.parametrize("eyes", SEEN_BY)
def test_no_two_letters_look_alike(eyes, theme):
    drawn = {letter: getattr(own, theme) for letter, own in LETTERS.items()}
    seen = {letter: lab(SEEN_BY[eyes] @ linear(colour)) for letter, colour in drawn.items()}
    for one, other in itertools.combinations(seen, 2):
        # A difference of 2 can be told apart side by side; 15 also from memory and in thin strokes.
        assert np.linalg.norm(seen[one] - seen[other]) > 15, (one, other)


def test_a_derivative_wears_the_colour_of_its_namesake():
    for quantity, colour in COLOURS.items():
        if quantity.startswith("d"):
            assert colour is COLOURS[quantity.removeprefix("d")]


def test_stylesheet_defines_each_variable_for_both_pages():
    css = stylesheet()
    for quantity, own in COLOURS.items():
        value = re.fullmatch(r"var\((--quantity-\w), (#\w{6})\)", css_variable(quantity))
        assert re.findall(rf"{value[1]}:(#\w+)", css) == [own.light, own.dark]
        assert value[2] == own.light
    with pytest.raises(KeyError):
        css_variable("unknown")


def test_stand_ins_are_no_colour_of_a_quantity():
    assert not {INK, FAINT, PAPER} & {own.light for own in LETTERS.values()}
