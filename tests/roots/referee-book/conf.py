extensions = ["myst_parser", "bookkit.katex", "checkedmath.sphinx_ext"]
myst_enable_extensions = ["dollarmath"]
html_math_renderer = "katex"
html_theme = "basic"
html_copy_source = False
checkedmath_check_page = "index"
