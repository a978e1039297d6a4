r"""The math renderer `katex`: formulas are drawn while the book is built.

The page holds KaTeX's HTML for the eye and its MathML for screen readers, a stylesheet and fonts
of its own site; no script. `html_math_renderer = "katex"` selects it.

Settings for conf.py:

* `katex_macros`: a dict from a command (`r"\R"`) to what it stands for;
* `katex_dist`: the dist folder of the npm package katex, if not where `make setup` puts it.

Warnings, each with page and line: `katex.parse` (KaTeX cannot read the formula; the page shows its
source), `katex.strict` (LaTeX would read it differently), `katex.trust` (a command that may not
stand in a formula) and `katex.numbered` (an environment that numbers itself).
"""

from __future__ import annotations

from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError
from sphinx.util.typing import ExtensionMetadata

from bookkit.katex.renderer import Renderer
from bookkit.npm import PACKAGES, version

DIST = PACKAGES / "katex" / "dist"


def check_config(_app: Sphinx, config: Config) -> None:
    r"""Raise `ConfigError` unless `katex_macros` maps commands (`\name`) to text."""
    for command, text in config.katex_macros.items():
        if not (isinstance(command, str) and command.startswith("\\") and isinstance(text, str)):
            msg = (
                f"katex_macros in conf.py: expected a command that starts with a backslash and "
                f'the text it stands for, as in {{r"\\R": r"\\mathbb{{R}}"}}, but got '
                f"{command!r}: {text!r}."
            )
            raise ConfigError(msg)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the renderer, its settings, and the events it listens to and emits."""
    app.setup_extension("bookkit.text")
    renderer = Renderer(app)
    app.add_html_math_renderer(
        "katex", (renderer.visit_inline, None), (renderer.visit_display, None)
    )
    # The path is no reason to write pages again, what lies there is.
    app.add_config_value("katex_dist", str(DIST), "", types=(str,))
    app.add_config_value("katex_macros", {}, "html", types=(dict,))
    # Not for conf.py: Sphinx compares it with the last build's, and writes all pages again.
    app.add_config_value("katex_version", lambda config: version(Path(config.katex_dist).parent), "html")
    app.add_event("katex-display")
    app.add_event("katex-page")
    app.connect("config-inited", check_config)
    app.connect("builder-inited", renderer.start)
    app.connect("env-get-outdated", renderer.again)
    app.connect("doctree-resolved", renderer.forget)
    app.connect("html-page-context", renderer.dress, priority=600)  # after the theme
    app.connect("build-finished", renderer.finish)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
