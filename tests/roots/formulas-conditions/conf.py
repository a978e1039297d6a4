extensions = ["myst_parser", "bookkit.katex", "checkedmath.sphinx_ext"]
myst_enable_extensions = ["attrs_block", "attrs_inline", "colon_fence", "deflist", "dollarmath"]
html_math_renderer = "katex"
html_theme = "basic"
html_copy_source = False
