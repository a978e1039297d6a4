"""The book's figures, one function each; a page's cell calls it and shows the `Drawing` it returns.

Each module holds the figures of one subject.
"""

from course.figures.batch import columns_of_a_batch, rank_one_tiles
from course.figures.graph import computation_graph, one_layer_both_ways
from course.figures.ground import loss_of_one_unit, slope_of_square, two_paths
from course.figures.network import paths_to_loss, weights_both_ways
from course.figures.shapes import diagonal_jacobian, outer_product, row_and_column, shapes_that_fit

__all__ = [
    "columns_of_a_batch", "computation_graph", "diagonal_jacobian", "loss_of_one_unit",
    "one_layer_both_ways", "outer_product", "paths_to_loss", "rank_one_tiles", "row_and_column",
    "shapes_that_fit", "slope_of_square", "two_paths", "weights_both_ways",
]  # fmt: skip
