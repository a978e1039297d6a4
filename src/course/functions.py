"""The activations and losses that a formula may name, as `backprop` declares them.

What `backprop` knows of one is not said again: its value, its slope, its words.  Here stand the letters and spellings
of those that have some of their own, `SPELLED`; any other is written by its name.  Where NumPy is absent, and with it
`backprop`, formulas can still be read and said: then those that are spelled here are all there are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from checkedmath.subject.setting import NamedFunction

try:
    from backprop import ACTIVATIONS, LOSSES
except ModuleNotFoundError as missing:
    if missing.name != "numpy":
        raise
    ACTIVATIONS, LOSSES = {}, {}


@dataclass(frozen=True)
class Spelled:
    """How an activation is written and said where that does not follow from its name; ``slope``: its derivative too."""

    words: str = ""
    latex: str = ""
    unicode: str = ""
    aliases: tuple[str, ...] = ()
    slope: tuple[str, ...] = ()


#: The activations that readers write in ways of their own, the course's first one before the others.
SPELLED: dict[str, Spelled] = {
    "tanh": Spelled(latex=r"\tanh"),
    "sigmoid": Spelled("sigma", r"\sigma", "σ", ("logistic", "sigm")),
    "relu": Spelled("ReLU", r"\operatorname{ReLU}", "ReLU", ("ReLU", "Relu"), ("ReLU_derivative", "ReLU_prime")),
    "leaky_relu": Spelled(
        "leaky ReLU", r"\operatorname{LeakyReLU}", "LeakyReLU", ("LeakyReLU", "leaky_ReLU", "leakyrelu"),
    ),
    "softmax": Spelled(aliases=("Softmax",)),
}  # fmt: skip
_HELPER_ENDINGS = ("derivative", "deriv", "grad", "gradient", "der")


def names() -> tuple[str, ...]:
    """Return the names of the activations: those that are spelled here, then the others that have a use in a network.

    The identity has none before the last layer, and no setting ends with it.
    """
    return (*SPELLED, *(name for name, g in ACTIVATIONS.items() if g.hidden and name not in SPELLED))


def hidden_names() -> tuple[str, ...]:
    """Return the names of the activations that the layers before the last may have.

    >>> hidden_names()[:4]
    ('tanh', 'sigmoid', 'relu', 'leaky_relu')
    """
    return tuple(name for name in names() if name not in ACTIVATIONS or ACTIVATIONS[name].hidden)


def words_of(name: str) -> str:
    """Return what a sentence calls an activation: ReLU, leaky ReLU."""
    return ACTIVATIONS[name].called if name in ACTIVATIONS else name


def functions_of(more: Mapping[str, tuple[str, ...]]) -> list[NamedFunction]:
    """Return the activations as functions of a setting, and the derivatives under the names they have in code.

    ``more`` are further spellings in this setting, of a function or of its derivative (``"sigmoid_prime"``).
    """
    found = [_function(name, more.get(name, ())) for name in names()]
    return found + [_helper(f, more.get(f"{f.name}_prime", ())) for f in found if f.entrywise]


def _function(name: str, more: tuple[str, ...]) -> NamedFunction:
    spelled, g = SPELLED.get(name, Spelled(aliases=_capitalised(name))), ACTIVATIONS.get(name)
    known: dict[str, Any] = {"entrywise": name != "softmax"}
    if g is not None:
        slope, limits = (g.of_value if g.has_slope_of_value else None), (g.limits if g.entrywise else ())
        known = {"entrywise": g.entrywise, "of_value": slope, "limits": limits}
    latex = spelled.latex or rf"\operatorname{{{name.replace('_', '')}}}"
    return NamedFunction(
        name, spelled.words or words_of(name), latex, spelled.unicode or name, (*spelled.aliases, *more), numpy=name,
        **known,
    )  # fmt: skip


def _capitalised(name: str) -> tuple[str, ...]:
    """Return how a name is also written: SoftPlus and softplus for soft_plus."""
    return (name.title().replace("_", ""), name.replace("_", ""))


def _helper(function: NamedFunction, more: tuple[str, ...]) -> NamedFunction:
    """Return the derivative of a function under the names that people give it in code."""
    base = function.name
    aliases = (f"{base}_{ending}" for ending in _HELPER_ENDINGS)
    slope = SPELLED[base].slope if base in SPELLED else ()
    return NamedFunction(
        f"{base}_prime", f"{function.words} prime", primes=1, helper=True, numpy=f"{base}.prime",
        aliases=(*aliases, f"d{base}", f"d_{base}", f"{base}Prime", f"deriv_{base}", *slope, *more),
    )  # fmt: skip


def loss_codes(output: str) -> dict[str, str]:
    """Return the losses that may stand after this activation in place of the setting's own, by the code of each.

    ``loss-squared`` is the code of squared_error.  A loss that is written for this activation alone is the setting's
    own; one that cannot take its labels, as -1 and 1 are not, has no world in it.
    """
    return {
        f"loss-{name.removesuffix('_error')}": name
        for name, loss in LOSSES.items()
        if loss.outputs != (output,) and (not loss.outputs or output in loss.outputs) and _takes(loss, output)
    }  # fmt: skip


def loss_words(name: str) -> str:
    """Return what a sentence calls a loss: ½ squared error."""
    return str(LOSSES[name].called)


def _takes(loss: Any, output: str) -> bool:
    import numpy as np  # noqa: PLC0415

    from backprop import InputError  # noqa: PLC0415

    try:
        loss.check_labels(np.array([[0.2, 1.0], [0.8, 0.0]]))
    except InputError:
        return False
    return True
