"""A second process for the tests of `course`: what is drawn must not depend on the one it is drawn in."""

import json
import os
import subprocess
import sys

import pytest

CHILD = """
import contextlib, io, json, sys
for line in sys.stdin:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(json.loads(line), {})
    print(json.dumps(printed.getvalue()), flush=True)
"""


@pytest.fixture(scope="session")
def apart():
    """Return a function that runs code in another process, the same for all tests, and returns what it prints."""
    changed = os.environ | {"PYTHONHASHSEED": "7", "SOURCE_DATE_EPOCH": "1"}
    command = [sys.executable, "-c", CHILD]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=changed) as child:

        def run(code):
            child.stdin.write(json.dumps(code) + "\n")
            child.stdin.flush()
            answer = child.stdout.readline()
            assert answer, f"the other process ended, see its error above; it was to run\n{code}"
            return json.loads(answer)

        yield run
        child.stdin.close()
