extensions = ["myst_parser", "bookkit.katex"]
myst_enable_extensions = ["amsmath", "dollarmath"]
html_math_renderer = "katex"
html_theme = "basic"
html_copy_source = False
