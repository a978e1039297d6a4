"""The one error that `backprop` raises for input it cannot use."""

from __future__ import annotations


class InputError(ValueError):
    """An input has the wrong shape, type or values.

    The message has up to three lines: the symbol with what was expected, what came, and
    the likely cause with what to do about it.

    >>> print(InputError("X", "shape (n_0, m) = (4, m)", "shape (5, 4)", "Pass X.T."))
    X: expected shape (n_0, m) = (4, m)
      got shape (5, 4)
      Pass X.T.
    """

    def __init__(self, symbol: str, expected: str, got: str, hint: str = "") -> None:
        self.symbol, self.expected, self.got, self.hint = symbol, expected, got, hint
        super().__init__(symbol, expected, got, hint)

    def __str__(self) -> str:
        lines = [f"{self.symbol}: expected {self.expected}", f"  got {self.got}"]
        return "\n".join(lines + [f"  {self.hint}"] * bool(self.hint))
