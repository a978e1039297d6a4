"""Numbers that an author typed beside printed ones must be those of the book's network."""

import re
from pathlib import Path

from backprop import backward, book, forward

PAGE = Path(__file__).parents[2] / "docs" / "answer.md"


def typed(text):
    """The decimals of the formulas in which a claim between decimals is made."""
    formulas = re.findall(r"\$([^$]*\\approx[^$]*)\$", text)
    return [number for f in formulas for number in re.findall(r"-?\d+\.\d+", f)]


def test_the_answer_page_computes_with_the_numbers_that_it_prints():
    net, (X, Y) = book.network(), book.data()
    cache = forward(net, X[:, [0]])
    grads = backward(net, cache, Y[:, [0]])
    row = [*net.W[2][:, 0], *grads.dZ[2][:, 0], grads.dA[1][0, 0]]
    row += [grads.dA[1][0, 0], net.g[1].prime(cache.Z[1])[0, 0], grads.dZ[1][0, 0]]
    numbers = typed(PAGE.read_text(encoding="utf-8"))
    # In the formula's order: the two products of row 1, their sum, the product entry by entry.
    order = [row[0], row[2], row[1], row[3], row[4], row[5], row[6], row[7]]
    assert len(numbers) == len(order)
    for number, value in zip(numbers, order, strict=True):
        decimals = len(number.split(".")[1])
        assert float(number) == round(float(value), decimals), (number, value)
