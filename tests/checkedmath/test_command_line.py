"""The command `checkedmath`: what it prints, line by line, and its exit codes."""

import io
import json
import os
import subprocess
import sys

import pytest

from checkedmath.command_line import HOLDS, NOT_TRUE, UNUSABLE
from checkedmath.command_line.commands import main
from checkedmath.judging import Context, judge_text
from checkedmath.judging.displays import forms_of
from checkedmath.judging.session import Session

SEED = "dz[1] = W[2]T dz[2] * g[1]'(z[1])"


@pytest.fixture
def run(capsys):
    """Return a function that runs the command and returns exit code, output and errors."""

    def run(*arguments):
        try:
            code = main(arguments)
        except SystemExit as stopped:  # argparse ends so
            code = stopped.code
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


# -- check -------------------------------------------------------------------------------------------


def test_a_true_formula(run):
    code, out, err = run("check", SEED, "--setting", "two-layer")
    head, text, message, compared = out.splitlines()
    assert (code, err) == (HOLDS, "")
    assert head == "✓ holds  in two-layer"
    assert text == "  dz[1] = W[2]T dz[2] * g[1]'(z[1])"
    assert message == "  true"
    assert compared.startswith("  compared in 4 draws, largest relative difference ")


def test_numbers_alone_need_no_draw(run):
    assert run("check", "2.1^2 = 4.41", "--setting", "two-layer") == (
        HOLDS, "✓ holds  in two-layer\n  2.1^2 = 4.41\n  true, both sides are 4.41\n", "",
    )  # fmt: skip
    code, out, _ = run("check", "2.1^{10^9} = 3", "--setting", "two-layer")
    assert (code, out.splitlines()[1]) == (
        UNUSABLE, "  expected numbers that can be computed exactly, got 2.1 to the power 1000000000",
    )  # fmt: skip


def test_a_false_formula(run):
    code, out, _ = run("check", "dz[1] = W[1] dz[2] * g[1]'(z[1])", "--setting", "two-layer")
    assert code == NOT_TRUE
    assert out.splitlines()[:4] == [
        "✗ fails  in two-layer",
        "  dz[1] = W[1] dz[2] * g[1]'(z[1])",
        "          ^^^^^^^^^^",
        "  W[1] is (n_1, n_0), dz[2] is (n_2, 1): inner sizes n_0 and n_2 differ",
    ]


def test_a_false_formula_with_a_true_one_nearby(run):
    code, out, _ = run("check", "dw = (1/m) X dZ", "--setting", "logistic-batch")
    assert code == NOT_TRUE
    assert out.splitlines()[-2:] == [
        "  nearest: dw = (1/m) X dZ^T",
        "  slip: a transpose is missing, or there is one too many",
    ]


def test_a_formula_that_is_true_elsewhere(run):
    code, out, _ = run("check", r"\frac{\partial z}{\partial w} = x^T", "--setting", "logistic")
    assert code == NOT_TRUE
    assert out.splitlines() == [
        "~ conditional  in logistic",
        r"  \frac{\partial z}{\partial w} = x^T",
        "                                  ^^^",
        "  true if the derivatives are in numerator layout; here it is not: ∂z/∂w is (n_0, 1), but",
        "  the other side is (1, n_0)",
        "  nearest: ∂z/∂w = x",
        "  slip: a transpose is missing, or there is one too many",
    ]


def test_an_unreadable_text(run):
    code, out, _ = run("check", "dz = da * sigmod(z)", "--setting", "logistic")
    assert code == UNUSABLE
    assert out.splitlines() == [
        "? unreadable  in logistic",
        "  dz = da * sigmod(z)",
        "            ^ expected a symbol of logistic; did you mean sigmoid?",
    ]


def test_without_a_setting_one_is_found_and_named(run):
    assert run("check", SEED)[1].startswith("✓ holds  in two-layer\n")
    assert run("check", "dw = (1/m) X dZ^T")[1].startswith("✓ holds  in logistic")
    code, out, _ = run("check", "d(a^T x)/dx = a^T", "--json")
    assert (code, json.loads(out)["setting"]) == (HOLDS, "identities")


def test_json(run):
    code, out, _ = run("check", "dz[1] = W[2]T dz[2]", "--setting", "two-layer", "--json")
    found = json.loads(out)
    assert code == NOT_TRUE
    assert out.count("\n") == 1
    assert list(found) == [
        "verdict", "where", "target", "message", "nearest", "mistake", "slip", "page", "setting", "code", "notes",
        "line", "ms",
    ]  # fmt: skip
    assert (found["verdict"], found["where"], found["target"]) == ("fails", [], "dz[1]")
    assert (found["nearest"], found["mistake"]) == ("dz[1] = W[2]T dz[2] * g[1]'(z[1])", "g-prime-missing")
    found = json.loads(run("check", "dZ = (1/m)(A - Y)", "--setting", "logistic-batch", "--json")[1])
    assert [condition["code"] for condition in found["where"]] == ["dZ-is-dJ"]
    assert found["where"][0]["text"]


def test_let(run):
    text = "d(x^T A x)/dx = x^T (A + A^T)"
    assert run("check", text, "--setting", "identities")[0] == HOLDS
    assert run("check", "d(B x)/dx = B", "--setting", "identities", "--let", "B: (p, q), x: (q, 1)")[0] == HOLDS
    code, out, _ = run("check", "d(B x)/dx = B", "--setting", "identities", "--let", "B: (p, q), x: (p, 1)")
    assert code == NOT_TRUE
    assert "sizes q and p would have to be equal" in out or "inner sizes q and p differ" in out


def test_a_faulty_let_is_explained(run):
    code, out, err = run("check", "d(B x)/dx = B", "--let", "B: (p; x")
    assert (code, out) == (UNUSABLE, "")
    assert err == "--let: expected \"A: (p, q), x: (q, 1)\", got 'B: (p; x'\n"


def test_layout(run):
    text = "d(a^T x)/dx = a"
    assert run("check", text, "--setting", "identities")[0] == HOLDS
    assert run("check", text, "--setting", "identities", "--layout", "denominator")[0] == HOLDS
    assert run("check", text, "--setting", "identities", "--layout", "numerator")[0] == NOT_TRUE
    assert run("check", text, "--layout", "sideways")[0] == UNUSABLE


def test_target(run):
    code, out, _ = run("check", "W[2]T dz[2]", "--setting", "two-layer")
    assert code == HOLDS
    assert "  true: this is da[1]" in out.splitlines()
    code, out, _ = run("check", "W[2]T dz[2]", "--setting", "two-layer", "--target", "dz[1]")
    assert code == NOT_TRUE
    assert "  nearest: W[2]T dz[2] * g[1]'(z[1])" in out.splitlines()


def test_a_faulty_target_is_explained(run):
    code, out, _ = run("check", "W[2]T dz[2]", "--setting", "two-layer", "--target", "Q[1]")
    assert code == UNUSABLE
    assert out.splitlines()[1:] == ["  Q[1]", "  ^ expected a symbol of two-layer, in the target"]


def test_style(run):
    text = "dA1 = W2.T * dZ2"
    where = {}
    for style in ("text", "numpy"):
        out = run("check", text, "--setting", "two-layer-batch", "--style", style, "--json")[1]
        where[style] = [condition["code"] for condition in json.loads(out)["where"]]
    assert where == {"text": ["product-matrix"], "numpy": ["one-output", "broadcast"]}


def test_an_unknown_setting(run):
    code, out, err = run("check", "dz = a - y", "--setting", "logistik")
    assert (code, out) == (UNUSABLE, "")
    assert err.startswith("unknown setting 'logistik': expected one of logistic, logistic-batch, two-layer,")
    assert err.endswith("; did you mean logistic?\n")


def test_standard_input(run, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO("dz = a - y\n"))
    assert run("check", "-", "--setting", "logistic")[0] == HOLDS
    monkeypatch.setattr(sys, "stdin", io.StringIO("dz = a -\ny +\n"))
    assert run("check", "-", "--setting", "logistic")[0] == UNUSABLE
    monkeypatch.setattr(sys, "stdin", io.StringIO("dz = a - y\n"))
    assert run("shapes", "-", "--setting", "logistic")[0] == HOLDS


@pytest.mark.parametrize("arguments", [(), ("check",), ("mend", "dz"), ("write", "dz"), ("check", "a", "b")])
def test_wrong_use(run, arguments):
    assert run(*arguments)[0] == UNUSABLE


# -- check --file ------------------------------------------------------------------------------------


def rows_of(run, path, *more):
    code, out, err = run("check", "--file", str(path), "--json", *more)
    return code, [json.loads(line) for line in out.splitlines()], err


def write(path, *lines, end="\n", encoding="utf-8"):
    path.write_bytes(b"".join(
        (line.encode(encoding) if isinstance(line, str) else line) + end.encode() for line in lines
    ))  # fmt: skip
    return path


def test_a_file_in_order_and_whatever_is_wrong_in_the_middle(run, tmp_path):
    path = write(
        tmp_path / "cases.tsv", "truth\ttext\tid\tsetting", "holds\tdz = a - y\tA1\tlogistic",
         "fails\tdz = Q\tA2\tlogistic",
        "short", "x\tdz = a - y\tA3\tlogistik", "holds\tdz[2] = a[2] - y\tA4\t",
        "x\tdz = y - a\tA5\tlogistic\tand more",
        "x\t\tA6\tlogistic", "", b"x\tdz = a \xff y\tA7\tlogistic", 'x\t"dz = a - y"\tA8\tlogistic',
        "holds\tdz¹ = W²ᵀdz² ⊙ g′(z¹)\tA9\ttwo-layer",
    )  # fmt: skip
    code, rows, err = rows_of(run, path)
    assert (code, err) == (HOLDS, "")
    assert [(row["id"], row["verdict"]) for row in rows] == [
        ("A1", "holds"), ("A2", "unreadable"), ("", "unreadable"), ("A3", "unreadable"), ("A4", "holds"), ("A5",
         "fails"),
        ("A6", "unreadable"), ("A7", "unreadable"), ("A8", "unreadable"), ("A9", "holds"),
    ]  # fmt: skip
    assert rows[2]["message"] == "expected 4 columns, got 1"
    assert rows[3]["message"].startswith("unknown setting 'logistik': expected one of logistic,")
    assert rows[5]["nearest"] == "dz = a - y"
    for row in rows:
        assert set(row) >= {"id", "verdict", "where", "target", "message", "nearest", "mistake", "ms"}


def test_a_row_may_hold_several_lines(run, tmp_path):
    text = "dZ2 = A2 - Y ⏎ dW2 = 1/m * np.dot(dZ2, A1) ⏎"
    path = write(tmp_path / "cases.tsv", "id\tsetting\ttext", f"A1\ttwo-layer-batch\t{text}")
    _, (row,), _ = rows_of(run, path)
    assert (row["verdict"], row["line"]) == ("fails", 2)
    assert row["message"].startswith("line 2: dZ[2] is (n_2, m), A[1] is (n_1, m)")
    assert "⏎ stands for a line end" in " ".join(run("check", "--help")[1].split())


def test_the_caret_stands_under_the_line_that_is_false(run):
    text = "dZ2 = A2 - Y\ndW2 = 1/m * np.dot(dZ2, A1)\ndb2 = np.sum(dZ2, axis=1, keepdims=True) / m"
    code, out, _ = run("check", text, "--setting", "two-layer-batch")
    assert code == NOT_TRUE
    assert out.splitlines()[:6] == [
        "✗ fails  in two-layer-batch",
        "  dZ2 = A2 - Y",
        "  dW2 = 1/m * np.dot(dZ2, A1)",
        "              ^^^^^^^^^^^^^^^",
        "  db2 = np.sum(dZ2, axis=1, keepdims=True) / m",
        "  line 2: dZ[2] is (n_2, m), A[1] is (n_1, m): inner sizes m and n_1 differ (with one unit",
    ]


def test_a_file_with_windows_line_ends(run, tmp_path):
    path = write(tmp_path / "cases.tsv", "id\tsetting\ttext", "A1\tlogistic\tdz = a - y", end="\r\n")
    code, rows, _ = rows_of(run, path)
    assert (code, [(row["id"], row["verdict"]) for row in rows]) == (HOLDS, [("A1", "holds")])


def test_a_file_with_a_byte_order_mark(run, tmp_path):
    path = write(tmp_path / "cases.tsv", "\ufeffid\tsetting\ttext", "A1\tlogistic\tdz = a - y")
    code, rows, _ = rows_of(run, path)
    assert (code, [(row["id"], row["verdict"]) for row in rows]) == (HOLDS, [("A1", "holds")])


def test_a_file_without_rows(run, tmp_path):
    assert rows_of(run, write(tmp_path / "cases.tsv", "id\tsetting\ttext")) == (HOLDS, [], "")


def test_a_file_without_a_header(run, tmp_path):
    for lines in ((), ("id\ttext",)):
        path = write(tmp_path / "cases.tsv", *lines)
        code, rows, err = rows_of(run, path)
        assert (code, rows) == (UNUSABLE, [])
        assert err.startswith(f"{path}: expected a header with the columns id, setting, text; missing ")
    assert err.endswith("missing setting\n")


def test_no_such_file(run, tmp_path):
    code, _, err = run("check", "--file", str(tmp_path / "none.tsv"))
    assert (code, err) == (UNUSABLE, f"cannot read {tmp_path / 'none.tsv'}: No such file or directory\n")
    code, _, err = run("check", "--file", str(tmp_path))
    assert (code, err) == (UNUSABLE, f"cannot read {tmp_path}: Is a directory\n")


def test_all_cases_as_a_file(cases, run, tmp_path, verdicts):
    """The file says what the session says, row by row; the columns with the answers are not read."""
    chosen = cases[::9]
    path = write(
        tmp_path / "cases.tsv", "id\ttruth\tsetting\ttext",
        *(f"{case['id']}\tnonsense\t{case['setting']}\t{case['text'].replace(chr(10), '⏎')}" for case in chosen),
    )  # fmt: skip
    code, rows, _ = rows_of(run, path)
    assert code == HOLDS
    for case, row in zip(chosen, rows, strict=True):
        said = verdicts[case["id"]].as_json()
        assert row == {"id": case["id"], **said, "ms": row["ms"]}


# -- shapes, write, settings -------------------------------------------------------------------------


def test_shapes(run):
    code, out, err = run("shapes", SEED, "--setting", "two-layer")
    assert (code, err) == (HOLDS, "")
    assert [" ".join(line.split()) for line in out.splitlines()] == [
        "dz[1] (n_1, 1)",
        "W[2]T dz[2] * g[1]'(z[1]) (n_1, 1) entry by entry",
        "W[2]T dz[2] (n_1, 1) matrix",
        "W[2]T (n_1, n_2) transpose",
        "W[2] (n_2, n_1)",
        "dz[2] (n_2, 1)",
        "g[1]'(z[1]) (n_1, 1) function",
        "z[1] (n_1, 1)",
    ]
    assert [len(line) - len(line.lstrip()) for line in out.splitlines()] == [0, 0, 2, 4, 6, 4, 2, 4]


def test_shapes_that_do_not_fit(run):
    code, out, err = run("shapes", "W[1] dz[2]", "--setting", "two-layer")
    assert (code, out) == (UNUSABLE, "")
    assert err == "W[1] is (n_1, n_0), dz[2] is (n_2, 1): inner sizes n_0 and n_2 differ\n"
    code, _, err = run("shapes", "Q", "--setting", "two-layer")
    assert (code, err) == (UNUSABLE, "Q\n^ expected a symbol of two-layer\n")
    assert run("shapes", "dz = a - y", "--setting", "none")[::2] == (
        UNUSABLE, "unknown setting 'none': see  checkedmath settings\n"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("to", "written"),
    [
        ("latex", r"dz^{[1]} = (W^{[2]T} dz^{[2]}) \odot g^{[1]\prime}(z^{[1]})"),
        ("text", SEED),
        ("unicode", "dz[1] = W[2]ᵀ dz[2] ⊙ g[1]′(z[1])"),
        ("words", "dz one equals W two transposed times dz two, element-wise times g one prime of z one"),
        ("numpy",
         "np.testing.assert_allclose(grads.dZ[1], (net.W[2].T @ grads.dZ[2]) * net.g[1].prime(cache.Z[1]))"),
        ("rows", "dz[1] = dz[2] W[2] * g[1]'(z[1])"),
    ],
)  # fmt: skip
def test_write(run, to, written):
    assert run("write", SEED, "--to", to, "--setting", "two-layer") == (HOLDS, written + "\n", "")


@pytest.mark.parametrize(
    ("text", "setting", "at"),
    [
        (r"dz^{[1]} = W^{[2]T} dz^{[2]} \odot g^{[1]\prime}(z^{[1]})", "two-layer", ""),
        ("dA^{[l-1]} = W^{[l]T} dZ^{[l]}", "deep-batch", "  (l = 2)"),
        (r"dz_k = da_k \, \sigma'(z_k)", "deep", "  (l = 2, k = 1)"),
    ],
)
def test_the_command_line_and_the_bar_write_the_same_numbers(run, session, text, setting, at):
    forms = forms_of(text, judge_text(text, "display", Context(setting), session))
    assert forms.numbers_text
    assert forms.at == at.strip(" ()")
    code, out, _ = run("write", text, "--to", "numbers", "--setting", setting)
    assert (code, out) == (HOLDS, forms.numbers_text + at + "\n")


def test_what_has_no_numbers_says_why(run):
    none = "it has no value in the book's network: "
    for text, said in [
        ("dz[2] = 0/0", f"{none}float division by zero\n"),
        ("dz[2] = z[2]_9", f"{none}there is no row 9, only 2 of them\n"),
        ("g[2]''(z[2]) = 1", f"{none}the derivative of a derivative is not judged\n"),
        ("W[2]T dz[2]", "expected a formula with two sides, such as dz[1] = …, to show that numbers agree\n"),
        ("dz[1] = W[2]T dz[2]", "it is not true of the book's network, but of another that it speaks of\n"),
    ]:
        assert run("write", text, "--to", "numbers", "--setting", "two-layer") == (UNUSABLE, "", said)


def test_what_costs_too_much_is_refused_by_every_command(run):
    for command in (("check",), ("shapes",), ("write", "--to", "words")):
        code, out, said = run(*command, ", " * 1900, "--setting", "two-layer")
        assert code == UNUSABLE
        assert "expected a formula that takes less work" in out + said


def test_settings(run):
    code, out, _ = run("settings")
    assert code == HOLDS
    assert [line.split()[0] for line in out.splitlines()] == list(Session().settings)
    code, out, _ = run("settings", "logistic")
    assert code == HOLDS
    assert out.splitlines()[2].split("  ")[0] == "w"
    assert run("settings", "none")[::2] == (UNUSABLE, "unknown setting 'none': see  checkedmath settings\n")


# -- colour, and packages that are missing -----------------------------------------------------------


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(
    ("terminal", "environment", "coloured"),
    [
        (True, {"TERM": "xterm"}, True), (False, {"TERM": "xterm"}, False), (True, {"NO_COLOR": "1",
         "TERM": "xterm"}, False),
        (True, {"TERM": "dumb"}, False),
    ],
)  # fmt: skip
def test_colour_is_for_terminals_that_want_it(monkeypatch, terminal, environment, coloured):
    monkeypatch.delenv("NO_COLOR", raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    out = Terminal() if terminal else io.StringIO()
    monkeypatch.setattr(sys, "stdout", out)
    for arguments in (("check", "dz = y - a", "--setting", "logistic"), ("settings",), ("settings", "logistic"),
                      ("shapes", "dz = a - y", "--setting", "logistic")):  # fmt: skip
        main(arguments)
    assert ("\033[" in out.getvalue()) == coloured
    assert out.getvalue().count("\033[0m") * 2 == out.getvalue().count("\033[")


BLOCKED = """
import importlib.abc, runpy, sys
class Missing(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name.partition(".")[0] == {missing!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name={missing!r})
sys.meta_path.insert(0, Missing())
sys.argv = ["checkedmath", *sys.argv[1:]]
runpy.run_module("checkedmath", run_name="__main__")
"""


def python(*arguments, given=""):
    return subprocess.run([sys.executable, *arguments], input=given, capture_output=True, text=True, encoding="utf-8",
                          check=False, env=os.environ | {"PYTHONIOENCODING": "utf-8"})  # fmt: skip


@pytest.mark.parametrize("arguments", [("check", SEED), ("check", SEED, "--setting", "two-layer")])
def test_a_missing_package_is_named(arguments):
    done = python("-c", BLOCKED.format(missing="backprop"), *arguments)
    assert (done.returncode, done.stdout) == (UNUSABLE, "")
    assert done.stderr == "an installed subject needs the package backprop, which is not installed\n"


@pytest.mark.parametrize("arguments", [("check", SEED), ("check", "dz = a + y", "--setting", "logistic")])
def test_a_formula_is_judged_without_numpy(arguments):
    with_it, without = (python("-c", BLOCKED.format(missing=missing), *arguments) for missing in ("no_such", "numpy"))
    assert (without.returncode, without.stderr) == (with_it.returncode, "")
    assert without.stdout.splitlines()[0] == with_it.stdout.splitlines()[0]


def test_shapes_and_words_need_no_numpy():
    """The core runs in a reader's browser, where NumPy is absent."""
    program = BLOCKED.format(missing="numpy")
    done = python("-c", program, "shapes", SEED, "--setting", "two-layer")
    assert (done.returncode, done.stderr) == (HOLDS, "")
    done = python("-c", program, "write", SEED, "--setting", "two-layer", "--to", "words")
    assert done.stdout.startswith("dz one equals W two transposed times")


def test_the_module_as_a_program():
    done = python("-m", "checkedmath", "check", "-", "--setting", "logistic", given="dz = a − y")
    assert (done.returncode, done.stdout.splitlines()[0]) == (HOLDS, "✓ holds  in logistic")


def test_importing_loads_nothing_large():
    loaded = python("-c", "import sys, checkedmath, checkedmath.__main__; print(*sys.modules)").stdout.split()
    assert not {"numpy", "sphinx", "docutils", "matplotlib", "backprop", "course"} & set(loaded)


# -- what a terminal is sent ---------------------------------------------------------------------------

EVIL = "\x1b]0;pwned\x07\x9b2J\u202e"


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", f"dz = {EVIL}"), ("check", f"dz = a - y # {EVIL}", "--setting", "logistic", "--style", "numpy"),
        ("check", "dz = a", "--target", EVIL, "--setting", "logistic"), ("check", f"dz = a, with {EVIL}"),
        ("check", "dz = a", "--setting", EVIL), ("check", "a", "--let", EVIL), ("check", "--file", EVIL),
        ("check", "a", EVIL), (EVIL,), ("check", "a", "--layout", EVIL), ("shapes", f"dz = {EVIL}"),
        ("write", f"a = {EVIL}", "--to", "latex"), ("write", "a", "--to", EVIL), ("settings", EVIL),
        ("shapes", "a", "--setting", EVIL), ("check", f"dz = a - y{EVIL}", "--json"),
    ],
)  # fmt: skip
def test_control_characters_are_shown_and_never_sent(run, arguments):
    _, out, err = run(*arguments)
    assert (out + err).replace("\n", "").isprintable(), out + err
    assert out + err


def test_a_caret_stands_under_its_place_after_a_control_character(run):
    _, out, _ = run("check", "dz = \x1b a - q", "--setting", "logistic")
    assert out.splitlines()[1:3] == ["  dz = ␛ a - q", "       ^ expected a symbol, number or sign of a formula"]


@pytest.mark.parametrize("lets", ["A: (1000000000, 2)", "A: (p, 100)", "A: (²,)", "A: (p q, 2)"])
def test_sizes_that_fill_the_memory_are_refused(run, lets):
    code, out, err = run("check", "A = A", "--let", lets)
    assert (code, out) == (UNUSABLE, "")
    assert err.startswith("--let: expected names of sizes, or numbers up to 99, got ")
