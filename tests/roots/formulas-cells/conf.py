extensions = ["myst_nb", "checkedmath.sphinx_ext"]
html_math_renderer = "katex"
html_theme = "basic"
