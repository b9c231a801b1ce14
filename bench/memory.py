"""The most memory that processes have, looked at while they run."""

import contextlib
import statistics
import threading
from collections import defaultdict

import psutil

from bench.results import Memory

_MEBIBYTE = 2**20


class Watch:
    """Looks every 50 ms, in a thread, at this process, a server and what is forked from it.

    Private memory is what a process shares with no other (USS): pages that a kernel has in common
    with the server it was forked from are in the resident memory of both and private in neither.

    Args:
        server: the process that kernels are forked from.
    """

    def __init__(self, server: int) -> None:
        self._driver, self._server = psutil.Process(), psutil.Process(server)
        self._peaks: dict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._look_on, daemon=True)

    def __enter__(self) -> "Watch":
        self._look()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def found(self) -> dict[str, Memory]:
        """Memory of the driver, the server, the median kernel and the largest one.

        Raises:
            ValueError: no kernel was seen.
        """
        driver, server = (self._peaks.pop(each.pid) for each in (self._driver, self._server))
        if not self._peaks:
            raise ValueError("expected kernels to watch, found none")
        resident, private = zip(*self._peaks.values(), strict=True)
        return {
            "driver": _memory(*driver),
            "server": _memory(*server),
            "kernel": _memory(statistics.median(resident), statistics.median(private)),
            "kernel_largest": _memory(max(resident), max(private)),
        }

    def _look_on(self) -> None:
        while not self._done.wait(0.05):
            self._look()

    def _look(self) -> None:
        for process in (self._driver, self._server, *self._server.children()):
            with contextlib.suppress(psutil.NoSuchProcess):  # it has just ended
                used = process.memory_full_info()
                resident, private = self._peaks[process.pid]
                self._peaks[process.pid] = max(resident, used.rss), max(private, used.uss)


def _memory(resident: float, private: float) -> Memory:
    return Memory(resident=round(resident / _MEBIBYTE, 1), private=round(private / _MEBIBYTE, 1))
