"""How hard the pages are to read: the Flesch–Kincaid grade of each, an estimate.

    python tests/readability.py                     a table of all pages
    python tests/readability.py --longest one-unit  also the longest sentences of pages whose name holds this

The grade is 0.39 · words per sentence + 11.8 · syllables per word − 15.59 (Kincaid and others, 1975): the year of
school in the United States in which a text is read without effort. It knows nothing of meaning or of difficult
ideas. It finds pages whose sentences and words have grown long, and no more.

What is read: paragraphs, items of lists, definitions, folded solutions.
What is not: headings, terms, tables, code, formulas, what directives draw. None of these is made of sentences.
A formula or a span of code within a sentence counts as one word of one syllable. Read aloud it is longer: the grade
says how hard the words around the formulas are.

Words are runs of letters with a vowel; an apostrophe belongs to its word, a hyphen parts two words.
Sentences end at . ! or ? before a space, and at the end of a paragraph or an item. A colon ends none.
Syllables are the larger of two counts: the places where Pyphen's English patterns part a word, which miss some
(idea is one), and groups of vowels without a silent e.
"""

import argparse
import re
import sys
from dataclasses import dataclass
from pathlib import Path

import pyphen
from markdown_it import MarkdownIt
from mdit_py_plugins.attrs import attrs_block_plugin, attrs_plugin
from mdit_py_plugins.colon_fence import colon_fence_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.front_matter import front_matter_plugin
from mdit_py_plugins.myst_blocks import myst_block_plugin
from mdit_py_plugins.myst_role import myst_role_plugin

DOCS = Path(__file__).parents[1] / "docs"
#: The first chapters, which people read who have no calculus: front page and track from school algebra.
FIRST = ("answer", "index", "notation", "ground/calculus", "ground/matrices", "ground/reading", "derivation/one-unit",
         "derivation/hidden-layer", "derivation/m-examples")
LIMIT = 9.0
#: Directives whose content is prose.
PROSE = re.compile(r"\{(dropdown|note|tip|important|warning|admonition|hint|seealso)\}")
#: Stands for a formula within a sentence.
FORMULA = "it"
OPTION = re.compile(r"^:[\w-]+:.*$", re.MULTILINE)
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
SENTENCE = re.compile(r"(?<=[.!?])[\"”’')\]]*\s+")
PATTERNS = pyphen.Pyphen(lang="en_US")


@dataclass(frozen=True)
class Counts:
    """What the grade is made of."""

    sentences: int
    words: int
    syllables: int

    @property
    def grade(self) -> float:
        """Flesch–Kincaid grade; 0 where there is no sentence."""
        if not self.sentences:
            return 0.0
        return 0.39 * self.words / self.sentences + 11.8 * self.syllables / self.words - 15.59


def parser() -> MarkdownIt:
    """Read MyST as the book does, as far as prose goes."""
    md = MarkdownIt("commonmark").enable("table")
    for plugin in (front_matter_plugin, myst_block_plugin, myst_role_plugin, colon_fence_plugin, deflist_plugin,
                   attrs_plugin, attrs_block_plugin):
        md.use(plugin)
    return md.use(dollarmath_plugin, allow_labels=True, double_inline=True)


def paragraphs(page: str) -> list[str]:
    """Return the prose of a page: the text of each paragraph, without its formulas and code."""
    found, left_out = [], 0
    for token in parser().parse(page):
        if token.type in {"heading_open", "table_open", "dt_open"}:
            left_out += 1
        elif token.type in {"heading_close", "table_close", "dt_close"}:
            left_out -= 1
        elif token.type in {"fence", "colon_fence"} and PROSE.match(token.info.strip()):
            found += paragraphs(OPTION.sub("", token.content))
        elif token.type == "inline" and not left_out:
            found.append("".join(plain(child) for child in token.children or ()))
    return [text for text in found if WORD.search(text)]


def plain(token) -> str:
    """Return what a token says to a reader; one short word for a formula, code or a role, nothing for a tag."""
    if token.type in {"softbreak", "hardbreak"}:
        return " "
    if token.type in {"math_inline", "math_inline_double", "code_inline", "myst_role"}:
        return FORMULA
    return token.content if token.type == "text" else ""


def sentences(text: str) -> list[list[str]]:
    """Return the words of each sentence of a paragraph that has any."""
    parts = (WORD.findall(part) for part in SENTENCE.split(text))
    return [[word for word in words if syllables(word)] for words in parts if any(map(syllables, words))]


def syllables(word: str) -> int:
    """Return about how many syllables a word has; 0 for one without a vowel."""
    word = re.sub(r"['’]", "", word.lower())
    groups = len(re.findall(r"[aeiouyéèêü]+", word))
    if not groups:
        return 0
    # A final e is silent, but not in "table" or "the"; so is the e of "called" and "moves", but not of "added", "uses".
    silent = ((re.search(r"[^aeiouy]e$", word) and not re.search(r"[^aeiouylr]le$", word))
              or re.search(r"[^aeiouytd]ed$", word)
              or (re.search(r"[^aeiouyscxzg]es$", word) and not re.search(r"([^aeiouylr]l|[cs]h)es$", word)))
    return max(1, groups - bool(silent), len(PATTERNS.positions(word)) + 1)


def count(page: str) -> Counts:
    """Count sentences, words and syllables of a page, given as its MyST source."""
    read = [words for text in paragraphs(page) for words in sentences(text)]
    return Counts(len(read), sum(map(len, read)), sum(syllables(word) for words in read for word in words))


def main(arguments: list[str]) -> int:
    """Print the table; return 1 if a page of the first chapters is above the limit."""
    options = argparse.ArgumentParser(prog="readability", description="The Flesch–Kincaid grade of each page.")
    options.add_argument("--longest", metavar="PAGE", help="also print the longest sentences of these pages")
    chosen = options.parse_args(arguments)
    print(f"{'page':<26}{'grade':>6}{'sentences':>11}{'words each':>12}{'syllables each':>16}")
    above = []
    for path in sorted(DOCS.rglob("*.md")):
        name = path.relative_to(DOCS).with_suffix("").as_posix()
        text = path.read_text(encoding="utf-8")
        found = count(text)
        if found.sentences == 0:  # a page that is only drawn
            continue
        high = name in FIRST and found.grade > LIMIT
        above += [name] * high
        print(f"{name:<26}{found.grade:6.1f}{found.sentences:11}{found.words / found.sentences:12.1f}"
              f"{found.syllables / found.words:16.2f}" + "  above the limit" * high)
        if chosen.longest and chosen.longest in name:
            longest = sorted((s for p in paragraphs(text) for s in sentences(p)), key=len, reverse=True)
            print(*(f"    {len(words):3}  {' '.join(words)}" for words in longest[:15]), sep="\n")
    print(f"The first chapters ({', '.join(FIRST)}) are at or below grade {LIMIT:g}."
          if not above else f"Above grade {LIMIT:g}: {', '.join(above)}. Shorten sentences and words there.")
    return 1 if above else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
