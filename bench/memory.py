"""The most memory that processes have, looked at while they run."""

import contextlib
import statistics
import threading
from collections import defaultdict
from collections.abc import Iterable

import psutil

from claimbook.site.benchmark import Memory

_MEBIBYTE = 2**20


class Watch:
    """Looks again and again, in a thread, at this process and what has been forked from a server.

    Private memory is what a process shares with no other (USS): pages that a kernel has in common
    with the server it was forked from are in the resident memory of both and private in neither.

    Args:
        server: the process that kernels are forked from; None to watch this process alone.
        interval: seconds between two looks.
    """

    def __init__(self, server: int | None, interval: float) -> None:
        self._server, self._interval = server, interval
        self._peaks: dict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
        self._own = psutil.Process().pid
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._look_on, daemon=True)

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()
        self._look()

    @property
    def driver(self) -> Memory:
        """This process."""
        return _memory(self._peaks[self._own])

    @property
    def server(self) -> Memory:
        """The server."""
        return _memory(self._peaks[self._server or self._own])

    def kernels(self) -> tuple[Memory, Memory]:
        """The median and the most of all kernels.

        Raises:
            ValueError: none was seen.
        """
        found = [peak for pid, peak in self._peaks.items() if pid not in (self._own, self._server)]
        if not found:
            raise ValueError("expected kernels to watch, found none")
        resident, private = zip(*found, strict=True)
        return (
            _memory((statistics.median(resident), statistics.median(private))),
            _memory((max(resident), max(private))),
        )

    def _look_on(self) -> None:
        while not self._done.wait(self._interval):
            self._look()

    def _look(self) -> None:
        for process in self._processes():
            with contextlib.suppress(psutil.Error):
                used = process.memory_full_info()
                resident, private = self._peaks[process.pid]
                self._peaks[process.pid] = max(resident, used.rss), max(private, used.uss)

    def _processes(self) -> Iterable[psutil.Process]:
        yield psutil.Process(self._own)
        if self._server is not None:
            with contextlib.suppress(psutil.Error):
                server = psutil.Process(self._server)
                yield server
                yield from server.children()


def _memory(peak: tuple[float, float]) -> Memory:
    resident, private = (round(value / _MEBIBYTE, 1) for value in peak)
    return Memory(resident=resident, private=private)
