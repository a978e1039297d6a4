"""The activations and losses that a formula may name, with what is known of each.

Those of the course stand here, with the letters and spellings that readers use; `backprop` is held to them in every
draw.  What an author has declared in `backprop` beside them is taken from there: its value, its words, its slope.
Where NumPy is absent, and with it `backprop`, those that stand here are all there are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from checkedmath.subject.setting import NamedFunction

try:
    from backprop import ACTIVATIONS, LOSSES
except ModuleNotFoundError as missing:
    if missing.name not in {"numpy", "backprop"}:  # in a browser there is neither
        raise
    ACTIVATIONS, LOSSES = {}, {}

Array = Any
SLOPE = 0.01


@dataclass(frozen=True)
class Known:
    """What is known of an activation: how it is written, said and called in a sentence; ``slope`` spells its slope.

    The rest is as for `checkedmath.subject.setting.NamedFunction`; ``kinks`` are the z at which it has no derivative,
    and one that is not ``hidden`` has no use before the last layer.
    """

    words: str = ""
    latex: str = ""
    unicode: str = ""
    aliases: tuple[str, ...] = ()
    slope: tuple[str, ...] = ()
    called: str = ""
    of_value: Callable[[Array], Array] | None = None
    limits: tuple[float, ...] = ()
    kinks: tuple[float, ...] = ()
    entrywise: bool = True
    hidden: bool = True
    value: Callable[[Array, Any], Array] | None = None


#: The activations of the course, the one that it uses first before the others.
OWN: dict[str, Known] = {
    "tanh": Known(latex=r"\tanh", of_value=lambda a: 1 - a * a, limits=(-1.0, 1.0)),
    "sigmoid": Known(
        "sigma", r"\sigma", "σ", ("logistic", "sigm"), of_value=lambda a: a * (1 - a), limits=(0.0, 1.0),
    ),
    "relu": Known(
        "ReLU", r"\operatorname{ReLU}", "ReLU", ("ReLU", "Relu"), ("ReLU_derivative", "ReLU_prime"), "ReLU",
        of_value=lambda a: (a.real > 0) * 1.0, kinks=(0.0,),
    ),
    "leaky_relu": Known(
        "leaky ReLU", r"\operatorname{LeakyReLU}", "LeakyReLU", ("LeakyReLU", "leaky_ReLU", "leakyrelu"),
        called="leaky ReLU", of_value=lambda a: SLOPE + (1 - SLOPE) * (a.real > 0), kinks=(0.0,),
        value=lambda z, xp: xp.where(xp.real(z) > 0, z, SLOPE * z),
    ),
    "softmax": Known(aliases=("Softmax",), entrywise=False, hidden=False),
}  # fmt: skip
#: The losses of the course, as a sentence calls them: that of a sigmoid, that of softmax, and one that goes with both.
BINARY, CATEGORICAL, SQUARED = "binary_cross_entropy", "categorical_cross_entropy", "squared_error"
#: The squared error as other texts have it, without the ½.
TWICE = "squared_error_twice"
CALLED = {BINARY: "binary cross entropy", CATEGORICAL: "categorical cross entropy", SQUARED: "½ squared error",
          TWICE: "the squared error without a ½"}  # fmt: skip
_HELPER_ENDINGS = ("derivative", "deriv", "grad", "gradient", "der")


def known(name: str) -> Known:
    """Return what is known of an activation.  Raises `KeyError` for another name."""
    return OWN.get(name) or _declared(name)


@cache
def _declared(name: str) -> Known:
    g = ACTIVATIONS[name]
    return Known(
        aliases=(name.title().replace("_", ""), name.replace("_", "")),  # SoftPlus and softplus for soft_plus
        called=g.called, of_value=g.of_value if g.has_slope_of_value else None, limits=g.limits if g.entrywise else (),
        kinks=g.kinks, entrywise=g.entrywise, hidden=g.hidden, value=lambda z, xp: g(z),
    )  # fmt: skip


def names() -> tuple[str, ...]:
    """Return the names of the activations: the course's own, then the others that have a use in a network.

    The identity has none before the last layer, and no setting ends with it.
    """
    return (*OWN, *(name for name, g in ACTIVATIONS.items() if g.hidden and name not in OWN))


def hidden_names() -> tuple[str, ...]:
    """Return the names of the activations that the layers before the last may have.

    >>> hidden_names()[:4]
    ('tanh', 'sigmoid', 'relu', 'leaky_relu')
    """
    return tuple(name for name in names() if known(name).hidden)


def words_of(name: str) -> str:
    """Return what a sentence calls an activation: ReLU, leaky ReLU."""
    return known(name).called or name


def functions_of(more: Mapping[str, tuple[str, ...]]) -> list[NamedFunction]:
    """Return the activations as functions of a setting, and the derivatives under the names they have in code.

    ``more`` are further spellings in this setting, of a function or of its derivative (``"sigmoid_prime"``).
    """
    found = [_function(name, more.get(name, ())) for name in names()]
    return found + [_helper(f, more.get(f"{f.name}_prime", ())) for f in found if f.entrywise]


def _function(name: str, more: tuple[str, ...]) -> NamedFunction:
    own = known(name)
    return NamedFunction(
        name, own.words or words_of(name), own.latex or rf"\operatorname{{{name.replace('_', '')}}}",
        own.unicode or name, (*own.aliases, *more), numpy=name, entrywise=own.entrywise, of_value=own.of_value,
        limits=own.limits, value=own.value,
    )  # fmt: skip


def _helper(function: NamedFunction, more: tuple[str, ...]) -> NamedFunction:
    """Return the derivative of a function under the names that people give it in code."""
    base = function.name
    aliases = (f"{base}_{ending}" for ending in _HELPER_ENDINGS)
    return NamedFunction(
        f"{base}_prime", f"{function.words} prime", primes=1, helper=True, numpy=f"{base}.prime", of=base,
        aliases=(*aliases, f"d{base}", f"d_{base}", f"{base}Prime", f"deriv_{base}", *known(base).slope, *more),
    )  # fmt: skip


def loss_codes(output: str) -> dict[str, str]:
    """Return the losses that may stand after this activation in place of the setting's own, by the code of each.

    ``loss-squared`` is the code of squared_error, with the ½ and, as a variant of its own, without.  One
    that cannot take the labels, as -1 and 1 are not, has no world.
    """
    others = {
        f"loss-{name.removesuffix('_error')}": name
        for name, loss in LOSSES.items()
        if name not in CALLED and (not loss.outputs or output in loss.outputs) and _takes(loss)
    }
    return {"loss-squared": SQUARED, "loss-squared-twice": TWICE} | others


def declared_loss(name: str) -> Callable[[Array, Array], Array]:
    """Return a loss that an author has declared in `backprop`, of A and Y."""
    found: Callable[[Array, Array], Array] = LOSSES[name]
    return found


def loss_words(name: str) -> str:
    """Return what a sentence calls a loss: ½ squared error."""
    return CALLED[name] if name in CALLED else str(LOSSES[name].called)


def _takes(loss: Any) -> bool:
    import numpy as np  # noqa: PLC0415

    from backprop import InputError  # noqa: PLC0415

    try:
        loss.check_labels(np.array([[0.2, 1.0], [0.8, 0.0]]))
    except InputError:
        return False
    return True
