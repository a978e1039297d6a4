"""Writes the chains of one display in every dress; what cannot be written is refused with the reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise

from checkedmath.meaning.indices import free_indices
from checkedmath.subject.setting import Setting
from checkedmath.syntax import tree
from checkedmath.syntax.text import text_of
from checkedmath.syntax.tree import Chain, Node
from checkedmath.writing.displayed import Part
from checkedmath.writing.latex import shapes_of, symbol_data, write_latex
from checkedmath.writing.numpy import NotWritten, Objects, write_assertion
from checkedmath.writing.rows import with_rows
from checkedmath.writing.text import write_text
from checkedmath.writing.unicode import write_unicode
from checkedmath.writing.words import write_words

ONE = tree.Symbol("s")
LATEX_RELATIONS = {"≈": r"\approx", "≠": r"\ne", "≤": r"\le", "≥": r"\ge", "∈": r"\in", "∝": r"\propto"}
#: A chain in LaTeX: its first term, its relations, the other terms.
_Row = tuple[str, tuple[str, ...], tuple[str, ...]]


class Writer:
    """Writes the chains of one display."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self.parts = parts
        self.numbers_text = self.rows_text = self.at = ""

    def aligned(self, rows: list[_Row]) -> str:
        """Return chains as LaTeX: on one line, or aligned at their relations."""
        if len(rows) == 1 and len(rows[0][1]) <= 1:
            first, relations, terms = rows[0]
            return " ".join([first, *(f"{r} {t}" for r, t in zip(relations, terms, strict=True))])
        lines = []
        for first, relations, terms in rows:
            pairs = zip(relations, terms, strict=True)
            lines += [f"{'' if n else first} &{relation} {term}".strip() for n, (relation, term) in enumerate(pairs)]
        return "\\begin{aligned}\n" + " \\\\\n".join(lines) + "\n\\end{aligned}"

    def layout(self, written: str, latex: bool = False) -> str:
        """Return a copy form with the name of the layout that it needs."""
        layout = next(filter(None, (part.needs for part in self.parts)), "")
        if not layout:
            return written
        return written + (rf" \quad \text{{({layout} layout)}}" if latex else f" ({layout} layout)")

    def chains(self, write: Callable[[Node, Setting], str], trees: Sequence[Chain]) -> str:
        """Return chains as LaTeX, each node written by `write`."""
        rows: list[_Row] = []
        for part, chain in zip(self.parts, trees, strict=True):
            setting = part.claim.setting
            terms = [write(term, setting) for term in chain.terms]
            if r"\begin{cases}" in "".join(terms) and len(terms) > 2:
                raise NotWritten("cases in a derivation are not set as a block")
            relations = tuple(LATEX_RELATIONS.get(r, r) for r in chain.relations)
            rows.append((terms[0], relations, tuple(terms[1:])))
        return self.aligned(rows)

    def plain(self, write: Callable[[Node, Setting], str], trees: Sequence[Chain]) -> str:
        """Return plain text: a chain of several steps has a line for each."""
        lines = []
        for part, chain in zip(self.parts, trees, strict=True):
            terms = [write(term, part.claim.setting) for term in chain.terms]
            signs = [write(Chain((ONE, ONE), (r,)), part.claim.setting)[1:-1] for r in chain.relations]
            if len(terms) <= 2:
                lines.append("".join([terms[0], *(s + t for s, t in zip(signs, terms[1:], strict=True))]))
                continue
            lines.append(terms[0] + signs[0] + terms[1])
            lines += [f"    {sign.strip()} {term}" for sign, term in zip(signs[1:], terms[2:], strict=True)]
        text = "\n".join(lines)
        if r"\begin" in text:
            raise NotWritten("plain text has no form for cases")
        return text

    def forum(self) -> str:
        """Return forum text."""
        return self.layout(self.plain(write_text, [part.chain for part in self.parts]))

    def unicode(self) -> str:
        """Return Unicode text."""
        return self.layout(self.plain(write_unicode, [part.chain for part in self.parts]))

    def words(self) -> str:
        """Return the whole in words."""
        said = []
        for part in self.parts:
            steps = list(self._said(part))
            said.append("; ".join([steps[0], *(step.partition("\n")[2] for step in steps[1:])]).replace("\n", " "))
        return ". ".join(said)

    def steps(self) -> Iterator[str]:
        """Yield each relation in words, with the term before it where a chain begins."""
        for part in self.parts:
            for n, step in enumerate(self._said(part)):
                yield step.replace("\n", " ") if not n else step.partition("\n")[2]

    def _said(self, part: Part) -> Iterator[str]:
        chain, setting = part.chain, part.claim.setting
        if not chain.relations:
            yield write_words(chain.terms[0], setting)
        for relation, (left, right) in zip(chain.relations, pairwise(chain.terms), strict=True):
            first = write_words(left, setting)
            yield first + "\n" + write_words(Chain((left, right), (relation,)), setting)[len(first) + 1 :]

    def shapes(self) -> str:
        """Return LaTeX with the shape under each factor."""
        shapes = {node: shape for part in self.parts for node, shape in shapes_of(part.resolved).items()}

        def write(node: Node, setting: Setting) -> str:
            return write_latex(node, setting, shapes=shapes, data=symbol_data)

        written = self.chains(write, [part.chain for part in self.parts])
        if r"\underset" not in written:
            raise NotWritten("every factor is a number")
        return written

    def numbers(self) -> str:
        """Return LaTeX with the numbers of the book's network; the same as text is kept aside."""
        from checkedmath.writing.evaluated import with_numbers

        rows: list[_Row] = []
        text: list[str] = []
        for part in self.parts:
            if any(isinstance(term, tree.RealSpace) for term in part.chain.terms):
                raise NotWritten("a shape has no numbers")
            if not part.chain.relations:
                raise NotWritten("expected a formula with two sides, such as dz[1] = …, to show that numbers agree")
            if part.claim.update is not None:
                raise NotWritten("an update has two values for one symbol")
            if part.in_book or part.place is None:
                raise NotWritten(part.in_book)
            about = tuple("≈" if r in {"=", ":="} else r for r in part.chain.relations)
            latex, plain = with_numbers(part.chain, part.scope, part.place)
            relations = tuple(LATEX_RELATIONS.get(r, r) for r in about)
            rows.append((latex[0], relations, latex[1:]))
            text.append(" ".join([plain[0], *(f"{r} {t}" for r, t in zip(about, plain[1:], strict=True))]))
            letters = sorted(free_indices(part.chain))
            member, family = part.place.members, part.claim.setting.family
            own = [(family.letter, member[family.letter])] if family.letter in member else []
            said = [f"{a} = {n}" for a, n in [*own, *((letter, 1) for letter in letters)]]
            self.at = self.at or ", ".join(said)
        self.numbers_text = "; ".join(text)
        return self.aligned(rows)

    def rows(self) -> str:
        """Return LaTeX with examples as rows."""
        if any(part.claim.setting.free for part in self.parts):
            raise NotWritten("an identity has no examples")
        chains = [part.chain for part in self.parts]
        if any(isinstance(node, tree.Derivative) for chain in chains for node in tree.walk(chain)):
            raise NotWritten("whether a derivative is a row or a column is a matter of the layout, not of the examples")
        turned = [with_rows(chain, part.claim.setting) for chain, part in zip(chains, self.parts, strict=True)]
        if [t.terms for t in turned] == [c.terms for c in chains]:  # type: ignore[attr-defined]
            raise NotWritten("with examples as rows it is the same")
        self.rows_text = self.plain(write_unicode, turned)  # type: ignore[arg-type]
        return self.chains(partial(write_latex, data=symbol_data), turned)  # type: ignore[arg-type]

    def numpy(self) -> str:
        """Return a line of NumPy for each relation."""
        lines = []
        for part in self.parts:
            setting, chain = part.claim.setting, part.chain
            if len(part.resolved) != len(chain.terms) or not chain.relations:
                raise NotWritten("a shape is no line of NumPy")
            if part.claim.update is not None:
                raise NotWritten("an update has two values for one symbol")
            if part.in_book or part.place is None:
                raise NotWritten(part.in_book)
            for node in tree.walk(chain):
                if isinstance(node, tree.Symbol) and not setting.quantities[node.name].numpy:
                    raise NotWritten(f"the book's objects hold no {text_of(node)}")
            members = {name: str(l) for name, l in part.place.members.items()}
            members[setting.family.last] = setting.last_in_code
            objects = Objects(members, self._between(part), setting.derivative)
            for n, relation in enumerate(chain.relations):
                lines.append(write_assertion(part.resolved[n : n + 2], (relation,), setting, objects))
        return "\n".join(lines)

    def _between(self, part: Part) -> Callable[[tree.Symbol, tree.Symbol], str] | None:
        between, env = part.claim.setting.between, part.place
        if between is None or env is None:
            return None

        def settled(symbol: tree.Symbol) -> tree.Symbol:
            if symbol.member is None:
                return symbol
            return replace(symbol, member=tree.Index("", env.number(symbol.member)))

        return lambda u, v: between(settled(u), settled(v))
