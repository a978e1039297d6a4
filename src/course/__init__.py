"""What this book is about: its symbols, their shapes and their figures.

`notation` is the one home of every symbol. It imports nothing but the standard library, so it
can be read where NumPy is absent. `figures` draws the book's network.

>>> from course import SYMBOLS
>>> SYMBOLS["dZ[l]"].at(1).shape
('n_1', 'm')
"""

from course.notation import COLUMN_SYMBOLS, SYMBOLS, UNIT_SYMBOLS, Symbol, table
from course.side_by_side import side_by_side

__all__ = ["COLUMN_SYMBOLS", "SYMBOLS", "UNIT_SYMBOLS", "Symbol", "side_by_side", "table"]
