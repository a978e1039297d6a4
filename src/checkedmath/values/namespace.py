"""The arrays of this process: NumPy's where it is installed, else those of Python alone, which say the same."""

from __future__ import annotations

from functools import cache
from typing import Any


@cache
def namespace() -> Any:
    """Return NumPy, or what stands in for the part of it that is used; loaded when the first value is asked for."""
    try:
        import numpy
    except ImportError:
        from checkedmath.values import arrays

        return arrays
    return numpy


__all__ = ["namespace"]
