"""Who may import whom: backprop ← course → checkedmath; checkedmath.sphinx_ext → bookkit; Sphinx in these two alone.

Once by what a fresh interpreter has loaded, once by reading the source.  Inside `checkedmath` rooms stand on
floors: a module imports from its own floor and from floors below.  Nowhere do modules import in a circle.
And the code of `checkedmath` has no word of any subject.
"""

import ast
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

SRC = Path(__file__).parents[1] / "src"


@dataclass(frozen=True)
class Rule:
    """What the modules under `package` may import besides the standard library and themselves.

    `anywhere` may be imported at the head of a module, `inside` only in a function, so that
    the package can be imported without it.  None stands for no limit but `never`.
    """

    package: str
    anywhere: frozenset[str] | None
    inside: frozenset[str] = frozenset()
    never: frozenset[str] = frozenset()


# The first rule whose package fits is the one that counts.
RULES = (
    Rule("backprop", frozenset({"numpy"}), inside=frozenset({"tqdm"})),
    Rule("bookkit", None, never=frozenset({"backprop", "course", "checkedmath"})),
    Rule("checkedmath.sphinx_ext", None, never=frozenset({"backprop", "course"})),
    # The core also has to run in a reader's browser, where NumPy is absent.
    Rule("checkedmath", frozenset(), inside=frozenset({"numpy"})),
    Rule(
        "course", frozenset({"backprop", "checkedmath", "numpy", "matplotlib"}),
        inside=frozenset({"IPython"}),
        never=frozenset({"checkedmath.sphinx_ext", "bookkit"}),
    ),
)


def within(name, package):
    return name == package or name.startswith(package + ".")


def module_name(path, root):
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def called(node):
    """Return the name of what is called, without that of the module it is in."""
    return getattr(node.func, "attr", getattr(node.func, "id", ""))


def imports(path, name):
    """Return (line, module imported, whether in a function) of everything a file imports."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    functions = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    nodes = list(ast.walk(tree))
    inside = {id(node) for scope in nodes if isinstance(scope, functions) for node in ast.walk(scope)}
    for node in nodes:
        if isinstance(node, ast.Import):
            found = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package.rsplit(".", node.level - 1)[0] if node.level else ""
            base = ".".join(filter(None, (base, node.module)))
            # `from package import module` may bring in a module of its own.
            found = [f"{base}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Call) and called(node) in {"import_module", "__import__"}:
            written = node.args and isinstance(node.args[0], ast.Constant)
            found = [str(node.args[0].value)] if written else []
        else:
            continue
        for target in found:
            yield node.lineno, target, id(node) in inside


def violations(root):
    """Return a sentence for each import under `root` that its rule does not allow."""
    found = []
    for path in sorted(root.rglob("*.py")):
        name = module_name(path, root)
        rule = next((rule for rule in RULES if within(name, rule.package)), None)
        if rule is None:
            found.append(f"{name}: no rule says what this package may import")
            continue
        for line, target, inside in imports(path, name):
            top = target.partition(".")[0]
            allowed = None if rule.anywhere is None else rule.anywhere | (
                rule.inside if inside else frozenset()
            )
            if any(within(target, never) for never in rule.never):
                found.append(f"{name}, line {line}: {target} is never to be imported here")
            elif top in sys.stdlib_module_names or rule.anywhere is None:
                continue
            elif top == rule.package.partition(".")[0]:
                # A package may use itself, but no part of it that has a rule of its own.
                own = next(rule for rule in RULES if within(target, rule.package))
                if own is not rule:
                    found.append(f"{name}, line {line}: {target} belongs to the outer side")
            elif top not in allowed:
                found.append(f"{name}, line {line}: {target} is not among {sorted(allowed)}")
    return found


def test_imports_run_one_way():
    assert violations(SRC) == []


PLANTED = {
    "backprop/bad.py": (
        ("import scipy.linalg", "backprop.bad, line 1: scipy.linalg is not among ['numpy']"),
        ("import tqdm", "backprop.bad, line 1: tqdm is not among ['numpy']"),
        ("from course import notation", "backprop.bad, line 1: course.notation is not among"),
        ("def f():\n    from checkedmath.syntax import tree", "backprop.bad, line 2: checkedmath.syntax.tree is"),
        ("import importlib\nimportlib.import_module('course')", "backprop.bad, line 2: course is"),
    ),
    "checkedmath/bad.py": (
        ("import numpy as np", "checkedmath.bad, line 1: numpy is not among []"),
        ("import docutils.nodes", "checkedmath.bad, line 1: docutils.nodes is not among"),
        ("def f():\n    import sphinx", "checkedmath.bad, line 2: sphinx is not among"),
        ("from . import sphinx_ext", "checkedmath.sphinx_ext belongs to the outer side"),
        ("from checkedmath.sphinx_ext import katex", "sphinx_ext.katex belongs to the outer side"),
        ("import backprop", "checkedmath.bad, line 1: backprop is not among []"),
        ("import bookkit.files", "checkedmath.bad, line 1: bookkit.files is not among []"),
    ),
    "checkedmath/sphinx_ext/bad.py": (
        ("from backprop import book", "backprop.book is never to be imported here"),
        ("import course.notation", "course.notation is never to be imported here"),
    ),
    "bookkit/bad.py": (
        ("import checkedmath.syntax", "checkedmath.syntax is never to be imported here"),
        ("def f():\n    from course import notation", "course.notation is never to be imported here"),
        ("from backprop import book", "backprop.book is never to be imported here"),
    ),
    "course/bad.py": (
        ("from bookkit import katex", "course.bad, line 1: bookkit.katex is never to be imported"),
        ("import sphinx", "course.bad, line 1: sphinx is not among"),
        ("from checkedmath import sphinx_ext", "checkedmath.sphinx_ext is never to be imported"),
    ),
    "other/bad.py": (("", "other.bad: no rule says what this package may import"),),
}


@pytest.mark.parametrize(
    ("file", "text", "message"),
    [(file, text, message) for file, cases in PLANTED.items() for text, message in cases],
)
def test_a_planted_import_is_found(tmp_path, file, text, message):
    (tmp_path / file).parent.mkdir(parents=True)
    (tmp_path / file).write_text(text)
    (found,) = violations(tmp_path)
    assert message in found


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("backprop/good.py", "import numpy as np\nimport re\nfrom backprop import book"),
        ("backprop/good.py", "def bar():\n    from tqdm.auto import tqdm"),
        ("checkedmath/good.py", "import re\nfrom checkedmath.syntax import tree\nfrom . import syntax"),
        ("checkedmath/good.py", "def draws():\n    import numpy"),
        ("checkedmath/sphinx_ext/good.py", "import sphinx, docutils, bookkit\nfrom checkedmath.syntax import tree"),
        ("bookkit/good.py", "import sphinx, docutils\nfrom bookkit import katex"),
        ("course/good.py", "import numpy\nfrom backprop import book\nimport checkedmath.syntax.tree"),
    ],
)
def test_a_good_import_is_let_through(tmp_path, file, text):
    (tmp_path / file).parent.mkdir(parents=True)
    (tmp_path / file).write_text(text)
    assert violations(tmp_path) == []


#: The rooms of `checkedmath`, floor by floor from the ground.
FLOORS = (
    {"syntax"}, {"subject"}, {"reading", "meaning"}, {"values"}, {"writing"}, {"judging", "deriving"},
    {"command_line", "sphinx_ext"},
)  # fmt: skip


def graph(root):
    """Return what each module under `root` imports of the others, in functions too, but for what types alone need."""
    modules = {module_name(path, root): path for path in root.rglob("*.py")}
    found = {}
    for name, path in modules.items():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        branches = [node for node in ast.walk(tree) if isinstance(node, ast.If)]
        typing = [node for node in branches if "TYPE_CHECKING" in ast.dump(node.test)]
        lines = {line for node in typing for line in range(node.lineno, node.end_lineno + 1)}
        targets = {target for line, target, _ in imports(path, name) if line not in lines}
        # of `from package import name` the module is meant where the name is none
        known = {target if target in modules else target.rpartition(".")[0] for target in targets}
        found[name] = (known & modules.keys()) - {name}
    return found


def floor(name):
    """Return the floor of a module of `checkedmath`, None of what stands in no room."""
    room = name.split(".")[1:2]
    return next((n for n, rooms in enumerate(FLOORS) if rooms & {*room}), None)


def upward(found):
    """Return the modules that stand in no room, and the imports from a floor above."""
    inside = {name: targets for name, targets in found.items() if within(name, "checkedmath")}
    doors = {"checkedmath", "checkedmath.__main__"}
    loose = [name for name in inside if floor(name) is None and name not in doors]
    return loose + [
        f"{name} -> {target}" for name, targets in inside.items() for target in targets
        if name not in doors and (floor(target) or 0) > (floor(name) or 0)
    ]  # fmt: skip


def circles(found):
    """Return the modules that lead back to themselves: what is left when those that lead nowhere are taken away."""
    left = dict(found)
    while ends := [name for name, targets in left.items() if not targets & left.keys()]:
        for name in ends:
            del left[name]
    while unused := left.keys() - {target for targets in left.values() for target in targets}:
        for name in unused:
            del left[name]
    return sorted(left)


def test_rooms_stand_on_floors():
    assert upward(graph(SRC)) == []


def test_nothing_is_imported_in_a_circle():
    assert circles(graph(SRC)) == []


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"loose.py": ""}, "checkedmath.loose"),
        (
            {"syntax/a.py": "from checkedmath.judging import b", "judging/b.py": ""},
            "checkedmath.syntax.a -> checkedmath.judging.b",
        ),
        (
            {"reading/a.py": "def f():\n    import checkedmath.values.b", "values/b.py": ""},
            "checkedmath.reading.a -> checkedmath.values.b",
        ),
    ],
)
def test_a_planted_import_from_above_is_found(tmp_path, files, message):
    for file, text in files.items():
        (tmp_path / "checkedmath" / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "checkedmath" / file).write_text(text)
    assert upward(graph(tmp_path)) == [message]


def test_a_planted_circle_is_found(tmp_path):
    files = {
        "a": "from package import b", "b": "def f():\n    from package.c import x", "c": "import package.a",
        "d": "from package import a",
    }  # fmt: skip
    for name, text in files.items():
        (tmp_path / "package").mkdir(exist_ok=True)
        (tmp_path / "package" / f"{name}.py").write_text(text)
    assert circles(graph(tmp_path)) == ["package.a", "package.b", "package.c"]


def loaded_by(statement):
    """Return the top-level modules a fresh interpreter has loaded by running an import."""
    program = (
        "import sys; before = set(sys.modules)\n"
        f"{statement}\n"
        "print(*{name.partition('.')[0] for name in set(sys.modules) - before})"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return {name for name in done.stdout.split() if name not in sys.stdlib_module_names}


def modules_of(package):
    """Return the modules of a package that can be imported, leaving out what starts a program."""
    names = (module_name(path, SRC) for path in sorted((SRC / package).rglob("*.py")))
    return [name for name in names if not name.endswith("__main__")]


def test_backprop_loads_numpy_alone():
    assert loaded_by("import backprop") == {"backprop", "numpy"}
    assert loaded_by("import " + ", ".join(modules_of("backprop"))) == {"backprop", "numpy"}


def test_the_core_of_checkedmath_loads_no_numpy_and_no_sphinx():
    assert loaded_by("import checkedmath") == {"checkedmath"}
    core = [
        name for name in modules_of("checkedmath") if not within(name, "checkedmath.sphinx_ext")
    ]
    assert loaded_by("import " + ", ".join(core)) == {"checkedmath"}


def test_course_loads_no_sphinx():
    names = modules_of("course")
    loaded = loaded_by("import " + ", ".join(names)) if names else set()
    assert not loaded & {"sphinx", "docutils", "myst_nb", "myst_parser"}


def test_what_is_loaded_is_seen():
    assert "numpy" in loaded_by("import numpy.linalg")
    assert "docutils" in loaded_by("import docutils.nodes")
