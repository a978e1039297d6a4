"""The checker in a reader's browser: the box *Check your own formula*, exercises that answer, and what both load.

* `box` is the directive ``{referee}``, `exercises` are ``{exercise}`` and its parts;
* `links` open the box with a formula in it;
* `packing` makes what a browser loads, `serving` puts it into the site, `static/` is what runs there.

Settings for conf.py:

* `checkedmath_check_page`: the page that has the box, to which a formula's bar leads; "" where there is none;
* `checkedmath_pyodide`: the folder of the npm package pyodide, if not where `make setup` puts it.
"""

from __future__ import annotations

from sphinx.application import Sphinx

from checkedmath.sphinx_ext.referee import box, exercises, links, serving


def setup(app: Sphinx) -> None:
    """Register the directives, and what is served."""
    box.setup(app)
    exercises.setup(app)
    links.setup(app)
    serving.setup(app)
