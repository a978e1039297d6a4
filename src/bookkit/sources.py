"""The addresses in the bibliography: an entry whose link is no address of a page ends the build.

What sphinxcontrib-bibtex makes of an entry it puts into the page as it stands, ``javascript:`` too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util.typing import ExtensionMetadata

SCHEMES = ("http", "https", "mailto", "doi")
#: The commands that make a link within a text; the field ``url`` is one as a whole.
COMMAND = re.compile(r"\\(?:url|href)\s*\{([^{}]*)\}")
SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):")


def scheme(address: str) -> str:
    r"""Return the scheme of an address as a browser sees it, or nothing: whatever the case, blanks and entities in it.

    >>> scheme("https://a.example"), scheme(" &#74;avascript\t:alert(1)"), scheme("a/b:c")
    ('https', 'javascript', '')
    """
    bare = re.sub(r"[\x00-\x20\x7f-\xa0{}\\\\]", "", unescape(unescape(address))).lower()
    match = SCHEME.match(bare)
    return match[1] if match else ""


def faults(name: str, key: str, fields: dict[str, str]) -> Iterator[str]:
    """Yield a sentence for each link of an entry that leads to no page."""
    for field, text in fields.items():
        addresses = [text] if field.lower() == "url" else []
        for address in [*addresses, *COMMAND.findall(text)]:
            found = scheme(address)
            if found and found not in SCHEMES:
                expected = "expected an address with " + ", ".join(f"{known}:" for known in SCHEMES)
                yield f"{name}: entry {key!r}: {expected}; got {address[:60]!r} in the field {field}"


def check(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Raise `ExtensionError` for entries with such links, before any page is read."""
    data: Any = getattr(env.domains.get("cite"), "bibdata", None)
    if data is None:  # a book without sphinxcontrib-bibtex
        return
    found = [
        said
        for path, file in data.bibfiles.items() for key in file.keys
        for said in faults(path.name, key, dict(data.data.entries[key].fields))
    ]  # fmt: skip
    if found:
        raise ExtensionError("\n".join(found))


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the check."""
    app.connect("env-before-read-docs", check)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
