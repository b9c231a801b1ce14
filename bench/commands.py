"""Commands run as a user would, with their wall time."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_TAIL = 30  # lines of a failed command that are shown


class FailedError(Exception):
    """A measured command failed, so its time says nothing."""


@dataclass(frozen=True)
class Finished:
    """A command that has ended well.

    Attributes:
        seconds: wall time.
        output: what it printed, of both streams.
    """

    seconds: float
    output: str


def run(
    arguments: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None
) -> Finished:
    """Run a command to its end.

    Args:
        arguments: the command; the first may be a program of this environment.
        folder: its working directory.
        environment: variables on top of those of this process.

    Raises:
        FailedError: it ended with another status than 0.
    """
    started = time.perf_counter()
    done = subprocess.run(
        arguments,
        cwd=folder,
        # Compiled files are kept, as for everybody who does not ask otherwise.
        env={**os.environ, **(environment or {}), "PYTHONDONTWRITEBYTECODE": ""},
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
        raise FailedError(
            f"{' '.join(map(str, arguments))} ended with status {done.returncode}, "
            f"so nothing was measured:\n{tail}"
        )
    return Finished(seconds, done.stdout)


def program(name: str) -> str:
    """A program of the environment that this process runs in."""
    return str(Path(sys.executable).with_name(name))


def say(message: str) -> None:
    """A line of progress, on standard error."""
    print(message, file=sys.stderr, flush=True)
