"""The process that kernels are forked from: `python -m claimbook.run.warm.server <fd> <module>...`.

It imports the modules that it is given, then forks kernels on request. Requests come through a pair
of sockets without a name, one end of which it inherits, so nobody else can reach it. It lives as
long as the other end: when that is closed, for whatever reason, it ends all its kernels and itself.
"""

import contextlib
import gc
import importlib
import json
import os
import selectors
import signal
import socket
import sys
import threading
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple

from claimbook.run.warm import kernel


class _Forked(NamedTuple):
    """A kernel that runs.

    Attributes:
        line: numbers of signals come through it, and its exit status goes back.
        leftover: a file to remove if the client cannot any more.
    """

    line: Connection
    leftover: str


class Server:
    """Forks kernels on request and ends with its client.

    Args:
        requests: where each byte that arrives asks for a kernel, with three descriptors: its line,
            its standard output and its standard error.
        fault: why no kernel can be forked.
    """

    def __init__(self, requests: socket.socket, fault: str) -> None:
        self._requests, self._fault = requests, fault
        self._kernels: dict[int, _Forked] = {}  # by their processes
        self._selector = selectors.DefaultSelector()
        self._lifeline, self._alive = os.pipe()  # kernels end when the second is closed
        self._noticed, self._noticing = os.pipe()  # of signals

    def serve(self) -> None:
        """Answer requests until the client is gone, then end every kernel."""
        for descriptor in (self._noticed, self._noticing):
            os.set_blocking(descriptor, False)
        signal.set_wakeup_fd(self._noticing, warn_on_full_buffer=False)
        for signum in (signal.SIGCHLD, signal.SIGTERM):
            signal.signal(signum, _notice)
        for signum in (signal.SIGINT, signal.SIGHUP):
            signal.signal(signum, signal.SIG_IGN)
        self._selector.register(self._requests, selectors.EVENT_READ, self._answer)
        self._selector.register(self._noticed, selectors.EVENT_READ, self._look_around)
        try:
            while True:
                for key, _ in self._selector.select():
                    key.data()
        except (EOFError, ConnectionError):
            self._end_all()

    def _answer(self) -> None:
        """Fork a kernel; raises EOFError if the client is gone."""
        asked, descriptors, _, _ = socket.recv_fds(self._requests, 1, 3)
        if not asked:
            raise EOFError
        line, outputs = Connection(descriptors[0]), descriptors[1:]
        try:
            request = json.loads(line.recv_bytes())
            process = self._fork(request, line, outputs)
        except (EOFError, OSError) as error:
            _tell(line, {"error": str(error)})
        else:
            self._kernels[process] = _Forked(line, request["leftover"])
            self._selector.register(line, selectors.EVENT_READ, partial(self._obey, process))
            _tell(line, {"process": process})
        finally:
            for descriptor in outputs:
                os.close(descriptor)

    def _fork(self, request: dict[str, Any], line: Connection, outputs: list[int]) -> int:
        if self._fault:
            raise OSError(self._fault)
        if threading.active_count() > 1:
            raise OSError("a preloaded module has started a thread, which a fork would lose")
        process = os.fork()
        if not process:
            # What belongs to the server is closed at once.
            signal.set_wakeup_fd(-1)
            self._selector.close()
            self._requests.close()
            for connection in (line, *(forked.line for forked in self._kernels.values())):
                connection.close()
            for descriptor in (self._noticed, self._noticing, self._alive):
                os.close(descriptor)
            del request["leftover"]
            kernel.run(**request, outputs=outputs, lifeline=self._lifeline)
        return process

    def _obey(self, process: int) -> None:
        """Send the signal that was asked for to what a kernel is and has started."""
        if process not in self._kernels:
            return  # it has just ended
        line = self._kernels[process].line
        try:
            signum = int(line.recv_bytes())
        except (EOFError, ConnectionError):  # nobody asks for it any more
            self._selector.unregister(line)
            signum = signal.SIGKILL
        _signal(process, signum)

    def _look_around(self) -> None:
        """Collect kernels that have ended; raises EOFError if this process is to end."""
        signals = os.read(self._noticed, 1024)
        while self._kernels:
            ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            if ended is None:
                break
            # Before its number is free for others: whatever is left of its session's group.
            _signal(ended.si_pid, signal.SIGKILL)
            _, status = os.waitpid(ended.si_pid, 0)
            forked = self._kernels.pop(ended.si_pid, None)
            if forked:
                with contextlib.suppress(KeyError):
                    self._selector.unregister(forked.line)
                _tell(forked.line, os.waitstatus_to_exitcode(status))
                forked.line.close()
        if signal.SIGTERM in signals:
            raise EOFError

    def _end_all(self) -> None:
        signal.set_wakeup_fd(-1)
        for process, forked in self._kernels.items():
            _signal(process, signal.SIGKILL)
            with contextlib.suppress(OSError):
                Path(forked.leftover).unlink(missing_ok=True)
        for process in self._kernels:
            with contextlib.suppress(OSError):
                os.waitpid(process, 0)


def _signal(process: int, signum: int) -> None:
    """Signal a kernel's group, or the kernel alone if it has no group of its own yet."""
    for send in (os.killpg, os.kill):
        with contextlib.suppress(ProcessLookupError):
            send(process, signum)
            return


def _tell(line: Connection, message: object) -> None:
    with contextlib.suppress(ConnectionError):  # nobody asks for that kernel any more
        line.send_bytes(json.dumps(message).encode())


def _notice(signum: int, frame: object) -> None:
    """Nothing here: the number of the signal arrives through the wake-up descriptor."""


def main(descriptor: str, *modules: str) -> None:
    """Import modules, then serve the socket that was inherited."""
    requests = socket.socket(fileno=int(descriptor))
    requests.set_inheritable(False)
    del sys.path[0]  # the folder of this process; a kernel puts that of its notebook there
    fault = ""
    try:
        for name in modules:
            importlib.import_module(name)
    except Exception as error:  # whatever a module raises, the client falls back
        fault = f"{type(error).__name__}: {error}"
    gc.collect()
    gc.freeze()  # what is never written to stays shared between the kernels
    Server(requests, fault).serve()


if __name__ == "__main__":
    main(*sys.argv[1:])
