r"""The one home of the book's symbols: how each is written, said and shaped, and what it means.

The letters are those of the Deep Learning Specialization, where one example is a column.  Three
tables, because one letter may stand for two things in two settings (b is a column in a network
and a number in logistic regression):

* `SYMBOLS`: sizes, and a network with m examples at once;
* `COLUMN_SYMBOLS`: the same network with one example, in lower case;
* `UNIT_SYMBOLS`: one unit with a sigmoid, which is logistic regression.

Names are ASCII where the course's are: ``dZ[l]`` for dZ of layer l.  Shapes are tuples of sizes:
``("n_l", "m")``.  A number has the shape ``()``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

#: Numbers as they are said aloud, for the layers of small networks.
NUMERALS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_LAYER_SIZE = re.compile(r"n_(?:l|\(l-1\))")


@dataclass(frozen=True)
class Symbol:
    r"""A symbol of the book.

    ``name`` is how it is typed, ``latex`` how it is set, ``words`` how it is said.  ``shape`` is a
    tuple of sizes, ``()`` for a number; a function has the shape of its value at Z[l].
    ``meaning`` is a sentence.  ``derivative_of`` says of what the symbol is the derivative, the
    loss ``"𝓛"`` or the cost ``"J"``; ``None`` if it is no derivative.  ``first_layer`` is the
    lowest l for which it exists; ``None`` if it does not belong to a layer.

    >>> SYMBOLS["W[l]"].at(2).latex
    'W^{[2]}'
    """

    name: str
    latex: str
    words: str
    shape: tuple[str, ...]
    meaning: str
    derivative_of: str | None = None
    first_layer: int | None = None

    @property
    def by(self) -> str | None:
        """The name of what the derivative is taken by: ``Z[l]`` for dZ[l]; else ``None``."""
        return self.name.removeprefix("d") if self.derivative_of else None

    def at(self, layer: int) -> Symbol:
        """Return the same symbol of layer `layer`, with its number in place of l.

        Raises `ValueError` if the symbol has no such layer.

        >>> dZ1 = SYMBOLS["dZ[l]"].at(1)
        >>> dZ1.name, dZ1.words, dZ1.shape
        ('dZ[1]', 'dZ one', ('n_1', 'm'))
        """
        if self.first_layer is None:
            raise ValueError(f"{self.name} does not belong to a layer: use it as it is")
        if not self.first_layer <= layer < len(NUMERALS):
            raise ValueError(
                f"{self.name}: expected a layer from {self.first_layer} to {len(NUMERALS) - 1}, "
                f"got {layer}"
            )
        return replace(
            self,
            name=_number(self.name, layer),
            latex=_number(self.latex, layer),
            words=re.sub(r"\bl\b", NUMERALS[layer], self.words),
            shape=tuple(_number(size, layer) for size in self.shape),
            meaning=re.sub(r"\bl\b", str(layer), self.meaning),
            first_layer=None,
        )

    def sizes(self, network: Sequence[int], m: int) -> tuple[int, ...]:
        """Return the shape in numbers, for a network of these sizes (n_0, …, n_L) and m examples.

        Raises `ValueError` for a size the network does not have: a symbol of layer l needs `at`.

        >>> SYMBOLS["W[l]"].at(2).sizes((4, 3, 2), m=5)
        (2, 3)
        """
        known = _sizes_of(network, m)
        try:
            return tuple(known[size] for size in self.shape)
        except KeyError as unknown:
            raise ValueError(
                f"{self.name}: expected sizes among {', '.join(known)}, got {unknown.args[0]}"
                + ("; give the layer first, with at(layer)" if "l" in unknown.args[0] else "")
            ) from None


def _number(text: str, layer: int) -> str:
    """Put a layer's number in place of l, in ``Z[l]``, ``Z^{[l]}``, ``n_l`` and ``n_(l-1)``."""
    text = text.replace("[l]", f"[{layer}]")
    return _LAYER_SIZE.sub(lambda size: f"n_{layer - ('-1' in size[0])}", text)


def _sizes_of(network: Sequence[int], m: int) -> dict[str, int]:
    numbered = {f"n_{layer}": n for layer, n in enumerate(network)}
    return {"m": m, "L": len(network) - 1, **numbered, "n_L": network[-1], "1": 1}


def _keyed(*symbols: Symbol) -> dict[str, Symbol]:
    return {symbol.name: symbol for symbol in symbols}


_ONE_EACH = ("n_l", "m")

#: Sizes, and the network with m examples: capitals, one column for each example.
SYMBOLS = _keyed(
    Symbol("m", "m", "m", (), "The number of examples."),
    Symbol("L", "L", "L", (), "The number of layers; the input is not counted."),
    Symbol("n_0", "n_0", "n zero", (), "The number of inputs; the course also writes n_x."),
    Symbol("n_l", "n_l", "n l", (), "The number of units in layer l.", first_layer=0),
    Symbol("n_L", "n_L", "n L", (), "The number of outputs; the course also writes n_y."),
    Symbol("X", "X", "X", ("n_0", "m"), "The inputs; column i is example i."),
    Symbol("Y", "Y", "Y", ("n_L", "m"), "The labels; column i belongs to example i."),
    Symbol(
        "W[l]", "W^{[l]}", "W l", ("n_l", "n_(l-1)"),
        "The weights of layer l. Row k holds the weights of unit k.", first_layer=1,
    ),
    Symbol(
        "b[l]", "b^{[l]}", "b l", ("n_l", "1"),
        "The biases of layer l, one for each unit.", first_layer=1,
    ),
    Symbol(
        "Z[l]", "Z^{[l]}", "Z l", _ONE_EACH,
        "What comes into the units of layer l: the weighted sums plus the biases.", first_layer=1,
    ),
    Symbol(
        "g[l]", "g^{[l]}", "g l", _ONE_EACH,
        "The activation of layer l, applied to each unit by itself (softmax is not).",
        first_layer=1,
    ),
    Symbol(
        "g[l]'", r"g^{[l]\prime}", "g l prime", _ONE_EACH,
        "The derivative of the activation of layer l, for each unit.", first_layer=1,
    ),
    Symbol(
        "A[l]", "A^{[l]}", "A l", _ONE_EACH,
        "The outputs of layer l: g of Z. A of layer zero is X.", first_layer=0,
    ),
    Symbol(
        "𝓛", r"\mathcal{L}^{(i)}", "the loss of example i", (),
        "How wrong the outputs are for example i.",
    ),
    Symbol(
        "J", "J", "the cost J", (),
        "The mean of the losses of all m examples, plus a penalty if there is one.",
    ),
    Symbol(
        "dA[l]", "dA^{[l]}", "dA l", _ONE_EACH,
        "Column i: the derivative of the loss of example i with respect to its column of A.",
        derivative_of="𝓛", first_layer=0,
    ),
    Symbol(
        "dZ[l]", "dZ^{[l]}", "dZ l", _ONE_EACH,
        "Column i: the derivative of the loss of example i with respect to its column of Z.",
        derivative_of="𝓛", first_layer=1,
    ),
    Symbol(
        "dW[l]", "dW^{[l]}", "dW l", ("n_l", "n_(l-1)"),
        "The derivative of the cost with respect to the weights of layer l.", derivative_of="J", first_layer=1,
    ),
    Symbol(
        "db[l]", "db^{[l]}", "db l", ("n_l", "1"),
        "The derivative of the cost with respect to the biases of layer l.", derivative_of="J", first_layer=1,
    ),
    Symbol("α", r"\alpha", "alpha", (), "The learning rate: the length of a step of descent."),
    Symbol("λ", r"\lambda", "lambda", (), "The weight of the penalty on large weights."),
)

_COLUMN = ("n_l", "1")

#: The same network with one example: lower case, and every quantity is one column.
COLUMN_SYMBOLS = _keyed(
    Symbol("x", "x", "x", ("n_0", "1"), "The inputs of the example: a column of X."),
    Symbol("y", "y", "y", ("n_L", "1"), "The labels of the example: a column of Y."),
    Symbol(
        "z[l]", "z^{[l]}", "z l", _COLUMN,
        "What comes into the units of layer l: the weighted sums plus the biases.", first_layer=1,
    ),
    Symbol(
        "a[l]", "a^{[l]}", "a l", _COLUMN, "The outputs of layer l: g of z. a of layer zero is x.", first_layer=0,
    ),
    Symbol(
        "da[l]", "da^{[l]}", "da l", _COLUMN, "The derivative of the loss with respect to a of layer l.",
        derivative_of="𝓛", first_layer=0,
    ),
    Symbol(
        "dz[l]", "dz^{[l]}", "dz l", _COLUMN, "The derivative of the loss with respect to z of layer l.",
        derivative_of="𝓛", first_layer=1,
    ),
)

#: One unit with a sigmoid, and one example: logistic regression.
UNIT_SYMBOLS = _keyed(
    Symbol("w", "w", "w", ("n_0", "1"), "The weights of the unit, as a column."),
    Symbol("b", "b", "b", (), "The bias of the unit."),
    Symbol("z", "z", "z", (), "What comes into the unit: w transposed times x, plus b."),
    Symbol("a", "a", "a", (), "The output of the unit: the sigmoid of z."),
    Symbol("da", "da", "da", (), "The derivative of the loss with respect to a.", derivative_of="𝓛"),
    Symbol("dz", "dz", "dz", (), "The derivative of the loss with respect to z.", derivative_of="𝓛"),
    Symbol("dw", "dw", "dw", ("n_0", "1"), "The derivative of the cost with respect to w.", derivative_of="J"),
    Symbol("db", "db", "db", (), "The derivative of the cost with respect to b.", derivative_of="J"),
)


def table(
    symbols: Iterable[Symbol] | dict[str, Symbol],
    network: Sequence[int] | None = None,
    m: int = 1,
    layer: int = 1,
) -> str:
    r"""Return the symbols as a Markdown table: symbol and words, shape, meaning.

    A shape is written as a claim, so that a page which executes its formulas executes the table too.
    With `network`, the sizes (n_0, …, n_L), sizes and shapes are also given in numbers, for m
    examples; symbols of a layer are those of layer `layer` there.

    >>> print(table([SYMBOLS["X"]], network=(4, 3, 2), m=5))
    | Symbol | Shape | Meaning |
    |---|---|---|
    | $X$<br>X | $X \in \mathbb{R}^{n_0 \times m}$<br>(4, 5) | The inputs; column i is example i. |
    """
    if isinstance(symbols, dict):
        symbols = symbols.values()
    rows = ["| Symbol | Shape | Meaning |", "|---|---|---|"]
    for symbol in symbols:
        here = symbol if symbol.first_layer is None else symbol.at(layer)
        numbers = _in_numbers(here, network, m) if network else ""
        shape = _shape_latex(symbol) + (f"<br>{numbers}" if numbers else "")
        rows.append(f"| ${symbol.latex}$<br>{symbol.words} | {shape} | {symbol.meaning} |")
    return "\n".join(rows)


def _in_numbers(symbol: Symbol, network: Sequence[int], m: int) -> str:
    if symbol.shape:
        return f"({', '.join(map(str, symbol.sizes(network, m)))})"
    return str(_sizes_of(network, m).get(symbol.name, ""))


def _shape_latex(symbol: Symbol) -> str:
    if not symbol.shape:
        return "number"
    # A function has no shape, its values at Z have.
    value = f"{symbol.latex}(Z^{{[l]}})" if symbol.name.startswith("g") else symbol.latex
    sizes = r" \times ".join(symbol.shape).replace("(l-1)", "{l-1}")
    return rf"${value} \in \mathbb{{R}}^{{{sizes}}}$"
