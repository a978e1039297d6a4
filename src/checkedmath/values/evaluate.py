"""The value of a resolved formula in one draw.

Nothing is decided here: `checkedmath.meaning` has said what every sign means.  The array
namespace is an argument, so that the core runs where NumPy is absent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from checkedmath.meaning.resolution import Resolved
from checkedmath.subject.setting import Draw, Setting
from checkedmath.subject.view import ENTRY, MATRIX, SCALE, View
from checkedmath.syntax.budget import spend
from checkedmath.syntax.errors import FormulaError
from checkedmath.syntax.tree import (
    Add,
    Apply,
    AxisSum,
    ByIndex,
    Cases,
    Change,
    Compare,
    Component,
    Constant,
    Delta,
    Derivative,
    Divide,
    Example,
    Index,
    Inverse,
    Maximum,
    Multiply,
    Negate,
    Node,
    Number,
    Power,
    Primed,
    Subtract,
    SumOver,
    Symbol,
    Transpose,
    WrittenOut,
)  # fmt: skip
from checkedmath.values.functions import LIMITS, columns_jacobian, general_functions, prime
from checkedmath.values.shaking import Shaking
from checkedmath.values.stacks import (
    NoStack,
    diagonal,
    each,
    entries,
    in_copies,
    is_stack,
    number,
    side_by_side,
    swapped,
    total,
)  # fmt: skip

Array = Any
#: The rule of a symbol with a dot, for how fast it changes.
DOTTED = "dotted"

#: Two branches that apply at once and differ by more contradict each other.
CLASH = 1e-12


@dataclass
class Environment:
    """Where a formula is evaluated: a draw, what l and L are, and what the indices stand for."""

    xp: Any
    setting: Setting
    draw: Draw
    members: Mapping[str, int] = field(default_factory=dict)  # {"l": 2, "L": 3}
    view: View = field(default_factory=View)
    numpy: bool = False
    indices: dict[str, int] = field(default_factory=dict)
    memo: dict[Any, Any] = field(default_factory=dict)
    given: Mapping[str, Array] = field(default_factory=dict)  # declared for this formula
    pushed: tuple[Symbol, ...] = ()  # what the formula writes with a dot, and so says to be changing
    shaking: Shaking | None = None

    def number(self, index: Index) -> int:
        """Return the layer or position an index stands for."""
        if not index.letter:
            return index.offset
        bound = self.indices.get(index.letter, self.members.get(index.letter))
        if bound is None:
            raise KeyError(index.letter)
        return bound + index.offset

    def range_of(self, dimension: str) -> int:
        """Return how many values an index of this dimension takes."""
        if dimension.isdigit():
            return int(dimension)
        family = self.setting.family
        index = family.index_of(dimension)
        if index is not None and index.letter in self.members:
            dimension = family.size_of(Index("", self.members[index.letter] + index.offset))
        return int(self.draw.sizes[dimension])

    def moved(self, symbol: Symbol, value: Array) -> Environment:
        """Return the same place in the draw where this symbol has another value."""
        member = self.number(symbol.member) if symbol.member is not None else None
        if symbol.name in self.given:
            return self.renewed(self.draw, {**self.given, symbol.name: value})
        if is_stack(value) and getattr(self.draw, "stacked", None) is None:
            raise NoStack
        return self.renewed(self.draw.moved(symbol.name, member, value), self.given)

    @property
    def stacked(self) -> bool:
        """Whether something here comes in copies, each of which has been moved in another way."""
        return bool(getattr(self.draw, "stacked", False)) or any(is_stack(value) for value in self.given.values())

    def renewed(self, draw: Draw, given: Mapping[str, Array]) -> Environment:
        """Return a copy with another draw and an empty memory."""
        return Environment(
            self.xp, self.setting, draw, self.members, self.view, self.numpy, self.indices, {}, given, self.pushed,
        )  # fmt: skip


#: What evaluation ends in where there is no value: a division by zero, an index beyond the end, no inverse.
NO_VALUE = (ArithmeticError, ValueError, LookupError)


def evaluate(item: Resolved, env: Environment) -> Array:
    """Return the value: a number for shape (), else an array with as many axes as the shape has.

    Where something has been moved in copies there is one axis more (`checkedmath.values.stacks`).  Raises one of
    `NO_VALUE`, or a `FormulaError`, where there is no value, and `NoStack` where there is none for all copies at once.
    """
    spend()
    value = RULES[type(item.node)](item, env)
    if env.shaking is not None and not isinstance(item.node, Compare):
        derived = env.shaking.limits and is_derived(item.node, env)
        value = env.shaking.moved(value, env.xp, derived=derived)
    # What is a number by its shape is a number here too, also where it came out as (1, 1).
    if len(item.shape) == 1 and is_stack(value) and env.stacked:
        raise NoStack  # (k, n) could not be told from a matrix
    return number(value) if item.shape == () and getattr(value, "ndim", 0) > 0 else value


def is_derived(node: Node, env: Environment) -> bool:
    """Whether a value comes of steps: its rounding is that of the terms that cancel in it."""
    if isinstance(node, Symbol):
        quantity = env.setting.quantities.get(node.name)
        return node.dotted or (quantity is not None and quantity.gradient is not None)
    return isinstance(node, Derivative | Change)


def _number(item: Resolved, env: Environment) -> Array:
    return float(item.node.text)  # type: ignore[attr-defined]


def _symbol(item: Resolved, env: Environment) -> Array:
    node: Symbol = item.node  # type: ignore[assignment]
    member = env.number(node.member) if node.member is not None else None
    if item.how == "size":
        assert node.member is not None
        return float(env.range_of(env.setting.family.size_of(Index("", env.number(node.member)))))
    if node.dotted:
        return RULES[DOTTED](item, env)
    key = (node.name, member, item.shape == ())  # of one unit, NumPy texts want a (1, 1) and the others a number
    if key in env.memo:
        return env.memo[key]
    value = env.given[node.name] if node.name in env.given else env.draw.value(node.name, member)
    quantity = env.setting.quantities.get(node.name)
    if quantity is not None and quantity.oriented and quantity.oriented in env.view.turned:
        value = swapped(value)
    if item.shape == () and getattr(value, "ndim", 0) > 0:
        value = number(value)
    env.memo[key] = value
    return value


def _constant(item: Resolved, env: Environment) -> Array:
    if item.how == "ones" and item.shape:
        return env.xp.ones(tuple(env.range_of(d) for d in item.shape))
    if item.how == "unit matrix" and item.shape:
        return env.xp.eye(env.range_of(item.shape[0]))
    return {"e": 2.718281828459045, "0": 0.0}.get(item.node.name, 1.0)  # type: ignore[attr-defined]


def _delta(item: Resolved, env: Environment) -> Array:
    node: Delta = item.node  # type: ignore[assignment]
    return 1.0 if env.number(node.first) == env.number(node.second) else 0.0


def _pair(item: Resolved, env: Environment) -> tuple[Array, Array]:
    return evaluate(item.parts[0], env), evaluate(item.parts[1], env)


def _terms(item: Resolved, env: Environment) -> tuple[Array, Array]:
    left, right = _pair(item, env)
    if env.shaking is not None:
        env.shaking.add(left, right, env.xp)
    return left, right


def _add(item: Resolved, env: Environment) -> Array:
    left, right = _terms(item, env)
    return left + right


def _subtract(item: Resolved, env: Environment) -> Array:
    left, right = _terms(item, env)
    return left - right


def _maximum(item: Resolved, env: Environment) -> Array:
    left, right = _pair(item, env)
    return env.xp.where(env.xp.real(left) > env.xp.real(right), left, right)


def _negate(item: Resolved, env: Environment) -> Array:
    return -evaluate(item.parts[0], env)


def _multiply(item: Resolved, env: Environment) -> Array:
    if item.how == "pushed":
        return _pushed(item, env)
    left, right = _pair(item, env)
    if item.how in {ENTRY, SCALE, "numpy"}:
        return _seen(left * right, env, left, right)
    if item.how == MATRIX:
        return left @ right
    if item.how == "inner":
        return swapped(left) @ right
    if item.how == "outer":
        return entries(env.xp.asarray(left)) * entries(env.xp.asarray(right), 1, -1)
    assert item.how == "jacobian"
    jacobians, columns = left, right  # (m, n, n) and (n, m)
    if is_stack(columns) and env.stacked:
        raise NoStack
    return env.xp.stack([jacobians[i].T @ columns[:, i] for i in range(columns.shape[1])], axis=1)


def _pushed(item: Resolved, env: Environment) -> Array:
    """Return 𝓛(z + ε): the loss where z, or one entry of it, has another value."""
    of, value, by = item.parts
    new = evaluate(value, env)
    if isinstance(by.node, Component):
        by = by.parts[0]
        whole = env.xp.array(evaluate(by, env))
        if is_stack(whole) or is_stack(new):
            raise NoStack
        places = [env.number(i) - 1 for i in item.extra.indices]
        whole[tuple(places) if len(places) == 2 else (places[0], 0) if whole.shape[1] == 1 else (0, places[0])] = new
        new = whole
    return evaluate(of, env.moved(by.node, new))  # type: ignore[arg-type]


def _divide(item: Resolved, env: Environment) -> Array:
    top, bottom = _pair(item, env)
    return _seen(top / bottom, env, top)


def _seen(value: Array, env: Environment, *operands: Array) -> Array:
    if env.shaking is not None:
        env.shaking.vanish(value, env.xp, *operands)
    return value


def _power(item: Resolved, env: Environment) -> Array:
    base = evaluate(item.parts[0], env)
    exponent = evaluate(item.parts[1], env if env.shaking is None else replace(env, shaking=None))
    if item.how == "matrix power":
        if is_stack(exponent):
            raise NoStack
        if exponent != int(exponent.real):
            raise ArithmeticError("a matrix power is whole")
        return each(lambda one: env.xp.linalg.matrix_power(one, int(exponent)), base, env.xp)
    if is_stack(exponent):
        raise NoStack  # each copy may have a whole number of its own
    whole = not hasattr(exponent, "imag") or exponent == int(exponent.real)
    return _seen(base ** int(exponent.real) if whole else base**exponent, env, base)


def _transpose(item: Resolved, env: Environment) -> Array:
    return swapped(evaluate(item.parts[0], env))


def _inverse(item: Resolved, env: Environment) -> Array:
    value = evaluate(item.parts[0], env)
    return each(env.xp.linalg.inv, value, env.xp) if item.shape else 1 / value


def _apply(item: Resolved, env: Environment) -> Array:
    node: Apply = item.node  # type: ignore[assignment]
    value = evaluate(item.parts[0], env)
    xp = env.xp
    if item.how in {"function", "columns jacobian", "stack"}:
        member = env.number(item.extra) if item.extra is not None else None
        return _function(node, value, member, env, item)
    if item.how == "diag":
        if not item.shape:
            return value
        if value.ndim == 1 or (1 in value.shape[-2:] and item.shape[1:] != ("1",)):
            column = entries(value)
            return xp.where(xp.eye(column.shape[-2]) > 0, column, 0)
        return diagonal(value, xp)
    part = item.parts[0].shape
    if item.how == "tr":
        return total(xp.sum, diagonal(value, xp)) if part else value
    if item.how == "det":
        return in_copies(value, each(xp.linalg.det, value, xp)) if part else value
    if item.how == "norm":
        return xp.sqrt(total(xp.sum, value * value, len(part)))
    return total({"max": xp.max, "sum": xp.sum}.get(item.how, xp.mean), value, len(part))


def _function(node: Apply, value: Array, member: int | None, env: Environment, item: Resolved) -> Array:
    known = env.setting.functions.get(node.name)
    f = None if known is not None else general_functions(env.xp).get(node.name)
    f = f or env.draw.function(node.name, member)
    copies = is_stack(value) and env.stacked  # a Jacobian of Jacobians has three axes too
    if copies and known is not None and not known.entrywise:
        f = partial(side_by_side, f, xp=env.xp)
    if item.how == "function" and not node.primes:
        found = f(value)
        if env.shaking is not None:
            limits = known.limits if known is not None else LIMITS.get(node.name, ())
            env.shaking.saturate(f, value, found, limits, env.xp)
        return found
    if item.how in {"columns jacobian", "stack"}:
        if copies:
            raise NoStack
        return columns_jacobian(f, value, env.xp, item.how == "stack", _called(node, member, f))
    named = env.setting.functions.get(node.name)
    if env.view.helper_of_value and named is not None and named.helper:
        return _of_value(node.name, f, env)(value)
    for _ in range(node.primes):
        f = prime(f, env.xp, _called(node, member, f))
    return f(value)


def _called(node: Apply, member: int | None, f: Callable[[Array], Array]) -> str:
    """Return what a message calls the function: ``relu``, or ``g[1], tanh`` for a layer's own."""
    name, own = node.name if member is None else f"{node.name}[{member}]", getattr(f, "name", node.name)
    return name if own == node.name else f"{name}, {own}"


def _of_value(helper: str, f: Callable[[Array], Array], env: Environment) -> Callable[[Array], Array]:
    """Return f' as a function of a = f(z), as the setting brings it for the helper or for the function it is of."""
    functions = env.setting.functions
    for name in (helper, getattr(f, "name", "")):
        if name in functions and (found := functions[name].of_value) is not None:
            return found
    raise FormulaError(f"{env.setting.name} does not say what {helper} is of a = g(z)")


#: How an array with one axis is laid out where it stands for a column or a row.
LAID = {"column": (-1, 1), "row": (1, -1)}


def _axis_sum(item: Resolved, env: Environment) -> Array:
    node: AxisSum = item.node  # type: ignore[assignment]
    value = evaluate(item.parts[0], env)
    if item.parts[0].shape == () and not getattr(value, "ndim", 0):
        return value
    add = env.xp.mean if node.mean else env.xp.sum
    if is_stack(value):
        if node.axis is None:
            return total(add, value)
        if item.shape and item.how != "column" and not node.keepdims:
            raise NoStack
        found = add(value, axis=node.axis - 2 if node.axis >= 0 else node.axis, keepdims=True)
        return entries(found) if item.how == "column" else found
    found = add(value, axis=node.axis, keepdims=node.keepdims)
    return found.reshape(*LAID[item.how]) if item.how in LAID else found


def _compare(item: Resolved, env: Environment) -> Array:
    # Which side is larger is no matter of rounding: shaken, x == x would be false.
    left, right = (env.xp.real(v) for v in _pair(item, replace(env, shaking=None)))
    node: Compare = item.node  # type: ignore[assignment]
    signs = {">": left > right, "<": left < right, "≥": left >= right, "≤": left <= right, "=": left == right}
    return signs.get(node.op, left != right) * 1.0


def _cases(item: Resolved, env: Environment) -> Array:
    node: Cases = item.node  # type: ignore[assignment]
    parts = list(item.parts)
    branches = []
    for _, condition in node.branches:
        value = evaluate(parts.pop(0), env)
        branches.append((value, evaluate(parts.pop(0), env) if condition is not None else None))
    # Where no branch applies nothing is said, and where two do that differ, two things are: neither is a value.
    xp = env.xp
    found, said = xp.nan, xp.asarray(False)
    for value, holds in branches:
        here = ~said if holds is None else xp.asarray(holds) > 0
        clash = said & here & (xp.abs(found - value) > CLASH)
        found = xp.where(clash, xp.nan, xp.where(here & ~said, value, found))
        said = said | here
    return found


def _component(item: Resolved, env: Environment) -> Array:
    if item.how == "row":  # as a column
        (index, axis), value = item.extra, evaluate(item.parts[0], env)
        n = env.number(index) - 1
        _within("row", n, value.shape[axis - 2])
        return swapped(value[..., n : n + 1, :]) if axis == 0 else value[..., n : n + 1]
    return pick(evaluate(item.parts[0], env), [env.number(i) - 1 for i in item.extra])


def pick(value: Array, places: list[int]) -> Array:
    """Return one entry of a column, row or matrix."""
    if value.ndim >= 2 and len(places) == 1:
        places = [places[0], 0] if value.shape[-1] == 1 else [0, places[0]]
    for what, place, count in zip(("row", "column"), places, value.shape[-len(places) :], strict=False):
        _within(what, place, count)
    return in_copies(value, value[(..., *places)]) if len(places) == 2 else value[tuple(places)]


def _within(what: str, place: int, count: int) -> None:
    """Refuse a place that is not there: a slice beyond the end would be empty, and true of whatever is said of it."""
    if not 0 <= place < count:
        raise ArithmeticError(f"there is no {what} {place + 1}, only {count} of them")


def _example(item: Resolved, env: Environment) -> Array:
    value = evaluate(item.parts[0], env)
    if item.how == "only example":
        return value
    index, axis = item.extra
    n = env.number(index) - 1
    _within("example", n, value.shape[axis - 2])
    return value[..., n : n + 1] if axis == 1 else value[..., n : n + 1, :]


def _matrix(item: Resolved, env: Environment) -> Array:
    if env.stacked:
        raise NoStack
    values, width = [evaluate(part, env) for part in item.parts], len(item.node.rows[0])  # type: ignore[attr-defined]
    return env.xp.array([values[n : n + width] for n in range(0, len(values), width)])


def _by_index(item: Resolved, env: Environment) -> Array:
    if env.stacked:
        raise NoStack
    outer = dict(env.indices)
    rows, columns = (range(1, env.range_of(size) + 1) for size in item.shape or ("1", "1"))
    found: list[list[Array]] = []
    for i in rows:
        found.append([])
        for j in columns:
            env.indices.update({letter: n for letter, n in zip(item.extra, (i, j), strict=True) if letter})
            found[-1].append(evaluate(item.parts[0], env))
    env.indices.clear()
    env.indices.update(outer)
    return env.xp.array(found)


def _sum_over(item: Resolved, env: Environment) -> Array:
    if item.how == "sum of columns":
        found = evaluate(item.parts[0], env).sum(axis=item.extra - 2, keepdims=True)
        return entries(found, *(env.range_of(d) for d in item.shape)) if item.shape else found
    if item.how == "sum of members":
        last = env.members[env.setting.family.last]
        places = (replace(env, members={**env.members, item.extra: l}) for l in range(1, last + 1))
        return sum(evaluate(item.parts[0], place) for place in places)
    if item.how != "sum":
        return evaluate(item, env)
    letter, size = item.extra
    outer = env.indices.get(letter)
    total = 0.0
    for n in range(1, env.range_of(size) + 1):
        env.indices[letter] = n
        total = total + evaluate(item.parts[0], env)
    if outer is None:
        del env.indices[letter]
    else:
        env.indices[letter] = outer
    return total


#: How the kinds of nodes are evaluated; the rules of derivatives are in `checkedmath.values.differentiate`.
RULES: dict[type[Node] | str, Callable[[Resolved, Environment], Array]] = {
    Number: _number, Symbol: _symbol, Constant: _constant, Delta: _delta, Add: _add, Subtract: _subtract,
    Maximum: _maximum, Negate: _negate, Multiply: _multiply, Divide: _divide, Power: _power, Transpose: _transpose,
    Primed: _transpose, Inverse: _inverse, Apply: _apply, AxisSum: _axis_sum, Compare: _compare, Cases: _cases,
    Component: _component, Example: _example, SumOver: _sum_over,
    WrittenOut: _matrix, ByIndex: _by_index,
}  # fmt: skip

__all__ = ["DOTTED", "NO_VALUE", "RULES", "Environment", "evaluate", "is_derived", "pick"]
