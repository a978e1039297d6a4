from docutils import nodes
from sphinx import addnodes

project, author, version, copyright = "A small book", "Its authors", "1.2", "Its authors. CC0"
extensions = ["myst_parser", "bookkit.editions", "bookkit.katex", "checkedmath.sphinx_ext", "sphinx_design"]
myst_enable_extensions = ["colon_fence", "dollarmath"]
html_math_renderer = "katex"
html_theme = "basic"
html_copy_source = False
math_eqref_format = "({number})"
epub_basename = "small"
epub_description = "A book for tests"
bookkit_editions = ["small.pdf", "small.epub"]
bookkit_edition_of = "these sources"
myst_heading_anchors = 3


def visit(self, node):
    self.body.append("<p>Type here:</p>")
    raise nodes.SkipNode


def skip(self, node):
    raise nodes.SkipNode


def setup(app):
    app.add_node(addnodes.centered, override=True, html=(visit, None), epub=(skip, None))
    app.connect("doctree-read", lambda app, doctree: doctree.append(addnodes.centered()))
