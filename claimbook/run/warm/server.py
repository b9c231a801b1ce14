"""The process that kernels are forked from: `python -m claimbook.run.warm.server <descriptor>`.

It has one connection, a pair of sockets without a name that it inherits, so nobody else can reach
it. It lives as long as the other end: when that is closed, for whatever reason, it ends all its
kernels and itself.
"""

import contextlib
import gc
import importlib
import json
import os
import selectors
import signal
import sys
import threading
from multiprocessing import reduction
from multiprocessing.connection import Connection
from typing import Any, NoReturn

from claimbook.base.faults import DataError
from claimbook.base.imports import skip_grammar
from claimbook.base.paths import find_project
from claimbook.data.registry import load
from claimbook.run.warm import kernel

# What every kernel and every notebook of a book imports: imported here, but nothing begun.
PRELOADED = (
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "ipykernel.zmqshell",
    "ipykernel.debugger",
    "IPython.core.completer",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "faulthandler",
    "psutil",
    "sqlite3",
    "tornado.locks",
    "pandas",
    "pandas.io.formats.format",
    "altair",
    "pint",
    "claimbook.notebook.claim",
    "claimbook.notebook.charts",
    "claimbook.notebook.table",
)


class Server:
    """Forks kernels on request and ends with its client."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._kernels: dict[int, int] = {}  # process: descriptor that its status is written to

    def serve(self) -> None:
        """Answer requests until the client is gone, then end every kernel."""
        noticed, noticing = os.pipe()
        os.set_blocking(noticing, False)
        os.set_blocking(noticed, False)
        signal.set_wakeup_fd(noticing, warn_on_full_buffer=False)
        for signum in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(signum, _notice)
        self._private = (noticed, noticing)
        self._lifeline, self._alive = os.pipe()
        try:
            with selectors.DefaultSelector() as selector:
                self._selector = selector
                selector.register(self._connection, selectors.EVENT_READ)
                selector.register(noticed, selectors.EVENT_READ)
                while True:
                    ready = {key.fd for key, _ in selector.select()}
                    if noticed in ready:
                        signals = os.read(noticed, 1024)
                        self._reap()
                        if signal.SIGTERM in signals:
                            break
                    if self._connection.fileno() in ready:
                        self._answer(json.loads(self._connection.recv_bytes()))
        except (EOFError, ConnectionError):
            pass  # the client is gone
        finally:
            self._end_all()

    def _answer(self, request: dict[str, Any]) -> None:
        if "signal" in request:
            process, signum = request["signal"]
            self._reap()
            if process in self._kernels:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process, signum)
            self._reply({})
            return
        outputs = (
            reduction.recv_handle(self._connection),
            reduction.recv_handle(self._connection),
        )
        ended, ending = os.pipe()
        try:
            process = self._fork(request, outputs, ended, ending)
        except OSError as error:
            os.close(ending)
            self._reply({"error": str(error)})
        else:
            self._kernels[process] = ending
            self._reply({"process": process})
            reduction.send_handle(self._connection, ended, os.getppid())
        finally:
            os.close(ended)
            for descriptor in outputs:
                os.close(descriptor)

    def _reply(self, answer: dict[str, Any]) -> None:
        self._connection.send_bytes(json.dumps(answer).encode())

    def _fork(
        self, request: dict[str, Any], outputs: tuple[int, int], ended: int, ending: int
    ) -> int:
        if threading.active_count() > 1:
            raise OSError("a preloaded module has started a thread, which a fork would lose")
        process = os.fork()
        if not process:
            self._become_kernel(request, outputs, (ended, ending))
        return process

    def _become_kernel(
        self,
        request: dict[str, Any],
        outputs: tuple[int, int],
        report: tuple[int, int],
    ) -> NoReturn:
        # What belongs to the server is closed at once.
        signal.set_wakeup_fd(-1)
        self._selector.close()
        self._connection.close()
        for descriptor in (*self._private, self._alive, *report, *self._kernels.values()):
            os.close(descriptor)
        kernel.run(
            request["arguments"],
            request["folder"],
            request["environment"],
            outputs,
            self._lifeline,
        )

    def _reap(self) -> None:
        """Collect kernels that have ended, end what they left running, and tell the client."""
        while self._kernels:
            ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            if ended is None:
                return
            process = ended.si_pid
            # Before its number is free for others: whatever is left of its session's group.
            with contextlib.suppress(OSError):
                os.killpg(process, signal.SIGKILL)
            _, status = os.waitpid(process, 0)
            descriptor = self._kernels.pop(process, None)
            if descriptor is not None:
                with contextlib.suppress(OSError):
                    os.write(descriptor, str(os.waitstatus_to_exitcode(status)).encode())
                os.close(descriptor)

    def _end_all(self) -> None:
        signal.set_wakeup_fd(-1)
        for process in self._kernels:
            with contextlib.suppress(OSError):
                os.killpg(process, signal.SIGKILL)
        for process in self._kernels:
            with contextlib.suppress(OSError):
                os.waitpid(process, 0)


def _notice(signum: int, frame: object) -> None:
    """Nothing here: the number of the signal arrives through the wake-up descriptor."""


def preload() -> None:
    """Import and load what notebooks need, and set it aside from the garbage collector."""
    # The debugger, which nobody uses here, would remark on how Python was started.
    os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"
    skip_grammar()
    for name in PRELOADED:
        importlib.import_module(name)
    _rehearse()
    # A kernel compares the content of data/ with what it was here, and loads it anew if it differs.
    with contextlib.suppress(DataError, FileNotFoundError):
        load(find_project())
    gc.collect()
    gc.freeze()  # what is never written to stays shared between the kernels


def _rehearse() -> None:
    """Do once what is slow the first time and leaves nothing behind but caches."""
    import altair as alt
    import pandas as pd

    from claimbook.notebook import html

    html.compile_templates()
    frame = pd.DataFrame({"x": [1.0], "label": ["one"], "day": [pd.Timestamp(2025, 1, 27)]})
    bars = alt.Chart(frame, title="One").mark_bar().encode(x="x:Q", y="label:N", tooltip="day:T")
    (bars + bars.mark_text()).properties(width=100).to_dict()


def main() -> None:
    """Preload, then serve the connection whose descriptor is the only argument."""
    connection = Connection(int(sys.argv[1]))
    del sys.path[0]  # the folder of this process; a kernel puts that of its notebook there
    os.set_inheritable(connection.fileno(), False)
    greeting = {}
    try:
        preload()
    except Exception as error:  # whatever a module raises, the client falls back
        greeting["error"] = f"{type(error).__name__}: {error}"
    with contextlib.suppress(ConnectionError):  # the client may be gone already
        connection.send_bytes(json.dumps(greeting).encode())
        if not greeting:
            Server(connection).serve()


if __name__ == "__main__":
    main()
