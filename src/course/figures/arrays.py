"""Matrices with their numbers, as parts of a figure."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from course.drawing import INK, Place, Sheet

Array = Any


def write_array(
    sheet: Sheet,
    array: Array,
    upper_left: Place,
    colour: str,
    *,
    decimals: int = 2,
    cell: Place = (0.52, 0.3),
    columns: Collection[int] = (),
    rows: Collection[int] = (),
    size: float = 9.5,
) -> Place:
    """Write a matrix (r, c) in brackets and return its centre.

    `upper_left` is the corner of its first cell, `cell` the width and height of each.  A frame
    goes round each of the given `columns` and `rows`, which count from 1; what is framed wears
    `colour`, the rest the page's own, unless nothing is framed.
    """
    (left, top), (width, height) = upper_left, cell
    r, c = array.shape
    for i in columns:
        centre = (left + (i - 0.5) * width, top - r * height / 2)
        sheet.frame(centre, width * 0.98, r * height + 0.04, colour, 1.5, corner=0.12)
    for k in rows:
        centre = (left + c * width / 2, top - (k - 0.5) * height)
        sheet.frame(centre, c * width + 0.02, height, colour, 1.5, corner=0.12)
    for k in range(r):
        for i in range(c):
            framed = not (columns or rows) or i + 1 in columns or k + 1 in rows
            place = (left + (i + 0.5) * width, top - (k + 0.5) * height - 0.01)
            sheet.text(place, number(array[k, i], decimals), colour if framed else INK, size=size)
    sheet.brackets((left - 0.05, top - r * height - 0.04), (left + c * width + 0.05, top + 0.04))
    return left + c * width / 2, top - r * height / 2


def number(value: float, decimals: int = 2) -> str:
    """Return a number as mathematical text; what is rounded to zero has no sign.

    >>> number(-0.004), number(-0.5)
    ('$0.00$', '$-0.50$')
    """
    # Adding 0.0 turns the -0.0 that rounding can leave into 0.0.
    return f"${round(float(value), decimals) + 0.0:.{decimals}f}$"


def spoken(array: Array, decimals: int = 2) -> str:
    """Return the entries of a matrix for a description, row by row.

    >>> import numpy as np
    >>> spoken(np.array([[0.25, -1.0], [0.0, 3.0]]))
    '0.25, -1.00; 0.00, 3.00'
    """
    return "; ".join(
        ", ".join(number(entry, decimals).strip("$") for entry in row) for row in array
    )
