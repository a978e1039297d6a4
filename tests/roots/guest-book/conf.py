"""A book of another author: Sphinx's own theme, search and MathJax, and formulas that are judged."""

project = "A guest"
extensions = ["myst_parser", "checkedmath.sphinx_ext"]
myst_enable_extensions = ["dollarmath"]
