extensions = ["myst_nb", "bookkit.katex", "checkedmath.sphinx_ext"]
myst_enable_extensions = ["dollarmath"]
html_math_renderer = "katex"
html_theme = "basic"
