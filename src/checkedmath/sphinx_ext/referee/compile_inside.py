"""Runs inside Pyodide, in the build: compiles the book's modules, and what they need of the standard library.

A module is compiled without its docstrings, the types of arguments and the table of its lines, none of which is asked
for in a browser, and with its assertions, so that it does what it does elsewhere.
"""

from __future__ import annotations

import ast
import base64
import dis
import json
import sys
from _imp import is_frozen
from collections.abc import Iterator, Sequence
from functools import cache
from importlib._bootstrap_external import _code_to_hash_pyc  # type: ignore[attr-defined]
from types import CodeType
from zipimport import zipimporter

BOOK = "/book/"
STANDARD = f"/lib/python{sys.version_info[0]}{sys.version_info[1]}.zip"
#: What the interpreter and Pyodide import when they start, and what is imported later by C code or for messages.
START = (
    "abc", "asyncio", "codecs", "collections.abc", "copyreg", "encodings", "encodings.aliases", "encodings.ascii",
    "encodings.cp437", "encodings.latin_1", "encodings.utf_8", "functools", "importlib.util", "io", "linecache", "os",
    "pyodide", "pyodide._package_loader", "pyodide.code", "pyodide.ffi", "_pyodide", "_pyodide._base",
    "_pyodide._core_docs", "_pyodide._future_helper", "_pyodide._importhook", "_pyodide.docstring", "_pyodide.jsbind",
    "_ast_unparse", "re", "site", "traceback", "types", "typing", "warnings", "weakref", "zipimport",
)  # fmt: skip
#: Parts of Pyodide that a page without packages, and without waiting in Python, does without, and what stands in.
#: They import a third of the standard library: asyncio, ssl, subprocess, zipfile. Of dis, inspect asks for the names
#: of flags when it is imported, and for the rest only where a frame is to be described.
INSTEAD = {
    "dis": f"COMPILER_FLAG_NAMES = {dis.COMPILER_FLAG_NAMES!r}\n",
    "asyncio": "def get_event_loop():\n    raise RuntimeError('nothing is waited for here')\n",
    "pyodide.webloop": "def _initialize_event_loop():\n    pass\n",
    "pyodide._package_loader": (
        "from site import getsitepackages\n"
        "class Place:\n    def __init__(self, path):\n        self.path = path\n"
        "    def __str__(self):\n        return self.path\n"
        "SITE_PACKAGES, DSO_DIR = Place(getsitepackages()[0]), Place('/usr/lib')\n"
        "def init_loaded_packages():\n    pass\n"
    ),
}
#: Finds installed packages, and the subjects are named to the checker there; and what is frozen under other names.
LEFT_OUT = frozenset({"importlib.metadata", "importlib._bootstrap", "importlib._bootstrap_external"})


def compiled(paths: Sequence[str], roots: Sequence[str]) -> str:
    """Return the compiled modules as JSON, each under its path in the archive, in base64.

    ``paths`` are those of the book's modules below ``/book``; ``roots`` are names that they import.
    """
    found = {}
    for path in paths:
        with open(BOOK + path, encoding="utf-8") as file:  # noqa: PTH123 - of the browser's own file system
            found[path] = file.read()
    waiting, seen = [*START, *roots], set()
    while waiting:
        name = waiting.pop()
        for module in _with_parents(name):
            if module in seen:
                continue
            seen.add(module)
            path, source = _found(module)
            if source is None:  # built in, or an attribute
                continue
            found[path] = source
            package = module if path.endswith("/__init__.py") else module.rpartition(".")[0]
            waiting += _imports(ast.parse(source).body, package)
    packed = {path.removesuffix(".py") + ".pyc": _bytes(path, source) for path, source in found.items()}
    return json.dumps({path: base64.b64encode(packed[path]).decode() for path in sorted(packed)})


def _with_parents(name: str) -> Iterator[str]:
    parts = name.split(".")
    yield from (".".join(parts[:n]) for n in range(1, len(parts) + 1))


def _found(module: str) -> tuple[str, str | None]:
    """Return the path and the source of a module of the library, None for its source where it is none."""
    path = module.replace(".", "/")
    if is_frozen(module) or module in LEFT_OUT:  # in the interpreter already, or not to be had
        return path, None
    for file in (f"{path}.py", f"{path}/__init__.py"):
        try:
            return file, INSTEAD.get(module) or _library().get_data(file).decode()
        except OSError:
            continue
    return path, None


@cache
def _library() -> zipimporter:
    """Return the standard library, which is an archive in Pyodide alone: the module can be imported elsewhere too."""
    return zipimporter(STANDARD)


def _imports(body: Sequence[ast.stmt], package: str) -> Iterator[str]:
    """Yield what a module imports while it is imported: not in its functions, and not for types alone."""
    for node in body:
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            up = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*up, *([node.module] if node.module else [])])
            yield base
            yield from (f"{base}.{one.name}" for one in node.names)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        elif isinstance(node, ast.If) and {"TYPE_CHECKING", "__name__"} & {*_names(node.test)}:
            yield from _imports(node.orelse, package)
        else:
            for name in ("body", "orelse", "finalbody"):
                yield from _imports(getattr(node, name, ()), package)
            for handler in getattr(node, "handlers", ()):
                yield from _imports(handler.body, package)


def _names(test: ast.expr) -> Iterator[str]:
    yield from (node.id for node in ast.walk(test) if isinstance(node, ast.Name))


def _bytes(path: str, source: str) -> bytes:
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.body:
            first = node.body[0]
            said = first.value if isinstance(first, ast.Expr) else None
            if isinstance(said, ast.Constant) and isinstance(said.value, str):
                node.body[:1] = [ast.copy_location(ast.Pass(), first)] if len(node.body) == 1 else []
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            node.returns = None
            args = node.args
            for one in (*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg):
                if one is not None:
                    one.annotation = None
    code = _bare(compile(tree, path, "exec", 0, True, 0))
    return bytes(_code_to_hash_pyc(code, b"\0" * 8, checked=False))


def _bare(code: CodeType) -> CodeType:
    inner = tuple(_bare(one) if isinstance(one, CodeType) else one for one in code.co_consts)
    return code.replace(co_consts=inner, co_linetable=b"", co_filename="", co_qualname=code.co_name)
