"""What the writers for readers of a setting share: the letters and words of its quantities."""

from __future__ import annotations

from checkedmath.reading.names import names_of
from checkedmath.subject.setting import NamedFunction, Quantity, Setting
from checkedmath.syntax import tree
from checkedmath.syntax.writer import Writer


class InSetting(Writer):
    """Writes with the letters and words of a setting; without one the canonical names do."""

    def __init__(self, setting: Setting | None = None) -> None:
        self.setting = setting

    def quantity(self, node: tree.Node) -> Quantity | None:
        """Return the setting's quantity of this symbol, if there is one."""
        if self.setting is None or not isinstance(node, tree.Symbol):
            return None
        return self.setting.quantities.get(node.name)

    def function(self, node: tree.Apply | tree.Evaluated) -> NamedFunction | None:
        """Return the setting's function of this name, if there is one."""
        return self.setting.functions.get(node.name) if self.setting is not None else None

    def primes(self, node: tree.Apply | tree.Evaluated) -> int:
        """Return how many primes are written: those that the name holds are not."""
        function = self.function(node)
        return node.primes - (function.primes if function else 0)

    def reads_back(self, spelling: str, kind: str, canonical: str) -> bool:
        """Whether a reader of this setting takes the spelling for this name."""
        if self.setting is None:
            return True
        names = names_of(self.setting)
        known = names.spellings.get(spelling)
        if known is None:
            return names.free and kind == "symbol" and spelling == canonical
        return (known.kind, known.canonical) == (kind, canonical)
