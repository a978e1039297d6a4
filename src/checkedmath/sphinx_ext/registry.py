"""The registry of permalinks: a committed file that says which addresses the book has promised.

Nothing here knows of Sphinx.  The file is JSON with three tables:

* ``formulas``: each label, with the page it stands on and the question it answers;
* ``moved``: a label that was given up, and the label that answers in its place;
* ``pages``: the docname of a renamed page, and the name it has now.

An address that was promised never goes: a label leaves the first table only by way of the second.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path

#: What can be the name of a file on every machine, and part of an address without escapes.
LABEL = re.compile(r"(?!(?:con|prn|aux|nul|com\d|lpt\d)\Z)[A-Za-z0-9][A-Za-z0-9_-]{0,99}", re.IGNORECASE)
#: The name of a page: such names with dots, in folders, and none of them leads out of the book.
PAGE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}(?:/[A-Za-z0-9][A-Za-z0-9._-]{0,99}){0,9}")


#: How much of a wrong label is shown.
SHOWN = 60


class RegistryError(Exception):
    """The registry cannot be read, or it promises what the book does not hold."""


@dataclass(frozen=True)
class Entry:
    """Where a formula stands, and the question it answers."""

    page: str
    question: str


@dataclass(frozen=True)
class Registry:
    """The three tables."""

    formulas: Mapping[str, Entry] = field(default_factory=dict)
    moved: Mapping[str, str] = field(default_factory=dict)
    pages: Mapping[str, str] = field(default_factory=dict)

    def now(self, label: str) -> str:
        """Return the label that stands for this one now, through as many moves as there were."""
        return _follow(self.moved, label)

    def with_book(self, book: Mapping[str, Entry]) -> Registry:
        """Return the registry with the formulas of the book; raise `RegistryError` if a promise would be broken."""
        faults = self.faults(book)
        if faults:
            raise RegistryError("\n".join(faults))
        return replace(self, formulas=dict(book))

    def faults(self, book: Mapping[str, Entry]) -> list[str]:
        """Return a sentence for each promise that the book does not keep, with what to do."""
        found = [_vanished(label, self.formulas[label], book) for label in sorted(self._vanished(book))]
        for old in sorted(self.moved):
            new = self.now(old)
            if old in book:
                found.append(f"the label {old!r} is in the book and under \"moved\" too: take it out of \"moved\"")
            elif new not in book:
                found.append(
                    f"{old!r} has moved to {new!r}, and the book has no formula with that label"
                    + _nearest(new, book) + ": name a label of the book"
                )  # fmt: skip
        return found

    def _vanished(self, book: Mapping[str, Entry]) -> set[str]:
        return set(self.formulas) - set(book) - set(self.moved)

    def missing(self, book: Iterable[str]) -> list[str]:
        """Return the labels of the book that are not registered."""
        return sorted(set(book) - set(self.formulas))


def _follow(table: Mapping[str, str], name: str) -> str:
    seen = set()
    while name in table and name not in seen:
        seen.add(name)
        name = table[name]
    return name


def _vanished(label: str, entry: Entry, book: Mapping[str, Entry]) -> str:
    return (
        f"the label {label!r} (page {entry.page}, {entry.question!r}) is no longer in the book, and links lead to it. "
        f"If it has a new name{_nearest(label, book)}, or another formula answers the question now, add "
        f'"{label}": "the new label" to "moved" in the registry; otherwise put the label back'
    )


def _nearest(label: str, book: Iterable[str]) -> str:
    near = get_close_matches(label, list(book), 1)
    return f" (nearest: {near[0]!r})" if near else ""


def load(path: Path) -> Registry:
    """Read the registry; a file that is not there is an empty one.  Raises `RegistryError`."""
    if not path.is_file():
        return Registry()
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        registry = Registry(
            {label: Entry(entry["page"], entry["question"]) for label, entry in data["formulas"].items()},
            dict(data["moved"]),
            dict(data["pages"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise RegistryError(
            f'{path.name}: expected JSON with the tables "formulas" (label: page and question), "moved" and '
            f'"pages", got {type(error).__name__}: {error}. Take the last committed version and change that'
        ) from error
    parts = {"formulas": [*registry.formulas], "moved": [*registry.moved, *registry.moved.values()],
             "pages": [*registry.pages, *registry.pages.values()]}  # fmt: skip
    for name, known in (("formulas", LABEL), ("moved", LABEL), ("pages", PAGE)):
        for part in parts[name]:
            if not known.fullmatch(str(part)):  # what is no string is no name either
                raise RegistryError(_unfit(path, name, part))
    for name, table in (("moved", registry.moved), ("pages", registry.pages)):
        for old in table:
            if _follow(table, old) in table:
                raise RegistryError(f"{path.name}: {old!r} leads back to itself under {name!r}: name what is there now")
    return registry


def _unfit(path: Path, table: str, part: object) -> str:
    """Say which entry of the file cannot be part of an address, and in which line it stands."""
    before = path.read_text(encoding="utf-8").partition(json.dumps(part, ensure_ascii=False))[0]
    expected = "a page of the book, letters, digits, . - _ and /" if table == "pages" else "letters, digits, - and _"
    shown = repr(part)[: SHOWN + 2]
    where = f"{path.name}:{before.count(chr(10)) + 1}"
    return f"{where}: {shown} under {table!r} is part of an address: expected {expected}"


def text_of(registry: Registry) -> str:
    """Return the text of the file: sorted, so that a change shows as a few lines."""
    data = {
        "formulas": {
            label: {"page": entry.page, "question": entry.question}
            for label, entry in sorted(registry.formulas.items())
        },
        "moved": dict(sorted(registry.moved.items())),
        "pages": dict(sorted(registry.pages.items())),
    }
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def bad_labels(labels: Iterable[str]) -> dict[str, str]:
    """Return, for each label that can be no address, a sentence that says why.  Nothing may be written for it."""
    found: dict[str, str] = {}
    seen: dict[str, str] = {}
    for label in sorted(labels):
        shown = repr(label if len(label) <= SHOWN else label[:SHOWN] + "…")
        if not LABEL.fullmatch(label):
            found[label] = f"the label {shown} is part of an address: expected at most 100 letters, digits, - and _"
        elif (twin := seen.setdefault(label.casefold(), label)) != label:
            found[label] = f"the labels {twin!r} and {shown} differ in capitals only: some machines mix them up"
    return found
