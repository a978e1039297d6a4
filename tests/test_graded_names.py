"""The course's graded functions are named nowhere: its forum deletes posts that hand them out.

A mentor must be able to cite any page of this book.
"""

import io
import re
import tokenize

import pytest

GRADED = re.compile(
    r"""
    basic_sigmoid | sigmoid_derivative | image2vector | normalize_rows
    | initialize_with_zeros | propagate | optimize | predict | predict_dec | model
    | layer_sizes | initialize_parameters(_deep|_zeros|_random|_he)? | nn_model
    | forward_propagation(_n|_with_dropout)?
    | backward_propagation(_n|_with_dropout|_with_regularization)?
    | forward_prop | back_prop | compute_cost(_with_regularization)? | compute_total_loss
    | update_parameters(_with_gd|_with_momentum|_with_adam)?
    | linear_forward | linear_activation_forward | L_model_forward
    | linear_backward | linear_activation_backward | L_model_backward
    | (two|L)_layer_model | sigmoid_backward | relu_backward | softmax_backward
    | gradient_check(_n)? | random_mini_batches
    | initialize_(velocity|adam) | \w+_test_case\w* | \w+_assert
    """,
    re.VERBOSE,
)
# `backprop.gradient_check` is the module of a public feature, not a function.
MODULES = {"gradient_check"}


def graded_identifiers(source):
    """Return (line, name) of each graded name that Python code uses as an identifier."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return [
        (token.start[0], token.string) for token in tokens
        if token.type == tokenize.NAME
        and GRADED.fullmatch(token.string) and token.string not in MODULES
    ]


def graded_words(text):
    """Return each graded name that stands anywhere in a text."""
    words = re.findall(r"[A-Za-z_]\w*", text)
    return [word for word in words if GRADED.fullmatch(word) and word not in MODULES]


def test_no_graded_name_in_the_source(project):
    files = sorted((project / "src").rglob("*.py"))
    assert files
    found = {
        str(path.relative_to(project)): names for path in files
        if (names := graded_identifiers(path.read_text(encoding="utf-8")))
    }
    assert found == {}


def test_no_graded_name_in_a_code_cell(pages, code_cells):
    found = {
        f"{page}, line {line}": names
        for page, text in pages.items() for line, cell in code_cells(text)
        if (names := graded_words(cell))
    }
    assert found == {}


@pytest.mark.parametrize(
    "name",
    [
        "initialize_parameters", "initialize_parameters_deep", "linear_forward",
        "linear_activation_forward", "L_model_forward", "compute_cost", "linear_backward",
        "linear_activation_backward", "L_model_backward", "update_parameters", "propagate",
        "optimize", "predict", "model", "nn_model", "layer_sizes", "forward_propagation",
        "backward_propagation", "sigmoid_backward", "relu_backward", "initialize_with_zeros",
        "L_model_forward_test_case", "linear_activation_backward_test_case", "two_layer_model",
        "update_parameters_with_adam", "backward_propagation_with_regularization",
        "gradient_check_n", "sigmoid_derivative", "random_mini_batches",
    ],
)
def test_a_planted_name_is_found(name, code_cells):
    assert graded_identifiers(f"x = 1\ndef {name}(): ...") == [(2, name)]
    assert graded_identifiers(f"backprop.{name}(1)") == [(1, name)]
    page = f"# Title\n\n```{{code-cell}} python\n:tags: [a]\n# {name} of the course\n```\n"
    ((line, cell),) = code_cells(page)
    assert line == 4
    assert graded_words(cell) == [name]


def test_other_names_are_let_through():
    source = "from backprop import backward, gradients, cost, step\nmodels = predicted = cost(net)"
    assert graded_identifiers(source) == []
    assert graded_words(source) == []
    assert graded_identifiers("'model' # predict") == []  # words in prose are not identifiers
