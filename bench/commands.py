"""Commands run as a user would, with their wall time."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

_TAIL = 30  # lines of a failed command that are shown


class FailedError(Exception):
    """A measured command failed, so its time says nothing."""


class Finished(NamedTuple):
    """A command that has ended well: its wall time, and what it printed on both streams."""

    seconds: float
    output: str


def run(arguments: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Finished:
    """Run a command to its end.

    Args:
        arguments: the command; `python` and programs of this environment by their bare name.
        folder: its working directory.
        environment: variables on top of those of this process.

    Raises:
        FailedError: it ended with another status than 0.
    """
    started = time.perf_counter()
    done = subprocess.run(
        [Path(sys.executable).with_name(arguments[0]), *arguments[1:]],
        cwd=folder,
        # Compiled files are kept, as for everybody who does not ask otherwise.
        env={**os.environ, **environment, "PYTHONDONTWRITEBYTECODE": ""},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    seconds = time.perf_counter() - started
    if done.returncode:
        tail = "\n".join(done.stdout.splitlines()[-_TAIL:])
        command = " ".join(arguments)
        raise FailedError(f"{command} ended with status {done.returncode}:\n{tail}")
    return Finished(seconds, done.stdout)


def say(message: str) -> None:
    """A line of progress, on standard error."""
    print(message, file=sys.stderr, flush=True)
