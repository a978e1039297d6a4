"""What NumPy asks of the values on the way to a formula: where it is not met, the code raises."""

from __future__ import annotations

from checkedmath.meaning.resolution import Scope, name, resolve, say
from checkedmath.reading.result import Demand
from checkedmath.subject.setting import Shape
from checkedmath.syntax.errors import ShapeError, Unplaced
from checkedmath.syntax.tree import Extent


def see(demand: Demand, scope: Scope) -> None:
    """See that a demand is met.  Raises `ShapeError` where NumPy would raise, `Unplaced` for what is not modelled."""
    node, shape = demand.node, resolve(demand.node, scope).shape
    said = f"{name(node)} is {say(shape)}"
    if demand.what == "number" and shape != ():
        raise ShapeError(f"float and int take one number, and {said}", node)
    if demand.what == "array" and shape == ():
        raise Unplaced(f"{said} and no array here", node)
    if demand.what == "one axis" and len(shape) != 1:
        raise Unplaced(f"np.diag of an array with two axes is its diagonal, and {said}; "
                       "np.diag(a.ravel()) makes the matrix", node)  # fmt: skip
    if demand.what == "one entry" and set(shape) - {"1"}:
        raise Unplaced(f"squeeze is read of what has one entry, and {said}", node)
    if demand.what == "rows" and demand.like is not None:
        _see_rows(demand, scope)
    elif demand.what == "length" and demand.like is not None:
        if resolve(demand.node, scope).node != resolve(demand.like, scope).node:
            raise ShapeError(f"{name(demand.node)} is not {name(demand.like)}", node)
    elif demand.what in {"equal", "column"} and demand.like is not None:
        _see_conformable(demand, resolve(demand.like, scope).shape, shape)
    elif demand.like is not None:
        like = resolve(demand.like, scope).shape
        if like == ():
            raise Unplaced(f"{name(demand.like)} is a number, which is not changed in place", node)
        if like != shape:
            raise ShapeError(f"{said}, and the array that it is to become is {say(like)}", node)


def _see_conformable(demand: Demand, right: Shape, left: Shape) -> None:
    """See that two sides may meet where nothing is repeated, but "column" repeats a column down which a matrix goes."""
    if left == right:
        return
    if demand.what == "column":
        if () in {left, right}:
            return
        for one, other in ((left, right), (right, left)):
            if len(one) == len(other) == 2 and one == (other[0], "1"):
                return
    assert demand.like is not None
    raise ShapeError(
        f"{name(demand.node)} is {say(left)} and {name(demand.like)} is {say(right)}: nothing is repeated here",
        demand.node,
    )


def _see_rows(demand: Demand, scope: Scope) -> None:
    """See that an array has as many rows as a number says: x[range(m), y] names one entry of each row."""
    assert demand.like is not None
    rows, count = resolve(Extent(demand.node, 0), scope).node, resolve(demand.like, scope).node
    if rows != count:
        shape = resolve(demand.node, scope).shape
        raise ShapeError(f"{name(demand.node)} is {say(shape)}, and has not {name(count)} rows", demand.node)
