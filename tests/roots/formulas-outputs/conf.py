"""A book with a cell that prints Markdown: mathematics, code and words."""

extensions = ["myst_nb", "bookkit.katex", "checkedmath.sphinx_ext"]
myst_enable_extensions = ["dollarmath"]
html_math_renderer = "katex"
html_theme = "basic"
nb_execution_mode = "force"
nb_execution_in_temp = True
nb_render_markdown_format = "myst"
