"""The book's figures, one function each; a page's cell calls it and shows the `Drawing` it returns.

Each module holds the figures of one subject.
"""

from course.figures.batch import columns_of_a_batch, rank_one_tiles
from course.figures.fits import what_fits
from course.figures.graph import computation_graph, layers_both_ways, one_unit_both_ways
from course.figures.ground import loss_of_one_unit, product_as_area, slope_of_square, two_paths
from course.figures.matrices import (
    answer_in_numbers,
    diagonal_times_column,
    every_pair,
    place_by_place,
    row_times_column,
    rows_and_columns,
    transposed,
)
from course.figures.moving import MovingNetwork, moving_network
from course.figures.network import paths_to_loss, weights_both_ways
from course.figures.plots import activations_and_derivatives, losses_and_slopes, softmax_over_one_z, step_errors
from course.figures.rows import columns_and_rows
from course.figures.shapes import diagonal_jacobian, outer_product, row_and_column, shapes_that_fit
from course.figures.training import decision_boundaries, learning_curve

__all__ = [
    "MovingNetwork", "activations_and_derivatives", "answer_in_numbers", "columns_and_rows", "columns_of_a_batch",
    "computation_graph", "decision_boundaries", "diagonal_jacobian", "diagonal_times_column", "every_pair",
    "layers_both_ways", "learning_curve", "loss_of_one_unit", "losses_and_slopes", "moving_network",
    "one_unit_both_ways", "outer_product", "paths_to_loss", "place_by_place", "product_as_area", "rank_one_tiles",
    "row_and_column", "row_times_column", "rows_and_columns", "shapes_that_fit", "slope_of_square",
    "softmax_over_one_z", "step_errors", "transposed", "two_paths", "weights_both_ways", "what_fits",
]  # fmt: skip
