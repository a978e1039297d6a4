"""Formulas: read, infer shapes, evaluate, judge and write them.

>>> from checkedmath import Session
>>> Session().check("dz = a - y", "logistic").verdict
'holds'
"""

from __future__ import annotations

from typing import Any

_HOMES = {
    "Family": "subject.setting", "FormulaError": "syntax.errors", "NamedFunction": "subject.setting",
    "Quantity": "subject.setting", "Session": "judging.session", "Setting": "subject.setting",
    "Subject": "subject.subject", "Swap": "subject.setting", "Unreadable": "syntax.errors",
    "Verdict": "judging.verdict", "World": "subject.setting", "read": "reading", "setting_of": "values.graph",
}  # fmt: skip
__all__ = list(_HOMES)


def __getattr__(name: str) -> Any:
    """Import the public names when they are asked for: `import checkedmath` alone costs nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module 'checkedmath' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"checkedmath.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    """Name the public names, so that they can be listed before one of them is asked for."""
    return [*globals(), *_HOMES]
