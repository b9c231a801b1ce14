"""One process at a time: those that write the same files wait for each other."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]


@contextmanager
def alone(folder: Path, waiting: Callable[[], object]) -> Iterator[bool]:
    """Hold a folder, which nobody else who asks for it here has at the same time.

    The lock is on the folder itself, so no file is left behind, and it goes with its process. Where
    the system or the disk has no such locks, nobody waits.

    Args:
        folder: what to hold.
        waiting: called once if somebody else holds it.

    Yields:
        Whether this had to wait.
    """
    if fcntl is None:
        yield False
        return
    descriptor = os.open(folder, os.O_RDONLY)
    waited = False
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waiting()
            waited = True
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        except OSError:
            pass
        yield waited
    finally:
        os.close(descriptor)
