"""What has a name and is found by it: activations and losses, each declared once."""

from __future__ import annotations

from typing import Any, ClassVar, TypeVar

from backprop.errors import InputError


class Named:
    """Has a ``name``, by which a network asks for it; ``words`` say it in a sentence, by default the name does."""

    name: str
    words: str = ""
    known: ClassVar[dict[str, Any]]  # all of its kind that have been declared, by name

    @property
    def called(self) -> str:
        """What it is called in a sentence."""
        return self.words or self.name.replace("_", " ")

    def __repr__(self) -> str:
        return getattr(self, "name", type(self).__name__)


N = TypeVar("N", bound=Named)


def declare(one: N) -> N:
    """Make an activation or a loss known by its name, from here on, and return it.

    Raises `InputError` for a name that code could not write, or that is taken.

    >>> from backprop.activations import ACTIVATIONS, Activation
    >>> class Square(Activation):
    ...     name = "square"
    ...     def __call__(self, z):
    ...         return z * z
    ...     def prime(self, z, a=None):
    ...         return 2 * z
    >>> square = declare(Square())
    >>> ACTIVATIONS.pop("square")  # and forget it again
    square
    """
    name = getattr(one, "name", None)
    if not isinstance(name, str) or not name.isidentifier():
        raise InputError("name", "a name of Python, such as leaky_relu", repr(name))
    if name in one.known:
        raise InputError("name", "a name that no other has", repr(name), f"{', '.join(one.known)} are taken.")
    one.known[name] = one
    return one
