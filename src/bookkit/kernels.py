"""Kernels that start in a moment: forked from a process that has imported what all of them import.

A kernel of its own costs more in imports (IPython, NumPy, matplotlib) than in cells.  Here one process per build does
the importing, and each kernel is a fork of it: a fresh namespace, its own folder, environment and process group.
Where processes cannot fork, or the kernel of a page is another one, Jupyter starts it as it always does.

As a program, ``python -m bookkit.kernels numpy``, it is that process: it imports the modules, reads one request a line,
forks, and answers with the process id, until there are no more requests.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import uuid
import warnings
from collections.abc import Iterable, Sequence
from contextlib import suppress
from importlib import import_module
from typing import IO, Any

from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

LAUNCHER = "ipykernel_launcher"


class Nursery:
    """The process that kernels are forked from; started with the first of them."""

    def __init__(self, imports: Iterable[str]) -> None:
        self.imports = tuple(imports)
        self._process: subprocess.Popen[str] | None = None
        self._lock = threading.Lock()

    def fork(self, argv: Sequence[str], cwd: str, env: dict[str, str]) -> int:
        """Return the process id of a kernel that was started with these options.  Raises `OSError` if that fails."""
        with self._lock:
            if self._process is None:
                command = [sys.executable, "-P", "-m", "bookkit.kernels", *self.imports]
                self._process = subprocess.Popen(  # noqa: S603 - this module, no shell
                    command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
                )
            asked, answers = self._process.stdin, self._process.stdout
            assert asked is not None
            assert answers is not None
            asked.write(json.dumps({"argv": list(argv), "cwd": cwd, "env": env}) + "\n")
            asked.flush()
            answer = answers.readline()
        if not answer:
            msg = "the process that kernels are forked from has ended; its own words are above"
            raise OSError(msg)
        return int(answer)

    def close(self) -> None:
        """Start no further kernels; those that run are ended by who started them."""
        with self._lock:
            process, self._process = self._process, None
        for pipe in (process.stdin, process.stdout) if process is not None else ():
            if pipe is not None:
                pipe.close()
        if process is not None:
            process.wait()

    def manager(self) -> type[AsyncKernelManager]:
        """Return a class of kernel managers whose kernels are forked here."""
        nursery = self

        class Manager(AsyncKernelManager):
            def __init__(self, **settings: Any) -> None:
                super().__init__(**settings)
                self.kernel_id = str(uuid.uuid4())
                self.provisioner = Forked(kernel_id=self.kernel_id, kernel_spec=self.kernel_spec, parent=self)
                self.provisioner.nursery = nursery

        return Manager


class Forked(LocalProvisioner):
    """Starts the kernel of a page in a `Nursery`."""

    nursery: Nursery | None = None

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Start a kernel: forked if it is one of this Python."""
        if self.nursery is None or not hasattr(os, "fork") or cmd[0] != sys.executable or LAUNCHER not in cmd:
            return await super().launch_kernel(cmd, **kwargs)
        env = dict(kwargs.get("env") or os.environ)
        pid = self.nursery.fork(cmd[cmd.index(LAUNCHER) + 1 :], str(kwargs.get("cwd") or os.getcwd()), env)  # noqa: PTH109
        self.process = _Process(pid)  # type: ignore[assignment]
        self.pid = self.pgid = pid
        return self.connection_info


class _Process:
    """What Jupyter asks of a process that it started, for one that somebody else started."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def poll(self) -> int | None:
        """Return None while the process runs; how it ended only its parent knows."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return 1
        return None

    wait = poll

    def send_signal(self, number: int) -> None:
        """Send a signal."""
        os.kill(self.pid, number)

    def kill(self) -> None:
        """End the process."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask the process to end."""
        self.send_signal(signal.SIGTERM)


def serve(requests: IO[str], answers: IO[str]) -> None:
    """Fork a kernel for each request, until there are no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who asks for kernels ends them
    signal.signal(signal.SIGCHLD, bury)
    for line in requests:
        with warnings.catch_warnings():
            # Python warns of threads: NumPy's are at rest, and know what a fork is.
            warnings.simplefilter("ignore", DeprecationWarning)
            pid = os.fork()
        if not pid:
            run_kernel(**json.loads(line))
        answers.write(f"{pid}\n")
        answers.flush()


def bury(*_: object) -> None:
    """Forget the kernels that have ended: a process nobody waits for stays in the machine's list, and looks alive."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def run_kernel(argv: list[str], cwd: str, env: dict[str, str]) -> None:
    """Be a kernel, as if Python had just been started for it; this does not return."""
    from ipykernel.kernelapp import IPKernelApp

    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)  # the requests
    os.dup2(2, 1)  # the answers
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    sys.stdin, sys.stdout = open(0, encoding="utf-8"), open(1, "w", encoding="utf-8")  # noqa: SIM115
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()  # else all kernels would draw the same
    IPKernelApp.launch_instance(argv=[*argv, f"--IPKernelApp.parent_handle={os.getppid()}"])  # it ends when that ends
    sys.exit()


if __name__ == "__main__":
    for name in ("ipykernel.ipkernel", "ipykernel.kernelapp", *sys.argv[1:]):
        import_module(name)
    serve(sys.stdin, sys.stdout)
