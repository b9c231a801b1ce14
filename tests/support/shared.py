"""What is slow to make: made once in a run of the tests, for all of its processes."""

import fcntl
import os
import shutil
import subprocess
import sys

from claimbook.base.paths import ROOT_VARIABLE
from places import ROOT


def once(factory, name, make):
    """A folder that the first process to ask for it makes; the others wait for it.

    Args:
        factory: pytest's `tmp_path_factory`.
        name: of the folder, unique in the run.
        make: makes the folder at the path it is given.
    """
    of_the_run = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        of_the_run = of_the_run.parent
    folder, made = of_the_run / name, of_the_run / f"{name}.made"
    with (of_the_run / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            shutil.rmtree(folder, ignore_errors=True)  # of a process that failed
            make(folder)
            made.touch()
    return folder


def build(project, *, fails=False, package=ROOT, before=""):
    """Run `claimbook build` in a process of its own and return all its messages.

    Args:
        project: whose site is built.
        fails: whether it has to fail.
        package: the folder that has the package to run.
        before: code that this process runs first.
    """
    done = subprocess.run(
        [sys.executable, "-c", f"{before}from claimbook.cli import main; main()", "build"],
        cwd=project.root,
        env=os.environ
        | {
            ROOT_VARIABLE: str(project.root),
            "PYTHONPATH": str(package),
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    messages = done.stdout + done.stderr
    assert bool(done.returncode) == fails, messages
    return messages
