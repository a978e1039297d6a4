"""What the checker uses of NumPy, in Python alone, so that formulas are judged the same where NumPy is absent.

The rule: a name here is NumPy's, takes NumPy's arguments and gives NumPy's values, shapes and kinds of entries; an
overflow is inf, a division by zero inf or NaN, also of complex numbers.  What NumPy can and this cannot is refused:
an unknown name by `AttributeError`, an unknown argument by `TypeError`, the rest by `NotImplementedError`.  Entries are
Python's bool, int, float and complex, in place of dtypes of many widths.  Beside NumPy's, a real part, a diagonal and a
reshaped slice are copies not to be written to, and an array without axes is a number, whose ``+=`` makes a new one.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from math import e, inf, nan, pi  # noqa: F401 - NumPy's names, here and below
from types import SimpleNamespace
from typing import Any

from checkedmath.values.arrays import linalg  # noqa: F401
from checkedmath.values.arrays.array import Array
from checkedmath.values.arrays.entrywise import *  # noqa: F403 - the names that its __all__ lists
from checkedmath.values.arrays.entrywise import absolute, around, folded
from checkedmath.values.arrays.kinds import DType, bool_, complex128, float64, int64  # noqa: F401
from checkedmath.values.arrays.making import *  # noqa: F403 - the same

ndarray, dtype, newaxis = Array, DType, None
abs, round = absolute, around  # noqa: A001 - NumPy's names
sum, prod, mean, max, min = map(folded, ("sum", "prod", "mean", "max", "min"))  # noqa: A001
any, all, argmax, argmin = map(folded, ("any", "all", "argmax", "argmin"))  # noqa: A001


@contextmanager
def errstate(**_: str) -> Iterator[None]:
    """Do nothing: no warning comes from here."""
    yield


def finfo(_: object = float) -> SimpleNamespace:
    """Return what a float can hold."""
    return SimpleNamespace(eps=2.0**-52, max=(2 - 2.0**-52) * 2.0**1023, tiny=2.0**-1022)


def __getattr__(name: str) -> Any:
    raise AttributeError(f"expected a function that the checker uses, got {name}: it is in NumPy, if at all, not here")

