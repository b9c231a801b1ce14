"""Many notebooks recomputed without kernels, each in a fork of this process.

So none of them can end, stop or outlive the check: a fork that takes too long, ends before it has
an answer, or leaves processes behind is ended, and its notebook named. Where this system cannot
fork, they run in this process one after the other.
"""

import faulthandler
import gc
import os
import pickle
import re
import resource
import select
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from importlib import import_module
from types import FrameType
from typing import NoReturn

from claimbook.base.characters import visible
from claimbook.data.registry import Registry
from claimbook.run import in_process
from claimbook.run.notebooks import NotebookError
from claimbook.run.warm.client import POSSIBLE
from claimbook.verdicts.result import Result

LIMIT = 60.0  # seconds for one notebook
_GRACE = 2.0  # seconds for one that was told that its time is over
_PRINTED = 20_000  # bytes kept of what one notebook prints
_AT_ONCE = 100  # reads from one notebook before the others get their turn
_LOOK = 0.2  # seconds after which it is looked whether forks still run
# What notebooks use and a check alone does not: imported once, not in every fork.
_MODULES = ("pandas", "claimbook.notebook.table")


class TooLongError(BaseException):
    """A notebook has taken too long; not one of the errors that its code may expect."""


@dataclass(frozen=True)
class Recomputed:
    """What a notebook came to.

    Attributes:
        slug: which notebook.
        result: of its claim; None if it failed.
        failure: why it failed, with the place.
        printed: what it printed, or as much as can be read, every invisible character spelt out.
    """

    slug: str
    result: Result | None = None
    failure: str = ""
    printed: str = ""


@dataclass
class _Fork:
    """A notebook that runs.

    Attributes:
        answer: where its result arrives.
        output: where it prints.
        end: when its time is over.
    """

    slug: str
    process: int
    answer: int
    output: int
    end: float
    answered: bytearray = field(default_factory=bytearray)
    printed: bytearray = field(default_factory=bytearray)
    left_out: int = 0
    late: bool = False


def recompute_all(
    registry: Registry, slugs: Sequence[str], *, limit: float = LIMIT
) -> Iterator[Recomputed]:
    """Recompute claims from their notebooks, several at a time.

    Args:
        registry: the loaded data.
        slugs: which claims.
        limit: seconds for one notebook, where this system can fork.

    Yields:
        Each as soon as it has ended.
    """
    if not POSSIBLE:
        for slug in slugs:
            found = _recomputed(registry, slug)
            yield (
                Recomputed(slug, failure=found)
                if isinstance(found, str)
                else Recomputed(slug, found)
            )
        return
    if len(slugs) > 1:
        for name in _MODULES:
            import_module(name)
    sys.stdout.flush()
    sys.stderr.flush()
    gc.freeze()  # what is there already stays shared with the forks
    waiting, running = list(slugs), dict[int, _Fork]()
    try:
        while waiting or running:
            while waiting and len(running) < (os.cpu_count() or 1):
                fork = _begin(registry, waiting.pop(0), limit)
                running[fork.process] = fork
            for fork in _ready(list(running.values())):
                del running[fork.process]
                yield _collect(fork, limit)
    finally:
        gc.unfreeze()
        for fork in running.values():
            _end(fork)


def _begin(registry: Registry, slug: str, limit: float) -> _Fork:
    answer, answering = os.pipe()
    output, printing = os.pipe()
    process = os.fork()
    if not process:
        _be_a_notebook(registry, slug, limit, answering, printing)
    os.close(answering)
    os.close(printing)
    for descriptor in (answer, output):
        os.set_blocking(descriptor, False)
    with suppress(OSError):  # it has done so itself, or is gone
        os.setpgid(process, process)
    return _Fork(slug, process, answer, output, time.monotonic() + limit + _GRACE)


def _be_a_notebook(
    registry: Registry, slug: str, limit: float, answering: int, printing: int
) -> NoReturn:
    """Recompute one claim, answer, and end without what a notebook lets Python do at its end."""
    leave = os._exit
    try:
        os.setpgid(0, 0)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for target, descriptor in ((0, nothing), (1, printing), (2, printing)):
            os.dup2(descriptor, target)
        sys.stdin = open(0, closefd=False)  # noqa: SIM115
        sys.stdout = open(1, "w", encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115
        sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115
        faulthandler.enable(file=2)  # a crash says in which line

        # Whoever may be left to look after it, it does not run on.
        resource.setrlimit(resource.RLIMIT_CPU, (int(limit + _GRACE) + 1,) * 2)

        def too_long(number: int, frame: FrameType | None) -> NoReturn:
            raise TooLongError(_too_long(limit))

        signal.signal(signal.SIGALRM, too_long)
        signal.setitimer(signal.ITIMER_REAL, limit)
        found = _recomputed(registry, slug)
        signal.setitimer(signal.ITIMER_REAL, 0)
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError):
                stream.flush()
        with open(answering, "wb") as file:
            pickle.dump(found, file)
    finally:
        leave(0)


def _recomputed(registry: Registry, slug: str) -> Result | str:
    """The result, or why there is none."""
    try:
        return in_process.recompute(registry, slug)
    except NotebookError as error:
        return str(error)
    except Exception as error:  # whatever fails around a notebook, it is named
        return visible(f"{slug}.ipynb: {type(error).__name__}: {error}")


def _ready(running: Sequence[_Fork]) -> list[_Fork]:
    """Wait until a fork has answered, ended or taken too long; read what they print meanwhile."""
    by_descriptor = {fork.answer: fork for fork in running} | {
        fork.output: fork for fork in running
    }
    readable, _, _ = select.select(list(by_descriptor), [], [], _LOOK)
    done = []
    for fork in running:
        if fork.output in readable:
            _read_printed(fork)
        if fork.answer in readable and _has_answered(fork):
            done.append(fork)
        elif time.monotonic() > fork.end:
            fork.late = True
            done.append(fork)
        elif fork.answer not in readable and _has_ended(fork):
            done.append(fork)
    return done


def _has_answered(fork: _Fork) -> bool:
    """Read an answer; it ends where the fork closes it, or has ended."""
    while chunk := _chunk(fork.answer):
        fork.answered += chunk
    return chunk is not None


def _read_printed(fork: _Fork) -> None:
    for _ in range(_AT_ONCE):
        chunk = _chunk(fork.output)
        if not chunk:
            break
        room = max(0, _PRINTED - len(fork.printed))
        fork.printed += chunk[:room]
        fork.left_out += len(chunk[room:])


def _chunk(descriptor: int) -> bytes | None:
    """What can be read: nothing at the end, None if there may be more later."""
    try:
        return os.read(descriptor, 1 << 16)
    except BlockingIOError:
        return None


def _has_ended(fork: _Fork) -> bool:
    """Whether the process has ended, though something that it started may hold its pipes."""
    return os.waitid(os.P_PID, fork.process, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _collect(fork: _Fork, limit: float) -> Recomputed:
    _has_answered(fork)
    _read_printed(fork)
    status = _end(fork)
    printed = fork.printed.decode("utf-8", errors="replace")
    found: Result | str
    if fork.late:
        found = f"{fork.slug}.ipynb: {_too_long(limit)}"
    else:
        try:
            found = pickle.loads(fork.answered)
        except (EOFError, pickle.UnpicklingError):
            found = _lost(fork.slug, status, printed)
    if fork.left_out:
        printed += f"\n... and {fork.left_out:,} bytes more"
    if isinstance(found, str):
        return Recomputed(fork.slug, failure=found, printed=visible(printed))
    return Recomputed(fork.slug, found, printed=visible(printed))


def _lost(slug: str, status: int, printed: str) -> str:
    """Message on a notebook whose process ended without an answer, with the line if it is known."""
    place = re.search(rf'File "({re.escape(slug)}\.ipynb#cell\d+)", line (\d+)', printed)
    where = f"{place[1]}, line {place[2]}" if place else f"{slug}.ipynb"
    how = f"signal {signal.Signals(-status).name}" if status < 0 else f"status {status}"
    return f"{where}: expected a notebook that lets Python go on, found the end of it with {how}"


def _too_long(limit: float) -> str:
    return f"expected an end within {limit:g} seconds, found none"


def _end(fork: _Fork) -> int:
    """End a fork and what it has started, and return its exit status."""
    with suppress(OSError):
        os.killpg(fork.process, signal.SIGKILL)
    with suppress(OSError):
        os.kill(fork.process, signal.SIGKILL)
    _, status = os.waitpid(fork.process, 0)
    for descriptor in (fork.answer, fork.output):
        os.close(descriptor)
    return os.waitstatus_to_exitcode(status)
