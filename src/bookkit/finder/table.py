"""The book's table for the search, a TOML file: words that stand for each other, and signs that are read as words.

``synonyms`` is a list of groups; who types one member of a group finds the others. ``signs`` is a list of pairs, a
regular expression (as JavaScript and Python both read it) and what is put in its place before words are compared.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from sphinx.errors import ConfigError


@dataclass(frozen=True)
class Table:
    """Groups of synonyms, and pairs of a pattern and its words."""

    synonyms: list[list[str]] = field(default_factory=list)
    signs: list[list[str]] = field(default_factory=list)


def read_table(folder: Path, name: str) -> Table:
    """Read the table ``name`` in ``folder``.

    Raises `ConfigError` where there is no such file, or where it holds something else.
    """
    path = folder / name
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        msg = f"finder_table in conf.py: expected a TOML file {name!r} in {folder}: {error}"
        raise ConfigError(msg) from error
    if unknown := found.keys() - {"synonyms", "signs"}:
        msg = f"{path}: expected synonyms and signs, got {', '.join(sorted(unknown))}"
        raise ConfigError(msg)
    for key, least in (("synonyms", 2), ("signs", 2)):
        for row in found.get(key, []):
            right = isinstance(row, list) and all(isinstance(word, str) and word.strip() for word in row[:1] + row[2:])
            if not right or len(row) < least or (key == "signs" and len(row) != least):
                wanted = "two members or more" if key == "synonyms" else "a pattern and its words"
                msg = f"{path}: {key}: expected a list of {wanted}, each a text, got {row!r}"
                raise ConfigError(msg)
    for pattern, _words in found.get("signs", []):
        try:
            re.compile(pattern)
        except re.error as error:
            msg = f"{path}: signs: expected a regular expression, got {pattern!r}: {error}"
            raise ConfigError(msg) from error
    return Table(found.get("synonyms", []), found.get("signs", []))
