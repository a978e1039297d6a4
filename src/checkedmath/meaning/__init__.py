"""The shape of every node, in symbols, and what each sign therefore means.

`resolve` answers one question: given the shapes of the symbols and a way to read (a `View`),
what is the shape of this node, and which operation is it?  The result mirrors the tree; it is
what `checkedmath.values.evaluate` executes, so that the two cannot disagree.  Shapes that do not fit
raise `ShapeError`, said in symbols.
"""

from checkedmath.meaning import arithmetic, indices, layouts, leaves  # noqa: F401  (each registers its rules)
from checkedmath.meaning.demands import see
from checkedmath.meaning.leaves import with_sizes
from checkedmath.meaning.resolution import Resolved, Scope, merged_ranges, resolve, say

__all__ = ["Resolved", "Scope", "merged_ranges", "resolve", "say", "see", "with_sizes"]
