"""The bar under a displayed formula: what readers can open, copy and check.

Plain HTML: every part is a ``<details>`` that opens without a script.  `static/formula.js` adds what
needs one: hover, copying, arrow keys, one step at a time.  What a formula has no form for is not offered.

What a part shows stands in a ``<noscript>``.  A browser that runs scripts keeps it as one text, of which
formula.js makes elements when a reader first opens the part: half the elements of a chapter are in these
parts.  A browser without scripts shows it as any other HTML, so nobody is sent elsewhere for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from checkedmath.sphinx_ext.said import SIZE, SUBSCRIPT, checked, false
from checkedmath.sphinx_ext.steps import pieces_of
from checkedmath.writing.forms import Forms, SymbolView

#: Draws LaTeX as HTML for the eye alone; what it shows is said in words beside it.  "" where it cannot.
Draw = Callable[[str], str]


@dataclass(frozen=True)
class Place:
    """Where a formula stands: the address of its own page, how to link to a page of the book, and how to draw."""

    draw: Draw
    permalink: str = ""  # from this page to the formula's own
    address: str = ""  # the same, absolute; "" where the book's own address is not known
    link: Callable[[str], str] = lambda target: ""
    titles: Mapping[str, str] | None = None  # what a setting is about
    objects: Mapping[str, str] | None = None  # the lines that make a setting's objects
    sources: str = ""  # the address of the book's sources, where it is known
    check: str = ""  # to the page that checks it, with this formula in its box


def bar(forms: Forms | None, node: Mapping[str, Any], place: Place) -> str:
    """Return the HTML of the bar: the parts that the formula has, and at the end the mark of its check."""
    parts = [*_parts(forms, place, stepped=bool(node.get("stepped")))] if forms is not None else []
    if place.check:
        parts.append(f'<a class="formula-check" href="{escape(place.check)}">Change<i> it and check</i></a>')
    name = escape(str(node.get("label") or ""))
    about = f"About formula {name}" if name else "About this formula"
    return (
        f'<div class="formula-bar" role="group" aria-label="{about}">' + "".join(parts) + _mark(node, place)
        + "</div>\n"
    )  # fmt: skip


def _parts(forms: Forms, place: Place, *, stepped: bool) -> Iterable[str]:
    if forms.shapes or forms.symbols:
        yield _part("shapes", "Shapes", _shapes(forms, place))
    if forms.words:
        yield _part("words", "<i>In </i>words", _words(forms))
    if forms.numbers:
        yield _part("numbers", "<i>With </i>numbers", _numbers(forms, place))
    if forms.rows:
        yield _part("rows", "<i>Examples as </i>rows", _rows(forms, place))
    if forms.latex:
        yield _part("copy", "Copy<i> as</i>", copies(forms, place))
    if forms.numpy:
        yield _part("numpy", "<i>Check in </i>NumPy", _numpy(forms, place))
    if stepped:
        yield '<button type="button" class="formula-stepper" hidden>One step at a time</button>'


def _part(kind: str, title: str, content: str) -> str:
    return (
        f'<details class="formula-part formula-{kind}"><summary>{title}</summary>'
        f'<noscript><div class="formula-view">{content}</div></noscript></details>'
    )


def lines(tex: str, draw: Draw) -> str:
    """Return a drawing, each line by itself and cut before its relations, so that it wraps on a phone; or ""."""
    drawn = [[draw(piece) for piece in line] for line in pieces_of(tex)] or [[draw(tex)]]
    if not all(all(line) for line in drawn):
        return ""
    return "".join(f'<div class="formula-line">{"".join(line)}</div>' for line in drawn)


def _drawn(tex: str, said: str, place: Place) -> str:
    """Return a drawing with the words for those who do not see it; it scrolls by keyboard where it is wide.

    Where nothing draws, the words are for everybody.
    """
    drawn = lines(tex, place.draw)
    if not drawn:
        return f'<pre tabindex="0">{escape(said)}</pre>' if said else ""
    said = f' role="math" aria-label="{escape(said)}"' if said else ' role="group" aria-label="Shapes, drawn"'
    return f'<div class="formula-drawn" tabindex="0"{said}>{drawn}</div>'


def _shapes(forms: Forms, place: Place) -> str:
    drawn = _drawn(forms.shapes, "", place) if forms.shapes else ""
    rows = "".join(_symbol(symbol, place) for symbol in forms.symbols)
    return f'{drawn}<ul class="formula-symbols" aria-label="Symbols of this formula">{rows}</ul>'


def _symbol(symbol: SymbolView, place: Place) -> str:
    """Return a symbol's row: what it means, with a link to where the book says so, its shape, and how it is said."""
    member = f' data-member="{escape(symbol.member)}"' if symbol.member else ""
    name, primes = symbol.name.rstrip("'"), symbol.name.count("'")
    kind = f'data-function="{name}"' if symbol.function else f'data-symbol="{escape(name)}"'
    key = kind + (f' data-primes="{primes}"' if primes else "") + member
    href = place.link(symbol.link) if symbol.link else ""
    meaning = escape((symbol.meaning or symbol.words).removesuffix("."))
    linked = f'<a href="{escape(href)}">{meaning}</a>' if href else f"<span>{meaning}</span>"
    shape = SIZE.sub(SUBSCRIPT, escape(symbol.shape))
    shape += f", here {escape(symbol.numbers)}" if symbol.numbers else ""
    said = f" <small>“{escape(symbol.words)}”</small>" if symbol.meaning else ""
    return f"<li {key}><b>{escape(symbol.unicode)}</b> {linked} <span>{shape}</span>{said}</li>"


def _words(forms: Forms) -> str:
    """Return what the formula means, and then how it is read aloud; a derivation step by step."""
    meaning = f'<p class="formula-meaning">{escape(forms.meaning)}</p>' if forms.meaning else ""
    if len(forms.steps) < 2:
        return f"{meaning}<p>Read aloud: “{escape(forms.words)}”</p>"
    return f"{meaning}<p>Read aloud:</p><ol>" + "".join(f"<li>{escape(step)}</li>" for step in forms.steps) + "</ol>"


def _numbers(forms: Forms, place: Place) -> str:
    at = f" at {escape(forms.at)}" if forms.at else ""
    said = f"These are the numbers of {escape(forms.example)}{at}, rounded, so each = is written as ≈."
    breakable = forms.numbers.replace(r"\begin{pmatrix}", r"\allowbreak \begin{pmatrix}")  # matrices wrap on a phone
    return _drawn(breakable, forms.numbers_text, place) + f"<p><small>{said}</small></p>"


def _rows(forms: Forms, place: Place) -> str:
    said = "Here each example is a row, and Z = A Wᵀ + b with the same W as above, as in PyTorch."
    return _drawn(forms.rows, forms.rows_text, place) + f"<p><small>{said}</small></p>"


#: What a reply ends with where the book was built for no site and its reader has it from none.
NO_ADDRESS = "(Here belongs the address of this formula's page. This copy of the book was built without its own.)"


def copies(forms: Forms, place: Place) -> str:
    """Return the texts to copy: `static/formula.js` gives each its button."""
    texts = [("LaTeX", forms.latex), ("Forum text", forms.forum), ("Unicode", forms.unicode)]
    written = "".join(_copy(title, text) for title, text in texts if text)
    if not forms.forum:
        return written
    reply = escape(forms.markdown())
    if place.permalink:  # where the build does not know the address, the script does if a site shows the page
        known = escape(place.address or NO_ADDRESS, quote=False)
        reply += f'\n\n<a class="formula-address" href="{place.permalink}">{known}</a>'
    return written + _copy("Markdown reply", reply, raw=True)


def _copy(title: str, text: str, *, raw: bool = False) -> str:
    text = text if raw else escape(text)
    return (
        f'<div class="formula-text"><span>{escape(title)}</span>'
        f'<pre tabindex="0" aria-label="{escape(title)}">{text}</pre></div>'
    )


def _numpy(forms: Forms, place: Place) -> str:
    objects = (place.objects or {}).get(forms.setting, "")
    if not objects:
        return _copy("NumPy", forms.numpy)
    known = f'<a href="{escape(place.sources)}">the sources of this book</a>'
    said = f"What these lines import comes with {known if place.sources else 'the sources of this book'}."
    return _copy("NumPy", forms.numpy) + _copy("Its objects", objects) + f"<p><small>{said}</small></p>"


def _mark(node: Mapping[str, Any], place: Place) -> str:
    """Return the mark: checked, false as intended, or not checked, with what was done behind it."""
    if node.get("unchecked"):
        return _part("mark formula-unchecked", "not checked", f"<p>{escape(str(node['unchecked']))}</p>")
    verdicts = node.get("verdicts") or []
    if not verdicts:
        return ""
    bad = [v for v in verdicts if v["verdict"] != "holds"]
    if not bad:
        return _part("mark", "✓<i> checked</i>", checked(verdicts, place.titles or {}))
    one = bad[0]
    if node.get("expect-false") is not None and one["verdict"] in {"fails", "conditional"}:
        return _part("mark formula-false", "✗ false, as intended", false(one, place.link))
    if node.get("expect-conditional") is not None and one["verdict"] == "conditional":
        return _part("mark formula-false", "◐ true on a condition", false(one, place.link))
    return _part("mark formula-false", "✗ not true", f"<p>{escape(one['message'])}</p>")
