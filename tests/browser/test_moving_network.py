"""The network of which a reader changes one number: in the browser, and computed by `backprop`."""

import json

import numpy as np
import pytest

from backprop import Layer, Network, backward, forward, losses

SETTINGS = 60
READ = """() => Object.fromEntries(['z1', 'a1', 'z2', 'a2', 'L', 'dz2', 'da1', 'dz1', 'dW2', 'dW1'].map(name =>
  [name, [...document.querySelectorAll(`.moving td[data-name="${name}"]`)].map(cell => Number(cell.dataset.value))]))"""


@pytest.fixture
def moving(open_page, address):
    page = open_page(f"{address}answer.html")
    page.locator(".moving > summary").first.click()
    page.wait_for_selector(".moving-picture")
    return page


def computed(numbers):
    x, b1, b2, y = (np.array(numbers[name])[:, None] for name in ("x", "b1", "b2", "y"))
    net = Network([Layer(np.array(numbers["W1"]), b1, "tanh"), Layer(np.array(numbers["W2"]), b2, "sigmoid")])
    cache = forward(net, x)
    grads = backward(net, cache, y)
    return {
        "z1": cache.Z[1], "a1": cache.A[1], "z2": cache.Z[2], "a2": cache.A[2], "L": losses(net, cache, y),
        "dz2": grads.dZ[2], "da1": grads.dA[1], "dz1": grads.dZ[1], "dW2": grads.dW[2], "dW1": grads.dW[1],
    }  # fmt: skip


def test_all_numbers_are_those_of_backprop(moving):
    random = np.random.default_rng(1)
    for _ in range(SETTINGS):
        numbers = {
            "x": random.uniform(-3, 3, 4), "W1": random.uniform(-2, 2, (3, 4)), "b1": random.uniform(-2, 2, 3),
            "W2": random.uniform(-2, 2, (2, 3)), "b2": random.uniform(-2, 2, 2), "y": random.uniform(0, 1, 2),
        }  # fmt: skip
        numbers = {name: value.tolist() for name, value in numbers.items()}
        moving.evaluate("given => document.querySelector('.moving-box').set(given)", numbers)
        shown = moving.evaluate(READ)
        for name, expected in computed(numbers).items():
            np.testing.assert_allclose(shown[name], expected.ravel(), rtol=1e-9, atol=1e-12, err_msg=name)


def test_a_number_moves_by_slider_by_typing_and_by_keyboard(moving):
    start = json.loads(moving.get_attribute(".moving-box", "data-numbers"))
    moving.select_option(".moving select >> nth=0", "W2,1,2")
    for act, value in (
        (lambda: moving.fill(".moving input[type=number]", "-1.5"), -1.5),
        (lambda: moving.fill(".moving input[type=range]", "0.25"), 0.25),
        (lambda: moving.press(".moving input[type=range]", "ArrowRight"), 0.26),
    ):
        act()
        moving.press(".moving input[type=number]", "Tab")
        start["W2"][1][2] = value
        shown = moving.evaluate(READ)
        np.testing.assert_allclose(shown["da1"], computed(start)["da1"].ravel(), rtol=1e-9)
    assert "row 2, column 3" in moving.inner_text(".moving-live")


def test_the_switch_reads_a_row_and_a_column(moving):
    assert "Column 1 of W[2]" in moving.inner_text(".moving-formula")
    assert moving.locator(".moving td[data-name=W2].is-on").all_inner_texts() == ["0.900", "−0.700"]
    moving.check(".moving input[value=forwards]")
    assert "Row 1 of W[2]" in moving.inner_text(".moving-formula")
    assert moving.locator(".moving td[data-name=W2].is-on").all_inner_texts() == ["0.900", "−0.600", "0.400"]


def test_without_javascript_the_figure_stands_alone(open_page, address):
    page = open_page(f"{address}answer.html", java_script_enabled=False)
    assert page.locator(".drawing svg").first.is_visible()
    assert not page.locator(".moving").first.is_visible()
