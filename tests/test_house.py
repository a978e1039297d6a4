"""The house itself: what lies where, what is pinned, and what the commands promise."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
LOCKS = sorted((ROOT / ".requirements").glob("*.txt"))
TOP_LEVEL = {
    "docs", "src", "tests", "conf.py", "pyproject.toml", "Makefile", "README.md",
    "LICENSE", "LICENSE-docs", "CITATION.cff",
}


def run(*command: str | Path, cwd: Path = ROOT, **env: str) -> subprocess.CompletedProcess[str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("JUPYTER", "MAKE", "MFLAGS"))}
    return subprocess.run(
        [str(word) for word in command], cwd=cwd, env=kept | env, capture_output=True, text=True,
        check=False, timeout=600,
    )


def pyproject() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


# What lies at the top ---------------------------------------------------------------------------


def test_top_level_holds_only_what_it_may() -> None:
    listed = run("git", "ls-files", "--cached", "--others", "--exclude-standard")
    if listed.returncode == 0:
        names = {line.split("/")[0] for line in listed.stdout.splitlines()}
    else:  # an unpacked archive
        names = {path.name for path in ROOT.iterdir()} - {"build", "dist"}
    assert {name for name in names if not name.startswith(".")} == TOP_LEVEL


# Pins -------------------------------------------------------------------------------------------


def requirements(lock: Path) -> dict[str, list[str]]:
    """`name==version` → the lines that belong to it."""
    found: dict[str, list[str]] = {}
    for line in lock.read_text().splitlines():
        if re.match(r"\w", line):
            entry = found.setdefault(line.rstrip(" \\"), [])
        elif line.strip() and not line.lstrip().startswith("#"):
            entry.append(line.strip())
    return found


def test_there_is_a_lock_for_each_list() -> None:
    assert [lock.stem for lock in LOCKS] == ["all", "bench", "book", "lock"]
    assert sorted(p.stem for p in LOCKS[0].parent.glob("*.in")) == ["all", "bench", "book", "lock"]


def test_the_tests_change_no_version_of_the_book() -> None:
    """Both are installed into one environment, the second over the first."""
    book, everything = (  # without the systems that a package is for: tests may want it on more
        {name.split(" ;")[0]: hashes for name, hashes in requirements(ROOT / f".requirements/{lock}.txt").items()}
        for lock in ("book", "all")
    )
    assert {name: hashes for name, hashes in book.items() if everything.get(name) != hashes} == {}


def test_a_reader_does_not_install_what_tests_need() -> None:
    book = {name.split("==")[0] for name in requirements(ROOT / ".requirements/book.txt")}
    assert not book & {"jax", "jaxlib", "scipy", "playwright", "mypy", "pytest", "hypothesis", "ruff"}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_requirement_is_pinned_and_hashed(lock: Path) -> None:
    found = requirements(lock)
    assert found
    for name, lines in found.items():
        assert re.match(r"[\w.-]+(\[[\w,]+\])?==[\w.]+( ;|$)", name), name
        assert lines, f"{name} has no hash"
        for line in lines:
            assert re.fullmatch(r"--hash=sha256:[0-9a-f]{64}( \\)?", line), line


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_no_lock_names_where_it_came_from(lock: Path) -> None:
    text = lock.read_text()
    for trace in ("://", "--index-url", "--find-links", " @ "):
        assert trace not in text


def test_every_name_asked_for_is_locked() -> None:
    def canonical(name: str) -> str:
        return re.sub(r"[-_.]+", "-", name).lower()

    extras = pyproject()["project"]["optional-dependencies"]
    asked = [line for lines in extras.values() for line in lines]
    asked += [
        line
        for name in ("book", "all")
        for line in (ROOT / f".requirements/{name}.in").read_text().splitlines()
        if line.strip() and not line.startswith(("#", "-r "))
    ]
    names = {canonical(re.match(r"[\w.-]+", line).group()) for line in asked} - {"backprop-book"}
    locked = requirements(ROOT / ".requirements/all.txt")
    assert names - {canonical(line.split("==")[0]) for line in locked} == set()


@pytest.mark.parametrize("folder", [".", "bench"])
def test_npm_packages_are_locked_with_their_digests(folder: str) -> None:
    here = ROOT / ".requirements" / folder
    wanted = json.loads((here / "package.json").read_text())["dependencies"]
    lock = json.loads((here / "package-lock.json").read_text())["packages"]
    assert lock.pop("")["dependencies"] == wanted
    for name, version in wanted.items():
        assert lock[f"node_modules/{name}"]["version"] == version
    for name, package in lock.items():
        assert package["integrity"].startswith("sha512-"), name
        assert "resolved" not in package, f"{name} names where it came from"


def test_students_need_numpy_alone() -> None:
    assert pyproject()["project"]["dependencies"] == ["numpy>=2"]


@pytest.mark.parametrize("package", ["backprop", "course", "checkedmath", "bookkit"])
def test_packages_tell_type_checkers_that_they_are_typed(package: str) -> None:
    assert (ROOT / "src" / package / "py.typed").is_file()


# Commands ---------------------------------------------------------------------------------------


def help_lists() -> set[str]:
    shown = run("make")
    assert shown.returncode == 0, shown.stderr
    return set(re.findall(r"^  make ([a-z-]+)  ", shown.stdout, re.MULTILINE))


def test_help_is_the_default_and_lists_the_commands() -> None:
    assert help_lists() == {
        "help", "setup", "html", "pdf", "epub", "check", "permalinks", "test", "test-long", "lint", "serve",
        "bench", "readability", "linkcheck", "lock", "clean",
    }


def test_every_listed_command_exists() -> None:
    for target in sorted(help_lists()):
        planned = run("make", "--dry-run", target)
        assert planned.returncode == 0, planned.stderr


@pytest.mark.parametrize(
    "file",
    ["README.md", "docs/contributing.md", ".github/CONTRIBUTING.md", ".github/workflows/test.yml",
     ".github/workflows/pages.yml", ".readthedocs.yaml", ".ci/run"],
)
def test_commands_named_in_texts_exist(file: str) -> None:
    text = (ROOT / file).read_text()
    named = set(re.findall(r"(?:^|`|run: |\" |step \")make ([a-z-]+)", text, re.MULTILINE))
    assert named, "this file names a command"
    assert named <= help_lists()


@pytest.mark.parametrize("workflow", ["test", "pages"])
def test_workflows_pin_their_actions_and_call_make(workflow: str) -> None:
    jobs = yaml.safe_load((ROOT / f".github/workflows/{workflow}.yml").read_text())["jobs"]
    steps = [step for job in jobs.values() for step in job["steps"]]
    for step in steps:
        assert ("uses" in step) != ("run" in step)
        if "uses" in step:
            assert re.search(r"@v\d+\.\d+\.\d+$", step["uses"]), step["uses"]
        else:
            assert step["run"].startswith("make "), step["run"]


def test_citation_agrees_with_the_package() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    assert {"cff-version", "message", "title", "authors"} <= set(citation)
    assert citation["version"] == pyproject()["project"]["version"]
    assert citation["version"] in (ROOT / "docs/changelog.md").read_text()
    for author in citation["authors"]:
        assert set(author) == {"name"}, "an entity, not a person"


def copy_of_setup(folder: Path) -> Path:
    (folder / ".requirements").mkdir()
    return Path(shutil.copy(ROOT / ".requirements/setup", folder / ".requirements/setup"))


def test_setup_says_what_to_do_without_a_new_enough_python(tmp_path: Path) -> None:
    setup = copy_of_setup(tmp_path)
    tools = tmp_path / "bin"
    tools.mkdir()
    for tool in ("sh", "dirname", "cat"):
        (tools / tool).symlink_to(shutil.which(tool))
    old = tools / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")  # what an older one answers when asked for its version
    old.chmod(0o755)
    ended = run(setup, cwd=tmp_path, PATH=str(tools), PYTHON="")
    assert ended.returncode == 1
    assert ended.stderr == """
set-up stopped: no Python 3.11 or newer found (looked for python3, python3.14 … python3.11).
What to do: install one (Debian, Ubuntu: apt-get install python3 python3-venv;
macOS: brew install python), or name the one you have:  make setup PYTHON=/path/to/python3
"""
    assert not (tmp_path / ".venv").exists()


def test_setup_says_what_to_do_when_the_named_python_is_none(tmp_path: Path) -> None:
    ended = run(copy_of_setup(tmp_path), cwd=tmp_path, PYTHON="/nowhere/python3")
    assert ended.returncode == 1
    assert "PYTHON=/nowhere/python3 is not a Python 3.11 or newer." in ended.stderr
    assert "What to do: name one that is" in ended.stderr


def test_a_build_that_failed_fails_again(tmp_path: Path) -> None:
    """Sphinx warns when it reads a page; it must not pass by leaving the page unread."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / "conf.py").write_text("extensions = ['myst_parser']\nhtml_theme = 'basic'\n")
    (tmp_path / "docs").mkdir()
    page = tmp_path / "docs/index.md"
    page.write_text("# Home\n\n[nowhere](#nowhere)\n")
    # --old-file: this environment serves the small book too.
    build = ("make", "--old-file=setup", "html", f"SPHINX={sys.executable} -m sphinx")
    for _ in range(2):
        failed = run(*build, cwd=tmp_path)
        assert failed.returncode != 0
        assert "nowhere" in failed.stderr
        assert "The book was not built: see the warnings above." in failed.stderr
    page.write_text("# Home\n")
    passed = run(*build, cwd=tmp_path)
    assert passed.returncode == 0, passed.stderr
    assert passed.stdout.endswith("The book: build/html/index.html\n")


# Settings of the build --------------------------------------------------------------------------


def setting(folder: Path, expression: str, **env: str) -> str:
    code = f"import conf; print({expression})"
    shown = run(sys.executable, "-B", "-c", code, cwd=folder, **env)
    assert shown.returncode == 0, shown.stderr
    return shown.stdout.strip()


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """What conf.py reads, small."""
    shutil.copy(ROOT / "conf.py", tmp_path)
    (tmp_path / "src/backprop").mkdir(parents=True)
    (tmp_path / "src/backprop/network.py").write_text("W = 1\n")
    (tmp_path / ".requirements").mkdir()
    (tmp_path / ".requirements/book.txt").write_text("numpy==2.4.6\n")
    return tmp_path


def cache(book: Path) -> str:
    return setting(book, "conf.nb_execution_cache_path")


def test_cells_run_again_after_a_change_in_what_they_import(book: Path) -> None:
    seen = [cache(book)]
    assert Path(seen[0]).parent == book / "build/.jupyter_cache"
    (book / "src/backprop/network.py").write_text("W = 2\n")
    seen.append(cache(book))
    (book / "src/backprop/network.py").rename(book / "src/backprop/net.py")
    seen.append(cache(book))
    (book / "src/backprop/letters.txt").write_text("W\n")
    seen.append(cache(book))
    (book / ".requirements/book.txt").write_text("numpy==2.4.7\n")
    seen.append(cache(book))
    assert len(set(seen)) == len(seen)


def test_cells_rest_when_nothing_they_import_changed(book: Path) -> None:
    before = cache(book)
    (book / "docs").mkdir()
    (book / "docs/index.md").write_text("# Home\n")
    (book / "src/backprop/__pycache__").mkdir()
    (book / "src/backprop/__pycache__/network.cpython-311.pyc").write_bytes(b"\0")
    (book / "src/backprop/network.py").touch()
    assert cache(book) == before


def test_cells_run_in_this_environment_whatever_the_user_has(book: Path) -> None:
    home = book / "home"
    for share in (home / ".local/share/jupyter", home / "path"):
        kernel = share / "kernels/python3"
        kernel.mkdir(parents=True)
        (kernel / "kernel.json").write_text('{"argv": ["false"], "display_name": "theirs"}')
    kernel = setting(
        book, "__import__('jupyter_client').kernelspec.get_kernel_spec('python3').resource_dir",
        HOME=str(home), XDG_DATA_HOME=str(home / ".local/share"),
        JUPYTER_PATH=str(home / "path"), JUPYTER_PREFER_ENV_PATH="0",
    )
    assert Path(kernel) == Path(sys.prefix, "share/jupyter/kernels/python3")


@pytest.mark.parametrize(
    ("given", "base", "lost", "sitemap"),
    [
        ("", "", "/", False),
        ("https://book.example/v1", "https://book.example/v1/", "/v1/", True),
        ("https://book.example/v1/", "https://book.example/v1/", "/v1/", True),
    ],
)
def test_absolute_links_come_from_the_environment(
    book: Path, given: str, base: str, lost: str, sitemap: bool
) -> None:
    shown = "conf.html_baseurl, conf.ogp_site_url, conf.notfound_urls_prefix"
    assert setting(book, f"({shown})", SITE_URL=given) == str((base, base, lost))
    listed = setting(book, "'sphinx_sitemap' in conf.extensions", SITE_URL=given)
    assert listed == str(sitemap)


# The build, on a book of two pages --------------------------------------------------------------

PAGE = """---
setting: logistic
file_format: mystnb
kernelspec:
  name: python3
---
# {title}

Some words, and $a = \\sigma(z)$.

```{{code-cell}} python
{code}
```
"""


@pytest.fixture
def small_book(book: Path) -> Path:
    shutil.copy(ROOT / "Makefile", book)
    shutil.copytree(ROOT / "docs/_static", book / "docs/_static")
    write(book, "index", "import sys; print(sys.executable, globals().get('guest'))")
    with (book / "docs/index.md").open("a") as page:
        page.write("\n```{toctree}\ntwo\n```\n")
    write(book, "two", "print(2 + 2)")
    return book


def write(book: Path, page: str, code: str) -> None:
    (book / f"docs/{page}.md").write_text(PAGE.format(title=page, code=code))


def build(book: Path, **env: str) -> tuple[subprocess.CompletedProcess[str], set[str]]:
    """`make html`, and the pages of which it ran the cells."""
    command = f"SPHINX={sys.executable} -m sphinx"
    ended = run("make", "--old-file=setup", "html", command, cwd=book, **env)
    ran = re.findall(r"(\w+)\.md: Executed notebook", ended.stdout + ended.stderr)
    return ended, set(ran)


def test_a_page_is_run_when_it_or_what_it_imports_changed_and_not_otherwise(
    small_book: Path,
) -> None:
    # What a user may have at home must not reach a page: start-up files here, kernels above.
    startup = small_book / "home/.ipython/profile_default/startup"
    startup.mkdir(parents=True)
    (startup / "00.py").write_text("guest = 'theirs'")
    home = {"HOME": str(small_book / "home"), "IPYTHONDIR": str(startup.parents[1])}

    ended, ran = build(small_book, **home)
    assert ended.returncode == 0, ended.stderr
    assert ran == {"index", "two"}
    pages = {p.stem: p.read_text() for p in (small_book / "build/html").glob("*.html")}
    assert f"{sys.executable} None" in pages["index"]
    for name, page in pages.items():
        fetched = re.findall(r"<(?:script|link|img|iframe)[^>]*=\"(?:https?:)?//[^>]*>", page)
        assert fetched == [], f"{name} asks another site for something"

    write(small_book, "two", "print(2 + 3)")
    ended, ran = build(small_book, **home)
    assert ended.returncode == 0, ended.stderr
    assert ran == {"two"}

    (small_book / "src/backprop/network.py").write_text("W = 2\n")
    ended, ran = build(small_book, **home)
    assert ended.returncode == 0, ended.stderr
    assert ran == {"index", "two"}


def test_cells_that_fail_or_warn_fail_the_build_together(small_book: Path) -> None:
    with (small_book / "docs/index.md").open("a") as page:
        page.write("\n```{code-cell} python\n1 / 0\n```\n")
    write(small_book, "two", "import warnings; warnings.warn('too large')")
    ended, _ = build(small_book)
    assert ended.returncode != 0
    assert re.search(r"index\.md: WARNING: Executing notebook failed", ended.stderr)
    assert "ZeroDivisionError" in ended.stderr
    assert re.search(r"two\.md:\d+: (WARNING|ERROR): stderr was found in the cell", ended.stderr)
