"""What the writers of mathematics share: a method for each kind of node, brackets by the table."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import ClassVar

from checkedmath.syntax import precedence, tree
from checkedmath.syntax.budget import spend

_WORD_EDGE = re.compile(r"(?<=[a-z])(?=[A-Z])")


class Writer:
    """The base of the writers: `write` calls the method named after the node's kind.

    A subclass has a method ``add`` for `Add`, ``sum_over`` for `SumOver` and so on.
    """

    levels: ClassVar[Mapping[type[tree.Node], int]] = precedence.LEVELS
    places: ClassVar[Mapping[tuple[type[tree.Node], str], int]] = precedence.PLACES
    relations: ClassVar[Mapping[str, str]] = {}
    minus = "-"

    def write(self, node: tree.Node) -> str:
        """Return the node as text."""
        spend()
        return getattr(self, method_name(type(node).__name__))(node)

    def part(self, parent: tree.Node, place: str) -> str:
        """Return the part ``place`` of a node, in brackets where the table asks for them."""
        return self.placed(getattr(parent, place), parent, place)

    def placed(self, node: tree.Node, parent: tree.Node, place: str) -> str:
        """Return a node as text, to stand in ``place`` of ``parent``."""
        written = self.write(node)
        if precedence.needs_brackets(node, parent, place, self.levels, self.places):
            return self.brackets(written, node, parent)
        return written

    def brackets(self, written: str, node: tree.Node, parent: tree.Node) -> str:
        """Return the text of a node in brackets."""
        return f"({written})"

    def is_indicator(self, node: tree.Node, parent: tree.Node) -> bool:
        """Whether a condition in brackets stands for 1 where it holds: 𝟏(z > 0)."""
        scripted = precedence.level(parent) in {precedence.SCRIPTED, precedence.INDEXED}
        return isinstance(node, tree.Compare) and not scripted

    def primes(self, node: tree.Apply | tree.Evaluated) -> int:
        """Return how many primes are written."""
        return node.primes

    def chain(self, node: tree.Chain) -> str:
        """Return the terms with their relations."""
        if not node.relations:  # what a function of several is taken at
            return ", ".join(self.placed(term, node, "terms") for term in node.terms)
        out = [self.placed(node.terms[0], node, "terms")]
        for relation, term in zip(node.relations, node.terms[1:], strict=True):
            out += [self.relation(relation), self.placed(term, node, "terms")]
        return " ".join(out)

    def top(self, node: tree.Divide) -> str:
        """Return what is divided, in brackets where dZ/dW would be read as a derivative."""
        written = self.part(node, "top")
        alike = _starts_with_d(node.top) and _starts_with_d(node.bottom)
        return f"({written})" if alike else written

    def relation(self, relation: str) -> str:
        """Return a relation as it is written."""
        return self.relations.get(relation, relation)

    # -- what is written alike everywhere ------------------------------------------------------

    def number(self, node: tree.Number) -> str:
        """Return the number as it was written."""
        return node.text

    def negate(self, node: tree.Negate) -> str:
        """Return -x."""
        return self.minus + self.part(node, "operand")

    def add(self, node: tree.Add) -> str:
        """Return x + y."""
        return f"{self.part(node, 'left')} + {self.part(node, 'right')}"

    def subtract(self, node: tree.Subtract) -> str:
        """Return x - y."""
        return f"{self.part(node, 'left')} {self.minus} {self.part(node, 'right')}"

    def compare(self, node: tree.Compare) -> str:
        """Return a condition, without the brackets it stands in."""
        return f"{self.write(node.left)} {self.relation(node.op)} {self.write(node.right)}"

    def written_out(self, node: tree.WrittenOut) -> str:
        """Return [a, b; c, d]."""
        return "[" + "; ".join(", ".join(map(self.write, row)) for row in node.rows) + "]"

    def by_index(self, node: tree.ByIndex) -> str:
        """Return [x_i y_j]_ij."""
        return f"[{self.write(node.body)}]_{{{node.row}{node.column}}}"

    def change(self, node: tree.Change) -> str:
        """Return dX, or d(X Y)."""
        written = self.write(node.of)
        return f"d{written}" if isinstance(node.of, tree.Symbol) and len(node.of.name) == 1 else f"d({written})"

    def cases(self, node: tree.Cases) -> str:
        r"""Return the branches as LaTeX does: no plain text for them can be read back."""
        rows = []
        for value, condition in node.branches:
            when = r"\text{otherwise}" if condition is None else self.write(condition)
            rows.append(f"{self.write(value)} & {when}")
        return r"\begin{cases} " + r" \\ ".join(rows) + r" \end{cases}"


def _starts_with_d(node: tree.Node) -> bool:
    while isinstance(node, tree.Component | tree.Example | tree.Transpose):
        node = node.operand if isinstance(node, tree.Transpose) else node.base
    return isinstance(node, tree.Symbol) and node.name.startswith("d")


@cache
def method_name(kind: str) -> str:
    """Return the name of the method for a kind of node: sum_over for SumOver."""
    return _WORD_EDGE.sub("_", kind).lower()


def has_bars(node: tree.Node) -> bool:
    """Whether | or ‖ stands inside, so that a further pair of bars could not be told apart."""
    inside = (below.name for below in tree.walk(node) if isinstance(below, tree.Apply))
    return not {"abs", "norm"}.isdisjoint(inside)
