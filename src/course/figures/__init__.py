"""The book's figures, one function each; a page's cell calls it and shows the `Drawing` it returns.

Each module holds the figures of one subject.
"""

from course.figures.network import paths_to_loss, weights_both_ways

__all__ = ["paths_to_loss", "weights_both_ways"]
