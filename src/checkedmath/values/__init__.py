"""Values of formulas, and the arrays that hold them."""
