"""Forum text in a setting's own names (see `checkedmath.syntax.text`)."""

from __future__ import annotations

from checkedmath.subject.setting import Setting
from checkedmath.syntax import tree
from checkedmath.syntax.text import TextWriter
from checkedmath.writing.writer import InSetting


class _Writer(InSetting, TextWriter):
    """Writes forum text in the names of a setting."""


def write_text(node: tree.Node, setting: Setting | None = None) -> str:
    """Return the node as forum text, without primes that a function's name holds already: sigmoid_prime."""
    return _Writer(setting).write(node)
