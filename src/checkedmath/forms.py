"""All that a reader gets from one displayed formula: the same mathematics in every dress.

Everything is written from the tree that was judged.  A form that cannot be written is "", and
`Forms.missing` says why.  Sphinx is not needed here, and NumPy only where numbers are shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from itertools import pairwise

from checkedmath import tree
from checkedmath.claim import Claim
from checkedmath.display import as_mathematics
from checkedmath.errors import FormulaError
from checkedmath.evaluate import Environment
from checkedmath.instances import instances, last_layer
from checkedmath.judge import attempt
from checkedmath.reading.result import Reading
from checkedmath.session import IDENTITIES
from checkedmath.settings import Setting, Shape
from checkedmath.shapes import COURSE, NUMERATOR, Resolved, Scope, View, resolve, say
from checkedmath.shapes.arithmetic import fill
from checkedmath.statements import Statement
from checkedmath.tree import Chain, Node
from checkedmath.worlds import Way
from checkedmath.writing.latex import shape_latex, shapes_of, symbol_data, write_latex
from checkedmath.writing.marks import mark
from checkedmath.writing.numpy import NotWritten, Objects, write_assertion
from checkedmath.writing.rows import with_rows
from checkedmath.writing.text import write_text
from checkedmath.writing.unicode import write_unicode
from checkedmath.writing.words import say_index, write_words

NUMERATOR_LAYOUT = "(numerator layout)"


@dataclass(frozen=True)
class SymbolView:
    """One symbol of a formula: what it is called, what it means, and its shape.

    ``name`` and ``layer`` are those of `symbol_data`, by which a symbol on the page is found; of a function
    the name has a prime for each time it is differentiated.  ``shape`` is in symbols, ``"(n_1, 1)"``, and
    ``numbers`` that of the book's network, ``"(3, 1)"``; a number has "a number" and "".
    ``link`` is where the book says what it is, ``page#place``, or "".
    """

    name: str
    layer: str
    latex: str
    words: str
    meaning: str
    shape: str
    numbers: str
    link: str
    unicode: str = ""
    function: bool = False


@dataclass(frozen=True)
class Forms:
    r"""The forms of one formula; "" where there is none.

    ``latex``, ``forum`` and ``unicode`` are for copying, and end with "(numerator layout)" where they would
    not be true in the course's.  ``marked`` is the author's LaTeX with ``\htmlData`` on each symbol; ``shapes``
    has the shape under each factor, ``numbers`` the numbers of the book's network (``at``: the values of its
    indices), ``rows`` examples as rows: all LaTeX; ``numbers_text`` and ``rows_text`` are the same as plain text.
    ``numpy`` has a line for each relation.  ``words`` says the whole, ``steps`` each relation by itself.
    """

    latex: str = ""
    forum: str = ""
    unicode: str = ""
    words: str = ""
    meaning: str = ""
    shapes: str = ""
    marked: str = ""
    numbers: str = ""
    numbers_text: str = ""
    at: str = ""
    rows: str = ""
    rows_text: str = ""
    numpy: str = ""
    symbols: tuple[SymbolView, ...] = ()
    steps: tuple[str, ...] = ()
    draws: int = 0
    error: float = 0.0
    setting: str = ""
    layout: str = ""
    missing: Mapping[str, str] = field(default_factory=dict)

    def markdown(self, link: str = "") -> str:
        """Return a reply for the forum: the formula quoted, its meaning in one line, and the link.

        The formula is forum text, which every forum shows as it is.
        """
        lines = self.forum.split("\n")
        quoted = [f"> `{lines[0]}`"] if len(lines) == 1 else ["> ```text", *(f"> {line}" for line in lines), "> ```"]
        said = self.meaning or _sentence(self.words)
        return "\n".join([*quoted, "", said, *([f"\n{link}"] if link else [])])


def _sentence(words: str) -> str:
    return words + "." if words and not words.endswith(".") else words


def forms_of(text: str, statements: Sequence[Statement], meaning: str = "") -> Forms:
    """Return the forms of a displayed formula from what `judge_text` found in it.

    Without a claim, as where nothing could be read, all forms are empty but the words' place.
    """
    parts = list(_parts(statements))
    if not parts:
        return Forms(marked=text, meaning=meaning, missing={"all": "nothing was read as a formula"})
    verdicts = [statement.verdict for statement in statements]
    true = all(verdict.verdict == "holds" for verdict in verdicts)
    writer = _Writer(parts)
    found: dict[str, str] = {"words": writer.words(), "marked": marked(text, statements)}
    if true:
        found["latex"] = writer.layout(text.strip(), latex=True)  # with the brackets and line ends of its author
    made: dict[str, Callable[[], str]] = {"shapes": writer.shapes}
    if true:
        made |= {
            "forum": writer.forum, "unicode": writer.unicode, "numbers": writer.numbers, "rows": writer.rows,
            "numpy": writer.numpy,
        }  # fmt: skip
    missing: dict[str, str] = {}
    for name, make in made.items():
        try:
            found[name] = make()
        except (FormulaError, ArithmeticError, ValueError, LookupError) as error:
            missing[name] = str(error) or type(error).__name__
    return Forms(
        **found, meaning=meaning, numbers_text=writer.numbers_text, rows_text=writer.rows_text, at=writer.at,
        symbols=tuple(writer.symbols()), steps=tuple(writer.steps()), draws=sum(v.draws for v in verdicts),
        error=max((v.error for v in verdicts), default=0.0), setting=parts[0].claim.setting.name,
        layout=parts[0].claim.layout, missing=missing,
    )  # fmt: skip


def marked(text: str, statements: Sequence[Statement]) -> str:
    r"""Return the author's LaTeX with ``\htmlData`` on each symbol; as it is where nothing was read."""
    return mark(text, [(p.claim.tree, p.claim.setting) for p in _parts(statements) if len(p.reading.text) == len(text)])


def plain(text: str, statements: Sequence[Statement]) -> str:
    """Return a formula as Unicode text; as it is where it was not read."""
    parts = list(_parts(statements))
    return ", ".join(write_unicode(part.chain, part.claim.setting) for part in parts) or text


@dataclass(frozen=True)
class _Part:
    """One chain of a display: its claim, and the tree as the author arranged it."""

    claim: Claim
    reading: Reading
    seen: set[Node] = field(default_factory=set)

    @cached_property
    def chain(self) -> Chain:
        """The prepared tree with the author's sides and relations."""
        claim, relations = self.claim, self.reading.tree.relations
        terms = claim.tree.terms
        if claim.update is not None:
            terms = (claim.update, *terms[1:])
        elif len(terms) == 2 and terms[0].span[0] > terms[1].span[0]:
            terms = terms[::-1]
        reasons = self.reading.tree.reasons
        return as_mathematics(replace(claim.tree, terms=terms, relations=relations, reasons=reasons), claim.setting)

    @cached_property
    def scope(self) -> Scope:
        """Where its nodes get their shapes, in the layout of the page."""
        claim = self.claim
        view = View(layout=claim.layout or COURSE)
        return Scope(claim.setting, view, last_layer(claim.tree, claim.setting), shapes=claim.shapes)

    @cached_property
    def resolved(self) -> tuple[Resolved, ...]:
        """The terms with their shapes; raises `ShapeError` where they do not fit."""
        scope = replace(self.scope, ranges={})
        terms = [resolve(t, scope) for t in self.chain.terms if not isinstance(t, tree.RealSpace)]
        for n in range(len(terms) - 1):
            terms[n], terms[n + 1] = fill(terms[n], terms[n + 1])
        return tuple(terms)

    @cached_property
    def place(self) -> Environment | None:
        """The book's network as the setting sees it, and the highest layer l that the formula can be about."""
        import numpy

        claim = self.claim
        if claim.setting.name == IDENTITIES:
            return None
        try:
            draw, layers = list(instances(claim.tree, claim.setting, "book", claim.limits))[-1]
        except (FormulaError, ValueError, KeyError):
            return None
        return Environment(numpy, claim.setting, draw, layers)

    @cached_property
    def needs_numerator(self) -> bool:
        """Whether it is true in numerator layout and not in the course's, in which a copy will be read."""
        claim = self.claim
        if claim.setting.name == IDENTITIES or claim.layout != NUMERATOR:
            return False
        if not any(isinstance(node, tree.Derivative) for node in tree.walk(claim.tree)):
            return False
        return not attempt(replace(claim, layout=""), Way(), COURSE, only_first=True).holds


def _parts(statements: Sequence[Statement]) -> Iterator[_Part]:
    seen: set[int] = set()
    for statement in statements:
        if statement.claim is not None and statement.reading is not None and id(statement.claim) not in seen:
            seen.add(id(statement.claim))
            yield _Part(statement.claim, statement.reading)


#: A chain in LaTeX: its first term, its relations, the other terms.
_Row = tuple[str, tuple[str, ...], tuple[str, ...]]


class _Writer:
    """Writes the chains of one display."""

    def __init__(self, parts: list[_Part]) -> None:
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
        if not any(part.needs_numerator for part in self.parts):
            return written
        return written + (rf" \quad \text{{{NUMERATOR_LAYOUT}}}" if latex else f" {NUMERATOR_LAYOUT}")

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

    def _said(self, part: _Part) -> Iterator[str]:
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
        from checkedmath.shapes.indices import free_indices
        from checkedmath.writing.evaluated import with_numbers

        rows: list[_Row] = []
        text: list[str] = []
        for part in self.parts:
            if part.place is None or not part.chain.relations:
                raise NotWritten("the setting has no numbers of the book's network")
            if any(isinstance(term, tree.RealSpace) for term in part.chain.terms):
                raise NotWritten("a shape has no numbers")
            if part.claim.update is not None or not part.resolved:
                raise NotWritten("an update has two values for one symbol")
            about = tuple("≈" if r in {"=", ":="} else r for r in part.chain.relations)
            latex, plain = with_numbers(part.chain, replace(part.scope, ranges={}), part.place)
            relations = tuple(LATEX_RELATIONS.get(r, r) for r in about)
            rows.append((latex[0], relations, latex[1:]))
            text.append(" ".join([plain[0], *(f"{r} {t}" for r, t in zip(about, plain[1:], strict=True))]))
            letters = sorted(free_indices(part.chain))
            layer = {"l": part.place.layers["l"]} if "l" in part.place.layers else {}
            said = [f"{a} = {n}" for a, n in [*layer.items(), *((letter, 1) for letter in letters)]]
            self.at = self.at or ", ".join(said)
        self.numbers_text = "; ".join(text)
        return self.aligned(rows)

    def rows(self) -> str:
        """Return LaTeX with examples as rows."""
        if any(part.claim.setting.name == IDENTITIES for part in self.parts):
            raise NotWritten("an identity has no examples")
        chains = [part.chain for part in self.parts]
        derivatives = (n for chain in chains for n in tree.walk(chain) if isinstance(n, tree.Derivative))
        if any(not _of_number(node, self.parts[0].claim.setting) for node in derivatives):
            raise NotWritten("how a Jacobian stands does not depend on how the examples stand")
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
            if part.claim.update is not None or not chain.relations or part.place is None:
                raise NotWritten("there is nothing that the book's objects hold")
            if len(part.resolved) != len(chain.terms):
                raise NotWritten("a shape is no line of NumPy")
            layers = {name: str(l) for name, l in part.place.layers.items()} | {"L": "net.L"}
            objects = Objects(layers, self._between(part))
            for n, relation in enumerate(chain.relations):
                lines.append(write_assertion(part.resolved[n : n + 2], (relation,), setting, objects))
        return "\n".join(lines)

    def _between(self, part: _Part) -> Callable[[tree.Symbol, tree.Symbol], str] | None:
        between, env = part.claim.setting.between, part.place
        if between is None or env is None:
            return None

        def settled(symbol: tree.Symbol) -> tree.Symbol:
            if symbol.layer is None:
                return symbol
            return replace(symbol, layer=tree.Index("", env.number(symbol.layer)))

        return lambda u, v: between(settled(u), settled(v))

    def symbols(self) -> Iterator[SymbolView]:
        """Yield every symbol once, in the order of the formula."""
        seen: set[tuple[str, str]] = set()
        for part in self.parts:
            for node in tree.walk(part.chain):
                if not isinstance(node, tree.Symbol | tree.Apply) or node in part.seen:
                    continue
                part.seen.add(node)
                try:
                    shape = resolve(node, replace(part.scope, ranges={})).shape
                except FormulaError:
                    continue
                view = _view(node, shape, part)
                if view is not None and (view.name, view.layer) not in seen:
                    seen.add((view.name, view.layer))
                    yield view


def _of_number(node: tree.Derivative, setting: Setting) -> bool:
    of = node.of.base if isinstance(node.of, tree.Example) else node.of
    return isinstance(of, tree.Symbol) and of.name in setting.loss_names


ONE = tree.Symbol("s")
LATEX_RELATIONS = {"≈": r"\approx", "≠": r"\ne", "≤": r"\le", "≥": r"\ge", "∈": r"\in", "∝": r"\propto"}


def _view(node: Node, shape: Shape, part: _Part) -> SymbolView | None:
    setting = part.claim.setting
    layer: tree.Index | None
    if isinstance(node, tree.Symbol):
        quantity = setting.quantities.get(node.name)
        if quantity is None:
            return None
        name, layer, words = node.name, node.layer, write_words(node, setting)
        latex, meaning, link = write_latex(node, setting), quantity.meaning, quantity.defined
        unicode, function = write_unicode(node, setting), False
    elif isinstance(node, tree.Apply) and node.name in setting.functions:
        named = setting.functions[node.name]
        alone = tree.Evaluated(node.name, node.layer, node.primes)
        name, layer, words = node.name + "'" * node.primes, node.layer, write_words(alone, setting)
        latex, link = write_latex(alone, setting), named.defined
        meaning = named.slope if node.primes else named.meaning
        unicode, function = write_unicode(alone, setting), True
    else:
        return None
    if layer is not None:
        said = say_index(layer) if layer.letter else str(layer.offset)
        meaning = re.sub(r"\bl\b", said, meaning)
    return SymbolView(
        name, str(layer) if layer is not None else "", latex, words, meaning, say(shape), _sizes(shape, part), link,
        unicode, function,
    )  # fmt: skip


def _sizes(shape: Shape, part: _Part) -> str:
    if not shape or part.place is None:
        return ""
    try:
        return "(" + ", ".join(str(part.place.range_of(size)) for size in shape) + ")"
    except (KeyError, ValueError, IndexError):
        return ""


__all__ = ["NUMERATOR_LAYOUT", "Forms", "SymbolView", "forms_of", "marked", "plain", "shape_latex", "symbol_data"]
