"""The bar under a displayed formula: what readers can open, copy and check.

Plain HTML: every part is a ``<details>`` that opens without a script.  `static/formula.js` adds what
needs one: hover, copying, arrow keys, one step at a time.  What a formula has no form for is not offered.

What a part shows stands in a ``<noscript>``.  A browser that runs scripts keeps it as one text, of which
formula.js makes elements when a reader first opens the part: half the elements of a chapter are in these
parts.  A browser without scripts shows it as any other HTML, so nobody is sent elsewhere for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from checkedmath.writing.forms import Forms, SymbolView

#: A size with its layer, n_2 or n_{l-1}.
SIZE = re.compile(r"\bn_(?:(\w+)|\{([^{}]*)\})")
SUBSCRIPT = r"n<sub>\1\2</sub>"
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
    check: str = ""  # to the page that checks it, with this formula in its box


def bar(forms: Forms | None, node: Mapping[str, Any], place: Place) -> str:
    """Return the HTML of the bar: the parts that the formula has, and at the end the mark of its check."""
    parts = [*_parts(forms, place, stepped=bool(node.get("stepped")))] if forms is not None else []
    if place.check:
        parts.append(f'<a class="formula-check" href="{escape(place.check)}">Change it<i> and check</i></a>')
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


def _drawn(html: str, said: str) -> str:
    """Return a drawing with the words for those who do not see it; it scrolls by keyboard where it is wide.

    Where nothing draws, the words are for everybody.
    """
    if not html:
        return f'<pre tabindex="0">{escape(said)}</pre>' if said else ""
    said = f' role="math" aria-label="{escape(said)}"' if said else ' role="group" aria-label="Shapes, drawn"'
    return f'<div class="formula-drawn" tabindex="0"{said}>{html}</div>'


def _shapes(forms: Forms, place: Place) -> str:
    drawn = _drawn(place.draw(forms.shapes), "") if forms.shapes else ""
    rows = "".join(_symbol(symbol, place) for symbol in forms.symbols)
    return f'{drawn}<ul class="formula-symbols" aria-label="Symbols of this formula">{rows}</ul>'


def _symbol(symbol: SymbolView, place: Place) -> str:
    member = f' data-member="{escape(symbol.member)}"' if symbol.member else ""
    name, primes = symbol.name.rstrip("'"), symbol.name.count("'")
    kind = f'data-function="{name}"' if symbol.function else f'data-symbol="{escape(name)}"'
    key = kind + (f' data-primes="{primes}"' if primes else "") + member
    href = place.link(symbol.link) if symbol.link else ""
    words = escape(symbol.words)
    linked = f'<a href="{escape(href)}">{words}</a>' if href else f"<span>{words}</span>"
    shape = SIZE.sub(SUBSCRIPT, escape(symbol.shape))
    shape += f", here {escape(symbol.numbers)}" if symbol.numbers else ""
    meaning = f" <small>{escape(symbol.meaning)}</small>" if symbol.meaning else ""
    return f"<li {key}><b>{escape(symbol.unicode)}</b> {linked} <span>{shape}</span>{meaning}</li>"


def _words(forms: Forms) -> str:
    if len(forms.steps) < 2:
        return f"<p>{escape(_sentence(forms.words))}</p>"
    return "<ol>" + "".join(f"<li>{escape(_sentence(step))}</li>" for step in forms.steps) + "</ol>"


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:] + "."


def _numbers(forms: Forms, place: Place) -> str:
    at = f" at {escape(forms.at)}" if forms.at else ""
    return (
        _drawn(place.draw(forms.numbers), forms.numbers_text)
        + f"<p><small>Numbers of {escape(forms.example)}{at}, rounded: so ≈ stands for =.</small></p>"
    )


def _rows(forms: Forms, place: Place) -> str:
    said = "Each example is a row, and Z = A Wᵀ + b with W as it is here, as in PyTorch."
    return _drawn(place.draw(forms.rows), forms.rows_text) + f"<p><small>{said}</small></p>"


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
    made = _copy("Its objects", objects) if objects else ""
    return _copy("NumPy", forms.numpy) + made


def _mark(node: Mapping[str, Any], place: Place) -> str:
    """Return the mark: checked, false as intended, or not checked, with what was done behind it."""
    if node.get("unchecked"):
        return _part("mark formula-unchecked", "not checked", f"<p>{escape(str(node['unchecked']))}</p>")
    verdicts = node.get("verdicts") or []
    if not verdicts:
        return ""
    bad = [v for v in verdicts if v["verdict"] != "holds"]
    if not bad:
        said = "".join(f"<li>{line}</li>" for line in _unique(_checked(v, place) for v in verdicts))
        return _part("mark", "✓<i> checked</i>", f"<ul>{said}</ul>")
    one = bad[0]
    if node.get("expect-false") is not None and one["verdict"] in {"fails", "conditional"}:
        return _part("mark formula-false", "✗ false, as intended", _false(one))
    if node.get("expect-conditional") is not None and one["verdict"] == "conditional":
        where = " and ".join(map(escape, one["where"]))
        return _part("mark formula-false", "◐ true on a condition", f"<p>True if {where}. Here it is not.</p>")
    return _part("mark formula-false", "✗ not true", f"<p>{escape(one['message'])}</p>")


def _unique(lines: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(lines))


def _checked(verdict: Mapping[str, Any], place: Place) -> str:
    if verdict["relation"] == "shape":
        return "The shape was worked out from the shapes of the symbols, and compared with the one that is written."
    if verdict["relation"] == "definition":
        return "A definition: its right side was read, and its shapes fit."
    if verdict["relation"] == "value":
        return f"A value: {escape(verdict['message'])}."
    if verdict["relation"] != "claim":
        return "An expression: its symbols are known, and its shapes fit."
    if verdict["trivial"]:
        return "Both sides say the same in other words, so it is not counted among the claims."
    draws, error = verdict["draws"], verdict["error"]
    if not draws:
        return "Both sides are numbers, and were computed exactly."
    title = (place.titles or {}).get(verdict["setting"], "")
    about = f" Setting: {escape(title)}; {escape(verdict['layout'])} layout." if title else ""
    source = f"<code>{escape(' '.join(verdict['source'].split()))}</code> " if verdict.get("several") else ""
    compared = f"Left and right side were computed and compared in {draws} random draw{'s' * (draws != 1)}"
    return f"{source}{compared}; largest relative difference {_small(error)}.{about}"


def _small(error: float) -> str:
    if not error:
        return "0"
    mantissa, _, exponent = f"{error:.0e}".partition("e")
    return f"{mantissa} · 10<sup>{int(exponent)}</sup>".replace("-", "−")


def _false(verdict: Mapping[str, Any]) -> str:
    message = verdict["message"]
    said = f"<p>{SIZE.sub(SUBSCRIPT, escape(message[:1].upper() + message[1:]))}.</p>"
    if verdict["slip"]:
        said += f"<p>The mistake: {escape(verdict['slip'])}.</p>"
    if verdict["nearest"]:
        said += f"<p>Nearest true formula: <code>{escape(verdict['nearest'])}</code></p>"
    return said
