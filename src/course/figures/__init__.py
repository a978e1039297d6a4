"""The book's figures, one function each; a page's cell calls it and shows the `Drawing` it returns.

Each module holds the figures of one subject.
"""

from course.figures.ground import loss_of_one_unit, slope_of_square, two_paths
from course.figures.network import paths_to_loss, weights_both_ways
from course.figures.shapes import (
    diagonal_jacobian,
    outer_product,
    row_and_column,
    shapes_that_fit,
)

__all__ = [
    "diagonal_jacobian", "loss_of_one_unit", "outer_product", "paths_to_loss", "row_and_column",
    "shapes_that_fit", "slope_of_square", "two_paths", "weights_both_ways",
]  # fmt: skip
