"""A check ends by itself and tells the truth, whatever the code in a notebook does."""

import os
import signal
import subprocess
import sys
import time

import nbformat
import psutil
import pytest

from claimbook.base.paths import ROOT_VARIABLE
from claimbook.data.registry import load
from claimbook.run import notebooks
from claimbook.run.forked import recompute_all
from claimbook.run.warm.client import POSSIBLE
from growing import add_claim

pytestmark = pytest.mark.skipif(not POSSIBLE, reason="notebooks run in the process of the check")

PAGE, OTHER = "apples-half-price", "pears-dear"
LIMIT = 2.0  # seconds


@pytest.fixture
def two(small):
    """A project with two claims, of which the second is as it should be."""
    add_claim(small, OTHER, ("code: T1", "code: T2"), ("apple-price", "pear-price"))
    notebook = notebooks.read(small.notebook(PAGE))
    for cell in notebook.cells:
        cell.source = cell.source.replace(PAGE, OTHER)
    nbformat.write(notebook, small.notebook(OTHER))
    return small


def recomputed(project, source, limit=30.0):
    """What the claims come to if a cell is appended to the notebook of the first."""
    notebook = notebooks.read(project.notebook(PAGE))
    notebook.cells.append(nbformat.v4.new_code_cell(source))
    nbformat.write(notebook, project.notebook(PAGE))
    registry = load(project)
    found = {done.slug: done for done in recompute_all(registry, [PAGE, OTHER], limit=limit)}
    assert found[OTHER].result.claim == OTHER  # the other notebook has its turn
    return found[PAGE]


LATE = "expected an end within 2 seconds, found none"
ENDED = "expected a notebook that lets Python go on, found the end of it with"
FAILING = {
    "an error, and atexit that ends Python well": (
        "import atexit, os\natexit.register(os._exit, 0)\n1 / 0",
        f"{PAGE}.ipynb#cell6, line 3: ZeroDivisionError: division by zero\n    1 / 0",
    ),
    "the end of the process past Python": (
        "import ctypes\nctypes.CDLL(None)._exit(0)",
        f"{PAGE}.ipynb: {ENDED} status 0",
    ),
    "a crash": (
        "import ctypes\nctypes.string_at(0)",
        f"{PAGE}.ipynb#cell6, line 2: {ENDED} signal SIGSEGV",
    ),
    "a signal": (
        "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
        f"{PAGE}.ipynb: {ENDED} signal SIGKILL",
    ),
    "an endless loop": (
        "while True:\n    pass",
        f": {LATE}\n    ",
    ),
    "an endless loop that passes over errors": (
        "while True:\n    try:\n        1 / 0\n    except Exception:\n        pass",
        LATE,
    ),
    "an endless loop that passes over anything": (
        "import time\nwhile True:\n    try:\n        time.sleep(600)\n    except:\n        pass",
        f"{PAGE}.ipynb: {LATE}",
    ),
    "waiting": ("import time\ntime.sleep(600)", f"{PAGE}.ipynb#cell6, line 2: {LATE}"),
    "a question": ("input()", f"{PAGE}.ipynb#cell6, line 1: EOFError"),
}


@pytest.mark.parametrize("what", FAILING)
def test_a_notebook_that_ends_badly_or_never_is_named_and_keeps_no_other_from_its_turn(two, what):
    source, message = FAILING[what]
    started = time.monotonic()
    done = recomputed(two, source, limit=LIMIT if LATE in message else 30.0)
    assert done.result is None
    assert message in done.failure
    assert time.monotonic() - started < 20


HARMLESS = {
    "a thread that never ends": (
        "import threading, time\nthreading.Thread(target=time.sleep, args=(600,)).start()"
    ),
    "a program that never ends": (
        "import subprocess\nprint(subprocess.Popen(['sleep', '600']).pid)"
    ),
    "a fork that never ends": (
        "import os, time\npid = os.fork()\nif not pid:\n    time.sleep(600)\nprint(pid)"
    ),
    "atexit": "import atexit, time\natexit.register(time.sleep, 600)",
}


@pytest.mark.parametrize("what", HARMLESS)
def test_what_a_notebook_leaves_running_does_not_hold_up_a_check_and_ends_with_it(two, what):
    started = time.monotonic()
    done = recomputed(two, HARMLESS[what])
    assert done.result is not None, done.failure
    assert time.monotonic() - started < 20
    if done.printed:
        left = psutil.Process(int(done.printed)) if psutil.pid_exists(int(done.printed)) else None
        assert left is None or left.status() == psutil.STATUS_ZOMBIE or left.wait(10) is None


def test_what_a_notebook_prints_is_kept_in_part_and_moves_no_cursor(two):
    done = recomputed(
        two,
        "import os\nos.write(1, b'\\x1b[31mred\\xff')\nfor _ in range(10_000): print('x' * 9_999)",
    )
    assert done.result is not None
    assert done.printed.startswith("\\x1b[31mred")
    assert done.printed.replace("\n", "").isprintable()
    assert len(done.printed) < 30_000
    assert done.printed.endswith("bytes more")


def test_a_check_that_is_ended_leaves_no_notebook_running(two):
    notebook = notebooks.read(two.notebook(PAGE))
    notebook.cells.append(
        nbformat.v4.new_code_cell(
            "import os, time\nfrom pathlib import Path\n"
            "Path('pid').write_text(f'{os.getpid()} ')\ntime.sleep(600)"
        )
    )
    nbformat.write(notebook, two.notebook(PAGE))
    run = subprocess.Popen(
        [sys.executable, "-c", "from claimbook.cli import main; main()", "check"],
        env=os.environ | {ROOT_VARIABLE: str(two.root)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    written = two.notebooks / "pid"
    end = time.monotonic() + 60
    while not (written.exists() and " " in written.read_text()):
        assert time.monotonic() < end and run.poll() is None
        time.sleep(0.05)
    run.send_signal(signal.SIGTERM)
    _, messages = run.communicate(timeout=30)
    assert run.returncode
    assert "Traceback" not in messages
    pid = int(written.read_text())
    assert not psutil.pid_exists(pid)
