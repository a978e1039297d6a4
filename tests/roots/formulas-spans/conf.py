"""A book whose code spans, titles and words hold false formulas, one in each kind of place."""

extensions = ["myst_parser", "sphinx_design", "checkedmath.sphinx_ext"]
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
suppress_warnings = ["toc.not_included"]
