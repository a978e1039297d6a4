"""What a setting is: the quantities a formula may name, and where their values come from.

`checkedmath` brings no quantities of its own but for the setting ``identities``.  A book
registers its settings in the entry-point group ``checkedmath.subjects``; each entry is a
`checkedmath.subject.subject.Subject`, or a mapping from names to these or to a `Setting`.

A *shape* is a tuple of dimension names: ``()`` is a number, ``("n_l", "m")`` a matrix,
``("n_l", "1")`` a column.  A dimension is ``"1"``, another number, or a size such as ``"m"``, ``"n_2"``,
``"n_l"``, ``"n_{l-1}"``; two dimensions are equal when their names are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Protocol

from checkedmath.subject.letters import Letters
from checkedmath.syntax.tree import Divide, Index, Node, Number, Symbol

Shape = tuple[str, ...]
Array = Any
#: The setting of free letters, the one that `checkedmath` brings.
IDENTITIES = "identities"
#: In so many draws at least a formula must hold.
FEWEST = 4


@dataclass(frozen=True)
class Family:
    """Quantities that are numbered, W[1], W[2], …: layers, or times.

    ``letter`` stands for any number and ``last`` for the largest, l and L; ``size`` is the letter of the sizes that are
    numbered like this, n_l, which a text may also write n[l]; ``word`` is what a number is, a layer.  Empty: none.
    ``brackets`` are those that a number stands in: ``"<>"`` for a⟨t⟩, a^{<t>} and what LaTeX writes as angles.
    """

    letter: str = ""
    last: str = ""
    size: str = ""
    word: str = "number"
    brackets: str = "[]"

    @property
    def letters(self) -> set[str]:
        """What may stand for a number: l and L."""
        return {self.letter, self.last} - {""}

    def size_of(self, index: Index) -> str:
        """Return the name of a size.

        >>> LAYERS = Family("l", "L", "n", "layer")
        >>> LAYERS.size_of(Index("l", -1)), LAYERS.size_of(Index("", 2))
        ('n_{l-1}', 'n_2')
        """
        text = str(index)
        return f"{self.size}_{text}" if len(text) == 1 else f"{self.size}_{{{text}}}"

    def index_of(self, size: str) -> Index | None:
        """Return the index in the name of a size; None of what is no size of this family.

        >>> Family("l", "L", "n").index_of("n_{l-1}"), Family("l", "L", "n").index_of("m")
        (Index(letter='l', offset=-1), None)
        """
        match = _SIZE.fullmatch(size) if self.size and size.startswith(f"{self.size}_") else None
        if match is None:
            return None
        return Index(match[1] or "", int(match[2] or 0))


#: The index in a size: n_2, n_l, n_{l-1}, n_{12}.
_SIZE = re.compile(r"[^_]+_\{?([^\W\d_])?([+-]?\d+)?\}?")
NO_FAMILY = Family()


@dataclass(frozen=True)
class Quantity:
    """One named quantity of a setting.

    ``name`` is canonical (``"dZ"``); ``shape`` is written for layer l (``("n_l", "m")``).
    ``aliases`` are other spellings that readers meet, ``code`` those of code alone.  ``latex``, ``unicode`` are
    the bare letters; writers add layer and indices.  ``words`` is said aloud.  ``layered``: carries a layer number,
    from ``first_layer`` to L.  ``column_of`` names the quantity of which this is one column (z: Z).
    ``per_example``: its columns are examples, so z⁽ⁱ⁾ is allowed.  ``gradient`` is (of, by) for
    a gradient: dZ is ("L", "Z").  ``oriented`` tells which quantities turn round when examples
    are rows: "data" (X, Z, A, dZ …), "bias", "weight", or "" for none.
    ``given``: a page may set it, as in y = 0, to any number from the first to the second; None: it is computed or
    drawn, and a number stated of it is checked.
    ``repeated``: a column that stands for as many equal columns as what it is added to, multiplied with entry by entry
    or divides has (the γ of batch normalisation), or a number for as many equal ones (its ε), which no quantity does
    that is not said to.
    ``rows``: a matrix whose single index means a row of it as a column, the w_i of z_i = w_iᵀ x.
    ``numpy`` is the expression over the book's objects, with {l} for the layer.  ``defined`` is where
    the book says what it is, ``page#place``.
    """

    name: str
    shape: Shape
    words: str
    latex: str = ""
    unicode: str = ""
    meaning: str = ""
    aliases: tuple[str, ...] = ()
    numbered: bool = False
    first_member: int = 1
    column_of: str | None = None
    per_example: bool = False
    gradient: tuple[str, str] | None = None
    oriented: str = ""
    numpy: str = ""
    defined: str = ""
    given: tuple[float, float] | None = None
    repeated: bool = False
    rows: bool = False
    code: tuple[str, ...] = ()


@dataclass(frozen=True)
class NamedFunction:
    """A function of a setting: g (layered, generic), σ, softmax.

    ``helper``: a derivative under a name of its own, which may be meant to take a instead of z
    (``sigmoid_prime(A)``); ``of_value`` is the derivative as a function of a = f(z), a (1 - a) for the sigmoid, and
    without it there is no such world.  ``primes`` are built into the name (``sigmoid_prime``: 1).  ``meaning`` is
    what the function is, and ``slope`` what its derivative is; ``defined`` is the place as for a `Quantity`.
    ``arguments``: how many it takes.  ``limits`` are numbers that it comes as near as one likes and never
    reaches: 1 and -1 of tanh.  ``value(z, xp)`` computes it over arrays of the namespace xp, complex ones too;
    ``of`` is the function whose derivative a helper is.
    """

    name: str
    words: str
    latex: str = ""
    unicode: str = ""
    aliases: tuple[str, ...] = ()
    numbered: bool = False
    entrywise: bool = True
    primes: int = 0
    helper: bool = False
    of_value: Callable[[Array], Array] | None = None
    numpy: str = ""
    meaning: str = ""
    slope: str = ""
    defined: str = ""
    arguments: int = 1
    limits: tuple[float, ...] = ()
    value: Callable[[Array, Any], Array] | None = None
    of: str = ""


class Draw(Protocol):
    """One random instance of a setting: sizes, and a value for every quantity."""

    sizes: Mapping[str, int]  # "n_0": 3, …, "m": 5
    members: int  # L; 0 where the setting has none

    def value(self, name: str, member: int | None) -> Array:
        """Return the value: a float for shape (), else an array with two axes."""

    def moved(self, name: str, member: int | None, value: Array) -> Draw:
        """Return the draw with this quantity replaced and all that follows from it recomputed.

        Complex values pass, so that derivatives can be taken by the complex step.
        """

    def function(self, name: str, member: int | None) -> Callable[[Array], Array]:
        """Return the function, entry by entry; it accepts complex arrays."""

    # A draw may also have ``neighbour(step, random, held)``, which returns another draw as far from it as the step
    # says, what is held kept: an inequality is looked for downhill where it has.  ``saturated`` says that a unit is so
    # far out that rounding hides its distance from its limit.  ``stacked`` says whether a quantity has been moved in
    # copies, (k, r, c); a draw that does not say it is moved one entry at a time.


@dataclass(frozen=True)
class World:
    """A way to read a setting that differs from the course's in one respect.

    ``code`` names it and ``text`` says it in a few words.
    ``variant`` is handed to `Setting.draws`; ``sizes`` are dimensions that become 1
    (``{"n_2": "1"}``); ``turned`` are the kinds of `Quantity.oriented` that are transposed.
    ``replaces``: how the variants begin of which only one can hold, ``"hidden-"``; ``shown`` is what a formula is true
    with whose text shows this variant.  ``helper_of_value``: helpers are functions of a = g(z).
    ``beside`` are the codes of those that people mean together with this one: a text may be true in several at once.
    ``numbers``: in it every symbol is a number, and this says where; such a world is the weakest thing to say.
    ``transposed``: of this kind of `Quantity.oriented` something must stand transposed where the world is thought of.
    ``read`` are the quantities that mean something else in it, each with a function of the draw and the number.
    ``left_out`` are those that it does without: a text that names one is not about it.
    ``counting``: in it numbers are counted as these letters do, W of layer l from the layer before it, or to the next.
    ``examples`` are letters, however a setting reads them, that count the examples in it.
    """

    code: str
    text: str
    variant: str = ""
    sizes: Mapping[str, str] = field(default_factory=dict)
    turned: tuple[str, ...] = ()
    replaces: str = ""
    shown: str = ""
    helper_of_value: bool = False
    beside: tuple[str, ...] = ()
    numbers: str = ""
    transposed: str = ""
    read: Mapping[str, Callable[[Any, int | None], Array]] = field(default_factory=dict)
    left_out: frozenset[str] = frozenset()
    counting: Letters | None = None
    examples: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Swap:
    """An edit that a setting declares: one node becomes another.

    ``name`` is the mistake's name (closed list), ``text`` says it in words; `Setting.pages` says where the book
    explains it.
    ``apply`` returns every result of this edit at this one node, or nothing.
    """

    name: str
    text: str
    apply: Callable[[Node], Sequence[Node]]


@dataclass(frozen=True)
class OtherNames:
    """What another source calls the quantities of a setting, in code.

    ``source`` says where from; ``names`` are its spellings with ours as code writes them, ``{"dscores": "dZ2"}``.
    ``shown`` is a pattern that a text has which uses these names, where they clash with ours; every text has "".
    """

    source: str
    names: Mapping[str, str]
    shown: str = ""


@dataclass(frozen=True, eq=False)
class Setting:
    """Quantities, functions, and draws of them.

    ``draws(variant)`` returns the random instances, made once for each variant; the empty variant
    is the course's world.  ``twin`` names the setting for a whole batch.  ``adapt`` looks at a
    formula and returns the variant its text shows (another hidden activation) or "".
    ``words`` are those, in small letters, by which a text says that it is about this setting.
    ``objective`` names the quantity that descent makes small and ``step`` the length of its steps, both of
    shape (): then W := … is the update rule, W - α dW, of every W with a gradient of the objective.
    ``adverse`` is the word of the variant whose draws are made against an inequality, "" if there are none;
    ``at_depth`` that of the draws with L layers, ``"depth-{}"``, for formulas whose numbers say what L is.
    ``choices``: what a page may say a function is, and the variant that this chooses, as ``{"g": {"tanh": "t"}}``;
    said of any other function it is a claim.  ``chosen_beside`` are the words behind a name that choose it for the
    first of these functions, ``"hidden units"``.
    ``restricted`` says of which values a true formula is true.  ``scalars`` are the scalars a gradient may be
    taken of; ``summed`` is the one whose value is a row, a number for each example, and which stands under a ∂ for
    their sum.  ``between`` writes ∂u/∂v of two quantities over the book's objects, in numerator layout, or returns "";
    ``derivative`` is the function that differentiates (f, x), and ``objects`` are the lines that make these objects.
    """

    name: str
    title: str
    quantities: Mapping[str, Quantity]
    functions: Mapping[str, NamedFunction]
    draws: Callable[[str], Sequence[Draw]]
    worlds: tuple[World, ...] = ()
    swaps: tuple[Swap, ...] = ()
    pages: Mapping[str, str] = field(default_factory=dict)  # where the book explains a mistake, page#place by its name
    twin: str | None = None
    adapt: Callable[[Node], str] = lambda tree: ""
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    last_choices: frozenset[str] = frozenset()  # the choices that the last of a family may have too
    chosen_beside: tuple[str, ...] = ()
    family: Family = NO_FAMILY
    slopes: Mapping[str, str] = field(default_factory=dict)  # functions of code that are a derivative of the objective
    counts: frozenset[str] = frozenset()  # letters of sizes that many a text uses for how many examples there are
    examples: str = ""  # the size that counts examples, of which column i belongs to example (i)
    generic_member: bool = False  # formulas say l; draws differ in depth
    default_member: str = ""  # what an unnumbered W means: "l", "L", or "" where it is an error
    numbered_depth: int = 0  # where generic_member: L of a formula whose layers are numbers, if not the largest
    member_count: int = 0  # a fixed L; 0: by draw
    output_function: str = ""  # the last layer's g where it is not entrywise: "softmax"
    words: tuple[str, ...] = ()
    written: str = ""  # a pattern of what only a text about this setting writes
    objective: str = ""
    step: str = ""
    scalars: tuple[str, ...] = ()
    at_scalars: tuple[str, ...] = ()  # words under one of them that say which it is: 𝓛_CE
    #: What a quantity may be written to be a function of, L(a, y): names with "" or the letter of their only member,
    #: and functions with the names that they are taken at, L(σ(z), y).
    arguments: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)  # of these: prediction, score, label, weight, bias, input
    summed: str = ""
    column_scalar: str = ""  # in a batch: the quantity that is the loss of the one column z, a, y
    between: Callable[[Symbol, Symbol], str] | None = None
    derivative: str = ""
    objects: str = ""
    example: str = "the example"  # what the numbers of the variant "book" are of, in words
    containers: frozenset[str] = frozenset()  # what code keeps its symbols in beside the usual, net.W[2]
    last_in_code: str = ""  # how these objects write L
    adverse: str = ""
    at_depth: str = ""
    restricted: str = ""
    letters: tuple[Letters, ...] = ()  # those of other texts, in which a text may be that is not in the setting's
    spoken: Letters | None = None  # those that a text is being read in
    free: bool = False  # its quantities are the letters of a text, whatever they are
    labels: frozenset[str] = frozenset()  # what code calls a row of labels beside what has a 1 at each
    label_columns: Mapping[str, str] = field(default_factory=dict)  # what holds a 1 at each label, by the label's name
    other_names: tuple[OtherNames, ...] = ()  # of other sources, for what the setting itself does not know
    held: frozenset[str] = frozenset()  # what the text has set, y = 0: no draw may have it otherwise

    def __post_init__(self) -> None:
        """Ask for the draws of a variant once: what is remembered of a draw is remembered by its place among them."""
        made = self.draws
        object.__setattr__(self, "draws", cache(lambda variant: tuple(made(variant))))

    def is_size(self, name: str) -> bool:
        """Whether a name is that of a size: of the number of examples, or of an axis of a quantity."""
        return name == self.examples or any(name in quantity.shape for quantity in self.quantities.values())

    def gradient_by(self, parameter: str) -> Quantity | None:
        """Return the gradient of the objective by this parameter, dW for W, or None if descent does not move it."""
        wanted = (self.objective, parameter)
        return next((q for q in self.quantities.values() if self.objective and q.gradient == wanted), None)


def is_number(node: Node, setting: Setting) -> bool:
    """Whether a node is a written number, a quantity of shape () such as m or α, or a quotient of those."""
    if isinstance(node, Divide):
        return is_number(node.top, setting) and is_number(node.bottom, setting)
    if isinstance(node, Symbol):
        quantity = setting.quantities.get(node.name)
        return quantity is not None and quantity.shape == ()
    return isinstance(node, Number)


def is_given(name: str, value: Node, setting: Setting) -> bool:
    """Whether name = value gives a number its value, α = 0.01, and claims nothing: no loss, cost or gradient."""
    quantity = setting.quantities.get(name)
    if quantity is None or quantity.shape or quantity.gradient or name in setting.scalars:
        return False
    return isinstance(value, Number)
