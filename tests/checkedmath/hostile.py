"""Texts that nobody means, of many kinds, and a trial that does with each what the checker can do with a text.

``python hostile.py`` reads ``[seed, count]`` from standard input and tells what the trial found, as JSON.
"""

import csv
import io
import json
import random
import re
import resource
import signal
import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from checkedmath.command_line.commands import WRITERS
from checkedmath.command_line.terminal import show, written
from checkedmath.judging import OUR_FAULT, Context, judge_text
from checkedmath.judging.displays import forms_of, parts_of
from checkedmath.judging.session import Session
from checkedmath.reading import read
from checkedmath.reading.python_calls import NUMPY
from checkedmath.sphinx_ext.plain_text import plain_formula
from checkedmath.subject.declared_letters import parse_lets
from checkedmath.syntax import alphabet
from checkedmath.syntax.budget import budget
from checkedmath.syntax.errors import FormulaError, Unreadable
from checkedmath.writing.forms import marked, plain
from course.settings import SETTINGS

CASES = Path(__file__).parents[1] / "cases"
VERDICTS = {"holds", "conditional", "fails", "unreadable"}
STAGES = ("check", "page", "write")
#: Processor seconds after which a text counts as one that hangs, however busy the machine is.
GIVEN_UP = 20


@dataclass(frozen=True)
class Case:
    """A text that somebody wrote, true or false, with where it was judged."""

    text: str
    setting: str
    lets: str = ""


@dataclass(frozen=True)
class Hostile:
    """A text to be tried, and how it is to be read."""

    kind: str
    text: str
    setting: str | None
    style: str = "auto"
    layout: str = ""
    lets: str = ""


def all_cases():
    """Return the texts of all case files."""
    found = []
    for name in ("formulas", "forum", "false", "unsound", "numpy_true", "numpy_false"):
        with (CASES / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            found += [Case(row["text"].replace("⏎", "\n"), row["setting"], row.get("lets") or "") for row in rows]
    return found


# -- what texts are made of ------------------------------------------------------------------------

COMMANDS = [
    *(rf"\{name} " for name in (*alphabet.COMMANDS, *alphabet.SILENT)),
    *(rf"\{name}{{" for name in (*alphabet.ACCENTS, *alphabet.FONTED, *alphabet.WORDS, *alphabet.DROPPED_ARGUMENT)),
    *(rf"\{edge}{{{name}}}" for edge in ("begin", "end")
      for name in ("aligned", "cases", "pmatrix", "bmatrix", "array", "align*", "gathered", "nowhere")),
    r"\frac{", r"\dfrac12", r"\tfrac", r"\sqrt{", r"\sqrt[3]{", r"\hat{", r"\overset{", r"\underbrace{", r"\boxed{",
    r"\left(", r"\right)", r"\left.", r"\right|", r"\substack{", r"\cfrac{", r"\binom{", r"\stackrel{", r"\not=",
    r"\operatorname{diag}", r"\operatorname{tr}(", r"\mathbb{R}^{", r"\partial J}{\partial W^{[1]}}",
]  # fmt: skip
NAMES = [
    "dz", "dW", "dA", "db", "W", "Z", "A", "b", "x", "X", "y", "Y", "g'", "g^{[l]}'", "J", "L", "m", "n_1", "n^{[l]}",
    "^{[1]}", "^{[l-1]}", "[2]", "[l]", "_i", "_{ij}", "^{(i)}", "^T", "ᵀ", "⁻¹", "δ_ij", "σ(", "tanh(", "exp(", "log ",
    "W1", "dZ2", "Σ_i ", "Σ_{k=1}^{n} ", "d/dz ", "∂J/∂W", "dL/da", "I_n", "1_m", "θ", "ε", "λ", "‖", "|", "where ",
    "for all ", " if ", "numerator layout", "elementwise",
]  # fmt: skip
CODE = [
    *(f"np.{name}(" for name in sorted(NUMPY)), ".T", ".shape[1]", ".dot(", ".sum(axis=0)", ".reshape(1, -1)", "[:, 0]",
    "[0, :]", "[i, j]", "[None]", "[::-1]", "axis=1", "keepdims=True", "@", "**", "//", "%", "not ", "and ",
    "lambda x: ", "[x for x in X]", "f'{z}'", "b''", "'''", "#", ";", "\\\n", "...", ":=", "*X", "**{}", "0x1f", "1_0",
    "1e5", "1j", "if a else b", "def f(z):\n    return z\n", "import numpy as np\n", "range(3)", "True", "None",
    "dtype=float", ">>", "cache['Z1']", "parameters[\"W1\"]", "self.W", "W[1]", "A_prev", "W_next",
    "grads['dW' + str(l)]",
]  # fmt: skip
SIGNS = [*"()[]{}=+-*/^_&,;:'|<>!.~ \n\t%$#@\"?\\", r"\\", " = ", "&=", r"\\[", "^{", "_{", "}{"]
CHARACTERS = [
    *map(chr, alphabet.SAME), *alphabet.RAISED, *alphabet.LOWERED, *alphabet.RELATIONS, *alphabet.COMBINING,
    *(chr(code) for code in range(0xE001, 0xE00A)), *"𝑊𝐙𝒂𝛿𝟏ℝℓℒ⊙⊗∂∑∇√∞∫⟨⟩ⁿ½²₁ªﬁǅßİıſK",
    "\x00", "\x1b", "\x85", "\u2028", "\u202e", "\u200d", "\u0301", "\u0338", "\ufe0f", "\U0001f600", "\ud800",
    "\udfff", "\U000e0041", "٣", "０", "߀", "१", "〇", "א", "ا", "한", "e\u0301", "\u115f", "\u3164", "\uffff",
    "\U0010ffff",
]  # fmt: skip
NUMBERS = [
    "0", "00", "-0", "1e308", "1e309", "1e-320", "1e-400", "9" * 40, "9" * 400, "0." + "0" * 300 + "1", "1/0", "0/0",
    "10^{308}", "10**400", "10^{10^{10}}", "2^{-9999}", "1.7976931348623157e308", "5e-324", "1e16 + 1 - 1e16", "inf",
    "nan", r"\infty", "0.1" * 9, "1.", ".5", "1..2", "007", "1e", "1E+", "٣", "⅓", "²", "-1e300", "(-1)^{0.5}", "0^0",
    "0^{-1}", "(1e-200)^2", "1e200 \\cdot 1e200", "1000000007", "4294967296", "18446744073709551616",
]  # fmt: skip
INDICES = [
    "0", "-1", "00", "1.5", "999999999", "9" * 60, "l-999999", "l+L", "L-1", "L+1", "1-l", "2l", "l^2", "l/2", "[l]",
    "l,l", "i=1", "m+1", "n_{n_{n}}", "k-k", "", " ", "T", "'", "l=1", "1:2", "\\ell", "ℓ-1", "10000000000", "x", "-l",
]  # fmt: skip
HEADS = ["dz = ", "dZ^{[l]} = ", "a = ", "", "J = ", "W = ", "dW1 = ", r"\frac{\partial J}{\partial W} = ", "z^", "("]
NESTS = [
    "({})", "[{}]", "{{{}}}", "-{}", "+{}", "np.exp({})", "np.sum({})", r"\frac{{1}}{{{}}}", r"\frac{{{}}}{{2}}",
    "|{}|", "‖{}‖", "1 - {}", "z^{{{}}}", "z_{{{}}}", "2**{}", "σ {}", "σ({})", "np.dot(z, {})", r"\sqrt{{{}}}",
    r"\hat{{{}}}", "({})ᵀ", "{}^T", "{}'", "{}.T", r"\sum_i {}", r"\sum_{{i=1}}^{{{}}} z", r"\left({}\right)",
    r"\text{{{}}}", r"\overline{{{}}}", r"\begin{{cases}} {} & z > 0 \\ 0 \end{{cases}}",
    r"\begin{{pmatrix}} {} \end{{pmatrix}}",
    r"\partial {}", r"\frac{{\partial {}}}{{\partial z}}", "d({})/dz", "g'({})", "diag({})", "tr({})", "max({}, 0)",
    "np.where({} > 0, 1, 0)", "({})^{{-1}}", "e^{{{}}}", "z[{}]", "z^{{[{}]}}", "({} + z)({} - z)", "{} = {}",
    r"\boxed{{{}}}", r"\underbrace{{{}}}_{{z}}", "f'({})", "lambda: {}", "not {}", "{}[0]", "({},)",
    "{} if {} else {}",
]  # fmt: skip
LINE_ENDS = ["\n", "\n\n", r" \\ ", r" \\[2mm] ", r" \\& ", "; ", ", ", r"\quad ", "\r\n", "\x0b", "\u2028", " = "]
PIECES = [*SIGNS, *NAMES, *COMMANDS, *CODE, *CHARACTERS]


def pieces(rng):
    """Return some pieces, mostly of one sort."""
    return rng.choice([SIGNS, NAMES, COMMANDS, CODE, CHARACTERS, NUMBERS, PIECES])


# -- the kinds: each makes a text from a case, a random generator and the other cases --------------


def characters(case, rng, cases):
    """Characters that mean something here, and any others."""
    any_of = (CHARACTERS, "dzWaAgxymn[]{}()^_*+-=/.,'| 0123456789\\&", None)
    letters = (rng.choice(any_of) for _ in range(rng.randrange(90)))
    return "".join(rng.choice(some) if some else chr(rng.randrange(0x3000)) for some in letters)


def tokens(case, rng, cases):
    """Commands, names and signs in any order."""
    sort = pieces(rng)
    chosen = (rng.choice(sort if rng.random() < 0.6 else pieces(rng)) for _ in range(rng.randrange(1, 30)))
    return rng.choice(HEADS) + rng.choice(["", " "]).join(chosen)


PARTS = re.compile(r"\\[A-Za-z]+|\\.|\d+|[^\W\d_]+|\s+|.", re.DOTALL)


def edited(case, rng, cases):
    """A case with parts put in, taken out, doubled, swapped, put into others, or copied from another case."""
    parts = PARTS.findall(case.text) or [""]
    for _ in range(rng.choice([1, 1, 1, 1, 2, 4])):
        k, n = sorted(rng.randrange(len(parts) + 1) for _ in range(2))
        n = min(n, k + rng.choice([1, 1, 3, 12]))
        match rng.randrange(7):
            case 0:
                parts.insert(k, rng.choice(pieces(rng)))
            case 1:
                del parts[k:n]
            case 2:
                parts[k:k] = parts[k:n]
            case 3:
                parts[k:n] = reversed(parts[k:n])
            case 4:
                parts[k:n] = [nested("".join(parts[k:n]), rng)]
            case 5:
                other = PARTS.findall(rng.choice(cases).text)
                start = rng.randrange(len(other) + 1)
                parts[k:n] = other[start : start + rng.randrange(1, 12)]
            case _:
                parts[k:n] = [rng.choice(pieces(rng))]
        parts = parts or [""]
    return "".join(parts)


def sort_of(part):
    """Return what sort of part of a text this is, so that another of its sort may stand in its place."""
    return "name" if part.isalpha() else "number" if part.isdigit() else "sign" if part in "+-*/=<>⊙·" else part[0]


def exchanged(case, rng, cases):
    """A case some of whose names, numbers and signs are others of its setting: most of these can be read."""
    parts = PARTS.findall(case.text)
    others = PARTS.findall(" ".join(rng.choice(cases).text for _ in range(5))) + parts
    for _ in range(rng.choice([1, 2, 3])):
        k = rng.randrange(len(parts))
        same = [other for other in others if sort_of(other) == sort_of(parts[k])] or [parts[k]]
        parts[k] = rng.choice(same) if rng.random() < 0.8 else nested(parts[k], rng)
    return "".join(parts)


def mangled(case, rng, cases):
    """A case some of whose bytes were changed, as a broken file has them."""
    data = bytearray(case.text.encode())
    for _ in range(rng.choice([1, 2, 4])):
        data[rng.randrange(len(data))] = rng.randrange(256)
    return data.decode("utf-8", errors="replace")


def nested(text, rng):
    """Return a text within another; what stands there twice may be another thing."""
    return rng.choice(NESTS).replace("{}", "\0").format().replace("\0", text)


def deep(case, rng, cases):
    """One thing in another, in another, ...: one sort or several."""
    parts = PARTS.findall(case.text)
    text = rng.choice(["z", "a - y", "", case.text, "".join(parts[: rng.randrange(len(parts) + 1)])])
    sorts = rng.sample(NESTS, rng.choice([1, 1, 2, 5]))
    for _ in range(rng.choice([3, 10, 30, 59, 60, 61, 100, 400])):
        if len(text) > 4200:
            break
        text = nested_in(rng.choice(sorts), text)
    return rng.choice(HEADS) + text + rng.choice(["", " = z", ")", "}"])


def nested_in(nest, text):
    """Return a text in a nest; doubled only while it is short."""
    first = nest.index("{}")
    rest = nest[first + 2 :].replace("{}", text if len(text) < 200 else "z")
    return (nest[:first] + "\0" + rest).replace("{{", "{").replace("}}", "}").replace("\0", text)


def long_run(case, rng, cases):
    """The same thing again and again, up to what is read and beyond."""
    run = "".join(rng.choice(pieces(rng)) for _ in range(rng.choice([1, 1, 2, 3])))
    run = rng.choice([run, run, run, rng.choice(PARTS.findall(case.text)), nested_in(rng.choice(NESTS), "z")])
    times = rng.choice([5, 20, 60, 200, 1000, 3990 // max(1, len(run)), 4001])
    text = (run * times)[: rng.choice([400, 1500, 3990, 3990, 4001])]
    within = rng.choice(HEADS) + text + rng.choice(["", "z", " = z"])
    return rng.choice([text, within, case.text + text, text + case.text])


def oddities(case, rng, cases):
    """A case with characters of Unicode among its own, or in their place."""
    letters = list(case.text)
    for _ in range(rng.choice([1, 2, 5])):
        k = rng.randrange(len(letters) + 1)
        odd = rng.choice(CHARACTERS) if rng.random() < 0.7 else chr(rng.randrange(0x30000))
        letters[k : k + rng.randrange(2)] = [odd]
    return "".join(letters)


def numpy_text(case, rng, cases):
    """Calls in calls, with arguments of every sort."""

    names = ["Z1", "A1", "W2", "dZ2", "Y", "m", "1", "X", "np", "b1", "dW1"]

    def expression(levels):
        if levels == 0 or rng.random() < 0.2:
            return rng.choice([*names, rng.choice(NUMBERS[:12])])
        inner = [expression(levels - 1) for _ in range(rng.choice([1, 1, 2, 2, 3]))]
        match rng.randrange(5):
            case 0:
                arguments = [*inner, *rng.sample(extra, rng.choice([0, 0, 1]))]
                return f"{rng.choice(CODE[: len(NUMPY)])}{', '.join(arguments)})"
            case 1:
                return f"({rng.choice([' + ', ' - ', ' * ', ' / ', ' @ ', ' ** ', ' > ', ' & ', '==']).join(inner)})"
            case 2:
                return inner[0] + rng.choice(CODE[len(NUMPY) : len(NUMPY) + 11])
            case 3:
                return f"{rng.choice(['-', '+', '~', 'not ', ''])}{inner[0]}"
            case _:
                return rng.choice(CODE) + inner[0] + rng.choice(["", ")"])

    extra = ["axis=1", "axis=0", "keepdims=True", "axis=-1", "axis=(0, 1)", "dtype=int", "out=Z1", "where=Z1", "0"]
    target = ["dZ1", "dW2", "db1", "q", "dZ1 +", "Z1[0]", "a, b", ""]
    count = rng.choice([1, 1, 1, 2, 5])
    lines = [f"{rng.choice(target)} = {expression(rng.randrange(1, 6))}" for _ in range(count)]
    return "\n".join(lines if rng.random() < 0.9 else [expression(3), *lines])


def several_lines(case, rng, cases):
    """Cases, edited or not, one below the other, within an environment or without."""
    chosen = [case, *(rng.choice(cases) for _ in range(rng.randrange(1, 8)))]
    lines = [edited(one, rng, cases) if rng.random() < 0.3 else one.text for one in chosen]
    end = rng.choice(LINE_ENDS)
    text = "".join(line + (rng.choice(LINE_ENDS) if rng.random() < 0.2 else end) for line in lines)
    name = rng.choice(["", "", "aligned", "cases", "align*", "pmatrix", "array", "gathered"])
    return rf"\begin{{{name}}}{text}\end{{{name}}}" if name else text


def row_ends(case, rng, cases):
    """Line ends of LaTeX with what may stand behind them, in runs and within a case."""
    rows = ["\\\\[", "\\\\[2", "\\\\*", "\\\\&", "\\\\[1em]", "\\\\[-", "\\[", "\\]", "\\\\", "\\", "&", "\\\\[\\\\["]
    run = "".join(rng.choice(rows) for _ in range(rng.choice([1, 2, 3]))) * rng.choice([1, 2, 10, 200, 1200])
    k = rng.randrange(len(case.text) + 1)
    return rng.choice([run, case.text[:k] + run + case.text[k:], run + case.text, case.text + run + case.text])[:4100]


def replaced(pattern, sort):
    """Return a kind that puts something of a sort in place of what a pattern finds, or behind it."""

    def kind(case, rng, cases):
        text = case.text
        for _ in range(rng.choice([1, 1, 2, 4])):
            places = [match.span(1) for match in re.finditer(pattern, text)] or [(len(text), len(text))]
            start, end = rng.choice(places)
            text = text[:start] + rng.choice(sort) + text[end:]
        return text[:4100]

    return kind


KINDS = {
    "characters": characters, "tokens": tokens, "edited": edited, "exchanged": exchanged, "mangled": mangled,
    "deep": deep, "long run": long_run, "oddities": oddities, "numpy": numpy_text, "several lines": several_lines,
    "row ends": row_ends, "numbers": replaced(r"((?<![\[\w])\d+(?:\.\d+)?|(?<=[=+*-]) *[a-zA-Z]\w*)", NUMBERS),
    "indices": replaced(r"[\[_^({]([\w+-]{1,3})[\])}]|[\[_^]()", INDICES),
}  # fmt: skip
#: How often, where the others come once each: what is near a formula goes furthest into the checker.
OFTEN = {"exchanged": 8, "edited": 5, "oddities": 2, "several lines": 2, "numbers": 2, "indices": 2, "numpy": 2}


def hostile(seed, count):
    """Yield texts of all kinds, most of them in a setting and a style where they make sense."""
    rng = random.Random(seed)
    cases = all_cases()
    names = sorted({case.setting for case in cases})
    kinds = [kind for kind in KINDS for _ in range(OFTEN.get(kind, 1))]
    for _ in range(count):
        kind, case = rng.choice(kinds), rng.choice(cases)
        text = KINDS[kind](case, rng, cases)
        setting = case.setting if rng.random() < 0.85 else rng.choice([None, *names])
        style = "auto" if rng.random() < 0.9 else rng.choice(["latex", "text", "numpy"])
        layout = "" if rng.random() < 0.9 else rng.choice(["course", "numerator", "denominator"])
        yield Hostile(kind, text, setting, style, layout, case.lets if setting == case.setting else "")


# -- the trial -------------------------------------------------------------------------------------


def checked(session, given):
    """Judge a text as the command line does, and show the verdict; return it."""
    lets = parse_lets(given.lets)
    verdict = session.check(given.text, given.setting, style=given.style, layout=given.layout, lets=lets)
    assert verdict.verdict in VERDICTS
    assert OUR_FAULT not in verdict.message, verdict.message
    assert verdict.verdict != "unreadable" or verdict.message
    json.dumps(verdict.as_json(), ensure_ascii=False, allow_nan=False)
    show(given.text, verdict, io.StringIO())
    return verdict


def on_a_page(session, given):
    """Judge a text as a formula of a page, and write all its forms."""
    text, kind = given.text, "inline" if len(given.text) % 3 == 0 else "display"
    context = Context(given.setting or "identities", lets=parse_lets(given.lets))
    statements = judge_text(text, kind, context, session)
    for statement in statements:
        assert OUR_FAULT not in statement.verdict.message, statement.verdict.message
        json.dumps(statement.verdict.as_json(), allow_nan=False)
    forms = forms_of(text, statements)
    assert forms.marked or not text
    forms.markdown()
    parts = parts_of(statements)
    marked(text, parts), plain(text, parts), plain_formula(text)


def in_all_dresses(session, given):
    """Write a text, if it is read, in all that the command line writes."""
    lets = parse_lets(given.lets)
    try:
        with budget(given.text):
            setting = session.settings[given.setting or session.choose(given.text, given.style, lets)]
            reading = read(given.text, setting, given.style)
            claim, _ = session.claim(reading, setting, "", lets)
            for dress in WRITERS:
                with suppress(FormulaError):
                    written(claim, reading, dress)
    except Unreadable as error:
        if not error.expected or not 0 <= error.position <= len(error.text):
            raise AssertionError(f"a refusal says what was expected, and where: {error!r}") from None
    except FormulaError as error:
        if not str(error):
            raise AssertionError(f"a refusal says why: {error!r}") from None


class GivenUp(BaseException):
    """A text took too long.  No `Exception`, so that nothing takes it for a verdict."""


def give_up(*_):
    raise GivenUp


def trial(seed, count):
    """Return what was found: faults, verdicts, the slowest text, memory."""
    signal.signal(signal.SIGPROF, give_up)
    session, faults, verdicts = Session(SETTINGS), [], {kind: Counter() for kind in KINDS}
    slowest, spent = dict.fromkeys(STAGES, (0.0, "")), dict.fromkeys(STAGES, 0.0)
    for given in hostile(seed, count):
        for stage, work in zip(STAGES, (checked, on_a_page, in_all_dresses), strict=True):
            signal.setitimer(signal.ITIMER_PROF, GIVEN_UP)
            start, verdict = time.process_time(), None
            try:
                verdict = work(session, given)
            except (Exception, GivenUp) as error:  # noqa: BLE001
                faults.append([stage, repr(given), f"{type(error).__name__}: {error}"])
            finally:
                signal.setitimer(signal.ITIMER_PROF, 0)
            took = time.process_time() - start
            spent[stage] += took
            slowest[stage] = max(slowest[stage], (took, repr(given)))
            if verdict is not None:
                verdicts[given.kind][verdict.verdict] += 1
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"faults": faults, "verdicts": verdicts, "slowest": slowest, "spent": spent, "megabytes": megabytes}


if __name__ == "__main__":
    json.dump(trial(*json.load(sys.stdin)), sys.stdout)
