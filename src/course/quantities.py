"""The quantities of each kind of setting, made from the notation table.

Letters, words, shapes and meanings come from `course.notation`; this module adds what a reader of
formulas needs: other spellings, which quantity is one column of which, what a gradient is taken
of, and where the book's objects hold it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from checkedmath.subject.setting import Quantity, Shape
from course.notation import COLUMN_SYMBOLS, SYMBOLS, UNIT_SYMBOLS, Symbol

#: Symbols of the checker that the book's table does not list.
EXTRA = {
    "n[l]": Symbol("n[l]", "n", "n l", (), "The number of units in layer l.", first_layer=0),
    "Delta[l]": Symbol(
        "Delta[l]", r"\Delta", "capital delta l", ("n_l", "n_(l-1)"),
        "The sum over examples of the derivatives of their losses with respect to the weights.",
        derivative_of="𝓛", first_layer=1,
    ),
    "Yhat": Symbol("Yhat", r"\hat Y", "Y hat", ("n_L", "m"), "The outputs, A of the last layer."),
    "yhat": Symbol("yhat", r"\hat y", "y hat", ("n_L", "1"), "The outputs, a of the last layer."),
}  # fmt: skip

#: Other spellings, by canonical name.  Where two quantities want one, the setting decides.
ALIASES: Mapping[str, tuple[str, ...]] = {
    "Y": ("one_hot_Y", "Y_onehot", "Y_true"), "y": ("y_true",),
    "yhat": ("ŷ", "y_hat", "y_pred"), "Yhat": ("Ŷ", "Y_hat", "Y_pred"),
    "alpha": ("α", "learning_rate", "lr", "eta", "η"),
    "lambda": ("λ", "lambd", "lambda_", "lam"),
    "L": ("ℒ", "𝓛", "ℓ", "C", "E", "loss"), "J": ("cost",), "Delta": ("Δ",),
    "dz": ("δ", "delta"),
}  # fmt: skip
#: Spellings of code alone.
IN_CODE: Mapping[str, tuple[str, ...]] = {
    "W": ("weights",), "b": ("biases",), "Z": ("zs", "Zs"), "A": ("activations",),
    "lambda": ("lambd_", "lmbda", "l2"), "Y": ("Y_one_hot", "one_hot_y", "Y_train", "y_train", "Y_batch", "y_batch"),
    "X": ("X_train", "x_train", "X_batch", "x_batch", "Xtrain", "train_X", "trainX", "X_b", "train_x", "X_norm"),
}  # fmt: skip
#: Where the book says what its symbols are.
DEFINED = {
    "batch": "notation#m-examples", "column": "notation#one-example", "unit": "notation#one-unit-logistic-regression",
}  # fmt: skip
#: How a capital turns round when examples are rows; lower case follows its capital.
ORIENTED = {
    **dict.fromkeys(("X", "Y", "Yhat", "Z", "A", "dZ", "dA", "dX"), "data"),
    "b": "bias", "db": "bias", **dict.fromkeys(("W", "dW", "Delta"), "weight"),
}  # fmt: skip
CAPITALS = {
    "x": "X", "y": "Y", "yhat": "Yhat", "z": "Z", "a": "A", "dz": "dZ", "da": "dA", "dx": "dX",
}  # fmt: skip
#: Where `backprop`'s objects hold a capital, for layer {l}.
OBJECTS = {
    "X": "X", "Y": "Y", "W": "net.W[{l}]", "b": "net.b[{l}]",
    "Z": "cache.Z[{l}]", "A": "cache.A[{l}]",
    "dW": "grads.dW[{l}]", "db": "grads.db[{l}]", "dZ": "grads.dZ[{l}]", "dA": "grads.dA[{l}]",
    "dX": "grads.dA[0]", "Yhat": "cache.A[net.L]", "Delta": "(cache.m * grads.dW[{l}])",
    "m": "cache.m", "n": "net.sizes[{l}]", "lambda": "net.l2", "alpha": "alpha",
    "L": "losses(net, cache, Y)", "J": "cost(net, cache, Y)",
}  # fmt: skip


#: In a batch, the loss of the one column that z, a and y are.  No text can spell this name.
COLUMN_LOSS = "loss of one column"
COLUMN_LOSS_OBJECT = "losses(net, cache, Y)[0, 0]"


@dataclass(frozen=True)
class Kind:
    """A family of settings: one example or a batch, and the number of layers if it is fixed."""

    batch: bool
    layer_count: int = 0
    penalty: bool = False

    @property
    def last(self) -> str:
        """The name of the number of outputs: n_2 where the last layer is 2."""
        return f"n_{self.layer_count or 'L'}"


def layered(kind: Kind) -> dict[str, Quantity]:
    """Return the quantities of a network, by canonical name."""
    table = SYMBOLS | COLUMN_SYMBOLS | EXTRA
    names = ["x", "y", "W[l]", "b[l]", "z[l]", "a[l]", "yhat", "dz[l]", "da[l]", "dW[l]", "db[l]"]
    if kind.batch:
        names += ["X", "Y", "Z[l]", "A[l]", "Yhat", "dZ[l]", "dA[l]", "Delta[l]"]
    aliases = {"W": ("w",), "dW": ("dw",)}
    found = [_quantity(table[name], kind, aliases) for name in names]
    return _keyed(found + _numbers(kind) + _sizes(kind))


def one_unit(kind: Kind) -> dict[str, Quantity]:
    """Return the quantities of logistic regression, by canonical name."""
    scalar = ("1", "1")
    table = {s.name.removesuffix("[l]"): s for s in (SYMBOLS | EXTRA | COLUMN_SYMBOLS).values()}
    names = ["x", "y", "w", "b", "z", "a", "dz", "da", "dw", "db", "dx"]
    if kind.batch:
        names += ["X", "Y", "Z", "A", "dZ", "dA", "dX"]
    table |= UNIT_SYMBOLS
    table["dx"] = Symbol("dx", "dx", "dx", ("n_0", "1"), "The derivative of the loss with respect to x.", "𝓛")
    table["dX"] = Symbol(
        "dX", "dX", "dX", ("n_0", "m"), "Column i: the derivative of example i's loss by x.", "𝓛"
    )
    # With one unit ŷ is another spelling of a.
    aliases = {
        "w": ("W",), "dw": ("dW",),
        "a": ("yhat", *ALIASES["yhat"]), "A": ("Yhat", *ALIASES["Yhat"]),
    }  # fmt: skip
    found = []
    for name in names:
        made = _quantity(table[name], kind, aliases, one_unit=True)
        shape = made.shape
        if name not in {"x", "X", "dx", "dX", "w", "dw"}:
            shape = ("1", "m") if name[-1].isupper() else scalar
        # The bias of one unit is a number, which no convention turns.
        turns = {"w": "weight", "dw": "weight", "b": "", "db": ""}.get(name, made.oriented)
        found.append(replace(made, shape=shape, numbered=False, first_member=1, oriented=turns))
    return _keyed(found + _numbers(kind) + [_size("n_0", ("n_x", "n", "N"), "net.sizes[0]")])


def _quantity(
    symbol: Symbol, kind: Kind, aliases: Mapping[str, tuple[str, ...]], *, one_unit: bool = False
) -> Quantity:
    name = symbol.name.removesuffix("[l]")
    capital = CAPITALS.get(name, name)
    spellings = aliases.get(name, ALIASES.get(name, ()))
    if not kind.batch and capital != name:
        # One example: learners type A1 and dZ2 there too, and mean the column.
        spellings += (capital, *aliases.get(capital, ALIASES.get(capital, ())))
    gradient = None
    if symbol.derivative_of:
        by = "W" if name == "Delta" else name[1:]
        gradient = ("J" if symbol.derivative_of == "J" else "L", by)
    at = OBJECTS.get(capital) or {"w": "net.W[{l}].T", "dw": "grads.dW[{l}].T"}[name]
    if kind.penalty and name == "Delta":
        at = "(cache.m * grads.dW[{l}] - net.l2 * net.W[{l}])"
    if one_unit:
        at = at.replace("{l}", "1").replace("net.L", "1")
    if kind.batch and capital != name:
        at += "[:, [0]]"
    return Quantity(
        name=name,
        shape=_shape(symbol.shape, kind),
        words=symbol.words.removesuffix(" l"),
        latex=symbol.latex.replace("^{[l]}", "").replace("^{(i)}", ""),
        unicode={"yhat": "ŷ", "Yhat": "Ŷ", "Delta": "Δ"}.get(name, name),
        meaning=symbol.meaning,
        aliases=spellings,
        numbered=symbol.first_layer is not None,
        first_member=symbol.first_layer or (0 if name in {"a", "A", "da", "dA"} else 1),
        column_of=capital if kind.batch and capital != name else None,
        per_example=ORIENTED.get(capital) == "data",
        gradient=gradient,
        oriented=ORIENTED.get(capital, ""),
        numpy=at,
        defined=DEFINED["unit" if one_unit else "batch" if capital == name else "column"],
        rows=name in {"W", "dW"} and not one_unit,
        given=(0.0, 1.0) if capital == "Y" else None,
        code=IN_CODE.get(name if kind.batch else capital, ()),
    )


def _numbers(kind: Kind) -> list[Quantity]:
    """Return m, 𝓛, J, α and, where there is a penalty, λ."""
    row: Shape = ("1", "m") if kind.batch else ()
    m, loss, J = SYMBOLS["m"], SYMBOLS["𝓛"], SYMBOLS["J"]
    alpha, lambda_ = SYMBOLS["α"], SYMBOLS["λ"]
    found = [
        Quantity("m", (), m.words, m.latex, "m", m.meaning, numpy=OBJECTS["m"]),
        Quantity(
            "L", row, "the loss", r"\mathcal{L}", "𝓛", loss.meaning, ALIASES["L"],
            per_example=True, oriented="data", numpy=OBJECTS["L"],
        ),
        Quantity("J", (), J.words, J.latex, "J", J.meaning, ALIASES["J"], numpy=OBJECTS["J"]),
        Quantity(
            "alpha", (), alpha.words, alpha.latex, "α", alpha.meaning, ALIASES["alpha"],
            numpy=OBJECTS["alpha"], given=(0.0, float("inf")),
        ),
    ]  # fmt: skip
    if kind.batch:
        found.append(Quantity(COLUMN_LOSS, (), "the loss", r"\mathcal{L}", "𝓛", loss.meaning, numpy=COLUMN_LOSS_OBJECT))
    if kind.penalty:
        found.append(
            Quantity(
                "lambda", (), lambda_.words, lambda_.latex, "λ", lambda_.meaning, ALIASES["lambda"],
                numpy=OBJECTS["lambda"], given=(0.0, float("inf")), code=IN_CODE["lambda"],
            )
        )  # fmt: skip
    return found


def _sizes(kind: Kind) -> list[Quantity]:
    """Return n[l], and the sizes that have a name of their own."""
    symbol = EXTRA["n[l]"]
    n = Quantity(
        "n", (), "n", "n", "n", symbol.meaning, ("N",), numbered=True, first_member=0, numpy=OBJECTS["n"]
    )
    named = [_size("n_0", ("n_x",), "net.sizes[0]")]
    if kind.layer_count:
        hidden = range(1, kind.layer_count)
        named += [_size(f"n_{l}", ("n_h",) if l == 1 else (), f"net.sizes[{l}]") for l in hidden]
    return [n, *named, _size(kind.last, ("n_y",), "net.sizes[-1]")]


def _size(name: str, aliases: tuple[str, ...], at: str) -> Quantity:
    index = name.removeprefix("n_")
    words = {"0": "n zero", "1": "n one", "2": "n two", "L": "n L"}[index]
    meaning = "The number of inputs." if index == "0" else f"The number of units in layer {index}."
    return Quantity(name, (), words, name, name, meaning, aliases, numpy=at)


def _shape(shape: tuple[str, ...], kind: Kind) -> Shape:
    """Write (l-1) as the checker does, and the last size by its number where that is fixed."""
    new = (size.replace("(l-1)", "{l-1}") for size in shape)
    return tuple(kind.last if size == "n_L" else size for size in new)


def _keyed(quantities: list[Quantity]) -> dict[str, Quantity]:
    return {q.name: replace(q, defined=q.defined or DEFINED["batch"]) for q in quantities}
