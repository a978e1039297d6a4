"""A book whose code spans, titles and words hold true formulas, quotations, and what is no formula."""

extensions = ["myst_parser", "checkedmath.sphinx_ext"]
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
