"""The whole book as one page: bodies of pages one after the other, in the order of the contents.

What was unique on its own page is made unique in the book: an id carries the name of its page, and whatever refers
to it, link, label or part of a picture, follows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from urllib.parse import unquote

from docutils import nodes

from bookkit.editions.builder import Part

#: How a link to a page is written until all pages are there: the scheme, the page's name, the place on it.
SCHEME = "page:"
TAG = re.compile(r"<[a-zA-Z][^<>]*>")
ATTRIBUTE = re.compile(r'\b(id|for|aria-labelledby|aria-describedby|href|xlink:href)="([^"]*)"')
URL = re.compile(r"url\(#([^()]+)\)")
HEADING = re.compile(r"(</?h)([1-5])\b")
LINK = re.compile(r'<a\b[^<>]*\bhref="#([^"]+)"[^<>]*>.*?</a>', re.DOTALL)


def anchor(docname: str, place: str = "") -> str:
    """Return the id that a place has in the whole book.

    >>> anchor("use/cite", "licences"), anchor("answer")
    ('use/cite--licences', 'answer')
    """
    return f"{docname}--{place}" if place else docname


def moved(body: str, docname: str) -> str:
    """Return the body of a page as it stands in the whole book: ids and what refers to them, headings a level lower.

    >>> moved('<h1 id="a">x <a href="page:use/b#c">y</a> <a href="#a">z</a></h1>', "d")
    '<h2 id="d--a">x <a href="#use/b--c">y</a> <a href="#d--a">z</a></h2>'
    """

    def target(value: str) -> str:
        if value.startswith(SCHEME):
            page, _, place = value.removeprefix(SCHEME).partition("#")
            return "#" + anchor(unquote(page), place)
        return "#" + anchor(docname, value[1:]) if value.startswith("#") else value

    def attribute(match: re.Match[str]) -> str:
        name, value = match[1], match[2]
        if name.endswith("href"):
            return f'{name}="{target(value)}"'
        return f'{name}="{" ".join(anchor(docname, one) for one in value.split())}"'

    def tag(match: re.Match[str]) -> str:
        return URL.sub(lambda url: f"url(#{anchor(docname, url[1])})", ATTRIBUTE.sub(attribute, match[0]))

    return HEADING.sub(lambda heading: f"{heading[1]}{int(heading[2]) + 1}", TAG.sub(tag, body))


def without_contents(doctree: nodes.document) -> None:
    """Take the tables of contents out of a page, and a section that held nothing else: the book has its own."""
    for table in list(doctree.findall(nodes.compound)):
        if "toctree-wrapper" in table["classes"]:
            section = table.parent
            section.remove(table)
            if isinstance(section, nodes.section) and all(isinstance(left, nodes.title) for left in section.children):
                section.parent.remove(section)


def contents(parts: Sequence[Part], sections: Mapping[str, Sequence[tuple[str, str]]], heading: str) -> str:
    """Return the table of contents; `sections` has id and title of the sections of each page."""
    lines = [f'<nav class="book-contents" aria-labelledby="book-contents"><h1 id="book-contents">{heading}</h1>']
    for part in parts:
        lines += [f'<p class="book-contents-part">{escape(part.caption)}</p>'] if part.caption else []
        lines.append("<ul>")
        for chapter in part.chapters:
            lines.append(f"<li>{_entry(anchor(chapter.docname), escape(chapter.name))}")
            below = ((anchor(chapter.docname, place), escape(title)) for place, title in sections[chapter.docname])
            entries = "".join(f"<li>{_entry(target, title)}</li>\n" for target, title in below)
            lines += [f"<ul>{entries}</ul>"] if entries else []
            lines.append("</li>")
        lines.append("</ul>")
    return "\n".join([*lines, "</nav>"])


def _entry(target: str, title: str) -> str:
    return f'<div class="book-entry"><a href="#{escape(target)}">{title}</a></div>'


def numbered(html: str, pages: Mapping[str, int]) -> str:
    """Return the book with the page to which each link within it leads, `pages` by id; "00" where it is not known.

    >>> numbered('<a href="#b">x</a>', {"b": 7})
    '<a href="#b">x</a><span class="book-page" aria-hidden="true">7</span>'
    """

    def with_page(link: re.Match[str]) -> str:
        return f'{link[0]}<span class="book-page" aria-hidden="true">{pages.get(unquote(link[1]), "00")}</span>'

    return LINK.sub(with_page, html)
