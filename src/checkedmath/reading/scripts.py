"""Scripts on a name: layers, indices, examples, transposes, primes and powers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from checkedmath.reading.flatten import Flat
from checkedmath.reading.names import Name, Names
from checkedmath.reading.tokens import Token
from checkedmath.syntax import tree
from checkedmath.syntax.errors import Unreadable
from checkedmath.syntax.tree import Index, Node, Span


@dataclass(frozen=True)
class Script:
    """One script: its token, the exponent if it is a ``POW_OPEN``, and where it ends in the source."""

    token: Token
    end: int
    exponent: Node | None = None

    @property
    def kind(self) -> str:
        """The kind of its token."""
        return self.token.kind

    @property
    def member(self) -> Index:
        """The layer that it says: [2], (2), a raised or a lowered 2."""
        return self.token.indices[0] if self.token.indices else Index("", int(self.token.text))


class Scripts:
    """Gives scripts their meaning: a raised 2 is a layer on W and a power on (1 - a)."""

    def __init__(self, flat: Flat, names: Names) -> None:
        self.flat, self.names = flat, names

    def name(self, token: Token, scripts: Sequence[Script]) -> Node:
        """Return what a name says with its scripts: ``SYMBOL``, ``DELTA``, ``SPACE`` or ``EULER``."""
        span = self.flat.place(token.start, token.end)
        whole = (span[0], scripts[-1].end if scripts else span[1])
        if token.kind == "SYMBOL":
            symbol = tree.Symbol(token.name.canonical, dotted=token.name.dotted, span=span)
            # δ with two component indices is Kronecker's; with a layer it is dz.
            if self.flat.source[slice(*span)] in {"δ", "\\delta", "delta"} and _two_indices(scripts):
                return tree.Delta(*scripts[0].token.indices, span=whole)
            return self.on(symbol, scripts)
        if token.kind == "DELTA":
            if not _two_indices(scripts):
                raise self.error(token, "two indices under Kronecker's δ")
            return tree.Delta(*scripts[0].token.indices, span=whole)
        if token.kind == "SPACE":
            return self._space(token, scripts, whole)
        if not scripts:
            return tree.Constant("e", span=span)
        if scripts[0].kind not in {"POW_OPEN", "SUPER"}:
            raise self.error(token, f"a symbol of {self.names.setting.name}", "exp")
        exponent = scripts[0].exponent or tree.Number(scripts[0].token.text)
        return self.on(tree.Apply("exp", exponent, span=(span[0], scripts[0].end)), scripts[1:])

    def on(self, node: Node, scripts: Sequence[Script]) -> Node:
        """Return a node with its scripts, one after the other: W, then layer 2, then the transpose."""
        for script in scripts:
            node = self._on(node, script, (node.span[0], script.end))
        return node

    def alone(self, name: Name, scripts: Sequence[Script], span: Span) -> Node:
        """Return a function that stands without an argument, g'."""
        member, primes, rest = self._of_function(name, scripts, bare=True)
        end = max((script.end for script in scripts if script not in rest), default=span[1])
        return self.on(tree.Evaluated(name.canonical, member, primes, span=(span[0], end)), rest)

    def applied(self, name: Name, argument: Node, scripts: Sequence[Script], span: Span) -> Node:
        """Return a function at its argument; the scripts are those between the two."""
        member, primes, rest = self._of_function(name, scripts)
        inverse = next((script for script in rest if script.kind == "INVERSE"), None)
        if inverse is not None:
            said = f"1/{name.canonical}(…), or a name for the inverse function: a raised -1 is read as either"
            raise self.error(inverse.token, said)
        if name.canonical == "grad" and isinstance(argument, tree.Apply):
            return replace(argument, primes=argument.primes + 1, span=span)
        if name.canonical == "square":
            return tree.Power(argument, tree.Number("2"), span=span)
        return self.on(tree.Apply(name.canonical, argument, member, primes, span=span), rest)

    def _of_function(
        self, name: Name, scripts: Sequence[Script], *, bare: bool = False
    ) -> tuple[Index | None, int, list[Script]]:
        """Return a function's layer and primes, and the scripts that say neither."""
        function = self.names.function(name.canonical)
        numbered = function is not None and function.numbered
        member, primes, rest = None, function.primes if function else 0, list[Script]()
        for script in scripts:
            lone = script.kind == "SUBSCRIPT" and len(script.token.indices) == 1 and numbered
            if script.kind in {"MEMBER", "PAREN_INDEX"} or lone or (script.kind == "SUPER" and (numbered or bare)):
                member = script.member
            elif script.kind == "PRIME":
                primes += 1
            else:
                rest.append(script)
        return member, primes, rest

    def without_d(self, node: Node) -> Node:
        """Return z[1] of the dz[1] in a quotient of differentials."""
        if isinstance(node, tree.Symbol):
            quantity = self.names.quantity(node.name)
            if quantity is not None and quantity.gradient is not None:
                return tree.Symbol(quantity.gradient[1], node.member, span=node.span)
        if isinstance(node, tree.Component | tree.Example):
            return replace(node, base=self.without_d(node.base))
        if isinstance(node, tree.Transpose):
            return replace(node, operand=self.without_d(node.operand))
        return node

    def _space(self, token: Token, scripts: Sequence[Script], span: Span) -> Node:
        if not scripts:
            return tree.RealSpace(tree.Number("1"), span=span)
        if len(scripts) > 1 or scripts[0].kind not in {"POW_OPEN", "SUPER"}:
            raise self.error(scripts[-1].token, r"the sizes of ℝ, as in \mathbb{R}^{n \times m}")
        size = scripts[0].exponent or tree.Number(scripts[0].token.text)
        if not isinstance(size, tree.Multiply):
            return tree.RealSpace(size, span=span)
        if size.sign == tree.JUXTAPOSED:
            raise self.error(token, r"\times between the sizes of ℝ")
        return tree.RealSpace(size.left, size.right, span=span)

    def _on(self, node: Node, script: Script, span: Span) -> Node:
        kind, token = script.kind, script.token
        unnumbered = isinstance(node, tree.Symbol) and node.member is None and self._in_family(node)
        if kind == "TRANSPOSE":
            return tree.Transpose(node, span=span)
        if kind == "INVERSE":
            return tree.Inverse(node, span=span)
        if kind == "PRIME":
            if isinstance(node, tree.Number):
                raise self.error(token, "no prime on a number")
            return tree.Primed(node, span=span)
        if isinstance(node, tree.Symbol) and unnumbered and kind == "SUPER":
            return replace(node, member=script.member, span=span)
        if kind in {"SUPER", "POW_OPEN"}:
            raised = script.exponent or tree.Number(token.text, span=self.flat.place(token.start, token.end))
            return tree.Power(node, raised, span=span)
        if kind == "MEMBER":
            return self._member(node, script, span)
        if kind == "PAREN_INDEX":
            return self._paren_index(node, token.indices[0], span, unnumbered=unnumbered)
        return self._subscript(node, token.indices, span, unnumbered=unnumbered)

    def _member(self, node: Node, script: Script, span: Span) -> Node:
        value = script.member
        size = self.names.setting.family.size
        if isinstance(node, tree.Symbol) and node.member is None and (self._in_family(node) or node.name == size):
            return replace(node, member=value, span=span)
        if isinstance(node, tree.Component | tree.Example) and self._takes_member(node.base):  # a_k^{[2]}
            return replace(node, base=self._on(node.base, script, node.base.span), span=span)
        if isinstance(node, tree.Transpose | tree.Primed) and self._takes_member(node.operand):  # W^{T[2]}
            return replace(node, operand=self._on(node.operand, script, node.operand.span), span=span)
        if self.names.free and isinstance(node, tree.Symbol):
            return tree.Component(node, (value,), span=span)
        raise self.error(script.token, f"a quantity that has a {self.names.setting.family.word} before [ ]")

    def _subscript(self, node: Node, value: tuple[Index, ...], span: Span, *, unnumbered: bool) -> Node:
        if isinstance(node, tree.Apply) and node.name == "norm":  # of a column there is one Euclidean norm
            return replace(node, member=None if self._is_column(node.argument) else value[0], span=span)
        if isinstance(node, tree.Symbol) and node.member is None and node.name == self.names.setting.family.size:
            return tree.Symbol(node.name, value[0], span=span)
        if isinstance(node, tree.Symbol) and unnumbered and len(value) == 1:
            if self._counts_entries(node) and not value[0].letter:
                return tree.Component(node, value, span=span)
            if not value[0].letter or value[0].letter in "lL":
                return replace(node, member=value[0], span=span)
        return tree.Component(node, self._two_digits(node, value), span=span)

    def _is_column(self, node: Node) -> bool:
        """Whether an expression is a column, as far as its letters say."""
        if isinstance(node, tree.Symbol):
            quantity = self.names.quantity(node.name)
            shape = quantity.shape if quantity is not None else ()
            return (self.names.free and node.name[:1].islower()) or shape[1:] == ("1",)
        if isinstance(node, tree.Add | tree.Subtract | tree.Multiply):
            return self._is_column(node.right)
        return False

    def _counts_entries(self, node: Node) -> bool:
        """Whether z_1 is an entry: where formulas are about the last layer, a lone number counts its units."""
        quantity = self.names.quantity(node.name) if isinstance(node, tree.Symbol) else None
        setting = self.names.setting
        of_last = setting.default_member and setting.default_member == setting.family.last
        return bool(of_last) and quantity is not None and bool(quantity.column_of)

    def _takes_member(self, node: Node) -> bool:
        """Whether a layer written further out belongs to a symbol in here."""
        if isinstance(node, tree.Component | tree.Example):
            return self._takes_member(node.base)
        return isinstance(node, tree.Symbol) and node.member is None and self._in_family(node)

    def _two_digits(self, node: Node, value: tuple[Index, ...]) -> tuple[Index, ...]:
        """W_{12} is row 1, column 2: no matrix here has a row 12."""
        quantity = self.names.quantity(node.name) if isinstance(node, tree.Symbol) else None
        matrix = quantity is not None and len(quantity.shape) == 2 and "1" not in quantity.shape
        matrix = matrix or isinstance(node, tree.Multiply | tree.Add | tree.Subtract | tree.Transpose)
        if matrix and len(value) == 1 and not value[0].letter and 11 <= value[0].offset <= 99:
            return (Index("", value[0].offset // 10), Index("", value[0].offset % 10))
        return value

    def _paren_index(self, node: Node, value: Index, span: Span, *, unnumbered: bool) -> Node:
        quantity = self.names.quantity(node.name) if isinstance(node, tree.Symbol) else None
        per_example = quantity is None or quantity.per_example
        numbered = not value.letter and not self._counts_entries(node)  # where z_1 is an entry, z^(1) is an example
        numbers = numbered or value.letter in self.names.setting.family.letters
        if isinstance(node, tree.Symbol) and unnumbered and (not per_example or numbers):
            return replace(node, member=value, span=span)
        if isinstance(node, tree.Component):  # x_1^{(i)} is entry 1 of example i, w_{jk}^{(l)} one of W^{(l)}
            base = self._paren_index(node.base, value, node.base.span, unnumbered=self._takes_member(node.base))
            return tree.Component(base, node.indices, span=span)
        family = self.names.setting.family
        scalar = quantity is not None and quantity.name in self.names.setting.scalars
        if scalar and value.letter in family.letters:  # 𝓛 has no layer: this letter means something else
            raise Unreadable(self.flat.source, span[0], f"a quantity that has a {family.word} before ({value.letter})")
        return tree.Example(node, value, span=span)

    def _in_family(self, node: tree.Symbol) -> bool:
        quantity = self.names.quantity(node.name)
        return quantity is not None and quantity.numbered

    def error(self, token: Token, expected: str, nearest: str = "") -> Unreadable:
        """Return the error of a token that is not what was expected."""
        place = token.start if token.kind == "END" else self.flat.place(token.start, token.end)[0]
        return Unreadable(self.flat.source, place, expected, nearest)


def _two_indices(scripts: Sequence[Script]) -> bool:
    return len(scripts) == 1 and scripts[0].kind == "SUBSCRIPT" and len(scripts[0].token.indices) == 2
