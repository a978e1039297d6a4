"""What a text leaves unsaid, filled in before judging: layers, columns or batches, the update rule."""

from __future__ import annotations

from dataclasses import replace

from checkedmath.reading.result import NUMPY, Reading
from checkedmath.reading.sums import TO_THE_END, to_the_end
from checkedmath.subject.declared_letters import STEPS
from checkedmath.subject.setting import Setting
from checkedmath.syntax.tree import (
    JUXTAPOSED,
    Add,
    Apply,
    AxisSum,
    Chain,
    Component,
    Derivative,
    Divide,
    Example,
    Extent,
    Index,
    Multiply,
    Node,
    Primed,
    Subtract,
    SumOver,
    Symbol,
    Transpose,
    rebuild,
    transform,
    walk,
)  # fmt: skip


def filled_in(tree: Chain, setting: Setting, settings: dict[str, Setting]) -> tuple[Chain, Setting, tuple[str, ...]]:
    """Return the tree to judge, the setting to judge it in, and notes on what was filled in."""
    notes: list[str] = []
    if setting.twin and setting.twin in settings and speaks_of_examples(tree, setting):
        setting = settings[setting.twin]
        notes.append(f"judged for a batch of {setting.examples} examples ({setting.name})")
    elif single := _about_one_example(tree, setting, settings):
        setting = single
        notes.append(f"judged for one example ({setting.name})")
    tree = _with_members(_rows_inside(_primes_by(tree, setting), setting), setting)
    tree = _without_steps(tree, setting)
    tree, widened = _with_capitals(tree, setting)
    if setting.column_scalar and not widened:
        tree = _with_column_scalar(tree, setting)
    if widened:
        notes.append(f"{', '.join(widened)} read as the whole batch")
    return _update_rule(tree, setting), setting, tuple(notes)


def pushed_quantity(node: Node, setting: Setting) -> Node | None:
    """Return the quantity that is pushed in 𝓛(z + ε), which is no product: z, or its entry z_k."""
    if not _is_scalar_at(node, setting) or not isinstance(node.right, Add | Subtract):  # type: ignore[attr-defined]
        return None
    of, by = node.right.left, node.right.right  # type: ignore[attr-defined]
    steps = any(isinstance(n, Symbol) and n.name in STEPS for n in walk(by))
    inner = of.base if isinstance(of, Component) else of
    return of if steps and isinstance(inner, Symbol) and inner.name not in STEPS else None


def _is_scalar_at(node: Node, setting: Setting) -> bool:
    if not isinstance(node, Multiply) or node.sign != JUXTAPOSED:
        return False
    return isinstance(node.left, Symbol) and node.left.name in setting.scalars


def _without_steps(tree: Chain, setting: Setting) -> Chain:
    """Beside 𝓛(z + ε), 𝓛(z) is the loss itself, and no product of 𝓛 and z."""
    pushed = {(n.left, of) for n in walk(tree) if (of := pushed_quantity(n, setting))}  # type: ignore[attr-defined]

    def change(node: Node) -> Node:
        if _is_scalar_at(node, setting) and (node.left, node.right) in pushed:  # type: ignore[attr-defined]
            return replace(node.left, span=node.span)  # type: ignore[attr-defined]
        return node

    return transform(tree, change) if pushed else tree  # type: ignore[return-value]


def speaks_of_examples(tree: Chain, setting: Setting) -> bool:
    """Whether a formula has (i), Σ over examples, axis= or the number of examples."""
    examples = {n.index.letter for n in walk(tree) if isinstance(n, Example)}
    for node in walk(tree):
        if isinstance(node, AxisSum | Example) or (isinstance(node, Symbol) and node.name == setting.examples):
            return True
        if isinstance(node, Extent) and _counts_examples(node, setting):
            return True
        if isinstance(node, SumOver) and (node.example or node.index in examples):
            return True
    return False


def _counts_examples(node: Extent, setting: Setting) -> bool:
    """Whether this is how long something is that has a column for each example."""
    known = (setting.quantities.get(n.name) for n in walk(node.operand) if isinstance(n, Symbol))
    return any(quantity is not None and quantity.per_example for quantity in known)


def _about_one_example(tree: Chain, setting: Setting, settings: dict[str, Setting]) -> Setting | None:
    """𝓛 differentiated among single columns only is the loss of that one example."""
    names = {n.name for n in walk(tree) if isinstance(n, Symbol)}
    columns = {q.name for q in setting.quantities.values() if q.column_of}
    wholes = {q.column_of for q in setting.quantities.values() if q.column_of}
    of_scalar = any(isinstance(n, Derivative) and n.of == Symbol(setting.summed) for n in walk(tree))
    if not of_scalar or not names & columns or names & wholes or speaks_of_examples(tree, setting):
        return None
    return next((s for s in settings.values() if s.twin == setting.name), None)


def _with_members(tree: Chain, setting: Setting) -> Chain:
    """Give an unnumbered W the layer the setting says (l where formulas are about any layer)."""
    if not setting.default_member:
        return tree
    letter = setting.family.letter
    generic = any(getattr(n, "member", None) is not None and n.member.letter == letter for n in walk(tree))  # type: ignore[attr-defined]
    written = [n.member for n in walk(tree) if getattr(n, "member", None) is not None]  # type: ignore[attr-defined]
    of_last = all(index == Index(setting.family.last) for index in written)
    of_last = of_last and (bool(written) or _has_label(tree, setting))
    member = Index(letter if generic else setting.family.last if of_last else setting.default_member)
    if not (written or of_last) and setting.default_member == letter and _is_of_inputs(tree, setting):
        member = Index("", 1)  # z = W x + b is said of what the inputs go into

    def fill(node: Node) -> Node:
        if isinstance(node, Symbol) and node.member is None:
            quantity = setting.quantities.get(node.name)
            if quantity is not None and quantity.numbered:
                return replace(node, member=member)
        return node

    return transform(tree, fill)  # type: ignore[return-value]


def _primes_by(tree: Chain, setting: Setting) -> Chain:
    """Read the prime of a number that is taken at a quantity, C'(a), as its derivative by that."""

    def change(node: Node) -> Node:
        if not isinstance(node, Multiply) or node.sign != JUXTAPOSED or not isinstance(node.left, Primed):
            return node
        of, by = node.left.operand, node.right
        inner = by.base if isinstance(by, Component | Example) else by
        known = isinstance(inner, Symbol) and inner.name in setting.quantities and not setting.free
        if not known or not isinstance(of, Symbol) or of.name not in setting.scalars:
            return node
        return Derivative(of, by, span=node.span)

    return transform(tree, change)  # type: ignore[return-value]


def _rows_inside(tree: Chain, setting: Setting) -> Chain:
    """Read the index of a transposed matrix whose rows are named, W_iᵀ written as Wᵀ_i, at the matrix."""

    def change(node: Node) -> Node:
        if not isinstance(node, Component) or len(node.indices) != 1 or not isinstance(node.base, Transpose):
            return node
        inner = node.base.operand
        quantity = setting.quantities.get(inner.name) if isinstance(inner, Symbol) else None
        if quantity is None or not quantity.rows:
            return node
        return replace(node.base, operand=replace(node, base=inner))

    return transform(tree, change)  # type: ignore[return-value]


def _is_of_inputs(tree: Chain, setting: Setting) -> bool:
    """Whether a formula multiplies by what has the size of the inputs and stands outside the numbering."""
    size = setting.family.size_of(Index("", 0))
    named = [node for node in walk(tree) if isinstance(node, Symbol)]
    quantities = [quantity for node in named if (quantity := setting.quantities.get(node.name)) is not None]
    return any(not q.numbered and size in q.shape for q in quantities)


def _has_label(tree: Chain, setting: Setting) -> bool:
    """Whether a formula names a label, which belongs to what the last of a family computes."""
    known = (setting.quantities.get(n.name) for n in walk(tree) if isinstance(n, Symbol))
    return any(quantity is not None and quantity.given == (0.0, 1.0) for quantity in known)


def _with_capitals(tree: Chain, setting: Setting) -> tuple[Chain, list[str]]:
    """Read z, a, dz as Z, A, dZ where the formula is about a batch."""
    pairs = {q.name: q.column_of for q in setting.quantities.values() if q.column_of}
    if not pairs:
        return tree, []
    names = {n.name for n in walk(tree) if isinstance(n, Symbol)}
    if not names & set(pairs) or not (names & set(pairs.values()) or speaks_of_examples(tree, setting)):
        return tree, []

    def widen(node: Node) -> Node:
        if isinstance(node, Symbol) and node.name in pairs:
            return replace(node, name=pairs[node.name])
        return node

    return transform(tree, widen), sorted(names & set(pairs))  # type: ignore[return-value]


def _with_column_scalar(tree: Chain, setting: Setting) -> Chain:
    """In 𝓛 = -Σ_k y_k ln a_k, about one column of a batch, 𝓛 is that column's loss."""
    columns = {q.name for q in setting.quantities.values() if q.column_of}
    if speaks_of_examples(tree, setting) or not {n.name for n in walk(tree) if isinstance(n, Symbol)} & columns:
        return tree

    def narrow(node: Node) -> Node:
        if isinstance(node, Derivative):
            return node
        if node == Symbol(setting.summed):
            return Symbol(setting.column_scalar, span=node.span)
        return rebuild(node, narrow)

    return narrow(tree)  # type: ignore[return-value]


def _update_rule(tree: Chain, setting: Setting) -> Chain:
    """W := … is the update rule: what follows must be W - α dW, in the letters of the setting; so it is of an entry."""
    left = tree.terms[0]
    parameter = left.base if isinstance(left, Component) else left
    # W = W - … changes W; that b consists of b_1, b_2 and so on does not.
    changed = tree.relations == ("=",) and isinstance(tree.terms[1], Add | Subtract | Multiply | Divide)
    said = tree.relations[:1] == (":=",) or (changed and left in list(walk(tree.terms[1])))
    if not said or set(tree.relations[1:]) - {"="} or not isinstance(parameter, Symbol):
        return tree  # W = W - α dW is the update rule too, as code writes it
    relations = ("=",) * len(tree.relations)
    gradient = setting.gradient_by(parameter.name)
    if gradient is None or setting.step not in setting.quantities:
        return replace(tree, relations=relations)
    moved: Node = Symbol(gradient.name, parameter.member)
    moved = replace(left, base=moved) if isinstance(left, Component) else moved
    step = Multiply(JUXTAPOSED, Symbol(setting.step), moved)
    return replace(tree, terms=(Subtract(left, step, span=left.span), *tree.terms[1:]), relations=relations)


def target_first(tree: Chain, setting: Setting) -> Chain:
    """Turn … = dz[1] round, so that what is defined stands on the left."""
    if tree.relations == ("=",) and _is_gradient(tree.terms[1], setting) and not _is_gradient(tree.terms[0], setting):
        return replace(tree, terms=tree.terms[::-1])
    return tree


def _is_gradient(node: Node, setting: Setting) -> bool:
    while isinstance(node, Transpose):
        node = node.operand
    if isinstance(node, Derivative):
        return True
    quantity = setting.quantities.get(node.name) if isinstance(node, Symbol) else None
    return quantity is not None and quantity.gradient is not None


def other_readings(reading: Reading) -> list[tuple[str, Chain]]:
    """Return the other ways in which a text can be read, each with its description."""
    found = []
    if reading.loose is not None:
        found.append(("the products are read from left to right", reading.loose))
    tree = reading.tree
    longer = tuple(to_the_end(term, reading.text) for term in tree.terms)
    if longer != tree.terms and reading.style != NUMPY:
        found.append((TO_THE_END, replace(tree, terms=longer)))
    if any(isinstance(n, Primed) for n in walk(tree)):
        moved: Chain = transform(tree, _prime_on_function)  # type: ignore[assignment]
        if moved != tree:
            found.append(("the prime is read as the function's own, g'(z)", moved))
    return found


def _prime_on_function(node: Node) -> Node:
    """g(Z)' (u) as g'(u)."""
    if isinstance(node, Multiply) and isinstance(node.left, Primed) and isinstance(node.left.operand, Apply):
        function = node.left.operand
        return replace(function, argument=node.right, primes=function.primes + 1)
    return node
