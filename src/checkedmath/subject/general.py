"""Functions that every setting knows: how each is written, and what it takes at a time."""

from __future__ import annotations

from dataclasses import dataclass

#: What a function takes at a time: each entry by itself, each column, or a whole array, of which it makes a number or
#: another array.  Those of code are operations that have a sign in mathematics.
ENTRY, COLUMN, TO_A_NUMBER, ARRAY, CODE = "entry", "column", "to a number", "array", "code"
#: The one whose entries a text writes as σ(z)_i.
OF_ENTRIES = "softmax"


@dataclass(frozen=True)
class General:
    """A function by its spellings; ``takes`` is one of ENTRY, COLUMN, TO_A_NUMBER, ARRAY, CODE."""

    takes: str
    spellings: tuple[str, ...]


GENERAL = {
    "exp": General(ENTRY, ("exp", "np.exp")), "log": General(ENTRY, ("log", "ln", "np.log")),
    "sqrt": General(ENTRY, ("sqrt", "np.sqrt")), "tanh": General(ENTRY, ("tanh", "np.tanh")),
    "cosh": General(ENTRY, ("cosh", "np.cosh")), "sinh": General(ENTRY, ("sinh", "np.sinh")),
    "sin": General(ENTRY, ("sin", "np.sin")), "cos": General(ENTRY, ("cos", "np.cos")),
    "tan": General(ENTRY, ("tan", "np.tan")), "arctan": General(ENTRY, ("arctan", "np.arctan")),
    "sigmoid": General(ENTRY, ("sigmoid", "σ")), "relu": General(ENTRY, ("relu", "ReLU", "Relu")),
    "softmax": General(COLUMN, ("softmax", "Softmax")), "diag": General(ARRAY, ("diag", "Diag", "np.diag")),
    "tr": General(ARRAY, ("tr", "Tr", "trace")), "det": General(ARRAY, ("det",)),
    "norm": General(TO_A_NUMBER, ("norm", "np.linalg.norm")), "abs": General(ENTRY, ("abs",)),
    "sum": General(TO_A_NUMBER, ("sum", "np.sum")), "mean": General(TO_A_NUMBER, ("mean", "np.mean", "avg")),
    "vec": General(ARRAY, ("vec",)), "grad": General(CODE, ("grad",)), "dot": General(CODE, ("np.dot", "dot")),
    "times": General(CODE, ("np.multiply", "multiply")), "square": General(CODE, ("np.square",)),
    "power": General(CODE, ("np.power",)), "divide": General(CODE, ("np.divide",)),
    "sign": General(ENTRY, ("sign", "sgn")), "max": General(TO_A_NUMBER, ("max", "np.maximum")),
}  # fmt: skip


def taking(*kinds: str) -> frozenset[str]:
    """Return the names of the functions of these kinds.

    >>> sorted(taking(COLUMN, TO_A_NUMBER))
    ['max', 'mean', 'norm', 'softmax', 'sum']
    """
    return frozenset(name for name, function in GENERAL.items() if function.takes in kinds)
