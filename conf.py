"""Settings of the book. They are read by Sphinx; what the book can do stands in `src/`."""

import hashlib
import os
import re
import sys
import tomllib
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

from backprop import book
from course import COLUMN_SYMBOLS, SYMBOLS, UNIT_SYMBOLS, table

HERE = Path(__file__).parent


def digest(paths: Iterable[Path]) -> str:
    """Short name for what lies in these files and folders, the same on each machine."""
    total = hashlib.sha256()
    for path in paths:
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in files:
            if file.is_file() and "__pycache__" not in file.parts:
                name = file.relative_to(path.parent).as_posix()
                total.update(f"{name}\0{hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return total.hexdigest()[:16]


# The book -----------------------------------------------------------------------------------------
project = "The book where every formula runs"
author = "The book's authors"
copyright = "The book's authors. Text: CC BY 4.0. Code: MIT"
language = "en"

# sphinxext.opengraph imports all of matplotlib for preview cards that are switched off below: a
# second and more of each build. What it would import stands in here, empty.
sys.modules["sphinxext.opengraph._social_cards"] = cards = ModuleType("cards")
cards.DEFAULT_SOCIAL_CONFIG, cards.create_social_card = {}, None

extensions = [
    "myst_nb",
    "bookkit",
    "checkedmath.sphinx_ext",
    "sphinx.ext.autodoc",
    "notfound.extension",
    "sphinxcontrib.bibtex",
    "sphinx_copybutton",
    "sphinx_design",
    "sphinxext.opengraph",
]

# Where the book will stand, for links that must be absolute. Empty: the book is built for no
# address in particular, and every link in it is relative.
SITE_URL = os.environ.get("SITE_URL", "").strip()
SITE_URL = SITE_URL and SITE_URL.rstrip("/") + "/"
html_baseurl = SITE_URL
if SITE_URL:
    extensions.append("sphinx_sitemap")  # a sitemap lists absolute links, and there is none without
sitemap_url_scheme = "{link}"
sitemap_excludes = ["404.html", "genindex.html", "search.html"]
ogp_site_url = SITE_URL
ogp_social_cards = {"enable": False}
ogp_description_length = 250
notfound_urls_prefix = urlsplit(SITE_URL).path or "/"

# Pages: MyST with $ … $ and $$ … $$ (label) -------------------------------------------------------
myst_enable_extensions = ["attrs_block", "attrs_inline", "colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3
math_eqref_format = "({number})"
# Rendered while the book is built: a reader's browser loads no MathJax and runs no KaTeX.
html_math_renderer = "katex"
myst_update_mathjax = False

# The tables of the page Notation, from the one home of the symbols.
checkedmath_symbol_tables = {
    "batch": table(
        [symbol for name, symbol in SYMBOLS.items() if name != "λ"],  # which only settings with a penalty know
        network=book.network().sizes, m=book.data()[0].shape[1],
    ),
    "penalty": table([SYMBOLS["λ"]]),
    "column": table(COLUMN_SYMBOLS, network=book.network().sizes),
    "unit": table(UNIT_SYMBOLS),
}

# Pages of functions, from the docstrings: what a type says, they say with shapes.
autodoc_typehints = "none"
autodoc_preserve_defaults = True
default_role = "code"  # what docstrings set in backquotes
html_domain_indices = False  # a list of two modules is no help

# The colours of the symbols are those of the figures.
checkedmath_colours = "course.colours:formula_stylesheet"

# Every formula is executed; a change in what it is executed with judges all pages again.
checkedmath_digest = digest([HERE / "src"])

# The addresses of formulas that others link to (`make permalinks`), and where a mistake is reported:
# the repository that CITATION.cff names (repository-code), unless the environment names another.
checkedmath_permalinks = "permalinks.json"

# The page on which a reader's browser runs the checker.
checkedmath_check_page = "use/check"


def repository() -> str:
    """Address of the repository; empty where none is named, and then no page links to it."""
    citation = HERE / "CITATION.cff"
    text = citation.read_text(encoding="utf-8") if citation.is_file() else ""
    named = re.search(r"^repository-code: *[\"']?(https?://[^\s\"']+)", text, re.MULTILINE)
    return os.environ.get("REPOSITORY_URL", "").strip() or (named[1] if named else "")


checkedmath_repository = repository()

# The search: what comes first, the synonyms if the book has a list of them, and what there is to look through.
finder_first = {"use/questions": "Question", "use/symptoms": "Symptom"}
finder_table = next((path.name for path in (HERE / "docs").glob("search.toml")), "")
finder_browse = ["use/questions", "use/formulas"]



def listed(name: str) -> dict[str, Any]:
    """Read a list of the book's own; a book without it is a book still."""
    path = HERE / "docs" / name
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


# Ways through the book, whose next page is named at the foot of each page, and old names of places within pages.
bookkit_tracks = listed("tracks.toml")
bookkit_anchors = listed("anchors.toml")

# Code cells ---------------------------------------------------------------------------------------
# The cache knows a page by the text of its cells alone. What the cells import is in the folder's
# name, so that a change in src/ or in the pinned packages runs every page again.
nb_execution_mode = "cache"
nb_execution_cache_path = str(
    HERE / "build" / ".jupyter_cache" / digest([HERE / "src", HERE / ".requirements" / "book.txt"])
)
bookkit_cells_imports = ["backprop", "course.figures"]
nb_execution_raise_on_error = False  # a failed cell is a warning: all pages report, then -W fails
nb_execution_show_tb = True
nb_execution_timeout = 120
nb_execution_in_temp = True  # a cell finds no file here and leaves none
nb_merge_streams = True
nb_output_stderr = "error"  # a cell that warns is a cell to mend
nb_ipywidgets_js = {}  # these would come from somebody else's server

# The kernel of a page is this environment's Python, without the settings of whoever builds the
# book: a kernel, a start-up file or a matplotlib style of theirs would change the pages.
os.environ["JUPYTER_PATH"] = str(Path(sys.prefix, "share", "jupyter"))
os.environ["JUPYTER_CONFIG_DIR"] = str(HERE / "build" / ".jupyter")
os.environ["IPYTHONDIR"] = str(HERE / "build" / ".ipython")
os.environ["MPLCONFIGDIR"] = str(Path(sys.prefix, "share", "matplotlib"))
os.environ.pop("MATPLOTLIBRC", None)
os.environ["PYTHONHASHSEED"] = "0"  # sets print in the same order in each build
os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"  # no debugger warning between the build's lines

# Look ---------------------------------------------------------------------------------------------
html_theme = "sphinx_book_theme"
templates_path = ["docs/_templates"]  # what the theme sends and no page needs is left out there
html_title = project
html_static_path = ["docs/_static"]
html_css_files = ["book.css"]
html_js_files = [("folds.js", {"defer": "defer"})]
html_favicon = "docs/_static/favicon.svg"
html_context = {"default_mode": "auto"}  # light or dark as the reader's system is
html_theme_options = {
    "home_page_in_toc": True,
    "launch_buttons": {},  # nothing here asks Binder or Thebe
    "navbar_persistent": [],  # search stands in the side bar: no bar across the top for it alone
    "show_toc_level": 2,
    "use_download_button": True,
    "use_fullscreen_button": False,
}
html_copy_source = True
html_show_sphinx = False
if checkedmath_repository:  # a link to the sources on every page, where their address is known
    html_theme_options |= {"repository_url": checkedmath_repository, "use_repository_button": True}
copybutton_exclude = ".linenos, .gp, .go"

# Classes that scripts put together from pieces ("kind-" + kind), so that neither a page nor a script holds them
# whole: their rules stay in the stylesheet (bookkit.written).
bookkit_kept_classes: list[str] = []
# Scripts that have their own stylesheet: Python and the checker, for the pages that load them.
bookkit_scripts_apart = ["checkedmath/referee"]

# The book in one piece: `make pdf`, `make epub` ------------------------------------------------------
version = metadata.version("backprop-book")
epub_basename = "backprop-book"
bookkit_editions = [f"build/pdf/{epub_basename}.pdf", f"build/epub/{epub_basename}.epub"]
bookkit_edition_of = digest([HERE / name for name in ("conf.py", "docs", "src", ".requirements")])
epub_description = "Backpropagation derived step by step in the notation of the Deep Learning Specialization"

# Sources; a book without a list of them is a book still ---------------------------------------------
bibtex_bibfiles = sorted(path.relative_to(HERE).as_posix() for path in (HERE / "docs").glob("*.bib"))

# Links --------------------------------------------------------------------------------------------
linkcheck_timeout = 20
linkcheck_retries = 2
linkcheck_anchors = False  # many sites make theirs by script
