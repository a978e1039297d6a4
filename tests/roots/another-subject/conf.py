"""Settings of a small book on another subject."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

extensions = ["myst_parser", "checkedmath.sphinx_ext"]
myst_enable_extensions = ["dollarmath"]
html_theme = "basic"
checkedmath_subjects = ["subject:LEAST_SQUARES"]
