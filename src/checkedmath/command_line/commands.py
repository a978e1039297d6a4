"""The command ``checkedmath``: check, shapes, write, settings."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NoReturn, TextIO

from checkedmath.command_line import HOLDS, NOT_TRUE, UNUSABLE
from checkedmath.subject.declared_letters import parse_lets
from checkedmath.syntax.errors import visible

#: What stands for a line end in a row of a file.
LINE_END = "⏎"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code: 0 holds, 1 fails or conditional, 2 unreadable or wrong use."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a message may quote what no terminal can show
    parser = _parser()
    options = parser.parse_args(arguments)
    if not hasattr(options, "run"):
        parser.print_help()
        return UNUSABLE
    try:
        return int(options.run(options))
    except ModuleNotFoundError as error:
        print(f"an installed subject needs the package {error.name}, which is not installed", file=sys.stderr)
        return UNUSABLE
    except BrokenPipeError:
        return UNUSABLE


class _Parser(argparse.ArgumentParser):
    """Shows what it does not understand, and sends none of it to the terminal."""

    def error(self, message: str) -> NoReturn:
        super().error(visible(message))


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="checkedmath", description="Read, judge, correct and write formulas.")
    commands = parser.add_subparsers(metavar="COMMAND")
    check = commands.add_parser("check", help="whether a formula is true, and where")
    check.add_argument("text", nargs="?", help="the formula; - reads standard input")
    check.add_argument("--file", help="a TSV file with the columns id, setting, text; ⏎ stands for a line end")
    check.add_argument("--layout", choices=("course", "numerator", "denominator"), default="")
    check.add_argument("--target", default="", help="what a text without a left side is meant to be: dz[1]")
    check.add_argument("--json", action="store_true", help="one JSON object on a line")
    check.add_argument("--full", action="store_true", help="the same with all that the book's page shows")
    _common(check)
    check.set_defaults(run=_check)
    shapes = commands.add_parser("shapes", help="the shape of every factor")
    shapes.add_argument("text")
    shapes.add_argument("--layout", choices=("course", "numerator", "denominator"), default="course")
    _common(shapes)
    shapes.set_defaults(run=_shapes)
    write = commands.add_parser("write", help="the same formula in another form")
    write.add_argument("text")
    write.add_argument("--to", required=True, choices=WRITERS)
    _common(write)
    write.set_defaults(run=_write)
    settings = commands.add_parser("settings", help="the settings, or the symbols of one")
    settings.add_argument("name", nargs="?")
    settings.set_defaults(run=_settings)
    return parser


WRITERS = ("latex", "text", "unicode", "words", "numpy", "rows", "numbers")


def _common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--setting", help="the setting; without it the one whose symbols the text uses")
    parser.add_argument("--let", default="", help='shapes of free symbols: "A: (p, q), x: (q, 1)"')
    parser.add_argument("--style", choices=("auto", "latex", "text", "numpy"), default="auto")


def _lines(text: str | None) -> str:
    return sys.stdin.read().strip("\n") if text == "-" else text or ""


def _check(options: argparse.Namespace) -> int:
    from checkedmath.judging.session import Session
    from checkedmath.judging.statement import Context

    session = Session()
    if options.file:
        return _check_file(session, options)
    if options.text is None:
        print("checkedmath check: expected a formula, or --file CASES.tsv", file=sys.stderr)
        return UNUSABLE
    text = _lines(options.text)
    try:
        lets = parse_lets(options.let)
    except ValueError as error:
        print(visible(str(error)), file=sys.stderr)
        return UNUSABLE
    if options.setting and options.setting not in session.settings:
        print(_unknown_setting(options.setting, session.settings), file=sys.stderr)
        return UNUSABLE
    context = Context(
        options.setting or "", options.layout, lets, page=False, style=options.style, target=options.target,
    )  # fmt: skip
    verdict, found, judged = session.examine(text, context)
    if options.full:
        from checkedmath.judging.report import Examined

        examined = Examined(text, judged, session, verdict, found)
        print(_json(examined.record() | examined.dress()))
    elif options.json:
        print(_json(verdict.as_json()))
    else:
        from checkedmath.command_line.terminal import show

        show(text, verdict, sys.stdout)
    return {"holds": HOLDS, "unreadable": UNUSABLE}.get(verdict.verdict, NOT_TRUE)


def _json(found: dict[str, Any]) -> str:
    """Return one line of JSON, whose letters stay and whose control characters are escaped, those beyond ASCII too."""
    line = json.dumps(found, ensure_ascii=False)
    return "".join(c if visible(c) == c else f"\\u{ord(c):04x}" for c in line)


def _unknown_setting(name: str, settings: Iterable[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, list(settings), 1)
    hint = f"; did you mean {near[0]}?" if near else ""
    return f"unknown setting {name!r}: expected one of {', '.join(settings)}{hint}"


def _check_file(session: Any, options: argparse.Namespace) -> int:
    try:
        stream = Path(options.file).open(encoding="utf-8-sig", errors="replace", newline="\n")  # noqa: SIM115
    except OSError as error:
        print(visible(f"cannot read {options.file}: {error.strerror}"), file=sys.stderr)
        return UNUSABLE
    with stream:
        header = stream.readline().rstrip("\r\n").split("\t")
        missing = [name for name in ("id", "setting", "text") if name not in header]
        if missing:
            print(f"{visible(options.file)}: expected a header with the columns id, setting, text; "
                  f"missing {', '.join(missing)}", file=sys.stderr)  # fmt: skip
            return UNUSABLE
        for line in stream:
            row = line.rstrip("\r\n")
            if row:
                _print_row(session, header, row.split("\t"), options, sys.stdout)
    return HOLDS


def _print_row(session: Any, header: list[str], cells: list[str], options: argparse.Namespace, out: TextIO) -> None:
    """Judge one row; whatever is wrong with it becomes its own verdict, and the next row follows."""
    from checkedmath.judging.verdict import UNREADABLE, Verdict

    row = dict(zip(header, cells, strict=False))
    setting = row.get("setting", "")
    if "text" not in row:
        verdict = Verdict(UNREADABLE, f"expected {len(header)} columns, got {len(cells)}")
    elif setting and setting not in session.settings:
        verdict = Verdict(UNREADABLE, _unknown_setting(setting, session.settings))
    else:
        text = row["text"].replace(LINE_END, "\n")
        verdict = session.check(text, setting or None, style=options.style, layout=options.layout)
    print(_json({"id": row.get("id", ""), **verdict.as_json()}), file=out, flush=True)


def _shapes(options: argparse.Namespace) -> int:
    from checkedmath.command_line.terminal import show_shapes

    return show_shapes(_lines(options.text), options, sys.stdout)


def _write(options: argparse.Namespace) -> int:
    from checkedmath.command_line.terminal import show_written

    return show_written(_lines(options.text), options, sys.stdout)


def _settings(options: argparse.Namespace) -> int:
    from checkedmath.command_line.terminal import show_settings

    return show_settings(options.name, sys.stdout)

