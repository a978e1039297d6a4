"""What the command line prints: verdicts with a caret, shapes, settings; colour where there is some."""

from __future__ import annotations

import argparse
import os
import sys
import textwrap
from dataclasses import replace
from typing import TextIO

from checkedmath.command_line import UNUSABLE
from checkedmath.judging.session import Session
from checkedmath.judging.verdict import Verdict
from checkedmath.meaning.claim import Claim
from checkedmath.reading.result import Reading
from checkedmath.subject.declared_letters import parse_lets
from checkedmath.syntax.budget import budget
from checkedmath.syntax.errors import FormulaError, pointed, visible

COLOURS = {"holds": "32", "conditional": "33", "fails": "31", "unreadable": "35", "dim": "2", "bold": "1"}
MARKS = {"holds": "✓", "conditional": "~", "fails": "✗", "unreadable": "?"}
WIDTH = 88


def paint(text: str, colour: str, out: TextIO) -> str:
    """Return the text in colour if `out` is a terminal that wants it (NO_COLOR is respected)."""
    if not out.isatty() or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return text
    return f"\033[{COLOURS[colour]}m{text}\033[0m"


def show(text: str, verdict: Verdict, out: TextIO) -> None:
    """Print a verdict: the formula with a caret, the verdict, its reason, the nearest true formula."""
    text, notes = visible(text), tuple(map(visible, verdict.notes))
    verdict = replace(verdict, message=visible(verdict.message), nearest=visible(verdict.nearest), notes=notes)
    head = f"{MARKS[verdict.verdict]} {verdict.verdict}"
    setting = f"  in {verdict.setting}" if verdict.setting else ""
    print(paint(head, verdict.verdict, out) + paint(setting, "dim", out), file=out)
    if verdict.verdict == "unreadable":
        print(textwrap.indent(verdict.message, "  "), file=out)
        return
    print(textwrap.indent(pointed(text, verdict.span if verdict.verdict != "holds" else None), "  "), file=out)
    for line in textwrap.wrap(verdict.message, WIDTH):
        print("  " + line, file=out)
    if verdict.nearest:
        print(f"  nearest: {paint(verdict.nearest, 'holds', out)}", file=out)
        for line in textwrap.wrap(verdict.slip, WIDTH - len("slip: ")):
            print(f"  slip: {line}", file=out)
    for note in verdict.notes:
        print(paint(f"  note: {note}", "dim", out), file=out)
    if verdict.verdict == "holds" and verdict.draws:
        plural = "s" if verdict.draws != 1 else ""
        print(paint(f"  compared in {verdict.draws} draw{plural}, largest relative difference {verdict.error:.0e}",
                    "dim", out), file=out)  # fmt: skip


def _reading(text: str, options: argparse.Namespace, session: Session) -> tuple[Claim, Reading]:
    """Return (claim, reading) in the setting asked for, or the one that the text is about."""
    from checkedmath.reading import read

    lets = parse_lets(options.let)
    name = options.setting or session.choose(text, options.style, lets)
    setting = session.settings[name]
    reading = read(text, setting, options.style)
    claim, _ = session.claim(reading, setting, "", lets)
    return claim, reading


def _failed(error: Exception) -> int:
    said = f"unknown setting {error}: see  checkedmath settings" if isinstance(error, KeyError) else str(error)
    print(visible(said), file=sys.stderr)
    return UNUSABLE


def show_shapes(text: str, options: argparse.Namespace, out: TextIO) -> int:
    """Print the shape of every factor of a formula, indented as the formula is built."""
    from checkedmath.meaning import Resolved, Scope, resolve, say
    from checkedmath.subject.view import View
    from checkedmath.syntax.text import text_of
    from checkedmath.values.places import last_member

    def lines(item: Resolved, level: int) -> None:
        written = visible(text_of(item.node))
        how = f"  {item.how}" if item.how and item.how not in {"symbol", "number"} else ""
        print(f"{'  ' * level}{written:<{max(1, 44 - 2 * level)}} {say(item.shape)}{paint(how, 'dim', out)}", file=out)
        for part in item.parts:
            lines(part, level + 1)

    try:
        with budget(text):
            claim, _ = _reading(text, options, Session())
            scope = Scope(claim.setting, View(layout=options.layout), last_member(claim.tree, claim.setting),
                          shapes=claim.shapes, numpy=claim.numpy)  # fmt: skip
            for term in claim.tree.terms:
                lines(resolve(term, scope), 0)
    except (FormulaError, KeyError, ValueError) as error:
        return _failed(error)
    return 0


def show_written(text: str, options: argparse.Namespace, out: TextIO) -> int:
    """Print a formula in another dress."""
    try:
        with budget(text):
            claim, reading = _reading(text, options, Session())
            print(visible(written(claim, reading, options.to)), file=out)
    except (FormulaError, KeyError, ValueError) as error:
        return _failed(error)
    return 0


def written(claim: Claim, reading: Reading, to: str) -> str:
    """Return a formula in the dress that `to` names: latex, text, unicode, words, numpy, rows or numbers."""
    from checkedmath.judging.displays import part_of
    from checkedmath.writing.as_mathematics import as_mathematics
    from checkedmath.writing.chains import Writer
    from checkedmath.writing.latex import write_latex
    from checkedmath.writing.text import write_text
    from checkedmath.writing.unicode import write_unicode
    from checkedmath.writing.words import write_words

    setting = claim.setting
    if to == "numpy":
        return _in_numpy(claim)
    tree = as_mathematics(reading.tree, setting)
    if to == "numbers":
        writer = Writer([part_of(claim, reading)])
        writer.numbers()
        return writer.numbers_text + (f"  ({writer.at})" if writer.at else "")
    if to == "rows":
        from checkedmath.writing.rows import with_rows

        return write_text(with_rows(as_mathematics(claim.tree, setting), setting), setting)
    writers = {"latex": write_latex, "text": write_text, "unicode": write_unicode, "words": write_words}
    return writers[to](tree, setting)


def _in_numpy(claim: Claim) -> str:
    from checkedmath.meaning import Scope, resolve
    from checkedmath.subject.view import View
    from checkedmath.values.places import last_member
    from checkedmath.writing.numpy import write_assertion, write_numpy

    scope = Scope(claim.setting, View(), last_member(claim.tree, claim.setting), shapes=claim.shapes, numpy=claim.numpy)
    terms = tuple(resolve(term, scope) for term in claim.tree.terms)
    if not claim.tree.relations:
        return write_numpy(terms[0], claim.setting)
    return write_assertion(terms, claim.tree.relations, claim.setting)


def show_settings(name: str | None, out: TextIO) -> int:
    """Print the settings, or the quantities of one with their shapes."""
    settings = Session().settings
    if name is None:
        for setting in settings.values():
            print(f"{paint(f'{setting.name:16}', 'bold', out)} {setting.title}", file=out)
        return 0
    if name not in settings:
        return _failed(KeyError(name))
    for quantity in settings[name].quantities.values():
        shape = ", ".join(quantity.shape)
        aliases = f"  also {' '.join(quantity.aliases)}" if quantity.aliases else ""
        print(f"{quantity.name:8} ({shape})".ljust(28) + f" {quantity.meaning or quantity.words}"
              + paint(aliases, "dim", out), file=out)  # fmt: skip
    return 0
