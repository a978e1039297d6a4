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
LABEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


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

    def page_now(self, docname: str) -> str:
        """Return the name that a renamed page has now."""
        return _follow(self.pages, docname)

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
        f'"{label}": "the new label" to "moved" in the registry; else put the label back'
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
    for name, table in (("moved", registry.moved), ("pages", registry.pages)):
        for old in table:
            if _follow(table, old) in table:
                raise RegistryError(f"{path.name}: {old!r} leads back to itself under {name!r}: name what is there now")
    return registry


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


def bad_labels(labels: Iterable[str]) -> list[str]:
    """Return a sentence for each label that can be no address."""
    found: list[str] = []
    seen: dict[str, str] = {}
    for label in sorted(labels):
        if not LABEL.fullmatch(label):
            found.append(f"the label {label!r} is part of an address: expected letters, digits, - and _")
        twin = seen.setdefault(label.casefold(), label)
        if twin != label:
            found.append(f"the labels {twin!r} and {label!r} differ in capitals only: some machines mix them up")
    return found
