"""Kernels that are forked: each its own, none left behind, and Jupyter's own where there is no fork."""

import os
import time
from contextlib import closing, contextmanager

import nbformat
import pytest
from jupyter_cache.executors.utils import single_nb_execution
from traitlets.config import Config

from bookkit.kernels import Nursery

pytestmark = [pytest.mark.filterwarnings("default")]  # of sockets and event loops, which Jupyter leaves to the end
PATIENCE = 120


@contextmanager
def nursery(*imports):
    with closing(Nursery(imports)) as found:
        yield found


def run(source, found, folder):
    """Run one cell in a kernel of its own and return what it printed."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    notebook.metadata.kernelspec = {"name": "python3"}
    done = single_nb_execution(
        notebook, cwd=str(folder), timeout=PATIENCE, allow_errors=False,
        config=Config({"KernelManager": {"transport_encryption": "disabled"}}), kernel_manager_class=found.manager(),
    )  # fmt: skip
    assert done.err is None, done.exc_string
    return notebook.cells[0].outputs[0].text.strip()


def is_gone(pid):
    """Whether a process ends before anybody loses patience."""
    for _ in range(PATIENCE * 10):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False


def test_a_kernel_begins_as_one_of_its_own(tmp_path, monkeypatch):
    monkeypatch.setenv("A_WORD", "from this build")
    source = (
        "import os, random, sys; import numpy as np\n"
        "print(os.getpid(), os.getppid(), np.random.rand(), random.random(), 'json.tool' in sys.modules)\n"
        "print(os.getcwd(), os.environ['A_WORD'], sys.stdin.read() == '', __name__, 'x' in globals()); x = 1"
    )
    with nursery("numpy", "json.tool") as found:
        first, second = (run(source, found, tmp_path).splitlines() for _ in range(2))
        assert first[1] == second[1] == f"{tmp_path} from this build True __main__ False"
        (pid, parent, *drawn, imported), (other, same, *drawn_again, _) = first[0].split(), second[0].split()
        assert imported == "True"
        assert pid != other
        assert parent == same != str(os.getpid())  # forked, and not started here
        assert not set(drawn) & set(drawn_again)
        assert is_gone(int(pid))
    assert is_gone(int(parent))


def test_a_kernel_ends_with_the_process_that_it_came_from(tmp_path):
    connection = tmp_path / "connection.json"
    with nursery() as found:
        pid = found.fork(["-f", str(connection)], str(tmp_path), dict(os.environ))
        while not connection.exists():
            time.sleep(0.1)
        os.kill(pid, 0)  # it runs
    assert is_gone(pid)


def test_where_nothing_forks_jupyter_starts_the_kernel(tmp_path, monkeypatch):
    monkeypatch.delattr(os, "fork")
    with nursery("numpy") as found:
        assert run("import os; print(os.getppid())", found, tmp_path) == str(os.getpid())


def test_a_module_that_is_not_there_is_said(tmp_path, capfd):
    with nursery("no_such_module") as found, pytest.raises(OSError, match="has ended; its own words are above"):
        found.fork(["-f", str(tmp_path / "connection.json")], str(tmp_path), dict(os.environ))
    assert "No module named 'no_such_module'" in capfd.readouterr().err
