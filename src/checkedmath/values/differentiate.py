"""The value of ∂u/∂v: by the complex step, compared with central differences in every draw.

No rule of calculus is applied.  v is moved entry by entry, everything that follows from it is
computed again, and u is looked at.  Where that can be, all entries are moved at once, each in a copy of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from checkedmath.meaning.indices import free_indices, row_axis
from checkedmath.meaning.layouts import pair
from checkedmath.meaning.resolution import Resolved
from checkedmath.subject.view import COURSE, DENOMINATOR
from checkedmath.syntax.budget import remembered, spend
from checkedmath.syntax.tree import Change, Component, Derivative, Example, Node, Symbol, walk
from checkedmath.values.evaluate import DOTTED, RULES, Array, Environment, evaluate
from checkedmath.values.functions import slope
from checkedmath.values.namespace import namespace
from checkedmath.values.stacks import NoStack, swapped, total

#: What it costs to move one entry and compute again what follows from it, in steps, beside what is evaluated.
MOVE = 20
#: So many entries are moved at once at most.
COPIES = 128


#: What a differential moves its letters along; no text writes it.
DIRECTION = "direction"


def derivative(item: Resolved, env: Environment) -> Array:
    """Return ∂u/∂v arranged in the layout that the resolution chose."""
    if env.stacked:
        raise NoStack
    of, by = item.parts
    of_node, by_node = pair(item.node)  # type: ignore[arg-type]
    full = _full(of, by, env)  # axes of u, then axes of v
    full = _select(full, of_node, 0, env)
    full = _select(full, by_node, full.ndim - 2 if _is_array(by, by_node) or full.ndim >= 2 else 0, env, last=True)
    return arrange(full, of.shape, by.shape, item.shape, item.extra, env.xp)


def arrange(full: Array, of: Any, by: Any, shape: Any, layout: str, xp: Any) -> Array:
    """Arrange the entries of ∂u/∂v (axes of u, then of v) as the layout says."""
    if layout == "entrywise":
        if of == ():
            return full.reshape(())
        count = full.size
        side = round(count**0.5)
        diagonal = xp.diag(full.reshape(side, side))
        return diagonal.reshape(full.shape[: full.ndim // 2])
    if of == () and by == ():
        return full.reshape(())
    if of == ():
        value = full.reshape(full.shape[-2:])
        if layout == COURSE:
            return value
        column = value.reshape(-1, 1) if 1 in value.shape else value
        return column if layout == DENOMINATOR else column.T
    if by == ():
        value = full.reshape(full.shape[:2])
        column = value.reshape(-1, 1) if value.shape[0] == 1 else value
        return column.T if layout == DENOMINATOR else column
    rows = full.shape[0] * full.shape[1]
    matrix = full.reshape(rows, -1)
    return matrix.T if layout == DENOMINATOR else matrix


def _is_array(item: Resolved, node: Node) -> bool:
    return bool(item.shape) or isinstance(node, Component | Example)


def _select(full: Array, node: Node, axis: int, env: Environment, last: bool = False) -> Array:
    """Pick the entry or column that the indices of u (or v) name."""
    chain = []
    while isinstance(node, Component | Example):
        chain.append(node)
        node = node.base
    for level in reversed(chain):
        start = full.ndim - 2 if last else 0
        if isinstance(level, Example):
            n = env.number(level.index) - 1
            if n >= full.shape[start + 1]:
                raise ArithmeticError(f"there is no example {n + 1}, only {full.shape[start + 1]} of them")
            which = [slice(None)] * full.ndim
            which[start + 1] = slice(n, n + 1)
            full = full[tuple(which)]
            continue
        places: list[Any] = [env.number(i) - 1 for i in level.indices]
        row = row_axis(level.base, env.setting, env.view) if len(places) == 1 else None
        if row is not None:
            which = [slice(None)] * full.ndim
            which[start + row] = slice(places[0], places[0] + 1)
            full = full[tuple(which)]
            full = namespace().moveaxis(full, start, start + 1) if row == 0 else full
            continue
        if len(places) == 1:
            places = [places[0], 0] if full.shape[start + 1] == 1 else [0, places[0]]
        which = [slice(None)] * full.ndim
        which[start], which[start + 1] = slice(places[0], places[0] + 1), slice(places[1], places[1] + 1)
        full = full[tuple(which)]
    return full


def _full(of: Resolved, by: Resolved, env: Environment) -> Array:
    """Return all ∂u/∂v for the whole u and v: axes of u (two), then axes of v (two)."""
    base = of.node.base if isinstance(of.node, Component) else None
    of_one = isinstance(base, Symbol) and base.name in env.setting.scalars
    each = isinstance(of.node, Example) or of_one  # 𝓛⁽ⁱ⁾ and 𝓛_i are one example's loss, 𝓛 the sum of all
    while isinstance(of.node, Component | Example):
        of = of.parts[0]
    while isinstance(by.node, Component | Example):
        by = by.parts[0]
    symbol = by.node
    assert isinstance(symbol, Symbol)
    bound = tuple(sorted((k, v) for k, v in env.indices.items() if k in free_indices(of.node)))
    member = env.number(symbol.member) if symbol.member is not None else None
    key = ("derivative", of.node, symbol.name, member, bound, each)

    def make() -> Array:
        known = _known_gradient(of.node, symbol, member, env) if not each else None
        return known if known is not None else _by_steps(of, by, symbol, env, summed=not each)

    return remembered(env.memo, key, make)


def _known_gradient(of: Node, symbol: Symbol, member: int | None, env: Environment) -> Array | None:
    """Return the draw's own value of a gradient of a loss, itself computed by steps."""
    partial = getattr(env.draw, "partial", None)  # a draw may know a faster way to move all entries
    if partial is None or env.view.turned or not isinstance(of, Symbol) or of.name not in env.setting.scalars:
        return None
    value = partial(of.name, symbol.name, member)
    if value is None:
        return None
    value = env.xp.asarray(value)
    return value.reshape((1, 1) + (value.shape if value.ndim == 2 else (1, 1)))


def _by_steps(of: Resolved, by: Resolved, symbol: Symbol, env: Environment, *, summed: bool) -> Array:
    xp = env.xp
    start = xp.asarray(evaluate(by, env))
    if _along_path(of, symbol, env):
        return _path(of, symbol, env)
    v = start.reshape(start.shape if start.ndim == 2 else (1, 1))
    quantity = env.setting.quantities.get(symbol.name)
    turned = quantity is not None and quantity.oriented and quantity.oriented in env.view.turned

    def u(moved: Array) -> Array:
        value = moved.reshape(start.shape) if start.ndim != 2 else (swapped(moved) if turned else moved)
        there = env.moved(symbol, value)
        if summed and _is_of_scalar(of, env):  # of each example a number: their sum
            return total(xp.sum, there.draw.value(of.node.name, None))  # type: ignore[attr-defined]
        return evaluate(of, there)

    return compare_steps(u, v, xp, symbol.name)


def compare_steps(u: Callable[[Array], Array], v: Array, xp: Any, name: str, *, bent: bool = False) -> Array:
    """Return ∂u/∂v, axes of u then of v; v has two axes, u two or none.  Raises `Disagreement` (see `slope`).

    u is asked for many moved v at once, (k, r, c); where it says `NoStack`, for one after the other.
    ``bent`` as there.
    """
    count, what = v.size, f"what follows from {name}"
    units = xp.eye(count).reshape(count, *v.shape)

    def at_once(some: Array) -> Array:
        def moved(t: Any) -> Array:
            found = _with_axes(u(v + t * some), xp)
            shape.append(found.shape[-2:])
            return xp.broadcast_to(found, (len(some), *shape[-1])).reshape(len(some), -1)

        shape: list[tuple[int, ...]] = []
        spend(MOVE * len(some))
        return slope(moved, xp, what, copies=True, bent=bent).reshape(len(some), *shape[-1])

    def alone(unit: Array) -> Array:
        spend(MOVE)
        return slope(lambda t: _with_axes(u(v + t * unit), xp), xp, what, bent=bent)

    found: list[Array] = []
    for start in range(0, count, COPIES):
        some = units[start : start + COPIES]
        try:
            found.extend(at_once(some) if count > 1 else map(alone, some))
        except NoStack:
            found.extend(map(alone, some))
    return xp.stack(found, axis=-1).reshape(found[0].shape + v.shape)


def _with_axes(value: Array, xp: Any) -> Array:
    value = xp.asarray(value)
    return value if value.ndim > 1 else value.reshape(1, 1)


def _is_of_scalar(of: Resolved, env: Environment) -> bool:
    return isinstance(of.node, Symbol) and of.node.name in env.setting.scalars


def _along_path(of: Resolved, symbol: Symbol, env: Environment) -> bool:
    """Whether this is dX/dt with a t that u does not name: then u depends on t by itself."""
    follows = getattr(env.draw, "follows", None)
    return follows is not None and not follows(of.node, symbol.name)


def _path(of: Resolved, symbol: Symbol, env: Environment) -> Array:
    """Return du/dt where the quantities u names move along random directions."""

    def u(moved: Array) -> Array:
        return evaluate(of, env.renewed(env.draw.along(symbol.name, moved[0, 0]), env.given))  # type: ignore[attr-defined]

    return compare_steps(u, env.xp.zeros((1, 1)), env.xp, symbol.name)


def dotted_symbols(tree: Node) -> tuple[Symbol, ...]:
    """Return the quantities that a formula writes with a dot, each once, without the dot."""
    found = {replace(n, dotted=False) for n in walk(tree) if isinstance(n, Symbol) and n.dotted}
    return tuple(sorted(found, key=lambda symbol: (symbol.name, str(symbol.member))))


def change(item: Resolved, env: Environment) -> Array:
    """Return how fast a quantity changes along a random direction.

    What the formula dots and no other dotted quantity brings about is pushed, each entry by a number of
    its own; all that follows from it is computed again.  So ż[2] = W[2] ȧ[1] pushes a[1] alone.
    """
    node = replace(item.node, dotted=False)  # type: ignore[call-arg]
    if env.stacked:
        raise NoStack

    def make() -> Array:
        pushed = [symbol for symbol in env.pushed if not _follows(symbol, env)]
        return _along(replace(item, node=node), pushed, env)

    return remembered(env.memo, ("change", node), make)


def _follows(symbol: Symbol, env: Environment) -> bool:
    """Whether a dotted quantity changes when another dotted one does."""

    def make() -> bool:
        mine = Resolved(symbol, ("", ""), "symbol")
        scalars_in = env.setting.scalars  # which bring nothing about
        others = [other for other in env.pushed if other != symbol and other.name not in scalars_in]
        moves = (bool(env.xp.any(_along(mine, [other], env) != 0)) for other in others)
        return symbol.name in scalars_in or any(moves)

    return bool(remembered(env.memo, ("follows", symbol), make))


def _along(item: Resolved, pushed: list[Symbol], env: Environment) -> Array:
    # a draw holds columns, also where the formula has rows
    upright = replace(env, view=replace(env.view, turned=()), memo={})

    def u(t: Array) -> Array:
        place = env
        for symbol in pushed:
            value = env.xp.asarray(evaluate(Resolved(symbol, ("", ""), "symbol"), upright))
            place = place.moved(symbol, value + t[0, 0] * _direction(symbol, value, env))
        found = evaluate(item, place)
        return env.xp.sum(found) if _is_of_scalar(item, env) else found

    found = compare_steps(u, env.xp.zeros((1, 1)), env.xp, "a direction")
    found = found.reshape(found.shape[:2])
    return found.reshape(()) if item.shape == () else found


def _direction(symbol: Symbol, value: Array, env: Environment) -> Array:
    """Return numbers without a pattern, of the value's shape, the same in each run."""
    seed = 1 + sum(map(ord, f"{symbol.name}{symbol.member}"))
    return env.xp.cos(env.xp.arange(value.size) * 2.39 + seed).reshape(value.shape)


def moving(item: Resolved, env: Environment) -> Array:
    """Return du, where all that may move does, along one direction for the whole formula."""
    found = _path(item.parts[0], Symbol(DIRECTION), env)
    found = found.reshape(found.shape[:2])
    return found.reshape(()) if item.shape == () else found


RULES |= {Derivative: derivative, DOTTED: change, Change: moving}

__all__ = ["arrange", "change", "compare_steps", "derivative", "dotted_symbols"]
