"""Formulas: read, infer shapes, evaluate, judge and write them.

>>> from checkedmath import Session
>>> Session().check("dz = a - y", "logistic").verdict
'holds'
"""

from __future__ import annotations

from typing import Any

__all__ = ["Session", "Setting", "Verdict", "read"]
_HOMES = {"Session": "judging.session", "Setting": "subject.setting", "Verdict": "judging.verdict", "read": "reading"}


def __getattr__(name: str) -> Any:
    """Import the public names when they are asked for: `import checkedmath` alone costs nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module 'checkedmath' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"checkedmath.{_HOMES[name]}"), name)
