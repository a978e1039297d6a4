extensions = ["myst_parser", "bookkit.katex", "checkedmath.sphinx_ext"]
myst_enable_extensions = ["dollarmath"]
html_math_renderer = "katex"
html_theme = "basic"
html_copy_source = False
math_eqref_format = "({number})"
checkedmath_colours = "course.colours:formula_stylesheet"
